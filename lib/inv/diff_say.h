/* diff_say.h: a change in words, for the lines of otinv diff --text and its page. */
#ifndef OT_INV_DIFF_SAY_H
#define OT_INV_DIFF_SAY_H

#include "inv/diff.h"

/* The texts of one change; all printable, each may be "". */
struct said {
	char who[640];                  /* "AHU-2 10.20.0.9", "SCADA-1 10.10.0.2 → AHU-2" */
	char what[1600];                /* "firmware 4.2.0 → 4.2.1" */
	char evidence[512];             /* "s7comm.szl, tuesday.pcapng #88120" */
};

/* Links that came with a new asset or went with a gone one are told on its line,
 * unless they matter as much as anything does. */
struct fold { const struct item **told; size_t ntold; const struct item **with; size_t nwith; };
bool fold_make(struct fold *f, const struct diff *d);
void fold_free(struct fold *f);
/* Is the link told on its asset's line? */
bool fold_hides(const struct fold *f, const struct change *c);

void change_say(struct said *s, const struct change *c, const struct change_rules *r,
    const char *lang, const struct fold *f);

/* The file's own name, without folders. */
const char *base_name(const char *path);

#endif
