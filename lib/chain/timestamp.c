#include "chain/timestamp.h"

#include "base/stamp.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>
#include <string.h>
#include <unistd.h>

struct timestamp_roots { X509_STORE *store; };

static bool
failed(struct err *e, const char *what)
{
	const char *data = NULL, *why;
	unsigned long no, last = 0;
	int flags = 0;

	/* the first says what happened, a certificate's fault is in its data */
	while ((no = ERR_get_error_all(NULL, NULL, NULL, &data, &flags)) != 0 && last == 0) {
		why = ERR_reason_error_string(no);
		err_set(e, "%s: %s%s%s", what, why != NULL ? why : "no reason",
		    data != NULL && *data ? ": " : "", data != NULL ? data : "");
		last = no;
	}
	ERR_clear_error();
	return err_set(e, "%s", what);
}

uint8_t *
timestamp_query(const struct merkle_hash *digest, size_t *n, struct err *e)
{
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algo = X509_ALGOR_new();
	ASN1_INTEGER *nonce = ASN1_INTEGER_new();
	TS_REQ *q = TS_REQ_new();
	uint8_t random[8], *der = NULL, *copy = NULL;
	uint64_t v = 0;
	int len = -1;

	if (imprint != NULL && algo != NULL && nonce != NULL && q != NULL &&
	    RAND_bytes(random, sizeof(random)) == 1) {
		memcpy(&v, random, sizeof(v));
		X509_ALGOR_set_md(algo, EVP_sha256());
		if (ASN1_INTEGER_set_uint64(nonce, v >> 1) == 1 && TS_MSG_IMPRINT_set_algo(imprint,
		    algo) == 1 &&
		    TS_MSG_IMPRINT_set_msg(imprint, (uint8_t *)(uintptr_t)digest->b,
		    MERKLE_HASH) == 1 &&
		    TS_REQ_set_version(q, 1) == 1 && TS_REQ_set_msg_imprint(q, imprint) == 1 &&
		    TS_REQ_set_nonce(q, nonce) == 1 && TS_REQ_set_cert_req(q, 1) == 1)
			len = i2d_TS_REQ(q, &der);
	}
	if (len > 0 && (copy = malloc((size_t)len)) != NULL) {
		memcpy(copy, der, (size_t)len);
		*n = (size_t)len;
	} else
		(void)failed(e, "a query cannot be made");
	OPENSSL_free(der);
	TS_REQ_free(q);
	ASN1_INTEGER_free(nonce);
	X509_ALGOR_free(algo);
	TS_MSG_IMPRINT_free(imprint);
	return copy;
}

struct timestamp_roots *
timestamp_roots(const char *file, struct err *e)
{
	struct timestamp_roots *r = calloc(1, sizeof(*r));

	if (r != NULL && (r->store = X509_STORE_new()) != NULL &&
	    X509_STORE_load_file(r->store, file) == 1) {
		ERR_clear_error();
		return r;
	}
	if (access(file, R_OK) != 0)
		err_sys(e, "%s", file);
	else
		(void)failed(e, file);
	timestamp_roots_free(r);
	return NULL;
}

void
timestamp_roots_free(struct timestamp_roots *r)
{
	if (r != NULL)
		X509_STORE_free(r->store);
	free(r);
}

/* The whole of the bytes as an answer, or NULL and said. */
static TS_RESP *
answer(const uint8_t *p, size_t n, struct err *e)
{
	const uint8_t *at = p;
	TS_RESP *a = n <= TIMESTAMP_MAX ? d2i_TS_RESP(NULL, &at, (long)n) : NULL;

	if (a == NULL || at != p + n) {
		TS_RESP_free(a);
		ERR_clear_error();
		err_set(e, "no answer to a time stamp query (RFC 3161, DER)");
		return NULL;
	}
	return a;
}

static bool
token(TS_RESP *a, struct merkle_hash *digest, int64_t *at, struct err *e)
{
	TS_TST_INFO *info = TS_RESP_get_tst_info(a);
	const ASN1_GENERALIZEDTIME *t;
	const ASN1_OCTET_STRING *msg;
	TS_MSG_IMPRINT *imprint;
	const ASN1_OBJECT *algo;
	struct tm tm;

	if (info == NULL)
		return err_set(e, "the authority stamped nothing");
	imprint = TS_TST_INFO_get_msg_imprint(info);
	X509_ALGOR_get0(&algo, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
	msg = TS_MSG_IMPRINT_get_msg(imprint);
	if (OBJ_obj2nid(algo) != NID_sha256 || ASN1_STRING_length(msg) != MERKLE_HASH)
		return err_set(e, "its digest is no SHA-256");
	memcpy(digest->b, ASN1_STRING_get0_data(msg), MERKLE_HASH);
	t = TS_TST_INFO_get_time(info);
	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1)
		return err_set(e, "its time is none");
	*at = (stamp_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * 86400 +
	    tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) * INT64_C(1000000);
	return true;
}

bool
timestamp_read(const uint8_t *p, size_t n, struct merkle_hash *digest, int64_t *at, struct err *e)
{
	TS_RESP *a = answer(p, n, e);
	bool good = a != NULL && token(a, digest, at, e);

	TS_RESP_free(a);
	return good;
}

bool
timestamp_holds(const struct timestamp_roots *r, const uint8_t *p, size_t n,
    const struct merkle_hash *digest, struct err *e)
{
	X509_STORE *store = X509_STORE_new();
	TS_VERIFY_CTX *ctx = TS_VERIFY_CTX_new();
	uint8_t *imprint = OPENSSL_memdup(digest->b, MERKLE_HASH);
	TS_RESP *a = answer(p, n, e);
	STACK_OF(X509_OBJECT) *roots = X509_STORE_get0_objects(r->store);
	struct merkle_hash is;
	bool good = false, ready = store != NULL && ctx != NULL && imprint != NULL;
	int64_t at;

	/* a store of its own: its time is this stamp's */
	for (int i = 0; ready && i < sk_X509_OBJECT_num(roots); i++) {
		X509 *c = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(roots, i));

		ready = c == NULL || X509_STORE_add_cert(store, c) == 1;
	}
	if (a != NULL && !ready)
		(void)failed(e, "the time stamp cannot be checked");
	else if (a != NULL && token(a, &is, &at, e)) {
		X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)(at / 1000000));
		TS_VERIFY_CTX_set_flags(ctx, TS_VFY_VERSION | TS_VFY_SIGNATURE | TS_VFY_IMPRINT);
		TS_VERIFY_CTX_set_store(ctx, store);
		TS_VERIFY_CTX_set_imprint(ctx, imprint, MERKLE_HASH);
		store = NULL;
		imprint = NULL;
		good = TS_RESP_verify_response(ctx, a) == 1 || failed(e,
		    "the time stamp does not hold");
	}
	TS_RESP_free(a);
	OPENSSL_free(imprint);
	X509_STORE_free(store);
	TS_VERIFY_CTX_free(ctx);
	return good;
}
