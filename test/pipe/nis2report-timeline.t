#!/usr/bin/python3
"""nis2report timeline: logs of many sources as one: what is read and what cannot be, clocks,
folding, gaps, forms. Expected times are Python's own (datetime, zoneinfo), not the program's."""
import csv
import datetime
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import zoneinfo

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(TOP, "test"))
try:
    import schema
except ImportError:
    print("1..0 # SKIP no python3-jsonschema")
    sys.exit(0)

BIN = os.path.abspath(os.environ.get("OTKIT_BIN", "."))
PROG = BIN + "/nis2report"
SITE = TOP + "/examples/site.json"
NOW = "2026-11-23T12:00:00Z"
tmp = tempfile.TemporaryDirectory(prefix="otkit-timeline-")
os.chdir(tmp.name)
tests = bad = 0
WRONG = []                              # records that do not hold to their schemas
STOCKHOLM = zoneinfo.ZoneInfo("Europe/Stockholm")


def ok(good, text, *notes):
    global tests, bad
    tests += 1
    bad += not good
    print("%sok %d - %s" % ("" if good else "not ", tests, text))
    for n in notes if not good else ():
        print("# " + str(n)[:2000].replace("\n", "\n# "))


def run(*args, data=None):
    stdin = {"input": data} if data is not None else {"stdin": subprocess.DEVNULL}
    p = subprocess.run([PROG, "timeline", "--now", NOW, *args], capture_output=True, **stdin)
    return p.returncode, p.stdout, p.stderr.decode()


class Answer:
    """What -f ndjson says."""

    def __init__(self, *args, data=None):
        self.status, out, self.err = run("-f", "ndjson", *args, data=data)
        self.out = out
        self.records = [json.loads(x) for x in out.splitlines()]
        WRONG.extend(x for x in map(schema.check, self.records[:200]) if x)

    def of(self, kind):
        return [r[kind] for r in self.records if r["event_type"] == kind]

    @property
    def items(self):
        return [dict(r["timeline"], at=r["timestamp"], pcap=r.get("pcap_cnt"))
                for r in self.records if r["event_type"] == "timeline"]

    @property
    def faults(self):
        return [(f["file"], f.get("line"), f["what"], f["expected"] if "expected" in f else "",
                 f["kept"]) for f in self.of("timeline_fault")]


def write(name, text, encoding="utf-8"):
    with open(name, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode(encoding))
    return name


def stamp(dt):
    return dt.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f+0000")


def local(*args, fold=0):
    return stamp(datetime.datetime(*args, tzinfo=STOCKHOLM, fold=fold))


def mapping(name, **members):
    m = {"timeline_map": 1, "time": {"column": "Tid", "format": "%Y-%m-%d %H:%M:%S"},
         "text": {"column": "Text"}}
    m.update(members)
    return write(name, json.dumps(m))


def rec(t, kind, **members):
    return json.dumps({"timestamp": t, "event_type": kind, **members}) + "\n"


# --- one of each kind of record --------------------------------------------------------------
T = "2026-11-20T09:%02d:%02d.000000+0000"
PLC = {"src_ip": "10.30.0.5", "src_port": 40000, "dest_ip": "10.20.0.9", "dest_port": 502,
       "proto": "TCP", "app_proto": "modbus", "community_id": "1:7wY1Jd3c21kZBQJvFt/2ncD+sIM="}
WRITE = {"op": "write", "service": "WrSingleReg", "object": "holding_register:40012", "value": 25,
         "result": "ok"}
records = "".join([
    rec(T % (12, 3), "modbus", pcap_filename="a.pcap", pcap_cnt=7, **PLC, ot=WRITE),
    rec(T % (12, 4), "modbus", **PLC, ot={"op": "read", "service": "RdHoldRegs"}),
    rec(T % (13, 0), "modbus", **PLC, modbus={"request": {
        "function_raw": 6, "function_code": "WrSingleReg", "write": {"address": 12, "data": 9}}}),
    rec(T % (14, 0), "s7comm", **PLC, ot={"op": "program", "service": "delete_block",
                                          "object": "DB3", "result": "not_permitted"}),
    rec(T % (15, 0), "alert", **PLC, alert={"signature": "Modbus write", "severity": 1}),
    rec(T % (16, 0), "change", change={"kind": "changed", "what": "asset", "severity": "medium",
        "field": "firmware", "old": "4.2.0", "new": "4.2.1",
        "asset": {"id": "lab/1", "name": "AHU-2", "ips": ["10.20.0.9"], "zone": "bms"}}),
    rec(T % (17, 0), "calibration", seq=4, author="anna", calibration={
        "instrument": "HPLC-4", "certificate": "K-1", "performed": "2026-11-19", "verdict": "fail"}),
    rec(T % (18, 0), "remote_session", remote_session={
        "party": "unknown", "peer": "203.0.113.9", "device": "HPLC-4", "tool": "SSH",
        "start": T % (18, 0), "end": T % (19, 0)}),
    rec(T % (20, 30), "note", note={"person": "omar.said", "text": "Gick ner och tittade"}),
    rec(T % (20, 0), "incident_note", author="bo", incident_note={
        "text": "Ringde leverantören", "at": T % (11, 0)}),
    rec(T % (21, 0), "incident_submission", author="bo", incident_submission={
        "stage": "upplysning", "receipt": "D-1"}),
    rec(T % (22, 0), "credential", **PLC, credential={"app_proto": "ftp", "kind": "password",
                                                     "form": "clear", "default": True}),
    rec(T % (23, 0), "flow", src_ip="203.0.113.9", dest_ip="10.10.0.14", proto="TCP", app_proto="ssh",
        flow={"start": T % (23, 0), "end": T % (24, 30)}),
    rec(T % (25, 0), "asset", asset={"id": "x"}),
    rec(T % (26, 0), "bacnet", src_ip="10.20.0.9", dest_ip="10.30.0.5", proto="UDP",
        ot={"op": "alarm", "service": "ConfirmedEventNotification", "object": "analog-input,10"}),
])
a = Answer("-s", SITE, write("night.ndjson", records))
ok(a.status == 0 and not a.err, "records of all kinds are read without a word", a.err)
got = [(i["at"][11:19], i["kind"], i["severity"], i.get("asset"), i["text"]) for i in a.items]
want = [
    ("09:11:00", "note", "info", None, "Ringde leverantören"),
    ("09:12:03", "command", "notice", "10.20.0.9",
     "write holding_register:40012 = 25 (WrSingleReg)"),
    ("09:13:00", "command", "notice", "10.20.0.9", "write holding_register:40013 = 9 (WrSingleReg)"),
    ("09:14:00", "command", "medium", "10.20.0.9", "program DB3 (delete_block): not_permitted"),
    ("09:15:00", "alert", "high", "10.20.0.9", "Modbus write"),
    ("09:16:00", "change", "medium", "AHU-2", "asset changed: firmware 4.2.0 → 4.2.1"),
    ("09:17:00", "calibration", "medium", "HPLC-4", "calibration K-1, performed 2026-11-19: fail"),
    ("09:18:00", "session", "medium", "HPLC-4", "SSH session begins"),
    ("09:19:00", "session", "medium", "HPLC-4", "SSH session ends"),
    ("09:20:30", "note", "info", None, "Gick ner och tittade"),
    ("09:21:00", "note", "info", None, "submitted: upplysning, D-1"),
    ("09:22:00", "login", "medium", "10.20.0.9", "ftp: password, clear, factory default"),
    ("09:23:00", "session", "medium", "HPLC-4", "SSH session begins"),
    ("09:24:30", "session", "medium", "HPLC-4", "SSH session ends"),
    ("09:26:00", "alarm", "medium", "10.20.0.9", "alarm analog-input,10 (ConfirmedEventNotification)"),
]
site = json.load(open(SITE))
names = {ip: i["id"] for i in site["instruments"] for ip in
         (i["ip"] if isinstance(i.get("ip"), list) else [i.get("ip")])}
