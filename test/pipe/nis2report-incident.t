#!/usr/bin/python3
"""nis2report incident: a journal opened, written by several, corrected, handed in, and verified by others."""
import hashlib
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
from reports import path, runner, tmp, wrong, BIN
from tap import done, ok

os.environ.pop('LOGNAME', None)         # who writes is said
run = runner('incident')
NOW = '--now'
D = os.path.join(tmp.name, 'INC-7')


def says(status, text, *args, data=None):
    code, out, err = run(*args, data=data)
    ok(code == status and text in out + err, '%s: %d, "%s"' % (' '.join(args[:2]), status, text), code, out, err)
    return out


def records(folder=D):
    with open(folder + '/records.ndjson', encoding='utf-8') as f:
        return [json.loads(x) for x in f]


def bytes_of(folder):
    found = {}
    for d, _, names in os.walk(folder):
        for n in names:
            with open(os.path.join(d, n), 'rb') as f:
                found[os.path.relpath(os.path.join(d, n), folder)] = f.read()
    return found


def verify(folder=D, *more):
    p = subprocess.run([BIN + '/calchain', 'verify', folder, *more], capture_output=True, text=True)
    return p.returncode, p.stdout + p.stderr


# --- begun

SITE = path('site.json', json.dumps({
    'otsite': 1, 'site': {'key': 'lab', 'timezone': 'Europe/Helsinki'},
    'organisation': {'name': {'sv': 'Kliniska laboratoriet', 'en': 'The clinical laboratory'}, 'number': '232100-0016', 'sector': ['a1.health.provider']}}))
for args, why in ((('open', D), '--title'), (('open', '-t', 'x'), 'one new folder'), (('open', '-t', 'x', '-z', 'Mars/Base', D), 'such as Europe/Stockholm'),
                  (('open', '-t', 'x', '-s', path('broken.json', '{'), D), 'broken.json:1'), (('open', '-t', 'x', '-a', 'an na', D), "an na"),
                  (('open', '-t', 'x', D + '/no/such'), 'No such file'), (('note', D, 'x'), 'INC-7')):
    says(2, why, *args[:1], *(() if '-a' in args else ('-a', 'anna')), *args[1:])
    ok(not os.path.exists(D) and not [n for n in os.listdir(tmp.name) if n.startswith('INC')], 'and nothing is there')
says(2, 'who writes', 'open', '-t', 'Tryck', D)
says(0, 'record 2', 'open', '-a', 'anna', NOW, '2026-11-18T08:40:00Z', '-s', SITE, '-t', 'Trycket föll i renrum 2', D)
first = records()
ok(len(first) == 2 and first[0]['event_type'] == 'ledger', 'a ledger of two records', first)
ok(first[1]['incident_opened'] == {'title': 'Trycket föll i renrum 2', 'zone': 'Europe/Helsinki', 'site': 'lab', 'organisation': 'Kliniska laboratoriet',
                                   'number': '232100-0016', 'sectors': ['a1.health.provider']} and first[1]['author'] == 'anna', 'who we are comes from the site file', first[1])
says(2, 'is there already', 'open', '-a', 'anna', '-t', 'again', D)

# --- said

def at(minute):
    return (NOW, '2026-11-18T08:%02d:00Z' % minute)


says(0, 'record 5', 'set', '-a', 'anna', *at(41), D, 'detected_at', '2026-11-18 10:12', 'aware_at', '2026-11-18T10:30', 'ongoing', 'Ja')
said = [r['incident_value'] for r in records()[2:]]
ok([s['value'] for s in said] == ['2026-11-18T08:12:00.000000+0000', '2026-11-18T08:30:00.000000+0000', True],
   'times are those of Helsinki, yes is a boolean', said)
before = bytes_of(D)
for args, why in ((('detected_at', 'at ten'), 'detected_at: "at ten" is no time'), (('no_such_field', '1'), 'no such field'),
                  (('detected_at',), 'a field and its value'), (('detected_at', '2026-03-29 03:30'), 'never was in Europe/Helsinki'),
                  (('detected_at', '2026-10-25 03:30'), 'was twice in Europe/Helsinki: write 2026-10-25 03:30 +03:00 or +02:00'),
                  (('ongoing', 'perhaps'), 'expected yes or no'), (('ongoing', 'no', 'detected_at', 'x'), 'detected_at'),
                  (('ongoing', '-', 'detected_at', '-'), 'only one value')):
    says(2, why, 'set', '-a', 'anna', *at(42), D, *args)
    ok(bytes_of(D) == before, 'and not a byte was written')
