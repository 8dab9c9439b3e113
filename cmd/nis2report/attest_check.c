/* attest_check.c: nis2report attest --check: signatures and documents of all attestations. */
#include "attest.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "assess/vouched.h"
#include "report/paper.h"

#include <string.h>

struct row {
	const struct site_attestation *a;
	enum attested signature;
	enum attested_document document;
	bool stranger, expired, good;
};

static struct row
check(const struct request *q, const struct site_attestation *a, const char *documents, int64_t now)
{
	struct row r = { .a = a, .signature = attested_check(q->site, a) };
	struct err e = { "" };

	r.document = attested_document(a, documents, &e);
	if (e.text[0])
		diag("%s: %s", a->item, e.text);
	r.stranger = vouched_by_stranger(q->site, a, r.signature);
	/* it counts on its last day */
	r.expired = a->expires.text && a->expires.us + INT64_C(86400) * 1000000 <= now;
	r.good = r.signature != ATTESTED_BAD && r.signature != ATTESTED_UNKNOWN_KEY &&
	    r.document != DOCUMENT_MISSING && r.document != DOCUMENT_DIFFERS;
	return r;
}

static bool
record(struct request *q, const struct row *r, int64_t now)
{
	const struct site_person *who = site_person(q->site, r->a->by);
	struct jw *w = request_jw(q);

	jw_begin(w);
	jw_time(w, "timestamp", now);
	jw_cstr(w, "event_type", "attestation_check");
	jw_obj(w, "attestation_check");
	jw_cstr(w, "item", r->a->item);
	jw_cstr(w, "status", r->a->status);
	jw_cstr(w, "by", r->a->by);
	if (who)
		jw_cstr(w, "name", who->name);
	if (r->stranger)
		jw_bool(w, "stranger", true);
	jw_cstr(w, "date", r->a->date.text);
	jw_cstr(w, "expires", r->a->expires.text);
	jw_bool(w, "expired", r->expired);
	jw_cstr(w, "signature", attested_name(r->signature));
	jw_cstr(w, "document", r->a->document);
	jw_cstr(w, "document_is", attested_document_name(r->document));
	jw_bool(w, "good", r->good);
	jw_cstr(w, "site", q->site->key);
	jw_end(w);
	jw_line(w);
	return request_sent(q);
}

/* ---- for people ------------------------------------------------------------------- */

static void
status_cell(struct paper *p, const char *key, const char *value, const char *class)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.%s", key, value);
	paper_status(p, class, rules_word(paper_rules(p), name, paper_lang(p)));
}

static void
cells(struct paper *p, const struct request *q, const struct row *r)
{
	static const char *const signature[] = { "unknown", "met", "gap", "gap" };
	static const char *const document[] = { "unknown", "unknown", "unknown", "met", "gap",
	    "gap" };
	const struct rules_item *item = rules_item(q->rules, r->a->item);
	const char *lang = paper_lang(p);

	paper_cell(p, item ? rules_text(&item->title, lang) : r->a->item);
	if (item)
		paper_sub(p, r->a->item);
	paper_cell(p, site_who(q->site, r->a->by));
	if (r->stranger)
		paper_sub(p, rules_word(q->rules, "attest.stranger", lang));
	paper_date(p, r->a->date.us);
	if (r->expired)
		paper_sub(p, rules_word(q->rules, "attest.expired", lang));
	status_cell(p, "attest.signature", attested_name(r->signature), signature[r->signature]);
	status_cell(p, "attest.document", attested_document_name(r->document),
	    document[r->document]);
	paper_sub(p, r->a->document);
}

static struct paper *
paper_of(const struct request *q, const struct row *rows, size_t n)
{
	struct paper *p = paper_new(q->rules, q->lang, "nis2report attest");
	const struct rules *r = q->rules;
	const struct paper_column columns[] = {
		{ rules_word(r, "attest.item", q->lang), PAPER_TEXT, 20, 0 },
		{ rules_word(r, "attest.by", q->lang), PAPER_TEXT, 8, 1 },
		{ rules_word(r, "attest.date", q->lang), PAPER_DATE, 10, 2 },
		{ rules_word(r, "attest.signature", q->lang), PAPER_STATUS, 8, 0 },
		{ rules_word(r, "attest.document", q->lang), PAPER_STATUS, 8, 0 },
	};
	const char *name;
	size_t bad = 0;
	char text[32];

	if (!p)
		return NULL;
	for (size_t i = 0; i < n; i++)
		bad += !rows[i].good;
	name = site_word(&q->site->org.name, q->lang);
	name = name ? name : site_word(&q->site->name, q->lang);
	paper_title(p, rules_word(r, "attest.title", q->lang), name ? name : q->site->file);
	snprintf(text, sizeof(text), "%zu", bad);
	paper_number(p, text, rules_word(r, bad == 1 ? "attest.bad1" : "attest.bad", q->lang),
	    NULL);
	paper_section(p, "attestations", rules_word(r, "attest.all", q->lang));
	paper_table(p, "attestations-table", columns, sizeof(columns) / sizeof(*columns),
	    rules_word(r, "attest.none", q->lang));
	for (size_t i = 0; i < n; i++)
		cells(p, q, &rows[i]);
	paper_note(p, rules_word(r, "attest.note", q->lang));
	return p;
}

int
attest_check(struct request *q, const char *documents)
{
	struct err e = { "" };
	struct paper *p = NULL;
	struct row *rows = NULL;
	size_t n, bad = 0;
	int64_t now;

	if (!request_open(q, &e))
		return request_fail(q, &e);
	now = q->now != INT64_MIN ? q->now : stamp_now();
	n = q->site->nattestations;
	if (!(rows = calloc(n + 1, sizeof(*rows))))
		err_set(&e, "out of memory");
	for (size_t i = 0; rows && i < n; i++) {
		rows[i] = check(q, &q->site->attestations[i], documents, now);
		bad += !rows[i].good;
	}
	if (n == 0)
		diag("%s: no attestation in it", q->site->file);
	if (rows && request_wants(q, "ndjson")) {
		for (size_t i = 0; i < n; i++)
			if (!record(q, &rows[i], now))
				break;
	} else if (rows) {
		p = paper_of(q, rows, n);
		if (!p || !paper_ok(p) || !request_paper(q, p))
			err_set(&e, "out of memory");
	}
	paper_free(p);
	free(rows);
	return e.text[0] ? request_fail(q, &e) : request_deliver(q, bad ? 1 : 0);
}
