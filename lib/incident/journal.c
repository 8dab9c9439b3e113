/* journal.c: records into an incident's journal, and its own key. */
#include "incident/journal.h"

#include "base/file.h"
#include "base/limits.h"
#include "chain/chain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct journal { struct chain *chain; struct signer *own; };

struct signer *
journal_key(const char *path, struct err *e)
{
	char name[4096 + 16];

	snprintf(name, sizeof(name), "%s/log.key", path);
	return signer_open(name, NULL, NULL, e);
}

static struct signer *
own_key(const char *path, struct err *e)
{
	struct err why = { "" };
	struct signer *s = journal_key(path, &why);

	if (!s)
		err_set(e, "%s (the key that seals %s; --log-key names another)", why.text, path);
	return s;
}

struct journal *
journal_open(const char *path, const struct journal_who *who, struct err *e)
{
	struct journal *j = calloc(1, sizeof(*j));

	if (!j) {
		err_set(e, "out of memory");
		return NULL;
	}
	if ((who->log || (j->own = own_key(path, e))) &&
	    (j->chain = chain_open(path, who->key, who->log ? who->log : j->own, who->author, e)))
		return j;
	journal_close(j);
	return NULL;
}

void
journal_close(struct journal *j)
{
	if (!j)
		return;
	chain_close(j->chain);
	signer_free(j->own);
	free(j);
}

uint64_t
journal_next(const struct journal *j)
{
	return chain_next(j->chain);
}

bool
journal_add(struct journal *j, const char *type, const json_t *payload, uint64_t *seq,
    struct err *e)
{
	char *text = json_dumps(payload, JSON_COMPACT);
	bool good;

	if (!text)
		return err_set(e, "out of memory");
	if (seq)
		*seq = chain_next(j->chain);
	good = chain_add(j->chain, type, text, strlen(text), e);
	free(text);
	return good;
}

bool
journal_seal(struct journal *j, struct err *e)
{
	return chain_seal(j->chain, e);
}

/* ---- begun ---------------------------------------------------------------------- */

/* The key of a new journal into its folder. Whoever may write there may use it, so it has
 * the folder's rights and no others'. */
static bool
put_key(const char *dir, const struct signer *s, struct err *e)
{
	char name[4096 + 16];
	char *pem;
	struct stat st;
	size_t n;
	int fd;
	bool good;

	snprintf(name, sizeof(name), "%s/log.key", dir);
	if (!(pem = signer_pem(s, NULL, 0, &n, e)))
		return false;
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	good = fd >= 0 && stat(dir, &st) == 0 && fchmod(fd, st.st_mode & 0660) == 0 &&
	    file_write_all(fd, pem, n) && fsync(fd) == 0;
	if (!good)
		err_sys(e, "%s", name);
	if (fd >= 0)
		close(fd);
	signer_pem_free(pem, n);
	return good;
}

static bool
begin_in(const char *dir, const char *origin, const struct journal_who *who,
    const json_t *opened, struct err *e)
{
	struct signer *own = who->log ? NULL : signer_new(e);
	struct signer *log = who->log ? who->log : own;
	struct journal_who then = { .author = who->author, .key = who->key, .log = log };
	struct journal *j = NULL;
	bool good = log && chain_create(dir, origin, who->key, log, who->key ? who->key : log,
	    who->author, e) && (!own || put_key(dir, own, e)) &&
	    (j = journal_open(dir, &then, e)) &&
	    journal_add(j, "incident_opened", opened, NULL, e) && journal_seal(j, e);

	journal_close(j);
	signer_free(own);
	return good;
}

bool
journal_begin(const char *path, const char *origin, const struct journal_who *who,
    const json_t *opened, struct err *e)
{
	char tmp[4096];
	size_t n = strlen(path);
	struct stat st;
	mode_t mask;
	bool good;

	while (n > 1 && path[n - 1] == '/')
		n--;
	if (n + 8 >= sizeof(tmp))
		return err_set(e, "%.60s...: name too long", path);
	if (lstat(path, &st) == 0)
		return err_set(e, "%s: is there already; a new folder is expected", path);
	snprintf(tmp, sizeof(tmp), "%.*s.XXXXXX", (int)n, path);
	if (!mkdtemp(tmp))
		return err_sys(e, "%s", path);
	/* as mkdir(2) would have made it: who shares the folder is the umask's to say */
	mask = umask(0);
	(void)umask(mask);
	(void)chmod(tmp, 0777 & ~mask);
	good = begin_in(tmp, origin, who, opened, e);
	if (good && rename(tmp, path) != 0)
		good = err_sys(e, "%s", path);
	if (!good)
		file_remove_tree(tmp);
	return good;
}
