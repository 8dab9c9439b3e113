#include "chain/chain_impl.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/sum.h"
#include "json/jw.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

enum { BUFFER = 1 << 20 };      /* lines are written when so much has gathered */

static bool clock_kept;

void
chain_clock_look(void)
{
	struct timex t = { .modes = 0 };

	clock_kept = adjtimex(&t) != TIME_ERROR && !(t.status & STA_UNSYNC);
}

/* Now, and by what. */
static int64_t
clock_now(enum entry_clock *clock)
{
	int64_t now = stamp_now();
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	*clock = now / 1000000 < ts.tv_sec - 1 || now / 1000000 > ts.tv_sec ? ENTRY_GIVEN :
	    clock_kept ? ENTRY_SYNCHRONISED : ENTRY_UNSYNCHRONISED;
	return now;
}

/* --- heads */

size_t
chain_sign_head(char *dst, size_t cap, const struct checkpoint *cp, struct signer *log,
    const struct vkey *key, struct err *e)
{
	uint8_t sig[VKEY_SIGNATURE];
	size_t n;

	if (cap < CHECKPOINT_TEXT + 1 + NOTE_LINE_MAX)
		return 0;
	n = checkpoint_put(dst, cp);
	if (!signer_sign(log, dst, n, sig, e))
		return 0;
	dst[n++] = '\n';
	return n + note_line(dst + n, key, sig, sizeof(sig));
}

char *
chain_head_line(const struct checkpoint *cp, const char *note, size_t n, bool part,
    int64_t time, size_t *len)
{
	size_t cap = 1024 + 6 * n;
	char *buf = malloc(cap);
	struct jw w;

	if (buf == NULL)
		return NULL;
	jw_init(&w, buf, cap);
	jw_begin(&w);
	jw_time(&w, "timestamp", time);
	jw_cstr(&w, "event_type", "checkpoint");
	jw_obj(&w, "checkpoint");
	jw_cstr(&w, "origin", cp->origin);
	jw_uint(&w, "size", cp->size);
	if (part)
		jw_bool(&w, "part", true);
	jw_str(&w, "note", note, n);
	jw_end(&w);
	if (!jw_line(&w)) {
		free(buf);
		return NULL;
	}
	*len = w.n;
	return buf;
}

/* --- opening */

bool
chain_allowed(struct chain *c, struct err *e)
{
	uint8_t public[VKEY_PUBLIC];
	const struct ring_key *k;
	size_t i = 0;

	/* the log's key: one that may seal what comes */
	if (!signer_public(c->log != NULL ? c->log : c->key, public, e))
		return false;
	while ((k = keyring_log(&c->ring, c->cp.size + 1, &i)) != NULL)
		if (memcmp(k->key.public, public, VKEY_PUBLIC) == 0)
			break;
	if (k == NULL)
		return err_set(e, "%s: the %s is no key of this log in use (calchain key list)",
		    c->path, c->log != NULL ? "log key" : "key given, and no --log-key,");
	c->log_key = k->key;
	c->next.is_signed = false;
	if (c->key != NULL) {
		if (!signer_public(c->key, public, e))
			return false;
		for (i = 0, k = NULL; i < c->ring.n && k == NULL; i++)
			if (c->ring.v[i].role != KEY_LOG && c->ring.v[i].to == UINT64_MAX &&
			    (!c->author[0] || strcmp(c->author, c->ring.v[i].key.name) == 0) &&
			    memcmp(c->ring.v[i].key.public, public, VKEY_PUBLIC) == 0)
				k = &c->ring.v[i];
		if (k == NULL && c->ring.each)
			return err_set(e,
			    "%s: the key given is not that of %s in use (calchain key list)",
			    c->path, c->author[0] ? c->author : "an author");
		if (k != NULL) {
			c->next.key = k->key.id;
			memcpy(c->author, k->key.name, sizeof(c->author));
		}
		c->next.is_signed = k != NULL;
	} else if (c->ring.each)
		return err_set(e,
		    "%s: every record is signed here: an author's key is needed (--key)", c->path);
	if (!c->next.is_signed && !c->author[0])
		return err_set(e, "%s: who writes? (--author)", c->path);
	c->next.author = (struct span){ c->author, strlen(c->author) };
	c->next.time = clock_now(&c->next.clock);
	if (c->next.time < c->last) {
		char now[STAMP_TEXT] = "", last[STAMP_TEXT] = "";

		stamp_put(now, c->next.time);
		stamp_put(last, c->last);
		return err_set(e,
		    "%s: it is %.19s UTC by the clock, but record %" PRIu64 " is of %.19s: "
		    "the clock is wrong",
		    c->path, now, c->cp.size, last);
	}
	return true;
}

