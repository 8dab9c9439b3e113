#include "assess/site_start_impl.h"

#include "json/pretty.h"
#include "model/register.h"
#include "model/site.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 100 };

const char *const start_names[START_FIELDS] = { "key", "name", "number", "country", "county",
	"kind", "sector", "headcount", "turnover", "balance" };

/* Where each goes, and whether it is a number. */
static const struct { const char *part, *key; bool number; } fields[START_FIELDS] = {
	{ "site", "key", false }, { "organisation", "name", false },
	{ "organisation", "number", false }, { "organisation", "country", false },
	{ "organisation", "county", false }, { "organisation", "kind", false },
	{ "organisation", "sector", false }, { "organisation", "headcount", true },
	{ "organisation", "turnover_eur", true }, { "organisation", "balance_eur", true },
};

struct site_start *
site_start_new(const struct rules *rules, const char *lang, struct err *e)
{
	struct site_start *s = calloc(1, sizeof(*s));

	if (s) {
		s->rules = rules;
		s->lang = lang;
		s->site = json_object();
		s->organisation = json_object();
		s->zones = json_array();
		s->instruments = json_array();
		s->people = json_array();
		s->ids = json_object();
	}
	if (s && s->site && s->organisation && s->zones && s->instruments && s->people && s->ids)
		return s;
	site_start_free(s);
	err_set(e, "out of memory");
	return NULL;
}

void
site_start_free(struct site_start *s)
{
	if (!s)
		return;
	json_decref(s->site);
	json_decref(s->organisation);
	json_decref(s->zones);
	json_decref(s->instruments);
	json_decref(s->people);
	json_decref(s->ids);
	free(s);
}

/* Whether a part of a site file alone would be read. e: what is behind the way to the value. */
static bool
would_do(const char *part, json_t *v, struct err *e)
{
	json_t *doc = json_pack("{si}", "otsite", 1);
	struct err why = { "" };
	struct site *s = NULL;
	const char *p;
	char *text;

	if (doc && json_object_set(doc, part, v) == 0 && (text = json_dumps(doc, JSON_COMPACT))) {
		s = site_loadb("x", text, strlen(text), &why);
		free(text);
	}
	json_decref(doc);
	if (s) {
		site_free(s);
		return true;
	}
	/* "x:1: organisation.county: ...": the asker knows what was asked */
	if (strncmp(why.text, "x:1: ", 5) == 0 && (p = strstr(why.text + 5, ": ")))
		return err_set(e, "%s", p + 2);
	return err_set(e, "%s", why.text[0] ? why.text : "not UTF-8, or out of memory");
}

/* "18 000 000" and "18000000" are one number. */
static bool
number_of(const char *text, double *v)
{
	char digits[32], *end;
	size_t n = 0;

	for (; *text && n + 1 < sizeof(digits); text++) {
		if (*text == ' ' && n > 0)
			continue;
		if ((unsigned char)text[0] == 0xc2 && (unsigned char)text[1] == 0xa0) {
			text++;
			continue;
		}
		digits[n++] = *text;
	}
	digits[n] = 0;
	if (*text || n == 0 || strspn(digits, "0123456789.") != n)
		return false;
	*v = strtod(digits, &end);
	return *end == 0;
}

static json_t *
value_of(enum start_field field, const char *text, json_t *before, struct err *e)
{
	json_t *v;
	double n;

	if (fields[field].number) {
		if (!number_of(text, &n)) {
			err_set(e, "\"%.60s\" is not a number: expected digits, such as 18000000",
			    text);
			return NULL;
		}
		v = n == (double)(json_int_t)n ? json_integer((json_int_t)n) : json_real(n);
	} else if (field == START_SECTOR) {
		v = before ? json_copy(before) : json_array();
		if (v && json_array_append_new(v, json_string(text)) != 0) {
			json_decref(v);
			v = NULL;
		}
	} else {
		v = json_string(text);
	}
	if (!v)
		err_set(e, "not UTF-8, or out of memory");
	return v;
}

static bool
is_swedish(const struct site_start *s)
{
	const char *country = json_string_value(json_object_get(s->organisation, "country"));

	return !country || strcmp(country, "SE") == 0;
}

bool
site_start_put(struct site_start *s, enum start_field field, const char *text, struct err *e)
{
	json_t *part = field == START_KEY ? s->site : s->organisation, *v, *tried = NULL;
	const char *key = fields[field].key;
	bool good;

	if (field == START_COUNTY && is_swedish(s) && site_county(text))
		text = site_county(text);
	if (!(v = value_of(field, text, json_object_get(part, key), e)))
		return false;
	/* a county is Swedish or not by the country */
	tried = field == START_COUNTY && json_object_get(part, "country") ?
	    json_pack("{sOsO}", key, v, "country", json_object_get(part, "country")) :
	    json_pack("{sO}", key, v);
	good = tried && would_do(fields[field].part, tried, e) &&
	    json_object_set(part, key, v) == 0;
	json_decref(tried);
	json_decref(v);
	return good || err_set(e, "out of memory");
}

