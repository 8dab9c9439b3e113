#!/usr/bin/python3
"""Records held to their JSON Schemas (lib/schema).

    schema.py [FILE...]     each line is a record; says what is wrong with which

As a module: check(record) gives None, or what is wrong with it.
"""
import glob
import json
import os
import sys
import warnings

import jsonschema

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SCHEMA = os.path.join(TOP, "lib", "schema")


def inlined(node, root):
    """The schema with its own "#/$defs/..." put in their places: this version of
    the validator resolves them only under the schemes that urljoin() knows."""
    if isinstance(node, list):
        return [inlined(x, root) for x in node]
    if not isinstance(node, dict):
        return node
    ref = node.get("$ref", "")
    if ref.startswith("#/$defs/"):
        return dict(inlined(root["$defs"][ref[8:]], root), **{k: inlined(v, root) for k, v in node.items() if k != "$ref"})
    return {k: inlined(v, root) for k, v in node.items()}


def schemas():
    out = {}
    for path in glob.glob(os.path.join(SCHEMA, "*.json")):
        with open(path, encoding="utf-8") as f:
            s = json.load(f)
        out[s["$id"]] = inlined(s, s)
    return out


ALL = schemas()
CHECKED = {}


def check(record):
    """None, or what is wrong with it."""
    kind = record.get("event_type")
    if kind not in CHECKED:
        s = ALL.get("otkit:%s" % kind)
        if s is None:
            return "no schema for event_type %r" % kind
        jsonschema.Draft202012Validator.check_schema(s)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            resolver = jsonschema.RefResolver(s["$id"], s, store=ALL)
        CHECKED[kind] = jsonschema.Draft202012Validator(s, resolver=resolver)
    for e in CHECKED[kind].iter_errors(record):
        return "%s: %s" % ("/".join(str(p) for p in e.absolute_path), e.message[:200])
    # additionalProperties cannot see through $ref: the top level is closed here
    allowed, s = set(ALL["otkit:envelope"]["properties"]), CHECKED[kind].schema
    while s:
        allowed |= set(s["properties"])
        s = ALL.get(s.get("$ref"))
    extra = set(record) - allowed
    return "unknown member %s" % sorted(extra) if extra else None


def main(files):
    bad = n = 0
    for name in files or ["-"]:
        with (sys.stdin.buffer if name == "-" else open(name, "rb")) as f:
            for no, line in enumerate(f, 1):
                n += 1
                try:
                    record = json.loads(line)
                    wrong = check(record)
                except ValueError as e:
                    record, wrong = {}, "not JSON: %s" % e
                if wrong:
                    bad += 1
                    if bad <= 5:
                        print("%s:%d: %s: %s" % (name, no, record.get("event_type"), wrong))
    if not n:
        print("no record")
    return 1 if bad or not n else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
