#!/usr/bin/env python3
"""Builds captures of serial lines: test/golden/rtac_serial/*.pcap, Modbus and DNP3 as an
RTAC records them (master and slave, pieces, exceptions, line errors, another protocol), and
test/golden/profibus/*.pcap, a PROFIBUS DP line from its start."""
import os
import struct

from frames import Capture, T0

TOP = os.path.dirname(os.path.abspath(__file__))


def rtac(cap, event, data=b"", lines=0x19, wire=None):
    head = struct.pack(">IIBBH", T0, cap.us + 1000, event, lines, 0)
    cap.add(head + data, wire and wire + 12)


def reflected(poly, start, b):
    c = start
    for x in b:
        c ^= x
        for _ in range(8):
            c = c >> 1 ^ poly if c & 1 else c >> 1
    return c


def rtu(*b):
    b = bytes(b)
    return b + struct.pack("<H", reflected(0xa001, 0xffff, b))


def dnp3(control, dst, src, data):
    def crc(b):
        return struct.pack("<H", ~reflected(0xa6bc, 0, b) & 0xffff)
    head = struct.pack("<BBBBHH", 5, 0x64, 5 + len(data), control, dst, src)
    out = head + crc(head)
    for i in range(0, len(data), 16):
        out += data[i:i + 16] + crc(data[i:i + 16])
    return out


def modbus_case():
    cap = Capture(250)
    rtac(cap, 0)
    rtac(cap, 1, rtu(5, 3, 0, 10, 0, 2))
    rtac(cap, 3)
    rtac(cap, 2, rtu(5, 3, 4, 0, 215, 1, 44))
    rtac(cap, 4)
    rtac(cap, 1, rtu(5, 6, 0, 20, 3, 232))               # looks the same both ways
    rtac(cap, 2, rtu(5, 6, 0, 20, 3, 232))
    rtac(cap, 1, rtu(5, 16, 0, 1, 0, 2, 4, 0, 1, 0, 2)[:6])      # in pieces
    rtac(cap, 1, rtu(5, 16, 0, 1, 0, 2, 4, 0, 1, 0, 2)[6:])
    rtac(cap, 2, rtu(5, 0x90, 2))
    mei = b"\x06Vendor\x01\x05MB-12\x02\x041.20"
    rtac(cap, 1, rtu(7, 43, 14, 1, 0))
    rtac(cap, 2, rtu(7, 43, 14, 1, 1, 0, 0, 3, 0, *mei))
    rtac(cap, 1, rtu(9, 3, 0, 0, 0, 1))                   # nobody answers
    rtac(cap, 1, rtu(5, 3, 0, 10, 0, 2))
    rtac(cap, 2, rtu(5, 3, 4, 0, 216, 1, 45)[:-1] + b"\x00")      # a wrong checksum
    for event in (7, 8, 9, 10, 5, 6):
        rtac(cap, event)
    rtac(cap, 1, rtu(5, 3, 0, 10, 0, 2)[:6], wire=8)
    rtac(cap, 11)
    cap.add(b"\0" * 9)
    cap.save(os.path.join(TOP, "rtac_serial", "modbus.pcap"))
    # the RTAC is asked: the first question shows it
    cap = Capture(250)
    rtac(cap, 2, rtu(1, 3, 0, 10, 0, 2))
    rtac(cap, 1, rtu(1, 3, 4, 0, 215, 1, 44))
    rtac(cap, 2, rtu(1, 5, 0, 3, 255, 0))
    rtac(cap, 1, rtu(1, 5, 0, 3, 255, 0))
    cap.save(os.path.join(TOP, "rtac_serial", "modbus-slave.pcap"))


def dnp3_case():
    cap = Capture(250)
    crob = bytes([12, 1, 0x28, 1, 0, 7, 0, 0x41, 1]) + struct.pack("<II", 500, 0)
    rtac(cap, 1, dnp3(0xc4, 10, 1, bytes([0xc0, 0xc0, 1, 60, 1, 6])), 0x1f)
    rtac(cap, 2, dnp3(0x44, 1, 10, bytes([0xc0, 0xc0, 129, 0, 0, 30, 2, 0, 0, 0, 1, 0x2c, 1])), 0x1f)
    operate = dnp3(0xc4, 10, 1, bytes([0xc1, 0xc1, 5]) + crob + b"\0")
    rtac(cap, 1, operate[:20])
    rtac(cap, 1, operate[20:])
    answer = dnp3(0x44, 1, 10, bytes([0xc1, 0xc1, 129, 0, 0]) + crob + b"\0")
    rtac(cap, 2, answer)
    name = b"RTU-7 feeder"
    rtac(cap, 1, dnp3(0xc4, 10, 1, bytes([0xc2, 0xc2, 1, 0, 250, 0, 0, 0])))
    rtac(cap, 2, dnp3(0x44, 1, 10, bytes([0xc2, 0xc2, 129, 0, 0, 0, 250, 0, 0, 0, 1, len(name)]) + name))
    rtac(cap, 1, dnp3(0xc4, 10, 1, bytes([0xc3, 0xc3, 13])))      # cold restart, no answer
    spoilt = bytearray(answer)
    spoilt[12] ^= 1
    rtac(cap, 2, bytes(spoilt))
    cap.save(os.path.join(TOP, "rtac_serial", "dnp3.pcap"))
    # SEL's own ASCII and fast messages: counted
    cap = Capture(250)
    rtac(cap, 1, b"ID\r\n")
    rtac(cap, 2, b"\x02\"FID=SEL-351S-X\",\"0000\"\r\n\x03")
    rtac(cap, 1, b"\xa5\xc0")
    cap.save(os.path.join(TOP, "rtac_serial", "other.pcap"))


