#include "json/doc.h"

#include "base/file.h"
#include "base/limits.h"

#include <string.h>

json_t *
doc_loadb(const char *name, const void *p, size_t n, struct err *e)
{
	json_error_t je;
	json_t *j;

	/* jansson puts the end of a long text before its reason: ours is line and column */
	j = json_loadb(p, n, JSON_REJECT_DUPLICATES, &je);
	if (!j)
		err_set(e, "%s:%d:%d: %s", name, je.line > 0 ? je.line : 1,
		    je.column > 0 ? je.column : 1, je.text);
	return j;
}

json_t *
doc_load(const char *path, struct err *e)
{
	size_t n;
	char *p = file_slurp(path, LIM_DOC, &n, e);
	json_t *j;

	if (!p)
		return NULL;
	j = doc_loadb(strcmp(path, "-") == 0 ? "stdin" : path, p, n, e);
	free(p);
	return j;
}
