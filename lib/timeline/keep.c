/* keep.c: as many items as a page can show: those that weigh most. */
#include "timeline/timeline.h"

#include <stdlib.h>
#include <string.h>

/* What an incident is about before what merely happened. */
static const uint8_t kind_weight[TIMELINE_KINDS] = {
	[TIMELINE_NOTE] = 7, [TIMELINE_COMMAND] = 6, [TIMELINE_ALARM] = 5, [TIMELINE_GAP] = 5,
	[TIMELINE_ALERT] = 4, [TIMELINE_SESSION] = 5, [TIMELINE_RESULT] = 3,
	[TIMELINE_CHANGE] = 4, [TIMELINE_CALIBRATION] = 4, [TIMELINE_LOGIN] = 3,
	[TIMELINE_CLOCK] = 5, [TIMELINE_LOG] = 0,
};
enum { LINKED = 8 };            /* as a severity */

/* By severity and kind first; of those that weigh the same a share that is spread over the
 * whole time, the same on every run: the number, well mixed, decides. */
static uint32_t
weigh(const struct timeline_item *x)
{
	uint32_t w = (uint32_t)(x->severity * 8 + kind_weight[x->kind] +
	    (x->nbecause ? LINKED : 0));
	uint64_t h = x->n * UINT64_C(0x9e3779b97f4a7c15);

	return w << 24 | (uint32_t)((h ^ h >> 29) >> 20 & 0xffffff);
}

static size_t
text_bytes(const struct timeline_item *x)
{
	return (size_t)x->text.n + x->asset.n + x->zone.n + x->object.n + x->value.n + x->peer.n +
	    x->capture.n;
}

static void
copy_text(struct timeline_text *t, char **d)
{
	memcpy(*d, t->p, t->n);
	t->p = *d;
	*d += t->n;
}

/* Each of the chosen with its texts behind it in one block. */
struct chosen { struct timeline_item item; uint32_t weight; bool cause; char *text; };

static bool
choose(struct chosen *c, const struct timeline_item *x, uint32_t w)
{
	char *d = malloc(text_bytes(x) + 1);

	c->text = d;
	if (!d)
		return false;
	c->item = *x;
	c->weight = w;
	c->cause = false;
	copy_text(&c->item.text, &d);
	copy_text(&c->item.asset, &d);
	copy_text(&c->item.zone, &d);
	copy_text(&c->item.object, &d);
	copy_text(&c->item.value, &d);
	copy_text(&c->item.peer, &d);
	copy_text(&c->item.capture, &d);
	return true;
}

static bool
count_minute(struct timeline_kept *k, size_t *cap, int64_t us)
{
	int64_t minute = us - ((us % 60000000) + 60000000) % 60000000;
	size_t n = k->nminutes;
	struct timeline_minute *v;

	k->left_out++;
	/* what leaves its place to a heavier one is of the last minutes, too */
	while (n && k->minutes[n - 1].us > minute)
		n--;
	if (n && k->minutes[n - 1].us == minute) {
		k->minutes[n - 1].count++;
		return true;
	}
	if (k->nminutes == *cap) {
		*cap = *cap ? *cap * 2 : 256;
		if (!(v = realloc(k->minutes, *cap * sizeof(*v))))
			return false;
		k->minutes = v;
	}
	memmove(k->minutes + n + 1, k->minutes + n, (k->nminutes - n) * sizeof(*v));
	k->minutes[n] = (struct timeline_minute){ minute, 1 };
	k->nminutes++;
	return true;
}

/* What led to an item weighs as one that is linked, if it is still there. */
static void
lift_causes(struct chosen *c, size_t n, const struct timeline_item *x)
{
	for (size_t b = 0; b < x->nbecause; b++) {
		size_t lo = 0, hi = n;

		while (lo < hi) {
			size_t mid = (lo + hi) / 2;
			if (c[mid].item.n < x->because[b].n)
				lo = mid + 1;
			else
				hi = mid;
		}
		if (lo < n && c[lo].item.n == x->because[b].n && !c[lo].cause) {
			c[lo].cause = true;
			c[lo].weight += c[lo].item.nbecause ? 0 : LINKED << 24;
		}
	}
}

static int
heavier(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

/* The lightest go until `max` are left. */
static bool
thin(struct chosen *c, size_t *n, size_t max, struct timeline_kept *k, size_t *cap,
    uint32_t *floor)
{
	uint32_t *w = malloc(*n * sizeof(*w));
	size_t to = 0, equal = max;

	if (!w)
		return false;
	for (size_t i = 0; i < *n; i++)
		w[i] = c[i].weight;
	qsort(w, *n, sizeof(*w), heavier);
	*floor = w[max - 1];
	while (equal && w[equal - 1] == *floor)
		equal--;
	equal = max - equal;            /* so many of just that weight stay */
	free(w);
	for (size_t i = 0; i < *n; i++) {
		if (c[i].weight > *floor || (c[i].weight == *floor && equal)) {
			equal -= c[i].weight == *floor;
			c[to++] = c[i];
			continue;
		}
		free(c[i].text);
		if (!count_minute(k, cap, c[i].item.us)) {
			for (i++; i < *n; i++)
				free(c[i].text);
			*n = to;
			return false;
		}
	}
	*n = to;
	return true;
}

static struct timeline_kept *
hand_over(struct timeline_kept *k, struct chosen *c, size_t n)
{
	size_t bytes = 0;
	char *d;

	for (size_t i = 0; i < n; i++)
		bytes += text_bytes(&c[i].item);
	k->items = malloc((n + 1) * sizeof(*k->items));
	k->mem = d = malloc(bytes + 1);
	if (!k->items || !k->mem)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct timeline_item *x = &k->items[k->nitems++];

		*x = c[i].item;
		copy_text(&x->text, &d);
		copy_text(&x->asset, &d);
		copy_text(&x->zone, &d);
		copy_text(&x->object, &d);
		copy_text(&x->value, &d);
		copy_text(&x->peer, &d);
		copy_text(&x->capture, &d);
	}
	return k;
}

struct timeline_kept *
timeline_keep(struct timeline *t, size_t max, void (*each)(void *arg, struct timeline_item *item),
    void *arg, struct err *e)
{
	struct timeline_kept *k = calloc(1, sizeof(*k)), *done = NULL;
	struct chosen *c = malloc((2 * max + 1) * sizeof(*c));
	size_t n = 0, cap = 0;
	uint32_t floor = 0, w;
	struct timeline_item x;
	bool ok = k && c && max;

	while (ok && timeline_next(t, &x, e)) {
		if (each)
			each(arg, &x);
		w = weigh(&x);
		lift_causes(c, n, &x);
		/* when there are twice as many as wanted, the lightest go */
		ok = w < floor ? count_minute(k, &cap, x.us) : choose(&c[n++], &x, w);
		if (ok && n == 2 * max)
			ok = thin(c, &n, max, k, &cap, &floor);
	}
	if (ok && n > max)
		ok = thin(c, &n, max, k, &cap, &floor);
	if (ok && !e->text[0])
		done = hand_over(k, c, n);
	if (!done && !e->text[0])
		err_set(e, "out of memory");
	for (size_t i = 0; c && i < n; i++)
		free(c[i].text);
	free(c);
	if (!done)
		timeline_kept_free(k);
	return done;
}

void
timeline_kept_free(struct timeline_kept *k)
{
	if (!k)
		return;
	free(k->items);
	free(k->minutes);
	free(k->mem);
	free(k);
}
