#!/usr/bin/python3
"""calchain timestamp, with an authority made here by openssl (RFC 3161)."""
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kept_ledgers import (  # noqa: E402
    ORIGIN, TMP, append, copy, edit, get, key, lines, make, must, path, put, run, sha256)
from stamp_authority import authority, openssl, stamp  # noqa: E402
from tap import done, ok  # noqa: E402


def stamped(seconds):
    return time.strftime('%y%m%d%H%M%SZ', time.gmtime(seconds))


def accept(answer, ca='tsa', of='l', args=()):
    return run('timestamp', 'accept', '--ca', path(ca + '-ca.pem'), *args, path(of), data=answer)


def verify(ca='tsa', of='l'):
    return run('timestamp', 'verify', '--ca', path(ca + '-ca.pem'), path(of))


key(ORIGIN, 'log')
key('anna', 'anna')
ledger = make('l', 3)
authority('tsa')
authority('stranger')
s, out, err = verify()
ok(s == 1 and b'no time stamps' in out, 'no time stamp is no answer', s, out, err)

# --- a query
q = must('timestamp', 'query', ledger)
text = openssl('ts', '-query', '-in', put('q', q), '-text').decode()
digest = sha256(get('l/checkpoint'))
hexes = ''.join(x.split(' - ')[1][:48].replace('-', ' ') for x in text.split('\n') if ' - ' in x and x.startswith('    0'))
ok(bytes.fromhex(hexes.replace(' ', '')) == digest, 'it is of the SHA-256 of the checkpoint', text)
ok('Hash Algorithm: sha256' in text and 'Certificate required: yes' in text and 'Nonce: unspecified' not in text,
   'with a nonce, and it asks for the certificate', text)
ok(must('timestamp', 'query', ledger) != q, 'each query has a nonce of its own')

# --- an answer
r = stamp(q)
s, out, err = accept(r, 'stranger')
ok(s == 1 and not os.path.exists(path('l', 'timestamps')) and 'does not hold' in err, 'an authority nobody trusts', s, err)
s, out, err = accept(r)
ok(s == 0 and b'the head of 4 records was there at ' in out and get('l/timestamps/4.tsr') == r, 'the answer is kept', s, out,
   err)
last = json.loads(lines('l/checkpoints.ndjson')[-1])
ok(last['event_type'] == 'time_stamp' and last['time_stamp']['checkpoint'] == digest.hex() and
   last['time_stamp']['sha256'] == sha256(r).hex() and last['time_stamp']['file'] == 'timestamps/4.tsr', 'and its line', last)
s, out, err = run('verify', ledger)
ok(s == 0, 'the ledger holds', out, err)
put('checkpoint', get('l/checkpoint'))
p = subprocess.run(['openssl', 'ts', '-verify', '-data', 'checkpoint', '-in', path('l', 'timestamps', '4.tsr'), '-CAfile',
                    'tsa-ca.pem'], capture_output=True, cwd=TMP)
ok(p.returncode == 0, 'openssl ts verifies what is kept', p.stderr.decode())
append('l', 'more')
s, out, err = verify()
ok(s == 0 and b'4.tsr: the head of 4 records: was there at' in out, 'it holds when the ledger has grown', s, out, err)
s, out, err = accept(r)
ok(s == 0 and os.path.exists(path('l', 'timestamps', '4-2.tsr')), 'a second one of the same head beside it', s, err)
s, out, err = accept(stamp(must('timestamp', 'query', ledger)))
ok(s == 0 and b'5 records' in out, 'one of the newest head')
s, out, err = verify()
ok(s == 0 and out.count(b'\n') == 3, 'three hold', out, err)
s, out, err = verify('stranger')
ok(s == 1 and out.count(b'not proved: ') == 3, 'under other roots none', out)

