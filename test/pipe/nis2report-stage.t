#!/usr/bin/python3
"""nis2report stage: every stage's report in both languages, what is filled in from records, and what is
refused.  --renew writes the goldens (data/stage) anew."""
import collections
import datetime
import hashlib
import json
import os
import re
import struct
import subprocess
import sys

sys.dont_write_bytecode = True
from reports import path, runner, tmp, wrong, BIN
from tap import done, ok

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
GOLDEN = os.path.join(TOP, 'test', 'pipe', 'data', 'stage')
RENEW = '--renew' in sys.argv
os.environ.pop('LOGNAME', None)
run, keep = runner('stage'), runner('incident')
NOW = ('--now', '2026-11-22T12:00:00Z')
T0 = datetime.datetime(2026, 11, 22, 8, 0, tzinfo=datetime.timezone.utc)


def journal(name, when, **values):
    """A journal of these values; None: said to be unknown."""
    d = os.path.join(tmp.name, name)
    code, out, err = keep('open', '-a', 'eva', '--now', when, '-t', 'Trycket föll i renrum 2', d)
    known = [x for k, v in values.items() if v is not None for x in (k.replace('__', '.'), v)]
    unknown = [k for k, v in values.items() if v is None]
    for args in ((['set', '-a', 'eva', '--now', when, d] + known) if known else None, (['set', '-u', '-a', 'omar', '--now', when, d] + unknown) if unknown else None):
        if args:
            code, out, err = keep(*args)
            if code:
                ok(False, 'a journal is written', out, err)
    return d


def stage(name, d, *args, lang='en', code=None, data=None):
    """The JSON report, held to its schema, and the exit status."""
    status, out, err = run(name, d, '-f', 'json', '-l', lang, *(() if '--now' in args else NOW), *args, data=data)
    if status == 2 or (code is not None and code != status):
        ok(False, '%s: exit %d' % (name, status), out[:500], err)
    r = json.loads(out) if out else {}
    w = wrong([r]) if r else None
    if w:
        ok(False, 'the record is as its schema has it', w)
    return r.get('incident_stage', {}), err


def faults(page):
    """What page.py has against it."""
    p = subprocess.run([sys.executable, os.path.join(TOP, 'test', 'pipe', 'page.py'), path('page.html', page)], capture_output=True, text=True)
    return p.stdout + p.stderr if p.returncode else ''


def part(r, field, name):
    return next((x for x in r['fields'][field].get('said', []) if x['field'] == name), {})


def at(seconds):
    return (T0 + datetime.timedelta(seconds=seconds)).strftime('%Y-%m-%dT%H:%M:%S.%f+0000')


# --- goldens: each stage in both languages, on an incident that is answered in part

SITE = path('site.json', json.dumps({
    'otsite': 1, 'site': {'key': 'lab', 'timezone': 'Europe/Stockholm'},
    'organisation': {'name': {'sv': 'Provlab AB', 'en': 'Provlab Ltd'}, 'number': '556000-0000', 'country': 'SE', 'sector': ['a1.health.provider']},
    'zones': [{'id': 'bms', 'cidr': ['10.20.0.0/24']}, {'id': 'lab', 'cidr': ['10.10.0.0/24'], 'category': 'analysis'}],
    'suppliers': [{'id': 'renluft', 'name': 'Renluft AB', 'addresses': ['192.0.2.64/28'], 'contract': 'A-1', 'expires': '2028-01-31'}],
    'instruments': [{'id': 'AHU-2', 'ip': '10.20.0.9', 'zone': 'bms', 'calibration_id': 'DP-7'}, {'id': 'VAG-1', 'ip': '10.10.0.31', 'zone': 'lab', 'calibration_due': '2026-10-31'}],
    'people': [{'id': 'eva', 'name': 'Eva Lind', 'role': ['management', 'incident_lead'], 'email': 'eva@provlab.example', 'phone': '+46 46 000 00 01'},
               {'id': 'omar', 'name': 'Omar Said', 'role': ['ot_engineer']}]}))
NEW = journal('INC-7', '2026-11-22T09:00:00Z', occurred_at='2026-11-22 09:12', detected_at='2026-11-22 09:14', aware_at='2026-11-22 09:20', ongoing='no',
              ended_at='2026-11-22 09:20', detection_method='Fastighetssystemet larmade.', timeline='09:12 Börvärdet sänktes.\n09:14 Larm.', suspected_malicious=None,
              supplier_origin='yes', cross_border='no', activity_impact='Två provsvar släpptes under tiden.', actions_taken='Börvärdet återställt.', cause=None,
              early_warning_update='Inget har ändrats.', severity='Måttlig.', final_consequences='Inga.', root_cause='Fjärråtkomst utan beslut.', status_update='Över.',
              why_ongoing='Orsaken utreds.', contact_availability='Dygnet runt')
