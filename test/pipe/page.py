#!/usr/bin/env python3
"""Checks pages and pictures strictly, and makes inventories to try them on.

page.py FILE [svg|html]  exit 1 and a line for each fault
page.py --nasty N        an inventory of N assets with hostile texts in every place
page.py --many N         an inventory of N assets and three times as many links
"""
import base64
import hashlib
import html.parser
import json
import random
import re
import sys
import xml.dom.minidom

VOID = {"meta", "br", "input", "col"}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NASTY = ['"><script>alert(1)</script>', "';alert(1)//", "]]>", "</style><svg onload=x>", "</title>",
         "javascript:alert(1)", "a\nb\tc", "\u202eevil", "&lt;b&gt;", "<!--", "-->", "{{x}}",
         "\\u003cscript", "\u00e5" * 300, "\x01x\x9by", "<", "\"", "'", "&", "</script>", "%s%n"]
ZONES = [("erp", "Business", 4), ("office", "Office", 4), ("dmz", "DMZ", 3.5), ("lims", "LIMS", 3),
         ("analysis", "Analysis", 2), ("micro", "Microbiology", 2), ("bms", "Building", 1),
         ("clean", "Cleanroom", 1), ("field", "Field bus", 0)]
ROLES = {0: ["sensor"], 1: ["controller", "plc", "sensor"], 2: ["analyser", "workstation"],
         3: ["server"], 3.5: ["gateway", "server"], 4: ["workstation", "printer"]}


