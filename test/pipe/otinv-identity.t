#!/bin/sh
# Who is who: what belongs to one asset and what does not, for cases that
# captures seldom show together. Each is a list of events and what must follow.
bin=${OTKIT_BIN:-.}
python=${PYTHON:-/usr/bin/python3}
[ -x "$bin/otinv" ] || { echo "Bail out! $bin/otinv is not built"; exit 1; }
command -v "$python" >/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }
exec "$python" - "$bin/otinv" <<'EOF'
import json, subprocess, sys, tempfile

otinv = sys.argv[1]
number = failed = 0


def ok(good, text):
    global number, failed
    number += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", number, text))


def at(day, hour, minute=0):
    return "2026-11-%02dT%02d:%02d:00.000000+0000" % (day, hour, minute)


def arp(when, mac, ip, opcode="reply"):
    return {"timestamp": when, "event_type": "arp",
            "ether": {"src_mac": mac, "dest_mac": "ff:ff:ff:ff:ff:ff"}, "arp": {"opcode": opcode},
            "identity": [{"of": {"mac": mac, "ip": ip}, "source": "arp"}]}


def talk(when, smac, sip, dmac, dip, app="modbus", **more):
    return dict({"timestamp": when, "event_type": app,
                 "ether": {"src_mac": smac, "dest_mac": dmac}, "src_ip": sip, "src_port": 40000,
                 "dest_ip": dip, "dest_port": 502, "proto": "TCP", "app_proto": app, app: {},
                 "ot": {"op": "read", "result": "ok"}}, **more)


def to_group(when, mac, ip, app, identity=()):
    return {"timestamp": when, "event_type": app, "src_ip": ip, "dest_ip": "224.0.0.18",
            "ether": {"src_mac": mac, "dest_mac": "01:00:5e:00:00:12"}, "app_proto": app, app: {},
            "ot": {"op": "report"}, "identity": list(identity)}


