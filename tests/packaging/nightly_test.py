#!/usr/bin/env python3
"""tools/packaging/nightly, as its service runs it: a night, the same day again,
a night that is stopped by max-time or a signal and gone on with, also on the
next day; what can not be gone on with; partitions that are too old.

    nightly_test.py PTRSWEEP TRUTH_SERVER
"""

import csv
import datetime
import glob
import os
import re
import signal
import subprocess

import sandbox
from scans import (SOURCE, expect, expect_same_rows, read_file, read_rows,
                   run, start_truth_server, wait_until, write_file)

NIGHTLY = f"{SOURCE}/tools/packaging/nightly"
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
YESTERDAY = TODAY - datetime.timedelta(days=1)
CONFIG = """targets = ["targets.txt"]
include-special = true
quiet = true
late-passes = 0
"""


class Night:
    def __init__(self, ptrsweep, resolver):
        self.ptrsweep = ptrsweep
        self.environment = {
            "PATH": f"{os.path.dirname(ptrsweep)}:{os.environ['PATH']}",
            "STATE_DIRECTORY": f"{os.getcwd()}/state",
            "PTRSWEEP_RESOLVER": resolver}
        write_file("nightly.toml", CONFIG)
        write_file("targets.txt", "10.50.0.0/21\n")
        os.makedirs("state/scans")

    def run(self, code=0, **more):
        return run(NIGHTLY, "nightly.toml", code=code,
                   env=self.environment | more)

    def folder(self, date):
        return f"state/scans/date={date}"

    def rows(self, date):
        return read_rows(self.ptrsweep, sorted(
            glob.glob(f"{self.folder(date)}/*/*.parquet")))

    def expect_finished(self, *dates):
        there = {os.path.dirname(path).rpartition("=")[2]
                 for path in glob.glob("state/scans/*/_SUCCESS")}
        expect(there == set(map(str, dates)), f"finished: {there}")

    def forget(self):
        subprocess.run(["rm", "-rf", "state/scans"], check=True)
        os.mkdir("state/scans")

    def leave_unfinished(self, date):
        """A run of that day that max-time ended."""
        run(self.ptrsweep, "scan", "--config=nightly.toml", "--rate=500",
            "--dataset=state/scans", f"--run-date={date}", "--max-time=1s",
            code=75, env=self.environment)


def check_plain(night):
    night.run()
    night.expect_finished(TODAY)
    rows = night.rows(TODAY)
    expect(len(rows) == 2048, f"{len(rows)} rows")
    before = os.stat(glob.glob(f"{night.folder(TODAY)}/*/*.parquet")[0])
    night.run()
    after = os.stat(glob.glob(f"{night.folder(TODAY)}/*/*.parquet")[0])
    expect(before.st_mtime_ns == after.st_mtime_ns, "asked again")
    expect("ptrsweep_" in read_file("state/metrics/ptrsweep.prom"), "metrics")
    return rows


def check_max_time(night, rows):
    night.forget()
    night.run(code=75, PTRSWEEP_RATE="500", PTRSWEEP_MAX_TIME="1s")
    night.expect_finished()
    night.run()
    night.expect_finished(TODAY)
    expect_same_rows(night.rows(TODAY), rows)


def check_signal(night, rows):
    """To all of the service's processes, as systemd sends it."""
    night.forget()
    started = subprocess.Popen(
        [NIGHTLY, "nightly.toml"], start_new_session=True, text=True,
        stderr=subprocess.PIPE, env=night.environment | {
            "PTRSWEEP_RATE": "200", "PTRSWEEP_STATUS_FILE": "status.ndjson"})
    wait_until(lambda: os.path.exists("status.ndjson") and
               re.search('"rows":[1-9]', read_file("status.ndjson")), 20,
               "scan that runs")
    os.killpg(started.pid, signal.SIGTERM)
    said = started.communicate(timeout=30)[1]
    expect(started.returncode == 75, f"exit {started.returncode}: {said}")
    night.expect_finished()
    night.run()
    night.expect_finished(TODAY)
    expect_same_rows(night.rows(TODAY), rows)


