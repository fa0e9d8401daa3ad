#!/bin/bash
# Inside `world run --iterate`: scans the networks that are there for scans by
# own iteration, through the resolver, and compares each row with the truth for
# that. Nobody may be led to the forger.
#
#   iterate_resolver_truth_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT

for list in iterate iterate-online iterate-denied; do
  "$ptrsweep" scan --resolver "$WORLD_RESOLVER" --late-pause 500ms \
    --max-unknown 100 --targets "$WORLD_DIR/targets-$list.txt" \
    --output "$rows/$list.ndjson"
  "$WORLD_PROGRAM" check "$rows/$list.ndjson" \
    --truth "$WORLD_DIR/truth-$list-resolver.json"
done
if [[ -s $WORLD_DIR/state/forger/log ]]; then
  echo "the forger was asked:" >&2
  cat "$WORLD_DIR/state/forger/log" >&2
  exit 1
fi
