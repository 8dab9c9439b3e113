/* due.c: a thing of its own, as far as the register goes. */
#include "inv/due.h"

#include "inv/compare.h"

#include <string.h>

enum { WORD = 256 };

bool
asset_due(const struct list *l, const struct item *i)
{
	static const char *const fields[] = { "vendor", "product", "model", "serial" };
	char own[WORD], of[WORD];
	const struct item *parent;
	struct sval x;

	if (item_true(&i->o, "public") || item_true(&i->o, "silent"))
		return false;
	if (scan_get(&i->o, "register", &x) || !scan_get(&i->o, "parent", &x))
		return true;
	parent = list_asset(l, &x);
	if (parent && *item_text(&parent->o, "register.model", of, sizeof(of)) &&
	    *item_text(&i->o, "model", own, sizeof(own)) && words_alike(of, own))
		return false;
	for (int f = 0; f < 4; f++)
		if (*item_text(&i->o, fields[f], own, sizeof(own)) && (!parent ||
		    strcmp(own, item_text(&parent->o, fields[f], of, sizeof(of))) != 0))
			return true;
	return false;
}
