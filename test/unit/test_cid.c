/* community_id against the reference values of version 1, seed 0. */
#include "net/cid.h"
#include "tap.h"

#include <string.h>

static const struct {
	uint8_t proto;
	const char *src;
	uint16_t sport;
	const char *dst;
	uint16_t dport;
	const char *cid, *what;
} cases[] = {
	{ 6, "10.20.0.5", 49152, "10.20.0.9", 502, "1:7wY1Jd3c21kZBQJvFt/2ncD+sIM=", "TCP" },
	{ 6, "10.20.0.9", 502, "10.20.0.5", 49152, "1:7wY1Jd3c21kZBQJvFt/2ncD+sIM=", "TCP, the way back" },
	{ 17, "10.20.0.5", 47808, "10.20.0.255", 47808, "1:dr02Rw00xwRlpf8BPzu/DwapkVo=", "UDP, equal ports" },
	{ 1, "10.20.0.5", 8, "10.20.0.9", 0, "1:c8lq3LLE1pp/vAqjJGg937jpfdc=", "echo request" },
	{ 1, "10.20.0.9", 0, "10.20.0.5", 0, "1:c8lq3LLE1pp/vAqjJGg937jpfdc=", "echo reply" },
	{ 1, "10.20.0.5", 3, "10.20.0.9", 1, "1:4M5mhOg2Uujh2yP8c2yd6moip2E=", "unreachable: one way" },
	{ 6, "fd00::5", 50000, "fd00::9", 4840, "1:xOdmIlN482FegyZ75+Kdta27VaU=", "IPv6" },
	{ 17, "192.168.1.52", 54585, "8.8.8.8", 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", "DNS" },
	{ 46, "10.1.12.1", 0, "10.1.12.2", 0, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=", "RSVP: no ports" },
	{ 46, "10.1.12.2", 0, "10.1.12.1", 0, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=", "RSVP, the way back" },
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct addr a, b;
		char got[CID_TEXT];

		addr_parse(&a, cases[i].src, strlen(cases[i].src));
		addr_parse(&b, cases[i].dst, strlen(cases[i].dst));
		cid_put(got, cases[i].proto, &a, cases[i].sport, &b, cases[i].dport);
		ok(strcmp(got, cases[i].cid) == 0, "%s: %s", cases[i].what, got);
	}
	return tap_done();
}
