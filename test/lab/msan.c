/* msan.c: for msan.sh: what libraries write that the memory sanitizer did not see being written.
 *
 * Linked with --wrap for each function below: the real one does its work, then its results are
 * said to have been written. */
#include <nettle/gcm.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <sanitizer/msan_interface.h>
#include <zlib.h>

/* NAME(context, length, digest) */
#define DIGEST(name, context)                                                               \
	void __real_##name(context *c, size_t n, uint8_t *d);                               \
	void __wrap_##name(context *c, size_t n, uint8_t *d);                               \
	void __wrap_##name(context *c, size_t n, uint8_t *d)                                \
	{                                                                                   \
		__real_##name(c, n, d);                                                     \
		__msan_unpoison(d, n);                                                      \
		__msan_unpoison(c, sizeof(*c));                                             \
	}
DIGEST(nettle_md5_digest, struct md5_ctx)
DIGEST(nettle_sha1_digest, struct sha1_ctx)
DIGEST(nettle_sha256_digest, struct sha256_ctx)
DIGEST(nettle_hmac_sha256_digest, struct hmac_sha256_ctx)
DIGEST(nettle_gcm_aes128_digest, struct gcm_aes128_ctx)

void __real_nettle_aes128_encrypt(const struct aes128_ctx *c, size_t n, uint8_t *d,
    const uint8_t *s);
void __wrap_nettle_aes128_encrypt(const struct aes128_ctx *c, size_t n, uint8_t *d,
    const uint8_t *s);
void
__wrap_nettle_aes128_encrypt(const struct aes128_ctx *c, size_t n, uint8_t *d, const uint8_t *s)
{
	__real_nettle_aes128_encrypt(c, n, d, s);
	__msan_unpoison(d, n);
}

void __real_nettle_gcm_aes128_decrypt(struct gcm_aes128_ctx *c, size_t n, uint8_t *d,
    const uint8_t *s);
void __wrap_nettle_gcm_aes128_decrypt(struct gcm_aes128_ctx *c, size_t n, uint8_t *d,
    const uint8_t *s);
void
__wrap_nettle_gcm_aes128_decrypt(struct gcm_aes128_ctx *c, size_t n, uint8_t *d, const uint8_t *s)
{
	__real_nettle_gcm_aes128_decrypt(c, n, d, s);
	__msan_unpoison(d, n);
}

int __real_inflate(z_streamp z, int flush);
int __wrap_inflate(z_streamp z, int flush);
int
__wrap_inflate(z_streamp z, int flush)
{
	Bytef *from = z->next_out;
	int rc = __real_inflate(z, flush);

	__msan_unpoison(z, sizeof(*z));
	__msan_unpoison(from, (size_t)(z->next_out - from));
	return rc;
}

int __real_inflateInit2_(z_streamp z, int bits, const char *version, int size);
int __wrap_inflateInit2_(z_streamp z, int bits, const char *version, int size);
int
__wrap_inflateInit2_(z_streamp z, int bits, const char *version, int size)
{
	int rc = __real_inflateInit2_(z, bits, version, size);

	__msan_unpoison(z, sizeof(*z));
	return rc;
}
