#!/usr/bin/python3
"""nis2report cra: classes, vendors, support, patches; the law's rules and an older guide's."""
import datetime
import json
import subprocess
import sys

sys.dont_write_bytecode = True
from reports import answer, path, runner, tmp, wrong, BIN
from tap import done, ok

NOW = '2026-11-22'
run = runner('cra')


def records(*args):
    code, recs = answer(run, '--now', NOW, *args)
    return code, {r['cra_instrument'].get('instrument', r['cra_instrument']['name']): r['cra_instrument']
                  for r in recs[:-1]}, recs[-1]['cra_summary']


def days(a, b):
    return (datetime.date.fromisoformat(b) - datetime.date.fromisoformat(a)).days


def asset(i, name, **more):
    return {'timestamp': '2026-11-20T00:00:00.000000+0000', 'event_type': 'asset', 'asset': dict(
        {'id': i, 'name': name, 'first_seen': '2026-11-01T00:00:00.000000+0000',
         'last_seen': '2026-11-20T00:00:00.000000+0000'}, **more)}


def proposal(cls, role, function='control of a process', confirm=True, **more):
    return dict({'roles': [{'role': role}], 'cra': dict({'class': cls, 'reason': 'no annex lists instruments',
                'core_function': function, 'basis': 'role', 'role': role, 'source': '(EU) 2024/2847',
                'certainty': 'secondhand'}, **({'confirm': True} if confirm else {}))}, **more)


def change(i, name, day, old, new, field='firmware', kind='changed'):
    return {'timestamp': day + 'T10:00:00.000000+0000', 'event_type': 'change', 'change': {
        'kind': kind, 'what': 'asset', 'severity': 'high', 'rule': 'firmware', 'reason': 'r',
        'field': field, 'old': old, 'new': new, 'asset': {'id': i, 'name': name}}}


SITE = path('site.json', json.dumps({
    'otsite': 1, 'site': {'key': 'lab'},
    'suppliers': [{'id': 'asked', 'name': 'Frågad AB', 'instruments': ['HPLC'], 'cra_answered': '2026-06-01'}],
    'policies': {'patch_max_age_days': 100},
    'instruments': [
        {'id': 'HPLC', 'kind': 'analyser', 'hostname': 'hplc', 'end_of_support': '2027-12-11',
         'cra': {'class': 'default', 'asked': '2026-05-01'}},
        {'id': 'PLC', 'kind': 'plc', 'name': {'sv': 'Autoklav 1', 'en': 'Autoclave 1'}, 'hostname': 'plc',
         'end_of_support': '2027-12-10', 'cra': {'class': 'default', 'asked': '2026-05-01'}},
        {'id': 'PLC2', 'kind': 'plc', 'end_of_support': '2030-01-01', 'cra': {'class': 'default', 'asked': '2026-05-01'}},
        {'id': 'IVD', 'kind': 'analyser', 'end_of_support': '2026-01-01', 'cra': {'ivd': True}},
        {'id': 'FW', 'kind': 'firewall', 'end_of_support': '2026-11-22', 'cra': {'class': 'II', 'asked': '2099-01-01'}},
        {'id': 'HSM', 'kind': 'hsm', 'cra': {'class': 'critical', 'asked': '2026-05-01'}},
        {'id': 'UPS', 'kind': 'ups', 'cra': {'class': 'default', 'asked': '2026-05-01'}},
        {'id': 'OLD', 'kind': 'switch', 'in_use': False},
        {'id': 'ODD', 'kind': 'robot', 'cra': {'class': 'unknown', 'asked': '2026-05-01'}},
        {'id': 'SEEN', 'kind': 'sensor', 'hostname': 'seen', 'cra': {'asked': '2026-05-01'}}]}))
INV = path('inv.ndjson', [
    asset('0000000000a1', 'hplc', hostnames=['hplc'], firmware='2.0'),
    asset('0000000000a2', 'plc', hostnames=['plc'], aliases=[{'id': '0000000000ff', 'key': 'ip:1', 'by': 'mac'}]),
    asset('0000000000a3', 'seen', hostnames=['seen'], **proposal('default', 'sensor')),
    asset('0000000000b1', 'new', **proposal('important_I', 'switch', 'router, modem for the internet, switch')),
    asset('0000000000b2', 'odd', cra={'class': 'unknown', 'reason': 'what it is for was not seen', 'basis': 'nothing',
                                      'source': '(EU) 2024/2847', 'confirm': True}),
    asset('0000000000b3', 'cloud', public=True), asset('0000000000b4', 'quiet', silent=True)])
CHANGES = path('changes.ndjson', [
    change('0000000000a1', 'hplc', '2026-10-01', '1.1', '2.0'), change('0000000000a1', 'hplc', '2026-01-01', '1.0', '1.1'),
    change('0000000000a1', 'hplc', '2026-05-01', 'x', 'y', field='os'), change('0000000000a1', 'hplc', '2026-05-01', 'a', 'b', kind='new'),
    change('0000000000ff', 'was', '2026-06-30', '3', '4'), change('0000000000ee', 'Autoclave 1', '2026-07-01', '4', '5'),
    change('0000000000dd', 'nobody', '2026-07-01', '4', '5'), change('0000000000a1', 'hplc', '2027-01-01', '2.0', '3.0')])

