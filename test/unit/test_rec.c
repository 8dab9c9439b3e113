/* Records of others: what Suricata and Zeek write in their own ways, and lines
 * that are no records. */
#include "model/rec.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

#define EVE "{\"timestamp\":\"2026-11-22T07:00:00.000001+0000\",\"event_type\":\"flow\""
#define ZEEK "{\"id.orig_h\":\"10.0.0.1\",\"id.resp_h\":\"10.0.0.2\",\"ts\":"

static const struct {
	const char *line;
	enum rec_result want;
	const char *why;                /* of a line that is none; NULL: any */
	int64_t us;                     /* -1: no time */
	const char *mac;                /* of the source, NULL: none */
	int nvlan;
	const char *comment;
} cases[] = {
	{ "[1]", REC_BAD, NULL, -1, NULL, 0, "an array" },
	{ "{\"a\":1", REC_BAD, NULL, -1, NULL, 0, "cut" },
	{ "{}", REC_OTHER, "no event_type", -1, NULL, 0, "nothing in it" },
	{ "{\"ts\":1}", REC_OTHER, "no event_type", -1, NULL, 0, "a time alone is not Zeek's" },
	{ "{\"event_type\":7}", REC_OTHER, "event_type is not a text", -1, NULL, 0, "a type that is a number" },
	{ EVE "}", REC_OK, NULL, 1795330800000001, NULL, 0, "EVE: the least" },
	{ "{\"event_type\":\"flow\",\"timestamp\":\"soon\"}", REC_OK, NULL, -1, NULL, 0, "EVE: no time" },
	{ EVE ",\"ether\":{\"src_mac\":\"00:1b:1b:00:00:01\"}}", REC_OK, NULL, 1795330800000001,
	    "00:1b:1b:00:00:01", 0, "EVE: a MAC" },
	{ EVE ",\"ether\":{\"src_macs\":[\"00:1b:1b:00:00:02\",\"00:1b:1b:00:00:03\"]}}", REC_OK, NULL,
	    1795330800000001, "00:1b:1b:00:00:02", 0, "EVE: the first of a flow's MACs" },
	{ EVE ",\"ether\":{\"src_macs\":[]}}", REC_OK, NULL, 1795330800000001, NULL, 0, "EVE: none of them" },
	{ EVE ",\"ether\":{\"src_macs\":[7]}}", REC_OK, NULL, 1795330800000001, NULL, 0, "EVE: a number for a MAC" },
	{ EVE ",\"ether\":{\"src_mac\":true}}", REC_OK, NULL, 1795330800000001, NULL, 0, "EVE: true for a MAC" },
	{ EVE ",\"ether\":7,\"vlan\":\"x\",\"src_ip\":\"10.0.0\",\"src_port\":70000}", REC_OK, NULL,
	    1795330800000001, NULL, 0, "EVE: nothing of its kind is an error" },
	{ EVE ",\"vlan\":[1,2,3,4,5,6,7]}", REC_OK, NULL, 1795330800000001, NULL, REC_VLANS, "EVE: more VLANs than fit" },
	{ EVE ",\"vlan\":20}", REC_OK, NULL, 1795330800000001, NULL, 1, "EVE: one VLAN without a list" },
	{ EVE ",\"vlan\":1,\"vlan\":2,\"vlan\":3,\"vlan\":4,\"vlan\":5,\"vlan\":6}", REC_OK,
	    NULL, 1795330800000001, NULL, REC_VLANS, "EVE: a VLAN told over and over" },
	{ ZEEK "1795330800.000001}", REC_OK, NULL, 1795330800000001, NULL, 0, "Zeek: a decimal, exactly" },
	{ ZEEK "1795330800.0000019}", REC_OK, NULL, 1795330800000001, NULL, 0, "Zeek: a seventh digit" },
	{ ZEEK "1795330800.5}", REC_OK, NULL, 1795330800500000, NULL, 0, "Zeek: one digit" },
	{ ZEEK "1795330800}", REC_OK, NULL, 1795330800000000, NULL, 0, "Zeek: whole seconds" },
	{ ZEEK "\"2026-11-22T07:00:00.000001Z\"}", REC_OK, NULL, 1795330800000001, NULL, 0, "Zeek: ISO 8601" },
	{ ZEEK "true}", REC_OK, NULL, -1, NULL, 0, "Zeek: true for a time" },
	{ ZEEK "1e9}", REC_OK, NULL, -1, NULL, 0, "Zeek: an exponent is no time" },
	{ ZEEK "-5}", REC_OK, NULL, -1, NULL, 0, "Zeek: before 1970" },
	{ ZEEK "99999999999999999999}", REC_OK, NULL, -1, NULL, 0, "Zeek: the end of days" },
	{ ZEEK "1,\"vlan\":20,\"orig_l2_addr\":\"00:1b:1b:00:00:04\"}", REC_OK, NULL, 1000000,
	    "00:1b:1b:00:00:04", 1, "Zeek: VLAN and MAC" },
	{ "{\"ts\":1,\"host\":\"10.0.0.1\"}", REC_OK, NULL, 1000000, NULL, 0, "Zeek: a log about hosts has no ends" },
	{ "{\"ts\":1,\"_path\":\"dhcp\"}", REC_OK, NULL, 1000000, NULL, 0, "Zeek: _path alone" },
	{ ZEEK "1,\"vlan\":20,\"inner_vlan\":30}", REC_OK, NULL, 1000000, NULL, 2, "Zeek: two VLANs" },
	{ ZEEK "1,\"vlan\":1,\"vlan\":2,\"vlan\":3,\"vlan\":4,\"vlan\":5,\"vlan\":6}", REC_OK, NULL,
	    1000000, NULL, REC_VLANS, "Zeek: a VLAN told over and over" },
};

