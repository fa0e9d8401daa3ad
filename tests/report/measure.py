#!/usr/bin/env python3
"""Runs a command and writes what it took.

    measure.py FILE COMMAND ARGUMENT...

FILE gets {"seconds", "peak_kib"} as JSON. Exits as the command does.
"""

import json
import os
import subprocess
import sys
import time


def main():
    start = time.monotonic()
    process = subprocess.Popen(sys.argv[2:])
    _, status, usage = os.wait4(process.pid, 0)
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump({"seconds": time.monotonic() - start,
                   "cpu_seconds": usage.ru_utime + usage.ru_stime,
                   "peak_kib": usage.ru_maxrss}, file)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
