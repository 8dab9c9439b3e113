#!/usr/bin/python3
"""Measures otdissect beside its peers on generated captures.

    bench/run.py [--ndjson] [--gate] [--otdissect PATH]

SIZE_MB (500), RUNS (3), TSHARK_PACKETS (200000) and KINDS ("mixed modbus s7 enip
opcua"; all but mixed are a fifth as long) may be set in the environment. Files
go to out/bench/. Programs take turns, and the median of
each one's user+system seconds counts: what else runs on the machine then
troubles all of them alike. All output goes to /dev/null.

tshark is slow enough to be given the first packets only; rates are compared.
--gate: exit 1 when a mark is missed (at least 300 times tshark, within 4 times
the hand-formatted bound, at most 100 MiB)."""
import argparse
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
MARK_TSHARK, MARK_BOUND, MARK_MIB = 300, 4, 100
CONTENT = {"mixed": "Modbus, BACnet, MQTT, DNS and ARP", "modbus": "Modbus polling with writes",
           "s7": "S7 polling with writes", "enip": "EtherNet/IP tags, read and written",
           "opcua": "OPC UA reads and writes"}


def build():
    os.makedirs(OUT, exist_ok=True)
    for name, more, libs in (("gen", ["gen_wire.c", "gen_plc.c"], []), ("bound", [], []),
                             ("count", [], ["-lpcap"])):
        src = [os.path.join(HERE, x) for x in [name + ".c"] + more]
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


def measure_all(a, kind, size_mb, runs, few, say):
    """The results of one capture: rows, marks, and what they are about."""
    path = generate(kind, size_mb)
    part, npart = first_packets(path, few)
    warm(path)
    stats, out_bytes = answer(a.otdissect, path)
    packets = stats["decoder"]["pkts"]

    rows = [("otdissect", [a.otdissect, path], packets, path)]
    rows.append(("otdissect -j 2", [a.otdissect, "-j", "2", path], packets, path))
    rows.append(("hand-formatted bound", [os.path.join(OUT, "bound"), path], packets, path))
    rows.append(("libpcap counting loop", [os.path.join(OUT, "count"), path], packets, path))
    if shutil.which("ndpiReader"):
        rows.append(("ndpiReader -q", ["ndpiReader", "-q", "-i", path], packets, path))
    else:
        say("ndpiReader is not installed (Debian: libndpi-bin): left out")
    if shutil.which("tshark"):
        rows.append(("tshark -T ek", ["tshark", "-r", part, "-T", "ek"], npart, part))
    else:
        say("tshark is not installed (Debian: tshark): left out")

    times = {r[0]: [] for r in rows}
    rss = {r[0]: 0 for r in rows}
    for _ in range(runs):
        for name, argv, _n, _f in rows:
            t, kib = measure(argv)
            times[name].append(t)
            rss[name] = max(rss[name], kib)

    res = []
    for name, argv, n, f in rows:
        t = max(statistics.median(times[name]), 0.001)
        res.append({"program": name, "packets": n, "seconds": round(t, 3),
                    "mb_per_s": round(os.path.getsize(f) / 1e6 / t, 1),
                    "packets_per_s": round(n / t), "ns_per_packet": round(t / n * 1e9),
                    "peak_mib": round(rss[name] / 1024, 1), "runs": [round(x, 3) for x in times[name]]})
    ours = res[0]
    ours["events"] = stats["events"]
    ours["events_per_s"] = round(stats["events"] / ours["seconds"])
    ours["output_mb_per_s"] = round(out_bytes / 1e6 / ours["seconds"], 1)
    for r in res:
        r["otdissect_is"] = round(ours["packets_per_s"] / r["packets_per_s"], 3)

    by = {r["program"]: r for r in res}
    marks = [("at least %d times tshark" % MARK_TSHARK, by["tshark -T ek"]["otdissect_is"],
              by["tshark -T ek"]["otdissect_is"] >= MARK_TSHARK)] if "tshark -T ek" in by else []
    slower = 1 / by["hand-formatted bound"]["otdissect_is"]
    marks.append(("within %d times the bound" % MARK_BOUND, round(slower, 2), slower <= MARK_BOUND))
    marks.append(("at most %d MiB" % MARK_MIB, ours["peak_mib"], ours["peak_mib"] <= MARK_MIB))
    return res, marks, os.path.getsize(path), packets


def print_table(kind, res, marks, size, packets, runs):
    ours = res[0]
    print("%s: %.0f MB, %s packets, %s events; median of %d runs, user+sys" %
          (CONTENT[kind], size / 1e6, format(packets, ","), format(ours["events"], ","), runs))
    print()
    print("%-22s %8s %8s %11s %8s %8s %8s" %
          ("PROGRAM", "SECONDS", "MB/S", "PACKETS/S", "NS/PKT", "MIB", "OURS IS"))
    for r in res:
        print("%-22s %8.2f %8.1f %11s %8d %8.1f %7.*fx" %
              (r["program"], r["seconds"], r["mb_per_s"], format(r["packets_per_s"], ","),
               r["ns_per_packet"], r["peak_mib"], 0 if r["otdissect_is"] >= 10 else 2,
               r["otdissect_is"]))
    print()
    print("otdissect wrote %s events and %.0f MB of NDJSON a second" %
          (format(ours["events_per_s"], ","), ours["output_mb_per_s"]))
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
        mb = size_mb if kind == "mixed" else size_mb / 5
        res, marks, size, packets = measure_all(a, kind, mb, runs, few, say)
        missed |= not all(m[2] for m in marks)
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
