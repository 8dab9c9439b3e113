/* calchain: calibration records that nobody can change unseen. A file each subcommand. */
#include "calchain.h"

#include "base/diag.h"
#include "json/fields.h"

#include <stdio.h>

static const struct command commands[] = {
	{ "keygen", keygen_main },
	{ "init", init_main },
	{ "key", key_main },
	{ "append", append_main },
	{ "import", import_main },
	{ "show", show_main },
	{ "export", export_main },
	{ "verify", verify_main },
	{ "repair", repair_main },
	{ "prove", prove_main },
	{ "check", check_main },
	{ "witness", witness_main },
	{ "timestamp", timestamp_main },
	{ "status", status_main },
	{ "due", due_main },
	{ "on", on_main },
	{ "assess", assess_main },
	{ "windows", windows_main },
	{ "budget", budget_main },
	{ "decide", decide_main },
};

enum { O_SCHEMA = 1, O_FIELDS };

static const struct opt opts[] = {
	{ "list-fields", 0, NULL, "what can be read and written: key, type, meaning", NULL,
	    O_FIELDS },
	{ "schema", 0, NULL, "the JSON Schemas of what is read and written", NULL, O_SCHEMA },
	{ NULL },
};

static const char *const types[] = { "instrument", "reference_standard", "calibration",
	"adjustment", "repair", "replacement", "firmware_update", "verification",
	"out_of_tolerance", "assessment", "correction", "software", "note", "ledger", "signer",
	"recovery", "checkpoint", "appended", "ledger_check", "ledger_key", "calibration_status",
	"calibration_summary", "use", "use_check", "impact", "affected", "window", "budget",
	"decision", NULL };
/* What the others refer to. */
static const char *const shared[] = { "envelope", "ledger-envelope", NULL };

static const struct prog prog = {
	.name = "calchain",
	.synopsis = "calchain SUBCOMMAND ...\n"
	    "calchain --list-fields | --schema",
	.purpose = "Keeps calibration records in a signed, hash-chained ledger.",
	.opts = opts,
	.words = "keygen|init|key|append|import|show|export|verify|repair|"
	    "prove|check|witness|timestamp|status|due|on|assess|windows|budget|decide",
	.unconfined = true,
	.footer = "  keygen     a new key pair\n"
	    "  init       a new ledger\n"
	    "  key        whose signatures count\n"
	    "  append     records into a ledger\n"
	    "  import     certificates (DCC) and tables (CSV) as records\n"
	    "  show       the records, a line each\n"
	    "  export     records as CSV, NDJSON or a page to print\n"
	    "  verify     is the ledger what was signed?\n"
	    "  repair     the tree's files anew\n"
	    "  prove      a proof that stands alone\n"
	    "  check      whether such a proof holds\n"
	    "  witness    heads cosigned by others, and for others\n"
	    "  timestamp  heads with a time stamp (RFC 3161)\n"
	    "  status     every instrument: may it be used?\n"
	    "  due        what is due\n"
	    "  on         what was used in calibration that day?\n"
	    "  assess     what hangs on an instrument out of tolerance\n"
	    "  windows    when calibration work was signed for\n"
	    "  budget     measurement uncertainty after the GUM\n"
	    "  decide     pass or fail, by a decision rule\n"
	    "\n\"calchain append --help\" and so on tell of each.",
};

int
main(int argc, char **argv)
{
	const struct command *one = command_find(commands, sizeof(commands) / sizeof(*commands),
	    argc, argv);
	struct opt_state os;
	struct err e = { "" };
	int id;

	diag_name("calchain");
	if (one != NULL)
		return one->run(argc - 1, argv + 1);
	opt_begin(&os, &prog, argc, argv);
	id = opt_next(&os, &e);
	if (id == -2 ||
	    (id == O_SCHEMA && fields_schemas(stdout, shared, &e) &&
		fields_schemas(stdout, types, &e)) ||
	    (id == O_FIELDS && fields_print(stdout, types, &e)))
		return 0;
	if (e.text[0])
		diag("%s", e.text);
	else if (os.i < argc)
		diag("%s: no such subcommand (see calchain --help)", argv[os.i]);
	else
		diag("which subcommand? (see calchain --help)");
	return 2;
}
