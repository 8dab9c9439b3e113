/* merge.c: otinv merge: several inventories into one. */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "inv/group.h"
#include "inv/known.h"
#include "inv/merge.h"
#include "inv/read.h"
#include "inv/role.h"
#include "inv/write.h"

#include <stdlib.h>
#include <string.h>

enum { O_SITE = 1, O_FROM, O_SCHEMA, O_FIELDS, O_VERBOSE };

static const struct opt opts[] = {
	{ "site", 's', "FILE", "say zones, register and suppliers anew from this site file", "file",
	    O_SITE },
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
	.synopsis = "otinv merge [-v] [--files-from FILE] [-s FILE] [FILE ...]\n"
	    "otinv merge --list-fields | --schema",
	.purpose = "Makes one inventory of several: of halves, of nights, of sites.",
	.opts = opts,
	.words = "file",
};

struct part { struct inv *v; struct metas *metas; uint64_t understood; };

static bool
take(void *arg, const struct rec *r)
{
	struct part *p = arg;

	metas_keep(p->metas, r);
	p->understood += inv_record(p->v, r);
	return !p->v->pool.failed;
}

static int
run(const struct names *files, const struct site *site, const struct roles *roles)
{
	struct inv **parts = calloc(files->n + 1, sizeof(*parts)), *all = NULL;
	struct metas metas = { NULL };
	struct input in = { 0 };
	struct output *o;
	bool partly = false, ok = parts != NULL;
	size_t i, n = 0;
	char a[32], l[32];
	int status = 2;

	for (i = 0; ok && i < files->n; i++) {
		struct part p = { inv_new(""), &metas, 0 };
		uint64_t records = in.records;
		if (!(ok = p.v != NULL))
			break;
		parts[n++] = p.v;
		input_read(&in, files->v[i], take, &p);
		if (in.records > records && !p.understood)
			diag("%s: no asset or link in it: is this the output of otinv build?",
			    files->v[i]);
		ok = !p.v->pool.failed;
	}
	all = ok ? inv_join_all(parts, n, &partly) : NULL;
	if (all && site)
		ok = inv_site(all, site);
	if (!all || !ok || !inv_group(all) || !(o = output_new())) {
		diag("not enough memory for this inventory");
		goto out;
	}
	if (partly)
		diag("inputs have read some of the same records, but neither all of the "
		    "other's: counts are lower bounds");
	if (metas_write(&metas, o))
		inv_write(all, roles, &o->w, output_some, o);
	if (output_end(o) == 0) {
		diag_note("%s assets, %s links", diag_num(a, all->nas), diag_num(l, all->nln));
		status = input_status(&in);
	}
out:
	for (i = 0; i < n; i++)
		inv_free(parts[i]);
	free(parts);
	inv_free(all);
	metas_free(&metas);
	return status;
}

int
merge_main(int argc, char **argv)
{
	const char *site_file = NULL, *from = NULL;
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
		case O_FROM: from = os.value; break;
		case O_VERBOSE: diag_verbose(true); break;
		case O_SCHEMA: return print_schemas();
		case O_FIELDS: return print_fields(types);
		}
	if (id == -2)
		return 0;
	if (id == 0 && names_get(&files, from, argc, argv, os.i, &e) &&
	    (!site_file || (site = site_load(site_file, &e))) && (roles = roles_load(&e))) {
		input_signals();
		if (confine_prepare(&e) && confine(CONFINE_READ, &e))
			status = run(&files, site, roles);
	}
	if (e.text[0])
		diag("%s", e.text);
	roles_free(roles);
	site_free(site);
	names_free(&files);
	return status;
}
