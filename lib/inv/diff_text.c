/* diff_text.c: lines for people. */
#include "inv/diff_text.h"

#include "base/stamp.h"
#include "base/cell.h"
#include "inv/diff_say.h"
#include "inv/para.h"

#include <string.h>

enum { SEVERITY_WIDE = 8, KIND_WIDE = 10, NARROW = 56 };

static void
put_change(FILE *f, const struct change *c, const struct diff_text_opts *o, const struct fold *fold)
{
	static const char *const sgr[SEVERITIES] = { "2", "36", "33", "1;31" };
	struct para p = { f, o->width, SEVERITY_WIDE + KIND_WIDE, 0 };
	char key[40], reason[700];
	struct said s;

	change_say(&s, c, o->rules, o->lang, fold);
	if (o->width < NARROW)
		p.indent = 2;
	if (o->colour)
		fprintf(f, "\033[%sm", sgr[c->severity]);
	snprintf(key, sizeof(key), "severity.%s", severity_names[c->severity]);
	para_pad(&p, change_word(o->rules, key, o->lang), SEVERITY_WIDE);
	if (o->colour)
		fputs("\033[0m", f);
	snprintf(key, sizeof(key), "kind.%s", change_kinds[c->kind]);
	para_pad(&p, change_word(o->rules, key, o->lang), KIND_WIDE);
	if (o->width < NARROW)
		para_next(&p);
	p.col = p.col > p.indent ? p.indent : p.col;
	para_put(&p, s.who);
	if (*s.what) {
		para_put(&p, "\xc2\xb7");
		para_put(&p, s.what);
	}
	para_next(&p);
	snprintf(reason, sizeof(reason), "%s%s%s%s", change_text(&c->rule->reason, o->lang),
	    *s.evidence ? " (" : "", s.evidence, *s.evidence ? ")" : "");
	para_put(&p, reason);
	putc('\n', f);
}

static void
put_minute(char *dst, size_t cap, int64_t us)
{
	char t[STAMP_TEXT] = "";

	if (!us) {                      /* nothing was heard */
		snprintf(dst, cap, "–");
		return;
	}
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
		para_put(&p, t);
	}
	put_minute(a, sizeof(a), o->list[0]->last);
	put_minute(b, sizeof(b), o->list[1]->last);
	snprintf(t, sizeof(t), ". %s %s %s %s UTC.", change_word(o->rules, "between", o->lang), a,
	    change_word(o->rules, "to", o->lang), b);
	putc('.', f);
	p.col++;
	para_put(&p, t + 2);
	for (int i = 0; i < NOISES; i++)
		noise += d->noise[i];
	left = noise + d->below;
	if (left) {
		snprintf(t, sizeof(t), "%s: ", change_word(o->rules, "left", o->lang));
		para_put(&p, t);
		sep = "";
		for (int i = 0; i < NOISES; i++) {
			if (!d->noise[i])
				continue;
			fputs(sep, f);
			p.col += *sep != 0;
			sep = ",";
			snprintf(t, sizeof(t), "%zu %s", d->noise[i], noise_names[i]);
			para_put(&p, t);
		}
		if (d->below) {
			fputs(sep, f);
			snprintf(t, sizeof(t), "%zu %s", d->below, change_word(o->rules, "below",
			    o->lang));
			para_put(&p, t);
		}
		if (noise) {
			snprintf(t, sizeof(t), "(%s).", change_word(o->rules, "showall", o->lang));
			para_put(&p, t);
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
