#!/bin/bash
# Inside `world run --walk`: findings of zones that nobody serves name each
# server and what it says; those of delegations name the servers.
#
#   walk_servers_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT

fail() {
  echo "$1" >&2
  exit 1
}

# walk PREFIX... OPTION...
walk() {
  rm -f "$rows"/*
  "$ptrsweep" walk --root-hints "$WORLD_DIR/root.hints" \
    --allow-special-servers --authority-rate 10.53.0.0/24=3000 \
    --late-pause 100ms --quiet --max-unknown 100 \
    --output "$rows/rows.ndjson" "$@" 2>"$rows/log" || fail "$(cat "$rows/log")"
}

# servers KIND PREFIX: those of the one finding.
servers() {
  local finding
  finding=$(grep "\"prefix\":\"$2\",\"kind\":\"$1\"" \
    "$rows/rows.findings.ndjson") || fail "no $1 of $2"
  sed -n 's/.*"servers":\[\([^]]*\)\].*/\1/p' <<<"$finding"
}

# says KIND PREFIX SERVERS
says() {
  local told
  told=$(servers "$1" "$2")
  [[ $told == "$3" ]] || fail "$1 of $2: $told, not $3"
  echo "$1 of $2: $told"
}

walk 2001:db8:a004::/48 2001:db8:a005::/48 2001:db8:a006::/48 \
  2001:db8:a019::/48 2001:db8:a01a::/48
says lame 2001:db8:a004::/48 '"ns3.example.net/127.0.53.3=refused"'
says unreachable 2001:db8:a005::/48 '"ns99.example.net/127.0.53.99=timeout"'
says lame 2001:db8:a006::/48 '"ns17.example.net/127.0.53.17=servfail"'
says lame 2001:db8:a019::/48 '"ns4.example.net/127.0.53.4=not_auth"'
says no_servers 2001:db8:a01a::/48 '"ns.gone.example.org=unresolvable"'

# Delegations that are met on the way, that a chain shows, and one that shows in
# the SOA of a denial only.
walk 2001:db8::/32 --ptr-only
says cut 2001:db8:a003::/48 '"ns3.example.net"'
says cut 2001:db8:a01a::/48 '"ns.gone.example.org"'
says cut 2001:db8:a007:c100::/56 '"ns4.example.net","ns6.example.net"'
says cut 2001:db8:a013:7000::/52 ''
