#!/usr/bin/python3
"""nis2report significant: the worked examples A-F of the guidance of 2018, every threshold at, just below and just
above in every set of rules, which rules a day and a sector choose, what is unknown, what still goes on, what is asked.
All that is expected is written from the texts of the rules (MSBFS 2018:9 as the guidance quotes it, CSL 2:5, Regulation
(EU) 2024/2690, and what is known of MCFFS 2026:8), none of it from the program."""
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from reports import answer, path, runner, tmp, BIN
from tap import done, ok
import jsonschema
import schema

run = runner('significant')
NOW = ('--now', '2026-11-22T12:00:00Z')
YES, NO, OPEN = 'significant', 'not_significant', 'not_decidable'
STATUS = {YES: 1, OPEN: 1, NO: 0}


def judged(on, sector, figures, *more):
    """(exit status, the significance, {id: criterion})."""
    args = [a for k, v in figures.items() for a in ('--set', '%s=%s' % (k, v))]
    code, out, err = run('-f', 'ndjson', *NOW, '--on', on, '--sector', sector, *args, *more)
    records = [json.loads(x) for x in out.splitlines()]
    if code == 2 or not records:
        return code, {'answer': 'refused: ' + err.strip(), 'met': []}, {}
    faults = [w for w in map(schema.check, records) if w]
    if faults:
        ok(False, '%s %s: records pass their schemas' % (on, sector), faults)
    return code, records[0]['significance'], {r['criterion']['id']: r['criterion'] for r in records[1:]}


def expect(on, sector, figures, want, text, met=None):
    code, s, _ = judged(on, sector, figures)
    ok(s['answer'] == want and code == STATUS[want] and (met is None or s['met'] == met), text,
       s['answer'], s['met'], [q['field'] for q in s.get('questions', [])])


OLD, LAW, NEW = '2019-03-01', '2026-03-01', '2026-11-22'

# --- the worked examples of the guidance (2018), section 4.5.1

EXAMPLES = (
    ('A', 'electricity', {'control_affected': 'yes', 'control_unavailable': '90min'}, ['el.control'],
     'regional grid, monitoring lost for 90 minutes, whatever the number of customers'),
    ('B', 'electricity', {'control_affected': 'yes', 'control_unavailable': '30min', 'disturbance_duration': '6h',
                          'users_affected': '0', 'users_affected_share': '0'}, ['el.control'],
     'wind farm, locked out for 30 minutes, no production for 6 hours'),
    ('C', 'gas', {'control_affected': 'yes', 'control_unavailable': '4h', 'supply_risk': 'no', 'supply_interruption': 'no'},
     ['gas.control'], 'gas pipes, monitoring lost for 4 hours, the flow untouched'),
    ('D', 'gas', {'supply_risk': 'yes', 'control_affected': 'yes', 'disturbance_duration': '12h'},
     ['gas.risk', 'gas.control'], 'gas trader, communication lost for 12 hours'),
    ('E', 'oil', {'disturbance_duration': '2d', 'control_unavailable': '0s'}, ['oil.12h'], 'refinery, two days'),
    ('F', 'oil', {'disturbance_duration': '24h', 'control_unavailable': '0s'}, ['oil.12h'], 'depot, loading blocked for a day'),
)
for name, sector, figures, met, text in EXAMPLES:
    code, s, c = judged('2019-02-08', sector, figures)
    ok(code == 1 and s['answer'] == YES and s['met'] == met, 'example %s: %s' % (name, text), s['answer'], s['met'])
expect('2019-02-08', 'electricity', {'control_affected': 'no', 'disturbance_duration': '6h', 'users_affected': '2000'}, YES,
       'example A, the high voltage of six hours by itself: 2 000 customers are enough', ['el.2h'])

# --- thresholds. For each sector: what makes every criterion fail; then for each criterion figures, and the one
# that is moved with its value below, at and above. "at" tells whether the limit itself is enough: "minst" (at
# least) is, "över, mer än" (more than) is not.

AT_LEAST, MORE = True, False
TRANSPORT_OLD = {'disturbance_duration': '0s', 'users_affected': 0, 'area_km2': 0}
DNS_OLD = {'tld_unavailable': 'no', 'tld_names': 0, 'recursive_down': '0s', 'recursive_users': 0, 'authoritative_down': '0s',
           'authoritative_names': 0}
EL_OLD = {'disturbance_duration': '0s', 'users_affected': 0, 'users_affected_share': 0, 'control_affected': 'no'}
WATER_OLD = {'disturbance_duration': '0s', 'users_affected': 0, 'emergency_hospital_affected': 'no', 'control_affected': 'no'}
FMI_OLD = {'connectivity_deviation': 'no', 'systemic_services': 'no', 'disturbance_duration': '0s'}
CARE_OLD = {'patient_safety_report': 'no', 'ambulance_affected': 'no', 'care_unavailable': '0s', 'disturbance_duration': '0s'}
LAW_NO = {'severe_disruption': 'no', 'severe_financial_loss': 'no', 'considerable_damage_others': 'no'}
# kronor: 5 % of 10 million are 500 000
GENERAL = dict(LAW_NO, critical_system_affected='no', activity_limited='0s', workaround_time='0s', protected_information='no',
               total_cost=0, turnover=10000000, other_entity_information='no', persons_information=0, environment_damage='no',
               other_in_crisis='no', serious_injury='no', death='no', recurring_count=1, recurring_same_cause='no',
               recurring_cost=0)
IR = {'loss_eur': 0, 'turnover_eur': 20000000, 'trade_secrets': 'no', 'death': 'no', 'health_damage': 'no',
      'malicious_access': 'no', 'recurring_count': 1, 'recurring_same_cause': 'no', 'recurring_loss_eur': 0}


def new(**more):
    return dict(GENERAL, **more)


def ir(**more):
    return dict(IR, **more)


EL_NEW = new(services_down='0s', users_affected=0, users_affected_share=0, control_unavailable='0s')
ROAD_NEW = new(services_down='0s', users_affected=0, area_km2=0)
CARE_NEW = new(patient_safety_report='no', ambulance_unavailable='no')
WATER_NEW = new(critical_system_down='0s')
CLOUD = ir(services_down='0s', services_limited='0s', users_affected=0, users_affected_share=0,
           data_compromised_maliciously='no', data_users=0, data_users_share=0)
DNS_IR = ir(services_down='0s', dns_slow='0s', dns_data_compromised='no', dns_misconfiguration='no', dns_names=0, dns_names_share=0)
DC = ir(services_down='0s', services_limited='0s', data_compromised_maliciously='no', physical_access_compromised='no')
DAY = '23h59m59s', '24h', '24h1s'


