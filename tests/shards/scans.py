"""What the tests of shards share: a server whose answers are known, the page
that tells how shards are scanned, and rows."""

import glob
import json
import os
import re
import subprocess
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PAGE = f"{SOURCE}/tools/SHARDS.md"
# What may differ between two scans of the same targets.
OF_THE_RUN = ["time", "rtt_us", "server", "queries"]


class Failed(Exception):
    """What the test found; its text is all there is to say."""


def expect(condition, what):
    if not condition:
        raise Failed(what)


def run(*command, code=0, **options):
    """stdout and stderr; Failed if it does not end with `code` within a
    minute."""
    done = subprocess.run(command, text=True, capture_output=True, timeout=60,
                          check=False, **options)
    expect(done.returncode == code,
           f"{' '.join(command)}: exit {done.returncode}, not {code}\n"
           f"{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def wait_until(condition, seconds, what):
    """The first result of condition() that is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.1)
    raise Failed(f"after {seconds} s still no {what}")


def start_truth_server(program, seed="7"):
    """The process, which ends with its stdin and so with us, and
    "127.0.0.1:PORT"."""
    server = subprocess.Popen([program, "--seed", seed], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return server, f"127.0.0.1:{server.stdout.readline().split()[1]}"


def page_blocks():
    """The indented blocks of the page, without their indentation."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", read_file(PAGE), re.M)
    return [re.sub("^    ", "", block, flags=re.M).strip("\n")
            for block in blocks]


def page_block(begin):
    """The one that begins with these words."""
    found = [block for block in page_blocks() if block.startswith(begin)]
    expect(len(found) == 1, f"{PAGE}: {len(found)} blocks begin with {begin}")
    return found[0]


def read_file(path):
    with open(path) as file:
        return file.read()


def write_file(path, text):
    with open(path, "w") as file:
        file.write(text)


def logs_in(folder):
    """The end of each."""
    text = ""
    for name in sorted(os.listdir(folder)):
        if name.endswith((".log", ".out")):
            with open(f"{folder}/{name}", errors="replace") as log:
                text += f"--- {name}\n{''.join(log.readlines()[-40:])}"
    return text


def write_page_files(place, targets):
    """The files of the page's example, with other targets; `place` is the
    working directory from now on."""
    os.mkdir(place)
    os.chdir(place)
    write_file("night.toml", page_block("# night.toml"))
    write_file("ours.txt", targets)
    write_file("never.txt", "")


def shards_running(variable):
    """{value of the variable: pid} of the scans in the working directory."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm") as comm:
                if (comm.read() != "ptrsweep\n" or
                        os.readlink(f"/proc/{pid}/cwd") != os.getcwd()):
                    continue
            with open(f"/proc/{pid}/environ") as environ:
                words = environ.read().split("\0")
        except OSError:  # it has ended
            continue
        for word in words:
            if word.startswith(f"{variable}="):
                found[int(word.partition("=")[2])] = int(pid)
    return found


def scan_whole(ptrsweep, resolver):
    """The rows of the page's targets, scanned by one process."""
    run(ptrsweep, "scan", "--config=night.toml", "--shards=1", "--shard=0",
        "--total-rate=0", "-q", f"--resolver={resolver}", "-o", "whole.csv",
        env={})
    return read_rows(ptrsweep, ["whole.csv"])


def read_dataset(ptrsweep):
    """The rows of the one date in ./rows, which finalize has proved."""
    [folder] = glob.glob("rows/date=*")
    expect(os.path.exists(f"{folder}/_SUCCESS"), f"{folder} has no _SUCCESS")
    return read_rows(ptrsweep, sorted(glob.glob(f"{folder}/*/*.parquet")))


def read_rows(ptrsweep, files):
    """{address: row} without what may differ; Failed if one has two rows."""
    rows = {}
    with subprocess.Popen([ptrsweep, "cat", "-f", "ndjson", *files],
                          stdout=subprocess.PIPE) as cat:
        for line in cat.stdout:
            row = json.loads(line)
            for column in OF_THE_RUN:
                del row[column]
            expect(row["ip"] not in rows, f"{row['ip']} has two rows")
            rows[row["ip"]] = row
    expect(cat.returncode == 0, f"ptrsweep cat: exit {cat.returncode}")
    return rows


def expect_same_rows(rows, whole):
    differ = [ip for ip in sorted(rows.keys() | whole.keys())
              if rows.get(ip) != whole.get(ip)]
    first = [f"{rows.get(ip)}\n{whole.get(ip)}" for ip in differ[:3]]
    expect(not differ, "\n".join([f"{len(differ)} rows differ:", *first]))
