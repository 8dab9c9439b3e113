/* klassa_check.h: one function for each way to answer a demand of rules/klassa.json. To add
 * one: a function and a line in the table, its phrases in words.json. */
#ifndef OT_KLASSA_CHECK_H
#define OT_KLASSA_CHECK_H

#include "assess/klassa.h"

struct klassa_ask {
	const char *name;
	/* Sets status, reason_key, and what is against it. */
	void (*ask)(const struct gap *g, const struct klassa_system *s, struct klassa_check *c);
};
/* NULL where there is none of this name. */
const struct klassa_ask *klassa_ask_find(const char *name);

#endif
