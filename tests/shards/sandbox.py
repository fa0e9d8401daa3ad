"""A place of its own on this machine for a test that needs root's rights:
network, pids, host name and mounts, of which nothing is left behind however the
test ends."""

import os
import shutil
import subprocess
import sys
import tempfile

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


def run_inside(body):
    """Runs this script again in a sandbox, and there body(folder), whose result
    is the exit code; the folder is in memory. Does not return."""
    folder = os.environ.get(INSIDE)
    if folder is not None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "ptrsweep",
                        folder], check=True)
        sys.exit(body(folder))
    if os.geteuid() != 0:
        skip("needs root")
    if not all(map(shutil.which, ["setpriv", "unshare"])):
        skip("needs setpriv and unshare")
    probe = subprocess.run(_namespaces("true"), text=True, capture_output=True,
                           check=False)
    if probe.returncode != 0:
        skip(f"no namespaces: {probe.stderr.strip()}")
    with tempfile.TemporaryDirectory(prefix="ptrsweep-") as folder:
        done = subprocess.run(
            _namespaces(sys.executable, "-B", *sys.argv), check=False,
            env=os.environ | {INSIDE: folder})
    sys.exit(done.returncode)
