/* fuzz_append.c: any lines as what calchain append is given: what holds to its schema goes into a
 * ledger that holds, reads there as it was, and is understood by who asks the ledger.
 *
 * link: test/fuzz/signer.c cmd/calchain/kinds.c */
#include "fuzz.h"

#include "../../cmd/calchain/calchain.h"
#include "base/stamp.h"
#include "chain/chain.h"
#include "chain/proof.h"
#include "chain/verify.h"
#include "json/scan.h"
#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOW     INT64_C(1795392000000000)       /* 2026-11-23 */

static struct kinds *kinds;
static struct signer *key;
static struct vkey trust;
static char ledger[96];

static void
begin(void)
{
	uint8_t public[VKEY_PUBLIC];
	struct err e = { "" };

	stamp_set_now(NOW);
	key = fuzz_signer(1);
	if (!(kinds = kinds_load(&e)) || !signer_public(key, public, &e) ||
	    !vkey_make(&trust, "o", VKEY_ED25519, public, &e)) {
		fprintf(stderr, "%s\n", e.text);
		exit(2);
	}
}

static struct chain *
opened(void)
{
	struct err e = { "" };
	struct chain *c;

	snprintf(ledger, sizeof(ledger), "%s/l", fuzz_folder());
	if (!chain_create(ledger, "o", true, key, key, "a", &e) ||
	    !(c = chain_open(ledger, key, NULL, NULL, &e))) {
		fprintf(stderr, "%s\n", e.text);
		exit(2);
	}
	return c;
}

static void
holds(uint64_t records)
{
	struct verify_ask ask = { .trust = &trust, .ntrust = 1, .threads = 1 };
	struct verify_answer a;
	struct err e = { "" };

	if (!verify_ledger(&a, ledger, &ask, &e) || a.nfound || a.unfinished ||
	    a.records != records)
		abort();
	verify_free(&a);
}

/* Each record of the ledger has the payload that was given, in whoever reads it. */
static void
understood(const struct taken *v, size_t n)
{
	struct ledger_opts o = { .all = true, .until = INT64_MAX, .known = INT64_MAX };
	struct ledger *l = ledger_new(&o);
	struct err e = { "" };
	int dir = chain_folder(ledger, &e);
	const char *why = NULL;
	struct entry en;
	struct sval rec;
	size_t len, at;
	char *line;

	if (!l || dir < 0)
		exit(2);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < n; i++) {
			if (!(line = proof_line(dir, i + 2, &len, &e)))
				abort();
			if (!entry_read(&en, line, len, &why) || !span_is(&en.type, v[i].type) ||
			    en.payload.n != v[i].n ||
			    memcmp(en.payload.p, v[i].payload, v[i].n) != 0)
				abort();
			if (!scan_check(line, len, true, &at, &why))
				abort();
			rec = scan_line(line, len);
			why = NULL;
			if (!(pass ? ledger_take : ledger_look)(l, true, i + 2, &rec, &why)) {
				fprintf(stderr, "taken, and not understood: %s: %.*s\n",
				    why ? why : "", (int)len, line);
				abort();
			}
			free(line);
		}
		if (!(pass ? ledger_done : ledger_settle)(l))
			exit(2);
	}
	close(dir);
	ledger_free(l);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	enum { MOST = 16 };
	const char *p = (const char *)data, *end = p + n;
	char *lines[MOST], *own;
	struct taken v[MOST];
	struct tape tape = { NULL, .n = 0 };
	struct chain *c = NULL;
	struct err e = { "" };
	size_t had = 0, len;

	if (!kinds)
		begin();
	while (had < MOST && (own = fuzz_line(&p, end, &len))) {
		err_clear(&e);
		if (!kinds_take(kinds, own, len, &tape, &v[had], &e)) {
			if (!e.text[0])
				abort();
			free(own);
			continue;
		}
		if (!c)
			c = opened();
		if (!chain_add(c, v[had].type, v[had].payload, v[had].n, &e))
			abort();
		lines[had++] = own;
	}
	if (c) {
		if (!chain_seal(c, &e))
			abort();
		chain_close(c);
		holds(had + 1);
		understood(v, had);
	}
	while (had)
		free(lines[--had]);
	tape_free(&tape);
	return 0;
}
