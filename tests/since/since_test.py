#!/usr/bin/env python3
"""`scan --since` against nsd: what an unchanged zone costs, and what changes
are found (ITERATION.md 2.7, 2.8).

    since_test.py PTRSWEEP CASE

Runs itself in a network namespace with a root, a registry and an operator of
its own; exits with 77 where that, or nsd, cannot be had (1 under
PTRSWEEP_REQUIRE_WORLD=1).

    127.0.0.1   root, arpa, in-addr.arpa, org
    127.0.0.2   1.10.in-addr.arpa, one zone of 65,536 addresses, and the parent
                of 0..255.2.10.in-addr.arpa
    127.0.0.3   those 256 zones, and 0.3.10.in-addr.arpa
    127.0.0.4   4.10.in-addr.arpa and 0.4.10.in-addr.arpa, parent and child, and
                5.10.in-addr.arpa, in which few blocks have a PTR
    127.0.0.5   6.10.in-addr.arpa, as 127.0.0.6 has it, or had
"""

import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "delegation"))
from zones_test import SKIPPED, enter_namespace  # noqa: E402

ADDRESSES = 65536
# A row less what is this scan's own.
OWN = ("flags", "queries", "rtt_us", "server")


def soa(serial):
    return f"@ 3600 SOA ns.op.example.org. hostmaster.op.example.org. {serial} 60 60 60 60\n"


