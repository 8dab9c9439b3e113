/* prefill_known.c: whose address it is, what people call it, and which are affected. */
#include "incident/prefill_impl.h"

#include "base/limits.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

static uint32_t
keep(struct prefill *p, const struct sval *v)
{
	char text[PREFILL_NAME];

	return v->type != SVAL_STR || p->pool.bytes > LIM_STAGE_TEXT ? 0 :
	    pool_put(&p->pool, text, sval_text(v, text, sizeof(text)));
}

/* The first text of a list, or the text itself. */
static uint32_t
first_text(struct prefill *p, const struct sval *o, const char *key)
{
	struct sval v;
	struct scan s;

	if (!scan_get(o, key, &v))
		return 0;
	if (v.type == SVAL_ARR) {
		scan_in(&s, &v);
		if (!scan_elem(&s, &v))
			return 0;
	}
	return keep(p, &v);
}

uint64_t
prefill_hash_addr(const struct addr *ip)
{
	return pool_hash(ip->b, 16, ip->v);
}

static uint64_t
rehash(const void *arg, uint32_t i)
{
	return prefill_hash_addr(&((const struct prefill *)arg)->owned[i].ip);
}

/* The first that has an address keeps it: an address that two assets had says nothing. */
static bool
own(struct prefill *p, const struct known *k, const struct addr *ip)
{
	struct owned *o;
	uint32_t j;

	if (prefill_known(p, ip))
		return true;
	if (!index_room(&p->owned_index, rehash, p) || !(o = PREFILL_MORE(p, owned)))
		return false;
	*o = (struct owned){ *ip, (uint32_t)(k - p->known) };
	for (j = (uint32_t)prefill_hash_addr(ip) & (p->owned_index.cap - 1);
	    p->owned_index.slot[j]; )
		j = (j + 1) & (p->owned_index.cap - 1);
	p->owned_index.slot[j] = (uint32_t)p->nowned;
	p->owned_index.n++;
	return true;
}

static bool
add_address(struct prefill *p, struct known *k, const struct addr *ip)
{
	struct addr *a = prefill_more(p, &k->ip, &k->nip, sizeof(*a));

	if (a)
		*a = *ip;
	return a && own(p, k, ip);
}

bool
prefill_asset(struct prefill *p, const char *line, size_t n, struct err *e)
{
	const char *why = "";
	struct sval list, v;
	struct known *k;
	struct addr ip;
	struct scan s;
	struct rec r;

	switch (rec_read_noting(&r, line, n, &p->tape, &why)) {
	case REC_OK: break;
	case REC_OTHER: return true;
	case REC_BAD: return err_set(e, "not JSON: %s", why);
	}
	if (!sval_is(&r.type, "asset") || r.detail.type != SVAL_OBJ)
		return true;
	p->sum.assets++;
	if (p->nknown >= LIM_STAGE_ASSETS) {
		p->sum.full++;
		return true;
	}
	if (!(k = PREFILL_MORE(p, known)))
		return err_set(e, "out of memory");
	if (scan_get(&r.detail, "id", &v))
		k->id = keep(p, &v);
	if (scan_path(&r.detail, "register.id", &v))
		k->reg = keep(p, &v);
	k->name = first_text(p, &r.detail, "name");
	k->host = first_text(p, &r.detail, "hostnames");
	if (!k->name)
		k->name = k->host ? k->host : first_text(p, &r.detail, "names");
	k->instrument = k->reg ? site_instrument(p->site, prefill_text(p, k->reg)) : NULL;
	/* what stands behind another's address is not that address */
	if (scan_get(&r.detail, "ips", &list) && !scan_get(&r.detail, "parent", &v))
		for (scan_in(&s, &list); scan_elem(&s, &v); )
			if (v.type == SVAL_STR && addr_parse(&ip, v.p, v.n) &&
			    !add_address(p, k, &ip))
				return err_set(e, "out of memory");
	return access_asset(p->access, line, n, e);
}

bool
prefill_register(struct prefill *p)
{
	size_t assets = p->nknown, j;

	for (size_t i = 0; p->site && i < p->site->ninstruments; i++) {
		const struct site_instrument *in = &p->site->instruments[i];
		struct known *k;

		for (j = 0; j < assets; j++)
			if (p->known[j].instrument == in)
				break;
		for (size_t m = 0; j == assets && m < in->ip.n; m++)
			if (prefill_known(p, &in->ip.v[m]))
				j = prefill_known(p, &in->ip.v[m]) - 1;
		if (j < assets) {
			k = &p->known[j];
		} else if (!(k = PREFILL_MORE(p, known))) {
			return false;
		}
		k->instrument = in;
		k->reg = pool_cstr(&p->pool, in->id);
		for (size_t m = 0; m < in->ip.n; m++)
			if (!prefill_known(p, &in->ip.v[m]) && !add_address(p, k, &in->ip.v[m]))
				return false;
	}
	return !p->pool.failed;
}

