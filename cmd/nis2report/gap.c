/* gap: an inventory and a site file in, findings out. */
#include "nis2report.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/opt.h"
#include "base/stamp.h"
#include "base/term.h"
#include "json/line.h"
#include "report/finding.h"
#include "report/html.h"
#include "report/text.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

enum { O_SITE = 1, O_FORMAT, O_LANG, O_NOW, O_OUT, O_FORCE, O_RULES, O_WIDTH, O_SCHEMA, O_FIELDS };

static const struct opt opts[] = {
	{ "site", 's', "FILE", "the site file: zones, register, suppliers, attestations", "file",
	    O_SITE },
	{ "format", 'f', "FORMAT", "text, html or ndjson (finding records)", "text|html|ndjson",
	    O_FORMAT },
	{ "lang", 'l', "LANG", "en or sv", "en|sv", O_LANG },
	{ "now", 0, "TIME", "judge as of TIME instead of the inventory's last record", NULL,
	    O_NOW },
	{ "out", 'o', "FILE", "write to FILE, whole or not at all", "file", O_OUT },
	{ "force", 0, NULL, "overwrite an existing FILE", NULL, O_FORCE },
	{ "rules", 0, "DIR", "take rule files from DIR where it has them", "dir", O_RULES },
	{ "width", 'w', "COLUMNS", "wrap text at COLUMNS (the terminal's, or 100)", NULL, O_WIDTH },
	{ "list-fields", 0, NULL, "the fields of finding records, with their meaning", NULL,
	    O_FIELDS },
	{ "schema", 0, NULL, "the JSON Schema of finding records", NULL, O_SCHEMA },
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report gap",
	.synopsis =
	    "nis2report gap [-f FORMAT] [-l LANG] [-o FILE [--force]] [-s FILE] [-w COLUMNS]\n"
	    "[--now TIME] [--rules DIR] [FILE]\n"
	    "nis2report gap --list-fields | --schema",
	.purpose = "Assesses an inventory against the NIS2 checklist.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 no gaps, 1 gaps, 2 it could not be done.",
};

struct ask {
	const char *site, *format, *lang, *out, *rules, *in;
	int64_t now;
	int width;
	bool force;
};

/* ---- what can be said without input -------------------------------------- */

static int
print_schema(void)
{
	const struct embed *s = embed_find("schema/finding.json");

	if (!s) {
		diag("schema/finding.json: not built in");
		return 2;
	}
	return fwrite(s->p, 1, (size_t)(s->end - s->p), stdout) == (size_t)(s->end - s->p) &&
	    fflush(stdout) == 0 ? 0 : 2;
}

/* The schema's members as a list; nested ones with a dot: two levels are all there is. */
static int
print_fields(void)
{
	const struct embed *em = embed_find("schema/finding.json");
	json_t *doc = em ?
	    json_loadb((const char *)em->p, (size_t)(em->end - em->p), 0, NULL) : NULL;
	json_t *top = json_object_get(json_object_get(doc, "properties"), "finding");
	json_t *members = json_object_get(top, "properties");
	const char *k, *k2, *type;
	json_t *v, *v2, *in;

	if (!members) {
		diag("schema/finding.json: not built in");
		json_decref(doc);
		return 2;
	}
	json_object_foreach(members, k, v) {
		type = json_string_value(json_object_get(v, "type"));
		printf("finding.%s\t%s\t%s\n", k, type ? type : "string",
		    json_string_value(json_object_get(v, "description")));
		in = json_object_get(v, "properties");
		if (!in)
			in = json_object_get(json_object_get(v, "items"), "properties");
		json_object_foreach(in, k2, v2) {
			type = json_string_value(json_object_get(v2, "type"));
			printf("finding.%s.%s\t%s\t%s\n", k, k2, type ? type : "string",
			    json_string_value(json_object_get(v2, "description")));
		}
	}
	json_decref(doc);
	return fflush(stdout) == 0 ? 0 : 2;
}

/* ---- options ------------------------------------------------------------- */

/* A word of a|b|c, or NULL. */
static const char *
one_of(const char *v, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(*words, v) == 0)
			return *words;
	return NULL;
}

static bool
take(struct ask *q, int id, const char *v, struct err *e)
{
	static const char *const formats[] = { "text", "html", "ndjson", NULL };
	static const char *const langs[] = { "en", "sv", NULL };
	char *end;
	long n;

	switch (id) {
	case O_SITE: q->site = v; return true;
	case O_FORMAT:
		return (q->format = one_of(v, formats)) || err_set(e,
		    "--format %s: text, html or ndjson", v);
	case O_LANG:
		return (q->lang = one_of(v, langs)) || err_set(e, "--lang %s: en or sv", v);
	case O_NOW:
		return stamp_parse(&q->now, v, strlen(v)) ||
		    err_set(e, "--now %s: a time such as 2026-11-22T04:21:00Z, or a date", v);
	case O_OUT: q->out = v; return true;
	case O_FORCE: q->force = true; return true;
	case O_RULES: q->rules = v; return true;
	case O_WIDTH:
		n = strtol(v, &end, 10);
		if (*end || n < 40 || n > 1000)
			return err_set(e, "--width %s: a number from 40 to 1000", v);
		q->width = (int)n;
		return true;
	}
	return false;
}

/* Ctrl-C reaches the whole pipeline: the programs before us end and still hand on
 * what they have. The second time means it (SA_RESETHAND). */
static void
first_interrupt(int sig)
{
}

/* ---- the run ------------------------------------------------------------- */

/* All lines of the inventory. False when it cannot be read; *broken counts
 * lines that are no records: the first of each kind is reported. */
