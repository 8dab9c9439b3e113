#!/usr/bin/python3
"""Measures otdissect beside its peers on a generated capture.

    bench/run.py [--ndjson] [--gate] [--otdissect PATH]

SIZE_MB (500), RUNS (3) and TSHARK_PACKETS (200000) may be set in the
environment. Files go to out/bench/. Programs take turns, and the median of
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


def build():
    os.makedirs(OUT, exist_ok=True)
    for name, libs in (("gen", []), ("bound", []), ("count", ["-lpcap"])):
        src, dst = os.path.join(HERE, name + ".c"), os.path.join(OUT, name)
        if not os.path.exists(dst) or os.path.getmtime(dst) < os.path.getmtime(src):
            subprocess.run([os.environ.get("CC", "cc"), "-std=c17", "-D_GNU_SOURCE", "-O2", "-Wall",
                            "-o", dst, src] + libs, check=True)


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
    part = os.path.join(OUT, "first-%d.pcap" % want)
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


def main():
    ap = argparse.ArgumentParser(usage=__doc__, add_help=True)
    ap.add_argument("--ndjson", action="store_true")
    ap.add_argument("--gate", action="store_true")
    ap.add_argument("--otdissect", default=os.path.join(TOP, "otdissect"))
    a = ap.parse_args()
    size_mb = float(os.environ.get("SIZE_MB", "500"))
    runs = int(os.environ.get("RUNS", "3"))
    few = int(os.environ.get("TSHARK_PACKETS", "200000"))
    say = (lambda *x: print(*x, file=sys.stderr)) if a.ndjson else print

    if not os.path.exists(a.otdissect):
        sys.exit("bench: %s: not there: run make first" % a.otdissect)
    build()
    path = generate("mixed", size_mb)
    part, npart = first_packets(path, few)
    warm(path)
    stats, out_bytes = answer(a.otdissect, path)
    packets = stats["decoder"]["pkts"]

    rows = [("otdissect", [a.otdissect, path], packets, path)]
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

    if a.ndjson:
        for r in res:
            print(json.dumps({"event_type": "bench", "capture_mb": size_mb, "bench": r}))
        for text, value, met in marks:
            print(json.dumps({"event_type": "bench", "mark": {"text": text, "value": value, "met": met}}))
    else:
        print("%.0f MB, %s packets of Modbus, BACnet, MQTT, DNS, ARP; median of %d runs, user+sys" %
              (os.path.getsize(path) / 1e6, format(packets, ","), runs))
        print("tshark on the first %s packets. %s" % (format(npart, ","), version(["tshark", "--version"])))
        print()
        print("%-22s %8s %8s %11s %8s %8s %8s" %
              ("PROGRAM", "SECONDS", "MB/S", "PACKETS/S", "NS/PKT", "MIB", "OURS IS"))
        for r in res:
            print("%-22s %8.2f %8.1f %11s %8d %8.1f %7.*fx" %
                  (r["program"], r["seconds"], r["mb_per_s"], format(r["packets_per_s"], ","),
                   r["ns_per_packet"], r["peak_mib"], 0 if r["otdissect_is"] >= 10 else 2,
                   r["otdissect_is"]))
        print()
        print("otdissect wrote %s events, %s a second, %.0f MB of NDJSON a second" %
              (format(ours["events"], ","), format(ours["events_per_s"], ","), ours["output_mb_per_s"]))
        for text, value, met in marks:
            print("%-6s %s: %s" % ("met" if met else "MISSED", text, value))
    return 1 if a.gate and not all(m[2] for m in marks) else 0


sys.exit(main())
