/* verify.h: whether a ledger is what was signed: every byte of it is read and hashed again. */
#ifndef OT_VERIFY_H
#define OT_VERIFY_H

#include "base/err.h"
#include "chain/checkpoint.h"
#include "chain/keyring.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was looked at when something did not hold; verify_check_names has their words. */
enum verify_check {
	VERIFY_LINE,            /* a record's shape, and that it is JSON */
	VERIFY_SEQ,             /* it stands on the line of its number */
	VERIFY_PREV,            /* it goes on from the record before it */
	VERIFY_TIME,            /* it is not older than the record before it */
	VERIFY_DIGEST,          /* its digest is that of its bytes */
	VERIFY_KEY,             /* its author had that key then */
	VERIFY_SIGNATURE,       /* and signed it */
	VERIFY_RECORDS,         /* as many records as the checkpoint covers */
	VERIFY_TAIL,            /* and none behind it */
	VERIFY_ROOT,            /* they are what it covers */
	VERIFY_SEAL,            /* it is signed by the log */
	VERIFY_TILE,            /* the tree's files are those of the records */
	VERIFY_HEADS,           /* earlier heads are of the same history */
	VERIFY_OUTSIDE,         /* and so is one that was kept elsewhere */
	VERIFY_TRUST,           /* the log's key, and a witness, is one that is trusted */
	VERIFY_CHECKS
};
extern const char *const verify_check_names[VERIFY_CHECKS];

struct verify_finding {
	enum verify_check check;
	uint64_t seq;           /* the record, or the size of the head; 0: neither */
	char text[400];
};

/* A head that was kept elsewhere: its bytes, and what messages call it. */
struct verify_outside { const char *name, *p; size_t n; };

struct verify_ask {
	const struct verify_outside *outside;
	size_t noutside;
	const struct vkey *trust; /* keys the reader has from elsewhere: logs' and witnesses' */
	size_t ntrust;
	unsigned threads;               /* 0: as many as there are processors */
	void (*progress)(void *arg, uint64_t done, uint64_t total);     /* bytes; may be NULL */
	void *arg;
	/* Each record that holds, in order, or NULL: for whoever looks one up. */
	void (*record)(void *arg, const struct entry *en, const char *line, size_t n);
};

enum { VERIFY_FINDINGS = 32, VERIFY_SEEN = 64 };
struct verify_answer {
	uint64_t records, bad;          /* read; that do not hold by themselves */
	uint64_t signatures, heads;     /* that were checked */
	uint64_t outside;               /* heads from elsewhere that are of this history */
	struct checkpoint cp;           /* the head */
	struct verify_finding found[VERIFY_FINDINGS];
	unsigned nfound;                /* in order of the checks; the first is what to look at */
	bool unfinished;                /* something could not be read: its finding says so */
	struct {
		const struct vkey *by;
		uint64_t size, at;
	} seen[VERIFY_SEEN]; /* the last word of each witness */
	unsigned nseen;
	struct keyring ring;            /* the keys; verify_free() */
	uint64_t torn;                  /* files in torn/ */
};

/* Looks at all of it. False when it could not be done at all (e says); else *a has
 * the answer: nothing found is a ledger that holds. */
bool verify_ledger(struct verify_answer *a, const char *path, const struct verify_ask *ask,
    struct err *e);
void verify_free(struct verify_answer *a);

#endif
