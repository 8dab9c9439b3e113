/* conduits.h: zones and conduits (IEC 62443-3-2): what the site file declares against what
 * was seen, as gap.h settles it.
 *
 *     conduits_make(&c, g, &e);       after gap_read() or gap_run()
 *     ... c.zones[i], c.v[i] ...
 *     conduits_free(&c);
 *
 * A conduit that is declared is a row, used or not; one that is used between several zones
 * (from or to "*") is a row for each pair. What crosses and is not declared is a row for
 * each pair of zones. */
#ifndef OT_CONDUITS_H
#define OT_CONDUITS_H

#include "json/jw.h"
#include "assess/gap.h"

struct zone_row {
	const struct site_zone *zone;   /* NULL: what is in no zone */
	size_t declared;                /* instruments of the register that should be in it */
	size_t seen, listed, silent;    /* devices heard in it; of them on the register */
	size_t misplaced;               /* heard in it, and the register says another zone */
	size_t missing;                 /* declared in it, in use, and never seen */
	int sl_t, sl_c, sl_a;           /* security levels the site file gives; -1: none */
};

enum conduit_state { CONDUIT_UNDECLARED, CONDUIT_USED, CONDUIT_UNUSED };
enum { CONDUIT_STATES = 3 };
const char *conduit_state_name(enum conduit_state s);   /* "undeclared" "used" "unused" */

struct conduit_row {
	const char *from, *to;          /* zone ids, "internet", "*" */
	const struct site_conduit *conduit;     /* or NULL: not declared */
	enum conduit_state state;
	bool lapsed;                    /* declared for a supplier without a contract in force */
	const struct gap_link **links; size_t nlinks;   /* as gap orders them */
	size_t reading, writing, cleartext, encrypted, unconfirmed;     /* of the links */
	int64_t bytes, writes;
};

struct conduits {
	const struct gap *g;
	struct zone_row *zones; size_t nzones;
	struct conduit_row *v; size_t n;        /* undeclared first, then as declared */
	size_t count[CONDUIT_STATES];
	size_t homeless;                /* links with an end in no zone: not to be judged */
	size_t attempts;                /* tried and never answered */
};

/* g is borrowed. False when memory ran out. */
bool conduits_make(struct conduits *c, const struct gap *g, struct err *e);
void conduits_free(struct conduits *c);

/* The protocols of a row's links, as people write them, each once: an array of texts. */
json_t *conduit_protocols(const struct conduits *c, const struct conduit_row *r);

/* "zone" and "conduit" records. */
bool zone_row_write(const struct conduits *c, const struct zone_row *z, struct jw *w);
bool conduit_row_write(const struct conduits *c, const struct conduit_row *r, struct jw *w);

#endif