struct chain *
chain_new(const char *path, struct signer *key, struct signer *log, struct err *e)
{
	struct chain *c = calloc(1, sizeof(*c));

	if (c == NULL || (c->tiles = malloc(sizeof(*c->tiles))) == NULL ||
	    (c->buf = malloc(c->cap = BUFFER + LIM_RECORD)) == NULL) {
		if (c != NULL)
			free(c->tiles);
		free(c);
		err_set(e, "out of memory");
		return NULL;
	}
	memset(c->tiles, 0, sizeof(*c->tiles));
	c->dir = c->fd = c->heads = -1;
	c->key = key;
	c->log = log;
	c->next.time = clock_now(&c->next.clock);
	snprintf(c->path, sizeof(c->path), "%s", path);
	return c;
}

/* What was set aside is itself recorded, with the next batch. */
static bool
record_torn(struct chain *c, const struct chain_torn *t, struct err *e)
{
	char buf[256];
	struct jw w;

	jw_init(&w, buf, sizeof(buf));
	jw_begin(&w);
	jw_cstr(&w, "file", t->file);
	jw_uint(&w, "bytes", t->bytes);
	jw_hex(&w, "sha256", t->sum, sizeof(t->sum));
	return jw_line(&w) && chain_add(c, "recovery", buf, w.n - 1, e);
}

struct chain *
chain_open(const char *path, struct signer *key, struct signer *log, const char *author,
    struct err *e)
{
	struct chain *c = chain_new(path, key, log, e);
	struct err why = { "" };

	if (c == NULL)
		return NULL;
	if (author != NULL && !vkey_name_ok(author, strlen(author)))
		err_set(e, "\"%.60s\" is no author's name: no blanks, '+', '\"', '\\'", author);
	else if (author != NULL)
		memcpy(c->author, author, strlen(author) + 1);
	if (!e->text[0] && (c->dir = chain_folder(path, e)) >= 0) {
		/* the folder's other files are opened under the lock; a missing one is not made */
		if ((c->fd = chain_plain(c->dir, CHAIN_RECORDS, O_RDWR | O_APPEND, &why)) < 0 ||
		    !chain_lock(c->fd, true, &why) ||
		    (c->heads = chain_plain(c->dir, CHAIN_HEADS, O_RDWR, &why)) < 0)
			err_set(e, "%s/%s", path, why.text);
		else
			(void)chain_recover(c, e);
	}
	if (e->text[0]) {
		chain_close(c);
		return NULL;
	}
	c->next.seq = c->cp.size + 1;
	for (size_t i = 0; i < c->ntorn; i++)
		if (!record_torn(c, &c->torn[i], e)) {
			chain_close(c);
			return NULL;
		}
	return c;
}

const char *
chain_torn(const struct chain *c, size_t i, uint64_t *bytes)
{
	if (i >= c->ntorn)
		return NULL;
	*bytes = c->torn[i].bytes;
	return c->torn[i].file;
}

const struct keyring *
chain_keys(const struct chain *c)
{
	return &c->ring;
}

const struct checkpoint *
chain_at(const struct chain *c)
{
	return &c->cp;
}

uint64_t
chain_next(const struct chain *c)
{
	return c->next.seq;
}

void
chain_seal_every(struct chain *c, uint64_t records)
{
	c->every = records;
}

/* --- adding */

static bool
write_lines(struct chain *c, struct err *e)
{
	if (c->n > 0 && !file_write_all(c->fd, c->buf, c->n))
		return err_sys(e, "%s/%s", c->path, CHAIN_RECORDS);
	c->n = 0;
	return true;
}

/* A line for checkpoints.ndjson, that is written when what it covers is on the disk. */
static bool
add_head(struct chain *c, const struct checkpoint *cp, const char *note, size_t n, bool part,
    struct err *e)
{
	size_t len;
	char *line = chain_head_line(cp, note, n, part, c->next.time, &len), *more;

	if (line != NULL && c->head_n + len > c->head_cap) {
		c->head_cap = 2 * c->head_cap + len;
		if ((more = realloc(c->head, c->head_cap)) == NULL) {
			free(line);
			line = NULL;
		} else
			c->head = more;
	}
	if (line == NULL)
		return err_set(e, "out of memory");
	memcpy(c->head + c->head_n, line, len);
	c->head_n += len;
	free(line);
	return true;
}

/* What is behind the last whole line is overwritten. */
static bool
write_heads(struct chain *c, struct err *e)
{
	uint64_t at = c->heads_sealed;

	for (size_t done = 0; done < c->head_n; ) {
		ssize_t r = pwrite(c->heads, c->head + done, c->head_n - done, (off_t)(at + done));

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return err_sys(e, "%s/%s", c->path, CHAIN_HEADS);
		done += (size_t)r;
	}
	if (ftruncate(c->heads, (off_t)(at + c->head_n)) != 0 || fdatasync(c->heads) != 0)
		return err_sys(e, "%s/%s", c->path, CHAIN_HEADS);
	return true;
}

