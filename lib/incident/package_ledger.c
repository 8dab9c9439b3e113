/* package_ledger.c: what a calibration ledger has of the instruments affected: their records, the
 * corrections of these, and for each a proof that stands alone. */
#include "incident/package_impl.h"

#include "chain/proof.h"
#include "json/scan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Records of one package: a laboratory's instrument has some hundred in its life. */
enum { MOST = 16384 };

struct choosing {
	struct package *p;
	struct tree_out out;
	uint64_t *seq, read;
	size_t n;
	bool full, failed;
};

static bool
taken(const struct choosing *c, uint64_t seq)
{
	size_t lo = 0, hi = c->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (c->seq[mid] == seq)
			return true;
		if (c->seq[mid] < seq)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

/* The instrument's own, or about a record that is. */
static bool
concerns(const struct choosing *c, const struct entry *en)
{
	struct sval o = scan_line(en->payload.p, en->payload.n), v;
	char id[256];
	uint64_t seq;

	if (scan_get(&o, "instrument", &v) && v.type == SVAL_STR && v.n < sizeof(id)) {
		sval_text(&v, id, sizeof(id));
		if (affected_is(&c->p->affected, id))
			return true;
	}
	return (scan_get(&o, "corrects", &v) || scan_get(&o, "about", &v)) &&
	    sval_uint(&v, &seq) && taken(c, seq);
}

static void
take(void *arg, const struct entry *en, const char *line, size_t n)
{
	struct choosing *c = arg;

	c->read++;
	if (c->failed || !concerns(c, en))
		return;
	if (c->n == MOST) {
		c->full = true;
		return;
	}
	c->seq[c->n++] = en->seq;
	c->failed = !tree_write(&c->out, line, n, c->p->e) ||
	    !tree_write(&c->out, "\n", 1, c->p->e);
}

static bool
prove(struct package *p, int dir, const struct chain_head *h, uint64_t seq)
{
	struct custody_item item = { .what = "calibration", .quiet = true };
	char name[TREE_NAME], *line, *text = NULL;
	struct err why = { "" };
	size_t line_n, n;

	if (seq <= h->cp.size && (line = proof_line(dir, seq, &line_n, &why))) {
		text = proof_in(dir, h->cp.size, seq, h->text, h->n, line, line_n, &n, &why);
		free(line);
	}
	if (!text)
		return custody_missing(p, "package.missing.proof", json_pack("{sIss}", "n",
		    (json_int_t)seq, "why", why.text));
	snprintf(name, sizeof(name), "calibration/record-%llu.tlog-proof", (unsigned long long)seq);
	item.file = tree_put(&p->tree, name, text, n, p->e);
	free(text);
	return item.file && custody_item(p, &item);
}

/* Looked at as the journal is; records that hold by themselves are shown to take(). */
static bool
look(struct choosing *c)
{
	const struct verify_ask ask = { .threads = 1, .record = take, .arg = c };

	return custody_verify(c->p, c->p->ask->ledger, &ask, "package.fault.ledger") && !c->failed;
}

static bool
add_records(struct choosing *c, const struct package_source *s)
{
	struct package *p = c->p;
	struct custody_item item = { .what = "calibration", .source = s, .chosen = true,
		.note = "package.calibration", .read = c->read, .taken = c->n };

	if (!(item.file = tree_close(&p->tree, &c->out, false, p->e)))
		return false;
	item.args = json_pack("{sIsI}", "taken", (json_int_t)c->n, "read", (json_int_t)c->read);
	return custody_item(p, &item) && (!c->full || custody_missing(p,
	    "package.missing.calibrations", json_pack("{sI}", "n", (json_int_t)MOST)));
}

static bool
add_proofs(struct choosing *c)
{
	struct package *p = c->p;
	struct chain_head *h = calloc(1, sizeof(*h));
	int dir = chain_folder(p->ask->ledger, p->e);
	struct custody_item item = { .what = "calibration", .note = "package.checkpoint" };
	struct err why = { "" };
	bool good = h || err_set(p->e, "out of memory");

	if (good && dir >= 0 && !chain_head(h, dir, p->ask->ledger, &why)) {
		good = custody_fault(p, "package.fault.unread", json_pack("{ss}", "why",
		    why.text));
	} else if (good && dir >= 0) {
		item.file = tree_put(&p->tree, "calibration/checkpoint", h->text, h->n, p->e);
		item.args = json_object();
		good = item.file && custody_item(p, &item);
		for (size_t i = 0; good && i < c->n; i++)
			good = prove(p, dir, h, c->seq[i]);
		chain_head_free(h);
	}
	free(h);
	if (dir >= 0)
		close(dir);
	return good && dir >= 0;
}

bool
package_ledger(struct package *p)
{
	struct choosing c = { .p = p, .out = { .fd = -1 } };
	struct package_source s;
	struct err why = { "" };
	char path[4096];
	bool good;

	if (!p->ask->ledger)
		return true;
	if (!p->affected.n)
		return custody_missing(p, "package.missing.instruments", json_pack("{ss}", "name",
		    p->ask->ledger));
	snprintf(path, sizeof(path), "%s/records.ndjson", p->ask->ledger);
	if (!package_source(&s, path, &why))
		return custody_missing(p, "package.missing.read", json_pack("{ssss}", "name", path,
		    "why", why.text));
	if (!(c.seq = malloc(MOST * sizeof(*c.seq))))
		return err_set(p->e, "out of memory");
	good = tree_open(&p->tree, &c.out, "calibration/records.ndjson", p->e) && look(&c) &&
	    add_records(&c, &s) && add_proofs(&c);
	tree_drop(&p->tree, &c.out);
	free(c.seq);
	return good;
}
