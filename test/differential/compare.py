#!/usr/bin/env python3
"""Compares otdissect with tshark, capture by capture.

usage: compare.py CAPTURES-DIR [FILE ...]

For every capture: how many messages of each protocol both see, which hosts and
MAC addresses, and the identity strings of identities.tsv. A difference is
either in KNOWN (known.tsv beside this file, each with its reason) or a failure.
Output is TAP. tshark and the captures are needed; without them everything is
skipped, and said so.
"""
import collections
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
OTDISSECT = os.environ.get("OTDISSECT", "./otdissect")


def tshark(path, fields, flt, decode=()):
    """Rows of lists (all occurrences) of the fields, for frames that pass."""
    cmd = ["tshark", "-n", "-r", path, "-Y", flt, "-T", "fields", "-E", "occurrence=a",
           "-E", "separator=|", "-E", "aggregator=\x01"]
    for f in fields:
        cmd += ["-e", f]
    for d in decode:
        cmd += ["-d", d]
    out = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    for line in out.decode("utf-8", "replace").splitlines():
        cols = line.split("|")
        yield [c.split("\x01") if c else [] for c in cols]


def total(path, field, flt):
    return sum(len(r[0]) for r in tshark(path, [field], flt))


def frames(path, flt):
    cmd = ["tshark", "-n", "-r", path, "-Y", flt, "-T", "fields", "-e", "frame.number"]
    out = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return len(out.splitlines())


