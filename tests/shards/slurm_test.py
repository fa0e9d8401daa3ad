#!/usr/bin/env python3
"""A scan of eight shards on a real Slurm: what tools/slurm submits.

    slurm_test.py PTRSWEEP TRUTH_SERVER

A controller and two nodes, four tasks each. In the middle

    shards of node2   lose their node
    one of node1      is killed (SIGKILL), then queued again by hand
    another           is queued again while it runs
    another           is cancelled: the last job must miss it, and the command
                      that it prints must bring it
    the last          has nothing happen to it but its --max-time

and every task that runs for --max-time is queued again by its exit code, 75.
Then the rows are those of the same scan in one process, each once.
"""

import json
import os
import re
import signal
import sys
import time

import cluster
import sandbox
from scans import (SOURCE, expect, expect_same_rows, logs_in, page_block,
                   read_dataset, read_file, run, scan_whole, shards_running,
                   start_truth_server, wait_until, write_page_files)

SHARDS = 8
TARGETS = "10.50.0.0/16"
# A shard takes about eight seconds, and so two tasks at least.
TOTAL_RATE, MAX_TIME = "14000", "6s"


def start_scan(ptrsweep, resolver):
    """Submits as the page says. Job ids of the array and of the job after
    it."""
    command = page_block("PTRSWEEP_MAX_TIME=")
    expect(command.count("=230m ") == 1, "the page has another --max-time")
    os.environ.update(
        PATH=f"{os.path.dirname(ptrsweep)}:{os.environ['PATH']}",
        PTRSWEEP_RESOLVER=resolver, PTRSWEEP_SHARDS=str(SHARDS),
        PTRSWEEP_TOTAL_RATE=TOTAL_RATE)
    return submit(command.replace("=230m ", f"={MAX_TIME} ").replace(
        "tools/slurm", f"{SOURCE}/tools/slurm"))


def start_strict():
    """An array whose task is queued again once and then ends well, and a job
    that waits for it with afterok."""
    job = run("sbatch", "--parsable", "--array=0", "--output=/dev/null",
              "--wrap", 'test -n "$SLURM_RESTART_COUNT" || exit 75').strip()
    return job, run("sbatch", "--parsable", f"--dependency=afterok:{job}",
                    "--wrap=true").strip()


def submit(command):
    jobs = re.fullmatch(r"scan (\d+), .*\nfinish (\d+)\n",
                        run("sh", "-c", command))
    expect(jobs, "submit says something else than job ids")
    return jobs.groups()


def rows_of(shard):
    """As the last line of the shard's status file has it."""
    try:
        with open(f"ptrsweep-{shard}.status.ndjson") as file:
            return json.loads(file.readlines()[-1])["rows"]
    except (OSError, IndexError):
        return 0


def job_field(job, field):
    """As `scontrol show job` has it: Restarts, JobState, Reason, ..."""
    text = run("scontrol", "show", "job", job)
    return re.search(rf"\b{field}=(\S*)", text)[1]


def state_of(job):
    return job_field(job, "JobState")


def has_ended(job):
    return state_of(job) not in ("PENDING", "RUNNING", "COMPLETING")


def shards_of(node):
    tasks = run("squeue", "--noheader", "--array", "--states=RUNNING",
                "--nodelist", node, "--format=%K").split()
    return sorted(int(task) for task in tasks)


def disturb(slurm, job):
    """What the head of this file tells. The shard that is cancelled, those that
    are queued again, and the one of them that nothing else happens to."""
    wait_until(lambda: all(map(rows_of, range(SHARDS))), 20,
               "rows of every shard")
    lost = shards_of("node2")
    killed, requeued, cancelled, spared = shards_of("node1")
    expect(len(lost) == 4, f"node2 has {lost}")
    slurm.cut_power("node2")
    os.kill(shards_running("SLURM_ARRAY_TASK_ID")[killed], signal.SIGKILL)
    run("scontrol", "requeue", f"{job}_{requeued}")
    run("scancel", f"{job}_{cancelled}")
    wait_until(lambda: not set(lost) & set(shards_running(
        "SLURM_ARRAY_TASK_ID")), 5, "end of what ran on node2")
    run("scontrol", "update", "nodename=node2", "state=down", "reason=lost")
    slurm.start_node("node2")
    wait_until(lambda: state_of(f"{job}_{killed}") == "FAILED", 10,
               "FAILED task")
    run("scontrol", "requeue", f"{job}_{killed}")
    return cancelled, [*lost, killed, requeued, spared], spared


def expect_missed(finish, shard):
    """The last job says which shard is not there; the command it prints."""
    wait_until(lambda: has_ended(finish), 120, "end of the last job")
    text = read_file(f"ptrsweep-finish-{finish}.log")
    expect(job_field(finish, "ExitCode") == "3:0", f"not missed:\n{text}")
    expect(f"\nMissing: shards {shard}." in text, f"not {shard}:\n{text}")
    return text.splitlines()[-1]


def check(slurm, ptrsweep, truth_server):
    _server, resolver = start_truth_server(truth_server)
    job, finish = start_scan(ptrsweep, resolver)
    strict, after_strict = start_strict()
    cancelled, queued_again, spared = disturb(slurm, job)
    command = expect_missed(finish, cancelled)
    for shard in queued_again:
        expect(int(job_field(f"{job}_{shard}", "Restarts")) > 0,
               f"shard {shard} ran once only")
        expect(state_of(f"{job}_{shard}") == "COMPLETED",
               f"shard {shard} is not complete")
    expect("--max-time is over" in read_file(f"ptrsweep-{job}-{spared}.log"),
           f"shard {spared} did not reach its --max-time")
    again, finish = submit(command)
    wait_until(lambda: has_ended(finish), 120, "end of the second last job")
    expect(state_of(finish) == "COMPLETED", f"{again} did not bring the shard")
    expect(state_of(strict) == "COMPLETED" and job_field(
        after_strict, "Reason") == "DependencyNeverSatisfied",
           "afterok would do as well as afterany")
    whole = scan_whole(ptrsweep, resolver)
    expect(len(whole) == 65536, f"{len(whole)} rows in one process")
    expect_same_rows(read_dataset(ptrsweep), whole)


def main(folder):
    slurm = cluster.Cluster(folder, nodes=2)
    write_page_files(f"{folder}/shared", TARGETS)
    start = time.monotonic()
    try:
        slurm.start()
        check(slurm, *sys.argv[1:])
    except Exception as error:
        print(f"FAILED after {time.monotonic() - start:.0f} s: {error}")
        print(logs_in(folder), logs_in("."))
        return 1
    finally:
        slurm.stop()
    print(f"ok after {time.monotonic() - start:.0f} s")
    return 0


if __name__ == "__main__":
    if cluster.find_missing():
        sandbox.skip(f"not installed: {', '.join(cluster.find_missing())}")
    sandbox.run_inside(main)
