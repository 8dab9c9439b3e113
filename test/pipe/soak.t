#!/usr/bin/python3
"""A few seconds of test/lab/soak: every frame of a live wire is an event's or counted, and
what a killed otcap leaves is whole. How fast is said, not judged. TAP."""
import json
import os
import shutil
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CC = os.environ.get("CC", "cc").split()
CEILING_KIB = 64 << 10              # of each program; they take less than half
PARTS = {
    "pipeline": ("no frame is dropped",
                 "sent, received, written and decoded are the same number",
                 "every event reached otinv",
                 "nothing malformed, cut or missing",
                 "Modbus, BACnet and MQTT are among it",
                 "each program ended by itself with status 0"),
    "archive": ("every file is whole, and the frames of a run are without a gap",
                "nothing of an earlier run was touched",
                "each was killed but the last, which ended by itself",
                "there were files to look at"),
}
count = failed = 0


def ok(good, text, why=()):
    global count, failed
    count += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", count, text))
    for w in [] if good else why:
        print("# %s" % w)


def reason():
    """Why it cannot be run here, or nothing."""
    if os.getuid() != 0:
        return "not root: network namespaces need it"
    for tool in ("ip", "unshare", "nsenter", CC[0]):
        if not shutil.which(tool):
            return "%s is not installed" % tool
    try_it = "ip link add soak-b type veth peer name soak-a"
    p = subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "--",
                        "sh", "-c", try_it], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return "" if p.returncode == 0 else "network namespaces are not permitted"


def soak():
    """Its status, records and what it said; it ends all that it began."""
    env = dict(os.environ, SECONDS="5", RATE="20000", KILLS="3", SEED="1", PARTS="pipeline archive",
               OTKIT_BIN=os.environ.get("OTKIT_BIN", TOP))
    env.pop("KEEP", None)
    p = subprocess.Popen([sys.executable, os.path.join(TOP, "test", "lab", "soak")], env=env,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = p.communicate(timeout=240)
    except subprocess.TimeoutExpired:
        p.terminate()
        out, err = p.communicate()
    said = err.decode(errors="replace").splitlines()
    return p.returncode, {r["part"]: r for r in map(json.loads, out.splitlines())}, said


def main():
    why = reason()
    if why:
        print("1..0 # SKIP " + why)
        return 0
    status, parts, said = soak()
    for part, texts in PARTS.items():
        r = parts.get(part, {"held": {}})
        for text in texts:
            ok(r["held"].get(text) is True, "%s: %s" % (part, text), said + r.get("wrong", []))
    r = parts.get("pipeline")
    if r:
        print("# late by %(p50_ms)s ms (median), %(p999_ms)s (99.9 %%), %(max_ms)s at most, of "
              "%(samples)d looks" % r["late"])
        memory = {name: m["most_kib"] for name, m in r["memory"].items()}
        print("# KiB at most: %s" % json.dumps(memory))
        ok(os.environ.get("OTKIT_SANITIZED") or 0 < max(memory.values()) < CEILING_KIB,
           "pipeline: memory stays below its ceiling", [memory])
    ok(status == 0, "soak ends with status 0", said)
    print("1..%d" % count)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
