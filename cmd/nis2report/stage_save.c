/* stage_save.c: nis2report stage --save. */
#include "stage_save.h"

#include "incident/journal.h"

static bool
save(struct journal *j, const struct prefill_value *v, struct err *e)
{
	json_t *o = json_pack("{ss,sO,ss,sO*}", "field", v->name, "value", v->value, "basis",
	    "evidence", "evidence", v->records);
	bool good = o ? journal_add(j, "incident_value", o, NULL, e) :
	    err_set(e, "out of memory");

	json_decref(o);
	return good;
}

bool
stage_save(const struct incident *i, const struct prefill *p, const char *author, size_t *n,
    struct err *e)
{
	struct journal_who who = { .author = author };
	struct journal *j = NULL;
	bool good = true;

	*n = 0;
	for (size_t k = 0; good && k < prefill_count(p); k++) {
		const struct prefill_value *v = prefill_nth(p, k);

		if (incident_value(i, v->name, UINT64_MAX) || v->basis == PREFILL_JOURNAL)
			continue;
		if (!j && !(j = journal_open(i->path, &who, e)))
			return false;
		/* what somebody else has said since we read goes before */
		good = journal_next(j) == i->records + 1 + *n || err_set(e,
		    "%s: was written to meanwhile; ask again", i->path);
		good = good && save(j, v, e);
		(*n)++;
	}
	good = good && (!j || journal_seal(j, e));
	journal_close(j);
	return good;
}
