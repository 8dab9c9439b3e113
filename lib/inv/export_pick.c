/* export_pick.c: members by name, in one pass; texts that do nobody harm. */
#include "inv/export_pick.h"

#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

static const char *const asset_keys[A_MEMBERS] = {
	[A_ADDRESSES] = "addresses", [A_CATEGORY] = "category", [A_CRA] = "cra",
	[A_EVIDENCE] = "evidence", [A_FIRMWARE] = "firmware", [A_FIRST_SEEN] = "first_seen",
	[A_HARDWARE] = "hardware", [A_HOSTNAMES] = "hostnames", [A_ID] = "id", [A_IPS] = "ips",
	[A_LAB_SYSTEM] = "lab_system", [A_LAST_SEEN] = "last_seen", [A_LOCATION] = "location",
	[A_MACS] = "macs", [A_MODEL] = "model", [A_NAME] = "name", [A_NAMES] = "names",
	[A_ORDER_CODE] = "order_code", [A_OS] = "os", [A_PARENT] = "parent",
	[A_PRODUCT] = "product", [A_PROTOCOLS] = "protocols", [A_PUBLIC] = "public",
	[A_PURDUE] = "purdue", [A_REGISTER] = "register", [A_ROLES] = "roles",
	[A_SERIAL] = "serial", [A_SILENT] = "silent", [A_SITE] = "site", [A_SUB] = "sub",
	[A_SUPPLIER] = "supplier", [A_VENDOR] = "vendor", [A_VLANS] = "vlans", [A_ZONE] = "zone",
	[A_ZONE_NAME] = "zone_name",
};
static const char *const link_keys[L_MEMBERS] = {
	[L_ANSWERED] = "answered", [L_APP_PROTO] = "app_proto",
	[L_BYTES_TOCLIENT] = "bytes_toclient", [L_BYTES_TOSERVER] = "bytes_toserver",
	[L_CLEARTEXT] = "cleartext_credentials", [L_CLIENT] = "client", [L_COPY] = "copy",
	[L_CROSS_ZONE] = "cross_zone", [L_ENCRYPTED] = "encrypted", [L_EVENTS] = "events",
	[L_EVIDENCE] = "evidence", [L_FIRST_SEEN] = "first_seen", [L_FLOWS] = "flows",
	[L_GUESS] = "guess", [L_ID] = "id", [L_INWARD] = "inward", [L_LAST_SEEN] = "last_seen",
	[L_NAMES] = "names", [L_OBJECTS] = "objects_written", [L_OPS] = "ops",
	[L_OUTWARD] = "outward", [L_PORT] = "port", [L_REMOTE] = "remote_access",
	[L_SERVER] = "server", [L_SITE] = "site", [L_SUPPLIER] = "supplier",
	[L_TRANSPORT] = "transport", [L_WEAK] = "weak",
};

/* Both lists of keys are sorted. */
static void
pick(const struct item *i, const char *const *keys, int n, struct sval *v)
{
	struct sval k, x;
	struct scan s;
	char name[32];
	int lo, hi, mid, c;

	for (c = 0; c < n; c++)
		v[c] = (struct sval){ .p = "" };
	for (scan_in(&s, &i->o); scan_member(&s, &k, &x); ) {
		sval_text(&k, name, sizeof(name));
		for (lo = 0, hi = n; lo < hi; ) {
			mid = lo + (hi - lo) / 2;
			if ((c = strcmp(name, keys[mid])) == 0) {
				v[mid] = x;
				break;
			}
			if (c < 0)
				hi = mid;
			else
				lo = mid + 1;
		}
	}
}

void
asset_pick(const struct item *i, struct sval v[A_MEMBERS])
{
	pick(i, asset_keys, A_MEMBERS, v);
}

void
link_pick(const struct item *i, struct sval v[L_MEMBERS])
{
	pick(i, link_keys, L_MEMBERS, v);
}

/* ---- texts ----------------------------------------------------------------- */

void
clean_free(struct clean *c)
{
	free(c->p);
	*c = (struct clean){ NULL };
}

/* Bytes at s of a character that a terminal, a spreadsheet or an eye would obey:
 * C0, DEL, C1, LINE and PARAGRAPH SEPARATOR, direction marks, U+FFFE and U+FFFF (which
 * XML has no place for); 0: it is harmless. */
static size_t
obeyed(const unsigned char *s)
{
	if (s[0] < 0x20 || s[0] == 0x7f)
		return 1;
	if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0)
		return 2;
	if (s[0] == 0xe2 && s[1] == 0x80 && ((s[2] >= 0xa8 && s[2] <= 0xae) || s[2] == 0x8e ||
	    s[2] == 0x8f))
		return 3;
	if (s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9)
		return 3;
	return s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe ? 3 : 0;
}

const char *
clean_text(struct clean *c, const struct sval *v)
{
	unsigned char *s, *d;
	size_t k;
	char *more;

	if (v->type == SVAL_NONE || v->type == SVAL_NULL)
		return "";
	/* unescaped, no text grows but where a broken escape becomes U+FFFD */
	if (c->cap < (size_t)v->n + 4) {
		k = (size_t)v->n * 2 + 256;
		if (!(more = realloc(c->p, k))) {
			c->failed = true;
			return "";
		}
		c->p = more;
		c->cap = k;
	}
	sval_text(v, c->p, c->cap);
	for (s = d = (unsigned char *)c->p; *s; ) {
		if ((k = obeyed(s))) {
			*d++ = '?';
			s += k;
		} else {
			*d++ = *s++;
		}
	}
	*d = 0;
	return c->p;
}

