/* gen.c: captures to measure with, the same bytes on every machine.
 *
 *     gen modbus|mixed MEGABYTES > FILE
 *
 * modbus: supervisors that poll controllers, with writes, exceptions and now
 * and then an identification: request, response, acknowledgement, as a switch
 * sees them. mixed: the same beside BACnet/IP, MQTT, DNS and ARP, on some
 * thousand flows that come and go.
 *
 * Lengths, sequence numbers and protocols are right; checksums are left 0, as
 * offloading leaves them. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIN = 1, SYN = 2, PSH = 8, ACK = 16 };
enum { TCP = 6, UDP = 17 };

/* xorshift64* (Marsaglia, Vigna). */
static uint64_t seed = 0x9e3779b97f4a7c15u;
static uint32_t
rnd(uint32_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)((seed * 0x2545f4914f6cdd1du >> 33) % below);
}

struct host { uint8_t mac[6], ip[4]; };
struct conn {
	const struct host *end[2];      /* client, server */
	uint16_t port[2];
	uint32_t seq[2];
	unsigned left;                  /* exchanges until it is closed and opened anew */
	uint16_t tid;
	bool open;
};

static uint64_t now_us = 1795300000000000u, written;
static uint32_t step_us;

/* ------------------------------------------------------------ bytes out */

static uint8_t pay[1500];
static unsigned pn;

static void p8(unsigned v) { pay[pn++] = (uint8_t)v; }
static void p16(unsigned v) { p8(v >> 8 & 255); p8(v & 255); }
static void p32(uint32_t v) { p16(v >> 16); p16(v & 0xffff); }
static void
ptext(const char *s)
{
	size_t n = strlen(s);
	memcpy(pay + pn, s, n);
	pn += (unsigned)n;
}
static void
pfloat(float f)
{
	uint32_t u;

	memcpy(&u, &f, 4);
	p32(u);
}

static void
put16(uint8_t *d, unsigned v)
{
	d[0] = (uint8_t)(v >> 8);
	d[1] = (uint8_t)v;
}

static void
put32(uint8_t *d, uint32_t v)
{
	put16(d, v >> 16);
	put16(d + 2, v & 0xffff);
}

static void
frame(const uint8_t *f, uint32_t n)
{
	uint32_t h[4] = { (uint32_t)(now_us / 1000000), (uint32_t)(now_us % 1000000), n, n };

	if (fwrite(h, 1, sizeof(h), stdout) != sizeof(h) || fwrite(f, 1, n, stdout) != n) {
		perror("gen");
		exit(2);
	}
	written += sizeof(h) + n;
	now_us += 1 + rnd(step_us * 2);
}

/* IPv4 with what is in pay[] behind a header of hlen bytes that the caller wrote at f + 34. */
static void
ip(uint8_t *f, const struct host *s, const struct host *d, unsigned proto, unsigned hlen)
{
	static uint16_t id;
	uint32_t n = 34 + hlen + pn;

	memcpy(f, d->mac, 6);
	memcpy(f + 6, s->mac, 6);
	put16(f + 12, 0x0800);
	memset(f + 14, 0, 20);
	f[14] = 0x45;
	put16(f + 16, n - 14);
	put16(f + 18, id++);
	f[20] = 0x40;
	f[22] = 64;
	f[23] = (uint8_t)proto;
	memcpy(f + 26, s->ip, 4);
	memcpy(f + 30, d->ip, 4);
	memcpy(f + 34 + hlen, pay, pn);
	if (n < 60) {
		memset(f + n, 0, 60 - n);
		n = 60;
	}
	frame(f, n);
}

static void
tcp(struct conn *c, int side, unsigned flags)
{
	uint8_t f[1600];
	uint8_t *t = f + 34;

	put16(t, c->port[side]);
	put16(t + 2, c->port[!side]);
	put32(t + 4, c->seq[side]);
	put32(t + 8, flags & ACK ? c->seq[!side] : 0);
	t[12] = 5 << 4;
	t[13] = (uint8_t)flags;
	put16(t + 14, 64240);
	put32(t + 16, 0);
	ip(f, c->end[side], c->end[!side], TCP, 20);
	c->seq[side] += pn + !!(flags & (SYN | FIN));
	pn = 0;
}

static void
udp(const struct host *s, unsigned sp, const struct host *d, unsigned dp)
{
	uint8_t f[1600];

	put16(f + 34, sp);
	put16(f + 36, dp);
	put16(f + 38, 8 + pn);
	put16(f + 40, 0);
	ip(f, s, d, UDP, 8);
	pn = 0;
}

static void
conn_open(struct conn *c, unsigned exchanges)
{
	c->port[0] = (uint16_t)(32768 + rnd(28000));
	c->seq[0] = rnd(1u << 30);
	c->seq[1] = rnd(1u << 30);
	c->left = exchanges / 2 + rnd(exchanges);
	c->open = true;
	tcp(c, 0, SYN);
	tcp(c, 1, SYN | ACK);
	tcp(c, 0, ACK);
}

