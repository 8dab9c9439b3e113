/* dcc_trust.c: roots from a file, and chains to them. */
#include "ledger/dcc_trust.h"

#include "base/file.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

enum { TRUST_FILE = 4 << 20, ROOTS = 1000 };

struct dcc_trust { X509_STORE *store; size_t n; };

struct dcc_trust *
dcc_trust_load(const char *path, struct err *e)
{
	struct dcc_trust *t = calloc(1, sizeof(*t));
	char *text = NULL;
	BIO *b = NULL;
	X509 *x;
	size_t n;

	/* its configuration and what it loads by that: from here on it opens nothing */
	OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG | OPENSSL_INIT_ADD_ALL_DIGESTS, NULL);
	EVP_MD_free(EVP_MD_fetch(NULL, "SHA256", NULL));
	if (!t || !(t->store = X509_STORE_new())) {
		err_set(e, "out of memory");
		goto fail;
	}
	if (!path)
		return t;
	if (!(text = file_slurp(path, TRUST_FILE, &n, e)))
		goto fail;
	if (!(b = BIO_new_mem_buf(text, (int)n))) {
		err_set(e, "out of memory");
		goto fail;
	}
	while (t->n < ROOTS && (x = PEM_read_bio_X509(b, NULL, NULL, NULL))) {
		t->n += X509_STORE_add_cert(t->store, x) == 1;
		X509_free(x);
	}
	ERR_clear_error();
	if (!t->n) {
		err_set(e, "%s: no certificate in it (PEM is expected)", path);
		goto fail;
	}
	BIO_free(b);
	free(text);
	return t;
fail:
	BIO_free(b);
	free(text);
	dcc_trust_free(t);
	return NULL;
}

void
dcc_trust_free(struct dcc_trust *t)
{
	if (t)
		X509_STORE_free(t->store);
	free(t);
}

bool
dcc_trust_given(const struct dcc_trust *t)
{
	return t && t->n;
}

bool
dcc_trust_chain(const struct dcc_trust *t, X509 *cert, STACK_OF(X509) *others, int64_t when,
    const char **why)
{
	X509_STORE_CTX *c = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *p;
	bool ok = false;

	*why = "out of memory";
	if (c && X509_STORE_CTX_init(c, t->store, cert, others)) {
		p = X509_STORE_CTX_get0_param(c);
		X509_VERIFY_PARAM_set_time(p, (time_t)(when / 1000000));
		X509_VERIFY_PARAM_set_purpose(p, X509_PURPOSE_ANY);
		X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_X509_STRICT);
		X509_VERIFY_PARAM_set_depth(p, 8);
		ok = X509_verify_cert(c) == 1;
		*why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(c));
	}
	X509_STORE_CTX_free(c);
	ERR_clear_error();
	/* where a certificate says what its key is for, signing must be among it */
	if (ok && !(X509_get_key_usage(cert) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION))) {
		*why = "its key is not for signing";
		return false;
	}
	return ok;
}
