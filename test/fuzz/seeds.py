#!/usr/bin/python3
"""Cuts seeds for the fuzz targets from the project's own captures and records.

    test/fuzz/seeds.py OUT

OUT/pcap/      small captures as they are
OUT/proto-P/   what both sides said in one flow (or what one frame holds), as
               fuzz_proto.c reads it
OUT/line/, OUT/shape/, OUT/rec/   records; OUT/site/  site files
OUT/timeline/  logs, with what reads them in front
OUT/site.dict, OUT/rec.dict   words that the readers know"""
import glob
import hashlib
import json
import os
import re
import struct
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PORTS = {502: "modbus", 47808: "bacnet", 1883: "mqtt", 53: "dns", 5353: "mdns", 5355: "llmnr",
         67: "dhcp", 68: "dhcp", 546: "dhcpv6", 547: "dhcpv6", 443: "tls", 8883: "tls",
         102: "s7comm", 44818: "enip", 2222: "cipio", 9600: "fins", 5007: "melsec", 45237: "melsec",
         5562: "melsoft", 5560: "melsoft", 5551: "melsec1e", 18245: "gesrtp", 4840: "opcua",
         48898: "ads", 48899: "ads", 1740: "codesys", 11740: "codesys", 34964: "profinet_cm",
         34980: "ethercat", 20000: "dnp3", 2404: "iec104", 5094: "hartip", 4712: "synchrophasor",
         4713: "synchrophasor", 5050: "sbus", 4000: "rocplus", 18246: "egd", 7937: "egd", 10001: "atg",
         1234: "bsap", 4059: "dlms", 1153: "c1222", 17224: "trdp", 17225: "trdp", 3671: "knxip",
         1911: "fox", 5683: "coap", 5672: "amqp", 1628: "lon", 1629: "lon", 13400: "doip", 11898: "can",
         161: "snmp", 162: "snmp", 137: "nbns", 138: "nbdgm", 445: "smb", 139: "smb", 389: "ldap", 88: "kerberos",
         1812: "radius", 1433: "tds", 623: "ipmi", 135: "dcerpc", 49700: "dcerpc"}
ETHERTYPES = {0x0806: "arp", 0x8892: "profinet_rt", 0x88a4: "ethercat", 0x88b8: "goose", 0x88ba: "sv",
              0x88cc: "lldp", 0x888e: "eapol"}
# fuzz_proto.c takes a hint by number: enough to meet TCP and UDP of each
MODES = 3


def packets(path):
    """(linktype, bytes) of a pcap or pcapng."""
    b = open(path, "rb").read()
    if len(b) < 24:
        return
    if b[:4] == b"\x0a\x0d\x0d\x0a":
        end, at, links = "<", 0, []
        while at + 12 <= len(b):
            if b[at:at + 4] == b"\x0a\x0d\x0d\x0a":
                end = "<" if b[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
                links = []
            kind, size = struct.unpack_from(end + "II", b, at)
            if size < 12 or at + size > len(b):
                return
            if kind == 1:
                links.append(struct.unpack_from(end + "H", b, at + 8)[0])
            elif kind == 6:
                iface, _, _, cap = struct.unpack_from(end + "IIII", b, at + 8)
                if iface < len(links):
                    yield links[iface], b[at + 28:at + 28 + cap]
            at += size
        return
    end = "<" if b[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    link, at = struct.unpack_from(end + "I", b, 20)[0] & 0xffff, 24
    while at + 16 <= len(b):
        cap = struct.unpack_from(end + "I", b, at + 8)[0]
        yield link, b[at + 16:at + 16 + cap]
        at += 16 + cap


def layers(link, p):
    """(kind, key, side, payload) of what a dissector would be given, or None."""
    if link != 1 or len(p) < 14:
        return ("link", link, 0, p) if link != 1 else None
    at, et = 14, struct.unpack_from(">H", p, 12)[0]
    while et in (0x8100, 0x88a8) and len(p) >= at + 4:
        et = struct.unpack_from(">H", p, at + 2)[0]
        at += 4
    if et == 0x0800 and len(p) >= at + 20:
        proto, ihl = p[at + 9], (p[at] & 15) * 4
        total = struct.unpack_from(">H", p, at + 2)[0]
        src, dst, q = p[at + 12:at + 16], p[at + 16:at + 20], p[at + ihl:at + max(total, ihl)]
    elif et == 0x86dd and len(p) >= at + 40:
        proto, q = p[at + 6], p[at + 40:at + 40 + struct.unpack_from(">H", p, at + 4)[0]]
        src, dst = p[at + 8:at + 24], p[at + 24:at + 40]
    elif et <= 1500:
        snap = p[at:at + 3] == b"\xaa\xaa\x03"
        return "llc", snap, 0, p[at + (8 if snap else 3):at + et]
    else:
        return "ether", et, p[11] & 1, p[at:]
    if proto in (6, 17) and len(q) >= 8:
        sp, dp = struct.unpack_from(">HH", q, 0)
        q = q[(q[12] >> 4) * 4 if proto == 6 and len(q) >= 20 else 8:]
        side = int(sp in PORTS) if (sp in PORTS) != (dp in PORTS) else int(sp < dp)
        ends = ((src, sp), (dst, dp))
        return "flow", (proto,) + (ends if side == 0 else ends[::-1]), side, q
    return "ip", proto, 0, q


def write(folder, data):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, hashlib.sha1(data).hexdigest()[:16]), "wb") as f:
        f.write(data)


