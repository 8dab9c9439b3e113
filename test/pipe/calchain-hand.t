#!/usr/bin/python3
"""examples/verify-by-hand.sh: finds what calchain verify finds, without calchain."""
import base64
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kept_ledgers import (  # noqa: E402
    ORIGIN, TMP, append, copy, edit, get, key, make, must, path, put, run, sha256, vkeys)
from stamp_authority import authority, stamp  # noqa: E402
from tap import done, ok, skip  # noqa: E402

SCRIPT = os.path.abspath('examples/verify-by-hand.sh')
AWKS = [a for a in ('mawk', 'gawk') if shutil.which(a)]


def by_hand(*args, awk=None):
    env = dict(os.environ)
    if awk:
        os.makedirs(path('awk-' + awk), exist_ok=True)
        link = path('awk-' + awk, 'awk')
        if not os.path.exists(link):
            os.symlink(shutil.which(awk), link)
        env['PATH'] = path('awk-' + awk) + ':' + env['PATH']
    p = subprocess.run(['sh', SCRIPT, *args], capture_output=True, env=env)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def both(ledger, what, want, *outside):
    """The script's first line is about this check and record; calchain verify's has the same check."""
    s, out, err = by_hand(ledger, *outside)
    first = out.split('\n')[0][len(ledger) + 2:]
    ok(s == 1 and first.startswith(want) and err == '', '%s: by hand "%s"' % (what, want), s, out, err)
    c = ['-c', outside[0]] if outside else []
    s, out, err = run('verify', *c, ledger)
    ok(s == 1 and ': ' + want in out.decode(), '%s: calchain verify says so, too' % what, s, out.decode(), err)


key(ORIGIN, 'log')
key('anna', 'anna')
key('bo', 'bo')
key('bo', 'bo2')
key(ORIGIN, 'log2')
make('whole', 0)
log = ['-k', path('anna.pem'), '-l', path('log.pem'), '-r', 'a test']
must('key', 'add', *log, '--role', 'author', '--vkey', vkeys['bo'], path('whole'))
append('whole', *('number %d' % i for i in range(300)), args=('--every', '100'))
must('append', '-k', path('bo.pem'), '-l', path('log.pem'), path('whole'),
     data='{"event_type":"note","note":{"text":"by bo, \\u00e5 and a tab\\t"}}\n')
must('key', 'rotate', *log, '--replaces', vkeys['bo'], '--vkey', vkeys['bo2'], path('whole'))
must('append', '-k', path('bo2.pem'), '-l', path('log.pem'), path('whole'),
     data='{"event_type":"note","note":{"text":"%s"}}\n' % ('long ' * 1500))
must('key', 'revoke', *log, '--vkey', vkeys['bo2'], path('whole'))
must('key', 'rotate', *log, '--replaces', vkeys['log'], '--vkey', vkeys['log2'], path('whole'))
must('append', '-k', path('anna.pem'), '-l', path('log2.pem'), path('whole'),
     data='{"event_type":"note","note":{"text":"the last"}}\n')
must('verify', path('whole'))
records = len(get('whole/records.ndjson').splitlines())
for awk in AWKS:
    s, out, err = by_hand(path('whole'), awk=awk)
    ok(s == 0 and err == '' and '%d records, %d signatures' % (records, records) in out, 'all holds, with ' + awk,
       s, out, err)
s, out, err = by_hand(path('whole'), put('kept', get('whole/checkpoint')))
ok(s == 0 and out.count('\n') == 1, 'a checkpoint that was kept elsewhere holds', out, err)
small = make('small', 5)

# a ledger that signs its checkpoints alone
must('init', '-k', path('anna.pem'), '-l', path('log.pem'), '-n', 'anna', '-o', ORIGIN, '--sign', 'checkpoint',
     path('seals'))
append('seals', 'one', 'two', args=('-a', 'bo'))
s, out, err = by_hand(path('seals'))
ok(s == 0 and '3 records, 1 signatures' in out, 'a ledger that signs its checkpoints alone', out, err)


# --- what somebody does to the records

def replaced(no, old, new, digest=False):
    def change(v):
        v[no - 1] = v[no - 1].replace(old, new, 1)
        if digest:
            body = v[no - 1][:-180]
            v[no - 1] = body + re.sub(rb'^,"digest":"[0-9a-f]{64}', b',"digest":"' + sha256(body).hex().encode(),
                                      v[no - 1][-180:])
    return change


def on(change, source='small', file='records.ndjson'):
    ledger = copy(source, 'bad')
    edit('bad/' + file, change)
    return ledger


