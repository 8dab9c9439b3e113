/* gap_paper.h: the gap assessment as a paper: its Markdown form is made of it. */
#ifndef OT_GAP_PAPER_H
#define OT_GAP_PAPER_H

#include "assess/gap.h"
#include "report/paper.h"

/* The caller frees it; NULL: out of memory. */
struct paper *gap_paper(const struct gap *g);

/* "46 of 100 on what could be judged; 21% of the weight could not be": the caller frees it. */
char *gap_score_text(const struct gap *g);
/* "Eva Lind, 2026-12-22", or NULL where neither is said: the caller frees it. */
char *gap_assigned_text(const struct gap *g, const struct gap_finding *f);

#endif