OLD = journal('OLD-3', '2020-05-05T09:00:00Z', occurred_at='2020-05-05 09:12', detected_at='2020-05-05 09:14', handling_started_at='2020-05-05 09:15', ongoing='yes',
              expected_end_at='2020-05-05 18:00', incident_description='Trycket föll.', disturbance_ongoing='no', service_available='partly', capacity_reduction='40',
              affected_sectors='health, other', users_affected='1200', affects_health='no', affects_trust=None, contact_role='Incidentansvarig', timeline='09:12 Börvärdet sänktes.',
              incident_type='Obehörig ändring', measure__1__name='Isolering', measure__1__what='Styrsystemet', measure__1__status='klar', measure__1__effect='Inga nya skrivningar',
              measure__1__description='Porten stängdes.', prior_similar_incidents='no', rto_max_incident='12h', new_measure__1__name='Utbildning')
STAGES = [(x, NEW, NOW) for x in ('upplysning', 'incidentanmalan', 'delrapport', 'lagesrapport', 'slutrapport', 'early_warning', 'incident_notification', 'intermediate_report', 'progress_report', 'final_report')] + \
         [(x, OLD, ('--now', '2020-05-05T12:00:00Z')) for x in ('skede1', 'skede2', 'skede3')]
for name, d, now in STAGES:
    for lang in 'sv', 'en':
        code, out, err = run(name, d, '-l', lang, '-s', SITE, *now)
        file = os.path.join(GOLDEN, '%s.%s.golden' % (name, lang))
        if RENEW:
            with open(file, 'w', encoding='utf-8') as f:
                f.write(out)
        want = open(file, encoding='utf-8').read() if os.path.exists(file) else ''
        same = out == want
        ok(same and code in (0, 1) and not err, '%s in %s is as it was' % (name, lang), err, *(() if same else [
            '%r, was %r' % (a, b) for a, b in zip(out.splitlines() + [''] * 99, want.splitlines()) if a != b][:5]))
        r, _ = stage(name, d, '-s', SITE, *now, lang=lang)
        ok(code == (1 if r['missing'] else 0) and all(r['fields'][x]['required'] and r['fields'][x]['status'] == 'missing' for x in r['missing']), 'its status says what is missing', code, r.get('missing'))
        heads = [x.rstrip(' *') for x in re.findall(r'-{72}\n(.*)\n', out)]
        asked = [v['label'] for v in r['fields'].values() if v['status'] != 'not_asked']
        ok(heads == asked, 'a heading for each field, in the order of the form', heads, asked)
        md, page = run(name, d, '-l', lang, '-s', SITE, '-f', 'markdown', *now)[1], run(name, d, '-l', lang, '-s', SITE, '-f', 'html', *now)[1]
        texts = [v['text'] for v in r['fields'].values() if v.get('text')]
        ok(all('```text\n%s\n```' % t in md for t in texts), 'Markdown has each text between fences')
        ok(page.count('<div class="copy"') == len(texts) and not faults(page), 'the page has each text to be copied, and no fault', faults(page))

# --- nothing is invented

EMPTY = journal('EMPTY', '2026-11-22T09:00:00Z')
for name in ('upplysning', 'incidentanmalan', 'slutrapport', 'final_report'):
    r, err = stage(name, EMPTY, code=1)
    ok(all('text' not in v and 'value' not in v and 'said' not in v for v in r['fields'].values()), '%s of an empty journal says nothing' % name)
    ok('nobody said when' in err and r['missing'] == [k for k, v in r['fields'].items() if v['required']], 'and asks for all that is required', err)
r, _ = stage('upplysning', NEW, '-s', SITE)
ok(part(r, 'suspected_malicious', 'suspected_malicious') == {'field': 'suspected_malicious', 'label': 'Suspected unlawful or malicious act', 'unknown': True, 'text': 'Not known', 'basis': 'person',
                                                               'by': 'omar', 'at': '2026-11-22T09:00:00.000000+0000', 'record': part(r, 'suspected_malicious', 'suspected_malicious').get('record')}
   and r['fields']['suspected_malicious']['status'] == 'unknown', 'said to be unknown: by whom, when', r['fields']['suspected_malicious'])
ok(r['fields']['organization_name']['value'] == 'Provlab Ltd' and part(r, 'organization_name', 'organisation_name')['basis'] == 'site', 'the organisation is the site file\'s')
ok(r['fields']['contact_details']['value'] == {'contact_name': 'Eva Lind', 'contact_email': 'eva@provlab.example', 'contact_phone': '+46 46 000 00 01'}, 'several in one field, by their names', r['fields']['contact_details'])
ok(part(r, 'contact_details', 'contact_availability')['added'] is True, 'what is added is marked')
ok(r['fields']['consequences']['ask'] == {'fields': ['consequences'], 'question': 'What consequences has the incident had, or could it have?', 'hint': r['fields']['consequences']['ask']['hint'], 'role': 'system_owner'}, 'whom to ask: the role')
ok(stage('incidentanmalan', NEW, '-s', SITE)[0]['fields']['system_impact']['ask']['person'] == 'Omar Said', 'and who has it')
full = journal('FULL', '2026-11-22T09:00:00Z', detected_at='2026-11-22 09:14', why_ongoing='a', estimated_duration='b', continued_impact='c', next_update_plan='d')
ok(stage('lagesrapport', full)[0]['missing'] == [] and run('lagesrapport', full, *NOW)[0] == 0, 'nothing missing: 0')

# --- who receives, and which form

