/* tcpsum.h: what the checksums of a TCP segment say of it.
 *
 * A capture made on the machine that sends shows checksums that its card has yet to fill
 * in: 0, or the sum of the pseudo header alone. So wrong ones say something only of a
 * direction that had right ones. That sum says nothing at all, for a kernel leaves it in
 * what it merged from several segments that came in; nor do those longer than an Ethernet
 * frame, or what our snap length cut. */
#ifndef OT_TCPSUM_H
#define OT_TCPSUM_H

#include "net/pkt.h"

#include <stdbool.h>

enum tcpsum { TCPSUM_UNKNOWN, TCPSUM_RIGHT, TCPSUM_WRONG };

/* Of a decoded packet: UNKNOWN where it is not TCP's. IPv4's header counts where it is seen
 * and filled in, unless only_right: then it may be wrong all the same. */
enum tcpsum tcpsum_of(const struct pkt *k, bool only_right);

/* True when a header that came with as many bytes as k, its first 8 bytes k's own and `rest`
 * those behind them up to `head`, had other bytes after it than k has. False also where it
 * cannot be told. */
bool tcpsum_other(const struct pkt *k, const uint8_t *rest, uint8_t head);

#endif