says(0, 'record 6', 'note', '-a', 'bo', *at(45), '--at', '2026-11-18 10:20', D, '-', data='Ringde leverantören\nIngen svarade.\n\n'.encode())
says(2, 'an empty text', 'note', '-a', 'bo', *at(45), D, '   ')
says(2, 'the clock is wrong', 'note', '-a', 'bo', NOW, '2026-11-18T08:44:00Z', D, 'before the last')
note = records()[5]
ok(note['author'] == 'bo' and note['incident_note'] == {'text': 'Ringde leverantören\nIngen svarade.', 'at': '2026-11-18T08:20:00.000000+0000'},
   'a note has who, when, and its lines', note)
says(0, 'record 7', 'set', '-u', '-a', 'bo', *at(46), D, 'ended_at')
ok(records()[6]['incident_value'] == {'field': 'ended_at', 'unknown': True, 'basis': 'person'}, 'unknown is an answer')

# --- kept and handed in

PAYLOAD = bytes(range(256)) * 400
FILE = os.path.join(tmp.name, 'cut.pcap')
with open(FILE, 'wb') as f:
    f.write(PAYLOAD)
DIGEST = hashlib.sha256(PAYLOAD).hexdigest()
says(0, '1 file kept', 'attach', '-a', 'anna', *at(47), '-t', 'the packets', D, FILE)
with open(D + '/files/' + DIGEST, 'rb') as f:
    ok(f.read() == PAYLOAD, 'the bytes stand under their digest')
ok(records()[7]['incident_file'] == {'name': 'cut.pcap', 'digest': DIGEST, 'size': len(PAYLOAD), 'text': 'the packets'}, 'and the record names it')
says(2, 'No such file', 'attach', '-a', 'anna', *at(47), D, FILE, FILE + 'x')
ok(len(records()) == 8, 'of two files of which one is not there none is recorded')
for args in (('set', '-a', 'anna', *at(49), D, 'aware_at', '2027-11-18 10:30'), ('set', '-a', 'anna', *at(49), D, 'aware_at', '2026-11-18 10:50'),
             ('correct', '-a', 'anna', *at(49), '-r', 'x', D, 'detected_at', '2026-11-19'), ('note', '-a', 'anna', *at(49), '--at', '2026-11-18 10:50', D, 'x')):
    says(2, 'is still to come: now it is 2026-11-18 10:49', *args)
ok(len(records()) == 8, 'of moments that are still to come none is recorded')
says(2, '--receipt', 'submit', '-a', 'anna', *at(50), 'upplysning', D)
says(2, 'still to come', 'submit', '-a', 'anna', *at(50), '-r', 'C-1', '--at', '2026-11-18 11:50', 'upplysning', D)
says(0, 'record 9', 'submit', '-a', 'anna', *at(50), '-r', 'C-1', '-t', 'CERT-SE', '--report', FILE, 'upplysning', D)
sub = records()[8]['incident_submission']
with open(D + '/files/' + sub['digest'], 'rb') as f:
    text = f.read()
frozen = json.loads(text)
ok(hashlib.sha256(text).hexdigest() == sub['digest'] and len(text) == sub['size'] and sub['report'] == DIGEST and sub['upto'] == 8 and
   sub['at'] == '2026-11-18T08:50:00.000000+0000' and (sub['receipt'], sub['to']) == ('C-1', 'CERT-SE'), 'a submission names what was frozen', sub)
ok(frozen['fields']['aware_at'] == {'value': '2026-11-18T08:30:00.000000+0000', 'who': 'anna', 'written': '2026-11-18T08:41:00.000000+0000', 'record': 4,
                                    'basis': 'person'} and frozen['fields']['ended_at'].get('unknown') is True, 'the frozen document has each value with who and when', frozen)

# --- corrected

says(2, 'never set', 'correct', '-a', 'anna', *at(55), '-r', 'x', D, 'occurred_at', '2026-11-18')
says(2, '--reason', 'correct', '-a', 'anna', *at(55), D, 'aware_at', '2026-11-18 10:28')
says(0, 'record 10', 'correct', '-a', 'anna', *at(55), '-r', 'fel klocka', D, 'aware_at', '2026-11-18 10:28')
ok(records()[9]['incident_value'] == {'field': 'aware_at', 'value': '2026-11-18T08:28:00.000000+0000', 'basis': 'person', 'corrects': 4, 'reason': 'fel klocka'},
   'a correction names what it corrects, and why', records()[9])
says(0, 'incident correct', 'set', '-a', 'anna', *at(56), D, 'detected_at', '2026-11-18 10:11')
with open(D + '/files/' + sub['digest'], 'rb') as f:
    ok(f.read() == text, 'what was handed in is as it was')

# --- shown

