"""Ledgers made here, as the format has them (one record a line, chained by SHA-256),
without signatures: what calchain-export.t reads. All names and values are made up."""
import hashlib
import json
import os


class Ledger:
    def __init__(self, folder):
        self.folder, self.lines = folder, []

    def add(self, kind, block, when="2026-11-22T04:21:01.123456+0000", author="anna", raw=None, key=None):
        """raw: the block as text, where its digits matter."""
        prev = hashlib.sha256(self.lines[-1]).hexdigest() if self.lines else "0" * 64
        head = {"timestamp": when, "event_type": kind, "seq": len(self.lines) + 1, "clock": "synchronised", "author": author}
        if key:
            head["key"] = key
        head["prev"] = prev
        text = json.dumps(head, separators=(",", ":"), ensure_ascii=False)[:-1]
        text += ',"%s":%s' % (kind, raw or json.dumps(block, separators=(",", ":"), ensure_ascii=False))
        line = text.encode()
        line += b',"digest":"' + hashlib.sha256(line).hexdigest().encode() + b'"'
        if key:
            line += b',"signature":"' + b"A" * 86 + b'=="'
        self.lines.append(line + b"}")
        return len(self.lines)

    def digest(self, seq):
        return json.loads(self.lines[seq - 1])["digest"]

    def write(self):
        os.makedirs(self.folder, exist_ok=True)
        with open(os.path.join(self.folder, "records.ndjson"), "wb") as f:
            f.write(b"".join(x + b"\n" for x in self.lines))
        return self.folder


def sample(folder):
    """A thermometer with its standard, adjusted once; a balance; a correction; hostile names."""
    led = Ledger(folder)
    led.add("ledger", {"name": "lab.example/calibration"})                                          # 1
    led.add("reference_standard", {"instrument": "STD-3", "name": "Pt100-normal", "make": "Normalverket", "serial": "N-88",
            "traceability": {"via": "nmi", "laboratory": "Riksmätplatsen", "certificate": "RMP-2025-31"}})     # 2
    led.add("instrument", {"instrument": "TEMP-7", "name": "Temperaturgivare kylrum", "make": "Givarfabriken AB",
            "model": "T-100", "serial": "SN 4711", "firmware": "2.1", "location": "Kylrum 2", "in_use": True})  # 3
    led.add("instrument", {"instrument": "TEMP-7", "location": "Kylrum 3"})                         # 4
    led.add("calibration", None, key="530d903a", raw=(
        '{"instrument":"TEMP-7","certificate":"K-2026-118","performed":"2026-10-02","due":"2027-10-02",'
        '"laboratory":{"name":"Mätlabbet AB","accreditation":"SWEDAC 9999"},'
        '"standards":[{"instrument":"STD-3","certificate":"RMP-2025-31"},{"instrument":"BATH-1"}],'
        '"traceability":{"via":"accredited","laboratory":"Mätlabbet AB","certificate":"K-2026-118"},'
        '"method":"SOP-17, utgåva 4","ambient":{"temperature":{"value":21.30,"unit":"°C"},"humidity":{"value":45,"unit":"%"}},'
        '"adjusted":true,"approved_by":"Åsa Mätare","results":['
        + ",".join('{"quantity":"Temperatur","point":%s,"unit":"°C","as_found":%s,"as_left":%s,"reference":%s,"error":%s,'
                   '"expanded_uncertainty":0.050,"k":2,"probability":0.95,"lower":%s,"upper":%s,"verdict":"pass"}' % r for r in [
                       ("-20", "-19.78", "-20.02", "-20.000", "-0.020", "-20.20", "-19.80"),
                       ("0", "0.14", "0.01", "0.000", "0.010", "-0.20", "0.20"),
                       ("25", "25.09", "24.97", "25.000", "-0.030", "24.80", "25.20"),
                       ("40", "40.02", "40.04", "40.000", "0.040", "39.80", "40.20")]) +
        '],"verdict":"pass","documents":[{"name":"K-2026-118.xml","media_type":"application/xml",'
        '"sha256":"' + "ab" * 32 + '","bytes":18211,"signature":"present, not checked","schema":"DCC 3.2.1"}]}'))  # 5
    led.add("calibration", {"instrument": "BAL-2", "certificate": "K-2026-200", "performed": "2026-11-03",
            "laboratory": {"name": "=HYPERLINK(\"http://x\")"}, "method": "+1; =2", "verdict": "fail", "person": "<script>alert(1)</script>",
            "results": [{"quantity": "mass", "point": "200 g, centre", "unit": "g", "error": -0.0021, "expanded_uncertainty": 0.0004,
                         "lower": -0.001, "upper": 0.001, "verdict": "fail"}]})                     # 6
    led.add("correction", {"corrects": 6, "corrected_digest": led.digest(6), "reason": "Fel laboratorium angavs", "person": "Anna Ek",
            "instead": {"event_type": "calibration", "calibration": {
                "instrument": "BAL-2", "certificate": "K-2026-200", "performed": "2026-11-03", "laboratory": {"name": "Våglabbet AB"},
                "verdict": "fail", "results": [{"unit": "g", "error": -0.0021}]}}})                 # 7
    led.add("calibration", {"instrument": "PH-1", "certificate": "K-9", "performed": "2026-11-04", "laboratory": {"name": "X"},
            "verdict": "none"})                                                                     # 8
    led.add("correction", {"corrects": 8, "corrected_digest": led.digest(8), "reason": "Fel instrument", "person": "Anna Ek",
            "withdrawn": True})                                                                     # 9
    led.add("instrument", {"instrument": "TEMP-7", "location": "Skrot", "in_use": False})           # 10
    led.add("assessment", {"about": 6, "conclusion": "no_effect", "text": "Inga prover vägdes över 150 g.", "person": "Anna Ek",
            "performed": "2026-11-05"})                                                             # 11
    return led
