/* access_tables.c: the tables of the report on access: suppliers, the log, unknown
 * parties, traffic to the outside. */
#include "report/access_paper_impl.h"

#include "base/stamp.h"

#include <string.h>

static void
table(const struct sheaf *s, const char *id, const char *const *keys,
    const struct paper_column *shape, size_t n, const char *empty)
{
	struct paper_column c[PAPER_COLUMNS];
	char key[48];

	for (size_t i = 0; i < n; i++) {
		c[i] = shape[i];
		snprintf(key, sizeof(key), "col.%s", keys[i]);
		c[i].heading = sheaf_word(s, key);
	}
	paper_table(s->p, id, c, n, sheaf_word(s, empty));
}
#define TABLE(s, id, keys, shape, empty) \
	table(s, id, keys, shape, sizeof(shape) / sizeof(*(shape)), empty)

static const char *
tri_word(const struct sheaf *s, enum access_tri t)
{
	return sheaf_word(s, t == ACCESS_YES ? "tri.yes" : t == ACCESS_NO ? "tri.no" :
	    "tri.unknown");
}

/* A device by its name, with its address below where that says more. */
static void
device(const struct sheaf *s, uint32_t label, const struct addr *ip)
{
	char t[ADDR_TEXT];

	t[addr_put(t, ip)] = 0;
	paper_cell(s->p, access_text(s->a, label));
	if (strcmp(t, access_text(s->a, label)) != 0)
		paper_sub(s->p, t);
}

static void
instruments(const struct sheaf *s, const struct access_party_sum *v)
{
	char *t = NULL;
	size_t n;
	FILE *f = open_memstream(&t, &n);

	if (!f) {               /* a cell is missing: better none than a shifted row */
		paper_cell(s->p, NULL);
		return;
	}
	for (size_t i = 0; i < v->ninstruments; i++)
		fprintf(f, "%s%s", i ? ", " : "", v->instruments[i]->id);
	if (fclose(f) == 0)
		paper_cell(s->p, t);
	free(t);
}

/* ---- suppliers ---------------------------------------------------------------------- */

/* Every one of the site file, seen or not; the standing of the worst session. */
static enum sheaf_standing
worst(const struct access *a, const struct site_supplier *who)
{
	enum sheaf_standing w = STAND_AGREED, one;

	for (size_t i = 0; i < a->nsessions; i++)
		if (a->sessions[i].supplier == who &&
		    (one = sheaf_standing(&a->sessions[i])) < w)
			w = one;
	return w;
}

static void
supplier(const struct sheaf *s, const struct access_party_sum *v)
{
	const struct site_supplier *x = v->supplier;
	const char *name = site_word(&x->name, s->lang);
	enum sheaf_standing w;
	char *t;

	paper_cell(s->p, name ? name : x->id);
	if (x->contract && x->expires.text) {
		t = sheaf_phrase(s, "contract.until", json_pack("{ssss}", "ref", x->contract,
		    "date", x->expires.text));
		paper_sub(s->p, t);
		free(t);
	} else {
		paper_sub(s->p, x->contract ? x->contract : sheaf_word(s, "contract.none"));
	}
	if (v->sessions) {
		w = worst(s->a, x);
		paper_status(s->p, sheaf_class(w), sheaf_standing_word(s, w));
	} else {
		paper_status(s->p, "not_applicable", sheaf_word(s, "notseen"));
	}
	paper_count(s->p, (int64_t)v->sessions);
	if (v->sessions)
		sheaf_span(s, v->total_us);
	else
		paper_cell(s->p, NULL);
	paper_bytes(s->p, (int64_t)v->bytes[0]);
	paper_bytes(s->p, (int64_t)v->bytes[1]);
	paper_minute(s->p, v->last);
	paper_count(s->p, (int64_t)v->outside_hours);
	paper_count(s->p, (int64_t)v->outside_contract);
	paper_count(s->p, (int64_t)v->without_mfa);
	instruments(s, v);
}

void
sheaf_suppliers(const struct sheaf *s)
{
	static const char *const keys[] = { "supplier", "standing", "sessions", "time", "in", "out",
		"last", "hours", "contract", "mfa", "instruments" };
	static const struct paper_column shape[] = { { NULL, PAPER_TEXT, 16, 0 },
		{ NULL, PAPER_STATUS, 10, 0 }, { NULL, PAPER_NUMBER, 9, 0 },
		{ NULL, PAPER_NUMBER, 9, 4 }, { NULL, PAPER_NUMBER, 8, 1 },
		{ NULL, PAPER_NUMBER, 8, 1 }, { NULL, PAPER_DATE, 16, 5 },
		{ NULL, PAPER_NUMBER, 7, 3 }, { NULL, PAPER_NUMBER, 8, 3 },
		{ NULL, PAPER_NUMBER, 5, 3 }, { NULL, PAPER_TEXT, 10, 2 } };

	paper_section(s->p, "suppliers", sheaf_word(s, "suppliers"));
	/* without events a zero proves nothing */
	paper_phrase(s->p, s->a->first == INT64_MIN ? "vendors.limit.nothing" :
	    s->a->ngaps ? "vendors.zero.gaps" : "vendors.zero",
	    json_pack("{sI}", "n", (json_int_t)s->a->ngaps));
	TABLE(s, "by-supplier", keys, shape, "suppliers.none");
	for (size_t i = 0; i < s->a->nsuppliers; i++)
		supplier(s, &s->a->suppliers[i]);
}

