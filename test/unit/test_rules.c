/* The rule documents: what is built in holds together; what is wrong in a
 * document is refused with its place; phrases and numbers read as people write. */
#include "model/rules.h"
#include "base/embed.h"
#include "base/stamp.h"
#include "assess/answer.h"
#include "tap.h"

#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/otkit-rules-XXXXXX";

static const struct { int64_t v; const char *sv, *en; } numbers[] = {
	{ 0, "0", "0" },
	{ 999, "999", "999" },
	{ 3104, "3\xc2\xa0" "104", "3,104" },
	{ 1204311, "1\xc2\xa0" "204\xc2\xa0" "311", "1,204,311" },
	{ -1000, "\xe2\x88\x92" "1\xc2\xa0" "000", "\xe2\x88\x92" "1,000" },
	{ INT64_MIN, "\xe2\x88\x92" "9\xc2\xa0" "223\xc2\xa0" "372\xc2\xa0" "036\xc2\xa0" "854\xc2\xa0"
	    "775\xc2\xa0" "808", "\xe2\x88\x92" "9,223,372,036,854,775,808" },
};

/* The same edit of a good document: what is said of it. */
static const struct {
	const char *file, *from, *to, *want, *comment;
} broken[] = {
	{ "checklist", "\"weight\": 10,", "\"weight\": 11,", "weight: not a whole number from 1 to 10",
	    "a weight too heavy" },
	{ "checklist", "\"answer\": \"auto\"", "\"answer\": \"maybe\"", "none of auto, part, att: maybe",
	    "an answer that is none" },
	{ "checklist", "\"nis2.21.2.i\"", "\"nis2.21.2.z\"", "no such provision in law.json: nis2.21.2.z",
	    "a provision that is not there" },
	{ "checklist", "\"law\": [\"nis2.21.1\"]", "\"law\": []", "names no law", "an item without law" },
	{ "checklist", "\"law\": [\"nis2.21.1\"]", "\"law\": [\"iso17025.7.10\"]",
	    "no such provision in law.json", "a standard given as law" },
	{ "checklist", "\"group\": \"cra\"", "\"group\": \"cars\"", "no such group: cars", "a group" },
	{ "checklist", "\"evaluator\":", "\"evaluators\":", "unknown member: evaluators", "a typo" },
	{ "checklist", "\"note\":", "\"\":", "unknown member: ", "a member without a name" },
	{ "checklist", "\"note\":", "\"note origin\":", "unknown member: note origin",
	    "two of ours are no one member" },
	{ "checklist", "\"id\": \"gov.ciso_mandate\"", "\"id\": \"gov.board_informed\"",
	    "this id is taken", "an id twice" },
	{ "checklist", "\"date\": \"2026-11-22\"", "\"date\": \"2026-13-22\"", "not a date: 2026-13-22",
	    "a month 13" },
	{ "checklist", "\"certainty\": \"verified\"", "\"certainty\": \"surely\"",
	    "none of verified, secondhand, memory: surely", "a certainty" },
	{ "checklist", "\"kind\": \"checklist\"", "\"kind\": \"words\"", "of kind \"checklist\"", "a kind" },
	{ "checklist", "\"otrules\": 1", "\"otrules\": 2", "not \"otrules\": 1", "a version" },
	{ "checklist", "\"source\": \"product guide, checklist, inventory 3; IEC 62443-3-2\"",
	    "\"source\": \"\"", "source: missing", "no source" },
	{ "law", "\"act\": \"CSL\"", "\"act\": \"CSX\"", "no such act or standard: CSX", "an act" },
	{ "law", "\"valid_from\": \"2026-01-15\"", "\"valid_from\": \"soon\"", "not a date: soon", "a day" },
	{ "law", "\"sv\": \"art. 21.1\", ", "", "must be {\"sv\": ..., \"en\": ...}", "one language" },
	{ "authorities", "\"authority\": \"ncsc\"", "\"authority\": \"nsa\"", "no such authority: nsa",
	    "an authority" },
	{ "authorities", "\"valid_from\": \"2026-07-01\"", "\"valid_from\": \"2020-07-01\"",
	    "not in the order of valid_from", "days out of order" },
	{ "words", "\"words\": {", "\"words\": [", "expected", "no JSON" },
	{ "words", "\"kind\": \"words\",", "\"kind\": \"words\", \"kind\": \"words\",", "twice",
	    "a member twice" },
};

