/* ciso.c: the checklist as a framework for CISO Assistant, and an audit against it.
 *
 * What its readers ask for. Of a library: urn, ref_id, name, version (a whole number) and
 * objects; the last part of a urn has letters, digits and [ ] ( ) - . _ :, and all urns are
 * made lower case. Requirements name their parent by urn; only those that are assessable are
 * answered. Of an audit: the rows with a non-empty `assessable`; their requirement by ref_id,
 * else by urn; compliance_result and requirement_progress are words of its own. Where a table
 * has no columns implementation_score and documentation_score at all, each row counts as scored,
 * with nothing: so they are there, and empty, as score is: a status is no number. */
#include "report/ciso.h"

#include "model/csv.h"
#include "report/text.h"

#include <stdlib.h>
#include <string.h>

#define URN "urn:otkit:risk:"

static json_t *
urn(const char *kind, const char *set, const char *id)
{
	return json_sprintf(URN "%s:%s%s%s", kind, set, id ? ":" : "", id ? id : "");
}

/* The version is a whole number that grows: the day of the rule set, "2026-11-22" as
 * 20261122. Stored libraries of the same or a later one are not replaced. */
static json_int_t
version(const struct rules *r)
{
	json_int_t v = 0;

	for (const char *p = r->date; *p; p++)
		if (*p >= '0' && *p <= '9')
			v = v * 10 + (*p - '0');
	return v;
}

/* o's texts in one language, and what it would be in the other under "translations". */
static void
put_text(json_t *o, json_t *other, const char *key, const struct rules_text *t, const char *lang)
{
	if (!rules_text(t, lang))
		return;
	json_object_set_new(o, key, json_string(rules_text(t, lang)));
	json_object_set_new(other, key, json_string(rules_text(t, strcmp(lang, "sv") == 0 ? "en" :
	    "sv")));
}

static void
put_translations(json_t *o, json_t *other, const char *lang)
{
	json_object_set_new(o, "translations", json_pack("{so}", strcmp(lang, "sv") == 0 ? "en" :
	    "sv", other));
}

/* "NIS2 Art. 21(2)(i); CSL ch. 2 s. 3(9)" of law and standards; the caller frees it. */
static char *
reference(const struct rules_item *t, const char *lang)
{
	char *s = NULL;
	size_t n;
	FILE *m = open_memstream(&s, &n);

	if (!m)
		return NULL;
	rules_cites(m, t->law, t->nlaw, lang);
	if (t->nstandard) {
		fputs("; ", m);
		rules_cites(m, t->standard, t->nstandard, lang);
	}
	fclose(m);
	return s;
}

static json_t *
group_node(const struct rules *r, const struct rules_group *g, const char *lang)
{
	json_t *o = json_object(), *other = json_object();

	json_object_set_new(o, "urn", urn("req_node", r->id, g->id));
	json_object_set_new(o, "assessable", json_false());
	json_object_set_new(o, "depth", json_integer(1));
	put_text(o, other, "name", &g->name, lang);
	put_translations(o, other, lang);
	return o;
}

static json_t *
item_node(const struct rules *r, const struct rules_item *t, const char *lang)
{
	json_t *o = json_object(), *other = json_object();
	char *s = reference(t, lang);

	json_object_set_new(o, "urn", urn("req_node", r->id, t->id));
	json_object_set_new(o, "assessable", json_true());
	json_object_set_new(o, "depth", json_integer(2));
	json_object_set_new(o, "parent_urn", urn("req_node", r->id, t->group));
	json_object_set_new(o, "ref_id", json_string(t->id));
	put_text(o, other, "name", &t->title, lang);
	put_text(o, other, "description", &t->question, lang);
	if (s)
		json_object_set_new(o, "annotation", json_string(s));
	free(s);
	put_translations(o, other, lang);
	return o;
}

