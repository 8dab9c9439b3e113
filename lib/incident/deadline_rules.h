/* deadline_rules.h: which clocks there are: rules/incident-deadlines.json, otrules(5).
 *
 *     struct deadline_rules *d = deadline_rules_load(NULL, rules, fields, &e);
 *     for (i = 0; i < d->n; i++) ... d->v[i] ...
 *     deadline_rules_free(d);
 *
 * Texts are valid until it is freed; provisions are those of the rules. */
#ifndef OT_INCIDENT_DEADLINE_RULES_H
#define OT_INCIDENT_DEADLINE_RULES_H

#include "incident/calendar.h"
#include "incident/field.h"

/* What is special about one: nothing; it is given on request; it is given instead of the
 * final report while the incident is going on; it is that final report; it is a time
 * during which what is wrong is to be corrected. */
enum deadline_case { DEADLINE_PLAIN, DEADLINE_REQUEST, DEADLINE_ONGOING, DEADLINE_FINAL,
	DEADLINE_CORRECTION, DEADLINE_CASES };

/* What is so while the field that calls for it is not answered: it is asked; it runs; it is
 * left out. */
enum deadline_unanswered { DEADLINE_ASKED, DEADLINE_APPLIES, DEADLINE_LEFT };

enum { DEADLINE_NAMES = 6 };            /* of a list of fields or stages */
struct deadline_names { const char *v[DEADLINE_NAMES]; size_t n; };

struct deadline_rule {
	const char *id, *track, *source;
	struct deadline_names stage;            /* the first is its own name */
	struct rules_text name, why;            /* why: where it starts, a sentence */
	const char *valid_from, *valid_to;      /* of the incident; valid_to may be NULL */
	struct deadline_names from, other;      /* moments that compete; where there is none */
	const char *after;                      /* a stage, or NULL */
	bool limited;                           /* there is a figure */
	struct calendar_span within;
	const char *within_text;
	enum deadline_case kind;
	struct {                                /* field NULL: it always counts */
		const char *field;
		bool is;
		enum deadline_unanswered unanswered;
		struct deadline_names kinds, sectors;   /* of the site that answer it, too */
	} when;
	const char *due;                        /* a field that says when, or NULL */
	struct deadline_names covered_by;       /* stages that tell the same */
	const char *role;                       /* who receives it: of authorities.json; NULL */
	const char *owner;                      /* whose it is: a role of people in otsite(5) */
	bool advice;                            /* no duty */
	const struct rules_ref **law; size_t nlaw;
	enum rules_certainty certainty;
};

struct deadline_track { const char *id; struct rules_text name; };

struct deadline_rules {
	const char *version;
	struct deadline_track *track; size_t ntracks;
	struct deadline_rule *v; size_t n;
	/* the deputy is told, too, where nobody has written for so long; of what has no figure
	 * somebody is told when it is not done after so long */
	struct calendar_span idle, unlimited;
	const struct incident_fields *fields;   /* borrowed */
	json_t *doc;
};

/* dir: as rules_load()'s. NULL with "file: where: what". */
struct deadline_rules *deadline_rules_load(const char *dir, const struct rules *rules,
    const struct incident_fields *fields, struct err *e);
void deadline_rules_free(struct deadline_rules *d);

bool deadline_names_have(const struct deadline_names *names, const char *name);

#endif
