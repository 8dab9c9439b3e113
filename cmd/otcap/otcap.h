/* otcap.h: the program's own parts. */
#ifndef OT_OTCAP_H
#define OT_OTCAP_H

#include "base/err.h"
#include "capture/sink.h"
#include "capture/source.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct pick;

struct otcap {
	/* what was asked for */
	const char **ifaces, **files;
	unsigned niface, nfile;
	const char *files_from, *format, *out, *user, *sensor, *stats;
	char *filter;
	struct rotate_opts keep;
	uint32_t snaplen, buffer_kib;
	uint64_t count;                 /* 0: without limit */
	int64_t duration_us;            /* 0: without limit */
	bool no_promisc, meta, force, verbose;
	int argc;
	char **argv;

	struct pick *pick;              /* otcap extract: which packets; or NULL */
	const char *records;            /* of which these records name them; or NULL */

	/* the run */
	char **listed;                  /* of --files-from */
	size_t nlisted;
	enum sink_format fmt;
	struct source *src;             /* the one being read */
	struct source_filter *bpf;
	struct sink *sink;
	char *head;                     /* the "meta" record */
	int stats_fd;                   /* --stats, or -1 */
	uint64_t packets;               /* handed on, all sources */
	int64_t first_us, last_us;      /* of packets; valid when packets > 0 */
	struct source_counts done;      /* of sources already closed */
	bool failed;                    /* an input or an interface failed: status 2 */
	bool broken;                    /* the output is gone: nothing more is read */
};

/* Set by signals. */
extern volatile sig_atomic_t otcap_stop, otcap_usr1;

/* open.c: everything that needs privileges or names, then confinement. False: said. */
bool otcap_open(struct otcap *c);

/* run.c: reads all inputs to their end, a signal or a limit. */
void otcap_run(struct otcap *c);
/* Completes the output and says what was done. Returns the exit status. */
int otcap_close(struct otcap *c);

/* extract.c: otcap extract; c has argc, argv and room for the files' names. */
int extract_main(struct otcap *c);
/* The records, once confined; they also name the captures, where nobody else does. */
bool extract_read(struct otcap *c, struct err *e);
/* False, and said: no packet is such a one, or not all that were named are there. */
bool extract_complete(struct otcap *c);

/* describe.c */
int list_fields(void);
int print_schemas(void);
int list_interfaces(void);
/* The "meta" record with its newline, or NULL. */
char *meta_record(const struct otcap *c);

#endif
