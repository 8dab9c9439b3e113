#!/usr/bin/python3
"""calchain witness: what it cosigns, what it refuses, what becomes of the answer. C2SP tlog-witness."""
import base64
import os
import re
import struct
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kept_ledgers import (  # noqa: E402
    CALCHAIN, ORIGIN, append, b64, copy, get, key, leaf, lines, make, must, path, put, root,
    run, sha256, vkeys)
from tap import done, ok  # noqa: E402

W = 'witness.example/w1'
key(ORIGIN, 'log')
key(ORIGIN, 'other')
key('anna', 'anna')
key(W, 'w1', '--witness')
key('witness.example/w2', 'w2', '--witness')
ledger = make('l', 4)
os.mkdir(path('state'))


def answer(request, *args, w='w1', state='state', trust='log'):
    return run('witness', 'answer', '-k', path(w + '.pem'), '-n', vkeys[w].split('+')[0], '-s', path(state), '-t',
               path(trust + '.vkey'), *args, data=request)


def request(*args, of='l'):
    return must('witness', 'request', *args, path(of))


def accept(line, *trust, of='l', args=()):
    return run('witness', 'accept', *args, *(x for t in trust or ('w1',) for x in ('-t', path(t + '.vkey'))), path(of),
               data=line)


def openssl_holds(vkey, text, signature):
    """Ed25519 by somebody else's hands."""
    raw = base64.b64decode(vkey.split('+', 2)[2])[1:]
    put('pub', bytes.fromhex('302a300506032b6570032100') + raw)
    put('text', text)
    put('sig', signature)
    p = subprocess.run(['openssl', 'pkeyutl', '-verify', '-rawin', '-pubin', '-keyform', 'DER', '-inkey', path('pub'),
                        '-in', path('text'), '-sigfile', path('sig')], capture_output=True)
    return p.returncode == 0


# --- the first request
q = request()
cp = get('l/checkpoint')
ok(q == b'old 0\n\n' + cp, 'the first request has no proof', q)
s, line, err = answer(q, '--now', '2030-01-01T00:00:00Z')
ok(s == 0 and err == '', 'it is cosigned', s, err)
m = re.fullmatch('\u2014 ' + re.escape(W) + r' ([A-Za-z0-9+/=]+)\n', line.decode())
raw = base64.b64decode(m.group(1)) if m else b''
ok(len(raw) == 4 + 8 + 64 and raw[:4].hex() == vkeys['w1'].split('+')[1], 'a line of key ID, time and signature', line)
at = struct.unpack('>Q', raw[4:12])[0]
ok(at == 1893456000, 'its time is now, in seconds', at)
text = cp[:cp.index(b'\n\n') + 1]
ok(openssl_holds(vkeys['w1'], b'cosignature/v1\ntime %d\n' % at + text, raw[12:]), 'openssl verifies the cosignature')
ok(sum(f.endswith('.checkpoint') for f in os.listdir(path('state'))) == 1, 'one record of the log is kept')
kept = [f for f in os.listdir(path('state')) if f.endswith('.checkpoint')][0]
ok(kept == sha256(ORIGIN.encode()).hex() + '.checkpoint' and get('state/' + kept).startswith(text),
   'it is the head, under the SHA-256 of the origin')

# --- the answer goes to the head
s, out, err = accept(line, args=('--now', '2030-01-01T00:00:01Z'))
ok(s == 0 and b'first 5 records were seen by ' + W.encode() + b' at 2030-01-01T00:00:00 UTC' in out, 'it is accepted',
   s, out, err)
ok(get('l/checkpoint') == cp + line, 'the checkpoint has the line behind the log\'s')
ok(W in lines('l/checkpoints.ndjson')[-1].decode(), 'and so has a line of checkpoints.ndjson')
n = len(lines('l/checkpoints.ndjson'))
s, out, err = accept(line)
ok(s == 0 and b'as was known' in out and len(lines('l/checkpoints.ndjson')) == n, 'once more: nothing is written', out)
s, out, err = run('verify', '-t', path('w1.vkey'), ledger)
ok(s == 0 and b'the first 5 records seen by ' + W.encode() + b' on 2030-01-01' in out, 'verify counts it', out, err)
s, out, err = run('verify', '-t', path('w2.vkey'), ledger)
ok(s == 1 and b'trust: ' in out, 'and misses a witness that said nothing', out)
append('l', 'five', 'six')
s, out, err = run('verify', '-t', path('w1.vkey'), ledger)
ok(s == 0 and b'8 records' not in out and b'7 records' in out, 'an appender goes on from a cosigned head', out, err)

# --- the second, with a proof
s, out, err = answer(request())
ok(s == 1 and out == b'' and 'this witness has cosigned 5' in err and err.count('\n') == 1,
   'from 0 once more: it says its size', s, err)
