/* paper.c: a report's blocks are gathered. */
#include "report/paper_impl.h"

#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

struct paper *
paper_new(const struct rules *rules, const char *lang, const char *program)
{
	struct paper *p = calloc(1, sizeof(*p));

	if (p) {
		p->rules = rules;
		p->lang = lang;
		p->program = program;
	}
	return p;
}

static void
table_free(struct paper_table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->ncells; i++) {
		struct paper_cell *c = &t->cells[i];
		free(c->text);
		free(c->sub);
		free(c->link);
		free(c->class);
		free(c->anchor);
	}
	for (size_t i = 0; i < t->ncols; i++)
		free((char *)t->cols[i].heading);
	free(t->cols);
	free(t->cells);
	free(t->empty);
	free(t);
}

void
paper_free(struct paper *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->nblocks; i++) {
		struct paper_block *b = &p->blocks[i];
		free(b->id);
		free(b->text);
		free(b->more);
		free(b->narrow);
		table_free(b->table);
	}
	for (size_t i = 0; i < p->nshares; i++) {
		free(p->share[i].class);
		free(p->share[i].text);
	}
	free(p->blocks);
	free(p->kicker);
	free(p->title);
	free(p->byline);
	free(p->number);
	free(p->what);
	free(p->detail);
	free(p->pending);
	free(p);
}

bool
paper_ok(const struct paper *p)
{
	return p && !p->failed;
}

const char *
paper_lang(const struct paper *p)
{
	return p->lang;
}

const struct rules *
paper_rules(const struct paper *p)
{
	return p->rules;
}

const char *
paper_word(const struct paper *p, const char *key)
{
	return rules_word(p->rules, key, p->lang);
}

/* ---- texts that are kept --------------------------------------------------- */

static char *
keep(struct paper *p, const char *s)
{
	char *t = strdup(s ? s : "");

	if (!t)
		p->failed = true;
	return t;
}

static char *
keep_some(struct paper *p, const char *s)
{
	return s ? keep(p, s) : NULL;
}

/* The one after the other. */
static void
join(struct paper *p, char **to, const char *between, const char *s)
{
	char *t;
	size_t n;

	if (!*to) {
		*to = keep(p, s);
		return;
	}
	n = strlen(*to) + strlen(between) + strlen(s) + 1;
	if (!(t = malloc(n))) {
		p->failed = true;
		return;
	}
	snprintf(t, n, "%s%s%s", *to, between, s);
	free(*to);
	*to = t;
}

/* ---- what it opens with ------------------------------------------------------ */

void
paper_title(struct paper *p, const char *kicker, const char *title)
{
	free(p->kicker);
	free(p->title);
	p->kicker = keep(p, kicker);
	p->title = keep(p, title);
}

void
paper_byline(struct paper *p, const char *text)
{
	join(p, &p->byline, " \xc2\xb7 ", text);
}

void
paper_number(struct paper *p, const char *number, const char *what, const char *detail)
{
	free(p->number);
	free(p->what);
	free(p->detail);
	p->number = keep(p, number);
	p->what = keep(p, what);
	p->detail = keep_some(p, detail);
}

void
paper_share(struct paper *p, const char *class, size_t n, const char *text)
{
	struct paper_share *s;

	if (p->nshares == sizeof(p->share) / sizeof(*p->share))
		return;
	s = &p->share[p->nshares++];
	s->class = keep(p, class);
	s->text = keep(p, text);
	s->n = n;
}

/* ---- blocks ------------------------------------------------------------------- */

static struct paper_block *
add(struct paper *p, enum block_kind kind, const char *id, const char *text, const char *more)
{
	struct paper_block *b;

	if (p->nblocks == p->cap) {
		size_t cap = p->cap ? p->cap * 2 : 32;
		if (!(b = realloc(p->blocks, cap * sizeof(*b)))) {
			p->failed = true;
			return NULL;
		}
		p->blocks = b;
		p->cap = cap;
	}
	b = &p->blocks[p->nblocks++];
	*b = (struct paper_block){ .kind = kind, .id = keep_some(p, id),
		.text = keep_some(p, text), .more = keep_some(p, more) };
	return b;
}

void
paper_section(struct paper *p, const char *id, const char *heading)
{
	add(p, BLOCK_SECTION, id, heading, NULL);
}

void
paper_heading(struct paper *p, const char *id, const char *heading)
{
	add(p, BLOCK_HEADING, id, heading, NULL);
}

void
paper_para(struct paper *p, const char *text)
{
	add(p, BLOCK_PARA, NULL, text, NULL);
}

void
paper_note(struct paper *p, const char *text)
{
	add(p, BLOCK_NOTE, NULL, text, NULL);
}

void
paper_phrase(struct paper *p, const char *key, json_t *args)
{
	char *s = rules_phrase(p->rules, key, p->lang, args);

	if (s)
		add(p, BLOCK_PARA, NULL, s, NULL);
	else
		p->failed = true;
	free(s);
	json_decref(args);
}

void
paper_item(struct paper *p, const char *text)
{
	add(p, BLOCK_ITEM, NULL, text, NULL);
}