want = [w[:3] + (names.get(w[3], w[3]),) + w[4:] for w in want]
ok(got == want, "items, in order, with kind, severity, the site's names and what happened",
   "\n".join("%s\n   want %s" % (g, w) for g, w in zip(got + [None] * 20, want) if g != w), len(got))
w = a.items[1]
ok((w["pcap"], w["line"], w["file"], w["object"], w["value"], w["zone"]) ==
   (7, 1, "night.ndjson", "holding_register:40012", "25", "bms"),
   "an item says its packet, its line, object, value and zone", w)
ok("peer" not in a.items[-1] and w["peer"] == "10.30.0.5", "who wrote is the peer; whom an alarm is told to is not",
   a.items[-1], w)
s = a.of("timeline_source")[0]
ok(s["lines"] == 15 and s["items"] == 15 and s["passed_over"] == 2 and s["faults"] == 0,
   "lines, items and what was passed over are counted", s)
b = Answer("-s", SITE, "--all", "night.ndjson")
ok(len(b.items) > len(a.items) and any("RdHoldRegs" in i["text"] for i in b.items),
   "--all: reads are items, too", len(b.items))
ok(Answer("-s", SITE, "night.ndjson").out == a.out, "the same input gives the same bytes")
c = Answer("-s", SITE, "--from", "2026-11-20T09:13:00Z", "--to", "2026-11-20T09:15:00Z", "night.ndjson")
ok([i["at"][11:19] for i in c.items] == ["09:13:00", "09:14:00"],
   "--from is in the period, --to is not", [i["at"] for i in c.items])
c = Answer("--from", "2026-11-20", "--to", "2026-11-20", write("edge.ndjson", "".join(
    rec(t, "alert", alert={"signature": t, "severity": 3}) for t in (
        "2026-11-19T22:59:59.999999+0000", "2026-11-19T23:00:00.000000+0000",
        "2026-11-20T22:59:59.999999+0000", "2026-11-20T23:00:00.000000+0000"))))
ok([i["at"] for i in c.items] == ["2026-11-19T23:00:00.000000+0000", "2026-11-20T22:59:59.999999+0000"],
   "a day is the site's, from midnight to midnight", [i["at"] for i in c.items])

a = Answer(write("float.ndjson", "".join(rec(T % (30, i), "s7comm", **PLC, ot=dict(WRITE, value=v)) for i, v in enumerate((
    8.399999618530273, 0.1, -2.3499999046325684, 8.39999961853, 4294967296, 0.20000000298023224)))))
ok([i["value"] for i in a.items] == ["8.4", "0.1", "-2.35", "8.39999961853", "4294967296", "0.2"],
   "numbers of single precision are written as people write them, others stay", [i["value"] for i in a.items])

# --- Zeek --------------------------------------------------------------------------------------
write("conn.log", "".join(json.dumps(x) + "\n" for x in (
    {"ts": 1795392000.25, "uid": "C1", "id.orig_h": "198.51.100.7", "id.orig_p": 1, "id.resp_h":
     "10.10.0.14", "id.resp_p": 22, "proto": "tcp", "service": "ssh", "duration": 60.5},
    {"ts": 1795392001, "uid": "C2", "id.orig_h": "10.10.0.14", "id.orig_p": 1, "id.resp_h":
     "10.10.0.15", "id.resp_p": 53, "proto": "udp", "service": "dns", "duration": 1})))
write("modbus_detailed.log", json.dumps(
    {"ts": 1795392100, "uid": "C3", "id.orig_h": "10.30.0.5", "id.resp_h": "10.20.0.9", "func":
     "WRITE_SINGLE_REGISTER", "address": 11, "request_values": [25]}) + "\n")
a = Answer("-s", SITE, "--source", "zeek=zeek:conn.log", "modbus_detailed.log")
got = [(i["source"], i["kind"], i["text"], i.get("peer"), i["at"]) for i in a.items]
ok(got == [("zeek", "session", "SSH session begins", "nordlab", "2026-11-23T00:00:00.250000+0000"),
           ("zeek", "session", "SSH session ends", "nordlab", "2026-11-23T00:01:00.750000+0000"),
           ("modbus_detailed", "command",
            "write holding_register:40012 = 25 (WRITE_SINGLE_REGISTER)", "10.30.0.5",
            "2026-11-23T00:01:40.000000+0000")] or
   (len(got) == 3 and got[2][3] != "10.30.0.5" and got[2][2].endswith("(WRITE_SINGLE_REGISTER)")),
   "Zeek: a supplier's session by conn.log, a write by ICSNPP's log", got, a.err)

