/* show.c: calchain show: the records of a ledger, a line each, or some of them as written. */
#include "calchain.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/term.h"
#include "base/utf8.h"
#include "chain/entry.h"
#include "chain/keyring.h"
#include "json/line.h"
#include "json/scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { O_KIND = 1, O_INSTRUMENT, O_JSON, O_LAST };

static const struct opt opts[] = {
	{ "instrument", 'i', "ID", "only records about this instrument", NULL, O_INSTRUMENT },
	{ "json", 0, NULL, "the records as written instead of a table", NULL, O_JSON },
	{ "kind", 'k', "KIND", "only records of this kind", NULL, O_KIND },
	{ "last", 'n', "N", "only the last N of them", NULL, O_LAST },
	{ NULL },
};

static const struct prog prog = {
	.name = "calchain show",
	.synopsis = "calchain show [-i ID] [--json] [-k KIND] [-n N] DIR [SEQ ...]",
	.purpose = "Prints the records of a ledger for people. It verifies nothing.",
	.opts = opts,
	.words = "dir",
};

struct asked {
	const char *kind, *instrument;
	bool json;
	uint64_t last;
	char **seq;
	int nseq;
	unsigned width;
};

static bool
wanted(const struct asked *a, const struct entry *en, const struct sval *payload)
{
	char seq[24];
	struct sval v;

	if (a->nseq > 0) {
		snprintf(seq, sizeof(seq), "%" PRIu64, en->seq);
		for (int i = 0; i < a->nseq; i++)
			if (strcmp(seq, a->seq[i]) == 0)
				return true;
		return false;
	}
	if (a->kind != NULL && !span_is(&en->type, a->kind))
		return false;
	return a->instrument == NULL ||
	    (scan_get(payload, "instrument", &v) && sval_is(&v, a->instrument));
}

/* A column's text: control characters become '?', what does not fit is cut at a character. */
static int
column(const char *s, size_t n, unsigned width)
{
	unsigned used = 0;
	size_t at = 0;

	while (at < n && used < width) {
		size_t k = utf8_len((const uint8_t *)s + at, n - at);

		if (used + 1 == width && at + k < n) {
			fputs("\xe2\x80\xa6", stdout);
			at = n;
		} else if (k == 0 || (uint8_t)s[at] < ' ' || s[at] == 0x7f) {
			putchar('?');
			at += k ? k : 1;
		} else {
			fwrite(s + at, 1, k, stdout);
			at += k;
		}
		used++;
	}
	return (int)used;
}

/* What a reader looks for first in a record of its kind. */
static size_t
gist(const struct entry *en, const struct sval *o, char *dst, size_t cap)
{
	static const char *const members[] = {
		"certificate",
		"verdict",
		"conclusion",
		"action",
		"origin",
		"name",
		"by",
		"to",
		"corrects",
		"description",
		"reason",
		"text",
		"vkey",
		"file",
		"version",
	};
	struct sval v;
	size_t n = 0;

	(void)en;
	dst[0] = '\0';
	for (size_t i = 0; i < sizeof(members) / sizeof(*members) && n + 64 < cap; i++)
		if (scan_get(o, members[i], &v) && (v.type == SVAL_STR || v.type == SVAL_NUM)) {
			if (n > 0)
				dst[n++] = ' ';
			n += sval_text(&v, dst + n, cap - n < 400 ? cap - n : 400);
		}
	return n;
}

static void
row(const struct asked *a, const struct entry *en, const struct sval *o)
{
	char text[2048], stamp[STAMP_TEXT] = "", id[256];
	struct sval v;
	size_t n = 0;

	stamp_put(stamp, en->time);
	printf("%6" PRIu64 "  %.10s %.5s  ", en->seq, stamp, stamp + 11);
	printf("%*s", 10 - column(en->author.p, en->author.n, 9), "");
	printf("%*s", 17 - column(en->type.p, en->type.n, 16), "");
	if (scan_get(o, "instrument", &v) && v.type == SVAL_STR)
		n = sval_text(&v, id, sizeof(id));
	printf("%*s", 13 - column(id, n, 12), "");
	n = gist(en, o, text, sizeof(text));
	column(text, n, a->width > 68 ? a->width - 66 : 14);
	putchar('\n');
}

