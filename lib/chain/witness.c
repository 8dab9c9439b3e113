#include "chain/witness.h"

#include "base/hex.h"
#include "base/sum.h"
#include "chain/chain_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define WITNESS_LOCK "lock"

/* A log's file: its name in no file system's bad books. */
enum { FILE_NAME = 2 * MERKLE_HASH + sizeof(".checkpoint") };

static void
file_of(char dst[FILE_NAME], const char *origin)
{
	struct merkle_hash h;
	size_t n;

	sum_of(SUM_SHA256, origin, strlen(origin), h.b);
	n = hex_put(dst, h.b, MERKLE_HASH);
	memcpy(dst + n, ".checkpoint", sizeof(".checkpoint"));
}

/* The head that it cosigned last: its own signature says so. No file: size 0. */
static bool
kept(const struct witness *w, const char *origin, struct checkpoint *cp, struct err *e)
{
	char name[FILE_NAME], *text;
	struct err why = { "" };
	struct note *note;
	size_t n;
	bool good;

	memset(cp, 0, sizeof(*cp));
	file_of(name, origin);
	if (faccessat(w->state, name, F_OK, 0) != 0)
		return errno == ENOENT || err_sys(e, "%s", name);
	if ((text = chain_slurp(w->state, name, NOTE_MAX, &n, e)) == NULL)
		return false;
	note = malloc(sizeof(*note));
	good = note != NULL && checkpoint_read(cp, note, text, n, &why) &&
	    strcmp(cp->origin, origin) == 0 && note_check(note, &w->key, NULL) == NOTE_HOLDS;
	free(note);
	free(text);
	return good || err_set(e, "%s: it is not the head of %s that this witness cosigned", name,
	    origin);
}

static enum witness_verdict
known(const struct witness *w, const struct proof *p, struct err *e)
{
	bool is = false, holds = false;

	for (size_t i = 0; i < w->nlogs; i++) {
		if (w->logs[i].type != VKEY_ED25519 || strcmp(w->logs[i].name, p->cp.origin) != 0)
			continue;
		is = true;
		switch (note_check(&p->note, &w->logs[i], NULL)) {
		case NOTE_HOLDS: holds = true; break;
		case NOTE_UNKNOWN: break;
		case NOTE_FALSE:
			err_set(e, "the signature of %s+%08x is false", w->logs[i].name,
			    w->logs[i].id);
			return WITNESS_UNSIGNED;
		}
	}
	if (!is) {
		err_set(e, "%s is no log that this witness knows", p->cp.origin);
		return WITNESS_UNKNOWN;
	}
	if (!holds) {
		err_set(e, "the checkpoint is signed by no key that is known for %s", p->cp.origin);
		return WITNESS_UNSIGNED;
	}
	return WITNESS_COSIGNED;
}

static enum witness_verdict
grown(const struct proof *p, const struct checkpoint *was, struct err *e)
{
	struct merkle_hash empty;

	if (p->old != was->size) {
		err_set(e, "%s: the request goes on from %" PRIu64 " records, this witness has "
		    "cosigned %"
		    PRIu64, p->cp.origin, p->old, was->size);
		return WITNESS_CONFLICT;
	}
	sum_of(SUM_SHA256, "", 0, empty.b);
	if (p->old == p->cp.size && !merkle_same(p->old > 0 ? &was->root : &empty, &p->cp.root)) {
		err_set(e, "%s: this witness has cosigned other records as the first %" PRIu64
		    ": there are two histories", p->cp.origin, p->old);
		return WITNESS_CONFLICT;
	}
	if (!merkle_check_grown(&p->path, p->old, p->cp.size, &was->root, &p->cp.root)) {
		/* an empty tree has no root to compare with, and needs no hash either */
		if (p->old > 0 || p->path.n > 0) {
			err_set(e, "%s: it is not proved that the %" PRIu64 " records begin with "
			    "the %" PRIu64
			    " that this witness has cosigned", p->cp.origin, p->cp.size, p->old);
			return WITNESS_UNPROVED;
		}
	}
	return WITNESS_COSIGNED;
}

