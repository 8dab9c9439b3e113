#!/usr/bin/python3
"""otdissect --redact: names, addresses and values go, what they were stands for the same each time.

Every record is walked beside the one that was not redacted. Output is TAP."""
import glob
import ipaddress
import json
import os
import re
import subprocess
import sys
import tempfile

MAC = re.compile(r"^([0-9a-f]{2}:){5}[0-9a-f]{2}$")
# leaves that must never stay, wherever they are
HIDDEN = {"hostname", "serial", "location", "object", "sni", "rrname", "rname", "client_id", "topic", "name_of_station",
          "subject", "issuerdn", "fqdn", "computer", "dns_computer", "community_id", "pcap_filename", "symbol", "tag",
          "route_address", "host_key_sha256"}
# and where a name is a protocol's word in one place and somebody's in another
HIDDEN_AT = {("nbdgm", "source"), ("ads", "source"), ("amqp", "source"), ("cemi", "source"), ("lon", "source"),
             ("request", "source"), ("event", "message"), ("events", "message"), ("dhcp", "message"),
             ("publish", "message"), ("opcua", "method"), ("record", "function"), ("block", "family"), ("variables", "oid")}
n = bad = 0


def ok(good, what):
    global n, bad
    n += 1
    bad += not good
    print("%sok %d - %s" % ("" if good else "not ", n, what))


def run(*args):
    p = subprocess.run(["./otdissect"] + list(args), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return p.returncode, p.stdout, p.stderr.decode()


def ip(s):
    try:
        return ipaddress.ip_address(s)
    except ValueError:
        return None


def leaves(a, b, path=()):
    """Pairs of scalars, with the names that lead to them; fails where the shapes differ."""
    if isinstance(a, dict):
        if not isinstance(b, dict) or list(a) != list(b):
            raise ValueError("members differ at %s" % (path,))
        for k in a:
            yield from leaves(a[k], b[k], path + (k,))
    elif isinstance(a, list):
        if not isinstance(b, list) or len(a) != len(b):
            raise ValueError("lists differ at %s" % (path,))
        for x, y in zip(a, b):
            yield from leaves(x, y, path)
    else:
        yield path, a, b


def main():
    tmp = tempfile.mkdtemp()
    key, other, short = (os.path.join(tmp, x) for x in ("key", "other", "short"))
    for path, what in ((key, b"one key of the laboratory" * 2), (other, b"another key of the laboratory"), (short, b"x")):
        with open(path, "wb") as f:
            f.write(what)
    files = ["examples/lab.pcapng"] + sorted(f for f in glob.glob("test/golden/*/*.pcap*"))
    addresses, texts, stayed, met, values, wrong = {}, {}, set(), set(), 0, []
    for path in files:
        plain, red = (run("--mqtt-payload", *more, path)[1].splitlines() for more in ((), ("--redact", key)))
        if len(plain) != len(red):
            wrong.append("%s: %d records, %d redacted" % (path, len(plain), len(red)))
            continue
        for x, y in zip(plain, red):
            try:
                pairs = list(leaves(json.loads(x), json.loads(y)))
            except ValueError as e:
                wrong.append("%s: %s" % (path, e))
                continue
            for where, a, b in pairs:
                if isinstance(a, str) and (ip(a) or MAC.match(a)):
                    if addresses.setdefault(a, b) != b:
                        wrong.append("%s: %s is %s and %s" % (path, a, b, addresses[a]))
                elif isinstance(a, str) and a != b and texts.setdefault(a, b) != b:
                    wrong.append("%s: one text, two pseudonyms" % path)
                elif isinstance(a, str) and a == b and (where[-1] in HIDDEN or where[-2:] in HIDDEN_AT):
                    stayed.add(".".join(where))
                met.update({where[-2:]} & HIDDEN_AT)
                if where[:2] == ("ot", "value"):
                    values += 1
                    if a == b and not (isinstance(a, str) and ip(a)):
                        stayed.add("ot.value")
    ok(not wrong, "the same records, one pseudonym each" + "".join("\n#   " + w for w in wrong[:5]))
    ok(not stayed, "names, objects and values are hidden" + "".join("\n#   " + s for s in sorted(stayed)))
    ok(met == HIDDEN_AT, "and all of them were met" + "".join("\n#   " + ".".join(m) for m in sorted(HIDDEN_AT - met)))
    ok(values > 100, "%d values were looked at" % values)
    ok(len(set(addresses.values())) == len(addresses), "%d addresses stay apart" % len(addresses))
    same = [(ip(a), ip(b)) for a, b in addresses.items() if ip(a)]
    ok(all(a.is_private == b.is_private and a.is_multicast == b.is_multicast and a.version == b.version
           for a, b in same if not str(a).startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:", "127.", "::"))),
       "private stays private, a group a group")
    moved = [a for a, b in same if a == b and not (a.is_multicast or a.is_loopback or a.is_unspecified) and
             int(a) >> (a.max_prefixlen - 8) < 224 and int(a) > 0]
    ok(len(moved) <= len(same) // 50, "hosts have other addresses: %d of %d kept theirs" % (len(moved), len(same)))
    v4 = [(a, b) for a, b in same if a.version == 4]
    ok(all((int(a) >> 8 == int(c) >> 8) == (int(b) >> 8 == int(d) >> 8)
           for i, (a, b) in enumerate(v4) for c, d in v4[:i] if a.is_private and c.is_private and a != b and c != d),
       "what was one network still is")
    ok(all(a[:8] == b[:8] for a, b in addresses.items() if MAC.match(a)), "a MAC address keeps its maker")
    lab = files[0]
    names = {i["hostname"] for line in run(lab)[1].splitlines() for i in json.loads(line).get("identity", [])
             if "hostname" in i}
    red = run("--redact", key, lab)[1]
    ok(names and not any(x.encode() in red for x in names if len(x) > 4), "no host name of the laboratory is left")
    ok(run("--redact", key, lab)[1] == red, "the same key, the same bytes")
    ok(run("--redact", other, lab)[1] != red, "another key, others")
    rolled = run("--redact", key, "--rollup", "60", lab)[1].splitlines()
    least = [x for r in map(json.loads, rolled) for _, x, _ in leaves(*[r.get("rollup", {}).get("min", "")] * 2)]
    ok(any(least) and all(isinstance(x, str) for x in least),
       "least and greatest of what is folded are values, too")
    p = subprocess.run(["./otinv", "build", "-"], input=red, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    ok(p.returncode == 0 and p.stdout.count(b'"asset"') > 5, "otinv builds from it")
    rc, out, err = run("--redact", short, lab)
    ok(rc == 2 and not out and err.count("\n") == 1 and "16" in err, "a short key is refused")
    rc, out, err = run("--redact", os.path.join(tmp, "none"), lab)
    ok(rc == 2 and not out and err.count("\n") == 1, "no key, no output")
    print("1..%d" % n)
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
