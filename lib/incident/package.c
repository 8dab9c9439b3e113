/* package.c: the package's parts in their order; all of them are there, or nothing is. */
#include "incident/package_impl.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of two captures with one name nobody could say which of them a record means. */
static bool
told_apart(const struct package_ask *a, struct err *e)
{
	for (size_t i = 0; i < a->ncaptures; i++)
		for (size_t k = 0; k < i; k++)
			if (wanted_is_file(a->captures[i], a->captures[k]))
				return err_set(e, "%s and %s: records name captures by the last "
				    "part of their names: rename one", a->captures[k],
				    a->captures[i]);
	return true;
}

static void
end(struct package *p)
{
	if (p->lock >= 0)
		close(p->lock);         /* and with it the lock */
	if (p->dir >= 0)
		close(p->dir);
	if (p->head)
		chain_head_free(p->head);
	free(p->head);
	incident_free(p->incident);
	wanted_free(p->wanted);
	affected_free(&p->affected);
	custody_end(&p->custody);
	tree_end(&p->tree);
}

static bool
make(struct package *p)
{
	char fingerprint[TREE_DIGEST];

	if (!package_journal(p) || !package_reports(p) || !package_proofs(p))
		return false;
	if (p->incident && !affected_read(&p->affected, p->incident, p->ask->site, p->e))
		return false;
	if (!package_records(p) || !package_packets(p) || !package_ledger(p))
		return false;
	if (!package_key(p, fingerprint) || !custody_made(p, fingerprint) || !custody_files(p) ||
	    !custody_put(p) || !package_readme(p, fingerprint) || !package_seal(p))
		return false;
	p->answer->files = p->tree.n;
	p->answer->bytes = p->tree.bytes;
	return tree_commit(&p->tree, p->e);
}

bool
package_make(const struct package_ask *ask, struct package_answer *answer, struct err *e)
{
	struct package p = { .ask = ask, .answer = answer, .dir = -1, .lock = -1, .e = e,
		.tree = { .dir = -1 } };
	bool good;

	*answer = (struct package_answer){ 0 };
	good = told_apart(ask, e) && tree_begin(&p.tree, ask->out, e) &&
	    custody_begin(&p.custody, e) && make(&p);
	end(&p);
	return good;
}
