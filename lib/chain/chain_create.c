/* A new ledger: its folder, its first record, its first head. */
#include "chain/chain_impl.h"

#include "json/jw.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
empty(int dir)
{
	int fd = dup(dir);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *f;
	bool none = d != NULL;

	while (none && (f = readdir(d)) != NULL)
		none = strcmp(f->d_name, ".") == 0 || strcmp(f->d_name, "..") == 0;
	if (d != NULL)
		closedir(d);
	else if (fd >= 0)
		close(fd);
	return none;
}

/* What was made of a ledger that did not come to be: the next try finds an empty folder. */
static void
take_back(int dir)
{
	static const struct { const char *name; int flags;
	} made[] = {
		{ CHAIN_RECORDS, 0 },
		{ CHAIN_HEADS, 0 },
		{ "tile/new", 0 },
		{ "tile/entries/000.p/1", 0 },
		{ "tile/entries/000.p", AT_REMOVEDIR },
		{ "tile/entries", AT_REMOVEDIR },
		{ "tile/0/000.p/1", 0 },
		{ "tile/0/000.p", AT_REMOVEDIR },
		{ "tile/0", AT_REMOVEDIR },
		{ "tile", AT_REMOVEDIR },
	};

	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		(void)unlinkat(dir, made[i].name, made[i].flags);
}

/* The first record's payload: {"format":..,"origin":..,"sign":..,"keys":[..]}. */
static size_t
first(char *dst, size_t cap, const char *origin, bool each, const struct vkey *log,
    const struct vkey *admin)
{
	const struct { const struct vkey *key; enum key_role role; } keys[] = {
		{ log, KEY_LOG }, { admin, KEY_ADMIN },
	};
	char text[VKEY_TEXT + 1];
	struct jw w;

	jw_init(&w, dst, cap);
	jw_begin(&w);
	jw_cstr(&w, "format", CHAIN_FORMAT);
	jw_cstr(&w, "origin", origin);
	jw_cstr(&w, "sign", each ? "record" : "checkpoint");
	jw_arr(&w, "keys");
	for (size_t i = 0; i < 2; i++) {
		jw_a_obj(&w);
		jw_cstr(&w, "role", key_role_names[keys[i].role]);
		jw_str(&w, "vkey", text, vkey_put(text, keys[i].key));
		jw_end(&w);
	}
	jw_end(&w);
	return jw_line(&w) ? w.n - 1 : 0;
}

bool
chain_create(const char *path, const char *origin, bool each, struct signer *log,
    struct signer *admin, const char *name, struct err *e)
{
	uint8_t public[VKEY_PUBLIC];
	struct vkey log_key, admin_key;
	char payload[4096];
	struct chain *c = NULL;
	size_t n;
	bool done = false;

	if (!signer_public(log, public, e) ||
	    !vkey_make(&log_key, origin, VKEY_ED25519, public, e) ||
	    !signer_public(admin, public, e) ||
	    !vkey_make(&admin_key, name, VKEY_ED25519, public, e))
		return false;
	if (strcmp(origin, name) == 0)
		return err_set(e, "%s: the ledger and a person cannot have one name", name);
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		return err_sys(e, "%s", path);
	if ((n = first(payload, sizeof(payload), origin, each, &log_key, &admin_key)) == 0)
		return err_set(e, "%s: name too long", origin);
	if ((c = chain_new(path, admin, log, e)) == NULL)
		return false;
	c->log_key = log_key;
	c->next.seq = 1;
	c->next.is_signed = true;
	c->next.key = admin_key.id;
	memcpy(c->author, admin_key.name, sizeof(c->author));
	c->next.author = (struct span){ c->author, strlen(c->author) };
	if ((c->dir = chain_folder(path, e)) < 0)
		goto out;
	if (!empty(c->dir)) {
		err_set(e, "%s: a new ledger needs an empty folder", path);
		goto out;
	}
	c->tiles->dir = c->dir;
	c->fd =
	    openat(c->dir, CHAIN_RECORDS, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
	if (c->fd >= 0)
		c->heads = openat(c->dir, CHAIN_HEADS, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (c->fd < 0 || c->heads < 0)
		err_sys(e, "%s/%s", path, c->fd < 0 ? CHAIN_RECORDS : CHAIN_HEADS);
	else
		done = chain_lock(c->fd, true, e) && chain_add(c, "ledger", payload, n, e) &&
		    chain_seal(c, e);
	if (!done && c->fd >= 0 && c->sealed == 0)
		take_back(c->dir);
out:
	chain_close(c);
	return done;
}