uint32_t
prefill_known(const struct prefill *p, const struct addr *ip)
{
	const struct index *x = &p->owned_index;

	for (uint32_t j = (uint32_t)prefill_hash_addr(ip); x->cap; j++) {
		j &= x->cap - 1;
		if (!x->slot[j])
			return 0;
		if (addr_eq(&p->owned[x->slot[j] - 1].ip, ip))
			return p->owned[x->slot[j] - 1].known + 1;
	}
	return 0;
}

/* ---- names ----------------------------------------------------------------------- */

/* Bytes of s up to max that end where a character does: half of one is no JSON. */
static int
whole(const char *s, size_t max)
{
	size_t n = 0, l, all = strlen(s);

	while (n < all && (l = utf8_len((const uint8_t *)s + n, all - n)) && n + l <= max)
		n += l;
	return (int)n;
}

const char *
prefill_name(const struct prefill *p, const struct known *k, char dst[PREFILL_NAME])
{
	char text[ADDR_TEXT];
	const char *s = prefill_text(p, k->reg ? k->reg : k->name ? k->name : k->id);

	if (*s || !k->nip) {
		snprintf(dst, PREFILL_NAME, "%.*s", whole(s, PREFILL_NAME - 1), s);
	} else {
		text[addr_put(text, &k->ip[0])] = '\0';
		snprintf(dst, PREFILL_NAME, "%s", text);
	}
	return dst;
}

const char *
prefill_who(const struct prefill *p, const struct party *a, char dst[PREFILL_NAME])
{
	const struct site_supplier *s;
	char text[ADDR_TEXT], name[PREFILL_NAME];
	const char *other;

	text[addr_put(text, &a->ip)] = '\0';
	s = a->outside ? site_supplier_of(p->site, &a->ip, NULL) : NULL;
	other = s ? site_word(&s->name, p->lang) : NULL;
	if (!other && a->known)
		other = prefill_name(p, &p->known[a->known - 1], name);
	if (other && strcmp(other, text) != 0)
		snprintf(dst, PREFILL_NAME, "%.*s (%s)", whole(other, 76), other, text);
	else
		snprintf(dst, PREFILL_NAME, "%s", text);
	return dst;
}

/* ---- which are affected -------------------------------------------------------------- */

/* Whether n bytes that a person wrote mean this thing: its register id, name, host name,
 * address, or the beginning of its id as tables show it. */
static bool
means(const struct prefill *p, const struct known *k, const char *s, size_t n)
{
	const uint32_t names[] = { k->reg, k->name, k->host };
	struct addr ip;

	for (size_t i = 0; i < 3; i++) {
		const char *t = prefill_text(p, names[i]);

		if (names[i] && strlen(t) == n && strncasecmp(t, s, n) == 0)
			return true;
	}
	if (k->id && n >= 4 && strncasecmp(prefill_text(p, k->id), s, n) == 0)
		return true;
	if (addr_parse(&ip, s, n))
		for (size_t i = 0; i < k->nip; i++)
			if (addr_eq(&k->ip[i], &ip))
				return true;
	return false;
}

/* One of the names: all that it means, or the address that it is. */
static bool
mark(struct prefill *p, const char *s, size_t n)
{
	struct addr ip;
	bool any = false;

	for (size_t i = 0; i < p->nknown; i++)
		if (means(p, &p->known[i], s, n))
			any = p->known[i].affected = p->known[i].named = true;
	if (addr_parse(&ip, s, n))
		for (size_t i = 0; i < p->nparty; i++)
			if (addr_eq(&p->party[i].ip, &ip))
				any = p->party[i].affected = true;
	return any || json_array_append_new(p->sum.strangers, json_stringn(s, n)) == 0;
}

static bool
mark_named(struct prefill *p, const char *list)
{
	size_t n;

	p->sum.chosen = true;
	for (; *(list += strspn(list, " ,;\n\t")); list += n) {
		size_t end = n = strcspn(list, ",;\n");

		while (end && (list[end - 1] == ' ' || list[end - 1] == '\t'))
			end--;
		if (!mark(p, list, end))
			return false;
	}
	return true;
}

bool
prefill_affected(struct prefill *p)
{
	const char *list = incident_text(p->incident, "affected_assets");
	const struct incident_value *v = incident_value(p->incident, "affected_assets", UINT64_MAX);

	for (size_t i = 0; i < p->nparty; i++)
		p->party[i].known = prefill_known(p, &p->party[i].ip);
	/* what was taken from records is what these records, or others, say: it is made anew */
	if (list && v && !v->evidence) {
		if (!mark_named(p, list))
			return false;
	} else {
		for (size_t i = 0; i < p->nparty; i++)
			if ((p->party[i].writes || p->party[i].alerts) && !p->party[i].group &&
			    !p->party[i].outside) {
				p->party[i].affected = true;
				if (p->party[i].known)
					p->known[p->party[i].known - 1].affected = true;
			}
	}
	for (size_t i = 0; i < p->nparty; i++)
		if (p->party[i].known && p->known[p->party[i].known - 1].affected)
			p->party[i].affected = true;
	return true;
}
