#!/usr/bin/env python3
"""The man page says what --help says: every command, every option with its
text and default below the commands that have it, every exit code; every status,
cause, flag, verdict and kind is explained; mandoc finds no fault in it.

    manual_test.py PTRSWEEP PTRSWEEP_MANUAL PTRSWEEP.1 PTRSWEEP.1.IN
"""

import re
import subprocess
import sys

import help_text
from sandbox import skip
from scans import Failed, expect


def render(path):
    """The page's lines as mandoc prints them, a paragraph a line."""
    text = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=900", path],
                          text=True, check=True, capture_output=True).stdout
    text = re.sub(".\b", "", text)
    # What mandoc makes of quotation marks and hyphens.
    for printed, written in [("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"),
                             ("‐", "-"), ("−", "-")]:
        text = text.replace(printed, written)
    return text.splitlines()


def sections(lines):
    """{heading: lines below it}."""
    found, heading = {}, ""
    for line in lines:
        if re.match(r"[A-Z]", line):
            heading = line.strip()
        found.setdefault(heading, []).append(line.strip())
    return found


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def entries(lines):
    """{"-t, --targets FILE": [the text below it, for each time it is there]}."""
    found, name = {}, None
    for line in lines:
        if line.startswith("-"):
            # A short one has its text beside it.
            name, _, text = line.partition("     ")
            found.setdefault(name.strip(), []).append(text.strip())
        elif line and name is not None:
            found[name.strip()][-1] += " " + line
        elif not line:
            name = None
    return {name: list(map(squeezed, texts)) for name, texts in found.items()}


def check_options(commands, page):
    listed = entries(page["OPTIONS"])
    for command in commands:
        for option in command.options:
            name = f"{', '.join(option.flags)} {option.value}".strip()
            texts = [text for text in listed.get(name, [])
                     if text.startswith(f"{squeezed(option.help)} (")]
            expect(len(texts) == 1,
                   f"{command.name}: '{name}' is not in the page as "
                   f"'{option.help}' but {listed.get(name)}")
            having = re.search(r"\(([a-z, ]+)\)$", texts[0])
            expect(having and command.name in having[1].split(", "),
                   f"{command.name} is not said to have {name}")
    known = {f"{', '.join(option.flags)} {option.value}".strip()
             for command in commands for option in command.options}
    expect(listed.keys() <= known, f"no command has {listed.keys() - known}")


def check_commands(commands, page):
    expect(len(commands) >= 6, "--help is not understood")
    synopsis = " ".join(page["SYNOPSIS"])
    explained = squeezed(" ".join(page["COMMANDS"]))
    for command in commands:
        expect(f"ptrsweep {command.name} [options]" in synopsis,
               f"SYNOPSIS lacks {command.name}")
        expect(f" {command.name} {command.description}." in explained,
               f"COMMANDS lacks {command.name}: {command.description}")


def check_exit_codes(commands, page):
    said = set()
    for command in commands:
        said |= set(re.findall(r"(?:^|; ?|\n|: )(\d+) ", command.footer))
    listed = {line.split()[0] for line in page["EXIT STATUS"]
              if re.match(r"\d+ ", line)}
    expect(said and said <= listed, f"EXIT STATUS {listed}, --help {said}")


def check(ptrsweep, manual, path, page_template):
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "all", path],
                          text=True, capture_output=True, check=False)
    # Which other pages are installed here says nothing of this one.
    faults = [line for line in lint.stdout.splitlines()
              if "referenced manual not found" not in line]
    expect(not faults and lint.returncode <= 1, "\n".join(faults))
    made = subprocess.run([manual, "man", page_template], text=True,
                          capture_output=True, check=True)
    expect(made.stderr == "", made.stderr)
    commands = help_text.read_commands(ptrsweep)
    page = sections(render(path))
    check_commands(commands, page)
    check_options(commands, page)
    check_exit_codes(commands, page)


if __name__ == "__main__":
    if subprocess.run(["which", "mandoc"], capture_output=True,
                      check=False).returncode != 0:
        skip("needs mandoc (tools/setup)")
    try:
        check(*sys.argv[1:])
    except Failed as failed:
        print(f"FAILED: {failed}")
        sys.exit(1)
    print("ok")
