/* site_value.c: single values, each with what is expected of it. */
#include "model/site_impl.h"

#include "base/stamp.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

const char *
site_shown(char dst[SITE_SHOWN], const json_t *v)
{
	char *text = json_is_object(v) ? NULL : json_is_array(v) ? NULL :
	    json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
	size_t n = text ? strlen(text) : 0;

	if (n < SITE_SHOWN) {
		snprintf(dst, SITE_SHOWN, "%s", text ? text : json_is_object(v) ? "an object" :
		    json_is_array(v) ? "a list" : "this");
	} else {
		/* cut between characters */
		for (n = SITE_SHOWN - 5; n > 0 && ((uint8_t)text[n] & 0xc0) == 0x80; n--)
			;
		snprintf(dst, SITE_SHOWN, "%.*s...\"", (int)n, text);
	}
	free(text);
	return dst;
}

const char *
site_list_put(char *dst, size_t cap, const char *const *words, size_t n)
{
	size_t k = 0;

	dst[0] = 0;
	for (size_t i = 0; i < n && k < cap; i++)
		k += (size_t)snprintf(dst + k, cap - k, "%s%s", !i ? "" : i + 1 < n ? ", " : " or ",
		    words[i]);
	return dst;
}

/* Letters that differ, are too many or too few; past 2 it does not matter how many. */
static unsigned
distance(const char *a, const char *b)
{
	enum { LONGEST = 40 };
	unsigned row[LONGEST + 1], old, next;
	size_t n = strlen(a), m = strlen(b);

	if (n > LONGEST || m > LONGEST)
		return 9;
	for (size_t j = 0; j <= m; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		old = row[0]++;
		for (size_t j = 1; j <= m; j++) {
			next = old + (a[i - 1] != b[j - 1]);
			old = row[j];
			if (row[j] + 1 < next)
				next = row[j] + 1;
			if (row[j - 1] + 1 < next)
				next = row[j - 1] + 1;
			row[j] = next;
		}
	}
	return row[m];
}

const char *
site_meant(const char *word, const char *const *words, size_t n)
{
	const char *best = NULL;
	unsigned least = strlen(word) < 4 ? 2 : 3, d;

	for (size_t i = 0; i < n; i++)
		if ((d = distance(word, words[i])) < least) {
			least = d;
			best = words[i];
		}
	return best;
}

/* ---- kinds ------------------------------------------------------------------ */

static bool
expect(struct site_at *a, const json_t *v, const char *what, const char *expected)
{
	char shown[SITE_SHOWN];

	return site_bad(a, "%s is not %s: expected %s", site_shown(shown, v), what, expected);
}

static bool
read_words(struct site_at *a, const json_t *v, struct site_words *w)
{
	const json_t *t;
	const char *k;
	bool more = true;

	if (json_is_string(v)) {
		w->sv = w->en = json_string_value(v);
		return true;
	}
	if (!json_is_object(v))
		return expect(a, v, "a text", "a text, or {\"sv\": \"...\", \"en\": \"...\"}");
	json_object_foreach((json_t *)v, k, t) {
		site_in(a, k);
		if (strcmp(k, "sv") != 0 && strcmp(k, "en") != 0)
			more = site_bad_name(a, "unknown language: expected sv or en");
		else if (!json_is_string(t))
			more = expect(a, t, "a text", "a text in this language");
		else if (*k == 's')
			w->sv = json_string_value(t);
		else
			w->en = json_string_value(t);
		site_out(a);
		if (!more)
			return false;
	}
	return true;
}

static bool
read_enum(struct site_at *a, const struct site_member *m, const json_t *v, const char **dst)
{
	const char *const *words = m->more, *s = json_string_value(v), *meant;
	char list[320], shown[SITE_SHOWN];
	size_t n = 0;

	while (words[n] && (!s || strcmp(words[n], s) != 0))
		n++;
	if (words[n]) {
		*dst = s;
		return true;
	}
	meant = s ? site_meant(s, words, n) : NULL;
	return site_bad(a, "%s is unknown here: expected %s%s%s%s", site_shown(shown, v),
	    site_list_put(list, sizeof(list), words, n), meant ? " (is \"" : "",
	    meant ? meant : "", meant ? "\" meant?)" : "");
}

