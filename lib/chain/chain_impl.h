/* chain_impl.h: what the files of the chain share. */
#ifndef OT_CHAIN_IMPL_H
#define OT_CHAIN_IMPL_H

#include "chain/chain.h"
#include "chain/tile.h"

#define CHAIN_RECORDS "records.ndjson"
#define CHAIN_HEAD "checkpoint"
#define CHAIN_HEADS "checkpoints.ndjson"
#define CHAIN_TORN "torn"

/* A file of torn/ that a record has to tell of. */
struct chain_torn {
	uint64_t seq;                   /* torn/<seq>-<no>: the record that came next */
	unsigned no;
	bool told;
	uint64_t bytes;
	uint8_t sum[MERKLE_HASH];
	char file[64];
};
enum { CHAIN_TORN_SAME = 9999 };

struct chain {
	char path[4096];                /* as messages name it */
	int dir, fd, heads; /* the folder, records.ndjson (locked), checkpoints.ndjson */
	struct keyring ring;
	struct signer *key, *log;
	struct vkey log_key;
	struct checkpoint cp;           /* the newest sealed head */
	uint64_t sealed;                /* bytes of records.ndjson that it covers */
	uint64_t heads_sealed;          /* bytes of checkpoints.ndjson at that time */
	struct entry next;              /* author, key and prev of the record to come */
	int64_t last;                   /* time of the last one */
	char author[VKEY_NAME];
	struct tile_writer *tiles;
	uint64_t every;
	char *buf;                      /* lines to be written */
	size_t n, cap;
	char *head;                     /* lines for checkpoints.ndjson */
	size_t head_n, head_cap;
	bool dirty;                     /* something was added since the last seal */
	struct chain_torn *torn;        /* in their order; what was set aside now is the last */
	size_t ntorn;
};

/* A plain file of the folder, opened; -1 and said when it is another thing: a pipe in its place
 * would be waited for, a link would lead elsewhere. */
int chain_plain(int dir, const char *name, int flags, struct err *e);
/* A file of the folder, whole, into fresh memory with a NUL behind. */
char *chain_slurp(int dir, const char *name, size_t max, size_t *n, struct err *e);
/* Replaces a file of the folder: written, synced, renamed, the folder synced. */
bool chain_put(int dir, const char *name, const void *p, size_t n, struct err *e);
/* Its two halves: false from the first, and nothing has changed; from the second, and it is in
 * its place but may not outlast a power cut. */
bool chain_place(int dir, const char *name, const void *p, size_t n, struct err *e);
bool chain_placed(int dir, const char *name, struct err *e);
/* Nothing open yet; NULL when memory is out. */
struct chain *chain_new(const char *path, struct signer *key, struct signer *log, struct err *e);
/* Takes the lock, shared or not; waits for it. */
bool chain_lock(int fd, bool alone, struct err *e);

/* The ledger's lock alone, as an appender has it: a descriptor to be closed, or -1 and said. */
int chain_alone(int dir, struct err *e);
/* A whole line, its LF included, at the end of checkpoints.ndjson, and on the disk: under the
 * lock. */
bool chain_heads_add(int dir, const char *line, size_t n, struct err *e);

/* Whether a line is of a record that changes the keys, by its first bytes. */
bool chain_changes_keys(const char *line, size_t n);
/* Reads what is there for chain_open(): keys, head, the records' end; sets aside what
 * is behind the head. */
bool chain_recover(struct chain *c, struct err *e);
/* The files of torn/, in order; then each line of a record, which may tell of one; then those stay
 * that no record tells of: whoever set them aside could not append after all. */
bool chain_torn_list(struct chain *c, struct err *e);
void chain_torn_told(struct chain *c, const char *line, size_t n);
bool chain_torn_untold(struct chain *c, struct err *e);
/* Bytes of records.ndjson behind the head go to a file of their own, which stays, before they go
 * there: p is of `size` bytes. */
bool chain_set_aside(struct chain *c, const char *p, uint64_t size, struct err *e);

/* Whether the keys at hand may append and seal now, and the clock is right; sets what the
 * next record has of them. */
bool chain_allowed(struct chain *c, struct err *e);
/* The note of a checkpoint, signed by this log key: into dst of cap bytes; 0 and said on
 * failure. */
size_t chain_sign_head(char *dst, size_t cap, const struct checkpoint *cp, struct signer *log,
    const struct vkey *key, struct err *e);
/* A line of checkpoints.ndjson about a head: fresh memory. `part`: it lies within a batch, and
 * after an append that was cut short nobody goes on from there. */
char *chain_head_line(const struct checkpoint *cp, const char *note, size_t n, bool part,
    int64_t time, size_t *len);

#endif
