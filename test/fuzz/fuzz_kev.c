/* fuzz_kev.c: any bytes as CISA's catalogue. */
#include "fuzz.h"

#include "inv/kev.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const ids[] = { "CVE-2021-44228", "CVE-2026-0001", "" };
	const struct kev_entry *x;
	struct err e = { "" };
	const char *path;
	struct kev *k;
	int fd;

	path = fuzz_file(data, n, &fd);
	if (!(k = kev_load(path, &e)) && !e.text[0])
		abort();
	for (size_t i = 0; k && i < sizeof(ids) / sizeof(*ids); i++)
		if ((x = kev_find(k, ids[i])) &&
		    (strcmp(x->cve, ids[i]) != 0 || !x->added || !x->due))
			abort();
	if (k && !kev_version(k))
		abort();
	kev_free(k);
	fuzz_file_close(fd);
	return 0;
}
