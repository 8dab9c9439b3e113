/* site_member.c: the reader of tables, and how it says what is wrong. */
#include "model/site_impl.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- the way to where we are ------------------------------------------- */

void
site_in(struct site_at *a, const char *key)
{
	if (a->depth < SITE_WAY)
		a->way[a->depth++] = (struct locate_step){ .key = key };
}

void
site_nth(struct site_at *a, size_t i)
{
	if (a->depth < SITE_WAY)
		a->way[a->depth++] = (struct locate_step){ .i = i };
}

void
site_out(struct site_at *a)
{
	a->depth--;
}

/* ---- what is wrong ------------------------------------------------------- */

/* An entry that was lost, its id, or the list of all: further faults would be its echoes. */
static void
note_damage(struct site_at *a)
{
	const char *last = a->depth == 3 ? a->way[2].key : NULL;

	if (a->ndamaged < SITE_DAMAGED && a->depth > 0 && (a->depth < 3 ||
	    (last && strcmp(last, "id") == 0)))
		a->damaged[a->ndamaged++] = a->way[0].key;
}

static bool __attribute__((format(printf, 3, 0)))
fault(struct site_at *a, bool at_name, const char *fmt, va_list ap)
{
	struct site_fault *f;
	struct locate_place at;
	char why[512], way[200];

	if (a->nfaults == a->max)
		return false;
	f = &a->faults[a->nfaults++];
	note_damage(a);
	vsnprintf(why, sizeof(why), fmt, ap);
	locate(a->text, a->n, a->way, a->depth, at_name, &at);
	locate_put(way, sizeof(way), a->way, a->depth);
	f->line = at.line;
	err_clear(&f->what);
	err_set(&f->what, "%.200s:%u: %s%s%s", a->file, at.line, way, *way ? ": " : "", why);
	return a->nfaults < a->max;
}

bool
site_bad(struct site_at *a, const char *fmt, ...)
{
	va_list ap;
	bool more;

	va_start(ap, fmt);
	more = fault(a, false, fmt, ap);
	va_end(ap);
	return more;
}

bool
site_bad_name(struct site_at *a, const char *fmt, ...)
{
	va_list ap;
	bool more;

	va_start(ap, fmt);
	more = fault(a, true, fmt, ap);
	va_end(ap);
	return more;
}

bool
site_no_memory(struct site_at *a)
{
	if (a->nfaults == a->max)
		a->nfaults--;
	err_clear(&a->faults[a->nfaults].what);
	err_set(&a->faults[a->nfaults].what, "%.200s: out of memory", a->file);
	a->faults[a->nfaults++].line = 0;
	a->max = a->nfaults;
	return false;
}

/* ---- tables --------------------------------------------------------------- */

enum { MEMBERS = 32 };                  /* of one table */

static size_t
names_of(const struct site_member *table, const char *names[MEMBERS])
{
	size_t n = 0;

	for (; table->key && n < MEMBERS; table++)
		names[n++] = table->key;
	return n;
}

static bool
unknown(struct site_at *a, const struct site_member *table, const char *key)
{
	const char *names[MEMBERS], *meant;
	size_t n = names_of(table, names);
	char list[320];
	bool more;

	site_in(a, key);
	if ((meant = site_meant(key, names, n)))
		more = site_bad_name(a, "unknown member: is \"%s\" meant? (\"x-...\" is free)",
		    meant);
	else
		more = site_bad_name(a, "unknown member: expected %s (\"x-...\" is free)",
		    site_list_put(list, sizeof(list), names, n));
	site_out(a);
	return more;
}

static bool
read_list(struct site_at *a, const struct site_member *m, const json_t *v, void *list)
{
	struct site_strs *l = list;     /* all lists have its shape: a pointer and a count */
	size_t n = json_is_array(v) ? json_array_size(v) : 1;
	bool more = true;

	if (!(l->v = calloc(n + 1, site_element_size(m->kind))))
		return site_no_memory(a);
	/* people write "10.0.0.1" where a list of one is meant */
	if (!json_is_array(v)) {
		more = site_read_element(a, m, 0, v, list);
	} else {
		for (size_t i = 0; more && i < n; i++) {
			site_nth(a, i);
			more = site_read_element(a, m, i, json_array_get(v, i), list);
			site_out(a);
		}
	}
	l->n = n;
	return more;
}

static bool
read_section(struct site_at *a, const struct site_section *s, const json_t *v, void *owner)
{
	void **list = (void **)((char *)owner + s->list);
	size_t *count = (size_t *)((char *)owner + s->count), n = json_array_size(v);
	char shown[SITE_SHOWN];
	bool more = true;
	char *x;

	if (!json_is_array(v))
		return site_bad(a, "%s is not a list: expected [ ] with an object for each",
		    site_shown(shown, v));
	if (!(*list = calloc(n + 1, s->size)))
		return site_no_memory(a);
	x = *list;
	for (size_t i = 0; more && i < n; i++, x += s->size) {
		if (s->fill)
			s->fill(x);
		*count = i + 1;
		site_nth(a, i);
		more = site_read_object(a, s->table, json_array_get(v, i), x);
		site_out(a);
	}
	return more;
}

static bool
is_list(enum site_kind k)
{
	return k >= K_TEXTS && k <= K_ENUMS;
}

bool
site_read_object(struct site_at *a, const struct site_member *table, const json_t *o, void *dst)
{
	const struct site_member *m;
	char shown[SITE_SHOWN];
	const json_t *v;
	const char *k;
	bool more = true;

	if (!json_is_object(o))
		return site_bad(a, "%s is not an object: expected { }", site_shown(shown, o));
	for (m = table; m->key; m++)
		if (m->required && (!(v = json_object_get(o, m->key)) || json_is_null(v)) &&
		    !site_bad(a, "member missing: expected \"%s\"", m->key))
			return false;
	if (m->off != NOWHERE)
		*(const json_t **)((char *)dst + m->off) = o;
	json_object_foreach((json_t *)o, k, v) {
		for (m = table; m->key && strcmp(m->key, k) != 0; m++)
			;
		if (m->key && !json_is_null(v)) {
			void *p = m->off == NOWHERE ? NULL : (char *)dst + m->off;
			site_in(a, k);
			more = is_list(m->kind) ? read_list(a, m, v, p) :
			    m->kind == K_SECTION ? read_section(a, m->more, v, dst) :
			    m->kind == K_OBJECT ? site_read_object(a, m->more, v, p) :
			    site_read_value(a, m, v, p);
			site_out(a);
		} else if (!m->key && strncmp(k, "x-", 2) != 0) {
			more = unknown(a, table, k);
		}
		if (!more)
			return false;
	}
	return true;
}

void
site_free_members(const struct site_member *table, void *dst)
{
	for (const struct site_member *m = table; m->key; m++) {
		if (is_list(m->kind)) {
			free(((struct site_strs *)((char *)dst + m->off))->v);
		} else if (m->kind == K_OBJECT) {
			site_free_members(m->more, (char *)dst + m->off);
		} else if (m->kind == K_SECTION) {
			const struct site_section *s = m->more;
			char *x = *(char **)((char *)dst + s->list);
			size_t n = *(size_t *)((char *)dst + s->count);
			for (size_t i = 0; i < n; i++)
				site_free_members(s->table, x + i * s->size);
			free(x);
		}
	}
}
