"""What tshark sees and what otdissect sees of one capture."""
import json
import os
import subprocess

OTDISSECT = os.environ.get("OTDISSECT", "./otdissect")

UNANSWERED = ("no_response", "not_captured")

def tshark(path, fields, flt, decode=()):
    """Rows of lists (all occurrences) of the fields, for frames that pass."""
    cmd = ["tshark", "-n", "-r", path, "-Y", flt, "-T", "fields", "-E", "occurrence=a",
           "-E", "separator=|", "-E", "aggregator=\x01"]
    for f in fields:
        cmd += ["-e", f]
    for d in decode:
        cmd += ["-d", d]
    out = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    for line in out.decode("utf-8", "replace").splitlines():
        cols = line.split("|")
        yield [c.split("\x01") if c else [] for c in cols]


def total(path, field, flt):
    return sum(len(r[0]) for r in tshark(path, [field], flt))


def frames(path, flt):
    cmd = ["tshark", "-n", "-r", path, "-Y", flt, "-T", "fields", "-e", "frame.number"]
    out = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return len(out.splitlines())


def ours(path):
    out = subprocess.run([OTDISSECT, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return out.returncode, [json.loads(line) for line in out.stdout.splitlines()]


def events(ev, kind):
    return [e for e in ev if e["event_type"] == kind]


def messages(ev, kind):
    """Requests and responses of paired events, each counted once."""
    n = 0
    for e in events(ev, kind):
        d = e.get(kind, {})
        n += ("request" in d) + ("response" in d)
    return n


def simple(kind, layer=None, flt=None):
    """One event of ours for each frame that passes tshark's filter."""
    return (kind, layer or kind, lambda p: frames(p, flt or kind), lambda ev: len(events(ev, kind)))


def field_sum(p, flt, *names):
    return sum(int(x, 0) + 1 for r in tshark(p, names, flt) for f in r for x in f)


def exchanges(kind):
    """Events of ours, each with its answer counted."""
    return lambda ev: sum(1 + ("response" in e.get(kind, {})) for e in events(ev, kind))


def stream_frames(kind):
    return lambda ev: sum(e[kind].get("frames", 0) for e in events(ev, kind))


def told(kind, *what):
    return lambda ev: sum(e.get(kind, {}).get("event") in what for e in events(ev, kind))
