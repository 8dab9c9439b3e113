#include "chain/vkey.h"

#include "base/sum.h"
#include "base/utf8.h"
#include "chain/base64.h"

#include <openssl/evp.h>
#include <string.h>

bool
vkey_name_ok(const char *s, size_t n)
{
	if (n == 0 || n >= VKEY_NAME || !utf8_valid(s, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)s[i];

		if (c <= ' ' || c == 0x7f || c == '+' || c == '"' || c == '\\')
			return false;
		/* control characters U+0080..9F; the blanks of Unicode: U+0085, U+00A0, U+1680,
		 * U+2000..200A, U+2028, U+2029,
		 * U+202F, U+205F, U+3000 */
		if (c == 0xc2 && (uint8_t)s[i + 1] <= 0xa0)
			return false;
		if (c == 0xe1 && (uint8_t)s[i + 1] == 0x9a && (uint8_t)s[i + 2] == 0x80)
			return false;
		if (c == 0xe2 && (uint8_t)s[i + 1] == 0x80) {
			uint8_t d = (uint8_t)s[i + 2];
			if (d <= 0x8a || d == 0xa8 || d == 0xa9 || d == 0xaf)
				return false;
		}
		if (c == 0xe2 && (uint8_t)s[i + 1] == 0x81 && (uint8_t)s[i + 2] == 0x9f)
			return false;
		if (c == 0xe3 && (uint8_t)s[i + 1] == 0x80 && (uint8_t)s[i + 2] == 0x80)
			return false;
	}
	return true;
}

static uint32_t
key_id(const struct vkey *k)
{
	uint8_t md[SUM_MAX], head[2] = { '\n', k->type };
	struct sum s;

	sum_begin(&s, SUM_SHA256);
	sum_add(&s, k->name, strlen(k->name));
	sum_add(&s, head, 2);
	sum_add(&s, k->public, VKEY_PUBLIC);
	sum_end(&s, md);
	return (uint32_t)md[0] << 24 | (uint32_t)md[1] << 16 | (uint32_t)md[2] << 8 | md[3];
}

bool
vkey_make(struct vkey *k, const char *name, uint8_t type, const uint8_t public[VKEY_PUBLIC],
    struct err *e)
{
	size_t n = strlen(name);

	if (!vkey_name_ok(name, n))
		return err_set(e,
		    "\"%.60s\": a key's name is 1 to %d bytes of UTF-8 without blanks, "
		    "'+', '\"' and '\\'",
		    name, VKEY_NAME - 1);
	memset(k, 0, sizeof(*k));
	memcpy(k->name, name, n);
	k->type = type;
	memcpy(k->public, public, VKEY_PUBLIC);
	k->id = key_id(k);
	return true;
}

bool
vkey_parse(struct vkey *k, const char *s, size_t n, struct err *e)
{
	const char *plus = memchr(s, '+', n);
	char name[VKEY_NAME], id[9];
	uint8_t key[1 + VKEY_PUBLIC];
	size_t len, at;

	if (plus == NULL || (at = (size_t)(plus - s)) >= VKEY_NAME || n - at < 11 || plus[9] != '+')
		return err_set(e, "\"%.*s\": no verifier key (name+8 hexadecimal digits+base64)",
		    n < 60 ? (int)n : 60, s);
	if (!vkey_name_ok(s, at))
		return err_set(e, "\"%.*s\": a verifier key without a name that is one",
		    at < 60 ? (int)at : 60, s);
	memcpy(name, s, at);
	name[at] = '\0';
	if (!base64_get(key, sizeof(key), &len, plus + 10, n - at - 10) || len < 1)
		return err_set(
		    e, "the key of %s is not base64 of at most %zu bytes", name, sizeof(key));
	if ((key[0] != VKEY_ED25519 && key[0] != VKEY_COSIGNATURE) || len != sizeof(key))
		return err_set(
		    e, "the key of %s is of type 0x%02x, not Ed25519 (0x01, 0x04)", name, key[0]);
	if (!vkey_make(k, name, key[0], key + 1, e))
		return false;
	snprintf(id, sizeof(id), "%08x", k->id);
	if (memcmp(id, plus + 1, 8) != 0)
		return err_set(e, "the key of %s has the ID %s, not %.8s", name, id, plus + 1);
	return true;
}

size_t
vkey_put(char dst[VKEY_TEXT + 1], const struct vkey *k)
{
	uint8_t key[1 + VKEY_PUBLIC];
	int n = snprintf(dst, VKEY_TEXT + 1, "%s+%08x+", k->name, k->id);

	key[0] = k->type;
	memcpy(key + 1, k->public, VKEY_PUBLIC);
	n += (int)base64_put(dst + n, key, sizeof(key));
	dst[n] = '\0';
	return (size_t)n;
}

struct checker { EVP_PKEY *key; EVP_MD_CTX *ctx; };

struct checker *
checker_new(const struct vkey *k)
{
	struct checker *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, k->public, VKEY_PUBLIC);
	c->ctx = EVP_MD_CTX_new();
	if (c->key == NULL || c->ctx == NULL) {
		checker_free(c);
		return NULL;
	}
	return c;
}

bool
checker_holds(struct checker *c, const void *p, size_t n, const uint8_t sig[VKEY_SIGNATURE])
{
	return EVP_MD_CTX_reset(c->ctx) == 1 &&
	    EVP_DigestVerifyInit(c->ctx, NULL, NULL, NULL, c->key) == 1 &&
	    EVP_DigestVerify(c->ctx, sig, VKEY_SIGNATURE, p, n) == 1;
}

void
checker_free(struct checker *c)
{
	if (c == NULL)
		return;
	EVP_MD_CTX_free(c->ctx);
	EVP_PKEY_free(c->key);
	free(c);
}

bool
vkey_holds(const struct vkey *k, const void *p, size_t n, const uint8_t sig[VKEY_SIGNATURE])
{
	struct checker *c = checker_new(k);
	bool holds = c != NULL && checker_holds(c, p, n, sig);

	checker_free(c);
	return holds;
}
