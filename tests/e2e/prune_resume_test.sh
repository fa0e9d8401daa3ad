#!/bin/bash
# Inside `world run --iterate`: a scan that prunes through the resolver, with
# blocks parked and held, is killed again and again; resumed, it has every row
# once, and it is not resumed with another --prune.
#
#   prune_resume_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
. "$(dirname "$0")/steps.sh"
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT

scan=("$ptrsweep" scan --resolver "$WORLD_RESOLVER" --include-special
  --late-pause 500ms --rate 8000 --record-every 100ms --max-unknown 100 --quiet
  --targets "$WORLD_DIR/targets-iterate-half.txt"
  --output "$rows/rows.ndjson")
kill_again_and_again "0.6 1.1 1.7 0.8 1.3" "${scan[@]}" --prune verify
before=$(sha256sum "$rows"/rows.ndjson*)
for other in off trust; do
  if "${scan[@]}" --prune "$other" --resume 2>"$rows/refused"; then
    echo "resumed with --prune $other" >&2
    exit 1
  fi
  cat "$rows/refused"
done
[[ $(sha256sum "$rows"/rows.ndjson*) == "$before" ]]
"${scan[@]}" --prune verify "${resume[@]}"
echo "$kills kills, $(grep -c '"pruned"' "$rows/rows.ndjson") pruned"
((kills >= 3))
"$WORLD_PROGRAM" check "$rows/rows.ndjson" \
  --truth "$WORLD_DIR/truth-iterate-half-resolver.json"
