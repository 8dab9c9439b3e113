/* oscal_finding.c: an item's observations, its finding and its risk. */
#include "report/oscal_impl.h"

#include "base/stamp.h"

#include <string.h>

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* Whether a piece of evidence came off the network, and not from what people wrote. */
static bool
heard(const json_t *ev)
{
	const char *kind = text_of(ev, "kind");

	return kind && strcmp(kind, "site") != 0 && strcmp(kind, "attestation") != 0;
}

/* ---- what evidence refers to ---------------------------------------------------- */

/* The capture file as a resource of the back matter: "#uuid" into dst, or "". */
static void
capture(struct oscal *x, const char *file, char dst[OSCAL_UUID + 1])
{
	char uuid[OSCAL_UUID];
	const char *base = file ? strrchr(file, '/') : NULL;
	json_t *r;

	dst[0] = '\0';
	if (!file || !*file)
		return;
	base = base && base[1] ? base + 1 : file;
	oscal_uuid(uuid, oscal_site(x->g), "capture", file);
	snprintf(dst, OSCAL_UUID + 1, "#%s", uuid);
	if (json_object_get(x->captures, file))
		return;
	r = json_object();
	json_object_set_new(r, "uuid", json_string(uuid));
	json_object_set_new(r, "title", oscal_markup(base));
	json_object_set_new(r, "rlinks", json_pack("[{so}]", "href", oscal_href(file)));
	json_object_set_new(x->captures, file, r);
}

/* An asset as an inventory item; its uuid into dst. */
static void
inventory_item(struct oscal *x, const struct gap_asset *a, char dst[OSCAL_UUID])
{
	const char *zone = a->zone ? gap_zone_name(x->g, a->zone) : NULL;
	json_t *o, *props;

	oscal_uuid(dst, oscal_site(x->g), "asset", a->id);
	if (json_object_get(x->items, a->id))
		return;
	o = json_object();
	props = json_array();
	json_object_set_new(o, "uuid", json_string(dst));
	json_object_set_new(o, "description", oscal_markup(a->label ? a->label : a->id));
	oscal_prop(props, "asset-id", false, NULL, a->listed ? a->listed->id : a->id);
	if (a->ip)
		oscal_prop(props, strchr(a->ip, ':') ? "ipv6-address" : "ipv4-address", false, NULL,
		    a->ip);
	oscal_prop(props, "mac-address", false, NULL,
	    json_string_value(json_array_get(json_object_get(a->j, "macs"), 0)));
	oscal_prop(props, "zone", true, NULL, zone);
	oscal_prop(props, "firmware", true, NULL, a->firmware);
	oscal_list(o, "props", props);
	json_object_set_new(x->items, a->id, o);
}

/* Whom a piece of evidence is about: "id", or "client>server/protocol/port". */
static void
subjects(struct oscal *x, const json_t *ev, json_t *list, json_t *taken)
{
	const char *id = text_of(ev, "id"), *p = id, *next;
	char part[128], uuid[OSCAL_UUID];
	const struct gap_asset *a;

	for (; p && *p; p = next) {
		size_t n = strcspn(p, ">");
		next = p[n] ? p + n + 1 : p + n;
		if (p != id)
			n = strcspn(p, "/");
		snprintf(part, sizeof(part), "%.*s", (int)n, p);
		if (!(a = gap_asset(x->g, part)) || json_object_get(taken, part))
			continue;
		json_object_set_new(taken, part, json_true());
		inventory_item(x, a, uuid);
		json_array_append_new(list, json_pack("{ssss}", "subject-uuid", uuid, "type",
		    "inventory-item"));
	}
}

/* ---- observations ---------------------------------------------------------------- */

