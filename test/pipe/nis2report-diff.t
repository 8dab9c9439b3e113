#!/usr/bin/python3
"""nis2report diff: two assessments in; what closed, what opened; in words, records, pages."""
import json
import subprocess
import sys

sys.dont_write_bytecode = True
from reports import path, runner, tmp, wrong, PROG
from tap import done, ok

run = runner('diff')
RULES = {'id': 'lab-nis2', 'version': '1', 'date': '2026-01-01', 'digest': '0' * 64}


def finding(item, status, reason='r', rules=RULES, lang='en', evidence=(), at='2026-03-01'):
    return {'timestamp': at + 'T00:00:00.000000+0000', 'event_type': 'finding', 'finding': {
        'item': item, 'title': item.title(), 'group': 'g', 'status': status, 'basis': 'machine',
        'answer': 'auto', 'weight': 5, 'reason': reason, 'evidence': list(evidence), 'law': [],
        'standard': [], 'remedy': 'Do it.', 'source': 's', 'certainty': 'verified',
        'rule_set': rules, 'site': 'lab', 'lang': lang}}


def link(i, n):
    return {'kind': 'link', 'id': i, 'name': i, 'pcap_cnt': n}


OLD = path('old', [finding('x.closed', 'gap'), finding('x.opened', 'met'), finding('x.better', 'gap'),
                   finding('x.worse', 'partly'), finding('x.lost', 'partly'), finding('x.removed', 'met'),
                   finding('x.same', 'gap', evidence=[link('a', 1)]),
                   finding('x.evidence', 'gap', evidence=[link('a', 1), link('b', 2)]),
                   finding('x.restated', 'met')])
NEW = path('new', [finding('x.' + i, s, evidence=e, at='2026-09-01') for i, s, e in (
    ('closed', 'met', ()), ('opened', 'gap', ()), ('better', 'partly', ()), ('worse', 'gap', ()),
    ('lost', 'unknown', ()), ('added', 'gap', ()), ('same', 'gap', [link('a', 77)]),
    ('evidence', 'gap', [link('a', 3), link('c', 4)]), ('restated', 'not_applicable', ()))])

code, out, err = run('-f', 'ndjson', OLD, NEW)
recs = [json.loads(x) for x in out.splitlines()]
ok(code == 1, 'they differ: 1', code, err)
ok(not wrong(recs), 'records pass their schemas',
   wrong(recs))
kinds = {r['finding_change']['item']: r['finding_change'] for r in recs[:-1]}
ok(set(kinds) == {'x.' + k for k in ('closed', 'opened', 'better', 'worse', 'lost', 'removed', 'added',
                                     'evidence', 'restated')}, 'what did not change is not told', sorted(kinds))
for item, c in kinds.items():
    ok(c['kind'] == item[2:], '%s is %s' % (item, c['kind']))
ok([r['finding_change']['kind'] for r in recs[:-1]] == ['opened', 'worse', 'lost', 'closed', 'better', 'restated',
                                                        'evidence', 'added', 'removed'], 'the worst first')
ev = kinds['x.evidence']
ok([e['id'] for e in ev['evidence_came']] == ['c'] and [e['id'] for e in ev['evidence_went']] == ['b'],
   'evidence that came and went, the packet number aside', ev)
s = recs[-1]['finding_comparison']
ok(s['count'] == {'opened': 1, 'worse': 1, 'lost': 1, 'closed': 1, 'better': 1, 'restated': 1, 'evidence': 1,
                  'added': 1, 'removed': 1, 'same': 1}, 'counts', s['count'])
ok(s['old']['judged'].startswith('2026-03-01') and s['new']['judged'].startswith('2026-09-01'), 'days of both')
ok(not s['rules_differ'] and not s['languages_differ'], 'the same rules, the same language')

code, out, err = run(OLD, NEW)
ok(code == 1 and '1 item closed' in out and '2026-03-01 to 2026-09-01' in out, 'text', out)
ok('Both were judged by rule set lab-nis2 1.' in out, 'the rule set is said', out)
code, out, err = run('-l', 'sv', OLD, NEW)
ok('1 punkt stängd' in out and 'Nya brister' in out and 'Skälen står på det språk' in out, 'Swedish', out)
code, out, err = run('-f', 'markdown', OLD, NEW)
ok(code == 1 and '| X.Opened<br>x.opened | **Met** | **Gap** |' in out, 'Markdown', out)
for lang in 'sv', 'en':
    code, out, err = run('-l', lang, '-f', 'html', OLD, NEW)
    ok(code == 1 and '<html lang="%s">' % lang in out and 'http:' not in out, 'a page in ' + lang)
    ok('turn.' not in out, 'no word is missing in ' + lang)

other = dict(RULES, version='2')
changed = path('rules', [finding('x.same', 'gap', rules=other)])
code, out, err = run(path('one', [finding('x.same', 'gap')]), changed)
ok(code == 0 and 'lab-nis2 1 before, lab-nis2 2 now' in out, 'other rules are said, and are no change', out)
ok('Nothing changed' in out, 'nothing changed')
code, out, err = run('-f', 'ndjson', path('sv', [finding('x.same', 'gap', 'orsak', lang='sv')]),
                     path('en', [finding('x.same', 'gap', 'reason', lang='en')]))
ok(code == 0 and json.loads(out)['finding_comparison']['languages_differ'],
   'reasons in two languages are not compared', out)
code, out, err = run(OLD, OLD)
ok(code == 0, 'the same: 0', code)
with open(NEW, 'rb') as f:
    stdin = f.read()
ok(run('-f', 'ndjson', OLD, '-', data=stdin)[1] == run('-f', 'ndjson', OLD, NEW)[1], 'standard input as NEW')
ok(run('--now', '2026-10-01', '-f', 'ndjson', OLD, NEW)[1].count('"timestamp":"2026-10-01') == 10, '--now')

for args, want in (((OLD,), 'two assessments'), ((OLD, NEW, NEW), 'two assessments'),
                   (('-s', '-', OLD, '-'), 'the site file and an assessment cannot both be standard input'),
                   (('-', '-'), 'both be standard input'), ((OLD, tmp.name + '/none'), 'none'),
                   ((OLD, path('empty', [])), 'no finding'),
                   (('-f', 'pdf', OLD, NEW), 'text, markdown, html or ndjson'),
                   ((OLD, path('twice', [finding('x.a', 'gap')] * 2)), 'was answered before'),
                   ((OLD, path('broken', [finding('x.a', 'gap'), '{"event_type":\n'])), 'broken:2')):
    code, out, err = run(*args)
    ok(code == 2 and want in err, 'says "%s": 2' % want, code, err)

inv = 'test/pipe/data/gap-inventory.ndjson'
site = 'test/pipe/data/gap-site.json'
gap = [subprocess.run([PROG, 'gap', '-f', 'ndjson', '-s', site, '--now', d, inv], capture_output=True).stdout.decode()
       for d in ('2026-11-22', '2031-11-22')]
a, b = path('gap-a', [gap[0]]), path('gap-b', [gap[1]])
code, out, err = run('-f', 'ndjson', a, b)
recs = [json.loads(x) for x in out.splitlines()]
ok(code == 1 and not wrong(recs) and recs[-1]['finding_comparison']['count']['opened'] > 0,
   'five years later attestations have expired', err, out[:2000])
done()
