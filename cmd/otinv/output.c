/* output.c: records to stdout, meta records first. */
#include "otinv.h"

#include "inv/write.h"
#include "json/meta.h"

#include "base/diag.h"
#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OUT_ROOM = 2 * LIM_RECORD, OUT_FLUSH = 64 << 10 };

struct output *
output_to(int fd, const char *name)
{
	struct output *o = calloc(1, sizeof(*o));
	char *buf = malloc(OUT_ROOM);

	if (!o || !buf) {
		free(o);
		free(buf);
		return NULL;
	}
	jw_init(&o->w, buf, OUT_ROOM);
	o->fd = fd;
	o->name = name;
	return o;
}

struct output *
output_new(void)
{
	return output_to(STDOUT_FILENO, "standard output");
}

static bool
write_out(struct output *o)
{
	if (!o->closed && !o->err && o->w.n && !file_write_all(o->fd, o->w.buf, o->w.n)) {
		if (errno == EPIPE)
			o->closed = true;
		else
			o->err = errno;
	}
	jw_reset(&o->w);
	return !o->closed && !o->err;
}

bool
output_some(void *output, struct jw *w)
{
	return w->n < OUT_FLUSH || write_out(output);
}

void
output_inventory(struct output *o, struct inv *v, const struct roles *roles)
{
	/* what is left out must not pass for a whole inventory, nor take the place of one */
	if (!inv_write(v, roles, &o->w, output_some, o) && !o->closed && !o->err)
		o->err = ENOMEM;
}

int
output_end(struct output *o)
{
	const char *name = o->name;
	struct err e = { "" };
	int failed;

	write_out(o);
	failed = o->err;
	free(o->w.buf);
	free(o);
	if (!failed)
		return 0;
	errno = failed;
	err_sys(&e, "writing to %s", name);
	diag("%s", e.text);
	return 2;
}

int
output_flush(void)
{
	struct err e = { "" };

	if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
		return 0;
	err_sys(&e, "writing to standard output");
	diag("%s", e.text);
	return 2;
}

/* ---- meta ---------------------------------------------------------------- */

enum { METAS = 4096 };                  /* inputs of one run, each with its programs */

void
metas_keep(struct metas *m, const struct rec *r)
{
	size_t lo = 0, hi = m->n, mid;
	char *s, **more;
	int c;

	if (!sval_is(&r->type, "meta") || m->n == METAS)
		return;
	if (!(s = strndup(r->line.p, r->line.n)))
		return;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if ((c = strcmp(s, m->v[mid])) == 0) {
			free(s);
			return;
		}
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	if (!(more = realloc(m->v, (m->n + 1) * sizeof(*more)))) {
		free(s);
		return;
	}
	m->v = more;
	memmove(more + lo + 1, more + lo, (m->n - lo) * sizeof(*more));
	more[lo] = s;
	m->n++;
}

bool
metas_write(const struct metas *m, struct output *o)
{
	bool ok = !o->closed && !o->err;

	for (size_t i = 0; ok && i < m->n; i++) {
		size_t n = strlen(m->v[i]);
		if (n + 1 > o->w.cap - o->w.n && !write_out(o))
			return false;
		memcpy(o->w.buf + o->w.n, m->v[i], n);
		o->w.n += n;
		o->w.buf[o->w.n++] = '\n';
		ok = output_some(o, &o->w);
	}
	return ok;
}

void
metas_free(struct metas *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->v[i]);
	free(m->v);
}

bool
output_meta(struct output *o, int argc, char **argv)
{
	return meta_write(&o->w, "otinv", 0, NULL, argc, argv, NULL, 0) && output_some(o, &o->w);
}
