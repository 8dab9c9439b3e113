/* extract.c: otcap extract: packets cut out of captures, as evidence. */
#include "otcap.h"

#include "base/diag.h"
#include "base/opt.h"
#include "extract/pick.h"
#include "json/line.h"
#include "json/scan.h"

#include <stdlib.h>
#include <string.h>

enum {
	O_FROM = 1, O_TO, O_HOST, O_FLOW, O_PACKETS, O_WRITE, O_FORMAT, O_COMPRESS, O_FORCE, O_META,
	O_LIST, O_VERBOSE,
};

static const struct opt opts[] = {
	{ "from", 0, "TIME", "packets from TIME on", NULL, O_FROM },
	{ "to", 0, "TIME", "packets before TIME", NULL, O_TO },
	{ "host", 0, "ADDRESS", "packets from or to it (a prefix or a MAC, too); may be repeated",
	    NULL, O_HOST },
	{ "flow", 0, "ID", "packets of the flow with this community_id or flow_id; may be repeated",
	    NULL, O_FLOW },
	{ "packets", 0, "FILE|LIST", "packets that records in FILE name (- is stdin), or numbers: "
	    "12,40-52", "file", O_PACKETS },
	{ "write", 'w', "FILE", "write to FILE", "file", O_WRITE },
	{ "format", 0, "FORMAT", "pcapng, pcap or json (packet records)", "pcapng|pcap|json",
	    O_FORMAT },
	{ "compress", 0, NULL, "write gzip", NULL, O_COMPRESS },
	{ "force", 0, NULL, "overwrite an existing file", NULL, O_FORCE },
	{ "meta", 0, NULL, "keep program, version, arguments and the inputs' digests in the output",
	    NULL, O_META },
	{ "files-from", 0, "FILE", "read the captures that FILE names, one a line", "file",
	    O_LIST },
	{ "verbose", 'v', NULL, "say at the end what was done, terminal or not", NULL, O_VERBOSE },
	{ NULL },
};

static const struct prog prog = {
	.name = "otcap extract",
	.synopsis =
	    "otcap extract [-v] [--compress] [--files-from FILE] [--flow ID] [--force]\n"
	    "[--format FORMAT] [--from TIME] [--host ADDRESS] [--meta] [--packets FILE|LIST]\n"
	    "[--to TIME] [-w FILE] [FILE ...]",
	.purpose = "Cuts packets out of captures: of a time, a host, a flow, or that records name.",
	.opts = opts,
	.words = "file",
	.footer = "Status: 0 done; 1 no packet is such a one, or not all of --packets were there;\n"
	    "2 it could not be done.",
};

static bool
take(struct otcap *c, const char **packets, int id, const char *v, struct err *e)
{
	switch (id) {
	case O_FROM: return pick_from(c->pick, v, e);
	case O_TO: return pick_to(c->pick, v, e);
	case O_HOST: return pick_host(c->pick, v, e);
	case O_FLOW: return pick_flow(c->pick, v, e);
	case O_PACKETS:
		if (*packets)
			return err_set(e, "--packets: once");
		*packets = v;
		return true;
	case O_WRITE: c->out = v; return true;
	case O_FORMAT: c->format = v; return true;
	case O_COMPRESS: c->keep.compress = true; return true;
	case O_FORCE: c->force = true; return true;
	case O_META: c->meta = true; return true;
	case O_LIST: c->files_from = v; return true;
	case O_VERBOSE: c->verbose = true; diag_verbose(true); return true;
	}
	return false;
}

/* One record of --packets. Lines that are none are said once, and are no reason to end. */
static bool
read_line(struct wanted *w, const struct line *l, const char *p, size_t n, bool *bad,
    struct err *e)
{
	const char *why;
	size_t at;

	if (!n)
		return true;
	if (scan_check(p, n, true, &at, &why))
		return wanted_record(w, p, n, e);
	if (!*bad)
		diag("%s:%llu: not JSON: %s at byte %zu (lines like this are passed over)",
		    line_name(l), (unsigned long long)line_no(l), why, at + 1);
	*bad = true;
	return true;
}

