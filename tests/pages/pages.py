"""Runs the commands of a page of documentation, each line of it, and checks its
exit code.

A page's indented blocks are of three kinds: one that begins with `# NAME` and a
line without a command is the file NAME; the lines of one with `$ ` are commands
and what they print; every other is commands, a line each (two, if the first
ends with a backslash). What follows three blanks and a # is a remark.
"""

import os
import re
import subprocess

from scans import expect, read_file, write_file

FILE_HEAD = re.compile(r"# ([\w.-]+\.(?:toml|txt|csv|tsv))\b")
LIMIT = 300


def blocks(page):
    """The indented blocks, without their indentation."""
    found = re.findall(r"(?:^    .*\n|^\n(?=    ))+", read_file(page), re.M)
    return [re.sub("^    ", "", block, flags=re.M).strip("\n")
            for block in found]


def without_remark(line):
    return re.sub(r"\s{2,}#.*$", "", line).rstrip()


def commands_of(block):
    """Of a block that is no file; one with a here-document is one of them, up to
    its END."""
    begin, found, rest = block.rpartition("\nEND")
    if found:
        return [begin + found, *commands_of(rest)]
    lines = block.splitlines()
    if any(line.startswith("$ ") for line in lines):
        lines = [line[2:] for line in lines if line.startswith("$ ")]
    # A line that ends with a backslash or a bar goes on.
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    joined = re.sub(r"\|\n\s*", "| ", joined)
    return [without_remark(line) for line in joined.splitlines()
            if without_remark(line)]


class Page:
    """Runs a page in the working directory.

    `rules`: for commands that need it, {how the command begins: Rule}; each
    must be met. Other commands are run as they stand, for exit code 0."""

    def __init__(self, path, rules, environment):
        self.path = path
        self.rules = rules
        self.environment = environment
        self.met = set()
        self.ran = 0

    def run(self):
        for block in blocks(self.path):
            head = FILE_HEAD.match(block)
            if head:
                write_file(head[1], block + "\n")
                continue
            for command in commands_of(block):
                self._run_command(command)
        unmet = self.rules.keys() - self.met
        expect(not unmet, f"{self.path} has no command {unmet}")
        print(f"{self.ran} commands of {os.path.basename(self.path)}")

    def _rule(self, command):
        begins = [begin for begin in self.rules if command.startswith(begin)]
        if not begins:
            return Rule()
        self.met.update(begins)
        return self.rules[max(begins, key=len)]

    def _run_command(self, command):
        rule = self._rule(command)
        if rule.before is not None:
            rule.before()
        text = command
        for written, run in rule.instead.items():
            expect(written in text, f"'{written}' is not in: {text}")
            text = text.replace(written, run)
        done = subprocess.run(["bash", "-c", text], text=True, check=False,
                              capture_output=True, timeout=LIMIT,
                              stdin=subprocess.DEVNULL,
                              env=self.environment | rule.environment)
        self.ran += 1
        expect(done.returncode == rule.code,
               f"{command}\nrun as: {text}\nexit {done.returncode}, not "
               f"{rule.code}\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
        if rule.after is not None:
            rule.after(done.stdout + done.stderr)


class Rule:
    """How a command is run here: `instead` has {what it says: what is run}, for
    addresses that this world has not; `before` and `after` are called, the
    latter with what it printed."""

    def __init__(self, code=0, instead=None, environment=None, before=None,
                 after=None):
        self.code = code
        self.instead = instead or {}
        self.environment = environment or {}
        self.before = before
        self.after = after
