/* paper_html.c: a report as a page. Tables sort and filter by the script of sheet.h. */
#include "report/paper_impl.h"

#include "report/markup.h"
#include "report/sheet.h"

#include <stdlib.h>
#include <string.h>

enum {
	FIND_FROM = 6,          /* rows from which a table is worth filtering */
	WORD = 20,              /* characters of a word that a column keeps whole */
	ROOM = 74,              /* characters where tables are narrowest (720 px), in one column */
	BROAD = 103,            /* the same on a laptop, and on upright paper */
	BROADEST = 117,         /* the same where paper lies down */
	UPRIGHT = 7,            /* columns for which paper is broad enough when it is upright */
};

static void
tag(FILE *f, const char *before, const char *text, const char *after)
{
	fputs(before, f);
	markup_text(f, text);
	fputs(after, f);
}

/* The same, where the text is a sentence. */
static void
say(FILE *f, const char *before, const char *text, const char *after)
{
	fputs(before, f);
	markup_sentence(f, text);
	fputs(after, f);
}

static void
put_head(const struct paper *p, const struct sheet *s)
{
	FILE *f = s->f;
	bool sum = p->nshares > 0;

	if (p->byline)
		say(f, "<p class=\"quiet\">", p->byline, "</p>\n");
	sheet_main(s);
	if (!p->number && !sum)
		return;
	fputs("<div class=\"lead\">\n", f);
	if (p->number) {
		tag(f, "<div class=\"number\">", p->number, "</div>\n");
		say(f, "<div><b>", p->what, "</b>");
		if (p->detail)
			say(f, "<span class=\"quiet small\">", p->detail, "</span>");
		fputs("</div>\n", f);
	}
	if (sum) {
		fputs("<div class=\"sum\"><div class=\"bar\">", f);
		for (size_t i = 0; i < p->nshares; i++)
			if (p->share[i].n)
				fprintf(f, "<i class=\"%s\" style=\"flex:%zu\"></i>",
				    p->share[i].class, p->share[i].n);
		fputs("</div>\n<ul role=\"list\">", f);
		for (size_t i = 0; i < p->nshares; i++) {
			fprintf(f, "<li class=\"%s\">", p->share[i].class);
			tag(f, "", p->share[i].text, "</li>");
		}
		fputs("</ul></div>\n", f);
	}
	fputs("</div>\n", f);
}

/* ---- tables ---------------------------------------------------------------------- */

/* Words, and a choice for each column of states. */
static void
put_find(const struct sheet *s, const char *id, const struct paper_table *t)
{
	struct sheet_choice c[PAPER_COLUMNS];
	size_t n = 0;

	for (size_t i = 0; i < t->ncols; i++)
		if (t->cols[i].kind == PAPER_STATUS || t->cols[i].kind == PAPER_CHOICE)
			c[n++] = (struct sheet_choice){ t->cols[i].heading, i };
	sheet_find(s, id, c, n);
}

/* How grave a status is, for sorting: the worst first. */
static size_t
grade(const char *class)
{
	static const char *const classes[] = { "gap", "partly", "unknown", "met" };
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(*classes) && strcmp(class, classes[i]) != 0; i++)
		;
	return i;
}

static void
put_cell(FILE *f, const struct paper_cell *c, const struct paper_column *col, bool first,
    bool labelled)
{
	const char *line, *end;

	fprintf(f, "<%s%s", first ? "th scope=\"row\"" : "td",
	    col->kind == PAPER_NUMBER ? " class=\"n\"" : "");
	if (labelled)
		tag(f, " data-l=\"", col->heading, "\"");
	if (c->class && *c->text)
		fprintf(f, " data-s=\"%zu\"", grade(c->class));
	else if (c->sort != INT64_MIN)
		fprintf(f, " data-s=\"%lld\"", (long long)c->sort);
	fputc('>', f);
	if (c->link)
		tag(f, "<a href=\"#", c->link, "\">");
	if (c->class && *c->text)
		fprintf(f, "<span class=\"pill %s\">", c->class);
	else if (col->kind == PAPER_DATE && *c->text)
		fputs("<span class=\"nb\">", f);
	for (line = c->text; line; line = *end ? end + 1 : NULL) {
		char *piece;
		end = line + strcspn(line, "\n");
		if ((piece = strndup(line, (size_t)(end - line))))
			markup_sentence(f, piece);
		free(piece);
		if (*end)
			fputs("<br>", f);
	}
	if (*c->text && (c->class || col->kind == PAPER_DATE))
		fputs("</span>", f);
	if (c->link)
		fputs("</a>", f);
	for (line = c->sub; line; line = *end ? end + 1 : NULL) {
		char *piece;
		end = line + strcspn(line, "\n");
		if ((piece = strndup(line, (size_t)(end - line))))
			say(f, "<span class=\"sub\">", piece, "</span>");
		free(piece);
	}
	fputs(first ? "</th>" : "</td>", f);
}

