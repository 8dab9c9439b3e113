/* paper_html.c: a report as a page. Tables sort and filter by the script of sheet.h. */
#include "report/paper_impl.h"

#include "report/markup.h"
#include "report/sheet.h"

#include <string.h>

enum {
	FIND_FROM = 6,          /* rows from which a table is worth filtering */
	WORD = 20,              /* characters of a word that a column keeps whole */
	ROOM = 74,              /* characters where tables are narrowest (720 px), in one column */
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
	else if (col->kind == PAPER_DATE)
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
	if ((c->class && *c->text) || col->kind == PAPER_DATE)
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

/* How wide each column of text is at least, so that words are not broken while there is
 * room: cells may break anywhere, else a digest would push the page wide. */
static void
measure(const struct paper_table *t, unsigned least[PAPER_COLUMNS])
{
	size_t rows = paper_rows(t), i, r;
	unsigned fixed = (unsigned)t->ncols * 5 / 4, text = 0, n, w;    /* between columns */

	for (i = 0; i < t->ncols; i++) {
		bool free_text = is_text(&t->cols[i]);
		n = 0;
		for (r = 0; r < rows; r++) {
			const struct paper_cell *c = &t->cells[r * t->ncols + i];
			w = free_text ? longest_word(c->text) : characters(c->text);
			n = w > n ? w : n;
			w = longest_word(c->sub);
			n = free_text && w > n ? w : n;
		}
		n += i == 0 ? n / 8 : 0;        /* bold */
		if (free_text)
			text += least[i] = n < WORD ? n : WORD;
		else
			fixed += n + 2;
	}
	for (i = 0; i < t->ncols; i++)
		if (!is_text(&t->cols[i]))
			least[i] = 0;
		else if (fixed + text > ROOM)
			least[i] = fixed < ROOM ? least[i] * (ROOM - fixed) / text : 0;
}

static void
put_table(const struct sheet *s, const char *id, const struct paper_table *t)
{
	FILE *f = s->f;
	size_t rows = paper_rows(t);
	unsigned least[PAPER_COLUMNS] = { 0 };

	if (rows == 0) {
		if (t->empty)
			tag(f, "<p class=\"quiet\">", t->empty, "</p>\n");
		return;
	}
	if (rows >= FIND_FROM)
		put_find(s, id, t);
	measure(t, least);
	fprintf(f, "<table id=\"%s\" class=\"list\"><thead><tr>", id);
	for (size_t i = 0; i < t->ncols; i++) {
		fprintf(f, "<th scope=\"col\"%s", t->cols[i].kind == PAPER_NUMBER ?
		    " class=\"n\"" : "");
		if (least[i])
			fprintf(f, " style=\"min-width:calc(%u*.68em + 10px)\"", least[i]);
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

static void
put_block(const struct sheet *s, const struct paper_block *b)
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
	}
}

/* The tables' and the paper's own, in memory of the caller's. */
static char *
both(const char *tables, const char *own)
{
	char *s;

	return asprintf(&s, "%s%s", tables, own ? own : "") < 0 ? NULL : s;
}

bool
paper_html(const struct paper *p, FILE *f)
{
	struct sheet s = { f, p->rules, p->lang };
	const char *list = NULL, *next;
	bool open = false;
	char *style = both(table_style, p->style), *script = both(table_script, p->script);

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
		put_block(&s, b);
	}
	if (list)
		fprintf(f, "</%s>\n", list);
	fputs(open ? "</section>\n" : "", f);
	sheet_close(&s, paper_word(p, "method.disclaimer"), script);
	free(style);
	free(script);
	return p->failed ? false : !ferror(f);
}
