/* Sources: what each kind of file says, what is wrong with broken ones, and
 * that no cut and no damage does more than end the reading. */
#include "capture/sink.h"
#include "capture/source.h"
#include "tap.h"

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

/* ---- files in memory ---- */

struct blob {
	uint8_t b[64 << 10];
	size_t n;
	bool be;                /* the byte order of what is put */
};

static void
put(struct blob *f, const void *p, size_t n)
{
	memcpy(f->b + f->n, p, n);
	f->n += n;
}

static void
num(struct blob *f, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		f->b[f->n++] = (uint8_t)(v >> 8 * (f->be ? bytes - 1 - i : i));
}

static void
pcap_head(struct blob *f, uint32_t magic, uint32_t link)
{
	num(f, magic, 4);
	num(f, 2, 2);
	num(f, 4, 2);
	num(f, 0, 8);
	num(f, 65535, 4);
	num(f, link, 4);
}

static void
pcap_rec(struct blob *f, uint32_t s, uint32_t frac, const char *data, uint32_t len, bool kuz)
{
	num(f, s, 4);
	num(f, frac, 4);
	num(f, strlen(data), 4);
	num(f, len, 4);
	if (kuz)
		num(f, 0x0102030405060708, 8);
	put(f, data, strlen(data));
}

static void
block(struct blob *f, uint32_t type, const struct blob *body)
{
	uint32_t n = 12 + ((uint32_t)body->n + 3) / 4 * 4;

	num(f, type, 4);
	num(f, n, 4);
	put(f, body->b, body->n);
	put(f, "\0\0\0", (4 - body->n % 4) % 4);
	num(f, n, 4);
}

static void
shb(struct blob *f)
{
	static struct blob b;

	b.n = 0;
	b.be = f->be;
	num(&b, 0x1a2b3c4d, 4);
	num(&b, 1, 2);
	num(&b, 0, 2);
	num(&b, UINT64_MAX, 8);
	block(f, 0x0a0d0d0a, &b);
}

/* res < 0: no if_tsresol */
static void
idb(struct blob *f, uint16_t link, uint32_t snaplen, int res, int64_t offset)
{
	static struct blob b;

	b.n = 0;
	b.be = f->be;
	num(&b, link, 2);
	num(&b, 0, 2);
	num(&b, snaplen, 4);
	if (res >= 0) {
		num(&b, 9, 2);
		num(&b, 1, 2);
		num(&b, (uint64_t)res, 1);
		put(&b, "\0\0\0", 3);
	}
	if (offset) {
		num(&b, 14, 2);
		num(&b, 8, 2);
		num(&b, (uint64_t)offset, 8);
	}
	num(&b, 0, 4);
	block(f, 1, &b);
}

static void
epb(struct blob *f, uint32_t type, uint32_t iface, uint64_t t, const char *data, uint32_t len)
{
	static struct blob b;

	b.n = 0;
	b.be = f->be;
	if (type == 3) {
		num(&b, len, 4);
	} else {
		num(&b, iface, type == 2 ? 2 : 4);
		if (type == 2)
			num(&b, 0xffff, 2);
		num(&b, t >> 32, 4);
		num(&b, t & 0xffffffff, 4);
		num(&b, strlen(data), 4);
		num(&b, len, 4);
	}
	put(&b, data, strlen(data));
	block(f, type, &b);
}

static void
text(struct blob *f, const char *s)
{
	put(f, s, strlen(s));
}

static void
gz(struct blob *to, const struct blob *from)
{
	z_stream z = { 0 };

	deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (uint8_t *)(uintptr_t)from->b;
	z.avail_in = (uInt)from->n;
	z.next_out = to->b + to->n;
	z.avail_out = (uInt)(sizeof(to->b) - to->n);
	deflate(&z, Z_FINISH);
	to->n = sizeof(to->b) - z.avail_out;
	deflateEnd(&z);
}

/* ---- reading them ---- */

static enum source_next last;           /* how the last reading ended */
static char got[1 << 16];               /* one line a packet */
static size_t ngot;
static unsigned packets, notices;
static struct source_counts counts;
static char notice[512];
static struct err why;

