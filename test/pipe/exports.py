#!/usr/bin/python3
"""Exports of otinv held to what those who take them in expect.

    exports.py hostile               an inventory full of texts that mean harm, to stdout
    exports.py large ASSETS LINKS    one of that size
    exports.py FORMAT INVENTORY OUT  says what is wrong with OUT, the export of INVENTORY
"""
import csv
import io
import json
import os
import re
import sys
import warnings
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
NASTY = [
    "=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\uff1d1+1", "'quoted'", "a;=1+1", "a; \"=1+1\"", ";'x",
    "a,b", "say \"hi\"", "two\nlines", "tab\there", "cr\rhere", "nul\u0000here", "esc\u001b[31mred", "c1\u0085\u009b31m",
    "</script><script>alert(1)</script>", "]]>", "<!--", "&amp;&lt;", "\\", "back\\", "\\N\\G\\l\\\"", "a|b|c", "`code`",
    "[x](javascript:alert(1))", "![i](http://evil.example/x)", "http://evil.example/", "www.evil.example", "*b* _u_ ~s~",
    "# heading", "rtl\u202egnp.exe", "line\u2028sep", "\u200emark", "\ufffe\uffff", "{{7*7}}", "${x}", "%s%n",
    " blanks ", "å ä ö É ß", "日本語", "a" * 500, "é" * 300, "\U0001f600", "--", "$(id)", "__proto__", ";", "\"", "''",
]
TIME = "2026-11-22T08:20:21.400091+0000"


def asset(n, text, **more):
    a = {"id": "%012x" % n, "key": "mac:x", "site": "lab", "packets": 1, "bytes": 1, "events": 1}
    a.update(more)
    a["first_seen"] = a["last_seen"] = TIME
    a["addresses"] = [{"heard": True, "packets": 1, "bytes": 1, "events": 1,
                       "first": {"timestamp": TIME, "pcap_filename": text, "pcap_cnt": n + 1}}]
    a.setdefault("evidence", {})
    return {"timestamp": TIME, "event_type": "asset", "asset": a}


def link(a, b, proto, port, **more):
    x = {"id": "%012x>%012x/%s/%d" % (a, b, proto, port), "site": "lab", "client": {"id": "%012x" % a},
         "server": {"id": "%012x" % b, "ip": ip(b)}, "app_proto": proto, "transport": "tcp", "port": port, "events": 3,
         "flows": 1, "pkts_toserver": 1, "pkts_toclient": 1, "bytes_toserver": 100, "bytes_toclient": 200,
         "answered": True, "encrypted": False, "first_seen": TIME, "last_seen": TIME,
         "evidence": {"first": {"timestamp": TIME, "pcap_filename": "x.pcap", "pcap_cnt": 1}}}
    x.update(more)
    return {"timestamp": TIME, "event_type": "link", "link": x}


def ip(n):
    return "10.%d.%d.%d" % (n >> 16 & 255, n >> 8 & 255, n & 255)


