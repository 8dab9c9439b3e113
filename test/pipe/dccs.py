"""Digital calibration certificates in the shapes of the schema's versions, made
here: what calchain-import.t reads. Facts of the shapes: https://ptb.de/dcc (schema
2.4.0 to 3.3.0) and the good-practice refTypes; all names and values are made up."""
from xml.sax.saxutils import escape

HEAD = ('<dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc" xmlns:si="https://ptb.de/si" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="https://ptb.de/dcc https://ptb.de/dcc/v%s/dcc.xsd" schemaVersion="%s">\n')


def text(tag, **langs):
    """A text in several languages; none: in no language."""
    if "none" in langs:
        inner = "<dcc:content>%s</dcc:content>" % escape(langs["none"])
    else:
        inner = "".join('<dcc:content lang="%s">%s</dcc:content>' % (k, escape(v)) for k, v in langs.items())
    return "<dcc:%s>%s</dcc:%s>" % (tag, inner, tag)


def identifications(numbers):
    if not numbers:
        return ""
    return "<dcc:identifications>%s</dcc:identifications>" % "".join(
        "<dcc:identification><dcc:issuer>%s</dcc:issuer><dcc:value>%s</dcc:value></dcc:identification>" % (i, escape(v))
        for i, v in numbers)


def item(numbers, name="Temperature sensor", ident=None, model="T-100", software=""):
    return "<dcc:item%s>%s%s%s<dcc:model>%s</dcc:model>%s</dcc:item>" % (
        ' id="%s"' % ident if ident else "", text("name", sv="Temperaturgivare", en=name), software,
        "<dcc:manufacturer>%s</dcc:manufacturer>" % text("name", none="Givarfabriken AB"), model, identifications(numbers))


def software(release, kind="firmware"):
    return ("<dcc:installedSoftwares><dcc:software>%s<dcc:release>%s</dcc:release><dcc:type>%s</dcc:type>"
            "</dcc:software></dcc:installedSoftwares>" % (text("name", none="fw"), release, kind))


def real(value, unit, unc=None, new=False):
    u = ""
    if unc and new:
        u = ("<si:measurementUncertaintyUnivariate><si:expandedMU><si:valueExpandedMU>%s</si:valueExpandedMU>"
             "<si:coverageFactor>%s</si:coverageFactor><si:coverageProbability>%s</si:coverageProbability>"
             "</si:expandedMU></si:measurementUncertaintyUnivariate>" % unc)
    elif unc:
        u = ("<si:expandedUnc><si:uncertainty>%s</si:uncertainty><si:coverageFactor>%s</si:coverageFactor>"
             "<si:coverageProbability>%s</si:coverageProbability></si:expandedUnc>" % unc)
    return "<si:real><si:value>%s</si:value><si:unit>%s</si:unit>%s</si:real>" % (value, unit, u)


def reals(values, unit, unc=None, new=False):
    u = ""
    if unc and new:
        u = ("<si:measurementUncertaintyUnivariateXMLList><si:expandedMUXMLList>"
             "<si:valueExpandedMUXMLList>%s</si:valueExpandedMUXMLList><si:coverageFactorXMLList>%s</si:coverageFactorXMLList>"
             "<si:coverageProbabilityXMLList>%s</si:coverageProbabilityXMLList></si:expandedMUXMLList>"
             "</si:measurementUncertaintyUnivariateXMLList>" % unc)
    elif unc:
        u = ("<si:expandedUncXMLList><si:uncertaintyXMLList>%s</si:uncertaintyXMLList>"
             "<si:coverageFactorXMLList>%s</si:coverageFactorXMLList>"
             "<si:coverageProbabilityXMLList>%s</si:coverageProbabilityXMLList></si:expandedUncXMLList>" % unc)
    return ("<si:realListXMLList><si:valueXMLList>%s</si:valueXMLList><si:unitXMLList>%s</si:unitXMLList>%s"
            "</si:realListXMLList>" % (values, unit, u))


def hybrid(*parts):
    return "<si:hybrid>%s</si:hybrid>" % "".join(parts)


def quantity(ref, inner, meta="", name=None):
    return "<dcc:quantity%s>%s%s%s</dcc:quantity>" % (
        ' refType="%s"' % ref if ref else "", text("name", en=name) if name else "", inner, meta)


def meta(*data):
    return "<dcc:measurementMetaData>%s</dcc:measurementMetaData>" % "".join(data)


def conformity(words, lower=None, upper=None, unit="\\kelvin", single=False):
    limits = ""
    if lower:
        limits = "<dcc:data>%s%s</dcc:data>" % (quantity("basic_acceptanceLimitLower", reals(lower, unit)),
                                                quantity("basic_acceptanceLimitUpper", reals(upper, unit)))
    tag = "conformity" if single else "conformityXMLList"
    return '<dcc:metaData refType="basic_conformity"><dcc:%s>%s</dcc:%s>%s</dcc:metaData>' % (tag, words, tag, limits)


def table(*columns, ref="gp_table1", name=None):
    return '<dcc:list refType="%s">%s%s</dcc:list>' % (ref, text("name", en=name) if name else "", "".join(columns))


