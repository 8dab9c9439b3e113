/* write_evidence.c: where an asset was seen, who said what of it, and who disagrees. */
#include "inv/write_impl.h"

#include "inv/group.h"
#include "inv/role.h"

#include <string.h>
#include <strings.h>

void
addresses_write(const struct inv *v, struct jw *w, const struct asset *a, const int *at)
{
	const struct station *s;

	jw_arr(w, "addresses");
	for (uint32_t i = 0; i < a->n; i++) {
		if (at[i] < 0)
			continue;
		s = inv_member(v, a->first + i);
		jw_a_obj(w);
		station_write_key(w, s);
		jw_cstr(w, "sub", inv_str(v, s->sub));
		if (s->claimed)
			jw_bool(w, "claimed", true);
		if (s->claimed && !s->asked)
			jw_bool(w, "answered_for", true);
		jw_bool(w, "heard", s->heard);
		if (station_zone(v, s)) {
			jw_cstr(w, "zone", inv_str(v, s->zone));
			jw_cstr(w, "zone_by", zone_by_names[s->zone_by]);
		}
		jw_cstr(w, "supplier", inv_str(v, s->supplier));
		if (s->reg) {
			jw_cstr(w, "register", inv_str(v, v->regs[s->reg - 1].text[REG_ID]));
			jw_cstr(w, "register_by", reg_by_names[s->reg_by]);
		}
		if (s->nvlan) {
			jw_arr(w, "vlans");
			for (int k = 0; k < s->nvlan; k++)
				jw_a_uint(w, s->vlan[k]);
			jw_end(w);
		}
		jw_uint(w, "packets", s->packets);
		jw_uint(w, "bytes", s->bytes);
		jw_uint(w, "events", s->events);
		if (s->last != INT64_MIN)
			jw_time(w, "last_seen", s->last);
		jw_obj(w, "first");
		place_write(v, w, &s->first);
		jw_end(w);
		jw_end(w);
	}
	jw_end(w);
}

void
evidence_write(const struct inv *v, struct jw *w, const struct asset *a, const int *at)
{
	const struct station *s;
	const struct word *x;
	char t[MAC_TEXT];
	uint32_t i, k;
	int f;

	jw_obj(w, "evidence");
	for (f = 0; f < FIELDS; f++) {
		bool open = false;
		for (i = 0; i < a->n; i++) {
			s = inv_member(v, a->first + i);
			x = s->words.v;
			for (k = 0; k < s->words.n; k++) {
				if (x[k].field != f)
					continue;
				if (!open) {
					jw_key(w, field_names[f], strlen(field_names[f]));
					jw_k_open(w, JW_NOKEY, '[');
				}
				open = true;
				jw_a_obj(w);
				jw_cstr(w, "value", inv_str(v, x[k].value));
				jw_cstr(w, "source", inv_str(v, x[k].source));
				jw_uint(w, "rank", source_rank(inv_str(v, x[k].source)));
				place_write(v, w, &x[k].first);
				jw_time(w, "last_seen", x[k].last);
				if (at[i] >= 0)
					jw_uint(w, "at", (uint64_t)at[i]);
				else
					jw_str(w, "mac", t, mac_put(t, s->mac));
				jw_end(w);
			}
		}
		if (open)
			jw_end(w);
	}
	jw_end(w);
}

/* Are two words on one thing at odds? Names differ by domain and case, makers
 * by legal form; product names differ from protocol to protocol by nature. */
static bool
at_odds(const struct inv *v, const struct word *a, const struct word *b)
{
	const char *x = inv_str(v, a->value), *y = inv_str(v, b->value);
	size_t n;

	if (a->value == b->value || source_rank(inv_str(v, a->source)) > 5 ||
	    source_rank(inv_str(v, b->source)) > 5)
		return false;
	switch (a->field) {
	case F_VENDOR:
		n = strcspn(x, " ,.-");
		return n != strcspn(y, " ,.-") || strncasecmp(x, y, n) != 0;
	case F_HOSTNAME:
		n = strcspn(x, ".");
		return n != strcspn(y, ".") || strncasecmp(x, y, n) != 0;
	case F_SERIAL:
		return strcasecmp(x, y) != 0;
	case F_ROLE:
	case F_LOCATION:
	case F_NAME:
	case F_IDENTIFIER:
	case F_TRAIT:
		return false;
	default:
		return a->source == b->source && strcasecmp(x, y) != 0;
	}
}

static void
odd_one(const struct inv *v, struct jw *w, const struct word *x)
{
	jw_a_obj(w);
	jw_cstr(w, "value", inv_str(v, x->value));
	jw_cstr(w, "source", inv_str(v, x->source));
	place_write(v, w, &x->first);
	jw_time(w, "last_seen", x->last);
	jw_end(w);
}

void
contradictions_write(const struct inv *v, struct jw *w, const struct asset *a)
{
	const struct word *best, *x;
	uint32_t i, k;
	bool any = false, open;

	for (int f = 0; f < FIELDS; f++) {
		if (!(best = asset_word(v, a, f)))
			continue;
		open = false;
		for (i = a->first; i < a->first + a->n; i++) {
			x = inv_member(v, i)->words.v;
			for (k = 0; k < inv_member(v, i)->words.n; k++) {
				if (x[k].field != f || !at_odds(v, best, &x[k]))
					continue;
				if (!any)
					jw_arr(w, "contradictions");
				any = true;
				if (!open) {
					jw_a_obj(w);
					jw_cstr(w, "field", field_names[f]);
					jw_arr(w, "values");
					odd_one(v, w, best);
				}
				open = true;
				odd_one(v, w, &x[k]);
			}
		}
		if (open) {
			jw_end(w);
			jw_end(w);
		}
	}
	if (any)
		jw_end(w);
}
