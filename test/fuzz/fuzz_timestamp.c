/* fuzz_timestamp.c: any bytes as an authority's answer (DER) about a head: read, and held against
 * roots that have signed nothing: it never holds. */
#include "fuzz.h"

#include "chain/timestamp.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <unistd.h>

/* A root of this process's own. */
static struct timestamp_roots *
roots(void)
{
	struct timestamp_roots *r = NULL;
	struct err e = { "" };
	X509 *x = X509_new();
	EVP_PKEY *key = EVP_EC_gen("P-256");
	const char *path;
	FILE *f;
	int fd;

	path = fuzz_file(NULL, 0, &fd);
	if (x && key && (f = fdopen(dup(fd), "w")) && X509_set_version(x, 2) &&
	    ASN1_INTEGER_set(X509_get_serialNumber(x), 1) && X509_set_pubkey(x, key) &&
	    X509_gmtime_adj(X509_getm_notBefore(x), 0) &&
	    X509_gmtime_adj(X509_getm_notAfter(x), 86400) &&
	    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
	    (const unsigned char *)"root", -1, -1, 0) &&
	    X509_set_issuer_name(x, X509_get_subject_name(x)) && X509_sign(x, key, EVP_sha256()) &&
	    PEM_write_X509(f, x) && fclose(f) == 0)
		r = timestamp_roots(path, &e);
	fuzz_file_close(fd);
	X509_free(x);
	EVP_PKEY_free(key);
	if (!r) {
		fprintf(stderr, "roots: %s\n", e.text);
		exit(2);
	}
	return r;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct timestamp_roots *r;
	struct merkle_hash digest;
	struct err e = { "" };
	int64_t at;

	if (!r)
		r = roots();
	if (!timestamp_read(data, n, &digest, &at, &e)) {
		if (!e.text[0])
			abort();
		return 0;
	}
	if (timestamp_holds(r, data, n, &digest, &e) || !e.text[0])
		abort();
	return 0;
}
