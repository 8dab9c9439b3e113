/* gen_wire.c: chance that repeats, and Ethernet, ARP, IP, TCP and UDP around a payload. */
#include "gen_wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TCP = 6, UDP = 17 };

/* xorshift64* (Marsaglia, Vigna). */
static uint64_t seed = 0x9e3779b97f4a7c15u;
uint32_t
rnd(uint32_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)((seed * 0x2545f4914f6cdd1du >> 33) % below);
}

static uint64_t now_us = 1795300000000000u;
uint64_t written;
uint32_t step_us;

/* ------------------------------------------------------------ bytes out */

uint8_t pay[PAY];
unsigned pn;

void p8(unsigned v) { pay[pn++] = (uint8_t)v; }
void p16(unsigned v) { p8(v >> 8 & 255); p8(v & 255); }
void p32(uint32_t v) { p16(v >> 16); p16(v & 0xffff); }
void l16(unsigned v) { p8(v & 255); p8(v >> 8 & 255); }
void l32(uint32_t v) { l16(v & 0xffff); l16(v >> 16); }
void l64(uint64_t v) { l32((uint32_t)v); l32((uint32_t)(v >> 32)); }
void
pbytes(const void *p, size_t n)
{
	memcpy(pay + pn, p, n);
	pn += (unsigned)n;
}
void
ptext(const char *s)
{
	pbytes(s, strlen(s));
}
void
pfloat(float f)
{
	uint32_t u;

	memcpy(&u, &f, 4);
	p32(u);
}

void
put16(uint8_t *d, unsigned v)
{
	d[0] = (uint8_t)(v >> 8);
	d[1] = (uint8_t)v;
}

void
put32(uint8_t *d, uint32_t v)
{
	put16(d, v >> 16);
	put16(d + 2, v & 0xffff);
}

void
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

/* Where the header above IP begins. */
static unsigned
above(bool v6)
{
	return v6 ? 54 : 34;
}

/* IP with what is in pay[] behind a header of hlen bytes that the caller wrote at f + above(). */
static void
ip(uint8_t *f, const struct host *s, const struct host *d, bool v6, unsigned proto, unsigned hlen)
{
	static uint16_t id;
	uint32_t n = above(v6) + hlen + pn;

	memcpy(f, d->mac, 6);
	memcpy(f + 6, s->mac, 6);
	put16(f + 12, v6 ? 0x86dd : 0x0800);
	memset(f + 14, 0, above(v6) - 14);
	if (v6) {
		f[14] = 0x60;
		put16(f + 18, hlen + pn);
		f[20] = (uint8_t)proto;
		f[21] = d->ip6[0] == 0xff ? 255 : 64;
		memcpy(f + 22, s->ip6, 16);
		memcpy(f + 38, d->ip6, 16);
	} else {
		f[14] = 0x45;
		put16(f + 16, n - 14);
		put16(f + 18, id++);
		f[20] = 0x40;
		f[22] = d->ip[0] == 224 ? 255 : 64;     /* 255 proves a neighbour (RFC 5082) */
		f[23] = (uint8_t)proto;
		memcpy(f + 26, s->ip, 4);
		memcpy(f + 30, d->ip, 4);
	}
	memcpy(f + above(v6) + hlen, pay, pn);
	if (n < 60) {
		memset(f + n, 0, 60 - n);
		n = 60;
	}
	frame(f, n);
}

/* The options of a SYN or of any other segment; how long they are. */
static unsigned
tcp_options(uint8_t *o, const struct conn *c, int side, bool syn)
{
	unsigned n = 0;

	if (syn) {
		o[0] = 2, o[1] = 4, put16(o + 2, c->v6 ? 1440 : 1460);
		o[4] = 4, o[5] = 2, o[6] = 1, o[7] = 1;
		o[8] = 3, o[9] = 3, o[10] = 8, o[11] = 1;
		n = 12;
	}
	if (c->stamps) {
		o[n] = 1, o[n + 1] = 1, o[n + 2] = 8, o[n + 3] = 10;
		put32(o + n + 4, (uint32_t)(now_us / 1000) + c->port[side]);
		put32(o + n + 8, syn && !side ? 0 : (uint32_t)(now_us / 1000) + c->port[!side]);
		n += 12;
	}
	return n;
}

void
tcp(struct conn *c, int side, unsigned flags)
{
	uint8_t f[FRAME];
	uint8_t *t = f + above(c->v6);
	unsigned hlen = 20;

	put16(t, c->port[side]);
	put16(t + 2, c->port[!side]);
	put32(t + 4, c->seq[side]);
	put32(t + 8, flags & ACK ? c->seq[!side] : 0);
	if (c->options)
		hlen += tcp_options(t + 20, c, side, flags & SYN);
	t[12] = (uint8_t)(hlen / 4 << 4);
	t[13] = (uint8_t)flags;
	put16(t + 14, 64240);
	put32(t + 16, 0);
	ip(f, c->end[side], c->end[!side], c->v6, TCP, hlen);
	c->seq[side] += pn + !!(flags & (SYN | FIN));
	pn = 0;
}

void
udp(const struct host *s, unsigned sp, const struct host *d, unsigned dp)
{
	uint8_t f[FRAME];

	put16(f + 34, sp);
	put16(f + 36, dp);
	put16(f + 38, 8 + pn);
	put16(f + 40, 0);
	ip(f, s, d, false, UDP, 8);
	pn = 0;
}

static uint32_t
sum16(uint32_t sum, const uint8_t *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	return sum;
}

/* IPv6 does not allow for UDP without a checksum. */
void
udp6(const struct host *s, unsigned sp, const struct host *d, unsigned dp)
{
	uint8_t f[FRAME];
	uint32_t sum = UDP + 8 + pn;

	put16(f + 54, sp);
	put16(f + 56, dp);
	put16(f + 58, 8 + pn);
	sum = sum16(sum16(sum, s->ip6, 16), d->ip6, 16);
	sum = sum16(sum16(sum, f + 54, 6), pay, pn);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put16(f + 60, sum == 0xffff ? sum : ~sum & 0xffff);
	ip(f, s, d, true, UDP, 8);
	pn = 0;
}

void
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
void
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

void
conn_close(struct conn *c)
{
	tcp(c, 0, FIN | ACK);
	tcp(c, 1, FIN | ACK);
	tcp(c, 0, ACK);
	c->open = false;
}