/* The embedded document with the first `from` replaced, in dir. */
static bool
write_broken(const char *file, const char *from, const char *to)
{
	char name[64], path[128];
	const struct embed *em;
	const char *p, *at;
	size_t n;
	FILE *f;

	snprintf(name, sizeof(name), "rules/%s.json", file);
	snprintf(path, sizeof(path), "%s/%s.json", dir, file);
	if (!(em = embed_find(name)) || !(f = fopen(path, "w")))
		return false;
	p = (const char *)em->p;
	n = (size_t)(em->end - em->p);
	at = memmem(p, n, from, strlen(from));
	if (at) {
		fwrite(p, 1, (size_t)(at - p), f);
		fputs(to, f);
		fwrite(at + strlen(from), 1, n - (size_t)(at - p) - strlen(from), f);
	}
	return fclose(f) == 0 && at;
}

/* The names in braces, sorted into one text: "n who". What only chooses a form, as {n?is|are},
 * is left out: a verb bends in one language and not in the other. */
static void
names_in(const char *s, char *out, size_t cap)
{
	char list[16][32], t[32];
	size_t n = 0, i, k;

	for (; (s = strchr(s, '{')); ) {
		k = strcspn(++s, "?%}");
		if (s[k] == '?' && !memchr(s, '#', strcspn(s, "}")))
			continue;
		snprintf(t, sizeof(t), "%.*s", (int)k, s);
		for (i = 0; i < n && strcmp(list[i], t) != 0; i++)
			;
		if (i < n || n == 16)
			continue;
		for (; i > 0 && strcmp(list[i - 1], t) > 0; i--)
			memcpy(list[i], list[i - 1], sizeof(t));
		memcpy(list[i], t, sizeof(t));
		n++;
	}
	for (*out = 0, i = 0, k = 0; i < n; i++)
		k += (size_t)snprintf(out + k, cap - k, "%s ", list[i]);
}

/* Does a document that is built in name this provision? */
static bool
cited_in(const char *name, const char *key)
{
	const struct embed *em = embed_find(name);
	char quoted[64];

	snprintf(quoted, sizeof(quoted), "\"%s\"", key);
	return em && memmem(em->p, (size_t)(em->end - em->p), quoted, strlen(quoted));
}

static void
test_builtin(const struct rules *r)
{
	static const char *const added[] = { "art.backup_restore", "art.effectiveness",
		"art.hygiene_training", "art.crypto_policy", "art.mfa", "art.supplier_incident_clauses",
		"art.recipient_notice" };
	size_t i, guide = 0, missing = 0, unused = 0;
	bool used;

	for (i = 0; i < r->nitems; i++) {
		guide += strcmp(r->items[i].origin, "guide") == 0;
		if (!answer_find(r->items[i].evaluator)) {
			printf("# %s: no evaluator %s\n", r->items[i].id, r->items[i].evaluator);
			missing++;
		}
	}
	ok(guide == 21, "21 items of the guide (%zu)", guide);
	ok(r->nitems == 29, "29 items in all (%zu)", r->nitems);
	ok(missing == 0, "every evaluator is there");
	for (i = 0; i < sizeof(added) / sizeof(*added); i++)
		ok(rules_item(r, added[i]) != NULL, "added from the law: %s", added[i]);
	ok(rules_item(r, "no.such") == NULL, "an item that is not there");
	for (char c = 'a'; c <= 'j'; c++) {
		char key[32];
		snprintf(key, sizeof(key), "nis2.21.2.%c", c);
		for (used = false, i = 0; i < r->nitems; i++)
			for (size_t k = 0; k < r->items[i].nlaw; k++)
				used |= strcmp(r->items[i].law[k]->key, key) == 0;
		ok(used, "Article 21(2)(%c) has an item", c);
	}
	for (size_t k = 0; k < r->nrefs; k++) {
		for (used = false, i = 0; i < r->nitems; i++) {
			for (size_t m = 0; m < r->items[i].nlaw; m++)
				used |= r->items[i].law[m] == &r->refs[k];
			for (size_t m = 0; m < r->items[i].nstandard; m++)
				used |= r->items[i].standard[m] == &r->refs[k];
		}
		used |= cited_in("rules/classification.json", r->refs[k].key) ||
		    cited_in("rules/sectors.json", r->refs[k].key) ||
		    cited_in("rules/authorities.json", r->refs[k].key) ||
		    cited_in("rules/incident-deadlines.json", r->refs[k].key) ||
		    cited_in("rules/significance.json", r->refs[k].key) ||
		    cited_in("rules/incident-forms.json", r->refs[k].key);
		if (!used)
			printf("# %s is cited nowhere\n", r->refs[k].key);
		unused += !used;
	}
	ok(unused == 0, "every provision is cited");
}

