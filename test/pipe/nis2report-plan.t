#!/usr/bin/python3
"""nis2report plan: what falls due, what is overdue; the site's own intervals; the ledger; a calendar."""
import datetime
import json
import os
import sys

sys.dont_write_bytecode = True
from reports import answer, path, runner, tmp
from tap import done, ok

NOW = '2026-11-22'
CYCLE = json.load(open('lib/rules/cycle.json', encoding='utf-8'))
run = runner('plan')


def site(name, **members):
    return path(name, json.dumps(dict({'otsite': 1, 'site': {'key': 'lab'}}, **members)))


def duties(*args):
    code, recs = answer(run, '--now', NOW, *args)
    return code, [r['duty'] for r in recs]


def of(ds, i, subject=None):
    return [d for d in ds if d['id'] == i and (subject is None or d.get('subject') == subject)]


def att(item, date, status='met', **more):
    return dict({'item': item, 'status': status, 'by': 'E. Lind', 'date': date}, **more)


# everything done today: nothing is overdue
ITEMS = sorted({e['item'] for e in CYCLE['entries']})
all_done = site('done.json', attestations=[att(i, NOW) for i in ITEMS])
code, ds = duties('-s', all_done)
ok(code == 0 and not [d for d in ds if d['state'] == 'overdue'], 'all done today: 0', code)
code, ds = duties()
ok(code == 1 and {d['id'] for d in ds if d.get('never')} == {e['id'] for e in CYCLE['entries'] if 'per' not in e},
   'nothing shows that anything was done: all is due today')
ok({d['due'] for d in ds if d.get('never')} == {NOW}, 'at once')

S = site('site.json',
         policies={'calibration_reminder_days': 60, 'reviews': {'restore_test': 100, 'gov.risk_process_ot': 30}},
         suppliers=[{'id': 'a', 'name': 'A AB', 'contract': 'K-1', 'expires': '2027-01-31', 'x-n': 1},
                    {'id': 'b', 'name': 'B AB', 'expires': '2026-11-22'}],
         instruments=[{'id': 'I1', 'owner': 'Karin', 'calibration_due': '2026-11-22', 'end_of_support': '2027-05-01'},
                      {'id': 'I2', 'calibration_due': '2027-01-20'}, {'id': 'I3', 'calibration_due': '2020-01-01', 'in_use': False},
                      {'id': 'I4', 'calibration_due': '2020-01-01'}, {'id': 'I5', 'calibration_due': '2027-01-01'}],
         attestations=[att('art.backup_restore', '2026-10-01'), att('gov.risk_process_ot', '2026-10-01'),
                       att('inc.process_72h', '2026-01-31', document='ovning.pdf'), att('inc.process_72h', '2025-01-01'),
                       att('art.effectiveness', '2026-05-31', 'gap'), att('art.crypto_policy', '2026-05-31', expires='2026-12-01'),
                       att('art.recipient_notice', '2026-05-31', 'not_applicable'), att('cal.hash_chain', '2026-05-31', expires='2027-05-31'),
                       att('cal.audit_trail', '2026-05-31', expires='2026-06-30'), att('plan.supplier_followup:a', '2026-06-15'),
                       att('inv.vendor_remote_access', '2026-03-01'), att('plan.log_check', '2026-09-30'), att('gov.ciso_mandate', '2099-01-01')])
code, ds = duties('-s', S)
ok(code == 1, 'something is overdue: 1')
for i, subject, due, state in (
        ('restore_test', None, '2027-01-09', 'planned'),        # 100 days, the site's own
        ('risk_review', None, '2026-10-31', 'overdue'),         # 30 days, by its item
        ('incident_exercise', None, '2027-01-31', 'planned'),   # the latest of two
        ('effectiveness_review', None, NOW, 'overdue'),         # a gap is not done
        ('crypto_review', None, '2026-12-01', 'soon'),          # the attestation ends first
        ('attestation', 'cal.hash_chain', '2027-05-31', 'planned'),
        ('attestation', 'cal.audit_trail', '2026-06-30', 'overdue'),
        ('supplier_followup', 'a', '2027-06-15', 'planned'),    # its own attestation
        ('supplier_followup', 'b', '2027-03-01', 'planned'),    # that of the item
        ('mandate_review', None, NOW, 'overdue'),               # an attestation from the future does not count
        ('contract', 'a', '2027-01-31', 'planned'), ('contract', 'b', '2026-11-22', 'soon'),
        ('support', 'I1', '2027-05-01', 'planned'), ('calibration', 'I1', '2026-11-22', 'soon'),
        ('calibration', 'I2', '2027-01-20', 'soon'), ('calibration', 'I4', '2020-01-01', 'overdue')):
    d = of(ds, i, subject)
    ok(d and (d[0]['due'], d[0]['state']) == (due, state), '%s %s: %s, %s' % (i, subject or '', due, state), d)
