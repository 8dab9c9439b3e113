#!/bin/sh
# Who is who: what belongs to one asset and what does not, for cases that
# captures seldom show together. Each is a list of events and what must follow.
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

# one MAC answers for two addresses, and behind them are two devices
def module(when, ip, serial, mac=R, source="enip.list_identity"):
    return dict(talk(when, A, "10.0.4.9", mac, ip, "enip"), identity=[
        {"of": "dest", "source": source, "vendor": "Rockwell", "serial": serial}])


both = lambda one, two: [arp(at(2, 8), R, "10.0.4.1"), arp(at(2, 8), R, "10.0.4.2"), one, two,
                         arp(at(2, 12), R, "10.0.4.1"), arp(at(2, 12), R, "10.0.4.2")]
far = assets(*both(module(at(2, 10), "10.0.4.1", "00A1B2C3"), module(at(2, 11), "10.0.4.2", "00D4E5F6")))
ok(sorted((a.get("serial"), a["ips"]) for a in far if a.get("serial")) ==
   [("00A1B2C3", ["10.0.4.1"]), ("00D4E5F6", ["10.0.4.2"])] and not with_mac(far, R)[0].get("ips"),
   "two serial numbers behind one MAC are two devices, and neither has that MAC")
far = assets(*both(module(at(2, 10), "10.0.4.1", "00A1B2C3"), module(at(2, 11), "10.0.4.2", "00D4E5F6")),
             arp(at(2, 9), R, "10.0.4.1", "request"))
ok([a["ips"] for a in with_mac(far, R)] == [["10.0.4.1"]] and with_ip(far, "10.0.4.2")[0].get("serial") == "00D4E5F6",
   "but the one whose address it uses itself is it")
far = assets(module(at(2, 10), "10.0.4.1", "00A1B2C3"), module(at(2, 11), "10.0.4.2", "00D4E5F6"),
             module(at(2, 12), "10.0.4.1", "00A1B2C3"))
ok(len({a.get("serial") for a in far if a.get("serial")}) == 2, "also where nobody heard it answer ARP")
for text, one, two in (("one serial number", "00A1B2C3", "00A1B2C3"), ("numbers that nobody was given", "00A1B2C3", "00000001")):
    far = assets(*both(module(at(2, 10), "10.0.4.1", one), module(at(2, 11), "10.0.4.2", two)))
    ok(with_mac(far, R)[0].get("ips") == ["10.0.4.1", "10.0.4.2"], "with " + text + " it is one that has two addresses")
far = assets(*both(module(at(2, 10), "10.0.4.1", "00A1B2C3"), module(at(2, 11), "10.0.4.2", "V7", source="s7comm.szl")))
ok(with_mac(far, R)[0].get("ips") == ["10.0.4.1", "10.0.4.2"], "and where another protocol counts otherwise")
moved = assets(arp(at(2, 8), R, "10.0.4.1"), module(at(2, 8), "10.0.4.1", "00A1B2C3"),
               arp(at(3, 8), R, "10.0.4.2"), module(at(3, 8), "10.0.4.2", "00D4E5F6"))
ok(with_mac(moved, R)[0].get("ips") == ["10.0.4.1", "10.0.4.2"], "one after the other it is what moved, and was mended")

# a cluster that shares its load: its address answers to a group's MAC
cluster = [talk(at(2, 10), A, "10.0.3.1", "03:bf:0a:00:03:09", "10.0.3.9")]
one = with_ip(assets(*cluster), "10.0.3.9")
ok(len(one) == 1 and not one[0].get("macs"), "an address behind a group's MAC is an asset, and that MAC nobody's")
one = with_ip(assets(*cluster, talk(at(2, 11), B, "10.0.3.9", A, "10.0.3.1")), "10.0.3.9")
ok([a.get("macs") for a in one] == [[B]], "and it is the one that speaks from that address")
none = [dict(cluster[0], ether={"src_mac": A, "dest_mac": m}, dest_ip=ip)
        for m, ip in (("ff:ff:ff:ff:ff:ff", "10.0.3.255"), ("01:00:5e:00:00:09", "224.0.0.9"))]