static void
on_notice(void *arg, const char *t)
{
	if (!notices++)
		snprintf(notice, sizeof(notice), "%s", t);
}

static void
say(const struct packet *p)
{
	ngot += (size_t)snprintf(got + ngot, sizeof(got) - ngot, "%llu %lld %u %u/%u %.*s%s%s\n",
	    (unsigned long long)p->cnt, (long long)p->us, p->link, p->cap, p->len,
	    p->cap < 16 ? (int)p->cap : 16, (const char *)p->data, p->from->host ? " @" : "",
	    p->from->host ? p->from->host : "");
	if (ngot > sizeof(got))
		ngot = sizeof(got);
}

/* In batches of at most `batch` packets. */
static enum source_next
read_path(const char *path, struct source_filter *f, size_t batch)
{
	struct source_hooks hooks = { .notice = on_notice };
	struct source *s;
	struct packet k[8];
	enum source_next r;
	size_t n;

	ngot = packets = notices = 0;
	got[0] = notice[0] = '\0';
	err_clear(&why);
	s = source_open_file(path, NULL, &why);
	if (!s)
		exit(1);
	source_hook(s, &hooks);
	source_filter_set(s, f);
	while ((r = source_batch(s, k, batch, &n, &why)) == SOURCE_PACKET || r == SOURCE_IDLE) {
		packets += (unsigned)n;
		for (size_t i = 0; i < n; i++)
			say(&k[i]);
	}
	if (source_next(s, k, &why) != r)
		exit(1);        /* the end stays the end */
	source_counts(s, &counts);
	source_close(s);
	return last = r;
}

static enum source_next
read_bytes(const void *p, size_t n, const char *filter)
{
	static char many[sizeof(got)];
	struct source_filter *f = NULL;
	int fd = memfd_create("t", 0);
	struct source_counts c;
	enum source_next r;
	char path[64];

	if (fd < 0 || write(fd, p, n) != (ssize_t)n)
		exit(1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (filter)
		f = source_filter_new(filter, &why);
	r = read_path(path, f, 8);
	memcpy(many, got, sizeof(got));
	c = counts;
	if (read_path(path, f, 1) != r || strcmp(many, got) != 0 ||
	    memcmp(&c, &counts, sizeof(c)) != 0)
		ok(false, "eight at a time, the same as one by one");
	source_filter_free(f);
	close(fd);
	return r;
}

static enum source_next
read_blob(const struct blob *f)
{
	return read_bytes(f->b, f->n, NULL);
}

/* ---- the cases ---- */

static struct blob f, g, body;

static struct blob *
fresh(bool be)
{
	f.n = 0;
	f.be = be;
	return &f;
}

static void
test_pcap(void)
{
	static const struct { uint32_t magic; bool be, nano, kuz; const char *comment; } t[] = {
		{ 0xa1b2c3d4, false, false, false, "pcap, little-endian, microseconds" },
		{ 0xa1b2c3d4, true, false, false, "pcap, big-endian, microseconds" },
		{ 0xa1b23c4d, false, true, false, "pcap, little-endian, nanoseconds" },
		{ 0xa1b23c4d, true, true, false, "pcap, big-endian, nanoseconds" },
		{ 0xa1b2cd34, false, false, true, "pcap, Kuznetzov's longer packet header" },
		{ 0xa1b2cd34, true, false, true, "the same, big-endian" },
	};
	static const char want[] = "1 1100000000123456 113 5/5 hello\n"
	    "2 4294967295000000 113 3/1500 cut\n3 7 113 0/0 \n";

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		fresh(t[i].be);
		pcap_head(&f, t[i].magic, 113);
		pcap_rec(&f, 1100000000, t[i].nano ? 123456789 : 123456, "hello", 5, t[i].kuz);
		pcap_rec(&f, 4294967295u, 0, "cut", 1500, t[i].kuz);
		pcap_rec(&f, 0, t[i].nano ? 7999 : 7, "", 0, t[i].kuz);
		ok(read_blob(&f) == SOURCE_END && strcmp(got, want) == 0, "%s", t[i].comment);
	}
	fresh(false);
	pcap_head(&f, 0xa1b2c3d4, 0xf4000001);
	pcap_rec(&f, 1, 0, "abcd", 2, false);
	ok(read_blob(&f) == SOURCE_END && strcmp(got, "1 1000000 1 4/4 abcd\n") == 0,
	    "FCS bits beside the link type; a wire length below the captured one");
	f.b[6] = 2;             /* version 2.2: lengths the other way round */
	f.b[32] = 9;
	f.b[36] = 4;
	ok(read_blob(&f) == SOURCE_END && strcmp(got, "1 1000000 1 4/9 abcd\n") == 0,
	    "lengths swapped in a file of the old days");
	fresh(false);
	pcap_head(&f, 0xa1b2c3d4, 12);
	ok(read_blob(&f) == SOURCE_END && packets == 0,
	    "a header alone is a capture without packets");
}

