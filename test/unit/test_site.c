/* The site file: what is refused, and with which words; what it answers. */
#include "model/site.h"

#include "tap.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *doc;
	const char *why;                /* NULL: is read */
	const char *comment;
} docs[] = {
	{ "{\"otsite\":1}", NULL, "the least that is one" },
	{ "{}", "x.json:1: not a site file: no \"otsite\": 1", "no version" },
	{ "[]", "not a site file: expected { }", "an array" },
	{ "{\"otsite\":2}", "otsite: 2 is not a version this program reads: expected 1", "another version" },
	{ "{\"otsite\":1,\"zone\":[]}", "zone: unknown member: is \"zones\" meant?", "a typo" },
	{ "{\"otsite\":1,\"x-note\":[1,{\"a\":2}]}", NULL, "a member of one's own" },
	{ "{\"otsite\":1,\"site\":{\"name\":\"n\"}}", "site: member missing: expected \"key\"", "no key" },
	{ "{\"otsite\":1,\"site\":{\"key\":\"\"}}", "site.key: \"\" is not a text", "an empty key" },
	{ "{\"otsite\":1,\"site\":{\"key\":null}}", "site: member missing: expected \"key\"", "null is absent" },
	{ "{\"otsite\":1,\"zones\":{}}", "zones: an object is not a list", "an object for a list" },
	{ "{\"otsite\":1,\"zones\":[{\"name\":\"a\"}]}", "zones[0]: member missing: expected \"id\"", "no id" },
	{ "{\"otsite\":1,\"zones\":[{\"id\":\"internet\"}]}", "zones[0].id: \"internet\" is a word", "a taken word" },
	{ "{\"otsite\":1,\"zones\":[{\"id\":\"a\"},{\"id\":\"a\"}]}", "zones[1].id: \"a\" is the id of zones[0] too, on line 1",
	    "an id twice" },
	{ "{\"otsite\":1,\"zones\":[{\"id\":\"a\",\"cidr\":[\"10.0.0.0/8\",\"10.0.0.0/33\"]}]}",
	    "x.json:1: zones[0].cidr[1]: \"10.0.0.0/33\" is not a prefix: expected an address and a "
	    "length of 0 to 32, such as 10.20.0.0/24", "a prefix too long" },
	{ "{\"otsite\":1,\"zones\":[{\"id\":\"a\",\"cidr\":\"10.0.0.0/8\"}]}", NULL, "one is a list" },
	{ "{\"otsite\":1,\"zones\":[{\"id\":\"a\",\"vlan\":[4095]}]}", "zones[0].vlan[0]: 4095 is not a VLAN", "4095" },
	{ "{\"otsite\":1,\"zones\":[{\"id\":\"a\",\"mac\":[\"00:11\"]}]}", "not a MAC address", "half a MAC" },
	{ "{\"otsite\":1,\"zones\":[{\"id\":\"a\",\"name\":{\"de\":\"x\"}}]}", "zones[0].name.de: unknown language", "German" },
	{ "{\"otsite\":1,\"zones\":[{\"id\":\"a\",\"purdue\":6}]}", "not a level", "level 6" },
	{ "{\"otsite\":1,\"conduits\":[{\"from\":\"a\",\"to\":\"internet\"}]}",
	    "conduits[0].from: no zone has the id \"a\": expected internet or *", "a zone nobody knows" },
	{ "{\"otsite\":1,\"conduits\":[{\"from\":\"*\",\"to\":\"internet\",\"port\":[0]}]}",
	    "conduits[0].port[0]: 0 is not a port", "port 0" },
	{ "{\"otsite\":1,\"conduits\":[{\"from\":\"*\",\"to\":\"internet\",\"port\":\"20-10\"}]}",
	    "conduits[0].port: \"20-10\" is not a port", "a range backwards" },
	{ "{\"otsite\":1,\"suppliers\":[{\"id\":\"s\",\"mfa\":1}]}", "suppliers[0].mfa: 1 is not an answer: expected true or false", "1 for true" },
	{ "{\"otsite\":1,\"suppliers\":[{\"id\":\"s\",\"instruments\":[\"x\"]}]}",
	    "suppliers[0].instruments[0]: no instrument has the id \"x\"", "an instrument nobody knows" },
	{ "{\"otsite\":1,\"instruments\":[{\"id\":\"i\",\"calibration_due\":\"soon\"}]}",
	    "instruments[0].calibration_due: \"soon\" is not a date: expected a day of the "
	    "calendar, such as 2026-11-22", "no date" },
	{ "{\"otsite\":1,\"instruments\":[{\"id\":\"i\",\"ip\":\"10.0.0\"}]}", "not an address", "no address" },
	{ "{\"otsite\":1,\"zones\":[{\"id\":\"a\",\"sl_target\":5}]}", "zones[0].sl_target: 5 is not a security level: expected 0, 1, 2, 3 or 4", "a security level" },
	{ "{\"otsite\":1,\"zones\":[{\"id\":\"a\",\"sl_capability\":1.5}]}", "not a security level", "half a security level" },
	{ "{\"otsite\":1,\"zones\":[{\"id\":\"a\",\"sl_achieved\":\"2\"}]}", "not a security level", "a security level as text" },
	{ "{\"otsite\":1,\"policies\":{\"log_retention_day\":1}}", "policies.log_retention_day: unknown member: is \"log_retention_days\" meant?", "a typo" },
	{ "{\"otsite\":1,\"policies\":{\"log_retention_days\":\"1\"}}", "not a number of days", "a text" },
	{ "{\"otsite\":1,\"attestations\":[{\"item\":\"a.b\",\"status\":\"ok\",\"by\":\"e\","
	    "\"date\":\"2026-01-01\"}]}", "attestations[0].status: \"ok\" is unknown here: expected met, gap", "no such answer" },
	{ "{\"otsite\":1,\"attestations\":[{\"item\":\"a.b\",\"status\":\"met\",\"by\":\"e\"}]}",
	    "attestations[0]: member missing: expected \"date\"", "undated" },
	{ "{\"otsite\":1,\"otsite\":1}", "x.json:", "a key twice" },
	{ "{\"otsite\":1", "x.json:", "cut short" },
};