ok(len(assets(*none)) == 1, "whom a broadcast or a group's address is for is nobody")

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

def by_serial(serial):
    said = {"of": "dest", "serial": serial, "source": "modbus.mei"}
    return assets(talk(at(1, 8), R, "10.0.0.9", A, "10.0.0.5", identity=[said]),
                  talk(at(1, 9), R, "10.0.0.9", B, "10.0.0.6", identity=[said]))


for serial in ("00000001", "12345678", "SN000000", "0123456789", "1111-1111", "unknown", "To be filled by O.E.M."):
    found = by_serial(serial)
    two = [with_ip(found, ip)[0] for ip in ("10.0.0.5", "10.0.0.6")]
    ok([x["key"] for x in two] == ["mac:" + A, "mac:" + B] and two[0]["serial"] == serial,
       f"two devices that nobody gave a serial number ({serial}) are two, and what they say is kept")
for serial in ("4711", "0042", "00000007", "0051823f"):
    ok(with_ip(by_serial(serial), "10.0.0.5")[0]["ips"] == ["10.0.0.5", "10.0.0.6"], f"but {serial} is a serial number")
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

# ---- one machine by what it says of itself
X, Y, Z = "00:1b:1b:00:02:01", "00:1b:1b:00:02:02", "00:1b:1b:00:02:03"
IPX, IPY, IPZ = "10.0.1.1", "10.0.2.2", "10.0.3.3"
FAR = "00:1b:1b:00:02:99"


def event(when, mac, ip, kind, detail, app=None, dest=False, op="read", **words):
    a, b = {"mac": mac, "ip": ip}, {"mac": FAR, "ip": "10.0.9.9"}
    a, b = (b, a) if dest else (a, b)
    e = {"timestamp": when, "event_type": kind, "ether": {"src_mac": a["mac"], "dest_mac": b["mac"]},
         "src_ip": a["ip"], "src_port": 40000, "dest_ip": b["ip"], "dest_port": 22, "proto": "TCP",
         "app_proto": app or kind, kind: detail, "ot": {"op": op, "result": "ok"}}
    if words:
        e["identity"] = [dict(words, of="dest" if dest else "src", source=words.get("source", "smb"))]
    return e


def ssh(mac, ip, key="SHA256:AAAA", hour=8, **words):
    return event(at(1, hour), mac, ip, "ssh", {"host_key_sha256": key}, dest=True, **words)


def named(mac, ip, name, hours=(8, 9), **words):
    return [event(at(1, h), mac, ip, "smb", {}, hostname=name, **words) for h in hours]


def engine(mac, ip, hexid):
    return event(at(1, 8), mac, ip, "snmp", {"version": "3", "engine_id": hexid}, dest=True)


def upnp(mac, ip, uuid, host=None):
    return event(at(1, 8), mac, ip, "ssdp", {"method": "NOTIFY", "target": "upnp:rootdevice",
                                             "usn": "uuid:%s::upnp:rootdevice" % uuid, "location_host": host or ip},
                 op="report")


def dhcp(mac, hour, client_id=None, fingerprint="1,3,6", name=None, day=1):
    e = {"timestamp": at(day, hour), "event_type": "dhcp", "ether": {"src_mac": mac, "dest_mac": "ff:ff:ff:ff:ff:ff"},
         "src_ip": "0.0.0.0", "src_port": 68, "dest_ip": "255.255.255.255", "dest_port": 67, "proto": "UDP",
         "app_proto": "dhcp", "dhcp": {"type": "request", "client_mac": mac, "fingerprint": fingerprint},
         "ot": {"op": "other"}, "identity": [{"of": {"mac": mac}, "source": "dhcp.request"}]}
    if client_id:
        e["dhcp"]["client_id"] = client_id
    if name:
        e["identity"][0]["hostname"] = name
    return e


