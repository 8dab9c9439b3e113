/* What is written: the last value of each object, in memory that goes with it. */
#include "inv/written.h"

#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct link *
a_link(struct inv *v)
{
	struct addr a = { .v = 4, .b = { 10, 0, 0, 1 } }, b = { .v = 4, .b = { 10, 0, 0, 2 } };

	return inv_link(v, inv_station_at(v, v->site, NULL, &a, 0),
	    inv_station_at(v, v->site, NULL, &b, 0), pool_cstr(&v->pool, "modbus"),
	    pool_cstr(&v->pool, "tcp"), 502, false);
}

static void
add(struct inv *v, struct link *l, unsigned object, const char *value, int64_t us)
{
	char name[32];
	struct wrote w = { .op = pool_cstr(&v->pool, "write"), .count = 1,
	    .value = { .p = value, .n = (uint32_t)strlen(value), .type = SVAL_NUM },
	    .first = { .us = us }, .last = { .us = us } };

	snprintf(name, sizeof(name), "register:%05u", object);
	w.object = pool_cstr(&v->pool, name);
	written_add(v, l, &w, true);
}

/* The value of the object at that place, "" for none. */
static const char *
value(const struct link *l, uint32_t i)
{
	const struct written *x = l->written.v;

	return i < l->written.n && x[i].value ? x[i].value : "";
}

static void
is(const char *got, const char *want, const char *what)
{
	if (!ok(strcmp(got, want) == 0, "%s", what))
		printf("# %s, not %s\n", got, want);
}

static void
memory(void)
{
	struct inv *v = inv_new("");
	struct link *l = a_link(v);
	uint32_t texts;
	size_t bytes;
	char t[32];

	for (unsigned i = 0; i < 8; i++)
		add(v, l, i, "1000000", 1);
	texts = v->pool.n;
	bytes = v->pool.bytes + v->value_bytes;
	for (unsigned i = 0; i < 200000; i++) {
		snprintf(t, sizeof(t), "%u", 1000000 + i);
		add(v, l, i % 8, t, 2 + i);
	}
	ok(v->pool.n == texts && v->pool.bytes + v->value_bytes == bytes,
	    "200,000 values never seen before take no more memory than eight");
	is(value(l, 7), "1199999", "the last is kept");
	ok(((struct written *)l->written.v)[3].count == 25001, "all are counted");
	inv_free(v);
}

static void
ceiling(void)
{
	struct inv *up = inv_new(""), *down = inv_new("");
	struct link *a = a_link(up), *b = a_link(down);
	bool same = true;
	char t[32];

	for (unsigned i = 0; i < 3 * LIM_INV_OBJECTS; i++) {
		snprintf(t, sizeof(t), "\"value of %u\"", i);
		add(up, a, i, t, 1);
		i = 3 * LIM_INV_OBJECTS - 1 - i;
		snprintf(t, sizeof(t), "\"value of %u\"", i);
		add(down, b, i, t, 1);
		i = 3 * LIM_INV_OBJECTS - 1 - i;
	}
	ok(a->written.n == LIM_INV_OBJECTS && b->written.n == LIM_INV_OBJECTS,
	    "a full list stays so long");
	for (uint32_t i = 0; i < LIM_INV_OBJECTS; i++)
		same = same && strcmp(value(a, i), value(b, i)) == 0;
	ok(same && strcmp(value(a, 9), "\"value of 9\"") == 0, "in either order the same are kept");
	ok(up->value_bytes == down->value_bytes,
	    "what had to go for them left its memory: %zu and %zu bytes", up->value_bytes,
	    down->value_bytes);
	up->value_bytes += LIM_INV_TEXT;
	add(up, a, 9, "\"a value that is longer than the one before\"", 2);
	is(value(a, 9), "", "at the ceiling of text the value is not said");
	ok(up->full_text == 1, "which is counted");
	add(up, a, 8, "7", 2);
	is(value(a, 8), "7", "one that fits where another was is");
	up->value_bytes -= LIM_INV_TEXT;
	inv_free(up);
	inv_free(down);
}

static void
values(void)
{
	struct inv *v = inv_new("");
	struct link *l = a_link(v);
	char wide[WRITTEN_VALUE + 2];

	struct wrote on = { .object = pool_cstr(&v->pool, "relay"), .count = 1,
	    .value = { .p = &"\"on\""[1], .n = 2, .type = SVAL_STR } };

	written_add(v, l, &on, true);
	is(value(l, 0), "\"on\"", "a string has its quotes");
	written_clear(l);
	add(v, l, 1, "12", 5);
	add(v, l, 1, "99", 4);
	is(value(l, 0), "12", "what came earlier and was read later is not the last");
	add(v, l, 1, "13", 5);
	add(v, l, 1, "11", 5);
	is(value(l, 0), "13", "of two at one moment the greater");
	add(v, l, 1, "[1,\t2]", 6);
	is(value(l, 0), "[1, 2]", "control characters are blanks");
	memset(wide, '7', sizeof(wide));
	wide[WRITTEN_VALUE] = 0;
	add(v, l, 1, wide, 7);
	is(value(l, 0), wide, "256 bytes are a value");
	wide[WRITTEN_VALUE] = '7';
	wide[WRITTEN_VALUE + 1] = 0;
	add(v, l, 1, wide, 8);
	is(value(l, 0), "", "one more is a block of memory, of which no value is told");
	inv_free(v);
}

int
main(void)
{
	memory();
	ceiling();
	values();
	return tap_done();
}
