#include "json/doc.h"

#include "base/file.h"
#include "base/limits.h"
#include "json/syntax.h"

#include <string.h>

json_t *
doc_loadb(const char *name, const void *p, size_t n, struct err *e)
{
	struct locate_place at;
	json_error_t je;
	char why[300];
	json_t *j = json_loadb(p, n, JSON_REJECT_DUPLICATES, &je);

	if (j)
		return j;
	if (syntax_fault(p, n, &at, why, sizeof(why)))
		err_set(e, "%s:%u:%u: %s", name, at.line, at.column, why);
	else
		err_set(e, "%s:%d:%d: %s", name, je.line > 0 ? je.line : 1,
		    je.column > 0 ? je.column : 1, je.text);
	return NULL;
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
