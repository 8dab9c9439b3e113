/* finding.h: a finding's evidence, and findings as records. */
#ifndef OT_FINDING_H
#define OT_FINDING_H

#include "json/jw.h"
#include "assess/attested.h"
#include "assess/gap.h"

/* Appends evidence. Texts are copied; NULL where there is none. field: which
 * of the asset's fields is meant, and whose packet is cited (NULL: where it
 * was first seen). */
void finding_asset(struct gap_finding *f, const struct gap_asset *a, const char *field,
    const char *text);
void finding_link(const struct gap *g, struct gap_finding *f, const struct gap_link *l,
    const char *text);
void finding_site(struct gap_finding *f, const char *id, const char *field, const char *text);
/* A record of another program: kind "ledger", "log" or "alert"; seq: its number there, 0: none;
 * when: a timestamp's text, or NULL. */
void finding_record(struct gap_finding *f, const char *kind, const char *id, const char *field,
    int64_t seq, const char *when, const char *text);
/* signature: what attested_check() says of it. */
void finding_attestation(const struct gap *g, struct gap_finding *f,
    const struct site_attestation *a, enum attested signature);

/* Writes one "finding" record; timestamps are the day of judgement. False when
 * it does not fit a record. */
bool finding_write(const struct gap *g, const struct gap_finding *f, struct jw *w);

/* Writes the "assessment_summary" record: how many of each status, the score and the weight
 * that could not be judged, and the articles. */
bool finding_summary(const struct gap *g, struct jw *w);

#endif
