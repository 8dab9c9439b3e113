/* register_value.c: what stands in a cell. */
#include "model/register_impl.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

static bool
text_value(struct reading *g, int field, const char *s)
{
	/* two columns for one field: the first that says something */
	if (!g->now.text[field])
		g->now.text[field] = reg_keep(g->r, s, strlen(s));
	return g->now.text[field] != NULL;
}

/* ---- addresses ------------------------------------------------------------ */

bool
reg_add_mac(struct reg_entry *e, const uint8_t mac[6])
{
	uint8_t (*more)[6];

	for (size_t i = 0; i < e->nmac; i++)
		if (memcmp(e->mac[i], mac, 6) == 0)
			return true;
	if (e->nmac == LIM_REGISTER_ADDRS)
		return true;
	if (!(more = realloc(e->mac, (e->nmac + 1) * sizeof(*more))))
		return false;
	e->mac = more;
	memcpy(more[e->nmac++], mac, 6);
	return true;
}

bool
reg_add_ip(struct reg_entry *e, const struct addr *ip)
{
	struct addr *more;

	for (size_t i = 0; i < e->nip; i++)
		if (addr_eq(&e->ip[i], ip))
			return true;
	if (e->nip == LIM_REGISTER_ADDRS)
		return true;
	if (!(more = realloc(e->ip, (e->nip + 1) * sizeof(*more))))
		return false;
	e->ip = more;
	more[e->nip++] = *ip;
	return true;
}

bool
reg_join_lists(struct reg_entry *to, const struct reg_entry *from)
{
	bool good = true;
	size_t i;

	for (i = 0; good && i < from->nmac; i++)
		good = reg_add_mac(to, from->mac[i]);
	for (i = 0; good && i < from->nip; i++)
		good = reg_add_ip(to, &from->ip[i]);
	return good;
}

/* Pairs apart by blanks, as some labels have it: "00 30 d3 1a 04 17". */
static bool
spaced_mac(uint8_t mac[6], const char *s)
{
	char t[13];
	size_t n = 0;

	for (; *s; s++) {
		if (*s == ' ')
			continue;
		if (ascii_hex(*s) < 0 || n == 12)
			return false;
		t[n++] = *s;
	}
	return n == 12 && mac_parse(mac, t, n);
}

static bool
ip_of(struct addr *a, const char *s, size_t n)
{
	struct cidr c;

	if (addr_parse(a, s, n))
		return true;
	/* with the length of its network's prefix: the address is what counts */
	for (size_t i = 0; i < n; i++)
		if (s[i] == '/')
			return cidr_parse(&c, s, n) && addr_parse(a, s, i);
	return false;
}

static bool
list_value(struct reading *g, int field, const char *column, const char *s)
{
	static const char between[] = " ,;|\n\t\r";
	uint8_t mac[6];
	struct addr a;
	char t[80];
	size_t n;

	if (field == REG_MAC && spaced_mac(mac, s))
		return reg_add_mac(&g->now, mac);
	for (; s += strspn(s, between), *s; s += n) {
		n = strcspn(s, between);
		if (field == REG_MAC && mac_parse(mac, s, n)) {
			static const uint8_t none[6], all[6] = { 255, 255, 255, 255, 255, 255 };
			if (memcmp(mac, none, 6) == 0 || memcmp(mac, all, 6) == 0 || mac[0] & 1)
				reg_faulty(g, column, "not one device's MAC address", s);
			else if (!reg_add_mac(&g->now, mac))
				return false;
		} else if (field == REG_IP && ip_of(&a, s, n)) {
			if (!reg_add_ip(&g->now, &a))
				return false;
		} else {
			snprintf(t, sizeof(t), "%.*s", (int)(n < 70 ? n : 70), s);
			if (titles_word(g->heads, "nothing", t))
				continue;
			reg_faulty(g, column, field == REG_MAC ? "not a MAC address" :
			    "not an IP address", t);
		}
	}
	return true;
}

/* ---- dates, classes, yes and no -------------------------------------------- */

static unsigned
digits(const char **s, unsigned most)
{
	unsigned v = 0, n = 0;

	for (; n < most && ascii_digit(**s); n++)
		v = v * 10 + (unsigned)(*(*s)++ - '0');
	return n ? v : 0;
}