def times(h, m=0):
    """Just below, at, just above a length of time."""
    s = h * 3600 + m * 60
    return tuple('%ds' % x for x in (s - 1, s, s + 1))


def count(n):
    return n - 1, n, n + 1


LIMITS = (
    # MSBFS 2018:9, chapter by chapter; all "at least" but chapter 9
    (OLD, 'electricity', EL_OLD, 'el.2h', {'users_affected': 2000}, 'disturbance_duration', times(2), AT_LEAST),
    (OLD, 'electricity', EL_OLD, 'el.2h', {'users_affected_share': 50}, 'disturbance_duration', times(2), AT_LEAST),
    (OLD, 'electricity', EL_OLD, 'el.2h', {'disturbance_duration': '2h'}, 'users_affected', count(2000), AT_LEAST),
    (OLD, 'electricity', EL_OLD, 'el.2h', {'disturbance_duration': '2h'}, 'users_affected_share', (49.9, 50, 50.1), AT_LEAST),
    (OLD, 'oil', {'disturbance_duration': '0s', 'control_unavailable': '0s'}, 'oil.12h', {}, 'disturbance_duration', times(12), AT_LEAST),
    (OLD, 'oil', {'disturbance_duration': '0s', 'control_unavailable': '0s'}, 'oil.control', {}, 'control_unavailable', times(2), AT_LEAST),
) + tuple(limit for sector in ('air', 'rail', 'shipping', 'road', 'public_transport') for limit in (
    (OLD, sector, TRANSPORT_OLD, 'transport.1h', {'users_affected': 1000}, 'disturbance_duration', times(1), AT_LEAST),
    (OLD, sector, TRANSPORT_OLD, 'transport.1h', {'area_km2': 10000}, 'disturbance_duration', times(1), AT_LEAST),
    (OLD, sector, TRANSPORT_OLD, 'transport.1h', {'disturbance_duration': '1h'}, 'users_affected', count(1000), AT_LEAST),
    (OLD, sector, TRANSPORT_OLD, 'transport.1h', {'disturbance_duration': '1h'}, 'area_km2', (9999.9, 10000, 10000.1), AT_LEAST),
    (OLD, sector, TRANSPORT_OLD, 'transport.2h', {}, 'disturbance_duration', times(2), AT_LEAST),
)) + (
    (OLD, 'banking', {'transactions_share': 0, 'bank_users_share': 0, 'disturbance_in_day': '0s'}, 'bank.25pct', {}, 'transactions_share', (24.9, 25, 25.1), AT_LEAST),
    (OLD, 'banking', {'transactions_share': 0, 'bank_users_share': 0, 'disturbance_in_day': '0s'}, 'bank.25pct', {}, 'bank_users_share', (24.9, 25, 25.1), AT_LEAST),
    (OLD, 'banking', {'transactions_share': 0, 'bank_users_share': 0, 'disturbance_in_day': '0s'}, 'bank.3h', {}, 'disturbance_in_day', times(3), AT_LEAST),
    (OLD, 'fmi', FMI_OLD, 'fmi.1h', {'systemic_services': 'yes'}, 'disturbance_duration', times(1), AT_LEAST),
    (OLD, 'fmi', FMI_OLD, 'fmi.2h', {}, 'disturbance_duration', times(2), AT_LEAST),
    (OLD, 'care', CARE_OLD, 'health.care_2h', {}, 'care_unavailable', times(2), AT_LEAST),
    (OLD, 'care', CARE_OLD, 'health.6h', {}, 'disturbance_duration', times(6), AT_LEAST),
    (OLD, 'drinking_water', WATER_OLD, 'water.2h', {'users_affected': 2000}, 'disturbance_duration', times(2), AT_LEAST),
    (OLD, 'drinking_water', WATER_OLD, 'water.2h', {'emergency_hospital_affected': 'yes'}, 'disturbance_duration', times(2), AT_LEAST),
    (OLD, 'drinking_water', WATER_OLD, 'water.2h', {'disturbance_duration': '2h'}, 'users_affected', count(2000), AT_LEAST),
) + tuple(limit for sector in ('dns', 'tld', 'ixp') for limit in (
    (OLD, sector, DNS_OLD, 'dns.tld_data', {}, 'tld_names', count(2500), MORE),
    (OLD, sector, DNS_OLD, 'dns.recursive_1h', {}, 'recursive_down', times(1), MORE),
    (OLD, sector, DNS_OLD, 'dns.recursive_data', {}, 'recursive_users', count(10000), MORE),
    (OLD, sector, DNS_OLD, 'dns.authoritative_2h', {}, 'authoritative_down', times(2), MORE),
    (OLD, sector, DNS_OLD, 'dns.authoritative_data', {}, 'authoritative_names', count(2500), MORE),
)) + tuple(limit for sector in ('research', 'manufacturing', 'chemicals', 'food', 'waste', 'other_health', 'banking', 'fmi', 'education') for limit in (
    # MCFFS 2026:8, for all of MCF's sectors; times strictly more
    (NEW, sector, GENERAL, 'gen.critical_12h', {'critical_system_affected': 'yes'}, 'activity_limited', times(12), MORE),
    (NEW, sector, GENERAL, 'gen.workaround_48h', {}, 'workaround_time', times(48), MORE),
    (NEW, sector, GENERAL, 'gen.cost_5pct', {}, 'total_cost', count(500000), MORE),
    (NEW, sector, GENERAL, 'gen.others_500', {}, 'persons_information', count(500), AT_LEAST),
    (NEW, sector, GENERAL, 'gen.recurring', {'recurring_same_cause': 'yes', 'recurring_cost': 500001}, 'recurring_count', (1, 2, 3), AT_LEAST),
    (NEW, sector, GENERAL, 'gen.recurring', {'recurring_same_cause': 'yes', 'recurring_count': 2}, 'recurring_cost', count(500000), MORE),
)) + (
    (NEW, 'care', CARE_NEW, 'health.activity_1h', {}, 'activity_limited', times(1), MORE),
    (NEW, 'care', CARE_NEW, 'health.workaround_6h', {}, 'workaround_time', times(6), MORE),
    (NEW, 'drinking_water', WATER_NEW, 'water.unavailable_4h', {}, 'critical_system_down', times(4), MORE),
    (NEW, 'drinking_water', WATER_NEW, 'water.workaround_8h', {}, 'workaround_time', times(8), MORE),
    (NEW, 'waste_water', WATER_NEW, 'water.unavailable_4h', {}, 'critical_system_down', times(4), MORE),
    (NEW, 'waste_water', WATER_NEW, 'water.workaround_8h', {}, 'workaround_time', times(8), MORE),
    (NEW, 'public_administration', GENERAL, 'pub.activity_4h', {}, 'activity_limited', times(4), MORE),
    (NEW, 'public_administration', GENERAL, 'pub.workaround_12h', {}, 'workaround_time', times(12), MORE),
) + tuple(limit for sector in ('electricity', 'district_energy') for limit in (
    (NEW, sector, EL_NEW, 'energy.el', {'users_affected': 2000}, 'services_down', times(2), MORE),
    (NEW, sector, EL_NEW, 'energy.el', {'users_affected_share': 50}, 'services_down', times(2), MORE),
    (NEW, sector, EL_NEW, 'energy.el', {'services_down': '2h1s'}, 'users_affected', count(2000), AT_LEAST),
    (NEW, sector, EL_NEW, 'energy.el', {'services_down': '2h1s'}, 'users_affected_share', (49.9, 50, 50.1), AT_LEAST),
    (NEW, sector, EL_NEW, 'energy.el', {}, 'workaround_time', times(6), MORE),
    (NEW, sector, EL_NEW, 'energy.el', {}, 'control_unavailable', times(1), MORE),
)) + tuple(limit for sector in ('gas', 'hydrogen') for limit in (
    (NEW, sector, new(control_unavailable='0s'), 'energy.gas', {}, 'control_unavailable', times(1), MORE),
    (NEW, sector, new(control_unavailable='0s'), 'energy.gas', {}, 'workaround_time', times(6), MORE),
)) + (
    (NEW, 'oil', new(control_unavailable='0s'), 'energy.oil', {}, 'control_unavailable', times(2), MORE),
    (NEW, 'oil', new(control_unavailable='0s'), 'energy.oil', {}, 'workaround_time', times(6), MORE),
) + tuple(limit for sector in ('shipping', 'air', 'road') for limit in (
    (NEW, sector, ROAD_NEW, 'transport.swr', {}, 'activity_limited', times(1), MORE),
    (NEW, sector, ROAD_NEW, 'transport.swr', {'users_affected': 1000}, 'services_down', times(1), MORE),
    (NEW, sector, ROAD_NEW, 'transport.swr', {'area_km2': 10000}, 'services_down', times(1), MORE),
    (NEW, sector, ROAD_NEW, 'transport.swr', {'services_down': '1h1s'}, 'users_affected', count(1000), AT_LEAST),
    (NEW, sector, ROAD_NEW, 'transport.swr', {'services_down': '1h1s'}, 'area_km2', (9999.9, 10000, 10000.1), AT_LEAST),
    (NEW, sector, ROAD_NEW, 'transport.swr', {}, 'workaround_time', times(6), MORE),
)) + tuple(limit for sector in ('rail', 'public_transport') for limit in (
    (NEW, sector, new(departures_share=0), 'transport.rail', {}, 'departures_share', (4.99, 5, 5.01), MORE),
    (NEW, sector, new(departures_share=0), 'transport.rail', {}, 'workaround_time', times(6), MORE),
)) + (
    # Regulation (EU) 2024/2690, article 3(1)(a): the lower of 500 000 euros and 5 % of the turnover
    (NEW, 'cloud', CLOUD, 'ir.loss', {'turnover_eur': 20000000}, 'loss_eur', count(500000), MORE),
    (NEW, 'cloud', CLOUD, 'ir.loss', {'turnover_eur': 1000000}, 'loss_eur', count(50000), MORE),
    (NEW, 'cloud', CLOUD, 'ir.recurring', {'recurring_same_cause': 'yes', 'recurring_count': 2}, 'recurring_loss_eur', count(500000), MORE),
    (NEW, 'cloud', CLOUD, 'ir.recurring', {'recurring_same_cause': 'yes', 'recurring_loss_eur': 500001}, 'recurring_count', (1, 2, 3), AT_LEAST),
) + tuple(limit for sector in ('cloud', 'managed_services') for limit in (
    (NEW, sector, CLOUD, 'ir.service_30min', {}, 'services_down', times(0, 30), MORE),
    (NEW, sector, CLOUD, 'ir.service_limited', {'users_affected_share': 5.01}, 'services_limited', times(1), MORE),
    (NEW, sector, CLOUD, 'ir.service_limited', {'services_limited': '1h1s'}, 'users_affected_share', (4.99, 5, 5.01), MORE),
    (NEW, sector, CLOUD, 'ir.service_limited', {'services_limited': '1h1s'}, 'users_affected', count(1000000), MORE),
    (NEW, sector, CLOUD, 'ir.service_data', {}, 'data_users_share', (4.99, 5, 5.01), MORE),
    (NEW, sector, CLOUD, 'ir.service_data', {}, 'data_users', count(1000000), MORE),
)) + (
    (NEW, 'dns', DNS_IR, 'ir.dns_30min', {}, 'services_down', times(0, 30), MORE),
    (NEW, 'dns', DNS_IR, 'ir.dns_slow', {}, 'dns_slow', times(1), MORE),
    (NEW, 'dns', DNS_IR, 'ir.dns_data', {'dns_data_compromised': 'yes', 'dns_misconfiguration': 'yes'}, 'dns_names', count(1000), AT_LEAST),
    (NEW, 'dns', DNS_IR, 'ir.dns_data', {'dns_data_compromised': 'yes', 'dns_misconfiguration': 'yes'}, 'dns_names_share', (0.99, 1, 1.01), MORE),
    (NEW, 'tld', DNS_IR, 'ir.tld_slow', {}, 'dns_slow', times(1), MORE),
    (NEW, 'datacentre', DC, 'ir.dc_limited', {}, 'services_limited', times(1), MORE),
    (NEW, 'trust', ir(services_down='0s', unread_criterion='no'), 'ir.trust_20min', {}, 'services_down', times(0, 20), MORE),
)
for on, sector, base, criterion, figures, moved, values, inclusive in LIMITS:
    for place, value in zip(('below', 'at', 'above'), values):
        want = place == 'above' or (place == 'at' and inclusive)
        code, s, c = judged(on, sector, {**base, **figures, moved: value})
        got = c.get(criterion, {}).get('result')
        # other criteria of the sector may be met by the same figure; where none is, the answer is the criterion's
        good = got == ('met' if want else 'not_met') and s['answer'] == (YES if s['met'] else NO) and code == STATUS[s['answer']]
        ok(good, '%s %s: %s with %s=%s (%s): %s' % (on[:4], sector, criterion, moved, value, place, 'met' if want else 'not'),
           got, s['answer'], s['met'], [q['field'] for q in s.get('questions', [])])

