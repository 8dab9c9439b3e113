/* merge.c: otinv merge: several inventories into one. */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "inv/group.h"
#include "inv/known.h"
#include "inv/role.h"
#include "inv/write.h"

#include <string.h>

enum { O_SITE = 1, O_REGISTER, O_MAP, O_KEY, O_FROM, O_SCHEMA, O_FIELDS, O_VERBOSE };

static const struct opt opts[] = {
	{ "site", 's', "FILE", "say zones, register and suppliers anew from this site file", "file",
	    O_SITE },
	{ "register", 0, "FILE", "a register of instruments, CSV or JSON lines; may be repeated",
	    "file", O_REGISTER },
	{ "map", 0, "FIELD=HEADER", "this column of a register is that field", NULL, O_MAP },
	{ "site-key", 0, "KEY", "whose register it is, where there is no site file", NULL, O_KEY },
	{ "files-from", 0, "FILE", "read the names of the inputs from FILE, one a line", "file",
	    O_FROM },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "verbose", 'v', NULL, "say at the end what was done, terminal or not", NULL, O_VERBOSE },
	{ NULL },
};

static const char *const types[] = { "asset", "link", NULL };

static const struct prog prog = {
	.name = "otinv merge",
	.synopsis = "otinv merge [-v] [--files-from FILE] [--map FIELD=HEADER] [--register FILE]\n"
	    "[-s FILE] [--site-key KEY] [FILE ...]\n"
	    "otinv merge --list-fields | --schema",
	.purpose = "Makes one inventory of several: of halves, of nights, of sites.",
	.opts = opts,
	.words = "file",
};

static int
run(const struct names *files, const struct site *site, const struct listing *list,
    const char *key, const struct roles *roles)
{
	struct metas metas = { NULL };
	struct input in = { 0 };
	struct inv *all = inventories_read(files, &in, &metas);
	struct err e = { "" };
	struct output *o;
	bool ok = all != NULL;
	char a[32], l[32];
	int status = 2;

	if (ok && (site || list->nfiles) && !listing_apply(list, all, site, key, &e)) {
		diag("%s", e.text);
		goto out;
	}
	if (!ok || !inv_group(all) || !(o = output_new())) {
		diag("not enough memory for this inventory");
		goto out;
	}
	if (metas_write(&metas, o))
		output_inventory(o, all, roles);
	if (output_end(o) == 0) {
		diag_note("%s assets, %s links", diag_num(a, all->nas), diag_num(l, all->nln));
		status = input_status(&in);
	}
out:
	inv_free(all);
	metas_free(&metas);
	return status;
}

int
merge_main(int argc, char **argv)
{
	const char *site_file = NULL, *from = NULL, *key = NULL;
	struct listing list = { .nfiles = 0 };
	struct site *site = NULL;
	struct roles *roles = NULL;
	struct names files = { NULL };
	struct opt_state os;
	struct err e = { "" };
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
		case O_VERBOSE: diag_verbose(true); break;
		case O_SCHEMA: return print_schemas();
		case O_FIELDS: return print_fields(types);
		}
	if (id == -2)
		return 0;
	if (id == 0 && !e.text[0] && names_get(&files, from, argc, argv, os.i, &e) &&
	    (!site_file || (site = site_load(site_file, &e))) &&
	    site_key_check(site, key, &e) && listing_load(&list, site, false, &e) &&
	    (roles = roles_load(&e))) {
		input_signals();
		if (confine_prepare(&e) && confine(names_calls(&files), &e))
			status = run(&files, site, &list, key, roles);
	}
	if (e.text[0])
		diag("%s", e.text);
	listing_free(&list);
	roles_free(roles);
	site_free(site);
	names_free(&files);
	return status;
}
