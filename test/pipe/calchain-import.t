#!/usr/bin/python3
"""calchain import: certificates of all versions of the schema, signatures, hostile XML,
histories in tables. What is expected stands in the documents that are made here."""
import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import dccs as d  # noqa: E402

BIN = os.path.join(os.environ.get("OTKIT_BIN", "."), "calchain")
DIR = tempfile.mkdtemp(prefix="otkit-import-")
CLOCK = ["--now", "2026-11-22T12:00:00Z"]
SCHEMA = None
if os.path.exists("lib/schema/calibration.json"):
    try:
        import schema
        SCHEMA = schema
    except ImportError:
        pass
n = failed = 0
made = []


def ok(good, text, why=""):
    global n, failed
    n += 1
    print("%sok %d - %s" % ("" if good else "not ", n, text))
    if not good:
        failed += 1
        for line in str(why).splitlines()[:12]:
            print("# " + line[:300])
    sys.stdout.flush()


def skip(text, why):
    global n
    n += 1
    print("ok %d - %s # SKIP %s" % (n, text, why))


def run(*args, data=b"", timeout=60):
    p = subprocess.run([BIN, "import"] + list(args), input=data if isinstance(data, bytes) else data.encode(),
                       capture_output=True, timeout=timeout)
    return p.returncode, p.stdout, p.stderr.decode("utf-8", "replace")


def dcc(xml, *args):
    """The records of a certificate; status; stderr."""
    status, out, err = run("--dcc", "-", *CLOCK, *args, data=xml)
    records = [json.loads(x, parse_float=str, parse_int=str) for x in out.splitlines()]
    made.extend(json.loads(x) for x in out.splitlines())
    return status, records, err


def csv(text, *args):
    status, out, err = run("--csv", "-", *args, data=text)
    made.extend(json.loads(x) for x in out.splitlines())
    return status, [json.loads(x, parse_float=str, parse_int=str)["calibration"] for x in out.splitlines()], err


def refused(xml, want, text, *args):
    status, out, err = run("--dcc", "-", *CLOCK, *args, data=xml)
    ok(status == 2 and not out and want in err and err.count("\n") == 1, text, "%d %s" % (status, err))


if not os.access(BIN, os.X_OK):
    print("Bail out! %s is not built" % BIN)
    sys.exit(1)

# --- the versions ---------------------------------------------------------------------

sphere = d.certificate("2.4.0", number="PTB 1 18", code="", langs=("de", "en"), items=d.item(
    [("manufacturer", "Si28"), ("owner", "KULA-1")], name="Silicon sphere"), results=d.measurement(
        d.quantity(None, d.hybrid(d.real("1.00050", "\\kilogram", ("0.0000030", "2", "0.95")), d.real("1000.50", "\\gram")),
                   name="Mass") + d.quantity(None, d.real("431.05", "\\centi\\metre\\tothe{3}"), name="Volume")),
    statements="<dcc:statement><dcc:convention>CIPM-MRA</dcc:convention><dcc:valid>true</dcc:valid></dcc:statement>")
status, r, err = dcc(sphere)
c = r[0]["calibration"] if r else {}
ok(status == 0 and c.get("instrument") == "KULA-1" and c["certificate"] == "PTB 1 18" and c["documents"][0]["schema"] == "DCC 2.4.0",
   "2.4: read; the owner's number is the instrument's", err)
ok(r and [(x["quantity"], x["as_found"], x["unit"]) for x in c["results"]] == [("Mass", "1.00050", "kg"), ("Volume", "431.05", "cm³")],
   "2.4: values without refTypes stand as found, with all their digits", c.get("results"))
ok(r and c["results"][0]["expanded_uncertainty"] == "0.0000030" and c["results"][0]["k"] == "2" and
   "several units: those in \\kilogram" in err, "2.4: of a hybrid the first unit, and that is said", err)
ok(r and c["traceability"]["via"] == "nmi", "a statement of the CIPM MRA: traceable through an institute")

good_practice = d.measurement(
    d.table(d.quantity("basic_referenceValue", d.hybrid(d.reals("306.248 373.121 448.253", "\\kelvin"),
                                                        d.reals("33.098 99.971 175.103", "\\degreecelsius")),
                       d.meta('<dcc:metaData refType="basic_calibrationValue"><dcc:data>%s</dcc:data></dcc:metaData>' %
                              d.quantity(None, d.reals("306 373 448", "\\kelvin")))),
            d.quantity("basic_measuredValue", d.reals("306.32 373.21 448.36", "\\kelvin")),
            d.quantity("basic_measurementError", d.reals("0.072 0.089 0.107", "\\kelvin", ("0.061", "2", "0.95")),
                       d.meta(d.conformity("pass pass conditionalPass", "-0.23 -0.23 -0.30", "0.23 0.23 0.30")))),
    methods=d.method("Uncertainty", "GUM", "basic_uncertainty") + d.method("Calibration of sensors", "DKD-R 5-1:2018"),
    equipments=d.equipment("Pt 100", [("calibrationLaboratory", "N-12"), ("manufacturer", "x")], "PTB 77") +
    d.equipment("Bath", [("manufacturer", "B")], ref="basic_auxiliaryEquipment"),
    conditions=d.condition("basic_temperature", d.quantity("basic_temperature", d.real("295.10", "\\kelvin"))) +
    d.condition("basic_humidityRelative", d.quantity("basic_humidityRelativeMin", d.real("0.20", "\\one")) +
                d.quantity("basic_humidityRelativeMax", d.real("0.70", "\\one")), en="Humidity"))
