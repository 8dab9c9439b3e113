/* vendor.c: oui, mam and oui36 as CSV, or as the older text where only that is there. */
#include "model/vendor.h"

#include "base/file.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

struct entry {
	uint64_t prefix;                /* 36 bits, what is not assigned is zero */
	uint32_t bits;
	uint32_t name;                  /* offset into names */
};

struct vendors {
	struct entry *v;
	size_t n, cap;
	char *names;
	size_t used, room;
	char why[320];
};

static bool
add(struct vendors *t, const char *hex, size_t digits, const char *name, size_t n)
{
	struct entry *e;
	uint64_t p = 0;
	size_t i;

	for (i = 0; i < digits; i++) {
		if (!isxdigit((unsigned char)hex[i]))
			return true;
		p = p << 4 | (uint64_t)(hex[i] <= '9' ? hex[i] - '0' : (hex[i] | 32) - 'a' + 10);
	}
	/* "Siemens AG," stands there so */
	while (n && strchr(", \r", name[n - 1]))
		n--;
	if (n == 0 || (n == 7 && strncasecmp(name, "private", 7) == 0) ||
	    (n == 27 && strncasecmp(name, "IEEE Registration Authority", 27) == 0))
		return true;
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 65536;
		if (!(e = realloc(t->v, t->cap * sizeof(*e))))
			return false;
		t->v = e;
	}
	if (t->used + n + 1 > t->room) {
		char *more;
		for (t->room = t->room ? t->room : 1u << 20; t->room < t->used + n + 1; )
			t->room *= 2;
		if (!(more = realloc(t->names, t->room)))
			return false;
		t->names = more;
	}
	e = &t->v[t->n++];
	e->prefix = p << (36 - 4 * digits);
	e->bits = (uint32_t)(4 * digits);
	e->name = (uint32_t)t->used;
	for (i = 0; i < n; i++) {
		if (name[i] == '"' && i + 1 < n && name[i + 1] == '"')
			i++;
		t->names[t->used++] = name[i];
	}
	t->names[t->used++] = 0;
	return true;
}

/* MA-L,002272,American Micro-Fuel Device Corp.,... or MA-L,F4BD9E,"Cisco Systems, Inc",... */
static bool
csv_line(struct vendors *t, const char *p, const char *end, size_t digits)
{
	const char *q;

	if (end - p < 5 + (ptrdiff_t)digits + 1 || memcmp(p, "MA-", 3) != 0 ||
	    p[5 + digits] != ',')
		return true;
	q = p + 6 + digits;
	if (q < end && *q == '"') {
		const char *close = ++q;
		while (close < end && !(*close == '"' && (close + 1 == end || close[1] != '"')))
			close += *close == '"' ? 2 : 1;
		return add(t, p + 5, digits, q, (size_t)((close < end ? close : end) - q));
	}
	for (end = q; *end && *end != ',' && *end != '\n' && *end != '\r'; end++)
		;
	return add(t, p + 5, digits, q, (size_t)(end - q));
}

/* 002272     (base 16)		American Micro-Fuel Device Corp.
 * The longer tables have a range behind the OUI's line and are not read so. */
static bool
txt_line(struct vendors *t, const char *p, const char *end, size_t digits)
{
	const char *q;

	if (digits != 6 || end - p < 24 || memcmp(p + 6, "     (base 16)", 14) != 0)
		return true;
	for (q = p + 20; q < end && (*q == '\t' || *q == ' '); q++)
		;
	return add(t, p, 6, q, (size_t)(end - q));
}

static bool
load(struct vendors *t, const char *dir, const char *name, size_t digits, bool csv)
{
	struct err e = { "" };
	char path[512], *buf;
	const char *p, *nl;
	size_t n;
	bool ok = true;

	snprintf(path, sizeof(path), "%s/%s.%s", dir, name, csv ? "csv" : "txt");
	if (!(buf = file_slurp(path, LIM_DOC, &n, &e))) {
		if (!csv)
			snprintf(t->why, sizeof(t->why), "no vendors from MAC addresses: %.250s",
			    e.text);
		return csv ? load(t, dir, name, digits, false) : true;
	}
	for (p = buf; ok && p < buf + n; p = nl + 1) {
		if (!(nl = memchr(p, '\n', (size_t)(buf + n - p))))
			nl = buf + n;
		ok = csv ? csv_line(t, p, nl, digits) : txt_line(t, p, nl, digits);
	}
	free(buf);
	return ok;
}

static int
by_prefix(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->bits != y->bits)
		return x->bits < y->bits ? -1 : 1;
	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

struct vendors *
vendors_load(const char *dir)
{
	struct vendors *t = calloc(1, sizeof(*t));

	if (!dir)
		dir = "/usr/share/ieee-data";
	if (!t)
		return NULL;
	if (!load(t, dir, "oui", 6, true) || !load(t, dir, "mam", 7, true) ||
	    !load(t, dir, "oui36", 9, true)) {
		vendors_free(t);
		return NULL;
	}
	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), by_prefix);
	return t;
}

void
vendors_free(struct vendors *t)
{
	if (!t)
		return;
	free(t->v);
	free(t->names);
	free(t);
}

const char *
vendors_why(const struct vendors *t)
{
	return t->why[0] ? t->why : NULL;
}

static const char *
find(const struct vendors *t, uint64_t prefix, uint32_t bits)
{
	size_t lo = 0, hi = t->n, mid;
	const struct entry *e;

	prefix &= ~0ull << (36 - bits);
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		e = &t->v[mid];
		if (e->bits < bits || (e->bits == bits && e->prefix < prefix))
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < t->n && t->v[lo].bits == bits && t->v[lo].prefix == prefix)
		return t->names + t->v[lo].name;
	return NULL;
}

const char *
vendor_of(const struct vendors *t, const uint8_t mac[6])
{
	static const uint32_t bits[] = { 36, 28, 24 };
	uint64_t m = 0;
	const char *s;
	size_t i;

	if (!t || mac_is_local(mac) || mac_is_group(mac))
		return NULL;
	for (i = 0; i < 6; i++)
		m = m << 8 | mac[i];
	m >>= 12;
	for (i = 0; i < 3; i++)
		if ((s = find(t, m, bits[i])))
			return s;
	return NULL;
}
