#!/usr/bin/python3
"""calchain export: CSV that is safe in a spreadsheet, records byte for byte, and the
printable page, of ledgers that are made here (ledgers.py)."""
import csv
import html.parser
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import written_ledgers as ledgers  # noqa: E402

BIN = os.path.join(os.environ.get("OTKIT_BIN", "."), "calchain")
DIR = tempfile.mkdtemp(prefix="otkit-export-")
n = failed = 0


def ok(good, text, why=""):
    global n, failed
    n += 1
    print("%sok %d - %s" % ("" if good else "not ", n, text))
    if not good:
        failed += 1
        for line in str(why).splitlines()[:12]:
            print("# " + line[:300])
    sys.stdout.flush()


def run(*args):
    p = subprocess.run([BIN, "export"] + [str(a) for a in args], capture_output=True, timeout=60)
    return p.returncode, p.stdout, p.stderr.decode("utf-8", "replace")


class Page(html.parser.HTMLParser):
    """The text of a page, its elements and what they refer to; sections by id."""
    VOID = {"meta", "br", "link", "img", "input", "hr"}

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.refs, self.bad, self.text, self.rows = [], [], [], [], "", []
        self.skip = False
        self.feed(text)
        self.bad += self.open
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.refs += [v for k, v in attrs if k in ("href", "src", "action", "data", "style") or k.startswith("on")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.bad.append("/" + tag)

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            return
        self.text += data + " "
        if self.open and "td" in self.open and self.rows:
            self.rows[-1][-1] = (self.rows[-1][-1] + " " + data).strip()


def page(*args):
    status, out, err = run("-f", "html", *args)
    text = out.decode()
    return status, text, Page(text) if status == 0 else None, err


if not os.access(BIN, os.X_OK):
    print("Bail out! %s is not built" % BIN)
    sys.exit(1)
led = ledgers.sample(os.path.join(DIR, "ledger"))
led.write()

# --- records --------------------------------------------------------------------------

status, out, err = run("-f", "ndjson", led.folder)
ok(status == 0 and out == b"".join(x + b"\n" for x in led.lines), "ndjson: all records, byte for byte", err)
for args, want in ((["-r", 4], [4]), (["-i", "TEMP-7"], [3, 4, 5, 10]), (["-i", "BAL-2"], [6, 7, 11]), (["-c", "K-2026-118"], [5]),
                   (["-c", "K-9"], [8, 9]), (["-c", "RMP-2025-31"], [])):
    status, out, err = run("-f", "ndjson", *args, led.folder)
    ok(out == b"".join(led.lines[i - 1] + b"\n" for i in want) and status == (0 if want else 1),
       "ndjson %s: records %s" % (" ".join(map(str, args)), want), "%d %s %s" % (status, err, out[:200]))

# --- CSV -------------------------------------------------------------------------------

status, out, err = run("-f", "csv", led.folder)
rows = list(csv.DictReader(io.StringIO(out.decode(), newline="")))
ok(status == 0 and [r["seq"] for r in rows] == ["5"] * 4 + ["6", "7", "8"], "csv: a row a result; one where there is none", err)
ok([r["as_found"] for r in rows[:4]] == ["-19.78", "0.14", "25.09", "40.02"] and rows[0]["reference"] == "-20.000" and
   rows[0]["expanded_uncertainty"] == "0.050" and rows[0]["standards"] == "STD-3; BATH-1" and rows[0]["key"] == "530d903a",
   "csv: numbers with all their digits", rows[0])
ok(rows[4]["corrected_by"] == "7" and rows[5]["corrects"] == "6" and rows[5]["laboratory"] == "Våglabbet AB" and rows[6]["corrected_by"] == "9",
   "csv: what was corrected, and by which record", rows[4:])
guarded = [v for r in rows for k, v in r.items() if v[:1] in "=+-@\t\r" and v and not re.fullmatch(r"-?[0-9.eE+-]+", v)]
ok(not guarded and rows[4]["laboratory"].startswith("'=") and rows[4]["error"] == "-0.0021" and "'+1" in rows[4]["method"],
   "csv: no text is a formula, and a negative number stays one", guarded)
ok(all(line.endswith(b"\r") for line in out.split(b"\n")[:-1]), "csv: lines as RFC 4180 has them")

# --- the page --------------------------------------------------------------------------

digest = led.digest(5)
for lang, words in (("sv", ["Kalibreringsbevis K-2026-118", "Godkänd", "Före justering", "Utvidgad mätosäkerhet", "Normaler och spårbarhet",
                            "Ingen av liggarens poster till och med nummer 11 rättar den", "ett ackrediterat laboratorium"]),
                    ("en", ["Certificate K-2026-118", "Pass", "As found", "Expanded uncertainty", "Standards and traceability",
                            "No record of the ledger up to number 11 corrects it", "an accredited laboratory"])):
    status, text, p, err = page("-r", 5, "-l", lang, led.folder)
    ok(status == 0 and not p.bad, lang + ": every element is closed", err or p.bad)
    ok(all(w in p.text for w in words), lang + ": its words", [w for w in words if w not in p.text])
    ok("script" not in p.tags and "link" not in p.tags and "img" not in p.tags and p.refs == ["#main"] and "url(" not in text and
       "@import" not in text and not re.search(r"https?://", text) and "default-src 'none'" in text,
       lang + ": one file: no script, nothing fetched", p.refs)
    grouped = " ".join(digest[i:i + 4] for i in range(0, 64, 4))
    ok(grouped in p.text and "--digest %s" % digest[:16] in p.text and "calchain verify %s" % led.folder in p.text,
       lang + ": the digest in groups of four, and its short form to be typed")
    number = (lambda s: s.replace("-", "\u2212").replace(".", "," if lang == "sv" else "."))
    first = [number(x) for x in ("-20", "-20.000", "-19.78", "-20.02", "-0.020", "0.050")]
    ok(any(r[:6] == first for r in p.rows), lang + ": numbers as they are written there, with all their digits", p.rows[:3])
    ok("svg" in p.tags and p.tags.count("circle") == 4 * 2 + 2 and 'class="band"' in text and 'class="limit"' in text,
       lang + ": the picture: what was found and left at four points, and the limits")
    ok("Kylrum 3" in p.text and "Skrot" not in p.text and "Kylrum 2" not in p.text, lang + ": the instrument as it was then")
    ok("RMP-2025-31" in p.text and "Riksmätplatsen" in p.text and "Pt100-normal" in p.text and "BATH-1" in p.text, lang + ": its standards")
    ok("SWEDAC 9999" in p.text and "530d903a" in p.text and "2026-11-22 04:21" in p.text, lang + ": who wrote it, when, with which key")
    ok("@page" in text and digest[:4] in text.split("</style>")[0] and "counter(page)" in text, lang + ": each sheet of paper names the record")
_, text, _, _ = page("-r", 5, led.folder)
# by hand: the first error as left is -0.020, the scale goes from -0.2 to 0.27 (0.22 + 0.050),
# and 8 % further at both ends
low, high = -0.2 - 0.08 * 0.47, 0.27 + 0.08 * 0.47
y = 12 + (high + 0.020) / (high - low) * (260 - 12 - 44)
ok('class="left" cx="' in text and abs(float(re.search(r'class="left" cx="[0-9.]+" cy="([0-9.]+)"', text)[1]) - y) < 0.06,
   "a dot lies where its error is", (y, re.findall(r'class="left" cx="[0-9.]+" cy="([0-9.]+)"', text)))

status, text, p, err = page("-r", 6, led.folder)
ok("Record 7 corrects this one" in p.text and "Inga prover vägdes över 150 g." in p.text and "Fel laboratorium angavs" in p.text,
   "what was later said of it stands on it, first of all that it is corrected", p.text[:400])
ok("script" not in p.tags and "<script>alert(1)</script>" in p.text, "markup in a name is text")
status, text, p, err = page("-r", 7, led.folder)
ok(status == 0 and "corrects record 6" in p.text and "Våglabbet AB" in p.text, "a correction has a page of what it puts in place", err)
status, text, p, err = page("-r", 8, led.folder)
ok("Withdrawn" in p.text and "does not hold" in p.text and "No verdict stated" in p.text, "a withdrawn one says so")
status, text, p, err = page("-c", "K-2026-118", led.folder)
ok(status == 0 and "K-2026-118" in p.text, "by its certificate", err)
for args, st, want in ((["-c", "K-2026-200"], 2, "records 6 and 7"), (["-r", 3], 2, "no calibration"), (["-r", 99], 2, "no record 99"),
                       (["-c", "nothing"], 1, "no record of what"), ([], 2, "--record SEQ")):
    status, text, p, err = page(*args, led.folder)
    ok(status == st and not text and want in err and err.count("\n") == 1, "page %s: %s" % (" ".join(map(str, args)), want), err)

ver = ledgers.Ledger(os.path.join(DIR, "ver"))
ver.add("verification", {"instrument": "BAL-2", "performed": "2026-11-05", "verdict": "pass", "person": "A", "valid_until": "2026-11-06",
                         "results": [{"quantity": "x<y>", "point": 10 * i, "unit": "&g", "reference": 10 * i, "as_found": 10 * i + i / 1000,
                                      "upper": 10 * i + 0.01} for i in range(1, 60)]})
ver.write()
status, text, p, err = page(ver.folder)
ok(status == 0 and not p.bad and "Verification BAL-2" in p.text and p.text.count("x<y>") == 1 and text.count("<circle") == 60,
   "a verification of 59 points with one limit", err or p.bad)
ok(text.count(' data-u="&amp;g"') == 3 * 59 and "::after" in text and "attr(data-u)" in text,
   "where the head is not shown each number has its unit", text.count(" data-u="))
wide = ledgers.Ledger(os.path.join(DIR, "wide"))
wide.add("calibration", {"instrument": "X", "certificate": "C", "performed": "2026-11-05", "laboratory": {"name": "L"}, "verdict": "none", "results": [
    {"unit": "V", "error": 1e300, "expanded_uncertainty": 1e300}, {"unit": "V", "error": -1e-300, "point": 1e308},
    {"unit": "V", "error": 0, "point": -1e308, "lower": -1e308, "upper": 1e308}]})
wide.write()
status, text, p, err = page(wide.folder)
ok(status == 0 and not p.bad and "nan" not in text and "inf" not in re.sub(r"<style.*</style>", "", text, flags=re.S).lower(),
   "numbers as large as there are", err)

# --- what is not as it should be ---------------------------------------------------------

broken = os.path.join(DIR, "broken")
os.mkdir(broken)


def with_lines(lines):
    with open(os.path.join(broken, "records.ndjson"), "wb") as f:
        f.write(lines)


with_lines(led.lines[4].replace(b"25.09", b"25.08") + b"\n")
status, text, p, err = page("-r", 1, broken)
ok(status == 2 and not text and "its digest is not that of its bytes" in err, "a record that was changed has no page", err)
with_lines(led.lines[0] + b"\n{\"event_type\":\n")
status, out, err = run("-f", "csv", broken)
ok(status == 2 and "records.ndjson:2:" in err, "a line that is no JSON is told with its number", err)
with_lines(led.lines[0] + b"\n" + led.lines[4][:200])
status, out, err = run("-f", "ndjson", broken)
ok(status == 2 and "the last line has no end" in err, "a ledger that was cut", err)
with_lines(b'{"event_type":"correction","correction":{"corrects":"x","instead":[1]}}\n{"a":1}\n[1]\n')
status, out, err = run("-f", "csv", broken)
ok(status == 2 and ":3:" in err, "records that are none", err)

out_file = os.path.join(DIR, "page.html")
ok(run("-f", "html", "-r", 5, "-o", out_file, led.folder)[0] == 0 and open(out_file, "rb").read() == run("-f", "html", "-r", 5, led.folder)[1],
   "-o writes the same")
status, out, err = run("-f", "csv", "-o", out_file, led.folder)
ok(status == 2 and "--force" in err, "an existing file is not overwritten", err)
none = os.path.join(DIR, "none.csv")
status, out, err = run("-f", "csv", "-i", "nobody", "-o", none, led.folder)
ok(status == 1 and not os.path.exists(none), "no file where nothing is found", err)
for args, want in (([led.folder], "which form"), (["-f", "pdf", led.folder], "not one of"), (["-f", "csv"], "which ledger"), (["-f", "csv", "a", "b"], "one ledger"),
                   (["-f", "csv", "-r", "0", "a"], "number of a record"), (["-f", "csv", "-r", "1x", "a"], "number of a record"),
                   (["-f", "csv", "-r", "1", "-i", "x", "a"], "--record"), (["-f", "html", "-l", "de", "a"], "not one of sv, en"),
                   (["-f", "csv", os.path.join(DIR, "nowhere")], "nowhere/records.ndjson")):
    status, out, err = run(*args)
    ok(status == 2 and not out and want in err and err.startswith("calchain export: "), "says \"%s\"" % want, err)
shutil.rmtree(DIR)
print("1..%d" % n)
sys.exit(1 if failed else 0)
