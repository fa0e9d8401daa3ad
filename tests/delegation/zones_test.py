#!/usr/bin/env python3
"""What iteration keeps of zones and servers is bounded: a scan of addresses with
a zone and a server of its own each has every row and stays small.

    zones_test.py PTRSWEEP ZONES_SERVER PREFIX

Runs itself in a network namespace, where any address is its own; exits with 77
where that cannot be had (1 under PTRSWEEP_REQUIRE_WORLD=1).
"""

import csv
import ipaddress
import os
import subprocess
import sys
import tempfile

MAX_MIB = 64
SKIPPED = 77


def enter_namespace():
    flags = ["-n"] if os.geteuid() == 0 else ["-Urn"]
    command = ["unshare", *flags, "--pid", "--fork", "--kill-child",
               "--mount-proc"]
    if subprocess.run([*command, "true"], check=False,
                      stderr=subprocess.DEVNULL).returncode != 0:
        print("SKIPPED: no network namespace to be had")
        sys.exit(1 if os.environ.get("PTRSWEEP_REQUIRE_WORLD") == "1"
                 else SKIPPED)
    os.environ["PTRSWEEP_INSIDE"] = "1"
    os.execvp("unshare", [*command, sys.executable, "-B", *sys.argv])


def measured(command):
    """Exit code, seconds of processor time and peak MiB."""
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    return (os.waitstatus_to_exitcode(status),
            usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def scan(program, folder, prefix):
    rows = os.path.join(folder, "rows.csv")
    code, seconds, mib = measured(
        [program, "scan", "--iterative", "--allow-special-servers",
         "--ptr-only", "--transport", "4", "--max-in-flight", "1024", "--quiet",
         "--output", rows,
         prefix])
    if code != 0:
        sys.exit(f"ptrsweep ended with {code}")
    with open(rows, encoding="ascii", newline="") as file:
        statuses = [(row["ip"], row["status"], row["zone"])
                    for row in csv.DictReader(file)]
    return statuses, seconds, mib


def main():
    program, server, prefix = sys.argv[1:]
    zones = ipaddress.ip_network(prefix).num_addresses
    if os.environ.get("PTRSWEEP_INSIDE") != "1":
        enter_namespace()
    for command in (["ip", "link", "set", "lo", "up"],
                    ["ip", "address", "add", "198.41.0.4/32", "dev", "lo"]):
        subprocess.run(command, check=True)
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(
            [server], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as serving:
        if serving.stdout.readline() != b"ready\n":
            sys.exit("zones_server does not serve")
        rows, seconds, mib = scan(program, folder, prefix)
        serving.stdin.close()
    good = sum(status == "unconfirmed" and
               zone == ipaddress.ip_address(ip).reverse_pointer
               for ip, status, zone in rows)
    print(f"{zones:,} zones: {len(rows):,} rows, {good:,} right, "
          f"{1e6 * seconds / zones:.1f} CPU s per million, peak {mib:.1f} MiB")
    if len(rows) != zones or len(set(ip for ip, _, _ in rows)) != zones:
        sys.exit("not one row for each address")
    if good != zones:
        sys.exit("wrong rows")
    if mib > MAX_MIB:
        sys.exit(f"more than {MAX_MIB} MiB")


if __name__ == "__main__":
    main()
