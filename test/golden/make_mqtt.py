#!/usr/bin/env python3
"""Makes test/golden/mqtt/*.pcap: every packet type of MQTT 3.1, 3.1.1 and 5,
every property, and what is wrong with them. MQTT 5.0, OASIS Standard, 2019."""
import struct

from tcp_pcap import Capture, Conversation

(CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, SUBACK, UNSUBSCRIBE,
 UNSUBACK, PINGREQ, PINGRESP, DISCONNECT, AUTH) = range(1, 16)
USER, PASSWORD, RETAIN, WILL, CLEAN = 0x80, 0x40, 0x20, 0x04, 0x02


def varint(n):
    out = b""
    while True:
        n, b = divmod(n, 128)
        out += bytes([b | (0x80 if n else 0)])
        if not n:
            return out


def packet(kind, body=b"", flags=None):
    if flags is None:
        flags = 2 if kind in (PUBREL, SUBSCRIBE, UNSUBSCRIBE) else 0
    return bytes([kind << 4 | flags]) + varint(len(body)) + body


def s(text):
    b = text if isinstance(text, bytes) else text.encode()
    return struct.pack("!H", len(b)) + b


def u16(n):
    return struct.pack("!H", n)


KINDS = {1: "B", 2: "I", 3: "s", 8: "s", 9: "s", 11: "v", 17: "I", 18: "s", 19: "H", 21: "s",
         22: "s", 23: "B", 24: "I", 25: "B", 26: "s", 28: "s", 31: "s", 33: "H", 34: "H", 35: "H",
         36: "B", 37: "B", 38: "p", 39: "I", 40: "B", 41: "B", 42: "B"}


def props(*pairs):
    body = b""
    for num, value in pairs:
        kind = KINDS[num]
        body += bytes([num])
        if kind == "s":
            body += s(value)
        elif kind == "p":
            body += s(value[0]) + s(value[1])
        elif kind == "v":
            body += varint(value)
        else:
            body += struct.pack("!" + kind, value)
    return varint(len(body)) + body


def connect(client="c1", version=4, flags=CLEAN, keep=60, will=None, user=None, password=None,
            properties=b"", name=None, will_qos=0):
    name = name or ("MQIsdp" if version & 0x7f == 3 else "MQTT")
    if version & 0x7f == 5 and not properties:
        properties = props()
    body = s(name) + bytes([version, flags | will_qos << 3]) + u16(keep) + properties + s(client)
    if will:
        body += will
    if user is not None:
        body += s(user)
    if password is not None:
        body += s(password)
    return packet(CONNECT, body)


def connack(code=0, present=0, properties=b""):
    return packet(CONNACK, bytes([present, code]) + properties)


def publish(topic, message, qos=0, mid=None, retain=0, dup=0, properties=b""):
    body = s(topic) + (u16(mid) if mid is not None else b"") + properties + message
    return packet(PUBLISH, body, dup << 3 | qos << 1 | retain)


def ack(kind, mid, *rest):
    return packet(kind, u16(mid) + b"".join(rest))


def subscribe(mid, *topics, properties=b"", flags=None):
    return packet(SUBSCRIBE, u16(mid) + properties +
                  b"".join(s(t) + bytes([q]) for t, q in topics), flags)


def unsubscribe(mid, *topics, properties=b""):
    return packet(UNSUBSCRIBE, u16(mid) + properties + b"".join(s(t) for t in topics))


