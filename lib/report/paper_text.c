/* paper_text.c: a report for the terminal and for mail. Cells wrap in their columns. */
#include "report/paper_impl.h"

#include "base/cell.h"
#include "report/para.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct text {
	FILE *f;
	unsigned width;
	bool colour;
};

static const char *
sgr_of(const char *class)
{
	static const char *const of[][2] = { { "gap", "1;31" }, { "partly", "33" },
	    { "unknown", "36" }, { "met", "32" }, { "not_applicable", "2" } };

	for (size_t i = 0; class && i < sizeof(of) / sizeof(*of); i++)
		if (strcmp(of[i][0], class) == 0)
			return of[i][1];
	return "0";
}

static void
para(const struct text *t, const char *s, int indent)
{
	struct para p = { t->f, (int)t->width, indent, indent };

	fprintf(t->f, "%*s", indent, "");
	para_wrap(&p, s);
	putc('\n', t->f);
}

static void
bold(const struct text *t, const char *s)
{
	fputs(t->colour ? "\033[1m" : "", t->f);
	para(t, s, 0);
	fputs(t->colour ? "\033[0m" : "", t->f);
}

/* ---- tables ------------------------------------------------------------------- */

/* The widest line of the cell as it would like to stand. */
static unsigned
natural_of(const struct paper_cell *c)
{
	const char *lines[2] = { c->text, c->sub }, *next;
	unsigned most = 0, w;
	char line[400];
	size_t n;

	for (int i = 0; i < 2; i++)
		for (const char *s = lines[i]; s && *s; s = next) {
			n = strcspn(s, "\n");
			next = s + n + (s[n] == '\n');
			if (n >= sizeof(line))
				return sizeof(line);
			memcpy(line, s, n);
			line[n] = '\0';
			if ((w = cell_width(line)) > most)
				most = w;
		}
	return most;
}

static unsigned
piece_width(const char *s, size_t n)
{
	char *piece = strndup(s, n);
	unsigned w = piece ? cell_width(piece) : 0;

	free(piece);
	return w;
}

/* Writes a piece of a cell; returns the columns it took. */
static unsigned
put_piece(const struct text *t, const struct paper_cell *c, const char *s, size_t n, bool first)
{
	bool colour = t->colour && c->class && first;

	if (colour)
		fprintf(t->f, "\033[%sm", sgr_of(c->class));
	para_word(t->f, s, n);
	if (colour)
		fputs("\033[0m", t->f);
	return piece_width(s, n);
}

/* One row: lines until the last cell has said all. Blanks are written before what follows
 * them, so that no line ends in one. */
static void
put_row(const struct text *t, const struct paper_table *tb, const struct paper_cell *row,
    const unsigned *w)
{
	const char *at[PAPER_COLUMNS], *sub[PAPER_COLUMNS], *next;
	bool more = true, first = true;
	unsigned blanks, used;
	size_t i, n;

	for (i = 0; i < tb->ncols; i++) {
		at[i] = row[i].text;
		sub[i] = row[i].sub;
	}
	for (; more; first = false) {
		more = false;
		blanks = 0;
		for (i = 0; i < tb->ncols; i++) {
			if (!w[i])
				continue;
			if (!*at[i] && sub[i]) {
				at[i] = sub[i];
				sub[i] = NULL;
			}
			n = para_line(at[i], w[i], &next);
			used = 0;
			if (n && tb->cols[i].kind == PAPER_NUMBER) {
				used = piece_width(at[i], n);
				blanks += used < w[i] ? w[i] - used : 0;
			}
			if (n) {
				fprintf(t->f, "%*s", (int)blanks, "");
				blanks = 0;
				used = put_piece(t, &row[i], at[i], n, first);
			}
			if (!n || tb->cols[i].kind != PAPER_NUMBER)
				blanks += used < w[i] ? w[i] - used : 0;
			blanks += 2;
			at[i] = next;
			more |= *at[i] || sub[i];
		}
		putc('\n', t->f);
	}
}

/* A word of a language, or a provision with its no-break spaces, and no name of a host, file or
 * version: those may be broken. */
static bool
stays_whole(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] == '_' || s[i] == '@' ||
		    (s[i] == '.' && i + 1 < n && isalnum((unsigned char)s[i + 1])))
			return false;
	return true;
}

/* The longest word of the cell that is not to be broken, up to what a column may ask for. */
enum { WORD_MOST = 24 };
static unsigned
word_of(const struct paper_cell *c)
{
	const char *lines[2] = { c->text, c->sub };
	unsigned most = 0, w;
	size_t n;

	for (int i = 0; i < 2; i++)
		for (const char *s = lines[i]; s && *s; s += n) {
			s += strspn(s, " \n");
			n = strcspn(s, " \n");
			w = n && stays_whole(s, n) ? piece_width(s, n) : 0;
			if (w <= WORD_MOST && w > most)
				most = w;
		}
	return most;
}

/* The columns' widths: each at least its longest word, so that none is broken, and what the
 * column says of itself; where the words have no room, by the latter alone. */
