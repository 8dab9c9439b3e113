#!/usr/bin/env python3
"""Makes test/golden/tls/*.pcap: handshakes of SSL 2 to TLS 1.3, certificates of
every key and text type, and what is wrong with them (RFC 8446, 5246, 5280).

The three certificates below were made once, by openssl(1), for this test; their
keys were thrown away. The odd ones are assembled here and signed by nobody.
"""
import base64
import struct

from tcp_pcap import Capture, Conversation

# RSA 2048, self-signed: C=SE, O=Example Instruments, serialNumber=SN-4711, CN=Press Controller 7
DEVICE = base64.b64decode(
    "MIIDwTCCAqmgAwIBAgIEAPGiszANBgkqhkiG9w0BAQsFADBaMQswCQYDVQQGEwJTRTEcMBoGA1UECgwTRXhhbXBsZSBJ"
    "bnN0cnVtZW50czEQMA4GA1UEBRMHU04tNDcxMTEbMBkGA1UEAwwSUHJlc3MgQ29udHJvbGxlciA3MB4XDTI2MTEyMjA3"
    "MTM0M1oXDTQ2MTExNzA3MTM0M1owWjELMAkGA1UEBhMCU0UxHDAaBgNVBAoME0V4YW1wbGUgSW5zdHJ1bWVudHMxEDAO"
    "BgNVBAUTB1NOLTQ3MTExGzAZBgNVBAMMElByZXNzIENvbnRyb2xsZXIgNzCCASIwDQYJKoZIhvcNAQEBBQADggEPADCC"
    "AQoCggEBANDy5vBj/MAneUe5kak9d/3PPtb69NzrOhFd3l7/eI4ku9CCk9Cmc6svNtYmrLzIUSV2Pyap5Y5J9T31YLoH"
    "JxA9tk8tnxIf2emsUPERFeHeZwHtWf4+gKQEG/Phc96PnZmQCX73ohhsxRdTRvjEwvv86oS+1FD9u4t6ExgPU3VAjauZ"
    "s/3IwBzwMP/SxmayI04GAxHZMBe1uezUkTjOew8HTC5ezb+/2eylW0QzeNY9OYShIbu50L0tj3Cj387/AHaHeKEmCbDx"
    "VsjwCiGyqWdqVNR2ZXR6iIkLVk9ig6YhS5qdbMSYUAbnqDh7PRpzTovXp23mFzDqYf6kZko8gB0CAwEAAaOBjjCBizBc"
    "BgNVHREEVTBTghNwcmVzcy03LmxhYi5leGFtcGxlhwTAAAIUhxAgAQ24AAAAAAAAAAAAAAAghhN1cm46ZXhhbXBsZTpw"
    "cmVzcy03gQ9vcHNAbGFiLmV4YW1wbGUwDAYDVR0TAQH/BAIwADAdBgNVHQ4EFgQUhYlf0ykmnmOlTbYRcRsk/3qfzCsw"
    "DQYJKoZIhvcNAQELBQADggEBAI9BU66INIbD8y91yrqLZVkTBkIRcihj7MkjnVV5SsJ7BNeYL5gxheXX9EgOZMwnoksJ"
    "eJYfPFWrCrWlVwz8e2WMJizS50lMftmImcUai7NhO75TiIZ+1pC3+vlum7jV471tTEOEX8fyE7/b4nQOUWCh3PG16obo"
    "nG1cM9PVm5BfWOLIe2LC9w4yUA/6iaOKmu/SYekwTZOuN9QVTt63jpUG1gT6bQg24C3Tf7BDaKFwzHKTJFT7SEZuQsP4"
    "Qyhkj+DAxgs4V2kjMxL0oE1Zo2muYgXWtU/6qV5ginFVlMCfMmKS6CD+Za/T5IFYVWak4hxIpgxf1M2Im8jFVWAnIhI=")
# EC P-384, by O=Example Lab: C=SE, O=Some Owner, CN=gw.lab.example
GATEWAY = base64.b64decode(
    "MIIB4DCCAYagAwIBAgIBETAKBggqhkjOPQQDAjA8MQswCQYDVQQGEwJTRTEUMBIGA1UECgwLRXhhbXBsZSBMYWIxFzAV"
    "BgNVBAMMDkV4YW1wbGUgTGFiIENBMB4XDTI2MTEyMjA3MTM0M1oXDTI3MTIyNzA3MTM0M1owOzELMAkGA1UEBhMCU0Ux"
    "EzARBgNVBAoMClNvbWUgT3duZXIxFzAVBgNVBAMMDmd3LmxhYi5leGFtcGxlMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE"
    "Hf4MbLz2kCiOuR9/61BIvFhG0q3O2htbvpBhoM4vmE10sOqrRCWa3Wgscq2rhlDPt1ojP+L+VFuH2OtgBdC6AX1fNiA6"
    "WnNw9S+eWvpaD13S7hwEPf7XdVE/qO5EBTFuo10wWzAZBgNVHREEEjAQgg5ndy5sYWIuZXhhbXBsZTAdBgNVHQ4EFgQU"
    "pisT+6pLGKZoLTFfsfOUYToYMpwwHwYDVR0jBBgwFoAUNAA7V+lObmJ8BcNEuhwwJMWdc0AwCgYIKoZIzj0EAwIDSAAw"
    "RQIhALR937kTkKA/wrIx+Zwxb6km3krVxcGSIMraGfweBGuaAiB4o2kndln7YluBiRdZAvpTyf85zn/07dNVnEA0wKhk"
    "lw==")
