#!/bin/sh
# What a flood costs otinv build grows with its length, not with its square: instructions,
# counted by callgrind, so that no clock is asked. Of n, 2n and 4n records the second
# step is twice the first where it is linear, and four times where it is a square.
bin=${OTKIT_BIN:-.}
python=${PYTHON:-/usr/bin/python3}
[ -x "$bin/otinv" ] || { echo "Bail out! $bin/otinv is not built"; exit 1; }
command -v "$python" >/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }
command -v valgrind >/dev/null || { echo "1..0 # SKIP no valgrind"; exit 0; }
grep -q __asan_init "$bin/otinv" && { echo "1..0 # SKIP sanitized: valgrind cannot run it"; exit 0; }
exec "$python" - "$bin/otinv" <<'EOF'
import json, os, re, subprocess, sys, tempfile

otinv = sys.argv[1]
MOST = 2.2      # second step by first: 2, and a little for what is sorted
LEAST = 500

SERVER = "00:1d:9c:ff:ff:ff"


def stamp(i):
    return "2026-11-02T08:%02d:%02d.%03d000+0000" % (i // 60000, i // 1000 % 60, i % 1000)


def mac(i):
    return "00:1d:9c:%02x:%02x:%02x" % (i >> 16 & 255, i >> 8 & 255, i & 255)


def ip(i):
    return "10.%d.%d.%d" % (i >> 16 & 255, i >> 8 & 255, i & 255)


def record(i, kind, smac, sip, dmac=SERVER, dip="10.255.0.1", sport=40000, dport=502, proto="TCP", **members):
    return {"timestamp": stamp(i), "event_type": kind, "pcap_filename": "a.pcap", "pcap_cnt": i + 1,
            "flow_id": i + 1, "ether": {"src_mac": smac, "dest_mac": dmac}, "src_ip": sip, "src_port": sport,
            "dest_ip": dip, "dest_port": dport, "proto": proto, **members}


def flow(i, *ends, app="modbus", **more):
    return record(i, "flow", *ends, **({"app_proto": app} if app else {}), **more,
                  flow={"pkts_toserver": 30, "pkts_toclient": 30, "bytes_toserver": 1800, "bytes_toclient": 1800})


def ssdp(i, smac, sip, number):
    return record(i, "ssdp", smac, sip, "01:00:5e:7f:ff:fa", "239.255.255.250", 1900, 1900, "UDP", app_proto="ssdp",
                  ssdp={"method": "NOTIFY", "location_host": sip, "target": "upnp:rootdevice",
                        "usn": "uuid:%08x-0000-1000-8000-001122334455::upnp:rootdevice" % number},
                  ot={"op": "report"})


def answers(i, smac, sip):
    return {"timestamp": stamp(i), "event_type": "arp", "pcap_filename": "a.pcap", "pcap_cnt": i + 1,
            "ether": {"src_mac": smac, "dest_mac": SERVER}, "arp": {"opcode": "reply"},
            "identity": [{"of": {"mac": smac, "ip": sip}, "source": "arp"}]}


# name, and the i-th record
shapes = [
    ("many hosts, one server", lambda i: flow(i, mac(i), ip(i))),
    ("one host, many addresses that send", lambda i: flow(i, mac(1), "fd00::%x" % i, app=None)),
    ("one router, many destinations", lambda i: flow(i, SERVER, "10.255.0.1", mac(1), ip(i), app=None)),
    ("many MACs, one sender", lambda i: flow(i, mac(i), "10.0.0.1")),
    ("many answer for one address", lambda i: answers(i, mac(i), "10.0.0.1")),
    ("one answers for many addresses", lambda i: answers(i, mac(1), ip(i))),
    ("pairs of machines with one identifier", lambda i: ssdp(i, mac(i), ip(i), i // 2)),
    ("one machine with many addresses, an identifier of another at each",
     lambda i: ssdp(i, mac(0 if i % 2 else i), "fd00::%x" % i, i // 2)),
    ("many virtual routers", lambda i: record(
        i, "glbp", "00:07:b4:00:%02x:%02x" % (i >> 8, i & 255), ip(i), "01:00:5e:00:00:66", "224.0.0.102",
        3222, 3222, "UDP", app_proto="glbp", glbp={}, ot={"op": "report"})),
]


def instructions(folder, make, n):
    given = os.path.join(folder, "in.ndjson")
    with open(given, "w") as f:
        for i in range(n):
            f.write(json.dumps(make(i), separators=(",", ":")) + "\n")
    r = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", otinv, "build",
                        "--no-sandbox", given], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    found = re.search(rb"Collected : (\d+)", r.stderr)
    assert r.returncode == 0 and found, r.stderr.decode()
    return int(found.group(1)), r.stdout.count(b'"event_type":"asset"')


print("1..%d" % len(shapes))
failed = 0
with tempfile.TemporaryDirectory() as folder:
    for number, (name, make) in enumerate(shapes, 1):
        (a, _), (b, _), (c, assets) = (instructions(folder, make, k * LEAST) for k in (1, 2, 4))
        good = (c - b) < MOST * (b - a)
        failed += not good
        print("%sok %d - %s" % ("" if good else "not ", number, name))
        print("# %.2f times: %.1f, %.1f and %.1f million instructions, %d assets of %d records" % (
            (c - b) / (b - a), a / 1e6, b / 1e6, c / 1e6, assets, 4 * LEAST))
sys.exit(1 if failed else 0)
