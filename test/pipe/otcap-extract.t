#!/usr/bin/python3
"""otcap extract: what it cuts out of captures that this test makes itself, read back by
a pcapng reader of this test's own; and what it says when it cannot."""
import base64
import hashlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile

BIN = os.environ.get("OTKIT_BIN", ".")
OTCAP = os.path.abspath(BIN + "/otcap")
OTDISSECT = os.path.abspath(BIN + "/otdissect")
T0 = 1794989520  # 2026-11-18T08:12:00Z
n = 0
failed = 0


def ok(good, text, more=None):
    global n, failed
    n += 1
    print("%s %d - %s" % ("ok" if good else "not ok", n, text))
    if not good:
        failed = 1
        if more is not None:
            print("# " + str(more)[:600].replace("\n", "\n# "))


def run(*args, stdin=b""):
    r = subprocess.run([OTCAP, "extract", *args], input=stdin, capture_output=True, check=False)
    return r.returncode, r.stdout, r.stderr.decode()


def ip4(src, dst, proto, body, ident=1, frag=0):
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), ident, frag, 64, proto, 0,
                       socket.inet_aton(src), socket.inet_aton(dst)) + body


def udp(sport, dport, body):
    return struct.pack("!HHHH", sport, dport, 8 + len(body), 0) + body


def tcp(sport, dport, flags, seq=1):
    return struct.pack("!HHIIBBHHH", sport, dport, seq, 0, 0x50, flags, 1024, 0, 0)


def frame(src, dst, kind, body):
    return bytes.fromhex("0200000000%02x0200000000%02x%04x" % (dst, src, kind)) + body


def arp(sender, target):
    return struct.pack("!HHBBH6s4s6s4s", 1, 0x0800, 6, 4, 1, bytes(6), socket.inet_aton(sender),
                       bytes(6), socket.inet_aton(target))


