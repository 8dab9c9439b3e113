#!/usr/bin/env python3
"""Makes the goldens of the services that name devices, where no real stack was
recorded: SNMP's parts and traps, NetBIOS, SMB's odd ends, LDAP, Kerberos, RADIUS,
802.1X, TDS, IPMI, DCE/RPC with OPC Classic. Secrets and people have HEMLIGT in them."""
import struct

from frames import eth, ipv4, mac, udp
from tcp_pcap import Capture, Conversation

CLIENT, SERVER = "192.0.2.10", "192.0.2.20"


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def u16(s):
    return s.encode("utf-16-le")


def ber(tag, *parts):
    b = b"".join(parts)
    n = len(b)
    if n < 128:
        return bytes([tag, n]) + b
    k = (n.bit_length() + 7) // 8
    return bytes([tag, 0x80 | k]) + n.to_bytes(k, "big") + b


def num(v, tag=2):
    n = max(1, (v.bit_length() + 8) // 8)
    return ber(tag, v.to_bytes(n, "big", signed=True))


def text(s, tag=4):
    return ber(tag, s if isinstance(s, bytes) else s.encode())


def seq(*parts):
    return ber(0x30, *parts)


def oid(s, tag=6):
    a = [int(x) for x in s.split(".")]
    out = bytearray()
    for v in [a[0] * 40 + a[1]] + a[2:]:
        part = [v & 127]
        v >>= 7
        while v:
            part.append(0x80 | v & 127)
            v >>= 7
        out += bytes(reversed(part))
    return ber(tag, bytes(out))


class Datagrams:
    """Between two hosts over UDP; c() and s() send."""

    def __init__(self, cap, cport, sport, client=CLIENT, server=SERVER):
        self.cap, self.ends = cap, ((client, cport), (server, sport))

    def send(self, side, b, cut=None):
        (s, sp), (d, dp) = self.ends if side == 0 else self.ends[::-1]
        f = eth(ipv4(17, udp(sp, dp, b), s, d), src="02:00:00:00:00:0%d" % (side + 1))
        self.cap.add(f[:cut] if cut else f, len(f))

    def c(self, b, **kw):
        self.send(0, b, **kw)

    def s(self, b, **kw):
        self.send(1, b, **kw)


# ---- SNMP

NULL = ber(5)
ENT = "1.3.6.1.2.1.47.1.1.1.1."


def var(o, v=NULL):
    return seq(oid(o), v)


def pdu(tag, rid, *vs, error=0, index=0):
    return ber(tag, num(rid), num(error), num(index), seq(*vs))


def v2(p, community="public", version=1):
    return seq(num(version), text(community), p)


def v3(p, flags=0, engine=b"", user="", mid=7, priv=False):
    usm = seq(text(engine), num(1), num(100), text(user), text(b"A" * 12 if flags & 1 else b""),
              text(b"P" * 8 if flags & 2 else b""))
    head = seq(num(mid), num(65507), text(bytes([flags])), num(3))
    return seq(num(3), head, text(usm), text(p) if priv else seq(text(engine), text(b""), p))


def snmp():
    cap = Capture()
    d = Datagrams(cap, 40000, 161)
    d.c(v2(pdu(0xa5, 1, var(ENT + "5"), var(ENT + "11"), error=0, index=10)))
    d.s(v2(pdu(0xa2, 1, var(ENT + "5.1", num(3)), var(ENT + "11.1", text("FOC1234X0AB")),
               var(ENT + "5.2", num(9)), var(ENT + "11.2", text("FOC99")),
               var(ENT + "13.2", text("C3KX-NM-10G")), var(ENT + "2.2", text("Network module")))))
    d.c(v2(pdu(0xa5, 2, var(ENT + "8"), error=0, index=10)))
    d.s(v2(pdu(0xa2, 2, var(ENT + "8.1", text("V02")), var(ENT + "9.1", text("12.2(53r)SE2")),
               var(ENT + "10.1", text("15.0(2)SE11")), var(ENT + "12.1", text("Cisco Systems, Inc.")),
               var(ENT + "13.1", text("WS-C3560X-24P")), var(ENT + "2.1", text("Catalyst 3560X")),
               var(ENT + "7.1", text("1")))))
    # once more: nothing new is said of the device
    d.c(v2(pdu(0xa1, 3, var(ENT + "11"))))
    d.s(v2(pdu(0xa2, 3, var(ENT + "11.1", text("FOC1234X0AB")))))
    # printer, UPS
    p = Datagrams(cap, 40001, 161, server="192.0.2.21")
    p.c(v2(pdu(0xa0, 4, var("1.3.6.1.2.1.43.5.1.1.17.1"), var("1.3.6.1.2.1.25.3.2.1.3.1"),
               var("1.3.6.1.4.1.11.2.3.9.1.1.7.0"), var("1.3.6.1.2.1.43.5.1.1.5.1")), version=0))
    p.s(v2(pdu(0xa2, 4, var("1.3.6.1.2.1.43.5.1.1.17.1", text("CNBJ123456")),
               var("1.3.6.1.2.1.25.3.2.1.3.1", text("HP LaserJet 4250")),
               var("1.3.6.1.4.1.11.2.3.9.1.1.7.0", text("MFG:Hewlett-Packard;CMD:PJL,PCL;"
                                                       "MDL:HP LaserJet 4250;SN:CNBJ123456;")),
               var("1.3.6.1.2.1.43.5.1.1.5.1", text("HEMLIGT Person"))), version=0))
    u = Datagrams(cap, 40002, 161, server="192.0.2.22")
    u.c(v2(pdu(0xa0, 5, var("1.3.6.1.2.1.33.1.1.1.0"), var("1.3.6.1.4.1.318.1.1.1.1.2.3.0"))))
    u.s(v2(pdu(0xa2, 5, var("1.3.6.1.2.1.33.1.1.1.0", text("APC")),
               var("1.3.6.1.4.1.318.1.1.1.1.2.3.0", text("AS0123456789")),
               var("1.3.6.1.2.1.1.2.0", oid("1.3.6.1.4.1.318.1.3.2.7")))))
    # sets of several, of all types; errors; exceptions
    d.c(v2(pdu(0xa3, 6, var("1.3.6.1.2.1.2.2.1.7.3", num(2)), var("1.3.6.1.4.1.318.1.1.8.5.3.3.1", num(-1)),
               var("1.3.6.1.2.1.4.20.1.1.1", ber(0x40, h("c0000201"))), var("1.3.6.1.2.1.1.6.0", text("HEMLIGT")),
               var("1.3.6.1.2.1.1.2.0", oid("1.3.6.1.4.1.9.1.1"))), community="HEMLIGT"))
    d.s(v2(pdu(0xa2, 6, error=0), community="HEMLIGT"))
    d.c(v2(pdu(0xa3, 7, var("1.3.6.1.2.1.2.2.1.7.3", num(1)))))
    d.s(v2(pdu(0xa2, 7, var("1.3.6.1.2.1.2.2.1.7.3", num(1)), error=17, index=1)))
    d.c(v2(pdu(0xa3, 8, *[var("1.3.6.1.4.1.9999.%d" % i, text("HEMLIGT" * 5)) for i in range(40)])))
    d.c(v2(pdu(0xa0, 9, var("1.3.6.1.2.1.31.1.1.1.6.1"))))
    d.s(v2(pdu(0xa2, 9, var("1.3.6.1.2.1.31.1.1.1.6.1", ber(0x46, h("00ffffffffffffffff"))))))
    d.c(v2(pdu(0xa0, 10, var("1.3.6.1.2.1.1.9.0"))))
    d.s(v2(pdu(0xa2, 10, var("1.3.6.1.2.1.1.9.0", ber(0x81)))))
    d.c(v2(pdu(0xa0, 11, var("1.3.6.1.2.1.1.9.0"))))
    d.s(v2(pdu(0xa2, 11, var("1.3.6.1.2.1.1.9.0"), error=99, index=1)))
    d.c(v2(pdu(0xa0, 12, var("1.3.6.1.2.1.1.1.0"))))
    d.s(v2(pdu(0xa2, 12, var("1.3.6.1.2.1.1.1.0", ber(0x44, h("9f780441200000"))))))
    arcs = ".".join(str(x) for x in b"HEMLIGT")
    d.c(v2(pdu(0xa1, 14, var("1.3.6.1.6.3.15.1.2.2.1.3.5.128.0.0.9.1.7." + arcs))))
    d.s(v2(pdu(0xa2, 14, var("1.3.6.1.6.3.16.1.2.1.3.3.7." + arcs, text("HEMLIGT")))))
    d.c(v2(pdu(0xa3, 15, var("1.3.6.1.6.3.18.1.1.1.8.7." + arcs, num(6)))))
    d.s(v2(pdu(0xa2, 15, var("1.3.6.1.6.3.18.1.1.1.8.7." + arcs, num(6)))))
    d.c(v2(pdu(0xa0, 13, var("1.3.6.1.2.1.1.3.0"))))
    cap.write("snmp", "objects")

    cap = Capture()
    t = Datagrams(cap, 40010, 162)
    ent = oid("1.3.6.1.4.1.8691.2.8")
    agent = ber(0x40, h("c000020a"))
    for generic, specific in ((0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 12)):
        t.c(seq(num(0), text("HEMLIGT"), ber(0xa4, ent, agent, num(generic), num(specific), num(4711, 0x43),
                                             seq(var("1.3.6.1.2.1.2.2.1.1.5", num(5))))))
    for name in ("1.3.6.1.6.3.1.1.5.1", "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.4.1.8691.2.8.0.1"):
        t.c(v2(pdu(0xa7, 20, var("1.3.6.1.2.1.1.3.0", num(1, 0x43)), var("1.3.6.1.6.3.1.1.4.1.0", oid(name)),
                   var("1.3.6.1.2.1.1.5.0", text("switch-7"))), community="HEMLIGT"))
    t.c(v2(pdu(0xa6, 21, var("1.3.6.1.6.3.1.1.4.1.0", oid("1.3.6.1.6.3.1.1.5.4")))))
    t.s(v2(pdu(0xa2, 21)))
    t.c(v2(pdu(0xa7, 22)))
    # version 3
    engine = h("8000 21f3 03 0090e8123456")
    d = Datagrams(cap, 40011, 161)
    d.c(v3(pdu(0xa0, 30)))
    d.s(v3(pdu(0xa8, 30, var("1.3.6.1.6.3.15.1.1.4.0", num(1, 0x41))), engine=engine))
    d.c(v3(pdu(0xa0, 31, var("1.3.6.1.2.1.1.5.0")), flags=5, engine=engine, user="HEMLIGT"))
    d.s(v3(pdu(0xa2, 31, var("1.3.6.1.2.1.1.5.0", text("switch-7"))), flags=1, engine=engine, user="HEMLIGT"))
    d.c(v3(b"E" * 40, flags=7, engine=engine, user="HEMLIGT", priv=True))
    d.s(v3(b"E" * 40, flags=3, engine=engine, user="HEMLIGT", priv=True))
    d = Datagrams(cap, 40012, 161, server="192.0.2.23")
    d.s(v3(pdu(0xa2, 33, var("1.3.6.1.2.1.1.5.0", text("old-switch"))), engine=h("000039e7000000a1c0a81da0"), user="HEMLIGT"))
    d.s(v3(pdu(0xa8, 34, var("1.3.6.1.6.3.15.1.1.5.0", num(1, 0x41))), engine=engine))
    cap.write("snmp", "traps")

    cap = Capture()
    d = Datagrams(cap, 40020, 161)
    d.s(v2(pdu(0xa2, 1, var("1.3.6.1.2.1.1.1.0", text("Hirschmann RS20")))))    # from the middle
    d.c(v2(pdu(0xa0, 2, b"\x30\x03\x06\x81\x05")))
    d.c(v2(pdu(0xa0, 3, b"\x31\x00")))
    d.c(v2(ber(0xa0, num(4), num(0), num(0))))
    d.c(v2(ber(0xa9, num(4), num(0), num(0), seq())))
    d.c(v2(ber(0xa0, num(4), text("x"))))
    d.c(v2(pdu(0xa0, 5, var("1.3.6.1.2.1.1.1.0")))[:-3])
    d.c(v2(pdu(0xa0, 6, seq(ber(6, b"\xff" * 20), NULL))))
    d.c(v2(pdu(0xa0, 7, seq(ber(6), NULL))))
    d.c(v2(ber(0xa4, oid("1.3.6.1.4.1.9"), text("x")), version=0))
    d.c(seq(num(2), text("x"), pdu(0xa0, 1)))
    d.c(v2(pdu(0xa0, 8, var("1.3.6.1.2.1.1.1.0"))), cut=70)
    t = Conversation(cap, 40021, 161)
    t.c(v2(pdu(0xa0, 9, var("1.3.6.1.2.1.1.5.0"))))
    t.s(v2(pdu(0xa2, 9, var("1.3.6.1.2.1.1.5.0", text("by-stream")))))
    t.c(b"\x00" * 20)
    t.close()
    cap.write("snmp", "malformed")


# ---- NetBIOS

def nbname(s, suffix, scope=b""):
    b = s.encode().ljust(15) + bytes([suffix])
    if s == "*":
        b = b"*" + b"\0" * 15
    return b"\x20" + b"".join(bytes([65 + (x >> 4), 65 + (x & 15)]) for x in b) + scope + b"\0"


def nbns():
    cap = Capture()

    def send(b, src=CLIENT, dst="192.0.2.255"):
        cap.add(eth(ipv4(17, udp(137, 137, b), src, dst)))

    def ask(op, name, kind=0x20, rid=1, extra=b"", ar=0):
        return struct.pack(">6H", rid, op, 1, 0, 0, ar) + name + struct.pack(">HH", kind, 1) + extra

    def rr(data, name=b"\xc0\x0c", kind=0x20):
        return name + struct.pack(">HHIH", kind, 1, 300, len(data)) + data

    def reply(flags, name, data, kind=0x20):
        return struct.pack(">6H", 1, flags, 0, 1, 0, 0) + rr(data, name, kind)
    me, other = h("0000c000020a"), h("0000c0000214")
    for _ in range(2):                                          # said once
        send(ask(0x2910, nbname("BENCH-3", 0), extra=rr(me), ar=1))
    send(ask(0x2910, nbname("HEMLIGT", 3), extra=rr(me), ar=1))
    send(ask(0x2910, nbname("LAB", 0x1c), extra=rr(h("8000c000020a")), ar=1))
    send(ask(0x4110, nbname("BENCH-3", 0x20), extra=rr(other), ar=1))
    send(ask(0x3110, nbname("BENCH-3", 0), extra=rr(me), ar=1))
    send(ask(0x0110, nbname("LIMS", 0x20)))
    send(ask(0x0110, nbname("\x01\x02__MSBROWSE__\x02", 1)))
    send(ask(0x0100, nbname("LIMS", 0x20, b"\x03lab\x07example")))
    send(reply(0x8500, nbname("LIMS", 0x20), other), src="192.0.2.30", dst=CLIENT)
    send(reply(0x8580, nbname("LIMS", 0x00), h("0000c000021e0000c000021f")), src="192.0.2.30", dst=CLIENT)
    send(reply(0x8583, nbname("NOBODY", 0x20), b""), src="192.0.2.30", dst=CLIENT)
    send(reply(0xad86, nbname("BENCH-3", 0), other), src="192.0.2.30", dst=CLIENT)
    send(reply(0xbc00, nbname("BENCH-3", 0), b"\x29\x10"), src="192.0.2.30", dst=CLIENT)
    names = [("DC1", 0, 0), ("LAB", 0, 0x8000), ("LAB", 0x1c, 0x8000), ("DC1", 0x20, 0), ("HEMLIGT", 3, 0),
             ("LAB", 0x1b, 0)]
    body = bytes([len(names)]) + b"".join(n.encode().ljust(15) + bytes([s]) + struct.pack(">H", f)
                                          for n, s, f in names)
    send(ask(0x0000, nbname("*", 0), kind=0x21), dst="192.0.2.40")
    send(reply(0x8400, nbname("*", 0), body + h("00155d010203") + b"\0" * 40, kind=0x21), src="192.0.2.40", dst=CLIENT)
    send(reply(0x8400, nbname("*", 0), b"\x09" + body[1:40], kind=0x21), src="192.0.2.41", dst=CLIENT)
    send(struct.pack(">6H", 1, 0x0110, 1, 0, 0, 0) + b"\x21" + b"A" * 40)
    send(struct.pack(">6H", 1, 0x0110, 1, 0, 0, 0) + b"\x20" + b"z" * 33)
    send(ask(0x0110, nbname("LIMS", 0x20))[:20])
    send(ask(0x7910, nbname("LIMS", 0x20)))
    cap.write("nbns", "names")


def nbdgm():
    cap = Capture()

    def send(b, src=CLIENT, kind=0x11, dst="192.0.2.255"):
        n = len(b) + 68
        p = struct.pack(">BBH4sHHH", kind, 2, 7, bytes(int(x) for x in src.split(".")), 138, n, 0)
        p += nbname("BENCH-3", 0) + nbname("LAB", 0x1e) + b
        cap.add(eth(ipv4(17, udp(138, 138, p), src, dst)))

    def trans(body, slot=b"\\MAILSLOT\\BROWSE\0"):
        at = 32 + 1 + 34 + 2 + len(slot)
        words = struct.pack("<HHHHBBHIHHHHHBB", 0, len(body), 0, 0, 0, 0, 0, 0, 0, 0, 0, len(body), at, 3, 0)
        words = words[:26] + bytes([3, 0]) + struct.pack("<3H", 1, 1, 2)
        return (b"\xffSMB\x25" + b"\0" * 27 + bytes([17]) + words +
                struct.pack("<H", len(slot) + len(body)) + slot + body)

    def host(cmd, name, server, major=6, minor=1, comment=b"HEMLIGT comment\0"):
        return trans(struct.pack("<BBI16sBBIBBH", cmd, 0, 720000, name.encode(), major, minor, server, 15, 1,
                                 0xaa55) + comment)
    for _ in range(2):                                          # said once
        send(host(1, "BENCH-3", 0x00001003))
    send(host(1, "BENCH-3", 0x00001003, 10, 0))                 # another version
    send(host(15, "DC1", 0x000c900b | 1 << 26, 6, 3), src="192.0.2.40")
    send(host(12, "LAB", 0x80000000, 3, 10), src="192.0.2.40")
    send(host(1, "NAS", 0x00009803), src="192.0.2.41")
    send(trans(b"\x02\0BENCH-3\0"))
    send(trans(b"\x08\x01" + b"\0" * 12 + b"BENCH-3\0"))
    send(trans(b"\x63"))
    send(trans(b"\x12\0" + u16("HEMLIGT"), b"\\MAILSLOT\\NET\\NETLOGON\0"))
    send(trans(b"\x01")[:60])
    send(b"\xffSMB\x25" + b"\0" * 40)
    send(b"", kind=0x10)
    cap.add(eth(ipv4(17, udp(138, 138, h("13 02 0007 c000020a 008a 82")), CLIENT, "192.0.2.20")))
    cap.add(eth(ipv4(17, udp(138, 138, h("11 02 0007 c000020a 008a ffff 0000") + nbname("A", 0)), CLIENT, "192.0.2.20")))
    cap.write("nbdgm", "announcements")


# ---- NTLM, SMB

def ntlm(kind, **kw):
    if kind == 1:
        return b"NTLMSSP\0" + struct.pack("<II", 1, 0xe2088297) + b"\0" * 24
    if kind == 2:
        name = u16("DC1")
        info = b"".join(struct.pack("<HH", i, len(u16(t))) + u16(t) for i, t in
                        ((2, "LAB"), (1, "DC1"), (4, "lab.example"), (3, "dc1.lab.example"))) + b"\0" * 4
        p = struct.pack("<HHI", len(name), len(name), 56)
        p += struct.pack("<I", 0xe2898215) + b"CHALLENG" + b"\0" * 8
        p += struct.pack("<HHI", len(info), len(info), 56 + len(name))
        return b"NTLMSSP\0" + struct.pack("<I", 2) + p + kw.get("version", h("0a00 7c4f 0000000f")) + name + info
    out, at = b"", 72
    fields = b""
    for t in (b"L" * 24, b"N" * 24 if kw.get("user", 1) else b"", u16("LAB"),
              u16("HEMLIGT") if kw.get("user", 1) else b"", u16("BENCH-3"), b""):
        fields += struct.pack("<HHI", len(t), len(t), at)
        at += len(t)
        out += t
    return b"NTLMSSP\0" + struct.pack("<I", 3) + fields + struct.pack("<I", 0xe2888215) + h("0a00614a0000000f") + out


def nbss(b, kind=0):
    return bytes([kind]) + len(b).to_bytes(3, "big") + b


def smb2(cmd, body, mid=0, tree=0, status=0, flags=0, nxt=0):
    return (b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ", 64, 1, status, cmd, 1, flags, nxt, mid, 0, tree, 99) +
            b"S" * 16 + body)


def smb1(cmd, words, body=b"", status=0, reply=False, tid=0, mid=0, uni=True):
    return (b"\xffSMB" + struct.pack("<BIBH", cmd, status, 0x98 if reply else 0x18, 0x8003 if uni else 3) +
            b"\0" * 12 + struct.pack("<HHHH", tid, 1, 1, mid) + bytes([len(words) // 2]) + words +
            struct.pack("<H", len(body)) + body)


def smb():
    cap = Capture()
    t = Conversation(cap, 40100, 445)

    def both(q, a):
        t.c(nbss(q))
        t.s(nbss(a))
    both(smb2(0, struct.pack("<HHHHI", 36, 3, 1, 0, 0) + b"G" * 16 + b"\0" * 8 + h("0202 1002 1103 9999"), 1),
         smb2(0, struct.pack("<HHHH", 65, 3, 0x0302, 0) + b"\0" * 56, 1, flags=1))
    both(smb2(1, struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 88, 40, 0) + ntlm(1), 2),
         smb2(1, struct.pack("<HHHH", 9, 0, 72, len(ntlm(2))) + ntlm(2), 2, status=0xc0000016, flags=1))
    both(smb2(1, struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 88, len(ntlm(3, user=0)), 0) + ntlm(3, user=0), 3),
         smb2(1, struct.pack("<HHHH", 9, 2, 72, 0), 3, flags=1))
    krb = h("2a864886f712010202 0100 6e82") + b"T" * 20
    both(smb2(1, struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 88, len(krb), 0) + krb, 4),
         smb2(1, struct.pack("<HHHH", 9, 0, 72, 0), 4, status=0xc00000ff, flags=1))
    for i, name in enumerate(("IPC$", "A", "HEMLIGT$", "C", "D$", "E")):
        share = u16("\\\\dc1\\" + name)
        both(smb2(3, struct.pack("<HHHH", 9, 0, 72, len(share)) + share, 10 + i),
             smb2(3, struct.pack("<HBBIII", 16, 1, 0, 0, 0, 0), 10 + i, tree=20 + i, flags=1))

        def create(name, options=0):
            n = u16(name)
            return struct.pack("<HBBIQQIIIIIHHII", 57, 0, 0, 2, 0, 0, 0, 0, 0, 0, options, 120, len(n), 0, 0) + n
        if name == "IPC$":
            for pipe in ("svcctl", "\\WINREG", "HEMLIGT"):
                t.c(nbss(smb2(5, create(pipe), 30, tree=20)))
        else:
            both(smb2(5, create("HEMLIGT-19121212.pdf", 0x1000), 31, tree=20 + i),
                 smb2(5, struct.pack("<HBBI", 89, 0, 0, 2) + b"\0" * 80, 31, tree=20 + i, flags=1))
            both(smb2(9, b"\0" * 48, 32, tree=20 + i), smb2(9, b"\0" * 16, 32, tree=20 + i, flags=1))
            both(smb2(8, b"\0" * 48, 33, tree=20 + i), smb2(8, b"\0" * 16, 33, tree=20 + i, status=0xc0000022, flags=1))
            both(smb2(17, h("2100 010a") + b"\0" * 28, 34, tree=20 + i), smb2(17, h("0200"), 34, tree=20 + i, flags=1))
    one = smb2(5, create("HEMLIGT"), 40, tree=21)
    one += b"\0" * (-len(one) % 8)
    t.c(nbss(one[:20] + struct.pack("<I", len(one)) + one[24:] + smb2(4, h("0400 0000"), 41, tree=21)))
    t.s(nbss(smb2(5, b"\0" * 9, 40, tree=21, status=0x103, flags=3)))
    t.c(nbss(smb2(0, struct.pack("<HHHHI", 36, 1, 1, 0, 0) + b"G" * 16 + b"\0" * 8 + h("1103"), 50)))
    t.close()
    t = Conversation(cap, 40101, 139)
    t.c(nbss(nbname("DC1", 0x20) + nbname("BENCH-3", 0), 0x81))
    t.s(nbss(b"", 0x82))
    both(smb1(0x72, b"", b"\x02NT LM 0.12\0\x02SMB 2.002\0\x02SMB 2.\x3f\x3f\x3f\0", mid=1),
         smb1(0x72, struct.pack("<HB", 0, 1) + b"\0" * 31, b"", reply=True, mid=1))
    who = b"HEMLIGT\0" + u16("HEMLIGT\0LAB\0Windows XP\0")
    both(smb1(0x73, struct.pack("<BBHHHHIHHII", 0xff, 0, 0, 4356, 50, 0, 0, 7, 0, 0, 0), who, mid=2),
         smb1(0x73, struct.pack("<BBHH", 0xff, 0, 0, 1), b"\0" + u16("Windows 5.1\0Windows 2000 LAN Manager\0"), reply=True, mid=2))
    both(smb1(0x75, struct.pack("<BBHHH", 0xff, 0, 0, 8, 1), b"\0" + u16("\\\\DC1\\RESULTS\0") + b"?????\0", mid=3),
         smb1(0x75, struct.pack("<BBHH", 0xff, 0, 0, 0), b"A:\0", reply=True, mid=3, tid=5))
    both(smb1(0xa2, b"\0" * 48, b"\0" + u16("HEMLIGT\0"), mid=4, tid=5),
         smb1(0xa2, b"\xff\0\0\0\0\0\0" + struct.pack("<I", 1) + b"\0" * 57, reply=True, mid=4, tid=5))
    both(smb1(0x2e, b"\0" * 24, mid=5, tid=5), smb1(0x2e, b"\0" * 24, b"HEMLIGT", reply=True, mid=5, tid=5))
    both(smb1(0x06, b"\0\0", b"\x04" + u16("HEMLIGT\0"), mid=6, tid=5), smb1(0x06, b"", reply=True, mid=6, tid=5, status=0xc0000022))
    both(smb1(0x75, struct.pack("<BBHHH", 0xff, 0, 0, 8, 1), b"\0\\\\DC1\\IPC$\0IPC\0", mid=7, uni=False),
         smb1(0x75, struct.pack("<BBHH", 0xff, 0, 0, 0), b"IPC\0", reply=True, mid=7, tid=6, uni=False))
    t.c(nbss(smb1(0xa2, b"\0" * 48, b"\\atsvc\0", mid=8, tid=6, uni=False)))
    t.c(nbss(smb1(0x71, b"", mid=9, tid=5)))
    t.c(nbss(smb1(0x73, b"\0" * 24, b"", mid=10)))
    t.s(nbss(b"", 0x85))
    t.close()
    t = Conversation(cap, 40102, 445)
    t.c(nbss(b"\xfdSMB" + b"E" * 60))
    t.s(nbss(b"\xfdSMB" + b"E" * 60))
    t.c(nbss(b"\xfcSMB" + b"E" * 60))
    t.close()
    t = Conversation(cap, 40103, 445, syn=False)
    t.s(nbss(smb2(9, b"\0" * 16, 32, tree=7, flags=1)))
    t.c(nbss(smb2(9, b"\0" * 48, 33, tree=7)))
    t.c(nbss(b"\xfeSMB" + b"\0" * 60))
    t.c(nbss(smb2(77, b"")))
    t.c(nbss(smb2(0, b"\0" * 40, nxt=9)))
    t.c(nbss(smb2(3, struct.pack("<HHHH", 9, 0, 9999, 99), 60)))
    t.c(nbss(b"\xffSMB" + b"\0" * 24))
    t.c(nbss(smb1(0x72, b"\0" * 8)[:36]))
    t.c(b"GET / HTTP/1.0\r\n\r\n")
    t.close()
    cap.write("smb", "sessions")