def ours(path):
    out = subprocess.run([OTDISSECT, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return out.returncode, [json.loads(line) for line in out.stdout.splitlines()]


def events(ev, kind):
    return [e for e in ev if e["event_type"] == kind]


def messages(ev, kind):
    """Requests and responses of paired events, each counted once."""
    n = 0
    for e in events(ev, kind):
        d = e.get(kind, {})
        n += ("request" in d) + ("response" in d)
    return n


def simple(kind, layer=None, flt=None):
    """One event of ours for each frame that passes tshark's filter."""
    return (kind, layer or kind, lambda p: frames(p, flt or kind), lambda ev: len(events(ev, kind)))


def bacnet_theirs(p):
    """Requests (a segmented one once) and answers; segment ACKs are no messages."""
    return (frames(p, "bacapp.type==0 and (!bacapp.sequence_number or bacapp.sequence_number==0)") +
            frames(p, "bacapp.type==1") + frames(p, "bacapp.type==2") +
            frames(p, "bacapp.type==3 and (!bacapp.sequence_number or bacapp.sequence_number==0)") +
            frames(p, "bacapp.type in {5,6,7}"))


def bacnet_ours(ev):
    n = 0
    for e in events(ev, "bacnet"):
        b = e["bacnet"]
        if "pdu" in b:          # else BVLC alone: registration of a foreign device
            n += 1 + ("response" in b)
    return n


def mqtt_theirs(p):
    """All control packets but pings."""
    return sum(1 for r in tshark(p, ["mqtt.msgtype"], "mqtt") for t in r[0] if t not in ("0", "12", "13"))


MQTT = ("connect", "connack", "publish", "puback", "pubrec", "pubrel", "pubcomp", "subscribe", "suback",
        "unsubscribe", "unsuback", "disconnect", "auth")


def mqtt_ours(ev):
    return sum(1 for e in events(ev, "mqtt") for k in e.get("mqtt", {}) if k in MQTT)


def tls_theirs(p):
    """Hellos, SNIs, JA3s: what a handshake shows in clear."""
    return (total(p, "tls.handshake.ja3", "tls.handshake.ja3") +
            total(p, "tls.handshake.ja3s", "tls.handshake.ja3s") +
            total(p, "tls.handshake.extensions_server_name", "tls.handshake.extensions_server_name"))


def tls_ours(ev):
    return sum(k in e.get("tls", {}) for e in events(ev, "tls") for k in ("ja3", "ja3s", "sni"))


# name, tshark layer that must be there, how tshark counts, how we count
COUNTS = [
    ("modbus", "modbus", lambda p: total(p, "modbus.func_code", "modbus"),
     lambda ev: messages(ev, "modbus")),
    ("bacnet", "bacapp", bacnet_theirs, bacnet_ours),
    ("mqtt", "mqtt", mqtt_theirs, mqtt_ours),
    ("c1222", "c1222", lambda p: frames(p, "c1222"), lambda ev: messages(ev, "c1222")),
    ("egd", "egd", lambda p: frames(p, "egd"),
     lambda ev: sum(e["egd"].get("packets", 0) for e in events(ev, "egd"))),
    ("tls", "tls", tls_theirs, tls_ours),
    simple("arp"),
    simple("cdp"),
    simple("dhcp"),
    simple("dhcpv6"),
    simple("dns", flt="dns and not dns.response_to"),
    simple("lldp"),
    simple("llmnr"),
    simple("mdns"),
    ("icmp", "icmp", lambda p: frames(p, "(icmp or icmpv6) and not icmp.resp_to and not icmpv6.resp_to"),
     lambda ev: len(events(ev, "icmp"))),
    ("icmp", "icmpv6", lambda p: frames(p, "(icmp or icmpv6) and not icmp.resp_to and not icmpv6.resp_to"),
     lambda ev: len(events(ev, "icmp"))),
]

# Facts of identities.tsv that our dissectors are to find, by the field's prefix
FACTS = ("bacapp.", "cdp.", "dhcp.", "lldp.", "modbus.")


def strings(node, out):
    if isinstance(node, str):
        out.add(" ".join(node.split()))
    elif isinstance(node, bool):
        pass
    elif isinstance(node, (int, float)):
        out.add(str(node))
    elif isinstance(node, list):
        for x in node:
            strings(x, out)
    elif isinstance(node, dict):
        for x in node.values():
            strings(x, out)


def has_fact(ev, host, value):
    """The value stands in an event that the host sent or answered."""
    want = " ".join(value.replace("\\n", "\n").split())
    for e in ev:
        ether = e.get("ether", {})
        # without IP, a tunnel's outer address is the host tshark names
        if "src_ip" in e and host not in (e["src_ip"], e["dest_ip"], ether.get("src_mac"), ether.get("dest_mac")):
            continue
        found = set()
        strings(e, found)
        if want in found or any(want in s for s in found):
            return True
    return False


def main():
    if len(sys.argv) < 2 or not os.path.isdir(sys.argv[1]):
        print("1..0 # SKIP captures not present")
        return 0
    if not shutil.which("tshark"):
        print("1..0 # SKIP tshark not installed")
        return 0
    root = sys.argv[1]
    layers = {}
    with open(os.path.join(root, "expected.tsv")) as f:
        next(f)
        for line in f:
            c = line.rstrip("\n").split("\t")
            layers[c[0]] = {x.split("=")[0] for x in c[6].split(",")}
    facts = collections.defaultdict(list)
    with open(os.path.join(root, "identities.tsv")) as f:
        for line in f:
            c = line.rstrip("\n").split("\t")
            if len(c) > 3 and c[2].startswith(FACTS):
                facts[c[0]].append(c)
    known = {}
    with open(os.path.join(HERE, "known.tsv")) as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                c = line.rstrip("\n").split("\t")
                known[(c[0], c[1])] = (c[2], c[3])
    files = sys.argv[2:] or sorted(layers)
    n = failed = 0
    for name in files:
        path = os.path.join(root, name)
        have = layers.get(name, set())
        checks = [c for c in COUNTS if c[1] in have]
        if "icmp" in have:
            checks = [c for c in checks if c[1] != "icmpv6"]
        if not checks and name not in facts:
            continue
        rc, ev = ours(path)
        for proto, _, theirs, mine in checks:
            a, b = theirs(path), mine(ev)
            n += 1
            got = "%d/%d" % (a, b)
            if a == b:
                print("ok %d - %s %s %d" % (n, name, proto, a))
            elif known.get((name, proto), ("", ""))[0] == got:
                print("ok %d - %s %s tshark/ours %s, known: %s" %
                      (n, name, proto, got, known[(name, proto)][1]))
            else:
                failed += 1
                print("not ok %d - %s %s tshark/ours %s" % (n, name, proto, got))
        missing = [c for c in facts[name] if not has_fact(ev, c[1], c[3])]
        new = [c for c in missing if (name, c[2] + "=" + c[3]) not in known]
        if facts[name]:
            n += 1
            failed += bool(new)
            print("%sok %d - %s %d identity facts%s" %
                  ("not " if new else "", n, name, len(facts[name]),
                   ", known to differ: %d" % len(missing) if missing and not new else ""))
            for c in new:
                print("#   %s %s %s" % tuple(c[1:4]))
    print("1..%d" % n)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
