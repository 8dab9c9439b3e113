#!/usr/bin/python3
"""nis2report klassa: levels of systems, what they demand, and what is seen against it."""
import json
import os
import sys

sys.dont_write_bytecode = True
from reports import answer, path, runner, tmp
from tap import done, ok

NOW = '2026-11-22'
RULES = json.load(open('lib/rules/klassa.json', encoding='utf-8'))
run = runner('klassa')


def site(name, **members):
    return path(name, json.dumps(dict({'otsite': 1, 'site': {'key': 'lab'}, 'zones': [
        {'id': 'lab', 'cidr': ['10.1.0.0/16']}, {'id': 'bms', 'cidr': ['10.2.0.0/16']}, {'id': 'office', 'cidr': ['10.3.0.0/16']}]}, **members)))


def systems(*args):
    code, recs = answer(run, '--now', NOW, *args, empty=True)
    return code, {r['klassa_system']['id']: r['klassa_system'] for r in recs}


def asset(i, ip, zone, **more):
    return {'timestamp': '2026-11-20T00:00:00.000000+0000', 'event_type': 'asset', 'asset': dict(
        {'id': i, 'ips': [ip], 'first_seen': '2026-11-01T00:00:00.000000+0000', 'last_seen': '2026-11-20T00:00:00.000000+0000'},
        **({'zone': zone} if zone else {'public': True}), **more)}


def link(c, s, proto, **more):
    return {'timestamp': '2026-11-20T00:00:00.000000+0000', 'event_type': 'link', 'link': dict(
        {'client': {'id': c}, 'server': {'id': s}, 'app_proto': proto, 'transport': 'tcp', 'port': 1, 'answered': True,
         'first_seen': '2026-11-01T00:00:00.000000+0000', 'last_seen': '2026-11-20T00:00:00.000000+0000'}, **more)}


def status(s, demand):
    d = [x for x in s['demands'] if x['id'] == demand]
    return d[0]['status'] if d else None


S = site('site.json', conduits=[{'from': 'lab', 'to': 'bms', 'app_proto': ['https']}],
         suppliers=[{'id': 'v', 'addresses': ['198.51.100.0/24'], 'instruments': ['PLC'], 'contract': 'K', 'expires': '2026-11-01', 'mfa': False}],
         systems=[{'id': 'bad', 'name': {'sv': 'Dåligt', 'en': 'Bad'}, 'klassa': 'K3/R1/T3', 'zones': ['bms'], 'owner': 'Eva'},
                  {'id': 'good', 'klassa': 'K3/R3/T3', 'instruments': ['LIMS']}, {'id': 'low', 'klassa': 'K0/R0/T0', 'instruments': ['LIMS']},
                  {'id': 'none'}, {'id': 'ghost', 'klassa': 'K2/R2/T2', 'instruments': ['GHOST']}],
         instruments=[{'id': 'PLC', 'ip': '10.2.0.9', 'zone': 'bms', 'klassa': 'K1/R3/T2', 'firmware': '1', 'end_of_support': '2026-11-22',
                       'calibration_due': '2026-11-01'},
                      {'id': 'OFF', 'zone': 'bms', 'klassa': 'K4/R4/T4', 'in_use': False},
                      {'id': 'LIMS', 'ip': '10.1.0.5', 'zone': 'lab', 'owner': 'Per', 'risk_entry': 'R-1', 'firmware': '7', 'end_of_support': '2030-01-01'},
                      {'id': 'ALONE', 'zone': 'lab', 'klassa': 'K0/R2/T4', 'owner': 'Per'}, {'id': 'GHOST', 'zone': 'lab'}],
         attestations=[{'item': 'art.backup_restore', 'status': 'met', 'by': 'E', 'date': '2025-01-01', 'expires': '2026-01-01'},
                       {'item': 'inc.process_72h', 'status': 'met', 'by': 'E', 'date': '2026-01-01'},
                       {'item': 'cal.audit_trail', 'status': 'met', 'by': 'E', 'date': '2026-01-01'},
                       {'item': 'cra.conversion_plan', 'status': 'partly', 'by': 'E', 'date': '2026-01-01'}])
