#!/usr/bin/python3
"""A multimeter that is not there: SCPI on 5025, through telnet on 5024, and by
VXI-11 on a port that rpcbind gives out; behind its VXI-11 server a second device,
"gpib0,5". The RPC of the VXI-11 server is PyVISA-py's."""
import socketserver
import struct
import threading

from pyvisa_py.protocols import rpc, vxi11

ADDRESS = ""
END, TERM = 4, 2


class Meter:
    """What is asked and set, as a multimeter of the 1990s takes it."""

    def __init__(self, name):
        self.name = name
        self.errors = []
        self.values = {"VOLT:DC:RANG": "1.00000000E+01", "CAL:COUN": "+17", "CAL:SEC:STAT": "1",
                       "SYST:VERS": "1999.0", "*OPC": "1", "*ESR": "+0", "*STB": "+0", "*TST": "+0", "*CAL": "+0",
                       "*OPT": '"002",0,"HVOP"', "CAL:SEC:CODE": '"HEMLIGT-stored"', "CAL": "+0"}
        self.reading = 0

    def one(self, unit):
        head, _, _args = unit.strip().partition(" ")
        asks, head = head.endswith("?"), head.rstrip("?").lstrip(":").upper()
        if not asks:
            known = head[0] == "*" or head.split(":")[0] in (
                "VOLT", "CONF", "CAL", "SYST", "DISP", "TRIG", "INIT", "OUTP", "SAMP", "SENS", "MMEM", "DATA", "ROUT", "DIAG")
            if not known:
                self.errors.append('-113,"Undefined header; %s"' % unit)
            return None
        if head == "*IDN":
            return self.name
        if head in ("SYST:ERR", "SYSTEM:ERROR"):
            return self.errors.pop(0) if self.errors else '+0,"No error"'
        if head.split(":")[0] in ("MEAS", "READ", "FETC"):
            self.reading += 1
            return "%+.8E" % (4.99871 + self.reading / 1e5)
        if head == "TRAC:DATA":
            return "#3200" + "x\n;" * 66 + "yy"
        if head in self.values:
            return self.values[head]
        self.errors.append('-113,"Undefined header; %s"' % unit)
        return None

    def message(self, text):
        answers = []
        for line in text.replace("\r", "\n").split("\n"):
            answers += [a for a in map(self.one, filter(None, line.split(";"))) if a is not None]
        return ";".join(answers) + "\n" if answers else None


class Raw(socketserver.StreamRequestHandler):
    prompt = b""

    def handle(self):
        if self.prompt:
            # will suppress go ahead, will echo
            self.wfile.write(b"\xff\xfb\x03\xff\xfb\x01Welcome to the NLM-3400\r\n" + self.prompt)
        for line in self.rfile:
            line = line.replace(b"\xff\xfd\x03", b"").replace(b"\xff\xfd\x01", b"")
            answer = self.server.meter.message(line.decode("latin-1").replace("\r\n", "\n"))
            if answer:
                self.wfile.write(answer.encode("latin-1").replace(b"\n", b"\r\n") if self.prompt else
                                 answer.encode("latin-1"))
            if self.prompt:
                self.wfile.write(self.prompt)


class Telnet(Raw):
    prompt = b"NLM-3400> "


class Records(socketserver.StreamRequestHandler):
    def handle(self):
        core = Core(0)
        while len(mark := self.rfile.read(4)) == 4:
            reply = core.handle(self.rfile.read(struct.unpack("!I", mark)[0] & 0x7FFFFFFF))
            self.wfile.write(struct.pack("!I", 1 << 31 | len(reply)) + reply)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Core(rpc.Server):
    """VXI-11's core channel (program 395183), one for each connection."""
    meters = {}

    def __init__(self, port):
        super().__init__("127.0.0.1", vxi11.DEVICE_CORE_PROG, vxi11.DEVICE_CORE_VERS, port)
        self.prot = rpc.IPPROTO_TCP
        self.links = {}

    def addpackers(self):
        self.packer, self.unpacker = vxi11.Vxi11Packer(), vxi11.Vxi11Unpacker(b"")

    def args(self, *kinds):
        v = [getattr(self.unpacker, "unpack_" + k)() for k in kinds]
        self.turn_around()
        return v

    def handle_10(self):
        name = self.args("int", "bool", "uint", "string")[3].decode().lower()
        meter = self.meters.get(name)
        lid = len(self.links) + 1
        if meter:
            self.links[lid] = [meter, b""]
        for v in (0 if meter else 3, lid if meter else 0, 5030, 4096):
            self.packer.pack_uint(v)

    def handle_11(self):
        lid, _, _, _, data = self.args("int", "uint", "uint", "int", "opaque")
        if lid in self.links:
            meter, _ = self.links[lid]
            self.links[lid][1] = (meter.message(data.decode("latin-1")) or "").encode("latin-1")
        self.packer.pack_int(0 if lid in self.links else 4)
        self.packer.pack_uint(len(data))

    def handle_12(self):
        lid, size, _, _, _, _ = self.args("int", "uint", "uint", "uint", "int", "int")
        data = self.links.get(lid, [0, b""])[1]
        self.packer.pack_int(0 if data else 15)
        self.packer.pack_int(END if len(data) <= size else 1)
        self.packer.pack_opaque(data[:size])
        if lid in self.links:
            self.links[lid][1] = data[size:]

    def generic(self):
        self.args("int", "int", "uint", "uint")
        self.packer.pack_int(0)

    handle_14 = handle_15 = handle_16 = handle_17 = generic

    def handle_13(self):
        self.args("int", "int", "uint", "uint")
        self.packer.pack_int(0)
        self.packer.pack_uint(16)

    def handle_18(self):
        self.args("int", "int", "uint")
        self.packer.pack_int(0)

    def handle_19(self):
        self.args("int")
        self.packer.pack_int(0)

    handle_23 = handle_19

    def handle_20(self):
        self.args("int", "bool", "opaque")
        self.packer.pack_int(0)

    def handle_22(self):
        self.args("int", "int", "uint", "uint", "int", "bool", "int", "opaque")
        self.packer.pack_int(8)
        self.packer.pack_opaque(b"")


def main():
    meter = Meter("Nordlab Instruments,NLM-3400,SE40112233,A.02.14-02.40")
    Core.meters = {"inst0": meter, "gpib0,5": Meter("HEWLETT-PACKARD,34401A,0,10-5-2")}
    for port, kind in ((5025, Raw), (9221, Raw), (5024, Telnet)):
        s = Server((ADDRESS, port), kind)
        s.meter = meter
        threading.Thread(target=s.serve_forever, daemon=True).start()
    s = Server((ADDRESS, 0), Records)
    Core(s.server_address[1]).register()
    print("ready", flush=True)
    s.serve_forever()


main()
