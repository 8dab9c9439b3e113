#!/usr/bin/env python3
"""Builds test/golden/dicom/*.pcap after DICOM PS3.5, PS3.7 and PS3.8: what DCMTK's programs do not
show (test/lab/dicom records those). Patients' data hold the word HEMLIGT."""
import struct

from tcp_pcap import Capture, Conversation

ROOT = b"1.2.840.10008."
CT, MR, MPPS, COMMIT, FILM, PRINTER = (ROOT + x for x in (
    b"5.1.4.1.1.2", b"5.1.4.1.1.4", b"3.1.2.3.3", b"1.20.1", b"5.1.1.1", b"5.1.1.16"))
FIND, MOVE, GET, WORKLIST, VERIFY = (ROOT + x for x in (
    b"5.1.4.1.2.2.1", b"5.1.4.1.2.2.2", b"5.1.4.1.2.2.3", b"5.1.4.31", b"1.1"))
IMPLICIT, EXPLICIT = ROOT + b"1.2", ROOT + b"1.2.1"


def pdu(kind, body):
    return struct.pack(">BBI", kind, 0, len(body)) + body


def item(kind, body):
    return struct.pack(">BBH", kind, 0, len(body)) + body


def user(uid=b"1.3.12.2.1107.5.9.1", version=b"SIEMENS_SWFVD", identity=b"", size=16384):
    return item(0x50, item(0x51, struct.pack(">I", size)) + item(0x52, uid) +
                (item(0x55, version) if version else b"") + item(0x53, b"\0\1\0\1") +
                (item(0x58, identity) if identity else b""))


def rq(called, calling, classes, **kw):
    app = kw.pop("app", ROOT + b"3.1.1.1")
    ctx = b"".join(item(0x20, bytes([2 * i + 1, 0, 0, 0]) + item(0x30, c) + item(0x40, IMPLICIT) +
                        item(0x40, EXPLICIT)) for i, c in enumerate(classes))
    return pdu(1, b"\0\1\0\0" + called.ljust(16) + calling.ljust(16) + b"\0" * 32 +
               item(0x10, app) + ctx + user(**kw))


def ac(called, calling, results, **kw):
    ctx = b"".join(item(0x21, bytes([2 * i + 1, 0, r, 0]) + item(0x40, IMPLICIT))
                   for i, r in enumerate(results))
    return pdu(2, b"\0\1\0\0" + called.ljust(16) + calling.ljust(16) + b"\0" * 32 +
               item(0x10, ROOT + b"3.1.1.1") + ctx + user(**kw))


def el(group, element, value):
    value += b"\0" * (len(value) % 2)
    return struct.pack("<HHI", group, element, len(value)) + value


def us(element, v):
    return el(0, element, struct.pack("<H", v))


def command(field, ident, uid=None, *more, data=False, rsp=None):
    b = (el(0, 2, uid) if uid else b"") + us(0x100, field)
    b += us(0x120, ident) if field & 0x8000 else us(0x110, ident)
    b += b"".join(more) + us(0x800, 1 if data else 0x101)
    b += us(0x900, rsp) if rsp is not None else b""
    return el(0, 0, struct.pack("<I", len(b))) + b


def pdv(body, control, ctx=1):
    return struct.pack(">IBB", len(body) + 2, ctx, control) + body


def cmd(*a, ctx=1, **kw):
    return pdu(4, pdv(command(*a, **kw), 3, ctx))


def data(body, control=2, ctx=1):
    return pdu(4, pdv(body, control, ctx))


def image(serial, model=b"SOMATOM go.Up", extra=b""):
    return (el(8, 0x16, CT) + el(8, 0x18, b"1.2.3.4") + el(8, 0x50, b"HEMLIGT") + el(8, 0x60, b"CT") +
            el(8, 0x70, b"Siemens Healthineers") + el(8, 0x1010, b"CT-1") + el(8, 0x1090, model) + extra +
            el(0x10, 0x10, b"HEMLIGT^Anna") + el(0x10, 0x20, b"HEMLIGT-4711") + el(0x18, 0x1000, serial) +
            el(0x18, 0x1020, b"VA40A") + el(0x20, 0x10, b"HEMLIGT") + el(0x7fe0, 0x10, b"HEMLIGT" * 40))


def sequence():
    """Of undefined length, with items of both kinds, and one inside the other."""
    tag = struct.pack("<HHI", 8, 0x1140, 0xffffffff)
    begin, end = struct.pack("<HHI", 0xfffe, 0xe000, 0xffffffff), struct.pack("<HHI", 0xfffe, 0xe00d, 0)
    inner = struct.pack("<HHI", 0x18, 0x1111, 0xffffffff) + struct.pack("<HHI", 0xfffe, 0xe000, 8) + b"\0" * 8 + \
        struct.pack("<HHI", 0xfffe, 0xe0dd, 0)
    return tag + begin + el(0x18, 0x1000, b"HEMLIGT") + inner + end + struct.pack("<HHI", 0xfffe, 0xe000, 4) + \
        b"HEML" + struct.pack("<HHI", 0xfffe, 0xe0dd, 0)


