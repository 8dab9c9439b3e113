#include "report/text.h"

#include "base/cell.h"
#include "base/stamp.h"
#include "report/gap_paper.h"
#include "report/para.h"

const char *
text_packet(const json_t *evidence, char *dst, size_t cap)
{
	const char *file = json_string_value(json_object_get(evidence, "pcap_filename")), *base;
	json_int_t n = json_integer_value(json_object_get(evidence, "pcap_cnt"));

	if (!file)
		file = json_string_value(json_object_get(evidence, "in_iface"));
	base = file ? strrchr(file, '/') : NULL;
	base = base && base[1] ? base + 1 : file;
	if (n > 0)
		snprintf(dst, cap, "%s%s#%lld", base ? base : "", base ? " " : "", (long long)n);
	else
		dst[0] = '\0';
	return dst;
}

static void
put_law(struct para *p, const struct gap *g, const struct rules_item *t)
{
	char *s = NULL;
	size_t n;
	FILE *m = open_memstream(&s, &n);

	if (!m)
		return;
	rules_cites(m, t->law, t->nlaw, g->lang);
	if (fclose(m) == 0)
		para_wrap(p, s);
	free(s);
}

/* The first packets, then how many more pieces there are. */
static void
put_evidence(struct para *p, const struct gap *g, const struct gap_finding *f)
{
	size_t n = json_array_size(f->evidence), shown = 0, packets = 0, i;
	char ref[256], part[300], *number;
	size_t same = 0;        /* bytes of the file's name, when it is the same as before */
	char file[256] = "";

	for (i = 0; i < n; i++)
		packets += *text_packet(json_array_get(f->evidence, i), ref, sizeof(ref)) != '\0';
	for (i = 0; i < n && shown < 3; i++) {
		text_packet(json_array_get(f->evidence, i), ref, sizeof(ref));
		if (!*ref)
			continue;
		if (!shown) {
			snprintf(part, sizeof(part), "\xc2\xb7 %s:", rules_word(g->rules,
			    "text.evidence", g->lang));
			para_wrap(p, part);
		}
		number = strrchr(ref, '#');
		same = shown && strncmp(file, ref, (size_t)(number - ref)) == 0 ?
		    (size_t)(number - ref) : 0;
		snprintf(file, sizeof(file), "%s", ref);
		snprintf(part, sizeof(part), "%s%s", ref + same, ++shown < packets && shown < 3 ?
		    "," : "");
		para_wrap(p, part);
	}
	if (shown && packets > shown)
		para_wrap(p, "\xe2\x80\xa6");
}

static void
put_finding(FILE *f, const struct gap *g, const struct gap_finding *x, int width, bool colour)
{
	static const char *const sgr[] = { "1;31", "33", "36", "32", "2" };
	struct para p = { f, width, 0, 0 };
	char key[40], part[80], *who;
	const char *status;

	snprintf(key, sizeof(key), "text.%s", gap_status_name(x->status));
	status = rules_word(g->rules, key, g->lang);
	fprintf(f, "%s%s%s%s%s%*s", colour ? "\033[" : "", colour ? sgr[x->status] : "",
	    colour ? "m" : "", status, colour ? "\033[0m" : "", 10 - (int)cell_width(status), "");
	p.indent = p.col = 10;
	para_wrap(&p, x->item->id);
	para_wrap(&p, "\xc2\xb7");
	para_wrap(&p, rules_text(&x->item->title, g->lang));
	para_break(&p);
	para_wrap(&p, x->reason);
	if (x->status != GAP_MET && x->status != GAP_NA) {
		para_break(&p);
		put_law(&p, g, x->item);
		put_evidence(&p, g, x);
		snprintf(part, sizeof(part), "\xc2\xb7 %s:",
		    rules_word(g->rules, "text.remedy", g->lang));
		para_wrap(&p, part);
		para_wrap(&p, rules_text(&x->item->remedy, g->lang));
		if ((who = gap_assigned_text(g, x))) {
			para_wrap(&p, "\xc2\xb7");
			para_wrap(&p, who);
			free(who);
		}
	}
	fputc('\n', f);
}

/* A phrase with one number, printed. */
static void
put_count(struct para *p, const struct gap *g, const char *key, size_t n, const char *after)
{
	json_t *args = json_pack("{sI}", "n", (json_int_t)n);
	char *s = rules_phrase(g->rules, key, g->lang, args), part[160];

	snprintf(part, sizeof(part), "%s%s", s ? s : "", after);
	para_wrap(p, part);
	free(s);
	json_decref(args);
}