def v311():
    cap = Capture()
    t = Conversation(cap, 40001, 1883)
    t.c(connect("balance-7", flags=USER | PASSWORD | RETAIN | WILL | CLEAN, will_qos=1,
                will=s("lab/balance-7/state") + s("SECRET-WILL"), user="SECRET-USER",
                password="SECRET-PASSWORD"))
    t.s(connack())
    t.c(subscribe(1, ("lab/+/command", 1), ("lab/#", 2)))
    t.s(ack(SUBACK, 1, b"\x01\x80"))
    t.c(publish("lab/balance-7/weight", b"12.0031 g"))
    t.c(publish("lab/balance-7/weight", b"12.0030 g", retain=1))
    t.c(publish("lab/balance-7/state", b"ok", 1, 2))
    t.s(ack(PUBACK, 2))
    t.c(publish("lab/balance-7/dose", b"\x00\x01\xff\xfe", 2, 3))
    t.s(ack(PUBREC, 3))
    t.c(ack(PUBREL, 3))
    t.s(ack(PUBCOMP, 3))
    t.s(publish("lab/balance-7/command", b"tare", 1, 1))
    t.c(ack(PUBACK, 1))
    t.s(publish("lab/balance-7/command", b"zero", 2, 3, dup=1))
    t.c(ack(PUBREC, 3))
    t.s(ack(PUBREL, 3))
    t.c(ack(PUBCOMP, 3))
    t.c(packet(PINGREQ))
    t.s(packet(PINGRESP))
    t.c(unsubscribe(4, "lab/#", "lab/+/command"))
    t.s(ack(UNSUBACK, 4))
    t.c(packet(DISCONNECT))
    t.close()
    # another port, and a broker that refuses
    t = Conversation(cap, 40002, 18830)
    t.c(connect("gw", flags=USER | CLEAN, user="x"))
    t.s(connack(5))
    t.close()
    # a bridge says so in its version's high bit
    t = Conversation(cap, 40003, 1883)
    t.c(connect("bridge.lab", version=0x84))
    t.s(connack(0, 1))
    t.close()
    cap.write("mqtt", "v311")


def v31():
    cap = Capture()
    t = Conversation(cap, 40001, 1883)
    # the announced user name is not there: old clients do that
    t.c(connect("old-sensor", version=3, flags=USER | PASSWORD | CLEAN))
    t.s(connack(0))
    t.c(subscribe(1, ("a/b", 0), flags=10))
    t.s(ack(SUBACK, 1, b"\0"))
    t.c(publish("a/b", b"1", 1, 7))
    t.c(publish("a/b", b"1", 1, 7, dup=1))
    t.s(ack(PUBACK, 7))
    t.s(connack(9))
    t.close()
    cap.write("mqtt", "v31")


ALL_CONNECT = props((17, 3600), (33, 10), (39, 65536), (34, 8), (25, 1), (23, 0),
                    (38, ("site", "SECRET-VALUE")), (38, ("line", "SECRET-VALUE")),
                    (21, "SCRAM-SHA-256"), (22, b"SECRET-DATA"))
ALL_WILL = props((24, 5), (1, 1), (2, 60), (3, "text/plain"), (8, "reply/1"), (9, b"\x01\x02"),
                 (38, ("why", "SECRET-VALUE")))
ALL_CONNACK = props((17, 1800), (33, 20), (36, 1), (37, 1), (39, 4096), (18, "auto-1"), (34, 4),
                    (31, "welcome"), (38, ("k", "v")), (40, 1), (41, 0), (42, 1), (19, 30),
                    (26, "resp/"), (28, "b2.example"), (21, "SCRAM-SHA-256"), (22, b"SECRET-DATA"))


