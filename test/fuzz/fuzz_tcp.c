/* fuzz_tcp.c: a conversation over TCP as it came, and the same as a network may bring it: split,
 * joined, in another order, twice, overlapping, from another first sequence number. Then the
 * same is told of it. And as no network brings it (lost, contradicting itself, broken off):
 * then nothing is promised but whole records.
 *
 *      0 .. 1        2 .. 5     6 .. 7
 *     +-------------+----------+--------------+----------------+-----------------------
 *     | server port | sum      | steps' bytes | steps, 4 each  | head, len, bytes ...
 *     +-------------+----------+--------------+----------------+-----------------------
 *
 * What is said is as in fuzz_proto.c: 0x80 of head to the client, 12 bits of length. sum is
 * FNV-1a of port and what is said: where it is right this is a conversation that really
 * was, and the mutator changes steps only; else it is anything. Seeds: seeds.py. */
#include "fuzz.h"

#include "proto/engine.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD = 8, CHUNKS = 256, SEGS = 1024, STEPS = 64, SAID = 1 << 16, OLD = 64 };
enum { SYN = 2, RST = 4, FIN = 1, PSH = 8, ACK = 16 };

enum step {
	/* what any network does */
	SPLIT, MANY, JOIN, LATER, TWICE, BACK, AHEAD, PROBE, EMPTY, FIRST, STEP_KIND,
	/* what tells another story */
	LOSE = STEP_KIND, OTHER, BREAK, SHIFT, ODD, FAR, SHORT, STEPS_ALL
};

struct seg {
	uint8_t side, flags;            /* flags beside PSH and ACK */
	uint8_t xor, ttl;
	uint16_t window, cut;           /* cut: so many bytes are not in the capture */
	uint32_t at, n;                 /* of the side's stream */
	uint32_t run;                   /* what was said before the other side spoke */
	uint32_t shift;                 /* of the sequence number */
};

static struct talk {
	uint8_t said[2][SAID];
	uint32_t len[2], isn[2];
	uint32_t end[2][CHUNKS + 1];    /* what a side had said when a run of its was over */
	struct seg seg[SEGS], plain[SEGS];
	unsigned nseg, nplain;
	bool honest;                    /* only what any network does */
} t;

/* ---- what comes out ------------------------------------------------------------ */

/* odd: it made no sense, or nobody knew what it was, or how it is cut up tells something. */
struct heard { char **v; size_t n, cap; bool odd; } heard[2], *hear;

/* Where messages end only segments tell, or timing; and whose beginning must come in one piece:
 * instruments' commands over telnet that begin a session. */
static bool
cut_up(const json_t *o)
{
	const char *is = json_string_value(json_object_get(o, "app_proto"));
	const char *was = json_string_value(json_object_get(o, "app_proto_orig"));

	return is && (strcmp(is, "failed") == 0 || strcmp(is, "atg") == 0 ||
	    strcmp(is, "genisys") == 0 || (was && strcmp(was, "telnet") == 0));
}

/* Conversations of which the same is so, by their sums. */
static const uint32_t known[] = {
	0x27419e3f,             /* WebSocket frames that are none, then one that begins a segment */
	0x75f91cea,             /* a request line longer than LIM_PROBE */
	0x7cfd8a35,             /* garbage before an HTTP request, on a port of others */
};

/* What depends on when and in which packet. */
static void
forget_when(json_t *o)
{
	static const char *const keys[] = { "timestamp", "pcap_cnt", "flow_id", "rtt_us", "start",
		"end", "age", "time", "duration", "duration_us", "last_pcap_cnt", "response_us" };
	const char *key;
	json_t *v;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		json_object_del(o, keys[i]);
	if (json_is_object(o))
		json_object_foreach(o, key, v)
			forget_when(v);
	else
		json_array_foreach(o, i, v)
			forget_when(v);
}

