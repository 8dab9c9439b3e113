/* fuzz_chain.c: a signed ledger in a folder, changed in its files: whatever is changed, what
 * verification then passes is a beginning of what was signed; and readers, proofs and
 * appending come to an end.
 *
 * The input is a list of changes:
 *
 *      0      1      2 .. 3   4     5 ...
 *     +------+------+--------+-----+-----------
 *     | file | what | where  | len | len bytes ... file, what, ...
 *     +------+------+--------+-----+-----------
 *
 * Keys are the same in each run.
 *
 * link: test/fuzz/signer.c */
#include "fuzz.h"

#include "base/stamp.h"
#include "chain/chain.h"
#include "chain/heads.h"
#include "chain/proof.h"
#include "chain/verify.h"
#include "incident/incident.h"
#include "ledger/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES = 9, ROOM = 1 << 16 };
enum { OVER, INSERT, DELETE, ALL, CUT, COPY, LINES, GONE, XOR, WHATS };

static const char *const names[FILES] = {
	"records.ndjson", "checkpoint", "checkpoints.ndjson", "tile/0/000.p/1", "tile/0/000.p/4",
	"tile/entries/000.p/1", "tile/entries/000.p/4", "torn/5-1", "timestamps/4.tsr",
};
static struct part { char b[ROOM]; size_t n; bool there; } first[FILES], now[FILES];
static struct signer *key, *seal;
static struct vkey trust[1];
static struct incident_fields *fields;

static void
get(const char *dir, int i, struct part *p)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
	p->there = (f = fopen(path, "r")) != NULL;
	p->n = f ? fread(p->b, 1, ROOM, f) : 0;
	if (f)
		fclose(f);
}

/* Four records, a head behind each two. */
static void
begin(void)
{
	static const char a[] = "{\"instrument\":\"A\",\"performed\":\"2025-12-01\",\"certificate\":\"K-1\","
	    "\"verdict\":\"pass\",\"laboratory\":{\"name\":\"L\"}}",
	    b[] = "{\"title\":\"x\",\"zone\":\"Europe/Stockholm\"}", c[] = "{\"text\":\"x\"}";
	char dir[80];
	struct err e = { "" };
	uint8_t public[VKEY_PUBLIC];
	struct chain *h;

	snprintf(dir, sizeof(dir), "%s/l", fuzz_folder());
	key = fuzz_signer(1);
	seal = fuzz_signer(2);
	stamp_set_now(INT64_C(1767225600000000));
	if (!(fields = incident_fields_load(NULL, &e)) ||
	    !chain_create(dir, "o", true, seal, key, "a", &e) ||
	    !(h = chain_open(dir, key, seal, NULL, &e)) ||
	    !chain_add(h, "incident_opened", b, sizeof(b) - 1, &e) || !chain_seal(h, &e) ||
	    !chain_add(h, "calibration", a, sizeof(a) - 1, &e) ||
	    !chain_add(h, "incident_note", c, sizeof(c) - 1, &e) || !chain_seal(h, &e)) {
		fprintf(stderr, "no ledger: %s\n", e.text);
		exit(2);
	}
	chain_close(h);
	for (int i = 0; i < FILES; i++)
		get(dir, i, &first[i]);
	if (!signer_public(seal, public, &e) || !vkey_make(&trust[0], "o", VKEY_ED25519, public, &e))
		exit(2);
}

/* Puts n bytes of p in the place of `old` bytes at `at`. */
static void
splice(struct part *f, size_t at, size_t old, const void *p, size_t n)
{
	if (old > f->n - at)
		old = f->n - at;
	if (f->n - old + n > ROOM)
		return;
	memmove(f->b + at + n, f->b + at + old, f->n - at - old);
	memcpy(f->b + at, p, n);
	f->n += n - old;
	f->there = true;
}

/* Line i of it, to its LF, and where it begins. */
static size_t
line(const struct part *f, unsigned i, size_t *at)
{
	const char *lf;

	for (*at = 0; *at < f->n; *at += (size_t)(lf + 1 - (f->b + *at))) {
		if (!(lf = memchr(f->b + *at, '\n', f->n - *at)))
			return f->n - *at;
		if (!i--)
			return (size_t)(lf + 1 - (f->b + *at));
	}
	return 0;
}

