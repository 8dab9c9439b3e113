/* correlate_impl.h: between the reading of the rules and the window. */
#ifndef OT_CORRELATE_IMPL_H
#define OT_CORRELATE_IMPL_H

#include "timeline/correlate.h"

#include "model/rules.h"

#include <jansson.h>
#include <stdbool.h>

/* A bit each, tried in this order. */
enum { SAME_ASSET = 1, SAME_THROUGH = 2, SAME_PEER = 4, SAME_PAIR = 8, SAME_SYSTEM = 16,
	SAME_ZONE = 32 };
enum { CORRELATE_RULES = 64 };          /* ours are some fifteen */

struct correlate_rule {
	const char *id;
	struct rules_text reason;
	enum timeline_kind cause, effect;
	enum timeline_severity severity;        /* of the cause, at least */
	unsigned same;
	int64_t within;                         /* microseconds */
};

/* The document's rules into at most CORRELATE_RULES; texts are the document's. False with e. */
bool correlate_rules_read(const json_t *doc, struct correlate_rule *rules, size_t *n,
    struct err *e);

#endif
