/* otinv.h: what the subcommands of otinv share: reading records, writing them. */
#ifndef OTINV_H
#define OTINV_H

#include "base/err.h"
#include "base/opt.h"
#include "inv/asset.h"
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
int merge_main(int argc, char **argv);
int why_main(int argc, char **argv);

/* Records from files: what is no record is reported once per kind and file,
 * counted, and the run goes on. */
struct input {
	uint64_t records;               /* lines that are records */
	uint64_t bad;                   /* lines that are not JSON */
	bool failed;                    /* an input could not be read to its end */
};
/* Each record of one file ("-": stdin) to fn(); false when fn() said no more. */
bool input_read(struct input *in, const char *path, bool (*fn)(void *, const struct rec *),
    void *arg);
/* SIGINT and SIGTERM: once, the input's end is awaited for as long as something
 * comes; twice, it is now. */
void input_signals(void);
/* 0, or 2 when lines were bad or an input failed; says how many. */
int input_status(const struct input *in);

/* The operands, or the list that --files-from names. */
struct names { char **v; size_t n; bool owned; };
bool names_get(struct names *l, const char *from, int argc, char **argv, int i, struct err *e);
void names_free(struct names *l);

/* Records out. */
struct output { struct jw w; bool closed; int err; };
struct output *output_new(void);
/* For inv_write: what has gathered is written when there is much of it. */
bool output_some(void *output, struct jw *w);
/* Writes the rest and frees. 0; or 2, and said, when it could not be written. */
int output_end(struct output *o);

/* Meta records of the inputs, each once, in order of their bytes, go first. */
struct metas { char **v; size_t n; };
void metas_keep(struct metas *m, const struct rec *r);
bool metas_write(const struct metas *m, struct output *o);
void metas_free(struct metas *m);
bool output_meta(struct output *o, int argc, char **argv);

/* --schema: the JSON Schemas of what is written, one a line. */
int print_schemas(void);
/* --list-fields: key, type and meaning of these record types' own members. */
int print_fields(const char *const *types);

#endif
