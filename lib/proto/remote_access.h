/* remote_access.h: whose service a host name stands for: remote desktops, VPNs,
 * machine builders' remote service, file synchronisation, IoT clouds.
 *
 * The list is data, lib/rules/remote-access.json; it becomes a table when an
 * engine first asks. A name is looked up by its ends, label for label:
 * "relay-3.net.anydesk.com" is found under "net.anydesk.com". */
#ifndef OT_REMOTE_ACCESS_H
#define OT_REMOTE_ACCESS_H

#include "proto/ev.h"

struct remote_access { struct text vendor, product, kind; };
enum remote_by { REMOTE_HOST, REMOTE_CERTIFICATE, REMOTE_ALPN };

/* Twice as many services, and four times as many names, as there are today. */
enum { REMOTE_ENTRIES = 320, REMOTE_SLOTS = 2048 };

/* Texts are borrowed from the document, which is part of the program. */
struct remote_table {
	struct remote_access entry[REMOTE_ENTRIES];
	struct {
		uint32_t hash;
		uint16_t entry;         /* 1 + its index; 0: free */
		uint8_t by, n;
		const char *key;
	} slot[REMOTE_SLOTS];
	size_t n, used;
	bool filled;
};

/* Fills an empty table from the list. NULL, or what is wrong with it (*at: in which
 * entry); the table is empty then. */
const char *remote_fill(struct remote_table *t, size_t *at);
/* NULL: nobody's. A certificate's names and ALPN are compared whole. */
const struct remote_access *remote_find(const struct remote_table *t, enum remote_by by,
    const char *s, size_t n);

/* The same, in the engine's own table. */
const struct remote_access *remote_access(struct engine *g, enum remote_by by, const char *s,
    size_t n);
/* "remote_access": {vendor, product, kind}, into the open detail; NULL writes nothing. */
void remote_access_put(struct ev *e, const struct remote_access *a);

#define REMOTE_ACCESS_FIELDS(p)                                                                    \
	{ p ".remote_access.vendor", "string", "whose service the name stands for" },              \
	    { p ".remote_access.product", "string", "which one" },                                 \
	{ p ".remote_access.kind", "string",                                                       \
	    "remote_desktop, vpn, ot_remote_service, file_sync, iot_cloud" }

#endif