class World:
    """Zone files, and the servers that read them."""

    def __init__(self, folder):
        self.folder = folder
        self.zones = {}  # apex to (server, serial, lines)
        self.servers = {}
        ns = "ns.op.example.org."
        self.put(".", 1, ["@ NS a.root.", "a.root. A 127.0.0.1",
                          "arpa. NS a.root.", "org. NS a.root."], ns="a.root.")
        for apex in ("arpa", "in-addr.arpa"):
            self.put(apex, 1, [f"1.10.in-addr.arpa. NS {ns}",
                               f"2.10.in-addr.arpa. NS {ns}",
                               "0.3.10.in-addr.arpa. NS ns3.op.example.org.",
                               *(f"{net}.10.in-addr.arpa. NS "
                                 "ns4.op.example.org." for net in (4, 5)),
                               *(f"6.10.in-addr.arpa. NS ns{at}.op.example.org."
                                 for at in (5, 6))]
                     if apex == "in-addr.arpa" else
                     ["in-addr.arpa. NS a.root."], ns="a.root.")
        self.hosts = {}
        self.put_forward({})
        self.put("1.10.in-addr.arpa", 2, self.reverse("1", range(256)))
        self.put("2.10.in-addr.arpa", 2,
                 [f"{block} NS ns3.op.example.org." for block in range(256)])
        for block in range(256):
            self.put(f"{block}.2.10.in-addr.arpa", 3,
                     [f"{host} PTR h{host}.b{block}.example.org."
                      for host in range(256)], ns="ns3.op.example.org.")
        self.put("0.3.10.in-addr.arpa", 3,
                 [f"{host} PTR h{host}.example.org." for host in range(256)],
                 ns="ns3.op.example.org.")

        ns = "ns4.op.example.org."
        self.put("4.10.in-addr.arpa", 4,
                 [f"0 NS {ns}", *self.reverse("4", range(1, 3))], ns=ns)
        self.put("0.4.10.in-addr.arpa", 4,
                 [f"{host} PTR h{host}.example.org." for host in range(256)],
                 ns=ns)
        self.put("5.10.in-addr.arpa", 4,
                 self.reverse("5", range(0, 250, 50)), ns=ns)
        self.put_pair(1, 1)

    def put_pair(self, *serials):
        """6.10.in-addr.arpa on its two servers; a PTR is of the serial."""
        for at, serial in zip((5, 6), serials):
            self.put(f"6.10.in-addr.arpa@{at}", at,
                     ["@ NS ns6.op.example.org.",
                      *(f"{host}.0 PTR h{host}.v{serial}.example.org."
                        for host in range(256))], serial=serial,
                     ns="ns5.op.example.org.")

    @staticmethod
    def reverse(net, blocks):
        return [f"{host}.{block} PTR h{host}.b{block}.n{net}.example.org."
                for block in blocks for host in range(256)]

    def put_forward(self, wrong):
        """`wrong`: host to another address than its own."""
        self.put("org", 1, [
            "ns.op.example A 127.0.0.2",
            *(f"ns{at}.op.example A 127.0.0.{at}" for at in range(3, 7)),
            *(f"h{host}.example A {wrong.get(host, f'10.3.0.{host}')}"
              for host in range(256))], ns="a.root.")

    def put(self, apex, server, lines, serial=1, ns="ns.op.example.org."):
        self.zones[apex] = (server, serial, [f"@ NS {ns}", *lines])

    def write(self):
        for apex, (_, serial, lines) in self.zones.items():
            with open(f"{self.folder}/{apex}.zone", "w", encoding="ascii") as out:
                out.write(f"$ORIGIN {apex.split('@')[0].rstrip('.')}.\n"
                          "$TTL 3600\n")
                out.write(soa(serial) + "\n".join(lines) + "\n")

    def start(self):
        self.write()
        for server in {server for server, _, _ in self.zones.values()}:
            path = f"{self.folder}/nsd{server}.conf"
            with open(path, "w", encoding="ascii") as out:
                out.write(f'server:\n ip-address: 127.0.0.{server}\n'
                          f' username: ""\n chroot: ""\n database: ""\n'
                          f' zonesdir: "{self.folder}"\n'
                          f' pidfile: "{self.folder}/nsd{server}.pid"\n'
                          f' xfrdfile: "{self.folder}/x{server}"\n'
                          f' zonelistfile: "{self.folder}/l{server}"\n'
                          ' rrl-ratelimit: 0\nremote-control:\n'
                          ' control-enable: no\n')
                for apex, (at, _, _) in self.zones.items():
                    if at == server:
                        out.write(f'zone:\n name: "{apex.split("@")[0]}"\n'
                                  f' zonefile: "{apex}.zone"\n')
            self.servers[server] = subprocess.Popen(
                ["nsd", "-d", "-c", path], stderr=subprocess.DEVNULL)
        with open(f"{self.folder}/hints", "w", encoding="ascii") as out:
            out.write(". 60 NS a.root.\na.root. 60 A 127.0.0.1\n")
        time.sleep(3)

    def restart(self):
        """With the zones as they are now."""
        self.stop()
        self.start()

    def stop(self):
        for process in self.servers.values():
            process.send_signal(signal.SIGTERM)
        for process in self.servers.values():
            process.wait()
        self.servers = {}


def command(program, world, target, *options):
    return [program, "scan", "--iterative", "--allow-special-servers",
            "--root-hints", f"{world.folder}/hints", "--transport", "4",
            "--verbose", *options, target]


def run(program, world, target, *options):
    """What it said."""
    done = subprocess.run(command(program, world, target, *options),
                          capture_output=True, text=True, check=False,
                          timeout=300)
    if done.returncode != 0:
        sys.exit(f"{options}: exit {done.returncode}: {done.stderr}")
    return done.stderr


class Scan:
    """One scan's rows by address, zone table and packets."""

    def __init__(self, program, world, name, target, *options):
        self.path = f"{world.folder}/{name}.csv"
        self.log = run(program, world, target, "--output", self.path, *options)
        # Less what a busy machine made it ask twice.
        self.packets = (self.counter("udp_tries") + self.counter("tcp_queries")
                        - self.counter("udp_expired")
                        - self.counter("udp_superseded"))
        with open(self.path, encoding="ascii", newline="") as file:
            self.rows = {row["ip"]: row for row in csv.DictReader(file)}
        table = self.path + ".zones.csv"
        with open(table, encoding="ascii", newline="") as file:
            self.zones = {row["apex"]: row for row in csv.DictReader(file)}

    def counter(self, name):
        found = re.search(rf"^  {name} +([0-9,]+)$", self.log, re.M)
        return int(found.group(1).replace(",", "")) if found else 0

    def reused(self):
        return sum("reused" in row["flags"].split() for row in self.rows.values())


