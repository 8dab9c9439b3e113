#!/usr/bin/env python3
"""Builds test/golden/astm/*.pcap after CLSI LIS01-A2 and LIS02-A2: sessions with and without the link
level, refusals, retransmissions, what is malformed. Patients and results hold the word HEMLIGT."""
from tcp_pcap import Capture, Conversation

ENQ, ACK, NAK, EOT = b"\x05", b"\x06", b"\x15", b"\x04"
XN = b"H|\\^&|||XN-1000^00-19^12345^^^^AB123456||||||||E1394-97"
COBAS = b"H|\\^&|17|HEMLIGT|cobas6000^1^4.2.2|HEMLIGT street||HEMLIGT|ascii|LIS1|HEMLIGT|P|LIS2-A2|20251124160000"
RECORDS = [b"P|1||HEMLIGT-4711||HEMLIGT^Anna||19700101|F", b"C|1|I|HEMLIGT", b"O|1|HEMLIGT-1||^^^WBC\\^^^RBC|R",
           b"R|1|^^^WBC|HEMLIGT 7.1|10*9/L||N||F||HEMLIGT", b"R|2|^^^RBC|HEMLIGT", b"M|1|HEMLIGT", b"L|1|N"]


def frame(n, text, last=True, check=None, end=b"\r\n"):
    b = b"%d" % (n % 8) + text + (b"\x03" if last else b"\x17")
    return b"\x02" + b + (b"%02X" % (sum(b) & 255) if check is None else check) + end


def transfer(t, records, side=0):
    """One record a frame, each acknowledged."""
    say, answer = (t.c, t.s) if side == 0 else (t.s, t.c)
    say(ENQ)
    answer(ACK)
    for i, r in enumerate(records):
        say(frame(i + 1, r + b"\r"))
        answer(ACK)
    say(EOT)


def session():
    cap = Capture()
    t = Conversation(cap, 40000, 4001)
    transfer(t, [XN] + RECORDS)
    cap.wait(1)
    # the same sender; a record in two frames, a frame refused twice, one acknowledgement late
    t.c(ENQ)
    t.s(ACK)
    t.c(frame(1, XN + b"\r" + RECORDS[0][:12], False))
    t.s(ACK)
    t.c(frame(2, RECORDS[0][12:] + b"\rR|1|X|HEMLIGT\r"))
    for i in range(2):
        t.s(NAK)
        t.c(frame(2, RECORDS[0][12:] + b"\rR|1|X|HEMLIGT\r"))
    t.s(ACK)
    t.c(frame(3, b"L|1|N\r", check=b"00"))
    t.s(NAK)
    t.c(frame(3, b"L|1|N\r"))
    t.s(ACK)
    t.c(EOT)
    # a question, and the orders that come back the other way
    transfer(t, [XN, b"Q|1|HEMLIGT^^^||ALL", b"L|1|N"])
    transfer(t, [b"H|\\^&|||LIS1|||||||P|1", b"P|1||HEMLIGT", b"O|1|HEMLIGT", b"L|1|F"], 1)
    # a header alone, a line asked for in vain and for nothing
    transfer(t, [XN, b"L|1|N"])
    for i in range(3):
        t.c(ENQ)
        t.s(NAK)
        cap.wait(10)
    t.c(ENQ)
    t.s(ACK)
    t.c(EOT)
    # both want the line; the receiver interrupts
    t.c(ENQ)
    t.s(ENQ)
    t.s(ACK)
    t.c(frame(1, XN + b"\r"))
    t.s(ACK)
    t.c(frame(2, RECORDS[3] + b"\r"))
    t.s(EOT)
    t.close()
    # another maker, a password, all records in one frame; the end is missing
    t = Conversation(cap, 40001, 4001, "192.0.2.30", "192.0.2.31")
    t.pieces(0, ENQ, 1)
    t.s(ACK)
    t.pieces(0, frame(1, b"\r".join([COBAS] + RECORDS) + b"\r"), 50)
    t.s(ACK)
    t.c(EOT)
    t.c(ENQ)
    t.s(ACK)
    t.c(frame(1, COBAS + b"\r"))
    t.s(ACK)
    t.c(frame(2, RECORDS[3] + b"\r"))
    t.s(NAK)
    cap.wait(20)
    t.close()
    # the analyser is the server
    t = Conversation(cap, 40002, 9601, "192.0.2.40", "192.0.2.41")
    transfer(t, [b"H#!*?###Cobas B 221!X9#", b"R#1#x#HEMLIGT", b"Z#1#HEMLIGT", b"S#1#HEMLIGT", b"L#1"], 1)
    t.close()
    # bare records, in pieces, two messages
    t = Conversation(cap, 40003, 5001, "192.0.2.50", "192.0.2.51")
    t.pieces(0, b"\r".join([b"H|\\^&|||DxH 900^3.1.0^BA12345|||||||P|LIS2-A2"] + RECORDS) + b"\r", 37)
    t.c(b"\r\n".join([b"H|\\^&|||DxH 900^3.1.0^BA12345|||||||P|LIS2-A2", RECORDS[3], b"L|1|N"]) + b"\r\n")
    t.c(b"H|\\^&|||DxH 900^3.1.0^BA12346\rR|1|X|HEMLIGT\r")
    t.close()
    # nobody answers
    t = Conversation(cap, 40004, 4002, "192.0.2.60", "192.0.2.61")
    t.c(ENQ)
    t.c(frame(1, XN + b"\r"))
    t.c(EOT)
    t.close()
    cap.write("astm", "session")


