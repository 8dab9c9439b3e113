/* stage.h: the report for one step: the form's fields in its order, what the journal and the
 * records say to each, and what is missing.
 *
 *     struct stage s;
 *     if (!stage_make(&s, &(struct stage_of){ .rules = r, .incident = i, .stage = form_stage,
 *         .lang = "sv", .now = now }, &e)) ...
 *     stage_write(&s, stdout, &e);            as JSON; report/stage_paper.h for people
 *     stage_free(&s);
 *
 * What a person said goes before what records show, and "unknown" said by a person is an
 * answer. Nothing is put where nobody said anything. */
#ifndef OT_STAGE_H
#define OT_STAGE_H

#include "incident/form.h"
#include "incident/incident.h"
#include "incident/prefill.h"
#include "model/site.h"

#include <stdio.h>

enum stage_status {
	STAGE_ANSWERED, STAGE_UNKNOWN,          /* unknown: somebody said that it is */
	STAGE_MISSING,                          /* required, and not all of it is there */
	STAGE_OPEN,                             /* not required, and nothing is there */
	STAGE_NOT_ASKED,                        /* the form asks it only in another case */
	STAGE_STATUSES
};
extern const char *const stage_status_names[STAGE_STATUSES];

/* What a part rests on: a person's word; what was taken from records and stands in the
 * journal; what records, site file or ledger give now and nobody has set;
 * what the journal's own records add up to. */
enum stage_basis { STAGE_PERSON, STAGE_EVIDENCE, STAGE_RECORDS, STAGE_SITE, STAGE_LEDGER,
	STAGE_JOURNAL, STAGE_BASES };
extern const char *const stage_basis_names[STAGE_BASES];

/* One field of the journal in a field of the form. */
struct stage_part {
	const char *name;               /* "measure.2.name" */
	const struct incident_field *field;
	const json_t *value;            /* NULL: said to be unknown */
	char *text;                     /* in words */
	bool also;                      /* added, and not what answers the field */
	enum stage_basis basis;
	const char *who;                /* the journal's author; NULL where nobody has set it */
	int64_t at; uint64_t record;    /* when and in which record; 0 where nobody has */
	const json_t *records;          /* texts: what shows it; or NULL */
	uint64_t more;                  /* records beyond those */
	bool beside;                    /* it is not in the field's text: a portal takes one time */
	bool corrected;                 /* the record corrects an earlier one */
};

struct stage_field {
	const struct form_field *form;
	enum stage_status status;
	struct stage_part *part; size_t nparts;
	const struct incident_field **lacks; size_t nlacks;     /* of what it takes */
	char *text;                     /* to be pasted; "" where there is nothing */
};

struct stage_of {
	const struct rules *rules;
	const struct incident *incident;
	const struct form_stage *stage;
	const struct prefill *prefill;  /* or NULL */
	const struct site *site;        /* or NULL: for whom to ask */
	const char *lang;
	int64_t now;                    /* the recipient is that of this moment */
	int64_t date;                   /* the incident's: stage_date() */
};

struct stage {
	struct stage_of of;
	struct stage_field *field; size_t nfields;
	size_t missing, unknown, prefilled;     /* fields; prefilled: that rest on no person */
	const char *recipient, *recipient_short, *channel;      /* or NULL */
};

/* The date that chooses the form: when it occurred, else was detected, else known, else the
 * journal was opened. *by: the field's name, or NULL of the last. */
int64_t stage_date(const struct incident *i, const char **by);

/* False with e: memory is out. All that `of` names is borrowed. */
bool stage_make(struct stage *s, const struct stage_of *of, struct err *e);
void stage_free(struct stage *s);

/* Whom to ask: the role in words, and the person who has it, or NULL. */
const char *stage_ask(const struct stage *s, const struct form_field *f, const char **person);
/* What to ask: the question of the first that it lacks, else of the first it takes. */
const char *stage_question(const struct stage *s, const struct stage_field *f);
const char *stage_hint(const struct stage *s, const struct stage_field *f);     /* or NULL */

/* The whole as one line of JSON, an incident_stage record (otevent(5)). */
bool stage_write(const struct stage *s, FILE *f, struct err *e);

#endif
