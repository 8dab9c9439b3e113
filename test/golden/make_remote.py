#!/usr/bin/env python3
"""Makes test/golden/{ssh,rdp,rfb,...}/*.pcap: remote access, from the protocols'
specifications. Names of users and their secrets hold the word HEMLIGT: none may
come out."""
import struct

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


ssh()
