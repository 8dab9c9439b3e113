/* remote_access.h: whose service a host name stands for: remote desktops, VPNs,
 * machine builders' remote service, file synchronisation, IoT clouds.
 *
 * The list is data, lib/rules/remote-access.json; it becomes a table when an
 * engine first asks. A name is looked up by its ends, label for label:
 * "relay-3.net.anydesk.com" is found under "net.anydesk.com". */
#ifndef OT_REMOTE_ACCESS_H
#define OT_REMOTE_ACCESS_H

#include "base/err.h"
#include "proto/ev.h"

struct remote_access { const char *vendor, *product, *kind; };
enum remote_by { REMOTE_HOST, REMOTE_CERTIFICATE, REMOTE_ALPN };

struct remote_table;
/* NULL with e: the document is not what it should be. */
struct remote_table *remote_load(struct err *e);
void remote_free(struct remote_table *t);
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
