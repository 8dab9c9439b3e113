#!/usr/bin/python3
"""The compiled validator (lib/json/schema.h) against python3-jsonschema: both say the
same of many made records, whole and broken, for every schema of a ledger's records."""
import copy
import datetime
import json
import os
import random
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
os.environ["TZ"] = "UTC"
try:
    import jsonschema
    import schema
except ImportError:
    print("1..0 # SKIP no python3-jsonschema")
    sys.exit(0)

TYPES = ["instrument", "reference_standard", "calibration", "adjustment", "repair", "replacement",
         "firmware_update", "verification", "out_of_tolerance", "assessment", "correction",
         "software", "note", "use"]
EACH = 400


def binary():
    for d in (os.environ.get("BUILD"), os.environ.get("OTKIT_BIN"), "build"):
        p = os.path.join(d or "none", "test/unit/test_schema")
        if os.path.exists(p):
            return p
    print("Bail out! test/unit/test_schema is not built")
    sys.exit(1)


# Formats, as the standards have them and not as this module would.
formats = jsonschema.FormatChecker(())


@formats.checks("date")
def date(x):
    if not isinstance(x, str):
        return True
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", x, re.A):
        return False
    try:
        datetime.date(int(x[:4]), int(x[5:7]), int(x[8:]))
    except ValueError:
        return False
    return True


@formats.checks("date-time")
def time(x):
    if not isinstance(x, str):
        return True
    m = re.fullmatch(r"(.{10})T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-](\d\d):?(\d\d))", x, re.A)
    return bool(m) and date(m[1]) and int(m[2]) < 24 and int(m[3]) < 60 and int(m[4]) < 61 and \
        int(m[7] or 0) < 24 and int(m[8] or 0) < 60


@formats.checks("duration")
def duration(x):
    return not isinstance(x, str) or \
        bool(re.fullmatch(r"P(?=\d)(\d{1,6}Y)?(\d{1,6}M)?(\d{1,6}W)?(\d{1,6}D)?", x, re.A))


rng = random.Random(17)
TEXTS = ["x", "RISE", "\u00e5\u00e4\u00f6", "\U0001f4cf", "a \"quoted\" \\ text", "tab\there", "0"]


def resolve(s, root):
    while "$ref" in s and "properties" not in s:
        ref = s["$ref"]
        if "#" in ref and not ref.startswith("#"):
            name, part = ref.split("#")
            root = schema.ALL[name]
            s = root["$defs"][part.split("/")[-1]]
        elif not ref.startswith("#"):
            root = s = schema.ALL[ref]
        else:
            s = root["$defs"][ref.split("/")[-1]]
    return s, root


def make(s, root, full):
    """A value that fits, mostly."""
    s, root = resolve(s, root)
    if "const" in s:
        return s["const"]
    if "enum" in s:
        return rng.choice(s["enum"])
    if "anyOf" in s and "properties" not in s:
        return make(rng.choice(s["anyOf"]), root, full)
    t = s.get("type", "object")
    t = t[0] if isinstance(t, list) else t
    if t == "object":
        need = set(s.get("required", []))
        for alt in ("anyOf", "oneOf"):
            if alt in s:
                need |= set(rng.choice(s[alt]).get("required", []))
        out = {}
        for k, v in s.get("properties", {}).items():
            if k in need or ("oneOf" not in s and rng.random() < full):
                out[k] = make(v, root, full)
        for k, more in s.get("dependentRequired", {}).items():
            for m in more if k in out else []:
                if m in s["properties"] and m not in out:
                    out[m] = make(s["properties"][m], root, full)
        if not out and s.get("minProperties"):
            k = rng.choice(list(s["properties"]))
            out[k] = make(s["properties"][k], root, full)
        return out
    if t == "array":
        return [make(s["items"], root, full) for _ in range(rng.choice([1, 1, 2, 3]))]
    if t == "boolean":
        return rng.random() < 0.5
    if t == "integer":
        return rng.choice([1, 2, 17, 9007199254740991, 3.0])
    if t == "number":
        lo = s.get("minimum", s.get("exclusiveMinimum", -100))
        hi = s.get("maximum", s.get("exclusiveMaximum", 100))
        return rng.choice([lo + (hi - lo) / 3, lo + (hi - lo) / 7])
    f = s.get("format")
    if f == "date":
        return rng.choice(["2026-11-22", "2024-02-29", "1999-12-31"])
    if f == "date-time":
        return rng.choice(["2026-11-22T08:12:00+0100", "2026-11-22T08:12:00.123456Z",
                           "2024-02-29T23:59:60-07:30"])
    if f == "duration":
        return rng.choice(["P12M", "P1Y6M", "P90D", "P2W"])
    p = s.get("pattern", "")
    m = re.search(r"\{(\d+)\}", p)
    if m:
        return "0" * int(m[1]) + ("==" if "==" in p else "")
    if p == "^[A-Z]{2}$":
        return "SE"
    return rng.choice(TEXTS)


