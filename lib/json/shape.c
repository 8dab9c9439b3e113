/* shape.c: the gaps between values, by the place they begin at.
 *
 * Names of what is open, and of members in it, are one tree ("name"): a bracket's name is the
 * bracket before it and its key; a place's, the bracket it is in and the member's key. They are
 * compared byte for byte: a mistaken place would let through what is no JSON. */
#include "json/shape_impl.h"

#include "base/limits.h"

#include <stdlib.h>

/* What is kept is not cleared: it is read as far as it was written. */
static void
begin(struct shapes *s)
{
	memset(s->slot, 0, sizeof(s->slot));
	s->gap[0] = (struct gap){ .mask = 1u << HEAD };
	s->first[START] = s->gap;
	s->nnames = START + 1;
	s->ngaps = 1;
	s->ntext = 0;
	s->lines = 0;
	trail_forget(s);
}

struct shapes *
shapes_new(void)
{
	struct shapes *s = aligned_alloc(_Alignof(struct shapes), sizeof(*s));

	if (!s)
		return NULL;
	s->score = 0;
	s->rest = 0;
	s->forgotten = 0;
	s->kinds = 0;
	begin(s);
	return s;
}

void
shapes_free(struct shapes *s)
{
	free(s);
}

/* ---- following ---------------------------------------------------------------------- */

const uint8_t *
shape_odd_string(const uint8_t *p, const uint8_t *end, bool *escaped)
{
	const uint8_t *bad;
	const char *why;

	return token_string(p, end, escaped, &bad, &why);
}

struct gap *
shape_another(struct shapes *s, struct gap **place, const uint8_t *p, const uint8_t *end)
{
	struct gap **link = place, **before = NULL, *g, *other;
	bool escaped;

	for (; (g = *link) != s->gap; before = link, link = &g->next) {
		if (!goes_on(s, g, p, end) || !value_end(g, p + g->n, end, &escaped))
			continue;
		if (before) {                   /* one place to the front */
			other = *before;
			other->next = g->next;
			g->next = other;
			*before = g;
		}
		return g;
	}
	return NULL;
}

static struct tape_node *
turn(const struct gap_nodes *g, uint32_t base, struct tape_node *tape, struct tape_node *x,
    uint32_t **open)
{
	for (unsigned k = 0; k < g->closes; k++) {
		struct tape_node *b = &tape[*--*open];

		b->span = (uint32_t)(x - b);
		b->n = base + g->close[k] - b->at;
	}
	for (unsigned k = 0; k < g->opens; k++, x++) {
		*(*open)++ = (uint32_t)(x - tape);
		*x = g->open[k];
		x->key += base;
		x->at += base;
	}
	return x;
}

static bool
follow(struct shapes *s, const char *line, size_t n, struct tape *t)
{
	const uint8_t *const from = (const uint8_t *)line, *const end = from + n;
	const uint8_t *p = from, *q, *value;
	uint32_t opened[LIM_JSON_DEPTH], *open = opened, base;
	struct gap **place = &s->first[START], *g;
	struct tape_node *x = t->v;
	bool escaped;

	for (;; p = q, place = g->to) {
		g = *place;
		if (!goes_on(s, g, p, end) ||
		    !(q = value_end(g, value = p + g->n, end, &escaped))) {
			if (!(g = shape_another(s, place, p, end)))
				return false;
			q = value_end(g, value = p + g->n, end, &escaped);
		}
		base = (uint32_t)(p - from);
		if (g->turns) {
			x = turn(&s->nodes[g->id], base, t->v, x, &open);
			if (g->value == VALUE_END) {
				t->n = (uint32_t)(x - t->v);
				return true;
			}
		}
		*x = s->nodes[g->id].of;
		x->key += base;
		x->at += base;
		x->n += (uint32_t)(q - value);
		x->escaped = escaped;
		x++;
	}
}

