#include "capture/source_impl.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	INPUT_BLOCK = 1 << 20,          /* one read(2) */
	INPUT_RAW = INPUT_BLOCK,        /* of compressed bytes: what the first read gave fits */
	INPUT_IDLE_MS = 200,
	HEAD = 64,                      /* bytes that tell what an input is */
};

/* ---- input: bytes of a file or pipe ---- */

/* One read(2). *got 0 with INPUT_OK is the end. */
static enum input_got
raw_read(struct input *in, uint8_t *dst, size_t room, size_t *got, struct err *e)
{
	ssize_t r;

	*got = 0;
	if (*in->wake) {
		*in->wake = 0;
		return INPUT_IDLE;
	}
	if (!in->regular) {
		struct pollfd pf = { .fd = in->fd, .events = POLLIN };
		int n = poll(&pf, 1, INPUT_IDLE_MS);
		if (n == 0 || (n < 0 && errno == EINTR))
			return INPUT_IDLE;
	}
	do
		r = read(in->fd, dst, room);
	while (r < 0 && errno == EINTR);
	if (r < 0) {
		err_sys(e, "%s: read at byte %llu", in->name, (unsigned long long)in->stored);
		return INPUT_FAILED;
	}
	if (r == 0)
		in->eof = true;
	in->stored += (uint64_t)r;
	*got = (size_t)r;
	return INPUT_OK;
}

/* More compressed bytes behind those that wait. While it is not yet settled
 * what the input is, all are kept: the line reader may want them from the first. */
static enum input_got
gz_read(struct input *in, struct err *e)
{
	enum input_got g;
	size_t got;

	if (in->settled && in->raw_off == in->raw_end)
		in->raw_off = in->raw_end = 0;
	if (in->raw_end == INPUT_RAW) {
		err_set(e, "%s: gzip header longer than %d bytes", in->name, INPUT_RAW);
		return INPUT_FAILED;
	}
	g = raw_read(in, in->raw + in->raw_end, INPUT_RAW - in->raw_end, &got, e);
	if (g == INPUT_OK)
		in->raw_end += got;
	return g;
}

/* Between two members: another one, padding with zeros, or the end. */
static enum input_got
gz_member(struct input *in, struct err *e)
{
	for (;;) {
		while (in->raw_off < in->raw_end && in->raw[in->raw_off] == 0)
			in->raw_off++;
		if (in->raw_end - in->raw_off >= 2 || (in->eof && in->raw_off < in->raw_end))
			break;
		if (in->eof)
			return INPUT_END;
		if (in->raw_end == INPUT_RAW) {         /* one byte left at the very end */
			in->raw[0] = in->raw[in->raw_off];
			in->raw_end -= in->raw_off;
			in->raw_off = 0;
		}
		enum input_got g = gz_read(in, e);
		if (g != INPUT_OK)
			return g;
	}
	if (in->raw[in->raw_off] != 0x1f || in->raw_end - in->raw_off < 2 ||
	    in->raw[in->raw_off + 1] != 0x8b) {
		err_set(e, "%s: bytes behind the gzip data are not gzip (at byte %llu)", in->name,
		    (unsigned long long)(in->stored - (in->raw_end - in->raw_off)));
		return INPUT_FAILED;
	}
	inflateReset(&in->z);
	in->gz_between = false;
	return INPUT_OK;
}

