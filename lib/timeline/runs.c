/* runs.c: packing, sorting and writing runs; merge.c reads them again. */
#include "timeline/runs_impl.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A packed item is some 200 bytes: for so many of the room there is one entry. */
enum { BYTES_AN_ENTRY = 112, WRITE_BLOCK = 1 << 20 };

int
runs_file(struct err *e)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	mode_t mask;
	int fd;

	if (!dir || !*dir)
		dir = "/tmp";
	if ((fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) >= 0)
		return fd;
	if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) {
		err_sys(e, "%s: a file for what does not fit into memory", dir);
		return -1;
	}
	/* a file system without nameless files */
	snprintf(path, sizeof(path), "%s/otkit.XXXXXX", dir);
	mask = umask(077);
	fd = mkostemp(path, O_CLOEXEC);
	umask(mask);
	if (fd < 0)
		err_sys(e, "%s: a file for what does not fit into memory", dir);
	else
		unlink(path);
	return fd;
}

struct runs *
runs_new(size_t mem, struct err *e)
{
	struct runs *r = calloc(1, sizeof(*r));

	if (!r) {
		err_set(e, "out of memory");
		return NULL;
	}
	r->fd = -1;
	/* an entry twice: sorting goes from one array to the other */
	r->max = mem / (BYTES_AN_ENTRY + 2 * sizeof(*r->ent));
	if (r->max > UINT32_MAX / 2)
		r->max = UINT32_MAX / 2;
	r->room_cap = mem - r->max * 2 * sizeof(*r->ent);
	r->room = malloc(r->room_cap);
	r->ent = malloc(r->max * sizeof(*r->ent));
	r->tmp = malloc(r->max * sizeof(*r->tmp));
	if (!r->room || !r->ent || !r->tmp) {
		err_set(e, "out of memory");
		runs_free(r);
		return NULL;
	}
	if ((r->fd = runs_file(e)) < 0) {
		runs_free(r);
		return NULL;
	}
	return r;
}

void
runs_free(struct runs *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	free(r->cursors);
	free(r->heap);
	free(r->runs);
	free(r->room);
	free(r->ent);
	free(r->tmp);
	free(r);
}

uint64_t
runs_count(const struct runs *r)
{
	return r->count;
}

/* ---- sorting ------------------------------------------------------------------------- */

/* Entries of a[from..to) in order into b: two runs that are sorted become one; what was put
 * first comes first of what is equal. */
static void
merge_two(const struct entry *a, size_t from, size_t mid, size_t to, struct entry *b)
{
	size_t i = from, j = mid, k = from;

	while (i < mid && j < to)
		b[k++] = a[j].shown < a[i].shown ? a[j++] : a[i++];
	memcpy(b + k, a + i, (mid - i) * sizeof(*a));
	k += mid - i;
	memcpy(b + k, a + j, (to - j) * sizeof(*a));
}

/* Logs are in order but for a few places: what is sorted already is looked for, and pairs of
 * such stretches are merged until there is one. Returns where the result is: a or b. */
static struct entry *
sort(struct entry *a, struct entry *b, size_t n)
{
	for (;;) {
		size_t i = 0, stretches = 0;
		struct entry *c;

		while (i < n) {
			size_t from = i, mid;

			for (i++; i < n && a[i].shown >= a[i - 1].shown; i++)
				;
			stretches++;
			if (from == 0 && i == n)
				return a;
			mid = i;
			if (mid < n)
				for (i++; i < n && a[i].shown >= a[i - 1].shown; i++)
					;
			merge_two(a, from, mid, i, b);
		}
		c = a;
		a = b;
		b = c;
		if (stretches <= 1)
			return a;
	}
}

static bool
add_run(struct runs *r, const struct run *run, struct err *e)
{
	if (r->nruns == r->cap) {
		size_t cap = r->cap ? r->cap * 2 : 64;
		struct run *v = realloc(r->runs, cap * sizeof(*v));

		if (!v)
			return err_set(e, "out of memory");
		r->runs = v;
		r->cap = cap;
	}
	r->runs[r->nruns++] = *run;
	return true;
}

