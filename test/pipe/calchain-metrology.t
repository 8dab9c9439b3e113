#!/usr/bin/python3
"""calchain budget and calchain decide as people call them: records, tables, statements, exit status, and input
that is broken in every way that was thought of."""
import json
import os
import random
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
BIN = os.environ.get('OTKIT_BIN', '.')
CALCHAIN = BIN + '/calchain'
DATA = HERE + '/data/budget/'
tests = bad = 0
tmp = tempfile.TemporaryDirectory(prefix='otkit-metrology-')

try:
    import schema
except ImportError:
    schema = None


def ok(true, text, *notes):
    global tests, bad
    tests += 1
    print('%sok %d - %s' % ('' if true else 'not ', tests, text))
    if not true:
        bad += 1
        for n in notes:
            print('# ' + str(n)[:2000].replace('\n', '\n# '))


def run(*args, data=None, columns=80, timeout=20):
    if isinstance(data, str):
        data = data.encode()
    stdin = {'input': data} if data is not None else {'stdin': subprocess.DEVNULL}
    p = subprocess.run([CALCHAIN, *args], capture_output=True, timeout=timeout,
                       env=dict(os.environ, COLUMNS=str(columns), LC_ALL='C'), **stdin)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def records(text):
    return [json.loads(x) for x in text.splitlines()]


def fits(recs):
    """What the schemas say against the records; nothing where the validator is not there."""
    return [] if schema is None else [w for w in map(schema.check, recs) if w]


def is_one_line(err, *words):
    return err.count('\n') == 1 and all(w in err for w in words)


def put(name, text):
    path = os.path.join(tmp.name, name)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    return path


# --- budget

files = sorted(DATA + f for f in os.listdir(DATA))
code, out, err = run('budget', *files)
recs = records(out)
ok(code == 0 and err == '' and len(recs) == 8, 'eight budgets in six files', code, err)
ok(not fits(recs), 'records keep to their schema', *fits(recs))
ok(out == run('budget', *files)[1], 'the same bytes again')
by = {r['budget']['name']: r['budget'] for r in recs}
h1 = by['JCGM 100:2008, H.1: end gauge of 50 mm']
ok(h1['reported']['text'] == '50.000838 ± 0.000092 mm (k = 2.92, 99 %)' and h1['dof'] == 16, 'GUM H.1', h1['reported'])
ok(abs(sum(q['share'] for q in h1['quantities']) - 1) < 1e-12 and
   [q['name'] for q in h1['quantities'] if q['dominant']] == ['l_s'], 'shares make one; one dominates')
ok(all('dof' not in q for q in h1['quantities'] if q['name'] == 'theta'), 'infinite degrees of freedom are absent')
code, out, err = run('budget', '--round-up', DATA + 'gum-h1.json')
ok(records(out)[0]['budget']['reported']['expanded_uncertainty'] == '0.000093', 'rounded up: 93 nm')
code, out, err = run('budget', '--second-order', DATA + 'gum-h1.json')
b = records(out)[0]['budget']
ok(abs(b['standard_uncertainty'] - 33.839382051605069e-6) < 1e-15 and not fits(records(out)) and
   abs(sum(q['share'] for q in b['quantities']) + b['share_second_order'] - 1) < 1e-12, 'GUM H.1.7 by option', b)
code, out, err = run('budget', '--shape', '-p', '0.95', DATA + 'ea-s9.json')
ok(records(out)[0]['budget']['reported']['text'] == '0.10 ± 0.05 V (k = 1.65, 95 %)', 'EA-4/02 S9 by option', out)
code, out, err = run('budget', '-k', '2', DATA + 'gum-h1.json')
b = records(out)[0]['budget']
ok(b['k'] == 2 and 'probability' not in b and any(n['id'] == 'k_fixed' for n in b['notes']), 'a fixed factor, and a note')
with open(DATA + 'gum-h2.ndjson', 'rb') as f:
    code, out, err = run('budget', data=f.read())
