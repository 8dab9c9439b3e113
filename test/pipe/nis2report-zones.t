#!/usr/bin/python3
"""nis2report zones: zones and conduits, declared against seen."""
import json
import subprocess
import sys

sys.dont_write_bytecode = True
from reports import answer, path, runner, tmp, BIN, PROG
from tap import done, ok

NOW = '2026-11-22'
run = runner('zones')


def table(*args):
    code, recs = answer(run, '--now', NOW, *args)
    return (code, {r['zone'].get('id'): r['zone'] for r in recs if 'zone' in r},
            [r['conduit'] for r in recs if 'conduit' in r])


def asset(i, ip, zone, **more):
    return {'timestamp': '2026-11-20T00:00:00.000000+0000', 'event_type': 'asset', 'asset': dict(
        {'id': i, 'ips': [ip], 'first_seen': '2026-11-01T00:00:00.000000+0000', 'last_seen': '2026-11-20T00:00:00.000000+0000'},
        **({'zone': zone} if zone else {}), **more)}


def link(c, s, proto, port=1, sent=100, **more):
    return {'timestamp': '2026-11-20T00:00:00.000000+0000', 'event_type': 'link', 'link': dict(
        {'client': {'id': c}, 'server': {'id': s}, 'transport': 'tcp', 'port': port, 'answered': True, 'bytes_toserver': sent,
         'bytes_toclient': 1, 'first_seen': '2026-11-01T00:00:00.000000+0000', 'last_seen': '2026-11-20T00:00:00.000000+0000',
         'evidence': {'first': {'pcap_filename': 'a.pcap', 'pcap_cnt': 7}}}, **({'app_proto': proto} if proto else {}), **more)}


S = path('site.json', json.dumps({
    'otsite': 1, 'site': {'key': 'lab'},
    'zones': [{'id': 'lab', 'name': 'Labbet', 'cidr': ['10.1.0.0/16'], 'purdue': 2, 'category': 'analysis', 'sl_target': 2, 'sl_capability': 1},
              {'id': 'bms', 'cidr': ['10.2.0.0/16'], 'purdue': 1, 'category': 'bms'}, {'id': 'office', 'cidr': ['10.3.0.0/16'], 'purdue': 4},
              {'id': 'empty', 'cidr': ['10.9.0.0/16']}],
    'suppliers': [{'id': 'v', 'addresses': ['198.51.100.0/24'], 'contract': 'K', 'expires': '2026-01-01'}],
    'conduits': [{'from': 'lab', 'to': 'bms', 'app_proto': ['https'], 'port': [443], 'reason': 'Data'},
                 {'from': '*', 'to': 'lab', 'app_proto': ['ntp']}, {'from': 'office', 'to': 'lab', 'app_proto': ['http'], 'port': ['8000-8010']},
                 {'from': 'internet', 'to': 'lab', 'app_proto': ['ssh'], 'supplier': 'v'}],
    'instruments': [{'id': 'PLC', 'ip': '10.2.0.9', 'zone': 'bms'}, {'id': 'LIMS', 'ip': '10.1.0.5', 'zone': 'lab'},
                    {'id': 'GHOST', 'zone': 'lab'}, {'id': 'MOVED', 'ip': '10.3.0.8', 'zone': 'lab'}, {'id': 'OFF', 'zone': 'bms', 'in_use': False}]}))
INV = path('inv.ndjson', [
    asset('plc', '10.2.0.9', 'bms'), asset('stray', '10.2.0.77', 'bms'), asset('pc', '10.3.0.7', 'office'), asset('moved', '10.3.0.8', 'office'),
    asset('lims', '10.1.0.5', 'lab'), asset('quiet', '10.1.0.99', 'lab', silent=True), asset('vendor', '198.51.100.7', None, public=True),
    asset('lost', '10.77.0.1', None),
    link('pc', 'plc', 'modbus', 502, 1000, encrypted=False, ops={'write': 3, 'read': 9}), link('pc', 'plc', 'bacnet', 47808, 500, encrypted=False),
    link('lims', 'plc', 'https', 443, 40, encrypted=True), link('lims', 'plc', 'https', 8443, 40, encrypted=True),
    link('pc', 'lims', 'ntp', 123), link('plc', 'lims', 'ntp', 123), link('pc', 'lims', None, 8005), link('vendor', 'lims', 'ssh', 22, encrypted=True),
    link('pc', 'lims', 'smb', 445, answered=False), link('lost', 'lims', 'http', 80), link('stray', 'plc', 'modbus', 502)])
code, z, c = table('-s', S, INV)
ok(code == 1, 'something is not declared: 1')
ok(list(z) == ['lab', 'bms', 'office', 'empty', None], 'zones as declared, then what is in none', list(z))
for i, want in (('lab', {'declared': 3, 'seen': 1, 'listed': 1, 'unlisted': 0, 'misplaced': 0, 'missing': 1, 'silent': 1}),
                ('bms', {'declared': 1, 'seen': 2, 'listed': 1, 'unlisted': 1, 'misplaced': 0, 'missing': 0, 'silent': 0}),
                ('office', {'declared': 0, 'seen': 2, 'listed': 1, 'unlisted': 1, 'misplaced': 1, 'missing': 0, 'silent': 0}),
                ('empty', {'declared': 0, 'seen': 0}), (None, {'seen': 1, 'unlisted': 1})):
    ok(all(z[i][k] == v for k, v in want.items()), '%s: %s' % (i, want), z[i])
