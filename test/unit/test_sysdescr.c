/* sysdescr.c: what is read from texts that devices describe themselves with. */
#include "proto/sysdescr.h"
#include "tap.h"

static const struct {
	const char *text, *vendor, *product, *firmware, *hardware, *order, *os;
} cases[] = {
	{ "Siemens, SIMATIC NET, SCALANCE X212-2, 6GK5 212-2BB00-2AA3, HW: 7, FW: V4.02",
	    "Siemens", "SCALANCE X212-2", "V4.02", "7", "6GK5 212-2BB00-2AA3", "" },
	{ "Siemens, SIMATIC NET, SCALANCE XB208, 6GK5 208-0BA00-2AB2, HW: Version 2, "
	    "FW: Version V04.03.00",
	    "Siemens", "SCALANCE XB208", "V04.03.00", "2", "6GK5 208-0BA00-2AB2", "" },
	{ "Cisco IOS Software, C3560 (C3560-X), Version 12.2(44)SE, RELEASE SOFTWARE\r\nCopyright",
	    "Cisco", "Cisco IOS Software, C3560 (C3560-X), Version 12.2(44)SE, RELEASE SOFTWARE",
	    "12.2(44)SE", "", "", "Cisco IOS" },
	{ "Cisco Internetwork Operating System Software \nIOS (tm) 7200, Experimental Version 12.1(2)",
	    "Cisco", "Cisco Internetwork Operating System Software", "12.1(2)", "", "", "Cisco IOS" },
	{ "ProCurve J8762A Switch 2600-8-PWR, revision H.08.89, ROM H.08.5X", "HP",
	    "ProCurve J8762A Switch 2600-8-PWR, revision H.08.89, ROM H.08.5X", "H.08.89", "", "", "" },
	{ "Summit300-48 - Version 7.4e.1 (Build 5) by Release_Master", "",
	    "Summit300-48 - Version 7.4e.1 (Build 5) by Release_Master", "7.4e.1", "", "", "" },
	{ "Debian GNU/Linux 12 (bookworm) Linux 6.1.0-18-amd64", "",
	    "Debian GNU/Linux 12 (bookworm) Linux 6.1.0-18-amd64", "", "", "", "Linux" },
	{ "a reversion of nothing, firmware none", "", "a reversion of nothing, firmware none",
	    "", "", "", "" },
	{ "firmware=2.1", "", "firmware=2.1", "2.1", "", "", "" },
	{ "Version", "", "Version", "", "", "", "" },
	{ "6GK5 208-0BA00-2AB2", "", "6GK5 208-0BA00-2AB2", "", "", "6GK5 208-0BA00-2AB2", "" },
	{ "", "", "", "", "", "", "" },
	{ "\r\n", "", "", "", "", "", "" },
};

static bool
same(struct text t, const char *want)
{
	return t.n == strlen(want) && (t.n == 0 || memcmp(t.p, want, t.n) == 0);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sysdescr d;
		/* in memory of its own, so that reading past the end shows */
		size_t n = strlen(cases[i].text);
		char *s = malloc(n ? n : 1);

		memcpy(s, cases[i].text, n);
		sysdescr_read((struct text){ s, (uint32_t)n }, &d);
		ok(same(d.vendor, cases[i].vendor) && same(d.product, cases[i].product) &&
		    same(d.firmware, cases[i].firmware) && same(d.hardware, cases[i].hardware) &&
		    same(d.order_code, cases[i].order) && same(d.os, cases[i].os),
		    "%.40s", n > 2 ? cases[i].text : "(nothing)");
		free(s);
	}
	return tap_done();
}