void
paper_fact(struct paper *p, const char *term, const char *text)
{
	if (text && *text)
		add(p, BLOCK_FACT, term, NULL, text);
}

void
paper_picture(struct paper *p, const char *wide, const char *narrow, const char *alt)
{
	struct paper_block *b = add(p, BLOCK_PICTURE, NULL, alt, wide);

	if (b)
		b->narrow = keep_some(p, narrow);
}

void
paper_page(struct paper *p, const char *style, const char *script)
{
	p->style = style;
	p->script = script;
}

/* ---- tables -------------------------------------------------------------------- */

void
paper_table(struct paper *p, const char *id, const struct paper_column *c, size_t n,
    const char *empty)
{
	struct paper_block *b = add(p, BLOCK_TABLE, id, NULL, NULL);
	struct paper_table *t = calloc(1, sizeof(*t));

	if (!b || !t || n > PAPER_COLUMNS || !(t->cols = calloc(n, sizeof(*c)))) {
		free(t);
		p->failed = true;
		return;
	}
	b->table = t;
	t->ncols = n;
	t->empty = keep_some(p, empty);
	for (size_t i = 0; i < n; i++) {
		t->cols[i] = c[i];
		t->cols[i].heading = keep(p, c[i].heading);
	}
}

/* The table that is being filled: the last block. */
static struct paper_table *
filling(struct paper *p)
{
	struct paper_block *b = p->nblocks ? &p->blocks[p->nblocks - 1] : NULL;

	return b && b->kind == BLOCK_TABLE ? b->table : NULL;
}

static struct paper_cell *
cell(struct paper *p, const char *text)
{
	struct paper_table *t = filling(p);
	struct paper_cell *c;

	if (!t) {
		p->failed = true;
		return NULL;
	}
	if (t->ncells == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 64;
		if (!(c = realloc(t->cells, cap * sizeof(*c)))) {
			p->failed = true;
			return NULL;
		}
		t->cells = c;
		t->cap = cap;
	}
	c = &t->cells[t->ncells++];
	*c = (struct paper_cell){ .text = keep(p, text), .sort = INT64_MIN, .anchor = p->pending };
	p->pending = NULL;
	return c;
}

static struct paper_cell *
last_cell(struct paper *p)
{
	struct paper_table *t = filling(p);

	return t && t->ncells ? &t->cells[t->ncells - 1] : NULL;
}

void
paper_anchor(struct paper *p, const char *id)
{
	free(p->pending);
	p->pending = keep(p, id);
}

void
paper_cell(struct paper *p, const char *text)
{
	cell(p, text);
}

void
paper_count(struct paper *p, int64_t n)
{
	char text[40];
	struct paper_cell *c = cell(p, rules_number(text, n, p->lang));

	if (c)
		c->sort = n;
}

void
paper_bytes(struct paper *p, int64_t n)
{
	static const char *const unit[] = { "kB", "MB", "GB", "TB", "PB" };
	char text[48], number[40];
	struct paper_cell *c;
	int64_t tenths, d = 100;        /* bytes in a tenth of the unit */
	size_t u = 0;

	if (n < 1000) {
		snprintf(text, sizeof(text), "%s\xc2\xa0" "B", rules_number(number, n, p->lang));
	} else {
		/* rounded once, in the unit that is shown: 999,950 bytes are 1.0 MB */
		while ((tenths = n / d + (n % d >= d / 2)) >= 10000 && u < 4) {
			d *= 1000;
			u++;
		}
		snprintf(text, sizeof(text), "%lld%c%lld\xc2\xa0%s", (long long)(tenths / 10),
		    strcmp(p->lang, "sv") == 0 ? ',' : '.', (long long)(tenths % 10), unit[u]);
	}
	if ((c = cell(p, text)))
		c->sort = n;
}

static void
put_time(struct paper *p, int64_t us, bool minute)
{
	char stamp[STAMP_TEXT], text[STAMP_TEXT] = "";
	struct paper_cell *c;

	if (us != INT64_MIN) {
		stamp_put(stamp, us);
		snprintf(text, sizeof(text), minute ? "%.10s\xc2\xa0%.5s" : "%.10s%.0s", stamp,
		    stamp + 11);
	}
	if ((c = cell(p, text)))
		c->sort = us;
}

void
paper_moment(struct paper *p, int64_t us, const char *text)
{
	struct paper_cell *c = cell(p, text);

	if (c)
		c->sort = us;
}

void
paper_date(struct paper *p, int64_t us)
{
	put_time(p, us, false);
}

void
paper_minute(struct paper *p, int64_t us)
{
	put_time(p, us, true);
}

void
paper_status(struct paper *p, const char *class, const char *word)
{
	struct paper_cell *c = cell(p, word);

	if (c)
		c->class = keep(p, class);
}

void
paper_sub(struct paper *p, const char *text)
{
	struct paper_cell *c = last_cell(p);

	if (c && text && *text)
		join(p, &c->sub, "\n", text);
}

void
paper_link(struct paper *p, const char *id)
{
	struct paper_cell *c = last_cell(p);

	if (c) {
		free(c->link);
		c->link = keep(p, id);
	}
}
