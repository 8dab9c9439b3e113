#!/usr/bin/python3
"""nis2report significant with figures missing: its answer, what it asks for, and how few answers a no needs, against
a program that knows nothing of three values and tries every value of every missing figure."""
import itertools
import json
import random
import sys

sys.dont_write_bytecode = True
from reports import runner
from tap import done, ok

run = runner('significant')
rng = random.Random(4711)
rules = json.load(open('lib/rules/significance.json', encoding='utf-8'))
fields = {f['id']: f for f in json.load(open('lib/rules/incident-fields.json', encoding='utf-8'))['fields']}
sets = {s['id']: s for s in rules['sets']}
SECONDS = {'s': 1, 'm': 60, 'h': 3600, 'd': 86400}
DAYS = {'msbfs2018-9': '2019-03-01', 'law': '2026-03-01', 'mcffs2026-8': '2026-11-22', 'ir2690': '2026-11-22'}
TRIALS, MISSING = 12, 5         # of each sector; figures missing at most


def limit(v):
    return v if isinstance(v, (int, float)) else int(v[:-1]) * SECONDS[v[-1]]


def holds(c, v):
    """Whether a condition holds, all figures being known."""
    if 'all' in c:
        return all(holds(x, v) for x in c['all'])
    if 'any' in c:
        return any(holds(x, v) for x in c['any'])
    if 'not' in c:
        return not holds(c['not'], v)
    if 'is' in c:
        return v[c['field']] == c['is']
    if 'at_least' in c:
        return v[c['field']] >= limit(c['at_least'])
    if isinstance(c['over'], dict):
        return v[c['field']] * 100 > c['over']['percent'] * v[c['over']['of']]
    return v[c['field']] > limit(c['over'])


def values(c, out):
    """What is worth trying of each field: around every limit, and the ends."""
    for x in c.get('all', []) + c.get('any', []) + ([c['not']] if 'not' in c else []):
        values(x, out)
    if 'field' not in c:
        return
    have = out.setdefault(c['field'], set())
    if 'is' in c:
        have.update((True, False))
    elif isinstance(c.get('over'), dict):
        have.update((0, 400000, 10 ** 14))
        out.setdefault(c['over']['of'], set()).update((1, 8000000, 10 ** 9))
    else:
        n = limit(c.get('over', c.get('at_least')))
        have.update((0, n, n + 1) if 'over' in c else (0, n - 1, n))


def text(f, v):
    return ('yes' if v else 'no') if isinstance(v, bool) else '%ds' % v if fields[f]['type'] == 'span' else str(v)


def criteria(name, sector):
    for s in (sets[name], sets.get(sets[name].get('include'), {'criteria': []})):
        for c in s['criteria']:
            if sector in c.get('sectors', [sector]):
                yield c['when']


def trial(name, sector):
    whens = list(criteria(name, sector))
    worth = {}
    for c in whens:
        values(c, worth)
    worth = {f: sorted(v) for f, v in worth.items()}
    order = sorted(worth)
    missing = rng.sample(order, rng.randint(0, min(MISSING, len(order))))
    # mostly what makes nothing so, or nothing would be left to ask
    # (the huge cost is for what is missing: a turnover is never as large)
    known = {f: rng.choice([x for x in v if x < 10 ** 13]) if rng.random() < 0.12 else v[0]
             for f, v in worth.items() if f not in missing}
    table = {}
    for combination in itertools.product(*(worth[f] for f in missing)):
        v = dict(known, **dict(zip(missing, combination)))
        table[combination] = any(holds(c, v) for c in whens)
    answer = 'significant' if all(table.values()) else 'not_decidable' if any(table.values()) else 'not_significant'
    relevant = set()
    for i, f in enumerate(missing):
        groups = {}
        for k, yes in table.items():
            groups.setdefault(k[:i] + k[i + 1:], set()).add(yes)
        if any(len(g) == 2 for g in groups.values()):
            relevant.add(f)
    fewest = None
    if answer == 'not_decidable':
        for n in range(1, len(missing) + 1):
            for chosen in itertools.combinations(range(len(missing)), n):
                groups = {}
                for k, yes in table.items():
                    groups.setdefault(tuple(k[i] for i in chosen), set()).add(yes)
                if {False} in groups.values():
                    fewest = n
                    break
            if fewest:
                break
    args = [a for f, v in known.items() for a in ('--set', '%s=%s' % (f, text(f, v)))]
    code, out, err = run('-f', 'ndjson', '--now', '2026-11-22T12:00:00Z', '--on', DAYS[name], '--sector', sector, *args)
    s = json.loads(out.splitlines()[0])['significance'] if code < 2 and out else {'answer': err}
    if s['answer'] == answer and {q['field'] for q in s['questions']} == relevant and len(s['settle']) == (fewest or 0):
        return None, answer
    return (name, sector, known, missing, answer, sorted(relevant), fewest, s), answer


def sector_of(name):
    if name == 'msbfs2018-9':
        return ['electricity', 'gas', 'oil', 'rail', 'banking', 'fmi', 'care', 'drinking_water', 'dns', 'cloud']
    if name == 'law':
        return ['care']
    return ['care', 'research', 'electricity', 'rail', 'road', 'oil', 'waste_water', 'public_administration'] \
        if name == 'mcffs2026-8' else ['cloud', 'dns', 'tld', 'datacentre', 'trust', 'search']


for name in sets:
    for sector in sector_of(name):
        results = [trial(name, sector) for _ in range(TRIALS)]
        wrong = [r for r, _ in results if r]
        ok(not wrong, '%s, %s: %d times the answer, the questions, and how few a no needs' % (name, sector, TRIALS), *wrong[:2])
        ok(len({a for _, a in results}) > 1, '%s, %s: more than one answer was met' % (name, sector))
done()
