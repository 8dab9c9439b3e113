/* evidence.c: nis2report evidence: an incident as a folder, or an archive of it, that others check
 * by themselves. */
#include "nis2report.h"
#include "incident.h"
#include "request.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/stamp.h"
#include "incident/package.h"
#include "json/fields.h"
#include "model/local_time.h"

#include <stdlib.h>
#include <string.h>

enum { O_OUT = 1, O_EVENTS, O_CAPTURE, O_LEDGER, O_FROM, O_TO, O_SITE, O_KEY, O_PASS, O_AUTHOR,
	O_NOW, O_LANG, O_RULES, O_SCHEMA, O_FIELDS };

static const struct opt opts[] = {
	{ "author", 'a', "NAME", "who makes it ($LOGNAME)", NULL, O_AUTHOR },
	{ "capture", 'c', "FILE", "cut packets out of this capture; again for more", "file",
	    O_CAPTURE },
	{ "events", 'e', "FILE", "take records from this file; again for more", "file", O_EVENTS },
	{ "from", 0, "TIME", "only what happened at or after TIME", NULL, O_FROM },
	{ "key", 'k', "KEY", "sign with this private key: a PEM file or a URI (the journal's)",
	    "key", O_KEY },
	{ "lang", 'l', "LANG", "of the custody list: en or sv", "en|sv", O_LANG },
	{ "ledger", 0, "DIR", "the calibration ledger", "dir", O_LEDGER },
	{ "list-fields", 0, NULL, "the fields of the custody records, with their meaning", NULL,
	    O_FIELDS },
	{ "now", 0, "TIME", "instead of the clock", NULL, O_NOW },
	{ "out", 'o', "FOLDER", "the new folder; FOLDER.tar: an archive of it", "file", O_OUT },
	{ "passphrase-file", 'p', "FILE", "its first line is the key's passphrase", "key",
	    O_PASS },
	{ "rules", 0, "DIR", "take rule files from DIR where it has them", "dir", O_RULES },
	{ "schema", 0, NULL, "the JSON Schemas of the custody records", NULL, O_SCHEMA },
	{ "site", 's', "FILE", "the site file: addresses of what is affected", "file", O_SITE },
	{ "to", 0, "TIME", "only what happened before TIME", NULL, O_TO },
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report evidence",
	.synopsis =
	    "nis2report evidence -o FOLDER [-a NAME] [-c FILE] [-e FILE] [-k KEY] [-l LANG]\n"
	    "[-p FILE] [-s FILE] [--from TIME] [--ledger DIR] [--now TIME] [--rules DIR]\n"
	    "[--to TIME] DIR\n"
	    "nis2report evidence --list-fields | --schema",
	.purpose = "Packs an incident as evidence: checked with sha256sum and openssl alone.",
	.opts = opts,
	.words = "dir",
	.footer = "Exit status: 0 done; 1 done, but the journal does not hold or something is\n"
	    "missing; 2 it could not be done.",
};

struct asked {
	struct package_ask a;
	const char **events, **captures;
	const char *key, *pass, *site, *rules, *from, *to;
	struct rules *words;
	struct incident_fields *fields;
	struct site *places;
	int describe;                   /* O_SCHEMA, O_FIELDS; 0: neither */
};

static bool
take(struct asked *q, int id, const struct opt_state *os, struct err *e)
{
	const char *v = os->value;
	int64_t now;

	switch (id) {
	case O_OUT: q->a.out = v; break;
	case O_EVENTS: q->events[q->a.nevents++] = v; break;
	case O_CAPTURE: q->captures[q->a.ncaptures++] = v; break;
	case O_LEDGER: q->a.ledger = v; break;
	case O_FROM: q->from = v; break;
	case O_TO: q->to = v; break;
	case O_SITE: q->site = v; break;
	case O_KEY: q->key = v; break;
	case O_PASS: q->pass = v; break;
	case O_AUTHOR: q->a.who = v; break;
	case O_RULES: q->rules = v; break;
	case O_SCHEMA:
	case O_FIELDS: q->describe = id; break;
	case O_LANG:
		q->a.lang = v;
		return request_word(os, "en|sv", e);
	case O_NOW:
		if (!stamp_parse(&now, v, strlen(v)))
			return err_set(e,
			    "%s %s: a time such as 2026-11-22T04:21:00Z, or a date", os->shown, v);
		stamp_set_now(now);
	}
	return true;
}

/* ---- the key ----------------------------------------------------------------------- */

static bool
open_key(struct asked *q, struct err *e)
{
	struct err why = { "" };

	if (q->key)
		return (q->a.key = signer_open_with(q->key, q->pass, e)) != NULL;
	q->a.key_is_journals = true;
	return (q->a.key = journal_key(q->a.journal, &why)) || err_set(e,
	    "%s (the journal's key signs; --key names another)", why.text);
}

/* ---- what is asked --------------------------------------------------------------------- */