# ---- LDAP

def ldap():
    cap = Capture()
    t = Conversation(cap, 40200, 389)

    def msg(mid, op):
        return seq(num(mid), op)

    def result(tag, code=0, *more):
        return ber(tag, num(code, 10), text(""), text(""), *more)

    def search(base, scope=0):
        return ber(0x63, text(base), num(scope, 10), num(0, 10), num(0), num(0), ber(1, b"\0"),
                   text("objectClass", 0x87), seq())

    def attr(name, *vals):
        return seq(text(name), ber(0x31, *[text(v) for v in vals]))
    t.c(msg(1, search("")))
    t.s(msg(1, ber(0x64, text(""), seq(
        attr("dnsHostName", "dc1.lab.example"), attr("defaultNamingContext", "DC=lab,DC=example"),
        attr("rootDomainNamingContext", "DC=lab,DC=example"),
        attr("supportedCapabilities", "1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1670")))) +
        msg(1, result(0x65)))
    t.c(msg(2, search("")))
    t.s(msg(2, ber(0x64, text(""), seq(attr("vendorName", "389 Project"), attr("vendorVersion", "389-Directory/2.3.1"),
                                        attr("namingContexts", "dc=lab,dc=example"),
                                        attr("objectClass", "top", "OpenLDAProotDSE")))))
    t.s(msg(2, result(0x65)))
    t.c(msg(3, ber(0x60, num(3), text("cn=HEMLIGT"), text("HEMLIGT", 0x80))))
    t.s(msg(3, result(0x61, 49)))
    t.c(msg(4, ber(0x60, num(3), text("cn=HEMLIGT"), text("", 0x80))))
    t.s(msg(4, result(0x61, 53)))
    t.c(msg(5, ber(0x60, num(3), text(""), ber(0xa3, text("PLAIN"), text("\0HEMLIGT\0HEMLIGT")))))
    t.s(msg(5, result(0x61, 7)))
    for mid, op, done in ((6, ber(0x66, text("cn=HEMLIGT"), seq()), 0x67), (7, ber(0x68, text("cn=HEMLIGT"), seq()), 0x69),
                          (8, text("cn=HEMLIGT", 0x4a), 0x6b), (9, ber(0x6c, text("cn=HEMLIGT"), text("cn=x")), 0x6d),
                          (10, ber(0x6e, text("cn=HEMLIGT"), seq(text("a"), text("HEMLIGT"))), 0x6f),
                          (11, ber(0x77, text("1.3.6.1.4.1.4203.1.11.1", 0x80), text("HEMLIGT", 0x81)), 0x78)):
        t.c(msg(mid, op))
        t.s(msg(mid, result(done, 200 if mid == 9 else 0)))
    t.c(msg(12, search("ou=HEMLIGT", 2)))
    for _ in range(3):
        t.s(msg(12, ber(0x64, text("cn=HEMLIGT"), seq(attr("mail", "HEMLIGT@lab.example")))))
    t.s(msg(12, ber(0x73, text("ldap://other/"))))
    t.s(msg(12, result(0x65, 4)))
    t.c(msg(13, ber(0x60, num(3), text(""), ber(0xa3, text("GSS-SPNEGO"), text(ntlm(1))))))
    t.s(msg(13, result(0x61, 14, text(ntlm(2), 0x87))))
    t.c(msg(14, ber(0x60, num(3), text(""), ber(0xa3, text("GSS-SPNEGO"), text(ntlm(3))))))
    t.s(msg(14, result(0x61, 0)))
    t.c(b"\0\0\0\x20" + b"E" * 32)
    t.s(b"\0\0\0\x20" + b"E" * 32)
    t.close()
    t = Conversation(cap, 40201, 389)
    t.c(msg(1, ber(0x77, text("1.3.6.1.4.1.1466.20037", 0x80))))
    t.s(msg(1, result(0x78)))
    t.c(h("1603010005 0100000100"))
    t.close()
    d = Datagrams(cap, 40202, 389)
    d.c(msg(1, search("")))
    d.s(msg(1, ber(0x64, text(""), seq(attr("Netlogon", "HEMLIGT")))) + msg(1, result(0x65)))
    t = Conversation(cap, 40203, 389)
    t.c(msg(1, search("dc=lab")))
    t.c(msg(2, ber(0x50, num(1))))
    t.c(msg(3, ber(0x42)))
    t.c(seq(num(4), ber(0x7e, b"x")))
    t.c(seq(num(5), ber(0x63, b"x")))
    t.c(b"\x30\x05\x02\x01\x06\x63\x7f")
    t.close()
    cap.write("ldap", "operations")