def hostile():
    out = []
    n = len(NASTY)
    for i, t in enumerate(NASTY):
        other = NASTY[(i + 7) % n]
        out.append(asset(
            i, t, name=t, ips=[ip(i)], macs=["02:00:00:00:00:%02x" % i], vlans=[1 + i], hostnames=[t, other], vendor=t,
            product=t, model=other, serial=t, firmware=t, hardware=t, order_code=t, os=t, location=t,
            zone=t if i % 2 else other,
            zone_name=t, category=t, purdue=i % 6, supplier=t,
            roles=[{"role": t, "reason": t, "basis": "behaviour" if i % 3 else t}],
            register={"id": t, "name": t, "owner": t, "criticality": t},
            protocols=[{"app_proto": t, "transport": "tcp", "port": 502, "side": "server", "events": 1},
                       {"guess": {"app_proto": other}, "transport": t, "side": "client", "events": 1}],
            evidence={"vendor": [{"value": t, "rank": 1, "source": t, "timestamp": TIME, "pcap_filename": t, "pcap_cnt": 1}],
                      "model": [{"value": other, "rank": 2, "source": t}],
                      "firmware": [{"value": t, "rank": 1, "source": t, "pcap_filename": t}],
                      "os": [{"value": t, "rank": 9, "source": t}], "hardware": [{"value": t, "rank": 0}]}))
        out.append(link(i, (i + 1) % n, t, 500 + i, cross_zone=bool(i % 2), **({"outward": True} if i % 5 == 0 else {}),
                        names=[t], supplier=t, objects_written=[{"object": t, "op": "write", "count": 1}],
                        remote_access=[{"product": t}], weak=[t], ops={"write": 1, "read": 2}))
    k = n
    # parts, a part of nothing, something on the internet, something silent, one that is its own gateway
    out.append(asset(k, "x", name="=gw", sub="unit 5", parent="%012x" % 0, ips=[ip(0)]))
    out.append(asset(k + 1, "x", sub="=unit", parent="%012x" % 1, ips=[ip(1)]))
    out.append(asset(k + 2, "x", sub="unit 7", parent="ffffffffffff"))
    out.append(asset(k + 3, "x", public=True, names=["=evil.example"], ips=["203.0.113.9", "2001:db8::9"]))
    out.append(asset(k + 4, "x", silent=True, ips=["10.255.0.1"]))
    out.append(asset(k + 5, "x", sub="me", parent="%012x" % (k + 5)))
    out.append(asset(k + 6, "x", name="twin", serial="1", ips=[ip(3), "fe80::1"]))
    out.append(asset(k + 7, "x", name="Twin", serial="2", ips=[ip(3), "2001:db8::1"], register={"id": "a,b"}))
    out.append(link(0, k + 3, "mqtt", 1883, outward=True))
    out.append(link(0, k + 4, "modbus", 502))
    out.append(link(0, 0, "modbus", 502))
    out.append(link(1, 0xfffff, "modbus", 502))
    # members of types that nobody expects
    out.append(asset(k + 8, "x", name=["x"], ips="x", macs={"a": 1}, vlans=[None, -1, 1e9, "x"], purdue="x", zone=7,
                     roles={"x": 1}, protocols=["x", {"app_proto": 5, "side": 3}], register="x", vendor=None, public="yes",
                     evidence=[]))
    bad = link(2, 3, "x", 5)
    bad["link"].update(client="x", port="x", ops=[], objects_written={}, evidence=None, events=-1, flows="12", bytes_toserver=1.5)
    out.append(bad)
    out.append({"timestamp": TIME, "event_type": "asset", "asset": {}})
    return out


def large(assets, links):
    for i in range(assets):
        yield asset(i, "a.pcap", name="device %d" % i, ips=[ip(i)], macs=["02:00:00:%02x:%02x:%02x" % (i >> 16, i >> 8 & 255, i & 255)],
                    vendor="Maker %d" % (i % 40), model="Model %d" % (i % 300), firmware="1.%d" % (i % 20), zone="zone%d" % (i % 12),
                    purdue=i % 12 % 5, roles=[{"role": "plc", "reason": "x", "basis": "modbus.mei"}],
                    protocols=[{"app_proto": "modbus", "transport": "tcp", "port": 502, "side": "server", "events": 5}],
                    evidence={"model": [{"value": "Model %d" % (i % 300), "rank": 1, "source": "modbus.mei", "pcap_filename": "a.pcap", "pcap_cnt": i}]})
    for i in range(links):
        a, b = i % assets, (i * 7919 + i // assets * 13 + 1) % assets
        yield link(a, b, "modbus" if i % 3 else "s7comm", 502 + i % 9, cross_zone=i % 4 == 0, ops={"write": i % 2})


# What clean_text() makes of a text.
BAD = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u200e\u200f\u2066-\u2069\ufffe\uffff]")


