#!/usr/bin/env python3
"""Builds test/golden/http/*.pcap and http2/*.pcap from RFC 9110, 9112, 6455, 8010,
the UPnP Device Architecture, ONVIF's core specification and DPWS. What must never be
written has the word HEMLIGT in it."""
import base64
import struct

from frames import eth, ipv4, tcp
from tcp_pcap import Capture, Conversation

N = [40000]


def talk(cap, sport=80, **kw):
    N[0] += 1
    return Conversation(cap, N[0], sport, **kw)


def req(line, *headers, body=b"", version="HTTP/1.1"):
    h = ["%s %s" % (line, version)] + list(headers)
    if body:
        h.append("Content-Length: %d" % len(body))
    return ("\r\n".join(h) + "\r\n\r\n").encode() + body


def ans(status, *headers, body=b"", length=True, version="HTTP/1.1"):
    h = ["%s %s" % (version, status)] + list(headers)
    if length:
        h.append("Content-Length: %d" % len(body))
    return ("\r\n".join(h) + "\r\n\r\n").encode() + body


def chunks(*parts, trailer=b""):
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in parts) + b"0\r\n" + trailer + b"\r\n"


FIREFOX = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
CURL = "User-Agent: curl/8.5.0"
HOST = "Host: plc3.lab.example"