static void
test_pcapng(void)
{
	for (int be = 0; be < 2; be++) {
		fresh(be);
		shb(&f);
		idb(&f, 1, 0, -1, 0);
		idb(&f, 113, 96, 9, 0);
		idb(&f, 228, 4, 0x80 | 10, 0);
		idb(&f, 147, 0, 3, -5);
		epb(&f, 6, 0, 1700000000123456, "eth", 3);
		epb(&f, 6, 1, 1700000000123456789, "sll", 300);
		epb(&f, 6, 2, 1700000000ull << 10 | 512, "raw", 3);
		epb(&f, 6, 3, 1700000000250, "user", 4);
		epb(&f, 2, 1, 1000, "old", 3);
		ok(read_blob(&f) == SOURCE_END && strcmp(got,
		    "1 1700000000123456 1 3/3 eth\n2 1700000000123456 113 3/300 sll\n"
		    "3 1700000000500000 228 3/3 raw\n4 1699999995250000 147 4/4 user\n"
		    "5 1 113 3/3 old\n") == 0,
		    "pcapng, %s-endian: four interfaces, four time units, the obsolete block",
		    be ? "big" : "little");
	}
	fresh(false);
	shb(&f);
	idb(&f, 1, 4, -1, 0);
	epb(&f, 6, 0, 77, "x", 1);
	epb(&f, 3, 0, 0, "simp", 900);
	ok(read_blob(&f) == SOURCE_END && strcmp(got, "1 77 1 1/1 x\n2 77 1 4/900 simp\n") == 0,
	    "a simple packet: the snap length is its captured length, its time the last one");
	body.n = 4000;
	block(&f, 0x80000001, &body);
	block(&f, 5, &body);
	f.be = true;
	shb(&f);
	idb(&f, 101, 0, -1, 0);
	epb(&f, 6, 0, 78, "y", 1);
	ok(read_blob(&f) == SOURCE_END && counts.passed_over == 2 && packets == 3 &&
	    strstr(got, "3 78 101 1/1 y\n"),
	    "blocks of other kinds are passed over; a section of the other byte order follows");
	fresh(false);
	shb(&f);
	idb(&f, 1, 0, 19, INT64_MAX);
	epb(&f, 6, 0, UINT64_MAX, "t", 1);
	idb(&f, 1, 0, 0x80, INT64_MIN);
	epb(&f, 6, 1, 1, "t", 1);
	ok(read_blob(&f) == SOURCE_END && strcmp(got, "1 253402300799999999 1 1/1 t\n"
	    "2 0 1 1/1 t\n") == 0, "times beyond all calendars stay between 1970 and 9999");
}

static void
test_huge_block(void)
{
	size_t n = 6 << 20;
	uint8_t *p = calloc(1, n + 4096);
	size_t at;

	fresh(false);
	shb(&f);
	idb(&f, 1, 0, -1, 0);
	epb(&f, 6, 0, 1, "a", 1);
	memcpy(p, f.b, f.n);
	at = f.n;
	memcpy(p + at, "\x0a\0\0\0\0\0\x60\0", 8);      /* decryption secrets, 6 MiB of them */
	at += n;
	f.n = 0;
	epb(&f, 6, 0, 2, "b", 1);
	memcpy(p + at, f.b, f.n);
	ok(read_bytes(p, at + f.n, NULL) == SOURCE_END && packets == 2,
	    "a block larger than any buffer is passed over");
	free(p);
}

