/* package_journal.c: the journal's own files, byte for byte as its newest head covers them.
 *
 * It is looked at first (chain/verify.h). One that does not hold goes into the package as it is:
 * what is wrong with it may be what is looked for. Writers wait meanwhile. The key that seals
 * (log.key) is never copied: who had it could go on writing. */
#include "incident/package_impl.h"

#include "base/hex.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH = 6 };                     /* of folders under tile/: tile/0/x001/x002/003.p/17 */

/* What the head says is as good as the look at it. */
static bool
read_head(struct package *p)
{
	struct err why = { "" };
	struct chain_head *h = calloc(1, sizeof(*h));

	if (!h)
		return err_set(p->e, "out of memory");
	if (chain_head(h, p->dir, p->ask->journal, &why)) {
		p->head = h;
	} else {
		free(h);
		if (!p->answer->faulty && !custody_fault(p, "package.fault.unread", json_pack(
		    "{ss}", "why", why.text)))
			return false;
	}
	err_clear(&why);
	if ((p->incident = incident_read(p->ask->journal, p->ask->fields, &why)))
		return true;
	return custody_fault(p, "package.fault.unread", json_pack("{ss}", "why", why.text));
}

/* ---- files ----------------------------------------------------------------------- */

static bool
copy(struct package *p, const char *name, uint64_t lines, const char *note)
{
	char from[4096], to[TREE_NAME];
	const struct tree_file *f;
	struct package_source s;
	struct custody_item item = { .what = "journal", .source = &s };

	snprintf(from, sizeof(from), "%s/%s", p->ask->journal, name);
	snprintf(to, sizeof(to), "journal/%s", name);
	if (!package_copy(p, from, to, lines, &s, &f) || !f)
		return !p->e->text[0];
	item.file = f;
	item.quiet = strncmp(name, "tile/", 5) == 0;
	if (note && s.size != f->size) {
		item.note = note;
		item.args = json_pack("{sI}", "n", (json_int_t)(s.size - f->size));
	}
	/* files are named by their digests */
	if (strncmp(name, "files/", 6) == 0 && strcmp(name + 6, f->digest) != 0 &&
	    !custody_fault(p, "package.fault.file", json_pack("{ssss}", "name", to, "digest",
	    f->digest)))
		return false;
	return custody_item(p, &item);
}

static int
seen(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
copy_folder(struct package *p, const char *name, unsigned depth)
{
	char path[4096], in[TREE_NAME];
	struct dirent **v;
	struct stat st;
	bool good = true;
	int n;

	snprintf(path, sizeof(path), "%s/%s", p->ask->journal, name);
	if (fstatat(p->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(st.st_mode))
		return custody_missing(p, "package.missing.read", json_pack("{ssss}", "name", path,
		    "why", strerror(ENOTDIR)));
	if ((n = scandir(path, &v, seen, by_name)) < 0)
		return errno == ENOENT || custody_missing(p, "package.missing.read", json_pack(
		    "{ssss}", "name", path, "why", strerror(errno)));
	for (int i = 0; i < n; i++) {
		int len = snprintf(in, sizeof(in), "%s/%s", name, v[i]->d_name);

		if (good && (len >= (int)sizeof(in) - 16 || depth == DEPTH))
			good = custody_missing(p, "package.missing.read", json_pack("{ssss}",
			    "name", in, "why", strerror(ENAMETOOLONG)));
		else if (good && fstatat(p->dir, in, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISDIR(st.st_mode))
			good = copy_folder(p, in, depth + 1);
		else if (good)
			good = copy(p, in, UINT64_MAX, NULL);
		free(v[i]);
	}
	free(v);
	return good;
}

static bool
is_here(const struct package *p, const char *digest)
{
	char name[TREE_NAME];

	snprintf(name, sizeof(name), "journal/files/%s", digest);
	for (size_t i = 0; i < p->tree.n; i++)
		if (strcmp(p->tree.v[i].name, name) == 0)
			return true;
	return false;
}

/* Files that records name and the folder has not. */
static bool
name_missing(struct package *p)
{
	const struct incident *i = p->incident;
	bool good = true;

	for (size_t k = 0; i && good && k < i->nfiles; k++)
		if (!is_here(p, i->files[k].digest))
			good = custody_fault(p, "package.fault.gone", json_pack("{sIssss}", "n",
			    (json_int_t)i->files[k].at.seq, "name", i->files[k].name, "digest",
			    i->files[k].digest));
	for (size_t k = 0; i && good && k < i->nsubmissions; k++) {
		const struct incident_submission *s = &i->submissions[k];

		const char *const digest[] = { s->digest, s->form, s->form_text, s->report };

		for (size_t d = 0; good && d < sizeof(digest) / sizeof(*digest); d++)
			if (digest[d] && !is_here(p, digest[d]))
				good = custody_fault(p, "package.fault.gone", json_pack(
				    "{sIssss}", "n", (json_int_t)s->at.seq, "name", s->stage,
				    "digest", digest[d]));
	}
	return good;
}

bool
package_journal(struct package *p)
{
	const struct verify_ask ask = { .threads = 1 };

	if ((p->dir = chain_folder(p->ask->journal, p->e)) < 0)
		return false;
	p->lock = openat(p->dir, "records.ndjson", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (p->lock < 0)
		return err_sys(p->e, "%s/records.ndjson", p->ask->journal);
	while (flock(p->lock, LOCK_SH) != 0)
		if (errno != EINTR)
			return err_sys(p->e, "%s/records.ndjson", p->ask->journal);
	return custody_verify(p, p->ask->journal, &ask, "package.fault.journal") &&
	    read_head(p) && copy(p, "records.ndjson", p->head ? p->head->cp.size : UINT64_MAX,
	    "package.tail") && copy(p, "checkpoint", UINT64_MAX, NULL) &&
	    copy(p, "checkpoints.ndjson", UINT64_MAX, NULL) && copy_folder(p, "tile", 0) &&
	    copy_folder(p, "files", 0) && copy_folder(p, "timestamps", 0) &&
	    copy_folder(p, "torn", 0) && name_missing(p);
}
