#!/usr/bin/env python3
"""Builds test/golden/profinet_*/*.pcap: DCP, RT frames and alarms, context management.

Hand-made from IEC 61158-6-10; no captured bytes."""
import os
import struct

from frames import Capture, eth, ip4, ipv4, mac, udp, vlan

HERE = os.path.dirname(os.path.abspath(__file__))
PLC, DEV, TOOL = "02:00:5e:00:00:01", "02:00:5e:00:00:02", "02:00:5e:00:00:03"
DCP_ALL, DCP_HELLO = "01:0e:cf:00:00:00", "01:0e:cf:00:00:01"
GET, SET, IDENTIFY, HELLO = 3, 4, 5, 6


def save(cap, proto, name):
    os.makedirs(os.path.join(HERE, proto), exist_ok=True)
    cap.save(os.path.join(HERE, proto, name + ".pcap"))


def rt(frame_id, body, src, dst):
    return eth(struct.pack(">H", frame_id) + body, 0x8892, src, dst)


# --- DCP ---

def block(option, sub, value=b"", info=None):
    value = (struct.pack(">H", info) if info is not None else b"") + value
    return struct.pack(">BBH", option, sub, len(value)) + value + b"\0" * (len(value) % 2)


def dcp(frame_id, service, kind, xid, blocks, src, dst, delay=0, length=None):
    body = b"".join(blocks)
    return rt(frame_id, struct.pack(">BBIHH", service, kind, xid, delay,
                                    len(body) if length is None else length) + body, src, dst)


def ip(address="192.0.2.10", mask="255.255.255.0", gateway="192.0.2.1"):
    return ip4(address) + ip4(mask) + ip4(gateway)


def station(name, ids=(0x002a, 0x0301), role=1, address="192.0.2.10", kind=b"IO-SAMPLER", status=1):
    return [block(2, 2, name, 0), block(2, 5, b"\1\2\2\1\2\2\2\3\5\3\x80\1", 0), block(2, 1, kind, 0),
            block(2, 3, struct.pack(">HH", *ids), 0), block(2, 4, bytes([role, 0]), 0),
            block(2, 7, b"\0\1", 0), block(1, 2, ip(address), status)]