static void
test_gzip(void)
{
	uint8_t *big;
	uLongf n = 8 << 20;

	fresh(false);
	pcap_head(&f, 0xa1b2c3d4, 1);
	pcap_rec(&f, 1, 0, "one", 3, false);
	g.n = 0;
	gz(&g, &f);
	ok(read_blob(&g) == SOURCE_END && packets == 1, "pcap within gzip");
	f.n = 0;
	pcap_rec(&f, 2, 0, "two", 3, false);
	gz(&g, &f);
	put(&g, "\0\0\0\0", 4);
	ok(read_blob(&g) == SOURCE_END && packets == 2,
	    "gzip members one after the other, then zeros");
	put(&g, "tail", 4);
	read_blob(&g);
	ok(last == SOURCE_FAILED && packets == 2 && strstr(why.text, "not gzip"),
	    "other bytes behind gzip are said: %s", why.text);
	g.n -= 12;
	read_blob(&g);
	ok(last == SOURCE_FAILED && packets == 2 && strstr(why.text, "cut"),
	    "gzip without its end: all packets, then: %s", why.text);
	f.n = 0;
	text(&f, "{\"timestamp\":\"2026-01-02T03:04:05.000006+0000\",\"event_type\":\"packet\","
	    "\"packet\":\"aGVsbG8=\",\"packet_info\":{\"linktype\":1}}\n");
	g.n = 0;
	gz(&g, &f);
	gz(&g, &f);
	ok(read_blob(&g) == SOURCE_END && packets == 2, "packet records within gzip");

	/* more compressed bytes than one read gives */
	big = malloc(n + 24 + 16);
	f.n = 0;
	pcap_head(&f, 0xa1b2c3d4, 1);
	memcpy(big, f.b, 24);
	uint32_t x = 1;
	size_t at = 24, cnt = 0;
	while (at + 1016 <= n) {
		f.n = 0;
		num(&f, 1, 8);
		num(&f, 1000, 4);
		num(&f, 1000, 4);
		memcpy(big + at, f.b, 16);
		for (int i = 0; i < 1000; i++) {
			x = x * 1664525 + 1013904223;
			big[at + 16 + (size_t)i] = (uint8_t)(x >> 24);
		}
		at += 1016;
		cnt++;
	}
	uint8_t *packed = malloc(n * 2);
	z_stream z = { 0 };
	deflateInit2(&z, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
	z.next_in = big;
	z.avail_in = (uInt)at;
	z.next_out = packed;
	z.avail_out = (uInt)(n * 2);
	deflate(&z, Z_FINISH);
	read_bytes(packed, n * 2 - z.avail_out, NULL);
	ok(last == SOURCE_END && packets == cnt,
	    "a gzip file of several reads: %u of %zu packets", packets, cnt);
	deflateEnd(&z);
	free(packed);
	free(big);
}

static void
test_errors(void)
{
	static const struct { const char *bytes; size_t n; const char *says, *comment; } t[] = {
		{ "", 0, "empty", "no byte" },
		{ "\x7f" "ELF....", 8, "starts with 7f454c46", "another kind of file" },
		{ "a", 1, "not a capture", "one byte" },
		{ "\xd4\xc3\xb2\xa1\2\0\4\0", 8, "file header: 8 of 24", "half a header" },
		{ "\xd4\xc3\xb2\xa1\7\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0", 24, "version 7.4",
		    "an unknown version" },
		{ "\n\r\r\n\x1c\0\0\0....\1\0\0\0", 16, "byte order",
		    "a section without byte order" },
		{ "\n\r\r\n\x0c\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0", 16, "absurd block length 12",
		    "a section too short" },
		{ "\x1f\x8b", 2, "cut", "gzip of nothing" },
		{ "\x1f\x8bxxxxxxxxxxxxxxxxxxxx", 22, "damaged gzip", "gzip in name only" },
		{ "\xfd" "7zXZ\0..", 8, "xz", "xz" },
		{ "[{}]", 4, "JSON array", "a JSON array" },
		{ "\n\n\n\n\n\n", 6, "not a capture", "blank lines alone" },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		read_bytes(t[i].bytes, t[i].n, NULL);
		ok(last == SOURCE_FAILED && strstr(why.text, t[i].says) && packets == 0, "%s: %s",
		    t[i].comment, why.text);
	}
	fresh(false);
	pcap_head(&f, 0xa1b2c3d4, 1);
	pcap_rec(&f, 1, 0, "good", 4, false);
	num(&f, 1, 8);
	num(&f, 0x7fffffff, 8);
	read_blob(&f);
	ok(last == SOURCE_FAILED && packets == 1 && strstr(why.text, "packet 2, at byte 44") &&
	    strstr(why.text, "absurd length"), "an absurd length: %s", why.text);
	fresh(false);
	shb(&f);
	epb(&f, 6, 0, 0, "x", 1);
	read_blob(&f);
	ok(last == SOURCE_FAILED && strstr(why.text, "interface 0"), "%s", why.text);
	fresh(false);
	shb(&f);
	idb(&f, 1, 0, -1, 0);
	epb(&f, 6, 0, 0, "xxxx", 4);
	f.b[f.n - 4] ^= 4;
	read_blob(&f);
	ok(last == SOURCE_FAILED && strstr(why.text, "lengths of a block differ"), "%s",
	    why.text);
	f.b[f.n - 4] ^= 4;
	f.b[f.n - 16] = 200;
	read_blob(&f);
	ok(last == SOURCE_FAILED && strstr(why.text, "absurd length"), "%s", why.text);
	ok(!source_open_file("/nonexistent/x.pcap", NULL, &(struct err){ "" }), "a missing file");
	ok(!source_open_file("/", NULL, &(struct err){ "" }), "a folder");
}

#define TS "{\"timestamp\":\"2026-01-02T03:04:05.000006+0000\",\"event_type\":\"packet\","
#define INFO "\"packet_info\":{\"linktype\":1}}\n"

static void
test_records(void)
{
	static const struct { const char *line, *want; int bad; const char *comment; } t[] = {
		{ TS "\"pcap_cnt\":9,\"packet\":\"aGVsbG8=\"," INFO,
		    "9 1767323045000006 1 5/5 hello\n", 0, "a record as otcap writes it" },
		{ TS "\"host\":\"s1\",\"pcap_cnt\":9,\"packet\":\"aGVs\",\"packet_info\":"
		    "{\"linktype\":113,\"wire_len\":70}}\n",
		    "9 1767323045000006 113 3/70 hel @s1\n", 0,
		    "with a sensor, cut by the snap length" },
		{ "{\"packet_info\":{\"linktype\":1,\"linktype_name\":\"en10mb\"},"
		    "\"packet\":\"aGVsbA==\",\"flow_id\":3,\"event_type\":\"packet\","
		    "\"timestamp\":\"2026-01-02T04:04:05+01:00\"}\n",
		    "1 1767323045000000 1 4/4 hell\n", 0, "in another order, with other members" },
		{ TS "\"packet\":\"\\/\\/\\/\\/\"," INFO,
		    "1 1767323045000006 1 3/3 \xff\xff\xff\n", 0, "base64 with escaped slashes" },
		{ TS "\"pcap_cnt\":2,\"packet_info\":{\"linktype\":1,\"wire_len\":60}}\n",
		    "2 1767323045000006 1 0/60 \n", 0, "no byte captured" },
		{ "{\"event_type\":\"alert\",\"packet\":\"aGVs\"}\n", "", 0,
		    "another type of record" },
		{ "{\"event_type\":\"packet\"\n", "", 1, "not JSON" },
		{ "\xff\n", "", 1, "not text" },
		{ TS "\"packet\":\"aGVsb\"," INFO, "", 1, "base64 of five characters" },
		{ TS "\"packet\":\"aG=s\"," INFO, "", 1, "padding in the middle" },
		{ TS "\"packet\":\"aGV!\"," INFO, "", 1, "not base64" },
		{ TS "\"packet\":\"aGVs\"}\n", "", 1, "no link type" },
		{ "{\"timestamp\":\"yesterday\",\"event_type\":\"packet\","
		    "\"packet\":\"aGVs\"," INFO, "", 1, "no time" },
		{ TS "\"pcap_cnt\":01,\"packet\":\"aGVs\"," INFO, "", 1,
		    "a number with a leading zero" },
	};
	static char twice[4096];

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		/* the first line takes the long way, the second may take the short one */
		snprintf(twice, sizeof(twice), "{}\n%s%s", t[i].line, t[i].line);
		read_bytes(twice, strlen(twice), NULL);
		ok(last == SOURCE_END && counts.bad_lines == 2 * (unsigned)t[i].bad &&
		    notices == (unsigned)t[i].bad &&
		    strncmp(got, t[i].want, strlen(t[i].want)) == 0 &&
		    packets == (t[i].want[0] ? 2 : 0), "%s%s%s", t[i].comment, *notice ? ": " : "",
		    notice);
	}
	snprintf(twice, sizeof(twice), TS "\"packet\":\"aGVs\"," INFO TS "\"packet\":\"aG");
	read_bytes(twice, strlen(twice), NULL);
	ok(last == SOURCE_FAILED && packets == 1 &&
	    strstr(why.text, "cut in mid-record"), "records cut: %s", why.text);
	snprintf(twice, sizeof(twice), TS "\"packet\":\"aGVs\"," INFO);
	ok(read_bytes(twice, strlen(twice) - 1, NULL) == SOURCE_END && packets == 1,
	    "a last line without its newline");
}

