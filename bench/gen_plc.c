/* gen_plc.c: supervisors that poll: S7, EtherNet/IP, OPC UA. Mostly reads of a few
 * values, some writes, as an operator's screen does. */
#include "gen_wire.h"

#include <stdio.h>
#include <string.h>

static void
finish(struct conn *c)
{
	tcp(c, 0, ACK);
	if (--c->left == 0)
		conn_close(c);
}

/* ------------------------------------------------------------ S7 (RFC 1006, COTP) */

/* The length of what was made, at its place in the TPKT header. */
static void
tpkt_send(struct conn *c, int side)
{
	put16(pay + 2, pn);
	tcp(c, side, PSH | ACK);
}

static void
s7_head(unsigned rosctr, unsigned ref, unsigned param, unsigned data)
{
	p8(3), p8(0), p16(0);
	p8(2), p8(0xf0), p8(0x80);
	p8(0x32), p8(rosctr), p16(0), p16(ref), p16(param), p16(data);
	if (rosctr == 3)
		p16(0);
}

static void
s7_items(unsigned n, unsigned db, unsigned at, unsigned words)
{
	p8(n);
	for (unsigned i = 0; i < n; i++) {
		p8(0x12), p8(10), p8(0x10), p8(4), p16(words), p16(db), p8(0x84);
		p8(0), p16((at + i * 20) * 8);
	}
}

void
s7(struct conn *c)
{
	unsigned n = 1 + rnd(6), words = 1 + rnd(8), db = 1 + rnd(20), at = rnd(200), i, k;

	if (!c->open) {
		conn_open(c, 600);
		for (int side = 0; side < 2; side++) {
			p8(3), p8(0), p16(0);
			p8(17), p8(side ? 0xd0 : 0xe0), p16(side ? 1 : 0), p16(1), p8(0);
			p8(0xc0), p8(1), p8(10);
			p8(0xc1), p8(2), p16(0x0100), p8(0xc2), p8(2), p16(0x0102);
			tpkt_send(c, side);
		}
		for (int side = 0; side < 2; side++) {
			s7_head(side ? 3 : 1, 0, 8, 0);
			p8(0xf0), p8(0), p16(1), p16(1), p16(480);
			tpkt_send(c, side);
		}
	}
	c->tid++;
	if (rnd(100) < 92) {
		s7_head(1, c->tid, 2 + 12 * n, 0);
		p8(4), s7_items(n, db, at, words);
		tpkt_send(c, 0);
		s7_head(3, c->tid, 2, n * (4 + 2 * words));
		p8(4), p8(n);
		for (i = 0; i < n; i++) {
			p8(0xff), p8(4), p16(words * 16);
			for (k = 0; k < words; k++)
				p16(rnd(65536));
		}
		tpkt_send(c, 1);
	} else {
		s7_head(1, c->tid, 14, 6);
		p8(5), s7_items(1, db, at, 1);
		p8(0), p8(4), p16(16), p16(rnd(65536));
		tpkt_send(c, 0);
		s7_head(3, c->tid, 2, 1);
		p8(5), p8(1), p8(0xff);
		tpkt_send(c, 1);
	}
	finish(c);
}

/* ------------------------------------------------------------ EtherNet/IP */

static void
enip_send(struct conn *c, int side)
{
	pay[2] = (uint8_t)(pn - 24);
	pay[3] = (uint8_t)((pn - 24) >> 8);
	tcp(c, side, PSH | ACK);
}

static void
enip_head(unsigned command, uint32_t session, uint32_t context)
{
	l16(command), l16(0), l32(session), l32(0), l32(context), l32(0), l32(0);
}

/* Unconnected data of n bytes follows. */
static void
enip_rr(struct conn *c, uint32_t session, unsigned n)
{
	enip_head(0x6f, session, c->tid);
	l32(0), l16(10), l16(2), l16(0), l16(0), l16(0xb2), l16(n);
}

