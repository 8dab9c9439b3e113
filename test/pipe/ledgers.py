"""Ledgers made up for the tests of calchain's readers: plain record lines. Their digests
are not those of their bytes, for the readers do not look at them."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
try:
    import schema
except ImportError:
    schema = None

BIN = os.path.join(os.path.abspath(os.environ.get("OTKIT_BIN", ".")), "calchain")
ENV = dict({k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")}, TZ="America/New_York")


class Ledger:
    """Records in order. l.calibration("2026-01-10", instrument="A", ...): written that day."""

    def __init__(self):
        self.records = []

    def __getattr__(self, kind):
        def add(written, **block):
            seq = len(self.records) + 1
            self.records.append({
                "timestamp": "%sT10:00:00.000000+0000" % written, "event_type": kind, "seq": seq,
                "clock": "synchronised", "author": "anna", "prev": "0" * 64, kind: block,
                "digest": "%064x" % seq})
            return seq
        return add

    def cal(self, performed, instrument, verdict="pass", written=None, **more):
        return self.calibration(written or performed[:10], instrument=instrument, verdict=verdict,
                                certificate=more.pop("certificate", "K-%s" % performed[:10]),
                                performed=performed, laboratory={"name": "RISE"}, **more)

    def text(self):
        return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in self.records)


class Test:
    def __init__(self):
        self.n = self.failed = 0
        self.dir = tempfile.TemporaryDirectory(prefix="otkit-calchain-")
        if not os.path.exists(BIN):
            print("Bail out! %s is not built" % BIN)
            sys.exit(1)

    def ok(self, good, what, more=""):
        self.n += 1
        self.failed += not good
        print("%sok %d - %s" % ("" if good else "not ", self.n, what))
        if not good and more:
            print("\n".join("# " + x for x in str(more).splitlines()[:30]))
        return good

    def skip(self, what, why):
        self.n += 1
        print("ok %d - %s # SKIP %s" % (self.n, what, why))

    def file(self, name, text):
        path = os.path.join(self.dir.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        return path

    def run(self, *args, stdin="", columns=None):
        env = dict(ENV, COLUMNS=str(columns)) if columns else ENV
        p = subprocess.run([BIN, *args], input=stdin.encode() if isinstance(stdin, str) else stdin,
                           capture_output=True, env=env)
        return p.returncode, p.stdout.decode(), p.stderr.decode()

    def ask(self, l, *args):
        """Records of a ledger on standard input; each held to its schema."""
        status, out, err = self.run(*args, stdin=l.text())
        records = [json.loads(x) for x in out.splitlines()]
        wrong = [w for w in map(schema.check, records) if w] if schema else []
        if wrong:
            self.ok(False, "records are as their schemas say", "\n".join(wrong))
        return status, [r[r["event_type"]] for r in records], err

    def made(self, l):
        """What the test itself made up is as the schemas of a ledger say."""
        if schema:
            wrong = [w for w in map(schema.check, l.records) if w]
            self.ok(not wrong, "the ledger made up here is as its schemas say", "\n".join(wrong))

    def done(self):
        print("1..%d" % self.n)
        return 1 if self.failed else 0
