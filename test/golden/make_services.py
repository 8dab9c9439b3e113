#!/usr/bin/env python3
"""Makes test/golden/{ftp,smtp,telnet,tftp,syslog,ntp}/*.pcap from RFC 959, 5321, 854, 1350,
3164, 5424, 6587 and 5905: sessions with passwords, names and texts that must not be
written (each holds HEMLIGT), refusals, midstream, cut and malformed."""
import struct

from frames import eth, ipv4, udp
from tcp_pcap import Capture, Conversation

CR = b"\r\n"


def dgram(cap, src, dst, sport, dport, body, cut=None, **kw):
    f = eth(ipv4(17, udp(sport, dport, body), src, dst), src="02:00:00:00:00:%02x" % int(src.split(".")[3]),
            dst="02:00:00:00:00:%02x" % int(dst.split(".")[3]))
    cap.add(f[:cut] if cut else f, len(f), **kw)


def dialog(t, *lines):
    """(client, answer...) by turns."""
    for q, *answers in lines:
        if q:
            t.c(q + CR)
        for a in answers:
            t.s(a + CR)


def ftp():
    cap = Capture()
    t = Conversation(cap, 40000, 21)
    t.s(b"220 gc3.lab.example FTP server (VxWorks 5.4.2) ready." + CR)
    dialog(t, (b"USER HEMLIGT", b"331 Password required for HEMLIGT."), (b"PASS HEMLIGT7", b"530 Login incorrect."),
           (b"USER HEMLIGT", b"331 Password required."), (b"PASS factorycast@schneider", b"230-Welcome HEMLIGT", b"230 in."),
           (b"SYST", b"215 VxWorks 5.4.2"), (b"FEAT", b"211-Features:", b" MDTM", b" AUTH TLS", b"211 End"),
           (b"PWD", b'257 "/HEMLIGT"'), (b"TYPE I", b"200 ok"), (b"PASV", b"227 Entering (192,0,2,20,200,1)"),
           (b"RETR HEMLIGT_Eva.CSV", b"150 Opening HEMLIGT_Eva.CSV", b"226 Done"),
           (b"PORT 192,0,2,10,200,2", b"200 ok"), (b"STOR /prog/HEMLIGT.apx", b"150 go", b"226 Done"),
           (b"STOR HEMLIGT", b"553 HEMLIGT: no"), (b"DELE HEMLIGT.19560102-1234", b"250 gone"),
           (b"RNFR HEMLIGT.txt", b"350 to?"), (b"RNTO HEMLIGT2.txt", b"250 ok"), (b"MKD HEMLIGT", b"257 made"),
           (b"SITE EXEC HEMLIGT", b"500 no"), (b"NOOP HEMLIGT", b"200 ok"), (b"stor a.b", b"425 no"))
    t.c(b"LIST" + CR + b"RETR late.pdf" + CR)
    t.s(b"150 here" + CR + b"226 done" + CR)
    t.s(b"150 here" + CR)
    t.close()
    t = Conversation(cap, 40001, 21)
    t.s(b"220 (vsFTPd 3.0.3)" + CR)
    dialog(t, (b"USER anonymous", b"331 Please"), (b"PASS me@HEMLIGT.example", b"230 ok"), (b"QUIT", b"221 bye"))
    t.close()
    t = Conversation(cap, 40002, 2121)
    t.s(b"220-HEMLIGT" + CR + b"220 FTP ready" + CR)
    dialog(t, (b"AUTH TLS", b"234 go"))
    t.c(bytes.fromhex("16030100050100000100"))
    t.close()
    cap.write("ftp", "session")
    cap = Capture()
    t = Conversation(cap, 40000, 21, syn=False)
    dialog(t, (b"RETR HEMLIGT.dat", b"150 yes", b"226 ok"), (b"USER nobody",))
    t.pieces(0, b"PASS HEMLIGT" + CR, 4)
    t.s(b"421 too slow" + CR)
    t.c(b"HEMLIGT " * 600)
    t.c(CR + b"\xff\xf4\xf2ABOR" + CR)
    t.s(b"HEMLIGT" + CR)
    t.c(b"RETR HEMLIGT.bin" + CR, lose=True)
    t.s(b"150 x" + CR, cut=57)
    t.c(b"DELE HEMLIGT.x" + CR)
    t = Conversation(cap, 40003, 8021)
    dialog(t, (b"USER x", b"331 y"), (b"QUIT", b"221 z"))
    cap.write("ftp", "midstream")


