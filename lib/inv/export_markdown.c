/* export_markdown.c: one document for people: the numbers, the devices zone by zone, what
 * is not known, what crosses zones or goes out, and where it is known from. */
#include "inv/export.h"

#include "base/addr.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "inv/due.h"
#include "inv/export_pick.h"
#include "inv/label.h"
#include "model/rules.h"

#include <stdlib.h>
#include <string.h>

/* What may be missing of a device. */
enum gap { G_MAKER, G_MODEL, G_FIRMWARE, G_SERIAL, G_ROLE, G_ZONE, G_REGISTER, GAPS };
static const char *const gap_words[GAPS] = { "doc.maker", "doc.model", "doc.firmware",
	"doc.serial", "doc.role", "doc.zone", "doc.listed" };
enum { NAMED = 8 };                     /* devices named for each of them */

/* A part has its gateway's addresses, and stands behind it. */
struct node {
	const struct item *item;
	char zone[128], sub[64];
	char site[64];                  /* "" where there is one site, and of what is far */
	struct addr ip;
	double purdue;
	bool far;
};

struct doc {
	FILE *out;
	const struct list *l;
	const struct export_opts *o;
	const char *lang;
	struct rules *r;
	struct node *v;                 /* by zone, the internet last */
	size_t n, near, silent, zones;
	struct clean c;
	bool failed;
};

/* ---- text ------------------------------------------------------------------------------ */

/* What Markdown, GitHub's among it, takes for markup, a link or HTML. */
static void
put(struct doc *d, const char *s)
{
	for (const char *p = s; *p; p++)
		switch (*p) {
		case '<': fputs("&lt;", d->out); break;
		case '>': fputs("&gt;", d->out); break;
		case '&': fputs("&amp;", d->out); break;
		case '\\': case '`': case '*': case '_': case '[': case ']': case '|': case '~':
		case '$': case '@': case '#':
			fprintf(d->out, "\\%c", *p);
			break;
		case ':':
			fputs(strncmp(p, "://", 3) == 0 ? "\\:" : ":", d->out);
			break;
		case '.':
			fputs(p - s >= 3 && strncasecmp(p - 3, "www", 3) == 0 ? "\\." : ".",
			    d->out);
			break;
		default: putc(*p, d->out);
		}
}

static const char *
word(const struct doc *d, const char *key)
{
	return rules_word(d->r, key, d->lang);
}

/* A phrase of ours with numbers, as an item of a list; args is taken. */
static void
say(struct doc *d, const char *key, json_t *args)
{
	char *s = args ? rules_phrase(d->r, key, d->lang, args) : NULL;

	if (s)
		fprintf(d->out, "- %s\n", s);
	else
		d->failed = true;
	free(s);
	json_decref(args);
}

static void
heading(struct doc *d, const char *marks, const char *key)
{
	fprintf(d->out, "\n%s %s\n\n", marks, word(d, key));
}

static void
head_row(struct doc *d, const char *const *keys, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		fprintf(d->out, "| %s ", word(d, keys[i]));
	fputs("|\n", d->out);
	for (unsigned i = 0; i < n; i++)
		fputs("|---", d->out);
	fputs("|\n", d->out);
}

static void
put_role(struct doc *d, const struct sval v[A_MEMBERS])
{
	char key[80], *p;
	const char *s;
	bool guess;

	memcpy(key, "role.", 5);
	clean_cut(key + 5, sizeof(key) - 5, asset_role(&d->c, v, &guess));
	if (!key[5])
		return;
	/* a role without a word of ours is shown as it is */
	if (strcmp(s = word(d, key), key) == 0) {
		for (p = key; *p; p++)
			if (*p == '_')
				*p = ' ';
		s = key + 5;
	}
	put(d, s);
	fputs(guess ? "?" : "", d->out);
}

