#!/bin/bash
# Inside `world run`: every row of a scan with --both-families and --dual-stack
# is what the truth says, through the resolver; by own iteration the same
# addresses have their flags.
#
#   families_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT

# scan NAME OPTION...
scan() {
  "$ptrsweep" scan --targets "$WORLD_DIR/targets-v4.txt" \
    --targets "$WORLD_DIR/targets-v6.txt" --late-pause 500ms \
    --max-unknown 100 --both-families --dual-stack --verbose \
    --output "$rows/$1.ndjson" "${@:2}" 2>"$rows/$1.log"
}
# Addresses whose row has the flag.
with() {
  sed -n "s/.*\"ip\":\"\([^\"]*\)\".*\"$2\".*/\1/p" "$rows/$1.ndjson" | sort
}

scan resolver --resolver "$WORLD_RESOLVER"
"$WORLD_PROGRAM" check "$rows/resolver.ndjson" \
  --truth "$WORLD_DIR/truth-families.json"
scan own --iterative --include-special \
  --allow-special-servers
for flag in other_family_only aaaa_unconfirmed; do
  [[ $(with resolver $flag | wc -l) -gt 0 ]]
  echo "$flag: $(with resolver $flag | wc -l)"
  diff <(with resolver $flag) <(with own $flag)
done

# Every packet is a row's, a canary or a zone check.
for name in resolver own; do
  python3 - "$rows/$name.ndjson" "$rows/$name.log" <<'PYTHON'
import json
import re
import sys

queries = sum(json.loads(line)["queries"] for line in open(sys.argv[1]))
log = open(sys.argv[2]).read()
count = lambda what: int(re.search(rf"^  {what} +([\d,]+)", log, re.M)[1].replace(",", ""))
packets = int(re.search(r"^packets +([\d,]+) sent", log, re.M)[1].replace(",", ""))
others = count("canary_packets") + count("zone_check_packets")
assert packets == queries + others, (packets, queries, others)
PYTHON
done
