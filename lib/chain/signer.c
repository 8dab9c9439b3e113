#include "chain/signer.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509.h>
#include <string.h>
#include <unistd.h>

struct signer { EVP_PKEY *key; EVP_MD_CTX *ctx; OSSL_LIB_CTX *lib; };

/* Where a provider that was asked for is loaded, and keys are then looked for: apart from the
 * default, for modules of tokens use that themselves while they hold their locks, and a provider
 * that calls the module again would wait for ever (SoftHSM 2.6.1 does). NULL: the default. */
static OSSL_LIB_CTX *apart;

/* scrypt (RFC 7914): 16 MiB and some 50 ms a guess, within what OpenSSL takes unasked. */
enum { SCRYPT_N = 1 << 14, SCRYPT_R = 8, SCRYPT_P = 1, SALT = 16 };

/* The reason OpenSSL has, behind what could not be done. */
static bool
failed(struct err *e, const char *what, const char *where)
{
	unsigned long n = ERR_peek_last_error();
	const char *why = n ? ERR_reason_error_string(n) : NULL;

	ERR_clear_error();
	return err_set(
	    e, "%s: %s%s%s", where, what, why != NULL ? ": " : "", why != NULL ? why : "");
}

static struct signer *
wrap(EVP_PKEY *key, OSSL_LIB_CTX *lib, const char *where, struct err *e)
{
	struct signer *s = calloc(1, sizeof(*s));

	if (s == NULL || (s->ctx = EVP_MD_CTX_new()) == NULL) {
		err_set(e, "%s: out of memory", where);
		EVP_PKEY_free(key);
		free(s);
		return NULL;
	}
	s->key = key;
	s->lib = lib;
	if (!EVP_PKEY_is_a(key, "ED25519")) {
		const char *is = EVP_PKEY_get0_type_name(key);

		err_set(e, "%s: an Ed25519 key is expected, this is %s", where,
		    is != NULL ? is : "another");
		signer_free(s);
		return NULL;
	}
	return s;
}

struct signer *
signer_new(struct err *e)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	if (key == NULL) {
		failed(e, "cannot be made", "key");
		return NULL;
	}
	return wrap(key, NULL, "key", e);
}

/* --- asked for a passphrase by OpenSSL's user interface methods */

struct asking { signer_ask ask; void *arg; const char *what; unsigned times; bool refused; };

static int
ask_open(UI *ui)
{
	(void)ui;
	return 1;
}

static int
ask_read(UI *ui, UI_STRING *s)
{
	struct asking *a = UI_get0_user_data(ui);
	char pass[1024];
	int n, done = 0;

	if (UI_get_string_type(s) != UIT_PROMPT && UI_get_string_type(s) != UIT_VERIFY)
		return 1;
	a->times++;
	n = a->ask != NULL ? a->ask(a->arg, a->what, pass, sizeof(pass)) : -1;
	if (n < 0)
		a->refused = true;
	else
		done = UI_set_result_ex(ui, s, pass, n) == 0;
	OPENSSL_cleanse(pass, sizeof(pass));
	return done;
}

struct signer *
signer_open(const char *what, signer_ask ask, void *arg, struct err *e)
{
	/* what is said of it: without what stands behind "?" in a URI, for a PIN may be in it */
	bool token = strncmp(what, "pkcs11:", 7) == 0;
	char *name = token ? strndup(what, strcspn(what, "?")) : strdup(what);
	struct asking a = { .ask = ask, .arg = arg, .what = name };
	UI_METHOD *ui = UI_create_method("otkit");
	OSSL_STORE_CTX *store = NULL;
	EVP_PKEY *key = NULL;
	struct signer *s;
	bool other = false;

	if (ui != NULL && name != NULL) {
		(void)UI_method_set_opener(ui, ask_open);
		(void)UI_method_set_reader(ui, ask_read);
		store = OSSL_STORE_open_ex(what, apart, NULL, ui, &a, NULL, NULL, NULL);
	}
	if (store != NULL)
		(void)OSSL_STORE_expect(store, OSSL_STORE_INFO_PKEY);
	while (store != NULL && key == NULL && !OSSL_STORE_eof(store)) {
		OSSL_STORE_INFO *info = OSSL_STORE_load(store);

		if (info == NULL)
			break;
		if (OSSL_STORE_INFO_get_type(info) == OSSL_STORE_INFO_PKEY)
			key = OSSL_STORE_INFO_get1_PKEY(info);
		else
			other = true;
		OSSL_STORE_INFO_free(info);
	}
	if (name == NULL)
		err_set(e, "out of memory");
	else if (key == NULL && a.refused)
		err_set(
		    e, "%s: it is encrypted and no passphrase was given (--passphrase-file)", name);
	else if (key == NULL && a.times > 0)
		err_set(e, "%s: wrong passphrase", name);
	else if (key == NULL && store == NULL && token)
		err_set(e, "pkcs11: no provider that is loaded knows keys in tokens (--provider)");
	else if (key == NULL && access(what, R_OK) != 0 &&
	    (errno != ENOENT || strchr(what, ':') == NULL)) /* a URI is no file that is missing */
		err_sys(e, "%s", name);
	else if (key == NULL)
		(void)failed(
		    e, other ? "no private key in it" : "no private key could be read", name);
	ERR_clear_error();
	if (store != NULL)
		OSSL_STORE_close(store);
	UI_destroy_method(ui);
	s = key != NULL ? wrap(key, apart, name, e) : NULL;
	free(name);
	return s;
}