# Ed25519, by O=Example Lab: O=Example Lab, CN=hmi-3.lab.example
CLIENT = base64.b64decode(
    "MIIBJjCBzQIBEjAKBggqhkjOPQQDAjA8MQswCQYDVQQGEwJTRTEUMBIGA1UECgwLRXhhbXBsZSBMYWIxFzAVBgNVBAMM"
    "DkV4YW1wbGUgTGFiIENBMB4XDTI2MTEyMjA3MTM0M1oXDTI3MTIyNzA3MTM0M1owMjEUMBIGA1UECgwLRXhhbXBsZSBM"
    "YWIxGjAYBgNVBAMMEWhtaS0zLmxhYi5leGFtcGxlMCowBQYDK2VwAyEAZ4HPLY4F+CzHDgH/LsKweaVP475/DYJxsvuX"
    "5er8TNAwCgYIKoZIzj0EAwIDSAAwRQIhAIpmR2Ri898EjLZWKpNV8b3Qse6vvKKaftruh+ozHbGDAiB2j4ccXrs8E3+j"
    "LDtRx7XLiFzy0aHM/4m6BQY19QkCtA==")

CCS, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
RANDOM = bytes(range(32))
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


def record(kind, body, version=0x0303):
    return struct.pack("!BHH", kind, version, len(body)) + body


def message(kind, body):
    return struct.pack("!I", kind << 24 | len(body)) + body


def handshake(*messages, version=0x0303):
    return record(HANDSHAKE, b"".join(messages), version)


def vec8(b):
    return bytes([len(b)]) + b


def vec16(b):
    return struct.pack("!H", len(b)) + b


def vec24(b):
    return struct.pack("!I", len(b))[1:] + b


def u16s(*v):
    return b"".join(struct.pack("!H", x) for x in v)


def ext(kind, body=b""):
    return u16s(kind) + vec16(body)


def sni(name, kind=0):
    return ext(0, vec16(bytes([kind]) + vec16(name)))


def alpn(*names):
    return ext(16, vec16(b"".join(vec8(n) for n in names)))


CIPHERS12 = u16s(0xc02c, 0xc030, 0xc02b, 0xc02f, 0x009d, 0x00ff)
GROUPS = ext(10, vec16(u16s(0x001d, 0x0017, 0x0018)))
FORMATS = ext(11, vec8(b"\0"))
SIGALGS = ext(13, vec16(u16s(0x0403, 0x0804, 0x0401)))


def client_hello(version=0x0303, ciphers=CIPHERS12, exts=(GROUPS, FORMATS, SIGALGS), session=b"",
                 tail=None):
    body = u16s(version) + RANDOM + vec8(session) + vec16(ciphers) + vec8(b"\0")
    body += vec16(b"".join(exts)) if exts is not None else b""
    return message(1, body if tail is None else body + tail)


def server_hello(version=0x0303, cipher=0xc02f, exts=(ext(0xff01, b"\0"),), session=b"",
                 random=RANDOM):
    body = u16s(version) + random + vec8(session) + u16s(cipher) + b"\0"
    return message(2, body + (vec16(b"".join(exts)) if exts is not None else b""))


def certificate(*chain):
    return message(11, vec24(b"".join(vec24(c) for c in chain)))


KEY_EXCHANGE = message(12, bytes(40))
REQUEST = message(13, bytes(8))
DONE = message(14, b"")
CLIENT_KEY = message(16, bytes(33))
VERIFY = message(15, bytes(20))
SEALED = record(HANDSHAKE, bytes(range(40)))
CHANGE = record(CCS, b"\1")
APP = record(DATA, bytes(64))


def alert(level, what):
    return record(ALERT, bytes([level, what]))


def full(t, hello=None, chain=(DEVICE,), server=None, done=True):
    t.c(handshake(hello or client_hello()))
    t.s(handshake(server or server_hello()), handshake(certificate(*chain)),
        handshake(KEY_EXCHANGE, DONE))
    if done:
        t.c(handshake(CLIENT_KEY), CHANGE, SEALED)
        t.s(CHANGE, SEALED)
        t.c(APP)
        t.s(APP)
        t.close()


