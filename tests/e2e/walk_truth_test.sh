#!/bin/bash
# Inside `world run --walk`: each case of tests/world/walk is walked: its hosts
# and findings are those of the truth, and no more is asked than the truth
# allows.
#
#   walk_truth_test.sh PTRSWEEP CASES
#
# CASES: "all" or "each", the /32 with everything in it, or every other case.
set -euo pipefail
ptrsweep=$1
. "$(dirname "$0")/steps.sh"
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT

limit_of() {
  python3 -c 'import json, sys
for case in json.load(open(sys.argv[1]))["cases"]:
    if case["name"] == sys.argv[2]: print(case["limit"] or "")' \
    "$WORLD_DIR/truth-walk.json" "$1"
}

# walk CASE PREFIX: what it says is in CASE.log.
walk() {
  local known=()
  case $1 in all | p29 | a015) known=(--known "$WORLD_DIR/walk-known.txt") ;; esac
  # The servers that limit their answers are asked as one's own are.
  "$ptrsweep" walk "$2" "${known[@]}" --allow-special-servers \
    --root-hints "$WORLD_DIR/root.hints" --authority-rate 10.53.0.0/24=3000 \
    --late-pause 1s --max-unknown 100 --verbose \
    --output "$rows/$1.ndjson" 2>"$rows/$1.log"
  "$WORLD_PROGRAM" check --walk "$rows/$1.ndjson" \
    "$rows/$1.findings.ndjson" --case "$1"
}

check_case() {
  walk "$1" "$2"
  local questions limit
  questions=$(sed -n 's/.* \([0-9,]*\) questions.*/\1/p' "$rows/$1.log" | tr -d ,)
  limit=$(limit_of "$1")
  if [[ -n $limit ]]; then
    # What a busy machine made it ask again is not counted.
    limit=$((limit + $(counter "$1" udp_expired)))
    expect "$1: questions" "${questions:-0}" 0 "$limit"
  fi
}

while read -r name prefix; do
  case $name in
    '#'* | '') continue ;;
    all | p29) which=all ;;
    *) which=each ;;
  esac
  if [[ $which == "$2" ]]; then check_case "$name" "$prefix"; fi
done <"$WORLD_DIR/walk-cases.txt"