for now, who in (('2026-01-20', 'MCF'), ('2026-06-30', 'MCF'), ('2026-07-01', 'NCSC/CERT-SE')):
    d = journal('R' + now, now + 'T00:00:00Z', detected_at=now + ' 00:30')
    r, _ = stage('upplysning', d, '--now', now + 'T01:00:00Z')
    ok(r['recipient']['short'] == who, 'on %s %s receives' % (now, who), r.get('recipient'))
    ok(r['form']['id'] == ('mcffs-2026-8' if now > '2026-06-30' else 'csl-2026'), 'on the form of that day', r['form'])
FIFO = os.path.join(tmp.name, 'ledger.fifo')
os.mkfifo(FIFO)
ok('recipient' not in stage('early_warning', NEW)[0], 'elsewhere it is for the country to say')
for args, why in ((('skede1', NEW), 'skede1 was not in force on 2026-11-22; then there were upplysning, incidentanmalan'), (('upplysning', OLD), 'then there were skede1, skede2, skede3'),
                  (('skede9', OLD), 'no such stage'), (('upplysning',), 'which stage'), ((), 'which stage'), (('upplysning', NEW, 'x'), 'one stage'), (('upplysning', '/no/such'), 'No such file'),
                  (('upplysning', NEW, '-e', '-', '-i', '-'), 'only one'), (('upplysning', NEW, '--before', 'x'), '--before x'), (('upplysning', NEW, '--before', '24'), '--before 24'), (('upplysning', NEW, '-f', 'ndjson'), 'json'),
                  (('upplysning', NEW, '--save'), '--save'), (('upplysning', NEW, '--save', '-s', SITE), 'who enters'), (('upplysning', EMPTY, '-e', '/dev/null'), 'occurred_at'),
                  (('upplysning', NEW, '-e', '/no/such'), '/no/such'), (('upplysning', NEW, '--ledger', '/no/such'), '/no/such'),
                  (('upplysning', NEW, '--ledger', FIFO), 'a ledger is read twice'), (('upplysning', NEW, '--ledger', '-'), 'a ledger is read twice'), (('upplysning', GOLDEN), 'data/stage')):
    code, out, err = run(*args, *NOW)
    ok(code == 2 and why in err and not out, 'refused: %s' % why, code, out[:200], err)
ok(run('upplysning', NEW, '--now', '2026-11-22T08:12:00Z', '-e', '/dev/null')[0] == 2, 'a span that is empty is refused')

# --- records made here

INV = path('inv.ndjson', [{'timestamp': at(0), 'event_type': 'asset', 'asset': {'id': 'aaaa11112222', 'name': 'STYR-1', 'ips': ['10.20.0.9', 'fe80::1'], 'hostnames': ['styr-1']}},
                          {'timestamp': at(0), 'event_type': 'asset', 'asset': {'id': 'bbbb11112222', 'ips': ['10.20.0.40'], 'register': {'id': 'VAV-1'}}}])


def event(seconds, kind, src, dst, sport=50000, dport=502, cnt=None, mac='00:00:00:00:00:01', ot=None, **more):
    e = {'timestamp': at(seconds), 'event_type': kind, 'pcap_filename': 'x/made.pcapng', 'pcap_cnt': cnt or int(seconds) + 1, 'ether': {'src_mac': mac, 'dest_mac': '00:00:00:00:00:02'},
         'src_ip': src, 'src_port': sport, 'dest_ip': dst, 'dest_port': dport, 'proto': 'TCP', 'app_proto': kind}
    if ot:
        e['ot'] = ot
    e.update(more)
    return e


def op(op, obj=None, value=None, **more):
    return dict({'op': op, 'service': 'S'}, **({'object': obj} if obj else {}), **({'value': value} if value is not None else {}), **more)


