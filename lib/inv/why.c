/* why.c: which asset is meant, and what is said of it. */
#include "inv/why_impl.h"

#include "base/addr.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const why_fields[] = { "key", "name", "vendor", "product", "model", "serial",
	"firmware", "hardware", "order_code", "os", "location", "role", "zone", "purdue",
	"category", "lab_system", "cra", "supplier", "register", "via", "nat", "ip", "mac",
	"hostname", "asked_name", "identifier", "maybe_same", "service", NULL };

static const struct { const char *word, *field; } others[] = { { "id", "key" }, { "ips", "ip" },
	{ "address", "ip" }, { "addresses", "ip" }, { "macs", "mac" }, { "make", "vendor" },
	{ "roles", "role" }, { "hostnames", "hostname" }, { "names", "asked_name" },
	{ "services", "service" }, { "protocols", "service" }, { "zones", "zone" },
	{ "router", "via" }, { "zone_name", "zone" }, { "identifiers", "identifier" } };

const char *
why_field(const char *name)
{
	size_t i;

	for (i = 0; why_fields[i]; i++)
		if (strcasecmp(why_fields[i], name) == 0)
			return why_fields[i];
	for (i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcasecmp(others[i].word, name) == 0)
			return others[i].field;
	return NULL;
}

/* ---- which asset --------------------------------------------------------------- */

static bool
one_is(const struct item *i, const char *key, const char *name)
{
	struct sval list, x;
	struct scan s;
	char t[WHY_TEXT];

	if (!scan_get(&i->o, key, &list))
		return false;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		sval_text(&x, t, sizeof(t));
		if (strcasecmp(t, name) == 0)
			return true;
	}
	return false;
}

/* "00-90-E8-31-70-0C" as records write it; an IPv6 address in its shortest form. */
static void
plain(const char *name, char *dst, size_t cap)
{
	struct addr ip = { .v = 0 };
	size_t n = strlen(name);

	snprintf(dst, cap, "%s", name);
	if (n == 17 && name[2] == '-')
		for (char *p = dst; *p; p++)
			*p = *p == '-' ? ':' : *p;
	else if (cap > ADDR_TEXT && strchr(name, ':') && addr_parse(&ip, name, n) && ip.v)
		dst[addr_put(dst, &ip)] = 0;
}

static bool
goes_by(const struct item *i, const char *name)
{
	static const char *const words[] = { "id", "key", "name", "serial", "register.id" };
	char t[WHY_TEXT], sub[512];
	struct sval list, x;
	struct scan s;

	for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++)
		if (strcasecmp(item_text(&i->o, words[k], t, sizeof(t)), name) == 0)
			return true;
	if (one_is(i, "macs", name) || one_is(i, "ips", name) || one_is(i, "hostnames", name))
		return true;
	if (!*item_text(&i->o, "sub", sub, sizeof(sub)) || !scan_get(&i->o, "ips", &list))
		return false;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		size_t n = sval_text(&x, t, sizeof(t));
		if (strncasecmp(name, t, n) == 0 && name[n] == ' ' &&
		    strcasecmp(name + n + 1, sub) == 0)
			return true;
	}
	return false;
}

static bool
begins(const struct item *i, const char *name)
{
	size_t n = strlen(name);

	for (size_t k = 0; k < n; k++)
		if (!isxdigit((unsigned char)name[k]))
			return false;
	return n >= 4 && n <= i->id.n && strncasecmp(i->id.p, name, n) == 0;
}

static bool
is_part(const struct item *i)
{
	struct sval x;

	return scan_get(&i->o, "parent", &x);
}

size_t
why_find(const struct list *l, const char *name, const struct item **hits, size_t max)
{
	char t[512];
	size_t n = 0, i;

	plain(name, t, sizeof(t));
	for (int pass = 0; pass < 3 && !n; pass++)
		for (i = 0; i < l->nassets; i++) {
			const struct item *x = &l->assets[i];
			/* a gateway's address is its parts' too */
			if (pass < 2 ? is_part(x) != (pass == 1) || !goes_by(x, t) :
			    !begins(x, t))
				continue;
			if (n < max)
				hits[n] = x;
			n++;
		}
	return n;
}

/* ---- rows ------------------------------------------------------------------------ */

void
why_text(struct why *w, char **text, const char *s)
{
	free(*text);
	if (!(*text = strdup(s)))
		w->failed = true;
}

