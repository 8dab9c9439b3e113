/* export.h: an inventory in the forms that other programs and people take.
 *
 * Each form is a file with one function (here, or in lib/report where it is a
 * page) and a line in the table of cmd/otinv/export_formats.c. A writer reads
 * what list.h holds, writes onto a stream, and neither prints nor exits; the
 * stream's errors are the caller's to look at. */
#ifndef OT_INV_EXPORT_H
#define OT_INV_EXPORT_H

#include "inv/list.h"

#include <stdbool.h>
#include <stdio.h>

struct export_opts {
	const char *lang;               /* "sv" or "en": of the forms that are for people */
	bool all;                       /* also silent assets, and the links to them */
	const char *what;               /* one of the form's parts; NULL: its first */
	bool bom;                       /* csv: begin with a byte order mark */
};

struct export_format {
	const char *name, *what;        /* "csv"; what it is, in a few words */
	/* False when memory is out. l was sorted, no two of its assets have the same id. */
	bool (*write)(FILE *out, const struct list *l, const struct export_opts *o);
	const char *const *parts;       /* what --what may ask for, ended by NULL; NULL: one part */
	bool folder;                    /* all parts are wanted: files in a folder */
};

/* Sorted by name, ended by a NULL name. */
extern const struct export_format export_formats[];
/* NULL when there is none of that name. */
const struct export_format *export_find(const char *name);

/* The first of two assets of the same id in a sorted list; NULL: there are none. */
const struct item *export_twice(const struct list *l);

/* The columns of csv and flat: "name", what it holds. Ended by a NULL name. */
struct export_column { const char *name, *what; };
extern const struct export_column export_asset_columns[], export_link_columns[];

extern const char *const export_netbox_parts[];

bool export_csv(FILE *out, const struct list *l, const struct export_opts *o);
bool export_cyclonedx(FILE *out, const struct list *l, const struct export_opts *o);
bool export_dot(FILE *out, const struct list *l, const struct export_opts *o);
bool export_flat(FILE *out, const struct list *l, const struct export_opts *o);
bool export_graphml(FILE *out, const struct list *l, const struct export_opts *o);
bool export_markdown(FILE *out, const struct list *l, const struct export_opts *o);
bool export_netbox(FILE *out, const struct list *l, const struct export_opts *o);

#endif
