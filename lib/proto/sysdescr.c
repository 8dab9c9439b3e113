#include "proto/sysdescr.h"

#include "base/ascii.h"

#include <strings.h>

const char *
text_find(struct text s, const char *lit)
{
	size_t n = strlen(lit);
	int first = ascii_lower(lit[0]);

	/* a page is searched for many words: most of its letters begin none */
	for (uint32_t i = 0; i + n <= s.n; i++)
		if ((!n || ascii_lower(s.p[i]) == first) && strncasecmp(s.p + i, lit, n) == 0)
			return s.p + i;
	return NULL;
}

static struct text
from(struct text s, const char *p)
{
	return (struct text){ p, s.n - (uint32_t)(p - s.p) };
}

/* Up to the first of the given characters, blanks around it cut. */
static struct text
until(struct text s, const char *stop)
{
	uint32_t n = 0;

	while (n < s.n && (s.p[n] == '\0' || !strchr(stop, s.p[n])))
		n++;
	return text_trim(s.p, n);
}

/* The word after a label that begins a word itself: "FW: V4.02, " gives
 * "V4.02". It must begin like a version: with a digit, or a letter and one. */
static struct text
after(struct text s, const char *label)
{
	struct text rest = s, w;
	const char *p;

	while (rest.n && (p = text_find(rest, label))) {
		bool begins = p == s.p || !ascii_letter(p[-1]);

		rest = from(s, p + strlen(label));
		w = rest;
		while (w.n && (*w.p == ' ' || *w.p == ':' || *w.p == '='))
			w.p++, w.n--;
		if (w.n > 8 && strncasecmp(w.p, "version ", 8) == 0)
			w.p += 8, w.n -= 8;
		w = until(w, " ,;\t\r\n");
		for (uint32_t i = 0; begins && i < w.n && i < 3; i++)
			if (ascii_digit(w.p[i]))
				return w;
	}
	return (struct text){ NULL, 0 };
}

static bool
starts(struct text s, const char *lit)
{
	return s.n >= strlen(lit) && strncasecmp(s.p, lit, strlen(lit)) == 0;
}

/* Siemens' order numbers: "6GK5 212-2BB00-2AA3". */
static struct text
siemens_order(struct text s)
{
	for (uint32_t i = 0; i + 8 < s.n; i++) {
		const char *p = s.p + i;
		if (*p == '6' && ascii_upper(p[1]) && ascii_upper(p[2]) &&
		    ascii_digit(p[3]) && (i == 0 || p[-1] == ' ' || p[-1] == ','))
			return until(from(s, p), ",;\r\n");
	}
	return (struct text){ NULL, 0 };
}

/* The part number k of a list with commas. */
static struct text
part(struct text s, unsigned k)
{
	for (uint32_t i = 0; i < s.n && k; i++)
		if (s.p[i] == ',' && --k == 0) {
			s = from(s, s.p + i + 1);
			return until(s, ",\r\n");
		}
	return k ? (struct text){ NULL, 0 } : until(s, ",\r\n");
}

void
sysdescr_read(struct text s, struct sysdescr *d)
{
	static const struct { const char *begin, *vendor; } vendors[] = {
		{ "Cisco", "Cisco" }, { "Siemens", "Siemens" }, { "Dell ", "Dell" },
		{ "Hirschmann", "Hirschmann" }, { "Moxa", "Moxa" }, { "Juniper", "Juniper" },
		{ "ProCurve", "HP" }, { "HP ", "HP" }, { "Aruba", "Aruba" },
		{ "Phoenix Contact", "Phoenix Contact" }, { "WAGO", "WAGO" },
		{ "Beckhoff", "Beckhoff" }, { "Rockwell", "Rockwell Automation" },
	};
	static const char *const versions[] = {
		"FW", "firmware", "version", "revision", "rev",
	};

	memset(d, 0, sizeof(*d));
	d->product = until(s, "\r\n");
	if (!s.n)
		return;
	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++)
		if (starts(s, vendors[i].begin))
			d->vendor = text_c(vendors[i].vendor);
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]) && !d->firmware.n; i++)
		d->firmware = after(s, versions[i]);
	d->hardware = after(s, "HW");
	d->order_code = siemens_order(s);
	if (text_find(s, "NX-OS"))
		d->os = TEXT("Cisco NX-OS");
	else if (text_find(s, "IOS-XE") || text_find(s, "IOS XE"))
		d->os = TEXT("Cisco IOS-XE");
	else if (text_find(s, "Cisco IOS") || text_find(s, "IOS (tm)") ||
	    text_find(s, "Cisco Internetwork Operating System"))
		d->os = TEXT("Cisco IOS");
	else if (text_find(s, "Linux"))
		d->os = TEXT("Linux");
	else if (text_find(s, "Windows"))
		d->os = TEXT("Windows");
	if (d->os.n && !d->vendor.n && starts(d->os, "Cisco"))
		d->vendor = TEXT("Cisco");
	/* "Siemens, SIMATIC NET, SCALANCE X212-2, 6GK5 ..., HW: 7, FW: V4.02" */
	if (d->order_code.n && part(s, 2).n && d->order_code.p > part(s, 2).p)
		d->product = part(s, 2);
}
