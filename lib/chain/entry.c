#include "chain/entry.h"

#include "base/hex.h"
#include "base/lanes.h"
#include "chain/base64.h"

#include <inttypes.h>
#include <string.h>

const char *const entry_clock_names[ENTRY_CLOCKS] = {
	[ENTRY_SYNCHRONISED] = "synchronised",
	[ENTRY_UNSYNCHRONISED] = "unsynchronised",
	[ENTRY_GIVEN] = "given",
};

bool
span_is(const struct span *s, const char *text)
{
	return s->n == strlen(text) && memcmp(s->p, text, s->n) == 0;
}

struct at { const char *p, *end; };

static bool
eat(struct at *a, const char *text, size_t n)
{
	if ((size_t)(a->end - a->p) < n || memcmp(a->p, text, n) != 0)
		return false;
	a->p += n;
	return true;
}
#define EAT(a, text) eat((a), (text), sizeof(text) - 1)

/* A string's bytes up to its quote; those that need an escape are not in it. */
static bool
word(struct at *a, struct span *s, size_t max)
{
	s->p = a->p;
	while (a->p < a->end && *a->p != '"' && *a->p != '\\' && (uint8_t)*a->p >= ' ')
		a->p++;
	s->n = (size_t)(a->p - s->p);
	return s->n > 0 && s->n <= max && EAT(a, "\"");
}

static bool
number(struct at *a, uint64_t *v)
{
	const char *begin = a->p;

	for (*v = 0; a->p < a->end && *a->p >= '0' && *a->p <= '9' && a->p - begin < 19; a->p++)
		*v = *v * 10 + (uint64_t)(*a->p - '0');
	return a->p > begin && *begin != '0';
}

static bool
hash(struct at *a, struct merkle_hash *h)
{
	if (a->end - a->p < 65 || !hex_get(h->b, a->p, MERKLE_HASH))
		return false;
	a->p += 64;
	return EAT(a, "\"");
}

static bool
type_ok(const struct span *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (!((s->p[i] >= 'a' && s->p[i] <= 'z') || s->p[i] == '_' ||
		    (i > 0 && s->p[i] >= '0' && s->p[i] <= '9')))
			return false;
	return true;
}

/* From a time to the next: the type. */
static bool
kind(struct at *a, struct entry *en, const char **why)
{
	*why = "its event_type is not where it belongs";
	if (!EAT(a, "\",\"event_type\":\"") || !word(a, &en->type, ENTRY_TYPE) ||
	    !type_ok(&en->type))
		return false;
	*why = "its seq is not where it belongs";
	return EAT(a, ",\"seq\":");
}

