/* trust.c: the keys whose signatures a reader lets count. */
#include "calchain.h"

#include "base/file.h"
#include "chain/vkey.h"

#include <stdlib.h>
#include <string.h>

enum { TRUST_BYTES = 64 << 10 };

bool
trust_file(struct vkey *k, size_t *n, const char *path, struct err *e)
{
	size_t len, no = 0;
	char *text = file_slurp(path, TRUST_BYTES, &len, e), *at, *lf;
	bool good = text != NULL;

	for (at = text; good && at < text + len; at = lf + 1) {
		struct err why = { "" };

		no++;
		if ((lf = memchr(at, '\n', (size_t)(text + len - at))) == NULL)
			lf = text + len;
		if (at == lf || *at == '#')
			continue;
		if (*n == TRUST_MAX)
			good = err_set(e, "more than %d keys to trust", TRUST_MAX);
		else if (!vkey_parse(&k[(*n)++], at, (size_t)(lf - at), &why))
			good = err_set(e, "%s:%zu: %s", path, no, why.text);
	}
	free(text);
	return good;
}

bool
trust_key(struct vkey *k, size_t *n, const char *text, struct err *e)
{
	if (*n == TRUST_MAX)
		return err_set(e, "more than %d keys to trust", TRUST_MAX);
	return vkey_parse(&k[(*n)++], text, strlen(text), e);
}
