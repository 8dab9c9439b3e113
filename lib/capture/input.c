/* input.c: the bytes of a file or pipe, in large reads, unpacked where they
 * are gzip. What the window is, source_impl.h says. */
#include "capture/source_impl.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum {
	INPUT_RAW = INPUT_BLOCK,        /* of compressed bytes: what the first read gave fits */
	INPUT_IDLE_MS = 200,
};

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
bool
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