static bool
is_text(const struct paper_column *c)
{
	return c->kind == PAPER_TEXT || c->kind == PAPER_CHOICE;
}

/* The longest word of a text, in characters. */
static unsigned
longest_word(const char *s)
{
	unsigned n = 0, most = 0;

	for (; s && *s; s++) {
		n = *s == ' ' || *s == '\n' ? 0 : n + ((*s & 0xc0) != 0x80);
		most = n > most ? n : most;
	}
	return most;
}

static unsigned
characters(const char *s)
{
	unsigned n = 0;

	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

/* Of a table with more columns than upright paper takes, days and states break between words. */
static bool
is_wide(const struct paper_table *t)
{
	return t->ncols > UPRIGHT;
}

/* As many characters as the columns can have each, the short ones in full, so that
 * together they have room. */
static unsigned
share_out(const unsigned want[PAPER_COLUMNS], size_t n, unsigned room)
{
	unsigned cap = 0, sum;

	for (; cap < WORD; cap++) {
		sum = 0;
		for (size_t i = 0; i < n; i++)
			sum += want[i] <= cap ? want[i] : cap + 1;
		if (sum > room)
			break;
	}
	return cap;
}

/* How wide each column of text is at least where there is room for so many characters, so
 * that words are not broken while they need not be: cells may break anywhere, else a digest
 * would push the page wide. */
static void
measure(const struct paper_table *t, unsigned room, unsigned least[PAPER_COLUMNS])
{
	size_t rows = paper_rows(t), i, r;
	unsigned fixed = (unsigned)t->ncols * 5 / 4, n, w, cap;         /* between columns */

	for (i = 0; i < t->ncols; i++) {
		enum paper_kind kind = t->cols[i].kind;
		bool free_text = is_text(&t->cols[i]);
		n = 0;
		for (r = 0; r < rows; r++) {
			const struct paper_cell *c = &t->cells[r * t->ncols + i];
			w = free_text || (is_wide(t) && kind != PAPER_NUMBER) ?
			    longest_word(c->text) : characters(c->text);
			n = w > n ? w : n;
			w = longest_word(c->sub);
			n = free_text && w > n ? w : n;
		}
		n += i == 0 ? n / 8 : 0;        /* bold */
		least[i] = free_text ? n : 0;
		fixed += free_text ? 0 : n + 2;
	}
	cap = share_out(least, t->ncols, fixed < room ? room - fixed : 0);
	for (i = 0; i < t->ncols; i++)
		least[i] = least[i] < cap ? least[i] : cap;
}

static void
put_table(const struct sheet *s, const char *id, const struct paper_table *t)
{
	FILE *f = s->f;
	size_t rows = paper_rows(t);
	unsigned least[PAPER_COLUMNS], broad[PAPER_COLUMNS];

	if (rows == 0) {
		if (t->empty)
			tag(f, "<p class=\"quiet\">", t->empty, "</p>\n");
		return;
	}
	if (rows >= FIND_FROM)
		put_find(s, id, t);
	measure(t, ROOM, least);
	measure(t, is_wide(t) ? BROADEST : BROAD, broad);
	fprintf(f, "<table id=\"%s\" class=\"list%s\"><thead><tr>", id,
	    is_wide(t) ? " wide" : "");
	for (size_t i = 0; i < t->ncols; i++) {
		fprintf(f, "<th scope=\"col\"%s", t->cols[i].kind == PAPER_NUMBER ?
		    " class=\"n\"" : "");
		if (broad[i])
			fprintf(f, " style=\"--n:%u;--b:%u\"", least[i], broad[i]);
		fputc('>', f);
		tag(f, "", t->cols[i].heading, "</th>");
	}
	fputs("</tr></thead>\n<tbody>\n", f);
	for (size_t r = 0; r < rows; r++) {
		const struct paper_cell *row = &t->cells[r * t->ncols];
		if (row->anchor)
			tag(f, "<tr id=\"", row->anchor, "\">");
		else
			fputs("<tr>", f);
		for (size_t i = 0; i < t->ncols; i++)
			put_cell(f, &row[i], &t->cols[i], i == 0, i > 0);
		fputs("</tr>\n", f);
	}
	fputs("</tbody></table>\n", f);
}

/* ---- blocks ------------------------------------------------------------------------ */

static const char *
list_of(enum block_kind k)
{
	return k == BLOCK_ITEM ? "ul" : k == BLOCK_FACT ? "dl" : NULL;
}

/* Below which heading it stands is what its button is called by. */
static void
put_copy(const struct sheet *s, const char *text, const char *heading)
{
	FILE *f = s->f;
	char *line;
	size_t n;

	tag(f, "<div class=\"copy\" data-copy=\"", sheet_word(s, "page.copy"), "\"");
	tag(f, " data-done=\"", sheet_word(s, "page.copied"), "\"");
	tag(f, " data-of=\"", heading, "\"><pre>");
	/* a line end is no control character here: it is what the text has */
	for (; text; text = text[n] ? text + n + 1 : NULL) {
		n = strcspn(text, "\n");
		if ((line = strndup(text, n)))
			markup_text(f, line);
		free(line);
		fputs(text[n] ? "\n" : "", f);
	}
	fputs("</pre></div>\n", f);
}

static void
put_block(const struct sheet *s, const struct paper_block *b, const char *heading)
{
	FILE *f = s->f;

	switch (b->kind) {
	case BLOCK_SECTION: tag(f, "<section aria-labelledby=\"", b->id, "\">");
		tag(f, "<h2 id=\"", b->id, "\">");
		tag(f, "", b->text, "</h2>\n");
		break;
	case BLOCK_HEADING:
		fputs("<h3", f);
		if (b->id)
			tag(f, " id=\"", b->id, "\"");
		tag(f, ">", b->text, "</h3>\n");
		break;
	case BLOCK_PARA: say(f, "<p>", b->text, "</p>\n"); break;
	case BLOCK_NOTE: say(f, "<p class=\"quiet small\">", b->text, "</p>\n"); break;
	case BLOCK_ITEM: say(f, "<li>", b->text, "</li>\n"); break;
	case BLOCK_FACT:
		tag(f, "<dt>", b->id, "</dt>");
		say(f, "<dd>", b->more, "</dd>\n");
		break;
	case BLOCK_PICTURE:
		fprintf(f, "<figure>\n%s%s</figure>\n", b->more, b->narrow ? b->narrow : "");
		break;
	case BLOCK_TABLE: put_table(s, b->id, b->table); break;
	case BLOCK_COPY: put_copy(s, b->text, heading); break;
	}
}

/* The tables', that of copying, the paper's own and its last lines: in memory of the
 * caller's. */
static char *
together(const char *tables, const char *copying, const char *own, const char *last)
{
	char *s;

	return asprintf(&s, "%s%s%s%s", tables, copying, own ? own : "", last) < 0 ? NULL : s;
}

/* All sheets of it lie down where one table needs it. */
static bool
lies_down(const struct paper *p)
{
	for (size_t i = 0; i < p->nblocks; i++)
		if (p->blocks[i].kind == BLOCK_TABLE && is_wide(p->blocks[i].table))
			return true;
	return false;
}

bool
paper_html(const struct paper *p, FILE *f)
{
	struct sheet s = { f, p->rules, p->lang };
	const char *list = NULL, *next, *heading = "";
	char *style = together(table_style, p->copies ? copy_style : "", p->style,
	    lies_down(p) ? "@page{size:A4 landscape}\n" : "");
	char *script = together(table_script, p->copies ? copy_script : "", p->script, "");
	bool open = false;

	if (!style || !script) {
		free(style);
		free(script);
		return false;
	}
	sheet_open(&s, &(struct sheet_head){ .program = p->program, .kicker = p->kicker,
	    .title = p->title, .style = style, .script = script });
	put_head(p, &s);
	for (size_t i = 0; i < p->nblocks; i++) {
		const struct paper_block *b = &p->blocks[i];
		next = list_of(b->kind);
		if (list && list != next)
			fprintf(f, "</%s>\n", list);
		if (b->kind == BLOCK_SECTION && open)
			fputs("</section>\n", f);
		open |= b->kind == BLOCK_SECTION;
		if (next && list != next)
			fprintf(f, "<%s>\n", next);
		list = next;
		if (b->kind == BLOCK_HEADING || b->kind == BLOCK_SECTION)
			heading = b->text;
		put_block(&s, b, heading);
	}
	if (list)
		fprintf(f, "</%s>\n", list);
	fputs(open ? "</section>\n" : "", f);
	sheet_close(&s, paper_word(p, "method.disclaimer"), script);
	free(style);
	free(script);
	return p->failed ? false : !ferror(f);
}
