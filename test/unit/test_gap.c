/* The gap assessment: one case a line. A site file, records of an inventory,
 * and how one item must be answered. */
#include "json/doc.h"
#include "assess/finding.h"
#include "assess/gap.h"
#include "report/html.h"
#include "report/picture.h"
#include "report/text.h"
#include "tap.h"

#include "base/stamp.h"

/* Zones lab, bms and office, one supplier in time and one without a contract. */
#define ZONES "\"zones\":[{\"id\":\"lab\",\"cidr\":\"10.1.0.0/16\",\"purdue\":2}," \
    "{\"id\":\"bms\",\"cidr\":\"10.2.0.0/16\",\"purdue\":1}," \
    "{\"id\":\"office\",\"cidr\":\"10.3.0.0/16\",\"purdue\":4}]"
#define CONDUITS "\"conduits\":[{\"from\":\"office\",\"to\":\"bms\",\"app_proto\":[\"bacnet\"]}," \
    "{\"from\":\"internet\",\"to\":\"lab\",\"app_proto\":[\"ssh\"],\"supplier\":\"good\"}," \
    "{\"from\":\"bms\",\"to\":\"internet\",\"app_proto\":[\"mqtt\",\"tls\"]}]"
#define SUPPLIERS "\"suppliers\":[{\"id\":\"good\",\"addresses\":[\"198.51.100.0/24\"]," \
    "\"contract\":\"A-1\",\"expires\":\"2028-01-01\",\"mfa\":true}," \
    "{\"id\":\"lapsed\",\"addresses\":[\"192.0.2.0/24\"],\"contract\":\"A-2\"," \
    "\"expires\":\"2026-01-01\",\"mfa\":false}]"
#define ALL ZONES "," CONDUITS "," SUPPLIERS
#define REG(x) ZONES ",\"instruments\":[" x "]"
#define ATT(item, status, more) "\"attestations\":[{\"item\":\"" item "\",\"status\":\"" status "\"" more "}]"
#define SIGNED ",\"by\":\"E. Lind\",\"date\":\"2026-05-01\""

#define PEOPLE "\"people\":[{\"id\":\"eva\",\"name\":\"Eva Ek\"}],"

/* Assets seen for two days, so that what is absent may count. */
#define T0 "2026-11-20T08:00:00.000000+0000"
#define T1 "2026-11-22T09:00:00.000000+0000"
#define SEEN "\"first_seen\":\"" T0 "\",\"last_seen\":\"" T1 "\""
#define ASSET(id, ip, zone, more) "{\"event_type\":\"asset\",\"asset\":{\"id\":\"" id "\",\"ips\":[\"" ip \
    "\"]," zone SEEN more "}}\n"
#define IN(z) "\"zone\":\"" z "\","
#define PLC ASSET("plc", "10.2.0.9", IN("bms"), ",\"macs\":[\"02:00:00:00:00:09\"],\"firmware\":\"4.2\"," \
    "\"protocols\":[{\"app_proto\":\"modbus\",\"side\":\"server\"}]")
#define PC ASSET("pc", "10.3.0.7", IN("office"), ",\"hostnames\":[\"pc7\"]")
#define HPLC ASSET("hplc", "10.1.0.4", IN("lab"), ",\"serial\":\"S-4\"")
#define OUT ASSET("cloud", "203.0.113.20", "", ",\"public\":true")
#define GOOD ASSET("good", "198.51.100.7", "", ",\"public\":true")
#define LAPSED ASSET("lapsed", "192.0.2.8", "", ",\"public\":true")
#define WHO ASSET("who", "203.0.113.66", "", ",\"public\":true")
#define LINK(c, s, proto, more) "{\"event_type\":\"link\",\"link\":{\"client\":{\"id\":\"" c "\"}," \
    "\"server\":{\"id\":\"" s "\"}," proto "\"transport\":\"tcp\",\"answered\":true" more "}}\n"
#define P(x) "\"app_proto\":\"" x "\","
#define CLEAR ",\"encrypted\":false"
#define HIDDEN ",\"encrypted\":true"

/* records of other programs */
#define CHECK(answer, records, size, outside) \
	"{\"timestamp\":\"2026-11-22T08:00:00Z\",\"event_type\":\"ledger_check\",\"ledger_check\":{" \
	"\"ledger\":\"L\",\"answer\":\"" answer "\",\"records\":" #records ",\"size\":" #size \
	",\"heads\":1,\"outside_heads\":" #outside ",\"findings\":[{\"check\":\"digest\",\"seq\":3," \
	"\"text\":\"x\"}]}}\n"