def dcp_cases():
    cap = Capture()
    # everybody is asked, three answer; one of them is seen at two ports of a mirror
    cap.add(dcp(0xfefe, IDENTIFY, 0, 0x1001, [block(255, 255)], TOOL, DCP_ALL, 1))
    cap.add(dcp(0xfeff, IDENTIFY, 1, 0x1001, station(b"sampler-1"), DEV, TOOL))
    cap.add(dcp(0xfeff, IDENTIFY, 1, 0x1001, station(b"plc-1", (0x002a, 0x010d), 2, "192.0.2.1", b"S7-1500"), PLC, TOOL))
    cap.add(dcp(0xfeff, IDENTIFY, 1, 0x1001, station(b"ed", (0xfff0, 7), 8, "0.0.0.0", b"LAPTOP", 0x80)
                + [block(2, 8, struct.pack(">HH", 0x011d, 9), 0), block(2, 6, b"port-001.plc-1", 0),
                   block(1, 1, mac(DEV), 0), block(1, 3, ip() + ip4("192.0.2.53") + ip4("0.0.0.0"), 2)],
                "02:00:5e:00:00:09", TOOL))
    # by name, by alias, in a VLAN, repeated, never answered
    q = dcp(0xfefe, IDENTIFY, 0, 0x1002, [block(2, 2, b"sampler-1")], PLC, DCP_ALL, 1)
    cap.add(q)
    cap.add(q)
    cap.add(dcp(0xfeff, IDENTIFY, 1, 0x1002, station(b"sampler-1"), DEV, PLC))
    cap.add(dcp(0xfefe, IDENTIFY, 0, 0x1003, [block(2, 6, b"port-002.plc-1")], PLC, DCP_ALL, 1))
    cap.add(mac(DCP_ALL) + mac(PLC) + struct.pack(">H", 0x8100) + vlan(0xc005, 0x8892, dcp(
        0xfefe, IDENTIFY, 0, 0x1004, [block(2, 2, b"nobody")], PLC, DCP_ALL, 1)[14:]))
    # to one alone, and its answer twice
    cap.add(dcp(0xfefe, IDENTIFY, 0, 0x1005, [block(255, 255)], TOOL, DEV, 1))
    for _ in range(2):
        cap.add(dcp(0xfeff, IDENTIFY, 1, 0x1005, station(b"sampler-1"), DEV, TOOL))
    # an answer whose question was not seen; a Hello
    cap.add(dcp(0xfeff, IDENTIFY, 1, 0x2001, station(b"late"), DEV, TOOL))
    cap.add(dcp(0xfefc, HELLO, 0, 1, station(b"sampler-1") + [block(6, 1, b"\0\1", 0)], DEV, DCP_HELLO))
    save(cap, "profinet_dcp", "identify")

    cap = Capture()
    x = 0x3000

    def talk(blocks, answer, kind=1, wait=1000):
        nonlocal x
        x += 1
        cap.add(dcp(0xfefd, SET, 0, x, blocks, TOOL, DEV), wait_us=wait)
        if answer is not None:
            cap.add(dcp(0xfefd, SET, kind, x, answer, DEV, TOOL))

    def done(option, sub, error=0):
        return block(5, 4, bytes([option, sub, error]))

    talk([block(5, 1, b"", 0), block(2, 2, b"sampler-2", 1), block(5, 2, b"", 0)], [done(5, 1), done(2, 2), done(5, 2)])
    talk([block(1, 2, ip("192.0.2.20"), 0)], [done(1, 2)])
    talk([block(1, 2, ip("192.0.2.21"), 1), block(2, 2, b"two-at-once", 1)], [done(1, 2), done(2, 2, 3)])
    talk([block(1, 3, ip("192.0.2.22") + ip4("192.0.2.53"), 1)], [done(1, 3, 5)])
    talk([block(5, 3, struct.pack(">H", 0x0100), 0)], [done(5, 3)])
    talk([block(5, 5, b"", 0)], [done(5, 5)])
    talk([block(5, 6, b"", 0x0004)], [done(5, 6)])
    talk([block(5, 6, b"", 0x0012)], [done(5, 6, 6)])
    talk([block(3, 61, b"\1dhcp", 1)], [done(3, 61, 2)])
    talk([block(0x80, 2, b"\1\2", 1)], [done(0x80, 2, 1)])
    talk([block(2, 6, b"alias", 1)], [done(2, 6, 77)])
    talk([block(5, 1, b"", 0), block(5, 2, b"", 0)], [done(5, 1), done(5, 2)])
    talk([block(2, 2, b"refused", 1)], [], kind=5)
    talk([block(2, 2, b"ghost", 1)], None)
    q = dcp(0xfefd, SET, 0, 0x3fff, [block(2, 2, b"again", 1)], TOOL, DEV)
    cap.add(q)
    cap.add(q)
    cap.add(dcp(0xfefd, SET, 1, 0x3fff, [done(2, 2)], DEV, TOOL))
    # the same number for something else: the first is given up
    cap.add(dcp(0xfefd, SET, 0, 0x4000, [block(2, 2, b"first", 1)], TOOL, DEV))
    cap.add(dcp(0xfefd, SET, 0, 0x4000, [block(2, 2, b"second", 1)], TOOL, DEV))
    cap.add(dcp(0xfefd, SET, 1, 0x4000, [done(2, 2)], DEV, TOOL))
    cap.add(dcp(0xfefd, GET, 0, 0x5000, [b"\2\2\1\2\2\3"], TOOL, DEV), wait_us=31000000)
    cap.add(dcp(0xfefd, GET, 1, 0x5000, [block(2, 2, b"sampler-2", 0), block(1, 2, ip("192.0.2.20"), 0x81),
                                         block(2, 3, struct.pack(">HH", 0x00b0, 60), 0)], DEV, TOOL))
    cap.add(dcp(0xfefd, GET, 0, 0x5001, [b"\x09\x09"], TOOL, DEV))
    cap.add(dcp(0xfefd, GET, 1, 0x5001, [done(9, 9, 1)], DEV, TOOL))
    cap.add(dcp(0xfefd, GET, 5, 0x5002, [], DEV, TOOL))
    save(cap, "profinet_dcp", "set")

    cap = Capture()
    cap.add(dcp(0xfefe, IDENTIFY, 0, 1, [block(2, 2, b"cut")], PLC, DCP_ALL, 1, length=200))
    cap.add(rt(0xfefe, b"\5\0\0", PLC, DCP_ALL))
    cap.add(dcp(0xfeff, IDENTIFY, 1, 2, [struct.pack(">BBH", 2, 2, 99) + b"name"], DEV, PLC))
    cap.add(dcp(0xfeff, IDENTIFY, 1, 3, [block(2, 3, b"\0\1", 0)], DEV, PLC))
    cap.add(dcp(0xfefe, SET, 0, 4, [block(2, 2, b"x", 1)], PLC, DEV))
    cap.add(dcp(0xfefd, 9, 0, 5, [], PLC, DEV))
    cap.add(dcp(0xfefd, 9, 1, 5, [], DEV, PLC))
    # our capture ends within the frame
    for n in (16, 24, 30, 40):
        f = dcp(0xfeff, IDENTIFY, 1, 6, station(b"sampler-1"), DEV, PLC)
        cap.add(f[:n], len(f))
    save(cap, "profinet_dcp", "malformed")


