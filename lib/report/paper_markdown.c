/* paper_markdown.c: a report as CommonMark with GitHub's tables. */
#include "report/paper_impl.h"

#include "base/utf8.h"

#include <string.h>

/* Text as text: what Markdown or HTML would take for its own is escaped, control
 * characters are "?". In a cell a line break is <br>. */
static void
put(FILE *f, const char *s, bool in_cell)
{
	size_t l, n = strlen(s);
	bool begins = true;

	for (; n; s += l, n -= l, begins = false) {
		l = utf8_len((const uint8_t *)s, n);
		if (*s == '\n') {
			fputs(in_cell ? "<br>" : "  \n", f);
			continue;
		}
		if (l == 0 || (unsigned char)*s < 0x20 || *s == 0x7f) {
			fputc('?', f);
			l = l ? l : 1;
			continue;
		}
		if (strchr("\\`*_[]<>|~", *s) || (begins && strchr("#+-=", *s)) || *s == '&')
			fputc('\\', f);
		fwrite(s, 1, l, f);
	}
}

static void
put_table(FILE *f, const struct paper_table *t)
{
	size_t rows = paper_rows(t);

	if (rows == 0) {
		if (t->empty) {
			put(f, t->empty, false);
			fputs("\n", f);
		}
		return;
	}
	fputc('|', f);
	for (size_t i = 0; i < t->ncols; i++) {
		fputc(' ', f);
		put(f, t->cols[i].heading, true);
		fputs(" |", f);
	}
	fputs("\n|", f);
	for (size_t i = 0; i < t->ncols; i++)
		fputs(t->cols[i].kind == PAPER_NUMBER ? "---:|" : "---|", f);
	for (size_t k = 0; k < rows * t->ncols; k++) {
		const struct paper_cell *c = &t->cells[k];
		fputs(k % t->ncols == 0 ? "\n| " : " ", f);
		if (c->class)
			fputs("**", f);
		put(f, c->text, true);
		if (c->class)
			fputs("**", f);
		if (c->sub) {
			fputs("<br>", f);
			put(f, c->sub, true);
		}
		fputs(" |", f);
	}
	fputc('\n', f);
}

static void
put_line(FILE *f, const char *before, const char *s, const char *after)
{
	fputs(before, f);
	put(f, s, false);
	fputs(after, f);
}

bool
paper_markdown(const struct paper *p, FILE *f)
{
	enum block_kind before = BLOCK_PARA;

	put_line(f, "# ", p->title ? p->title : "", "\n\n");
	put_line(f, "", p->kicker ? p->kicker : "", "\n");
	if (p->byline)
		put_line(f, "\n", p->byline, "\n");
	if (p->number) {
		put_line(f, "\n**", p->number, " ");
		put_line(f, "", p->what, "**");
		if (p->detail)
			put_line(f, ": ", p->detail, "");
		fputs("\n", f);
	}
	for (size_t i = 0; i < p->nshares; i++)
		put_line(f, i ? " \xc2\xb7 " : "\n", p->share[i].text,
		    i + 1 == p->nshares ? "\n" : "");
	for (size_t i = 0; i < p->nblocks; i++) {
		const struct paper_block *b = &p->blocks[i];
		if (b->kind == BLOCK_PICTURE && !b->text)       /* a page's alone */
			continue;
		if (b->kind != before || (b->kind != BLOCK_ITEM && b->kind != BLOCK_FACT))
			fputc('\n', f);
		switch (b->kind) {
		case BLOCK_SECTION: put_line(f, "## ", b->text, "\n"); break;
		case BLOCK_HEADING: put_line(f, "### ", b->text, "\n"); break;
		case BLOCK_NOTE: put_line(f, "*", b->text, "*\n"); break;
		case BLOCK_PARA:
		case BLOCK_PICTURE: put_line(f, "", b->text ? b->text : "", "\n"); break;
		case BLOCK_ITEM: put_line(f, "- ", b->text, "\n"); break;
		case BLOCK_FACT:
			put_line(f, "- **", b->id, "**: ");
			put_line(f, "", b->more, "\n");
			break;
		case BLOCK_TABLE: put_table(f, b->table); break;
		}
		before = b->kind;
	}
	return p->failed ? false : !ferror(f);
}
