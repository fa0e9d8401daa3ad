#!/usr/bin/env python3
"""Runs every command of README.md, tools/AUTHORITIES.md and tools/WALK.md in the
test world. Where they speak of networks that it has not, others stand in.

    world run --iterate --walk -- readme_test.py PTRSWEEP BUILD_FOLDER
"""

import datetime
import os
import re
import shutil
import subprocess


import sandbox
from pages import Page, Rule
from scans import SOURCE, expect, read_file, run, write_file
from world_place import world_environment

README = f"{SOURCE}/README.md"
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
ONE_ZONE = {"10.0.0.0/8": "192.0.2.0/24"}  # of one server, which gives it whole
ALLOCATION = {"2001:db8::/32": "2001:db8:a007::/48"}


def printed_below(begin):
    """What the page shows below the command that begins so."""
    lines = read_file(README).splitlines()
    [at] = [number for number, line in enumerate(lines)
            if line.startswith(f"    $ {begin}")]
    shown = []
    for line in lines[at + 1:]:
        if not line.startswith("    ") or line.startswith("    $ "):
            break
        shown.append(line[4:])
    return shown


def expect_first_summary(said):
    """Statuses; packets, times and rates are of the day."""
    kept = re.compile(r"  \w+ +[\d.]+ .*%.*|  targets .*")
    shown = [line for line in printed_below("ptrsweep scan 192.0.2.0/24")
             if kept.fullmatch(line)]
    expect(len(shown) == 8, str(shown))
    for line in shown:
        expect(line in said.splitlines(), f"not printed: {line}\n{said}")


def expect_first_rows(said):
    shown = printed_below("grep -E ")
    expect(sorted(said.splitlines()) == sorted(shown), said)


class Readme:
    def __init__(self, ptrsweep, build, environment):
        self.ptrsweep = ptrsweep
        self.build = build
        self.environment = environment

    def scan(self, *arguments):
        return lambda: run(self.ptrsweep, "scan", "-q", *arguments,
                           env=self.environment)

    def of_the_source(self, written, text):
        """A command for the checkout, run in it: only where there is nothing
        left to build, for half a suite would be built otherwise."""
        left = subprocess.run(["ninja", "-C", self.build, "-n"], text=True,
                              capture_output=True, check=False).stdout
        ours = os.path.realpath(self.build) == f"{SOURCE}/build/release"
        if ours and "no work to do" in left:
            return Rule(instead={written: f"cd {SOURCE} && {text}"})
        must = ours and os.environ.get("PTRSWEEP_REQUIRE_WORLD") == "1"
        expect(not must, f"{self.build} is not whole")
        print(f"NOT RUN, {self.build} is not a whole release build: {written}")
        return Rule(instead={written: "true"})

    def rules(self):
        deb = "cmake --build --preset release --target deb"
        build = "cmake --preset release && cmake --build --preset release"
        here = os.getcwd()
        return {
            "ptrsweep scan 192.0.2.0/24 --output rows.csv":
                Rule(after=expect_first_summary),
            "grep -E ": Rule(after=expect_first_rows),
            "./tools/quickstart": self.of_the_source(
                "./tools/quickstart", f"./tools/quickstart {here}/quick.csv"),
            "./tools/test": self.of_the_source(
                # Without the tests: this is one of them.
                "./tools/test", "./tools/test -N"),
            deb: self.of_the_source(deb, deb),
            build: self.of_the_source(build, build),
            "ptrsweep scan 192.0.2.0/24 --fail-on": Rule(code=1),
            "ptrsweep scan --config": Rule(instead={
                "--config night.toml": "--config night.toml "
                f"--resolver {os.environ['WORLD_RESOLVER']}"}),
            "ptrsweep scan 10.0.0.0/8 --iterative -o tue": Rule(
                instead=ONE_ZONE, before=self.scan(
                    "--iterative", "192.0.2.0/24", "-o", "mon.parquet"),
                after=expect_reused),
            "ptrsweep scan 10.0.0.0/8 --axfr": Rule(
                instead=ONE_ZONE, before=write_axfr, after=expect_transferred),
            "ptrsweep diff monday": Rule(
                before=self.two_days),
            "ptrsweep report tuesday.csv": Rule(after=lambda _: expect(
                "192.0.2.0/24" in read_file("report.html"), "no such page")),
            "ptrsweep explain 192.0.2.40 --expect": Rule(after=expect_fix),
            "ptrsweep scan 10.0.0.0/8 -o rows.csv": Rule(
                instead={"10.0.0.0/8": "10.33.0.0/20"}, code=75,
                environment={"PTRSWEEP_RATE": "500",
                             "PTRSWEEP_MAX_TIME": "1s"}),
            "ptrsweep scan 10.0.0.0/8 -o rows.csv --resume": Rule(
                instead={"10.0.0.0/8": "10.33.0.0/20"},
                after=lambda _: expect_lines("rows.csv", 4097)),
            "ptrsweep finalize scans/": Rule(
                instead={"2026-11-25": str(TODAY)}),
            "ptrsweep check": Rule(
                code=1, before=lambda: write_file(
                    "mailhosts.txt", "192.0.2.10-192.0.2.12\n"),
                after=lambda said: expect(said.count("\n") == 1, said)),
            "ptrsweep scan 192.0.2.0/24 -o rows.csv --metrics": Rule(
                instead={"/var/lib/node_exporter/": ""},
                after=lambda _: expect('status="no_ptr"' in read_file(
                    "ptrsweep.prom"), "no metrics")),
            "duckdb -c": Rule(after=expect_counted),
            "ptrsweep walk 2001:db8::/32 -o rows.csv": Rule(
                instead=ALLOCATION, after=lambda _: expect_walked()),
        }

    def two_days(self):
        self.scan("192.0.2.0/24", "-o", "monday.parquet")()
        self.scan("192.0.2.0/24", "-o", "tuesday.csv")()


