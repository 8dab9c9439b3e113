/* fuzz_packets.c: any lines as "packet" records, and as records that name packets. What is read,
 * written and read again is the same, and a packet that is written down names itself. A first byte
 * that is a digit: a list of numbers. */
#include "fuzz.h"

#include "base/limits.h"
#include "capture/sink.h"
#include "capture/source.h"
#include "extract/wanted.h"
#include "json/scan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 64 };

/* A packet with bytes of its own: the source's last until the next one. */
struct kept { struct packet p; struct origin from; uint8_t *bytes; };

static char *
copy(const char *s)
{
	char *own = s ? strdup(s) : NULL;

	if (s && !own)
		exit(2);
	return own;
}

static void
keep(struct kept *k, const struct packet *p)
{
	k->p = *p;
	k->from = (struct origin){ copy(p->from->file), copy(p->from->iface), copy(p->from->host) };
	k->bytes = malloc(p->cap ? p->cap : 1);
	if (!k->bytes)
		exit(2);
	memcpy(k->bytes, p->data, p->cap);
	k->p.data = k->bytes;
	k->p.from = &k->from;
}

static void
forget(struct kept *k)
{
	free((char *)(uintptr_t)k->from.file);
	free((char *)(uintptr_t)k->from.iface);
	free((char *)(uintptr_t)k->from.host);
	free(k->bytes);
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
same(const struct packet *a, const struct packet *b)
{
	return a->cap == b->cap && a->len == b->len && a->us == b->us && a->link == b->link &&
	    a->cnt == b->cnt && memcmp(a->data, b->data, a->cap) == 0 &&
	    same_text(a->from->file, b->from->file) && same_text(a->from->iface, b->from->iface) &&
	    same_text(a->from->host, b->from->host);
}

/* All packets of a file, the first MOST of them kept; how many. */
static size_t
read_all(const char *path, struct kept *v)
{
	struct err e = { "" };
	struct source *s = source_open_file(path, NULL, &e);
	enum source_next got = SOURCE_FAILED;
	struct packet p;
	size_t n = 0;

	while (s && (got = source_next(s, &p, &e)) != SOURCE_END && got != SOURCE_FAILED) {
		if (got != SOURCE_PACKET)
			continue;
		if (p.cap > p.len || p.cap > LIM_FRAME)
			abort();
		if (n < MOST)
			keep(&v[n++], &p);
	}
	if (got == SOURCE_FAILED && !e.text[0])
		abort();
	if (s)
		source_close(s);
	return n;
}

static struct wanted *
names(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *end = p + n, *why;
	struct err e = { "" };
	struct wanted *w = wanted_new(&e);
	size_t len, at;
	char *own;

	if (!w)
		exit(2);
	while ((own = fuzz_line(&p, end, &len))) {
		if (scan_check(own, len, true, &at, &why) && !wanted_record(w, own, len, &e) &&
		    !e.text[0])
			abort();
		free(own);
	}
	(void)wanted_ready(w, &e);
	for (size_t i = 0; wanted_file(w, i); i++)
		if (!wanted_is_file(wanted_file(w, i), wanted_file(w, i)))
			abort();
	return w;
}

static void
again(const struct kept *v, size_t n)
{
	struct kept back[MOST];
	struct err e = { "" };
	struct wanted *w;
	struct sink *s;
	const char *path;
	uint8_t *text;
	off_t len;
	int fd;

	path = fuzz_file(NULL, 0, &fd);
	s = sink_new(&(struct sink_opts){ .format = SINK_JSON, .fd = fd, .name = "w" }, &e);
	if (!s)
		exit(2);
	for (size_t i = 0; i < n; i++)
		if (!sink_packet(s, &v[i].p, &e))
			abort();
	if (!sink_finish(s, &e))
		exit(2);
	sink_close(s);
	if (read_all(path, back) != n)
		abort();
	len = lseek(fd, 0, SEEK_END);
	if (len < 0 || !(text = malloc((size_t)len + 1)) || pread(fd, text, (size_t)len, 0) != len)
		exit(2);
	fuzz_records(NULL, (char *)text, (size_t)len);
	w = names(text, (size_t)len);
	for (size_t i = 0; i < n; i++) {
		if (!same(&v[i].p, &back[i].p))
			abort();
		/* numbers are from 1 */
		if (back[i].p.cnt && !wanted_has(w, &back[i].p))
			abort();
		forget(&back[i]);
	}
	if (wanted_missing(w))
		abort();
	wanted_free(w);
	free(text);
	fuzz_file_close(fd);
}

static void
list(const uint8_t *data, size_t n)
{
	char *text = malloc(n + 1);
	struct err e = { "" };
	struct wanted *w = wanted_new(&e);

	if (!text || !w)
		exit(2);
	memcpy(text, data, n);
	text[n] = '\0';
	if (wanted_numbers(w, text, &e)) {
		/* what is taken looks like one, and names something */
		if (!wanted_is_list(text) || !wanted_ready(w, &e) || !wanted_total(w) ||
		    wanted_missing(w) != wanted_total(w) || !wanted_nameless(w))
			abort();
	} else if (!e.text[0]) {
		abort();
	}
	wanted_free(w);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct kept v[MOST];
	size_t got;
	int fd;

	if (n && data[0] >= '0' && data[0] <= '9') {
		list(data, n);
		return 0;
	}
	wanted_free(names(data, n));
	got = read_all(fuzz_file(data, n, &fd), v);
	fuzz_file_close(fd);
	if (got)
		again(v, got);
	for (size_t i = 0; i < got; i++)
		forget(&v[i]);
	return 0;
}