/* ---- the access log --------------------------------------------------------------------- */

static void
evidence(const struct sheaf *s, const struct access_place *at)
{
	const char *file = access_text(s->a, at->file), *slash = strrchr(file, '/');
	char t[64];

	if (at->cnt && at->last_cnt > at->cnt)
		snprintf(t, sizeof(t), "#%llu\xe2\x80\x93%llu", (unsigned long long)at->cnt,
		    (unsigned long long)at->last_cnt);
	else if (at->cnt)
		snprintf(t, sizeof(t), "#%llu", (unsigned long long)at->cnt);
	else
		snprintf(t, sizeof(t), "flow %llu", (unsigned long long)at->flow_id);
	paper_cell(s->p, at->cnt || at->flow_id ? t : NULL);
	if (*file)
		paper_sub(s->p, slash ? slash + 1 : file);
	else if (at->iface)
		paper_sub(s->p, access_text(s->a, at->iface));
}

static void
log_row(const struct sheaf *s, const struct access_session *x)
{
	enum sheaf_standing st = sheaf_standing(x);
	const char *name = x->supplier ? site_word(&x->supplier->name, s->lang) : NULL;
	char key[32], *t;

	paper_minute(s->p, x->start);
	if (x->open)
		paper_sub(s->p, sheaf_word(s, "remark.open"));
	else if (x->midstream)
		paper_sub(s->p, sheaf_word(s, "remark.midstream"));
	sheaf_span(s, x->end - x->start);
	paper_status(s->p, sheaf_class(st), sheaf_standing_word(s, st));
	paper_cell(s->p, x->supplier ? name ? name : x->supplier->id : sheaf_word(s,
	    "party.unknown"));
	sheaf_address(s, &x->peer, true);
	if (x->name)
		paper_sub(s->p, access_text(s->a, x->name));
	paper_cell(s->p, access_text(s->a, x->tool));
	paper_sub(s->p, sheaf_word(s, x->inward ? "direction.in" : "direction.out"));
	if (x->software)
		paper_sub(s->p, access_text(s->a, x->software));
	if (x->encrypted == ACCESS_NO || x->credential)
		paper_sub(s->p, sheaf_word(s, x->credential ? "credential" : "clear"));
	device(s, x->label, &x->inside);
	paper_bytes(s->p, (int64_t)x->bytes[0]);
	paper_bytes(s->p, (int64_t)x->bytes[1]);
	if (x->flows > 1 && (t = sheaf_phrase(s, "flows", json_pack("{sI}", "n",
	    (json_int_t)x->flows)))) {
		paper_sub(s->p, t);
		free(t);
	}
	snprintf(key, sizeof(key), "contract.%s", access_contracts[x->contract]);
	paper_cell(s->p, sheaf_word(s, key));
	paper_sub(s->p, sheaf_word(s, x->inside_hours == ACCESS_YES ? "hours.yes" :
	    x->inside_hours == ACCESS_NO ? "hours.no" : "hours.unknown"));
	snprintf(key, sizeof(key), "mfaline.%s", access_mfas[x->mfa]);
	paper_sub(s->p, sheaf_word(s, key));
	evidence(s, &x->at);
}

void
sheaf_log(const struct sheaf *s)
{
	static const char *const keys[] = { "start", "duration", "standing", "party", "tool",
		"device", "in", "out", "contractcol", "evidence" };
	static const struct paper_column shape[] = { { NULL, PAPER_DATE, 16, 0 },
		{ NULL, PAPER_TEXT, 9, 6 }, { NULL, PAPER_STATUS, 10, 0 },
		{ NULL, PAPER_TEXT, 14, 0 }, { NULL, PAPER_TEXT, 8, 0 },
		{ NULL, PAPER_TEXT, 10, 0 }, { NULL, PAPER_NUMBER, 8, 4 },
		{ NULL, PAPER_NUMBER, 8, 4 }, { NULL, PAPER_TEXT, 12, 2 },
		{ NULL, PAPER_TEXT, 10, 1 } };
	const struct access *a = s->a;

	paper_section(s->p, "log", sheaf_word(s, "log"));
	TABLE(s, "access-log", keys, shape, "log.none");
	for (size_t i = 0; i < a->nsessions && i < LIM_PAGE_ROWS; i++)
		log_row(s, &a->sessions[i]);
	sheaf_more(s, a->nsessions);
}

/* ---- unknown parties ------------------------------------------------------------------------ */