ok(code == 0 and [r['budget']['measurand'] for r in records(out)] == ['R', 'X', 'Z'], 'three lines on stdin')

for columns in (80, 100):
    code, out, err = run('budget', '-t', *files, columns=columns)
    wide = [x for x in out.splitlines() if len(x) > columns]
    ok(code == 0 and not wide and out.count('QUANTITY') == 8, 'tables fit %d columns' % columns, *wide)
ok('l = 50.000838 mm ± 0.000092 mm\n' in out and '62.4 % *\n' in out and '27.5 %\n' in out and
   'u(l) = 3.17e-05 mm, degrees of freedom 16, k = 2.92 (99 %), U = 9.25e-05 mm\n' in out, 'what a table says')
ok(not any(x != x.rstrip() for x in out.splitlines()), 'no blanks at the ends of lines')

one = '{"measurand":{"estimate":1},"quantities":[{"name":"%s","estimate":0,"standard_uncertainty":%s,"sensitivity":1}]}'
code, out, err = run('budget', '-t', data=one % ('\\u001b]0;x\\u0007\\u009b', '1'))
ok(code == 0 and '\x1b' not in out and '\x07' not in out and '\x9b' not in out, 'a name cannot command the terminal')
code, out, err = run('budget', data=one % ('a', '1') + '\n{"x":\n\n' + one % ('b', '2') + '\n' + one % ('c', '-1') + '\n')
ok(code == 2 and len(records(out)) == 2 and err.count('\n') == 2 and 'stdin:2' in err and
   'stdin:5: quantities[0] (c): standard_uncertainty: not below 0' in err, 'broken lines are told, the rest is done', err)
path = put('broken.json', '{\n "measurand": {"estimate": 1},\n "quantities": [}\n')
code, out, err = run('budget', path)
ok(code == 2 and out == '' and is_one_line(err, 'broken.json:3:', 'calchain budget: '), 'broken JSON: line and column', err)
for args, word in ((['-p', '1'], 'below 1'), (['-p', 'x'], 'a number'), (['-k', '0'], 'above 0'), (['-k', 'nan'], 'number'),
                   (['-k', '2', '-p', '0.9'], 'do not go together'), (['--frob'], 'unknown option'),
                   (['/no/such/file'], 'No such file')):
    code, out, err = run('budget', *args, data=one % ('a', '1'))
    ok(code == 2 and out == '' and is_one_line(err, word), 'budget %s: %s' % (' '.join(args), word), code, err)
for text in ('', '\n \n'):
    code, out, err = run('budget', data=text)
    ok(code == 2 and is_one_line(err, 'no budget in it'), 'nothing in it is said', err)
code, out, err = run('budget', '--schema')
ok(code == 0 and json.loads(out)['$id'] == 'otkit:budget', 'the schema')

# --- decide

code, out, err = run('decide', '-y', '-5.47', '-u', '0.05', '-H', '-5.4', '-r', 'simple', '--unit', 'V')
r = records(out)[0]
ok(code == 0 and not fits([r]) and r['decision']['verdict'] == 'pass' and
   abs(r['decision']['probability_conforming'] - 0.91924334076622713) < 1e-14, 'JCGM 106: Zener diode', code, out, err)
code, out, err = run('decide', '-y', '-5.47', '-u', '0.05', '-H', '-5.4', '-r', 'guarded')
ok(code == 1 and records(out)[0]['decision']['verdict'] == 'fail' and err == '', 'guarded: not accepted, status 1', code, out)
code, out, err = run('decide', '-y', '1500', '-u', '0.04', '-L', '1499.8', '-H', '1500.2', '-g', '0', '--process-mean', '1500',
                     '--process-sd', '0.12')
