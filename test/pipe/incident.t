#!/usr/bin/python3
"""examples/incident against what its laboratory did (did.json): the writes, the sessions,
the alarms and the results are seen where and when they happened, the logs beside it tell
the same with their own clocks, and all devices of the site file are there."""
import csv
import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
import zoneinfo

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BIN = os.environ.get("OTKIT_BIN", TOP)
BIN = os.path.abspath(BIN)
INCIDENT = os.path.join(TOP, "examples", "incident")
STOCKHOLM = zoneinfo.ZoneInfo("Europe/Stockholm")
n = 0
failed = 0


def ok(good, text, more=None):
    global n, failed
    n += 1
    print("%s %d - %s" % ("ok" if good else "not ok", n, text))
    if not good:
        failed = 1
        if more is not None:
            print("# " + str(more)[:800].replace("\n", "\n# "))


def run(*args, stdin=b"", status=0):
    r = subprocess.run([os.path.join(BIN, args[0]), *args[1:]], input=stdin, capture_output=True,
                       check=False, cwd=INCIDENT)
    if r.returncode != status:
        ok(False, " ".join(args[:2]) + ": status %d" % r.returncode, r.stderr.decode())
    return r.stdout


def records(data):
    return [json.loads(line) for line in data.splitlines()]


def when(text):
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00")) if text.endswith("Z") else \
        dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def near(a, b, seconds):
    return abs((a - b).total_seconds()) <= seconds


def local(text):
    """A log's own time: local, no zone."""
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=STOCKHOLM)


with open(os.path.join(INCIDENT, "did.json"), encoding="utf-8") as f:
    story = json.load(f)
with open(os.path.join(INCIDENT, "site.json"), encoding="utf-8") as f:
    site = json.load(f)
did = {}
for d in story["events"]:
    d["at"] = when(d["at"])
    did.setdefault(d["what"], []).append(d)
ok(sorted(did) == ["acknowledgement", "alarm", "release", "result", "session end", "session start", "write"],
   "the laboratory did what it was to do", sorted(did))
