/* oscal.c: an assessment-results document: who, by what plan, what was reviewed, and the
 * resources that the results refer to. */
#include "report/oscal_impl.h"

#include "base/hex.h"
#include "base/opt.h"
#include "base/stamp.h"

#include <string.h>

/* ---- who -------------------------------------------------------------------------- */

static void
add_role(json_t *roles, json_t *taken, const char *id, const char *title)
{
	if (json_object_get(taken, id))
		return;
	json_object_set_new(taken, id, json_true());
	json_array_append_new(roles, json_pack("{ssss}", "id", id, "title", title));
}

/* The organisation and the people of the site file, and who answers for what. */
static void
parties(const struct oscal *x, json_t *metadata)
{
	const struct site *s = x->g->site;
	json_t *roles = json_array(), *list = json_array(), *who = json_object();
	json_t *taken = json_object(), *duty = json_array(), *o, *props, *ids;
	char org[OSCAL_UUID], uuid[OSCAL_UUID], key[64];
	const char *name = s ? site_word(&s->org.name, x->g->lang) : NULL, *role;

	if (name) {
		props = json_array();
		o = json_pack("{ssss}", "uuid", oscal_uuid(org, oscal_site(x->g), "party",
		    "organisation"), "type", "organization");
		json_object_set_new(o, "name", oscal_string(name));
		oscal_prop(props, "registration-number", true, NULL, s->org.number);
		oscal_list(o, "props", props);
		json_array_append_new(list, o);
		add_role(roles, taken, "assessed-organisation", oscal_word(x,
		    "oscal.role.assessed"));
		json_object_set_new(who, "assessed-organisation", json_pack("[s]", org));
	}
	for (size_t i = 0; s && i < s->npeople; i++) {
		const struct site_person *p = &s->people[i];
		json_t *text = oscal_string(p->name);

		oscal_uuid(uuid, oscal_site(x->g), "party", p->id);
		o = json_pack("{ssssso}", "uuid", uuid, "type", "person", "name",
		    text ? text : json_string(p->id));
		if (p->email && strchr(p->email, '@'))
			json_object_set_new(o, "email-addresses", json_pack("[s]", p->email));
		if (p->phone && (text = oscal_string(p->phone)))
			json_object_set_new(o, "telephone-numbers", json_pack("[{so}]", "number",
			    text));
		if (name)
			json_object_set_new(o, "member-of-organizations", json_pack("[s]", org));
		json_array_append_new(list, o);
		for (size_t k = 0; k < p->role.n; k++) {
			snprintf(key, sizeof(key), "oscal.role.%.40s", p->role.v[k]);
			add_role(roles, taken, p->role.v[k], oscal_word(x, key));
			if (!(ids = json_object_get(who, p->role.v[k])))
				json_object_set_new(who, p->role.v[k], ids = json_array());
			json_array_append_new(ids, json_string(uuid));
		}
	}
	json_object_foreach(who, role, ids)
		json_array_append_new(duty, json_pack("{sssO}", "role-id", role, "party-uuids",
		    ids));
	json_decref(who);
	json_decref(taken);
	oscal_list(metadata, "roles", roles);
	oscal_list(metadata, "parties", list);
	oscal_list(metadata, "responsible-parties", duty);
}

/* The name of what was assessed. */
static const char *
subject(const struct oscal *x)
{
	const struct gap *g = x->g;
	const char *name = site_title(g->site, g->lang);

	return name ? name : oscal_word(x, "report.nosite");
}

static json_t *
metadata(const struct oscal *x)
{
	char title[512];
	char day[STAMP_TEXT];
	json_t *o = json_object(), *props = json_array();

	snprintf(title, sizeof(title), "%s: %s", oscal_word(x, "report.title"), subject(x));
	stamp_put(day, x->g->now);
	day[10] = '\0';
	json_object_set_new(o, "title", oscal_markup(title));
	json_object_set_new(o, "last-modified", oscal_time(x->g->now));
	json_object_set_new(o, "version", json_string(day));
	json_object_set_new(o, "oscal-version", json_string(OSCAL_VERSION));
	oscal_prop(props, "language", true, NULL, x->g->lang);
	oscal_list(o, "props", props);
	parties(x, o);
	return o;
}

/* ---- what was asked --------------------------------------------------------------- */

