/* site_list.c: values of lists: prefixes, addresses, MACs, VLANs, ports, hours, texts. */
#include "model/site_impl.h"

#include <stdlib.h>
#include <string.h>

size_t
site_element_size(enum site_kind kind)
{
	switch (kind) {
	case K_CIDRS: return sizeof(struct cidr);
	case K_ADDRS: return sizeof(struct addr);
	case K_MACS:  return sizeof(struct site_mac);
	case K_VLANS: return sizeof(uint16_t);
	case K_PORTS: return sizeof(struct site_port);
	case K_HOURS: return sizeof(struct site_span);
	default:      return sizeof(const char *);
	}
}

static bool
read_mac(struct site_mac *m, const char *s)
{
	char full[32];
	size_t n = strlen(s);

	m->len = 6;
	if (mac_parse(m->b, s, n))
		return true;
	if (n > 8)
		return false;
	/* a maker's prefix: half an address in the same way of writing */
	m->len = 3;
	if (n == 6)
		snprintf(full, sizeof(full), "%s000000", s);
	else
		snprintf(full, sizeof(full), "%s%c00%c00%c00", s, s[2], s[2], s[2]);
	return mac_parse(m->b, full, strlen(full));
}

static bool
read_port(struct site_port *p, const json_t *v)
{
	const char *s;
	char *end;
	unsigned long lo, hi;

	if (json_is_integer(v)) {
		lo = hi = json_integer_value(v) < 0 ? 0 : (unsigned long)json_integer_value(v);
	} else if (json_is_string(v)) {
		s = json_string_value(v);
		if (!isdigit((unsigned char)*s))
			return false;
		lo = hi = strtoul(s, &end, 10);
		if (*end == '-' && isdigit((unsigned char)end[1]))
			hi = strtoul(end + 1, &end, 10);
		if (*end)
			return false;
	} else {
		return false;
	}
	p->lo = (uint16_t)lo;
	p->hi = (uint16_t)hi;
	return lo > 0 && lo <= hi && hi <= 65535;
}

/* ---- hours ------------------------------------------------------------------ */

static const char *const day_names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

static int
day_of(const char *s, size_t n)
{
	for (int i = 0; i < 7; i++)
		if (n == 3 && memcmp(day_names[i], s, 3) == 0)
			return i;
	return -1;
}

/* "mon", "mon-fri", "fri-mon". */
static bool
read_days(struct site_span *x, const char *s)
{
	size_t n = s ? strcspn(s, "-") : 0;
	int from = s ? day_of(s, n) : -1, to = from;

	if (s && s[n] == '-')
		to = day_of(s + n + 1, strlen(s + n + 1));
	if (from < 0 || to < 0)
		return false;
	for (;; from = (from + 1) % 7) {
		x->days |= (uint8_t)(1u << from);
		if (from == to)
			return true;
	}
}

static bool
read_minute(uint16_t *dst, const char *s)
{
	unsigned h, m;

	if (!s || strlen(s) != 5 || s[2] != ':' || strspn(s, "0123456789") != 2 ||
	    strspn(s + 3, "0123456789") != 2)
		return false;
	h = (unsigned)(s[0] - '0') * 10 + (unsigned)(s[1] - '0');
	m = (unsigned)(s[3] - '0') * 10 + (unsigned)(s[4] - '0');
	*dst = (uint16_t)(h * 60 + m);
	return m < 60 && *dst <= 24 * 60;
}

static bool
bad_days(struct site_at *a, const json_t *v)
{
	char shown[SITE_SHOWN];

	return site_bad(a, "%s is not days of the week: expected mon-fri, or a list of mon, tue, "
	    "wed, thu, fri, sat, sun", site_shown(shown, v));
}

static bool
read_clock(struct site_at *a, const char *key, const json_t *v, uint16_t *dst)
{
	char shown[SITE_SHOWN];
	bool more;

	if (read_minute(dst, json_string_value(v)))
		return true;
	site_in(a, key);
	more = site_bad(a, "%s is not a time of day: expected 00:00 to 24:00, such as 07:00",
	    site_shown(shown, v));
	site_out(a);
	return more;
}

