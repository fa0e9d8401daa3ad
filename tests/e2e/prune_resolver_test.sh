#!/bin/bash
# Inside `world run --iterate`: what is pruned through the resolver saves the
# packets it should, and changes no row but for the flag (ITERATION.md 2.5, 2.8).
#
#   prune_resolver_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
. "$(dirname "$0")/steps.sh"
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT

# scan LIST NAME OPTION...: to $rows/NAME.ndjson
scan() {
  local list=$1 name=$2
  shift 2
  "$ptrsweep" scan --resolver "$WORLD_RESOLVER" --include-special --ptr-only \
    --verbose --late-pause 500ms --max-unknown 100 \
    --targets "$WORLD_DIR/targets-$list.txt" \
    --output "$rows/$name.ndjson" "$@" 2>"$rows/$name.log"
}

# Every packet is a row's, a zone check or a canary.
expect_accounted() {
  local queries
  queries=$(grep -o '"queries":[0-9]*' "$rows/$1.ndjson" |
    awk -F: '{ sum += $2 } END { print sum }')
  local others=$(($(counter "$1" zone_check_packets) +
    $(counter "$1" canary_packets)))
  local sent=$(($(counter "$1" udp_tries) + $(counter "$1" tcp_queries)))
  expect "$1, packets accounted for" $((queries + others)) "$sent" "$sent"
  expect "$1, rows" "$(wc -l <"$rows/$1.ndjson")" 65536 65536
}

comparable() {
  sed -E 's/"pruned",?//; s/,\]/]/; s/"(server|queries|rtt_us|time|ttl_s)":[^,}]*//g' \
    "$rows/$1.ndjson" | sort
}
# expect_equal A B: the rows, but for the flag and what no two runs share
expect_equal() {
  if ! diff <(comparable "$1") <(comparable "$2") >"$rows/difference"; then
    echo "pruning changes rows: $1, $2" >&2
    head -6 "$rows/difference" >&2
    exit 1
  fi
}

# Without --prune all is asked.
scan iterate-half asked
expect_accounted asked
expect "asked all, pruned" "$(pruned asked)" 0 0
expect "asked all, zone checks" "$(counter asked zone_check_packets)" 0 0

# Half of the blocks absent: 0.51 x 65,536 and 1 %.
scan iterate-half half --prune verify
expect_accounted half
expect "half empty, packets" "$(packets half)" 32768 \
  $((65536 * 51 / 100 + 655))
expect "half empty, pruned" "$(pruned half)" 32000 32768
expect_equal half asked

# A server that denies blocks with hosts in them is not believed.
scan iterate-denied denied --prune verify
expect_accounted denied
expect "denied blocks, pruned" "$(pruned denied)" 0 0
expect "denied blocks, found" \
  "$(grep -c '"unconfirmed"' "$rows/denied.ndjson")" 160 160
scan iterate-denied denied-asked
expect_equal denied denied-asked

# Nothing shows an empty zone to be honest; nor one that answers NODATA to who
# asks with DO=1, as the resolver does.
for list in empty online; do
  scan "iterate-$list" "$list" --prune verify
  expect_accounted "$list"
  expect "$list, pruned" "$(pruned "$list")" 0 0
done

# Delegations of every kind, and signed absence (NSEC, NSEC3): the truth.
"$ptrsweep" scan --resolver "$WORLD_RESOLVER" --late-pause 500ms \
  --max-unknown 100 --targets "$WORLD_DIR/targets-iterate.txt" \
  --prune verify --output "$rows/iterate.ndjson"
"$WORLD_PROGRAM" check "$rows/iterate.ndjson" \
  --truth "$WORLD_DIR/truth-iterate-resolver.json"
# 15 blocks; 192.168.64.0/20 is answered by the resolver itself.
expect "signed absence, pruned" "$(pruned iterate)" 3810 3810