# --- what is said with yes and no

WORDS = (
    (OLD, 'electricity', EL_OLD, 'control_affected', 'el.control'),
    (OLD, 'gas', {'supply_risk': 'no', 'supply_interruption': 'no', 'control_affected': 'no'}, 'supply_risk', 'gas.risk'),
    (OLD, 'gas', {'supply_risk': 'no', 'supply_interruption': 'no', 'control_affected': 'no'}, 'supply_interruption', 'gas.interruption'),
    (OLD, 'gas', {'supply_risk': 'no', 'supply_interruption': 'no', 'control_affected': 'no'}, 'control_affected', 'gas.control'),
    (OLD, 'fmi', FMI_OLD, 'connectivity_deviation', 'fmi.connectivity'),
    (OLD, 'care', CARE_OLD, 'patient_safety_report', 'health.lex_maria'),
    (OLD, 'care', CARE_OLD, 'ambulance_affected', 'health.ambulance'),
    (OLD, 'drinking_water', WATER_OLD, 'control_affected', 'water.control'),
    (OLD, 'tld', DNS_OLD, 'tld_unavailable', 'dns.tld_available'),
    (OLD, 'cloud', {'unread_criterion': 'no'}, 'unread_criterion', 'digital.2018_151'),
    (NEW, 'care', CARE_NEW, 'patient_safety_report', 'health.patient_safety'),
    (NEW, 'care', CARE_NEW, 'ambulance_unavailable', 'health.ambulance'),
    (NEW, 'tld', DNS_IR, 'dns_data_compromised', 'ir.tld_data'),
    (NEW, 'cloud', CLOUD, 'data_compromised_maliciously', 'ir.service_malicious'),
    (NEW, 'datacentre', DC, 'data_compromised_maliciously', 'ir.dc_malicious'),
    (NEW, 'datacentre', DC, 'physical_access_compromised', 'ir.dc_physical'),
) + tuple((NEW, 'research', GENERAL, field, criterion) for field, criterion in (
    ('protected_information', 'gen.protected_info'), ('other_entity_information', 'gen.others_500'),
    ('environment_damage', 'gen.environment'), ('other_in_crisis', 'gen.other_crisis'), ('serious_injury', 'gen.injury'),
    ('death', 'gen.injury'), ('severe_disruption', 'law.disruption'), ('severe_financial_loss', 'law.loss'),
    ('considerable_damage_others', 'law.others'))) + tuple((day, sector, LAW_NO, field, criterion)
        for day, sector in ((LAW, 'care'), (LAW, 'research'), (LAW, 'electricity'), (NEW, 'ecn'), (NEW, 'post'), (NEW, 'space'), (NEW, 'ixp'))
        for field, criterion in (('severe_disruption', 'law.disruption'), ('severe_financial_loss', 'law.loss'),
                                 ('considerable_damage_others', 'law.others'))) + tuple((NEW, sector, ir(unread_criterion='no'), field, criterion)
        for sector in ('cdn', 'marketplace', 'search', 'social') for field, criterion in (
            ('trade_secrets', 'ir.trade_secrets'), ('death', 'ir.death'), ('health_damage', 'ir.health'),
            ('malicious_access', 'ir.access'), ('unread_criterion', 'ir.unread')))
