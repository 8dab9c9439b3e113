#include "chain/cosign.h"

#include "chain/chain_impl.h"
#include "chain/heads.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* The answer's lines as signatures of any text: note_check() is then asked of each head's. */
struct answer { struct note sigs; char *text; };

static bool
answer_read(struct answer *a, const char *p, size_t n, struct err *e)
{
	static const char head[] = "x\n\n";
	size_t at = sizeof(head) - 1;

	if (n > NOTE_MAX - at)
		return err_set(e, "an answer is at most %d bytes", NOTE_MAX);
	if ((a->text = malloc(at + n)) == NULL)
		return err_set(e, "out of memory");
	memcpy(a->text, head, at);
	memcpy(a->text + at, p, n);
	return note_parse(&a->sigs, a->text, at + n, e);
}

static enum note_verdict
about(struct answer *a, const struct note *head, const struct vkey *k, uint64_t *at)
{
	a->sigs.text = head->text;
	a->sigs.n = head->n;
	return note_check(&a->sigs, k, at);
}

/* The first trusted witness that has a line in it. */
static const struct vkey *
whose(struct answer *a, const struct vkey *trust, size_t n)
{
	struct note any = { .text = "x\n", .n = 2 };
	uint64_t at;

	for (size_t i = 0; i < n; i++)
		if (trust[i].type == VKEY_COSIGNATURE && about(a, &any, &trust[i],
		    &at) != NOTE_UNKNOWN)
			return &trust[i];
	return NULL;
}

/* --- the head it is for */

struct search { struct answer *a; const struct vkey *by; uint64_t size,
    most; int64_t time; bool found, part; };

static bool
fits(void *arg, const struct head_line *h)
{
	struct search *s = arg;
	uint64_t at;

	if (h->cp.size > s->most)
		s->most = h->cp.size;
	if (!s->found && about(s->a, h->note, s->by, &at) == NOTE_HOLDS) {
		s->found = true;
		s->size = h->cp.size;
	}
	if (s->found && h->cp.size == s->size) {
		s->part = h->part;
		s->time = h->time;
	}
	return true;
}

/* --- its note with the new lines */

/* Whether a line of this key is to be taken over. */
static bool
taken(const struct cosigned *c, const struct note_sig *s)
{
	for (unsigned i = 0; i < c->n; i++)
		if (s->id == c->seen[i].by->id && s->name_n == strlen(c->seen[i].by->name) &&
		    memcmp(s->name, c->seen[i].by->name, s->name_n) == 0)
			return true;
	return false;
}

/* The note's lines but those of the same witnesses, then the answer's. */
static char *
merged(const struct cosigned *c, const struct note *head, const struct note *sigs, size_t *n,
    struct err *e)
{
	char *buf = malloc(2 * NOTE_MAX);
	struct note *check = malloc(sizeof(*check));
	size_t at = head->n;

	if (buf == NULL || check == NULL) {
		err_set(e, "out of memory");
		free(check);
		free(buf);
		return NULL;
	}
	memcpy(buf, head->text, at);
	buf[at++] = '\n';
	for (unsigned k = 0; k < 2; k++) {
		const struct note *t = k == 0 ? head : sigs;

		for (unsigned i = 0; i < t->nsigs; i++)
			if (taken(c, &t->sig[i]) == (k == 1)) {
				memcpy(buf + at, t->sig[i].line, t->sig[i].line_n);
				at += t->sig[i].line_n;
			}
	}
	*n = at;
	if (!note_parse(check, buf, at, e)) {
		free(buf);
		buf = NULL;
	}
	free(check);
	return buf;
}

static enum cosign_answer
take(struct cosigned *c, int dir, struct answer *a, const struct vkey *trust, size_t ntrust,
    struct err *e)
{
	struct search s = { .a = a, .by = whose(a, trust, ntrust) };
	struct checkpoint now, cp;
	struct note *note = malloc(sizeof(*note));
	char *text = NULL, *old = NULL, *head = NULL, *line = NULL;
	enum cosign_answer r = COSIGN_FAILED;
	size_t n, old_n = 0, len;
	uint64_t at;

