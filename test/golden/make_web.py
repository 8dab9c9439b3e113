#!/usr/bin/env python3
"""Builds test/golden/{rtsp,sip,socks,ssdp,wsd}/*.pcap from RFC 2326, 3261, 1928 and
1929, the UPnP Device Architecture, WS-Discovery and ONVIF's core specification. What
must never be written has the word HEMLIGT in it."""
import socket
import struct

from frames import eth, ipv4, udp
from tcp_pcap import Capture, Conversation

N = [45000]


def talk(cap, sport, **kw):
    N[0] += 1
    return Conversation(cap, N[0], sport, **kw)


def datagram(cap, src, sport, dst, dport, data, cut=None):
    frame = eth(ipv4(17, udp(sport, dport, data), src, dst), src="02:00:00:00:00:%02x" % int(src.split(".")[3]))
    cap.add(frame[:cut] if cut else frame, len(frame))


def message(first, *headers, body=b""):
    h = [first] + list(headers) + (["Content-Length: %d" % len(body)] if body else [])
    return ("\r\n".join(h) + "\r\n\r\n").encode() + body


def rtsp():
    cap = Capture()
    t = talk(cap, 554)
    agent, server = "User-Agent: LibVLC/3.0.18 (LIVE555 Streaming Media v2016.11.28)", "Server: Hipcam RealServer/V1.0"
    url = "rtsp://HEMLIGT:HEMLIGT@192.0.2.20:554/stream1/HEMLIGT123456789012345?token=HEMLIGT"
    n = [0]

    def q(method, *h, u=url, **kw):
        n[0] += 1
        return message("%s %s RTSP/1.0" % (method, u), "CSeq: %d" % n[0], *h, **kw)

    def a(status, *h, **kw):
        return message("RTSP/1.0 " + status, "CSeq: %d" % n[0], *h, **kw)

    t.c(q("OPTIONS", agent))
    t.s(a("200 OK", "Public: DESCRIBE"))
    for h, s in ((agent, a("401 Unauthorized", server, 'WWW-Authenticate: Digest realm="HEMLIGT"')), (agent, a("401 No", 'WWW-Authenticate: Basic realm="x"'))):
        t.c(q("DESCRIBE", h))
        t.s(s.replace(b"CSeq: 1", b"CSeq: %d" % n[0]))
    d = q("DESCRIBE", agent, 'Authorization: Digest username="HEMLIGT", response="HEMLIGT"')
    t.pieces(0, d, 70)
    t.pieces(1, a("200 OK", server, "Content-Type: application/sdp", body=b"v=0\r\ns=HEMLIGT\r\n"), 41)
    t.c(q("SETUP", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "Authorization: Basic SEVNTElHVA=="))
    t.s(a("200 OK", server) + b"$\0\0\5HEMLI$\1\0\0")
    t.c(q("PLAY", u="/stream1"))
    p = b"$\0\3\xe8" + b"HEMLIGT1" * 125
    t.s(a("200 OK") + p[:300])
    t.s(p[300:] + p)
    t.c(q("GET_PARAMETER", agent))
    t.s(p + a("200 OK"))
    t.c(q("GET_PARAMETER", agent))
    t.s(a("451 Parameter Not Understood"))
    t.c(q("SET_PARAMETER", agent, body=b"HEMLIGT: 1\r\n"))
    t.s(a("200 OK"))
    t.s(message("ANNOUNCE rtsp://192.0.2.20/ RTSP/1.0", "CSeq: 1"))
    t.c(message("RTSP/1.0 200 OK", "CSeq: 1"))
    t.c(q("TEARDOWN", agent))
    t.close()
    cap.write("rtsp", "session")
    cap = Capture()
    t = talk(cap, 8555, syn=False)      # seen from an answer on; lost and cut
    t.s(a("200 OK", server))
    t.c(q("PLAY"))
    t.s(p[:400], lose=True)
    t.s(p[400:])
    t.s(a("200 OK"))
    t.c(q("PAUSE", agent, agent), cut=90)
    t.s(a("200 OK", server), cut=80)
    t.c(q("PLAY"))
    t.s(a("200 OK"))
    t = talk(cap, 554)
    t.c(q("OPTIONS"))
    t.s(b"RTSP/1.0 200 OK\r\nCSeq: %d\r\n\r\nno more RTSP\r\n" % n[0])
    t.c(q("OPTIONS")[:30])
    t.close()
    for first in (b"GET / HTTP/1.0\r\n\r\n", b"OPTIONS * RTSP/3.0\r\n\r\n", b"RTSP/1.0 x\r\n", b"$\0\0\1x"):
        t = talk(cap, 554)
        t.c(first)
        t.close()
    t = talk(cap, 554)                  # a head without an end
    t.c(b"OPTIONS * RTSP/1.0\r\n")
    for _ in range(8):
        t.c(b"X: " + b"y" * 1200 + b"\r\n")
    t.close()
    cap.write("rtsp", "malformed")