# DER, for certificates that no tool makes
def der(tag, *parts):
    b = b"".join(parts)
    n = len(b)
    if n < 128:
        return bytes([tag, n]) + b
    size = (n.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + n.to_bytes(size, "big") + b


def oid(dotted):
    v = [int(x) for x in dotted.split(".")]
    out = b""
    for x in [v[0] * 40 + v[1]] + v[2:]:
        part = bytes([x & 0x7f])
        while x > 0x7f:
            x >>= 7
            part = bytes([x & 0x7f | 0x80]) + part
        out += part
    return der(6, out)


def attr(dotted, tag, value):
    return der(0x30, oid(dotted), der(tag, value))


def rdn(*attrs):
    return der(0x31, *attrs)


CN, O = "2.5.4.3", "2.5.4.10"
RSA, ECKEY, DSA = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1", "1.2.840.10040.4.1"
SHA256RSA = der(0x30, oid("1.2.840.113549.1.1.11"), der(5))


def rsa_key(bits=1024, leading=b"\0"):
    n = leading + b"\x80" + bytes(bits // 8 - 1)
    return der(0x30, der(0x30, oid(RSA), der(5)),
               der(3, b"\0", der(0x30, der(2, n), der(2, b"\1\0\1"))))


def cert(subject=rdn(attr(CN, 12, b"odd.example")), issuer=None, key=None, version=2, serial=b"\5",
         before=der(23, b"250101000000Z"), after=der(23, b"350101000000Z"), exts=None, extra=b"",
         sig=SHA256RSA):
    tbs = der(0xa0, der(2, bytes([version]))) if version is not None else b""
    tbs += der(2, serial) + sig + der(0x30, subject if issuer is None else issuer)
    tbs += der(0x30, before, after) + der(0x30, subject) + (key or rsa_key()) + extra
    if exts is not None:
        tbs += der(0xa3, der(0x30, *exts))
    return der(0x30, der(0x30, tbs), sig, der(3, bytes(17)))


def extension(dotted, value, critical=False):
    return der(0x30, oid(dotted), der(1, b"\xff") if critical else b"", der(4, value))


def port():
    n = 41000
    while True:
        n += 1
        yield n


def tls12():
    cap = Capture()
    p = port()
    t = Conversation(cap, next(p), 443)
    full(t, client_hello(exts=(sni(b"press-7.lab.example"), GROUPS, FORMATS, SIGALGS,
                               alpn(b"h2", b"http/1.1"))),
         server=server_hello(exts=(ext(0xff01, b"\0"), alpn(b"http/1.1"))))
    # the client shows one, too; another port; signed by another
    t = Conversation(cap, next(p), 8883)
    t.c(handshake(client_hello()))
    t.s(handshake(server_hello(), certificate(GATEWAY, DEVICE), KEY_EXCHANGE, REQUEST, DONE))
    t.c(handshake(certificate(CLIENT), CLIENT_KEY, VERIFY), CHANGE, SEALED)
    t.s(handshake(message(4, bytes(20))), CHANGE, SEALED)
    t.close()
    # one that has none says so
    t = Conversation(cap, next(p), 34567)
    t.c(handshake(client_hello()))
    t.s(handshake(server_hello(), certificate(GATEWAY), KEY_EXCHANGE, REQUEST, DONE))
    t.c(handshake(certificate(), CLIENT_KEY), CHANGE, SEALED)
    t.s(CHANGE, SEALED)
    t.close()
    # an earlier session goes on
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello(session=bytes(32))))
    t.s(handshake(server_hello(session=bytes(32))), CHANGE, SEALED)
    t.c(CHANGE, SEALED, APP)
    t.close()
    # old versions; a cipher without a name; no extensions
    for v, c in ((0x0300, 0x0005), (0x0301, 0x002f), (0x0302, 0xfafa)):
        t = Conversation(cap, next(p), 443)
        t.c(handshake(client_hello(v, u16s(0x0005, 0x002f, c), None), version=v))
        t.s(handshake(server_hello(v, c, None), certificate(DEVICE), DONE, version=v))
        t.c(handshake(CLIENT_KEY, version=v), record(CCS, b"\1", v), record(HANDSHAKE, bytes(40), v))
        t.s(record(CCS, b"\1", v), record(HANDSHAKE, bytes(40), v))
        t.close()
    # a version that nobody knows; a hello that names an address; one that names nobody
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello(exts=(sni(b"192.0.2.20"),))))
    t.s(handshake(server_hello(0x0399)))
    t.close()
    cap.write("tls", "tls12")


GREASE = 0x3a3a
HELLO13 = dict(ciphers=u16s(GREASE, 0x1301, 0x1302, 0x1303, 0xc02b), session=bytes(32))