static bool
number(const json_t *v, double least, double most)
{
	/* what is no number is 0 here, and NaN is in no range */
	return json_is_number(v) && json_number_value(v) >= least && json_number_value(v) <= most;
}

static bool
klassa(struct site_klassa *k, const char *s)
{
	if (!s || strlen(s) != 8 || s[0] != 'K' || s[2] != '/' || s[3] != 'R' || s[5] != '/' ||
	    s[6] != 'T' || s[1] < '0' || s[1] > '4' || s[4] < '0' || s[4] > '4' || s[7] < '0' ||
	    s[7] > '4')
		return false;
	*k = (struct site_klassa){ (int8_t)(s[1] - '0'), (int8_t)(s[4] - '0'), (int8_t)(s[7] - '0'),
		s };
	return true;
}

static size_t
run_of(const char *s, bool upper)
{
	return strspn(s, upper ?
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/" :
	    "0123456789abcdef");
}

/* NAME+8 digits+base64 of 33 bytes; that the digits fit the rest is seen where it is used. */
static bool
is_key(const char *s)
{
	const char *plus = s ? strchr(s, '+') : NULL;

	return plus && plus > s && run_of(plus + 1, false) == 8 && plus[9] == '+' &&
	    run_of(plus + 10, true) == 44 && !plus[54];
}

/* Base64 of 64 bytes. */
static bool
is_signature(const char *s)
{
	return s && run_of(s, true) == 86 && strcmp(s + 86, "==") == 0;
}

static bool
is_digest(const char *s)
{
	return s && strncmp(s, "sha256:", 7) == 0 && run_of(s + 7, false) == 64 && !s[71];
}

static bool
is_email(const char *s)
{
	const char *at = s ? strchr(s, '@') : NULL;

	return at && at > s && at[1] && !strchr(at + 1, '@') && !s[strcspn(s, " \t\r\n<>,;")];
}

static bool
read_date(struct site_at *a, const json_t *v, struct site_date *d)
{
	const char *s = json_string_value(v);

	if (!s || !stamp_parse(&d->us, s, strlen(s)))
		return expect(a, v, "a date", "a day of the calendar, such as 2026-11-22");
	d->text = s;
	return true;
}

static bool
read_flags(struct site_at *a, const json_t *v, bool days)
{
	char shown[SITE_SHOWN];
	const json_t *x;
	const char *k;
	bool more = true;

	if (!json_is_object(v))
		return expect(a, v, "an object", days ? "{\"ITEM\": DAYS, ...}" :
		    "{\"FACT\": true, ...}");
	json_object_foreach((json_t *)v, k, x) {
		if (strncmp(k, "x-", 2) == 0)
			continue;
		site_in(a, k);
		if (days && !(json_is_integer(x) && number(x, 1, 36600)))
			more = site_bad(a, "%s is not a number of days: expected 1 to 36600",
			    site_shown(shown, x));
		else if (!days && !json_is_boolean(x))
			more = expect(a, x, "an answer", "true or false");
		site_out(a);
		if (!more)
			return false;
	}
	return true;
}