bool
ciso_library(FILE *f, const struct rules *r, const char *lang)
{
	json_t *o = json_object(), *nodes = json_array(), *frame = json_object();
	json_t *other = json_object(), *frame_other = json_object();
	bool ok;

	for (size_t i = 0; i < r->ngroups; i++) {
		json_array_append_new(nodes, group_node(r, &r->groups[i], lang));
		for (size_t k = 0; k < r->nitems; k++)
			if (strcmp(r->items[k].group, r->groups[i].id) == 0)
				json_array_append_new(nodes, item_node(r, &r->items[k], lang));
	}
	json_object_set_new(frame, "urn", urn("framework", r->id, NULL));
	json_object_set_new(frame, "ref_id", json_string(r->id));
	put_text(frame, frame_other, "name", &r->title, lang);
	put_text(frame, frame_other, "description", &r->about, lang);
	put_translations(frame, frame_other, lang);
	json_object_set_new(frame, "requirement_nodes", nodes);
	json_object_set_new(o, "urn", urn("library", r->id, NULL));
	json_object_set_new(o, "locale", json_string(lang));
	json_object_set_new(o, "ref_id", json_string(r->id));
	put_text(o, other, "name", &r->title, lang);
	put_text(o, other, "description", &r->about, lang);
	json_object_set_new(o, "copyright", json_string("otkit"));
	json_object_set_new(o, "version", json_integer(version(r)));
	json_object_set_new(o, "publication_date", json_string(r->date));
	json_object_set_new(o, "provider", json_string("otkit"));
	json_object_set_new(o, "packager", json_string("otkit"));
	put_translations(o, other, lang);
	json_object_set_new(o, "objects", json_pack("{so}", "framework", frame));
	/* raw UTF-8: YAML does not join the surrogates of "\ud83d\ude00" */
	ok = json_dumpf(o, f, JSON_INDENT(2) | JSON_PRESERVE_ORDER) == 0 && putc('\n', f) != EOF;
	json_decref(o);
	return ok && !ferror(f);
}

/* ---- the audit --------------------------------------------------------------------- */

/* A cell on one line: csv_text() quotes what separates cells, but no line. */
static void
cell(FILE *f, const char *s, char after)
{
	char *t = strdup(s ? s : "");

	for (char *p = t; p && *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	csv_text(f, t ? t : "");
	putc(after, f);
	free(t);
}

/* The reason, where to look, and what would close it. */
static void
observation(FILE *f, const struct gap *g, const struct gap_finding *x)
{
	char ref[256];
	const json_t *ev;
	size_t i, shown = 0;

	fputs(x->reason ? x->reason : "", f);
	json_array_foreach(x->evidence, i, ev) {
		if (shown == 3 || !*text_packet(ev, ref, sizeof(ref)))
			continue;
		if (shown++)
			fputs(", ", f);
		else
			fprintf(f, " \xc2\xb7 %s: ", rules_word(g->rules, "text.evidence",
			    g->lang));
		fputs(ref, f);
	}
	if (x->status != GAP_MET && x->status != GAP_NA)
		fprintf(f, " \xc2\xb7 %s: %s", rules_word(g->rules, "text.remedy", g->lang),
		    rules_text(&x->item->remedy, g->lang));
}

bool
ciso_audit(FILE *f, const struct gap *g)
{
	static const struct { const char *result, *progress; } as[GAP_STATUSES] = {
		[GAP_GAP] = { "non_compliant", "to_do" },
		[GAP_PARTLY] = { "partially_compliant", "in_progress" },
		[GAP_UNKNOWN] = { "not_assessed", "to_do" },
		[GAP_MET] = { "compliant", "done" },
		[GAP_NA] = { "not_applicable", "done" },
	};
	bool ok = true;

	fputs("urn,assessable,ref_id,name,description,compliance_result,requirement_progress,"
	    "observations,score,implementation_score,documentation_score\n", f);
	for (size_t i = 0; i < g->nfindings && ok; i++) {
		const struct gap_finding *x = &g->findings[i];
		char node[256], *said = NULL;
		size_t n;
		FILE *m = open_memstream(&said, &n);

		if ((ok = m != NULL)) {
			observation(m, g, x);
			ok = fclose(m) == 0;
		}
		snprintf(node, sizeof(node), URN "req_node:%s:%s", g->rules->id, x->item->id);
		cell(f, node, ',');
		cell(f, "x", ',');
		cell(f, x->item->id, ',');
		cell(f, rules_text(&x->item->title, g->lang), ',');
		cell(f, rules_text(&x->item->question, g->lang), ',');
		cell(f, as[x->status].result, ',');
		cell(f, as[x->status].progress, ',');
		cell(f, said, ',');
		fputs(",,\n", f);
		free(said);
	}
	return ok && !ferror(f);
}
