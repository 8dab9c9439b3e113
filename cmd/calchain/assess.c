/* assess.c: calchain assess: what hangs on an instrument that was out of tolerance. */
#include "calchain.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "ledger/impact_write.h"

#include <stdlib.h>
#include <string.h>

enum { O_TEXT = 1, O_USES, O_MAP, O_INSTRUMENT, O_RECORD, O_NOW, O_SCHEMA, O_FIELDS };
enum { MOST = 20 };                     /* things listed for people; the records have all */

static const struct opt opts[] = {
	{ "instrument", 'i', "ID", "only findings of this instrument", NULL, O_INSTRUMENT },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "map", 0, "FIELD=HEADER", "which column of --uses is the instrument, at, until or result",
	    NULL, O_MAP },
	{ "now", 0, "TIME", "as of this time, instead of the clock", NULL, O_NOW },
	{ "record", 'r', "SEQ", "only the finding of this record", NULL, O_RECORD },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "text", 't', NULL, "paragraphs for people instead of records", NULL, O_TEXT },
	{ "uses", 'u', "FILE", "what was used when: CSV, or records", "file", O_USES },
	{ NULL },
};

static const char *const types[] = { "impact", "affected", NULL };

static const struct prog prog = {
	.name = "calchain assess",
	.synopsis =
	    "calchain assess [-t] [-i ID | -r SEQ] [--map FIELD=HEADER] [--now TIME] [-u FILE]\n"
	    "[DIR | FILE ...]\n"
	    "calchain assess --list-fields | --schema",
	.purpose = "Lists what hangs on instruments found out of tolerance; exit status 1 when an "
	    "assessment is missing.",
	.opts = opts,
	.words = "file",
};

struct wanted { const char *instrument; uint64_t record; bool text; };

static bool
is_wanted(const struct wanted *w, const struct impact *p)
{
	if (w->instrument)
		return strcmp(w->instrument, p->inst->id) == 0;
	return !w->record || key_seq(p->finding->key) == w->record ||
	    p->finding->about == w->record;
}

static int
put(const struct impacts *all, const struct wanted *want, size_t *shown, size_t *missing)
{
	struct records *r = want->text ? NULL : records_new();
	int64_t now = stamp_now();
	bool ok = want->text || r;

	for (size_t i = 0; ok && i < all->n; i++) {
		const struct impact *p = &all->v[i];
		if (!is_wanted(want, p))
			continue;
		*missing += p->decided == NULL;
		if (want->text) {
			if ((*shown)++)
				putchar('\n');
			impact_text(stdout, p, MOST);
			continue;
		}
		++*shown;
		ok = records_sent(r, impact_write(records_jw(r), p, now));
		for (size_t k = 0; ok && k < p->n; k++)
			ok = records_sent(r, affected_write(records_jw(r), p, &p->v[k], now));
	}
	if (!want->text)
		return r ? records_end(r) : 2;
	printf("%s%zu finding%s, %zu not assessed.\n", *shown ? "\n" : "", *shown,
	    *shown == 1 ? "" : "s", *missing);
	return printed_end();
}

static int
run(struct sources *src, const struct wanted *want, const struct uses *uses)
{
	struct ledger_opts lo = { .all = true, .until = stamp_now(), .known = INT64_MAX };
	struct ledger *l = sources_read(src, &lo);
	struct impacts all = { NULL };
	size_t shown = 0, missing = 0;
	int status = 2;

	if (!l)
		return 2;
	if (!impacts_make(&all, l, uses)) {
		diag("not enough memory for this ledger");
	} else if (want->instrument && !ledger_find(l, want->instrument)) {
		diag("%.200s: no such instrument in this ledger", want->instrument);
	} else {
		status = put(&all, want, &shown, &missing);
		if (!status && want->record && !shown) {
			diag("record %llu tells of nothing out of tolerance",
			    (unsigned long long)want->record);
			status = 2;
		}
		ahead_tell(l);
	}
	impacts_free(&all);
	ledger_free(l);
	return status ? status : src->bad ? 2 : missing > 0;
}

static bool
record_get(uint64_t *seq, const char *text, struct err *e)
{
	char *end;

	*seq = strtoull(text, &end, 10);
	return (*text >= '1' && *text <= '9' && !*end) ||
	    err_set(e, "--record: the number of a record, not \"%.40s\"", text);
}

int
assess_main(int argc, char **argv)
{
	static struct uses_opt uo;
	struct wanted want = { NULL };
	struct sources src = { NULL };
	struct uses uses = { NULL };
	struct opt_state os;
	struct err e = { "" };
	bool ok = true;
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); ok && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_TEXT: want.text = true; break;
		case O_USES: ok = uses_opt_add(uo.file, &uo.nfiles, "--uses", os.value, &e); break;
		case O_MAP: ok = uses_opt_add(uo.map, &uo.nmap, "--map", os.value, &e); break;
		case O_INSTRUMENT: want.instrument = os.value; break;
		case O_RECORD: ok = record_get(&want.record, os.value, &e); break;
		case O_NOW: ok = now_get(os.value, &e); break;
		case O_SCHEMA: return print_schemas(types);
		case O_FIELDS: return print_fields(types);
		}
	if (ok && id == -2)
		return 0;
	if (!e.text[0] && want.instrument && want.record)
		err_set(&e, "--instrument and --record do not go together");
	if (!e.text[0] && sources_get(&src, argc, argv, os.i, &e) &&
	    reading_only(&e) && uses_opt_load(&uo, &uses, &src, &e))
		status = run(&src, &want, &uses);
	else
		diag("%s", e.text);
	sources_free(&src);
	uses_free(&uses);
	return status;
}
