#include "chain/proof.h"

#include "base/sum.h"
#include "chain/base64.h"
#include "chain/chain_impl.h"
#include "json/line.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

enum { HASH_LINE = BASE64_LEN(MERKLE_HASH) + 1 };

/* --- taken apart */

static bool
begins(const char **p, const char *stop, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(stop - *p) < n || memcmp(*p, word, n) != 0)
		return false;
	*p += n;
	return true;
}

/* Hashes up to the empty line, which is passed over. */
static bool
path(struct merkle_proof *m, const char **p, const char *stop, struct err *e)
{
	for (m->n = 0; *p < stop && **p != '\n'; *p += HASH_LINE) {
		size_t len;

		if (m->n == MERKLE_PROOF_MAX)
			return err_set(e, "no proof: more than %d hashes", MERKLE_PROOF_MAX);
		if (stop - *p < HASH_LINE || (*p)[HASH_LINE - 1] != '\n' ||
		    !base64_get(m->hash[m->n++].b, MERKLE_HASH, &len, *p, HASH_LINE - 1) ||
		    len != MERKLE_HASH)
			return err_set(e, "no proof: hash %u is not base64 of 32 bytes on a line",
			    m->n);
	}
	if (*p == stop)
		return err_set(e, "no proof: no empty line before the checkpoint");
	++*p;
	return true;
}

bool
proof_read(struct proof *p, const char *text, size_t n, struct err *e)
{
	const char *at = text, *stop = text + n, *lf;

	memset(p, 0, offsetof(struct proof, path));
	if (n > PROOF_MAX)
		return err_set(e, "a proof is at most %d bytes", PROOF_MAX);
	if (begins(&at, stop, "old ")) {
		p->grown = true;
		if (!checkpoint_number(&p->old, &at, stop, '\n') || p->old > INT64_MAX)
			return err_set(e, "no proof: \"old\" and a size are expected on its first "
			    "line");
	} else if (begins(&at, stop, PROOF_FIRST)) {
		if (begins(&at, stop, "extra ")) {
			if ((lf = memchr(at, '\n', (size_t)(stop - at))) == NULL || lf == at)
				return err_set(e, "no proof: \"extra\" without base64");
			p->extra = at;
			p->extra_n = (size_t)(lf - at);
			at = lf + 1;
		}
		if (!begins(&at, stop, "index ") || !checkpoint_number(&p->index, &at, stop,
		    '\n') ||
		    p->index > INT64_MAX)
			return err_set(e, "no proof: \"index\" and a number are expected before "
			    "its hashes");
	} else
		return err_set(e, "no proof: it begins neither with c2sp.org/tlog-proof@v1 nor "
		    "with \"old\"");
	if (!path(&p->path, &at, stop, e))
		return false;
	p->head = at;
	p->head_n = (size_t)(stop - at);
	return checkpoint_read(&p->cp, &p->note, at, p->head_n, e);
}

/* --- made */

static size_t
put_path(char *dst, const struct merkle_proof *m)
{
	size_t at = 0;

	for (unsigned i = 0; i < m->n; i++) {
		at += base64_put(dst + at, m->hash[i].b, MERKLE_HASH);
		dst[at++] = '\n';
	}
	dst[at++] = '\n';
	return at;
}