static bool
cosign(struct witness_said *said, const struct witness *w, const struct proof *p, uint64_t at,
    struct err *e)
{
	uint8_t sig[8 + VKEY_SIGNATURE];
	size_t cap = p->note.n + 64, n;
	char *text = malloc(cap);
	bool done;

	for (int i = 0; i < 8; i++)
		sig[i] = (uint8_t)(at >> (56 - 8 * i));
	n = text != NULL ? note_cosigned(text, cap, at, p->note.text, p->note.n) : 0;
	done = n > 0 ? signer_sign(w->signer, text, n, sig + 8, e) : err_set(e, "out of memory");
	free(text);
	if (done)
		said->n = note_line(said->line, &w->key, sig, sizeof(sig));
	return done;
}

/* What is kept: the checkpoint, the log's signatures that came with it, our own. */
static bool
keep(const struct witness *w, const struct proof *p, const struct witness_said *said,
    struct err *e)
{
	char name[FILE_NAME], *buf = malloc(p->head_n + said->n);
	struct note *check = malloc(sizeof(*check));
	size_t n = p->note.n;
	bool done = false;

	if (buf == NULL || check == NULL) {
		free(check);
		free(buf);
		return err_set(e, "out of memory");
	}
	memcpy(buf, p->note.text, n);
	buf[n++] = '\n';
	for (size_t i = 0; i < w->nlogs; i++)
		for (unsigned k = 0; k < p->note.nsigs; k++) {
			const struct note_sig *s = &p->note.sig[k];

			if (s->id == w->logs[i].id && s->name_n == strlen(w->logs[i].name) &&
			    memcmp(s->name, w->logs[i].name, s->name_n) == 0 &&
			    n + s->line_n <= p->head_n) {
				memcpy(buf + n, s->line, s->line_n);
				n += s->line_n;
			}
		}
	memcpy(buf + n, said->line, said->n);
	n += said->n;
	file_of(name, p->cp.origin);
	/* what is kept must be read again, however long the request's lines were */
	if (note_parse(check, buf, n, e))
		done = chain_put(w->state, name, buf, n, e);
	free(check);
	free(buf);
	return done;
}

enum witness_verdict
witness_answer(struct witness_said *said, const struct witness *w, const char *request, size_t n,
    uint64_t at, struct err *e)
{
	struct proof *p = malloc(sizeof(*p));
	enum witness_verdict v = WITNESS_FAILED;
	struct checkpoint was;
	int lock = -1;

	memset(said, 0, sizeof(*said));
	if (p == NULL) {
		err_set(e, "out of memory");
		return v;
	}
	if (!proof_read(p, request, n, e))
		v = WITNESS_MALFORMED;
	else if (!p->grown) {
		err_set(e, "no request: it proves one record, not that the ledger grew");
		v = WITNESS_MALFORMED;
	} else if ((v = known(w, p, e)) != WITNESS_COSIGNED)
		;
	else if (p->old > p->cp.size) {
		err_set(e, "%s: the checkpoint is of %" PRIu64 " records, fewer than %" PRIu64,
		    p->cp.origin,
		    p->cp.size, p->old);
		v = WITNESS_MALFORMED;
	} else if ((lock = openat(w->state, WITNESS_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0666)) < 0) {
		err_sys(e, "the witness's %s", WITNESS_LOCK);
		v = WITNESS_FAILED;
	} else if (!chain_lock(lock, true, e) || !kept(w, p->cp.origin, &was, e))
		v = WITNESS_FAILED;
	else {
		memcpy(said->origin, p->cp.origin, sizeof(said->origin));
		said->size = was.size;
		v = grown(p, &was, e);
		/* the word is out only when what it says is kept */
		if (v == WITNESS_COSIGNED && (!cosign(said, w, p, at, e) || !keep(w, p, said, e))) {
			said->n = 0;
			v = WITNESS_FAILED;
		} else if (v == WITNESS_COSIGNED)
			said->size = p->cp.size;
	}
	if (lock >= 0)
		close(lock);
	free(p);
	return v;
}