B, PLC, VAV = '10.20.0.5', '10.20.0.9', '10.20.0.40'
MADE = [
    event(100, 'modbus', B, VAV, ot=op('write', 'coil:1', 1)),                                          # before the span
    event(600, 'modbus', B, PLC, ot=op('read', 'holding_register:40010', [1, 2, 120], count=3, result='ok')),
    event(719.999999, 'modbus', B, VAV, ot=op('write', 'coil:1', 1)),                                    # a microsecond before
    event(720, 'modbus', B, PLC, cnt=4711, ot=op('write', 'holding_register:40012', 85, unit_id=3, result='ok')),   # no unit was read
    event(730, 'modbus', B, PLC, cnt=4720, ot=op('write', 'holding_register:40012', 85, result='ok')),
    event(730.2, 'modbus', B, PLC, cnt=4721, mac='00:00:00:00:00:09', ot=op('write', 'holding_register:40012', 85, result='ok')),   # the same, beyond a router
    event(731, 'modbus', B, PLC, ot=op('write', 'holding_register:40012', 90, result='ok')),
    event(732, 'modbus', B, PLC, ot=op('write', 'holding_register:40099', 1, result='illegal data address')),
    event(733, 'bacnet', B, PLC, ot=op('command', None, None, service='ReinitializeDevice')),
    event(734, 'bacnet', B, '10.20.0.255', ot=op('command', None, None, service='TimeSynchronization')),
    event(735, 'dhcp', VAV, '10.20.0.1', ot=op('configure', None, None)),
    event(736, 'tls', PLC, '192.0.2.70', dport=443, tls={'sni': 'moln.renluft.example', 'fingerprint': 'aa:bb', 'fingerprint_sha256': 'cc:dd'}),
    event(737, 'http', PLC, '203.0.113.9', dport=80, http={'http_user_agent': 'styr/1.0', 'hostname': 'h.example', 'url': '/'}),
    event(738, 'tls', VAV, '203.0.113.99', dport=443, tls={'sni': 'annan.example'}),
    event(740, 'alert', '203.0.113.9', PLC, alert={'signature': 'ET SCAN Modbus', 'severity': 2}),
    event(741, 'alert', '203.0.113.9', PLC, alert={'signature': 'ET SCAN Modbus', 'severity': 2}),
    event(742, 'credential', B, PLC, credential={'app_proto': 'ftp', 'kind': 'password', 'form': 'clear', 'user': 'olle.karlsson'}),
    event(750, 'flow', B, PLC, flow={'pkts_toserver': 10, 'pkts_toclient': 8, 'bytes_toserver': 1000, 'bytes_toclient': 700, 'start': at(721), 'end': at(750)}),
    event(750.1, 'flow', B, PLC, flow={'pkts_toserver': 10, 'pkts_toclient': 8, 'bytes_toserver': 1000, 'bytes_toclient': 700, 'start': at(721.1), 'end': at(750.1)}),
    event(760, 'flow', PLC, '203.0.113.9', sport=50009, flow={'pkts_toserver': 3, 'pkts_toclient': 1, 'bytes_toserver': 300, 'bytes_toclient': 60, 'start': at(755), 'end': at(760)}),
    {'ts': (T0 + datetime.timedelta(seconds=745)).timestamp(), '_path': 'ssl', 'id.orig_h': PLC, 'id.orig_p': 50100, 'id.resp_h': '198.51.100.7', 'id.resp_p': 443, 'server_name': 'zeek.example'},
    event(1200, 'modbus', B, VAV, ot=op('write', 'coil:1', 1)),                                          # at the end: not in it
]
EV = path('made.ndjson', MADE)
d = journal('M1', '2026-11-22T09:00:00Z', occurred_at='2026-11-22 09:12', ended_at='2026-11-22 09:20', ongoing='no')
r, err = stage('incidentanmalan', d, '-e', EV, '-i', INV, '-s', SITE)
ok(r['records'] == {'from': at(720), 'to': at(1200), 'events': 18, 'assets': 2, 'assets_named': False}, 'the span: from occurred_at to ended_at, the first in it and the last not', r['records'])
w = part(r, 'system_impact', 'writes_seen')
ok(w['text'].splitlines() == [
    '2026-11-22 09:12:00 +01:00: 10.20.0.5 wrote 85 to holding_register:40012 of AHU-2 (10.20.0.9), unit 3',
    '2026-11-22 09:12:10 +01:00: 10.20.0.5 wrote 85 to holding_register:40012 of AHU-2 (10.20.0.9), before 120 (2 times, last 90, at 2026-11-22 09:12:11 +01:00)',
    '2026-11-22 09:12:12 +01:00: 10.20.0.5 wrote 1 to holding_register:40099 of AHU-2 (10.20.0.9); the answer was illegal data address',
    '2026-11-22 09:12:13 +01:00: 10.20.0.5 sent ReinitializeDevice to AHU-2 (10.20.0.9)'], 'writes: what, when, what it was before', w.get('text'))
ok(w['evidence'][:3] == ['x/made.pcapng packet 4711', 'x/made.pcapng packet 4720', 'x/made.pcapng packet 4721'] and w['basis'] == 'records' and 'by' not in w, 'the same one seen at two places is one, with both packets', w)
ok(part(r, 'system_impact', 'affected_assets')['text'] == 'AHU-2', 'affected: what was written to; not all of a network, not who asks for an address', part(r, 'system_impact', 'affected_assets'))
ok(part(r, 'system_impact', 'affected_addresses')['text'] == 'AHU-2: 10.20.0.9', 'its addresses')
t = part(r, 'system_impact', 'traffic_seen')
ok(t['text'] == 'AHU-2 (10.20.0.9): sent 1,000 bytes in 11 packets, received 1,060 bytes in 11 packets, 2 flows, each counted whole', 'volumes: a flow seen twice counts once', t)
ok(part(r, 'occurred_at', 'first_seen_at')['value'] == at(720) and part(r, 'occurred_at', 'first_seen_at')['evidence'] == ['x/made.pcapng packet 4711'] and r['fields']['occurred_at']['text'] == '2026-11-22 09:12 +01:00', 'the first trace stands beside what a person said', r['fields']['occurred_at'])
signs = r['fields']['indicators_of_compromise']
want = ['Address outside the site: Renluft AB (192.0.2.70)', 'Address outside the site: 203.0.113.9', 'Address outside the site: 198.51.100.7', 'Server name asked for (TLS): moln.renluft.example',
        'Server name asked for (TLS): zeek.example', 'User agent (HTTP): styr/1.0', 'Certificate fingerprint: cc:dd']
