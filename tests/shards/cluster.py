"""A Slurm cluster of one controller and some nodes, all on this machine.

Works in a sandbox (sandbox.py) only: it takes addresses, host names and
/etc/hosts for its own. Each node is a pid and UTS namespace, so that killing
its first process is what a power cut is to a real one.
"""

import os
import shutil
import signal
import subprocess

from scans import run, wait_until, write_file

PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol"]
CONTROLLER = "10.77.0.1"
# getaddrinfo() as Slurm calls it finds nothing where there is loopback only.
NODE = "10.77.0.{}"
CPUS = 4

# No cgroups, nothing of the real machine: every path is in {folder}.
# cred_expire: a task that is queued again waits for so long (else 2 minutes).
CONFIGURATION = """\
ClusterName=ptrsweep
SlurmctldHost=controller({controller})
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge/socket,cred_expire=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=bf_interval=1,sched_interval=1,batch_sched_delay=0
SlurmdParameters=config_overrides
ReturnToService=2
RequeueExit=75
{nodes}
PartitionName=all Nodes=ALL Default=YES State=UP
"""


def find_missing():
    """Names of the programs that are not installed."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return [name for name in PROGRAMS if not shutil.which(name, path=path)]


class Cluster:
    """Controller "controller", nodes "node1", "node2", ..."""

    def __init__(self, folder, nodes):
        self.folder = folder
        self.nodes = [f"node{i + 1}" for i in range(nodes)]
        self.processes = {}

    def start(self):
        os.environ["PATH"] += ":/usr/sbin:/sbin"
        os.environ["SLURM_CONF"] = f"{self.folder}/slurm.conf"
        self._take_addresses()
        self._write_configuration()
        self._start_munge()
        self._spawn("slurmctld", ["slurmctld", "-D"])
        for node in self.nodes:
            self.start_node(node)
        for node in self.nodes:
            self.wait_for_node(node)

    def start_node(self, node):
        self._spawn(node, [
            "unshare", "--pid", "--uts", "--mount", "--fork", "--kill-child",
            "--mount-proc", "sh", "-c",
            f"hostname {node} && exec slurmd -D -N {node}"])

    def wait_for_node(self, node):
        wait_until(lambda: self.state_of_node(node) in ("idle", "mixed"), 30,
                   f"{node} that is up")

    def cut_power(self, node):
        """Nothing of the node has time to say anything."""
        self.processes[node].kill()
        self.processes[node].wait()

    def state_of_node(self, node):
        return run("sinfo", "--noheader", "--nodes", node,
                   "--format=%T").strip().rstrip("*")

    def stop(self):
        """Jobs that still run end with their nodes."""
        for process in reversed(list(self.processes.values())):
            process.send_signal(signal.SIGKILL)
            process.wait()

    def _take_addresses(self):
        run("ip", "link", "set", "lo", "up")
        hosts = ["127.0.0.1 localhost", f"{CONTROLLER} controller"]
        addresses = [CONTROLLER]
        for i, node in enumerate(self.nodes):
            addresses.append(NODE.format(11 + i))
            hosts.append(f"{addresses[-1]} {node}")
        for address in addresses:
            run("ip", "address", "add", f"{address}/32", "dev", "lo")
        write_file(f"{self.folder}/hosts", "\n".join(hosts) + "\n")
        run("mount", "--bind", f"{self.folder}/hosts", "/etc/hosts")
        run("hostname", "controller")

    def _write_configuration(self):
        nodes = [f"NodeName={node} NodeAddr={NODE.format(11 + i)} "
                 f"Port={7001 + i} CPUs={CPUS} RealMemory={CPUS * 1024}"
                 for i, node in enumerate(self.nodes)]
        write_file(f"{self.folder}/slurm.conf", CONFIGURATION.format(
            folder=self.folder, controller=CONTROLLER, nodes="\n".join(nodes)))
        # The default would be the host's; version 2 has slurmd talk to systemd.
        write_file(f"{self.folder}/cgroup.conf", "CgroupPlugin=cgroup/v1\n")
        for name in ["munge", "state"] + [f"spool-{n}" for n in self.nodes]:
            os.mkdir(f"{self.folder}/{name}", 0o755)

    def _start_munge(self):
        place = f"{self.folder}/munge"
        with open(os.open(f"{place}/key", os.O_WRONLY | os.O_CREAT, 0o600),
                  "wb") as key:
            key.write(os.urandom(128))
        self._spawn("munged", [
            "munged", "--foreground", f"--key-file={place}/key",
            f"--socket={place}/socket", f"--pid-file={place}/pid",
            f"--log-file={place}/log", f"--seed-file={place}/seed"])
        wait_until(lambda: os.path.exists(f"{place}/socket"), 15, "no munge")

    def _spawn(self, name, command):
        with open(f"{self.folder}/{name}.out", "a") as out:
            self.processes[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
