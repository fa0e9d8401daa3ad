#!/usr/bin/env python3
"""bash, zsh and fish complete every command, every option of --help and the
words that options take, typed at on a terminal; what is offered, the program
takes, and where the program names the words it takes, they are offered.

    completion_test.py SHELL PTRSWEEP COMPLETION
"""

import os
import re
import shutil
import subprocess
import sys

import help_text
import sandbox
from scans import expect, write_file
from terminal import Terminal

# What is typed, with TAB at its end, and the arguments that come of it.
TYPED = [
    ("targe", ["targets"]),
    ("scan --dry-r", ["scan", "--dry-run"]),
    ("scan --format nd", ["scan", "--format", "ndjson"]),
    ("scan --profile=h", ["scan", "--profile=hosting"]),
    ("walk -f par", ["walk", "-f", "parquet"]),
    ("zones --fail-on lame,unre", ["zones", "--fail-on", "lame,unreachable"]),
    ("cat --where mis", ["cat", "--where", "mismatch"]),
    ("cat rows", ["cat", "rows of mine.csv"]),
    ("scan -t our", ["scan", "-t", "ours.txt"]),
    ("scan --dataset sca", ["scan", "--dataset", "scans/"]),
    ("finalize sca", ["finalize", "scans/"]),
]
# "'x' is not verify, trust or off", "(csv, ndjson, parquet)".
NAMED_WORDS = [re.compile(r"is not ((?:[a-z0-9]+, )*[a-z0-9]+ or [a-z0-9]+)$"),
               re.compile(r"\(([a-z]+(?:, [a-z]+)+)\)$")]


class Shell:
    """One of the three on a terminal; ptrsweep is a function that prints its
    arguments. Nothing is typed before the prompt is there: until then Ctrl-D
    and Ctrl-U are the terminal's."""

    def __init__(self, command, setup):
        self.terminal = Terminal(command, {
            "PATH": os.environ["PATH"], "HOME": os.getcwd(), "TERM": "xterm",
            "LANG": "C.UTF-8"})
        for line in setup:
            self.terminal.type(f"{line}\n")
        self.terminal.type("echo rea''dy\n")
        self.terminal.read_until(r"\nready[^$]*\$ $")

    def complete(self, typed):
        """The arguments after TAB."""
        self.terminal.type(f"ptrsweep {typed}\t\n")
        shown = self.terminal.read_until(r"<end>[^$]*\$ $")
        return re.findall(r"<([^<>]*)>", shown)[:-1]


def offered_by_bash(path, words):
    script = (f"source {path}; COMP_WORDS=(ptrsweep {' '.join(words)} '');"
              f"COMP_CWORD={len(words) + 1}; _ptrsweep;"
              "printf '%s\\n' \"${COMPREPLY[@]}\"")
    return subprocess.run(["bash", "-c", script], text=True, check=True,
                          capture_output=True).stdout.split()


def flags_of_bash(path, command):
    script = (f"source {path}; COMP_WORDS=(ptrsweep {command} -);"
              "COMP_CWORD=2; _ptrsweep; printf '%s\\n' \"${COMPREPLY[@]}\"")
    return set(subprocess.run(["bash", "-c", script], text=True, check=True,
                              capture_output=True).stdout.split())


def flags_of_fish(path, command):
    flags = set()
    for begin in ["-", "--"]:
        shown = subprocess.run(
            ["fish", "--no-config", "-c",
             f"source {path}; complete -C 'ptrsweep {command} {begin}'"],
            text=True, check=True, capture_output=True).stdout
        flags |= {line.split("\t")[0] for line in shown.splitlines()}
    return {flag for flag in flags if len(flag) == 2 or flag.startswith("--")}


def flags_of_zsh(path, command):
    shell = zsh(path)
    shown = ""
    for begin in ["-", "--"]:
        # Ctrl-D lists what there is; Ctrl-U takes the line back.
        shell.terminal.type(f"ptrsweep {command} {begin}\x04\x15echo do''ne\n")
        shown += shell.terminal.read_until(r"\ndone[^$]*\$ $")
    shell.terminal.close()
    return set(re.findall(r"(?<![\w-])(--[a-z-]*[a-z]|-[a-z])(?![\w=+-])", shown))


def bash(path):
    return Shell(["bash", "--norc", "--noprofile", "-i"],
                 ["PS1='$ '", "bind 'set bell-style none'",
                  "bind 'set enable-bracketed-paste off'", f"source {path}",
                  "ptrsweep() { printf '<%s>' \"$@\"; echo '<end''>'; }"])


def zsh(path):
    folder = os.path.dirname(path)
    return Shell(["zsh", "-f", "-i"],
                 ["PS1='$ '; unsetopt zle_bracketed_paste beep prompt_sp prompt_cr; "
                  "unset zle_bracketed_paste; LISTMAX=10000; "
                  "stty rows 900 cols 200",
                  f"fpath=({folder} $fpath); autoload -U compinit; "
                  "compinit -D -u",
                  "ptrsweep() { printf '<%s>' \"$@\"; echo '<end''>'; }"])


