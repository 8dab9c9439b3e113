#include "assess/finding.h"

#include "base/stamp.h"
#include "assess/coverage.h"
#include "assess/vouched.h"

#include "base/limits.h"

/* A member, when there is something to say. */
static void
put(json_t *o, const char *key, const char *s)
{
	if (s && *s)
		json_object_set_new(o, key, json_string(s));
}

static void
append(struct gap_finding *f, json_t *o)
{
	if (json_array_size(f->evidence) < LIM_EVIDENCE) {
		json_array_append_new(f->evidence, o);
	} else {
		json_decref(o);
		f->omitted++;
	}
}

/* Copies the packet reference of an evidence object. */
static void
put_place(json_t *o, const json_t *place)
{
	static const char *const key[] = { "timestamp", "in_iface", "pcap_filename", "pcap_cnt" };
	json_t *v;

	for (size_t i = 0; i < 4; i++)
		if ((v = json_object_get(place, key[i])))
			json_object_set(o, key[i], v);
}

/* The evidence of one of the asset's fields: the first that names a packet. */
static const json_t *
place_of(const json_t *asset, const char *field)
{
	const json_t *ev = json_object_get(asset, "evidence"), *list, *v;
	size_t i;

	if (field && (list = json_object_get(ev, field))) {
		json_array_foreach((json_t *)list, i, v)
			if (json_object_get(v, "pcap_cnt"))
				return v;
		return json_array_get(list, 0);
	}
	/* where it was first seen: at the first of its addresses */
	return json_object_get(json_array_get(json_object_get(asset, "addresses"), 0), "first");
}

void
finding_asset(struct gap_finding *f, const struct gap_asset *a, const char *field,
    const char *text)
{
	json_t *o = json_object(), *first = json_object_get(a->j, "first_seen");

	put(o, "kind", "asset");
	put(o, "id", a->id);
	put(o, "name", a->label);
	put(o, "field", field);
	put_place(o, place_of(a->j, field));
	if (first && !json_object_get(o, "timestamp"))
		json_object_set(o, "timestamp", first);
	put(o, "text", text);
	append(f, o);
}

void
finding_link(const struct gap *g, struct gap_finding *f, const struct gap_link *l,
    const char *text)
{
	json_t *o = json_object(), *w, *p, *v;
	const json_t *first = json_object_get(json_object_get(l->j, "evidence"), "first");
	char id[512], *name = gap_link_text(g, l);
	size_t i;

	snprintf(id, sizeof(id), "%s>%s/%s/%u", l->client->id, l->server->id,
	    l->app_proto ? l->app_proto : l->transport ? l->transport : "ip", l->port);
	put(o, "kind", "link");
	put(o, "id", id);
	put(o, "name", name);
	free(name);
	put_place(o, first);
	if (!json_object_get(o, "timestamp") && (v = json_object_get(l->j, "first_seen")))
		json_object_set(o, "timestamp", v);
	put(o, "text", text);
	append(f, o);
	json_array_foreach(json_object_get(l->j, "objects_written"), i, w) {
		if (!(v = json_object_get(w, "object")))
			continue;
		p = json_object();
		put(p, "kind", "packet");
		put(p, "id", id);
		put(p, "field", json_string_value(v));
		put(p, "op", json_string_value(json_object_get(w, "op")));
		put_place(p, json_object_get(w, "last"));      /* where the value was */
		if ((v = json_object_get(w, "count")))
			json_object_set(p, "count", v);
		if ((v = json_object_get(w, "last_value")))
			json_object_set(p, "value", v);
		append(f, p);
	}
}

void
finding_site(struct gap_finding *f, const char *id, const char *field, const char *text)
{
	json_t *o = json_object();

	put(o, "kind", "site");
	put(o, "id", id);
	put(o, "field", field);
	put(o, "text", text);
	append(f, o);
}

void
finding_record(struct gap_finding *f, const char *kind, const char *id, const char *field,
    int64_t seq, const char *when, const char *text)
{
	json_t *o = json_object();

	put(o, "kind", kind);
	put(o, "id", id);
	put(o, "field", field);
	if (seq > 0)
		json_object_set_new(o, "record", json_integer((json_int_t)seq));
	put(o, "timestamp", when);
	put(o, "text", text);
	append(f, o);
}

void
finding_attestation(const struct gap *g, struct gap_finding *f, const struct site_attestation *a,
    enum attested signature)
{
	json_t *o = json_object();

	put(o, "kind", "attestation");
	put(o, "id", a->item);
	put(o, "status", a->status);
	put(o, "by", site_who(g->site, a->by));
	if (vouched_by_stranger(g->site, a, signature))
		json_object_set_new(o, "stranger", json_true());
	put(o, "date", a->date.text);
	put(o, "expires", a->expires.text);
	put(o, "document", a->document);
	put(o, "digest", a->digest);
	put(o, "signature", a->signature ? attested_name(signature) : NULL);
	put(o, "text", site_word(&a->statement, g->lang));
	append(f, o);
}

