/* trail.c: lines followed from value to value, and their kinds. */
#include "json/shape_impl.h"

#include "base/hash.h"

/* A stretch among the gaps of a kind: gap 0 is like nothing. */
enum { STRETCH = 0 };

/* Gaps have other numbers from now on; kinds are not numbered again. */
void
trail_forget(struct shapes *s)
{
	memset(s->kind, 0, sizeof(s->kind));
	s->forgotten++;
}

uint32_t
trail_forgotten(const struct shapes *s)
{
	return s->forgotten;
}

uint16_t
trail_place(const struct shapes *s, const char *key, size_t n)
{
	uint16_t root = shape_name(s, 0, SVAL_OBJ, "", 0);

	return root ? shape_name(s, root, PLACE, key, (uint32_t)n) : 0;
}

/* ---- kinds ----------------------------------------------------------------------------- */

/* gap[] is 0 from n on to a multiple of four. 0: there are no more numbers. */
static uint32_t
kind_of(struct shapes *s, const uint16_t *gap, unsigned n)
{
	uint64_t h = hash_words(n, gap, (n + 3) / 4 * 4 * sizeof(*gap));
	struct kind *k = s->kind[(h >> 32) % KINDS];

	for (int i = 0; i < 2; i++)
		if (k[i].hash == h && k[i].n == n && memcmp(k[i].gap, gap, n * sizeof(*gap)) == 0)
			return k[i].id;
	if (s->kinds == UINT32_MAX)
		return 0;
	k[1] = k[0];
	k->id = ++s->kinds;
	k->hash = h;
	k->n = (uint16_t)n;
	memcpy(k->gap, gap, n * sizeof(*gap));
	return k->id;
}

/* ---- following ------------------------------------------------------------------------- */

/* Behind the gap and its value where the line goes on with them, or NULL. */
static inline const uint8_t *
passed(const struct shapes *s, const struct gap *g, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *q;
	bool escaped;

	if (!goes_on(s, g, p, end))
		return NULL;
	q = value_end(g, p + g->n, end, &escaped);
	return escaped ? NULL : q;
}

bool
trail_follow(struct shapes *s, const char *line, size_t n, struct stretch *x, struct trail *t)
{
	const uint8_t *const from = (const uint8_t *)line, *const end = from + n;
	const uint8_t *p = from, *q, *value = from, *more;
	struct gap **place = &s->first[START], **stretch = &s->first[x->from], *g;
	uint16_t gap[TRAIL + 4], last = STRETCH;
	unsigned k = 0;

	for (;; p = q, place = g->to) {
		if (place == stretch) {
			size_t known = x->known(x, (const char *)value, (size_t)(p - value),
			    (size_t)(end - value));

			if (!k || !known || known >= (size_t)(end - value))
				return false;
			t->v[k - 1].n = (uint32_t)known;
			gap[k - 1] = last = STRETCH;
			p = value + known;
			place = &s->first[x->to];
			stretch = NULL;
		}
		for (g = *place; !(q = passed(s, g, p, end)); g = g->next)
			if (g == s->gap)
				return false;
		value = p + g->n;
		/* numbers of an array */
		if (g->to == place && g->n == 1 && g->value == VALUE_NUM)
			for (; end - q > HEAD && *q == ',' &&
			    (more = token_number(q + 1, end)); q = more)
				value = q + 1;
		k += g->id != last;
		if (k > TRAIL)
			return false;
		gap[k - 1] = last = g->id;
		if (g->value == VALUE_END)
			break;
		t->v[k - 1].at = (uint32_t)(value - from);
		t->v[k - 1].n = (uint32_t)(q - value) - (g->value == VALUE_STR);
	}
	t->n = k - 1;
	gap[k] = gap[k + 1] = gap[k + 2] = gap[k + 3] = 0;
	return (t->kind = kind_of(s, gap, k)) != 0;
}
