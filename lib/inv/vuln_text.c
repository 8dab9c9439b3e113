/* vuln_text.c: findings as a table: one row for an asset and an advisory. */
#include "inv/vuln.h"

#include "base/cell.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { C_KEV, C_SCORE, C_ANSWER, C_CVE, C_ASSET, C_PRODUCT, C_FIRMWARE, C_RANGE, C_FIX, C_ADVISORY,
	COLS };
enum { CELL = 128 };

/* As in otinv show: each gives way down to its least, then some go; drop 0: never. */
static const struct cell_column cols[COLS] = {
	[C_KEV] = { "KEV", NULL, 6, 0 },
	[C_SCORE] = { "CVSS", NULL, 4, 0 },
	[C_ANSWER] = { "ANSWER", NULL, 9, 0 },
	[C_CVE] = { "CVE", NULL, 17, 0 },
	[C_ASSET] = { "ASSET", NULL, 10, 0 },
	[C_PRODUCT] = { "PRODUCT", NULL, 16, 1 },
	[C_FIRMWARE] = { "FIRMWARE", NULL, 8, 3 },
	[C_RANGE] = { "AFFECTED", NULL, 8, 4 },
	[C_FIX] = { "REMEDY", NULL, 6, 2 },
	[C_ADVISORY] = { "ADVISORY", NULL, 14, 0 },
};

struct row {
	const struct item *asset;
	uint32_t doc;
	uint8_t answer;
	bool kev, ransom;
	size_t first, n;                /* its weightiest finding, and how many there are */
};

struct line { char cell[COLS][CELL]; };

static const char *
short_answer(uint8_t a)
{
	return a == VULN_UNDECIDED ? "undecided" : a == VULN_OUTSIDE ? "outside" :
	    a == VULN_NOT_AFFECTED ? "not (adv.)" : vuln_answer_names[a];
}

static const char *
short_remedy(const char *category)
{
	static const char *const words[][2] = { { "vendor_fix", "update" },
		{ "mitigation", "mitigate" }, { "workaround", "workaround" },
		{ "none_available", "none yet" }, { "no_fix_planned", "never" }, { NULL, NULL } };

	for (int i = 0; words[i][0]; i++)
		if (strcmp(words[i][0], category) == 0)
			return words[i][1];
	return category;
}

static void
put(char cell[CELL], const char *s)
{
	snprintf(cell, CELL, "%.*s", CELL - 1, s);
}

/* Texts of an advisory may hold what a terminal obeys. */
static void
put_text(char cell[CELL], const char *s)
{
	put(cell, s);
	for (unsigned char *p = (unsigned char *)cell; *p; p++)
		if (*p < ' ' || *p == 0x7f)
			*p = '?';
		else if (*p == 0xc2 && p[1] && p[1] < 0xa0)
			*p = p[1] = '?';
}

