/* gen_chatter.c: what stations say to find each other: DNS, DHCP, mDNS, SSDP, NBNS, NTP, ARP. */
#include "gen_office.h"

#include <stdio.h>
#include <string.h>

static const struct host router = { { 0x02, 0x4f, 0x54, 1, 0, 1 }, { 10, 30, 0, 1 },
	{ 0x20, 1, 0x0d, 0xb8, 0, 0x1e, [15] = 1 } };
static const struct host resolver = { { 0x02, 0x4f, 0x54, 1, 0, 2 }, { 10, 30, 0, 2 },
	{ 0x20, 1, 0x0d, 0xb8, 0, 0x1e, [15] = 2 } };
static const struct host everybody = { { 255, 255, 255, 255, 255, 255 },
	{ 255, 255, 255, 255 }, { 0 } };

static void
send_to(const struct host *s, unsigned sp, const struct host *d, unsigned dp, bool v6)
{
	(v6 ? udp6 : udp)(s, sp, d, dp);
}

/* ------------------------------------------------------------ DNS */

/* "www.lab.example" as labels. */
static void
labels(const char *name)
{
	while (*name) {
		unsigned n = (unsigned)strcspn(name, ".");
		p8(n), pbytes(name, n);
		name += n + (name[n] == '.');
	}
	p8(0);
}

static void
record(unsigned type, unsigned ttl, const void *data, unsigned n)
{
	p16(0xc00c), p16(type), p16(1), p32(ttl), p16(n), pbytes(data, n);
}

void
ask_name(const struct host *h, const char *name, bool v6, const struct host *is)
{
	enum { A = 1, CNAME = 5, AAAA = 28, HTTPS = 65 };
	static const unsigned types[] = { A, AAAA, HTTPS };
	static const uint8_t https[] = { 0, 1, 0, 0, 1, 0, 6, 2, 'h', '3', 2, 'h', '2' };
	unsigned kinds = 2 + rnd(2), id, port, at;
	bool other = rnd(4) == 0;

	for (unsigned k = 0; k < kinds; k++) {
		id = rnd(65536);
		port = 32768 + rnd(28000);
		for (unsigned answer = 0; answer < 2; answer++) {
			p16(id), p16(answer ? 0x8180 : 0x0100), p16(1), p16(answer ? 1 + other : 0);
			p16(0), p16(1);
			labels(name), p16(types[k]), p16(1);
			if (answer && other) {  /* an alias, and the rest is about it */
				p16(0xc00c), p16(CNAME), p16(1), p32(300), at = mark(2);
				p8(4), ptext("edge"), p16(0xc00c);
				fill(at, 2);
			}
			if (answer && types[k] == A)
				record(A, 60, is->ip, 4);
			else if (answer && types[k] == AAAA)
				record(AAAA, 60, is->ip6, 16);
			else if (answer)
				record(HTTPS, 60, https, sizeof(https));
			p8(0), p16(41), p16(1232), p32(0), p16(0);      /* EDNS */
			if (answer)
				send_to(&resolver, 53, h, port, v6);
			else
				send_to(h, port, &resolver, 53, v6);
		}
	}
}

/* ------------------------------------------------------------ DHCP */

static void
dhcp(const struct host *h, unsigned number)
{
	static const uint8_t wants[] = { 55, 7, 1, 3, 6, 15, 26, 43, 252 };
	static const uint8_t mask[] = { 255, 255, 0, 0 };
	static const unsigned type[] = { 1, 2, 3, 5 };
	struct host nobody = { 0 };
	uint32_t xid = rnd(1u << 31);
	char name[16];

	memcpy(nobody.mac, h->mac, 6);
	for (unsigned i = rnd(2) * 2; i < 4; i++) {
		bool answer = i % 2;
		unsigned start = pn;
		p8(answer ? 2 : 1), p8(1), p8(6), p8(0), p32(xid), p16(0), p16(0);
		p32(0);
		answer ? pbytes(h->ip, 4) : p32(0);
		answer ? pbytes(resolver.ip, 4) : p32(0);
		p32(0), pbytes(h->mac, 6);
		while (pn < start + 236)
			p8(0);
		p32(0x63825363);
		p8(53), p8(1), p8(type[i]);
		if (answer) {
			p8(54), p8(4), pbytes(resolver.ip, 4);
			p8(51), p8(4), p32(28800), p8(1), p8(4), pbytes(mask, 4);
			p8(3), p8(4), pbytes(router.ip, 4), p8(6), p8(4), pbytes(resolver.ip, 4);
			p8(15), p8(12), ptext("corp.example");
		} else {
			p8(61), p8(7), p8(1), pbytes(h->mac, 6);
			if (i == 2) {
				p8(50), p8(4), pbytes(h->ip, 4);
				p8(54), p8(4), pbytes(resolver.ip, 4);
			}
			snprintf(name, sizeof(name), "DESK-%04u", number);
			p8(12), p8(9), ptext(name), p8(60), p8(8), ptext("MSFT 5.0");
			pbytes(wants, sizeof(wants));
		}
		p8(255);
		while (pn < start + 300)
			p8(0);
		if (answer)
			udp(&resolver, 67, h, 68);
		else
			udp(&nobody, 68, &everybody, 67);
	}
}

