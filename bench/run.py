#!/usr/bin/python3
"""Measures otdissect beside its peers on generated captures.

    bench/run.py [--ndjson] [--gate] [--otdissect PATH]

KINDS of captures, SIZE_MB long: "modbus mixed office"; and a fifth as long: "s7
enip opcua". SIZE_MB (500), RUNS (3), TSHARK_PACKETS (200000) and KINDS (all of
them) may be set in the environment. Files go to out/bench/. Programs take turns,
and the median of each one's user+system seconds counts: what else runs on the
machine then troubles all of them alike. All output goes to /dev/null.

tshark is slow enough to be given the first packets only; rates are compared.

Each mark is said to be met or MISSED: modbus at 60 % of the hand-formatted
bound's speed, the others at 50 %; 600 times tshark's; faster than ndpiReader; at
most 48 MiB. --gate: exit 1 when one of its own, looser marks is missed: 300 times
tshark, a quarter of the bound's speed, at most 100 MiB."""
import argparse
import glob
import json
import os
import shutil
import statistics
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)
OUT = os.path.join(TOP, "out", "bench")
CONTENT = {"modbus": "Modbus polling with writes", "mixed": "Modbus, BACnet, MQTT, DNS and ARP",
           "office": "An office: TLS, QUIC, SMB, HTTP, calls, names",
           "s7": "S7 polling with writes", "enip": "EtherNet/IP tags, read and written",
           "opcua": "OPC UA reads and writes"}
WHOLE = ("modbus", "mixed", "office")           # SIZE_MB long; the others a fifth
OURS, BOUND, NDPI, TSHARK = "otdissect", "hand-formatted bound", "ndpiReader -q", "tshark -T ek"
# Name, arguments, Debian package. {first}: the capture's first packets.
ROWS = [
    (OURS, ["{otdissect}", "{capture}"], None),
    ("otdissect -j 2", ["{otdissect}", "-j", "2", "{capture}"], None),
    (BOUND, ["{out}/bound", "{capture}"], None),
    ("libpcap counting loop", ["{out}/count", "{capture}"], None),
    ("capinfos", ["capinfos", "{capture}"], "wireshark-common"),
    ("tcpdump -n -r", ["tcpdump", "-n", "-r", "{capture}"], "tcpdump"),
    (NDPI, ["ndpiReader", "-q", "-i", "{capture}"], "libndpi-bin"),
    (TSHARK, ["tshark", "-r", "{first}", "-T", "ek"], "tshark"),
]
# Share of the bound's speed, times tshark, MiB.
GATE_BOUND, GATE_TSHARK, GATE_MIB = 0.25, 300, 100
MARK_BOUND, MARK_TSHARK, MARK_MIB = {"modbus": 0.6}, 600, 48
MARK_BOUND_ELSE = 0.5


def build():
    os.makedirs(OUT, exist_ok=True)
    for name, libs in (("gen", ["-lcrypto"]), ("bound", []), ("count", ["-lpcap"])):
        src = sorted(glob.glob(os.path.join(HERE, name + "*.c")))
        dst = os.path.join(OUT, name)
        if not os.path.exists(dst) or os.path.getmtime(dst) < max(map(os.path.getmtime, src)):
            subprocess.run([os.environ.get("CC", "cc"), "-std=c17", "-D_GNU_SOURCE", "-O2", "-Wall",
                            "-o", dst] + src + libs, check=True)


def generate(kind, megabytes):
    """The capture; a shorter one is the beginning of a longer one."""
    gen = os.path.join(OUT, "gen")
    path = os.path.join(OUT, "%s-%g.pcap" % (kind, megabytes))
    if not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(gen):
        with open(path + ".part", "wb") as f:
            subprocess.run([gen, kind, "%g" % megabytes], stdout=f, check=True)
        os.rename(path + ".part", path)
    return path


def first_packets(path, want):
    """A file with the first `want` packets of path, and how many it has."""
    part = os.path.join(OUT, "first-%d-%s" % (want, os.path.basename(path)))
    n = 0
    with open(path, "rb") as f, open(part, "wb") as g:
        g.write(f.read(24))
        while n < want:
            head = f.read(16)
            if len(head) < 16:
                break
            g.write(head + f.read(struct.unpack("<4I", head)[2]))
            n += 1
    return part, n


def warm(path):
    with open(path, "rb") as f:
        while f.read(1 << 18):
            pass


def measure(argv):
    """user+system seconds and peak KiB of one run. The kernel counts this
    program's own size in until the other is loaded, so it is kept small."""
    null = os.open(os.devnull, os.O_RDWR)
    pid = os.posix_spawnp(argv[0], argv, os.environ,
                          file_actions=[(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)])
    os.close(null)
    _, status, ru = os.wait4(pid, 0)
    if status != 0:
        sys.exit("bench: %s: failed (%d)" % (" ".join(argv), status))
    return ru.ru_utime + ru.ru_stime, ru.ru_maxrss


def answer(otdissect, path):
    """What otdissect makes of the file: its stats record, bytes written."""
    p = subprocess.Popen([otdissect, path], stdout=subprocess.PIPE)
    size, tail = 0, b""
    while True:
        b = p.stdout.read(1 << 18)
        if not b:
            break
        size += len(b)
        tail = (tail + b)[-(1 << 16):]
    p.wait()
    return json.loads(tail.splitlines()[-1])["stats"], size


def version(argv):
    try:
        r = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return r.stdout.decode(errors="replace").splitlines()[0][:60]
    except (OSError, IndexError):
        return "?"


def rows_of(a, path, part, say):
    """What is measured here: name, arguments, which file."""
    rows = []
    for name, argv, package in ROWS:
        if package and not shutil.which(argv[0]):
            say("%s is not installed (Debian: %s): left out" % (argv[0], package))
            continue
        rows.append((name, [x.format(otdissect=a.otdissect, out=OUT, capture=path, first=part)
                            for x in argv], part if "{first}" in argv else path))
    return rows