static void
fill(const struct vuln *v, const struct row *r, struct line *l)
{
	const struct vuln_finding *f = &v->v[r->first];
	const struct csaf *c = v->csaf;
	const struct csaf_case *x = &c->cases[f->kase];
	const struct csaf_product *p = &c->product[x->product];
	const struct sval *o = &r->asset->o;
	char t[CELL];
	struct sval list, e;
	struct scan s;
	size_t n;

	memset(l, 0, sizeof(*l));
	if (r->kev)
		put(l->cell[C_KEV], r->ransom ? "ransom" : "yes");
	if (f->score >= 0)
		snprintf(l->cell[C_SCORE], CELL, "%4.1f", f->score < 1000 ? f->score : 0);
	put(l->cell[C_ANSWER], short_answer(r->answer));
	put_text(l->cell[C_CVE], pool_get(c->pool, c->flaw[x->flaw].cve));
	n = strlen(l->cell[C_CVE]);
	if (r->n > 1)
		snprintf(l->cell[C_CVE] + n, CELL - n, " +%zu", r->n - 1);
	if (!*item_text(o, "register.id", t, sizeof(t)))
		item_text(o, "name", t, sizeof(t));
	put(l->cell[C_ASSET], t);
	if (!*t && scan_get(o, "ips", &list)) {
		scan_in(&s, &list);
		if (scan_elem(&s, &e)) {
			sval_text(&e, t, sizeof(t));
			put_text(l->cell[C_ASSET], t);
		}
	}
	if (!*l->cell[C_ASSET]) {
		item_text(o, "id", t, sizeof(t));
		put(l->cell[C_ASSET], t);
	}
	put_text(l->cell[C_PRODUCT], pool_get(c->pool, p->name));
	item_text(&f->firmware, "value", l->cell[C_FIRMWARE], CELL);
	put_text(l->cell[C_RANGE], pool_get(c->pool, p->range));
	/* the scheme says nothing to people */
	for (n = 0; n < 2; n++) {
		static const char *const heads[] = { "vers:all/", "All versions " };
		size_t k = strlen(heads[n]);
		if (strncasecmp(l->cell[C_RANGE], heads[n], k) == 0)
			memmove(l->cell[C_RANGE], l->cell[C_RANGE] + k,
			    strlen(l->cell[C_RANGE] + k) + 1);
	}
	if (strcmp(l->cell[C_RANGE], "*") == 0 || strcasecmp(l->cell[C_RANGE], "all versions") == 0)
		put(l->cell[C_RANGE], "all");
	if (x->fix)
		put_text(l->cell[C_FIX], short_remedy(pool_get(c->pool,
		    c->fix[x->fix - 1].category)));
	put_text(l->cell[C_ADVISORY], pool_get(c->pool, c->doc[c->flaw[x->flaw].doc].id));
}

/* ---- rows ----------------------------------------------------------------------- */

static int
together(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;

	if (a->asset != b->asset)
		return a->asset < b->asset ? -1 : 1;
	if (a->doc != b->doc)
		return a->doc < b->doc ? -1 : 1;
	if (a->kev != b->kev)
		return a->kev ? -1 : 1;
	if (a->answer != b->answer)
		return a->answer < b->answer ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

static int
by_first(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;

	return a->first < b->first ? -1 : a->first > b->first;
}

static size_t
gather(const struct vuln *v, struct row *rows)
{
	const struct csaf *c = v->csaf;
	size_t i, n = 0;

	for (i = 0; i < v->n; i++) {
		const struct vuln_finding *f = &v->v[i];
		rows[i] = (struct row){ .asset = f->asset, .answer = f->answer, .first = i, .n = 1,
		    .doc = c->flaw[c->cases[f->kase].flaw].doc, .kev = f->kev != NULL,
		    .ransom = f->kev && strcmp(f->kev->ransomware, "Known") == 0 };
	}
	if (v->n)
		qsort(rows, v->n, sizeof(*rows), together);
	for (i = 0; i < v->n; i++)
		if (n && rows[n - 1].asset == rows[i].asset && rows[n - 1].doc == rows[i].doc &&
		    rows[n - 1].answer == rows[i].answer && rows[n - 1].kev == rows[i].kev) {
			rows[n - 1].n++;
			rows[n - 1].ransom = rows[n - 1].ransom || rows[i].ransom;
		} else {
			rows[n++] = rows[i];
		}
	if (n)
		qsort(rows, n, sizeof(*rows), by_first);
	return n;
}

static void
put_line(FILE *f, const struct line *l, const unsigned w[COLS], bool utf8, const char *on)
{
	unsigned last = 0, c;

	for (c = 0; c < COLS; c++)
		if (w[c])
			last = c;
	fputs(on, f);
	for (c = 0; c <= last; c++) {
		if (!w[c])
			continue;
		cell_put(f, *l->cell[c] || c == C_KEV ? l->cell[c] : utf8 ? "–" : "-", w[c], utf8,
		    c != last);
		if (c != last)
			fputs("  ", f);
	}
	fputs(*on ? "\033[0m\n" : "\n", f);
}

/* ---- what it all comes to ------------------------------------------------------------ */

static void
put_parts(FILE *f, char part[][96], unsigned n, unsigned width, bool utf8)
{
	unsigned at = 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned k = (unsigned)strlen(part[i]);
		if (!k)
			continue;
		if (at && width && at + 3 + k > width) {
			putc('\n', f);
			at = 0;
		}
		fprintf(f, "%s%s%s%s", at ? " " : "", !at ? "" : utf8 ? "·" : "|", at ? " " : "",
		    part[i]);
		at += k + (at ? 3 : 0);
	}
	if (at)
		putc('\n', f);
}

