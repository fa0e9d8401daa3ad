#!/bin/bash
# Inside `world run --bench`: 65,536 addresses through unbound and at nsd asked
# directly; every row is what the truth says.
#
#   bench_truth_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
rows=$(mktemp)
trap 'rm "$rows"' EXIT

compare() {
  "$ptrsweep" scan --resolver "$1" --format ndjson --output "$rows" \
    --targets "$WORLD_DIR/targets-bench.txt"
  "$WORLD_PROGRAM" check "$rows" --truth "$WORLD_DIR/$2"
}
compare "$WORLD_RESOLVER" truth-bench.json
compare "$WORLD_DIRECT" truth-direct.json