/* What goes out comes in again, in each format. */
static void
test_sink(void)
{
	static const char *const names[] = { "json", "pcap", "pcapng" };
	static const struct origin o = { 0 };
	static uint8_t bytes[LIM_FRAME];
	static const struct { uint32_t cap, len; int64_t us; } t[] = {
		{ 1, 1, 1767323045000001 }, { 2, 2, 2 }, { 3, 90, 1767323045999999 }, { 60, 60, 0 },
		{ 0, 60, 5 }, { 0, 0, 6 }, { 1514, 1514, 7 }, { LIM_FRAME, LIM_FRAME, 8 },
		{ LIM_FRAME - 1, 1 << 30, 9 }, { LIM_FRAME - 2, LIM_FRAME, 10 },
	};
	static char want[4096], buf[4 << 20];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + (i >> 8));
	memcpy(bytes, "abcdefghijklmnop", 16);
	for (int k = 0; k < 3; k++) {
		int fd = memfd_create("t", 0);
		struct sink_opts so = { .format = (enum sink_format)k, .fd = fd, .name = "t" };
		struct err e = { "" };
		struct sink *s = sink_new(&so, &e);
		bool all = true;
		ssize_t n;

		ngot = 0;
		for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
			struct packet p = { .data = bytes, .cap = t[i].cap, .len = t[i].len,
			    .us = t[i].us, .link = 113, .cnt = i + 1, .from = &o };
			say(&p);
			all &= sink_packet(s, &p, &e);
		}
		memcpy(want, got, ngot + 1);
		all &= sink_finish(s, &e);
		sink_close(s);
		n = pread(fd, buf, sizeof(buf), 0);
		close(fd);
		read_bytes(buf, n > 0 ? (size_t)n : 0, NULL);
		ok(all && last == SOURCE_END &&
		    strcmp(got, want) == 0, "what is written as %s is read the same%s%s", names[k],
		    why.text[0] ? ": " : "", why.text);
	}
	/* two link types */
	for (int k = 0; k < 3; k++) {
		int fd = memfd_create("t", 0);
		struct sink_opts so = { .format = (enum sink_format)k, .fd = fd, .name = "t" };
		struct err e = { "" };
		struct sink *s = sink_new(&so, &e);
		struct packet p = { .data = bytes, .cap = 4, .len = 4, .link = 1, .cnt = 1,
		    .from = &o };
		bool first = sink_packet(s, &p, &e), second;
		ssize_t n;

		p.link = 101;
		second = sink_packet(s, &p, &e);
		sink_finish(s, &e);
		sink_close(s);
		n = pread(fd, buf, sizeof(buf), 0);
		close(fd);
		read_bytes(buf, (size_t)n, NULL);
		ok(first && second == (k != SINK_PCAP) && packets == (k == SINK_PCAP ? 1 : 2) &&
		    (k != SINK_PCAP || strstr(e.text, "pcapng")), "a second link type in %s: %s",
		    names[k], second ? "written" : e.text);
	}
}

