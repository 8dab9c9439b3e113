#include "report/para.h"

#include "base/cell.h"
#include "base/utf8.h"

#include <string.h>

void
para_word(FILE *f, const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t l;

	for (; n; p += l, n -= l) {
		l = utf8_len(p, n);
		if (l == 0 || *p < 0x20 || *p == 0x7f || (l == 2 && p[0] == 0xc2 && p[1] < 0xa0)) {
			fputc('?', f);
			l = l ? l : 1;
		} else {
			fwrite(p, 1, l, f);
		}
	}
}

static int
columns(const char *s, size_t n)
{
	char word[256];

	if (n >= sizeof(word))
		return (int)n;
	memcpy(word, s, n);
	word[n] = '\0';
	return (int)cell_width(word);
}

void
para_break(struct para *p)
{
	fprintf(p->f, "\n%*s", p->indent, "");
	p->col = p->indent;
}

void
para_wrap(struct para *p, const char *s)
{
	size_t n;
	int c;

	for (; *s; s += n) {
		s += strspn(s, " \t\n");
		if (!(n = strcspn(s, " \t\n")))
			break;
		c = columns(s, n);
		if (p->col > p->indent && p->col + 1 + c > p->width)
			para_break(p);
		else if (p->col > p->indent) {
			fputc(' ', p->f);
			p->col++;
		}
		para_word(p->f, s, n);
		p->col += c;
	}
}

size_t
para_line(const char *s, unsigned width, const char **next)
{
	size_t at = 0, blank = 0, l;
	unsigned w = 0, c;

	for (; s[at] && s[at] != '\n'; at += l, w += c) {
		l = utf8_len((const uint8_t *)s + at, strlen(s + at) < 4 ? strlen(s + at) : 4);
		l = l ? l : 1;
		c = (unsigned)columns(s + at, l);
		if (s[at] == ' ')
			blank = at;
		if (w + c > width && at)
			break;
	}
	if (s[at] && s[at] != '\n' && blank)
		at = blank;
	*next = s + at + (s[at] == ' ' || s[at] == '\n');
	return at;
}
