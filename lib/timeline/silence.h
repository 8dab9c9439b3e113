/* silence.h: when a source spoke, minute by minute, and where it did not although it should
 * have: it is silent for longer than ten minutes and than twenty times what commonly lies
 * between two of its lines. Times here are as its clock shows them. */
#ifndef OT_TIMELINE_SILENCE_H
#define OT_TIMELINE_SILENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct silence;

struct silence *silence_new(void);
void silence_free(struct silence *s);

/* A line of this moment. False: too many days, or no memory; the silences are not known. */
bool silence_heard(struct silence *s, int64_t us);

int64_t silence_first(const struct silence *s);         /* INT64_MIN: nothing was heard */
int64_t silence_last(const struct silence *s);
/* What a silence is longer than, in microseconds; 0: too little was heard to say. */
int64_t silence_least(const struct silence *s);
/* The first silence that ends behind `from`; false: there is none. In order when called with
 * the *end of the one before. */
bool silence_next(struct silence *s, int64_t from, int64_t *begin, int64_t *end);

#endif
