"""Where the tests of shards run: a folder of their own, or a place of its own
on this machine (network, pids, host name, mounts) for those that need root's
rights. Nothing is left of either."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

from scans import Failed

SKIPPED = 77
INSIDE = "PTRSWEEP_SANDBOX"


def skip(why):
    """Ends the test: skipped, or failed where nothing may be skipped."""
    must = os.environ.get("PTRSWEEP_REQUIRE_WORLD") == "1"
    print(f"{'REQUIRED' if must else 'SKIPPED'}: {why}")
    sys.exit(1 if must else SKIPPED)


def _namespaces(*command):
    # The first process of a pid namespace takes all others with it; it is
    # killed when we are.
    return ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "--mount",
            "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc",
            *command]


def _temporary_folder():
    # SIGTERM removes it too.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    return tempfile.TemporaryDirectory(prefix="ptrsweep-")


def run_in_folder(check):
    """Runs check(*arguments of this script) in a folder that is removed after
    it. Does not return: exit code 1 if the test fails."""
    with _temporary_folder() as folder:
        os.chdir(folder)
        try:
            check(*sys.argv[1:])
        except Failed as failed:
            print(f"FAILED: {failed}")
            sys.exit(1)
    print("ok")
    sys.exit(0)


def run_inside(body):
    """Runs this script again in a sandbox, and there body(folder), whose result
    is the exit code; the folder is in memory, so that SIGKILL leaves an empty
    one at most. Does not return."""
    folder = os.environ.get(INSIDE)
    if folder is not None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "ptrsweep",
                        folder], check=True)
        sys.exit(body(folder))
    if os.geteuid() != 0:
        skip("needs root")
    if not all(map(shutil.which, ["setpriv", "unshare"])):
        skip("needs setpriv and unshare")
    # The daemons drop their groups, which not every root may.
    probe = subprocess.run(_namespaces("setpriv", "--clear-groups", "true"),
                           text=True, capture_output=True, check=False)
    if probe.returncode != 0:
        skip(f"no namespaces: {probe.stderr.strip()}")
    with _temporary_folder() as folder:
        done = subprocess.run(
            _namespaces(sys.executable, "-B", *sys.argv), check=False,
            env=os.environ | {INSIDE: folder})
    sys.exit(done.returncode)