def condition(ref, data, status=None, en="Ambient temperature"):
    return '<dcc:influenceCondition refType="%s">%s%s<dcc:data>%s</dcc:data></dcc:influenceCondition>' % (
        ref, text("name", en=en), "<dcc:status>%s</dcc:status>" % status if status else "", data)


def equipment(name, numbers, certificate=None, ref="basic_normalUsed"):
    c = ("<dcc:certificate>%s<dcc:referralID>%s</dcc:referralID><dcc:procedure>SHA256</dcc:procedure>"
         "<dcc:value>x</dcc:value></dcc:certificate>" % (text("referral", en="DCC"), certificate)) if certificate else ""
    return '<dcc:measuringEquipment refType="%s">%s%s%s</dcc:measuringEquipment>' % (
        ref, text("name", en=name), c, identifications(numbers))


def method(name, norm=None, ref=None):
    return "<dcc:usedMethod%s>%s%s</dcc:usedMethod>" % (
        ' refType="%s"' % ref if ref else "", text("name", en=name), "<dcc:norm>%s</dcc:norm>" % norm if norm else "")


def measurement(data, methods="", equipments="", conditions="", ref=None, name="Results"):
    def some(tag, inner):
        return "<dcc:%s>%s</dcc:%s>" % (tag, inner, tag) if inner else ""
    return ("<dcc:measurementResult%s>%s%s%s%s<dcc:results><dcc:result>%s<dcc:data>%s</dcc:data></dcc:result>"
            "</dcc:results></dcc:measurementResult>" % (
                ' refId="%s"' % ref if ref else "", text("name", en=name), some("usedMethods", methods),
                some("measuringEquipments", equipments), some("influenceConditions", conditions),
                text("name", sv="Mätresultat", en="Measuring results"), data))


def statement(ref, inner, refid=None):
    return '<dcc:statement refType="%s"%s>%s</dcc:statement>' % (ref, ' refId="%s"' % refid if refid else "", inner)


def certificate(version="3.2.1", number="K-2026-118", items=None, results=None, statements="", code="D-K-99999-01-00",
                core="", comment="", document="", begin="2026-10-01", end="2026-10-02", langs=("sv", "en"),
                persons=None, declaration='<?xml version="1.0" encoding="UTF-8"?>\n'):
    if items is None:
        items = item([("manufacturer", "SN 4711"), ("customer", "TEMP-7")])
    if results is None:
        results = measurement(table(
            quantity("basic_referenceValue", reals("10.000 20.000", "\\degreecelsius")),
            quantity("basic_measuredValue", reals("10.02 19.97", "\\degreecelsius")),
            quantity("basic_measurementError", reals("0.020 -0.030", "\\kelvin", ("0.05", "2", "0.95")))))
    if persons is None:
        persons = ('<dcc:respPerson><dcc:person>%s</dcc:person></dcc:respPerson><dcc:respPerson><dcc:person>%s</dcc:person>'
                   '<dcc:mainSigner>true</dcc:mainSigner></dcc:respPerson>' % (
                       text("name", none="Bo Tekniker"), text("name", none="Åsa Mätare")))
    return (declaration + HEAD % (version, version) +
            "<dcc:administrativeData><dcc:dccSoftware><dcc:software>%s<dcc:release>1</dcc:release></dcc:software>"
            "</dcc:dccSoftware>\n<dcc:coreData><dcc:countryCodeISO3166_1>SE</dcc:countryCodeISO3166_1>" %
            text("name", none="maker") +
            "".join("<dcc:usedLangCodeISO639_1>%s</dcc:usedLangCodeISO639_1>" % x for x in langs) +
            "<dcc:mandatoryLangCodeISO639_1>%s</dcc:mandatoryLangCodeISO639_1>" % langs[0] +
            "<dcc:uniqueIdentifier>%s</dcc:uniqueIdentifier>%s" % (escape(number), core) +
            "<dcc:beginPerformanceDate>%s</dcc:beginPerformanceDate><dcc:endPerformanceDate>%s</dcc:endPerformanceDate>"
            "<dcc:performanceLocation>laboratory</dcc:performanceLocation></dcc:coreData>\n" % (begin, end) +
            "<dcc:items>%s</dcc:items>\n<dcc:calibrationLaboratory>%s<dcc:contact>%s<dcc:location><dcc:city>Borås</dcc:city>"
            "</dcc:location></dcc:contact></dcc:calibrationLaboratory>" % (
                items, "<dcc:calibrationLaboratoryCode>%s</dcc:calibrationLaboratoryCode>" % code if code else "",
                text("name", none="Mätlabbet AB")) +
            "<dcc:respPersons>%s</dcc:respPersons><dcc:customer>%s</dcc:customer>" % (
                persons, text("name", none="Kunden AB")) +
            ("<dcc:statements>%s</dcc:statements>" % statements if statements else "") +
            "</dcc:administrativeData>\n<dcc:measurementResults>%s</dcc:measurementResults>\n%s%s"
            "</dcc:digitalCalibrationCertificate>\n" % (results, comment, document))
