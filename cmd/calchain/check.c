/* check.c: calchain check: whether a proof holds, for whoever has nothing but it and keys. */
#include "calchain.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/stamp.h"
#include "base/sum.h"
#include "chain/base64.h"
#include "chain/entry.h"
#include "chain/proof.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { O_RECORD = 1, O_SHA256, O_OLD, O_TRUST, O_KEY, O_WITNESSES };

static const struct opt opts[] = {
	{ "old", 'o', "FILE",
	    "the older checkpoint, for a proof that the ledger grew", "file", O_OLD },
	{ "record-line", 'r', "FILE",
	    "the record as its line; - is standard input", "file", O_RECORD },
	{ "sha256", 0, "HEX",
	    "instead: the SHA-256 of that line without its line feed", NULL, O_SHA256 },
	{ "trust", 't', "FILE",
	    "verifier keys of logs, witnesses and authors, one a line", "file", O_TRUST },
	{ "vkey", 0, "VKEY", "one such key itself; may be repeated", NULL, O_KEY },
	{ "witnesses", 'n', "N",
	    "so many trusted witnesses must have cosigned", NULL, O_WITNESSES },
	{ NULL },
};

static const struct prog prog = {
	.name = "calchain check",
	.synopsis = "calchain check [-n N] [-r FILE | --sha256 HEX] [-t FILE] [--vkey VKEY] PROOF\n"
	    "calchain check [-n N] -o FILE [-t FILE] [--vkey VKEY] PROOF",
	.purpose = "Checks what calchain prove wrote: is the record in the ledger, or did the "
	    "ledger only grow?",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 it is proved; 1 it is not; 2 it could not be told.",
};

struct asked {
	const char *proof, *line, *old, *hex;
	struct vkey trust[TRUST_MAX];
	size_t ntrust;
	uint64_t witnesses;
};

/* What was read, and what it says. A false check leaves the reason in `no`. */
struct found {
	struct proof p, was;
	struct entry en;
	char *text, *line, *old;
	size_t line_n;
	bool has_entry, by_author;
	struct err no;
};

/* The log's signature, and the witnesses'. */
static bool
head_holds(const struct asked *a, const struct checkpoint *cp, const struct note *t,
    uint64_t witnesses, struct err *no)
{
	uint64_t seen = 0;
	bool log = false;

	for (size_t i = 0; i < a->ntrust; i++) {
		const struct vkey *k = &a->trust[i];

		switch (note_check(t, k, NULL)) {
		case NOTE_HOLDS:
			seen += k->type == VKEY_COSIGNATURE;
			log |= k->type == VKEY_ED25519 && strcmp(k->name, cp->origin) == 0;
			break;
		case NOTE_UNKNOWN: break;
		case NOTE_FALSE: return err_set(no, "the signature of %s+%08x is false", k->name,
		    k->id);
		}
	}
	if (!log)
		return err_set(no, "its checkpoint is signed by no key of %s that is trusted",
		    cp->origin);
	return seen >= witnesses || err_set(no, "%" PRIu64 " trusted witnesses cosigned its "
	    "checkpoint, %"
	    PRIu64 " are asked for", seen, witnesses);
}

/* The record's line: its place, its digest, its author's signature where that key is trusted. */
static bool
record_holds(struct found *f, const struct asked *a, struct merkle_hash *whole)
{
	struct merkle_hash digest;
	char text[ENTRY_SIGNED_TEXT];
	const char *why;

	if (!entry_read(&f->en, f->line, f->line_n, &why))
		return err_set(&f->no, "the record: %s", why);
	f->has_entry = true;
	entry_hashes(f->line, f->line_n, f->en.body, &digest, whole);
	if (!merkle_same(&digest, &f->en.digest))
		return err_set(&f->no, "the record: its digest is not that of its bytes");
	if (f->en.seq != f->p.index + 1)
		return err_set(&f->no, "the record is number %" PRIu64 ", the proof is of number "
		    "%" PRIu64,
		    f->en.seq, f->p.index + 1);
	entry_signed_text(text, &digest);
	for (size_t i = 0; f->en.is_signed && i < a->ntrust; i++)
		if (a->trust[i].id == f->en.key && span_is(&f->en.author, a->trust[i].name)) {
			f->by_author = vkey_holds(&a->trust[i], text, sizeof(text), f->en.sig);
			if (!f->by_author)
				return err_set(&f->no, "the record: the signature of %s+%08x is "
				    "false",
				    a->trust[i].name, a->trust[i].id);
		}
	return true;
}

/* True when it could be told; f->no has why not, if it does not hold. */
static bool
check_in(struct found *f, const struct asked *a, struct err *e)
{
	struct merkle_hash leaf;

	if (a->old != NULL)
		return err_set(e, "%s: it proves one record; --old goes with a proof that the "
		    "ledger grew", a->proof);
	if (a->hex != NULL) {
		if (strlen(a->hex) != 2 * MERKLE_HASH || !hex_get(leaf.b, a->hex, MERKLE_HASH))
			return err_set(e, "--sha256: 64 hexadecimal digits are expected, in lower "
			    "case");
	} else if (a->line != NULL) {
		if ((f->line = file_slurp(a->line, LIM_RECORD + 1, &f->line_n, e)) == NULL)
			return false;
		f->line_n -= f->line_n > 0 && f->line[f->line_n - 1] == '\n';
	} else if (f->p.extra != NULL) {
		if ((f->line = malloc(f->p.extra_n)) == NULL)
			return err_set(e, "out of memory");
		if (!base64_get((uint8_t *)f->line, f->p.extra_n, &f->line_n, f->p.extra,
		    f->p.extra_n))
			return err_set(e, "%s: its extra line is not base64", a->proof);
	} else
		return err_set(e, "which record? it is not in the proof: --record-line FILE");
	if (!head_holds(a, &f->p.cp, &f->p.note, a->witnesses, &f->no) ||
	    (f->line != NULL && !record_holds(f, a, &leaf)))
		return true;
	merkle_leaf(&leaf, leaf.b, MERKLE_HASH);
	if (!merkle_check_in(&f->p.path, f->p.index, f->p.cp.size, &leaf, &f->p.cp.root))
		err_set(&f->no, "the record is not number %" PRIu64 " of those that the checkpoint "
		    "covers",
		    f->p.index + 1);
	return true;
}

