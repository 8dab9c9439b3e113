#include "proto/headers.h"

#include "base/ascii.h"
#include "proto/proto.h"
#include "proto/sysdescr.h"

#include <strings.h>

enum headers_start
headers_start(const struct rd *r, const char *version)
{
	uint32_t n = rd_have(r), v = (uint32_t)strlen(version), i = 0, end;
	const uint8_t *p = rd_at(r), *nl;

	if (!n)
		return HEADERS_MAYBE;
	if (memcmp(p, version, n < v ? n : v) == 0) {
		if (n < v + 4)
			return HEADERS_MAYBE;
		return p[v] == ' ' && p[v + 1] >= '1' && p[v + 1] <= '9' && ascii_digit(p[v + 2]) ?
		    HEADERS_RESPONSE : HEADERS_NOT;
	}
	while (i < n && i < 24 && (ascii_upper(p[i]) || p[i] == '_' || p[i] == '-'))
		i++;
	if (i == n)
		return i < 24 ? HEADERS_MAYBE : HEADERS_NOT;
	if (i < 3 || p[i] != ' ')
		return HEADERS_NOT;
	nl = memchr(p, '\n', n);
	if (!nl) {
		for (; i < n; i++)
			if (p[i] < ' ' || p[i] > '~')
				return p[i] == '\r' && i + 1 == n ? HEADERS_MAYBE : HEADERS_NOT;
		return n < 1024 ? HEADERS_MAYBE : HEADERS_NOT;
	}
	end = (uint32_t)(nl - p);
	if (end && p[end - 1] == '\r')
		end--;
	return end > i + v + 2 && p[end - v - 1] == ' ' && memcmp(p + end - v, version, v) == 0 ?
	    HEADERS_REQUEST : HEADERS_NOT;
}

uint32_t
headers_length(const struct rd *r, uint32_t max)
{
	uint32_t have = rd_have(r), at = 0;
	const uint8_t *p = rd_at(r), *nl;

	if (have > max)
		have = max;
	while (at < have && (nl = memchr(p + at, '\n', have - at))) {
		uint32_t n = (uint32_t)(nl - p);
		/* an empty line behind the first */
		if (at && (n == at || (n == at + 1 && p[at] == '\r')))
			return n + 1;
		at = n + 1;
	}
	return 0;
}

struct text
headers_text(const struct rd *r)
{
	uint32_t n = rd_have(r);

	return (struct text){ (const char *)rd_at(r), n };
}

bool
headers_line(struct text *t, struct text *line)
{
	const char *nl = t->n ? memchr(t->p, '\n', t->n) : NULL;
	uint32_t n = nl ? (uint32_t)(nl - t->p) : t->n, took = nl ? n + 1 : n;

	if (!t->n)
		return false;
	while (n && t->p[n - 1] == '\r')
		n--;
	*line = (struct text){ t->p, n };
	t->p += took;
	t->n -= took;
	return true;
}

bool
headers_next(struct text *t, struct header *h)
{
	struct text line;
	const char *colon;
	uint32_t n;

	while (headers_line(t, &line) && line.n) {
		colon = memchr(line.p, ':', line.n);
		if (!colon || colon == line.p)
			continue;
		n = (uint32_t)(colon - line.p);
		h->name = (struct text){ line.p, n };
		while (h->name.n && h->name.p[h->name.n - 1] == ' ')
			h->name.n--;
		h->value = text_trim(colon + 1, line.n - n - 1);
		return true;
	}
	return false;
}

struct text
headers_word(struct text *t)
{
	struct text w;
	uint32_t n = 0;

	if (!t->n)
		return *t;
	while (t->n && *t->p == ' ') {
		t->p++;
		t->n--;
	}
	while (n < t->n && t->p[n] != ' ')
		n++;
	w = (struct text){ t->p, n };
	t->p += n;
	t->n -= n;
	return w;
}

uint8_t
headers_keep(char *d, uint32_t room, struct text t)
{
	uint32_t n = t.n < room ? t.n : room;

	if (n)
		memcpy(d, t.p, n);
	return (uint8_t)n;
}

bool
text_number(struct text t, uint64_t *v)
{
	uint32_t i = 0;

	for (*v = 0; i < t.n && ascii_digit(t.p[i]); i++) {
		if (i == 18)
			return false;
		*v = *v * 10 + (uint64_t)(t.p[i] - '0');
	}
	return i > 0;
}

/* ---- targets ---- */

static const char *
find_any(struct text t, const char *set)
{
	for (uint32_t i = 0; i < t.n; i++)
		if (t.p[i] && strchr(set, t.p[i]))
			return t.p + i;
	return NULL;
}

/* Behind "scheme://", or the text itself. */
static bool
past_scheme(struct text *t)
{
	for (uint32_t i = 0; i + 2 < t->n && i < 12; i++) {
		if (t->p[i] != ':')
			continue;
		if (t->p[i + 1] != '/' || t->p[i + 2] != '/')
			return false;
		t->p += i + 3;
		t->n -= i + 3;
		return true;
	}
	return false;
}