/* ------------------------------------------------------------ who is there */

static void
mdns(const struct host *h, unsigned number)
{
	static const struct host v4 = { { 1, 0, 0x5e, 0, 0, 0xfb }, { 224, 0, 0, 251 }, { 0 } };
	static const struct host v6 = { { 0x33, 0x33, 0, 0, 0, 0xfb }, { 0 },
		{ 0xff, 2, [15] = 0xfb } };
	bool six = rnd(3) == 0, answer = rnd(3) == 0;
	char name[32];
	unsigned at;

	p16(0), p16(answer ? 0x8400 : 0), p16(answer ? 0 : 1), p16(answer ? 2 : 0), p16(0), p16(0);
	labels("_ipp._tcp.local"), p16(12), p16(1);
	if (answer) {
		snprintf(name, sizeof(name), "Printer %04u", number);
		p32(4500), at = mark(2);
		p8((unsigned)strlen(name)), ptext(name), p16(0xc00c);
		fill(at, 2);
		snprintf(name, sizeof(name), "printer-%04u.local", number);
		labels(name), p16(1), p16(0x8001), p32(120), p16(4), pbytes(h->ip, 4);
	}
	send_to(h, 5353, six ? &v6 : &v4, 5353, six);
}

static void
ssdp(const struct host *h, unsigned number)
{
	static const struct host all = { { 1, 0, 0x5e, 0x7f, 0xff, 0xfa }, { 239, 255, 255, 250 },
		{ 0 } };
	char text[512];

	if (rnd(3)) {
		ptext("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
		    "MAN: \"ssdp:discover\"\r\nMX: 1\r\n"
		    "ST: urn:dial-multiscreen-org:service:dial:1\r\n"
		    "USER-AGENT: Browser/130.0 Windows\r\n\r\n");
		udp(h, 49152 + number % 16000, &all, 1900);
		return;
	}
	snprintf(text, sizeof(text), "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
	    "CACHE-CONTROL: max-age=1800\r\nLOCATION: http://10.30.%u.%u:49152/description.xml\r\n"
	    "NT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nSERVER: Linux/5.10 UPnP/1.0 printer/2.%u\r\n"
	    "USN: uuid:2fac1234-31f8-11b4-a222-08002b34%04x::upnp:rootdevice\r\n\r\n", h->ip[2],
	    h->ip[3], number % 10, number);
	ptext(text);
	udp(h, 1900, &all, 1900);
}

static void
nbns(const struct host *h, unsigned number)
{
	static const struct host all = { { 255, 255, 255, 255, 255, 255 }, { 10, 30, 255, 255 },
		{ 0 } };
	char name[17];

	snprintf(name, sizeof(name), "DESK-%04u       ", number);
	p16(rnd(65536)), p16(0x0110), p16(1), p16(0), p16(0), p16(0);
	p8(32);
	for (unsigned i = 0; i < 16; i++)
		p8('A' + ((uint8_t)name[i] >> 4)), p8('A' + (name[i] & 15));
	p8(0), p16(32), p16(1);
	udp(h, 137, &all, 137);
}

static void
ntp(const struct host *h)
{
	for (unsigned answer = 0; answer < 2; answer++) {
		p8(answer ? 0x24 : 0x23), p8(answer ? 2 : 0), p8(6), p8(0xe9);
		p32(answer ? 0x50 : 0), p32(answer ? 0x300 : 0);
		if (answer)
			pbytes(resolver.ip, 4);
		else
			p32(0);
		for (unsigned i = 0; i < 4; i++)
			p32(answer ? 0xee9b0000 + rnd(1000) : 0), p32(answer ? rnd(1u << 31) : 0);
		if (answer)
			udp(&resolver, 123, h, 123);
		else
			udp(h, 123, &resolver, 123);
	}
}

void
chatter(const struct host *h, unsigned number)
{
	unsigned what = rnd(100);

	if (what < 35)
		arp(h, &router);
	else if (what < 40)
		dhcp(h, number);
	else if (what < 60)
		mdns(h, number);
	else if (what < 72)
		ssdp(h, number);
	else if (what < 85)
		nbns(h, number);
	else
		ntp(h);
}