static bool
check_grown(struct found *f, const struct asked *a, struct err *e)
{
	struct err why = { "" };
	size_t n;

	if (a->old == NULL)
		return err_set(e, "%s: it proves that the ledger grew: --old FILE names the older "
		    "checkpoint", a->proof);
	if (a->line != NULL || a->hex != NULL)
		return err_set(e, "%s: it proves that the ledger grew, not that a record is in it",
		    a->proof);
	if ((f->old = file_slurp(a->old, NOTE_MAX, &n, e)) == NULL)
		return false;
	if (!checkpoint_read(&f->was.cp, &f->was.note, f->old, n, &why))
		return err_set(e, "%s: %s", a->old, why.text);
	if (!head_holds(a, &f->p.cp, &f->p.note, a->witnesses, &f->no))
		return true;
	/* what the witnesses of the newer head saw grew from it */
	if (!head_holds(a, &f->was.cp, &f->was.note, 0, &why))
		err_set(&f->no, "%s: %s", a->old, why.text);
	else if (strcmp(f->p.cp.origin, f->was.cp.origin) != 0)
		err_set(&f->no, "%s is of %s, the proof of %s", a->old, f->was.cp.origin,
		    f->p.cp.origin);
	else if (f->p.old != f->was.cp.size)
		err_set(&f->no, "%s is of %" PRIu64 " records, the proof goes on from %" PRIu64,
		    a->old,
		    f->was.cp.size, f->p.old);
	else if (!merkle_check_grown(&f->p.path, f->p.old, f->p.cp.size, &f->was.cp.root,
	    &f->p.cp.root))
		err_set(&f->no, "the %" PRIu64 " records do not begin with the %" PRIu64 " of %s: "
		    "the history was "
		    "written anew, or there are two", f->p.cp.size, f->p.old, a->old);
	return true;
}

static bool
say(const struct found *f, const struct asked *a)
{
	char when[STAMP_TEXT] = "";
	uint64_t at;

	if (f->no.text[0])
		return printf("%s: not proved: %s\n", a->proof, f->no.text) > 0;
	if (f->p.grown)
		printf("%s: the %" PRIu64 " records of %s begin with the %" PRIu64 " of %s",
		    a->proof,
		    f->p.cp.size, f->p.cp.origin, f->p.old, a->old);
	else {
		printf("%s: record %" PRIu64, a->proof, f->p.index + 1);
		if (f->has_entry) {
			stamp_put(when, f->en.time);
			printf(" (%.*s, %.19s UTC, %.*s%s)", (int)f->en.type.n, f->en.type.p, when,
			    (int)f->en.author.n, f->en.author.p, f->by_author ? ", who signed it" :
			    "");
		}
		printf(" is in %s, one of %" PRIu64, f->p.cp.origin, f->p.cp.size);
	}
	for (size_t i = 0; i < a->ntrust; i++)
		if (a->trust[i].type == VKEY_COSIGNATURE &&
		    note_check(&f->p.note, &a->trust[i], &at) == NOTE_HOLDS) {
			stamp_put(when, (int64_t)at * 1000000);
			printf(", seen by %s at %.19s UTC", a->trust[i].name, when);
		}
	return putchar('\n') != EOF;
}

int
check_main(int argc, char **argv)
{
	static struct asked a;
	static struct found f;
	struct opt_state os;
	struct err e = { "" }, why = { "" };
	size_t n;
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); !e.text[0] && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_RECORD: a.line = os.value; break;
		case O_SHA256: a.hex = os.value; break;
		case O_OLD: a.old = os.value; break;
		case O_TRUST: (void)trust_file(a.trust, &a.ntrust, os.value, &e); break;
		case O_KEY: (void)trust_key(a.trust, &a.ntrust, os.value, &e); break;
		case O_WITNESSES: (void)count_asked(&a.witnesses, &os, &e); break;
		}
	if (!e.text[0] && id == -2)
		return 0;
	if (!e.text[0] && argc - os.i != 1)
		err_set(&e, "one file with a proof is expected");
	else if (!e.text[0] && a.ntrust == 0)
		err_set(&e, "whose signature counts? --trust FILE or --vkey VKEY");
	else if (!e.text[0] && a.line != NULL && a.hex != NULL)
		err_set(&e, "--record-line and --sha256 are two ways to name one record");
	if (!e.text[0] && confine_prepare(&e) && confine(CONFINE_READ, &e)) {
		a.proof = argv[os.i];
		if ((f.text = file_slurp(a.proof, PROOF_MAX, &n, &e)) != NULL &&
		    !proof_read(&f.p, f.text, n, &why))
			err_set(&e, "%s: %s", a.proof, why.text);
		if (!e.text[0] && (f.p.grown ? check_grown(&f, &a, &e) : check_in(&f, &a, &e)) &&
		    say(&f, &a) && fflush(stdout) == 0)
			status = f.no.text[0] ? 1 : 0;
	}
	if (e.text[0])
		diag("%s", e.text);
	free(f.text);
	free(f.line);
	free(f.old);
	return status;
}
