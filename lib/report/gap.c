/* gap.c: reads the inventory, asks every item, and weighs what is seen against
 * what is said. */
#include "report/gap.h"

#include "base/limits.h"
#include "base/stamp.h"
#include "json/scan.h"
#include "report/answer.h"
#include "report/finding.h"
#include "report/gap_impl.h"

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
	json_decref(g->index);
	json_decref(g->kept);
	EVP_MD_CTX_free(g->md);
	free(g);
}

/* ---- reading ------------------------------------------------------------- */

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

bool
gap_add(struct gap *g, const char *p, size_t n, struct err *e)
{
	struct scan s;
	struct sval k, v;
	const char *why;
	size_t at;
	json_t *rec, *j;
	bool is_asset = false, is_link = false, is_meta = false;

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
		}
	if (!is_asset && !is_link && !is_meta) {
		g->others++;
		return true;
	}
	if (g->nassets + g->nlinks >= LIM_REPORT_RECORDS)
		return err_set(e, "more than %u assets and links", LIM_REPORT_RECORDS);
	if (!(rec = json_loadb(p, n, JSON_ALLOW_NUL, NULL)) || json_array_append_new(g->kept,
	    rec) != 0)
		return err_set(e, "not a record, or out of memory");
	if (is_meta) {
		g->meta = rec;
		return true;
	}
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

/* ---- weighing ------------------------------------------------------------ */

enum standing { ATT_NONE, ATT_VALID, ATT_EXPIRED, ATT_INCOMPLETE };

/* The latest attestation of the item that was there on the day, and how it stands. */
static enum standing
attested(const struct gap *g, const char *item, const struct site_attestation **out,
    int64_t *until)
{
	const struct site_attestation *a, *best = NULL;
	int64_t days = site_policy(g->site, "review_interval_days", 0);

	*until = INT64_MAX;
	for (size_t i = 0; g->site && i < g->site->nattestations; i++) {
		a = &g->site->attestations[i];
		if (strcmp(a->item, item) != 0 || (a->date.text && a->date.us > g->now))
			continue;
		if (!best || !best->date.text || (a->date.text && a->date.us > best->date.us))
			best = a;
	}
	*out = best;
	if (!best)
		return ATT_NONE;
	if (!best->date.text || !best->by)
		return ATT_INCOMPLETE;
	if (best->expires.text)
		*until = best->expires.us;
	else if (days > 0)
		*until = best->date.us + days * 86400 * 1000000;
	return *until <= g->now ? ATT_EXPIRED : ATT_VALID;
}

static enum gap_status
status_of(const char *name)
{
	for (int i = 0; i < GAP_STATUSES; i++)
		if (strcmp(status_name[i], name) == 0)
			return (enum gap_status)i;
	return GAP_UNKNOWN;
}

static json_t *
signer(const struct gap *g, const struct site_attestation *t, int64_t until)
{
	char day[STAMP_TEXT];
	json_t *args = json_object();

	if (!t)
		return args;
	json_object_set_new(args, "by", json_string(t->by ? t->by :
	    rules_word(g->rules, "nobody", g->lang)));
	if (site_word(&t->statement, g->lang))
		json_object_set_new(args, "said", json_string(site_word(&t->statement, g->lang)));
	if (t->date.text)
		json_object_set_new(args, "date", json_string(t->date.text));
	if (until != INT64_MAX) {
		stamp_put(day, until);
		json_object_set_new(args, "until", json_stringn(day, 10));
	}
	return args;
}

/* Sets the reason: the machine's sentence, the attestation's, or both. */
static bool
give_reason(const struct gap *g, struct gap_finding *f, const struct answer *m, const char *att_key,
    const json_t *att_args)
{
	char *first = m ? rules_phrase(g->rules, m->key, g->lang, m->args) : NULL;
	char *second = att_key ? rules_phrase(g->rules, att_key, g->lang, att_args) : NULL;

	f->reason_key = m ? m->key : att_key;
	if (first && second) {
		size_t n = strlen(first) + strlen(second) + 2;
		if ((f->reason = malloc(n)))
			snprintf(f->reason, n, "%s %s", first, second);
		free(first);
		free(second);
	} else {
		f->reason = first ? first : second;
	}
	return f->reason != NULL;
}