/* The head as it would be now, signed: its note's length, 0 on failure. */
static size_t
head_now(struct chain *c, struct checkpoint *cp, char *note, size_t cap, struct err *e)
{
	memcpy(cp->origin, c->ring.origin, sizeof(cp->origin));
	cp->size = c->tiles->size;
	tile_writer_root(c->tiles, &cp->root);
	return chain_sign_head(note, cap, cp, c->log != NULL ? c->log : c->key, &c->log_key, e);
}

enum { HEAD_MAX = CHECKPOINT_TEXT + 1 + NOTE_LINE_MAX };

bool
chain_add(struct chain *c, const char *type, const char *payload, size_t n, struct err *e)
{
	struct entry *en = &c->next;
	char text[ENTRY_SIGNED_TEXT];
	struct merkle_hash whole;
	struct sum sum, at;
	bool sign;
	char *line;
	size_t len, body;

	if (n > LIM_RECORD - ENTRY_AROUND - 256)
		return err_set(e, "a record is at most %u bytes", LIM_RECORD);
	en->type = (struct span){ type, strlen(type) };
	en->payload = (struct span){ payload, n };
	sign = en->is_signed;
	/* the record before this one may have ended the key */
	if (sign && c->ring.n > 0 &&
	    keyring_author(&c->ring, &en->author, en->key, en->seq) == NULL)
		return err_set(e, "%s: %s has no key %08x any more", c->path, c->author, en->key);
	if (keyring_must_sign(&c->ring, &en->type) && !sign)
		return err_set(e, "%s: a %s record is signed: an author's key is needed (--key)",
		    c->path, type);
	en->is_signed = keyring_must_sign(&c->ring, &en->type);
	line = c->buf + c->n;
	body = entry_put_body(line, en);
	sum_begin(&sum, SUM_SHA256);
	sum_add(&sum, line, body);
	at = sum;
	sum_end(&at, en->digest.b);
	entry_signed_text(text, &en->digest);
	if (en->is_signed && !signer_sign(c->key, text, sizeof(text), en->sig, e))
		return false;
	len = body + entry_put_end(line + body, en);
	sum_add(&sum, line + body, len - body);
	sum_end(&sum, whole.b);
	if (!keyring_take(&c->ring, en, e))
		return false;
	line[len] = '\n';
	c->dirty = true;
	c->n += len + 1;
	if (c->n >= BUFFER && !write_lines(c, e))
		return false;
	if (!tile_writer_add(c->tiles, &whole, e))
		return false;
	en->is_signed = sign;
	en->prev = whole;
	en->seq++;
	if (c->every > 0 && c->tiles->size % c->every == 0) {
		char note[HEAD_MAX];
		struct checkpoint cp;

		len = head_now(c, &cp, note, sizeof(note), e);
		return len > 0 && add_head(c, &cp, note, len, true, e);
	}
	return true;
}

bool
chain_seal(struct chain *c, struct err *e)
{
	char note[HEAD_MAX];
	struct checkpoint cp;
	struct err why = { "" };
	size_t n;
	off_t end;

	if (!c->dirty)
		return true;
	/* records, then the tree, then the word for them: whatever stops in between, the
	 * checkpoint never covers what is not there */
	if (!write_lines(c, e))
		return false;
	if (fdatasync(c->fd) != 0)
		return err_sys(e, "%s/%s", c->path, CHAIN_RECORDS);
	if (!tile_writer_sync(c->tiles, &why))
		return err_set(e, "%s/%s", c->path, why.text);
	if ((n = head_now(c, &cp, note, sizeof(note), e)) == 0)
		return false;
	if (!add_head(c, &cp, note, n, false, e) || !write_heads(c, e))
		return false;
	if (!chain_place(c->dir, CHAIN_HEAD, note, n, &why))
		return err_set(e, "%s/%s", c->path, why.text);
	/* from here on it stands, and is not taken back */
	c->cp = cp;
	c->heads_sealed += c->head_n;
	c->head_n = 0;
	c->dirty = false;
	if ((end = lseek(c->fd, 0, SEEK_END)) >= 0)
		c->sealed = (uint64_t)end;
	if (!chain_placed(c->dir, CHAIN_HEAD, &why))
		return err_set(e, "%s/%s: the records are in, but a power cut may still take them",
		    c->path, why.text);
	tile_writer_tidy(c->tiles);
	return true;
}

void
chain_close(struct chain *c)
{
	if (c == NULL)
		return;
	/* our own lines, never acknowledged: first the word for them, then they; where this
	 * fails the next appender sets them aside */
	if (c->dirty && c->fd >= 0 && c->sealed > 0 &&
	    ftruncate(c->heads, (off_t)c->heads_sealed) == 0 && fsync(c->heads) == 0)
		(void)!ftruncate(c->fd, (off_t)c->sealed);
	if (c->heads >= 0)
		close(c->heads);
	if (c->fd >= 0)
		close(c->fd);
	if (c->dir >= 0)
		close(c->dir);
	keyring_free(&c->ring);
	free(c->tiles);
	free(c->torn);
	free(c->head);
	free(c->buf);
	free(c);
}
