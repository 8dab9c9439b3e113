/* prefill_say.h: a value that is lines of text, and the records that show it. */
#ifndef OT_PREFILL_SAY_H
#define OT_PREFILL_SAY_H

#include "incident/prefill_impl.h"

/* At most LIM_STAGE_NAMED lines; the rest is a number in the last one. */
struct saying {
	struct prefill *p;
	FILE *f;
	char *text; size_t size;
	json_t *records;
	uint64_t lines, left, more;     /* left: lines past those; more: records past theirs */
};

/* False: memory is out. */
bool saying_begin(struct saying *s, struct prefill *p);
/* A line of a phrase of the words; takes args. What saying_more() adds follows on it. */
bool saying_line(struct saying *s, const char *key, json_t *args);
void saying_more(struct saying *s, const char *key, json_t *args);
/* A record that shows it. */
void saying_record(struct saying *s, const struct seen_at *at);
/* The value of the field, unless there is no line. */
bool saying_end(struct saying *s, const char *field, enum prefill_basis basis);

#endif