# ---- Kerberos

def kerberos():
    cap = Capture()
    realm = lambda n: ber(0xa0 | n, text("LAB.EXAMPLE", 0x1b))                  # noqa: E731

    def name(n, *parts, kind=2):
        return ber(0xa0 | n, seq(ber(0xa0, num(kind)), ber(0xa1, seq(*[text(p, 0x1b) for p in parts]))))

    def request(kind, service, etypes):
        return ber(0x60 | kind, seq(ber(0xa1, num(5)), ber(0xa2, num(kind)), ber(0xa4, seq(
            ber(0xa0, ber(3, h("0040810010"))), name(1, "HEMLIGT", kind=1), realm(2), name(3, *service),
            ber(0xa5, text("20370913024805Z", 0x18)), ber(0xa7, num(12345)),
            ber(0xa8, seq(*[num(e) for e in etypes]))))))

    def reply(kind, service, etype):
        ticket = ber(0x61, seq(ber(0xa0, num(5)), realm(1), name(2, *service),
                               ber(0xa3, seq(ber(0xa0, num(etype)), ber(0xa1, num(2)), ber(0xa2, text(b"T" * 30))))))
        return ber(0x60 | kind, seq(ber(0xa0, num(5)), ber(0xa1, num(kind)), realm(3), name(4, "HEMLIGT", kind=1),
                                    ber(0xa5, ticket), ber(0xa6, seq(ber(0xa0, num(18)), ber(0xa2, text(b"E" * 30))))))

    def error(code, service):
        return ber(0x7e, seq(ber(0xa0, num(5)), ber(0xa1, num(30)), ber(0xa4, text("20251124160000Z", 0x18)),
                             ber(0xa5, num(1)), ber(0xa6, num(code)), realm(9), name(10, *service),
                             ber(0xab, text("HEMLIGT", 0x1b))))
    d = Datagrams(cap, 40300, 88)
    tgt = ("krbtgt", "LAB.EXAMPLE")
    d.c(request(10, tgt, (18, 17, 23)))
    d.s(error(25, tgt))
    d.c(request(10, tgt, (18, 17, 23)))
    d.s(reply(11, tgt, 18))
    d.c(request(12, ("cifs", "dc1.lab.example"), (23, 3)))
    d.s(reply(13, ("cifs", "dc1.lab.example"), 23))
    d.c(request(12, ("host", "old"), (1, -133, 99)))
    d.s(reply(13, ("host", "old"), 3))
    d.c(request(12, ("HEMLIGT",), (18,)))
    d.s(error(999, ("HEMLIGT",)))
    d.c(request(12, ("host", "none"), (18,)))
    d.s(error(52, ("host", "none")))
    d.c(request(12, ("host", "silent"), (18,)))
    d.c(request(10, tgt, (18,))[:60])
    d.c(ber(0x6a, b"\x31\x00"))
    d.c(request(10, tgt, range(1, 40)))
    t = Conversation(cap, 40301, 88)
    q = request(12, ("host", "none"), (18,))
    t.c(struct.pack(">I", len(q)) + q)
    a = reply(13, ("host", "none"), 18)
    t.s(struct.pack(">I", len(a)) + a)
    t.close()
    d = Datagrams(cap, 40302, 88)
    d.s(reply(11, tgt, 17))                                                 # from the middle
    ap = ber(0x6e, seq(ber(0xa0, num(5)), ber(0xa1, num(14)), ber(0xa2, ber(3, b"\0" * 5)),
                       ber(0xa3, ber(0x61, seq(ber(0xa0, num(5)), realm(1), name(2, "host", "x"), ber(0xa3, seq(ber(0xa0, num(17)))))))))
    d.s(ap)
    cap.write("kerberos", "tickets")


