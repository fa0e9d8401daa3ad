#!/usr/bin/env python3
"""The manifests of tools/kubernetes: their fields, and what their containers do
when they are started as a kubelet starts them, in any folder.

    kubernetes_test.py PTRSWEEP TRUTH_SERVER

The configuration is what the kubectl command of tools/SHARDS.md makes of the
page's files, the paths of volumes are folders of ours.
"""

import os
import re

try:
    import yaml
except ImportError:
    yaml = None

import sandbox
from scans import (SOURCE, expect, expect_same_rows, page_block,
                   read_dataset, read_file, run, scan_whole, start_truth_server,
                   write_file, write_page_files)

TARGETS = "10.50.0.0/20"
INDEX = "metadata.annotations['batch.kubernetes.io/job-completion-index']"


def read_manifest(name):
    with open(f"{SOURCE}/tools/kubernetes/{name}") as file:
        return yaml.safe_load(file)


def check_fields(job, mode):
    """What Kubernetes wants of any Job, and what joins parts of ours."""
    expect(job["apiVersion"] == "batch/v1" and job["kind"] == "Job", "no Job")
    spec = job["spec"]
    expect(spec.get("completionMode", "NonIndexed") == mode, "completionMode")
    pod = spec["template"]["spec"]
    expect(pod["restartPolicy"] in ("OnFailure", "Never"), "restartPolicy")
    [container] = pod["containers"]
    expect({mount["name"] for mount in container["volumeMounts"]} ==
           {volume["name"] for volume in pod["volumes"]}, "volumes")
    for volume in pod["volumes"]:
        expect(volume.keys() & {"configMap", "persistentVolumeClaim"},
               f"volume {volume['name']} is nothing")


def check_commands(block, scan):
    """The manifests that the page applies are ours, and it waits for the scan
    between them."""
    steps = re.findall(r"^kubectl (?:apply -f|wait .*) (\S+)$", block, re.M)
    expect(steps == ["tools/kubernetes/indexed-job.yaml",
                     f"job/{scan['metadata']['name']}",
                     "tools/kubernetes/finish-job.yaml"], f"steps: {steps}")


def make_config_map(block):
    """The keys that the page's command makes a ConfigMap of, in ./options."""
    command = block[:block.index("\nkubectl apply")]
    os.mkdir("options")
    for name in re.findall(r"--from-file=(\S+)", command):
        os.rename(name, f"options/{name}")
    [literal] = re.findall(r"--from-literal=(\S.*?\))$", command, re.M)
    key, _, value = literal.partition("=")
    write_file(f"options/{key}", run("bash", "-c", f"printf %s {value}"))


class Kubelet:
    """Starts the containers of a Job."""

    def __init__(self, ptrsweep, resolver):
        self.outside = {
            "PATH": f"{os.path.dirname(ptrsweep)}:{os.environ['PATH']}",
            "PTRSWEEP_RESOLVER": resolver}

    def start(self, job, index, *more):
        """What the pod says; Failed if its exit code is not 0."""
        pod = job["spec"]["template"]["spec"]
        [container] = pod["containers"]
        environment = {entry["name"]: self._value(entry, index)
                       for entry in container.get("env", [])}
        folders = {mount["mountPath"]: os.path.abspath(mount["name"])
                   for mount in container["volumeMounts"]}
        words = [self._expand(word, environment, folders)
                 for word in container["command"] + container["args"]]
        place = self._expand(container.get("workingDir", "/"), {}, folders)
        return run(*words, *more, cwd=place, env=self.outside | environment)

    @staticmethod
    def _value(entry, index):
        if "value" in entry:
            expect(isinstance(entry["value"], str), f"{entry['name']}: no text")
            return entry["value"]
        source = entry["valueFrom"]
        if "fieldRef" in source:
            expect(source["fieldRef"]["fieldPath"] == INDEX, "fieldPath")
            return str(index)
        key = source["configMapKeyRef"]
        expect(key["name"] == "ptrsweep" and os.path.exists(
            f"options/{key['key']}"), f"no {key} in the ConfigMap")
        return read_file(f"options/{key['key']}")

    @staticmethod
    def _expand(word, environment, folders):
        word = re.sub(r"\$\((\w+)\)", lambda name: environment[name[1]], word)
        for path, folder in folders.items():
            word = re.sub(rf"(^|=){path}(?=/|$)", rf"\g<1>{folder}", word)
        return word


def check(ptrsweep, truth_server):
    server, resolver = start_truth_server(truth_server)
    write_page_files("scan", TARGETS)
    whole = scan_whole(ptrsweep, resolver)
    scan = read_manifest("indexed-job.yaml")
    finish = read_manifest("finish-job.yaml")
    block = page_block("kubectl create configmap ptrsweep")
    check_commands(block, scan)
    make_config_map(block)
    os.mkdir("rows")
    kubelet = Kubelet(ptrsweep, resolver)
    check_fields(scan, "Indexed")
    check_fields(finish, "NonIndexed")
    shards = scan["spec"]["completions"]
    for shard in range(shards):
        plan = kubelet.start(scan, shard, "--dry-run")
        expect(plan.startswith(f"shard {shard} (of 0 to {shards - 1}): "), plan)
    for shard in range(shards):
        kubelet.start(scan, shard)
    kubelet.start(finish, None)
    expect_same_rows(read_dataset(ptrsweep), whole)
    server.communicate()


if __name__ == "__main__":
    if yaml is None:
        sandbox.skip("not installed: python3-yaml")
    sandbox.run_in_folder(check)
