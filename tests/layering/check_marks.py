#!/usr/bin/env python3
"""No file says that it is unfinished.

    check_marks.py REPOSITORY

Looks for the two usual marks, in capitals, in all files but those below .git
and build folders.
"""

import pathlib
import re
import sys

# In two parts, so that this file has none.
MARKS = re.compile(rb"\b(TO" rb"DO|FIX" rb"ME)\b")
SKIPPED = {".git", "build", "__pycache__"}


def files(root):
    for file in sorted(root.rglob("*")):
        parts = file.relative_to(root).parts
        if file.is_file() and not SKIPPED.intersection(parts):
            yield file


def main(arguments):
    root = pathlib.Path(arguments[0])
    seen = faults = 0
    for file in files(root):
        seen += 1
        for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
            mark = MARKS.search(line)
            if mark:
                faults += 1
                print(f"{file}:{number}: {mark.group().decode()}")
    print(f"{seen} files, {faults} marks")
    return 1 if faults or not seen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
