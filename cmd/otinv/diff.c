/* diff.c: otinv diff: what changed. */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/stamp.h"
#include "base/term.h"
#include "inv/diff.h"
#include "inv/diff_text.h"
#include "report/change_page.h"

#include <string.h>

enum { O_TEXT = 1, O_HTML, O_LANG, O_MIN, O_IGNORE, O_NOIGNORE, O_GONE, O_NOLINKS, O_SCHEMA,
	O_FIELDS };

static const struct opt opts[] = {
	{ "gone-after", 0, "TIME", "gone is what was last seen so long before the end of NEW: 7d",
	    NULL, O_GONE },
	{ "html", 0, NULL, "a page for mail and print instead of records", NULL, O_HTML },
	{ "ignore", 0, "WHAT", "leave out only this noise: a list of kinds; all unless given",
	    "counters|internet|housekeeping|ports|addresses|names|guesses|alternating|learned|rare",
	    O_IGNORE },
	{ "lang", 0, "LANG", "language of --text and --html: en or sv", "en|sv", O_LANG },
	{ "min-severity", 0, "SEVERITY", "only what matters so much: info, low, medium or high",
	    "info|low|medium|high", O_MIN },
	{ "no-ignore", 0, NULL, "leave out no noise", NULL, O_NOIGNORE },
	{ "no-links", 0, NULL, "assets only, not who talks to whom", NULL, O_NOLINKS },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "text", 't', NULL, "lines for people instead of records", NULL, O_TEXT },
	{ NULL },
};

static const char *const types[] = { "change", NULL };

static const struct prog prog = {
	.name = "otinv diff",
	.synopsis = "otinv diff [-t] [--gone-after TIME] [--html] [--ignore WHAT] [--lang LANG]\n"
	    "[--min-severity SEVERITY] [--no-ignore] [--no-links] OLD NEW\n"
	    "otinv diff --list-fields | --schema",
	.purpose = "Says what changed between two inventories; exit status 1 when anything did.",
	.opts = opts,
	.words = "file",
};

enum form { AS_RECORDS, AS_TEXT, AS_PAGE };
struct wanted { struct diff_opts diff; enum form form; const char *lang; };

static int
put_words(struct diff *d, const struct wanted *want, const struct list *l, char **names)
{
	struct diff_text_opts to = { .rules = want->diff.rules, .lang = want->lang,
	    .names = { names[0], names[1] }, .list = { &l[0], &l[1] },
	    .width = term_width(80), .colour = term_colour() };

	if (!(want->form == AS_PAGE ? change_page(stdout, d, &to) : diff_text(stdout, d, &to)) &&
	    !ferror(stdout)) {
		diag("not enough memory for this comparison");
		return 2;
	}
	return output_flush();
}

static int
put_records(const struct diff *d)
{
	struct output *o = output_new();
	bool ok = o != NULL, whole = true;

	if (!o) {
		diag("out of memory");
		return 2;
	}
	for (size_t i = 0; ok && i < d->n; i++) {
		jw_begin(&o->w);
		change_write(&d->v[i], &o->w);
		if (!jw_line(&o->w)) {
			diag("a change too long for a record was left out");
			whole = false;
		}
		ok = output_some(o, &o->w);
	}
	return output_end(o) || !whole ? 2 : 0;
}

/* "ports,guesses": each kind once or often. */
static bool
ignore_add(uint32_t *bits, const char *list, struct err *e)
{
	char name[32];
	size_t n;

	for (; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		snprintf(name, sizeof(name), "%.*s", (int)(n < 31 ? n : 31), list);
		if (noise_find(name) == NOISES)
			return err_set(e, "--ignore: no such kind: \"%s\" (%s)", name,
			    "counters, internet, housekeeping, ports, addresses, names, guesses, "
			    "alternating, learned, rare");
		*bits |= 1u << noise_find(name);
	}
	return true;
}

static bool
severity_get(enum severity *min, const char *name, struct err *e)
{
	for (int i = 0; i < SEVERITIES; i++)
		if (strcmp(severity_names[i], name) == 0) {
			*min = (enum severity)i;
			return true;
		}
	return err_set(e, "--min-severity: info, low, medium or high, not \"%.40s\"", name);
}

