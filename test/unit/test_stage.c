/* Forms of incident reports: fields, their order and which are required, against tables from
 * the facts they were made from; each with a question, a label in both languages and a
 * source; which is in force on which day; documents that are wrong refused; and what a
 * report says of a journal made here. */
#include "base/embed.h"
#include "base/stamp.h"
#include "incident/stage.h"
#include "json/doc.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the tables ------------------------------------------------------------------- */

/* Required is "*", asked only in one case "?": in the form's order. */
static const struct { const char *stage, *day, *fields; } tables[] = {
	/* MCFFS 2026:8 as a third party encoded it */
	{ "upplysning", "2026-11-22", "organization_name* organization_number* contact_details* "
	    "incident_ongoing* event_timeline* detected_at* detection_method* "
	    "suspected_malicious* supplier_origin sector_activity_impact* consequences* "
	    "cross_border" },
	{ "incidentanmalan", "2026-11-22", "early_warning_update* occurred_at* ended_at "
	    "cause_assessment* system_impact* indicators_of_compromise "
	    "protected_information_impact actions_taken* remaining_risks*" },
	{ "slutrapport", "2026-11-22", "final_consequences* affected_recipients_estimate* "
	    "geographic_area* economic_damage* cross_border_final societal_functions_impact* "
	    "root_cause* technical_measures* organizational_measures* mitigation_measures* "
	    "recurrence_prevention* management_approval" },
	{ "lagesrapport", "2026-11-22", "why_ongoing* estimated_duration* continued_impact* "
	    "indicators_of_compromise_situation next_update_plan*" },
	/* no list of its fields is known: a status, as the directive asks for */
	{ "delrapport", "2026-11-22", "requested_information status_update* incident_ongoing* "
	    "system_impact indicators_of_compromise actions_taken* remaining_risks" },
	/* before MCFFS 2026:8: the same, as a guide */
	{ "upplysning", "2026-03-01", "organization_name* organization_number* contact_details* "
	    "incident_ongoing* event_timeline* detected_at* detection_method* "
	    "suspected_malicious* supplier_origin sector_activity_impact* consequences* "
	    "cross_border" },
	/* MSBFS 2018:9, 2 kap. 4 §, points 2, 5 and 6, as the guidance goes through them */
	{ "skede1", "2020-05-05", "contact_role* contact_name contact_phone* contact_email* "
	    "contact_availability* incident_in_external_service* incident_occurred_at* "
	    "incident_detected_at* incident_handling_started_at* incident_ongoing* "
	    "incident_ended_at*? incident_expected_duration*? incident_description* "
	    "incident_handling_description* disturbance_occurred_at* disturbance_noticed_at* "
	    "disturbance_how_noticed* disturbance_handling_started_at* disturbance_ongoing* "
	    "disturbance_ended_at*? disturbance_expected_duration*? "
	    "disturbance_service_available* disturbance_capacity_reduction_pct* "
	    "disturbance_affected_actor_types* disturbance_affected_sectors* "
	    "disturbance_affects_other_essential_providers* disturbance_geo_area_sweden* "
	    "disturbance_users_affected* disturbance_affects_health* "
	    "disturbance_affects_economy* disturbance_affects_trust* disturbance_description* "
	    "disturbance_handling_description*" },
	/* points 5 c and e; 7 and 8, which name no stage */
	{ "skede2", "2020-05-05", "incident_course_of_events* incident_type* incident_cause* "
	    "incident_consequences* nonusers_consequences crossborder_incident_countries "
	    "crossborder_disturbance_countries crossborder_description" },
	/* points 9, 10 and 11 */
	{ "skede3", "2020-05-05", "handling_measure* prior_similar_incidents* "
	    "prior_similar_disturbances* prior_in_risk_analysis_incident* "
	    "prior_in_risk_analysis_disturbance* prior_continuity_plan_incident* "
	    "prior_continuity_plan_disturbance* prior_rto_mean_target_incident* "
	    "prior_rto_mean_target_disturbance* prior_rto_max_target_incident* "
	    "prior_rto_max_target_disturbance* prior_mtbf_target_incident* "
	    "prior_mtbf_target_disturbance* new_measure*" },
	/* NIS2, Article 23(4)(a) to (e), with who reports */
	{ "early_warning", "2026-11-22", "organisation_name* contact_details* aware_at* "
	    "suspected_malicious* cross_border* description" },
	{ "incident_notification", "2025-01-01", "organisation_name* contact_details* "
	    "early_warning_update* initial_assessment* severity* impact* "
	    "indicators_of_compromise" },
	{ "intermediate_report", "2026-11-22", "organisation_name* requested_information "
	    "status_update* indicators_of_compromise" },
	{ "progress_report", "2026-11-22", "organisation_name* progress* why_ongoing "
	    "continued_impact expected_end_at" },
	{ "final_report", "2026-11-22", "organisation_name* description* "
	    "threat_type_or_root_cause* mitigation* cross_border_impact" },
};