q = request('--from', '5')
ok(q == request('--since', put('cosigned', cp + line)) == request('--witness', W), 'three ways to say from where')
h = [leaf(x) for x in lines('l/records.ndjson')]
# PROOF(5, D[7]) = SUBPROOF(1, D[4:7]) : MTH(D[0:4]) = [MTH(D[4:5]), MTH(D[5:6]), MTH(D[6:7]), MTH(D[0:4])]
lines_q = q.split(b'\n\n')[0].decode().split('\n')
ok(lines_q == ['old 5', b64(h[4]), b64(h[5]), b64(h[6]), b64(root(h[:4]))], 'the proof is that of RFC 6962, 2.1.2', q)
bad = bytearray(q)
bad[10] = ord('A') if bad[10] != ord('A') else ord('B')
s, out, err = answer(bytes(bad))
ok(s == 1 and 'not proved' in err, 'a proof that is changed', err)
s, out, err = answer(q.replace(b'\n' + lines_q[4].encode(), b'', 1))
ok(s == 1 and 'not proved' in err, 'a proof that is too short', err)
s, out, err = answer(b'old 9' + q[5:])
ok(s == 1 and 'fewer than 9' in err, 'an old size above the new', err)
s, out, err = answer(q, trust='other')
ok(s == 1 and 'signed by no key that is known' in err, 'a log whose key is not known', err)
s, out, err = answer(q, trust='anna')
ok(s == 1 and 'no log that this witness knows' in err, 'a log that is not known', err)
for wrong in (b'', b'old 5\n', b'old 05\n\n' + cp, b'old 5\nxyz\n\n' + cp, b'old 5\n\n' + cp[:-1], q + b'x', b'\xff' * 100,
              b'old 5\n' + b'A' * 43 + b'=\n' * 1 + (b'A' * 43 + b'=\n') * 63 + b'\n' + cp):
    s, out, err = answer(wrong)
    ok(s == 1 and out == b'' and err.count('\n') == 1, 'no request: %r' % wrong[:12], s, err)
s, first, err = answer(q)
ok(s == 0, 'the proof is good', err)
s, second, err = answer(request('--from', '7'))
ok(s == 0 and second != b'', 'the same head again: cosigned again', err)

# --- a head that is older, or of another history, is not cosigned
copy('l', 'longer')
append('longer', 'seven')
make('f', 6)
s, out, err = answer(request('--from', '7', of='f'))
ok(s == 1 and 'two histories' in err, 'another history of the same size', err)
append('f', 'seven', 'eight')
s, out, err = answer(request('--from', '7', of='f'))
ok(s == 1 and 'not proved' in err, 'another history that is longer', err)
s, third, err = answer(request('--from', '7', of='longer'))
ok(s == 0, 'the ledger as it went on', err)
s, out, err = answer(request('--from', '7'))
ok(s == 1 and 'has cosigned 8' in err, 'an older copy of it: rolled back', err)
s, out, err = answer(request('--from', '5'))
ok(s == 1 and 'has cosigned 8' in err, 'from wherever it asks', err)
now = get('state/' + kept).split(b'\n')[1]
ok(now == b'8', 'what is kept never goes back', now)

# --- what is taken from an answer
s, out, err = accept(first, 'w2')
ok(s == 1 and 'no signature in it is of a witness that is trusted' in err, 'nobody that is trusted', err)
s, out, err = accept(third)
ok(s == 1 and 'of no head of this ledger' in err, 'a cosignature of a head that is not there', err)
s, out, err = accept(second)
ok(s == 0, 'that of the head', err)
os.mkdir(path('state2'))
s, w2, err = answer(request(), w='w2', state='state2')
s, out, err = accept(w2, 'w1', 'w2')
ok(s == 0 and get('l/checkpoint').count('\u2014'.encode()) == 3, 'a second witness\'s line goes below the first', err)
forged = base64.b64decode(second.split(b' ')[2])
forged = ('\u2014 %s %s\n' % (W, b64(forged[:-1] + bytes([forged[-1] ^ 1])))).encode()
before = get('l/checkpoint')
s, out, err = accept(forged)
ok(s == 1 and get('l/checkpoint') == before, 'a false cosignature', err)
s, out, err = accept(w2 + forged, 'w2', 'w1')
ok(s == 1 and get('l/checkpoint') == before, 'a good one and a false one: nothing is taken', err)
for junk in (b'', b'hello\n', '\u2014 x\n'.encode(), b'\xff\xfe'):
    s, out, err = accept(junk)
    ok(s == 2 and err.count('\n') == 1, 'no answer: %r' % junk, s, err)
s, out, err = run('verify', '-t', path('w1.vkey'), '-t', path('w2.vkey'), '-t', path('log.vkey'), ledger)
ok(s == 0 and out.count(b'seen by') == 2, 'all of it holds', out, err)
# an older head is cosigned after the newer one was written
copy('longer', 'late')
s, out, err = accept(second, of='late')
ok(s == 0 and b'first 7 records' in out and get('late/checkpoint') == get('longer/checkpoint'),
   'a cosignature of an earlier head: the newest stays as it is', out, err)
