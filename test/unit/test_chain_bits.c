/* Every bit of a small ledger flipped in turn, in every file of it: verification finds each one,
 * or says that it cannot be told; none passes. */
#include "base/stamp.h"
#include "chain/chain.h"
#include "chain/verify.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = {
	"records.ndjson", "checkpoint", "checkpoints.ndjson", "tile/0/000.p/1", "tile/0/000.p/2",
	"tile/entries/000.p/1", "tile/entries/000.p/2",
};
static const char *const folders[] = {
	"tile/0/000.p", "tile/0", "tile/entries/000.p", "tile/entries", "tile", "",
};
enum { FILES = sizeof(files) / sizeof(*files), FOLDERS = sizeof(folders) / sizeof(*folders) };

static char dir[64], ledger[80];

/* 0 all holds, 1 something does not, 2 it cannot be told. */
static int
verdict(void)
{
	struct verify_ask ask = { .threads = 1 };
	struct verify_answer a;
	struct err e = { "" };
	int r = 2;

	if (verify_ledger(&a, ledger, &ask, &e))
		r = a.unfinished ? 2 : a.nfound > 0;
	verify_free(&a);
	return r;
}

static void
flip(const char *name)
{
	unsigned long bits = 0, found = 0, untold = 0;
	char path[256];
	uint8_t b;
	off_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", ledger, name);
	if ((fd = open(path, O_RDWR)) < 0 || (n = lseek(fd, 0, SEEK_END)) <= 0) {
		ok(false, "%s: there", name);
		return;
	}
	for (off_t at = 0; at < n; at++)
		for (int bit = 0; bit < 8; bit++) {
			uint8_t other;
			int r;

			if (pread(fd, &b, 1, at) != 1)
				exit(2);
			other = (uint8_t)(b ^ 1 << bit);
			if (pwrite(fd, &other, 1, at) != 1)
				exit(2);
			r = verdict();
			bits++;
			found += r == 1;
			untold += r == 2;
			if (r == 0)
				printf("# %s: bit %d of byte %ld passes\n", name, bit, (long)at);
			if (pwrite(fd, &b, 1, at) != 1)
				exit(2);
		}
	close(fd);
	ok(bits == found + untold && found > 0, "%s: %lu bits, %lu found, of %lu it cannot be told", name,
	    bits, found, untold);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	struct err e = { "" };
	struct signer *key = signer_new(&e), *log = signer_new(&e);
	struct chain *c = NULL;
	char path[256];

	snprintf(dir, sizeof(dir), "%.40s/otkit-bits-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir) || key == NULL || log == NULL) {
		printf("Bail out! no folder for temporary files, or no keys %s\n", e.text);
		return 1;
	}
	snprintf(ledger, sizeof(ledger), "%s/l", dir);
	stamp_set_now(INT64_C(1767225600000000));
	ok(chain_create(ledger, "o", true, log, key, "a", &e) &&
	    (c = chain_open(ledger, key, log, NULL, &e)) != NULL, "a ledger %s", e.text);
	ok(chain_add(c, "note", "{\"text\":\"x\"}", 12, &e) && chain_seal(c, &e), "of two records %s", e.text);
	chain_close(c);
	ok(verdict() == 0, "holds");
	for (size_t i = 0; i < FILES; i++)
		flip(files[i]);
	ok(verdict() == 0, "and holds at the end as at the beginning");
	for (size_t i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "%s/%s", ledger, files[i]);
		unlink(path);
	}
	for (size_t i = 0; i < FOLDERS; i++) {
		snprintf(path, sizeof(path), "%s/%s", ledger, folders[i]);
		rmdir(path);
	}
	rmdir(dir);
	signer_free(key);
	signer_free(log);
	return tap_done();
}
