/* Heads: those that the ledger keeps, and those that somebody else kept. */
#include "chain/verify_impl.h"

#include "base/limits.h"
#include "chain/chain_impl.h"
#include "json/scan.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct verify_head *
add(struct verify_heads *h)
{
	struct verify_head *v;

	if (h->n >= LIM_CHAIN_HEADS)
		return NULL;
	if ((h->n & (h->n - 1)) == 0) {
		if ((v = realloc(h->v, (h->n ? 2 * h->n : 1) * sizeof(*v))) == NULL)
			return NULL;
		h->v = v;
	}
	memset(&h->v[h->n], 0, sizeof(*h->v));
	return &h->v[h->n++];
}

/* The newest word of each witness. */
static void
seen(struct verify_answer *a, const struct vkey *by, uint64_t size, uint64_t at)
{
	unsigned i = 0;

	while (i < a->nseen && a->seen[i].by != by)
		i++;
	if (i == VERIFY_SEEN || (i < a->nseen && a->seen[i].size >= size))
		return;
	a->nseen += i == a->nseen;
	a->seen[i].by = by;
	a->seen[i].size = size;
	a->seen[i].at = at;
}

/* Who signed a head. A signature of a key that is known and false is found. */
static void
signers(struct verify_head *v, const struct note *note, struct verify_answer *a,
    const struct verify_ask *ask)
{
	const struct ring_key *k;
	uint64_t at;
	size_t i = 0;

	while ((k = keyring_log(&a->ring, v->size, &i)) != NULL)
		switch (note_check(note, &k->key, NULL)) {
		case NOTE_HOLDS: v->by_log = true; break;
		case NOTE_UNKNOWN: break;
		case NOTE_FALSE:
			verify_found(a, v->check, v->size, "%s: the signature of %s+%08x is false",
			    v->name, k->key.name, k->key.id);
		}
	for (i = 0; i < ask->ntrust; i++)
		switch (note_check(note, &ask->trust[i], &at)) {
		case NOTE_HOLDS:
			if (ask->trust[i].type == VKEY_ED25519)
				v->by_trust = true;
			else
				seen(a, &ask->trust[i], v->size, at);
			break;
		case NOTE_UNKNOWN: break;
		case NOTE_FALSE:
			verify_found(a, v->check, v->size, "%s: the signature of %s+%08x is false",
			    v->name, ask->trust[i].name, ask->trust[i].id);
		}
	a->heads++;
}

struct reading {
	struct verify_heads *h;
	struct verify_answer *a;
	const struct verify_ask *ask;
	bool look;                      /* the keys are known: who signed them */
	struct err *e;
};

/* A head's bytes. NULL when they are none of this ledger, and that is found, or when memory is
 * out, and e says so. */
static struct verify_head *
take(struct reading *r, const char *name, enum verify_check check, struct checkpoint *cp,
    const char *p, size_t n)
{
	struct verify_heads *h = r->h;
	struct verify_answer *a = r->a;
	struct err *e = r->e;
	struct note *note = malloc(sizeof(*note));
	struct verify_head *v = NULL;
	struct err why = { "" };

	if (note == NULL)
		err_set(e, "out of memory");
	else if (!checkpoint_read(cp, note, p, n, &why))
		verify_found(a, check, 0, "%s: %s", name, why.text);
	else if (strcmp(cp->origin, a->ring.origin) != 0)
		verify_found(a, check, 0, "%s: it is of %s, the ledger is %s", name, cp->origin,
		    a->ring.origin);
	else if (cp->size == 0)
		verify_found(a, check, 0, "%s: a head of no record: it tells nothing", name);
	else if ((v = add(h)) == NULL)
		err_set(e, h->n >= LIM_CHAIN_HEADS ? "%s: more than %u heads" : "%s: out of memory",
		    name, LIM_CHAIN_HEADS);
	else {
		v->check = check;
		v->name = name;
		v->size = cp->size;
		v->root = cp->root;
		v->witnessed = note->nsigs > 1;
		if (r->look)
			signers(v, note, a, r->ask);
	}
	free(note);
	return v;
}

/* The time of a line {"timestamp":"..31 bytes..","event_type":"T","T":{..}}, and whether it is
 * one. */
