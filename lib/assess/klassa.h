/* klassa.h: KLASSA's levels of each system, what they demand, and what is seen against it.
 *
 *     klassa_init(&k, rules, site, lang, dir, &e);
 *     ... gap_add(k.g, line, n, &e) for assets, links and calibration_status records
 *     klassa_run(&k, now, &e);
 *     for (i = 0; i < k.n; i++) ... k.v[i] ...
 *     klassa_free(&k);
 *
 * A system's level is the highest of each aspect: its own triple, and those of its
 * instruments. Its devices are the instruments it names, and all that is in the zones it
 * names. An instrument with a triple that is in no system is a system of its own. */
#ifndef OT_KLASSA_H
#define OT_KLASSA_H

#include "json/jw.h"
#include "assess/gap.h"

enum { KLASSA_K, KLASSA_R, KLASSA_T, KLASSA_ASPECTS };

struct klassa_check {
	const json_t *demand;           /* of rules/klassa.json */
	int aspect;
	enum gap_status status;         /* gap, partly, unknown, met, not_applicable */
	json_t *who;                    /* texts: what is against it; the first 100 */
	size_t n;                       /* how many */
	const char *reason_key;         /* of a phrase with {n}, {who}, {date}, {by} */
	const char *date, *by;          /* of an attestation, or NULL */
};

struct klassa_system {
	const struct site_system *sys;       /* or NULL: one instrument */
	const char *id, *name, *owner;          /* name, owner: or NULL */
	int8_t own[KLASSA_ASPECTS];             /* its own triple; -1: it has none */
	int8_t level[KLASSA_ASPECTS];           /* the highest; -1: nobody has one */
	const struct site_instrument *raised[KLASSA_ASPECTS];   /* by whom, above its own */
	const struct site_instrument **in; size_t nin;
	const struct gap_asset **a; size_t na;
	struct klassa_check *checks; size_t nchecks;
	size_t count[GAP_STATUSES];
};

struct klassa {
	struct gap *g;
	json_t *doc;                    /* rules/klassa.json */
	struct klassa_system *v; size_t n;
	size_t unclassed, against;      /* systems without a triple; with something against it */
};

bool klassa_init(struct klassa *k, const struct rules *rules, const struct site *site,
    const char *lang, const char *dir, struct err *e);
void klassa_free(struct klassa *k);
/* now: INT64_MIN takes the inventory's last time. */
bool klassa_run(struct klassa *k, int64_t now, struct err *e);

/* The name of a level, 0 to 4; of an aspect; in the language. */
const char *klassa_level_name(const struct klassa *k, int level, const char *lang);
const char *klassa_aspect_name(const struct klassa *k, int aspect, const char *lang);
/* "K2/R3/T2", or "" where there is none. */
enum { KLASSA_TEXT = 16 };
const char *klassa_text(char dst[KLASSA_TEXT], const int8_t level[KLASSA_ASPECTS]);
/* Why a check came out as it did, fresh; NULL: memory ran out. */
char *klassa_reason(const struct klassa *k, const struct klassa_check *c);

/* A "klassa_system" record. */
bool klassa_write(const struct klassa *k, const struct klassa_system *s, struct jw *w);

#endif
