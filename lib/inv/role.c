/* role.c: what an asset probably is, from the links it has. */
#include "inv/role.h"

#include "base/embed.h"
#include "inv/group.h"
#include "inv/link.h"
#include "json/doc.h"

#include <stdlib.h>
#include <string.h>

struct rule {
	const char *role, *reason;
	int side;                       /* enum side, or -1: any */
	bool public;
	uint32_t min;
	const json_t *apps;
};
struct roles { json_t *doc; const json_t *weak; struct rule *v; size_t n; };

struct roles *
roles_load(struct err *e)
{
	const struct embed *f = embed_find("rules/roles.json");
	struct roles *r = calloc(1, sizeof(*r));
	const json_t *list, *x;
	const char *side;
	size_t i;

	if (!r || !f) {
		err_set(e, "rules/roles.json: not here");
		goto out;
	}
	if (!(r->doc = doc_loadb(f->name, f->p, (size_t)(f->end - f->p), e)))
		goto out;
	list = json_object_get(r->doc, "entries");
	r->weak = json_object_get(r->doc, "weak");
	if (!(r->v = calloc(json_array_size(list) + 1, sizeof(*r->v))))
		goto out;
	json_array_foreach(list, i, x) {
		struct rule *u = &r->v[r->n++];
		side = json_string_value(json_object_get(x, "side"));
		u->role = json_string_value(json_object_get(x, "role"));
		u->reason = json_string_value(json_object_get(x, "reason"));
		u->apps = json_object_get(x, "app_proto");
		u->public = json_object_get(x, "peer") != NULL;
		u->min = (uint32_t)json_integer_value(json_object_get(x, "min"));
		if (!u->role || !u->reason || !side || !json_is_array(u->apps)) {
			err_set(e, "rules/roles.json: entries[%zu]: role, reason, side or "
			    "app_proto missing", i);
			goto out;
		}
		u->side = strcmp(side, "server") == 0 ? SIDE_SERVER :
		    strcmp(side, "client") == 0 ? SIDE_CLIENT : -1;
	}
	return r;
out:
	roles_free(r);
	return NULL;
}

void
roles_free(struct roles *r)
{
	if (!r)
		return;
	json_decref(r->doc);
	free(r->v);
	free(r);
}

size_t
roles_n(const struct roles *r)
{
	return r ? r->n : 0;
}

static bool
rule_has(const struct rule *u, const char *app)
{
	const json_t *x;
	size_t i;

	json_array_foreach(u->apps, i, x)
		if (strcmp(json_string_value(x) ? json_string_value(x) : "", app) == 0)
			return true;
	return false;
}

static void
matched(const struct inv *v, const struct rule *u, struct role_match *m, const struct link *l,
    uint32_t peer)
{
	const struct place *p = &l->first;

	if (u->public && !v->as[peer].public)
		return;
	if (m->n++ == 0 || pool_cmp(&v->pool, l->app, m->app) < 0 ||
	    (l->app == m->app && l->port < m->port)) {
		m->app = l->app;
		m->port = l->port;
	}
	if (m->n == 1 || place_cmp(v, p, &m->first) < 0)
		m->first = *p;
}

struct role_match *
roles_match(const struct inv *v, const struct roles *r)
{
	struct role_match *m = calloc((size_t)v->nas * roles_n(r) + 1, sizeof(*m));
	const struct link *l;
	uint32_t i, c, s;
	size_t k;

	for (i = 0; m && i < v->nln; i++) {
		l = &v->ln[i];
		/* an unanswered question makes nobody a server, and a guess nobody anything */
		if (!l->app || l->guess || l->copy)
			continue;
		c = v->st[l->c].asset;
		s = v->st[l->s].asset;
		for (k = 0; k < r->n; k++) {
			if (!rule_has(&r->v[k], inv_str(v, l->app)))
				continue;
			if (r->v[k].side != SIDE_CLIENT && l->answered)
				matched(v, &r->v[k], &m[s * r->n + k], l, c);
			if (r->v[k].side != SIDE_SERVER)
				matched(v, &r->v[k], &m[c * r->n + k], l, s);
		}
	}
	return m;
}

bool
role_fresh(struct role_set *s, const char *role)
{
	for (unsigned i = 0; i < s->n; i++)
		if (strcmp(s->v[i], role) == 0)
			return false;
	if (s->n == sizeof(s->v) / sizeof(*s->v))
		return false;
	s->v[s->n++] = role;
	return true;
}

bool
role_weak(const struct roles *r, const char *role)
{
	const json_t *x;
	size_t i;

	json_array_foreach(r ? r->weak : NULL, i, x)
		if (strcmp(json_string_value(x) ? json_string_value(x) : "", role) == 0)
			return true;
	return false;
}

void
roles_write(const struct inv *v, struct jw *w, const struct roles *r, const struct role_match *m,
    struct role_set *done)
{
	size_t k;

	for (k = 0; m && k < roles_n(r); k++, m++) {
		if (m->n == 0 || m->n < r->v[k].min || !role_fresh(done, r->v[k].role))
			continue;
		jw_a_obj(w);
		jw_cstr(w, "role", r->v[k].role);
		jw_cstr(w, "reason", r->v[k].reason);
		jw_cstr(w, "basis", "behaviour");
		jw_cstr(w, "app_proto", inv_str(v, m->app));
		if (m->port)
			jw_uint(w, "port", m->port);
		place_write(v, w, &m->first);
		jw_end(w);
	}
}