ok([x.split(', ')[0] for x in signs['text'].splitlines()] == want and signs['status'] == 'answered', 'indicators of what is affected, and of nothing else', signs.get('text'))
ok(part(stage('upplysning', d, '-e', EV, '-i', INV)[0], 'event_timeline', 'alerts_seen')['text'] == '2026-11-22 09:12:20 +01:00: ET SCAN Modbus (203.0.113.9 → STYR-1 (10.20.0.9)) (2 times)', 'alerts, by the inventory\'s name')
everything = ''.join(run(x, d, '-e', EV, '-i', INV, '-s', SITE, '-f', f, *NOW)[1] for x in ('upplysning', 'incidentanmalan', 'early_warning', 'incident_notification') for f in ('text', 'json', 'html', 'markdown'))
ok('olle' not in everything, 'no name of a user')
ok(r['fields']['system_impact']['status'] == 'missing', 'and what asks for a judgement is still missing')
one, _ = stage('incidentanmalan', d, '-e', EV, '-i', INV, '-s', SITE)
two, _ = stage('incidentanmalan', d, '-e', '-', '-i', INV, '-s', SITE, data=open(EV, 'rb').read())
ok(one == two, 'the same from standard input')
names = journal('M2', '2026-11-22T09:00:00Z', occurred_at='2026-11-22 09:12', ended_at='2026-11-22 09:20', affected_assets='vav-1, 203.0.113.9;bbbb1111, Spöke')
r, err = stage('incidentanmalan', names, '-e', EV, '-i', INV, '-s', SITE)
ok('affected_assets: Spöke: neither' in err and r['records']['not_found'] == ['Spöke'] and r['records']['assets_named'], 'a name that means nothing is said', err, r['records'])
ok('annan.example' in r['fields']['indicators_of_compromise']['text'] and 'moln' not in r['fields']['indicators_of_compromise']['text'] and not part(r, 'system_impact', 'writes_seen'), 'only of what a person named', r['fields']['indicators_of_compromise'])
late = journal('M3', '2026-11-22T09:00:00Z', detected_at='2026-11-22 09:20')
ok(stage('incidentanmalan', late, '-e', EV)[0]['records']['from'] == at(1200 - 86400) and stage('incidentanmalan', late, '-e', EV, '--before', '10m')[0]['records']['from'] == at(600), 'without occurred_at: so long before it was detected')
ok(stage('incidentanmalan', late, '-e', EV)[0]['records']['to'] == at(14400), 'without an end: until now')
code, out, err = run('upplysning', d, '-e', path('odd.ndjson', ['not json\n', '{"a":1}\n']), *NOW)
ok(code == 2 and 'odd.ndjson:1' in err and 'Obliga' not in out and 'Required' in out, 'a line that is no record is said, and the report is written', code, err)
code, out, err = run('upplysning', d, '-e', path('none.ndjson', MADE[:2]), '-i', path('noinv.ndjson', MADE[:1]), *NOW)
ok('none of 2 events lies in' in err and 'no asset record' in err, 'records that say nothing are said', err)
shuffled = stage('incidentanmalan', d, '-e', path('rev.ndjson', [x for x in MADE if x.get('event_type') not in ('modbus', 'bacnet')][::-1]), '-i', INV, '-s', SITE)[0]
straight = stage('incidentanmalan', d, '-e', path('fwd.ndjson', [x for x in MADE if x.get('event_type') not in ('modbus', 'bacnet')]), '-i', INV, '-s', SITE)[0]
ok(shuffled['fields']['indicators_of_compromise']['text'] == straight['fields']['indicators_of_compromise']['text'], 'indicators do not hang on the order of the records')

# --- vendors, and the calibration ledger

ssh = [event(700, 'ssh', '192.0.2.70', PLC, dport=22, ssh={'client': {'software_version': 'x'}}),
       event(900, 'flow', '192.0.2.70', PLC, dport=22, app_proto='ssh', flow={'pkts_toserver': 9, 'pkts_toclient': 9, 'bytes_toserver': 900, 'bytes_toclient': 900, 'start': at(700), 'end': at(900), 'state': 'closed'}, tcp={'syn': True, 'fin': True, 'ack': True})]
v = part(stage('upplysning', d, '-e', path('ssh.ndjson', ssh), '-s', SITE)[0], 'event_timeline', 'vendors_connected')
ok(v.get('text', '').startswith('2026-11-22 09:11:40 +01:00–2026-11-22 09:15:00 +01:00: Renluft AB (192.0.2.70), SSH to AHU-2; contract: Valid'), 'who was connected from outside, a session that began before too', v)
import ledgers  # noqa: E402
led = ledgers.Ledger()
led.instrument('2025-01-01', instrument='DP-7', name='Pressure 7')
led.cal('2025-11-30', 'DP-7', due='2026-11-22')
k = journal('K1', '2026-11-20T09:00:00Z', occurred_at='2026-11-20 09:12', ongoing='yes', affected_assets='AHU-2, VAG-1')
for now, tail in (('2026-11-21T12:00:00Z', ''), ('2026-11-25T12:00:00Z', '; since then: the calibration had run out')):
    x = part(stage('incidentanmalan', k, '--now', now, '-s', SITE, '--ledger', path('ledger.ndjson', led.text()))[0], 'system_impact', 'affected_instruments')
    ok(x.get('text') == 'AHU-2: the calibration was valid, until 2026-11-22, certificate K-2025-11-30%s\nVAG-1: calibration due 2026-10-31 by the register' % tail and x['evidence'][0] == 'ledger record 2' and x['basis'] == 'ledger',
       'how instruments stood when it began, and since', x)

