/* calchain.h: what the subcommands of calchain share. */
#ifndef CALCHAIN_H
#define CALCHAIN_H

#include "base/err.h"
#include "base/opt.h"
#include "ledger/uses.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command {
	const char *name;
	int (*run)(int argc, char **argv);      /* argv[0] is the subcommand; the exit status */
};
/* The one of n that argv[1] names, or NULL. */
const struct command *command_find(const struct command *c, size_t n, int argc, char **argv);
/* A subcommand with n of its own runs the one that argv[1] names; else says what is expected. */
int command_run(const struct prog *p, const struct command *c, size_t n, const char *expected,
    int argc, char **argv);

int init_main(int argc, char **argv);
int keygen_main(int argc, char **argv);
int key_main(int argc, char **argv);
int append_main(int argc, char **argv);
int show_main(int argc, char **argv);
int repair_main(int argc, char **argv);
int verify_main(int argc, char **argv);
int prove_main(int argc, char **argv);
int check_main(int argc, char **argv);
int witness_main(int argc, char **argv);
int timestamp_main(int argc, char **argv);
int status_main(int argc, char **argv);
int due_main(int argc, char **argv);
int on_main(int argc, char **argv);
int assess_main(int argc, char **argv);
int budget_main(int argc, char **argv);
int decide_main(int argc, char **argv);
int import_main(int argc, char **argv);
int export_main(int argc, char **argv);
int windows_main(int argc, char **argv);

/* --- keys (keys.c): what --key, --log-key and their passphrases say */

struct signer;
struct keys_asked {
	const char *key, *log;                  /* PEM files or URIs; NULL: none */
	const char *pass, *log_pass; /* files with passphrases; NULL: the terminal is asked */
	const char *provider;
};
/* The options of who signs. Their ids lie above a subcommand's own; --key and
 * --passphrase-file have a help of their own in each table. */
enum { KEYS_KEY = 100, KEYS_LOG, KEYS_PASS, KEYS_LOGPASS, KEYS_PROVIDER };
#define KEYS_LOG_OPTS \
	{ "log-key", 'l', "KEY", "the key that seals, where it is another", "key", KEYS_LOG }, \
	{ "log-passphrase-file", 0, "FILE", "the log key's, where it is another", "key", \
	    KEYS_LOGPASS }
#define KEYS_PROVIDER_OPT \
	{ "provider", 0, "NAME", "load this provider of OpenSSL, for keys in tokens", NULL, \
	    KEYS_PROVIDER }
/* Takes the option where it is one of them. */
void keys_take(struct keys_asked *asked, int id, const char *value);
struct keys { struct signer *key, *log; };
bool keys_open(struct keys *k, const struct keys_asked *asked, struct err *e);
void keys_close(struct keys *k);

/* --- what a record from outside may be (kinds.c) */

struct kinds;
struct tape;
struct taken { const char *type, *payload; size_t n; };       /* payload lies in the line */
struct kinds *kinds_load(struct err *e);
void kinds_free(struct kinds *k);
/* A line {"event_type":"..","<event_type>":{..}} that holds to its schema. */
bool kinds_take(const struct kinds *k, const char *line, size_t n, struct tape *tape,
    struct taken *t, struct err *e);

/* --- whose signatures count (trust.c) */

struct vkey;
enum { TRUST_MAX = 64 };
/* Lines of verifier keys; empty ones and those that begin with # are passed over. k has
 * TRUST_MAX. */
bool trust_file(struct vkey *k, size_t *n, const char *path, struct err *e);
/* One such key as an option's value. */
bool trust_key(struct vkey *k, size_t *n, const char *text, struct err *e);

/* An option's value as a number from 0; false and said when it is none (prove.c). */
bool count_asked(uint64_t *v, const struct opt_state *os, struct err *e);
/* The ledger that is the one operand, or NULL and said. */
const char *ledger_operand(int argc, char **argv, int i, struct err *e);
/* As ledger_operand(); from here on the program does nothing but these calls (base/confine.h). */
const char *ledger_confined(int argc, char **argv, int i, unsigned calls, struct err *e);
/* ---- what the readers of a ledger share: status, due, on, assess, windows -------- */

struct ledger;
struct ledger_opts;

struct source;
/* The ledgers that the operands name: folders, files of records, pipes, "-". */
struct sources {
	char **name; size_t n;          /* as given */
	struct source *source;          /* of each name; what a pipe gave is kept there */
	size_t kept;                    /* room for that, in bytes */
	/* a line was no record, or lacked what it must have: said */
	bool bad;
	bool told;                      /* say nothing more: another reading has said it */
};
/* The operands from argv[i] on. Whatever it says, sources_free() ends it. */
bool sources_get(struct sources *s, int argc, char **argv, int i, struct err *e);
/* All of them, twice; NULL, and said, when it could not be read or memory is out. */
struct ledger *sources_read(struct sources *s, const struct ledger_opts *o);
void sources_free(struct sources *s);
struct work_rules;
struct moment;
/* The ledgers that the operands name, as of now, to answer(): the exit status it gives, or 2, and
 * said. Where e is set already that is said and all. */
int sources_answer(int argc, char **argv, int i, int (*answer)(void *arg, const struct ledger *l,
    const struct work_rules *rules, const struct moment *now), void *arg, struct err *e);
/* From here on files are read and nothing else is done. */
bool reading_only(struct err *e);
/* Records of days to come are said. */
void ahead_tell(const struct ledger *l);

/* What due and status are asked, by options with these ids. */
struct standing_asked { int64_t soon; bool text, ical; };
enum { STANDING_TEXT = 1, STANDING_ICAL, STANDING_NOW, STANDING_WITHIN, STANDING_SCHEMA,
	STANDING_FIELDS };
/* The whole of such a subcommand: options by its table, then sources_answer(); arg is a
 * standing_asked. types: what it writes, ended by NULL. */
int standing_main(const struct prog *p, const char *const *types, int argc, char **argv,
    int (*answer)(void *arg, const struct ledger *l, const struct work_rules *rules,
    const struct moment *now));

/* --uses and --map. */
enum { USES_OPT_MAX = 64 };
struct uses_opt { const char *file[USES_OPT_MAX], *map[USES_OPT_MAX]; size_t nfiles, nmap; };
bool uses_opt_add(const char **list, size_t *n, const char *option, const char *value,
    struct err *e);
/* All of them, sorted. */
bool uses_opt_load(const struct uses_opt *o, struct uses *u, const struct sources *src,
    struct err *e);

/* "--now", "2026-11-22" or a time: false with the reason in e. */
bool now_get(const char *text, struct err *e);
/* For who writes records: false and said when "now" is more than a day ahead of the clock, for
 * no record can be older than the one before it. */
bool now_not_ahead(struct err *e);
/* "30d" as whole days, upwards. */
bool days_get(int64_t *days, const char *option, const char *text, struct err *e);

struct jw;
/* Records to standard output. */
struct records *records_new(void);              /* NULL, and said: out of memory */
struct jw *records_jw(struct records *r);
/* After each record; false: it cannot be written (said by records_end). */
bool records_sent(struct records *r, bool line);
int records_end(struct records *r);             /* 0; or 2, and said */
/* The same for what was printed on stdout. */
int printed_end(void);

/* --schema and --list-fields of these event types (ended by NULL). */
int print_schemas(const char *const *types);
int print_fields(const char *const *types);

#endif
