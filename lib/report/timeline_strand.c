/* timeline_strand.c: what hangs together, found, and told step by step. */
#include "report/timeline_paper_impl.h"

#include "report/say.h"

#include <stdlib.h>
#include <string.h>

enum {
	CHAINS = 12,            /* told; the rest is counted */
	STEPS = 40,             /* of one */
	NEAR = 3,               /* drawn from near */
};

/* ---- found ---------------------------------------------------------------------------- */

static unsigned
weigh(const struct timeline_item *it)
{
	static const unsigned char kinds[TIMELINE_KINDS] = { 5, 5, 4, 3, 2, 4, 3, 2, 0, 4, 0, 0 };

	return 3u * it->severity + kinds[it->kind < TIMELINE_KINDS ? it->kind : TIMELINE_LOG];
}

static size_t
root(size_t *of, size_t i)
{
	while (of[i] != i)
		i = of[i] = of[of[i]];
	return i;
}

static int
by_weight(const void *a, const void *b)
{
	const struct strand *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return x->first < y->first ? -1 : 1;
}

/* Items by the strand they are of: counted, then laid out. */
static bool
lay(struct timeline_sheet *s, size_t *of, size_t *count)
{
	const struct timeline_view *v = s->v;
	size_t n = v->nitems, at = 0, i;

	for (i = 0; i < n; i++)
		count[root(of, i)]++;
	for (i = 0; i < n; i++)
		s->nstrands += count[i] > 1;
	if (!(s->strands = calloc(s->nstrands + 1, sizeof(*s->strands))))
		return false;
	s->nstrands = 0;
	for (i = 0; i < n; i++)
		if (count[i] > 1) {
			s->strands[s->nstrands++] = (struct strand){ .first = at };
			at += count[i];
			count[i] = s->nstrands;         /* from here on: which, from 1 */
		} else {
			count[i] = 0;
		}
	for (i = 0; i < n; i++) {
		struct strand *t = count[of[i]] ? &s->strands[count[of[i]] - 1] : NULL;
		bool known = false;
		if (!t)
			continue;
		for (size_t k = 0; k < t->n && !known; k++)
			known = v->items[s->order[t->first + k]].source == v->items[i].source;
		t->sources += !known;
		t->weight += s->weight[i];
		s->order[t->first + t->n++] = i;
	}
	for (i = 0; i < s->nstrands; i++)
		s->strands[i].weight *= (unsigned)s->strands[i].sources;
	if (s->nstrands)
		qsort(s->strands, s->nstrands, sizeof(*s->strands), by_weight);
	return true;
}

bool
sheet_strands(struct timeline_sheet *s)
{
	const struct timeline_view *v = s->v;
	size_t n = v->nitems, i, k;
	size_t *of = calloc(n + 1, sizeof(*of)), *count = calloc(n + 1, sizeof(*count));
	bool *linked = calloc(n + 1, sizeof(*linked)), done;
	const struct timeline_item *cause;

	s->weight = calloc(n + 1, sizeof(*s->weight));
	s->order = calloc(n + 1, sizeof(*s->order));
	done = of && count && linked && s->weight && s->order;
	for (i = 0; done && i < n; i++) {
		of[i] = i;
		s->weight[i] = weigh(&v->items[i]);
	}
	for (i = 0; done && i < n; i++)
		for (k = 0; k < v->items[i].nbecause; k++)
			if ((cause = sheet_item(s, v->items[i].because[k].n))) {
				size_t c = (size_t)(cause - v->items);
				linked[c] = true;
				/* the root is the earliest: strands come in the order of time */
				size_t a = root(of, c), b = root(of, i);
				of[a < b ? b : a] = a < b ? a : b;
			}
	for (i = 0; done && i < n; i++) {
		of[i] = root(of, i);
		s->weight[i] += linked[i] || v->items[i].nbecause ? 10 : 0;
	}
	done = done && lay(s, of, count);
	free(linked);
	free(of);
	free(count);
	return done;
}

/* ---- told ------------------------------------------------------------------------------- */

