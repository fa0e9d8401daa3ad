"""The test world as the machine of a page's reader: its resolver is that of
/etc/resolv.conf, its root that of the built-in hints."""

import os
import subprocess

from scans import write_file


def world_environment(*folders):
    """For commands in the world: `folders` are the first of PATH. The mount is
    the world's own, and goes with it."""
    write_file("resolv.conf", f"nameserver {os.environ['WORLD_RESOLVER']}\n")
    subprocess.run(["mount", "--bind", "resolv.conf", "/etc/resolv.conf"],
                   check=True)
    return {"PATH": ":".join([*folders, os.environ["PATH"]]),
            "HOME": os.environ["HOME"],
            "PTRSWEEP_ROOT_HINTS": f"{os.environ['WORLD_DIR']}/root.hints",
            "PTRSWEEP_ALLOW_SPECIAL_SERVERS": "true"}