struct text
url_host(struct text url, bool *has_secret)
{
	const char *end, *at = NULL;

	*has_secret = false;
	past_scheme(&url);
	end = find_any(url, "/?#");
	if (end)
		url.n = (uint32_t)(end - url.p);
	for (uint32_t i = 0; i < url.n; i++)
		if (url.p[i] == '@')
			at = url.p + i;
	if (at) {
		*has_secret = memchr(url.p, ':', (size_t)(at - url.p)) != NULL;
		url.n -= (uint32_t)(at + 1 - url.p);
		url.p = at + 1;
	}
	if (url.n && url.p[0] == '[') {         /* IPv6 */
		end = memchr(url.p, ']', url.n);
		return end ? (struct text){ url.p + 1, (uint32_t)(end - url.p - 1) } :
		    (struct text){ 0 };
	}
	end = url.n ? memchr(url.p, ':', url.n) : NULL;
	if (end)
		url.n = (uint32_t)(end - url.p);
	return url;
}

/* What may be somebody's number or a key to something. */
static bool
is_private(const char *p, uint32_t n)
{
	uint32_t digits = 0, letters = 0;
	bool dot = false;

	for (uint32_t i = 0; i < n; i++) {
		digits += ascii_digit(p[i]);
		letters += ascii_letter(p[i]);
		dot |= p[i] == '.' || p[i] == '@';
		if (p[i] == '@')
			return true;
	}
	if (digits >= 6 && digits >= letters)
		return !dot || digits > 10;
	return n >= 20 && !dot && digits > 1 && letters;
}

/* What is behind this is called after somebody. */
static bool
is_home_of(struct text segment)
{
	static const char *const names[] = { "home", "homes", "user", "users", "person", "persons",
		"patient", "patients" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is(segment, names[i]))
			return true;
	return false;
}

struct text
url_path(struct text url, char *buf, uint32_t n, unsigned *params)
{
	struct text t = url;
	const char *end;
	uint32_t at = 0, i = 0, k;
	bool home = false;

	*params = 0;
	if (past_scheme(&t)) {
		end = find_any(t, "/?#");
		k = end ? (uint32_t)(end - t.p) : t.n;
		t.p += k;
		t.n -= k;
	}
	end = find_any(t, "?#");
	if (end) {
		struct text q = { end + 1, t.n - (uint32_t)(end - t.p) - 1 };

		t.n -= q.n + 1;
		*params = *end == '?' && q.n;
		for (k = 0; k < q.n && *params; k++)
			*params += q.p[k] == '&' || q.p[k] == ';';
	}
	while (i < t.n) {
		uint32_t len = 0, keep;

		if (t.p[i] == '/') {
			if (at == n)
				break;
			buf[at++] = '/';
			i++;
			continue;
		}
		while (i + len < t.n && t.p[i + len] != '/')
			len++;
		for (keep = 0; keep < len && t.p[i + keep] != ';'; keep++)
			;
		if (home || t.p[i] == '~' || is_private(t.p + i, keep)) {
			if (at == n)
				break;
			buf[at++] = '*';
		} else {
			if (keep > n - at)
				keep = n - at;
			memcpy(buf + at, t.p + i, keep);
			at += keep;
		}
		home = is_home_of((struct text){ t.p + i, keep });
		i += len;
	}
	if (!at && n)
		buf[at++] = '/';
	return (struct text){ buf, at };
}

int
form_secret(struct text form)
{
	static const struct { const char *name; enum cred_kind kind; } names[] = {
		{ "password", CRED_PASSWORD }, { "passwd", CRED_PASSWORD },
		{ "pwd", CRED_PASSWORD }, { "pass", CRED_PASSWORD }, { "pin", CRED_PASSWORD },
		{ "passphrase", CRED_PASSWORD },
		{ "loginpassword", CRED_PASSWORD }, { "psw", CRED_PASSWORD },
		{ "token", CRED_TOKEN }, { "access_token", CRED_TOKEN }, { "api_key", CRED_TOKEN },
		{ "apikey", CRED_TOKEN }, { "client_secret", CRED_PASSWORD },
		{ "refresh_token", CRED_TOKEN }, { "api-key", CRED_TOKEN },
	};
	uint32_t i = 0;

	while (i < form.n) {
		struct text key = { form.p + i, 0 };
		bool json;

		while (i < form.n && form.p[i] != '=' && form.p[i] != '&' && form.p[i] != ':')
			i++;
		key.n = (uint32_t)(form.p + i - key.p);
		/* a key of a form, of JSON, or of a part of a form in parts */
		json = i < form.n && form.p[i] == ':';
		for (uint32_t k = 0; k < key.n; k++)
			if (key.p[k] == '{' || key.p[k] == ',' || key.p[k] == '?') {
				key.p += k + 1;
				key.n -= k + 1;
				k = UINT32_MAX;
			}
		key = text_trim(key.p, key.n);
		if (json && key.n > 2 && key.p[0] == '"' && key.p[key.n - 1] == '"')
			key = (struct text){ key.p + 1, key.n - 2 };
		if (i + 1 < form.n && form.p[i] != '&' && form.p[i + 1] != '&')
			for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
				if (text_is(key, names[k].name))
					return (int)names[k].kind;
		while (i < form.n && form.p[i] != '&' && !(json && form.p[i] == ','))
			i++;
		i++;
	}
	return -1;
}