def fish(path):
    return Shell(["fish", "--no-config", "-i"],
                 ["function fish_prompt; echo -n '$ '; end",
                  f"source {path}",
                  "function ptrsweep; printf '<%s>' $argv; echo '<end''>'; end"])


def check_typed(shell):
    write_file("rows of mine.csv", "")
    write_file("ours.txt", "")
    os.mkdir("scans")
    write_file("scans.txt", "")
    for typed, wanted in TYPED:
        got = shell.complete(typed)
        expect([word.rstrip("/") for word in got] ==
               [word.rstrip("/") for word in wanted], f"{typed}: {got}")
    shell.terminal.close()


def complaint(ptrsweep, command, flag, value):
    """What is said of the value, by resolvers or by own iteration."""
    said = run_to_output(ptrsweep, command, flag, value)
    if flag not in said and "--iterative" in command.flags():
        said = run_to_output(ptrsweep, command, flag, value, "--iterative")
    return said


def run_to_output(ptrsweep, command, flag, value, *more):
    """stderr of a run that ends at its output, or before if the value is none.
    Nothing could be sent but to this machine."""
    operands = ["/nowhere"] * len(command.operands)
    if command.operands == ["target"]:
        operands = ["2001:db8::/32" if command.name == "walk" else "192.0.2.1"]
    if "--output" in command.flags():
        operands.append("--output=/nowhere/rows")
    done = subprocess.run(
        [ptrsweep, command.name, f"{flag}={value}", *more, *operands],
        text=True, capture_output=True, check=False, timeout=60,
        env={"PTRSWEEP_ROOT_HINTS": "hints"} if "--iterative" in more else
        {"PTRSWEEP_RESOLVER": "127.0.0.1:9", "PTRSWEEP_ROOT_HINTS": "hints"})
    expect(done.returncode != 0, f"{command.name} {flag}={value} runs")
    return (done.stdout + done.stderr).strip()  # check speaks on stdout


def check_words(ptrsweep, path, command, option):
    flag = option.flags[-1]
    offered = offered_by_bash(path, [command.name, flag])
    refused = complaint(ptrsweep, command, flag, "no_such_word")
    for pattern in NAMED_WORDS:
        named = pattern.search(refused) if flag in refused else None
        for word in re.split(", | or ", named[1]) if named else []:
            if word in offered:
                continue
            said = complaint(ptrsweep, command, flag, word)
            expect(flag in said or f"not {word}" in said,
                   f"{command.name} {flag}: {word} is taken, but not offered")
    if not offered:
        return 0
    expect(flag in refused, f"{command.name} {flag}: {refused}")
    if asks_at_once(command):
        return 1
    for word in offered:
        said = complaint(ptrsweep, command, flag, word)
        expect(flag not in said, f"{flag} does not take {word}: {said}")
    return 1


def asks_at_once(command):
    """It has no output at which it would end: a run takes seconds."""
    return "--output" not in command.flags() and command.operands == ["target"]


def is_asked_of_scan(path, command, option):
    """Of such a command, and scan offers the same words."""
    flag = option.flags[-1]
    return asks_at_once(command) and (
        offered_by_bash(path, ["scan", flag]) ==
        offered_by_bash(path, [command.name, flag]))


def check_program(ptrsweep, path, commands):
    """Of bash's script, whose words are those of the others."""
    os.mkdir("empty")
    os.chdir("empty")  # no files to be offered
    write_file("hints", ". NS localhost.\nlocalhost. A 127.0.0.1\n")
    expect({command.name for command in commands} | {"--help", "--version"} ==
           set(offered_by_bash(path, [])), "commands")
    with_words = sum(check_words(ptrsweep, path, command, option)
                     for command in commands for option in command.options
                     if option.value not in ["", "FILE", "DIR", "PATH"] and
                     command.name != "targets" and
                     not is_asked_of_scan(path, command, option))
    expect(with_words >= 18, f"only {with_words} options have words")


def check(name, ptrsweep, path):
    commands = help_text.read_commands(ptrsweep)
    flags_of = {"bash": flags_of_bash, "zsh": flags_of_zsh,
                "fish": flags_of_fish}[name]
    for command in commands:
        wanted = {flag for option in command.options for flag in option.flags}
        found = flags_of(path, command.name)
        expect(found == wanted, f"{command.name}: {found ^ wanted}")
    check_typed({"bash": bash, "zsh": zsh, "fish": fish}[name](path))
    if name == "bash":
        check_program(ptrsweep, path, commands)


if __name__ == "__main__":
    if shutil.which(sys.argv[1]) is None:
        sandbox.skip(f"needs {sys.argv[1]} (tools/setup)")
    sandbox.run_in_folder(check)