void
sheaf_unknown(const struct sheaf *s)
{
	static const char *const keys[] = { "party", "sessions", "time", "in", "out", "first",
		"last", "instruments" };
	static const struct paper_column shape[] = { { NULL, PAPER_TEXT, 14, 0 },
		{ NULL, PAPER_NUMBER, 9, 0 }, { NULL, PAPER_TEXT, 9, 2 },
		{ NULL, PAPER_NUMBER, 8, 0 }, { NULL, PAPER_NUMBER, 8, 0 },
		{ NULL, PAPER_DATE, 16, 1 }, { NULL, PAPER_DATE, 16, 0 },
		{ NULL, PAPER_TEXT, 10, 0 } };
	const struct access *a = s->a;

	paper_section(s->p, "unknown", sheaf_word(s, "unknown"));
	TABLE(s, "unknown-parties", keys, shape, "unknown.none");
	for (size_t i = 0; i < a->nunknown && i < LIM_PAGE_ROWS; i++) {
		const struct access_party_sum *v = &a->unknown[i];
		paper_cell(s->p, access_text(a, v->who));
		paper_count(s->p, (int64_t)v->sessions);
		sheaf_span(s, v->total_us);
		paper_bytes(s->p, (int64_t)v->bytes[0]);
		paper_bytes(s->p, (int64_t)v->bytes[1]);
		paper_minute(s->p, v->first);
		paper_minute(s->p, v->last);
		instruments(s, v);
	}
	sheaf_more(s, a->nunknown);
}

/* ---- to the outside ----------------------------------------------------------------- */

static void
egress_standing(const struct sheaf *s, const struct access_egress *g)
{
	if (g->conduit)
		paper_status(s->p, "met", sheaf_word(s, "egress.declared"));
	else if (g->housekeeping)
		paper_status(s->p, "not_applicable", sheaf_word(s, "egress.housekeeping"));
	else if (g->encrypted == ACCESS_NO)
		paper_status(s->p, "gap", sheaf_word(s, "egress.clear"));
	else
		paper_status(s->p, "partly", sheaf_word(s, "egress.undeclared"));
}

static void
topics(const struct sheaf *s, const struct access_topics *t)
{
	char *w;

	if (!t || !(w = sheaf_phrase(s, t->n < ACCESS_TOPIC_SET ? "topics" : "topics.least",
	    json_pack("{sI}", "n", (json_int_t)t->n))))
		return;
	paper_sub(s->p, w);
	free(w);
	for (uint32_t i = 0; i < t->ntext; i++)
		paper_sub(s->p, access_text(s->a, t->text[i]));
}

static void
egress_row(const struct sheaf *s, const struct access_egress *g)
{
	char port[48];

	device(s, g->label, &g->inside);
	paper_date(s->p, g->day * INT64_C(86400000000));
	if (g->name)
		paper_cell(s->p, access_text(s->a, g->name));
	sheaf_address(s, &g->dest, g->name != 0);
	if (g->supplier)
		paper_sub(s->p, site_word(&g->supplier->name, s->lang));
	else if (g->service)
		paper_sub(s->p, access_text(s->a, g->service));
	paper_cell(s->p, sheaf_proto(s, g->guessed ? 0 : g->app));
	snprintf(port, sizeof(port), "%.20s/%u", access_text(s->a, g->transport), g->port);
	if (g->port)
		paper_sub(s->p, port);
	topics(s, g->topics);
	egress_standing(s, g);
	paper_bytes(s->p, (int64_t)g->bytes[1]);
	paper_bytes(s->p, (int64_t)g->bytes[0]);
	paper_count(s->p, (int64_t)g->flows);
	paper_cell(s->p, tri_word(s, g->encrypted));
	if (g->credential)
		paper_sub(s->p, sheaf_word(s, "credential"));
	evidence(s, &g->at);
}

void
sheaf_egress(const struct sheaf *s)
{
	static const char *const keys[] = { "device", "day", "dest", "protocol", "standing", "out",
		"in", "flows", "encrypted", "evidence" };
	static const struct paper_column shape[] = { { NULL, PAPER_TEXT, 12, 0 },
		{ NULL, PAPER_DATE, 10, 0 }, { NULL, PAPER_TEXT, 20, 0 },
		{ NULL, PAPER_TEXT, 14, 0 }, { NULL, PAPER_STATUS, 10, 0 },
		{ NULL, PAPER_NUMBER, 8, 0 }, { NULL, PAPER_NUMBER, 8, 4 },
		{ NULL, PAPER_NUMBER, 6, 3 }, { NULL, PAPER_TEXT, 9, 2 },
		{ NULL, PAPER_TEXT, 10, 1 } };
	const struct access *a = s->a;

	paper_section(s->p, "egress", sheaf_word(s, "egress"));
	paper_note(s->p, sheaf_word(s, "egress.note"));
	TABLE(s, "egress-by-device", keys, shape, "egress.none");
	for (size_t i = 0; i < a->negress && i < LIM_PAGE_ROWS; i++)
		egress_row(s, &a->egress[i]);
	sheaf_more(s, a->negress);
}