static void
cites(json_t *props, const char *name, const struct rules_ref *const *ref, size_t n,
    const char *lang)
{
	char text[160];

	for (size_t i = 0; i < n; i++)
		oscal_prop(props, name, true, ref[i]->key, rules_cite(ref[i], lang, text,
		    sizeof(text)));
}

/* The checklist as objectives of its own, with the law that they come from. */
static json_t *
objectives(const struct oscal *x)
{
	const struct rules *r = x->g->rules;
	json_t *list = json_array(), *o, *props;

	for (size_t i = 0; i < r->nitems; i++) {
		const struct rules_item *t = &r->items[i];

		props = json_array();
		oscal_prop(props, "answered-by", true, NULL, rules_answer_name(t->answer));
		cites(props, "law", t->law, t->nlaw, x->g->lang);
		cites(props, "standard", t->standard, t->nstandard, x->g->lang);
		oscal_prop(props, "source", true, NULL, t->source);
		o = json_pack("{sssoso}", "control-id", t->id, "description",
		    oscal_markup(rules_text(&t->title, x->g->lang)), "props", props);
		json_object_set_new(o, "parts", json_pack("[{sssssoso}]", "id", t->id, "name",
		    "assessment-objective", "title", oscal_markup(rules_text(&t->title,
		    x->g->lang)), "prose", oscal_markup(rules_text(&t->question, x->g->lang))));
		json_array_append_new(list, o);
	}
	return json_pack("{so}", "objectives-and-methods", list);
}

static json_t *
reviewed(const struct oscal *x)
{
	const struct rules *r = x->g->rules;
	json_t *controls = json_array(), *asked = json_array();

	for (size_t i = 0; i < r->nitems; i++) {
		json_array_append_new(controls, json_pack("{ss}", "control-id", r->items[i].id));
		json_array_append_new(asked, json_pack("{ss}", "objective-id", r->items[i].id));
	}
	return json_pack("{sos[{so}]s[{so}]}", "description", oscal_markup(rules_text(&r->title,
	    x->g->lang)), "control-selections", "include-controls", controls,
	    "control-objective-selections", "include-objectives", asked);
}

/* ---- what came of it -------------------------------------------------------------- */

static json_t *
assets(struct oscal *x)
{
	char platform[OSCAL_UUID];
	json_t *components = json_array(), *props = json_array(), *o;

	oscal_prop(props, "version", false, NULL, otkit_version);
	o = json_pack("{sssssssss{ss}so}", "uuid", x->tool, "type", "software", "title",
	    "nis2report", "description", oscal_word(x, "oscal.tool"), "status", "state",
	    "operational", "props", props);
	json_array_append_new(components, o);
	oscal_uuid(platform, "otkit", "platform", otkit_version);
	return json_pack("{sos[{sssss[{ss}]}]}", "components", components, "assessment-platforms",
	    "uuid", platform, "title", "nis2report gap", "uses-components", "component-uuid",
	    x->tool);
}

static json_t *
result(struct oscal *x)
{
	const struct gap *g = x->g;
	bool seen = g->first <= g->last;
	char uuid[OSCAL_UUID], number[32];
	json_t *o = json_object(), *local = json_object(), *items = json_array(), *v;
	json_t *props = json_array();
	const char *k;

	for (size_t i = 0; i < g->nfindings; i++)
		oscal_finding(x, &g->findings[i]);
	json_object_foreach(x->items, k, v)
		json_array_append(items, v);
	oscal_list(local, "inventory-items", items);
	json_object_set_new(local, "assessment-assets", assets(x));
	json_object_set_new(o, "uuid", json_string(oscal_uuid(uuid, x->run, "result", "")));
	json_object_set_new(o, "title", oscal_markup(subject(x)));
	json_object_set_new(o, "description", oscal_markup(oscal_word(x, "method.disclaimer")));
	json_object_set_new(o, "start", oscal_time(seen ? g->first : g->now));
	json_object_set_new(o, "end", oscal_time(seen ? g->last : g->now));
	for (int i = 0; i < GAP_STATUSES; i++) {
		snprintf(number, sizeof(number), "%zu", g->count[i]);
		oscal_prop(props, "count", true, gap_status_name((enum gap_status)i), number);
	}
	oscal_list(o, "props", props);
	json_object_set_new(o, "local-definitions", local);
	json_object_set_new(o, "reviewed-controls", reviewed(x));
	oscal_list(o, "observations", json_incref(x->observations));
	oscal_list(o, "risks", json_incref(x->risks));
	oscal_list(o, "findings", json_incref(x->findings));
	return o;
}