def session():
    cap = Capture()
    t = talk(cap)
    t.c(req("GET /index.html?patient=HEMLIGT&lang=sv#HEMLIGT", HOST, FIREFOX, "Cookie: id=HEMLIGT"))
    t.s(ans("200 OK", "Server: Boa/0.94.14rc21", "Content-Type: text/html; charset=utf-8", "Set-Cookie: id=HEMLIGT",
            body=b"<title>HEMLIGT</title>"))
    # the same again: neither says anew who it is; head and body in pieces
    q = req("GET /status", HOST, FIREFOX)
    t.pieces(0, q, 50)
    a = ans("200 OK", "Server: Boa/0.94.14rc21", "Content-Type: application/json", body=b'{"state": 1}' * 50)
    t.pieces(1, a, 97)
    t.c(req("HEAD /firmware.bin", HOST))
    t.s(b"HTTP/1.1 200 OK\r\nContent-Length: 123456\r\n\r\n")
    t.c(req("GET /cached", HOST))
    t.s(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n")
    t.c(req("PUT /api/output/3", HOST, "Expect: 100-continue", body=b"on"))
    t.s(b"HTTP/1.1 100 Continue\r\n\r\n")
    t.s(b"HTTP/1.1 204 No Content\r\n\r\n")
    t.c(req("DELETE /api/logs", HOST))
    t.s(ans("403 Forbidden"))
    t.c(req("PATCH /api/config", HOST, "Content-Type: application/json", body=b'{"ntp":"10.0.0.1"}'))
    t.s(ans("599 Whatever"))
    # chunked both ways, with a trailer
    t.c(req("POST /upload", HOST, "Transfer-Encoding: chunked", "Content-Type: application/octet-stream")
        + chunks(b"x" * 300, b"y" * 5))
    t.s(ans("200 OK", "Transfer-Encoding: chunked", "Content-Type: text/plain", length=False)
        + chunks(b"ab", b"c" * 700, trailer=b"X-Sum: 1\r\n"))
    # pipelined
    t.c(req("GET /1", HOST) + req("GET /2", HOST) + req("OPTIONS *", HOST))
    t.s(ans("200 OK", body=b"1") + ans("301 Moved Permanently", "Location: https://user:HEMLIGT@plc4.lab.example:8443/HEMLIGT",
                                       body=b"2") + b"\r\n" + ans("404 Not Found", body=b"3"))
    # private things in paths
    t.c(req("GET /patient/19121212-1212/samples/20261122001/a;jsessionid=HEMLIGT/b.js", HOST))
    t.s(ans("200 OK"))
    t.c(req("GET /users/HEMLIGT/~HEMLIGT/index.html", HOST))
    t.s(ans("204 No Content"))
    t.c(req("GET /bot123456789:AAHEMLIGT-0987654321/send", HOST))
    t.s(ans("200 OK"))
    t.c(req("GET http://proxied.example:81/x?y=HEMLIGT", HOST))
    t.s(ans("502 Bad Gateway"))
    # until the connection closes
    t.c(req("GET /old", version="HTTP/1.0"))
    t.s(b"HTTP/1.0 200 OK\nServer: thttpd/2.25b 29dec2003\nContent-Type: text/html\n\n<html>")
    t.s(b"more HTTP/1.1 200 inside" * 40)
    t.close()
    # no answer; an answer to nothing
    t = talk(cap)
    t.c(req("GET /slow", HOST))
    t.close()
    t = talk(cap, 8081)
    t.s(ans("408 Request Timeout", "Server: lighttpd/1.4.59"))
    t.close()
    # wherever it is: HTTP on HL7's port
    t = talk(cap, 2575)
    t.c(req("GET /", "Host: lis.lab.example:2575", "User-Agent: Mozilla/5.0 (Linux; Android 13; SM-X200 Build/TP1A) Chrome/119.0.0.0"))
    t.s(ans("200 OK", "Server: Microsoft-IIS/10.0"))
    t.close()
    for i, (agent, server) in enumerate((
            ("Google Chrome/83.0.4103.106 Windows", "Schneider-WEB/V2.1.4"), ("Wget/1.21 (linux-gnu)", "Linux/2.6.18, UPnP/1.0, Portable SDK/1.6"),
            ("HEAD", "A-B WWW/0.1"), ("Mozilla/4.0 (compatible; MSIE 6.0; Windows CE; IEMobile 6.12)", "Niagara Web Server/3.8"),
            ("Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537 Chrome/99.0 Edg/99.1", "Allegro-Software-RomPager/4.07"),
            ("\x01\x02", "Apache/2.4.57 (Debian) PHP/8.2"), ("A" * 300, "B" * 200),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) Version/16.5 Safari/604.1", "BaseHTTP/0.6 Python/3.11.2"))):
        t = talk(cap, 8000 + i, client="192.0.2.%d" % (30 + i), server="192.0.2.%d" % (60 + i))
        t.c(req("GET /", "Host: [2001:db8::1]:80" if i == 1 else HOST, "user-agent:" + agent))
        t.s(ans("200 OK", "SERVER: " + server))
        t.close()
    cap.write("http", "session")


def secrets():
    cap = Capture()
    basic = base64.b64encode(b"HEMLIGT:HEMLIGT").decode()
    for i, header in enumerate((
            "Authorization: Basic " + basic, "Authorization: Digest username=\"HEMLIGT\", realm=\"x\", nonce=\"1\", response=\"HEMLIGT\"",
            "Authorization: Bearer HEMLIGT", "Authorization: NTLM TlRMTVNTUAADHEMLIGT", "Authorization: NTLM TlRMTVNTUAABAAAA",
            "Authorization: Negotiate YIIHEMLIGT", "Authorization: HEMLIGT", "Authorization: Token token=HEMLIGT",
            "Proxy-Authorization: Basic " + basic, "X-Api-Key: HEMLIGT", "X-Auth-Token: HEMLIGT", "Authorization:")):
        t = talk(cap)
        t.c(req("GET /secure", HOST, CURL))
        t.s(ans("401 Unauthorized", ("WWW-Authenticate: %s realm=\"HEMLIGT\"" % ("Basic", "Digest", "Bearer", "NTLM", "Negotiate", "HEMLIGT")[i % 6])
                if i < 8 else "Proxy-Authenticate: Basic"))
        t.c(req("GET /secure", HOST, CURL, header))
        t.s(ans("200 OK"))
        t.close()
    for line in ("GET /login?user=HEMLIGT&password=HEMLIGT", "GET /x?token=HEMLIGT", "GET /x?password=&a=1",
                 "GET http://HEMLIGT:HEMLIGT@plc3.lab.example/x", "GET /x?mypassword=no"):
        t = talk(cap)
        t.c(req(line, HOST))
        t.s(ans("200 OK"))
        t.close()
    wsse = (b'<s:Envelope><s:Header><wsse:Security><wsse:UsernameToken><wsse:Username>HEMLIGT</wsse:Username><wsse:Password Type="x#%s">'
            b'HEMLIGT</wsse:Password></wsse:UsernameToken></wsse:Security></s:Header><s:Body><tds:SetUser/></s:Body></s:Envelope>')
    for kind, body in (("application/x-www-form-urlencoded", b"user=HEMLIGT&passwd=HEMLIGT"),
                       ("application/x-www-form-urlencoded", b"sample=HEMLIGT"),
                       ("application/json", b'{"user": "HEMLIGT", "password" : "HEMLIGT"}'), ("application/json", b'{"a":[1,2]}'),
                       ("multipart/form-data; boundary=q", b'--q\r\nContent-Disposition: form-data; name="password"\r\n\r\nHEMLIGT\r\n--q--\r\n'),
                       ("application/soap+xml", wsse % b"PasswordDigest"), ("text/xml", wsse % b"PasswordText")):
        t = talk(cap)
        t.c(req("POST /cgi-bin/login.cgi", HOST, "Content-Type: " + kind, body=body))
        t.s(ans("200 OK"))
        t.close()
        if kind.startswith("multi"):
            continue
        t = talk(cap)           # in chunks, and in pieces
        t.pieces(0, req("POST /login", HOST, "Content-Type: " + kind, "Transfer-Encoding: chunked") + chunks(body[:9], body[9:]), 33)
        t.s(ans("200 OK"))
        t.close()
    cap.write("http", "secrets")


UPNP = b'''<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>
<device><deviceType>urn:schemas-upnp-org:device:Printer:1</deviceType><friendlyName>Label printer 2</friendlyName>
<manufacturer>Brother</manufacturer><modelDescription>Labels</modelDescription><modelName>QL-820NWB</modelName>
<modelNumber>QL820</modelNumber><serialNumber>K0Z123456</serialNumber><UDN>uuid:e3248000-80ce-11db-8000-000000000001</UDN>
<serviceList/></device></root>'''
ROUTER = UPNP.replace(b":Printer:1", b":InternetGatewayDevice:1").replace(b"K0Z123456", b"")
ONVIF_Q = b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><GetDeviceInformation xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'
ONVIF_A = (b'<s:Envelope><s:Body><tds:GetDeviceInformationResponse><tds:Manufacturer>AXIS</tds:Manufacturer><tds:Model>P3245-V</tds:Model>'
           b'<tds:FirmwareVersion>10.12.182</tds:FirmwareVersion><tds:SerialNumber>ACCC8E000001</tds:SerialNumber><tds:HardwareId>7A5</tds:HardwareId>'
           b'</tds:GetDeviceInformationResponse></s:Body></s:Envelope>')
DPWS = (b'<soap:Envelope><soap:Body><wsx:Metadata><wsx:MetadataSection><wsdp:ThisDevice><wsdp:FriendlyName>Scanner hall</wsdp:FriendlyName>'
        b'<wsdp:FirmwareVersion>1.4</wsdp:FirmwareVersion><wsdp:SerialNumber>SN77</wsdp:SerialNumber></wsdp:ThisDevice></wsx:MetadataSection>'
        b'<wsx:MetadataSection><wsdp:ThisModel><wsdp:Manufacturer>Canon</wsdp:Manufacturer><wsdp:ModelName>LiDE</wsdp:ModelName>'
        b'<wsdp:ModelNumber>9000</wsdp:ModelNumber></wsdp:ThisModel></wsx:MetadataSection></wsx:Metadata></soap:Body></soap:Envelope>')
SOAP = "Content-Type: application/soap+xml; charset=utf-8"


def attr(tag, name, value):
    return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value


def ipp(code, *attrs, groups=b"\x04"):
    return (struct.pack(">BBHI", 2, 0, code, 7) + b"\x01" + attr(0x47, b"attributes-charset", b"utf-8")
            + attr(0x42, b"requesting-user-name", b"HEMLIGT") + groups + b"".join(attrs) + b"\x03")


PRINTER = [attr(0x42, b"printer-name", b"lab-label"), attr(0x41, b"printer-make-and-model", b"HP LaserJet M404"),
           attr(0x41, b"printer-location", b"Room 12"), attr(0x41, b"printer-firmware-string-version", b"20260101"),
           attr(0x41, b"printer-device-id", b"MFG:HP;MDL:LaserJet M404;SN:VNB3A00001;"), attr(0x42, b"job-name", b"HEMLIGT")]


def devices():
    cap = Capture()
    t = talk(cap)
    for path, body in (("/dd.xml", UPNP), ("/dd.xml", UPNP), ("/igd.xml", ROUTER)):
        t.c(req("GET " + path, HOST))
        t.pieces(1, ans("200 OK", "Content-Type: text/xml", "Server: Linux/3.2 UPnP/1.0 dev/1", body=body), 200)
    t.c(req("GET /chunked.xml", HOST))
    t.s(ans("200 OK", "Content-Type: application/xml", "Transfer-Encoding: chunked", length=False)
        + chunks(UPNP[:100], UPNP[100:] + b" " * 9000, b"<serialNumber>no</serialNumber>"))
    t.c(req("GET /other.xml", HOST))
    t.s(ans("200 OK", "Content-Type: text/xml", body=b"<a><b>1</b></a>"))
    t.c(req("GET /packed.xml", HOST))
    t.s(ans("200 OK", "Content-Type: text/xml", "Content-Encoding: gzip", body=b"\x1f\x8b\x08" * 9))
    t.close()
    t = talk(cap, server="192.0.2.40")
    t.c(req("POST /onvif/device_service", HOST, SOAP, body=ONVIF_Q))
    t.s(ans("200 OK", SOAP, "Server: AXIS httpd", body=ONVIF_A))
    for action in (b"GetCapabilities", b"SetSystemDateAndTime", b"SystemReboot", b"Subscribe", b"UpgradeSystemFirmware", b"!--x--"):
        t.c(req("POST /onvif/device_service", HOST, SOAP, body=ONVIF_Q.replace(b"GetDeviceInformation", b"t:" + action)))
        t.s(ans("400 Bad Request" if action == b"Subscribe" else "200 OK", SOAP, body=b"<x/>"))
    # the answer's end never comes
    t.c(req("POST /onvif/device_service", HOST, SOAP, body=ONVIF_Q))
    t.s(ans("200 OK", SOAP, body=ONVIF_A.replace(b"10.12.182", b"11.0.1"))[:-20])
    t.close()
    t = talk(cap, 5357, server="192.0.2.41")
    t.c(req("POST /e3248000-80ce-11db-8000-000000000002", "Host: 192.0.2.41:5357", SOAP, "User-Agent: WSDAPI", body=b"<s:Envelope><s:Body/></s:Envelope>"))
    t.s(ans("200 OK", SOAP, "Server: Microsoft-HTTPAPI/2.0", body=DPWS))
    t.close()
    t = talk(cap, 631, server="192.0.2.42")
    for op, body in ((0x0b, ipp(0, *PRINTER)), (0x02, ipp(0x0001, groups=b"\x02")), (0x4002, ipp(0, *PRINTER[:2], b"\x04", *PRINTER)),
                     (0x0a, ipp(0x0406)), (0x3fff, b"\x02\0"), (0x0b, b"\x09" * 20)):
        t.c(req("POST /ipp/print", "Host: printer:631", "Content-Type: application/ipp", "User-Agent: CUPS/2.4.2 (Linux 6.1; x86_64) IPP/2.0",
                body=ipp(op, attr(0x42, b"job-name", b"HEMLIGT"), groups=b"\x02")))
        t.s(ans("200 OK", "Content-Type: application/ipp", "Server: HP HTTP Server; HP LaserJet", body=body))
    t.close()
    cap.write("http", "devices")


LXI = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- <LXIDevice><Model>no</Model></LXIDevice> -->
<lxi:LXIDevice xmlns:lxi="http://www.lxistandard.org/InstrumentIdentification/1.0" a="x>y">
<lxi:Manufacturer>Rohde &amp; Schwarz</lxi:Manufacturer><lxi:Model>NLM-3400</lxi:Model>
<lxi:SerialNumber>SE-100417</lxi:SerialNumber><lxi:FirmwareRevision>2.1.7</lxi:FirmwareRevision>
<lxi:UserDescription>HEMLIGT</lxi:UserDescription><lxi:LXIVersion>1.5</lxi:LXIVersion>
<lxi:Interface><lxi:Hostname>nlm3400-7.lab.example</lxi:Hostname></lxi:Interface></lxi:LXIDevice>
"""
SILA_Q = b"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<GetDeviceIdentification xmlns="http://sila-standard.org"><requestId>1</requestId></GetDeviceIdentification>
</s:Body></s:Envelope>"""
SILA_A = b"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<GetDeviceIdentificationResponse xmlns="http://sila-standard.org"><deviceDescription>
<SiLAInterfaceVersion>1.3.04</SiLAInterfaceVersion><SiLADeviceClass>30</SiLADeviceClass>
<DeviceManufacturer>Sampler &amp; Son</DeviceManufacturer><DeviceName>Shaker 8</DeviceName>
<DeviceSerialNumber>SH-8-117</DeviceSerialNumber><DeviceFirmwareVersion>4.0</DeviceFirmwareVersion>
</deviceDescription></GetDeviceIdentificationResponse></s:Body></s:Envelope>"""


def instruments():
    """LXI's and SiLA 1's identification, under several content types, cut, and empty."""
    cap = Capture()
    for n, kind in enumerate(("text/xml", "application/xml; charset=utf-8", "application/vnd.lxi+xml")):
        t = talk(cap, server="192.0.2.%d" % (43 + n))
        t.c(req("GET /lxi/identification", HOST))
        t.pieces(1, ans("200 OK", "Content-Type: " + kind, body=LXI.replace(b"100417", b"10041%d" % n)), 300)
        t.close()
    for kind, body in (("text/html", LXI), ("text/xml", b"<LXIDevice/>"), ("text/xml", b"<LXIDevice><a>LXIDevice</a></LXIDevice>"),
                       ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", LXI)):
        t = talk(cap, server="192.0.2.47")
        t.c(req("GET /lxi/identification", HOST))
        t.s(ans("200 OK", "Content-Type: " + kind, body=body))
        t.close()
    t = talk(cap, 8080, server="192.0.2.48")
    t.c(req("POST /sila", "Host: 192.0.2.48:8080", "Content-Type: text/xml", 'SOAPAction: "GetDeviceIdentification"', body=SILA_Q))
    t.pieces(1, ans("200 OK", "Content-Type: text/xml; charset=utf-8", body=SILA_A), 200)
    t.close()
    t = talk(cap, 8080, server="192.0.2.49")                # the end never comes
    t.c(req("POST /sila", "Host: 192.0.2.49:8080", "Content-Type: text/xml", body=SILA_Q))
    t.s(ans("200 OK", "Content-Type: text/xml", body=SILA_A)[:-180])
    t.close()
    cap.write("http", "instruments")


def ws(data, mask=b"", op=0x82):
    n = len(data)
    head = bytes([op, (0x80 if mask else 0) | (n if n < 126 else 126 if n < 65536 else 127)])
    head += b"" if n < 126 else struct.pack(">H", n) if n < 65536 else struct.pack(">Q", n)
    return head + mask + (bytes(b ^ mask[i & 3] for i, b in enumerate(data)) if mask else data)


def mqtt(kind, body):
    return bytes([kind, len(body)]) + body if len(body) < 128 else bytes([kind, len(body) & 127 | 128, len(body) >> 7]) + body


M = b"\xa1\x02\x33\xf4"


def switch(t, protocol="mqtt", answer=b"", extra=()):
    t.c(req("GET /mqtt", "Host: broker.lab.example:9001", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: HEMLIGT",
            "Sec-WebSocket-Protocol: %s, other" % protocol, "Sec-WebSocket-Version: 13"))
    t.s(ans("101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Protocol: " + protocol, *extra, length=False) + answer)


def tunnels():
    cap = Capture()
    t = talk(cap, 9001)
    switch(t)
    connect = mqtt(0x10, b"\0\4MQTT\x04\xc2\0\x3c\0\4gate\0\7HEMLIGT\0\7HEMLIGT")
    t.c(ws(connect[:7], M, 0x02) + ws(b"ping", M, 0x89) + ws(connect[7:], M, 0x80))
    t.s(ws(mqtt(0x20, b"\0\0")))
    publish = mqtt(0x30, b"\0\x0alab/temp/1" + b"HEMLIGT" * 30)
    frames = ws(publish + publish, M) + ws(mqtt(0x82, b"\0\1\0\4lab/\0"), M)
    t.pieces(0, frames, 101)
    t.s(ws(mqtt(0x90, b"\0\1\0")))
    t.s(ws(mqtt(0x30, b"\0\5cmd/1HEMLIGT")))
    # a frame of which a part was lost, then one that begins a segment
    lost = ws(mqtt(0x30, b"\0\5tmp/2" + b"z" * 100), M)
    t.c(lost[:40])
    t.c(lost[40:80], lose=True)
    t.c(lost[80:])
    t.s(ws(b"\x03\xe8", b"", 0x88))
    t.c(ws(mqtt(0x30, b"\0\5tmp/3"), M))
    t.close()
    t = talk(cap, 9001)         # texts are nobody's
    switch(t, "ocpp1.6")
    t.c(ws(b'[2,"1","BootNotification",{"chargePointVendor":"HEMLIGT"}]', M, 0x81))
    t.s(ws(b'[3,"1",{}]', b"", 0x81))
    t.close()
    t = talk(cap, 9001)         # compressed
    switch(t, "mqtt", extra=("Sec-WebSocket-Extensions: permessage-deflate",))
    t.c(ws(b"\x01\x02", M, 0xc2))
    t.close()
    t = talk(cap, 9001)         # no frames at all
    switch(t, "mqtt")
    t.c(b"\xff\xff\xff\xff" * 4)
    t.c(ws(connect, M))
    t.s(ws(mqtt(0x20, b"\0\0")))
    t.close()
    t = talk(cap, 9001)         # answer and first frame in one segment
    switch(t, "mqtt", answer=ws(b"", b"", 0x89) + ws(mqtt(0x20, b"\0\0")))
    t.c(ws(connect, M))
    t.close()
    t = talk(cap, 9001)         # to something that is none of WebSocket's
    t.c(req("GET /", HOST, "Upgrade: h2c", "Connection: Upgrade"))
    t.s(ans("101 Switching Protocols", "Upgrade: h2c", length=False))
    t.s(b"\0\0\0\4\0\0\0\0\0")
    t.close()
    # a proxy's tunnels: to Modbus, refused, to nothing known
    t = talk(cap, 3128)
    t.c(req("CONNECT plc3.lab.example:502", "Host: plc3.lab.example:502", CURL))
    t.s(b"HTTP/1.1 200 Connection established\r\n\r\n")
    t.c(bytes.fromhex("000100000006010300000002"))
    t.s(bytes.fromhex("00010000000701030400070009"))
    t.close()
    t = talk(cap, 3128)
    t.c(req("CONNECT plc3.lab.example:22", "Host: plc3.lab.example:22"))
    t.s(ans("403 Forbidden"))
    t.close()
    t = talk(cap, 3128)
    t.c(req("CONNECT [2001:db8::5]:9999", "Host: x"))
    t.s(b"HTTP/1.0 200 OK\r\n\r\n")
    t.c(b"\x99\x98\x97\x96")
    t.close()
    cap.write("http", "tunnels")


def malformed():
    cap = Capture()
    for q, a in ((req("GET /", HOST), b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
                 (req("GET /", HOST), ans("200 OK", "Transfer-Encoding: chunked", length=False) + b"fffffffffffffffff\r\n"),
                 (req("GET /", HOST), ans("200 OK", "Content-Length: -5", length=False)),
                 (req("POST /", HOST, "Content-Length: 5", "Transfer-Encoding: chunked") + chunks(b"12345"), ans("200 OK")),
                 (req("GET /", HOST) + b"garbage that is no request\r\n", ans("200 OK")),
                 (req("GET /", HOST) + b"\x00" * 20, ans("200 OK") + b"\x16\x03\x01" * 9),
                 (req("GET /", HOST), ans("999 No"))):
        t = talk(cap)
        t.c(q)
        t.s(a)
        t.c(req("GET /after", HOST))
        t.s(ans("200 OK"))
        t.close()
    t = talk(cap)               # a head without an end
    for i in range(30):
        t.c((b"GET / HTTP/1.1\r\n" if i == 0 else b"") + b"X-Filler: " + b"f" * 1300 + b"\r\n")
    t.c(req("GET /after", HOST))
    t.s(ans("200 OK"))
    t.close()
    t = talk(cap)               # a target longer than what a probe waits for
    t.c(b"GET /" + b"a" * 1400)
    t.c(b"b" * 1400 + b" HTTP/1.1\r\n\r\n")
    t.s(ans("414 URI Too Long"))
    t.close()
    for first in (b"GET / HTTP/2.0\r\n\r\n", b"GETX\r\n", b"HELO lab\r\n", b"HTTP/1.1 abc\r\n\r\n", b"get / HTTP/1.1\r\n\r\n", b"OPTIONS rtsp://x/ RTSP/1.0\r\n\r\n"):
        t = talk(cap, 8088)
        t.c(first)
        t.close()
    cap.write("http", "malformed")


def long_targets():
    cap = Capture()
    path = b"/x?q=" + b"HEMLIGT" * 500
    for target, size in ((path, 700), (b"http://proxied.example:81" + path, 1448), (b"HTTPS://proxied.example" + path, 100),
                         (b"http://proxied.example/" + b"a" * 40000, 1448), (b"http://proxied.example/" + b"a" * 2012, 1448)):
        t = talk(cap, 3128)
        t.pieces(0, req("GET " + target.decode(), HOST, CURL), size)
        t.s(ans("200 OK", "Server: squid/5.7"))
        t.c(req("GET http://proxied.example/after", HOST, CURL))
        t.s(ans("200 OK", "Server: squid/5.7"))
        t.close()
    t = talk(cap, 3128)         # an instrument is told numbers
    t.pieces(0, b"DATA VOLATILE, " + b".5, " * 1000 + b"0\n", 1448)
    t.close()
    cap.write("http", "long-targets")


def midstream():
    cap = Capture()
    t = talk(cap, syn=False)    # amid a body, then in step
    t.s(b"<html>rest of a page" * 9)
    t.c(req("GET /next", HOST))
    t.s(ans("200 OK", body=b"x" * 50))
    t = talk(cap)               # lost: part of a body, then a whole answer
    t.c(req("GET /1", HOST))
    a = ans("200 OK", body=b"y" * 3000)
    t.s(a[:900])
    t.s(a[900:1800], lose=True)
    t.s(a[1800:])
    t.c(req("GET /2", HOST))
    t.s(ans("200 OK", body=b"lost"), lose=True)
    t.c(req("GET /3", HOST))
    t.s(ans("404 Not Found", body=b"three"))
    t.close()
    t = talk(cap)               # cut by the snap length: in a head, in a body
    t.c(req("GET /cut", HOST, FIREFOX), cut=110)
    t.s(ans("200 OK", "Server: x", body=b"z" * 500), cut=300)
    t.c(req("GET /cut2", HOST))
    t.s(ans("200 OK", "Server: GoAhead-Webs", body=b"z" * 500), cut=90)
    t.c(req("GET /whole", HOST))
    t.s(ans("200 OK"))
    t.close()
    t = talk(cap)               # cut inside chunks
    t.c(req("GET /chunks", HOST))
    t.s(ans("200 OK", "Transfer-Encoding: chunked", "Content-Type: text/xml", length=False) + chunks(b"q" * 300, b"r" * 40), cut=250)
    t.c(req("GET /whole", HOST))
    t.s(ans("200 OK"))
    t.close()
    cap.write("http", "midstream")


def http2():
    cap = Capture()
    N[0] = 60000                # the servers' ports are the lower ones
    t = talk(cap, 50051)
    t.c(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("00000c040000000000") + bytes.fromhex("000300000064000400100000"))
    t.s(bytes.fromhex("000006040000000000") + bytes.fromhex("000300000080"))
    t.close()
    t = talk(cap, 50052)
    t.c(b"PRI * HT")
    t.c(b"TP/2.0\r\n\r\nSM\r\n\r\n")
    t.close()
    t = talk(cap, 50053)
    t.c(b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")
    t.close()
    cap.write("http2", "preface")


if __name__ == "__main__":
    session()
    secrets()
    devices()
    tunnels()
    malformed()
    midstream()
    long_targets()
    http2()
    instruments()