def build(*events):
    text = "".join(json.dumps(e) + "\n" for e in events)
    done = subprocess.run([otinv, "build"], input=text.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    if done.returncode:
        print("# " + done.stderr.decode())
    return done.stdout


def assets(*events):
    records = [json.loads(line) for line in build(*events).splitlines()]
    return [r["asset"] for r in records if r["event_type"] == "asset"]


def with_ip(found, ip):
    return [a for a in found if ip in a.get("ips", [])]


def with_mac(found, mac):
    return [a for a in found if mac in a.get("macs", [])]


R, A, B, V = "00:1b:1b:00:00:01", "00:1b:1b:00:00:0a", "00:1b:1b:00:00:0b", "00:00:5e:00:01:07"

# a router that answers ARP for a network behind it
far = ["10.0.9.%d" % i for i in range(1, 51)]
found = assets(arp(at(1, 7), R, "10.0.0.1", "request"),
               *[arp(at(1, 8, i), R, ip) for i, ip in enumerate(far)],
               *[talk(at(1, 9, i), A, "10.0.0.10", R, ip) for i, ip in enumerate(far)],
               *[arp(at(1, 10, i), R, ip) for i, ip in enumerate(far)])
router = with_mac(found, R)
ok(len(router) == 1 and router[0]["ips"] == ["10.0.0.1"],
   "a proxy for fifty addresses has the one that it uses itself")
ok(all(len(with_ip(found, ip)) == 1 and with_ip(found, ip)[0].get("via") == router[0]["id"]
       for ip in far), "and each of the fifty is an asset behind it")

# a host that DHCP moves every day
found = assets(*[arp(at(d, 8), A, "10.0.0.%d" % (100 + d)) for d in range(1, 21)])
ok(len(found) == 1 and len(found[0]["ips"]) == 20,
   "twenty addresses one after the other are one host's")

# an address that one uses and another only answers for
found = assets(arp(at(1, 8), A, "10.0.0.20", "request"), arp(at(1, 8, 1), R, "10.0.0.20"),
               arp(at(1, 7), R, "10.0.0.1", "request"), arp(at(1, 9), A, "10.0.0.20", "request"),
               arp(at(1, 9, 1), R, "10.0.0.20"))
ok([a["macs"] for a in with_ip(found, "10.0.0.20")] == [[A]],
   "who only answers for an address does not have it while another uses it")
found = assets(arp(at(1, 8), B, "10.0.0.30"), arp(at(2, 8), A, "10.0.0.30", "request"))
ok(sorted(a["macs"][0] for a in with_ip(found, "10.0.0.30")) == [A, B],
   "one day's address of one may be the next day's of another")

# a redundant pair
vip = {"of": {"mac": V, "ip": "10.0.0.254"}, "role": "virtual router", "source": "vrrp"}
found = assets(arp(at(1, 7), A, "10.0.0.2", "request"), arp(at(1, 7), B, "10.0.0.3", "request"),
               to_group(at(1, 8), V, "10.0.0.2", "vrrp", [vip]),
               to_group(at(1, 9), V, "10.0.0.3", "vrrp", [vip]),
               talk(at(1, 10), R, "10.0.0.99", V, "192.168.7.7"))
virtual = with_mac(found, V)
ok(len(virtual) == 1 and virtual[0].get("virtual") == "vrrp" and
   virtual[0]["ips"] == ["10.0.0.254"], "a virtual MAC has the virtual address alone")
pair = [with_mac(found, A)[0], with_mac(found, B)[0]]
ok([p["ips"] for p in pair] == [["10.0.0.2"], ["10.0.0.3"]] and
   sorted(virtual[0]["members"]) == sorted(p["id"] for p in pair),
   "and names the two that held it, who keep their own")
ok(with_ip(found, "192.168.7.7")[0].get("via") == virtual[0]["id"],
   "what is beyond it is behind the virtual router")
ok("vendor" not in virtual[0], "no maker is known of it")

# ids that change are told
plain = assets(talk(at(1, 8), R, "10.0.0.9", A, "10.0.0.5"))
said = {"of": "dest", "serial": "SN-00417", "source": "modbus.mei"}
known = assets(talk(at(1, 8), R, "10.0.0.9", A, "10.0.0.5", identity=[said]),
               talk(at(1, 9), R, "10.0.0.9", B, "10.0.0.6", identity=[said]))
one = with_ip(known, "10.0.0.5")[0]
ok(one["ips"] == ["10.0.0.5", "10.0.0.6"] and one["key"] == "serial:SN-00417",
   "two interfaces that give one serial number are one asset")
ok(with_ip(plain, "10.0.0.5")[0]["id"] in [x["id"] for x in one["aliases"]] and
   {x["by"] for x in one["aliases"]} == {"serial"},
   "which tells the ids that they had before, and why they have them no more")
unit = lambda n: talk(at(1, 8, n), R, "10.0.0.9", A, "10.0.0.5", ot={"op": "read", "unit_id": n,
                                                                     "result": "ok"})
single, double = assets(unit(5)), assets(unit(5), unit(6))
gateway = with_ip(single, "10.0.0.5")[0]
part = [a for a in double if a.get("sub") == "unit 5"]
ok(gateway.get("aliases", [{}])[0].get("by") == "only_unit" and len(part) == 1 and
   part[0]["id"] == gateway["aliases"][0]["id"],
   "a lone unit is its gateway, and tells the id it has when there is a second")

with tempfile.TemporaryDirectory() as folder:
    names = []
    for name, events in (("old", [unit(5)]), ("new", [unit(5), unit(6)])):
        names.append(folder + "/" + name)
        with open(names[-1], "wb") as f:
            f.write(build(*events))
    changes = subprocess.run([otinv, "diff"] + names, stdout=subprocess.PIPE).stdout
kinds = {(c["asset"].get("sub"), c["kind"])
         for c in (json.loads(line)["change"] for line in changes.splitlines()) if "asset" in c}
ok(("unit 5", "split") in kinds and ("unit 6", "new") in kinds,
   "and the comparison says that it was split off, and only the second is new")

print("1..%d" % number)
sys.exit(failed > 0)
EOF
