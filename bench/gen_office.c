/* gen_office.c: an office: browsers (TLS, QUIC, some HTTP), file servers (SMB2), SSH,
 * calls, and what stations say to find each other. Half of the stations' TCP has
 * time stamps, a third of what goes to the Internet is IPv6; segments are lost
 * behind the place where they were seen, or come in another order.
 *
 * Hundreds of talks are open at once. A few of them are busy, and each turn one of these
 * says a few segments more; when it was answered another may take its place. A message is
 * made whole and cut as TCP does. */
#include "gen_office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATIONS = 420, TALKS = 900, BUSY = 24, SITES = 600, NOISE = 1 << 16 };
enum app { TLS, QUIC, SMB, HTTP, SSH, CALL };
static const uint8_t router_mac[6] = { 0x02, 0x4f, 0x54, 1, 0, 1 };
static struct host station[STATIONS];
static struct talk talk[TALKS];
static uint8_t noise[NOISE + 1460];

unsigned
mark(unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		p8(0);
	return pn - bytes;
}

void
fill(unsigned at, unsigned bytes)
{
	unsigned n = pn - at - bytes;

	for (unsigned i = bytes; i > 0; i--, n >>= 8)
		pay[at + i - 1] = (uint8_t)n;
}

void
opaque(unsigned n)
{
	while (n) {
		unsigned k = n < 1460 ? n : 1460;
		pbytes(noise + rnd(NOISE), k);
		n -= k;
	}
}

static void
people(void)
{
	static const uint8_t mac[4] = { 0x02, 0x4f, 0x54, 1 };
	static const uint8_t net6[6] = { 0x20, 1, 0x0d, 0xb8, 0, 0x1e };

	for (unsigned i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)rnd(256);
	for (unsigned i = 0; i < STATIONS; i++) {
		struct host *h = &station[i];
		unsigned n = i + 10;
		memcpy(h->mac, mac, 4);
		put16(h->mac + 4, n);
		h->ip[0] = 10, h->ip[1] = 30;
		h->ip[2] = (uint8_t)(n / 250), h->ip[3] = (uint8_t)(1 + n % 250);
		memcpy(h->ip6, net6, 6);
		put16(h->ip6 + 14, n);
	}
}

/* A server on the Internet, behind the router, by its number. */
static void
site(struct talk *t)
{
	struct host *h = &t->server;

	memset(h, 0, sizeof(*h));
	memcpy(h->mac, router_mac, 6);
	h->ip[0] = 198, h->ip[1] = 18, h->ip[2] = (uint8_t)(t->number / 200);
	h->ip[3] = (uint8_t)(1 + t->number % 200);
	h->ip6[0] = 0x20, h->ip6[1] = 1, h->ip6[2] = 0x0d, h->ip6[3] = 0xb8, h->ip6[4] = 0xff;
	put16(h->ip6 + 14, t->number);
	t->c.end[1] = h;
}

static const char *
site_name(const struct talk *t)
{
	static const char *const first[] = { "www", "mail", "static", "api", "login", "img",
		"video" };
	static char name[48];

	snprintf(name, sizeof(name), "%s.site%u.example", first[t->number % 7], t->number / 7);
	return name;
}

/* Few are large, most are small: what is asked for on the web. */
static unsigned
length(void)
{
	unsigned what = rnd(100);

	if (what < 65)
		return 80 + rnd(1200);
	if (what < 95)
		return 1300 + rnd(20000);
	return 21000 + rnd(90000);
}

/* ------------------------------------------------------------ messages of each kind */

static bool
tls(struct talk *t)
{
	unsigned ph = t->phase++;

	t->side = (int)(ph % 2);
	if (ph == 0) {
		tls_open(), client_hello(site_name(t), t->old, false), tls_close();
	} else if (ph == 1) {
		tls_open(), server_hello(t->old, false), tls_close();
		if (t->old)
			tls_open(), tls_certificate(site_name(t)), tls_close();
		else
			tls_change(), tls_opaque(23, 2500 + rnd(1500));
	} else if (ph == 2) {
		if (t->old)
			tls_open(), p8(16), p8(0), p16(33), p8(32), opaque(32), tls_close();
		tls_change();
		tls_opaque(t->old ? 22 : 23, t->old ? 40 : 53);
	} else if (ph == 3) {
		if (t->old)
			tls_change();
		tls_opaque(t->old ? 22 : 23, t->old ? 40 : 240);
	} else if (t->rounds == 0) {
		if (t->side)
			return false;
		tls_opaque(t->old ? 21 : 23, t->old ? 26 : 19); /* close_notify */
	} else if (t->side == 0) {
		tls_records(rnd(25) ? 60 + rnd(900) : 5000 + rnd(60000));
	} else {
		tls_records(length());
		t->rounds--;
	}
	return true;
}