d = records(out)[0]['decision']
ok(code == 0 and not fits(records(out)) and abs(d['process']['consumers_risk'] - 0.018942206717016) < 1e-12 and
   abs(d['process']['producers_risk'] - 0.0372078001780378) < 1e-12 and d['rule'] == 'custom', 'global risks', out, err)
code, out, err = run('decide', '-y', '9.82', '-U', '0.1', '-k', '2', '-L', '9.8', '-H', '10.2', '-r', 'iso14253', '-n', '-t',
                     '-l', 'sv', '-q', 'Spänning', '--unit', 'V')
ok(code == 1 and err == '' and out.startswith('Spänning: resultatet 9,82 V ± 0,10 V (k = 2) är villkorligt godkänt') and
   out.count('\n') == 1, 'a statement in Swedish; a conditional pass is not accepted', code, out, err)
code, out, err = run('decide', '-y', '0', '-U', '0.6', '-L', '-0.5', '-H', '0.5', '-r', 'guarded')
ok(code == 2 and out == '' and is_one_line(err, 'leaves nothing'), 'a guard band that eats the tolerance is refused', err)
code, out, err = run('decide', '--list-rules')
ok(code == 0 and [x.split('\t')[:2] for x in out.splitlines()][:3] == [['simple', '0'], ['guarded', '1'], ['iso14253', '0.83']],
   'the list of rules', out)

calibration = {'timestamp': '2026-11-22T04:21:01.123456+0000', 'event_type': 'calibration', 'seq': 7, 'calibration': {
    'instrument': 'DMM-1', 'certificate': 'K-1187', 'results': [
        {'quantity': 'voltage', 'point': '10 V', 'unit': 'V', 'as_found': 10.2, 'as_left': 10.01, 'error': 0.01,
         'expanded_uncertainty': 0.02, 'k': 2, 'lower': 9.9, 'upper': 10.1},
        {'quantity': 'current', 'unit': 'A', 'as_found': 1.0, 'expanded_uncertainty': 0.1},
        {'quantity': 'resistance', 'unit': 'Ω', 'as_left': 99.85, 'expanded_uncertainty': 0.1, 'k': 2, 'lower': 99.8}]}}
line = json.dumps(calibration) + '\n'
code, out, err = run('decide', '-r', 'guarded', data=line + '{"event_type":"note","note":{"text":"x"}}\n')
recs = records(out)
ok(code == 1 and not fits(recs) and [(r['decision']['instrument'], r['decision']['quantity'], r['decision']['from'],
   r['decision']['verdict']) for r in recs] == [('DMM-1', 'voltage', 'as_left', 'pass'),
   ('DMM-1', 'resistance', 'as_left', 'fail')], "a calibration's results", code, out, err)
ok(recs[0]['timestamp'] == calibration['timestamp'] and is_one_line(err, 'results without a tolerance, not decided: 1'),
   'its time; what has no tolerance is counted', err)
code, out, err = run('decide', '-r', 'simple', '--value-of', 'as_found', data=line)
ok(code == 2 and records(out)[0]['decision']['verdict'] == 'fail' and 'results[2]: as_found: missing' in err,
   'as found it was outside; one result lacks it', code, out, err)
code, out, err = run('decide', data='{"value":1,"expanded_uncertainty":0.1,"k":2,"upper":2,"decision_rule":"iso14253"}\n'
                     '{"value":1,"expanded_uncertainty":0.1,"k":2,"upper":2,"guard":1.2}\n'
                     '{"value":1,"expanded_uncertainty":0.1,"k":2,"upper":2}\n'
                     '{"value":1,"expanded_uncertainty":0.1,"k":2,"upper":2,"decision_rule":"w = U"}\n')
ok(code == 2 and [(r['decision']['rule'], r['decision']['guard']) for r in records(out)] == [('iso14253', 0.83), ('custom', 1.2)]
   and 'stdin:3: which decision rule?' in err and 'stdin:4: no such decision rule: w = U' in err,
   "a record's rule; none is assumed", code, out, err)
