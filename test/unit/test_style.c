/* The colours of pages: contrast as WCAG 2.1 has it (1.4.3: 4.5 for text, 1.4.11: 3 for what
 * pictures and controls are made of), in light, in dark and on paper. The formula is that of
 * WCAG's definition of relative luminance. */
#include "tap.h"

#include "report/sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double
channel(long v)
{
	double c = (double)v / 255;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* The luminance of a variable in a piece of style; -1: it is not there. */
static double
luminance(const char *style, const char *name)
{
	char want[32], hex[8] = "#";
	const char *p;
	size_t n;
	long v;

	snprintf(want, sizeof(want), "--%s:#", name);
	if (!(p = strstr(style, want)))
		return -1;
	p += strlen(want);
	n = strspn(p, "0123456789abcdef");
	for (int i = 0; i < 6; i++)
		hex[1 + i] = n == 3 ? p[i / 2] : p[i];
	hex[7] = '\0';
	v = strtol(hex + 1, NULL, 16);
	return 0.2126 * channel(v >> 16) + 0.7152 * channel(v >> 8 & 255) + 0.0722 *
	    channel(v & 255);
}

static void
contrast(const char *of, const char *style, const char *front, const char *back, double least)
{
	double a = luminance(style, front), b = luminance(style, back), r;

	if (a < 0 || b < 0) {
		ok(false, "%s: %s and %s are colours", of, front, back);
		return;
	}
	r = (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
	ok(r >= least, "%s: %s on %s: %.2f, at least %.1f", of, front, back, r, least);
}

static void
colours(const char *of, const char *style)
{
	static const char *const text[] = { "ink", "quiet", "bad", "warn", "ok", "unk", "link" };
	static const char *const back[] = { "paper", "panel", "chip", "hover" };
	static const char *const pills[][2] = { { "bad", "badbg" }, { "warn", "warnbg" },
		{ "ok", "okbg" }, { "unk", "unkbg" }, { "ink", "warnbg" }, { "quiet", "warnbg" } };

	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++)
		for (size_t k = 0; k < sizeof(back) / sizeof(*back); k++)
			contrast(of, style, text[i], back[k], 4.5);
	for (size_t i = 0; i < sizeof(pills) / sizeof(*pills); i++)
		contrast(of, style, pills[i][0], pills[i][1], 4.5);
	contrast(of, style, "edge", "paper", 3);
	contrast(of, style, "edge", "chip", 3);
}

int
main(void)
{
	const char *dark = strstr(sheet_colours, "prefers-color-scheme:dark");
	const char *print = strstr(sheet_style, "@media print");
	double black_white;

	ok(dark && print, "there is a dark one, and one for paper");
	black_white = (luminance("--a:#fff;", "a") + 0.05) / (luminance("--a:#000;", "a") + 0.05);
	ok(fabs(black_white - 21) < 1e-9, "black on white is 21: %.3f", black_white);
	colours("light", sheet_colours);
	if (dark)
		colours("dark", dark);
	if (print)
		colours("paper", print);
	return tap_done();
}