static int64_t
at(const char *s)
{
	int64_t us = 0;

	stamp_parse(&us, s, strlen(s));
	return us;
}

static void
test_tables(const struct forms *forms)
{
	struct err e = { "" };
	char *text;
	size_t n;

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		const struct form_stage *s = forms_stage(forms, tables[i].stage,
		    at(tables[i].day), "UTC", &e);
		FILE *f = open_memstream(&text, &n);

		for (size_t k = 0; s && k < s->nfields; k++)
			fprintf(f, "%s%s%s%s", k ? " " : "", s->field[k].id,
			    s->field[k].required ? "*" : "", s->field[k].when ? "?" : "");
		fclose(f);
		if (!ok(strcmp(text, tables[i].fields) == 0, "%s of %s: its fields in order",
		    tables[i].stage, tables[i].day))
			printf("# %s\n# %s\n", text, tables[i].fields);
		free(text);
	}
}

/* ---- every field ---------------------------------------------------------------------- */

static bool
two(const struct rules_text *t)
{
	return t->sv && *t->sv && t->en && *t->en;
}

static void
test_fields(const struct rules *rules, const struct forms *forms)
{
	size_t stages = 0, fields = 0, bad = 0;
	char key[64];

	for (size_t i = 0; i < forms->n; i++)
		for (size_t k = 0; k < forms->v[i].nstages; k++) {
			const struct form_stage *s = &forms->v[i].stage[k];

			stages++;
			bad += !two(&s->name) || !two(&s->within) || !s->nlaw || !*s->source;
			for (size_t j = 0; j < s->nfields; j++) {
				const struct form_field *f = &s->field[j];
				bool good = two(&f->label) && f->source && *f->source;

				for (size_t m = 0; m < f->nfrom + f->nalso; m++) {
					const struct incident_field *v = m < f->nfrom ?
					    f->from[m] : f->also[m - f->nfrom];
					good &= two(&v->label) && two(&v->question);
				}
				snprintf(key, sizeof(key), "person.%s", f->ask);
				good &= strcmp(rules_word(rules, key, "sv"), key) != 0;
				fields++;
				bad += !good;
				if (!good)
					printf("# %s: %s\n", s->id, f->id);
			}
		}
	ok(stages == 18 && fields == 172 && bad == 0, "%zu fields of %zu stages: label and question "
	    "in both languages, source, whom to ask", fields, stages);
}

/* ---- days -------------------------------------------------------------------------------- */

