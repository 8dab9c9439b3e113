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
	struct err e = { "" };
	struct remote_table *t = remote_load(&e);
	char longest[400];

	if (!ok(t != NULL, "the list is whole %s", e.text))
		return tap_done();
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		const struct remote_access *a = remote_find(t, asked[i].by, asked[i].name,
		    strlen(asked[i].name));
		ok(a ? asked[i].product && strcmp(a->product, asked[i].product) == 0 : !asked[i].product,
		    "%s: %s", asked[i].name, a ? a->product : "nobody's");
	}
	memset(longest, 'a', sizeof(longest));
	ok(!remote_find(t, REMOTE_HOST, longest, sizeof(longest)), "no name is so long");
	memset(longest, '.', sizeof(longest));
	ok(!remote_find(t, REMOTE_HOST, longest, 255), "dots alone");
	ok(!remote_find(t, REMOTE_HOST, longest, 0), "nothing");
	ok(!remote_find(NULL, REMOTE_HOST, "a", 1), "no list");
	remote_free(t);
	return tap_done();
}
