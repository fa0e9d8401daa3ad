#!/usr/bin/env python3
"""The Debian package: made by cpack, nothing for lintian to say, what it holds,
whom it depends on, how far its service is shut in.

    package_test.py PTRSWEEP BUILD_FOLDER
"""

import glob
import os
import re
import shutil
import subprocess

import sandbox
from scans import expect, read_file, run

HOLDS = """/etc/ptrsweep/nightly.toml
/etc/ptrsweep/targets.txt
/usr/bin/ptrsweep
/usr/lib/systemd/system/ptrsweep-nightly.service
/usr/lib/systemd/system/ptrsweep-nightly.timer
/usr/lib/sysusers.d/ptrsweep.conf
/usr/libexec/ptrsweep/nightly
/usr/share/bash-completion/completions/ptrsweep
/usr/share/doc/ptrsweep/AUTHORITIES.md
/usr/share/doc/ptrsweep/HOSTING.md
/usr/share/doc/ptrsweep/MONTH.md
/usr/share/doc/ptrsweep/NIGHTLY.md
/usr/share/doc/ptrsweep/README.md
/usr/share/doc/ptrsweep/SHARDS.md
/usr/share/doc/ptrsweep/WALK.md
/usr/share/doc/ptrsweep/changelog.Debian.gz
/usr/share/doc/ptrsweep/changelog.gz
/usr/share/doc/ptrsweep/copyright
/usr/share/doc/ptrsweep/examples/kubernetes/finish-job.yaml
/usr/share/doc/ptrsweep/examples/kubernetes/indexed-job.yaml
/usr/share/doc/ptrsweep/examples/slurm/finish.sbatch
/usr/share/doc/ptrsweep/examples/slurm/scan.sbatch
/usr/share/doc/ptrsweep/examples/slurm/submit
/usr/share/fish/vendor_completions.d/ptrsweep.fish
/usr/share/lintian/overrides/ptrsweep
/usr/share/man/man1/ptrsweep.1.gz
/usr/share/zsh/vendor-completions/_ptrsweep
""".splitlines()
# systemd-analyze security; what asks the network cannot be below 1.
MOST_EXPOSED = 1.3


def make_package(build):
    run("cpack", "-G", "DEB", "--config", f"{build}/CPackConfig.cmake", "-B",
        os.getcwd(), cwd=build)
    [package] = glob.glob(f"{os.getcwd()}/*.deb")
    return package


def check_files(package):
    run("dpkg-deb", "-x", package, "root")
    found = sorted(os.path.join(folder, name)[len("root"):]
                   for folder, _, names in os.walk("root") for name in names)
    expect(found == HOLDS, f"differ: {set(found) ^ set(HOLDS)}")
    for line in run("dpkg-deb", "-c", package).splitlines():
        expect("root/root" in line and line[5] == "-" and line[8] == "-", line)
    run("dpkg-deb", "-e", package, "control")
    expect(read_file("control/conffiles").split() ==
           [path for path in HOLDS if path.startswith("/etc/")], "conffiles")


def check_dependencies(package):
    """Each library that the program is linked with is in a package that it
    depends on."""
    depends = run("dpkg-deb", "-f", package, "Depends")
    linked = run("readelf", "-d", "root/usr/bin/ptrsweep")
    libraries = re.findall(r"\(NEEDED\).*\[(.*)\]", linked)
    expect(len(libraries) > 5, linked)
    for library in libraries:
        owners = {line.split(":")[0] for line in
                  run("dpkg", "-S", f"*/{library}").splitlines()}
        expect(owners & set(re.split(r"[, |]+", depends)),
               f"{library} of {owners} is not in {depends}")


def check_service():
    said = run("systemd-analyze", "security", "--offline=yes", "--no-pager",
               "--root=root", "ptrsweep-nightly.service")
    exposed = float(re.search(r"exposure level .*: ([0-9.]+) ", said)[1])
    expect(exposed <= MOST_EXPOSED, f"exposure {exposed}\n{said}")


def check(ptrsweep, build):
    package = make_package(build)
    version = run(ptrsweep, "--version").split()[1]
    expect(run("dpkg-deb", "-f", package, "Version").strip() == f"{version}-1",
           "version")
    check_files(package)
    # A build for tests is neither stripped of all nor hardened.
    if os.path.basename(build) == "release":
        said = run("lintian", "--allow-root", "--pedantic", "--display-info",
                   "--fail-on=none", package)
        expect(said == "", said)
    check_dependencies(package)
    check_service()


if __name__ == "__main__":
    for tool in ["lintian", "dpkg-shlibdeps", "systemd-analyze"]:
        if shutil.which(tool) is None:
            sandbox.skip(f"needs {tool} (tools/setup)")
    sandbox.run_in_folder(check)
