/* register_impl.h: between register.c, register_read.c, register_head.c and register_value.c.
 * Nobody else includes this. */
#ifndef OT_REGISTER_IMPL_H
#define OT_REGISTER_IMPL_H

#include "model/register.h"

#include <jansson.h>

/* The header words and the words for yes, no and nothing: rules/register-headers.json. */
struct heads { json_t *doc; };
bool heads_load(struct heads *h, struct err *e);
void heads_free(struct heads *h);
/* The field that a header means, or -1; *rank: the lesser, the surer. */
int heads_field(const struct heads *h, const char *header, unsigned *rank);
/* Is a value one of the words under "nothing", "yes" or "no"? */
bool heads_word(const struct heads *h, const char *list, const char *value);

/* A file being read, and the entry of the row at hand. */
struct reading {
	struct reg *r;
	const struct heads *heads;
	const char *file;               /* kept in r */
	uint64_t line;
	struct reg_entry now;
	int klassa[3];                  /* -1: not said */
};
bool reg_add_mac(struct reg_entry *e, const uint8_t mac[6]);
bool reg_add_ip(struct reg_entry *e, const struct addr *ip);
bool reg_join_lists(struct reg_entry *to, const struct reg_entry *from);
void reg_clear(struct reg_entry *e);
const char *reg_keep(struct reg *r, const char *s, size_t n);
/* One more for a list of kept texts, each once; what finds no room is not told. */
void reg_say(const char ***list, size_t *n, const char *s);
void reg_faulty(struct reading *g, const char *column, const char *why, const char *value);
/* A cell's text into the field. False: out of memory. */
bool reg_value(struct reading *g, int field, const char *column, const char *s);
/* The row ends: its entry joins the others. */
bool reg_row(struct reading *g);

#endif
