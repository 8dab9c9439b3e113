/* uses_opt.c: --uses and --map, for on and assess. */
#include "calchain.h"

bool
uses_opt_add(const char **list, size_t *n, const char *option, const char *value, struct err *e)
{
	if (*n == USES_OPT_MAX)
		return err_set(e, "%s: given more than %d times", option, USES_OPT_MAX);
	list[(*n)++] = value;
	return true;
}

bool
uses_opt_load(const struct uses_opt *o, struct uses *u, const struct sources *src, struct err *e)
{
	bool pipe = false;

	if (o->nmap && !o->nfiles)
		return err_set(e, "--map is for the columns of --uses");
	for (size_t i = 0; i < src->n; i++)
		pipe |= src->name[i][0] == '-' && !src->name[i][1];
	for (size_t i = 0; i < o->nfiles; i++) {
		if (pipe && o->file[i][0] == '-' && !o->file[i][1])
			return err_set(e, "standard input can be only one of the two");
		if (!uses_load(u, o->file[i], o->map, o->nmap, e))
			return false;
	}
	uses_sort(u);
	return true;
}