/* Entries by source, in the order they came, and each source's sorted: one run each. */
static bool
make_runs(struct runs *r, struct err *e)
{
	size_t begin[LIM_TIMELINE_SOURCES + 1] = { 0 }, at[LIM_TIMELINE_SOURCES];
	struct entry *sorted;

	for (size_t i = 0; i < r->n; i++)
		begin[r->ent[i].source + 1]++;
	for (size_t s = 0; s < LIM_TIMELINE_SOURCES; s++) {
		begin[s + 1] += begin[s];
		at[s] = begin[s];
	}
	for (size_t i = 0; i < r->n; i++)
		r->tmp[at[r->ent[i].source]++] = r->ent[i];
	for (size_t s = 0; s < LIM_TIMELINE_SOURCES; s++) {
		size_t n = begin[s + 1] - begin[s];
		struct run run = { .source = (uint16_t)s, .first = begin[s], .n = n };

		if (!n)
			continue;
		sorted = sort(r->tmp + begin[s], r->ent + begin[s], n);
		if (sorted != r->ent + begin[s])
			memcpy(r->ent + begin[s], sorted, n * sizeof(*sorted));
		if (!add_run(r, &run, e))
			return false;
	}
	return true;
}

/* What is in the room goes to the file. */
static bool
spill(struct runs *r, struct err *e)
{
	size_t from = r->nruns, used = 0;
	char *out = (char *)r->tmp;             /* nothing of it is needed any more */
	size_t cap = r->max * sizeof(*r->tmp);

	if (cap > WRITE_BLOCK)
		cap = WRITE_BLOCK;
	if (!make_runs(r, e))
		return false;
	for (size_t k = from; k < r->nruns; k++) {
		struct run *run = &r->runs[k];

		run->in_file = true;
		run->at = r->written + used;
		for (size_t i = 0; i < run->n; i++) {
			const struct packed *p = packed_at(r->room, &r->ent[run->first + i]);

			if (used + p->size > cap) {
				if (!file_write_all(r->fd, out, used))
					return err_sys(e, "what does not fit into memory");
				r->written += used;
				used = 0;
			}
			memcpy(out + used, p, p->size);
			used += p->size;
		}
		run->end = r->written + used;
	}
	if (!file_write_all(r->fd, out, used))
		return err_sys(e, "what does not fit into memory");
	r->written += used;
	r->n = r->used = 0;
	return true;
}

bool
runs_sort(struct runs *r, const int64_t *offset, struct err *e)
{
	r->offset = offset;
	/* what never left memory is read there; else the room becomes buffers */
	if (r->written ? !spill(r, e) : !make_runs(r, e))
		return false;
	return runs_rewind(r, e);
}

/* ---- packing ----------------------------------------------------------------------- */

bool
runs_put(struct runs *r, const struct timeline_item *item, struct err *e)
{
	const struct timeline_text *const t[PACKED_TEXTS] = { &item->text, &item->asset,
		&item->zone, &item->object, &item->value, &item->peer, &item->capture };
	size_t size = sizeof(struct packed);
	struct packed *p;
	char *d;

	for (int i = 0; i < PACKED_TEXTS; i++)
		size += t[i]->n;
	size = (size + 7) & ~(size_t)7;
	if (size > PACKED_MAX)
		return err_set(e, "an item of %zu bytes", size);
	if ((r->n == r->max || r->used + size > r->room_cap) && !spill(r, e))
		return false;
	p = (struct packed *)(void *)(r->room + r->used);
	r->ent[r->n++] = (struct entry){ item->shown, (uint32_t)(r->used / 8), item->source };
	p->shown = item->shown;
	p->last = item->last;
	p->count = item->count;
	p->line = item->line;
	p->packet = item->packet;
	p->flow = item->flow;
	p->file = item->file;
	p->source = item->source;
	p->size = (uint16_t)size;
	p->kind = item->kind;
	p->severity = item->severity;
	d = (char *)(p + 1);
	for (int i = 0; i < PACKED_TEXTS; i++) {
		p->len[i] = (uint16_t)t[i]->n;
		memcpy(d, t[i]->p, t[i]->n);
		d += t[i]->n;
	}
	r->used += size;
	r->count++;
	return true;
}
