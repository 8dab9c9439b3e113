/* diff_nat.c: others that stand behind an asset's address now. */
#include "inv/diff_impl.h"

#include <stdio.h>
#include <string.h>

bool
nat_is_sure(const struct item *i)
{
	char t[16];

	return strcmp(item_text(&i->o, "nat.certainty", t, sizeof(t)), "sure") == 0;
}

/* "ttl, systems" */
static void
reasons_text(const struct item *i, char *dst, size_t cap, struct sval *first)
{
	struct sval list, x;
	struct scan s;
	char t[64];
	size_t n;

	*dst = 0;
	if (!scan_path(&i->o, "nat.reasons", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		n = strlen(dst);
		snprintf(dst + n, cap - n, "%s%s", n ? ", " : "",
		    item_text(&x, "reason", t, sizeof(t)));
		if (!n)
			*first = x;
	}
}

/* That it is not seen again is no change. */
void
diff_nat(struct making *k, const struct item *from, const struct item *to)
{
	char old[256], now[256];
	struct sval ev = { .type = SVAL_NONE }, was;
	struct change *c;

	reasons_text(to, now, sizeof(now), &ev);
	reasons_text(from, old, sizeof(old), &was);
	if (!*now || nat_is_sure(from) || (*old && !nat_is_sure(to)))
		return;
	if (!(c = diff_add(k, CHANGE_CHANGED, from, to)))
		return;
	c->field = nat_is_sure(to) ? "nat" : "possible_nat";
	diff_words(k, c, old, now);
	c->evidence = ev;
}