def v5():
    cap = Capture()
    t = Conversation(cap, 40001, 1883)
    t.c(connect("", 5, USER | PASSWORD | WILL | CLEAN, properties=ALL_CONNECT, will_qos=2,
                will=ALL_WILL + s("lab/gw/lost") + s("SECRET-WILL"), user="SECRET-USER",
                password="SECRET-PASSWORD"))
    t.s(packet(AUTH, b"\x18" + props((21, "SCRAM-SHA-256"), (22, b"SECRET-DATA"),
                                     (31, "go on"), (38, ("k", "v")))))
    t.c(packet(AUTH, b"\x18" + props((21, "SCRAM-SHA-256"), (22, b"SECRET-DATA"))))
    t.s(connack(0, 1, ALL_CONNACK))
    t.c(subscribe(1, ("lab/+/t", 0x2d), ("lab/x", 0x01), properties=props((11, 300),
                                                                          (38, ("k", "v")))))
    t.s(ack(SUBACK, 1, props((31, "half"), (38, ("k", "v"))), b"\x02\x87"))
    # an alias is learnt, used, learnt anew; another topic is too long to keep
    t.c(publish("lab/gw/temperature", b"21.5", properties=props((35, 1), (1, 1), (2, 9),
                                                               (3, "text/plain"), (8, "r"),
                                                               (9, b"12345"), (38, ("u", "v")))))
    t.c(publish("", b"21.6", properties=props((35, 1))))
    t.c(publish("lab/gw/pressure", b"1013", properties=props((35, 1))))
    t.c(publish("", b"1014", 1, 9, properties=props((35, 1))))
    t.s(ack(PUBACK, 9, b"\x10", props((31, "nobody listens"), (38, ("k", "v")))))
    t.c(publish("lab/" + "long/" * 20 + "topic", b"1", properties=props((35, 2))))
    t.c(publish("", b"2", properties=props((35, 2))))
    t.c(publish("lab/" + "long/" * 20 + "topic", b"1", properties=props((35, 1))))
    t.c(publish("", b"2", properties=props((35, 1))))
    for i in range(10, 20):
        t.c(publish("lab/%d" % i, b"x", properties=props((35, i))))
    t.c(publish("", b"x", properties=props((35, 19))), publish("", b"x", properties=props((35, 10))))
    # the broker's aliases are its own
    t.s(publish("", b"x", properties=props((35, 19), (11, 300), (11, 301))))
    # refused half way; complete with codes; released with an error
    t.c(publish("lab/q2", b"x", 2, 20, properties=props()))
    t.s(ack(PUBREC, 20, b"\x97", props((31, "full"))))
    t.c(publish("lab/q2", b"x", 2, 21, properties=props()))
    t.s(ack(PUBREC, 21, b"\x00"))
    t.c(ack(PUBREL, 21, b"\x92", props((31, "lost it"))))
    t.s(ack(PUBCOMP, 21, b"\x92", props((38, ("k", "v")))))
    t.c(unsubscribe(22, "lab/x", "lab/y", properties=props((38, ("k", "v")))))
    t.s(ack(UNSUBACK, 22, props((31, "one")), b"\x00\x11"))
    t.c(packet(AUTH, b"\x19"))
    t.s(packet(AUTH))
    t.s(packet(DISCONNECT, b"\x9d" + props((31, "moved"), (28, "b3.example"), (17, 9),
                                          (38, ("k", "v")))))
    t.close()
    # refused in the words of 3.1.1; a code without a name
    t = Conversation(cap, 40002, 1883)
    t.c(connect("x", 5))
    t.s(connack(1))
    t.close()
    t = Conversation(cap, 40003, 1883)
    t.c(connect("x", 5))
    t.s(connack(0xee, 0, props()))
    t.c(packet(DISCONNECT, b"\x04"))
    t.close()
    cap.write("mqtt", "v5")


def midstream():
    """Captures that begin amid a connection: no SYN, no CONNECT."""
    cap = Capture()
    t = Conversation(cap, 40001, 1883, syn=False)
    t.c(publish("plant/ahu/2/supply", b"18.2"))
    t.c(packet(PINGREQ))
    t.s(packet(PINGRESP))
    t.c(subscribe(5, ("plant/#", 1)))
    t.s(ack(SUBACK, 5, b"\x01"))
    # version 5 gives itself away
    t = Conversation(cap, 40002, 18831, syn=False)
    t.c(subscribe(5, ("plant/#", 1), properties=props((11, 1))))
    t.s(ack(SUBACK, 5, props(), b"\x01"))
    t.c(publish("plant/x", b"1", properties=props((35, 3))))
    t.c(packet(DISCONNECT, b"\x00"))
    # the broker speaks first, on a port that says nothing
    t = Conversation(cap, 18832, 40003, syn=False)
    t.c(packet(PINGRESP), ack(SUBACK, 9, b"\0"))
    t.c(publish("plant/y", b"22", 1, 1))
    t.s(ack(PUBACK, 1))
    t.c(publish("plant/y", b"23", 1, 2))
    t.s(ack(PUBACK, 2), subscribe(10, ("z", 0)))
    # version 5 by its CONNACK, its PUBACK
    t = Conversation(cap, 40004, 1883, syn=False)
    t.s(connack(0, 0, props((33, 5))))
    t.c(publish("p", b"1", 1, 3, properties=props()))
    t.s(ack(PUBACK, 3, b"\x00"))
    t = Conversation(cap, 40005, 1883, syn=False)
    t.s(ack(PUBACK, 3, b"\x10"))
    t.c(publish("plant/v5", b"1", 1, 4, properties=props()))
    t.s(ack(PUBACK, 4))
    # one direction alone, packets enough
    t = Conversation(cap, 40006, 18833, syn=False)
    t.c(publish("one/way", b"1"), publish("one/way", b"2"), publish("one/way", b"3"))
    # a client that goes on living says little
    t = Conversation(cap, 18834, 40007, syn=False)
    t.s(packet(PINGREQ), packet(PINGREQ), packet(DISCONNECT))
    t.c(packet(PINGRESP), packet(PINGRESP))
    t = Conversation(cap, 18835, 40008, syn=False)
    t.s(connect("behind"))
    t.c(connack())
    # not MQTT: text on its port, a topic that is none, a length that is none
    for i, data in enumerate((b"GET / HTTP/1.1\r\n\r\n", publish("bad/#", b"x"),
                              publish(b"\xff\xfe", b"x"), b"\x30\xff\xff\xff\xff\xff\x01",
                              b"\x36\x05\x00\x01ab", b"\x30")):
        t = Conversation(cap, 40010 + i, 1883)
        t.c(data)
    cap.write("mqtt", "midstream")


