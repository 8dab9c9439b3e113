/* classify_paper.h: a classification for people: the answer in a sentence, then why. */
#ifndef OT_CLASSIFY_PAPER_H
#define OT_CLASSIFY_PAPER_H

#include "assess/classify.h"
#include "report/paper.h"

/* NULL when memory ran out. c stays the caller's, and is not needed afterwards. */
struct paper *classify_paper(const struct classify *c);

#endif
