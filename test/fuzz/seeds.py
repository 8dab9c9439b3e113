#!/usr/bin/python3
"""Cuts seeds for the fuzz targets from the project's own captures and records.

    test/fuzz/seeds.py OUT

OUT/pcap/      small captures as they are
OUT/proto-P/   what both sides said in one flow (or what one frame holds), as
               fuzz_proto.c reads it
OUT/line/, OUT/shape/, OUT/rec/, OUT/again/   records; OUT/site/  site files
OUT/timeline/, OUT/csv/, OUT/syslog/  logs and tables, with what reads them in front
OUT/tcp/       whole conversations over TCP, as fuzz_tcp.c reads them
OUT/ledger/, OUT/chain/, OUT/dcc/, OUT/inventory/, ...  by the target's name
OUT/site.dict, OUT/rec.dict   words that the readers know"""
import base64
import glob
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

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


def streams(path):
    """Each TCP connection that is there from its SYN on: its server, [(side, bytes)] as far as they are in order."""
    flows = {}
    for link, p in packets(path):
        if link != 1 or len(p) < 54 or p[12:14] != b"\x08\x00" or p[23] != 6:
            continue
        at = 14 + (p[14] & 15) * 4
        total = 14 + struct.unpack_from(">H", p, 16)[0]
        if len(p) < max(total, at + 20):
            continue
        sp, dp, seq = struct.unpack_from(">HHI", p, at)
        data, syn = p[at + (p[at + 12] >> 4) * 4:total], p[at + 13] & 0x12
        ends = ((p[26:30], sp), (p[30:34], dp))
        key = tuple(sorted(ends))
        f = flows.get(key)
        if f is None or (syn == 2 and f["said"]):
            f = flows[key] = {"server": ends[1], "next": [None, None], "said": [], "over": syn != 2}
            yield f
        side = int(ends[0] == f["server"])
        if syn & 2:
            f["next"][side] = seq + 1
        elif data:
            f["over"] |= f["next"][side] not in (None, seq) or f["next"][0] is None or len(f["said"]) >= 200
            if not f["over"]:
                f["said"].append((side, data))
            f["next"][side] = (seq + len(data)) & 0xffffffff


def conversations(out, path):
    """Seeds for fuzz_tcp.c: short ones, at most eight of a capture."""
    n = 0
    for f in list(streams(path)):
        said = b""
        for side, data in f["said"]:
            while data and len(said) < 8000:
                c = chunk(side, data)
                said += c
                data = data[4095:]
        if not said or len(said) > 8000 or n == 8:
            continue
        port = struct.pack(">H", f["server"][1])
        h = 2166136261
        for b in port + said:
            h = (h ^ b) * 16777619 & 0xffffffff
        write(os.path.join(out, "tcp"), port + struct.pack(">IH", h, 0) + said)
        n += 1


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = sys.argv[1]
    for path in sorted(glob.glob(os.path.join(TOP, "test", "golden", "*", "*.pcap*"))):
        cut(out, path, os.path.basename(os.path.dirname(path)))
        conversations(out, path)
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
            write(os.path.join(out, "again"), b"".join(lines[i:i + 4]))
    for path in sorted(glob.glob(os.path.join(TOP, "test", "pipe", "data", "foreign", "*"))):
        lines = open(path, "rb").read().splitlines(True)
        for i in range(0, len(lines), 4):
            write(os.path.join(out, "rec"), b"".join(lines[i:i + 4]))
            write(os.path.join(out, "shape"), b"".join(lines[i:i + 4]))
            write(os.path.join(out, "again"), b"".join(lines[i:i + 4]))
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
    mixed(out)
    ledger(out)
    tables(out)
    certificates(out)
    inventories(out)
    chains(out)
    stamps(out)
    keys(out)
    vendors(out)
    packet_records(out)
    requests(out)
    journals(out)
    assessments(out)
    records_to_append(out)
    rules(out)
    words(os.path.join(out, "csaf.dict"), "lib/inv/csaf*.c", "lib/inv/version*.c")
    words(os.path.join(out, "site.dict"), "lib/model/site*.c")
    words(os.path.join(out, "rec.dict"), "lib/model/rec*.c", "lib/inv/build*.c", "lib/inv/read*.c")


def lines_of(*parts):
    return open(os.path.join(TOP, *parts), "rb").read().splitlines(True)


