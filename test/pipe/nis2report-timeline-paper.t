#!/usr/bin/python3
"""nis2report timeline for people, from the example's capture and the logs of its LIMS and its
building server: the reports in both languages are those of test/pipe/data/samples, byte for byte
(--renew writes them anew and shows the difference: read it); what followed on what, against
figures counted by hand; no sample, result or signature gets out. TAP.
"""
import difflib
import html
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BIN = os.path.abspath(os.environ.get("OTKIT_BIN", TOP))
EX = "examples/timeline/"
BMS = ["--source", "BMS=csv:%sbms.csv,map=%sbms.json,clock=+12s" % (EX, EX)]
LIMS = ["--source", "LIMS=csv:%slims.csv,map=%slims.json" % (EX, EX)]
count = failed = 0


def ok(good, text, *why):
    global count, failed
    count += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", count, text))
    for line in [] if good else why:
        print("#", str(line)[:300])


def run(program, args, data=None):
    p = subprocess.run([os.path.join(BIN, program)] + args, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       cwd=TOP, env=dict(os.environ, LC_ALL="C.UTF-8"), timeout=120)
    return p.returncode, p.stdout.decode("utf-8"), p.stderr.decode("utf-8", "replace")


def timeline(events, *args):
    return run("nis2report", ["timeline", "-s", "examples/site.json", "--now", "2026-11-22T12:00:00Z", *BMS, *LIMS,
                              "--source", "otdissect=ndjson:-", *args], events)


def golden(lang, text, renew):
    path = os.path.join(HERE, "data", "samples", "timeline.%s.txt" % lang)
    want = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
    diff = [x.rstrip("\n") for x in difflib.unified_diff(want.splitlines(), text.splitlines(), "golden", "now", n=1)]
    if renew and text != want:
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        print("\n".join(diff))
    ok(text == want or renew, "the report (%s)" % lang, *diff[:40])


def links(records):
    """Items of the timeline by number, and of each (effect's text, rule) the seconds."""
    items = {r["timeline"]["n"]: r["timeline"] for r in records if r["event_type"] == "timeline"}
    return items, [(t["text"], b["rule"], b["seconds"], items[b["n"]], b["text"]) for t in items.values() for b in t.get("because", ())]


def main():
    if not os.access(os.path.join(BIN, "nis2report"), os.X_OK):
        print("Bail out! nis2report is not built")
        return 1
    renew = "--renew" in sys.argv
    events = subprocess.run([os.path.join(BIN, "otdissect"), "examples/lab.pcapng"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                            cwd=TOP, timeout=120).stdout

    status, out, err = timeline(events, "-f", "ndjson", "-l", "en")
    records = [json.loads(line) for line in out.splitlines()]
    items, because = links(records)
    ok(status == 0 and len(items) > 30, "%d items, %d links" % (len(items), len(because)), status, err)
    # The alarm is at 09:21:10 by a clock that is 12 s slow; the last write to register 40012 in
    # examples/lab.pcapng (tshark: modbus.func_code == 16) is at 08:20:46.197 UTC.
    dp = [x for x in because if x[0].startswith("Differenstryck renrum 2 under 10 Pa (Larm)")]
    to = [x for x in dp if x[3].get("object") == "holding_register:40012"]
    ok(len(to) == 1 and to[0][1] == "setpoint-alarm" and abs(to[0][2] - 35.8) < .05, "the alarm follows on the set-point, 35.8 s later", dp)
    # 09:23:41 less 09:21:37 and 09:21:22; the filter's alarm of class C leads to nothing
    released = sorted(x[2] for x in because if x[1] == "alarm-result-depends" and x[0] == "Frisläppt: Koffein")
    ok(released == [124.0, 139.0], "the result was released 2 min 4 s and 2 min 19 s after the alarms", released)
    ok(all(x[3]["severity"] in ("medium", "high") for x in because if x[1] == "alarm-result-depends"), "a filter's timer is no reason")
    early = [t for t in items.values() if t.get("asset") == "HPLC-4" and t["kind"] == "result" and t["n"] < 10]
    ok(len(early) == 2 and not any("because" in t for t in early), "what was released before has no cause", early)
    ok(all(x[4].endswith(".") for x in because), "each link says why")

    forms = {"ndjson": out}
    for lang in "sv", "en":
        status, text, err = timeline(events, "-f", "text", "-w", "80", "-l", lang)
        ok(status == 0 and max(map(len, text.splitlines())) <= 80, "as text in 80 columns (%s)" % lang, err)
        golden(lang, text, renew)
        forms["text " + lang] = text
        for form in "html", "markdown":
            status, page, err = timeline(events, "-f", form, "-l", lang)
            ok(status == 0 and not err, "as %s (%s)" % (form, lang), status, err)
            forms[form + " " + lang] = page
        page = forms["html " + lang]
        rows = re.findall(r'<tr id="e(\d+)">', page)
        ok([int(n) for n in rows] == sorted(items), "each item is a row of the page (%s)" % lang)
        ok(sorted(set(map(int, re.findall(r'data-n="(\d+)"', page)))) == sorted(n for n, t in items.items() if t["kind"] != "gap"),
           "each is drawn (%s)" % lang)
        ok(all(html.escape(t["text"], quote=False).split("&")[0][:40] in page for t in items.values()), "each says what it is (%s)" % lang)
        away = re.findall(r"""\ssrc=|href="[^#]|url\(|@import|<link|<iframe|fetch\(|XMLHttp""", page)
        ok(not away, "the page fetches nothing (%s)" % lang, away)
    for form in "csv", "timesketch":
        status, forms[form], err = timeline(events, "-f", form)
        ok(status == 0, "as " + form, status, err)

    with open(os.path.join(TOP, EX, "lims.csv"), encoding="iso-8859-1") as f:
        cells = [line.rstrip().split(";") for line in f][1:]
    secret = sorted({c for row in cells for c in (row[1], row[3], row[7]) if c})
    found = ["%s: %s" % (form, s) for form, text in forms.items() for s in secret if re.search(r"\b%s\b" % re.escape(s), text)
             and s != "auto"]
    ok(len(secret) > 8 and not found, "no sample, result or signature of the LIMS in %d forms" % len(forms), *found)

    first = forms["html sv"]
    ok(timeline(events, "-f", "html", "-l", "sv")[1] == first, "the same input gives the same bytes")
    print("1..%d" % count)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