void
enip(struct conn *c)
{
	static const char *const tag[] = { "Tank1_Level", "Line2_Speed_SP", "Mixer_RPM",
		"Batch_Temp_PV" };
	uint32_t session = 0x10000 + c->port[0];
	unsigned t = rnd(4), n = (unsigned)strlen(tag[t]), pad = n + n % 2, many = 1 + rnd(10), i;
	bool write = rnd(100) < 8;

	if (!c->open) {
		conn_open(c, 600);
		session = 0x10000 + c->port[0];
		for (int side = 0; side < 2; side++) {
			enip_head(0x65, side ? session : 0, 0);
			l16(1), l16(0);
			enip_send(c, side);
		}
	}
	c->tid++;
	enip_rr(c, session, 4 + pad + (write ? 2 + 2 + 4 : 2));
	p8(write ? 0x4d : 0x4c), p8(1 + pad / 2), p8(0x91), p8(n), ptext(tag[t]);
	if (n % 2)
		p8(0);
	if (write)
		l16(0xc4), l16(1), l32(rnd(100000));
	else
		l16(many);
	enip_send(c, 0);
	enip_rr(c, session, write ? 4 : 6 + 4 * many);
	p8(write ? 0xcd : 0xcc), p8(0), p8(0), p8(0);
	if (!write) {
		l16(0xc4);
		for (i = 0; i < many; i++)
			l32(rnd(100000));
	}
	enip_send(c, 1);
	finish(c);
}

/* ------------------------------------------------------------ OPC UA */

static void
ua_send(struct conn *c, int side)
{
	pay[4] = (uint8_t)pn;
	pay[5] = (uint8_t)(pn >> 8);
	tcp(c, side, PSH | ACK);
}

static void
ua_string(const char *s)
{
	l32((uint32_t)strlen(s));
	ptext(s);
}

static void
ua_null(unsigned n)
{
	while (n--)
		l32(0xffffffff);
}

/* A message chunk of the service with this encoding id. */
static void
ua_head(const char *type, struct conn *c, unsigned request)
{
	ptext(type);
	l32(0), l32(1 + c->port[0]);
	if (type[0] == 'O') {
		ua_string("http://opcfoundation.org/UA/SecurityPolicy#None");
		ua_null(2);
	} else {
		l32(1);
	}
	l32(request), l32(request);
}

static void
ua_service(unsigned id, unsigned request, bool answer)
{
	p8(1), p8(0), l16(id);
	if (answer) {
		l32(0), l32(0), l32(request), l32(0), p8(0), l32(0), p8(0), p8(0), p8(0);
	} else {
		p8(2), p8(0), p8(0), l32(request);      /* the session's token */
		l32(0), l32(0), l32(request), l32(0), ua_null(1), l32(5000), p8(0), p8(0), p8(0);
	}
}

static void
ua_open(struct conn *c)
{
	static const char url[] = "opc.tcp://analyser.lab.example:4840/";

	conn_open(c, 600);
	ptext("HELF"), l32(0), l32(0), l32(65535), l32(65535), l32(0), l32(0), ua_string(url);
	ua_send(c, 0);
	ptext("ACKF"), l32(0), l32(0), l32(65535), l32(65535), l32(0), l32(0);
	ua_send(c, 1);
	ua_head("OPNF", c, 1);
	ua_service(446, 1, false);
	l32(0), l32(0), l32(1), ua_null(1), l32(3600000);
	ua_send(c, 0);
	ua_head("OPNF", c, 1);
	ua_service(449, 1, true);
	l32(0), l32(1 + c->port[0]), l32(1), l32(0), l32(0), l32(3600000), ua_null(1);
	ua_send(c, 1);
}

void
opcua(struct conn *c)
{
	unsigned n = 1 + rnd(8), i, request;
	char node[24];

	if (!c->open)
		ua_open(c);
	request = 1u + ++c->tid;
	if (rnd(100) < 92) {
		ua_head("MSGF", c, request);
		ua_service(631, request, false);
		l32(0), l32(0), l32(2), l32(n);
		for (i = 0; i < n; i++) {
			if (rnd(2)) {
				p8(1), p8(2), l16(1000 + rnd(500));
			} else {
				snprintf(node, sizeof(node), "Loop%u.PV", rnd(100));
				p8(3), l16(2), ua_string(node);
			}
			l32(13), ua_null(1), l16(0), ua_null(1);
		}
		ua_send(c, 0);
		ua_head("MSGF", c, request);
		ua_service(634, request, true);
		l32(n);
		for (i = 0; i < n; i++) {
			p8(5), p8(11), l32(0), l32(0x40000000 | rnd(0x100000) << 2);
			l32(rnd(1u << 31)), l32(31119000);
		}
		ua_null(1);
		ua_send(c, 1);
	} else {
		ua_head("MSGF", c, request);
		ua_service(673, request, false);
		l32(1), p8(1), p8(2), l16(1000 + rnd(500)), l32(13), ua_null(1);
		p8(1), p8(6), l32(rnd(1000));
		ua_send(c, 0);
		ua_head("MSGF", c, request);
		ua_service(676, request, true);
		l32(1), l32(0), ua_null(1);
		ua_send(c, 1);
	}
	finish(c);
}
