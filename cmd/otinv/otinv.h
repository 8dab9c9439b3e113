/* otinv.h: what the subcommands of otinv share: reading records, writing them. */
#ifndef OTINV_H
#define OTINV_H

#include "base/err.h"
#include "base/opt.h"
#include "inv/asset.h"
#include "inv/list.h"
#include "inv/known.h"
#include "json/jw.h"
#include "model/rec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command {
	const char *name;
	int (*run)(int argc, char **argv);      /* argv[0] is the subcommand; the exit status */
	const char *purpose;
};
int build_main(int argc, char **argv);
int show_main(int argc, char **argv);
int diff_main(int argc, char **argv);
int export_main(int argc, char **argv);
int merge_main(int argc, char **argv);
int register_main(int argc, char **argv);
int vuln_main(int argc, char **argv);
int why_main(int argc, char **argv);

/* Records from files: what is no record is reported once per kind and file,
 * counted, and the run goes on. */
struct input {
	uint64_t records;               /* lines that are records */
	uint64_t bad;                   /* lines that are not JSON */
	bool failed;                    /* an input could not be read to its end */
	struct tape tape;               /* where the values of the line at hand lie */
	/* Is told which flow the line to come is of, and the one behind it, where they are not
	 * remembered; 0: not known. Or NULL. */
	void (*ahead)(void *arg, uint64_t next, uint64_t behind);
	uint64_t now, next;             /* flows of this line and of the one to come, or 0 */
	bool next_known;                /* it is remembered, */
	bool known;                     /* and so is that of the line at hand */
	/* Takes a record by its trail, or says that it is to be read; or NULL. What lines look like
	 * is then remembered from file to file, until input_forget(). */
	bool (*again)(void *arg, const struct rec_trail *l);
	struct rec_flows *flows;        /* what records of a flow say alike, or NULL */
};
/* Each record of one file ("-": stdin) to fn(); false when fn() said no more. */
bool input_read(struct input *in, const char *path, bool (*fn)(void *, const struct rec *),
    void *arg);
void input_forget(struct input *in);
/* For input_read(): assets and links kept in a struct list. */
bool list_take(void *list, const struct rec *r);
/* SIGINT and SIGTERM: once, the input's end is awaited for as long as something
 * comes; twice, it is now. */
void input_signals(void);
/* 0, or 2 when lines were bad or an input failed; says how many. */
int input_status(const struct input *in);

/* The operands, or the list that --files-from names. */
struct names { char **v; size_t n; bool owned; };
bool names_get(struct names *l, const char *from, int argc, char **argv, int i, struct err *e);
void names_free(struct names *l);
/* For confine(): CONFINE_READ where one of them is not standard input. */
unsigned names_calls(const struct names *l);

struct metas;
/* --register and --map, and the instruments of the site file. */
enum { LISTING_MAX = 64 };
struct listing {
	const char *file[LISTING_MAX], *map[LISTING_MAX];
	size_t nfiles, nmap;
	struct reg reg;
};
bool listing_add(const char **list, size_t *n, const char *what, const char *value, struct err *e);
/* Reads them all (site may be NULL) and says what is wrong. `always`: says which columns were
 * passed over, terminal or not, and leaves faults to the answer. */
bool listing_load(struct listing *l, const struct site *site, bool always, struct err *e);
/* The site file (or NULL) and the register onto the stations of a site, v->site from now
 * on: that of the site file, of this key, or the only one. */
bool listing_apply(const struct listing *l, struct inv *v, const struct site *site,
    const char *key, struct err *e);
void listing_free(struct listing *l);
/* A key beside a site file must be the file's. */
bool site_key_check(const struct site *s, const char *key, struct err *e);

/* Inventories from files, joined in an order of their own; NULL when memory is out. An
 * overlap in part is said. */
struct inv *inventories_read(const struct names *files, struct input *in, struct metas *metas);

struct roles;
/* Records out. */
struct output { struct jw w; int fd; const char *name; bool closed; int err; };
/* To this descriptor; name (borrowed) is for messages. NULL: out of memory. */
struct output *output_to(int fd, const char *name);
struct output *output_new(void);        /* to standard output */
/* For inv_write: what has gathered is written when there is much of it. */
bool output_some(void *output, struct jw *w);
/* All of v. What could not be written whole is said by output_end(). */
void output_inventory(struct output *o, struct inv *v, const struct roles *roles);
/* Writes the rest and frees. 0; or 2, and said, when it could not be written. */
int output_end(struct output *o);
/* What was printed on stdout, for people. 0; or 2, and said. A closed pipe is no failure. */
int output_flush(void);

/* Meta records of the inputs, each once, in order of their bytes, go first. */
struct metas { char **v; size_t n; };
void metas_keep(struct metas *m, const struct rec *r);
bool metas_write(const struct metas *m, struct output *o);
void metas_free(struct metas *m);
bool output_meta(struct output *o, int argc, char **argv);

/* build --state: the inventory to go on from. One build at a time has it. */
struct state { const char *path; int fd; struct inv *old; };
/* Takes the lock; a file that is not there is an empty inventory. Before confine(). */
bool state_open(struct state *s, const char *path, struct err *e);
/* False, and said, when it is no whole inventory: then nothing may replace it. */
bool state_read(struct state *s, struct metas *metas);
/* What was read before and *v as one, in *v. False: out of memory. */
bool state_join(struct state *s, struct inv **v, const char *site_key, bool *partly);
void state_close(struct state *s);

/* --schema: the JSON Schemas of what is written, one a line. */
int print_schemas(void);
/* --list-fields: key, type and meaning of these record types' own members. */
int print_fields(const char *const *types);

#endif