def unanswered():
    cap = Capture()
    t = Conversation(cap, 40001, 1883)
    t.c(connect("patient-gw", will=s("w") + s("x" * 400), flags=WILL | CLEAN))
    cap.wait(40)
    t.c(packet(PINGREQ))
    t = Conversation(cap, 40002, 1883)
    t.c(connect("c2"))
    t.s(connack())
    t.c(subscribe(1, ("a", 0)))
    t.c(unsubscribe(2, "a"))
    t.c(publish("q1", b"x", 1, 3))
    t.c(publish("q2", b"x", 2, 4))
    t.s(ack(PUBREC, 4))
    t.c(ack(PUBREL, 4))
    t.c(publish("q2", b"x", 2, 5))
    cap.wait(40)
    t.s(ack(PUBACK, 3))
    # more than is kept of a packet that waits
    t.c(subscribe(9, *[("very/long/filter/number/%04d" % i, 1) for i in range(200)]))
    t.s(ack(SUBACK, 9, b"\x01" * 200))
    t.c(publish("q1", b"y" * 500, 1, 10))
    t.s(ack(PUBACK, 10))
    t.close()
    cap.write("mqtt", "unanswered")


def order():
    """Well formed, but not what may come now."""
    cap = Capture()
    t = Conversation(cap, 40001, 1883)
    t.c(publish("no/connect", b"x"))
    t.close()
    t = Conversation(cap, 40002, 1883)
    t.c(connect("c2"))
    t.s(connack())
    t.c(connect("c2"))
    t.s(connack())
    for kind in (PUBACK, PUBREC, PUBCOMP, UNSUBACK):
        t.s(ack(kind, 77))
    t.s(ack(SUBACK, 77, b"\x80"))
    t.c(ack(PUBREL, 77))
    t.close()
    cap.write("mqtt", "order")


