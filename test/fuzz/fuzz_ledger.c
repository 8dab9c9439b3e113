/* fuzz_ledger.c: any lines as the records of a ledger: the state of its instruments, what follows
 * for others, what is due, and the certificates and rows that are picked out of it. */
#include "fuzz.h"

#include "base/limits.h"
#include "json/scan.h"
#include "ledger/ical.h"
#include "ledger/pick.h"
#include "ledger/use_check.h"
#include "ledger/window.h"
#include "report/certificate_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW     INT64_C(1795392000000000)       /* 2026-11-22 */

static FILE *nowhere;
static const struct work_rules *rules;
static struct jw w;

static void
wrote(bool fits)
{
	if (fits)
		fuzz_records(NULL, w.buf, w.n);
	else if (w.n)
		abort();                        /* a record is whole or it is not there */
	jw_reset(&w);
}

/* Both readings of all lines. */
static struct ledger *
take(const uint8_t *data, size_t n, struct tape *tape, int64_t known)
{
	struct ledger_opts o = { .all = true, .until = INT64_MAX, .known = known };
	struct ledger *l = ledger_new(&o);

	if (!l)
		exit(2);
	for (int pass = 0; pass < 2; pass++) {
		const char *p = (const char *)data, *end = p + n, *why = NULL;
		uint64_t no = 0;
		size_t len;
		char *own;

		while ((own = fuzz_line(&p, end, &len))) {
			struct sval rec;
			size_t at;

			no++;
			if (scan_check_noting(own, len, true, tape, &at, &why)) {
				rec = scan_noted(tape, own);
				why = NULL;
				/* a refusal without a reason helps nobody */
				bool taken = (pass ? ledger_take : ledger_look)(l, no % 7 == 0, no,
				    &rec, &why);

				if (!taken && !why)
					abort();
			}
			free(own);
		}
		if (!(pass ? ledger_done : ledger_settle)(l))
			exit(2);
	}
	return l;
}

static void
ask(struct ledger *then, struct ledger *now)
{
	struct table t = { .cols = status_columns, .ncols = STATUS_COLUMNS };
	struct moment at = moment_of(NOW), day = moment_day(NOW / INT64_C(86400000000) - 200);
	struct status_counts counts = { 0 };
	struct impacts impacts = { NULL };
	struct knowledge k = { then, now, &impacts, rules };
	struct use_check c;

	if (!impacts_make(&impacts, now, NULL))
		exit(2);
	ical_begin(nowhere, "fuzz");
	for (size_t i = 0; i < ledger_count(now); i++) {
		const struct inst *x = ledger_inst(now, i);
		struct status s;

		if (ledger_find(now, x->id) != x)
			abort();
		status_make(&s, now, x, rules, &at, 30);
		status_count(&counts, &s);
		wrote(status_write(&w, &s, NOW));
		status_row(&t, &s);
		status_remarks(nowhere, &s);
		if (s.standing.due != DAY_NONE)
			ical_event(nowhere, &s, NOW);
		for (size_t f = 0; f < x->n; f++)
			if (x->v[f]->kind < FACT_INSTRUMENT)
				wrote(window_write(&w, x, x->v[f]));
		use_check_make(&c, &k, x->id, &day, &day, NULL);
		wrote(use_check_write(&w, &c));
	}
	wrote(status_summary(&w, &counts, NOW));
	status_headline(nowhere, &counts);
	table_put(nowhere, &t, 100);
	table_free(&t);
	ical_end(nowhere);
	impacts_free(&impacts);
}

static bool
picked(void *arg, const struct pick_line *l)
{
	struct pick_rows rows = { arg, 1 };

	pick_csv(nowhere, l, &rows);
	(void)pick_has_page(l);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *dir = fuzz_folder();
	struct tape tape = { NULL };
	struct pick_ask all = { 0 }, some = { .instrument = "TEMP-7" };
	uint64_t corrected[1] = { 0 }, last = 0;
	struct ledger *then, *now;
	struct certificate *cert;
	struct err e = { "" };

	if (!nowhere) {
		jw_init(&w, malloc(3 * LIM_RECORD), 3 * LIM_RECORD);
		if (!w.buf || !(nowhere = fopen("/dev/null", "w")) || !(rules = work_rules_load(&e)))
			exit(2);
	}
	then = take(data, n, &tape, NOW - INT64_C(200) * 86400 * 1000000);
	now = take(data, n, &tape, INT64_MAX);
	ask(then, now);
	ledger_free(then);
	ledger_free(now);
	tape_free(&tape);

	fuzz_folder_put("records.ndjson", data, n);
	pick_csv_head(nowhere);
	if (!pick_each(dir, &all, &last, picked, corrected, &e) && !e.text[0])
		abort();
	err_clear(&e);
	(void)pick_each(dir, &some, NULL, picked, corrected, &e);
	for (uint64_t seq = 1; seq <= last && seq < 8; seq++) {
		err_clear(&e);
		if (!(cert = pick_certificate(dir, seq, &e)) && !e.text[0])
			abort();
		if (cert && !certificate_page(nowhere, cert, n % 2 ? "sv" : "en"))
			exit(2);
		if (cert)
			pick_certificate_free(cert);
	}
	return 0;
}
