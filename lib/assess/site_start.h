/* site_start.h: a site file to begin with: what was answered, what an inventory saw, and a note
 * ("x-note") on each part that says what goes there.
 *
 *     struct site_start *s = site_start_new(rules, "sv", &e);
 *     site_start_put(s, START_NAME, "Nordanalys AB", &e);
 *     site_start_zone(s, "analysis=10.10.0.0/24", &e);
 *     site_start_write(s, f, &e);
 *     site_start_free(s); */
#ifndef OT_SITE_START_H
#define OT_SITE_START_H

#include "base/err.h"
#include "model/rules.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct site_start;

enum start_field {
	START_KEY, START_NAME, START_NUMBER, START_COUNTRY, START_COUNTY, START_KIND, START_SECTOR,
	START_HEADCOUNT, START_TURNOVER, START_BALANCE, START_FIELDS
};
/* Their names as options: "name", "headcount". */
extern const char *const start_names[START_FIELDS];

struct site_start *site_start_new(const struct rules *rules, const char *lang, struct err *e);
void site_start_free(struct site_start *s);

/* An answer; sectors are gathered, of others the last counts. Held to what a site file may say:
 * false with `"Sko" is no Swedish county: ...` in e, and nothing changed. */
bool site_start_put(struct site_start *s, enum start_field field, const char *text, struct err *e);
/* "analysis=10.10.0.0/24", or several prefixes with commas; the same name again adds to it. */
bool site_start_zone(struct site_start *s, const char *text, struct err *e);
/* "security_lead=Per Ek": a person for a role; the same name again has both roles. */
bool site_start_person(struct site_start *s, const char *text, struct err *e);

/* One line of an inventory: an asset record becomes an instrument to be confirmed, its network
 * a zone. Others are passed over. */
bool site_start_record(struct site_start *s, const char *p, size_t n, struct err *e);
/* How many instruments and zones came from it. */
void site_start_proposed(const struct site_start *s, size_t *instruments, size_t *zones);

/* The whole document, which a reader of site files takes: false with why it does not. */
bool site_start_write(struct site_start *s, FILE *f, struct err *e);

#endif
