/* package_reports.c: each stage as it was frozen and as it was handed in, under names that people
 * find, and a proof for each that its record is in the journal. */
#include "incident/package_impl.h"

#include "base/stamp.h"
#include "chain/proof.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a file that was handed in is, by its first bytes: the journal keeps no name of it. */
static const char *
ending(const char *path)
{
	static const struct { const char *first, *ending; } kinds[] = {
		{ "%PDF-", "pdf" }, { "PK\003\004", "zip" }, { "<!doctype html", "html" },
		{ "<html", "html" }, { "<?xml", "xml" }, { "{", "json" },
	};
	char first[16] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? 0 : read(fd, first, sizeof(first) - 1);

	if (fd >= 0)
		close(fd);
	for (size_t i = 0; n > 0 && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strncasecmp(first, kinds[i].first, strlen(kinds[i].first)) == 0)
			return kinds[i].ending;
	for (ssize_t i = 0; i < n; i++)
		if ((unsigned char)first[i] < ' ' && !strchr("\t\r\n", first[i]))
			return "bin";
	return "txt";
}

/* What is kept of a submission, and how it is named; no ending: what the bytes say. */
static const struct { const char *note, *mark, *ending; } kept[] = {
	{ "package.frozen", "", "json" }, { "package.form", "-form", "json" },
	{ "package.form", "-form", "txt" }, { "package.sent", "-handed-in", NULL },
};
enum { KEPT = sizeof(kept) / sizeof(*kept) };

static bool
copy(struct package *p, const struct incident_submission *s, const char *digest, int which)
{
	char from[4096], last[TREE_NAME], name[TREE_NAME], day[STAMP_DAY];
	const struct tree_file *f;
	struct package_source source;
	struct custody_item item = { .what = "report", .source = &source,
		.note = kept[which].note };

	if (!digest)
		return true;
	snprintf(from, sizeof(from), "%s/files/%s", p->ask->journal, digest);
	snprintf(last, sizeof(last), "%.64s-%s-record-%llu%s.%s", s->stage, stamp_day_text(day,
	    s->when), (unsigned long long)s->at.seq, kept[which].mark, kept[which].ending ?
	    kept[which].ending : ending(from));
	/* a stage is a text: nothing in it is a folder */
	for (char *c = last; *c; c++)
		if (*c == '/')
			*c = '_';
	tree_name(&p->tree, name, "reports", last);
	if (!package_copy(p, from, name, UINT64_MAX, &source, &f) || !f)
		return !p->e->text[0];
	item.file = f;
	item.args = json_pack("{sssI}", "stage", s->stage, "n", (json_int_t)s->at.seq);
	return custody_item(p, &item);
}

bool
package_reports(struct package *p)
{
	const struct incident *i = p->incident;

	for (size_t k = 0; i && k < i->nsubmissions; k++) {
		const struct incident_submission *s = &i->submissions[k];
		const char *const digest[KEPT] = { s->digest, s->form, s->form_text, s->report };

		for (int n = 0; n < KEPT; n++)
			if (!copy(p, s, digest[n], n))
				return false;
	}
	return true;
}

/* ---- proofs ----------------------------------------------------------------------- */

static bool
prove(struct package *p, const struct incident_submission *s)
{
	const struct chain_head *h = p->head;
	struct err why = { "" };
	char *line, *text = NULL, last[TREE_NAME], name[TREE_NAME];
	struct custody_item item = { .what = "proof", .note = "package.proof" };
	size_t line_n, n;
	bool good;

	if ((line = proof_line(p->dir, s->at.seq, &line_n, &why)))
		text = proof_in(p->dir, h->cp.size, s->at.seq, h->text, h->n, line, line_n, &n,
		    &why);
	free(line);
	if (!text)
		return custody_missing(p, "package.missing.proof", json_pack("{sIss}", "n",
		    (json_int_t)s->at.seq, "why", why.text));
	snprintf(last, sizeof(last), "record-%llu-%.64s.tlog-proof", (unsigned long long)s->at.seq,
	    s->stage);
	for (char *c = last; *c; c++)
		if (*c == '/')
			*c = '_';
	tree_name(&p->tree, name, "proofs", last);
	item.file = tree_put(&p->tree, name, text, n, p->e);
	free(text);
	item.args = json_pack("{sI}", "n", (json_int_t)s->at.seq);
	good = item.file && custody_item(p, &item);
	if (!item.file)
		json_decref(item.args);
	return good;
}

bool
package_proofs(struct package *p)
{
	const struct incident *i = p->incident;

	for (size_t k = 0; i && p->head && k < i->nsubmissions; k++)
		if (!prove(p, &i->submissions[k]))
			return false;
	return true;
}