static bool
stamped(const char *p, size_t n, int64_t *time)
{
	static const char begin[] = "{\"timestamp\":\"", then[] = "\",\"event_type\":\"";
	enum {
		BEGIN = sizeof(begin) - 1,
		STAMP = 31,
		THEN = sizeof(then) - 1,
		TYPE = BEGIN + STAMP + THEN
	};
	char text[STAMP_TEXT];
	const char *end;
	size_t type;

	if (n < TYPE || memcmp(p, begin, BEGIN) != 0 ||
	    memcmp(p + BEGIN + STAMP, then, THEN) != 0 || !stamp_parse(time, p + BEGIN, STAMP) ||
	    stamp_put(text, *time) != STAMP || memcmp(text, p + BEGIN, STAMP) != 0 ||
	    (end = memchr(p + TYPE, '"', n - TYPE)) == NULL)
		return false;
	type = (size_t)(end - p) - TYPE;
	return n - TYPE >= 2 * type + 6 && memcmp(end, "\",\"", 3) == 0 &&
	    memcmp(end + 3, p + TYPE, type) == 0 && memcmp(end + 3 + type, "\":{", 3) == 0;
}

/* A line of checkpoints.ndjson. */
static bool
line(struct reading *r, uint64_t no, const char *p, size_t n)
{
	struct verify_answer *a = r->a;
	struct err *e = r->e;
	struct sval o, v = { 0 };
	struct verify_head *head = NULL;
	struct checkpoint cp;
	char *text, *again = NULL;
	const char *why;
	int64_t time;
	size_t at, len;
	bool part, good = true;

	if (n > LIM_RECORD || !scan_check(p, n, true, &at, &why) || !stamped(p, n, &time)) {
		verify_found(a, VERIFY_HEADS, 0, "%s:%" PRIu64 ": it is no line about a head",
		    CHAIN_HEADS, no);
		return true;
	}
	o = scan_line(p, n);
	if (!scan_get(&o, "event_type", &v) || !sval_is(&v, "checkpoint"))
		return true;    /* a time stamp */
	if (!scan_path(&o, "checkpoint.note", &v) || v.type != SVAL_STR || v.n > 6 * NOTE_MAX) {
		verify_found(a, VERIFY_HEADS, 0, "%s:%" PRIu64 ": it has no note", CHAIN_HEADS, no);
		return true;
	}
	if ((text = malloc(v.n + 1)) == NULL)
		return err_set(e, "out of memory");
	len = sval_text(&v, text, v.n + 1);
	part = scan_path(&o, "checkpoint.part", &v);
	if ((head = take(r, CHAIN_HEADS, VERIFY_HEADS, &cp, text, len)) != NULL) {
		head->time = time;
		head->sealed = !part;
		/* what stands beside the note is what the note says, and nothing else */
		again = chain_head_line(&cp, text, len, part, time, &at);
		if (again == NULL)
			good = err_set(e, "out of memory");
		else if (at != n + 1 || memcmp(again, p, n) != 0)
			verify_found(a, VERIFY_HEADS, 0,
			    "%s:%" PRIu64 ": it is not as its note has it", CHAIN_HEADS, no);
	} else
		good = !e->text[0];
	free(again);
	free(text);
	return good;
}

static int
by_size(const void *a, const void *b)
{
	const struct verify_head *x = a, *y = b;

	return x->size < y->size ? -1 : x->size > y->size;
}

static bool
lines(void *arg, struct verify_block *b)
{
	for (unsigned i = 0; i < b->lines; i++)
		if (!line(arg, b->first + i, b->bytes + b->line[i].at, b->line[i].n))
			return false;
	return true;
}

static bool
gather(struct reading *r, int dir, uint64_t size)
{
	struct verify_heads *h = r->h;
	struct err *e = r->e;
	int fd = chain_plain(dir, CHAIN_HEADS, O_RDONLY, e);
	struct checkpoint cp;
	uint64_t rest = 0;
	bool good;

	memset(h, 0, sizeof(*h));
	if (fd < 0)
		return false;
	good = verify_lines(fd, CHAIN_HEADS, size, lines, r, &rest, e) && !e->text[0];
	close(fd);
	if (good && rest > 0)
		verify_found(r->a, VERIFY_HEADS, 0,
		    "%s: %" PRIu64 " bytes behind its last line: an append that was "
		    "cut short, or somebody's",
		    CHAIN_HEADS, rest);
	for (size_t i = 0; good && i < r->ask->noutside; i++)
		good = take(r, r->ask->outside[i].name, VERIFY_OUTSIDE, &cp, r->ask->outside[i].p,
			   r->ask->outside[i].n) != NULL ||
		    !e->text[0];
	if (good && h->n > 0)
		qsort(h->v, h->n, sizeof(*h->v), by_size);
	return good;
}