def clean(t):
    t = t.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return BAD.sub("?", t)


def read(path):
    out = {"asset": [], "link": []}
    for line in open(path, encoding="utf-8"):
        r = json.loads(line)
        if r["event_type"] in out:
            out[r["event_type"]].append(r[r["event_type"]])
    return out


def shown(inv):
    return [a for a in inv["asset"] if not a.get("silent")]


wrong = []


def need(what, text):
    if not what:
        wrong.append(text)


FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def no_formula(text, where):
    """No cell that a spreadsheet computes, wherever its language splits the cells."""
    for sep in ",;":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sep):
            for c in row:
                need(not c.lstrip(' "').startswith(FORMULA) or re.fullmatch(r"-?[0-9.e+]+", c), "%s: a formula at %r: %r" % (where, sep, c[:60]))


def unguard(t):
    t = t[1:] if t.startswith("'") else t
    return t.replace(";'", ";")


def harmless(text, where):
    # line ends and the indentation are ours
    need(not BAD.search(re.sub(r"^\t+", "", text.replace("\r\n", "\n"), flags=re.M).replace("\n", "")), "%s: a control character" % where)


def table(path, columns=None):
    text = open(path, encoding="utf-8", newline="").read()
    harmless(text, path)
    no_formula(text, path)
    need(text.endswith("\r\n") and "\n" not in text.replace("\r\n", ""), "%s: lines do not end as RFC 4180 has it" % path)
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    need(all(len(r) == len(rows[0]) for r in rows), "%s: rows differ in length" % path)
    need(all(rows[0]) and len(set(rows[0])) == len(rows[0]), "%s: column names" % path)
    return [dict(zip(rows[0], r)) for r in rows[1:]]


def check_csv(inv, path):
    rows = table(path)
    need(len(rows) == len(shown(inv)), "%d rows for %d assets" % (len(rows), len(shown(inv))))
    by = {r["id"]: r for r in rows}
    for a in shown(inv):
        for k in ("name", "serial", "firmware", "vendor"):
            if isinstance(a.get(k), str):
                need(unguard(by[a["id"]][k]) == clean(a[k]), "%s of %s: %r" % (k, a["id"], by[a["id"]][k]))


def check_flat(inv, path):
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    need(len(rows) == len(shown(inv)), "%d rows for %d assets" % (len(rows), len(shown(inv))))
    names = {r.get("id"): r.get("name") for r in rows}
    for a in shown(inv):
        if isinstance(a.get("name"), str):
            need(names[a["id"]] == clean(a["name"]), "name %r" % names[a["id"]])
    for r in rows:
        need(not any(isinstance(x, (dict, list)) or x is None or x == "" for x in r.values()), "not flat: %r" % r)