def dhcpv6(mac, ip, duid):
    return {**event(at(1, 8), mac, ip, "dhcpv6", {"name": "solicit", "client_duid": duid}), "src_port": 546,
            "dest_port": 547, "proto": "UDP"}


def cert(mac, ip, digest="AB:CD"):
    return event(at(1, 8), mac, ip, "tls", {"fingerprint_sha256": digest}, dest=True)


def verdict(*events, a=X, b=Y):
    """"one", "maybe" or "two", and what makes it so."""
    found = assets(*events)
    x, y = with_mac(found, a)[0], with_mac(found, b)[0]
    if x is y:
        return ["one"] + sorted({w.get("identifier", w["by"]).split(":")[0] for w in x["aliases"]})
    m = [w["identifier"].split(":")[0] for w in x.get("maybe_same", []) if w["id"] == y["id"]]
    n = [w["identifier"].split(":")[0] for w in y.get("maybe_same", []) if w["id"] == x["id"]]
    return ["maybe"] + m if m and m == n else ["two"] if not m and not n else ["lopsided"]


UUID = "f5c1d177-62e5-45d1-a6e7-"
ok(verdict(upnp(X, IPX, UUID + "001b1b000201"), upnp(Y, IPY, UUID + "001b1b000201")) == ["one", "uuid"],
   "a UPnP UUID made of the MAC of one of two: one machine")
ok(verdict(upnp(X, IPX, UUID + "c412f504c74a"), upnp(Y, IPY, UUID + "c412f504c74a")) == ["maybe", "uuid"],
   "one made of neither may be a maker's for all")
ok(verdict(upnp(X, IPX, UUID + "001b1b000201"), upnp(Y, IPY, UUID + "001b1b000201", host=IPX)) == ["two"],
   "who repeats an announcement is not who made it")
ok(verdict(engine(X, IPX, "8000000003001b1b000202"), engine(Y, IPY, "8000000003001b1b000202")) == ["one", "engine_id"],
   "an SNMP engine named by a MAC is that device's")
ok(verdict(engine(X, IPX, "80001f8804706c63"), engine(Y, IPY, "80001f8804706c63")) == ["maybe", "engine_id"],
   "one named by a text may be set twice")
trap = {**engine(Y, IPY, "8000000003001b1b000201"), "snmp": {"type": "Trap", "engine_id": "8000000003001b1b000201"},
        "src_ip": IPY, "dest_ip": "10.0.9.9", "ether": {"src_mac": Y, "dest_mac": FAR}, "ot": {"op": "alarm"}}
ok(verdict(engine(X, IPX, "8000000003001b1b000201"), trap) == ["one", "engine_id"], "of a trap it is the sender's")

PC = "hplc-7.lab.example"
ok(verdict(ssh(X, IPX), ssh(Y, IPY)) == ["maybe", "ssh_host_key"], "one host key: the same machine, or a copied disk")
ok(verdict(ssh(X, IPX, hostname="hplc-7"), ssh(Y, IPY, hostname="hplc-7")) == ["maybe", "ssh_host_key"],
   "a copied disk has the same name, too")
ok(verdict(ssh(X, IPX, hostname=PC), ssh(Y, IPY, hostname=PC)) == ["one", "ssh_host_key"],
   "but not the same name in one domain")
ok(verdict(ssh(X, IPX, hostname="raspberrypi.lab.example"), ssh(Y, IPY, hostname="raspberrypi.lab.example")) ==
   ["maybe", "ssh_host_key"], "unless it is one that devices come with")
ok(verdict(ssh(X, IPX, hostname="hplc-7.local"), ssh(Y, IPY, hostname="hplc-7.local")) == ["maybe", "ssh_host_key"],
   "and .local is nobody's domain")
