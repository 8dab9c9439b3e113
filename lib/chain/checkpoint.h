/* checkpoint.h: a tree's head as text (C2SP tlog-checkpoint):
 *
 *     <origin> LF <size in decimal> LF <base64 of the root> LF [extension lines] */
#ifndef OT_CHECKPOINT_H
#define OT_CHECKPOINT_H

#include "base/err.h"
#include "chain/merkle.h"
#include "chain/note.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct checkpoint {
	char origin[VKEY_NAME];
	uint64_t size;
	struct merkle_hash root;
};

enum { CHECKPOINT_TEXT = VKEY_NAME + 21 + 46 };

/* The text without signatures; its length (no NUL counted). */
size_t checkpoint_put(char dst[CHECKPOINT_TEXT], const struct checkpoint *c);
/* False with what is wrong. Extension lines are allowed and passed over. */
bool checkpoint_parse(struct checkpoint *c, const char *text, size_t n, struct err *e);
/* A signed checkpoint taken apart: t's spans lie in p. Nothing is checked yet. */
bool checkpoint_read(struct checkpoint *c, struct note *t, const char *p, size_t n,
    struct err *e);

/* Digits without leading zeros, that end at the byte `end`, which is passed over. */
bool checkpoint_number(uint64_t *v, const char **p, const char *stop, char end);

#endif