struct why_row *
why_row(struct why *w, const char *value, const char *source, unsigned rank, bool counts,
    const char *because)
{
	struct why_row *more, *r;

	if (w->failed || !(more = realloc(w->v, (w->n + 1) * sizeof(*more)))) {
		w->failed = true;
		return NULL;
	}
	w->v = more;
	r = &w->v[w->n++];
	*r = (struct why_row){ .rank = rank, .counts = counts };
	why_text(w, &r->value, value);
	why_text(w, &r->source, source);
	why_text(w, &r->why, because);
	why_text(w, &r->at, "");
	return w->failed ? NULL : r;
}

void
why_place(struct why_row *r, const struct sval *from)
{
	r->place = *from;
	item_text(from, "last_seen", r->last, sizeof(r->last));
}

const char *
why_address(const struct sval *a, char *dst, size_t cap)
{
	char mac[24], ip[64], sub[256];

	item_text(a, "mac", mac, sizeof(mac));
	item_text(a, "ip", ip, sizeof(ip));
	item_text(a, "sub", sub, sizeof(sub));
	snprintf(dst, cap, "%s%s%s%s%s", mac, *mac && *ip ? " " : "", ip,
	    *sub && (*mac || *ip) ? " " : "", sub);
	return dst;
}

const char *
why_at(const struct item *asset, const struct sval *word, char *dst, size_t cap)
{
	struct sval list, a, x;
	struct scan s;
	uint64_t at;

	*dst = 0;
	if (!scan_get(word, "at", &x) || !sval_uint(&x, &at) ||
	    !scan_get(&asset->o, "addresses", &list))
		return item_text(word, "mac", dst, cap);
	for (scan_in(&s, &list); scan_elem(&s, &a); at--)
		if (at == 0)
			return why_address(&a, dst, cap);
	return dst;
}

bool
why_make(struct why *w, const struct list *l, const struct item *asset, const char *field)
{
	static const struct { const char *field, *key; } members[] = { { "role", "roles" },
		{ "ip", "ips" }, { "mac", "macs" }, { "hostname", "hostnames" },
		{ "asked_name", "names" }, { "register", "register.id" },
		{ "lab_system", "lab_system.category" }, { "cra", "cra.class" },
		{ "nat", "nat.certainty" } };
	struct sval list, x;
	struct scan s;
	char t[WHY_TEXT];
	const char *key = field;

	*w = (struct why){ .asset = asset, .field = field };
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		if (strcmp(members[i].field, field) == 0)
			key = members[i].key;
	item_text(&asset->o, key, t, sizeof(t));
	if (!*t && scan_get(&asset->o, key, &list)) {
		scan_in(&s, &list);
		if (scan_elem(&s, &x) && !*item_text(&x, "role", t, sizeof(t)) &&
		    !*item_text(&x, "id", t, sizeof(t)))
			sval_text(&x, t, sizeof(t));
	}
	why_text(w, &w->value, t);
	if (strcmp(field, "key") == 0)
		rows_key(w);
	else if (strcmp(field, "role") == 0)
		rows_roles(w);
	else if (strcmp(field, "zone") == 0 || strcmp(field, "purdue") == 0 ||
	    strcmp(field, "category") == 0)
		rows_zone(w, field);
	else if (strcmp(field, "lab_system") == 0 || strcmp(field, "cra") == 0)
		rows_classified(w, field);
	else if (strcmp(field, "ip") == 0 || strcmp(field, "mac") == 0)
		rows_addresses(w, *field == 'm');
	else if (strcmp(field, "register") == 0 || strcmp(field, "supplier") == 0)
		rows_register(w, field);
	else if (strcmp(field, "via") == 0)
		rows_via(w, l);
	else if (strcmp(field, "nat") == 0)
		rows_nat(w, l);
	else if (strcmp(field, "maybe_same") == 0)
		rows_maybe_same(w, l);
	else if (strcmp(field, "service") == 0)
		rows_services(w, l);
	else
		rows_words(w, field);
	return w->n && !w->failed;
}

void
why_free(struct why *w)
{
	for (size_t i = 0; i < w->n; i++) {
		free(w->v[i].value);
		free(w->v[i].source);
		free(w->v[i].why);
		free(w->v[i].at);
	}
	free(w->v);
	free(w->value);
	*w = (struct why){ NULL };
}