ok(verdict(ssh(X, IPX, hostname=PC), ssh(Y, IPY, hostname="hplc-8.lab.example")) == ["two"], "two names are two machines")
ok(verdict(ssh(X, IPX, hostname=PC, serial="SN-0417"), ssh(Y, IPY, hostname=PC, serial="SN-0418")) == ["two"],
   "and so are two serial numbers")
ok(verdict(ssh(X, IPX, hostname=PC, os="Windows 10"), ssh(Y, IPY, hostname=PC, os="Linux 6.1")) == ["two"],
   "and a Windows and a Linux")
one = [ssh(X, IPX, hostname=PC), ssh(Y, IPY, hostname=PC)]
ok(verdict(*one, *named(Y, IPY, "hplc-7", model="M-2"), *named(X, IPX, "hplc-7", model="M-1")) == ["two"],
   "what contradicts later parts them again")
ids = [with_ip(assets(e), ip)[0]["id"] for e, ip in zip(one, (IPX, IPY))]
joined = with_mac(assets(*one), X)[0]
ok(joined["id"] == ids[0] and [(x["id"], x["by"], x["identifier"]) for x in joined["aliases"]] ==
   [(ids[1], "identifier", "ssh_host_key:SHA256:AAAA")] and joined["ips"] == [IPX, IPY],
   "the id stays that of the least MAC, the other's is an alias with its reason")
third = [ssh(Z, IPZ, "SHA256:BBBB", hostname=PC, serial="SN-0418"), ssh(Y, IPY, "SHA256:BBBB", hostname=PC)]
chain = [ssh(X, IPX, hostname=PC, serial="SN-0417"), one[1]] + third
ok(verdict(*chain) == ["maybe", "ssh_host_key"] and verdict(*chain, a=Y, b=Z) == ["maybe", "ssh_host_key"] and
   verdict(*chain, a=X, b=Z) == ["two"], "of a chain whose ends cannot be one none is joined")
macs = ["00:1b:1b:00:03:%02x" % i for i in range(5)]
shared = [cert(m, "10.0.4.%d" % i) for i, m in enumerate(macs)]
ok(verdict(*shared, a=macs[0], b=macs[1]) == ["two"], "a certificate that five have is a maker's")
ok(verdict(*shared[:4], a=macs[0], b=macs[3]) == ["maybe", "certificate"], "four may be one")
appl = lambda mac, ip, uri, **w: event(at(1, 8), mac, ip, "opcua", {"server": {"application_uri": uri}}, dest=True, **w)
ok(verdict(appl(X, IPX, "urn:hplc-7:acme:server", hostname=PC), appl(Y, IPY, "urn:hplc-7:acme:server", hostname=PC)) ==
   ["one", "application_uri"], "an OPC UA application and the host that it names")
ok(verdict(appl(X, IPX, "urn:acme:server", hostname=PC), appl(Y, IPY, "urn:acme:server", hostname=PC)) ==
   ["maybe", "application_uri"], "without its host it may be any installation's")
i_am = lambda mac, ip, n, **more: event(at(1, 8), mac, ip, "bacnet", dict(
    {"service": "i-Am", "device": "device,%d" % n, "npdu": {}}, **more), op="identify")
ok(verdict(i_am(X, IPX, 7), i_am(Y, IPY, 7)) == ["maybe", "bacnet_device"],
   "one BACnet instance at two addresses: one device, or a number set twice")


# what is seen without a MAC, at an address that is lent
def lease(when, mac, ip):
    return {"timestamp": when, "event_type": "dhcp", "src_ip": "10.1.0.1", "src_port": 67, "dest_ip": ip,
            "dest_port": 68, "proto": "UDP", "dhcp": {"type": "reply", "client_mac": mac, "assigned_ip": ip,
                                                      "dhcp_type": "ack", "lease_time": 3600}}