static struct tiles *
tiles_of(int dir, uint64_t tree, struct merkle_source *s, struct err *e)
{
	struct tiles *t = malloc(sizeof(*t));

	if (t == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	tiles_begin(t, dir, tree);
	*s = (struct merkle_source){ tiles_get, t };
	return t;
}

static bool
head_of(struct checkpoint *cp, const char *note, size_t n, uint64_t tree, struct err *e)
{
	struct note *t = malloc(sizeof(*t));
	bool good = t != NULL ? checkpoint_read(cp, t, note, n, e) : err_set(e, "out of memory");

	free(t);
	return good && (cp->size <= tree || err_set(e, "the checkpoint is of %" PRIu64
	    " records, the tree has %" PRIu64, cp->size, tree));
}

char *
proof_in(int dir, uint64_t tree, uint64_t seq, const char *note, size_t n, const char *line,
    size_t line_n, size_t *len, struct err *e)
{
	struct merkle_hash leaf, whole;
	struct merkle_source s;
	struct merkle_proof m;
	struct checkpoint cp;
	struct tiles *t = NULL;
	char *buf = NULL;
	size_t at;

	if (!head_of(&cp, note, n, tree, e))
		return NULL;
	if (seq < 1 || seq > cp.size) {
		err_set(e, "record %" PRIu64 ": the checkpoint covers records 1 to %" PRIu64, seq,
		    cp.size);
		return NULL;
	}
	if ((t = tiles_of(dir, tree, &s, e)) == NULL)
		return NULL;
	if (!merkle_prove_in(&m, seq - 1, cp.size, &s) || !tiles_get(t, 0, seq - 1, &leaf))
		err_set(e, "%s", t->err.text);
	else if (!merkle_check_in(&m, seq - 1, cp.size, &leaf, &cp.root))
		err_set(e, "the tree's hashes do not give the checkpoint's root (calchain verify "
		    "tells more)");
	else if (line != NULL) {
		sum_of(SUM_SHA256, line, line_n, whole.b);
		merkle_leaf(&whole, whole.b, MERKLE_HASH);
		if (!merkle_same(&whole, &leaf))
			err_set(e, "record %" PRIu64 " is not the one in the tree (calchain verify "
			    "tells more)", seq);
	}
	free(t);
	if (e->text[0])
		return NULL;
	buf = malloc(128 + (line != NULL ? BASE64_LEN(line_n) : 0) + m.n * HASH_LINE + n);
	if (buf == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	at = sizeof(PROOF_FIRST) - 1;
	memcpy(buf, PROOF_FIRST, at);
	if (line != NULL) {
		memcpy(buf + at, "extra ", 6);
		at += 6 + base64_put(buf + at + 6, line, line_n);
		buf[at++] = '\n';
	}
	at += (size_t)snprintf(buf + at, 32, "index %" PRIu64 "\n", seq - 1);
	at += put_path(buf + at, &m);
	memcpy(buf + at, note, n);
	*len = at + n;
	return buf;
}

char *
proof_grown(int dir, uint64_t tree, uint64_t old, const char *note, size_t n, size_t *len,
    struct err *e)
{
	struct merkle was = { 0 };
	struct merkle_hash root;
	struct merkle_source s;
	struct merkle_proof m;
	struct checkpoint cp;
	struct tiles *t;
	char *buf;
	size_t at;

	if (!head_of(&cp, note, n, tree, e))
		return NULL;
	if (old > cp.size) {
		err_set(e, "the checkpoint is of %" PRIu64 " records, fewer than %" PRIu64, cp.size,
		    old);
		return NULL;
	}
	if ((t = tiles_of(dir, tree, &s, e)) == NULL)
		return NULL;
	if (!merkle_prove_grown(&m, old, cp.size, &s) || !merkle_load(&was, old, &s))
		err_set(e, "%s", t->err.text);
	else if (merkle_root(&was, &root), old > 0 &&
	    !merkle_check_grown(&m, old, cp.size, &root, &cp.root))
		err_set(e, "the tree's hashes do not give the checkpoint's root (calchain verify "
		    "tells more)");
	free(t);
	if (e->text[0])
		return NULL;
	if ((buf = malloc(64 + m.n * HASH_LINE + n)) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	at = (size_t)snprintf(buf, 32, "old %" PRIu64 "\n", old);
	at += put_path(buf + at, &m);
	memcpy(buf + at, note, n);
	*len = at + n;
	return buf;
}

char *
proof_line(int dir, uint64_t seq, size_t *n, struct err *e)
{
	int fd = chain_plain(dir, CHAIN_RECORDS, O_RDONLY, e);
	struct line *l = fd >= 0 ? line_fd(fd, CHAIN_RECORDS, NULL, 0, 0, e) : NULL;
	enum line_next next = LINE_OK;
	char *copy = NULL;
	const char *p;

	while (l != NULL && next != LINE_END) {
		next = line_next(l, &p, n, e);
		if (next != LINE_IDLE && next != LINE_END && next != LINE_FAILED &&
		    line_no(l) == seq) {
			if (next == LINE_TOO_LONG)
				err_set(e, "%s:%" PRIu64 ": the line is too long", CHAIN_RECORDS,
				    seq);
			else if ((copy = malloc(*n + 1)) == NULL)
				err_set(e, "out of memory");
			else
				memcpy(copy, p, *n);
			break;
		}
	}
	line_close(l);
	if (copy == NULL && fd >= 0)
		err_set(e, "%s: it has no record %" PRIu64, CHAIN_RECORDS, seq);
	return copy;
}
