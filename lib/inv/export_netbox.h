/* export_netbox.h: devices as NetBox knows them: names, slugs and their lengths. For
 * export_netbox*.c alone. */
#ifndef OT_INV_EXPORT_NETBOX_H
#define OT_INV_EXPORT_NETBOX_H

#include "inv/export_columns.h"

/* Lengths are NetBox's own, times four bytes of UTF-8; slugs are ASCII. */
enum { NB_NAME = 64 * 4 + 1, NB_LONG = 100 * 4 + 1, NB_SLUG = 101, NB_SERIAL = 50 * 4 + 1 };

struct nb_device {
	const struct item *item;
	char name[NB_NAME];             /* unique */
	char maker[NB_LONG], maker_slug[NB_SLUG];
	char model[NB_LONG], type_slug[NB_SLUG];        /* the slug begins with the maker's */
	char part[NB_SERIAL];
	char role[NB_SLUG];
	char site[NB_LONG], site_slug[NB_SLUG];
	char zone[NB_LONG], zone_slug[NB_SLUG];
	char serial[NB_SERIAL], tag[NB_SERIAL];         /* tag: unique, or "" */
};

struct netbox {
	struct nb_device *store, **v;   /* v: sorted anew for each table */
	size_t n;
	bool sites;                     /* there are several */
	struct clean c;
};

/* The devices of the site in the order of the list; addresses on the internet are none. */
bool netbox_gather(struct netbox *n, const struct list *l, const struct export_opts *o);
void netbox_free(struct netbox *n);

/* Lower-case letters, digits and "-" for a name, at most cap - 1 of them: the same name gives
 * the same slug always, and letters without one of ours a digest. */
void netbox_slug(char *dst, size_t cap, const char *name);

#endif