for on, sector, base, field, criterion in WORDS:
    expect(on, sector, base, NO, '%s %s: all answered no' % (on[:7], sector), [])
    expect(on, sector, {**base, field: 'yes'}, YES, '%s %s: %s is enough' % (on[:7], sector, field), [criterion])
    code, s, c = judged(on, sector, {**base, field: 'unknown'})
    ok(s['answer'] == OPEN and [q['field'] for q in s['questions']] == [field] and s['settle'] == [field] and
       'unknown' in [f['from'] for f in c[criterion]['figures'] if f['field'] == field], '%s %s: %s unknown: it alone is asked for' % (on[:7], sector, field), s)
for sector, down in (('tld', 'ir.tld_down'), ('datacentre', 'ir.dc_down')):
    base = DNS_IR if sector == 'tld' else DC
    expect(NEW, sector, {**base, 'services_down': '1s'}, YES, '%s: down for a second is enough' % sector, [down])
expect(NEW, 'dns', {**DNS_IR, 'dns_data_compromised': 'yes'}, YES, 'name data compromised and no misconfiguration: however few', ['ir.dns_data'])
expect(NEW, 'care', {**CARE_NEW, 'ambulance_affected': 'yes'}, NO, '2026: an ambulance service that was affected and given', [])
expect(NEW, 'research', {**GENERAL, 'critical_system_affected': 'yes', 'activity_limited': '12h'}, NO, 'a critical system and twelve hours', [])
expect(NEW, 'research', {**GENERAL, 'activity_limited': '13h'}, NO, 'thirteen hours without a critical system', [])
expect(NEW, 'research', {**GENERAL, 'recurring_count': 3, 'recurring_cost': 900000}, NO, 'incidents of different causes', [])
# the same figures under both: 1 h in a hospital is not more than 1 h, 6 h was at least 6 h
expect(OLD, 'care', {**CARE_OLD, 'care_unavailable': '1h1s'}, NO, 'care for an hour and a second: not in 2019')
expect(NEW, 'care', {**CARE_NEW, 'activity_limited': '1h1s'}, YES, 'but in 2026')

# --- which rules: by day and sector

for day, sector, sets in (
        ('2018-08-01', 'care', ['msbfs2018-9']), ('2026-01-14', 'care', ['msbfs2018-9']), ('2026-01-15', 'care', ['law']),
        ('2026-06-30', 'care', ['law']), ('2026-07-01', 'care', ['mcffs2026-8', 'law']), ('2026-01-14', 'cloud', ['msbfs2018-9']),
        ('2026-01-15', 'cloud', ['ir2690']), ('2026-07-01', 'cloud', ['ir2690']), ('2026-07-01', 'research', ['mcffs2026-8', 'law']),
        ('2026-07-01', 'ecn', ['law']), ('2025-05-05', 'research', ['msbfs2018-9'])):
    code, s, c = judged(day, sector, {'death': 'unknown'})
    ok([x['id'] for x in s['rule_sets']] == sets, '%s %s: %s' % (day, sector, ', '.join(sets)), s)
code, out, err = run(*NOW, '--on', '2018-07-31', '--sector', 'gas', '--set', 'control_affected=yes')
ok(code == 2 and '2018-07-31' in err and not out, 'the day before the first rules: %s' % err.strip())
code, s, c = judged(NEW, 'care', {'control_affected': 'yes'}, '--rules-of', 'msbfs2018-9')
ok([x['id'] for x in s['rule_sets']] == ['msbfs2018-9'], '--rules-of takes another set')
code, s, c = judged(OLD, 'research', {'death': 'yes'})
ok(code == 0 and s['answer'] == NO and not c and 'no criteria for the sector' in s['sentence'], '2019: research was not covered')
code, s, c = judged(NEW, 'research', GENERAL)
ok(code == 0 and s['manual_review'] and not judged(NEW, 'care', CARE_NEW)[1].get('manual_review'), 'no thresholds of its own: manual review')
ok({x['certainty'] for x in judged(NEW, 'care', {})[2].values()} == {'secondhand', 'verified'} and
   judged(NEW, 'care', {})[2]['gen.injury']['certainty'] == 'secondhand' and
   judged(LAW, 'care', {})[2]['law.loss']['certainty'] == 'verified', 'MCFFS 2026:8 is second-hand, the act is not')