static const char whole[] =
    "{\"otsite\":1,\"site\":{\"key\":\"lab\",\"name\":{\"sv\":\"Labbet\",\"en\":\"The lab\"}},"
    "\"zones\":["
    " {\"id\":\"lab\",\"cidr\":[\"10.0.0.0/8\"],\"vlan\":[10]},"
    " {\"id\":\"bms\",\"cidr\":[\"10.20.0.0/16\",\"fd00:20::/32\"],\"vlan\":[20],"
    "  \"mac\":[\"00:90:e8\",\"02:00:00:00:00:07\"]}],"
    "\"conduits\":["
    " {\"from\":\"lab\",\"to\":\"bms\",\"app_proto\":[\"mqtt\"],\"port\":[8883,\"9000-9010\"]},"
    " {\"from\":\"*\",\"to\":\"lab\",\"app_proto\":[\"dns\"]},"
    " {\"from\":\"internet\",\"to\":\"lab\",\"port\":[22],\"supplier\":\"acme\"}],"
    "\"suppliers\":[{\"id\":\"acme\",\"addresses\":[\"203.0.113.0/24\"],\"domains\":[\"acme.example\"],"
    "  \"mfa\":true}],"
    "\"policies\":{\"log_retention_days\":365}}";

static void
zone_is(const struct site *s, const char *ip, const char *mac, int vlan, const char *want)
{
	struct addr a = { .v = 0 };
	uint8_t m[6];
	uint16_t tag = (uint16_t)vlan;
	const struct site_zone *z;

	if (ip)
		addr_parse(&a, ip, strlen(ip));
	if (mac)
		mac_parse(m, mac, strlen(mac));
	z = site_zone_of(s, vlan ? &tag : NULL, vlan ? 1 : 0, ip ? &a : NULL, mac ? m : NULL);
	ok(z ? want && strcmp(z->id, want) == 0 : !want, "zone of %s %s vlan %d is %s",
	    ip ? ip : "-", mac ? mac : "-", vlan, want ? want : "none");
}