/* Unpacks something into buf + end. */
static enum input_got
gz_fill(struct input *in, struct err *e)
{
	enum input_got g;
	size_t room = in->cap - in->end;
	int r;

	if (in->gz_between && (g = gz_member(in, e)) != INPUT_OK)
		return g;
	if (in->raw_off == in->raw_end) {
		if (!in->eof && (g = gz_read(in, e)) != INPUT_OK)
			return g;
		if (in->raw_off == in->raw_end) {
			in->gz_cut = true;
			err_set(e, "%s: cut: the gzip data ends early, at byte %llu", in->name,
			    (unsigned long long)in->stored);
			return INPUT_FAILED;
		}
	}
	in->z.next_in = in->raw + in->raw_off;
	in->z.avail_in = (uInt)(in->raw_end - in->raw_off);
	in->z.next_out = in->buf + in->end;
	in->z.avail_out = (uInt)room;
	r = inflate(&in->z, Z_NO_FLUSH);
	in->raw_off = in->raw_end - in->z.avail_in;
	in->end += room - in->z.avail_out;
	if (r == Z_STREAM_END) {
		in->gz_between = true;
	} else if (r != Z_OK && r != Z_BUF_ERROR && room == in->z.avail_out) {
		/* what came out before the damage has been handed on by now */
		err_set(e, "%s: damaged gzip data near byte %llu: %s", in->name,
		    (unsigned long long)(in->stored - in->z.avail_in),
		    in->z.msg ? in->z.msg : "does not unpack");
		return INPUT_FAILED;
	}
	return INPUT_OK;
}

enum input_got
input_fill(struct input *in, size_t n, struct err *e)
{
	enum input_got g;

	if (in->off) {
		memmove(in->buf, in->buf + in->off, in->end - in->off);
		in->base += in->off;
		in->end -= in->off;
		in->off = 0;
	}
	if (n > in->cap) {
		uint8_t *p = realloc(in->buf, n);
		if (!p) {
			err_set(e, "%s: out of memory", in->name);
			return INPUT_FAILED;
		}
		in->buf = p;
		in->cap = n;
	}
	while (in->end < n) {
		if (in->gz) {
			g = gz_fill(in, e);
		} else if (in->eof) {
			g = INPUT_END;
		} else {
			size_t got;
			g = raw_read(in, in->buf + in->end, in->cap - in->end, &got, e);
			if (g == INPUT_OK)
				in->end += got;
		}
		if (g != INPUT_OK)
			return g;
	}
	return INPUT_OK;
}

/* What has been read so far turns out to be gzip. */
static bool
input_gunzip(struct input *in, struct err *e)
{
	in->raw = malloc(INPUT_RAW);
	if (!in->raw || in->end > INPUT_RAW || inflateInit2(&in->z, 16 + MAX_WBITS) != Z_OK)
		return err_set(e, "%s: out of memory", in->name);
	memcpy(in->raw, in->buf, in->end);
	in->raw_end = in->end;
	in->end = 0;
	in->gz = true;
	return true;
}

/* ---- what an input is ---- */

static bool
is_pcap(const uint8_t *p, size_t n)
{
	static const uint32_t magic[] = { 0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34 };
	uint32_t v;

	if (n < 4)
		return false;
	memcpy(&v, p, 4);
	for (size_t i = 0; i < sizeof(magic) / sizeof(magic[0]); i++)
		if (v == magic[i] || v == __builtin_bswap32(magic[i]))
			return true;
	return false;
}

static bool
is_pcapng(const uint8_t *p, size_t n)
{
	return n >= 4 && memcmp(p, "\x0a\x0d\x0d\x0a", 4) == 0;
}

static size_t
blanks(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n && (p[i] == ' ' || p[i] == '\n' || p[i] == '\r' || p[i] == '\t'))
		i++;
	return i;
}

static bool
is_record(const uint8_t *p, size_t n)
{
	size_t i = blanks(p, n);

	return i < n && p[i] == '{';
}

/* The kinds that are known by their first bytes. */
static const struct {
	bool (*is)(const uint8_t *p, size_t n);
	const struct source_ops *ops;
} kinds[] = {
	{ is_pcap, &source_pcap },
	{ is_pcapng, &source_pcapng },
	{ is_record, &source_record },
};