static void
test_filter(void)
{
	static const uint8_t udp[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 8, 0, 0x45, 0, 0, 28,
	    0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 99, 0, 53, 0, 8, 0, 0 };
	struct err e = { "" };
	struct source_filter *bad;

	fresh(false);
	shb(&f);
	idb(&f, 1, 0, -1, 0);
	idb(&f, 101, 0, -1, 0);
	idb(&f, 249, 0, -1, 0);
	for (int i = 0; i < 3; i++) {
		static struct blob b;
		b.n = 0;
		num(&b, (uint64_t)i, 4);
		num(&b, 0, 8);
		num(&b, sizeof(udp) - (i ? 14 : 0), 4);
		num(&b, sizeof(udp) - (i ? 14 : 0), 4);
		put(&b, udp + (i ? 14 : 0), sizeof(udp) - (i ? 14 : 0));
		block(&f, 6, &b);
	}
	ok(read_bytes(f.b, f.n, "udp port 53") == SOURCE_END && packets == 2 &&
	    counts.passed_over == 1, "a filter is compiled for each link type; USB has no ports");
	ok(read_bytes(f.b, f.n, "tcp") == SOURCE_END && packets == 0,
	    "what does not match does not pass");
	bad = source_filter_new("port nowhere and", &e);
	ok(!bad && strstr(e.text, "filter \"port nowhere and\""), "%s", e.text);
}

