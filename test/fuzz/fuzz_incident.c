/* fuzz_incident.c: any lines as an incident's journal, and as the records its report is made from:
 * values in words, a stage's report filled in from records, the clocks, whether it is significant.
 * A line that begins with "{" is a record of an inventory, of events, of a ledger; the others are
 * the journal's, as fuzz_journal() takes them.
 *
 * link: test/fuzz/journal.c */
#include "fuzz.h"
#include "told.h"

#include "incident/freeze.h"

static const char site_text[] = "{\"otsite\":1,\"organisation\":{\"name\":\"Lab\",\"country\":\"SE\"},"
    "\"people\":[{\"id\":\"eva\",\"name\":\"Eva\",\"email\":\"eva@example.org\",\"role\":[\"incident_lead\"]},"
    "{\"id\":\"bo\",\"name\":\"Bo\",\"role\":[\"management\"]}],"
    "\"zones\":[{\"id\":\"bms\",\"name\":\"BMS\",\"cidr\":[\"10.20.0.0/24\",\"10.0.0.0/24\"]}],"
    "\"instruments\":[{\"id\":\"V-1\",\"name\":\"v\",\"ip\":\"10.0.0.2\"}]}";

static struct told_by by;

static void
begin(void)
{
	static struct jw w;
	struct err e = { "" };

	by.w = &w;
	jw_init(&w, malloc(3 * LIM_RECORD), 3 * LIM_RECORD);
	if (!w.buf || !(by.rules = rules_load(NULL, &e)) ||
	    !(by.fields = incident_fields_load(NULL, &e)) ||
	    !(by.forms = forms_load(NULL, by.rules, by.fields, &e)) ||
	    !(by.clocks = deadline_rules_load(NULL, by.rules, by.fields, &e)) ||
	    !(by.significant = significance_rules_load(by.rules, by.fields, NULL, &e)) ||
	    !(by.site = site_loadb("site", site_text, sizeof(site_text) - 1, &e))) {
		fprintf(stderr, "%s\n", e.text);
		exit(2);
	}
}

static void
values(const struct incident *i)
{
	struct err e = { "" };
	json_t *frozen;
	size_t n;
	char *s;

	for (size_t k = 0; k < i->nvalues; k++) {
		const struct incident_value *v = &i->values[k];

		if (v->at.seq > i->records)
			abort();
		if (!v->field || !v->value)
			continue;
		if (!incident_field_fits(v->field, v->value, &e))
			abort();
		told_text(incident_field_text(by.rules, v->field, v->value, i->zone, k % 2 ? "sv" :
		    "en"));
	}
	if (!(s = incident_freeze(i, "upplysning", &n)))
		abort();
	frozen = json_loadb(s, n, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(frozen))
		abort();
	json_decref(frozen);
	free(s);
}

static struct prefill *
prefilled(const struct incident *i, const uint8_t *data, size_t n)
{
	struct err e = { "" };
	struct prefill *p = prefill_new(by.rules, i, by.fields, n % 3 ? by.site : NULL, "sv", &e);
	const char *at, *end = (const char *)data + n, *path;
	size_t len;
	char *own;
	int fd;

	if (!p)
		exit(2);
	if (!prefill_span(p, n % 2 ? TOLD_DAY : TOLD_DAY / 24, TOLD_NOW, &e)) {
		if (!e.text[0])
			abort();
		prefill_free(p);
		return NULL;
	}
	for (int pass = 0; pass < 2; pass++)
		for (at = (const char *)data; (own = fuzz_line(&at, end, &len)); free(own)) {
			err_clear(&e);
			if (len && *own == '{' &&
			    !(pass ? prefill_event : prefill_asset)(p, own, len, &e) && !e.text[0])
				abort();
		}
	err_clear(&e);
	path = fuzz_file(data, n, &fd);
	if (!prefill_ledger(p, path, &e) && !e.text[0])
		abort();
	fuzz_file_close(fd);
	if (!prefill_run(p, &e))
		exit(2);
	for (size_t k = 0; k < prefill_count(p); k++) {
		const struct prefill_value *v = prefill_nth(p, k);

		/* what records show is what a person could have said */
		if (!v->field || !v->value || !incident_field_fits(v->field, v->value, &e) ||
		    !prefill_value(p, v->name))
			abort();
	}
	return p;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err e = { "" };
	struct incident *i;
	struct prefill *p;

	if (!by.rules)
		begin();
	if (!(i = incident_read(fuzz_journal(data, n), by.fields, &e))) {
		if (!e.text[0])
			abort();
		return 0;
	}
	values(i);
	p = prefilled(i, data, n);
	told(&by, i, p, n);
	prefill_free(p);
	incident_free(i);
	return 0;
}