# --- CSV with a map ------------------------------------------------------------------------------
bms = """Tidpunkt;Händelse;Prio;Enhet;Punkt;Värde;Beskrivning;Intern
20.11.2026 10:12:41;LARM;A;ahu-2;GT41;9,5;Tryck lågt;hemligt
20.11.2026 10:12:42;LARM;C;AHU-2;GT41;-0,5;"Med ""citat"" och
två rader; så";x
20.11.2026 10:15:00;KVITTERAD;;10.20.0.9;;;Kvitterat;x
20.11.2026 10:16:00;DRIFT;;AHU-2;;;Polling;x
"""
m = {"timeline_map": 1, "separator": ";", "encoding": "iso-8859-1", "decimal_comma": True,
     "time": {"column": "Tidpunkt", "format": ["%Y-%m-%d", "%d.%m.%Y %H:%M:%S"][1:],
              "zone": "Europe/Stockholm"},
     "kind": {"column": "Händelse", "words": {"LARM": "alarm", "KVITTERAD": "log"}},
     "severity": {"column": "Prio", "words": {"A": "high"}, "default": "info"},
     "text": {"template": "{Händelse}: {Beskrivning}"}, "asset": {"column": "Enhet"},
     "object": {"column": 5}, "value": {"column": "Värde"},
     "skip": [{"column": "Beskrivning", "words": ["Polling"]}], "x-note": "own"}
write("bms.json", json.dumps(m))
write("bms.csv", bms, "iso-8859-1")
a = Answer("-s", SITE, "--source", "bms=csv:bms.csv,map=bms.json")
got = [(i["at"], i["kind"], i["severity"], i["asset"], i["text"], i.get("value"), i["line"]) for i in a.items]
ahu = names.get("10.20.0.9", "10.20.0.9")
ok(got == [(local(2026, 11, 20, 10, 12, 41), "alarm", "high", "AHU-2", "LARM: Tryck lågt", "9.5", 2),
           (local(2026, 11, 20, 10, 12, 42), "alarm", "info", "AHU-2",
            'LARM: Med "citat" och två rader; så', "-0.5", 3),
           (local(2026, 11, 20, 10, 15), "log", "info", ahu, "KVITTERAD: Kvitterat", None, 5)],
   "CSV: ISO 8859-1, quotes over two lines, decimal comma, words, numbers and names of columns",
   got, a.err)
ok(b"hemligt" not in a.out and b"Intern" not in a.out and a.status == 0 and not a.faults,
   "no column is read that the map does not name", a.err)
for enc, sep, bom, about in (("utf-8", ",", b"", "UTF-8 and commas that the header tells"),
                             ("utf-8", ";", b"\xef\xbb\xbf", "a byte order mark, whatever the map says"),
                             ("utf-8", "\t", b"sep=\t\r\n", "sep= and tabs, CR LF"),
                             ("cp1252", "|", b"", "Windows-1252 and bars")):
    name = mapping("any.json", encoding="windows-1252" if bom[:1] == b"\xef" or enc == "cp1252" else "utf-8")
    write("any.csv", bom + "\r\n".join(("Tid%sText" % sep, "2026-11-20 10:00:00%s“Åäö” €" % sep)).encode(enc))
    a = Answer("--source", "x=csv:any.csv,map=any.json,zone=UTC")
    ok([i["text"] for i in a.items] == ["“Åäö” €"] and not a.faults, "CSV: " + about, a.items, a.err)
mapping("numbered.json", header=False, time={"columns": [1, 2], "format": "%d/%m/%y %I:%M %p",
                                             "century": 2000, "zone": "+02:00"}, text={"columns": [4, 3]})
write("numbered.csv", "20/11/26,01:05 PM,b,a\n")
a = Answer("--source", "x=csv:numbered.csv,map=numbered.json")
ok([(i["at"][:19], i["text"]) for i in a.items] == [("2026-11-20T11:05:00", "a b")],
   "columns by number, a day and an hour apart, PM, a century, an offset", a.items, a.err)

# --- NDJSON with a map, and syslog --------------------------------------------------------------
write("nd.json", json.dumps({"timeline_map": 1, "time": {"column": "meta.at", "format": ["epoch_ms", "iso8601"]},
                             "text": {"template": "{msg} ({id.orig_h})"}, "kind": "result"}))
write("nd.ndjson", '{"meta":{"at":1795392000123},"msg":"Å\\n\\u00f6","id.orig_h":"h"}\n'
      '{"meta":{"at":"2026-11-23T01:00:00,5+01:00"},"msg":"b","id":{"orig_h":"i"}}\n')
a = Answer("--source", "lims=ndjson:nd.ndjson,map=nd.json")
ok([(i["at"], i["kind"], i["text"]) for i in a.items] == [
    ("2026-11-23T00:00:00.123000+0000", "result", "Å\nö (h)"),
    ("2026-11-23T00:00:00.500000+0000", "result", "b (i)")], "NDJSON by a map: paths, flat keys, two forms",
   a.items, a.err)
write("sys.log", "<34>1 2026-11-20T09:00:00.5Z fw su 12 ID47 [a@1 b=\"x]\\\"y\"][c] \xef\xbb\xbffailed\n"
      .encode("latin-1").decode("latin-1") + "<165>Nov 20 10:00:01 fw kernel: drop\n"
      "Nov 20 10:00:02 fw sshd[77]: Accepted publickey for anna\n"
      "2026-11-20T10:00:03.000001+01:00 fw app: new form\n70 <13>1 - - - - - -\n", "latin-1")
a = Answer("--source", "fw=syslog:sys.log,zone=Europe/Stockholm")
got = [(i["at"], i["kind"], i["severity"], i["text"]) for i in a.items]
ok(got == [("2026-11-20T09:00:00.500000+0000", "log", "high", "su: failed"),
           (local(2026, 11, 20, 10, 0, 1), "log", "notice", "kernel: drop"),
           (local(2026, 11, 20, 10, 0, 2), "login", "info", "sshd: Accepted publickey for [account]"),
           ("2026-11-20T09:00:03.000001+0000", "log", "info", "app: new form")],
   "syslog: RFC 5424 with data and a mark, RFC 3164 with and without PRI, a file's new form", got)