def malformed():
    cap = Capture()
    port = 40000

    def case(*data, first=None, side=0):
        nonlocal port
        port += 1
        t = Conversation(cap, port, 1883)
        t.c(first or connect("m", 5))
        t.s(connack(0, 0, props()) if first is None else connack())
        for d in data:
            t.send(side, d)
        t.c(publish("after", b"x", properties=b"" if first else props()))
        t.close()

    v4 = connect("m", 4)
    case(b"\x00\x02xx")                                        # type 0
    case(b"\xf0\x00", first=v4)                                # AUTH before 5
    case(packet(PUBLISH, s("t") + u16(1), 6))                  # QoS 3
    case(publish("t", b"", 1, 0, properties=props()))          # packet id 0
    case(subscribe(0, ("t", 0), properties=props()))
    case(unsubscribe(0, "t", properties=props()))
    case(subscribe(1, properties=props()))                     # no filter
    case(subscribe(1, ("", 0), properties=props()))            # an empty one
    case(subscribe(1, ("t", 3), properties=props()))           # QoS 3
    case(subscribe(1, ("t", 0x40), properties=props()))        # reserved bit
    case(subscribe(1, ("t", 4)), first=v4)
    case(packet(SUBSCRIBE, u16(1) + s("t") + b"\0", 0))        # flags
    case(packet(PUBLISH, b"\x00\x20abc"))                      # topic beyond the packet
    case(publish("", b"x", properties=props()))                # no topic, no alias
    case(publish("", b"x"), first=v4)
    case(publish("t", b"x", properties=b"\x05\x7f1234"))       # unknown property
    case(publish("t", b"x", properties=b"\x05\x11" + b"\0" * 4))    # CONNECT's, not PUBLISH's
    case(publish("t", b"x", properties=props((35, 1), (35, 2))))    # twice
    case(publish("t", b"x", properties=b"\xff\xff\xff\xff\x7f"))    # length is none
    case(publish("t", b"x", properties=b"\x7f"))               # longer than the packet
    case(publish("t", b"x", properties=b"\x03\x03\x00\x09"))   # text beyond the properties
    case(ack(PUBACK, 1, b"\x00"), first=v4, side=1)            # 5's code in 3.1.1
    case(packet(PUBACK, b"\0"), side=1)
    case(ack(PUBACK, 1, b"\x00", props(), b"zz"), side=1)      # bytes behind the end
    case(ack(UNSUBACK, 1, b"\0"), first=v4, side=1)
    case(packet(PINGREQ, b"x"))
    case(packet(DISCONNECT, b"\0\0\0"))
    case(connack(0, 2, props()), side=1)                       # reserved flag
    case(connack(0, 0, b"\0\0"), first=v4, side=1)
    case(packet(CONNACK, b"\0"), side=1)
    case(b"\x30\xff\xff\xff\xff\x7f")                          # remaining length is none
    for bad in (connect("x", 9), connect("x", 4, CLEAN | 1), connect("x", 4, WILL, will_qos=3),
                connect("x", 5, properties=b"\x05\x7f1234"), connect("x", name="MQTX"),
                connect("x", 4, WILL, will=s("w")), packet(CONNECT, s("MQTT") + b"\4\2\0\0zz"),
                connect("x", 4, CLEAN, user="extra"), packet(CONNECT, s("MQTT") + b"\4"),
                connect("x", 5, WILL | CLEAN, will=b"\x05\x7f1234" + s("w") + s("x"))):
        port += 1
        t = Conversation(cap, port, 1883)
        t.c(bad)
        t.s(connack(1))
        t.close()
    cap.write("mqtt", "malformed")


def segments():
    """Packets and segments that do not coincide, gaps, cut captures."""
    cap = Capture()
    t = Conversation(cap, 40001, 1883)
    t.pieces(0, connect("slow", 5), 5)
    t.pieces(1, connack(0, 0, props()), 2)
    t.c(*[publish("many/%d" % i, b"x", properties=props()) for i in range(5)])
    big = publish("big", b"z" * 70000, properties=props((3, "image/jpeg")))
    t.pieces(0, big + publish("next", b"x", properties=props()), 1400)
    t.c(publish("long", b"z" * 20000, properties=props()))
    half = publish("gap", b"z" * 3000, properties=props())
    t.c(half[:1000])
    t.c(half[1000:2000], lose=True)
    t.s(b"", flags=16)
    t.c(half[2000:])
    t.c(publish("in/step", b"x", properties=props()))
    t.c(publish("again", b"x", 1, 5, properties=props()))
    t.s(ack(PUBACK, 5))
    t.s(ack(PUBACK, 6))
    t.close()
    # cut by a snap length: in the message, in the topic, in a list
    t = Conversation(cap, 40002, 1883)
    t.c(connect("cut"))
    t.s(connack())
    t.c(publish("cut/message", b"m" * 100), cut=54 + 40)
    t.c(publish("cut/" + "t" * 100, b"m"), cut=54 + 40)
    t.c(subscribe(4, ("cut/one", 0), ("cut/two", 1)), cut=54 + 16)
    t.s(ack(SUBACK, 4, b"\0\1"))
    t.c(packet(DISCONNECT), cut=54 + 1)
    t = Conversation(cap, 40004, 1883)
    t.c(connect("cut", 5, properties=props((17, 9), (33, 9), (38, ("name", "value")))), cut=54 + 20)
    t.s(connack(0, 0, props((33, 5), (31, "reason"))), cut=54 + 8)
    t = Conversation(cap, 40003, 1883)
    t.c(connect("cut/client/identifier"), cut=54 + 20)
    cap.write("mqtt", "segments")


if __name__ == "__main__":
    for f in (v311, v31, v5, midstream, unanswered, order, malformed, segments):
        f()
