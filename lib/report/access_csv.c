/* access_csv.c: the access log as a table: what an auditor of a supplier asks for. Times
 * are UTC; texts are no formulas (model/csv.h). */
#include "assess/access.h"

#include "base/stamp.h"
#include "model/csv.h"

#include <string.h>

static const char *const columns[] = { "start", "end", "duration", "party", "supplier", "peer",
	"peer_name", "direction", "tool", "protocol", "device", "instrument", "bytes_in",
	"bytes_out", "flows", "contract", "reference", "hours", "mfa", "encrypted", "declared",
	"remark", "file", "packet", "flow_id" };
enum { COLUMNS = sizeof(columns) / sizeof(*columns) };

static void
cell(FILE *f, const char *s)
{
	putc(',', f);
	if (s)
		csv_text(f, s);
}

static void
number(FILE *f, uint64_t n)
{
	fprintf(f, ",%llu", (unsigned long long)n);
}

/* "2026-11-22 08:20:34" */
static void
stamp(FILE *f, int64_t us)
{
	char t[STAMP_TEXT];

	stamp_put(t, us);
	t[10] = ' ';
	fprintf(f, "%.19s", t);
}

static void
address(FILE *f, const struct addr *ip)
{
	char t[ADDR_TEXT];

	t[addr_put(t, ip)] = 0;
	cell(f, t);
}

static void
row(const struct access *a, const struct access_session *s, const char *lang, FILE *f)
{
	static const char *const tris[] = { "unknown", "no", "yes" };
	char key[40];
	const char *remark;

#define WORD(...) \
	(snprintf(key, sizeof(key), __VA_ARGS__), cell(f, rules_word(a->rules, key, lang)))
	stamp(f, s->start);
	putc(',', f);
	stamp(f, s->end);
	number(f, (uint64_t)(s->end - s->start) / 1000000);
	WORD("vendors.party.%s", s->supplier ? "supplier" : "unknown");
	cell(f, s->supplier ? site_word(&s->supplier->name, lang) : NULL);
	address(f, &s->peer);
	cell(f, access_text(a, s->name));
	WORD("vendors.direction.%s", s->inward ? "in" : "out");
	cell(f, access_text(a, s->tool));
	cell(f, access_text(a, s->app));
	cell(f, access_text(a, s->label));
	cell(f, s->instrument ? s->instrument->id : NULL);
	number(f, s->bytes[0]);
	number(f, s->bytes[1]);
	number(f, s->flows);
	WORD("vendors.contract.%s", access_contracts[s->contract]);
	cell(f, s->supplier ? s->supplier->contract : NULL);
	WORD("vendors.hours.%s", tris[s->inside_hours]);
	WORD("vendors.mfa.%s", access_mfas[s->mfa]);
	WORD("vendors.tri.%s", tris[s->encrypted]);
	WORD("vendors.tri.%s", tris[s->conduit ? ACCESS_YES : ACCESS_NO]);
	remark = s->open ? "vendors.remark.open" : s->midstream ? "vendors.remark.midstream" : NULL;
	cell(f, remark ? rules_word(a->rules, remark, lang) : NULL);
	cell(f, access_text(a, s->at.file));
	if (s->at.cnt)
		number(f, s->at.cnt);
	else
		putc(',', f);
	if (s->at.flow_id)
		number(f, s->at.flow_id);
	else
		putc(',', f);
	fputs("\r\n", f);
#undef WORD
}

void
access_csv(const struct access *a, const char *lang, FILE *f)
{
	char key[40];

	for (int i = 0; i < COLUMNS; i++) {
		snprintf(key, sizeof(key), "vendors.csv.%s", columns[i]);
		if (i)
			putc(',', f);
		csv_text(f, rules_word(a->rules, key, lang));
	}
	fputs("\r\n", f);
	for (size_t i = 0; i < a->nsessions; i++)
		row(a, &a->sessions[i], lang, f);
}
