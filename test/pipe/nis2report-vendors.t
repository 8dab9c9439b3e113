#!/usr/bin/python3
"""nis2report vendors: who came in and what went out, from real packets and made events.

Figures of captures are held against what tcpdump counts in them."""
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

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(TOP, "test"))
try:
    import schema
except ImportError:
    print("1..0 # SKIP no python3-jsonschema")
    sys.exit(0)

BIN = os.path.abspath(os.environ.get("OTKIT_BIN", "."))
CAPTURES = os.environ.get("OTKIT_CAPTURES", os.path.join(TOP, "..", "shared", "captures"))
SANITIZED = os.environ.get("OTKIT_SANITIZED")
PROG, DISSECT, OTINV = BIN + "/nis2report", BIN + "/otdissect", BIN + "/otinv"
LAB, SITE = TOP + "/examples/lab.pcapng", TOP + "/examples/site.json"
tmp = tempfile.TemporaryDirectory(prefix="otkit-vendors-")
tests = bad = 0


def ok(good, text, *notes):
    global tests, bad
    tests += 1
    bad += not good
    print("%sok %d - %s" % ("" if good else "not ", tests, text))
    for n in notes if not good else ():
        print("# " + str(n)[:2000].replace("\n", "\n# "))


def skip(text, why):
    global tests
    tests += 1
    print("ok %d - %s # SKIP %s" % (tests, text, why))


def run(*args, data=None):
    stdin = {"input": data} if data is not None else {"stdin": subprocess.DEVNULL}
    p = subprocess.run([PROG, "vendors", *args], capture_output=True, **stdin)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def file(name, text):
    path = os.path.join(tmp.name, name)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    return path


def records(*args, data=None):
    code, out, err = run("-f", "ndjson", *args, data=data)
    r = [json.loads(x) for x in out.splitlines()]
    for x in r:
        wrong = schema.check(x)
        if wrong:
            ok(False, "a record is as its schema has it", wrong, x)
    return code, r, err


def of(r, kind):
    return [x[kind] for x in r if x["event_type"] == kind]


def dissect(path):
    return subprocess.run([DISSECT, path], capture_output=True).stdout


def frames(path, *hosts):
    """What tcpdump says of the frames between two hosts: (number, source, flags, length)."""
    out = subprocess.run(["tcpdump", "-r", path, "-nn", "-e", "--number"], capture_output=True).stdout.decode()
    found = []
    for l in out.splitlines():
        # number time MACs ... length N: [vlan ...] SOURCE > DESTINATION: ...
        m = re.search(r"^ *(\d+) .*?length (\d+): .*?(?<=[ ])(\d+\.\d+\.\d+\.\d+)\.\d+ > (\d+\.\d+\.\d+\.\d+)\.\d+: (.*)", l)
        if m and {m[3], m[4]} == set(hosts):
            found.append((int(m[1]), m[3], m[5], int(m[2])))
    return found


def stamp(t):
    return t.strftime("%Y-%m-%dT%H:%M:%S.%f+0000")


def flow(n, src, dst, port, start, seconds, app="ssh", out=1000, back=2000, proto="TCP", **more):
    """A flow event as Suricata writes it."""
    end = start + datetime.timedelta(seconds=seconds)
    r = {"timestamp": stamp(end), "flow_id": n, "in_iface": "eth1", "event_type": "flow", "src_ip": src, "src_port": 40000 + n % 20000,
         "dest_ip": dst, "dest_port": port, "proto": proto, "app_proto": app,
         "flow": {"pkts_toserver": 10, "pkts_toclient": 12, "bytes_toserver": out, "bytes_toclient": back,
                  "start": stamp(start), "end": stamp(end), "age": seconds, "state": "closed", "reason": "timeout", "alerted": False}}
    if proto == "TCP":
        r["tcp"] = {"tcp_flags": "1b", "syn": True, "fin": True, "ack": True, "state": "closed"}
    r.update(more)
    return r


def lines(events):
    return "".join(json.dumps(e, separators=(",", ":")) + "\n" for e in events).encode()


# --- the example's capture ------------------------------------------------------------