def sip():
    cap = Capture()
    phone, pbx = "192.0.2.10", "192.0.2.20"
    agent = "User-Agent: Yealink SIP-T46S 66.84.0.15"

    def q(method, cseq, *h, call="abc-HEMLIGT", uri="sip:HEMLIGT@pbx.lab.example:5060;user=HEMLIGT"):
        return message("%s %s SIP/2.0" % (method, uri), "Via: SIP/2.0/UDP 192.0.2.10;branch=1", 'From: "HEMLIGT" <sip:HEMLIGT@pbx>;tag=1',
                       "To: <sip:HEMLIGT@pbx>", "Call-ID: " + call, "CSeq: %d %s" % (cseq, method), "Subject: HEMLIGT", *h)

    def a(code, method, cseq, *h, call="abc-HEMLIGT"):
        return message("SIP/2.0 " + code, "i: " + call, "CSeq: %d %s" % (cseq, method), *h)

    def c(m, **kw):
        datagram(cap, phone, 5060, pbx, 5060, m, **kw)

    def s(m, **kw):
        datagram(cap, pbx, 5060, phone, 5060, m, **kw)

    c(q("REGISTER", 1, agent, uri="sip:pbx.lab.example"))
    c(q("REGISTER", 1, agent, uri="sip:pbx.lab.example"))
    s(a("100 Trying", "REGISTER", 1))
    s(a("401 Unauthorized", "REGISTER", 1, 'WWW-Authenticate: Digest realm="HEMLIGT"', "Server: Asterisk PBX 18.9.0"))
    s(a("401 Unauthorized", "REGISTER", 1, 'WWW-Authenticate: Digest realm="HEMLIGT"'))
    c(q("REGISTER", 2, agent, 'Authorization: Digest username="HEMLIGT", response="HEMLIGT"', uri="sip:pbx.lab.example"))
    s(a("200 OK", "REGISTER", 2, "Server: Asterisk PBX 18.9.0"))
    c(b"\r\n\r\n")
    c(b"\0\0\0\0")
    c(q("INVITE", 3, agent, uri="tel:+46HEMLIGT"))
    s(a("180 Ringing", "INVITE", 3))
    s(a("486 Busy Here", "INVITE", 3, "User-Agent: FPBX"))
    c(q("ACK", 3))
    s(q("OPTIONS", 9, "User-Agent: FPBX", call="srv"))
    c(a("200 OK", "OPTIONS", 9, agent, call="srv"))
    c(q("BYE", 4))
    s(a("603 Decline", "INVITE", 77, "Proxy-Authenticate: NTLM"))
    c(q("MESSAGE", 5, agent), cut=130)
    # over TCP
    t = talk(cap, 5060)
    m = message("MESSAGE sip:HEMLIGT@192.0.2.20 SIP/2.0", "Call-ID: x", "CSeq: 1 MESSAGE", body=b"HEMLIGT")
    t.pieces(0, m + b"\r\n\r\n" + m.replace(b"1 MESS", b"2 MESS"), 60)
    t.s(message("SIP/2.0 202 Accepted", "Call-ID: x", "CSeq: 1 MESSAGE", "l: 0"))
    t.s(message("SIP/2.0 500 No", "Call-ID: x", "CSeq: 2 MESSAGE", "Proxy-Authenticate: Basic"))
    t.c(b"no SIP at all\r\n\r\n")
    t.close()
    # what only looks like it
    for n, m in enumerate((b"REGISTER sip:x HTTP/1.1\r\n\r\n", b"SIP/2.0 OK\r\n\r\n", b"invite sip:x SIP/2.0\r\n\r\n")):
        datagram(cap, phone, 5061 + n, pbx, 5060, m)
    # a telephone's number where a host should be
    datagram(cap, phone, 5070, pbx, 5060, q("INVITE", 1, call="bare", uri="sip:+46-70-1740605"))
    datagram(cap, pbx, 5060, phone, 5070, a("404 Not Found", "INVITE", 1, call="bare"))
    cap.write("sip", "session")


