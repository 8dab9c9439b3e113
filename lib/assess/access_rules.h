/* access_rules.h: what is remote access, and when flows are one session: the
 * documents lib/rules/access.json and, for services by name, remote-access.json.
 *
 *     struct access_rules *r = access_rules_load(&e);
 *     p = access_proto(r, "ssh", 3);          p->tool is "SSH"
 *     t = access_service(r, name, n);         t->product is "AnyDesk"
 *     access_rules_free(r); */
#ifndef OT_ACCESS_RULES_H
#define OT_ACCESS_RULES_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum access_lock { LOCK_UNKNOWN, LOCK_NO, LOCK_YES };   /* encrypted: as access_tri */

struct access_proto {
	const char *app, *tool, *kind;
	enum access_lock encrypted;     /* unknown: it varies */
	bool relay;
};

struct access_service { const char *host, *vendor, *product, *kind; };

struct access_rules;
/* NULL with e: a document is damaged. */
struct access_rules *access_rules_load(struct err *e);
void access_rules_free(struct access_rules *r);

/* NULL: no remote access. */
const struct access_proto *access_proto(const struct access_rules *r, const char *app, size_t n);
/* The n-th of them; NULL behind the last. */
const struct access_proto *access_proto_nth(const struct access_rules *r, size_t n);
/* Whose service a host name stands for; NULL: nobody's that is listed. */
const struct access_service *access_service(const struct access_rules *r, const char *host,
    size_t n);
/* Whether a service of this kind is remote access: "vpn" is, "iot_cloud" is not. */
bool access_kind(const struct access_rules *r, const char *kind);
enum access_lock access_lock(const struct access_rules *r, const char *app);
bool access_housekeeping(const struct access_rules *r, const char *app);
int64_t access_session_gap(const struct access_rules *r);       /* microseconds */
int64_t access_coverage_gap(const struct access_rules *r);

#endif