ok(a.faults == [("sys.log", 5, "no time", "a time of RFC 3339, 2026-11-22T04:21:01.123Z", False)] and
   a.status == 2, "a message without a time is said", a.faults, a.err)
write("turn.log", "".join("%s 23:59:59 h a: %s\n" % (d, d) for d in ("Nov 30", "Dec 31")) +
      "Jan  1 00:00:01 h a: new\nFeb 29 12:00:00 h a: leap\n")
a = Answer("--source", "h=syslog:turn.log,zone=UTC")
ok([i["at"][:10] for i in a.items] == ["2024-02-29", "2025-11-30", "2025-12-31", "2026-01-01"],
   "years of syslog: the newest before now, a leap day's", [i["at"] for i in a.items], a.err)
a = Answer("--source", "h=syslog:turn.log,zone=UTC", "--year", "2023")
ok([i["at"][:10] for i in a.items] == ["2023-11-30", "2023-12-31", "2024-01-01", "2024-02-29"] and
   "turn.log:3: the year turned to 2024" in a.err, "--year, and the turn is said", a.err)

# --- what cannot be read: each with file and line -------------------------------------------------


def fault(text, what, expected, *, name="bad.csv", kept=False, line=3, map_=None, status=None,
          kind="csv", items=None, encoding="utf-8"):
    """A line 3 that is wrong among three good ones."""
    write(name, text, encoding)
    spec = "x=%s:%s,zone=Europe/Stockholm" % (kind, name) + (",map=" + map_ if map_ else "")
    a = Answer("--source", spec)
    hits = [f for f in a.faults if what in f[2]]
    said = any(re.match(r"nis2report timeline: %s:%d: .*%s.*expected .*%s" % (
        re.escape(name), line, re.escape(what), re.escape(expected)), x) for x in a.err.splitlines())
    good = (len(hits) == 1 and hits[0][:2] == (name, line) and expected in hits[0][3] and
            hits[0][4] == kept and said and a.status == (0 if kept else 2))
    n = len(a.items)
    counted = a.of("timeline_source")[0]["doubts" if kept else "faults"]
    ok(good and counted == len(a.faults) and n == (items if items is not None else 3 if kept else 2),
       "said with file and line, counted and listed: " + what + " (" + expected[:30] + ")",
       a.faults, a.err, n, counted)


mapping("m.json")
HEAD = "Tid,Text\n"
GOOD = "2026-11-20 10:00:00,a\n", "2026-11-20 10:20:00,b\n"
for row, what, expected in (
        ("2026-11-20 10:10:00\n", "the number of cells", "2, as in the first line; it has 1"),
        ("2026-11-20 10:10:00,a,b,c\n", "the number of cells", "it has 4"),
        ('2026-11-20 10:10:00,"a"b\n', "a quote", "a separator"),
        ("20/11/2026 10:10,a\n", "a time of no known form: 20/11/2026 10:10", "%Y-%m-%d %H:%M:%S"),
        ("26-11-20 10:10:00,a\n", "a year of two digits: 26-11-20 10:10:00", "four digits"),
        ("2026-02-29 10:10:00,a\n", "no such day or hour: 2026-02-29", "a day and an hour"),
        ("2026-11-20 24:10:00,a\n", "no such day or hour", "a day and an hour"),
        (",a\n", "no time", "a time where the map says")):
    fault(HEAD + GOOD[0] + row + GOOD[1], what, expected, map_="m.json")
fault((HEAD + GOOD[0] + "2026-11-20 10:10:00,Åäö\n" + GOOD[1]).encode("latin-1"),
      "not the encoding expected", "UTF-8", kept=True, map_="m.json")
fault(HEAD + "2026-10-25 01:00:00,a\n2026-10-25 02:30:00,b\n" + "2026-10-25 03:30:00,a\n",
      "an hour that came twice: 2026-10-25 02:30:00", "an offset; taken as +02:00", kept=True, map_="m.json")
fault(HEAD + "2026-03-29 01:00:00,a\n2026-03-29 02:30:00,b\n" + "2026-03-29 03:30:00,a\n",
      "an hour that never was: 2026-03-29 02:30:00", "Europe/Stockholm; taken as 2026-03-29 03:00 +02:00",
      kept=True, map_="m.json")
mapping("w.json", kind={"column": "Text", "words": {"a": "alarm", "b": "command"}})
fault(HEAD + GOOD[0] + "2026-11-20 10:10:00,c\n" + GOOD[1], "a word that the map does not know: c",
      "taken as log", kept=True, map_="w.json")
J = rec(T % (0, 0), "alert", alert={"signature": "x", "severity": 3})
K = rec(T % (9, 0), "alert", alert={"signature": "y", "severity": 3})
for row, what, expected in (('{"timestamp":\n', "not JSON", ""), ('2026-11-20;AHU-2;x\n', "not JSON: not an object", "a record"), ('{"a":1}\n', "no record that is known", "event_type"),
                            ('{"event_type":"alert","alert":{}}\n', "no time", "timestamp"),
                            ('{"event_type":"alert","timestamp":"igår"}\n', "no time", "timestamp")):
    fault(J + "\n" + row + K, what, expected, name="bad.ndjson", kind="ndjson")
fault((J + "\n").encode() + b'{"event_type":"\xe5"}\n' + K.encode(), "not JSON", "", name="bad.ndjson", kind="ndjson")
S = "Nov 20 10:00:0%d h a: x%d\n"
for row, what, expected in (("<999>1 x\n", "not syslog", "<PRI>1"), ("hello\n", "not syslog", "Nov 22"),
                            ("<13>1 26-11-20T10:00:00Z h a - - - x\n", "a year of two digits", "RFC 3339"),
                            ("<13>1 yesterday h a - - - x\n", "a time of no known form", "RFC 3339"),
                            ("Feb 30 10:00:00 h a: x\n", "no such day or hour", "a day and an hour")):
    fault(S % (1, 1) + "\n" + row + S % (2, 2), what, expected, name="bad.log", kind="syslog")
fault((S % (1, 1) + S % (2, 2)).encode() + "Nov 20 10:00:03 h a: blåst\n".encode("latin-1"),
      "not the encoding expected", "UTF-8", name="bad.log", kind="syslog", kept=True)
