#!/usr/bin/env python3
"""Builds test/golden/{scpi,hislip,vxi11,rpcbind,rtps}/*.pcap beside what test/lab/instruments
records: what a real stack does not say when asked nicely. After IEEE 488.2, SCPI-1999,
IVI-6.1, VXI-11 1.0, RFC 5531, RFC 1833 and DDSI-RTPS 2.5."""
import os
import struct

from frames import Capture, Talk, eth, ipv4, udp

HERE = os.path.dirname(os.path.abspath(__file__))
A, B = "192.0.2.10", "192.0.2.20"


def save(cap, proto, name):
    os.makedirs(os.path.join(HERE, proto), exist_ok=True)
    cap.save(os.path.join(HERE, proto, name + ".pcap"))


IDN = b"Sampler Instruments,SPA-9,SPA90017,1.4, build 7\n"

# ---- SCPI ----


def scpi():
    cap = Capture()
    t = Talk(cap, A, B, cport=41000, sport=5025)
    t.c(b"*IDN?;:SYST:ERR?;*OPT?\n")
    t.s(b'"Sampler Instruments,SPA-9,SPA90017,1.4, build 7";-224,"Illegal parameter value; HEMLIGT";0\n')
    t.c(b"BAD:QUERY?\nSYST:ERR:NEXT?\n")                # no answer to the first
    t.s(b'-113,"Undefined header;BAD:QUERY?"\n')
    t.c(b"FREQ:CENT?\n")
    t.s(b"9.91E+37\n")                                  # no number
    t.c(b"VOLT?;CURR?\n")
    t.s(b"1.5;")
    t.s(b"-2E-3\n")
    t.c(b"SYST:ERR?\n")
    t.s(b'+514,"HEMLIGT"\n')
    for q in (b"CAL:SEC:STAT OFF,HEMLIGT1\r", b":CALIBRATION:SECURE:CODE HEMLIGT2\r\n",
              b"cal:val 10;sec:code 'HEMLIGT3'\n", b"CAL:PROT:STAT OFF,HEMLIGT4;*RST\n", b"SYST:PASS 'HEMLIGT5';:VOLT 3\n",
              b"SYST:COMM:LAN:WLAN:PSK \"HEMLIGT6\"\n", b"SYST:LIC:KEY HEMLIGT7\n", b"VOLT:PROT 5.5\n", b"OWN:ID HEMLIGT8\n",
              b"VEND:THING hemlig\n", b"SYST:LOC\n", b"SYST:REB\n", b"DIAG:SERV 1\n", b"ROUT:CLOS (@101,102)\n", b"*SAV 3\n*RCL 3\n",
              b"PROG:DEF 'x',#15HEMLI\n", b"SYST:FIRM:UPD\n", b"ABOR;:OUTP:STAT OFF\n", b"STAT:PRES;*ESE 1;*SRE 8\n", b"STAT:PRES\n",
              b"TEST:ALL?\n", b"CALC:LIM:PASS?\n"):
        t.c(q)
    t.s(b"0\n1\n")
    # blocks: in a command (with line ends in it), in an answer in pieces, without a length
    t.c(b"TRAC:DATA A,#18*RST\n*RS;:FREQ 5;*TRG\n")
    t.c(b"CURV?\n")
    t.s(b"#6010000" + b"\n;*" * 400)
    for _ in range(9):
        t.s(b"\n;*" * 400 if _ < 7 else b"\n" * 200)
    t.s(b"\n")
    t.c(b"TRAC?\n")
    t.s(b"#0" + bytes(range(32, 127)) + b"\n")
    t.c(b"TRAC:ASC?\n")
    for _ in range(6):
        t.s(b"1.00,2.00," * 130)
    t.s(b"3.00\n")
    t.c(b"MEAS:CURR?\n")                                # nothing comes
    t.close()
    # names alone on a port that is nobody's, from the middle and the instrument's side first
    t = Talk(cap, B, A, cport=9100, sport=41001, open_=False)
    t.s(b"*IDN?\n")
    t.c(IDN)
    # commands without a question: on their own port, and elsewhere, where they are no proof
    for port in (5025, 6001):
        t = Talk(cap, A, B, cport=41002, sport=port)
        t.c(b"VOLT 5\n")
        t.c(b"VOLT 6\n")
        t.close()
    save(cap, "scpi", "messages")

    cap = Capture()
    # what is not SCPI, on SCPI's port and elsewhere
    for i, talk in enumerate(((b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"),
                              (b"USER anna\r\nPASS HEMLIGT\r\nSYST\r\n", b"220 hello\r\n331 more\r\n"),
                              (b"EHLO x\r\n", b"250 y\r\n"), (b"S\r\n", b"S S     10.00 g\r\n"),
                              (b"*2\r\n$4\r\nPING\r\n", b"+PONG\r\n"), (b"\x16\x03\x01\x00\x05hello", b"\x15\x03\x01\x00\x02\x02\x28"))):
        for port in (5025, 7000):
            t = Talk(cap, A, B, cport=42000 + i, sport=port)
            t.c(talk[0])
            t.s(talk[1])
            t.close()
    # telnet's greetings where instruments have them, but something else inside
    t = Talk(cap, A, B, cport=42100, sport=5024)
    t.s(b"\xff\xfb\x01\xff\xfb\x03")
    t.c(b"\xff\xfd\x01\xff\xfd\x03\xff\xfa\x18\x00vt100\xff\xf0")
    t.s(b"login: ")
    t.c(b"root HEMLIGT\r\n")
    t.close()
    # an echo, and prompts that pile up
    t = Talk(cap, A, B, cport=42101, sport=5024)
    t.s(b"\xff\xfb\x01\xff\xfb\x03SPA> ")
    t.c(b"*IDN?\r\n")
    t.s(b"*IDN?\r\n" + IDN + b"SPA> ")
    t.c(b"*CLS\r\n")
    t.s(b"SPA> ")
    t.c(b"VO\xff\xf1LT?\r\n")
    t.s(b"1.25\r\nSPA> ")
    t.close()
    # malformed: heads without letters, quotes left open, a head too long, our snap length
    t = Talk(cap, A, B, cport=42102, sport=5025)
    for q in (b"*IDN?\n", b"::\n", b"?\n", b'DISP:TEXT "HEMLIGT open\n', b"A" * 200 + b"?\n", b";;;\n", b"VOLT#\n", b"VOLT #9\n",
              b"VOLT #2xx\n", b"\x00\x01\x02\n", b"MEAS:" + b"VOLT:" * 30 + b"DC?\n"):
        t.c(q)
    t.s(IDN)
    t.close()
    t = Talk(cap, A, B, cport=42103, sport=5025)
    t.c(b"*IDN?\n")
    t.s(IDN)
    t.c(b"READ?\n" * 12)
    t.s(b"1\n" * 14)
    t.close()
    save(cap, "scpi", "strict")


# ---- HiSLIP ----


def hs(kind, control=0, param=0, body=b"", length=None):
    return struct.pack(">2sBBIQ", b"HS", kind, control, param, len(body) if length is None else length) + body


def vid(s):
    return struct.unpack(">H", s)[0]


def hislip():
    cap = Capture()
    t = Talk(cap, A, B, cport=43000, sport=4880)
    u = Talk(cap, A, B, cport=43001, sport=4880)
    t.c(hs(0, 0, 0x0200 << 16 | vid(b"NI"), b"hislip0"))
    t.s(hs(1, 3, 0x0200 << 16 | 77))
    u.c(hs(17, 0, 77))
    u.s(hs(18, 0, vid(b"KT")))
    u.c(hs(15, 0, 0, struct.pack(">Q", 1 << 20)))
    u.s(hs(16, 0, 0, struct.pack(">Q", 1 << 16)))
    t.c(hs(7, 0, 0xffffff00, b"*IDN?\n"))
    t.s(hs(6, 0, 0xffffff00, IDN[:30]) + hs(7, 0, 0xffffff00, IDN[30:]))
    t.c(hs(6, 0, 0xffffff02, b"CAL:SEC:STAT OFF,HEMLIGT1;:CAL:VAL 1.2;:DATA #15ab") + hs(7, 0, 0xffffff02, b"cde;:INIT\n"))
    t.c(hs(7, 1, 0xffffff04, b"READ?"))
    t.s(hs(7, 0, 0xffffff04, b"+1.0000000E+00\n"))
    t.c(hs(12, 0, 0xffffff06))
    u.c(hs(10, 4, 0xffffff06))
    u.s(hs(11))
    u.c(hs(4, 1, 1000, b"HEMLIGT-key"))
    u.s(hs(5, 1))
    u.c(hs(4, 0, 1000))
    u.s(hs(5, 3))
    u.c(hs(24))
    u.s(hs(25, 0, 1))
    u.c(hs(21, 0, 1))
    u.s(hs(22, 64))
    u.s(hs(20, 80))
    t.c(hs(7, 0, 0xffffff08, b"FETC?"))
    u.c(hs(19))
    u.s(hs(23, 0))
    t.c(hs(8, 0))
    t.s(hs(9, 0))
    t.c(hs(7, 0, 0xffffff00, b"SYST:ERR?"))
    t.s(hs(13, 0, 0xffffff00))
    t.s(hs(7, 0, 0xffffff00, b'-410,"Query INTERRUPTED"\n'))
    t.c(hs(6, 0, 0, length=0))
    t.c(hs(200, 1, 2, b"vendor's own"))
    t.s(hs(3, 1, 0, b"HEMLIGT unrecognized"))
    t.s(hs(2, 4, 0, b"too many"))
    u.c(hs(10, 0))                                      # no answer
    t.close()
    u.close()
    # version 2: a login, in clear and by challenge, then TLS
    for i, how in enumerate((b"PLAIN", b"SCRAM-SHA-256")):
        t = Talk(cap, A, "192.0.2.21", cport=43010 + i, sport=4880)
        t.c(hs(0, 0, 0x0200 << 16 | vid(b"RS"), b"gpib0,7"))
        t.s(hs(1, 6, 0x0200 << 16 | 78 + i))
        t.c(hs(34))
        t.s(hs(35, 0, 0, b"PLAIN SCRAM-SHA-256"))
        t.c(hs(36, 0, 0, how))
        t.c(hs(37, 0, 0, b"\0anna\0HEMLIGT2"))
        t.s(hs(38, i))
        t.c(hs(7, 0, 0, b"*IDN?\n"))
        t.s(hs(7, 0, 0, IDN))
        t.c(hs(31))
        t.c(hs(28))
        t.c(b"\x16\x03\x01\x00\x04\x01\x00\x00\x00")
        t.s(b"\x16\x03\x03\x00\x04\x02\x00\x00\x00")
        t.close()
    # on another port; its asynchronous channel's TLS is put off
    t = Talk(cap, A, B, cport=43020, sport=10123)
    t.c(hs(17, 0, 5))
    t.s(hs(18, 0, vid(b"\1\2")))
    t.c(hs(29))
    t.s(hs(30, 0))
    t.c(hs(32))
    t.s(hs(33, 1))
    t.close()
    # from the middle
    t = Talk(cap, B, A, cport=4880, sport=43021, open_=False)
    t.c(hs(1, 0, 0x0100 << 16 | 9))
    t.c(hs(7, 0, 0, b"1.0\n"))
    t.s(hs(7, 0, 0, b"READ?\n"))
    t.c(hs(7, 0, 0, b"2.0\n"))
    # malformed
    for i, bad in enumerate((hs(60), hs(7, length=1 << 50), b"HX" + hs(7)[2:], hs(7, 0, 0, b"*IDN?")[:20])):
        t = Talk(cap, A, B, cport=43030 + i, sport=4880)
        t.c(hs(0, 0, 0x0100 << 16 | vid(b"AG"), b"hislip0"))
        t.c(bad)
        t.close()
    t = Talk(cap, A, B, cport=43040, sport=4880)
    t.c(hs(60))
    t.close()
    save(cap, "hislip", "session")


# ---- ONC RPC ----


def xdr(b):
    return struct.pack(">I", len(b)) + b + b"\0" * (-len(b) % 4)


def call(xid, prog, vers, proc, args=b"", cred=b"\0" * 8):
    return struct.pack(">IIIIII", xid, 0, 2, prog, vers, proc) + cred + b"\0" * 8 + args


def reply(xid, body=b"", status=0):
    return struct.pack(">IIIIII", xid, 1, 0, 0, 0, status) + body


def rec(b, last=True):
    return struct.pack(">I", len(b) | (1 << 31 if last else 0)) + b


def unix(host):
    c = struct.pack(">I", 7) + xdr(host) + struct.pack(">IIIII", 0, 0, 2, 0, 1)
    return struct.pack(">I", 1) + xdr(c)


def u32(*v):
    return struct.pack(">%dI" % len(v), *v)


CORE, ABRT, INTR = 395183, 395184, 395185


def rpcbind():
    cap = Capture()

    def dgram(src, dst, sport, dport, b, cut=None):
        f = eth(ipv4(17, udp(sport, dport, b), src, dst))
        cap.add(f[:cut] if cut else f, len(f))

    # a broadcast, two answers, one of them twice; one that nobody answers
    q = call(0x11, 100000, 2, 3, u32(CORE, 1, 6, 0))
    dgram(A, "192.0.2.255", 44000, 111, q)
    dgram(B, A, 111, 44000, reply(0x11, u32(1024)))
    dgram("192.0.2.21", A, 111, 44000, reply(0x11, u32(0)))
    dgram(A, "192.0.2.255", 44001, 111, call(0x12, 100000, 2, 3, u32(CORE, 1, 17, 0)))
    # a call through it, set and unset, refused
    dgram(A, B, 44002, 111, call(0x13, 100000, 2, 5, u32(100003, 3, 0) + xdr(b"")))
    dgram(B, A, 111, 44002, reply(0x13, u32(2049) + xdr(b"")))
    dgram(A, B, 44002, 111, call(0x14, 100000, 2, 1, u32(CORE, 1, 6, 1024)))
    dgram(B, A, 111, 44002, reply(0x14, u32(1)))
    dgram(A, B, 44002, 111, call(0x15, 100000, 2, 2, u32(CORE, 1, 6, 1024)))
    dgram(B, A, 111, 44002, reply(0x15, u32(0)))
    dgram(A, B, 44002, 111, call(0x16, 100000, 2, 0))
    dgram(B, A, 111, 44002, reply(0x16))
    dgram(A, B, 44002, 111, call(0x17, 100000, 9, 3))
    dgram(B, A, 111, 44002, reply(0x17, u32(2, 4), 2))
    dgram(A, B, 44002, 111, call(0x18, 100000, 2, 3, u32(100003, 3, 6, 0)))         # no answer
    dgram(A, B, 44002, 111, call(0x19, 100000, 2, 3, u32(100003, 3, 6, 0)), cut=70)
    # rejected; not RPC
    dgram(A, B, 44002, 111, call(0x1a, 100000, 2, 4))
    dgram(B, A, 111, 44002, u32(0x1a, 1, 1, 1, 5))
    dgram(A, B, 44002, 111, b"\0" * 3)
    dgram(A, B, 44002, 111, u32(0x1b, 0, 3, 100000, 2, 3))
    dgram(A, B, 44002, 111, u32(0x1c, 1, 7, 0))
    dgram(A, "192.0.2.22", 44003, 111, call(1, 100003, 3, 1))
    dgram("192.0.2.23", A, 111, 44004, reply(0x40, u32(7)))
    # versions 3 and 4, over TCP
    t = Talk(cap, A, B, cport=44005, sport=111)
    addr = u32(CORE, 1) + xdr(b"tcp") + xdr(b"") + xdr(b"")
    t.c(rec(call(1, 100000, 4, 3, addr, unix(b"lims-3"))))
    t.s(rec(reply(1, xdr(b"192.0.2.20.4.1"))))
    t.c(rec(call(2, 100000, 3, 9, addr)))
    t.s(rec(reply(2, xdr(b""))))
    t.c(rec(call(3, 100000, 2, 4)))
    t.s(rec(reply(3, u32(1, 100000, 2, 6, 111, 1, CORE, 1, 6, 1025, 1, 100005, 3, 17, 635, 0))))
    t.c(rec(call(4, 100000, 4, 4)))
    one = u32(1, 100003, 4) + xdr(b"tcp6") + xdr(b"::.8.1") + xdr(b"superuser")
    t.s(rec(reply(4, one + u32(1, ABRT, 1) + xdr(b"tcp") + xdr(b"0.0.0.0.300.9") + xdr(b"") + u32(0))))
    t.c(rec(call(5, 100000, 4, 6)))
    t.s(rec(reply(5, u32(12345))))
    t.c(rec(call(6, 100000, 2, 4)))
    t.s(rec(reply(6, u32(1, 100000, 2))))                # a list cut short
    t.c(rec(b"\0\0\0\1"))                               # none at all
    t.close()
    save(cap, "rpcbind", "questions")


def vxi11():
    cap = Capture()
    t = Talk(cap, A, B, cport=45000, sport=1025)
    n = [0]

    def ask(proc, args, res=None, prog=CORE, status=0, cred=b"\0" * 8):
        n[0] += 1
        t.c(rec(call(n[0], prog, 1, proc, args, cred)))
        if res is not None:
            t.s(rec(reply(n[0], res, status)))

    def write(lid, text, flags=8, res=None):
        ask(11, u32(lid, 1000, 0, flags) + xdr(text), u32(0, len(text)) if res is None else res)

    def read(lid, text, reason=4, err=0):
        ask(12, u32(lid, 4096, 1000, 0, 0, 10), u32(err, reason) + xdr(text))

    ask(0, b"", b"")
    ask(10, u32(1, 0, 0) + xdr(b"gpib0"), u32(0, 1, 1030, 4096), cred=unix(b"bench-4"))
    ask(22, u32(1, 0, 1000, 0, 0x020010, 1, 1) + xdr(b"\1"), u32(0) + xdr(b""))
    ask(10, u32(1, 1, 5000) + xdr(b"gpib0,5"), u32(0, 2, 1030, 4096))
    ask(10, u32(1, 0, 0) + xdr(b"gpib0,9"), u32(0, 3, 1030, 4096))
    # two devices at once, their messages among each other
    write(2, b"*IDN?\n")
    write(3, b"*IDN?\n")
    read(3, b"Old Works,OW-2,0,0\n")
    read(2, b"Sampler Instruments,SPA-1,0,3.1\n")
    write(2, b"CAL:SEC:STAT OFF,HEMLIGT1\n")
    write(2, b"CAL:VAL ", flags=0)
    write(2, b"10.0\n")
    write(2, b"READ?\n")
    read(2, b"+1.0", reason=1)
    read(2, b"00E+01\n")
    write(2, b"MEAS:CURR?\n")
    read(2, b"", 0, err=15)
    read(2, b"", 0, err=11)
    for proc in (14, 15, 16, 17, 13):
        ask(proc, u32(2, 0, 0, 1000), u32(0, 80) if proc == 13 else u32(0))
    ask(18, u32(2, 1, 1000), u32(11))
    ask(19, u32(2), u32(12))
    ask(25, u32(0xc000020a, 1900, INTR, 1, 0), u32(0))
    ask(20, u32(2, 1) + xdr(b"h"), u32(0))
    ask(26, b"", u32(6))
    ask(13, u32(77, 0, 0, 1000), u32(4, 0))
    ask(14, u32(2, 0, 0, 1000), b"", status=5)
    ask(23, u32(3), u32(0))
    ask(23, u32(3), u32(4))
    # a record in two parts; a link of before; many links
    n[0] += 1
    body = call(n[0], CORE, 1, 11, u32(2, 1000, 0, 8) + xdr(b"TRAC:DATA #240" + b"x" * 40 + b"\n"))
    t.c(rec(body[:80], False) + rec(body[80:]))
    t.s(rec(reply(n[0], u32(0, 55))))
    write(55, b"*RST\n")
    for i in range(10):
        ask(10, u32(1, 0, 0) + xdr(b"inst%d" % i), u32(0, 100 + i, 1030, 4096))
    ask(99, b"", b"", status=3)
    ask(11, u32(2, 1000, 0, 8, 500) + b"short", u32(5, 0))
    ask(16, u32(2, 0, 0, 1000))                         # no answer
    t.close()
    # abort; interrupts, from the instrument
    t = Talk(cap, A, B, cport=45001, sport=1030)
    ask(1, u32(2), u32(0), prog=ABRT)
    t.close()
    t = Talk(cap, B, A, cport=45002, sport=1900)
    ask(30, xdr(b"h"), prog=INTR)
    t.close()
    # from the middle, with the reply first; not VXI-11; malformed
    t = Talk(cap, B, A, cport=1025, sport=45003, open_=False)
    t.c(rec(reply(9, u32(0, 5))))
    t.s(rec(call(10, CORE, 1, 11, u32(4, 0, 0, 8) + xdr(b"*TRG\n"))))
    t.c(rec(reply(10, u32(0, 5))))
    t = Talk(cap, A, B, cport=45004, sport=2049)
    t.c(rec(call(1, 100003, 3, 1, b"\0" * 8)))
    t.close()
    for i, bad in enumerate((rec(b"\0" * 24), rec(u32(5, 0, 3, CORE, 1, 10)), rec(call(5, 100003, 3, 1)), b"\x7f" + b"\xff" * 40)):
        t = Talk(cap, A, B, cport=45010 + i, sport=1025)
        t.c(rec(call(1, CORE, 1, 10, u32(1, 0, 0) + xdr(b"inst0"))))
        t.c(bad)
        t.close()
    save(cap, "vxi11", "core")


# ---- RTPS ----


def rtps():
    cap = Capture()

    def dgram(b, dst="239.255.0.1", dport=7400, cut=None):
        f = eth(ipv4(17, udp(45678, dport, b), A, dst))
        cap.add(f[:cut] if cut else f, len(f))

    def text(t, e="<"):
        b = t.encode() + b"\0"
        return struct.pack(e + "I", len(b)) + b + b"\0" * (-len(b) % 4)

    def par(kind, b, e="<"):
        return struct.pack(e + "HH", kind, len(b)) + b

    def data(writer, pars, e="<", flags=4, skip=16, encoding=None):
        body = struct.pack(">HH", encoding or (3 if e == "<" else 2), 0) + pars + struct.pack(e + "HH", 1, 0)
        b = struct.pack(e + "HH", 0, skip) + struct.pack(">II", 0, writer) + struct.pack(e + "iI", 0, 1) + body
        return struct.pack("BB", 0x15, flags | (e == "<")) + struct.pack(e + "H", len(b)) + b

    head = b"RTPS\2\3\1\x0f" + bytes(range(12))
    ts = b"\x09\1\x08\0" + bytes(8)
    guid = bytes(range(12))

    def member(name, user="HEMLIGT"):
        props = struct.pack("<I", 2) + text("dds.sys_info.username") + text(user) + text("dds.sys_info.hostname") + text("robot-3")
        return par(0x50, guid + b"\0\0\1\xc1") + par(0x62, text(name)) + par(0x59, props) + par(0x8001, b"own!")

    dgram(head + ts + data(0x100c2, member("Sampler arm")))
    dgram(head + ts + data(0x100c2, member("Sampler arm")))
    dgram(head + ts + data(0x100c2, member("Sampler arm 2")))
    for e in "<>":
        for writer in (0x3c2, 0x4c2):
            end = par(0x5a, guid + struct.pack(">I", writer + (e == ">")), e)
            dgram(head + data(writer, end + par(5, text("Arm/Position", e), e) + par(7, text("sampler::Pose", e), e), e),
                  B, 7410)
    dgram(head + data(0x103, par(5, text("HEMLIGT data"))), B, 7411)    # an application's
    dgram(head + data(0x100c2, member("x"), flags=0))
    dgram(head + data(0x100c2, member("x"), skip=2))
    dgram(head + data(0x100c2, par(5, struct.pack("<I", 400) + b"short")))
    dgram(head + b"\x15\5\xff\x7f" + bytes(40))
    dgram(head + b"\x07\1\0\0" + bytes(28))
    dgram(b"RTPX\2\3\1\x0f" + bytes(20))
    dgram(head + ts + data(0x100c2, member("cut")), cut=120)
    dgram(b"RTPS\2\3\1")
    save(cap, "rtps", "discovery")


scpi()
hislip()
rtps()
rpcbind()
vxi11()