def exts13(*more):
    return (ext(GREASE), sni(b"cloud.example"), ext(23), ext(0xff01, b"\0"),
            ext(10, vec16(u16s(GREASE, 0x11ec, 0x001d))), FORMATS, ext(35),
            alpn(b"mqtt"), ext(13, vec16(u16s(GREASE, 0x0403, 0x0804))),
            ext(43, vec8(u16s(GREASE, 0x0304, 0x0303))), ext(45, b"\1\1"),
            ext(51, bytes(10)), ext(0x8a8a, b"\0")) + more


def tls13():
    cap = Capture()
    p = port()
    real = (ext(43, u16s(0x0304)), ext(51, bytes(8)))
    t = Conversation(cap, next(p), 8883)
    t.c(handshake(client_hello(exts=exts13(), **HELLO13), version=0x0301))
    t.s(handshake(server_hello(cipher=0x1301, exts=real, session=bytes(32))), CHANGE, APP)
    t.c(CHANGE, APP)
    t.close()
    # the server asks for another key share first
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello(exts=exts13(), **HELLO13), version=0x0301))
    t.s(handshake(server_hello(cipher=0x1302, exts=(ext(43, u16s(0x0304)),), random=RETRY)), CHANGE)
    t.c(CHANGE, handshake(client_hello(exts=exts13(ext(44, b"\0\0")), **HELLO13)))
    t.s(handshake(server_hello(cipher=0x1302, exts=real)), APP)
    t.close()
    # early data before any answer
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello(exts=exts13(ext(42)), **HELLO13)), APP)
    t.s(handshake(server_hello(cipher=0x1303, exts=real)), APP)
    t.close()
    # the answer is the last that was captured
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello(exts=exts13(), **HELLO13)))
    t.s(handshake(server_hello(cipher=0x1301, exts=real)))
    # a draft, whose ServerHello had neither session nor compression
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello(exts=(ext(43, vec8(u16s(0x0303, 0x7f12, 0x7f10))),), **HELLO13)))
    t.s(handshake(message(2, u16s(0x7f12) + RANDOM + u16s(0x1301) + vec16(ext(40, bytes(4))))), APP)
    # draft and final offered together; a draft beyond the known
    for versions in ((0x7f1c, 0x0304), (0x0304, 0x7f1c), (0x7f99, 0x0303)):
        t = Conversation(cap, next(p), 443)
        t.c(handshake(client_hello(exts=(ext(43, vec8(u16s(*versions))),), **HELLO13)))
        t.s(alert(2, 70))
    # ALPN that is no text
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello(exts=(alpn(b"\xabx\xcd", b"a" * 80), sni(b"a.example")))))
    t.s(handshake(server_hello(exts=(alpn(b"b" * 40),))))
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello(exts=(sni(b"only.example"),), ciphers=u16s(GREASE))))
    cap.write("tls", "tls13")


def alerts():
    cap = Capture()
    p = port()
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()))
    t.s(alert(2, 40))
    t.close()
    t = Conversation(cap, next(p), 443)
    full(t, done=False)
    t.c(alert(2, 48))
    t.close()
    # a warning is no end; a code without a name is
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()))
    t.s(alert(1, 112), handshake(server_hello(), certificate(DEVICE), DONE))
    t.c(alert(2, 99))
    # refused after the client's half was sealed
    t = Conversation(cap, next(p), 443)
    full(t, done=False)
    t.c(handshake(CLIENT_KEY), CHANGE, SEALED, record(ALERT, bytes(26)))
    t.s(alert(2, 51))
    # a level that is none; an alert to nobody
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()))
    t.s(alert(7, 40))
    t.close()
    t = Conversation(cap, next(p), 443)
    t.c(handshake(CLIENT_KEY), alert(2, 40))
    t.s(alert(1, 0))
    t.close()
    cap.write("tls", "alerts")