def ledger(out):
    lines = lines_of("examples", "calibrations.ndjson")
    for i in range(0, len(lines), 3):
        write(os.path.join(out, "ledger"), b"".join(lines[i:i + 3]))
    record = '{"seq":%d,"timestamp":"2026-01-01T00:00:00.000000+0000","event_type":"%s","%s":{"instrument":"%s",%s}}\n'
    blocks = [("instrument", '"name":"n","interval":"P12M","tolerance":[{"quantity":"mass","unit":"g","lower":-1,"upper":1}]'),
              ("calibration", '"certificate":"K-1","performed":"2026-01-10","verdict":"pass","laboratory":{"name":"L"},"interval":"P6M",'
               '"standards":[{"instrument":"B","certificate":"N-1"}],"results":[{"quantity":"mass","unit":"g","as_found":2,"as_left":0,'
               '"lower":-1,"upper":1}]'),
              ("reference_standard", '"via":"nmi","laboratory":"NMI","certificate":"N-1","valid_until":"2027-01-01"'),
              ("verification", '"performed":"2026-02-02","verdict":"fail","person":"p"'),
              ("repair", '"performed":"2026-02-01","person":"p","reason":"r","started":"2026-01-31","ended":"2026-02-01"'),
              ("software", '"name":"n","version":"2","performed":"2026-02-01","validated_by":"p"'),
              ("replacement", '"by":"C","performed":"2026-03-01","person":"p","reason":"r"'),
              ("out_of_tolerance", '"found":"2026-03-01","calibration":2,"person":"p","description":"d"'),
              ("assessment", '"about":8,"conclusion":"no_effect","person":"p","reason":"r"'),
              ("correction", '"corrects":2,"reason":"r","person":"p","instead":{"event_type":"calibration","calibration":'
               '{"instrument":"A","certificate":"K-2","performed":"2026-01-11","verdict":"pass"}}')]
    made = [(record % (i + 1, k, k, "A" if k != "reference_standard" else "B", b)).encode() for i, (k, b) in enumerate(blocks)]
    write(os.path.join(out, "ledger"), b"".join(made))
    for i in range(len(made)):
        write(os.path.join(out, "ledger"), made[0] + made[1] + made[i])
    words(os.path.join(out, "ledger.dict"), "lib/ledger/fact.c", "lib/ledger/ledger.c", "lib/ledger/correct.c", "lib/ledger/inst.c",
          "lib/ledger/tolerance.c", "lib/ledger/pick*.c", "lib/report/certificate*.c")


