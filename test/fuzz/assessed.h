/* assessed.h: every assessment of a site file and lines of records: the checklist, KLASSA, the
 * Cyber Resilience Act, zones, the yearly plan, the scope of the law. What comes of each is a
 * record, and a report that can be written. */
#ifndef OT_FUZZ_ASSESSED_H
#define OT_FUZZ_ASSESSED_H

#include "fuzz.h"

#include "assess/classify.h"
#include "assess/conduits.h"
#include "assess/cra.h"
#include "assess/cycle.h"
#include "assess/finding.h"
#include "assess/klassa.h"
#include "base/limits.h"
#include "report/ciso.h"
#include "report/classify_paper.h"
#include "report/conduits_page.h"
#include "report/cra_page.h"
#include "report/cycle_page.h"
#include "report/gap_paper.h"
#include "report/html.h"
#include "report/klassa_page.h"
#include "report/oscal.h"
#include "report/paper.h"
#include "report/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASSESSED_NOW INT64_C(1795392000000000)  /* 2026-11-23 */

struct assessed {
	const struct rules *rules;
	const struct site *site;        /* or NULL */
	const char *dir, *lang;         /* dir: of --rules, or NULL */
	const uint8_t *data; size_t n;  /* the records */
	unsigned form;                  /* of the papers */
	struct jw *w;
	FILE *nowhere;
};

static inline void
assessed_line(const struct assessed *a, bool fits)
{
	if (fits)
		fuzz_records(NULL, a->w->buf, a->w->n);
	jw_reset(a->w);
}

/* In one of its forms; frees it. */
static inline void
assessed_paper(const struct assessed *a, struct paper *p, bool made)
{
	if (!p || !made || !paper_ok(p))
		exit(2);
	switch (a->form % 3) {
	case 0: made = paper_html(p, a->nowhere); break;
	case 1: made = paper_text(p, a->nowhere, 80, false); break;
	case 2: made = paper_markdown(p, a->nowhere); break;
	}
	if (!made)
		exit(2);
	paper_free(p);
}

/* All lines, each from memory of its own. A refusal without a reason helps nobody. */
static inline void
assessed_lines(const struct assessed *a, bool (*take)(void *, const char *, size_t, struct err *),
    void *arg)
{
	const char *p = (const char *)a->data, *end = p + a->n;
	struct err e = { "" };
	size_t len;
	char *own;

	for (; (own = fuzz_line(&p, end, &len)); free(own), err_clear(&e))
		if (!take(arg, own, len, &e) && !e.text[0])
			abort();
}

static inline bool
assessed_to_gap(void *arg, const char *p, size_t n, struct err *e)
{
	return gap_add(arg, p, n, e);
}

static inline bool
assessed_to_cra(void *arg, const char *p, size_t n, struct err *e)
{
	return cra_add(arg, p, n, e);
}

static inline bool
assessed_to_cycle(void *arg, const char *p, size_t n, struct err *e)
{
	return cycle_add(arg, p, n, e);
}

/* False where it was refused, and said why. */
static inline bool
assessed_done(bool done, struct err *e)
{
	if (!done && !e->text[0])
		abort();
	return done;
}

static inline struct paper *
assessed_blank(const struct assessed *a)
{
	return paper_new(a->rules, a->lang, "fuzz");
}