def pcap(path, frames):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for us, data in frames:
            f.write(struct.pack("<IIII", T0 + us // 10**6, us % 10**6, len(data), len(data)) + data)


def options(b):
    out = {}
    while len(b) >= 4:
        code, size = struct.unpack_from("<HH", b)
        if not code:
            break
        out[code] = b[4:4 + size]
        b = b[4 + (size + 3) // 4 * 4:]
    return out


def pcapng(data):
    """The section's comment, and of each packet its time, bytes and comment."""
    at, head, packets = 0, None, []
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        body = data[at + 8:at + size - 4]
        assert struct.unpack_from("<I", data, at + size - 4) == (size,) and size % 4 == 0
        if kind == 0x0A0D0D0A:
            head = options(body[16:]).get(1)
        elif kind == 6:
            _, hi, lo, cap, _ = struct.unpack_from("<IIIII", body)
            more = options(body[20 + (cap + 3) // 4 * 4:])
            packets.append(((hi << 32 | lo) - T0 * 10**6, body[20:20 + cap], more.get(1)))
        at += size
    return head, packets


def numbers(data, name):
    """Which packets of the file of this name they are, by their comments."""
    out = []
    for _, _, comment in pcapng(data)[1]:
        file, cnt = comment.decode().rsplit(" #", 1)
        assert file == name, file
        out.append(int(cnt))
    return out


def community_id(src, dst, proto, sport, dport):
    """As its specification has it, not as cid.c does."""
    a, b = (socket.inet_aton(src), sport), (socket.inet_aton(dst), dport)
    lo, hi = min(a, b), max(a, b)
    m = struct.pack("!H", 0) + lo[0] + hi[0] + struct.pack("!BBHH", proto, 0, lo[1], hi[1])
    return "1:" + base64.b64encode(hashlib.sha1(m).digest()).decode()


A, B, C, D = "10.20.0.8", "10.20.0.9", "10.20.0.5", "10.30.0.7"
inner = ip4("172.16.0.1", "172.16.0.2", 17, udp(7, 9, b"inner"))
big = udp(47808, 47808, b"x" * 40)
FRAMES = [
    (0, frame(8, 9, 0x0806, arp(A, B))),                                          # 1
    (1000000, frame(8, 9, 0x0800, ip4(A, B, 17, udp(47808, 47808, b"write")))),    # 2
    (1500000, frame(9, 8, 0x0800, ip4(B, A, 17, udp(47808, 47808, b"ack")))),      # 3
    (2000000, frame(5, 9, 0x0800, ip4(C, B, 6, tcp(40000, 502, 2, 100)))),         # 4
    (2000001, frame(9, 5, 0x0800, ip4(B, C, 6, tcp(502, 40000, 18, 7)))),          # 5
    (2500000, frame(5, 9, 0x0800, ip4(C, B, 6, tcp(40000, 502, 4, 101)))),         # 6: reset
    (3000000, frame(5, 9, 0x0800, ip4(C, B, 6, tcp(40000, 502, 2, 900)))),         # 7: anew
    (3500000, frame(7, 5, 0x0800, ip4(D, C, 47, b"\0\0\x08\0" + inner))),          # 8: GRE
    (4000000, frame(8, 9, 0x0800, ip4(A, B, 17, big[:24], 77, 0x2000))),           # 9: fragment
    (4000001, frame(8, 9, 0x0800, ip4(A, B, 17, big[24:], 77, 3))),                # 10: the rest
    (4000002, frame(8, 9, 0x0800, ip4(A, B, 17, big[24:], 78, 3))),                # 11: of another
    (5000000, frame(5, 7, 0x88CC, b"\2\7\4")),                                     # 12
]

tmp = tempfile.mkdtemp()
os.chdir(tmp)
pcap("day.pcap", FRAMES)
pcap("night.pcap", FRAMES[:3])
os.mkdir("moved")
pcap("moved/day.pcap", FRAMES)


def cut(want, text, *args, **kw):
    status, out, err = run(*args, **kw)
    got = numbers(out, "day.pcap") if status in (0, 1) and out else None
    ok(got == want and status == (0 if want else 1), text, (status, got, err))


# --- numbers
cut([2, 5, 6, 7], "a list of numbers", "--packets", "5-7,2", "day.pcap")
cut([2, 3, 4], "spans that overlap", "--packets", "3-4,2-3,2", "day.pcap")
status, out, err = run("--packets", "2,99-100", "day.pcap")
ok(status == 1 and numbers(out, "day.pcap") == [2] and
   err == "otcap extract: 2 of the 3 packets named are not among those read\n",
   "numbers past the end: said, status 1", (status, err))
for bad in ("0", "3-2", "5,", "5,,6", "1-", "99999999999999999999"):
    status, out, err = run("--packets", bad, "day.pcap")
    ok(status == 2 and "numbers from 1" in err and err.count("\n") == 1, "--packets %s" % bad, err)
status, out, err = run("--packets", "1", "day.pcap", "night.pcap")
ok(status == 2 and "of one capture" in err, "a list does not go with two captures", err)

# --- byte for byte, with their times
_, out, _ = run("--packets", "1-12", "day.pcap")
ok([(us, b) for us, b, _ in pcapng(out)[1]] == FRAMES, "bytes and times stay as they are")
ok(pcapng(out)[0] is None, "no comment of the section without --meta")
_, out, _ = run("--packets", "4", "--meta", "day.pcap")
meta = json.loads(pcapng(out)[0])
with open("day.pcap", "rb") as f:
    sha = hashlib.sha256(f.read()).hexdigest()
ok(meta["event_type"] == "meta" and meta["meta"]["inputs"] == [{"name": "day.pcap", "sha256": sha}] and
   meta["meta"]["arguments"] == ["extract", "--packets", "4", "--meta", "day.pcap"],
   "--meta: the section's comment has arguments and digests", meta)

# --- time
cut([4, 5, 6], "--from on, --to not", "--from", "2026-11-18T08:12:02Z", "--to", "2026-11-18T08:12:03Z", "day.pcap")
cut([4, 5, 6], "other zones", "--from", "2026-11-18T09:12:02+01:00", "--to", "2026-11-18T08:12:03", "day.pcap")
cut([5, 6], "microseconds", "--from", "2026-11-18T08:12:02.000001Z", "--to", "2026-11-18T08:12:02.500001Z", "day.pcap")
cut([], "nothing: status 1, and a file without packets", "--from", "2027-01-01", "day.pcap")

# --- hosts
cut([1, 2, 3, 9, 10, 11], "an address, with its ARP", "--host", A, "day.pcap")
cut([1, 2, 3, 4, 5, 6, 7, 9, 10, 11], "two addresses: either", "--host", A, "--host", B, "day.pcap")
cut([8], "a prefix, and inside a tunnel", "--host", "172.16.0.0/16", "day.pcap")
cut([4, 5, 6, 7, 8, 12], "a MAC", "--host", "02:00:00:00:00:05", "day.pcap")
cut([4, 5, 6], "a host and a time: both", "--host", C, "--to", "2026-11-18T08:12:03Z", "day.pcap")
for args, want in ((("--host", "ahu-2"), "an address, a prefix"), (("--host", "10.20.0.0/33"), "an address, a prefix"),
                   (("--flow", "x"), "community_id"), (("--flow", "1:short="), "community_id"),
                   (("--from", "yesterday"), "a time such as"), ((), "which packets"),
                   (("--from", "2026-01-02", "--to", "2026-01-02"), "nothing lies between"),
                   (("--host", A, "-w", "moved/"), "one file"), (("--host", A, "--meta", "--format", "pcap"), "--meta goes"),
                   (("--packets", "1", "--packets", "2"), "once"), (("--packets", "none.ndjson"), "No such file")):
    status, out, err = run(*args, "day.pcap")
    ok(status == 2 and want in err and err.count("\n") == 1 and not out, "says: " + want, err)

# --- flows
cid = community_id(A, B, 17, 47808, 47808)
cut([2, 3, 9, 10], "a Community ID, and fragments of its datagrams", "--flow", cid, "day.pcap")
cut([8], "a Community ID in a tunnel", "--flow", community_id("172.16.0.1", "172.16.0.2", 17, 7, 9), "day.pcap")
events = subprocess.run([OTDISSECT, "day.pcap"], capture_output=True, check=True).stdout
flows = {(e["pcap_cnt"], e["proto"]): str(e["flow_id"]) for e in map(json.loads, events.splitlines())
         if e["event_type"] == "flow" and e["proto"] == "TCP"}
ok(len(flows) == 2, "otdissect sees two connections on the same ports", flows)
got = sorted(numbers(run("--flow", i, "day.pcap")[1], "day.pcap") for i in flows.values())
ok(got == [[4, 5, 6], [7]], "a flow_id tells them apart", got)
LAB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "lab.pcapng")
events = subprocess.run([OTDISSECT, LAB], capture_output=True, check=True).stdout
counts = {}
for e in map(json.loads, events.splitlines()):
    if e["event_type"] == "flow":
        both = e["flow"]["pkts_toserver"] + e["flow"]["pkts_toclient"]
        counts[e["flow_id"]] = counts.get(e["flow_id"], 0) + both
wrong = [i for i, want in sorted(counts.items())[::8] if len(pcapng(run("--flow", str(i), LAB)[1])[1]) != want]
ok(len(counts) > 200 and not wrong, "flow_ids of a whole laboratory: as many packets as otdissect counted", wrong)
tcp_cid = community_id(C, B, 6, 40000, 502)
cut([4, 5, 6, 7], "the Community ID has both", "--flow", tcp_cid, "day.pcap")
cut([4, 5, 6], "the flow and a time", "--flow", tcp_cid, "--to", "2026-11-18T08:12:03Z", "day.pcap")

# --- records that name packets
records = [
    {"event_type": "bacnet", "pcap_filename": "day.pcap", "pcap_cnt": 2, "ot": {"op": "write"}},
    {"event_type": "finding", "finding": {"evidence": [
        {"pcap_filename": "day.pcap", "pcap_cnt": 5, "more": [{"pcap_cnt": 4}]}, {"text": "pcap_cnt"}]}},
    {"event_type": "stats"},
]
lines = "".join(json.dumps(r) + "\n" for r in records).encode()
cut([2, 4, 5], "records on standard input, at any depth; they name the capture", "--packets", "-", stdin=lines)
with open("records.ndjson", "wb") as f:
    f.write(lines)
cut([2, 4, 5], "records in a file", "--packets", "records.ndjson", "day.pcap")
status, out, err = run("--packets", "records.ndjson", "moved/day.pcap")
ok(status == 0 and numbers(out, "moved/day.pcap") == [2, 4, 5], "the capture lies elsewhere now", err)
two = lines + json.dumps({"pcap_filename": "old/day.pcap", "pcap_cnt": 1}).encode() + b"\n"
status, out, err = run("--packets", "-", "moved/day.pcap", stdin=two)
ok(status == 1 and not pcapng(out)[1], "of two captures with its name neither is it", err)
status, out, err = run("--packets", "-", "night.pcap", stdin=lines)
ok(status == 1 and not pcapng(out)[1] and "no packet" in err, "packets of another capture are not these", err)
status, out, err = run("--packets", "-", stdin=lines + b'{"pcap_filename":"night.pcap","pcap_cnt":3}\n')
ok(status == 0 and [c.decode() for _, _, c in pcapng(out)[1]] == ["day.pcap #2", "day.pcap #4", "day.pcap #5", "night.pcap #3"],
   "of several captures", err)
status, out, err = run("--packets", "-", "day.pcap", stdin=b'{"pcap_cnt":3}\n')
ok(status == 0 and numbers(out, "day.pcap") == [3], "a record without a file means the one that is given", err)
status, out, err = run("--packets", "-", stdin=b'{"pcap_cnt":3}\n')
ok(status == 2 and "name the capture" in err, "and is none where none is", err)
status, out, err = run("--packets", "-", stdin=b'{"a":1}\n')
ok(status == 2 and "names a packet" in err, "records that name none", err)
status, out, err = run("--packets", "-", "day.pcap", stdin=b"what\n" + lines + b"that\n")
ok(status == 2 and numbers(out, "day.pcap") == [2, 4, 5] and "stdin:1: not JSON" in err and err.count("\n") == 1,
   "lines that are no records: said once, the rest is done, status 2", err)
deep = b'{"a":' * 60 + b'{"pcap_cnt":1}' + b"}" * 60 + b"\n"
ok(run("--packets", "-", "day.pcap", stdin=deep)[0] == 2, "records nested without end are not followed")
status, out, err = run("--packets", "-", "-", stdin=lines)
ok(status == 2 and "cannot be the records and a capture" in err, "standard input twice", err)

# --- packet records in, and forms out
packets = subprocess.run([OTCAP, "-r", "day.pcap"], capture_output=True, check=True).stdout
cut([2, 4, 5], "out of packet records, by their own names", "--packets", "records.ndjson", "-", stdin=packets)
status, out, err = run("--packets", "4", "-w", "four.ndjson", "day.pcap")
with open("four.ndjson", encoding="utf-8") as f:
    kept = [json.loads(line) for line in f]
ok(status == 0 and [k["event_type"] for k in kept] == ["packet", "stats"] and kept[0]["pcap_cnt"] == 4 and
   base64.b64decode(kept[0]["packet"]) == FRAMES[3][1], "packet records out", kept)
status, out, err = run("--packets", "4", "-w", "four.pcap", "day.pcap")
with open("four.pcap", "rb") as f:
    data = f.read()
ok(status == 0 and data[:4] == b"\xd4\xc3\xb2\xa1" and data[40:] == FRAMES[3][1], "pcap out", err)
status, out, err = run("--packets", "4", "-w", "four.pcap", "day.pcap")
ok(status == 2 and "--force" in err, "an existing file stays", err)
ok(run("--packets", "4", "--force", "-w", "four.pcap", "day.pcap")[0] == 0, "unless --force")
with open("list", "w", encoding="utf-8") as f:
    f.write("day.pcap\n")
cut([1, 2, 3, 9, 10, 11], "--files-from", "--host", A, "--files-from", "list")
with open("day.pcap", "rb") as f:
    whole = f.read()
with open("cut.pcap", "wb") as f:
    f.write(whole[:-5])
status, out, err = run("--host", A, "cut.pcap")
ok(status == 2 and numbers(out, "cut.pcap") == [1, 2, 3, 9, 10, 11] and "cut.pcap" in err,
   "a capture that ends amid a packet: what was whole is taken, status 2", err)
first, second = run("--host", A, "--meta", "day.pcap"), run("--host", A, "--meta", "day.pcap")
ok(first == second, "the same on every run")

print("1..%d" % n)
sys.exit(failed)