/* "lab.pcapng #80": the file's last part. */
static void
put_place(struct doc *d, const struct sval *place)
{
	const char *s = clean_path(&d->c, place, "pcap_filename"), *slash = strrchr(s, '/');
	char cnt[24];

	put(d, slash ? slash + 1 : s);
	if (*place_number(place, cnt))
		fprintf(d->out, "%s#%s", *s ? " " : "", cnt);
}

static void
put_time(struct doc *d, int64_t us)
{
	char t[STAMP_TEXT];

	stamp_put(t, us);
	fprintf(d->out, "%.10s %.5s", t, t + 11);
}

/* ---- devices --------------------------------------------------------------------------- */

static int
by_zone(const void *pa, const void *pb)
{
	const struct node *a = pa, *b = pb;
	int c;

	if (a->far != b->far)
		return a->far - b->far;
	if (!*a->zone != !*b->zone)
		return !*a->zone - !*b->zone;
	if (a->purdue < b->purdue || a->purdue > b->purdue)
		return a->purdue < b->purdue ? 1 : -1;
	if ((c = strcmp(a->site, b->site)) || (c = strcmp(a->zone, b->zone)) ||
	    (c = !a->ip.v - !b->ip.v) ||
	    (c = addr_cmp(&a->ip, &b->ip)) || (c = strverscmp(a->sub, b->sub)))
		return c;
	return a->item < b->item ? -1 : a->item > b->item;
}

static bool
same_zone(const struct node *a, const struct node *b)
{
	return a->far == b->far && strcmp(a->zone, b->zone) == 0 &&
	    strcmp(a->site, b->site) == 0 && !(a->purdue < b->purdue) &&
	    !(a->purdue > b->purdue);
}

static bool
gather(struct doc *d)
{
	struct sval v[A_MEMBERS];
	struct node *n;
	const char *ip;

	if (!(d->v = calloc(d->l->nassets + 1, sizeof(*d->v))))
		return false;
	for (size_t i = 0; i < d->l->nassets; i++) {
		if (!asset_shown(&d->l->assets[i], d->o->all)) {
			d->silent++;
			continue;
		}
		asset_pick(&d->l->assets[i], v);
		n = &d->v[d->n++];
		n->item = &d->l->assets[i];
		clean_cut(n->zone, sizeof(n->zone), clean_text(&d->c, &v[A_ZONE]));
		/* where no zone is known the level is each device's own: no heading */
		if (!*n->zone || !sval_real(&v[A_PURDUE], &n->purdue))
			n->purdue = -1;
		n->far = is_true(&v[A_PUBLIC]) && !*n->zone;
		if (d->l->nsites > 1 && !n->far)
			clean_cut(n->site, sizeof(n->site), clean_text(&d->c, &v[A_SITE]));
		clean_cut(n->sub, sizeof(n->sub), clean_text(&d->c, &v[A_SUB]));
		ip = clean_first(&d->c, &v[A_IPS]);
		if (!addr_parse(&n->ip, ip, strlen(ip)))
			n->ip = (struct addr){ .v = 0 };
		d->near += !n->far;
	}
	qsort(d->v, d->n, sizeof(*d->v), by_zone);
	for (size_t i = 0; i < d->near; i++)
		d->zones += *d->v[i].zone && (!i || !same_zone(&d->v[i], &d->v[i - 1]));
	return true;
}

static void
speaks(struct doc *d, const struct sval *list)
{
	char seen[13][48];
	const char *app;
	struct sval x, side;
	struct scan s;
	unsigned n = 0, k;

	/* what it answers first, then what it asks others for, but what every network speaks */
	for (int client = 0; client < 2; client++)
		for (scan_in(&s, list); list->type == SVAL_ARR && scan_elem(&s, &x); ) {
			if (!scan_get(&x, "side", &side) || sval_is(&side, "client") != client ||
			    !*(app = clean_path(&d->c, &x, "app_proto")) || label_everyday(app))
				continue;
			clean_cut(seen[n], sizeof(*seen), app);
			for (k = 0; strcmp(seen[k], seen[n]) != 0; k++)
				;
			if (k < n || n == 12)
				continue;
			fputs(n++ ? ", " : "", d->out);
			put(d, app);
			fputs(client ? " →" : "", d->out);
		}
}

