/* What an appender finds: the keys, the newest head, the last record, and what an append
 * that was cut short left behind them. */
#include "chain/chain_impl.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/sum.h"
#include "json/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether a checkpoint is signed by a log key of the ledger. */
static bool
signed_head(const struct chain *c, const struct checkpoint *cp, const struct note *note,
    struct err *e)
{
	const struct ring_key *k;
	size_t i = 0, held = 0;

	while ((k = keyring_log(&c->ring, cp->size, &i)) != NULL)
		switch (note_check(note, &k->key, NULL)) {
		case NOTE_HOLDS: held++; break;
		case NOTE_UNKNOWN: break;
		case NOTE_FALSE:
			return err_set(e, "%s/%s: the signature of %s is false", c->path,
			    CHAIN_HEAD, k->key.name);
		}
	return held > 0 ||
	    err_set(e, "%s/%s: no key of this ledger signed it", c->path, CHAIN_HEAD);
}

/* A record that changes the keys: its digest and signature are looked at, too. */
static bool
key_record(struct chain *c, const char *line, size_t n, uint64_t seq, struct err *e)
{
	struct err why = { "" };
	struct merkle_hash digest, whole;
	char text[ENTRY_SIGNED_TEXT];
	const struct ring_key *k;
	const char *shape = "its digest is not that of its bytes";
	struct entry en;

	if (!entry_read(&en, line, n, &shape))
		return err_set(e, "%s/%s:%" PRIu64 ": %s", c->path, CHAIN_RECORDS, seq, shape);
	entry_hashes(line, n, en.body, &digest, &whole);
	if (seq == 1 && !keyring_take(&c->ring, &en, &why))
		return err_set(e, "%s/%s:1: %s", c->path, CHAIN_RECORDS, why.text);
	k = keyring_author(&c->ring, &en.author, en.key, seq);
	entry_signed_text(text, &en.digest);
	if (!merkle_same(&digest, &en.digest) || !en.is_signed || k == NULL ||
	    !vkey_holds(&k->key, text, sizeof(text), en.sig))
		return err_set(e,
		    "%s/%s:%" PRIu64 ": the record of a key is not what its author signed", c->path,
		    CHAIN_RECORDS, seq);
	if (seq > 1 && !keyring_take(&c->ring, &en, &why))
		return err_set(e, "%s/%s:%" PRIu64 ": %s", c->path, CHAIN_RECORDS, seq, why.text);
	return true;
}

bool
chain_changes_keys(const char *line, size_t n)
{
	/* behind {"timestamp":"<31>", whose length is always the same */
	static const char then[] = "\",\"event_type\":\"";
	static const char key[] = "signer\"", ledger[] = "ledger\"";
	enum { AT = 14 + 31, TYPE = AT + sizeof(then) - 1, SIZE = sizeof(ledger) - 1 };

	/* the type first: most are of another */
	return n > TYPE + SIZE &&
	    (memcmp(line + TYPE, key, SIZE) == 0 || memcmp(line + TYPE, ledger, SIZE) == 0) &&
	    memcmp(line + AT, then, TYPE - AT) == 0;
}

/* The records up to the head: their keys, what they tell of torn/, where they end, and the last
 * one. */
static bool
records(struct chain *c, const char *p, uint64_t size, struct err *e)
{
	const char *at = p, *end = p + size, *line = p, *lf = NULL, *why;
	struct merkle_hash digest, whole;
	struct entry en;

	for (uint64_t seq = 1; seq <= c->cp.size; seq++) {
		line = at;
		if (at == end || (lf = memchr(at, '\n', (size_t)(end - at))) == NULL)
			return err_set(e,
			    "%s/%s: it has %" PRIu64 " records, the checkpoint is of %" PRIu64
			    " (calchain verify tells more)",
			    c->path, CHAIN_RECORDS, seq - 1, c->cp.size);
		if ((seq == 1 || chain_changes_keys(line, (size_t)(lf - line))) &&
		    !key_record(c, line, (size_t)(lf - line), seq, e))
			return false;
		chain_torn_told(c, line, (size_t)(lf - line));
		at = lf + 1;
	}
	c->sealed = (uint64_t)(at - p);
	if (!entry_read(&en, line, (size_t)(lf - line), &why))
		return err_set(e, "%s/%s:%" PRIu64 ": %s", c->path, CHAIN_RECORDS, c->cp.size, why);
	entry_hashes(line, (size_t)(lf - line), en.body, &digest, &whole);
	if (!merkle_same(&whole, &c->tiles->entry[(c->cp.size - 1) % TILE_HASHES]))
		return err_set(e,
		    "%s/%s:%" PRIu64 ": the last record is not the one in tile/entries "
		    "(calchain verify tells more)",
		    c->path, CHAIN_RECORDS, c->cp.size);
	c->next.prev = whole;
	c->last = en.time;
	return true;
}

enum head_line { OTHER, PART, HEAD };

/* What a line of checkpoints.ndjson is; of a head its note, fresh memory. */
static enum head_line
head_line(const char *line, size_t n, char **text, size_t *len)
{
	struct sval v = { 0 }, o;
	const char *why;
	size_t when;

	if (!scan_check(line, n, true, &when, &why))
		return OTHER;
	o = scan_line(line, n);
	if (!scan_get(&o, "event_type", &v) || !sval_is(&v, "checkpoint"))
		return OTHER;
	if (scan_path(&o, "checkpoint.part", &v))
		return PART;
	if (!scan_path(&o, "checkpoint.note", &v) || v.type != SVAL_STR ||
	    (*text = malloc(v.n + 1)) == NULL)
		return OTHER;
	*len = sval_text(&v, *text, v.n + 1);
	return HEAD;
}

