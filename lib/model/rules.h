/* rules.h: the data people maintain: checklist, law, authorities, words.
 *
 * Four documents, otrules(5), are part of the program (base/embed.h); a folder
 * given with --rules replaces those of them it holds. They are read strictly:
 * an unknown member, a reference to nothing, a text in one language only or an
 * entry without its source is an error, for a report must not be vague about
 * what it says the law says.
 *
 *     struct rules *r = rules_load(NULL, &e);
 *     for (i = 0; i < r->nitems; i++)
 *             puts(rules_text(&r->items[i].title, "sv"));
 *     rules_free(r);
 *
 * All texts are borrowed and valid until rules_free(). lang is "sv" or "en". */
#ifndef OT_RULES_H
#define OT_RULES_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct rules_text { const char *sv, *en; };

enum rules_certainty { RULES_VERIFIED, RULES_SECONDHAND, RULES_MEMORY };
/* Who can answer: the machine; the machine in part and a person; a person. */
enum rules_answer { RULES_AUTO, RULES_PART, RULES_ATT };

/* An act or a standard. */
struct rules_act {
	const char *id;
	struct rules_text name, title;  /* "CSL"; its full title */
	const char *valid_from;         /* acts: "2026-01-15"; standards: NULL */
	const char *source;
	enum rules_certainty certainty;
	bool is_standard;
};

/* A place in one: "CSL 2 kap. 3 § 9". */
struct rules_ref {
	const char *key;                /* "csl.2.3.9" */
	const struct rules_act *act;
	struct rules_text ref, gist;    /* where; what it says in a few words. ref may be "" */
	enum rules_certainty certainty;
};

struct rules_item {
	const char *id, *group, *evaluator, *origin, *source;
	const char *owner;              /* whose it is: a role of people in otsite(5), or NULL */
	enum rules_answer answer;
	enum rules_certainty certainty;
	int weight;                     /* 1..10 */
	struct rules_text title, question, remedy, note;        /* note may be absent */
	const struct rules_ref **law, **standard;
	size_t nlaw, nstandard;
	const json_t *params;           /* of the evaluator; an object, or NULL */
};

/* A gap of at least this weight is to be closed within so many days. */
struct rules_close { int weight, days; };

struct rules_group { const char *id; struct rules_text name; };

struct rules {
	const char *id, *version, *date, *valid_from;
	struct rules_text title, about;
	struct rules_act *acts; size_t nacts;
	struct rules_ref *refs; size_t nrefs;
	struct rules_group *groups; size_t ngroups;
	struct rules_item *items; size_t nitems;
	struct rules_close close[8]; size_t nclose;     /* weightiest first */
	/* SHA-256 of the four documents one after the other, in the order of
	 * their names: `cat authorities.json checklist.json law.json words.json` */
	uint8_t digest[32];
	json_t *doc[4];
	json_t *missing;                /* words that were asked for and are in none of them */
};

/* NULL with "file: where: why" in e. dir NULL: the embedded ones. */
struct rules *rules_load(const char *dir, struct err *e);
void rules_free(struct rules *r);

const char *rules_text(const struct rules_text *t, const char *lang);
const struct rules_item *rules_item(const struct rules *r, const char *id);
const struct rules_ref *rules_ref(const struct rules *r, const char *key);
const char *rules_certainty_name(enum rules_certainty c);       /* "verified", ... */
const char *rules_answer_name(enum rules_answer a);             /* "auto", ... */

/* "CSL 2 kap. 3 § 9" into dst; returns dst. */
const char *rules_cite(const struct rules_ref *ref, const char *lang, char *dst, size_t cap);

/* "NIS2 art. 21.2 d, i; CSL 2 kap. 3 § 4", with no-break spaces inside. */
void rules_cites(FILE *f, const struct rules_ref *const *ref, size_t n, const char *lang);

/* A word of the interface, or the key itself when there is none (a test finds it): a copy of it,
 * for callers make keys of parts. */
const char *rules_word(const struct rules *r, const char *key, const char *lang);

/* A phrase with its arguments filled in; the caller frees it. NULL only when
 * memory ran out. Forms:
 *     {n}             a text as it is, or a whole number with the language's separators
 *     {n?one|many}    by the number n; {n?none|one|many} too; '#' in it is the number
 *     {n%}            a whole number as a share: "58 %" in Swedish, "58%" in English
 * An array of texts becomes "a, b and c". */
char *rules_phrase(const struct rules *r, const char *key, const char *lang, const json_t *args);
/* The same, and takes args. */
char *rules_say(const struct rules *r, const char *key, const char *lang, json_t *args);
/* A length of time in its largest unit of which there are two: "3 days", "90 minutes"; the
 * caller frees it. Less than nothing is nothing. */
char *rules_span(const struct rules *r, int64_t us, const char *lang);

/* Who holds a role on a day: the authority's name, or NULL. Any of the out
 * pointers may be NULL. */
const char *rules_authority(const struct rules *r, const char *role, int64_t when,
    const char *lang, const char **abbrev, const char **channel);

/* Who supervises under CSF, and where that stands. */
struct rules_supervisor {
	const char *id, *abbrev;
	struct rules_text name, covers;
	const struct rules_ref *law;
};
/* id: of an authority; a county board is one of "lansstyrelse_...". False: no supervisor. */
bool rules_supervisor(const struct rules *r, const char *id, struct rules_supervisor *out);
/* The id of the county board that supervises in a county ("Skåne"), or NULL. */
const char *rules_county_board(const struct rules *r, const char *county);

/* The first of the days by which rules are to be looked at again ("2027-03-31"), or NULL where
 * none says; *past: how many such days lie before the day of `when`. */
const char *rules_review_by(const struct rules *r, int64_t when, size_t *past);
/* The same of another document of rules. */
const char *rules_review_of(const json_t *doc, int64_t when, size_t *past);

/* v with the language's thousands separators: "3 104" (U+00A0), "3,104". */
const char *rules_number(char dst[40], int64_t v, const char *lang);

#endif
