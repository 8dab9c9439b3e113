/* access_rules.c: the two documents, read strictly and asked. */
#include "assess/access_rules.h"

#include "base/embed.h"
#include "json/doc.h"

#include <string.h>

enum { PROTOS = 64, SERVICES = 1024, LONGEST = 253 };

struct access_rules {
	json_t *doc, *names;
	struct access_proto proto[PROTOS];
	struct access_service service[SERVICES];
	size_t nproto, nservice;
	int64_t session_gap, coverage_gap;
};

static json_t *
embedded(const char *name, struct err *e)
{
	const struct embed *em = embed_find(name);

	if (!em) {
		err_set(e, "%s: not built in", name);
		return NULL;
	}
	return doc_loadb(name, em->p, (size_t)(em->end - em->p), e);
}

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s && *s ? s : NULL;
}

static bool
gap_of(const json_t *doc, const char *key, int64_t *us, struct err *e)
{
	const json_t *o = json_object_get(doc, key), *v = json_object_get(o, "value");

	if (!json_is_integer(v) || json_integer_value(v) < 1 || json_integer_value(v) > 86400 ||
	    !text_of(o, "source"))
		return err_set(e, "rules/access.json: %s: a value from 1 to 86400 and its source",
		    key);
	*us = json_integer_value(v) * 1000000;
	return true;
}

static bool
proto_read(struct access_rules *r, const json_t *o, size_t i, struct err *e)
{
	static const char *const locks[] = { "varies", "no", "yes" };
	const char *lock = text_of(o, "encrypted");
	struct access_proto *p = &r->proto[r->nproto];
	size_t k;

	if (r->nproto == PROTOS)
		return err_set(e, "rules/access.json: protocols: more than %d", PROTOS);
	*p = (struct access_proto){ .app = text_of(o, "app_proto"), .tool = text_of(o, "tool"),
	    .kind = text_of(o, "kind"), .relay = json_is_true(json_object_get(o, "relay")) };
	for (k = 0; lock && k < 3 && strcmp(locks[k], lock) != 0; k++)
		;
	if (!p->app || !p->tool || !p->kind || !lock || k == 3 || !text_of(o, "source"))
		return err_set(e, "rules/access.json: protocols[%zu]: app_proto, tool, kind, "
		    "encrypted (yes, no, varies) or source is missing", i);
	p->encrypted = (enum access_lock)k;
	r->nproto++;
	return true;
}

static bool
services_read(struct access_rules *r, struct err *e)
{
	const json_t *o, *h;
	size_t i, k;

	json_array_foreach(json_object_get(r->names, "entries"), i, o)
		json_array_foreach(json_object_get(o, "hosts"), k, h) {
			struct access_service *s = &r->service[r->nservice];
			if (r->nservice == SERVICES)
				return err_set(e, "rules/remote-access.json: more than %d hosts",
				    SERVICES);
			*s = (struct access_service){ json_string_value(h), text_of(o, "vendor"),
			    text_of(o, "product"), text_of(o, "kind") };
			if (!s->host || !s->vendor || !s->product || !s->kind)
				return err_set(e, "rules/remote-access.json: entries[%zu]: host, "
				    "vendor, product or kind is missing", i);
			r->nservice++;
		}
	return true;
}

struct access_rules *
access_rules_load(struct err *e)
{
	struct access_rules *r = calloc(1, sizeof(*r));
	const json_t *o;
	size_t i;

	if (!r) {
		err_set(e, "out of memory");
		return NULL;
	}
	if (!(r->doc = embedded("rules/access.json", e)) ||
	    !(r->names = embedded("rules/remote-access.json", e)) ||
	    !gap_of(r->doc, "session_gap_s", &r->session_gap, e) ||
	    !gap_of(r->doc, "coverage_gap_s", &r->coverage_gap, e) || !services_read(r, e))
		goto fail;
	json_array_foreach(json_object_get(r->doc, "protocols"), i, o)
		if (!proto_read(r, o, i, e))
			goto fail;
	return r;
fail:
	access_rules_free(r);
	return NULL;
}

void
access_rules_free(struct access_rules *r)
{
	if (!r)
		return;
	json_decref(r->doc);
	json_decref(r->names);
	free(r);
}

const struct access_proto *
access_proto(const struct access_rules *r, const char *app, size_t n)
{
	for (size_t i = 0; i < r->nproto; i++)
		if (strncmp(r->proto[i].app, app, n) == 0 && !r->proto[i].app[n])
			return &r->proto[i];
	return NULL;
}

const struct access_proto *
access_proto_nth(const struct access_rules *r, size_t n)
{
	return n < r->nproto ? &r->proto[n] : NULL;
}

/* Whether a name ends in the pattern, whole labels; '*' is one label. */
static bool
ends_in(const char *pattern, const char *s, size_t n)
{
	size_t i = strlen(pattern);

	while (i && n) {
		if (pattern[i - 1] == '*') {
			if (s[n - 1] == '.')
				return false;
			while (n && s[n - 1] != '.')
				n--;
			i--;
			continue;
		}
		if ((pattern[--i] | 0x20) != (s[--n] | 0x20))
			return false;
	}
	return !i && (!n || s[n - 1] == '.');
}

const struct access_service *
access_service(const struct access_rules *r, const char *host, size_t n)
{
	if (n && host[n - 1] == '.')
		n--;
	for (size_t i = 0; n && n <= LONGEST && i < r->nservice; i++)
		if (ends_in(r->service[i].host, host, n))
			return &r->service[i];
	return NULL;
}

static bool
listed(const struct access_rules *r, const char *list, const char *word)
{
	const json_t *v;
	size_t i;

	json_array_foreach(json_object_get(r->doc, list), i, v)
		if (strcmp(json_string_value(v) ? json_string_value(v) : "", word) == 0)
			return true;
	return false;
}

bool
access_kind(const struct access_rules *r, const char *kind)
{
	return listed(r, "kinds_by_name", kind);
}

enum access_lock
access_lock(const struct access_rules *r, const char *app)
{
	const struct access_proto *p = access_proto(r, app, strlen(app));

	if (p)
		return p->encrypted;
	return listed(r, "encrypted", app) ? LOCK_YES : listed(r, "clear", app) ? LOCK_NO :
	    LOCK_UNKNOWN;
}

bool
access_housekeeping(const struct access_rules *r, const char *app)
{
	return listed(r, "housekeeping", app);
}

int64_t
access_session_gap(const struct access_rules *r)
{
	return r->session_gap;
}

int64_t
access_coverage_gap(const struct access_rules *r)
{
	return r->coverage_gap;
}
