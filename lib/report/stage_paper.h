/* stage_paper.h: the report for one step of an incident, for people: what is missing first,
 * then the fields in the form's order, each with its text to be pasted into the portal. */
#ifndef OT_STAGE_PAPER_H
#define OT_STAGE_PAPER_H

#include "incident/stage.h"
#include "report/paper.h"

#include <stdio.h>

/* The page; false: memory is out. */
bool stage_paper(struct paper *p, const struct stage *s);

/* As plain text: a heading for each field, who said it, and its text alone, a line between
 * them. width 0: lines are as they were typed. False: the stream failed. */
bool stage_text(const struct stage *s, FILE *f, int width, bool colour);

/* Who said a part and when, or what shows it: for both. New memory, or NULL. */
char *stage_source(const struct stage *s, const struct stage_field *f,
    const struct stage_part *p);
/* "MCFFS 2026:8 · CSL 2 kap. 5 §", "known second-hand", to whom: lines of the head. */
char *stage_form_line(const struct stage *s);
char *stage_recipient_line(const struct stage *s);      /* NULL, too, where there is none */
/* What the records behind it are: their span and number; NULL, too, where there are none. */
char *stage_records_line(const struct stage *s);
/* What is missing, the question and whom to ask; heading: behind the field's label. */
char *stage_ask_line(const struct stage *s, const struct stage_field *f, bool heading);

#endif
