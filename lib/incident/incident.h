/* incident.h: an incident as its journal tells it.
 *
 * The journal is a ledger (chain/chain.h, otledger(5)) in a folder of its own, with
 * records of these kinds beside the ledger's own; `calchain verify` holds for it:
 *
 *     incident_opened      title, zone, site, organisation, sectors
 *     incident_value       field, value or "unknown": true, basis, evidence, and of a correction
 *                          `corrects` and `reason`
 *     incident_note        text, at: when it happened
 *     incident_file        name, digest, size; the bytes are files/DIGEST
 *     incident_submission  stage, at, receipt, to, digest, size; what was known is files/DIGEST;
 *                          `form`, `form_text`: digests of the stage's report; `report`: of
 *                          the file that was handed in, where it was one
 *     incident_closed      reason; and incident_reopened
 *
 * Values are never changed: a later one of the same field takes the place of the earlier,
 * and both stay with who and when. What is read here is what the newest signed head
 * covers; whether that holds is chain/verify.h's to say. */
#ifndef OT_INCIDENT_H
#define OT_INCIDENT_H

#include "incident/field.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct incident_entry {                 /* what every record has */
	uint64_t seq;                   /* its number in the journal */
	int64_t written;
	const char *who;                /* its author */
};

struct incident_value {
	struct incident_entry at;
	const struct incident_field *field;     /* NULL: of a later version of the vocabulary */
	const char *name;                       /* of the field, with its number in a list */
	const json_t *value;                    /* NULL: said to be unknown */
	bool evidence;                          /* taken from records, not said by a person */
	const json_t *records;                  /* what it was taken from: texts; or NULL */
	uint64_t corrects;                      /* the record that it corrects; 0: none */
	const char *reason;                     /* why; or NULL */
};

struct incident_note { struct incident_entry at; const char *text; int64_t when; };
struct incident_file {
	struct incident_entry at;
	const char *name, *digest;              /* digest: SHA-256 as 64 hex digits */
	uint64_t size;
	const char *text;                       /* what it is, or NULL */
};
struct incident_submission {
	struct incident_entry at;
	const char *stage;                      /* "upplysning" */
	int64_t when;                           /* when it was handed in */
	const char *receipt, *to;               /* the receiver's number; who; may be NULL */
	const char *digest;                     /* of the report that was frozen, or NULL */
	/* of the stage's report at that time, an incident_stage record, and as text; or NULL */
	const char *form, *form_text;
	const char *report;                     /* of the file that was handed in, or NULL */
	uint64_t upto;                          /* the last record that it was made from */
};

struct incident {
	char *path;                             /* the folder as given */
	const char *name;                       /* its last part: "INC-7" */
	const char *origin;
	const char *title, *zone;               /* zone: "Europe/Stockholm" */
	const char *site, *organisation, *number;       /* of the site file at that time, or NULL */
	const json_t *sectors;                  /* sector types, or NULL */
	struct incident_entry opened;
	struct incident_value *values; size_t nvalues;          /* in order */
	struct incident_note *notes; size_t nnotes;
	struct incident_file *files; size_t nfiles;
	struct incident_submission *submissions; size_t nsubmissions;
	struct incident_entry closed;           /* seq 0: it is open */
	uint64_t records;                       /* that the head covers */
	uint8_t root[32];                       /* of the tree */
	json_t **docs; size_t ndocs;            /* the records' payloads, which own the texts */
};

/* NULL with "INC-7: record 12: why". Fields are borrowed. */
struct incident *incident_read(const char *path, const struct incident_fields *fields,
    struct err *e);
void incident_free(struct incident *i);

/* The value in force of a field by its name, up to record `upto` (UINT64_MAX: all), or NULL:
 * nobody said anything. */
const struct incident_value *incident_value(const struct incident *i, const char *name,
    uint64_t upto);
/* Whether the k-th of its values is that. */
bool incident_in_force(const struct incident *i, size_t k);
/* What is in force of it: false when it was not said, or said to be unknown. */
bool incident_time(const struct incident *i, const char *name, int64_t *us);
bool incident_yes(const struct incident *i, const char *name, bool *yes);
const char *incident_text(const struct incident *i, const char *name);  /* or NULL */
/* The first or the last submission of a stage, or NULL. */
const struct incident_submission *incident_submitted(const struct incident *i,
    const char *stage, bool last);

#endif