void
clean_cut(char *dst, size_t cap, const char *s)
{
	size_t n = strlen(s);

	if (n >= cap) {
		n = cap - 1;
		while (n && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(dst, s, n);
	dst[n] = 0;
}

const char *
clean_path(struct clean *c, const struct sval *o, const char *path)
{
	struct sval x;

	return o->type == SVAL_OBJ && scan_path(o, path, &x) ? clean_text(c, &x) : "";
}

const char *
clean_first(struct clean *c, const struct sval *list)
{
	struct sval x;
	struct scan s;

	scan_in(&s, list);
	return list->type == SVAL_ARR && scan_elem(&s, &x) ? clean_text(c, &x) : "";
}

uint64_t
pick_uint(const struct sval *v)
{
	uint64_t u;

	return sval_uint(v, &u) ? u : 0;
}

/* ---- assets ------------------------------------------------------------------ */

const char *
asset_label(struct clean *c, const struct sval v[A_MEMBERS])
{
	const char *s;

	if (*(s = clean_text(c, &v[A_NAME])) || *(s = clean_first(c, &v[A_NAMES])) ||
	    *(s = clean_text(c, &v[A_SUB])) || *(s = clean_first(c, &v[A_IPS])) ||
	    *(s = clean_first(c, &v[A_MACS])))
		return s;
	return clean_text(c, &v[A_ID]);
}

const struct sval *
asset_model(const struct sval v[A_MEMBERS])
{
	return v[A_MODEL].n ? &v[A_MODEL] : v[A_PRODUCT].n ? &v[A_PRODUCT] : &v[A_ORDER_CODE];
}

bool
asset_vendor_by_mac(const struct sval v[A_MEMBERS])
{
	struct sval list, x, source;
	struct scan s;
	bool any = false;

	if (v[A_EVIDENCE].type != SVAL_OBJ || !scan_get(&v[A_EVIDENCE], "vendor", &list))
		return false;
	for (scan_in(&s, &list); scan_elem(&s, &x); any = true)
		if (!scan_get(&x, "source", &source) || !sval_is(&source, "oui"))
			return false;
	return any;
}

bool
asset_cra_confirm(const struct sval v[A_MEMBERS])
{
	return v[A_CRA].type == SVAL_OBJ && item_true(&v[A_CRA], "confirm");
}

const char *
asset_role(struct clean *c, const struct sval v[A_MEMBERS], bool *guess)
{
	struct sval x, basis;
	struct scan s;

	scan_in(&s, &v[A_ROLES]);
	if (v[A_ROLES].type != SVAL_ARR || !scan_elem(&s, &x))
		return *guess = false, "";
	*guess = scan_get(&x, "basis", &basis) && sval_is(&basis, "behaviour");
	return clean_path(c, &x, "role");
}

struct sval
asset_place(const struct sval v[A_MEMBERS])
{
	struct sval best = { .p = "" }, x, first, t;
	int64_t us, least = INT64_MAX;
	struct scan s;

	for (scan_in(&s, &v[A_ADDRESSES]); scan_elem(&s, &x); ) {
		if (!scan_get(&x, "first", &first) || !scan_get(&first, "timestamp", &t) ||
		    t.type != SVAL_STR || !stamp_parse(&us, t.p, t.n) || us >= least)
			continue;
		least = us;
		best = first;
	}
	return best;
}

const char *
place_number(const struct sval *place, char dst[24])
{
	uint64_t n = item_uint(place, "pcap_cnt");

	dst[0] = 0;
	if (n)
		snprintf(dst, 24, "%llu", (unsigned long long)n);
	return dst;
}

bool
asset_shown(const struct item *i, bool all)
{
	return all || !item_true(&i->o, "silent");
}

/* ---- links ------------------------------------------------------------------- */

const struct item *
link_end(const struct list *l, const struct sval *end)
{
	struct sval id;

	return end->type == SVAL_OBJ && scan_get(end, "id", &id) ? list_asset(l, &id) : NULL;
}

bool
link_shown(const struct list *l, const struct item *i, bool all)
{
	struct sval end;
	const struct item *a;

	for (int k = 0; k < 2 && !all; k++)
		if (scan_get(&i->o, k ? "server" : "client", &end) && (a = link_end(l, &end)) &&
		    !asset_shown(a, false))
			return false;
	return true;
}

bool
link_writes(const struct sval v[L_MEMBERS])
{
	static const char *const ops[] = { "write", "command", "program", "configure" };
	struct sval x;

	if (v[L_OBJECTS].type == SVAL_ARR)
		return true;
	for (int i = 0; i < 4; i++)
		if (v[L_OPS].type == SVAL_OBJ && scan_get(&v[L_OPS], ops[i], &x) && pick_uint(&x))
			return true;
	return false;
}

const char *
link_proto(struct clean *c, const struct sval v[L_MEMBERS])
{
	const char *s;
	size_t n;

	if (*(s = clean_text(c, &v[L_APP_PROTO])))
		return s;
	if (*(s = clean_path(c, &v[L_GUESS], "app_proto"))) {
		/* clean_text() left room for four bytes, and the text is shorter than its span */
		n = strlen(s);
		memmove(c->p + 1, c->p, n + 1);
		c->p[0] = '?';
		return c->p;
	}
	return clean_text(c, &v[L_TRANSPORT]);
}
