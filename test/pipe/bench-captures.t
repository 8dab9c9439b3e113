#!/usr/bin/python3
"""The captures that bench/gen.c makes are what they say: nothing in them is malformed to
otdissect or tshark, what they promise is there, and they are the same on every machine. TAP."""
import collections
import glob
import hashlib
import json
import os
import shutil
import subprocess
import tempfile

from tap import done, ok, skip

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("OTKIT_BIN", TOP)
CC = os.environ.get("CC", "cc").split()
KINDS = {
    "modbus": ("0.5", {"modbus"}),
    "mixed": ("1", {"modbus", "bacnet", "mqtt", "dns", "arp"}),
    "office": ("10", {"tls", "quic", "smb", "http", "ssh", "dns", "dhcp", "arp", "mdns", "ssdp", "nbns",
                     "ntp"}),
    "s7": ("0.5", {"s7comm"}),
    "enip": ("0.5", {"enip"}),
    "opcua": ("0.5", {"opcua"}),
}
# When other bytes are made, what was measured before is no longer comparable.
OFFICE_SHA256 = "836b05d70a14f9b74e0a9fddcf667f8260434eac5f29c0cf27c6f65370c3ce5c"


def make(gen, kind, size):
    return subprocess.run([gen, kind, size], stdout=subprocess.PIPE, check=True).stdout


def dissected(path):
    p = subprocess.run([os.path.join(BIN, "otdissect"), path], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    return p.returncode, [json.loads(line) for line in p.stdout.splitlines()]


def check(gen, kind, size, protocols, path):
    with open(path, "wb") as f:
        f.write(make(gen, kind, size))
    status, events = dissected(path)
    types = collections.Counter(e["event_type"] for e in events)
    odd = [e for e in events if e["event_type"] == "anomaly"]
    ok(status == 0 and not odd, kind + ": nothing malformed", status, odd[:3])
    ok(protocols <= set(types), kind + ": what it promises", protocols - set(types))
    return events[-1]["stats"], events


def office(gen, path, stats, events):
    d = stats["decoder"]
    ok(not d["invalid"] and not d["unknown_ip"] and not stats["tcp"]["gaps"],
       "office: every header is understood, no segment is missing", stats)
    ok(stats["tcp"]["retransmitted"] > 0 and stats["tcp"]["out_of_order"] > 0,
       "office: some segments come again, some in another order", stats["tcp"])
    ok(500 < d["bytes"] / d["pkts"] < 900, "office: packets as long as an office's",
       d["bytes"] / d["pkts"])
    six = sum(":" in e.get("src_ip", "") for e in events)
    ok(0.1 < six / len(events) < 0.5, "office: a share of IPv6", six, len(events))
    names = {e["tls"].get("sni") for e in events if e["event_type"] == "tls"} | \
        {e["quic"].get("sni") for e in events if e["event_type"] == "quic"}
    ok(None not in names and len(names) > 20, "office: hellos are read, those of QUIC, too", names)
    versions = {e["tls"].get("version") for e in events if e["event_type"] == "tls"}
    ok(versions - {None} == {"TLS 1.2", "TLS 1.3"}, "office: both versions of TLS", versions)
    with open(path, "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    ok(digest == OFFICE_SHA256, "office: the same bytes as everywhere", digest)


def tshark(path):
    if not shutil.which("tshark"):
        skip("office: nothing malformed to tshark", "tshark is not installed")
        return
    p = subprocess.run(["tshark", "-r", path, "-n", "-Y", "_ws.malformed || _ws.expert.severity == error"],
                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    ok(p.returncode == 0 and not p.stdout, "office: nothing malformed to tshark", p.stdout[:500])


def main():
    if not shutil.which(CC[0]):
        print("1..0 # SKIP no C compiler")
        return
    with tempfile.TemporaryDirectory() as d:
        gen = os.path.join(d, "gen")
        subprocess.run(CC + ["-std=c17", "-D_GNU_SOURCE", "-O2", "-o", gen] +
                       sorted(glob.glob(os.path.join(TOP, "bench", "gen*.c"))) + ["-lcrypto"], check=True)
        for kind, (size, protocols) in KINDS.items():
            path = os.path.join(d, kind + ".pcap")
            stats, events = check(gen, kind, size, protocols, path)
            if kind == "office":
                office(gen, path, stats, events)
                tshark(path)
    done()


if __name__ == "__main__":
    main()
