/* diff.c: assets and links of two inventories, matched and compared. */
#include "inv/diff.h"


#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = { "new", "gone", "changed" };

/* Single words, and where their evidence is; then sets of words. */
static const char *const words[] = { "name", "vendor", "product", "model", "serial", "firmware",
	"hardware", "order_code", "os", "location", "zone", "via" };
static const char *const sets[] = { "macs", "ips", "hostnames", "vlans", "roles", "services" };

enum { TEXT_MAX = 2048 };

static struct change *
add(struct diff *d, enum change_kind kind, bool link, const struct item *from,
    const struct item *to)
{
	struct change *more;

	if ((d->n & (d->n - 1)) == 0) {
		if (!(more = realloc(d->v, (d->n ? d->n * 2 : 1) * sizeof(*more)))) {
			d->failed = true;
			return NULL;
		}
		d->v = more;
	}
	d->v[d->n] = (struct change){ .kind = kind, .link = link, .from = from, .to = to };
	return &d->v[d->n++];
}

static void
changed(struct diff *d, const struct item *from, const struct item *to, const char *field,
    const char *old, const char *now, const struct sval *evidence)
{
	struct change *c = add(d, CHANGE_CHANGED, false, from, to);

	if (!c)
		return;
	c->field = field;
	c->old = *old ? strdup(old) : NULL;
	c->now = *now ? strdup(now) : NULL;
	if (evidence)
		c->evidence = *evidence;
	if ((*old && !c->old) || (*now && !c->now))
		d->failed = true;
}

/* ---- one asset ------------------------------------------------------------ */

/* The evidence of a value: where `to` says it was first seen. */
static bool
evidence_of(const struct item *to, const char *field, const char *value, struct sval *ev)
{
	struct sval all, list, x;
	struct scan s;
	char t[TEXT_MAX];

	if (!scan_get(&to->o, "evidence", &all) || !scan_get(&all, field, &list))
		return false;
	for (scan_in(&s, &list); scan_elem(&s, &x); )
		if (strcmp(item_text(&x, "value", t, sizeof(t)), value) == 0) {
			*ev = x;
			return true;
		}
	return false;
}

/* The members of a set, as texts: strings, numbers, role names, services. */
struct set { char *v[512]; size_t n; };

static void
set_add(struct set *s, const char *t)
{
	size_t lo = 0, hi = s->n, mid;
	int c;

	if (!*t || s->n == sizeof(s->v) / sizeof(*s->v))
		return;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if ((c = strcmp(t, s->v[mid])) == 0)
			return;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	memmove(s->v + lo + 1, s->v + lo, (s->n - lo) * sizeof(*s->v));
	if ((s->v[lo] = strdup(t)))
		s->n++;
	else
		memmove(s->v + lo, s->v + lo + 1, (s->n - lo) * sizeof(*s->v));
}

static void
set_free(struct set *s)
{
	while (s->n)
		free(s->v[--s->n]);
}

static void
service(struct set *set, const struct sval *x)
{
	char side[16], app[64], transport[16], t[128];

	if (strcmp(item_text(x, "side", side, sizeof(side)), "server") != 0)
		return;
	item_text(x, "app_proto", app, sizeof(app));
	snprintf(t, sizeof(t), "%s%s%s/%u", app, *app ? " " : "",
	    item_text(x, "transport", transport, sizeof(transport)),
	    (unsigned)item_uint(x, "port"));
	set_add(set, t);
}

