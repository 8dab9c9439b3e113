/* package_readme.c: how the package is checked, with which commands, and what that shows: in
 * Swedish and in English. */
#include "incident/package_impl.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 78 };

/* What is said, and the command to type after it; NULL: none. "%" stands for a figure. */
static const struct { const char *key, *command; } parts[] = {
	{ "package.readme.what", NULL },
	{ "package.readme.where", NULL },
	{ "package.readme.signature",
	    "openssl pkeyutl -verify -rawin -pubin -inkey SHA256SUMS.pem \\\n"
	    "        -in SHA256SUMS -sigfile SHA256SUMS.sig" },
	{ "package.readme.key", "openssl pkey -pubin -in SHA256SUMS.pem -outform DER | sha256sum" },
	{ "package.readme.sums", "sha256sum -c --quiet SHA256SUMS" },
	{ "package.readme.count", "find . -type f | wc -l" },
	{ "package.readme.journal", "sh verify-by-hand.sh journal" },
	{ "package.readme.proofs", "key=$(head -n 1 journal/records.ndjson |\n"
	    "        jq -r '.ledger.keys[] | select(.role == \"log\").vkey')\n"
	    "    for f in proofs/*; do calchain check --vkey \"$key\" \"$f\"; done" },
	{ "package.readme.shows", NULL },
	{ "package.readme.not", NULL },
	{ "package.readme.more", NULL },
};

/* In lines of WIDTH characters, broken at blanks. */
static void
put_wrapped(FILE *f, const char *s)
{
	size_t column = 0;

	while (*(s += strspn(s, " "))) {
		size_t n = strcspn(s, " "), wide = 0;

		for (size_t i = 0; i < n; i++)
			wide += (s[i] & 0xc0) != 0x80;
		if (column && column + 1 + wide > WIDTH) {
			fputc('\n', f);
			column = 0;
		} else if (column) {
			fputc(' ', f);
			column++;
		}
		fprintf(f, "%.*s", (int)n, s);
		column += wide;
		s += n;
	}
	fputc('\n', f);
}

static bool
put_language(struct package *p, FILE *f, const char *lang, const char *fingerprint)
{
	const struct package_ask *a = p->ask;
	const char *title = rules_word(a->rules, "package.readme.title", lang);
	char count[24], *text;
	bool good = true;
	json_t *args;

	/* this file, the digests and their signature are still to come; as wc(1) writes it */
	snprintf(count, sizeof(count), "%zu", p->tree.n + 3);
	args = json_pack("{ssssssssss}", "journal", a->journal, "title", p->incident ?
	    p->incident->title : "–", "who", a->who, "key", fingerprint, "n", count);
	fprintf(f, "%s\n", title);
	for (size_t i = 0, n = 0; title[i] || (fputc('\n', f), false); i++)
		if ((title[i] & 0xc0) != 0x80 && n++ < WIDTH)
			fputc('=', f);
	for (size_t i = 0; good && i < sizeof(parts) / sizeof(*parts); i++) {
		if (!(text = rules_phrase(a->rules, parts[i].key, lang, args))) {
			good = err_set(p->e, "out of memory");
			break;
		}
		fputc('\n', f);
		put_wrapped(f, text);
		free(text);
		if (parts[i].command)
			fprintf(f, "\n    %s\n", parts[i].command);
	}
	json_decref(args);
	return good;
}

bool
package_readme(struct package *p, const char fingerprint[TREE_DIGEST])
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	bool good = f && put_language(p, f, "sv", fingerprint);

	if (good) {
		fputs("\n\n", f);
		good = put_language(p, f, "en", fingerprint);
	}
	if (f && fclose(f) != 0)
		good = false;
	good = good ? tree_put(&p->tree, "README.txt", text, n, p->e) != NULL :
	    err_set(p->e, "out of memory");
	free(text);
	return good;
}
