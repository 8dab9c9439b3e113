/* register.c: otinv register: is what was seen listed, and what is listed there? */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/term.h"
#include "inv/audit.h"
#include "inv/group.h"

#include <string.h>

enum { O_SITE = 1, O_REGISTER, O_MAP, O_KEY, O_FROM, O_TEXT, O_ASCII, O_SCHEMA, O_FIELDS };

static const struct opt opts[] = {
	{ "ascii", 0, NULL, "no characters beyond ASCII of our own", NULL, O_ASCII },
	{ "files-from", 0, "FILE", "read the names of the inputs from FILE, one a line", "file",
	    O_FROM },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "map", 0, "FIELD=HEADER", "this column of a register is that field", NULL, O_MAP },
	{ "register", 0, "FILE", "a register of instruments, CSV or JSON lines; may be repeated",
	    "file", O_REGISTER },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "site", 's', "FILE", "the site file: its instruments are a register as well", "file",
	    O_SITE },
	{ "site-key", 0, "KEY", "whose register it is, where there is no site file", NULL, O_KEY },
	{ "text", 't', NULL, "tables for people instead of records", NULL, O_TEXT },
	{ NULL },
};

static const char *const types[] = { "register", NULL };

static const struct prog prog = {
	.name = "otinv register",
	.synopsis = "otinv register [-t] [--ascii] [--files-from FILE] [--map FIELD=HEADER]\n"
	    "[--register FILE] [-s FILE] [--site-key KEY] [FILE ...]\n"
	    "otinv register --list-fields | --schema",
	.purpose = "Says what was seen and is not listed, what is listed and was never seen,\n"
	    "and what differs; exit status 1 when anything does.",
	.opts = opts,
	.words = "file",
};

static int
put_text(const struct audit *a, const struct inv *v, const struct reg *r, bool ascii)
{
	struct audit_look look = { term_width(80), term_colour(), !ascii };

	if (!audit_text(a, v, r, &look, stdout)) {
		diag("not enough memory for this table");
		return 2;
	}
	return output_flush();
}

static int
put_records(const struct audit *a, const struct inv *v, const struct reg *r,
    const struct metas *metas)
{
	struct output *o = output_new();

	if (!o) {
		diag("out of memory");
		return 2;
	}
	if (metas_write(metas, o))
		audit_write(a, v, r, &o->w, output_some, o);
	return output_end(o);
}

static int
run(const struct names *files, const struct site *site, const struct listing *list,
    const char *key, bool text, bool ascii)
{
	struct metas metas = { NULL };
	struct input in = { 0 };
	struct inv *all = inventories_read(files, &in, &metas);
	struct audit a = { NULL };
	struct err e = { "" };
	int status = 2;

	if (!all || !listing_apply(list, all, site, key, &e))
		goto memory;
	if (!inv_group(all))
		goto memory;
	audit_make(&a, all, &list->reg, all->site);
	if (a.failed)
		goto memory;
	if (!a.assets && in.records)
		diag("no asset was heard at this site: nothing is held against the register");
	status = text ? put_text(&a, all, &list->reg, ascii) :
	    put_records(&a, all, &list->reg, &metas);
	if (!status)
		status = input_status(&in);
	if (!status)
		status = !audit_agrees(&a, &list->reg);
	goto out;
memory:
	diag("%s", e.text[0] ? e.text : "not enough memory for these inventories");
out:
	audit_free(&a);
	inv_free(all);
	metas_free(&metas);
	return status;
}

int
register_main(int argc, char **argv)
{
	const char *site_file = NULL, *from = NULL, *key = NULL;
	struct listing list = { .nfiles = 0 };
	struct site *site = NULL;
	struct names files = { NULL };
	struct opt_state os;
	struct err e = { "" };
	bool text = false, ascii = false;
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_SITE: site_file = os.value; break;
		case O_REGISTER:
			listing_add(list.file, &list.nfiles, "--register", os.value, &e);
			break;
		case O_MAP: listing_add(list.map, &list.nmap, "--map", os.value, &e); break;
		case O_KEY: key = os.value; break;
		case O_FROM: from = os.value; break;
		case O_TEXT: text = true; break;
		case O_ASCII: ascii = true; break;
		case O_SCHEMA: return print_schemas();
		case O_FIELDS: return print_fields(types);
		}
	if (id == -2)
		return 0;
	if (id == 0 && !list.nfiles && !site_file)
		err_set(&e, "which register? give --register FILE, or --site FILE");
	if (id == 0 && !e.text[0] && names_get(&files, from, argc, argv, os.i, &e) &&
	    (!site_file || (site = site_load(site_file, &e))) &&
	    site_key_check(site, key, &e) && listing_load(&list, site, true, &e)) {
		input_signals();
		if (!list.reg.n)
			err_set(&e, "no entry in the register");
		else if (confine_prepare(&e) && confine(names_calls(&files), &e))
			status = run(&files, site, &list, key, text, ascii);
	}
	if (e.text[0])
		diag("%s", e.text);
	listing_free(&list);
	site_free(site);
	names_free(&files);
	return status;
}
