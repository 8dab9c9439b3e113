"""What the tests of nis2report's reports share: runs, files, records held to their schemas."""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import schema
from tap import ok

BIN = os.environ.get('OTKIT_BIN', '.')
PROG = BIN + '/nis2report'
tmp = tempfile.TemporaryDirectory(prefix='otkit-reports-')


def runner(subcommand):
    """The function that runs it: run(ARG..., data=STDIN) gives (exit status, stdout, stderr)."""
    def run(*args, data=None):
        p = subprocess.run([PROG, subcommand, *args], input=data, capture_output=True, env=dict(os.environ, COLUMNS='100'))
        return p.returncode, p.stdout.decode(), p.stderr.decode()
    return run


def path(name, content):
    """A file of this content, a text or a list of records and of texts that are broken ones."""
    p = os.path.join(tmp.name, name)
    with open(p, 'w', encoding='utf-8') as f:
        f.write(content if isinstance(content, str) else
                ''.join(r if isinstance(r, str) else json.dumps(r) + '\n' for r in content))
    return p


def wrong(records):
    """What the schemas have against them."""
    return [w for w in map(schema.check, records) if w]


def answer(run, *args, empty=False):
    """Runs for records, and tests that they pass their schemas: (exit status, records)."""
    code, out, err = run('-f', 'ndjson', *args)
    records = [json.loads(x) for x in out.splitlines()]
    faults = wrong(records)
    ok((records or empty) and not faults, 'records pass their schemas (%d)' % len(records), faults, err)
    return code, records