write("quote.csv", HEAD + GOOD[0] + '2026-11-20 10:10:00,"never closed\n' + GOOD[1] * 3)
a = Answer("--source", "x=csv:quote.csv,map=m.json,zone=UTC")
ok([(f[:3]) for f in a.faults] == [("quote.csv", 3, "a quote")] and sum(i.get("count", 1) for i in a.items) == 4 and
   [i["line"] for i in a.items] == [2, 4], "a quote that is never closed swallows no other line", a.faults, a.items)
write("quotes.csv", HEAD + '2026-11-20 10:10:00,"x\n' * 130 + GOOD[1])
a = Answer("--source", "x=csv:quotes.csv,map=m.json,zone=UTC")
ok(len(a.faults) + sum(i.get("count", 1) for i in a.items) <= 131 and
   a.of("timeline_source")[0]["lines"] == 132 and any(f[1] == 2 for f in a.faults), "quotes on every line come to an end",
   a.faults[:3], len(a.faults))
write("many.csv", HEAD + "x,y\n" * 50)
a = Answer("--source", "x=csv:many.csv,map=m.json,zone=UTC")
ok(len(a.faults) == 50 and len(re.findall(r"many.csv:\d+:", a.err)) == 20 and
   "many.csv: 30 more lines: a time of no known form" in a.err and "50 of 51 lines could not be read" in a.err,
   "twenty are said, the rest is counted, all are listed", a.err)
write("utf16.csv", ("Tid,Text\n" + GOOD[0]).encode("utf-16"))
a = Answer("--source", "x=csv:utf16.csv,map=m.json,zone=UTC")
ok("UTF-16" in a.err and a.status == 2 and a.faults, "UTF-16 is said", a.err)
mapping("none.json", text={"column": "Txt"})
a = Answer("--source", "x=csv:any.csv,map=none.json,zone=UTC")
ok('expected a column "Txt" in its header line' in a.err and a.status == 2, "a column that is not there", a.err)
a = Answer(write("long.ndjson", J + '{"event_type":"' + "x" * (1 << 20) + '"}\n' + K))
ok([f[:3] for f in a.faults] == [("long.ndjson", 2, "longer than a record may be")] and len(a.items) == 2,
   "a line longer than a record", a.faults)
mapping("nozone.json")
a = Answer("--source", "x=csv:bad.csv,map=nozone.json", "--source", "y=csv:bad.csv,map=nozone.json")
ok(a.err.count("times without a zone: read as Europe/Stockholm") == 2 and
   all(s["zone_assumed"] for s in a.of("timeline_source")),
   "times without a zone: the site's, said once for each source", a.err)

# --- maps that are wrong -------------------------------------------------------------------------------
for members, expected in (({"time": {"column": "Tid", "format": "%y-%m-%d %H:%M"}}, "a year of two digits: which century?"),
                          ({"time": {"column": "Tid", "format": "%Y-%q"}}, "expected iso8601"),
                          ({"time": {"column": "Tid", "zone": "America/Lima"}}, "time.zone: expected UTC"),
                          ({"textt": {"column": "a"}}, "textt: no such member"),
                          ({"text": {}}, "text: expected column"), ({"kind": "alarmm"}, "kind: expected command"),
                          ({"kind": {"column": "K", "words": {"a": "gap"}}}, "kind: expected command"),
                          ({"encoding": "latin1"}, "encoding: expected utf-8"), ({"separator": ";;"}, "separator: expected one"),
                          ({"timeline_map": 2}, "no mapping file")):
    mapping("wrong.json", **members)
    a = Answer("--source", "x=csv:any.csv,map=wrong.json")
    ok(a.status == 2 and not a.out and re.search(r"wrong.json: .*" + re.escape(expected), a.err),
       "a map is read strictly: " + expected, a.err)
for args, expected in ((("--source", "x"), "expected NAME=KIND:FILE"), (("--source", "x=xml:f"), '"xml" is no kind'),
                       (("--source", "x=csv:f"), "expected map=FILE"), (("--clock", "x=1"), "expected NAME=+1.5s"),
                       (("--source", "x=syslog:f,clock=soon"), "expected +1.5s"), (("--fold", "x"), "a number from 0"),
                       (("--clock", "nobody=+1s", "night.ndjson"), "no such source"),
                       (("--from", "2026-11-21", "--to", "2026-11-20", "night.ndjson"), "nothing lies between")):
    status, out, err = run(*args)
    ok(status == 2 and not out and expected in err, "usage: " + expected, err)

# --- clocks -----------------------------------------------------------------------------------------------
rnd = random.Random(8)
wire, log = [], []
base = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.timezone.utc)
for i in range(20):
    t = base + datetime.timedelta(seconds=300 * i + rnd.random())
    wire.append(rec(stamp(t), "modbus", **PLC, ot=dict(WRITE, value=100 + i)))
    # the building system's clock is 12.4 s ahead; it is a tenth of a second late
    shown = t + datetime.timedelta(seconds=12.4 + rnd.uniform(-0.1, 0.1))
    log.append("%s,10.20.0.9,holding_register:40012,%d,Ändring" % (
        shown.strftime("%Y-%m-%d %H:%M:%S.%f"), 100 + i))
write("wire.ndjson", "".join(wire))
write("clock.csv", "Tid,Enhet,Punkt,Värde,Text\n" + "\n".join(log) + "\n")
mapping("clock.json", time={"column": "Tid", "format": "%Y-%m-%d %H:%M:%S%f", "zone": "UTC"}, kind="command",
        asset={"column": "Enhet"}, object={"column": "Punkt"}, value={"column": "Värde"})
both = ("--fold", "0", "--source", "bms=csv:clock.csv,map=clock.json", "wire.ndjson")
a = Answer(*both)
ok(re.search(r"wire: its clock seems 12\.\d s behind that of bms \(20 pairs.*nothing was shifted", a.err) and
   len(a.items) == 40, "clocks that differ are said, and nothing is shifted", a.err)
