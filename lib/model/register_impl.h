/* register_impl.h: between register.c, register_read.c and register_value.c.
 * Nobody else includes this. */
#ifndef OT_REGISTER_IMPL_H
#define OT_REGISTER_IMPL_H

#include "model/titles.h"
#include "model/register.h"

#include <jansson.h>

/* The header words of registers; false: they are not built in. For titles_free(). */
bool reg_heads(struct titles *h, struct err *e);

/* A file being read, and the entry of the row at hand. */
struct reading {
	struct reg *r;
	const struct titles *heads;
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