static bool
http(struct talk *t)
{
	static const char *const type[] = { "text/plain", "font/woff2", "application/octet-stream",
		"application/zip" };
	unsigned ph = t->phase++, n;
	char text[512];

	t->side = (int)(ph % 2);
	if (ph / 2 >= t->rounds)
		return false;
	if (t->side) {
		n = length();
		snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\nServer: nginx/1.24.0\r\n"
		    "Content-Type: %s\r\nContent-Length: %u\r\nCache-Control: max-age=600\r\n"
		    "Connection: keep-alive\r\n\r\n", type[n % 4], n);
		ptext(text), opaque(n);
		return true;
	}
	n = rnd(8) ? 0 : 2000 + rnd(20000);
	snprintf(text, sizeof(text), "%s /page/%u?session=%u HTTP/1.1\r\nHost: %s\r\n"
	    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) Browser/130.0\r\nAccept: */*\r\n"
	    "Accept-Language: sv-SE,sv;q=0.9,en;q=0.5\r\nAccept-Encoding: identity\r\n",
	    n ? "POST" : "GET", ph * 7, t->number, site_name(t));
	ptext(text);
	if (n) {
		snprintf(text, sizeof(text), "Content-Type: application/octet-stream\r\n"
		    "Content-Length: %u\r\n", n);
		ptext(text);
	}
	ptext("\r\n"), opaque(n);
	return true;
}

/* A packet that is not encrypted yet (RFC 4253): its end is padding to eight bytes. */
static void
ssh_packet(unsigned from)
{
	unsigned n = pn - from - 5, pad = 4 + (8 - (n + 5 + 4) % 8) % 8;

	pay[from + 4] = (uint8_t)pad;
	opaque(pad);
	fill(from, 4);
}

static void
ssh_names(const char *names)
{
	p32((uint32_t)strlen(names)), ptext(names);
}

static void
ssh_kexinit(void)
{
	unsigned from = mark(5);

	p8(20), opaque(16);
	ssh_names("curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256");
	ssh_names("ssh-ed25519,rsa-sha2-512,rsa-sha2-256");
	for (int i = 0; i < 2; i++)
		ssh_names("chacha20-poly1305@openssh.com,aes128-ctr,aes256-gcm@openssh.com");
	for (int i = 0; i < 2; i++)
		ssh_names("umac-64-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-256");
	ssh_names("none,zlib@openssh.com"), ssh_names("none,zlib@openssh.com");
	ssh_names(""), ssh_names("");
	p8(0), p32(0);
	ssh_packet(from);
}

static bool
ssh(struct talk *t)
{
	unsigned ph = t->phase++, from;

	t->side = (int)(ph % 2);
	if (ph < 2) {
		ptext(t->side ? "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" : "SSH-2.0-OpenSSH_9.7\r\n");
	} else if (ph < 4) {
		ssh_kexinit();
	} else if (ph == 4) {
		from = mark(5), p8(30), p32(32), opaque(32), ssh_packet(from);
	} else if (ph == 5) {
		from = mark(5), p8(31), p32(51), p32(11), ptext("ssh-ed25519"), p32(32), opaque(32);
		p32(32), opaque(32), p32(83), p32(11), ptext("ssh-ed25519"), p32(64), opaque(64);
		ssh_packet(from);
		from = mark(5), p8(21), ssh_packet(from);
	} else if (ph == 6) {
		from = mark(5), p8(21), ssh_packet(from);
		opaque(44);
	} else if (ph / 2 > 3 + t->rounds) {
		return false;
	} else {
		opaque(t->side && rnd(20) == 0 ? 1000 + rnd(8000) : 36 + rnd(20) * 8);
	}
	return true;
}

/* ------------------------------------------------------------ datagrams that belong together */

static void
datagram(struct talk *t, int side)
{
	struct conn *c = &t->c;

	(c->v6 ? udp6 : udp)(c->end[side], c->port[side], c->end[!side], c->port[!side]);
}

/* A connection's packets with a short header, mostly downwards. */
static bool
quic(struct talk *t)
{
	unsigned ph = t->phase++, n;

	if (ph < 2) {
		quic_initial(t->id, (int)ph, t->server_id, site_name(t));
		datagram(t, (int)ph);
		return true;
	}
	for (n = 1 + rnd(7); n > 0; n--) {
		p8(0x40 | rnd(64)), opaque(n > 1 ? 1249 : 30 + rnd(1200));
		datagram(t, 1);
		if (n % 3)
			continue;
		p8(0x40 | rnd(64)), pbytes(t->server_id, 8), opaque(25 + rnd(20));
		datagram(t, 0);
	}
	p8(0x40 | rnd(64)), pbytes(t->server_id, 8);
	opaque(rnd(4) ? 25 + rnd(20) : 100 + rnd(1100));
	datagram(t, 0);
	return ph < 2 + t->rounds;
}

/* Voice or pictures on ports that say nothing: RTP's header, and no telling from it alone. */
static bool
call(struct talk *t)
{
	bool pictures = t->number % 3 == 0;

	for (int i = 0; i < 6; i++) {
		int side = i % 2;
		p8(0x80), p8(pictures ? 96 : 111), p16(t->tell & 0xffff);
		p32(t->tell * 960), p32(t->ask + (unsigned)side);
		opaque(pictures ? 600 + rnd(500) : 80 + rnd(90));
		datagram(t, side);
		t->tell += (unsigned)side;
	}
	return ++t->phase < 20 * t->rounds;
}