code, out, err = run('show', '-w', '100', D)
ok(code == 0 and all(t in out for t in ('2026-11-18 10:28 +02:00', 'before: 2026-11-18 10:30 +02:00 (anna)', 'corrected: fel klocka', 'said to be unknown',
                                        'Ringde leverantören', 'C-1', 'cut.pcap')), 'show: in force, before, notes, files', out, err)
code, out, err = run('show', '-l', 'sv', '-w', '80', D)
ok(code == 0 and 'rättat: fel klocka' in out and max(len(x) for x in out.splitlines()) <= 80, 'in Swedish, in 80 columns', out)
code, out, err = run('show', '-f', 'ndjson', D)
shown = [json.loads(x) for x in out.splitlines()]
ok(code == 0 and len(shown) == 5 and not wrong(shown) and shown[0]['incident']['records'] == 11, 'records pass their schemas', wrong(shown), out)
code, out, err = run('show', '-f', 'html', D)
ok(code == 0 and '<html lang="en"' in out and 'src="http' not in out, 'a page')
ok(not wrong(records()), 'and so does the journal', wrong(records()))
code, out, err = run('fields', '-l', 'sv', 'aware_at')
ok(code == 0 and 'När fick ni kännedom' in out and 'occurred_at' not in out, 'one field, asked for', out)
says(2, 'no such field', 'fields', 'nosuch')

# --- ended

says(0, 'closed', 'close', '-a', 'anna', *at(58), D)
says(2, 'closed already', 'close', '-a', 'anna', *at(58), D)
says(0, 'open again', 'reopen', '-a', 'anna', *at(59), '-r', 'again', D)
says(2, 'is open', 'reopen', '-a', 'anna', *at(59), D)

# --- many at once

crowd = [subprocess.Popen([BIN + '/nis2report', 'incident', 'note', '-a', 'p%d' % i, *at(59), D, 'note %d' % i], stdout=subprocess.PIPE) for i in range(30)]
ok([p.wait() for p in crowd] == [0] * 30, 'thirty people write at once')
for p in crowd:
    p.stdout.close()
texts = sorted(r['incident_note']['text'] for r in records() if 'incident_note' in r and r['incident_note']['text'].startswith('note '))
ok(texts == sorted('note %d' % i for i in range(30)), 'and each note is there once')

# --- held by others

code, out = verify()
ok(code == 0 and 'all hold' in out, 'calchain verifies it', out)
LINE = 4
with open(D + '/records.ndjson', 'r+b') as f:
    whole = f.read()
    f.seek(0)
    f.write(whole.replace(b'08:30:00', b'09:30:00', 1))
code, out = verify()
ok(code == 1 and 'record %d' % LINE in out, 'a value changed afterwards is found, and where', out)
with open(D + '/records.ndjson', 'wb') as f:
    f.write(whole)
ok(verify()[0] == 0, 'the record put right holds again')

# --- behind the head

last = whole.splitlines(True)[-1]
seq = json.loads(last)['seq']
with open(D + '/records.ndjson', 'ab') as f:
    f.write(last.replace(b'"seq":%d,' % seq, b'"seq":%d,' % (seq + 1)).replace(b'"note ', b'"slipped in '))
code, out, err = run('show', D)
ok(code == 0 and 'note 7' in out and 'slipped in' not in out, 'what no head covers is not told', out, err)
with open(D + '/records.ndjson', 'wb') as f:
    f.write(whole)

# --- signed by its authors

KEY, OTHER = os.path.join(tmp.name, 'anna.pem'), os.path.join(tmp.name, 'bo.pem')
for k in (KEY, OTHER):
    with open(k, 'w') as f:
        subprocess.run(['openssl', 'genpkey', '-algorithm', 'ed25519'], stdout=f, check=True)
S = os.path.join(tmp.name, 'INC-8')
says(0, 'record 2', 'open', '-a', 'anna', '-k', KEY, '-t', 'signed', S)
says(0, 'record 3', 'note', '-k', KEY, S, 'mine')
says(2, 'key', 'note', '-a', 'bo', S, 'unsigned')
says(2, 'INC-8', 'note', '-k', OTHER, S, 'a stranger')
ok(len(records(S)) == 3 and all('signature' in r for r in records(S)) and verify(S)[0] == 0, 'each record is signed, and nobody else writes')
L = os.path.join(tmp.name, 'INC-9')
says(0, 'record 2', 'open', '-a', 'anna', '--log-key', OTHER, '-t', 'sealed elsewhere', L)
ok(not os.path.exists(L + '/log.key'), 'with --log-key no key is in the folder')
says(2, 'log.key', 'note', '-a', 'anna', L, 'x')
says(0, 'record 3', 'note', '-a', 'anna', '--log-key', OTHER, L, 'x')
done()
