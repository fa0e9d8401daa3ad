#!/usr/bin/env python3
"""pages.Page finds what is wrong with a page."""

import os
import sys
import tempfile

from pages import Page, Rule
from scans import Failed, expect, read_file, write_file

# What a page says, its rules, and whether it is in order.
CASES = [
    ("a command", "    true    # a remark\n", {}, True),
    ("a command that fails", "    true\n    false\n", {}, False),
    ("an option that there is not", "    ls --no-such-option\n", {}, False),
    ("the exit code of a rule", "    false\n", {"false": Rule(code=1)}, True),
    ("another exit code", "    true\n", {"true": Rule(code=1)}, False),
    ("a rule without its command", "    true\n", {"false": Rule()}, False),
    ("what stands in", "    ls /nowhere\n",
     {"ls": Rule(instead={"/nowhere": "/"})}, True),
    ("what stands in for nothing", "    ls /\n",
     {"ls": Rule(instead={"/nowhere": "/"})}, False),
    ("only commands of a transcript", "    $ true\n    printed\n", {}, True),
    ("a file", "    # a.toml\n    no command\n\nthen\n\n    grep no a.toml\n", {},
     True),
    ("a here-document", "    cat >a.csv <<END\n    b,c\n    END\n    grep b,c a.csv\n",
     {}, True),
    ("a command on two lines", "    true &&\\\n      false\n", {}, False),
    ("a pipe on two lines", "    echo a |\n      grep b\n", {}, False),
    ("a command in the text", "Run `false`.\n", {}, True),
]


def is_in_order(text, rules):
    write_file("page.md", text)
    try:
        Page("page.md", rules, {"PATH": os.environ["PATH"]}).run()
    except Failed:
        return False
    return True


def check():
    for label, text, rules, wanted in CASES:
        expect(is_in_order(text, rules) == wanted, label)
    is_in_order("    # b.toml\n    x = 1\n", {})
    expect(read_file("b.toml") == "# b.toml\nx = 1\n", "a file's content")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        check()
    print("ok")
    sys.exit(0)
