#!/usr/bin/python3
"""nis2report init: a site file to begin with, from options, from an inventory, and from a
terminal; it passes nis2report check at once; nothing half is ever written."""
import json
import os
import pty
import select
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.abspath(os.environ.get("OTKIT_BIN", "."))
PROG = os.path.join(BIN, "nis2report")
INVENTORY = os.path.join(TOP, "test/pipe/data/gap-inventory.ndjson")
sys.path.insert(0, os.path.join(TOP, "test"))
try:
    import jsonschema
    import schema
    VALID = jsonschema.Draft202012Validator(schema.ALL["otkit:otsite"])
except ImportError:
    VALID = None

n = failed = 0
tmp = tempfile.TemporaryDirectory(prefix="otkit-init-")
first = os.path.join(tmp.name, "first.json")


def ok(good, what, more=""):
    global n, failed
    n += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", n, what))
    if not good and more:
        print("\n".join("# " + x for x in str(more).splitlines()[:20]))


def run(*args, stdin=None):
    p = subprocess.run([PROG, *args], input=stdin, capture_output=True, text=True,
                       stdin=None if stdin is not None else subprocess.DEVNULL)
    return p.returncode, p.stdout, p.stderr


def right(text, what):
    """What init wrote is read by check and by the schema; gives it as a document."""
    status, out, err = run("check", "-", stdin=text)
    ok(status == 0 and "no errors" in out, "%s: check finds no error" % what, err)
    doc = json.loads(text)
    ok(VALID is None or VALID.is_valid(doc), "%s: the schema says so, too" % what,
       VALID and [e.message for e in VALID.iter_errors(doc)])
    return doc


