/* cid.h: community_id version 1, seed 0, checked against the published vectors. */
#ifndef OT_CID_H
#define OT_CID_H

#include "base/addr.h"

#include <stdint.h>

enum { CID_TEXT = 31 };         /* "1:" and 28 base64 characters, and a NUL */

/* For ICMP and ICMPv6 sport is the type and dport the code. Writes a NUL. */
void cid_put(char dst[CID_TEXT], uint8_t proto, const struct addr *src, uint16_t sport,
    const struct addr *dst_addr, uint16_t dport);

#endif
