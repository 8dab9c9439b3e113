/* gap.c: reads the records, asks every item, and orders what comes of it. */
#include "assess/gap.h"

#include "base/limits.h"
#include "base/stamp.h"
#include "json/scan.h"
#include "assess/answer.h"
#include "assess/finding.h"
#include "assess/gap_impl.h"

static const char *const status_name[] = { "gap", "partly", "unknown", "met", "not_applicable" };
static const char *const basis_name[] = { "none", "machine", "attestation", "both" };

const char *
gap_status_name(enum gap_status s)
{
	return status_name[s];
}

const char *
gap_basis_name(enum gap_basis b)
{
	return basis_name[b];
}

struct gap *
gap_new(const struct rules *rules, const struct site *site, const char *lang)
{
	struct gap *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->rules = rules;
	g->site = site;
	g->lang = lang;
	g->first = INT64_MAX;
	g->last = INT64_MIN;
	g->kept = json_array();
	g->md = EVP_MD_CTX_new();
	if (!g->kept || !g->md || EVP_DigestInit_ex(g->md, EVP_sha256(), NULL) != 1) {
		gap_free(g);
		return NULL;
	}
	return g;
}

void
gap_free(struct gap *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->nfindings; i++) {
		free(g->findings[i].reason);
		json_decref(g->findings[i].evidence);
	}
	free(g->findings);
	free(g->assets);
	free(g->links);
	free(g->unseen);
	for (int i = 0; i < GAP_SOURCES; i++)
		free(g->given[i].v);
	json_decref(g->index);
	json_decref(g->kept);
	EVP_MD_CTX_free(g->md);
	free(g);
}

/* ---- reading ------------------------------------------------------------- */

/* Event types that are kept, in the order of enum gap_source. */
static const char *const source_name[GAP_SOURCES] = { "calibration_status", "calibration_summary",
	"ledger_check", "log_status", "alert" };

const json_t *
gap_given(const struct gap *g, enum gap_source s, size_t i)
{
	return json_object_get(g->given[s].v[i], source_name[s]);
}

static void
note_time(struct gap *g, int64_t us)
{
	if (us == INT64_MIN)
		return;
	if (us < g->first)
		g->first = us;
	if (us > g->last)
		g->last = us;
}

static int
source_of(const struct sval *type)
{
	for (int i = 0; i < GAP_SOURCES; i++)
		if (sval_is(type, source_name[i]))
			return i;
	return -1;
}

static bool
keep_given(struct gap *g, int source, const json_t *rec, struct err *e)
{
	struct gap_given *x = &g->given[source];

	if (!json_is_object(json_object_get(rec, source_name[source])))
		return err_set(e, "no \"%s\" block", source_name[source]);
	if (!gap_grow(&x->v, x->n, &x->cap, sizeof(*x->v)))
		return err_set(e, "out of memory");
	x->v[x->n++] = rec;
	return true;
}

bool
gap_add(struct gap *g, const char *p, size_t n, struct err *e)
{
	struct scan s;
	struct sval k, v;
	const char *why;
	size_t at;
	json_t *rec, *j;
	bool is_asset = false, is_link = false, is_meta = false;
	int source = -1;

	EVP_DigestUpdate(g->md, p, n);
	EVP_DigestUpdate(g->md, "\n", 1);
	if (n == 0)
		return true;
	if (!scan_check(p, n, true, &at, &why))
		return err_set(e, "byte %zu: %s", at + 1, why);
	g->records++;
	for (scan_obj(&s, p, n); scan_member(&s, &k, &v); )
		if (sval_is(&k, "event_type")) {
			is_asset = sval_is(&v, "asset");
			is_link = sval_is(&v, "link");
			is_meta = sval_is(&v, "meta");
			source = source_of(&v);
		}
	if (!is_asset && !is_link && !is_meta && source < 0) {
		g->others++;
		return true;
	}
	if (json_array_size(g->kept) >= LIM_REPORT_RECORDS)
		return err_set(e, "more than %u records", LIM_REPORT_RECORDS);
	if (!(rec = json_loadb(p, n, JSON_ALLOW_NUL, NULL)) || json_array_append_new(g->kept,
	    rec) != 0)
		return err_set(e, "not a record, or out of memory");
	if (is_meta) {
		g->meta = rec;
		return true;
	}
	if (source >= 0)
		return keep_given(g, source, rec, e);
	j = json_object_get(rec, is_asset ? "asset" : "link");
	if (!json_is_object(j))
		return err_set(e, "no \"%s\" block", is_asset ? "asset" : "link");
	if (is_asset) {
		if (!gap_text_of(j, "id"))
			return err_set(e, "an asset without an id");
		if (!gap_grow(&g->assets, g->nassets, &g->cap_assets, sizeof(*g->assets)))
			return err_set(e, "out of memory");
		g->assets[g->nassets] = (struct gap_asset){ .j = j, .order = g->nassets };
		g->nassets++;
	} else {
		if (!gap_grow(&g->links, g->nlinks, &g->cap_links, sizeof(*g->links)))
			return err_set(e, "out of memory");
		g->links[g->nlinks] = (struct gap_link){ .j = j, .order = g->nlinks };
		g->nlinks++;
	}
	note_time(g, gap_time_of(j, "first_seen"));
	note_time(g, gap_time_of(j, "last_seen"));
	return true;
}

