#!/usr/bin/env python3
"""Makes test/golden/{stp,hsrp,vrrp,ospf,eigrp,igmp,ptp,rip}/*.pcap from IEEE 802.1Q, RFC 2281,
RFC 5798, RFC 2328, RFC 7868, RFC 3376, 2453 and IEEE 1588: announcements, what changes in
them, shared words in clear, what is malformed, cut, or spoken midway."""
import os
import struct

from frames import Capture, eth, ip4, ipv4, ipv6, mac, udp, vlan

HERE = os.path.dirname(os.path.abspath(__file__))
SECRET = b"HEMLIGT1"
R = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
M = ["02:00:00:00:00:%02x" % i for i in (1, 2, 3)]


def save(cap, name, case):
    os.makedirs(os.path.join(HERE, name), exist_ok=True)
    cap.save(os.path.join(HERE, name, case + ".pcap"))


def llc(body, src, dst="01:80:c2:00:00:00"):
    return mac(dst) + mac(src) + struct.pack(">H", 3 + len(body)) + b"\x42\x42\x03" + body


def snap(body, src, oui=b"\0\0\x0c", pid=0x010b):
    body = b"\xaa\xaa\x03" + oui + struct.pack(">H", pid) + body
    return mac("01:00:0c:cc:cc:cd") + mac(src) + struct.pack(">H", len(body)) + body


def bridge(priority, address):
    return struct.pack(">H", priority) + mac(address)


def bpdu(kind=0, version=0, flags=0, root=None, cost=0, own=None, port=0x8001, age=0, max_age=20):
    return struct.pack(">HBBB", 0, version, kind, flags) + root + struct.pack(">I", cost) + own + struct.pack(
        ">HHHHH", port, age << 8, max_age << 8, 2 << 8, 15 << 8)


def stp():
    a, b = bridge(0x8000, M[0]), bridge(0x8000, M[1])
    cap = Capture()
    for i in range(3):
        cap.add(llc(bpdu(root=a, own=a), M[0]), wait_us=2000000)
    cap.add(llc(bpdu(root=a, own=a, flags=1), M[0]))                          # topology change
    cap.add(llc(bpdu(root=bridge(0x1000, M[2]), cost=4, own=a, age=1), M[0]))  # another root
    cap.add(llc(struct.pack(">HBB", 0, 0, 0x80), M[1]))                       # TCN
    rst = bpdu(2, 2, 0x3c, b, 0, b, 0x8002) + b"\0"
    cap.add(llc(rst, M[1]))
    cap.add(llc(bpdu(2, 2, 0x7c, b, 0, b, 0x8002) + b"\0", M[1]))              # agreement: no news
    cap.add(llc(bpdu(2, 2, 0x38, a, 20000, b, 0x8002) + b"\0", M[1]))          # role: root port
    mst = b"\0" + b"LAB-REGION".ljust(32, b"\0") + struct.pack(">H", 7) + bytes(16) + bytes(4) + b + b"\x14"
    cap.add(llc(bpdu(2, 3, 0x7c, a, 0, b, 0x8003) + b"\0" + struct.pack(">H", len(mst) + 32) + mst + bytes(32), M[1]))
    cap.add(snap(bpdu(root=bridge(0x8000 + 10, M[0]), own=bridge(0x8000 + 10, M[0])) + b"\0" +
                 struct.pack(">HHH", 0, 2, 10), M[0]))                        # PVST+
    cap.add(snap(bpdu(2, 2, 0x3c, bridge(0x8000 + 20, M[0]), 0, bridge(0x8000 + 20, M[0])) + b"\0" +
                 struct.pack(">HHH", 0, 2, 20), M[0]))                        # rapid PVST+
    save(cap, "stp", "trees")
    cap = Capture()
    cap.add(llc(b"\0\1\0\0", M[0]))
    cap.add(llc(struct.pack(">HBB", 0, 0, 0x44), M[0]))
    cap.add(llc(bpdu(root=a, own=a)[:20], M[0]))
    cap.add(llc(bpdu(2, 3, 0x7c, a, 0, b, 0x8003) + b"\0" + struct.pack(">H", 900) + mst, M[1]))
    cap.add(llc(bpdu(2, 3, 0x7c, a, 0, b, 0x8003) + b"\0" + struct.pack(">H", 10) + mst, M[1]))
    cap.add(llc(bpdu(root=a, own=b, age=21), M[1]))                           # older than it may be
    cap.add(llc(bpdu(root=bytes(8), own=bytes(8)), M[1]))                     # nobody's tree
    cap.add(llc(bpdu(root=a, own=bridge(0x8000, "01:80:c2:00:00:00")), M[1]))  # a group's
    cut = llc(bpdu(root=a, own=b), M[2])
    cap.add(cut[:40], wire=len(cut))
    save(cap, "stp", "malformed")


