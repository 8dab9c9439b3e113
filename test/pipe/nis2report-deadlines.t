#!/usr/bin/python3
"""nis2report deadlines: its arithmetic against Python's zoneinfo and a calendar of the test's own; which clocks run,
from when, and what was done, on journals that nis2report incident wrote."""
import calendar
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zoneinfo

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import schema

BIN = os.path.abspath(os.environ.get('OTKIT_BIN', '.'))
PROG = BIN + '/nis2report'
tests = bad = 0
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = datetime.date(2024, 1, 1), datetime.date(2032, 12, 31)
# Zones that the site file may name: the European Union's summer time, and UTC.
ZONES = ['Asia/Nicosia', 'UTC'] + ['Europe/' + z for z in (
    'Amsterdam Athens Berlin Bratislava Brussels Bucharest Budapest Copenhagen Dublin Helsinki Lisbon Ljubljana London '
    'Luxembourg Madrid Malta Mariehamn Oslo Paris Prague Riga Rome Sofia Stockholm Tallinn Vienna Vilnius Warsaw '
    'Zagreb Zurich').split()]


def ok(true, text, *notes):
    global tests, bad
    tests += 1
    print('%sok %d - %s' % ('' if true else 'not ', tests, text))
    if not true:
        bad += 1
        for n in notes:
            print('# ' + str(n).replace('\n', '\n# '))


def skip(text, why):
    global tests
    tests += 1
    print('ok %d - %s # SKIP %s' % (tests, text, why))


# ---- arithmetic: another calendar --------------------------------------------------------

def seconds(t):
    """Whole seconds since the epoch of an aware time; of a naive one as if it were UTC's."""
    return int((t.replace(tzinfo=t.tzinfo or UTC) - EPOCH).total_seconds())


def wall(zone, s):
    """What the zone's clocks show at a moment, by the system's tables."""
    return datetime.datetime.fromtimestamp(s, zone).replace(tzinfo=None)


def first_at(zone, when):
    """The first moment at which the clocks show `when` or later, and how often they show it: looked for, not
    computed. No clock here is more than four hours from UTC, and none is changed within a minute."""
    mid = seconds(when)
    lo, hi = mid - 4 * 3600, mid + 4 * 3600
    shown = sorted({mid - o for o in (seconds(wall(zone, lo)) - lo, seconds(wall(zone, hi)) - hi)})
    hits = [s for s in shown if wall(zone, s) == when]
    if hits:
        return hits[0], ['once', 'twice'][len(hits) - 1], hits[-1]
    while hi - lo > 1:                  # the clocks jump over it: find where
        half = (lo + hi) // 2
        lo, hi = (lo, half) if wall(zone, half) >= when else (half, hi)
    return hi, 'never', hi


