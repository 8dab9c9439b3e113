/* diff_text.c: lines for people. */
#include "inv/diff_text.h"

#include "base/stamp.h"
#include "inv/cell.h"
#include "inv/diff_say.h"

#include <string.h>

/* A paragraph that wraps: where lines begin, where we are. */
struct para { FILE *f; unsigned width, indent, col; };

enum { SEVERITY_WIDE = 8, KIND_WIDE = 10, NARROW = 56 };

static void
new_line(struct para *p)
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
			new_line(p);
		fwrite(one, 1, l, p->f);
		p->col += w;
	}
}

static void
wrap(struct para *p, const char *s)
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
			new_line(p);
		else if (p->col > p->indent) {
			putc(' ', p->f);
			p->col++;
		}
		put_word(p, s, n);
	}
}

static void
put_padded(FILE *f, const char *s, unsigned width)
{
	fputs(s, f);
	for (unsigned w = cell_width(s); w < width; w++)
		putc(' ', f);
}

static void
put_change(FILE *f, const struct change *c, const struct diff_text_opts *o, const struct fold *fold)
{
	static const char *const sgr[SEVERITIES] = { "2", "36", "33", "1;31" };
	struct para p = { f, o->width, SEVERITY_WIDE + KIND_WIDE, SEVERITY_WIDE + KIND_WIDE };
	char key[40], reason[700];
	struct said s;

	change_say(&s, c, o->rules, o->lang, fold);
	if (o->width < NARROW)
		p.indent = 2;
	if (o->colour)
		fprintf(f, "\033[%sm", sgr[c->severity]);
	snprintf(key, sizeof(key), "severity.%s", severity_names[c->severity]);
	put_padded(f, change_word(o->rules, key, o->lang), SEVERITY_WIDE);
	if (o->colour)
		fputs("\033[0m", f);
	snprintf(key, sizeof(key), "kind.%s", change_kinds[c->kind]);
	put_padded(f, change_word(o->rules, key, o->lang), KIND_WIDE);
	if (o->width < NARROW)
		new_line(&p);
	wrap(&p, s.who);
	if (*s.what) {
		wrap(&p, "\xc2\xb7");
		wrap(&p, s.what);
	}
	new_line(&p);
	snprintf(reason, sizeof(reason), "%s%s%s%s", change_text(&c->rule->reason, o->lang),
	    *s.evidence ? " (" : "", s.evidence, *s.evidence ? ")" : "");
	wrap(&p, reason);
	putc('\n', f);
}

static void
put_minute(char *dst, size_t cap, int64_t us)
{
	char t[STAMP_TEXT] = "";

	stamp_put(t, us);
	snprintf(dst, cap, "%.10s %.5s", t, t + 11);
}

static void
put_summary(FILE *f, const struct diff *d, const struct diff_text_opts *o)
{
	struct para p = { f, o->width, 0, 0 };
	char t[200], a[24], b[24];
	size_t left = 0, noise = 0;
	const char *sep = ":";

	snprintf(t, sizeof(t), "%zu %s", d->n, change_word(o->rules, d->n == 1 ? "change" :
	    "changes", o->lang));
	fputs(t, f);
	p.col = cell_width(t);
	for (int s = SEV_HIGH; s >= SEV_INFO; s--) {
		if (!d->count[s])
			continue;
		snprintf(t, sizeof(t), "severity.%s", severity_names[s]);
		fputs(sep, f);
		sep = ",";
		p.col++;
		snprintf(t, sizeof(t), "%zu %s", d->count[s], change_word(o->rules, t, o->lang));
		wrap(&p, t);
	}
	put_minute(a, sizeof(a), o->list[0]->last);
	put_minute(b, sizeof(b), o->list[1]->last);
	snprintf(t, sizeof(t), ". %s %s %s %s UTC.", change_word(o->rules, "between", o->lang), a,
	    change_word(o->rules, "to", o->lang), b);
	putc('.', f);
	p.col++;
	wrap(&p, t + 2);
	for (int i = 0; i < NOISES; i++)
		noise += d->noise[i];
	left = noise + d->below;
	if (left) {
		snprintf(t, sizeof(t), "%s: ", change_word(o->rules, "left", o->lang));
		wrap(&p, t);
		sep = "";
		for (int i = 0; i < NOISES; i++) {
			if (!d->noise[i])
				continue;
			fputs(sep, f);
			p.col += *sep != 0;
			sep = ",";
			snprintf(t, sizeof(t), "%zu %s", d->noise[i], noise_names[i]);
			wrap(&p, t);
		}
		if (d->below) {
			fputs(sep, f);
			snprintf(t, sizeof(t), "%zu %s", d->below, change_word(o->rules, "below",
			    o->lang));
			wrap(&p, t);
		}
		if (noise) {
			snprintf(t, sizeof(t), "(%s).", change_word(o->rules, "showall", o->lang));
			wrap(&p, t);
		}
	}
	putc('\n', f);
}

bool
diff_text(FILE *f, struct diff *d, const struct diff_text_opts *o)
{
	struct fold fold;

	if (!d->n)
		return true;
	if (!diff_by_severity(d) || !fold_make(&fold, d))
		return false;
	for (size_t i = 0; i < d->n; i++)
		if (!fold_hides(&fold, &d->v[i]))
			put_change(f, &d->v[i], o, &fold);
	putc('\n', f);
	put_summary(f, d, o);
	fold_free(&fold);
	return true;
}
