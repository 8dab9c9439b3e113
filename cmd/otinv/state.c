/* state.c: the inventory that a build goes on from and replaces. */
#include "otinv.h"

#include "base/diag.h"
#include "inv/merge.h"
#include "inv/read.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

bool
state_open(struct state *s, const char *path, struct err *e)
{
	*s = (struct state){ .path = path, .fd = -1 };
	if (!path)
		return true;
	s->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0)
		return errno == ENOENT || err_sys(e, "%s", path);
	if (flock(s->fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	return errno == EWOULDBLOCK ? err_set(e, "%s: another otinv is at work on it", path) :
	    err_sys(e, "%s: lock", path);
}

struct taken { struct inv *v; struct metas *metas; bool whole; };

static bool
take(void *arg, const struct rec *r)
{
	struct taken *t = arg;

	metas_keep(t->metas, r);
	/* its stats are an inventory's last record */
	t->whole = inv_record(t->v, r) && sval_is(&r->type, "stats");
	return !t->v->pool.failed;
}

bool
state_read(struct state *s, struct metas *metas)
{
	struct taken t = { inv_new(""), metas, false };
	struct input in = { 0 };

	if (s->fd < 0 || !t.v) {
		inv_free(t.v);
		return s->fd < 0;
	}
	input_read(&in, s->path, take, &t);
	if (in.bad || in.failed || !t.whole) {
		diag("%s: no whole inventory: it stays as it is, and nothing was read", s->path);
		inv_free(t.v);
		return false;
	}
	s->old = t.v;
	return true;
}

bool
state_join(struct state *s, struct inv **v, const char *site_key, bool *partly)
{
	struct inv *both[2] = { *v, s->old }, *all;

	if (!s->old)
		return true;
	if (!(all = inv_join_all(both, 2, partly)))
		return false;
	inv_free(s->old);
	inv_free(*v);
	s->old = NULL;
	all->site = inv_text(all, site_key, strlen(site_key));
	*v = all;
	return true;
}

void
state_close(struct state *s)
{
	inv_free(s->old);
	if (s->fd >= 0)
		close(s->fd);
}