def smtp():
    cap = Capture()
    t = Conversation(cap, 40000, 25)
    t.s(b"220 mail.lab.example ESMTP Postfix (Debian/GNU)" + CR)
    dialog(t, (b"EHLO hplc-4.lab.example", b"250-mail.lab.example", b"250-STARTTLS", b"250-AUTH PLAIN LOGIN CRAM-MD5", b"250 SIZE 1000"),
           (b"AUTH PLAIN AEhFTUxJR1QASEVNTElHVA==", b"235 ok"), (b"MAIL FROM:<HEMLIGT@lab.example>", b"250 ok"),
           (b"RCPT TO:<HEMLIGT2@lab.example>", b"250 ok"), (b"RCPT TO:<HEMLIGT3@lab.example>", b"550 HEMLIGT3 unknown"),
           (b"DATA", b"354 go"))
    t.c(b"Subject: HEMLIGT" + CR + CR + b"EHLO HEMLIGT" + CR + b"..dot" + CR + b"QUIT" + CR + b"." + CR)
    t.s(b"250 queued" + CR)
    dialog(t, (b"MAIL FROM:<a@b>", b"250 ok"), (b"RCPT TO:<c@d>", b"250 ok"))
    t.c(b"BDAT 20 LAST" + CR + b"HEMLIGT" * 2 + b"EHLO X")
    t.s(b"250 ok" + CR)
    dialog(t, (b"QUIT", b"221 bye"))
    t.close()
    t = Conversation(cap, 40001, 587)
    t.s(b"220 mx ESMTP Exim 4.96 Tue" + CR)
    dialog(t, (b"EHLO [192.0.2.10]", b"250-mx", b"250-AUTH LOGIN NTLM", b"250 HELP"), (b"AUTH LOGIN", b"334 VXNlcm5hbWU6"),
           (b"SEVNTElHVA==", b"334 UGFzc3dvcmQ6"), (b"SEVNTElHVA==", b"535 no"), (b"AUTH CRAM-MD5", b"334 PDE+"),
           (b"SEVNTElHVCA5OWYw", b"235 ok"), (b"STARTTLS", b"454 no"), (b"HELO balance2", b"250 mx"))
    t = Conversation(cap, 40002, 25)
    t.s(b"220 win Microsoft ESMTP MAIL Service, Version: 10.0 ready" + CR)
    dialog(t, (b"EHLO bad/HEMLIGT", b"250-win", b"250 STARTTLS"), (b"STARTTLS", b"220 go"))
    t.c(bytes.fromhex("16030100050100000100"))
    t = Conversation(cap, 40003, 2525)
    dialog(t, (b"HELO late", b"250 mx"), (b"AUTH XOAUTH2 SEVNTElHVA==", b"535 no"))
    cap.write("smtp", "session")
    cap = Capture()
    t = Conversation(cap, 40000, 25, syn=False)
    t.c(b"HEMLIGT" + CR + b"." + CR)
    dialog(t, (b"EHLO x.example", b"250 ok"), (b"DATA", b"354 go"))
    t.c(b"HEMLIGT" + CR, lose=True)
    t.c(b"RSET" + CR)
    t.s(b"250 ok" + CR)
    t.c(b"AUTH PLAIN" + CR, cut=60)
    cap.write("smtp", "midstream")


