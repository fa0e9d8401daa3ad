#!/usr/bin/env python3
"""Every command of tools/SHARDS.md is one that a test runs; here those for a
scan without any batch system, and what the page says of lost shards.

    page_test.py PTRSWEEP TRUTH_SERVER
"""

import os
import re
import shutil
import subprocess
import sys

import sandbox
from scans import (expect, expect_same_rows, page_block, page_blocks,
                   read_dataset, run, scan_whole, start_truth_server,
                   wait_until, write_page_files)

# How the indented blocks begin, and where they are tested.
TESTED = {
    "# night.toml": "all of these tests, ShardPageTest",
    "$ ptrsweep scan ": "ShardPageTest",
    "ptrsweep scan ": "here",
    "PTRSWEEP_MAX_TIME=": "slurm_test",
    "export PTRSWEEP_RUN_DATE=": "parallel_test",
    "kubectl create configmap ": "kubernetes_test",
}
TARGETS = "10.50.0.0/20"
SHARDS = 10


class ByHand:
    """The page's two commands, for any shard."""

    def __init__(self, ptrsweep, resolver):
        self.scan, self.finalize = page_block("ptrsweep scan ").splitlines()
        expect("--shard 3 " in self.scan, "the page scans another shard")
        self.environment = {
            "PATH": f"{os.path.dirname(ptrsweep)}:{os.environ['PATH']}",
            "PTRSWEEP_RESOLVER": resolver, "PTRSWEEP_QUIET": "true"}
        self.folder = self.finalize.split()[-1]

    def run_shard(self, shard, code=0, resume=True, **more):
        return run(*self._words(shard, resume), code=code,
                   env=self.environment | more)

    def start_shard(self, shard, **more):
        return subprocess.Popen(self._words(shard), stderr=subprocess.PIPE,
                                env=self.environment | more)

    def _words(self, shard, resume=True):
        command = self.scan.replace("--shard 3 ", f"--shard {shard} ")
        return [word for word in command.split() if resume or
                word != "--resume"]

    def prove(self, code=0):
        return run(*self.finalize.split(), code=code, env=self.environment)

    def shard_folder(self, shard):
        return f"{self.folder}/shard={shard:02}"


def check_times(hand):
    """Those of the page's command for Slurm, whose test has shorter ones."""
    times = re.match(r"PTRSWEEP_MAX_TIME=(\d+)m SBATCH_TIMELIMIT=(\d+):00:00 ",
                     page_block("PTRSWEEP_MAX_TIME="))
    expect(times and int(times[1]) < 60 * int(times[2]), "times of Slurm")
    run("ptrsweep", "scan", "--config=night.toml", "--shard=0", "--dry-run",
        f"--max-time={times[1]}m", env=hand.environment)


def largest_shard(hand):
    """One of several blocks."""
    return max(range(SHARDS), key=lambda shard: len(run(
        "ptrsweep", "targets", "--config=night.toml", f"--shard={shard}",
        env=hand.environment)))


def check_stopped(hand, shard):
    """--max-time, and a run beside the one that holds the journal."""
    hand.run_shard(shard, code=75, PTRSWEEP_TOTAL_RATE="1000",
                   PTRSWEEP_MAX_TIME="1s")
    first = hand.start_shard(shard, PTRSWEEP_TOTAL_RATE="100",
                             PTRSWEEP_STATUS_FILE="first.ndjson")
    try:
        wait_until(lambda: os.path.exists("first.ndjson"), 20, "scan that runs")
        said = hand.run_shard(shard, code=4)
        expect("another run is writing" in said, said)
    finally:
        first.kill()
        first.communicate()
    said = hand.prove(code=3)
    expect(f"not finished: shard {shard}:" in said, said)


def check_lost(hand, shard):
    """A part is damaged and scanned again, then the shard's folder is gone."""
    parts = [entry.path for entry in os.scandir(hand.shard_folder(shard))
             if entry.name.endswith(".parquet")]
    with open(parts[0], "ab") as part:
        part.write(b"!")
    said = hand.prove(code=4)
    expect(parts[0] in said, said)
    hand.run_shard(shard, resume=False)
    hand.prove()
    shutil.rmtree(hand.shard_folder(shard))
    said = hand.prove(code=3)
    expect(f"no shard {shard} of {SHARDS}:" in said, said)
    hand.run_shard(shard)
    hand.prove()


def check(ptrsweep, truth_server):
    begins = [block.splitlines()[0] for block in page_blocks()]
    expect([begin for begin in begins if not begin.startswith(tuple(TESTED))]
           == [] and len(begins) == len(TESTED), f"blocks: {begins}")
    server, resolver = start_truth_server(truth_server)
    write_page_files("scan", TARGETS)
    whole = scan_whole(ptrsweep, resolver)
    hand = ByHand(ptrsweep, resolver)
    check_times(hand)
    shard = largest_shard(hand)
    check_stopped(hand, shard)
    for each in range(SHARDS):
        hand.run_shard(each)
    hand.prove()
    expect_same_rows(read_dataset(ptrsweep), whole)
    check_lost(hand, shard)
    expect_same_rows(read_dataset(ptrsweep), whole)
    server.communicate()


if __name__ == "__main__":
    sandbox.run_in_folder(check)
