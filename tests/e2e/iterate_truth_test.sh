#!/bin/bash
# Inside `world run --iterate`: scans every target of the world by own iteration
# and compares each row with what the authorities say.
#
#   iterate_truth_test.sh PTRSWEEP [SEED]      of the order of the addresses
set -euo pipefail
ptrsweep=$1
seed=${2:-0}
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT

# scan NAME TARGETS...: to $rows/NAME.ndjson
scan() {
  local name=$1
  shift
  "$ptrsweep" scan --iterative --allow-special-servers --include-special \
    --late-pause 500ms --max-unknown 100 --quiet --seed "$seed" \
    --output "$rows/$name.ndjson" "$@"
}

scan all --targets "$WORLD_DIR/targets-v4.txt" \
  --targets "$WORLD_DIR/targets-v6.txt"
"$WORLD_PROGRAM" check "$rows/all.ndjson" \
  --truth "$WORLD_DIR/truth-iterative.json"

for list in iterate iterate-honest iterate-half iterate-denied iterate-empty \
  iterate-online; do
  scan "$list" --targets "$WORLD_DIR/targets-$list.txt"
  "$WORLD_PROGRAM" check "$rows/$list.ndjson" \
    --truth "$WORLD_DIR/truth-$list.json"
done

# What --dry-run says of servers of one's own.
"$ptrsweep" scan --dry-run --iterative --authority-rate \
  192.0.2.0/24=5,2001:db8::1=0,50 198.51.100.0/24 >"$rows/dry" 2>&1
grep -q 'from the root down: 50 packets/s each' "$rows/dry"
grep -q '  192.0.2.0/24: 5 packets/s each$' "$rows/dry"
grep -q '  2001:db8::1/128: no limit$' "$rows/dry"

# Records that nobody asked for lead to a server that answers everything.
forged=$WORLD_DIR/state/forger/log
if [[ ! -e $forged || -s $forged ]]; then
  echo "the forger was asked, or kept no log:" >&2
  head -3 "$forged" >&2
  exit 1
fi
