/* package_seal.c: the digests of all files, signed, with the public key as openssl(1) reads it. */
#include "incident/package_impl.h"

#include "base/hex.h"
#include "chain/base64.h"

#include <stdlib.h>
#include <string.h>

/* SubjectPublicKeyInfo of Ed25519 (RFC 8410 section 4): what stands before the 32 bytes. */
static const uint8_t spki[12] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21,
	0x00 };

bool
package_key(struct package *p, char fingerprint[TREE_DIGEST])
{
	uint8_t der[sizeof(spki) + VKEY_PUBLIC], md[SUM_MAX];
	char text[BASE64_LEN(sizeof(der)) + 1], pem[sizeof(text) + 64];
	int n;

	memcpy(der, spki, sizeof(spki));
	if (!signer_public(p->ask->key, der + sizeof(spki), p->e))
		return false;
	fingerprint[hex_put(fingerprint, md, sum_of(SUM_SHA256, der, sizeof(der), md))] = '\0';
	text[base64_put(text, der, sizeof(der))] = '\0';
	n = snprintf(pem, sizeof(pem), "-----BEGIN PUBLIC KEY-----\n%s\n"
	    "-----END PUBLIC KEY-----\n", text);
	return tree_put(&p->tree, "SHA256SUMS.pem", pem, (size_t)n, p->e) != NULL;
}

bool
package_seal(struct package *p)
{
	uint8_t sig[VKEY_SIGNATURE];
	size_t n;
	char *sums = tree_sums(&p->tree, &n, p->e);
	bool good = sums && signer_sign(p->ask->key, sums, n, sig, p->e) &&
	    tree_put(&p->tree, "SHA256SUMS", sums, n, p->e) &&
	    tree_put(&p->tree, "SHA256SUMS.sig", sig, sizeof(sig), p->e);

	free(sums);
	return good;
}
