/* Blocks of records to one thread or several, and their answers in order. */
#include "chain/verify_impl.h"

#include "base/limits.h"
#include "chain/chain_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { THREADS_MAX = 64 };
enum state { FREE, FULL, DONE };

/* The blocks on their way from the reader to the workers and back. */
struct run {
	pthread_mutex_t lock;
	pthread_cond_t work, ready;
	struct verify_block **block;
	enum state *state;
	size_t n;
	uint64_t filled, taken, handed;         /* blocks so far; modulo n is their place */
	bool over;
	const struct keyring *ring;
};

static void *
worker(void *arg)
{
	struct verify_worker *w = arg;
	struct run *r = w->run;

	pthread_mutex_lock(&r->lock);
	for (;;) {
		size_t i;

		while (r->taken == r->filled && !r->over)
			pthread_cond_wait(&r->work, &r->lock);
		if (r->taken == r->filled)
			break;
		i = r->taken++ % r->n;
		pthread_mutex_unlock(&r->lock);
		verify_block(r->block[i], w);
		pthread_mutex_lock(&r->lock);
		r->state[i] = DONE;
		pthread_cond_signal(&r->ready);
	}
	pthread_mutex_unlock(&r->lock);
	verify_worker_free(w);
	free(w);
	return NULL;
}

struct reading { int fd; const char *name; uint64_t at, size, line; char *rest; size_t nrest; };

/* Bytes into a block until there are so many, or no more. */
static bool
more(struct reading *f, struct verify_block *b, size_t want, struct err *e)
{
	while (b->n < want && f->at < f->size) {
		size_t n = f->size - f->at < want - b->n ? (size_t)(f->size - f->at) : want - b->n;
		ssize_t r = pread(f->fd, b->bytes + b->n, n, (off_t)f->at);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return err_sys(e, "%s", f->name);
		if (r == 0)
			return err_set(e, "%s: it became shorter while it was read", f->name);
		b->n += (size_t)r;
		f->at += (uint64_t)r;
	}
	return true;
}

/* The next block of whole lines. 1; 0 at the end; -1 when it cannot be read. */
static int
fill(struct reading *f, struct verify_block *b, struct err *e)
{
	size_t cut = 0;

	memcpy(b->bytes, f->rest, f->nrest);
	b->n = f->nrest;
	b->first = f->line + 1;
	b->lines = 0;
	/* a block's worth; more only for a line that is longer */
	for (size_t want = VERIFY_BLOCK; ; want = VERIFY_ROOM) {
		if (!more(f, b, want, e))
			return -1;
		while (b->lines < VERIFY_LINES) {
			const char *p = b->bytes + cut, *lf = memchr(p, '\n', b->n - cut);

			if (lf == NULL)
				break;
			b->line[b->lines++] =
			    (struct verify_line){ (uint32_t)cut, (uint32_t)(lf - p) };
			cut += (size_t)(lf - p) + 1;
		}
		if (b->lines > 0 || want > VERIFY_BLOCK || f->at == f->size)
			break;
	}
	f->line += b->lines;
	f->nrest = b->n - cut;
	memcpy(f->rest, b->bytes + cut, f->nrest);
	b->n = cut;
	return b->lines > 0;
}

/* One more thread, with its memory: without it nobody would wait for its answer. */
static bool
hire(struct run *r, pthread_t *t)
{
	struct verify_worker *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return false;
	w->ring = r->ring;
	w->run = r;
	if (pthread_create(t, NULL, worker, w) == 0)
		return true;
	free(w);
	return false;
}

static bool
start(struct run *r, unsigned threads, const struct keyring *ring)
{
	memset(r, 0, sizeof(*r));
	r->ring = ring;
	r->n = 2 * threads + 2;
	r->block = calloc(r->n, sizeof(struct verify_block *));
	r->state = calloc(r->n, sizeof(*r->state));
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->work, NULL);
	pthread_cond_init(&r->ready, NULL);
	for (size_t i = 0; r->block != NULL && r->state != NULL && i < r->n; i++)
		if ((r->block[i] = malloc(sizeof(**r->block))) == NULL ||
		    (r->block[i]->bytes = malloc(VERIFY_ROOM)) == NULL)
			return false;
	return r->block != NULL && r->state != NULL;
}

/* Nothing is at work any more. */
static void
end(struct run *r, pthread_t *t, unsigned threads)
{
	pthread_mutex_lock(&r->lock);
	r->over = true;
	pthread_cond_broadcast(&r->work);
	pthread_mutex_unlock(&r->lock);
	for (unsigned i = 0; i < threads; i++)
		pthread_join(t[i], NULL);
}

