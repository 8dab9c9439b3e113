/* export_netbox.c: an inventory as the CSV files that NetBox imports, part by part.
 *
 * For NetBox 4.3 and later. NetBox holds what is meant to be, an inventory what
 * was seen: so every device is "staged" and tagged, for a person to confirm,
 * and nothing is said that was not seen (no mask, no rack; a maker known by
 * the MAC address alone is in the comment). Objects refer to each other by
 * name: names are unique, stable from night to night, and no longer than
 * NetBox takes them. Two spellings with the same slug are one object. */
#include "inv/export_netbox.h"

#include "base/addr.h"
#include "model/csv.h"

#include <stdlib.h>
#include <string.h>

/* In the order in which they are to be imported. */
const char *const export_netbox_parts[] = { "tags", "manufacturers", "device-types",
	"device-roles", "sites", "vrfs", "vlans", "devices", "interfaces", "mac-addresses",
	"ip-addresses", "services", NULL };

/* The first of each run of equal ones is written. */
static int
by_maker(const void *pa, const void *pb)
{
	const struct nb_device *a = *(struct nb_device *const *)pa,
	    *b = *(struct nb_device *const *)pb;
	int c = strcmp(a->maker_slug, b->maker_slug);

	return c ? c : strcmp(a->maker, b->maker);
}

static int
by_type(const void *pa, const void *pb)
{
	const struct nb_device *a = *(struct nb_device *const *)pa,
	    *b = *(struct nb_device *const *)pb;
	int c = strcmp(a->maker_slug, b->maker_slug);

	if (c || (c = strcmp(a->type_slug, b->type_slug)))
		return c;
	return strcmp(a->model, b->model);
}

static bool
same_type(const struct nb_device *a, const struct nb_device *b)
{
	return strcmp(a->maker_slug, b->maker_slug) == 0 && strcmp(a->type_slug, b->type_slug) == 0;
}

static int
by_role(const void *pa, const void *pb)
{
	const struct nb_device *a = *(struct nb_device *const *)pa,
	    *b = *(struct nb_device *const *)pb;

	return strcmp(a->role, b->role);
}

static int
by_site(const void *pa, const void *pb)
{
	const struct nb_device *a = *(struct nb_device *const *)pa,
	    *b = *(struct nb_device *const *)pb;
	int c = strcmp(a->site_slug, b->site_slug);

	return c ? c : strcmp(a->site, b->site);
}

static int
by_zone(const void *pa, const void *pb)
{
	const struct nb_device *a = *(struct nb_device *const *)pa,
	    *b = *(struct nb_device *const *)pb;

	return strcmp(a->zone_slug, b->zone_slug);
}

static int
by_id(const void *pa, const void *pb)
{
	const struct nb_device *a = *(struct nb_device *const *)pa,
	    *b = *(struct nb_device *const *)pb;

	return a->item < b->item ? -1 : a->item > b->item;
}

static void
sort(struct netbox *n, int (*cmp)(const void *, const void *))
{
	qsort(n->v, n->n, sizeof(*n->v), cmp);
}

/* A spelling for each slug: the least one stands for all. */
static void
settle(struct netbox *n)
{
	struct nb_device *a, *b;
	size_t i;

	sort(n, by_maker);
	for (i = 1; i < n->n; i++) {
		a = n->v[i - 1];
		b = n->v[i];
		if (strcmp(a->maker_slug, b->maker_slug) == 0)
			memcpy(b->maker, a->maker, sizeof(b->maker));
	}
	sort(n, by_type);
	for (i = 1; i < n->n; i++) {
		a = n->v[i - 1];
		b = n->v[i];
		if (same_type(a, b))
			memcpy(b->model, a->model, sizeof(b->model));
	}
	sort(n, by_site);
	for (i = 1; i < n->n; i++) {
		a = n->v[i - 1];
		b = n->v[i];
		if (strcmp(a->site_slug, b->site_slug) == 0)
			memcpy(b->site, a->site, sizeof(b->site));
	}
	for (i = 1; i < n->n; i++)
		n->sites |= strcmp(n->v[i]->site_slug, n->v[i - 1]->site_slug) != 0;
	sort(n, by_id);
}

/* ---- small tables -------------------------------------------------------------------- */

static void
cell(FILE *out, const char *s, bool last)
{
	csv_text(out, s);
	fputs(last ? "\r\n" : ",", out);
}