for args, data in ((('-y', '1', '-U', '0.1', '-H', '2'), ''), ((), '{"value":1,"expanded_uncertainty":0.1,"upper":2}\n')):
    code, out, err = run('decide', '-r', 'simple', *args, data=data)
    ok(code == 0 and is_one_line(err, 'k = 2 is taken where'), 'a k that was not given is said, terminal or not', code, out, err)
code, out, err = run('decide', '-r', 'simple', '-y', '1', '-U', '0.1', '-k', '2', '-H', '2')
ok(code == 0 and err == '', 'one that was is not', code, out, err)
for rec, word in (('{"value":1}', 'no tolerance limit'), ('{"value":1,"upper":2}', 'expanded_uncertainty: missing'),
                  ('{"value":"1","upper":2,"expanded_uncertainty":1}', 'value: a number'), ('{"upper":2,"expanded_uncertainty":1}', 'value: missing'),
                  ('{"value":1,"upper":2,"expanded_uncertainty":0}', 'above 0'), ('{"value":1,"upper":2,"expanded_uncertainty":1e999}', 'a number'),
                  ('{"value":1,"upper":2,"expanded_uncertainty":1,"k":-2}', 'k: a number above 0'), ('[1]', 'not JSON'), ('{"value":', 'not JSON'),
                  ('{"value":1,"upper":2,"expanded_uncertainty":1,"k":2,"standard_uncertainty":0.1}', 'is not k times'),
                  ('{"value":1,"upper":2,"lower":3,"expanded_uncertainty":1,"k":2}', 'is not below'),
                  ('{"event_type":"calibration","calibration":{"results":[1]}}', 'an object is expected'),
                  ('{"event_type":"note"}', 'no result with a tolerance')):
    code, out, err = run('decide', '-r', 'simple', data=rec + '\n')
    ok(code == 2 and out == '' and word in err and err.count('\n') == 1, 'decide: %s' % word, rec, code, err)
for args, word in ((['-y', '1', '-U', '1', '-L', '0'], 'which decision rule'), (['-y', '1', '-r', 'simple', '-L', '0'], 'either --expanded'),
                   (['-y', '1', '-U', '1', '-r', 'simple'], 'no tolerance limit'), (['-y', 'x', '-U', '1'], 'a number'),
                   (['-y', '1', '-U', '1', '-L', '0', '-r', 'fancy'], 'no such decision rule'), (['-L', '1'], '--value is missing'),
                   (['-y', '1', '-U', '1', '-L', '0', '-r', 'custom'], 'guard band is missing'), (['-l', 'de'], 'en or sv'),
                   (['-y', '1', '-U', '1', '-L', '0', '-r', 'simple', '-g', '1'], 'goes with rule custom'),
                   (['-y', '1', '-U', '1', '-L', '0', '-r', 'simple', 'file'], 'do not go together'),
                   (['--process-mean', '1'], 'go together'), (['--process-mean', '1', '--process-sd', '0'], 'above 0'),
                   (['-y', '1', '-U', '1', '-L', 'inf', '-r', 'simple'], 'a number'), (['--value-of', 'mean'], 'as_left')):
    code, out, err = run('decide', *args, data='')
    ok(code == 2 and out == '' and is_one_line(err, word), 'decide %s: %s' % (' '.join(args), word), code, err)
code, out, err = run('decide', '--schema')
ok(code == 0 and json.loads(out)['$id'] == 'otkit:decision', 'the schema')

# --- whatever comes

random.seed(6)
with open(DATA + 'gum-h1.json', 'rb') as f:
    base = f.read()
values = [b'null', b'true', b'-1', b'0', b'1e308', b'-1e308', b'1e-320', b'""', b'"x"', b'[]', b'{}', b'[[[[]]]]', b'1e999', b'NaN',
          b'99999999999999999999', b'0.1', b'"\\u0000"', b'-0.0', b'"theta"', b'2.5']
