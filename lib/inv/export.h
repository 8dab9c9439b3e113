/* export.h: an inventory in the forms that others read. */
#ifndef OT_INV_EXPORT_H
#define OT_INV_EXPORT_H

#include "inv/list.h"

#include <stdbool.h>
#include <stdio.h>

struct export_opts {
	const char *lang;               /* "sv" or "en", where the form has words */
	bool all;                       /* also what was never heard */
};

struct export_format {
	const char *name, *what;        /* "svg", and one line for people */
	/* The whole of it. l was sorted. False: out of memory, or the stream failed. */
	bool (*write)(FILE *out, const struct list *l, const struct export_opts *o);
};

/* Sorted by name, ended by a NULL name. */
extern const struct export_format export_formats[];

#endif