def places(v, at=()):
    """Every place in a value."""
    yield at
    if isinstance(v, dict):
        for k in v:
            yield from places(v[k], at + (k,))
    elif isinstance(v, list):
        for i, x in enumerate(v):
            yield from places(x, at + (i,))


JUNK = [None, True, False, 0, -1, 1, 1.5, "", " ", "x", "2026-02-30", "2026-02-28", "2026-13-01",
        "2026-11-22T25:00:00Z", "2026-11-22T08:12:00", "2026-11-22T08:12Z", "20261122", "P1H", "P",
        "P1M1Y", "p1y", [], {}, [{}], "y" * 9000, "\u00e5" * 64, "\u00e5" * 65, "\U0001f4cf" * 200,
        "\U0001f4cf" * 201, "z" * 200, "z" * 201, 1e300, -0.0, 9007199254740993,
        "0" * 64, "0" * 63 + "g", "pass", "event_type"]


def broken(v):
    v = copy.deepcopy(v)
    where = list(places(v))
    at = rng.choice(where)
    how = rng.randrange(4)
    if not at:
        return rng.choice(JUNK)
    o = v
    for k in at[:-1]:
        o = o[k]
    if how == 0 and isinstance(o, dict):
        del o[at[-1]]
    elif how == 1 and isinstance(o, dict):
        o[rng.choice(["extra", "Instrument", "", "text", "instrument", "instead", "withdrawn",
                      "k", "seq"])] = rng.choice(JUNK)
    elif how == 2 and isinstance(o, list):
        o.extend(copy.deepcopy(o) * rng.choice([1, 300]))
    else:
        o[at[-1]] = rng.choice(JUNK)
    return v


def main():
    prog, n, failed = binary(), 0, 0
    for kind in TYPES:
        for path in ("", "properties.%s" % kind):
            n += 1
            s = schema.ALL["otkit:%s" % kind]
            resolver = jsonschema.RefResolver(s["$id"], s, store=schema.ALL)
            part = s["properties"][kind] if path else s
            values = []
            for i in range(EACH):
                v = make(s["properties"][kind], s, rng.choice([0, 0.3, 1]))
                if not path:
                    v = {"event_type": kind, kind: v}
                for _ in range(rng.choice([0, 0, 1, 1, 2])):
                    v = broken(v)
                # a line is at most 1 MiB: a longer one is refused before any schema
                values.append(v if len(json.dumps(v)) < 1 << 20 else {})
            validator = jsonschema.Draft202012Validator(part, resolver=resolver, format_checker=formats)
            want = [validator.is_valid(v) for v in values]
            # Python reads escapes and letters alike: both are tried
            lines = [json.dumps(v, ensure_ascii=i % 2 == 0) for i, v in enumerate(values)]
            got = subprocess.run([prog, "schema/%s.json" % kind, path], text=True,
                                 input="\n".join(lines) + "\n", capture_output=True)
            said = got.stdout.split("\n")[:-1]
            bad = [(l, w, g) for l, w, g in zip(lines, want, said) if w != (g == "ok")]
            good = len(said) == len(lines) and not bad and 0 < sum(want) < len(want)
            failed += not good
            print("%sok %d - %s%s: %d fit, %d do not" % ("" if good else "not ", n, kind,
                  " alone" if path else ", the whole record", sum(want), len(want) - sum(want)))
            for l, w, g in bad[:3]:
                print("# %s: jsonschema says %s, we say %s" % (l[:300], w, g))
            if got.stderr:
                print("# " + got.stderr.strip())
    print("1..%d" % n)
    return 1 if failed else 0


if __name__ == "__main__":
    import warnings
    warnings.simplefilter("ignore", DeprecationWarning)
    sys.exit(main())