def telnet():
    def iac(*b):
        return bytes(b)
    cap = Capture()
    t = Conversation(cap, 40000, 23)
    t.s(iac(255, 253, 24, 255, 253, 31, 255, 251, 1, 255, 251, 3))
    t.c(iac(255, 251, 24, 255, 251, 31, 255, 252, 35, 255, 251, 39))
    t.s(iac(255, 250, 24, 1, 255, 240, 255, 250, 39, 1, 255, 240))
    t.c(iac(255, 250, 24, 0) + b"xterm" + iac(255, 240) + iac(255, 250, 31, 0, 80, 0, 24, 255, 240) +
        iac(255, 250, 39, 0, 0) + b"USER\x01HEMLIGT" + iac(255, 240))
    t.s(b"\r\nVxWorks 6.9 HEMLIGTBANNER\r\n\r\nlogin: ")
    t.pieces(0, b"HEMLIGT\r\n", 1)
    t.s(b"HEMLIGT\r\nPassword: ")
    t.c(b"HEM")
    t.c(b"LIGT\r\n")
    t.s(b"\r\nLast login: HEMLIGT\r\n$ ")
    t.close()
    t = Conversation(cap, 40001, 23)
    t.s(b"\r\nUser Access Verification\r\n\r\nPassword: ")
    t.c(b"HEMLIGT\r\n")
    t = Conversation(cap, 40002, 2023)
    t.c(iac(255, 253, 44, 255, 251, 0))
    t.s(iac(255, 251, 44, 255, 253, 0, 255, 251, 70))
    t.c(b"HEMLIGT\xff\xff")
    t.s(b"OK HEMLIGT")
    t.close()
    t = Conversation(cap, 40003, 23)
    t.s(iac(255, 253, 38, 255, 251, 38, 255, 251, 5))
    t.c(iac(255, 251, 38))
    t.c(iac(255, 250, 38, 3, 0, 255, 240))
    t.s(b"\x01\x02HEMLIGT")
    t = Conversation(cap, 40004, 23, syn=False)
    t.c(b"HEMLIGT\r\n")
    t.s(iac(255))
    t.s(iac(250, 24, 1, 255))
    t.s(iac(240) + b"x")
    t.s(iac(255, 250, 24), lose=True)
    t.s(b"name? ")
    t.c(b"HEMLIGT\n", cut=58)
    for port, prompt in ((40005, "L\u00f6senord: ".encode()), (40006, "Kennwort:".encode())):
        t = Conversation(cap, port, 23)
        t.s(b"login: ")
        t.c(b"HEMLIGT\r\n")
        t.s(prompt)
        t.c(b"HEMLIGT\r\n")
    cap.write("telnet", "session")
    # an instrument's commands behind telnet's greetings, on telnet's port and another
    cap = Capture()
    for n, port in enumerate((23, 5555)):
        t = Conversation(cap, 40010 + n, port)
        t.s(iac(255, 251, 1, 255, 251, 3))
        t.c(iac(255, 253, 1, 255, 253, 3))
        t.s(b"Welcome to 34461A\r\n34461A> ")
        for q, a in ((b"*IDN?", b"Keysight Technologies,34461A,MY53000417,A.03.03"), (b"SYST:ERR?", b'+0,"No error"'),
                     (b"CONF:VOLT:DC 10", b""), (b"READ?", b"+1.00250000E+00")):
            t.c(q + CR)
            t.s(a + (CR if a else b"") + b"34461A> ")
        t.close()
    t = Conversation(cap, 40012, 23)                        # greeting and command at once
    t.s(iac(255, 251, 1))
    t.c(iac(255, 253, 1) + b"*IDN?" + CR)
    t.s(b"Keysight Technologies,34461A,MY53000418,A.03.03" + CR)
    t.close()
    t = Conversation(cap, 40013, 23)                        # who asks for names is no instrument
    t.s(iac(255, 251, 1) + b"login: ")
    t.c(b"*IDN?" + CR)
    t.s(b"Password: ")
    t.c(b"HEMLIGT" + CR)
    t.close()
    cap.write("telnet", "scpi")


