#!/usr/bin/env python3
"""Builds test/golden/poct1a/*.pcap after CLSI POCT01-A2: devices and their data manager. Patients,
operators and results hold the word HEMLIGT."""
from tcp_pcap import Capture, Conversation

XML = b'<?xml version="1.0" encoding="utf-8"?>\r\n'


def v(name, value):
    return b'<%s V="%s"/>' % (name, value)


def doc(kind, ident, *body, decl=b""):
    hdr = b"<HDR>" + v(b"HDR.message_type", kind) + (v(b"HDR.control_id", ident) if ident else b"") + \
        v(b"HDR.version_id", b"POCT1") + v(b"HDR.creation_dttm", b"2025-11-24T16:00:00+01:00") + b"</HDR>"
    return decl + b"<%s>\r\n  " % kind + hdr + b"\r\n  ".join(body) + b"\r\n</%s>\r\n" % kind


def ack(ident, answers, code=b"AA", *more):
    return doc(b"ACK.R01", ident, b"<ACK>" + v(b"ACK.type_cd", code) + v(b"ACK.ack_control_id", answers) +
               b"".join(more) + b"</ACK>")


DEV = (b"<DEV>" + v(b"DEV.device_id", b"00-60-19-FF-FE-12-34-56") + v(b"DEV.vendor_id", b"ROCHE") +
       v(b"DEV.model_id", b"cobas b 123") + v(b"DEV.serial_id", b"12345") +
       v(b"DEV.manufacturer_name", b"Roche Diagnostics") + v(b"DEV.hw_version", b"2.0") +
       v(b"DEV.sw_version", b"4.13") + v(b"DEV.device_name", b"ICU-BGA-1") + b"<DCP>" +
       v(b"DCP.application_timeout", b"60") + b"</DCP><DSC>" + v(b"DSC.connection_profile_cd", b"CS") +
       b"</DSC></DEV>")
OBS = (b"<SVC>" + v(b"SVC.role_cd", b"OBS") + b"<PT>" + v(b"PT.patient_id", b"HEMLIGT") + v(b"PT.name", b"HEMLIGT^Anna") +
       b"<OBS>" + v(b"OBS.observation_id", b"2339-0") + v(b"OBS.value", b"HEMLIGT 5.4") + b"</OBS>" +
       b"<OBS>" + v(b"OBS.value", b"HEMLIGT") + b"<NTE>" + v(b"NTE.text", b"HEMLIGT") + b"</NTE></OBS></PT><OPR>" +
       v(b"OPR.operator_id", b"HEMLIGT") + b"</OPR></SVC>")


def status(ident, condition=b"R"):
    return doc(b"DST.R01", ident, b"<DST>" + v(b"DST.new_observations_qty", b"3") + v(b"DST.condition_cd", condition) +
               b"</DST>")


def directive(ident, code, kind=b"DTV.R01"):
    return doc(kind, ident, b"<DTV>" + v(b"DTV.command_cd", code) + b"</DTV>")


