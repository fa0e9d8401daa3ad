#!/bin/bash
# Inside `world run --iterate`: what is pruned saves the packets it should, and
# changes no row but for the flag (ITERATION.md 2.3, 2.8).
#
#   prune_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
. "$(dirname "$0")/steps.sh"
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT

# scan LIST NAME OPTION...: to $rows/NAME.ndjson; prints its packets.
scan() {
  local list=$1 name=$2
  shift 2
  "$ptrsweep" scan --iterative --allow-special-servers --include-special \
    --ptr-only --verbose --targets "$WORLD_DIR/targets-$list.txt" \
    --output "$rows/$name.ndjson" "$@" 2>"$rows/$name.log"
  packets "$name"
}

# Half of the blocks absent: 0.51 x 65,536 and 1 %.
sent=$(scan iterate-half half)
expect "half empty, packets" "$sent" 32768 $((65536 * 51 / 100 + 655))
expect "half empty, pruned" "$(pruned half)" 32000 32768
# 40 of 256 blocks full.
sent=$(scan iterate-honest honest)
expect "40 blocks full, packets" "$sent" 10240 11000
# A server that denies blocks with hosts in them is not believed.
sent=$(scan iterate-denied denied)
expect "denied blocks, pruned" "$(pruned denied)" 0 0
expect "denied blocks, found" \
  "$(grep -c '"unconfirmed"' "$rows/denied.ndjson")" 160 160

# The same rows without pruning.
sent=$(scan iterate-honest asked --prune off)
expect "asked all, packets" "$sent" 65536 65700
expect "asked all, pruned" "$(pruned asked)" 0 0
comparable() {
  sed -E 's/"pruned",?//; s/,\]/]/; s/"(server|queries|rtt_us|time|ttl_s)":[^,}]*//g' \
    "$rows/$1.ndjson" | sort
}
if ! diff <(comparable honest) <(comparable asked) >"$rows/difference"; then
  echo "pruning changes rows:" >&2
  head -6 "$rows/difference" >&2
  exit 1
fi
# Trust needs no sample; of the honest server the rows are the same.
sent=$(scan iterate-honest trusted --prune trust)
expect "trusted, packets" "$sent" 10240 10700
diff <(comparable trusted) <(comparable asked) >/dev/null
