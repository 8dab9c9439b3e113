#include "timeline/fold.h"

#include "base/limits.h"
#include "timeline/mix.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 2 * LIM_TIMELINE_HELD, TEXT_ROOM = 8 << 20 };
static const int64_t second = 1000000;

struct held {
	struct timeline_item item;
	uint64_t hash;
	size_t text_end;                /* in the ring of texts, counted from the beginning */
	uint32_t next;                  /* in its bucket: number + 1 of an older one, 0 none */
};

struct fold {
	int64_t window, newest;
	uint64_t first, end;            /* numbers of those held; a number's place is its rest */
	size_t text_first, text_used;   /* counted on; the place is the rest by TEXT_ROOM */
	struct held held[LIM_TIMELINE_HELD];
	uint32_t bucket[BUCKETS];       /* number + 1, low 32 bits, of the newest */
	char text[TEXT_ROOM];
};

struct fold *
folding_new(unsigned seconds)
{
	struct fold *f = malloc(sizeof(*f));

	if (f) {
		f->window = (int64_t)seconds * second;
		folding_reset(f);
	}
	return f;
}

void
folding_free(struct fold *f)
{
	free(f);
}

void
folding_reset(struct fold *f)
{
	f->newest = INT64_MIN;
	f->first = f->end = 0;
	f->text_first = f->text_used = 0;
	memset(f->bucket, 0, sizeof(f->bucket));
}

static inline bool
folds(const struct timeline_item *x)
{
	switch (x->kind) {
	case TIMELINE_NOTE:
	case TIMELINE_GAP:
	case TIMELINE_CLOCK:
	case TIMELINE_CHANGE:
	case TIMELINE_CALIBRATION: return false;
	default: return true;
	}
}

/* A command is what it does, however a log words it. */
static inline bool
by_object(const struct timeline_item *x)
{
	return x->kind == TIMELINE_COMMAND && x->object.n;
}

static uint64_t
hash_of(const struct timeline_item *x)
{
	uint64_t h = mix(MIX_BEGIN, x->kind);

	h = mix_text(h, &x->asset);
	h = mix_text(h, by_object(x) ? &x->object : &x->text);
	return mix_text(h, &x->value);
}

static inline bool
same_text(const struct timeline_text *a, const struct timeline_text *b)
{
	return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

/* Two logs word one write each in its own way, and name who did it so; in one log another word is
 * another act (DNP3: select, then operate), and another party is another one. */
static bool
same(const struct timeline_item *a, const struct timeline_item *b)
{
	return a->kind == b->kind && same_text(&a->asset, &b->asset) &&
	    same_text(&a->object, &b->object) && same_text(&a->value, &b->value) &&
	    (by_object(a) || same_text(&a->text, &b->text)) &&
	    (a->source != b->source ||
	    (same_text(&a->peer, &b->peer) && same_text(&a->text, &b->text)));
}

/* Whether what happens at us is still the same as what x is of. */
static inline bool
near(const struct fold *f, const struct timeline_item *x, const struct timeline_item *item)
{
	int64_t since = item->us - x->last;

	if (item->us - x->us >= LIM_TIMELINE_SPAN * second)
		return false;
	/* one source's two lines of a second are two but for what they repeat */
	return since <= f->window || since <= second;
}

static void
count_in(struct timeline_item *x, const struct timeline_item *item)
{
	x->count += item->count;
	if (item->last > x->last)
		x->last = item->last;
	if (item->severity > x->severity)
		x->severity = item->severity;
	if (item->source == x->source)
		return;
	for (int i = 0; i < x->nalso; i++)
		if (x->also[i] == item->source)
			return;
	if (x->nalso < TIMELINE_ALSO)
		x->also[x->nalso++] = item->source;
}

/* Room for n bytes in one piece of the ring, or NULL. */
static char *
text_room(struct fold *f, size_t n)
{
	size_t place = f->text_used % TEXT_ROOM, skip = place + n > TEXT_ROOM ? TEXT_ROOM - place :
	    0;
	char *d;

	if (f->text_used - f->text_first + skip + n > TEXT_ROOM)
		return NULL;
	f->text_used += skip;
	d = f->text + f->text_used % TEXT_ROOM;
	f->text_used += n;
	return d;
}

bool
folding_put(struct fold *f, const struct timeline_item *item)
{
	bool can = folds(item);
	uint64_t hash = can ? hash_of(item) : 0;
	uint32_t *bucket = &f->bucket[hash % BUCKETS], at;
	struct timeline_text t[7] = { item->text, item->asset, item->zone, item->object,
		item->value, item->peer, item->capture };
	struct held *h;
	size_t n = 0;
	char *d;

	f->newest = item->us;
	for (at = can ? *bucket : 0; at; at = h->next) {
		h = &f->held[(at - 1) % LIM_TIMELINE_HELD];
		if (h->hash == hash && same(&h->item, item)) {
			if (!near(f, &h->item, item))
				break;
			count_in(&h->item, item);
			return true;
		}
	}
	for (int i = 0; i < 7; i++)
		n += t[i].n;
	if (f->end - f->first == LIM_TIMELINE_HELD || !(d = text_room(f, n)))
		return false;
	h = &f->held[f->end % LIM_TIMELINE_HELD];
	h->item = *item;
	struct timeline_text *const to[7] = { &h->item.text, &h->item.asset, &h->item.zone,
		&h->item.object, &h->item.value, &h->item.peer, &h->item.capture };
	for (int i = 0; i < 7; i++) {
		memcpy(d, t[i].p, t[i].n);
		to[i]->p = d;
		d += t[i].n;
	}
	h->hash = hash;
	h->text_end = f->text_used;
	h->next = 0;
	if (can) {
		h->next = *bucket;
		*bucket = (uint32_t)(f->end + 1);
	}
	f->end++;
	return true;
}

/* The oldest of its bucket stands last in it. */
static void
forget(struct fold *f, struct held *h)
{
	uint32_t *at = &f->bucket[h->hash % BUCKETS], me = (uint32_t)(f->first + 1);

	while (*at && *at != me)
		at = &f->held[(*at - 1) % LIM_TIMELINE_HELD].next;
	if (*at)
		*at = h->next;
}

bool
folding_take(struct fold *f, bool all, struct timeline_item *item)
{
	struct held *h;
	int64_t wait = f->window > second ? f->window : second;

	if (f->first == f->end)
		return false;
	h = &f->held[f->first % LIM_TIMELINE_HELD];
	if (!all && folds(&h->item) && f->newest - h->item.last <= wait &&
	    f->newest - h->item.us < LIM_TIMELINE_SPAN * second)
		return false;
	if (folds(&h->item))
		forget(f, h);
	*item = h->item;
	f->first++;
	/* the texts stay until somebody needs the room: the next folding_put() */
	f->text_first = h->text_end;
	return true;
}
