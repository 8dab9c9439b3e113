/* otdissect.h: the program's own parts. */
#ifndef OT_OTDISSECT_H
#define OT_OTDISSECT_H

#include "base/err.h"
#include "json/redact.h"
#include "proto/engine.h"

/* select.c: what the options choose. */
bool parse_protocols(const char *list, bool *only, struct err *e);
bool parse_port(const char *text, struct engine_opts *o, struct err *e);
/* 1 to 86400 seconds, in microseconds. */
bool parse_seconds(const char *option, const char *text, int64_t *us, struct err *e);
/* The key in a file, for pseudonyms. */
bool open_redact(const char *path, struct redact **r, struct err *e);
/* 1 to ENGINE_THREADS. */
bool parse_threads(const char *text, unsigned *n, struct err *e);
bool parse_max_flows(const char *text, uint32_t *n, struct err *e);
void complete_protocols(const char *kind);

/* run.c: one run over all inputs. */
struct run {
	struct engine *g;
	char **files;                   /* none: standard input */
	size_t nfiles;
	struct source *first;           /* open already, or NULL */
	const char *sensor;
	int argc;                       /* for the meta record */
	char **argv;
	struct redact *redact;          /* NULL: as it is */
	bool meta;                      /* still to be written, before the first event */
	bool failed;                    /* an input was cut or unreadable */
	bool closed;                    /* nobody reads on */
	int write_errno;
	uint64_t bad_lines;
};
void run_signal(int sig);
void run_flush(void *run, const char *p, size_t n);
/* What is still to be opened stays so; the bits for confine(). */
unsigned run_open(struct run *r);
struct iovec;
void run_flush_pieces(void *run, struct iovec *v, size_t n);
void run_inputs(struct run *r);
/* Says how it went, where somebody looks; the exit status. */
int run_status(const struct run *r);

/* describe.c: --list-fields, --schema, --meta. The first two return the exit status. */
int list_fields(void);
int print_schemas(void);
/* us: the first packet's time; 0: there was none. */
void write_meta(struct run *r, int64_t us);

#endif