static const struct { const char *stage, *when, *zone, *form, *comment; } days[] = {
	{ "skede1", "2026-01-14T12:00:00Z", "Europe/Stockholm", "msbfs-2018-9", "its last day" },
	{ "skede1", "2026-01-14T22:59:59Z", "Europe/Stockholm", "msbfs-2018-9", "its last second" },
	{ "skede1", "2026-01-14T23:00:00Z", "Europe/Stockholm", NULL, "midnight in Stockholm" },
	{ "skede1", "2018-07-31", "UTC", NULL, "the day before the act of 2018" },
	{ "skede1", "2018-08-01", "UTC", "msbfs-2018-9", "its first day" },
	{ "upplysning", "2026-01-14", "UTC", NULL, "the day before the Cybersecurity Act" },
	{ "upplysning", "2026-01-15", "UTC", "csl-2026", "its first day" },
	{ "upplysning", "2026-06-30", "UTC", "csl-2026", "the day before MCFFS 2026:8" },
	{ "upplysning", "2026-07-01", "UTC", "mcffs-2026-8", "its first day" },
	{ "early_warning", "2024-10-17", "UTC", NULL, "before the directive applied" },
	{ "early_warning", "2024-10-18", "UTC", "nis2", "the day from which it did" },
	{ "skede4", "2020-01-01", "UTC", NULL, "no such stage" },
};

static void
test_days(const struct forms *forms)
{
	struct err e;

	for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++) {
		const struct form_stage *s;

		err_clear(&e);
		s = forms_stage(forms, days[i].stage, at(days[i].when), days[i].zone, &e);
		ok(days[i].form ? s && strcmp(s->form->id, days[i].form) == 0 : !s && *e.text,
		    "%s %s: %s (%s)", days[i].stage, days[i].when, days[i].comment,
		    s ? s->form->id : e.text);
	}
	err_clear(&e);
	forms_stage(forms, "upplysning", at("2020-01-01"), "UTC", &e);
	ok(strcmp(e.text, "upplysning was not in force on 2020-01-01; then there were skede1, "
	    "skede2, skede3") == 0, "which ones there were is said: %s", e.text);
	err_clear(&e);
	forms_stage(forms, "skede1", at("2010-01-01"), "UTC", &e);
	ok(strstr(e.text, "was none"), "or that there was none: %s", e.text);
}

/* ---- documents that are wrong --------------------------------------------------------------- */

static const struct { const char *from, *to, *want; } doctored[] = {
	{ "\"from\": [\"organisation_name\"]", "\"from\": [\"organisation_nam\"]", "organisation_nam" },
	{ "\"from\": [\"organisation_name\"]", "\"from\": []", "not empty" },
	{ "\"from\": [\"organisation_name\"]", "\"from\": \"organisation_name\"", "not empty" },
	{ "\"required\": true", "\"required\": \"yes\"", "true or false" },
	{ "\"required\": true", "\"obligatory\": true", "obligatory" },
	{ "\"ask\": \"management\"", "\"ask\": \"\"", "ask" },
	{ "\"field\": \"ongoing\"", "\"field\": \"timeline\"", "yes and no" },
	{ "\"is\": false", "\"is\": 0", "true or false" },
	{ "\"id\": \"organization_number\"", "\"id\": \"organization_name\"", "twice" },
	{ "\"stages_of\": \"mcffs-2026-8\"", "\"stages_of\": \"mcffs\"", "no such form" },
	{ "\"law\": [\"csl.2.5\"", "\"law\": [\"csl.2.55\"", "csl.2.55" },
	{ "\"valid_to\": \"2026-01-14\"", "\"valid_to\": \"2026-01-40\"", "valid_to" },
	{ "\"measure.#.name\", ", "\"timeline\", ", "list in part" },
	{ "\"also\": [\"changes_since_warning\"]", "\"also\": [\"measure.#.name\"]", "of a list" },
	{ "\"certainty\": \"secondhand\"", "\"certainty\": \"hearsay\"", "certainty" },
};

static void
test_doctored(const struct rules *rules, const struct incident_fields *fields)
{
	const struct embed *em = embed_find("rules/incident-forms.json");
	char dir[] = "/tmp/otkit-forms-XXXXXX", path[64];
	size_t n = (size_t)(em->end - em->p), k;
	struct forms *forms;
	const char *hit;
	struct err e;
	FILE *f;

	if (!mkdtemp(dir))
		return;
	snprintf(path, sizeof(path), "%s/incident-forms.json", dir);
	for (size_t i = 0; i < sizeof(doctored) / sizeof(*doctored); i++) {
		k = strlen(doctored[i].from);
		hit = memmem(em->p, n, doctored[i].from, k);
		if (!hit || !(f = fopen(path, "w"))) {
			ok(false, "no such text: %s", doctored[i].from);
			continue;
		}
		fwrite(em->p, 1, (size_t)(hit - (const char *)em->p), f);
		fputs(doctored[i].to, f);
		fwrite(hit + k, 1, (size_t)((const char *)em->end - hit) - k, f);
		fclose(f);
		err_clear(&e);
		forms = forms_load(dir, rules, fields, &e);
		ok(!forms && strstr(e.text, doctored[i].want), "refused: %s", e.text);
		forms_free(forms);
	}
	unlink(path);
	rmdir(dir);
}

