/* kev.h: CISA's catalogue of vulnerabilities that are known to be exploited. */
#ifndef OT_INV_KEV_H
#define OT_INV_KEV_H

#include "base/err.h"

#include <stddef.h>

/* Texts borrowed from the catalogue; "" where it says nothing. */
struct kev_entry { const char *cve, *added, *due, *ransomware, *name; };

struct kev;

/* NULL with e. */
struct kev *kev_load(const char *path, struct err *e);
void kev_free(struct kev *k);
size_t kev_n(const struct kev *k);
/* "2026.11.20" and such; "" when it has none. */
const char *kev_version(const struct kev *k);
/* NULL: not among them, or k is NULL. */
const struct kev_entry *kev_find(const struct kev *k, const char *cve);

#endif
