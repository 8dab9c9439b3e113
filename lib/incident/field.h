/* field.h: what can be said of an incident: one vocabulary for its journal, the reports' forms,
 * the clocks and the rules of significance (rules/incident-fields.json, otrules(5)).
 *
 *     struct incident_fields *v = incident_fields_load(NULL, rules, &e);
 *     const struct incident_field *f = incident_field(v, "measure.2.name");
 *     json_t *value = incident_field_read(f, "2026-11-22 09:12", "Europe/Stockholm", &e);
 *
 * A field whose id has a part "#" is one of a list: a number from 1 stands in its place.
 * What a value is in JSON: text and choice a string; yesno a boolean; time a string as EVE
 * has it; number a number; span whole seconds; choices an array of strings. */
#ifndef OT_INCIDENT_FIELD_H
#define OT_INCIDENT_FIELD_H

#include "base/err.h"
#include "model/rules.h"

#include <jansson.h>

enum incident_type {
	INCIDENT_TEXT, INCIDENT_YESNO, INCIDENT_TIME, INCIDENT_NUMBER, INCIDENT_SPAN,
	INCIDENT_CHOICE, INCIDENT_CHOICES, INCIDENT_TYPES
};
extern const char *const incident_type_names[INCIDENT_TYPES];

struct incident_choice { const char *id; struct rules_text name; };

struct incident_field {
	const char *id, *group;
	enum incident_type type;
	struct rules_text label;        /* "Detected at" */
	struct rules_text question;     /* "When did you notice it?" */
	struct rules_text hint;         /* or both NULL */
	const char *unit;               /* of a number: "SEK", "%", "km2"; or NULL */
	double min, max;                /* of a number; -HUGE_VAL, HUGE_VAL: none */
	struct incident_choice *choice; size_t nchoices;
	bool ahead;                     /* a time that may be still to come */
};

struct incident_group { const char *id; struct rules_text name; };

struct incident_fields {
	struct incident_group *group; size_t ngroups;
	struct incident_field *v; size_t n;
	json_t *doc;
};

/* dir: as rules_load()'s. NULL with why. Texts are valid until it is freed. */
struct incident_fields *incident_fields_load(const char *dir, struct err *e);
void incident_fields_free(struct incident_fields *v);

enum { INCIDENT_NAME = 64, INCIDENT_LIST = 99 };        /* bytes of a name; entries of a list */
/* The field of a name ("measure.2.name" is measure.#.name), or NULL. */
const struct incident_field *incident_field(const struct incident_fields *v, const char *name);
/* The same of n bytes that are of no account when they are none. */
const struct incident_field *incident_field_n(const struct incident_fields *v, const char *name,
    size_t n);

/* A value as a person writes it: "yes", "ja", "9:12" no, "2026-11-22 09:12", "6h", "1 250",
 * "a, b". New, or NULL with what is wrong and what was expected. zone: of times that have
 * none (model/local_time.h). */
json_t *incident_field_read(const struct incident_field *f, const char *text, const char *zone,
    struct err *e);
/* Whether a value of JSON is of the field's type and within its bounds. */
bool incident_field_fits(const struct incident_field *f, const json_t *value, struct err *e);
/* The value in words: "yes", "2026-11-22 09:12 +01:00", "6 h 30 min", "1 250 SEK". New memory;
 * NULL when it is out. */
char *incident_field_text(const struct rules *r, const struct incident_field *f,
    const json_t *value, const char *zone, const char *lang);

#endif
