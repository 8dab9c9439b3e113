#!/usr/bin/env python3
"""Makes test/golden/{ssh,rdp,rfb,...}/*.pcap: remote access, from the protocols'
specifications. Names of users and their secrets hold the word HEMLIGT: none may
come out."""
import struct

from frames import eth, ipv4, udp
from tcp_pcap import Capture, Conversation


def be16(v):
    return struct.pack(">H", v)


def be32(v):
    return struct.pack(">I", v)


# ---- SSH: RFC 4253 ----

def text(b):
    return be32(len(b)) + b


def packet(kind, body, pad=None):
    n = 5 + 1 + len(body)
    p = 8 - n % 8 + (8 if 8 - n % 8 < 4 else 0) if pad is None else pad
    return be32(1 + 1 + len(body) + p) + bytes([p, kind]) + body + bytes(p)


def kexinit(kex, hostkey, ciphers, macs, back=None, comp=b"none"):
    lists = (kex, hostkey, ciphers, back or ciphers, macs, macs, comp, comp, b"", b"")
    return packet(20, bytes(range(16)) + b"".join(text(x) for x in lists) + b"\0" + be32(0))


def reply(blob, kind=31):
    return packet(kind, text(blob) + text(bytes(range(32))) + text(text(b"sig") + text(bytes(64))))


ED25519 = text(b"ssh-ed25519") + text(bytes(range(32)))
RSA1024 = text(b"ssh-rsa") + text(b"\1\0\1") + text(b"\0\x80" + bytes(range(127)))
DSA = text(b"ssh-dss") + text(b"\0\xff" + bytes(127)) + text(bytes(20)) + text(bytes(128)) + text(bytes(128))
MODERN = (b"sntrup761x25519-sha512@openssh.com,curve25519-sha256", b"ssh-ed25519,rsa-sha2-512",
          b"chacha20-poly1305@openssh.com,aes128-ctr", b"umac-64-etm@openssh.com,hmac-sha2-256")
OLD = (b"diffie-hellman-group1-sha1,curve25519-sha256", b"ssh-rsa,ssh-dss", b"3des-cbc,aes128-ctr,arcfour",
       b"hmac-md5,hmac-sha2-256")
SECRET = bytes(range(100, 164))


def session(cap, port, client, server, offers, asks, blob, kind=31, **kw):
    t = Conversation(cap, port, 22, **kw)
    t.c(client + b"\r\n")
    t.s(server + b"\r\n")
    t.c(kexinit(*offers))
    t.s(kexinit(*asks))
    t.c(packet(30, text(bytes(32))))
    t.s(reply(blob, kind) + packet(21, b""))
    t.c(packet(21, b"") + SECRET)
    t.s(SECRET)
    t.close()


