/* build.c: otinv build: events in, assets and links out. */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "inv/again.h"
#include "inv/build.h"
#include "inv/group.h"
#include "inv/known.h"
#include "inv/recall.h"
#include "inv/role.h"
#include "inv/write.h"

#include <string.h>
#include <unistd.h>

enum { O_SITE = 1, O_REGISTER, O_MAP, O_KEY, O_META, O_FROM, O_SCHEMA, O_FIELDS, O_VERBOSE,
	O_STATE };

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
	{ "state", 0, "FILE", "go on from this inventory, if it is there, and replace it", "file",
	    O_STATE },
	{ "verbose", 'v', NULL, "say at the end what was done, terminal or not", NULL, O_VERBOSE },
	{ NULL },
};

static const char *const types[] = { "asset", "link", NULL };

static const struct prog prog = {
	.name = "otinv build",
	.synopsis = "otinv build [-v] [--files-from FILE] [--map FIELD=HEADER] [--meta]\n"
	    "[--register FILE] [-s FILE] [--site-key KEY] [--state FILE] [FILE ...]\n"
	    "otinv build --list-fields | --schema",
	.purpose = "Turns events into an inventory: assets, links and what was read.",
	.opts = opts,
	.words = "file",
};

struct build {
	struct inv *v;
	const char *site_key;
	const struct site *site;
	struct vendors *mac;
	struct roles *roles;
	struct names files;
	struct metas metas;
	struct listing list;
	struct state state;
	uint64_t understood;
	bool meta;
};

static bool
take(void *arg, const struct rec *r)
{
	struct build *b = arg;

	metas_keep(&b->metas, r);
	b->understood += inv_event(b->v, r);
	return !b->v->pool.failed;
}

static bool
again(void *arg, const struct rec_trail *l)
{
	struct build *b = arg;
	bool known = inv_again(b->v, l);

	b->understood += known;
	return known;
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

/* From facts to what follows from them. */
static bool
settle(struct build *b)
{
	bool partly = false;

	inv_vendors(b->v, b->mac);
	if (!state_join(&b->state, &b->v, b->site_key, &partly))
		return false;
	if (partly)
		diag("%s has read some of these records, but not all: counts are lower bounds",
		    b->state.path);
	if (b->site && !inv_site(b->v, b->site))
		return false;
	if ((b->site || b->list.nfiles) && !inv_listed(b->v, &b->list.reg, b->v->site))
		return false;
	return inv_group(b->v) && !b->v->pool.failed;
}

static int
write_to(struct build *b, int fd, const char *name, int argc, char **argv)
{
	struct output *o = output_to(fd, name);
	bool ok;

	if (!o) {
		diag("not enough memory to write");
		return 2;
	}
	ok = metas_write(&b->metas, o);
	if (ok && b->meta)
		ok = output_meta(o, argc, argv);
	if (ok)
		output_inventory(o, b->v, b->roles);
	return output_end(o);
}

/* The state is the old one or the new one, whole, whenever this is stopped. */
static int
replace_state(struct build *b, int argc, char **argv)
{
	struct file_out out;
	struct err e = { "" };

	if (!file_create(&out, b->state.path, true, &e)) {
		diag("%s", e.text);
		return 2;
	}
	if (write_to(b, out.fd, b->state.path, argc, argv) != 0) {
		file_abort(&out);
		return 2;
	}
	if (!file_commit(&out, &e)) {
		diag("%s", e.text);
		return 2;
	}
	return 0;
}

static void
ahead(void *arg, uint64_t next, uint64_t behind)
{
	recall_ahead(((struct build *)arg)->v, next, behind);
}

static int
run(struct build *b, int argc, char **argv)
{
	struct input in = { .ahead = ahead, .again = again };
	char a[32], l[32];
	int status;

	if (!state_read(&b->state, &b->metas))
		return 2;
	for (size_t i = 0; i < b->files.n; i++)
		if (!input_read(&in, b->files.v[i], take, b))
			break;
	input_forget(&in);
	inv_again_done(b->v);
	if (!settle(b)) {
		diag("not enough memory for this inventory");
		return 2;
	}
	if (in.records && !b->understood)
		diag("no event among %llu records: is this the output of otdissect?",
		    (unsigned long long)in.records);
	status = b->state.path ? replace_state(b, argc, argv) :
	    write_to(b, STDOUT_FILENO, "standard output", argc, argv);
	if (status)
		return status;
	say_left_out(b->v);
	diag_note("%s assets, %s links", diag_num(a, b->v->nas), diag_num(l, b->v->nln));
	return input_status(&in);
}

int
build_main(int argc, char **argv)
{
	const char *site_file = NULL, *key = NULL, *from = NULL, *state = NULL;
	struct build b = { .state.fd = -1 };
	struct site *site = NULL;
	struct opt_state os;
	struct err e = { "" };
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
		case O_META: b.meta = true; break;
		case O_FROM: from = os.value; break;
		case O_STATE: state = os.value; break;
		case O_VERBOSE: diag_verbose(true); break;
		case O_SCHEMA: return print_schemas();
		case O_FIELDS: return print_fields(types);
		}
	if (id == -2)
		return 0;
	if (id < 0 || e.text[0] || !names_get(&b.files, from, argc, argv, os.i, &e))
		goto out;
	if (site_file && !(site = site_load(site_file, &e)))
		goto out;
	if (!site_key_check(site, key, &e) || !listing_load(&b.list, site, false, &e))
		goto out;
	b.site = site;
	b.site_key = site && site->key ? site->key : key ? key : "site";
	if (!(b.roles = roles_load(&e)) || !state_open(&b.state, state, &e))
		goto out;
	if ((b.mac = vendors_load(NULL)) && vendors_why(b.mac))
		diag("%s", vendors_why(b.mac));
	if (!(b.v = inv_new(b.site_key))) {
		err_set(&e, "out of memory");
		goto out;
	}
	input_signals();
	confine_output(state);
	if (!confine_prepare(&e) || !confine(names_calls(&b.files) |
	    (state ? CONFINE_READ | CONFINE_WRITE : 0), &e))
		goto out;
	status = run(&b, argc, argv);
out:
	if (e.text[0])
		diag("%s", e.text);
	state_close(&b.state);
	metas_free(&b.metas);
	listing_free(&b.list);
	inv_free(b.v);
	roles_free(b.roles);
	vendors_free(b.mac);
	site_free(site);
	names_free(&b.files);
	return status;
}