static bool
read_span(struct site_at *a, struct site_span *x, const json_t *o)
{
	static const char *const names[] = { "days", "from", "to" };
	const json_t *days = json_object_get(o, "days"), *v;
	char shown[SITE_SHOWN];
	const char *k;
	bool more = true;
	size_t i;

	if (!json_is_object(o))
		return site_bad(a, "%s is not hours: expected {\"days\": \"mon-fri\", \"from\": "
		    "\"07:00\", \"to\": \"17:00\"}", site_shown(shown, o));
	for (i = 0; i < 3; i++)
		if (!json_object_get(o, names[i]) &&
		    !site_bad(a, "member missing: expected \"%s\"", names[i]))
			return false;
	json_object_foreach((json_t *)o, k, v)
		if (strcmp(k, "days") != 0 && strcmp(k, "from") != 0 && strcmp(k, "to") != 0 &&
		    strncmp(k, "x-", 2) != 0) {
			site_in(a, k);
			more = site_bad_name(a, "unknown member: expected days, from and to "
			    "(\"x-...\" is free)");
			site_out(a);
			if (!more)
				return false;
		}
	site_in(a, "days");
	for (i = 0; more && json_is_array(days) && i < json_array_size(days); i++) {
		site_nth(a, i);
		if (!read_days(x, json_string_value(json_array_get(days, i))))
			more = bad_days(a, json_array_get(days, i));
		site_out(a);
	}
	if (more && days && (json_is_array(days) ? i == 0 : !read_days(x, json_string_value(days))))
		more = bad_days(a, days);
	site_out(a);
	if (!more || ((v = json_object_get(o, "from")) && !read_clock(a, "from", v, &x->from)) ||
	    ((v = json_object_get(o, "to")) && !read_clock(a, "to", v, &x->to)))
		return false;
	if (x->days && x->from == x->to && a->nfaults == 0)
		return site_bad(a, "these hours last no time: expected another \"to\" than \"from\" "
		    "(00:00 to 24:00 is the whole day)");
	return true;
}

/* ---- all of them --------------------------------------------------------------- */

bool
site_read_element(struct site_at *a, const struct site_member *m, size_t i, const json_t *v,
    void *list)
{
	const char *s = json_string_value(v), *what, *expected;
	char shown[SITE_SHOWN];
	struct site_member one = *m;
	bool good;

	switch (m->kind) {
	case K_CIDRS:
		good = s && cidr_parse(&((struct site_cidrs *)list)->v[i], s, strlen(s));
		if (!good)      /* none, not half of one */
			((struct site_cidrs *)list)->v[i] = (struct cidr){ { { 0 }, 0 }, 0 };
		what = "a prefix";
		expected = s && strchr(s, ':') ?
		    "an address and a length of 0 to 128, such as fd00:20::/64" :
		    "an address and a length of 0 to 32, such as 10.20.0.0/24";
		break;
	case K_ADDRS:
		good = s && addr_parse(&((struct site_addrs *)list)->v[i], s, strlen(s));
		what = "an address";
		expected = "one such as 10.20.0.9 or fd00:20::9";
		break;
	case K_MACS:
		good = s && read_mac(&((struct site_macs *)list)->v[i], s);
		what = "a MAC address";
		expected = "six bytes such as 00:90:e8:31:70:0c, or a maker's three";
		break;
	case K_VLANS:
		((struct site_vlans *)list)->v[i] = (uint16_t)json_integer_value(v);
		good = json_is_integer(v) && json_integer_value(v) > 0 &&
		    json_integer_value(v) < 4095;
		what = "a VLAN";
		expected = "a number from 1 to 4094, without quotes";
		break;
	case K_PORTS:
		good = read_port(&((struct site_ports *)list)->v[i], v);
		what = "a port";
		expected = "a number from 1 to 65535, or a range such as \"1000-2000\"";
		break;
	case K_HOURS:
		return read_span(a, &((struct site_hours *)list)->v[i], v);
	default:
		one.kind = m->kind == K_ENUMS ? K_ENUM : K_TEXT;
		return site_read_value(a, &one, v, &((struct site_strs *)list)->v[i]);
	}
	return good || site_bad(a, "%s is not %s: expected %s", site_shown(shown, v), what, expected);
}