static void
tags(FILE *out, struct netbox *n)
{
	fputs("name,slug,color,description\r\n"
	    "otkit: observed,otkit-observed,607d8b,Seen in traffic by otkit and not confirmed by a "
	    "person\r\n", out);
	sort(n, by_zone);
	for (size_t i = 0; i < n->n; i++) {
		const struct nb_device *d = n->v[i];
		if (!*d->zone || (i && strcmp(d->zone_slug, n->v[i - 1]->zone_slug) == 0))
			continue;
		fputs("\"zone: ", out);
		/* behind a word of ours no formula begins */
		csv_inside(out, d->zone);
		fprintf(out, "\",%s,2196f3,A zone of the site file\r\n", d->zone_slug);
	}
}

static void
manufacturers(FILE *out, struct netbox *n)
{
	fputs("name,slug\r\n", out);
	sort(n, by_maker);
	for (size_t i = 0; i < n->n; i++) {
		if (i && strcmp(n->v[i]->maker_slug, n->v[i - 1]->maker_slug) == 0)
			continue;
		cell(out, n->v[i]->maker, false);
		fprintf(out, "%s\r\n", n->v[i]->maker_slug);
	}
}

static void
device_types(FILE *out, struct netbox *n)
{
	fputs("manufacturer,model,slug,part_number,u_height,is_full_depth\r\n", out);
	sort(n, by_type);
	for (size_t i = 0; i < n->n; i++) {
		if (i && same_type(n->v[i], n->v[i - 1]))
			continue;
		cell(out, n->v[i]->maker, false);
		cell(out, n->v[i]->model, false);
		fprintf(out, "%s,", n->v[i]->type_slug);
		csv_text(out, n->v[i]->part);
		fputs(",0,false\r\n", out);
	}
}

static void
device_roles(FILE *out, struct netbox *n)
{
	fputs("name,slug,color,vm_role\r\n", out);
	sort(n, by_role);
	for (size_t i = 0; i < n->n; i++) {
		if (i && strcmp(n->v[i]->role, n->v[i - 1]->role) == 0)
			continue;
		cell(out, n->v[i]->role, false);
		fprintf(out, "%s,9e9e9e,false\r\n", n->v[i]->role);
	}
}

static void
sites(FILE *out, struct netbox *n, bool vrfs)
{
	fputs(vrfs ? "name,enforce_unique,description\r\n" : "name,slug,status\r\n", out);
	sort(n, by_site);
	for (size_t i = 0; i < n->n; i++) {
		if (i && strcmp(n->v[i]->site_slug, n->v[i - 1]->site_slug) == 0)
			continue;
		if (vrfs && !n->sites)
			return;         /* one site's addresses need no names of their own */
		cell(out, n->v[i]->site, false);
		if (vrfs)
			fputs("true,The addresses of this site\r\n", out);
		else
			fprintf(out, "%s,active\r\n", n->v[i]->site_slug);
	}
}

static void
vlans(FILE *out, struct netbox *n)
{
	struct sval v[A_MEMBERS], x;
	bool seen[4095] = { false };
	struct scan s;
	uint64_t id;

	fputs("site,vid,name,status\r\n", out);
	sort(n, by_site);
	for (size_t i = 0; i < n->n; i++) {
		asset_pick(n->v[i]->item, v);
		for (scan_in(&s, &v[A_VLANS]); v[A_VLANS].type == SVAL_ARR && scan_elem(&s, &x); )
			if (sval_uint(&x, &id) && id > 0 && id < 4095)
				seen[id] = true;
		if (i + 1 < n->n && strcmp(n->v[i]->site_slug, n->v[i + 1]->site_slug) == 0)
			continue;
		for (unsigned k = 1; k < 4095; k++) {
			if (!seen[k])
				continue;
			cell(out, n->v[i]->site, false);
			fprintf(out, "%u,VLAN %u,active\r\n", k, k);
			seen[k] = false;
		}
	}
}

/* ---- devices and what is on them ----------------------------------------------------------- */

static void
part(FILE *out, bool *any, const char *what, const char *s)
{
	if (!*s)
		return;
	fputs(*any ? "; " : "", out);
	fprintf(out, "%s ", what);
	csv_inside(out, s);
	*any = true;
}

