#!/usr/bin/python3
"""nis2report deadlines: its arithmetic against Python's zoneinfo and a calendar of the test's own."""
import calendar
import datetime
import os
import subprocess
import sys
import zoneinfo

BIN = os.environ.get('OTKIT_BIN', '.')
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
print('1..%d' % tests)
sys.exit(1 if bad else 0)
