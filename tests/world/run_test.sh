#!/bin/bash
# What `world run` promises: the command's exit code and surroundings, no way
# out of the namespace, nothing left behind. Usage: run_test.sh WORLD
set -euo pipefail

world=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export TMPDIR=$scratch/tmp
mkdir "$TMPDIR"

fail() {
  echo "FAILED: $*"
  exit 1
}

expect_clean() {
  [[ -z $(ls -A "$TMPDIR") ]] || fail "$1 left $(ls -A "$TMPDIR")"
  ! pgrep -f "$TMPDIR" >/dev/null || fail "$1 left processes"
}

code=0
"$world" run -- true || code=$?
if [[ $code == 77 ]]; then exit 77; fi
[[ $code == 0 ]] || fail "true came to $code"
expect_clean "a run"

"$world" run -- bash -c 'exit 7' || code=$?
[[ $code == 7 ]] || fail "exit 7 came to $code"

"$world" run -- bash -c '
  [[ $WORLD_RESOLVER == 127.0.53.11 && $WORLD_DIRECT == 127.0.53.5 ]] &&
  [[ -f $WORLD_DIR/truth.json && -x $WORLD_PROGRAM ]] &&
  [[ $(ip -o link | wc -l) == 1 ]]' || fail "surroundings"

"$world" gen "$scratch/world" --seed 3
"$world" run --dir "$scratch/world" -- bash -c '
  ! "$WORLD_PROGRAM" run --dir "$WORLD_DIR" -- true 2>"$WORLD_DIR/refused" &&
  grep -q "another world runs there" "$WORLD_DIR/refused"' ||
  fail "two runs in one folder"
[[ ! -e $scratch/world/state ]] || fail "state is left"

# A server that cannot start is told, with its log.
echo "no such option" >>"$scratch/world/authority.conf"
if "$world" run --dir "$scratch/world" -- true 2>"$scratch/error"; then
  fail "a broken server went unnoticed"
fi
grep -q "server authority" "$scratch/error" || fail "no word of the server"
grep -q "syntax error" "$scratch/error" || fail "no log of the server"

# The world of walks is known by its folder, and needs more than an ordinary
# user may give.
"$world" gen "$scratch/walk" --walk
"$world" run --dir "$scratch/walk" -- bash -c '
  "$WORLD_PROGRAM" ask 127.0.53.8 9.0.0.a.8.b.d.0.1.0.0.2.ip6.arpa SOA |
    grep -q "^NOERROR, authoritative"' || fail "the world of walks"
code=0
env -u PTRSWEEP_REQUIRE_WORLD unshare --user --map-root-user \
  "$world" run --walk -- true >"$scratch/skip" || code=$?
[[ $code == 77 ]] || fail "a walk by an ordinary user came to $code"
grep -q "^WORLD SKIPPED: tinydns wants to be run by root" "$scratch/skip" ||
  fail "no word of tinydns"

# A machine without network namespaces: one whose user may have none.
without_namespaces() {
  unshare --user --map-root-user bash -c '
    echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"' - "$@"
}
code=0
without_namespaces env -u PTRSWEEP_REQUIRE_WORLD "$world" run -- true \
  >"$scratch/skip" || code=$?
[[ $code == 77 ]] || fail "no namespaces came to $code"
grep -q "^WORLD SKIPPED: no namespaces: " "$scratch/skip" || fail "no word"
code=0
without_namespaces env PTRSWEEP_REQUIRE_WORLD=1 "$world" run -- true \
  >"$scratch/skip" || code=$?
[[ $code == 1 ]] || fail "a required world came to $code"
expect_clean "a run without namespaces"

# Ended from outside, in the middle.
"$world" run -- bash -c 'touch "$TMPDIR/started"; sleep 600' &
runner=$!
for ((i = 0; i < 300; i++)); do
  [[ -e $TMPDIR/started ]] && break
  sleep 0.1
done
kill -TERM "$runner"
code=0
wait "$runner" || code=$?
[[ $code == 143 ]] || fail "SIGTERM came to $code"
rm "$TMPDIR/started"
expect_clean "an ended run"
echo "ok"
