/* standing.c: how due and status are asked: of which time, how far ahead, in which form. */
#include "calchain.h"

#include "base/diag.h"

int
standing_main(const struct prog *p, const char *const *types, int argc, char **argv,
    int (*answer)(void *arg, const struct ledger *l, const struct work_rules *rules,
    const struct moment *now))
{
	struct standing_asked a = { .soon = 30 };
	struct opt_state os;
	struct err e = { "" };
	bool ok = true;
	int id;

	diag_name(p->name);
	for (opt_begin(&os, p, argc, argv); ok && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case STANDING_TEXT: a.text = true; break;
		case STANDING_ICAL: a.ical = true; break;
		case STANDING_NOW: ok = now_get(os.value, &e); break;
		case STANDING_WITHIN: ok = days_get(&a.soon, "--within", os.value, &e); break;
		case STANDING_SCHEMA: return print_schemas(types);
		case STANDING_FIELDS: return print_fields(types);
		}
	if (ok && id == -2)
		return 0;
	if (!e.text[0] && a.text && a.ical)
		err_set(&e, "--text and --ical do not go together");
	return sources_answer(argc, argv, os.i, answer, &a, &e);
}
