#include "json/redact.h"

#include "base/addr.h"
#include "base/embed.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/sum.h"
#include "json/doc.h"
#include "json/jw.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 2048, CACHE = 4096, PSEUDONYM = 13, CASE_V4 = 4, CASE_V6 = 6, CASE_MAC = 1 };

/* Names of fields: "vendor", or with the one around it, "ot.service". */
enum fate { NONE, KEEP, VALUE, NUMBER, HIDE };
struct word { const char *s; uint32_t n; enum fate fate; };
/* Addresses made before: a bit of a pseudonym costs a digest. */
struct made { uint8_t kind, from[16], to[16]; };

struct redact {
	struct sum_keyed key;
	json_t *rules;                  /* the words point into it */
	struct word word[WORDS];
	struct made made[CACHE];
	char *out;
	size_t n, cap;
};

static struct word *
slot(struct redact *r, const char *s, size_t n)
{
	uint32_t at = hash32_bytes(HASH32_BEGIN, s, n) % WORDS;

	while (r->word[at].s && (r->word[at].n != n || memcmp(r->word[at].s, s, n) != 0))
		at = (at + 1) % WORDS;
	return &r->word[at];
}

static bool
take_words(struct redact *r, const char *list, enum fate fate, size_t *total)
{
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(r->rules, list), i, v) {
		const char *s = json_string_value(v);
		if (!s || ++*total > WORDS / 2)
			return false;
		*slot(r, s, strlen(s)) = (struct word){ s, (uint32_t)strlen(s), fate };
	}
	return i > 0;
}

struct redact *
redact_new(const void *key, size_t n, struct err *e)
{
	static const char name[] = "rules/redact.json";
	const struct embed *m = embed_find(name);
	struct redact *r;
	size_t total = 0;

	if (n < REDACT_KEY_MIN || n > REDACT_KEY_MAX) {
		err_set(e, "a key of %zu bytes: %d to %d are needed", n, REDACT_KEY_MIN,
		    REDACT_KEY_MAX);
		return NULL;
	}
	r = calloc(1, sizeof(*r));
	if (!r || !m) {
		err_set(e, "not enough memory");
		free(r);
		return NULL;
	}
	sum_key(&r->key, key, n);
	r->rules = doc_loadb(name, m->p, (size_t)(m->end - m->p), e);
	if (r->rules && !(take_words(r, "keep", KEEP, &total) &&
	    take_words(r, "values", VALUE, &total) &&
	    take_words(r, "numbers", NUMBER, &total) && take_words(r, "hide", HIDE, &total)))
		err_set(e, "%s: keep, values, numbers and hide are lists of names", name);
	if (e->text[0]) {
		redact_free(r);
		return NULL;
	}
	return r;
}

void
redact_free(struct redact *r)
{
	if (!r)
		return;
	json_decref(r->rules);
	free(r->out);
	explicit_bzero(&r->key, sizeof(r->key));
	free(r);
}

static void
put(struct redact *r, const char *s, size_t n)
{
	memcpy(r->out + r->n, s, n);
	r->n += n;
}

/* ---- addresses ----------------------------------------------------------------- */

/* Bits from `from` to `bits` of a, each turned or not by what stands before it: two
 * addresses that share a prefix still do (as Crypto-PAn does it). */
static void
turn_bits(struct redact *r, uint8_t kind, uint8_t *a, unsigned from, unsigned bits)
{
	uint8_t in[18] = { kind }, md[SUM_MAX], out[16];

	memcpy(out, a, bits / 8);
	for (unsigned i = from; i < bits; i++) {
		in[1] = (uint8_t)i;
		memset(in + 2, 0, 16);
		memcpy(in + 2, a, (i + 7) / 8);
		if (i % 8)
			in[2 + i / 8] &= (uint8_t)(0xff << (8 - i % 8));
		sum_keyed_of(&r->key, in, sizeof(in), md);
		out[i / 8] ^= (uint8_t)((md[0] & 1) << (7 - i % 8));
	}
	memcpy(a, out, bits / 8);
}

/* How many bits of an address say what kind it is and stay; all of them: it stays. */
static unsigned
fixed_bits(const struct addr *a)
{
	const uint8_t *b = a->b;
	static const uint8_t none[16];

	if (addr_multicast(a) || memcmp(b, none, a->v == 4 ? 4 : 15) == 0)
		return 128;
	if (a->v == 6)
		return addr_linklocal(a) ? 64 : (b[0] & 0xfe) == 0xfc ? 8 : 16;
	if (b[0] >= 224 || b[0] == 127)
		return 128;
	if (b[0] == 172 && (b[1] & 0xf0) == 16)
		return 12;
	return (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254) ? 16 :
	    b[0] == 100 && (b[1] & 0xc0) == 64 ? 10 : 8;
}

static void
turn(struct redact *r, uint8_t kind, uint8_t a[16], unsigned from, unsigned bits)
{
	uint32_t h = hash32_bytes(HASH32_BEGIN, a, 16) ^ kind;
	struct made *m = &r->made[h % CACHE];

	if (m->kind != kind || memcmp(m->from, a, 16) != 0) {
		m->kind = kind;
		memcpy(m->from, a, 16);
		turn_bits(r, kind, a, from, bits);
		memcpy(m->to, a, 16);
	}
	memcpy(a, m->to, 16);
}