def tftp():
    C, S = "192.0.2.10", "192.0.2.20"

    def req(op, name, mode=b"octet", *options):
        return struct.pack(">H", op) + b"\0".join((name, mode) + options) + b"\0"

    def data(n, size=512):
        return struct.pack(">HH", 3, n) + b"HEMLIGT"[:size] + bytes(max(0, size - 7))

    def ack(n):
        return struct.pack(">HH", 4, n)
    cap = Capture()
    dgram(cap, C, S, 40000, 69, req(1, b"fw/plc-4.2.1.bin"))
    for n in (1, 2):
        dgram(cap, S, C, 50000, 40000, data(n))
        dgram(cap, C, S, 40000, 50000, ack(n))
    dgram(cap, S, C, 50000, 40000, data(3, 100))
    dgram(cap, C, S, 40000, 50000, ack(3))
    dgram(cap, C, S, 40001, 69, req(2, b"switch-confg", b"NETASCII", b"blksize", b"1024", b"tsize", b"1100", b"windowsize", b"4"))
    dgram(cap, S, C, 50001, 40001, b"\0\6blksize\0" + b"1024\0tsize\0" + b"1100\0")
    dgram(cap, C, S, 40001, 50001, data(1, 1024))
    dgram(cap, S, C, 50001, 40001, ack(1))
    dgram(cap, C, S, 40001, 50001, data(1, 1024))                 # repeated
    dgram(cap, C, S, 40001, 50001, data(2, 76))
    dgram(cap, S, C, 50001, 40001, ack(2))
    dgram(cap, C, S, 40002, 69, req(1, b"missing.cfg"))
    dgram(cap, S, C, 50002, 40002, b"\0\5\0\1File HEMLIGT not found\0")
    dgram(cap, C, S, 40003, 69, req(1, b"nobody-home"))
    dgram(cap, C, S, 40003, 69, req(1, b"nobody-home"))
    dgram(cap, C, S, 40004, 69, req(2, b"broken-off", b"octet"))
    dgram(cap, S, C, 69, 40004, ack(0))
    dgram(cap, C, S, 40004, 69, data(1))
    dgram(cap, S, C, 69, 40004, ack(1))
    dgram(cap, S, C, 50009, 40009, data(7))                       # the request was not seen
    dgram(cap, C, S, 40009, 50009, ack(7))
    dgram(cap, S, C, 50009, 40009, data(8))
    dgram(cap, C, S, 40010, 69, req(2, b"m", b"mail"))
    dgram(cap, C, S, 40011, 69, req(1, b"late"), wait_us=40000000)
    cap.write("tftp", "transfers")
    cap = Capture()
    dgram(cap, C, S, 40000, 69, req(1, b"a"))
    dgram(cap, C, S, 40000, 69, b"\0\1HEMLIGT")
    dgram(cap, C, S, 40000, 69, b"\0\2x\0binary\0")
    dgram(cap, C, S, 40000, 69, b"\0\x09\0\0")
    dgram(cap, S, C, 69, 40000, b"\0\3\0")
    dgram(cap, S, C, 69, 40000, data(1), cut=80)
    dgram(cap, C, S, 40001, 69, req(1, b"long-name-that-is-cut"), cut=52)
    cap.write("tftp", "malformed")


def syslog():
    C, S = "192.0.2.10", "192.0.2.20"
    cap = Capture()

    def log(text, src=C, **kw):
        dgram(cap, src, S, 514, 514, text, **kw)
    log(b"<34>Oct 11 22:14:15 hplc-4 su: 'su root' failed for HEMLIGT")
    log(b"<30>Oct 11 22:14:16 hplc-4 sshd[4711]: Accepted password for HEMLIGT")
    log(b"<30>Oct  1 22:14:17 hplc-4 sshd[4711]: more HEMLIGT", wait_us=20000000)
    log(b"<30>Oct  1 22:15:17 hplc-4 sshd[4711]: more HEMLIGT", wait_us=60000000)
    log(b"<26>Oct  1 22:15:18 hplc-4 sshd[4711]: grave HEMLIGT")
    log(b"<30>Oct  1 22:15:17 other /usr/sbin/crond[1]: relayed HEMLIGT")
    log(b"<165>1 2025-11-24T16:00:00.003Z mass.lab.example evntslog - ID47 [x@1 patient=\"HEMLIGT\"] HEMLIGT")
    log(b"<165>1 - - - - - - HEMLIGT", "192.0.2.11")
    log(b"<13>HEMLIGT patient result 5.5", "192.0.2.12")
    log(b"<13>HEMLIGT: 5.5 mmol", "192.0.2.12")
    log(b"<13>Nov 24 16:00:00 HEMLIGT Eva arrived", "192.0.2.12")
    log(b"<6>kernel[0]: HEMLIGT", "192.0.2.13")
    log(b"<189>72: Mar  3 19:57:17.371: %LINK-5-CHANGED: HEMLIGT", "192.0.2.14")
    log(b"<187>38: R1: *Sep 22 13:39:11.250: %LINK-3-UPDOWN: HEMLIGT", "192.0.2.15")
    log(b"<187>38: HEMLIGT: *Sep 22 13:39:11.250: no HEMLIGT", "192.0.2.16")
    log(b"<189>HEMLIGT: sample: %x", "192.0.2.16")
    log(b"<134>Nov 24 16:00:00 192.0.2.30 %ASA-6-302013: HEMLIGT", "192.0.2.17")
    log(b"<134>Nov 24 2025 16:00:00: %ASA-6-302014: HEMLIGT", "192.0.2.17")
    log(b"<134>Nov 24 16:00:00 fe80::9 logrotate: HEMLIGT", "192.0.2.17")
    log(b"<30>Oct  1 22:16:17 hplc-4 sshd[4711]: after HEMLIGT")
    cap.write("syslog", "datagrams")
    cap = Capture()
    t = Conversation(cap, 40000, 601)
    one, two = b"<30>Nov 24 16:00:00 plc2 ntpd[1]: HEMLIGT", b"<28>1 2025-11-24T16:00:01Z plc2 ntpd 1 - - HEMLIGT"
    t.c(one + b"\n" + two + b"\nHEMLIGT\n<29>Nov 24 16:00:02 plc2 ntpd[1]: ")
    t.c(b"HEMLIGT\n")
    t.close()
    t = Conversation(cap, 40001, 5514)
    t.c(b"%d %s" % (len(two), two))
    t.c(b"%d %s%d %s" % (len(one), one, len(one), one[:10]))
    t.c(one[10:])
    t.close()
    dgram(cap, C, S, 514, 514, one)
    dgram(cap, C, S, 514, 514, b"HEMLIGT without priority")
    dgram(cap, C, S, 514, 514, b"<999>HEMLIGT")
    dgram(cap, C, S, 514, 514, one, cut=60)
    cap.write("syslog", "streams")


