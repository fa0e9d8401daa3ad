#!/bin/bash
# Inside `world run --bench --iterate`: rows of a zone of 65,536 names that was
# transferred are those of the scan that asks each, without a PTR packet and in
# under a second plus the forward lookups (ITERATION.md 2.6); and what happens
# when a transfer fails.
#
#   axfr_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT
zone=18.198.in-addr.arpa

fail() {
  echo "$1" >&2
  exit 1
}

# scan NAME OPTION...: 198.18.0.0/16 to $rows/NAME.ndjson, what it says to
# $rows/NAME.log; prints the wall time in ms.
scan() {
  local name=$1 begun=$EPOCHREALTIME
  shift
  "$ptrsweep" scan --verbose --targets "$WORLD_DIR/targets-bench.txt" \
    --output "$rows/$name.ndjson" "$@" 2>"$rows/$name.log" ||
    fail "$(cat "$rows/$name.log")"
  echo $(((${EPOCHREALTIME/./} - ${begun/./}) / 1000))
}

# fastest LIMIT NAME OPTION...: the time of the first of five scans that takes
# less than LIMIT ms, else of the last: others may use the machine.
fastest() {
  local limit=$1 ms
  shift
  for _ in {1..5}; do
    ms=$(scan "$@")
    ((ms < limit)) && break
  done
  echo "$ms"
}

counter() { sed -n "s/^  $2 *//p" "$rows/$1.log" | tr -d ,; }

# Rows but for who said it, when, and at what cost.
comparable() {
  sed -E 's/,"(server|queries|rtt_us|time)":("[^"]*"|[^,}]*)//g' \
    "$rows/$1.ndjson" | sort
}

# same NAME OTHER: the rows are equal, all 65,536.
same() {
  diff <(comparable "$1") <(comparable "$2") >"$rows/difference" ||
    fail "rows of $1 and $2 differ: $(head -6 "$rows/difference")"
  [[ $(comparable "$1" | uniq | wc -l) == 65536 ]] || fail "rows of $1 missing"
}

# warned NAME WHAT...: one line, and all of that in it.
warned() {
  local name=$1 line
  shift
  line=$(grep '^ptrsweep: transfer of' "$rows/$name.log" || true)
  [[ $(wc -l <<<"$line") == 1 ]] || fail "$name warned: $line"
  for what; do
    [[ $line == *"$what"* ]] || fail "$name: no $what in: $line"
  done
}

secret=$(sed -n 's/.*secret: "\(.*\)"/\1/p' "$WORLD_DIR/direct.conf")
umask 077
echo "transfer-key hmac-sha256 $secret" >"$rows/keys"
echo "transfer-key hmac-sha256 bm90IHRoaXMgb25lIGJ1dCBvdGhlcnM=" >"$rows/wrong"
echo "$zone $WORLD_DIRECT" >"$rows/open"
echo "$zone $WORLD_DIRECT transfer-key" >"$rows/keyed"

# --ptr-only: no packet at all, and under a second.
direct=(--resolver "$WORLD_DIRECT" --no-canary)
asked_ms=$(scan ptr-asked "${direct[@]}" --ptr-only)
ptr_ms=$(fastest 1000 ptr "${direct[@]}" --ptr-only --axfr "$rows/open")
keyed_ms=$(fastest 1000 keyed "${direct[@]}" --ptr-only \
  --axfr "$rows/keyed" --tsig-keys "$rows/keys")
same ptr ptr-asked
same keyed ptr-asked
for name in ptr keyed; do
  [[ $(counter $name udp_tries) == 0 ]] || fail "$name sent packets"
  [[ $(counter $name transferred) == 65536 ]] || fail "$name asked"
done
echo "65,536 rows, --ptr-only: asked $asked_ms ms, transferred $ptr_ms ms," \
  "with TSIG $keyed_ms ms"
grep '^transfers' "$rows/ptr.log"
((ptr_ms < 1000 && keyed_ms < 1000)) || fail "a second is over"

# With forward lookups: one packet for each name, no PTR, and the time of these.
asked_ms=$(scan full-asked "${direct[@]}")
full_ms=$(fastest $((1000 + asked_ms)) full "${direct[@]}" --axfr "$rows/open")
same full full-asked
names=$(counter full forward_asked)
packets=$(counter full udp_tries)
echo "65,536 rows: asked $asked_ms ms, transferred $full_ms ms," \
  "$names names asked with $packets packets"
