/* incident.h: what the subcommands that write to an incident's journal share: one file and
 * one line in the table of incident.c each. */
#ifndef INCIDENT_CMD_H
#define INCIDENT_CMD_H

#include "base/err.h"
#include "base/opt.h"
#include "incident/incident.h"
#include "incident/journal.h"

#include <stdbool.h>
#include <stdint.h>

int incident_attach_main(int argc, char **argv);
int incident_close_main(int argc, char **argv);
int incident_correct_main(int argc, char **argv);
int incident_fields_main(int argc, char **argv);
int incident_note_main(int argc, char **argv);
int incident_open_main(int argc, char **argv);
int incident_reopen_main(int argc, char **argv);
int incident_set_main(int argc, char **argv);
int incident_show_main(int argc, char **argv);
int incident_submit_main(int argc, char **argv);

/* Ids of the common options; a subcommand's own begin at WRITING_OWN. */
enum { WR_AUTHOR = 1, WR_KEY, WR_LOG, WR_PASS, WR_NOW, WR_RULES, WRITING_OWN };

#define WRITING_OPTS \
	{ "author", 'a', "NAME", "who writes ($LOGNAME)", NULL, WR_AUTHOR }, \
	{ "key", 'k', "KEY", "sign with this private key: a PEM file or a URI", "key", WR_KEY }, \
	{ "log-key", 0, "KEY", "the key that seals, where it is not the folder's", "key", \
	    WR_LOG }, \
	{ "now", 0, "TIME", "instead of the clock", NULL, WR_NOW }, \
	{ "passphrase-file", 'p', "FILE", "its first line is the key's passphrase", "key", \
	    WR_PASS }, \
	{ "rules", 0, "DIR", "take rule files from DIR where it has them", "dir", WR_RULES }

/* Who writes, to which journal. */
struct writing {
	const char *path;               /* the journal's folder */
	const char *author, *key, *log, *pass, *rules_dir;
	struct journal_who who;
	struct incident_fields *fields;
	struct incident *incident;      /* as it was before; NULL while it is begun */
	struct journal *journal;
	uint64_t seq;                   /* of the record added last */
};

/* As request_take(). */
bool writing_take(struct writing *w, int id, const struct opt_state *os, struct err *e);
/* Keys and fields; then, unless it is to begin, the journal is read and opened for adding.
 * w->path is set before. */
bool writing_open(struct writing *w, bool begins, struct err *e);
/* Takes the payload. */
bool writing_add(struct writing *w, const char *type, json_t *payload, struct err *e);
/* Seals what was added when e is empty, and prints "INC-7: record 12: what"; frees all. The
 * exit status. */
int writing_close(struct writing *w, const char *what, struct err *e);
/* False with e where this moment is still to come: it drives clocks, and is a slip. */
bool writing_past(const struct writing *w, const char *what, int64_t us, struct err *e);
/* The text of an operand: itself, or all of standard input where it is "-". NULL with why; the
 * caller frees it. */
char *writing_text(const char *operand, struct err *e);

#endif