static void
keep(const char *p, size_t n)
{
	json_t *o = json_loadb(p, n, 0, NULL), *flow;
	const char *type = json_string_value(json_object_get(o, "event_type"));

	if (!o || !type)
		abort();
	/* of a flow only what it speaks */
	if ((flow = json_object_get(o, "flow")) || strcmp(type, "flow") == 0) {
		json_object_del(o, "flow");
		json_object_del(o, "tcp");
	}
	forget_when(o);
	hear->odd |= strcmp(type, "anomaly") == 0 || cut_up(o) ||
	    (strcmp(type, "flow") == 0 && !json_object_get(o, "app_proto"));
	if (strcmp(type, "stats") != 0) {
		if (hear->n == hear->cap) {
			hear->cap = hear->cap ? 2 * hear->cap : 256;
			if (!(hear->v = realloc(hear->v, hear->cap * sizeof(*hear->v))))
				exit(2);
		}
		if (!(hear->v[hear->n++] = json_dumps(o, JSON_SORT_KEYS | JSON_COMPACT)))
			exit(2);
	}
	json_decref(o);
}

static void
records(void *arg, const char *p, size_t n)
{
	const char *end = p + n, *lf;

	fuzz_records(NULL, p, n);
	for (; hear && p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		keep(p, (size_t)(lf - p));
	}
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
drop(struct heard *h)
{
	while (h->n)
		free(h->v[--h->n]);
	h->odd = false;
}

static void
differ(const char *what, const char *s)
{
	fprintf(stderr, "%s: %s\n", what, s);
}

/* Both tell the same, in whatever order. */
static void
compare(void)
{
	struct heard *a = &heard[0], *b = &heard[1];
	size_t i = 0, j = 0;
	bool same = true;

	qsort(a->v, a->n, sizeof(*a->v), by_text);
	qsort(b->v, b->n, sizeof(*b->v), by_text);
	while (i < a->n || j < b->n) {
		int c = i == a->n ? 1 : j == b->n ? -1 : strcmp(a->v[i], b->v[j]);

		if (c < 0)
			differ("only as it came", a->v[i++]), same = false;
		else if (c > 0)
			differ("only as a network brought it", b->v[j++]), same = false;
		else
			i++, j++;
	}
	if (!same)
		abort();
}

/* ---- the engine ---------------------------------------------------------------- */

static struct engine *
engine(int which)
{
	static struct engine *g[2];
	static unsigned used[2];
	struct engine_opts o = { .max_flows = 64, .flush = records, .proto.mqtt_payload = true };

	if (!g[which] || ++used[which] % 256 == 0) {
		engine_free(g[which]);
		if (!(g[which] = engine_new(&o)))
			exit(2);
	}
	return g[which];
}

/* Where the packets go, and how far what each side said has come. */
struct wire { struct engine *g; unsigned port, ends; uint32_t next[2]; int64_t us; uint64_t cnt; };

static void
send_seg(struct wire *w, const struct seg *s)
{
	static const struct origin from = { 0 };
	static const uint8_t mac[2][6] = { { 2, 0, 0, 0, 0, 1 }, { 2, 0, 0, 0, 0, 2 } };
	unsigned side = s->side, port[2] = { 40000, w->port };
	struct packet k = { .us = w->us, .cnt = ++w->cnt, .link = 1, .from = &from };
	uint8_t hdr[54], *d = hdr, *own;
	uint32_t cap = s->n - (s->cut < s->n ? s->cut : s->n);

	memcpy(d, mac[!side], 6);
	memcpy(d + 6, mac[side], 6);
	d = put16(d + 12, 0x0800);
	d = put16(d, 0x4500);
	d = put16(d, 40 + s->n);
	d = put32(d, 0);
	*d++ = s->ttl;
	*d++ = 6;
	d = put16(d, 0);
	/* other addresses each time: what was said of these before does not count now */
	d = put32(d, (side ? UINT32_C(0x0a800000) : UINT32_C(0x0a000000)) + w->ends);
	d = put32(d, (side ? UINT32_C(0x0a000000) : UINT32_C(0x0a800000)) + w->ends);
	d = put16(d, port[side]);
	d = put16(d, port[!side]);
	d = put32(d, t.isn[side] + (s->flags & SYN ? 0 : 1) + s->at + s->shift);
	d = put32(d, s->flags & SYN && !side ? 0 : t.isn[!side] + 1 + w->next[!side]);
	d = put16(d, 0x5000 | s->flags | (s->flags & SYN && !side ? 0 : ACK) | (s->n ? PSH : 0));
	d = put16(d, s->window);
	d = put32(d, 0);
	k.len = 54 + s->n;
	k.cap = 54 + cap;
	if (!(own = malloc(k.cap)))
		exit(2);
	memcpy(own, hdr, 54);
	for (uint32_t i = 0; i < cap; i++)
		own[54 + i] = t.said[side][s->at + i] ^ s->xor;
	k.data = own;
	engine_packet(w->g, &k);
	free(own);
	/* What came is acknowledged, up to what is missing; what is kept from the other side of a
	 * hole counts when a run is over, which is when the other side speaks. */
	if (s->at <= w->next[side] && s->at + s->n > w->next[side])
		w->next[side] = s->at + s->n;
	w->us += 1000;
}

static void
play(int which, unsigned port, unsigned ends, const struct seg *v, unsigned n)
{
	struct wire w = { engine(which), port, ends, { 0, 0 }, INT64_C(1795300000000000), 0 };
	struct seg open = { .flags = SYN, .ttl = 64, .window = 64240 };
	unsigned run = 0;

	hear = t.honest ? &heard[which] : NULL;
	send_seg(&w, &open);
	open.side = 1;
	send_seg(&w, &open);
	open.side = open.flags = 0;
	send_seg(&w, &open);
	for (unsigned i = 0; i < n; i++) {
		/* a run is over: all of it was there */
		if (i && v[i].run > run) {
			run = v[i].run;
			for (int side = 0; side < 2; side++)
				if (w.next[side] < t.end[side][run])
					w.next[side] = t.end[side][run];
		}
		send_seg(&w, &v[i]);
	}
	engine_finish(w.g);
	engine_write_stats(w.g, NULL, NULL);
	hear = NULL;
}

/* ---- what a network does ------------------------------------------------------- */

static void
insert(unsigned i, struct seg s)
{
	if (t.nseg == SEGS)
		return;
	memmove(&t.seg[i + 1], &t.seg[i], (t.nseg - i) * sizeof(s));
	t.seg[i] = s;
	t.nseg++;
}

static void
split(unsigned i, uint32_t at)
{
	struct seg s = t.seg[i];

	if (!at || at >= s.n || t.nseg == SEGS)
		return;
	t.seg[i].n = at;
	s.at += at;
	s.n -= at;
	insert(i + 1, s);
}

/* Up to so many places later, within its run where that is all a network may do. */
static void
later(unsigned i, unsigned by, bool far)
{
	struct seg s = t.seg[i];

	for (; by && i + 1 < t.nseg && (far || t.seg[i + 1].run == s.run); by--, i++)
		t.seg[i] = t.seg[i + 1];
	t.seg[i] = s;
}

static void
step(const uint8_t *d)
{
	unsigned i = t.nseg ? (unsigned)(d[1] | (d[0] >> 5) << 8) % t.nseg : 0, k;
	unsigned b = d[2], c = d[3];
	struct seg *s = &t.seg[i], copy;

	if (!t.nseg)
		return;
	if ((d[0] & 31) % STEPS_ALL >= STEP_KIND)
		t.honest = false;
	switch ((enum step)((d[0] & 31) % STEPS_ALL)) {
	case SPLIT:
		if (s->n)
			split(i, (b << 8 | c) % s->n);
		break;
	case MANY:                      /* into pieces of so many bytes */
		for (k = 0; k <= c && i < t.nseg && t.seg[i].n > 1u + b % 16; k++)
			split(i++, 1 + b % 16);
		break;
	case JOIN:
		if (i + 1 < t.nseg && s[1].run == s->run && s[1].side == s->side &&
		    s[1].at == s->at + s->n && s->n + s[1].n < 16000 && !s->xor && !s[1].xor) {
			s->n += s[1].n;
			memmove(s + 1, s + 2, (--t.nseg - i - 1) * sizeof(*s));
		}
		break;
	case LATER:
		later(i, 1 + b % 8, false);
		break;
	case TWICE:
		copy = *s;
		k = i + 1 + b % 16;
		insert(k > t.nseg ? t.nseg : k, copy);
		k = k > t.nseg - 1 ? t.nseg - 1 : k;
		t.seg[k].run = t.seg[k - 1].run;
		break;
	case BACK:                      /* begins with what was said before */
		k = 1 + b % OLD < s->at ? 1 + b % OLD : s->at;
		s->at -= k;
		s->n += k;
		break;
	case AHEAD:                     /* ends with what comes behind it in its run */
		k = t.end[s->side][s->run + 1 > CHUNKS ? CHUNKS : s->run + 1];
		if (s->at + s->n < k) {
			k -= s->at + s->n;
			s->n += 1 + b % OLD < k ? 1 + b % OLD : k;
		}
		break;
	case PROBE:                     /* a keep-alive: a byte that was there already, or none */
		copy = *s;
		if (copy.at)
			copy.at--;
		copy.n = copy.at < s->at && b % 2;
		insert(i, copy);
		break;
	case EMPTY:                     /* from the other side: it acknowledges */
		copy = *s;
		copy.side = !s->side;
		copy.at = 0;
		for (k = 0; k < i; k++)
			if (t.seg[k].side == copy.side && t.seg[k].at + t.seg[k].n > copy.at)
				copy.at = t.seg[k].at + t.seg[k].n;
		copy.n = 0;
		insert(i, copy);
		break;
	case FIRST:
		t.isn[d[1] & 1] = d[1] & 2 ? 0u - (b << 8 | c) : (uint32_t)b << 24 | c << 16 | d[1];
		break;
	case LOSE:
		memmove(s, s + 1, (--t.nseg - i) * sizeof(*s));
		break;
	case OTHER:                     /* the same place, other bytes: before or behind it */
		copy = *s;
		copy.xor = (uint8_t)(c | 1);
		insert(i + b % 2, copy);
		break;
	case BREAK:
		copy = *s;
		copy.n = 0;
		copy.flags = (uint8_t)(1 << b % 3);
		insert(i, copy);
		break;
	case SHIFT:
		s->shift += b & 1 ? c : b & 2 ? 0u - c : (uint32_t)c << 8 << b % 17;
		break;
	case ODD:
		s->ttl = d[2];
		s->window = (uint16_t)(c << 8);
		s->flags |= b & 0xe0;
		break;
	case FAR:
		later(i, 1 + b, true);
		break;
	case SHORT:
		s->cut = (uint16_t)(1 + b);
		break;
	case STEPS_ALL:                 /* how many there are */
		break;
	}
}

/* ---- the input ----------------------------------------------------------------- */

static uint32_t
sum_of(const uint8_t *data, const uint8_t *said, size_t n)
{
	uint32_t h = 2166136261u;

	h = (h ^ data[0]) * 16777619u;
	h = (h ^ data[1]) * 16777619u;
	while (n--)
		h = (h ^ *said++) * 16777619u;
	return h;
}

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* A segment for each thing that was said. */
static void
take(const uint8_t *p, size_t n)
{
	unsigned run = 0, last = 0;

	t.len[0] = t.len[1] = t.nseg = 0;
	memset(t.end, 0, sizeof(t.end));
	t.isn[0] = 1000;
	t.isn[1] = 2000;
	for (unsigned i = 0; n >= 2 && i < CHUNKS; i++) {
		unsigned side = p[0] >> 7, len = (p[0] & 15u) << 8 | p[1];

		if (len > n - 2)
			len = (unsigned)(n - 2);
		if (i && side != last)
			run++;
		last = side;
		memcpy(t.said[side] + t.len[side], p + 2, len);
		t.seg[t.nseg++] = (struct seg){ .side = (uint8_t)side, .ttl = 64, .window = 64240,
			.at = t.len[side], .n = len, .run = run };
		t.len[side] += len;
		/* until it speaks again this is what it has said */
		for (unsigned r = run + 1; r <= CHUNKS; r++)
			t.end[side][r] = t.len[side];
		p += 2 + len;
		n -= 2 + len;
	}
	memcpy(t.plain, t.seg, t.nseg * sizeof(*t.seg));
	t.nplain = t.nseg;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static unsigned ends;
	size_t steps, said;
	unsigned port;

	if (n < HEAD || (steps = (size_t)(data[6] << 8 | data[7])) > n - HEAD ||
	    steps > 4 * STEPS || (said = n - HEAD - steps) > SAID - 4096)
		return 0;
	port = (unsigned)(data[0] << 8 | data[1]);
	take(data + HEAD + steps, said);
	t.honest = get32(data + 2) == sum_of(data, data + HEAD + steps, said);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		t.honest &= get32(data + 2) != known[i];
	for (size_t i = 0; i + 4 <= steps; i += 4)
		step(data + HEAD + i);
	ends = ends % 8000000 + 1;
	if (t.honest) {
		uint32_t isn[2] = { t.isn[0], t.isn[1] };

		t.isn[0] = 1000;
		t.isn[1] = 2000;
		play(0, port, ends, t.plain, t.nplain);
		t.isn[0] = isn[0];
		t.isn[1] = isn[1];
	}
	play(1, port, ends, t.seg, t.nseg);
	/* what made no sense as it came may make another none otherwise */
	if (t.honest && !heard[0].odd)
		compare();
	drop(&heard[0]);
	drop(&heard[1]);
	return 0;
}

/* ---- the mutator --------------------------------------------------------------- */

size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned seed);