# --- entered in the journal

s = journal('S1', '2026-11-22T09:00:00Z', occurred_at='2026-11-22 09:12', ended_at='2026-11-22 09:20', indicators='203.0.113.9')
before, _ = stage('incidentanmalan', s, '-e', EV, '-i', INV, '-s', SITE)
n0 = before['incident']['records']
after, err = stage('incidentanmalan', s, '-e', EV, '-i', INV, '-s', SITE, '--save', '-a', 'omar')
n1 = after['incident']['records']
with open(s + '/records.ndjson', encoding='utf-8') as f:
    new = [json.loads(x) for x in f][n0:]
ok(n1 - n0 == len(new) > 5 and all(x['event_type'] == 'incident_value' and x['author'] == 'omar' and x['incident_value']['basis'] == 'evidence' and x['incident_value']['evidence'] for x in new), '--save: each a record, with what shows it', new[:1], n0, n1)
ok('%d values' % len(new) in err, 'and said', err)
ok({x['incident_value']['field'] for x in new} >= {'affected_assets', 'writes_seen', 'first_seen_at', 'traffic_seen', 'organisation_name'} and 'indicators' not in {x['incident_value']['field'] for x in new}, 'what a person had set stays theirs')
p = part(after, 'system_impact', 'writes_seen')
ok(p['basis'] == 'evidence' and p['by'] == 'omar' and p['record'] > n0 and p['text'] == part(before, 'system_impact', 'writes_seen')['text'], 'the report says who entered it', p)
again, err = stage('incidentanmalan', s, '-e', EV, '-i', INV, '-s', SITE, '--save', '-a', 'omar')
ok(again['incident']['records'] == n1 and '0 values' in err, 'a second time there is nothing to enter', err)
v = subprocess.run([BIN + '/calchain', 'verify', s], capture_output=True, text=True)
ok(v.returncode == 0, 'the journal holds', v.stdout, v.stderr)
keep('submit', '-a', 'eva', '-r', 'R-1', '--now', '2026-11-22T13:00:00Z', 'upplysning', s)
keep('correct', '-a', 'eva', '-r', 'fel klocka', '--now', '2026-11-22T13:10:00Z', s, 'occurred_at', '2026-11-22 09:11')
r, _ = stage('incidentanmalan', s, '--now', '2026-11-22T14:00:00Z')
ok(part(r, 'early_warning_update', 'changes_since_warning').get('text') == 'Occurred at: 2026-11-22 09:12 +01:00 → 2026-11-22 09:11 +01:00' and r['fields']['early_warning_update']['status'] == 'missing', 'what changed since the early warning stands beside its update', r['fields']['early_warning_update'])
ok(part(r, 'occurred_at', 'occurred_at')['corrected'] is True, 'a correction says that it is one')

# --- a recorded incident: figures against what the laboratory's programs say they did

E = os.path.join(TOP, 'examples', 'incident')
did = json.load(open(os.path.join(E, 'did.json')))['events']
events = subprocess.run([BIN + '/otdissect', E + '/incident.pcapng'], capture_output=True).stdout
inv = subprocess.run([BIN + '/otinv', 'build', '-s', E + '/site.json'], input=events, capture_output=True).stdout
rec = journal('REC', '2026-11-18T09:00:00Z', occurred_at='2026-11-18 09:08', ended_at='2026-11-18 09:21', affected_assets='AHU-2')
r, err = stage('incidentanmalan', rec, '-e', path('rec.ndjson', events.decode()), '-i', path('recinv.ndjson', inv.decode()), '-s', E + '/site.json', '--now', '2026-11-18T12:00:00Z')
w = part(r, 'system_impact', 'writes_seen')['text'].splitlines()
writes = [x for x in did if x['what'] == 'write']
ok(len(writes) == 2 and [x for x in w if ' wrote ' in x] == ['2026-11-18 %s +01:00: %s (%s) wrote %s to %s present-value of AHU-2 (%s), before %s' % (
    (datetime.datetime.fromisoformat(x['at'][:19]) + datetime.timedelta(hours=1)).strftime('%H:%M:%S'), x['by'].upper(), x['source'], x['new'], x['object'], x['address'], x['old']) for x in writes],
   'the set-point: who, when, to what, from what', w, writes)
login = next(x for x in did if x['what'] == 'session start')
v = part(stage('upplysning', rec, '-e', os.path.join(tmp.name, 'rec.ndjson'), '-s', E + '/site.json', '--now', '2026-11-18T12:00:00Z')[0], 'event_timeline', 'vendors_connected').get('text', '')
ok(v.startswith('2026-11-18 09:09:20 +01:00–2026-11-18 09:17:01') and login['source'] in v, 'the supplier\'s session', v, login)