# --- PROFIBUS ---

SC = b"\xe5"


def token(dst, src):
    return bytes([0xdc, dst, src])


def fdl(dst, src, fc, data=b"", saps=None, sd=None):
    if saps:
        dst, src, data = dst | 128, src | 128, bytes(saps) + data
    body = bytes([dst, src, fc]) + data
    end = bytes([sum(body) & 255, 0x16])
    if sd is None:
        sd = 0x10 if not data else 0x68
    return (bytes([0x68, len(body), len(body), 0x68]) if sd == 0x68 else bytes([sd])) + body + end


def profibus_case():
    cap = Capture(257)

    def diag(bits, ident=0x80a4, ext=b"", slave=5):
        cap.add(fdl(slave, 2, 0x6d, saps=(60, 62), data=b""), wait_us=300)
        cap.add(fdl(2, slave, 8, saps=(62, 60),
                    data=bytes([bits & 255, bits >> 8 | 4, 0, 2, ident >> 8, ident & 255]) + ext), wait_us=300)

    def cyclic(out, into, slave=5):
        cap.add(fdl(slave, 2, 0x5d, out, sd=0xa2 if len(out) == 8 else None), wait_us=300)
        cap.add(fdl(2, slave, 8, into) if into else SC, wait_us=300)

    for _ in range(3):
        cap.add(token(2, 2))
    cap.add(fdl(9, 2, 0x49))                              # is anybody there: nobody
    cap.add(token(2, 2))
    cap.add(fdl(3, 2, 0x49))
    cap.add(fdl(2, 3, 0x20))                              # a master that is ready for the ring
    cap.add(token(3, 2))
    cap.add(token(2, 3))
    cap.add(fdl(5, 2, 0x4e))                              # who are you
    cap.add(fdl(2, 5, 8, bytes([7, 6, 3, 4]) + b"Siemens" b"ET200M" b"A02" b"V1.0"))
    diag(0x0102)
    cap.add(fdl(5, 2, 0x7d, saps=(61, 62), data=bytes([0xb8, 10, 2, 11, 0x80, 0xa4, 1, 0, 0, 0])))
    cap.add(SC)
    cap.add(fdl(5, 2, 0x5d, saps=(62, 62), data=bytes([0x11, 0x21, 0x43, 0x81, 0xc3, 0x00, 0x40])))
    cap.add(SC)
    cap.add(fdl(5, 2, 0x5d, saps=(59, 62)))
    cap.add(fdl(2, 5, 8, saps=(62, 59), data=bytes([0x11, 0x21])))
    diag(0x0800)
    for _ in range(3):
        cap.add(fdl(127, 2, 0x46, saps=(58, 62), data=b"\x02\x00"))
    for i in range(20):
        cyclic(bytes(8), bytes([i, 0]))
    cap.add(fdl(127, 2, 0x46, saps=(58, 62), data=b"\x00\x00"))
    cyclic(bytes(8), b"\1\0\2\0")                        # it gives more than before
    diag(0x0808, ext=b"\x04\x81\0\0")                    # something is broken
    cyclic(b"\x10", b"", slave=6)                           # outputs only
    cap.add(fdl(5, 2, 0x5c, saps=(51, 51), data=bytes([0x5f, 1, 40, 2, 0x12, 0x34])))
    cap.add(SC)
    cap.add(fdl(5, 2, 0x5c, saps=(51, 51), data=bytes([0x5e, 1, 41, 16])))
    cap.add(fdl(2, 5, 8, saps=(51, 51), data=bytes([0xde, 0x80, 0xb0, 0])))
    cap.add(fdl(126, 2, 0x7d, saps=(55, 62), data=bytes([12, 0x80, 0xa4, 0])))
    cap.add(token(3, 2))                                  # nobody took it
    cap.add(fdl(7, 3, 0x7d, saps=(61, 62), data=bytes([0x80, 0, 0, 11, 0, 1, 0])))
    cap.add(fdl(3, 7, 3))                                 # its access point is not open
    cap.add(fdl(127, 2, 0x46, saps=(58, 62), data=b"\x28\x01"))
    cap.add(fdl(5, 2, 0x7d, saps=(61, 62), data=bytes([0x40, 0, 0, 11, 0x80, 0xa4, 0])))
    cap.save(os.path.join(TOP, "profibus", "line.pcap"))

    cap = Capture(257)
    good = fdl(5, 2, 0x7d, saps=(61, 62), data=bytes([0x80, 0, 0, 11, 0, 1, 0]))
    cap.add(good[:-2] + b"\0\x16")
    cap.add(good[:-1] + b"\x17")
    cap.add(b"\x68\x05\x06\x68" + good[4:])
    cap.add(good[:9])
    cap.add(b"\x42\x00")
    cap.add(SC)
    cap.add(fdl(5, 2, 0x7d, saps=(61, 62), data=b"\x80\0\0"))
    cap.add(SC)
    cap.add(fdl(5, 2, 0x6d, saps=(60, 62)))
    cap.add(fdl(2, 5, 8, saps=(62, 60), data=b"\0\4"))
    cap.add(fdl(5, 2, 0x5d, saps=(62, 62), data=b"\xc3\x01"))
    cap.add(SC)
    cap.add(fdl(127, 2, 0x46, saps=(58, 62), data=b"\x02"))
    for n in (1, 3, 8, len(good) - 1):
        cap.add(good[:n], len(good))
    cap.save(os.path.join(TOP, "profibus", "malformed.pcap"))


if __name__ == "__main__":
    for name in ("rtac_serial", "profibus"):
        os.makedirs(os.path.join(TOP, name), exist_ok=True)
    modbus_case()
    dnp3_case()
    profibus_case()
