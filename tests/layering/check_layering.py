#!/usr/bin/env python3
"""Includes point left only: dnswire < io < scanner < tools < tests, bench.

    check_layering.py REPOSITORY

A room is a folder, or a file that others of its folder may not see past. What
each may include is the table below; whatever is not in it is refused, so a new
room has to be put there.
"""

import pathlib
import re
import sys

# Room: prefixes of the project's own headers that its files may include. The
# longest room that is a prefix of a file's path decides.
ALLOWED = {
    "dnswire/": ["dnswire/"],
    # The ground of io: numbers, and the text of errors and cells.
    "io/nearest_word.": ["io/nearest_word.h"],
    "io/number.": ["io/number.h"],
    "io/formats/carried_text.": ["dnswire/", "io/formats/carried_text.h"],
    "io/net/": ["dnswire/", "io/number.h", "io/net/"],
    "io/files/": ["dnswire/", "io/number.h", "io/formats/carried_text.h",
                  "io/net/", "io/files/"],
    "io/formats/": ["dnswire/", "io/number.h", "io/net/endpoint.h",
                    "io/files/", "io/formats/"],
    "io/parquet/": ["dnswire/", "io/number.h", "io/net/endpoint.h",
                    "io/files/", "io/formats/", "io/parquet/"],
    "io/dataset/": ["dnswire/", "io/number.h", "io/files/", "io/formats/",
                    "io/parquet/", "io/dataset/"],
    "scanner/options.": ["dnswire/", "io/", "scanner/options.h"],
    "scanner/targets/": ["dnswire/", "io/", "scanner/options.h",
                         "scanner/targets/"],
    "scanner/transfer/": ["dnswire/", "io/", "scanner/options.h",
                          "scanner/targets/", "scanner/upstream/",
                          "scanner/asking/", "scanner/delegation/",
                          "scanner/transfer/"],
    "scanner/upstream/": ["dnswire/", "io/", "scanner/options.h",
                          "scanner/targets/mix.h",
                          "scanner/targets/special_use.h",
                          "scanner/upstream/"],
    "scanner/verdict/": ["dnswire/", "io/", "scanner/options.h",
                         "scanner/targets/special_use.h", "scanner/verdict/"],
    "scanner/review/": ["dnswire/", "io/formats/", "scanner/verdict/",
                        "scanner/review/"],
    "scanner/asking/": ["dnswire/", "io/", "scanner/options.h",
                        "scanner/targets/special_use.h", "scanner/upstream/",
                        "scanner/verdict/cause_order.h", "scanner/asking/"],
    "scanner/delegation/": ["dnswire/", "io/", "scanner/options.h",
                            "scanner/targets/special_use.h",
                            "scanner/upstream/", "scanner/asking/",
                            "scanner/delegation/"],
    "scanner/planning/": ["dnswire/", "scanner/options.h", "scanner/targets/", "scanner/upstream/",
                          "scanner/asking/slab.h", "scanner/planning/"],
    "scanner/reuse/": ["dnswire/", "io/", "scanner/targets/",
                       "scanner/upstream/", "scanner/verdict/evidence.h",
                       "scanner/asking/slab.h",
                       "scanner/planning/planned_target.h", "scanner/reuse/"],
    "scanner/walk/": ["dnswire/", "io/nearest_word.h", "io/formats/",
                      "io/files/packed_octets.h",
                      "scanner/targets/", "scanner/upstream/",
                      "scanner/verdict/", "scanner/asking/slab.h",
                      "scanner/walk/"],
    "scanner/audit/": ["dnswire/", "io/", "scanner/options.h",
                       "scanner/targets/", "scanner/upstream/",
                       "scanner/verdict/", "scanner/asking/",
                       "scanner/delegation/", "scanner/audit/"],
    "scanner/advice/": ["dnswire/", "io/", "scanner/verdict/",
                        "scanner/audit/provider_table.h",
                        "scanner/audit/zone_evidence.h", "scanner/advice/"],
    "scanner/overview/": ["dnswire/", "io/", "scanner/targets/",
                          "scanner/verdict/",
                          "scanner/audit/zone_evidence.h",
                          "scanner/audit/zone_verdict.h",
                          "scanner/advice/", "scanner/review/",
                          "scanner/overview/"],
    "scanner/progress/": ["dnswire/", "io/", "scanner/options.h",
                          "scanner/targets/", "scanner/upstream/",
                          "scanner/verdict/", "scanner/asking/",
                          "scanner/walk/finding.h",
                          "scanner/walk/finding_sink.h",
                          "scanner/progress/"],
    "scanner/engine/": ["dnswire/", "io/", "scanner/options.h",
                        "scanner/targets/", "scanner/upstream/",
                        "scanner/verdict/", "scanner/asking/",
                        "scanner/delegation/", "scanner/planning/",
                        "scanner/reuse/", "scanner/progress/",
                        "scanner/audit/readings.h",
                        "scanner/audit/zone_evidence.h",
                        "scanner/audit/zone_verdict.h",
                        "scanner/transfer/", "scanner/walk/",
                        "scanner/engine/"],
    "scanner/run/": ["dnswire/", "io/", "scanner/"],
    # Servers and networks of the tests as programs.
    "tools/fakedns/": ["tools/fakedns/", "tests/support/"],
    "tools/udp_relay/": ["tools/udp_relay/", "tests/support/"],
    "tools/options/": ["dnswire/", "io/", "scanner/", "tools/exit_code.h",
                       "tools/options/", "tools/version.h"],
    "tools/": ["dnswire/", "io/", "scanner/", "tools/"],
    "tests/": ["dnswire/", "io/", "scanner/", "tools/", "bench/", "tests/"],
    "bench/": ["dnswire/", "io/", "scanner/", "tools/", "bench/", "tests/"],
}

