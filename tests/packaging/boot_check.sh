#!/bin/bash
# Runs inside the Debian that debian_test.py boots, as a service of its own:
# starts, stops and starts again the nightly unit, with its sandbox, against a
# server of this machine. Leaves result.txt: "ok", or what went wrong.
set -uo pipefail
cd /var/lib/boot_check || exit
result="it ended early"
finish() {
  echo "$result" >result.txt
  journalctl -b --no-pager >journal.txt
  systemctl poweroff
}
trap finish EXIT

fail() {
  result="$*: $(systemctl status --no-pager -l ptrsweep-nightly.service 2>&1)"
  exit
}

is_whole() { compgen -G "$scans/date=*/_SUCCESS" >/dev/null; }

wait_for() {
  for _ in $(seq 300); do
    if "$@"; then return 0; fi
    sleep 0.1
  done
  return 1
}

set_options() {
  printf '%s\n' 'targets = ["/etc/ptrsweep/targets.txt"]' \
    "resolver = [\"127.0.0.1:$port\"]" 'include-special = true' \
    'late-passes = 0' 'status-file = "/var/lib/ptrsweep/status.ndjson"' "$@" \
    >/etc/ptrsweep/nightly.toml
}

coproc server { ./truth_server --seed 7; }
read -r _ port _ <&"${server[0]}"
echo 10.50.0.0/21 >/etc/ptrsweep/targets.txt
scans=/var/lib/ptrsweep/scans

# Stopped by systemd in the middle: exit code 75, which is no failure.
set_options 'rate = 200'
systemctl start --no-block ptrsweep-nightly.service
wait_for grep -qs '"rows":[1-9]' /var/lib/ptrsweep/status.ndjson ||
  fail "no scan runs"
systemctl stop ptrsweep-nightly.service
systemctl is-failed --quiet ptrsweep-nightly.service && fail "stopped, failed"
is_whole && fail "whole though stopped"
compgen -G "$scans/date=*/shard=00/.journal" >/dev/null || fail "no journal"

# By max-time: the same.
set_options 'rate = 200' 'max-time = "1s"'
systemctl start ptrsweep-nightly.service || fail "max-time is a failure"
is_whole && fail "whole in spite of max-time"

# To the end.
set_options
systemctl start ptrsweep-nightly.service || fail "the rest"
is_whole || fail "not proved"
[[ $(stat -c %U "$scans") == ptrsweep ]] || fail "of another user"
ptrsweep cat "$scans"/date=*/shard=00/*.parquet >rows.csv || fail "rows"
[[ $(wc -l <rows.csv) == 2049 ]] || fail "$(wc -l <rows.csv) lines"

[[ -s /var/lib/ptrsweep/metrics/ptrsweep.prom ]] || fail "no metrics"

# By its timer.
systemctl enable --now ptrsweep-nightly.timer || fail "timer"
systemctl is-active --quiet ptrsweep-nightly.timer || fail "timer is not active"

# Unknown rows above the limit are a failure that is seen.
rm -r "${scans:?}"/date=*
set_options 'max-queries = 500' 'max-unknown = 1'
systemctl start ptrsweep-nightly.service && fail "unknown rows are no failure"
[[ $(systemctl show -P ExecMainStatus ptrsweep-nightly.service) == 3 ]] ||
  fail "not 3"
is_whole || fail "not proved, for unknown rows"
result=ok
