#!/usr/bin/env python3
"""Builds test/golden/mtsics/*.pcap after Mettler-Toledo's reference manual of MT-SICS (levels 0 to 3).
Weights are 47.11 g, which no output may have; texts hold the word HEMLIGT."""
from tcp_pcap import Capture, Conversation


def ask(t, *lines):
    """Command, then its answers."""
    t.c(lines[0].encode() + b"\r\n")
    for x in lines[1:]:
        t.s(x.encode() + b"\r\n")


def session():
    cap = Capture()
    t = Conversation(cap, 40000, 4305)
    ask(t, "@", 'I4 A "B021002593"')
    ask(t, "I0", 'I0 B 0 "I0"', 'I0 B 0 "@"', 'I0 A 3 "HEMLIGT"')
    ask(t, "I1", 'I1 A "0123" "2.00" "2.20" "1.00" "1.50"')
    ask(t, "I2", 'I2 A "XS205DU Excellence 220.00900 g"')
    ask(t, "I3", 'I3 A "2.10 10.28.0.493.142"')
    ask(t, "I4", 'I4 A "B021002593"')
    ask(t, "I5", 'I5 A "12121306C"')
    ask(t, "I10", 'I10 A "LAB-BALANCE-3"')
    ask(t, "I11", 'I11 A "XS205"')
    for i in range(4):
        ask(t, "S", "S S      47.11 g")
        ask(t, "SI", "S D      47.11 g")
    ask(t, "S", "S I")
    ask(t, "S", "S +")
    ask(t, "SI", "S -")
    ask(t, "SIR", *["S S      47.11 g"] * 5)
    ask(t, "Z", "Z A")
    ask(t, "ZI", "ZI D")
    ask(t, "T", "T S      47.11 g")
    ask(t, "TI", "TI I")
    ask(t, "TA 47.11 g", "TA A      47.11 g")
    ask(t, "TAC", "TAC A")
    ask(t, 'D "HEMLIGT"', "D A")
    ask(t, "K 3", "K A")
    ask(t, "C0", 'C0 A 0 1 "47.11 g"')
    ask(t, "C0 1 0", "C0 A")
    ask(t, "C3", "C3 B")
    cap.wait(12)
    t.s(b"C3 A\r\n")
    ask(t, "C2", "C2 B", 'C2 "47.11 g"', 'C2 "0.00 g"', "C2 A")
    ask(t, "C1", "C1 I")
    ask(t, "TST3", "TST3 B", 'TST3 A "47.11 g"')
    ask(t, "M01 2", "M01 A")
    ask(t, "M01", "M01 A 2")
    ask(t, "DAT 24 11 2025", "DAT L")
    ask(t, "PWR 0", "PWR A")
    ask(t, "HEMLI", "ES")
    ask(t, "FSET 0", "EL")
    ask(t, "UPD", "ET")
    # the balance adjusts itself, and is switched on again
    t.s(b"C3 A\r\n")
    t.s(b'I4 A "B021002594"\r\n')
    t.s(b"K C 2\r\n")
    t.c(b"C4\r\n")
    t.s(b"C4 B\r\n")
    t.c(b"I2\r\n")
    cap.wait(60)
    t.close()
    # another port, in pieces, the answer tells; a balance that calls its host
    t = Conversation(cap, 40001, 5555, "192.0.2.30", "192.0.2.31")
    t.pieces(0, b"Z\r\n", 1)
    t.pieces(1, b"Z A\r\n", 2)
    ask(t, "S", "S S      47.11 g")
    t.close()
    t = Conversation(cap, 40002, 7000, "192.0.2.31", "192.0.2.40")
    t.s(b"I4\r\n")
    t.c(b'I4 A "B021002595"\r\n')
    t.s(b"C3\r\n")
    t.c(b"C3 B\r\nC3 A\r\n")
    t.close()
    cap.write("mtsics", "session")


def odd():
    cap = Capture()
    # from the middle: a stream of weights
    t = Conversation(cap, 41000, 5555, syn=False)
    t.s(b".11 g\r\nS S      47.11 g\r\n")
    for i in range(3):
        t.s(b"S D      47.11 g\r\n")
    t.c(b"C3\r\n", cut=60)
    t.s(b"C3 B\r\n", lose=True)
    t.s(b"C3 A\r\n")
    t.c(b"Z\r\n")
    t.s(b"Z A\r\n")
    t.close()
    t = Conversation(cap, 41001, 4305)
    ask(t, "I4", 'I4 A "B021002593"')
    for bad in (b"hemligt\r\n", b"HEMLIGTHEMLIGT 1\r\n", b"\r\n\r\n", b"\xff\xfb\x01\r\n", b"X" * 600, b"I4 \"\r\n"):
        t.c(bad)
    t.s(b'I4 A "unfinished\r\n')
    t.s(b"HEMLIGT: a terminal's line\r\n")
    ask(t, "I3", 'I3 A ""')
    ask(t, "I2", 'I2 A "XS205DU"')
    t.close()
    # on the port, and something else
    for i, (q, a) in enumerate(((b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n"), (b"*IDN?\r\n", b"Keysight,34461A,1,2\r\n"),
                                (b"HELO x\r\n", b"250 ok\r\n"), (b"S\r\n", b"Hello\r\n"), (b"D A\r\n", b"K B\r\n"))):
        t = Conversation(cap, 43000 + i, 4305)
        t.s(a)
        t.c(q)
        t.close()
    # and elsewhere what could be a command, unanswered
    t = Conversation(cap, 43100, 6000)
    t.c(b"S\r\n")
    t.close()
    cap.write("mtsics", "odd")


session()
odd()