a = Answer("--clock", "bms=estimate:wire", *both)
c = a.of("timeline_source")[0]["clock"]
ok(c["basis"] == "estimated" and abs(c["offset_s"] + 12.4) < 0.06 and c["pairs"] == 20 and c["spread_s"] < 0.1 and
   c["by"] == "wire" and c["rule"] == "same-write", "an estimate: the median, its spread, pairs and rule", c)
ok("bms: clock put right by -12." in a.err and "20 pairs (same-write), spread 0.0" in a.err, "and is said", a.err)
ok(len(a.items) == 20 and all(i["count"] == 2 and i.get("also") for i in a.items),
   "put right, each write is one item that both sources tell of", len(a.items))
a = Answer("--clock", "bms=-12.4s", *both)
i = [x for x in a.items if x["source"] == "bms"]
c = a.of("timeline_source")[0]["clock"]
ok(c == {"basis": "declared", "offset_s": -12.4} and (not i or "shown" in i[0]), "a declared offset", c)
a = Answer("--clock", "bms=estimate:none", *both)
ok(a.status == 2 and "no such other source" in a.err, "an estimate by nobody", a.err)
write("few.ndjson", "".join(wire[:2]))
a = Answer("--clock", "bms=estimate:few", *both[:-1], "few.ndjson")
ok(a.status == 2 and "fewer than three things that both saw" in a.err and not a.out, "two pairs are too few", a.err)
scatter = []
for i, line in enumerate(log):
    cells = line.split(",")
    t = base + datetime.timedelta(seconds=300 * i + 700 * (i % 9))
    scatter.append(",".join([t.strftime("%Y-%m-%d %H:%M:%S.%f")] + cells[1:]))
write("scatter.csv", "Tid,Enhet,Punkt,Värde,Text\n" + "\n".join(scatter) + "\n")
a = Answer("--clock", "s=estimate:wire", "--source", "s=csv:scatter.csv,map=clock.json", "wire.ndjson")
ok(a.status == 2 and "the differences do not lie together" in a.err, "differences that do not agree are refused", a.err)
a = Answer("--clock", "bms=estimate:wire", "--clock", "wire=estimate:bms", *both)
ok(a.status == 2 and "estimated by each other" in a.err, "two clocks by each other", a.err)

# --- what Suricata says of DNP3 and EtherNet/IP: names of groups and operations as IEEE 1815-2012 has them -----
def eve(us, kind, detail, src="10.30.0.21", dst="10.30.0.41"):
    return rec(T % us, kind, src_ip=src, src_port=50101, dest_ip=dst, dest_port=20000, proto="TCP", **{kind: detail})


def dnp3(code, *objects, kind="request"):
    return {"type": kind, "src": 1, "dst": 10, "application": {"control": {"sequence": 3}, "function_code": code, "objects": list(objects), "complete": True}}


def crob(*points):
    return {"group": 12, "variation": 1, "qualifier": 40, "prefix_code": 2, "range_code": 8, "start": 0, "stop": 0, "count": len(points),
            "points": [dict(prefix=i, index=i, op_type=o, qu=q, cr=c, tcc=t, count=1, on_time=100, off_time=100, status_code=0) for i, o, t, q, c in points]}


refusal = dict(dnp3(129, kind="response"), iin={"indicators": ["device_restart", "parameter_error"]})
lines = [eve((1, 0), "dnp3", dnp3(3, crob((7, 3, 0, 0, 0)))), eve((1, 1), "dnp3", dnp3(4, crob((7, 3, 0, 0, 0), (8, 1, 2, 1, 1)))), eve((1, 2), "dnp3", dnp3(129, crob((7, 3, 0, 0, 0)), kind="response")),
         eve((1, 3), "dnp3", {"request": dnp3(5, {"group": 41, "variation": 2, "start": 0, "stop": 0, "points": [{"prefix": 2, "index": 2, "value": -40, "control_status": 0}]}), "response": refusal}),
         eve((1, 4), "dnp3", dnp3(2, {"group": 80, "variation": 1, "start": 7, "stop": 7}, {"group": 50, "variation": 1, "start": 0, "stop": 0, "points": [{"prefix": 0, "index": 0, "timestamp": 1}]})),
         eve((1, 5), "dnp3", dnp3(9, {"group": 20, "variation": 0, "start": 2, "stop": 9})), eve((1, 6), "dnp3", dnp3(13)),
         eve((1, 7), "dnp3", dnp3(21, {"group": 60, "variation": 2, "start": 0, "stop": 0})), eve((1, 8), "dnp3", dnp3(1, {"group": 60, "variation": 2, "start": 0, "stop": 0})),
         eve((1, 9), "dnp3", dnp3(130, kind="unsolicited_response")), eve((1, 10), "dnp3", {"type": "request"}), eve((1, 11), "dnp3", [])]
a = Answer("--fold", "0", write("dnp3.ndjson", "".join(lines)))
ok([(i["kind"], i.get("text")) for i in a.items] == [("command", t) for t in (
    "command binary_output:7 = latch_on (SELECT)", "command binary_output:7 = latch_on (OPERATE)", "command binary_output:8 = pulse_on trip queue clear (OPERATE)",
    "command analog_output:2 = -40 (DIRECT_OPERATE): parameter_error", "write internal_indication (WRITE)", "write time (WRITE)", "command counter:2-9 (FREEZE_CLEAR)",
    "command (COLD_RESTART)", "configure class_1 (DISABLE_UNSOLICITED)")], "DNP3 in EVE: what was operated, point by point, in both layouts", [i.get("text") for i in a.items], a.err)
ok(all(i["asset"] == "10.30.0.41" and i["peer"] == "10.30.0.21" for i in a.items), "of whom, by whom")


def cip(service, *path, name=None, **more):
    return dict(service=service, path=[{"segment_type": t, "value": v} for t, v in path], **({"class_name": name} if name else {}), **more)


many = cip("Multiple Service Packet", ("class", 2), ("instance", 1), name="Message Router", multiple=[cip("Get Attributes Single", ("class", 1), ("instance", 1), name="Identity"),
           cip("Set Attributes Single", ("class", 4), ("instance", 100), ("attribute", 3), name="Assembly"), cip("Write Data", ("class", 107), ("instance", 9), name="unknown-107")])
