#include "chain/note.h"

#include "base/utf8.h"
#include "chain/base64.h"

#include <inttypes.h>
#include <string.h>

static const char dash[] = "\xe2\x80\x94 ";     /* U+2014 and a blank */
enum { DASH = sizeof(dash) - 1 };

/* One signature line, without its LF. */
static bool
signature(struct note_sig *s, const char *p, size_t n, struct err *e)
{
	uint8_t raw[4 + NOTE_SIG_MAX];
	const char *blank;
	size_t len;

	if (n < DASH || memcmp(p, dash, DASH) != 0 ||
	    (blank = memchr(p + DASH, ' ', n - DASH)) == NULL)
		return err_set(e, "a signature's line is no \"\xe2\x80\x94 name base64\"");
	s->name = p + DASH;
	s->name_n = (size_t)(blank - s->name);
	if (!vkey_name_ok(s->name, s->name_n))
		return err_set(e, "a signature's name is none");
	if (!base64_get(raw, sizeof(raw), &len, blank + 1, n - (size_t)(blank + 1 - p)) || len < 5)
		return err_set(e, "the signature of %.*s is not base64 of 5 to %zu bytes",
		    (int)s->name_n, s->name, sizeof(raw));
	s->id = (uint32_t)raw[0] << 24 | (uint32_t)raw[1] << 16 | (uint32_t)raw[2] << 8 | raw[3];
	s->n = len - 4;
	memcpy(s->sig, raw + 4, s->n);
	return true;
}

bool
note_parse(struct note *t, const char *p, size_t n, struct err *e)
{
	size_t at, end;

	t->nsigs = 0;
	if (n > NOTE_MAX)
		return err_set(e, "a signed note is at most %d bytes", NOTE_MAX);
	if (n == 0 || p[n - 1] != '\n' || !utf8_valid(p, n))
		return err_set(e, "no signed note: UTF-8 lines are expected, each with its end");
	for (size_t i = 0; i < n; i++)
		if ((uint8_t)p[i] < ' ' && p[i] != '\n')
			return err_set(e, "no signed note: there is a control character in it");
	/* the last empty line separates: a signature's line is never empty */
	for (at = n - 1; at > 0 && !(p[at - 1] == '\n' && p[at] == '\n'); at--)
		;
	if (at == 0)
		return err_set(e, "no signed note: no empty line before the signatures");
	t->text = p;
	t->n = at;
	for (at++; at < n; at = end + 1) {
		end = (size_t)((const char *)memchr(p + at, '\n', n - at) - p);
		if (t->nsigs == NOTE_SIGNATURES)
			return err_set(e, "more than %d signatures", NOTE_SIGNATURES);
		t->sig[t->nsigs].line = p + at;
		t->sig[t->nsigs].line_n = end + 1 - at;
		if (!signature(&t->sig[t->nsigs++], p + at, end - at, e))
			return false;
	}
	return t->nsigs > 0 || err_set(e, "no signed note: no signature under it");
}

size_t
note_cosigned(char *dst, size_t cap, uint64_t at, const char *text, size_t n)
{
	int head = snprintf(dst, cap, "cosignature/v1\ntime %" PRIu64 "\n", at);

	if (head < 0 || (size_t)head + n > cap)
		return 0;
	memcpy(dst + head, text, n);
	return (size_t)head + n;
}

static bool
holds(const struct note *t, const struct note_sig *s, const struct vkey *k, uint64_t *at)
{
	char *text;
	size_t n;
	bool good;

	*at = 0;
	if (k->type == VKEY_ED25519)
		return s->n == VKEY_SIGNATURE && vkey_holds(k, t->text, t->n, s->sig);
	if (s->n != 8 + VKEY_SIGNATURE || (text = malloc(t->n + 64)) == NULL)
		return false;
	for (int i = 0; i < 8; i++)
		*at = *at << 8 | s->sig[i];
	n = note_cosigned(text, t->n + 64, *at, t->text, t->n);
	good = n > 0 && vkey_holds(k, text, n, s->sig + 8);
	free(text);
	return good;
}

enum note_verdict
note_check(const struct note *t, const struct vkey *k, uint64_t *at)
{
	enum note_verdict v = NOTE_UNKNOWN;
	uint64_t time;

	if (at != NULL)
		*at = 0;
	for (unsigned i = 0; i < t->nsigs; i++) {
		const struct note_sig *s = &t->sig[i];

		if (s->id != k->id || s->name_n != strlen(k->name) ||
		    memcmp(s->name, k->name, s->name_n) != 0)
			continue;
		if (!holds(t, s, k, &time))
			return NOTE_FALSE;
		v = NOTE_HOLDS;
		if (at != NULL && time > *at)
			*at = time;
	}
	return v;
}

size_t
note_line(char *dst, const struct vkey *k, const uint8_t *sig, size_t n)
{
	uint8_t raw[4 + NOTE_SIG_MAX];
	size_t at = DASH, name = strlen(k->name);

	memcpy(dst, dash, DASH);
	memcpy(dst + at, k->name, name);
	at += name;
	dst[at++] = ' ';
	for (int i = 0; i < 4; i++)
		raw[i] = (uint8_t)(k->id >> (24 - 8 * i));
	memcpy(raw + 4, sig, n);
	at += base64_put(dst + at, raw, 4 + n);
	dst[at++] = '\n';
	dst[at] = '\0';
	return at;
}