# ---- RADIUS, 802.1X

def radius():
    cap = Capture()
    d = Datagrams(cap, 40400, 1812)

    def msg(code, rid, *attrs, bad=0):
        b = b"".join(bytes([k, len(v) + 2]) + v for k, v in attrs)
        return struct.pack(">BBH", code, rid, 20 + len(b) + bad) + b"A" * 16 + b
    user, nas = (1, b"HEMLIGT"), (32, b"switch-7")
    signed = (80, b"M" * 16)
    ip = (4, h("c0000214"))
    lan = (61, h("0000000f"))
    mac_ = (31, b"02-00-00-00-00-33")

    def eap(code, kind=None, data=b""):
        return 79, struct.pack(">BBH", code, 1, 4 + (kind is not None) + len(data)) + (bytes([kind]) if kind is not None else b"") + data
    d.c(msg(1, 1, user, (2, b"HEMLIGT!HEMLIGT!"), nas, ip, (26, struct.pack(">I", 9) + b"\x01\x06abcd")))
    d.s(msg(2, 1, (6, h("00000006"))))
    d.c(msg(1, 2, user, eap(2, 1, b"HEMLIGT"), signed, nas, lan, mac_))
    d.s(msg(11, 2, eap(1, 25, b"\x20"), signed))
    d.c(msg(1, 3, user, eap(2, 4, b"\x10" + b"D" * 16), signed, nas))
    d.s(msg(3, 3, eap(4), signed))
    d.c(msg(1, 4, user, (3, b"\x01" + b"C" * 16), nas))
    d.c(msg(1, 5, user, (26, struct.pack(">I", 311) + b"\x19\x34" + b"R" * 50), nas, signed))
    d.s(msg(2, 99, (18, b"hello")))
    for k in (4, 40, 43, 12):
        d.c(msg(k, 10 + k, user, (40, h("00000001")), nas))
        d.s(msg({4: 5, 40: 41, 43: 45, 12: 2}[k], 10 + k, (27, h("00000001"))))
    d.c(msg(1, 60, user) + b"padding")
    d.c(msg(1, 61, user) + b"\x01\x00")
    d.c(msg(1, 61, (1, b"x"), bad=1) + b"\x01")
    d.c(msg(1, 62, user, bad=200))
    d.c(b"\x01\x02")
    d.c(msg(1, 63, user, nas), cut=70)
    cap.write("radius", "access")

    cap = Capture()

    def wire(side, b):
        a, s = "02:00:00:00:00:33", "02:00:00:00:00:07"
        f = mac("01:80:c2:00:00:03" if side == 0 else a) + mac(a if side == 0 else s) + b"\x88\x8e" + b
        cap.add(f.ljust(60, b"\0"))

    def pae(kind, b=b"", v=2):
        return struct.pack(">BBH", v, kind, len(b)) + b
    wire(0, pae(1))
    for _ in range(2):                                          # said once
        wire(1, pae(0, eap(1, 1)[1]))
        wire(0, pae(0, eap(2, 1, b"HEMLIGT")[1]))
    wire(1, pae(0, eap(1, 4, b"\x10" + b"C" * 16)[1]))
    wire(0, pae(0, eap(2, 3, b"\x19")[1]))
    wire(1, pae(0, eap(1, 25, b"\x20")[1]))
    wire(1, pae(0, eap(1, 99, b"\x20")[1]))
    wire(1, pae(0, eap(3)[1]))
    wire(1, pae(3, b"\x02" + b"K" * 94))
    wire(0, pae(5, b"M" * 40, 3))
    wire(0, pae(2))
    wire(1, pae(0, eap(4)[1]))
    wire(0, pae(9))
    wire(0, pae(0, b"\x09\x01\x00\x04"))
    wire(0, struct.pack(">BBH", 2, 0, 999))
    for _ in range(3):                                          # nobody answers: said once
        wire(0, pae(1))
    cap.write("eapol", "port")