events = dissect(LAB)
inventory = file("inv", subprocess.run([OTINV, "build", "--site", SITE], input=events, capture_output=True).stdout)
code, r, err = records("--site", SITE, "--inventory", inventory, data=events)
ok(code == 1 and not err, "the example has something to ask about", code, err)
s = of(r, "remote_session")
ok(len(s) == 1 and s[0]["supplier"] == "nordlab" and s[0]["contract"] == "expired" and s[0]["tool"] == "SSH" and
   s[0]["direction"] == "in" and s[0]["instrument"] == "HPLC4-PC" and s[0]["mfa"] == "denied" and not s[0]["declared"],
   "198.51.100.23 comes in over SSH, its contract has expired", s)
ok(s[0]["inside_hours"] is False, "on a Sunday, where Monday to Friday are agreed")
assets = {a["id"]: a for a in (json.loads(l).get("asset", {}) for l in open(inventory)) if "id" in a}
ok("10.10.0.15" in assets[s[0]["asset"]]["ips"], "the asset is the inventory's")
e = of(r, "egress")
ok(len(e) == 1 and e[0]["dest"] == "203.0.113.10" and e[0]["name"] == "mqtt.miljosensor.example" and e[0]["encrypted"] is False and
   e[0]["declared"] is False and e[0]["day"] == "2026-11-22", "10.20.0.77 sends MQTT in clear to 203.0.113.10", e)
ok("10.20.0.77" in assets[e[0]["asset"]]["ips"] and e[0]["device"] != "10.20.0.77", "it has the inventory's name")
v = {x.get("supplier"): x for x in of(r, "vendor_summary")}
ok(set(v) == {"nordlab", "renluft"} and not v["renluft"]["seen"] and v["nordlab"]["outside_contract"] == 1 and
   v["nordlab"]["instruments"] == ["HPLC4-PC"], "every supplier is there, seen or not", v)
try:
    f = frames(LAB, "198.51.100.23", "10.10.0.15")
    ok(sum(x[3] for x in f if x[1] == "198.51.100.23") == s[0]["bytes_in"] and sum(x[3] for x in f if x[1] == "10.10.0.15") == s[0]["bytes_out"] and
       len(f) == s[0]["packets"], "bytes and packets of the session are tcpdump's", len(f), s)
    at = [x for x in r if x["event_type"] == "remote_session"][0]["pcap_cnt"]
    ok((f[0][0], f[-1][0]) == (at, s[0]["last_pcap_cnt"]), "and so are its first and last packet", f[0], f[-1], at)
    # the same frames lie on both sides of the router: those with the device's MAC are counted
    f = frames(LAB, "10.20.0.77", "203.0.113.10")
    ok(sum(x[3] for x in f if x[1] == "10.20.0.77") == e[0]["bytes_out"] and sum(x[3] for x in f if x[1] != "10.20.0.77") == e[0]["bytes_in"],
       "bytes of the egress are, too")
    ok(sum("Flags [S]," in x[2] for x in f) == e[0]["flows"], "and its flows are the connections opened")
except (FileNotFoundError, IndexError):
    skip("figures of tcpdump", "no tcpdump")
topics = {x["mqtt"][k]["topic"] for x in map(json.loads, events.splitlines()) if x["event_type"] == "mqtt" and "203.0.113.10" in (x["src_ip"], x["dest_ip"])
          for k in ("publish",) if k in x["mqtt"]}
ok(e[0]["topics"] == sorted(topics) and e[0]["topic_count"] == len(topics), "MQTT topics", topics, e)
w = of(r, "access_summary")[0]
ok(w["gap_count"] == 0 and w["timezone"] == "Europe/Stockholm" and w["lines"] == len(events.splitlines()), "what it rests on", w)

# --- forms ---------------------------------------------------------------------------------

for lang, number, words in (("sv", "session med fjärråtkomst", ("Leverantörers åtkomst", "Utan giltigt avtal", "Klartext, ej beslutad", "Inte sedd", "Vad som inte kunde ses")),
                            ("en", "session of remote access", ("Supplier access", "No valid contract", "In clear, undeclared", "Not seen", "What could not be seen"))):
    for form in ("text", "markdown", "html"):
        code, out, err = run("-s", SITE, "-l", lang, "-f", form, "-w", "140", data=events)
        flat = " ".join(re.sub("<[^>]*>", " ", out).split())
        ok(code == 1 and number in flat and all(x in flat or form == "text" and x.split()[0] in flat for x in words) and "vendors." not in flat,
           "%s in %s" % (form, lang), err, [x for x in words if x not in flat])
