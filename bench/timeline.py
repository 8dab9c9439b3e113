#!/usr/bin/python3
"""Measures nis2report timeline beside sort and jq.

    bench/timeline.py [--ndjson] [--gate] [--bin FOLDER]

LINES (1000000) and RUNS (3) may be set in the environment. Files go to out/bench/timeline/.

Six sources of one day, LINES lines together: events as otdissect and Suricata write them,
Zeek's conn.log, a LIMS and a building system (CSV with mapping files), syslog, and the notes of an
incident's journal. Each source is in order, so that `sort -m` has as little to do as the
merge. sort -m merges the same lines with their times in front, which something must have put
there first: it is a lower bound, not a peer. jq reads the times of the two NDJSON logs alone.
Seconds are user+system, medians; programs take turns; all output goes to /dev/null.
--gate: exit 1 when a mark is missed (300,000 lines a second on one core, at most 160 MiB)."""
import argparse
import json
import os
import random
import shutil
import statistics
import sys

import run

MARK_RATE, MARK_MIB = 300000, 160
DIR = os.path.join(run.OUT, "timeline")
BEGIN = 1795392000                      # 2026-11-23T00:00:00Z
MAPS = {
    "lims": {"timeline_map": 1, "separator": ";",
             "time": {"column": "Tid", "format": "%Y-%m-%d %H:%M:%S", "zone": "UTC"},
             "kind": {"column": "Typ", "words": {"Frisläppt": "result", "Inloggning": "login"},
                      "default": "log"},
             "text": {"template": "{Typ}: {Analys}"}, "asset": {"column": "Instrument"},
             "peer": {"column": "Signatur"}},
    "bms": {"timeline_map": 1, "separator": ";", "encoding": "iso-8859-1", "decimal_comma": True,
            "time": {"column": "Tidpunkt", "format": "%d.%m.%Y %H:%M:%S", "zone": "Europe/Stockholm"},
            "kind": {"column": "Händelse", "words": {"LARM": "alarm", "ÄNDRING": "command"},
                     "default": "log"},
            "severity": {"column": "Prio", "words": {"A": "high", "B": "medium"}, "default": "info"},
            "text": {"template": "{Händelse} {Beskrivning}"}, "asset": {"column": "Enhet"},
            "object": {"column": "Punkt"}, "value": {"column": "Värde"}},
}


