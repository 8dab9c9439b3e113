/* otcap: captures passively, from interfaces or files, to records or files. */
#include "otcap.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/opt.h"
#include "base/stamp.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	O_IFACE = 1, O_READ, O_FROM, O_FORMAT, O_WRITE, O_ROTATE, O_RETAIN, O_RETAIN_SIZE,
	O_COMPRESS, O_FORCE, O_COUNT, O_DURATION, O_SNAPLEN, O_PROMISC, O_BUFFER, O_USER,
	O_SENSOR, O_META, O_STATS, O_LIST, O_SCHEMA, O_FIELDS, O_VERBOSE,
};

static const struct opt opts[] = {
	{ "interface", 'i', "IFACE", "capture from IFACE; may be given several times", "iface",
	    O_IFACE },
	{ "read", 'r', "FILE", "read FILE (pcap, pcapng, packet records, gzip of these; - is "
	    "stdin); may be given several times", "file", O_READ },
	{ "files-from", 0, "FILE", "read the files that FILE names, one a line", "file", O_FROM },
	{ "write", 'w', "PATH", "write to a file or, with --rotate, to files in a folder", "file",
	    O_WRITE },
	{ "format", 0, "FORMAT", "json (packet records), pcap or pcapng", "json|pcap|pcapng",
	    O_FORMAT },
	{ "rotate", 0, "WHEN", "begin a new file each 1h, 1d, ... or before 100M, 2G, ...", NULL,
	    O_ROTATE },
	{ "retain", 0, "AGE", "delete files when all in them is older: 366d", NULL, O_RETAIN },
	{ "retain-size", 0, "SIZE", "delete the oldest files when all are more: 50G", NULL,
	    O_RETAIN_SIZE },
	{ "compress", 0, NULL, "write gzip", NULL, O_COMPRESS },
	{ "force", 0, NULL, "overwrite an existing file", NULL, O_FORCE },
	{ "count", 'c', "N", "end after N packets", NULL, O_COUNT },
	{ "duration", 0, "TIME", "end after TIME (90s, 15m, 8h); of packet time with -r", NULL,
	    O_DURATION },
	{ "snaplen", 's', "BYTES", "keep no more of each packet (262144)", NULL, O_SNAPLEN },
	{ "no-promisc", 'p', NULL, "do not put interfaces into promiscuous mode", NULL, O_PROMISC },
	{ "buffer", 'B', "KIB", "the kernel's buffer for each interface (16384)", NULL, O_BUFFER },
	{ "user", 'Z', "USER", "become USER once interfaces are open (nobody; root stays root)",
	    "user", O_USER },
	{ "sensor", 0, "NAME", "the sensor's name, written as \"host\"", NULL, O_SENSOR },
	{ "meta", 0, NULL, "begin with a record of program, version, arguments and inputs", NULL,
	    O_META },
	{ "stats", 0, "FILE", "append the stats record to FILE", "file", O_STATS },
	{ "list-interfaces", 'D', NULL, "the interfaces there are", NULL, O_LIST },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "verbose", 'v', NULL, "say at the end what was done, terminal or not", NULL, O_VERBOSE },
	{ NULL },
};

static const struct prog prog = {
	.name = "otcap",
	.synopsis =
	    "otcap [-pv] [-B KIB] [-c N] [--duration TIME] [--format FORMAT] [--meta] [-s BYTES]\n"
	    "[--sensor NAME] [--stats FILE] [-w PATH [--compress] [--force] [--rotate WHEN]\n"
	    "[--retain AGE] [--retain-size SIZE]] [-Z USER] [-i IFACE ... | -r FILE ... |\n"
	    "--files-from FILE] [FILTER ...]\n"
	    "otcap extract [-v] [--compress] [--files-from FILE] [--flow ID] [--force]\n"
	    "[--format FORMAT] [--from TIME] [--host ADDRESS] [--meta] [--packets FILE|LIST]\n"
	    "[--to TIME] [-w FILE] [FILE ...]\n"
	    "otcap -D | --list-fields | --schema",
	.purpose = "Captures packets passively, from interfaces or files.",
	.opts = opts,
	.words = "extract",
	.footer = "FILTER is a BPF expression as tcpdump takes it: otcap -i eth0 tcp port 502\n"
	    "\"otcap extract --help\" tells how to cut packets out of captures.",
};