statements = (d.statement("basic_conformity", "<dcc:conformity>pass</dcc:conformity>") +
              d.statement("basic_recalibration", "<dcc:date>2027-10-01</dcc:date>"))
for version in ("3.0.0", "3.1.1", "3.2.1"):
    status, r, err = dcc(d.certificate(version, results=good_practice, statements=statements))
    c = r[0]["calibration"] if r else {}
    x = c.get("results", [{}])
    ok(status == 0 and len(x) == 3 and [y["point"] for y in x] == ["306", "373", "448"] and x[0]["reference"] == "306.248" and
       x[0]["as_found"] == "306.32" and x[0]["error"] == "0.072" and x[2]["expanded_uncertainty"] == "0.061" and
       x[0]["unit"] == "K" and x[0]["unit_dsi"] == "\\kelvin", version + ": a table of the good practice", err or x)
    # 306.248 - 0.23 and 448.253 + 0.30, by hand
    ok(len(x) == 3 and x[0]["lower"] == "306.018" and x[0]["upper"] == "306.478" and x[2]["upper"] == "448.553",
       version + ": limits of the error become limits of the value", x)
    ok(len(x) == 3 and [y["verdict"] for y in x] == ["pass", "pass", "conditional_pass"] and c["verdict"] == "pass" and
       c["due"] == "2027-10-01", version + ": verdicts and the day it is due", c)
ok(c.get("standards") == [{"instrument": "N-12", "certificate": "PTB 77"}], "standards with certificates, without helpers", c.get("standards"))
ok(c.get("method") == "Calibration of sensors (DKD-R 5-1:2018)", "the method, not that of the uncertainty", c.get("method"))
ok(c.get("ambient", {}).get("temperature") == {"value": "295.10", "unit": "K"} and
   c["ambient"]["humidity"] == {"min": "0.20", "max": "0.70", "unit": "1"}, "ambient: a value, and a range as one", c.get("ambient"))
_, r, err = dcc(d.certificate(results=d.measurement(d.quantity("basic_measuredValue", d.real("1", "\\metre")), conditions=d.condition(
    "basic_temperature", d.quantity("basic_temperatureMin", d.real("1", "\\kelvin"))))))
ok(r and "ambient" not in r[0]["calibration"] and "temperature is left out" in err, "half a range is none, and that is told", err)
ok(c.get("laboratory") == {"name": "Mätlabbet AB", "accreditation": "D-K-99999-01-00"} and c["approved_by"] == "Åsa Mätare" and
   c["performed"] == "2026-10-02" and c["site"] == "laboratory" and c["traceability"]["via"] == "accredited", "who, when, where", c)
two = "".join('<dcc:respPerson><dcc:person>%s</dcc:person></dcc:respPerson>' % d.text("name", none=n) for n in ("Bo Tekniker", "Åsa Mätare"))
_, r, err = dcc(d.certificate(persons=two))
ok(r and "approved_by" not in r[0]["calibration"] and "main signer" in err, "of several persons none is taken for the one who approved", err)
_, r, err = dcc(d.certificate(persons=two[:two.index("</dcc:respPerson>") + 17]))
ok(r and r[0]["calibration"]["approved_by"] == "Bo Tekniker", "the only person answers for it", err)

new = d.measurement(d.table(
    d.quantity("basic_nominalValue", d.reals("10 20", "\\volt")),
    d.quantity("basic_measurementError", d.reals("0.10 0.20", "\\milli\\volt", ("0.05 0.06", "2", "0.9545"), new=True)),
    d.quantity("vendor_drift", d.reals("1 2", "\\volt"), name="Drift"), name="DC voltage"))
status, r, err = dcc(d.certificate("3.3.0", results=new, core="<dcc:receiptDate>2026-09-30</dcc:receiptDate>"))
c = r[0]["calibration"] if r else {}
x = c.get("results", [{}])
ok(status == 0 and len(x) == 2 and x[1]["error"] == "0.20" and x[1]["expanded_uncertainty"] == "0.06" and x[1]["k"] == "2" and
   x[1]["probability"] == "0.9545" and x[1]["unit"] == "mV" and x[1]["point"] == "20 V", "3.3: the names of D-SI 2.2; a point in another unit", x)
ok('column "Drift" is left out' in err and c.get("received") == "2026-09-30" and x[0]["quantity"] == "DC voltage",
   "what is not known is left out and told", err)
status, r, err = dcc(d.certificate("3.4.0"))
ok(status == 0 and len(r) == 1 and "newer than 3.3" in err, "a later 3.x is read, and that is said", err)
for version, want in (("4.0.0", "not read"), ("2.3.0", "not read"), ("x", "not read")):
    refused(d.certificate(version), want, "schema %s is refused" % version)

# --- lists, units, languages, adjustment ------------------------------------------------

refused(d.certificate(results=d.measurement(d.table(d.quantity("basic_measuredValue", d.reals("1 2 3", "\\metre \\metre"))))),
        "3 values, but unit: 2", "a list that does not go with the values is refused")
refused(d.certificate(results=d.measurement(d.table(d.quantity("basic_measuredValue", d.reals("1 2 3", "\\metre")),
                                                    d.quantity("basic_referenceValue", d.reals("1 2", "\\metre"))))),
        "columns of 3 and of 2", "columns of different lengths are refused")
