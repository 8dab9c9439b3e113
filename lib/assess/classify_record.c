/* classify_record.c: the answer as a "classification" record. */
#include "assess/classify_impl.h"

#include <string.h>

static void
write_law(struct jw *w, const char *lang, const struct rules_ref *const *law, size_t n)
{
	char cite[256];

	jw_arr(w, "law");
	for (size_t i = 0; i < n; i++)
		jw_a_cstr(w, rules_cite(law[i], lang, cite, sizeof(cite)));
	jw_end(w);
}

static void
write_reference(struct jw *w, const char *lang, const struct rules_ref *law)
{
	char cite[256];

	if (law)
		jw_cstr(w, "reference", rules_cite(law, lang, cite, sizeof(cite)));
}

static void
write_steps(const struct classify *c, struct jw *w)
{
	char *s;

	jw_arr(w, "steps");
	for (size_t i = 0; i < c->nsteps; i++) {
		const struct classify_step *t = &c->steps[i];
		jw_a_obj(w);
		jw_cstr(w, "step", t->id);
		jw_cstr(w, "result", t->result);
		jw_cstr(w, "reason", t->reason);
		write_law(w, c->lang, t->law, t->nlaw);
		if (t->figures && (s = json_dumps(t->figures, JSON_COMPACT |
		    JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15)))) {
			jw_raw(w, "figures", s, strlen(s));
			free(s);
		}
		if (t->secondhand)
			jw_bool(w, "secondhand", true);
		jw_end(w);
	}
	jw_end(w);
}

static void
write_what(const struct classify *c, struct jw *w)
{
	size_t i;

	jw_arr(w, "sectors");
	for (i = 0; i < c->ntypes; i++) {
		jw_a_obj(w);
		jw_cstr(w, "type", c->types[i]->id);
		jw_cstr(w, "annex", c->types[i]->annex == 1 ? "I" : "II");
		jw_cstr(w, "name", rules_text(&c->types[i]->name, c->lang));
		if (c->class != CLASSIFY_MANUAL)
			jw_bool(w, "counts", c->world.counts >> i & 1);
		jw_end(w);
	}
	jw_end(w);
	jw_arr(w, "authorities");
	for (i = 0; i < c->noffices; i++) {
		jw_a_obj(w);
		jw_cstr(w, "id", c->offices[i].id);
		jw_cstr(w, "name", rules_text(&c->offices[i].name, c->lang));
		jw_cstr(w, "abbrev", c->offices[i].abbrev);
		write_reference(w, c->lang, c->offices[i].law);
		jw_end(w);
	}
	jw_end(w);
	jw_arr(w, "duties");
	for (i = 0; i < c->nduties; i++) {
		const struct classify_duty *d = c->duties[i].duty;
		jw_a_obj(w);
		jw_cstr(w, "id", d->basis.id);
		jw_cstr(w, "what", rules_text(&d->what, c->lang));
		jw_cstr(w, "deadline", rules_text(&d->deadline, c->lang));
		jw_cstr(w, "to", c->duties[i].to);
		write_reference(w, c->lang, d->basis.law[0]);
		jw_end(w);
	}
	jw_end(w);
	if (!c->sanction)
		return;
	jw_obj(w, "sanction");
	if (c->max_sek >= 0)
		jw_int(w, "max_sek", c->max_sek);
	if (c->max_eur >= 0) {
		jw_int(w, "max_eur", c->max_eur);
		jw_real(w, "percent", (double)c->sanction->permille / 10);
		if (!c->group_turnover_whole)
			jw_bool(w, "at_least", true);
	}
	if (c->sanction->min_sek >= 0)
		jw_int(w, "min_sek", c->sanction->min_sek);
	jw_cstr(w, "text", rules_text(&c->sanction->text, c->lang));
	write_reference(w, c->lang, c->sanction->basis.law[0]);
	jw_end(w);
}

static void
write_classes(struct jw *w, unsigned classes)
{
	for (int i = 0; i < CLASSIFY_CLASSES; i++)
		if (classes >> i & 1)
			jw_a_cstr(w, classify_class_name[i]);
}

static void
write_open(const struct classify *c, struct jw *w)
{
	size_t i;

	jw_arr(w, "questions");
	for (i = 0; i < c->nquestions; i++) {
		jw_a_obj(w);
		jw_cstr(w, "id", c->questions[i].id);
		jw_cstr(w, "question", c->questions[i].text);
		if (c->questions[i].yes) {
			jw_arr(w, "yes");
			write_classes(w, c->questions[i].yes);
			jw_end(w);
		}
		if (c->questions[i].no) {
			jw_arr(w, "no");
			write_classes(w, c->questions[i].no);
			jw_end(w);
		}
		jw_end(w);
	}
	jw_end(w);
	jw_arr(w, "assumed");
	for (i = 0; i < c->nassumed; i++)
		jw_a_cstr(w, c->assumed[i]);
	jw_end(w);
	jw_arr(w, "changes");
	for (i = 0; i < c->nchanges; i++) {
		jw_a_obj(w);
		jw_cstr(w, "if", c->changes[i].text);
		jw_cstr(w, "class", classify_class_name[c->changes[i].class]);
		jw_end(w);
	}
	jw_end(w);
	if (!c->guide)
		return;
	jw_obj(w, "guide");
	jw_cstr(w, "row", c->guide->basis.id);
	jw_cstr(w, "says", rules_text(&c->guide->says, c->lang));
	jw_bool(w, "differs", c->guide_differs);
	if (c->guide_differs)
		jw_cstr(w, "why", rules_text(&c->guide->why, c->lang));
	if (c->guide_size)
		jw_cstr(w, "size", rules_text(&c->rules->guide_size, c->lang));
	jw_end(w);
}

/* What the size is called; while it is open, nothing. */
static const char *
size_of(const struct classify *c)
{
	for (int i = 0; i < CLASSIFY_SIZES; i++)
		if (c->sizes == 1u << i)
			return classify_size_name[i];
	return "manual_review";
}

bool
classify_write(const struct classify *c, struct jw *w)
{
	const unsigned in = 1u << CLASSIFY_IMPORTANT | 1u << CLASSIFY_ESSENTIAL;
	char *sentence = classify_sentence(c);

	jw_begin(w);
	jw_time(w, "timestamp", c->now);
	jw_cstr(w, "event_type", "classification");
	jw_obj(w, "classification");
	jw_cstr(w, "organisation", c->en->name);
	jw_cstr(w, "number", c->en->number);
	jw_cstr(w, "kind", c->kind);
	jw_cstr(w, "answer", sentence);
	jw_cstr(w, "size", size_of(c));
	jw_cstr(w, "in_scope", !(c->classes & ~in) ? "yes" :
	    c->class == CLASSIFY_OUT ? "no" : "manual_review");
	jw_cstr(w, "class", classify_class_name[c->class]);
	if (c->class == CLASSIFY_MANUAL) {
		jw_arr(w, "could_be");
		write_classes(w, c->classes & ~(1u << CLASSIFY_MANUAL));
		jw_end(w);
	}
	write_what(c, w);
	write_steps(c, w);
	write_open(c, w);
	jw_obj(w, "rule_set");
	jw_cstr(w, "id", c->rules->id);
	jw_cstr(w, "version", c->rules->version);
	jw_cstr(w, "date", c->rules->date);
	jw_hex(w, "digest", c->rules->digest, sizeof(c->rules->digest));
	jw_end(w);
	jw_cstr(w, "lang", c->lang);
	jw_end(w);
	free(sentence);
	return jw_line(w);
}
