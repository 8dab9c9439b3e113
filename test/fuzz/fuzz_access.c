/* fuzz_access.c: any lines as events and assets, for the log of who came in and what went out. */
#include "fuzz.h"

#include "assess/access.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

static const char site_text[] = "{\"otsite\":1,\"sites\":[{\"id\":\"lund\",\"name\":\"Lund\"}],"
    "\"zones\":[{\"id\":\"bms\",\"name\":\"BMS\",\"cidr\":[\"10.20.0.0/24\",\"10.0.0.0/24\"]}],"
    "\"suppliers\":[{\"id\":\"acme\",\"name\":\"Acme AB\",\"addresses\":[\"192.0.2.0/24\"]}]}";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct rules *rules;
	static struct site *site;
	static struct jw w;
	static FILE *nowhere;
	const char *p = (const char *)data, *end = p + n;
	struct err e = { "" };
	struct access *a;
	size_t len;
	char *own;

	if (!rules) {
		jw_init(&w, malloc(3 * LIM_RECORD), 3 * LIM_RECORD);
		site = site_loadb("site", site_text, sizeof(site_text) - 1, &e);
		if (!w.buf || !(nowhere = fopen("/dev/null", "w")) || !(rules = rules_load(NULL, &e)) ||
		    !site) {
			fprintf(stderr, "%s\n", e.text);
			exit(2);
		}
	}
	if (!(a = access_new(rules, n % 2 ? site : NULL, &e)))
		exit(2);
	while ((own = fuzz_line(&p, end, &len))) {
		if (!access_line(a, own, len, &e) && !e.text[0])
			abort();
		err_clear(&e);
		(void)access_asset(a, own, len, &e);
		err_clear(&e);
		free(own);
	}
	if (!access_run(a, &e))
		exit(2);
	for (size_t i = 0; i < a->nsessions; i++)
		access_write_session(a, &a->sessions[i], "sv", &w);
	for (size_t i = 0; i < a->negress; i++)
		access_write_egress(a, &a->egress[i], "sv", &w);
	for (size_t i = 0; i < a->nsuppliers; i++)
		access_write_supplier(a, &a->suppliers[i], "en", &w);
	for (size_t i = 0; i < a->nunknown; i++)
		access_write_supplier(a, &a->unknown[i], "en", &w);
	access_write_summary(a, "en", &w);
	fuzz_records(NULL, w.buf, w.n);
	jw_reset(&w);
	access_csv(a, "sv", nowhere);
	free(access_svg(a, rules, "sv", n % 3));
	access_free(a);
	return 0;
}
