#!/usr/bin/python3
"""Inventories of captures held against what a reference dissector saw in them.

    captures.py CAPTURES INVENTORIES EXCEPTIONS ROLES

CAPTURES holds expected.tsv and identities.tsv; INVENTORIES one inventory for each
capture, "/" written as "_", with ".ndjson"; EXCEPTIONS is a table of what is known
to differ, with the reason; ROLES one of what hosts are, by a person's judgement.
One line "ok TEXT" or "not TEXT" for each thing held.
"""
import csv
import ipaddress
import json
import os
import re
import sys

captures, inventories, exceptions, roles = sys.argv[1:5]


def table(name):
    with open(name, encoding="utf-8", errors="replace") as f:
        rows = csv.reader((l for l in f if not l.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
        head = next(rows)
        return [dict(zip(head, r)) for r in rows]


def say(good, text, *why):
    print("%s %s" % ("ok" if good else "not", text))
    for w in [] if good else why:
        print("# %s" % (w,))


def inventory(file):
    name = os.path.join(inventories, file.replace("/", "_") + ".ndjson")
    with open(name, encoding="utf-8") as f:
        return [r["asset"] for r in map(json.loads, f) if r["event_type"] == "asset"]


def plain(text):
    return re.sub("[^a-z0-9]", "", text.lower())


def usable(ip):
    """Could be one host's address."""
    a = ipaddress.ip_address(ip)
    return not (a.is_multicast or a.is_unspecified or ip == "255.255.255.255")


known = [(r["file"], r["host"], r["field"], r["value"]) for r in table(exceptions)]
used = set()


def excused(file, host, field, value=""):
    """Whether a line of the exceptions is about it: "*" is any, a value any that begins so."""
    for k in known:
        if k[0] in ("*", file) and k[1] in ("*", host) and k[2] == field and \
                (k[3] == "*" or value.startswith(k[3])):
            used.add(k)
            return True
    return False


# numbers that the inventory has by name
makers = {"bacapp.vendor_identifier", "cip.id.vendor_id", "enip.lir.vendor", "hart_ip.pt.rsp.manufacturer_Id"}


truth = {}
for row in table(os.path.join(captures, "identities.tsv")):
    if row["file"] != "file":
        truth.setdefault(row["file"], []).append(row)

hosts = values = wrong_hosts = 0
missing, invented, routers, lacking, odd = [], [], [], [], []
for row in table(os.path.join(captures, "expected.tsv")):
    file = row["file"]
    try:
        assets = inventory(file)
    except FileNotFoundError:
        missing.append((file, "no inventory"))
        continue
    by_id = {a["id"]: a for a in assets}
    heard_ips, all_ips = set(), {}
    for a in assets:
        for at in a["addresses"]:
            if "ip" in at:
                all_ips.setdefault(at["ip"], []).append(a)
                if at["heard"]:
                    heard_ips.add(at["ip"])
    # as many addresses were heard as the reference saw as sources
    n = int(row["ip_sources"])
    hosts += n
    if len(heard_ips) < n and not excused(file, "*", "hosts", str(len(heard_ips) - n)):
        missing.append((file, "%d addresses heard, %d sources" % (len(heard_ips), n)))
    for ip in all_ips:
        if not usable(ip):
            invented.append((file, ip))
    # no more assets than there were senders
    own = [a for a in assets if "parent" not in a and not a.get("silent")]
    senders = n + int(row["mac_sources"])
    if len(own) > senders and not excused(file, "*", "assets"):
        invented.append((file, "%d assets, %s senders" % (len(own), senders)))
    # a router is not the hosts behind it
    for a in assets:
        ips = a.get("ips", [])
        if len(ips) > 8 and not excused(file, ips[0], "addresses"):
            routers.append((file, a["id"], len(ips)))
        # a class and a reason for every role, a role for every level
        for r in a.get("roles", []):
            if not r.get("reason") or not r.get("basis"):
                odd.append((file, a["id"], r))
        if a.get("purdue_by") == "role" and not a.get("roles"):
            odd.append((file, a["id"], "a level from no role"))
        if "cra" in a and not (a["cra"].get("confirm") or a["cra"]["basis"] == "register"):
            odd.append((file, a["id"], a["cra"]))
    # what hosts said of themselves
    for t in truth.get(file, []):
        host, field, value = t["host"], t["field"], t["value"]
        values += 1
        mine = [a for a in assets if host in a.get("ips", []) or host in a.get("macs", []) or
                any(host in (at.get("ip"), at.get("mac")) for at in a["addresses"])]
        if not mine:
            if not excused(file, host, "host"):
                lacking.append((file, host, "no such asset"))
            continue
        ids = {a["id"] for a in mine}
        mine += [a for a in assets if a.get("parent") in ids or by_id.get(a.get("parent"), {}).get("parent") in ids]
        want = plain(value)
        words = [plain(w["value"]) for a in mine for l in a.get("evidence", {}).values() for w in l]
        good = any(w and want and (w in want or want in w) for w in words)
        if field in makers:
            good |= any(w.get("source") != "oui" for a in mine for w in a.get("evidence", {}).get("vendor", []))
        if not good and not excused(file, host, field, value):
            lacking.append((file, host, field, value))

say(not missing, "every sender of %d in the captures was heard" % hosts, *missing)
say(not invented, "no group, no broadcast and no more assets than senders", *invented)
say(not routers, "no asset has collected the addresses behind it", *routers)
say(not lacking, "%d words of hosts on themselves are in the inventory, or excused" % values, *lacking)
say(not odd, "every role has its reason, every class a person to confirm it", *odd)
unused = sorted(set(known) - used)
say(not unused, "every exception is still one", *unused)

wrong, judged = [], table(roles)
for t in judged:
    try:
        mine = [a for a in inventory(t["file"]) if "parent" not in a and
                (t["host"] in a.get("ips", []) or t["host"] in a.get("macs", []))]
    except FileNotFoundError:
        mine = []
    a = mine[0] if mine else {}
    got = (a.get("roles", [{"role": "-"}])[0]["role"], str(a.get("purdue", "-")),
           a.get("lab_system", {}).get("category", "-"), a.get("cra", {}).get("class", "-"))
    want = tuple(t[k] for k in ("role", "purdue", "system", "cra"))
    if got != want:
        wrong.append((t["file"], t["host"], got, want))
say(not wrong, "%d hosts are what a person says they are: role, level, system, class" % len(judged), *wrong)
