#!/usr/bin/python3
"""The three sample organisations of examples/, each classified and assessed.

Their classes follow from the law by hand (see CLASS). Each is assessed from traffic that its
site file fits: the private laboratory from examples/lab.pcapng, the clinical one from a capture
of HL7 and the recordings of test/golden, the manufacturer from captures of S7, PROFINET, Modbus
and BACnet; where the folder of captures is not there, that is said. The text reports in both
languages are those of test/pipe/data/samples, byte for byte; with --renew they are written anew
and the difference is shown: read it. And each is assessed from examples/lab.pcapng, always, which
is no network of two of them: all they have is missing then, and nothing is as declared. The
captures are of other years: they are read as if each had begun on the morning of one day, and
under names that tell them apart. TAP.
"""
import difflib
import json
import os
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BIN = os.environ.get("OTKIT_BIN", TOP)
CAPTURES = os.environ.get("OTKIT_CAPTURES", os.path.join(TOP, "..", "shared", "captures"))
NOW = "2026-11-22T09:00:00Z"
MORNING = 1795330800            # 2026-11-22T07:00:00Z

LAB = "examples/lab.pcapng"
# what stands in test/golden is always there; what does not is a capture of CAPTURES
SAMPLES = {
    "private-testing-laboratory": ("examples/site.json", [LAB], [
        "Nordlab Instruments AB", "KONTOR-7"]),
    "regional-clinical-laboratory": ("examples/regional-clinical-laboratory/site.json", [
        "hl7/mllp-adt.pcap", "test/golden/astm/session.pcap", "test/golden/hl7/session.pcap"], [
        "KEM-1", "Kemimät Norden AB"]),
    "pharmaceutical-manufacturer": ("examples/pharmaceutical-manufacturer/site.json", [
        "s7comm/plant1-s7comm.pcap", "modbus/plant1-modbus.pcap", "profinet/io-cm-mixed.pcap",
        "bacnet/device-control.pcap"], [
        "Modbus", "HMI-1"]),
}
# A care provider of 50 to 249 is important: NIS2 Art. 3(2), CSL 1:9; a region with 50 staff or
# more that is large is essential: CSL 1:9 p. 2 a; a large manufacturer of medicines, Annex I
# p. 5, NACE 21, is essential: NIS2 Art. 3(1)(a), CSL 1:9 p. 2 b.
CLASS = {
    "private-testing-laboratory": ("medium", "important", "a1.health.provider", "ivo"),
    "regional-clinical-laboratory": ("large", "essential", "a1.health.provider", "ivo"),
    "pharmaceutical-manufacturer": ("large", "essential", "a1.health.pharma_mfg", "lakemedelsverket"),
}
# What is so in that traffic, looked up by hand in it and in the site file.
STATUS = {
    "private-testing-laboratory": {"inv.segmentation": "gap", "inv.vendor_remote_access": "gap"},
    # an analyser past its day; HL7 and ASTM in clear across zones; analysers nobody listed
    "regional-clinical-laboratory": {"cal.no_expired_in_use": "gap", "inv.instruments_firmware": "gap"},
    # Modbus from the control room has no conduit; PLCs nobody listed; an autoclave past its day
    "pharmaceutical-manufacturer": {"inv.segmentation": "gap", "inv.instruments_firmware": "gap",
                                    "cal.no_expired_in_use": "gap"},
}

count = failed = 0


def ok(good, text, *why):
    global count, failed
    count += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", count, text))
    for line in [] if good else why:
        print("#", line)
    return good


def skip(text, why):
    global count
    count += 1
    print("ok %d - %s # SKIP %s" % (count, text, why))


def run(args, data=None):
    p = subprocess.run(args, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=TOP,
                       env=dict(os.environ, LC_ALL="C.UTF-8"))
    return p.returncode, p.stdout, p.stderr.decode("utf-8", "replace").strip()


def prog(name):
    return os.path.join(os.path.abspath(BIN), name)


def morning(path, out):
    """A pcap file, its first packet at seven o'clock of the day."""
    with open(path, "rb") as f:
        d = f.read()
    order = "<" if d[:4] == b"\xd4\xc3\xb2\xa1" else ">"
    assert struct.unpack(order + "I", d[:4])[0] == 0xa1b2c3d4, path
    at, move, parts = 24, None, [d[:24]]
    while at < len(d):
        sec, us, n, whole = struct.unpack_from(order + "IIII", d, at)
        move = MORNING - sec if move is None else move
        parts.append(struct.pack(order + "IIII", sec + move, us, n, whole) + d[at + 16:at + 16 + n])
        at += 16 + n
    with open(out, "wb") as f:
        f.write(b"".join(parts))