def hsrp():
    def v1(state, priority=100, group=1, op=0, word=b"cisco", ip="192.0.2.254"):
        return struct.pack(">BBBBBBBB", 0, op, state, 3, 10, priority, group, 0) + word.ljust(8, b"\0") + ip4(ip)

    def v2(state, priority=100, group=300, op=0, ip=ip4("192.0.2.253"), extra=b""):
        return b"\1\x28" + struct.pack(">BBBBH6sIII", 2, op, state, 6 if len(ip) == 16 else 4, group, mac(M[1]),
                                       priority, 3000, 10000) + ip.ljust(16, b"\0") + extra

    def send(cap, body, i, dst="224.0.0.2", **kw):
        cap.add(eth(ipv4(17, udp(1985, 1985, body), R[i], dst), src=M[i], dst="01:00:5e:00:00:02"), **kw)
    cap = Capture()
    send(cap, v1(16, 200), 0)
    send(cap, v1(8), 1)
    for _ in range(3):
        send(cap, v1(16, 200), 0, wait_us=3000000)
        send(cap, v1(8), 1)
    send(cap, v1(8, op=1), 1, wait_us=11000000)                               # coup
    send(cap, v1(16), 1)
    send(cap, v1(16, 250, 2, word=SECRET), 2)
    send(cap, v1(16, 250, 2, op=2, word=SECRET), 2)                           # resign
    send(cap, v1(16, 200, 4, word=bytes(8)) + b"\4\x1c" + bytes(28), 0)       # MD5
    send(cap, struct.pack(">BBHHBBHHI", 0, 3, 1, 10, 2, 0, 1, 0, 0) + bytes(4), 0)
    save(cap, "hsrp", "version1")
    cap = Capture()
    send(cap, v2(6, extra=b"\3\x08" + SECRET), 0, "224.0.0.102")
    send(cap, v2(5, 90, extra=b"\4\x1c" + bytes(28)), 1, "224.0.0.102")
    send(cap, v2(6, 120, extra=b"\4\x1c" + bytes(28)), 1, "224.0.0.102")
    cap.add(eth(ipv6(17, udp(2029, 2029, v2(6, ip=bytes.fromhex("fe80") + bytes(13) + b"\1"))), 0x86dd, M[2],
                "33:33:00:00:00:66"))
    send(cap, b"\2\4" + struct.pack(">HH", 1, 0), 0, "224.0.0.102")
    save(cap, "hsrp", "version2")
    cap = Capture()
    send(cap, v1(16), 0)
    send(cap, v1(3), 0)
    send(cap, v1(16)[:12], 0)
    send(cap, v2(6), 1, "224.0.0.102")
    send(cap, v2(6)[:20], 1, "224.0.0.102")
    send(cap, b"\1\x03" + bytes(3), 1, "224.0.0.102")
    save(cap, "hsrp", "malformed")