static json_t *
evidence(struct oscal *x, const json_t *ev)
{
	static const char *const names[] = { "kind", "id", "field", "op", "value", "status", "by",
		"date", "expires", "document", "digest", "signature", "timestamp" };
	const char *what = text_of(ev, "name"), *text = text_of(ev, "text"), *file;
	json_t *o = json_object(), *props = json_array(), *v;
	char href[OSCAL_UUID + 1], number[32];

	if (!(file = text_of(ev, "pcap_filename")))
		file = text_of(ev, "in_iface");
	capture(x, file, href);
	if (!*href && !heard(ev) && x->g->site)
		snprintf(href, sizeof(href), "#%s", x->site_file);
	if (*href)
		json_object_set_new(o, "href", json_string(href));
	if (!what)
		what = text ? text : text_of(ev, "id");
	if (!(v = oscal_markup(what)))
		v = json_string(oscal_word(x, heard(ev) ? "oscal.seen" : "oscal.read"));
	json_object_set_new(o, "description", v);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		v = json_object_get(ev, names[i]);
		char *dump = json_is_number(v) ? json_dumps(v, JSON_ENCODE_ANY |
		    JSON_REAL_PRECISION(15)) : NULL;
		oscal_prop(props, names[i], true, NULL, dump ? dump : json_string_value(v));
		free(dump);
	}
	if (json_is_integer(v = json_object_get(ev, "pcap_cnt"))) {
		snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(v));
		oscal_prop(props, "packet", true, NULL, number);
	}
	oscal_list(o, "props", props);
	if (text && text != what && (v = oscal_markup(text)))
		json_object_set_new(o, "remarks", v);
	return o;
}

/* What the network, or what people, had to say of the item: its uuid is added to related. */
static void
observe(struct oscal *x, const struct gap_finding *f, bool network, json_t *related)
{
	const struct gap *g = x->g;
	const char *kind = network ? "oscal.seen" : "oscal.read";
	json_t *o, *list = json_array(), *subject = json_array(), *taken = json_object(), *ev;
	const struct site_attestation *a = network ? NULL : f->attestation;
	char uuid[OSCAL_UUID], title[512];
	size_t i;

	json_array_foreach(f->evidence, i, ev)
		if (heard(ev) == network) {
			json_array_append_new(list, evidence(x, ev));
			subjects(x, ev, subject, taken);
		}
	json_decref(taken);
	if (json_array_size(list) == 0) {
		json_decref(list);
		json_decref(subject);
		return;
	}
	oscal_uuid(uuid, x->run, network ? "test" : "examine", f->item->id);
	snprintf(title, sizeof(title), "%s: %s", oscal_word(x, kind), rules_text(&f->item->title,
	    g->lang));
	o = json_object();
	json_object_set_new(o, "uuid", json_string(uuid));
	json_object_set_new(o, "title", oscal_markup(title));
	json_object_set_new(o, "description", oscal_markup(f->reason));
	json_object_set_new(o, "methods", json_pack("[s]", network ? "TEST" : "EXAMINE"));
	json_object_set_new(o, "types", json_pack("[s]", "control-objective"));
	json_object_set_new(o, "origins", json_pack("[{s[{ssss}]}]", "actors", "type", "tool",
	    "actor-uuid", x->tool));
	oscal_list(o, "subjects", subject);
	json_object_set_new(o, "relevant-evidence", list);
	json_object_set_new(o, "collected", oscal_time(network && g->last != INT64_MIN ? g->last :
	    g->now));
	if (a && a->expires.text)
		json_object_set_new(o, "expires", oscal_time(a->expires.us));
	if (network && f->omitted) {
		char number[32];
		json_t *props = json_array();
		snprintf(number, sizeof(number), "%zu", f->omitted);
		oscal_prop(props, "evidence-omitted", true, NULL, number);
		oscal_list(o, "props", props);
	}
	json_array_append_new(x->observations, o);
	json_array_append_new(related, json_pack("{ss}", "observation-uuid", uuid));
}

/* ---- finding and risk ------------------------------------------------------------- */

static json_t *
target(const struct oscal *x, const struct gap_finding *f)
{
	/* satisfied, reason, and what is said beside it */
	static const struct { bool met; const char *reason, *word; } as[GAP_STATUSES] = {
		[GAP_GAP] = { false, "fail", NULL },
		[GAP_PARTLY] = { false, "other", "oscal.partly" },
		[GAP_UNKNOWN] = { false, "other", "oscal.unknown" },
		[GAP_MET] = { true, "pass", NULL },
		[GAP_NA] = { true, "other", "oscal.na" },
	};
	json_t *status = json_pack("{ssss}", "state", as[f->status].met ? "satisfied" :
	    "not-satisfied", "reason", as[f->status].reason);

	if (as[f->status].word)
		json_object_set_new(status, "remarks", json_string(oscal_word(x,
		    as[f->status].word)));
	return json_pack("{sssssoso}", "type", "objective-id", "target-id", f->item->id, "title",
	    oscal_markup(rules_text(&f->item->title, x->g->lang)), "status", status);
}

