#!/usr/bin/env python3
"""Makes test/golden/atg/*.pcap: tank gauge commands and answers after the TLS-350's
serial interface manual: both formats, security codes, settings, what goes wrong."""
import struct

from tcp_pcap import Capture, Conversation

SOH, ETX = b"\x01", b"\x03"


def cmd(code, data=b"", end=b"", secret=b""):
    return SOH + secret + code + data + end


def display(code, *lines):
    return SOH + b"\r\n" + code + b"\r\nNOV 24, 2025  4:00 PM\r\n\r\n" + b"\r\n".join(lines) + b"\r\n\r\n" + ETX


def tank(n, status, *values, product=b"1"):
    return b"%02d" % n + product + status + b"%02X" % len(values) + b"".join(
        struct.pack(">f", v).hex().upper().encode() for v in values)


HEAD = (b"SAMPLE DEPOT 7", b"1 EXAMPLE ROAD", b"TESTVILLE", b"")
TABLE = (b"IN-TANK INVENTORY", b"",
         b"TANK PRODUCT             VOLUME TC VOLUME   ULLAGE   HEIGHT    WATER     TEMP",
         b"  1  REGULAR UNLEADED      5329      5413     4647    53.25     1.37    57.12",
         b"  2                         100       101      -20     3.50     0.00    -4.25",
         b"  3  BROKEN PROBE         ----")
COMPUTER = b"2511241600" + tank(1, b"0000", 5329, 5413, 4647, 53.25, 1.37, 57.12, 12.5) + \
    tank(2, b"0001", 100, 101, product=b"2")


def functions():
    cap = Capture()
    t = Conversation(cap, 40000, 10001)
    t.c(cmd(b"I20100", end=b"\r\n"))
    t.s(display(b"I20100", *HEAD, *TABLE))
    t.c(cmd(b"I20101"))
    t.s(display(b"I20101", *HEAD, *TABLE[:4]))
    t.c(cmd(b"i20100"))
    t.pieces(1, SOH + b"i20100" + COMPUTER + b"&&A1B2" + ETX, 20)
    t.c(cmd(b"I90200"))
    t.s(display(b"I90200", b"SOFTWARE REVISION LEVEL", b"VERSION 123.01", b"SOFTWARE# 346123-100-B",
                b"CREATED - 99.05.20.13.06"))
    t.c(cmd(b"S60201", b"PREMIUM"))
    t.s(display(b"S60201", *HEAD, b"TANK PRODUCT LABEL", b"TANK  1   PREMIUM"))
    t.c(cmd(b"s50100", b"2511241600"))
    t.s(SOH + b"s501002511241600" + b"&&FFFF" + ETX)
    t.c(cmd(b"S00100"))
    t.s(display(b"S00100", b"SYSTEM RESET"))
    t.c(cmd(b"S00300", secret=b"VERY6S"))
    t.s(display(b"S00300", b"ALARM RESET"))
    t.c(cmd(b"S7A900", b"SECRET"))
    t.s(SOH + b"9999FF1B" + ETX)
    t.c(cmd(b"I10100") + cmd(b"I20500"))
    t.s(display(b"I10100", *HEAD, b"SYSTEM STATUS REPORT", b"ALL FUNCTIONS NORMAL"))
    t.s(display(b"I20500", *HEAD, b"TANK   PRODUCT   STATUS", b"  1    REGULAR   NORMAL"))
    t.c(cmd(b"I11100"))
    t.close()
    cap.write("atg", "functions")


def plain():
    """As gauges' imitations answer: no SOH, no ETX, bytes of a terminal between."""
    cap = Capture()
    t = Conversation(cap, 40001, 10001)
    t.c(cmd(b"I20100", end=b"\r\n"))
    t.s(b"\nI20100\n11/24/2025 16:00\n\nSTATION\n\n\n\n" + b"\n".join(TABLE) + b"\n")
    t.s(b"  4  MORE        1  2  3  4  5  6\n")
    t.c(b"\xff\xf4\xff\xfd\x06")
    t.c(cmd(b"I30100", end=b"\n"))
    t.s(b"9999FF1B\n")
    t.close()
    cap.write("atg", "plain")


def midstream():
    cap = Capture()
    t = Conversation(cap, 40002, 4001, syn=False)
    t.s(display(b"I20100", *HEAD, *TABLE))
    t.c(cmd(b"I20300"))
    t.s(display(b"I20300", *HEAD, b"IN-TANK LEAK DETECT REPORT"))
    t = Conversation(cap, 40003, 10001, syn=False)
    t.c(cmd(b"I20100", secret=b"ABCDEF"))
    t.s(SOH + b"i20100" + COMPUTER + ETX)
    cap.write("atg", "midstream")


def malformed():
    cap = Capture()
    t = Conversation(cap, 40004, 10001)
    t.c(cmd(b"I20100"))
    t.s(SOH + b"i20100" + ETX)
    t.c(cmd(b"X20100"))
    t.c(cmd(b"i20100"))
    t.s(SOH + b"i201002511241600" + b"01100000FF41" + ETX)
    t.c(cmd(b"i20100"))
    t.s(SOH + b"i201002511241600" + b"0110000001ZZZZZZZZ" + ETX)
    t.c(cmd(b"I20100"))
    t.s(SOH + b"I20100\r\n" + b"x" * 200 + b"\r\n\r\n" + b"y\r\n" * 20 + ETX)
    t = Conversation(cap, 40005, 10001)
    t.c(b"GET / HTTP/1.0\r\n\r\n")
    t.s(b"HTTP/1.0 400 Bad\r\n\r\n")
    cap.write("atg", "malformed")


functions()
plain()
midstream()
malformed()