bool
site_read_value(struct site_at *a, const struct site_member *m, const json_t *v, void *dst)
{
	const char *s = json_string_value(v);
	bool fits;

	switch (m->kind) {
	case K_ID:
		if (s && (strcmp(s, "internet") == 0 || strcmp(s, "*") == 0))
			return site_bad(a, "\"%s\" is a word with a meaning of its own: expected "
			    "another id", s);
		/* fallthrough */
	case K_TEXT:
		if (!s || !*s)
			return expect(a, v, "a text", "a text that is not empty");
		break;
	case K_WORDS:
		return read_words(a, v, dst);
	case K_COUNT:
		if (!number(v, 0, 9e15))
			return json_is_number(v) ?
			    expect(a, v, "in the range", "a number from 0 to 9e15") :
			    expect(a, v, "a number", "a number that is not negative, without "
				"quotes");
		*(int64_t *)dst = (int64_t)json_number_value(v);
		return true;
	case K_LEVEL:
		if (!number(v, 0, 5))
			return expect(a, v, "a level", "a number from 0 to 5");
		*(double *)dst = json_number_value(v);
		return true;
	case K_SL:
		if (!json_is_integer(v) || !number(v, 0, 4))
			return expect(a, v, "a security level", "0, 1, 2, 3 or 4 (IEC 62443)");
		*(int *)dst = (int)json_integer_value(v);
		return true;
	case K_SHARE:
		if (!number(v, 0.25, 0.5))
			return expect(a, v, "a partner's share", "a number from 0.25 to 0.5 (more "
			    "makes it a linked enterprise, less none)");
		*(double *)dst = json_number_value(v);
		return true;
	case K_TRI:
		if (!json_is_boolean(v))
			return expect(a, v, "an answer", "true or false, without quotes");
		*(enum site_tri *)dst = json_is_true(v) ? SITE_YES : SITE_NO;
		return true;
	case K_DATE:
		return read_date(a, v, dst);
	case K_YEAR:
		if (!json_is_integer(v) || !number(v, 2000, 2199))
			return expect(a, v, "a year", "a number such as 2025");
		*(int64_t *)dst = (int64_t)json_integer_value(v);
		return true;
	case K_KLASSA:
		if (!klassa(dst, s))
			return expect(a, v, "a KLASSA triple", "levels from 0 to 4, such as "
			    "K2/R3/T2");
		return true;
	case K_COUNTRY:
		if (!s || strlen(s) != 2 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z')
			return expect(a, v, "a country", "two capital letters (ISO 3166), such as "
			    "SE");
		break;
	case K_ZONENAME:
		if (!s || !site_timezone(s, 0, NULL))
			return expect(a, v, "a time zone", "one of Europe, such as "
			    "Europe/Stockholm, or UTC");
		break;
	case K_KEY:
		if (!is_key(s))
			return expect(a, v, "a verifier key", "NAME+8 digits+key, as calchain "
			    "keygen prints it");
		break;
	case K_DIGEST:
		if (!is_digest(s))
			return expect(a, v, "a digest", "sha256: and 64 hexadecimal digits");
		break;
	case K_SIGNATURE:
		if (!is_signature(s))
			return expect(a, v, "a signature", "base64 of 64 bytes: 88 characters");
		break;
	case K_EMAIL:
		if (!is_email(s))
			return expect(a, v, "an address", "one such as eva.lind@lab.example");
		break;
	case K_ENUM:
		return read_enum(a, m, v, dst);
	case K_VERSION:
		fits = json_is_integer(v) && json_integer_value(v) == 1;
		return fits || expect(a, v, "a version this program reads", "1");
	case K_DAYS: case K_PASCALS: case K_SECONDS:
		fits = number(v, 0, m->kind == K_PASCALS ? 1000 : m->kind == K_DAYS ? 36600 :
		    86400);
		return fits || expect(a, v, m->kind == K_DAYS ? "a number of days" :
		    m->kind == K_PASCALS ? "a pressure" : "a delay",
		    m->kind == K_DAYS ? "0 to 36600" :
		    m->kind == K_PASCALS ? "0 to 1000 pascals" : "0 to 86400 seconds");
	case K_REVIEWS: case K_FACTS:
		if (dst)
			*(const json_t **)dst = v;
		return read_flags(a, v, m->kind == K_REVIEWS);
	default:
		return true;
	}
	*(const char **)dst = s;
	return true;
}