	if (note == NULL) {
		err_set(e, "out of memory");
		goto out;
	}
	if (s.by == NULL) {
		err_set(e, "no signature in it is of a witness that is trusted");
		r = COSIGN_STRANGE;
		goto out;
	}
	if ((head = chain_slurp(dir, CHAIN_HEAD, NOTE_MAX, &n, e)) == NULL ||
	    !checkpoint_read(&now, note, head, n, e))
		goto out;
	/* mostly it is for the newest, and no other is asked then */
	s.found = about(a, note, s.by, &at) == NOTE_HOLDS;
	s.size = now.size;
	if (!heads_each(dir, fits, &s, e))
		goto out;
	/* an append that was cut short between the two: its head counts, and the log's key is
	 * needed to say so */
	if (s.most > now.size) {
		err_set(e, "%s has a head of %" PRIu64 " records, %s one of %" PRIu64 ": the next "
		    "calchain "
		    "append mends that", CHAIN_HEADS, s.most, CHAIN_HEAD, now.size);
		goto out;
	}
	if (!s.found) {
		err_set(e, "the cosignature of %s+%08x is of no head of this ledger", s.by->name,
		    s.by->id);
		r = COSIGN_FALSE;
		goto out;
	}
	c->size = s.size;
	c->newest = s.size == now.size;
	/* the newest head's note is the one in `checkpoint`, unless a crash left it behind */
	if ((old = heads_find(dir, s.size, &old_n, e)) == NULL ||
	    !checkpoint_read(&cp, note, old, old_n, e))
		goto out;
	for (size_t i = 0; i < ntrust; i++) {
		struct cosign_seen *v = &c->seen[c->n];

		if (trust[i].type != VKEY_COSIGNATURE || c->n == sizeof(c->seen) / sizeof(*c->seen))
			continue;
		switch (about(a, note, &trust[i], &v->at)) {
		case NOTE_HOLDS:
			v->by = &trust[i];
			c->n++;
			break;
		case NOTE_UNKNOWN: break;
		case NOTE_FALSE:
			err_set(e, "the cosignature of %s+%08x is false", trust[i].name,
			    trust[i].id);
			r = COSIGN_FALSE;
			goto out;
		}
	}
	if (c->n == 0) {
		err_set(e, "the cosignature of %s+%08x is of another head of %" PRIu64 " records",
		    s.by->name, s.by->id, s.size);
		r = COSIGN_FALSE;
		goto out;
	}
	if ((text = merged(c, note, &a->sigs, &n, e)) == NULL)
		goto out;
	c->was = n == old_n && memcmp(text, old, n) == 0;
	if (!c->was && stamp_now() < s.time) {
		err_set(e, "it is earlier by the clock than the head is old: the clock is wrong");
		goto out;
	}
	if (!c->was) {
		if ((line = chain_head_line(&cp, text, n, s.part, stamp_now(), &len)) == NULL)
			err_set(e, "out of memory");
		else if (chain_heads_add(dir, line, len, e))
			r = COSIGN_DONE;
	} else
		r = COSIGN_DONE;
	if (r == COSIGN_DONE && c->newest && !chain_put(dir, CHAIN_HEAD, text, n, e))
		r = COSIGN_FAILED;
out:
	free(note);
	free(text);
	free(old);
	free(head);
	free(line);
	return r;
}

enum cosign_answer
cosign_take(struct cosigned *c, const char *path, const struct vkey *trust, size_t ntrust,
    const char *answer, size_t n, struct err *e)
{
	enum cosign_answer r = COSIGN_FAILED;
	struct answer *a = calloc(1, sizeof(*a));
	struct err why = { "" };
	int dir = -1, lock = -1;

	memset(c, 0, sizeof(*c));
	if (a == NULL)
		err_set(e, "out of memory");
	else if (!answer_read(a, answer, n, &why))
		err_set(e, "the answer: %s", why.text);
	else if ((dir = chain_folder(path, e)) >= 0) {
		if ((lock = chain_alone(dir, &why)) >= 0)
			r = take(c, dir, a, trust, ntrust, &why);
		if (why.text[0])
			err_set(e, "%s: %s", path, why.text);
	}
	if (lock >= 0)
		close(lock);
	if (dir >= 0)
		close(dir);
	if (a != NULL)
		free(a->text);
	free(a);
	return r;
}
