/* gen_wire.c: chance that repeats, and Ethernet, IPv4, TCP and UDP around a payload. */
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

uint8_t pay[1500];
unsigned pn;

void p8(unsigned v) { pay[pn++] = (uint8_t)v; }
void p16(unsigned v) { p8(v >> 8 & 255); p8(v & 255); }
void p32(uint32_t v) { p16(v >> 16); p16(v & 0xffff); }
void l16(unsigned v) { p8(v & 255); p8(v >> 8 & 255); }
void l32(uint32_t v) { l16(v & 0xffff); l16(v >> 16); }
void
ptext(const char *s)
{
	size_t n = strlen(s);
	memcpy(pay + pn, s, n);
	pn += (unsigned)n;
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

void
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

void
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
