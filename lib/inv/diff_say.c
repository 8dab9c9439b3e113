/* diff_say.c: a change in words. */
#include "inv/diff_say.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { DIFF_SAY = 400 };                /* a key: text of a word and its kind */

/* ---- what is told on another's line ------------------------------------------ */

static int
by_place(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;

	return (x > y) - (x < y);
}

static bool
in_list(const struct item *const *v, size_t n, const struct item *i)
{
	return n && bsearch(&i, v, n, sizeof(*v), by_place);
}

bool
fold_make(struct fold *f, const struct diff *d)
{
	*f = (struct fold){ .told = malloc((2 * d->n + 1) * sizeof(*f->told)),
	    .with = malloc((d->n + 1) * sizeof(*f->with)) };
	if (!f->told || !f->with) {
		fold_free(f);
		return false;
	}
	for (size_t i = 0; i < d->n; i++) {
		const struct change *c = &d->v[i];
		if (c->link && c->with && c->severity < SEV_HIGH)
			f->with[f->nwith++] = c->with;
		if (c->link || c->kind == CHANGE_CHANGED || c->kind == CHANGE_MERGED)
			continue;
		if (c->to)
			f->told[f->ntold++] = c->to;
		if (c->from && c->kind != CHANGE_SPLIT)
			f->told[f->ntold++] = c->from;
	}
	qsort(f->told, f->ntold, sizeof(*f->told), by_place);
	qsort(f->with, f->nwith, sizeof(*f->with), by_place);
	return true;
}

void
fold_free(struct fold *f)
{
	free(f->told);
	free(f->with);
	*f = (struct fold){ NULL };
}

bool
fold_hides(const struct fold *f, const struct change *c)
{
	return c->link && c->with && c->severity < SEV_HIGH &&
	    in_list(f->told, f->ntold, c->with);
}

static size_t
folded(const struct fold *f, const struct item *i)
{
	size_t lo = 0, hi = f->nwith, n = 0;

	if (!i)
		return 0;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if ((const char *)f->with[mid] < (const char *)i)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < f->nwith && f->with[lo] == i; lo++)
		n++;
	return n;
}

/* ---- words ------------------------------------------------------------------- */

