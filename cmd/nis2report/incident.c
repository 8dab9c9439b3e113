/* incident.c: nis2report incident: the subcommands that keep an incident's journal, and what
 * those that write share. */
#include "nis2report.h"
#include "incident.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "chain/chain.h"
#include "model/local_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	int (*run)(int, char **);
} commands[] = {
	{ "attach", incident_attach_main }, { "close", incident_close_main },
	{ "correct", incident_correct_main }, { "fields", incident_fields_main },
	{ "note", incident_note_main }, { "open", incident_open_main },
	{ "reopen", incident_reopen_main }, { "set", incident_set_main },
	{ "show", incident_show_main }, { "submit", incident_submit_main },
};
enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

static const struct opt opts[] = { { NULL } };

static const struct prog prog = {
	.name = "nis2report incident",
	.synopsis = "nis2report incident attach [options] DIR FILE ...\n"
	    "nis2report incident close [options] DIR\n"
	    "nis2report incident correct [options] DIR FIELD VALUE\n"
	    "nis2report incident fields [options] [FIELD ...]\n"
	    "nis2report incident note [options] DIR TEXT\n"
	    "nis2report incident open [options] DIR\n"
	    "nis2report incident reopen [options] DIR\n"
	    "nis2report incident set [options] DIR FIELD VALUE ...\n"
	    "nis2report incident show [options] DIR\n"
	    "nis2report incident submit [options] STAGE DIR",
	.purpose = "Keeps an incident's journal: append-only, with who and when, sealed.",
	.opts = opts,
	.words = "attach|close|correct|fields|note|open|reopen|set|show|submit",
	.unconfined = true,
	.footer = "attach   keep a file with the incident\n"
	    "close    end it\n"
	    "correct  say that a value was wrong, and what is right\n"
	    "fields   what can be set, with the questions to ask\n"
	    "note     what happened, or was done, in words\n"
	    "open     begin a journal in a new folder\n"
	    "reopen   go on with one that was closed\n"
	    "set      say what is known: FIELD VALUE\n"
	    "show     what the journal says\n"
	    "submit   freeze a stage that was handed in\n\n"
	    "\"nis2report incident open --help\" says more.",
};

int
incident_main(int argc, char **argv)
{
	struct opt_state os;
	struct err e = { "" };
	int id;

	diag_name(prog.name);
	for (int i = 0; argc > 1 && i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	opt_begin(&os, &prog, argc, argv);
	if ((id = opt_next(&os, &e)) == -2)
		return 0;
	if (id < 0)
		diag("%s", e.text);
	else if (os.i < argc)
		diag("%s: no such subcommand; there are %s", argv[os.i], prog.words);
	else
		diag("what with the incident? There are %s", prog.words);
	return 2;
}

/* ---- writing -------------------------------------------------------------------- */

bool
writing_take(struct writing *w, int id, const struct opt_state *os, struct err *e)
{
	const char *v = os->value;
	int64_t now;

	switch (id) {
	case WR_AUTHOR: w->author = v; return true;
	case WR_KEY: w->key = v; return true;
	case WR_LOG: w->log = v; return true;
	case WR_PASS: w->pass = v; return true;
	case WR_RULES: w->rules_dir = v; return true;
	case WR_NOW:
		if (!stamp_parse(&now, v, strlen(v)))
			return err_set(e,
			    "%s %s: a time such as 2026-11-22T04:21:00Z, or a date", os->shown, v);
		stamp_set_now(now);
		return true;
	}
	return false;
}

/* A writer holds the journal's lock, under which nobody reads: so it is read first, and again
 * where somebody else wrote in between. */
static bool
read_and_open(struct writing *w, struct err *e)
{
	for (;;) {
		if (!(w->incident = incident_read(w->path, w->fields, e)) ||
		    !(w->journal = journal_open(w->path, &w->who, e)))
			return false;
		if (journal_next(w->journal) == w->incident->records + 1)
			return true;
		journal_close(w->journal);
		incident_free(w->incident);
		w->journal = NULL;
	}
}

bool
writing_open(struct writing *w, bool begins, struct err *e)
{
	chain_clock_look();
	w->who.author = w->author ? w->author : w->key ? NULL : getenv("LOGNAME");
	if (!w->who.author && (begins || !w->key))
		return err_set(e, "who writes? --author NAME");
	if ((w->key && !(w->who.key = signer_open_with(w->key, w->pass, e))) ||
	    (w->log && !(w->who.log = signer_open_with(w->log, w->pass, e))))
		return false;
	confine_path(w->path, CONFINE_WRITE);
	/* what comes now are files of ours; a token's provider has calls of its own */
	if (!begins && !(w->key && strncmp(w->key, "pkcs11:", 7) == 0) &&
	    (!confine_prepare(e) || !confine(CONFINE_READ | CONFINE_WRITE, e)))
		return false;
	if (!(w->fields = incident_fields_load(w->rules_dir, e)))
		return false;
	return begins || read_and_open(w, e);
}

bool
writing_add(struct writing *w, const char *type, json_t *payload, struct err *e)
{
	bool good = payload ? journal_add(w->journal, type, payload, &w->seq, e) :
	    err_set(e, "no UTF-8, or out of memory");

	json_decref(payload);
	return good;
}

int
writing_close(struct writing *w, const char *what, struct err *e)
{
	bool good = !e->text[0] && (!w->journal || journal_seal(w->journal, e));

	if (good)
		good = printf("%s: record %llu: %s\n", w->path, (unsigned long long)w->seq,
		    what) > 0 && fflush(stdout) == 0;
	else
		diag("%s", e->text);
	journal_close(w->journal);
	incident_free(w->incident);
	incident_fields_free(w->fields);
	signer_free(w->who.key);
	signer_free(w->who.log);
	return good ? 0 : 2;
}

bool
writing_past(const struct writing *w, const char *what, int64_t us, struct err *e)
{
	char then[LOCAL_TEXT], now[LOCAL_TEXT];

	if (us <= stamp_now())
		return true;
	local_text(then, w->incident->zone, us);
	local_text(now, w->incident->zone, stamp_now());
	return err_set(e, "%s: %s is still to come: now it is %s", what, then, now);
}

char *
writing_text(const char *operand, struct err *e)
{
	char *text;
	size_t n;

	if (strcmp(operand, "-") != 0)
		text = strdup(operand);
	else if (!(text = file_slurp("-", LIM_INCIDENT_TEXT, &n, e)))
		return NULL;
	if (!text) {
		err_set(e, "out of memory");
		return NULL;
	}
	for (n = strlen(text); n && strchr(" \t\r\n", text[n - 1]); )
		text[--n] = '\0';
	if (n && n <= LIM_INCIDENT_TEXT)
		return text;
	err_set(e, n ? "a text of at most %d bytes is expected" : "an empty text says nothing: %d "
	    "bytes at most are expected", LIM_INCIDENT_TEXT);
	free(text);
	return NULL;
}