s, out, err = by_hand(on(replaced(1, b'otledger/1', b'otledger/2')))
ok(s == 2 and err.count('\n') == 1 and 'this knows otledger/1, the ledger is otledger/2' in err,
   'of a later version it cannot be told', s, out, err)
both(on(replaced(3, b'number 1', b'number 9')), 'a text changed', 'record 3: digest')
both(on(replaced(3, b'number 1', b'number 9', True)), 'its digest, too', 'record 3: signature')
both(on(replaced(3, b'"seq":3', b'"seq":9', True)), 'a number changed', 'record 3: seq')
both(on(lambda v: v.pop(3)), 'a record taken out', 'record 4: seq')
both(on(lambda v: v.insert(3, v[3])), 'a record twice', 'record 5: seq')
both(on(replaced(2, b'"note":{', b'"note":[')), 'a record that is none', 'record 2: line')
both(on(replaced(4, b'"author":"anna"', b'"author":"ante"', True)), 'another author', 'record 4: key')
both(on(replaced(4, b'"text": "', b'"text": ""', True)), 'no JSON', 'record 4: signature')
both(on(replaced(4, b'"note":{', b'"note":{},"author":"eve","note":{', True)), 'a second author', 'record 4: signature')
both(on(lambda v: v.__setitem__(4, v[4][:-4] + (b'AA==' if not v[4].endswith(b'AA=="}') else b'BB==') + v[4][-2:])),
     'a signature changed', 'record 5:')
ledger = on(lambda v: v.pop())
both(ledger, 'the last record cut off', 'records: ')
ledger = on(lambda v: v.append(v[-1].replace(b'"seq":6', b'"seq":7', 1)))
both(ledger, 'a record behind the head', 'record 7:')
both(on(replaced(1, b'"sign":"record"', b'"sign":"never!"', True)), 'the keys changed', 'record 1: ')
# who has no key may not take part: bo2's key was revoked, the log's first one retired
v = get('whole/records.ndjson').splitlines()
no = next(i for i, x in enumerate(v) if b'"text":"long' in x) + 1
both(on(replaced(no, b'"author":"bo"', b'"author":"anna"', True), 'whole'), 'a record of another', 'record %d: key' % no)

# --- to the heads and the tree
ledger = copy('small', 'bad')
put('bad/checkpoint', get('small/checkpoint').replace(b'\n6\n', b'\n5\n', 1))
both(ledger, 'a head of another size', 'tail: ')
both(on(lambda v: v.__setitem__(0, v[0].replace(b'"note":"' + ORIGIN.encode() + b'\\n1', b'"note":"' + ORIGIN.encode() +
                                               b'\\n2', 1)), file='checkpoints.ndjson'), 'an earlier head changed', 'heads: ')
for source, tile in (('small', 'tile/0/000.p/6'), ('small', 'tile/entries/000.p/6'),
                     ('whole', 'tile/0/001.p/%d' % (records - 256)), ('whole', 'tile/1/000.p/1')):
    ledger = copy(source, 'bad')
    b = bytearray(get('bad/' + tile))
    b[-1] ^= 1
    put('bad/' + tile, bytes(b))
    both(ledger, tile + ' changed', 'tile: ')

# --- cut back, made anew: what only a head from elsewhere tells
make('other', 5)
both(path('other'), 'made anew with the same keys', 'outside: ', put('kept', get('small/checkpoint')))
append('other', 'more')
copy('small', 'cut')
append('small', 'number 7')
both(path('cut'), 'an older copy', 'outside: ', path('small', 'checkpoint'))
# --- witnesses: whose keys the assessor has, and whose lines are looked at
key('witness.example/w1', 'w1', '--witness')
key('witness.example/w2', 'w2', '--witness')
key('lab.example/stranger', 'stranger')
ledger = make('seen', 3)
os.mkdir(path('state'))
line = must('witness', 'answer', '-k', path('w1.pem'), '-n', 'witness.example/w1', '-s', path('state'), '-t',
            path('log.vkey'), '--now', '2030-01-01T12:00:00Z', data=must('witness', 'request', ledger))
must('witness', 'accept', '--now', '2030-01-01T12:00:01Z', '-t', path('w1.vkey'), ledger, data=line)
s, out, err = by_hand('-t', path('w1.vkey'), ledger)
ok(s == 0 and err == '' and ', the first 4 records seen by witness.example/w1 on 2030-01-01' in out and out.count('\n') == 1,
   'a witness has seen it', s, out, err)
