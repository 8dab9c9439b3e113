/* certificate_chart.c: errors with their uncertainties against the tolerance, as SVG.
 *
 * For paper without colour: what was found is a ring, what was left a full dot, limits
 * are dashed lines around a grey band. */
#include "report/certificate_impl.h"

#include "report/markup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* LEFT: room for "-0.0005" in the larger letters of narrow screens beside the title */
enum { WIDTH = 720, HEIGHT = 260, LEFT = 104, RIGHT = 14, TOP = 12, BOTTOM = 44, MARKS = 400 };

struct mark { double x, found, left, u, lower, upper; };       /* NAN: none */

struct chart {
	const struct sheet *s;
	const struct cert_result *r;
	struct mark m[MARKS];
	size_t n;
	double low, high, xlow, xhigh;
	bool any_found, any_left, any_u, any_limit;
};

/* A number that can be drawn: sums and quotients of two of them are numbers. */
static double
real(const char *s)
{
	double v;

	if (!*s)
		return NAN;
	v = strtod(s, NULL);
	return fabs(v) < 1e100 ? v : NAN;
}

/* How far off the instrument was before and after, and how far off it may be. */
static struct mark
mark_of(const struct cert_result *r)
{
	double reference = real(r->v[CERT_REFERENCE]), error = real(r->v[CERT_ERROR]);
	bool valued = *r->v[CERT_FOUND] || *r->v[CERT_LEFT];
	struct mark m;

	m.found = real(r->v[CERT_FOUND]) - reference;
	m.left = real(r->v[CERT_LEFT]) - reference;
	/* the error that is stated is that of the value last seen */
	if (!isnan(error) && *r->v[CERT_LEFT])
		m.left = error;
	else if (!isnan(error))
		m.found = error;
	m.u = real(r->v[CERT_U]);
	/* limits are of the value; of an error that stands alone, of that */
	m.lower = real(r->v[CERT_LOWER]) - (valued ? reference : 0);
	m.upper = real(r->v[CERT_UPPER]) - (valued ? reference : 0);
	m.x = r->numeric ? real(r->point) : NAN;
	if (isnan(m.x))
		m.x = reference;
	return m;
}

static void
widen(struct chart *c, double v)
{
	if (isnan(v))
		return;
	c->low = fmin(c->low, v);
	c->high = fmax(c->high, v);
}

static void
measure(struct chart *c)
{
	double gap = INFINITY, u;
	bool even = false;

	c->low = c->high = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct mark *m = &c->m[i];
		u = isnan(m->u) ? 0 : m->u;
		widen(c, m->found - u);
		widen(c, m->found + u);
		widen(c, m->left - u);
		widen(c, m->left + u);
		widen(c, m->lower);
		widen(c, m->upper);
		c->any_found |= !isnan(m->found);
		c->any_left |= !isnan(m->left);
		c->any_u |= !isnan(m->u);
		c->any_limit |= !isnan(m->lower) || !isnan(m->upper);
		even |= isnan(m->x);
	}
	/* a scale, where the points keep apart on it; else one beside the other */
	c->xlow = INFINITY;
	c->xhigh = -INFINITY;
	for (size_t i = 0; i < c->n && !even; i++) {
		c->xlow = fmin(c->xlow, c->m[i].x);
		c->xhigh = fmax(c->xhigh, c->m[i].x);
		for (size_t k = 0; k < i; k++)
			gap = fmin(gap, fabs(c->m[i].x - c->m[k].x));
	}
	if (even || c->n < 2 || !(gap > (c->xhigh - c->xlow) / 60)) {
		for (size_t i = 0; i < c->n; i++)
			c->m[i].x = (double)i;
		c->xlow = 0;
		c->xhigh = (double)c->n - 1;
	}
	gap = c->xhigh > c->xlow ? (c->xhigh - c->xlow) * 0.06 : 1;
	c->xlow -= gap;
	c->xhigh += gap;
	if (!(c->high > c->low)) {
		c->low -= 1;
		c->high += 1;
	}
	gap = (c->high - c->low) * 0.08;
	c->low -= gap;
	c->high += gap;
}

