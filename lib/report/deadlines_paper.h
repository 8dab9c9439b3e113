/* deadlines_paper.h: the clocks of incidents as a paper: what is due, by when, and from when
 * it counts. */
#ifndef OT_DEADLINES_PAPER_H
#define OT_DEADLINES_PAPER_H

#include "incident/deadlines.h"
#include "report/paper.h"

/* The incidents that d was made of, in order. False when memory ran out. */
bool deadlines_paper(struct paper *p, const struct deadlines *d,
    struct incident *const *incident, size_t n);

#endif