/* The register's short name, else its own; a part without one is "gateway, unit 5". */
static void
put_name(struct doc *d, const struct sval v[A_MEMBERS])
{
	struct sval p[A_MEMBERS];
	const struct item *parent;
	const char *s;

	if (*(s = clean_path(&d->c, &v[A_REGISTER], "id"))) {
		put(d, s);
		return;
	}
	if (!v[A_NAME].n && v[A_SUB].n && (parent = list_asset(d->l, &v[A_PARENT]))) {
		asset_pick(parent, p);
		put(d, *(s = clean_path(&d->c, &p[A_REGISTER], "id")) ? s : asset_label(&d->c, p));
		fputs(", ", d->out);
	}
	put(d, asset_label(&d->c, v));
}

static void
device_row(struct doc *d, const struct item *i)
{
	struct sval v[A_MEMBERS], place, id;
	const struct sval *model;
	const char *s;

	asset_pick(i, v);
	model = asset_model(v);
	fputs("| ", d->out);
	put_name(d, v);
	if (*(s = clean_text(&d->c, &v[A_NAME])) && scan_get(&v[A_REGISTER], "id", &id) &&
	    !sval_is(&id, s)) {
		fputs(": ", d->out);
		put(d, s);
	}
	fputs(" | ", d->out);
	put(d, *(s = clean_text(&d->c, &v[A_SUB])) || *(s = clean_first(&d->c, &v[A_IPS])) ? s :
	    clean_first(&d->c, &v[A_MACS]));
	fputs(" | ", d->out);
	if (*(s = clean_text(&d->c, &v[A_VENDOR]))) {
		put(d, s);
		if (asset_vendor_by_mac(v))
			fprintf(d->out, " (%s)", word(d, "doc.by_mac"));
	}
	if (*(s = clean_text(&d->c, model))) {
		fputs(v[A_VENDOR].n ? ", " : "", d->out);
		put(d, s);
	}
	fputs(" | ", d->out);
	put(d, clean_text(&d->c, &v[A_FIRMWARE]));
	fputs(" | ", d->out);
	put_role(d, v);
	fputs(" | ", d->out);
	speaks(d, &v[A_PROTOCOLS]);
	fputs(" | ", d->out);
	place = asset_place(v);
	put_place(d, &place);
	fputs(" |\n", d->out);
}

static void
zone_heading(struct doc *d, const struct node *n)
{
	struct sval v[A_MEMBERS];
	const char *name;

	asset_pick(n->item, v);
	fputs("\n### ", d->out);
	if (*n->site) {
		put(d, n->site);
		fputs(": ", d->out);
	}
	if (!*n->zone) {
		fputs(word(d, n->far ? "zone.internet" : "zone.none"), d->out);
	} else {
		name = clean_text(&d->c, &v[A_ZONE_NAME]);
		put(d, *name ? name : n->zone);
		if (*name && strcmp(name, n->zone) != 0) {
			fputs(" (", d->out);
			put(d, n->zone);
			putc(')', d->out);
		}
		if (n->purdue >= 0)
			fprintf(d->out, ", Purdue %g", n->purdue);
	}
	fputs("\n\n", d->out);
}

static void
more(struct doc *d, size_t n)
{
	if (!n)
		return;
	putc('\n', d->out);
	say(d, "doc.more", json_pack("{sI}", "n", (json_int_t)n));
}