def marks_of(by, share, tshark, mib, ndpi):
    """Text, value, whether met."""
    ours, marks = by[OURS], []
    if TSHARK in by:
        times = by[TSHARK]["otdissect_is"]
        marks.append(("at least %d times tshark" % tshark, times, times >= tshark))
    is_share = by[BOUND]["otdissect_is"]
    marks.append(("at least %.0f %% of the bound's speed" % (share * 100), round(is_share * 100, 1),
                  is_share >= share))
    if ndpi and NDPI in by:
        marks.append(("faster than ndpiReader", by[NDPI]["otdissect_is"], by[NDPI]["otdissect_is"] > 1))
    marks.append(("at most %d MiB" % mib, ours["peak_mib"], ours["peak_mib"] <= mib))
    return marks


def measure_all(a, kind, size_mb, runs, few, say):
    """The results of one capture: rows, and what they are about."""
    path = generate(kind, size_mb)
    part, npart = first_packets(path, few)
    warm(path)
    stats, out_bytes = answer(a.otdissect, path)
    packets = stats["decoder"]["pkts"]
    rows = rows_of(a, path, part, say)
    times = {r[0]: [] for r in rows}
    rss = {r[0]: 0 for r in rows}
    for _ in range(runs):
        for name, argv, _f in rows:
            t, kib = measure(argv)
            times[name].append(t)
            rss[name] = max(rss[name], kib)

    res = []
    for name, argv, f in rows:
        t = max(statistics.median(times[name]), 0.001)
        n = npart if f == part else packets
        res.append({"program": name, "packets": n, "seconds": round(t, 3),
                    "mb_per_s": round(os.path.getsize(f) / 1e6 / t, 1),
                    "packets_per_s": round(n / t), "ns_per_packet": round(t / n * 1e9),
                    "peak_mib": round(rss[name] / 1024, 1), "runs": [round(x, 3) for x in times[name]]})
        if argv[0] == a.otdissect:
            res[-1]["events"] = stats["events"]
            res[-1]["events_per_s"] = round(stats["events"] / t)
            res[-1]["output_mb_per_s"] = round(out_bytes / 1e6 / t, 1)
    for r in res:
        r["otdissect_is"] = round(res[0]["packets_per_s"] / r["packets_per_s"], 3)
    return res, os.path.getsize(path), packets


def print_table(kind, res, marks, size, packets, runs):
    ours = res[0]
    print("%s: %.0f MB, %s packets, %s events; median of %d runs, user+sys" %
          (CONTENT[kind], size / 1e6, format(packets, ","), format(ours["events"], ","), runs))
    print()
    print("%-22s %8s %8s %11s %8s %10s %8s %8s" %
          ("PROGRAM", "SECONDS", "MB/S", "PACKETS/S", "NS/PKT", "EVENTS/S", "MIB", "OURS IS"))
    for r in res:
        print("%-22s %8.2f %8.1f %11s %8d %10s %8.1f %7.*fx" %
              (r["program"], r["seconds"], r["mb_per_s"], format(r["packets_per_s"], ","),
               r["ns_per_packet"], format(r["events_per_s"], ",") if "events_per_s" in r else "-",
               r["peak_mib"], 0 if r["otdissect_is"] >= 10 else 2, r["otdissect_is"]))
    print()
    print("otdissect wrote %.0f MB of NDJSON a second" % ours["output_mb_per_s"])
    for text, value, met in marks:
        print("%-6s %s: %s" % ("met" if met else "MISSED", text, value))
    print()


def main():
    ap = argparse.ArgumentParser(usage=__doc__, add_help=True)
    ap.add_argument("--ndjson", action="store_true")
    ap.add_argument("--gate", action="store_true")
    ap.add_argument("--otdissect", default=os.path.join(TOP, "otdissect"))
    a = ap.parse_args()
    size_mb = float(os.environ.get("SIZE_MB", "500"))
    runs = int(os.environ.get("RUNS", "3"))
    few = int(os.environ.get("TSHARK_PACKETS", "200000"))
    kinds = os.environ.get("KINDS", " ".join(CONTENT)).split()
    say = (lambda *x: print(*x, file=sys.stderr)) if a.ndjson else print

    if not os.path.exists(a.otdissect):
        sys.exit("bench: %s: not there: run make first" % a.otdissect)
    if any(k not in CONTENT for k in kinds):
        sys.exit("bench: KINDS: one or more of %s" % " ".join(CONTENT))
    build()
    missed = False
    if not a.ndjson:
        print("tshark is given the first %s packets. %s\n" % (format(few, ","), version(["tshark", "--version"])))
    for kind in kinds:
        mb = size_mb if kind in WHOLE else size_mb / 5
        res, size, packets = measure_all(a, kind, mb, runs, few, say)
        by = {r["program"]: r for r in res}
        missed |= not all(m[2] for m in marks_of(by, GATE_BOUND, GATE_TSHARK, GATE_MIB, False))
        marks = marks_of(by, MARK_BOUND.get(kind, MARK_BOUND_ELSE), MARK_TSHARK, MARK_MIB, True)
        if not a.ndjson:
            print_table(kind, res, marks, size, packets, runs)
            continue
        for r in res:
            print(json.dumps({"event_type": "bench", "capture": kind, "capture_mb": mb, "bench": r}))
        for text, value, met in marks:
            print(json.dumps({"event_type": "bench", "capture": kind,
                              "mark": {"text": text, "value": value, "met": met}}))
    return 1 if a.gate and missed else 0


if __name__ == "__main__":
    sys.exit(main())
