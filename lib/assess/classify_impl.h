/* classify_impl.h: what the parts of classify.h share. */
#ifndef OT_CLASSIFY_IMPL_H
#define OT_CLASSIFY_IMPL_H

#include "assess/classify.h"

/* Facts that nobody answered, at most so many: each doubles the worlds. */
enum { CLASSIFY_OPEN = 12 };
/* Enterprises beside it: no group that a site file lists is near it. */
enum { CLASSIFY_OTHERS = 1000 };

/* All worlds: bit k of an index answers open fact k; then come hearsay and size. */
struct classify_worlds {
	int open[CLASSIFY_OPEN]; size_t nopen;
	enum classify_size size[CLASSIFY_SIZES]; size_t nsizes;
	size_t n;                       /* of class[] */
	uint8_t *class;                 /* enum classify_class of each */
	uint64_t stated;                /* facts that are so in every world */
	bool overflow;                  /* more was open than could be looked at */
};

/* ---- classify_size.c ---- */
struct classify_sums classify_add(const struct enterprise *en, bool others, bool previous);
/* The step "size" and those beside it; sets c->sizes, c->sums, c->group_turnover. */
void classify_ask_size(struct classify *c);
/* Which of headcount, turnover, balance would decide: bits 1, 2, 4. */
unsigned classify_deciding(const struct classify *c);

/* ---- classify_world.c ---- */
bool classify_worlds(struct classify *c, struct classify_worlds *ws);
void classify_world_at(const struct classify *c, const struct classify_worlds *ws, size_t i,
    struct classify_world *w);
/* The class in a world, by Swedish law or by the directive, and which rules decided. */
enum classify_class classify_decide(const struct classify *c, struct classify_world *w,
    bool sweden, const struct classify_rule **scope, const struct classify_rule **class);

/* ---- classify_follow.c ---- */
void classify_ask_offices(struct classify *c);
void classify_ask_duties(struct classify *c);
void classify_ask_sanction(struct classify *c);
void classify_ask_changes(struct classify *c);
void classify_ask_guide(struct classify *c);

/* ---- classify_say.c ---- */
/* A step with its reason (taken); basis: its law, or NULL. */
struct classify_step *classify_step(struct classify *c, const char *id, const char *result,
    char *reason, const struct classify_basis *basis);
void classify_cite(struct classify_step *t, const struct classify_basis *basis);
void classify_figure(struct classify_step *t, const char *name, double v);
/* A phrase in c->lang; takes args; NULL sets c->nomem. */
char *classify_phrase(struct classify *c, const char *key, json_t *args);
/* A copy in c->lang; NULL sets c->nomem. */
char *classify_text(struct classify *c, const struct rules_text *t);
const char *classify_word(const struct classify *c, const char *prefix, const char *key);
/* "essential or important": a mask of classes as words; the caller frees it. */
char *classify_either(const struct classify *c, unsigned classes);
void classify_question(struct classify *c, const char *id, char *text, unsigned yes, unsigned no);
void classify_assume(struct classify *c, char *text);
void *classify_grow(struct classify *c, void *list, size_t n, size_t size);

#endif
