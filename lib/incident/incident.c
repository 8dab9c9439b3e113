/* incident.c: a journal read into what it says. */
#include "incident/incident.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "chain/chain.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct reading {
	struct incident *i;
	const struct incident_fields *fields;
	const json_t *o;                        /* the payload at hand */
	struct incident_entry at;
	struct err *e;
};

/* One more of a list that doubles at powers of two; NULL: out of memory. */
static void *
more(void **list, size_t *n, size_t size, struct err *e)
{
	char *v = *list;

	if (!(*n & (*n - 1))) {
		v = realloc(v, (*n ? 2 * *n : 1) * size);
		if (!v) {
			err_set(e, "out of memory");
			return NULL;
		}
		*list = v;
	}
	v += (*n)++ * size;
	memset(v, 0, size);
	return v;
}
#define MORE(r, list, n) more((void **)&(r)->i->list, &(r)->i->n, sizeof(*(r)->i->list), (r)->e)

static const char *
text_of(const struct reading *r, const char *key)
{
	return json_string_value(json_object_get(r->o, key));
}

static bool
lacks(const struct reading *r, const char *key)
{
	return err_set(r->e, "lacks %s", key);
}

/* A time of the payload, or the record's own where it has none. */
static bool
time_of(const struct reading *r, const char *key, int64_t *us)
{
	const char *s = text_of(r, key);

	*us = r->at.written;
	return !s || stamp_parse(us, s, strlen(s)) || err_set(r->e, "%s is no time", key);
}

/* Its author and more: texts that live as long as the document they are put into. */
static const char *
keep(struct reading *r, const char *key, const char *p, size_t n)
{
	json_t *s = json_stringn(p, n);

	return s && json_object_set_new((json_t *)(uintptr_t)r->o, key, s) == 0 ?
	    json_string_value(s) : NULL;
}

/* ---- the kinds ------------------------------------------------------------------ */

static bool
take_opened(struct reading *r)
{
	struct incident *i = r->i;
	const json_t *sectors = json_object_get(r->o, "sectors");

	if (i->opened.seq)
		return err_set(r->e, "opens what is open already");
	i->opened = r->at;
	i->title = text_of(r, "title");
	i->zone = text_of(r, "zone");
	i->site = text_of(r, "site");
	i->organisation = text_of(r, "organisation");
	i->number = text_of(r, "number");
	i->sectors = json_is_array(sectors) ? sectors : NULL;
	return i->title ? i->zone || lacks(r, "zone") : lacks(r, "title");
}

static bool
take_value(struct reading *r)
{
	const char *name = text_of(r, "field"), *basis = text_of(r, "basis");
	const json_t *value = json_object_get(r->o, "value");
	const json_t *corrects = json_object_get(r->o, "corrects");
	struct incident_value *v;
	struct err why = { "" };

	if (!name)
		return lacks(r, "field");
	if (!value && !json_is_true(json_object_get(r->o, "unknown")))
		return lacks(r, "value");
	if (!(v = MORE(r, values, nvalues)))
		return false;
	v->at = r->at;
	v->name = name;
	v->field = incident_field(r->fields, name);
	v->value = value;
	v->evidence = basis && strcmp(basis, "evidence") == 0;
	v->records = json_object_get(r->o, "evidence");
	v->corrects = (uint64_t)json_integer_value(corrects);
	v->reason = text_of(r, "reason");
	return !v->field || !value || incident_field_fits(v->field, value, &why) ||
	    err_set(r->e, "%s: %s", name, why.text);
}

static bool
take_note(struct reading *r)
{
	struct incident_note *n = MORE(r, notes, nnotes);

	if (!n)
		return false;
	n->at = r->at;
	n->text = text_of(r, "text");
	return n->text ? time_of(r, "at", &n->when) : lacks(r, "text");
}

static bool
is_digest(const char *s)
{
	return s && strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64;
}

static bool
take_file(struct reading *r)
{
	struct incident_file *f = MORE(r, files, nfiles);

	if (!f)
		return false;
	f->at = r->at;
	f->name = text_of(r, "name");
	f->digest = text_of(r, "digest");
	f->text = text_of(r, "text");
	f->size = (uint64_t)json_integer_value(json_object_get(r->o, "size"));
	if (!f->name)
		return lacks(r, "name");
	return is_digest(f->digest) || lacks(r, "a digest of 64 hex digits");
}

static bool
take_submission(struct reading *r)
{
	struct incident_submission *s = MORE(r, submissions, nsubmissions);

	if (!s)
		return false;
	s->at = r->at;
	s->stage = text_of(r, "stage");
	s->receipt = text_of(r, "receipt");
	s->to = text_of(r, "to");
	s->digest = text_of(r, "digest");
	s->form = text_of(r, "form");
	s->form_text = text_of(r, "form_text");
	s->report = text_of(r, "report");
	s->upto = (uint64_t)json_integer_value(json_object_get(r->o, "upto"));
	if (!s->stage)
		return lacks(r, "stage");
	if ((s->digest && !is_digest(s->digest)) || (s->report && !is_digest(s->report)) ||
	    (s->form && !is_digest(s->form)) || (s->form_text && !is_digest(s->form_text)))
		return lacks(r, "a digest of 64 hex digits");
	return time_of(r, "at", &s->when);
}

static bool
take_closed(struct reading *r)
{
	r->i->closed = r->at;
	return true;
}

static bool
take_reopened(struct reading *r)
{
	memset(&r->i->closed, 0, sizeof(r->i->closed));
	return true;
}