# what has no name is called by its address, once; a legend stands with its picture
wide = run("-s", SITE, "-f", "html", data=events)[1]
ok("@page{size:A4 landscape}" in wide and 'class="list wide"' in wide, "paper lies down for tables of many columns")
found = re.findall(r"(?<=>)10\.10\.0\.15(?=<)", run("-f", "html", data=events)[1])
ok(len(found) == 1, "a device without a name has its address once", found)
ok("Shaded:" in wide and not any("Shaded:" in run("-s", SITE, "-f", f, data=events)[1] for f in ("text", "markdown")),
   "the picture's legend is where the picture is")
ok(run("-s", SITE, "-f", "html", data=events)[1] == run("-s", SITE, "-f", "html", data=events)[1], "twice the same bytes")
code, out, err = run("-s", SITE, "-f", "html", data=events)
ok(out.count("<svg") == 2 and "198.51.100.23" in out, "the page has its picture, wide and narrow")
heads = []
for lang in ("sv", "en"):
    code, out, err = run("-s", SITE, "-l", lang, "-f", "csv", data=events)
    rows = list(csv.reader(io.StringIO(out)))
    heads.append(rows[0])
    ok(code == 1 and len(rows) == 2 and len(rows[0]) == len(rows[1]) and rows[1][0] == "2026-11-22 08:20:34", "the access log as CSV, %s" % lang, out)
ok("flerfaktorsinloggning" in heads[0] and "second factor" in heads[1], "its head is in the language asked for")
ok(run("-s", SITE, "-f", "markdown", "-o", tmp.name + "/out.md", data=events)[0] == 1 and "nordlab" not in open(tmp.name + "/out.md").read().split("\n")[0],
   "--out")

# --- made events ------------------------------------------------------------------------------

site = {"otsite": 1, "site": {"key": "t", "name": "Prov"},
        "zones": [{"id": "lab", "cidr": ["10.0.0.0/16"]}, {"id": "vpn", "cidr": ["10.9.0.0/24"], "category": "vendor"}],
        "conduits": [{"from": "lab", "to": "internet", "app_proto": ["tls"], "port": [443]}],
        "suppliers": [{"id": "a", "name": "=Formel AB", "addresses": ["198.51.100.0/24"], "domains": ["a.example"], "contract": "A-1",
                       "expires": "2027-01-01", "mfa": True, "hours": [{"days": "mon-fri", "from": "07:00", "to": "17:00"}]},
                      {"id": "b", "name": "B", "addresses": ["192.0.2.0/24"]}],
        "instruments": [{"id": "I-1", "ip": "10.0.0.14"}]}
made = file("site.json", json.dumps(site))
B = datetime.datetime(2026, 11, 23, 9, 0)
H = datetime.timedelta(hours=1)
M = datetime.timedelta(minutes=1)

good = [flow(1, "198.51.100.5", "10.0.0.14", 22, B, 600), flow(2, "198.51.100.5", "10.0.0.14", 22, B + 12 * M, 600),
        flow(3, "10.0.0.7", "203.0.113.1", 443, B, 60, "tls")]
code, r, err = records("-s", made, data=lines(good))
s = of(r, "remote_session")
ok(code == 0 and len(s) == 1 and s[0]["flows"] == 2 and s[0]["bytes_in"] == 2000 and s[0]["duration_s"] == 1320 and s[0]["inside_hours"] is True and
   s[0]["mfa"] == "attested" and s[0]["contract"] == "valid", "all as agreed: exit 0", code, err, s)
ok(of(r, "egress")[0]["declared"] is True, "a conduit declares what goes out")
for text, more in (("an unknown party", flow(9, "203.0.113.9", "10.0.0.14", 22, B, 60)), ("outside hours", flow(9, "198.51.100.9", "10.0.0.14", 22, B + 9 * H, 60)),
                   ("no contract", flow(9, "192.0.2.9", "10.0.0.14", 22, B, 60)), ("undeclared clear text", flow(9, "10.0.0.8", "203.0.113.9", 80, B, 60, "http"))):
    code, r, err = records("-s", made, data=lines(good + [more]))
    ok(code == 1, "%s: exit 1" % text, err)
