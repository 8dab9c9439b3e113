/* fuzz_incident.c: any lines as an incident's journal, and as the records its report is made from:
 * values in words, a stage's report filled in from records, the clocks, whether it is significant.
 *
 * A line that begins with "{" is a record of an inventory, of events, of a ledger. Any other says
 * by its first byte what it is in the journal, and the rest is its payload; behind a line "t" what
 * is written is not covered by the head. Without an incident_opened in front there is one. */
#include "fuzz.h"

#include "base/limits.h"
#include "chain/chain.h"
#include "incident/deadline_say.h"
#include "incident/deadlines.h"
#include "incident/escalate.h"
#include "incident/freeze.h"
#include "incident/prefill.h"
#include "incident/significance.h"
#include "incident/stage.h"
#include "report/stage_paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW     INT64_C(1795392000000000)       /* 2026-11-23 */
#define DAY     (INT64_C(86400) * 1000000)

static const char site_text[] = "{\"otsite\":1,\"organisation\":{\"name\":\"Lab\",\"country\":\"SE\"},"
    "\"people\":[{\"id\":\"eva\",\"name\":\"Eva\",\"email\":\"eva@example.org\",\"role\":[\"incident_lead\"]},"
    "{\"id\":\"bo\",\"name\":\"Bo\",\"role\":[\"management\"]}],"
    "\"zones\":[{\"id\":\"bms\",\"name\":\"BMS\",\"cidr\":[\"10.20.0.0/24\",\"10.0.0.0/24\"]}],"
    "\"instruments\":[{\"id\":\"V-1\",\"name\":\"v\",\"ip\":\"10.0.0.2\"}]}";
static const char opened[] = "{\"title\":\"x\",\"zone\":\"Europe/Stockholm\"}";
static const struct { char c; const char *type; } kinds[] = {
	{ 'o', "incident_opened" }, { 'v', "incident_value" }, { 'n', "incident_note" },
	{ 'f', "incident_file" }, { 's', "incident_submission" }, { 'c', "incident_closed" },
	{ 'r', "incident_reopened" }, { 'x', "note" },
};

static struct rules *rules;
static struct incident_fields *fields;
static struct forms *forms;
static struct deadline_rules *clocks;
static struct significance_rules *significant;
static struct site *site;
static struct jw w;

static void
begin(void)
{
	struct err e = { "" };

	jw_init(&w, malloc(3 * LIM_RECORD), 3 * LIM_RECORD);
	if (!w.buf || !(rules = rules_load(NULL, &e)) ||
	    !(fields = incident_fields_load(NULL, &e)) ||
	    !(forms = forms_load(NULL, rules, fields, &e)) ||
	    !(clocks = deadline_rules_load(NULL, rules, fields, &e)) ||
	    !(significant = significance_rules_load(rules, fields, NULL, &e)) ||
	    !(site = site_loadb("site", site_text, sizeof(site_text) - 1, &e))) {
		fprintf(stderr, "%s\n", e.text);
		exit(2);
	}
}

static void
wrote(bool fits)
{
	if (fits)
		fuzz_records(NULL, w.buf, w.n);
	else if (w.n)
		abort();                        /* a record is whole or it is not there */
	jw_reset(&w);
}

/* Texts are there, and have nothing in them that a terminal obeys. */
static void
said(char *text)
{
	if (!text || strchr(text, 033))
		abort();
	free(text);
}

/* ---- the journal ---- */

static void
record(FILE *f, uint64_t seq, char c, const char *payload, size_t n)
{
	struct entry en = { .time = NOW - 2 * DAY + (int64_t)seq * 60000000, .seq = seq,
		.author = { "eva", 3 }, .payload = { payload, n } };
	char *line = malloc(ENTRY_AROUND + n);
	size_t len;

	if (!line)
		exit(2);
	en.type.p = kinds[sizeof(kinds) / sizeof(*kinds) - 1].type;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].c == c)
			en.type.p = kinds[i].type;
	en.type.n = strlen(en.type.p);
	len = entry_put_body(line, &en);
	len += entry_put_end(line + len, &en);
	fwrite(line, 1, len, f);
	fputc('\n', f);
	free(line);
}

static struct incident *
journal(const uint8_t *data, size_t n, struct err *e)
{
	const char *p = (const char *)data, *end = p + n, *dir = fuzz_folder();
	struct checkpoint cp = { .origin = "o" };
	char head[CHECKPOINT_TEXT + 128];
	char *text = NULL, *own;
	size_t len = 0, at;
	uint64_t seq = 0, covered = 0;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		exit(2);
	if (!n || *p != 'o')
		record(f, ++seq, 'o', opened, sizeof(opened) - 1);
	while ((own = fuzz_line(&p, end, &at))) {
		if (at == 1 && *own == 't' && !covered)
			covered = seq;
		else if (at && *own != '{')
			record(f, ++seq, *own, own + 1, at - 1);
		free(own);
	}
	if (fclose(f) != 0)
		exit(2);
	cp.size = covered ? covered : seq;
	fuzz_folder_put("records.ndjson", text, len);
	fuzz_folder_put("checkpoints.ndjson", "", 0);
	len = checkpoint_put(head, &cp);
	/* a line that could be a signature: nobody asks here whose it is */
	len += (size_t)sprintf(head + len, "\n\xe2\x80\x94 o AAAAAAAA\n");
	fuzz_folder_put("checkpoint", head, len);
	free(text);
	return incident_read(dir, fields, e);
}