static void
comments(FILE *out, struct netbox *n, const struct sval v[A_MEMBERS])
{
	struct sval place = asset_place(v);
	bool any = false;
	char cnt[24];

	putc('"', out);
	part(out, &any, "otkit id", clean_text(&n->c, &v[A_ID]));
	part(out, &any, "firmware", clean_text(&n->c, &v[A_FIRMWARE]));
	part(out, &any, "hardware", clean_text(&n->c, &v[A_HARDWARE]));
	part(out, &any, "operating system", clean_text(&n->c, &v[A_OS]));
	part(out, &any, "maker by MAC address",
	    asset_vendor_by_mac(v) ? clean_text(&n->c, &v[A_VENDOR]) : "");
	part(out, &any, "says it stands in", clean_text(&n->c, &v[A_LOCATION]));
	part(out, &any, "part", clean_text(&n->c, &v[A_SUB]));
	part(out, &any, "of", clean_text(&n->c, &v[A_PARENT]));
	part(out, &any, "last seen", clean_text(&n->c, &v[A_LAST_SEEN]));
	part(out, &any, "first seen", clean_text(&n->c, &v[A_FIRST_SEEN]));
	if (*clean_path(&n->c, &place, "pcap_filename")) {
		fputs(" in ", out);
		csv_inside(out, n->c.p);
		if (*place_number(&place, cnt))
			fprintf(out, " #%s", cnt);
	}
	putc('"', out);
}

static void
devices(FILE *out, struct netbox *n)
{
	struct sval v[A_MEMBERS];

	fputs("name,role,manufacturer,device_type,serial,asset_tag,status,site,comments,tags\r\n",
	    out);
	for (size_t i = 0; i < n->n; i++) {
		const struct nb_device *d = n->v[i];
		asset_pick(d->item, v);
		cell(out, d->name, false);
		cell(out, d->role, false);
		cell(out, d->maker, false);
		cell(out, d->model, false);
		cell(out, d->serial, false);
		cell(out, d->tag, false);
		fputs("staged,", out);
		cell(out, d->site, false);
		comments(out, n, v);
		fprintf(out, *d->zone ? ",\"otkit-observed,%s\"\r\n" : ",otkit-observed\r\n",
		    d->zone_slug);
	}
}

/* A part is reached at its gateway's addresses: they are not its own. */
static bool
has_own(const struct sval v[A_MEMBERS])
{
	return !v[A_SUB].n;
}

/* An interface for each MAC, one where there is none: names of ours, for traffic has none. */
static unsigned
interface_count(const struct sval v[A_MEMBERS])
{
	struct sval x;
	struct scan s;
	unsigned k = 0;

	if (!has_own(v))
		return 0;
	for (scan_in(&s, &v[A_MACS]); v[A_MACS].type == SVAL_ARR && scan_elem(&s, &x); )
		k++;
	return k ? k : v[A_IPS].type == SVAL_ARR;
}

static void
interfaces(FILE *out, struct netbox *n, bool macs)
{
	struct sval v[A_MEMBERS], x;
	struct scan s;
	unsigned k, all;

	fputs(macs ? "mac_address,device,interface,is_primary\r\n" : "device,name,type\r\n", out);
	for (size_t i = 0; i < n->n; i++) {
		asset_pick(n->v[i]->item, v);
		all = interface_count(v);
		scan_in(&s, &v[A_MACS]);
		for (k = 0; k < all; k++) {
			if (macs) {
				if (v[A_MACS].type != SVAL_ARR || !scan_elem(&s, &x))
					break;
				cell(out, clean_text(&n->c, &x), false);
			}
			cell(out, n->v[i]->name, false);
			fprintf(out, macs ? "seen%u,true\r\n" : "seen%u,other\r\n", k);
		}
	}
}

/* One address of one site; NetBox takes each once. */
struct claim { struct addr a; const struct nb_device *d; int64_t last; bool first; };

static int
by_address(const void *pa, const void *pb)
{
	const struct claim *a = pa, *b = pb;
	int c = strcmp(a->d->site_slug, b->d->site_slug);

	if (c || (c = addr_cmp(&a->a, &b->a)))
		return c;
	if (a->last != b->last)
		return a->last > b->last ? -1 : 1;
	return a->d < b->d ? -1 : a->d > b->d;
}

