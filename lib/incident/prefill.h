/* prefill.h: what records say of an incident: values for fields that nobody has answered,
 * each with the records that show it. Nothing is concluded: a value is what was seen, in
 * the span of the incident, of the assets that are named in `affected_assets`, or else of
 * all that were written to or raised an alert in it.
 *
 *     prefill.c          the run, the span, the organisation of the site file
 *     prefill_known.c    whose address it is: the inventory's and the register's
 *     prefill_events.c   a line of events: who, when, how much, written what
 *     prefill_ledger.c   how instruments stood with their calibration
 *     prefill_changes.c  what the journal says otherwise than the early warning did
 *     prefill_say.c      all of that as texts
 *
 *     p = prefill_new(rules, incident, fields, site, "sv", &e);
 *     prefill_span(p, before, now, &e);
 *     while (...) prefill_asset(p, line, n, &e);      an inventory, first
 *     while (...) prefill_event(p, line, n, &e);      otdissect's, EVE's or Zeek's
 *     prefill_ledger(p, "ledger", &e);
 *     prefill_run(p, &e);
 *     ... prefill_value(p, "indicators") ...
 *     prefill_free(p);
 *
 * Events are forgotten; what is kept grows with addresses and writes, up to ceilings
 * that are counted. */
#ifndef OT_PREFILL_H
#define OT_PREFILL_H

#include "incident/incident.h"
#include "model/site.h"

struct prefill;

enum prefill_basis { PREFILL_RECORDS, PREFILL_SITE, PREFILL_LEDGER, PREFILL_JOURNAL };
struct prefill_value {
	const char *name;               /* of the field */
	const struct incident_field *field;
	json_t *value;
	json_t *records;                /* texts: what shows it */
	enum prefill_basis basis;
	uint64_t more;                  /* records beyond those that are named */
};

/* NULL with e. All arguments are borrowed; site may be NULL. */
struct prefill *prefill_new(const struct rules *rules, const struct incident *i,
    const struct incident_fields *fields, const struct site *site, const char *lang,
    struct err *e);
void prefill_free(struct prefill *p);

/* The span to look at: from occurred_at, else `before` microseconds before detected_at or
 * aware_at, to ended_at where that lies before now, else now. False with e: nobody said when. */
bool prefill_span(struct prefill *p, int64_t before, int64_t now, struct err *e);
bool prefill_asset(struct prefill *p, const char *line, size_t n, struct err *e);
bool prefill_event(struct prefill *p, const char *line, size_t n, struct err *e);
/* The records of a calibration ledger: a folder, or a file. False with e: it cannot be read. */
bool prefill_ledger(struct prefill *p, const char *path, struct err *e);
/* Makes the values. False with e: memory is out. */
bool prefill_run(struct prefill *p, struct err *e);

/* The value of a field, or NULL. */
const struct prefill_value *prefill_value(const struct prefill *p, const char *name);
size_t prefill_count(const struct prefill *p);
const struct prefill_value *prefill_nth(const struct prefill *p, size_t i);

/* What it rests on, and what it lacks. */
struct prefill_summary {
	int64_t from, to;               /* the span; from INT64_MIN: none */
	uint64_t events, within;        /* records of events; those of the span */
	uint64_t untimed, assets, lines;
	uint64_t full;                  /* addresses or writes past a ceiling */
	int64_t first, last;            /* of all events; INT64_MIN: none */
	json_t *strangers;              /* names in affected_assets that nothing is known of */
	bool chosen;                    /* the assets were named by a person */
};
const struct prefill_summary *prefill_summary(const struct prefill *p);

#endif
