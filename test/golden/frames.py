"""Builds captures for the goldens: Ethernet, IP, TCP and UDP frames, pcap files.

Deterministic: times count from one fixed moment, addresses are documentation
ranges and private ones, checksums are right where a reader could care.
"""
import struct

T0 = 1764000000  # 2025-11-24T16:00:00Z


def mac(s):
    return bytes(int(x, 16) for x in s.split(":"))


def ip4(s):
    return bytes(int(x) for x in s.split("."))


def csum(b):
    if len(b) % 2:
        b += b"\0"
    s = sum(struct.unpack(">%dH" % (len(b) // 2), b))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


def eth(payload, kind=0x0800, src="02:00:00:00:00:01", dst="02:00:00:00:00:02"):
    return mac(dst) + mac(src) + struct.pack(">H", kind) + payload


def vlan(tag, inner_kind, payload):
    return struct.pack(">HH", tag, inner_kind) + payload


def ipv4(proto, payload, src="10.0.0.1", dst="10.0.0.2", ident=1, off=0, more=False, ttl=64, total=None):
    h = struct.pack(">BBHHHBBH4s4s", 0x45, 0, total if total is not None else 20 + len(payload), ident,
                    (0x2000 if more else 0) | off // 8, ttl, proto, 0, ip4(src), ip4(dst))
    return h[:10] + struct.pack(">H", csum(h)) + h[12:] + payload


def ipv6(nxt, payload, src=b"\xfd" + b"\0" * 14 + b"\1", dst=b"\xfd" + b"\0" * 14 + b"\2"):
    return struct.pack(">IHBB", 0x60000000, len(payload), nxt, 64) + src + dst + payload


def udp(sport, dport, payload):
    return struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload


def tcp(sport, dport, seq, ack, flags, payload=b""):
    return struct.pack(">HHIIBBHHH", sport, dport, seq & 0xffffffff, ack & 0xffffffff, 0x50, flags,
                       8192, 0, 0) + payload


FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


class Talk:
    """One TCP connection: c() and s() send, the sequence numbers follow."""

    def __init__(self, cap, client="10.0.0.1", server="10.0.0.2", cport=40000, sport=502,
                 cmac="02:00:00:00:00:01", smac="02:00:00:00:00:02", open_=True):
        self.cap, self.client, self.server, self.cport, self.sport = cap, client, server, cport, sport
        self.cmac, self.smac = cmac, smac
        self.cseq, self.sseq = 1000, 5000
        if open_:
            self.raw(0, SYN)
            self.cseq += 1
            self.raw(1, SYN | ACK)
            self.sseq += 1
            self.raw(0, ACK)

    def raw(self, side, flags, payload=b"", seq=None):
        if side == 0:
            seg = tcp(self.cport, self.sport, self.cseq if seq is None else seq, self.sseq, flags, payload)
            self.cap.add(eth(ipv4(6, seg, self.client, self.server), src=self.cmac, dst=self.smac))
        else:
            seg = tcp(self.sport, self.cport, self.sseq if seq is None else seq, self.cseq, flags, payload)
            self.cap.add(eth(ipv4(6, seg, self.server, self.client), src=self.smac, dst=self.cmac))

    def c(self, payload):
        self.raw(0, PSH | ACK, payload)
        self.cseq += len(payload)

    def s(self, payload):
        self.raw(1, PSH | ACK, payload)
        self.sseq += len(payload)

    def close(self):
        self.raw(0, FIN | ACK)
        self.cseq += 1
        self.raw(1, FIN | ACK)
        self.sseq += 1
        self.raw(0, ACK)


class Capture:
    """Frames one millisecond apart; save() writes a little-endian pcap."""

    def __init__(self, link=1):
        self.link, self.frames, self.us = link, [], 0

    def add(self, frame, wire=None, wait_us=1000):
        self.us += wait_us
        self.frames.append((self.us, frame, wire or len(frame)))

    def save(self, path):
        with open(path, "wb") as f:
            f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, self.link))
            for us, frame, wire in self.frames:
                f.write(struct.pack("<IIII", T0 + us // 1000000, us % 1000000, len(frame), wire))
                f.write(frame)
