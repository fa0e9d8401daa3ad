#!/usr/bin/env python3
"""No function is longer than 60 lines.

    check_functions.py REPOSITORY

Lines are counted from the one with the function's name to its closing brace,
by universal-ctags. Exits with 77 if there is none.
"""

import json
import pathlib
import shutil
import subprocess
import sys

MAX_LINES = 60
FOLDERS = ["dnswire", "io", "scanner", "tools", "tests", "bench"]


def sources(root):
    return [str(file) for folder in FOLDERS
            for file in sorted((root / folder).rglob("*"))
            if file.suffix in (".h", ".cc")]


def functions(files):
    """(path, first line, last line, name) of each function defined."""
    tags = subprocess.run(
        ["ctags", "--output-format=json", "--fields=+ne", "--kinds-C++=f",
         "--languages=C++", "--langmap=C++:.cc.h", "-L", "-"],
        input="\n".join(files), capture_output=True, text=True, check=True)
    for line in tags.stdout.splitlines():
        tag = json.loads(line)
        if tag.get("_type") == "tag" and "end" in tag:
            yield tag["path"], tag["line"], tag["end"], tag["name"]


def has_ctags():
    if shutil.which("ctags") is None:
        return False
    version = subprocess.run(["ctags", "--version"], capture_output=True,
                             text=True, check=False).stdout
    return "Universal Ctags" in version and "json" in subprocess.run(
        ["ctags", "--list-features"], capture_output=True, text=True,
        check=False).stdout


def main(arguments):
    root = pathlib.Path(arguments[0])
    if not has_ctags():
        print("SKIPPED: no ctags with JSON output "
              "(apt-get install universal-ctags)")
        return 77
    known = list(functions(sources(root)))
    long_ones = [(path, first, last, name) for path, first, last, name in known
                 if last - first + 1 > MAX_LINES]
    for path, first, last, name in long_ones:
        print(f"{path}:{first}: {name} has {last - first + 1} lines")
    print(f"{len(known)} functions, {len(long_ones)} over {MAX_LINES} lines")
    return 1 if long_ones or not known else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
