"""otdissect beside tshark: the services that name devices."""
from both import events, frames, tshark, total


def snmp_ours(ev):
    """Requests, answers and traps; a Set of several variables is an event for each."""
    n, sets = 0, set()
    for e in events(ev, "snmp"):
        s = e["snmp"]
        if s.get("encrypted"):
            continue
        if s["type"] == "Set":
            key = e["flow_id"], s["request_id"], e["pcap_cnt"]
            if key in sets:
                continue
            sets.add(key)
        answered = e["ot"].get("result", "no_response") not in ("no_response", "not_captured")
        # a response whose question was not captured has no time
        n += 1 + ("rtt_us" in e["ot"]) if answered else 1
    return n


def distinct(path, flt, *fields):
    return len({tuple(f[0] for f in r) for r in tshark(path, fields, flt) if all(r)})


def results(ev, kind, *types):
    return sum(e[kind].get("type") in types for e in events(ev, kind))


def kerberos_ours(ev):
    return sum(1 + ("rtt_us" in e["ot"]) for e in events(ev, "kerberos"))


def names_ours(ev):
    return len({(e["src_ip"], e["nbns"].get("name"), e["nbns"]["suffix"]) for e in events(ev, "nbns")
                if e["nbns"]["type"] == "registration" and not e["nbns"]["response"] and e["nbns"]["suffix"] != 3})


COUNTS = [
    ("snmp", "snmp", lambda p: frames(p, "snmp && !(snmp.msgFlags & 2)"), snmp_ours),
    ("snmp-set", "snmp", lambda p: frames(p, "snmp.set_request_element"),
     lambda ev: len({(e["flow_id"], e["snmp"]["request_id"], e["pcap_cnt"]) for e in events(ev, "snmp")
                     if e["snmp"].get("type") == "Set"})),
    ("nbns-registration", "nbns", lambda p: distinct(p, "nbns.flags.opcode==5 && nbns.flags.response==0", "ip.src", "nbns.name"),
     names_ours),
    ("nbdgm-announcement", "browser", lambda p: distinct(p, "browser.command in {1,12,15}", "ip.src", "browser.command", "browser.server"),
     lambda ev: len({(e["src_ip"], e["nbdgm"]["command"], e["nbdgm"].get("host", e["nbdgm"].get("domain")))
                     for e in events(ev, "nbdgm") if e["nbdgm"].get("command") in ("host", "domain", "local_master")})),
    ("smb-negotiate", "smb", lambda p: frames(p, "smb.cmd==0x72 && smb.flags.response==0"),
     lambda ev: results(ev, "smb", "negotiate")),
    ("smb-session", "smb", lambda p: frames(p, "smb.cmd==0x73 && smb.flags.response==0"),
     lambda ev: results(ev, "smb", "session_setup")),
    ("smb-tree", "smb", lambda p: frames(p, "smb.cmd==0x75 && smb.flags.response==0"),
     lambda ev: results(ev, "smb", "tree_connect")),
    ("smb2-created", "smb2", lambda p: frames(p, "smb2.cmd==5 && smb2.flags.response==1 && smb2.nt_status==0"),
     lambda ev: sum(e["smb"].get("opened", 0) + e["smb"].get("created", 0) for e in events(ev, "smb"))),
    ("smb2-io", "smb2", lambda p: frames(p, "smb2.cmd in {8,9} && smb2.flags.response==1 && smb2.nt_status==0"),
     lambda ev: sum(e["smb"].get("read", 0) + e["smb"].get("written", 0) for e in events(ev, "smb"))),
    ("ldap", "ldap", lambda p: total(p, "ldap.messageID", "ldap.bindRequest_element || ldap.searchRequest_element"),
     lambda ev: results(ev, "ldap", "bind", "search")),
    ("ldap-entries", "ldap", lambda p: frames(p, "ldap.searchResEntry_element"),
     lambda ev: sum(e["ldap"].get("entries", 0) for e in events(ev, "ldap"))),
    ("kerberos", "kerberos", lambda p: frames(p, "kerberos"), kerberos_ours),
    ("radius", "radius", lambda p: frames(p, "radius"),
     lambda ev: sum(1 + ("rtt_us" in e["ot"]) for e in events(ev, "radius"))),
    ("tds-batches", "tds", lambda p: frames(p, "tds.type in {1,3} && tds.status & 1"),
     lambda ev: sum(e["tds"].get("batches", 0) + e["tds"].get("rpcs", 0) for e in events(ev, "tds"))),
    ("ipmi", "rmcp", lambda p: frames(p, "rmcp"), lambda ev: sum(1 + ("rtt_us" in e["ot"]) for e in events(ev, "ipmi"))),
]

# Facts of identities.tsv that our dissectors are to find, by the field's prefix;
# contacts are people
FACTS = ("snmp.sysDescr", "snmp.sysName", "snmp.sysLocation", "snmp.sysObjectID", "browser.", "nbns.")