/* What people pass by mistake, and what to do. */
static const struct {
	const char *magic;
	size_t n;
	const char *say;
} others[] = {
	{ "\x1f\x8b", 2, "gzip within gzip: unpack it first" },
	{ "\xfd" "7zXZ", 5, "xz: unpack it first (xzcat)" },
	{ "\x28\xb5\x2f\xfd", 4, "zstd: unpack it first (zstdcat)" },
	{ "BZh", 3, "bzip2: unpack it first (bzcat)" },
	{ "\x04\x22\x4d\x18", 4, "lz4: unpack it first (lz4cat)" },
	{ "PK\x03\x04", 4, "zip: unpack it first (unzip -p)" },
	{ "snoop\0\0\0", 8, "snoop: convert it first (editcap)" },
	{ "[", 1, "a JSON array: one record a line is read (jq -c '.[]')" },
};

static bool
no_kind(const struct input *in, struct err *e)
{
	const uint8_t *p = in->buf + in->off;
	size_t n = input_have(in);
	char hex[2 * 8 + 1] = "", text[8 + 1] = "";

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (n >= others[i].n && memcmp(p, others[i].magic, others[i].n) == 0)
			return err_set(e, "%s: not a capture: %s", in->name, others[i].say);
	n = n < 8 ? n : 8;
	for (size_t i = 0; i < n; i++) {
		snprintf(hex + 2 * i, 3, "%02x", p[i]);
		text[i] = p[i] > 0x20 && p[i] < 0x7f && p[i] != '"' ? (char)p[i] : '.';
	}
	return err_set(e, "%s: not a capture: starts with %s (\"%s\"), expected pcap, pcapng, gzip "
	    "or packet records", in->name, hex, text);
}

/* Looks at the first bytes; SOURCE_PACKET when the kind is known now. */
static enum source_next
source_detect(struct source *s, struct err *e)
{
	struct input *in = &s->in;
	enum input_got g = input_need(in, 4, e);

	if (g == INPUT_END && !input_have(in) && !in->gz) {
		err_set(e, "%s: empty: 0 bytes", in->name);
		return SOURCE_FAILED;
	}
	if ((g == INPUT_OK || g == INPUT_END) && !in->gz && input_have(in) >= 2 &&
	    in->buf[0] == 0x1f && in->buf[1] == 0x8b) {
		if (!input_gunzip(in, e))
			return SOURCE_FAILED;
		g = input_need(in, 4, e);
	}
	/* Blank lines before the first record: look further, though not forever. */
	while (g == INPUT_OK && input_have(in) < HEAD && blanks(in->buf, input_have(in)) ==
	    input_have(in))
		g = input_need(in, input_have(in) + 1, e);
	if (g == INPUT_IDLE)
		return SOURCE_IDLE;
	if (g == INPUT_FAILED)
		return SOURCE_FAILED;
	if (!input_have(in)) {
		err_set(e, "%s: empty: gzip of 0 bytes", in->name);
		return SOURCE_FAILED;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!kinds[i].is(in->buf + in->off, input_have(in)))
			continue;
		if (!kinds[i].ops->open(s, e))
			return SOURCE_FAILED;
		s->ops = kinds[i].ops;
		in->settled = true;
		return SOURCE_PACKET;
	}
	no_kind(in, e);
	return SOURCE_FAILED;
}

struct source *
source_open_file(const char *path, const char *host, struct err *e)
{
	bool std = strcmp(path, "-") == 0;
	const char *name = std ? "stdin" : path;
	struct source *s;
	struct stat st;
	int fd;

	fd = std ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		err_sys(e, "%s", path);
		return NULL;
	}
	if (fstat(fd, &st) < 0) {
		err_sys(e, "%s", name);
		goto bad;
	}
	if (S_ISDIR(st.st_mode)) {
		err_set(e, "%s: is a folder, not a capture", name);
		goto bad;
	}
	s = calloc(1, sizeof(*s));
	if (!s || !(s->in.buf = malloc(INPUT_BLOCK))) {
		free(s);
		err_set(e, "%s: out of memory", name);
		goto bad;
	}
	s->in.name = name;
	s->in.cap = INPUT_BLOCK;
	s->in.fd = fd;
	s->in.wake = &s->wake;
	s->in.regular = S_ISREG(st.st_mode);
	if (s->in.regular)
		s->in.total = st.st_size > 0 ? (uint64_t)st.st_size : 0;
	/* who may open files may also say how they are read; stdin is read confined */
	if (s->in.regular && !std)
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	s->origin = origin_get(std ? NULL : path, NULL, host, false);
	return s;
