/* stage_read.h: what a stage's report is made from beside the journal: events, an inventory, a
 * calibration ledger; for the report itself and for what is frozen of it. */
#ifndef STAGE_READ_H
#define STAGE_READ_H

#include "request.h"

#include "incident/prefill.h"

/* Ids of the options, apart from those of a request and of what writes. */
enum { ST_EVENTS = 100, ST_INVENTORY, ST_LEDGER, ST_BEFORE, STAGE_OWN, STAGE_FILES = 64 };

#define STAGE_OPTS \
	{ "before", 0, "TIME", \
	    "look so long before detected_at where occurred_at is unknown (24h)", NULL, \
	    ST_BEFORE }, \
	{ "events", 'e', "FILE", "events of otdissect, Suricata or Zeek; again for more", "file", \
	    ST_EVENTS }, \
	{ "inventory", 'i', "FILE", "asset records of otinv build: names of devices", "file", \
	    ST_INVENTORY }, \
	{ "ledger", 0, "DIR", "the calibration ledger: how instruments stood", "file", ST_LEDGER }

struct stage_records {
	const char *inventory, *ledger;
	const char *events[STAGE_FILES]; size_t nevents;
	int64_t before;                         /* microseconds */
};
#define STAGE_FROM { .before = INT64_C(86400000000) }

/* As request_take(). */
bool stage_take(struct stage_records *k, int id, const struct opt_state *os, struct err *e);
/* Whether any of it is given. */
bool stage_has_records(const struct stage_records *k);
/* False with e where more than one of them and the site file are standard input. */
bool stage_apart(const struct stage_records *k, const char *site_file, struct err *e);

/* All of it read, under the request's rules, site and language; what it lacks is said. NULL
 * with e: it cannot be read. The caller frees it with prefill_free(). */
struct prefill *stage_prefill(struct request *q, const struct stage_records *k,
    const struct incident *i, const struct incident_fields *fields, int64_t now, struct err *e);

#endif