ok(not of(ds, 'recipient_notice'), 'what is not applicable is no duty')
ok(not of(ds, 'calibration', 'I3'), 'out of use is not calibrated')
ok(of(ds, 'restore_test')[0].get('own_interval') and of(ds, 'restore_test')[0]['every'] == 'P100D', 'the site\'s own interval')
ok([d['due'] for d in of(ds, 'log_check')] == ['2026-12-30', '2027-03-30', '2027-06-30', '2027-09-30'],
   'every three months again, as long as the period lasts', of(ds, 'log_check'))
ok([d.get('again') for d in of(ds, 'log_check')] == [None, 1, 2, 3], 'which time again')
d = of(ds, 'incident_exercise')[0]
ok(d['last'] == '2026-01-31' and d['document'] == 'ovning.pdf' and 'NIS2 Art. 23(4)' in d['reference'],
   'when last, by which document, by which law', d)
order = [(d['state'] != 'overdue', d['due']) for d in ds]
ok(order == sorted(order), 'overdue first, then by day')
for d in ds:
    want = (datetime.date.fromisoformat(d['due']) - datetime.date.fromisoformat(NOW)).days
    if d['days_left'] != want:
        ok(False, 'days left', d)
        break
else:
    ok(True, 'days left are those of the calendar')


def status(i, state, due=None, **more):
    return {'timestamp': NOW + 'T00:00:00.000000+0000', 'event_type': 'calibration_status', 'calibration_status': dict(
        {'instrument': i, 'listed': True, 'in_use': True, 'state': state, 'why': 'because'}, **({'due': due} if due else {}), **more)}


LEDGER = path('ledger.ndjson', [
    status('I1', 'valid', '2027-06-01', calibration={'record': 3, 'kind': 'calibration', 'performed': '2026-06-01', 'certificate': 'C-9'}),
    status('I2', 'failed'), status('I4', 'out_of_use'), status('I5', 'due_soon', NOW), status('I9', 'overdue', '2026-11-21', name='Nine')])
code, ds = duties('-s', S, LEDGER)
for i, due, state in (('I1', '2027-06-01', 'planned'), ('I2', NOW, 'overdue'), ('I5', NOW, 'soon'), ('I9', '2026-11-21', 'overdue')):
    d = of(ds, 'calibration', i)
    ok(len(d) == 1 and (d[0]['due'], d[0]['state']) == (due, state), 'by the ledger %s: %s, %s' % (i, due, state), d)
ok(not of(ds, 'calibration', 'I4'), 'out of use by the ledger')
ok(of(ds, 'calibration', 'I2')[0]['why'] == 'because', 'why it may not be used')
with open(LEDGER, 'rb') as f:
    ok(run('-s', S, '--now', NOW, '-', data=f.read())[1] == run('-s', S, '--now', NOW, LEDGER)[1], 'the ledger on standard input')
code, out, err = run('-s', '-', '-', data=b'{}')
ok(code == 2 and 'both be standard input' in err, 'the site file and the ledger on standard input: 2', code, err)

code, ds = duties('-s', all_done, '--within', '100d')
ok({(d['id'], d['due']) for d in ds} == {('patch_round', '2027-02-22'), ('log_check', '2027-02-22')}, 'within 100 days', ds)
ok(run('-s', all_done, '--now', NOW, '-f', 'ndjson', '--within', '90d')[:2] == (0, ''), 'nothing within 90 days: 0')
code, ds = duties('-s', all_done, '--within', '800d')
ok(of(ds, 'cra_applies') and of(ds, 'cra_applies')[0]['due'] == '2027-12-11', 'a day of the law within 800 days')
code, ds = duties('-s', all_done, '--from', '2027-05-05', '--year')
ok(min(d['due'] for d in ds) >= '2027-01-01' and max(d['due'] for d in ds) <= '2027-12-31' and
   len(of(ds, 'log_check')) == 4, 'the year of a day', [d['due'] for d in ds])

