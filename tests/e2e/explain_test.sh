#!/bin/bash
# Inside `world run --iterate`: what `ptrsweep explain` says of addresses, line
# by line as explained/NAME.txt has it (times, TTLs and waits as N), the same
# facts in JSON, the row of a scan, exit codes.
#
#   explain_test.sh PTRSWEEP [FOLDER]    FOLDER: write the texts there instead
set -euo pipefail
ptrsweep=$1
here=$(dirname "$(realpath "$0")")
said=$(mktemp -d)
trap 'rm -r "$said"' EXIT
failed=0

through=(--resolver "$WORLD_RESOLVER")
iterating=(--iterative --root-hints "$WORLD_DIR/root.hints"
  --allow-special-servers)
expecting=(--expect shop.example.org)

# What differs from run to run.
steady() {
  sed -E 's/[0-9.]+ ms$/N ms/; s/TTL [0-9]+/TTL N/
    s/(after|for) [0-9]+ s/\1 N s/
    s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} UTC/TIME/'
}

# says NAME CODE ARGUMENT...: the text is as it should be, and so is the code.
says() {
  local name=$1 code=$2 got=0
  shift 2
  "$ptrsweep" explain "$@" >"$said/$name.raw" 2>"$said/$name.err" || got=$?
  steady <"$said/$name.raw" >"$said/$name.txt"
  if [[ $got != "$code" ]]; then
    echo "$name: exit $got, not $code: $(cat "$said/$name.err")" >&2
    failed=1
  fi
  if [[ -n ${folder:-} ]]; then
    cp "$said/$name.txt" "$folder/$name.txt"
    return
  fi
  diff "$here/explained/$name.txt" "$said/$name.txt" >&2 || failed=1
}

# same ARGUMENT...: JSON has the facts of the text, and the row of a scan.
same() {
  "$ptrsweep" explain "$@" 2>/dev/null >"$said/text" || true
  "$ptrsweep" explain --format json "$@" 2>/dev/null >"$said/json" || true
  "$ptrsweep" scan --quiet --late-pause 100ms --format ndjson "$@" \
    2>/dev/null >"$said/rows" || true
  python3 - "$said" <<'PY' || failed=1
import json, re, sys
folder = sys.argv[1]

def steady(text):
    text = re.sub(r"\d{4}-\d\d-\d\d [\d:]{8} UTC", "TIME", text)
    return " ".join(re.sub(r"(after|for) \d+ s", r"\1 N s", text).split())

text = steady(open(folder + "/text").read())
lines = open(folder + "/json").read().splitlines()
assert len(lines) == 1, lines
said = json.loads(lines[0])
row = json.loads(open(folder + "/rows").read())
vary = {"time", "rtt_us", "ttl_s", "queries"}
label = said["ip"]
for key, value in row.items():
    if key in vary:
        assert key in said, key
    elif key not in ("label", "expected"):
        assert said[key] == value, (label, key, said[key], value)
facts = [said[key] for key in ("explanation", "rule", "reverse_name")]
facts.append(f"{label}: {said['status']} (iprev={said['iprev']}, "
             f"{said['severity']})")
facts += [said[key] for key in ("fix", "expected_text", "ticket", "where")
          if said[key] and (key != "where" or said["soa"])]
facts += [f"{flag}: {words}" for flag, words in said["flag_texts"].items()]
facts += [f"{who}: {what}" for who, what in said["receivers"].items()]
facts += said["bounces"]
facts += [f"{n['name']}: {n['reason']}" for n in said["names"] if n["reason"]]
for step in said["steps"]:
    facts += [step["outcome"], step["server"]] + step["values"]
    if step["about"] != "servers" and step["type"] != "PTR" and step["command"]:
        facts.append("$ " + step["command"])
for fact in facts:
    assert steady(fact) in text, (label, fact)
assert set(said["flag_texts"]) == set(said["flags"])
assert {n["name"] for n in said["names"]} == set(said["ptr"] or [])
PY
}

# code WANTED ARGUMENT...
code() {
  local wanted=$1 got=0
  shift
  "$ptrsweep" explain "$@" >/dev/null 2>"$said/err" || got=$?
  if [[ $got != "$wanted" ]]; then
    echo "exit $got, not $wanted: $* ($(cat "$said/err"))" >&2
    failed=1
  fi
}

folder=${2:-}
says pass 0 "${through[@]}" 192.0.2.10
says mismatch 0 "${through[@]}" "${expecting[@]}" 192.0.2.40
says no_ptr 0 "${through[@]}" 192.0.2.5
says undelegated 0 "${iterating[@]}" 203.0.113.5
says classless 0 "${iterating[@]}" 10.20.0.0
says dangling 0 "${iterating[@]}" 10.20.0.5
says timeout 3 --resolver 127.0.53.99 --late-passes 0 192.0.2.10
says late 3 "${through[@]}" --late-pause 100ms 192.0.2.52
says bad_name 0 "${through[@]}" 192.0.2.46
says servers 3 "${iterating[@]}" --late-pause 100ms --zones 10.20.6.5
says infra 0 "${through[@]}" --profile infra 192.0.2.10 192.0.2.41
if [[ -n $folder ]]; then exit "$failed"; fi

same "${through[@]}" 192.0.2.10
same "${through[@]}" 192.0.2.40
same "${through[@]}" 192.0.2.5
same "${through[@]}" 192.0.2.46
same "${iterating[@]}" 203.0.113.5
same "${iterating[@]}" 10.20.0.0
same "${iterating[@]}" 10.20.0.5
same "${through[@]}" 192.0.2.52

code 0 "${through[@]}" 192.0.2.40
code 1 "${through[@]}" --fail-on mismatch 192.0.2.10 192.0.2.40
code 1 "${through[@]}" --fail-on unexpected_name "${expecting[@]}" 192.0.2.10
code 0 "${through[@]}" --max-unknown 50 192.0.2.10 192.0.2.52
code 2 "${through[@]}" 192.0.2.0/24
code 2 "${through[@]}"
code 2 "${through[@]}" --format csv 192.0.2.10
code 2 "${through[@]}" --expect '*x' 192.0.2.10
code 2 "${through[@]}" --expect a.example.com --labels "$WORLD_DIR/labels.csv" \
  192.0.2.10

# Side by side, in the order of the command line; answers come in any.
compared() {
  local wanted=$1
  shift
  "$ptrsweep" explain --compare-resolvers --late-passes 0 "$@" \
    >"$said/text" 2>/dev/null || true
  if [[ $(grep -oE '127.*says: .*|resolver_disagree:' "$said/text") != "$wanted" ]]; then
    echo "compared: $(cat "$said/text")" >&2
    failed=1
  fi
}
compared '127.0.53.3 says: unit-qbbb.xcbb.ten.example.net
127.0.53.14 says: former.ten.example.net
resolver_disagree:' --ptr-only --resolver 127.0.53.3 --resolver 127.0.53.14 \
  10.32.0.9
compared '127.0.53.99 says: no response
127.0.53.11 says: mail.example.com' --resolver 127.0.53.99 \
  "${through[@]}" 192.0.2.10

# What is not a terminal gets no colour, whatever the environment says.
if "$ptrsweep" explain "${through[@]}" 192.0.2.10 | grep -q $'\x1b'; then
  echo "colour in a pipe" >&2
  failed=1
fi
exit "$failed"