bool
signer_provider(const char *name, struct err *e)
{
	const char *folder = OPENSSL_info(OPENSSL_INFO_MODULES_DIR);
	char path[4096];

	if (apart == NULL && (apart = OSSL_LIB_CTX_new()) != NULL) {
		char *config = CONF_get1_default_config_file();

		/* it may say where the token's module is; there need not be one */
		if (config != NULL)
			(void)OSSL_LIB_CTX_load_config(apart, config);
		OPENSSL_free(config);
	}
	/* naming one switches off the default, which has our own algorithms */
	if (apart != NULL && OSSL_PROVIDER_load(apart, name) != NULL &&
	    OSSL_PROVIDER_load(apart, "default") != NULL)
		return true;
	snprintf(path, sizeof(path), "%s/%s.so", folder != NULL ? folder : "", name);
	if (access(path, F_OK) == 0)
		return failed(e, "no provider of this name could be loaded", name);
	ERR_clear_error();
	return err_set(e, "%s: OpenSSL has no provider of this name: %s is missing%s", name, path,
	    strcmp(name, "pkcs11") == 0 ?
	    " (Debian's package pkcs11-provider, in 12 of its backports)" : "");
}

void
signer_free(struct signer *s)
{
	if (s == NULL)
		return;
	EVP_MD_CTX_free(s->ctx);
	EVP_PKEY_free(s->key);
	free(s);
}

/* --- PEM */

static X509_SIG *
encrypted(PKCS8_PRIV_KEY_INFO *p8, const char *pass, size_t n)
{
	uint8_t salt[SALT];
	X509_ALGOR *alg = NULL;
	X509_SIG *out = NULL;

	if (n <= INT32_MAX && RAND_bytes(salt, sizeof(salt)) == 1)
		alg = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, sizeof(salt), NULL, SCRYPT_N,
		    SCRYPT_R, SCRYPT_P);
	if (alg != NULL && (out = PKCS8_set0_pbe(pass, (int)n, p8, alg)) == NULL)
		X509_ALGOR_free(alg);
	return out;
}

char *
signer_pem(const struct signer *s, const char *pass, size_t n, size_t *len, struct err *e)
{
	PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(s->key);
	BIO *bio = BIO_new(BIO_s_secmem());
	X509_SIG *sealed = NULL;
	char *pem = NULL, *data;
	bool done = false;
	long k;

	if (p8 != NULL && bio != NULL) {
		if (pass == NULL)
			done = PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, p8) == 1;
		else if ((sealed = encrypted(p8, pass, n)) != NULL)
			done = PEM_write_bio_PKCS8(bio, sealed) == 1;
	}
	if (done && (k = BIO_get_mem_data(bio, &data)) > 0 && (pem = malloc((size_t)k)) != NULL) {
		memcpy(pem, data, (size_t)k);
		*len = (size_t)k;
	} else
		(void)failed(e, "cannot be written", "key");
	X509_SIG_free(sealed);
	PKCS8_PRIV_KEY_INFO_free(p8);
	BIO_free(bio);
	return pem;
}

void
signer_pem_free(char *pem, size_t len)
{
	if (pem != NULL)
		OPENSSL_cleanse(pem, len);
	free(pem);
}

bool
signer_public(const struct signer *s, uint8_t public[VKEY_PUBLIC], struct err *e)
{
	size_t n = VKEY_PUBLIC;

	if (EVP_PKEY_get_raw_public_key(s->key, public, &n) != 1 || n != VKEY_PUBLIC)
		return failed(e, "its public half cannot be had", "key");
	return true;
}

bool
signer_sign(struct signer *s, const void *p, size_t n, uint8_t sig[VKEY_SIGNATURE],
    struct err *e)
{
	size_t len = VKEY_SIGNATURE;

	if (EVP_MD_CTX_reset(s->ctx) != 1 ||
	    EVP_DigestSignInit_ex(s->ctx, NULL, NULL, s->lib, NULL, s->key, NULL) != 1 ||
	    EVP_DigestSign(s->ctx, sig, &len, p, n) != 1 || len != VKEY_SIGNATURE)
		return failed(e, "it does not sign", "key");
	return true;
}
