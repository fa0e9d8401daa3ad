#!/bin/bash
# Inside `world run --walk`: walks are killed again and again; resumed, each has
# every host and every finding once, as a walk that was left alone.
#
#   walk_resume_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
. "$(dirname "$0")/steps.sh"
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT

# walk CASE PREFIX FORMAT PACKETS_A_SECOND: so many that it takes seconds.
all_kills=0
walk() {
  local walk=("$ptrsweep" walk "$2" --allow-special-servers --quiet
    --rate "$4" --record-every 100ms --max-unknown 100
    --output "$rows/rows.$3" --findings "$rows/findings.ndjson")
  kill_again_and_again "0.5 0.4 0.7 0.5" "${walk[@]}"
  "${walk[@]}" "${resume[@]}"
  echo "$1: $kills kills"
  all_kills=$((all_kills + kills))
  "$ptrsweep" cat "$rows/rows.$3" --output "$rows/read.ndjson"
  "$WORLD_PROGRAM" check --walk "$rows/read.ndjson" "$rows/findings.ndjson" \
    --case "$1"
  rm "$rows"/*
}

walk a020 2001:db8:a020::/48 ndjson 6000 # plain
walk a007 2001:db8:a007::/48 csv 1000 # along NSEC, with delegations
walk a008 2001:db8:a008::/48 ndjson 1200 # by hashes of NSEC3
walk a00b 2001:db8:a00b::/48 csv 3000 # wildcards: more findings than hosts
walk a002 2001:db8:a002::/48 ndjson 4000 # a dictionary, for empty names are denied
# No row is on the disk before the end, so what is killed is asked again.
walk a007 2001:db8:a007::/48 parquet 1000
walk a008 2001:db8:a008::/48 parquet 1200
((all_kills >= 14))
