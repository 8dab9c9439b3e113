#include "proto/line.h"

#include "base/ascii.h"
#include "proto/sysdescr.h"

ssize_t
line_frame(const struct rd *r)
{
	uint32_t have = rd_have(r);
	const uint8_t *p = rd_at(r), *lf;

	if (!have)
		return 0;
	lf = memchr(p, '\n', have < LINE_MAX_BYTES ? have : LINE_MAX_BYTES);
	if (lf)
		return lf - p + 1;
	return have >= LINE_MAX_BYTES ? LINE_MAX_BYTES : 0;
}

unsigned
line_code(struct text t, bool *more)
{
	*more = false;
	if (t.n < 3 || t.p[0] < '1' || t.p[0] > '5' || !ascii_digit(t.p[1]) || !ascii_digit(t.p[2]))
		return 0;
	if (t.n > 3 && t.p[3] != ' ' && t.p[3] != '-')
		return 0;
	*more = t.n > 3 && t.p[3] == '-';
	return (unsigned)(t.p[0] - '0') * 100 + (unsigned)(t.p[1] - '0') * 10 +
	    (unsigned)(t.p[2] - '0');
}

bool
line_is_reply(const struct rd *r)
{
	int a = rd_peek8(r, 0), d = rd_peek8(r, 3);

	return a >= '1' && a <= '5' && ascii_digit(rd_peek8(r, 1)) && ascii_digit(rd_peek8(r, 2)) &&
	    (d == ' ' || d == '-' || d == '\r' || d == '\n');
}

bool
line_reply_begun(const struct rd *r)
{
	uint32_t n = rd_have(r);

	for (uint32_t i = 0; i < n; i++)
		if (!ascii_digit(rd_peek8(r, i)))
			return false;
	return n && n < 4;
}

size_t
line_verb(struct text t, char *verb, size_t n, struct text *rest)
{
	size_t i;

	for (i = 0; i < t.n && i < n - 1; i++) {
		char c = t.p[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c < 'A' || c > 'Z')
			break;
		verb[i] = c;
	}
	verb[i] = '\0';
	if (i < t.n && t.p[i] != ' ')
		verb[i = 0] = '\0';
	*rest = i < t.n ? text_trim(t.p + i, t.n - i) : (struct text){ 0 };
	return i;
}

struct text
line_word(struct text *t)
{
	struct text w = { t->p, 0 };

	if (!t->n)
		return w;
	while (w.n < t->n && t->p[w.n] != ' ')
		w.n++;
	t->p += w.n;
	t->n -= w.n;
	while (t->n && *t->p == ' ') {
		t->p++;
		t->n--;
	}
	return w;
}

bool
text_is_name(struct text t, size_t max)
{
	if (!t.n || t.n > max)
		return false;
	for (uint32_t i = 0; i < t.n; i++) {
		char c = ascii_lower(t.p[i]);
		if (!(c >= 'a' && c <= 'z') && !ascii_digit(c) && c != '.' && c != '-' && c != '_')
			return false;
	}
	return true;
}

