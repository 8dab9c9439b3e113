/* Every file of lib/rules that states a rule says where it has it from, in both languages where
 * it has texts, and by when it is to be looked at again: not before this release. Entries are
 * the objects in a document's lists; what one does not say itself, its document says for all.
 * The check itself is shown copies from which something was taken. */
#include "base/embed.h"
#include "base/opt.h"
#include "base/stamp.h"
#include "json/doc.h"
#include "model/rules.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

/* Lists of words and names: they state nothing. */
static const char *const vocabulary[] = { "authorities/authorities", "changes/words",
	"checklist/groups", "cra-guide/classes", "decision-rules/texts", "law/certainty", NULL };

struct review {
	const char *file;
	const json_t *doc;
	char why[256];                  /* the first fault; empty: none */
	size_t entries;
};

static bool
fault(struct review *r, const char *list, const char *id, const char *what)
{
	if (!*r->why)
		snprintf(r->why, sizeof(r->why), "%s: %s.%s: %s", r->file, list, id, what);
	return false;
}

static bool
is_vocabulary(const char *file, const char *list)
{
	char name[128];

	snprintf(name, sizeof(name), "%s/%s", file, list);
	for (size_t i = 0; vocabulary[i]; i++)
		if (strcmp(vocabulary[i], name) == 0)
			return true;
	return false;
}

/* o's own text of this name, else the document's. */
static const char *
own_or_all(const struct review *r, const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : json_string_value(json_object_get(r->doc, key));
}

static bool
review_day(struct review *r, const json_t *o, const char *list, const char *id)
{
	const char *day = own_or_all(r, o, "review_by");
	int64_t us;

	if (!day)
		return fault(r, list, id, "no review_by");
	if (strlen(day) != 10 || !stamp_parse(&us, day, 10))
		return fault(r, list, id, "review_by is no date");
	if (strcmp(day, otkit_released) < 0)
		return fault(r, list, id, "review_by is before the release");
	return true;
}

/* What lies in an entry: a text in one language is there in the other, too; what states how
 * sure it is has a source, and a day of its own is no earlier than the release. */
static bool
inside(struct review *r, const json_t *v, const char *list, const char *id, int depth)
{
	const char *sv = json_string_value(json_object_get(v, "sv")), *key;
	const char *en = json_string_value(json_object_get(v, "en"));
	const json_t *o;
	size_t i;

	if (depth == 8)
		return true;
	/* a place in an act may be all of it: both empty */
	if ((sv || en) && (!sv || !en || !*sv != !*en))
		return fault(r, list, id, "a text in one language");
	if (depth && json_object_get(v, "certainty") && (!own_or_all(r, v, "source") ||
	    !*own_or_all(r, v, "source")))
		return fault(r, list, id, "no source");
	if (depth && json_object_get(v, "review_by") && !review_day(r, v, list, id))
		return false;
	if (json_is_array(v))
		json_array_foreach((json_t *)v, i, o)
			if (!inside(r, o, list, id, depth + 1))
				return false;
	json_object_foreach((json_t *)v, key, o)
		if (!inside(r, o, list, id, depth + 1))
			return false;
	return true;
}

static void
check_entry(struct review *r, const json_t *o, const char *list, const char *id)
{
	const char *source;

	inside(r, o, list, id, 0);
	if (is_vocabulary(r->file, list))
		return;
	r->entries++;
	source = own_or_all(r, o, "source");
	if (!source || !*source)
		fault(r, list, id, "no source");
	review_day(r, o, list, id);
}

/* Whether a document's member is one entry, and not a list of them by their names. */
static bool
is_entry(const json_t *v)
{
	const json_t *o;
	const char *key;

	if (json_object_get(v, "source") || json_object_get(v, "certainty"))
		return true;
	json_object_foreach((json_t *)v, key, o)
		if (json_object_get(o, "sv") || json_object_get(o, "en"))
			return true;
	return false;
}

/* Objects in a list that lies in an object: nobody would look there. */
static bool
hides_entries(const json_t *v)
{
	const json_t *o;
	const char *key;

	json_object_foreach((json_t *)v, key, o)
		if (json_is_object(json_array_get(o, 0)))
			return true;
	return false;
}

/* What a document says; r->why is empty where it is well. */
static void
check_doc(struct review *r)
{
	const char *list, *key, *id;
	const json_t *v, *o;
	char number[32];
	size_t i;

	json_object_foreach((json_t *)r->doc, list, v) {
		if (json_is_array(v))
			json_array_foreach((json_t *)v, i, o) {
				if (!json_is_object(o))
					continue;
				snprintf(number, sizeof(number), "%zu", i);
				id = json_string_value(json_object_get(o, "id"));
				check_entry(r, o, list, id ? id : number);
			}
		else if (strcmp(list, "rule_set") == 0)
			continue;       /* what the rules are called */
		else if (is_entry(v) || hides_entries(v))
			check_entry(r, v, list, "all");
		else
			json_object_foreach((json_t *)v, key, o)
				if (json_is_object(o))
					check_entry(r, o, list, key);
	}
	/* a table of names and numbers, or a document of which nothing above is an entry */
	if (r->entries == 0)
		check_entry(r, r->doc, "document", r->file);
}

