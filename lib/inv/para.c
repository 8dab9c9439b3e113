/* para.c: words wrapped into lines of a terminal. */
#include "inv/para.h"

#include "base/cell.h"

#include <string.h>

void
para_next(struct para *p)
{
	fprintf(p->f, "\n%*s", (int)p->indent, "");
	p->col = p->indent;
}

/* A word that is wider than the line is cut into lines: nothing is lost. */
static void
put_word(struct para *p, const char *s, size_t n)
{
	char one[8];
	size_t i, l;
	unsigned w;

	for (i = 0; i < n; i += l) {
		for (l = 1; i + l < n && ((unsigned char)s[i + l] & 0xc0) == 0x80 && l < 4; l++)
			;
		memcpy(one, s + i, l);
		one[l] = 0;
		w = cell_width(one);
		if (p->col + w > p->width && p->col > p->indent)
			para_next(p);
		fwrite(one, 1, l, p->f);
		p->col += w;
	}
}

void
para_put(struct para *p, const char *s)
{
	char word[256];
	size_t n;
	unsigned w;

	for (; *s; s += n) {
		s += strspn(s, " ");
		if (!(n = strcspn(s, " ")))
			break;
		snprintf(word, sizeof(word), "%.*s", (int)(n < sizeof(word) ? n : sizeof(word) - 1),
		    s);
		w = cell_width(word);
		if (p->col > p->indent && p->col + 1 + w > p->width)
			para_next(p);
		else if (p->col > p->indent) {
			putc(' ', p->f);
			p->col++;
		}
		put_word(p, s, n);
	}
}

void
para_pad(struct para *p, const char *s, unsigned width)
{
	unsigned w = cell_width(s);

	fputs(s, p->f);
	do {
		putc(' ', p->f);
	} while (++w < width);
	p->col += w;
}