def socks():
    cap = Capture()
    modbus = bytes.fromhex("000100000006010300000002"), bytes.fromhex("00010000000701030400070009")

    def name(n):
        return b"\3" + bytes([len(n)]) + n

    def five(method, request, reply, auth=None, inner=True, offered=b"\0\2"):
        t = talk(cap, 1080)
        t.c(b"\5" + bytes([len(offered)]) + offered)
        t.s(b"\5" + method)
        if auth is not None:
            t.c(auth)
            t.s(b"\1\0")
        if request:
            t.c(request)
            if reply is not None:
                t.s(reply)
        if inner:
            t.c(modbus[0])
            t.s(modbus[1])
        t.close()

    ok = b"\5\0\0\1\0\0\0\0\0\0"
    five(b"\0", b"\5\1\0\1\xc0\0\2\x21\1\xf6", ok)
    five(b"\2", b"\5\1\0" + name(b"plc3.lab.example") + b"\1\xf6", b"\5\0\0" + name(b"x") + b"\0\1", b"\1\7HEMLIGT\7HEMLIGT")
    five(b"\0", b"\5\1\0\4" + socket.inet_pton(socket.AF_INET6, "2001:db8::5") + b"\0\x50", b"\5\5\0\1\0\0\0\0\0\0", inner=False)
    five(b"\0", b"\5\2\0\1\xc0\0\2\x21\1\xf6", ok, inner=False)
    five(b"\0", b"\5\3\0\1\0\0\0\0\0\0", b"\5\x63\0\1\0\0\0\0\0\0", inner=False)
    five(b"\xff", None, None, inner=False)
    five(b"\1", None, None, inner=False, offered=b"\0\1")
    five(b"\0", b"\5\1\0\1\xc0\0\2\x22\0\x16", None, inner=False)
    for q, a in ((b"\4\1\1\xf6\xc0\0\2\x21HEMLIGT\0", b"\0\x5a\0\0\0\0\0\0"), (b"\4\1\1\xf6\0\0\0\1\0plc3.lab.example\0", b"\0\x5a\0\0\0\0\0\0"),
                 (b"\4\1\1\xf6\xc0\0\2\x21\0", b"\0\x5b\0\0\0\0\0\0"), (b"\4\2\1\xf6\xc0\0\2\x21\0", b"\0\x5d\0\0\0\0\0\0")):
        t = talk(cap, 1081)
        t.pieces(0, q, 12)
        t.s(a)
        if a[1] == 0x5a:
            t.c(modbus[0])
            t.s(modbus[1])
        t.close()
    # not SOCKS
    for q, a in ((b"\5\1\0", b"\5\2"), (b"\5\1\0", b"HTTP"), (b"\5\x63" + b"\0" * 30, b"\5\0"), (b"\4\1\1\xf6\xc0\0\2\x21x\0more", b"\0\x5a" + b"\0" * 6),
                 (b"\4\1\1\xf6\xc0\0\2\x21" + b"x" * 600, b""), (b"\5\2\0\x20", b"\5\0"), (b"\4\7\1\xf6\xc0\0\2\x21\0", b"\0\x5a" + b"\0" * 6)):
        t = talk(cap, 1080)
        t.c(q)
        if a:
            t.s(a)
        t.close()
    cap.write("socks", "session")


def ssdp():
    cap = Capture()
    group, host = "239.255.255.250", "192.0.2.10"
    server = "SERVER: Linux/3.14 UPnP/1.0 IpBridge/1.56.0"
    uuid = "uuid:2f402f80-da50-11e1-9b23-001788255acc"

    def notify(nt, nts="ssdp:alive", src=host, *h, usn=None, loc="http://192.0.2.10:80/description.xml?HEMLIGT"):
        datagram(cap, src, 50000, group, 1900, message("NOTIFY * HTTP/1.1", "HOST: 239.255.255.250:1900", "CACHE-CONTROL: max-age=100",
                                                      "LOCATION: " + loc, server, "NTS: " + nts, "NT: " + nt, "USN: " + (usn or uuid + "::" + nt), *h))

    for _ in range(2):          # the second time is no news
        for nt in ("upnp:rootdevice", "urn:schemas-upnp-org:device:Printer:1", "urn:schemas-upnp-org:service:PrintBasic:1"):
            notify(nt)
        notify(uuid, usn=uuid)
    cap.wait(3601)
    notify("upnp:rootdevice")
    notify("upnp:rootdevice", "ssdp:byebye")
    for kind in ("InternetGatewayDevice", "WLANAccessPointDevice", "DigitalSecurityCamera", "NetworkCamera", "MediaServer"):
        notify("urn:schemas-upnp-org:device:%s:1" % kind, "ssdp:alive", "192.0.2.11")
    for st, agent in (("ssdp:all", None), ("ssdp:all", None), ("upnp:rootdevice", "Google Chrome/120.0.6099.109 Windows"), (uuid, None), (uuid[:-1] + "d", None)):
        datagram(cap, "192.0.2.30", 51000, group, 1900, message("M-SEARCH * HTTP/1.1", 'MAN: "ssdp:discover"', "MX: 1", "ST: " + st,
                                                               *(["USER-AGENT: " + agent] if agent else [])))
    for src in (host, "192.0.2.12"):
        datagram(cap, src, 1900, "192.0.2.30", 51000, message("HTTP/1.1 200 OK", "EXT:", "ST: upnp:rootdevice", "USN: " + uuid, "AL: http://192.0.2.10/d.xml",
                                                             server if src == host else "SERVER: Microsoft-Windows/10.0 UPnP/1.0 UPnP-Device-Host/1.0"))
    # to an odd port; nothing of its own; malformed
    datagram(cap, "192.0.2.13", 1901, "192.0.2.31", 52000, message("HTTP/1.1 200 OK", "ST: x", "USN: uuid:1"))
    datagram(cap, "192.0.2.13", 1902, "192.0.2.31", 52001, message("HTTP/1.1 200 OK", "Server: x"))
    datagram(cap, "192.0.2.30", 51000, group, 1900, b"GARBAGE * HTTP/1.1\r\n\r\n")
    datagram(cap, "192.0.2.14", 51000, group, 1900, message("NOTIFY * HTTP/1.1", "NT: upnp:rootdevice", "USN: " + uuid, server), cut=110)
    cap.write("ssdp", "session")


