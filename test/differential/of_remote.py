"""otdissect beside tshark: remote access. Texts are compared as sums of their CRCs."""
import zlib

from both import events, frames, total, tshark


def texts(path, flt, *fields):
    return sum(zlib.crc32(x.encode()) for r in tshark(path, fields, flt) for f in r for x in f)


def crcs(values):
    return sum(zlib.crc32(x.encode()) for x in values)


def ssh_sides(ev):
    return [e["ssh"][s] for e in events(ev, "ssh") for s in ("client", "server") if s in e["ssh"]]


def banner(s):
    return "SSH-%s-%s%s" % (s["proto_version"], s["software_version"], " " + s["comment"] if "comment" in s else "")


def rdp(ev, key):
    return sum(key in e["rdp"] for e in events(ev, "rdp"))


def rfb(ev, f):
    return sum(bool(f(e["rfb"])) for e in events(ev, "rfb"))


COUNTS = [
    ("ssh-banners", "ssh", lambda p: texts(p, "ssh.protocol", "ssh.protocol"),
     lambda ev: crcs(map(banner, ssh_sides(ev)))),
    ("ssh-hassh", "ssh", lambda p: texts(p, "ssh", "ssh.kex.hassh", "ssh.kex.hasshserver"),
     lambda ev: crcs(s["hassh"]["hash"] for s in ssh_sides(ev) if "hassh" in s)),
    ("ssh-host-keys", "ssh", lambda p: frames(p, "ssh.message_code in {31,33} && ssh.host_key.length"),
     lambda ev: sum("host_key_sha256" in e["ssh"] for e in events(ev, "ssh"))),
    ("rdp-answers", "rdp", lambda p: frames(p, "rdp.neg_type == 2 || rdp.neg_type == 3"),
     lambda ev: rdp(ev, "selected") + rdp(ev, "failure")),
    ("rdp-clients", "rdp", lambda p: texts(p, "rdp.client.name", "rdp.client.name"),
     lambda ev: crcs(e["rdp"]["client"].get("client_name", "") for e in events(ev, "rdp") if "client" in e["rdp"])),
    ("vnc-servers", "vnc", lambda p: total(p, "vnc.server_proto_ver", "vnc.server_proto_ver"),
     lambda ev: rfb(ev, lambda r: "server_protocol_version" in r)),
    ("vnc-answers", "vnc", lambda p: total(p, "vnc.auth_response", "vnc.auth_response"),
     lambda ev: sum(e["credential"]["kind"] == "challenge" for e in events(ev, "credential"))),
    ("vnc-screens", "vnc", lambda p: total(p, "vnc.desktop_name", "vnc.desktop_name"),
     lambda ev: rfb(ev, lambda r: "framebuffer" in r)),
]

# of identities.tsv nothing stands in an event as tshark writes it: the banners are above
FACTS = ()
