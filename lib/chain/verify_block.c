/* The records of a block: each by itself, and the links between them. */
#include "chain/verify_impl.h"

#include "base/limits.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static void
bad(struct verify_block *b, enum verify_check check, uint64_t seq, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void
bad(struct verify_block *b, enum verify_check check, uint64_t seq, const char *fmt, ...)
{
	va_list ap;

	b->bad++;
	if (b->first_bad.check != VERIFY_CHECKS)
		return;
	b->first_bad.check = check;
	b->first_bad.seq = seq;
	va_start(ap, fmt);
	vsnprintf(b->first_bad.text, sizeof(b->first_bad.text), fmt, ap);
	va_end(ap);
}

/* Whether its author's key signed it; false and said. */
static bool
by_author(struct verify_block *b, struct verify_worker *w, const struct entry *en)
{
	const struct ring_key *k;
	char text[ENTRY_SIGNED_TEXT];
	struct checker **c;

	if (!en->is_signed) {
		if (!keyring_must_sign(w->ring, &en->type))
			return true;
		bad(b, VERIFY_SIGNATURE, en->seq, "it is not signed, as it must be");
		return false;
	}
	k = keyring_author(w->ring, &en->author, en->key, en->seq);
	if (k == NULL) {
		bad(b, VERIFY_KEY, en->seq, "%.*s had no key %08x then", (int)en->author.n,
		    en->author.p, en->key);
		return false;
	}
	c = &w->checker[k - w->ring->v];
	if (*c == NULL)
		*c = checker_new(&k->key);
	entry_signed_text(text, &en->digest);
	b->signatures++;
	if (*c != NULL && checker_holds(*c, text, sizeof(text), en->sig))
		return true;
	bad(b, VERIFY_SIGNATURE, en->seq, "the signature is not that of %.*s", (int)en->author.n,
	    en->author.p);
	return false;
}

/* The next lines of a block, taken apart and hashed: ENTRY_SIDES, or fewer before one that has
 * no shape, which is said in *why with its number of bytes in *n. */
static unsigned
read_some(const struct verify_block *b, unsigned i, struct entry en[ENTRY_SIDES],
    struct entry_sums sums[ENTRY_SIDES], const struct entry *last, const char **why, size_t *n)
{
	unsigned k;

	*why = NULL;
	for (k = 0; k < ENTRY_SIDES && i + k < b->lines; k++) {
		const char *line = b->bytes + b->line[i + k].at;

		*n = b->line[i + k].n;
		*why = "";
		if (*n > LIM_RECORD || !entry_read_next(&en[k], last, line, *n, why))
			break;
		*why = NULL;
		sums[k].line = line;
		sums[k].n = *n;
		sums[k].body = en[k].body;
		last = &en[k];
	}
	entry_hashes_beside(sums, k);
	return k;
}

/* Payloads of a ledger look alike, which tells of the usual ones sooner (json/shape.h). What is
 * long has more values than are worth a note. */
static bool
is_object(struct verify_worker *w, const struct span *payload, size_t *at, const char **why)
{
	enum { USUAL = 16384 };

	return payload->n <= USUAL ?
	    scan_check_noting(payload->p, payload->n, true, &w->tape, at, why) :
	    scan_check(payload->p, payload->n, true, at, why);
}

/* A record by itself, and its link to the one before it in the block. */
static void
one(struct verify_block *b, struct verify_worker *w, unsigned i, const struct entry *en,
    const struct entry_sums *sums)
{
	uint64_t seq = b->first + i;
	const char *why;
	size_t at;

	/* the links first: of a record that was put in, left out or moved they tell most */
	if (i == 0) {
		b->prev = en->prev;
		b->began = en->time;
	}
	if (en->seq != seq)
		bad(b, VERIFY_SEQ, seq, "record %" PRIu64 " stands on line %" PRIu64, en->seq, seq);
	else if (!merkle_same(&sums->digest, &en->digest))
		bad(b, VERIFY_DIGEST, seq, "its bytes do not have the digest it states");
	else if (i > 0 && !merkle_same(&en->prev, &b->whole[i - 1]))
		bad(b, VERIFY_PREV, seq, "it does not go on from record %" PRIu64 " as that is now",
		    seq - 1);
	else if (i > 0 && en->time < b->ended)
		bad(b, VERIFY_TIME, seq, "it is older than record %" PRIu64, seq - 1);
	/* one object: what stands between it and the digest would be a second author or
	 * time for whoever reads the line as JSON. The rest of the line has its shape. */
	else if (by_author(b, w, en) && !is_object(w, &en->payload, &at, &why))
		bad(b, VERIFY_LINE, seq, "its %.*s is no JSON object at byte %zu: %s",
		    (int)en->type.n, en->type.p, at, why);
	b->whole[i] = sums->whole;
	b->ended = en->time;
	b->read++;
}

void
verify_block(struct verify_block *b, struct verify_worker *w)
{
	struct entry_sums sums[ENTRY_SIDES];
	struct entry en[2][ENTRY_SIDES];        /* these, and the ones before them */
	const struct entry *last = NULL;
	const char *why = NULL;
	size_t n = 0;

	b->bad = b->signatures = 0;
	b->read = 0;
	b->first_bad.check = VERIFY_CHECKS;
	for (unsigned i = 0, side = 0, k; i < b->lines && why == NULL; i += k, side ^= 1) {
		k = read_some(b, i, en[side], sums, last, &why, &n);
		for (unsigned j = 0; j < k; j++)
			one(b, w, i + j, &en[side][j], &sums[j]);
		if (k > 0)
			last = &en[side][k - 1];
	}
	if (why != NULL && n > LIM_RECORD)
		bad(b, VERIFY_LINE, b->first + b->read, "it is longer than %u bytes", LIM_RECORD);
	else if (why != NULL)
		bad(b, VERIFY_LINE, b->first + b->read, "%s", why);
	merkle_leaves(b->leaf, b->whole, b->read);
}

void
verify_worker_free(struct verify_worker *w)
{
	for (size_t i = 0; i < sizeof(w->checker) / sizeof(*w->checker); i++)
		checker_free(w->checker[i]);
	tape_free(&w->tape);
	memset(w, 0, sizeof(*w));
}