static void
set_read(struct set *set, const struct sval *o, const char *name)
{
	bool roles = strcmp(name, "roles") == 0, services = strcmp(name, "services") == 0;
	struct sval list, x;
	struct scan s;
	char t[256];

	if (!scan_get(o, services ? "protocols" : name, &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		if (services) {
			service(set, &x);
		} else if (roles) {
			set_add(set, item_text(&x, "role", t, sizeof(t)));
		} else {
			sval_text(&x, t, sizeof(t));
			set_add(set, t);
		}
	}
}

/* Those of a that b lacks, as one text. */
static void
set_without(const struct set *a, const struct set *b, char *dst, size_t cap)
{
	size_t i, j, n = 0;

	*dst = 0;
	for (i = 0; i < a->n; i++) {
		for (j = 0; j < b->n && strcmp(a->v[i], b->v[j]) != 0; j++)
			;
		if (j == b->n && n + strlen(a->v[i]) + 3 < cap)
			n += (size_t)snprintf(dst + n, cap - n, "%s%s", n ? ", " : "", a->v[i]);
	}
}

static void
compare_asset(struct diff *d, const struct item *from, const struct item *to)
{
	char old[TEXT_MAX], now[TEXT_MAX];
	struct sval ev;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		item_text(&from->o, words[i], old, sizeof(old));
		item_text(&to->o, words[i], now, sizeof(now));
		/* not said again is not gone */
		if (*now && strcmp(old, now) != 0)
			changed(d, from, to, words[i], old, now,
			    evidence_of(to, strcmp(words[i], "name") == 0 ? "hostname" : words[i],
			    now, &ev) ? &ev : NULL);
	}
	for (i = 0; i < sizeof(sets) / sizeof(*sets); i++) {
		struct set a = { .n = 0 }, b = { .n = 0 };
		set_read(&a, &from->o, sets[i]);
		set_read(&b, &to->o, sets[i]);
		set_without(&a, &b, old, sizeof(old));
		set_without(&b, &a, now, sizeof(now));
		if (*now)
			changed(d, from, to, sets[i], old, now, NULL);
		set_free(&a);
		set_free(&b);
	}
}

/* ---- matching -------------------------------------------------------------- */

static bool
share_mac(const struct item *a, const struct item *b)
{
	struct sval la, lb, x, y;
	struct scan s, t;

	if (!scan_get(&a->o, "macs", &la) || !scan_get(&b->o, "macs", &lb))
		return false;
	for (scan_in(&s, &la); scan_elem(&s, &x); )
		for (scan_in(&t, &lb); scan_elem(&t, &y); )
			if (x.n == y.n && memcmp(x.p, y.p, x.n) == 0)
				return true;
	return false;
}

/* Parts never match by MAC: it is their gateway's. */
static bool
is_part(const struct item *i)
{
	struct sval x;

	return scan_get(&i->o, "parent", &x);
}

static void
match_assets(struct diff *d, const struct list *from, const struct list *to)
{
	bool *taken = calloc(from->nassets + 1, sizeof(*taken));
	const struct item **of = calloc(to->nassets + 1, sizeof(*of));
	size_t i, k;

	if (!taken || !of) {
		d->failed = true;
		goto out;
	}
	for (i = 0; i < to->nassets; i++)
		if ((of[i] = list_asset(from, &to->assets[i].id)))
			taken[of[i] - from->assets] = true;
	for (i = 0; i < to->nassets; i++)
		for (k = 0; !of[i] && !is_part(&to->assets[i]) && k < from->nassets; k++)
			if (!taken[k] && !is_part(&from->assets[k]) &&
			    share_mac(&from->assets[k], &to->assets[i])) {
				of[i] = &from->assets[k];
				taken[k] = true;
			}
	for (i = 0; i < to->nassets; i++) {
		if (of[i])
			compare_asset(d, of[i], &to->assets[i]);
		else if (!item_true(&to->assets[i].o, "silent"))
			add(d, CHANGE_NEW, false, NULL, &to->assets[i]);
	}
	for (k = 0; k < from->nassets; k++)
		if (!taken[k] && !item_true(&from->assets[k].o, "silent"))
			add(d, CHANGE_GONE, false, &from->assets[k], NULL);
out:
	free(taken);
	free(of);
}

struct linked { char key[256]; const struct item *item; };

static int
by_key(const void *pa, const void *pb)
{
	const struct linked *a = pa, *b = pb;
	int c = strcmp(a->key, b->key);

	return c ? c : strcmp(a->item->line, b->item->line);
}

static struct linked *
link_keys(const struct list *l)
{
	struct linked *v = calloc(l->nlinks + 1, sizeof(*v));
	char c[80], s[80], app[64], t[16];

	for (size_t i = 0; v && i < l->nlinks; i++) {
		const struct sval *o = &l->links[i].o;
		if (!*item_text(o, "app_proto", app, sizeof(app)))
			item_text(o, "guess.app_proto", app, sizeof(app));
		snprintf(v[i].key, sizeof(v[i].key), "%s %s %s %s %u",
		    item_text(o, "client.id", c, sizeof(c)), item_text(o, "server.id", s,
		    sizeof(s)), app, item_text(o, "transport", t, sizeof(t)),
		    (unsigned)item_uint(o, "port"));
		v[i].item = &l->links[i];
	}
	if (v && l->nlinks)
		qsort(v, l->nlinks, sizeof(*v), by_key);
	return v;
}