def vrrp():
    def v2(vrid, priority, ips=("192.0.2.254",), auth=0, word=b""):
        return struct.pack(">BBBBBBH", 0x21, vrid, priority, len(ips), auth, 1, 0) + b"".join(map(ip4, ips)) + word.ljust(8, b"\0")

    def v3(vrid, priority, ips):
        return struct.pack(">BBBBHH", 0x31, vrid, priority, len(ips), 100, 0) + b"".join(ips)

    def send(cap, body, i, ttl=255, **kw):
        cap.add(eth(ipv4(112, body, R[i], "224.0.0.18", ttl=ttl), src="00:00:5e:00:01:%02x" % body[1],
                    dst="01:00:5e:00:00:12"), **kw)
    cap = Capture()
    for _ in range(3):
        send(cap, v2(1, 255, (R[0], "192.0.2.254")), 0, wait_us=1000000)
    send(cap, v2(1, 0, (R[0], "192.0.2.254")), 0)                             # steps down
    send(cap, v2(1, 100, (R[0], "192.0.2.254")), 1)
    send(cap, v2(2, 100, auth=1, word=SECRET), 1)
    send(cap, v3(3, 120, [ip4("192.0.2.252")]), 1)
    six = ipv6(112, v3(4, 120, [bytes.fromhex("fe80") + bytes(13) + b"\4"]), src=bytes.fromhex("fe80") + bytes(13) + b"\2")
    cap.add(eth(six[:7] + b"\xff" + six[8:], 0x86dd, "00:00:5e:00:02:04", "33:33:00:00:00:12"))
    send(cap, struct.pack(">BBBBBBH", 0x21, 9, 0, 7, 0, 1, 0) + bytes(28), 2)  # CARP
    save(cap, "vrrp", "masters")
    cap = Capture()
    send(cap, b"\x71\1\x64\1" + bytes(8), 0)
    send(cap, v2(1, 100)[:6], 0)
    send(cap, struct.pack(">BBBBBBH", 0x21, 1, 100, 9, 0, 1, 0) + bytes(8), 0)
    send(cap, v2(1, 100), 0, ttl=64)
    save(cap, "vrrp", "malformed")


def ospf():
    def head(kind, body, router, auth=0, word=bytes(8), version=2):
        h = struct.pack(">BBH4s4sH", version, kind, (24 if version == 2 else 16) + len(body), ip4(router), ip4("0.0.0.0"), 0)
        return h + (struct.pack(">H", auth) + word if version == 2 else b"\0\0") + body

    def hello(dr, bdr, *neighbours):
        return ip4("255.255.255.0") + struct.pack(">HBBI", 10, 2, 1, 40) + ip4(dr) + ip4(bdr) + b"".join(map(ip4, neighbours))

    def send(cap, body, i, dst="224.0.0.5", **kw):
        cap.add(eth(ipv4(89, body, R[i], dst, ttl=1), src=M[i], dst="01:00:5e:00:00:05"), **kw)
    n = "0.0.0.0"
    cap = Capture()
    send(cap, head(1, hello(n, n), "10.0.0.1"), 0)
    send(cap, head(1, hello(n, n, "10.0.0.1"), "10.0.0.2", 1, SECRET), 1)
    send(cap, head(1, hello(n, n, "10.0.0.2"), "10.0.0.1"), 0, wait_us=10000000)
    send(cap, head(2, bytes(8), "10.0.0.1"), 0, R[1])
    send(cap, head(4, struct.pack(">I", 3) + bytes(60), "10.0.0.1"), 0)
    send(cap, head(5, bytes(20), "10.0.0.1"), 0)
    send(cap, head(1, hello(R[0], R[1], "10.0.0.2"), "10.0.0.1"), 0, wait_us=10000000)
    send(cap, head(1, hello(R[0], R[1], "10.0.0.2"), "10.0.0.1"), 0, wait_us=10000000)
    md5 = struct.pack(">HBBI", 0, 1, 16, 7)
    send(cap, head(1, hello(n, n), "10.0.0.3", 2, md5) + bytes(16), 2)
    v3 = head(1, struct.pack(">IBBHHH", 5, 1, 0, 0x13, 10, 40) + bytes(8) + ip4("10.0.0.9"), "10.0.0.4", version=3)
    cap.add(eth(ipv6(89, v3), 0x86dd, M[2], "33:33:00:00:00:05"))
    save(cap, "ospf", "hellos")
    cap = Capture()
    send(cap, b"\7\1" + bytes(30), 0)
    send(cap, head(1, hello(n, n), "10.0.0.1")[:10], 0)
    send(cap, b"\2\1\0\4" + bytes(40), 0)
    send(cap, head(1, hello(n, n)[:8], "10.0.0.1"), 0)
    send(cap, b"\2\1\2\0" + head(1, hello(n, n), "10.0.0.1")[4:], 0)
    save(cap, "ospf", "malformed")


