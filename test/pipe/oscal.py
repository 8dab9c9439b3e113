#!/usr/bin/python3
"""An OSCAL assessment-results document held to what NIST documents of its JSON form (1.1.x).

    oscal.py FILE FINDINGS      says what is wrong with FILE, an export of the assessment whose
                                NDJSON is FINDINGS

NIST's JSON Schema is in no package of Debian or npm, so its definitions are written down here
again: members, which of them must be there, data types, closed lists of words. Beyond the
schema: no UUID twice, nothing refers to what is not there, UUIDs are those of RFC 4122, 4.3.
"""
import json
import re
import sys
import uuid

NS = "urn:otkit:oscal"
DATE = re.compile(r"(19|2\d)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(2[0-3]|[01]\d):[0-5]\d:[0-5]\d(\.\d+)?"
                  r"(Z|[+-]\d\d:\d\d)\Z")
UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[45][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}\Z")
TYPES = {
    "text": lambda v: v.strip() != "",
    "string": lambda v: re.match(r"\S(.*\S)?\Z", v) and "\u2028" not in v and "\u2029" not in v,
    "token": lambda v: re.match(r"([^\W\d]|_)[\w.\-]*\Z", v),
    "uuid": UUID.match,
    "time": DATE.match,
    "uri": re.compile(r"[a-zA-Z][a-zA-Z0-9+\-.]+:\S+\Z").match,
    "ref": re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+\Z").match,
    "email": re.compile(r".+@.+\Z").match,
}
PROP = {"name!": "token", "uuid": "uuid", "ns": "uri", "value!": "string", "class": "token", "group": "token",
        "remarks": "text"}
LINK = {"href!": "ref", "rel": "token", "media-type": "string", "resource-fragment": "string", "text": "text"}
COMMON = {"props": [PROP], "links": [LINK], "remarks": "text"}
ORIGIN = {"actors!": [{"type!": ("tool", "assessment-platform", "party"), "actor-uuid!": "uuid", "role-id": "token",
                       "props": [PROP], "links": [LINK]}]}
DUTY = dict(COMMON, **{"role-id!": "token", "party-uuids!": ["uuid"]})
SEEN = {"observation-uuid!": "uuid"}
PART = {"id": "token", "name!": "token", "ns": "uri", "class": "token", "title": "text", "props": [PROP],
        "prose": "text", "links": [LINK]}
METADATA = dict(COMMON, **{
    "title!": "text", "published": "time", "last-modified!": "time", "version!": "string", "oscal-version!": "string",
    "roles": [dict(COMMON, **{"id!": "token", "title!": "text", "short-name": "string", "description": "text"})],
    "parties": [dict(COMMON, **{
        "uuid!": "uuid", "type!": ("person", "organization"), "name": "string", "short-name": "string",
        "email-addresses": ["email"], "telephone-numbers": [{"type": "string", "number!": "string"}],
        "member-of-organizations": ["uuid"]})],
    "responsible-parties": [DUTY]})
OBSERVATION = dict(COMMON, **{
    "uuid!": "uuid", "title": "text", "description!": "text",
    "methods!": [("EXAMINE", "INTERVIEW", "TEST", "UNKNOWN")],
    "types": [("ssp-statement-issue", "control-objective", "mitigation", "finding", "historic")],
    "origins": [ORIGIN],
    "subjects": [dict(COMMON, **{"subject-uuid!": "uuid", "title": "text", "type!": (
        "component", "inventory-item", "location", "party", "user", "resource")})],
    "relevant-evidence": [dict(COMMON, **{"href": "ref", "description!": "text"})],
    "collected!": "time", "expires": "time"})
RISK = {
    "uuid!": "uuid", "title!": "text", "description!": "text", "statement!": "text", "props": [PROP], "links": [LINK],
    "status!": ("open", "investigating", "remediating", "deviation-requested", "deviation-approved", "closed"),
    "origins": [ORIGIN],
    "characterizations": [{"props": [PROP], "links": [LINK], "origin!": ORIGIN, "facets!": [dict(COMMON, **{
        "name!": "token", "system!": "uri", "value!": "string"})]}],
    "deadline": "time",
    "remediations": [dict(COMMON, **{
        "uuid!": "uuid", "lifecycle!": ("recommendation", "planned", "completed"), "title!": "text",
        "description!": "text", "origins": [ORIGIN]})],
    "related-observations": [SEEN]}