code, ics, err = run('-s', S, '--now', NOW, '-f', 'ics')
code, ds = duties('-s', S)
lines = ics.replace('\r\n ', '').split('\r\n')
ok(ics.endswith('END:VCALENDAR\r\n') and all(len(x.encode()) <= 75 for x in ics.split('\r\n')), 'a calendar: lines of 75 octets')
ok(lines.count('BEGIN:VEVENT') == len(ds) == lines.count('END:VEVENT'), 'an event for each duty')
uid = [x for x in lines if x.startswith('UID:')]
ok(len(set(uid)) == len(uid), 'each with a UID of its own')
ok('DTSTART;VALUE=DATE:20270109' in lines and 'DTEND;VALUE=DATE:20270110' in lines, 'a whole day')
moved = S.replace('site.json', 'moved.json')
with open(S) as f, open(moved, 'w') as g:
    g.write(f.read().replace('"restore_test": 100', '"restore_test": 101'))
after = run('-s', moved, '--now', NOW, '-f', 'ics')[1].replace('\r\n ', '').split('\r\n')


def uid_of(ls, day):
    return [ls[i - 2] for i, x in enumerate(ls) if x == 'DTSTART;VALUE=DATE:' + day and 'Restoring' in ls[i + 3]]


ok(uid_of(lines, '20270109') and uid_of(lines, '20270109') == uid_of(after, '20270110'), 'a day that moves keeps its UID')

code, out, err = run('-s', S, '--now', NOW, '-w', '300')
ok('every 100 days by own policy' in ' '.join(out.split()) and 'nothing shows' in out, 'text', out[:3000])
code, out, err = run('-s', S, '--now', NOW, '-l', 'sv')
ok('försenade uppgifter' in out and 'Återläsning prövas' in out and 'ingen är utsedd' in out, 'Swedish', out[:3000])
for lang in 'sv', 'en':
    code, out, err = run('-s', S, '--now', NOW, '-l', lang, '-f', 'html')
    ok(code == 1 and '<html lang="%s">' % lang in out and out.count('<svg') == 2 and 'http:' not in out and
       '>plan.' not in out and '>year.' not in out, 'a page in %s, the year as a picture' % lang, err)
    ok(all('id="%s"' % x.split('"')[0] in out for x in out.split('href="#')[1:]), 'every mark leads to its row')
code, out, err = run('-s', S, '--now', NOW, '-f', 'markdown')
ok('| 2026-10-31 | **Overdue**' in out, 'Markdown', out[:1500])

rules = os.path.join(tmp.name, 'rules')
os.mkdir(rules)
text = json.dumps(CYCLE)
for was, to, want in (('"nis2.20.2"', '"nis2.99"', 'no such provision in law.json'), ('"months": 24', '"months": 0', 'months (1 to 1200)'),
                      ('"date": "2027-12-11"', '"date": "soon"', 'not a date'), ('"rules": "cycle"', '"rules": "circle"', 'not a document of')):
    with open(rules + '/cycle.json', 'w') as f:
        f.write(text.replace(was, to))
    code, out, err = run('--rules', rules)
    ok(code == 2 and want in err, 'rules: says "%s": 2' % want, err)
for args, want in ((('--within', '3'), 'such as 90d'), (('--from', 'soon'), 'a date such as'),
                   (('--year', '--within', '90d'), 'one of them'), ((path('broken', '{\n'),), 'broken:1'),
                   ((path('half', [status('', 'valid')]),), 'without an instrument')):
    code, out, err = run('--now', NOW, *args)
    ok(code == 2 and want in err, 'says "%s": 2' % want, code, err)
code, ds = duties('-s', 'examples/site.json')
ok(of(ds, 'calibration', 'HPLC-4')[0]['due'] == '2026-12-09' and of(ds, 'contract', 'nordlab')[0]['state'] == 'overdue',
   'the sample laboratory')
ok(all(e.get('source') and e.get('review_by') and e['title']['sv'] and e['title']['en'] for e in CYCLE['entries'] + CYCLE['dates']),
   'each entry of the cycle has its source, its review and both languages')
done()