def frames(file):
    """(source, destination, length) of the IPv4 frames of a pcapng, by a reader of its own."""
    b, out, o = open(file, 'rb').read(), [], 0
    while o + 12 <= len(b):
        kind, size = struct.unpack_from('<II', b, o)
        if kind == 6:
            cap, length = struct.unpack_from('<II', b, o + 20)
            f = b[o + 28:o + 28 + cap]
            i = 12
            while f[i:i + 2] in (b'\x81\x00', b'\x88\xa8'):
                i += 4
            if f[i:i + 2] == b'\x08\x00':
                out.append(('.'.join(map(str, f[i + 14:i + 18])), '.'.join(map(str, f[i + 18:i + 22])), length))
        o += size
    return out


count = collections.Counter()
for src, dst, length in frames(E + '/incident.pcapng'):
    for way, me in (('out', src), ('in', dst)):
        if me == '10.20.0.9':
            count[way] += 1
            count[way + ' bytes'] += length
t = part(r, 'system_impact', 'traffic_seen')['text']
got = [int(x.replace(',', '')) for x in re.findall(r'sent ([\d,]+) bytes in ([\d,]+) packets, received ([\d,]+) bytes in ([\d,]+)', t)[0]]
ok(got[1] == count['out'] and got[3] == count['in'] and got[0] == count['out bytes'] and got[2] == count['in bytes'], 'volumes are those of the frames in the capture', t, dict(count))

# --- the laboratory's capture

lab = subprocess.run([BIN + '/otdissect', TOP + '/examples/lab.pcapng'], capture_output=True).stdout.decode()
LAB = path('lab.ndjson', lab)
d = journal('LAB', '2026-11-22T09:00:00Z', occurred_at='2026-11-22 09:20', ended_at='2026-11-22 09:30')
r, err = stage('incidentanmalan', d, '-e', LAB, '-s', TOP + '/examples/site.json')
done_to = collections.defaultdict(set)
for x in map(json.loads, lab.splitlines()):
    o = x.get('ot', {})
    if o.get('op') in ('write', 'command', 'program') or (o.get('op') == 'configure' and 'dhcp' not in x.get('app_proto', '')):
        done_to[x['dest_ip']].add((x['src_ip'], x.get('src_port'), o.get('service'), o.get('object'), json.dumps(o.get('value')), o.get('unit_id'), o.get('result'), x['timestamp'][:19]))
site = {ip: i['id'] for i in json.load(open(TOP + '/examples/site.json'))['instruments'] for ip in ([i['ip']] if isinstance(i.get('ip'), str) else i.get('ip', []))}
named = part(r, 'system_impact', 'affected_assets')['text'].split(', ')
want = sorted(site.get(ip, ip) for ip in done_to if not ip.endswith('.255') and not ip.startswith(('22', 'ff')))
ok(sorted(named) == want, 'affected are those that something was written to or commanded of', named, want)
ok('Nordlab' in part(stage('upplysning', d, '-e', LAB, '-s', TOP + '/examples/site.json')[0], 'event_timeline', 'vendors_connected').get('text', ''), 'the vendor\'s session of the capture')
w = part(r, 'system_impact', 'writes_seen')
ok(len(w['evidence']) >= len(w['text'].splitlines()) and all('examples/lab.pcapng packet ' in x for x in w['evidence']), 'every line has its packets', w)

# --- as it was when it was handed in

h = journal('HANDED', '2026-11-22T09:00:00Z', detected_at='2026-11-22 09:14', aware_at='2026-11-22 09:20')
with_all = ('-l', 'sv', '-e', LAB, '-s', TOP + '/examples/site.json')
then = {f: run('upplysning', h, '-f', f, *with_all, *NOW)[1] for f in ('text', 'json')}
code, out, err = run('--handed-in', 'upplysning', h)
ok(code == 2 and out == '' and 'was not handed in' in err, 'nothing was handed in yet', code, err)
code, out, err = keep('submit', '-a', 'eva', *NOW, '-r', 'C-1', *with_all, 'upplysning', h)
ok(code == 0 and err == '', 'handed in with what it was made of', code, out, err)
with open(h + '/records.ndjson', encoding='utf-8') as f:
    SUB = json.loads(f.read().splitlines()[-1])
keep('set', '-a', 'eva', '--now', '2026-11-22T13:00:00Z', h, 'suspected_malicious', 'yes')
keep('correct', '-a', 'eva', '--now', '2026-11-22T13:00:00Z', '-r', 'fel klocka', h, 'aware_at', '2026-11-22 09:18')
ok(run('upplysning', h, *with_all, *NOW)[1] != then['text'], 'today it would say something else')
for f, key in (('text', 'form_text'), ('json', 'form')):
    code, out, err = run('--handed-in', 'upplysning', h, '-f', f)
    ok(code == 0 and err == '' and out == then[f] and hashlib.sha256(out.encode()).hexdigest() == SUB['incident_submission'][key], '--handed-in: the bytes of that hour, as %s, with their digest in the journal' % f, code, err)