def ask(answers, *args):
    """init on a terminal; its status and all that stood there."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "dumb"
        os.execv(PROG, [PROG, "init", *args])
    out = b""
    waiting = list(answers)
    while True:
        ready = select.select([fd], [], [], 20)[0]
        try:
            data = os.read(fd, 65536) if ready else b""
        except OSError:
            data = b""
        if not data:
            break
        out += data
        # a question ends with a colon and a blank
        if waiting and out.endswith(b": "):
            answer = waiting.pop(0)
            os.write(fd, b"\x04" if answer is None else answer.encode() + b"\n")
            out += b"\n"
    os.close(fd)        # who still waits for an answer gets a hangup
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), out.decode(), waiting


# --- from options

OPTIONS = ("--name", "Nordanalys AB", "--number", "556610-3205", "--county", "skane lan", "--kind", "private", "--sector",
           "a1.health.provider", "--sector", "a2.research", "--headcount", "120", "--turnover", "18 000 000",
           "--balance", "11\u00a0000\u00a0000", "--key", "lund", "--zone", "analysis=10.10.0.0/24", "-z", "bms=10.20.0.0/24,fd00:20::/64",
           "-z", "analysis=10.11.0.0/24", "--person", "security_lead=Per Ek", "-p", "incident_lead=Per Ek",
           "-p", "management=Åsa Öberg")
status, out, err = run("init", *OPTIONS, "-o", first)
ok(status == 0 and not out and not err, "written to a file", err)
doc = right(open(first, encoding="utf-8").read(), "from options")
org = {k: v for k, v in doc["organisation"].items() if not k.startswith("x-")}
ok(org == {"name": "Nordanalys AB", "number": "556610-3205", "country": "SE", "county": "Skåne", "kind": "private",
           "sector": ["a1.health.provider", "a2.research"], "headcount": 120, "turnover_eur": 18000000,
           "balance_eur": 11000000}, "the organisation", org)
ok(doc["site"]["key"] == "lund", "the site's key")
ok([(z["id"], z["cidr"]) for z in doc["zones"]] == [("analysis", ["10.10.0.0/24", "10.11.0.0/24"]),
                                                    ("bms", ["10.20.0.0/24", "fd00:20::/64"])], "zones", doc["zones"])
ok(doc["people"] == [{"id": "per.ek", "name": "Per Ek", "role": ["security_lead", "incident_lead"]},
                     {"id": "asa.oberg", "name": "Åsa Öberg", "role": ["management"]}], "people", doc["people"])
ok(all(k in doc for k in ("conduits", "suppliers", "policies", "instruments", "systems", "attestations")),
   "and a place for everything else")
ok(doc["x-note"].startswith("The site file") and all("x-note-" + k in doc for k in ("zones", "conduits", "suppliers")),
   "each with its note")
sv = json.loads(run("init", *OPTIONS, "-l", "sv")[1])
ok(sv["x-note"].startswith("Platsfilen") and "Förteckningen" in sv["x-note-instruments"], "notes in Swedish")
ok(run("init", *OPTIONS)[1] == open(first, encoding="utf-8").read(), "the same again, to standard output")
for k in ("conduits", "suppliers", "instruments", "people", "systems", "attestations"):
    one = {"otsite": 1, "zones": [{"id": "office"}, {"id": "analysis"}], "instruments": [{"id": "HPLC-4"}],
           "people": [{"id": "per.ek"}]}
    one[k] = [x for x in one.get(k, []) if x["id"] != doc["x-example-" + k].get("id")] + [doc["x-example-" + k]]
    status, out, err = run("check", "-", stdin=json.dumps(one))
    ok(status == 0, "the example of %s is right" % k, err)

# --- never over another

before = open(first, "rb").read()
status, out, err = run("init", "--name", "Other", "-o", first)
ok(status == 2 and "first.json: exists (--force replaces it)" in err and open(first, "rb").read() == before,
   "a file that is there stays", err)
status, out, err = run("init", "--name", "Other", "-o", first, "--force")
ok(status == 0 and json.load(open(first))["organisation"]["name"] == "Other", "but with --force", err)
for why, *args in (
        ('--county: "Lund" is no Swedish county', "--county", "Lund"),
        ('--sector: "a1.helth" is no sector', "--sector", "a1.helth"),
        ('--headcount: "many" is not a number', "--headcount", "many"),
        ('--headcount: "-5" is not a number', "--headcount=-5"),
        ('--country: "Sverige" is not a country', "--country", "Sverige"),
        ('--kind: "firm" is unknown here: expected private', "--kind", "firm"),
        ('-z: "10.0.0.0/33" is not a prefix: expected', "-z", "a=10.0.0.0/33"),
        ('-z: "10.0.0.0/8" is not ID=PREFIX', "-z", "10.0.0.0/8"),
        ("-z: 10.0.0.0/8 is a prefix of zones[0]", "-z", "a=10.0.0.0/8", "-z", "b=10.0.0.0/8"),
        ('-z: "internet" is a word with a meaning of its own', "-z", "internet=10.0.0.0/8"),
        ('-p: "boss" is unknown here', "-p", "boss=Eva"),
        ('-p: "Eva" is not ROLE=NAME', "-p", "Eva"),
        ("none.ndjson: No such file", "-i", "none.ndjson"),
        ("no operand is expected", "--name", "x", "site.json"),
        ("nothing to begin with",)):
    status, out, err = run("init", "-o", os.path.join(tmp.name, "no.json"), *args)
    ok(status == 2 and not out and why in err and err.count("\n") == 1 and os.listdir(tmp.name) == ["first.json"],
       why + ", and nothing is written", err + str(os.listdir(tmp.name)))
status, out, err = run("init", "--county", "Oslo", "--country", "NO")
ok(status == 0, "counties of other countries are their own", err)
status, out, err = run("init", "--name", "x", "-o", os.path.join(tmp.name, "no/such/folder.json"))
ok(status == 2 and "No such file" in err, "a folder that is not there", err)

# --- from an inventory

status, out, err = run("init", "-i", INVENTORY, "-z", "lab=10.10.0.0/16", "-n", "Nord AB")
ok(status == 0, "from an inventory", err)
doc = right(out, "from an inventory")
ok([(z["id"], z["cidr"]) for z in doc["zones"]] == [("lab", ["10.10.0.0/16"]), ("net-10-20-0", ["10.20.0.0/24"]),
                                                    ("net-10-30-0", ["10.30.0.0/24"])],
   "networks that no zone holds are proposed as zones", doc["zones"])
ins = {i["id"]: i for i in doc["instruments"]}
ok(ins["HPLC-4"]["serial"] == "NLB40417" and ins["HPLC-4"]["zone"] == "lab" and ins["AHU-2"]["zone"] == "net-10-20-0" and
   ins["HPLC-4"]["mac"] == ["00:30:d3:1a:04:17"], "instruments as they were seen", ins["HPLC-4"])
ok(all(i["x-note"] == "seen on the network; to be confirmed" for i in doc["instruments"]), "each marked as to be confirmed")
assets = [json.loads(l)["asset"] for l in open(INVENTORY, encoding="utf-8") if '"event_type":"asset"' in l]
inner = [a for a in assets if not a.get("public") and not a.get("silent") and not a.get("virtual")]
ok(len(doc["instruments"]) == len(inner) and 0 < len(inner) < len(assets),
   "what is on the internet is on no register", (len(doc["instruments"]), len(inner), len(assets)))


def listed(name, document):
    """What gap says of the register, by a site file that is this document."""
    p = os.path.join(tmp.name, name)
    with open(p, "w", encoding="utf-8") as f:
        json.dump(document, f)
    _, out, err = run("gap", "-f", "ndjson", "-s", p, INVENTORY)
    got = [json.loads(l) for l in out.splitlines()]
    os.unlink(p)
    return (next(r["assessment_summary"] for r in got if "assessment_summary" in r)["listed"],
            next(r["finding"] for r in got if r.get("finding", {}).get("item") == "inv.instruments_firmware"))


number, finding = listed("proposed.json", doc)
ok(number == 0 and finding["status"] == "gap" and "proposed from traffic" in finding["reason"],
   "what was taken from the network does not make the network listed", (number, finding["reason"]))
checked = json.loads(json.dumps(doc))
for i in checked["instruments"][:4]:
    del i["proposed"]
number, finding = listed("checked.json", checked)
ok(number == 4, "what somebody has checked does", (number, finding["reason"]))


def asset(**a):
    return json.dumps({"event_type": "asset", "asset": dict({"id": "x"}, **a)}) + "\n"


made = asset(ips=["10.1.2.3"], vlans=[7], name="A") + asset(ips=["10.1.2.4", "192.0.2.1"], vlans=[7, 8], name="A") + \
    asset(ips=["fd00:1::5"], macs=["02:00:00:00:00:01"]) + asset(ips=["198.51.100.1"]) + asset(macs=["02:00:00:00:00:02"]) + \
    asset(ips=["169.254.1.1"], serial="S1") + json.dumps({"event_type": "flow"}) + "\n" + asset(name="å" * 60, serial="S2")
status, out, err = run("init", "-i", "-", stdin=made)
ok(status == 0, "made assets", err)
doc = right(out, "made assets")
ok([(z["id"], z["cidr"], z.get("vlan")) for z in doc["zones"]] == [("net-10-1-2", ["10.1.2.0/24"], [7, 8]),
                                                                   ("net-fd00-1--", ["fd00:1::/64"], None)],
   "zones with the VLANs their members were seen in", doc["zones"])
ok([i["id"] for i in doc["instruments"]][:5] == ["A", "A-2", "fd00:1::5", "02:00:00:00:00:02", "S1"], "each has an id of its own",
   [i["id"] for i in doc["instruments"]])
status, out, err = run("init", "-i", "-", stdin='{"event_type":"flow"}\n')
ok(status == 0 and "no asset record" in err, "an inventory without assets is said", err)
status, out, err = run("init", "-i", "-", stdin=made + "{broken\n")
ok(status == 2 and "stdin:9: " in err, "so is a line that is no record", err)

# --- on a terminal

asked = os.path.join(tmp.name, "asked.json")
status, out, left = ask(["Lab AB", "556610-3205", "", "Lund", "Skåne", "", "a2.research", "120", "many", "18000000", "11000000",
                         "", "analysis=10.10.0.0/24", "bms=10.20.0.0/33", "bms=10.20.0.0/24", "", "Eva Lind", "Per Ek", "Per Ek"],
                        "-o", asked)
ok(status == 0 and not left and os.path.exists(asked), "asked on a terminal", out)
doc = right(open(asked, encoding="utf-8").read(), "asked")
org = doc["organisation"]
ok((org["name"], org["country"], org["county"], org["kind"], org["sector"], org["headcount"], org["turnover_eur"]) ==
   ("Lab AB", "SE", "Skåne", "private", ["a2.research"], 120, 18000000), "answers, and what is usual where there is none", org)
ok('"Lund" is no Swedish county' in out and out.count("County of its seat") == 2, "what is wrong is asked again", out)
ok([z["id"] for z in doc["zones"]] == ["analysis", "bms"] and '"10.20.0.0/33" is not a prefix' in out, "zones until an empty line")
ok([(p["name"], p["role"]) for p in doc["people"]] == [("Eva Lind", ["management"]), ("Per Ek", ["security_lead", "incident_lead"])],
   "people", doc["people"])
status, out, left = ask(["Lab AB", None], "-o", os.path.join(tmp.name, "half.json"), "-l", "sv")
ok(status == 2 and "Organisationens namn" in out and "nothing is written" in out and
   not os.path.exists(os.path.join(tmp.name, "half.json")), "answers that end early: nothing is written", out)
status, out, left = ask([], "-o", asked)
ok(status == 2 and "exists" in out and "Name of" not in out, "nothing is asked for a file that exists", out)

print("1..%d" % n)
sys.exit(1 if failed else 0)