/* Appends to dst of cap bytes; what does not fit is cut at a character. */
static void add(char *dst, size_t cap, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void
add(char *dst, size_t cap, const char *fmt, ...)
{
	size_t n = strlen(dst);
	va_list ap;
	int want;

	va_start(ap, fmt);
	want = vsnprintf(dst + n, cap - n, fmt, ap);
	va_end(ap);
	if (want < 0 || (size_t)want < cap - n)
		return;
	for (n = cap - 1; n && ((unsigned char)dst[n - 1] & 0xc0) == 0x80; n--)
		;
	if (n && (unsigned char)dst[n - 1] >= 0xc0)
		dst[n - 1] = 0;
}

const char *
base_name(const char *path)
{
	const char *s = strrchr(path, '/');

	return s && s[1] ? s + 1 : path;
}

static void
first_of(const struct sval *o, const char *key, char *dst, size_t cap)
{
	struct sval list, x;
	struct scan s;

	*dst = 0;
	if (!scan_get(o, key, &list))
		return;
	scan_in(&s, &list);
	if (scan_elem(&s, &x))
		sval_text(&x, dst, cap);
	for (char *p = dst; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
}

/* "AHU-2 10.20.0.9", "Siemens CPU 1214C 10.20.0.9 unit 5". */
static void
say_asset(char *dst, size_t cap, const struct item *i)
{
	char t[256], sub[256];

	item_text(&i->o, "name", t, sizeof(t));
	if (!*t) {
		item_text(&i->o, "vendor", t, sizeof(t));
		item_text(&i->o, "model", sub, sizeof(sub));
		if (*t && *sub)
			add(t, sizeof(t), " %s", sub);
	}
	if (*t)
		add(dst, cap, "%s ", t);
	first_of(&i->o, "ips", t, sizeof(t));
	if (!*t)
		first_of(&i->o, "macs", t, sizeof(t));
	if (!*t)
		snprintf(t, sizeof(t), "%.12s", item_text(&i->o, "id", sub, sizeof(sub)));
	add(dst, cap, "%s", t);
	if (*item_text(&i->o, "sub", sub, sizeof(sub)))
		add(dst, cap, " %s", sub);
}

static void
say_end(char *dst, size_t cap, const struct sval *link, const char *key)
{
	struct sval o;
	char name[256], ip[64], sub[128];

	if (!scan_get(link, key, &o)) {
		add(dst, cap, "?");
		return;
	}
	item_text(&o, "name", name, sizeof(name));
	if (!*item_text(&o, "ip", ip, sizeof(ip)))
		item_text(&o, "mac", ip, sizeof(ip));
	item_text(&o, "sub", sub, sizeof(sub));
	add(dst, cap, "%s%s%s%s%s", name, *name ? " " : "", ip, *sub ? " " : "", sub);
}

static const char *
word(const struct change_rules *r, const char *group, const char *name, const char *lang)
{
	char key[80];
	const char *s;

	snprintf(key, sizeof(key), "%s.%s", group, name);
	s = change_word(r, key, lang);
	return s == key ? name : s;
}

/* "modbus/502", "mqtt?/1883", "tcp/4711" */
static void
say_protocol(char *dst, size_t cap, const struct sval *o)
{
	char t[80], g[80];
	unsigned port = (unsigned)item_uint(o, "port");

	item_text(o, "app_proto", t, sizeof(t));
	if (!*t && *item_text(o, "guess.app_proto", g, sizeof(g)))
		snprintf(t, sizeof(t), "%.78s?", g);
	if (!*t)
		item_text(o, "transport", t, sizeof(t));
	add(dst, cap, "%s", *t ? t : "ip");
	if (port)
		add(dst, cap, "/%u", port);
}

static void
say_link(struct said *s, const struct change *c, const struct change_rules *r, const char *lang)
{
	const struct item *x = c->to ? c->to : c->from;
	char a[64], b[64];

	say_end(s->who, sizeof(s->who), &x->o, "client");
	add(s->who, sizeof(s->who), " → ");
	say_end(s->who, sizeof(s->who), &x->o, "server");
	say_protocol(s->what, sizeof(s->what), &x->o);
	for (int i = 0; i < HAS_N; i++)
		if (c->has >> i & 1 && !(i == HAS_CROSS_ZONE && c->kind == CHANGE_NEW))
			add(s->what, sizeof(s->what), ", %s", word(r, "has", has_names[i], lang));
	if (c->has >> HAS_CROSS_ZONE & 1 && c->kind == CHANGE_NEW)
		add(s->what, sizeof(s->what), ", %s → %s", item_text(&x->o, "client.zone", a,
		    sizeof(a)), item_text(&x->o, "server.zone", b, sizeof(b)));
	if (!c->answered)
		add(s->what, sizeof(s->what), ", %s", word(r, "has", "unanswered", lang));
	if (c->field && !c->has)
		add(s->what, sizeof(s->what), ", %s", word(r, "field", c->field, lang));
	if (c->now && c->old && !c->has)
		add(s->what, sizeof(s->what), " %.300s → %.300s", c->old, c->now);
	else if (c->now)
		add(s->what, sizeof(s->what), ": %.600s", c->now);
}

/* Of a role its name, of anything else what it is. */
static void
say_value(char *dst, size_t cap, const struct change *c, const char *value,
    const struct change_rules *r, const char *lang)
{
	char role[80];
	size_t n;

	if (strcmp(c->field, "role") != 0) {
		add(dst, cap, "%.600s", value);
		return;
	}
	for (const char *p = value; *p; p += n + strspn(p + n, ", ")) {
		n = strcspn(p, ",");
		snprintf(role, sizeof(role), "%.*s", (int)(n < 79 ? n : 79), p);
		add(dst, cap, "%s%s", p > value ? ", " : "", change_role(r, role, lang));
	}
}

static void
say_roles(char *dst, size_t cap, const struct item *i, const struct change_rules *r,
    const char *lang)
{
	struct sval list, x;
	struct scan s;
	char t[64];
	int n = 0;

	if (scan_get(&i->o, "roles", &list))
		for (scan_in(&s, &list); n < 3 && scan_elem(&s, &x); n++)
			add(dst, cap, "%s%s", n ? ", " : "", change_role(r, item_text(&x, "role", t,
			    sizeof(t)), lang));
}

static void
say_seen(char *dst, size_t cap, const struct item *i, const char *key,
    const struct change_rules *r, const char *lang)
{
	char t[64];

	item_text(&i->o, key, t, sizeof(t));
	if (strlen(t) > 19)
		add(dst, cap, "%s%s %.10s %.5s UTC", *dst ? ", " : "", change_word(r, key, lang), t,
		    t + 11);
}

/* What it is: make, role, zone; when; with how many links. */
static void
say_came(struct said *s, const struct change *c, const struct change_rules *r, const char *lang,
    const struct fold *f)
{
	const struct item *x = c->to ? c->to : c->from;
	char t[256], name[8];
	size_t n = folded(f, c->to) + folded(f, c->from);

	if (*item_text(&x->o, "name", name, sizeof(name)))
		add(s->what, sizeof(s->what), "%s", item_text(&x->o, "vendor", t, sizeof(t)));
	*t = 0;
	say_roles(t, sizeof(t), x, r, lang);
	if (*t)
		add(s->what, sizeof(s->what), "%s%s", *s->what ? ", " : "", t);
	if (*item_text(&x->o, "zone", t, sizeof(t)))
		add(s->what, sizeof(s->what), "%s%s", *s->what ? ", " : "", t);
	say_seen(s->what, sizeof(s->what), x, c->kind == CHANGE_GONE ? "last_seen" : "first_seen",
	    r, lang);
	if (n)
		add(s->what, sizeof(s->what), ", %zu %s", n, change_word(r, n == 1 ? "link" :
		    "links", lang));
}

void
change_say(struct said *s, const struct change *c, const struct change_rules *r,
    const char *lang, const struct fold *f)
{
	size_t cap = sizeof(s->what);
	struct sval ev;
	char t[256], src[64], key[DIFF_SAY];
	unsigned long long cnt;

	s->who[0] = s->what[0] = s->evidence[0] = 0;
	if (c->link)
		say_link(s, c, r, lang);
	else
		say_asset(s->who, sizeof(s->who), c->kind == CHANGE_MERGED ? c->from :
		    c->to ? c->to : c->from);
	if (!c->link)
		switch (c->kind) {
		case CHANGE_CHANGED:
			add(s->what, cap, "%s ", word(r, "field", c->field, lang));
			if (c->old && c->now) {
				say_value(s->what, cap, c, c->old, r, lang);
				add(s->what, cap, " → ");
				say_value(s->what, cap, c, c->now, r, lang);
			} else if (strcmp(c->field, "role") == 0 && c->now) {
				add(s->what, cap, "+ ");
				say_value(s->what, cap, c, c->now, r, lang);
			} else {
				add(s->what, cap, "+ %.1200s", c->now ? c->now : "");
			}
			break;
		case CHANGE_MERGED:
		case CHANGE_SPLIT:
			add(s->what, cap, "%s ", change_word(r, c->kind == CHANGE_SPLIT ? "was" :
			    "is", lang));
			say_asset(s->what, cap, c->kind == CHANGE_SPLIT ? c->from : c->to);
			add(s->what, cap, ": %s %s; %s %s", change_word(r, "shared", lang),
			    c->now ? c->now : "", change_word(r, "known_by", lang),
			    item_text(&c->to->o, "key", key, sizeof(key)));
			break;
		case CHANGE_REPLACED:
			add(s->what, cap, "%s ", change_word(r, "instead", lang));
			say_asset(s->what, cap, c->from);
			add(s->what, cap, " (%s → ", item_text(&c->from->o, "key", key,
			    sizeof(key)));
			add(s->what, cap, "%s)", item_text(&c->to->o, "key", key, sizeof(key)));
			break;
		case CHANGE_BACK:
			say_seen(s->what, cap, c->from, "last_seen", r, lang);
			break;
		default:
			say_came(s, c, r, lang, f);
			if (c->kind == CHANGE_NEW && c->from) {
				add(s->what, cap, "; %s ", change_word(r, "uses", lang));
				say_asset(s->what, cap, c->from);
			}
		}
	if (!change_evidence(c, &ev))
		return;
	item_text(&ev, "source", src, sizeof(src));
	if (!*item_text(&ev, "pcap_filename", t, sizeof(t)))
		item_text(&ev, "in_iface", t, sizeof(t));
	cnt = (unsigned long long)item_uint(&ev, "pcap_cnt");
	add(s->evidence, sizeof(s->evidence), "%s%s%s", src, *src && *t ? ", " : "", base_name(t));
	if (cnt)
		add(s->evidence, sizeof(s->evidence), "%s#%llu", *s->evidence ? " " : "", cnt);
}