def bare(when, ip):
    return {"timestamp": when, "event_type": "flow", "src_ip": ip, "src_port": 50001, "dest_ip": "10.1.0.9",
            "dest_port": 502, "proto": "TCP", "app_proto": "modbus",
            "flow": {"pkts_toserver": 10, "pkts_toclient": 9, "start": when, "end": when}}


L = "10.1.0.50"
first, second = lease(at(1, 8), X, L), lease(at(2, 8), Y, L)
whole = [a["key"] for a in with_ip(assets(first, bare(at(1, 9), L), second), L) if a["packets"]]
ok(whole == ["mac:" + X], "an address lent anew was whose it was before")
whole = [a["key"] for a in with_ip(assets(first, second, bare(at(2, 9), L)), L) if a["packets"]]
ok(whole == ["mac:" + Y], "or whose it is now")
found = with_ip(assets(first, bare(at(1, 9), L), second, bare(at(2, 9), L)), L)
third = [a for a in found if a["key"] == "ip:" + L]
ok(len(found) == 3 and len(third) == 1 and sorted(m["identifier"] for m in third[0].get("maybe_same", [])) ==
   ["address:" + L] * 2, "what both did is neither's alone, and may be each one's")

# a BACnet internetwork: a network number and a MAC there are one device's
def behind(when, mac, ip, place, device=7, **words):
    net, there = place.split(" ")[1::2]
    return {"timestamp": when, "event_type": "bacnet", "ether": {"src_mac": mac, "dest_mac": "ff:ff:ff:ff:ff:ff"},
            "src_ip": ip, "src_port": 47808, "dest_ip": "10.0.0.255", "dest_port": 47808, "proto": "UDP",
            "app_proto": "bacnet", "bacnet": {"service": "i-Am", "device": "device,%d" % device,
                                              "npdu": {"src_net": int(net), "src_mac": there}},
            "ot": {"op": "identify", "service": "I-Am"},
            "identity": [dict(words, of={"parent": "src", "sub": place}, vendor="Trane", source="bacnet.i-am")]}


parts = lambda found: [a for a in found if a.get("sub")]
R1, R2, P1, P2 = "00:1b:1b:00:01:01", "00:1b:1b:00:01:02", "10.0.0.1", "10.0.0.2"
two = [behind(at(1, 8, 1), R1, P1, "net 3 mac 02"), behind(at(1, 8), R2, P2, "net 3 mac 02")]
found = assets(*two)
ok(len(found) == 3 and len(parts(found)) == 1, "behind two routers a BACnet device is one")
ok(parts(found)[0]["parent"] == with_ip([a for a in found if not a.get("sub")], P2)[0]["id"],
   "and belongs to the one that it was first seen behind")
ok(assets(*reversed(two)) == found, "in whatever order they are read")
ok([a["identifier"] for a in parts(found)[0].get("aliases", [])] == ["bacnet_place:net 3 mac 02"], "which the alias says")
ok(len(parts(assets(*two[:1], behind(at(1, 9), R2, P2, "net 3 mac 02", 8)))) == 2,
   "but two with different device instances are two")
ok(len(parts(assets(*two[:1], behind(at(1, 9), R2, P2, "net 4 mac 02")))) == 2, "and so are two of two networks")
ok(len(parts(assets(*[behind(at(1, 8, i), "00:1b:1b:00:02:%02x" % i, "10.0.0.%d" % (20 + i), "net 3 mac 02")
                      for i in range(9)]))) == 9, "of more than eight that have one place none has it for its own")
ok(len(parts(assets(*two[:1], behind(at(1, 8, 2), R1, P1, "net 3 mac 03")))) == 2, "two behind one router are two")
there = i_am(X, IPX, 7)
place = "net 100 mac %sbac0" % "".join("%02x" % int(x) for x in IPX.split("."))
ok([a.get("macs") for a in with_ip(assets(there, behind(at(1, 9), R1, P1, place)), IPX)] == [[X]] and
   not parts(assets(there, behind(at(1, 9), R1, P1, place))), "a MAC of six bytes is the address that was heard")
