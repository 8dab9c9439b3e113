#include "base/cell.h"

#include "base/utf8.h"

#include <string.h>
#include <wchar.h>

static int
char_width(const char *s, size_t n, size_t *len)
{
	wchar_t w;
	const uint8_t *u = (const uint8_t *)s;

	if (!(*len = utf8_len(u, n)))
		*len = 1;
	switch (*len) {
	case 1: return 1;
	case 2: w = (u[0] & 31) << 6 | (u[1] & 63); break;
	case 3: w = (u[0] & 15) << 12 | (u[1] & 63) << 6 | (u[2] & 63); break;
	default: return 2;
	}
	if ((w >= 0x300 && w < 0x370) || (w >= 0x200b && w <= 0x200f) ||
	    (w >= 0xfe00 && w < 0xfe10))
		return 0;                       /* combining, joining, choosing */
	return (w >= 0x1100 && w < 0x1160) || (w >= 0x2e80 && w < 0xd7a4) ||
	    (w >= 0xf900 && w < 0xfb00) || (w >= 0xfe30 && w < 0xfe70) ||
	    (w >= 0xff00 && w < 0xff61) ? 2 : 1;
}

unsigned
cell_width(const char *s)
{
	size_t n = strlen(s), len;
	unsigned w = 0;

	for (; n; s += len, n -= len)
		w += (unsigned)char_width(s, n, &len);
	return w;
}

void
cell_put(FILE *f, const char *s, unsigned width, bool utf8, bool pad)
{
	size_t n = strlen(s), len;
	unsigned used = 0, w, room = cell_width(s) > width ? width - 1 : width;

	for (; n; s += len, n -= len) {
		w = (unsigned)char_width(s, n, &len);
		if (used + w > room)
			break;
		fwrite(s, 1, len, f);
		used += w;
	}
	if (n) {
		fputs(utf8 ? "…" : "~", f);
		used++;
	}
	for (; pad && used < width; used++)
		putc(' ', f);
}

/* Makes them give way until they fit, or all are at their least. */
static bool
squeeze(const struct cell_column *cols, unsigned n, unsigned width, unsigned *w)
{
	unsigned total, c, best;

	for (;;) {
		total = 0;
		for (c = 0, best = n; c < n; c++) {
			total += w[c] ? w[c] + (total ? 2 : 0) : 0;
			if (w[c] > cols[c].least && (best == n ||
			    w[c] * cols[best].least > w[best] * cols[c].least))
				best = c;
		}
		if (total <= width)
			return true;
		if (best == n)
			return false;
		w[best]--;
	}
}

void
cells_fit(const struct cell_column *cols, unsigned n, const unsigned *natural, unsigned width,
    unsigned *w)
{
	unsigned last = 0, drop, c;

	for (c = 0; c < n; c++)
		if (cols[c].drop > last)
			last = cols[c].drop;
	for (drop = 0; drop <= last; drop++) {
		for (c = 0; c < n; c++)
			w[c] = cols[c].drop && cols[c].drop <= drop ? 0 : natural[c];
		if (!width || squeeze(cols, n, width, w))
			return;
	}
}