def partial():
    """Handshakes of which something was not there, or not captured."""
    cap = Capture()
    p = port()
    Conversation(cap, next(p), 443).c(handshake(client_hello()))
    # one side's packets alone: the client's, the server's
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()))
    t.c(handshake(CLIENT_KEY), CHANGE, SEALED)
    t.c(APP)
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()))
    t.c(handshake(CLIENT_KEY), CHANGE, SEALED)
    t = Conversation(cap, next(p), 443, syn=False)
    t.s(handshake(server_hello(), certificate(DEVICE), DONE))
    t.s(CHANGE, SEALED)
    t = Conversation(cap, 443, next(p), syn=False)
    t.c(handshake(server_hello(), certificate(DEVICE), DONE))
    t.s(handshake(CLIENT_KEY), CHANGE)
    t.c(CHANGE)
    # amid a session
    t = Conversation(cap, next(p), 9443, syn=False)
    t.c(APP, APP)
    t.s(APP)
    t = Conversation(cap, next(p), 443, syn=False)
    t.c(APP)
    t = Conversation(cap, next(p), 443, syn=False)
    t.c(CHANGE)
    # answered by something else
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()))
    t.s(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    # lost segments: of the server's certificate, of its hello, between records
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()))
    flight = handshake(server_hello()) + handshake(certificate(DEVICE, DEVICE, DEVICE)) + handshake(DONE)
    t.s(flight[:1000])
    t.s(flight[1000:2000], lose=True)
    t.s(flight[2000:])
    t.c(handshake(CLIENT_KEY), CHANGE, SEALED)
    t.s(CHANGE, SEALED)
    t.c(b"", flags=16)
    t.c(APP)
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()))
    t.s(handshake(server_hello()), lose=True)
    t.s(handshake(certificate(DEVICE)))
    t.c(b"", flags=16)
    t.s(handshake(DONE))
    t.c(handshake(CLIENT_KEY), CHANGE, SEALED)
    t.s(CHANGE, SEALED)
    # not captured to the end: hello, certificate, record header
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()), cut=54 + 60)
    t.s(handshake(server_hello(), certificate(DEVICE), DONE), cut=54 + 400)
    t.c(handshake(CLIENT_KEY), cut=54 + 3)
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()))
    t.s(handshake(server_hello(), certificate(DEVICE), DONE), cut=54 + 56)
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()))
    t.s(handshake(server_hello()), cut=54 + 30)
    t.s(CHANGE)
    # a heartbeat, an alert of which half was captured, a second answer
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()), record(24, bytes(10)))
    t.s(alert(2, 40), cut=54 + 6)
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()))
    t.s(handshake(server_hello(), server_hello(cipher=5), certificate(DEVICE)), CHANGE)
    cap.write("tls", "partial")


def ssl2():
    cap = Capture()
    p = port()

    def hello(version, ciphers=b"\1\0\x80\7\0\xc0", session=b"", challenge=bytes(16), extra=b""):
        b = b"\1" + u16s(version, len(ciphers), len(session), len(challenge))
        b += ciphers + session + challenge + extra
        return u16s(0x8000 | len(b)) + b

    def answer(cert, ciphers=b"\1\0\x80", kind=4):
        b = bytes([kind, 0, 1]) + u16s(2, len(cert), len(ciphers), 16) + cert + ciphers + bytes(16)
        return u16s(0x8000 | len(b)) + b

    t = Conversation(cap, next(p), 443)
    t.c(hello(2))
    t.s(answer(DEVICE))
    t.c(bytes(60))
    t.close()
    # in old clothes, for any version
    t = Conversation(cap, next(p), 443)
    t.c(hello(0x0301, b"\0\0\5\0\0\4\1\0\x80"))
    t.s(handshake(server_hello(0x0301, 5, None), certificate(DEVICE), DONE, version=0x0301))
    t.c(handshake(CLIENT_KEY), CHANGE)
    t.s(CHANGE)
    t.close()
    t = Conversation(cap, next(p), 443)
    t.c(hello(2, session=bytes(16)))
    t.s(answer(b"\x30\x03\x02\x01"))
    # lengths that contradict: seen by the probe, then by the dissector
    t = Conversation(cap, next(p), 443)
    t.c(hello(2, extra=b"zz"))
    t = Conversation(cap, next(p), 443)
    t.c(hello(2, session=bytes(5), challenge=bytes(40)))
    t = Conversation(cap, next(p), 443)
    t.c(hello(2))
    t.s(u16s(0x8000 | 8) + b"\4\0\1\0\2\7\0\0")
    t = Conversation(cap, next(p), 443)
    t.c(b"\x80")
    t.c(b"\x2e\1")
    t.c(b"\0\2\0\3\0\0\0\x10")
    t.c(bytes(40))
    t = Conversation(cap, next(p), 443)
    t.c(b"\xff\xfb\x01\xff\xfb\x03\xff\xfd\x0f\xff\xf0\xff")
    # the answer alone, before a hello was seen
    t = Conversation(cap, next(p), 443)
    t.c(hello(2)[:2], lose=True)
    t.s(answer(DEVICE))
    cap.write("tls", "ssl2")