bool
shapes_follow(struct shapes *s, const char *p, size_t n, struct tape *t)
{
	s->lines++;
	if (s->rest) {
		s->rest--;
		return false;
	}
	if (n <= t->cap && follow(s, p, n, t)) {
		s->score += s->score < STRANGE;
		return true;
	}
	if (--s->score < -STRANGE) {
		s->score = 0;
		s->rest = REST;
	}
	return false;
}

/* ---- learning ----------------------------------------------------------------------- */

/* Where the text is now, or TEXT: there is no room. */
static uint32_t
keep(struct shapes *s, const char *p, size_t n)
{
	uint32_t at = s->ntext;

	if (n > TEXT - at)
		return TEXT;
	memcpy(s->text + at, p, n);
	s->ntext += (uint32_t)n;
	return at;
}

static uint32_t
name_hash(uint16_t in, uint8_t kind, const char *p, uint32_t n)
{
	uint32_t h = (in * 31u + kind) * 0x9e3779b1u;

	for (uint32_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)p[i]) * 0x01000193u;
	return h;
}

/* The name's slot, or the free one that would be its; SLOTS: there is no room. */
static uint32_t
name_slot(const struct shapes *s, uint32_t h, uint16_t in, uint8_t kind, const char *p, uint32_t n)
{
	const struct name *x;
	unsigned tries = 0;
	uint32_t i;

	for (i = h % SLOTS; s->slot[i]; i = (i + 1) % SLOTS) {
		if (++tries == TRIES)
			return SLOTS;
		x = &s->name[s->slot[i]];
		if (x->hash == h && x->in == in && x->kind == kind && x->n == n &&
		    memcmp(s->text + x->text, p, n) == 0)
			break;
	}
	return i;
}

uint16_t
shape_name(const struct shapes *s, uint16_t in, uint8_t kind, const char *p, uint32_t n)
{
	uint32_t i = name_slot(s, name_hash(in, kind, p, n), in, kind, p, n);

	return i < SLOTS ? s->slot[i] : 0;
}

/* The name's number, or 0: there is no room. */
static uint16_t
name_of(struct shapes *s, uint16_t in, uint8_t kind, const char *p, uint32_t n)
{
	uint32_t h = name_hash(in, kind, p, n), i = name_slot(s, h, in, kind, p, n);
	struct name *x;

	if (i < SLOTS && s->slot[i])
		return s->slot[i];
	if (i == SLOTS || s->nnames == NAMES || n > UINT16_MAX)
		return 0;
	x = &s->name[s->nnames];
	*x = (struct name){ .hash = h, .n = (uint16_t)n, .in = in, .kind = kind };
	if ((x->text = keep(s, p, n)) == TEXT)
		return 0;
	s->first[s->nnames] = s->gap;
	s->slot[i] = s->nnames;
	return s->nnames++;
}

/* Whether there was room for it, or it was known. */
static bool
gap_add(struct shapes *s, struct gap **place, const struct gap *new, const struct gap_nodes *nodes,
    const char *text)
{
	unsigned others = 0;
	struct gap *g;
	uint32_t at;

	for (g = *place; g != s->gap; g = g->next, others++)
		if (g->n == new->n && g->value == new->value &&
		    memcmp(s->text + g->text, text, new->n) == 0)
			return true;
	if (s->ngaps == GAPS || others == CHOICES || (at = keep(s, text, new->n)) == TEXT)
		return false;
	g = &s->gap[s->ngaps];
	*g = *new;
	g->id = s->ngaps++;
	g->text = at;
	memcpy(g->head, text, g->n < HEAD ? g->n : HEAD);
	if (g->n > HEAD)
		memcpy(g->tail, text + g->n - HEAD, HEAD);
	g->mask = (1u << (g->n < HEAD ? g->n : HEAD)) - 1;
	g->turns = nodes->closes || nodes->opens || g->value == VALUE_END;
	s->nodes[g->id] = *nodes;
	g->next = *place;
	*place = g;
	return true;
}

