/* sum.h: MD5, SHA-1 and SHA-256, for names: community_id, JA3 and JA4, certificates
 * and inputs by their digest. What is signed or trusted is OpenSSL's business.
 * These are Nettle's: libcrypto takes six million instructions to load and set
 * up, more than the dissection of a short capture.
 *
 *     struct sum s;
 *     sum_begin(&s, SUM_SHA256); sum_add(&s, p, n); n = sum_end(&s, md); */
#ifndef OT_SUM_H
#define OT_SUM_H

#include <nettle/hmac.h>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stddef.h>
#include <stdint.h>

enum sum_kind { SUM_MD5, SUM_SHA1, SUM_SHA256 };
enum { SUM_MAX = SHA256_DIGEST_SIZE };

struct sum {
	enum sum_kind kind;
	union {
		struct md5_ctx md5;
		struct sha1_ctx sha1;
		struct sha256_ctx sha256;
	};
};

void sum_begin(struct sum *s, enum sum_kind kind);
void sum_add(struct sum *s, const void *p, size_t n);
/* Writes 16, 20 or 32 bytes; returns how many. */
size_t sum_end(struct sum *s, uint8_t md[SUM_MAX]);
/* All three in one. */
size_t sum_of(enum sum_kind kind, const void *p, size_t n, uint8_t md[SUM_MAX]);

/* HMAC with SHA-256: a digest that only who has the key can make. */
struct sum_keyed { struct hmac_sha256_ctx ctx; };
void sum_key(struct sum_keyed *k, const void *key, size_t n);
void sum_keyed_of(struct sum_keyed *k, const void *p, size_t n, uint8_t md[SUM_MAX]);

/* CRC-32 (IEEE 802.3), as zlib has it. */
uint32_t sum_crc32(const void *p, size_t n);

#endif