def tables(out):
    for path in sorted(glob.glob(os.path.join(TOP, "examples", "**", "*.csv"), recursive=True)) + [
            os.path.join(TOP, "test", "pipe", "data", "register-sv.csv")]:
        write(os.path.join(out, "csv"), b"\0" + open(path, "rb").read()[:1500])
    write(os.path.join(out, "csv"), b'\0sep=;\na;"b ""c""\n d";=1+1\n;;\n\xe5;-2;@x\n')
    write(os.path.join(out, "csv"), b"\0" + "\ufeffa\tb\n\u00e5\t1,5\n".encode("utf-16"))
    uses = b"Instrument;Tid;Till;Analysnr\nV-1;2026-01-10 08:00;2026-01-10 09:00;A-1\nV-2;2026-01-11;;\n"
    write(os.path.join(out, "csv"), b"\1" + uses)
    write(os.path.join(out, "csv"), b"\5" + uses.replace(b"Instrument", b"Num"))
    write(os.path.join(out, "csv"), b'\1{"event_type":"use","use":{"instrument":"V-1","at":"2026-01-10","until":"2026-01-11","result":"A"}}\n')
    history = ("Instrument-ID;Certifikat;Kalibrerad;N\u00e4sta kalibrering;Laboratorium;Storhet;Punkt;Enhet;Fel (mg);M\u00e4tos\u00e4kerhet;"
               "k;Resultat;Temperatur\nV-1;K-1;2026-01-10;2027-01-10;Labb;massa;100;g;0,2;0,1;2;godk\u00e4nd;20,5\n"
               "V-1;K-1;2026-01-10;2027-01-10;Labb;massa;200;g;0,3;0,1;2;;\nV-2;K-2;10.1.2026;P12M;;;;;x;;;underk\u00e4nd;\n").encode()
    for how in (2, 3, 2 | 4 << 2, 2 | 16 << 2, 2 | 1 << 2):
        write(os.path.join(out, "csv"), bytes([how]) + history)
    titles = set()
    for name in ("calibration-headers.json", "use-headers.json"):
        texts = [json.load(open(os.path.join(TOP, "lib", "rules", name), encoding="utf-8"))]
        while texts:
            x = texts.pop()
            texts += list(x.values()) if isinstance(x, dict) else x if isinstance(x, list) else []
            if isinstance(x, str) and len(x) < 30 and '"' not in x and "\\" not in x:
                titles.add(x)
    with open(os.path.join(out, "csv.dict"), "w", encoding="utf-8") as f:
        for w in sorted(titles):
            f.write('"%s"\n' % "".join(chr(b) if 32 <= b < 127 else "\\x%02x" % b for b in w.encode()))
    for text in (b"<34>1 2026-11-22T04:21:01.5Z h su 1 ID [a b=\"c\\\"\" d=\"e\"][x] \xef\xbb\xbfx\n<13>Nov 22 04:21:01 h a[1]: x\n",
                 b"2026-11-22T04:21:01,5+01:00 h a: x\nFeb 29 23:59:60 h a: y\nDec 31 23:59:59 h a: y\nJan  1 00:00:00 h a: z\n",
                 b"<165>1 - - - - - -\n<0>1 2026-11-22T04:21:01.123456-08:00 h a 1 - - t\r\n<999>x\n\n"):
        for how in (b"\0", b"\1", b"\2"):
            write(os.path.join(out, "syslog"), how + text)
    log = os.path.join(TOP, "examples", "incident", "jump.log")
    if os.path.exists(log):
        write(os.path.join(out, "syslog"), b"\0" + open(log, "rb").read()[:2000])


def certificates(out):
    sys.path.insert(0, os.path.join(TOP, "test", "pipe"))
    sys.dont_write_bytecode = True
    import dccs as d
    old = d.measurement(d.table(
        d.quantity("basic_referenceValue", d.hybrid(d.reals("10 20", "\\degreecelsius"), d.reals("283 293", "\\kelvin"))),
        d.quantity("basic_measuredValue", d.reals("10.02 19.97", "\\degreecelsius", ("0.05", "2", "0.95"), True)),
        d.quantity("basic_measurementError", d.reals("0.020 -0.030", "\\kelvin", ("0.05", "2", "0.95")),
                   d.meta(d.conformity("pass fail", "-1 -1", "1 1")))),
        d.method("m", "ISO 1", "basic_calibrationMethod"), d.equipment("e", [("customer", "N-1")], "K-9"),
        d.condition("basic_temperature", d.quantity("basic_temperature", d.real("20", "\\degreecelsius", ("0.5", "2", "0.95")))))
    signature = ('<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod '
                 'Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod '
                 'Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/><ds:Reference URI=""><ds:Transforms><ds:Transform '
                 'Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></ds:Transforms><ds:DigestMethod '
                 'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo>'
                 '<ds:SignatureValue>AAAA</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate>'
                 '</ds:X509Data></ds:KeyInfo></ds:Signature>')
    for text in (d.certificate(), d.certificate(version="2.4.0", langs=("en",)), d.certificate(version="3.3.0", results=old),
                 d.certificate(items=d.item([("customer", "A-1")], software=d.software("1.2")) + d.item([("customer", "A-2")], ident="i2")),
                 d.certificate(document=signature), d.certificate(comment="<dcc:comment><x>y</x></dcc:comment>"),
                 '<!DOCTYPE b [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><b>&b;</b>', "<b>&amp;&#65;<![CDATA[x]]><!-- c --></b>"):
        write(os.path.join(out, "dcc"), text.encode())
    write(os.path.join(out, "dcc"), d.certificate(declaration='<?xml version="1.0" encoding="ISO-8859-1"?>\n').encode("latin-1", "replace"))
    found = set()
    for name in glob.glob(os.path.join(TOP, "lib", "ledger", "d*.c")):
        found.update(re.findall(r'"([A-Za-z][A-Za-z0-9_]{2,40})"', open(name).read()))
    with open(os.path.join(out, "dcc.dict"), "w") as f:
        for w in sorted(found):
            f.write('"%s"\n' % w)
        f.write('"<dcc:"\n"</dcc:"\n"<si:"\n"<!DOCTYPE "\n"<!ENTITY "\n"&#"\n"<![CDATA["\n" id=\\""\n" refType=\\""\n')