reads = cip("Multiple Service Packet", ("class", 2), ("instance", 1), name="Message Router", multiple=[cip("Read Data"), cip("Get Attributes All")])
lines = [eve((2, n), "enip", {"request": {"command": "SendRRData", "status": "Success", **({"cip": q} if q else {})}, "response": {"command": "SendRRData", "status": "Success", "cip": {"service": "x", "status": s}}}, dst="10.30.0.42")
         for n, (q, s) in enumerate([(many, "Success"), (reads, "Success"), (cip("Stop", ("class", 142), ("instance", 1)), "Privilege Violation"), (cip("Read Write Modify Data", ("class", 107), ("instance", 9)), "Success"),
                                     (cip("Read Data", ("class", 107), ("instance", 9)), "Success"), (None, "Success"), (cip("Execute PCCC Service", ("class", 103), ("instance", 1), name="PCCC Class"), "Success"),
                                     (cip("unknown-75"), "Success"), (cip("Forward Open", ("class", 6), ("instance", 1), name="Connection Manager"), "Success")])]
a = Answer("--fold", "0", write("enip.ndjson", "".join(lines)))
ok([i.get("text") for i in a.items] == ["write Assembly 100 attribute 3 (Set Attributes Single)", "write unknown-107 9 (Write Data)", "command class 142 1 (Stop): Privilege Violation",
                                        "write class 107 9 (Read Write Modify Data)", "command PCCC Class 1 (Execute PCCC Service)"],
   "CIP in EVE: what was written and stopped; of many services in one, those that change something", [i.get("text") for i in a.items], a.err)