code, r, s = records('-s', SITE, INV, CHANGES)
ok(code == 1, 'something is open: 1', code)
ok(set(r) == {'HPLC', 'PLC', 'PLC2', 'IVD', 'FW', 'HSM', 'UPS', 'OLD', 'ODD', 'SEEN', 'new', 'odd'},
   'the register, and what is not on it; not the internet, not the silent', sorted(r))
for i, cls, basis in (('HPLC', 'default', 'register'), ('IVD', 'excluded', 'register'), ('FW', 'important_II', 'register'),
                      ('HSM', 'critical', 'register'), ('OLD', 'unknown', 'nothing'), ('ODD', 'unknown', 'register'),
                      ('SEEN', 'default', 'role'), ('new', 'important_I', 'role'), ('odd', 'unknown', 'nothing')):
    ok((r[i]['class'], r[i]['basis']) == (cls, basis), '%s: %s by %s' % (i, cls, basis), r[i])
ok(r['SEEN'].get('confirm') and 'confirm' not in r['HPLC'], 'a proposal must be confirmed, the register\'s word not')
for i, state, left in (('HPLC', 'after', days(NOW, '2027-12-11')), ('PLC', 'before', days(NOW, '2027-12-10')),
                       ('FW', 'ended', 0), ('IVD', 'ended', days(NOW, '2026-01-01')), ('HSM', 'unknown', None)):
    ok((r[i]['support']['state'], r[i]['support'].get('days_left')) == (state, left),
       '%s: support %s, %s days' % (i, state, left), r[i]['support'])
for i, state in (('HPLC', 'answered'), ('PLC', 'asked'), ('IVD', 'not_needed'), ('FW', 'not_asked'), ('new', 'not_asked')):
    ok(r[i]['vendor']['state'] == state, '%s: vendor %s' % (i, state), r[i]['vendor'])
ok(r['HPLC']['vendor']['supplier'] == 'asked', 'the supplier that names the instrument')
for i, what in (('HPLC', []), ('PLC', ['support_ends']), ('IVD', []), ('FW', ['not_asked', 'support_ends']), ('OLD', []),
                ('ODD', ['unclassed']), ('odd', ['unclassed', 'not_asked']), ('UPS', [])):
    ok(r[i]['open'] == what, '%s: open %s' % (i, what), r[i]['open'])
p = r['HPLC']['patching']
ok(p['changes'] == 2 and p['age_days'] == days('2026-10-01', NOW) and p['mean_days'] == days('2026-01-01', '2026-10-01'),
   'two changes of firmware by the day, their age, the days between them', p)
ok([x['new'] for x in r['HPLC']['patches']] == ['1.1', '2.0'], 'by time')
ok([x['new'] for x in r['PLC']['patches']] == ['4', '5'], 'by an earlier id, and by the register\'s name', r['PLC'].get('patches'))
ok(s['changes_unplaced'] == 2, 'changes of nobody\'s, and from after the day, are counted', s)
ok(s['open'] == 5 and s['unclassed'] == 2 and s['support_ends'] == 2 and s['not_asked'] == 3, 'counts', s)
ok(s['days_left'] == days(NOW, '2027-12-11') and s['applies'] == '2027-12-11', 'days left until 2027-12-11', s)
ok({i for i in r if r[i].get('other', {}).get('differs')} == {'PLC', 'PLC2', 'IVD', 'HSM', 'UPS'},
   'where the guide says otherwise', {i: r[i].get('other') for i in r})
ok(r['PLC']['other']['class'] == 'iacs' and r['PLC2']['other']['class'] == 'class_ii', 'an autoclave\'s PLC, and one')

code, g, s = records('-s', SITE, '--rule-set', 'guide', INV, CHANGES)
for i, cls in (('PLC', 'iacs'), ('PLC2', 'class_ii'), ('FW', 'class_ii'), ('HSM', 'class_ii'), ('UPS', 'class_i'),
               ('HPLC', 'default'), ('IVD', 'default'), ('new', 'unknown'), ('ODD', 'unknown')):
    ok(g[i]['class'] == cls, 'by the guide %s: %s' % (i, cls), g[i])
ok(g['PLC']['other'] == {'rule_set': 'law', 'class': 'default', 'differs': True, 'why': g['PLC']['other']['why'],
                         'source': g['PLC']['other']['source']}, 'and the law beside it', g['PLC']['other'])
ok(s['classes'] == {'default': 3, 'class_i': 1, 'class_ii': 3, 'iacs': 1, 'unknown': 4}, 'its classes', s['classes'])

code, out, err = run('-s', SITE, '--now', NOW, INV, CHANGES)
ok(code == 1 and '384 days left until 2027-12-11' in out and 'a person must confirm' in out, 'text', out[:600])
ok('firmware last changed 144 days ago; the policy says 100 at most' in out, 'firmware older than the policy', out)
code, out, err = run('-s', SITE, '--now', NOW, '-l', 'sv', INV, CHANGES)
ok('384 dagar kvar till 2027-12-11' in out and 'ingen bilaga nämner' in out and
   'router, modem för' in out and 'internet, switch' in out, 'Swedish, the inventory\'s English reasons too', out[:2500])