# Headers from outside. dnswire: bytes and values only. scanner: what crosses
# the process's edge is io's.
DNSWIRE_FOREIGN = re.compile(r"[a-z_]+|absl/(strings|numeric)/.*")
SCANNER_REFUSED = re.compile(r"unistd\.h|fcntl\.h|poll\.h|cstdio|stdio\.h|"
                             r"(sys|netinet|arpa|net)/.*")
LIBUV = re.compile(r"uv\.h|uv/.*")
LIBUV_ROOM = "io/net/"
TOOLS_ONLY = re.compile(r"(toml\+\+|CLI)/.*")

FOLDERS = ["dnswire", "io", "scanner", "tools", "tests", "bench"]
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def room_of(path):
    rooms = [room for room in ALLOWED if path.startswith(room)]
    return max(rooms, key=len) if rooms else None


def is_ours(include):
    return include.split("/")[0] in FOLDERS


def refuse_ours(path, include):
    room = room_of(path)
    if room is None:
        return "the file is in no known room"
    if not any(include.startswith(prefix) for prefix in ALLOWED[room]):
        return f"{room} may not include it"
    return None


def refuse_foreign(path, include):
    if LIBUV.fullmatch(include) and not path.startswith(LIBUV_ROOM):
        return f"libuv is known to {LIBUV_ROOM} only"
    if TOOLS_ONLY.fullmatch(include) and not path.startswith("tools/"):
        return "options and their files are known to tools/ only"
    if path.startswith("dnswire/") and not DNSWIRE_FOREIGN.fullmatch(include):
        return "dnswire has the standard library and Abseil's strings only"
    if path.startswith("scanner/") and SCANNER_REFUSED.fullmatch(include):
        return "scanner has no descriptors, sockets or files"
    return None


def refuse(root, path, quoted, include):
    """Why the file may not include the header, or None."""
    if is_ours(include):
        return refuse_ours(path, include)
    if quoted and (root / path).parent.joinpath(include).exists():
        return "headers are included by their path from the top"
    return refuse_foreign(path, include)


def check_file(root, path):
    """Lines `FILE:LINE: HEADER: why not` for the includes of one file."""
    faults = []
    text = (root / path).read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        include = match.group(2)
        why = refuse(root, path, match.group(1) == '"', include)
        if why:
            faults.append(f"{path}:{number}: {include}: {why}")
    return faults


def sources(root):
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in (".h", ".cc"):
                yield file.relative_to(root).as_posix()


def main(arguments):
    root = pathlib.Path(arguments[0])
    files = list(sources(root))
    faults = [fault for path in files for fault in check_file(root, path)]
    print("\n".join(faults))
    print(f"{len(files)} files, {len(faults)} includes that point right")
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