static void
conn_close(struct conn *c)
{
	tcp(c, 0, FIN | ACK);
	tcp(c, 1, FIN | ACK);
	tcp(c, 0, ACK);
	c->open = false;
}

/* ------------------------------------------------------------ Modbus */

static void
mbap(unsigned tid, unsigned unit, unsigned pdu_len)
{
	p16(tid);
	p16(0);
	p16(pdu_len + 1);
	p8(unit);
}

static void
modbus_identify(struct conn *c, unsigned unit)
{
	static const char *const obj[] = { "Aqualitas", "AQ-PLC-220", "V3.2.1" };

	mbap(c->tid, unit, 4);
	p8(43), p8(14), p8(1), p8(0);
	tcp(c, 0, PSH | ACK);
	mbap(c->tid, unit, 7 + 3 * 2 + 9 + 10 + 6);
	p8(43), p8(14), p8(1), p8(1), p8(0), p8(0), p8(3);
	for (unsigned i = 0; i < 3; i++) {
		p8(i);
		p8((unsigned)strlen(obj[i]));
		ptext(obj[i]);
	}
	tcp(c, 1, PSH | ACK);
}

static void
modbus(struct conn *c)
{
	/* what a supervisor asks for: mostly small blocks of registers */
	unsigned kind = rnd(1000), unit = 1 + rnd(4), addr = rnd(400), qty, i;

	if (!c->open)
		conn_open(c, 600);
	c->tid++;
	if (kind < 2) {
		modbus_identify(c, unit);
	} else if (kind < 700) {
		unsigned fc = kind < 500 ? 3 : 4;
		qty = rnd(20) ? 1 + rnd(16) : 40 + rnd(85);
		mbap(c->tid, unit, 5);
		p8(fc), p16(addr), p16(qty);
		tcp(c, 0, PSH | ACK);
		if (kind < 705 && rnd(100) == 0) {
			mbap(c->tid, unit, 2);
			p8(fc | 0x80), p8(2);
		} else {
			mbap(c->tid, unit, 2 + 2 * qty);
			p8(fc), p8(2 * qty);
			for (i = 0; i < qty; i++)
				p16(rnd(65536));
		}
		tcp(c, 1, PSH | ACK);
	} else if (kind < 850) {
		unsigned fc = kind < 780 ? 1 : 2;
		qty = 1 + rnd(32);
		mbap(c->tid, unit, 5);
		p8(fc), p16(addr), p16(qty);
		tcp(c, 0, PSH | ACK);
		mbap(c->tid, unit, 2 + (qty + 7) / 8);
		p8(fc), p8((qty + 7) / 8);
		for (i = 0; i < (qty + 7) / 8; i++)
			p8(rnd(256));
		tcp(c, 1, PSH | ACK);
	} else if (kind < 950) {
		unsigned fc = kind < 900 ? 6 : 5, v = fc == 6 ? rnd(65536) : rnd(2) * 0xff00;
		for (int side = 0; side < 2; side++) {
			mbap(c->tid, unit, 5);
			p8(fc), p16(addr), p16(v);
			tcp(c, side, PSH | ACK);
		}
	} else {
		qty = 1 + rnd(12);
		mbap(c->tid, unit, 6 + 2 * qty);
		p8(16), p16(addr), p16(qty), p8(2 * qty);
		for (i = 0; i < qty; i++)
			p16(rnd(65536));
		tcp(c, 0, PSH | ACK);
		mbap(c->tid, unit, 5);
		p8(16), p16(addr), p16(qty);
		tcp(c, 1, PSH | ACK);
	}
	tcp(c, 0, ACK);
	if (--c->left == 0)
		conn_close(c);
}

/* ------------------------------------------------------------ BACnet/IP */

enum { BACNET = 47808, PRESENT_VALUE = 85, OBJECT_NAME = 77, STATUS_FLAGS = 111 };

/* BVLC and NPDU; the length is put in by bacnet_send. */
static void
bvlc(unsigned func, unsigned control)
{
	p8(0x81), p8(func), p16(0);
	p8(1), p8(control);
}

static void
bacnet_send(const struct host *s, const struct host *d)
{
	put16(pay + 2, pn);
	udp(s, BACNET, d, BACNET);
}

static void
object(unsigned tag, unsigned type, unsigned instance)
{
	p8(tag);
	p32((uint32_t)type << 22 | instance);
}