/* Products that laboratories and plants have; a version follows the words. */
static const struct { const char *words, *product, *vendor, *os; } known[] = {
	{ "vsftpd", "vsFTPd", NULL, NULL }, { "proftpd", "ProFTPD", NULL, NULL },
	{ "pure-ftpd", "Pure-FTPd", NULL, NULL }, { "netbsd-ftpd", "NetBSD-ftpd", NULL, "NetBSD" },
	{ "filezilla server", "FileZilla Server", NULL, "Windows" },
	{ "microsoft ftp service", "Microsoft FTP Service", "Microsoft", "Windows" },
	{ "microsoft telnet", "Microsoft Telnet Service", "Microsoft", "Windows" },
	{ "microsoft esmtp mail service", "Microsoft ESMTP MAIL Service", "Microsoft", "Windows" },
	{ "serv-u", "Serv-U", "SolarWinds", "Windows" }, { "vxworks", NULL, NULL, "VxWorks" },
	{ "wu-", "wu-ftpd", NULL, NULL }, { "bftpd", "bftpd", NULL, NULL },
	{ "pyftpdlib", "pyftpdlib", NULL, NULL }, { "busybox", "BusyBox", NULL, "Linux" },
	{ "nucleus", NULL, NULL, "Nucleus" }, { "quantum", NULL, "Schneider Electric", NULL },
	{ "schneider", NULL, "Schneider Electric", NULL }, { "siemens", NULL, "Siemens", NULL },
	{ "scalance", "SCALANCE", "Siemens", NULL }, { "ruggedcom", "RUGGEDCOM", "Siemens", NULL },
	{ "simatic", "SIMATIC", "Siemens", NULL }, { "moxa", NULL, "Moxa", NULL },
	{ "nport", "NPort", "Moxa", NULL }, { "hirschmann", NULL, "Hirschmann", NULL },
	{ "lantronix", NULL, "Lantronix", NULL }, { "beckhoff", NULL, "Beckhoff", NULL },
	{ "wago", NULL, "WAGO", NULL }, { "phoenix contact", NULL, "Phoenix Contact", NULL },
	{ "jetdirect", "JetDirect", "HP", NULL }, { "mikrotik", "RouterOS", "MikroTik", NULL },
	{ "user access verification", NULL, "Cisco", "IOS" }, { "cisco", NULL, "Cisco", NULL },
	{ "agilent", NULL, "Agilent", NULL }, { "keysight", NULL, "Keysight", NULL },
	{ "waters", NULL, "Waters", NULL }, { "axis", NULL, "Axis", NULL },
	{ "postfix", "Postfix", NULL, NULL }, { "exim", "Exim", NULL, NULL },
	{ "sendmail", "Sendmail", NULL, NULL }, { "opensmtpd", "OpenSMTPD", NULL, NULL },
	{ "windows_nt", NULL, "Microsoft", "Windows" }, { "ubuntu", NULL, NULL, "Ubuntu" },
	{ "debian", NULL, NULL, "Debian" }, { "freebsd", NULL, NULL, "FreeBSD" },
	{ "openbsd", NULL, NULL, "OpenBSD" }, { "linux", NULL, NULL, "Linux" },
};

/* "3.0.3", "V7.5", "1.3.5a" behind a product's words, a bracket or blank between. */
static struct text
version_at(const char *p, const char *end)
{
	const char *from;

	while (p < end && (*p == ' ' || *p == '(' || *p == '/' || *p == '[' || *p == '-'))
		p++;
	if (p < end && (*p == 'v' || *p == 'V'))
		p++;
	for (from = p; p < end && p - from < 32 && (ascii_digit(*p) || *p == '.' ||
	    *p == '-' || *p == '_' || (p > from && ascii_letter(*p))); p++)
		;
	while (p > from && (p[-1] == '.' || p[-1] == '-'))
		p--;
	return from < p && ascii_digit(*from) ? (struct text){ from, (uint32_t)(p - from) } :
	    (struct text){ 0 };
}

void
banner_read(struct text t, struct banner *b)
{
	memset(b, 0, sizeof(*b));
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const char *at = text_find(t, known[i].words);
		struct text v;

		if (!at)
			continue;
		/* a word of its own: no "waters" in "freshwaters.example" */
		if (at > t.p && ascii_letter(at[-1]))
			continue;
		if (known[i].product && !b->product.n) {
			b->product = text_c(known[i].product);
			v = version_at(at + strlen(known[i].words), t.p + t.n);
			if (v.n)
				b->version = v;
		}
		if (known[i].vendor && !b->vendor.n)
			b->vendor = text_c(known[i].vendor);
		if (known[i].os && !b->os.n) {
			v = version_at(at + strlen(known[i].words), t.p + t.n);
			b->os = text_c(known[i].os);
			if (!known[i].product && !b->version.n)
				b->version = v;
		}
	}
}
