/* written.c: a sorted list a link, each item with memory of its own for its value. */
#include "inv/written.h"

#include <stdlib.h>
#include <string.h>

static int
written_cmp(const struct inv *v, const void *pa, const void *pb)
{
	const struct written *a = pa, *b = pb;
	int c = pool_cmp(&v->pool, a->object, b->object);

	return c ? c : pool_cmp(&v->pool, a->op, b->op);
}

/* The value as JSON text with a 0 behind it, and its length without; t is of WRITTEN_VALUE + 1. */
static uint16_t
value_text(const struct sval *value, char *t)
{
	bool quoted = value->type == SVAL_STR;
	size_t n = value->n + 2 * quoted;
	const char *p;

	if (value->type == SVAL_NONE || n > WRITTEN_VALUE) {
		t[0] = 0;
		return 0;
	}
	p = value->p - quoted;
	for (size_t i = 0; i < n; i++)  /* between the values of a list */
		t[i] = (unsigned char)p[i] < 0x20 || p[i] == 0x7f ? ' ' : p[i];
	t[n] = 0;
	return (uint16_t)n;
}

static void
value_clear(struct inv *v, struct written *x)
{
	free(x->value);
	v->value_bytes -= x->value_room;
	x->value = NULL;
	x->value_n = x->value_room = 0;
}

static void
value_put(struct inv *v, struct written *x, const char *t, uint16_t n)
{
	uint16_t room = (uint16_t)((n + 1 + 15) & ~15);

	if (!n || room > x->value_room) {
		value_clear(v, x);
		if (!n || !inv_room(v, room))
			return;
		if (!(x->value = malloc(room))) {
			v->pool.failed = true;
			return;
		}
		x->value_room = room;
		v->value_bytes += room;
	}
	memcpy(x->value, t, n + 1u);
	x->value_n = n;
}

void
written_add(struct inv *v, struct link *l, const struct wrote *w, bool sum)
{
	struct written key = { .object = w->object, .op = w->op, .count = w->count,
	    .first = w->first, .last = w->last }, *x = l->written.v, greatest = { 0 };
	char t[WRITTEN_VALUE + 1];
	bool fresh = false;
	uint16_t n;
	uint32_t i;
	int c;

	if (!w->object)                 /* a name of blanks */
		return;
	for (i = 0; i < l->written.n && (x[i].object != w->object || x[i].op != w->op); i++)
		;
	if (i < l->written.n) {
		x += i;
	} else {
		if (l->written.n == LIM_INV_OBJECTS)
			greatest = x[LIM_INV_OBJECTS - 1];
		x = vec_slot(v, &l->written, sizeof(*x), LIM_INV_OBJECTS, &key, written_cmp,
		    &fresh);
	}
	if (!x)
		return;
	n = value_text(&w->value, t);
	if (fresh) {
		value_clear(v, &greatest);      /* it went */
		value_put(v, x, t, n);
		return;
	}
	x->count = sum ? x->count + w->count : x->count > w->count ? x->count : w->count;
	if (place_cmp(v, &w->first, &x->first) < 0)
		x->first = w->first;
	c = place_cmp(v, &w->last, &x->last);
	if (c > 0 || (c == 0 && strcmp(t, x->value ? x->value : "") > 0)) {
		x->last = w->last;
		value_put(v, x, t, n);
	}
}

void
written_clear(struct link *l)
{
	struct written *x = l->written.v;

	for (uint32_t i = 0; i < l->written.n; i++)
		free(x[i].value);
	free(x);
	l->written = (struct vec){ NULL };
}

void
written_write(const struct inv *v, struct jw *w, const struct link *l)
{
	const struct written *x = l->written.v;

	if (!l->written.n)
		return;
	jw_arr(w, "objects_written");
	for (uint32_t i = 0; i < l->written.n; i++, x++) {
		jw_a_obj(w);
		jw_cstr(w, "object", inv_str(v, x->object));
		jw_cstr(w, "op", inv_str(v, x->op));
		jw_uint(w, "count", x->count);
		if (x->value)
			jw_raw(w, "last_value", x->value, x->value_n);
		jw_obj(w, "first");
		place_write(v, w, &x->first);
		jw_end(w);
		jw_obj(w, "last");
		place_write(v, w, &x->last);
		jw_end(w);
		jw_end(w);
	}
	jw_end(w);
}