ok(len(parts(assets(behind(at(1, 9), R1, P1, place)))) == 1, "or a part, where it was not")
ok(len(parts(assets(there, behind(at(1, 9), R1, P1, place, 8)))) == 1, "or says something else")
ok(len(parts(assets(i_am(X, IPX, 7), behind(at(1, 9), R1, P1, "net 100 mac " + X.replace(":", ""))))) == 0,
   "and so is an Ethernet's")
ok(len(assets(behind(at(1, 9), X, IPX, place))) == 1, "a host that routes for itself is behind nobody")
ok(verdict(i_am(X, IPX, 4194303), i_am(Y, IPY, 4194303)) == ["two"], "4194303 is none")
ok(verdict(i_am(X, IPX, 7), i_am(Y, IPY, 7, bvlc="forwarded-npdu")) == ["two"] and
   verdict(i_am(X, IPX, 7), i_am(Y, IPY, 7, npdu={"src_net": 20})) == ["two"], "nor is what a router or BBMD passes on")

ok(verdict(*named(X, IPX, PC, os="Windows 10"), *named(Y, IPY, PC, os="Windows 10")) == ["one", "hostname"],
   "one name in one domain with one system at one time: one machine with two interfaces")
ok(verdict(*named(X, IPX, PC, os="Windows 10"), *named(Y, IPY, PC, (10, 11), os="Windows 10")) == ["maybe", "hostname"],
   "one after the other it may be a new machine in the old one's place")
ok(verdict(*named(X, IPX, "hplc-7", os="Windows 10"), *named(Y, IPY, "HPLC-7", os="Windows 10")) ==
   ["maybe", "hostname"], "a name without a domain may be a copied disk's")
ok(verdict(*named(X, IPX, PC), *named(Y, IPY, PC)) == ["two"], "a name alone says nothing")
for name in ("DESKTOP-4711", "raspberrypi", "localhost", "printer-2", "iPhone"):
    ok(verdict(*named(X, IPX, name, os="Windows 10"), *named(Y, IPY, name, os="Windows 10")) == ["two"],
       "%s is what many are called" % name)
ok(verdict(*named(X, IPX, PC, os="Windows 10"), *named(Y, IPY, PC, os="Windows 10"),
           *named(Y, IPY, "filesrv", os="Windows 10")) == ["two"], "who answers to other names as well is not that one")

# ---- DHCP, and MACs made up
DUID = "000100012c0ffee0001b1b000201"
ok(verdict(dhcp(X, 8, "ff00000001" + DUID, name=PC), dhcpv6(Y, IPY, DUID), *named(Y, IPY, PC)) == ["one", "duid"],
   "a DUID by DHCP on one interface and by DHCPv6 on another, and one host name: one machine")
ok(verdict(dhcp(X, 8, "ff00000001" + DUID), dhcp(Y, 8, "ff00000002" + DUID)) == ["maybe", "duid"],
   "the DUID alone may be a copied disk's")
ok(verdict(dhcp(X, 8, X), dhcp(Y, 8, X)) == ["two"], "a client identifier that is a MAC says no more than the MAC")
P, Q = "a2:11:11:11:11:11", "ae:22:22:22:22:22"
ok(verdict(dhcp(P, 8, "00aabbccddeeff01", name="iPad"), dhcp(Q, 9, "00aabbccddeeff01", name="iPad"), a=P, b=Q) ==
   ["one", "client_id"], "two MACs made up one after the other with one DHCP identifier: one device")
ok(verdict(dhcp(P, 8, "00aabbccddeeff01", name="iPad"), dhcp(Q, 9, "00aabbccddeeff01", name="iPad"),
           dhcp(P, 10, "00aabbccddeeff01"), a=P, b=Q) == ["maybe", "client_id"], "at one time they are two, or copies")