for bad in ("NaN", "INF", "1,5", "0x10", "1e999", "--1", "."):
    refused(d.certificate(results=d.measurement(d.quantity("basic_measuredValue", d.real(bad, "\\metre")))),
            "is no number", "%s is no number" % bad)
refused(d.certificate(results=d.measurement(d.quantity("basic_measuredValue", "<si:real><si:value>1</si:value></si:real>"))),
        "without a unit", "a value without a unit is refused")
status, r, err = dcc(d.certificate(results=d.measurement(d.quantity("basic_measuredValue", d.real("+.50", "\\metre\\per\\second")))))
x = r[0]["calibration"]["results"][0] if r else {}
ok(x.get("as_found") == "0.50" and x["unit"] == "m/s", "+.50 is 0.50; per", x)
status, r, err = dcc(d.certificate(results=d.measurement(d.quantity("basic_measuredValue", d.real("1", "furlong")))))
ok(r and r[0]["calibration"]["results"][0]["unit"] == "furlong", "a unit of nobody stays as it is", err)

before = d.condition("basic_adjustment", d.table(
    d.quantity("basic_referenceValue", d.reals("10.0", "\\gram")), d.quantity("basic_measuredValue", d.reals("10.7", "\\gram")),
    d.quantity("basic_measurementError", d.reals("0.7", "\\gram"), d.meta(d.conformity("fail")))), "beforeAdjustment", "Adjustment")
after = d.measurement(d.table(d.quantity("basic_referenceValue", d.reals("10.0", "\\gram")),
                              d.quantity("basic_measuredValue", d.reals("10.1", "\\gram")),
                              d.quantity("basic_measurementError", d.reals("0.1", "\\gram"), d.meta(d.conformity("pass")))),
                      conditions=before)
status, r, err = dcc(d.certificate(results=after))
c = r[0]["calibration"] if r else {}
ok(status == 0 and [x.get("as_found") for x in c["results"]] == ["10.7", None] and c["results"][1]["as_left"] == "10.1" and
   c["adjusted"] is True and c["verdict"] == "fail", "before and after an adjustment; one result that fails fails the whole", c)
_, r, _ = dcc(d.certificate(), "--lang", "sv", "--with-instrument")
ok(len(r) == 2 and r[0] == {"event_type": "instrument", "instrument": {
    "instrument": "TEMP-7", "name": "Temperaturgivare", "make": "Givarfabriken AB", "model": "T-100", "serial": "SN 4711"}} and
   r[1]["calibration"]["results"][0]["quantity"] == "Mätresultat", "texts in the wanted language; the instrument first", r)
_, r, _ = dcc(d.certificate(), "--lang", "fr")
ok(r and r[0]["calibration"]["results"][0]["quantity"] == "Measuring results", "a language that is not there: English")

# --- whose ------------------------------------------------------------------------------

serial = d.item([("manufacturer", "SN 1")])
refused(d.certificate(items=serial), "--instrument ID", "no number of the customer's: which instrument?")
refused(d.certificate(items=d.item([("customer", "A"), ("customer", "B")])), "several numbers", "two of them: which?")
_, r, _ = dcc(d.certificate(items=serial), "--instrument", "X-1")
ok(r and r[0]["calibration"]["instrument"] == "X-1", "--instrument says")
_, r, _ = dcc(d.certificate(items=serial), "--id", "SN 1=X=2")
ok(r and r[0]["calibration"]["instrument"] == "2" or r == [], "--id: the last = counts", r)
two = d.item([("customer", "A")], ident="i1", software=d.software("4.2")) + d.item([("manufacturer", "S9")], ident="i2")
both = d.certificate(items=two, results=d.measurement(d.quantity("basic_measuredValue", d.real("1", "\\metre")), ref="i1") +
                     d.measurement(d.quantity("basic_measuredValue", d.real("2", "\\metre")), ref="i2") +
                     d.measurement(d.quantity("basic_measuredValue", d.real("3", "\\metre"))))
_, r, err = dcc(both, "--id", "S9=B")
c = [x["calibration"] for x in r]
ok(len(c) == 2 and [x["instrument"] for x in c] == ["A", "B"] and [y["as_found"] for y in c[0]["results"]] == ["1", "3"] and
   [y["as_found"] for y in c[1]["results"]] == ["2", "3"] and c[0]["firmware"] == "4.2" and "all 2 together" in err,
   "two items, two records; what is of both stands in both, and that is said", err)
refused(both, "item 2 (serial S9)", "one item without a number: nothing of the file is written")
refused(both, "2 items", "--instrument for two items", "--instrument", "Z")
refused(d.certificate(number="x" * 201), "longer than 200", "a number that is too long is not cut")
refused(d.certificate(end="03.10.2026"), "endPerformanceDate", "a date that is none")

# --- the copy inside, the bytes kept ------------------------------------------------------

pdf = b"%PDF-1.4 copy\n" * 40
xml = d.certificate(document="<dcc:document><dcc:fileName>../../K.pdf</dcc:fileName><dcc:mimeType>application/pdf</dcc:mimeType>"
                    "<dcc:dataBase64>%s</dcc:dataBase64></dcc:document>" % base64.encodebytes(pdf).decode()).encode()
path = os.path.join(DIR, "k.xml")
with open(path, "wb") as f:
    f.write(xml)