# ---- TDS

def tds():
    cap = Capture()

    def pkt(kind, b, status=1):
        return struct.pack(">BBHHBB", kind, status, len(b) + 8, 0, 1, 0) + b

    def pre(version, enc):
        opts = ((0, version), (1, bytes([enc])), (2, b"\0"), (4, b"\0"))
        at, head, data = len(opts) * 5 + 1, b"", b""
        for k, v in opts:
            head += struct.pack(">BHH", k, at + len(data), len(v))
            data += v
        return head + b"\xff" + data

    def login(password="HEMLIGT", sspi=b""):
        names = ("BENCH-3", "HEMLIGT", password, "Empower 3", "lims", "", "ODBC", "", "results")
        at, head, data = 94, b"", b""
        for s in names:
            head += struct.pack("<HH", at + len(data), len(s))
            b = u16(s)
            data += bytes((x >> 4 | x << 4 & 0xff) ^ 0xa5 for x in b) if s is password else b
        head += b"CLIENT" + struct.pack("<HH", at + len(data), len(sspi)) + b"\0" * 12
        body = struct.pack("<IIIII", 0x74000004, 4096, 7, 100, 0) + b"\0" * 12 + head + data + sspi
        return struct.pack("<I", len(body) + 4) + body

    def token(kind, b):
        return bytes([kind]) + struct.pack("<H", len(b)) + b
    t = Conversation(cap, 40500, 1433)
    t.c(pkt(18, pre(h("0b00 0000 0000"), 2)))
    t.s(pkt(4, pre(h("0f00 07d0 0000"), 2)))
    t.c(pkt(16, login()))
    t.s(pkt(4, token(0xaa, struct.pack("<IBBH", 18456, 1, 14, 7) + u16("HEMLIGT")) + b"\xfd" + b"\0" * 12))
    t.c(pkt(16, login()))
    t.s(pkt(4, token(0xe3, b"\x01\x07" + u16("results") + b"\0") + token(0xad, b"\x01\x74\0\0\x04\x04") + b"\xfd" + b"\0" * 12))
    head = struct.pack("<IIHQI", 22, 18, 2, 0, 1)
    t.c(pkt(1, head + u16("select HEMLIGT"), 0))
    t.c(pkt(1, head + u16("from patients")))
    t.s(pkt(4, b"\x81" + b"\0" * 30))
    t.c(pkt(3, head + u16("HEMLIGT")))
    t.c(pkt(7, b"\x81" + b"\0" * 20))
    t.c(pkt(6, b""))
    t.close()
    t = Conversation(cap, 40501, 1433)
    t.c(pkt(18, pre(h("1000 0000 0000"), 1)))
    t.s(pkt(4, pre(h("1000 03e8 0000"), 3)))
    t.c(pkt(18, h("1603010005 0100000100")))
    t.close()
    t = Conversation(cap, 40502, 1433)
    t.c(pkt(18, pre(h("6300 0000 0000"), 0)))
    t.s(pkt(4, pre(h("6300 0000 0000"), 0)))
    t.c(pkt(16, login("", ntlm(1))))
    t.s(pkt(4, token(0xed, ntlm(2))))
    t.c(pkt(17, ntlm(3)))
    t.c(pkt(18, pre(h("6300 0000 0000"), 0)))
    t.close()
    t = Conversation(cap, 40503, 1433, syn=False)
    t.s(pkt(4, b"\x81" + b"\0" * 30))
    t.c(pkt(3, head + u16("HEMLIGT")))
    t.close()
    t = Conversation(cap, 40504, 1433)
    t.c(pkt(18, pre(h("0b00 0000 0000"), 2)))
    t.c(pkt(18, b"\0\0\x06"))
    t.c(pkt(16, login()[:50]))
    t.c(pkt(99, b"x"))
    t.close()
    cap.write("tds", "sessions")


