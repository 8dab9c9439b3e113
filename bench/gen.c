/* gen.c: captures to measure with, the same bytes on every machine.
 *
 *     gen modbus|mixed|office|s7|enip|opcua MEGABYTES > FILE
 *
 * modbus: supervisors that poll controllers, with writes, exceptions and now
 * and then an identification: request, response, acknowledgement, as a switch
 * sees them. mixed: the same beside BACnet/IP, MQTT, DNS and ARP, on some
 * thousand flows that come and go. office: no OT at all (gen_office.c). s7, enip,
 * opcua: supervisors that poll and now and then write (gen_plc.c).
 *
 * Lengths, sequence numbers and protocols are right; checksums are left 0, as
 * offloading leaves them. */
#include "gen_wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* ------------------------------------------------------------ MQTT, DNS */

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

/* ------------------------------------------------------------ who talks with whom */

enum { HOSTS = 1600, CONNS = 2400, BMS = 4 };
static struct host host[HOSTS];
static struct conn conn[CONNS];

static void
people_site(unsigned nconn, unsigned nmqtt, unsigned port)
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
		conn[i].port[1] = (uint16_t)(m ? 1883 : port);
	}
}

int
main(int argc, char **argv)
{
	const uint32_t head[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 1 };
	static const struct {
		const char *name;
		unsigned port;
		void (*poll)(struct conn *);
	} kind[] = {
		{ "modbus", 502, modbus }, { "s7", 102, s7 }, { "enip", 44818, enip },
		{ "opcua", 4840, opcua }, { "mixed", 502, modbus }, { "office", 0, NULL },
	};
	enum { MIXED = 4, OFFICE, KINDS };
	bool mixed;
	uint64_t want;
	unsigned nmqtt, nconn, k = 0;

	while (argc == 3 && k < KINDS && strcmp(argv[1], kind[k].name) != 0)
		k++;
	if (argc != 3 || k == KINDS) {
		fprintf(stderr, "usage: gen modbus|mixed|office|s7|enip|opcua MEGABYTES > FILE\n");
		return 2;
	}
	mixed = k == MIXED;
	want = (uint64_t)(strtod(argv[2], NULL) * 1e6);
	step_us = mixed || k == OFFICE ? 400 : 150;
	nmqtt = mixed ? 1000 : 0;
	nconn = mixed ? CONNS : 800;
	people_site(nconn, nmqtt, kind[k].port);
	if (fwrite(head, 1, sizeof(head), stdout) != sizeof(head))
		return 2;
	written = sizeof(head);
	while (written < want) {
		unsigned what = mixed ? rnd(100) : 0, i;
		if (k == OFFICE) {
			office();
		} else if (what < 45) {
			kind[k].poll(&conn[nmqtt + rnd(nconn - nmqtt)]);
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