def later(zone, s, span):
    if span.startswith('PT'):
        return s + int(span[2:-1]) * 3600, 'once', s + int(span[2:-1]) * 3600
    w = wall(zone, s)
    if span == 'P4W':
        return first_at(zone, w + datetime.timedelta(days=28))
    y, m = (w.year + 1, w.month) if span == 'P1Y' else (w.year + w.month // 12, w.month % 12 + 1)
    return first_at(zone, w.replace(year=y, month=m, day=min(w.day, calendar.monthrange(y, m)[1])))


def unit_test():
    for d in os.environ.get('BUILD'), BIN, 'build':
        p = os.path.join(d or 'none', 'test/unit/test_calendar')
        if os.access(p, os.X_OK):
            return p
    print('Bail out! test/unit/test_calendar is not built')
    sys.exit(1)


def asked(questions):
    p = subprocess.run([unit_test(), '-'], input='\n'.join(questions) + '\n', capture_output=True, text=True)
    return p.stdout.split('\n')[:-1] if p.returncode == 0 else []


def agree(text, questions, expected):
    got = asked(questions)
    wrong = ['%s: %s, expected %s' % x for x in zip(questions, got, expected) if x[1] != x[2]]
    ok(len(got) == len(expected) > 0 and not wrong, '%s (%d)' % (text, len(expected)), len(wrong), *wrong[:5])


def told(x):
    return '%d %s %d' % (x[0] * 1000000, x[1], x[2] * 1000000)


def arithmetic():
    try:
        zones = {z: zoneinfo.ZoneInfo(z) for z in ZONES}
    except zoneinfo.ZoneInfoNotFoundError as e:
        skip('the arithmetic against zoneinfo', 'no tables of time zones here: %s' % e)
        return
    days = (LAST - FIRST).days + 1
    start = seconds(datetime.datetime(FIRST.year, 1, 1))
    for what, spans in (('a month from', ['P1M']), ('weeks, years and hours from', ['P4W', 'P1Y', 'PT6H', 'PT24H', 'PT72H'])):
        qs, want = [], []
        for k, (name, zone) in enumerate(zones.items()):
            for d in range(days):
                # another time of day each day, on all hours of the clock in turn
                s = start + d * 86400 + (d * 7 + k * 5) % 24 * 3600 + d * 13 % 60 * 60
                span = spans[(d + k) % len(spans)]
                qs.append('after %s %d %s' % (name, s * 1000000, span))
                want.append(told(later(zone, s, span)))
        agree('%s every day of %d to %d in %d zones' % (what, FIRST.year, LAST.year, len(zones)), qs, want)
    qs, want, moments, moments_want, weeks, changes = [], [], [], [], [], 0
    for name, zone in zones.items():
        offset = lambda s: seconds(wall(zone, s)) - s
        for d in range(days):
            s = start + d * 86400
            for q in range(0, 86400, 21600):
                qs.append('offset %s %d' % (name, (s + q) * 1000000))
                want.append('%d' % (offset(s + q) // 60))
            if offset(s) == offset(s + 86400):
                continue
            changes += 1
            for q in range(s - 7200, s + 86400 + 7200, 900):
                for t in q, q + 1, q + 899:
                    qs.append('offset %s %d' % (name, t * 1000000))
                    want.append('%d' % (offset(t) // 60))
                when = EPOCH.replace(tzinfo=None) + datetime.timedelta(seconds=q)
                moments.append('moment %s %d' % (name, q * 1000000))
                moments_want.append(told(first_at(zone, when)))
                before = first_at(zone, when - datetime.timedelta(days=28))
                weeks.append('after %s %d P4W' % (name, before[0] * 1000000))
    ok(changes == 18 * (len(zones) - 1), 'two changes a year in every zone but UTC (%d)' % changes)
    agree('offsets from UTC, each day and around each change', qs, want)
    agree('wall clocks around each change', moments, moments_want)
    agree('periods of four weeks that end there', weeks, moments_want)
    ok(sum(' twice ' in w for w in moments_want) == 4 * 9 * (len(zones) - 1) and
       sum(' never ' in w for w in moments_want) == 4 * 9 * (len(zones) - 1), 'of which an hour comes twice, and an hour never')


arithmetic()
ok(asked(['offset Mars/Olympus 0']) == ['unknown'], 'a zone that is none')

# ---- journals --------------------------------------------------------------------------------

tmp = tempfile.TemporaryDirectory(prefix='otkit-deadlines-')
RULES = json.load(open('lib/rules/incident-deadlines.json', encoding='utf-8'))


def run(*args):
    p = subprocess.run([PROG, 'deadlines', *args], capture_output=True, env=dict(os.environ, COLUMNS='80'))
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def write(when, *args):
    p = subprocess.run([PROG, 'incident', args[0], '-a', 'anna', '--now', when, *args[1:]], capture_output=True, text=True)
    if p.returncode:
        ok(False, 'the journal is written', args, p.stderr)


def journal(name, opened, *steps, zone='Europe/Stockholm', site=None):
    """Steps: (when, {field: value}), (when, stage, handed in), (when, 'close') or (when, 'correct', field, value)."""
    d = os.path.join(tmp.name, name)
    os.makedirs(os.path.dirname(d), exist_ok=True)
    write(opened, 'open', '-t', 'What happened in ' + os.path.basename(name), *(['-s', site] if site else ['-z', zone]), d)
    for when, what, *more in steps:
        if isinstance(what, dict):
            write(when, 'set', d, *(x for pair in what.items() for x in pair))
        elif what == 'close':
            write(when, 'close', *more, d)
        elif what == 'correct':
            write(when, 'correct', '--reason', 'it was wrong', d, *more)
        else:
            write(when, 'submit', '-r', 'R-' + what, '--at', more[0] if more else when, what, d)
    return d


def records(now, *args):
    code, out, err = run('-f', 'ndjson', '--now', now, *args)
    rs = [json.loads(x) for x in out.splitlines()]
    wrong = [w for w in map(schema.check, rs) if w]
    if not rs or wrong:
        ok(False, 'records pass their schema (%d)' % len(rs), wrong, err)
    return code, {r['deadline']['id']: r['deadline'] for r in rs}, [r['deadline'] for r in rs]


def utc(x):
    return x and x[:16] + 'Z'


def expect(text, now, args, want, status):
    """want: id -> (state, due in UTC to the minute or None, more members...)."""
    code, got, _ = records(now, *args)
    wrong = []
    for k, (state, due, *more) in want.items():
        g = got.get(k)
        if state is None:
            if g:
                wrong.append('%s is there: %s' % (k, g['state']))
        elif not g or g['state'] != state or utc(g.get('due')) != due or any(
                g.get(a) != b for m in more for a, b in m.items()):
            wrong.append('%s: expected %s %s %s, is %s' % (k, state, due, more, g))
    ok(code == status and not wrong, text, 'status %s, expected %s' % (code, status), *wrong)
    return got


KNOWN = {'detected_at': '2026-11-22 09:12', 'aware_at': '2026-11-22 09:30', 'significant_at': '2026-11-22 11:00'}
NO = {'personal_data': 'no', 'patient_safety_report': 'no', 'recipients_affected': 'no', 'suspected_malicious': 'no',
      'trust_service': 'no', 'state_agency': 'no'}

inc = journal('INC-7', '2026-11-22T08:35:00Z', ('2026-11-22T10:30:00Z', dict(KNOWN, **NO)))
got = expect('three moments compete: the earliest counts', '2026-11-22T15:08:00Z', [inc], {
    'upplysning': ('running', '2026-11-23T08:12Z', {'left_s': 61440, 'due_local': '2026-11-23 09:12 +01:00',
                                                     'from_field': 'detected_at', 'within': 'PT24H'}),
    'incidentanmalan': ('running', '2026-11-25T08:12Z', {'left_s': 234240}),
    'slutrapport': ('running', '2026-12-25T08:12Z', {'provisional': True, 'from_submission': True}),
    'lagesrapport': ('undecided', '2026-12-25T08:12Z', {'ask': 'ongoing'}),
    'delrapport': ('waiting', None, {'ask': 'delrapport_requested_at'}),
    'incidentanmalan_trust': (None, None), 'agency_warning': (None, None), 'imy': (None, None), 'lexmaria': (None, None),
    'mottagare': (None, None), 'polisanmalan': (None, None), 'skede1': (None, None)}, 0)
ok([(s['field'], utc(s['at']), utc(s['due'])) for s in got['upplysning']['starts']] == [
    ('detected_at', '2026-11-22T08:12Z', '2026-11-23T08:12Z'), ('aware_at', '2026-11-22T08:30Z', '2026-11-23T08:30Z'),
    ('significant_at', '2026-11-22T10:00Z', '2026-11-23T10:00Z')], 'and each rival says what it would give', got['upplysning'])
ok(got['upplysning']['reference'] == ['CSL ch. 2, s. 5', 'NIS2 Art. 23(4)'] and 'MCFFS 2026:8' in got['incidentanmalan']['reference']
   and 'CERT-SE' in got['upplysning']['receiver'] and 'Cyberportalen' in got['upplysning']['channel'],
   'by which law, to whom and through what', got['upplysning'], got['incidentanmalan'])
for now, within, state, status in (
        ('2026-11-23T08:11:59Z', None, 'running', 0), ('2026-11-23T08:12:00Z', None, 'running', 0),
        ('2026-11-23T08:12:00.000001Z', None, 'overdue', 1), ('2026-11-23T02:11:59Z', '6h', 'running', 0),
        ('2026-11-23T02:12:00Z', '6h', 'soon', 1), ('2026-11-23T08:12:00Z', '6h', 'soon', 1), ('2026-11-23T09:00:00Z', '6h', 'overdue', 1)):
    expect('%s within %s: %s' % (now, within, state), now, [inc] + (['--within', within] if within else []),
           {'upplysning': (state, '2026-11-23T08:12Z')}, status)

inc = journal('opened', '2026-11-22T07:00:00Z')
expect('nobody has said when: from the opening of the journal', '2026-11-22T08:00:00Z', [inc], {
    'upplysning': ('running', '2026-11-23T07:00Z', {'from_field': 'opened', 'assumed': True}),
    'incidentanmalan_trust': ('undecided', '2026-11-23T07:00Z', {'ask': 'trust_service', 'would_be_due': '2026-11-23T07:00:00.000000+0000'}),
    'agency_warning': ('undecided', '2026-11-22T13:00Z', {'certainty': 'secondhand'}), 'agency_notification': (None, None),
    'imy': ('undecided', '2026-11-25T07:00Z', {'ask': 'personal_data'}), 'lexmaria': ('undecided', None),
    'mottagare': ('undecided', None, {'ask': 'recipients_affected'}), 'polisanmalan': ('undecided', None)}, 0)
# what was said last is in force; what is said to be unknown is not known
inc = journal('corrected', '2026-11-22T07:00:00Z', ('2026-11-22T07:05:00Z', {'aware_at': '2026-11-22 07:30'}),
              ('2026-11-22T07:06:00Z', 'correct', 'aware_at', '2026-11-22 06:30'))
expect('a correction is in force', '2026-11-22T08:00:00Z', [inc], {'upplysning': ('running', '2026-11-23T05:30Z')}, 0)

# ---- submissions -----------------------------------------------------------------------------


def reported(name, submitted, *more, zone='Europe/Stockholm', opened=None):
    t = datetime.datetime.fromisoformat(submitted.replace('Z', '+00:00'))
    before = (t - datetime.timedelta(hours=30)).strftime('%Y-%m-%dT%H:%M:%SZ')
    return journal(name, before, (before, dict(NO, aware_at=before)), (submitted, 'upplysning'), (submitted, 'incidentanmalan'),
                   *more, zone=zone)


inc = reported('month', '2027-01-31T09:00:00Z')
got = expect('31 January and a month; a warning after 30 hours is 6 hours late', '2027-02-01T00:00:00Z', [inc], {
    'upplysning': ('late', '2027-01-31T03:00Z', {'left_s': -21600}), 'incidentanmalan': ('done', '2027-02-02T03:00Z', {'left_s': 151200}),
    'slutrapport': ('running', '2027-02-28T09:00Z', {'clamped': True, 'provisional': None})}, 0)
ok(got['incidentanmalan']['done']['receipt'] == 'R-incidentanmalan' and utc(got['incidentanmalan']['done']['at']) == '2027-01-31T09:00Z',
   'when it was handed in, and the receipt')
for name, submitted, due, more in (
        ('leap', '2028-01-31T09:00:00Z', '2028-02-29T09:00Z', {'clamped': True}),
        ('summer', '2027-03-15T11:00:00Z', '2027-04-15T10:00Z', {}),
        ('winter', '2026-10-15T10:00:00Z', '2026-11-15T11:00Z', {}),
        ('twice', '2026-09-25T00:30:00Z', '2026-10-25T00:30Z', {'wall': 'twice', 'due_local': '2026-10-25 02:30 +02:00'}),
        ('never', '2027-02-28T01:30:00Z', '2027-03-28T01:00Z', {'wall': 'never', 'due_local': '2027-03-28 03:00 +02:00'}),
        ('december', '2026-12-31T22:59:00Z', '2027-01-31T22:59Z', {}),
        ('midnight', '2026-12-31T23:01:00Z', '2027-01-31T23:01Z', {})):
    expect('a month from %s is %s' % (submitted, due), submitted, [reported(name, submitted)], {'slutrapport': ('running', due, more)}, 0)
inc = journal('clocks-back', '2026-10-24T10:00:00Z', ('2026-10-24T10:00:00Z', dict(NO, aware_at='2026-10-24 12:00')))
expect('24 hours over the night that is an hour long', '2026-10-24T11:00:00Z', [inc], {
    'upplysning': ('running', '2026-10-25T10:00Z', {'due_local': '2026-10-25 11:00 +01:00'}),
    'incidentanmalan': ('running', '2026-10-27T10:00Z')}, 0)

inc = reported('ongoing', '2026-11-22T09:00:00Z', ('2026-11-22T10:00:00Z', {'ongoing': 'yes'}))
want = {'lagesrapport': ('running', '2026-12-22T09:00Z'), 'slutrapport': (
    'waiting', None, {'ask': 'handled_at', 'would_be_due': '2026-12-22T09:00:00.000000+0000'})}
expect('it goes on: a progress report, and the final one after handling', '2026-12-01T00:00:00Z', [inc], want, 0)
want['lagesrapport'] = ('overdue', '2026-12-22T09:00Z', {'left_s': -3600})
expect('which is overdue an hour after the month', '2026-12-22T10:00:00Z', [inc], want, 1)
write('2026-12-22T08:00:00Z', 'submit', '-r', 'L1', 'lagesrapport', inc)
want['lagesrapport'] = ('done', '2026-12-22T09:00Z', {'left_s': 3600})
expect('and done', '2026-12-23T10:00:00Z', [inc], want, 0)
write('2027-01-31T12:00:00Z', 'set', inc, 'handled_at', '2027-01-31 11:00', 'ongoing', 'no')
expect('a month from when it was handled', '2027-02-01T00:00:00Z', [inc], {
    'lagesrapport': ('done', '2026-12-22T09:00Z'),
    'slutrapport': ('running', '2027-02-28T10:00Z', {'from_field': 'handled_at', 'clamped': True, 'from_submission': None})}, 0)
inc = reported('handled', '2026-11-22T09:00:00Z', ('2026-12-01T10:00:00Z', {'handled_at': '2026-12-01 10:00'}))
expect('handled within the month: the final report at its end, and no progress report', '2026-12-02T00:00:00Z', [inc], {
    'lagesrapport': (None, None), 'slutrapport': ('running', '2026-12-22T09:00Z')}, 0)
write('2026-12-23T00:00:00Z', 'submit', '-r', 'S', 'slutrapport', inc)
expect('handed in late', '2026-12-24T00:00:00Z', [inc], {'slutrapport': ('late', '2026-12-22T09:00Z', {'left_s': -54000})}, 0)
inc = journal('covered', '2026-11-22T09:00:00Z', ('2026-11-22T09:00:00Z', dict(NO, aware_at='2026-11-22 10:00')),
              ('2026-11-22T20:00:00Z', 'incidentanmalan'))
got = expect('a notification within 24 hours tells what the warning would', '2026-11-24T00:00:00Z', [inc], {
    'upplysning': ('done', '2026-11-23T09:00Z')}, 0)
ok(got['upplysning']['done']['stage'] == 'incidentanmalan', 'and which stage did is said')
inc = reported('asked', '2026-11-22T09:00:00Z', ('2026-11-25T10:00:00Z', {'delrapport_requested_at': '2026-11-25 09:00'}))
expect('an interim report is asked for, without a day', '2026-11-26T00:00:00Z', [inc], {'delrapport': ('open', None)}, 0)
write('2026-11-26T10:00:00Z', 'set', inc, 'delrapport_due_at', '2026-11-27 12:00')
expect('and with one', '2026-11-28T00:00:00Z', [inc], {'delrapport': ('overdue', '2026-11-27T11:00Z')}, 1)
write('2026-11-28T10:00:00Z', 'submit', '-r', 'D', 'delrapport', inc)
expect('and given', '2026-11-29T00:00:00Z', [inc], {'delrapport': ('late', '2026-11-27T11:00Z')}, 0)

# ---- who, and other duties ---------------------------------------------------------------------

base = dict(KNOWN, **NO)
inc = journal('trust', '2026-11-22T10:00:00Z', ('2026-11-22T10:30:00Z', dict(base, trust_service='yes')))
expect('a provider of trust services: 24 hours', '2026-11-22T11:00:00Z', [inc], {
    'incidentanmalan_trust': ('running', '2026-11-23T08:12Z', {'within': 'PT24H', 'stage': 'incidentanmalan'}), 'incidentanmalan': (None, None),
    'slutrapport': ('running', '2026-12-23T08:12Z', {'provisional': True})}, 0)


def site(name, **organisation):
    p = os.path.join(tmp.name, name)
    with open(p, 'w', encoding='utf-8') as f:
        json.dump({'otsite': 1, 'site': {'key': 'lab'}, 'organisation': organisation, 'people': [
            {'id': 'eva', 'name': 'Eva Lind', 'role': ['management'], 'email': 'eva@lab.example'},
            {'id': 'per', 'name': 'Per Ek', 'role': ['incident_lead'], 'email': 'per@lab.example', 'phone': '+46 1', 'deputy': 'omar'},
            {'id': 'omar', 'name': 'Omar Said', 'email': 'omar@lab.example'},
            {'id': 'dan', 'name': 'Dan Ås', 'role': ['dpo'], 'email': 'dan@lab.example'}]}, f)
    return p


agency, lab = site('agency.json', kind='state_authority'), site('lab.json', kind='private', sector=['a1.health.provider'])
known = {k: v for k, v in base.items() if k not in ('state_agency', 'trust_service')}
inc = journal('agency', '2026-11-22T10:00:00Z', ('2026-11-22T10:30:00Z', known))
want = {'agency_warning': ('overdue', '2026-11-22T14:12Z', {'certainty': 'secondhand', 'left_s': -48}),
        'agency_notification': ('running', '2026-11-25T08:12Z'), 'agency_final': ('running', '2026-12-25T08:12Z', {'provisional': True}),
        'upplysning': ('running', '2026-11-23T08:12Z')}
expect('a state agency by its site file: six hours', '2026-11-22T14:12:48Z', ['-s', agency, inc], want, 1)
write('2026-11-22T11:00:00Z', 'set', inc, 'state_agency', 'yes')
expect('and by the journal', '2026-11-22T14:12:48Z', [inc], want, 1)
inc = journal('lab', '2026-11-22T10:00:00Z', ('2026-11-22T10:30:00Z', known), site=lab)
expect('a private laboratory by its site file is asked neither', '2026-11-22T14:12:48Z', ['-s', lab, inc], {
    'agency_warning': (None, None), 'incidentanmalan_trust': (None, None), 'incidentanmalan': ('running', '2026-11-25T08:12Z')}, 0)
inc = journal('tracks', '2026-11-22T10:00:00Z', ('2026-11-22T18:30:00Z', dict(
    base, personal_data='yes', patient_safety_report='yes', recipients_affected='yes', suspected_malicious='yes',
    personal_data_aware_at='2026-11-22 15:00', patient_harm_known_at='2026-11-22 16:00')))
got = expect('personal data from when they were known of; lex Maria, recipients and police without a figure', '2026-11-25T14:00:01Z', [inc], {
    'imy': ('overdue', '2026-11-25T14:00Z', {'from_field': 'personal_data_aware_at', 'certainty': 'secondhand', 'left_s': -1}),
    'lexmaria': ('open', None, {'from_field': 'patient_harm_known_at', 'within': None}), 'mottagare': ('open', None),
    'polisanmalan': ('open', None, {'advice': True})}, 1)
ok('Privacy' in got['imy']['receiver'] and got['imy']['owner'] == 'dpo' and 'Health' in got['lexmaria']['receiver'] and
   'Police' in got['polisanmalan']['receiver'] and 'receiver' not in got['mottagare'], 'each with its own receiver')
write('2026-11-25T15:00:00Z', 'submit', '-r', 'IMY-1', '--at', '2026-11-25 14:59', 'imy', inc)
write('2026-11-25T15:00:00Z', 'submit', '-r', 'IVO-1', 'lexmaria', inc)
expect('what was done', '2026-11-25T16:00:00Z', [inc], {
    'imy': ('done', '2026-11-25T14:00Z', {'left_s': 60}), 'lexmaria': ('done', None)}, 1)

# ---- old cases, and the days on which the rules change ------------------------------------------

inc = journal('old', '2025-03-03T09:00:00Z', ('2025-03-03T09:45:00Z', {
    'occurred_at': '2025-03-01 22:00', 'detected_at': '2025-03-03 07:00', 'significant_at': '2025-03-03 10:30'}))
got = expect('the scheme of 2018 counts from the judgement', '2025-03-03T10:00:00Z', [inc], {
    'skede1': ('running', '2025-03-03T15:30Z', {'from_field': 'significant_at'}), 'skede2': ('running', '2025-03-04T09:30Z'),
    'skede3': ('running', '2025-03-31T08:30Z', {'within': 'P4W', 'due_local': '2025-03-31 10:30 +02:00'}),
    'upplysning': (None, None), 'rattelse2018': (None, None)}, 0)
ok(got['skede1']['receiver'].startswith('Swedish Civil') and got['skede1']['reference'] == ['MSBFS 2018:9 ch. 2'], 'MSB received it',
   got['skede1'])
write('2025-03-03T12:00:00Z', 'submit', '-r', 'M1', 'skede1', inc)
expect('corrections for a year from the first report', '2025-04-01T00:00:00Z', [inc], {
    'skede1': ('done', '2025-03-03T15:30Z'), 'skede3': ('overdue', '2025-03-31T08:30Z'),
    'rattelse2018': ('waiting', '2026-03-03T12:00Z', {'within': 'P1Y'})}, 1)
for stage in 'skede2', 'skede3':
    write('2025-03-20T12:00:00Z', 'submit', '-r', 'M', stage, inc)
write('2025-05-01T12:00:00Z', 'correct', '--reason', 'read off wrongly', inc, 'occurred_at', '2025-03-01 21:00')
expect('a correction that nobody was told of', '2025-05-02T00:00:00Z', [inc], {'rattelse2018': ('open', None, {'from_field': 'correction'})}, 0)
write('2025-05-03T12:00:00Z', 'submit', '-r', 'M4', 'rattelse', inc)
expect('and now told', '2025-05-04T00:00:00Z', [inc], {'rattelse2018': ('waiting', '2026-03-03T12:00Z')}, 0)
expect('and the year is over', '2026-03-03T12:00:01Z', [inc], {'rattelse2018': ('closed', '2026-03-03T12:00Z')}, 0)
for occurred, old, mcffs8, mcffs7 in (('2026-01-14 23:59', True, False, False), ('2026-01-15 00:00', False, False, False),
                                      ('2026-06-30 23:59', False, False, False), ('2026-07-01 00:00', False, True, True)):
    inc = journal('day-' + occurred.replace(' ', 'T').replace(':', ''), '2026-07-02T09:00:00Z', ('2026-07-02T09:00:00Z', {
        'occurred_at': occurred, 'significant_at': '2026-07-02 09:00', 'state_agency': 'yes', 'trust_service': 'no'}))
    code, got, _ = records('2026-07-02T09:00:00Z', inc)
    ok(('skede1' in got) == old and ('upplysning' in got) != old and ('agency_warning' in got) == mcffs7 and
       ('MCFFS 2026:8' in got.get('incidentanmalan', {}).get('reference', [])) == mcffs8 and
       all(g['dated_by'] == 'occurred_at' for g in got.values()), 'the rules of %s' % occurred, sorted(got))

# ---- closed, several, broken ---------------------------------------------------------------------

inc = reported('closed', '2026-11-22T09:00:00Z', ('2026-11-23T09:00:00Z', 'close', '--reason', 'handled'))
expect('closed: what was done, and what was not', '2027-06-01T00:00:00Z', ['--within', '9d', inc], {
    'upplysning': ('late', '2026-11-22T03:00Z'), 'incidentanmalan': ('done', '2026-11-24T03:00Z'),
    'slutrapport': ('closed', '2026-12-22T09:00Z'), 'delrapport': (None, None)}, 0)
moments = [datetime.datetime(2026, 10, 22, 21, 7) + datetime.timedelta(hours=7 * k) for k in range(12)] + \
    [datetime.datetime(2027, 1, 28, 20, 41) + datetime.timedelta(hours=9 * k) for k in range(12)]
for k, m in enumerate(moments):
    when = m.strftime('%Y-%m-%dT%H:%M:%SZ')
    zone = ('Europe/Stockholm', 'Europe/Helsinki', 'Europe/London')[k % 3]
    journal('many/INC-%02d' % k, when, (when, dict(NO, aware_at=when)), *([(when, 'incidentanmalan')] if k % 2 else []), zone=zone)
now = '2027-02-01T00:00:00Z'
code, _, every = records(now, os.path.join(tmp.name, 'many'))
ok(len({d['incident'] for d in every}) == 24 and code == 1, 'a folder of journals')
active = [d['due'] for d in every if d['state'] in ('overdue', 'running')]
ok(active and active == sorted(active), 'what runs is in the order of its end')
try:
    wrong = []
    for d in every:
        if d['id'] in ('upplysning', 'incidentanmalan', 'slutrapport'):
            zone = zoneinfo.ZoneInfo(d['zone'])
            s = seconds(moments[int(d['incident'][-2:])])
            if d['id'] == 'slutrapport' and int(d['incident'][-2:]) % 2 == 0:
                s += 72 * 3600
            end, fit, _ = later(zone, s, d['within'])
            stamp = EPOCH + datetime.timedelta(seconds=end)
            local = stamp.astimezone(zone).strftime('%Y-%m-%d %H:%M %z')
            if (d['due'][:19], d['due_local'], d.get('wall', 'once')) != (
                    stamp.strftime('%Y-%m-%dT%H:%M:%S'), local[:-2] + ':' + local[-2:], fit):
                wrong.append((d, stamp, local))
    ok(len(every) > 72 and not wrong, 'each of them by the other calendar', *wrong[:3])
except zoneinfo.ZoneInfoNotFoundError as e:
    skip('each of them by the other calendar', e)
shutil.copytree(os.path.join(tmp.name, 'many', 'INC-00'), os.path.join(tmp.name, 'some', 'INC-1'))
shutil.copytree(os.path.join(tmp.name, 'many', 'INC-01'), os.path.join(tmp.name, 'some', 'INC-2'))
os.mkdir(os.path.join(tmp.name, 'some', 'notes'))
with open(os.path.join(tmp.name, 'some', 'INC-2', 'checkpoint'), 'w') as f:
    f.write('nothing\n')
code, out, err = run('--now', now, '-f', 'ndjson', os.path.join(tmp.name, 'some'))
ok(code == 2 and 'INC-2' in err and '"INC-1"' in out and '"INC-2"' not in out, 'a broken journal is said, and the others are told', code, err)
code, out, err = run('--now', now, os.path.join(tmp.name, 'some', 'notes'))
ok(code == 0 and 'no incident' in err and 'No clock runs' in out, 'a folder without journals is said', code, out, err)

with open(os.path.dirname(os.path.abspath(__file__)) + '/../../lib/rules/incident-deadlines.json', encoding='utf-8') as f:
    other = json.load(f)
next(d for d in other['deadlines'] if d['id'] == 'imy')['stage'] = 'uplysning'
os.mkdir(os.path.join(tmp.name, 'later'))
with open(os.path.join(tmp.name, 'later', 'incident-deadlines.json'), 'w', encoding='utf-8') as f:
    json.dump(other, f)
inc = journal('mistyped', '2026-11-22T09:00:00Z')
write('2026-11-22T09:30:00Z', 'submit', '-r', 'R', '--rules', os.path.join(tmp.name, 'later'), 'uplysning', inc)
code, out, err = run('--now', '2026-11-22T12:00:00Z', '-f', 'ndjson', inc)
ok(code == 0 and 'uplysning' in err and '"id":"upplysning"' in out and '"done"' not in out, 'a stage that no clock knows is said', err)

# ---- for people ------------------------------------------------------------------------------------

inc = os.path.join(tmp.name, 'INC-7')
two = [inc, os.path.join(tmp.name, 'tracks')]
for lang, words in (('en', ('early warning', '17 h 04 min left', '2026-11-23 09:12 +01:00', '2026-11-23 08:12 UTC', 'CSL ch. 2, s. 5',
                            'provisional: at the', 'from there it would be', 'the act (1930:173)')),
                    ('sv', ('upplysning', '17 h 04 min kvar', '2026-11-23 09:12 +01:00', 'CSL 2 kap. 5 §', 'preliminärt: som senast',
                            'Räknas från: Upptäcktes', 'därifrån vore det', 'Lagen (1930:173)'))):
    code, out, err = run('--now', '2026-11-22T15:08:00Z', '-l', lang, inc)
    flat = ' '.join(out.replace('\u00a0', ' ').split())
    ok(all(len(x) <= 80 for x in out.splitlines()) and all(w.replace('the act', 'act') in flat for w in words),
       'text of 80 columns in %s' % lang, [w for w in words if w not in flat], [x for x in out.splitlines() if len(x) > 80], out)
    ok('deadlines.' not in out and '{' not in out, 'no word is missing')
    code, out, err = run('--now', '2026-11-22T15:08:00Z', '-l', lang, '-f', 'html', *two)
    ok('<html lang="%s">' % lang in out and 'http:' not in out and 'deadlines.' not in out.replace('nis2report deadlines', '') and
       out.count('<table') == 1, 'a page in %s' % lang, err)
    code, out, err = run('--now', '2026-11-22T15:08:00Z', '-l', lang, '-f', 'markdown', *two)
    ok('| 2026-11-23' in out.replace('\u00a0', ' ') and 'INC-7' in out and 'tracks' in out, 'Markdown in %s' % lang, out[:2000])

code, ics, err = run('--now', '2026-11-22T15:08:00Z', '-f', 'ical', *two)
ls = ics.replace('\r\n ', '').split('\r\n')
ok(ics.endswith('END:VCALENDAR\r\n') and all(len(x.encode()) <= 75 for x in ics.split('\r\n')) and
   ls.count('BEGIN:VEVENT') == ls.count('END:VEVENT') == 6 and ls.count('BEGIN:VALARM') == ls.count('END:VALARM'),
   'a calendar of the clocks that run', ics)
at = ls.index('DTSTART:20261123T081200Z')
ok('TRIGGER:-PT6H' in ls[at:at + 20] and 'TRIGGER:-PT1H' in ls[at:at + 20] and 'ACTION:DISPLAY' in ls[at:at + 20], 'a moment with alarms')
uids = [x for x in ls if x.startswith('UID:')]
ok(len(set(uids)) == len(uids), 'each with a UID of its own')
again = run('--now', '2026-11-22T15:08:00Z', '-f', 'ical', *two)[1].replace('\r\n ', '').split('\r\n')
ok(again == ls, 'the same again')

# ---- who is to be told ---------------------------------------------------------------------------------

inc = journal('INC-8', '2026-11-22T10:00:00Z', ('2026-11-22T10:30:00Z', dict(KNOWN, **dict(NO, personal_data='yes', recipients_affected='yes'))))


def told_of(now, *args):
    code, out, err = run('--escalate', '--now', now, *args)
    rows = [x.split('\t') for x in out.splitlines()]
    if any(len(r) != 3 for r in rows):
        ok(False, 'three columns', out)
    return code, {r[1].split(', ')[0].split(': ')[1]: r for r in rows}, err


code, rows, err = told_of('2026-11-22T12:00:00Z', '-s', lab, inc)
ok(code == 0 and not rows, 'nobody yet')
code, rows, err = told_of('2026-11-23T02:30:00Z', '-s', lab, '--within', '6h', inc)
r = rows.get('early warning')
ok(code == 1 and list(rows) == ['early warning'] and r[0] == 'per@lab.example,omar@lab.example', 'soon: the lead, and the deputy for nobody wrote', rows)
ok(r and r[1].replace('\u00a0', ' ') == 'INC-8: early warning, 5 h 42 min left' and 'Due 2026-11-23 09:12 +01:00 (2026-11-23 08:12 UTC).' in r[2] and
   'Nobody has written in the journal since 2026-11-22 11:30 +01:00' in r[2] and 'Per Ek +46 1' in r[2] and 'CERT-SE' in r[2], 'what, when and to whom', r)
write('2026-11-23T02:00:00Z', 'note', inc, 'We are at it.')
code, rows, err = told_of('2026-11-23T02:30:00Z', '-s', lab, '--within', '6h', inc)
ok(rows['early warning'][0] == 'per@lab.example', 'somebody wrote: the lead alone', rows)
code, rows, err = told_of('2026-11-25T09:00:00Z', '-s', lab, '-l', 'sv', inc)
ok(code == 1 and rows['upplysning'][0] == 'per@lab.example,omar@lab.example,eva@lab.example' and
   rows['anmälan till IMY'][0] == 'dan@lab.example,eva@lab.example' and 'försenad' in rows['upplysning'][1],
   'overdue: the management too, and whose track it is', rows)
ok('information till mottagare' in rows, 'what has no figure after a day', rows)
code, rows, err = told_of('2026-11-25T09:00:00Z', inc)
ok(code == 1 and rows['early warning'][0] == '-' and 'nobody with an address' in err, 'nobody is known: said', rows, err)
evil = os.path.join(tmp.name, 'evil')
write('2026-11-22T10:00:00Z', 'open', '-t', 'a\tb\nBcc: x@y.example', evil)
code, out, err = run('--escalate', '--now', '2026-11-24T09:00:00Z', '-s', lab, evil)
ok(out.count('\n') == 1 and all(len(x.split('\t')) == 3 for x in out.splitlines()) and 'a b Bcc' in out, 'a title is no line of a mail', out)
code, rows, err = told_of('2026-11-22T15:50:00Z', '-s', site('plain.json'), '--within', '1h', journal('INC-9', '2026-11-22T10:00:00Z'))
ok(code == 0 and 'answer state_agency' in rows['warning (state agency)'][1].replace('\u00a0', ' '), 'what is not decided and would be due', rows)

sent = os.path.join(tmp.name, 'sent')
mailer = os.path.join(tmp.name, 'mailer')
with open(mailer, 'w') as f:
    f.write('#!/bin/sh\nprintf "%%s|%%s|%%s|" "$1" "$2" "$3" >>%s\ncat >>%s\n' % (sent, sent))
os.chmod(mailer, 0o755)
box = os.path.join(tmp.name, 'box')
os.mkdir(box)
shutil.copytree(inc, os.path.join(box, 'INC-8'))
mail = dict(os.environ, PATH=BIN + ':' + os.environ['PATH'], OTKIT_INCIDENTS=box, OTKIT_SITE=lab, OTKIT_MAIL_TO='ot@lab.example',
            OTKIT_MAIL=mailer, OTKIT_LANG='sv')
script = 'examples/incident-deadlines/deadlines-mail'
p = subprocess.run([script], env=dict(mail, OTKIT_NOW='2026-11-22T20:00:00Z'), capture_output=True, text=True)
ok(p.returncode == 0 and not os.path.exists(sent) and not p.stdout + p.stderr, 'cron: nothing due, no mail and not a word', p)
p = subprocess.run([script], env=dict(mail, OTKIT_NOW='2026-11-23T09:00:00Z'), capture_output=True, text=True)
got = open(sent, encoding='utf-8').read().replace('\u00a0', ' ')
ok(p.returncode == 0 and got.startswith('-s|INC-8: upplysning, försenad 48 min|per@lab.example,') and 'Senast 2026-11-23' in got,
   'overdue: a mail to the lead', got, p)
os.mkdir(os.path.join(box, 'INC-X'))
open(os.path.join(box, 'INC-X', 'records.ndjson'), 'w').close()
p = subprocess.run([script], env=dict(mail, OTKIT_NOW='2026-11-23T09:00:00Z', OTKIT_MAIL='false'), capture_output=True, text=True)
ok(p.returncode == 2 and 'INC-X' in p.stderr and 'could not be sent' in p.stderr, 'what cannot be read or sent is said: 2', p)

# ---- rules and usage -----------------------------------------------------------------------------------

rules = os.path.join(tmp.name, 'rules')
os.mkdir(rules)
text = open('lib/rules/incident-deadlines.json', encoding='utf-8').read()
for was, to, want in (('"PT24H"', '"PT24M"', 'not a period'), ('"csl.2.5"', '"csl.9.9"', 'no such provision'),
                      ('"detected_at"', '"seen_at"', 'no such field'), ('"track": "csl"', '"track": "cls"', 'no such track'),
                      ('"case": "request"', '"case": "wish"', 'none of request'), ('"after": "incidentanmalan"', '"after": "anmalan"', 'no stage'),
                      ('"valid_from": "2026-01-15"', '"valid_from": "2026-01-32"', 'not a date'), ('"is": false', '"is": 0', 'true or false'),
                      ('"id": "incidentanmalan"', '"id": "upplysning"', 'is taken'), ('"why": {"sv"', '"wy": {"sv"', 'unknown member'),
                      ('"certainty": "verified"', '"certainty": "sure"', 'none of verified'), ('"idle": "PT2H"', '"idle": "P2M"', 'must be hours')):
    with open(rules + '/incident-deadlines.json', 'w', encoding='utf-8') as f:
        f.write(text.replace(was, to, 1))
    code, out, err = run('--rules', rules, inc)
    ok(was in text and code == 2 and want in err and 'incident-deadlines.json' in err, 'rules: says "%s": 2' % want, err)
with open(rules + '/incident-deadlines.json', 'w', encoding='utf-8') as f:
    f.write(text.replace('"PT24H"', '"PT12H"', 1))
expect('one\'s own rules', '2026-11-22T12:00:00Z', ['--rules', rules, inc], {'upplysning': ('running', '2026-11-22T20:12Z')}, 0)
for args, want in (((), 'which incident'), (('--within', 'soon', inc), 'such as 6h'), (('--within', '6', inc), 'such as 6h'), (('--escalate', '-f', 'html', inc), 'one of them'),
                   ((os.path.join(tmp.name, 'nothing'),), 'nothing'), (('-f', 'pdf', inc), 'ical')):
    code, out, err = run(*args)
    ok(code == 2 and want in err, 'says "%s": 2' % want, code, err)
ok(all(re.match('[a-z0-9_]+$', d['stage']) for d in RULES['deadlines']), 'stages are words that people can type')
print('1..%d' % tests)
sys.exit(1 if bad else 0)