for text, more in (("undeclared and encrypted", flow(9, "10.0.0.8", "203.0.113.9", 8443, B, 60, "tls")), ("DNS", flow(9, "10.0.0.8", "203.0.113.9", 53, B, 1, "dns", proto="UDP")),
                   ("a failed attempt", flow(9, "203.0.113.9", "10.0.0.14", 22, B, 1, "failed", flow={"pkts_toserver": 1, "pkts_toclient": 1, "bytes_toserver": 60,
                    "bytes_toclient": 54, "start": stamp(B), "end": stamp(B)}))):
    more = {k: v for k, v in more.items() if not (k == "app_proto" and v == "failed")}
    code, r, err = records("-s", made, data=lines(good + [more]))
    ok(code == 0, "%s: exit 0" % text, err, r)

# Suricata's records, in EVE's shapes: TLS without our remote_access, MQTT topics, SSH
eve = [dict(timestamp=stamp(B), flow_id=1 << 60, event_type="tls", src_ip="10.0.0.7", src_port=5, dest_ip="203.0.113.50", dest_port=443, proto="TCP",
            tls={"sni": "relay-7.net.anydesk.com", "version": "TLS 1.3"}),
       flow(1 << 60, "10.0.0.7", "203.0.113.50", 443, B, 300, "tls"),
       dict(timestamp=stamp(B), flow_id=22, event_type="mqtt", src_ip="10.0.0.7", src_port=40006, dest_ip="203.0.113.51", dest_port=1883, proto="TCP",
            mqtt={"subscribe": {"message_id": 1, "topics": [{"topic": "x/1", "qos": 0}, {"topic": "x/2", "qos": 0}]}}),
       dict(timestamp=stamp(B), flow_id=23, event_type="ssh", src_ip="198.51.100.7", src_port=6, dest_ip="10.0.0.14", dest_port=22, proto="TCP",
            ssh={"client": {"proto_version": "2.0", "software_version": "PuTTY_0.80"}, "server": {"proto_version": "2.0", "software_version": "dropbear"}})]
code, r, err = records("-s", made, data=lines(eve))
s = of(r, "remote_session")
ok([x["tool"] for x in s] == ["AnyDesk", "SSH"] or [x["tool"] for x in s] == ["SSH", "AnyDesk"], "a service by the SNI in Suricata's records, and SSH", s)
ok([x for x in s if x["tool"] == "SSH"][0].get("no_flow_record") and [x for x in s if x["tool"] == "SSH"][0]["software"] == "PuTTY_0.80",
   "an SSH event without its flow")
ok([x["topics"] for x in of(r, "egress") if "topics" in x] == [["x/1", "x/2"]], "topics subscribed to")
ok(all("flow_id" not in x for x in r if x["event_type"] == "remote_session" and x["remote_session"]["tool"] == "AnyDesk"), "a flow_id of more than 51 bits is left out")

# in any order the same
many = []
rnd = random.Random(7)
for n in range(1, 400):
    many.append(flow(n, rnd.choice(["198.51.100.5", "203.0.113.9", "192.0.2.4"]), rnd.choice(["10.0.0.14", "10.0.0.15"]), 22, B + rnd.randrange(600) * M, rnd.randrange(900)))
    many.append(flow(1000 + n, "10.0.0.%d" % rnd.randrange(9), "203.0.113.%d" % rnd.randrange(9), 443, B + rnd.randrange(3000) * M, 30, "tls"))
straight = run("-s", made, "-f", "ndjson", data=lines(many))[1]
rnd.shuffle(many)
ok(run("-s", made, "-f", "ndjson", data=lines(many))[1] == straight and straight.count("remote_session\"") > 100, "the order of lines does not matter")
total = sum(x["bytes_in"] for x in of(map(json.loads, straight.splitlines()), "remote_session"))
ok(total == 399 * 1000, "no flow is lost or counted twice", total)

