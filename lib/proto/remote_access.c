#include "proto/remote_access.h"

#include "base/ascii.h"
#include "base/embed.h"
#include "base/hash.h"
#include "json/scan.h"
#include "proto/engine_impl.h"

/* The longest host name there is. */
enum { HOST_MAX = 255 };

static const char *const kinds[] = { "remote_desktop", "vpn", "ot_remote_service", "file_sync",
	"iot_cloud" };

/* From the end to the beginning, so that all ends of a name cost one pass. */
static uint32_t
step(uint32_t h, char c)
{
	if (ascii_upper(c))
		c = (char)(c | 0x20);
	return hash32_step(h, (uint8_t)c);
}

static uint32_t
seed(enum remote_by by)
{
	return HASH32_BEGIN + 0x9e3779b9u * by;
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
same(const char *key, size_t i, const char *s, size_t n)
{
	while (i && n) {
		char a = key[--i], b = s[n - 1];
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

/* 1 + the entry, or 0. */
static unsigned
find(const struct remote_table *t, enum remote_by by, uint32_t h, const char *s, size_t n)
{
	for (uint32_t i = h % REMOTE_SLOTS; t->slot[i].entry; i = (i + 1) % REMOTE_SLOTS)
		if (t->slot[i].hash == h && t->slot[i].by == by &&
		    same(t->slot[i].key, t->slot[i].n, s, n))
			return t->slot[i].entry;
	return 0;
}

static bool
add(struct remote_table *t, enum remote_by by, const struct sval *v)
{
	uint32_t h = hash_key(by, v->p, v->n), i = h % REMOTE_SLOTS;

	if (v->type != SVAL_STR || v->escaped || !v->n || v->n > HOST_MAX ||
	    t->used >= REMOTE_SLOTS / 2 || find(t, by, h, v->p, v->n))
		return false;
	while (t->slot[i].entry)
		i = (i + 1) % REMOTE_SLOTS;
	t->slot[i].hash = h;
	t->slot[i].entry = (uint16_t)t->n;      /* this one's index + 1 */
	t->slot[i].by = (uint8_t)by;
	t->slot[i].n = (uint8_t)v->n;
	t->slot[i].key = v->p;
	t->used++;
	return true;
}

static bool
add_list(struct remote_table *t, enum remote_by by, const struct sval *o, const char *key)
{
	struct sval list, v;
	struct scan s;

	if (!scan_get(o, key, &list))
		return true;
	if (list.type != SVAL_ARR)
		return false;
	for (scan_in(&s, &list); scan_elem(&s, &v); )
		if (!add(t, by, &v))
			return false;
	return true;
}

static bool
take_text(const struct sval *o, const char *key, struct text *t)
{
	struct sval v;

	if (!scan_get(o, key, &v) || v.type != SVAL_STR || v.escaped || !v.n)
		return false;
	*t = (struct text){ v.p, v.n };
	return true;
}

static const char *
take(struct remote_table *t, const struct sval *o)
{
	struct remote_access *a = &t->entry[t->n++];
	bool known = false;
	struct text said;

	if (!take_text(o, "vendor", &a->vendor) || !take_text(o, "product", &a->product) ||
	    !take_text(o, "kind", &a->kind))
		return "vendor, product or kind missing";
	if (!take_text(o, "source", &said) || !take_text(o, "certainty", &said))
		return "source or certainty missing";
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		known |= strlen(kinds[k]) == a->kind.n &&
		    memcmp(kinds[k], a->kind.p, a->kind.n) == 0;
	if (!known)
		return "no such kind";
	if (!add_list(t, REMOTE_HOST, o, "hosts") ||
	    !add_list(t, REMOTE_CERTIFICATE, o, "certificate") ||
	    !add_list(t, REMOTE_ALPN, o, "alpn"))
		return "a name that is none, or another's";
	return NULL;
}

const char *
remote_fill(struct remote_table *t, size_t *at)
{
	const struct embed *m = embed_find("rules/remote-access.json");
	const char *why = NULL;
	struct sval doc, list, o;
	struct scan s;
	size_t n = m ? (size_t)(m->end - m->p) : 0;

	t->filled = true;
	while (n && m->p[n - 1] == '\n')
		n--;
	if (!n || !scan_check((const char *)m->p, n, true, at, &why))
		return n ? why : "not here";
	doc = scan_line((const char *)m->p, n);
	if (!scan_get(&doc, "entries", &list))
		return "no entries";
	why = NULL;
	*at = 0;
	for (scan_in(&s, &list); !why && scan_elem(&s, &o); *at = t->n)
		why = t->n < REMOTE_ENTRIES ? take(t, &o) : "too many";
	if (why) {
		memset(t, 0, sizeof(*t));
		t->filled = true;
	}
	return why;
}

/* The longest end of s that is in the table. */
static unsigned
by_end(const struct remote_table *t, const char *s, size_t n)
{
	uint32_t h = seed(REMOTE_HOST), any = h;
	unsigned dots = 0, best = 0, k;

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
	unsigned k;

	if (!n || n > HOST_MAX)
		return NULL;
	k = by == REMOTE_HOST ? by_end(t, s, n) : find(t, by, hash_key(by, s, n), s, n);
	return k ? &t->entry[k - 1] : NULL;
}

const struct remote_access *
remote_access(struct engine *g, enum remote_by by, const char *s, size_t n)
{
	size_t at;

	if (!g->remote->filled)
		remote_fill(g->remote, &at);
	return remote_find(g->remote, by, s, n);
}

void
remote_access_put(struct ev *e, const struct remote_access *a)
{
	if (!a)
		return;
	ev_obj(e, "remote_access");
	ev_str(e, "vendor", a->vendor);
	ev_str(e, "product", a->product);
	ev_str(e, "kind", a->kind);
	ev_end(e);
}
