/* incident_say.c: nis2report incident note, set, correct, close, reopen: what people say. */
#include "incident.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "model/local_time.h"

#include <stdlib.h>
#include <string.h>

enum { O_AT = WRITING_OWN, O_UNKNOWN, O_REASON };

/* What the five share: options, the folder, then one's own words. */
struct saying {
	struct writing w;
	const char *at, *reason;
	bool unknown;
	char **word;                    /* operands behind the folder */
	int n;
};

/* False: the status is in *status. */
static bool
begin(struct saying *s, const struct prog *prog, int argc, char **argv, struct err *e,
    int *status)
{
	struct opt_state os;
	int id;

	diag_name(prog->name);
	for (opt_begin(&os, prog, argc, argv); (id = opt_next(&os, e)) > 0 && !e->text[0]; )
		if (!writing_take(&s->w, id, &os, e) && !e->text[0])
			switch (id) {
			case O_AT: s->at = os.value; break;
			case O_UNKNOWN: s->unknown = true; break;
			case O_REASON: s->reason = os.value; break;
			}
	*status = 0;
	if (id == -2)
		return false;
	if (!e->text[0] && os.i == argc)
		err_set(e, "which incident? Its folder is expected");
	s->w.path = argv[os.i];
	s->word = argv + os.i + 1;
	s->n = argc - os.i - 1;
	return true;
}

/* ---- note ---------------------------------------------------------------------- */

static const struct opt note_opts[] = {
	{ "at", 0, "TIME", "when it happened (now)", NULL, O_AT }, WRITING_OPTS, { NULL },
};

static const struct prog note_prog = {
	.name = "nis2report incident note",
	.synopsis = "nis2report incident note [-a NAME] [-k KEY] [-p FILE] [--at TIME] "
	    "[--log-key KEY]\n[--now TIME] [--rules DIR] DIR TEXT",
	.purpose = "Adds a note: what happened, or what was done.",
	.opts = note_opts,
	.words = "dir",
};

static json_t *
note_of(const struct saying *s, const char *text, struct err *e)
{
	char at[STAMP_TEXT] = "";
	int64_t us;

	if (s->at && (!local_parse(s->w.incident->zone, s->at, false, &us, e) ||
	    !writing_past(&s->w, "--at", us, e)))
		return NULL;
	if (s->at)
		at[stamp_put(at, us)] = '\0';
	return json_pack("{ss ss*}", "text", text, "at", s->at ? at : NULL);
}

int
incident_note_main(int argc, char **argv)
{
	struct saying s = { .at = NULL };
	struct err e = { "" };
	char *text = NULL;
	json_t *o;
	int status;

	if (!begin(&s, &note_prog, argc, argv, &e, &status))
		return status;
	if (!e.text[0] && s.n != 1)
		err_set(&e, "one text is expected behind the folder, or - for standard input");
	if (!e.text[0] && (text = writing_text(s.word[0], &e)) &&
	    writing_open(&s.w, false, &e)) {
		o = note_of(&s, text, &e);
		if (!e.text[0])
			(void)writing_add(&s.w, "incident_note", o, &e);
	}
	status = writing_close(&s.w, "noted", &e);
	free(text);
	return status;
}

/* ---- set, correct ---------------------------------------------------------------- */

static const struct opt set_opts[] = {
	{ "unknown", 'u', NULL, "say that it is not known: FIELD ... without values", NULL,
	    O_UNKNOWN },
	WRITING_OPTS, { NULL },
};

static const struct prog set_prog = {
	.name = "nis2report incident set",
	.synopsis = "nis2report incident set [-a NAME] [-k KEY] [-p FILE] [--log-key KEY] "
	    "[--now TIME]\n[--rules DIR] DIR FIELD VALUE ...\n"
	    "nis2report incident set -u [-a NAME] [-k KEY] [-p FILE] [--log-key KEY]\n"
	    "[--now TIME] [--rules DIR] DIR FIELD ...",
	.purpose = "Says what is known of an incident, field by field; all of it or nothing.",
	.opts = set_opts,
	.words = "dir",
	.footer = "\"nis2report incident fields\" lists the fields. A VALUE of - is read from\n"
	    "standard input.",
};

/* The payload of one field's value; NULL and said what is wrong with it. */
static json_t *
value_of(const struct saying *s, const char *name, const char *operand, struct err *e)
{
	const struct incident_field *f = incident_field(s->w.fields, name);
	struct err why = { "" };
	json_t *o = NULL, *v;
	int64_t us;
	char *text;

	if (!f) {
		err_set(e, "%.60s: no such field (nis2report incident fields lists them)", name);
		return NULL;
	}
	if (!operand)
		return json_pack("{ss sb ss}", "field", name, "unknown", 1, "basis", "person");
	if (!(text = writing_text(operand, &why)) ||
	    !(v = incident_field_read(f, text, s->w.incident->zone, &why)))
		err_set(e, "%s: %s", name, why.text);
	else if (f->type == INCIDENT_TIME && !f->ahead && stamp_parse(&us, json_string_value(v),
	    json_string_length(v)) && !writing_past(&s->w, name, us, e))
		json_decref(v);
	else
		o = json_pack("{ss so ss}", "field", name, "value", v, "basis", "person");
	free(text);
	return o;
}

/* A later stage may well say more; that something was wrong is another statement. */
static void
hint_correct(const struct incident *i, const char *name)
{
	const struct incident_value *v = incident_value(i, name, UINT64_MAX);
	const struct incident_submission *last = NULL;

	for (size_t k = 0; v && k < i->nsubmissions; k++)
		if (i->submissions[k].upto >= v->at.seq)
			last = &i->submissions[k];
	if (last)
		diag("%s was handed in with %s: where that was wrong, say so with \"incident "
		    "correct\"", name, last->stage);
}