/* The newest head may be in checkpoints.ndjson alone: between the two was the end. What is
 * behind its line and not whole, or of a part of a batch that never was, goes. */
static bool
newest(
    struct chain *c, struct chain_head *h, const char *p, size_t size, bool *newer, struct err *e)
{
	const char *end = p + size, *line;
	struct note *note = malloc(sizeof(*note));
	struct checkpoint cp = { .size = 0 };
	bool found = false, kept = false;

	while (end > p && end[-1] != '\n')
		end--;
	c->heads_sealed = (uint64_t)(end - p);
	for (; note != NULL && !found && end > p; end = line) {
		struct err quiet = { "" };
		enum head_line is;
		char *text = NULL;
		size_t n = 0;

		line = memrchr(p, '\n', (size_t)(end - 1 - p));
		line = line != NULL ? line + 1 : p;
		is = head_line(line, (size_t)(end - 1 - line), &text, &n);
		if (is != PART && !kept) {
			c->heads_sealed = (uint64_t)(end - p);
			kept = true;
		}
		/* with one signature: an appender's; others are of any earlier head */
		found =
		    is == HEAD && checkpoint_read(&cp, note, text, n, &quiet) && note->nsigs == 1;
		if (found && cp.size > h->cp.size) {
			free(h->text);
			h->text = text;
			h->n = n;
			text = NULL;
			*newer = true;
			found = checkpoint_read(&h->cp, &h->note, h->text, h->n, &quiet);
		}
		free(text);
	}
	if (note == NULL)
		return err_set(e, "out of memory");
	free(note);
	if (!found || cp.size != h->cp.size || !merkle_same(&cp.root, &h->cp.root))
		return err_set(e,
		    "%s/%s: its newest head is not that of %s: one of the two is an older copy "
		    "(calchain verify tells more)",
		    c->path, CHAIN_HEADS, CHAIN_HEAD);
	return true;
}

static bool
heads(struct chain *c, struct chain_head *h, bool *newer, struct err *e)
{
	struct stat st;
	void *p;
	bool good;

	if (fstat(c->heads, &st) != 0)
		return err_sys(e, "%s/%s", c->path, CHAIN_HEADS);
	h->heads = (uint64_t)st.st_size;
	if (st.st_size == 0)
		return err_set(e, "%s/%s: it is empty", c->path, CHAIN_HEADS);
	if ((p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, c->heads, 0)) == MAP_FAILED)
		return err_sys(e, "%s/%s", c->path, CHAIN_HEADS);
	good = newest(c, h, p, (size_t)st.st_size, newer, e);
	munmap(p, (size_t)st.st_size);
	return good;
}

static bool
tiles_fit(struct chain *c, struct err *e)
{
	struct err why = { "" };
	struct merkle_hash root;

	if (!tile_writer_begin(c->tiles, c->dir, c->cp.size, &why))
		return err_set(e, "%s/%s (calchain repair makes tiles anew)", c->path, why.text);
	tile_writer_root(c->tiles, &root);
	return merkle_same(&root, &c->cp.root) || err_set(e, "%s/tile: its hashes do not give the "
	    "checkpoint's root (calchain verify tells more)", c->path);
}

bool
chain_recover(struct chain *c, struct err *e)
{
	struct chain_head h = { .text = NULL };
	struct err why = { "" };
	struct stat st;
	void *p = MAP_FAILED;
	bool good, newer = false;

	if ((h.text = chain_slurp(c->dir, CHAIN_HEAD, NOTE_MAX, &h.n, &why)) == NULL ||
	    !checkpoint_read(&h.cp, &h.note, h.text, h.n, &why)) {
		chain_head_free(&h);
		return err_set(e, "%s/%s%s", c->path,
		    strncmp(why.text, CHAIN_HEAD, 10) == 0 ? "" : CHAIN_HEAD ": ", why.text);
	}
	good = heads(c, &h, &newer, e) &&
	    (fstat(c->fd, &st) == 0 || err_sys(e, "%s/%s", c->path, CHAIN_RECORDS));
	c->cp = h.cp;
	if (good && h.cp.size == 0)
		good = err_set(e, "%s/%s: it covers no record", c->path, CHAIN_HEAD);
	if (good && st.st_size > 0)
		/* nobody else writes it while the lock is ours */
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, c->fd, 0);
	if (good && (st.st_size == 0 || p == MAP_FAILED))
		good = err_set(e, "%s/%s: %s", c->path, CHAIN_RECORDS,
		    st.st_size == 0 ? "it is empty" : "it cannot be mapped");
	good = good && tiles_fit(c, e) && chain_torn_list(c, e) &&
	    records(c, p, (uint64_t)st.st_size, e) &&
	    signed_head(c, &h.cp, &h.note, e);
	if (good && strcmp(h.cp.origin, c->ring.origin) != 0)
		good = err_set(e, "%s/%s: it is of %s, the ledger is %s", c->path, CHAIN_HEAD,
		    h.cp.origin, c->ring.origin);
	/* nothing is changed for who may not append */
	good = good && chain_allowed(c, e) && chain_torn_untold(c, e) &&
	    chain_set_aside(c, p, (uint64_t)st.st_size, e) &&
	    (!newer || chain_put(c->dir, CHAIN_HEAD, h.text, h.n, &why) ||
		err_set(e, "%s/%s", c->path, why.text));
	if (good && h.heads > c->heads_sealed &&
	    (ftruncate(c->heads, (off_t)c->heads_sealed) != 0 || fdatasync(c->heads) != 0))
		good = err_sys(e, "%s/%s", c->path, CHAIN_HEADS);
	if (p != MAP_FAILED)
		munmap(p, (size_t)st.st_size);
	chain_head_free(&h);
	return good;
}