# --- RT ---

RUN, STOP, PROBLEM, BACKUP = 0x35, 0x25, 0x15, 0x34


def cyclic(frame_id, cycle, status, src=DEV, dst=PLC, n=40, transfer=0):
    return rt(frame_id, b"\x80" * n + struct.pack(">HBB", cycle, status, transfer), src, dst)


def rta(kind, var, src=DEV, dst=PLC, high=False, seq=0xffff, length=None):
    return rt(0xfc01 if high else 0xfe01, struct.pack(
        ">HHBBHHH", 1, 2, 0x10 | kind, 0x11, seq, 0xfffe, len(var) if length is None else length) + var, src, dst)


def notification(kind, spec, user=b"", high=False, api=0, slot=2, subslot=1, length=None):
    body = struct.pack(">BBHIHHIIH", 1, 0, kind, api, slot, subslot, 0x101, 0x202, spec) + user
    return struct.pack(">HH", 1 if high else 2, len(body) if length is None else length) + body


def alarm_ack(kind, spec, status=0, high=False, api=0, slot=2, subslot=1):
    body = struct.pack(">BBHIHHHI", 1, 0, kind, api, slot, subslot, spec, status)
    return struct.pack(">HH", 0x8001 if high else 0x8002, len(body)) + body


def rt_cases():
    cap = Capture()
    for i in range(20):
        cap.add(cyclic(0x8001, 32 * i, RUN))
        cap.add(cyclic(0xc010, 32 * i, RUN, PLC, DEV, n=44))
    cap.add(cyclic(0xc010, 700, STOP, PLC, DEV, n=44))
    cap.add(cyclic(0x8001, 700, PROBLEM))
    cap.add(cyclic(0xc010, 732, STOP, PLC, DEV, n=44))
    cap.add(cyclic(0xc010, 764, RUN, PLC, DEV, n=44))
    cap.add(cyclic(0x8001, 732, BACKUP, transfer=1))
    cap.add(cyclic(0x8001, 764, 0xb7))
    for f in (0x0100, 0xbc00, 0xf800):
        cap.add(cyclic(f, 1, RUN))
    # gone for longer than any watchdog waits
    cap.add(cyclic(0x8001, 9, RUN), wait_us=2500000)
    for f in (0x0080, 0xff00, 0xff20, 0xff40, 0xff80):
        cap.add(rt(f, b"\0" * 44, DEV, "01:0e:cf:00:04:00"))
    cap.add(rt(0xff40, b"\0" * 44, DEV, "01:0e:cf:00:04:00"), wait_us=9000000)
    # nothing that is sent
    cap.add(rt(0x7000, b"\0" * 44, DEV, PLC))
    # everything has ended by now
    cap.add(cyclic(0x8002, 1, RUN), wait_us=400000000)
    save(cap, "profinet_rt", "cyclic")

    cap = Capture()
    channel = struct.pack(">HHHH", 0x8000, 3, 0x0800, 6)
    extended = struct.pack(">HHHHHI", 0x8002, 0x8000, 0x0800, 0x8001, 0x8000, 77)
    q = rta(1, notification(1, 0x1801, channel, True), high=True)
    cap.add(q)
    cap.add(q)
    cap.add(rta(3, b"", PLC, DEV, True))
    for _ in range(2):
        cap.add(rta(1, alarm_ack(1, 0x1801, 0, True), PLC, DEV, True))
    cap.add(rta(1, notification(12, 0xa802, extended)))
    cap.add(rta(1, alarm_ack(12, 0xa802, 0xda813c01), PLC, DEV))
    cap.add(rta(1, notification(2, 3, struct.pack(">H", 0x1234) + b"process", subslot=0x8001)))
    cap.add(rta(1, notification(3, 4, api=0x3a00)))
    cap.add(rta(1, notification(99, 5)))
    cap.add(rta(1, alarm_ack(4, 6), PLC, DEV))
    cap.add(rta(2, b""))
    cap.add(rta(4, struct.pack(">I", 0xcf81fd05)))
    cap.add(rta(4, struct.pack(">I", 0xcf81fd0f), PLC, DEV))
    cap.add(rta(4, struct.pack(">I", 0xcf820000), PLC, DEV))
    save(cap, "profinet_rt", "alarms")

    cap = Capture()
    cap.add(rt(0x8001, b"\1\2\3", DEV, PLC))
    cap.add(rt(0xfe01, b"\0\1", DEV, PLC))
    cap.add(rta(1, notification(1, 1), length=99))
    cap.add(rta(1, notification(1, 1, length=80)))
    cap.add(rta(1, notification(1, 1, length=8)))
    cap.add(rta(1, struct.pack(">HH", 0x0777, 40) + b"\0" * 40))
    cap.add(rta(9, b""))
    cap.add(rta(4, b"\0"))
    f = rta(1, notification(1, 0x1801, channel))
    for n in (20, 30, 44):
        cap.add(f[:n], len(f))
    f = cyclic(0x8005, 1, RUN)
    cap.add(f[:30], len(f))
    cap.add(f)
    save(cap, "profinet_rt", "malformed")