append('late', 'more')
s, out, err = run('verify', '-t', path('w1.vkey'), path('late'))
ok(s == 0 and b'9 records' in out and b'the first 7 records seen' in out, 'an appender goes on from there', out, err)

# --- the tail cut off: the cosigned head tells
copy('l', 'cut')
s, out, err = accept(third, of='longer')
put('kept', get('longer/checkpoint'))
s, out, err = run('verify', '-c', path('kept'), '-t', path('w1.vkey'), path('cut'))
ok(s == 1 and b'outside: ' in out and b'covers 8 records, there are 7' in out, 'a tail that is cut off', out, err)
s, out, err = run('verify', '-c', path('kept'), '-t', path('w1.vkey'), path('f'))
ok(s == 1 and b'not those that it covers' in out, 'a history that is another', out, err)
s, out, err = run('verify', '-c', path('kept'), '-t', path('w1.vkey'), path('longer'))
ok(s == 0, 'the whole one', out, err)

# --- what is kept is not believed when somebody changed it
copy('state', 'state3')
put('state3/' + kept, get('state3/' + kept).replace(b'\n8\n', b'\n2\n', 1))
s, out, err = answer(request('--from', '2'), state='state3')
ok(s == 2 and out == b'' and 'not the head' in err, 'the record of the log was changed: nothing is cosigned', s, err)
s, out, err = answer(q, state='none')
ok(s == 2 and 'none' in err, 'a state folder that is not there is not made', err)
# many at once: each sees what the one before it kept
copy('state', 'state4')
append('longer', 'eight')
qs = [request('--from', '8', of='longer')]
append('longer', 'nine')
qs.append(request('--from', '8', of='longer'))
many = [subprocess.Popen([CALCHAIN, 'witness', 'answer', '-k', path('w1.pem'), '-n', W, '-s', path('state4'), '-t',
                          path('log.vkey')], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for i in range(12)]
for i, p in enumerate(many):
    p.stdin.write(qs[i % 2])
    p.stdin.close()
good = [i for i, p in enumerate(many) if p.wait() == 0]
outs = [(p.stdout.read(), p.stderr.read()) for p in many]
sizes = {9 + i % 2 for i in good}
ok(len(sizes) == 1 and len(good) == 1, 'twelve requests at once: one goes on from 8', good, outs)


# --- HTTP on standard input and output
def serve(body, path_='/witness/add-checkpoint', head='', state='state', method='POST', length=None):
    r = '%s %s HTTP/1.1\r\nHost: w\r\n%s' % (method, path_, head)
    if length is not False:
        r += 'Content-Length: %d\r\n' % (len(body) if length is None else length)
    s, out, err = run('witness', 'serve', '-k', path('w1.pem'), '-n', W, '-s', path(state), '-t', path('log.vkey'),
                      data=r.encode() + b'\r\n' + body)
    head, _, rest = out.partition(b'\r\n\r\n')
    head = head.decode().split('\r\n')
    return int(head[0].split(' ')[1]), dict(x.lower().split(': ', 1) for x in head[1:]), rest


code, head, rest = serve(request('--from', '8', of='longer'), state='state')
ok(code == 200 and rest.startswith('\u2014 '.encode()) and int(head['content-length']) == len(rest), 'HTTP: 200', head, rest)
code, head, rest = serve(q)
ok((code, head['content-type'], rest) == (409, 'text/x.tlog.size', b'10\n'), 'HTTP: 409 with the size', head, rest)
q = request('--from', '10', of='longer')
append('longer', 'ten')
q = request('--from', '10', of='longer')
false = q[:7] + b64(sha256(b'x')).encode() + q[7 + 44:]
code, head, rest = serve(false)
ok(code == 422 and len(false) == len(q), 'HTTP: 422 of a false proof', code, rest)
ok(serve(b'nonsense')[0] == 400, 'HTTP: 400')
ok(serve(b'old 99\n\n' + cp)[0] == 400, 'HTTP: 400 for an old size above the checkpoint')
ok(serve(request(of='f').replace(ORIGIN.encode(), b'other.example/log'))[0] == 404, 'HTTP: 404, a log that is not known')
forged = cp.replace(b'\n5\n', b'\n6\n', 1)
ok(serve(b'old 0\n\n' + forged)[0] == 403, 'HTTP: 403, a signature that is false')
ok(serve(b'', path_='/')[0] == 404, 'HTTP: 404, another path')
ok(serve(q, path_='/\r\nwitness/add-checkpoint')[0] == 400, 'HTTP: 400, a path over two lines')
ok(serve(b'', method='GET')[0] == 405, 'HTTP: 405')
ok(serve(b'', length=False)[0] == 411, 'HTTP: 411')
ok(serve(b'', length=99999999)[0] == 413, 'HTTP: 413')
ok(serve(b'x', length=10)[0] == 400, 'HTTP: a body that is cut off')
ok(serve(b'', head='X: ' + 'y' * 9000 + '\r\n')[0] == 400, 'HTTP: a head that is too long')
done()
