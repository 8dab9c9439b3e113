/* fuzz_entry.c: any lines as records of a ledger: those that are taken are what would be written,
 * byte for byte; and their keys go into a ring. */
#include "fuzz.h"

#include "chain/entry.h"
#include "chain/keyring.h"

#include <stdlib.h>
#include <string.h>

static void
one(struct keyring *ring, const char *line, size_t n)
{
	struct merkle_hash digest, whole;
	struct err e = { "" };
	const char *why = NULL;
	struct entry en;
	char *again;
	size_t len;

	if (!entry_read(&en, line, n, &why)) {
		if (why == NULL)
			abort();
		return;
	}
	if (en.body > n || en.payload.p + en.payload.n > line + en.body)
		abort();
	entry_hashes(line, n, en.body, &digest, &whole);
	if ((again = malloc(n + ENTRY_AROUND)) == NULL)
		exit(2);
	len = entry_put_body(again, &en);
	len += entry_put_end(again + len, &en);
	if (len != n || memcmp(again, line, n) != 0)
		abort();
	free(again);
	(void)keyring_take(ring, &en, &e);
	(void)keyring_author(ring, &en.author, en.key, en.seq);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *end = p + n, *lf;
	struct keyring ring = { "" };
	size_t i = 0;

	for (; p < end; p = lf + 1) {
		size_t len;
		char *own;

		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			lf = end;
		len = (size_t)(lf - p);
		if ((own = malloc(len ? len : 1)) == NULL)
			exit(2);
		memcpy(own, p, len);
		one(&ring, own, len);
		free(own);
	}
	while (keyring_log(&ring, 1, &i) != NULL)
		;
	keyring_free(&ring);
	return 0;
}
