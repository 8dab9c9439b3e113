#!/usr/bin/env python3
"""Builds test/golden/hl7/*.pcap after HL7 v2.5.1 and the MLLP specification:
analyser messages, commands, batches, what is malformed, what is cut. Patients,
results and the like hold the word HEMLIGT, which no output may have."""
from tcp_pcap import Capture, Conversation

PID = b"PID|1||HEMLIGT-4711^^^HOSP||HEMLIGT^Anna^K||19700101|F|||HEMLIGT street 1"


def msh(kind, ident, sender=b"XN-1000^00-33^L", at=b"LAB", receiver=b"LIS", rat=b"HOSP", security=b"", tail=b"",
        marks=b"|^~\\&", processing=b"P", version=b"2.5.1"):
    f = [b"MSH" + marks[:1] + marks[1:], sender, at, receiver, rat, b"20251124160000", security, kind, ident,
         processing, version]
    return marks[:1].join(f) + tail


def block(*segments, end=b"\r", close=b"\x1c\r"):
    return b"\x0b" + end.join(segments) + end + close


def ack(ident, code=b"AA", kind=b"ACK", sender=b"LIS", at=b"HOSP", *more, tail=b""):
    return block(msh(kind, b"A" + ident, sender, at, b"XN-1000", b"LAB", tail=tail),
                 b"MSA|" + code + b"|" + ident + b"|HEMLIGT: text", *more)


def session():
    cap = Capture()
    t = Conversation(cap, 40000, 5100)
    m = block(msh(b"OUL^R22^OUL_R22", b"1001", tail=b"|||AL|AL||UNICODE UTF-8|||LAB-29^IHE"),
              b"SFT|Sysmex^L|3.06|IPU|0815|HEMLIGT", PID, b"SPM|1|HEMLIGT-1^X", b"OBR|1|HEMLIGT",
              b"OBX|1|NM|6690-2^WBC^LN||HEMLIGT 7.1|10*9/L|||||F|||20251124155900|||HEMLIGT|XN-10^Sysmex~12345^Sysmex",
              b"OBX|2|NM|789-8^RBC^LN||HEMLIGT 4.5|10*12/L|||||F|||||||XN-10^Sysmex~12345^Sysmex",
              b"OBX|3|NM|718-7^HGB^LN||HEMLIGT 141|g/L|||||F|||||||SP-50^Sysmex~777^Sysmex", b"NTE|1||HEMLIGT")
    t.pieces(0, m, 300)
    t.s(ack(b"1001"))
    # the same sender again, two messages at once; the second is refused
    t.c(block(msh(b"ORU^R01^ORU_R01", b"1002"), PID, b"OBX|1|ST|X||HEMLIGT"),
        block(msh(b"ORU^R01^ORU_R01", b"1003", processing=b"T"), PID))
    t.s(ack(b"1003", b"AE", b"ACK^R01^ACK", b"LIS", b"HOSP",
            b"ERR||PID^1^3|101^HEMLIGT missing^HL70357|E||||HEMLIGT"))
    t.s(ack(b"1002"))
    t.s(ack(b"1002", b"CA"))
    # a query with an answer that carries data, and the receipt for it
    t.c(block(msh(b"QBP^Q11^QBP_Q11", b"1004"), b"QPD|WOS^x|HEMLIGT|HEMLIGT-9", b"RCP|I"))
    t.s(ack(b"1004", b"AA", b"RSP^K11^RSP_K11", b"LIS", b"HOSP", b"QAK|HEMLIGT|OK", PID))
    t.c(ack(b"A1004", b"CA"))
    # the other way: an order, never answered
    t.s(block(msh(b"OML^O33^OML_O33", b"L1", b"LIS", b"HOSP", b"XN-1000", b"LAB"), PID, b"ORC|NW|HEMLIGT"))
    # no acknowledgement is asked for; something stands in MSH-8
    t.c(block(msh(b"ESU^U01^ESU_U01", b"1005", security=b"HEMLIGT", tail=b"|||NE|NE"),
              b"EQU|XN-10^LAB|20251124160000|OP||AL|N"))
    t.close()
    cap.wait(60)
    # commands to an automation line: each one is an event
    t = Conversation(cap, 40001, 2575, "192.0.2.30", "192.0.2.31")
    t.c(block(msh(b"EAC^U07^EAC_U07", b"7", b"LAS", b"LAB", b"DXA", b"LAB"), b"EQU|DXA-5000^LAB|20251124160000",
              b"ECD|1|LO^Load^HL70368|Y|HEMLIGT", b"ECD|2|EX^Execute^HL70368|Y|CALIBRATE HEMLIGT",
              b"ECD|3|ZZ|Y"))
    t.s(ack(b"7", b"AA", b"EAR^U08^EAR_U08", b"DXA", b"LAB"))
    t.c(block(msh(b"EAC^U07", b"8", b"LAS", b"LAB", b"DXA", b""), b"EQU|DXA-5000", b"ECD|1|PA"))
    t.s(ack(b"8", b"CR"))
    t.close()
    # a batch, other delimiters, line feeds, an old version without ids
    t = Conversation(cap, 40002, 6661)
    t.c(block(b"FHS|^~\\&|HEMLIGT", b"BHS|^~\\&|HEMLIGT", msh(b"ORU^R01", b"21"), PID, msh(b"ORU^R01", b"22"),
              b"BTS|2", b"FTS|1"))
    t.s(ack(b"21") + ack(b"22"))
    t.c(block(msh(b"ORU!R01", b"23", b"A!1.2.3!ISO", b"!1.2.4!ISO", marks=b"#!~\\&", version=b"2.3"),
              b"PID#1##HEMLIGT"))
    t.s(block(b"MSH|^~\\&|LIS|HOSP|A|B|20251124||ACK|9|P|2.3", b"MSA|AA|23"))
    t.c(block(msh(b"ORU^R01", b"24"), PID, b"OBX|1|TX|X||HEMLIGT", end=b"\n"))
    t.s(ack(b"24"))
    t.c(block(msh(b"ORU^R01", b"25"), PID + b"\nHEMLIGT\nEQU|HEMLIGT", close=b"\x1c"))
    t.s(ack(b"25"))
    t.c(block(msh(b"ORU^R01", b"", version=b"2.1"), PID))
    t.c(b"\r\n")
    t.close()
    cap.write("hl7", "session")