def release(t):
    t.c(pdu(5, b"\0" * 4))
    t.s(pdu(6, b"\0" * 4))
    t.close()


def session():
    cap = Capture()
    # a modality stores a study: the first of a class is told, and each failure
    t = Conversation(cap, 40000, 104)
    t.pieces(0, rq(b"PACS", b"CT1", [CT, MR, ROOT + b"5.1.4.1.1.999"], identity=b"\1\0\0\x07operato\0\0"), 200)
    t.s(ac(b"PACS", b"CT1", [0, 0, 3], uid=b"1.2.840.113619.6.408", version=b""))
    for i in range(5):
        t.c(cmd(0x0001, i + 1, CT, el(0, 0x1000, b"1.2.3.%d" % i), data=True), data(image(b"1100", extra=sequence())))
        t.s(cmd(0x8001, i + 1, CT, rsp=0xa700 if i == 3 else 0xb000 if i == 4 else 0))
    t.c(cmd(0x0001, 9, MR, data=True, ctx=3), data(image(b"1100"), 0, 3), data(b"HEMLIGT", 2, 3))
    t.s(cmd(0x8001, 9, MR, rsp=0, ctx=3))
    # the same class, of another machine
    t.c(cmd(0x0001, 10, CT, data=True), data(image(b"2200", b"SOMATOM X.cite")))
    t.s(cmd(0x8001, 10, CT, rsp=0))
    t.c(cmd(0x0001, 11, ROOT + b"5.1.4.1.1.999", data=True, ctx=5), data(b"\x99HEMLIGT", 2, 5))
    t.s(cmd(0x8001, 11, rsp=0x0122, ctx=5))
    release(t)
    # procedure steps, commitment, printing: each one told
    t = Conversation(cap, 40001, 11112)
    t.c(rq(b"RIS", b"CT1", [MPPS, COMMIT, FILM, PRINTER, WORKLIST], identity=b"\2\0\0\4user\0\7HEMLIGT"))
    t.s(ac(b"RIS", b"CT1", [0, 0, 0, 0, 0]))
    for i, (field, uid, more, status) in enumerate((
            (0x0140, MPPS, b"", 0), (0x0120, MPPS, b"", 0x0110), (0x0130, COMMIT, us(0x1008, 1), 0),
            (0x0140, FILM, b"", 0), (0x0110, PRINTER, b"", 0), (0x0150, FILM, b"", 0xc123), (0x0130, FILM, b"", 0x1234))):
        t.c(cmd(field, i + 1, uid, more, data=True, ctx=2 * i % 10 + 1), data(el(0x10, 0x10, b"HEMLIGT^Anna")))
        t.s(cmd(field | 0x8000, i + 1, uid, rsp=status, ctx=2 * i % 10 + 1))
    t.s(cmd(0x0100, 77, COMMIT, us(0x1002, 2), data=True), data(b"HEMLIGT"))
    t.c(cmd(0x8100, 77, COMMIT, rsp=0))
    t.c(cmd(0x0020, 8, WORKLIST, data=True), data(b"HEMLIGT"))
    for i in range(3):
        t.s(cmd(0x8020, 8, WORKLIST, data=True, rsp=0xff00), data(b"HEMLIGT"))
    t.c(cmd(0x0fff, 8))
    t.s(cmd(0x8020, 8, WORKLIST, rsp=0xfe00))
    t.c(cmd(0x0020, 9, WORKLIST, data=True))
    t.s(pdu(7, b"\0\0\2\2"))
    t.close()
    # a viewer gets and moves; tokens; another application context
    t = Conversation(cap, 40002, 4242)
    t.c(rq(b"PACS", b"VIEW", [GET, MOVE, FIND], identity=b"\5\0\0\7HEMLIGT\0\0", app=b"1.2.3", uid=b"1.2.999", version=b"X"))
    t.s(ac(b"PACS", b"VIEW", [0, 0, 1]))
    t.c(cmd(0x0010, 1, GET, data=True), data(b"HEMLIGT"))
    t.s(cmd(0x8010, 1, GET, us(0x1021, 4), us(0x1022, 1), us(0x1023, 0), rsp=0xb000))
    t.c(cmd(0x0021, 2, MOVE, el(0, 0x600, b"VIEW"), data=True), data(b"HEMLIGT"))
    t.s(cmd(0x8021, 2, MOVE, us(0x1021, 2), us(0x1022, 0), us(0x1023, 0), rsp=0))
    for i in range(3):
        t.c(cmd(0x0030, 3 + i, VERIFY))
        t.s(cmd(0x8030, 3 + i, VERIFY, rsp=0))
    t.close()
    # refused, for now and for good; without any common context; never answered
    for i, answer in enumerate((b"\0\2\3\2", b"\0\1\2\2", b"\0\1\1\x63")):
        t = Conversation(cap, 40010 + i, 104)
        t.c(rq(b"PACS", b"CT1", [CT]))
        t.s(pdu(3, answer))
        t.close()
    t = Conversation(cap, 40020, 104)
    t.c(rq(b"PACS", b"CT1", [CT, MR]))
    t.s(ac(b"PACS", b"CT1", [3, 4]))
    release(t)
    t = Conversation(cap, 40021, 104)
    t.c(rq(b"PACS", b"CT1", [CT]))
    t.c(pdu(7, b"\0\0\0\0"))
    t.close()
    t = Conversation(cap, 40022, 104)
    t.c(rq(b"PACS", b"CT1", [CT]))
    cap.wait(60)
    t.close()
    cap.write("dicom", "session")