def check(what, value, least, most):
    print(f"{what}: {value}, {least} to {most}")
    if not least <= value <= most:
        sys.exit(f"{what} is out of bounds")


def same_rows(one, other, but=()):
    drop = (*OWN, *but)

    def bare(scan):
        return {ip: {key: value for key, value in row.items() if key not in drop}
                for ip, row in scan.rows.items()}
    if bare(one) != bare(other):
        differing = [ip for ip, row in bare(one).items()
                     if bare(other).get(ip) != row]
        sys.exit(f"rows differ: {differing[:5]} of {len(differing)}\n"
                 f"{one.rows.get(differing[0])}\n{other.rows.get(differing[0])}")


def one_zone(program, world):
    """A /16 that is one zone: unchanged, changed, and changed on the sly."""
    first = Scan(program, world, "first", "10.1.0.0/16", "--ptr-only")
    check("asked all, packets", first.packets, ADDRESSES, ADDRESSES + 600)
    again = Scan(program, world, "again", "10.1.0.0/16", "--ptr-only",
                 "--since", first.path)
    check("unchanged, packets", again.packets, 512, ADDRESSES // 100)
    check("unchanged, reused", again.reused(), ADDRESSES, ADDRESSES)
    same_rows(first, again)  # the time too: when it was asked
    third = Scan(program, world, "third", "10.1.0.0/16", "--ptr-only",
                 "--since", again.path, "--threads", "2")
    check("again and in two threads, reused", third.reused(), ADDRESSES,
          ADDRESSES)
    unplanned = Scan(program, world, "unplanned", "10.1.0.0/16", "--ptr-only",
                     "--prune", "off", "--since", again.path)
    check("without pruning, packets", unplanned.packets, 512, ADDRESSES // 100)
    check("without pruning, reused", unplanned.reused(), ADDRESSES, ADDRESSES)
    old = Scan(program, world, "old", "10.1.0.0/16", "--ptr-only",
               "--since", again.path, "--since-max-age", "1ms")
    check("too old, reused", old.reused(), 0, 0)

    lines = World.reverse("1", range(256))
    lines[777] = lines[777].replace("h9.", "new.")
    world.put("1.10.in-addr.arpa", 2, lines, serial=2)
    world.restart()
    changed = Scan(program, world, "changed", "10.1.0.0/16", "--ptr-only",
                   "--since", again.path)
    check("new serial, reused", changed.reused(), 0, 0)
    check("new serial, found", changed.rows["10.1.3.9"]["ptr"] ==
          "new.b3.n1.example.org", True, True)

    lies = [line.replace("PTR h", "PTR x") if at % 16 == 5 else line
            for at, line in enumerate(lines)]
    world.put("1.10.in-addr.arpa", 2, lies, serial=2)
    world.restart()
    lied = Scan(program, world, "lied", "10.1.0.0/16", "--ptr-only",
                "--since", changed.path)
    check("same serial, reused", lied.reused(), 0, 0)
    check("same serial, found", sum(row["ptr"].startswith("x")
                                    for row in lied.rows.values()), 4096, 4096)
    both = Scan(program, world, "both", "10.1.0.0/16", "--ptr-only",
                "--since", changed.path, "--threads", "2")
    check("same serial, two threads, reused", both.reused(), 0, 0)
    zone = lied.zones["1.10.in-addr.arpa"]
    check("flagged", zone["flags"] == "serial_lies", True, True)
    after = Scan(program, world, "after", "10.1.0.0/16", "--ptr-only",
                 "--since", lied.path)
    check("never again, reused", after.reused(), 0, 0)
    check("still flagged", after.zones["1.10.in-addr.arpa"]["flags"] ==
          "serial_lies", True, True)


def many_zones(program, world):
    """A /16 with a zone for each /24."""
    first = Scan(program, world, "first", "10.2.0.0/16", "--ptr-only")
    again = Scan(program, world, "again", "10.2.0.0/16", "--ptr-only",
                 "--since", first.path)
    check("unchanged, packets", again.packets, 256 * 5, first.packets * 25 // 1000)
    check("unchanged, reused", again.reused(), ADDRESSES, ADDRESSES)
    same_rows(first, again)


def relatives(program, world):
    """A zone and its child on the same server, which refers nobody."""
    first = Scan(program, world, "first", "10.4.0.0/22", "--ptr-only")
    check("rows of the child", int(first.zones["0.4.10.in-addr.arpa"]["rows"]),
          256, 256)
    again = Scan(program, world, "again", "10.4.0.0/22", "--ptr-only",
                 "--since", first.path)
    # Of the block that is denied what was asked as a sample is known too.
    check("reused", again.reused(), 768, 768 + 4)
    same_rows(first, again, but=("time",))


def sparse(program, world):
    """5 of 256 blocks have PTRs, all others are denied: what is pruned is never
    taken over, and must not be asked because nobody learns of the server."""
    first = Scan(program, world, "first", "10.5.0.0/16", "--ptr-only")
    check("first, packets", first.packets, 1280, 2600)
    again = Scan(program, world, "again", "10.5.0.0/16", "--ptr-only",
                 "--since", first.path)
    check("again, packets", again.packets, 500, first.packets)
    check("reused", again.reused(), 1280, 1280 + 3 * 251)
    pruned = sum("pruned" in row["flags"].split()
                 for row in again.rows.values())
    check("pruned", pruned, 60000, 65536)


def lagging(program, world):
    """One of two servers has the version before: what it said is not taken over
    as that of the serial that the other told."""
    world.put_pair(2, 1)
    world.restart()
    first = Scan(program, world, "first", "10.6.0.0/24", "--ptr-only")
    old = [ip for ip, row in first.rows.items() if ".v1." in row["ptr"]]
    check("rows of the server that lags", len(old), 1, 255)
    check("two serials", first.zones["6.10.in-addr.arpa"]["flags"] ==
          "serial_moved", True, True)
    world.put_pair(2, 2)
    world.restart()
    again = Scan(program, world, "again", "10.6.0.0/24", "--ptr-only",
                 "--since", first.path)
    check("old rows", sum(".v1." in row["ptr"] for row in again.rows.values()),
          0, 0)
    third = Scan(program, world, "third", "10.6.0.0/24", "--ptr-only",
                 "--since", again.path)
    check("reused of both servers", third.reused(), 128, 256)
    world.put_pair(2, 1)  # a sample will differ, but no serial lies
    world.restart()
    for _ in range(3):
        Scan(program, world, "fourth", "10.6.0.0/24", "--ptr-only",
             "--since", third.path)
    fourth = Scan(program, world, "fourth", "10.6.0.0/24", "--ptr-only",
                  "--since", third.path)
    check("no lie", "serial_lies" in fourth.zones["6.10.in-addr.arpa"]["flags"],
          False, False)


def budget(program, world):
    """Spent: rows of which no name could be asked say so, reused ones too."""
    first = Scan(program, world, "first", "10.4.0.0/22", "--ptr-only")
    again = Scan(program, world, "again", "10.4.0.0/22", "--since", first.path,
                 "--max-queries", "100", "--max-in-flight", "16",
                 "--max-unknown", "100")
    causes = [row["cause"] for row in again.rows.values()
              if row["status"] == "skipped"]
    check("skipped", len(causes), 768 - 100 - 16, 1024 - 50)
    check("because of the budget", set(causes) == {"budget"}, True, True)


def forward(program, world):
    """Names are asked again, and the verdict is of now."""
    first = Scan(program, world, "first", "10.3.0.0/24")
    world.put_forward({7: "10.9.9.9"})
    world.restart()
    again = Scan(program, world, "again", "10.3.0.0/24", "--since", first.path)
    check("reused", again.reused(), 256, 256)
    changed = {ip: row["status"] for ip, row in again.rows.items()
               if row["status"] != first.rows[ip]["status"]}
    check("changed", changed == {"10.3.0.7": "mismatch"}, True, True)
    queries = sum(int(row["queries"]) for row in again.rows.values())
    check("queries of rows", queries, 256, 256 + 16)


def dataset(program, world):
    """The newest run before this one that was proved whole."""
    folder = f"{world.folder}/data"

    def night(date, *options):
        return run(program, world, "10.3.0.0/24", "--ptr-only", "--dataset",
                   folder, "--run-date", date, "--shards", "2", *options)

    def nights(date, *options):
        return "".join(night(date, "--shard", shard, *options)
                       for shard in "01")
    log = nights("2026-11-22", "--since", "previous")
    check("first night", "there is no earlier run" in log, True, True)
    subprocess.run([program, "finalize", f"{folder}/date=2026-11-22"],
                   check=True, capture_output=True)
    nights("2026-11-23")  # not proved
    log = nights("2026-11-24", "--since", "previous")
    check("known from", log.count("256 addresses in 1 zones are known from "
                                  f"{folder}/date=2026-11-22"), 2, 2)
    reused = re.findall(r"^  reused_rows +([0-9]+)$", log, re.M)
    check("reused", sum(map(int, reused)), 256, 256)


def count_lines(path):
    with open(path, encoding="ascii") as file:
        return sum(1 for _ in file)


def killed(program, world):
    """A scan is killed and resumed: rows each once, and what it asked before it
    was killed is asked again the next time, for its serial was not seen."""
    first = Scan(program, world, "first", "10.3.0.0/24", "--ptr-only")
    path = f"{world.folder}/killed.csv"
    options = ("--ptr-only", "--since", first.path, "--since-max-age", "1ms",
               "--rate", "100", "--record-every", "50ms", "--output", path)
    process = subprocess.Popen(command(program, world, "10.3.0.0/24", *options),
                               stderr=subprocess.DEVNULL)
    written = f"{world.folder}/.killed.csv.inprogress"
    deadline = time.monotonic() + 60
    while not os.path.exists(written) or count_lines(written) < 60:
        if time.monotonic() > deadline:
            sys.exit("no rows were written")
        time.sleep(0.02)
    process.kill()
    process.wait()
    resumed = Scan(program, world, "killed", "10.3.0.0/24", "--resume",
                   *options[:-2])
    check("rows", len(resumed.rows), 256, 256)
    same_rows(first, resumed, but=("time",))
    check("lines", count_lines(path), 257, 257)
    again = Scan(program, world, "again", "10.3.0.0/24", "--ptr-only",
                 "--since", path)
    servers = resumed.zones["0.3.10.in-addr.arpa"]["servers"].split()
    since = servers[0].split("=")[1]
    later = sum(row["time"] >= since for row in resumed.rows.values())
    check("answered after the kill", later, 1, 255)
    check("reused of them", again.reused(), later, later)
    same_rows(first, again, but=("time",))


CASES = {each.__name__: each for each in (one_zone, many_zones, relatives, sparse,
                                       lagging, budget, forward, dataset,
                                       killed)}


def main():
    program, case = sys.argv[1:]
    if shutil.which("nsd") is None:
        print("SKIPPED: there is no nsd")
        sys.exit(1 if os.environ.get("PTRSWEEP_REQUIRE_WORLD") == "1"
                 else SKIPPED)
    if os.environ.get("PTRSWEEP_INSIDE") != "1":
        enter_namespace()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder)
        world.start()
        try:
            CASES[case](program, world)
        finally:
            world.stop()


if __name__ == "__main__":
    main()