static double
at_x(const struct chart *c, double x)
{
	return LEFT + (x - c->xlow) / (c->xhigh - c->xlow) * (WIDTH - LEFT - RIGHT);
}

static double
at_y(const struct chart *c, double y)
{
	return TOP + (c->high - y) / (c->high - c->low) * (HEIGHT - TOP - BOTTOM);
}

/* A step of 1, 2 or 5 by ten, of which some five fit; its decimals. */
static double
step(double range, int *decimals)
{
	double raw = range / 5, ten = pow(10, floor(log10(raw))), s = raw / ten;

	s = (s <= 1 ? 1 : s <= 2 ? 2 : s <= 5 ? 5 : 10) * ten;
	*decimals = (int)ceil(-log10(s) - 1e-9);
	if (*decimals < 0)
		*decimals = 0;
	return s;
}

static void
put_scale(const struct chart *c)
{
	FILE *f = c->s->f;
	int decimals;
	double s = step(c->high - c->low, &decimals), last = -INFINITY;
	char t[64];

	for (double k = ceil(c->low / s); k * s <= c->high; k++) {
		double y = at_y(c, k * s);
		fprintf(f, "<path class=\"%s\" d=\"M%d %.1fH%d\"/>", k == 0 ? "zero" : "grid",
		    LEFT, y,
		    WIDTH - RIGHT);
		fprintf(f, "<text class=\"t2\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 8,
		    y + 4);
		if (decimals > 9)
			snprintf(t, sizeof(t), "%.1e", k * s);
		else
			snprintf(t, sizeof(t), "%.*f", decimals, k == 0 ? 0.0 : k * s);
		certificate_number(f, t, c->s->lang);
		fputs("</text>\n", f);
	}
	for (size_t i = 0; i < c->n; i++) {
		const struct cert_result *r = &c->r[i];
		const char *label = *r->point ? r->point : r->v[CERT_REFERENCE];
		double x = at_x(c, c->m[i].x);
		int w = markup_width(label, 11);
		/* labels that would run into each other are left out */
		if (!*label || x - w / 2.0 < last + 8 || w > 150)
			continue;
		last = x + w / 2.0;
		fprintf(f, "<text class=\"t2\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">", x,
		    HEIGHT - BOTTOM + 18);
		if (r->numeric || !*r->point)
			certificate_number(f, label, c->s->lang);
		else
			markup_text(f, label);
		fputs("</text>\n", f);
	}
	fprintf(f, "<text class=\"t2\" transform=\"translate(14 %d) rotate(-90)\" "
	    "text-anchor=\"middle\">%s (", (TOP + HEIGHT - BOTTOM) / 2, sheet_word(c->s,
	    "cert.chart.error"));
	markup_text(f, c->r->unit);
	fputs(")</text>\n", f);
	if (!c->r->numeric)
		return;
	fprintf(f, "<text class=\"t2\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s (", WIDTH - RIGHT,
	    HEIGHT - 9, sheet_word(c->s, "cert.point"));
	markup_text(f, c->r->unit);
	fputs(")</text>\n", f);
}

/* One limit through the points that have it, out to the edges. */
static void
put_limit(const struct chart *c, bool upper)
{
	FILE *f = c->s->f;
	double y = NAN, x;
	bool open = false;

	for (size_t i = 0; i < c->n; i++) {
		double v = upper ? c->m[i].upper : c->m[i].lower;
		if (isnan(v))
			continue;
		y = at_y(c, v);
		x = at_x(c, c->m[i].x);
		if (!open)
			fprintf(f, "<path class=\"limit\" d=\"M%.1f %.1fH%.1f",
			    i ? x : (double)LEFT, y, x);
		else
			fprintf(f, "L%.1f %.1f", x, y);
		open = true;
	}
	if (open)
		fputs("\"/>\n", f);
	if (open && !isnan(upper ? c->m[c->n - 1].upper : c->m[c->n - 1].lower))
		fprintf(f, "<path class=\"limit\" d=\"M%.1f %.1fH%d\"/>\n",
		    at_x(c, c->m[c->n - 1].x), y, WIDTH - RIGHT);
}

