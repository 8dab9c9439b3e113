#!/usr/bin/python3
"""otinv diff: what is said, what is left out as noise, how much it matters."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata

BIN = os.environ.get('OTKIT_BIN', '.')
CAPTURES = os.environ.get('OTKIT_CAPTURES', '../shared/captures')
HERE = os.path.dirname(os.path.abspath(__file__))
OTINV, OTDISSECT = BIN + '/otinv', BIN + '/otdissect'
tests = bad = 0
tmp = tempfile.TemporaryDirectory(prefix='otkit-diff-')
records = []


def ok(true, text, *notes):
    global tests, bad
    tests += 1
    print('%sok %d - %s' % ('' if true else 'not ', tests, text))
    if not true:
        bad += 1
        for n in notes:
            print('# ' + str(n).replace('\n', '\n# '))


def path(name, content):
    p = os.path.join(tmp.name, name)
    with open(p, 'wb' if isinstance(content, bytes) else 'w') as f:
        f.write(content)
    return p


def run(*args, data=None, env=None):
    e = dict(os.environ, **(env or {}))
    e.setdefault('COLUMNS', '80')
    return subprocess.run([OTINV, *args], input=data, capture_output=True, env=e)


def build(name, events):
    p = run('build', '--site', 'examples/site.json', data=events)
    return path(name, p.stdout)


def night(events, days):
    return subprocess.run([sys.executable, HERE + '/night.py', str(days)], input=events,
                          capture_output=True, check=True).stdout


def diff(old, new, *args):
    p = run('diff', *args, old, new)
    out = [json.loads(x) for x in p.stdout.decode().splitlines()]
    records.extend(out)
    return p.returncode, [r['change'] for r in out]


# --- inventories made by hand -------------------------------------------------

DAY = ['2026-11-%02dT02:00:00.000000+0000' % d for d in range(1, 31)]


def asset(i, day=20, **more):
    a = {'id': '%012x' % (0xa00000 + i), 'key': 'mac:02:00:00:00:00:%02x' % i, 'site': 'lab',
         'name': 'dev%d' % i, 'macs': ['02:00:00:00:00:%02x' % i], 'ips': ['10.0.0.%d' % i],
         'roles': [{'role': 'plc', 'reason': 'answers', 'basis': 'behaviour'}],
         'first_seen': DAY[1], 'last_seen': DAY[day], 'packets': 1, 'bytes': 1, 'events': 1,
         'addresses': [{'mac': '02:00:00:00:00:%02x' % i, 'ip': '10.0.0.%d' % i, 'heard': True, 'packets': 1,
                        'bytes': 1, 'events': 1, 'first': {'timestamp': DAY[1], 'pcap_filename': 'x.pcap', 'pcap_cnt': 7}}],
         'evidence': {}}
    a.update(more)
    return {'timestamp': a['last_seen'], 'event_type': 'asset', 'asset': {k: v for k, v in a.items() if v is not None}}


def said(field, value, source='s7comm.szl', day=20, rank=1):
    return {field: value, 'evidence': {field: [{'value': value, 'source': source, 'rank': rank, 'timestamp': DAY[day],
                                                'pcap_filename': 'x.pcap', 'pcap_cnt': 41, 'last_seen': DAY[day]}]}}


def link(c, s, day=20, app='modbus', port=502, **more):
    end = lambda i: dict({'id': i if isinstance(i, str) else '%012x' % (0xa00000 + i), 'ip': '10.0.0.9'},
                         **({'public': True} if str(i).startswith('c0ffe') else {}))
    l = {'id': 'x', 'site': 'lab', 'client': end(c), 'server': end(s), 'app_proto': app, 'transport': 'tcp', 'port': port,
         'events': 100, 'flows': 1, 'pkts_toserver': 1, 'pkts_toclient': 1, 'bytes_toserver': 1, 'bytes_toclient': 1,
         'answered': True, 'encrypted': False, 'first_seen': DAY[1], 'last_seen': DAY[day],
         'evidence': {'first': {'timestamp': DAY[1], 'pcap_filename': 'x.pcap', 'pcap_cnt': 11},
                      'last': {'timestamp': DAY[day], 'pcap_filename': 'x.pcap', 'pcap_cnt': 99}}}
    l.update(more)
    return {'timestamp': l['last_seen'], 'event_type': 'link', 'link': {k: v for k, v in l.items() if v is not None}}


def inventory(name, *recs):
    return path(name, ''.join(json.dumps(r, separators=(',', ':')) + '\n' for r in recs))


def changes(old, new, *args):
    return diff(inventory('old', *old), inventory('new', *new), *args)[1]


def brief(cs):
    return [(c['kind'], c['what'], c.get('field'), c['severity']) for c in cs]


A, B = asset(1), asset(2)

# --- two quiet nights ------------------------------------------------------------

events = subprocess.run([OTDISSECT, 'examples/lab.pcapng'], capture_output=True).stdout
inv = build('lab', events)
quiet = build('quiet', night(events, 1))
status, cs = diff(inv, quiet)
ok(status == 0 and not cs, 'two quiet nights of the laboratory: nothing', *brief(cs))
status, cs = diff(inv, quiet, '--no-ignore')
ok(status == 1 and {'counters', 'bytes', 'address'} & {c.get('field') for c in cs} and
   any('outward' in c.get('brings', []) for c in cs), '--no-ignore: counters, leases, public addresses', *brief(cs)[:9])
whole, part = (run('diff', inv, f) for f in (quiet, path('part', b''.join(
    line for line in open(quiet, 'rb') if b'"event_type":"stats"' not in line))))
ok(b'no record of statistics' in part.stderr and not whole.stderr and (part.stdout, part.returncode) == (b'', 0),
   'an inventory without its last record: it says so', part.stderr)
known = path('known', run('merge', inv, quiet).stdout)
status, cs = diff(inv, known)
ok(status == 0 and not cs, 'and where the second night is added to the first', *brief(cs))
status, cs = diff(known, path('known2', run('merge', known, build('third', night(events, 2))).stdout))
ok(status == 0 and not cs, 'and the third one', *brief(cs))
status, cs = diff(inv, inv)
ok(status == 0 and not cs, 'an inventory and itself')
p = run('diff', '-t', inv, quiet)
ok(p.returncode == 0 and not p.stdout, '--text: not a line where nothing changed')

if os.path.isdir(CAPTURES):
    wrong = []
    n = 0
    for f in sorted(glob.glob(CAPTURES + '/*/*.pcap*')):
        if not 2000 < os.path.getsize(f) < 300000 or n >= 60:
            continue
        e = subprocess.run([OTDISSECT, f], capture_output=True).stdout
        if e.count(b'\n') < 20 or f.endswith('discovery/dhcp.pcap'):
            continue                # that one is answers of servers on many networks, one by one
        n += 1
        a = path('a', run('build', data=e).stdout)
        b = path('b', run('build', data=night(e, 1)).stdout)
        status, cs = diff(a, b)
        if status or cs:
            wrong.append('%s: %s' % (f, brief(cs)[:3]))
    ok(n > 0 and not wrong, 'two quiet nights of %d captures: nothing' % n, *wrong[:5])
else:
    tests += 1
    print('ok %d - two quiet nights of captures # SKIP captures not present' % tests)

# --- what is said, and how much it matters ------------------------------------------

cs = changes([asset(1, **said('firmware', '4.2.0'))], [asset(1, **said('firmware', '4.2.1', day=21))])
ok(brief(cs) == [('changed', 'asset', 'firmware', 'high')] and cs[0]['old'] == '4.2.0' and cs[0]['new'] == '4.2.1' and
   cs[0]['evidence']['source'] == 's7comm.szl' and cs[0]['evidence']['pcap_cnt'] == 41 and 'NIS2' in cs[0]['reference'],
   'a firmware of a controller: high, old and new, its packet, what it touches', *brief(cs))
cs = changes([asset(1, **said('firmware', '4.2.0'))], [asset(1, **said('firmware', 'nginx', 'http.server', 21, 5))])
ok(not cs, 'a word of another source is no change', *brief(cs))
cs = changes([asset(1, **said('firmware', '1'))], [asset(1)])
ok(not cs, 'what is not said again is no change')
cs = changes([asset(1, id='b1', key='serial:S1000', **said('serial', 'S1000'))],
             [asset(1, id='b2', key='serial:S2000', **said('serial', 'S2000', day=21))])
ok(('changed', 'asset', 'serial', 'high') in brief(cs) and len(cs) == 1 and cs[0]['asset']['old_id'] == 'b1',
   'the same MAC, another serial number: swapped, high', *brief(cs))
moved = lambda serial: changes([asset(1, id='b1', **said('serial', serial))],
                               [asset(7, id='b2', **said('serial', serial, day=21))])
ok('new' not in {c['kind'] for c in moved('0417')} and 'new' in {c['kind'] for c in moved('00000001')},
   'a serial number is found again at another MAC; one that nobody was given is no bond',
   *brief(moved('0417')), *brief(moved('00000001')))
cs = changes([A], [A, asset(3, purdue=1, roles=None)])
ok(brief(cs) == [('new', 'asset', None, 'high')], 'a new asset at a level of control: high', *brief(cs))
cs = changes([A], [A, asset(3, purdue=4, roles=None)])
ok(brief(cs) == [('new', 'asset', None, 'low')], 'at the level of office IT: low', *brief(cs))
cs = changes([A, B, link(1, 2, ops={'read': 3})], [A, B, link(1, 2, ops={'read': 3, 'write': 1}, objects_written=[
    {'object': 'coil:4', 'op': 'write', 'count': 1, 'first': {'timestamp': DAY[20], 'pcap_cnt': 55},
     'last': {'timestamp': DAY[20], 'pcap_cnt': 55}}])])
ok(brief(cs) == [('changed', 'link', 'write', 'high')] and cs[0]['evidence']['pcap_cnt'] == 55,
   'who read a controller writes to it: high, with the packet that wrote', *brief(cs))


def writes(n, unnamed=0, more=()):
    entry = [{'object': o, 'op': 'write', 'count': 1, 'first': {'timestamp': DAY[20], 'pcap_cnt': 60 + i},
              'last': {'timestamp': DAY[20], 'pcap_cnt': 60 + i}}
             for i, o in enumerate(['coil:%02d' % i for i in range(n)] + list(more))]
    return link(1, 2, ops={'write': len(entry) + unnamed}, objects_written=entry)


cs = changes([A, B, writes(64)], [A, B, writes(63, 1, ['coil:99'])])
ok([c['new'] for c in cs] == ['> 64, coil:99'] and cs[0]['evidence']['pcap_cnt'] == 123,
   'of 64 objects that were all, another one; and that there are more', *cs)
cs = changes([A, B, writes(64)], [A, B, writes(64, 2)])
ok([(c['field'], c['new'], c['severity']) for c in cs] == [('object', '> 64', 'medium')],
   'more objects than a link names: said', *cs)
ok(not changes([A, B, writes(64, 2)], [A, B, writes(63, 3, ['coil:99'])]),
   'of more than are named, what comes behind the last is not known')
cs = changes([A, B, link(1, 2, ops={'read': 3})], [A, B, link(1, 2, ops={'program': 1})])
ok(brief(cs) == [('changed', 'link', 'program', 'high')], 'a program download: high', *brief(cs))
X = asset(7, id='c0ffee', key='ip:198.51.100.7', macs=None, ips=['198.51.100.7'], public=True, roles=None)
out = dict(app='mqtt', port=1883, outward=True)
cs = changes([A], [A, X, link(1, 'c0ffee', **out)])
ok(brief(cs) == [('new', 'link', None, 'high')] and 'outward' in cs[0]['brings'],
   'a new place on the internet: the link, high, and not the address', *brief(cs))
Y = asset(8, id='c0ffef', key='ip:198.51.100.8', macs=None, ips=['198.51.100.8'], public=True, roles=None,
          names=['mq3.example.net'])
X['asset']['names'] = ['mq2.example.net']
cs = changes([A, X, link(1, 'c0ffee', **out)], [A, Y, link(1, 'c0ffef', **out)])
ok(not cs, 'another address of a name that was asked for before (numbered hosts are one): nothing', *brief(cs))
Y['asset']['names'] = ['evil.example.org']
cs = changes([A, X, link(1, 'c0ffee', **out)], [A, Y, link(1, 'c0ffef', **out)])
ok(brief(cs) == [('new', 'link', None, 'high')], 'under another name: said', *brief(cs))
cs = changes([A, B], [A, B, link(1, 2)])
ok(brief(cs) == [('new', 'link', None, 'medium')] and 'peer' in cs[0]['brings'], 'a new peer: medium', *brief(cs))
cs = changes([A, B, link(1, 2)], [A, B, link(1, 2), link(1, 2, app='ssh', port=22)])
ok(brief(cs) == [('new', 'link', None, 'high')] and 'protocol' in cs[0]['brings'], 'a new login to a controller: high', *brief(cs))
cs = changes([A, B, link(1, 2)], [A, B, link(1, 2, weak=['tls:version'], cleartext_credentials=True,
                                             remote_access=[{'product': 'Zed'}])])
ok([c['field'] for c in cs] == ['cleartext_credentials', 'weak', 'remote_access'] and
   [c['severity'] for c in cs] == ['high', 'medium', 'high'], 'weak cryptography, a password in clear, remote access', *brief(cs))
cs = changes([A], [asset(1, name='other')])
ok([c['severity'] for c in cs] == ['low'], 'a name: low', *brief(cs))
cs = changes([A], [asset(1, roles=A['asset']['roles'] + [{'role': 'hmi', 'reason': 'x', 'basis': 'behaviour'}])])
ok(brief(cs) == [('changed', 'asset', 'role', 'medium')], 'a role: medium', *brief(cs))
cs = changes([A, asset(3, roles=[{'role': 'sensor', 'reason': 'x', 'basis': 'behaviour'}])], [A])
ok(brief(cs) == [('gone', 'asset', None, 'medium')], 'a sensor that is gone: medium', *brief(cs))
srv = lambda *ports: [{'app_proto': 'modbus', 'transport': 'tcp', 'port': p, 'side': 'server', 'events': 1} for p in ports]
cs = changes([asset(1, protocols=srv(502))], [asset(1, protocols=srv(502, 503)), link(2, 1, port=503)], '--no-links')
ok(brief(cs) == [('changed', 'asset', 'service', 'medium')] and cs[0]['new'] == 'modbus tcp/503' and
   cs[0]['evidence']['pcap_cnt'] == 11, 'a new service, with the packet that shows it', *brief(cs))

# --- which asset is which ---------------------------------------------------------------

cs = changes([A, B, link(2, 1)], [asset(1, id='d1', key='serial:S1000', **said('serial', 'S1000')), B, link(2, 'd1')])
ok(not cs, 'a serial number was learned: a new id, the same asset, the same links', *brief(cs))
cs = changes([A, B], [asset(1, macs=['02:00:00:00:00:01', '02:00:00:00:00:02'], ips=['10.0.0.1', '10.0.0.2'],
                            key='serial:S1', **said('serial', 'S1'))], '--ignore', 'learned')
ok(('merged', 'asset', None, 'low') in brief(cs) and not [c for c in cs if c['kind'] == 'gone'] and
   next(c for c in cs if c['kind'] == 'merged')['shared'] == '02:00:00:00:00:02' and
   next(c for c in cs if c['kind'] == 'merged')['into']['key'] == 'serial:S1', 'two that are one: merged, and by what', *brief(cs))
two = asset(1, macs=['02:00:00:00:00:01', '02:00:00:00:00:02'])
cs = changes([two], [A, B])
ok(('split', 'asset', None, 'low') in brief(cs) and not [c for c in cs if c['kind'] == 'new'], 'one that is two: split', *brief(cs))
cs = changes([A, B], [A, asset(3, ips=['10.0.0.2'])])
ok(brief(cs) == [('replaced', 'asset', None, 'high')] and cs[0]['instead_of']['name'] == 'dev2' and cs[0]['shared'] == '10.0.0.2',
   'another device at the address of one that is gone: replaced, once', *brief(cs))
cs = changes([A, B], [A, asset(2, day=21), asset(3, ips=['10.0.0.2'], day=21)])
ok(brief(cs) == [('new', 'asset', None, 'high')] and cs[0]['brings'] == ['address_taken'] and cs[0]['address_of']['name'] == 'dev2',
   'at the address of one that is there: said', *brief(cs))
cs = changes([A, asset(4, site='b')], [A, asset(4, site='c', id='e4')])
ok(sorted(c['kind'] for c in cs) == ['gone', 'new'], 'sites are apart, whatever they share', *brief(cs))
part = lambda g, i: asset(9, id=i, key='sub:x/unit 5', parent=g, sub='unit 5', name=None)
cs = changes([A, part('%012x' % 0xa00001, 'f1')],
             [asset(1, id='d1', key='serial:S1000', **said('serial', 'S1000')), part('d1', 'f2')])
ok(not cs, 'a part of a gateway that has a new id', *brief(cs))

# --- gone, and back ----------------------------------------------------------------------

old, new = [asset(1, 20), asset(2, 20)], [asset(1, 21)]
ok([c['kind'] for c in changes(old, new)] == ['gone'], 'not in the new one: gone')
ok(not changes(old, new, '--gone-after', '7d'), '--gone-after 7d: not yet')
ok([c['kind'] for c in changes(old, [asset(1, 28)], '--gone-after', '7d')] == ['gone'], 'and then it is')
kept = lambda day, last: [asset(1, day), asset(2, last)]
ok(not changes(kept(15, 10), kept(16, 10)), 'still remembered: not gone at once')
ok([c['kind'] for c in changes(kept(17, 10), kept(18, 10))] == ['gone'], 'gone after a week')
ok(not changes(kept(18, 10), kept(19, 10)), 'and told once')
ok([c['kind'] for c in changes(kept(18, 10), kept(19, 19))] == ['back'], 'heard again: back')
ok([c['kind'] for c in changes(kept(12, 10), kept(13, 10), '--gone-after', '2d')] == ['gone'], 'with its own time')
ok([c['kind'] for c in changes([A], [asset(1, silent=True)])] == ['gone'], 'only spoken of: gone')
ok([c['kind'] for c in changes([asset(1, silent=True)], [A])] == ['new'], 'heard for the first time: new')

# --- ceilings, and how long it takes --------------------------------------------------------

many = ['10.%d.%d.%d' % (i >> 16, i >> 8 & 255, i & 255) for i in range(2000)]
cs = changes([asset(1, ips=['10.9.9.9'])], [asset(1, ips=['10.9.9.9'] + many)])
ok(len(cs) == 1 and len(cs[0]['new'].split(', ')) == 2000, 'a list of 2,000: none is lost', len(cs))
many = ['fd00:%x::%x' % (i, i * 7) for i in range(20000)]
cs = changes([asset(1, ips=['10.9.9.9'])], [asset(1, ips=['10.9.9.9'] + many)])
left = re.search(r', and (\d+) more$', cs[0]['new'])
ok(left and len(cs[0]['new'].split(', ')) - 1 + int(left.group(1)) == 20000, 'of 20,000 what is left out is counted')
big = [[asset(1, id='%012x' % (i * 16 + (night if i % 9 == 0 else 0)), key='mac:x', macs=['02:00:%02x:%02x:%02x:00' % (
    i >> 16, i >> 8 & 255, i & 255)], ips=['10.%d.%d.%d' % (i >> 16, i >> 8 & 255, i & 255)]) for i in range(5000)] for night in (0, 1)]
ids = [[a['asset']['id'] for a in b] for b in big]
for k in (0, 1):
    big[k] += [link(ids[k][i * 17 % 5000], ids[k][i * 31 % 5000], port=500 + i % 7) for i in range(20000)]
paths = [inventory('big%d' % k, *big[k]) for k in (0, 1)]
began = time.time()
status, cs = diff(*paths)
ok(status == 0 and time.time() - began < 20, '5,000 assets, one in nine with a new id, 20,000 links: the same, in seconds',
   '%.1f s' % (time.time() - began), *brief(cs)[:5])

# --- options -----------------------------------------------------------------------------------

half = build('half', b''.join(events.splitlines(True)[:400]))
rest = build('rest', b''.join(events.splitlines(True)[400:]))
status, cs = diff(half, rest)
ok(status == 1 and cs, 'two halves of the laboratory: differences, status 1')
status, high = diff(half, rest, '--min-severity', 'high')
ok(status == 1 and high == [c for c in cs if c['severity'] == 'high'], '--min-severity')
status, some = diff(half, rest, '--ignore', 'counters,learned', '--ignore', 'rare')
ok(len(some) > len(cs), '--ignore: only what is named is left out')
p = run('diff', '--ignore', 'frogs', half, rest)
ok(p.returncode == 2 and b'no such kind: "frogs"' in p.stderr, '--ignore: what is no kind')
p = run('diff', '--min-severity', 'awful', half, rest)
ok(p.returncode == 2 and b'info, low, medium or high' in p.stderr, '--min-severity: what is none')
p = run('diff', '--gone-after', 'soon', half, rest)
ok(p.returncode == 2 and b'12h or 7d' in p.stderr, '--gone-after: what is no time')
p = run('diff', '--lang', 'de', half, rest)
ok(p.returncode == 2 and b'en or sv' in p.stderr, '--lang: what is none')
p = run('diff', '--no-ignore', '--ignore', 'rare', half, rest)
ok(p.returncode == 2 and b'do not go together' in p.stderr, '--ignore with --no-ignore')


def width(line):
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in 'WF') for c in line)


for columns in (80, 48, 120):
    t = run('diff', '-t', half, rest, env={'COLUMNS': str(columns)}).stdout.decode()
    ok(t and max(map(width, t.split('\n'))) <= columns, '--text fits %d columns' % columns, max(map(width, t.split('\n'))))
t = run('diff', '-t', half, rest).stdout.decode()
ranks = [('info', 'low', 'medium', 'high').index(x) for x in re.findall(r'^(info|low|medium|high) ', t, re.M)]
ok(ranks == sorted(ranks, reverse=True) and len(ranks) > 5, '--text: the worst first')
ok(re.search(r'^%d changes: ' % len(cs), t, re.M) and 'Left out as noise' in t, '--text: the sum, and what was left out')
ok('\033' not in t, '--text: no colour where there is no terminal')
t = run('diff', '-t', '--lang', 'sv', half, rest).stdout.decode()
ok(re.search(r'^hög +ny ', t, re.M) and 'någon ny skriver till ett styrsystem' in t, '--text --lang sv')
NEWROLE = inventory('n', asset(1, roles=[{'role': r, 'reason': 'answers', 'basis': 's7comm.szl'} for r in
                                         ('plc', 'engineering_station')]), asset(3, roles=[{'role': 'mqtt_broker'}]))
for lang, role, broker in ('en', 'engineering station', 'MQTT broker'), ('sv', 'programmeringsstation', 'MQTT-mäklare'):
    t = run('diff', '-t', '--lang', lang, '--ignore', 'counters', inventory('o', asset(1, roles=[
        {'role': 'plc', 'reason': 'answers', 'basis': 's7comm.szl'}])), NEWROLE).stdout.decode()
    ok('+ ' + role in t and broker in t and '_' not in t, '--text: roles by their names, ' + lang, t)
for form, date in ('-t', '– UTC'), ('--html', '(– – –'):
    p = run('diff', form, inventory('o', A), path('nobody', '{"event_type":"stats","stats":{"inventory":{"assets":0}}}\n'))
    t = p.stdout.decode()
    ok(p.returncode == 1 and date in t and '1970' not in t and b'no asset in it' in p.stderr,
       form + ': a night in which nothing was heard has no date', t[-400:], p.stderr)
p = run('diff', '--text', '--html', half, rest)
ok(p.returncode == 2 and b'do not go together' in p.stderr, '--text and --html: one of them')
t = run('diff', '-t', inventory('o', A), inventory('n', A, asset(3, name='x\x1b[31m\u202ey'))).stdout.decode()
ok('\x1b' not in t, '--text: nothing that steers a terminal')
folded = run('diff', '-t', inventory('o', A, B), inventory('n', A, B, asset(3), link(3, 1), link(3, 2))).stdout.decode()
ok(folded.count('dev3') == 1 and '2 links' in folded and '3 changes' in folded, '--text: the links of a new asset on its line', folded)

h = run('diff', '--html', inventory('o', A), inventory('n', A, asset(3, name='<script>alert(1)</script>', vendor='"&x')))
page = h.stdout.decode()
ok(h.returncode == 1 and '<script' not in page and '&lt;script&gt;' in page, '--html: what comes from outside is escaped')
ok(not re.search(r'(src|href)=(?!"#main")|url\(|@import|https?://', page) and "default-src 'none'" in page, '--html: nothing is fetched')
h = run('diff', '--html', '--lang', 'sv', half, rest).stdout.decode()
ok('<html lang="sv">' in h and 'Det här har ändrats' in h, '--html --lang sv')
h = run('diff', '--html', inv, quiet)
ok(h.returncode == 0 and b'Nothing has changed.' in h.stdout, '--html: a page also where nothing changed, status 0')
ok(run('diff', half, rest).stdout == run('diff', half, rest).stdout, 'twice the same bytes')
broken = path('broken', open(half).read() + '{"timestamp":\n')
p = run('diff', broken, half)
ok(p.returncode == 2 and b'not JSON' in p.stderr, 'a line that is not JSON: told, status 2')
odd = inventory('odd', *[{'timestamp': DAY[3], 'event_type': t, t: b} for t in ('asset', 'link', 'stats') for b in (
    {}, {'id': 5}, {'id': 'x', 'ips': 'y', 'macs': {}, 'roles': [[], 3], 'protocols': [1, {'side': 'server'}], 'purdue': {}},
    {'client': 3, 'server': [], 'ops': 7, 'objects_written': [4], 'names': {}, 'remote_access': ['x'], 'evidence': []})])
ok(run('diff', odd, half).returncode == 1 and run('diff', half, odd).returncode == 1 and
   run('diff', '-t', '--no-ignore', odd, half).returncode == 1, 'records of odd shape do no harm')

# --- records and rules --------------------------------------------------------------------------

try:
    sys.path.insert(0, os.path.dirname(HERE))
    import schema
    seen = {}
    for r in records:
        seen.setdefault(tuple(sorted(r['change'])) + (r['change']['kind'],), r)
    errors = [e for e in map(schema.check, seen.values()) if e]
    ok(seen and not errors, 'all changes fit their schema (%d shapes)' % len(seen), *errors[:5])
except ImportError:
    tests += 1
    print('ok %d - all changes fit their schema # SKIP no jsonschema' % tests)

rules = json.load(open('lib/rules/changes.json'))
ids = [e['id'] for e in rules['entries']]
ok(len(ids) == len(set(ids)) and all(re.match(r'\d{4}-\d\d-\d\d$', e['date']) and e['source'] for e in rules['entries'] + rules['ignore']),
   'rules: each has an id of its own, a source and a date')
ok(all(w.get('en') and w.get('sv') for w in rules['words'].values()), 'rules: all words in both languages')
source = ''.join(open(f).read() for f in glob.glob('lib/inv/diff*.c') + ['lib/report/change_page.c'])
used = [k for k in rules['words'] if '"%s"' % k in source or k.split('.')[0] in ('kind', 'field', 'has', 'severity')]
ok(sorted(used) == sorted(rules['words']), 'rules: no word without a use', *(set(rules['words']) - set(used)))

print('1..%d' % tests)
sys.exit(bad > 0)