def odd():
    cap = Capture()
    # from the middle
    t = Conversation(cap, 41000, 3001, syn=False)
    t.s(ACK)
    t.c(frame(4, RECORDS[3] + b"\r"))
    t.s(ACK)
    t.c(frame(5, b"L|1|N\r"))
    t.s(ACK)
    t.c(EOT)
    transfer(t, [XN] + RECORDS)
    # bytes are lost, and the snap length cuts some
    t.c(ENQ)
    t.s(ACK)
    t.c(frame(1, XN + b"\r"))
    t.s(ACK)
    t.c(frame(2, RECORDS[3] + b"\r"), lose=True)
    t.s(ACK)
    t.c(frame(3, b"L|1|N\r"))
    t.s(ACK)
    t.c(EOT)
    t.c(ENQ)
    t.s(ACK)
    t.c(frame(1, XN + b"\r"), cut=70)
    t.s(ACK)
    t.c(frame(2, b"L|1|N\r"))
    t.s(ACK)
    t.c(EOT)
    transfer(t, [XN, b"L|1|N"])
    t.close()
    # malformed
    for i, bad in enumerate((frame(1, b"H|\r"), frame(1, b"H|||||HEMLIGT\r"), frame(5, XN + b"\r"), b"\x029HEMLIGT\x03",
                             b"\x021HEMLIGT\x021HEMLIGT\x0300\r\n", b"HEMLIGT\r", b"\x02", frame(1, b""), frame(1, b"\r\r"),
                             frame(1, XN + b"\r", check=b"zz"))):
        t = Conversation(cap, 42000 + i, 4001)
        transfer(t, [XN, b"L|1|N"])
        t.c(ENQ)
        t.s(ACK)
        t.c(bad)
        t.s(ACK)
        t.c(frame(2, RECORDS[3] + b"\r"))
        t.s(ACK)
        t.c(EOT)
        t.close()
    # records whose end is another, or was forgotten
    t = Conversation(cap, 42900, 4001)
    transfer(t, [b"\n".join([COBAS] + RECORDS)])
    transfer(t, [XN + RECORDS[0]])
    transfer(t, [b"H|\\^&|||XN^1.2.3" + RECORDS[0] + b"|HEMLIGT|HEMLIGT|HEMLIGT"])
    t.close()
    t = Conversation(cap, 42901, 5001)
    t.c(b"\n".join([COBAS] + RECORDS) + b"\n")
    t.close()
    # on the port, and something else
    t = Conversation(cap, 43000, 4001)
    t.c(b"HELLO\r\n")
    t.s(b"login: ")
    t.close()
    t = Conversation(cap, 43001, 4001)
    t.c(ENQ)
    t.s(b"\x10\x02HEMLIGT")
    t.close()
    cap.write("astm", "odd")


session()
odd()
