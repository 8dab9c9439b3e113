#!/usr/bin/python3
"""traffic.py HOST: what a controller with PyVISA-py, and a service technician,
say to the instrument. The words with HEMLIGT in them must not be in any output."""
import socket
import sys

import pyvisa
from pyvisa_py.protocols import vxi11

HOST = sys.argv[1]


def socket_session(rm):
    s = rm.open_resource("TCPIP::%s::5025::SOCKET" % HOST, read_termination="\n", write_termination="\n")
    s.timeout = 1500
    for q in ("*IDN?", "*OPT?", "SYST:VERS?", "SYSTEM:ERROR?", "*IDN?;:SYST:ERR?", "CAL:COUN?", "*TST?", "*CAL?", "CAL?"):
        s.query(q)
    for w in ("*CLS", "*RST", "CONF:VOLT:DC 10,0.001", "VOLT:DC:RANG 10", "VOLT:DC:RANG 1;NPLC 10", "TRIG:SOUR BUS", "INIT",
              "*TRG", "OUTP ON", "SYST:PRES", 'SYST:COMM:LAN:IPAD "192.0.2.44"', "SYST:SEC:IMM",
              'DISP:TEXT "HEMLIGT prov 17, Anna"', 'MMEM:STOR:STAT "HEMLIGT-anna"', "CAL:SEC:STAT OFF,HEMLIGT34401",
              "CAL:VAL 10.00002", "CAL:SEC:CODE HEMLIGT99;STAT ON", 'SYST:PASS:CEN "HEMLIGT-admin"', 'CAL:STR "HEMLIGT Anna 2026"',
              "FOO:BAR HEMLIGT"):
        s.write(w)
    s.query("SYST:ERR?")
    s.query("CAL:SEC:CODE?")
    for _ in range(4):
        s.query("MEAS:VOLT:DC?")
    s.query("READ?")
    s.close()
    # a block with line ends in it, on a port that nobody knows
    s = socket.create_connection((HOST, 9221), 2)
    for q in (b"*IDN?\r\n", b"TRAC:DATA?\n", b"DATA #15a\n;b\n\n", b"FETC?\n"):
        s.sendall(q)
        s.settimeout(0.3)
        try:
            s.recv(4096)
        except TimeoutError:
            pass
    s.close()


def telnet():
    s = socket.create_connection((HOST, 5024), 2)
    s.settimeout(0.5)
    s.recv(200)
    s.sendall(b"\xff\xfd\x03\xff\xfd\x01")
    for q in (b"*IDN?\r\n", b"VOLT:DC:RANG?\r\n", b"CAL:SEC:STAT OFF,HEMLIGT-telnet\r\n", b"READ?\r\n"):
        s.sendall(q)
        s.recv(200)
    s.close()


def visa(rm):
    s = rm.open_resource("TCPIP::%s::INSTR" % HOST)
    s.timeout = 1000
    for q in ("*IDN?", "MEAS:VOLT:DC?", "SYST:ERR?", "TRAC:DATA?"):
        s.query(q)
    s.write("CAL:SEC:STAT OFF,HEMLIGT-vxi")
    s.write("CAL:ADJ")
    s.read_stb()
    s.assert_trigger()
    s.clear()
    s.lock_excl()
    s.unlock()
    s.close()
    s = rm.open_resource("TCPIP::%s::gpib0,5::INSTR" % HOST)
    s.query("*IDN?")
    s.write("*RST")
    s.query("CAL:COUN?")
    s.close()


def core():
    """What PyVISA does not offer."""
    c = vxi11.CoreClient(HOST)
    c.create_link(7, 1, 0, "gpib0,30")
    _, lid, _, _ = c.create_link(7, 0, 0, "inst0")
    c.device_remote(lid, 0, 0, 1000)
    c.device_local(lid, 0, 0, 1000)
    c.device_enable_srq(lid, True, b"handle")
    c.device_docmd(lid, 0, 1000, 1000, 0x20001, True, 2, b"\0\1")
    c.device_write(lid, 1000, 1000, 8, b"NOTHING?\n")
    c.device_read(lid, 100, 1000, 1000, 0, 0)
    c.device_write(99, 1000, 1000, 8, b"*RST\n")
    c.destroy_link(lid)
    c.close()


manager = pyvisa.ResourceManager("@py")
socket_session(manager)
telnet()
visa(manager)
core()
