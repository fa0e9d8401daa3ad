"""A shell on a terminal of its own, typed at as a person would."""

import os
import pty
import re
import select
import signal
import time

from scans import Failed

# Escape sequences that move, colour and clear.
_ESCAPES = re.compile(r"\x1b(\[[0-9;?=>]*[A-Za-z]|\][^\x07]*\x07|[=>()][B0]?)")


class Terminal:
    def __init__(self, command, environment):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, environment)

    def type(self, text):
        os.write(self.master, text.encode())

    def read_until(self, wanted, seconds=20):
        """What is shown until `wanted`, a regular expression, with escape
        sequences taken out."""
        shown = ""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    shown += os.read(self.master, 65536).decode(
                        errors="replace")
                except OSError:  # it has ended
                    break
            text = _ESCAPES.sub("", shown).replace("\r", "")
            if re.search(wanted, text):
                return text
        raise Failed(f"no {wanted!r} in {shown!r}")

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.master)
