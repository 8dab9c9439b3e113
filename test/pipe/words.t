#!/usr/bin/python3
"""lib/rules/words.json holds no word or phrase that nothing names.

A key is named where it is a string of the C source, or of another rule file or a schema; or where
it can be put together: of a format ("status.%s"), a string that ends in a point ("cert.via."), or
a list that is named apart from its words (LISTS), and then parts that are named themselves, or
numbers. What is named is never called dead. A dead one can go unnoticed where its list is still
read and something else has its name."""
import functools
import json
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# word_of(s, "basis", name): the point comes with "%s.%.40s"
LISTS = ('attest.document', 'attest.signature', 'basis', 'certainty', 'classify.class', 'classify.figure',
         'classify.figures', 'classify.result', 'classify.size', 'classify.step', 'lab_system', 'op', 'side')
CONVERSION = re.compile(r'(%[-.*0-9]*[sdu])')
FORMAT = re.compile(r'[a-z_]+\.(?:[a-z_.]|%[-.*0-9]*[sdu])*')
RUN = re.compile(r'(?:%s){2,}')
NUMBER = re.compile(r'\d+(\.\d+)?')     # a level of Purdue's is 3.5


def of_c(text):
    """Its strings; a comment is none, nor what looks like one in a string."""
    return [s for s in re.findall(r'/\*.*?\*/|"((?:[^"\\\n]|\\.)*)"', text, flags=re.S) if s]


def of_json(x):
    if isinstance(x, dict):
        for k, v in x.items():
            yield k
            yield from of_json(v)
    elif isinstance(x, list):
        for v in x:
            yield from of_json(v)
    elif isinstance(x, str):
        yield x


def all_strings():
    found = set()
    for part in ('lib', 'cmd'):
        for folder, _, names in os.walk(os.path.join(TOP, part)):
            for name in names:
                path = os.path.join(folder, name)
                if name.endswith(('.c', '.h')):
                    with open(path, encoding='utf-8') as f:
                        found.update(of_c(f.read()))
                elif name.endswith('.json') and name != 'words.json':
                    with open(path, encoding='utf-8') as f:
                        found.update(of_json(json.load(f)))
    return found


def pattern(form):
    """What "turn.%s.about" can become: the part that is put in is a group."""
    return re.compile(''.join((r'([\w.-]+)' if p[-1] == 's' else r'(\d+)') if CONVERSION.fullmatch(p) else re.escape(p)
                              for p in CONVERSION.split(form)))


def namer(strings, lists):
    """The function that says whether a key is named."""
    # several %s in a row are one: what is put in may be split anywhere, and parts may be empty
    heads = [pattern(RUN.sub('%s', s)) for s in strings if CONVERSION.search(s) and FORMAT.fullmatch(s)]
    runs = [pattern(RUN.sub('%s', s)) for s in strings if RUN.search(s) and FORMAT.fullmatch(s)]
    heads += [re.compile(re.escape(s) + '(.+)') for s in strings if re.fullmatch(r'[a-z_.]+\.', s)]
    heads += [re.compile(re.escape(s) + r'\.(.+)') for s in lists]

    def split(text):
        return any(text[:i] in strings and (i == len(text) or split(text[i:])) for i in range(1, len(text) + 1))

    @functools.cache
    def named(key):
        return key in strings or NUMBER.fullmatch(key) is not None or any(
            all(map(named, m.groups())) for m in (h.fullmatch(key) for h in heads) if m) or any(
            all(map(split, m.groups())) for m in (h.fullmatch(key) for h in runs) if m)
    return named


tests = failed = 0


def ok(good, text, *notes):
    global tests, failed
    tests += 1
    failed += not good
    print('%sok %d - %s' % ('' if good else 'not ', tests, text))
    for n in notes if not good else ():
        print('# %s' % n)


named = namer({'page.title', 'status.%s', 'cert.via.', 'turn.%s.about', 'col.%s', 'v.%s', 'gap', 'ilac', 'w.%s%s', '.late'}, ('op',))
for key, want in (('page.title', True), ('page.titles', False), ('status.gap', True), ('status.gone', False),
                  ('cert.via.ilac', True), ('cert.via.none', False), ('turn.gap.about', True), ('turn.gap', False),
                  ('w.gap', True), ('w.gap.late', True), ('w.late', False), ('w.gap.soon', False), ('v.col.gap', True), ('v.row.gap', False), ('op.gap', True), ('ops.gap', False), ('status.3', True)):
    ok(named(key) == want, '%s is %s' % (key, 'named' if want else 'dead'))

strings = all_strings()
named = namer(strings, LISTS)
with open(os.path.join(TOP, 'lib/rules/words.json'), encoding='utf-8') as f:
    words = json.load(f)
for kind in ('words', 'phrases'):
    dead = [k for k in words[kind] if not named(k)]
    ok(words[kind] and not dead, 'all %s are named by something' % kind, *dead)
idle = [s for s in LISTS if not any(k.startswith(s + '.') for k in words['words']) or s not in strings]
ok(not idle, 'the lists of this test are lists', *idle)
print('1..%d' % tests)
sys.exit(failed > 0)