def odd():
    cap = Capture()
    # from the middle, the server's answer first
    t = Conversation(cap, 41000, 5104, syn=False)
    t.s(data(b"HEMLIGT" * 20, 0))
    t.s(cmd(0x8030, 3, VERIFY, rsp=0))
    t.c(cmd(0x0030, 4, VERIFY))
    t.s(cmd(0x8030, 4, VERIFY, rsp=0))
    release(t)
    t = Conversation(cap, 41001, 5104, syn=False)
    t.s(ac(b"PACS", b"CT1", [0]))
    t.c(cmd(0x0001, 1, CT, data=True), data(image(b"1100")), cut=400)
    t.s(cmd(0x8001, 1, CT, rsp=0))
    t.c(cmd(0x0001, 2, CT, data=True), lose=True)
    t.c(data(image(b"HEMLIGT")))
    t.s(cmd(0x8001, 2, CT, rsp=0))
    release(t)
    # a data set in one PDU that is longer than what is kept
    t = Conversation(cap, 41002, 5104)
    t.c(rq(b"PACS", b"CT1", [CT]))
    t.s(ac(b"PACS", b"CT1", [0]))
    t.c(cmd(0x0001, 1, CT, data=True))
    t.pieces(0, data(image(b"1100") + b"HEMLIGT" * 12000), 1400)
    t.s(cmd(0x8001, 1, CT, rsp=0))
    t.c(cmd(0x0001, 2, CT, data=True))
    t.c(data(image(b"1100")[:-20]))
    t.close()
    # malformed
    good = rq(b"PACS", b"CT1", [CT])
    for i, bad in enumerate((
            rq(b"PACS", b"CT1", [CT])[:-3], pdu(4, pdv(command(0x30, 1, VERIFY), 3, 2)), pdu(4, pdv(command(0x30, 1), 7)),
            pdu(4, struct.pack(">IBB", 1000, 1, 3) + b"x" * 20), pdu(4, pdv(b"\0\0\0\0\xff\xff\xff\xff" + b"x" * 20, 3)),
            pdu(4, pdv(el(8, 0x60, b"CT"), 3)), pdu(4, pdv(command(0x0444, 1), 3)), pdu(4, pdv(command(0x30, 1), 1)),
            pdu(3, b"\0" * 9), pdu(9, b"\0" * 9), pdu(4, b"\0\0\0\1\1\3"), b"HEMLIGT is no PDU",
            pdu(1, b"\0\1\0\0" + b"PACS".ljust(16) + b"CT1".ljust(16) + b"\0" * 32 + b"\x10\0\xff\xff" + b"x" * 30))):
        t = Conversation(cap, 42000 + i, 104)
        t.c(good)
        t.s(ac(b"PACS", b"CT1", [0]))
        t.c(struct.pack(">BBI", bad[0], 0, len(bad) - 6) + bad[6:] if bad[0] == 1 else bad)
        t.c(cmd(0x0030, 9, VERIFY))
        t.s(cmd(0x8030, 9, VERIFY, rsp=0))
        t.close()
    # data sets whose beginning cannot be walked through
    t = Conversation(cap, 43000, 104)
    t.c(good)
    t.s(ac(b"PACS", b"CT1", [0]))
    for i, d in enumerate((el(8, 0x70, b"Maker") + el(8, 0x60, b"CT"), struct.pack("<HHI", 8, 0x70, 5000) + b"x" * 20,
                           struct.pack("<HHI", 8, 0x1140, 0xffffffff) + b"x" * 40, el(8, 0x70, b"M" * 300),
                           b"\x08\0\x70\0LO\x08\0MakerTwo\x08\0\x32\x10SQ\0\0\x08\0\0\0HEMLIGT!\x08\0\x90\x10LO\4\0M-20",
                           b"\x08\0\x05\0\xfe\xff\xdd\xe0\0\0\0\0", el(8, 0x60, b"CT") + struct.pack("<HHI", 0xfffe, 0xe0dd, 0))):
        t.c(cmd(0x0001, 20 + i, CT, data=True), data(d))
        t.s(cmd(0x8001, 20 + i, CT, rsp=0))
    release(t)
    # on the port, and not DICOM
    t = Conversation(cap, 43001, 11112)
    t.c(b"GET / HTTP/1.1\r\n\r\n")
    t.s(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    t.close()
    cap.write("dicom", "odd")


session()
odd()