def split():
    """Messages, records and segments that do not coincide."""
    cap = Capture()
    p = port()
    hello = client_hello(exts=(sni(b"split.example"), GROUPS, FORMATS, SIGALGS))
    # a message over many records
    t = Conversation(cap, next(p), 443)
    t.c(*[record(HANDSHAKE, hello[i:i + 30]) for i in range(0, len(hello), 30)])
    flight = server_hello() + certificate(DEVICE) + KEY_EXCHANGE + DONE
    t.s(*[record(HANDSHAKE, flight[i:i + 3]) for i in range(0, 60, 3)],
        record(HANDSHAKE, flight[60:]))
    t.c(handshake(CLIENT_KEY), CHANGE, SEALED)
    t.s(CHANGE, SEALED)
    # a record over many segments
    t = Conversation(cap, next(p), 443)
    t.pieces(0, handshake(hello), 40)
    t.pieces(1, handshake(server_hello(), certificate(DEVICE), DONE) + CHANGE, 100)
    # a message and certificates longer than is kept
    t = Conversation(cap, next(p), 443)
    t.c(handshake(hello))
    flight = server_hello() + certificate(*[DEVICE] * 25) + DONE
    for i in range(0, len(flight), 4000):
        t.s(record(HANDSHAKE, flight[i:i + 4000]))
    t.s(CHANGE)
    t = Conversation(cap, next(p), 443)
    t.c(handshake(hello))
    big = cert(exts=[extension("2.5.29.99", bytes(9000))])
    t.pieces(1, handshake(server_hello(), certificate(big), DONE) + CHANGE, 1400)
    # text too long for the string, lists too long for any client
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello(ciphers=u16s(*range(0x5000, 0x5000 + 450)))))
    t.s(alert(2, 40))
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello(ciphers=u16s(*range(0x5000, 0x5000 + 1500)))))
    t.s(alert(2, 40))
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello(exts=[ext(0x5000 + i) for i in range(250)])))
    t.s(handshake(server_hello(exts=[ext(0x5000 + i) for i in range(120)])), alert(2, 40))
    # more handshakes at a time than there are slots: the first loses its own
    many = [Conversation(cap, next(p), 443) for _ in range(70)]
    for t in many:
        t.c(handshake(hello))
    for t in many[:2]:
        t.s(handshake(server_hello()), CHANGE)
    t = many[6]
    t.s(record(HANDSHAKE, server_hello() + certificate(DEVICE)[:300]))
    for _ in range(65):
        Conversation(cap, next(p), 443).c(handshake(hello))
    t.s(record(HANDSHAKE, certificate(DEVICE)[300:]), CHANGE)
    cap.write("tls", "split")


def certificates():
    """What certificates may hold, well formed."""
    cap = Capture()
    p = port()
    names = rdn(attr("2.5.4.6", 19, b"SE")) + rdn(attr(O, 20, b"M\xe4tteknik AB")) + \
        rdn(attr(CN, 30, "Våg 3".encode("utf-16-be")), attr("2.5.4.11", 28, "lab".encode("utf-32-be"))) + \
        rdn(attr("1.3.6.1.4.1.99999.1", 12, b"x")) + rdn(attr("2.5.4.4", 22, b"s")) + \
        rdn(attr("0.9.2342.19200300.100.1.25", 22, b"lab")) + rdn(attr(CN, 2, b"\5")) + \
        rdn(attr("2.5.4.12", 28, "\U0001f52c".encode("utf-32-be")))
    seven = der(0x30, der(0x30, oid(DSA), der(0x30, der(2, b"\0" + b"\x80" + bytes(127)), der(2, b"\3"))),
                der(3, b"\0", der(2, b"\5")))
    san = [der(0x82, b"a.example"), der(0x87, bytes([192, 0, 2, 1])), der(0x87, bytes(16)),
           der(0x87, b"\1\2\3"), der(0x86, b"urn:x"), der(0x81, b"a@b"), der(0xa4, b""), der(0x82, b"")]
    for c in (
            cert(names),
            cert(names, key=seven, version=None),
            cert(before=der(24, b"20250101000000Z"), after=der(24, b"20991231235959Z")),
            cert(before=der(23, b"500101000000Z"), after=der(23, b"491231235959Z")),
            cert(exts=[extension("2.5.29.17", der(0x30, *san)),
                       extension("2.5.29.19", der(0x30, der(1, b"\xff")), True)]),
            cert(exts=[extension("2.5.29.19", der(0x30))], extra=der(0x81, b"\0x") + der(0x82, b"\0y")),
            cert(key=der(0x30, der(0x30, oid(ECKEY), oid("1.3.132.0.35")), der(3, bytes(9)))),
            cert(key=der(0x30, der(0x30, oid(ECKEY), oid("1.3.132.0.99")), der(3, bytes(9)))),
            cert(key=der(0x30, der(0x30, oid(ECKEY), der(5)), der(3, bytes(9)))),
            cert(key=der(0x30, der(0x30, oid("1.3.101.112")), der(3, bytes(33)))),
            cert(key=der(0x30, der(0x30, oid("1.3.101.113")), der(3, bytes(58)))),
            cert(key=der(0x30, der(0x30, oid("1.2.3.4")), der(3, bytes(9)))),
            cert(key=rsa_key(1024, b""), serial=bytes(range(60)), sig=der(0x30, oid("1.2.3"))),
            cert(rdn(attr(CN, 12, b"*.example")), rdn(attr(CN, 12, b"CA"))),
            cert(rdn(attr(O, 12, b"Internet Widgits Pty Ltd")) + rdn(attr(CN, 12, b"my box"))),
            cert(rdn(attr(O, 12, b"Maker AG")) + rdn(attr(CN, 12, b"Model 5 Unit")),
                 rdn(attr(O, 12, b"Maker AG")) + rdn(attr(CN, 12, b"Maker Root"))),
            cert(rdn(attr(CN, 30, "\u20ac\u4e00 5".encode("utf-16-be"))), before=der(24, b"19500101000001Z")),
            cert(key=rsa_key(1024, b"\0\0")), cert(rdn(attr(CN, 20, b"\xe4" * 600))),
            cert(b""),
            cert(rdn(attr(CN, 12, b"n" * 1100))),
            cert(b"".join(rdn(attr(CN, 12, b"%d" % i)) for i in range(80))),
            cert(rdn(attr("1.3" + ".268435455" * 30, 12, b"long")))):
        full(Conversation(cap, next(p), 443), chain=(c,))
    cap.write("tls", "certificates")