static bool
gone_get(int64_t *us, const char *text, struct err *e)
{
	int64_t s;

	if (!stamp_parse_span(&s, text) || s < 0 || s > 36500LL * 86400)
		return err_set(e, "--gone-after: a time such as 12h or 7d, not \"%.40s\"", text);
	*us = s * 1000000;
	return true;
}

/* Reads both and compares; the exit status. */
static int
run(struct wanted *want, char **names)
{
	struct list l[2] = { { NULL }, { NULL } };
	struct diff d = { NULL };
	struct input in = { 0 };
	int status = 2;
	size_t left = 0;
	char n[32];

	for (int i = 0; i < 2; i++) {
		uint64_t before = in.records;
		input_read(&in, names[i], list_take, &l[i]);
		list_sort(&l[i]);
		if (in.records > before && !l[i].nassets)
			diag("%s: no asset in it: is this the output of otinv build?", names[i]);
		else if (in.records > before && !l[i].whole)
			diag("%s: no record of statistics at its end: part of an inventory, or "
			    "cut off", names[i]);
	}
	if (!in.failed && !l[0].failed && !l[1].failed)
		diff_make(&d, &l[0], &l[1], &want->diff);
	if (l[0].failed || l[1].failed || d.failed) {
		diag("not enough memory for this comparison");
	} else if (!in.failed) {
		for (int i = 0; i < NOISES; i++)
			left += d.noise[i];
		if (left && want->form == AS_RECORDS)
			diag_note("%s differences left out as noise (--no-ignore shows them)",
			    diag_num(n, left));
		status = want->form == AS_RECORDS ? put_records(&d) :
		    put_words(&d, want, l, names);
		if (!status)
			status = input_status(&in);
		if (!status)
			status = d.n > 0;
	}
	diff_free(&d);
	list_free(&l[0]);
	list_free(&l[1]);
	return status;
}

int
diff_main(int argc, char **argv)
{
	struct wanted want = { .diff = { .gone_after = -1, .links = true }, .lang = "en" };
	struct change_rules *rules = NULL;
	struct opt_state os;
	struct err e = { "" };
	bool none = false, some = false, text = false, html = false, ok = true;
	uint32_t ignore = 0;
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); ok && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_TEXT: want.form = AS_TEXT; text = true; break;
		case O_HTML: want.form = AS_PAGE; html = true; break;
		case O_LANG: want.lang = os.value; break;
		case O_MIN: ok = severity_get(&want.diff.min, os.value, &e); break;
		case O_IGNORE: some = ok = ignore_add(&ignore, os.value, &e); break;
		case O_NOIGNORE: none = true; break;
		case O_GONE: ok = gone_get(&want.diff.gone_after, os.value, &e); break;
		case O_NOLINKS: want.diff.links = false; break;
		case O_SCHEMA: return print_schemas();
		case O_FIELDS: return print_fields(types);
		}
	if (ok && id == -2)
		return 0;
	if (ok && id == 0 && strcmp(want.lang, "en") != 0 && strcmp(want.lang, "sv") != 0)
		err_set(&e, "--lang: en or sv, not \"%.40s\"", want.lang);
	if (ok && id == 0 && text && html)
		err_set(&e, "--text and --html do not go together");
	if (ok && id == 0 && none && some)
		err_set(&e, "--ignore and --no-ignore do not go together");
	if (ok && id == 0 && argc - os.i != 2)
		err_set(&e, "two inventories are compared: otinv diff OLD NEW");
	if (ok && id == 0 && !e.text[0] && strcmp(argv[os.i], "-") == 0 &&
	    strcmp(argv[os.i + 1], "-") == 0)
		err_set(&e, "only one of the two can be standard input");
	want.diff.ignore = none ? 0 : some ? ignore : NOISE_ALL;
	if (!e.text[0] && (rules = change_rules_load(&e)) && confine_prepare(&e) &&
	    confine(CONFINE_READ, &e)) {
		want.diff.rules = rules;
		input_signals();
		status = run(&want, argv + os.i);
	} else {
		diag("%s", e.text);
	}
	change_rules_free(rules);
	return status;
}