def over_udp():
    """RT_CLASS_UDP: the same frames behind UDP, through a router."""
    def packet(frame, src, dst, sport=34962, dport=34962):
        return eth(ipv4(17, udp(sport, dport, frame[14:]), src, dst), src=PLC, dst=DEV)

    plc, dev = "192.0.2.1", "198.51.100.7"
    cap = Capture()
    for i in range(4):
        cap.add(packet(cyclic(0xf000, 64 * i, RUN if i < 3 else STOP), dev, plc))
        cap.add(packet(cyclic(0xf001, 64 * i, RUN), plc, dev))
    channel = struct.pack(">HHHH", 0x8000, 3, 0x0800, 6)
    cap.add(packet(rta(1, notification(1, 0x1801, channel, True), high=True), dev, plc))
    cap.add(packet(rt(0x1234, bytes(40), DEV, PLC), dev, plc, 40000))      # not a frame id of it
    save(cap, "profinet_rt", "udp")


# --- context management ---

def uuid(s, le):
    a, b, c, d, e = s.split("-")
    f = "<IHH" if le else ">IHH"
    return struct.pack(f, int(a, 16), int(b, 16), int(c, 16)) + bytes.fromhex(d + e)


OBJECT = "dea00000-6c97-11d1-8271-%04x%04x%04x"
IFACE = "dea0000%d-6c97-11d1-8271-00a02442df7d"
EPM = "e1af8308-5d1f-11c9-91a4-08002b14a0fa"
AR = bytes.fromhex("0102030405060708090a0b0c0d0e0f10")