static inline void
assessed_gap(const struct assessed *a)
{
	struct gap *g = gap_new(a->rules, a->site, a->lang);
	struct conduits c;
	struct paper *p;
	struct err e = { "" };
	bool good = true;

	if (!g)
		exit(2);
	g->rules_dir = a->dir;
	assessed_lines(a, assessed_to_gap, g);
	if (!assessed_done(gap_run(g, a->n % 2 ? ASSESSED_NOW : INT64_MIN, &e), &e)) {
		gap_free(g);
		return;
	}
	for (size_t i = 0; i < g->nfindings; i++) {
		if (!g->findings[i].reason)
			abort();
		assessed_line(a, finding_write(g, &g->findings[i], a->w));
	}
	assessed_line(a, finding_summary(g, a->w));
	switch (a->form % 5) {
	case 0: good = html_write(a->nowhere, g); break;
	case 1: good = text_write(a->nowhere, g, 80, false); break;
	case 2: assessed_paper(a, gap_paper(g), true); break;
	case 3: good = oscal_write(a->nowhere, g); break;
	case 4: good = ciso_audit(a->nowhere, g); break;
	}
	if (!good || !conduits_make(&c, g, &e))
		exit(2);
	for (size_t i = 0; i < c.nzones; i++)
		assessed_line(a, zone_row_write(&c, &c.zones[i], a->w));
	for (size_t i = 0; i < c.n; i++)
		assessed_line(a, conduit_row_write(&c, &c.v[i], a->w));
	p = assessed_blank(a);
	assessed_paper(a, p, p && conduits_page(p, &c));
	conduits_free(&c);
	gap_free(g);
}

static inline void
assessed_klassa(const struct assessed *a)
{
	struct klassa k;
	struct paper *p;
	struct err e = { "" };

	if (assessed_done(klassa_init(&k, a->rules, a->site, a->lang, a->dir, &e), &e)) {
		assessed_lines(a, assessed_to_gap, k.g);
		if (assessed_done(klassa_run(&k, ASSESSED_NOW, &e), &e)) {
			for (size_t i = 0; i < k.n; i++)
				assessed_line(a, klassa_write(&k, &k.v[i], a->w));
			p = assessed_blank(a);
			assessed_paper(a, p, p && klassa_page(p, &k));
		}
	}
	klassa_free(&k);
}

static inline void
assessed_cra(const struct assessed *a)
{
	struct cra c;
	struct paper *p;
	struct err e = { "" };

	if (assessed_done(cra_init(&c, a->rules, a->site, a->lang, a->dir, a->n % 2 ? CRA_LAW :
	    CRA_GUIDE, &e), &e)) {
		assessed_lines(a, assessed_to_cra, &c);
		if (assessed_done(cra_run(&c, ASSESSED_NOW, &e), &e) && c.n) {
			for (size_t i = 0; i < c.n; i++)
				assessed_line(a, cra_line_write(&c, &c.v[i], a->w));
			assessed_line(a, cra_summary_write(&c, a->w));
			p = assessed_blank(a);
			assessed_paper(a, p, p && cra_page(p, &c));
		}
	}
	cra_free(&c);
}

static inline void
assessed_cycle(const struct assessed *a)
{
	int64_t year = INT64_C(366) * 86400 * 1000000;
	struct cycle c;
	struct paper *p;
	struct err e = { "" };

	if (assessed_done(cycle_init(&c, a->rules, a->site, a->lang, a->dir, &e), &e)) {
		assessed_lines(a, assessed_to_cycle, &c);
		if (assessed_done(cycle_run(&c, ASSESSED_NOW, ASSESSED_NOW, ASSESSED_NOW + year,
		    &e), &e)) {
			for (size_t i = 0; i < c.n; i++)
				assessed_line(a, duty_write(&c, &c.v[i], a->w));
			p = assessed_blank(a);
			assessed_paper(a, p, p && cycle_page(p, &c));
		}
	}
	cycle_free(&c);
}

static inline void
assessed_scope(const struct assessed *a)
{
	struct err e = { "" };
	struct classify_rules *rules = classify_rules_load(a->rules, a->dir, &e);
	struct enterprise en;
	struct classify *c;
	char *s;

	if (!assessed_done(rules != NULL, &e))
		return;
	if (a->site) {
		if (!enterprise_of(&en, a->site, a->lang))
			exit(2);
		c = classify_run(rules, &en, ASSESSED_NOW, a->lang, &e);
		if (assessed_done(c != NULL, &e)) {
			assessed_line(a, classify_write(c, a->w));
			if (!(s = classify_sentence(c)))
				abort();
			free(s);
			assessed_paper(a, classify_paper(c), true);
			classify_free(c);
		}
		enterprise_free(&en);
	}
	classify_rules_free(rules);
}

#endif