struct learning {
	const char *p;
	uint32_t behind;                /* the value before: where the gap begins */
	struct gap **place;
	unsigned depth;
	struct { uint16_t name; uint32_t stop, end; } open[LIM_JSON_DEPTH];
	struct gap g;
	struct gap_nodes nodes;
};

static bool
begun(struct tape_node *b, const struct learning *l, const struct tape_node *x, bool member)
{
	uint32_t at = x->at - l->behind;

	if (at > GAP_TEXT)
		return false;
	*b = (struct tape_node){ .at = at, .span = 1, .type = x->type };
	if (member) {
		b->key = x->key - l->behind;
		b->key_n = x->key_n;
		b->key_escaped = x->key_escaped;
	}
	return true;
}

static bool
close_to(struct learning *l, uint32_t node)
{
	while (l->depth && node >= l->open[l->depth - 1].stop) {
		uint32_t end = l->open[--l->depth].end - l->behind;

		if (l->nodes.closes == CLOSES || end > GAP_TEXT)
			return false;
		l->nodes.close[l->nodes.closes++] = (uint8_t)end;
	}
	return true;
}

static bool
learn_value(struct shapes *s, struct learning *l, const struct tape_node *x, uint16_t in,
    bool member)
{
	struct tape_node *of = &l->nodes.of;
	struct gap *g = &l->g;
	uint32_t end = x->at;           /* of the gap */
	uint16_t to;

	if (!begun(of, l, x, member))
		return false;
	g->value = x->type == SVAL_STR ? VALUE_STR : x->type == SVAL_NUM ? VALUE_NUM : VALUE_FIXED;
	if (x->type == SVAL_STR)
		of->n = UINT32_MAX;     /* what is added to it counts the closing quote */
	if (g->value == VALUE_FIXED) {
		if (x->n > GAP_TEXT)    /* brackets with nothing but white space in them */
			return false;
		of->n = x->n;
		end += x->n;
	}
	if (end - l->behind > GAP_TEXT)
		return false;
	g->n = (uint16_t)(end - l->behind);
	to = name_of(s, in, PLACE, l->p + x->key, member ? x->key_n : 0);
	g->to = &s->first[to];
	if (!to || !gap_add(s, l->place, g, &l->nodes, l->p + l->behind))
		return false;
	l->place = g->to;
	l->behind = x->at + x->n + (x->type == SVAL_STR);
	*g = (struct gap){ .n = 0 };
	l->nodes = (struct gap_nodes){ .closes = 0 };
	return true;
}

static bool
learn(struct shapes *s, const char *p, size_t n, const struct tape *t)
{
	struct learning l = { .p = p, .place = &s->first[START] };

	for (uint32_t i = 0; i < t->n; i++) {
		const struct tape_node *x = &t->v[i];
		bool bracket = x->type == SVAL_OBJ || x->type == SVAL_ARR, member;
		uint16_t in;

		if (!close_to(&l, i))
			return false;
		in = l.depth ? l.open[l.depth - 1].name : 0;
		member = l.depth && s->name[in].kind == SVAL_OBJ;
		if (!bracket || x->span == 1) {
			if (!learn_value(s, &l, x, in, member))
				return false;
			continue;
		}
		if (l.nodes.opens == OPENS ||
		    !begun(&l.nodes.open[l.nodes.opens++], &l, x, member))
			return false;
		l.open[l.depth].stop = i + x->span;
		l.open[l.depth].end = x->at + x->n;
		if (!(l.open[l.depth++].name = name_of(s, in, x->type, p + x->key,
		    member ? x->key_n : 0)))
			return false;
	}
	if (!close_to(&l, t->n) || n - l.behind > GAP_TEXT)
		return false;
	l.g.value = VALUE_END;
	l.g.n = (uint16_t)(n - l.behind);
	return l.g.n && gap_add(s, l.place, &l.g, &l.nodes, p + l.behind);
}

void
shapes_learn(struct shapes *s, const char *p, size_t n, const struct tape *t)
{
	if (s->rest || learn(s, p, n, t))
		return;
	if (s->lines > FORGET)
		begin(s);
}