store = os.path.join(DIR, "store")
os.mkdir(store)
status, out, err = run("--dcc", path, "--store", store, *CLOCK)
docs = json.loads(out)["calibration"]["documents"] if out else []
made.extend(json.loads(x) for x in out.splitlines())
want = [{"name": "k.xml", "media_type": "application/xml", "sha256": hashlib.sha256(xml).hexdigest(), "bytes": len(xml),
         "schema": "DCC 3.2.1"},
        {"name": "K.pdf", "media_type": "application/pdf", "sha256": hashlib.sha256(pdf).hexdigest(), "bytes": len(pdf)}]
ok(status == 0 and docs == want, "documents: the certificate and the copy in it, by their digests; a name is no path", docs)
kept = {x: open(os.path.join(store, "files", x), "rb").read() for x in os.listdir(os.path.join(store, "files"))}
ok(kept == {want[0]["sha256"]: xml, want[1]["sha256"]: pdf}, "--store keeps the bytes under their digests")
ok(run("--dcc", path, "--store", store, *CLOCK)[0] == 0, "a second time nothing changes")
with open(os.path.join(store, "files", want[0]["sha256"]), "ab") as f:
    f.write(b" ")
status, out, err = run("--dcc", path, "--store", store, *CLOCK)
ok(status == 2 and not out and "it was changed" in err, "a kept file that was changed is told, nothing is written", err)

# --- hostile ------------------------------------------------------------------------------

plain = d.certificate()
secret = os.path.join(DIR, "secret")
with open(secret, "w") as f:
    f.write("SECRET")


def with_doctype(dtd, inside="&x;"):
    return plain.replace("?>\n", "?>\n<!DOCTYPE a [%s]>\n" % dtd, 1).replace("K-2026-118", inside, 1)


refused(with_doctype('<!ENTITY x SYSTEM "file://%s">' % secret), "DOCTYPE", "an external entity (XXE) is refused")
refused(with_doctype('<!ENTITY %% x SYSTEM "http://127.0.0.1:9/x"> %x;'.replace("%%", "%")), "DOCTYPE", "a parameter entity is refused")
bomb = '<!ENTITY a0 "ha">' + "".join('<!ENTITY a%d "%s">' % (i, ("&a%d;" % (i - 1)) * 10) for i in range(1, 12))
refused(with_doctype(bomb, "&a11;"), "DOCTYPE", "a billion laughs is refused")
refused(plain.replace("?>\n", '?>\n<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">\n', 1), "DOCTYPE", "an external DTD is refused")
refused(plain.replace("K-2026-118", "&nothing;"), "not well-formed", "an entity that nobody declared")
deep = plain.replace("</dcc:measurementResults>", "</dcc:measurementResults><dcc:comment>%s%s</dcc:comment>" % ("<a>" * 5000, "</a>" * 5000))
refused(deep, "not well-formed", "5,000 elements deep is refused")
nested = d.certificate(results=d.measurement("<dcc:list>" * 40 + d.quantity("basic_measuredValue", d.real("1", "\\metre")) + "</dcc:list>" * 40))
refused(nested, "lists inside lists", "40 lists deep is refused")
refused(plain.replace("<dcc:items>", "<dcc:items %s>" % " ".join('a%d=""' % i for i in range(20000))), "a tag of more than", "a tag of 20,000 attributes is refused")
refused(plain.replace("</dcc:measurementResults>", "</dcc:measurementResults><dcc:comment>%s</dcc:comment>" % ("<a/>" * 1100000)),
        "more elements", "a million elements are refused")
