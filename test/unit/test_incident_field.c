/* Values of an incident's fields: as people write them, what is refused, and in words again. */
#include "incident/field.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static struct incident_choice colours[] = {
	{ "red", { "röd", "red" } }, { "dark_blue", { "mörkblå", "dark blue" } },
};
static const struct incident_field number = { .type = INCIDENT_NUMBER, .min = 0, .max = 100,
	.unit = "%" }, span = { .type = INCIDENT_SPAN }, when = { .type = INCIDENT_TIME },
	yesno = { .type = INCIDENT_YESNO }, text = { .type = INCIDENT_TEXT },
	choice = { .type = INCIDENT_CHOICE, .choice = colours, .nchoices = 2 },
	choices = { .type = INCIDENT_CHOICES, .choice = colours, .nchoices = 2 };

static void
reads(const struct incident_field *f, const char *written, const char *json)
{
	struct err e = { "" };
	json_t *v = incident_field_read(f, written, "Europe/Stockholm", &e);
	char *s = v ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

	ok(s && strcmp(s, json) == 0, "\"%.*s\" is %s: %s%s", (int)strcspn(written, "\n"), written,
	    json, s ? s : "", e.text);
	free(s);
	json_decref(v);
}

static void
refused(const struct incident_field *f, const char *written, const char *why)
{
	struct err e = { "" };
	json_t *v = incident_field_read(f, written, "Europe/Stockholm", &e);

	ok(!v && strstr(e.text, why), "\"%.30s\" is refused: %s", written, e.text);
	json_decref(v);
}

static void
words(const struct rules *r, const struct incident_field *f, const char *json, const char *lang,
    const char *expected)
{
	json_t *v = json_loads(json, JSON_DECODE_ANY, NULL);
	char *s = incident_field_text(r, f, v, "Europe/Stockholm", lang);

	ok(s && strcmp(s, expected) == 0, "%s in %s: %s", json, lang, s ? s : "nothing");
	free(s);
	json_decref(v);
}

int
main(void)
{
	struct err e = { "" };
	struct rules *r = rules_load(NULL, &e);
	struct incident_fields *v = incident_fields_load(NULL, &e);

	if (!ok(r && v, "rules and fields are read: %s", e.text))
		return tap_done();
	reads(&number, "50", "50");
	reads(&number, "0,5", "0.5");
	reads(&number, "12.25", "12.25");
	reads(&number, "1 0", "10");
	reads(&number, "1\xc2\xa0" "0", "10");
	refused(&number, "1,250", "may be 1.250 or 1250");
	refused(&number, "101", "from 0 to 100");
	refused(&number, "-1", "from 0 to 100");
	refused(&number, "1e3", "expected a number");
	refused(&number, "nan", "expected a number");
	refused(&number, "1.2.3", "expected a number");
	refused(&number, "5 %", "expected a number");
	refused(&number, "", "expected a number");
	refused(&number, "99999999999999999999999999999999999999999", "expected a number");
	reads(&span, "6h", "21600");
	reads(&span, "1h30m", "5400");
	reads(&span, "2 d 6 h 30 min", "196200");
	reads(&span, "90 min", "5400");
	reads(&span, "3tim", "10800");
	refused(&span, "6", "such as 6h");
	refused(&span, "h6", "such as 6h");
	refused(&span, "-1h", "such as 6h");
	refused(&span, "6 months", "such as 6h");
	refused(&span, "10001d", "at most 10000 days");
	refused(&span, "9999999999d", "such as 6h");
	reads(&when, "2026-11-22 09:12", "\"2026-11-22T08:12:00.000000+0000\"");
	reads(&when, "2026-07-01T09:12:03.25Z", "\"2026-07-01T09:12:03.250000+0000\"");
	refused(&when, "09:12", "is no time");
	refused(&when, "2026-10-25 02:30", "twice");
	reads(&yesno, "JA", "true");
	reads(&yesno, "false", "false");
	refused(&yesno, "1", "yes or no");
	reads(&choice, "Mörkblå", "\"dark_blue\"");
	reads(&choice, "dark blue", "\"dark_blue\"");
	refused(&choice, "green", "none of red, dark_blue");
	reads(&choices, "red, dark_blue", "[\"red\",\"dark_blue\"]");
	reads(&choices, "red", "[\"red\"]");
	refused(&choices, "red,", "none of");
	refused(&choices, "red,red,red", "its choices");
	reads(&text, "rad 1\nrad 2", "\"rad 1\\nrad 2\"");
	refused(&text, "\xff", "UTF-8");
	words(r, &number, "1250.5", "sv", "1\xc2\xa0" "250,5\xc2\xa0%");
	words(r, &number, "1250", "en", "1,250\xc2\xa0%");
	words(r, &number, "-0.5", "en", "-0.5\xc2\xa0%");
	words(r, &number, "0.125", "en", "0.125\xc2\xa0%");
	words(r, &span, "23400", "sv", "6\xc2\xa0h 30\xc2\xa0min");
	words(r, &span, "0", "en", "0\xc2\xa0s");
	words(r, &yesno, "true", "sv", "ja");
	words(r, &when, "\"2026-11-22T08:12:00.000000+0000\"", "en", "2026-11-22 09:12 +01:00");
	words(r, &choices, "[\"dark_blue\",\"red\"]", "sv", "mörkblå, röd");

	for (size_t i = 0; i < v->n; i++) {
		const char *id = v->v[i].id, *mark = strchr(id, '#');
		char name[INCIDENT_NAME + 4];

		snprintf(name, sizeof(name), "%.*s%s%s", mark ? (int)(mark - id) : INCIDENT_NAME, id,
		    mark ? "7" : "", mark ? mark + 1 : "");
		ok(incident_field(v, name) == &v->v[i], "%s is the field of its name", name);
	}
	ok(!incident_field(v, "aware_atx") && !incident_field(v, "aware_a") &&
	    !incident_field(v, "") && !incident_field(v, "#"), "and what is no name is none");
	incident_fields_free(v);
	rules_free(r);
	return tap_done();
}