static void
change(const uint8_t *d, const uint8_t *bytes, size_t n)
{
	struct part *f = &now[d[0] % FILES];
	static char own[ROOM];
	size_t at = f->n ? (size_t)(d[2] << 8 | d[3]) % (f->n + 1) : 0, len, from;

	switch (d[1] % WHATS) {
	case OVER:
		splice(f, at, n, bytes, n);
		break;
	case INSERT:
		splice(f, at, 0, bytes, n);
		break;
	case DELETE:
		splice(f, at, d[4], "", 0);
		break;
	case ALL:
		splice(f, 0, f->n, bytes, n);
		break;
	case CUT:
		f->n = at;
		break;
	case COPY:                      /* another of the files, as it is now, in its place */
		*f = now[d[3] % FILES];
		break;
	case LINES:                     /* a line of a file, before another line of this one */
		len = line(&now[d[2] % FILES], d[3] % 8, &from);
		memcpy(own, now[d[2] % FILES].b + from, len);
		line(f, d[4] % 8, &from);
		splice(f, from, 0, own, len);
		break;
	case GONE:
		f->there = false;
		f->n = 0;
		break;
	case XOR:
		if (at < f->n)
			f->b[at] ^= (char)d[4];
		break;
	}
}

/* As many bytes as the input says, at most 255. */
static void
changes(const uint8_t *p, size_t n)
{
	for (unsigned i = 0; n >= 5 && i < 16; i++) {
		size_t len = p[1] % WHATS <= INSERT || p[1] % WHATS == ALL ? p[4] : 0;

		if (len > n - 5)
			len = n - 5;
		change(p, p + 5, len);
		p += 5 + len;
		n -= 5 + len;
	}
}

static bool
any_head(void *arg, const struct head_line *h)
{
	if (!h->text || h->note->n > h->n)
		abort();
	return true;
}

static bool
any_line(void *arg, const struct pick_line *l)
{
	return true;
}

/* True when all holds. */
static bool
holds(const char *dir)
{
	struct verify_ask ask = { .trust = trust, .ntrust = 1, .threads = 1 };
	struct verify_answer a;
	struct err e = { "" };
	bool all = false;

	if (verify_ledger(&a, dir, &ask, &e))
		all = !a.nfound && !a.unfinished;
	else if (!e.text[0])
		abort();
	for (unsigned i = 0; i < a.nfound; i++)
		if (!a.found[i].text[0])
			abort();
	verify_free(&a);
	return all;
}

static void
readers(const char *dir)
{
	struct pick_ask pick = { 0 };
	struct err e = { "" };
	struct chain_head h;
	struct incident *inc;
	uint64_t last, records;
	char *text;
	size_t n, len;
	int fd;

	if ((fd = chain_folder(dir, &e)) < 0)
		exit(2);
	(void)heads_each(fd, any_head, NULL, &e);
	err_clear(&e);
	if (chain_head(&h, fd, dir, &e)) {
		for (uint64_t seq = 1; seq < 4; seq++)
			if ((text = proof_line(fd, seq, &n, &e))) {
				free(proof_in(fd, h.cp.size, seq, h.text, h.n, text, n, &len, &e));
				free(text);
			}
		free(proof_grown(fd, h.cp.size, 2, h.text, h.n, &len, &e));
		chain_head_free(&h);
	} else if (!e.text[0]) {
		abort();
	}
	close(fd);
	err_clear(&e);
	(void)pick_each(dir, &pick, &last, any_line, NULL, &e);
	err_clear(&e);
	if ((inc = incident_read(dir, fields, &e)))
		incident_free(inc);
	else if (!e.text[0])
		abort();
	err_clear(&e);
	(void)chain_rebuild(dir, &records, &e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct part *r = &now[0];
	struct err e = { "" };
	const char *dir;
	struct chain *c;
	bool good;

	if (!fields)
		begin();
	if (!n)
		return 0;
	memcpy(now, first, sizeof(now));
	changes(data + 1, n - 1);
	dir = fuzz_folder();
	for (int i = 0; i < FILES; i++)
		if (now[i].there)
			fuzz_folder_put(names[i], now[i].b, now[i].n);
	good = holds(dir);
	if (good && (r->n > first[0].n || memcmp(r->b, first[0].b, r->n) != 0))
		abort();                /* something was changed and passes */
	if (data[0] & 1)
		readers(dir);
	if (data[0] & 2 && (c = chain_open(dir, key, seal, NULL, &e))) {
		bool added = chain_add(c, "note", "{\"text\":\"y\"}", 12, &e) && chain_seal(c, &e);

		chain_close(c);
		/* what held and was added to holds */
		if (good && (!added || !holds(dir)))
			abort();
	}
	return 0;
}
