/* incident_show.c: nis2report incident show, fields: what a journal says, and what it can say. */
#include "incident.h"
#include "request.h"

#include "base/diag.h"
#include "report/incident_paper.h"

#include <string.h>

/* ---- show ---------------------------------------------------------------------- */

static const char *const show_types[] = { "incident", "incident_field", NULL };

static const struct opt show_opts[] = { REQUEST_OPTS("text|markdown|html|ndjson"), { NULL } };

static const struct prog show_prog = {
	.name = "nis2report incident show",
	.synopsis =
	    "nis2report incident show [-f FORMAT] [-l LANG] [-o FILE [--force]] [-s FILE]\n"
	    "[-w COLUMNS] [--now TIME] [--rules DIR] DIR\n"
	    "nis2report incident show --list-fields | --schema",
	.purpose = "What an incident's journal says: values in force, notes, files, submissions.",
	.opts = show_opts,
	.words = "dir",
};

static bool
write_incident(const struct incident *i, struct jw *w)
{
	jw_begin(w);
	jw_time(w, "timestamp", i->opened.written);
	jw_cstr(w, "event_type", "incident");
	jw_obj(w, "incident");
	jw_cstr(w, "name", i->name);
	jw_cstr(w, "title", i->title);
	jw_cstr(w, "origin", i->origin);
	jw_cstr(w, "zone", i->zone);
	jw_cstr(w, "organisation", i->organisation);
	jw_cstr(w, "opened_by", i->opened.who);
	if (i->closed.seq) {
		jw_time(w, "closed", i->closed.written);
		jw_cstr(w, "closed_by", i->closed.who);
	}
	jw_uint(w, "records", i->records);
	jw_hex(w, "root", i->root, sizeof(i->root));
	jw_uint(w, "notes", i->nnotes);
	jw_uint(w, "files", i->nfiles);
	jw_uint(w, "submissions", i->nsubmissions);
	jw_end(w);
	return jw_line(w);
}

static bool
write_value(const struct incident *i, const struct incident_value *v, struct jw *w)
{
	char *value = v->value ? json_dumps(v->value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	bool good;

	jw_begin(w);
	jw_time(w, "timestamp", v->at.written);
	jw_cstr(w, "event_type", "incident_field");
	jw_obj(w, "incident_field");
	jw_cstr(w, "incident", i->name);
	jw_cstr(w, "field", v->name);
	if (value)
		jw_raw(w, "value", value, strlen(value));
	else
		jw_bool(w, "unknown", true);
	jw_cstr(w, "basis", v->evidence ? "evidence" : "person");
	jw_cstr(w, "who", v->at.who);
	jw_uint(w, "seq", v->at.seq);
	if (v->corrects) {
		jw_uint(w, "corrects", v->corrects);
		jw_cstr(w, "reason", v->reason);
	}
	jw_end(w);
	good = jw_line(w);
	free(value);
	return good;
}

static bool
show(struct request *q, const struct incident *i, const struct incident_fields *f)
{
	struct paper *p;
	bool ok;

	if (request_wants(q, "ndjson")) {
		ok = write_incident(i, request_jw(q)) && request_sent(q);
		for (size_t k = 0; ok && k < i->nvalues; k++)
			if (incident_in_force(i, k))
				ok = write_value(i, &i->values[k], request_jw(q)) &&
				    request_sent(q);
		return ok;
	}
	p = request_blank(q);
	return request_render(q, p, p && incident_paper(p, i, f));
}

int
incident_show_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct incident_fields *f = NULL;
	struct incident *i = NULL;
	struct err e = { "" };

	q.types = show_types;
	if (request_parse(&q, &show_prog, argc, argv, NULL, NULL, &e) && q.nin != 1)
		err_set(&e, "which incident? Its folder is expected");
	if (!e.text[0] && request_open(&q, &e) &&
	    (f = incident_fields_load(q.rules_dir, &e)) &&
	    (i = incident_read(q.in[0], f, &e)) && !show(&q, i, f))
		err_set(&e, "out of memory");
	incident_free(i);
	incident_fields_free(f);
	return request_end(&q, 0, &e);
}

/* ---- fields -------------------------------------------------------------------- */

static const char *const fields_types[] = { NULL };

static const struct opt fields_opts[] = { REQUEST_OPTS("text|markdown|html"), { NULL } };

static const struct prog fields_prog = {
	.name = "nis2report incident fields",
	.synopsis = "nis2report incident fields [-f FORMAT] [-l LANG] [-o FILE [--force]] "
	    "[-w COLUMNS]\n[--rules DIR] [FIELD ...]",
	.purpose = "What can be said of an incident: the fields, with the questions to ask.",
	.opts = fields_opts,
};

static bool
is_field(const struct incident_fields *f, const char *name)
{
	for (size_t k = 0; k < f->n; k++)
		if (strcmp(f->v[k].id, name) == 0)
			return true;
	return incident_field(f, name) != NULL;
}

int
incident_fields_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct incident_fields *f = NULL;
	struct paper *p;
	struct err e = { "" };

	q.types = fields_types;
	if (!request_parse(&q, &fields_prog, argc, argv, NULL, NULL, &e) ||
	    !request_open(&q, &e) || !(f = incident_fields_load(q.rules_dir, &e)))
		return request_fail(&q, &e);
	for (int i = 0; i < q.nin && !e.text[0]; i++)
		if (!is_field(f, q.in[i]))
			err_set(&e, "%.60s: no such field", q.in[i]);
	if (!e.text[0]) {
		p = request_blank(&q);
		if (!request_render(&q, p, p && incident_fields_paper(p, f, q.in,
		    (size_t)q.nin)))
			err_set(&e, "out of memory");
	}
	incident_fields_free(f);
	return request_end(&q, 0, &e);
}
