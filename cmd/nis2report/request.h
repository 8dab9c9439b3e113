/* request.h: what every report of nis2report is asked with: site, rules, language, form,
 * where to, when; and how it is delivered: whole or not at all.
 *
 *     static const struct opt opts[] = { REQUEST_OPTS("text|markdown|html|ndjson"), { ... } };
 *     static const char *const types[] = { "duty", NULL };
 *     struct request q = REQUEST("text");      q.types = types;
 *     if (!request_parse(&q, &prog, argc, argv, own, &ask, &e) ||
 *         !request_inputs(&q, "the inventory", &e) || !request_open(&q, &e))
 *             return request_fail(&q, &e);
 *     ... request_read(&q, take, arg, &e), then into q.f:
 *     request_render(&q, p, p && page(p));
 *                                     or records: w = request_jw(&q); ... request_sent(&q);
 *     return request_end(&q, gaps ? 1 : 0, &e); */
#ifndef REQUEST_H
#define REQUEST_H

#include "base/err.h"
#include "base/opt.h"
#include "json/jw.h"
#include "model/rules.h"
#include "model/site.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A request before its options are taken. */
#define REQUEST(form) { .format = (form), .lang = "en", .now = INT64_MIN }

/* Ids of the common options; a subcommand's own begin at REQUEST_OWN. */
enum { RQ_SITE = 1, RQ_FORMAT, RQ_LANG, RQ_NOW, RQ_OUT, RQ_FORCE, RQ_RULES, RQ_WIDTH, RQ_SCHEMA,
	RQ_FIELDS, REQUEST_OWN };

#define REQUEST_OPTS(formats) \
	{ "site", 's', "FILE", "the site file: zones, register, suppliers, attestations", "file", \
	    RQ_SITE }, \
	{ "format", 'f', "FORMAT", "what is written", formats, RQ_FORMAT }, \
	{ "lang", 'l', "LANG", "en or sv", "en|sv", RQ_LANG }, \
	{ "now", 0, "TIME", "judge as of TIME instead of the last record", NULL, RQ_NOW }, \
	{ "out", 'o', "FILE", "write to FILE, whole or not at all", "file", RQ_OUT }, \
	{ "force", 0, NULL, "overwrite an existing FILE", NULL, RQ_FORCE }, \
	{ "rules", 0, "DIR", "take rule files from DIR where it has them", "dir", RQ_RULES }, \
	{ "width", 'w', "COLUMNS", "wrap text at COLUMNS (the terminal's, or 100)", NULL, \
	    RQ_WIDTH }, \
	{ "list-fields", 0, NULL, "the fields of the records, with their meaning", NULL, \
	    RQ_FIELDS }, \
	{ "schema", 0, NULL, "the JSON Schemas of the records", NULL, RQ_SCHEMA }

struct request {
	const struct opt *opts;         /* whose "format" row says which formats there are */
	const char *const *types;       /* record types it writes, ended by NULL: for --schema */
	const char *format, *lang, *out, *site_file, *rules_dir;
	int64_t now;                    /* INT64_MIN: not given */
	int width;
	bool force, broken;             /* broken: a line was no record, and was said */
	char *const *in; int nin;       /* operands, after request_parse() */
	/* after request_open() */
	struct rules *rules;
	struct site *site;              /* NULL without --site */
	FILE *f;                        /* what is delivered is written here first */
	char *page; size_t size;
	struct jw w; char *line;        /* a record on its way */
};

/* Whether the option was one of the common ones, and well: false with e empty, it is one's
 * own; false with e set, it was wrong. --schema and --list-fields end the program. */
bool request_take(struct request *q, int id, const struct opt_state *os, struct err *e);
/* All options, and in and nin: the common ones here, those of one's own by own(arg, ...), NULL
 * where there are none. Names the program in what is said from now on. False with e: one is
 * wrong. --help, --version, --schema and --list-fields end the program. */
bool request_parse(struct request *q, const struct prog *prog, int argc, char **argv,
    bool (*own)(void *arg, int id, const struct opt_state *os, struct err *e), void *arg,
    struct err *e);
/* Whether the option's value is one of the words "a|b|c"; else e says which there are. */
bool request_word(const struct opt_state *os, const char *words, struct err *e);
/* False with e where no site file is given; why it is wanted: "zones stand in the site file". */
bool request_wants_site(const struct request *q, const char *why, struct err *e);
/* How often standard input is to be read: as the site file, and as operands. */
int request_stdins(const struct request *q);
/* False with e where the site file and an operand, which are called `what`, are both standard
 * input: the one read first would leave nothing. */
bool request_apart(const struct request *q, const char *what, struct err *e);
/* Without operands standard input becomes the one operand; and so, then request_apart(). */
void request_default_input(struct request *q);
bool request_inputs(struct request *q, const char *what, struct err *e);
/* Confines, loads rules and site, opens f. From here on files are read, and nothing is done
 * but writing --out. */
bool request_open(struct request *q, struct err *e);
/* "prog: why" of e, frees all, returns 2. */
int request_fail(struct request *q, const struct err *e);

/* Each line of an NDJSON file ("-": standard input) to take(); where that returns false
 * its reason is said with file and line, once in a row, q->broken is set and the reading
 * goes on. False with e: it cannot be read. */
bool request_lines(struct request *q, const char *path,
    bool (*take)(void *arg, const char *p, size_t n, struct err *e), void *arg, struct err *e);
/* So for each operand in turn. */
bool request_read(struct request *q,
    bool (*take)(void *arg, const char *p, size_t n, struct err *e), void *arg, struct err *e);
struct gap;
bool request_read_gap(struct request *q, struct gap *g, struct err *e);        /* to gap_add() */

struct paper;
/* An empty one under the request's rules and language; NULL: out of memory. */
struct paper *request_blank(const struct request *q);
/* The paper in the form asked for: text, markdown or html. */
bool request_paper(struct request *q, const struct paper *p);
/* So where it was made whole; frees it in any case. p may be NULL where it was not made. */
bool request_render(struct request *q, struct paper *p, bool made);
bool request_wants(const struct request *q, const char *format);
/* A record: jw_reset() of q->w, then write it with jw and call request_sent(). */
struct jw *request_jw(struct request *q);
bool request_sent(struct request *q);           /* false: it did not fit */

/* Hands the whole on and frees all: status, or 2 and said. */
int request_deliver(struct request *q, int status);
/* The one or the other: request_fail() where e is set. */
int request_end(struct request *q, int status, const struct err *e);

#endif