#define STATE(id, state, due, open) \
	"{\"timestamp\":\"2026-11-22T08:00:00Z\",\"event_type\":\"calibration_status\"," \
	"\"calibration_status\":{\"instrument\":\"" id "\",\"state\":\"" state "\",\"why\":\"w\"," \
	"\"due\":\"" due "\",\"open\":" #open "}}\n"
#define LOG(oldest, newest, more) \
	"{\"timestamp\":\"2026-11-22T08:00:00Z\",\"event_type\":\"log_status\",\"log_status\":{" \
	"\"archive\":\"a\",\"oldest\":\"" oldest "\",\"newest\":\"" newest "\"" more "}}\n"
#define SRC(kind, ms) "{\"name\":\"n\",\"kind\":\"" kind "\",\"clock_offset_ms\":" ms "}"
#define ALERT(severity) \
	"{\"timestamp\":\"2026-11-22T08:00:00Z\",\"event_type\":\"alert\",\"alert\":{" \
	"\"signature\":\"s\",\"severity\":" severity "}}\n"


static const struct {
	const char *item, *site, *records;
	const char *status, *key;       /* expected */
	const char *comment;
} cases[] = {
	/* a person's word */
	{ "gov.ciso_mandate", ZONES, PLC, "unknown", "att.none", "no attestation" },
	{ "gov.ciso_mandate", ATT("gov.ciso_mandate", "met", SIGNED), PLC, "met", "att.met", "attested" },
	{ "gov.ciso_mandate", ATT("gov.ciso_mandate", "met", SIGNED ",\"expires\":\"2027-05-01\""), PLC,
	    "met", "att.met_until", "attested, with an end" },
	{ "gov.ciso_mandate", ATT("gov.ciso_mandate", "met", SIGNED ",\"expires\":\"2026-11-21\""), PLC,
	    "gap", "att.expired", "expired on the day before" },
	{ "gov.ciso_mandate", ATT("gov.ciso_mandate", "met", SIGNED ",\"expires\":\"2026-11-22\""), PLC,
	    "met", "att.met_until", "the last day counts" },
	{ "gov.ciso_mandate", "\"policies\":{\"review_interval_days\":90},"
	    ATT("gov.ciso_mandate", "met", SIGNED), PLC, "gap", "att.expired", "past the review interval" },
	{ "gov.ciso_mandate", ATT("gov.ciso_mandate", "not_applicable", SIGNED), PLC, "not_applicable",
	    "att.na", "not applicable" },
	{ "gov.ciso_mandate", ATT("gov.ciso_mandate", "gap", SIGNED ",\"statement\":\"Vacant.\""), PLC,
	    "gap", "att.gap_said", "attested as a gap" },
	{ "gov.ciso_mandate", ATT("gov.ciso_mandate", "partly", SIGNED), PLC, "partly", "att.partly",
	    "attested in part" },
	{ "gov.ciso_mandate", ATT("gov.ciso_mandate", "unknown", SIGNED), PLC, "unknown", "att.unknown",
	    "attested as unknown" },
	{ "gov.ciso_mandate", ATT("gov.ciso_mandate", "met", ",\"by\":\"x\",\"date\":\"2026-12-24\""), PLC,
	    "unknown", "att.none", "attested after the day" },
	/* a person's word, where people are listed */
	{ "gov.ciso_mandate", PEOPLE ATT("gov.ciso_mandate", "met", SIGNED), PLC, "partly", "att.cut",
	    "attested by nobody of the list" },
	{ "gov.ciso_mandate", PEOPLE ATT("gov.ciso_mandate", "not_applicable", SIGNED), PLC, "unknown",
	    "att.cut", "not applicable, says nobody of the list" },
	{ "gov.ciso_mandate", PEOPLE ATT("gov.ciso_mandate", "gap", SIGNED), PLC, "gap", "att.gap",
	    "a gap, says nobody of the list" },
	{ "gov.ciso_mandate", PEOPLE ATT("gov.ciso_mandate", "met", SIGNED ",\"expires\":\"2026-11-21\""),
	    PLC, "gap", "att.expired", "it expires as any other" },
	{ "gov.ciso_mandate", PEOPLE ATT("gov.ciso_mandate", "met", ",\"by\":\"eva\","
	    "\"date\":\"2026-05-01\""), PLC, "met", "att.met", "attested by the id of one" },
	{ "gov.ciso_mandate", PEOPLE ATT("gov.ciso_mandate", "met", ",\"by\":\"Eva Ek\","
	    "\"date\":\"2026-05-01\""), PLC, "met", "att.met", "attested by the name of one" },
	{ "gov.risk_process_ot", PEOPLE "\"instruments\":[{\"id\":\"P\",\"risk_entry\":\"R-1\"}],"
	    ATT("gov.risk_process_ot", "met", SIGNED), PLC, "partly", "risk.all",
	    "the machine sees nothing wrong, and nobody of the list confirms" },
	{ "cal.hash_chain", ZONES, PLC, "unknown", "ledger.none", "no ledger, no attestation" },
	{ "cal.hash_chain", ATT("cal.hash_chain", "met", SIGNED), PLC, "met", "att.met",
	    "no ledger, attested" },
	{ "cal.hash_chain", ATT("cal.hash_chain", "met", SIGNED), CHECK("does_not_hold", 10, 10, 1), "gap",
	    "sealed.broken", "the ledger wins over what was attested" },
	{ "cal.hash_chain", ZONES, CHECK("holds", 10, 10, 0), "met", "sealed.all", "all under a head" },
	{ "cal.hash_chain", ZONES, CHECK("holds", 10, 8, 1), "partly", "sealed.open", "two are not" },
	{ "cal.audit_trail", ZONES, CHECK("holds", 10, 10, 1), "met", "ledger.holds",
	    "holds, with a head kept elsewhere" },
	{ "cal.audit_trail", ZONES, CHECK("holds", 10, 10, 0), "partly", "ledger.alone",
	    "holds, compared with nothing" },
	{ "cal.audit_trail", ZONES, CHECK("holds", 10, 10, 1) CHECK("does_not_hold", 3, 3, 0), "gap",
	    "ledger.broken", "one of two does not hold" },
	{ "cal.audit_trail", ZONES, CHECK("unknown", 10, 10, 0), "unknown", "ledger.unsure",
	    "it could not be decided" },
	{ "cal.no_expired_in_use", ZONES, STATE("H-1", "valid", "2027-01-01", 0), "met", "caldue.met",
	    "the ledger: in calibration" },
	{ "cal.no_expired_in_use", ZONES, STATE("H-1", "due_soon", "2026-12-24", 0), "met", "caldue.near",
	    "the ledger: due soon" },
	{ "cal.no_expired_in_use", ZONES, STATE("H-1", "failed", "2027-01-01", 0), "gap", "caldue.over",
	    "the ledger: failed" },
	{ "cal.no_expired_in_use", ZONES, STATE("H-1", "out_of_use", "2020-01-01", 0), "unknown",
	    "caldue.none", "the ledger: out of use" },
	{ "cal.no_expired_in_use", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\",\"calibration_due\":"
	    "\"2020-01-01\"}"), PLC STATE("P", "valid", "2027-01-01", 0), "met", "caldue.met",
	    "the ledger goes before the register's date" },
	{ "cal.no_expired_in_use", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\"}"),
	    PLC STATE("P", "overdue", "2020-01-01", 0), "gap", "caldue.active",
	    "overdue, and active on the network since" },
	{ "cal.retroactive_assessment", ZONES, STATE("H-1", "failed", "2027-01-01", 2), "gap",
	    "assessed.open", "two findings nobody assessed" },
	{ "cal.retroactive_assessment", ZONES, STATE("H-1", "valid", "2027-01-01", 0), "partly",
	    "assessed.all", "none open: a person confirms the content" },
	{ "inc.log_12m", ZONES, LOG("2025-11-01", "2026-11-22", ",\"verified\":true"), "met", "log.kept",
	    "an archive of a year" },
	{ "inc.log_12m", ZONES, LOG("2025-11-01", "2026-11-22", ",\"gaps\":[{\"from\":\"2026-01-01\","
	    "\"to\":\"2026-01-03\"}]"), "partly", "log.gaps", "a year, with a hole" },
	{ "inc.log_12m", ZONES, LOG("2026-09-01", "2026-11-22", ""), "partly", "log.young",
	    "an archive of three months" },
	{ "inc.log_12m", ZONES, LOG("2024-11-01", "2026-10-01", ""), "gap", "log.stopped",
	    "an archive that receives nothing" },
	{ "inc.log_12m", ZONES, LOG("2025-11-01", "2026-11-22", ",\"verified\":false"), "gap",
	    "log.broken", "an archive that does not hold" },
	{ "inc.lims_bms_correlated", ZONES, LOG("2025-11-01", "2026-11-22", ",\"sources\":[" SRC("lims",
	    "10") "," SRC("bms", "-20") "]"), "met", "sources.met", "both sources" },
	{ "inc.lims_bms_correlated", ZONES, LOG("2025-11-01", "2026-11-22", ",\"sources\":[" SRC("lims",
	    "10") "," SRC("bms", "-9000") "]"), "partly", "sources.clocks", "a clock that is off" },
	{ "inc.lims_bms_correlated", ZONES, LOG("2025-11-01", "2026-11-22", ",\"sources\":[" SRC("lims",
	    "10") "]"), "partly", "sources.missing", "one source" },
	{ "inc.lims_bms_correlated", ZONES, LOG("2025-11-01", "2026-11-22", ""), "gap",
	    "sources.missing", "neither source" },
	{ "art.detection", ZONES, ALERT("1"), "partly", "alerts.high", "a grave alert, nobody attested" },
	{ "art.detection", ATT("art.detection", "met", SIGNED), ALERT("3"), "met", "alerts.some",
	    "alerts, and someone attested" },
	{ "art.detection", ZONES, "", "unknown", "alerts.none", "no alerts given" },
	{ "gov.classification", "\"organisation\":{\"headcount\":120}", PLC, "unknown", "class.open",
	    "size needs money below 250 staff" },
	{ "gov.classification", "\"organisation\":{\"headcount\":49,\"turnover_eur\":60000000,"
	    "\"balance_eur\":5000000}", PLC, "unknown", "class.open", "its sector is not known" },

	/* the register */
	{ "inv.instruments_firmware", ZONES, "", "unknown", "listed.empty", "an empty inventory" },
	{ "inv.instruments_firmware", ZONES, PLC, "gap", "listed.noregister", "no register" },
	{ "inv.instruments_firmware", REG("{\"id\":\"P\",\"mac\":\"02:00:00:00:00:09\"}"), PLC, "met",
	    "listed.all", "listed by MAC, firmware seen" },
	{ "inv.instruments_firmware", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\"}"), PLC, "met",
	    "listed.all", "listed by address" },
	{ "inv.instruments_firmware", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\",\"mac\":\"02:00:00:00:00:01\"}"),
	    PLC, "gap", "listed.gap", "the address with another card" },
	{ "inv.instruments_firmware", REG("{\"id\":\"H\",\"serial\":\"s-4\",\"firmware\":\"1\"}"), HPLC, "met",
	    "listed.all", "listed by serial number, firmware on the register" },
	{ "inv.instruments_firmware", REG("{\"id\":\"H\",\"hostname\":\"PC7\"}"), PC, "partly",
	    "listed.part", "listed by host name, no firmware" },
	{ "inv.instruments_firmware", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\"},{\"id\":\"Q\"}"), PLC,
	    "partly", "listed.part", "one never seen" },
	{ "inv.instruments_firmware", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\"},{\"id\":\"Q\",\"in_use\":false}"),
	    PLC, "met", "listed.all", "one out of use" },
	{ "inv.instruments_firmware", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\"}"), PLC
	    ASSET("quiet", "10.2.0.99", IN("bms"), ",\"silent\":true"), "met", "listed.all",
	    "an address that never answered is no device" },
	{ "inv.instruments_firmware", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\"}"), PLC
	    ASSET("unit", "10.2.0.9", IN("bms"), ",\"parent\":\"plc\",\"sub\":\"unit 5\""), "gap",
	    "listed.gap", "a part behind a gateway is not the gateway" },
	{ "inv.instruments_firmware", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\"}"), PLC OUT, "met",
	    "listed.all", "public addresses are not of the laboratory" },
	{ "inv.instruments_firmware", REG("{\"id\":\"P\"}"),
	    ASSET("a", "10.2.0.9", "", ",\"register\":{\"id\":\"P\"},\"firmware\":\"1\""), "met", "listed.all",
	    "otinv already knew the entry" },
	{ "gov.risk_process_ot", REG("{\"id\":\"P\",\"risk_entry\":\"R-1\"}"), PLC, "partly", "risk.all",
	    "all entries, nobody attested" },
	{ "gov.risk_process_ot", REG("{\"id\":\"P\",\"risk_entry\":\"R-1\"}") ","
	    ATT("gov.risk_process_ot", "met", SIGNED), PLC, "met", "risk.all", "all entries, attested" },
	{ "gov.risk_process_ot", REG("{\"id\":\"P\",\"risk_entry\":\"R-1\"},{\"id\":\"Q\"}") ","
	    ATT("gov.risk_process_ot", "met", SIGNED), PLC, "partly", "risk.some",
	    "attested, but one entry missing" },
	{ "gov.risk_process_ot", REG("{\"id\":\"P\",\"risk_entry\":\"R-1\"}") ","
	    ATT("gov.risk_process_ot", "gap", SIGNED), PLC, "gap", "risk.all", "a person knows better" },
	{ "cra.ot_patch_process", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\",\"firmware\":\"4.1\"}"), PLC,
	    "partly", "patch.differ", "register and network differ" },
	{ "cra.class_inventory", REG("{\"id\":\"P\",\"cra\":{\"class\":\"default\"}},{\"id\":\"Q\"}"), PLC,
	    "partly", "cra.some", "one class missing" },
	{ "cra.conversion_plan", REG("{\"id\":\"P\",\"end_of_support\":\"2027-12-10\"}"), PLC, "partly",
	    "eos.before", "support ends the day before" },
	{ "cra.conversion_plan", REG("{\"id\":\"P\",\"end_of_support\":\"2027-12-11\"}") ","
	    ATT("cra.conversion_plan", "met", SIGNED), PLC, "met", "eos.met", "on the day, and planned" },
	{ "cra.conversion_plan", REG("{\"id\":\"P\",\"end_of_support\":\"2026-03-31\"}"), PLC, "gap",
	    "eos.over", "support has ended" },

	/* calibration dates */
	{ "cal.no_expired_in_use", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\",\"calibration_due\":\"2026-11-21\"}"),
	    PLC, "gap", "caldue.active", "active after its day" },
	{ "cal.no_expired_in_use", REG("{\"id\":\"Q\",\"calibration_due\":\"2026-11-21\"}"), PLC, "gap",
	    "caldue.over", "past its day, not seen" },
	{ "cal.no_expired_in_use", REG("{\"id\":\"Q\",\"calibration_due\":\"2026-12-01\"}"), PLC, "met",
	    "caldue.near", "due within the reminder" },
	{ "cal.no_expired_in_use", REG("{\"id\":\"Q\",\"calibration_due\":\"2027-12-01\"}"), PLC, "met",
	    "caldue.met", "due later" },
	{ "cal.no_expired_in_use", REG("{\"id\":\"Q\",\"calibration_due\":\"2026-11-21\"}") ","
	    ATT("cal.no_expired_in_use", "met", SIGNED), PLC, "gap", "caldue.over",
	    "what is seen wins over what is said" },

	/* between zones */
	{ "inv.segmentation", "\"zones\":[]", PLC PC, "unknown", "seg.nozones", "no zones" },
	{ "inv.segmentation", ALL, PLC PC LINK("pc", "plc", P("modbus"), ",\"ops\":{\"read\":3}"), "gap",
	    "seg.gap", "reads without a conduit" },
	{ "inv.segmentation", ALL, PLC PC LINK("pc", "plc", P("modbus"), ",\"ops\":{\"write\":3}"), "gap",
	    "seg.gap_writing", "writes without a conduit" },
	{ "inv.segmentation", ALL, PLC PC LINK("pc", "plc", P("bacnet"), ""), "met", "seg.met",
	    "through a conduit" },
	{ "inv.segmentation", ALL, PLC PC LINK("plc", "pc", P("bacnet"), ""), "gap", "seg.gap",
	    "the conduit the wrong way" },
	{ "inv.segmentation", ALL, PLC PC LINK("pc", "plc", "", ",\"guess\":{\"app_proto\":\"bacnet\"}"),
	    "partly", "seg.loose", "a conduit for what is only guessed" },
	{ "inv.segmentation", ALL, PLC PC LINK("pc", "plc", "", ",\"port\":47808"), "gap", "seg.gap",
	    "unknown, and the conduit names no port" },
	{ "inv.segmentation", ZONES ",\"conduits\":[{\"from\":\"office\",\"to\":\"bms\","
	    "\"app_proto\":[\"http\"],\"port\":[80]}]", PLC PC LINK("pc", "plc", "", ",\"port\":80"),
	    "partly", "seg.loose", "unknown, to a permitted port" },
	{ "inv.segmentation", ZONES ",\"conduits\":[{\"from\":\"office\",\"to\":\"bms\","
	    "\"app_proto\":[\"http\"],\"port\":[80]}]", PLC PC LINK("pc", "plc", P("ssh"), ",\"port\":80"),
	    "gap", "seg.gap", "another protocol on a permitted port" },
	{ "inv.segmentation", ALL, PLC PC LINK("pc", "plc", P("modbus"), ",\"ops\":{\"read\":3}")
	    LINK("pc", "plc", P("modbus"), ",\"ops\":{\"write\":1}"), "gap", "seg.gap_writing",
	    "seen twice on the way" },
	{ "inv.segmentation", ALL, PLC PC, "met", "seg.none", "nothing crossed in two days" },
	{ "inv.segmentation", ALL, ASSET("a", "10.1.0.1", IN("lab"), ",\"x\":1,\"first_seen\":\"" T1 "\""),
	    "unknown", "seg.short", "nothing crossed, too short a time" },
	{ "inv.segmentation", ALL, PLC ASSET("b", "172.16.0.1", "", ""), "partly", "seg.homeless",
	    "a device in no zone" },
	{ "inv.segmentation", ALL, PLC PC "{\"event_type\":\"link\",\"link\":{\"client\":{\"id\":\"pc\"},"
	    "\"server\":{\"id\":\"plc\"},\"transport\":\"tcp\",\"answered\":false}}\n", "met", "seg.none",
	    "an attempt that was not answered" },
	{ "inv.segmentation", ALL, "{\"event_type\":\"link\",\"link\":{\"client\":{\"id\":\"x\",\"zone\":\"lab\"},"
	    "\"server\":{\"id\":\"y\",\"zone\":\"bms\"},\"transport\":\"udp\"}}\n", "gap", "seg.gap",
	    "ends without records" },
	{ "inv.bms_scada", ALL, PLC PC LINK("pc", "plc", P("modbus"), ",\"ops\":{\"write\":3}"), "gap",
	    "ctl.gap_writing", "a controller written to from another zone" },
	{ "inv.bms_scada", ALL, PC, "unknown", "ctl.none", "no controller heard" },
	{ "inv.bms_scada", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\"}"), PLC, "met", "ctl.met",
	    "a controller listed and left alone" },
	{ "inv.bms_scada", ZONES, PLC, "gap", "ctl.part", "no controller listed" },
	{ "inv.bms_scada", REG("{\"id\":\"P\",\"ip\":\"10.2.0.9\",\"proposed\":true}"), PLC, "gap",
	    "ctl.part", "one that is proposed only" },

	/* the internet */
	{ "inv.iot_gateway_cloud", ALL, PLC OUT LINK("plc", "cloud", P("http"), CLEAR), "gap",
	    "cloud.gap_clear", "out, in cleartext" },
	{ "inv.iot_gateway_cloud", ALL, PLC OUT LINK("plc", "cloud", P("mqtt"), CLEAR), "partly",
	    "cloud.clear", "through a conduit, in cleartext" },
	{ "inv.iot_gateway_cloud", ALL, PLC OUT LINK("plc", "cloud", P("tls"), HIDDEN), "met", "cloud.met",
	    "through a conduit, encrypted" },
	{ "inv.iot_gateway_cloud", ALL, PC OUT LINK("pc", "cloud", P("http"), CLEAR), "met", "cloud.none",
	    "the office may browse" },
	{ "inv.vendor_remote_access", ALL, HPLC GOOD LINK("good", "hplc", P("ssh"), HIDDEN), "partly",
	    "remote.met", "a supplier under contract, nobody attested" },
	{ "inv.vendor_remote_access", ALL "," ATT("inv.vendor_remote_access", "met", SIGNED),
	    HPLC GOOD LINK("good", "hplc", P("ssh"), HIDDEN), "met", "remote.met", "and attested" },
	{ "inv.vendor_remote_access", ALL, HPLC GOOD LINK("good", "hplc", P("vnc"), CLEAR), "partly",
	    "remote.loose", "under contract, outside the conduit" },
	{ "inv.vendor_remote_access", ALL, HPLC LAPSED LINK("lapsed", "hplc", P("ssh"), HIDDEN), "gap",
	    "remote.gap", "the contract has lapsed" },
	{ "inv.vendor_remote_access", ALL, HPLC WHO LINK("who", "hplc", "", ""), "gap", "remote.gap",
	    "from nobody we know, a protocol nobody knows" },
	{ "inv.vendor_remote_access", ALL "," ATT("inv.vendor_remote_access", "met", SIGNED),
	    HPLC WHO LINK("who", "hplc", "", ""), "gap", "remote.gap", "and attested all the same" },
	{ "inv.vendor_remote_access", ALL, PLC, "unknown", "remote.none", "nobody came" },
	{ "art.mfa", ALL, HPLC GOOD LINK("good", "hplc", P("ssh"), HIDDEN), "partly", "mfa.met",
	    "the supplier uses a second factor" },
	{ "art.mfa", ALL, HPLC LAPSED LINK("lapsed", "hplc", P("ssh"), HIDDEN), "gap", "mfa.bare",
	    "the supplier does not" },
	{ "art.mfa", ALL, HPLC GOOD LINK("good", "hplc", P("telnet"), CLEAR), "gap", "mfa.bare",
	    "a protocol that cannot" },
	{ "art.mfa", ALL, HPLC WHO LINK("who", "hplc", P("ssh"), HIDDEN), "unknown", "mfa.some",
	    "nobody knows" },
	{ "art.crypto_policy", ALL, PLC OUT LINK("plc", "cloud", P("mqtt"), CLEAR), "gap", "clear.out",
	    "cleartext leaves" },
	{ "art.crypto_policy", ALL, PLC PC LINK("pc", "plc", P("bacnet"), CLEAR), "partly", "clear.cross",
	    "cleartext between zones" },
	{ "art.crypto_policy", ALL, PLC OUT LINK("plc", "cloud", P("dns"), CLEAR), "unknown", "att.none",
	    "names are asked in the clear everywhere" },
	{ "art.crypto_policy", ALL "," ATT("art.crypto_policy", "met", SIGNED),
	    PLC OUT LINK("plc", "cloud", P("tls"), HIDDEN), "met", "clear.met", "encrypted, with a policy" },
	{ "art.supplier_incident_clauses", ALL, PLC, "gap", "contracts.bad", "a contract has lapsed" },
	{ "inc.log_12m", ZONES, PLC, "unknown", "log.short", "two days of a year" },
	{ "inc.log_12m", ZONES ",\"policies\":{\"log_retention_days\":2}", PLC, "unknown", "log.short",
	    "two days of two" },
	{ "inc.log_12m", ZONES ",\"policies\":{\"log_retention_days\":0}", PLC, "gap", "log.not_kept",
	    "a policy of no days" },
	{ "inc.log_12m", ZONES ",\"policies\":{\"log_retention_days\":0}",
	    LOG("2025-11-01", "2026-11-22", ",\"verified\":true"), "gap", "log.not_kept",
	    "a policy of no days, whatever is there today" },
	{ "inc.log_12m", ZONES ",\"policies\":{\"log_retention_days\":30}",
	    LOG("2026-10-01", "2026-11-22", ",\"verified\":true"), "partly", "log.policy",
	    "a policy that is kept, and too short" },
	{ "inc.log_12m", ZONES ",\"policies\":{\"log_retention_days\":30}",
	    LOG("2025-11-01", "2026-11-22", ",\"verified\":true"), "met", "log.kept",
	    "a short policy, and an archive of a year" },
};

