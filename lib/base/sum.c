#include "base/sum.h"

#include <zlib.h>

void
sum_begin(struct sum *s, enum sum_kind kind)
{
	s->kind = kind;
	switch (kind) {
	case SUM_MD5: md5_init(&s->md5); break;
	case SUM_SHA1: sha1_init(&s->sha1); break;
	case SUM_SHA256: sha256_init(&s->sha256); break;
	}
}

void
sum_add(struct sum *s, const void *p, size_t n)
{
	switch (s->kind) {
	case SUM_MD5: md5_update(&s->md5, n, p); break;
	case SUM_SHA1: sha1_update(&s->sha1, n, p); break;
	case SUM_SHA256: sha256_update(&s->sha256, n, p); break;
	}
}

size_t
sum_end(struct sum *s, uint8_t md[SUM_MAX])
{
	switch (s->kind) {
	case SUM_MD5: md5_digest(&s->md5, MD5_DIGEST_SIZE, md); return MD5_DIGEST_SIZE;
	case SUM_SHA1: sha1_digest(&s->sha1, SHA1_DIGEST_SIZE, md); return SHA1_DIGEST_SIZE;
	case SUM_SHA256: break;
	}
	sha256_digest(&s->sha256, SHA256_DIGEST_SIZE, md);
	return SHA256_DIGEST_SIZE;
}

size_t
sum_of(enum sum_kind kind, const void *p, size_t n, uint8_t md[SUM_MAX])
{
	struct sum s;

	sum_begin(&s, kind);
	sum_add(&s, p, n);
	return sum_end(&s, md);
}

void
sum_key(struct sum_keyed *k, const void *key, size_t n)
{
	hmac_sha256_set_key(&k->ctx, n, key);
}

void
sum_keyed_of(struct sum_keyed *k, const void *p, size_t n, uint8_t md[SUM_MAX])
{
	hmac_sha256_update(&k->ctx, n, p);
	hmac_sha256_digest(&k->ctx, SHA256_DIGEST_SIZE, md);
}

uint32_t
sum_crc32(const void *p, size_t n)
{
	return (uint32_t)crc32_z(0, p, n);
}
