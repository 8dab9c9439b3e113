/* quickeys.h: the keys of QUIC's Initial packets, which everybody can derive: from a
 * salt that the standard publishes and a connection id that the packet shows (RFC
 * 9001, 5.2; RFC 9369 for version 2). They hide nothing; they keep boxes in between
 * from believing they know the protocol. HKDF-SHA256, AES-128 in GCM, by Nettle.
 *
 *     struct quic_keys k;
 *     quic_keys(&k, 1, dcid, n, false) && quic_open(&k, packet, pn_at, n, &at, &len) */
#ifndef OT_QUICKEYS_H
#define OT_QUICKEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct quic_keys { uint8_t key[16], iv[12], hp[16]; };

/* False when there is no salt for this version. */
bool quic_keys(struct quic_keys *k, uint32_t version, const uint8_t *dcid, size_t n, bool server);
/* Takes off the protection of the n bytes of a packet, in place. pn_at is where its
 * packet number begins. False when the tag does not fit: other keys, or no packet.
 * *at and *len: where the frames then are. */
bool quic_open(const struct quic_keys *k, uint8_t *packet, size_t pn_at, size_t n, size_t *at,
    size_t *len);

#endif
