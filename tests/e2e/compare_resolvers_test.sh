#!/bin/bash
# Inside `world run --iterate`: --compare-resolvers with two honest resolvers
# (unbound and bind), and with one that has another in-addr.arpa, an empty one:
# whoever is listed first is judged, and each row says whether they differ.
#
#   compare_resolvers_test.sh PTRSWEEP
set -euo pipefail
ptrsweep=$1
rows=$(mktemp -d)
trap 'rm -r "$rows"' EXIT
bind=127.0.53.10
empty=127.0.53.15

# scan NAME RESOLVER OTHER OPTION...
scan() {
  "$ptrsweep" scan --targets "$WORLD_DIR/targets-v4.txt" --resolver "$2" \
    --resolver "$3" --compare-resolvers --late-pause 500ms --max-unknown 100 \
    --output "$rows/$1.ndjson" "${@:4}"
}

scan honest "$WORLD_RESOLVER" "$bind"
scan split "$WORLD_RESOLVER" "$empty" --ptr-only
scan turned "$empty" "$WORLD_RESOLVER" --ptr-only
python3 - "$WORLD_DIR/truth.json" "$rows" <<'PYTHON'
import json
import sys

truth = {row["ip"]: row for target in json.load(open(sys.argv[1]))["targets"]
         for row in target["rows"]}
READ = {}
for name in ("honest", "split", "turned"):
    with open(f"{sys.argv[2]}/{name}.ndjson") as lines:
        READ[name] = [json.loads(line) for line in lines]
wrong = []


def differs(row):
    return "resolver_disagree" in (row["flags"] or [])


def expect(name, row, what, is_right):
    if not is_right:
        wrong.append(f"{name} {row['ip']} {what}: {row}")


for row in READ["split"]:
    true = truth[row["ip"]]
    if true["status"] in ("reverse_error", "reverse_timeout"):
        # The other one's denial is the only result.
        expect("split", row, "judged", row["status"] == "undelegated" and
               row["zone"] == "in-addr.arpa" and not differs(row))
    elif true["ptr"]:
        expect("split", row, "judged", row["ptr"] == true["ptr"])
        expect("split", row, "flag", differs(row))
    else:
        expect("split", row, "judged", row["status"] == true["status"])
        expect("split", row, "flag", not differs(row))
for row in READ["turned"]:
    true = truth[row["ip"]]
    expect("turned", row, "judged",
           row["status"] in ("no_ptr", "undelegated") and not row["ptr"])
    expect("turned", row, "flag", differs(row) == bool(true["ptr"]))
# Each of the two has zones of its own making (RFC 6303): unbound names
# localhost, bind denies 192.168/16.
OWN = ("127.0.0.1", "192.168.53.5")
for row in READ["honest"]:
    true = truth[row["ip"]]
    expect("honest", row, "flag", differs(row) == (row["ip"] in OWN))
    if true["status"] not in ("reverse_error", "reverse_timeout"):
        expect("honest", row, "judged", row["status"] == true["status"] and
               (row["ptr"] or []) == (true["ptr"] or []))
counts = {name: sum(map(differs, rows)) for name, rows in READ.items()}
print(counts, len(READ["split"]), "rows each")
assert counts["split"] == counts["turned"] > 100
sys.exit("\n".join(wrong[:10]) if wrong else 0)
PYTHON