/* True when the text was an address, whose pseudonym was put. */
static bool
put_address(struct redact *r, const char *s, size_t n)
{
	struct addr a;
	uint8_t mac[16] = { 0 };
	char t[ADDR_TEXT];
	bool public;
	unsigned fixed;

	if (n < ADDR_TEXT && memchr(s, n < 7 ? ':' : s[0], n) && addr_parse(&a, s, n)) {
		fixed = fixed_bits(&a);
		public = addr_public(&a);
		/* on and on until it is of the same kind again: still one to one */
		while (fixed < 128) {
			turn(r, a.v == 4 ? CASE_V4 : CASE_V6, a.b, fixed, a.v == 4 ? 32 : 128);
			if (addr_public(&a) == public)
				break;
		}
		put(r, t, addr_put(t, &a));
		return true;
	}
	if (n == MAC_TEXT - 1 && s[2] == ':' && mac_parse(mac, s, n)) {
		if (!(mac[0] & 1) && memcmp(mac, "\0\0\0\0\0", 6) != 0)
			turn(r, CASE_MAC, mac, 24, 48);
		put(r, t, mac_put(t, mac));
		return true;
	}
	return false;
}

/* ---- texts and values ---------------------------------------------------------- */

static void
put_pseudonym(struct redact *r, const char *s, size_t n)
{
	static const char dig[] = "0123456789abcdef";
	uint8_t md[SUM_MAX];
	char t[PSEUDONYM] = "~";

	sum_keyed_of(&r->key, s, n, md);
	for (unsigned i = 0; i < PSEUDONYM - 1; i++)
		t[1 + i] = dig[i % 2 ? md[i / 2] & 15 : md[i / 2] >> 4];
	put(r, t, sizeof(t));
}

static void
put_text(struct redact *r, enum fate fate, const char *s, size_t n)
{
	put(r, "\"", 1);
	if (!put_address(r, s, n)) {
		if (fate == KEEP)
			put(r, s, n);
		else
			put_pseudonym(r, s, n);
	}
	put(r, "\"", 1);
}

/* What stays a number: 51 bits, as a flow_id has them. */
static void
put_number(struct redact *r, const char *s, size_t n)
{
	uint8_t md[SUM_MAX];
	uint64_t v = 0;
	char t[24];

	sum_keyed_of(&r->key, s, n, md);
	for (unsigned i = 0; i < 8; i++)
		v = v << 8 | md[i];
	put(r, t, jw_dec(t, v >> 13));
}

/* A number or true and false: stays, but for values and what identifies a conversation. */
static void
put_scalar(struct redact *r, enum fate fate, const char *s, size_t n)
{
	if (fate == NUMBER) {
		put_number(r, s, n);
		return;
	}
	if (fate != VALUE) {
		put(r, s, n);
		return;
	}
	put(r, "\"", 1);
	put_pseudonym(r, s, n);
	put(r, "\"", 1);
}

/* ---- records ------------------------------------------------------------------- */

struct name { const char *s; size_t n; };

static enum fate
fate_of(struct redact *r, const struct name *around, const struct name *name)
{
	char t[160];
	const struct word *w;

	if (around->n && around->n + name->n + 1 < sizeof(t)) {
		memcpy(t, around->s, around->n);
		t[around->n] = '.';
		memcpy(t + around->n + 1, name->s, name->n);
		w = slot(r, t, around->n + 1 + name->n);
		if (w->s)
			return w->fate;
	}
	return slot(r, name->s, name->n)->fate;
}

/* A text behind its quote: where the closing one is. */
static const char *
text_end(const char *p, const char *end)
{
	while (p < end && *p != '"')
		p += *p == '\\' ? 2 : 1;
	return p < end ? p : end;
}

static void
one_line(struct redact *r, const char *p, const char *end)
{
	/* of each level: its member's name, and the name around it */
	struct name at[LIM_JSON_DEPTH + 2] = { { "", 0 } }, in[LIM_JSON_DEPTH + 2] = { { "", 0 } };
	bool object[LIM_JSON_DEPTH + 2] = { false };
	unsigned depth = 0;
	bool name = false;              /* a member's name is next, if it is an object */

	while (p < end) {
		const char *s = p, *q;
		enum fate fate;

		switch (*p) {
		case '{': case '[':
			if (depth < LIM_JSON_DEPTH) {
				depth++;
				object[depth] = *p == '{';
				at[depth] = at[depth - 1];
				/* an array's elements are called as it is */
				in[depth] = object[depth] ? at[depth - 1] : in[depth - 1];
			}
			name = true;
			put(r, p++, 1);
			break;
		case '}': case ']':
			depth -= depth > 0;
			put(r, p++, 1);
			break;
		case ',':
			name = true;
			put(r, p++, 1);
			break;
		case ':': case ' ': case '\t': case '\r': case '\n':
			put(r, p++, 1);
			break;
		case '"':
			q = text_end(++s, end);
			if (name && object[depth]) {
				at[depth] = (struct name){ s, (size_t)(q - s) };
				name = false;
				put(r, p, (size_t)(q - p) + (q < end));
			} else {
				put_text(r, fate_of(r, &in[depth], &at[depth]), s,
				    (size_t)(q - s));
			}
			p = q + (q < end);
			break;
		default:
			while (p < end && !strchr(",]}\n ", *p))
				p++;
			fate = fate_of(r, &in[depth], &at[depth]);
			put_scalar(r, fate, s, (size_t)(p - s));
		}
	}
}

const char *
redact_lines(struct redact *r, const char *lines, size_t n, size_t *len)
{
	const char *p = lines, *end = lines + n;
	/* the most that one byte becomes: a digit a pseudonym, in quotes */
	size_t want = n * (PSEUDONYM + 3) / 2 + ADDR_TEXT + 64;

	r->n = 0;
	if (want > r->cap) {
		char *more = realloc(r->out, want);
		if (!more)
			return NULL;
		r->out = more;
		r->cap = want;
	}
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl + 1 : end;
		one_line(r, p, stop);
		p = stop;
	}
	*len = r->n;
	return r->out;
}
