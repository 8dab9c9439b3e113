/* access_paper_impl.h: between the parts of the report on access for people. */
#ifndef OT_ACCESS_PAPER_IMPL_H
#define OT_ACCESS_PAPER_IMPL_H

#include "base/limits.h"
#include "assess/access_impl.h"
#include "report/paper.h"

#include <jansson.h>

/* A report being made. */
struct sheaf {
	const struct access *a;
	struct paper *p;
	const struct rules *rules;
	const char *lang;
};

/* "vendors.KEY" in the report's language. */
const char *sheaf_word(const struct sheaf *s, const char *key);
/* "vendors.KEY" filled in; takes args; the caller frees it. */
char *sheaf_phrase(const struct sheaf *s, const char *key, json_t *args);
/* "12 minutes", into a cell. */
void sheaf_span(const struct sheaf *s, int64_t us);
void sheaf_address(const struct sheaf *s, const struct addr *ip, bool below);
/* The protocol as people write it. */
const char *sheaf_proto(const struct sheaf *s, uint32_t app);
/* What "and 12 more" is said of a table that was cut. */
void sheaf_more(const struct sheaf *s, size_t rows);

/* What of a session is to be asked about, the weightiest first. */
enum sheaf_standing { STAND_UNKNOWN, STAND_CONTRACT, STAND_HOURS, STAND_MFA, STAND_UNSURE,
	STAND_AGREED, STANDS };
enum sheaf_standing sheaf_standing(const struct access_session *s);
const char *sheaf_class(enum sheaf_standing s);         /* of the style sheet */
const char *sheaf_standing_word(const struct sheaf *s, enum sheaf_standing st);

/* ---- access_tables.c ---- */
void sheaf_suppliers(const struct sheaf *s);
void sheaf_log(const struct sheaf *s);
void sheaf_unknown(const struct sheaf *s);
void sheaf_egress(const struct sheaf *s);

#endif
