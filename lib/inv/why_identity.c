/* why_identity.c: why others stand behind an address, and who may be whom. */
#include "inv/why_impl.h"

#include <stdio.h>
#include <string.h>

/* What the record lists under a key: "a, b". */
static void
listed(const struct sval *o, const char *key, char *dst, size_t cap)
{
	struct sval list, x;
	struct scan s;
	char t[256];
	size_t n;

	*dst = 0;
	if (!scan_get(o, key, &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		sval_text(&x, t, sizeof(t));
		n = strlen(dst);
		if (n + strlen(t) + 3 < cap)
			snprintf(dst + n, cap - n, "%s%s", n ? ", " : "", t);
	}
}

/* What people call an asset; its id where it is in no record. */
static void
called(const struct list *l, const struct sval *id, char *dst, size_t cap)
{
	const struct item *i = list_asset(l, id);
	struct sval list, x;
	struct scan s;

	if (!i || (!*item_text(&i->o, "name", dst, cap) && !scan_get(&i->o, "ips", &list) &&
	    !scan_get(&i->o, "macs", &list))) {
		sval_text(id, dst, cap);
		return;
	}
	if (*dst)
		return;
	scan_in(&s, &list);
	if (scan_elem(&s, &x))
		sval_text(&x, dst, cap);
}

void
rows_nat(struct why *w, const struct list *l)
{
	struct sval list, x, id;
	struct scan s;
	char value[512], about[256], sure[16], t[512];
	struct why_row *r;

	if (!scan_path(&w->asset->o, "nat.reasons", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		item_text(&x, "reason", value, 64);
		listed(&x, "values", t, sizeof(t));
		item_text(&x, "about", about, sizeof(about));
		item_text(&x, "certainty", sure, sizeof(sure));
		snprintf(value + strlen(value), sizeof(value) - strlen(value), "%s%.400s", *t ?
		    ": " : "", t);
		snprintf(t, sizeof(t), "%s; %s", about, strcmp(sure, "sure") == 0 ?
		    "proof by itself" : "no proof by itself: two different signs are");
		if (!(r = why_row(w, value, "nat", 0, true, t)))
			return;
		why_place(r, &x);
	}
	if (!scan_path(&w->asset->o, "nat.inside", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &id); ) {
		called(l, &id, value, sizeof(value));
		why_row(w, value, "nat", 0, false, "stands behind it");
	}
}

static const struct { const char *kind, *about; } identifiers[] = {
	{ "address", "one address, lent to several, one after the other" },
	{ "bacnet_device", "the same BACnet device instance, which may be set twice" },
	{ "hostname", "the same host name and system, which two machines may have" },
	{ "ssh_host_key", "the same SSH host key, which a copied disk has too" },
	{ "certificate", "the same certificate, which may be a maker's or a cluster's" },
	{ "duid", "the same DHCP unique identifier, which a copied disk has too" },
	{ "client_id", "the same DHCP client identifier" },
	{ "engine_id", "the same SNMP engine" },
	{ "uuid", "the same UPnP device" },
	{ "application_uri", "the same OPC UA application" },
};

void
rows_maybe_same(struct why *w, const struct list *l)
{
	struct sval list, x, id;
	struct scan s;
	char value[512], what[600], t[800];
	const char *about;

	if (!scan_get(&w->asset->o, "maybe_same", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		if (!scan_get(&x, "id", &id))
			continue;
		item_text(&x, "identifier", what, sizeof(what));
		about = "";
		for (size_t i = 0; i < sizeof(identifiers) / sizeof(*identifiers); i++)
			if (strncmp(what, identifiers[i].kind, strcspn(what, ":")) == 0)
				about = identifiers[i].about;
		called(l, &id, t, sizeof(t));
		snprintf(value, sizeof(value), "%.400s (id %.*s)", t, (int)(id.n < 64 ? id.n : 64),
		    id.p);
		snprintf(t, sizeof(t), "%s: %.500s", about, what);
		if (!why_row(w, value, "identifier", 0, false, t))
			return;
	}
}

void
alias_text(const struct sval *alias, char *dst, size_t cap)
{
	char by[32], what[300];

	item_text(alias, "by", by, sizeof(by));
	item_text(alias, "identifier", what, sizeof(what));
	if (strncmp(what, "bacnet_place:", 13) == 0)
		snprintf(dst, cap, "the same place in the BACnet internetwork: %s", what + 13);
	else if (strcmp(by, "identifier") == 0)
		snprintf(dst, cap, "gives the same identifier: %s", what);
	else
		snprintf(dst, cap, "%s", strcmp(by, "serial") == 0 ?
		    "known so until it told the serial number" : strcmp(by, "announced") == 0 ?
		    "one of several MACs that announce one address" : strcmp(by, "name") == 0 ?
		    "gives the same host name" : strcmp(by, "only_unit") == 0 ?
		    "a part of its own once a second one answers" :
		    "known so until more was known of its gateway");
}