/* Only the person's word: the machine has none. */
static bool
by_person(const struct gap *g, struct gap_finding *f, const struct answer *m, enum standing st,
    const struct site_attestation *t, const json_t *args)
{
	static const char *const said[] = { "att.gap", "att.partly", "att.unknown", "att.met",
	    "att.na" };
	bool until = json_object_get(args, "until"), told = json_object_get(args, "said");

	f->basis = GAP_BY_PERSON;
	switch (st) {
	case ATT_VALID:
		f->status = status_of(t->status);
		return give_reason(g, f, m->key && f->status != GAP_MET ? m : NULL,
		    f->status == GAP_MET && until ? "att.met_until" :
		    f->status == GAP_GAP && told ? "att.gap_said" :
		    f->status == GAP_PARTLY && told ? "att.partly_said" : said[f->status], args);
	case ATT_EXPIRED:
		f->status = GAP_GAP;
		return give_reason(g, f, NULL, "att.expired", args);
	case ATT_INCOMPLETE:
		f->status = GAP_UNKNOWN;
		return give_reason(g, f, m->key ? m : NULL, "att.incomplete", args);
	default:
		f->status = GAP_UNKNOWN;
		f->basis = GAP_BY_NONE;
		return give_reason(g, f, m->key ? m : NULL, "att.none", args);
	}
}

/* The machine's answer, weighed against what a person has attested:
 * what is seen wins over what is said, and says so. */
static bool
weigh(const struct gap *g, struct gap_finding *f, const struct answer *m)
{
	const struct site_attestation *t;
	int64_t until;
	enum standing st = attested(g, f->item->id, &t, &until);
	enum gap_status said = st == ATT_VALID ? status_of(t->status) : GAP_UNKNOWN;
	json_t *args = signer(g, t, until);
	bool ok, denied;

	f->attestation = t;
	if (t)
		finding_attestation(g, f, t);
	if (m->status == GAP_UNKNOWN) {
		ok = by_person(g, f, m, st, t, args);
	} else if (m->status == GAP_GAP || m->status == GAP_PARTLY) {
		f->status = m->status;
		f->basis = st == ATT_VALID ? GAP_BY_BOTH : GAP_BY_MACHINE;
		denied = said == GAP_MET || said == GAP_NA;
		ok = give_reason(g, f, m, denied ? "att.contradicted" : NULL, args);
	} else if (f->item->answer == RULES_PART) {
		f->basis = st == ATT_VALID ? GAP_BY_BOTH : GAP_BY_MACHINE;
		f->status = said == GAP_UNKNOWN ? GAP_PARTLY : said;
		ok = give_reason(g, f, m, st == ATT_EXPIRED ? "att.expired" :
		    st == ATT_VALID ? said == GAP_MET ? "att.met" : said == GAP_NA ? "att.na" :
		    said == GAP_GAP ? "att.gap" : "att.partly" : "att.unconfirmed", args);
	} else {
		f->status = m->status;
		f->basis = GAP_BY_MACHINE;
		ok = give_reason(g, f, m, NULL, NULL);
	}
	json_decref(args);
	return ok;
}

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
		ok = weigh(g, f, &m);
		json_decref(m.args);
		if (!ok)
			return err_set(e, "out of memory");
		g->count[f->status]++;
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
	static const struct { const char *key; int64_t us; } unit[] = {
		{ "span.days", 86400000000LL * 2 }, { "span.hours", 3600000000LL * 2 },
		{ "span.minutes", 60000000LL }, { "span.seconds", 0 },
	};
	static const int64_t one[] = { 86400000000LL, 3600000000LL, 60000000LL, 1000000LL };
	size_t i = 0;
	json_t *args;
	char *s;

	while (us < unit[i].us)
		i++;
	args = json_pack("{sI}", "n", (json_int_t)(us / one[i]));
	s = rules_phrase(g->rules, unit[i].key, g->lang, args);
	json_decref(args);
	return s;
}
