/* classify_world.c: all the ways in which what is not known could be, and the class in each.
 *
 * Facts that nobody answered, sizes that are possible, and whether rules known only from
 * others' accounts count: each combination is a world, in which every condition is true or
 * false. Where all worlds agree, the answer is settled whatever the rest; where they do
 * not, comparing them shows which question decides. */
#include "assess/classify_impl.h"

#include <string.h>

/* A fact of the site file; what has a member of its own there counts, too. */
static enum site_tri
stated(const struct classify *c, const char *id)
{
	const json_t *v = json_object_get(c->en->facts, id);

	if (!v && strcmp(id, "care_provider") == 0)
		return c->en->care_provider;
	return json_is_boolean(v) ? json_is_true(v) ? SITE_YES : SITE_NO : SITE_UNSET;
}

void
classify_world_at(const struct classify *c, const struct classify_worlds *ws, size_t i,
    struct classify_world *w)
{
	*w = (struct classify_world){ .rules = c->rules, .types = c->types,
	    .ntypes = c->ntypes, .kind = c->kind, .facts = ws->stated };
	for (size_t k = 0; k < ws->nopen; k++)
		if (i >> k & 1)
			w->facts |= UINT64_C(1) << ws->open[k];
	w->hearsay = i >> ws->nopen & 1;
	w->size = ws->size[i >> (ws->nopen + 1)];
	for (size_t t = 0; t < c->ntypes; t++)
		if (classify_when(w, c->types[t]->requires))
			w->counts |= UINT64_C(1) << t;
}

static const struct classify_rule *
first_rule(const struct classify *c, const struct classify_world *w, bool scope, bool sweden)
{
	for (size_t i = 0; i < c->rules->nlist; i++) {
		const struct classify_rule *r = &c->rules->list[i];
		if (r->scope == scope && r->sweden == sweden &&
		    (r->basis.certainty == RULES_VERIFIED || w->hearsay) &&
		    classify_when(w, r->when))
			return r;
	}
	return NULL;                    /* never: the last of each list holds always */
}

static enum classify_class
class_of(const struct classify_rule *r)
{
	for (int i = 0; r && i < CLASSIFY_CLASSES; i++)
		if (strcmp(classify_class_name[i], r->result) == 0)
			return (enum classify_class)i;
	return CLASSIFY_MANUAL;
}

enum classify_class
classify_decide(const struct classify *c, struct classify_world *w, bool sweden,
    const struct classify_rule **scope, const struct classify_rule **class)
{
	*scope = *class = NULL;
	if (sweden) {
		*scope = first_rule(c, w, true, true);
		if (!*scope || strcmp((*scope)->result, "in") != 0)
			return class_of(*scope);
	}
	*class = first_rule(c, w, false, sweden);
	return class_of(*class);
}

bool
classify_worlds(struct classify *c, struct classify_worlds *ws)
{
	const struct classify_rule *scope, *class;
	struct classify_world w = { .rules = c->rules, .types = c->types, .ntypes = c->ntypes,
	    .kind = c->kind };
	enum site_tri tri;
	size_t i;

	*ws = (struct classify_worlds){ .nopen = 0 };
	for (i = 0; i < c->rules->nfacts; i++)
		if (stated(c, c->rules->facts[i].basis.id) == SITE_YES)
			ws->stated |= UINT64_C(1) << i;
	w.facts = ws->stated;
	for (i = 0; i < c->rules->nfacts; i++) {
		const struct classify_fact *f = &c->rules->facts[i];
		tri = stated(c, f->basis.id);
		if (tri != SITE_UNSET || !f->ask || !classify_when(&w, f->ask_when))
			continue;
		if (ws->nopen == CLASSIFY_OPEN)
			ws->overflow = true;
		else
			ws->open[ws->nopen++] = (int)i;
	}
	for (i = 0; i < CLASSIFY_SIZES; i++)
		if (c->sizes >> i & 1)
			ws->size[ws->nsizes++] = (enum classify_size)i;
	ws->n = ws->nsizes << (ws->nopen + 1);
	if (!(ws->class = malloc(ws->n)))
		return false;
	for (i = 0; i < ws->n; i++) {
		classify_world_at(c, ws, i, &w);
		ws->class[i] = (uint8_t)classify_decide(c, &w, c->sweden, &scope, &class);
	}
	return true;
}
