/* vouched.h: what people vouch for on a day: the latest attestation of an item. */
#ifndef OT_VOUCHED_H
#define OT_VOUCHED_H

#include "model/site.h"
#include "assess/attested.h"

#include <stdbool.h>
#include <stdint.h>

/* The latest of the item that was given by `now`, or NULL. until (may be NULL): its
 * last day, by its own word or the policies reviews and review_interval_days; INT64_MAX: never.
 * s may be NULL. */
const struct site_attestation *vouched_latest(const struct site *s, const char *item,
    int64_t now, int64_t *until);

/* Whether the last day is over. */
bool vouched_over(int64_t until, int64_t now);

/* It says who and when, and its signature, where it has one, is not bad. */
bool vouched_counts(const struct site *s, const struct site_attestation *a);
/* The same where the signature has been checked (attested_check). */
bool vouched_signed(const struct site_attestation *a, enum attested signature);
/* Who gave it is nobody of those whom the site file lists, neither by id nor by name, and no
 * key of theirs has signed it: it does not count in full. False where it lists nobody. */
bool vouched_by_stranger(const struct site *s, const struct site_attestation *a,
    enum attested signature);
/* And its last day is not over. */
bool vouched_valid(const struct site *s, const struct site_attestation *a, int64_t until,
    int64_t now);

#endif