/* ---- a report -------------------------------------------------------------------------------- */

/* A journal in memory: name, value as JSON (NULL: said to be unknown). */
struct said { const char *name, *json; bool evidence; };

static struct incident *
journal(const struct incident_fields *fields, const struct said *v, size_t n)
{
	struct incident *i = calloc(1, sizeof(*i));

	i->path = strdup("INC-1");
	i->name = i->path;
	i->title = "x";
	i->zone = "Europe/Stockholm";
	i->opened = (struct incident_entry){ 2, at("2026-11-22T09:00:00Z"), "eva" };
	i->values = calloc(n + 1, sizeof(*i->values));
	i->docs = calloc(n + 1, sizeof(*i->docs));
	for (size_t k = 0; k < n; k++) {
		i->docs[k] = v[k].json ? json_loads(v[k].json, JSON_DECODE_ANY, NULL) : NULL;
		i->values[k] = (struct incident_value){ .at = { 3 + k,
		    at("2026-11-22T09:30:00Z"), "eva" }, .name = v[k].name,
		    .field = incident_field(fields, v[k].name), .value = i->docs[k],
		    .evidence = v[k].evidence };
	}
	i->nvalues = i->ndocs = n;
	i->records = 2 + n;
	return i;
}

static const struct stage_field *
field(const struct stage *s, const char *id)
{
	for (size_t i = 0; i < s->nfields; i++)
		if (strcmp(s->field[i].form->id, id) == 0)
			return &s->field[i];
	return NULL;
}

struct bench {
	const struct rules *rules; const struct incident_fields *fields;
	const struct forms *forms;
};

static bool
make(struct stage *s, const struct bench *b, struct incident *i, const char *stage, const char *day)
{
	struct err e = { "" };
	struct stage_of of = { .rules = b->rules, .incident = i, .lang = "en",
		.now = at("2026-11-23"), .date = at(day),
		.stage = forms_stage(b->forms, stage, at(day), "UTC", &e) };

	return of.stage && stage_make(s, &of, &e);
}

#define MAKE(s, b, i, stage, day, ...) do { \
	static const struct said said_[] = { __VA_ARGS__ }; \
	i = journal((b)->fields, said_, sizeof(said_) / sizeof(*said_)); \
	ok(make(s, b, i, stage, day), "made: %s", stage); \
} while (0)

static void
unmake(struct stage *s, struct incident *i)
{
	stage_free(s);
	incident_free(i);
}

