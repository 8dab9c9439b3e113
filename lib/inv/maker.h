/* maker.h: makers under their many names, and product names as sets of words.
 *
 * What is known of names is data: lib/rules/vendor-aliases.json. A maker is the
 * number of its group's text in the pool, and so is a word; a maker that is in
 * no group is its own name, folded. */
#ifndef OT_INV_MAKER_H
#define OT_INV_MAKER_H

#include "base/err.h"
#include "inv/pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAKER_NAMES = 16, MAKER_WORDS = 64, CODE_TEXT = 64 };

struct makers;

/* The embedded list; NULL with e. */
struct makers *makers_load(struct err *e);
void makers_free(struct makers *m);
struct pool *makers_pool(struct makers *m);
size_t makers_groups(const struct makers *m);

/* Who is meant by a vendor's name, joint names ("ABB, Siemens and WAGO") taken
 * apart: how many are in id. */
unsigned makers_of(struct makers *m, const char *name, uint32_t id[MAKER_NAMES]);
/* The maker whose name a product's text begins with, or 0. */
uint32_t makers_begins(struct makers *m, const char *text);

enum word_kind {
	WORD_PLAIN,
	WORD_NUMBER,                    /* with a digit: tells one model from the next */
	WORD_BRAND,                     /* left out by devices */
	WORD_NOISE,                     /* tells nothing apart */
};
/* The words of a text, each once: hyphens join ("S7-1200" is one), all else
 * divides; with pairs also neighbours as one ("S7 1200"). How many are in v. */
unsigned words_of(struct makers *m, const char *text, size_t n, bool pairs,
    uint32_t v[MAKER_WORDS]);
enum word_kind word_kind(const struct makers *m, uint32_t word);
const char *word_text(const struct makers *m, uint32_t word);

/* An order code without blanks and hyphens, in capitals; false: it is none
 * (no digit, too short or too long). Wildcards * and ? stay, and a small x
 * is one where the rest is capitals. */
bool code_fold(char dst[CODE_TEXT], const char *s, size_t n);
/* Does the code (no wildcards) fit the pattern? */
bool code_fits(const char *pattern, const char *code);

/* What a device's code says of its family: words for the n-th entry that fits,
 * from *at on; NULL: no more. */
const char *makers_family(const struct makers *m, uint32_t maker, const char *code, size_t *at);

#endif
