#include "fuzz.h"

#include "chain/signer.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct signer *
fuzz_signer(int fill)
{
	uint8_t raw[32];
	EVP_PKEY *k;
	struct signer *s = NULL;
	struct err e = { "" };
	const char *path;
	FILE *f;
	int fd;

	memset(raw, fill, sizeof(raw));
	k = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, raw, sizeof(raw));
	path = fuzz_file(NULL, 0, &fd);
	if (k && (f = fdopen(dup(fd), "w")) &&
	    PEM_write_PKCS8PrivateKey(f, k, NULL, NULL, 0, NULL, NULL) && fclose(f) == 0)
		s = signer_open(path, NULL, NULL, &e);
	fuzz_file_close(fd);
	EVP_PKEY_free(k);
	if (!s) {
		fprintf(stderr, "a key: %s\n", e.text);
		exit(2);
	}
	return s;
}