moments = {'occurred_at': '2026-07-01 00:30', 'detected_at': '2026-07-03 08:00'}
for figures, zone, day, source in (
        (moments, 'Europe/Stockholm', '2026-07-01', 'occurred_at'), (moments, 'UTC', '2026-07-01', 'occurred_at'),
        ({'occurred_at': '2026-06-30T22:30:00Z'}, 'Europe/Stockholm', '2026-07-01', 'occurred_at'),
        ({'occurred_at': '2026-06-30T22:30:00Z'}, 'UTC', '2026-06-30', 'occurred_at'),
        ({'occurred_at': 'unknown', 'detected_at': '2026-02-03 08:00'}, 'UTC', '2026-02-03', 'detected_at'),
        ({'aware_at': '2019-02-03 08:00'}, 'UTC', '2019-02-03', 'aware_at'), ({}, 'UTC', '2026-11-22', 'now')):
    args = [a for k, v in figures.items() for a in ('--set', '%s=%s' % (k, v))]
    code, out, err = run('-f', 'ndjson', *NOW, '--zone', zone, '--sector', 'care', *args)
    s = json.loads(out.splitlines()[0])['significance']
    ok((s['day'], s['day_from']) == (day, source), 'the day is %s in %s, from %s' % (day, zone, source), s['day'], s['day_from'])

# --- what is presumed until somebody says otherwise

code, s, c = judged(OLD, 'gas', {'control_affected': 'yes'})
ok(s['answer'] == YES and len(s['assumed']) == 1 and 'disturbance' in s['assumed'][0], 'that it caused the disturbance is said to be assumed')
code, s, c = judged(OLD, 'gas', {'control_affected': 'yes', 'caused_disturbance': 'yes'})
ok(s['answer'] == YES and not s['assumed'], 'said, it is no assumption')
expect(OLD, 'gas', {'control_affected': 'yes', 'caused_disturbance': 'no'}, NO, 'an incident that caused no disturbance was not to be reported')
expect(NEW, 'cloud', {**CLOUD, 'services_down': '2h', 'planned_maintenance': 'yes'}, NO, 'planned maintenance is not significant (article 3.2)')
expect(NEW, 'cloud', {**CLOUD, 'services_down': '2h', 'planned_maintenance': 'no'}, YES, 'what was not planned is', ['ir.service_30min'])

# --- unknown figures: only what could change the answer is asked for


def asked(on, sector, figures, *more):
    code, s, c = judged(on, sector, figures, *more)
    return s['answer'], [q['field'] for q in s['questions']], s['settle'], {q['field']: (q.get('yes_with'), q.get('no_with')) for q in s['questions']}


def without(base, *names):
    return {k: v for k, v in base.items() if k not in names}


a, q, settle, need = asked(OLD, 'electricity', without(EL_OLD, 'disturbance_duration'))
ok(a == NO and not q, 'a length unknown, no customers and no control: nothing to ask')
a, q, settle, need = asked(OLD, 'electricity', {**without(EL_OLD, 'disturbance_duration'), 'users_affected': 2000})
ok(a == OPEN and q == ['disturbance_duration'] and need['disturbance_duration'] == (1, 1), 'only the length is asked for', q, need)
a, q, settle, need = asked(OLD, 'electricity', {'disturbance_duration': '1h', 'control_affected': 'no'})
ok(a == NO and not q, 'an hour: nobody asks for customers')
a, q, settle, need = asked(OLD, 'electricity', {'disturbance_duration': '3h', 'control_affected': 'no'})
ok(a == OPEN and sorted(q) == ['users_affected', 'users_affected_share'] and sorted(settle) == sorted(q) and
   set(need.values()) == {(1, 2)}, 'three hours: either figure could make it so, both are needed for a no', q, need)
a, q, settle, need = asked(OLD, 'electricity', {'control_affected': 'no'})
ok(a == OPEN and sorted(q) == ['disturbance_duration', 'users_affected', 'users_affected_share'] and q[0] == 'disturbance_duration' and
   settle == ['disturbance_duration'] and need['disturbance_duration'] == (2, 1) and need['users_affected'] == (2, 2),
   'nothing known but control: the length first, for it alone could settle it', q, settle, need)
a, q, settle, need = asked(OLD, 'electricity', {})
ok(a == OPEN and q[0] == 'control_affected' and need['control_affected'] == (1, 2) and sorted(settle) == ['control_affected', 'disturbance_duration'],
   'nothing known at all: control first', q, settle, need)
a, q, settle, need = asked(NEW, 'research', without(GENERAL, 'turnover'))
ok(a == NO and not q, 'no cost: the turnover is not asked for')
a, q, settle, need = asked(NEW, 'research', {**without(GENERAL, 'turnover'), 'total_cost': 1})
ok(a == OPEN and q == ['turnover'], 'a cost: the turnover is')
a, q, settle, need = asked(NEW, 'research', without(GENERAL, 'turnover', 'total_cost'))
ok(a == OPEN and sorted(q) == ['total_cost', 'turnover'] and settle == ['total_cost'] and need == {'total_cost': (2, 1), 'turnover': (2, 2)} or
   need == {'total_cost': (2, 1), 'turnover': (2, None)}, 'both unknown: a cost of nothing would settle it, a turnover alone would not', q, settle, need)
a, q, settle, need = asked(NEW, 'research', without(GENERAL, 'recurring_same_cause', 'recurring_cost'))
ok(a == NO, 'one incident is not recurring, whatever its cause')
a, q, settle, need = asked(NEW, 'cloud', without(CLOUD, 'turnover_eur'))
ok(a == NO, 'no loss: no turnover in euros')
a, q, settle, need = asked(NEW, 'cloud', {**without(CLOUD, 'turnover_eur'), 'loss_eur': 500001})
ok(a == YES, 'more than half a million is enough without a turnover')
a, q, settle, need = asked(NEW, 'cloud', {**without(CLOUD, 'turnover_eur'), 'loss_eur': 400000})
ok(a == OPEN and q == ['turnover_eur'], 'less asks for it')
a, q, settle, need = asked(NEW, 'dns', {**without(DNS_IR, 'dns_misconfiguration', 'dns_names', 'dns_names_share'), 'dns_data_compromised': 'yes'})
ok(a == OPEN and sorted(q) == ['dns_misconfiguration', 'dns_names', 'dns_names_share'] and len(settle) == 3, 'the exception needs all three', q, settle)
a, q, settle, need = asked(NEW, 'care', {})
ok(a == OPEN and len(settle) < len(q) and {'workaround_time', 'activity_limited', 'patient_safety_report', 'severe_disruption'} <= set(q) and
   all(need[x][0] == 1 for x in q[:q.index('total_cost')]), 'nothing known: what alone could settle it stands first', q)