ok(not wrong([SUB]), 'the submission passes its schema', wrong([SUB]))
for args, why in ((('-f', 'html'), 'as text and as json'), (('-e', LAB), 'without'), (('-s', SITE), 'without'), (('--save',), 'without')):
    code, out, err = run('--handed-in', 'upplysning', h, *args)
    ok(code == 2 and out == '' and why in err, '--handed-in with %s is refused' % args[0], code, err)
code, out, err = keep('submit', '-a', 'eva', '--now', '2026-11-22T14:00:00Z', '-r', 'C-2', '--at', '2026-11-22 14:30', 'upplysning', h)
ok(code == 0, 'handed in again', code, err)
code, out, err = run('--handed-in', 'upplysning', h, '-f', 'json')
again = json.loads(out)
ok(code == 0 and 'handed in 2 times' in err and again['timestamp'].startswith('2026-11-22T13:30:00') and again['incident_stage']['lang'] == 'en', 'then the last is shown, of the time of --at', err, out[:300])
code, out, err = keep('submit', '-a', 'eva', '--now', '2026-11-22T14:00:00Z', '-r', 'C-3', 'uplysning', h)
ok(code == 2 and 'uplysning: no such stage' in err and 'upplysning, incidentanmalan' in err and 'C-3' not in open(h + '/records.ndjson', encoding='utf-8').read(), 'a slip in the stage\'s name is refused', code, err)
code, out, err = keep('submit', '-a', 'eva', '--now', '2026-11-22T14:00:00Z', '-r', 'C-3', 'imy', h)
ok(code == 0 and 'imy: there is no form of it' in err, 'what meets a deadline and has no form is kept without one, and that is said', code, err)
code, out, err = run('--handed-in', 'imy', h)
ok(code == 2 and 'kept no report' in err, 'of it there is no report', err)
code, out, err = keep('submit', '-a', 'eva', '--now', '2026-11-22T14:00:00Z', '-r', 'C-5', 'skede1', h)
ok(code == 0 and 'skede1 was not in force' in err, 'so is a stage of another time', code, err)
code, out, err = keep('submit', '-a', 'eva', '--now', '2026-11-22T14:00:00Z', '-r', 'C-4', '-e', path('broken.ndjson', 'nothing\n'), 'delrapport', h)
ok(code == 2 and 'nothing was entered' in err and 'C-4' not in open(h + '/records.ndjson', encoding='utf-8').read(), 'of lines that are no records nothing is frozen', code, err)
kept = os.path.join(h, 'files', SUB['incident_submission']['form_text'])
with open(kept, 'a', encoding='utf-8') as f:
    f.write('x')
code, out, err = run('--handed-in', 'upplysning', h, '-f', 'json')
ok(code == 0, 'the last one is another')
os.rename(kept, os.path.join(h, 'files', again and hashlib.sha256(run('--handed-in', 'upplysning', h)[1].encode()).hexdigest()))
code, out, err = run('--handed-in', 'upplysning', h)
ok(code == 2 and out == '' and 'is not what record' in err, 'other bytes under its digest are refused', code, err)

# --- hostile texts, widths, words

nasty = journal('NASTY', '2026-11-22T09:00:00Z', detected_at='2026-11-22 09:14', timeline='\x1b[31mred\x07 ```` <script>alert(1)</script>\n*x* | & " \'\n‮evil', detection_method='a' * 200 + ' ' + 'b ' * 300)
out = run('upplysning', nasty, *NOW)[1]
ok('\x1b' not in out and '\x07' not in out and '?[31mred?' in out, 'nothing steers a terminal')
page = run('upplysning', nasty, '-f', 'html', *NOW)[1]
ok('<script>alert' not in page and '‮' not in page and not faults(page), 'nothing in a page is markup', faults(page))
ok('`````text\n' in run('upplysning', nasty, '-f', 'markdown', *NOW)[1], 'fences are longer than what they hold')
wide = run('upplysning', nasty, '-w', '60', *NOW)[1].splitlines()
ok(all(len(x) <= 60 or ' ' not in x.strip() for x in wide) and max(map(len, out.splitlines())) > 500, '-w wraps; without it nothing does', [x for x in wide if len(x) > 60][:3])
long = path('long.ndjson', [event(800 + i / 10, 'modbus', B, PLC, cnt=i + 1, ot=op('write', 'holding_register:%d' % (40000 + i), i)) for i in range(100)])
r, _ = stage('incidentanmalan', journal('L', '2026-11-22T09:00:00Z', occurred_at='2026-11-22 09:12'), '-e', long, '-s', SITE, lang='sv')
w = part(r, 'system_impact', 'writes_seen')
ok(len(w['text'].splitlines()) == 26 and w['text'].splitlines()[-1] == '… och 75 till' and len(w['evidence']) == 25, 'a long list ends with how many more', w['text'].splitlines()[-1:])
scripts = re.findall(r'<script>(.*?)</script>', page, re.S)
policy = re.search(r"script-src 'sha256-([^']+)'", page).group(1)
import base64  # noqa: E402
ok(len(scripts) == 1 and base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode() == policy and '<button' not in page.split('<script>')[0], 'one script, allowed by its digest; without it no button')
for f in ('--schema', '--list-fields'):
    code, out, err = run(f)
    ok(code == 0 and 'incident_stage' in out, f)
done()