def malformed():
    cap = Capture()
    p = port()

    def hello(m):
        t = Conversation(cap, next(p), 443)
        t.c(handshake(m))
        t.s(handshake(server_hello(), certificate(DEVICE), DONE), CHANGE)
        t.close()

    def server(m):
        t = Conversation(cap, next(p), 443)
        t.c(handshake(client_hello()))
        t.s(handshake(m), CHANGE)
        t.close()

    def shown(c):
        t = Conversation(cap, next(p), 443)
        t.c(handshake(client_hello()))
        t.s(handshake(server_hello()), handshake(c if c[0] == 11 else certificate(c)), CHANGE)
        t.close()

    hello(client_hello(session=bytes(33)))
    hello(client_hello(ciphers=b"\0\5\0"))
    hello(message(1, u16s(0x0303) + RANDOM + vec8(b"") + u16s(200) + b"xx"))
    hello(client_hello(exts=None, tail=u16s(99) + b"xx"))
    hello(client_hello(exts=(u16s(10, 99) + b"xx",)))
    hello(client_hello(exts=[ext(0x5000 + i) for i in range(300)]))
    # odd, not broken
    hello(client_hello(exts=(sni(b""), GROUPS)))
    hello(client_hello(exts=(sni(b"x", 7), GROUPS)))
    hello(client_hello(exts=(ext(0, u16s(90) + b"\0\0\1x"),)))
    hello(client_hello(exts=(ext(0), ext(10), ext(11), ext(13), ext(16), ext(43))))
    server(message(2, u16s(0x0303) + RANDOM + vec8(bytes(40))))
    server(server_hello(exts=(u16s(16, 99) + b"xx",)))
    server(server_hello(exts=(ext(43, b"\3"),)))
    server(message(99, b"abc"))
    server(server_hello() + message(77, b"abc") + certificate(DEVICE))
    shown(message(11, b"\0\0\x20abc"))
    shown(message(11, b"\0\0\5\0\0\x20ab"))
    shown(message(11, b"\0\0\3\0\0\0"))
    for c in (b"\x02\x01\x05", der(0x30, b"\x02\x01\x05"), b"\x30\x80", b"\x30\x85\1\1\1\1\1",
              b"\x3f\x01\x05", der(0x30, der(0x30, b"")), b"\x30\x20\x30\x30\x02",
              cert(version=9), cert(serial=b"")[:20] + b"\xff" * 40,
              der(0x30, der(0x30, der(2, b"\1"), der(2, b"\1"))),
              der(0x30, der(0x30, der(2, b"\1"), SHA256RSA, der(2, b"\1"))),
              cert(before=der(23, b"251301000000Z")), cert(before=der(23, b"25010100000xZ")),
              cert(before=der(4, b"250101000000Z")), cert(before=der(23, b"2501010000Z")),
              cert(after=der(23, b"250101000000Zzz")),
              cert(key=der(0x31, b"")), cert(key=der(0x30, b"")),
              cert(exts=[der(4, b"x")]), cert(exts=[extension("2.5.29.17", b"\x30\x20ab")]),
              cert(exts=[extension("2.5.29.17", der(4, b""))]), cert(extra=b"\x81\x7f"),
              cert(b"\x31\x20ab"), cert(rdn(b"\x30\x05\x06\x03ab")), cert(rdn(der(0x30, der(4, b"")))),
              cert(exts=[extension("2.5.29.17", der(0x30, b"\x82\x7fab"))])):
        shown(c)
    # records that are none
    for bad in (record(99, b"x"), record(HANDSHAKE, b""), b"\x16\x03\x03\xff\xff" + bytes(50),
                record(HANDSHAKE, b"x", 0x0909)):
        t = Conversation(cap, next(p), 443)
        t.c(handshake(client_hello()))
        t.s(bad)
        t.c(handshake(CLIENT_KEY), CHANGE)
        t.close()
    # not TLS at all, and too little to say
    for data in (b"\x16", b"\x16\x03", b"\x15\x03\x01\x00", b"\x14\x07\x01\x02", b"\x16\x09\x01",
                 b"\x16\x03\x01\x00\x05\x01\0", b"\x17\x03\x03\x00\x04abcdGET /",
                 handshake(message(1, b"\x09\x09abcdefgh")), b"hello, is it me"):
        t = Conversation(cap, next(p), 443)
        t.c(data)
    cap.write("tls", "malformed")