# periods, gaps, one supplier
day = [flow(n, "198.51.100.5", "10.0.0.14", 22, B + n * 24 * H, 60) for n in range(1, 6)]
code, r, err = records("-s", made, "--from", "2026-11-25", "--to", "2026-11-26", data=lines(day))
w = of(r, "access_summary")[0]
ok([x["start"][:10] for x in of(r, "remote_session")] == ["2026-11-25", "2026-11-26"], "a date is included at both ends")
ok(w["from"] == "2026-11-24T23:00:00.000000+0000" and w["to"] == "2026-11-26T23:00:00.000000+0000", "and is the site's", w)
ok(w["gap_count"] == 3 and w["observed_s"] < 7200, "what was not observed is a gap", w)
code, out, err = run("-s", made, "-l", "en", "--from", "2026-11-25", "--to", "2026-11-26", data=lines(day))
ok("In 3 gaps (see below) anyone may have come in" in " ".join(out.split()), "and is said", out)
for span in (("--from", "2026-12-24", "--to", "2026-12-26"), ("--from", "2026-12-24"), ("--to", "2026-11-01"), ("--from", "2026-12-24T10:00:00Z", "--to", "2026-12-24T10:20:00Z")):
    code, out, err = run("-s", made, "-l", "en", *span, data=lines(day))
    text = " ".join(out.split())
    ok(code == 2 and "no record in the period" in err and "No record at all came in the period" in text and "throughout" not in text,
       "a period without a record is no clean one: %s" % " ".join(span), code, text, err)
    code, r, err = records("-s", made, *span, data=lines(day))
    w = of(r, "access_summary")[0]
    ok(w["observed_s"] == 0 and w.get("first_record") is None, "nothing of it was observed", w)
    ok(len(r) > 1 and all(x["timestamp"][:4] == "2026" for x in r), "its day is one of the period", r[0])
code, r, err = records("-s", made, "--supplier", "b", data=lines(good + [flow(9, "192.0.2.9", "10.0.0.14", 22, B, 60), flow(10, "203.0.113.9", "10.0.0.14", 22, B, 60)]))
ok([x["supplier"] for x in of(r, "remote_session")] == ["b"] and [x["supplier"] for x in of(r, "vendor_summary")] == ["b"] and code == 1, "--supplier", r)

# a name that would be a formula
code, out, err = run("-s", made, "-f", "csv", data=lines(good))
row = list(csv.reader(io.StringIO(out)))[1]
ok("'=Formel AB" in row and "=Formel AB" not in row, "no cell is a formula", row)
code, out, err = run("-s", made, "-f", "html", data=lines([dict(good[0], event_type="flow"), dict(timestamp=stamp(B), flow_id=5, event_type="tls", src_ip="10.0.0.7",
                     dest_ip="203.0.113.50", dest_port=443, proto="TCP", tls={"sni": "<script>alert(1)</script>.anydesk.com"}), flow(5, "10.0.0.7", "203.0.113.50", 443, B, 9, "tls")]))
ok("<script>alert" not in out and "&lt;script&gt;alert" in out, "no name is markup")

# --- what is wrong --------------------------------------------------------------------------

for want, args, data in (("--supplier x: no such supplier", ("-s", made, "--supplier", "x"), b""), ("suppliers are in a site file", ("--supplier", "a"), b""),
                         ("--from soon: a time such as", ("--from", "soon"), b""), ("nothing lies between them", ("--from", "2026-11-25", "--to", "2026-11-24"), b""),
                         ("--format xml: text, markdown", ("--format", "xml"), b""), ("no event of a flow", ("-s", made), lines([{"timestamp": stamp(B), "event_type": "stats"}])),
                         ("not JSON", ("-s", made), b"{\"timestamp\":\"2026-11-23T09:00:00.000000+0000\",\"event_type\":\"flow\",\n"),
                         ("only one of", ("-s", "-", "-"), b""), ("/no/such", ("/no/such",), b"")):
    code, out, err = run(*args, data=data)
    ok(code == 2 and want in err, "says \"%s\": 2" % want, code, err)
code, out, err = run("--schema", data=b"")
ok(code == 0 and all('"otkit:%s"' % x in out for x in ("envelope", "remote_session", "egress", "vendor_summary", "access_summary")), "--schema", err)
code, out, err = run("--list-fields", data=b"")
ok(code == 0 and "remote_session.inside_hours\t" in out and "egress.topics\t" in out and "access_summary.gaps" in out, "--list-fields", out[:300])

# --- a long stream -----------------------------------------------------------------------------