def session():
    cap = Capture()
    t = Conversation(cap, 40000, 6900)
    t.pieces(0, doc(b"HEL.R01", b"1", DEV, decl=XML), 150)
    t.s(ack(b"9001", b"1"))
    t.c(status(b"2"))
    t.s(ack(b"9002", b"2"))
    t.s(doc(b"REQ.R01", b"9003", b"<REQ>" + v(b"REQ.request_cd", b"ROBS") + b"</REQ>"))
    t.c(doc(b"OBS.R01", b"3", OBS + OBS))
    t.s(ack(b"9004", b"3"))
    t.c(doc(b"OBS.R02", b"4", b"<SVC>" + v(b"SVC.role_cd", b"CVR") + b"<CTC>" + v(b"CTC.name", b"HEMLIGT") +
            b"<OBS>" + v(b"OBS.value", b"HEMLIGT") + b"</OBS></CTC></SVC>"))
    t.s(ack(b"9005", b"4", b"AE", v(b"ACK.error_detail_cd", b"202"), v(b"ACK.note_txt", b"HEMLIGT")))
    t.c(doc(b"EOT.R01", b"5", b"<EOT>" + v(b"EOT.topic_cd", b"OBS") + b"</EOT>"))
    t.s(ack(b"9006", b"5"))
    t.c(doc(b"EVS.R01", b"6", b"<EVT>" + v(b"EVT.description", b"HEMLIGT") + b"</EVT>"))
    t.s(ack(b"9007", b"6"))
    # status again and again, then another one
    for i in range(4):
        t.c(status(b"1%d" % i, b"R" if i < 3 else b"L"))
        t.s(ack(b"901%d" % i, b"1%d" % i, b"AA" if i else b"AR"))
        t.c(doc(b"KPA.R01", b"2%d" % i))
        t.s(ack(b"902%d" % i, b"2%d" % i))
    # lists and directives
    t.s(doc(b"OPL.R01", b"9030", b"<UPD><OPR>" + v(b"OPR.operator_id", b"HEMLIGT") + b"<ACC>" +
            v(b"ACC.password", b"HEMLIGT") + b"</ACC></OPR><OPR>" + v(b"OPR.operator_id", b"HEMLIGT2") + b"</OPR></UPD>"))
    t.c(ack(b"30", b"9030"))
    t.s(doc(b"PTL.R01", b"9031", b"<UPD><PT>" + v(b"PT.patient_id", b"HEMLIGT") + b"</PT></UPD>"))
    t.c(ack(b"31", b"9031"))
    for i, code in enumerate((b"LOCK", b"SET_TIME", b"CALIBRATE_1PT", b"", b"UPDATE_CAL_LOT", b"UNLOCK")):
        t.s(directive(b"904%d" % i, code, b"DTV.R02" if i == 1 else b"DTV.R01"))
        t.c(ack(b"4%d" % i, b"904%d" % i, b"AR" if i == 5 else b"ZZ" if i == 3 else b"AA"))
    t.c(doc(b"ESC.R01", b"50", b"<ESC>" + v(b"ESC.detail_cd", b"TIM") + b"</ESC>"))
    t.c(doc(b"END.R01", b"51", b"<END>" + v(b"END.reason_cd", b"NRM") + b"</END>"))
    t.close()
    # two in one segment, other quotes, a type declaration; the last is not answered
    t = Conversation(cap, 40001, 2223, "192.0.2.30", "192.0.2.31")
    t.c(b"<!DOCTYPE HEL.R01 SYSTEM 'x'>" + doc(b"HEL.R01", b"1", DEV).replace(b'"', b"'") + status(b"2"))
    t.s(ack(b"1", b"1") + ack(b"2", b"2"))
    t.s(directive(b"3", b"LOCK"))
    cap.wait(60)
    t.close()
    cap.write("poct1a", "session")


def odd():
    cap = Capture()
    # from the middle; bytes lost; cut by the snap length
    t = Conversation(cap, 41000, 6900, syn=False)
    t.c(b'V="HEMLIGT"/></OBS.R01>')
    t.s(ack(b"1", b"77"))
    t.c(status(b"2"))
    t.s(ack(b"3", b"2"))
    t.c(doc(b"OBS.R01", b"3", OBS)[:200])
    t.c(b"x" * 500, lose=True)
    t.c(b"HEMLIGT</OBS.R01>")
    t.c(doc(b"OBS.R01", b"4", OBS))
    t.s(ack(b"5", b"4"))
    t.c(doc(b"OBS.R01", b"5", OBS), cut=300)
    t.s(ack(b"6", b"5"))
    t.c(status(b"6", b"B"))
    t.s(ack(b"7", b"6"))
    t.close()
    # more observations than are looked at
    t = Conversation(cap, 41001, 6900)
    t.pieces(0, doc(b"OBS.R01", b"1", OBS * 300) + doc(b"EVS.R01", b"2", b"<EVT/>"), 1400)
    t.s(ack(b"5", b"1") + ack(b"6", b"2"))
    t.close()
    # malformed
    for i, bad in enumerate((doc(b"HEL.R01", b"", DEV), doc(b"XYZ.R01", b"1"), b"HEMLIGT\r\n", b"<HEL.R0x>", b"<!-- " + b"x" * 600,
                             b"<OBS.R01><OBS.value V='HEMLIGT</OBS.R01>", b"<OBS.R01 <><>V= V=\"></OBS.R01>",
                             doc(b"HEL.R01", b"2", v(b"DEV.model_id", b"HEMLIGT" * 40)))):
        t = Conversation(cap, 42000 + i, 6900)
        t.c(status(b"1"))
        t.s(ack(b"1", b"1"))
        t.c(bad)
        t.c(status(b"9", b"B"))
        t.s(ack(b"2", b"9"))
        t.close()
    # XML, and not POCT1-A
    t = Conversation(cap, 43000, 6900)
    t.c(XML + b"<HELLO.R01><a/></HELLO.R01>")
    t.s(XML + b"<ok/>")
    t.close()
    cap.write("poct1a", "odd")


session()
odd()