/* Of two that had an address the later one has it. */
static void
addresses(FILE *out, struct netbox *n)
{
	struct sval v[A_MEMBERS], x;
	struct claim *c = NULL, *more;
	size_t m = 0, cap = 0;
	char t[ADDR_TEXT];
	struct scan s;
	struct addr a;
	bool had4, had6;

	fputs("address,vrf,status,device,interface,is_primary,description,tags\r\n", out);
	for (size_t i = 0; i < n->n; i++) {
		asset_pick(n->v[i]->item, v);
		had4 = had6 = false;
		if (!has_own(v))
			continue;
		for (scan_in(&s, &v[A_IPS]); v[A_IPS].type == SVAL_ARR && scan_elem(&s, &x); ) {
			if (x.type != SVAL_STR || !addr_parse(&a, x.p, x.n) || addr_linklocal(&a))
				continue;
			if (m == cap) {
				cap = cap ? cap * 2 : 1024;
				if (!(more = realloc(c, cap * sizeof(*c)))) {
					n->c.failed = true;
					goto out;
				}
				c = more;
			}
			c[m++] = (struct claim){ a, n->v[i],
			    item_time(&n->v[i]->item->o, "last_seen"), !(a.v == 4 ? had4 : had6) };
			*(a.v == 4 ? &had4 : &had6) = true;
		}
	}
	if (m)
		qsort(c, m, sizeof(*c), by_address);
	for (size_t i = 0; i < m; i++) {
		if (i && strcmp(c[i].d->site_slug, c[i - 1].d->site_slug) == 0 &&
		    addr_eq(&c[i].a, &c[i - 1].a))
			continue;
		t[addr_put(t, &c[i].a)] = 0;
		fprintf(out, "%s/%u,", t, c[i].a.v == 4 ? 32 : 128);
		cell(out, n->sites ? c[i].d->site : "", false);
		fputs("active,", out);
		cell(out, c[i].d->name, false);
		fprintf(out, "seen0,%s,Seen in traffic: its mask is not known,otkit-observed\r\n",
		    c[i].first ? "true" : "false");
	}
out:
	free(c);
}

/* What it was heard to answer on, by structure and not by port. */
static void
services(FILE *out, struct netbox *n)
{
	struct sval v[A_MEMBERS], x;
	char side[16], transport[16];
	const char *app;
	struct scan s;
	uint64_t port;

	fputs("parent_object_type,parent,name,protocol,ports\r\n", out);
	for (size_t i = 0; i < n->n; i++) {
		asset_pick(n->v[i]->item, v);
		if (!has_own(v))
			continue;
		for (scan_in(&s, &v[A_PROTOCOLS]); v[A_PROTOCOLS].type == SVAL_ARR &&
		    scan_elem(&s, &x); ) {
			app = clean_path(&n->c, &x, "app_proto");
			item_text(&x, "side", side, sizeof(side));
			item_text(&x, "transport", transport, sizeof(transport));
			port = item_uint(&x, "port");
			if (!*app || strcmp(side, "server") != 0 || !port || port > 65535 ||
			    (strcmp(transport, "tcp") != 0 && strcmp(transport, "udp") != 0))
				continue;
			fputs("dcim.device,", out);
			cell(out, n->v[i]->name, false);
			cell(out, app, false);
			fprintf(out, "%s,%u\r\n", transport, (unsigned)port);
		}
	}
}

bool
export_netbox(FILE *out, const struct list *l, const struct export_opts *o)
{
	const char *what = o->what ? o->what : "devices";
	struct netbox n = { .v = NULL };
	bool ok;

	if ((ok = netbox_gather(&n, l, o))) {
		settle(&n);
		if (strcmp(what, "tags") == 0)
			tags(out, &n);
		else if (strcmp(what, "manufacturers") == 0)
			manufacturers(out, &n);
		else if (strcmp(what, "device-types") == 0)
			device_types(out, &n);
		else if (strcmp(what, "device-roles") == 0)
			device_roles(out, &n);
		else if (strcmp(what, "sites") == 0 || strcmp(what, "vrfs") == 0)
			sites(out, &n, *what == 'v');
		else if (strcmp(what, "vlans") == 0)
			vlans(out, &n);
		else if (strcmp(what, "devices") == 0)
			devices(out, &n);
		else if (strcmp(what, "interfaces") == 0 || strcmp(what, "mac-addresses") == 0)
			interfaces(out, &n, *what == 'm');
		else if (strcmp(what, "ip-addresses") == 0)
			addresses(out, &n);
		else
			services(out, &n);
	}
	ok = ok && !n.c.failed;
	netbox_free(&n);
	return ok;
}
