"""Ledgers for the tests of calchain: keys, records, and what goes wrong with them."""
import base64
import hashlib
import json
import os
import shutil
import subprocess
import tempfile

BIN = os.environ.get('OTKIT_BIN', '.')
CALCHAIN = os.path.abspath(BIN + '/calchain')
ORIGIN = 'lab.example/calibration'
_tmp = tempfile.TemporaryDirectory(prefix='otkit-ledger-')
TMP = _tmp.name
vkeys = {}


def path(*names):
    return os.path.join(TMP, *names)


def put(name, content):
    with open(path(name), 'wb') as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    return path(name)


def get(name):
    with open(path(name), 'rb') as f:
        return f.read()


def run(*args, data=b'', env=None):
    """Exit status, standard output, standard error."""
    p = subprocess.run([CALCHAIN, *args], input=data.encode() if isinstance(data, str) else data,
                       capture_output=True, env=dict(os.environ, **(env or {})))
    return p.returncode, p.stdout, p.stderr.decode()


def must(*args, data=b''):
    s, out, err = run(*args, data=data)
    if s != 0:
        raise RuntimeError('%s: %d %s' % (' '.join(args), s, err))
    return out


def key(name, file, *args):
    """A new key in FILE.pem; its verifier key, which is in FILE.vkey, too."""
    vkeys[file] = must('keygen', '--no-passphrase', '-n', name, *args, path(file + '.pem')).decode().strip()
    put(file + '.vkey', vkeys[file] + '\n')
    return vkeys[file]


def note(text):
    return json.dumps({'event_type': 'note', 'note': {'text': text}}) + '\n'


def make(name, records, *args):
    """A ledger of `records` notes behind its first record."""
    must('init', '-k', path('anna.pem'), '-l', path('log.pem'), '-n', 'anna', '-o', ORIGIN, *args, path(name))
    if records:
        append(name, *('number %d' % i for i in range(records)))
    return path(name)


def append(name, *texts, args=()):
    key_args = () if '-a' in args else ('-k', path('anna.pem'))
    must('append', *key_args, '-l', path('log.pem'), *args, path(name), data=''.join(note(t) for t in texts))


def copy(old, new):
    shutil.rmtree(path(new), ignore_errors=True)
    shutil.copytree(path(old), path(new), symlinks=True)
    return path(new)


def lines(name):
    return get(name).split(b'\n')[:-1]


def edit(name, change):
    """The lines of a file, changed in place by a function."""
    v = lines(name)
    change(v)
    put(name, b''.join(x + b'\n' for x in v))


def sha256(b):
    return hashlib.sha256(b).digest()


def root(leaves):
    """RFC 6962, 2.1, as it is written there."""
    n = len(leaves)
    if n == 0:
        return sha256(b'')
    if n == 1:
        return leaves[0]
    k = 1
    while k * 2 < n:
        k *= 2
    return sha256(b'\1' + root(leaves[:k]) + root(leaves[k:]))


def leaf(line):
    return sha256(b'\0' + sha256(line))


def b64(b):
    return base64.b64encode(b).decode()