static void
write_refs(struct jw *w, const struct rules_ref *const *ref, size_t n, const char *lang)
{
	char text[160];

	for (size_t i = 0; i < n; i++) {
		jw_a_obj(w);
		jw_cstr(w, "id", ref[i]->key);
		jw_cstr(w, "text", rules_cite(ref[i], lang, text, sizeof(text)));
		jw_cstr(w, "certainty", rules_certainty_name(ref[i]->certainty));
		jw_end(w);
	}
}

bool
finding_write(const struct gap *g, const struct gap_finding *f, struct jw *w)
{
	const struct rules_item *t = f->item;
	char *s, day[STAMP_TEXT];
	size_t i;

	jw_begin(w);
	jw_time(w, "timestamp", g->now);
	jw_cstr(w, "event_type", "finding");
	jw_obj(w, "finding");
	jw_cstr(w, "item", t->id);
	jw_cstr(w, "title", rules_text(&t->title, g->lang));
	jw_cstr(w, "group", t->group);
	jw_cstr(w, "status", gap_status_name(f->status));
	jw_cstr(w, "basis", gap_basis_name(f->basis));
	jw_cstr(w, "answer", rules_answer_name(t->answer));
	jw_uint(w, "weight", (uint64_t)t->weight);
	jw_cstr(w, "reason", f->reason);
	jw_cstr(w, "reason_key", f->reason_key);
	jw_arr(w, "evidence");
	for (i = 0; i < json_array_size(f->evidence); i++)
		if ((s = json_dumps(json_array_get(f->evidence, i),
		    JSON_COMPACT | JSON_PRESERVE_ORDER))) {
			jw_a_raw(w, s, strlen(s));
			free(s);
		}
	jw_end(w);
	if (f->omitted)
		jw_uint(w, "evidence_omitted", f->omitted);
	jw_arr(w, "law");
	write_refs(w, t->law, t->nlaw, g->lang);
	jw_end(w);
	jw_arr(w, "standard");
	write_refs(w, t->standard, t->nstandard, g->lang);
	jw_end(w);
	if (f->status != GAP_MET && f->status != GAP_NA)
		jw_cstr(w, "remedy", rules_text(&t->remedy, g->lang));
	if (f->action)
		jw_cstr(w, "action", site_word(&f->action->what, g->lang));
	jw_cstr(w, "owner", f->owner);
	if (f->by != INT64_MIN) {
		stamp_put(day, f->by);
		jw_str(w, "by", day, 10);
		jw_bool(w, "decided", f->action != NULL);
	}
	jw_cstr(w, "source", t->source);
	jw_cstr(w, "certainty", rules_certainty_name(t->certainty));
	jw_obj(w, "rule_set");
	jw_cstr(w, "id", g->rules->id);
	jw_cstr(w, "version", g->rules->version);
	jw_cstr(w, "date", g->rules->date);
	jw_hex(w, "digest", g->rules->digest, sizeof(g->rules->digest));
	jw_end(w);
	if (g->site)
		jw_cstr(w, "site", g->site->key);
	jw_cstr(w, "lang", g->lang);
	jw_end(w);
	return jw_line(w);
}

static void
put_count(struct jw *w, enum gap_status s, size_t n)
{
	switch (s) {
	case GAP_GAP: jw_uint(w, "gap", n); break;
	case GAP_PARTLY: jw_uint(w, "partly", n); break;
	case GAP_UNKNOWN: jw_uint(w, "unknown", n); break;
	case GAP_MET: jw_uint(w, "met", n); break;
	case GAP_NA: jw_uint(w, "not_applicable", n); break;
	}
}

bool
finding_summary(const struct gap *g, struct jw *w)
{
	struct coverage c[32];
	size_t n = coverage_make(g, c, 32);
	int unjudged, score = coverage_score(g, &unjudged);

	jw_begin(w);
	jw_time(w, "timestamp", g->now);
	jw_cstr(w, "event_type", "assessment_summary");
	jw_obj(w, "assessment_summary");
	jw_uint(w, "items", g->nfindings);
	jw_obj(w, "statuses");
	for (int i = 0; i < GAP_STATUSES; i++)
		put_count(w, (enum gap_status)i, g->count[i]);
	jw_end(w);
	if (score >= 0)
		jw_int(w, "score", score);
	jw_int(w, "unjudged_percent", unjudged);
	jw_uint(w, "seen", g->seen);
	jw_uint(w, "listed", g->listed);
	jw_uint(w, "with_firmware", g->with_firmware);
	jw_uint(w, "never_seen", g->nunseen);
	jw_arr(w, "articles");
	for (size_t i = 0; i < n; i++) {
		jw_a_obj(w);
		jw_cstr(w, "id", c[i].ref->key);
		jw_uint(w, "items", c[i].n);
		if (c[i].n)
			jw_cstr(w, "worst", gap_status_name(c[i].worst));
		jw_end(w);
	}
	jw_end(w);
	if (g->site)
		jw_cstr(w, "site", g->site->key);
	jw_end(w);
	return jw_line(w);
}