static void
bacnet(const struct host *bms, const struct host *dev, unsigned number)
{
	static const uint8_t all_mac[6] = { 255, 255, 255, 255, 255, 255 };
	unsigned kind = rnd(100), invoke = rnd(256), type = rnd(6), inst = rnd(60), n, i;

	if (kind < 45) {
		bvlc(0x0a, 4);
		p8(0), p8(5), p8(invoke), p8(12);
		object(0x0c, type, inst);
		p8(0x19), p8(PRESENT_VALUE);
		bacnet_send(bms, dev);
		bvlc(0x0a, 0);
		p8(0x30), p8(invoke), p8(12);
		object(0x0c, type, inst);
		p8(0x19), p8(PRESENT_VALUE);
		p8(0x3e);
		if (type < 3)
			p8(0x44), pfloat((float)rnd(1000) / 10);
		else
			p8(0x91), p8(rnd(2));
		p8(0x3f);
		bacnet_send(dev, bms);
	} else if (kind < 65) {
		n = 2 + rnd(8);
		bvlc(0x0a, 4);
		p8(0), p8(5), p8(invoke), p8(14);
		for (i = 0; i < n; i++) {
			object(0x0c, 0, inst + i);
			p8(0x1e), p8(0x09), p8(PRESENT_VALUE), p8(0x09), p8(STATUS_FLAGS), p8(0x1f);
		}
		bacnet_send(bms, dev);
		bvlc(0x0a, 0);
		p8(0x30), p8(invoke), p8(14);
		for (i = 0; i < n; i++) {
			object(0x0c, 0, inst + i);
			p8(0x1e);
			p8(0x29), p8(PRESENT_VALUE), p8(0x4e), p8(0x44),
			    pfloat((float)rnd(1000) / 10), p8(0x4f);
			p8(0x29), p8(STATUS_FLAGS), p8(0x4e), p8(0x82), p8(4), p8(0), p8(0x4f);
			p8(0x1f);
		}
		bacnet_send(dev, bms);
	} else if (kind < 75) {
		bvlc(0x0a, 4);
		p8(0), p8(5), p8(invoke), p8(15);
		object(0x0c, 1, inst);
		p8(0x19), p8(PRESENT_VALUE);
		p8(0x3e), p8(0x44), pfloat((float)rnd(300) / 10), p8(0x3f);
		p8(0x49), p8(8);
		bacnet_send(bms, dev);
		bvlc(0x0a, 0);
		p8(0x20), p8(invoke), p8(15);
		bacnet_send(dev, bms);
	} else if (kind < 98) {
		bvlc(0x0a, 0);
		p8(0x10), p8(2);
		p8(0x09), p8(1);
		object(0x1c, 8, number);
		object(0x2c, 0, inst);
		p8(0x39), p8(60);
		p8(0x4e);
		p8(0x09), p8(PRESENT_VALUE), p8(0x2e), p8(0x44), pfloat((float)rnd(1000) / 10),
		    p8(0x2f);
		p8(0x09), p8(STATUS_FLAGS), p8(0x2e), p8(0x82), p8(4), p8(0), p8(0x2f);
		p8(0x4f);
		bacnet_send(dev, bms);
	} else {
		struct host all = { { 0 }, { bms->ip[0], bms->ip[1], 255, 255 } };
		memcpy(all.mac, all_mac, 6);
		bvlc(0x0b, 0);
		p8(0x10), p8(8);
		bacnet_send(bms, &all);
		bvlc(0x0b, 0);
		p8(0x10), p8(0);
		object(0xc4, 8, number);
		p8(0x22), p16(1476), p8(0x91), p8(3), p8(0x21), p8(7);
		bacnet_send(dev, &all);
	}
}

/* ------------------------------------------------------------ MQTT, DNS, ARP */

static void
mqtt(struct conn *c, unsigned number)
{
	char topic[64], value[64];
	unsigned q = rnd(2), n, m, i;

	if (!c->open) {
		char id[24];
		conn_open(c, 300);
		n = (unsigned)snprintf(id, sizeof(id), "sensor-%04u", number);
		p8(0x10), p8(12 + n), p16(4), ptext("MQTT"), p8(4), p8(2), p16(60), p16(n),
		    ptext(id);
		tcp(c, 0, PSH | ACK);
		p8(0x20), p8(2), p8(0), p8(0);
		tcp(c, 1, PSH | ACK);
	}
	if (rnd(20) == 0) {
		p8(0xc0), p8(0);
		tcp(c, 0, PSH | ACK);
		p8(0xd0), p8(0);
		tcp(c, 1, PSH | ACK);
	} else {
		n = (unsigned)snprintf(topic, sizeof(topic), "lab/floor%u/sensor-%04u/temperature",
		    number % 7, number);
		m = (unsigned)snprintf(value, sizeof(value),
		    "{\"t\":%u.%u,\"unit\":\"C\",\"n\":%u}", 15 + rnd(15), rnd(10), rnd(100000));
		p8(0x30 | q << 1), p8(2 + n + 2 * q + m), p16(n), ptext(topic);
		i = 1 + rnd(60000);
		if (q)
			p16(i);
		ptext(value);
		tcp(c, 0, PSH | ACK);
		if (q) {
			p8(0x40), p8(2), p16(i);
			tcp(c, 1, PSH | ACK);
		}
	}
	tcp(c, q ? 0 : 1, ACK);
	if (--c->left == 0)
		conn_close(c);
}

