/* review.c: until when the rules were looked through.
 *
 * A document says by its own review_by when its entries are to be looked at again; an entry
 * whose law is known to be on the move says so by an earlier one. */
#include "model/rules.h"

#include "base/stamp.h"

#include <string.h>

enum { DEPTH = 8 };             /* of the rule documents; none is deeper than five */

struct reviews { const char *first; int64_t when; size_t past; };

static void
collect(const json_t *v, struct reviews *r, int depth)
{
	const int64_t day = INT64_C(86400000000);
	const json_t *o;
	const char *key, *text;
	int64_t us;
	size_t i;

	if (depth == DEPTH)
		return;
	if (json_is_array(v)) {
		json_array_foreach((json_t *)v, i, o)
			collect(o, r, depth + 1);
		return;
	}
	if ((text = json_string_value(json_object_get(v, "review_by"))) &&
	    stamp_parse(&us, text, strlen(text))) {
		if (!r->first || strcmp(text, r->first) < 0)
			r->first = text;
		/* on the day itself it still holds */
		r->past += us <= r->when - day;
	}
	json_object_foreach((json_t *)v, key, o)
		if (json_is_object(o) || json_is_array(o))
			collect(o, r, depth + 1);
}

const char *
rules_review_by(const struct rules *r, int64_t when, size_t *past)
{
	struct reviews all = { .when = when };

	for (size_t i = 0; i < sizeof(r->doc) / sizeof(*r->doc); i++)
		collect(r->doc[i], &all, 0);
	if (past)
		*past = all.past;
	return all.first;
}

const char *
rules_review_of(const json_t *doc, int64_t when, size_t *past)
{
	struct reviews all = { .when = when };

	collect(doc, &all, 0);
	if (past)
		*past = all.past;
	return all.first;
}
