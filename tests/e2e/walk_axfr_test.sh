#!/bin/bash
# Inside `world run --walk`: a walk of zones that were transferred whole finds
# what a walk that asks finds, with no packet to them but the transfers; also
# when it is killed and goes on.
#
#   walk_axfr_test.sh PTRSWEEP PART
#
# PART: "sites", a zone of each server, or "whole", the /32 with everything in
# it.
set -euo pipefail
ptrsweep=$1
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT
. "$(dirname "$0")/steps.sh"

fail() {
  echo "$1" >&2
  exit 1
}

# walk NAME PREFIX OPTION...: rows and findings in $rows/NAME.ndjson and
# $rows/NAME.findings.ndjson, what it says in $rows/NAME.log.
walk() {
  local name=$1
  shift
  "$ptrsweep" walk --root-hints "$WORLD_DIR/root.hints" \
    --allow-special-servers --authority-rate 10.53.0.0/24=3000 \
    --late-pause 500ms --verbose \
    --output "$rows/$name.ndjson" "$@" 2>"$rows/$name.log" ||
    fail "$(cat "$rows/$name.log")"
}

# Rows but for who said it, when, and at what cost.
comparable() {
  sed -E 's/,"(server|queries|rtt_us|time)":("[^"]*"|[^,}]*)//g' \
    "$rows/$1.ndjson" | sort
}

# same NAME OTHER HOSTS
same() {
  diff <(comparable "$1") <(comparable "$2") >"$rows/difference" ||
    fail "rows of $1 and $2 differ: $(head -6 "$rows/difference")"
  [[ $(comparable "$1" | uniq | wc -l) == "$3" ]] || fail "rows of $1 missing"
}

check() {
  "$WORLD_PROGRAM" check --walk "$rows/$1.ndjson" "$rows/$1.findings.ndjson" \
    --case "$2"
}

parent=8.b.d.0.1.0.0.2.ip6.arpa
site() { echo "${1:3:1}.${1:2:1}.${1:1:1}.${1:0:1}.$parent"; }

sites() {
# One zone each of the three programs that give theirs. --ptr-only: no packet.
for case in a008:127.0.53.17:497 a020:127.0.53.4:491 a003:127.0.53.3:40; do
  IFS=: read -r number server hosts <<<"$case"
  prefix=2001:db8:$number::/48
  echo "$(site "$number") $server" >"$rows/$number.list"
  walk "$number-asked" "$prefix"
  walk "$number" "$prefix" --axfr "$rows/$number.list"
  walk "$number-ptr" "$prefix" --axfr "$rows/$number.list" --ptr-only
  same "$number" "$number-asked" "$hosts"
  check "$number" "$number"
  [[ $(counter "$number-ptr" transferred) == "$hosts" ]] ||
    fail "hosts of $number asked"
  [[ $(counter "$number-ptr" udp_tries) == 0 &&
    $(counter "$number-ptr" tcp_queries) == 0 ]] || fail "$number sent packets"
  grep "^transfers 1 zones, .* $hosts rows" "$rows/$number.log"
  echo "$number: $(counter "$number-asked" udp_tries) packets," \
    "transferred $(counter "$number" udp_tries), none with --ptr-only"
done

# A zone that nobody gives is asked, after one warning.
echo "$(site a020) 127.0.53.9" >"$rows/refused.list"
walk refused 2001:db8:a020::/48 --axfr "$rows/refused.list"
[[ $(grep -c '^ptrsweep: transfer of' "$rows/refused.log") == 1 ]] ||
  fail "$(cat "$rows/refused.log")"
same refused a020-asked 491
}

whole() {
# All of the /32, with whatever is below it, and its difficult parts: cuts to
# zones that are here and that are not, wildcards everywhere, DNAMEs.
# (Which wildcards are met before a part is found dense is chance.)
{
  for number in a00d a00e a00f a013 a017 a018 a020; do
    echo "$(site $number) 127.0.53.4"
  done
  echo "$parent 127.0.53.4"
  for number in a003 a00b a014; do echo "$(site $number) 127.0.53.3"; done
  for number in a007 a008 a012; do echo "$(site $number) 127.0.53.17"; done
} >"$rows/all.list"
known=$WORLD_DIR/walk-known.txt
walk all-asked 2001:db8::/32 --known "$known"
walk all 2001:db8::/32 --known "$known" --axfr "$rows/all.list"
check all-asked all
check all all
same all all-asked "$(comparable all-asked | wc -l)"
grep '^transfers 14 zones' "$rows/all.log"
# Delegations as the parent names their servers, asked or transferred.
cuts() {
  grep '"kind":"cut".*"servers":\["' "$rows/$1.findings.ndjson" |
    sed -E 's/,"(queries|time)":("[^"]*"|[^,}]*)//g' | sort
}
[[ $(cuts all-asked | wc -l) -ge 20 ]] || fail "cuts without servers"
missing=$(comm -23 <(cuts all-asked) <(cuts all))
[[ -z $missing ]] || fail "cuts differ: $missing"
echo "all: $(counter all-asked udp_tries) packets," \
  "with transfers $(counter all udp_tries)"

# Killed again and again: each row and each finding once.
kill_again_and_again "1.2 0.7 0.7 0.7" \
  "$ptrsweep" walk --root-hints "$WORLD_DIR/root.hints" \
  --allow-special-servers --authority-rate 10.53.0.0/24=3000 \
  --late-pause 500ms --quiet --record-every 20ms \
  --rate 1000 --known "$known" --axfr "$rows/all.list" \
  --output "$rows/rows.ndjson" 2001:db8::/32
echo "killed $kills times"
walk rows 2001:db8::/32 --resume --known "$known" --axfr "$rows/all.list"
check rows all
same rows all "$(comparable all-asked | wc -l)"
}

"$2"
