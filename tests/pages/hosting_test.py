#!/usr/bin/env python3
"""Runs every command of tools/HOSTING.md in the test world.

    world run --iterate -- hosting_test.py PTRSWEEP
"""

import csv
import os

import sandbox
from pages import Page, Rule
from scans import SOURCE, expect, read_file
from world_place import world_environment


def expect_targets(said):
    expect(said.split() == ["129"], f"{said} addresses")


def expect_counted(said):
    counted = [line.split(maxsplit=1) for line in said.splitlines()]
    with open("without.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    labels = [row["label"] for row in rows]
    expect(["1", "mail"] in counted and len(rows) > 10, said)
    expect({label: int(number) for number, label in counted} ==
           {label: labels.count(label) for label in set(labels)}, said)


def expect_wrong(_):
    with open("wrong.csv", newline="") as file:
        statuses = {row["status"] for row in csv.DictReader(file)}
    expect(statuses <= {"mismatch", "no_forward", "bad_name"}, str(statuses))


def expect_page(_):
    text = read_file("today.html")
    expect(text.lstrip().lower().startswith("<!doctype html") and
           "shared hosting" in text, text[:200])


def expect_ticket(said):
    expect("192.0.2.55: no_ptr" in said and
           "55.2.0.192.in-addr.arpa. PTR mail2.example.com." in said, said)


def check(ptrsweep):
    Page(f"{SOURCE}/tools/HOSTING.md", {
        "ptrsweep targets": Rule(after=expect_targets),
        "ptrsweep cat today.parquet --where no_ptr,undelegated -f ndjson":
            Rule(after=expect_counted),
        "ptrsweep cat today.parquet --where mismatch": Rule(after=expect_wrong),
        "ptrsweep scan --labels customers.csv --profile hosting --fail-on":
            Rule(code=1),
        "ptrsweep report today.parquet --profile hosting --labels":
            Rule(after=expect_page),
        "ptrsweep report today.parquet --profile hosting --format text":
            Rule(after=lambda said: expect("vps" in said, said)),
        "ptrsweep explain": Rule(after=expect_ticket),
    }, world_environment(os.path.dirname(ptrsweep))).run()


if __name__ == "__main__":
    sandbox.run_in_folder(check)
