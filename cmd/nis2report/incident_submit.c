/* incident_submit.c: nis2report incident submit: a stage that was handed in, frozen. */
#include "incident.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "incident/freeze.h"
#include "model/local_time.h"

#include <stdlib.h>
#include <string.h>

enum { O_AT = WRITING_OWN, O_RECEIPT, O_TO, O_REPORT };

static const struct opt opts[] = {
	{ "at", 0, "TIME", "when it was handed in (now)", NULL, O_AT },
	{ "receipt", 'r', "ID", "the receiver's number for it", NULL, O_RECEIPT },
	{ "report", 0, "FILE", "what was handed in, where it was a file", "file", O_REPORT },
	{ "to", 't', "NAME", "who received it", NULL, O_TO },
	WRITING_OPTS, { NULL },
};

static const struct prog prog = {
	.name = "nis2report incident submit",
	.synopsis = "nis2report incident submit -r ID [-a NAME] [-k KEY] [-p FILE] [-t NAME] "
	    "[--at TIME]\n[--log-key KEY] [--now TIME] [--report FILE] [--rules DIR] STAGE DIR",
	.purpose = "Freezes a stage that was handed in: what was known, when, and its receipt.",
	.opts = opts,
	.words = "dir",
};

struct asked { const char *stage, *at, *receipt, *to, *report; };

/* The frozen report's digest, and that of the file that was handed in. */
static json_t *
submission(struct writing *w, const struct asked *a, struct err *e)
{
	const struct incident *i = w->incident;
	char digest[JOURNAL_DIGEST], sent[JOURNAL_DIGEST] = "", at[STAMP_TEXT];
	uint64_t size = 0;
	int64_t when = stamp_now();
	char *text = NULL;
	size_t n = 0;
	bool good;

	if (a->at && !local_parse(i->zone, a->at, false, &when, e))
		return NULL;
	if (when > stamp_now()) {
		err_set(e, "--at %s: is still to come", a->at);
		return NULL;
	}
	at[stamp_put(at, when)] = '\0';
	good = (text = incident_freeze(i, a->stage, &n)) || err_set(e, "out of memory");
	good = good && journal_keep_bytes(w->path, text, n, digest, e) &&
	    (!a->report || journal_keep(w->path, a->report, sent, &size, e));
	free(text);
	return good ? json_pack("{ss ss ss ss* ss sI ss* sI}", "stage", a->stage, "at", at,
	    "receipt", a->receipt, "to", a->to, "digest", digest, "size", (json_int_t)n, "report",
	    *sent ? sent : NULL, "upto", (json_int_t)i->records) : NULL;
}

int
incident_submit_main(int argc, char **argv)
{
	struct writing w = { .path = NULL };
	struct asked a = { .stage = NULL };
	struct opt_state os;
	struct err e = { "" };
	json_t *o;
	int id;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0 && !e.text[0]; )
		if (!writing_take(&w, id, &os, &e) && !e.text[0])
			switch (id) {
			case O_AT: a.at = os.value; break;
			case O_RECEIPT: a.receipt = os.value; break;
			case O_TO: a.to = os.value; break;
			case O_REPORT: a.report = os.value; break;
			}
	if (id == -2)
		return 0;
	if (!e.text[0] && argc - os.i != 2)
		err_set(&e, "a stage, like upplysning, and the incident's folder are expected");
	if (!e.text[0] && (!a.receipt || !*a.receipt))
		err_set(&e, "what number did the receiver give it? --receipt ID");
	a.stage = argv[os.i];
	w.path = argv[os.i + 1 < argc ? os.i + 1 : os.i];
	if (!e.text[0] && writing_open(&w, false, &e) && (o = submission(&w, &a, &e)))
		(void)writing_add(&w, "incident_submission", o, &e);
	return writing_close(&w, a.stage ? a.stage : "", &e);
}