/* A phrase and a line's end. */
static void
put_phrase(struct para *p, const struct gap *g, const char *key, json_t *args)
{
	char *s = rules_phrase(g->rules, key, g->lang, args);

	p->indent = p->col = 0;
	para_wrap(p, s ? s : "");
	fputc('\n', p->f);
	free(s);
	json_decref(args);
}

/* Until when the rules were looked through, and whether that day is past. */
static void
put_review(struct para *p, const struct gap *g)
{
	size_t past;
	const char *day = rules_review_by(g->rules, g->now, &past);

	if (!day)
		return;
	fputc('\n', p->f);
	put_phrase(p, g, "method.reviewed", json_pack("{ss}", "day", day));
	if (past)
		put_phrase(p, g, "method.overdue", json_pack("{sI}", "n", (json_int_t)past));
}

bool
text_write(FILE *f, const struct gap *g, int width, bool colour)
{
	/* as people read it: what is well first, then what is not */
	static const enum gap_status order[] = { GAP_MET, GAP_PARTLY, GAP_GAP, GAP_UNKNOWN,
	    GAP_NA };
	struct para p = { f, width < 40 ? 40 : width, 0, 0 };
	char key[40], a[STAMP_TEXT], b[STAMP_TEXT], day[STAMP_DAY], part[240];
	const char *name = site_title(g->site, g->lang);
	json_t *args;
	char *s, *fw;
	bool first = true;

	para_wrap(&p, rules_word(g->rules, "report.title", g->lang));
	para_wrap(&p, "\xc2\xb7");
	para_wrap(&p, name ? name : rules_word(g->rules, "report.nosite", g->lang));
	para_break(&p);
	stamp_put(a, g->first);
	stamp_put(b, g->last);
	if (g->unobserved)
		snprintf(part, sizeof(part), "%s", rules_word(g->rules, "report.unobserved",
		    g->lang));
	else
		snprintf(part, sizeof(part), "%s %.10s %.5s \xe2\x80\x93 %.10s %.5s UTC",
		    rules_word(g->rules, "report.observed", g->lang), a, a + 11, b, b + 11);
	para_wrap(&p, part);
	snprintf(part, sizeof(part), "\xc2\xb7 %s %s \xc2\xb7 %s %s %s",
	    rules_word(g->rules, "report.judged", g->lang), stamp_day_text(day, g->now),
	    rules_word(g->rules, "report.ruleset", g->lang), g->rules->id, g->rules->version);
	para_wrap(&p, part);
	para_break(&p);
	put_count(&p, g, "sum.items", g->nfindings, ":");
	for (size_t i = 0; i < GAP_STATUSES; i++) {
		if (!g->count[order[i]])
			continue;
		if (!first)
			para_wrap(&p, "\xc2\xb7");
		first = false;
		snprintf(key, sizeof(key), "sum.%s", gap_status_name(order[i]));
		put_count(&p, g, key, g->count[order[i]], "");
	}
	para_break(&p);
	if (g->seen) {
		args = json_pack("{sIsIsIsI}", "listed", (json_int_t)g->listed, "seen",
		    (json_int_t)g->seen,
		    "fw", (json_int_t)g->with_firmware, "share", (json_int_t)gap_share(g));
		s = rules_phrase(g->rules, "number.share", g->lang, args);
		fw = rules_phrase(g->rules, "number.detail", g->lang, args);
		para_wrap(&p, s ? s : "");
		para_wrap(&p, fw ? fw : "");
		free(s);
		free(fw);
		json_decref(args);
	} else {
		para_wrap(&p, rules_word(g->rules, "number.none", g->lang));
	}
	para_break(&p);
	s = gap_score_text(g);
	para_wrap(&p, s ? s : "");
	free(s);
	fputs("\n\n", f);
	for (size_t i = 0; i < g->nfindings; i++)
		put_finding(f, g, &g->findings[i], p.width, colour);
	fputc('\n', f);
	put_phrase(&p, g, "method.unseen", json_pack("{sI}", "n", (json_int_t)gap_parts(g)));
	put_review(&p, g);
	fputc('\n', f);
	p.col = 0;
	para_wrap(&p, rules_word(g->rules, "method.disclaimer", g->lang));
	fputc('\n', f);
	return !ferror(f);
}