/* ---- what it refers to ------------------------------------------------------------ */

static void
add_resource(const struct oscal *x, json_t *list, const char *uuid, const char *title,
    const char *file, const char *text, const uint8_t *digest)
{
	char hex[65];
	json_t *o = json_pack("{ssss}", "uuid", uuid, "title", oscal_word(x, title)), *link;

	if (digest)
		hex_put(hex, digest, 32);
	hex[64] = '\0';
	if (text)
		json_object_set_new(o, "description", oscal_markup(text));
	if (file) {
		link = json_pack("{so}", "href", oscal_href(file));
		if (digest)
			json_object_set_new(link, "hashes", json_pack("[{ssss}]", "algorithm",
			    "SHA-256", "value", hex));
		json_object_set_new(o, "rlinks", json_pack("[o]", link));
	} else if (digest) {
		link = json_array();
		oscal_prop(link, "sha-256", true, NULL, hex);
		oscal_list(o, "props", link);
	}
	json_array_append_new(list, o);
}

static json_t *
back_matter(struct oscal *x, const char *plan)
{
	const struct gap *g = x->g;
	char uuid[OSCAL_UUID], rules[160];
	json_t *list = json_array(), *v;
	const char *k;

	add_resource(x, list, plan, "oscal.noplan.title", NULL, oscal_word(x, "oscal.noplan"),
	    NULL);
	add_resource(x, list, oscal_uuid(uuid, x->run, "resource", "inventory"), "oscal.inventory",
	    NULL, NULL, g->digest);
	if (g->site)
		add_resource(x, list, x->site_file, "oscal.sitefile", g->site->file, NULL,
		    g->site->digest);
	snprintf(rules, sizeof(rules), "%s %s, %s", g->rules->id, g->rules->version,
	    g->rules->date);
	add_resource(x, list, oscal_uuid(uuid, x->run, "resource", "rules"), "oscal.rules", NULL,
	    rules, g->rules->digest);
	json_object_foreach(x->captures, k, v)
		json_array_append(list, v);
	return json_pack("{so}", "resources", list);
}

/* What tells this assessment from another: its inputs, its day, its language. */
static void
name_run(struct oscal *x)
{
	const struct gap *g = x->g;
	char inventory[65] = "", rules[65] = "", site[65] = "-";

	hex_put(inventory, g->digest, 32);
	hex_put(rules, g->rules->digest, 32);
	if (g->site)
		hex_put(site, g->site->digest, 32);
	inventory[64] = rules[64] = '\0';
	if (g->site)
		site[64] = '\0';
	snprintf(x->run, sizeof(x->run), "%s,%s,%s,%lld,%s", inventory, site, rules,
	    (long long)g->now, g->lang);
}

bool
oscal_write(FILE *f, const struct gap *g)
{
	struct oscal x = { .g = g, .observations = json_array(), .risks = json_array(),
	    .findings = json_array(), .items = json_object(), .captures = json_object() };
	char uuid[OSCAL_UUID], plan[OSCAL_UUID], href[OSCAL_UUID + 1];
	json_t *o = json_object(), *r;
	bool ok;

	name_run(&x);
	oscal_uuid(x.tool, "otkit", "tool", otkit_version);
	oscal_uuid(x.site_file, x.run, "resource", "site");
	oscal_uuid(plan, x.run, "resource", "plan");
	snprintf(href, sizeof(href), "#%s", plan);
	json_object_set_new(o, "uuid", json_string(oscal_uuid(uuid, x.run, "document", "")));
	json_object_set_new(o, "metadata", metadata(&x));
	json_object_set_new(o, "import-ap", json_pack("{ssss}", "href", href, "remarks",
	    oscal_word(&x, "oscal.noplan")));
	json_object_set_new(o, "local-definitions", objectives(&x));
	r = result(&x);
	json_object_set_new(o, "results", json_pack("[o]", r));
	json_object_set_new(o, "back-matter", back_matter(&x, plan));
	r = json_pack("{so}", "assessment-results", o);
	ok = r && json_dumpf(r, f, JSON_INDENT(2) | JSON_PRESERVE_ORDER) == 0 &&
	    putc('\n', f) != EOF;
	json_decref(r);
	json_decref(x.observations);
	json_decref(x.risks);
	json_decref(x.findings);
	json_decref(x.items);
	json_decref(x.captures);
	return ok && !ferror(f);
}