# --- what is wrong
make('other', 2)
s, out, err = accept(stamp(must('timestamp', 'query', path('other'))))
ok(s == 1 and 'of no head of this ledger' in err, 'a time stamp of another ledger', err)
for junk in (b'', b'x', r[:-1], r + b'x', r[:200], q, b'\x30\x80' * 5000):
    s, out, err = accept(junk)
    ok(s == 1 and err.count('\n') == 1, 'no answer: %d bytes' % len(junk), s, err)
changed = r[:-20] + bytes([r[-20] ^ 1]) + r[-19:]
s, out, err = accept(changed)
ok(s == 1, 'a signature that is changed', err)
authority('web', purpose='serverAuth')
p = subprocess.run(['openssl', 'ts', '-reply', '-config', 'web.cnf', '-section', 't', '-queryfile', 'q.tsq', '-out', 'w.tsr'],
                   capture_output=True, cwd=TMP)
ok(p.returncode != 0 or accept(get('w.tsr'), 'web')[0] == 1, 'a certificate for another purpose')
put('bad.tsq', openssl('ts', '-query', '-digest', digest.hex() + digest.hex(), '-sha512', '-cert'))
p = subprocess.run(['openssl', 'ts', '-reply', '-config', 'tsa.cnf', '-section', 't', '-queryfile', 'bad.tsq', '-out',
                    'no.tsr'], capture_output=True, cwd=TMP)
s, out, err = accept(get('no.tsr'))
ok(s == 1 and 'stamped nothing' in err, 'an authority that refused', s, err)
copy('l', 'bad')
put('bad/timestamps/4.tsr', changed)
s, out, err = verify(of='bad')
ok(s == 1 and out.count(b'not proved: ') == 1 and b'not the answer that was kept' in out, 'a kept answer that was changed', out)
os.remove(path('bad', 'timestamps', '4.tsr'))
s, out, err = verify(of='bad')
ok(s == 1 and b'No such file' in out, 'one that is gone', out)
copy('l', 'bad')
edit('bad/checkpoints.ndjson', lambda v: v.pop(1))
s, out, err = verify(of='bad')
ok(s == 1 and b'not there any more' in out, 'the head that was stamped is gone', out)
copy('l', 'bad')
edit('bad/checkpoints.ndjson', lambda v: v.__setitem__(2, v[2].replace(b'timestamps/4', b'timestamps/../4')))
s, out, err = verify(of='bad')
ok(s == 1 and b'not in timestamps' in out, 'a file of another folder is not looked at', out)
s, out, err = run('timestamp', 'verify', '--ca', path('none'), ledger)
ok(s == 2 and err.count('\n') == 1 and 'No such file' in err, 'roots that are not there', s, err)
s, out, err = run('timestamp', 'verify', ledger)
ok(s == 2 and '--ca' in err, 'no roots', s, err)

# --- the certificate has ended meanwhile: it is looked at as of the stamp's time
append('l', 'the last')
authority('short')
put('ca.cnf', '[c]\ndatabase=ca.db\nserial=ca.serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName='
    'supplied\n')
put('ca.db', '')
put('ca.serial', '0A\n')
now = int(time.time())
openssl('ca', '-batch', '-config', 'ca.cnf', '-name', 'c', '-cert', 'short-ca.pem', '-keyfile', 'short-ca.key', '-in',
        'short.csr', '-extfile', 'ext', '-startdate', stamped(now - 60), '-enddate', stamped(now + 4), '-notext', '-out',
        'short.pem')
answer = stamp(must('timestamp', 'query', ledger), 'short')
put('checkpoint', get('l/checkpoint'))
time.sleep(max(0, now + 5.5 - time.time()))
p = subprocess.run(['openssl', 'ts', '-verify', '-data', 'checkpoint', '-in', 'r.tsr', '-CAfile', 'short-ca.pem'],
                   capture_output=True, cwd=TMP)
s, out, err = accept(answer, 'short')
ok(p.returncode != 0 and s == 0, 'a certificate that ended after it stamped', err, p.stderr.decode())
done()
