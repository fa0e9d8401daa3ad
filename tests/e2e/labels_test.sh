#!/bin/bash
# Inside `world run --iterate --walk`: labels and expected names (VERDICTS.md 8)
# reach every row of every command that asks, in every format, whether the row
# was asked, pruned, reused or transferred, and the summary counts them.
#
#   labels_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT
. "$(dirname "$0")/steps.sh"

# labelled NAME LABELS FLAG ROWS: label and expected of $rows/NAME.ndjson by the
# longest prefixes of LABELS, which is read here; ROWS rows at least have FLAG.
labelled() {
  python3 - "$rows/$1.ndjson" "$2" "$3" "$4" <<'PYTHON'
import csv
import ipaddress
import json
import sys

prefixes = []
for line in csv.DictReader(open(sys.argv[2])):
    target = line["target"]
    if "/" in target and ipaddress.ip_interface(target).ip != ipaddress.ip_interface(target).network[0]:
        target = target.split("/")[0]
    prefixes.append((ipaddress.ip_network(target), line.get("label", ""), line.get("expected", "")))
prefixes.sort(key=lambda entry: -entry[0].prefixlen)
flagged = labels = names = 0
for text in open(sys.argv[1]):
    row = json.loads(text)
    ip = ipaddress.ip_address(row["ip"])
    within = [p for p in prefixes if p[0].version == ip.version and ip in p[0]]
    label = next((p[1] for p in within if p[1]), None)
    expected = next((p[2] for p in within if p[2]), None)
    if expected and ip.version == 4:
        for letter, octet in zip("abcd", row["ip"].split(".")):
            expected = expected.replace("{" + letter + "}", octet)
    assert (row["label"], row["expected"]) == (label, expected), (row, label, expected)
    flagged += sys.argv[3] in row["flags"]
    labels += label is not None
    names += expected is not None
print(sys.argv[1].rsplit("/", 1)[1], labels, "labels", names, "names", flagged, sys.argv[3])
assert labels and names and flagged >= int(sys.argv[4])
PYTHON
}

# said NAME TEXT: the summary has it.
said() {
  grep -qF "$2" "$rows/$1.log" || {
    cat "$rows/$1.log" >&2
    echo "$1 does not say: $2" >&2
    exit 1
  }
}

# ---- the world's own labels, in each format
scan() {
  "$ptrsweep" scan --targets "$WORLD_DIR/targets-v4.txt" \
    --targets "$WORLD_DIR/targets-v6.txt" --labels "$WORLD_DIR/labels.csv" \
    --resolver "$WORLD_RESOLVER" --late-pause 500ms --max-unknown 100 "$@"
}
truth() {
  "$WORLD_PROGRAM" check "$1" --truth "$WORLD_DIR/truth-labels.json"
}
for format in csv parquet; do
  scan --output "$rows/all.$format" 2>"$rows/$format.log"
  said "$format" "labels    "
  "$ptrsweep" cat "$rows/all.$format" --format ndjson --output "$rows/$format.ndjson"
  truth "$rows/$format.ndjson"
done
for shard in 0 1; do
  scan --dataset "$rows/set" --run-date 2026-11-26 --shards 2 --shard $shard
done
"$ptrsweep" finalize "$rows/set/date=2026-11-26"
find "$rows/set" -name '*.parquet' -print0 | sort -z |
  xargs -0 "$ptrsweep" cat --format ndjson --output "$rows/set.ndjson"
truth "$rows/set.ndjson"

# ---- rows that nobody asked for
cat >"$rows/first.csv" <<'CSV'
target,label,expected
10.34.0.0/20,half,
10.34.1.0/24,full,*.example.net
10.34.2.0/25,,h{d}-{c}.example.org
10.34.2.9,single,-
10.99.0.0/16,elsewhere,
CSV
cat >"$rows/second.csv" <<'CSV'
target,label,expected
10.34.0.0/18,other,www.example.net
CSV
own() {
  local name=$1
  shift
  "$ptrsweep" scan 10.34.0.0/20 --iterative --allow-special-servers \
    --include-special --late-pause 500ms --output "$rows/$name.ndjson" "$@" \
    2>"$rows/$name.log"
}
own pruned --labels "$rows/first.csv"
labelled pruned "$rows/first.csv" pruned 1000
said pruned "  not scanned, no target lies there: elsewhere"
said pruned "labels    3 of 4 have rows"
own reused --labels "$rows/second.csv" --since "$rows/pruned.ndjson"
labelled reused "$rows/second.csv" reused 1000

# ---- a walk, of a zone that is asked and one that is transferred
cat >"$rows/walk.csv" <<'CSV'
target,label,expected
2001:db8::/32,all,*.example.net
2001:db8:a008::/49,lower,
2001:db8:beef::/48,nothing,
CSV
walk() {
  local name=$1
  shift
  "$ptrsweep" walk 2001:db8:a008::/48 --labels "$rows/walk.csv" \
    --root-hints "$WORLD_DIR/root.hints" --allow-special-servers \
    --authority-rate 10.53.0.0/24=3000 --late-pause 500ms \
    --output "$rows/$name.ndjson" "$@" 2>"$rows/$name.log"
}
walk asked
labelled asked "$rows/walk.csv" special_use 100
said asked "labels    "
said asked "no host:"
echo "8.0.0.a.8.b.d.0.1.0.0.2.ip6.arpa 127.0.53.17" >"$rows/list"
walk given --axfr "$rows/list"
labelled given "$rows/walk.csv" special_use 100