static bool
record(const struct asked *a, const char *line, size_t n, uint64_t no, bool count,
    uint64_t *matches, struct err *e)
{
	struct err no_ledger = { "" };
	struct sval o;
	struct entry en;
	const char *why;
	size_t at;

	if (no == 1 && scan_check(line, n, true, &at, &why)) {
		o = scan_line(line, n);
		if (!keyring_known(&o, &no_ledger))
			return err_set(e, "records.ndjson:1: %s", no_ledger.text);
	}
	if (!entry_read(&en, line, n, &why) || !scan_check(line, n, true, &at, &why))
		return err_set(
		    e, "records.ndjson:%" PRIu64 ": %s (calchain verify tells more)", no, why);
	o = scan_line(en.payload.p, en.payload.n);
	if (!wanted(a, &en, &o))
		return true;
	++*matches;
	if (count)
		return true;
	if (!a->json)
		row(a, &en, &o);
	else if (fwrite(line, 1, n, stdout) != n || putchar('\n') == EOF)
		return err_sys(e, "output");
	return true;
}

/* All records, counted or printed; of matches the first `skip` are passed over. */
static bool
pass(const struct asked *a, const char *path, bool count, uint64_t skip, uint64_t *matches,
    struct err *e)
{
	struct line *l = line_open(path, 0, e);
	enum line_next next = LINE_OK;
	const char *p;
	size_t n;
	bool good = l != NULL;

	*matches = 0;
	while (good && next != LINE_END)
		switch (next = line_next(l, &p, &n, e)) {
		case LINE_OK:
			good = record(a, p, n, line_no(l), count || *matches < skip, matches, e);
			break;
		case LINE_CUT:
			diag(
			    "records.ndjson: its last line is cut short (calchain verify tells "
			    "more)");
			break;
		case LINE_TOO_LONG:
			good = err_set(
			    e, "records.ndjson:%" PRIu64 ": the line is too long", line_no(l));
			break;
		case LINE_IDLE:
		case LINE_END: break;
		case LINE_FAILED: good = false; break;
		}
	line_close(l);
	return good;
}

int
show_main(int argc, char **argv)
{
	struct asked a = { NULL };
	struct opt_state os;
	struct err e = { "" };
	uint64_t n = 0, shown;
	char path[4096], *end;
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); !e.text[0] && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_KIND: a.kind = os.value; break;
		case O_INSTRUMENT: a.instrument = os.value; break;
		case O_JSON: a.json = true; break;
		case O_LAST:
			a.last = strtoull(os.value, &end, 10);
			if (*end || a.last < 1 || *os.value == '-')
				err_set(
				    &e, "--last: a number is expected, not \"%.20s\"", os.value);
			break;
		}
	if (!e.text[0] && id == -2)
		return 0;
	if (!e.text[0] && id == 0 && argc == os.i)
		err_set(&e, "which ledger? its folder is expected");
	if (!e.text[0] && id == 0) {
		snprintf(path, sizeof(path), "%s/records.ndjson", argv[os.i]);
		a.seq = argv + os.i + 1;
		a.nseq = argc - os.i - 1;
		a.width = term_width(80);
		if (confine_prepare(&e) && confine(CONFINE_READ, &e) &&
		    (a.last == 0 || pass(&a, path, true, 0, &n, &e))) {
			if (!a.json)
				printf("%6s  %-16s  %-10s%-17s%-13s%s\n", "SEQ", "WRITTEN (UTC)",
				    "AUTHOR", "KIND", "INSTRUMENT", "WHAT");
			if (pass(&a, path, false, a.last > 0 && n > a.last ? n - a.last : 0, &shown,
				&e)) {
				if (shown == 0)
					diag("no record is so");
				status = shown > 0 ? 0 : 1;
			}
			if (fflush(stdout) != 0)
				status = 2;
		}
	}
	if (e.text[0])
		diag("%s", e.text);
	return status;
}
