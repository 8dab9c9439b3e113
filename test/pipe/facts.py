#!/usr/bin/python3
"""What is true of the sample laboratory: for pipeline.t.

    facts.py DIR    with packets, events, inv and findings, the records of each stage

The packets are taken apart here a second time, so that what the events, the
inventory and the findings say of a packet is held against its bytes.
"""
import base64
import ipaddress
import json
import os
import struct
import sys


def load(name):
    with open(os.path.join(sys.argv[1], name), encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def say(good, text, *why):
    print("%s %s" % ("ok" if good else "not", text))
    for w in [] if good else why:
        print("# %s" % (w,))


class Packet:
    """Ethernet, VLAN tags, ARP or IP, ports and payload."""

    def __init__(self, record):
        self.stamp = record["timestamp"]
        self.file = record["pcap_filename"]
        self.bytes = b = base64.b64decode(record["packet"])
        mac = lambda at: ":".join("%02x" % x for x in b[at:at + 6])
        self.macs = (mac(6), mac(0))
        self.src = self.dst = self.sport = self.dport = None
        self.payload = b""
        kind, = struct.unpack_from(">H", b, 12)
        at = 14
        while kind == 0x8100:
            kind, = struct.unpack_from(">H", b, at + 2)
            at += 4
        if kind == 0x0806:
            self.src, self.dst = (str(ipaddress.ip_address(b[at + o:at + o + 4])) for o in (14, 24))
            return
        if kind == 0x0800:
            proto, size = b[at + 9], struct.unpack_from(">H", b, at + 2)[0]
            self.src, self.dst = (str(ipaddress.ip_address(b[at + o:at + o + 4])) for o in (12, 16))
            end = at + size
            at += (b[at] & 15) * 4
        elif kind == 0x86dd:
            proto, size = b[at + 6], struct.unpack_from(">H", b, at + 4)[0]
            self.src, self.dst = (str(ipaddress.ip_address(b[at + o:at + o + 16])) for o in (8, 24))
            end = at + 40 + size
            at += 40
        else:
            return
        if proto in (6, 17):
            self.sport, self.dport = struct.unpack_from(">HH", b, at)
            self.payload = b[at + (8 if proto == 17 else (b[at + 12] >> 4) * 4):end]


packets = {r["pcap_cnt"]: Packet(r) for r in load("packets") if r["event_type"] == "packet"}
events = {}
for r in load("events"):
    events.setdefault(r.get("pcap_cnt"), []).append(r)
assets = {r["asset"]["id"]: r["asset"] for r in load("inv") if r["event_type"] == "asset"}
links = [r["link"] for r in load("inv") if r["event_type"] == "link"]
findings = {r["finding"]["item"]: r["finding"] for r in load("findings") if "finding" in r}


def packet_of(cited):
    """The packet that is cited, if it is that one."""
    p = packets.get(cited.get("pcap_cnt"))
    return p if p and (p.stamp, p.file) == (cited["timestamp"], cited["pcap_filename"]) else None


def by_ip(ip):
    return next((a for a in assets.values() if ip in a.get("ips", []) and "parent" not in a), {})


def told(identity, field):
    """An event's word, as an inventory has it: roles are spelled one way, and
    the name that a client asks for is not one that the host gave itself."""
    if field == "role":
        return identity.get("role", "").replace(" ", "_").replace("-", "_")
    return identity.get("hostname" if identity.get("source") == "tls.sni" else field)


# ---- devices

here = [a for a in assets.values() if a.get("zone") and a.get("macs")]
zones = {a["zone"] for a in here}
say(len(here) >= 8 and zones == {"analysis", "bms", "office"},
    "at least 8 devices in three zones", len(here), sorted(zones))
known = {
    "10.10.0.14": ("analysis", "HPLC-4", "Nordlab Instruments AB", "NLB40417", "D.07.23"),
    "10.20.0.9": ("bms", "AHU-2", "Renluft Automation AB", "RL-2207-0114", "V4.2.1"),
    "10.20.0.15": ("bms", "PART-1", "Partikelteknik i Lund AB", None, "V1.11"),
    "10.20.0.41": ("bms", "VAV-201", "Styr & Klimat i Boras AB", "SKV-118843", "3.8.0.112"),
    "10.20.0.42": ("bms", "RUM-310", "Bygglogik Norden AB", "BLN5-00731", "7.0.21"),
}
for ip, (zone, register, vendor, serial, firmware) in sorted(known.items()):
    a = by_ip(ip)
    got = (a.get("zone"), a.get("register", {}).get("id"), a.get("vendor"), a.get("serial"), a.get("firmware"))
    want = (zone, register, vendor, serial, firmware)
    say(got == want, "%s is %s" % (ip, register), got, want)
units = {a.get("model") for a in assets.values() if assets.get(a.get("parent"), {}).get("ips", [""])[0] == "10.20.0.12"}
say({"EM-340", "VM-22"} <= units or len(units) >= 3, "the meters behind the gateway are devices", units)
say(not by_ip("10.20.0.77").get("register") and by_ip("10.20.0.77").get("zone") == "bms",
    "the gateway that nobody listed is in the inventory and not on the register")
rows = ["10.10.0.1", "10.20.0.1", "10.30.0.1"]
say(len({by_ip(ip).get("id") for ip in rows}) == 1 and
    any(r["role"] == "router" for r in by_ip(rows[0]).get("roles", [])),
    "the firewall is one device with an address in each zone, and a router")

# ---- findings

seg = findings["inv.segmentation"]
wrote = [e for e in seg["evidence"] if e["kind"] == "packet"]
say(seg["status"] == "gap" and "KONTOR-7 → AHU-2 (Modbus)" in seg["reason"],
    "the set point written across zones is a gap", seg["status"], seg["reason"])
e = next((e for e in wrote if e.get("field") == "holding_register:40012"), None)
p = e and packet_of(e)
say(p and (p.src, p.dst, p.dport) == ("10.30.0.107", "10.20.0.9", 502) and
    p.payload[2:4] == b"\0\0" and p.payload[7] in (6, 16) and struct.unpack_from(">H", p.payload, 8)[0] == 11,
    "its packet is KONTOR-7's write to register 12 of AHU-2, by its bytes", e)
e = next((e for e in wrote if e.get("field") == "analog-value,3 present-value"), None)
p = e and packet_of(e)
say(p and (p.src, p.dst, p.dport) == ("10.30.0.107", "10.20.0.41", 47808) and
    p.payload[0] == 0x81 and struct.pack(">BI", 0x0c, 2 << 22 | 3) in p.payload and
    struct.pack(">Bf", 0x44, e["value"]) in p.payload,
    "so is the one in BACnet, with its value", e)

cloud = findings["inv.iot_gateway_cloud"]
e = next((e for e in cloud["evidence"] if e["kind"] == "link"), None)
p = e and packet_of(e)
say(cloud["status"] == "gap" and "203.0.113.10" in cloud["reason"] and p and
    {(p.src, p.sport), (p.dst, p.dport)} >= {("203.0.113.10", 1883)} and "10.20.0.77" in (p.src, p.dst),
    "the gateway to the cloud at 203.0.113.10 is a gap, with its packet", cloud["status"], e)
say(findings["art.crypto_policy"]["status"] == "gap", "and in cleartext is another")
vendor = findings["inv.vendor_remote_access"]
e = next((e for e in vendor["evidence"] if e["kind"] == "link"), None)
p = e and packet_of(e)
say(vendor["status"] == "gap" and p and p.src == "198.51.100.23" and p.dst == "10.10.0.15" and p.dport == 22,
    "the supplier from outside without a contract in force is a gap, with its packet", e)
say(findings["art.mfa"]["status"] == "gap", "and without a second factor is another")
item = findings["cal.no_expired_in_use"]
say(item["status"] == "gap" and "VAG-1" in item["reason"], "the balance in use after its date is a gap", item["reason"])

# ---- evidence: each piece is the packet it says it is

bad, n = [], 0
for f in findings.values():
    for e in f["evidence"]:
        if "pcap_cnt" not in e:
            continue
        n += 1
        p = packet_of(e)
        if not p:
            bad.append(("no such packet", f["item"], e))
        elif e["kind"] == "link":
            ends = [assets.get(x, {}) for x in e["id"].split("/")[0].split(">")]
            ips = [set(a.get("ips", [])) for a in ends]
            if not ((p.src in ips[0] and p.dst in ips[1]) or (p.src in ips[1] and p.dst in ips[0])):
                bad.append(("not between its ends", f["item"], e, p.src, p.dst))
            port = int(e["id"].rsplit("/", 1)[1])
            if port and port not in (p.sport, p.dport):
                bad.append(("another port", f["item"], e))
        elif e["kind"] == "asset":
            a = assets.get(e["id"], {})
            of = set(a.get("ips", [])) | set(a.get("macs", []))
            if not of & ({p.src, p.dst} | set(p.macs)):
                bad.append(("not of that device", f["item"], e, p.src, p.dst))
        elif not any(ev.get("ot", {}).get("op") == e["op"] and ev["ot"].get("object") == e["field"]
                     for ev in events.get(e["pcap_cnt"], [])):
            bad.append(("no event says so", f["item"], e))
say(n > 30 and not bad, "all %d packets that findings cite are what is said of them" % n, *bad[:5])


def detail_says(w):
    """identifiers and traits stand in the event's own members; a TTL in the flow that begins there"""
    kind, value = w["value"].split(":", 1)
    if kind == "ttl":
        return any(int(value) in [v for k, v in e["flow"].items() if k.startswith("min_ttl")]
                   for l in events.values() for e in l
                   if e["event_type"] == "flow" and e["flow"]["first_pcap_cnt"] == w["pcap_cnt"])
    return any(value in json.dumps(ev.get(ev["event_type"], {})) for ev in events.get(w["pcap_cnt"], []))


bad, n = [], 0
for a in assets.values():
    for field, words in a.get("evidence", {}).items():
        for w in words:
            n += 1
            if not packet_of(w):
                bad.append(("no such packet", a["id"], field, w))
            elif w["source"] == "dns":      # an answer is no word of the host itself
                if not any(w["value"] in json.dumps(ev.get("dns", {})) for ev in events.get(w["pcap_cnt"], [])):
                    bad.append(("no answer says so", a["id"], field, w))
            elif field in ("identifier", "trait"):
                if not detail_says(w):
                    bad.append(("no event's member says so", a["id"], field, w))
            elif w["source"] not in ("oui", "register") and not any(
                    i.get("source") == w["source"] and told(i, field) == w["value"]
                    for ev in events.get(w["pcap_cnt"], []) for i in ev.get("identity", [])):
                bad.append(("no event says so", a["id"], field, w))
say(n > 100 and not bad, "all %d words in the inventory are in the packet they name" % n, *bad[:5])

bad, n = [], 0
for l in links:
    ips = (l["client"].get("ip"), l["server"].get("ip"))
    cited = [l["evidence"]["first"], l["evidence"]["last"]]
    for o in l.get("objects_written", []):
        for c in (o["first"], o["last"]):
            n += 1
            if not any(ev.get("ot", {}).get("object") == o["object"] for ev in events.get(c["pcap_cnt"], [])):
                bad.append(("no event wrote that", l["id"], o))
        cited += [o["first"], o["last"]]
    for c in cited:
        n += 1
        p = packet_of(c)
        if not p:
            bad.append(("no such packet", l["id"], c))
        elif all(ips) and set(ips) != {p.src, p.dst} and p.dst and not ipaddress.ip_address(p.dst).is_multicast:
            bad.append(("not between its ends", l["id"], c, p.src, p.dst))
say(n > 100 and not bad, "so are all %d that links cite" % n, *bad[:5])

# ---- what must not be told

secret = [b"lab-demo", b"filister"]
for s in secret:
    there = any(s in p.bytes for p in packets.values())
    told = [f for f in ("events", "inv", "findings") if s in open(os.path.join(sys.argv[1], f), "rb").read()]
    say(there and not told, "a password that went by in clear is in no record", there, told)
