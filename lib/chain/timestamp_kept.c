/* Time stamps in a ledger's folder: taken in, and looked at again. */
#include "chain/timestamp.h"

#include "base/hex.h"
#include "base/stamp.h"
#include "base/sum.h"
#include "chain/chain_impl.h"
#include "chain/heads.h"
#include "json/jw.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- which head */

struct search { struct merkle_hash want; uint64_t size; bool found; };

static bool
is_it(void *arg, const struct head_line *h)
{
	struct search *s = arg;
	struct merkle_hash is;

	sum_of(SUM_SHA256, h->text, h->n, is.b);
	s->found = merkle_same(&is, &s->want);
	s->size = h->cp.size;
	return !s->found;
}

/* --- taken in */

/* A new name in the folder: more than one authority may stamp one head. */
static bool
place(int dir, uint64_t size, char file[64], struct err *e)
{
	if (mkdirat(dir, TIMESTAMP_FOLDER, 0777) != 0 && errno != EEXIST)
		return err_sys(e, TIMESTAMP_FOLDER);
	for (unsigned i = 1; i < 10000; i++) {
		char more[16] = "";

		if (i > 1)
			snprintf(more, sizeof(more), "-%u", i);
		snprintf(file, 64, TIMESTAMP_FOLDER "/%" PRIu64 "%s.tsr", size, more);
		if (faccessat(dir, file, F_OK, 0) != 0)
			return errno == ENOENT || err_sys(e, "%s", file);
	}
	return err_set(e, "%s: too many of %" PRIu64 " records", TIMESTAMP_FOLDER, size);
}

static size_t
line(char *dst, size_t cap, const struct search *s, int64_t at, const char *file, const uint8_t *p,
    size_t n)
{
	struct merkle_hash h;
	struct jw w;

	sum_of(SUM_SHA256, p, n, h.b);
	jw_init(&w, dst, cap);
	jw_begin(&w);
	jw_time(&w, "timestamp", stamp_now());
	jw_cstr(&w, "event_type", "time_stamp");
	jw_obj(&w, "time_stamp");
	jw_uint(&w, "size", s->size);
	jw_time(&w, "at", at);
	jw_hex(&w, "checkpoint", s->want.b, MERKLE_HASH);
	jw_cstr(&w, "file", file);
	jw_hex(&w, "sha256", h.b, MERKLE_HASH);
	jw_end(&w);
	return jw_line(&w) ? w.n : 0;
}

static bool
take(int dir, const struct timestamp_roots *r, const uint8_t *p, size_t n, struct search *s,
    int64_t *at, char file[64], bool *wrong, struct err *e)
{
	char buf[1024];
	size_t len;

	*wrong = true;
	if (!timestamp_read(p, n, &s->want, at, e))
		return false;
	*wrong = false;
	if (!heads_each(dir, is_it, s, e))
		return false;
	*wrong = true;
	if (!s->found)
		return err_set(e, "the time stamp is of no head of this ledger");
	if (!timestamp_holds(r, p, n, &s->want, e))
		return false;
	*wrong = false;
	/* the file first: a line is never of one that is not there */
	if (!place(dir, s->size, file, e) || !chain_put(dir, file, p, n, e))
		return false;
	if ((len = line(buf, sizeof(buf), s, *at, file, p, n)) == 0)
		return err_set(e, "out of memory");
	return chain_heads_add(dir, buf, len, e);
}

bool
timestamp_take(const char *path, const struct timestamp_roots *r, const uint8_t *p, size_t n,
    uint64_t *size, int64_t *at, char file[64], bool *wrong, struct err *e)
{
	struct search s = { .size = 0 };
	struct err why = { "" };
	int dir = chain_folder(path, e), lock = -1;
	bool done = false;

	*wrong = false;
	if (dir >= 0 && (lock = chain_alone(dir, &why)) >= 0)
		done = take(dir, r, p, n, &s, at, file, wrong, &why);
	if (why.text[0])
		err_set(e, "%s: %s", path, why.text);
	*size = s.size;
	if (lock >= 0)
		close(lock);
	if (dir >= 0)
		close(dir);
	return done;
}

/* --- looked at again */

struct again {
	int dir, n;
	const struct timestamp_roots *r;
	void (*see)(void *arg, const struct timestamp_kept *k);
	void *arg;
	struct err failed;
};

static bool
hash_of(const struct sval *o, const char *name, struct merkle_hash *h)
{
	struct sval v = { 0 };

	return scan_get(o, name, &v) && v.type == SVAL_STR && v.n == 2 * MERKLE_HASH &&
	    !v.escaped &&
	    hex_get(h->b, v.p, MERKLE_HASH);
}

/* Only files of its own folder are looked at, whatever the line says. */
static bool
file_ok(const char *file)
{
	size_t n = sizeof(TIMESTAMP_FOLDER);

	return strncmp(file, TIMESTAMP_FOLDER "/", n) == 0 && file[n] != '.' &&
	    strchr(file + n, '/') == NULL;
}

static bool
look(struct again *a, const struct sval *o, struct timestamp_kept *k)
{
	struct merkle_hash head, was, is;
	struct search s = { .size = 0 };
	struct sval v = { 0 };
	struct err *e = &k->wrong;
	size_t n;
	char *p;
	bool good;

	if (!scan_get(o, "size", &v) || !sval_uint(&v, &k->size) || !scan_get(o, "file", &v) ||
	    v.type != SVAL_STR || v.n >= sizeof(k->file) || !hash_of(o, "checkpoint", &head) ||
	    !hash_of(o, "sha256", &was))
		return err_set(e, "its line in %s is none", CHAIN_HEADS);
	sval_text(&v, k->file, sizeof(k->file));
	if (!file_ok(k->file))
		return err_set(e, "its file is not in %s", TIMESTAMP_FOLDER);
	s.want = head;
	if (!heads_each(a->dir, is_it, &s, &a->failed))
		return false;
	if (!s.found || s.size != k->size)
		return err_set(e, "the head that was stamped is not there any more");
	if ((p = chain_slurp(a->dir, k->file, TIMESTAMP_MAX, &n, e)) == NULL)
		return false;
	sum_of(SUM_SHA256, p, n, is.b);
	good = merkle_same(&is, &was) ? timestamp_read((uint8_t *)p, n, &is, &k->at, e) &&
	    timestamp_holds(a->r, (uint8_t *)p, n, &head, e) : err_set(e,
	    "it is not the answer that was kept");
	free(p);
	return good;
}

static bool
each(void *arg, const struct sval *o)
{
	struct timestamp_kept k = { .size = 0 };
	struct again *a = arg;
	struct sval v = { 0 };

	if (!scan_get(o, "event_type", &v) || !sval_is(&v, "time_stamp"))
		return true;
	a->n++;
	if (!scan_get(o, "time_stamp", &v) || v.type != SVAL_OBJ)
		err_set(&k.wrong, "its line in %s is none", CHAIN_HEADS);
	else
		(void)look(a, &v, &k);
	if (a->failed.text[0])
		return false;
	a->see(a->arg, &k);
	return true;
}

int
timestamp_each(const char *path, const struct timestamp_roots *r,
    void (*see)(void *arg, const struct timestamp_kept *k), void *arg, struct err *e)
{
	struct again a = { chain_folder(path, e), 0, r, see, arg, { "" } };

	if (a.dir < 0)
		return -1;
	(void)heads_lines(a.dir, each, &a, &a.failed);
	close(a.dir);
	if (a.failed.text[0]) {
		err_set(e, "%s: %s", path, a.failed.text);
		return -1;
	}
	return a.n;
}