static bool
read_inventory(struct gap *g, const char *path, uint64_t *broken)
{
	struct err e = { "" };
	struct line *in = line_open(path, 0, &e);
	enum line_next r = LINE_FAILED;
	const char *p;
	char last[sizeof(e.text)] = "";
	size_t n;

	while (in && (r = line_next(in, &p, &n, &e)) != LINE_END && r != LINE_FAILED) {
		if (r == LINE_IDLE)     /* a signal */
			continue;
		if (r == LINE_TOO_LONG)
			err_set(&e, "a line longer than a record may be; passed over");
		else if (r == LINE_CUT && n)
			diag("%s:%llu: the input ends in mid-line", line_name(in),
			    (unsigned long long)line_no(in));
		if (r != LINE_TOO_LONG && gap_add(g, p, n, &e))
			continue;
		++*broken;
		if (strcmp(last, e.text) != 0)
			diag("%s:%llu: %s", line_name(in), (unsigned long long)line_no(in), e.text);
		memcpy(last, e.text, sizeof(last));
		err_clear(&e);
	}
	if (r == LINE_FAILED)
		diag("%s", e.text);
	if (in)
		line_close(in);
	return r != LINE_FAILED;
}

static bool
render(const struct gap *g, const struct ask *q, FILE *f)
{
	static char buf[LIM_RECORD + 4096];
	struct jw w;

	if (strcmp(q->format, "html") == 0)
		return html_write(f, g);
	if (strcmp(q->format, "text") == 0)
		return text_write(f, g, q->width ? q->width : (int)term_width(100),
		    !q->out && term_colour());
	jw_init(&w, buf, sizeof(buf));
	for (size_t i = 0; i < g->nfindings; i++) {
		jw_reset(&w);
		if (!finding_write(g, &g->findings[i], &w)) {
			diag("%s: its evidence does not fit a record", g->findings[i].item->id);
			return false;
		}
		fwrite(buf, 1, w.n, f);
	}
	return !ferror(f);
}

/* The whole of it, to a file or standard output. */
static bool
deliver(const struct ask *q, const char *p, size_t n)
{
	struct file_out out;
	struct err e = { "" };

	if (!q->out || strcmp(q->out, "-") == 0) {
		if (file_write_all(STDOUT_FILENO, p, n))
			return true;
		if (errno != EPIPE)
			diag("standard output: %s", strerror(errno));
		return false;
	}
	if (!file_create(&out, q->out, q->force, &e)) {
		diag("%s", e.text);
		return false;
	}
	if (!file_write_all(out.fd, p, n))
		err_sys(&e, "%s", q->out);
	else if (file_commit(&out, &e))
		return true;
	file_abort(&out);
	diag("%s", e.text);
	return false;
}

static int
assess(const struct ask *q)
{
	struct err e = { "" };
	struct rules *rules = rules_load(q->rules, &e);
	struct site *site = rules && q->site ? site_load(q->site, &e) : NULL;
	struct gap *g = NULL;
	uint64_t broken = 0;
	char *page = NULL;
	size_t n;
	FILE *f = NULL;
	int status = 2;

	if (!rules || (q->site && !site)) {
		diag("%s", e.text);
		goto out;
	}
	if (!(g = gap_new(rules, site, q->lang)) || !(f = open_memstream(&page, &n))) {
		diag("out of memory");
		goto out;
	}
	if (!read_inventory(g, q->in, &broken))
		goto out;
	if (!gap_run(g, q->now, &e)) {
		diag("%s", e.text);
		goto out;
	}
	if (g->nassets == 0)
		diag("%s: no asset record in %llu records: is it the output of otinv build?",
		    strcmp(q->in, "-") == 0 ? "stdin" : q->in,
		    (unsigned long long)g->records);
	if (!site)
		diag("no --site: zones, register and attestations are unknown");
	if (!render(g, q, f) || fflush(f) != 0) {
		diag("out of memory");
		goto out;
	}
	if (broken)
		diag("%llu lines were not records; the assessment rests on the others",
		    (unsigned long long)broken);
	if (deliver(q, page, n))
		status = broken || g->nassets == 0 ? 2 : g->count[GAP_GAP] ? 1 : 0;
	else if (errno == EPIPE)
		status = 0;
out:
	if (f)
		fclose(f);
	free(page);
	gap_free(g);
	site_free(site);
	rules_free(rules);
	return status;
}

int
gap_main(int argc, char **argv)
{
	struct ask q = { .format = "text", .lang = "en", .in = "-", .now = INT64_MIN };
	struct opt_state os;
	struct err e = { "" };
	int id;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; ) {
		if (id == O_SCHEMA)
			return print_schema();
		if (id == O_FIELDS)
			return print_fields();
		if (!take(&q, id, os.value, &e))
			break;
	}
	if (id == -2)
		return 0;
	if (id == 0 && argc - os.i > 1)
		err_set(&e, "one inventory at a time: otinv merge joins them");
	if (id != 0 || e.text[0]) {
		diag("%s", e.text);
		return 2;
	}
	if (os.i < argc)
		q.in = argv[os.i];
	if (q.site && strcmp(q.site, "-") == 0 && strcmp(q.in, "-") == 0) {
		diag("the site file and the inventory cannot both be standard input");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	if (!isatty(STDIN_FILENO))
		sigaction(SIGINT, &(struct sigaction){ .sa_handler = first_interrupt,
		    .sa_flags = SA_RESETHAND }, NULL);
	if (!confine_prepare(&e) || !confine(CONFINE_READ | (q.out ? CONFINE_WRITE : 0), &e))
		diag_note("%s", e.text);
	return assess(&q);
}