def check_cyclonedx(inv, path):
    import jsonschema
    warnings.simplefilter("ignore")
    bom = json.load(open(path, encoding="utf-8"))
    with open(os.path.join(HERE, "data", "cyclonedx", "bom-1.6.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    base = schema["$id"].rsplit("/", 1)[0]
    # licences and signatures are not written: their schemas are never asked, and nothing is fetched
    store = {base + "/spdx.SNAPSHOT.schema.json": False, base + "/jsf-0.82.SNAPSHOT.schema.json": False}
    v = jsonschema.Draft7Validator(schema, resolver=jsonschema.RefResolver(schema["$id"], schema, store=store),
                                   format_checker=jsonschema.FormatChecker())
    for e in v.iter_errors(bom):
        need(False, "%s: %s" % ("/".join(map(str, e.absolute_path)), e.message[:200]))
    refs = set()

    def walk(list_):
        for x in list_:
            need(x["bom-ref"] not in refs, "bom-ref %s twice" % x["bom-ref"])
            refs.add(x["bom-ref"])
            walk(x.get("components", []))
    walk(bom["components"])
    walk(bom["services"])
    seen = [d["ref"] for d in bom["dependencies"]]
    need(len(seen) == len(set(seen)), "dependencies of one thing in two places")
    for d in bom["dependencies"]:
        for r in [d["ref"]] + d.get("dependsOn", []):
            need(r in refs, "a dependency on %s, which is not there" % r)
    near = [a for a in shown(inv) if not (a.get("public") is True and "zone" not in a)]
    need(len(bom["components"]) == len(near), "%d components for %d devices" % (len(bom["components"]), len(near)))
    said = {p["value"] for c in bom["components"] for p in c.get("properties", []) if p["name"] == "cdx:device:serialNumber"}
    need(said == {clean(a["serial"]) for a in near if isinstance(a.get("serial"), str)}, "serial numbers differ")


TYPES = {"string": str, "double": float, "long": int, "boolean": lambda s: {"true": 1, "false": 0}[s]}


def check_graphml(inv, path):
    ns = "{http://graphml.graphdrawing.org/xmlns}"
    root = ET.parse(path).getroot()
    need(root.tag == ns + "graphml", "root")
    keys = {(k.get("for"), k.get("id")): k.get("attr.type") for k in root.iter(ns + "key")}
    nodes = {}
    ids = set()
    for kind in ("node", "edge"):
        for x in root.iter(ns + kind):
            need(x.get("id") not in ids, "id %s twice" % x.get("id"))
            ids.add(x.get("id"))
            have = set()
            for d in x.iter(ns + "data"):
                need((kind, d.get("key")) in keys, "an undeclared key %s" % d.get("key"))
                need(d.get("key") not in have, "%s twice" % d.get("key"))
                have.add(d.get("key"))
                try:
                    TYPES[keys[kind, d.get("key")]](d.text)
                except (KeyError, ValueError):
                    need(False, "%s: %r is no %s" % (d.get("key"), d.text, keys.get((kind, d.get("key")))))
                if d.get("key") == "n_name":
                    nodes[x.get("id")] = d.text
            if kind == "edge":
                need(x.get("source") in ids and x.get("target") in ids, "an edge to nowhere")
    need(sorted(nodes.values()) == sorted(clean(a["name"]) for a in shown(inv) if isinstance(a.get("name"), str)), "names differ")


def check_dot(inv, path):
    text = open(path, encoding="utf-8").read()
    harmless(text, path)
    # strings, and then nothing but words of the language
    rest = re.sub(r'"(?:[^"\\]|\\.)*"', "S", text)
    need(re.fullmatch(r"[A-Za-z0-9_{}\[\]=,;.>\s-]*", rest), "outside strings: %r" % re.findall(r"[^A-Za-z0-9_{}\[\]=,;.>\s-]", rest)[:5])
    need(rest.count("{") == rest.count("}") and rest.count("[") == rest.count("]"), "braces")
    need(len(re.findall(r"^\t\ta\d+ \[label", text, re.M)) == len(shown(inv)), "a box for each asset")
    known = set(re.findall(r"^\t\t(a\d+) \[", text, re.M))
    need(all(x in known and y in known for x, y in re.findall(r"^\t(a\d+) -> (a\d+)", text, re.M)), "an edge to nowhere")


def check_svg(inv, path):
    """What Graphviz made of the DOT: the labels are there as they were said."""
    said = {"".join(t.itertext()) for t in ET.parse(path).getroot().iter("{http://www.w3.org/2000/svg}text")}
    for a in shown(inv):
        if isinstance(a.get("name"), str) and a["name"]:
            t = clean(a["name"])
            t = t if len(t) <= 48 else t[:48] + "…"
            need(t.strip() in {s.strip().replace("\xa0", " ") for s in said}, "no label %r" % t)


def check_markdown(inv, path):
    text = open(path, encoding="utf-8").read()
    harmless(text, path)
    need("<" not in text and not re.search(r"(?<!\\)[`]", text), "markup from outside")
    need(not re.search(r"(?<!\\)[\[\]]|[a-z]://|www\.", text), "a link from outside")
    width = 0
    for line in text.split("\n"):
        if line.startswith("|"):
            cells = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line))
            width = cells if not width else width
            need(cells == width, "a row of %d cells under a head of %d: %s" % (cells, width, line[:80]))
        else:
            width = 0
            need(not line or re.match(r"#{1,3} |- |[A-Z0-9ÅÄÖ]", line), "a line that is none of ours: %r" % line[:80])