/* What a file's name says of the log in it. */
static void
from_files(void)
{
	static const struct { const char *file, *log; } files[] = {
		{ "conn.log", "conn" }, { "/var/log/zeek/2026-11-22/dns.10:00:00-11:00:00.log.gz", "dns" },
		{ "./opcua-binary.log", "opcua-binary" }, { "conn", "" }, { "eve.json", "" }, { "-", "" },
		{ "logs.d/events", "" }, { ".log", "" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct rec r = { .kind = REC_ZEEK };
		rec_from_file(&r, files[i].file);
		ok(r.log_file.n == strlen(files[i].log) && (!r.log_file.n ||
		    memcmp(r.log_file.p, files[i].log, r.log_file.n) == 0), "%s", files[i].file);
	}
}

int
main(void)
{
	from_files();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = strlen(cases[i].line);
		char *line = malloc(n), mac[24] = "";
		const char *why = NULL;
		struct rec r;
		enum rec_result got;
		bool good;

		memcpy(line, cases[i].line, n);         /* no byte past its end */
		got = rec_read(&r, line, n, &why);
		good = got == cases[i].want;
		if (cases[i].why)
			good = good && why && strcmp(why, cases[i].why) == 0;
		if (got == REC_OK) {
			good = good && r.has_time == (cases[i].us >= 0) &&
			    (!r.has_time || r.us == cases[i].us) &&
			    r.nvlan == (size_t)cases[i].nvlan &&
			    r.has_smac == (cases[i].mac != NULL);
			if (r.has_smac)
				mac_put(mac, r.smac);
			good = good && strcmp(mac, cases[i].mac ? cases[i].mac : "") == 0;
		}
		if (!ok(good, "%s", cases[i].comment))
			printf("# %d %s, time %d %lld, mac %s, %zu VLANs\n", got, why ? why : "",
			    r.has_time, (long long)r.us, mac, r.nvlan);
		free(line);
	}
	return tap_done();
}