/* Every cut of f: no crash, whole packets first, and a cut is said. */
static void
cuts(const struct blob *b, const char *name)
{
	static char whole[sizeof(got)];
	unsigned silent = 0, wrong = 0, ends = 0;

	read_blob(b);
	memcpy(whole, got, ngot + 1);
	for (size_t n = 0; n < b->n; n++) {
		enum source_next r = read_bytes(b->b, n, NULL);
		if (strncmp(whole, got, ngot) != 0)
			wrong++;
		if (r == SOURCE_FAILED && !why.text[0])
			silent++;
		ends += r == SOURCE_END;
	}
	ok(!wrong && !silent, "%s cut at every byte: %u of %zu cuts end where a record does", name,
	    ends, b->n);
}

static void
test_cuts(void)
{
	fresh(false);
	pcap_head(&f, 0xa1b2c3d4, 1);
	for (uint32_t i = 0; i < 4; i++)
		pcap_rec(&f, i, i, "some bytes", 20, false);
	cuts(&f, "pcap");
	g.n = 0;
	gz(&g, &f);
	cuts(&g, "gzip");
	fresh(true);
	shb(&f);
	idb(&f, 1, 0, 6, 7);
	epb(&f, 6, 0, 5, "some bytes", 10);
	f.be = false;
	shb(&f);
	idb(&f, 101, 0, -1, 0);
	epb(&f, 3, 0, 5, "some bytes", 10);
	epb(&f, 2, 0, 5, "some bytes", 10);
	cuts(&f, "pcapng");
	/* one byte changed at every place */
	for (size_t i = 0; i < f.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			f.b[i] ^= (uint8_t)(1 << bit);
			read_blob(&f);
			f.b[i] ^= (uint8_t)(1 << bit);
		}
	ok(true, "pcapng with every bit changed in turn");
	f.n = 0;
	for (int i = 0; i < 3; i++)
		text(&f, TS "\"host\":\"a\",\"pcap_cnt\":3,\"packet\":\"aGVs\"," INFO);
	cuts(&f, "packet records");
	for (size_t i = 0; i < f.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			f.b[i] ^= (uint8_t)(1 << bit);
			read_blob(&f);
			f.b[i] ^= (uint8_t)(1 << bit);
		}
	ok(true, "packet records with every bit changed in turn");
}

int
main(void)
{
	test_pcap();
	test_pcapng();
	test_huge_block();
	test_gzip();
	test_errors();
	test_records();
	test_sink();
	test_filter();
	test_cuts();
	return tap_done();
}
