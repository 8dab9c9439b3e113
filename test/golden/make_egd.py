#!/usr/bin/env python3
"""Builds test/golden/egd/*.pcap from the public description of Ethernet Global
Data: exchanges that begin, change and end, and what is malformed."""
import os
import struct

from frames import Capture, eth, ip4, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "egd")


def message(n, exchange, status=0x8000, signature=0x0101, size=8, producer="10.0.0.1", kind=0x0d, version=1, reserved=0):
    return (struct.pack("<BBH", kind, version, n) + ip4(producer) + struct.pack("<III", exchange, 1764000000, 0) +
            struct.pack("<IHHI", status, signature, 0, reserved) + b"\x55" * size)


def exchanges():
    cap = Capture()

    def send(b, port=18246):
        cap.add(eth(ipv4(17, udp(18246, port, b))))

    for n in range(6):
        send(message(100 + n, 1))
        send(message(n, 2, status=0))
    send(message(110, 1))                                               # four are missing
    send(message(111, 1, status=1))
    send(message(112, 1, signature=0x0202, size=16))
    send(message(113, 1, signature=0x0202, size=16))
    for i in range(3, 12):
        send(message(1, i))
    send(message(1, 1, producer="10.0.0.9"), 20000)
    cap.save(os.path.join(OUT, "exchanges.pcap"))


def malformed():
    cap = Capture()

    def send(b, port=18246, cport=18246):
        cap.add(eth(ipv4(17, udp(cport, port, b))))

    send(message(1, 1))
    send(message(2, 1)[:30])
    send(message(3, 1, kind=0x0c))
    send(message(4, 1, version=2))
    send(message(5, 1, reserved=7))
    send(message(6, 1))
    send(b"something else", cport=40000)
    cap.save(os.path.join(OUT, "malformed.pcap"))


os.makedirs(OUT, exist_ok=True)
with open(os.path.join(OUT, "ORIGIN"), "w") as f:
    f.write("Made by make_egd.py from the public description of the protocol, no device's own traffic.\n")
exchanges()
malformed()
