/* Makers by number: the tables that the dissectors have are the data under lib/rules,
 * and these say where they come from. */
#include "base/embed.h"
#include "base/stamp.h"
#include "json/doc.h"
#include "proto/bacnet.h"
#include "proto/cip.h"
#include "proto/dicom.h"
#include "proto/enterprise.h"
#include "proto/ethercat.h"
#include "proto/hartip.h"
#include "proto/knxip.h"
#include "proto/profinet.h"

#include "tap.h"

#include <stdlib.h>
#include <string.h>

static const char *odva(uint32_t n) { return cip_vendor_name((uint16_t)n); }
static const char *profinet(uint32_t n) { return pn_vendor_name((uint16_t)n); }
static const char *hart(uint32_t n) { return hip_vendor((uint16_t)n); }
static const char *knx(uint32_t n) { return knx_maker((uint16_t)n); }

static const char *
iana(uint32_t n)
{
	static char t[100];
	struct text x = enterprise_vendor(n);

	snprintf(t, sizeof(t), "%.*s", (int)x.n, x.n ? (const char *)x.p : "");
	return x.n ? t : NULL;
}

static const struct { const char *name; const char *(*of)(uint32_t); uint32_t none; } tables[] = {
	{ "odva", odva, 65535 }, { "bacnet", bac_vendor_name, 999999 }, { "iana", iana, 3 },
	{ "profinet", profinet, 65535 }, { "hart", hart, 65535 }, { "knx", knx, 65535 },
	{ "ethercat", ec_vendor_name, 999999 }, { "dicom", NULL, 0 }, { "vxi", NULL, 0 },
};

static bool
holds(const char *table, const char *(*of)(uint32_t), const char *key, const char *name)
{
	const struct dicom_maker *m;
	const char *s;
	char uid[80];

	if (of)
		return (s = of((uint32_t)strtoul(key, NULL, 0))) && strcmp(s, name) == 0;
	if (strcmp(table, "dicom") != 0)
		return true;
	snprintf(uid, sizeof(uid), "%s1.2", key);
	return (m = dicom_maker(uid)) && m->vendor && strcmp(m->vendor, name) == 0;
}

int
main(void)
{
	static const char *const about[] = { "registry", "source", "date", "certainty" };
	struct err e = { "" };
	size_t i, k;

	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		const json_t *entries, *v;
		const struct embed *f;
		unsigned long last = 0, n;
		size_t bad = 0, seen = 0;
		const char *key, *s;
		char file[64];
		int64_t us;
		json_t *doc;

		snprintf(file, sizeof(file), "rules/vendors-%s.json", tables[i].name);
		f = embed_find(file);
		doc = f ? doc_loadb(file, f->p, (size_t)(f->end - f->p), &e) : NULL;
		if (!ok(doc != NULL, "%s", file))
			continue;
		for (k = 0; k < 4; k++)
			bad += !json_string_value(json_object_get(doc, about[k]));
		s = json_string_value(json_object_get(doc, "date"));
		ok(!bad && stamp_parse(&us, s, strlen(s)), "%s: registry, source, date, certainty",
		    tables[i].name);
		entries = json_object_get(doc, "entries");
		json_object_foreach((json_t *)entries, key, v) {
			s = json_string_value(v);
			n = strtoul(key, NULL, 0);
			/* a search needs them rising, and a line of C takes them as they are */
			if (!s || !*s || strpbrk(s, "\"\\") || (tables[i].of && seen && n <= last) ||
			    !holds(tables[i].name, tables[i].of, key, s)) {
				printf("# %s: %s\n", key, s ? s : "?");
				bad++;
			}
			last = n;
			seen++;
		}
		ok(!bad && seen, "%s: %zu entries rise, and are what the program has", tables[i].name,
		    seen);
		if (tables[i].of)
			ok(!tables[i].of(tables[i].none), "%s: and no others", tables[i].name);
		json_decref(doc);
	}
	return tap_done();
}