def inventories(out):
    data = os.path.join(TOP, "test", "pipe", "data")
    lines = []
    for path in [os.path.join(data, "vuln-inventory.ndjson"), os.path.join(data, "gap-inventory.ndjson")] + sorted(
            glob.glob(os.path.join(data, "foreign", "*"))):
        lines.append(open(path, "rb").read().splitlines(True))
    for some in lines:
        for i in range(0, len(some), 3):
            write(os.path.join(out, "inventory"), b"".join(some[i:i + 3]) + b"\0\n" + b"".join(some[i + 1:i + 4]))
            write(os.path.join(out, "access"), b"".join(some[i:i + 4]))
    for proto in ("tls", "rdp", "ssh", "rfb", "mqtt", "modbus", "teamviewer", "openvpn"):
        for path in sorted(glob.glob(os.path.join(TOP, "test", "golden", proto, "*.ndjson")))[:4]:
            text = open(path, "rb").read().splitlines(True)
            write(os.path.join(out, "access"), b"".join(text[:4]).replace(b'"10.', b'"192.0.2.', 1))
            write(os.path.join(out, "inventory"), b"".join(text[:4]) + b"\0\n" + b"".join(text[2:6]))
    write(os.path.join(out, "kev"), open(os.path.join(data, "vuln-kev.json"), "rb").read()[:4096])
    words(os.path.join(out, "inventory.dict"), "lib/inv/read.c", "lib/inv/build*.c", "lib/inv/write*.c", "lib/inv/diff*.c")
    words(os.path.join(out, "access.dict"), "lib/assess/access*.c")
    words(os.path.join(out, "kev.dict"), "lib/inv/kev.c")