/* What lies between the limits, where all points have both. */
static void
put_band(const struct chart *c)
{
	FILE *f = c->s->f;

	for (size_t i = 0; i < c->n; i++)
		if (isnan(c->m[i].lower) || isnan(c->m[i].upper))
			return;
	fprintf(f, "<path class=\"band\" d=\"M%d %.1f", LEFT, at_y(c, c->m[0].upper));
	for (size_t i = 0; i < c->n; i++)
		fprintf(f, "L%.1f %.1f", at_x(c, c->m[i].x), at_y(c, c->m[i].upper));
	fprintf(f, "H%dV%.1f", WIDTH - RIGHT, at_y(c, c->m[c->n - 1].lower));
	for (size_t i = c->n; i-- > 0; )
		fprintf(f, "L%.1f %.1f", at_x(c, c->m[i].x), at_y(c, c->m[i].lower));
	fprintf(f, "H%dZ\"/>\n", LEFT);
}

static void
put_mark(const struct chart *c, double x, double y, double u, bool full)
{
	FILE *f = c->s->f;
	double top, bottom;

	if (isnan(y))
		return;
	if (!isnan(u)) {
		top = at_y(c, y + u);
		bottom = at_y(c, y - u);
		fprintf(f, "<path class=\"u\" d=\"M%.1f %.1fV%.1fM%.1f %.1fh10M%.1f %.1fh10\"/>",
		    x, top,
		    bottom, x - 5, top, x - 5, bottom);
	}
	fprintf(f, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>\n", full ? "left" :
	    "found", x,
	    at_y(c, y));
}

static void
put_legend(const struct chart *c)
{
	static const char dot[] = "<span><svg class=\"key\" viewBox=\"0 0 14 14\"><circle cx=\"7\" "
	    "cy=\"7\" r=\"4\" class=\"";
	const struct sheet *s = c->s;

	fputs("<figcaption>", s->f);
	if (c->any_found) {
		fprintf(s->f, "%sfound\"/></svg>%s</span>", dot, sheet_word(s, c->any_left ?
		    "cert.chart.found" : "cert.chart.value"));
	}
	if (c->any_left) {
		fprintf(s->f, "%sleft\"/></svg>%s</span>", dot, sheet_word(s, "cert.chart.left"));
	}
	if (c->any_u)
		fprintf(s->f, "<span><svg class=\"key\" viewBox=\"0 0 14 14\"><path class=\"u\" "
		    "d=\"M7 1V13M3 1h8M3 13h8\"/></svg>%s</span>", sheet_word(s, "cert.chart.u"));
	if (c->any_limit)
		fprintf(s->f, "<span><svg class=\"key\" viewBox=\"0 0 14 14\"><path "
		    "class=\"limit\" "
		    "d=\"M0 7H14\"/></svg>%s</span>", sheet_word(s, "cert.chart.limits"));
	fputs("</figcaption>\n", s->f);
}

void
certificate_chart(const struct sheet *s, const struct cert_result *r, size_t n)
{
	struct chart *c;
	double apart;

	if (!n || n > MARKS || !(c = calloc(1, sizeof(*c))))
		return;
	c->s = s;
	c->r = r;
	for (c->n = 0; c->n < n; c->n++)
		c->m[c->n] = mark_of(&r[c->n]);
	measure(c);
	if (c->any_found || c->any_left) {
		fprintf(s->f, "<figure class=\"chart\"><svg class=\"plot\" viewBox=\"0 0 %d %d\" "
		    "role=\"img\" "
		    "aria-label=\"%s\">\n", WIDTH, HEIGHT, sheet_word(s, "cert.chart"));
		put_band(c);
		put_scale(c);
		put_limit(c, false);
		put_limit(c, true);
		for (size_t i = 0; i < c->n; i++) {
			const struct mark *m = &c->m[i];
			apart = !isnan(m->found) && !isnan(m->left) ? 7 : 0;
			put_mark(c, at_x(c, m->x) - apart, m->found, m->u, false);
			put_mark(c, at_x(c, m->x) + apart, m->left, m->u, true);
		}
		fputs("</svg>\n", s->f);
		put_legend(c);
		fputs("</figure>\n", s->f);
	}
	free(c);
}