ok(verdict(dhcp(P, 8, "00aabbccddeeff01", name="iPad"), dhcp(Q, 9, "00aabbccddeeff01", "1,3", name="iPad"),
           a=P, b=Q) == ["maybe", "client_id"], "who asks for other options may be another")
V1, V2 = "52:54:00:11:11:11", "52:54:00:22:22:22"
ok(verdict(dhcp(V1, 8, "ff00000001" + DUID, name="web"), dhcp(V2, 9, "ff00000001" + DUID, name="web"), a=V1, b=V2) ==
   ["maybe", "duid"], "copies of a virtual machine are not one")
ok(verdict(dhcp(P, 8, name="annas-telefon"), dhcp(Q, 9, name="annas-telefon"), a=P, b=Q) == ["maybe", "hostname"],
   "a name and the options asked for make it possible")
ok(verdict(dhcp(P, 8, name="iPhone"), dhcp(Q, 9, name="iPhone"), a=P, b=Q) == ["two"], "a name that many have does not")

with tempfile.TemporaryDirectory() as folder:
    names = []
    for name, events in (("a", one[:1]), ("b", one[1:]), ("c", named(Y, IPY, "hplc-8"))):
        names.append(folder + "/" + name)
        with open(names[-1], "wb") as f:
            f.write(build(*events))
    merged = lambda *n: [json.loads(line)["asset"] for line in subprocess.run(
        [otinv, "merge"] + list(n), stdout=subprocess.PIPE).stdout.splitlines()
        if json.loads(line)["event_type"] == "asset"]
    two, three = merged(*names[:2]), merged(*names)
    ok(with_mac(two, X) == with_mac(two, Y), "what one night shows of each joins them when merged")
    ok(with_mac(three, X) != with_mac(three, Y), "and a third night's word parts them")
    ok(merged(*reversed(names)) == three, "in whatever order")
    with open(folder + "/two", "wb") as f:
        f.write(subprocess.run([otinv, "merge"] + names[:2], stdout=subprocess.PIPE).stdout)
    with open(folder + "/maybe", "wb") as f:
        f.write(build(ssh(X, IPX), ssh(Y, IPY)))
    for name, events in (("apart", [one[0], ssh(Y, IPY)]), ("parted", one + named(Y, IPY, "hplc-8"))):
        with open(folder + "/" + name, "wb") as f:
            f.write(build(*events))
    kinds = lambda old, new: [c["kind"] for c in (json.loads(line)["change"] for line in subprocess.run(
        [otinv, "diff", folder + "/" + old, folder + "/" + new], stdout=subprocess.PIPE).stdout.splitlines())
        if c["what"] == "asset" and c["kind"] != "changed"]
    ok(kinds("apart", "two") == ["merged"] and kinds("two", "parted") == ["split"],
       "the comparison says that two are one now, and the other way round")
    why = lambda *a: subprocess.run([otinv, "why"] + list(a), stdout=subprocess.PIPE,
                                    env=dict(os.environ, COLUMNS="200")).stdout.decode()
    ok("gives the same identifier: ssh_host_key:SHA256:AAAA" in why(IPX, "key", folder + "/two"), "why says what joins")
    said = why(IPX, "maybe_same", folder + "/maybe")
    ok(IPY in said and "a copied disk" in said, "and who it may be, and why no more is said")
    ok("ssh_host_key:SHA256:AAAA" in why(IPX, "identifier", folder + "/maybe"), "and the identifiers themselves")
    show = subprocess.run([otinv, "show", "-w", "--ascii", folder + "/maybe"], stdout=subprocess.PIPE).stdout.decode()
    ok(sum("~" in line for line in show.splitlines()) == 2, "show marks the two")

print("1..%d" % number)
sys.exit(failed > 0)
EOF
