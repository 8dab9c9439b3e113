/* wanted.c: packets by the names that records give them, in sets of spans. */
#include "extract/wanted.h"

#include "json/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_FILES = 4096,               /* hourly files of five months */
	MAX_SPANS = 16 << 20,           /* 256 MiB of numbers: a day of a busy site's events */
	MAX_DEPTH = 16,                 /* of objects in a record; findings nest three deep */
	NAME = 4096,
};

struct span { uint64_t from, to; };     /* both inclusive */

struct named {
	char *file;                     /* NULL: whatever the input is */
	struct span *v;
	size_t n, cap;
	uint64_t total, seen;
};

struct wanted {
	struct named *set;
	size_t n, cap, spans;
	const struct origin *from;      /* whose set was found last */
	char name[NAME];                /* its file: another may lie where its origin was */
	struct named *found;
};

struct wanted *
wanted_new(struct err *e)
{
	struct wanted *w = calloc(1, sizeof(*w));

	if (!w)
		err_set(e, "out of memory");
	return w;
}

void
wanted_free(struct wanted *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->n; i++) {
		free(w->set[i].file);
		free(w->set[i].v);
	}
	free(w->set);
	free(w);
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The set of a file, made where there is none; most often that of the line before. */
static struct named *
set_of(struct wanted *w, const char *file, struct err *e)
{
	struct named *s;

	for (size_t i = w->n; i-- > 0; )
		if (same(w->set[i].file, file))
			return &w->set[i];
	if (w->n == MAX_FILES) {
		err_set(e, "more than %d capture files are named", MAX_FILES);
		return NULL;
	}
	if (w->n == w->cap) {
		size_t cap = w->cap ? 2 * w->cap : 16;
		struct named *more = realloc(w->set, cap * sizeof(*more));
		if (!more) {
			err_set(e, "out of memory");
			return NULL;
		}
		w->set = more;
		w->cap = cap;
	}
	s = &w->set[w->n];
	*s = (struct named){ NULL };
	if (file && !(s->file = strdup(file))) {
		err_set(e, "out of memory");
		return NULL;
	}
	w->n++;
	return s;
}

static bool
add(struct wanted *w, const char *file, uint64_t from, uint64_t to, struct err *e)
{
	struct named *s = set_of(w, file, e);

	if (!s)
		return false;
	/* events of one flow name the same packet, or the next, again and again */
	if (s->n && from >= s->v[s->n - 1].from && from <= s->v[s->n - 1].to + 1) {
		if (to > s->v[s->n - 1].to)
			s->v[s->n - 1].to = to;
		return true;
	}
	if (w->spans == MAX_SPANS)
		return err_set(e, "more than %d packets are named", MAX_SPANS);
	if (s->n == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 64;
		struct span *more = realloc(s->v, cap * sizeof(*more));
		if (!more)
			return err_set(e, "out of memory");
		s->v = more;
		s->cap = cap;
	}
	s->v[s->n++] = (struct span){ from, to };
	w->spans++;
	return true;
}

/* ---- "12,40-52" ---- */

bool
wanted_is_list(const char *s)
{
	return *s >= '0' && *s <= '9' && strspn(s, "0123456789,-") == strlen(s);
}

static bool
number(const char **s, uint64_t *v)
{
	const char *p = *s;

	for (*v = 0; *p >= '0' && *p <= '9' && p - *s < 16; p++)
		*v = *v * 10 + (uint64_t)(*p - '0');
	if (p == *s || !*v)
		return false;
	*s = p;
	return true;
}

bool
wanted_numbers(struct wanted *w, const char *s, struct err *e)
{
	const char *p = s;
	uint64_t from, to;

	for (;;) {
		if (!number(&p, &from))
			break;
		to = from;
		if (*p == '-' && (p++, !number(&p, &to) || to < from))
			break;
		if (!add(w, NULL, from, to, e))
			return false;
		if (!*p)
			return true;
		if (*p++ != ',')
			break;
	}
	return err_set(e, "--packets %s: numbers from 1 such as 12,40-52", s);
}

/* ---- records ---- */