def odd():
    cap = Capture()
    # from the middle: the end of a message, then an answer, then a message
    t = Conversation(cap, 41000, 3000, syn=False)
    t.s(b"HEMLIGT|1\r\x1c\r")
    t.s(ack(b"1"))
    t.c(block(msh(b"ORU^R01", b"2"), PID))
    t.s(ack(b"2"))
    # bytes are lost within a message
    t.c(block(msh(b"ORU^R01", b"3"), PID)[:60])
    t.c(b"x" * 200, lose=True)
    t.c(b"HEMLIGT\r\x1c\r")
    t.c(block(msh(b"ORU^R01", b"4"), PID))
    t.s(ack(b"4"))
    # the snap length cuts one
    t.c(block(msh(b"ORU^R01", b"5"), PID, b"OBX|1|TX|X||HEMLIGT"), cut=200)
    t.s(ack(b"5"))
    t.close()
    # a report with a document inside, larger than what is looked at
    t = Conversation(cap, 41001, 3000)
    long = block(msh(b"MDM^T02", b"6"), PID, b"OBX|1|ED|X||^HEMLIGT" + b"SEVNTElHVA==" * 8000, b"OBX|2")
    t.pieces(0, long, 1400)
    t.s(ack(b"6"))
    t.c(block(msh(b"ORU^R01", b"7"), PID))
    t.s(ack(b"7"))
    t.close()
    # the server first, and without an answer to the question whose it is
    t = Conversation(cap, 41002, 3000, syn=False)
    t.c(ack(b"8", b"AR"))
    t.close()
    # malformed
    for i, bad in enumerate((block(b"PID|1||HEMLIGT"), block(b"MSHA^~\\&|X"), block(b"MSH||^~\\&|X"), block(b""),
                             b"HEMLIGT without a beginning\r\x1c\r", block(b"MSH|^~\\&HEMLIGT|a|b", b"HEMLIGT|x"),
                             block(msh(b"R" * 30 + b"^R01", b"1" * 300), b"ERR|||123456789", b"MSA|TOOLONG|x"))):
        t = Conversation(cap, 42000 + i, 2575)
        t.c(block(msh(b"ORU^R01", b"1"), PID))
        t.s(ack(b"1"))
        t.c(bad)
        t.c(block(msh(b"ORU^R01", b"2"), PID))
        t.s(ack(b"2"))
        t.close()
    # a sender that forgets the end of MSH, at its last fields
    t = Conversation(cap, 42900, 2575)
    full = [b"MSH|^~\\&|A|B|C|D|20251124||ORU^R01|%d|P|2.5.1", b"|||AL|NE", b"||UNICODE UTF-8", b"|||LAB-29"]
    for i in range(len(full) + 1):
        t.c(block(b"".join(full[:i]) % (50 + i) + PID if i else b"MSH|^~\\&|A|B|C|D|20251124||ORU^R01|50|P" + PID))
        t.s(ack(b"%d" % (50 + i)))
    t.c(block(b"MSH|^~\\&|A|B|C|D|20251124||ORU^R" + PID), block(b"MSH|^~\\&|A|B|C|D|20251124||ORU^R01|70" + PID))
    # segments that end one way and the other; a value with a delimiter in it
    t.c(block(msh(b"ORU^R01", b"71"), b"OBX|1|TX|X||HEMLIGT\nOBX|2|TX|X||HEMLIGT|HEMLIGT|a|b|c|d|HEMLIGT|1|2|HEMLIGT\nEQU|HEMLIGT",
              b"OBX|3|TX|X||HEM|LIGT|u|r|a||N|F|||20251124||HEMLIGT|HEMLIGT|EQ"))
    t.close()
    # on the port, and not HL7
    t = Conversation(cap, 43000, 2575)
    t.c(b"POST /hl7 HTTP/1.1\r\nHost: lis\r\nContent-Type: application/hl7-v2\r\n\r\nMSH|^~\\&|A")
    t.s(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    t.close()
    cap.write("hl7", "odd")


session()
odd()