bad:
	if (!std)
		close(fd);
	return NULL;
}

/* ---- origins: they outlive their source, for flows point to them ---- */

static struct { const struct origin *o; uint32_t hash; } *origins;
static size_t norigin, origin_room, norigin_bytes;
static const struct origin nowhere;

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static uint32_t
mix(uint32_t h, const char *s)
{
	for (; s && *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h * 16777619u + 1;
}

static size_t
length(const char *s)
{
	return s ? strlen(s) : 0;
}

static bool
copy(const char **dst, const char *s)
{
	return !s || (*dst = strdup(s)) != NULL;
}

const struct origin *
origin_get(const char *file, const char *iface, const char *host, bool outside)
{
	uint32_t hash = mix(mix(mix(2166136261u, file), iface), host);
	size_t n = length(file) + length(iface) + length(host);
	struct origin *o;

	for (size_t i = norigin; i-- > 0; )
		if (origins[i].hash == hash && same(origins[i].o->file, file) &&
		    same(origins[i].o->iface, iface) && same(origins[i].o->host, host))
			return origins[i].o;
	if (outside && (norigin >= LIM_ORIGINS || norigin_bytes + n > LIM_ORIGIN_BYTES))
		return &nowhere;
	if (norigin == origin_room) {
		size_t room = origin_room ? 2 * origin_room : 16;
		void *p = realloc(origins, room * sizeof(*origins));
		if (!p)
			return &nowhere;
		origins = p;
		origin_room = room;
	}
	o = calloc(1, sizeof(*o));
	if (!o || !copy(&o->file, file) || !copy(&o->iface, iface) || !copy(&o->host, host))
		return &nowhere;
	norigin_bytes += n;
	origins[norigin].hash = hash;
	origins[norigin++].o = o;
	return o;
}

/* ---- filters: compiled once for the run, whatever the number of files ---- */

struct source_filter {
	char *text;
	unsigned n;
	struct source_prog {
		uint32_t link;
		bool ok;                /* the text has a meaning for this link type */
		struct bpf_program bpf;
	} progs[LIM_FILTER_LINKS];
};

/* Where libpcap's own numbers differ from those in files. */
static const struct { uint32_t link; int dlt; } renumbered[] = {
	{ 100, DLT_ATM_RFC1483 }, { 101, DLT_RAW }, { 102, DLT_SLIP_BSDOS },
	{ 103, DLT_PPP_BSDOS }, { 104, DLT_C_HDLC }, { 106, DLT_ATM_CLIP },
};

int
source_link_to_dlt(uint32_t link)
{
	for (size_t i = 0; i < sizeof(renumbered) / sizeof(renumbered[0]); i++)
		if (renumbered[i].link == link)
			return renumbered[i].dlt;
	return (int)link;
}

uint32_t
source_dlt_to_link(int dlt)
{
	for (size_t i = 0; i < sizeof(renumbered) / sizeof(renumbered[0]); i++)
		if (renumbered[i].dlt == dlt)
			return renumbered[i].link;
	return (uint32_t)dlt;
}

static bool
prog_add(struct source_filter *f, uint32_t link, struct err *e)
{
	struct source_prog *g = &f->progs[f->n];
	pcap_t *p = pcap_open_dead(source_link_to_dlt(link), LIM_FRAME);

	if (!p)
		return err_set(e, "out of memory");
	g->link = link;
	g->ok = pcap_compile(p, &g->bpf, f->text, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!g->ok)
		err_set(e, "filter \"%s\": %s", f->text, pcap_geterr(p));
	pcap_close(p);
	f->n++;
	return g->ok;
}

struct source_filter *
source_filter_new(const char *text, struct err *e)
{
	/* The rare link types are compiled when they are met. */
	static const uint16_t links[] = { 1, 101, 113, 276, 0, 108, 9, 105, 127, 228, 229 };
	struct source_filter *f = calloc(1, sizeof(*f));
	struct err first = { "" };
	bool any = false;

	if (!f || !(f->text = strdup(text))) {
		free(f);
		err_set(e, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		any |= prog_add(f, links[i], &first);
	if (any)
		return f;
	err_set(e, "%s", first.text);
	source_filter_free(f);
	return NULL;
}

void
source_filter_free(struct source_filter *f)
{
	if (!f)
		return;
	for (unsigned i = 0; i < f->n; i++)
		if (f->progs[i].ok)
			pcap_freecode(&f->progs[i].bpf);
	free(f->text);
	free(f);
}

void
source_filter_set(struct source *s, struct source_filter *f)
{
	s->filter = f;
}

static bool
filter_passes(struct source *s, const struct packet *p)
{
	struct source_filter *f = s->filter;
	struct source_prog *g = NULL;
	struct pcap_pkthdr h = { .caplen = p->cap, .len = p->len };

	for (unsigned i = 0; i < f->n && !g; i++)
		if (f->progs[i].link == p->link)
			g = &f->progs[i];
	if (!g && f->n < LIM_FILTER_LINKS) {
		struct err none = { "" };
		prog_add(f, p->link, &none);
		g = &f->progs[f->n - 1];
	}
	if (!g || !g->ok) {
		s->n.passed_over++;
		return false;
	}
	if (pcap_offline_filter(&g->bpf, &h, p->data))
		return true;
	if (p->link == DLT_EN10MB && p->cap > 13) {
		unsigned type = (unsigned)p->data[12] << 8 | p->data[13];
		s->n.tagged += type == 0x8100 || type == 0x88a8;
	}
	return false;
}

/* ---- the source itself ---- */

enum source_next
source_next(struct source *s, struct packet *p, struct err *e)
{
	enum source_next r;

	if (s->over) {
		if (s->over == SOURCE_FAILED)
			err_set(e, "%s", s->why.text);
		return s->over;
	}
	for (;;) {
		r = s->ops ? SOURCE_PACKET : source_detect(s, &s->why);
		if (r == SOURCE_PACKET)
			r = s->ops->next(s, p, &s->why);
		if (r == SOURCE_PACKET) {
			s->any = true;
			if (s->filter && !filter_passes(s, p)) {
				if (!s->wake)
					continue;
				s->wake = 0;
				return SOURCE_IDLE;
			}
			s->n.received++;
			return r;
		}
		if (r == SOURCE_IDLE)
			return r;
		s->over = r;
		if (r == SOURCE_FAILED)
			err_set(e, "%s", s->why.text);
		return r;
	}
}

void
source_wake(struct source *s)
{
	s->wake = 1;
}

void
source_hook(struct source *s, const struct source_hooks *h)
{
	s->hooks = *h;
}

void
source_notice(struct source *s, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!s->hooks.notice)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	s->hooks.notice(s->hooks.arg, text);
}

void
source_counts(struct source *s, struct source_counts *c)
{
	if (s->ops && s->ops->counts)
		s->ops->counts(s, &s->n);
	*c = s->n;
}

void
source_progress(struct source *s, uint64_t *done, uint64_t *total)
{
	*done = s->in.stored;
	*total = s->in.total;
	if (s->ops && s->ops->progress)
		s->ops->progress(s, done, total);
}

bool
source_empty(const struct source *s)
{
	return !s->any;
}

void
source_close(struct source *s)
{
	if (!s)
		return;
	if (s->ops && s->ops->close)
		s->ops->close(s);
	if (s->in.gz)
		inflateEnd(&s->in.z);
	if (s->in.buf && s->in.fd > STDIN_FILENO)
		close(s->in.fd);
	free(s->in.raw);
	free(s->in.buf);
	free(s);
}