static struct rules *rules;

/* The assessment of a site file (NULL: none) and records. */
static struct gap *
run(const char *members, const char *records, struct site **site, const char *lang)
{
	struct err e = { "" };
	char doc[4096];
	const char *p, *end;
	struct gap *g;

	*site = NULL;
	if (members) {
		snprintf(doc, sizeof(doc), "{\"otsite\":1,\"site\":{\"key\":\"t\"},%s}", members);
		if (!(*site = site_loadb("site", doc, strlen(doc), &e)))
			printf("# %s\n", e.text);
	}
	g = gap_new(rules, *site, lang);
	for (p = records; g && *p; p = end + 1) {
		end = strchr(p, '\n');
		if (!gap_add(g, p, (size_t)(end - p), &e))
			printf("# %s: %s\n", e.text, p);
	}
	if (g && !gap_run(g, INT64_MIN, &e))
		printf("# %s\n", e.text);
	return g;
}

static const struct gap_finding *
find(const struct gap *g, const char *item)
{
	for (size_t i = 0; i < g->nfindings; i++)
		if (strcmp(g->findings[i].item->id, item) == 0)
			return &g->findings[i];
	return NULL;
}

static char *
print(const struct gap *g, bool (*how)(FILE *, const struct gap *), size_t *n)
{
	char *s = NULL;
	FILE *f = open_memstream(&s, n);

	how(f, g);
	fclose(f);
	return s;
}