def ec_key(curve):
    return der(0x30, der(0x30, oid(ECKEY), oid(curve)), der(3, b"\0\4", bytes(48)))


def signed(dotted):
    return der(0x30, oid(dotted), der(5))


def weak():
    """Each weakness that a server's choice and certificate can have, and none of them."""
    cap = Capture()
    p = port()
    good = dict(key=rsa_key(2048), issuer=rdn(attr(CN, 12, b"Example Lab CA")), version=2)
    for c in (cert(**good),
              cert(**dict(good, key=rsa_key(1024))),
              cert(**dict(good, key=ec_key("1.2.840.10045.3.1.1"))),
              cert(**dict(good, key=ec_key("1.2.840.10045.3.1.7"))),
              cert(**dict(good, after=der(23, b"251124155959Z"))),
              cert(**dict(good, before=der(23, b"251124170000Z"))),
              cert(**dict(good, issuer=None)),
              cert(**dict(good, sig=signed("1.2.840.113549.1.1.5"))),
              cert(**dict(good, sig=signed("1.2.840.113549.1.1.4"))),
              cert(**dict(good, sig=signed("1.2.840.10045.4.1")))):
        full(Conversation(cap, next(p), 443), chain=(c,))
    # NULL, EXPORT, RC4, DES, 3DES, anon; two that are not weak
    for c in (0x0002, 0x0003, 0x0005, 0x0009, 0x000a, 0x0034, 0xc02f, 0x009d):
        full(Conversation(cap, next(p), 443), chain=(cert(**good),), server=server_hello(cipher=c))
    for v in (0x0300, 0x0301, 0x0302):
        full(Conversation(cap, next(p), 443), chain=(cert(**good),), server=server_hello(v, exts=None))
    cap.write("tls", "weak")


def remote():
    """Services known by what is asked for, and names that only look like them."""
    cap = Capture()
    p = port()
    ca = rdn(attr(CN, 12, b"Example Lab CA"))
    for name in (b"relay-3185a847.net.anydesk.com", b"TeamViewer.com", b"notteamviewer.com",
                 b"teamviewer.com.lab.example", b"device.vpn21.talk2m.com",
                 b"a1b2c3-ats.iot.eu-north-1.amazonaws.com", b"iot.eu-north-1.amazonaws.com",
                 b"s3.eu-north-1.amazonaws.com", b"x.iot.a.b.amazonaws.com",
                 b"hub-7.azure-devices.net", b"com", b"..com", b"login.tailscale.com."):
        t = Conversation(cap, next(p), 443)
        t.c(handshake(client_hello(exts=(sni(name), GROUPS))))
        t.s(alert(2, 40))
    for protocol in (b"bep/1.0", b"anydesk/6.2.0/linux", b"x-amzn-mqtt-ca", b"h2"):
        t = Conversation(cap, next(p), 443)
        t.c(handshake(client_hello(exts=(alpn(b"http/1.1", protocol), GROUPS))))
        t.s(alert(2, 40))
    dns = extension("2.5.29.17", der(0x30, der(0x82, b"lab.example"), der(0x82, b"*.splashtop.com")))
    for c in (cert(rdn(attr(CN, 12, b"AnyDesk Client"))),
              cert(rdn(attr(CN, 12, b"relay 9")), rdn(attr(CN, 12, b"AnyNet Root CA"))),
              cert(rdn(attr(CN, 12, b"*.screenconnect.com")), ca),
              cert(rdn(attr(O, 12, b"x")), ca, exts=(dns,)),
              cert(rdn(attr(CN, 12, b"anydesk")), ca)):
        full(Conversation(cap, next(p), 443), chain=(c,))
    t = Conversation(cap, next(p), 443)
    t.c(handshake(client_hello()))
    t.s(handshake(server_hello(), certificate(GATEWAY), KEY_EXCHANGE, REQUEST, DONE))
    t.c(handshake(certificate(cert(rdn(attr(CN, 12, b"AnyDesk Client")))), CLIENT_KEY, VERIFY), CHANGE,
        SEALED)
    t.s(CHANGE, SEALED)
    cap.write("tls", "remote")


if __name__ == "__main__":
    for f in (tls12, tls13, alerts, partial, ssl2, split, certificates, malformed, weak,
              remote):
        f()
