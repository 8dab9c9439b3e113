/* write_impl.h: the parts of an asset record, between write.c and its siblings.
 * Each writes its members into the open object. Nobody else includes this. */
#ifndef OT_INV_WRITE_IMPL_H
#define OT_INV_WRITE_IMPL_H

#include "inv/asset.h"

struct asset;

/* For qsort_r(): texts by content, arg the inventory. */
int text_order(const void *a, const void *b, void *arg);

/* The word that counts, where there is one. */
void word_write(const struct inv *v, struct jw *w, const struct asset *a, enum field f);
/* "aliases" and "maybe_same". */
void aliases_write(const struct inv *v, struct jw *w, const struct asset *a);
void maybe_same_write(const struct inv *v, struct jw *w, const struct asset *a);
/* Who held a virtual router's address: assets, by that router's and then in order of
 * their stations. v is to be freed. False: out of memory. */
struct holder { uint32_t router, asset, at; };
struct holders { struct holder *v; uint32_t n; };
bool holders_find(const struct inv *v, struct holders *h);
/* "virtual" and "members", where it is one. */
void holders_write(const struct inv *v, struct jw *w, const struct asset *a,
    const struct holders *h);
/* "macs" with "mac_local", and "ips". */
void macs_write(const struct inv *v, struct jw *w, const struct asset *a);
void ips_write(const struct inv *v, struct jw *w, const struct asset *a);
/* at: of each of the asset's stations its place in "addresses", -1: not listed. */
void protocols_write(const struct inv *v, struct jw *w, const struct asset *a, const int *at);
void addresses_write(const struct inv *v, struct jw *w, const struct asset *a, const int *at);
void evidence_write(const struct inv *v, struct jw *w, const struct asset *a, const int *at);
void contradictions_write(const struct inv *v, struct jw *w, const struct asset *a);

void zone_write(const struct inv *v, struct jw *w, const struct asset *a);
/* An entry of the register. */
void entry_write(struct jw *w, const char *const text[REG_TEXTS]);
void register_write(const struct inv *v, struct jw *w, const struct asset *a);

#endif