refused(plain.replace("<dcc:items>", "".join("<dcc:comment xmlns:n%d='u'/>" % i for i in range(1200)) + "<dcc:items>"), "more namespaces", "a thousand namespaces are refused")
refused(plain[:len(plain) // 2], "not well-formed", "half a certificate")
refused("", "nothing in it", "an empty file")
refused("Certificate no. 5", "not well-formed", "no XML")
refused("<html/>", "no digital calibration certificate", "other XML")
refused(plain.replace("https://ptb.de/dcc", "https://example.org/dcc"), "no digital calibration certificate", "another namespace")
refused(plain.encode("utf-16"), "UTF-16 is not read", "UTF-16 is refused by name")
refused(plain.replace("UTF-8", "EBCDIC-CP-SE"), "EBCDIC-CP-SE is not read", "a strange encoding is refused by name")
refused(plain.encode("latin-1"), "not well-formed", "Latin-1 that says it is UTF-8")
_, r, err = dcc(plain.replace("UTF-8", "ISO-8859-1").encode("latin-1"))
ok(r and r[0]["calibration"]["laboratory"]["name"] == "Mätlabbet AB", "ISO-8859-1 that says so", err)
big = os.path.join(DIR, "big.xml")
with open(big, "wb") as f:
    f.truncate(200 << 20)
status, out, err = run("--dcc", big, *CLOCK)
ok(status == 2 and not out and "larger than" in err and err.count("\n") == 1, "200 MB are refused with one line", err)
_, r, err = dcc(plain.replace("Mätlabbet AB", 'A"\\&#10;<![CDATA[<b>]]>'))
ok(r and r[0]["calibration"]["laboratory"]["name"] == 'A"\\ <b>', "texts that mean harm are texts", err)
status, out, err = run("--dcc", path, os.path.join(DIR, "nowhere.xml"), path, *CLOCK)
ok(status == 2 and out.count(b"\n") == 2 and "nowhere.xml" in err, "one that cannot be read does not keep the others", err)

# --- signatures ---------------------------------------------------------------------------

CERT = os.path.join(DIR, "cert.pem")
KEY = os.path.join(DIR, "key.pem")
have = shutil.which("openssl")
# Made for these tests: good from 2021 to 2120, so that they do not hang on the clock.
with open(KEY, "w") as f:
    f.write("""-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIKt//FdDUGy2/PeNPXfvHqJ46ktUAcqZcDw2m+S0JzdtoAoGCCqGSM49
AwEHoUQDQgAEpdgWzjE+MRiIuzA1wLWwdkJhr9Nj4MLHJ90nASBJiJurQEhCQaz5
OTYlv9LI1lJW3gT4u3JyhWAgI5rVoC93YA==
-----END EC PRIVATE KEY-----
""")
with open(CERT, "w") as f:
    f.write("""-----BEGIN CERTIFICATE-----
MIIBUzCB+aADAgECAgEBMAoGCCqGSM49BAMCMBAxDjAMBgNVBAMMBUxhYiBBMCAX
DTIxMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAQMQ4wDAYDVQQDDAVMYWIg
QTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKXYFs4xPjEYiLswNcC1sHZCYa/T
Y+DCxyfdJwEgSYibq0BIQkGs+Tk2Jb/SyNZSVt4E+LtycoVgICOa1aAvd2CjQjBA
MA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgLEMB0GA1UdDgQWBBSJw1RH
R/NXZ0ft+BZKx1aczKYUxDAKBggqhkjOPQQDAgNJADBGAiEA8sKHglfgszdQWApj
slu8UpoJYHZYkb6rWB1AGF5H3VkCIQCeXsPnjovgTXGMi2STNeXd5FQvTw32lKyc
cdjNyK6nlg==
-----END CERTIFICATE-----
""")
DS = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
XA = 'xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"'
EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"


def c14n(xml):
    """The exclusive canonical form, by Python's own writer (for such documents C14N 2.0 is the same)."""
    from xml.etree.ElementTree import canonicalize
    return canonicalize(xml, with_comments=False).encode()


def der():
    return base64.b64decode("".join(open(CERT).read().split("-----")[2].split()))


def b64(b):
    return base64.b64encode(b).decode()


def sha(b):
    return b64(hashlib.sha256(b).digest())


def raw_ecdsa(sig):
    """DER to r and s, 32 bytes each."""
    rl = sig[3]
    r = sig[4:4 + rl]
    s = sig[6 + rl:6 + rl + sig[5 + rl]]
    return r.lstrip(b"\0").rjust(32, b"\0") + s.lstrip(b"\0").rjust(32, b"\0")


def signed(xml, time="2026-10-03T10:00:00Z", props=True, certdigest=None, transform=None, uri="", extra_ref="", alg="ecdsa-sha256"):
    """An enveloped XAdES signature over a certificate, made with openssl and Python alone."""
    sp = ('<xades:SignedProperties %s %s Id="sp"><xades:SignedSignatureProperties><xades:SigningTime>%s</xades:SigningTime>'
          '<xades:SigningCertificateV2><xades:Cert><xades:CertDigest><ds:DigestMethod '
          'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>%s</ds:DigestValue>'
          '</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>'
          '</xades:SignedProperties>' % (DS, XA, time, certdigest or sha(der())))

    def ref(u, digest, transforms, kind=""):
        return ('<ds:Reference%s URI="%s"><ds:Transforms>%s</ds:Transforms><ds:DigestMethod '
                'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>%s</ds:DigestValue>'
                '</ds:Reference>' % (kind, u, "".join('<ds:Transform Algorithm="%s"></ds:Transform>' % t for t in transforms), digest))
    env = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
    info = ('<ds:SignedInfo %s><ds:CanonicalizationMethod Algorithm="%s"></ds:CanonicalizationMethod><ds:SignatureMethod '
            'Algorithm="http://www.w3.org/2001/04/xmldsig-more#%s"></ds:SignatureMethod>%s%s%s</ds:SignedInfo>' % (
                DS, EXC, alg, ref(uri, sha(c14n(xml)), transform or [env, EXC]),
                ref("#sp", sha(c14n(sp)), [EXC], ' Type="http://uri.etsi.org/01903#SignedProperties"') if props is True else "", extra_ref))
    with open(os.path.join(DIR, "info"), "wb") as f:
        f.write(c14n(info))
    value = subprocess.run(["openssl", "dgst", "-sha256", "-sign", KEY, os.path.join(DIR, "info")], capture_output=True, check=True).stdout
    sig = ('<ds:Signature %s Id="sig">%s<ds:SignatureValue>%s</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>%s'
           '</ds:X509Certificate></ds:X509Data></ds:KeyInfo>%s</ds:Signature>' % (
               DS, info.replace(" " + DS, "", 1), b64(raw_ecdsa(value)), b64(der()),
               '<ds:Object><xades:QualifyingProperties %s Target="#sig">%s</xades:QualifyingProperties></ds:Object>' % (
                   XA, sp.replace(" %s %s" % (DS, XA), "")) if props else ""))
    return xml.replace("\n</dcc:digitalCalibrationCertificate>", "\n" + sig + "</dcc:digitalCalibrationCertificate>")


def state(xml, *args):
    status, r, err = dcc(xml, *args)
    return (status, r[0]["calibration"]["documents"][0].get("signature") if r else None, err)


if not have:
    skip("signatures", "no openssl")
else:
    base = d.certificate().replace("</dcc:digitalCalibrationCertificate>\n", "\n</dcc:digitalCalibrationCertificate>")
    good = signed(base)
    s = state(good, "--ca", CERT)
    ok(s[:2] == (0, "valid"), "a signature that holds, by a signer that is trusted: valid", s)
    s = state(good)
    ok(s[:2] == (0, "present, not checked") and "--ca" in s[2], "without --ca it is never valid", s)
    s = state(signed(base, props=None), "--ca", CERT)
    ok(s[:2] == (0, "valid"), "XML Signature without XAdES", s)
    for what, xml in (("a value", good.replace("10.02", "10.03")), ("a number", good.replace("K-2026-118", "K-2026-119")),
                      ("an attribute", good.replace('schemaVersion="3.2.1"', 'schemaVersion="3.2.0"')),
                      ("the time of signing", good.replace("2026-10-03T10", "2026-10-03T11")),
                      ("the signature's value", good.replace("<ds:SignatureValue>", "<ds:SignatureValue>AAAA", 1)),
                      ("a certificate that the properties do not name", signed(base, certdigest=sha(b"other")))):
        status, out, err = run("--dcc", "-", "--ca", CERT, *CLOCK, data=xml)
        ok(status == 1 and not out and "signature invalid" in err, "changed: %s: invalid, nothing written, status 1" % what, err)
    s = state(good.replace("10.02", "10.03"), "--keep-invalid")
    ok(s[:2] == (1, "invalid"), "--keep-invalid writes it as what it is", s)
    for what, xml in (
            ("an XPath transform", signed(base, transform=["http://www.w3.org/TR/1999/REC-xpath-19991116"])),
            ("an XSLT transform", signed(base, transform=["http://www.w3.org/2000/09/xmldsig#enveloped-signature",
                                                         "http://www.w3.org/TR/1999/REC-xslt-19991116"])),
            ("a reference outward", signed(base, extra_ref='<ds:Reference URI="http://127.0.0.1:9/x"><ds:DigestMethod '
             'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>')),
            ("a reference to a part of the document", signed(base.replace("<dcc:items>", '<dcc:items Id="p">'), uri="#p")),
            ("properties that are not signed", signed(base, props="unsigned")),
            ("SHA-1", good.replace("ecdsa-sha256", "ecdsa-sha1")),
            ("two signatures", good.replace("</ds:Signature>", '</ds:Signature><ds:Signature %s/>' % DS)),
            ("a second element of that Id", good.replace("<ds:KeyInfo>", '<ds:KeyInfo Id="sp">')),
            ("a signer at a time yet to come", signed(base, time="2036-10-03T10:00:00Z")),
            ("a signer before its certificate", signed(base, time="2020-10-03T10:00:00Z"))):
        s = state(xml, "--ca", CERT)
        if s[0] == 1 and what in ("SHA-1", "a second element of that Id"):
            ok(s[1] is None and "invalid" in s[2], "%s: not valid" % what, s)
        else:
            ok(s[:2] == (0, "present, not checked"), "%s: present, not checked" % what, s)
    other = os.path.join(DIR, "other.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                    os.path.join(DIR, "k2"), "-out", other, "-subj", "/CN=Other"], capture_output=True, check=True)
    s = state(good, "--ca", other)
    ok(s[:2] == (0, "present, not checked") and "does not hold" in s[2], "a signer that nobody here trusts", s)
    status, out, err = run("--dcc", path, "--ca", path, *CLOCK)
    ok(status == 2 and "no certificate in it" in err, "--ca of what is none", err)

tool = shutil.which("xmlsec1")
if not tool or not have:
    skip("signatures of xmlsec1", "not installed")
else:
    def by_tool(c14, transform, alg, key):
        sig = ('<ds:Signature %s><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="%s"/><ds:SignatureMethod Algorithm="%s"/>'
               '<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
               '%s</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"/><ds:DigestValue/>'
               '</ds:Reference></ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>' % (
                   DS, c14, alg, '<ds:Transform Algorithm="%s"/>' % transform if transform else ""))
        src = os.path.join(DIR, "t.xml")
        with open(src, "w", encoding="utf-8") as f:
            f.write(d.certificate(comment="<dcc:comment><!-- c --><b xmlns:z='urn:z' z:q='2' a='1'/></dcc:comment>").replace(
                "</dcc:digitalCalibrationCertificate>", sig + "</dcc:digitalCalibrationCertificate>"))
        p = subprocess.run([tool, "--sign", "--privkey-pem", "%s,%s" % key, src], capture_output=True)
        return p.stdout

    rsa = (os.path.join(DIR, "rk"), os.path.join(DIR, "rc"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", rsa[0], "-out", rsa[1], "-subj", "/CN=R"],
                   capture_output=True, check=True)
    c10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    c11 = "http://www.w3.org/2006/12/xml-c14n11"
    more = "http://www.w3.org/2001/04/xmldsig-more#"
    for c14, tr, alg, key in ((c10, None, more + "rsa-sha256", rsa), (c11, c11, more + "rsa-sha512", rsa), (EXC, c11, more + "ecdsa-sha256", (KEY, CERT)),
                              (c10 + "#WithComments", EXC, more + "ecdsa-sha384", (KEY, CERT)), (EXC + "WithComments", c10, more + "rsa-sha384", rsa)):
        xml = by_tool(c14, tr, alg, key)
        status, out, err = run("--dcc", "-", "--ca", key[1], data=xml)
        got = json.loads(out)["calibration"]["documents"][0].get("signature") if out else None
        ok(got == "valid", "made by xmlsec1: %s, %s, %s" % (c14.split("/")[-1], (tr or "none").split("/")[-1], alg.split("#")[1]), err)
        status, out, err = run("--dcc", "-", "--ca", key[1], data=xml.replace(b"19.97", b"19.98"))
        ok(status == 1 and not out, "and changed", err)

# --- tables -----------------------------------------------------------------------------

SV = ("Instrument-ID;Kalibreringsbevis;Kalibreringsdatum;Nästa kalibrering;Laboratorium;Ackreditering;Storhet;Mätpunkt;Enhet;Referensvärde;"
      "Före justering;Efter justering;Fel;Mätosäkerhet;k;Tolerans ±;Utlåtande;Normal;Normalens bevis;Omgivningstemperatur (°C)\n")
status, r, err = csv("\ufeff" + SV +
                     "VÅG-2;K-5;03.11.2026;2027-11-03;Våglabbet;SWEDAC 1;massa;100;g;100,0000;100,0021;100,0001;0,0001;0,0004;2;±0,0010;Godkänd;V-1;B-1;21,5\n"
                     "PH-1;K-6;3 nov 2026;;Labbet;;;;pH;;;;0,01;0,02;;;underkänd;;;\n"
                     "VÅG-2;K-5;03.11.2026;;Våglabbet;;massa;1 200;g;1 200,000;1\u00a0200,002;;;0,5;;;;V-2;B-2;\n")
ok(status == 0 and [x["instrument"] for x in r] == ["VÅG-2", "PH-1"] and r[0]["performed"] == "2026-11-03" and r[1]["performed"] == "2026-11-03" and
   r[0]["due"] == "2027-11-03" and len(r[0]["results"]) == 2, "a Swedish table: semicolons, decimal commas, a byte order mark, days in two ways", err)
x = r[0]["results"] if r else [{}, {}]
ok(r and x[0]["as_found"] == "100.0021" and x[0]["as_left"] == "100.0001" and x[0]["error"] == "0.0001" and x[0]["expanded_uncertainty"] == "0.0004" and
   x[1]["reference"] == "1200.000" and x[1]["as_found"] == "1200.002" and x[1]["point"] == "1200", "numbers keep their digits; blanks between thousands", x)
# 100.0000 -+ 0.0010, by hand
ok(r and x[0]["lower"] == "99.9990" and x[0]["upper"] == "100.0010", "a tolerance lies around the reference", x)
ok(r and r[0]["verdict"] == "pass" and r[1]["verdict"] == "fail" and r[0]["standards"] == [
    {"instrument": "V-1", "certificate": "B-1"}, {"instrument": "V-2", "certificate": "B-2"}] and
   r[0]["ambient"]["temperature"] == {"value": "21.5", "unit": "°C"} and r[0]["traceability"]["accreditation"] == "SWEDAC 1", "the rest of it", r)
status, r2, err = csv((SV + "VÅG-2;K-5;2026-11-03;;Våglabbet;;;;g;;;;0,1;;;;;;;\n").encode("cp1252"))
ok(status == 0 and r2[0]["instrument"] == "VÅG-2" and "Windows-1252" in err, "Latin-1, and that is said", err)
EN = "Asset ID,Certificate no,Calibration date,Laboratory,Error (mg),Expanded uncertainty (mg),Coverage probability,Result verdict,Started\n"
status, r, err = csv(EN + 'BAL-1,C-1,2026-11-03,"Lab, Inc",0.5,"0,25",95 %,pass,2026-11-03 08:00+01:00\nBAL-1,C-1,2026-11-03,"Lab, Inc",-0.7,0.25,0.95,pass,\n')
ok(status == 0 and r[0]["results"][0] == {"unit": "mg", "error": "0.5", "expanded_uncertainty": "0.25", "probability": "0.95", "verdict": "pass"} and
   r[0]["started"] == "2026-11-03T07:00:00.000000+0000" and r[0]["verdict"] == "pass" and r[0]["laboratory"]["name"] == "Lab, Inc",
   "an English table: commas, units in headers, a time with its zone, the whole from its results", err or r)
_, r, err = csv("Nr,Lab,Bevis,Dag\nX,L,C,2026-11-03\n", "--map", "instrument=Nr", "--map", "certificate=Bevis", "--map", "performed=Dag")
ok(r and r[0]["instrument"] == "X" and r[0]["verdict"] == "none", "--map", err)
_, r, err = csv("Instrument;Certifikat;Datum\nX;C;2026-11-03\n", "--set", "laboratory=RISE")
ok(r and r[0]["laboratory"] == {"name": "RISE"}, "--set", err)
_, r, err = csv("Instrument;Certifikat;Datum;Lab;Intervall (månader)\nX;C;2026-11-03;L;12\nY;C;2026-11-03;L;1 år\n")
ok([x.get("interval") for x in r] == ["P12M", "P1Y"], "intervals", err)


def bad(row, want, text, *args, head="Instrument;Certifikat;Datum;Lab;Enhet;Fel;U;Utlåtande;Start;Korrektion"):
    status, out, err = run("--csv", "-", *args, data="Historik 2026\n" + head + "\n" + row + "\n")
    ok(status == 2 and not out and want in err, text, err)


bad("X;C;03/11/2026;L;g;0;;;;", "stdin:3: Datum: \"03/11/2026\": the day or the month", "a date that can be two is refused with line, column and remedy")
bad("X;C;3-4-2026;L;g;0;;;;", "the day or the month", "with dashes, too")
_, r, err = csv("Instrument;Certifikat;Datum;Lab\nX;C;25/11/2026;L\n")
ok(r and r[0]["performed"] == "2026-11-25", "one that can be only one is that", err)
bad("X;C;03.11.26;L;g;0;;;;", "two digits", "a short year")
bad("X;C;46329;L;g;0;;;;", "spreadsheet's number", "a spreadsheet's day number")
bad("X;C;2026-02-30;L;g;0;;;;", "no date", "a day that no calendar has")
bad("X;C;2026-11-03;L;g;0,1 g;;;;", "stdin:3: Fel: \"0,1 g\": a number is expected", "a number with something behind it")
bad("X;C;2026-11-03;L;g;1.234;0,5;;;", "can be two numbers", "1.234 among decimal commas")
bad("X,C,2026-11-03,L,g,\"1,234\",,,,", "can be two numbers", "1,234 among commas", head="Instrument,Certifikat,Datum,Lab,Enhet,Fel,U,Utlåtande,Start,Korrektion")
_, r, err = csv('Instrument,Certifikat,Datum,Lab,Enhet,Fel\nX,C,2026-11-03,L,g,"1,234"\n', "--decimal", ",")
ok(r and r[0]["results"][0]["error"] == "1.234", "--decimal says which", err)
_, r, err = csv('Instrument,Certifikat,Datum,Lab,Enhet,Fel\nX,C,2026-11-03,L,g,"1,234"\n', "--decimal", ".")
ok(r and r[0]["results"][0]["error"] == "1234", "--decimal . says the other", err)
bad("X;C;2026-11-03;L;;0,1;;;;", "numbers without a unit", "no unit anywhere")
bad("X;C;2026-11-03;L;g;0,1;;kanske;;", "a verdict is expected", "a verdict that is none")
bad("X;C;2026-11-03;L;g;0,1;;;2026-11-03 08:00;", "how far from UTC", "a time without a zone")
bad("X;C;2026-11-03;L;g;0,1;;;;-0,1", "beside an error", "an error and a correction")
_, r, err = csv("Instrument;Certifikat;Datum;Lab;Enhet;Korrektion\nX;C;2026-11-03;L;g;-0,10\n")
ok(r and r[0]["results"][0]["error"] == "0.10", "a correction is the error with the other sign", err)
bad("X;C;;L;g;0,1;;;;", "stdin:3: Datum: nothing there", "no date at all")
bad("X;C;2026-11-03;L;g;0,1;;;;\nX;C;2026-11-04;L;g;0,1;;;;", "stdin:4: Datum: \"2026-11-04\", but \"2026-11-03\" on line 3", "two dates of one certificate")
bad("X;C;2026-11-03;L;g;0,1;-0,5;;;", "less than nothing", "an uncertainty below zero")
bad("X;C;2026-11-03;L;g;0,1;;;;;;7", "more cells", "more cells than the header has")
bad("X", "no column is known to be the laboratory", "a column that is missing", head="Instrument;Certifikat;Datum")
bad("a;b", "no header is known", "no header at all", head="x;y")
status, out, err = run("--csv", "-", data="Instrument;Certifikat;Datum;Lab\n" + "".join("X%d;C;1/2/2026;L\n" % i for i in range(50)))
ok(status == 2 and not out and err.count("the day or the month") == 20 and "30 more" in err, "all faults at once, twenty of them by name", err)
status, out, err = run("--csv", "-", data=b"PK\3\4xxxx")
ok(status == 2 and "save it as CSV" in err, "a spreadsheet's own file", err)

# --- usage --------------------------------------------------------------------------------

for args, want in (([], "--dcc FILE"), (["--dcc", "a", "--csv", "b"], "not both"), (["--dcc", "a", "--map", "x=y"], "--csv only"),
                   (["--csv", "a", "--ca", "b"], "--dcc only"), (["--csv", "a", "--kind", "x"], "--kind x"),
                   (["--csv", path, "--map", "nothing=x"], "no such field"), (["--dcc", "a", "--lang", "sve"], "two letters"),
                   (["--dcc", "a", "--id", "x"], "NUMBER=ID"), (["--dcc", "a", "--now", "x"], "no time")):
    status, out, err = run(*args)
    ok(status == 2 and not out and want in err and err.startswith("calchain import: "), "says \"%s\"" % want, err)

one = run("--dcc", path, *CLOCK)
ok(one == run("--dcc", path, *CLOCK), "the same bytes each time")
if SCHEMA is None:
    skip("all records are as their schema has them", "no schema, or no jsonschema")
else:
    wrong = [(SCHEMA.check(x), x) for x in made]
    wrong = [x for x in wrong if x[0]]
    ok(not wrong, "all %d records are as their schema has them" % len(made), wrong[:3])
shutil.rmtree(DIR)
print("1..%d" % n)
sys.exit(1 if failed else 0)