broken, silent, seen = [], [], set()
for i in range(400):
    t = bytearray(base)
    for _ in range(random.randint(1, 3)):
        k = random.randrange(4)
        if k == 0:
            t[random.randrange(len(t))] = random.choice(b'{}[]",:0e-+.\\a \xff\x00')
        elif k == 1:
            t = t[:random.randrange(1, len(t))]
        else:
            at = [j for j in range(len(t) - 1) if t[j:j + 1] == b':']
            if at:
                j = random.choice(at)
                end = min(x for x in (t.find(b',', j), t.find(b'}', j), len(t)) if x > 0)
                t[j + 1:end] = random.choice(values)
    code, out, err = run('budget', *(['-t'] if i % 2 else []), data=bytes(t))
    seen.add(code)
    if code not in (0, 2):
        broken.append((code, bytes(t)[:300], err))
    elif code == 2 and not err or code == 0 and not out:
        silent.append((code, bytes(t)[:300]))
    elif code == 0 and not i % 2:
        why = fits(records(out))
        if why:
            broken.append((why, bytes(t)[:300]))
ok(not broken and seen == {0, 2}, '400 damaged budgets: an answer or a reason', *broken[:3])
ok(not silent, 'never neither', *silent[:3])
broken, seen = [], set()
keys = ['value', 'as_left', 'error', 'expanded_uncertainty', 'standard_uncertainty', 'k', 'dof', 'lower', 'upper', 'guard',
        'decision_rule', 'unit', 'quantity']
for i in range(40):
    lines = []
    for _ in range(50):
        ks = random.sample(keys, random.randint(3, 9)) + random.choice([[], ['value', 'expanded_uncertainty', 'upper']])
        lines.append(b'{' + b','.join(b'"%s":%s' % (k.encode(), random.choice(values + [b'1', b'3', b'5'])) for k in dict.fromkeys(ks)) + b'}')
    code, out, err = run('decide', '-r', random.choice(['simple', 'guarded', 'uncritical']), '--process-mean', '1', '--process-sd', '0.5',
                         data=b'\n'.join(lines) + b'\n')
    seen.add(code)
    why = fits(records(out))
    if code not in (0, 1, 2) or why:
        broken.append((code, why, err[-300:]))
ok(not broken and seen <= {0, 1, 2}, '2,000 odd records: an answer or a reason', *broken[:3])

many = json.dumps({'measurand': {}, 'model': '+'.join('q%d' % i for i in range(200)), 'quantities': [
    {'name': 'q%d' % i, 'estimate': 1, 'standard_uncertainty': 1} for i in range(200)]})
code, out, err = run('budget', data=many)
ok(code == 0 and abs(records(out)[0]['budget']['standard_uncertainty'] - 200 ** 0.5) < 1e-12, '200 quantities in a model', err)
many = '{"measurand":{"estimate":1},"quantities":[%s]}' % ','.join(['{"name":"q"}'] * 1000000)
code, out, err = run('budget', data=many)
ok(code == 2 and is_one_line(err, 'more than 200'), 'a million quantities are refused', code, err[:200])
many = '{"measurand":{"estimate":1},"quantities":[{"name":"q","sensitivity":1,"readings":[%s]}]}' % ','.join(['1', '2'] * 50000)
code, out, err = run('budget', data=many)
ok(code == 0 and records(out)[0]['budget']['quantities'][0]['n'] == 100000, '100,000 readings', code, err[:200])
code, out, err = run('budget', data='[' * 100000)
ok(code == 2 and err.count('\n') == 1, 'nesting without end', code, err[:200])
code, out, err = run('budget', data=b'{"name":"' + b'a' * (17 << 20) + b'"}')
ok(code == 2 and err.count('\n') == 1, 'more bytes than a budget has', code, err[:200])

print('1..%d' % tests)
sys.exit(bad > 0)
