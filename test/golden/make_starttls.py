#!/usr/bin/env python3
"""Makes test/golden/{ftp,ldap,nomachine,rdp,smtp}/tls.pcap: TLS that begins amid another
protocol, after RFC 4217, 4511, 3207 and MS-RDPBCGR."""
import make_tls
from make_tls import CHANGE, SEALED, alert, cert, client_hello, full, handshake, server_hello, sni
from tcp_pcap import Capture, Conversation

CR = b"\r\n"
OLD = dict(chain=(cert(),), server=server_hello(0x0301, 0x0005, exts=None))


def ftp():
    cap = Capture()
    for n, kind in enumerate((b"TLS", b"SSL")):
        t = Conversation(cap, 40000 + n, 21)
        t.s(b"220 (vsFTPd 3.0.3)" + CR)
        t.c(b"AUTH " + kind + CR)
        t.s(b"234 go" + CR)
        full(t, **(OLD if n else {}))
    t = Conversation(cap, 40002, 21)                        # agreed on, and then it was not TLS
    t.s(b"220 (vsFTPd 3.0.3)" + CR)
    t.c(b"AUTH TLS" + CR)
    t.s(b"234 go" + CR)
    t.c(b"USER HEMLIGT" + CR)
    t.s(b"331 HEMLIGT" + CR)
    t.close()
    t = Conversation(cap, 40003, 21)                        # refused: the password goes in clear
    t.s(b"220 (vsFTPd 3.0.3)" + CR)
    for q, a in ((b"AUTH TLS", b"530 no"), (b"USER HEMLIGT", b"331 ?"), (b"PASS HEMLIGT", b"230 ok")):
        t.c(q + CR)
        t.s(a + CR)
    t.close()
    cap.write("ftp", "tls")


def smtp():
    cap = Capture()
    t = Conversation(cap, 40000, 587)
    t.s(b"220 mail.lab.example ESMTP Postfix" + CR)
    t.c(b"EHLO hplc-4.lab.example" + CR)
    t.s(b"250-mail.lab.example" + CR + b"250 STARTTLS" + CR)
    t.c(b"STARTTLS" + CR)
    t.s(b"220 go" + CR)
    full(t, hello=client_hello(exts=(sni(b"mail.lab.example"),)))
    t = Conversation(cap, 40001, 25)
    t.s(b"220 old ESMTP Postfix" + CR)
    t.c(b"EHLO hplc-5.lab.example" + CR)
    t.s(b"250-old" + CR + b"250 STARTTLS" + CR)
    t.c(b"STARTTLS" + CR + b"NOOP" + CR)                    # what was sent too early is not answered
    t.s(b"220 go" + CR)
    full(t, **OLD)
    cap.write("smtp", "tls")


def ldap():
    cap = Capture()
    t = Conversation(cap, 40000, 389)
    t.c(bytes.fromhex("301d02010177188016312e332e362e312e342e312e313436362e3230303337"))
    t.s(bytes.fromhex("300c02010178070a010004000400"))
    full(t)
    t = Conversation(cap, 40001, 389)                       # a search still waits
    t.c(bytes.fromhex("302502010163200400" "0a0100" "0a0100" "020100" "020100" "010100"
                      "870b6f626a656374436c617373" "3000"))
    t.c(bytes.fromhex("301d02010277188016312e332e362e312e342e312e313436362e3230303337"))
    t.s(bytes.fromhex("300c02010278070a010004000400"))
    full(t, **OLD)
    t = Conversation(cap, 40002, 389)                       # refused
    t.c(bytes.fromhex("301d02010177188016312e332e362e312e342e312e313436362e3230303337"))
    t.s(bytes.fromhex("300c02010178070a010204000400"))
    t.close()
    cap.write("ldap", "tls")


def rdp():
    cap = Capture()
    for n, (asked, chosen) in enumerate(((1, 1), (11, 2), (11, 8), (5, 4))):
        t = Conversation(cap, 40000 + n, 3389)
        t.c(b"\3\0\0\x13\x0e\xe0\0\0\0\0\0\1\0\10\0" + bytes((asked, 0, 0, 0)))
        t.s(b"\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\2\x1f\10\0" + bytes((chosen, 0, 0, 0)))
        full(t, **(OLD if n == 1 else {}))
    t = Conversation(cap, 40010, 3389)                      # an alert instead of a handshake
    t.c(b"\3\0\0\x13\x0e\xe0\0\0\0\0\0\1\0\10\0\1\0\0\0")
    t.s(b"\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\2\x1f\10\0\1\0\0\0")
    t.c(handshake(client_hello(exts=(sni(b"pc-7.lab.example"),))))
    t.s(alert(2, 40))
    t.close()
    t = Conversation(cap, 40011, 3389)                      # nothing was said of TLS
    t.c(b"\3\0\0\x0b\x06\xe0\0\0\0\0\0")
    t.s(b"\3\0\0\x0b\x06\xd0\0\0\x12\x34\0")
    full(t)
    cap.write("rdp", "tls")


def nomachine():
    cap = Capture()
    t = Conversation(cap, 40000, 4000)
    t.c(b"NXSH-8.10.1\n")
    t.s(b"NXD-8.11.3\n")
    full(t)
    t = Conversation(cap, 40001, 4000)                      # the client does not wait
    t.c(b"NXSH-8.10.1\n" + handshake(client_hello()))
    t.s(b"NXD-8.11.3\n" + handshake(server_hello(), make_tls.certificate(make_tls.DEVICE),
                                    make_tls.KEY_EXCHANGE, make_tls.DONE))
    t.c(handshake(make_tls.CLIENT_KEY), CHANGE, SEALED)
    t.s(CHANGE, SEALED)
    cap.write("nomachine", "tls")


if __name__ == "__main__":
    for f in (ftp, smtp, ldap, rdp, nomachine):
        f()