def stamps(out):
    """Answers of a time-stamping authority that lives as long as this does; none without openssl."""
    with tempfile.TemporaryDirectory() as d:
        def openssl(*args):
            subprocess.run(["openssl", *args], cwd=d, check=True, capture_output=True)
        with open(os.path.join(d, "c"), "w") as f:
            f.write("[t]\nserial=s\nsigner_cert=t.pem\nsigner_key=t.key\nsigner_digest=sha256\ndefault_policy=1.2.3.4\n"
                    "digests=sha256\n[e]\nextendedKeyUsage=critical,timeStamping\n[req]\ndistinguished_name=n\n[n]\n")
        try:
            openssl("req", "-x509", "-config", "c", "-extensions", "e", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", "t.key", "-out", "t.pem", "-subj", "/CN=t", "-days", "30")
            for more in ((), ("-cert",), ("-no_nonce",)):
                openssl("ts", "-query", "-data", "c", "-sha256", "-out", "q", *more)
                openssl("ts", "-reply", "-config", "c", "-section", "t", "-queryfile", "q", "-out", "r")
                write(os.path.join(out, "timestamp"), open(os.path.join(d, "r"), "rb").read())
        except (OSError, subprocess.CalledProcessError):
            pass


def vendors(out):
    for i, text in enumerate((b'Registry,Assignment,Organization Name\nMA-L,00AA01,"Say ""hi"", Ltd",x\nMA-L,ACDE48,Private,\nMA-L,00AA02,Y,\r\n',
                              b"MA-M,00AA012,Z,x\n", b"MA-S,00AA01234,Small,x\n",
                              b"00-AA-01   (hex)\t\tA\n00AA01     (base 16)\t\tA AG  \r\n")):
        write(os.path.join(out, "vendor"), bytes([i, 0, 0xaa, 1, 2, 3]) + text)


def keys(out):
    folder = os.path.join(out, "keys")
    public = bytes(range(32))
    lines = b"# whose signatures count\n\n"
    for name, kind in (("ledger.example/lab", 1), ("witness.example", 4)):
        rest = bytes([kind]) + public
        lines += b"%s+%s+%s\n" % (name.encode(), hashlib.sha256(name.encode() + b"\n" + rest).hexdigest()[:8].encode(), base64.b64encode(rest))
    write(folder, b"\1" + lines)
    for text in (b"", b"pass\nmore\n", b"x" * 63, b"x" * 65 + b"\n"):
        write(folder, b"\3" + text)
    with tempfile.TemporaryDirectory() as d:
        def openssl(*args):
            return subprocess.run(["openssl", *args], cwd=d, check=True, capture_output=True).stdout
        try:
            pem = openssl("genpkey", "-algorithm", "ed25519", "-out", "k") or open(os.path.join(d, "k"), "rb").read()
            write(folder, b"\0" + pem)
            # none by PBKDF2: a change that asks for 2^31 rounds has them
            write(folder, b"\0" + openssl("pkcs8", "-topk8", "-in", "k", "-passout", "pass:pass", "-scrypt", "-scrypt_N", "2"))
            for other in (("-algorithm", "x25519"), ("-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")):
                write(folder, b"\0" + openssl("genpkey", *other))
            cert = openssl("req", "-x509", "-key", "k", "-subj", "/CN=t", "-days", "30")
            write(folder, b"\0" + cert + pem)
            write(folder, b"\2" + cert)
            write(folder, b"\2" + cert + cert + b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")
        except (OSError, subprocess.CalledProcessError):
            pass
    with open(os.path.join(out, "keys.dict"), "w") as f:
        for w in ("PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CRL", "PUBLIC KEY", "EC PARAMETERS",
                  "-----BEGIN ", "-----END ", "-----\\x0a", "Proc-Type: 4,ENCRYPTED\\x0a", "DEK-Info: AES-128-CBC,"):
            f.write('"%s"\n' % w)


def chains(out):
    for what in (b"", b"\0\4\0\x80\0", b"\1\7\0\0\0", b"\2\6\0\0\1", b"\0\1\xff\xff\2{}", b"\7\3\0\0\2{}", b"\0\x08\1\0\1",
                 b"\3\5\0\4\0", b"\1\0\0\6\0019"):
        for how in (b"\1", b"\3"):
            write(os.path.join(out, "chain"), how + what)
    hash64, name = b"A" * 43 + b"=", b"ledger.example/lab"
    head = name + b"\n4\n" + hash64 + b"\n\n\xe2\x80\x94 " + name + b" " + b"A" * 91 + b"=\n"
    write(os.path.join(out, "proof"), b"c2sp.org/tlog-proof@v1\nextra e30=\nindex 2\n" + hash64 + b"\n" + hash64 + b"\n\n" + head)
    write(os.path.join(out, "proof"), b"old 2\n" + hash64 + b"\n" + hash64 + b"\n\n" + head)
    write(os.path.join(out, "proof"), b"old 0\n\n" + head)


def packet_records(out):
    lines = b""
    for path in sorted(glob.glob(os.path.join(TOP, "test", "golden", "modbus", "*.pcap*")))[:2]:
        for i, (link, p) in enumerate(packets(path)):
            lines += json.dumps({"timestamp": "2026-11-22T04:21:%02d.000001+0000" % (i % 60), "event_type": "packet", "host": "s",
                                 "in_iface": "eth0", "pcap_filename": "a/%d.pcap" % (i % 2), "pcap_cnt": i + 1,
                                 "packet": base64.b64encode(p[:90]).decode(),
                                 "packet_info": {"linktype": link, "wire_len": len(p)}}, separators=(",", ":")).encode() + b"\n"
            if i % 3 == 2:
                write(os.path.join(out, "packets"), lines)
                lines = b'{"event_type":"meta"}\n' if i % 2 else b""
            if i > 20:
                break
    for path in sorted(glob.glob(os.path.join(TOP, "test", "golden", "modbus", "*.ndjson")))[:2]:
        write(os.path.join(out, "packets"), b"".join(open(path, "rb").read().splitlines(True)[:3]))
    for text in (b"1,5,40-52", b"7", b"18446744073709551615,1-2", b'{"event_type":"packet","timestamp":"2026-11-22T04:21:01.5Z",'
                 b'"packet_info":{"linktype":101},"packet":"RQ\\/=="}\n'):
        write(os.path.join(out, "packets"), text)
    words(os.path.join(out, "packets.dict"), "lib/capture/source_record.c", "lib/extract/wanted.c")


def requests(out):
    folder = os.path.join(out, "witness")
    body = b"old 0\n\no\n0\nAAAA\n\nx"
    for head in (b"Host: w\r\n", b"Expect: 100-continue\r\n", b"Transfer-Encoding: chunked\r\n"):
        write(folder, b"\0POST /witness/add-checkpoint HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body))
    # which history, old size, new size, a byte changed
    write(folder, b"\1\5" + bytes([0, 0, 4, 0, 0, 4, 9, 0, 0x80, 9, 12, 0, 0, 9, 9, 0]))
    write(folder, b"\1\x0a" + bytes([0, 0, 4, 0, 0x80, 4, 9, 0, 0, 9, 12, 0, 0, 9, 9, 0, 3, 12, 20, 5]))
    for lines in (b"\1", b"\2", b"\3", b"\4", b"\5", b"\6", b"\7", b"\x08", b"\1\2", b"\3\4", b"\3\2",
                  "\u2014 w1 ".encode() + b"A" * 104 + b"\n\4"):
        write(folder, b"\2" + lines)


def journals(out):
    """A journal with a value for each field, in parts; records that fill in forms."""
    folder = os.path.join(out, "incident")
    value = {"text": "x", "yesno": True, "time": "2026-11-22T04:21:01.000000+0000", "number": 12, "span": 7200}
    fields = json.load(open(os.path.join(TOP, "lib", "rules", "incident-fields.json"), encoding="utf-8"))["fields"]
    said = []
    for f in fields:
        first = (f.get("choices") or [{"id": "x"}])
        first = first[0]["id"] if isinstance(first, list) else next(iter(first))
        v = value.get(f["type"], [first] if f["type"] == "choices" else first)
        said.append(b"v" + json.dumps({"field": f["id"].replace("#", "1"), "value": v}).encode() + b"\n")
    for i in range(0, len(said), 12):
        write(folder, b"".join(said[i:i + 12]))
    write(folder, b"".join(said[:3]) + b's{"stage":"upplysning","at":"2026-11-22T05:21:01.000000+0000","receipt":"A-1"}\n'
          b'n{"text":"x"}\nc{"reason":"r"}\nr{}\nv{"field":"indicators","unknown":true}\n'
          b'f{"name":"a","digest":"' + b"0" * 64 + b'","size":1}\n')
    moments = b"".join(x for x in said if b"_at\"" in x)[:1500]
    inventory = lines_of("test", "pipe", "data", "gap-inventory.ndjson")
    for path in sorted(glob.glob(os.path.join(TOP, "test", "golden", "modbus", "*.ndjson")) +
                       glob.glob(os.path.join(TOP, "test", "pipe", "data", "foreign", "*"))):
        events = b"".join(open(path, "rb").read().splitlines(True)[:4])
        write(folder, moments + b"".join(inventory[:3]) + re.sub(rb"20[0-9]{2}-[0-9]{2}-[0-9]{2}T", b"2026-11-22T", events))
    for line in lines_of("examples", "calibrations.ndjson")[:6]:
        write(folder, moments + line)
    words(os.path.join(out, "incident.dict"), "lib/incident/incident.c", "lib/incident/prefill*.c")
    with open(os.path.join(out, "incident.dict"), "a") as d:
        for f in fields:
            d.write('"%s"\n' % f["id"].replace("#", "1"))


def assessments(out):
    folder = os.path.join(out, "assess")
    data = os.path.join(TOP, "test", "pipe", "data")
    site = json.load(open(os.path.join(data, "gap-site.json"), encoding="utf-8"))
    records = lines_of("test", "pipe", "data", "gap-inventory.ndjson")
    for path in sorted(glob.glob(os.path.join(data, "classify", "*.json"))):
        write(folder, b"\0" + json.dumps(json.load(open(path, encoding="utf-8"))).encode() + b"\n" + records[0])
    for key in site:
        one = {"otsite": 1, key: site[key]} if key != "otsite" else site
        text = json.dumps(one).encode()
        for i in range(0, len(records), 6):
            write(folder, b"\0" + (text if len(text) < 4000 else b"") + b"\n" + b"".join(records[i:i + 4]))
            write(folder, b"\2" + b"".join(records[i:i + 6]))
    for line in lines_of("examples", "calibrations.ndjson")[:4]:
        write(folder, b"\0\n" + line + b"".join(records[:2]))
    status = (b'{"timestamp":"2026-11-22T04:21:01.000000+0000","event_type":"calibration_status","calibration_status":'
              b'{"instrument":"V-1","name":"v","status":"due","due":"2026-12-01","certificate":"K-1"}}\n')
    write(folder, b"\0\n" + status + b"".join(records[:2]))
    write(folder, b"\2" + b"".join(lines_of("test", "pipe", "data", "vuln-inventory.ndjson")[:6]))
    finding = ('{"timestamp":"2026-11-22T04:21:01.000000+0000","event_type":"finding","finding":{"item":"%s","status":"%s","title":"t",'
               '"weight":5,"reason":"r","evidence":[{"kind":"asset","id":"a","ip":"10.0.0.1"}],"law":["csl.2.3.9"],"lang":"sv"}}\n')
    for old, new in (("gap", "met"), ("met", "gap"), ("partly", "unknown"), ("met", "not_applicable"), ("gap", "gap")):
        write(folder, b"\1" + ((finding % ("a.b", old)) * 1 + "\0\n" + finding % ("a.b", new) + finding % ("a.c", new)).encode())
    said = ('"item":"gov.board_informed","status":"met","by":"eva","date":"2026-09-01","expires":"2027-09-01","document":"a/p.pdf",'
            '"digest":"sha256:%s","statement":%s')
    for statement in ('"x"', '{"sv":"x","en":"y"}', '{"sv":"x"}'):
        write(folder, b"\3" + (said % ("0" * 64, statement)).encode() + b"\n" + (said % ("0" * 64, '"z"')).encode())
    words(os.path.join(out, "assess.dict"), "lib/assess/*.c", "lib/model/site*.c")


def records_to_append(out):
    for line in lines_of("examples", "calibrations.ndjson"):
        o = json.loads(line)
        kind = o["event_type"]
        write(os.path.join(out, "append"), json.dumps({"event_type": kind, kind: o[kind]}).encode() + b"\n")
    words(os.path.join(out, "append.dict"), "lib/ledger/fact.c", "lib/ledger/ledger.c", "lib/ledger/correct.c", "cmd/calchain/kinds.c")


def rules(out):
    """For each document one that stays as it is, and a change of each kind; short ones whole."""
    folder = os.path.join(out, "rules")
    for i in range(17):
        write(folder, bytes([i, 0]))
        for what in range(6):
            for where in (3, 40, 400):
                write(folder, bytes([i, where >> 8, where & 255, what, 1]) + b"7")
    for i, name in ((15, "coincidence"), (16, "correlation"), (14, "access")):
        write(folder, bytes([0x80 | i]) + open(os.path.join(TOP, "lib", "rules", name + ".json"), "rb").read())
    for text in ("{n?one|many #}", "{n?none|one|# of {of}}, {who}", "{n%} {s}{of}", "{{n}} {no}", "{n?{s}|{a}}"):
        write(folder, b"\x83" + json.dumps({"otrules": 1, "kind": "words", "about": "a", "words": {}, "phrases": {
            "gap.x": {"sv": text, "en": text}}}).encode())
    words(os.path.join(out, "rules.dict"), "lib/model/rules*.c", "lib/model/sectors.c", "lib/assess/c*.c", "lib/assess/klassa*.c",
          "lib/incident/*rules.c", "lib/incident/form.c", "lib/incident/field.c", "lib/timeline/c*.c")


def mixed(out):
    """A few seeds of each dissector for all of them in one: its number in the registry goes first."""
    table = open(os.path.join(TOP, "lib", "proto", "registry.c")).read().split("registry[] = {")[1]
    for i, name in enumerate(re.findall(r"&(\w+)_dissector", table)):
        d = re.search(r'\.name = "(.*)"', "".join(
            open(f).read().split("const struct dissector %s_dissector = {" % name)[-1] for f in glob.glob(
                os.path.join(TOP, "lib", "proto", "*.c")) if "struct dissector %s_dissector = {" % name in open(f).read()))
        folder = os.path.join(out, "proto-" + d.group(1))
        seeds = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        for s in sorted(seeds, key=lambda s: (os.path.getsize(os.path.join(folder, s)) // 256, s))[:6]:
            write(os.path.join(out, "proto"), bytes([i]) + open(os.path.join(folder, s), "rb").read())


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