static void
match_links(struct diff *d, const struct list *from, const struct list *to)
{
	struct linked *a = link_keys(from), *b = link_keys(to);
	size_t i = 0, j = 0;
	int c;

	if (!a || !b)
		d->failed = true;
	while (a && b && (i < from->nlinks || j < to->nlinks)) {
		c = i == from->nlinks ? 1 : j == to->nlinks ? -1 : strcmp(a[i].key, b[j].key);
		if (c < 0)
			add(d, CHANGE_GONE, true, a[i].item, NULL);
		else if (c > 0)
			add(d, CHANGE_NEW, true, NULL, b[j].item);
		/* one pair of assets may be linked over several addresses */
		const char *key = c <= 0 ? a[i].key : b[j].key;
		char same[256];
		snprintf(same, sizeof(same), "%s", key);
		while (c <= 0 && i < from->nlinks && strcmp(a[i].key, same) == 0)
			i++;
		while (c >= 0 && j < to->nlinks && strcmp(b[j].key, same) == 0)
			j++;
	}
	free(a);
	free(b);
}

void
diff_make(struct diff *d, const struct list *from, const struct list *to)
{
	*d = (struct diff){ NULL };
	match_assets(d, from, to);
	match_links(d, from, to);
}

void
diff_free(struct diff *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i].old);
		free(d->v[i].now);
	}
	free(d->v);
	*d = (struct diff){ NULL };
}

/* ---- out --------------------------------------------------------------------- */

static void
raw(struct jw *w, const char *key, const struct sval *o, const char *path)
{
	struct sval x;

	if (!scan_path(o, path, &x))
		return;
	jw_key(w, key, strlen(key));
	if (x.type == SVAL_STR)
		jw_k_raw(w, JW_NOKEY, x.p - 1, x.n + 2);
	else
		jw_k_raw(w, JW_NOKEY, x.p, x.n);
}

static void
end_write(struct jw *w, const char *key, const struct sval *link)
{
	struct sval o;

	if (!scan_get(link, key, &o))
		return;
	jw_key(w, key, strlen(key));
	jw_k_open(w, JW_NOKEY, '{');
	raw(w, "id", &o, "id");
	raw(w, "mac", &o, "mac");
	raw(w, "ip", &o, "ip");
	raw(w, "sub", &o, "sub");
	raw(w, "name", &o, "name");
	raw(w, "zone", &o, "zone");
	jw_end(w);
}

static bool
first_place(const struct item *i, bool link, struct sval *ev)
{
	struct sval list, x;
	struct scan s;

	if (link)
		return scan_path(&i->o, "evidence.first", ev);
	if (!scan_get(&i->o, "addresses", &list))
		return false;
	scan_in(&s, &list);
	return scan_elem(&s, &x) && scan_get(&x, "first", ev);
}

static bool
evidence(const struct change *c, struct sval *ev)
{
	if (c->evidence.type == SVAL_OBJ) {
		*ev = c->evidence;
		return true;
	}
	return first_place(c->to ? c->to : c->from, c->link, ev);
}

void
change_write(const struct change *c, struct jw *w)
{
	const struct item *x = c->to ? c->to : c->from;
	struct sval ev;

	jw_time(w, "timestamp", x->us);
	jw_cstr(w, "event_type", "change");
	jw_obj(w, "change");
	jw_cstr(w, "kind", kind_names[c->kind]);
	jw_cstr(w, "what", c->link ? "link" : "asset");
	jw_cstr(w, "field", c->field);
	jw_cstr(w, "old", c->old);
	jw_cstr(w, "new", c->now);
	if (c->link) {
		end_write(w, "client", &x->o);
		end_write(w, "server", &x->o);
		raw(w, "app_proto", &x->o, "app_proto");
		raw(w, "transport", &x->o, "transport");
		raw(w, "port", &x->o, "port");
	} else {
		jw_obj(w, "asset");
		raw(w, "id", &x->o, "id");
		raw(w, "site", &x->o, "site");
		raw(w, "name", &x->o, "name");
		raw(w, "ips", &x->o, "ips");
		raw(w, "macs", &x->o, "macs");
		raw(w, "sub", &x->o, "sub");
		raw(w, "zone", &x->o, "zone");
		if (c->kind == CHANGE_CHANGED && (c->from->id.n != c->to->id.n ||
		    memcmp(c->from->id.p, c->to->id.p, c->to->id.n) != 0))
			raw(w, "old_id", &c->from->o, "id");
		jw_end(w);
	}
	raw(w, "first_seen", &x->o, "first_seen");
	raw(w, "last_seen", &x->o, "last_seen");
	if (evidence(c, &ev)) {
		jw_obj(w, "evidence");
		raw(w, "source", &ev, "source");
		raw(w, "timestamp", &ev, "timestamp");
		raw(w, "in_iface", &ev, "in_iface");
		raw(w, "pcap_filename", &ev, "pcap_filename");
		raw(w, "pcap_cnt", &ev, "pcap_cnt");
		jw_end(w);
	}
	jw_end(w);
}

