#!/bin/sh
# Others behind one address: what proves it, what makes it possible, and what only
# looks like it.
bin=${OTKIT_BIN:-.}
python=${PYTHON:-/usr/bin/python3}
[ -x "$bin/otinv" ] || { echo "Bail out! $bin/otinv is not built"; exit 1; }
command -v "$python" >/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }
exec "$python" - "$bin/otinv" <<'EOF'
import json, os, subprocess, sys, tempfile

otinv = sys.argv[1]
number = failed = 0


def ok(good, text):
    global number, failed
    number += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", number, text))


def at(minute, second=0, us=0, day=1):
    return "2026-11-%02dT%02d:%02d:%02d.%06d+0000" % (day, 8 + minute // 60, minute % 60, second, us)


def arp(when, mac, ip, opcode="request"):
    return {"timestamp": when, "event_type": "arp",
            "ether": {"src_mac": mac, "dest_mac": "ff:ff:ff:ff:ff:ff"}, "arp": {"opcode": opcode},
            "identity": [{"of": {"mac": mac, "ip": ip}, "source": "arp"}]}


def flow(start, end, smac, sip, dmac, dip, pkts=(100, 90), ttl=(64, 64), port=502, app="modbus", proto="TCP"):
    return {"timestamp": end, "event_type": "flow", "pcap_filename": "a.pcap", "pcap_cnt": 7,
            "ether": {"src_mac": smac, "dest_mac": dmac},
            "src_ip": sip, "src_port": 40000, "dest_ip": dip, "dest_port": port, "proto": proto,
            "app_proto": app, "flow": {
                "pkts_toserver": pkts[0], "pkts_toclient": pkts[1], "bytes_toserver": 100 * pkts[0],
                "bytes_toclient": 100 * pkts[1], "start": start, "end": end, "age": 1, "state": "closed",
                "reason": "timeout", "alerted": False, "min_ttl": min(ttl),
                **({"min_ttl_toserver": ttl[0], "min_ttl_toclient": ttl[1]} if ttl[0] != ttl[1] else {})}}


def says(when, smac, sip, source, app="http", dmac="00:1b:1b:00:00:99", dip="10.0.0.9", **words):
    return {"timestamp": when, "event_type": app, "pcap_filename": "a.pcap", "pcap_cnt": 8,
            "ether": {"src_mac": smac, "dest_mac": dmac}, "src_ip": sip, "src_port": 40001,
            "dest_ip": dip, "dest_port": 80, "proto": "TCP", "app_proto": app, app: {},
            "ot": {"op": "read", "result": "ok"}, "identity": [dict(words, of="src", source=source)]}


def ssdp(when, mac, ip, target, method="NOTIFY", host=None):
    return {"timestamp": when, "event_type": "ssdp", "ether": {"src_mac": mac, "dest_mac": "01:00:5e:7f:ff:fa"},
            "src_ip": ip, "src_port": 1900, "dest_ip": "239.255.255.250", "dest_port": 1900, "proto": "UDP",
            "app_proto": "ssdp", "ssdp": {"method": method, "target": target,
                                          "usn": "uuid:f5c1d177-62e5-45d1-a6e7-c412f504c74a::" + target,
                                          "location_host": host or ip}, "ot": {"op": "report"}}


def run(*args, text=None):
    return subprocess.run([otinv] + list(args), input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def build(*events):
    done = run("build", text="".join(json.dumps(e) + "\n" for e in events).encode())
    if done.returncode:
        print("# " + done.stderr.decode())
    return done.stdout


def assets(*events):
    return [r["asset"] for r in map(json.loads, build(*events).splitlines()) if r["event_type"] == "asset"]


def one(found, ip):
    hits = [a for a in found if ip in a.get("ips", [])]
    return hits[0] if len(hits) == 1 else {}


def nat(found, ip):
    """certainty and reasons of an address"""
    n = one(found, ip).get("nat", {})
    return n.get("certainty"), [r["reason"] for r in n.get("reasons", [])]


NONE = (None, [])
M = lambda n: "00:1b:1b:00:01:%02x" % n
IN, OUT, S, C, D, N = M(1), M(2), M(3), M(4), M(5), "10.0.0.50"

# ---- both sides: two clients inside, one address outside
inner = lambda mac, ip, a, b, pkts: flow(at(0, a, 100), at(9, b, 100), mac, ip, IN, "10.0.0.80", pkts)
outside = flow(at(0, 1, 400), at(9, 30, 400), OUT, N, S, "10.0.0.80", (300, 290))
outside2 = flow(at(1, 1, 400), at(8, 30, 400), OUT, N, S, "10.0.0.80", (200, 190))
inside = [inner(C, "192.168.8.10", 1, 30, (300, 290)),
          flow(at(1, 1, 100), at(8, 30, 100), D, "192.168.8.11", IN, "10.0.0.80", (200, 190))]
wire = [arp(at(0), OUT, N), arp(at(0), S, "10.0.0.80"), arp(at(0), C, "192.168.8.10"), arp(at(0), D, "192.168.8.11")]
found = assets(*wire, *inside, outside, outside2)
ok(nat(found, N) == ("sure", ["both_sides"]),
   "the same conversations on both sides, under another address: it translates")
ok(sorted(one(found, N)["nat"]["inside"]) == sorted(one(found, "192.168.8.1%d" % i)["id"] for i in (0, 1)),
   "and who stands behind it is named, each an asset of its own")
ok("nat" not in one(found, "10.0.0.80") and "nat" not in one(found, "192.168.8.10"), "nobody else translates")
ok(one(found, N)["nat"]["reasons"][0].get("pcap_filename") == "a.pcap", "the evidence is a packet")
ok(nat(assets(*wire, inside[0], outside), N)[0] == "sure", "one alone behind it is enough")
ok(nat(assets(*wire, inside[0], outside2), N) == NONE, "other conversations are others'")
late = flow(at(0, 3, 400), at(9, 32, 400), OUT, N, S, "10.0.0.80", (300, 290))
ok(nat(assets(*wire, inside[0], late), N) == NONE, "nor is what begins two seconds later the same")
fewer = flow(at(0, 1, 400), at(9, 30, 400), OUT, N, S, "10.0.0.80", (280, 270))
ok(nat(assets(*wire, inside[0], fewer), N) == NONE, "nor what has fewer packets")
short = [inner(C, "192.168.8.10", 1, 30, (5, 4)), flow(at(0, 1, 400), at(9, 30, 400), OUT, N, S, "10.0.0.80", (5, 4))]
ok(nat(assets(*wire, *short), N) == NONE, "nine packets may be like nine others by chance")
routed = flow(at(0, 1, 400), at(9, 30, 400), OUT, "192.168.8.10", S, "10.0.0.80", (300, 290))
ok(all("nat" not in a for a in assets(*wire, inside[0], routed)), "a router that keeps the address translates nothing")
pair = [flow(at(0, 1, 100), at(9, 30, 100), C, "10.0.0.10", S, "10.0.0.80", (300, 290)),
        flow(at(0, 1, 400), at(9, 30, 400), D, "10.0.0.11", S, "10.0.0.80", (300, 290))]
ok(all("nat" not in a for a in assets(arp(at(0), S, "10.0.0.80"), *pair)),
   "two of a redundant pair that poll one server alike are two")
far = [inner(C, "192.168.8.10", 1, 30, (300, 290)), outside, routed]
ok(nat(assets(*wire, *far), N) == NONE, "and so they are where one of them is behind a router")

# ---- systems
X, IP = M(9), "10.0.0.60"
agent = lambda minute, os: says(at(minute), X, IP, "http.user-agent", os=os)
talk = lambda a, b, os: [agent(a, os), agent(b, os)]
three = talk(0, 30, "Windows 10") + talk(5, 40, "Android 14") + talk(3, 50, "FreeBSD")
ok(nat(assets(*three), IP) == ("sure", ["systems"]), "systems of three families at a time: sure")
ok(one(assets(*three), IP)["nat"]["reasons"][0]["values"] == ["Android 14", "FreeBSD", "Windows 10"], "which are told")
ok(nat(assets(*three[:4]), IP) == ("possibly", ["systems"]), "of two families: possible")
ok(nat(assets(*talk(0, 5, "Windows 10"), *talk(6, 9, "Linux"), *talk(10, 20, "FreeBSD")), IP) == NONE,
   "a machine that starts one system after the other is one machine")
ok(nat(assets(*talk(0, 30, "Mac OS X 10_15"), *talk(5, 40, "iOS 17")), IP) == NONE,
   "an iPad says that it is a Macintosh, too")
ok(nat(assets(*talk(0, 30, "Linux x86_64"), *talk(5, 40, "Android 14")), IP) == NONE, "and a telephone that it is Linux")
ok(nat(assets(*talk(0, 30, "Windows 10"), *talk(5, 40, "Windows XP")), IP) == NONE, "old and new Windows are one family")
server = lambda minute, os: {**says(at(minute), M(8), "10.0.0.61", "http.server", dmac=X, dip=IP),
                             "identity": [{"of": "dest", "os": os, "source": "http.server"}]}
ok(nat(assets(server(0, "Ubuntu"), server(5, "Windows"), server(6, "FreeBSD"), server(20, "Ubuntu"),
              server(20, "Windows"), server(21, "FreeBSD")), IP) == NONE, "what a server's ports say is no sign")
proxy = dict(says(at(2), M(8), "10.0.0.61", "x", dmac=X, dip=IP), dest_port=3128)
proxy["identity"] = []
ok(nat(assets(*three, proxy), IP) == NONE, "a proxy passes on what its clients say")
web = [dict(e, src_ip="203.0.113.7") for e in three]
ok(all("nat" not in a for a in assets(*web, says(at(0), M(8), "10.0.0.61", "x"))), "of the internet nothing is told")

# ---- names
names = lambda *l: [says(at(m), X, IP, "smb.ntlm", app="smb", hostname=h) for h in l for m in (0, 30)]
ok(nat(assets(*names("PC1", "PC2", "PC3")), IP) == ("possibly", ["names"]), "three computers log in from one address")
ok(nat(assets(*names("PC1", "pc1.lab.example")), IP) == NONE, "one by two names is one")
ok(nat(assets(*names("PC1", "PC2", "PC3"), *three[:4]), IP) == ("sure", ["systems", "names"]),
   "two different signs that each make it possible are proof")

# ---- TTL
out = lambda ttl, mac=X, ip=IP, dip="10.0.0.9", **more: flow(at(1), at(2), mac, ip, M(7), dip, ttl=(ttl, 64), **more)
own = arp(at(0), X, IP)
ok(nat(assets(own, out(63), out(127, port=80, app="http")), IP) == ("sure", ["ttl"]), "one hop short of 64 and of 128")
ok(nat(assets(own, out(63)), IP) == ("possibly", ["ttl"]), "of one kind: possible")
ok(nat(assets(own, out(64), out(128, port=80)), IP) == NONE, "whole TTLs are a host's own")
ok(nat(assets(own, out(61), out(30, port=80), out(1, port=81)), IP) == NONE, "others are probes, or from afar")
ok(nat(assets(out(63), out(127, port=80)), IP) == NONE, "without its own word the address may be behind a router")
ok(nat(assets(arp(at(0), X, IP, "reply"), out(63), out(127, port=80)), IP) == NONE,
   "nor is what it only answers for its own: a proxy's")
ok(nat(assets(own, *[out(63, ip="10.9.0.%d" % i) for i in range(1, 5)], out(63), out(127, port=80)), IP) == NONE,
   "a router's MAC carries what has come one hop")
back = flow(at(1), at(2), M(7), "10.0.0.9", X, IP, ttl=(64, 63))
ok(nat(assets(own, back), IP) == ("possibly", ["ttl"]), "answers count as well")
both = flow(at(1), at(2), X, IP, M(7), "10.0.0.9", ttl=(63, 63))
ok(nat(assets(own, both), IP) == ("possibly", ["ttl"]), "as where both directions have the same")
ping = dict(out(63), proto="ICMP")
ok(nat(assets(own, ping), IP) == NONE, "an echo's TTL is another matter")

# ---- gateways
IGD = "urn:schemas-upnp-org:device:InternetGatewayDevice:1"
ok(nat(assets(ssdp(at(1), X, IP, IGD)), IP) == ("possibly", ["gateway"]), "says that it is an Internet gateway")
ok(nat(assets(ssdp(at(1), X, IP, IGD, "M-SEARCH")), IP) == NONE, "who looks for one is none")
ok(nat(assets(ssdp(at(1), X, IP, IGD, host="10.0.0.77")), IP) == NONE, "nor who repeats another's word")
ok(nat(assets(ssdp(at(1), X, IP, "urn:schemas-upnp-org:device:MediaServer:1")), IP) == NONE, "nor another device")
pcp = flow(at(1), at(2), M(7), "10.0.0.9", X, IP, (1, 1), port=5351, app="failed", proto="UDP")
ok(nat(assets(pcp), IP) == ("possibly", ["port_mapping"]), "answers requests for port mappings")
unanswered = flow(at(1), at(2), M(7), "10.0.0.9", X, IP, (4, 0), port=5351, app="failed", proto="UDP")
ok(nat(assets(unanswered), IP) == NONE, "who does not answer them is none")
ok(nat(assets(own, out(63), ssdp(at(1), X, IP, IGD)), IP) == ("sure", ["ttl", "gateway"]), "gateway and TTL: sure")

# ---- no identity through a translator
name = "pc7.lab.example"
pc = lambda mac, ip: [says(at(m), mac, ip, "smb.ntlm", app="smb", hostname=name, os="Windows 10") for m in (0, 30)]
ok(len([a for a in assets(*pc(X, IP), *pc(M(10), "10.0.0.62")) if name in a.get("hostnames", [])]) == 1,
   "one name in one domain at one time: one machine")
through = assets(own, out(63), *pc(X, IP), *pc(M(10), "10.0.0.62"))
ok(len([a for a in through if name in a.get("hostnames", [])]) == 2 and not any("maybe_same" in a for a in through),
   "but not where the name may have come through a translator")

# ---- told
with tempfile.TemporaryDirectory() as folder:
    def file(name, *events):
        path = os.path.join(folder, name)
        with open(path, "wb") as f:
            f.write(build(*events))
        return path

    def changes(old, new):
        done = run("diff", old, new)
        return [json.loads(line)["change"] for line in done.stdout.splitlines()]

    quiet, maybe, sure = file("quiet", own, out(64)), file("maybe", own, out(63)), \
        file("sure", own, out(63), out(127, port=502))
    c = [x for x in changes(quiet, sure) if x.get("field") == "nat"]
    ok(len(c) == 1 and c[0]["severity"] == "high" and c[0]["new"] == "ttl" and c[0]["evidence"]["pcap_cnt"] == 7,
       "a new translator is a change of high severity, with its packet")
    c = [x for x in changes(quiet, maybe) if x.get("field") == "possible_nat"]
    ok(len(c) == 1 and c[0]["severity"] == "medium", "a possible one is of medium")
    ok([x["severity"] for x in changes(maybe, sure) if x.get("field") == "nat"] == ["high"], "until it is sure")
    ok(not [x for x in changes(sure, quiet) if "nat" in x.get("field", "")] and
       not [x for x in changes(sure, maybe) if "nat" in x.get("field", "")], "what is not seen again is no change")
    c = [x for x in changes(file("other", arp(at(0), M(7), "10.0.0.9")), sure) if x["kind"] == "new" and
         x["what"] == "asset"]
    ok([(x["severity"], x["brings"], x["rule"]) for x in c] == [("high", ["nat"], "nat.new")],
       "a new device that hides others is of high severity as such")
    page = run("diff", "-t", "--lang", "sv", quiet, sure).stdout.decode()
    ok("andra bakom den" in page, "in Swedish as well")
    why = [json.loads(line)["why"] for line in run("why", "-j", IP, "nat", sure).stdout.splitlines()]
    ok(len(why) == 1 and why[0]["value"] == "sure" and why[0]["words"][0]["value"] == "ttl: ttl:127, ttl:63" and
       why[0]["words"][0]["pcap_cnt"] == 7, "why names the reason and the packet")
    ok(run("why", IP, "nat", quiet).returncode == 1, "and says nothing where there is nothing")
    show = run("show", "-w", sure).stdout.decode()
    ok(any("nat" in line.split() or " nat," in line for line in show.splitlines() if IP in line), "show marks it")
    show = run("show", "-w", maybe).stdout.decode()
    ok(any("nat?" in line for line in show.splitlines() if IP in line), "and what is only possible")
    again = run("merge", sure).stdout
    with open(sure, "rb") as f:
        ok(again == f.read(), "read back and written again it is the same")
    two = [file("a", *wire, *inside), file("b", outside, outside2)]
    whole = [r["asset"] for r in map(json.loads, run("merge", *two).stdout.splitlines()) if r["event_type"] == "asset"]
    ok(nat(whole, N) == ("sure", ["both_sides"]), "inventories of the two sides, merged, show the translator")

print("1..%d" % number)
sys.exit(failed > 0)
EOF
