/* fuzz_witness.c: what a witness is sent, and what it sends back. The first byte says which:
 *
 *     0  any bytes as a request by HTTP
 *     1  requests that the log itself has signed, of two histories: a list of
 *
 *             0      1      2      3
 *         +------+------+------+------
 *         |  of  |  old | size |  xor     of: 0x80 the other history, the rest where a byte of
 *         +------+------+------+------    the proof is changed by xor
 *
 *        What is cosigned never goes back, and never is of another history.
 *     2  any bytes as a witness's answer; 1 to 8 in it stand for lines that are somebody's.
 *        What is not taken changes nothing, and a ledger that took one holds.
 *
 * link: test/fuzz/signer.c cmd/calchain/witness_request.c */
#include "fuzz.h"

#include "../../cmd/calchain/witness.h"
#include "base/file.h"
#include "base/stamp.h"
#include "chain/base64.h"
#include "chain/chain.h"
#include "chain/cosign.h"
#include "chain/verify.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEAVES = 24, LINES = 8, ROOM = 16 << 10 };
#define NOW     UINT64_C(1795392000)

static const char origin[] = "o", *dir;
static struct signer *keys[3];          /* the log's, and two witnesses' */
static struct vkey log_key, trust[3];
static struct witness witness[2];
static unsigned fork_at;                /* leaves that both histories have */

static void
fail(const char *what, const struct err *e)
{
	fprintf(stderr, "%s: %s\n", what, e->text);
	exit(2);
}

/* ---- HTTP ---- */

static void
http(const uint8_t *data, size_t n)
{
	static struct witness_request r;
	static int nowhere = -1;
	const char *line;
	int fd, status;

	if (nowhere < 0 && (nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)) < 0)
		exit(2);
	r.n = r.head = r.body = 0;
	r.buf[0] = '\0';
	fuzz_file(data, n, &fd);
	status = witness_request_take(&r, fd, nowhere);
	fuzz_file_close(fd);
	if (status && (status < 400 || status > 499))
		abort();
	if (status)
		return;
	if (r.body > WITNESS_BODY || r.head > WITNESS_HEAD || r.head + r.body > r.n || r.n > n ||
	    memcmp(r.buf, data, r.n) != 0 || memcmp(r.buf + r.head - 4, "\r\n\r\n", 4) != 0)
		abort();
	/* it is the first line that says what is asked */
	line = strstr(r.buf, "/add-checkpoint HTTP/1.");
	if (!line || line > strstr(r.buf, "\r\n"))
		abort();
}

/* ---- two histories ---- */

struct history { unsigned of; };

/* The root over [index << level, (index + 1) << level) of a history's leaves. */
static bool
node(void *arg, unsigned level, uint64_t index, struct merkle_hash *out)
{
	const struct history *h = arg;
	struct merkle_hash l, r;
	uint8_t leaf[2];

	if (level == 0) {
		leaf[0] = (uint8_t)(index < fork_at ? 0 : h->of);
		leaf[1] = (uint8_t)index;
		merkle_leaf(out, leaf, sizeof(leaf));
		return true;
	}
	if (!node(arg, level - 1, 2 * index, &l) || !node(arg, level - 1, 2 * index + 1, &r))
		return false;
	merkle_node(out, &l, &r);
	return true;
}

/* The root of the first `size` leaves of a history. */
static struct merkle_hash
root_of(struct history *h, uint64_t size)
{
	struct merkle t = { 0 };
	struct merkle_hash leaf, root;

	for (uint64_t i = 0; i < size; i++) {
		node(h, 0, i, &leaf);
		merkle_add(&t, &leaf);
	}
	merkle_root(&t, &root);
	return root;
}

/* A checkpoint and the log's line below it. */
static size_t
head_put(char *dst, struct history *h, uint64_t size)
{
	struct checkpoint cp = { .size = size, .root = root_of(h, size) };
	uint8_t sig[VKEY_SIGNATURE];
	struct err e = { "" };
	size_t n;

	memcpy(cp.origin, origin, sizeof(origin));
	n = checkpoint_put(dst, &cp);
	if (!signer_sign(keys[0], dst, n, sig, &e))
		fail("the log's signature", &e);
	dst[n++] = '\n';
	return n + note_line(dst + n, &log_key, sig, sizeof(sig));
}

