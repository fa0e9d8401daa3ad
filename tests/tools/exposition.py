"""Reads Prometheus' text format (version 0.0.4) more strictly than Prometheus.

    exposition.py FILE

Prints each sample as NAME{LABELS} VALUE with the labels sorted and unescaped;
exit 1 and a line for the first fault. What is refused beyond the format's
grammar: samples without HELP and TYPE before them, families in pieces, a series
twice, values that are no plain number, families without a sample.
"""
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r"[a-zA-Z_][a-zA-Z0-9_]*"
SAMPLE = re.compile(r"(%s)(?:\{(.*)\})? (\S+)\Z" % NAME)
PAIR = re.compile(r'(%s)="((?:[^"\\\n]|\\["\\n])*)"(,|\Z)' % LABEL)
ESCAPES = {'\\"': '"', "\\\\": "\\", "\\n": "\n"}


class Fault(Exception):
    pass


def labels_of(text):
    labels = {}
    at = 0
    while at < len(text):
        pair = PAIR.match(text, at)
        if not pair:
            raise Fault("bad labels")
        if pair[1] in labels:
            raise Fault("label %s twice" % pair[1])
        if pair[1].startswith("__"):
            raise Fault("label %s is reserved" % pair[1])
        labels[pair[1]] = re.sub(r'\\["\\n]', lambda m: ESCAPES[m[0]], pair[2])
        at = pair.end()
        if pair[3] == "," and at == len(text):
            raise Fault("a comma too many")
    return tuple(sorted(labels.items()))


class Reader:
    def __init__(self):
        self.family = None  # the one that is being told
        self.helped = set()
        self.typed = set()
        self.samples = {}

    def comment(self, line):
        match = re.match(r"# (HELP|TYPE) (%s) (.+)\Z" % NAME, line)
        if not match:
            raise Fault("neither HELP nor TYPE")
        kind, name, text = match.groups()
        if kind == "HELP":
            if name in self.helped:
                raise Fault("HELP of %s twice" % name)
            if re.search(r"\\(?![\\n])", text):
                raise Fault("bad escape in HELP")
            self.helped.add(name)
            self.family = name
        else:
            if name != self.family or name in self.typed:
                raise Fault("TYPE of %s out of place" % name)
            if text not in ("counter", "gauge", "untyped"):
                raise Fault("unknown type %s" % text)
            self.typed.add(name)

    def sample(self, line):
        match = SAMPLE.match(line)
        if not match:
            raise Fault("no sample")
        name, labels, value = match.groups()
        if name != self.family or name not in self.typed:
            raise Fault("%s is not of the family told of" % name)
        if not re.match(r"-?\d+(\.\d+)?\Z", value):
            raise Fault("bad value %s" % value)
        if labels == "":
            raise Fault("empty braces")
        series = (name, labels_of(labels or ""))
        if series in self.samples:
            raise Fault("%s twice" % (series,))
        self.samples[series] = value

    def read(self, text):
        if not text.endswith("\n"):
            raise Fault("the last line has no end")
        if "\r" in text or "\0" in text:
            raise Fault("a control character")
        for line in text[:-1].split("\n"):
            try:
                if line.startswith("#"):
                    self.comment(line)
                else:
                    self.sample(line)
            except Fault as fault:
                raise Fault("%r: %s" % (line, fault)) from None
        empty = self.helped - {name for name, _ in self.samples}
        if empty:
            raise Fault("no sample of %s" % sorted(empty))


def main(path):
    reader = Reader()
    try:
        with open(path, encoding="utf-8", newline="") as file:
            reader.read(file.read())
    except (Fault, UnicodeDecodeError) as fault:
        sys.exit(str(fault))
    for (name, labels), value in reader.samples.items():
        shown = ",".join("%s=%s" % label for label in labels)
        print("%s{%s} %s" % (name, shown, value))


main(sys.argv[1])
