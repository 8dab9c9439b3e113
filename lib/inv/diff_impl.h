/* diff_impl.h: between diff.c and its siblings. Nobody else includes this. */
#ifndef OT_INV_DIFF_IMPL_H
#define OT_INV_DIFF_IMPL_H

#include "inv/diff.h"

enum { DIFF_TEXT = 2048 };              /* one word of a record */
enum { DIFF_NONE = UINT32_MAX };

/* Which assets are the same. Numbers: those of `to` are their indices, those that
 * are only in `from` come after; what was merged has the number of what it is now. */
struct match {
	uint32_t *of;                   /* to -> from, or DIFF_NONE */
	uint32_t *now;                  /* from -> to, or DIFF_NONE */
	uint32_t *into;                 /* from -> what of `to` it is a part of now, or DIFF_NONE */
	uint32_t *out_of;               /* to -> what of `from` it was a part of, or DIFF_NONE */
	uint32_t *held;                 /* to -> who in `from` had its address, or DIFF_NONE */
	struct sval *shared;            /* [from, then to]: what joined or joins them */
	bool *is_new;                   /* to: was not there, or only spoken of */
	bool *is_gone;                  /* from */
};
bool match_make(struct match *m, const struct list *from, const struct list *to);
void match_free(struct match *m);

struct making {
	struct diff *d;
	const struct list *from, *to;
	const struct diff_opts *o;
	struct match m;
	uint32_t *service; size_t nservice;     /* links of `to` by server: for evidence */
};

/* A change to be filled in, or NULL. Borrowed until the next one. */
struct change *diff_add(struct making *k, enum change_kind kind, const struct item *from,
    const struct item *to);
/* The change last added is noise of this kind: it is taken back and counted,
 * unless it was asked for. True when it was taken back. */
bool diff_noise(struct making *k, enum noise n);
bool diff_ignores(const struct making *k, enum noise n);
/* Sets old and now; "" is absent. */
void diff_words(struct making *k, struct change *c, const char *old, const char *now);

void diff_assets(struct making *k);
void diff_links(struct making *k);

/* Sets of texts that grow: sorted by set_done(), which drops what is twice. */
struct set { char **v; size_t n, cap; bool failed; };
void set_add(struct set *s, const char *t);
void set_done(struct set *s);
void set_free(struct set *s);
bool set_has(const struct set *s, const char *t);
/* Those of a that b lacks, as one text, to be freed; NULL: none, or out of memory
 * (then a->failed). At most LIM_CHANGE_TEXT bytes: what is left out is counted. */
char *set_without(struct set *a, const struct set *b);
/* The elements of a list of words as a set. */
void set_read(struct set *s, const struct sval *o, const char *name);

/* One record, or several of the same two ends, protocol and port. */
struct lk {
	uint32_t c, s;
	struct sval cid, sid;           /* where a number is DIFF_NONE */
	struct sval app, transport;
	uint16_t port;
	bool guess, public;             /* the server is on the internet */
	const struct item *it;
};

/* What links of one key do, taken together. */
struct doing {
	uint64_t ops[4];                /* HAS_WRITE .. HAS_CONFIGURE */
	uint64_t events, flows;
	bool answered, cleartext, encrypted, outward, inward, cross_zone;
	bool unnamed;                   /* it wrote to more than a record names */
	struct set weak, remote, names, objects;
};

extern const char *const link_writing[4];
/* Reads n records of one key. To be freed. */
void doing_make(struct making *k, struct doing *d, const struct lk *l, size_t n);
void doing_free(struct doing *d);
/* As bits: 1 << enum has. */
uint32_t doing_brings(const struct doing *d);
/* The strings of a list into a set that is not done yet. */
void words_read(struct set *s, const struct sval *list);

/* A new translator of addresses. */
void diff_nat(struct making *k, const struct item *from, const struct item *to);
bool nat_is_sure(const struct item *i);

bool item_is_part(const struct item *i);
bool item_has_proto(const struct item *i, const struct change_rules *r, enum noise n);
/* Last evidence of it. */
int64_t item_last(const struct item *i);

#endif
