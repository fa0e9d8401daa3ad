#!/usr/bin/env python3
"""Own iteration where servers come late, fail once, or a scan is killed between
its passes. Each script is a tree of a few servers behind one socket.

    script_test.py PTRSWEEP SCRIPT

Runs itself in a network namespace, where any address is its own; exits with 77
where that cannot be had (1 under PTRSWEEP_REQUIRE_WORLD=1).
"""

import csv
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

from zones_test import enter_namespace

A, NS, SOA, PTR = 1, 2, 6, 12
REFUSED, NXDOMAIN = 5, 3
ROOTS = ("198.41.0.4", "198.41.0.5", "198.41.0.6")
ARPA, EXAMPLE, OWN = "127.200.0.1", "127.200.0.2", "127.200.0.3"
FAR, FAR_TOO = "198.41.0.7", "198.41.0.8"  # OWN too, but not on loopback
ZONE = "0.0.11.in-addr.arpa"
IP_PKTINFO = 8


def wire(name):
    labels = [label.encode() for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def record(owner, kind, rdata, ttl=60):
    return wire(owner) + struct.pack(">HHIH", kind, 1, ttl, len(rdata)) + rdata


def ns(owner, host, ttl=3600):
    return record(owner, NS, wire(host), ttl)


def address(owner, text):
    return record(owner, A, socket.inet_aton(text))


def soa(owner):
    return record(owner, SOA, wire("ns.example") + wire("h.example") +
                  struct.pack(">IIIII", 1, 60, 60, 60, 60))


class Reply:
    """What a server says, and when."""

    def __init__(self, answers=(), authority=(), additional=(), aa=True,
                 rcode=0, delay=0.0):
        self.sections = (answers, authority, additional)
        self.aa, self.rcode, self.delay = aa, rcode, delay

    def octets(self, query):
        end = 12
        while query[end]:
            end += 1 + query[end]
        flags = 0x8000 | (0x0400 if self.aa else 0) | self.rcode
        counts = [len(section) for section in self.sections]
        return (query[:2] + struct.pack(">HHHHH", flags, 1, *counts) +
                query[12:end + 5] +
                b"".join(b"".join(section) for section in self.sections))


def referral(zone, hosts):
    """hosts: name to address, or None without glue."""
    return Reply(authority=[ns(zone, host) for host in hosts],
                 additional=[address(host, at) for host, at in hosts.items()
                             if at], aa=False)


class Tree:
    """The root, arpa and example; `hosts` of `zone`, `own` and `example` as a
    script has them: functions of (name, type, how often asked before)."""

    def __init__(self, hosts, own, example=None, zone=ZONE):
        self.hosts, self.own, self.zone = hosts, own, zone
        self.example = example or (lambda *_: None)
        self.asked = {}

    def reply(self, at, name, kind):
        before = self.asked.get((at, name, kind), 0)
        self.asked[at, name, kind] = before + 1
        if at in ROOTS and name == "":
            return Reply([ns("", "a.root-servers.net")],
                         additional=[address("a.root-servers.net", ROOTS[0])])
        if at in ROOTS and name == "arpa":
            return referral("arpa", {"ns.arpa": ARPA})
        if at in ROOTS and name == "example":
            return referral("example", {"ns.example": EXAMPLE})
        if at == ARPA and name.endswith(self.zone):
            return referral(self.zone, self.hosts)
        if at == EXAMPLE:
            return self.example(name, kind, before)
        if at in (OWN, FAR, FAR_TOO):
            return self.own(name, kind, before)
        return Reply(authority=[soa("")], rcode=NXDOMAIN)

    def serve(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        self.socket.bind(("0.0.0.0", 53))
        threading.Thread(target=self.loop, daemon=True).start()

    def loop(self):
        while True:
            query, control, _, client = self.socket.recvmsg(512, 64)
            at = control[0][2][8:12]
            labels, end = [], 12
            while query[end]:
                labels.append(query[end + 1:end + 1 + query[end]])
                end += 1 + query[end]
            name = b".".join(labels).decode().lower()
            kind = struct.unpack(">H", query[end + 1:end + 3])[0]
            reply = self.reply(socket.inet_ntoa(at), name, kind)
            if reply is None:
                continue
            packet = (reply.octets(query), at, client)
            if reply.delay:
                threading.Timer(reply.delay, self.send, packet).start()
            else:
                self.send(*packet)

    def send(self, octets, at, client):
        source = struct.pack("=I4s4s", 0, at, bytes(4))
        self.socket.sendmsg([octets], [(socket.IPPROTO_IP, IP_PKTINFO, source)],
                            0, client)


def name_of(name, *_):
    return Reply([record(name, PTR, wire("host.example.net"))])


def command(program, folder, *options):
    return [program, "scan", "--iterative", "--allow-special-servers",
            "--ptr-only", "--transport", "4", "--quiet", "--max-unknown", "100",
            "--output", f"{folder}/rows.csv", *options]


def rows(folder):
    with open(f"{folder}/rows.csv", encoding="ascii", newline="") as file:
        return [(row["ip"], row["status"], row["cause"], row["zone"])
                for row in csv.DictReader(file)]


def run(command_line, seconds=60):
    code = subprocess.run(command_line, timeout=seconds, check=False).returncode
    if code != 0:
        sys.exit(f"ptrsweep ended with {code}")


def expect(found, wanted):
    if found != wanted:
        sys.exit(f"found {found}\nwanted {wanted}")


def write_hints(folder, roots):
    """Its path."""
    path = f"{folder}/hints"
    with open(path, "w", encoding="ascii") as file:
        for letter, at in zip("abc", roots):
            file.write(f". 60 NS {letter}.root-servers.net.\n"
                       f"{letter}.root-servers.net. 60 A {at}\n")
    return path


def late_answer(program, folder):
    """A question waits for the address of another server when the first one's
    answer to a try of long ago comes."""
    def own(name, kind, before):
        if before == 0:
            reply = name_of(name)
            reply.delay = 1.6  # its deadline is 1 s
            return reply
        return Reply(aa=False, rcode=REFUSED) if before < 2 else name_of(name)
    tree = Tree({f"ns.{ZONE}": OWN, "ns.silent.example": None}, own)
    tree.serve()
    run(command(program, folder, "--late-pause", "1s", "11.0.0.1"))
    expect(rows(folder), [("11.0.0.1", "unconfirmed", "", ZONE)])
    if tree.asked.get((EXAMPLE, "ns.silent.example", A), 0) == 0:
        sys.exit("nobody asked for the other server's address")


def slow_priming(program, folder):
    """The root tells who serves it before the last of the hints was asked."""
    tree = Tree({f"ns.{ZONE}": OWN}, name_of)
    tree.serve()
    run(command(program, folder, "--rate", "2", "--root-hints",
                write_hints(folder, ROOTS), "11.0.0.0/31"))
    expect(sorted(rows(folder)),
           [(f"11.0.0.{i}", "unconfirmed", "", ZONE) for i in range(2)])


def late_root(program, folder):
    """Nobody tells who serves the root for a while. One address waits for that;
    the others have not been begun."""
    began = time.monotonic()
    tree = Tree({f"ns.{ZONE}": OWN}, name_of)
    early = tree.reply
    tree.reply = lambda at, name, kind: (
        None if time.monotonic() - began < 3 else early(at, name, kind))
    tree.serve()
    status = f"{folder}/status"
    run(command(program, folder, "--prune", "off", "--status-file", status,
                "11.0.0.0/24"))
    with open(status, encoding="ascii") as file:
        lines = [json.loads(line) for line in file]
    waiting = [line["open"] for line in lines if line["elapsed_s"] < 2.5]
    if not waiting or max(waiting) != 1:
        sys.exit(f"open while the root was silent: {waiting}")
    expect(sorted(rows(folder)),
           sorted((f"11.0.0.{i}", "unconfirmed", "", ZONE)
                  for i in range(256)))


def lost_once(program, folder):
    """The address of the only server cannot be had for a moment."""
    began = time.monotonic()

    def example(name, kind, _):
        if time.monotonic() - began < 9:
            return None
        if kind == A and name == "ns.far.example":
            return Reply([address(name, OWN)])
        return Reply(authority=[soa("example")])
    tree = Tree({"ns.far.example": None}, name_of, example)
    tree.serve()
    run(command(program, folder, "--late-pause", "10s", "11.0.0.1"))
    expect(rows(folder), [("11.0.0.1", "unconfirmed", "", ZONE)])


def killed_in_the_pause(program, folder):
    """All that is left for the resumed scan was put off."""
    def own(name, kind, before):
        return Reply(aa=False, rcode=REFUSED) if before < 1 else name_of(name)
    tree = Tree({f"ns.{ZONE}": OWN}, own)
    tree.serve()
    options = ["--record-every", "50ms", "11.0.0.0/30"]
    first = subprocess.Popen(command(program, folder, "--late-pause", "1000s",
                                     *options))
    deadline = time.monotonic() + 30
    while sum(key[0] == OWN for key in tree.asked) < 4:
        if time.monotonic() > deadline:
            sys.exit("the addresses were not asked")
        time.sleep(0.1)
    time.sleep(3)
    first.send_signal(signal.SIGKILL)
    first.wait()
    run(command(program, folder, "--late-pause", "1s", "--resume", *options))
    expect(sorted(rows(folder)),
           [(f"11.0.0.{i}", "unconfirmed", "", ZONE) for i in range(4)])


def span(asked_at):
    """Seconds from the first to the last."""
    return max(asked_at) - min(asked_at)


def listed_rates(program, folder):
    """--authority-rate ADDRESS=QPS: what is slow elsewhere is fast at a server
    of one's own, without a limit for its zone, and the other way round."""
    asked_at = []

    def own(name, kind, _):
        if kind == PTR:
            asked_at.append(time.monotonic())
        return name_of(name)
    tree = Tree({f"ns.{ZONE}": FAR}, own, zone="0.11.in-addr.arpa")
    tree.serve()
    # By itself 100 a second, and 1,000 to all servers of the zone.
    run(command(program, folder, "--prune", "off", "--authority-rate",
                f"{FAR}/32=4000", "11.0.0.0/20"))
    print(f"4,096 questions to a server of one's own: {span(asked_at):.2f} s")
    if span(asked_at) > 0.8 * 4096 / 1000:
        sys.exit(f"4,096 questions took {span(asked_at):.2f} s")
    asked_at.clear()
    run(command(program, folder, "--prune", "off", "--authority-rate",
                f"1000,{FAR}=20", "11.0.0.0/26"))
    if span(asked_at) < 0.95 * 62 / 20:
        sys.exit(f"64 questions took only {span(asked_at):.2f} s")
    asked_at.clear()
    # The zone is not one's own while one of its servers is another's.
    tree.hosts = {f"ns1.{ZONE}": FAR, f"ns2.{ZONE}": FAR_TOO}
    run(command(program, folder, "--prune", "off", "--authority-rate",
                f"{FAR}=4000", "11.0.0.0/21"))
    print(f"2,048 questions to a zone of two: {span(asked_at):.2f} s")
    if span(asked_at) < 0.95 * 2048 / 1000:
        sys.exit(f"2,048 questions took only {span(asked_at):.2f} s")


class TwoZones(Tree):
    """11.0/16 at OWN is fast, 11.1/16 at FAR is as a script has it."""

    def __init__(self, own, far):
        super().__init__({}, own)
        self.far = far

    def reply(self, at, name, kind):
        if at == FAR:
            return self.far(name, kind)
        for number, host in enumerate((OWN, FAR)):
            zone = f"{number}.11.in-addr.arpa"
            if at == ARPA and name.endswith(zone):
                return referral(zone, {f"ns.{zone}": host})
        return super().reply(at, name, kind)


def slow_zones(program, folder):
    """A zone that is slow, or silent, does not hold up another (ITERATION.md
    1.2): the 4,096 addresses of the fast one are asked while the other one has
    most of its own before it."""
    asked = {}  # when first

    def own(name, kind, _):
        if kind == PTR:
            asked.setdefault(name, time.monotonic())
            return name_of(name)
        return Reply(authority=[soa("0.11.in-addr.arpa")])

    far = [None]
    TwoZones(own, lambda name, kind: far[0](name, kind)).serve()

    def silent(_name, _kind):
        return None

    def slow(name, kind):  # paced by --authority-rate
        if kind == PTR:
            return name_of(name)
        return Reply(authority=[soa("1.11.in-addr.arpa")])

    for number, (what, server, options) in enumerate((
            ("silent, not pruned", silent, ["--prune", "off"]),
            ("silent", silent, []),
            ("slow, not pruned", slow, ["--prune", "off"]),
            ("slow", slow, []))):
        asked.clear()
        far[0] = server
        place = os.path.join(folder, str(number))
        os.mkdir(place)
        scan = subprocess.Popen(command(
            program, place, *options, "--authority-rate", f"{FAR}=50",
            "--max-in-flight", "512", "11.0.0.0/20", "11.1.0.0/16"))
        deadline = time.monotonic() + 15
        while len(asked) < 4096 and time.monotonic() < deadline:
            time.sleep(0.01)
        scan.kill()
        scan.wait()
        took = span(asked.values())
        print(f"beside a zone that is {what}: {len(asked):,} of 4,096 asked "
              f"within {took:.2f} s")
        if len(asked) < 4096 or took > 2:
            sys.exit("the other zone was held up")


class EightZones(Tree):
    """11.0/16 to 11.7/16, and how many of them are being referred to."""

    def __init__(self):
        super().__init__({}, name_of)
        self.delay = 0.0
        self.open = self.most_open = 0

    def reply(self, at, name, kind):
        zone = ".".join(name.split(".")[-4:])
        if at == OWN and kind == SOA:
            own = [soa(zone)]
            return Reply(own) if name == zone else Reply(authority=own)
        if at != ARPA or not zone.endswith(".11.in-addr.arpa"):
            return super().reply(at, name, kind)
        reply = referral(zone, {f"ns.{zone}": OWN})
        reply.delay = self.delay
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        return reply

    def send(self, octets, at, client):
        if at == socket.inet_aton(ARPA):
            self.open -= 1
        super().send(octets, at, client)


def serials_together(program, folder):
    """--since: while one zone's serial is awaited those of others are asked."""
    tree = EightZones()
    tree.serve()
    targets = [f"11.{number}.0.0/24" for number in range(8)]
    run(command(program, folder, *targets))
    earlier = f"{folder}/earlier.csv"
    for end in ("", ".zones.csv"):
        os.rename(f"{folder}/rows.csv{end}", f"{earlier}{end}")
    tree.delay, tree.open, tree.most_open = 0.3, 0, 0
    run(command(program, folder, "--since", earlier, *targets))
    # The first finds out that in-addr.arpa is no zone; then seven are left.
    if tree.most_open != 7:
        sys.exit(f"at most {tree.most_open} at a time")


def late_serial(program, folder):
    """The zone's serial is asked for beside its last addresses. It stands in
    the zone table though its answer comes after theirs; and a server that says
    nothing to it does not keep the scan from its end."""
    delay = [0.2]  # the question is not asked twice before 0.25 s

    def own(name, kind, _):
        if kind == PTR:
            return name_of(name)
        if delay[0] is None:
            return None
        reply = Reply([soa(ZONE)])
        reply.delay = delay[0]
        return reply
    tree = Tree({f"ns.{ZONE}": OWN}, own)
    tree.serve()
    hints = write_hints(folder, ROOTS[:1])
    for delay[0], serial in ((0.2, "1"), (None, "")):
        tree.asked.clear()
        began = time.monotonic()
        run(command(program, folder, "--prune", "off", "--root-hints", hints,
                    "11.0.0.0/28"))
        took = time.monotonic() - began
        print(f"serial {serial or 'never told'}: {took:.2f} s")
        expect(len(rows(folder)), 16)
        if tree.asked.get((OWN, ZONE, SOA), 0) == 0:
            sys.exit("nobody asked for the serial")
        with open(f"{folder}/rows.csv.zones.csv", encoding="ascii",
                  newline="") as file:
            expect([row["serial"] for row in csv.DictReader(file)
                    if row["apex"] == ZONE], [serial])
        if took > 10:
            sys.exit(f"the end took {took:.2f} s")


SCRIPTS = {each.__name__: each for each in
           (late_answer, slow_priming, late_root, lost_once, killed_in_the_pause,
            listed_rates, slow_zones, serials_together,
            late_serial)}


def main():
    program, script = sys.argv[1:]
    if os.environ.get("PTRSWEEP_INSIDE") != "1":
        enter_namespace()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for at in (*ROOTS, FAR, FAR_TOO):
        subprocess.run(["ip", "address", "add", f"{at}/32", "dev", "lo"],
                       check=True)
    with tempfile.TemporaryDirectory() as folder:
        SCRIPTS[script](program, folder)


if __name__ == "__main__":
    main()