def rpc(kind, op, seq, body, le=False, iface=1, ids=(1, 0x0301, 0x002a), activity=1, flags=0x20, frag=0, length=None,
        version=4):
    e = "<" if le else ">"
    return struct.pack("BBBB", version, kind, flags, 0) + bytes([0x10 if le else 0, 0, 0, 0]) + \
        uuid(OBJECT % ids, le) + uuid(EPM if iface == 0 else IFACE % iface, le) + \
        uuid("00000000-0000-1000-8000-%012x" % activity, le) + struct.pack(
            e + "IIIHHHHHBB", 0, 1, seq, op, 0xffff, 0xffff, len(body) if length is None else length, frag, 0, 0) + body


def args(blocks, le=False, status=None, maximum=4096, actual=None):
    b = b"".join(blocks)
    return struct.pack(("<" if le else ">") + "IIIII", maximum if status is None else status, len(b), maximum, 0,
                       len(b) if actual is None else actual) + b


def pnblock(kind, body, length=None):
    return struct.pack(">HHBB", kind, len(body) + 2 if length is None else length, 1, 0) + body


def ar_req(name=b"plc-1", kind=1):
    return pnblock(0x0101, struct.pack(">H", kind) + AR + struct.pack(">H", 1) + mac(PLC) + uuid(
        OBJECT % (1, 0x010d, 0x002a), False) + struct.pack(">IHHH", 0x60000011, 100, 0x8892, len(name)) + name)


def ar_res():
    return pnblock(0x8101, struct.pack(">H", 1) + AR + struct.pack(">H", 1) + mac(DEV) + struct.pack(">H", 0x8892))


def iocr_req(kind, frame, length=40):
    return pnblock(0x0102, struct.pack(">HHHIHHHHHHIHHH", kind, kind, 0x8892, 2, length, frame, 32, 4, 1, 0,
                                       0xffffffff, 3, 3, 0xc000) + b"\0" * 6 + struct.pack(">H", 0))


def iocr_res(kind, frame):
    return pnblock(0x8102, struct.pack(">HHH", kind, kind, frame))


def expected():
    def sub(subslot, ident, props, *descriptions):
        return struct.pack(">HIH", subslot, ident, props) + b"".join(
            struct.pack(">HHBB", kind, n, 1, 1) for kind, n in descriptions)
    return pnblock(0x0104, struct.pack(">H", 2) +
                   struct.pack(">IHIHH", 0, 0, 0x100, 0, 2) + sub(1, 1, 0, (1, 0)) + sub(0x8000, 2, 0, (1, 0)) +
                   struct.pack(">IHIHH", 0x4a00, 1, 0x200, 0, 1) + sub(1, 0x201, 3, (1, 4), (2, 2)))


def diff():
    return pnblock(0x8104, struct.pack(">HIH", 1, 0, 2) +
                   struct.pack(">HIHH", 1, 0x999, 1, 0) +
                   struct.pack(">HIHH", 2, 0x200, 2, 1) + struct.pack(">HIH", 1, 0x201, 0x8800))


def connect(le=False):
    return args([ar_req(), iocr_req(1, 0x8001), iocr_req(2, 0xffff), pnblock(0x0103, struct.pack(
        ">HHIHHHHHH", 1, 0x8892, 0, 1, 3, 7, 200, 0xc000, 0xa000)), expected()], le)


def connected(le=False, status=0):
    return args([ar_res(), iocr_res(1, 0x8001), iocr_res(2, 0xc001), pnblock(0x8103, struct.pack(">HHH", 1, 9, 200)),
                 pnblock(0x8106, struct.pack(">H", 9) + b"sampler-1"), diff()], le, status)


def control(kind, command):
    return args([pnblock(kind, b"\0\0" + AR + struct.pack(">HHHH", 1, 0, command, 0))])


def record_head(kind, seq, slot, subslot, index, n, api=0, tail=None):
    return pnblock(kind, struct.pack(">H", seq) + AR + struct.pack(">IHHHHI", api, slot, subslot, 0, index, n) +
                   (tail if tail is not None else b"\0" * 24))


def read_req(seq, slot, subslot, index, le=False):
    return args([record_head(0x0009, seq, slot, subslot, index, 4096)], le)


