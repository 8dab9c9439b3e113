/* opt.h: option tables: parse, --help, --complete. One table per program.
 *
 * A table drives all: parsing (long and short, "--x=v", "--x v", "-xv", "--"
 * ends), --help (short text to stdout), --version, and the hidden --complete,
 * with which the thin shell completions ask for candidates. */
#ifndef OT_OPT_H
#define OT_OPT_H

#include "base/err.h"

#include <stdbool.h>

enum opt_arg { OPT_NO_ARG, OPT_ARG };

struct opt {
	const char *name;       /* "format", without dashes; NULL ends the table */
	char letter;            /* 0: none */
	const char *arg;        /* NULL: takes none; else its name in the help: "FILE" */
	const char *help;       /* one line */
	const char *complete;   /* NULL, "file", "dir", "iface", "user", "proto", or "a|b|c"; "key":
				 * a file that is read before the program is confined */
	int id;                 /* what opt_next returns; unique, > 0 */
};

struct prog {
	const char *name;       /* "otcap", or "otinv build" for a subcommand */
	const char *synopsis;   /* after "usage: ", lines separated by \n: one that does not begin
				 * with the name goes on the form above; equals the manual's */
	const char *purpose;    /* one sentence */
	const struct opt *opts;
	const char *words;      /* candidates for operands: "file", subcommands "a|b", or NULL */
	const char *footer;     /* after the options; NULL or text */
	bool unconfined;        /* has no --no-sandbox: it names subcommands, or parses nothing of
				 * strangers */
};

struct opt_state {
	const struct prog *prog;
	char **argv;
	int argc, i;
	int ops;                /* operands met so far stand at ops..i */
	const char *cluster;    /* within -abc */
	const char *value;      /* of the option just returned */
	const char *shown;      /* that option as messages name it: "--format", "-f" */
	char text[64];          /* holds it */
	bool rest;              /* "--" seen */
};

void opt_begin(struct opt_state *o, const struct prog *p, int argc, char **argv);
/* The next option's id; 0 when only operands are left (argv + i); -1 on a usage
 * error (e says; opt_state.shown is the option at fault). --help (-h),
 * --version (-V) and --complete are answered here: -2, all is done, exit 0.
 * --no-sandbox is taken here, too; and what options and operands name as "file"
 * or "dir" can be read once the program is confined (confine_path).
 * Operands may stand between options; they are gathered at the end of argv as
 * getopt_long does, until "--". */
int opt_next(struct opt_state *o, struct err *e);

/* Candidates for --complete of kinds only the program knows ("proto"): set
 * before opt_begin. Prints one candidate a line. */
extern void (*opt_complete_hook)(const char *kind);

/* "otcap --complete -- WORD..." prints candidates for the last word, one a
 * line; a line ":file" or ":dir" leaves it to the shell to offer paths. A
 * subcommand answers for itself: "otinv build --complete -- WORD...". */

extern const char otkit_version[];
extern const char otkit_released[];     /* the day, "2026-11-22" */

#endif