FINDING = dict(COMMON, **{
    "uuid!": "uuid", "title!": "text", "description!": "text", "origins": [ORIGIN],
    "target!": dict(COMMON, **{
        "type!": ("statement-id", "objective-id"), "target-id!": "token", "title": "text", "description": "text",
        "status!": {"state!": ("satisfied", "not-satisfied"), "reason": ("pass", "fail", "other"), "remarks": "text"}}),
    "related-observations": [SEEN], "related-risks": [{"risk-uuid!": "uuid"}]})
COMPONENT = dict(COMMON, **{"uuid!": "uuid", "type!": "string", "title!": "text", "description!": "text",
                            "purpose": "text", "status!": {"state!": (
                                "under-development", "operational", "disposition", "other"), "remarks": "text"}})
RESULT = dict(COMMON, **{
    "uuid!": "uuid", "title!": "text", "description!": "text", "start!": "time", "end": "time",
    "local-definitions": {
        "inventory-items": [dict(COMMON, **{"uuid!": "uuid", "description!": "text"})],
        "assessment-assets": {"components": [COMPONENT], "assessment-platforms!": [dict(COMMON, **{
            "uuid!": "uuid", "title": "text", "uses-components": [dict(COMMON, **{"component-uuid!": "uuid"})]})]}},
    "reviewed-controls!": dict(COMMON, **{
        "description": "text",
        "control-selections!": [dict(COMMON, **{"include-controls": [{"control-id!": "token"}]})],
        "control-objective-selections": [dict(COMMON, **{"include-objectives": [{"objective-id!": "token"}]})]}),
    "observations": [OBSERVATION], "risks": [RISK], "findings": [FINDING]})
RESOURCE = {"uuid!": "uuid", "title": "text", "description": "text", "props": [PROP], "remarks": "text",
            "rlinks": [{"href!": "ref", "media-type": "string", "hashes": [{
                "algorithm!": ("SHA-224", "SHA-256", "SHA-384", "SHA-512"), "value!": "string"}]}]}
DOCUMENT = {"assessment-results!": {
    "uuid!": "uuid", "metadata!": METADATA, "import-ap!": {"href!": "ref", "remarks": "text"},
    "local-definitions": {"remarks": "text", "objectives-and-methods": [dict(COMMON, **{
        "control-id!": "token", "description": "text", "parts!": [PART]})]},
    "results!": [RESULT], "back-matter": {"resources": [RESOURCE]}}}

faults = []


def shape(v, want, at):
    if isinstance(want, dict):
        if not isinstance(v, dict):
            faults.append("%s: no object" % at)
            return
        known = {k.rstrip("!"): k for k in want}
        for k in v:
            if k not in known:
                faults.append("%s: %s is no member of it" % (at, k))
        for name, k in known.items():
            if name in v:
                shape(v[name], want[k], "%s.%s" % (at, name))
            elif k.endswith("!"):
                faults.append("%s: no %s" % (at, name))
    elif isinstance(want, list):
        if not isinstance(v, list) or not v:
            faults.append("%s: no list, or an empty one" % at)
            return
        for i, x in enumerate(v):
            shape(x, want[0], "%s[%d]" % (at, i))
    elif not isinstance(v, str):
        faults.append("%s: no text" % at)
    elif isinstance(want, tuple):
        if v not in want:
            faults.append("%s: %r is none of %s" % (at, v, ", ".join(want)))
    elif not TYPES[want](v):
        faults.append("%s: %r is no %s" % (at, v, want))


def walk(v, f, key=None):
    f(key, v)
    for k, x in v.items() if isinstance(v, dict) else ((key, x) for x in v) if isinstance(v, list) else ():
        walk(x, f, k)


def references(doc):
    a = doc["assessment-results"]
    there, asked = set(), []
    r = a["results"][0]

    def note(key, v):
        if key == "uuid" and isinstance(v, str):
            if v in there:
                faults.append("uuid %s is there twice" % v)
            there.add(v)
        elif isinstance(v, str) and key and (key.endswith("-uuid") or key in ("party-uuids", "member-of-organizations")):
            asked.append((key, v))
        elif key == "href" and isinstance(v, str) and v.startswith("#"):
            asked.append((key, v[1:]))
    walk(doc, note)
    for key, v in asked:
        if v not in there:
            faults.append("%s %s refers to nothing" % (key, v))
    for k, ids in (("inventory-items", "subjects"),):
        items = {i["uuid"] for i in r["local-definitions"].get(k, ())}
        used = {s["subject-uuid"] for o in r.get("observations", ()) for s in o.get(ids, ())}
        if items != used:
            faults.append("%s: %d of them, %d are subjects" % (k, len(items), len(used)))
    roles = [x["id"] for x in a["metadata"].get("roles", ())]
    if len(roles) != len(set(roles)) or {d["role-id"] for d in a["metadata"].get("responsible-parties", ())} != set(roles):
        faults.append("roles: one twice, or nobody has it")


