/* package_records.c: records of the events that lie in the span and touch what is affected, line
 * by line as they were; and the packets that they name. */
#include "incident/package_impl.h"

#include "base/stamp.h"
#include "json/line.h"
#include "json/scan.h"

#include <string.h>

/* What became of the lines of one file. */
struct reading {
	struct package *p;
	struct tree_out out;
	uint64_t read, taken, outside, other, untimed, broken;
	uint64_t first_broken;          /* its line */
};

static bool
take(struct reading *r, const char *line, size_t n, uint64_t no)
{
	const struct package_ask *a = r->p->ask;
	bool span = a->from != INT64_MIN || a->to != INT64_MAX;
	char text[64];
	struct sval root, v;
	const char *why;
	int64_t us;
	size_t at;

	if (!n)
		return true;
	r->read++;
	if (!scan_check(line, n, true, &at, &why)) {
		if (!r->broken++)
			r->first_broken = no;
		return true;
	}
	root = scan_line(line, n);
	if (span) {
		if (!scan_get(&root, "timestamp", &v) ||
		    !stamp_parse(&us, text, sval_text(&v, text, sizeof(text)))) {
			r->untimed++;
			return true;
		}
		if (us < a->from || us >= a->to) {
			r->outside++;
			return true;
		}
	}
	if (r->p->affected.n && !affected_touches(&r->p->affected, &root)) {
		r->other++;
		return true;
	}
	r->taken++;
	return wanted_record(r->p->wanted, line, n, r->p->e) &&
	    tree_write(&r->out, line, n, r->p->e) && tree_write(&r->out, "\n", 1, r->p->e);
}

/* False: it cannot go on at all; what could not be read of the file is in why. */
static bool
read_lines(struct reading *r, const char *path, struct err *why)
{
	struct line *in = line_open(path, 0, why);
	const char *line;
	bool good = true;
	size_t n;

	for (bool more = in != NULL; more && good; )
		switch (line_next(in, &line, &n, why)) {
		case LINE_OK:
		case LINE_CUT:
			good = take(r, line, n, line_no(in));
			break;
		case LINE_TOO_LONG:
			r->read++;
			if (!r->broken++)
				r->first_broken = line_no(in);
			break;
		case LINE_IDLE: break;
		case LINE_END:
		case LINE_FAILED: more = false; break;
		}
	if (in)
		line_close(in);
	return good;
}

static bool
add(struct package *p, const char *path)
{
	struct reading r = { .p = p, .out = { .fd = -1 } };
	struct package_source s;
	struct custody_item item = { .what = "records", .source = &s, .chosen = true,
		.note = "package.records" };
	char name[TREE_NAME];
	struct err why = { "" };
	size_t n;

	if (!package_source(&s, path, &why))
		return custody_missing(p, "package.missing.read", json_pack("{ssss}", "name", path,
		    "why", why.text));
	tree_name(&p->tree, name, "records", path);
	/* what was compressed is not any more */
	if ((n = strlen(name)) > 3 && strcmp(name + n - 3, ".gz") == 0)
		name[n - 3] = '\0';
	if (!tree_open(&p->tree, &r.out, name, p->e))
		return false;
	if (!read_lines(&r, path, &why)) {
		tree_drop(&p->tree, &r.out);
		return false;
	}
	if (!(item.file = tree_close(&p->tree, &r.out, false, p->e)))
		return false;
	p->answer->records += r.taken;
	item.read = r.read;
	item.taken = r.taken;
	item.args = json_pack("{sIsIsIsIsIsI}", "taken", (json_int_t)r.taken, "read",
	    (json_int_t)r.read, "outside", (json_int_t)r.outside, "other", (json_int_t)r.other,
	    "untimed", (json_int_t)r.untimed, "broken", (json_int_t)r.broken);
	return custody_item(p, &item) && (!r.broken || custody_missing(p,
	    "package.missing.lines", json_pack("{sssIsI}", "name", path, "n", (json_int_t)r.broken,
	    "line", (json_int_t)r.first_broken))) && (!why.text[0] || custody_missing(p,
	    "package.missing.read", json_pack("{ssss}", "name", path, "why", why.text)));
}

bool
package_records(struct package *p)
{
	if (!(p->wanted = wanted_new(p->e)))
		return false;
	for (size_t i = 0; i < p->ask->nevents; i++)
		if (!add(p, p->ask->events[i]))
			return false;
	return true;
}