static void
devices(struct doc *d)
{
	static const char *const cols[] = { "doc.name", "doc.address", "doc.make", "doc.firmware",
		"doc.role", "doc.speaks", "doc.evidence" };
	size_t rows = 0;

	fprintf(d->out, "\n## %s\n", word(d, "doc.devices"));
	for (size_t i = 0; i < d->n; i++, rows++) {
		if (!i || !same_zone(&d->v[i], &d->v[i - 1])) {
			more(d, rows > LIM_DOC_ROWS ? rows - LIM_DOC_ROWS : 0);
			rows = 0;
			zone_heading(d, &d->v[i]);
			head_row(d, cols, 7);
		}
		if (rows < LIM_DOC_ROWS)
			device_row(d, d->v[i].item);
	}
	more(d, rows > LIM_DOC_ROWS ? rows - LIM_DOC_ROWS : 0);
}

/* ---- what is not known ------------------------------------------------------------------ */

static bool
lacks(struct doc *d, const struct sval v[A_MEMBERS], enum gap g)
{
	switch (g) {
	case G_MAKER: return !v[A_VENDOR].n || asset_vendor_by_mac(v);
	case G_MODEL: return !asset_model(v)->n;
	case G_FIRMWARE: return !v[A_FIRMWARE].n;
	case G_SERIAL: return !v[A_SERIAL].n;
	case G_ROLE: return v[A_ROLES].type != SVAL_ARR;
	case G_ZONE: return !v[A_ZONE].n;
	case G_REGISTER: return v[A_REGISTER].type != SVAL_OBJ;
	case GAPS: break;
	}
	return false;
}

static void
unknowns(struct doc *d, size_t listed)
{
	static const char *const cols[] = { "doc.what", "doc.without", "doc.which" };
	struct sval v[A_MEMBERS];
	char n[2][40];
	size_t k;

	heading(d, "##", "doc.unknown");
	if (!d->zones && !listed)
		fprintf(d->out, "%s\n\n", word(d, "doc.no_site"));
	head_row(d, cols, 3);
	for (enum gap g = 0; g < GAPS; g++) {
		if ((g == G_ZONE && !d->zones) || (g == G_REGISTER && !listed))
			continue;
		for (size_t i = k = 0; i < d->near; i++) {
			asset_pick(d->v[i].item, v);
			k += lacks(d, v, g);
		}
		fprintf(d->out, "| %s | %s / %s | ", word(d, gap_words[g]),
		    rules_number(n[0], (int64_t)k, d->lang),
		    rules_number(n[1], (int64_t)d->near, d->lang));
		for (size_t i = k = 0; i < d->near && k <= NAMED; i++) {
			asset_pick(d->v[i].item, v);
			if (!lacks(d, v, g))
				continue;
			fputs(k ? "; " : "", d->out);
			if (k++ < NAMED)
				put_name(d, v);
			else
				fputs("…", d->out);
		}
		fputs(" |\n", d->out);
	}
}

/* ---- links ------------------------------------------------------------------------------- */

struct row { const struct item *link; bool writes, everyday; };

static int
by_weight(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;

	if (a->writes != b->writes)
		return b->writes - a->writes;
	if (a->everyday != b->everyday)
		return a->everyday - b->everyday;
	return a->link < b->link ? -1 : a->link > b->link;
}

static void
put_end(struct doc *d, const struct sval *end)
{
	const struct item *i = link_end(d->l, end);
	struct sval v[A_MEMBERS];
	const char *s;

	if (i) {
		asset_pick(i, v);
		put_name(d, v);
		if ((v[A_NAME].n || v[A_NAMES].n) && *(s = clean_path(&d->c, end, "ip"))) {
			putc(' ', d->out);
			put(d, s);
		}
	} else {
		put(d, *(s = clean_path(&d->c, end, "ip")) ? s : clean_path(&d->c, end, "mac"));
	}
}