ok(a.of("timeline_source")[0]["passed_over"] == 5, "each of the other records counts once", a.of("timeline_source"))
# --- folding, gaps ------------------------------------------------------------------------------------------
same = "".join("2026-11-20 10:%02d:%02d,x\n" % (s // 60, s % 60) for s in range(0, 300, 10))
write("same.csv", HEAD + same + "2026-11-20 10:20:00,x\n")
a = Answer("--source", "x=csv:same.csv,map=m.json,zone=UTC")
ok([(i["at"][11:19], i.get("count", 1), i.get("last", "")[11:19]) for i in a.items if i["kind"] != "gap"] ==
   [("10:00:00", 30, "10:04:50"), ("10:20:00", 1, "")], "what repeats every ten seconds is one item", a.items)
a = Answer("--fold", "0", "--source", "x=csv:same.csv,map=m.json,zone=UTC")
ok(len(a.items) == 32, "--fold 0: it is not", len(a.items))
from_two = [rec(T % (5, s), "credential", src_ip="10.0.0.%d" % p, dest_ip="10.0.0.9", credential={"app_proto": "ftp", "kind": "password", "form": "plain"})
            for s, p in ((0, 1), (1, 2), (2, 1), (3, 2))]
a = Answer(write("parties.ndjson", "".join(from_two)))
ok(sorted((i["peer"], i.get("count", 1)) for i in a.items) == [("10.0.0.1", 2), ("10.0.0.2", 2)], "what two parties did is not one item", a.items)
acts = [eve((6, s), "dnp3", dnp3(code, crob((7, 3, 0, 0, 0)))) for s, code in ((0, 3), (1, 4), (20, 3), (21, 4))]
a = Answer(write("acts.ndjson", "".join(acts)))
ok([(i["text"][-9:], i.get("count", 1)) for i in a.items] == [(" (SELECT)", 2), ("(OPERATE)", 2)], "nor is what was selected and then operated", a.items)
lines = [base + datetime.timedelta(seconds=30 * i) for i in range(200)]
kept = [t for i, t in enumerate(lines) if not 100 <= i < 150]
write("gap.csv", HEAD + "".join("%s,l%d\n" % (t.strftime("%Y-%m-%d %H:%M:%S"), i) for i, t in enumerate(kept)))
a = Answer("--from", "2026-11-20T07:00:00Z", "--to", "2026-11-20T12:00:00Z", "--source", "x=csv:gap.csv,map=m.json,zone=UTC")
ok([(g["why"], g["from"], g["to"]) for g in a.of("timeline_gap")] == [
    ("begins_late", "2026-11-20T07:00:00.000000+0000", stamp(lines[0])), ("silent", stamp(lines[99]), stamp(lines[150])),
    ("ends_early", stamp(lines[199]), "2026-11-20T12:00:00.000000+0000")],
   "silences, a late beginning and an early end", a.of("timeline_gap"))
ok([(i["at"], i["last"]) for i in a.items if i["kind"] == "gap" and i["text"] == "silent"] ==
   [(stamp(lines[99]), stamp(lines[150]))], "a gap is an item where it begins")
a = Answer(write("drops.ndjson", "".join(rec(T % (m, 0), "stats", stats={"capture": {"kernel_drops": d}})
                                         for m, d in ((1, 0), (2, 70), (3, 70)))))
ok([(g["why"], g["packets_lost"], g["from"], g["to"]) for g in a.of("timeline_gap")] ==
   [("drops", 70, T % (1, 0), T % (2, 0))], "packets a sensor lost", a.of("timeline_gap"), a.err)

# --- clocks that were set back ------------------------------------------------------------------------------
def steps(seconds, name="back.csv", kind="csv", text=None):
    """The timeline_gap records of set_back, of a log whose lines show these seconds behind `base`."""
    times = [base + datetime.timedelta(seconds=s) for s in seconds]
    write(name, text or HEAD + "".join("%s,l%d\n" % (t.strftime("%Y-%m-%d %H:%M:%S"), i) for i, t in enumerate(times)))
    a = Answer("--source", "x=%s:%s,%szone=UTC" % (kind, name, "map=m.json," if kind == "csv" else ""))
    return a, [(g["from"], g["to"], g["line"]) for g in a.of("timeline_gap") if g["why"] == "set_back"]


def span(low, high):
    return stamp(base + datetime.timedelta(seconds=low)), stamp(base + datetime.timedelta(seconds=high))


up = list(range(0, 300, 30))
a, found = steps(up + list(range(-330, 0, 30)))
ok(found == [(*span(-330, 270), 12)], "a clock that was set back by ten minutes: between which times, from which line on", found)
ok("back.csv:12: the times go back from" in a.err, "and it is said", a.err)
ok([(i["at"], i["last"], i["line"], i["severity"]) for i in a.items if i["text"] == "clock set back"] == [(*span(-330, 270), 12, "medium")], "and is an item", a.items)
for seconds, n, what in ((up + [100, 110, 120, 130, 140], 1, "five lines behind the step, and no more"), (up + [100, 110, 120, 130], 0, "four of them do not tell"),
                         (up[-4:] + [100, 110, 120, 130, 140], 0, "nor do four before it"), (up + [265, 266, 267, 268, 269], 0, "five seconds are disorder"),
                         (up + [264, 265, 266, 267, 268], 1, "six are not"), (up + [100, 300, 330, 360, 390, 420], 0, "a line that came late"),
                         (up + [100, 110, 120, 130, 300, 330, 360], 0, "four that came late"), (up[::-1], 0, "a file whose newest lines come first"),
                         (up + [100, 140, 130, 120, 110, 100, 90], 0, "no order behind it"), (up * 4, 3, "three steps"), (up * 5, 0, "four: sorted by something else")):
    found = steps(seconds)[1]
    ok(len(found) == n, "set back or not: " + what, found)
both = [("a", s) for s in up] + [("b", s + 15) for s in up] + [("b", s + 600) for s in up] + [("a", s + 100) for s in up[:7]]
both = sorted(both[:20], key=lambda x: x[1]) + sorted(both[20:], key=lambda x: -ord(x[0]))
hosts = "".join("%s %s app: l\n" % ((base + datetime.timedelta(seconds=s)).strftime("%Y-%m-%dT%H:%M:%SZ"), h) for h, s in both)
found = steps([], "back.log", "syslog", hosts)[1]
ok(found == [(*span(100, 270), 31)], "of two hosts in one log, the one whose clock went back", found)
mixed = "".join("%s %s app: l\n" % ((base + datetime.timedelta(seconds=s - 3600 * (h == "b"))).strftime("%Y-%m-%dT%H:%M:%SZ"), h) for s in range(0, 300, 10) for h in "ab")
found = steps([], "mixed.log", "syslog", mixed)[1]
ok(found == [], "of two hosts an hour apart, neither", found)
a = Answer(write("late.ndjson", "".join(rec(stamp(base + datetime.timedelta(seconds=s)), "alert", alert={"signature": "s%d" % i, "severity": 3}) for i, s in enumerate(up + [s - 600 for s in up]))))
ok(not [g for g in a.of("timeline_gap") if g["why"] == "set_back"], "records come when they are complete: they say nothing of a clock", a.of("timeline_gap"))

# --- order, runs and forms --------------------------------------------------------------------------------
n = 150000
rows = [(rnd.randrange(10 ** 6), i) for i in range(n)]
write("big.ndjson", "".join(rec(stamp(base + datetime.timedelta(milliseconds=r)), "alert",
                                alert={"signature": "s%d %s" % (i, "x" * 300), "severity": 3}) for r, i in rows))
a = Answer("--fold", "0", "big.ndjson")
want = sorted(rows, key=lambda r: (r[0], r[1]))
got = [(i["at"], int(i["text"][1:].split()[0])) for i in a.items]
ok([g[1] for g in got] == [w[1] for w in want] and a.items[0]["n"] == 1 and a.items[-1]["n"] == n,
   "more than fits into memory comes in the order of time, then of lines", len(got))
status, out, err = run("-f", "csv", "-s", SITE, "night.ndjson")
rows = list(csv.DictReader(io.StringIO(out.decode())))
ok(len(rows) == 15 and rows[1]["object"] == "holding_register:40012" and rows[1]["value"] == "25" and
   rows[1]["timestamp"] == T % (12, 3), "CSV, by Python's reader", out[:400])
write("formula.csv", HEAD + "2026-11-20 10:00:00,=cmd|' /c calc'!A1\n")
status, out, err = run("-f", "csv", "--source", "x=csv:formula.csv,map=m.json,zone=UTC")
ok(list(csv.DictReader(io.StringIO(out.decode())))[0]["text"].startswith("'="), "no cell of it is a formula", out)
status, out, err = run("-f", "timesketch", "-s", SITE, "night.ndjson")
lines = [json.loads(x) for x in out.splitlines()]
ok(len(lines) == 15 and all({"message", "datetime", "timestamp_desc"} <= set(x) and isinstance(x["timestamp"], int) and
                            datetime.datetime.fromisoformat(x["datetime"]).timestamp() * 10 ** 6 == x["timestamp"]
                            for x in lines), "Timesketch: its three members, and a timestamp in microseconds", out[:300])
for form in ("text", "markdown", "html"):
    for lang in ("sv", "en"):
        status, out, err = run("-f", form, "-l", lang, "-s", SITE, "night.ndjson")
        ok(status == 0 and b"40012" in out and not err, "as %s in %s" % (form, lang), err, out[:300])
status, out, err = run("-f", "ndjson", "-o", "out.ndjson", "night.ndjson")
ok(status == 0 and not out and len(open("out.ndjson").readlines()) == 16, "-o writes a file", err)
status, out, err = run("-f", "ndjson", "-o", "out.ndjson", "night.ndjson")
ok(status == 2 and "out.ndjson" in err, "and no second time without --force", err)
p = subprocess.Popen([PROG, "timeline", "-f", "ndjson", "--now", NOW, "big.ndjson"], stdout=subprocess.PIPE,
                     stderr=subprocess.PIPE)
p.stdout.read(100)
p.stdout.close()
ok(p.stderr.read() == b"" and p.wait() == 0, "a closed pipe ends it quietly")
status, out, err = run(data=records.encode())
ok(status == 0 and b"write holding_register:40012" in out, "standard input", err)
os.mkdir("INC-7")
write("INC-7/records.ndjson", records)
a = Answer("INC-7/")
ok(a.of("timeline_source")[0]["name"] == "INC-7" and
   a.items[0]["file"] == "INC-7/records.ndjson" and len(a.items) == 15, "a folder: its records", a.err)
status, out, err = run("empty.ndjson") if write("empty.ndjson", "") else None
ok("no item in 0 lines" in err, "an empty answer is not silent", err)
ok(not WRONG, "all records that were written hold to their schemas", WRONG[:5])

print("1..%d" % tests)
sys.exit(bad > 0)