static void
test_words(const struct rules *r)
{
	const json_t *list = json_object_get(r->doc[3], "phrases"), *v;
	char a[256], b[256], part[16] = "";
	const char *k, *word;
	size_t odd = 0;

	json_object_foreach((json_t *)list, k, v) {
		names_in(json_string_value(json_object_get(v, "sv")), a, sizeof(a));
		names_in(json_string_value(json_object_get(v, "en")), b, sizeof(b));
		if (strcmp(a, b) == 0)
			continue;
		printf("# %s: sv has %s, en has %s\n", k, a, b);
		odd++;
	}
	ok(odd == 0, "both languages name the same arguments");
	ok(strcmp(rules_word(r, "status.gap", "sv"), "Brist") == 0, "a word in Swedish");
	ok(strcmp(rules_word(r, "status.gap", "en"), "Gap") == 0, "a word in English");
	ok(strcmp(rules_word(r, "no.such.word", "sv"), "no.such.word") == 0, "a word that is not there");
	snprintf(part, sizeof(part), "no.%s", "part");
	word = rules_word(r, part, "sv");
	memset(part, 'x', sizeof(part) - 1);
	ok(strcmp(word, "no.part") == 0 && rules_word(r, "no.part", "en") == word,
	    "and outlives the key that was made of parts");
}

static void
test_phrase(const struct rules *r, const char *key, const char *lang, json_t *args,
    const char *want)
{
	char *s = rules_phrase(r, key, lang, args);

	ok(s && strcmp(s, want) == 0, "%s in %s: %s", key, lang, s ? s : "nothing");
	free(s);
	json_decref(args);
}

static void
test_authority(const struct rules *r, const char *day, const char *want)
{
	const char *abbrev = NULL, *channel = NULL, *name;
	int64_t us = 0;

	stamp_parse(&us, day, strlen(day));
	name = rules_authority(r, "incident_recipient", us, "sv", &abbrev, &channel);
	ok(want ? name && strcmp(abbrev, want) == 0 : !name, "%s: incidents go to %s", day,
	    name ? abbrev : "nobody");
}