def read_res(seq, slot, subslot, index, data, status=0):
    return args([record_head(0x8009, seq, slot, subslot, index, len(data)), data], status=status)


def im0(order=b"6XX7 100-0AA00", serial=b"S C-12345678", slot=0):
    return pnblock(0x0020, struct.pack(">H", 0x002a) + order.ljust(20) + serial.ljust(16) + struct.pack(
        ">HcBBBHHHHH", 3, b"V", 4, 2, 1, 5, 0, 0, 0x0101, 0x000e))


def padded(b):
    return b + b"\0" * (-len(b) % 4)


def real_data():
    def port(slot, subslot, own, peers):
        b = aligned(struct.pack(">HHH", 0, slot, subslot) + bytes([len(own)]) + own + bytes([len(peers)]))
        for p, c, m in peers:
            b = aligned(b + bytes([len(p)]) + p + bytes([len(c)]) + c)
            b = aligned(b + struct.pack(">I", 0) + mac(m))
        return pnblock(0x020f, b + b"\0" * 12)

    def aligned(b):         # of the block, whose head has six bytes
        return b + b"\0" * (-(len(b) + 6) % 4)

    name = b"sampler-1"
    face = aligned(aligned(bytes([len(name)]) + name) + mac(DEV)) + ip()

    def multiple(slot, subslot, inner):
        inner = padded(inner)
        body = struct.pack(">HIHH", 0, 0, slot, subslot) + inner
        return struct.pack(">HHBB", 0x0400, len(body) + 2, 1, 0) + body
    return multiple(0, 0x8000, pnblock(0x0240, face)) + multiple(0, 0x8001, port(0, 0x8001, b"port-001", [
        (b"port-004", b"switch-1", "02:00:5e:00:00:44")])) + multiple(0, 0x8002, port(0, 0x8002, b"port-002", []))


class Rpc:
    """Who calls from a port of his own, and who answers from another than 34964."""

    def __init__(self, cap, le=False, activity=1, iface=1, client=("10.0.0.1", 49155, PLC),
                 server=("10.0.0.2", 49161, DEV)):
        self.cap, self.le, self.activity, self.iface, self.seq = cap, le, activity, iface, 0
        self.client, self.server = client, server

    def send(self, a, b, sport, dport, payload):
        self.cap.add(eth(ipv4(17, udp(sport, dport, payload), a[0], b[0]), src=a[2], dst=b[2]))

    def ask(self, op, body, **k):
        self.send(self.client, self.server, self.client[1], 34964,
                  rpc(0, op, self.seq, body, self.le, self.iface, activity=self.activity, **k))

    def answer(self, op, body, kind=2, le=None, **k):
        self.send(self.server, self.client, self.server[1], self.client[1], rpc(
            kind, op, self.seq, body, self.le if le is None else le, self.iface, activity=self.activity, **k))
        self.seq += 1

    def call(self, op, q, a, **k):
        self.ask(op, q, **k)
        self.answer(op, a, **k)