/* What a gap, or half of one, weighs, and what would close it: what was decided, or else what
 * the rules propose. */
static void
risk(struct oscal *x, const struct gap_finding *f, const json_t *related, json_t *refs)
{
	const struct gap *g = x->g;
	const struct rules_item *t = f->item;
	const char *what = f->action ? site_word(&f->action->what, g->lang) : NULL;
	char uuid[OSCAL_UUID], step[OSCAL_UUID], weight[16], *law = NULL, *statement;
	json_t *o = json_object(), *args;
	size_t n;
	FILE *m = open_memstream(&law, &n);

	if (m) {
		rules_cites(m, t->law, t->nlaw, g->lang);
		fclose(m);
	}
	snprintf(weight, sizeof(weight), "%d", t->weight);
	args = json_pack("{siss}", "weight", t->weight, "law", law ? law : "");
	statement = rules_phrase(g->rules, "oscal.risk", g->lang, args);
	oscal_uuid(uuid, x->run, "risk", t->id);
	oscal_uuid(step, x->run, "remedy", t->id);
	json_object_set_new(o, "uuid", json_string(uuid));
	json_object_set_new(o, "title", oscal_markup(rules_text(&t->title, g->lang)));
	json_object_set_new(o, "description", oscal_markup(f->reason));
	json_object_set_new(o, "statement", oscal_markup(statement));
	json_object_set_new(o, "status", json_string("open"));
	json_object_set_new(o, "characterizations", json_pack("[{s{s[{ssss}]}s[{ssssss}]}]",
	    "origin", "actors", "type", "tool", "actor-uuid", x->tool, "facets", "name", "weight",
	    "system", OSCAL_NS, "value", weight));
	if (f->by != INT64_MIN)
		json_object_set_new(o, "deadline", oscal_time(f->by));
	json_object_set_new(o, "remediations", json_pack("[{ssssssso}]", "uuid", step, "lifecycle",
	    f->action ? "planned" : "recommendation", "title", oscal_word(x, "oscal.remedy"),
	    "description",
	    oscal_markup(what ? what : rules_text(&t->remedy, g->lang))));
	oscal_list(o, "related-observations", json_copy((json_t *)related));
	json_array_append_new(x->risks, o);
	json_array_append_new(refs, json_pack("{ss}", "risk-uuid", uuid));
	json_decref(args);
	free(statement);
	free(law);
}

void
oscal_finding(struct oscal *x, const struct gap_finding *f)
{
	const struct rules_item *t = f->item;
	json_t *o = json_object(), *related = json_array(), *risks = json_array();
	json_t *props = json_array();
	char uuid[OSCAL_UUID], weight[16];

	observe(x, f, true, related);
	observe(x, f, false, related);
	if (f->status == GAP_GAP || f->status == GAP_PARTLY)
		risk(x, f, related, risks);
	snprintf(weight, sizeof(weight), "%d", t->weight);
	oscal_prop(props, "status", true, NULL, gap_status_name(f->status));
	oscal_prop(props, "basis", true, NULL, gap_basis_name(f->basis));
	oscal_prop(props, "weight", true, NULL, weight);
	oscal_prop(props, "group", true, NULL, t->group);
	oscal_prop(props, "reason-key", true, NULL, f->reason_key);
	oscal_prop(props, "certainty", true, NULL, rules_certainty_name(t->certainty));
	oscal_prop(props, "owner", true, f->action ? "decided" : "proposed", f->owner);
	json_object_set_new(o, "uuid", json_string(oscal_uuid(uuid, x->run, "finding", t->id)));
	json_object_set_new(o, "title", oscal_markup(rules_text(&t->title, x->g->lang)));
	json_object_set_new(o, "description", oscal_markup(f->reason));
	oscal_list(o, "props", props);
	json_object_set_new(o, "origins", json_pack("[{s[{ssss}]}]", "actors", "type", "tool",
	    "actor-uuid", x->tool));
	json_object_set_new(o, "target", target(x, f));
	oscal_list(o, "related-observations", related);
	oscal_list(o, "related-risks", risks);
	json_array_append_new(x->findings, o);
}
