#!/bin/bash
# Inside `world run`: scans every target of the world through its resolver and
# compares each row with the truth, in NDJSON and with labels; the CSV of the
# same targets has as many rows.
#
#   truth_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT

scan() {
  "$ptrsweep" scan --resolver "$WORLD_RESOLVER" --late-pause 500ms \
    --max-unknown 100 "$@"
}
targets=(--targets "$WORLD_DIR/targets-v4.txt"
  --targets "$WORLD_DIR/targets-v6.txt")

scan "${targets[@]}" --output "$rows/all.ndjson"
"$WORLD_PROGRAM" check "$rows/all.ndjson"

scan "${targets[@]}" --labels "$WORLD_DIR/labels.csv" \
  --output "$rows/labelled.ndjson"
"$WORLD_PROGRAM" check "$rows/labelled.ndjson" \
  --truth "$WORLD_DIR/truth-labels.json"

scan "${targets[@]}" --output "$rows/all.csv"
addresses=$(wc -l <"$rows/all.ndjson")
# Names are escaped, so no field holds a line feed: lines are rows.
lines=$(wc -l <"$rows/all.csv")
if [[ $lines != $((addresses + 1)) ]]; then
  echo "CSV has $lines lines for $addresses addresses" >&2
  exit 1
fi
if [[ -n $(LC_ALL=C tr -d '\12\40-\176' <"$rows/all.csv") ]]; then
  echo "CSV holds octets that are not printable ASCII" >&2
  exit 1
fi
