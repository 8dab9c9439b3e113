/* diff_doing.c: what links do, read in one walk over each record. */
#include "inv/diff_impl.h"

const char *const link_writing[4] = { "write", "command", "program", "configure" };

static void
remote_read(struct set *s, const struct sval *list)
{
	struct sval x;
	struct scan in;
	char t[256];

	for (scan_in(&in, list); scan_elem(&in, &x); )
		set_add(s, item_text(&x, "product", t, sizeof(t)));
}

/* How many writes they were; ~0: the list is not full. */
static uint64_t
objects_read(struct set *s, const struct sval *list)
{
	uint64_t u, n = 0, writes = 0;
	struct sval x, count;
	struct scan in;
	char t[DIFF_TEXT];

	for (scan_in(&in, list); scan_elem(&in, &x); n++) {
		set_add(s, item_text(&x, "object", t, sizeof(t)));
		if (scan_get(&x, "count", &count) && sval_uint(&count, &u))
			writes += u;
	}
	return n < LIM_INV_OBJECTS ? UINT64_MAX : writes;
}

void
words_read(struct set *s, const struct sval *list)
{
	struct sval x;
	struct scan in;
	char t[DIFF_TEXT];

	for (scan_in(&in, list); scan_elem(&in, &x); )
		if (sval_text(&x, t, sizeof(t)))
			set_add(s, t);
}

/* How many writes they are. */
static uint64_t
ops_read(struct doing *d, const struct sval *ops)
{
	uint64_t u, n = 0;
	struct sval x;

	for (int i = 0; i < 4; i++)
		if (scan_get(ops, link_writing[i], &x) && sval_uint(&x, &u)) {
			d->ops[i] += u;
			n += u;
		}
	return n;
}

/* One walk over the record: there are a hundred thousand of them. */
static void
doing_read(struct doing *d, const struct item *it)
{
	struct sval k, v;
	struct scan s;
	uint64_t u = 0, writes = 0, named = UINT64_MAX;
	bool yes;

	for (scan_in(&s, &it->o); scan_member(&s, &k, &v); ) {
		yes = v.type == SVAL_TRUE;
		if (sval_is(&k, "events"))
			d->events += sval_uint(&v, &u) ? u : 0;
		else if (sval_is(&k, "flows"))
			d->flows += sval_uint(&v, &u) ? u : 0;
		else if (sval_is(&k, "ops"))
			writes = ops_read(d, &v);
		else if (sval_is(&k, "objects_written"))
			named = objects_read(&d->objects, &v);
		else if (sval_is(&k, "names"))
			words_read(&d->names, &v);
		else if (sval_is(&k, "weak"))
			words_read(&d->weak, &v);
		else if (sval_is(&k, "remote_access"))
			remote_read(&d->remote, &v);
		else if (sval_is(&k, "answered"))
			d->answered |= yes;
		else if (sval_is(&k, "encrypted"))
			d->encrypted |= yes;
		else if (sval_is(&k, "cleartext_credentials"))
			d->cleartext |= yes;
		else if (sval_is(&k, "outward"))
			d->outward |= yes;
		else if (sval_is(&k, "inward"))
			d->inward |= yes;
		else if (sval_is(&k, "cross_zone"))
			d->cross_zone |= yes;
	}
	d->unnamed |= named < writes;
}

void
doing_make(struct making *k, struct doing *d, const struct lk *l, size_t n)
{
	*d = (struct doing){ .events = 0 };
	for (size_t i = 0; i < n; i++)
		doing_read(d, l[i].it);
	set_done(&d->weak);
	set_done(&d->remote);
	set_done(&d->names);
	set_done(&d->objects);
	k->d->failed |= d->weak.failed | d->remote.failed | d->names.failed | d->objects.failed;
}

void
doing_free(struct doing *d)
{
	set_free(&d->weak);
	set_free(&d->remote);
	set_free(&d->names);
	set_free(&d->objects);
}

uint32_t
doing_brings(const struct doing *d)
{
	uint32_t has = 0;

	for (int i = 0; i < 4; i++)
		if (d->ops[i])
			has |= 1u << (HAS_WRITE + i);
	has |= (uint32_t)d->outward << HAS_OUTWARD | (uint32_t)d->inward << HAS_INWARD |
	    (uint32_t)d->cross_zone << HAS_CROSS_ZONE | (uint32_t)d->cleartext << HAS_CLEARTEXT |
	    (uint32_t)(d->weak.n > 0) << HAS_WEAK | (uint32_t)(d->remote.n > 0) << HAS_REMOTE;
	return has;
}