def eigrp():
    def pdu(op, *tlvs, seq=0, ack=0, system=100):
        return struct.pack(">BBHIIIHH", 2, op, 0, 0, seq, ack, 0, system) + b"".join(
            struct.pack(">HH", t, 4 + len(v)) + v for t, v in tlvs)

    def send(cap, body, i, dst="224.0.0.10", **kw):
        cap.add(eth(ipv4(88, body, R[i], dst, ttl=2), src=M[i], dst="01:00:5e:00:00:0a"), **kw)
    k = (1, bytes([1, 0, 1, 0, 0, 0]) + struct.pack(">H", 15))
    cap = Capture()
    send(cap, pdu(5, k, (4, b"\x0f\4\1\2")), 0)
    send(cap, pdu(5, (2, struct.pack(">HHII", 2, 16, 1, 0) + bytes(24)), k), 1)
    send(cap, pdu(5, k, (4, b"\x0f\4\1\2")), 0, wait_us=5000000)
    send(cap, pdu(1, (0x102, bytes(24)), (0x103, bytes(28)), seq=4), 0, R[1])
    send(cap, pdu(5, ack=4), 1, R[0])
    send(cap, pdu(5, (1, b"\xff" * 6 + struct.pack(">H", 15))), 0)             # goodbye
    save(cap, "eigrp", "hellos")
    cap = Capture()
    send(cap, b"\1" + pdu(5, k)[1:], 0)
    send(cap, pdu(5, k)[:9], 0)
    send(cap, pdu(5) + b"\0\1\0\2", 0)
    send(cap, pdu(5) + b"\0\1\0\x40abc", 0)
    send(cap, pdu(5, (1, b"\1\0")), 0)
    save(cap, "eigrp", "malformed")


def igmp():
    def send(cap, body, i, dst, **kw):
        cap.add(eth(ipv4(2, body, R[i], dst, ttl=1), src=M[i], dst="01:00:5e:00:00:16"), **kw)

    def v2(kind, group, time=0):
        return struct.pack(">BBH", kind, time, 0) + ip4(group)

    def v3(*records):
        return struct.pack(">BBHHH", 0x22, 0, 0, 0, len(records)) + b"".join(
            struct.pack(">BBH", kind, 0, len(src)) + ip4(group) + b"".join(map(ip4, src)) for kind, group, src in records)
    cap = Capture()
    send(cap, v2(0x11, "0.0.0.0", 100), 0, "224.0.0.1")
    send(cap, v2(0x16, "239.192.1.1"), 1, "239.192.1.1")
    send(cap, v2(0x16, "239.192.1.1"), 1, "239.192.1.1", wait_us=60000000)
    send(cap, v2(0x12, "239.192.1.2"), 2, "239.192.1.2")
    send(cap, v2(0x17, "239.192.1.1"), 1, "224.0.0.2")
    send(cap, v2(0x17, "239.192.9.9"), 1, "224.0.0.2")
    send(cap, v2(0x11, "239.192.1.1", 10), 0, "239.192.1.1")
    send(cap, v2(0x11, "0.0.0.0", 100) + b"\2\x7d\0\0", 0, "224.0.0.1", wait_us=60000000)
    send(cap, v3((4, "224.0.1.129", ()), (3, "232.1.1.1", ("192.0.2.9",)), (5, "232.1.1.1", ("192.0.2.8",))), 2, "224.0.0.22")
    send(cap, v3((3, "224.0.1.129", ())), 2, "224.0.0.22")
    send(cap, v2(0x13, "0.0.0.0"), 2, "224.0.0.4")
    save(cap, "igmp", "groups")
    cap = Capture()
    send(cap, v2(0x18, "239.1.1.1"), 0, "239.1.1.1")
    send(cap, v2(0x16, "239.1.1.1")[:6], 0, "239.1.1.1")
    send(cap, struct.pack(">BBHHH", 0x22, 0, 0, 0, 9) + b"\4\0\0\1", 0, "224.0.0.22")
    save(cap, "igmp", "malformed")