static bool
as_text(FILE *f, const struct gap *g)
{
	return text_write(f, g, 80, false);
}

/* A hostile inventory: nothing of it may become markup or steer a terminal. */
static void
test_hostile(void)
{
	static const char records[] =
	    ASSET("<a>", "10.2.0.1", IN("bms"), ",\"name\":\"<script>x</script>\\u001b[31m\\u202e&\\\"'\"")
	    ASSET("b\\u0000c", "10.1.0.1", IN("lab"), ",\"name\":\"\\u0085\\u2066y\"")
	    LINK("<a>", "q\\\"><img src=x>", P("mod<b>bus"), ",\"port\":99999,\"ops\":{\"write\":1},"
	    "\"objects_written\":[{\"object\":\"</td><b>\",\"last_value\":[\"<i>\",{\"a\":\"</script>\"}]}]");
	struct site *site;
	struct gap *g = run(ALL, records, &site, "sv");
	size_t n;
	char *s = print(g, html_write, &n), *t;

	ok(!strstr(s, "<script>x") && !strstr(s, "<img") && !strstr(s, "<b>bus") && !strstr(s, "<i>\""),
	    "no markup from the wire in the page");
	ok(!memchr(s, 0x1b, n) && !strstr(s, "\xe2\x80\xae") && !strstr(s, "\xe2\x81\xa6"),
	    "no escape, no override in the page");
	t = print(g, as_text, &n);
	ok(!memchr(t, 0x1b, n) && !strstr(t, "\xc2\x85"), "no escape in the text");
	free(s);
	free(t);
	gap_free(g);
	site_free(site);
}

