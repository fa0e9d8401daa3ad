#!/bin/bash
# Inside `world run --walk`: what `ptrsweep walk` leaves behind besides the right
# hosts: findings in each format and at each place, exit codes, exclusions, a
# walk that is killed again and again.
#
#   walk_command_test.sh PTRSWEEP [kills]
set -euo pipefail
ptrsweep=$1
. "$(dirname "$0")/steps.sh"
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT
cd "$rows"
fail() {
  echo "$1" >&2
  exit 1
}
walk() {
  "$ptrsweep" walk --allow-special-servers --late-pause 200ms "$@"
}
# The code of a walk; what it says is in `said`.
code_of() {
  local code=0
  walk "$@" 2>said >out || code=$?
  echo "$code"
}
# prefix and kind of findings as CSV, but for their order.
kinds() { tail -n +2 "$1" | cut -d, -f1,2 | sort; }

# One cut with 491 hosts, one lame.
clean=2001:db8:a020::/48
lame=2001:db8:a004::/48

walk -q $clean -o a.csv
[[ $(wc -l <a.csv) == 492 ]] || fail "$(wc -l <a.csv) lines of rows"
[[ $(ls -A) == $'a.csv\na.csv.zones.csv\na.findings.csv' ]] || fail "$(ls -A)"
[[ $(cat a.findings.csv) == prefix,kind,zone,* ]] || fail "no header"
[[ $(wc -l <a.findings.csv) == 1 ]] || fail "findings: $(cat a.findings.csv)"

# The same findings in each format; of a lame zone the share is above the bound.
[[ $(code_of $lame -o b.csv) == 3 ]] || fail "a lame zone, code not 3"
grep -q -- '--max-unknown' said || fail "$(cat said)"
grep -q 'does not serve\|do not serve' said || fail "$(cat said)"
[[ $(kinds b.findings.csv) == "$lame,lame" ]] || fail "$(cat b.findings.csv)"
walk -q --max-unknown 100 $lame -o c.ndjson
grep -q "^{\"prefix\":\"$lame\",\"kind\":\"lame\"," c.findings.ndjson ||
  fail "$(cat c.findings.ndjson)"
walk -q --max-unknown 100 $lame -o d.parquet
[[ $(head -c 4 d.findings.parquet)$(tail -c 4 d.findings.parquet) == PAR1PAR1 ]] ||
  fail "d.findings.parquet is not Parquet"
[[ -z $(find . -name '*.inprogress') ]] || fail "$(find . -name '*.inprogress')"

# Elsewhere, on stdout, nowhere.
walk -q --max-unknown 100 $lame -o e.csv --findings f.ndjson
[[ -s f.ndjson && ! -e e.findings.csv ]] || fail "findings went elsewhere"
walk -q --max-unknown 100 $lame -o g.csv --findings - >h.csv
cmp -s <(kinds h.csv) <(kinds b.findings.csv) || fail "$(cat h.csv)"
[[ $(code_of --max-unknown 100 $lame) == 0 && $(wc -l <out) == 1 ]] ||
  fail "stdout: $(cat out)"
grep -q '  lame                1' said || fail "$(cat said)"

# --fail-on: a kind of finding, a status.
[[ $(code_of --max-unknown 100 --fail-on lame $lame) == 1 ]] ||
  fail "--fail-on lame"
[[ $(code_of --max-unknown 100 --fail-on cut,empty $lame) == 0 ]] ||
  fail "--fail-on of what there is not"
[[ $(code_of --fail-on pass $clean) == 1 ]] || fail "--fail-on pass"

# What is excluded is a finding, and has no row.
half=2001:db8:a020:0::/49
walk -q $clean -x $half -o i.csv
kept=$(tail -n +2 i.csv | wc -l)
((kept < 491)) || fail "$kept rows though half is excluded"
[[ $(kinds i.findings.csv | grep -c excluded) == 8 ]] ||
  fail "$(cat i.findings.csv)"
walk -q 2002::/16 -o j.csv
[[ $(kinds j.findings.csv) == 2002::/16,excluded ]] ||
  fail "$(cat j.findings.csv)"

if [[ ${2:-} != kills ]]; then exit 0; fi

# Killed, in each format: each row and each finding once, as without.
whole=2001:db8:a000::/44
walk -q --rate 4000 --max-unknown 100 $whole -o whole.csv
hosts() { cut -d, -f1,2 "$1" | sort; }
same() {
  cmp -s "$1" "$2" || fail "$3: $(diff "$1" "$2" | head -5)"
}
hosts whole.csv >wanted.rows
kinds whole.findings.csv >wanted.findings
for format in csv ndjson parquet; do
  again=("$ptrsweep" walk --allow-special-servers --late-pause 200ms --quiet
    --rate 4000 --record-every 50ms --max-unknown 100 $whole
    --format $format -o rows.ndjson --findings found)
  kill_again_and_again "0.4 0.6 0.9 0.5" "${again[@]}"
  "${again[@]}" "${resume[@]}"
  echo "$format: $kills kills"
  ((kills >= 3)) || fail "$format: $kills kills"
  "$ptrsweep" cat rows.ndjson -f csv -o again.csv
  hosts again.csv >got.rows
  same got.rows wanted.rows "rows of $format"
  case $format in
    csv) kinds found >got.findings ;;
    ndjson)
      sed -E 's/^\{"prefix":"([^"]*)","kind":"([^"]*)".*/\1,\2/' found |
        sort >got.findings
      ;;
    parquet) # other readers than ours: tests/parquet_readers
      [[ $(head -c 4 found)$(tail -c 4 found) == PAR1PAR1 ]] || fail "$format"
      ;;
  esac
  same got.findings wanted.findings "findings of $format"
  [[ -z $(find . -name '*.inprogress') ]] ||
    fail "$format: $(find . -name '*.inprogress')"
  rm found rows.ndjson
done
