#!/usr/bin/env python3
"""Builds test/golden/can/*.pcap: CAN frames in UDP in the form public captures
show, and what is malformed."""
import os
import struct

from frames import Capture, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "can")


def datagram(n, frames=None, data=b"\x01\x02\x03\x04\x05\x06\x07\x08"):
    body = b"".join(struct.pack("<IB", 0x09f11200 + i, len(data)) + data + b"\0\0\0" for i in range(n))
    return b"ISO11898\x01" + bytes([n if frames is None else frames]) + body + b"\x01\x60\xff"


def main():
    cap = Capture()
    for i, b in enumerate([datagram(2)] * 4 + [datagram(1), datagram(1, 9), b"ISO1189", b"not this at all", b"ISO11898\x01", datagram(3)]):
        cap.add(eth(ipv4(17, udp(40000, 11898, b), "192.0.2.10", "192.0.2.20")))
    cap.add(eth(ipv4(17, udp(11898, 40000, datagram(1)), "192.0.2.20", "192.0.2.10")))
    cap.add(eth(ipv4(17, udp(40001, 25353, datagram(2)), "192.0.2.11", "192.0.2.20")))
    cap.add(eth(ipv4(17, udp(40002, 11898, b"something else"), "192.0.2.12", "192.0.2.20")))
    os.makedirs(OUT, exist_ok=True)
    cap.save(os.path.join(OUT, "frames.pcap"))


main()