static void
values(const struct incident *i)
{
	json_t *again;
	size_t n;
	char *s;

	for (size_t k = 0; k < i->nvalues; k++) {
		const struct incident_value *v = &i->values[k];
		struct err e = { "" };

		if (v->at.seq > i->records)
			abort();
		if (!v->field || !v->value)
			continue;
		if (!incident_field_fits(v->field, v->value, &e))
			abort();
		s = incident_field_text(rules, v->field, v->value, i->zone, k % 2 ? "sv" : "en");
		/* what is taken as a value is one when it is typed again */
		if (v->field->type == INCIDENT_TIME && s &&
		    (again = incident_field_read(v->field, json_string_value(v->value), i->zone,
		    &e))) {
			if (!incident_field_fits(v->field, again, &e))
				abort();
			json_decref(again);
		}
		if (!s)
			abort();
		free(s);
	}
	if (!(s = incident_freeze(i, "upplysning", &n)))
		abort();
	again = json_loadb(s, n, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(again))
		abort();
	json_decref(again);
	free(s);
}

/* ---- what is made of it ---- */

static struct prefill *
prefilled(const struct incident *i, const uint8_t *data, size_t n)
{
	struct err e = { "" };
	struct prefill *p = prefill_new(rules, i, fields, n % 3 ? site : NULL, "sv", &e);
	const char *at, *end = (const char *)data + n, *path;
	size_t len;
	char *own;
	int fd;

	if (!p)
		exit(2);
	if (!prefill_span(p, n % 2 ? DAY : 3600000000, NOW, &e)) {
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

static void
report(const struct incident *i, const struct prefill *p, size_t n)
{
	const struct form *form = &forms->v[n % forms->n];
	struct stage_of of = { .rules = rules, .incident = i, .prefill = p,
		.site = n % 3 ? site : NULL, .lang = n % 2 ? "sv" : "en", .now = NOW };
	struct err e = { "" };
	const char *by;
	struct stage s;
	char *text = NULL;
	size_t len;
	FILE *f;

	if (!form->nstages)
		return;
	of.stage = &form->stage[n / forms->n % form->nstages];
	of.date = stage_date(i, &by);
	(void)forms_stage(forms, of.stage->id, of.date, i->zone, &e);
	err_clear(&e);
	if (!stage_make(&s, &of, &e) || !(f = open_memstream(&text, &len)))
		exit(2);
	if (!stage_write(&s, f, &e) || fclose(f) != 0)
		abort();
	fuzz_records(NULL, text, len);
	free(text);
	if (!(f = open_memstream(&text, &len)))
		exit(2);
	if (!stage_text(&s, f, n % 100, false) || fclose(f) != 0)
		abort();
	if (memchr(text, 033, len))
		abort();
	free(text);
	stage_free(&s);
}

static void
deadlines(const struct incident *i)
{
	struct escalation who;
	struct err e = { "" };
	struct deadlines d;

	deadlines_init(&d, rules, clocks, NOW, DAY);
	if (!deadlines_add(&d, i, site, &e))
		exit(2);
	deadlines_sort(&d);
	(void)deadlines_due(&d);
	for (size_t k = 0; k < d.n; k++) {
		const struct deadline *x = &d.v[k];
		char *line;

		wrote(deadline_write(&d, x, "sv", &w));
		said(deadline_state_text(&d, x, "en"));
		said(deadline_state_brief(&d, x, "sv"));
		for (size_t s = 0; s < x->nstarts; s++)
			said(deadline_start_text(&d, x, &x->start[s], "sv"));
		free(deadline_within_text(&d, x, "en"));
		if (!escalate(&d, x, k % 2 ? site : NULL, &who))
			continue;
		if (!(line = escalate_line(&d, x, &who, "sv")))
			abort();
		for (const char *c = line; *c; c++)
			if ((unsigned char)*c < ' ' && *c != '\t')
				abort();
		free(line);
	}
	deadlines_free(&d);
}

static void
significance(const struct incident *i)
{
	struct significance_case c = { .incident = i, .zone = i->zone, .now = NOW, .lang = "sv" };
	struct err e = { "" };
	struct significance *s = significance_run(significant, &c, &e);

	if (!s) {
		if (!e.text[0])
			abort();
		return;
	}
	wrote(significance_write(s, &w));
	for (size_t k = 0; k < s->ncriteria; k++)
		wrote(significance_write_criterion(s, &s->criteria[k], &w));
	said(significance_sentence(s));
	significance_free(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err e = { "" };
	struct incident *i;
	struct prefill *p;

	if (!rules)
		begin();
	if (!(i = journal(data, n, &e))) {
		if (getenv("DBG")) fprintf(stderr, "%s\n", e.text);
		if (!e.text[0])
			abort();
		return 0;
	}
	values(i);
	p = prefilled(i, data, n);
	report(i, p, n);
	deadlines(i);
	significance(i);
	prefill_free(p);
	incident_free(i);
	return 0;
}