static bool
number(const char *opt, const char *s, uint64_t max, uint64_t *v, struct err *e)
{
	char *end;

	errno = 0;
	*v = strtoull(s, &end, 10);
	return (*s >= '0' && *s <= '9' && !errno && !*end && *v && *v <= max) ||
	    err_set(e, "%s %s: a number from 1 to %llu", opt, s, (unsigned long long)max);
}

static bool
span(const char *opt, const char *s, int64_t *us, struct err *e)
{
	int64_t sec;

	if (!stamp_parse_span(&sec, s) || sec < 1 || sec > 100LL * 366 * 86400)
		return err_set(e, "%s %s: a time such as 90s, 15m, 8h, 366d", opt, s);
	*us = sec * 1000000;
	return true;
}

/* The operands, with a space between them. */
static bool
join(struct otcap *c, char **v, int n, struct err *e)
{
	size_t len = 1, at = 0;
	struct stat st;

	for (int i = 0; i < n; i++)
		len += strlen(v[i]) + 1;
	c->filter = calloc(len, 1);
	if (!c->filter)
		return err_set(e, "out of memory");
	for (int i = 0; i < n; i++)
		at += (size_t)snprintf(c->filter + at, len - at, "%s%s", i ? " " : "", v[i]);
	if (n == 1 && stat(v[0], &st) == 0 && S_ISREG(st.st_mode))
		return err_set(e, "%s: is a file, not a filter: give it with -r", v[0]);
	return true;
}

static bool
take(struct otcap *c, int id, const char *v, struct err *e)
{
	uint64_t n = 0;
	int64_t us = 0;

	switch (id) {
	case O_IFACE: c->ifaces[c->niface++] = v; return true;
	case O_READ: c->files[c->nfile++] = v; return true;
	case O_FROM: c->files_from = v; return true;
	case O_FORMAT: c->format = v; return true;
	case O_WRITE: c->out = v; return true;
	case O_ROTATE:
		return rotate_parse(v, &c->keep.every_us, &c->keep.bytes) ||
		    err_set(e, "--rotate %s: a time such as 1h or a size such as 100M", v);
	case O_RETAIN: return span("--retain", v, &c->keep.retain_us, e);
	case O_RETAIN_SIZE:
		return (rotate_parse(v, &us, &c->keep.retain_bytes) && !us) ||
		    err_set(e, "--retain-size %s: a size such as 500M or 50G", v);
	case O_COMPRESS: c->keep.compress = true; return true;
	case O_FORCE: c->force = true; return true;
	case O_COUNT: return number("-c", v, UINT64_MAX / 2, &c->count, e);
	case O_DURATION: return span("--duration", v, &c->duration_us, e);
	case O_SNAPLEN:
		if (!number("-s", v, LIM_FRAME, &n, e))
			return false;
		c->snaplen = (uint32_t)n;
		return true;
	case O_BUFFER:
		if (!number("-B", v, 2 << 20, &n, e))
			return false;
		c->buffer_kib = (uint32_t)n;
		return true;
	case O_PROMISC: c->no_promisc = true; return true;
	case O_USER: c->user = v; return true;
	case O_SENSOR: c->sensor = v; return true;
	case O_META: c->meta = true; return true;
	case O_STATS: c->stats = v; return true;
	case O_VERBOSE: c->verbose = true; diag_verbose(true); return true;
	}
	return false;
}

int
main(int argc, char **argv)
{
	static struct otcap c = { .stats_fd = -1 };
	struct opt_state os;
	struct err e = { "" };
	int id;

	diag_name(prog.name);
	c.argc = argc;
	c.argv = argv;
	c.ifaces = calloc((size_t)argc + 1, sizeof(*c.ifaces));
	c.files = calloc((size_t)argc + 1, sizeof(*c.files));
	if (!c.ifaces || !c.files) {
		diag("out of memory");
		return 2;
	}
	if (argc > 1 && strcmp(argv[1], "extract") == 0)
		return extract_main(&c);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; ) {
		if (id == O_LIST)
			return list_interfaces();
		if (id == O_FIELDS)
			return list_fields();
		if (id == O_SCHEMA)
			return print_schemas();
		if (!take(&c, id, os.value, &e))
			break;
	}
	if (id == -2)
		return 0;
	if (id != 0 || (os.i < argc && !join(&c, argv + os.i, argc - os.i, &e))) {
		diag("%s", e.text);
		return 2;
	}
	if (!otcap_open(&c))
		return 2;
	otcap_run(&c);
	return otcap_close(&c);
}