static void
supplier_is(const struct site *s, const char *ip, const char *name, const char *want)
{
	struct addr a = { .v = 0 };
	const struct site_supplier *x;

	if (ip)
		addr_parse(&a, ip, strlen(ip));
	x = site_supplier_of(s, ip ? &a : NULL, name);
	ok(x ? want && strcmp(x->id, want) == 0 : !want, "supplier of %s %s is %s", ip ? ip : "-",
	    name ? name : "-", want ? want : "none");
}

static void
questions(void)
{
	struct err e = { "" };
	struct site *s = site_loadb("x.json", whole, sizeof(whole) - 1, &e);

	if (!ok(s != NULL, "a whole file is read %s", e.text))
		return;
	zone_is(s, "10.1.2.3", NULL, 0, "lab");
	zone_is(s, "10.20.0.9", NULL, 10, "bms");       /* the longer prefix; before the VLAN */
	zone_is(s, "fd00:20::1", NULL, 0, "bms");
	zone_is(s, "192.0.2.1", NULL, 20, "bms");
	zone_is(s, "192.0.2.1", NULL, 30, NULL);
	zone_is(s, "10.1.2.3", "02:00:00:00:00:07", 0, "bms");  /* a MAC in full before all */
	zone_is(s, "10.1.2.3", "00:90:e8:01:02:03", 0, "lab");  /* a maker's prefix after all */
	zone_is(s, NULL, "00:90:e8:01:02:03", 0, "bms");
	ok(site_conduit_allows(s, "lab", "bms", "mqtt", 8883), "the conduit's protocol and port");
	ok(site_conduit_allows(s, "lab", "bms", "mqtt", 9005), "within its range");
	ok(!site_conduit_allows(s, "lab", "bms", "mqtt", 1883), "another port is not allowed");
	ok(!site_conduit_allows(s, "lab", "bms", "modbus", 8883), "another protocol is not");
	ok(!site_conduit_allows(s, "bms", "lab", "mqtt", 8883), "nor the other way");
	ok(site_conduit_allows(s, "bms", "lab", "dns", 53), "from anywhere");
	ok(!site_conduit_allows(s, "bms", "lab", NULL, 53), "what is not known is not allowed");
	ok(site_conduit_allows(s, "internet", "lab", NULL, 22) != NULL, "from the internet");
	supplier_is(s, "203.0.113.7", NULL, "acme");
	supplier_is(s, "198.51.100.7", NULL, NULL);
	supplier_is(s, NULL, "vpn.ACME.example.", "acme");
	supplier_is(s, NULL, "notacme.example", NULL);
	ok(site_policy(s, "log_retention_days", 7) == 365, "a policy that is there");
	ok(site_policy(s, "patch_max_age_days", 7) == 7, "a policy that is not");
	ok(strcmp(site_word(&s->name, "sv"), "Labbet") == 0 &&
	    strcmp(site_word(&s->name, "en"), "The lab") == 0, "a word in two languages");
	site_free(s);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(docs) / sizeof(*docs); i++) {
		struct err e = { "" };
		struct site *s = site_loadb("x.json", docs[i].doc, strlen(docs[i].doc), &e);
		bool good = docs[i].why ? !s && strstr(e.text, docs[i].why) : s != NULL;
		ok(good, "%s", docs[i].comment);
		if (!good)
			printf("# %s\n", e.text);
		site_free(s);
	}
	questions();
	return tap_done();
}
