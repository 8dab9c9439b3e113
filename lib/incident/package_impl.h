/* package_impl.h: the parts of package.c: each adds its files, and says whence they are. */
#ifndef OT_PACKAGE_IMPL_H
#define OT_PACKAGE_IMPL_H

#include "chain/chain.h"
#include "chain/verify.h"
#include "extract/wanted.h"
#include "incident/affected.h"
#include "incident/package.h"
#include "incident/package_tree.h"

#include <stdio.h>

/* A file outside, as it was before anything was taken from it. */
struct package_source {
	const char *path;
	char digest[TREE_DIGEST];
	uint64_t size;
	int64_t modified;
};
/* False: it is no plain file, cannot be read, or changes while it is. */
bool package_source(struct package_source *s, const char *path, struct err *e);

/* The custody list's parts, in its order. */
enum custody_part { CUSTODY_FAULTS, CUSTODY_PACKAGE, CUSTODY_MISSING, CUSTODY_ITEMS,
	CUSTODY_FILES, CUSTODY_PARTS };

struct custody {
	struct { FILE *f; char *p; size_t n; } record[CUSTODY_PARTS], text[CUSTODY_PARTS];
	char *line;                     /* a record on its way */
	uint64_t bytes;
	size_t quiet;                   /* items that the text only counts */
};

struct package {
	const struct package_ask *ask;
	struct package_answer *answer;
	struct tree tree;
	struct custody custody;
	struct incident *incident;      /* NULL: it cannot be read */
	struct chain_head *head;        /* of the journal; NULL: it has none */
	int dir, lock;                  /* the journal's folder, and what holds writers off */
	struct affected affected;
	struct wanted *wanted;          /* packets that records name */
	struct err *e;
};

/* --- package_custody.c */
bool custody_begin(struct custody *c, struct err *e);
void custody_end(struct custody *c);

/* One item: a file of the package, and where it is from. */
struct custody_item {
	const struct tree_file *file;
	const char *what;               /* journal records packets report proof calibration */
	const struct package_source *source;    /* or NULL: it was made here */
	bool chosen;                    /* by the span and what is affected */
	uint64_t read, taken;           /* where it was chosen: records or packets */
	const char *note;               /* words key of what more there is to say, or NULL */
	json_t *args;                   /* of the note; taken over */
	bool quiet;                     /* one of many: the text counts it */
};
bool custody_item(struct package *p, const struct custody_item *i);
/* What does not hold, or is not here: a phrase of the words with its arguments, which are
 * taken over; both are said, too. */
bool custody_fault(struct package *p, const char *key, json_t *args);
bool custody_missing(struct package *p, const char *key, json_t *args);
/* Verifies the ledger at path; each finding is a fault of phrase `key`. False: out of memory. */
bool custody_verify(struct package *p, const char *path, const struct verify_ask *ask,
    const char *key);
/* Who made it of what; and what the journal says of its files and submissions. */
bool custody_made(struct package *p, const char fingerprint[TREE_DIGEST]);
bool custody_files(struct package *p);
/* custody.ndjson and custody.txt into the folder. */
bool custody_put(struct package *p);

/* --- what is in it; each false only where nothing can be made at all */
bool package_journal(struct package *p);
bool package_reports(struct package *p);
bool package_proofs(struct package *p);
bool package_records(struct package *p);
bool package_packets(struct package *p);
bool package_ledger(struct package *p);
bool package_readme(struct package *p, const char fingerprint[TREE_DIGEST]);
/* package_seal.c: the key's public half and its digest; then all digests, signed. */
bool package_key(struct package *p, char fingerprint[TREE_DIGEST]);
bool package_seal(struct package *p);

/* A whole file of the journal's folder, as it is, under a name. *f: NULL when it could not be
 * read, and that was put down as missing. */
bool package_copy(struct package *p, const char *from, const char *name, uint64_t lines,
    struct package_source *source, const struct tree_file **f);

#endif
