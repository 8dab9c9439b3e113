#!/usr/bin/env python3
"""Builds test/golden/atg/*.pcap from the public description of tank gauges' serial
protocol: inquiries, settings, a security code, and what is not understood."""
import os

from frames import Capture, Talk

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "atg")


def people(cmd, site=b"SITE 4711", body=b"IN-TANK INVENTORY"):
    return b"\x01\r\n" + cmd + b"\r\nNOV 24, 2025  4:00 PM\r\n\r\n" + site + b"\r\n12 MAIN ST\r\n\r\n" + body + b"\r\n\x03"


def gauge():
    cap = Capture()
    t = Talk(cap, sport=10001)
    for q, a in ((b"\x01I20100\r", people(b"I20100")), (b"\x01I20501\r\n", people(b"I20501", b"")),
                 (b"\x01i20100\x03", b"\x01i201002511241600010000000441B8000&&F1A2\x03"),
                 (b"\x01I90200\n", people(b"I90200", body=b"SOFTWARE# 346330-100-B")), (b"\x01S60201DIESEL\r", people(b"S60201")),
                 (b"\x01123456S50100 2511241600\r", b"\x01\r\nS50100\r\n\x03"), (b"\x01I99900\r", b"\x019999FF1B\x03"),
                 (b"\x01I10100\r", b"9999FF1B\n"), (b"\x01I20200\r", None)):
        t.c(q)
        if a:
            t.s(a)
    t.c(b"\xff\xf4\xff\xfd\x06")
    t.c(b"\x01I20")
    t.c(b"100\r\x01I20500\r")
    a = people(b"I20100")
    t.s(a[:60])
    t.s(a[60:] + people(b"I20500"))
    t.s(people(b"I11200"))
    t.close()
    t = Talk(cap, sport=12001, cport=40001)
    t.c(b"\x01I20100\r")
    t.s(b"\nI20100\n11/24/2025 16:00\n\n\tSITE\n")
    t = Talk(cap, sport=10001, cport=40002)
    t.c(b"GET / HTTP/1.0\r\n\r\n")
    t = Talk(cap, sport=10001, cport=40003)
    t.c(b"\x01something else\r\n")
    cap.save(os.path.join(OUT, "gauge.pcap"))


os.makedirs(OUT, exist_ok=True)
with open(os.path.join(OUT, "ORIGIN"), "w") as f:
    f.write("Made by make_atg.py from the public description of the protocol, no device's own traffic.\n")
gauge()
