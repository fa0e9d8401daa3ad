#!/bin/bash
# Inside `world run --iterate`: a scan by own iteration, with blocks pruned,
# parked and held, is killed again and again; resumed, it has every row once.
#
#   iterate_resume_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
. "$(dirname "$0")/steps.sh"
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT

scan=("$ptrsweep" scan --iterative --allow-special-servers --include-special
  --late-pause 500ms --rate 4000 --record-every 100ms --max-unknown 100 --quiet
  --targets "$WORLD_DIR/targets-iterate-honest.txt"
  --output "$rows/rows.ndjson")
kill_again_and_again "0.4 0.7 1.1 0.5 0.9" "${scan[@]}"
"${scan[@]}" "${resume[@]}"
echo "$kills kills"
((kills >= 3))
"$WORLD_PROGRAM" check "$rows/rows.ndjson" \
  --truth "$WORLD_DIR/truth-iterate-honest.json"
