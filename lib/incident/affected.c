/* affected.c: names and addresses of what an incident affects. */
#include "incident/affected.h"

#include <stdlib.h>
#include <string.h>

enum {
	MOST = 1024,                    /* names, and addresses: a site's instruments */
	NAME = 256,                     /* bytes of one; longer values are no name */
	DEPTH = 16                      /* of values in a record; findings nest three deep */
};

static int
by_text(const void *a, const void *b)
{
	return strcasecmp(*(char *const *)a, *(char *const *)b);
}

static bool
add(struct affected *a, const char *s, size_t n, struct err *e)
{
	struct addr ip, *ips;
	char **v;

	if (!n || n >= NAME)
		return true;
	if (addr_parse(&ip, s, n)) {
		if (a->nip == MOST)
			return err_set(e, "more than %d addresses are affected", MOST);
		if (!(ips = realloc(a->ip, (a->nip + 1) * sizeof(*ips))))
			return err_set(e, "out of memory");
		a->ip = ips;
		a->ip[a->nip++] = ip;
	}
	for (size_t i = 0; i < a->n; i++)
		if (strncasecmp(a->text[i], s, n) == 0 && !a->text[i][n])
			return true;
	if (a->n == MOST)
		return err_set(e, "more than %d names are affected", MOST);
	if (!(v = realloc(a->text, (a->n + 1) * sizeof(*v))))
		return err_set(e, "out of memory");
	a->text = v;
	if (!(a->text[a->n] = strndup(s, n)))
		return err_set(e, "out of memory");
	a->n++;
	return true;
}

static bool
add_text(struct affected *a, const char *s, struct err *e)
{
	return !s || add(a, s, strlen(s), e);
}

/* ---- the site's words for it ------------------------------------------------------- */

static bool
same(const char *a, const char *s, size_t n)
{
	return a && strncasecmp(a, s, n) == 0 && !a[n];
}

static bool
is_called(const struct site_instrument *k, const char *s, size_t n)
{
	struct addr ip;
	uint8_t mac[6];

	if (same(k->id, s, n) || same(k->hostname, s, n) || same(k->name.sv, s, n) ||
	    same(k->name.en, s, n) || same(k->calibration_id, s, n) || same(k->serial, s, n))
		return true;
	if (addr_parse(&ip, s, n))
		for (size_t i = 0; i < k->ip.n; i++)
			if (addr_eq(&k->ip.v[i], &ip))
				return true;
	if (mac_parse(mac, s, n))
		for (size_t i = 0; i < k->mac.n; i++)
			if (k->mac.v[i].len == 6 && memcmp(k->mac.v[i].b, mac, 6) == 0)
				return true;
	return false;
}

static bool
add_instrument(struct affected *a, const struct site_instrument *k, struct err *e)
{
	char text[ADDR_TEXT > 32 ? ADDR_TEXT : 32];

	if (!add_text(a, k->id, e) || !add_text(a, k->hostname, e) ||
	    !add_text(a, k->calibration_id, e) || !add_text(a, k->serial, e))
		return false;
	for (size_t i = 0; i < k->ip.n; i++)
		if (!add(a, text, addr_put(text, &k->ip.v[i]), e))
			return false;
	for (size_t i = 0; i < k->mac.n; i++)
		if (k->mac.v[i].len == 6 && !add(a, text, mac_put(text, k->mac.v[i].b), e))
			return false;
	return true;
}

/* One name as it was written, and what the site calls who has it. */
static bool
add_named(struct affected *a, const struct site *site, const char *s, size_t n, struct err *e)
{
	if (!add(a, s, n, e))
		return false;
	for (size_t i = 0; n && site && i < site->ninstruments; i++)
		if (is_called(&site->instruments[i], s, n) &&
		    !add_instrument(a, &site->instruments[i], e))
			return false;
	return true;
}

/* ---- what the journal says ----------------------------------------------------------- */

static bool
read_list(struct affected *a, const struct site *site, const char *s, struct err *e)
{
	for (; s && *(s += strspn(s, " ,;\n\t")); ) {
		size_t all = strcspn(s, ",;\n"), n = all;

		while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
			n--;
		if (!add_named(a, site, s, n, e))
			return false;
		s += all;
	}
	return true;
}

/* Of running text the words that are addresses. */
static bool
read_addresses(struct affected *a, const char *s, struct err *e)
{
	struct addr ip;
	uint8_t mac[6];

	for (; s && *(s += strspn(s, " ,;()\n\t")); ) {
		size_t all = strcspn(s, " ,;()\n\t"), n = all;

		while (n && (s[n - 1] == '.' || s[n - 1] == ':'))
			n--;
		if ((addr_parse(&ip, s, n) || mac_parse(mac, s, n)) && !add(a, s, n, e))
			return false;
		s += all;
	}
	return true;
}

bool
affected_read(struct affected *a, const struct incident *i, const struct site *site,
    struct err *e)
{
	*a = (struct affected){ NULL };
	if (!read_list(a, site, incident_text(i, "affected_assets"), e) ||
	    !read_addresses(a, incident_text(i, "affected_addresses"), e))
		return false;
	if (a->n)
		qsort(a->text, a->n, sizeof(*a->text), by_text);
	return true;
}

void
affected_free(struct affected *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->text[i]);
	free(a->text);
	free(a->ip);
	*a = (struct affected){ NULL };
}

/* ---- asked --------------------------------------------------------------------------- */

bool
affected_is(const struct affected *a, const char *s)
{
	return a->n && bsearch(&s, a->text, a->n, sizeof(*a->text), by_text);
}

static bool
value_is(const struct affected *a, const struct sval *v)
{
	char text[NAME];
	struct addr ip;
	size_t n;

	if (v->n >= sizeof(text))
		return false;
	n = sval_text(v, text, sizeof(text));
	if (affected_is(a, text))
		return true;
	/* the same address has more than one text in IPv6 alone */
	if (a->nip && strchr(text, ':') && addr_parse(&ip, text, n))
		for (size_t i = 0; i < a->nip; i++)
			if (addr_eq(&a->ip[i], &ip))
				return true;
	return false;
}

static bool
touches(const struct affected *a, const struct sval *v, unsigned depth)
{
	struct sval k, in;
	struct scan it;

	if (v->type == SVAL_STR)
		return value_is(a, v);
	if (depth == DEPTH)
		return false;
	scan_in(&it, v);
	if (v->type == SVAL_OBJ) {
		while (scan_member(&it, &k, &in))
			if (touches(a, &in, depth + 1))
				return true;
	} else if (v->type == SVAL_ARR) {
		while (scan_elem(&it, &in))
			if (touches(a, &in, depth + 1))
				return true;
	}
	return false;
}

bool
affected_touches(const struct affected *a, const struct sval *record)
{
	return touches(a, record, 0);
}