/* A request; *proof_n: how many of its bytes stand before the checkpoint. */
static size_t
request_put(char *dst, struct history *h, uint64_t old, uint64_t size, size_t *proof_n)
{
	struct merkle_source s = { node, h };
	struct merkle_proof p = { 0 };
	size_t n = (size_t)snprintf(dst, ROOM, "old %llu\n", (unsigned long long)old);

	if (old <= size && !merkle_prove_grown(&p, old, size, &s))
		abort();
	for (unsigned i = 0; i < p.n; i++) {
		n += base64_put(dst + n, p.hash[i].b, MERKLE_HASH);
		dst[n++] = '\n';
	}
	dst[n++] = '\n';
	*proof_n = n;
	return n + head_put(dst + n, h, size);
}

static void
state_anew(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/state", dir);
	if (witness[0].state >= 0)
		close(witness[0].state);
	file_remove_tree(path);
	if (mkdir(path, 0700) != 0 ||
	    (witness[0].state = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		exit(2);
	witness[1].state = witness[0].state;
}

static bool
agree(unsigned a, unsigned b, uint64_t size)
{
	return a == b || size <= fork_at;
}

static void
requests(const uint8_t *p, size_t n)
{
	struct history kept = { 1 };
	uint64_t kept_size = 0;
	char text[ROOM];
	size_t proof_n, len;

	if (!n)
		return;
	fork_at = *p % LEAVES;
	state_anew();
	for (p++, n--; n >= 4; p += 4, n -= 4) {
		struct history h = { p[0] & 0x80 ? 2 : 1 };
		uint64_t old = p[1] % (LEAVES + 1), size = p[2] % (LEAVES + 1);
		enum witness_verdict v, want = WITNESS_COSIGNED;
		struct witness_said said;
		struct err e = { "" };

		len = request_put(text, &h, old, size, &proof_n);
		text[(p[0] & 0x7f) % proof_n] ^= (char)p[3];
		v = witness_answer(&said, &witness[0], text, len, NOW, &e);
		if (v == WITNESS_FAILED || (v == WITNESS_COSIGNED) != !e.text[0])
			abort();
		/* who holds the log's key and changes proofs cannot have two histories cosigned */
		if (v == WITNESS_COSIGNED && (size < kept_size || !agree(h.of, kept.of, kept_size)))
			abort();
		if (!p[3]) {
			if (old > size)
				want = WITNESS_MALFORMED;
			else if (old != kept_size ||
			    (old == size && !agree(h.of, kept.of, size)))
				want = WITNESS_CONFLICT;
			else if (!agree(h.of, kept.of, old))
				want = WITNESS_UNPROVED;
			if (v != want)
				abort();
		}
		if (v == WITNESS_COSIGNED) {
			kept = h;
			kept_size = size;
		}
	}
}

/* ---- answers ---- */

static struct line { char b[NOTE_LINE_MAX]; size_t n; } lines[LINES];
static struct part { const char *name; char b[ROOM]; size_t n; } parts[] = {
	{ .name = "l/checkpoint" }, { .name = "l/checkpoints.ndjson" },
};
enum { PARTS = sizeof(parts) / sizeof(*parts) };

static size_t
part_get(const char *name, char b[ROOM])
{
	char path[160];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (!(f = fopen(path, "r")))
		exit(2);
	n = fread(b, 1, ROOM, f);
	fclose(f);
	return n;
}

static void
cosigned(struct line *l, const struct witness *w, const char *head, size_t n, uint64_t at)
{
	char text[ROOM];
	struct witness_said said;
	struct err e = { "" };
	size_t len = (size_t)snprintf(text, sizeof(text), "old 0\n\n");

	memcpy(text + len, head, n);
	state_anew();
	if (witness_answer(&said, w, text, len + n, at, &e) != WITNESS_COSIGNED)
		fail("a cosignature", &e);
	memcpy(l->b, said.line, said.n);
	l->n = said.n;
}

/* A ledger with two heads; lines of both witnesses for each, of another ledger's head, one that is
 * not right, and the log's own. */
static void
ledger(void)
{
	char path[128], first[ROOM], other[ROOM];
	struct history h = { 1 };
	struct err e = { "" };
	struct chain *c;
	size_t n;

	snprintf(path, sizeof(path), "%s/l", dir);
	stamp_set_now((int64_t)NOW * 1000000 - 60000000);
	if (!chain_create(path, origin, false, keys[0], keys[0], "a", &e))
		fail("a ledger", &e);
	n = part_get(parts[0].name, first);
	cosigned(&lines[0], &witness[0], first, n, NOW);
	cosigned(&lines[1], &witness[1], first, n, NOW);
	if (!(c = chain_open(path, keys[0], NULL, NULL, &e)) ||
	    !chain_add(c, "note", "{\"text\":\"x\"}", 12, &e) || !chain_seal(c, &e))
		fail("a record", &e);
	chain_close(c);
	for (size_t i = 0; i < PARTS; i++)
		parts[i].n = part_get(parts[i].name, parts[i].b);
	cosigned(&lines[2], &witness[0], parts[0].b, parts[0].n, NOW);
	cosigned(&lines[3], &witness[1], parts[0].b, parts[0].n, NOW + 1);
	n = head_put(other, &h, 3);
	cosigned(&lines[4], &witness[0], other, n, NOW);
	lines[5] = lines[3];
	lines[5].b[lines[5].n - 20] ^= 1;
	cosigned(&lines[6], &witness[0], parts[0].b, parts[0].n, NOW - 3600);
	n = (size_t)((char *)memrchr(parts[0].b, '\n', parts[0].n - 1) + 1 - parts[0].b);
	lines[7].n = parts[0].n - n;
	memcpy(lines[7].b, parts[0].b + n, lines[7].n);
	stamp_set_now((int64_t)NOW * 1000000);
}

static void
answer(const uint8_t *p, size_t n)
{
	struct verify_ask ask = { .trust = trust, .ntrust = 3, .threads = 1 };
	static struct cosigned c;
	static char text[2 * ROOM], now[ROOM];
	struct verify_answer a;
	struct err e = { "" };
	char path[128];
	size_t len = 0;
	enum cosign_answer got;

	for (size_t i = 0; i < n && len + NOTE_LINE_MAX < sizeof(text); i++)
		if (p[i] >= 1 && p[i] <= LINES) {
			memcpy(text + len, lines[p[i] - 1].b, lines[p[i] - 1].n);
			len += lines[p[i] - 1].n;
		} else {
			text[len++] = (char)p[i];
		}
	for (size_t i = 0; i < PARTS; i++)
		fuzz_folder_put(parts[i].name, parts[i].b, parts[i].n);
	snprintf(path, sizeof(path), "%s/l", dir);
	got = cosign_take(&c, path, trust + 1, 2, text, len, &e);
	if (got != COSIGN_DONE) {
		if (!e.text[0])
			abort();
		for (size_t i = 0; i < PARTS; i++)
			if (part_get(parts[i].name, now) != parts[i].n ||
			    memcmp(now, parts[i].b, parts[i].n) != 0)
				abort();
		return;
	}
	if (!c.n || c.n > 2 || !c.size || c.size > 2 || c.newest != (c.size == 2))
		abort();
	if (!verify_ledger(&a, path, &ask, &e) || a.nfound || a.unfinished || !a.nseen)
		abort();
	verify_free(&a);
	/* once more, and it was there already */
	if (cosign_take(&c, path, trust + 1, 2, text, len, &e) != COSIGN_DONE || !c.was)
		abort();
}

static void
begin(void)
{
	static const char *const names[] = { "o", "w1", "w2" };
	uint8_t public[VKEY_PUBLIC];
	struct err e = { "" };

	dir = fuzz_folder();
	for (int i = 0; i < 3; i++) {
		keys[i] = fuzz_signer(i + 1);
		if (!signer_public(keys[i], public, &e) || !vkey_make(&trust[i], names[i],
		    i ? VKEY_COSIGNATURE : VKEY_ED25519, public, &e))
			fail("a key", &e);
	}
	log_key = trust[0];
	for (int i = 0; i < 2; i++)
		witness[i] = (struct witness){ -1, keys[i + 1], trust[i + 1], &log_key, 1 };
	ledger();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (!dir)
		begin();
	if (!n)
		return 0;
	switch (data[0] % 3) {
	case 0: http(data + 1, n - 1); break;
	case 1: requests(data + 1, n - 1); break;
	case 2: answer(data + 1, n - 1); break;
	}
	return 0;
}
