/* The list of remote services: whole, without doubles, found by the ends of names. */
#include "proto/remote_access.h"
#include "tap.h"

#include <string.h>

static const struct { enum remote_by by; const char *name, *product; } asked[] = {
	{ REMOTE_HOST, "anydesk.com", "AnyDesk" },
	{ REMOTE_HOST, "relay-1.net.AnyDesk.com", "AnyDesk" },
	{ REMOTE_HOST, "relay-1.net.anydesk.com.", "AnyDesk" },
	{ REMOTE_HOST, "myanydesk.com", NULL },
	{ REMOTE_HOST, "anydesk.com.lab.example", NULL },
	{ REMOTE_HOST, "com", NULL },
	{ REMOTE_HOST, ".", NULL },
	{ REMOTE_HOST, "..", NULL },
	{ REMOTE_HOST, "device.vpn21.talk2m.com", "Ewon Talk2M" },
	{ REMOTE_HOST, "iot.eu-north-1.amazonaws.com", "AWS IoT" },
	{ REMOTE_HOST, "x-ats.iot.eu-north-1.amazonaws.com", "AWS IoT" },
	{ REMOTE_HOST, "iot.amazonaws.com", NULL },
	{ REMOTE_HOST, "iot.a.b.amazonaws.com", NULL },
	{ REMOTE_HOST, "eu-north-1.amazonaws.com", NULL },
	{ REMOTE_HOST, "iot..amazonaws.com", NULL },
	{ REMOTE_HOST, "AnyDesk Client", NULL },
	{ REMOTE_CERTIFICATE, "AnyDesk Client", "AnyDesk" },
	{ REMOTE_CERTIFICATE, "anydesk.com", NULL },
	{ REMOTE_ALPN, "bep/1.0", "Syncthing" },
	{ REMOTE_ALPN, "h2", NULL },
};

int
main(void)
{
	static struct remote_table t[1];
	size_t at;
	const char *why = remote_fill(t, &at);
	char longest[400];

	if (!ok(!why, "the list is whole: %s, entry %zu", why ? why : "yes", at))
		return tap_done();
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		const struct remote_access *a = remote_find(t, asked[i].by, asked[i].name,
		    strlen(asked[i].name));
		const char *want = asked[i].product;
		ok(a ? want && a->product.n == strlen(want) &&
		    memcmp(a->product.p, want, a->product.n) == 0 : !want, "%s: %s", asked[i].name,
		    want ? want : "nobody's");
	}
	memset(longest, 'a', sizeof(longest));
	ok(!remote_find(t, REMOTE_HOST, longest, sizeof(longest)), "no name is so long");
	memset(longest, '.', sizeof(longest));
	ok(!remote_find(t, REMOTE_HOST, longest, 255), "dots alone");
	ok(!remote_find(t, REMOTE_HOST, longest, 0), "nothing");
	return tap_done();
}
