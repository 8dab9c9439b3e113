/* gen_wire.h: frames of a made-up site, written to standard output. */
#ifndef GEN_WIRE_H
#define GEN_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FIN = 1, SYN = 2, PSH = 8, ACK = 16 };

struct host { uint8_t mac[6], ip[4], ip6[16]; };
struct conn {
	const struct host *end[2];      /* client, server */
	uint16_t port[2];
	uint32_t seq[2];
	unsigned left;                  /* exchanges until it is closed and opened anew */
	uint16_t tid;
	bool open;
	bool v6;
	bool options;                   /* of TCP: at least in SYN; with stamps in each segment */
	bool stamps;
};

extern uint64_t written;                /* bytes so far */
extern uint32_t step_us;                /* half the longest time between two frames */
/* The payload being made; tcp() and udp() send it off and begin a new one. */
enum { PAY = 1 << 18, FRAME = 1600 };
extern uint8_t pay[PAY];
extern unsigned pn;

uint32_t rnd(uint32_t below);
void p8(unsigned v);
void p16(unsigned v);
void p32(uint32_t v);
void l16(unsigned v);                   /* little-endian */
void l32(uint32_t v);
void l64(uint64_t v);
void ptext(const char *s);
void pbytes(const void *p, size_t n);
void pfloat(float f);
void put16(uint8_t *d, unsigned v);
void put32(uint8_t *d, uint32_t v);
void frame(const uint8_t *f, uint32_t n);
void tcp(struct conn *c, int side, unsigned flags);
void udp(const struct host *s, unsigned sp, const struct host *d, unsigned dp);
void udp6(const struct host *s, unsigned sp, const struct host *d, unsigned dp);
void arp(const struct host *a, const struct host *b);
void conn_open(struct conn *c, unsigned exchanges);
void conn_close(struct conn *c);

/* gen_plc.c: one exchange each; they open the connection where it is not. */
void s7(struct conn *c);
void enip(struct conn *c);
void opcua(struct conn *c);

/* gen_office.c: the next few frames of an office. */
void office(void);

#endif
