/* classify_say.c: steps, questions and what was assumed, in words. */
#include "assess/classify_impl.h"

#include <stdlib.h>
#include <string.h>

void *
classify_grow(struct classify *c, void *list, size_t n, size_t size)
{
	void *p = n & (n - 1) ? list : realloc(list, (n ? 2 * n : 1) * size);

	if (!p)
		c->nomem = true;
	return p;
}

char *
classify_phrase(struct classify *c, const char *key, json_t *args)
{
	char *s = rules_phrase(c->rules->rules, key, c->lang, args);

	json_decref(args);
	if (!s)
		c->nomem = true;
	return s;
}

const char *
classify_word(const struct classify *c, const char *prefix, const char *key)
{
	char name[96];
	const char *s;

	snprintf(name, sizeof(name), "%s.%s", prefix, key);
	s = rules_word(c->rules->rules, name, c->lang);
	return strcmp(s, name) == 0 ? key : s;
}

void
classify_cite(struct classify_step *t, const struct classify_basis *basis)
{
	const size_t cap = sizeof(t->law) / sizeof(*t->law);

	for (size_t i = 0; basis && i < basis->nlaw && t->nlaw < cap; i++)
		t->law[t->nlaw++] = basis->law[i];
}

void
classify_figure(struct classify_step *t, const char *name, double v)
{
	if (!t->figures)
		t->figures = json_object();
	json_object_set_new(t->figures, name, v >= 0 && v < 9e15 && v == (double)(int64_t)v ?
	    json_integer((json_int_t)v) : json_real(v));
}

struct classify_step *
classify_step(struct classify *c, const char *id, const char *result, char *reason,
    const struct classify_basis *basis)
{
	struct classify_step *list = classify_grow(c, c->steps, c->nsteps, sizeof(*list));

	if (!list || !reason) {
		free(reason);
		c->nomem = true;
		c->steps = list ? list : c->steps;
		return NULL;
	}
	c->steps = list;
	list[c->nsteps] = (struct classify_step){ .id = id, .reason = reason };
	snprintf(list[c->nsteps].result, sizeof(list->result), "%s", result);
	classify_cite(&list[c->nsteps], basis);
	list[c->nsteps].secondhand = basis && basis->certainty != RULES_VERIFIED;
	return &list[c->nsteps++];
}

void
classify_question(struct classify *c, const char *id, char *text, unsigned yes, unsigned no)
{
	struct classify_question *list = classify_grow(c, c->questions, c->nquestions,
	    sizeof(*list));

	if (!list || !text) {
		free(text);
		c->nomem = true;
		return;
	}
	c->questions = list;
	list[c->nquestions++] = (struct classify_question){ id, text, yes, no };
}

void
classify_assume(struct classify *c, char *text)
{
	char **list = classify_grow(c, c->assumed, c->nassumed, sizeof(*list));

	if (!list || !text) {
		free(text);
		c->nomem = true;
		return;
	}
	c->assumed = list;
	list[c->nassumed++] = text;
}

char *
classify_either(const struct classify *c, unsigned classes)
{
	static const int order[] = { CLASSIFY_ESSENTIAL, CLASSIFY_IMPORTANT, CLASSIFY_OUT,
		CLASSIFY_MANUAL };
	const char *last = NULL;
	char list[512] = "", *s;
	json_t *args;

	for (size_t i = 0; i < CLASSIFY_CLASSES; i++) {
		if (!(classes >> order[i] & 1))
			continue;
		if (last)
			snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
			    *list ? ", " : "", last);
		last = classify_word(c, "classify.class", classify_class_name[order[i]]);
	}
	args = json_pack("{ssss}", "a", list, "b", last ? last : "");
	s = rules_phrase(c->rules->rules, *list ? "classify.either" : "classify.one", c->lang,
	    args);
	json_decref(args);
	return s;
}

char *
classify_text(struct classify *c, const struct rules_text *t)
{
	char *s = strdup(rules_text(t, c->lang));

	if (!s)
		c->nomem = true;
	return s;
}
