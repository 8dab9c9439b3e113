/* form.h: the reports that are handed in about an incident, as their forms have them
 * (rules/incident-forms.json, otrules(5)): fields in the form's order, which are required,
 * and which fields of the journal answer them.
 *
 *     struct forms *f = forms_load(NULL, rules, fields, &e);
 *     const struct form_stage *s = forms_stage(f, "upplysning", us, &e);
 *
 * Which form counts is the incident's date to say: a stage of a form that was not in force
 * then is refused. All texts are borrowed and valid until forms_free(). */
#ifndef OT_FORM_H
#define OT_FORM_H

#include "incident/field.h"

#include <stdint.h>

/* A field of a form. from: what it takes, all of it where it is required, or one where any
 * will do; also: what is added
 * where it is there, and never answers it alone. A field whose journal fields are of a list
 * ("measure.#.name") has an answer for each entry. */
struct form_field {
	const char *id;
	struct rules_text label;
	const struct incident_field **from, **also;
	size_t nfrom, nalso;
	bool list, required, any;
	const struct incident_field *when;      /* asked only when this yesno is when_is; or NULL */
	bool when_is;
	const char *ask;                        /* whom: a role of people in otsite(5) */
	const char *source;                     /* of the field, its stage or its form */
	enum rules_certainty certainty;
};

struct form;
struct form_stage {
	const char *id;
	struct rules_text name;
	struct rules_text within;               /* "within 24 hours of knowledge" */
	const struct rules_ref **law; size_t nlaw;
	const char *source;
	enum rules_certainty certainty;
	const struct form *form;
	struct form_field *field; size_t nfields;
};

struct form {
	const char *id;
	struct rules_text name, note;           /* note: what to know of it */
	const char *country;                    /* "SE"; NULL: any */
	const char *recipient;                  /* a role of authorities.json, or NULL */
	const char *valid_from, *valid_to;      /* days, both included; valid_to may be NULL */
	const char *source;
	enum rules_certainty certainty;
	const char *stages_of;                  /* the form whose stages it has; or NULL */
	struct form_stage *stage; size_t nstages;
};

struct forms {
	struct form *v; size_t n;
	json_t *doc;
};

/* NULL with why. dir: as rules_load()'s; rules and fields are borrowed and outlive it. */
struct forms *forms_load(const char *dir, const struct rules *rules,
    const struct incident_fields *fields, struct err *e);
void forms_free(struct forms *f);

/* The stage of this id of the form that is in force on the day of us in the zone, or NULL with
 * why: no such stage, or which ones were in force then. */
const struct form_stage *forms_stage(const struct forms *f, const char *id, int64_t us,
    const char *zone, struct err *e);

#endif
