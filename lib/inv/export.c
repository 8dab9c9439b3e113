/* export.c: what all forms ask of an inventory. */
#include "inv/export.h"

#include <string.h>

const struct item *
export_twice(const struct list *l)
{
	for (size_t i = 1; i < l->nassets; i++) {
		const struct sval *a = &l->assets[i - 1].id, *b = &l->assets[i].id;
		if (a->n && a->n == b->n && memcmp(a->p, b->p, a->n) == 0)
			return &l->assets[i - 1];
	}
	return NULL;
}
