/* otdissect: packets in, events out. Options, open, confine, loop, close. */
#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/opt.h"
#include "otdissect.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

enum { O_PORT = 1, O_PROTO, O_FIELDS, O_SCHEMA, O_MQTT, O_SENSOR, O_META, O_NOFLOW, O_FROM, O_FLOWS,
       O_VERBOSE, O_ROLLUP, O_VLANS, O_REDACT, O_THREADS };

static const struct opt opts[] = {
	{ "protocols", 'p', "LIST", "only these protocols: modbus,bacnet; -name leaves one out",
	    "proto", O_PROTO },
	{ "port", 0, "NAME=PORT", "what NAME speaks on PORT is NAME, whatever its bytes look like",
	    "proto", O_PORT },
	{ "mqtt-payload", 0, NULL, "write the payload of MQTT messages too", NULL, O_MQTT },
	{ "no-flow", 0, NULL, "no flow events", NULL, O_NOFLOW },
	{ "join-vlans", 0, NULL, "VLAN tags do not tell conversations apart", NULL, O_VLANS },
	{ "max-flows", 0, "N", "flows kept at a time (65536)", NULL, O_FLOWS },
	{ "jobs", 'j', "N", "threads that dissect (1); the output is the same", NULL, O_THREADS },
	{ "redact", 0, "KEYFILE", "names, addresses and values as pseudonyms made with this key",
	    "key", O_REDACT },
	{ "rollup", 0, "SECONDS", "one event for like reads within SECONDS of each other", NULL,
	    O_ROLLUP },
	{ "sensor", 0, "NAME", "the sensor's name, written as \"host\"", NULL, O_SENSOR },
	{ "meta", 0, NULL, "begin with a record of program, version, arguments and inputs", NULL,
	    O_META },
	{ "files-from", 0, "FILE", "read the names of the inputs from FILE, one a line", "file",
	    O_FROM },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "verbose", 'v', NULL, "say at the end what was done, terminal or not", NULL, O_VERBOSE },
	{ NULL },
};

static const struct prog prog = {
	.name = "otdissect",
	.synopsis = "otdissect [-v] [--files-from FILE] [-j N] [--join-vlans] [--max-flows N]\n"
	    "[--meta] [--mqtt-payload] [--no-flow] [-p LIST] [--port NAME=PORT]\n"
	    "[--redact KEYFILE] [--rollup SECONDS] [--sensor NAME] [FILE ...]\n"
	    "otdissect --list-fields | --schema",
	.purpose = "Turns packets into events: one JSON record a line.",
	.opts = opts,
	.words = "file",
};

int
main(int argc, char **argv)
{
	struct engine_opts eo = { 0 };
	struct opt_state os;
	struct run run = { .argc = argc, .argv = argv };
	struct err e = { "" };
	bool only[256];
	const char *from = NULL;
	unsigned threads = 1;
	unsigned processors;
	cpu_set_t on;
	int id, status;

	diag_name(prog.name);
	opt_complete_hook = complete_protocols;
	memset(only, 1, sizeof(only));
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; ) {
		bool ok = true;
		switch (id) {
		case O_PROTO: ok = parse_protocols(os.value, only, &e); eo.only = only; break;
		case O_PORT: ok = parse_port(os.value, &eo, &e); break;
		case O_MQTT: eo.proto.mqtt_payload = true; break;
		case O_SENSOR: run.sensor = eo.host = os.value; break;
		case O_META: run.meta = true; break;
		case O_NOFLOW: eo.no_flows = true; break;
		case O_FROM: from = os.value; break;
		case O_FLOWS: ok = parse_max_flows(os.value, &eo.max_flows, &e); break;
		case O_THREADS: ok = parse_threads(os.value, &threads, &e); break;
		case O_REDACT: ok = open_redact(os.value, &run.redact, &e); break;
		case O_ROLLUP: ok = parse_seconds("--rollup", os.value, &eo.rollup_us, &e); break;
		case O_VLANS: eo.join_vlans = true; break;
		case O_VERBOSE: diag_verbose(true); break;
		case O_FIELDS: return list_fields();
		case O_SCHEMA: return print_schemas();
		}
		if (!ok)
			id = -1;
		if (id < 0)
			break;
	}
	if (id == -2)
		return 0;
	if (id == 0 && from && os.i < argc)
		err_set(&e, "--files-from and files on the command line do not go together");
	else if (id == 0 && from)
		file_list(from, &run.files, &run.nfiles, &e);
	else if (id == 0 && os.i == argc && isatty(STDIN_FILENO))
		err_set(&e, "no input: give a capture file, or pipe packets in "
		    "(see otdissect --help)");
	if (e.text[0]) {
		diag("%s", e.text);
		return 2;
	}
	if (!from) {
		run.files = argv + os.i;
		run.nfiles = (size_t)(argc - os.i);
	}
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGINT, &(struct sigaction){ .sa_handler = run_signal }, NULL);
	sigaction(SIGTERM, &(struct sigaction){ .sa_handler = run_signal }, NULL);
	eo.flush = run_flush;
	if (!run.redact)
		eo.flush_pieces = run_flush_pieces;
	eo.flush_arg = &run;
	run.g = engine_new(&eo);
	if (!run.g) {
		diag("not enough memory for %u flows", eo.max_flows ? eo.max_flows : LIM_FLOWS);
		return 2;
	}
	processors = threads > 1 && sched_getaffinity(0, sizeof(on), &on) == 0 ?
	    (unsigned)CPU_COUNT(&on) : 1;
	if (!confine_prepare(&e) ||
	    !confine(run_open(&run) | (threads > 1 ? CONFINE_THREADS : 0), &e)) {
		diag("%s", e.text);
		return 2;
	}
	/* only now: a thread is confined as who started it is */
	if (!engine_share(run.g, threads, processors)) {
		diag("not enough memory for %u threads", threads);
		return 2;
	}
	run_inputs(&run);
	status = run_status(&run);
	engine_free(run.g);
	redact_free(run.redact);
	if (from)
		file_list_free(run.files, run.nfiles);
	return status;
}
