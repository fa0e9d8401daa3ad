#!/usr/bin/env python3
"""A fresh Debian 12 with the package: installed with what it depends on, its
manual, completions and units there, a scan in a network namespace of its own;
then booted, where systemd runs the nightly unit; at last purged.

    debian_test.py PTRSWEEP BUILD_FOLDER TRUTH_SERVER

The mirror is that of this machine's apt, packages are kept in
$XDG_CACHE_HOME/ptrsweep/debian. Skipped, loudly, if debootstrap is not to be had
or cannot fetch.
"""

import glob
import os
import shutil
import subprocess


import sandbox
from package_test import make_package
from scans import SOURCE, expect, read_file, run, write_file

CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or
                     os.path.expanduser("~/.cache"), "ptrsweep", "debian")
ROOT = "root"
BOOT_LIMIT = 180
FETCH_LIMIT = 900


def find_mirror():
    """The first that apt has Debian 12 from."""
    lines = run("apt-get", "indextargets", "--format",
                "$(REPO_URI) $(CODENAME) $(ORIGIN)").splitlines()
    for line in lines:
        uri, codename, origin = line.split(" ", 2)
        if (codename, origin) == ("bookworm", "Debian"):
            return uri
    sandbox.skip("apt has no mirror of Debian 12")
    return None


def make_root():
    os.makedirs(CACHE, exist_ok=True)
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", f"--cache-dir={CACHE}",
         "--include=systemd,systemd-sysv,dbus,man-db", "bookworm", ROOT,
         find_mirror()],
        text=True, capture_output=True, check=False, timeout=FETCH_LIMIT)
    if made.returncode != 0:
        sandbox.skip(f"debootstrap: {made.stdout[-500:]}{made.stderr[-500:]}")


def inside(*command, code=0):
    return run("chroot", ROOT, *command, code=code)


def install(package):
    shutil.copy(package, f"{ROOT}/tmp/ptrsweep.deb")
    shutil.copy("/etc/resolv.conf", f"{ROOT}/etc/resolv.conf")
    inside("apt-get", "update")
    inside("apt-get", "install", "--yes", "--no-install-recommends",
           "/tmp/ptrsweep.deb")
    expect(inside("dpkg", "--verify", "ptrsweep") == "", "dpkg --verify")
    expect("ptrsweep" in inside("getent", "passwd", "ptrsweep"), "no user")


def check_manual_and_completions():
    page = inside("env", "MANWIDTH=80", "man", "ptrsweep")
    for part in ["PTRSWEEP(1)", "--max-in-flight", "EXIT STATUS"]:
        expect(part in page, f"{part} is not in the manual page")
    for path in ["bash-completion/completions/ptrsweep",
                 "zsh/vendor-completions/_ptrsweep",
                 "fish/vendor_completions.d/ptrsweep.fish"]:
        expect(os.path.getsize(f"{ROOT}/usr/share/{path}") > 1000, path)
    inside("bash", "-n", "/usr/share/bash-completion/completions/ptrsweep")


def check_units():
    said = inside("systemd-analyze", "verify", "ptrsweep-nightly.service",
                  "ptrsweep-nightly.timer")
    expect(said == "", said)


def check_scan(truth_server):
    """In a namespace that holds the server, the scan and nothing else."""
    script = f"""
ip link set lo up
coproc server {{ {truth_server} --seed 7; }}
read -r _ port _ <&"${{server[0]}}"
chroot --userspec=ptrsweep {ROOT} ptrsweep scan --resolver "127.0.0.1:$port" \
    --include-special -q 10.50.0.0/24
exit $?  # not in place of the shell, with which the server ends
"""
    rows = run("unshare", "--net", "bash", "-c", script)
    expect(len(rows.splitlines()) == 257, rows[-500:])
    expect(",pass," in rows and ",no_ptr," in rows, rows[-500:])


def check_boot(truth_server):
    folder = f"{ROOT}/var/lib/boot_check"
    os.makedirs(folder)
    for path in [truth_server, f"{SOURCE}/tests/packaging/boot_check.sh"]:
        shutil.copy(path, folder)
    write_file(f"{ROOT}/etc/systemd/system/boot-check.service",
               "[Service]\nType=idle\n"
               "ExecStart=/var/lib/boot_check/boot_check.sh\n")
    wants = f"{ROOT}/etc/systemd/system/multi-user.target.wants"
    os.makedirs(wants, exist_ok=True)
    os.symlink("../boot-check.service", f"{wants}/boot-check.service")
    booted = subprocess.run(
        ["systemd-nspawn", "--quiet", "--private-network", "--register=no",
         "--keep-unit", "--console=pipe", f"--directory={ROOT}", "--boot"],
        stdin=subprocess.DEVNULL, text=True, capture_output=True, check=False,
        timeout=BOOT_LIMIT)
    result = f"{folder}/result.txt"
    expect(os.path.exists(result), booted.stdout[-2000:] + booted.stderr[-500:])
    text = read_file(result)
    expect(text == "ok\n", f"{text}\n{read_file(f'{folder}/journal.txt')[-3000:]}")


def check_purge():
    inside("apt-get", "purge", "--yes", "ptrsweep")
    expect(not os.path.exists(f"{ROOT}/etc/ptrsweep"), "/etc/ptrsweep is left")
    expect(glob.glob(f"{ROOT}/var/lib/ptrsweep/scans/date=*"),
           "the scans are gone")


def check(_, build, truth_server):
    package = make_package(build)
    make_root()
    install(package)
    check_manual_and_completions()
    check_units()
    check_scan(truth_server)
    check_boot(truth_server)
    check_purge()


if __name__ == "__main__":
    if os.geteuid() != 0:
        sandbox.skip("needs root")
    for tool in ["debootstrap", "systemd-nspawn", "unshare"]:
        if shutil.which(tool) is None:
            sandbox.skip(f"needs {tool} (tools/setup)")
    sandbox.run_in_folder(check)