INV = path('inv.ndjson', [
    asset('plc', '10.2.0.9', 'bms', firmware='2'), asset('stray', '10.2.0.77', 'bms'), asset('pc', '10.3.0.7', 'office'),
    asset('lims', '10.1.0.5', 'lab', firmware='7'), asset('vendor', '198.51.100.7', None),
    link('pc', 'plc', 'modbus', encrypted=False, ops={'write': 3}, cleartext_credentials=True),
    link('lims', 'plc', 'https', encrypted=True, port=443), link('vendor', 'plc', 'ssh', encrypted=True, port=22),
    link('stray', 'plc', 'dns', encrypted=False, port=53)])
code, s = systems('-s', S, INV)
ok(code == 1, 'something is against it: 1')
ok(list(s) == ['bad', 'good', 'low', 'none', 'ghost', 'ALONE'], 'systems, then instruments in none', list(s))
b, g = s['bad'], s['good']
ok(b['own'] == 'K3/R1/T3' and b['level'] == 'K3/R3/T3', 'the highest of each aspect', b)
ok(b['raised_by'] == [{'aspect': 'r', 'instrument': 'PLC', 'level': 3}], 'and who raises it: not what is out of use', b['raised_by'])
ok('level' not in s['none'] and s['none']['demands'] == [], 'a system without a triple')
ok(s['ALONE']['level'] == 'K0/R2/T4' and not s['ALONE']['system'], 'an instrument in no system')
ok(b['instruments'] == ['PLC'] and b['devices'] == 2, 'its instruments in use, and all devices of its zone', b)
want = {'register': 'gap', 'passwords': 'gap', 'conduits': 'gap', 'cleartext_across': 'gap', 'cleartext': 'gap', 'mfa': 'gap', 'owner': 'met',
        'risk_entry': 'gap', 'calibrated': 'gap', 'firmware': 'gap', 'writes_undecided': 'gap', 'writes_clear': 'gap', 'audit_trail': 'met',
        'support': 'gap', 'restore': 'gap', 'contracts': 'gap', 'watched': 'met', 'exercise': 'met', 'replacement': 'partly'}
for d, w in want.items():
    ok(status(b, d) == w, 'bad: %s %s' % (d, w), [x for x in b['demands'] if x['id'] == d])
want = {'register': 'met', 'passwords': 'met', 'conduits': 'met', 'cleartext_across': 'met', 'cleartext': 'met', 'mfa': 'not_applicable',
        'owner': 'met', 'risk_entry': 'met', 'calibrated': 'not_applicable', 'firmware': 'met', 'writes_undecided': 'met', 'writes_clear': 'met',
        'support': 'met', 'contracts': 'unknown', 'watched': 'met'}
for d, w in want.items():
    ok(status(g, d) == w, 'good: %s %s' % (d, w), [x for x in g['demands'] if x['id'] == d])
c = [x for x in b['demands'] if x['id'] == 'conduits'][0]
ok(c['count'] == 2 and any('PLC' in x for x in c['against']), 'what is against it, counted', c)
ok(s['low']['demands'] == [], 'level 0 demands nothing')
ok({x['id'] for x in s['ALONE']['demands'] if x['from'] == 4} == {'separate_t'} and status(s['ALONE'], 'separate_t') == 'unknown',
   'level 4 is a person\'s analysis')
ok(status(s['ghost'], 'firmware') == 'unknown' and status(s['ghost'], 'conduits') == 'unknown', 'what was not seen is unknown, not met')
for i, x in s.items():
    level = dict(zip('krt', (x.get('k', -1), x.get('r', -1), x.get('t', -1))))
    demanded = {d['id'] for d in RULES['demands'] if d['from'] <= level[d['aspect']]}
    ok({d['id'] for d in x['demands']} == demanded, '%s: demanded what its levels demand (%d)' % (i, len(demanded)))


def cal(i, state):
    return {'timestamp': NOW + 'T00:00:00.000000+0000', 'event_type': 'calibration_status', 'calibration_status': {
        'instrument': i, 'listed': True, 'in_use': True, 'state': state, 'why': 'w'}}