/* Every output, twice; records that are JSON and hold what they must. */
static void
test_outputs(const char *lang)
{
	static char buf[LIM_RECORD];
	struct site *site;
	struct gap *g = run(ALL, PLC PC HPLC GOOD OUT LINK("pc", "plc", P("modbus"),
	    ",\"ops\":{\"write\":3}") LINK("plc", "cloud", P("mqtt"), CLEAR), &site, lang), *h;
	struct site *again;
	struct jw w;
	size_t n, m, bad = 0;
	char *s, *t;
	json_t *j;

	h = run(ALL, PLC PC HPLC GOOD OUT LINK("pc", "plc", P("modbus"),
	    ",\"ops\":{\"write\":3}") LINK("plc", "cloud", P("mqtt"), CLEAR), &again, lang);
	s = print(g, html_write, &n);
	t = print(h, html_write, &m);
	ok(n == m && memcmp(s, t, n) == 0, "%s: the same page twice (%zu bytes)", lang, n);
	ok(!strstr(s, "http://") && !strstr(s, "https://") && !strstr(s, " src="),
	    "%s: the page fetches nothing", lang);
	free(s);
	free(t);
	s = print(g, as_text, &n);
	ok(n > 1000, "%s: text", lang);
	free(s);
	jw_init(&w, buf, sizeof(buf));
	for (size_t i = 0; i < g->nfindings; i++) {
		jw_reset(&w);
		j = NULL;
		if (finding_write(g, &g->findings[i], &w))
			j = json_loadb(buf, w.n, JSON_REJECT_DUPLICATES, NULL);
		bad += !j || !json_object_get(json_object_get(j, "finding"), "reason");
		json_decref(j);
	}
	ok(g->nfindings == rules->nitems && bad == 0, "%s: a record for every item", lang);
	for (size_t i = 1; i < g->nfindings; i++)
		bad += g->findings[i - 1].status > g->findings[i].status;
	ok(bad == 0, "%s: the worst first", lang);
	gap_free(g);
	gap_free(h);
	site_free(site);
	site_free(again);
}