ok(z['lab']['sl_target'] == 2 and z['lab']['sl_capability'] == 1 and 'sl_achieved' not in z['lab'] and 'sl_target' not in z['bms'],
   'security levels where the site file says so')
rows = [(x['from'], x['to'], x['state'], x['protocols'], x['writes'], x['bytes']) for x in c]
ok([r[:3] for r in rows] == [
    ('office', 'bms', 'undeclared'), ('internet', 'lab', 'undeclared'), ('lab', 'bms', 'undeclared'), ('lab', 'bms', 'used'),
    ('bms', 'lab', 'used'), ('office', 'lab', 'used'), ('office', 'lab', 'used'), ('internet', 'lab', 'unused')] and
   [r[4:] for r in rows] == [(3, 1502), (0, 101), (0, 41), (0, 41), (0, 101), (0, 101), (0, 101), (0, 0)],
   'undeclared first, those that write before others; then as declared', rows)
ok(c[0]['cleartext'] == 2 and c[0]['writing'] == 1 and c[0]['reading'] == 1 and c[0]['encrypted'] == 0, 'what they are', c[0])
ok(c[0]['evidence'][0]['pcap_filename'] == 'a.pcap' and c[0]['evidence'][0]['pcap_cnt'] == 7 and len(c[0]['evidence']) == 2, 'evidence by packet')
ok(c[6]['unconfirmed'] == 1, 'a permitted port with an unknown protocol', c[6])
ok(c[3]['permits'] == {'app_proto': ['https'], 'port': ['443'], 'from': 'lab', 'to': 'bms', 'reason': 'Data'}, 'what the site file permits', c[3])
ok(c[7].get('lapsed') and c[7]['declared'] and not c[7]['seen'], 'a supplier\'s conduit without a contract permits nothing', c[7])

code, out, err = run('-s', S, '--now', NOW, INV)
ok(code == 1 and 'SL-T 2, SL-C 1' in out and 'below the target' in out and 'Picture' not in out and '1 connection has an end in no zone' in out and '1 attempt was never answered' in out, 'text', out)
ok('It cannot measure the achieved security level (SL-A)' in ' '.join(out.split()), 'what passive capture cannot tell')
code, out, err = run('-s', S, '--now', NOW, '-l', 'sv', INV)
ok('Sedd, ej' in out and 'Zoner och kanaler' in out and 'uppnådd skyddsnivå (SL-A)' in ' '.join(out.split()), 'Swedish', out)
code, out, err = run('-s', S, '--now', NOW, '-f', 'markdown', INV)
ok('**Seen, not declared**' in out, 'Markdown', out[:2000])
for lang in 'sv', 'en':
    code, out, err = run('-s', S, '--now', NOW, '-l', lang, '-f', 'html', INV)
    ok(code == 1 and '<html lang="%s">' % lang in out and out.count('<svg') == 2 and 'http:' not in out and '>zones.' not in out,
       'a page in %s, with the picture' % lang, err)
fine = path('fine', [asset('plc', '10.2.0.9', 'bms'), asset('lims', '10.1.0.5', 'lab'), link('lims', 'plc', 'https', 443, encrypted=True)])
ok(run('-s', S, '--now', NOW, fine)[0] == 0, 'all that crosses is declared: 0')
with open(INV, 'rb') as f:
    ok(run('-s', S, '--now', NOW, data=f.read())[1] == run('-s', S, '--now', NOW, INV)[1], 'standard input')
for args, want in (((INV,), '--site'), (('-s', S, path('empty', '')), 'no asset record'), (('-s', '-'), 'both be standard input'),
                   (('-s', '-', '-'), 'both be standard input'),
                   (('-s', S, path('broken', '{\n')), 'broken:1')):
    code, out, err = run('--now', NOW, *args)
    ok(code == 2 and want in err, 'says "%s": 2' % want, code, err)

lab = subprocess.run([BIN + '/otdissect', 'examples/lab.pcapng'], capture_output=True).stdout
lab = subprocess.run([BIN + '/otinv', 'build', '--site', 'examples/site.json'], input=lab, capture_output=True).stdout
code, z, c = table('-s', 'examples/site.json', path('lab', lab.decode()))
gap = subprocess.run([PROG, 'gap', '-s', 'examples/site.json', '-f', 'ndjson', tmp.name + '/lab'], capture_output=True).stdout.decode()
seg = [json.loads(x)['finding'] for x in gap.splitlines() if '"inv.segmentation"' in x]
n = sum(x['links'] for x in c if x['state'] == 'undeclared' and 'internet' not in (x['from'], x['to']))
ok(code == 1 and seg and seg[0]['reason'].startswith('%d of' % n), 'the sample laboratory: as many as the gap report says', n, seg)
done()