static void
fit(const struct paper_table *tb, unsigned width, unsigned *w)
{
	struct cell_column cols[PAPER_COLUMNS] = { { NULL } }, whole[PAPER_COLUMNS] = { { NULL } };
	unsigned natural[PAPER_COLUMNS] = { 0 }, x, least, word, total = 0;
	size_t i, rows = paper_rows(tb), n = tb->ncols;

	for (i = 0; i < n; i++) {
		const struct paper_column *c = &tb->cols[i];
		const struct paper_cell head = { .text = (char *)c->heading };
		natural[i] = cell_width(c->heading);
		word = word_of(&head);
		for (size_t r = 0; r < rows; r++) {
			if ((x = natural_of(&tb->cells[r * n + i])) > natural[i])
				natural[i] = x;
			if ((x = word_of(&tb->cells[r * n + i])) > word)
				word = x;
		}
		least = c->least;
		if (least == 0)
			least = c->kind == PAPER_TEXT && natural[i] > 12 ? 12 : natural[i];
		least = least < natural[i] ? least : natural[i];
		cols[i] = (struct cell_column){ c->heading, NULL, least, c->drop };
		whole[i] = cols[i];
		whole[i].least = word > least ? word : least;
	}
	cells_fit(whole, (unsigned)n, natural, width, w);
	for (i = 0; i < n; i++)
		total += w[i] ? w[i] + (total ? 2 : 0) : 0;
	if (total > width)
		cells_fit(cols, (unsigned)n, natural, width, w);
}

static void
put_table(const struct text *t, const struct paper_table *tb)
{
	struct paper_cell head[PAPER_COLUMNS];
	unsigned w[PAPER_COLUMNS];
	size_t rows = paper_rows(tb), n = tb->ncols;

	if (rows == 0) {
		if (tb->empty)
			para(t, tb->empty, 0);
		return;
	}
	for (size_t i = 0; i < n; i++)
		head[i] = (struct paper_cell){ .text = (char *)tb->cols[i].heading };
	fit(tb, t->width, w);
	fputs(t->colour ? "\033[2m" : "", t->f);
	put_row(&(struct text){ t->f, t->width, false }, tb, head, w);
	fputs(t->colour ? "\033[0m" : "", t->f);
	for (size_t r = 0; r < rows; r++)
		put_row(t, tb, &tb->cells[r * n], w);
}

/* ---- the whole -------------------------------------------------------------------- */

static void
put_head(const struct paper *p, const struct text *t)
{
	char *line = NULL;
	size_t n;
	FILE *f = open_memstream(&line, &n);

	if (!f)
		return;
	fprintf(f, "%s \xc2\xb7 %s", p->kicker ? p->kicker : "", p->title ? p->title : "");
	fclose(f);
	bold(t, line);
	free(line);
	if (p->byline)
		para(t, p->byline, 0);
	if (p->number) {
		putc('\n', t->f);
		if ((f = open_memstream(&line, &n))) {
			fprintf(f, "%s %s%s%s", p->number, p->what, p->detail ? " \xc2\xb7 " : "",
			    p->detail ? p->detail : "");
			fclose(f);
			bold(t, line);
			free(line);
		}
	}
	if (p->nshares && (f = open_memstream(&line, &n))) {
		for (size_t i = 0; i < p->nshares; i++)
			fprintf(f, "%s%s", i ? " \xc2\xb7 " : "", p->share[i].text);
		fclose(f);
		para(t, line, 0);
		free(line);
	}
}

static void
put_fact(const struct text *t, const struct paper_block *b)
{
	struct para q = { t->f, (int)t->width, 20, 0 };
	unsigned w = cell_width(b->id);

	para_word(t->f, b->id, strlen(b->id));
	if (w < 19)
		fprintf(t->f, "%*s", 20 - (int)w, "");
	else
		fputs("\n                    ", t->f);
	q.col = 20;
	para_wrap(&q, b->more);
	putc('\n', t->f);
}

/* Line by line, each wrapped by itself. */
static void
put_lines(const struct text *t, const char *s)
{
	char *line;
	size_t n;

	for (; s; s = s[n] ? s + n + 1 : NULL) {
		n = strcspn(s, "\n");
		if ((line = strndup(s, n)))
			para(t, line, 0);
		free(line);
	}
}

bool
paper_text(const struct paper *p, FILE *f, int width, bool colour)
{
	struct text t = { f, width < 40 ? 40 : (unsigned)width, colour };
	enum block_kind before = BLOCK_SECTION;

	put_head(p, &t);
	for (size_t i = 0; i < p->nblocks; i++) {
		const struct paper_block *b = &p->blocks[i];
		if (b->kind == BLOCK_PICTURE && !b->text)       /* a page's alone */
			continue;
		if (b->kind != before || (b->kind != BLOCK_FACT && b->kind != BLOCK_ITEM))
			if (before != BLOCK_HEADING && !(before == BLOCK_SECTION && i))
				putc('\n', f);
		switch (b->kind) {
		case BLOCK_SECTION:
		case BLOCK_HEADING: bold(&t, b->text); break;
		case BLOCK_PARA:
		case BLOCK_NOTE:
		case BLOCK_PICTURE:
			if (b->text)
				para(&t, b->text, 0);
			break;
		case BLOCK_ITEM:
			fputs("- ", f);
			para_wrap(&(struct para){ f, (int)t.width, 2, 2 }, b->text);
			putc('\n', f);
			break;
		case BLOCK_FACT: put_fact(&t, b); break;
		case BLOCK_TABLE: put_table(&t, b->table); break;
		case BLOCK_COPY: put_lines(&t, b->text); break;
		}
		before = b->kind;
	}
	return p->failed ? false : !ferror(f);
}