s, theirs, err = run('verify', '-t', path('w1.vkey'), ledger)
ok(s == 0 and theirs.decode().split('Head ')[1] == out.split('Head ')[1], 'calchain verify says the same', theirs, out)
s, out, err = by_hand('-t', path('w2.vkey'), ledger)
ok(s == 1 and ': trust: no head of this ledger was seen by a witness that is trusted' in out, 'another has not', s, out)
put('both.vkey', get('w1.vkey') + get('log.vkey'))
s, out, err = by_hand('-t', path('both.vkey'), ledger)
ok(s == 0, 'with the key of its log', s, out, err)
s, out, err = by_hand('-t', path('stranger.vkey'), ledger)
ok(s == 1 and ': trust: no head of this ledger is signed by a key that is trusted' in out, 'a key of another log', s, out)
raw = bytearray(base64.b64decode(line.split()[2]))
for what, at in (('its time', 11), ('its signature', 40)):
    other = bytearray(raw)
    other[at] ^= 1
    copy('seen', 'bad')
    for file in ('checkpoint', 'checkpoints.ndjson'):
        put('bad/' + file, get('bad/' + file).replace(base64.b64encode(raw), base64.b64encode(other)))
    s, out, err = by_hand('-t', path('w1.vkey'), path('bad'))
    ok(s == 1 and err == '' and 'the signature of witness.example/w1+%s is false' % vkeys['w1'].split('+')[1] in out,
       what + ' changed', s, out, err)
    s, out, err = run('verify', '-t', path('w1.vkey'), path('bad'))
    ok(s == 1 and b'the signature of witness.example/w1+' in out, 'calchain verify says so, too', s, out)
    s, out, err = by_hand(path('bad'))
    ok(s == 0, 'whom nobody trusts is passed over', s, out)
put('false.vkey', get('w1.vkey').replace(vkeys['w1'].split('+')[1].encode(), b'00000000'))
s, out, err = by_hand('-t', path('false.vkey'), ledger)
ok(s == 2 and err.count('\n') == 1, 'a key without its ID', s, err)

# --- time stamps
authority('tsa')
authority('stranger')
ca = ('-a', path('tsa-ca.pem'))
s, out, err = by_hand(*ca, ledger)
ok(s == 1 and 'there are no time stamps' in out, 'no time stamp is no answer', s, out, err)
must('timestamp', 'accept', '--ca', path('tsa-ca.pem'), ledger, data=stamp(must('timestamp', 'query', ledger)))
s, out, err = by_hand(*ca, '-t', path('w1.vkey'), ledger)
ok(s == 0 and ': 1 time stamp holds\n' in out, 'a time stamp holds', s, out, err)
s, out, err = by_hand('-a', path('stranger-ca.pem'), ledger)
ok(s == 1 and ': timestamp: timestamps/' in out and 'does not hold' in out, 'under another root it does not', s, out, err)
file = os.path.join('timestamps', os.listdir(path('seen/timestamps'))[0])


def hurt(what, change, want):
    copy('seen', 'bad')
    change()
    s, out, err = by_hand(*ca, path('bad'))
    ok(s == 1 and want in out and err == '', what + ': by hand', s, out, err)
    s, out, err = run('timestamp', 'verify', *('--ca', path('tsa-ca.pem')), path('bad'))
    ok(s == 1, what + ': calchain timestamp verify says so, too', s, out, err)


def swapped():
    """The stamp of another head, under its own sum: nothing but what was stamped tells."""
    make('else', 2)
    other = stamp(must('timestamp', 'query', path('else')))
    was = sha256(get('bad/' + file)).hex().encode()
    put('bad/' + file, other)
    put('bad/checkpoints.ndjson', get('bad/checkpoints.ndjson').replace(was, sha256(other).hex().encode()))


def bit():
    b = bytearray(get('bad/' + file))
    b[len(b) // 2] ^= 1
    put('bad/' + file, bytes(b))


hurt('a bit of it changed', bit, 'it is not the answer that was kept')
hurt('another answer in its place', swapped, 'it does not hold')
hurt('its file gone', lambda: os.remove(path('bad/' + file)), 'it cannot be read')
hurt('a file elsewhere', lambda: put('bad/checkpoints.ndjson', get('bad/checkpoints.ndjson').replace(
    file.encode(), b'timestamps/../checkpoint')), 'its file is not in timestamps/')
for args in (('-a', path('none'), ledger), ('-t', path('none'), ledger), ('-x', ledger)):
    s, out, err = by_hand(*args)
    ok(s == 2 and err.count('\n') == 1, 'exit 2 and one line: ' + args[0], s, err)
for args in ((), (path('none'),), (path('small'), path('none'))):
    s, out, err = by_hand(*args)
    ok(s == 2 and err.count('\n') == 1, 'exit 2 and one line: %s' % ' '.join(args).replace(TMP, ''), s, err)
if len(AWKS) < 2:
    skip('both awks', 'only %s is installed' % ' '.join(AWKS))
done()
