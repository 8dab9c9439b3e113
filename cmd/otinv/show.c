/* show.c: otinv show: the table. */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/term.h"
#include "inv/show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { O_WIDE = 1, O_SORT, O_ZONE, O_ALL, O_ASCII };

static const struct opt opts[] = {
	{ "all", 'a', NULL, "also what was only spoken of and never heard", NULL, O_ALL },
	{ "ascii", 0, NULL, "no characters beyond ASCII of our own", NULL, O_ASCII },
	{ "sort", 0, "FIELD", "by asset, name, address, make, firmware, role, zone, speaks or seen",
	    "asset|name|address|make|firmware|role|zone|speaks|seen", O_SORT },
	{ "wide", 'w', NULL, "all columns, as wide as they are", NULL, O_WIDE },
	{ "zone", 'z', "ZONE", "only this zone", NULL, O_ZONE },
	{ NULL },
};

static const struct prog prog = {
	.name = "otinv show",
	.synopsis = "otinv show [-aw] [--ascii] [--sort FIELD] [-z ZONE] [FILE ...]",
	.purpose = "Prints an inventory as a table.",
	.opts = opts,
	.words = "file",
};

static int
put_table(const struct list *l, const struct show_opts *so)
{
	if (!show_table(l, so, stdout)) {
		diag("not enough memory for this table");
		return 2;
	}
	return output_flush();
}

int
show_main(int argc, char **argv)
{
	struct show_opts so = { .utf8 = true, .width = term_width(80),
	    .colour = term_colour() };
	struct list l = { NULL };
	struct input in = { 0 };
	struct names files = { NULL };
	struct opt_state os;
	struct err e = { "" };
	char zones[256];
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_WIDE: so.width = 0; break;
		case O_SORT: so.sort = os.value; break;
		case O_ZONE: so.zone = os.value; break;
		case O_ALL: so.all = true; break;
		case O_ASCII: so.utf8 = false; break;
		}
	if (id == -2)
		return 0;
	if (id == 0 && show_check(&so))
		err_set(&e, "--sort %.40s: %s", so.sort, show_check(&so));
	if (e.text[0] || !names_get(&files, NULL, argc, argv, os.i, &e) ||
	    !confine_prepare(&e) || !confine(names_calls(&files), &e)) {
		diag("%s", e.text);
		return 2;
	}
	input_signals();
	for (size_t i = 0; i < files.n; i++)
		if (!input_read(&in, files.v[i], list_take, &l))
			break;
	list_sort(&l);
	if (l.failed)
		diag("not enough memory for this table");
	else if (in.records && !l.nassets)
		diag("no asset among %llu records: is this the output of otinv build?",
		    (unsigned long long)in.records);
	else if (so.zone && l.nassets && !show_zone(&l, so.zone, zones, sizeof(zones)))
		diag("--zone %.60s: no asset is in a zone of that name%s%s", so.zone,
		    *zones ? ": " : "", zones);
	if (!l.failed && (!in.failed || l.nassets))
		status = put_table(&l, &so);
	list_free(&l);
	names_free(&files);
	return status ? status : input_status(&in);
}
