/* register_head.c: what columns are called, and words that stand for yes, no and nothing. */
#include "model/register_impl.h"

#include "base/ascii.h"
#include "base/embed.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "json/doc.h"

#include <string.h>

enum { FOLDED = 256 };

/* U+00C0 to U+00FF without their accents; 0: no letter of ours. */
static const char plain[64 + 1] = "aaaaaaaceeeeiiiidnooooo\0ouuuuyps"
    "aaaaaaaceeeeiiiidnooooo\0ouuuuypy";

size_t
reg_fold(char *dst, size_t cap, const char *s)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t left = strlen(s), n = 0, k;
	char c;

	for (; left && n + 1 < cap; p += k, left -= k) {
		c = 0;
		if (!(k = utf8_len(p, left)))
			k = 1;
		if (k == 1 && (ascii_letter(*p) || ascii_digit(*p)))
			c = (char)ascii_lower(*p);
		else if (k == 2 && *p == 0xc3)
			c = plain[p[1] & 63];
		if (c)
			dst[n++] = c;
	}
	if (cap)
		dst[n] = 0;
	return n;
}

bool
heads_load(struct heads *h, struct err *e)
{
	const struct embed *f = embed_find("rules/register-headers.json");

	if (!f)
		return err_set(e, "rules/register-headers.json: not built in");
	h->doc = doc_loadb(f->name, f->p, (size_t)(f->end - f->p), e);
	return h->doc != NULL;
}

void
heads_free(struct heads *h)
{
	json_decref(h->doc);
	h->doc = NULL;
}

static bool
same(const char *folded, const char *word)
{
	char t[FOLDED];

	return reg_fold(t, sizeof(t), word) > 0 && strcmp(folded, t) == 0;
}

static int
field_of(const struct heads *h, const char *folded, unsigned *rank)
{
	const json_t *f, *w, *list = json_object_get(h->doc, "fields");
	const char *name;
	size_t i, k;

	if (!*folded)
		return -1;
	json_array_foreach(list, i, f) {
		name = json_string_value(json_object_get(f, "field"));
		int field = -1;
		for (int j = 0; name && j < REG_FIELDS; j++)
			if (j != REG_SOURCE && strcmp(reg_names[j], name) == 0)
				field = j;
		if (field < 0)
			continue;
		*rank = 0;
		if (same(folded, name))
			return field;
		json_array_foreach(json_object_get(f, "headers"), k, w) {
			*rank = (unsigned)k + 1;
			if (json_string_value(w) && same(folded, json_string_value(w)))
				return field;
		}
	}
	return -1;
}

int
heads_field(const struct heads *h, const char *header, unsigned *rank)
{
	char t[FOLDED], folded[FOLDED], *p;
	size_t n;
	int f;

	reg_fold(folded, sizeof(folded), header);
	if ((f = field_of(h, folded, rank)) >= 0)
		return f;
	/* "MAC-adress (LAN)" */
	snprintf(t, sizeof(t), "%s", header);
	if ((p = strpbrk(t, "([")) && p != t) {
		*p = 0;
		reg_fold(folded, sizeof(folded), t);
		if ((f = field_of(h, folded, rank)) >= 0)
			return f;
	}
	/* "IP 2" */
	for (n = strlen(folded); n && ascii_digit(folded[n - 1]); n--)
		;
	if (!folded[n])
		return -1;
	folded[n] = 0;
	return field_of(h, folded, rank);
}

bool
heads_word(const struct heads *h, const char *list, const char *value)
{
	const json_t *w;
	char folded[FOLDED];
	size_t i, n = reg_fold(folded, sizeof(folded), value);

	json_array_foreach(json_object_get(h->doc, list), i, w) {
		const char *s = json_string_value(w);
		/* words without a letter are compared as they are: "-" */
		if (s && (strcmp(s, value) == 0 || (n && same(folded, s))))
			return true;
	}
	return false;
}
