#!/usr/bin/env python3
"""Builds test/golden/fox/*.pcap after what stations and workbenches say in
public captures: hellos, authentication, commands, and what is malformed."""
import os

from frames import Capture, Talk

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fox")


def fox(kind, seq, reply, channel, command, *lines):
    body = b"".join(x + b"\n" for x in lines)
    return ("fox %s %d %d %s %s\n{\n" % (kind, seq, reply, channel, command)).encode() + body + b"};;\n"


def hello(station=None, app=b"Workbench", version=b"4.10.0.154", **kw):
    f = [b"fox.version=s:1.0.1", b"id=i:1", b"hostName=s:eng-7", b"hostAddress=s:192.0.2.10", b"app.name=s:" + app,
         b"app.version=s:" + version, b"vm.name=s:Java HotSpot(TM) 64-Bit Server VM", b"vm.version=s:25.102-b14",
         b"os.name=s:Windows 10", b"os.version=s:10.0"]
    if station:
        f[2:4] = [b"hostName=s:192.0.2.20", b"hostAddress=s:192.0.2.20"]
        f[8:10] = [b"os.name=s:QNX", b"os.version=s:7.0.0"]
        f += [b"station.name=s:" + station]
    f += [b"lang=s:sv", b"timeZone=s:Europe/Stockholm;3600000;" + b"x" * 300,
          b"hostId=s:" + (b"Qnx-TITAN-5EF1-22B0-7A44-1D3C" if station else b"Win-0A1B-2C3D-4E5F-6071"),
          b"vmUuid=s:00000000-0000-4000-8000-000000000001", b"brandId=s:Sampler"]
    if station:
        blob = b"<bog version=\"1.0\">\n};;\nnot the end: it is inside the blob\n"
        f += [b"sysInfo=o:bog %d[%s]" % (len(blob), blob)]
    return f


def session():
    cap = Capture()
    t = Talk(cap, "192.0.2.10", "192.0.2.20", sport=1911)
    q = fox("a", 1, -1, "fox", "hello", *hello())
    t.c(q[:100])
    t.c(q[100:])
    a = fox("a", 0, -1, "fox", "hello", *hello(b"LAB_AHU", b"Station"))
    t.s(a[:-2])
    t.s(a[-2:])
    t.s(fox("a", 1, -1, "fox", "challenge", b"method=s:digest-md5", b"nonce=b:5[a\n};;]"))
    t.c(fox("a", 2, -1, "fox", "login", b"username=s:operator", b"digest=b:4[\0\1\2\3]"))
    t.s(fox("a", 2, -1, "fox", "welcome"))
    t.c(fox("s", 3, -1, "broker", "load", b"ord=s:station:|slot:/Drivers") +
        fox("s", 4, -1, "broker", "load", b"ord=s:station:|slot:/Services"))
    t.s(fox("r", 3, 3, "broker", "load", b"v=s:x") + fox("r", 4, 4, "broker", "load"))
    t.c(fox("s", 5, -1, "broker", "invoke", b"slot=s:/Drivers/Fan", b"action=s:stop"))
    t.s(fox("r", 5, 5, "broker", "invoke"))
    t.c(fox("s", 6, -1, "broker", "invoke", b"slot=s:/Drivers/Fan", b"action=s:start"))
    t.s(fox("e", 6, 6, "broker", "invoke", b"text=s:denied"))
    for i in range(3):
        t.c(fox("a", 7 + i, -1, "fox", "keepAlive"))
        t.s(fox("a", 7 + i, -1, "broker", "event", b"v=s:20.5"))
    t.c(fox("a", 11, -1, "fox", "close"))
    t.close()
    # an old station refuses; on another port, and the station's hello first
    t = Talk(cap, "192.0.2.11", "192.0.2.20", cport=40001, sport=1911)
    t.c(fox("a", 1, -1, "fox", "hello", *hello()))
    t.s(fox("a", 1, -1, "fox", "rejected", b"reason=s:version"))
    t.close()
    t = Talk(cap, "192.0.2.10", "192.0.2.21", cport=40002, sport=9011, open_=False)
    t.s(fox("a", 0, -1, "fox", "hello", *hello(b"LAB_LIGHT", b"Station", b"3.8.213")))
    t.c(fox("s", 3, -1, "file", "put", b"path=s:!stations/LAB"))
    os.makedirs(OUT, exist_ok=True)
    cap.save(os.path.join(OUT, "session.pcap"))


def malformed():
    cap = Capture()
    good = fox("a", 1, -1, "fox", "hello", *hello())
    for i, bad in enumerate((b"fox a x -1 fox hello\n{\n};;\n", b"fox a 1 -1 fox\n{\n};;\n",
                             b"fox a 1 -1 fox hello\n[\n};;\n", b"fox a 1 -1 fox x\n{\nn=b:3[abcd]\n};;\n",
                             b"fox a 1 -1 fox x\n{\nn=b:99999999[abcd]\n};;\n", b"fox a 1 -1 fox x\n{\nn=b:3" + b"9" * 80 + b"\n};;\n",
                             b"fox " + b"a" * 300, b"GET / HTTP/1.1\r\n\r\n")):
        t = Talk(cap, "192.0.2.10", "192.0.2.20", cport=41000 + i, sport=1911)
        t.c(good)
        t.c(bad)
        t.c(fox("a", 2, -1, "fox", "login"))
        t.close()
    # recognised by nothing: a port is not enough
    t = Talk(cap, "192.0.2.10", "192.0.2.20", cport=42000, sport=1911)
    t.c(b"hello fox a 1 -1\n")
    t.s(b"what?\n")
    t.close()
    cap.save(os.path.join(OUT, "malformed.pcap"))


session()
malformed()
