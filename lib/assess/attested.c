#include "assess/attested.h"

#include "base/hex.h"
#include "base/sum.h"
#include "chain/base64.h"
#include "chain/vkey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
one_line(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	return true;
}

char *
attested_text(const struct site_attestation *a, size_t *n, struct err *e)
{
	const struct { const char *key, *value; } lines[] = {
		{ "item", a->item }, { "status", a->status }, { "by", a->by },
		{ "date", a->date.text }, { "expires", a->expires.text },
		{ "document", a->document }, { "digest", a->digest },
		{ "statement (sv)", a->statement.sv }, { "statement (en)", a->statement.en },
	};
	char *text = NULL;
	FILE *f = open_memstream(&text, n);
	bool good = f != NULL;

	if (f)
		fputs("otkit attestation\n", f);
	for (size_t i = 0; f && i < sizeof(lines) / sizeof(*lines); i++) {
		if (!lines[i].value)
			continue;
		/* a line end in a value could pass for another member */
		if (!one_line(lines[i].value))
			good = err_set(e, "%s: a line end or another control character in it: "
			    "expected one line", lines[i].key);
		fprintf(f, "%s: %s\n", lines[i].key, lines[i].value);
	}
	if (f && (ferror(f) | fclose(f)) != 0)
		good = err_set(e, "out of memory");
	if (good)
		return text;
	err_set(e, "out of memory");
	free(text);
	return NULL;
}

/* Whether a person's key is the one that the attestation names, where it names one: by its
 * name and hash, or whole. */
static bool
key_of(struct vkey *k, const struct site_person *p, const char *named)
{
	struct err e = { "" };
	size_t n;

	if (!p->key || !vkey_parse(k, p->key, strlen(p->key), &e) || k->type != VKEY_ED25519)
		return false;
	n = named ? strlen(named) : 0;
	return !named || strcmp(named, p->key) == 0 ||
	    (strncmp(p->key, named, n) == 0 && n == strlen(k->name) + 9 && p->key[n] == '+');
}

enum attested
attested_check(const struct site *s, const struct site_attestation *a)
{
	const struct site_person *who = site_person(s, a->by);
	enum attested answer = ATTESTED_UNKNOWN_KEY;
	uint8_t sig[VKEY_SIGNATURE];
	struct err e = { "" };
	struct vkey k;
	char *text;
	size_t n, len;

	if (!a->signature)
		return ATTESTED_UNSIGNED;
	if (!base64_get(sig, sizeof(sig), &len, a->signature, strlen(a->signature)) ||
	    len != sizeof(sig) || !(text = attested_text(a, &n, &e)))
		return ATTESTED_BAD;
	for (size_t i = 0; s && answer != ATTESTED_VALID && i < s->npeople; i++) {
		if ((who && who != &s->people[i]) || !key_of(&k, &s->people[i], a->key))
			continue;
		if (vkey_holds(&k, text, n, sig))
			answer = ATTESTED_VALID;
		else if (who || a->key)
			answer = ATTESTED_BAD;
	}
	free(text);
	return answer;
}

const char *
attested_name(enum attested v)
{
	static const char *const names[] = { "unsigned", "valid", "bad", "unknown_key" };

	return names[v];
}

bool
attested_digest_of(char dst[ATTESTED_DIGEST], const char *path, struct err *e)
{
	uint8_t buf[16 << 10], md[SUM_MAX];
	struct sum sum;
	size_t n;
	FILE *f = fopen(path, "rbe");
	bool good = f != NULL;

	sum_begin(&sum, SUM_SHA256);
	while (f && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		sum_add(&sum, buf, n);
	if (!f || ferror(f))
		good = err_sys(e, "%s", path);
	if (f)
		fclose(f);
	memcpy(dst, "sha256:", 7);
	dst[7 + hex_put(dst + 7, md, sum_end(&sum, md))] = 0;
	return good;
}

/* Whether a name leads to something inside a folder. */
static bool
is_inside(const char *document)
{
	size_t n;

	if (*document == '/' || strstr(document, "://"))
		return false;
	for (const char *p = document; *p; p += n + (p[n] == '/')) {
		n = strcspn(p, "/");
		if (n == 2 && p[0] == '.' && p[1] == '.')
			return false;
	}
	return true;
}

enum attested_document
attested_document(const struct site_attestation *a, const char *dir, struct err *e)
{
	char digest[ATTESTED_DIGEST], path[4096];

	if (!a->document)
		return DOCUMENT_NONE;
	if (!a->digest)
		return DOCUMENT_NO_DIGEST;
	if (!dir || !is_inside(a->document))
		return DOCUMENT_NOT_READ;
	if (snprintf(path, sizeof(path), "%s/%s", dir, a->document) >= (int)sizeof(path)) {
		err_set(e, "%.60s...: a path too long", path);
		return DOCUMENT_MISSING;
	}
	if (!attested_digest_of(digest, path, e))
		return DOCUMENT_MISSING;
	return strcmp(digest, a->digest) == 0 ? DOCUMENT_HOLDS : DOCUMENT_DIFFERS;
}

const char *
attested_document_name(enum attested_document v)
{
	static const char *const names[] = { "none", "no_digest", "not_read", "holds", "missing",
		"differs" };

	return names[v];
}