static bool
read_records(struct wanted *w, const char *path, bool *bad, struct err *e)
{
	struct line *l = line_open(path, 0, e);
	bool ok = l != NULL, more = ok;
	const char *p;
	size_t n;

	while (ok && more)
		switch (line_next(l, &p, &n, e)) {
		case LINE_OK:
		case LINE_CUT:
			ok = read_line(w, l, p, n, bad, e);
			break;
		case LINE_TOO_LONG:
			if (!*bad)
				diag("%s:%llu: longer than 1 MiB (lines like this are passed over)",
				    line_name(l), (unsigned long long)line_no(l));
			*bad = true;
			break;
		case LINE_IDLE: break;
		case LINE_END: more = false; break;
		case LINE_FAILED: ok = false; break;
		}
	if (l)
		line_close(l);
	return ok;
}

/* Numbers in place of records. */
static bool
take_numbers(struct otcap *c, const char *list, struct err *e)
{
	struct wanted *w = wanted_new(e);

	if (!w)
		return false;
	pick_wanted(c->pick, w);
	if (c->nfile > 1 || c->files_from)
		return err_set(e, "--packets %s: numbers are those of one capture, not of several",
		    list);
	return wanted_numbers(w, list, e) && wanted_ready(w, e) && pick_ready(c->pick, e);
}

/* The records that name packets also say which files to open, where nobody else does. */
static bool
take_files(struct otcap *c, const struct wanted *w, struct err *e)
{
	const char *file;

	if (c->nfile || c->files_from)
		return true;
	if (wanted_nameless(w))
		return err_set(e, "--packets %s: a record without pcap_filename: name the capture",
		    c->records);
	while ((file = wanted_file(w, c->nfile)) != NULL) {
		const char **more = realloc(c->files, (c->nfile + 2) * sizeof(*more));
		if (!more)
			return err_set(e, "out of memory");
		c->files = more;
		c->files[c->nfile++] = file;
	}
	return true;
}

bool
extract_read(struct otcap *c, struct err *e)
{
	struct wanted *w = wanted_new(e);

	if (!w)
		return false;
	pick_wanted(c->pick, w);
	return read_records(w, c->records, &c->failed, e) && wanted_ready(w, e) &&
	    take_files(c, w, e) && pick_ready(c->pick, e);
}

int
extract_main(struct otcap *c)
{
	const char *packets = NULL;
	struct opt_state os;
	struct err e = { "" };
	bool stdin_twice;
	int id;

	diag_name(prog.name);
	c->pick = pick_new(&e);
	if (!c->pick) {
		diag("%s", e.text);
		return 2;
	}
	for (opt_begin(&os, &prog, c->argc - 1, c->argv + 1); (id = opt_next(&os, &e)) > 0; )
		if (!take(c, &packets, id, os.value, &e))
			break;
	if (id == -2) {
		pick_free(c->pick);
		return 0;
	}
	if (id == 0) {
		for (int i = os.i; i < c->argc - 1; i++)
			c->files[c->nfile++] = c->argv[i + 1];
		stdin_twice = packets && strcmp(packets, "-") == 0 && c->files_from &&
		    strcmp(c->files_from, "-") == 0;
		for (unsigned i = 0; i < c->nfile && packets && strcmp(packets, "-") == 0; i++)
			stdin_twice |= strcmp(c->files[i], "-") == 0;
		if (stdin_twice)
			err_set(&e, "standard input cannot be the records and a capture");
		else if (packets && wanted_is_list(packets))
			take_numbers(c, packets, &e);
		else if (!(c->records = packets))
			pick_ready(c->pick, &e);
	}
	if (e.text[0]) {
		diag("%s", e.text);
		pick_free(c->pick);
		return 2;
	}
	if (!otcap_open(c))
		return 2;
	otcap_run(c);
	return otcap_close(c);
}

bool
extract_complete(struct otcap *c)
{
	const struct wanted *w = pick_named(c->pick);
	char a[32], b[32];

	if (c->failed || c->broken)
		return true;
	if (!c->packets)
		diag("no packet is such a one");
	else if (w && wanted_missing(w))
		diag("%s of the %s packets named are not among those read",
		    diag_num(a, wanted_missing(w)), diag_num(b, wanted_total(w)));
	return c->packets && !(w && wanted_missing(w));
}