int
main(void)
{
	struct err e = { "" };
	struct rules *r = rules_load(NULL, &e), *own;
	char num[40], cite[160], path[128];
	size_t i;

	if (!ok(r != NULL, "what is built in is valid%s%s", e.text[0] ? ": " : "", e.text))
		return tap_done();
	test_builtin(r);
	test_words(r);
	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		ok(strcmp(rules_number(num, numbers[i].v, "sv"), numbers[i].sv) == 0, "Swedish: %s", num);
		ok(strcmp(rules_number(num, numbers[i].v, "en"), numbers[i].en) == 0, "English: %s", num);
	}
	test_phrase(r, "span.hours", "sv", json_pack("{si}", "n", 1), "1 timme");
	test_phrase(r, "span.hours", "sv", json_pack("{si}", "n", 1500), "1\xc2\xa0" "500 timmar");
	test_phrase(r, "span.hours", "en", json_pack("{si}", "n", 0), "0 hours");
	test_phrase(r, "number.share", "sv", json_pack("{si}", "share", 58),
	    "58\xc2\xa0% av laboratoriet \xc3\xa4r f\xc3\xb6rtecknat:");
	test_phrase(r, "number.share", "en", json_pack("{si}", "share", 58),
	    "58% of the laboratory is on the register:");
	test_phrase(r, "caldue.over", "en", json_pack("{sisis[sss]}", "over", 3, "n", 4, "who", "A", "B",
	    "C{n}"), "3 of 4 instruments in use are past the due date or failed: A, B and C{n}.");
	test_phrase(r, "caldue.over", "sv", json_pack("{sisis[s]}", "over", 1, "n", 1, "who", "A"),
	    "1 av 1 instrument i bruk har passerat sin f\xc3\xb6rfallodag eller underk\xc3\xa4nts: A.");
	test_phrase(r, "ctl.gap", "en", json_pack("{sisisis[s]}", "n", 1, "unlisted", 0, "reached", 2,
	    "who", "x"), "1 control system was heard; 2 connections reach them from outside without a "
	    "decided conduit: x.");
	test_phrase(r, "ctl.part", "en", json_pack("{sisisisi}", "n", 4, "unlisted", 0, "proposed", 2,
	    "homeless", 1), "4 control systems were heard, 2 on the register as proposed only, 1 in no "
	    "zone.");
	test_phrase(r, "ctl.part", "sv", json_pack("{sisisisi}", "n", 4, "unlisted", 1, "proposed", 0,
	    "homeless", 0), "4 styrsystem h\xc3\xb6rdes, varav 1 saknas i f\xc3\xb6rteckningen.");
	test_phrase(r, "no.such.phrase", "en", json_object(), "no.such.phrase");
	test_phrase(r, "att.expired", "en", NULL, "The attestation of  () expired on .");
	ok(strcmp(rules_cite(rules_ref(r, "csl.2.3.9"), "sv", cite, sizeof(cite)),
	    "CSL 2 kap. 3 \xc2\xa7 9") == 0, "a citation in Swedish: %s", cite);
	ok(strcmp(rules_cite(rules_ref(r, "nis2.21.2.i"), "en", cite, sizeof(cite)),
	    "NIS2 Art. 21(2)(i)") == 0, "a citation in English: %s", cite);
	ok(strcmp(rules_cite(rules_ref(r, "mcffs8"), "en", cite, sizeof(cite)), "MCFFS 2026:8") == 0,
	    "a whole act: %s", cite);
	test_authority(r, "2018-07-31", NULL);
	test_authority(r, "2026-01-14", "MSB");
	test_authority(r, "2026-01-15", "MCF");
	test_authority(r, "2026-11-22", "NCSC/CERT-SE");

	if (!mkdtemp(dir)) {
		ok(false, "a folder for broken rules");
		return tap_done();
	}
	own = rules_load(dir, &e);
	ok(own && memcmp(own->digest, r->digest, 32) == 0, "an empty folder replaces nothing");
	rules_free(own);
	for (i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		err_clear(&e);
		own = NULL;
		if (write_broken(broken[i].file, broken[i].from, broken[i].to))
			own = rules_load(dir, &e);
		ok(!own && strstr(e.text, broken[i].want) && strstr(e.text, broken[i].file), "%s: %s",
		    broken[i].comment, e.text);
		rules_free(own);
		snprintf(path, sizeof(path), "%s/%s.json", dir, broken[i].file);
		unlink(path);
	}
	err_clear(&e);
	own = write_broken("checklist", "\"version\": \"2026.11\"", "\"version\": \"own\"") ?
	    rules_load(dir, &e) : NULL;
	ok(own && strcmp(own->version, "own") == 0 && memcmp(own->digest, r->digest, 32) != 0,
	    "a folder's own checklist, another digest");
	rules_free(own);
	snprintf(path, sizeof(path), "%s/checklist.json", dir);
	unlink(path);
	rmdir(dir);
	rules_free(r);
	return tap_done();
}
