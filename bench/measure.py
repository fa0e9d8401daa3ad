"""What the end-to-end measurements share: programs on a core of their own,
what they cost, and the servers they talk to."""

import dataclasses
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

SERVER_CORE, CLIENT_CORE = 0, 1


def fail(message):
    sys.exit(f"{os.path.basename(sys.argv[0])}: {message}")


def spread(values, form):
    middle = statistics.median(values)
    return f"{middle:{form}} ({min(values):{form}}-{max(values):{form}})"


def on_core(core, command):
    """The command, kept on one core if there are two and taskset."""
    if os.cpu_count() < 2 or shutil.which("taskset") is None:
        return command
    return ["taskset", "-c", str(core), *command]


@dataclasses.dataclass
class Run:
    """A program that has ended: what it took and what it said."""
    seconds: float
    cpu: float
    peak_kib: int  # this script's own size at least, which it starts with
    stdout: str
    stderr: str


def run_measured(command, codes=(0,), seconds=None, stdout=None):
    """Runs a command to its end, which must be by one of the codes; after so
    many seconds it is asked to end by SIGINT. Its output is kept unless it has
    somewhere to go."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile(
            "w+") as err:
        if seconds is not None:
            # Without a process group, whose signal would come as a second one:
            # "quit at once".
            command = ["timeout", "--foreground", "--signal=INT",
                       "--preserve-status", str(seconds), *command]
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=stdout or out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.monotonic() - start
        out.seek(0)
        err.seek(0)
        run = Run(elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss,
                  out.read(), err.read())
    code = os.waitstatus_to_exitcode(status)
    if code not in codes:
        fail(f"ended with {code}: {' '.join(command)}\n{run.stderr}")
    return run


class Responder:
    """bench/responder as a context; `counters` once it has ended."""

    def __init__(self, build, options=()):
        self.command = [f"{build}/bench/responder", *options]
        self.counters = {}

    def __enter__(self):
        self.process = subprocess.Popen(
            on_core(SERVER_CORE, self.command), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        ready = self.process.stdout.readline().split()
        if ready[:1] != ["ready"]:
            fail(f"did not start: {' '.join(self.command)}")
        self.address = f"127.0.0.1:{ready[1]}"
        return self

    def __exit__(self, *_):
        said, _ = self.process.communicate()
        self.counters = {name: int(value)
                         for name, value in re.findall(r"(\w+) (\d+)", said)}


NSD_CONFIG = """\
server:
  ip-address: 127.0.0.1@{port}
  server-count: 1
  username: ""
  database: ""
  zonesdir: "{folder}"
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  zonelistfile: "{folder}/zone.list"
  zonefiles-write: 0
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: "{reverse}"
  zonefile: "reverse.zone"
zone:
  name: "example.net"
  zonefile: "forward.zone"
"""
ZONE_HEAD = """\
$TTL 3600
@ SOA ns.example.net. admin.example.net. 1 3600 600 86400 300
@ NS ns.example.net.
"""


class Nsd:
    """nsd on one core as a context: the responder's names for the addresses of
    an IPv4 network that lies in one /8."""

    def __init__(self, network):
        self.network = network
        self.folder = tempfile.TemporaryDirectory()

    def _write_zones(self, port):
        folder = self.folder.name
        first = int(self.network[0])
        reverse = f"{first >> 24}.in-addr.arpa"
        with open(f"{folder}/nsd.conf", "w", encoding="ascii") as config:
            config.write(NSD_CONFIG.format(port=port, folder=folder,
                                           reverse=reverse))
        with (open(f"{folder}/reverse.zone", "w", encoding="ascii") as ptr,
              open(f"{folder}/forward.zone", "w", encoding="ascii") as a):
            ptr.write(ZONE_HEAD)
            a.write(ZONE_HEAD + "ns A 127.0.0.1\n")
            for ip in range(first, first + self.network.num_addresses):
                _, b, c, d = ip.to_bytes(4, "big")
                ptr.write(f"{d}.{c}.{b} PTR h{ip:08x}.example.net.\n")
                a.write(f"h{ip:08x} A {ip >> 24}.{b}.{c}.{d}\n")

    def _wait(self, port):
        query = (b"\0\1\0\0\0\1\0\0\0\0\0\0"
                 b"\7example\3net\0\0\6\0\1")
        deadline = time.monotonic() + 60
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.2)
            probe.connect(("127.0.0.1", port))
            while time.monotonic() < deadline:
                try:
                    probe.send(query)
                    if probe.recv(512)[3] & 15 == 0:
                        return
                except OSError:
                    time.sleep(0.1)
        fail("nsd did not start")

    def __enter__(self):
        nsd = shutil.which("nsd", path=f"{os.environ['PATH']}:/usr/sbin")
        if nsd is None:
            fail("no nsd (apt-get install nsd)")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._write_zones(port)
        self.process = subprocess.Popen(
            on_core(SERVER_CORE, [nsd, "-d", "-c",
                                  f"{self.folder.name}/nsd.conf"]),
            stderr=subprocess.DEVNULL)
        self._wait(port)
        self.address = f"127.0.0.1:{port}"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()