static void
heading(const struct timeline_sheet *s, const struct strand *t, size_t i)
{
	const struct timeline_item *a = &s->v->items[s->order[t->first]],
	    *b = &s->v->items[s->order[t->first + t->n - 1]];
	char from[SHEET_TIME], span[CORRELATE_SPAN], id[32], *text;

	text = sheet_fill(s, "chain", json_pack("{sssIsIss}", "from",
	    sheet_time(s, a->us, from), "n", (json_int_t)t->n, "sources",
	    (json_int_t)t->sources, "span",
	    correlate_span(span, (double)(b->us - a->us) / 1e6)));
	snprintf(id, sizeof(id), "chain-%zu", i + 1);
	paper_heading(s->p, id, text ? text : "");
	free(text);
}

/* The steps that are shown: of a long strand the heaviest, in the order of time. */
static size_t
pick(const struct timeline_sheet *s, const struct strand *t, size_t picked[STEPS])
{
	const size_t *of = s->order + t->first;
	unsigned least = 0;
	size_t n;

	for (;; least++) {
		n = 0;
		for (size_t k = 0; k < t->n && n <= STEPS; k++)
			n += s->weight[of[k]] >= least;
		if (n <= STEPS)
			break;
	}
	n = 0;
	for (size_t k = 0; k < t->n; k++)
		if (s->weight[of[k]] >= least)
			picked[n++] = of[k];
	/* as many as all weigh the same: the first of them */
	for (size_t k = 0; n == 0 && k < STEPS; k++)
		picked[k] = of[k];
	return n ? n : STEPS;
}

static void
near(const struct timeline_sheet *s, const size_t *picked, size_t n)
{
	char *wide = sheet_picture(s, picked, n, false);
	char *narrow = sheet_picture(s, picked, n, true);

	if (wide && narrow)
		paper_picture(s->p, wide, narrow, NULL);
	free(wide);
	free(narrow);
}

static void
step(const struct timeline_sheet *s, const struct timeline_item *it)
{
	char time[SHEET_TIME], text[SHEET_TEXT], id[32], *why;

	paper_moment(s->p, it->us, sheet_time(s, it->us, time));
	snprintf(id, sizeof(id), "e%llu", (unsigned long long)it->n);
	paper_link(s->p, id);
	paper_cell(s->p, sheet_source(s, it->source));
	paper_cell(s->p, sheet_label(it, text));
	sheet_event_subs(s, it, false);
	if (!it->nbecause || !s->v->why)
		paper_cell(s->p, NULL);
	for (size_t b = 0; b < it->nbecause && s->v->why; b++) {
		why = sheet_why(s, it, b);
		if (b == 0)
			paper_cell(s->p, why);
		else
			paper_sub(s->p, why);
		free(why);
	}
}

static void
chain(const struct timeline_sheet *s, size_t i, bool *drawn)
{
	const struct strand *t = &s->strands[i];
	const struct paper_column cols[] = {
		{ sheet_say(s, "col.time"), PAPER_DATE, s->days ? 10 : 8, 0 },
		{ sheet_say(s, "col.source"), PAPER_TEXT, 10, 0 },
		{ sheet_say(s, "col.what"), PAPER_TEXT, 24, 0 },
		{ sheet_say(s, "col.why"), PAPER_TEXT, 20, 0 },
	};
	size_t picked[STEPS], n = pick(s, t, picked), k;
	char id[32];

	heading(s, t, i);
	if ((*drawn = *drawn && t->n > 2))
		near(s, picked, n);
	snprintf(id, sizeof(id), "steps-%zu", i + 1);
	paper_table(s->p, id, cols, 4, NULL);
	for (k = 0; k < n; k++)
		step(s, &s->v->items[picked[k]]);
	if (n < t->n)
		paper_phrase(s->p, "timeline.chain.more", json_pack("{sI}", "n",
		    (json_int_t)(t->n - n)));
}

void
sheet_chains(const struct timeline_sheet *s)
{
	size_t drawn = 0;
	bool it;

	paper_section(s->p, "chains", sheet_say(s, "chains"));
	if (!s->nstrands) {
		paper_para(s->p, sheet_say(s, "chains.none"));
		return;
	}
	paper_note(s->p, sheet_say(s, "chains.note"));
	for (size_t i = 0; i < s->nstrands && i < CHAINS; i++) {
		it = drawn < NEAR;
		chain(s, i, &it);
		drawn += it;
	}
	if (s->nstrands > CHAINS)
		paper_phrase(s->p, "timeline.chains.more", json_pack("{sI}", "n",
		    (json_int_t)(s->nstrands - CHAINS)));
}