/* ---- zones and people ------------------------------------------------------------------ */

/* The element of a list whose member `key` is this text, or NULL. */
static json_t *
find(const json_t *list, const char *key, const char *text)
{
	json_t *x;
	size_t i;

	json_array_foreach((json_t *)list, i, x)
		if (strcmp(json_string_value(json_object_get(x, key)), text) == 0)
			return x;
	return NULL;
}

bool
site_start_zone(struct site_start *s, const char *text, struct err *e)
{
	const char *eq = strchr(text, '=');
	json_t *zones = json_deep_copy(s->zones), *zone, *cidr;
	char id[64];
	size_t n;
	bool good;

	if (!zones)
		return err_set(e, "out of memory");
	if (!eq || eq == text || eq - text >= (ptrdiff_t)sizeof(id) || !eq[1]) {
		json_decref(zones);
		return err_set(e, "\"%.60s\" is not ID=PREFIX: expected one such as "
		    "analysis=10.10.0.0/24", text);
	}
	snprintf(id, sizeof(id), "%.*s", (int)(eq - text), text);
	if (!(zone = find(zones, "id", id)))
		json_array_append_new(zones, zone = json_pack("{sss[]}", "id", id, "cidr"));
	cidr = json_object_get(zone, "cidr");
	for (eq++; *eq; eq += n + (eq[n] == ',')) {
		n = strcspn(eq, ",");
		json_array_append_new(cidr, json_stringn(eq, n));
	}
	if ((good = would_do("zones", zones, e))) {
		json_decref(s->zones);
		s->zones = json_incref(zones);
	}
	json_decref(zones);
	return good;
}

/* "eva.lind" of "Eva Lind": letters and digits without accents, words with a point between. */
static void
id_of(char *dst, size_t cap, const char *name)
{
	char word[64], folded[64];
	size_t n = 0, k;

	dst[0] = 0;
	for (; *name; name += k + (name[k] == ' ')) {
		k = strcspn(name, " ");
		snprintf(word, sizeof(word), "%.*s", (int)k, name);
		if (reg_fold(folded, sizeof(folded), word) > 0 && n < cap)
			n += (size_t)snprintf(dst + n, cap - n, "%s%s", n ? "." : "", folded);
	}
	if (!dst[0])
		snprintf(dst, cap, "person");
}

bool
site_start_person(struct site_start *s, const char *text, struct err *e)
{
	const char *eq = strchr(text, '=');
	json_t *people = json_deep_copy(s->people), *who;
	char id[128], more[140];
	bool good;

	if (!people)
		return err_set(e, "out of memory");
	if (!eq || eq == text || !eq[1]) {
		json_decref(people);
		return err_set(e, "\"%.60s\" is not ROLE=NAME: expected one such as "
		    "security_lead=Per Ek",
		    text);
	}
	if (!(who = find(people, "name", eq + 1))) {
		id_of(id, sizeof(id), eq + 1);
		snprintf(more, sizeof(more), "%s", id);
		for (unsigned i = 2; find(people, "id", more); i++)
			snprintf(more, sizeof(more), "%s.%u", id, i);
		json_array_append_new(people, who = json_pack("{ssss*s[]}", "id", more, "name",
		    eq + 1,
		    "role"));
	}
	json_array_append_new(json_object_get(who, "role"), json_stringn(text,
	    (size_t)(eq - text)));
	if ((good = would_do("people", people, e))) {
		json_decref(s->people);
		s->people = json_incref(people);
	}
	json_decref(people);
	return good;
}

/* ---- the document ------------------------------------------------------------------------- */

static void
put_note(const struct site_start *s, json_t *o, const char *key, const char *word)
{
	json_object_set_new(o, key, json_string(rules_word(s->rules, word, s->lang)));
}

/* An object with its note first. */
static json_t *
noted(const struct site_start *s, const char *word, const json_t *members)
{
	json_t *o = json_object();

	put_note(s, o, "x-note", word);
	json_object_update(o, (json_t *)members);
	return o;
}