static void
test_status(const struct bench *b)
{
	const struct stage_field *f;
	struct incident *i;
	struct stage s;

	MAKE(&s, b, i, "upplysning", "2026-11-22",
	    { "contact_name", "\"Eva\"" }, { "contact_email", "\"eva@lab.example\"" },
	    { "ongoing", NULL }, { "suspected_malicious", "false" },
	    { "first_seen_at", "\"2026-11-22T08:12:00.000000+0000\"", true },
	    { "detected_at", "\"2026-11-22T08:14:00.000000+0000\"" });
	f = field(&s, "contact_details");
	ok(f->status == STAGE_MISSING && f->nlacks == 1 &&
	    strcmp(f->lacks[0]->id, "contact_phone") == 0, "two of three: what lacks is said");
	ok(strcmp(f->text, "Contact person: Eva\nE-mail: eva@lab.example") == 0,
	    "and what is there is there");
	f = field(&s, "incident_ongoing");
	ok(f->status == STAGE_UNKNOWN && strcmp(f->text, "Not known") == 0 && s.unknown == 1,
	    "said to be unknown is an answer, and says so");
	ok(strcmp(field(&s, "suspected_malicious")->text, "no") == 0, "no is an answer");
	f = field(&s, "event_timeline");
	ok(f->status == STAGE_MISSING && f->nparts == 1 && f->part[0].also &&
	    f->part[0].basis == STAGE_EVIDENCE, "evidence alone does not answer for a person");
	ok(strcmp(f->text, "First trace in the traffic: 2026-11-22 09:12 +01:00") == 0,
	    "but stands there by its name: %s", f->text);
	ok(strcmp(field(&s, "detected_at")->text, "2026-11-22 09:14 +01:00") == 0, "local time");
	ok(field(&s, "cross_border")->status == STAGE_OPEN && !*field(&s, "cross_border")->text,
	    "cross-border is never guessed");
	/* name, number, contact, timeline, method, impact, consequences */
	ok(s.missing == 7, "%zu are missing", s.missing);
	unmake(&s, i);

	MAKE(&s, b, i, "incidentanmalan", "2026-11-22",
	    { "occurred_at", "\"2026-11-22T08:12:00.000000+0000\"" },
	    { "first_seen_at", "\"2026-11-22T08:11:00.000000+0000\"", true });
	f = field(&s, "occurred_at");
	ok(strcmp(f->text, "2026-11-22 09:12 +01:00") == 0 && f->nparts == 2 && f->part[1].beside,
	    "a field of a time has one time in its text");
	unmake(&s, i);
}

static void
test_cases(const struct bench *b)
{
	struct incident *i;
	struct stage s;
	size_t all, over;

	MAKE(&s, b, i, "skede1", "2020-05-05", { "contact_role", "\"lead\"" });
	all = s.missing;
	ok(field(&s, "incident_ended_at")->status == STAGE_NOT_ASKED &&
	    field(&s, "incident_expected_duration")->status == STAGE_NOT_ASKED &&
	    field(&s, "incident_ongoing")->status == STAGE_MISSING,
	    "nobody said whether it goes on: that is asked first");
	unmake(&s, i);
	MAKE(&s, b, i, "skede1", "2020-05-05", { "contact_role", "\"lead\"" }, { "ongoing", "true" });
	ok(field(&s, "incident_ended_at")->status == STAGE_NOT_ASKED &&
	    field(&s, "incident_expected_duration")->status == STAGE_MISSING &&
	    s.missing == all, "it does: until when");
	unmake(&s, i);
	MAKE(&s, b, i, "skede1", "2020-05-05", { "contact_role", "\"lead\"" }, { "ongoing", "false" },
	    { "ended_at", "\"2020-05-05T10:00:00.000000+0000\"" });
	over = s.missing;
	ok(field(&s, "incident_ended_at")->status == STAGE_ANSWERED &&
	    field(&s, "incident_expected_duration")->status == STAGE_NOT_ASKED &&
	    over == all - 1, "it does not: when it ended");
	unmake(&s, i);
}

static void
test_list(const struct bench *b)
{
	const struct stage_field *f;
	struct incident *i;
	struct stage s;

	MAKE(&s, b, i, "skede3", "2020-05-05",
	    { "measure.1.name", "\"Isolate\"" }, { "measure.1.what", "\"the controller\"" },
	    { "measure.1.status", "\"done\"" }, { "measure.1.effect", "\"no more writes\"" },
	    { "measure.1.description", "\"port closed\"" }, { "measure.7.name", "\"Restore\"" },
	    { "rto_mean_incident", "21600" }, { "mtbf_incident", NULL });
	f = field(&s, "handling_measure");
	ok(f->status == STAGE_MISSING && f->nparts == 6 && f->nlacks == 4,
	    "the second measure has a name alone: %zu lack", f->nlacks);
	ok(strcmp(f->text, "Handling measure: Isolate\nWhat it handles: the controller\n"
	    "Status of the measure: done\nIntended effect of the measure: no more writes\n"
	    "Description of the measure: port closed\n\nHandling measure: Restore") == 0,
	    "each measure by itself");
	ok(strcmp(field(&s, "prior_rto_mean_target_incident")->text, "6\xc2\xa0h") == 0, "a span");
	ok(field(&s, "prior_mtbf_target_incident")->status == STAGE_UNKNOWN, "an unknown span");
	unmake(&s, i);
}