static void
link_row(struct doc *d, const struct row *r)
{
	struct sval v[L_MEMBERS], first = { .p = "" };
	unsigned n = 0;

	link_pick(r->link, v);
	fputs("| ", d->out);
	put_end(d, &v[L_CLIENT]);
	fputs(" | ", d->out);
	put_end(d, &v[L_SERVER]);
	fputs(" | ", d->out);
	put(d, link_proto(&d->c, v));
	if (pick_uint(&v[L_PORT]))
		fprintf(d->out, " %llu", (unsigned long long)pick_uint(&v[L_PORT]));
	fputs(" | ", d->out);
	if (r->writes)
		fprintf(d->out, "%s**%s**", n++ ? ", " : "", word(d, "doc.writes"));
	if (is_true(&v[L_CLEARTEXT]))
		fprintf(d->out, "%s%s", n++ ? ", " : "", word(d, "doc.clear"));
	if (is_true(&v[L_ENCRYPTED]))
		fprintf(d->out, "%s%s", n++ ? ", " : "", word(d, "doc.encrypted"));
	if (is_true(&v[L_INWARD]))
		fprintf(d->out, "%s%s", n++ ? ", " : "", word(d, "doc.inward"));
	if (!is_true(&v[L_ANSWERED]))
		fprintf(d->out, "%s%s", n++ ? ", " : "", word(d, "doc.unanswered"));
	fputs(" | ", d->out);
	scan_get(&v[L_EVIDENCE], "first", &first);
	put_place(d, &first);
	fputs(" |\n", d->out);
}

/* outward: those to and from the internet; else those across zones. Returns how many. */
static size_t
links(struct doc *d, bool outward, bool count)
{
	static const char *const cols[] = { "doc.from", "doc.to", "doc.protocol", "doc.what_it_is",
		"doc.evidence" };
	struct sval v[L_MEMBERS];
	struct row *r = calloc(d->l->nlinks + 1, sizeof(*r));
	size_t n = 0, i;
	bool out;

	if (!r) {
		d->failed = true;
		return 0;
	}
	for (i = 0; i < d->l->nlinks; i++) {
		link_pick(&d->l->links[i], v);
		out = is_true(&v[L_OUTWARD]) || is_true(&v[L_INWARD]);
		if (is_true(&v[L_COPY]) || !link_shown(d->l, &d->l->links[i], d->o->all) ||
		    (outward ? !out : out || !is_true(&v[L_CROSS_ZONE])))
			continue;
		r[n++] = (struct row){ &d->l->links[i], link_writes(v),
		    label_everyday(link_proto(&d->c, v)) };
	}
	if (!count) {
		heading(d, "##", outward ? "doc.outward" : "doc.across");
		if (n) {
			qsort(r, n, sizeof(*r), by_weight);
			head_row(d, cols, 5);
		} else {
			fprintf(d->out, "%s\n", word(d, "doc.none_seen"));
		}
		for (i = 0; i < n && i < LIM_DOC_ROWS; i++)
			link_row(d, &r[i]);
		more(d, n - i);
	}
	free(r);
	return n;
}

/* ---- the beginning and the end ---------------------------------------------------------- */

/* How many devices have each value; by name. */
struct tally { struct { char name[40]; size_t n; } v[16]; size_t n; };

static void
tally_add(struct tally *t, const char *text)
{
	char name[sizeof(t->v->name)];
	size_t k;

	clean_cut(name, sizeof(name), text);
	for (k = 0; k < t->n && strcmp(t->v[k].name, name) < 0; k++)
		;
	if (k == t->n || strcmp(t->v[k].name, name) != 0) {
		if (!*name || t->n == sizeof(t->v) / sizeof(*t->v))
			return;
		memmove(&t->v[k + 1], &t->v[k], (t->n++ - k) * sizeof(*t->v));
		memcpy(t->v[k].name, name, sizeof(name));
		t->v[k].n = 0;
	}
	t->v[k].n++;
}

/* "Laboratory system: analytical instruments (5); building systems (13)": each value with its
 * word of ours. */
static void
put_tally(struct doc *d, const char *heading_key, const char *words, const struct tally *t)
{
	char key[64];

	if (!t->n)
		return;
	fprintf(d->out, "- %s: ", word(d, heading_key));
	for (size_t k = 0; k < t->n; k++) {
		snprintf(key, sizeof(key), "%.20s.%.39s", words, t->v[k].name);
		fputs(k ? "; " : "", d->out);
		put(d, strcmp(word(d, key), key) == 0 ? t->v[k].name : word(d, key));
		fprintf(d->out, " (%zu)", t->v[k].n);
	}
	putc('\n', d->out);
}