/* A time without zone is one of the journal's zone; where the journal cannot be read, UTC's. */
static bool
moment(const struct asked *q, const char *option, const char *text, int64_t *us, struct err *e)
{
	struct err why = { "" };
	struct incident *i;
	bool good;

	if (!text)
		return true;
	i = incident_read(q->a.journal, q->fields, &why);
	err_clear(&why);
	good = local_parse(i ? i->zone : "UTC", text, false, us, &why);
	incident_free(i);
	return good || err_set(e, "%s: %s", option, why.text);
}

static bool
check(struct asked *q, int n, struct err *e)
{
	static const char *const others[] = { ".gz", ".tgz", ".xz", ".zst", ".bz2", ".zip", ".7z" };
	const char *dot = q->a.out ? strrchr(q->a.out, '.') : NULL;

	if (!q->a.out)
		return err_set(e, "into which new folder? --out FOLDER");
	if (strcmp(q->a.out, "-") == 0)
		return err_set(e, "--out -: a folder, or an archive whose name ends in .tar, "
		    "is expected");
	for (size_t i = 0; dot && i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(dot, others[i]) == 0)
			return err_set(e, "--out %s: an archive's name ends in .tar; compress it "
			    "afterwards", q->a.out);
	if (n != 1)
		return err_set(e, "one incident's folder is expected");
	if (q->a.ncaptures && !q->a.nevents)
		return err_set(e, "--capture: packets are those that records name; --events FILE");
	if (!q->a.who)
		q->a.who = getenv("LOGNAME");
	return (q->a.who && *q->a.who) || err_set(e, "who makes it? --author NAME");
}

static bool
load(struct asked *q, struct err *e)
{
	if (!open_key(q, e))
		return false;
	confine_output(q->a.out);
	/* a token's provider has calls of its own */
	if (!(q->key && strncmp(q->key, "pkcs11:", 7) == 0) &&
	    (!confine_prepare(e) || !confine(CONFINE_READ | CONFINE_WRITE, e)))
		return false;
	if (!(q->words = rules_load(q->rules, e)) ||
	    !(q->fields = incident_fields_load(q->rules, e)) ||
	    (q->site && !(q->places = site_load(q->site, e))))
		return false;
	q->a.rules = q->words;
	q->a.fields = q->fields;
	q->a.site = q->places;
	q->a.events = q->events;
	q->a.captures = q->captures;
	if (!moment(q, "--from", q->from, &q->a.from, e) || !moment(q, "--to", q->to, &q->a.to, e))
		return false;
	return q->a.from < q->a.to || err_set(e, "--from and --to: nothing lies between them");
}

static void
say(void *arg, const char *text)
{
	diag("%s", text);
}

static int
describe(int what)
{
	static const char *const shared[] = { "envelope", NULL }, *const types[] = { "custody",
		NULL };
	struct err e = { "" };
	bool good = what == O_FIELDS ? fields_print(stdout, types, &e) :
	    fields_schemas(stdout, shared, &e) && fields_schemas(stdout, types, &e);

	if (!good)
		diag("%s", e.text);
	return good && fflush(stdout) == 0 ? 0 : 2;
}

static int
run(struct asked *q, struct err *e)
{
	struct package_answer made;
	char files[32], bytes[32];

	if (!load(q, e) || !package_make(&q->a, &made, e)) {
		diag("%s", e->text);
		return 2;
	}
	printf("%s: %s files, %s bytes", q->a.out, diag_num(files, made.files), diag_num(bytes,
	    made.bytes));
	printf(": %s records", diag_num(files, made.records));
	printf(", %s packets\n", diag_num(files, made.packets));
	if (fflush(stdout) != 0) {
		diag("standard output could not be written");
		return 2;
	}
	return made.faulty || made.lacking;
}

int
evidence_main(int argc, char **argv)
{
	struct asked q = { .a = { .from = INT64_MIN, .to = INT64_MAX, .lang = "en", .say = say } };
	struct opt_state os;
	struct err e = { "" };
	char program[64];
	int id, status = 2;

	diag_name(prog.name);
	snprintf(program, sizeof(program), "nis2report %s", otkit_version);
	q.a.program = program;
	q.events = calloc((size_t)argc + 1, sizeof(*q.events));
	q.captures = calloc((size_t)argc + 1, sizeof(*q.captures));
	if (!q.events || !q.captures)
		err_set(&e, "out of memory");
	for (opt_begin(&os, &prog, argc, argv); !e.text[0] && (id = opt_next(&os, &e)) > 0; )
		(void)take(&q, id, &os, &e);
	if (!e.text[0] && id == -2) {
		status = 0;
	} else if (!e.text[0] && q.describe) {
		status = describe(q.describe);
	} else if (!e.text[0] && check(&q, argc - os.i, &e)) {
		q.a.journal = argv[os.i];
		status = run(&q, &e);
	} else {
		diag("%s", e.text);
	}
	signer_free(q.a.key);
	incident_fields_free(q.fields);
	site_free(q.places);
	rules_free(q.words);
	free(q.events);
	free(q.captures);
	return status;
}