bool
verify_heads_read(struct verify_heads *h, int dir, uint64_t size, const struct verify_answer *a,
    const struct verify_ask *ask, struct err *e)
{
	/* an answer that nobody reads */
	struct verify_answer *none = malloc(sizeof(*none));
	struct reading r = { h, none, ask, false, e };
	bool good;

	if (none == NULL)
		return err_set(e, "out of memory");
	*none = *a;
	good = gather(&r, dir, size);
	free(none);
	return good;
}

bool
verify_heads_look(struct verify_heads *h, int dir, uint64_t size, struct verify_answer *a,
    const struct verify_ask *ask, struct err *e)
{
	struct verify_heads now;
	struct reading r = { &now, a, ask, true, e };
	bool good = gather(&r, dir, size), same = now.n == h->n;

	/* these bytes do not change, except by somebody who changes them under us */
	for (size_t i = 0; good && same && i < now.n; i++) {
		struct verify_head *v = &now.v[i], *was = &h->v[i];

		same = v->check == was->check && v->size == was->size &&
		    merkle_same(&v->root, &was->root) && v->time == was->time &&
		    v->sealed == was->sealed && v->witnessed == was->witnessed;
		v->same = was->same;
		v->reached = was->reached;
		v->early = was->early;
	}
	free(h->v);
	*h = now;
	return good && (same || err_set(e, "%s: it became another while it was read", CHAIN_HEADS));
}

bool
verify_heads_at(struct verify_heads *h, const struct tile_writer *w, const char *record)
{
	struct merkle_hash root;
	bool sealed = false;
	int64_t time = 0;

	if (h->next == h->n || h->v[h->next].size > w->size)
		return false;
	tile_writer_root(w, &root);
	/* the record was read: its time is where it belongs */
	(void)stamp_parse(&time, record + 14, 31);
	for (; h->next < h->n && h->v[h->next].size == w->size; h->next++) {
		struct verify_head *v = &h->v[h->next];

		v->reached = true;
		v->same = merkle_same(&root, &v->root);
		/* an appender's head is of the time of its records; a witness comes later */
		v->early =
		    v->check == VERIFY_HEADS && (v->witnessed ? v->time < time : v->time != time);
		sealed |= v->sealed;
	}
	return sealed;
}

bool
verify_heads_has(const struct verify_heads *h, const struct checkpoint *cp)
{
	for (size_t i = h->n; i-- > 0; )
		if (h->v[i].sealed && h->v[i].size == cp->size &&
		    merkle_same(&h->v[i].root, &cp->root))
			return true;
	return false;
}

void
verify_heads_end(struct verify_heads *h, struct verify_answer *a, const struct verify_ask *ask)
{
	bool trusted = false, logs = false, witnesses = false;

	for (size_t i = 0; i < h->n; i++) {
		const struct verify_head *v = &h->v[i];
		bool outside = v->check == VERIFY_OUTSIDE;

		if (!v->by_log && !(outside && v->by_trust))
			verify_found(a, v->check, v->size,
			    "%s: the head of %" PRIu64 " records is signed by "
			    "no key of this ledger%s",
			    v->name, v->size,
			    outside ? ": one of the two was made with another key" : "");
		else if (!v->reached && v->size > a->records)
			verify_found(a, v->check, v->size,
			    "%s: it covers %" PRIu64 " records, there are %" PRIu64
			    ": records are gone, or this is an older copy",
			    v->name, v->size, a->records);
		else if (v->reached && !v->same)
			verify_found(a, v->check, v->size,
			    "%s: the first %" PRIu64 " records are not those "
			    "that it covers: the history was written anew, or there are two",
			    v->name, v->size);
		else if (v->reached && v->early)
			verify_found(a, v->check, v->size,
			    "%s: the head of %" PRIu64 " records does not have the time of "
			    "its last record",
			    v->name, v->size);
		else if (v->reached) {
			a->outside += outside;
			trusted |= v->by_trust;
		}
	}
	for (size_t i = 0; i < ask->ntrust; i++)
		if (ask->trust[i].type == VKEY_ED25519)
			logs = true;
		else
			witnesses = true;
	if (logs && !trusted)
		verify_found(a, VERIFY_TRUST, 0,
		    "no head of this ledger is signed by a key that is trusted");
	/* a word that was there can be taken out, as by whoever wrote all anew */
	if (witnesses && a->nseen == 0)
		verify_found(a, VERIFY_TRUST, 0,
		    "no head of this ledger was seen by a witness that is trusted");
}

void
verify_heads_free(struct verify_heads *h)
{
	free(h->v);
	memset(h, 0, sizeof(*h));
}