SLUG = re.compile(r"[-a-z0-9_]{1,100}")


def check_netbox(inv, path):
    files = sorted(os.listdir(path))
    t = {re.sub(r"^\d\d-|\.csv$", "", f): table(os.path.join(path, f)) for f in files}
    need([f[:2] for f in files] == ["%02d" % i for i in range(1, len(files) + 1)], "numbers of the files")
    for k in ("tags", "manufacturers", "device-types", "device-roles", "sites"):
        for r in t[k]:
            need(SLUG.fullmatch(r["slug"]), "%s: slug %r" % (k, r["slug"]))
        key = (lambda r: (r["manufacturer"], r["slug"])) if k == "device-types" else (lambda r: r["slug"])
        need(len({key(r) for r in t[k]}) == len(t[k]), "%s: a slug twice" % k)
    names = {k: {r["name"] for r in t[k]} for k in ("manufacturers", "device-roles", "sites")}
    types = {(r["manufacturer"], r["model"]) for r in t["device-types"]}
    need(len(types) == len(t["device-types"]), "a device type twice")
    tags = {r["slug"] for r in t["tags"]}
    for r in t["device-types"]:
        need(r["manufacturer"] in names["manufacturers"], "a type of no maker: %r" % r)
    devices = set()
    for d in t["devices"]:
        n = d["name"]
        need(n and len(n) <= 65 and n == n.strip(), "name %r" % n)
        need(n.lower() not in devices, "name %r twice" % n)
        devices.add(n.lower())
        need(d["role"] in names["device-roles"] and d["site"] in names["sites"] and d["manufacturer"] in names["manufacturers"]
             and (d["manufacturer"], d["device_type"]) in types, "a device of nothing known: %r" % d)
        need(len(d["serial"]) <= 51 and len(d["asset_tag"]) <= 51, "too long: %r" % d)
        need(set(d["tags"].split(",")) <= tags, "tags %r" % d["tags"])
    listed = [d["asset_tag"] for d in t["devices"] if d["asset_tag"]]
    need(len(listed) == len(set(listed)), "an asset tag twice")
    near = [a for a in shown(inv) if not (a.get("public") is True and "zone" not in a)]
    need(len(t["devices"]) == len(near), "%d devices for %d" % (len(t["devices"]), len(near)))
    interfaces = {(r["device"].lower(), r["name"]) for r in t["interfaces"]}
    for k in ("mac-addresses", "ip-addresses"):
        for r in t[k]:
            need((r["device"].lower(), r["interface"]) in interfaces, "%s: no interface for %r" % (k, r))
    a = [(r["vrf"], r["address"]) for r in t["ip-addresses"]]
    need(len(a) == len(set(a)), "an address twice")
    for r in t["services"]:
        need(r["parent"].lower() in devices and 0 < int(r["ports"]) < 65536, "a service %r" % r)


def main():
    if sys.argv[1] == "hostile":
        for r in hostile():
            print(json.dumps(r))
    elif sys.argv[1] == "large":
        for r in large(int(sys.argv[2]), int(sys.argv[3])):
            print(json.dumps(r, separators=(",", ":")))
    else:
        globals()["check_" + sys.argv[1]](read(sys.argv[2]), sys.argv[3])
        for w in wrong[:8]:
            print("# %s: %s" % (sys.argv[1], ascii(w)))
        sys.exit(bool(wrong))


main()