/* An example of an entry beside the list it belongs in: a member of one's own, not read. */
static const char examples[] =
    "{\"conduits\": {\"from\": \"office\", \"to\": \"analysis\", \"app_proto\": [\"https\"],"
    " \"port\": [443], \"reason\": \"...\"},"
    "\"suppliers\": {\"id\": \"nordlab\", \"name\": \"Nordlab AB\", \"addresses\": "
    "[\"198.51.100.0/24\"],"
    " \"domains\": [\"nordlab.example\"], \"contract\": \"A-2026-1\", \"expires\": \"2027-12-31\","
    " \"mfa\": true, \"incident_clause\": true, \"hours\": [{\"days\": \"mon-fri\","
    " \"from\": \"07:00\", \"to\": \"17:00\"}], \"instruments\": [\"HPLC-4\"]},"
    "\"instruments\": {\"id\": \"HPLC-4\", \"name\": \"...\", \"serial\": \"...\", \"ip\": "
    "\"10.10.0.14\","
    " \"zone\": \"analysis\", \"owner\": \"eva.lind\", \"in_use\": true, \"risk_entry\": \"R-1\","
    " \"klassa\": \"K2/R3/T2\", \"calibration_due\": \"2027-06-30\", \"cra\": {\"class\": "
    "\"default\"}},"
    "\"people\": {\"id\": \"eva.lind\", \"name\": \"Eva Lind\", \"role\": [\"incident_lead\"],"
    " \"email\": \"eva.lind@lab.example\", \"phone\": \"...\", \"deputy\": \"per.ek\"},"
    "\"systems\": {\"id\": \"lims\", \"name\": \"LIMS\", \"klassa\": \"K3/R3/T2\","
    " \"instruments\": [\"HPLC-4\"], \"zones\": [\"analysis\"], \"owner\": \"eva.lind\"},"
    "\"attestations\": {\"item\": \"gov.board_informed\", \"status\": \"met\", \"by\": "
    "\"eva.lind\","
    " \"date\": \"2026-11-01\", \"expires\": \"2027-11-01\", \"document\": \"minutes.pdf\"}}";

static void
put_list(const struct site_start *s, json_t *doc, const json_t *example, const char *key,
    const json_t *list)
{
	char name[64], word[64];

	snprintf(name, sizeof(name), "x-note-%s", key);
	snprintf(word, sizeof(word), "init.%s", key);
	put_note(s, doc, name, word);
	if (json_object_get(example, key)) {
		snprintf(name, sizeof(name), "x-example-%s", key);
		json_object_set(doc, name, json_object_get(example, key));
	}
	json_object_set_new(doc, key, list ? json_deep_copy(list) : json_array());
}

/* What was answered, in the order of the questions. */
static json_t *
organisation(const struct site_start *s)
{
	json_t *o = json_object();

	for (int i = 0; i < START_FIELDS; i++)
		if (i != START_KEY && json_object_get(s->organisation, fields[i].key))
			json_object_set(o, fields[i].key, json_object_get(s->organisation,
			    fields[i].key));
		else if (i == START_COUNTRY)
			json_object_set_new(o, fields[i].key, json_string("SE"));
	return o;
}

static json_t *
document(const struct site_start *s)
{
	json_t *doc = json_object(), *example = json_loads(examples, 0, NULL), *site, *policies;
	json_t *org = organisation(s);

	put_note(s, doc, "x-note", "init.note");
	json_object_set_new(doc, "otsite", json_integer(1));
	site = json_pack("{ss}", "key", "lab");
	json_object_update(site, s->site);
	if (json_object_get(s->organisation, "name"))
		json_object_set(site, "name", json_object_get(s->organisation, "name"));
	json_object_set_new(site, "timezone", json_string("Europe/Stockholm"));
	json_object_set_new(doc, "site", noted(s, "init.site", site));
	json_decref(site);
	json_object_set_new(doc, "organisation", noted(s, "init.organisation", org));
	json_decref(org);
	put_list(s, doc, example, "zones", s->zones);
	put_list(s, doc, example, "conduits", NULL);
	put_list(s, doc, example, "suppliers", NULL);
	policies = json_pack("{si si si si si}", "log_retention_days", 365, "review_interval_days",
	    365,
	    "calibration_reminder_days", 30, "patch_max_age_days", 730, "pressure_min_pa", 10);
	json_object_set_new(doc, "policies", noted(s, "init.policies", policies));
	json_decref(policies);
	put_list(s, doc, example, "instruments", s->instruments);
	put_list(s, doc, example, "people", s->people);
	put_list(s, doc, example, "systems", NULL);
	put_list(s, doc, example, "attestations", NULL);
	json_decref(example);
	return doc;
}

bool
site_start_write(struct site_start *s, FILE *f, struct err *e)
{
	json_t *doc = document(s);
	char *text = NULL;
	size_t n;
	FILE *m = open_memstream(&text, &n);
	struct site *made = NULL;
	bool good = m && pretty_write(m, doc, WIDTH);

	if (m && fclose(m) != 0)
		good = false;
	/* what is handed out is what a reader takes */
	if (!good)
		err_set(e, "out of memory");
	else if ((made = site_loadb("init", text, n, e)))
		good = fwrite(text, 1, n, f) == n;
	site_free(made);
	free(text);
	json_decref(doc);
	return good && made;
}
