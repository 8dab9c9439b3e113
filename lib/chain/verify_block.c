/* The records of a block: each by itself, and the links between them. */
#include "chain/verify_impl.h"

#include "base/limits.h"
#include "json/scan.h"

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

void
verify_block(struct verify_block *b, struct verify_worker *w)
{
	b->bad = b->signatures = 0;
	b->read = 0;
	b->first_bad.check = VERIFY_CHECKS;
	for (unsigned i = 0; i < b->lines; i++) {
		const char *line = b->bytes + b->line[i].at, *why;
		uint64_t seq = b->first + i;
		struct merkle_hash digest;
		struct entry en;
		size_t n = b->line[i].n, at;

		if (n > LIM_RECORD) {
			bad(b, VERIFY_LINE, seq, "it is longer than %u bytes", LIM_RECORD);
			return;
		}
		if (!entry_read(&en, line, n, &why)) {
			bad(b, VERIFY_LINE, seq, "%s", why);
			return;
		}
		entry_hashes(line, n, en.body, &digest, &b->whole[i]);
		/* the links first: of a record that was put in, left out or moved they tell most */
		if (i == 0) {
			b->prev = en.prev;
			b->began = en.time;
		}
		if (en.seq != seq)
			bad(b, VERIFY_SEQ, seq, "record %" PRIu64 " stands on line %" PRIu64,
			    en.seq, seq);
		else if (!merkle_same(&digest, &en.digest))
			bad(b, VERIFY_DIGEST, seq, "its bytes do not have the digest it states");
		else if (i > 0 && !merkle_same(&en.prev, &b->whole[i - 1]))
			bad(b, VERIFY_PREV, seq,
			    "it does not go on from record %" PRIu64 " as that is now", seq - 1);
		else if (i > 0 && en.time < b->ended)
			bad(b, VERIFY_TIME, seq, "it is older than record %" PRIu64, seq - 1);
		/* one object: what stands between it and the digest would be a second author or
		 * time for whoever reads the line as JSON. The rest of the line has its shape. */
		else if (by_author(b, w, &en) &&
		    !scan_check(en.payload.p, en.payload.n, true, &at, &why))
			bad(b, VERIFY_LINE, seq, "its %.*s is no JSON object at byte %zu: %s",
			    (int)en.type.n, en.type.p, at, why);
		b->ended = en.time;
		b->read++;
	}
}

void
verify_worker_free(struct verify_worker *w)
{
	for (size_t i = 0; i < sizeof(w->checker) / sizeof(*w->checker); i++)
		checker_free(w->checker[i]);
	memset(w, 0, sizeof(*w));
}
