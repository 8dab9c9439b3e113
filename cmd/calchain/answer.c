/* answer.c: records out, and what is written of them. */
#include "calchain.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/limits.h"
#include "json/fields.h"
#include "json/jw.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 2 * LIM_RECORD, FLUSH = 64 << 10 };

struct records { struct jw w; int err; bool closed, cut; char *buf; };

struct records *
records_new(void)
{
	struct records *r = calloc(1, sizeof(*r));

	if (!r || !(r->buf = malloc(ROOM))) {
		diag("out of memory");
		free(r);
		return NULL;
	}
	jw_init(&r->w, r->buf, ROOM);
	return r;
}

struct jw *
records_jw(struct records *r)
{
	return &r->w;
}

static void
flush(struct records *r)
{
	if (!r->closed && !r->err && r->w.n &&
	    !file_write_all(STDOUT_FILENO, r->w.buf, r->w.n)) {
		r->closed = errno == EPIPE;
		r->err = errno;
	}
	jw_reset(&r->w);
}

bool
records_sent(struct records *r, bool line)
{
	r->cut |= !line;
	if (r->w.n >= FLUSH)
		flush(r);
	return !r->err;
}

int
records_end(struct records *r)
{
	struct err e = { "" };
	int status = 0;

	flush(r);
	if (r->err && !r->closed) {
		errno = r->err;
		err_sys(&e, "writing to standard output");
		diag("%s", e.text);
		status = 2;
	}
	if (r->cut) {
		diag("an answer too long for a record was left out");
		status = 2;
	}
	free(r->buf);
	free(r);
	return status;
}

int
printed_end(void)
{
	struct err e = { "" };

	if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
		return 0;
	err_sys(&e, "writing to standard output");
	diag("%s", e.text);
	return 2;
}

/* ---- --schema, --list-fields ------------------------------------------------------ */

static int
described(bool good, const struct err *e)
{
	if (!good)
		diag("%s", e->text);
	return good ? 0 : 2;
}

int
print_schemas(const char *const *types)
{
	static const char *const shared[] = { "envelope", NULL };
	struct err e = { "" };

	return described(
	    fields_schemas(stdout, shared, &e) && fields_schemas(stdout, types, &e), &e);
}

int
print_fields(const char *const *types)
{
	struct err e = { "" };

	return described(fields_print(stdout, types, &e), &e);
}