static void
numbers(struct doc *d, size_t *listed)
{
	size_t across = links(d, false, true), out = links(d, true, true), firmware = 0, due = 0;
	int64_t first = INT64_MAX, last = 0, us;
	struct tally systems = { .n = 0 }, classes = { .n = 0 };
	struct sval v[A_MEMBERS];

	*listed = 0;
	for (size_t i = 0; i < d->n; i++) {
		if ((us = item_time(&d->v[i].item->o, "first_seen")) && us < first)
			first = us;
		if ((us = item_time(&d->v[i].item->o, "last_seen")) > last)
			last = us;
		asset_pick(d->v[i].item, v);
		if (i < d->near) {
			*listed += v[A_REGISTER].type == SVAL_OBJ;
			due += asset_due(d->l, d->v[i].item);
			firmware += v[A_FIRMWARE].n > 0;
			tally_add(&systems, clean_path(&d->c, &v[A_LAB_SYSTEM], "category"));
			tally_add(&classes, clean_path(&d->c, &v[A_CRA], "class"));
		}
	}
	if (last) {
		put_time(d, first);
		fputs(" – ", d->out);
		put_time(d, last);
		fputs(" UTC\n\n", d->out);
	}
	say(d, "doc.n_devices", json_pack("{sIsI}", "n", (json_int_t)d->near, "zones",
	    (json_int_t)d->zones));
	if (*listed)
		say(d, "doc.n_listed", json_pack("{sIsIsI}", "listed", (json_int_t)*listed, "n",
		    (json_int_t)due, "share", (json_int_t)(*listed * 100 / due)));
	say(d, "doc.n_firmware", json_pack("{sIsI}", "known", (json_int_t)firmware, "n",
	    (json_int_t)d->near));
	put_tally(d, "page.lab_system", "lab_system", &systems);
	put_tally(d, "doc.cra", "cra.class", &classes);
	if (d->zones)
		say(d, "doc.n_across", json_pack("{sI}", "n", (json_int_t)across));
	say(d, "doc.n_outward", json_pack("{sIsI}", "n", (json_int_t)out, "far",
	    (json_int_t)(d->n - d->near)));
	if (d->silent)
		say(d, "doc.n_silent", json_pack("{sI}", "n", (json_int_t)d->silent));
}

static void
title(struct doc *d)
{
	struct sval v[A_MEMBERS];
	char one[128] = "", site[128];

	fprintf(d->out, "# %s", word(d, "doc.title"));
	/* the site's key, where there is one site */
	for (size_t i = 0; i < d->n; i++) {
		asset_pick(d->v[i].item, v);
		clean_cut(site, sizeof(site), clean_text(&d->c, &v[A_SITE]));
		if (!i)
			memcpy(one, site, sizeof(one));
		else if (strcmp(one, site) != 0)
			*one = 0;
	}
	if (*one) {
		fputs(": ", d->out);
		put(d, one);
	}
	fputs("\n\n", d->out);
}

bool
export_markdown(FILE *out, const struct list *l, const struct export_opts *o)
{
	struct doc d = { .out = out, .l = l, .o = o, .lang = o->lang };
	struct err e = { "" };
	size_t listed;
	bool ok;

	if ((ok = (d.r = rules_load(NULL, &e)) && gather(&d))) {
		title(&d);
		numbers(&d, &listed);
		devices(&d);
		unknowns(&d, listed);
		if (d.zones)
			links(&d, false, false);
		links(&d, true, false);
		heading(&d, "##", "doc.about");
		fprintf(out, "%s\n", word(&d, "doc.about_text"));
	}
	ok = ok && !d.failed && !d.c.failed;
	rules_free(d.r);
	free(d.v);
	clean_free(&d.c);
	return ok;
}