static const char *
address(const struct sval *o, char *dst, size_t cap)
{
	struct sval list, x;
	struct scan s;

	*dst = 0;
	if (scan_get(o, "ips", &list) || scan_get(o, "macs", &list)) {
		scan_in(&s, &list);
		if (scan_elem(&s, &x))
			sval_text(&x, dst, cap);
	}
	return dst;
}

static void
print_end(FILE *f, const struct sval *o, const char *key)
{
	struct sval x;
	char name[64], ip[64];

	if (!scan_get(o, key, &x))
		return;
	item_text(&x, "name", name, sizeof(name));
	if (!*item_text(&x, "ip", ip, sizeof(ip)))
		item_text(&x, "mac", ip, sizeof(ip));
	fprintf(f, "%s%s%s", name, *name ? " " : "", ip);
}

void
change_print(const struct change *c, FILE *f)
{
	const struct item *x = c->to ? c->to : c->from;
	char t[TEXT_MAX], u[128], src[64];
	struct sval ev;

	fprintf(f, "%-8s ", kind_names[c->kind]);
	if (c->link) {
		print_end(f, &x->o, "client");
		fputs(" → ", f);
		print_end(f, &x->o, "server");
		fprintf(f, "  %s", item_text(&x->o, "app_proto", t, sizeof(t)));
		if (!*t)
			fputs(item_text(&x->o, "transport", t, sizeof(t)), f);
		if (item_uint(&x->o, "port"))
			fprintf(f, "/%u", (unsigned)item_uint(&x->o, "port"));
		if (item_true(&x->o, "outward"))
			fputs(", to the internet", f);
		if (item_true(&x->o, "cross_zone"))
			fprintf(f, ", %s to %s", item_text(&x->o, "client.zone", t, sizeof(t)),
			    item_text(&x->o, "server.zone", u, sizeof(u)));
	} else {
		fprintf(f, "%.4s %s", item_text(&x->o, "id", t, sizeof(t)),
		    item_text(&x->o, "name", u, sizeof(u)));
		fprintf(f, "%s%s", *u ? " " : "", address(&x->o, t, sizeof(t)));
		item_text(&x->o, "sub", u, sizeof(u));
		fprintf(f, "%s%s", *u ? " " : "", u);
		if (c->kind == CHANGE_CHANGED) {
			fprintf(f, "  %s ", c->field);
			if (c->old)
				fprintf(f, "%s → %s", c->old, c->now ? c->now : "");
			else
				fprintf(f, "+ %s", c->now ? c->now : "");
		} else {
			item_text(&x->o, "vendor", t, sizeof(t));
			fprintf(f, "%s%s%s", *t ? "  " : "", t, *t ? "," : " ");
			fprintf(f, " %s", c->kind == CHANGE_NEW ? "first seen " : "last seen ");
			item_text(&x->o, c->kind == CHANGE_NEW ? "first_seen" : "last_seen", t,
			    sizeof(t));
			fprintf(f, "%.10s %.8s", t, strlen(t) > 19 ? t + 11 : "");
		}
	}
	if (evidence(c, &ev)) {
		item_text(&ev, "source", src, sizeof(src));
		if (!*item_text(&ev, "pcap_filename", t, sizeof(t)))
			item_text(&ev, "in_iface", t, sizeof(t));
		if (*src || *t)
			fprintf(f, "  (%s%s%s", src, *src && *t ? ", " : "", t);
		if ((*src || *t) && item_uint(&ev, "pcap_cnt"))
			fprintf(f, " #%llu", (unsigned long long)item_uint(&ev, "pcap_cnt"));
		if (*src || *t)
			putc(')', f);
	}
	putc('\n', f);
}
