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

/* Behind the value at p and at v what the trail says of it; or NULL. */
static inline const uint8_t *
value_of(const struct gap *g, const uint8_t *from, const uint8_t *p, const uint8_t *end,
    struct value_at *v)
{
	bool escaped;
	const uint8_t *q = value_end(g, p, end, &escaped);

	if (!q || escaped)
		return NULL;
	*v = (struct value_at){ .at = (uint32_t)(p - from),
	    .n = (uint32_t)(q - p) - (g->value == VALUE_STR) };
	return q;
}

/* Behind the numbers of a list that follow on one that ends at q; the last one is at v. */
static const uint8_t *
numbers(const uint8_t *from, const uint8_t *q, const uint8_t *end, struct value_at *v)
{
	const uint8_t *more;

	for (; end - q > HEAD && *q == ',' && (more = token_number(q + 1, end)); q = more) {
		v->at = (uint32_t)(q + 1 - from);
		v->n = (uint32_t)(more - q) - 1;
	}
	return q;
}

/* Behind the stretch that begins with the value at v and goes on at p, or NULL; v is all of it. */
static const uint8_t *
over(struct stretch *x, const uint8_t *from, const uint8_t *p, const uint8_t *end,
    struct value_at *v)
{
	const uint8_t *value = from + v->at;
	size_t left = (size_t)(end - value);
	size_t known = x->known(x, (const char *)value, (size_t)(p - value), left);

	v->n = (uint32_t)known;
	return known && known < left ? value + known : NULL;
}

bool
trail_follow(struct shapes *s, const char *line, size_t n, struct stretch *x, struct trail *t)
{
	const uint8_t *const from = (const uint8_t *)line, *const end = from + n;
	struct gap **place = &s->first[START], **stretch = &s->first[x->from], *g;
	const uint8_t *p = from, *q;
	uint16_t gap[TRAIL + 4];
	unsigned k = 0;

	do {
		if (place == stretch) {
			if (!k || !(p = over(x, from, p, end, &t->v[k - 1])))
				return false;
			gap[k - 1] = STRETCH;
			place = &s->first[x->to];
			stretch = NULL;
		}
		if (k == TRAIL)
			return false;
		for (g = *place; !goes_on(s, g, p, end) ||
		    !(q = value_of(g, from, p + g->n, end, &t->v[k])); g = g->next)
			if (g == s->gap)
				return false;
		if (g->to == place) {
			if (g->n == 1 && g->value == VALUE_NUM)
				q = numbers(from, q, end, &t->v[k]);
			/* what follows on itself is there once */
			if (k && gap[k - 1] == g->id) {
				t->v[k - 1] = t->v[k];
				k--;
			}
		}
		gap[k++] = g->id;
		p = q;
	} while ((place = g->to));
	t->n = k - 1;
	gap[k] = gap[k + 1] = gap[k + 2] = gap[k + 3] = 0;
	return (t->kind = kind_of(s, gap, k)) != 0;
}
