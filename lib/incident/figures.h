/* figures.h: the figures that rules ask for, as a journal has them, as somebody tries them, or
 * as they are worked out from moments.
 *
 * A length of time that nobody stated is the time between two moments. While it goes on it
 * is at least what it is now, and grows. */
#ifndef OT_FIGURES_H
#define OT_FIGURES_H

#include "incident/condition.h"
#include "incident/incident.h"

/* A value to try, before the journal's: NULL is that nobody knows. */
struct figures_tried { const struct incident_field *field; json_t *value; };

/* The moments that a length of time can be worked out from. */
struct figures_moments {
	const struct incident_field *from, *until;
	/* That it still goes on: whatever `until` says (which is then what is expected), or
	 * only where `until` says nothing. Either may be NULL. */
	const struct incident_field *ongoing, *else_ongoing;
};
enum { FIGURES_MOMENTS = 4 };
struct figures_span {
	const struct incident_field *field;
	struct figures_moments moments[FIGURES_MOMENTS]; size_t n;
};

enum figure_basis {
	FIGURE_OPEN,                    /* nobody said anything */
	FIGURE_UNKNOWN,                 /* said to be unknown */
	FIGURE_SAID, FIGURE_TRIED, FIGURE_MOMENTS
};
struct figure_end {
	const struct incident_field *field;     /* NULL: until now */
	const struct incident_value *said;      /* NULL: tried */
	int64_t at;
};
struct figure {
	const struct incident_field *field;
	enum figure_basis basis;
	struct range range;
	bool pending;                           /* it goes on: range.hi is open */
	json_t *value;                          /* in JSON, as its field has it; NULL: open */
	const struct incident_value *said;      /* its record, of SAID and UNKNOWN; or NULL */
	struct figure_end from, until;          /* of MOMENTS */
	bool contrary;                          /* the moments there are end before they begin */
};

struct figures;

/* All is borrowed, and is to outlive it; i may be NULL. NULL: out of memory. */
struct figures *figures_new(const struct incident *i, const struct incident_fields *fields,
    const struct figures_span *spans, size_t nspans, const struct figures_tried *tried,
    size_t ntried, int64_t now);
void figures_free(struct figures *f);

/* Never NULL; valid until the figures are freed. */
const struct figure *figures_get(struct figures *f, const struct incident_field *field);
/* Whether a moment is known; yesno whether it is said. */
bool figures_time(const struct figures *f, const char *name, int64_t *us);
bool figures_yes(const struct figures *f, const char *name, bool *yes);
/* A text or a choice, or NULL. */
const char *figures_text(const struct figures *f, const char *name);

/* What conditions look at: figures as they are now; or as they will be once all that goes on
 * has gone on for long enough. */
struct figures_view { struct figures *figures; bool later; };
struct range figures_look(void *view, const struct incident_field *f);

#endif
