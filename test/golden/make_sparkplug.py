#!/usr/bin/env python3
"""Builds test/golden/mqtt/sparkplug.pcap: Sparkplug B births, data, commands and
deaths. Eclipse Sparkplug Specification 3.0.0; Protocol Buffers wire format."""
import struct

from make_mqtt import PUBACK, ack, connack, connect, packet, props, publish, s, varint
from tcp_pcap import Capture, Conversation

INT, BOOL, DOUBLE, STRING, UINT64 = 3, 11, 10, 12, 8


def field(num, wire, data):
    return varint(num << 3 | wire) + data


def blob(num, data):
    return field(num, 2, varint(len(data)) + data)


def metric(name=None, alias=None, kind=None, value=None, null=False):
    b = b""
    if name is not None:
        b += blob(1, name.encode())
    if alias is not None:
        b += field(2, 0, varint(alias))
    b += field(3, 0, varint(1764000000000))
    if kind:
        b += field(4, 0, varint(kind))
    if null:
        return b + field(7, 0, b"\1")
    if kind == 9:
        return b + field(12, 5, struct.pack("<f", value))
    if kind == DOUBLE:
        return b + field(13, 1, struct.pack("<d", value))
    if kind == BOOL:
        return b + field(14, 0, bytes([value]))
    if kind in (STRING, 14):
        return b + blob(15, value.encode())
    if kind == 17:
        return b + blob(16, value)
    if kind == UINT64:
        return b + field(11, 0, varint(value))
    return b + field(10, 0, varint(value & 0xffffffff))


def payload(*metrics, seq=0):
    b = field(1, 0, varint(1764000000000)) + b"".join(blob(2, m) for m in metrics)
    return b + (field(3, 0, varint(seq)) if seq is not None else b"")


def birth():
    return payload(metric("bdSeq", None, UINT64, 3), metric("Node Control/Rebirth", 0, BOOL, 0),
                   metric("Properties/Hardware Make", 1, STRING, "Sample Works AB"),
                   metric("Properties/Hardware Model", 2, STRING, "EG-7"), metric("Properties/OS", 3, STRING, "Linux"),
                   metric("Properties/Serial Number", 4, STRING, "EG7-0042"),
                   metric("Properties/Firmware Version", 5, 14, "3.1.4"), metric("Empty", 6, INT, null=True),
                   metric("Single", 7, 9, 2.5), metric("Raw", 8, 17, b"\0\1"), metric("Odd", 9, 99, 1))


def main():
    cap = Capture()
    t = Conversation(cap, 40001, 1883)
    t.c(connect("node-1", flags=0x06, will=s("spBv1.0/Lab/NDEATH/Node1") + s(payload(metric("bdSeq", None, UINT64, 3), seq=None))))
    t.s(connack())
    t.c(publish("spBv1.0/Lab/NBIRTH/Node1", birth()))
    t.c(publish("spBv1.0/Lab/DBIRTH/Node1/Pump4",
                payload(metric("Speed", 20, INT, -7), metric("Run", 21, BOOL, 1), metric("Model", 22, STRING, "P-9"), seq=1)))
    t.c(publish("spBv1.0/Lab/DDATA/Node1/Pump4", payload(metric(None, 20, INT, 12), metric(None, 21, BOOL, 0), seq=2)))
    t.c(publish("spBv1.0/Lab/NDATA/Node1", payload(metric("T", None, DOUBLE, 22.25), seq=3)))
    t.c(publish("spBv1.0/Lab/DDEATH/Node1/Pump4", payload(seq=4)))
    t.c(publish("spBv1.0/Lab/NDATA/Node1", payload(*[metric("m/%d" % i, i, INT, i) for i in range(70)], seq=5)))
    # a host application commands, by way of the broker
    t.s(publish("spBv1.0/Lab/NCMD/Node1", payload(metric("Node Control/Rebirth", None, BOOL, 1), seq=None)))
    t.s(publish("spBv1.0/Lab/DCMD/Node1/Pump4", payload(metric("Speed", 20, INT, 50), metric("Run", 21, BOOL, 1),
                                                         metric(None, 22, STRING, "x"), seq=None)))
    t.s(publish("spBv1.0/Lab/DCMD/Node1/Pump4", payload(metric("Speed", 20, INT, 0), metric("Run", 21, BOOL, 0)), 1, 9))
    t.c(ack(PUBACK, 9))
    t.s(publish("spBv1.0/Lab/DBIRTH/Node2/Valve1", payload(metric("Serial Number", 1, STRING, "V-11"), seq=1)))
    t.c(publish("spBv1.0/STATE/Scada1", b"{\"online\":true,\"timestamp\":1764000000000}", retain=1))
    # not of the namespace, and no such message
    t.c(publish("spBv1.0/Lab/XBIRTH/Node1", b"x"))
    t.c(publish("spBv1.0/Lab", b"x"))
    t.c(publish("spBv1.0/Lab/NDEATH/Node1", payload(metric("bdSeq", None, UINT64, 3), seq=None)))
    # no such payload
    t.c(publish("spBv1.0/Lab/NDATA/Node1", b"\x12\x7fabc"))
    t.c(publish("spBv1.0/Lab/NDATA/Node1", b"\xff" * 12))
    t.c(publish("spBv1.0/Lab/NDATA/Node1", payload(b"\x0f")))
    t.c(publish("spBv1.0/Lab/NCMD/Node1", payload(metric("A", 1, INT, 1), b"\x0a\x7fB")))
    t.c(packet(14))
    t.close()
    # MQTT 5, the topic by its alias
    t = Conversation(cap, 40002, 1883)
    t.c(connect("node-2", 5, properties=props()))
    t.s(connack(0, 0, props()))
    t.c(publish("spBv1.0/Lab/NDATA/Node2", payload(metric("T", 1, DOUBLE, 1.5), seq=1), properties=props((35, 4))))
    t.c(publish("", payload(metric("T", 1, DOUBLE, 1.75), seq=2), properties=props((35, 4))))
    t.close()
    cap.write("mqtt", "sparkplug")


main()