# a person's answer to every question in `settle`, the other way, settles it
a, q, settle, need = asked(NEW, 'care', {})
low = {'yesno': 'no', 'span': '0s', 'number': 0}
code, s, c = judged(NEW, 'care', {})
types = {x['field']: x['type'] for x in s['questions']}
expect(NEW, 'care', {f: low[types[f]] for f in settle}, NO, 'the %d answers that a no needs are enough for it' % len(settle))
for f in settle:
    a, q, _, _ = asked(NEW, 'care', {g: low[types[g]] for g in settle if g != f})
    ok(a == OPEN and f in q, 'and all are needed: %s' % f, a, q)

# --- several sectors, and none

site = path('site.json', json.dumps({'otsite': 1, 'site': {'key': 'lab', 'name': 'Lab'}, 'organisation': {
    'name': 'Region', 'sector': ['a1.health.provider', 'a1.public.regional']}}))
base = [a for k, v in {**CARE_NEW, 'activity_limited': '2h'}.items() for a in ('--set', '%s=%s' % (k, v))]


def by_site(*more):
    code, out, err = run('-f', 'ndjson', *NOW, '-s', site, *more)
    records = [json.loads(x) for x in out.splitlines()]
    ok(not [w for w in map(schema.check, records) if w], 'records pass their schemas', err)
    return code, records[0]['significance'], {r['criterion']['id']: r['criterion'] for r in records[1:]}


code, s, c = by_site(*base)
ok(s['answer'] == OPEN and s['sectors'] == ['care', 'public_administration'] and s['sector_from'] == 'site' and
   [q['field'] for q in s['questions']] == ['sector'], 'two hours: so in care, not in administration: which was it?', s)
ok(c['health.activity_1h']['result'] == 'met' and c['health.activity_1h']['sectors'] == ['care'] and
   c['pub.activity_4h']['result'] == 'not_met' and c['gen.injury']['sectors'] == ['care', 'public_administration'], 'criteria say whose they are')
code, s, c = by_site(*base, '--set', 'sector=care')
ok(s['answer'] == YES and s['sector_from'] == 'field', 'said: it was care')
code, s, c = by_site(*base, '--sector', 'a1.public.regional')
ok(s['answer'] == NO and s['sectors'] == ['public_administration'], 'said by the type of the annex: it was administration')
code, s, c = by_site(*base, '--set', 'activity_limited=30min')
ok(s['answer'] == NO, 'half an hour: neither, and nobody asks which')
code, s, c = by_site(*base, '--set', 'death=yes')
ok(s['answer'] == YES, 'a death: both')
code, out, err = run('-f', 'ndjson', *NOW, '--set', 'death=yes')
s = json.loads(out.splitlines()[0])['significance']
ok(code == 1 and s['answer'] == OPEN and [q['field'] for q in s['questions']] == ['sector'] and not s['sectors'], 'no sector: that is asked')

# --- lengths from moments, and what goes on


def care(figures, now='2026-11-22T12:00:00Z'):
    args = [a for k, v in figures.items() for a in ('--set', '%s=%s' % (k, v))]
    code, out, err = run('-f', 'ndjson', '--now', now, '--sector', 'care', *args)
    records = [json.loads(x) for x in out.splitlines()]
    faults = [w for w in map(schema.check, records) if w]
    ok(not faults, 'records pass their schemas', faults)
    return code, records[0]['significance'], {r['criterion']['id']: r['criterion'] for r in records[1:]}


base = without(CARE_NEW, 'activity_limited')
code, s, c = care({**base, 'occurred_at': '2026-11-22 09:12', 'ended_at': '2026-11-22 10:13'})
f = c['health.activity_1h']['figures'][0]
ok(s['answer'] == YES and f['from'] == 'moments' and f['value'] == 3660 and f['since']['field'] == 'occurred_at' and
   f['until']['field'] == 'ended_at', 'an hour and a minute between two moments', f)
code, s, c = care({**base, 'occurred_at': '2026-11-22 09:12', 'ended_at': '2026-11-22 10:12'})
ok(s['answer'] == NO, 'an hour to the minute is not more than an hour')
code, s, c = care({**base, 'occurred_at': '2026-11-22 12:12', 'ongoing': 'yes'})        # 11:12 UTC; now is 12:00
ok(code == 1 and s['answer'] == OPEN and s['becomes_significant_at'] == '2026-11-22T12:12:00.000000+0000' and
   'not significant yet' in s['sentence'].lower() and '13:12' in s['sentence'] and not s['questions'] and not s['settle'],
   '48 minutes so far: not yet, but from 13:12', s)
ok(c['health.activity_1h']['result'] == 'not_yet' and c['health.activity_1h']['crosses_at'] == '2026-11-22T12:12:00.000000+0000' and
   c['health.activity_1h']['figures'][0]['goes_on'], 'the criterion says when')
code, s, c = care({**base, 'critical_system_affected': 'yes', 'occurred_at': '2026-11-22 09:12', 'ongoing': 'yes'})
ok(s['answer'] == YES and c['gen.critical_12h']['result'] == 'not_yet' and
   c['gen.critical_12h']['crosses_at'] == '2026-11-22T20:12:00.000000+0000', 'twelve hours at 21:12 local time, if it goes on', c['gen.critical_12h'])
for now, want in (('2026-11-22T09:12:00Z', OPEN), ('2026-11-22T09:12:00.000001Z', YES)):
    code, s, c = care({**base, 'occurred_at': '2026-11-22 09:12', 'ongoing': 'yes'}, now)
    ok(s['answer'] == want, 'at %s: %s' % (now, want), s['sentence'])
code, s, c = care({**base, 'occurred_at': '2026-11-22 12:12', 'ended_at': '2026-11-22 18:00'})
ok(c['health.activity_1h']['result'] == 'not_yet', 'an end that is still to come: it goes on')
code, s, c = care({**base, 'occurred_at': '2026-11-22 12:12'})
ok(s['answer'] == OPEN and [q['field'] for q in s['questions']] == ['activity_limited'], 'no end, and nobody said that it goes on: asked')
code, s, c = care({**base, 'occurred_at': '2026-11-22 10:12', 'ended_at': '2026-11-22 09:12'})
ok(s['answer'] == OPEN and c['health.activity_1h']['figures'][0]['contrary'], 'an end before the beginning gives no length')
code, s, c = care({**base, 'occurred_at': '2026-11-20 09:12', 'ended_at': '2026-11-22 09:12', 'activity_limited': '10min'})
ok(s['answer'] == NO, 'what was stated goes before what was worked out')
code, s, c = care({**base, 'occurred_at': '2026-11-20 09:12', 'ongoing': 'yes', 'activity_limited_from': '2026-11-22 09:00',
                   'activity_limited_until': '2026-11-22 09:30'})
