#!/usr/bin/env python3
"""GNU parallel runs ten shards by the command of tools/SHARDS.md; one of
them is killed in the middle, and parallel runs it again.

    parallel_test.py PTRSWEEP TRUTH_SERVER
"""

import os
import re
import shutil
import signal
import subprocess
import time

import sandbox
from scans import (PAGE, expect, expect_same_rows, page_block, read_dataset,
                   read_file, run, scan_whole, shards_running,
                   start_truth_server, wait_until, write_file, write_page_files)

# A second or so for each shard.
TARGETS, TOTAL_RATE = "10.50.0.0/19", "15000"


def kill_one():
    """A scan that has run for a while. Its job's number; None if there is no
    such scan."""
    before = shards_running("PARALLEL_SEQ")
    time.sleep(0.2)
    for job, pid in before.items() & shards_running("PARALLEL_SEQ").items():
        try:
            os.kill(pid, signal.SIGKILL)
            return job
        except ProcessLookupError:
            pass
    return None


def check_options():
    """Those that the page names for several hosts; ":" is this one."""
    options = re.search(r"`(--sshloginfile nodes [^`]*)`",
                        read_file(PAGE).replace("\n", " "))[1].split()
    write_file("nodes", "1/:\n")
    said = run("parallel", *options, "echo", "$PTRSWEEP_RUN_DATE", "{}", ":::",
               "a", env=os.environ | {"PTRSWEEP_RUN_DATE": "2026-11-25"})
    expect(said == "2026-11-25 a\n", said)


def check(ptrsweep, truth_server):
    server, resolver = start_truth_server(truth_server)
    os.environ.update(
        PATH=f"{os.path.dirname(ptrsweep)}:{os.environ['PATH']}",
        PARALLEL_HOME=os.getcwd(), PTRSWEEP_RESOLVER=resolver,
        PTRSWEEP_TOTAL_RATE=TOTAL_RATE)
    write_page_files("scan", TARGETS)
    check_options()
    script = page_block("export PTRSWEEP_RUN_DATE")
    shell = subprocess.Popen(["timeout", "60", "bash", "-ec", script],
                             text=True, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
    try:
        wait_until(kill_one, 20, "scan that runs")
        said, _ = shell.communicate()
    finally:
        shell.terminate()  # no effect if it has ended; else on its group
    expect(shell.returncode == 0, f"exit {shell.returncode}:\n{said}")
    expect_same_rows(read_dataset(ptrsweep), scan_whole(ptrsweep, resolver))
    server.communicate()


if __name__ == "__main__":
    if not shutil.which("parallel"):
        sandbox.skip("not installed: parallel")
    sandbox.run_in_folder(check)