def stamp(t, sep="T", zone="+0000"):
    """A moment in microseconds as EVE has it."""
    s, us = divmod(t, 1000000)
    s -= BEGIN
    return "2026-11-23%s%02d:%02d:%02d.%06d%s" % (sep, s // 3600, s // 60 % 60, s % 60, us, zone)


def events(rnd, t):
    a, b = rnd.randrange(1, 60), rnd.randrange(1, 60)
    head = {"timestamp": stamp(t), "event_type": "modbus", "pcap_filename": "day.pcapng",
            "pcap_cnt": rnd.randrange(1, 10**7), "flow_id": rnd.randrange(2**50),
            "community_id": "1:%024x=" % rnd.randrange(2**90), "src_ip": "10.20.0.%d" % a,
            "src_port": 40000 + a, "dest_ip": "10.20.1.%d" % b, "dest_port": 502, "proto": "TCP",
            "app_proto": "modbus"}
    kind = rnd.random()
    address = rnd.randrange(400)
    if kind < 0.3:
        head["event_type"] = "alert"
        head["alert"] = {"action": "allowed", "gid": 1, "signature_id": 2000000 + address, "rev": 1,
                         "signature": "SCADA Modbus write from %d" % address, "category": "Misc",
                         "severity": 1 + address % 3}
    else:
        op = "read" if kind < 0.6 else "write"
        value = rnd.randrange(1000)
        head["modbus"] = {"id": 7, "request": {
            "transaction_id": 7, "protocol_id": 0, "unit_id": 1, "function_raw": 6,
            "function_code": "WrSingleReg", "access_type": "WRITE | HOLDING | SINGLE",
            "category": "PUBLIC_ASSIGNED", "error_flags": "NONE",
            "write": {"address": address, "data": value}}}
        head["ot"] = {"op": op, "service": "WrSingleReg", "object": "holding_register:4%04d" % address,
                      "unit_id": 1, "count": 1, "value": value, "result": "ok", "rtt_us": 1200}
    return json.dumps(head, separators=(",", ":"))


def zeek(rnd, t):
    a = rnd.randrange(1, 250)
    ssh = rnd.random() < 0.5
    return json.dumps({"ts": t / 1e6, "uid": "C%016x" % rnd.randrange(2**60),
                       "id.orig_h": "198.51.100.%d" % a, "id.orig_p": 50000 + a,
                       "id.resp_h": "10.20.1.%d" % rnd.randrange(1, 60), "id.resp_p": 22,
                       "proto": "tcp", "service": "ssh" if ssh else "http", "duration": 12.5,
                       "orig_bytes": 1200, "resp_bytes": 3400, "conn_state": "SF",
                       "history": "ShADadFf", "orig_pkts": 12, "resp_pkts": 15},
                      separators=(",", ":"))


def lims(rnd, t):
    return "%s;%s;%s;HPLC-%d;%s;P-%06d" % (
        stamp(t, " ", "")[:19], rnd.choice(("Frisläppt", "Inloggning", "Körning")),
        rnd.choice(("Laktat", "Glukos", "Kreatinin")), rnd.randrange(1, 9), rnd.choice(("aek", "bli")),
        rnd.randrange(10**6))


def bms(rnd, t):
    # local time is an hour ahead; the day's last hour would be tomorrow's
    s = (t // 1000000 - BEGIN) + 3600
    day = 23 + s // 86400
    s %= 86400
    return "%02d.11.2026 %02d:%02d:%02d;%s;%s;AHU-%d;GT%d%d.PV;%d,%d;Tryck lågt i renrum %d" % (
        day, s // 3600, s // 60 % 60, s % 60, rnd.choice(("LARM", "ÄNDRING", "KVITTERAD")),
        rnd.choice("ABC"), rnd.randrange(1, 9), rnd.randrange(1, 9), rnd.randrange(1, 9),
        rnd.randrange(40), rnd.randrange(10), rnd.randrange(100))


def syslog(rnd, t):
    return "<%d>1 %s host%d app%d %d ID%d - connection from 10.0.%d.%d port %d closed after %d ms" % (
        rnd.randrange(8, 190), stamp(t, "T", "Z"), rnd.randrange(20), rnd.randrange(9),
        rnd.randrange(9999), rnd.randrange(50), rnd.randrange(255), rnd.randrange(255),
        rnd.randrange(65535), rnd.randrange(900))


def journal(rnd, t):
    return json.dumps({"timestamp": stamp(t), "event_type": "incident_note", "seq": 1,
                       "author": rnd.choice(("anna.ek", "bo.lind")),
                       "incident_note": {"text": "Rum %d kontrollerat av %d" % (
                           rnd.randrange(400), rnd.randrange(10**6))}}, separators=(",", ":"))


SOURCES = (("events", "ndjson", events, 0.35, "utf-8"), ("conn", "zeek", zeek, 0.15, "utf-8"),
           ("lims", "csv", lims, 0.1, "utf-8"), ("bms", "csv", bms, 0.15, "iso-8859-1"),
           ("syslog", "syslog", syslog, 0.24, "utf-8"), ("incident", "incident", journal, 0.01, "utf-8"))
HEADERS = {"lims": "Tid;Typ;Analys;Instrument;Signatur;Provnummer",
           "bms": "Tidpunkt;Händelse;Prio;Enhet;Punkt;Värde;Beskrivning"}


def generate(lines):
    """The six logs, and each with its times in front for sort; how many lines there are."""
    paths, keyed, total = [], [], 0
    for name, kind, make, share, encoding in SOURCES:
        n = max(1, int(lines * share))
        path = os.path.join(DIR, str(lines), name + ".log")
        paths.append((name, kind, path))
        keyed.append(path + ".keyed")
        total += n
        if os.path.exists(path + ".keyed"):
            continue
        rnd = random.Random(name)
        with open(path + ".part", "w", encoding=encoding) as f, \
                open(path + ".keyed.part", "w", encoding=encoding) as g:
            if name in HEADERS:
                f.write(HEADERS[name] + "\n")
            for i in range(n):
                t = (BEGIN * 1000000) + 82800 * 1000000 * i // n + rnd.randrange(20000)
                line = make(rnd, t)
                f.write(line + "\n")
                g.write("%d %s\n" % (t, line))
        os.rename(path + ".part", path)
        os.rename(path + ".keyed.part", path + ".keyed")
    for name, m in MAPS.items():
        with open(os.path.join(DIR, name + ".json"), "w") as f:
            json.dump(m, f)
    return paths, keyed, total


def command(nis2report, paths, form="ndjson"):
    argv = [nis2report, "timeline", "-f", form, "--now", "2026-11-24T00:00:00Z"]
    for name, kind, path in paths:
        more = ",map=" + os.path.join(DIR, name + ".json") if kind == "csv" else ""
        argv += ["--source", "%s=%s:%s%s" % (name, kind, path, more)]
    return argv


def main():
    ap = argparse.ArgumentParser(usage=__doc__, add_help=True)
    ap.add_argument("--ndjson", action="store_true")
    ap.add_argument("--gate", action="store_true")
    ap.add_argument("--generate", action="store_true", help="make the logs, print the command, end")
    ap.add_argument("--bin", default=run.TOP)
    a = ap.parse_args()
    nis2report = os.path.join(os.path.abspath(a.bin), "nis2report")
    lines, runs = (int(os.environ.get(k, v)) for k, v in (("LINES", "1000000"), ("RUNS", "3")))
    if not os.path.exists(nis2report):
        sys.exit("bench: %s: not there: run make first" % nis2report)
    os.makedirs(os.path.join(DIR, str(lines)), exist_ok=True)
    paths, keyed, total = generate(lines)
    if a.generate:
        print(" ".join(command(nis2report, paths)))
        return
    programs = {"timeline": command(nis2report, paths)}
    if shutil.which("sort"):
        os.environ["LC_ALL"] = "C"
        programs["sort -m"] = ["sort", "-m", "-n", "-k1,1"] + keyed
    if shutil.which("jq"):
        programs["jq"] = ["jq", "-c", "[.timestamp // .ts, .event_type]", paths[0][2], paths[1][2]]
    of = {"jq": int(lines * 0.35) + int(lines * 0.15)}
    times, rss = {}, {}
    for _ in range(runs):
        for name, argv in programs.items():
            t, kib = run.measure(argv)
            times.setdefault(name, []).append(t)
            rss[name] = max(rss.get(name, 0), kib)
    rates = {k: of.get(k, total) / statistics.median(v) for k, v in times.items()}
    missed = []
    for name in programs:
        row = {"program": name, "lines": of.get(name, total), "lines_per_s": round(rates[name]),
               "rss_mib": round(rss[name] / 1024, 1),
               "timeline_is": round(rates["timeline"] / rates[name], 2)}
        if a.ndjson:
            print(json.dumps(row))
        else:
            print("%-10s %9d lines %12d lines/s %8.1f MiB   timeline is %.2f times as fast" % (
                name, row["lines"], row["lines_per_s"], row["rss_mib"], row["timeline_is"]))
    if rates["timeline"] < MARK_RATE:
        missed.append("%d lines/s, wanted %d" % (rates["timeline"], MARK_RATE))
    if rss["timeline"] / 1024 > MARK_MIB:
        missed.append("%.0f MiB, wanted %d" % (rss["timeline"] / 1024, MARK_MIB))
    for m in missed:
        print("bench: missed: " + m, file=sys.stderr)
    if a.gate and missed:
        sys.exit(1)


if __name__ == "__main__":
    main()
