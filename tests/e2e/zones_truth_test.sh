#!/bin/bash
# Inside `world run --iterate`: `ptrsweep zones` finds every reverse zone of the
# world that is visited, and says of each what the truth says: verdict, flags,
# parent, serials, the result of every server.
#
#   zones_truth_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT

# The world's hints are IPv4 only; the root is there over IPv6 too.
cat "$WORLD_DIR/root.hints" - >"$rows/root.hints" <<'HINT'
a.root-servers.net. 3600000 IN AAAA 2001:503:ba3e::2:30
HINT
zones() {
  "$ptrsweep" zones --root-hints "$rows/root.hints" "$@"
}
# The zones of these prefixes, and the addresses of these truths in them.
check() {
  zones --allow-special-servers --max-unknown 100 \
    --output "$rows/zones.ndjson" "$@"
  local wanted=()
  for prefix; do wanted+=(--target "$prefix"); done
  for truth in truth-iterative truth-iterate truth-iterate-empty \
    truth-iterate-online truth-iterate-honest truth-iterate-denied; do
    "$WORLD_PROGRAM" check "$rows/zones.ndjson" --zones \
      --truth "$WORLD_DIR/$truth.json" "${wanted[@]}"
  done
}
expect() {
  local wanted=$1 code=0
  shift
  "$@" >/dev/null 2>&1 || code=$?
  if [[ $code != "$wanted" ]]; then
    echo "exit $code, not $wanted: $*" >&2
    exit 1
  fi
}

check 0.0.0.0/0 2001:2::/124 2001:db8:53::/48 2001:db8:54::/48 \
  2001:db8:55::/48 3fff::/124
# Networks whose zone is wider than they are.
check 10.33.0.0/20 198.18.7.0/24 198.19.17.0/28 2001:db8:55::/124
# What lies below an IPv6 prefix is not visited; of the last two, which are
# registries', is said that delegations lie deeper.
check 2001:db8::/32
check 2001::/20
check ::/0

# Parquet has its name when it is whole: magic at both ends, nothing beside it.
zones --allow-special-servers --output "$rows/parquet/zones.parquet" \
  192.0.2.0/24 198.51.100.0/24 2>/dev/null && exit 1
mkdir "$rows/parquet"
zones --allow-special-servers --output "$rows/parquet/zones.parquet" \
  192.0.2.0/24 198.51.100.0/24 >/dev/null
[[ $(ls -A "$rows/parquet") == zones.parquet ]]
[[ $(head -c 4 "$rows/parquet/zones.parquet") == PAR1 ]]
[[ $(tail -c 4 "$rows/parquet/zones.parquet") == PAR1 ]]
zones --allow-special-servers --format parquet 192.0.2.0/24 2>/dev/null |
  cmp -n 4 - <(printf PAR1)

# Who runs a zone, from a table of one's own.
printf 'suffix\tprovider\twhere\nns3.example.net\tOurs\tby ticket\n' \
  >"$rows/providers.tsv"
zones --allow-special-servers --providers "$rows/providers.tsv" \
  --format ndjson --quiet 10.20.6.0/24 198.51.100.0/24 >"$rows/who.ndjson"
[[ $(grep -c '"provider":"Ours","where":"by ticket"' "$rows/who.ndjson") == 1 ]]
grep '"zone":"6.20.10.in-addr.arpa"' "$rows/who.ndjson" | grep -q Ours

expect 0 zones --allow-special-servers 192.0.2.0/24
expect 1 zones --allow-special-servers --fail-on lame 10.20.6.0/24
expect 1 zones --allow-special-servers --fail-on single_ns 10.20.14.0/24
expect 0 zones --allow-special-servers --fail-on crit 10.20.13.0/24
expect 1 zones --allow-special-servers --fail-on warn 10.20.13.0/24
# All servers of this world but the root's are in special-use space.
expect 3 zones 10.20.6.0/24
if [[ -s $WORLD_DIR/state/forger/log ]]; then
  echo "the forger was asked:" >&2
  cat "$WORLD_DIR/state/forger/log" >&2
  exit 1
fi
