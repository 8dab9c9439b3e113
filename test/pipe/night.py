#!/usr/bin/python3
"""night.py DAYS: the same laboratory some nights later, as events on stdin and stdout.

What differs is what differs between two quiet nights: the time, the clients'
ports, addresses that DHCP gives out, the addresses behind public names, names
that were asked for, packet numbers and files, and how much was said."""
import hashlib
import json
import re
import sys
from datetime import datetime, timedelta

days = int(sys.argv[1])
stamp = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0000')
forms = '%Y-%m-%dT%H:%M:%S.%f+0000'


def number(*words, mod):
    return int(hashlib.sha256('/'.join(map(str, (days,) + words)).encode()).hexdigest()[:8], 16) % mod


def later(m):
    return (datetime.strptime(m.group(), forms) + timedelta(days=days, seconds=number(mod=600))).strftime(forms)


events = [json.loads(line) for line in sys.stdin]
# who is given an address by DHCP, and where names lead to
moved = {}
for e in events:
    d = e.get('dhcp', {})
    ip = d.get('assigned_ip')
    if ip and ip != '0.0.0.0':
        net, host = ip.rsplit('.', 1)
        moved[ip] = '%s.%d' % (net, 150 + (int(host) + days) % 90)
    for a in e.get('dns', {}).get('answers', []) + e.get('dns', {}).get('grouped', {}).get('A', []):
        ip = a.get('rdata') if isinstance(a, dict) else a
        if isinstance(ip, str) and re.fullmatch(r'\d+\.\d+\.\d+\.\d+', ip) and not re.match(
                r'(10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|0|22[4-9]|23\d|255)\.', ip):
            net, host = ip.rsplit('.', 1)
            moved[ip] = '%s.%d' % (net, 1 + (int(host) + 7 * days) % 250)
pattern = re.compile(r'"(%s)"' % '|'.join(map(re.escape, moved))) if moved else None
for n, e in enumerate(events):
    if e.get('event_type') == 'flow' and number('drop', n, mod=40) == 0 and len(events) > 400:
        continue
    sport, dport = e.get('src_port', 0), e.get('dest_port', 0)
    if sport > 1023 and sport != dport and (dport <= 1023 or sport >= 32768) and \
            e.get('event_type') not in ('ftp',):
        e['src_port'] = 32768 + number('port', sport, mod=28000)
    if 'pcap_filename' in e:
        e['pcap_filename'] = 'night%d.pcapng' % days
    if e.get('event_type') == 'dns' and number('name', n, mod=3) == 0:
        for q in [e['dns']] + e['dns'].get('queries', []):
            if 'rrname' in q and 'answers' not in e['dns']:
                q['rrname'] = 'n%d.' % number('rr', n, mod=1000) + q['rrname']
    line = stamp.sub(later, json.dumps(e, separators=(',', ':')))
    if pattern:
        line = pattern.sub(lambda m: '"%s"' % moved[m.group(1)], line)
    print(line)
