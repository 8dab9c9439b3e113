"""TCP conversations on top of frames.py that need not go well: segments that
were lost or not captured whole, bytes in pieces, pauses."""
import os

import frames
from frames import ACK, FIN, PSH, SYN, eth, ipv4, tcp

HERE = os.path.dirname(os.path.abspath(__file__))


class Capture(frames.Capture):
    def wait(self, seconds):
        self.us += int(seconds * 1000000)

    def write(self, proto, name):
        os.makedirs(os.path.join(HERE, proto), exist_ok=True)
        self.save(os.path.join(HERE, proto, name + ".pcap"))


class Conversation:
    """One TCP connection. c() and s() send from client and server."""

    def __init__(self, cap, cport, sport, client="192.0.2.10", server="192.0.2.20", syn=True):
        self.cap = cap
        self.addr = [client, server]
        self.port = [cport, sport]
        self.seq = [1000, 5000]
        if syn:
            self.send(0, b"", SYN)
            self.send(1, b"", SYN | ACK)
            self.send(0, b"", ACK)

    def mac(self, side):
        return "02:00:00:00:00:%02x" % int(self.addr[side].split(".")[3])

    def send(self, side, data, flags=PSH | ACK, cut=None, lose=False):
        o = 1 - side
        seg = tcp(self.port[side], self.port[o], self.seq[side], self.seq[o] if flags & ACK else 0,
                  flags, data)
        frame = eth(ipv4(6, seg, self.addr[side], self.addr[o]), src=self.mac(side),
                    dst=self.mac(o))
        if not lose:
            self.cap.add(frame[:cut] if cut else frame, len(frame))
        self.seq[side] += len(data) + (1 if flags & (SYN | FIN) else 0)

    def c(self, *parts, **kw):
        self.send(0, b"".join(parts), **kw)

    def s(self, *parts, **kw):
        self.send(1, b"".join(parts), **kw)

    def pieces(self, side, data, size):
        for i in range(0, len(data), size):
            self.send(side, data[i:i + size])

    def close(self):
        self.send(0, b"", FIN | ACK)
        self.send(1, b"", FIN | ACK)
        self.send(0, b"", ACK)