def ptp():
    def clock(i):
        return bytes.fromhex("020000fffe0000%02x" % i)

    def head(kind, i, body=b"", domain=0, flags=0, version=2, length=None):
        return struct.pack(">BBHBBH8sI", kind, version, 34 + len(body) if length is None else length, domain, 0, flags,
                           bytes(8), 0) + clock(i) + struct.pack(">HHBB", 1, 7, 0, 0) + body

    def announce(i, gm, klass=248, steps=0, flags=0):
        return head(11, i, bytes(10) + struct.pack(">HBBBBHB", 37, 0, 128, klass, 0x21, 0x4e5d, 128) + clock(gm) +
                    struct.pack(">HB", steps, 0x20), flags=flags)

    def manage(i, action, ident, body=b""):
        return head(13, i, clock(9) + struct.pack(">HBBBBHHH", 1, 1, 1, action, 0, 1, 2 + len(body), ident) + body)

    def send(cap, body, i, port=320, **kw):
        cap.add(eth(ipv4(17, udp(port, port, body), R[i], "224.0.1.129", ttl=1), src=M[i], dst="01:00:5e:00:01:81"), **kw)
    cap = Capture()
    send(cap, announce(1, 1, 6, flags=0x3c), 0)
    send(cap, head(0, 1, bytes(10)), 0, 319)
    send(cap, head(8, 1, bytes(10)), 0)
    send(cap, head(1, 2, bytes(10)), 1, 319)
    send(cap, head(9, 1, bytes(20)), 0)
    send(cap, announce(1, 1, 6, flags=0x3c), 0, wait_us=2000000)
    send(cap, announce(1, 1, 7, flags=0x3c), 0, wait_us=2000000)              # holds over
    send(cap, announce(3, 3), 2, wait_us=2000000)
    send(cap, announce(1, 3, steps=1), 0, wait_us=2000000)                    # another grandmaster
    send(cap, manage(4, 0, 0x2000), 2)
    send(cap, manage(4, 1, 0x2005, b"\x7f\0"), 2)
    send(cap, manage(4, 3, 0x0005, b"\0\0"), 2)
    send(cap, head(12, 2, bytes(10)), 1)
    cap.add(eth(head(2, 5, bytes(20)) + bytes(6), 0x88f7, M[2], "01:80:c2:00:00:0e"))
    cap.add(eth(head(3, 6, bytes(20)), 0x88f7, M[1], "01:80:c2:00:00:0e"))
    cap.add(eth(vlan(7, 0x88f7, announce(5, 5)), 0x8100, M[2], "01:80:c2:00:00:0e"))
    send(cap, struct.pack(">HH", 1, 1) + b"_DFLT".ljust(16, b"\0") + bytes(104), 1, 319)
    save(cap, "ptp", "clocks")
    cap = Capture()
    send(cap, announce(1, 1), 0)
    send(cap, head(11, 1, bytes(5)), 0)
    send(cap, head(5, 1), 0)
    send(cap, head(0, 1, version=9), 0)
    send(cap, head(0, 1, length=200), 0)
    cap.add(eth(head(0, 1, length=20), 0x88f7, M[2]))
    cut = eth(announce(5, 5), 0x88f7, M[2])
    cap.add(cut[:50], wire=len(cut))
    save(cap, "ptp", "malformed")


def rip():
    def pdu(version, *entries, command=2):
        return bytes([command, version, 0, 0]) + b"".join(entries)

    def route(net, metric=1, family=2):
        return struct.pack(">HH4s4s4sI", family, 0, ip4(net), ip4("255.255.255.0"), bytes(4), metric)

    def send(cap, body, i, **kw):
        cap.add(eth(ipv4(17, udp(520, 520, body), R[i], "224.0.0.9", ttl=1), src=M[i], dst="01:00:5e:00:00:09"), **kw)
    simple = struct.pack(">HH", 0xffff, 2) + SECRET.ljust(16, b"\0")
    md5 = struct.pack(">HHHBBI", 0xffff, 3, 44, 1, 20, 5) + bytes(8)
    cap = Capture()
    send(cap, pdu(1, route("0.0.0.0", 16, 0), command=1), 0)
    send(cap, pdu(1, route("10.1.0.0"), route("10.2.0.0", 2)), 0)
    send(cap, pdu(1, route("10.1.0.0")), 0, wait_us=30000000)
    send(cap, pdu(2, simple, route("10.3.0.0")), 1)
    send(cap, pdu(2, md5, route("10.4.0.0"), struct.pack(">HH", 0xffff, 1) + bytes(16)), 2)
    send(cap, pdu(2, route("10.1.0.0")), 0, wait_us=30000000)
    save(cap, "rip", "routes")
    cap = Capture()
    send(cap, pdu(2, route("10.1.0.0")), 0)
    send(cap, pdu(9, route("10.1.0.0")), 0)
    send(cap, pdu(2, route("10.1.0.0")) + b"\0\2", 0)
    save(cap, "rip", "malformed")


if __name__ == "__main__":
    for make in (stp, hsrp, vrrp, ospf, eigrp, igmp, ptp, rip):
        make()