int
incident_set_main(int argc, char **argv)
{
	struct saying s = { .at = NULL };
	struct err e = { "" };
	char what[80];
	int status, step, piped = 0;

	if (!begin(&s, &set_prog, argc, argv, &e, &status))
		return status;
	step = s.unknown ? 1 : 2;
	for (int i = 1; !s.unknown && i < s.n; i += 2)
		piped += strcmp(s.word[i], "-") == 0;
	if (!e.text[0] && (s.n == 0 || s.n % step))
		err_set(&e, s.unknown ? "the fields that are not known are expected" :
		    "a field and its value are expected, again and again");
	if (!e.text[0] && piped > 1)
		err_set(&e, "only one value can be standard input");
	if (!e.text[0] && writing_open(&s.w, false, &e))
		for (int i = 0; i < s.n && !e.text[0]; i += step) {
			json_t *o = value_of(&s, s.word[i], s.unknown ? NULL : s.word[i + 1], &e);

			if (o && writing_add(&s.w, "incident_value", o, &e))
				hint_correct(s.w.incident, s.word[i]);
		}
	snprintf(what, sizeof(what), "%s%s", s.n ? s.word[0] : "", s.n > step ? " and more" : "");
	return writing_close(&s.w, what, &e);
}

static const struct opt correct_opts[] = {
	{ "reason", 'r', "TEXT", "what was wrong with it", NULL, O_REASON },
	{ "unknown", 'u', NULL, "say that it is not known after all", NULL, O_UNKNOWN },
	WRITING_OPTS, { NULL },
};

static const struct prog correct_prog = {
	.name = "nis2report incident correct",
	.synopsis = "nis2report incident correct -r TEXT [-a NAME] [-k KEY] [-p FILE] "
	    "[--log-key KEY]\n[--now TIME] [--rules DIR] DIR FIELD VALUE\n"
	    "nis2report incident correct -r TEXT -u [-a NAME] [-k KEY] [-p FILE]\n"
	    "[--log-key KEY] [--now TIME] [--rules DIR] DIR FIELD",
	.purpose = "Says that a value was wrong, and what is right; the wrong one stays readable.",
	.opts = correct_opts,
	.words = "dir",
};

int
incident_correct_main(int argc, char **argv)
{
	struct saying s = { .at = NULL };
	const struct incident_value *old;
	struct err e = { "" };
	json_t *o;
	int status;

	if (!begin(&s, &correct_prog, argc, argv, &e, &status))
		return status;
	if (!e.text[0] && s.n != (s.unknown ? 1 : 2))
		err_set(&e, s.unknown ? "one field is expected" : "one field and what is right are "
		    "expected");
	if (!e.text[0] && (!s.reason || !*s.reason))
		err_set(&e, "what was wrong with it? --reason TEXT");
	if (!e.text[0] && writing_open(&s.w, false, &e)) {
		old = incident_value(s.w.incident, s.word[0], UINT64_MAX);
		if (!old)
			err_set(&e, "%.60s: was never set in %s, so there is nothing to correct",
			    s.word[0], s.w.path);
		else if ((o = value_of(&s, s.word[0], s.unknown ? NULL : s.word[1], &e))) {
			json_object_set_new(o, "corrects",
			    json_integer((json_int_t)old->at.seq));
			if (json_object_set_new(o, "reason", json_string(s.reason)) < 0)
				err_set(&e, "--reason: no UTF-8");
			(void)writing_add(&s.w, "incident_value", o, &e);
		}
	}
	return writing_close(&s.w, "corrected", &e);
}

/* ---- close, reopen --------------------------------------------------------------- */

static const struct opt end_opts[] = {
	{ "reason", 'r', "TEXT", "why", NULL, O_REASON }, WRITING_OPTS, { NULL },
};

static const struct prog close_prog = {
	.name = "nis2report incident close",
	.synopsis = "nis2report incident close [-a NAME] [-k KEY] [-p FILE] [-r TEXT] "
	    "[--log-key KEY]\n[--now TIME] [--rules DIR] DIR",
	.purpose = "Ends an incident; its journal stays and can be read and corrected.",
	.opts = end_opts,
	.words = "dir",
};

static const struct prog reopen_prog = {
	.name = "nis2report incident reopen",
	.synopsis = "nis2report incident reopen [-a NAME] [-k KEY] [-p FILE] [-r TEXT] "
	    "[--log-key KEY]\n[--now TIME] [--rules DIR] DIR",
	.purpose = "Goes on with an incident that was closed.",
	.opts = end_opts,
	.words = "dir",
};

static int
end(const struct prog *prog, bool closes, int argc, char **argv)
{
	struct saying s = { .at = NULL };
	struct err e = { "" };
	json_t *o;
	int status;

	if (!begin(&s, prog, argc, argv, &e, &status))
		return status;
	if (!e.text[0] && s.n)
		err_set(&e, "%.60s: only the incident's folder is expected", s.word[0]);
	if (!e.text[0] && writing_open(&s.w, false, &e)) {
		if ((s.w.incident->closed.seq != 0) == closes)
			err_set(&e, closes ? "%s is closed already" : "%s is open", s.w.path);
		else {
			o = json_pack("{ss*}", "reason", s.reason);
			(void)writing_add(&s.w, closes ? "incident_closed" : "incident_reopened", o,
			    &e);
		}
	}
	return writing_close(&s.w, closes ? "closed" : "open again", &e);
}

int
incident_close_main(int argc, char **argv)
{
	return end(&close_prog, true, argc, argv);
}

int
incident_reopen_main(int argc, char **argv)
{
	return end(&reopen_prog, false, argc, argv);
}