class Page(html.parser.HTMLParser):
    """Every element closed in its order, ids once, no handler and nothing from outside."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.faults, self.scripts, self.links = [], set(), [], [], []
        self.policy = ""

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if len(names) != len(attrs):
            self.faults.append(f"an attribute twice: {tag} {attrs}")
        for key, value in attrs:
            if key.startswith("on") or key in ("src", "srcset", "action", "formaction"):
                self.faults.append(f"{tag} {key}={value}")
            if key == "href":
                self.links.append(value)
                if not value.startswith("#"):
                    self.faults.append(f"leads out: {value}")
        if "id" in names:
            if names["id"] in self.ids:
                self.faults.append(f"an id twice: {names['id']}")
            self.ids.add(names["id"])
        if names.get("http-equiv"):
            self.policy = names["content"]
        if tag == "script":
            self.scripts.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"line {self.getpos()[0]}: </{tag}> in {self.open[-3:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data


def check_html(text):
    page = Page()
    page.feed(text)
    page.close()
    faults = page.faults[:]
    if page.open:
        faults.append(f"left open: {page.open}")
    if len(page.scripts) != 1:
        faults.append(f"{len(page.scripts)} scripts")
    else:
        digest = base64.b64encode(hashlib.sha256(page.scripts[0].encode()).digest()).decode()
        if f"script-src 'sha256-{digest}'" not in page.policy:
            faults.append("the policy does not name the script's digest")
    faults += [f"leads nowhere: {x}" for x in page.links if x[1:] not in page.ids]
    return faults


def check_svg(text):
    faults = []
    doc = xml.dom.minidom.parseString(text.encode())
    if doc.getElementsByTagName("script"):
        faults.append("a script")
    top = doc.documentElement
    for tag in ("title", "desc"):
        if not any(x.nodeName == tag for x in top.childNodes):
            faults.append(f"no {tag}")
    for e in doc.getElementsByTagName("*"):
        for key in e.attributes.keys():
            if key.startswith("on") or "href" in key:
                faults.append(f"{e.nodeName} {key}")
    return faults


def check(path, kind):
    text = open(path, encoding="utf-8", newline="").read()
    faults = check_svg(text) if kind == "svg" else check_html(text)
    if CONTROL.search(text):
        faults.append("a control character")
    for fault in faults[:10]:
        print(fault)
    return 1 if faults else 0


def inventory(n, nasty):
    rnd = random.Random(5)
    made = []

    def text(plain):
        return rnd.choice(NASTY) if nasty and rnd.random() < 0.8 else plain

    def put(kind, block):
        record = {"timestamp": "2026-11-22T08:00:00.000000+0000", "event_type": kind, kind: block}
        print(json.dumps(record, ensure_ascii=rnd.random() < 0.5))

    def place(i):
        return {"timestamp": f"2026-11-22T08:{i // 60 % 60:02}:{i % 60:02}.123456+0000",
                "pcap_filename": text("lab.pcapng"), "pcap_cnt": i + 1}

    for i in range(n):
        zone = None if i % 50 == 49 else ZONES[i % len(ZONES)]
        asset = {"id": hashlib.sha256(b"%d" % i).hexdigest()[:12], "key": text("ip:x"),
                 "site": text("lab"), "vendor": text("Siemens AG"),
                 "model": text(rnd.choice(["X-100", "CPU 1214C", "KV-2"])),
                 "ips": [f"10.{10 + i % len(ZONES)}.{i // 250 % 250}.{i % 250 + 1}" if zone else
                         f"203.0.{i // 250 % 250}.{i % 250 + 1}"]}
        role = text(rnd.choice(ROLES[zone[2]]) if zone else "external")
        asset["roles"] = [{"role": role, "reason": text("why"), "basis": "behaviour"}]
        if nasty or i % 3 == 0:
            asset["name"] = text(f"{role}-{i}")
        if zone:
            asset.update(zone=text(zone[0]), zone_name=text(zone[1]), purdue=zone[2])
        else:
            asset["public"] = True
        if i % 4 == 0:
            asset["register"] = {"id": text(f"R-{i}"), "owner": text("K. Holm")}
        if i % 7 == 3:
            asset["parent"] = made[i - 1]["id"]
            asset["sub"] = text("unit 5")
        asset["protocols"] = [{"app_proto": text("modbus"), "transport": text("tcp"), "port": 502,
                               "side": "server", "events": 5, "ops": {text("read"): 5}, "at": 0}]
        asset.update(first_seen=place(i)["timestamp"], last_seen=place(i)["timestamp"])
        asset.update(packets=5, bytes=500, events=5)
        asset["addresses"] = [{"ip": asset["ips"][0], "heard": True, "zone": text("bms"),
                               "first": place(i)}]
        asset["evidence"] = {f: [{"value": asset.get(f, "x"), "source": text("modbus.mei"),
                                  "rank": 1, **place(i)},
                                 {"value": "Other", "source": "oui", "rank": 6, **place(i)}]
                             for f in ("vendor", "model", "serial", "firmware")}
        if i % 10 == 0:
            values = [{"value": text("a"), "source": text("s"), **place(i)} for _ in range(3)]
            asset["contradictions"] = [{"field": text("vendor"), "values": values}]
        made.append(asset)
        put("asset", asset)
    for k in range(3 * n):
        a, b = rnd.sample(made, 2)
        app = rnd.choice(["modbus", "s7comm", "tls", "bacnet", "dns"])
        link = {"id": f"{a['id']}>{b['id']}/{app}/{k}", "site": "lab",
                "client": {"id": a["id"], "ip": a["ips"][0]},
                "server": {"id": b["id"], "ip": b["ips"][0]}, "transport": text("tcp"),
                "port": 502, "events": 9, "flows": 1, "ops": {"read": 9}, "answered": k % 9 > 0,
                "evidence": {"first": place(k), "last": place(k)}}
        link.update({"guess": {"app_proto": text(app)}} if k % 11 == 0 else {"app_proto": text(app)})
        if k % 10 == 0:
            link["ops"]["write"] = 3
            link["objects_written"] = [{"object": text("holding_register:1"), "op": "write",
                                        "count": 3, "first": place(k), "last": place(k)}]
        if "zone" in a and "zone" in b and a["zone"] != b["zone"]:
            link["cross_zone"] = True
        elif "zone" in a and "public" in b:
            link["outward"] = True
        put("link", link)


if sys.argv[1] in ("--nasty", "--many"):
    inventory(int(sys.argv[2]), sys.argv[1] == "--nasty")
else:
    sys.exit(check(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else
                   "svg" if sys.argv[1].endswith(".svg") else "html"))