# ---- IPMI

def ipmi():
    cap = Capture()
    d = Datagrams(cap, 40600, 623)

    def asf(kind, data=b"", tag=1):
        return h("0600ff06 000011be") + bytes([kind, tag, 0, len(data)]) + data

    def lan(fn, cmd, data=b"", seq_=1, auth=0):
        m = bytes([0x20, fn << 2, 0, 0x81, seq_ << 2, cmd]) + data + b"\0"
        return h("0600ff07") + bytes([auth]) + b"\0" * 8 + (b"HEMLIGTpassword!" if auth else b"") + bytes([len(m)]) + m

    def plus(kind, data):
        return h("0600ff07 06") + bytes([kind]) + b"\0" * 8 + struct.pack("<H", len(data)) + data
    d.c(asf(0x80))
    d.s(asf(0x40, h("000011be 00000000 81 00 000000000000")))
    d.c(asf(0x80))
    d.c(h("0600ff86"))
    d.c(lan(6, 0x38, h("8e04")))
    d.s(lan(7, 0x38, h("00 01 97 07 02 000000 00")))
    d.c(lan(6, 0x39, h("02") + b"HEMLIGT".ljust(16, b"\0")))
    d.s(lan(7, 0x39, h("82")))
    d.c(lan(6, 0x01, auth=4))
    d.s(lan(7, 0x01, h("00 20 81 02 45 02 bf 7c2a00 1009 00000000"), auth=4))
    for i, data in enumerate((h("00"), h("02"), h("0f"))):
        d.c(lan(0, 2, data, 5 + i))
        d.s(lan(1, 2, h("00") if i else h("d4"), 5 + i))
    d.c(lan(6, 0x47, b"\x02\x02" + b"HEMLIGT".ljust(16, b"\0")))
    d.c(lan(0x2e, 0x99))
    d.s(lan(0x2f, 0x99, h("c1")))
    d.c(plus(0x10, h("00 04 0000 a0a1a2a3 00000008 00000000 01000008 01000000 02000008 00000000")))
    d.s(plus(0x11, h("00 00 04 00 a0a1a2a3 b0b1b2b3 00000008 01000000 01000008 01000000 02000008 01000000")))
    d.c(plus(0x12, b"\0" * 24 + b"\x07HEMLIGT"))
    d.s(plus(0x13, b"\0\x0d" + b"\0" * 38))
    d.c(plus(0xc0, b"E" * 32))
    d.s(lan(7, 0x37, h("00") + b"G" * 16))
    d.c(h("0600ff07 00 0000"))
    d.c(h("0600ff06 00001234 80 01 00 00"))
    d.c(h("0600ff03"))
    d.c(lan(6, 1)[:18])
    cap.write("ipmi", "boards")