ok([len(did[k]) for k in ("write", "alarm", "release", "result")] == [2, 2, 5, 3], "as often as it was to")
ok(os.path.getsize(os.path.join(INCIDENT, "incident.pcapng")) < 300000, "a small capture")
ok(did["write"][0]["at"].astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M") == "2026-11-18 09:12", "the set-point is written at 09:12")

data = run("otdissect", "incident.pcapng")
events = records(data)
stats = [e for e in events if e["event_type"] == "stats"][-1]
ok(stats["stats"]["decoder"]["pkts"] == story["packets"], "as many packets as were recorded")
ok(not [e for e in events if e["event_type"] == "anomaly"], "nothing in it is malformed")

# --- on the wire
writes = [e for e in events if e.get("ot", {}).get("op") == "write"]
ok([(e["src_ip"], e["dest_ip"], e["ot"]["object"], e["ot"]["value"], e["ot"]["result"]) for e in writes] ==
   [(d["source"], d["address"], d["object"] + " " + d["property"], d["new"], "ok") for d in did["write"]],
   "both writes: who, where, what, the new value, and the answer", writes)
ok(all(near(when(e["timestamp"]), d["at"], 0.1) for e, d in zip(writes, did["write"])), "at their times")
reads = [e for e in events if e.get("ot", {}).get("object") == "analog-value,3 present-value" and e["ot"]["op"] == "read"]
before = {w["pcap_cnt"]: [e["ot"]["value"] for e in reads if e["pcap_cnt"] < w["pcap_cnt"]][-1] for w in writes}
ok(list(before.values()) == [d["old"] for d in did["write"]], "the old values are in the reads before", before)
alarms = [e for e in events if e.get("ot", {}).get("op") == "alarm"]
ok([(e["ot"]["object"], e["bacnet"]["event"]["from_state"], e["bacnet"]["event"]["to_state"], e["bacnet"]["event"]["message"],
     round(e["ot"]["value"], 3), e["bacnet"]["event"]["limit"]) for e in alarms] ==
   [(d["object"], d["from"], d["to"], d["text"], d["value"], 10) for d in did["alarm"]], "the alarm and its end", alarms)
ok(all(near(when(e["timestamp"]), d["at"], 0.1) for e, d in zip(alarms, did["alarm"])), "at their times")
acks = [e for e in events if e.get("bacnet", {}).get("service") == "acknowledgeAlarm"]
ok(len(acks) == 1 and near(when(acks[0]["timestamp"]), did["acknowledgement"][0]["at"], 0.1), "the acknowledgement")
ok(did["acknowledgement"][0]["by"].encode() not in data, "and not who it was")
results = [e for e in events if e["event_type"] == "hl7"]
ok(len(results) == len(did["result"]) and all(near(when(e["timestamp"]), d["at"], 0.1) for e, d in zip(results, did["result"])),
   "each result over HL7, at its time")
names = {s["name"] for e in results for s in e["hl7"]["request"]["segments"]}
ok(names == {"MSH", "SFT", "SPM", "OBX"}, "there is no patient in them", names)
ok(b"KONTROLL" not in data and b"138.2" not in data, "samples and results are not in events")
known = {(e["src_ip"], e["dest_ip"]) for e in events if e["event_type"] == "mtsics"}
ok(known == {("10.10.0.5", "10.10.0.31")}, "the balance is asked by the LIMS", known)

# --- the session, and its second leg
start, end = did["session start"][0], did["session end"][0]
access = records(run("nis2report", "vendors", "-f", "ndjson", "-s", "site.json", stdin=data))
sessions = [e for e in access if e["event_type"] == "remote_session"]
got = [(e["src_ip"], e["dest_ip"], e["app_proto"], e["remote_session"].get("supplier")) for e in sessions]
ok(got == [(start["source"], start["via"], start["app_proto"], start["supplier"])], "one session of the supplier's", got)
s = sessions[0]["remote_session"]
ok(near(when(s["start"]), start["at"], 1) and near(when(s["end"]), end["at"], 1), "from its beginning to its end", s)
legs = {(e["src_ip"], e["dest_ip"]) for e in events if e["event_type"] == "flow" and e.get("app_proto") == "ssh"}
ok(legs == {(start["source"], start["via"]), (start["via"], start["to"])}, "two legs: to the jump host, and on", legs)
w = did["write"][0]
ok(start["at"] < w["at"] < end["at"] and w["source"] == start["to"], "the write falls into it, from where it led")

# --- who is there
inventory = run("otinv", "build", "--site", "site.json", stdin=data)
assets = [e["asset"] for e in records(inventory) if e["event_type"] == "asset"]
listed = {a["register"]["id"] for a in assets if "register" in a}
ok(listed == {i["id"] for i in site["instruments"]}, "every instrument of the site file is seen", listed)
zones = records(run("nis2report", "zones", "-f", "ndjson", "-s", "site.json", stdin=inventory))
ways = {(e["conduit"]["from"], e["conduit"]["to"], e["conduit"]["state"]) for e in zones if e["event_type"] == "conduit"}
ok(ways == {(c["from"], c["to"], "used") for c in site["conduits"]}, "what crosses zones is what was declared", ways)
run("nis2report", "check", "site.json")

# --- the logs beside it
slow = story["clocks"]["bms.csv"]
with open(os.path.join(INCIDENT, "bms.csv"), encoding="utf-8") as f:
    rows = list(csv.reader(f, delimiter=";"))[1:]
told = {"Larm": did["alarm"][0], "Kvitterat": did["acknowledgement"][0], "Ändrat": did["write"][1], "Återgång": did["alarm"][1]}
ok([r[3] for r in rows] == ["Larm", "Kvitterat", "Ändrat", "Återgång"], "bms.csv: four rows", rows)
off = {r[3]: (local(r[0]) - told[r[3]]["at"]).total_seconds() for r in rows}
ok(slow == -12 and all(slow - 1 <= v <= slow + 0.1 for v in off.values()), "its clock is 12 s behind", off)
with open(os.path.join(INCIDENT, "lims.csv"), "rb") as f:
    raw = f.read()
rows = list(csv.reader(io.StringIO(raw.decode("iso-8859-1")), delimiter=";"))[1:]
ok(b"Godk\xe4nd" in raw, "lims.csv is in ISO 8859-1")
ok([(r[1], r[3], r[5]) for r in rows] == [(d["sample"], d["value"], d["instrument"]) for d in did["release"]], "it has the releases", rows)
ok(all(0 <= (d["at"] - local(r[0])).total_seconds() < 1.1 for r, d in zip(rows, did["release"])), "at their times")
low = [d for d in did["release"] if did["alarm"][0]["at"] < d["at"] < did["alarm"][1]["at"]]
ok(len(low) == 3, "three of them while the pressure was low", len(low))
with open(os.path.join(INCIDENT, "jump.log"), encoding="utf-8") as f:
    lines = f.read().splitlines()
new = [x for x in lines if re.match(r"<\d+>1 2026-11-18T09:\d\d:\d\d\.\d{6}\+01:00 jump-1 ", x)]
old = [x for x in lines if re.match(r"<\d+>Nov 18 09:\d\d:\d\d ing-1 ", x)]
ok(new and old and len(new) + len(old) == len(lines), "jump.log: RFC 5424 and RFC 3164", lines[:2])
came = [x for x in new if "Accepted publickey for renluft from 192.0.2.70" in x]
ok(len(came) == 1 and near(dt.datetime.fromisoformat(came[0].split()[1]), start["at"], 1), "the login is in it", came)
left = [x for x in new if "Disconnected from user renluft" in x]
ok(len(left) == 1 and near(dt.datetime.fromisoformat(left[0].split()[1]), end["at"], 1), "and the end", left)
changed = [x for x in old if "15.0 -> 5.0" in x]
ok(len(changed) == 1 and near(local("2026-11-18 " + changed[0].split()[2]), w["at"], 1.1), "and the tool's own line", changed)

# --- and cut out
cut = run("otcap", "extract", "--packets", "-", "--format", "json",
          stdin=b"".join(json.dumps(e).encode() + b"\n" for e in writes))
got = [(r["pcap_filename"], r["pcap_cnt"]) for r in records(cut) if r["event_type"] == "packet"]
ok(got == [(e["pcap_filename"], e["pcap_cnt"]) for e in writes], "the packets of the writes", got)
cut = run("otcap", "extract", "--flow", writes[0]["community_id"], "incident.pcapng")
inside = records(run("otdissect", stdin=cut))
ok([e["ot"]["value"] for e in inside if e.get("ot", {}).get("op") == "write"] == [5] and
   {e["src_ip"] for e in inside if e["event_type"] == "bacnet"} == {w["source"]}, "the flow of the first, and nothing else")

print("1..%d" % n)
sys.exit(failed)