# whose word counts: with people listed, that of one of them in full
FORGED = {'key': 'eva@lab+00000000', 'signature': 'A' * 86 + '=='}
for att, want, key in (({'by': 'eva'}, 'met', 'att.met'), ({'by': 'Eva Ek'}, 'met', 'att.met'), ({'by': 'E'}, 'partly', 'klassa.att.stranger'),
                       ({'by': 'E', 'status': 'gap'}, 'gap', 'att.gap'), ({'by': 'E', 'status': 'not_applicable'}, 'unknown', 'klassa.att.stranger'),
                       (dict(FORGED, by='eva'), 'gap', 'att.forged')):
    who = site('who.json', people=[{'id': 'eva', 'name': 'Eva Ek'}], systems=[{'id': 'one', 'klassa': 'K0/R0/T2', 'instruments': ['LIMS']}],
               instruments=[{'id': 'LIMS', 'ip': '10.1.0.5'}], attestations=[dict({'item': 'art.backup_restore', 'status': 'met', 'date': '2026-01-01'}, **att)])
    code, s = systems('-s', who, INV)
    d = [x for x in s['one']['demands'] if x['id'] == 'restore'][0]
    ok(d['status'] == want, 'the word of %s: %s' % (att, want), d)
    out = run('-s', who, '--now', NOW, '-w', '300', INV)[1]
    ok(('not among' in out) == (key == 'klassa.att.stranger') and ('does not hold' in out) == (key == 'att.forged'), 'and its reason', out)

code, s = systems('-s', S, INV, path('cal', [cal('PLC', 'valid')]))
ok(status(s['bad'], 'calibrated') == 'met', 'the ledger goes before the register')
reg = path('reg', [asset('lims', '10.1.0.5', 'lab', register={'id': 'LIMS', 'klassa': {'k': 1, 'r': 1, 't': 1}})])
plain = site('plain.json', instruments=[{'id': 'LIMS', 'ip': '10.1.0.5', 'zone': 'lab', 'owner': 'P'}])
code, s = systems('-s', plain, reg)
ok(code == 0 and s['LIMS']['level'] == 'K1/R1/T1', 'a triple of the register that the inventory read; nothing against it: 0', code, s)
code, out, err = run('-s', site('empty.json'), '--now', NOW, INV)
ok(code == 1 and 'no system' in err and 'has no systems' in out, 'no systems', err, out)

code, out, err = run('-s', S, '--now', NOW, INV)
ok(code == 1 and 'Bad: K3/R3/T3' in out and 'raised by PLC' in out and 'Not classed' in out, 'text', out[:2000])
code, out, err = run('-s', S, '--now', NOW, '-l', 'sv', INV)
ok('3 allvarlig' in out and '2 betydande' in out and 'höjd av PLC' in out and 'Oklassat' in out, 'Swedish', out[:2000])
code, out, err = run('-s', S, '--now', NOW, '-f', 'markdown', INV)
ok('### Bad: K3/R3/T3' in out and '**Gap**' in out, 'Markdown', out[:1500])
for lang in 'sv', 'en':
    code, out, err = run('-s', S, '--now', NOW, '-l', lang, '-f', 'html', INV)
    ok(code == 1 and '<html lang="%s">' % lang in out and 'http:' not in out and '>klassa.' not in out, 'a page in ' + lang, err)
    ok(all('id="%s"' % x.split('"')[0] in out for x in out.split('href="#')[1:]), 'every link leads somewhere')
rules = os.path.join(tmp.name, 'rules')
os.mkdir(rules)
text = json.dumps(RULES)
for was, to, want in (('"check": "unlisted"', '"check": "guess"', 'no such way'), ('"from": 4', '"from": 5', 'from (1 to 4)'),
                      ('"item": "art.mfa"', '"item": "art.no"', 'not in the checklist'), ('"csl.2.3.9"', '"csl.9"', 'no such provision')):
    with open(rules + '/klassa.json', 'w') as f:
        f.write(text.replace(was, to))
    code, out, err = run('--rules', rules, '-s', S, INV)
    ok(code == 2 and want in err, 'rules: says "%s": 2' % want, err)
for args, want in (((INV,), '--site'), (('-s', '-'), 'both be standard input'),
                   (('-s', '-', '-'), 'both be standard input'), (('-s', S, tmp.name + '/none'), 'none'),
                   (('-s', S, path('broken', '{\n')), 'broken:1')):
    code, out, err = run('--now', NOW, *args)
    ok(code == 2 and want in err, 'says "%s": 2' % want, code, err)
ok([x['name']['sv'] for x in RULES['levels']] == ['ingen eller försumbar', 'måttlig', 'betydande', 'allvarlig', 'synnerligen allvarlig'],
   'the levels as SKR names them')
ok(all(d.get('source') and d.get('certainty') and d.get('review_by') and d['title']['sv'] and d['title']['en'] for d in RULES['demands']),
   'each demand has its source, how sure it is, its review and both languages')
done()
