#!/usr/bin/python3
"""nis2report attest: attestations with the digest of their document, signed; and their check.
Signatures are held to openssl and to an Ed25519 of our own in Python, both ways."""
import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.abspath(os.environ.get("OTKIT_BIN", "."))
PROG = os.path.join(BIN, "nis2report")
sys.path.insert(0, os.path.join(TOP, "test"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chain_forge
try:
    import schema
except ImportError:
    schema = None

n = failed = 0
tmp = tempfile.TemporaryDirectory(prefix="otkit-attest-")
os.mkdir(os.path.join(tmp.name, "documents"))


def ok(good, what, more=""):
    global n, failed
    n += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", n, what))
    if not good and more:
        print("\n".join("# " + x for x in str(more).splitlines()[:20]))


def run(*args, stdin=None, prog=PROG):
    p = subprocess.run([prog, *args], input=stdin, capture_output=True, text=True, cwd=tmp.name)
    return p.returncode, p.stdout, p.stderr


def put(name, text):
    with open(os.path.join(tmp.name, name), "w", encoding="utf-8") as f:
        f.write(text)


def says(why, *args):
    status, out, err = run("attest", *args)
    ok(status == 2 and not out and why in err and err.count("\n") == 1, why, err)


def text_of(a):
    """What is signed, from otsite(5)'s words alone."""
    s = a.get("statement")
    words = {"statement (sv)": s, "statement (en)": s} if isinstance(s, str) else \
        {"statement (%s)" % k: s[k] for k in ("sv", "en") if s and k in s}
    lines = [(k, a[k]) for k in ("item", "status", "by", "date", "expires", "document", "digest") if k in a]
    lines += [(k, words[k]) for k in ("statement (sv)", "statement (en)") if words.get(k)]
    return "otkit attestation\n" + "".join("%s: %s\n" % l for l in lines)


eva, per, other = (chain_forge.Key(x) for x in ("eva", "per", "other"))
put("eva.pem", eva.pem())
put("other.pem", other.pem())
put("documents/minutes.pdf", "the board has met\n")
DIGEST = "sha256:" + hashlib.sha256(b"the board has met\n").hexdigest()
PEOPLE = [{"id": "eva", "name": "Eva Lind", "key": eva.vkey("eva@lab.example")},
          {"id": "per", "name": "Per Ek", "key": per.vkey("per@lab.example")}, {"id": "omar", "name": "Omar Said"}]


def site(*attestations, people=PEOPLE):
    put("site.json", json.dumps({"otsite": 1, "site": {"key": "lab"}, "people": people,
                                 "attestations": list(attestations)}, ensure_ascii=False))


site()
MET = ("gov.board_informed", "--status", "met", "--by", "eva")

# --- what is written

status, out, err = run("attest", *MET, "--document", "documents/minutes.pdf", "--expires", "2027-09-01",
                       "--date", "2026-09-01", "-t", "sv=Styrelsen har godkänt åtgärderna.",
                       "-t", "en=The board has approved the measures.", "-k", "eva.pem", "-s", "site.json")
signed = json.loads(out)
ok(status == 0 and not err and out.count("\n") == 1, "an attestation on a line", err)
ok(list(signed) == ["item", "status", "by", "date", "expires", "document", "digest", "statement", "key", "signature"],
   "its members in their order", list(signed))
ok(signed["digest"] == DIGEST and signed["document"] == "minutes.pdf", "the document's name and digest", signed)
ok(signed["key"] == "eva@lab.example+" + eva.id("eva@lab.example").hex(), "the key's name and hash", signed["key"])
ok(base64.b64decode(signed["signature"]) == eva.sign(text_of(signed).encode()),
   "the signature is Ed25519 of the text that otsite(5) describes", text_of(signed))
if shutil.which("openssl"):
    der = bytes.fromhex("302a300506032b6570032100") + eva.public
    put("pub.pem", "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % base64.b64encode(der).decode())
    put("text", text_of(signed))
    with open(os.path.join(tmp.name, "sig"), "wb") as f:
        f.write(base64.b64decode(signed["signature"]))
    status, out, err = run("pkeyutl", "-verify", "-pubin", "-inkey", "pub.pem", "-rawin", "-in", "text", "-sigfile", "sig",
                           prog="openssl")
    ok(status == 0 and "Verified Successfully" in out, "openssl says so, too", out + err)
else:
    print("ok %d - openssl says so, too # SKIP no openssl" % (n := n + 1))
status, out, err = run("attest", *MET, "--now", "2026-11-22T23:00:00Z", "-t", "Both")
plain = json.loads(out)
ok(plain == {"item": "gov.board_informed", "status": "met", "by": "eva", "date": "2026-11-22", "statement": "Both"},
   "without a key, of today, one statement for both languages", out)
status, out, err = run("attest", *MET, "--date", "2026-09-01", "-k", "eva.pem", "-n", "eva@lab.example")
ok(status == 0 and json.loads(out)["key"] == signed["key"], "the key's name from an option", out + err)
status, out, err = run("attest", *MET, "--date", "2026-09-01", "-k", "eva.pem", "-o", "one.json")
ok(status == 0 and not out and json.load(open(os.path.join(tmp.name, "one.json")))["key"].startswith("eva+"),
   "to a file; without another name the key has that of who attests", err)
says("one.json: exists (--force replaces it)", *MET, "-o", "one.json")

# --- encrypted keys of calchain

put("pass", "correct horse\n")
status, vkey, err = run("keygen", "-n", "omar@lab.example", "-p", "pass", "omar.pem", prog=os.path.join(BIN, "calchain"))
people = PEOPLE[:2] + [{"id": "omar", "name": "Omar Said", "key": vkey.strip()}]
site(people=people)
status, out, err = run("attest", "inc.csirt_contact", "--status", "gap", "-b", "omar", "-k", "omar.pem", "-p", "pass",
                       "-s", "site.json", "--date", "2026-09-01")
ok(status == 0, "a key that calchain keygen made and encrypted", err)
site(json.loads(out or "{}"), people=people)
ok(run("attest", "--check", "site.json")[0] == 0, "and its signature holds")
put("wrong", "battery staple\n")
says("wrong passphrase", *MET, "-k", "omar.pem", "-p", "wrong")

# --- what is not written

site()
says("not the key that eva has in site.json", *MET, "-k", "other.pem", "-s", "site.json")
says("--by nobody: no person of site.json has this id", *MET[:4], "nobody", "-s", "site.json")
says("gov.board: no item of the checklist", "gov.board", *MET[1:])
says('--status: "good" is unknown here: expected met, gap', "gov.board_informed", "--status", "good", "--by", "eva")
says('--expires: "2026-02-30" is not a date', *MET, "--expires", "2026-02-30")
says("--expires: 2026-01-01 is before its date, 2026-09-01", *MET, "--date", "2026-09-01", "--expires", "2026-01-01")
says("documents/none.pdf: No such file", *MET, "-d", "documents/none.pdf")
says("statement (sv): a line end or another control character", *MET, "-k", "eva.pem", "-t", "a\nexpires: 2099-01-01")
says("none.pem", *MET, "-k", "none.pem")
says("--status: met, gap, partly", "gov.board_informed", "--by", "eva")
says("--by: who attests?", "gov.board_informed", "--status", "met")
says("what is attested?", "--status", "met", "--by", "eva")
says("one item at a time", *MET, "more")
says("go with --key", *MET, "-p", "pass")
says("--documents goes with --check", *MET, "--documents", ".")
says("--check looks at what is there", "gov.board_informed", "--check", "site.json")

# --- the check

MANY = dict(signed)


def check(*attestations, people=PEOPLE, documents=True, args=()):
    site(*attestations, people=people)
    status, out, err = run("attest", "-c", "site.json", "-f", "ndjson", "--now", "2026-11-22",
                           *(("--documents", "documents") if documents else ()), *args)
    recs = [json.loads(l) for l in out.splitlines()]
    if schema:
        for r in recs:
            wrong = schema.check(r)
            if wrong:
                ok(False, "a record passes its schema", wrong)
    return status, [(r["attestation_check"]["signature"], r["attestation_check"]["document_is"]) for r in recs], err


def one(text, want, status, *attestations, **more):
    got = check(*attestations, **more)
    ok(got[0] == status and got[1] == [want], text, got)


def sign(a, key, name):
    a = {k: v for k, v in a.items() if k not in ("key", "signature")}
    return dict(a, key="%s+%s" % (name, key.id(name).hex()),
                signature=base64.b64encode(key.sign(text_of(a).encode())).decode())


one("what was written holds", ("valid", "holds"), 0, signed)
one("a signature made without us holds", ("valid", "no_digest"), 0,
    sign({"item": "a.b", "status": "gap", "by": "per", "date": "2026-01-02", "document": "x"}, per, "per@lab.example"))
one("a statement in one text is that in both languages", ("valid", "none"), 0,
    sign({"item": "a.b", "status": "met", "by": "eva", "date": "2026-01-02", "statement": "åäö"}, eva, "eva@lab.example"))
one("and the other way about", ("valid", "none"), 0,
    dict(sign({"item": "a.b", "status": "met", "by": "eva", "date": "2026-01-02", "statement": "x"}, eva, "eva@lab.example"),
         statement={"sv": "x", "en": "x"}))
one("the whole key may be named", ("valid", "holds"), 0, dict(signed, key=eva.vkey("eva@lab.example")))
one("or none, where it is a person's", ("valid", "holds"), 0, {k: v for k, v in signed.items() if k != "key"})
one("not signed is no fault", ("unsigned", "holds"), 0, {k: v for k, v in signed.items() if k not in ("key", "signature")})
for k, v in (("item", "gov.ciso_mandate"), ("status", "partly"), ("date", "2026-09-02"), ("expires", "2029-09-01"),
             ("document", "documents/other.pdf"), ("digest", "sha256:" + "0" * 64),
             ("statement", {"sv": "Nej.", "en": "The board has approved the measures."})):
    got = check(dict(signed, **{k: v}), documents=False)
    ok(got[0] == 1 and got[1][0][0] == "bad", "%s was altered" % k, got)
got = check({k: v for k, v in signed.items() if k != "expires"})
ok(got[0] == 1 and got[1][0][0] == "bad", "a member was taken away", got)
one("another person's name under it", ("unknown_key", "holds"), 1, dict(signed, by="per"))
one("somebody else's key", ("unknown_key", "holds"), 1, sign(signed, other, "other@lab.example"))
one("somebody else's key under her key's name", ("bad", "holds"), 1,
    dict(sign(signed, other, "x"), key=signed["key"]))
one("per signs for eva", ("unknown_key", "holds"), 1, sign(signed, per, "per@lab.example"))
one("a person without a key", ("unknown_key", "none"), 1,
    sign({"item": "a.b", "status": "met", "by": "omar", "date": "2026-01-02"}, eva, "eva@lab.example"))
one("a name that is no person's, a key that is", ("valid", "none"), 0,
    sign({"item": "a.b", "status": "met", "by": "Eva Lind, chef", "date": "2026-01-02"}, eva, "eva@lab.example"))
one("a person's key with a wrong hash counts for nothing", ("unknown_key", "holds"), 1, signed,
    people=[dict(PEOPLE[0], key=PEOPLE[0]["key"].replace(eva.id("eva@lab.example").hex(), "00000000"))])
one("a cosigner's key is not for this", ("unknown_key", "holds"), 1, signed,
    people=[dict(PEOPLE[0], key=eva.vkey("eva@lab.example", 4))])
one("a line end cannot pass for another member", ("bad", "none"), 1,
    dict(sign({"item": "a.b", "status": "met", "by": "eva", "date": "2026-01-02", "expires": "2027-01-01"}, eva, "eva@lab.example"),
         item="a.b\nstatus: met"))
put("documents/minutes.pdf", "the board has not met\n")
one("the document was changed", ("valid", "differs"), 1, signed)
os.remove(os.path.join(tmp.name, "documents/minutes.pdf"))
one("the document is gone", ("valid", "missing"), 1, signed)
one("no folder was given", ("valid", "not_read"), 0, signed, documents=False)
for name in ("../eva.pem", "/etc/passwd", "https://lab.example/x", "a/../../eva.pem"):
    got = check({"item": "a.b", "status": "met", "by": "eva", "date": "2026-01-02", "document": name, "digest": DIGEST})
    ok(got[0] == 0 and got[1] == [("unsigned", "not_read")], "not under the folder: " + name, got)
got = check(signed, dict(signed, status="gap"), documents=False)
ok(got[0] == 1 and [x[0] for x in got[1]] == ["valid", "bad"], "one bad of two", got)
got = check()
ok(got[0] == 0 and got[1] == [] and "no attestation in it" in got[2], "none at all is said", got)

# --- for people

site(signed, dict(signed, status="gap"), dict(signed, expires="2026-10-01"))
status, out, err = run("attest", "-c", "site.json", "--now", "2026-11-22")
ok(status == 1 and "2 attestations do not hold" in out and "valid" in out and "altered since" in out and
   "has expired" in out and "Eva Lind" in out, "text", out)
status, out, err = run("attest", "-c", "site.json", "--now", "2026-11-22", "-l", "sv")
ok(status == 1 and "2 intyg håller inte" in out and "ändrat efteråt" in out, "in Swedish", out)
status, out, err = run("attest", "-c", "site.json", "-f", "html")
ok(status == 1 and out.startswith("<!DOCTYPE html>") and "http:" not in out, "a page", out[:200])
site({"item": "a.b", "status": "met", "by": "Karl Ek", "date": "2026-01-02"}, {"item": "a.c", "status": "met", "by": "eva", "date": "2026-01-02"})
status, out, err = run("attest", "-c", "site.json", "-f", "ndjson")
ok(status == 0 and [x["attestation_check"].get("stranger") for x in map(json.loads, out.splitlines())] == [True, None],
   "who attests and is not among the people is marked", out)
ok(run("attest", "-c", "site.json", "-l", "sv")[1].count("inte bland personerna") == 1, "for people, too")
site(signed, dict(signed, status="gap"), dict(signed, expires="2026-10-01"))
status, out, err = run("check", "site.json", "--now", "2026-11-22")
ok("The signatures on 2 attestations on gov.board_informed and gov.board_informed do not hold" in out,
   "nis2report check says it, too", out)
ok(run("attest", "--schema")[1].count('"otkit:attestation_check"') == 1, "--schema")
ok("attestation_check.document_is" in run("attest", "--list-fields")[1], "--list-fields")

print("1..%d" % n)
sys.exit(1 if failed else 0)