ok(s['answer'] == NO and c['health.activity_1h']['figures'][0]['value'] == 1800, 'its own moments go before the incident\'s', s)
code, s, c = care({**base, 'workaround_time': 'unknown', 'activity_limited': '0s', 'workaround_from': '2026-11-22 09:00', 'ongoing': 'yes'})
ok(c['health.workaround_6h']['result'] == 'not_yet' and c['health.workaround_6h']['crosses_at'] == '2026-11-22T14:00:00.000000+0000',
   'a length said to be unknown is worked out all the same', c['health.workaround_6h'])
code, s, c = care({**base, 'activity_limited': '10min', 'ongoing': 'yes'})
code, text, err = run('-w', '80', *NOW, '--sector', 'care', *[a for k, v in {**base, 'activity_limited': '10min', 'ongoing': 'yes'}.items()
                                                            for a in ('--set', '%s=%s' % (k, v))])
ok(code == 0 and 'still going on' in ' '.join(text.split()), 'a no while it goes on says that it may change')
# old: "at least" is reached at the limit itself
args = ['--set', 'disturbance_started_at=2019-03-01 10:00', '--set', 'disturbance_ongoing=yes', '--set', 'control_unavailable=0s']
if run('--list-questions')[0] == 0 and 'disturbance_started_at' in open('lib/rules/incident-fields.json', encoding='utf-8').read():
    for now, want in (('2019-03-01T20:59:59.999999Z', OPEN), ('2019-03-01T21:00:00Z', YES)):
        code, out, err = run('-f', 'ndjson', '--now', now, '--sector', 'oil', *args)
        s = json.loads(out.splitlines()[0])['significance']
        ok(s['answer'] == want and (want == YES or s['becomes_significant_at'] == '2019-03-01T21:00:00.000000+0000'),
           'twelve hours of disturbance at %s: %s' % (now, want), s['sentence'])

# the days of summer time: 2026-10-25 has 25 hours
code, s, c = care({**base, 'critical_system_affected': 'yes', 'occurred_at': '2026-10-24 20:00', 'ended_at': '2026-10-25 07:00'})
ok(c['gen.critical_12h']['figures'][1]['value'] == 12 * 3600 and c['gen.critical_12h']['result'] == 'not_met', 'eleven hours by the clock were twelve')

# other rules began while it went on
for end, want in (('2026-06-30 22:00', False), ('2026-07-01 02:00', True)):
    code, text, err = run(*NOW, '--sector', 'care', '--set', 'occurred_at=2026-06-30 20:00', '--set', 'ended_at=' + end)
    ok(('Other rules came into force' in ' '.join(text.split())) == want, 'ended %s: %s' % (end, 'says so' if want else 'says nothing of other rules'))

# --- a journal: which record says so, by whom

inc = os.path.join(tmp.name, 'INC-7')


def journal(*args):
    p = subprocess.run([BIN + '/nis2report', 'incident', *args], capture_output=True, text=True, env=dict(os.environ, LOGNAME='eva'))
    ok(p.returncode == 0, 'journal: %s' % ' '.join(args[:1]), p.stderr)


journal('open', '-a', 'eva', '--now', '2026-11-22T08:20:00Z', '-s', site, '-t', 'Pressure lost', inc)
journal('set', '-a', 'eva', '--now', '2026-11-22T08:30:00Z', inc, 'occurred_at', '2026-11-22 09:12', 'ongoing', 'yes')
journal('set', '-a', 'per', '--now', '2026-11-22T08:40:00Z', inc, 'sector', 'care', 'workaround_time', '20min')
journal('set', '-u', '-a', 'per', '--now', '2026-11-22T08:45:00Z', inc, 'patient_safety_report')
before = sorted((n, os.path.getsize(os.path.join(inc, n))) for n in os.listdir(inc))
code, records = answer(run, '--now', '2026-11-22T08:50:00Z', inc)
s, c = records[0]['significance'], {r['criterion']['id']: r['criterion'] for r in records[1:]}
ok(code == 1 and s['answer'] == OPEN and s['incident'] == 'INC-7' and s['title'] == 'Pressure lost' and s['day_from'] == 'occurred_at' and
   s['sectors'] == ['care'] and s['sector_from'] == 'field', 'the journal\'s day and sector', s)
f = c['health.workaround_6h']['figures'][0]
ok(f['value'] == 1200 and f['who'] == 'per' and f['from'] == 'journal' and f['record'] == 6, 'a figure with its record and author', f)
f = c['health.patient_safety']['figures'][0]
ok(f['from'] == 'unknown' and f['who'] == 'per' and 'value' not in f, 'who said that it is unknown', f)
f = c['health.activity_1h']['figures'][0]
ok(c['health.activity_1h']['crosses_at'] == '2026-11-22T09:12:00.000000+0000' and f['since']['record'] == 3 and f['since']['who'] == 'eva',
   'a length worked out, with the records of its moments', f)
code, text, err = run('--now', '2026-11-22T08:50:00Z', '-w', '80', inc)
flat = ' '.join(text.replace('\u00a0', ' ').split())
ok('record 6, per' in flat and 'record 3, eva' in flat and 'INC-7' in flat and 'second-hand, confirm' in flat, 'and the text says so')
ok(sorted((n, os.path.getsize(os.path.join(inc, n))) for n in os.listdir(inc)) == before, 'the journal is as it was')
code, records = answer(run, '--now', '2026-11-22T08:50:00Z', '--set', 'death=yes', inc)
ok(records[0]['significance']['met'] == ['gen.injury'], 'a value is tried on top of the journal\'s')
journal('set', '-a', 'eva', '--now', '2026-11-22T09:30:00Z', inc, 'ended_at', '2026-11-22 10:20', 'ongoing', 'no')
code, records = answer(run, '--now', '2026-11-22T09:40:00Z', inc)
ok(code == 1 and records[0]['significance']['met'] == ['health.activity_1h'], 'once it ended, 68 minutes are more than an hour')

# --- the forms

