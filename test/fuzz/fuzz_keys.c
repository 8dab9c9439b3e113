/* fuzz_keys.c: any bytes as a file of keys or certificates. The first byte says which:
 *
 *     0  a private key in PEM, under a passphrase or none: what is taken signs, and is the same key
 *        when it is written and read again
 *     1  lines of verifier keys (--trust): what is taken says the same again
 *     2  certificates under which time stamps and certificates count (--ca)
 *     3  a passphrase: the first line and no more
 *
 * link: cmd/calchain/trust.c */
#include "fuzz.h"

#include "../../cmd/calchain/calchain.h"
#include "base/passphrase.h"
#include "chain/signer.h"
#include "chain/timestamp.h"
#include "chain/vkey.h"
#include "ledger/dcc.h"

#include <stdlib.h>
#include <string.h>

static int
ask(void *arg, const char *what, char *dst, size_t cap)
{
	if (cap < 4)
		return -1;
	memcpy(dst, "pass", 4);
	return 4;
}

static struct signer *
opened(const void *p, size_t n, struct err *e)
{
	struct signer *s;
	const char *path;
	int fd;

	path = fuzz_file(p, n, &fd);
	s = signer_open(path, ask, NULL, e);
	if (!s && !e->text[0])
		abort();
	fuzz_file_close(fd);
	return s;
}

static void
private(const uint8_t *data, size_t n)
{
	static const char text[] = "what is signed";
	uint8_t public[VKEY_PUBLIC], again[VKEY_PUBLIC], sig[VKEY_SIGNATURE];
	struct err e = { "" };
	struct signer *s = opened(data, n, &e), *t;
	struct vkey k;
	char *pem;
	size_t len;

	if (!s)
		return;
	if (!signer_public(s, public, &e) || !vkey_make(&k, "k", VKEY_ED25519, public, &e) ||
	    !signer_sign(s, text, sizeof(text), sig, &e) ||
	    !vkey_holds(&k, text, sizeof(text), sig) || vkey_holds(&k, text, 4, sig))
		abort();
	if (!(pem = signer_pem(s, NULL, 0, &len, &e)) || !(t = opened(pem, len, &e)) ||
	    !signer_public(t, again, &e) || memcmp(public, again, sizeof(public)) != 0)
		abort();
	signer_pem_free(pem, len);
	signer_free(s);
	signer_free(t);
}

static void
trust(const uint8_t *data, size_t n)
{
	static struct vkey k[TRUST_MAX], again;
	char text[VKEY_TEXT + 1];
	struct err e = { "" };
	const char *path;
	size_t had = 0;
	int fd;

	path = fuzz_file(data, n, &fd);
	if (trust_file(k, &had, path, &e)) {
		if (had > TRUST_MAX)
			abort();
		for (size_t i = 0; i < had; i++)
			if (!vkey_parse(&again, text, vkey_put(text, &k[i]), &e) ||
			    again.id != k[i].id || !memmem(data, n, text, vkey_put(text, &k[i])))
				abort();
	} else if (!e.text[0]) {
		abort();
	}
	fuzz_file_close(fd);
}

static void
certificates(const uint8_t *data, size_t n)
{
	struct timestamp_roots *r;
	struct dcc_trust *t;
	struct err e = { "" };
	const char *path;
	int fd;

	path = fuzz_file(data, n, &fd);
	if (!(r = timestamp_roots(path, &e)) && !e.text[0])
		abort();
	timestamp_roots_free(r);
	err_clear(&e);
	if (!(t = dcc_trust_load(path, &e)) && !e.text[0])
		abort();
	dcc_trust_free(t);
	fuzz_file_close(fd);
}

static void
first_line(const uint8_t *data, size_t n)
{
	const uint8_t *lf = memchr(data, '\n', n);
	size_t len = lf ? (size_t)(lf - data) : n;
	char dst[64];
	struct err e = { "" };
	const char *path;
	int fd, got;

	path = fuzz_file(data, n, &fd);
	got = passphrase(dst, sizeof(dst), path, "k", false, &e);
	if (got < 0 ? !e.text[0] || (len && len < sizeof(dst)) :
	    (size_t)got != len || memcmp(dst, data, len) != 0)
		abort();
	fuzz_file_close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (!n)
		return 0;
	switch (data[0] & 3) {
	case 0: private(data + 1, n - 1); break;
	case 1: trust(data + 1, n - 1); break;
	case 2: certificates(data + 1, n - 1); break;
	case 3: first_line(data + 1, n - 1); break;
	}
	return 0;
}
