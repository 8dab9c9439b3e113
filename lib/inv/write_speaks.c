/* write_speaks.c: what an asset speaks, and the units that were addressed behind it. */
#include "inv/write_impl.h"

#include "inv/group.h"
#include "inv/role.h"

#include <stdlib.h>
#include <string.h>

static void
speak_write(const struct inv *v, struct jw *w, const struct speak *s, int at)
{
	jw_a_obj(w);
	if (s->guess) {
		jw_obj(w, "guess");
		jw_cstr(w, "app_proto", inv_str(v, s->app));
		jw_end(w);
	} else {
		jw_cstr(w, "app_proto", inv_str(v, s->app));
	}
	jw_cstr(w, "transport", inv_str(v, s->transport));
	if (s->port)
		jw_uint(w, "port", s->port);
	jw_cstr(w, "side", side_names[s->side]);
	jw_uint(w, "events", s->events);
	if (s->flows)
		jw_uint(w, "flows", s->flows);
	ops_write(w, s->ops);
	jw_time(w, "first_seen", s->first);
	jw_time(w, "last_seen", s->last);
	if (at >= 0)
		jw_uint(w, "at", (uint64_t)at);
	jw_end(w);
}

/* A part's share of its gateway's traffic: what the unit facts say. */
static bool
part_speaks_write(const struct inv *v, struct jw *w, const struct station *s, bool open)
{
	const struct station *p;
	const struct unit *u;
	const struct speak *ps;
	uint32_t i, k;
	unsigned long unit;

	if (s->parent == INV_NONE || strncmp(inv_str(v, s->sub), "unit ", 5) != 0)
		return open;
	unit = strtoul(inv_str(v, s->sub) + 5, NULL, 10);
	p = &v->st[s->parent];
	u = p->units.v;
	for (i = 0; i < p->units.n; i++) {
		struct speak sp = { .app = u[i].app, .events = u[i].events, .first = u[i].first,
		    .last = u[i].last, .side = SIDE_SERVER };
		if (u[i].unit != unit)
			continue;
		ps = p->speaks.v;
		for (k = 0; k < p->speaks.n; k++)
			if (ps[k].app == u[i].app && ps[k].side == SIDE_SERVER && !ps[k].guess) {
				sp.transport = ps[k].transport;
				sp.port = ps[k].port;
				break;
			}
		memcpy(sp.ops, u[i].ops, sizeof(sp.ops));
		if (!open)
			jw_arr(w, "protocols");
		open = true;
		speak_write(v, w, &sp, -1);
	}
	return open;
}

void
protocols_write(const struct inv *v, struct jw *w, const struct asset *a, const int *at)
{
	const struct station *s;
	const struct speak *sp;
	const struct unit *u;
	uint32_t i, k;
	bool open = false;

	for (i = 0; i < a->n; i++) {
		s = inv_member(v, a->first + i);
		sp = s->speaks.v;
		for (k = 0; k < s->speaks.n; k++) {
			if (!open)
				jw_arr(w, "protocols");
			open = true;
			speak_write(v, w, &sp[k], at[i]);
		}
		if (a->parent != INV_NONE)
			open = part_speaks_write(v, w, s, open);
	}
	if (open)
		jw_end(w);
	open = false;
	for (i = 0; i < a->n; i++) {
		s = inv_member(v, a->first + i);
		u = s->units.v;
		for (k = 0; k < s->units.n; k++) {
			if (!open)
				jw_arr(w, "units");
			open = true;
			jw_a_obj(w);
			jw_cstr(w, "app_proto", inv_str(v, u[k].app));
			jw_uint(w, "unit_id", u[k].unit);
			jw_uint(w, "events", u[k].events);
			jw_uint(w, "answered", u[k].answered);
			ops_write(w, u[k].ops);
			jw_time(w, "first_seen", u[k].first);
			jw_time(w, "last_seen", u[k].last);
			jw_uint(w, "at", (uint64_t)at[i]);
			jw_end(w);
		}
	}
	if (open)
		jw_end(w);
}
