/* build.c: otinv build: events in, assets and links out. */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "inv/build.h"
#include "inv/group.h"
#include "inv/known.h"
#include "inv/role.h"
#include "inv/write.h"

#include <string.h>

enum { O_SITE = 1, O_REGISTER, O_MAP, O_KEY, O_META, O_FROM, O_SCHEMA, O_FIELDS, O_VERBOSE };

static const struct opt opts[] = {
	{ "site", 's', "FILE", "the site file: zones, register, suppliers (otsite(5))", "file",
	    O_SITE },
	{ "register", 0, "FILE", "a register of instruments, CSV or JSON lines; may be repeated",
	    "file", O_REGISTER },
	{ "map", 0, "FIELD=HEADER", "this column of a register is that field", NULL, O_MAP },
	{ "site-key", 0, "KEY", "the site's key, where there is no site file", NULL, O_KEY },
	{ "meta", 0, NULL, "begin with a record of program, version and arguments", NULL, O_META },
	{ "files-from", 0, "FILE", "read the names of the inputs from FILE, one a line", "file",
	    O_FROM },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "verbose", 'v', NULL, "say at the end what was done, terminal or not", NULL, O_VERBOSE },
	{ NULL },
};

static const char *const types[] = { "asset", "link", NULL };

static const struct prog prog = {
	.name = "otinv build",
	.synopsis = "otinv build [-v] [--files-from FILE] [--map FIELD=HEADER] [--meta]\n"
	    "[--register FILE] [-s FILE] [--site-key KEY] [FILE ...]\n"
	    "otinv build --list-fields | --schema",
	.purpose = "Turns events into an inventory: assets, links and what was read.",
	.opts = opts,
	.words = "file",
};

struct build { struct inv *v; struct metas metas; struct listing list; uint64_t understood; };

static bool
take(void *arg, const struct rec *r)
{
	struct build *b = arg;

	metas_keep(&b->metas, r);
	b->understood += inv_event(b->v, r);
	return !b->v->pool.failed;
}

static void
say_left_out(const struct inv *v)
{
	uint64_t n = v->full_stations + v->full_links + v->full_facts + v->full_text;

	if (v->no_time)
		diag("%llu records without a timestamp are not in the answer",
		    (unsigned long long)v->no_time);
	if (n)
		diag("%llu facts found no room: see stats.inventory.full", (unsigned long long)n);
}

static int
run(struct build *b, const struct site *site, const struct vendors *mac, const struct roles *roles,
    const struct names *files, bool meta, int argc, char **argv)
{
	struct input in = { 0 };
	struct output *o;
	bool ok = true;
	char a[32], l[32];

	for (size_t i = 0; i < files->n; i++)
		if (!input_read(&in, files->v[i], take, b))
			break;
	inv_vendors(b->v, mac);
	if (site)
		ok = inv_site(b->v, site);
	if (ok && (site || b->list.nfiles))
		ok = inv_listed(b->v, &b->list.reg, b->v->site);
	if (!ok || !inv_group(b->v) || b->v->pool.failed || !(o = output_new())) {
		diag("not enough memory for this inventory");
		return 2;
	}
	if (in.records && !b->understood)
		diag("no event among %llu records: is this the output of otdissect?",
		    (unsigned long long)in.records);
	ok = metas_write(&b->metas, o);
	if (ok && meta)
		ok = output_meta(o, argc, argv);
	if (ok)
		inv_write(b->v, roles, &o->w, output_some, o);
	if (output_end(o) != 0)
		return 2;
	say_left_out(b->v);
	diag_note("%s assets, %s links", diag_num(a, b->v->nas), diag_num(l, b->v->nln));
	return input_status(&in);
}

int
build_main(int argc, char **argv)
{
	const char *site_file = NULL, *key = NULL, *from = NULL;
	struct build b = { NULL };
	struct site *site = NULL;
	struct vendors *mac = NULL;
	struct roles *roles = NULL;
	struct names files = { NULL };
	struct opt_state os;
	struct err e = { "" };
	bool meta = false;
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_SITE: site_file = os.value; break;
		case O_REGISTER:
			listing_add(b.list.file, &b.list.nfiles, "--register", os.value, &e);
			break;
		case O_MAP: listing_add(b.list.map, &b.list.nmap, "--map", os.value, &e); break;
		case O_KEY: key = os.value; break;
		case O_META: meta = true; break;
		case O_FROM: from = os.value; break;
		case O_VERBOSE: diag_verbose(true); break;
		case O_SCHEMA: return print_schemas();
		case O_FIELDS: return print_fields(types);
		}
	if (id == -2)
		return 0;
	if (id < 0 || e.text[0] || !names_get(&files, from, argc, argv, os.i, &e))
		goto out;
	if (site_file && !(site = site_load(site_file, &e)))
		goto out;
	if (!site_key_check(site, key, &e) || !listing_load(&b.list, site, false, &e))
		goto out;
	if (!(roles = roles_load(&e)))
		goto out;
	if ((mac = vendors_load(NULL)) && vendors_why(mac))
		diag("%s", vendors_why(mac));
	if (!(b.v = inv_new(site && site->key ? site->key : key ? key : "site"))) {
		err_set(&e, "out of memory");
		goto out;
	}
	input_signals();
	if (!confine_prepare(&e) || !confine(CONFINE_READ, &e))
		goto out;
	status = run(&b, site, mac, roles, &files, meta, argc, argv);
out:
	if (e.text[0])
		diag("%s", e.text);
	metas_free(&b.metas);
	listing_free(&b.list);
	inv_free(b.v);
	roles_free(roles);
	vendors_free(mac);
	site_free(site);
	names_free(&files);
	return status;
}