# ---- DCE/RPC

def uuid(s):
    p = s.split("-")
    return struct.pack("<IHH", int(p[0], 16), int(p[1], 16), int(p[2], 16)) + h(p[3] + p[4])


def dcerpc():
    cap = Capture()
    ndr = uuid("8a885d04-1ceb-11c9-9fe8-08002b104860") + struct.pack("<I", 2)
    ndr64 = uuid("71710533-beba-4937-8319-b5dbef9ccc36") + struct.pack("<I", 1)

    def pkt(kind, call, body, auth=b"", level=6, big=False, flags=3, how=10):
        tail = (bytes([how, level, 0, 0]) + b"\0" * 4 + auth) if auth else b""
        o = ">" if big else "<"
        return (struct.pack("BBBB", 5, 0, kind, flags) + (b"\0" if big else b"\x10") + b"\0\0\0" +
                struct.pack(o + "HHI", 16 + len(body) + len(tail), len(auth), call) + body + tail)

    def bind(*ids, start=0):
        b = struct.pack("<HHIBBH", 5840, 5840, 0, len(ids), 0, 0)
        for i, s in enumerate(ids):
            b += struct.pack("<HBB", start + i, 2, 0) + uuid(s) + struct.pack("<I", 0) + ndr + ndr64
        return b

    def call(ctx, op, data=b"\0" * 8):
        return struct.pack("<IHH", len(data), ctx, op) + data
    ack = struct.pack("<HHIH", 5840, 5840, 1, 0) + b"\0\0" + struct.pack("<BBH", 1, 0, 0) + b"\0" * 24
    da = "-011e-11d0-9675-0020afd8adb3"
    t = Conversation(cap, 40700, 135)
    t.c(pkt(11, 1, bind("99fcfec4-5260-101b-bbcb-00aa0021347a", "000001a0-0000-0000-c000-000000000046"), ntlm(1)))
    t.s(pkt(12, 1, ack, ntlm(2)))
    t.c(pkt(16, 1, b"\0" * 4, ntlm(3)))
    t.c(pkt(0, 2, call(0, 5)))
    t.s(pkt(2, 2, struct.pack("<IHH", 0, 0, 0)))
    t.c(pkt(0, 3, call(1, 4, u16("HEMLIGT"))))
    t.s(pkt(3, 3, struct.pack("<IHHI", 0, 1, 0, 0x1c010003)))
    t.close()
    t = Conversation(cap, 40701, 49700)
    t.c(pkt(11, 1, bind("39c13a4d" + da, "39c13a54" + da, "39c13a52" + da), b"N" * 20, 2, how=9))
    t.s(pkt(12, 1, ack))
    for i in range(3):                                          # polling is said once, writing each time
        for ctx, op in ((0, 6), (1, 3), (2, 3), (2, 4)):
            t.c(pkt(0, 10 * i + ctx + op, call(ctx, op)))
            t.s(pkt(2, 10 * i + ctx + op, struct.pack("<IHH", 0, 0, 0)))
    t.c(pkt(14, 50, bind("65168851-5783-11d1-84a0-00608cb8a7e9", "1f1217b3-dee0-11d2-a5e5-000086339399",
                         "01234567-89ab-cdef-0123-456789abcdef", start=3)))
    t.s(pkt(15, 50, ack))
    for op, ctx in ((17, 3), (4, 4), (9, 5)):
        t.c(pkt(0, 60 + op, call(ctx, op)))
        t.s(pkt(3, 60 + op, struct.pack("<IHHI", 0, 0, 0, 0x80070005)))
    t.c(pkt(0, 90, call(3, 17)))
    t.c(pkt(0, 91, call(3, 3), flags=0))
    t.c(pkt(18, 91, b""))
    t.close()
    t = Conversation(cap, 40702, 49701)
    t.c(pkt(11, 1, bind("367abb81-9844-35f1-ad32-98f038001003")))
    t.s(pkt(13, 1, b"\0" * 4))
    t.c(pkt(11, 2, bind("01234567-89ab-cdef-0123-456789abcdef")))
    t.close()
    t = Conversation(cap, 40703, 49702, syn=False)
    t.c(pkt(0, 1, call(1, 26)))
    t.s(pkt(2, 1, struct.pack("<IHH", 0, 1, 0)))
    t.c(pkt(0, 2, call(1, 27)))
    t.c(pkt(11, 3, struct.pack("<HHIBBH", 5840, 5840, 0, 9, 0, 0) + b"x" * 30))
    t.c(pkt(11, 4, struct.pack(">HHIBBH", 5840, 5840, 0, 0, 0, 0), big=True))
    t.c(pkt(0, 5, b"\0" * 4))
    t.c(b"\x05\x00\x00\x03\x77\0\0\0" + b"\0" * 20)
    t.close()
    cap.write("dcerpc", "calls")


snmp()
nbns()
nbdgm()
smb()
ldap()
kerberos()
radius()
tds()
ipmi()
dcerpc()