def cm_cases():
    cap = Capture()
    r = Rpc(cap)
    r.call(0, connect(), connected())
    one = record_head(0x0008, 1, 1, 1, 1, 6) + b"\1\2\3\4\5\6"
    r.call(3, args([one]), args([record_head(0x8008, 1, 1, 1, 1, 6, tail=b"\0" * 24)], status=0))
    # several at once: a value, a setting that is refused, tags
    tags = pnblock(0x0021, b"Sample pump".ljust(32) + b"Lab 3".ljust(22))
    port = pnblock(0x0202, b"\0" * 6)
    many = [record_head(0x0008, 2, 0xffff, 0xffff, 0xe040, 0, api=0xffffffff),
            record_head(0x0008, 3, 2, 1, 0x200, 3) + b"\7\7\7\0",
            record_head(0x0008, 4, 0, 0x8001, 0x802f, len(port)) + port,
            record_head(0x0008, 5, 0, 1, 0xaff1, len(tags)) + padded(tags),
            record_head(0x0008, 6, 0, 1, 0xaff2, 22) + padded(pnblock(0x0022, b"2026-11-22 10:00")),
            record_head(0x0008, 7, 0, 1, 0xaff3, 60) + pnblock(0x0023, b"Bought used".ljust(54))]
    ok, bad = b"\0" * 4 + b"\0" * 4 + b"\0" * 16, b"\0" * 4 + struct.pack(">I", 0xdf80b600) + b"\0" * 16
    r.call(3, args(many), args([
        record_head(0x8008, 2, 0xffff, 0xffff, 0xe040, 0, api=0xffffffff, tail=ok),
        record_head(0x8008, 3, 2, 1, 0x200, 3, tail=ok), record_head(0x8008, 4, 0, 0x8001, 0x802f, len(port), tail=bad),
        record_head(0x8008, 5, 0, 1, 0xaff1, len(tags), tail=ok), record_head(0x8008, 6, 0, 1, 0xaff2, 22, tail=ok),
        record_head(0x8008, 7, 0, 1, 0xaff3, 60, tail=ok)], status=0))
    r.call(4, control(0x0110, 1), control_res(0x8110, 8))
    ready = Rpc(cap, activity=2, iface=2, client=("10.0.0.2", 49162, DEV), server=("10.0.0.1", 49154, PLC))
    ready.call(4, args([pnblock(0x0112, b"\0\0" + AR + struct.pack(">HHHH", 1, 0, 2, 0)), diff()]),
               control_res(0x8112, 8), ids=(1, 0x010d, 0x002a))
    r.call(1, control(0x0114, 4), control_res(0x8114, 8))
    save(cap, "profinet_cm", "relation")

    cap = Capture()
    r = Rpc(cap, le=True)
    r.call(0, connect(True), connected(True))
    # asked in one order of bytes, answered in the other
    r.ask(0, connect(True))
    r.answer(0, connected(), le=False)
    r.ask(0, connect(True))
    r.answer(0, args([], True, 0xdb810104), kind=2)
    r.ask(0, connect(True))
    r.answer(0, struct.pack("<I", 0x1c010006), kind=6)
    r.ask(2, read_req(1, 0, 1, 0xaff0, True))
    r.answer(2, struct.pack("<I", 0x1c000099), kind=3)
    for kind in (1, 4, 5, 7):
        r.send(r.client, r.server, r.client[1], 34964, rpc(kind, 0, 3, b"", True))
    save(cap, "profinet_cm", "orders")

    cap = Capture()
    r = Rpc(cap)
    r.call(2, read_req(1, 0, 1, 0xaff0), read_res(1, 0, 1, 0xaff0, im0()))
    r.call(5, read_req(2, 3, 1, 0xaff0), read_res(2, 3, 1, 0xaff0, im0(b"6XX7 131-6BF00", b"")))
    r.call(2, read_req(3, 0, 1, 0xaff1), read_res(3, 0, 1, 0xaff1, tags))
    r.call(2, read_req(4, 0, 0, 0xf841), read_res(4, 0, 0, 0xf841, real_data()))
    r.call(2, read_req(5, 1, 1, 7), read_res(5, 1, 1, 7, b"\1\2\3"))
    r.call(2, read_req(6, 9, 9, 0x8001), read_res(6, 9, 9, 0x8001, b"", 0xde80b200))
    r.call(2, read_req(7, 0, 1, 0xaff2), read_res(7, 0, 1, 0xaff2, b"", 0xde000001))
    r.ask(2, read_req(8, 0, 1, 0xaff3))
    r.ask(2, read_req(8, 0, 1, 0xaff3))
    save(cap, "profinet_cm", "records")

    cap = Capture()
    note = (b"S7-SAMPLE".ljust(25) + b" " + b"6XX7 212-1BE40".ljust(20) + b" " + b"4".rjust(5) + b" V  4  2  0").ljust(63) + b"\0"
    r = Rpc(cap, le=True, iface=0)

    def entries(notes, status=0):
        b = b"\0" * 20 + struct.pack("<IIII", len(notes), len(notes), 0, len(notes))
        for n, ids in notes:
            b += uuid(OBJECT % ids if ids else "01020304-0000-0000-0000-000000000000", True) + struct.pack(
                "<III", 3, 0, len(n)) + padded(n)
        return b + struct.pack("<II", 4, 4) + b"towr" + struct.pack("<I", status)
    r.call(2, b"\0" * 76, entries([(note, (1, 0x010d, 0x002a))]))
    r.call(2, b"\0" * 76, entries([(b"simple box\0\0", (1, 2, 0x011d)), (b"other\0", None)]))
    r.ask(2, b"\0" * 76)
    r.answer(2, entries([], 0x16c9a0d6))
    r.ask(2, b"\0" * 76)
    r.answer(2, entries([(b"x" * 65, (1, 2, 3))]))
    r.ask(3, b"\0" * 40)
    save(cap, "profinet_cm", "endpoint-mapper")

    cap = Capture()
    # a request in fragments, one of which comes twice; its answer in two
    r = Rpc(cap, activity=7)
    big = args([record_head(0x0008, 1, 0xffff, 0xffff, 0xe040, 0)] + [
        record_head(0x0008, 2 + i, 1 + i, 1, 1, 700) + bytes([i]) * 700 for i in range(3)])
    for i, (part, flags) in enumerate(((big[:900], 0x24), (big[900:1800], 0x24), (big[1800:], 0x26))):
        for _ in range(2 if i == 1 else 1):
            r.ask(3, part, flags=flags, frag=i)
    small = args([record_head(0x8008, 2 + i, 1 + i, 1, 1, 700, tail=ok) for i in range(3)], status=0)
    r.send(r.server, r.client, r.server[1], r.client[1], rpc(2, 3, 0, small[:120], flags=0x24, activity=7))
    r.send(r.server, r.client, r.server[1], r.client[1], rpc(2, 3, 0, small[120:], flags=0x26, activity=7, frag=1))
    # sent twice, never answered
    r.seq += 1
    for _ in range(2):
        r.ask(3, big[:900], flags=0x24, frag=0)
        r.ask(3, big[900:], flags=0x26, frag=1)
    # from the middle: a last fragment alone, an answer alone
    r.ask(3, big[1800:], flags=0x26, frag=2)
    r = Rpc(cap, activity=8, client=("10.0.0.5", 49155, TOOL))
    r.answer(2, read_res(1, 0, 1, 0xaff0, im0()))
    r.answer(0, connected())
    save(cap, "profinet_cm", "fragments")

    cap = Capture()
    r = Rpc(cap, activity=9)
    r.ask(0, connect()[:-30], length=len(connect()))
    r.ask(0, args([ar_req()], actual=9999))
    r.ask(0, b"\0" * 8)
    r.seq += 1
    r.ask(0, args([pnblock(0x0101, b"\0\1", 200)]))
    r.seq += 1
    r.ask(0, args([pnblock(0x0101, b"\0\1")]))
    r.seq += 1
    r.ask(3, args([record_head(0x0008, 1, 1, 1, 1, 600) + b"\0" * 8]))
    r.seq += 1
    r.ask(9, args([]))
    r.answer(9, args([], status=0xdb81ff00))
    r.ask(4, args([pnblock(0x0118, b"\0\0" + AR + struct.pack(">HHHH", 1, 0, 0x40, 0))]))
    r.seq += 1
    r.send(r.client, r.server, r.client[1], 34964, rpc(0, 0, 9, b"", version=5))
    r.send(r.client, r.server, r.client[1], 34964, rpc(0, 0, 9, connect(), iface=9))
    # not this protocol, on its port
    cap.add(eth(ipv4(17, udp(50000, 34964, b"\4\0 something else entirely" * 4))))
    f = eth(ipv4(17, udp(49155, 34964, rpc(0, 0, 20, connect(), activity=10))))
    for n in (50, 100, 130, 200, 300):
        cap.add(f[:n], len(f))
    save(cap, "profinet_cm", "malformed")


def control_res(kind, command):
    return args([pnblock(kind, b"\0\0" + AR + struct.pack(">HHHH", 1, 0, command, 0))], status=0)


dcp_cases()
rt_cases()
over_udp()
cm_cases()