def wsd():
    cap = Capture()
    group = "239.255.255.250"

    def soap(action, body, old=True):
        base = "http://schemas.xmlsoap.org/ws/2005/04/discovery/" if old else "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01/"
        return ('<?xml version="1.0"?><s:Envelope><s:Header><a:Action>%s%s</a:Action><a:MessageID>urn:uuid:1</a:MessageID></s:Header>'
                "<s:Body>%s</s:Body></s:Envelope>" % (base, action, body)).encode()

    def device(types, scopes="", addrs="http://HEMLIGT:HEMLIGT@192.0.2.40/onvif/device_service http://[fe80::1]/x"):
        return ("<a:EndpointReference><a:Address>urn:uuid:5f5a69c2-e0ae-504f-829b-0000000000%02x</a:Address></a:EndpointReference><d:Types>%s</d:Types>"
                "<d:Scopes>%s</d:Scopes><d:XAddrs>%s</d:XAddrs>" % (len(types), types, scopes, addrs))

    probe = soap("Probe", "<d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe>")
    scopes = ("onvif://www.onvif.org/type/video_encoder\n onvif://www.onvif.org/hardware/P3245-V onvif://www.onvif.org/name/AXIS%20P3245-V "
              "onvif://www.onvif.org/location/country/Sweden onvif://www.onvif.org/Profile/Streaming onvif://www.onvif.org/name")
    match = soap("ProbeMatches", "<d:ProbeMatches><d:ProbeMatch>%s</d:ProbeMatch></d:ProbeMatches>" % device("dn:NetworkVideoTransmitter tds:Device", scopes))
    for _ in range(2):
        datagram(cap, "192.0.2.30", 50100, group, 3702, probe)
        datagram(cap, "192.0.2.40", 3702, "192.0.2.30", 50100, match)
    datagram(cap, "192.0.2.41", 3702, group, 3702, soap("Hello", "<d:Hello>%s</d:Hello>" % device("wsdp:Device wprt:PrintDeviceType wscn:ScanDeviceType"), False))
    datagram(cap, "192.0.2.42", 3702, group, 3702, soap("Hello", "<d:Hello>%s</d:Hello>" % device("wsdp:Device pub:Computer", "", "")))
    datagram(cap, "192.0.2.43", 3702, group, 3702, soap("Hello", "<d:Hello>%s</d:Hello>" % device("wscn:ScanDeviceType", "onvif://www.onvif.org/location/" + "x" * 200)))
    datagram(cap, "192.0.2.42", 3702, group, 3702, soap("Bye", "<d:Bye>%s</d:Bye>" % device("wsdp:Device")))
    datagram(cap, "192.0.2.30", 50101, group, 3702, soap("Resolve", "<d:Resolve><a:Address>urn:uuid:7</a:Address></d:Resolve>"))
    datagram(cap, "192.0.2.44", 3702, "192.0.2.30", 50101, soap("ResolveMatches", "<d:ResolveMatches>%s</d:ResolveMatches>" % device(" ".join("t:T%d" % i for i in range(12)))))
    datagram(cap, "192.0.2.30", 50100, group, 3702, soap("Dance", ""))
    datagram(cap, "192.0.2.31", 50100, group, 3702, b"<html>")
    datagram(cap, "192.0.2.32", 50100, group, 3702, match, cut=300)
    cap.write("wsd", "session")


if __name__ == "__main__":
    rtsp()
    sip()
    socks()
    ssdp()
    wsd()
