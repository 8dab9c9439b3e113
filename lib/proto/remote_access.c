#include "proto/remote_access.h"

#include "base/embed.h"
#include "json/doc.h"
#include "proto/engine_impl.h"

#include <stdlib.h>

/* Slots for some 300 names today; half of them may be used. HOST is the longest
 * host name there is, and what of a longer text is looked at. */
enum { SLOTS = 2048, HOST_MAX = 255 };

struct slot { uint32_t hash; uint16_t entry; uint8_t by, n; const char *key; };

struct remote_table {
	json_t *doc;                    /* owns the texts */
	struct remote_access *entry;
	struct slot slot[SLOTS];        /* entry 0: free; else its index + 1 */
	size_t n, used;
};

static const char *const kinds[] = { "remote_desktop", "vpn", "ot_remote_service", "file_sync",
	"iot_cloud" };

/* From the end to the beginning, so that all ends of a name cost one pass. */
static uint32_t
step(uint32_t h, char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c | 0x20);
	return (h ^ (uint8_t)c) * 0x01000193u;
}

static uint32_t
seed(enum remote_by by)
{
	return 0x811c9dc5u + 0x9e3779b9u * by;
}

static uint32_t
hash_key(enum remote_by by, const char *s, size_t n)
{
	uint32_t h = seed(by);

	while (n)
		h = step(h, s[--n]);
	return h;
}

/* A key and what hashed like it: hostile names can be made to collide. */
static bool
same(const struct slot *k, const char *s, size_t n)
{
	size_t i = k->n;

	while (i && n) {
		char a = k->key[--i], b = s[n - 1];
		if (a == '*') {
			if (b == '.')
				return false;
			while (n && s[n - 1] != '.')
				n--;
			continue;
		}
		if (step(0, a) != step(0, b))
			return false;
		n--;
	}
	return !i && !n;
}

static const struct slot *
find(const struct remote_table *t, enum remote_by by, uint32_t h, const char *s, size_t n)
{
	for (uint32_t i = h % SLOTS; t->slot[i].entry; i = (i + 1) % SLOTS)
		if (t->slot[i].hash == h && t->slot[i].by == by && same(&t->slot[i], s, n))
			return &t->slot[i];
	return NULL;
}

static bool
add(struct remote_table *t, enum remote_by by, size_t entry, const char *s)
{
	size_t n = strlen(s);
	uint32_t h = hash_key(by, s, n), i = h % SLOTS;

	if (!n || n > HOST_MAX || t->used >= SLOTS / 2 || find(t, by, h, s, n))
		return false;
	while (t->slot[i].entry)
		i = (i + 1) % SLOTS;
	t->slot[i] = (struct slot){ h, (uint16_t)(entry + 1), (uint8_t)by, (uint8_t)n, s };
	t->used++;
	return true;
}

static bool
add_list(struct remote_table *t, enum remote_by by, size_t entry, const json_t *list)
{
	const json_t *v;
	size_t i;

	if (list && !json_array_size(list))
		return false;
	json_array_foreach(list, i, v)
		if (!json_is_string(v) || !add(t, by, entry, json_string_value(v)))
			return false;
	return true;
}

static bool
take(struct remote_table *t, size_t i, const json_t *o)
{
	struct remote_access *a = &t->entry[i];
	const char *source = json_string_value(json_object_get(o, "source"));
	bool known = false;

	a->vendor = json_string_value(json_object_get(o, "vendor"));
	a->product = json_string_value(json_object_get(o, "product"));
	a->kind = json_string_value(json_object_get(o, "kind"));
	for (size_t k = 0; a->kind && k < sizeof(kinds) / sizeof(kinds[0]); k++)
		known |= strcmp(kinds[k], a->kind) == 0;
	return known && a->vendor && *a->vendor && a->product && *a->product && source && *source &&
	    json_object_get(o, "certainty") &&
	    add_list(t, REMOTE_HOST, i, json_object_get(o, "hosts")) &&
	    add_list(t, REMOTE_CERTIFICATE, i, json_object_get(o, "certificate")) &&
	    add_list(t, REMOTE_ALPN, i, json_object_get(o, "alpn"));
}

struct remote_table *
remote_load(struct err *e)
{
	const struct embed *m = embed_find("rules/remote-access.json");
	struct remote_table *t = calloc(1, sizeof(*t));
	json_t *list;

	if (!m || !t) {
		err_set(e, "rules/remote-access.json: not here");
		free(t);
		return NULL;
	}
	/* our own document needs no unguessable hashes, and a confined program may not
	 * ask the system for them */
	json_object_seed(1);
	t->doc = doc_loadb(m->name, m->p, (size_t)(m->end - m->p), e);
	list = json_object_get(t->doc, "entries");
	t->n = json_array_size(list);
	t->entry = calloc(t->n ? t->n : 1, sizeof(*t->entry));
	for (size_t i = 0; t->entry && i < t->n; i++)
		if (!take(t, i, json_array_get(list, i))) {
			err_set(e, "%s: entries[%zu]: vendor, product, kind, source, certainty or a "
			    "name that is another's already", m->name, i);
			t->n = 0;
		}
	if (!t->doc || !t->entry || !t->n) {
		remote_free(t);
		return NULL;
	}
	return t;
}

void
remote_free(struct remote_table *t)
{
	if (!t)
		return;
	json_decref(t->doc);
	free(t->entry);
	free(t);
}

/* The longest end of s that is in the table. */
static const struct slot *
by_end(const struct remote_table *t, const char *s, size_t n)
{
	uint32_t h = seed(REMOTE_HOST), any = h;
	const struct slot *best = NULL, *k;
	unsigned dots = 0;

	if (n && s[n - 1] == '.')
		n--;
	for (size_t i = n; ; i--) {
		if (i && s[i - 1] != '.') {
			h = step(h, s[i - 1]);
			if (dots != 2)
				any = step(any, s[i - 1]);
			continue;
		}
		/* a label begins here */
		if (dots == 2)
			any = step(any, '*');
		if ((k = find(t, REMOTE_HOST, h, s + i, n - i)) ||
		    (dots >= 2 && (k = find(t, REMOTE_HOST, any, s + i, n - i))))
			best = k;
		if (!i)
			return best;
		dots++;
		h = step(h, '.');
		any = step(any, '.');
	}
}

const struct remote_access *
remote_find(const struct remote_table *t, enum remote_by by, const char *s, size_t n)
{
	const struct slot *k;

	if (!t || !n || n > HOST_MAX)
		return NULL;
	k = by == REMOTE_HOST ? by_end(t, s, n) : find(t, by, hash_key(by, s, n), s, n);
	return k ? &t->entry[k->entry - 1] : NULL;
}

const struct remote_access *
remote_access(struct engine *g, enum remote_by by, const char *s, size_t n)
{
	struct err e = { "" };

	if (!g->remote && !g->remote_none) {
		g->remote = remote_load(&e);
		g->remote_none = !g->remote;    /* memory is out: not again for each name */
	}
	return remote_find(g->remote, by, s, n);
}

void
remote_access_put(struct ev *e, const struct remote_access *a)
{
	if (!a)
		return;
	ev_obj(e, "remote_access");
	ev_cstr(e, "vendor", a->vendor);
	ev_cstr(e, "product", a->product);
	ev_cstr(e, "kind", a->kind);
	ev_end(e);
}