def ntp():
    C, S = "192.0.2.10", "192.0.2.20"

    def pdu(mode, stratum=2, ref=b"\xc0\0\2\x1e", leap=0, version=4):
        return struct.pack(">BBBbII4s", leap << 6 | version << 3 | mode, stratum, 6, -20, 0, 0, ref) + bytes(32)

    def control(op, text=b"", answer=False, error=False, seq=1):
        pad = bytes(-len(text) % 4)
        return struct.pack(">BBHHHHH", 0x16, (answer << 7) | (error << 6) | op, seq, 0, 0, 0, len(text)) + text + pad
    cap = Capture()

    def ask(body, sport=40000):
        dgram(cap, C, S, sport, 123, body)

    def answer(body, dport=40000, **kw):
        dgram(cap, S, C, 123, dport, body, **kw)
    for k in ({}, {}, {"stratum": 3}, {"ref": b"\xc0\0\2\x1f"}, {"leap": 1}, {"stratum": 1, "ref": b"GPS\0"},
              {"stratum": 0, "ref": b"RATE"}, {"stratum": 16, "leap": 3, "ref": bytes(4)}):
        ask(pdu(3, 0, bytes(4), 3))
        answer(pdu(4, **k))
    dgram(cap, S, "192.0.2.255", 123, 123, pdu(5))
    dgram(cap, "192.0.2.30", S, 123, 123, pdu(1, 0, bytes(4), 3, 3))
    dgram(cap, S, "192.0.2.30", 123, 123, pdu(2, version=3))
    dgram(cap, "192.0.2.31", S, 123, 123, pdu(1, 4))
    dgram(cap, "192.0.2.32", S, 123, 123, pdu(3))
    dgram(cap, "192.0.2.32", S, 123, 123, pdu(3))
    ask(control(2), 40001)
    answer(control(2, b'version="ntpd 4.2.8p15@1.3728-o", processor="x86_64", system="Linux/5.10.0-8", leap=0', True), 40001)
    ask(control(2), 40001)
    ask(control(8, b"HEMLIGT"), 40002)
    answer(control(8, b"HEMLIGT", True, True), 40002)
    ask(b"\x17\0\3\x2a" + bytes(44), 40003)
    answer(b"\x97\0\3\x2a\0\2\0\x48" + bytes(144), 40003)
    ask(b"\x17\0\3\x00" + bytes(44), 40004)
    cap.write("ntp", "exchanges")
    cap = Capture()
    ask(pdu(3))
    answer(pdu(4)[:20])
    answer(pdu(4, version=7))
    answer(pdu(4, version=0))
    answer(pdu(4), cut=70)
    answer(pdu(4), cut=50)
    ask(control(2), 40001)
    answer(struct.pack(">BBHHHHH", 0x16, 0x82, 1, 0, 0, 0, 500), 40001)
    ask(b"\x17\0", 40003)
    cap.write("ntp", "malformed")


if __name__ == "__main__":
    for make in (ftp, smtp, telnet, tftp, syslog, ntp):
        make()
