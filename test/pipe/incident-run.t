#!/usr/bin/python3
"""examples/incident/run.sh: from the raw capture to reports, timeline and evidence; its figures are those of
did.json, which says what the laboratory's script did."""
import datetime
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from reports import tmp, wrong, BIN
from tap import done, ok

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EX = TOP + '/examples/incident'
ENV = dict(os.environ, PATH=os.path.abspath(BIN) + ':' + os.environ['PATH'], COLUMNS='100')
F = os.path.join(tmp.name, 'run')


def get(name):
    with open(os.path.join(F, name), encoding='utf-8') as f:
        return f.read()


def records(name):
    return [json.loads(x) for x in get(name).splitlines()]


def when(text):
    return datetime.datetime.fromisoformat(re.sub(r'(Z|\+0000)$', '+00:00', text))


def apart(a, b):
    return abs((when(a) - when(b)).total_seconds())


with open(EX + '/run.sh', encoding='utf-8') as f:
    ok(len(f.readlines()) < 30, 'a script of under thirty lines')
p = subprocess.run(['sh', EX + '/run.sh', F], env=ENV, capture_output=True, text=True)
ok(p.returncode == 0, 'it runs to its end', p.stdout, p.stderr)
with open(EX + '/did.json', encoding='utf-8') as f:
    did = json.load(f)['events']


def what(name, **more):
    return [d for d in did if d['what'] == name and all(d.get(k) == v for k, v in more.items())]


WRITE, BACK = what('write')
LOW, NORMAL = what('alarm', to='low-limit')[0], what('alarm', to='normal')[0]
START, END = what('session start')[0], what('session end')[0]

# --- the timeline

all_records = records('timeline.ndjson')
ok(not wrong(all_records), 'the timeline passes its schema', wrong(all_records))
items = [dict(r['timeline'], at=r['timestamp'], cnt=r.get('pcap_cnt')) for r in all_records if r['event_type'] == 'timeline']
items.sort(key=lambda i: i['at'])


def near(d, seconds, **more):
    return [i for i in items if apart(i['at'], d['at']) <= seconds and all(i.get(k) == v for k, v in more.items())]


write = near(WRITE, 0.01, source='events', kind='command', asset='AHU-2')
ok(len(write) == 1 and write[0]['value'] == str(WRITE['new']) and write[0]['object'] == '%s %s' % (WRITE['object'], WRITE['property']) and
   write[0]['peer'] == 'ING-1', 'the write at 09:12:03.255: who, what, how much', write)
ok(any(b['rule'].startswith(('session', 'login')) for b in write[0].get('because', [])), 'and why it was made from where: somebody had logged in', write)
ok(len(near(WRITE, 1, source='jump')) == 1 and '%.1f -> %.1f' % (WRITE['old'], WRITE['new']) in near(WRITE, 1, source='jump')[0]['text'], 'the tool\'s own line has old and new value')
ok(near(BACK, 0.01, source='events', kind='command', asset='AHU-2', value=str(BACK['new'])) and near(BACK, 1, source='bms', kind='command'), 'the value put back')
alarm = near(LOW, 0.01, source='events', kind='alarm', asset='AHU-2')
ok(len(alarm) == 1 and abs(float(alarm[0]['value']) - LOW['value']) < 0.01, 'the alarm, from the wire', alarm)
alarm = near(LOW, 1, source='bms', kind='alarm', asset='AHU-2')
ok(len(alarm) == 1 and float(alarm[0]['value']) == LOW['value'] and LOW['text'] in alarm[0]['text'], 'and from the building server, its clock put right by 12 s', alarm)
low = [d for d in what('release') if LOW['at'] < d['at'] < NORMAL['at']]
told = [i for i in items if i['source'] == 'lims' and i['kind'] == 'result' and when(LOW['at']) < when(i['at']) < when(NORMAL['at'])]
ok(len(low) == 3 and [i['asset'] for i in told] == [d['instrument'] for d in low] and all(apart(i['at'], d['at']) < 1 for i, d in zip(told, low)),
   'three results were released while the pressure was low', told)