def inventory(site, captures, folder=None):
    names = captures
    if folder:
        names = []
        for c in captures:
            names.append(os.path.join(folder, "-".join(c.split(os.sep)[-2:])))
            morning(os.path.join(TOP, c), names[-1])
    _, events, _ = run([prog("otdissect")] + names)
    if folder:
        events = events.replace(folder.encode() + b"/", b"")
    return run([prog("otinv"), "build", "--site", site], events)[1]


def gap(site, inv, *options):
    return run([prog("nis2report"), "gap", "--now", NOW, "-s", site] + list(options), inv)


def findings(out):
    return {r["finding"]["item"]: r["finding"] for r in map(json.loads, out.splitlines()) if r["event_type"] == "finding"}


def classify(name, site):
    status, out, err = run([prog("nis2report"), "classify", "--now", NOW, "-f", "ndjson", "-s", site])
    c = json.loads(out.splitlines()[0])["classification"] if out else {}
    got = (c.get("size"), c.get("class"))
    size, word, sector, authority = CLASS[name]
    ok(got == (size, word) and c.get("in_scope") == "yes", "%s: %s, %s" % (name, size, word), got, status, err)
    ok(sector in [x["type"] for x in c.get("sectors", ())] and authority in [x["id"] for x in c.get("authorities", ())],
       "%s: %s, supervised by %s" % (name, sector, authority), c.get("sectors"), c.get("authorities"))


def golden(name, lang, text, renew):
    path = os.path.join(HERE, "data", "samples", "%s.%s.txt" % (name, lang))
    try:
        with open(path, encoding="utf-8") as f:
            want = f.read()
    except FileNotFoundError:
        want = ""
    same = text == want
    diff = [x.rstrip("\n") for x in difflib.unified_diff(want.splitlines(), text.splitlines(), "golden", "now", n=1)]
    if renew and not same:
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        print("\n".join(diff))
    ok(same or renew, "%s: the report (%s)" % (name, lang), *diff[:40])


def assess(name, site, captures, words, renew):
    files = [c if os.path.exists(os.path.join(TOP, c)) else os.path.join(os.path.abspath(CAPTURES), c) for c in captures]
    missing = [c for c, f in zip(captures, files) if not os.path.exists(os.path.join(TOP, f))]
    if missing:
        skip("%s: from its own traffic" % name, "%s not present" % ", ".join(missing))
        return
    if captures == [LAB]:
        inv = inventory(site, files)
    else:
        with tempfile.TemporaryDirectory() as folder:
            inv = inventory(site, files, folder)
    status, out, err = gap(site, inv, "-f", "ndjson")
    got = findings(out)
    ok(status == 1 and len(got) >= 28 and not err, "%s: assessed: %d items" % (name, len(got)), status, err)
    for item, want in STATUS[name].items():
        ok(got.get(item, {}).get("status") == want, "%s: %s: %s" % (name, item, want), got.get(item, {}).get("reason"))
    for lang in "sv", "en":
        text = gap(site, inv, "-f", "text", "-w", "100", "-l", lang)[1].decode("utf-8")
        golden(name, lang, text, renew)
        if lang == "en":
            lost = [w for w in words if w not in text]
            ok(not lost, "%s: says what matters" % name, *lost)


def always(name, site):
    """From a network that may be another's."""
    inv = inventory(site, [LAB])
    for lang in "sv", "en":
        status, out, err = gap(site, inv, "-f", "ndjson", "-l", lang)
        got = findings(out)
        ok(status == 1 and len(got) >= 28 and not err, "%s: from examples/lab.pcapng (%s)" % (name, lang), status, err)
        with open(os.path.join(TOP, site), encoding="utf-8") as f:
            title = json.load(f)["site"]["name"][lang]
        text = gap(site, inv, "-f", "text", "-w", "100", "-l", lang)[1].decode("utf-8")
        ok(title in text.split("\n")[0], "%s: its name stands at the top (%s)" % (name, lang), text[:200])
    if name != "private-testing-laboratory":
        ok(got["inv.instruments_firmware"]["status"] == "gap" and got["inv.segmentation"]["status"] != "met",
           "%s: another's devices are not on its register" % name, got["inv.instruments_firmware"]["reason"])


def main():
    renew = "--renew" in sys.argv
    if not os.access(prog("nis2report"), os.X_OK):
        print("Bail out! %s is not built" % prog("nis2report"))
        return 1
    for name, (site, captures, words) in SAMPLES.items():
        status, _, err = run([prog("nis2report"), "check", site])
        ok(status == 0, "%s: %s is a site file" % (name, site), err)
        classify(name, site)
        assess(name, site, captures, words, renew)
        always(name, site)
    print("1..%d" % count)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