static bool
states_rules(const char *name)
{
	return strncmp(name, "rules/", 6) == 0 && strcmp(name, "rules/words.json") != 0;
}

/* ---- copies from which something was taken ---------------------------------------- */

static const struct { const char *file, *from, *to, *want; } doctored[] = {
	{ "law", "\"review_by\": \"2027-06-30\",", "", "no review_by" },
	{ "law", "\"review_by\": \"2027-03-31\"", "\"review_by\": \"2026-03-31\"",
	    "review_by is before the release" },
	{ "law", "\"review_by\": \"2027-06-30\"", "\"review_by\": \"2027-06-31\"", "no date" },
	{ "law", "\"sv\": \"art. 21.1\", ", "", "a text in one language" },
	{ "checklist", "\"source\": \"product guide, checklist, inventory 3; IEC 62443-3-2\", ", "",
	    "no source" },
	{ "checklist", "\"review_by\": \"2027-06-30\",", "", "no review_by" },
	{ "authorities", "\"review_by\": \"2027-03-31\"", "\"review_by\": \"2026-11-21\"",
	    "review_by is before the release" },
	{ "authorities", "\"source\": \"MSBFS 2018:9 under the act of 2018\", ", "\"source\": \"\", ",
	    "no source" },
	{ "cra", "\"source\": \"Regulation", "\"sauce\": \"Regulation", "no source" },
	{ "roles", "\"review_by\": \"2027-11-30\",", "", "no review_by" },
	{ "changes", "\"source\": ", "\"sauce\": ", "no source" },
	{ "remote-access", "\"review_by\": \"2027-11-30\",", "", "no review_by" },
	{ "vendors-hart", "\"source\": ", "\"sauce\": ", "no source" },
	{ "vendors-hart", "\"review_by\": \"2027-11-30\",", "", "no review_by" },
	{ "redact", "\"review_by\": \"2027-11-30\",", "", "no review_by" },
};

static json_t *
without(const char *file, const char *from, const char *to)
{
	char name[64];
	const struct embed *em;
	struct err e = { "" };
	const char *p, *at;
	size_t n, a = strlen(from), b = strlen(to);
	char *text;
	json_t *doc;

	snprintf(name, sizeof(name), "rules/%s.json", file);
	if (!(em = embed_find(name)))
		return NULL;
	p = (const char *)em->p;
	n = (size_t)(em->end - em->p);
	if (!(at = memmem(p, n, from, a)) || !(text = malloc(n + b + 1)))
		return NULL;
	memcpy(text, p, (size_t)(at - p));
	memcpy(text + (at - p), to, b);
	memcpy(text + (at - p) + b, at + a, n - (size_t)(at - p) - a);
	doc = doc_loadb(name, text, n + b - a, &e);
	free(text);
	return doc;
}

static void
test_doctored(void)
{
	for (size_t i = 0; i < sizeof(doctored) / sizeof(*doctored); i++) {
		json_t *doc = without(doctored[i].file, doctored[i].from, doctored[i].to);
		struct review r = { .file = doctored[i].file, .doc = doc };

		if (doc)
			check_doc(&r);
		ok(doc && strstr(r.why, doctored[i].want), "found out: %s", doc ? r.why : "no such text");
		json_decref(doc);
	}
}

/* ---- what a report says of it ------------------------------------------------------ */

static void
test_report(void)
{
	struct err e = { "" };
	struct rules *r = rules_load(NULL, &e);
	size_t past = 9;
	int64_t us = 0;
	const char *day;

	if (!ok(r != NULL, "the rules are read%s%s", *e.text ? ": " : "", e.text))
		return;
	stamp_parse(&us, otkit_released, 10);
	day = rules_review_by(r, us, &past);
	ok(day && strcmp(day, otkit_released) >= 0 && past == 0, "on the day of release nothing is due (%s)",
	    day ? day : "no day");
	stamp_parse(&us, day ? day : "2027-03-31", 10);
	rules_review_by(r, us + INT64_C(86399999999), &past);
	ok(past == 0, "the day itself is the last that is good");
	rules_review_by(r, us + INT64_C(86400000000), &past);
	ok(past > 0, "the day after, %zu are due", past);
	rules_free(r);
}

int
main(void)
{
	struct err e = { "" };
	int64_t us;
	size_t files = 0;

	ok(strlen(otkit_released) == 10 && stamp_parse(&us, otkit_released, 10), "released on %s",
	    otkit_released);
	for (const struct embed *em = embed_table; em->name; em++) {
		char file[64];
		struct review r = { .file = file };
		json_t *doc;

		if (!states_rules(em->name))
			continue;
		snprintf(file, sizeof(file), "%.*s", (int)strlen(em->name) - 11, em->name + 6);
		r.doc = doc = doc_loadb(em->name, em->p, (size_t)(em->end - em->p), &e);
		if (doc)
			check_doc(&r);
		ok(doc && !*r.why, "%s: %zu entries%s%s", file, r.entries, *r.why ? ": " : "", r.why);
		json_decref(doc);
		files++;
	}
	ok(files >= 20, "%zu files", files);
	test_doctored();
	test_report();
	return tap_done();
}
