/* addr.h: MAC, IPv4 and IPv6 addresses: parse, print, compare, classify. */
#ifndef OT_ADDR_H
#define OT_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* An IP address. v is 4 or 6, 0 for none; the bytes are as on the wire, the
 * unused ones zero, so that two addresses are equal when their bytes are. */
struct addr {
	uint8_t b[16];
	uint8_t v;
};

enum { ADDR_TEXT = 46, MAC_TEXT = 18 };   /* room for the longest text and its NUL */

struct addr addr_v4(const uint8_t b[4]);
struct addr addr_v6(const uint8_t b[16]);

static inline bool
addr_eq(const struct addr *a, const struct addr *b)
{
	return a->v == b->v && memcmp(a->b, b->b, 16) == 0;
}

/* Orders by family, then bytes: <0, 0, >0. */
int addr_cmp(const struct addr *a, const struct addr *b);

/* Writes the canonical text (RFC 5952 for IPv6) without NUL; returns its
 * length, at most ADDR_TEXT - 1. dst must hold ADDR_TEXT bytes. */
size_t addr_put(char *dst, const struct addr *a);

/* Reads text of n bytes, compressed or not, without a zone index. As inet_pton,
 * leading zeros in IPv4 are refused: some read them as octal. */
bool addr_parse(struct addr *a, const char *s, size_t n);

/* True for what routes on the public internet: not private, shared (RFC 6598),
 * loopback, link-local, multicast, benchmark or broadcast. Documentation ranges
 * (192.0.2/24, 198.51.100/24, 203.0.113/24, 2001:db8::/32) count as public:
 * they stand for it in every example and test. */
bool addr_public(const struct addr *a);
bool addr_multicast(const struct addr *a);      /* or limited broadcast */
bool addr_linklocal(const struct addr *a);
bool addr_loopback(const struct addr *a);

/* A prefix "10.20.0.0/24" or a single address. */
struct cidr {
	struct addr a;
	uint8_t bits;
};
bool cidr_parse(struct cidr *c, const char *s, size_t n);
bool cidr_has(const struct cidr *c, const struct addr *a);

/* "aa:bb:cc:dd:ee:ff", 17 bytes, no NUL; dst must hold MAC_TEXT bytes. */
size_t mac_put(char *dst, const uint8_t m[6]);
/* Accepts pairs with ':' or '-' between, twelve digits alone, and Cisco's
 * "aabb.ccdd.eeff". */
bool mac_parse(uint8_t m[6], const char *s, size_t n);

#endif