static void
free_blocks(struct run *r)
{
	for (size_t i = 0; r->block != NULL && i < r->n; i++) {
		if (r->block[i] != NULL)
			free(r->block[i]->bytes);
		free(r->block[i]);
	}
	free(r->block);
	free(r->state);
}

/* Hands out the oldest block once its worker is done. */
static bool
hand(struct run *r, bool (*done)(void *, struct verify_block *), void *arg)
{
	size_t i = r->handed % r->n;

	pthread_mutex_lock(&r->lock);
	while (r->state[i] != DONE)
		pthread_cond_wait(&r->ready, &r->lock);
	r->state[i] = FREE;
	r->handed++;
	pthread_mutex_unlock(&r->lock);
	return done(arg, r->block[i]);
}

/* Whether a block changes the keys: the threads have to be done before that. */
static bool
changes(const struct verify_block *b)
{
	for (unsigned i = 0; i < b->lines; i++)
		if (chain_changes_keys(b->bytes + b->line[i].at, b->line[i].n))
			return true;
	return false;
}

/* All on this thread: a block is read and looked at while it is in the cache. */
static int
alone(struct reading *f, struct verify_block *b, const struct verify_reader *by, bool *more,
    struct err *e)
{
	struct verify_worker *w = calloc(1, sizeof(*w));
	int got = 1;

	if (w == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	w->ring = by->ring;
	while (*more && (got = fill(f, b, e)) == 1) {
		by->keys(by->arg, b);
		verify_block(b, w);
		*more = by->done(by->arg, b);
	}
	verify_worker_free(w);
	free(w);
	return got;
}

static int
together(struct run *r, struct reading *f, const struct verify_reader *by, bool *more,
    struct err *e)
{
	int got = 1;

	while (*more && got == 1) {
		struct verify_block *b = r->block[r->filled % r->n];

		if (r->filled - r->handed == r->n && !(*more = hand(r, by->done, by->arg)))
			break;
		if ((got = fill(f, b, e)) != 1)
			break;
		if (changes(b)) {
			while (*more && r->handed < r->filled)
				*more = hand(r, by->done, by->arg);
			by->keys(by->arg, b);
		}
		pthread_mutex_lock(&r->lock);
		r->state[r->filled % r->n] = FULL;
		r->filled++;
		pthread_cond_signal(&r->work);
		pthread_mutex_unlock(&r->lock);
	}
	while (*more && got >= 0 && r->handed < r->filled)
		*more = hand(r, by->done, by->arg);
	return got;
}

/* Behind a line that is none the records have no place any more; the keys still count for the
 * heads. */
static int
only_keys(struct reading *f, struct verify_block *b, const struct verify_reader *by,
    struct err *e)
{
	int got;

	while ((got = fill(f, b, e)) == 1)
		by->keys(by->arg, b);
	return got;
}

bool
verify_run(int fd, uint64_t size, const struct verify_reader *by, unsigned threads,
    uint64_t *rest, struct err *e)
{
	struct reading f = { .fd = fd,
		.name = CHAIN_RECORDS,
		.size = size,
		.rest = malloc(VERIFY_ROOM) };
	pthread_t t[THREADS_MAX];
	unsigned n = 0;
	struct run r;
	bool good, more = true;
	int got = -1;

	threads = threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : threads;
	good = start(&r, threads, by->ring) && f.rest != NULL;
	while (good && threads > 1 && n < threads && hire(&r, &t[n]))
		n++;
	if (!good || (n == 0 && threads > 1))
		err_set(e, "out of memory or threads");
	else if (threads > 1)
		got = together(&r, &f, by, &more, e);
	else
		got = alone(&f, r.block[0], by, &more, e);
	*rest = size - f.at + f.nrest;
	end(&r, t, n);
	if (got >= 0 && !more)
		got = only_keys(&f, r.block[0], by, e);
	free_blocks(&r);
	free(f.rest);
	return got >= 0;
}

bool
verify_lines(int fd, const char *name, uint64_t size,
    bool (*done)(void *, struct verify_block *), void *arg, uint64_t *rest, struct err *e)
{
	struct reading f = {
		.fd = fd, .name = name, .size = size, .rest = malloc(VERIFY_ROOM)
	};
	struct verify_block *b = malloc(sizeof(*b));
	int got = -1;

	if (b != NULL)
		b->bytes = malloc(VERIFY_ROOM);
	if (b == NULL || b->bytes == NULL || f.rest == NULL)
		err_set(e, "out of memory");
	else
		while ((got = fill(&f, b, e)) == 1 && done(arg, b))
			;
	*rest = size - f.at + f.nrest;
	if (b != NULL)
		free(b->bytes);
	free(b);
	free(f.rest);
	return got >= 0;
}