static void
dns(const struct host *h, const struct host *server)
{
	unsigned id = rnd(65536), port = 32768 + rnd(28000), n;
	char label[16];

	for (int answer = 0; answer < 2; answer++) {
		p16(id), p16(answer ? 0x8180 : 0x0100), p16(1), p16(answer), p16(0), p16(0);
		n = (unsigned)snprintf(label, sizeof(label), "dev%u", id % 300);
		p8(n), ptext(label), p8(3), ptext("lab"), p8(7), ptext("example"), p8(0), p16(1),
		    p16(1);
		if (answer) {
			p16(0xc00c), p16(1), p16(1), p32(300), p16(4);
			p8(10), p8(20), p8(id % 300 / 250), p8(id % 250);
			udp(server, 53, h, port);
		} else {
			udp(h, port, server, 53);
		}
	}
}

static void
arp(const struct host *a, const struct host *b)
{
	for (int reply = 0; reply < 2; reply++) {
		const struct host *s = reply ? b : a, *d = reply ? a : b;
		uint8_t f[60] = { 255, 255, 255, 255, 255, 255 };
		if (reply)
			memcpy(f, d->mac, 6);
		memcpy(f + 6, s->mac, 6);
		put16(f + 12, 0x0806);
		put16(f + 14, 1);
		put16(f + 16, 0x0800);
		f[18] = 6;
		f[19] = 4;
		f[21] = (uint8_t)(1 + reply);
		memcpy(f + 22, s->mac, 6);
		memcpy(f + 28, s->ip, 4);
		if (reply)
			memcpy(f + 32, d->mac, 6);
		memcpy(f + 38, d->ip, 4);
		frame(f, sizeof(f));
	}
}

/* ------------------------------------------------------------ who talks with whom */

enum { HOSTS = 1600, CONNS = 2400, BMS = 4 };
static struct host host[HOSTS];
static struct conn conn[CONNS];

static void
people_site(unsigned nconn, unsigned nmqtt)
{
	for (unsigned i = 0; i < HOSTS; i++) {
		const uint8_t mac[6] = { 0x02, 0x4f, 0x54, 0, (uint8_t)(i >> 8), (uint8_t)i };
		const uint8_t a[4] = { 10, 20, (uint8_t)(i / 250), (uint8_t)(1 + i % 250) };
		memcpy(host[i].mac, mac, 6);
		memcpy(host[i].ip, a, 4);
	}
	for (unsigned i = 0; i < nconn; i++) {
		bool m = i < nmqtt;
		/* the first hosts serve: supervisors, broker, building management, DNS */
		conn[i].end[0] = m ? &host[100 + i % 1000] : &host[10 + i % 16];
		conn[i].end[1] = m ? &host[2] : &host[1100 + i / 16 % 400];
		conn[i].port[1] = m ? 1883 : 502;
	}
}

int
main(int argc, char **argv)
{
	const uint32_t head[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 1 };
	bool mixed;
	uint64_t want;
	unsigned nmqtt, nconn;

	if (argc != 3 || (strcmp(argv[1], "modbus") && strcmp(argv[1], "mixed"))) {
		fprintf(stderr, "usage: gen modbus|mixed MEGABYTES > FILE\n");
		return 2;
	}
	mixed = strcmp(argv[1], "mixed") == 0;
	want = (uint64_t)(strtod(argv[2], NULL) * 1e6);
	step_us = mixed ? 400 : 150;
	nmqtt = mixed ? 1000 : 0;
	nconn = mixed ? CONNS : 800;
	people_site(nconn, nmqtt);
	if (fwrite(head, 1, sizeof(head), stdout) != sizeof(head))
		return 2;
	written = sizeof(head);
	while (written < want) {
		unsigned what = mixed ? rnd(100) : 0, i;
		if (what < 45) {
			modbus(&conn[nmqtt + rnd(nconn - nmqtt)]);
		} else if (what < 72) {
			i = rnd(500);
			bacnet(&host[4 + i % BMS], &host[100 + i], 1000 + i);
		} else if (what < 95) {
			i = rnd(nmqtt);
			mqtt(&conn[i], i);
		} else if (what < 98) {
			dns(&host[100 + rnd(1000)], &host[3]);
		} else {
			arp(&host[10 + rnd(16)], &host[1100 + rnd(400)]);
		}
	}
	return fflush(stdout) ? 2 : 0;
}
