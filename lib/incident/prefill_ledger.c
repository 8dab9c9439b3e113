/* prefill_ledger.c: a calibration ledger, read twice as ledger.h asks. */
#include "incident/prefill_impl.h"

#include "json/line.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What cannot be read is passed over here: calchain verify and calchain status say it. */
static void
take(struct prefill *p, bool first, uint64_t no, const char *line, size_t n)
{
	const char *why = "";
	struct sval rec;
	size_t at;

	if (!n || !scan_check_noting(line, n, true, &p->tape, &at, &why))
		return;
	rec = scan_noted(&p->tape, line);
	if (first)
		ledger_look(p->ledger, 0, no, &rec, &why);
	else
		ledger_take(p->ledger, 0, no, &rec, &why);
}

static bool
once(struct prefill *p, const char *path, bool first, struct err *e)
{
	struct line *l = line_open(path, 0, e);
	enum line_next r = LINE_FAILED;
	const char *line;
	size_t n;

	while (l && (r = line_next(l, &line, &n, e)) != LINE_END && r != LINE_FAILED)
		if (r == LINE_OK)
			take(p, first, line_no(l), line, n);
	if (l)
		line_close(l);
	return r == LINE_END;
}

bool
prefill_ledger(struct prefill *p, const char *path, struct err *e)
{
	struct ledger_opts o = { .until = INT64_MAX, .known = INT64_MAX,
		.all = true };
	char name[4096];
	struct stat st;

	if (p->ledger)
		return err_set(e, "%s: one ledger at a time", path);
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		snprintf(name, sizeof(name), "%s/records.ndjson", path);
		path = name;
	} else if (strcmp(path, "-") == 0 || (stat(path, &st) == 0 && !S_ISREG(st.st_mode))) {
		return err_set(e, "%s: a ledger is read twice: name its folder or a file", path);
	}
	if (!(p->work = work_rules_load(e)))
		return false;
	if (!(p->ledger = ledger_new(&o)))
		return err_set(e, "out of memory");
	if (!once(p, path, true, e))
		return false;
	if (!ledger_settle(p->ledger))
		return err_set(e, "out of memory");
	return once(p, path, false, e) &&
	    (ledger_done(p->ledger) || err_set(e, "out of memory"));
}