def check_next_day(night, rows):
    """Yesterday's run is finished as yesterday's, then today's is made, if the
    time of the night lets it."""
    night.forget()
    night.leave_unfinished(YESTERDAY)
    night.run(code=75, PTRSWEEP_RATE="200", PTRSWEEP_MAX_TIME="1s")
    expect(not os.path.exists(night.folder(TODAY)), "today's was begun too")
    said = night.run()
    expect(f"going on with the run of {YESTERDAY}" in said, said)
    night.expect_finished(YESTERDAY, TODAY)
    expect_same_rows(night.rows(YESTERDAY), rows)
    expect_same_rows(night.rows(TODAY), rows)
    with open(f"state/changes/{TODAY}.csv") as changes:
        expect(len(changes.readlines()) == 1, "changes where nothing changed")


def changes_of(night, truth_server, *options):
    """The rows of changes/TODAY.csv after a night in which the truth is another
    than it was yesterday."""
    night.forget()
    write_file("nightly.toml", CONFIG + "".join(options))
    run(night.ptrsweep, "scan", "--config=nightly.toml",
        "--dataset=state/scans", f"--run-date={YESTERDAY}",
        env=night.environment)
    run(night.ptrsweep, "finalize", night.folder(YESTERDAY))
    other, resolver = start_truth_server(truth_server, seed="8")
    night.run(PTRSWEEP_RESOLVER=resolver)
    other.communicate()
    with open(f"state/changes/{TODAY}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    write_file("nightly.toml", CONFIG)
    return rows


def check_changes(night, truth_server):
    rows = changes_of(night, truth_server)
    kinds = {row["change"] for row in rows}
    expect({"new_problem", "fixed"} <= kinds and len(rows) < 2048, str(kinds))
    lost = [row for row in rows if row["change"] == "new_problem" and
            row["new_status"] == "no_ptr"]
    expect(lost, "no address lost its PTR")
    # There a missing PTR without a label is no problem.
    rows = changes_of(night, truth_server, 'profile = "hosting"\n')
    lost = [row for row in rows if row["change"] == "new_problem" and
            row["new_status"] == "no_ptr"]
    expect(rows and not lost, f"{len(lost)} of {len(rows)}")


def check_other_targets(night):
    """A run whose targets have changed since cannot be gone on with, and does
    not keep tonight's from being made."""
    night.forget()
    night.leave_unfinished(YESTERDAY)
    write_file("targets.txt", "10.50.0.0/22\n")
    said = night.run()
    expect(f"the run of {YESTERDAY} stays unfinished" in said, said)
    night.expect_finished(TODAY)
    expect(len(night.rows(TODAY)) == 1024, "rows of the new targets")


def check_codes(night):
    """Of --fail-on and of unknown rows, with a partition that is whole; of
    options that are none."""
    night.forget()
    night.run(code=1, PTRSWEEP_FAIL_ON="pass")
    night.expect_finished(TODAY)
    night.forget()
    night.run(code=3, PTRSWEEP_MAX_QUERIES="500", PTRSWEEP_MAX_UNKNOWN="1")
    night.expect_finished(TODAY)
    night.forget()
    night.run(code=2, PTRSWEEP_RATE="fast")
    night.expect_finished()


def check_old(night):
    night.forget()
    old = TODAY - datetime.timedelta(days=31)
    kept = TODAY - datetime.timedelta(days=29)
    for date in [old, kept]:
        run(night.ptrsweep, "scan", "--config=nightly.toml",
            "--dataset=state/scans", f"--run-date={date}",
            env=night.environment)
        run(night.ptrsweep, "finalize", night.folder(date))
    said = night.run(KEEP_DAYS="30")
    expect(f"date={old} is older than 30 days: removed" in said, said)
    night.expect_finished(kept, TODAY)
    expect(not os.path.exists(night.folder(old)), f"{old} is still there")


def check(ptrsweep, truth_server):
    server, resolver = start_truth_server(truth_server)
    night = Night(ptrsweep, resolver)
    rows = check_plain(night)
    check_max_time(night, rows)
    check_signal(night, rows)
    check_next_day(night, rows)
    check_changes(night, truth_server)
    check_other_targets(night)
    check_codes(night)
    check_old(night)
    server.communicate()


if __name__ == "__main__":
    sandbox.run_in_folder(check)