def chunk(side, p):
    p = p[:4095]
    return bytes([side << 7 | len(p) >> 8, len(p) & 255]) + p


def cut(out, path, proto):
    flows = {}
    for link, p in packets(path):
        got = layers(link, p)
        if not got or not got[3]:
            continue
        kind, key, side, q = got
        if kind == "flow":
            name = proto or PORTS.get(key[2][1])
        elif kind == "ether":
            name = proto or ETHERTYPES.get(key)
            if name == "profinet_rt" and b"\xfe\xfc" <= q[:2] <= b"\xfe\xff":
                name = "profinet_dcp"
        else:
            name = proto or {1: "icmp", 58: "icmp"}.get(key) if kind == "ip" else proto
        if name:
            parts = flows.setdefault((name, kind, str(key)), [bytearray()])
            c = chunk(side, q)
            if len(parts[-1]) + len(c) > 4095:      # what comes late in a long flow is a seed, too
                parts.append(bytearray())
            parts[-1].extend(c)
    for (name, _, _), parts in flows.items():
        for b in parts[:16]:
            for mode in range(MODES):
                write(os.path.join(out, "proto-" + name), bytes([mode]) + bytes(b))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = sys.argv[1]
    for path in sorted(glob.glob(os.path.join(TOP, "test", "golden", "*", "*.pcap*"))):
        cut(out, path, os.path.basename(os.path.dirname(path)))
        b = open(path, "rb").read()
        if len(b) <= 4096:
            write(os.path.join(out, "pcap"), b)
    lab = os.path.join(TOP, "examples", "lab.pcapng")
    if os.path.exists(lab):
        cut(out, lab, None)
        write(os.path.join(out, "pcap"), open(lab, "rb").read()[:4096])
    for path in sorted(glob.glob(os.path.join(TOP, "test", "golden", "*", "*.ndjson"))):
        lines = open(path, "rb").read().splitlines(True)
        for i in range(0, min(len(lines), 12), 4):
            write(os.path.join(out, "line"), b"".join(lines[i:i + 1]))
            write(os.path.join(out, "rec"), b"".join(lines[i:i + 4]))
            write(os.path.join(out, "shape"), b"".join(lines[i:i + 4]))
    for path in sorted(glob.glob(os.path.join(TOP, "test", "pipe", "data", "foreign", "*"))):
        lines = open(path, "rb").read().splitlines(True)
        for i in range(0, len(lines), 4):
            write(os.path.join(out, "rec"), b"".join(lines[i:i + 4]))
            write(os.path.join(out, "shape"), b"".join(lines[i:i + 4]))
    for text in (b'{"a":[1,-2.5e3,true,null,"\\u00e5\\ud83d\\ude00\\n"],"b":{"c":""}}\n', b"[]\n{}\r\n\n",
                 b'{"_path":"conn","ts":1.5,"id.orig_h":"10.0.0.1","id.orig_p":5}\n'):
        write(os.path.join(out, "line"), text)
        write(os.path.join(out, "rec"), text)
        write(os.path.join(out, "shape"), text * 2)
    for path in sorted(glob.glob(os.path.join(TOP, "examples", "*.json"))):
        text = open(path, "rb").read()
        write(os.path.join(out, "site"), text)
        whole = json.loads(text)
        for key in whole:       # each part alone: short inputs change faster
            write(os.path.join(out, "site"), json.dumps({key: whole[key]}).encode())
    for path in sorted(glob.glob(os.path.join(TOP, "examples", "register*"))):
        write(os.path.join(out, "register"), open(path, "rb").read()[:4096])
    for text in (b"sep=;\nID;Fabrikat;Serienr;MAC-adress;I bruk\nA-1;\"Acme \"\"AB\"\"\";0417;00-1b-1b-00-00-01;ja\n",
                 b'{"id":"A-1","mac":["00:1b:1b:00:00:01"],"klassa":"3/2/4","in_use":false}\n',
                 "\ufeffInstrument-ID\tBenämning\tNästa kalibrering\nV-1\tVåg\t2026-12\n".encode("utf-16")):
        write(os.path.join(out, "register"), text)
    for path in sorted(glob.glob(os.path.join(TOP, "test", "pipe", "data", "csaf", "**", "*.json"), recursive=True)):
        write(os.path.join(out, "csaf"), open(path, "rb").read())
    for path in sorted(glob.glob(os.path.join(TOP, "test", "pipe", "data", "budget", "*")) +
                       [os.path.join(TOP, "examples", "gauge-block.json")]):
        text = open(path, "rb").read()
        for line in text.splitlines() if path.endswith(".ndjson") else [text]:
            write(os.path.join(out, "budget"), line)
    for text in (b'{"event_type":"calibration","calibration":{"instrument":"a","results":[{"quantity":"v","unit":"V","as_found":1,'
                 b'"as_left":2,"error":0.1,"expanded_uncertainty":0.1,"k":2,"lower":1,"upper":3,"decision_rule":"iso14253"}]}}',
                 b'{"value":1,"standard_uncertainty":0.1,"dof":4,"lower":-1,"upper":3,"guard":0.5,"decision_rule":"custom"}'):
        write(os.path.join(out, "decide"), text)
    words(os.path.join(out, "budget.dict"), "lib/metrology/*.c")
    words(os.path.join(out, "decide.dict"), "lib/metrology/decide*.c")
    folder = os.path.join(TOP, "examples", "timeline")
    for name in ("bms", "lims"):
        log = os.path.join(folder, name + ".csv")
        if os.path.exists(log):
            text = open(log, "rb").read()[:1500]
            write(os.path.join(out, "timeline"), b"\x02\x00" + text)
            one = json.dumps(json.load(open(os.path.join(folder, name + ".json")))).encode()
            write(os.path.join(out, "timeline"), b"\x02\x01" + one + b"\n" + text)
    for text in (b"<34>1 2026-11-22T04:21:01.5Z h su 1 ID [a b=\"c\"] x\n<13>Nov 22 04:21:01 h a[1]: x\n",
                 b"2026-11-22T04:21:01,5+01:00 h a: x\nFeb 29 23:59:60 h a: y\n"):
        write(os.path.join(out, "timeline"), b"\x03\x00" + text)
    for text in (b'{"ts":1795392000.5,"id.orig_h":"192.0.2.1","id.resp_h":"10.0.0.1","service":"ssh","duration":2}\n',
                 b'{"timestamp":"2026-11-22T04:21:01.5+0000","event_type":"incident_note","incident_note":{"text":"x"}}\n',
                 b'{"timestamp":"2026-11-22T04:21:01.5+0000","event_type":"modbus","ot":{"op":"write","object":"o"}}\n'):
        write(os.path.join(out, "timeline"), b"\x00\x02" + text)
    write(os.path.join(out, "timeline"), b'\x01\x00{"t":"2026-11-22 04:21:01","a":"x","b":{"c":"1,5"}}\n')
    words(os.path.join(out, "csaf.dict"), "lib/inv/csaf*.c", "lib/inv/version*.c")
    words(os.path.join(out, "site.dict"), "lib/model/site*.c")
    words(os.path.join(out, "rec.dict"), "lib/model/rec*.c", "lib/inv/build*.c", "lib/inv/read*.c")


def words(path, *sources):
    """The string literals of some files, as a libFuzzer dictionary."""
    found = set()
    for pattern in sources:
        for name in glob.glob(os.path.join(TOP, pattern)):
            found.update(re.findall(r'"([a-z][a-z0-9_.:-]{1,30})"', open(name).read()))
    with open(path, "w") as f:
        for w in sorted(found):
            f.write('"\\"%s\\""\n' % w)


main()