/* ---- asking ---------------------------------------------------------------- */

static int
cmp_finding(const void *x, const void *y)
{
	const struct gap_finding *a = x, *b = y;

	if (a->status != b->status)
		return a->status < b->status ? -1 : 1;
	if (a->item->weight != b->item->weight)
		return a->item->weight > b->item->weight ? -1 : 1;
	return a->item < b->item ? -1 : 1;
}

bool
gap_read(struct gap *g, int64_t now, struct err *e)
{
	if (EVP_DigestFinal_ex(g->md, g->digest, NULL) != 1)
		return err_set(e, "no SHA-256 here");
	if (g->first > g->last) {
		/* an inventory without times is judged on the day of the rules */
		if (now == INT64_MIN && !stamp_parse(&now, g->rules->date, strlen(g->rules->date)))
			now = 0;
		g->first = g->last = now;
		g->unobserved = true;
	}
	g->now = now == INT64_MIN ? g->last : now;
	return gap_settle(g, e);
}

bool
gap_run(struct gap *g, int64_t now, struct err *e)
{
	const struct evaluator *ev;
	size_t i;

	if (!gap_read(g, now, e))
		return false;
	if (!(g->findings = calloc(g->rules->nitems, sizeof(*g->findings))))
		return err_set(e, "out of memory");
	for (i = 0; i < g->rules->nitems; i++) {
		struct gap_finding *f = &g->findings[i];
		struct answer m = { GAP_UNKNOWN, NULL, json_object() };
		bool ok;

		f->item = &g->rules->items[i];
		f->evidence = json_array();
		g->nfindings = i + 1;
		if (!(ev = answer_find(f->item->evaluator))) {
			json_decref(m.args);
			return err_set(e,
			    "checklist.json: items.%s.evaluator: there is no such evaluator: %s",
			    f->item->id, f->item->evaluator);
		}
		if (f->item->answer != RULES_ATT)
			ev->ask(g, f, &m);
		ok = gap_weigh(g, f, &m);
		json_decref(m.args);
		if (!ok)
			return err_set(e, "out of memory");
		g->count[f->status]++;
		gap_assign(g, f);
	}
	qsort(g->findings, g->nfindings, sizeof(*g->findings), cmp_finding);
	return true;
}

/* ---- for renderers ------------------------------------------------------- */

const struct gap_asset *
gap_asset(const struct gap *g, const char *id)
{
	const json_t *v = json_object_get(g->index, id);

	return v ? &g->assets[json_integer_value(v)] : NULL;
}

size_t
gap_parts(const struct gap *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->nassets; i++)
		n += !g->assets[i].silent && json_object_get(g->assets[i].j, "parent") != NULL;
	return n;
}

int
gap_share(const struct gap *g)
{
	return g->seen ? (int)(g->listed * 100 / g->seen) : -1;
}

const char *
gap_zone_name(const struct gap *g, const char *zone)
{
	const struct site_zone *z = site_zone(g->site, zone);
	const char *s;

	if (!zone || !*zone)
		return rules_word(g->rules, "zone.none", g->lang);
	if (strcmp(zone, "internet") == 0)
		return rules_word(g->rules, "zone.internet", g->lang);
	s = z ? site_word(&z->name, g->lang) : NULL;
	return s ? s : zone;
}

const char *
gap_proto_name(const struct gap *g, const char *app_proto)
{
	char key[64];
	const char *s;

	if (!app_proto)
		return rules_word(g->rules, "proto.unknown", g->lang);
	snprintf(key, sizeof(key), "proto.%s", app_proto);
	s = rules_word(g->rules, key, g->lang);
	return strcmp(s, key) == 0 ? app_proto : s;
}

void
gap_port(FILE *f, const struct gap *g, const struct gap_link *l)
{
	if (l->port)
		fprintf(f, "%s/%u", l->transport ? l->transport : "ip", l->port);
	else
		fputs(l->transport ? gap_proto_name(g, l->transport) : "IP", f);
}

char *
gap_link_text(const struct gap *g, const struct gap_link *l)
{
	char *s = NULL;
	size_t n;
	FILE *f = open_memstream(&s, &n);

	if (!f)
		return NULL;
	fprintf(f, "%s \xe2\x86\x92 %s (", l->client->label, l->server->label);
	if (l->app_proto)
		fputs(gap_proto_name(g, l->app_proto), f);
	else if (l->guess)
		fprintf(f, "%s?", gap_proto_name(g, l->guess));
	else
		gap_port(f, g, l);
	fputc(')', f);
	if (fclose(f) != 0) {
		free(s);
		return NULL;
	}
	return s;
}

char *
gap_span_text(const struct gap *g, int64_t us)
{
	return rules_span(g->rules, us, g->lang);
}
