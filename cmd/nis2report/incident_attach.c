/* incident_attach.c: nis2report incident attach: files kept with an incident. */
#include "incident.h"

#include "base/diag.h"

#include <string.h>

enum { O_TEXT = WRITING_OWN };

static const struct opt opts[] = {
	{ "text", 't', "TEXT", "what it is", NULL, O_TEXT }, WRITING_OPTS, { NULL },
};

static const struct prog prog = {
	.name = "nis2report incident attach",
	.synopsis = "nis2report incident attach [-a NAME] [-k KEY] [-p FILE] [-t TEXT] "
	    "[--log-key KEY]\n[--now TIME] [--rules DIR] DIR FILE ...",
	.purpose = "Keeps files with an incident, under their digests.",
	.opts = opts,
	.words = "file",
};

static bool
attach(struct writing *w, const char *file, const char *text, struct err *e)
{
	const char *name = strrchr(file, '/');
	char digest[JOURNAL_DIGEST];
	uint64_t size;

	return journal_keep(w->path, file, digest, &size, e) &&
	    writing_add(w, "incident_file", json_pack("{ss ss sI ss*}", "name",
		name ? name + 1 : file, "digest", digest, "size", (json_int_t)size, "text", text),
		e);
}

int
incident_attach_main(int argc, char **argv)
{
	struct writing w = { .path = NULL };
	const char *text = NULL;
	struct opt_state os;
	struct err e = { "" };
	char what[80];
	int id, n;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0 && !e.text[0]; )
		if (!writing_take(&w, id, &os, &e) && !e.text[0])
			text = os.value;
	if (id == -2)
		return 0;
	n = argc - os.i - 1;
	if (!e.text[0] && n < 1)
		err_set(&e, "the incident's folder and a file are expected");
	w.path = argv[os.i];
	if (!e.text[0] && writing_open(&w, false, &e))
		for (int i = 1; i <= n && !e.text[0]; i++)
			(void)attach(&w, argv[os.i + i], text, &e);
	snprintf(what, sizeof(what), "%d file%s kept", n, n == 1 ? "" : "s");
	return writing_close(&w, what, &e);
}