def content(doc, findings):
    a = doc["assessment-results"]
    r = a["results"][0]
    items = [o["control-id"] for o in a["local-definitions"]["objectives-and-methods"]]
    got = {f["target"]["target-id"]: f for f in r["findings"]}
    if sorted(items) != sorted(x["finding"]["item"] for x in findings) or set(got) != set(items) or \
            len(r["findings"]) != len(items):
        faults.append("not a finding an item")
    risks = {x["uuid"]: x for x in r.get("risks", ())}
    seen = {x["uuid"]: x for x in r.get("observations", ())}
    plain = re.compile(r"\\([\\`*_~^<>\[\]{}])")
    for x in (x["finding"] for x in findings if x["finding"]["item"] in got):
        f = got[x["item"]]
        own = {p["name"]: p["value"] for p in f["props"] if p.get("ns") == NS}
        s = f["target"]["status"]
        want = {"met": ("satisfied", "pass"), "gap": ("not-satisfied", "fail"), "not_applicable": ("satisfied", "other")}
        if (s["state"], s["reason"]) != want.get(x["status"], ("not-satisfied", "other")):
            faults.append("%s: %s as %s" % (x["item"], x["status"], s))
        if ("remarks" in s) != (s["reason"] == "other"):
            faults.append("%s: remarks" % x["item"])
        if plain.sub(r"\1", f["description"]) != re.sub(
                r"[^\S\u00a0]|[\x00-\x1f\x7f-\x9f\ufeff]", " ", x["reason"]).strip():
            faults.append("%s: %r is not the reason" % (x["item"], f["description"]))
        if own["status"] != x["status"] or own["weight"] != str(x["weight"]) or own["basis"] != x["basis"]:
            faults.append("%s: %s" % (x["item"], own))
        if bool(f.get("related-risks")) != (x["status"] in ("gap", "partly")):
            faults.append("%s: a risk where there is none, or none" % x["item"])
        if own.get("owner") != x.get("owner"):
            faults.append("%s: is %s's to close" % (x["item"], own.get("owner")))
        for q in f.get("related-risks", ()):
            if risks[q["risk-uuid"]].get("deadline", "")[:10] != x.get("by", "")[:10]:
                faults.append("%s: another day" % x["item"])
            facet = risks[q["risk-uuid"]]["characterizations"][0]["facets"][0]
            if facet["value"] != str(x["weight"]):
                faults.append("%s: weighs %s" % (x["item"], facet))
        said = [e for o in f.get("related-observations", ()) for e in seen[o["observation-uuid"]]["relevant-evidence"]]
        if len(said) != len(x["evidence"]):
            faults.append("%s: %d of %d pieces of evidence" % (x["item"], len(said), len(x["evidence"])))
        packets = sorted(str(e["pcap_cnt"]) for e in x["evidence"] if "pcap_cnt" in e)
        if packets != sorted(p["value"] for e in said for p in e.get("props", ()) if p["name"] == "packet"):
            faults.append("%s: other packets" % x["item"])
        for o in f.get("related-observations", ()):
            kinds = {p["value"] for e in seen[o["observation-uuid"]]["relevant-evidence"] for p in e["props"]
                     if p["name"] == "kind"}
            method = seen[o["observation-uuid"]]["methods"]
            if (method == ["EXAMINE"]) != (kinds <= {"site", "attestation"}):
                faults.append("%s: %s by %s" % (x["item"], kinds, method))
    ours = uuid.uuid5(uuid.NAMESPACE_URL, NS)
    site = findings[0]["finding"].get("site", "")
    for p in a["metadata"].get("parties", ()):
        if p["type"] == "organization" and p["uuid"] != str(uuid.uuid5(ours, site + "/party/organisation")):
            faults.append("the organisation's uuid is not by RFC 4122")


with open(sys.argv[1], encoding="utf-8") as f:
    document = json.load(f)
with open(sys.argv[2], encoding="utf-8") as f:
    lines = [x for x in map(json.loads, f) if x["event_type"] == "finding"]
shape(document, DOCUMENT, "")
if not faults:
    references(document)
if not faults:
    content(document, lines)
for x in faults[:20]:
    print("#", x)
sys.exit(bool(faults))
