/* oscal_text.c: the small data types of OSCAL: uuid, string, markup, date-time, href. */
#include "report/oscal_impl.h"

#include "base/hex.h"
#include "base/stamp.h"
#include "base/sum.h"
#include "base/utf8.h"

#include <string.h>

/* uuid5(NAMESPACE_URL, OSCAL_NS) */
static const uint8_t name_space[16] = { 0x47, 0x10, 0x55, 0xfe, 0x5f, 0xe0, 0x5a, 0xad, 0x84, 0x14,
	0x40, 0xcb, 0x5b, 0x0a, 0x86, 0xed };

const char *
oscal_site(const struct gap *g)
{
	return g->site && g->site->key ? g->site->key : "";
}

const char *
oscal_uuid(char dst[OSCAL_UUID], const char *scope, const char *kind, const char *id)
{
	uint8_t md[SUM_MAX];
	struct sum s;
	size_t at = 0;

	sum_begin(&s, SUM_SHA1);
	sum_add(&s, name_space, sizeof(name_space));
	sum_add(&s, scope, strlen(scope));
	sum_add(&s, "/", 1);
	sum_add(&s, kind, strlen(kind));
	sum_add(&s, "/", 1);
	sum_add(&s, id, strlen(id));
	sum_end(&s, md);
	md[6] = (uint8_t)((md[6] & 0x0f) | 0x50);
	md[8] = (uint8_t)((md[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			dst[at++] = '-';
		at += hex_put(dst + at, md + i, 1);
	}
	dst[at] = '\0';
	return dst;
}

/* Bytes of the character at s when it is no more than a blank to ECMAScript's \s, or a control
 * character: the schema's patterns know them as such. */
static size_t
blank(const char *s)
{
	static const char *const wide[] = { "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\xa8",
		"\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", "\xef\xbb\xbf" };

	if ((unsigned char)*s <= ' ' || *s == 0x7f)
		return *s != '\0';
	if (s[0] == '\xc2' && (unsigned char)s[1] >= 0x80 && (unsigned char)s[1] < 0xa0)
		return 2;               /* C1 */
	if (s[0] == '\xe2' && s[1] == '\x80' && (unsigned char)s[2] >= 0x80 &&
	    (unsigned char)s[2] <= 0x8a)
		return 3;
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (strncmp(s, wide[i], strlen(wide[i])) == 0)
			return strlen(wide[i]);
	return 0;
}

/* Blanks at the ends go; inside, the no-break space stays and every other is a space. */
static json_t *
one_line(const char *s, const char *escape)
{
	char *text = s ? malloc(2 * strlen(s) + 1) : NULL, *q = text, *end = text;
	json_t *v = NULL;
	size_t n;

	if (!text)
		return NULL;
	for (; *s; s += n) {
		if ((n = blank(s)) != 0) {
			if (q > text && *s == '\xc2' && s[1] == '\xa0') {
				memcpy(q, s, n);
				q += n;
			} else if (q > text) {
				*q++ = ' ';
			}
			continue;
		}
		if ((n = utf8_len((const uint8_t *)s, strlen(s))) == 0) {
			n = 1;          /* no text from outside gets here unchecked */
			continue;
		}
		if (n == 1 && strchr(escape, *s))
			*q++ = '\\';
		memcpy(q, s, n);
		q += n;
		end = q;
	}
	*end = '\0';
	if (end > text)
		v = json_string(text);
	free(text);
	return v;
}

json_t *
oscal_string(const char *s)
{
	return one_line(s, "");
}

json_t *
oscal_markup(const char *s)
{
	return one_line(s, "\\`*_~^<>[]{}");
}

json_t *
oscal_time(int64_t us)
{
	char t[STAMP_TEXT];

	stamp_put(t, us);
	memcpy(t + 26, "Z", 2);         /* RFC 3339 has no "+0000" */
	return json_string(t);
}

json_t *
oscal_href(const char *file)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	const char *base = strrchr(file, '/');
	char dst[1024];
	size_t n = 0;

	for (base = base && base[1] ? base + 1 : file; *base && n + 4 < sizeof(dst); base++)
		if (strchr(plain, *base))
			dst[n++] = *base;
		else
			n += (size_t)snprintf(dst + n, 4, "%%%02X", (unsigned char)*base);
	dst[n] = '\0';
	return json_string(dst);
}

void
oscal_prop(json_t *props, const char *name, bool own, const char *class, const char *value)
{
	json_t *v = oscal_string(value), *o = v ? json_object() : NULL;

	if (!o) {
		json_decref(v);
		return;
	}
	json_object_set_new(o, "name", json_string(name));
	if (own)
		json_object_set_new(o, "ns", json_string(OSCAL_NS));
	json_object_set_new(o, "value", v);
	if (class)
		json_object_set_new(o, "class", json_string(class));
	json_array_append_new(props, o);
}

void
oscal_list(json_t *o, const char *key, json_t *list)
{
	if (json_array_size(list) > 0)
		json_object_set_new(o, key, list);
	else
		json_decref(list);
}

const char *
oscal_word(const struct oscal *x, const char *key)
{
	return rules_word(x->g->rules, key, x->g->lang);
}