# A packet in a hundred may have been lost and sent again.
((packets >= names && packets <= names + names / 100)) || fail "PTR packets"
((full_ms < 1000 + asked_ms)) || fail "a second more than asking"

# Own iteration, four threads, and through the resolver.
iterative=(--iterative --allow-special-servers --include-special)
scan iterated-asked "${iterative[@]}" --prune off >/dev/null
scan iterated "${iterative[@]}" --axfr "$rows/open" --threads 4 >/dev/null
same iterated iterated-asked
[[ $(counter iterated transferred) == 65536 ]] || fail "iterated asked"
"$WORLD_PROGRAM" check "$rows/iterated.ndjson" \
  --truth "$WORLD_DIR/truth-direct.json"
# Nobody is asked at all, not even for the zone's serial; it is noted for --since.
scan alone "${iterative[@]}" --ptr-only --axfr "$rows/open" >/dev/null
same alone ptr-asked
[[ $(counter alone udp_tries) == 0 ]] || fail "own iteration sent packets"
grep -q "^$zone,[0-9]" "$rows"/alone*.zones.csv || fail "no serial was noted"

# Its servers are found where none is listed: by iteration, or by a resolver.
echo "$zone" >"$rows/own"
scan found "${iterative[@]}" --ptr-only --axfr "$rows/own" >/dev/null
same found ptr-asked
scan resolved --resolver "$WORLD_RESOLVER" --ptr-only --axfr "$rows/own" \
  --allow-special-servers >/dev/null
same resolved ptr-asked
for name in found resolved; do
  [[ $(counter $name transferred) == 65536 ]] || fail "$name asked"
done
echo "name servers found with $(counter found udp_tries) packets," \
  "through a resolver $(counter resolved udp_tries)"

# Lookups that a zone answers count as others: not all are begun at once.
scan bounded "${iterative[@]}" --axfr "$rows/open" --rate 20000 \
  --max-in-flight 64 --status-file "$rows/status" >/dev/null
open=$(sed -n 's/.*"open":\([0-9]*\).*/\1/p' "$rows/status" | sort -n | tail -1)
echo "at most $open of 64 lookups were open"
((open > 0 && open <= 64)) || fail "more than --max-in-flight"

# No server has it, one refuses, the wrong key, more than may be kept: one
# warning each, and the rows of who asks.
echo "$zone 127.0.53.4,127.0.53.9" >"$rows/absent"
scan absent "${direct[@]}" --ptr-only --axfr "$rows/absent" >/dev/null
warned absent "$zone" 127.0.53.4 127.0.53.9 NOTAUTH
same absent ptr-asked
echo "192.0.2.0/24 127.0.53.4" >"$rows/refused"
"$ptrsweep" scan --resolver "$WORLD_RESOLVER" --axfr "$rows/refused" \
  192.0.2.0/24 --output "$rows/refused.ndjson" 2>"$rows/refused.log"
warned refused 2.0.192.in-addr.arpa 127.0.53.4 REFUSED
"$WORLD_PROGRAM" check "$rows/refused.ndjson" --target 192.0.2.0/24
scan wrong "${direct[@]}" --ptr-only --axfr "$rows/keyed" \
  --tsig-keys "$rows/wrong" >/dev/null
warned wrong "$zone" "$WORLD_DIRECT"
same wrong ptr-asked
[[ $(counter wrong transferred) == 0 ]] || fail "the wrong key was right"
scan large "${direct[@]}" --ptr-only --axfr "$rows/open" --axfr-max 1MiB \
  >/dev/null
warned large "$zone" "$WORLD_DIRECT" "more than 1048576 octets (too_large)"
same large ptr-asked

# Stopped and resumed: each address once, whoever told it.
for _ in {1..3}; do
  "$ptrsweep" scan "${direct[@]}" --targets "$WORLD_DIR/targets-bench.txt" \
    --axfr "$rows/open" --resume --max-time 250ms --record-every 50ms \
    --rate 20000 \
    --output "$rows/resumed.ndjson" 2>>"$rows/resumed.log" || [[ $? == 75 ]]
done
grep -q 'stopped, --max-time is over' "$rows/resumed.log" || fail "not stopped"
"$ptrsweep" scan "${direct[@]}" --targets "$WORLD_DIR/targets-bench.txt" \
  --resume --output "$rows/resumed.ndjson" 2>"$rows/other.log" &&
  fail "resumed without its list"
grep -q 'other options' "$rows/other.log" || fail "$(cat "$rows/other.log")"
scan resumed "${direct[@]}" --axfr "$rows/open" --resume >/dev/null
same resumed full-asked