/* Clock, author, key. */
static bool
who(struct at *a, struct entry *en, const char **why)
{
	uint8_t id[4];
	unsigned c;

	*why = "its seq is not where it belongs";
	if (!EAT(a, ",\"clock\":\""))
		return false;
	*why = "its clock is none of synchronised, unsynchronised, given";
	for (c = 0; c < ENTRY_CLOCKS; c++)
		if (eat(a, entry_clock_names[c], strlen(entry_clock_names[c])))
			break;
	if (c == ENTRY_CLOCKS)
		return false;
	en->clock = (enum entry_clock)c;
	*why = "its author is not where it belongs";
	if (!EAT(a, "\",\"author\":\"") || !word(a, &en->author, VKEY_NAME - 1) ||
	    !vkey_name_ok(en->author.p, en->author.n))
		return false;
	*why = "its key is no ID of 8 hexadecimal digits";
	en->is_signed = EAT(a, ",\"key\":\"");
	en->key = 0;
	if (en->is_signed) {
		if (a->end - a->p < 8 || !hex_get(id, a->p, 4))
			return false;
		a->p += 8;
		en->key =
		    (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
		if (!EAT(a, "\""))
			return false;
	}
	*why = "its prev is no hash of 64 hexadecimal digits";
	return EAT(a, ",\"prev\":\"");
}

/* The span's words lie where they lay in the last line, at another address. */
static void
as_last(struct span *s, const struct span *last, const char *now, const char *then)
{
	s->p = now + (last->p - then);
	s->n = last->n;
}

static bool
head(struct at *a, struct entry *en, const struct entry *last, const char **why)
{
	*why = "it does not begin with a timestamp of 31 bytes";
	if (!EAT(a, "{\"timestamp\":\"") || a->end - a->p < 31 ||
	    !stamp_parse_own(&en->time, a->p))
		return false;
	a->p += 31;
	/* both parts end where their last bytes say, so the same bytes are the same parts */
	en->kind.p = a->p;
	if (last != NULL && eat(a, last->kind.p, last->kind.n))
		as_last(&en->type, &last->type, en->kind.p, last->kind.p);
	else if (!kind(a, en, why))
		return false;
	en->kind.n = (size_t)(a->p - en->kind.p);
	*why = "its seq is not where it belongs";
	if (!number(a, &en->seq))
		return false;
	en->who.p = a->p;
	if (last != NULL && eat(a, last->who.p, last->who.n)) {
		as_last(&en->author, &last->author, en->who.p, last->who.p);
		en->clock = last->clock;
		en->is_signed = last->is_signed;
		en->key = last->key;
	} else if (!who(a, en, why))
		return false;
	en->who.n = (size_t)(a->p - en->who.p);
	*why = "its prev is no hash of 64 hexadecimal digits";
	return hash(a, &en->prev);
}

/* The end has a length of its own: it is read from behind. */
static bool
tail(struct at *a, struct entry *en, const char *line, const char **why)
{
	enum {
		DIGEST = sizeof(",\"digest\":\"") - 1 + 64 + 1,
		SIGNATURE = sizeof(",\"signature\":\"") - 1 + BASE64_LEN(VKEY_SIGNATURE) + 1
	};
	size_t n = DIGEST + (en->is_signed ? SIGNATURE : 0) + 1, len;
	struct at t = *a;

	*why = "its digest is not where it belongs";
	if ((size_t)(a->end - a->p) < n)
		return false;
	t.p = a->end - n;
	if (!EAT(&t, ",\"digest\":\"") || !hash(&t, &en->digest))
		return false;
	*why = "its signature is no base64 of 64 bytes where it belongs";
	if (en->is_signed) {
		if (!EAT(&t, ",\"signature\":\"") || !base64_get(en->sig, VKEY_SIGNATURE, &len, t.p,
		    BASE64_LEN(VKEY_SIGNATURE)) || len != VKEY_SIGNATURE)
			return false;
		t.p += BASE64_LEN(VKEY_SIGNATURE);
		if (!EAT(&t, "\""))
			return false;
	}
	if (!EAT(&t, "}") || t.p != t.end)
		return false;
	a->end -= n;
	en->body = (size_t)(a->end - line);
	return true;
}

bool
entry_read(struct entry *en, const char *line, size_t n, const char **why)
{
	return entry_read_next(en, NULL, line, n, why);
}

bool
entry_read_next(struct entry *en, const struct entry *last, const char *line, size_t n,
    const char **why)
{
	struct at a = { line, line + n };

	if (!head(&a, en, last, why) || !tail(&a, en, line, why))
		return false;
	*why = "its payload is no object under the name of its event_type";
	if (!EAT(&a, ",\"") || !eat(&a, en->type.p, en->type.n) || !EAT(&a, "\":"))
		return false;
	en->payload.p = a.p;
	en->payload.n = (size_t)(a.end - a.p);
	return en->payload.n >= 2 && a.p[0] == '{' && a.end[-1] == '}';
}

void
entry_hashes(const char *line, size_t n, size_t body, struct merkle_hash *digest,
    struct merkle_hash *whole)
{
	struct entry_sums v = { .line = line, .n = n, .body = body };

	entry_hashes_beside(&v, 1);
	*digest = v.digest;
	*whole = v.whole;
}

void
entry_hashes_beside(struct entry_sums *v, unsigned n)
{
	struct lane l[2 * ENTRY_SIDES];

	for (unsigned i = 0; i < n; i++) {
		lane_begin(&l[i]);
		lane_feed(&l[i], v[i].line, v[i].body / LANE_BLOCK);
	}
	lanes_run(l, n);
	/* from here on the digest goes its own way, beside the line's */
	for (unsigned i = 0; i < n; i++) {
		const char *line = v[i].line;
		size_t at = v[i].body / LANE_BLOCK * LANE_BLOCK;

		lane_fork(&l[n + i], &l[i]);
		lane_last(&l[n + i], line + at, v[i].body - at, v[i].body);
		lane_feed(&l[i], line + at, (v[i].n - at) / LANE_BLOCK);
	}
	lanes_run(l, 2 * n);
	for (unsigned i = 0; i < n; i++) {
		size_t at = v[i].n / LANE_BLOCK * LANE_BLOCK;

		lane_last(&l[i], v[i].line + at, v[i].n - at, v[i].n);
		lane_digest(&l[n + i], v[i].digest.b);
	}
	lanes_run(l, n);
	for (unsigned i = 0; i < n; i++)
		lane_digest(&l[i], v[i].whole.b);
}

void
entry_signed_text(char dst[ENTRY_SIGNED_TEXT], const struct merkle_hash *digest)
{
	memcpy(dst, "otkit-record/v1\n", 16);
	hex_put(dst + 16, digest->b, MERKLE_HASH);
	dst[16 + 64] = '\n';
}

static size_t
put(char *dst, size_t at, const char *p, size_t n)
{
	memcpy(dst + at, p, n);
	return at + n;
}
#define PUT(at, text) put(dst, (at), (text), sizeof(text) - 1)

size_t
entry_put_body(char *dst, const struct entry *en)
{
	size_t n = PUT(0, "{\"timestamp\":\"");
	const char *clock = entry_clock_names[en->clock];

	n += stamp_put(dst + n, en->time);
	n = PUT(n, "\",\"event_type\":\"");
	n = put(dst, n, en->type.p, en->type.n);
	n += (size_t)snprintf(dst + n, 32, "\",\"seq\":%" PRIu64, en->seq);
	n = PUT(n, ",\"clock\":\"");
	n = put(dst, n, clock, strlen(clock));
	n = PUT(n, "\",\"author\":\"");
	n = put(dst, n, en->author.p, en->author.n);
	if (en->is_signed)
		n += (size_t)snprintf(dst + n, 32, "\",\"key\":\"%08x", en->key);
	n = PUT(n, "\",\"prev\":\"");
	n += hex_put(dst + n, en->prev.b, MERKLE_HASH);
	n = PUT(n, "\",\"");
	n = put(dst, n, en->type.p, en->type.n);
	n = PUT(n, "\":");
	return put(dst, n, en->payload.p, en->payload.n);
}

size_t
entry_put_end(char *dst, const struct entry *en)
{
	size_t n = PUT(0, ",\"digest\":\"");

	n += hex_put(dst + n, en->digest.b, MERKLE_HASH);
	if (en->is_signed) {
		n = PUT(n, "\",\"signature\":\"");
		n += base64_put(dst + n, en->sig, VKEY_SIGNATURE);
	}
	return PUT(n, "\"}");
}
