#include "assess/vouched.h"

#include <string.h>

enum { DAY_S = 86400 };

const struct site_attestation *
vouched_latest(const struct site *s, const char *item, int64_t now, int64_t *until)
{
	const struct site_attestation *a, *best = NULL;
	int64_t days = site_review_days(s, item);

	for (size_t i = 0; s && i < s->nattestations; i++) {
		a = &s->attestations[i];
		if (strcmp(a->item, item) != 0 || (a->date.text && a->date.us > now))
			continue;
		if (!best || !best->date.text || (a->date.text && a->date.us > best->date.us))
			best = a;
	}
	if (until) {
		*until = INT64_MAX;
		if (best && best->expires.text)
			*until = best->expires.us;
		else if (best && best->date.text && days > 0)
			*until = best->date.us + days * DAY_S * 1000000;
	}
	return best;
}

bool
vouched_signed(const struct site_attestation *a, enum attested signature)
{
	return a && a->by && a->date.text && (signature == ATTESTED_VALID ||
	    signature == ATTESTED_UNSIGNED);
}

bool
vouched_by_stranger(const struct site *s, const struct site_attestation *a,
    enum attested signature)
{
	if (!s || s->npeople == 0 || signature == ATTESTED_VALID || site_person(s, a->by))
		return false;
	for (size_t i = 0; a->by && i < s->npeople; i++)
		if (s->people[i].name && strcmp(s->people[i].name, a->by) == 0)
			return false;
	return true;
}

bool
vouched_counts(const struct site *s, const struct site_attestation *a)
{
	return a && a->by && a->date.text && vouched_signed(a, attested_check(s, a));
}

bool
vouched_over(int64_t until, int64_t now)
{
	return until != INT64_MAX && until + DAY_S * INT64_C(1000000) <= now;
}

bool
vouched_valid(const struct site *s, const struct site_attestation *a, int64_t until, int64_t now)
{
	return vouched_counts(s, a) && !vouched_over(until, now);
}
