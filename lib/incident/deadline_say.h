/* deadline_say.h: a clock in words: how much is left, from which moment, for how long. */
#ifndef OT_INCIDENT_DEADLINE_SAY_H
#define OT_INCIDENT_DEADLINE_SAY_H

#include "incident/deadlines.h"

/* "18 h 04 min", from four days on "27 d 4 h", below an hour "12 min" and a minute "30 s"; without
 * a sign. dst holds DEADLINE_SPAN. Returns dst. */
enum { DEADLINE_SPAN = 40 };
const char *deadline_span_text(char dst[DEADLINE_SPAN], int64_t us);

/* "18 h 04 min left", "overdue by 2 h 10 min", "done 2026-11-22 10:00 +01:00, 23 h 12 min in
 * time". New memory; NULL when it is out. */
char *deadline_state_text(const struct deadlines *d, const struct deadline *x, const char *lang);
/* The same below the state's name: "by 2 h 10 min". */
char *deadline_state_brief(const struct deadlines *d, const struct deadline *x,
    const char *lang);

/* What the moment of a beginning is called: the field's label, "the journal was opened",
 * "submission of: incidentanmälan". New memory. */
char *deadline_start_text(const struct deadlines *d, const struct deadline *x,
    const struct deadline_start *s, const char *lang);

/* "within 24 hours", "within a month of the incident notification"; NULL where there is no
 * figure. New memory. */
char *deadline_within_text(const struct deadlines *d, const struct deadline *x,
    const char *lang);

/* The question of a field, or NULL. */
const char *deadline_question(const struct deadlines *d, const char *field, const char *lang);

#endif