for d, text in ((START, 'begins'), (END, 'ends')):
    i = near(d, 0.25, source='events', kind='session', peer=d['supplier'])
    ok(len(i) == 1 and i[0]['text'].endswith(text) and i[0]['asset'] == 'JUMP-1', 'the supplier\'s session %s' % text, i)

# --- the reports

for name in ('upplysning', 'incidentanmalan', 'lagesrapport', 'delrapport', 'slutrapport'):
    text = get(name + '.txt')
    ok('INC-1: Trycket i renrum 2 föll' in text.splitlines()[0] and '2026-11-18' in text, 'a report: ' + name, text[:300])
text = get('upplysning.txt')
ok('09:12:03 +01:00: ING-1 (%s) skrev %d till %s %s i AHU-2 (%s), tidigare %d' % (
    WRITE['source'], WRITE['new'], WRITE['object'], WRITE['property'], WRITE['address'], WRITE['old']) in text, 'the first report says who wrote what, and what was there before')
ok('09:09:20 +01:00' in text and '09:17:01 +01:00' in text and START['source'] in text, 'and who was connected, from when to when')
ok('# ' in get('significant.md'), 'whether it is significant')
dead = {r['deadline']['id']: r['deadline'] for r in records('deadlines.ndjson') if r['event_type'] == 'deadline'}
first = when('2026-11-18T09:14:00+01:00')               # detected, the earliest of rival moments
ok(when(dead['upplysning']['due']) == first + datetime.timedelta(hours=24) and dead['upplysning']['state'] == 'done' and
   when(dead['incidentanmalan']['due']) == first + datetime.timedelta(hours=72), 'deadlines of 24 and 72 hours', dead.get('upplysning'))

# --- the evidence

E = F + '/evidence'
ok(subprocess.run(['sha256sum', '-c', '--quiet', 'SHA256SUMS'], cwd=E, capture_output=True).returncode == 0 and
   subprocess.run(['openssl', 'pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', 'SHA256SUMS.pem', '-in', 'SHA256SUMS', '-sigfile', 'SHA256SUMS.sig'],
                  cwd=E, capture_output=True).returncode == 0, 'the evidence holds by sha256sum and openssl')
kept = [r for r in records('evidence/records/events.ndjson') if r.get('ot', {}).get('op') == 'write' and apart(r['timestamp'], WRITE['at']) < 0.01]
ok(len(kept) == 1 and kept[0]['pcap_cnt'] == write[0]['cnt'], 'the write is among its records', kept)
cut = subprocess.run(['tcpdump', '-r', E + '/packets/incident.pcapng', '-n', '-tt', 'vlan and src host %s and dst host %s' % (WRITE['source'], WRITE['address'])],
                     capture_output=True, text=True).stdout
ok(any(abs(float(x.split(' ')[0]) - when(WRITE['at']).timestamp()) < 0.01 for x in cut.splitlines()), 'and its packet among the packets', cut[:500])
listed = [c['custody'] for c in records('evidence/custody.ndjson')]
ok([c['name'] for c in listed if c['kind'] == 'file'] == ['bms.csv', 'lims.csv', 'jump.log'] and all(c['kind'] not in ('fault', 'missing') for c in listed),
   'nothing is missing, and the logs are attached')
sent = [n for n in os.listdir(E + '/reports') if 'handed-in' in n]
ok(len(sent) == 1 and get('evidence/reports/' + sent[0]) == get('upplysning.txt'), 'what was handed in is in it')
form = [n for n in os.listdir(E + '/reports') if n.endswith('-form.txt')]
ok(len(form) == 1 and get('evidence/reports/' + form[0]) == get('upplysning.txt'), 'and the same is what the journal kept of the report')
done()