def stream(n):
    """Peak resident KiB and records of n lines: reads inside the site, and each day an SSH session."""
    rusage = file("rss", "")
    p = subprocess.Popen([PROG, "vendors", "-s", made, "-f", "ndjson"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    pid = os.fork()
    if pid == 0:
        try:
            for i in range(n // 1000):
                t = B + (i % 50) * 24 * H
                some = [flow(i % 50 * 10 + 1, "198.51.100.5", "10.0.0.14", 22, t, 60), flow(i % 50 * 10 + 2, "10.0.0.7", "203.0.113.1", 443, t, 60, "tls")]
                some += [flow(1000 + k, "10.0.0.5", "10.0.0.9", 502, t, 1, "modbus") for k in range(98)]
                read = '{"timestamp":"%s","event_type":"modbus","src_ip":"10.0.0.5","dest_ip":"10.0.0.9","modbus":{}}\n' % stamp(t)
                p.stdin.write(lines(some) + read.encode() * 900)
            p.stdin.close()
        finally:
            os._exit(0)
    p.stdin.close()
    out = p.stdout.read()
    os.waitpid(pid, 0)
    usage = os.wait4(p.pid, 0)[2]
    return usage.ru_maxrss, [json.loads(x) for x in out.splitlines()], rusage


if SANITIZED:
    skip("a stream of a million lines", "memory is the sanitizer's")
else:
    small, r1, _ = stream(50000)
    large, r2, _ = stream(1000000)
    w = of(r2, "access_summary")[0]
    ok(w["lines"] == 1000000 and w["sessions"] == 50 and w["egress"] == 50, "a stream of a million lines", w)
    ok(large - small < 1024, "takes no more memory than one of fifty thousand", small, large)
    ok(sum(x["flows"] for x in of(r2, "remote_session")) == 1000, "and counts every flow")

# --- real captures ---------------------------------------------------------------------------------

real = (("teamviewer.pcap", None, "TeamViewer", "out"), ("wireguard.pcap", None, "WireGuard", "out"), ("openvpn-udp.pcap", None, "OpenVPN", "out"),
        ("anydesk.pcapng", None, "AnyDesk", "out"), ("softether.pcap", None, "SoftEther VPN", "out"), ("pptp.pcap", None, "PPTP", "out"),
        ("ssh.pcap", "192.150.186.0/24", "SSH", "in"), ("rdp.pcap", "172.21.128.0/24", "RDP", "in"), ("vnc.pcap", "192.168.2.115/32", "VNC", "in"),
        ("telnet.pcap", "192.168.0.2/32", "Telnet", "in"), ("radmin.pcapng", None, "Radmin", None), ("nomachine.pcapng", None, "NoMachine", None),
        ("citrix.pcap", None, "Citrix ICA", None))
for name, vendor, tool, direction in real:
    path = os.path.join(CAPTURES, "remote", name)
    if not os.path.exists(path):
        skip("%s in %s" % (tool, name), "no capture")
        continue
    events = dissect(path)
    ends = [json.loads(x) for x in events.splitlines()]
    args = ()
    if not vendor and direction is None:
        # between two private hosts: the client's is made the suppliers' zone
        vendor = next(x["src_ip"] for x in ends if x["event_type"] == "flow" and x.get("app_proto") == tool.split()[0].lower()) + "/32"
        direction = "in"
    if vendor:
        zones = [{"id": "vendors", "cidr": [vendor], "category": "vendor"}, {"id": "lab", "cidr": ["10.0.0.0/8", "192.168.0.0/16", "172.16.0.0/12", "131.159.0.0/16", "22.0.0.0/24"]}]
        args = ("-s", file("remote.json", json.dumps({"otsite": 1, "site": {"key": "r"}, "zones": zones})))
    code, r, err = records(*args, data=events)
    s = [x for x in r if x["event_type"] == "remote_session" and x["remote_session"]["tool"] == tool and x["remote_session"]["direction"] == direction]
    ok(code == 1 and s, "%s in %s" % (tool, name), err, r)
    one = [x for x in s if x["remote_session"]["flows"] == 1]
    try:
        f = frames(path, one[0]["src_ip"], one[0]["dest_ip"]) if one else []
        ports = {x["src_port"] for x in ends if x["event_type"] == "flow" and {x["src_ip"], x["dest_ip"]} == {one[0]["src_ip"], one[0]["dest_ip"]}} if one else set()
        if f and len(ports) == 1 and sum(x["src_ip"] == one[0]["src_ip"] and x["dest_ip"] == one[0]["dest_ip"] for x in s) == 1:
            ok(sum(x[3] for x in f) == one[0]["remote_session"]["bytes"], "its bytes are tcpdump's", one, len(f))
    except FileNotFoundError:
        pass

print("1..%d" % tests)
sys.exit(1 if bad else 0)
