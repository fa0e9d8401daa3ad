"""What `ptrsweep --help` and the --help of each command say, taken apart by
their lay-out alone."""

import re
import subprocess
from dataclasses import dataclass, field

# The column at which explanations begin; a longer option has a line of its own.
COLUMN = 28


@dataclass
class Option:
    flags: list
    value: str = ""
    help: str = ""


@dataclass
class Command:
    name: str
    description: str = ""
    operands: list = field(default_factory=list)
    options: list = field(default_factory=list)
    footer: str = ""

    def flags(self):
        return {flag for option in self.options for flag in option.flags}


def _print_help(ptrsweep, *command):
    return subprocess.run([ptrsweep, *command, "--help"], text=True, check=True,
                          capture_output=True).stdout


def _entries(text):
    """[left, right] of each entry of the lists, continuation lines joined."""
    entries = []
    for line in text.splitlines():
        if re.match(r"  \S", line):
            left, _, right = line[2:].partition("  ")
            if len(line) > COLUMN and line[COLUMN - 1] == " ":
                left, right = line[2:COLUMN], line[COLUMN:]
            entries.append([left.strip(), right.strip()])
        elif line.startswith(" " * COLUMN) and entries:
            entries[-1][1] += " " + line.strip()
        elif not line.startswith(" "):
            entries.append(["", ""])  # a heading ends the entry before it
    return [[left, right.strip()] for left, right in entries if left]


def read_command(ptrsweep, name):
    text = _print_help(ptrsweep, name)
    command = Command(name, text.splitlines()[0])
    for left, right in _entries(text):
        if not left.startswith("-"):
            command.operands.append(left.split()[0])
            continue
        flags, _, value = left.partition(" ")
        command.options.append(Option(flags.split(","), value.strip(), right))
    command.footer = text[text.find("Exit codes"):] if "Exit codes" in text else ""
    return command


def read_commands(ptrsweep):
    text = _print_help(ptrsweep)
    listed = text[text.index("\nSubcommands:"):]
    return [read_command(ptrsweep, left) for left, _ in _entries(listed)]