/* ------------------------------------------------------------ TCP */

static void
begin(struct talk *t)
{
	static const uint8_t share[] = { [TLS] = 53, [QUIC] = 75, [SMB] = 79, [HTTP] = 88,
		[SSH] = 92, [CALL] = 100 };
	static const uint16_t port[] = { 443, 443, 445, 80, 22, 0 };
	unsigned what = rnd(100), who = rnd(STATIONS);
	struct conn *c = &t->c;

	memset(t, 0, sizeof(*t));
	while (what >= share[t->app])
		t->app++;
	t->number = rnd(SITES);
	t->old = t->number % 4 == 0;
	t->tell = t->app == CALL ? rnd(60000) : 0;
	t->ask = rnd(1u << 31);
	t->rounds = t->app == SMB ? 2 + rnd(14) : t->app == SSH || t->app == QUIC ? 10 + rnd(60) :
	    1 + rnd(10);
	c->end[0] = &station[who];
	if (t->app == SMB || t->app == SSH) {
		c->end[1] = &station[(who + 1 + t->number % 8) % STATIONS];
	} else {
		site(t);
		c->v6 = rnd(3) == 0;
		if (t->app != CALL)
			ask_name(c->end[0], site_name(t), rnd(4) == 0, &t->server);
	}
	c->port[1] = (uint16_t)(t->app == CALL ? 36000 + rnd(4000) : port[t->app]);
	c->options = true;
	c->stamps = who % 2;
	if (t->app == QUIC || t->app == CALL) {
		c->port[0] = (uint16_t)(49152 + rnd(16000));
		c->open = true;
		for (unsigned i = 0; i < 8; i++)
			t->id[i] = (uint8_t)rnd(256), t->server_id[i] = (uint8_t)rnd(256);
	} else {
		conn_open(c, 2);
	}
}

/* n bytes of the message from `at` on. */
static void
segment(struct talk *t, unsigned at, unsigned n)
{
	pbytes(t->msg + at, n);
	tcp(&t->c, t->side, at + n == t->n ? PSH | ACK : ACK);
}

/* The next segment, or the next two the other way round. A lost one comes again. */
static void
go_on(struct talk *t)
{
	struct conn *c = &t->c;
	unsigned mss = (c->v6 ? 1440 : 1460) - 12u * c->stamps, left = t->n - t->at;
	unsigned n, chance = rnd(400);

	n = left < mss ? left : mss;
	if (chance == 0 && left >= 2 * mss) {
		c->seq[t->side] += mss;
		segment(t, t->at + mss, mss);
		c->seq[t->side] -= 2 * mss;
		segment(t, t->at, mss);
		c->seq[t->side] += mss;
		n = 2 * mss;
	} else {
		segment(t, t->at, n);
		if (chance == 1 && n == mss) {
			c->seq[t->side] -= n;
			tcp(c, !t->side, ACK);
			segment(t, t->at, n);
		}
	}
	t->at += n;
	if ((t->unacked += n) >= 2 * mss) {
		tcp(c, !t->side, ACK);
		t->unacked = 0;
	}
}

/* True where the client may now think for a while. */
static bool
turn(struct talk *t)
{
	static bool (*const next[])(struct talk *) = { tls, quic, smb2, http, ssh, call };

	if (!t->c.open) {
		begin(t);
		return false;
	}
	if (t->app == QUIC || t->app == CALL) {
		t->c.open = next[t->app](t);
		return t->phase > 2;
	}
	if (!t->msg) {
		if (!next[t->app](t)) {
			conn_close(&t->c);
			return true;
		}
		t->n = pn, t->at = t->unacked = 0, pn = 0;
		if (!(t->msg = malloc(t->n))) {
			perror("gen");
			exit(2);
		}
		memcpy(t->msg, pay, t->n);
	}
	for (unsigned k = 1 + rnd(8); k > 0 && t->at < t->n; k--)
		go_on(t);
	if (t->at == t->n) {
		if (t->unacked && rnd(2))       /* the answer was not quick enough to carry it */
			tcp(&t->c, !t->side, ACK);
		free(t->msg);
		t->msg = NULL;
		return t->side == 1 && t->phase > 3;
	}
	return false;
}

void
office(void)
{
	static unsigned busy[BUSY];
	unsigned who;

	if (!station[0].mac[0]) {
		people();
		for (unsigned i = 0; i < BUSY; i++)
			busy[i] = i;
	}
	if (rnd(40) == 0) {
		who = rnd(STATIONS);
		chatter(&station[who], who);
		return;
	}
	who = rnd(BUSY);
	if (turn(&talk[busy[who]]) && rnd(4) == 0)
		busy[who] = rnd(TALKS);
}
