/* fuzz_proof.c: any bytes as what others hand over to be checked: a proof of a record or of growth,
 * and a request to a witness. Nobody's signature is among the seeds' keys: a witness signs nothing. */
#include "fuzz.h"

#include "chain/proof.h"
#include "chain/witness.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
ask_witness(const char *p, size_t n)
{
	static struct vkey log;
	static struct witness w = { .state = -1 };
	struct witness_said said;
	struct err e = { "" };
	uint8_t public[VKEY_PUBLIC];
	enum witness_verdict v;

	if (!w.signer) {
		w.signer = signer_new(&e);
		if (!w.signer || !signer_public(w.signer, public, &e) ||
		    !vkey_make(&w.key, "witness.example", VKEY_COSIGNATURE, public, &e) ||
		    !vkey_make(&log, "ledger.example/lab", VKEY_ED25519, public, &e))
			exit(2);
		w.logs = &log;
		w.nlogs = 1;
	}
	w.state = open(fuzz_folder(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	v = witness_answer(&said, &w, p, n, 1795392000, &e);
	/* no log's key has signed it */
	if (v == WITNESS_COSIGNED || v == WITNESS_FAILED || !e.text[0])
		abort();
	close(w.state);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct proof proof;
	const char *p = (const char *)data;
	struct err e = { "" };

	if (proof_read(&proof, p, n, &e)) {
		struct merkle_hash leaf = { { 1 } };

		if (proof.head < p || proof.head + proof.head_n > p + n ||
		    (proof.extra && (proof.extra < p || proof.extra + proof.extra_n > p + n)))
			abort();
		/* a path that is not of this tree must not lead to its root */
		if (!proof.grown && proof.cp.size > 1 && proof.index < proof.cp.size &&
		    merkle_check_in(&proof.path, proof.index, proof.cp.size, &leaf, &proof.cp.root))
			abort();
	} else if (!e.text[0]) {
		abort();
	}
	ask_witness(p, n);
	return 0;
}