/* What this object names, then what the values in it name. */
static bool
walk(struct wanted *w, const struct sval *o, const char *file, unsigned depth, struct err *e)
{
	struct sval k, v, name = { 0 }, cnt = { 0 };
	char own[NAME];
	struct scan it;
	uint64_t n;

	if (depth > MAX_DEPTH)
		return true;
	if (o->type == SVAL_OBJ) {
		for (scan_in(&it, o); scan_member(&it, &k, &v); ) {
			if (sval_is(&k, "pcap_filename"))
				name = v;
			else if (sval_is(&k, "pcap_cnt"))
				cnt = v;
		}
		if (name.type == SVAL_STR) {
			if (name.n >= sizeof(own))
				return err_set(e, "a pcap_filename of more than %d bytes",
				    NAME - 1);
			sval_text(&name, own, sizeof(own));
			file = own;
		}
		if (cnt.type == SVAL_NUM && sval_uint(&cnt, &n) && n && !add(w, file, n, n, e))
			return false;
		for (scan_in(&it, o); scan_member(&it, &k, &v); )
			if (!walk(w, &v, file, depth + 1, e))
				return false;
	} else if (o->type == SVAL_ARR) {
		for (scan_in(&it, o); scan_elem(&it, &v); )
			if (!walk(w, &v, file, depth + 1, e))
				return false;
	}
	return true;
}

bool
wanted_record(struct wanted *w, const char *line, size_t n, struct err *e)
{
	struct sval root = scan_line(line, n);

	return walk(w, &root, NULL, 0, e);
}

/* ---- in order ---- */

static int
by_from(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

/* Sorted, and none in two of them. */
static void
tidy(struct named *s)
{
	size_t n = 0;

	qsort(s->v, s->n, sizeof(*s->v), by_from);
	for (size_t i = 0; i < s->n; i++) {
		if (n && s->v[i].from <= s->v[n - 1].to + 1) {
			if (s->v[i].to > s->v[n - 1].to)
				s->v[n - 1].to = s->v[i].to;
		} else {
			s->v[n++] = s->v[i];
		}
	}
	s->n = n;
	s->total = 0;
	for (size_t i = 0; i < n; i++)
		s->total += s->v[i].to - s->v[i].from + 1;
}

bool
wanted_ready(struct wanted *w, struct err *e)
{
	for (size_t i = 0; i < w->n; i++)
		tidy(&w->set[i]);
	return w->n || err_set(e, "--packets: no record names a packet (pcap_cnt)");
}

const char *
wanted_file(const struct wanted *w, size_t i)
{
	for (size_t k = 0; k < w->n; k++)
		if (w->set[k].file && i-- == 0)
			return w->set[k].file;
	return NULL;
}

bool
wanted_nameless(const struct wanted *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (!w->set[i].file)
			return true;
	return false;
}

uint64_t
wanted_forget_nameless(struct wanted *w)
{
	uint64_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		if (!w->set[i].file) {
			n += w->set[i].total;
			w->set[i].n = 0;
			w->set[i].total = 0;
		}
	return n;
}

/* ---- looking up ---- */

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Of two with the same last part neither is taken: which, nobody knows. */
static struct named *
find(struct wanted *w, const char *file)
{
	struct named *one = NULL, *any = NULL;
	bool two = false;

	for (size_t i = 0; i < w->n; i++) {
		struct named *s = &w->set[i];
		if (!s->file) {
			any = s;
		} else if (file && strcmp(s->file, file) == 0) {
			return s;
		} else if (file && strcmp(last_part(s->file), last_part(file)) == 0) {
			two |= one != NULL;
			one = s;
		}
	}
	return two ? NULL : one ? one : any;
}

bool
wanted_is_file(const char *named, const char *file)
{
	return strcmp(last_part(named), last_part(file)) == 0;
}

uint64_t
wanted_total_of(struct wanted *w, const char *file, uint64_t *missing)
{
	const struct named *s = find(w, file);

	*missing = s && s->total > s->seen ? s->total - s->seen : 0;
	return s ? s->total : 0;
}

bool
wanted_has(struct wanted *w, const struct packet *p)
{
	size_t lo = 0, hi;
	const char *file = p->from && p->from->file ? p->from->file : "";

	if (p->from != w->from || !w->from || strcmp(file, w->name) != 0) {
		w->from = p->from;
		snprintf(w->name, sizeof(w->name), "%s", file);
		w->found = find(w, *file ? file : NULL);
	}
	if (!w->found)
		return false;
	for (hi = w->found->n; lo < hi; ) {
		size_t mid = lo + (hi - lo) / 2;
		const struct span *s = &w->found->v[mid];
		if (p->cnt < s->from) {
			hi = mid;
		} else if (p->cnt > s->to) {
			lo = mid + 1;
		} else {
			w->found->seen++;
			return true;
		}
	}
	return false;
}

uint64_t
wanted_total(const struct wanted *w)
{
	uint64_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		n += w->set[i].total;
	return n;
}

uint64_t
wanted_missing(const struct wanted *w)
{
	uint64_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		n += w->set[i].total > w->set[i].seen ? w->set[i].total - w->set[i].seen : 0;
	return n;
}