int
main(void)
{
	struct err e = { "" };
	struct site *site;
	struct gap *g;
	const struct gap_finding *f;
	char *s;

	if (!ok((rules = rules_load(NULL, &e)) != NULL, "rules%s", e.text))
		return tap_done();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		g = run(cases[i].site, cases[i].records, &site, i % 2 ? "sv" : "en");
		f = find(g, cases[i].item);
		ok(f && strcmp(gap_status_name(f->status), cases[i].status) == 0 &&
		    strcmp(f->reason_key, cases[i].key) == 0, "%s: %s: %s %s: %s", cases[i].item,
		    cases[i].comment, f ? gap_status_name(f->status) : "", f ? f->reason_key : "",
		    f ? f->reason : "");
		gap_free(g);
		site_free(site);
	}
	g = run(NULL, PLC PC OUT, &site, "en");
	ok(g->seen == 2 && g->listed == 0 && gap_share(g) == 0, "without a site file nothing is listed");
	f = find(g, "inv.segmentation");
	ok(f->status == GAP_UNKNOWN, "and zones are unknown: %s", f->reason);
	s = gap_span_text(g, 90LL * 60 * 1000000);
	ok(strcmp(s, "90 minutes") == 0, "a span: %s", s);
	free(s);
	gap_free(g);
	g = run(NULL, "", &site, "sv");
	ok(gap_share(g) == -1 && g->nfindings == rules->nitems, "an empty inventory is judged, too");
	gap_free(g);
	g = gap_new(rules, NULL, "en");
	err_clear(&e);
	ok(!gap_add(g, "{\"event_type\":\"asset\"", 21, &e) && e.text[0], "a broken line: %s", e.text);
	err_clear(&e);
	ok(!gap_add(g, "{\"event_type\":\"asset\"}", 22, &e), "an asset record without an asset: %s", e.text);
	err_clear(&e);
	ok(!gap_add(g, "{\"event_type\":\"asset\",\"asset\":{}}", 33, &e), "an asset without an id: %s",
	    e.text);
	err_clear(&e);
	ok(gap_add(g, "{\"event_type\":\"flow\"}", 21, &e) && g->others == 1, "another record is passed over");
	gap_free(g);
	test_hostile();
	test_outputs("sv");
	test_outputs("en");
	rules_free(rules);
	return tap_done();
}
