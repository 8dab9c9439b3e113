#!/usr/bin/python3
"""nis2report evidence: an incident as a folder; held to sha256sum, openssl and tcpdump, not to our own programs."""
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from reports import path, runner, tmp, wrong, BIN
from tap import done, ok

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.abspath(BIN)
EX = TOP + '/examples/incident'
os.environ['LOGNAME'] = 'anna'
evidence, incident = runner('evidence'), runner('incident')
NOW = ('--now', '2026-11-18T12:00:00Z')
T = tmp.name


def at(name):
    return os.path.join(T, name)


def shell(text, cwd):
    p = subprocess.run(['sh', '-c', text], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return p.returncode, p.stdout.decode()


def tree(folder):
    found = {}
    for d, _, names in os.walk(folder):
        for n in names:
            with open(os.path.join(d, n), 'rb') as f:
                found[os.path.relpath(os.path.join(d, n), folder)] = f.read()
    return found


def holds(folder):
    """As README.txt in it says: the signature, the digests, the number of files."""
    with open(folder + '/README.txt', encoding='utf-8') as f:
        count = re.search(r'answer is to be (\d+)', ' '.join(f.read().split()))
    sig = shell('openssl pkeyutl -verify -rawin -pubin -inkey SHA256SUMS.pem -in SHA256SUMS -sigfile SHA256SUMS.sig', folder)[0] == 0
    sums = shell('sha256sum -c --strict --quiet SHA256SUMS', folder) == (0, '')
    return sig and sums and bool(count) and len(tree(folder)) == int(count.group(1))


def custody(folder):
    with open(folder + '/custody.ndjson', encoding='utf-8') as f:
        return [json.loads(x) for x in f]


def kinds(folder, kind):
    return [c['custody'] for c in custody(folder) if c['custody']['kind'] == kind]


# --- an incident, its events and its capture

with open(EX + '/did.json', encoding='utf-8') as f:
    DID = json.load(f)
CAP = at('incident.pcapng')
shutil.copy(EX + '/incident.pcapng', CAP)
with open(at('events.ndjson'), 'wb') as f:
    subprocess.run([BIN + '/otdissect', 'incident.pcapng'], cwd=T, stdout=f, stderr=subprocess.DEVNULL, check=True)
EVENTS = at('events.ndjson')
with open(EVENTS, 'rb') as f:
    LINES = f.read().splitlines(True)
# the field may be of a later vocabulary than the program's own
with open(TOP + '/lib/rules/incident-fields.json', encoding='utf-8') as f:
    FIELDS = json.load(f)
if not any(x['id'] == 'affected_assets' for x in FIELDS['fields']):
    FIELDS['fields'].append(dict(id='affected_assets', group=FIELDS['groups'][0]['id'], type='text', label=dict(sv='a', en='a'), question=dict(sv='a?', en='a?')))
os.mkdir(at('rules'))
path('rules/incident-fields.json', json.dumps(FIELDS))
RULES = ('--rules', at('rules'))
D = at('INC-7')
SITE = ('-s', EX + '/site.json')
SENT = path('sent.html', '<!DOCTYPE html><p>handed in</p>\n')


def said(*args):
    code, out, err = incident(*args)
    ok(code == 0, 'incident %s' % args[0], out, err)


said('open', '--now', '2026-11-18T08:40:00Z', *SITE, '-t', 'Trycket föll i renrum 2', D)
said('attach', '--now', '2026-11-18T08:42:00Z', '-a', 'bo', D, EX + '/bms.csv')
said('submit', '--now', '2026-11-18T09:42:00Z', '-r', 'C-1', '--report', SENT, 'upplysning', D)
E0 = at('E0')

# --- asked wrongly: nothing is there

for args, why in (((D,), '--out'), (('-o', E0), 'one incident'), (('-o', E0, D, D), 'one incident'), (('-o', E0, '-c', CAP, D), '--events'),
                  (('-o', E0, at('no')), 'no'), (('-o', E0, '--from', '2026-11-18 10:00', '--to', '2026-11-18 10:00', D), 'nothing lies between'),
                  (('-o', E0, '--from', 'noon', D), '--from'), (('-o', E0, '-k', at('nokey'), D), 'nokey'), (('-o', E0, '-l', 'de', D), 'de'),
                  (('-o', at('no/such/E'), D), 'No such file'), (('-o', E0, '-e', EVENTS, '-c', CAP, '-c', EX + '/incident.pcapng', D), 'rename one')):
    code, out, err = evidence(*args)
    ok(code == 2 and why in err and err.count('\n') == 1 and not [n for n in os.listdir(T) if n.startswith('E0')], 'refused: %s' % why, code, out, err)

# --- all of it

before = tree(D)
code, out, err = evidence('-o', E0, *NOW, '-e', EVENTS, '-c', CAP, D)
ok(code == 0 and err == '' and not [n for n in os.listdir(T) if n.startswith('E0.')], 'a package of everything', code, out, err)
whole = tree(E0)
ok(tree(D) == before, 'the journal is as it was')
ok(holds(E0), 'sha256sum and openssl hold it', shell('sha256sum -c SHA256SUMS', E0))
ok({k[8:]: v for k, v in whole.items() if k.startswith('journal/')} == {k: v for k, v in before.items() if k != 'log.key'}, 'the journal, byte for byte, without its key')
ok(not [k for k, v in whole.items() if b'PRIVATE KEY' in v], 'no private key is in it')
ok(whole['records/events.ndjson'] == b''.join(LINES), 'without a span and names all records, byte for byte')
code, out = shell('sh %s/examples/verify-by-hand.sh journal' % TOP, E0)
ok(code == 0 and 'all hold' in out, 'examples/verify-by-hand.sh holds the journal in it', out)
code, out = shell('key=$(head -n 1 journal/records.ndjson | jq -r \'.ledger.keys[] | select(.role == "log").vkey\')\n'
                  'for f in proofs/*; do %s/calchain check --vkey "$key" "$f" || exit 1; done' % BIN, E0)
ok(code == 0 and 'record 4 (incident_submission' in out, 'the submission is proved to be in the journal', out)
frozen = whole['reports/upplysning-2026-11-18-record-4.json']
sub = [json.loads(x) for x in before['records.ndjson'].splitlines()][3]['incident_submission']
ok(hashlib.sha256(frozen).hexdigest() == sub['digest'] and json.loads(frozen)['stage'] == 'upplysning', 'what was known, as it was frozen')
ok(all(hashlib.sha256(whole['reports/upplysning-2026-11-18-record-4-form.' + end]).hexdigest() == sub[key] for end, key in (('json', 'form'), ('txt', 'form_text'))) and
   json.loads(whole['reports/upplysning-2026-11-18-record-4-form.json'])['incident_stage']['stage'] == 'upplysning', 'the report as it was then, as record and as text')
with open(SENT, 'rb') as f:
    ok(whole.get('reports/upplysning-2026-11-18-record-4-handed-in.html') == f.read(), 'and what was handed in', sorted(whole))
ok(not wrong(custody(E0)), 'the custody records pass their schema', wrong(custody(E0)))
items = {c['path']: c for c in kinds(E0, 'item')}
ok(set(items) == set(whole) - {'README.txt', 'custody.ndjson', 'custody.txt', 'SHA256SUMS', 'SHA256SUMS.sig', 'SHA256SUMS.pem'} and
   all(hashlib.sha256(whole[k]).hexdigest() == c['sha256'] and len(whole[k]) == c['size'] for k, c in items.items()), 'each file is in the custody list')
with open(CAP, 'rb') as f:
    raw = f.read()
src = items['packets/incident.pcapng']['source']
ok((src['path'], src['sha256'], src['size']) == (CAP, hashlib.sha256(raw).hexdigest(), len(raw)), 'with the source as it was before', src)
made = kinds(E0, 'package')[0]
ok(custody(E0)[0]['custody'] == made and (made['who'], made['key_is'], made['records']) == ('anna', 'journal', 4) and
   custody(E0)[0]['timestamp'] == '2026-11-18T12:00:00.000000+0000', 'who made it, when, of how much', made)
der = subprocess.run(['openssl', 'pkey', '-pubin', '-in', E0 + '/SHA256SUMS.pem', '-outform', 'DER'], capture_output=True, check=True).stdout
own = subprocess.run(['openssl', 'pkey', '-in', D + '/log.key', '-pubout', '-outform', 'DER'], capture_output=True, check=True).stdout
ok(der == own and hashlib.sha256(der).hexdigest() == made['key'], 'the journal\'s key signed, and its digest is told')
ok([(c['name'], c['who'], c['record']) for c in kinds(E0, 'file')] == [('bms.csv', 'bo', 3)] and
   [(c['stage'], c['receipt'], c['who'], c['record']) for c in kinds(E0, 'submission')] == [('upplysning', 'C-1', 'anna', 4)], 'who attached and who handed in')
evidence('-o', at('E1'), *NOW, '-e', EVENTS, '-c', CAP, D)
ok(tree(at('E1')) == whole, 'the same again gives the same bytes')
code, out, err = evidence('-o', E0, *NOW, D)
ok(code == 2 and 'is there already' in err and tree(E0) == whole, 'a folder that is there is refused and as it was', code, err)
code, out, err = evidence('-o', at('E2'), *NOW, '-l', 'sv', D)
text = tree(at('E2'))
ok(code == 0 and 'Allt som begärdes är med.' in text['custody.txt'].decode() and text['README.txt'].decode().startswith('Bevispaket') and
   not re.search(r'package\.[a-z]', text['README.txt'].decode() + text['custody.txt'].decode()), 'in Swedish')

# --- as one archive, held to tar(1)

code, out, err = evidence('-o', at('E3.tar'), *NOW, '-e', EVENTS, '-c', CAP, D)
ok(code == 0 and err == '' and not [n for n in os.listdir(T) if n.startswith('E3.tar.')], 'an archive, and nothing beside it', code, out, err)
os.mkdir(at('unpacked'))
code, out = shell('tar -xf ../E3.tar', at('unpacked'))
ok(code == 0 and out == '' and os.listdir(at('unpacked')) == ['E3'] and tree(at('unpacked/E3')) == whole, 'tar unpacks it to the folder that is made without it', code, out)
ok(holds(at('unpacked/E3')), 'which sha256sum and openssl hold')
shell('tar -tf E3.tar > names && tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=0644 --mtime=@1795003200 -C unpacked -cf again.tar -T names', T)
with open(at('E3.tar'), 'rb') as f, open(at('again.tar'), 'rb') as g:
    ok(f.read() == g.read(), 'byte for byte what tar writes of these files as ustar')
os.mkdir(at('twice'))
evidence('-o', at('twice/E3.tar'), *NOW, '-e', EVENTS, '-c', CAP, D)
with open(at('E3.tar'), 'rb') as f, open(at('twice/E3.tar'), 'rb') as g:
    ok(f.read() == g.read(), 'the same again gives the same bytes')
code, out, err = evidence('-o', at('E3.tar'), *NOW, D)
ok(code == 2 and 'is there already; a new archive' in err, 'an archive that is there is refused', code, err)
LONG = 'l' * 95 + '.ndjson'
shutil.copy(EVENTS, at(LONG))
code, out, err = evidence('-o', at('n' * 60 + '.tar'), *NOW, '-e', at(LONG), D)
os.mkdir(at('long'))
ok(code == 1 and shell('tar -xf ../%s.tar --strip-components 1' % ('n' * 60), at('long'))[0] == 0 and holds(at('long')), 'long names are cut to what an archive takes', code, err)
for name, why in (('x.tar.gz', 'ends in .tar'), ('x.zip', 'ends in .tar'), ('-', 'ends in .tar'), (at('...tar'), 'no name for an archive'), (at('m' * 200 + '.tar'), 'too long')):
    code, out, err = evidence('-o', name, *NOW, D)
    ok(code == 2 and why in err and err.count('\n') == 1 and not [n for n in os.listdir(T) if n.startswith(('x.', 'm', '..'))], 'refused: %s' % why, name, code, err)

# --- one byte changed, anywhere

missed = []
for name, content in sorted(whole.items()):
    for where in {0, len(content) // 2, len(content) - 1}:
        with open(os.path.join(E0, name), 'r+b') as f:
            f.seek(where)
            f.write(bytes([content[where] ^ 1]))
        if holds(E0):
            missed.append((name, where))
        with open(os.path.join(E0, name), 'wb') as f:
            f.write(content)
ok(not missed and holds(E0), 'one bit changed in any of %d files is found' % len(whole), missed)
path('E0/journal/added', 'x')
ok(not holds(E0), 'a file added is found')
os.remove(E0 + '/journal/added')
os.remove(E0 + '/records/events.ndjson')
ok(not holds(E0), 'a file removed is found')

# --- a span, and what is affected: by the log of what the script did, and by tcpdump

WRITE = [d for d in DID['events'] if d['what'] == 'write'][0]
D0 = at('INC-0')                        # names nothing as affected
shutil.copytree(D, D0)
said('set', '--now', '2026-11-18T09:50:00Z', *RULES, D, 'affected_assets', 'AHU-2, ANALYS-3')
ADDRESSES = {'10.20.0.9', '10.10.0.13', '00:1b:1b:4e:12:09', '00:30:d3:1a:07:13'}      # of site.json
FROM, TO = '2026-11-18T08:12:00', '2026-11-18T08:17:00'
code, out, err = evidence('-o', at('E3'), *NOW, *RULES, *SITE, '-e', EVENTS, '-e', EX + '/notes.ndjson', '-c', CAP, '--from', '2026-11-18 09:12',
                          '--to', '2026-11-18T09:17:00+01:00', D)
ok(code == 0 and holds(at('E3')), 'a span and two instruments', code, out, err)


def strings(v):
    if isinstance(v, dict):
        v = list(v.values())
    if isinstance(v, list):
        return [s for x in v for s in strings(x)]
    return [v.lower()] if isinstance(v, str) else []


want = [x for x in LINES if FROM <= json.loads(x)['timestamp'] < TO and ADDRESSES & set(strings(json.loads(x)))]
got = tree(at('E3'))
ok(0 < len(want) < len(LINES) and got['records/events.ndjson'] == b''.join(want), 'records of the span that have one of their addresses: %d of %d' % (len(want), len(LINES)),
   got['records/events.ndjson'].count(b'\n'))
write = [json.loads(x) for x in want if b'"writeProperty"' in x or b'"op":"write"' in x]
ok(any(w['src_ip'] == WRITE['source'] and w['dest_ip'] == WRITE['address'] and abs(float(w['timestamp'][17:26]) - float(WRITE['at'][17:23])) < 0.01 and
       w['timestamp'][:17] == WRITE['at'][:17] for w in write), 'the write of 09:12:03.255 is among them', write)
item = [c for c in kinds(at('E3'), 'item') if c['path'] == 'records/events.ndjson'][0]
ok(item['chosen']['from'] == FROM + '.000000+0000' and item['chosen']['to'] == TO + '.000000+0000' and ADDRESSES <= set(item['chosen']['affected']) and
   (item['read'], item['taken']) == (len(LINES), len(want)), 'and the custody list says by what they were chosen', item)
ok(got['records/notes.ndjson'].count(b'\n') == 0, 'notes that touch neither in the span are left out')


def packets(file, more=()):
    """(seconds, the rest of the line) of each packet, as tcpdump shows it."""
    p = subprocess.run(['tcpdump', '-r', file, '-tt', '-n', '-e', *more], capture_output=True, check=True)
    return [tuple(x.split(' ', 1)) for x in p.stdout.decode('latin-1').splitlines() if re.match(r'\d+\.\d+ ', x)]


everything = packets(CAP)
named = {json.loads(x)['pcap_cnt'] for x in want if 'pcap_cnt' in json.loads(x)}
flows = set()
for x in want:
    r = json.loads(x)
    if r.get('proto') in ('TCP', 'UDP') and 'pcap_cnt' in r:
        flows.add('(%s and ((src host %s and src port %d and dst host %s and dst port %d) or (src host %s and src port %d and dst host %s and dst port %d)))' % (
            r['proto'].lower(), r['src_ip'], r['src_port'], r['dest_ip'], r['dest_port'], r['dest_ip'], r['dest_port'], r['src_ip'], r['src_port']))
expected = [everything[n - 1] for n in sorted(named)]
lo, hi = 1794989520, 1794989820
ok(subprocess.run(['date', '-d', '2026-11-18T09:12+01:00', '+%s'], capture_output=True).stdout.strip() == b'%d' % lo, 'the span in seconds')
expected += [x for x in packets(CAP, ['vlan and (' + ' or '.join(sorted(flows)) + ')']) if lo <= float(x[0]) < hi]
cut = packets(at('E3') + '/packets/incident.pcapng')
ok(sorted(set(expected)) == sorted(set(cut)) and 0 < len(cut) < len(everything), 'the packets named and their flows in the span, by tcpdump: %d of %d' % (len(cut), len(everything)),
   len(expected), sorted(set(expected) ^ set(cut))[:5])

# --- what is not there

os.mkdir(at('other'))
few = [json.loads(x) for x in LINES[:40]]
for r in few:
    r.pop('pcap_cnt', None)
few[0].update(pcap_cnt=828, pcap_filename='far/incident.pcapng')
few[1].update(pcap_cnt=829, pcap_filename='far/incident.pcapng')
few[2].update(pcap_cnt=5000, pcap_filename='far/incident.pcapng')
few[3].update(pcap_cnt=7, pcap_filename='wednesday.pcapng')
broken = path('broken.ndjson', few + ['not json\n', '{"timestamp":"yesterday"}\n'])
code, out, err = evidence('-o', at('E4'), *NOW, '-e', broken, '-e', at('nosuch.ndjson'), '-c', CAP, '-c', at('nosuch.pcapng'), D0)
gone = {c['about'][16:]: c['text'] for c in kinds(at('E4'), 'missing')}
ok(code == 1 and holds(at('E4')) and not wrong(custody(at('E4'))), 'what is missing makes the answer 1', code, out, err)
ok('2 of the 3 packets' in gone['packets'] and '828' in gone['packets'], 'packets past the end', gone)
ok('wednesday.pcapng' in gone['capture'], 'a capture that was not given', gone)
ok('one line is no record' in gone['lines'] and 'line 41' in gone['lines'], 'a line that is none', gone)
ok(sorted(c['text'].split(' ')[0] for c in kinds(at('E4'), 'missing') if c['about'] == 'package.missing.read') == [at('nosuch.ndjson'), at('nosuch.pcapng')], 'files that are not there')
ok(err.count('\n') == 5 and all(t in err for t in gone.values()), 'all of it is said, too', err)
ok(all(t in tree(at('E4'))['custody.txt'].decode() for t in gone.values()), 'and in custody.txt')
code, out, err = evidence('-o', at('E5'), *NOW, '--from', '2026-11-18', '-e', broken, D0)
item = [c for c in kinds(at('E5'), 'item') if c['path'] == 'records/broken.ndjson'][0]
ok(item['read'] == 42 and item['taken'] == 40 and '1 had no time' in item['text'], 'a record without a time is in no span', item)
path('half.pcapng', '')
with open(at('half.pcapng'), 'wb') as f:
    f.write(raw[:-3])
path('half.ndjson', [dict(few[0], pcap_filename='half.pcapng', pcap_cnt=n) for n in (1, 828)])
code, out, err = evidence('-o', at('E6'), *NOW, '-e', at('half.ndjson'), '-c', at('half.pcapng'), D0)
ok(code == 1 and holds(at('E6')) and {'package.missing.read', 'package.missing.packets'} <= {c['about'] for c in kinds(at('E6'), 'missing')} and
   len(packets(at('E6') + '/packets/half.pcapng')) > 0, 'a capture that ends amid a packet: what can be read of it', code, err)

# --- the calibration ledger

KEY = at('key.pem')
with open(KEY, 'w') as f:
    subprocess.run(['openssl', 'genpkey', '-algorithm', 'ed25519'], stdout=f, check=True)
os.chmod(KEY, 0o600)
L = at('cal')


def calchain(*args, data=None):
    p = subprocess.run([BIN + '/calchain', *args], input=data, capture_output=True)
    ok(p.returncode == 0, 'calchain ' + args[0], p.stderr.decode())
    return p.stdout.decode()


def note(instrument, text):
    return {'event_type': 'note', 'note': {'text': text, 'instrument': instrument}}


calchain('init', '-k', KEY, '-n', 'karin', '-o', 'provsund/cal', '--now', '2026-01-01T00:00:00Z', L)
calchain('append', '-k', KEY, '--now', '2026-01-02T00:00:00Z', L, data=''.join(json.dumps(r) + '\n' for r in (
    note('ANALYS-3', 'ours'), note('VAG-1', 'another'), note('ANALYS-3', 'ours, too'))).encode())
with open(L + '/records.ndjson', 'rb') as f:
    cal = f.read().splitlines(True)
digest = json.loads(cal[3])['digest']
calchain('append', '-k', KEY, '--now', '2026-01-03T00:00:00Z', L, data=json.dumps({'event_type': 'correction', 'correction': {
    'corrects': 4, 'corrected_digest': digest, 'reason': 'twice', 'person': 'karin', 'withdrawn': True}}).encode() + b'\n')
with open(L + '/records.ndjson', 'rb') as f:
    cal = f.read().splitlines(True)
code, out, err = evidence('-o', at('E7'), *NOW, *RULES, *SITE, '--ledger', L, D)
got = tree(at('E7'))
ok(code == 0 and holds(at('E7')) and got['calibration/records.ndjson'] == cal[1] + cal[3] + cal[4], 'the ledger\'s records of what is affected, and their corrections', code, out, err)
vkey = json.loads(cal[0])['ledger']['keys'][0]['vkey']
out = ''.join(calchain('check', '--vkey', vkey, at('E7') + '/calibration/record-%d.tlog-proof' % n) for n in (2, 4, 5))
ok('calibration/record-3.tlog-proof' not in got and 'record 5 (correction' in out, 'each with its proof', out)
code, out, err = evidence('-o', at('E8'), *NOW, '--ledger', L, at('INC-7'))
ok(code == 0, 'affected_assets without --rules and --site', code, err)

# --- a key of one's own, and none at all

shutil.copytree(D, at('INC-8'))
os.remove(at('INC-8/log.key'))
code, out, err = evidence('-o', at('E9'), *NOW, at('INC-8'))
ok(code == 2 and '--key' in err and not os.path.exists(at('E9')), 'without any key there is no package', code, err)
code, out, err = evidence('-o', at('E9'), *NOW, '-k', KEY, at('INC-8'))
der = subprocess.run(['openssl', 'pkey', '-in', KEY, '-pubout', '-outform', 'DER'], capture_output=True, check=True).stdout
ok(code == 0 and holds(at('E9')) and (kinds(at('E9'), 'package')[0]['key'], kinds(at('E9'), 'package')[0]['key_is']) == (hashlib.sha256(der).hexdigest(), 'given'),
   'with one that is given', code, err)

# --- a journal that does not hold is packed all the same, and the fault stands first


def spoilt(name, what, about, text, folder_holds=True):
    j, e = at('J-' + name), at('P-' + name)
    shutil.copytree(D, j)
    what(j)
    was = tree(j)
    code, out, err = evidence('-o', e, *NOW, '-e', EVENTS, '-c', CAP, j)
    first = custody(e)[0]['custody'] if os.path.exists(e) else {}
    ok(code == 1 and first.get('kind') == 'fault' and first['about'] == 'package.fault.' + about and text in first['text'] and holds(e),
       'a journal with %s: said first' % name, code, out, err, first)
    return was, tree(e) if os.path.exists(e) else {}


def edit(file, old, new):
    def change(j):
        with open(j + '/' + file, 'r+b') as f:
            x = f.read()
            f.seek(0)
            f.truncate()
            f.write(x.replace(old, new, 1))
        assert x.replace(old, new, 1) != x
    return change


def append(j):
    with open(j + '/records.ndjson', 'ab') as f:
        f.write(b'{"more":1}\n')


was, now = spoilt('a value changed', edit('records.ndjson', b'AHU-2', b'AHU-3'), 'journal', 'record 5')
ok(now.get('journal/records.ndjson') == was['records.ndjson'], 'and packed as it is')
was, now = spoilt('a line behind its head', append, 'journal', 'does not hold')
ok(now.get('journal/records.ndjson') == before['records.ndjson'] + was['records.ndjson'].splitlines(True)[4], 'what no head covers is left out')
spoilt('a checkpoint that is none', edit('checkpoint', b'\n', b''), 'unread', 'J-')
spoilt('a line that is no JSON', edit('records.ndjson', b'"seq":2', b'"seq":'), 'journal', 'record 2')
BMS = 'files/' + hashlib.sha256(open(EX + '/bms.csv', 'rb').read()).hexdigest()
spoilt('an attached file changed', edit(BMS, b'Larm', b'larm'), 'file', BMS)
was, now = spoilt('an attached file gone', lambda j: os.remove(j + '/' + BMS), 'gone', 'bms.csv')
shutil.copytree(D, at('J-link'))
os.remove(at('J-link/') + BMS)
os.symlink(KEY, at('J-link/') + BMS)
code, out, err = evidence('-o', at('P-link'), *NOW, at('J-link'))
ok(code == 1 and not [k for k, v in tree(at('P-link')).items() if b'PRIVATE' in v], 'a link in the journal\'s folder is not followed', code, err)

# --- killed: nothing under the final name

with open(at('large.ndjson'), 'wb') as f:
    for _ in range(800):
        f.write(b''.join(LINES))
for n in range(4):
    p = subprocess.Popen([BIN + '/nis2report', 'evidence', '-o', at('K'), *NOW, '-e', at('large.ndjson'), D0], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not [x for x in os.listdir(T) if x.startswith('K.') and os.path.exists(at(x + '/records'))] and time.monotonic() < until and p.poll() is None:
        time.sleep(0.001 * n)
    running = p.poll() is None
    p.send_signal(signal.SIGKILL)
    p.wait()
    half = [x for x in os.listdir(T) if x.startswith('K.')]
    ok(running and half and not os.path.exists(at('K')), 'killed amid the records: no folder of that name', running, half)
    for x in half:
        shutil.rmtree(at(x))
code, out, err = evidence('-o', at('K'), *NOW, '-e', at('large.ndjson'), D0)
ok(code == 1 and holds(at('K')) and tree(at('K'))['records/large.ndjson'].count(b'\n') == 800 * len(LINES), 'and then it is made whole', code, err)
done()
