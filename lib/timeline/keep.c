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
enum { WEIGHTS = 64 };

/* 0 to 63: severity and kind; that it is linked to another weighs as a severity. */
static unsigned
weight(const struct timeline_item *x)
{
	return (unsigned)(x->severity + (x->nbecause > 0)) * 8 + kind_weight[x->kind];
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
struct chosen { struct timeline_item item; unsigned weight; char *text; };

static bool
choose(struct chosen *c, const struct timeline_item *x, unsigned w)
{
	char *d = malloc(text_bytes(x) + 1);

	c->text = d;
	if (!d)
		return false;
	c->item = *x;
	c->weight = w;
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

/* Those of the least weight go, the last ones first, until `max` are left. */
static bool
thin(struct chosen *c, size_t *n, size_t max, struct timeline_kept *k, size_t *cap,
    unsigned *floor)
{
	size_t of[WEIGHTS] = { 0 }, left = *n - max, to = 0;
	unsigned w = 0;

	for (size_t i = 0; i < *n; i++)
		of[c[i].weight]++;
	while (left > of[w])
		left -= of[w++];
	*floor = w;
	/* of weight w the last `left` go */
	for (size_t i = 0, keep = of[w] - left; i < *n; i++) {
		if (c[i].weight > w || (c[i].weight == w && keep)) {
			keep -= c[i].weight == w;
			c[to++] = c[i];
			continue;
		}
		free(c[i].text);
		if (!count_minute(k, cap, c[i].item.us))
			return false;
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
	unsigned floor = 0, w;
	struct timeline_item x;
	bool ok = k && c && max;

	while (ok && timeline_next(t, &x, e)) {
		if (each)
			each(arg, &x);
		w = weight(&x);
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