def expect_lines(path, number):
    lines = read_file(path).splitlines()
    expect(len(lines) == number, f"{path}: {len(lines)} lines")


def expect_reused(said):
    rows = run("ptrsweep", "cat", "tue.parquet")
    expect(rows.count("reused") > 100, said)


def write_axfr():
    write_file("axfr.txt", "192.0.2.0/24 127.0.53.4\n")


def expect_transferred(said):
    expect("transfers 1 zones" in said, said)


def expect_fix(said):
    expect("192.0.2.40: mismatch" in said and "mail.example.com" in said, said)


def expect_counted(said):
    counts = [int(line.split("|")[2]) for line in said.splitlines()[1:]]
    expect(sum(counts) == 256, said)


def expect_walked():
    expect(len(read_file("rows.csv").splitlines()) > 500, "few rows")
    expect("wildcard" in read_file("rows.findings.csv"), "findings")


def authorities_rules(readme):
    return {
        "ptrsweep scan 10.0.0.0/8 --iterative -o tue": Rule(
            instead=ONE_ZONE, before=readme.scan(
                "--iterative", "192.0.2.0/24", "-o", "mon.parquet"),
            after=expect_reused),
        "ptrsweep scan 10.0.0.0/8 --iterative --dataset": Rule(
            instead={**ONE_ZONE, "--dataset scans": "--dataset own"}),
        "ptrsweep scan 10.0.0.0/8 --axfr": Rule(
            instead=ONE_ZONE, before=write_axfr, after=expect_transferred),
        "ptrsweep zones -t ours.txt --fail-on crit": Rule(
            code=1, instead={"-t ours.txt": "-t ours.txt 10.20.6.0/24"}),
        "ptrsweep zones 2001:db8::/32 --my-ns": Rule(
            instead={"2001:db8::/32": "2001:db8:53::/48"}),
        "ptrsweep zones 192.0.2.0/24 --providers": Rule(
            environment={"PTRSWEEP_FORMAT": "csv"},  # the table has not all
            before=lambda: write_file(
                "ours.tsv", "suffix\tprovider\twhere\n"
                "example.net\tWe\tour own panel\n"),
            after=lambda said: expect("our own panel" in said, said)),
    }


def walk_rules():
    return {
        "ptrsweep walk 2001:db8::/32 -o rows.csv": Rule(
            instead=ALLOCATION, after=lambda _: expect_walked()),
        "ptrsweep walk 2001:db8::/32 --known": Rule(
            instead=ALLOCATION, before=lambda: write_file(
                "hosts.txt", "2001:db8:a007::1\n")),
        "ptrsweep walk 2001:db8::/32 --fail-on": Rule(
            code=1, instead={"2001:db8::/32": "2001:db8:a004::/48"},
            environment={"PTRSWEEP_MAX_UNKNOWN": "100"}),
        "ptrsweep walk 2001:db8::/32 --dry-run": Rule(),
    }


def make_duckdb():
    """A duckdb in PATH; returns its folder."""
    found = subprocess.run([f"{SOURCE}/tests/parquet_readers/run", "--where"],
                           text=True, capture_output=True, check=False)
    if found.returncode != 0:
        sandbox.skip("needs DuckDB (tests/parquet_readers/run --install)")
    readers = found.stdout.strip()
    shutil.copy(f"{SOURCE}/tests/pages/duckdb.mjs", readers)
    os.mkdir("bin")
    write_file("bin/duckdb", f"#!/bin/sh\nexec node {readers}/duckdb.mjs \"$@\"\n")
    os.chmod("bin/duckdb", 0o755)
    return f"{os.getcwd()}/bin"


def check(ptrsweep, build):
    write_file("ours.txt", "192.0.2.0/24\n")
    write_file("customers.csv",
               "target,label,expected\n192.0.2.0/25,one,\n192.0.2.55,two,-\n")
    environment = world_environment(make_duckdb(), os.path.dirname(ptrsweep))
    environment["PTRSWEEP_ZONE_RATE"] = "0"
    environment["PTRSWEEP_LATE_PAUSE"] = "500ms"
    os.environ["PATH"] = environment["PATH"]
    readme = Readme(ptrsweep, build, environment)
    Page(README, readme.rules(), environment).run()
    Page(f"{SOURCE}/tools/AUTHORITIES.md", authorities_rules(readme),
         environment).run()
    # The page's list of zones is one that is understood.
    write_file("keys.txt", "transfer-key hmac-sha256 bm90IGEgc2VjcmV0IGtleQ==\n")
    os.chmod("keys.txt", 0o600)
    readme.scan("192.0.2.0/24", "--iterative", "--axfr=axfr.txt",
                "--tsig-keys=keys.txt", "--dry-run")()
    Page(f"{SOURCE}/tools/WALK.md", walk_rules(), environment).run()


if __name__ == "__main__":
    sandbox.run_in_folder(check)