static unsigned
roll(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16 & 0x7fff;
}

/* Steps come and go and change; what is said seldom does, and then is no longer what was. */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned seed)
{
	size_t steps, at;
	uint8_t *p;

	if (n < HEAD || (steps = (size_t)(data[6] << 8 | data[7])) > n - HEAD)
		return LLVMFuzzerMutate(data, n, max);
	steps -= steps % 4;
	p = data + HEAD;
	for (unsigned k = 1 + roll(&seed) % 3; k; k--) {
		switch (steps ? roll(&seed) % 8 : 0) {
		case 0: case 1: case 2:
			if (n + 4 > max || steps >= 4 * STEPS)
				break;
			at = steps ? roll(&seed) % (steps / 4 + 1) * 4 : 0;
			memmove(p + at + 4, p + at, n - HEAD - at);
			/* mostly such that what is told stays the same */
			p[at] = (uint8_t)((roll(&seed) % 8 ? roll(&seed) % STEP_KIND :
			    roll(&seed) % STEPS_ALL) | roll(&seed) % 2 << 5);
			p[at + 1] = (uint8_t)roll(&seed);
			p[at + 2] = (uint8_t)roll(&seed);
			p[at + 3] = (uint8_t)roll(&seed);
			steps += 4;
			n += 4;
			break;
		case 3:
			at = roll(&seed) % (steps / 4) * 4;
			memmove(p + at, p + at + 4, n - HEAD - at - 4);
			steps -= 4;
			n -= 4;
			break;
		case 4: case 5: case 6:
			at = roll(&seed) % steps;
			p[at] = at % 4 ? (uint8_t)roll(&seed) :
			    (uint8_t)(roll(&seed) % STEP_KIND | (p[at] & 0xe0));
			break;
		default:
			if (roll(&seed) % 4)
				break;
			at = HEAD + steps;
			n = at + LLVMFuzzerMutate(data + at, n - at, max - at);
		}
	}
	data[6] = (uint8_t)(steps >> 8);
	data[7] = (uint8_t)steps;
	return n;
}
