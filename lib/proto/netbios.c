/* netbios.c: NetBIOS names. */
#include "proto/netbios.h"

#include "base/tok.h"

static const struct tok unique[] = {
	{ 0x00, "workstation" }, { 0x06, "ras_server" }, { 0x1b, "domain_master_browser" },
	{ 0x1d, "master_browser" }, { 0x1f, "netdde" }, { 0x20, "file_server" },
	{ 0x21, "ras_client" }, { 0xbe, "network_monitor" }, { 0x03, "messenger" }, { 0, NULL },
};
static const struct tok groups[] = {
	{ 0x00, "domain" }, { 0x01, "master_browser" }, { 0x1c, "domain_controllers" },
	{ 0x1e, "browser_elections" }, { 0, NULL },
};

bool
nb_name(struct rd *r, struct nb_name *n)
{
	uint8_t k = rd_u8(r);
	const uint8_t *p;

	memset(n, 0, sizeof(*n));
	if ((k & 0xc0) == 0xc0) {
		rd_skip(r, 1);
		return false;
	}
	if (k != 32) {
		rd_set_bad(r);
		return false;
	}
	p = rd_bytes(r, 32);
	for (unsigned i = 0; p && i < 16; i++) {
		uint8_t hi = (uint8_t)(p[2 * i] - 'A'), lo = (uint8_t)(p[2 * i + 1] - 'A');
		if (hi > 15 || lo > 15) {
			rd_set_bad(r);
			return false;
		}
		n->b[i] = (uint8_t)(hi << 4 | lo);
	}
	while (rd_left(r) && (k = rd_u8(r))) {          /* the scope */
		if (k & 0xc0) {
			rd_skip(r, 1);
			break;
		}
		rd_skip(r, k);
	}
	return rd_ok(r);
}

struct text
nb_text(struct ev *e, const struct nb_name *n)
{
	unsigned from = 0, k = 15;
	char *d;

	if (n->b[15] == 0x03)
		return (struct text){ 0 };
	if (n->b[0] == '*')
		return TEXT("*");
	if (n->b[0] == 0x01 && n->b[1] == 0x02)         /* \x01\x02__MSBROWSE__\x02 */
		return TEXT("__MSBROWSE__");
	while (k && (n->b[k - 1] == ' ' || n->b[k - 1] == '\0'))
		k--;
	if (k == from || !(d = ev_room(e, k)))
		return (struct text){ 0 };
	/* code pages differ by machine: what is not ASCII is unknown */
	for (unsigned i = 0; i < k; i++)
		d[i] = n->b[i] >= 0x20 && n->b[i] < 0x7f ? (char)n->b[i] : '?';
	return (struct text){ d, k };
}

const char *
nb_service(uint8_t suffix, bool group)
{
	return tok_find(group ? groups : unique, suffix);
}

const char *
windows_name(unsigned major, unsigned minor)
{
	static const struct tok names[] = {
		{ 0x0400, "Windows NT 4.0" }, { 0x0500, "Windows 2000" }, { 0x0501, "Windows XP" },
		{ 0x0502, "Windows Server 2003" }, { 0x0600, "Windows Vista or Server 2008" },
		{ 0x0601, "Windows 7 or Server 2008 R2" }, { 0x0602, "Windows 8 or Server 2012" },
		{ 0x0603, "Windows 8.1 or Server 2012 R2" }, { 0x0a00, "Windows 10 or later" },
		{ 0, NULL },
	};
	return major < 256 && minor < 256 ? tok_find(names, major << 8 | minor) : NULL;
}