ok('en person måste bekräfta' in ' '.join(out.split()), 'confirmed by a person, in Swedish')
code, out, err = run('-s', SITE, '--now', NOW, '-f', 'markdown', INV)
ok('| HPLC | **Default**' in out and '**Answered**' in out and '# lab' in out, 'Markdown', out[:1500])
for lang in 'sv', 'en':
    for rules in 'law', 'guide':
        code, out, err = run('-s', SITE, '--now', NOW, '-l', lang, '-f', 'html', '--rule-set', rules, INV, CHANGES)
        ok(code == 1 and '<html lang="%s">' % lang in out and 'http:' not in out and '>cra.' not in out and
           '>turn.' not in out, 'a page: %s, %s' % (rules, lang), err)

clean = path('clean.json', json.dumps({'otsite': 1, 'site': {'key': 'lab'}, 'instruments': [
    {'id': 'A', 'cra': {'class': 'default', 'asked': '2026-01-01'}, 'end_of_support': '2031-01-01'}]}))
ok(run('-s', clean, '--now', NOW, path('empty', ''))[0] == 0, 'nothing open: 0')
code, out, err = run('-s', SITE, '--now', NOW, path('empty', ''))
ok(code == 1 and 'never seen' not in out and 'no asset record: only the register' in err,
   'without an inventory nothing is said to have never been seen', code, out, err)
ok('never seen' in run('-s', SITE, '--now', NOW, INV)[1], 'with one it is')
att = path('att.json', json.dumps({'otsite': 1, 'site': {'key': 'lab'}, 'instruments': [{'id': 'A', 'cra': {'class': 'default'}}],
           'attestations': [{'item': 'cra.vendor_roadmap', 'status': 'met', 'by': 'E', 'date': '2026-02-01', 'expires': '2026-12-01'}]}))
code, r, s = records('-s', att, path('empty', ''))
ok(r['A']['vendor'] == {'state': 'asked', 'asked': '2026-02-01', 'by': 'attestation'}, 'asked, by an attestation', r['A'])
code, out, err = run('-s', att, '--now', '2026-12-02', '-f', 'ndjson', path('empty', ''))
ok(json.loads(out.splitlines()[0])['cra_instrument']['vendor']['state'] == 'not_asked', 'which has expired')
for who, state in (('E', 'not_asked'), ('eva', 'asked'), ('Eva Ek', 'asked')):
    known = path('known.json', json.dumps({'otsite': 1, 'site': {'key': 'lab'}, 'instruments': [{'id': 'A', 'cra': {'class': 'default'}}],
                 'people': [{'id': 'eva', 'name': 'Eva Ek'}], 'attestations': [{'item': 'cra.vendor_roadmap', 'status': 'met', 'by': who, 'date': '2026-02-01'}]}))
    code, r, s = records('-s', known, path('empty', ''))
    ok(r['A']['vendor']['state'] == state, 'where people are listed, the word of %s: %s' % (who, state), r['A'])
    out = run('-s', known, '--now', NOW, '-w', '300', path('empty', ''))[1]
    ok(('does not count' in out) == (state == 'not_asked') and 'has expired' not in out, 'and the report says so', out)
with open(INV, 'rb') as f:
    stdin = f.read()
ok(run('-s', SITE, '--now', NOW, data=stdin)[1] == run('-s', SITE, '--now', NOW, INV)[1], 'standard input')
for args, want in ((('-s', SITE, tmp.name + '/none'), 'none'), (('--rule-set', 'old', INV), 'law or guide'),
                   (('-s', '-'), 'both be standard input'),
                   (('-s', '-', '-'), 'both be standard input'), ((path('empty', ''),), 'nothing to class'),
                   ((path('broken', '{"event_type"\n'), '-s', SITE), 'broken:1')):
    code, out, err = run(*args)
    ok(code == 2 and want in err, 'says "%s": 2' % want, code, err)

lab = subprocess.run([BIN + '/otdissect', 'examples/lab.pcapng'], capture_output=True).stdout
lab = subprocess.run([BIN + '/otinv', 'build', '--site', 'examples/site.json'], input=lab, capture_output=True).stdout
code, out, err = run('-s', 'examples/site.json', '-f', 'ndjson', '--now', NOW, data=lab)
recs = [json.loads(x) for x in out.splitlines()]
site = json.load(open('examples/site.json', encoding='utf-8'))
ok(code == 1 and not wrong(recs), 'the sample laboratory', err)
want = {i['id'] for i in site['instruments'] if i.get('end_of_support', '9') < '2027-12-11'}
ok({r['cra_instrument']['instrument'] for r in recs[:-1] if 'support_ends' in r['cra_instrument']['open']} == want,
   'its instruments that lose support before the day', want)
ok(len({r['cra_instrument'].get('instrument') for r in recs[:-1]} - {None}) == len(site['instruments']), 'all of its register')
done()