def ssh():
    cap = Capture()
    session(cap, 40000, b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", b"SSH-2.0-OpenSSH_for_Windows_9.5", MODERN, MODERN, ED25519)
    session(cap, 40001, b"SSH-2.0-PuTTY_Release_0.81", b"SSH-2.0-dropbear_2019.78", OLD, OLD, RSA1024)
    session(cap, 40002, b"SSH-2.0-paramiko_3.4.0", b"SSH-1.99-Cisco-1.25", OLD,
            (b"curve25519-sha256", b"ssh-dss", b"aes128-ctr", b"hmac-sha2-256"), DSA)
    session(cap, 40003, b"SSH-2.0-Go", b"SSH-2.0-ROSSSH", MODERN, (MODERN[0], MODERN[1], b"aes128-ctr", b"hmac-sha2-256"), ED25519)
    session(cap, 40004, b"SSH-2.0-WinSCP_release_6.1", b"SSH-2.0-IPSSH-6.8.0",
            (b"diffie-hellman-group-exchange-sha256",) + OLD[1:], (b"diffie-hellman-group-exchange-sha256",) + OLD[1:],
            RSA1024, 33)
    # a name that nobody knows, in pieces, after a server's greeting
    t = Conversation(cap, 40005, 22)
    t.s(b"Authorized use only\r\n")
    t.pieces(1, b"SSH-2.0-SampleDevice 1.2\n" + kexinit(*OLD), 100)
    t.pieces(0, b"SSH-2.0-check\r\n" + kexinit(*MODERN), 90)
    t.s(packet(1, be32(3) + text(b"no") + text(b"")))
    t.close()
    cap.write("ssh", "handshakes")

    cap = Capture()
    t = Conversation(cap, 40010, 22)                        # version 1
    t.s(b"SSH-1.5-1.2.27\n")
    t.c(b"SSH-1.5-1.2.27\n")
    t.s(be32(267) + bytes(5) + b"\2" + bytes(266))
    t.close()
    t = Conversation(cap, 40011, 22)                        # nobody answers
    t.c(b"SSH-2.0-OpenSSH_9.6\r\n")
    t.close()
    t = Conversation(cap, 40012, 22)                        # the banner alone, as scanners take it
    t.s(b"SSH-2.0-libssh_0.9.6\r\n")
    t.close()
    t = Conversation(cap, 40013, 22)                        # what is wrong
    t.c(b"SSH-2.0-a\r\n")
    t.s(b"SSH-2.0-b\r\n")
    t.c(packet(20, bytes(16) + be32(99999) + bytes(20)))
    t.s(packet(20, bytes(3)))
    t.c(be32(4) + b"\x09\x15\0\0")
    t.s(packet(21, b""))
    t.close()
    t = Conversation(cap, 40014, 22)                        # no more packets
    t.c(b"SSH-2.0-a\r\n")
    t.s(b"SSH-2.0-b\r\n")
    t.c(be32(0x7fffffff) + bytes(20))
    t.close()
    t = Conversation(cap, 40015, 22)                        # too short a line
    t.c(b"SSH-2.0\r\n")
    t.close()
    t = Conversation(cap, 40016, 22)                        # cut by a snap length
    t.c(b"SSH-2.0-a\r\n")
    t.s(b"SSH-2.0-b\r\n")
    t.c(kexinit(*MODERN), cut=100)
    t.s(kexinit(*MODERN))
    t.s(reply(ED25519))
    t.close()
    t = Conversation(cap, 40017, 22)                        # one lost
    t.c(b"SSH-2.0-a\r\n")
    t.s(b"SSH-2.0-b\r\n")
    t.c(kexinit(*MODERN), lose=True)
    t.s(kexinit(*MODERN))
    t.c(packet(30, text(bytes(32))))
    t.s(reply(ED25519))
    t.close()
    t = Conversation(cap, 40018, 22, syn=False)             # begun before the capture
    t.c(SECRET)
    t.s(SECRET)
    t.close()
    cap.write("ssh", "odd")



# ---- RDP: MS-RDPBCGR, X.224, T.125, T.124 ----

def tpkt(tpdu):
    return b"\x03\0" + be16(4 + len(tpdu)) + tpdu


def cr(data=b"", code=0xe0):
    return tpkt(bytes([6 + len(data), code]) + bytes(4) + b"\0" + data)


def neg(kind, value, flags=0):
    return struct.pack("<BBHI", kind, flags, 8, value)


def dt(data):
    return tpkt(b"\x02\xf0\x80" + data)


def ber(tag, body):
    return tag + (bytes([len(body)]) if len(body) < 128 else b"\x82" + be16(len(body))) + body


def block(kind, body):
    return struct.pack("<HH", kind, 4 + len(body)) + body


def gcc(key, blocks):
    body = b"\x01\xc0\0" + key + be16(0x8000 | len(blocks)) + blocks
    return b"\0\x05\0\x14\x7c\0\x01" + be16(0x8000 | len(body) + 8) + b"\0\x08\0\x10\0" + body


def core(name, build, version=0x80004):
    return block(0xc001, struct.pack("<IHHHHII", version, 1024, 768, 0xca01, 0xaa03, 0x41d, build) +
                 name.encode("utf-16-le").ljust(32, b"\0") + struct.pack("<III", 4, 0, 12) + bytes(64) +
                 struct.pack("<HHIHHH", 0xca01, 1, 0, 24, 15, 1) + bytes(64) + struct.pack("<BBI", 0, 0, 0))


def net(*names):
    return block(0xc003, struct.pack("<I", len(names)) + b"".join(n.ljust(8, b"\0") + bytes(4) for n in names))


def initial(*blocks):
    return dt(ber(b"\x7f\x65", b"\x04\1\1\x04\1\1\1\1\xff" + ber(b"\x30", bytes(26)) * 3 +
                  ber(b"\x04", gcc(b"Duca", b"".join(blocks)))))


def response(method, level):
    blocks = block(0x0c01, struct.pack("<II", 0x80004, 0)) + block(0x0c03, struct.pack("<HH", 1003, 0)) + \
        block(0x0c02, struct.pack("<IIII", method, level, 0, 0))
    return dt(ber(b"\x7f\x66", b"\x0a\1\0\x02\1\0" + ber(b"\x30", bytes(26)) + ber(b"\x04", gcc(b"McDn", blocks))))


USER = b"Cookie: mstshash=HEMLIGT\r\n"
HELLO = b"\x16\x03\x03" + be16(50) + b"\1\0\0\x2e\3\3" + bytes(44)


def rdp():
    cap = Capture()
    t = Conversation(cap, 40100, 3389)                      # network level authentication
    t.c(cr(USER + neg(1, 11)))
    t.s(cr(neg(2, 2, 0x1f), 0xd0))
    t.c(HELLO)
    t.s(SECRET)
    t.close()
    t = Conversation(cap, 40101, 3389)                      # TLS alone
    t.c(cr(neg(1, 1)))
    t.s(cr(neg(2, 1), 0xd0))
    t.c(HELLO)
    t.close()
    t = Conversation(cap, 40102, 3390)                      # its own security, on another port
    t.c(cr(USER + neg(1, 0)))
    t.s(cr(neg(2, 0), 0xd0))
    t.pieces(0, initial(core("KONTOR-\u00c5\u20ac", 7601), block(0xc002, struct.pack("<II", 27, 0)),
                        net(b"rdpdr", b"cliprdr", b"rdpsnd")), 150)
    t.s(response(2, 3))
    t.c(dt(b"\x04\1\0\1\0"))
    t.s(SECRET)
    t.close()
    t = Conversation(cap, 40103, 3389)                      # an old client without a request
    t.c(cr())
    t.s(cr(b"", 0xd0))
    t.c(initial(core("thin-3", 2600, 0x80001)))
    t.s(response(0, 0))
    t.close()
    t = Conversation(cap, 40104, 3389)                      # FIPS; unknown numbers
    t.c(cr(neg(1, 0)))
    t.s(cr(neg(2, 0), 0xd0))
    t.c(initial(core("", 99999, 0x90001)))
    t.s(response(16, 4))
    t.close()
    for n, code in enumerate((1, 2, 3, 4, 5, 6, 99)):       # refusals
        t = Conversation(cap, 40110 + n, 3389)
        t.c(cr(b"Cookie: msts=1234.5678.0000\r\n" + neg(1, 3)))
        t.s(cr(neg(3, code), 0xd0))
        t.close()
    t = Conversation(cap, 40120, 3389)                      # nothing said of TLS
    t.c(cr())
    t.s(cr(b"", 0xd0))
    t.c(HELLO)
    t.close()
    t = Conversation(cap, 40121, 3389)                      # no answer
    t.c(cr(USER + neg(1, 3)))
    t.close()
    t = Conversation(cap, 40122, 3389, syn=False)           # begun before the capture
    t.c(initial(core("LAB-PC-7", 22631, 0x80011), net(b"drdynvc")))
    t.s(response(1, 1))
    t = Conversation(cap, 40123, 3389, syn=False)
    t.s(response(8, 2))
    cap.write("rdp", "connections")

    cap = Capture()
    t = Conversation(cap, 40130, 3389)
    t.c(cr(b"Cookie: mstshash=HEMLIGT"))                    # the line has no end
    t.s(cr(neg(9, 0), 0xd0))
    t.c(dt(ber(b"\x7f\x65", bytes(40))))                    # no GCC in it
    t.c(initial(struct.pack("<HH", 0xc001, 2)))             # a block shorter than its head
    t.c(initial(struct.pack("<HH", 0xc001, 200) + bytes(20)))
    t.c(tpkt(b"\x09\xf0\x80"))
    t.close()
    t = Conversation(cap, 40131, 3389)
    t.c(cr(USER + neg(1, 0)))
    t.s(cr(neg(2, 0x20), 0xd0))
    t.close()
    t = Conversation(cap, 40132, 3389)                      # cut by a snap length
    t.c(cr(USER + neg(1, 0)))
    t.s(cr(neg(2, 0), 0xd0))
    t.c(initial(core("LAB-PC-7", 22631)), cut=120)
    t.s(response(2, 2))
    t.close()
    t = Conversation(cap, 40133, 102)                       # S7 calls by selectors: not this
    t.c(tpkt(b"\x11\xe0\0\0\0\1\0\xc1\2\1\0\xc2\2\1\2\xc0\1\x0a"))
    t.s(tpkt(b"\x11\xd0\0\1\0\1\0\xc0\1\x0a\xc1\2\1\0\xc2\2\1\2"))
    t.close()
    cap.write("rdp", "malformed")


# ---- RFB: RFC 6143 ----

def banner(v):
    return b"RFB 003.%03d\n" % v


def screen(name):
    return be16(1280) + be16(800) + bytes(16) + text(name)


def vnc(cap, port, version, mine, kind, name, result=0, sport=5900):
    t = Conversation(cap, port, sport)
    t.s(banner(version))
    t.c(banner(mine))
    low = min(version, mine)
    if low < 7:
        t.s(be32(kind))
    else:
        t.s(bytes([2, kind, 19]))
        t.c(bytes([kind]))
    if kind == 2:
        t.s(bytes(range(16)))
        t.c(b"HEMLIGTHEMLIGT!!")
    if kind == 2 or low >= 8:
        t.s(be32(result) + (text(b"no, HEMLIGT") if result and low >= 8 else b""))
    if not result:
        t.c(b"\1")
        t.s(screen(name))
        t.c(b"\0\0\0\0" + bytes(16))
        t.s(bytes(200))
    t.close()


def rfb():
    cap = Capture()
    vnc(cap, 40200, 8, 8, 2, b"hmi-3:1 (HEMLIGT)")
    vnc(cap, 40201, 8, 8, 1, b"HEMLIGT's X desktop (hplc-4:2)", sport=5912)
    vnc(cap, 40202, 3, 8, 2, b"panel-9", result=1)
    vnc(cap, 40203, 7, 7, 1, b"HEMLIGT desktop")
    vnc(cap, 40204, 3, 3, 1, b"win-pc ( 192.0.2.20 )")
    vnc(cap, 40205, 8, 8, 2, b"x", result=2)
    for n, kind in enumerate((16, 19, 30, 113, 5, 77)):     # what goes on behind is not read
        t = Conversation(cap, 40210 + n, 5901)
        t.s(banner(889 if kind == 30 else 8))
        t.c(banner(8))
        t.s(bytes([3, kind, 2, 35]))
        t.c(bytes([kind]))
        t.s(SECRET)
        t.c(SECRET)
        t.close()
    t = Conversation(cap, 40220, 5900)                      # refused
    t.s(banner(8))
    t.c(banner(8))
    t.s(b"\0" + text(b"Too many attempts by HEMLIGT"))
    t.close()
    t = Conversation(cap, 40221, 5900)
    t.s(banner(3))
    t.c(banner(3))
    t.s(be32(0) + text(b"Too many"))
    t.close()
    t = Conversation(cap, 40222, 5500)                      # a repeater
    t.s(b"RFB 000.000\n")
    t.c(b"ID:1234HEMLIGT".ljust(250, b"\0"))
    t.close()
    t = Conversation(cap, 40223, 5900)                      # the version, and gone
    t.pieces(1, banner(8), 5)
    t.close()
    cap.write("rfb", "sessions")

    cap = Capture()
    t = Conversation(cap, 40230, 5900)
    t.s(banner(3))
    t.c(banner(3))
    t.s(be32(70000))
    t.s(bytes(16))
    t.close()
    t = Conversation(cap, 40231, 5900)                      # a reason without end
    t.s(banner(8))
    t.c(banner(8))
    t.s(b"\0\xff\xff\xff\xff" + bytes(50))
    t.close()
    t = Conversation(cap, 40232, 5900)                      # one lost
    t.s(banner(8))
    t.c(banner(8))
    t.s(b"\1\2", lose=True)
    t.c(b"\2")
    t.s(bytes(16))
    t.close()
    t = Conversation(cap, 40233, 5900)                      # cut
    t.s(banner(8))
    t.c(banner(8))
    t.s(b"\1\1")
    t.c(b"\1")
    t.s(be32(0))
    t.c(b"\1")
    t.s(screen(b"hmi-3:1"), cut=80)
    t.close()
    t = Conversation(cap, 40234, 5900)
    t.s(b"RFB 003.0x8\n")
    t.close()
    cap.write("rfb", "malformed")



# ---- tools that go out to their maker's relays: as they are seen ----

def talk(cap, *messages, cport=40300, sport=5938):
    """Datagrams: (to the server?, bytes)."""
    for to, data in messages:
        a, b = ("192.0.2.10", "192.0.2.20") if to else ("192.0.2.20", "192.0.2.10")
        ports = (cport, sport) if to else (sport, cport)
        cap.add(eth(ipv4(17, udp(*ports, data), a, b)))


def tv1(cmd, body):
    return b"\x17\x24" + bytes([cmd]) + struct.pack("<H", len(body)) + body


def tv2(cmd, body):
    return b"\x11\x30" + bytes([cmd, 0]) + struct.pack("<IIIII", len(body), 1, 0, 27, 24) + body


def teamviewer():
    cap = Capture()
    t = Conversation(cap, 40300, 5938)
    t.c(tv1(10, bytes(32)))
    t.s(tv2(0x36, bytes(24)))
    t.close()
    t = Conversation(cap, 40301, 443)
    t.c(tv1(10, bytes(32)), tv1(0x28, bytes(24)))
    t.close()
    t = Conversation(cap, 40302, 80)
    t.pieces(0, tv2(0x3c, bytes(200)), 11)
    t.close()
    t = Conversation(cap, 40303, 5938)                      # the first two bytes alone are nothing
    t.c(b"\x17\x24\x0a\x04\0" + bytes(9))
    t.close()
    t = Conversation(cap, 40304, 5938)
    t.c(b"\x11\x30\x0a\x00\xff\xff\xff\xff" + bytes(16))
    t.close()
    talk(cap, (1, bytes(10) + b"\x03\x17\x24" + bytes(50)), (0, bytes(10) + b"\x03\x17\x24" + bytes(50)), sport=36037)
    talk(cap, (1, bytes(13)), cport=40305)
    cap.write("teamviewer", "sessions")


def citrix():
    cap = Capture()
    ica = b"\x7f\x7fICA\0"
    t = Conversation(cap, 40310, 1494)
    t.s(ica)
    t.c(ica)
    t.s(b"\x0f\0\x07\0\x02\0\x04\0\x06\0")
    t.c(b"\x01\x97\0\x97\0\x15\0\1\4WFICA32.EXE\0\0" + bytes(100))
    t.close()
    t = Conversation(cap, 40311, 2598)
    t.c(b"\x1aCGP/01" + bytes(20))
    t.s(b"\x1aCGP/01" + bytes(20))
    t.close()
    t = Conversation(cap, 40312, 1494)
    t.pieces(1, ica, 4)
    t.c(b"\2")
    t.close()
    t = Conversation(cap, 40313, 1494)
    t.s(ica)
    t.close()
    t = Conversation(cap, 40314, 1494)
    t.s(b"\x7f\x7fICQ\0")
    t.close()
    cap.write("citrix", "sessions")


def radmin():
    cap = Capture()

    def msg(code, body):
        return b"\1" + be32(len(body)) + be32(code) + body

    t = Conversation(cap, 40320, 4899)
    t.c(msg(8, b"\x08"))
    t.s(msg(0x212, bytes(37)))
    t.close()
    t = Conversation(cap, 40321, 4900)
    t.c(msg(0x227, b"\x27\2\0\0\0"))
    t.s(msg(0x27, b"\x27\0\0\0\0"))
    t.close()
    t = Conversation(cap, 40322, 4899)                      # a question alone is not enough
    t.c(msg(8, b"\x08"))
    t.close()
    t = Conversation(cap, 40323, 4899)
    t.c(msg(8, b"\x08") + b"x")
    t.close()
    cap.write("radmin", "sessions")


def dameware():
    cap = Capture()

    def hello(v):
        return b"\x30\x11\0\0\0\0\0\0" + struct.pack("<d", v) + bytes(24)

    t = Conversation(cap, 40330, 6129)
    t.s(hello(12.0))
    t.c(hello(11.1))
    t.c(bytes(200))
    t.close()
    t = Conversation(cap, 40331, 6130)
    t.pieces(0, hello(3.72), 30)
    t.s(bytes(20))
    t.close()
    t = Conversation(cap, 40332, 6129)
    t.c(hello(7.5))
    t.close()
    t = Conversation(cap, 40333, 6129)
    t.c(hello(float("nan")))
    t.close()
    cap.write("dameware", "sessions")


def nomachine():
    cap = Capture()
    hello = b"\x16\x03\x03\0\x20" + bytes(32)
    t = Conversation(cap, 40340, 4000)
    t.c(b"NXSH-8.10.1\n")
    t.s(b"NXD-8.11.3\n")
    t.c(hello)
    t.close()
    t = Conversation(cap, 40341, 4040)
    t.pieces(0, b"NXSH-7.0\n" + hello, 6)
    t.close()
    t = Conversation(cap, 40342, 4000, syn=False)
    t.s(b"NXD-6.9.2\n")
    t.c(hello)
    for bad in (b"NXSH-8.x\n", b"NXSH-\n", b"NXSH-1234567890.1234567890.1234567890\n", b"NXT-1\n"):
        t = Conversation(cap, 40343, 4000)
        t.c(bad)
        t.close()
    talk(cap, (1, b"\1\0\1\0\x0a\0\0\0\0\0"), (0, b"\2\0\1\0\x0a\0\0\0\0\0"), sport=4000)
    talk(cap, (1, b"\1\0\1\0\x0b\0\0\0\0\0"), cport=40305, sport=4000)
    cap.write("nomachine", "sessions")


def softether():
    cap = Capture()

    def pack(**kw):
        out = be32(len(kw))
        for k, v in kw.items():
            out += be32(len(k) + 1) + k.encode()
            out += be32(0) + be32(1) + be32(v) if isinstance(v, int) else \
                be32(4) + be32(1) + bytes(8) if v is None else be32(2) + be32(1) + text(v.encode())
        return out

    ask = dict(host_name="lab-srv-2", machine_key="HEMLIGT", nat_traversal_version=1, opcode="nat_t_register",
               private_ip="10.10.0.9", private_port=51381, product_str="SoftEther OSS", session_key=None,
               svc_name="SoftEther_VPN", token="HEMLIGT", tran_id=None, ddns_fqdn="lab7.softether.net")
    told = dict(isret=1, my_ip="198.51.100.1", ok=1, opcode="nat_t_register", tran_id=None, your_ip="203.0.113.7")
    seen = b"IP=203.0.113.7,PORT=51381"
    talk(cap, (0, seen), (1, pack(**ask)), (0, pack(**told)), sport=5004, cport=40360)
    talk(cap, (1, pack(opcode="get_token", tran_id=None)), (0, pack(opcode="get_token", token="HEMLIGT", your_ip="203.0.113.7")),
         sport=5004, cport=40361)
    talk(cap, (1, pack(**ask)), sport=53000, cport=40362)
    good = pack(**ask)
    for n, bad in enumerate((b"IP=203.0.113.7,PORT=", b"IP=203.0.113.7,PORT=1x", b"IP=1,PORT=1", good[:50], good + b"x",
                             be32(99) + good[4:], good.replace(b"\0\0\0\x0ahost", b"\0\0\0\0host"))):
        talk(cap, (1, bad), sport=5004, cport=40370 + n)
    cap.write("softether", "sessions")


ssh()
rdp()
rfb()
teamviewer()
citrix()
radmin()
dameware()
nomachine()
softether()