static void
summary(const struct vuln *v, const struct kev *k, size_t nassets, size_t nkev, unsigned width,
    bool utf8, FILE *f)
{
	const struct csaf *c = v->csaf;
	const uint64_t *a = v->answers;
	char p[12][96] = { "" };

	snprintf(p[0], 96, "%zu finding%s on %zu of %llu assets", v->n, v->n == 1 ? "" : "s",
	    nassets, (unsigned long long)v->assets);
	snprintf(p[1], 96, "%llu affected, %llu possibly, %llu not decidable",
	    (unsigned long long)a[VULN_AFFECTED], (unsigned long long)a[VULN_POSSIBLY],
	    (unsigned long long)a[VULN_UNDECIDED]);
	if (k)
		snprintf(p[2], 96, "%zu known to be exploited", nkev);
	if (a[VULN_OUTSIDE])
		snprintf(p[3], 96, "%llu outside the range", (unsigned long long)a[VULN_OUTSIDE]);
	if (a[VULN_FIXED] + a[VULN_NOT_AFFECTED])
		snprintf(p[4], 96, "%llu fixed or not affected, says the advisory",
		    (unsigned long long)(a[VULN_FIXED] + a[VULN_NOT_AFFECTED]));
	put_parts(f, p, 5, width, utf8);
	memset(p, 0, sizeof(p));
	if (v->unknown)
		snprintf(p[0], 96, "%llu of unknown make or model (nothing is said of those)",
		    (unsigned long long)v->unknown);
	if (v->no_firmware)
		snprintf(p[1], 96, "%llu without firmware", (unsigned long long)v->no_firmware);
	snprintf(p[2], 96, "%u advisor%s read", c->ndoc, c->ndoc == 1 ? "y" : "ies");
	if (c->bad)
		snprintf(p[3], 96, "%llu could not be read", (unsigned long long)c->bad);
	if (c->full + v->full)
		snprintf(p[4], 96, "%llu left out at a ceiling",
		    (unsigned long long)(c->full + v->full));
	put_parts(f, p, 5, width, utf8);
}

bool
vuln_table(const struct vuln *v, const struct kev *k, unsigned width, bool utf8, bool colour,
    FILE *f)
{
	struct row *rows = calloc(v->n + 1, sizeof(*rows));
	unsigned natural[COLS] = { 0 }, w[COLS], c, x;
	size_t n, i, nkev = 0, nassets = 0;
	struct line l;

	if (!rows)
		return false;
	n = gather(v, rows);
	for (i = 0; i < n; i++) {
		fill(v, &rows[i], &l);
		for (c = 0; c < COLS; c++)
			if ((x = cell_width(l.cell[c])) > natural[c])
				natural[c] = x;
	}
	memset(&l, 0, sizeof(l));
	for (c = 0; c < COLS; c++) {
		put(l.cell[c], cols[c].name);
		x = cell_width(cols[c].name);
		/* a column with nothing in it is none */
		if (natural[c] && natural[c] < x)
			natural[c] = x;
	}
	cells_fit(cols, COLS, natural, width, w);
	if (n)
		put_line(f, &l, w, utf8, "");
	for (i = 0; i < n; i++) {
		fill(v, &rows[i], &l);
		put_line(f, &l, w, utf8, !colour ? "" : rows[i].kev ? "\033[1;31m" :
		    rows[i].answer == VULN_AFFECTED ? "\033[31m" :
		    rows[i].answer > VULN_POSSIBLY ? "\033[2m" : "");
	}
	for (i = 0; i < v->n; i++)
		nkev += v->v[i].kev != NULL;
	if (n)
		qsort(rows, n, sizeof(*rows), together);
	for (i = 0; i < n; i++)
		nassets += i == 0 || rows[i].asset != rows[i - 1].asset;
	summary(v, k, nassets, nkev, width, utf8, f);
	free(rows);
	return true;
}
