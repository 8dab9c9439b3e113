/* why.c: otinv why: what an inventory rests on. */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/term.h"
#include "inv/why.h"

#include <string.h>
#include <unistd.h>

enum { O_JSON = 1, O_SCHEMA, O_FIELDS };
enum { CANDIDATES = 20 };

static const struct opt opts[] = {
	{ "json", 'j', NULL, "records instead of lines for people", NULL, O_JSON },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ NULL },
};

static const char *const types[] = { "why", NULL };

static const struct prog prog = {
	.name = "otinv why",
	.synopsis = "otinv why [-j] ASSET [FIELD] [FILE]\n"
	    "otinv why --list-fields | --schema",
	.purpose = "Says why an inventory says it: the evidence of a field and its rivals.",
	.opts = opts,
	.words = "file",
	.footer = "ASSET: its id or how that begins, name, address, MAC or serial number.\n"
	    "FIELD: key, name, vendor, product, model, serial, firmware, hardware,\n"
	    "order_code, os, location, role, zone, purdue, category, lab_system, cra,\n"
	    "supplier, register, via, nat, ip, mac, hostname, asked_name, identifier,\n"
	    "maybe_same or service; all of them in short without.",
};

struct asked { const char *asset, *field, *file; bool json; };

/* ASSET [FIELD] [FILE]: what is no field is a file. */
static bool
operands(struct asked *a, int n, char **v, struct err *e)
{
	if (n < 1 || n > 3)
		return err_set(e, "which asset, which field, which inventory: otinv why ASSET "
		    "[FIELD] [FILE]");
	a->asset = v[0];
	if (!*a->asset)
		return err_set(e, "ASSET is empty");
	a->file = "-";
	if (n > 1 && (a->field = why_field(v[1]))) {
		if (n == 3)
			a->file = v[2];
	} else if (n == 3) {
		return err_set(e, "no such field: \"%.40s\" (see otinv why --help)", v[1]);
	} else if (n == 2) {
		a->file = v[1];
		if (strcmp(a->file, "-") != 0 && access(a->file, F_OK) != 0)
			return err_set(e, "%.200s: neither a field nor a file (see otinv why "
			    "--help)", a->file);
	}
	if (strcmp(a->file, "-") == 0 && isatty(STDIN_FILENO))
		return err_set(e, "no input: give a file, or pipe records in");
	return true;
}

/* One field, or all that something is said of: 1 when there is none. */
static int
answer(const struct asked *a, const struct list *l, const struct item *asset)
{
	struct output *o = a->json ? output_new() : NULL;
	const char *const one[] = { a->field, NULL }, *const *fields = a->field ? one : why_fields;
	bool whole = true, failed = a->json && !o;
	unsigned width = term_width(80);
	size_t said = 0;
	struct why w;

	for (; *fields && !failed; fields++) {
		if (why_make(&w, l, asset, *fields)) {
			if (!said++ && !a->json)
				why_head(stdout, l, asset, width);
			if (a->json) {
				jw_begin(&o->w);
				why_write(&w, &o->w);
				if (!jw_line(&o->w))
					whole = false;
				output_some(o, &o->w);
			} else if (a->field) {
				why_print(stdout, &w, width);
			} else {
				why_brief(stdout, &w, width);
			}
		}
		failed = w.failed;
		why_free(&w);
	}
	if (failed)
		diag("not enough memory for this answer");
	if (!whole)
		diag("an answer too long for a record was left out");
	if ((o ? output_end(o) : output_flush()) || failed || !whole)
		return 2;
	if (said)
		return 0;
	diag("nothing is said of its %s", a->field);
	return 1;
}

static int
run(const struct asked *a)
{
	const struct item *hit[CANDIDATES];
	struct list l = { NULL };
	struct input in = { 0 };
	size_t n, i;
	int status = 2;

	input_read(&in, a->file, list_take, &l);
	list_sort(&l);
	if (l.failed) {
		diag("not enough memory for this inventory");
	} else if (!in.failed && in.records && !l.nassets) {
		diag("%s: no asset in it: is this the output of otinv build?", a->file);
	} else if (!in.failed) {
		n = why_find(&l, a->asset, hit, CANDIDATES);
		if (n == 1) {
			status = answer(a, &l, hit[0]);
		} else if (n == 0) {
			diag("no asset goes by \"%.200s\"", a->asset);
			status = 1;
		} else {
			diag("%zu assets go by \"%.200s\": which one?", n, a->asset);
			for (i = 0; i < n && i < CANDIDATES; i++)
				why_head(stderr, &l, hit[i], term_width(80));
			if (n > CANDIDATES)
				fprintf(stderr, "and %zu more\n", n - CANDIDATES);
		}
	}
	if (status != 2 && input_status(&in))
		status = 2;
	list_free(&l);
	return status;
}

int
why_main(int argc, char **argv)
{
	struct asked a = { NULL };
	struct opt_state os;
	struct err e = { "" };
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_JSON: a.json = true; break;
		case O_SCHEMA: return print_schemas();
		case O_FIELDS: return print_fields(types);
		}
	if (id == -2)
		return 0;
	if (id == 0 && operands(&a, argc - os.i, argv + os.i, &e) && confine_prepare(&e) &&
	    confine(CONFINE_READ, &e)) {
		input_signals();
		status = run(&a);
	}
	if (e.text[0])
		diag("%s", e.text);
	return status;
}