/* ---- records -------------------------------------------------------------------- */

static const struct { const char *type; bool (*take)(struct reading *); } kinds[] = {
	{ "incident_opened", take_opened }, { "incident_value", take_value },
	{ "incident_note", take_note }, { "incident_file", take_file },
	{ "incident_submission", take_submission }, { "incident_closed", take_closed },
	{ "incident_reopened", take_reopened },
};

static bool
take(struct reading *r, const struct entry *en)
{
	json_error_t je;
	json_t **doc;
	size_t k;

	for (k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
		if (span_is(&en->type, kinds[k].type))
			break;
	if (k == sizeof(kinds) / sizeof(*kinds))
		return true;
	if (!(doc = MORE(r, docs, ndocs)))
		return false;
	*doc = json_loadb(en->payload.p, en->payload.n, JSON_REJECT_DUPLICATES, &je);
	if (!*doc)
		return err_set(r->e, "is no JSON: %s", je.text);
	r->o = *doc;
	r->at = (struct incident_entry){ .seq = en->seq, .written = en->time,
	    .who = keep(r, " who", en->author.p, en->author.n) };
	return r->at.who ? kinds[k].take(r) : err_set(r->e, "out of memory");
}

/* The records that the head covers: what stands behind them nobody has signed for. */
static bool
take_all(struct reading *r, const char *p, size_t n, uint64_t covered)
{
	struct err why = { "" };
	struct err *e = r->e;
	struct entry en;
	const char *lf, *what;
	uint64_t seq = 0;
	bool good = true;

	r->e = &why;
	for (; good && seq < covered && (lf = memchr(p, '\n', n));
	    n -= (size_t)(lf + 1 - p), p = lf + 1) {
		seq++;
		good = entry_read(&en, p, (size_t)(lf - p), &what) || err_set(&why, "%s", what);
		good = good && take(r, &en);
		if (!good)
			err_set(e, "%s: record %llu: %s", r->i->path, (unsigned long long)seq,
			    why.text);
	}
	r->e = e;
	return good;
}

struct incident *
incident_read(const char *path, const struct incident_fields *fields, struct err *e)
{
	struct incident *i = calloc(1, sizeof(*i));
	struct reading r = { .i = i, .fields = fields, .e = e };
	struct chain_head h = { .text = NULL };
	char name[4096], *bytes = NULL, *slash;
	int dir = -1;
	bool good;
	size_t n;

	if (!i || !(i->path = strdup(path))) {
		err_set(e, "out of memory");
		free(i);
		return NULL;
	}
	while ((slash = strrchr(i->path, '/')) && slash > i->path && !slash[1])
		*slash = '\0';
	i->name = slash && slash[1] ? slash + 1 : i->path;
	snprintf(name, sizeof(name), "%s/records.ndjson", path);
	good = (dir = chain_folder(path, e)) >= 0 && chain_head(&h, dir, path, e) &&
	    (bytes = file_slurp(name, LIM_INCIDENT, &n, e)) &&
	    take_all(&r, bytes, h.file < n ? (size_t)h.file : n, h.cp.size);
	if (good && !i->opened.seq)
		good = err_set(e, "%s: a ledger, but no incident's journal", path);
	if (good) {
		i->records = h.cp.size;
		memcpy(i->root, h.cp.root.b, sizeof(i->root));
		i->origin = keep(&r, " origin", h.cp.origin, strlen(h.cp.origin));
		good = i->origin || err_set(e, "out of memory");
	}
	chain_head_free(&h);
	free(bytes);
	if (dir >= 0)
		close(dir);
	if (good)
		return i;
	incident_free(i);
	return NULL;
}

void
incident_free(struct incident *i)
{
	if (!i)
		return;
	for (size_t k = 0; k < i->ndocs; k++)
		json_decref(i->docs[k]);
	free(i->docs);
	free(i->values);
	free(i->notes);
	free(i->files);
	free(i->submissions);
	free(i->path);
	free(i);
}

/* ---- asked ---------------------------------------------------------------------- */

const struct incident_value *
incident_value(const struct incident *i, const char *name, uint64_t upto)
{
	for (size_t k = i->nvalues; k-- > 0; )
		if (i->values[k].at.seq <= upto && strcmp(i->values[k].name, name) == 0)
			return &i->values[k];
	return NULL;
}

bool
incident_in_force(const struct incident *i, size_t k)
{
	return incident_value(i, i->values[k].name, UINT64_MAX) == &i->values[k];
}

static const json_t *
in_force(const struct incident *i, const char *name)
{
	const struct incident_value *v = incident_value(i, name, UINT64_MAX);

	return v ? v->value : NULL;
}

bool
incident_time(const struct incident *i, const char *name, int64_t *us)
{
	const char *s = json_string_value(in_force(i, name));

	return s && stamp_parse(us, s, strlen(s));
}

bool
incident_yes(const struct incident *i, const char *name, bool *yes)
{
	const json_t *o = in_force(i, name);

	*yes = json_is_true(o);
	return json_is_boolean(o);
}

const char *
incident_text(const struct incident *i, const char *name)
{
	return json_string_value(in_force(i, name));
}

const struct incident_submission *
incident_submitted(const struct incident *i, const char *stage, bool last)
{
	const struct incident_submission *s = NULL;

	for (size_t k = 0; k < i->nsubmissions && (last || !s); k++)
		if (strcmp(i->submissions[k].stage, stage) == 0)
			s = &i->submissions[k];
	return s;
}
