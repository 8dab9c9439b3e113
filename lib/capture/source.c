#include "capture/source_impl.h"

#include "base/hash.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD = 64 };             /* bytes looked at; blank lines may come first */

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
		h = hash32_step(h, (uint8_t)*s);
	return hash32_step(h, 0) + 1;
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
	uint32_t hash = mix(mix(mix(HASH32_BEGIN, file), iface), host);
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
			if (s->passes && !s->passes(s, p)) {
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

enum source_next
source_batch(struct source *s, struct packet *p, size_t n, size_t *got, struct err *e)
{
	enum source_next r = source_next(s, p, e);
	size_t k;

	*got = r == SOURCE_PACKET;
	if (!*got || !s->ops->more || n == 1)
		return r;
	k = s->ops->more(s, p + 1, n - 1);
	if (!s->passes)
		*got += k;
	for (size_t i = 1; s->passes && i <= k; i++)
		if (s->passes(s, &p[i]))
			p[(*got)++] = p[i];
	s->n.received += *got - 1;
	return r;
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