figures = ['--set', 'occurred_at=2026-11-22 09:12', '--set', 'ongoing=yes', '--set', 'critical_system_affected=yes']
for lang, says in (('en', 'Significant: one criterion is met'), ('sv', 'Betydande: ett kriterium är uppfyllt')):
    for width in ('72', '80'):
        code, text, err = run(*NOW, '-l', lang, '-w', width, '--sector', 'care', *figures)
        ok(code == 1 and says in text and max(map(len, text.split('\n'))) <= int(width), '%s: text of %s columns' % (lang, width))
    ok(not re.search(r'significance\.|\{|\}', text), '%s: all words are there' % lang)
    code, page, err = run(*NOW, '-l', lang, '-f', 'html', '--sector', 'care', *figures)
    ok(code == 1 and says in page and 'lang="%s"' % lang in page and not re.search(r'(src|href)="?http', page), '%s: a page that fetches nothing' % lang)
    code, md, err = run(*NOW, '-l', lang, '-f', 'markdown', '--sector', 'care', *figures)
    ok(code == 1 and says in md, '%s: Markdown' % lang)
ok(run(*NOW, '--sector', 'care', *figures) == run(*NOW, '--sector', 'care', *figures), 'the same again, byte for byte')
code, out, err = run('--list-sectors', '-l', 'sv')
ok(code == 0 and out.count('\n') == 37 and 'care\tVårdgivare\ta1.health.provider\n' in out, '37 sectors')
types = {t['id'] for t in json.load(open('lib/rules/sectors.json', encoding='utf-8'))['types']}
listed = [t for line in out.splitlines() for t in line.split('\t')[2].split()]
ok(all(any(t.startswith(x.rstrip('*')) if x.endswith('*') else t == x for x in listed) for t in types) and
   all(x in types or x == 'a2.mfg.*' for x in listed), 'every type of the annexes is of a sector, and no other')
code, out, err = run('--list-questions')
ok(code == 0 and all(line.count('\t') == 3 for line in out.splitlines()) and 'activity_limited\tspan\t\t' in out, 'the questions')
code, out, err = run('--list-fields')
ok(code == 0 and 'criterion.figures[].who' in out, 'the fields of the records')

# --- refused

for args, says in (
        ((), 'which incident?'), (('a', 'b'), 'one incident'), (('no-such-folder',), 'no-such-folder'),
        (('--set', 'death'), 'FIELD=VALUE'), (('--set', 'deaths=yes'), 'no such field'), (('--set', 'death=perhaps'), 'yes or no'),
        (('--set', 'activity_limited=6'), '90min'), (('--set', 'users_affected=-1'), 'users_affected'), (('--set', 'users_affected=nan'), 'number'),
        (('--set', 'users_affected_share=101'), '100'), (('--set', 'occurred_at=2026-03-29 02:30'), 'occurred_at'),
        (('--sector', 'laboratories'), 'no such sector'), (('--sector', 'care', '--on', '2026-02-30'), 'day'), (('--sector', 'care', '--on', 'today'), 'day'),
        (('--sector', 'care', '--rules-of', 'nis3'), 'msbfs2018-9'), (('--sector', 'care', '--rules-of', 'ir2690'), 'care'),
        (('--sector', 'care', '--zone', 'Mars/Base'), 'zone'), (('--sector', 'care', '-f', 'pdf'), 'markdown')):
    code, out, err = run(*NOW, *args)
    ok(code == 2 and says in err and err.count('\n') == 1 and not out, 'refused: %s' % err.strip())

# --- rules of one's own, and rules that are wrong

rules = open('lib/rules/significance.json', encoding='utf-8').read()
doc = json.loads(rules)
faults = [e.message[:100] for e in jsonschema.Draft202012Validator(schema.ALL['otkit:significance-rules']).iter_errors(doc)]
ok(not faults, 'significance.json fits its schema', faults)
law = json.load(open('lib/rules/law.json', encoding='utf-8'))['provisions']
ok(all(k in law for s in doc['sets'] for c in s['criteria'] for k in c['law']), 'all that is cited is there')
os.mkdir(tmp.name + '/rules')


def with_rules(text, *args):
    with open(tmp.name + '/rules/significance.json', 'w', encoding='utf-8') as f:
        f.write(text)
    return run('-f', 'ndjson', *NOW, '--rules', tmp.name + '/rules', *args)


code, out, err = with_rules(rules.replace('"over": "1h"}}', '"over": "3h"}}'), '--sector', 'care', *figures[:4], '--set', 'severe_disruption=no')
ok(code == 1 and json.loads(out.splitlines()[0])['significance']['met'] == ['health.activity_1h'] or 'not_yet' in out, 'rules of a folder', out[:300], err)
for old, new_, says in (
        ('"field": "supply_risk"', '"field": "supply_risks"', 'gas.risk.when: no such field: supply_risks'),
        ('"at_least": "12h"', '"at_least": 12', 'length of time'), ('"at_least": 2000', '"at_least": "2000"', 'a number'),
        ('"at_least": 2000', '"at_least": 0', 'decides nothing'), ('"over": 5}', '"over": 100}', 'decides nothing'),
        ('"over": "12h"', '"above": "12h"', 'over, at_least, is'), ('"is": true}', '"is": "yes"}', 'true or false'),
        ('{"any": [', '{"some": [', 'all, any or not'), ('"any": [{', '"any": [], "all": [{', 'alone'),
        ('"of": "turnover"', '"of": "activity_limited"', 'percent'), ('"percent": 5', '"percent": -5', 'percent'),
        ('"law": ["msbfs9.3.2"]', '"law": ["msbfs9.3.9"]', 'msbfs9.3.9'), ('"include": "law"', '"include": "laws"', 'laws'),
        ('"valid_from": "2026-07-01"', '"valid_from": "2026-07-32"', 'date'), ('"sectors": ["gas"]', '"sectors": ["gasoline"]', 'gasoline'),
        ('{"id": "gas", "types"', '{"id": "gases", "types"', 'gases'), ('"from": "occurred_at"', '"from": "ongoing"', 'another type'),
        ('"when": {"field": "supply_risk", "is": true}', '"when": {"not": {"field": "control_affected", "is": true}}', 'for and against'),
        ('"when": {"field": "supply_risk", "is": true}', '"when": {"field": "caused_disturbance", "is": true}', 'caused_disturbance'),
        ('"certainty": "secondhand"', '"certainty": "rumour"', 'verified'), ('"kind": "significance"', '"kind": "sig"', 'kind'),
        ('"text": {"sv": "Dödsfall", ', '"text": {', 'ir.death'),
        ('"when": {"field": "supply_risk", "is": true}', '"when": ' + '{"not": ' * 7 + '{"field": "supply_risk", "is": true}' + '}' * 7, 'too deep')):
    ok(old in rules, 'there is %s' % old)
    code, out, err = with_rules(rules.replace(old, new_, 1), '--sector', 'care')
    ok(code == 2 and 'significance.json' in err and says in err and err.count('\n') == 1, 'refused: %s' % err.strip())

done()
