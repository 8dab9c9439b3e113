/* fuzz_proto.c: one dissector after the other, with chunks that go to and fro.
 *
 * OTKIT_PROTO names the dissector; without it the first byte chooses one. Then:
 *
 *      0      1      2 ...
 *     +------+------+------+-------------
 *     | mode | head |  len | len bytes ... head, len, bytes ...
 *     +------+------+------+-------------
 *
 * mode: which of the dissector's hints carries it (TCP, UDP, an ethertype, ...).
 * head: 0x80 to the client; 0x40 the capture has only half of it; 0x20 a
 * segment is lost before it; 0x10 a minute goes by; the rest is len's high bits.
 *
 * Each packet lies in memory of its own size, so that a read past its end is
 * seen.
 *
 * link: test/fuzz/engine.c */
#include "fuzz.h"

#include "proto/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODES = 32 };
enum { CLIENT_PORT = 40000 };

struct talk {
	struct engine *g;
	struct hint hint;
	uint32_t seq[2];
	int64_t us;
	uint64_t cnt;
	const struct origin *from;
};

/* Ethernet, and IPv4 for what goes in IP. Returns where the payload goes. */
static uint8_t *
put_heads(const struct talk *t, uint8_t *d, unsigned side, unsigned n)
{
	static const uint8_t mac[2][6] = { { 2, 0, 0, 0, 0, 1 }, { 2, 0, 0, 0, 0, 2 } };
	static const uint8_t ip[2][4] = { { 10, 0, 0, 1 }, { 10, 0, 0, 2 } };
	unsigned port[2] = { CLIENT_PORT, (unsigned)t->hint.value }, proto, head;

	memcpy(d, mac[!side], 6);
	memcpy(d + 6, mac[side], 6);
	d += 12;
	switch (t->hint.kind) {
	case HINT_ETHER:
		return put16(d, (unsigned)t->hint.value);
	case HINT_LLC:
		d = put16(d, n + 3);
		*d++ = (uint8_t)t->hint.value;
		*d++ = (uint8_t)t->hint.value;
		*d++ = 3;
		return d;
	case HINT_SNAP:
		d = put16(d, n + 8);
		*d++ = 0xaa;
		*d++ = 0xaa;
		*d++ = 3;
		*d++ = (uint8_t)(t->hint.value >> 32);
		return put32(d, (uint32_t)t->hint.value);
	default:
		break;
	}
	proto = t->hint.kind == HINT_TCP ? 6 :
	    t->hint.kind == HINT_UDP     ? 17 :
					   (unsigned)t->hint.value;
	head = proto == 6 ? 20 : proto == 17 ? 8 : 0;
	if (proto == 58) {              /* ICMPv6 */
		d = put16(d, 0x86dd);
		d = put32(d, 6u << 28);
		d = put16(d, n);
		*d++ = 58;
		*d++ = 255;
		memset(d, 0, 32);
		d[0] = d[16] = 0xfe;
		d[1] = d[17] = 0x80;
		d[15] = (uint8_t)(side + 1);
		d[31] = (uint8_t)(2 - side);
		return d + 32;
	}
	d = put16(d, 0x0800);
	d = put16(d, 0x4500);
	d = put16(d, 20 + head + n);
	d = put32(d, 0);
	*d++ = 64;
	*d++ = (uint8_t)proto;
	d = put16(d, 0);
	memcpy(d, ip[side], 4);
	memcpy(d + 4, ip[!side], 4);
	d += 8;
	if (head) {
		d = put16(d, port[side]);
		d = put16(d, port[!side]);
	}
	if (proto == 6) {
		d = put32(d, t->seq[side]);
		d = put32(d, t->seq[!side]);
		d = put16(d, 0x5018);
		d = put16(d, 64240);
		d = put32(d, 0);
	} else if (proto == 17) {
		d = put16(d, 8 + n);
		d = put16(d, 0);
	}
	return d;
}

static void
send_chunk(struct talk *t, unsigned head, const uint8_t *p, unsigned n)
{
	uint8_t hdr[128];
	unsigned side = head >> 7, h = 0;
	struct packet k = { .us = t->us, .cnt = ++t->cnt, .link = 1, .from = t->from };
	uint8_t *own;

	if (head & 0x20)
		t->seq[side] += 100;
	if (head & 0x10)
		t->us += 60000000;
	t->us += 1000;
	k.us = t->us;
	if (t->hint.kind == HINT_LINK)
		k.link = (uint32_t)t->hint.value;
	else
		h = (unsigned)(put_heads(t, hdr, side, n) - hdr);
	k.len = h + n;
	k.cap = h + (head & 0x40 ? n / 2 : n);
	own = malloc(k.cap ? k.cap : 1);
	if (!own)
		exit(2);
	memcpy(own, hdr, h);
	if (k.cap > h)
		memcpy(own + h, p, k.cap - h);
	k.data = own;
	engine_packet(t->g, &k);
	free(own);
	t->seq[side] += n;
}

static const struct dissector *
choose(const uint8_t **data, size_t *n)
{
	const char *name = getenv("OTKIT_PROTO");
	const struct dissector *d;

	if (name && *name) {
		d = registry_find(name, strlen(name));
		if (!d) {
			fprintf(stderr, "OTKIT_PROTO=%s: no such protocol\n", name);
			exit(2);
		}
		return d;
	}
	d = registry[**data % registry_n];
	++*data;
	--*n;
	return d;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct origin from = { 0 };
	struct talk t = { .us = 1795300000000000, .from = &from, .seq = { 1000, 2000 } };
	const struct dissector *d;
	unsigned nhint = 0;

	if (n < 2)
		return 0;
	d = choose(&data, &n);
	while (d->hints[nhint].kind)
		nhint++;
	if (!n)
		return 0;
	/* those that share another's port have no hint */
	t.hint = nhint ? d->hints[data[0] % nhint] : (struct hint){ HINT_TCP, 40001 };
	t.g = fuzz_engine();
	for (data++, n--; n >= 2; ) {
		unsigned head = data[0], len = (head & 15u) << 8 | data[1];
		data += 2;
		n -= 2;
		if (len > n)
			len = (unsigned)n;
		send_chunk(&t, head, data, len);
		data += len;
		n -= len;
	}
	engine_finish(t.g);
	engine_write_stats(t.g, NULL, NULL);
	return 0;
}