bool
reg_date(char dst[11], const char *s)
{
	unsigned year, month = 12, day = 0;
	int y, m, d;
	char sep;

	if ((year = digits(&s, 4)) < 1970 || year > 9999)
		return false;
	sep = *s;
	if (ascii_digit(sep)) {                 /* 20261209 */
		month = digits(&s, 2);
		day = digits(&s, 2);
		if (!day)
			return false;
	} else if (sep == '-' || sep == '/' || sep == '.') {
		s++;
		month = digits(&s, 2);
		if (*s == sep) {
			s++;
			if ((day = digits(&s, 2)) == 0)
				return false;
		}
	}
	/* a spreadsheet may write the time of day as well */
	if (day && (*s == ' ' || *s == 'T'))
		s += strspn(s, " T0123456789:.,Z");
	if (*s || month < 1 || month > 12)
		return false;
	stamp_civil(stamp_days((int)year + (month == 12), (int)month % 12 + 1, 1) - 1, &y, &m, &d);
	if (day > (unsigned)d)
		return false;
	snprintf(dst, 11, "%04u-%02u-%02u", year % 10000, month % 100, (day ? day : (unsigned)d) %
	    100);
	return true;
}

/* "3/2/4", "3-2-4", "324", "K3 R2 T4": three digits up to 4, in this order. */
static bool
klassa_value(struct reading *g, const char *column, const char *s)
{
	int v[3], n = 0;

	for (const char *p = s; *p; p++) {
		if (!ascii_digit(*p))
			continue;
		if (n == 3 || *p > '4' || ascii_digit(p[1]) != (strlen(s) == 3 && n < 2)) {
			n = 0;
			break;
		}
		v[n++] = *p - '0';
	}
	if (n != 3) {
		reg_faulty(g, column, "not three classes from 0 to 4", s);
		return true;
	}
	memcpy(g->klassa, v, sizeof(v));
	return true;
}

static bool
class_value(struct reading *g, int which, const char *column, const char *s)
{
	const char *d = s + (ascii_letter(*s) ? 1 : 0);

	if (d[0] >= '0' && d[0] <= '4' && !ascii_digit(d[1]))
		g->klassa[which] = d[0] - '0';
	else
		reg_faulty(g, column, "not a class from 0 to 4", s);
	return true;
}

/* A number of twelve digits that a spreadsheet took for one: "1,23457E+11". */
static bool
is_rounded(const char *s)
{
	if (!ascii_digit(*s++) || (*s != ',' && *s != '.'))
		return false;
	for (s++; ascii_digit(*s); s++)
		;
	return ascii_lower(*s) == 'e' && s[1] == '+' && ascii_digit(s[2]);
}

bool
reg_value(struct reading *g, int field, const char *column, const char *s)
{
	char date[11];

	if (!*s || (field != REG_IN_USE && titles_word(g->heads, "nothing", s)))
		return true;
	switch (field) {
	case REG_MAC:
	case REG_IP:
		return list_value(g, field, column, s);
	case REG_KLASSA:
		return klassa_value(g, column, s);
	case REG_KLASSA_K:
	case REG_KLASSA_R:
	case REG_KLASSA_T:
		return class_value(g, field - REG_KLASSA_K, column, s);
	case REG_CALIBRATION_DUE:
	case REG_END_OF_SUPPORT:
		if (reg_date(date, s))
			return text_value(g, field, date);
		reg_faulty(g, column, "not a date as in 2026-12-09", s);
		return true;
	case REG_IN_USE:
		if (titles_word(g->heads, "no", s))
			return text_value(g, field, "false");
		if (titles_word(g->heads, "yes", s))
			return text_value(g, field, "true");
		if (!titles_word(g->heads, "nothing", s))
			reg_faulty(g, column, "neither yes nor no", s);
		return true;
	case REG_ID:
	case REG_SERIAL:
		if (is_rounded(s)) {
			reg_faulty(g, column, "rounded by a spreadsheet", s);
			return true;
		}
		break;
	}
	return text_value(g, field, s);
}