static void
test_any(const struct bench *b)
{
	const struct stage_field *f;
	struct incident *i;
	struct stage s;

	MAKE(&s, b, i, "final_report", "2026-11-22", { "timeline", "\"x\"" });
	f = field(&s, "threat_type_or_root_cause");
	ok(f->status == STAGE_MISSING && f->nlacks == 2, "neither of two");
	unmake(&s, i);
	MAKE(&s, b, i, "final_report", "2026-11-22", { "root_cause", "\"x\"" });
	f = field(&s, "threat_type_or_root_cause");
	ok(f->status == STAGE_ANSWERED && f->nlacks == 0, "one of two will do");
	ok(field(&s, "description")->nlacks == 3, "where all are needed, all are");
	unmake(&s, i);
}

/* ---- as JSON ----------------------------------------------------------------------- */

static void
test_json(const struct bench *b)
{
	struct err e = { "" };
	struct incident *i;
	json_t *top, *o, *v;
	struct stage s;
	const char *key;
	char *text;
	size_t n, k = 0;
	FILE *f;

	MAKE(&s, b, i, "upplysning", "2026-11-22", { "ongoing", "true" }, { "detected_at", NULL },
	    { "timeline", "\"a\\nb\"" });
	f = open_memstream(&text, &n);
	ok(stage_write(&s, f, &e), "written");
	fclose(f);
	ok(n && text[n - 1] == '\n' && strchr(text, '\n') == text + n - 1, "one line");
	top = doc_loadb("stage", text, n, &e);
	o = json_object_get(json_object_get(top, "incident_stage"), "fields");
	json_object_foreach(o, key, v)
		k += k < s.nfields && strcmp(key, s.field[k].form->id) == 0;
	ok(k == s.nfields && json_object_size(o) == k, "all fields by the form's ids, in its order");
	v = json_object_get(o, "incident_ongoing");
	ok(json_is_true(json_object_get(v, "value")) &&
	    strcmp(json_string_value(json_object_get(v, "status")), "answered") == 0,
	    "a value as the journal has it");
	v = json_array_get(json_object_get(v, "said"), 0);
	ok(strcmp(json_string_value(json_object_get(v, "by")), "eva") == 0 &&
	    strcmp(json_string_value(json_object_get(v, "basis")), "person") == 0 &&
	    json_integer_value(json_object_get(v, "record")) == 3, "with who said it, where");
	v = json_object_get(o, "detected_at");
	ok(!json_object_get(v, "value") && json_is_true(json_object_get(json_array_get(
	    json_object_get(v, "said"), 0), "unknown")), "what is unknown has no value");
	ok(!json_object_get(json_object_get(o, "consequences"), "text") &&
	    json_object_get(json_object_get(o, "consequences"), "ask"),
	    "what is missing has no text, and a question");
	json_decref(top);
	free(text);
	unmake(&s, i);
}

int
main(void)
{
	struct err e = { "" };
	struct rules *rules = rules_load(NULL, &e);
	struct incident_fields *fields = rules ? incident_fields_load(NULL, &e) : NULL;
	struct forms *forms = fields ? forms_load(NULL, rules, fields, &e) : NULL;
	struct bench b = { rules, fields, forms };

	if (ok(forms != NULL, "the forms are read%s%s", *e.text ? ": " : "", e.text)) {
		test_tables(forms);
		test_fields(rules, forms);
		test_days(forms);
		test_doctored(rules, fields);
		test_status(&b);
		test_cases(&b);
		test_list(&b);
		test_any(&b);
		test_json(&b);
	}
	forms_free(forms);
	incident_fields_free(fields);
	rules_free(rules);
	return tap_done();
}
