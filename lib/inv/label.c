/* label.c: maker and model, address, name. */
#include "inv/label.h"

#include "inv/list.h"

#include <stdio.h>
#include <string.h>

/* "Siemens AG" -> "Siemens", "Cisco Systems, Inc" -> "Cisco Systems". */
static void
short_maker(char *s)
{
	static const char *const forms[] = { " Inc", " Inc.", " Ltd", " Ltd.", " GmbH", " AG",
		" AB", " Corp", " Corp.", " Corporation", " Co.", " S.A.", " SA", " SAS",
		" Limited", " LLC", " GmbH & Co. KG", " B.V.", " Oy", " A/S", " Company",
		" Foundation", " Trading", " Technologies", NULL };
	size_t n, m;
	char *comma = strpbrk(s, ",(");

	while (comma && comma != s && (*comma = 0, comma[-1] == ' '))
		comma--;
	for (int i = 0; forms[i]; i++) {
		n = strlen(s);
		m = strlen(forms[i]);
		if (n > m && strcasecmp(s + n - m, forms[i]) == 0) {
			s[n - m] = 0;
			i = -1;
		}
	}
}

static bool
vendor_by_mac(const struct sval *o)
{
	struct sval list, x;
	struct scan s;
	char t[32];

	if (!scan_path(o, "evidence.vendor", &list))
		return false;
	for (scan_in(&s, &list); scan_elem(&s, &x); )
		if (strcmp(item_text(&x, "source", t, sizeof(t)), "oui") != 0)
			return false;
	return true;
}

enum label_make
label_make(const struct sval *o, char *dst, size_t cap)
{
	char vendor[256], model[256];
	size_t n;

	item_text(o, "vendor", vendor, sizeof(vendor));
	if (!*item_text(o, "model", model, sizeof(model)) &&
	    !*item_text(o, "product", model, sizeof(model)))
		item_text(o, "order_code", model, sizeof(model));
	short_maker(vendor);
	n = strcspn(vendor, " ");
	if (*vendor && !*model && vendor_by_mac(o)) {
		snprintf(dst, cap, "%s", vendor);
		return MAKE_BY_MAC;
	}
	/* "Siemens Siemens, SIMATIC" helps nobody */
	if (n && strncasecmp(vendor, model, n) == 0)
		*vendor = 0;
	snprintf(dst, cap, "%s%s%s", vendor, *vendor && *model ? " " : "", model);
	if (*dst)
		return MAKE_SAID;
	if (*item_text(o, "os", dst, cap))
		return MAKE_OS;
	return item_true(o, "mac_local") ? MAKE_MADE_UP : MAKE_NONE;
}

void
label_address(const struct sval *o, char *dst, size_t cap, struct addr *ip, unsigned *more)
{
	struct addr a, best = { .v = 0 };
	char t[ADDR_TEXT + 1];
	struct sval list, x;
	struct scan s;
	unsigned n = 0;

	*dst = 0;
	if (scan_get(o, "ips", &list))
		for (scan_in(&s, &list); scan_elem(&s, &x); ) {
			if (!addr_parse(&a, x.p, x.n))
				continue;
			n += !addr_linklocal(&a);       /* every host has one of those */
			if (!best.v || (best.v == 6 && (a.v == 4 ||
			    (addr_linklocal(&best) && !addr_linklocal(&a)))))
				best = a;
		}
	*ip = best;
	*more = n > 1 ? n - 1 : 0;
	if (best.v) {
		t[addr_put(t, &best)] = 0;
		snprintf(dst, cap, "%s", t);
	} else if (scan_get(o, "macs", &list)) {
		scan_in(&s, &list);
		if (scan_elem(&s, &x))
			sval_text(&x, dst, cap);
	}
}

void
label_name(const struct sval *o, char *dst, size_t cap)
{
	static const char *const lists[] = { "hostnames", "names" };
	struct sval list, x;
	struct scan s;

	if (*item_text(o, "register.id", dst, cap) || *item_text(o, "name", dst, cap))
		return;
	for (int i = 0; i < 2 && !*dst; i++)
		if (scan_get(o, lists[i], &list)) {
			scan_in(&s, &list);
			if (scan_elem(&s, &x))
				sval_text(&x, dst, cap);
		}
}

bool
label_everyday(const char *app)
{
	static const char *const names[] = { "arp", "icmp", "dhcp", "dhcpv6", "dns", "mdns",
		"llmnr", "ntp", "lldp", "cdp", "ssdp", "igmp", "stp", "nbns", NULL };

	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], app) == 0)
			return true;
	return false;
}
