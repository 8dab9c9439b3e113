/* Option tables: parsing in every spelling, the help text, the candidates. */
#include "base/opt.h"
#include "tap.h"

#include <string.h>
#include <unistd.h>

enum { READ_ = 1, FORMAT, FORCE, QUIET, IFACE, LONG_ };

static const struct opt table[] = {
	{ "read", 'r', "FILE", "read packets from FILE", "file", READ_ },
	{ "format", 'f', "FORMAT", "how to write: json or pcap", "json|json-seq|pcap", FORMAT },
	{ "force", 0, NULL, "overwrite", NULL, FORCE },
	{ "quiet", 'q', NULL, "say less", NULL, QUIET },
	{ "interface", 'i', "IFACE", "capture on IFACE", "iface", IFACE },
	{ "a-rather-long-option", 0, "WITH-A-VALUE", "does a thing whose description is so long that "
	    "it does not fit on one line of a terminal and must be continued on the next", NULL, LONG_ },
	{ 0 }
};

static const struct prog prog = {
	.name = "otx run",
	.synopsis = "otx run [-q] [-r FILE] [FILE ...]\notx run -i IFACE",
	.purpose = "Does nothing, well.",
	.opts = table,
	.words = "file",
	.footer = "See otx(1).",
};

/* One run: "r=x q .a .b" are its options and operands; "!text" its error. */
static void
run(const char *const *args, char *t, size_t cap)
{
	char name[] = "otx", *argv[32] = { name };
	struct opt_state o;
	struct err e = { { 0 } };
	size_t n = 0;
	int argc = 1, id;

	t[0] = '\0';
	while (args[argc - 1]) {
		argv[argc] = strdup(args[argc - 1]);
		argc++;
	}
	opt_begin(&o, &prog, argc, argv);
	while ((id = opt_next(&o, &e)) > 0)
		n += (size_t)snprintf(t + n, cap - n, "%s%s%s ", id == FORCE ? "force" : id == LONG_ ?
		    "long" : (const char *[]){ "", "r", "f", "", "q", "i" }[id], o.value ? "=" : "",
		    o.value ? o.value : "");
	if (id == 0)
		for (; o.i < o.argc; o.i++)
			n += (size_t)snprintf(t + n, cap - n, ".%s ", o.argv[o.i]);
	else
		n += (size_t)snprintf(t + n, cap - n, id == -1 ? "!%s " : "(done)%s ", e.text);
	if (n)
		t[n - 1] = '\0';
	while (argc > 1)
		free(argv[--argc]);
}

static const struct {
	const char *args[12];
	const char *want, *comment;
} parses[] = {
	{ { NULL }, "", "nothing" },
	{ { "a", "b" }, ".a .b", "operands" },
	{ { "-q" }, "q", "a letter" },
	{ { "--no-sandbox", "-q", "a" }, "q .a", "--no-sandbox is taken and said, not handed on" },
	{ { "-q", "--no-sandbox" }, "q", "and last" },
	{ { "-r", "--no-sandbox" }, "r=--no-sandbox", "not where it is a value" },
	{ { "--quiet" }, "q", "a word" },
	{ { "-r", "x" }, "r=x", "a letter and its value" },
	{ { "-rx" }, "r=x", "in one word" },
	{ { "--read", "x" }, "r=x", "a word and its value" },
	{ { "--read=x" }, "r=x", "in one word" },
	{ { "--read=" }, "r=", "an empty value" },
	{ { "--read", "" }, "r=", "an empty value apart" },
	{ { "--read=a=b" }, "r=a=b", "a value with =" },
	{ { "-r=x" }, "r==x", "a letter's value is all that follows" },
	{ { "-qqrx" }, "q q r=x", "letters together" },
	{ { "-qr", "x", "y" }, "q r=x .y", "the last with its value" },
	{ { "-r", "-q" }, "r=-q", "a value that looks like an option" },
	{ { "-r", "--" }, "r=--", "even --" },
	{ { "-r", "-" }, "r=-", "stdin as value" },
	{ { "-" }, ".-", "stdin as operand" },
	{ { "a", "-q", "b" }, "q .a .b", "options between operands" },
	{ { "a", "b", "-r", "x", "c", "--force", "d" }, "r=x force .a .b .c .d", "and their values" },
	{ { "a", "-q", "--", "-r", "b" }, "q .a .-r .b", "-- ends options" },
	{ { "--", "--" }, ".--", "the first -- only" },
	{ { "a", "--" }, ".a", "-- at the end" },
	{ { "-r", "1", "-r", "2" }, "r=1 r=2", "twice" },
	{ { "-x" }, "!unknown option -x (see otx run --help)", "an unknown letter" },
	{ { "-qx" }, "q !unknown option -x (see otx run --help)", "behind a known one" },
	{ { "--zzz" }, "!unknown option --zzz (see otx run --help)", "an unknown word" },
	{ { "--fromat", "x" }, "!unknown option --fromat: did you mean --format? (see otx run --help)",
	    "two letters swapped" },
	{ { "--forse" }, "!unknown option --forse: did you mean --force? (see otx run --help)",
	    "one wrong" },
	{ { "--quie=3" }, "!unknown option --quie: did you mean --quiet? (see otx run --help)",
	    "one missing" },
	{ { "--halp" }, "!unknown option --halp: did you mean --help? (see otx run --help)",
	    "of the built-in ones" },
	{ { "--rea" }, "!unknown option --rea: did you mean --read? (see otx run --help)",
	    "no abbreviations" },
	{ { "--force=1" }, "!option --force takes no value (see otx run --help)", "a value too many" },
	{ { "--read" }, "!option --read needs FILE (see otx run --help)", "a value missing" },
	{ { "-qr" }, "q !option -r needs FILE (see otx run --help)", "behind a letter" },
	{ { "--complete" }, "!unknown option --complete (see otx run --help)", "--complete is hidden" },
	{ { "-q", "--complete", "--" }, "q !unknown option --complete (see otx run --help)",
	    "and first or not at all" },
};

/* What opt_next() prints for these words. */
static void
output(const char *const *args, char *t, size_t cap)
{
	int p[2], was = dup(STDOUT_FILENO);
	char said[256];
	ssize_t n;

	t[0] = '\0';
	if (pipe(p) != 0)
		return;
	fflush(stdout);
	dup2(p[1], STDOUT_FILENO);
	close(p[1]);
	run(args, said, sizeof(said));
	fflush(stdout);
	dup2(was, STDOUT_FILENO);
	close(was);
	n = read(p[0], t, cap - 1);
	close(p[0]);
	t[n > 0 ? n : 0] = '\0';
	if (strcmp(said, "(done)") != 0)
		snprintf(t, cap, "%s", said);
}

static const char help[] =
"usage: otx run [-q] [-r FILE] [FILE ...]\n"
"       otx run -i IFACE\n"
"\n"
"Does nothing, well.\n"
"\n"
"  -r, --read FILE        read packets from FILE\n"
"  -f, --format FORMAT    how to write: json or pcap\n"
"      --force            overwrite\n"
"  -q, --quiet            say less\n"
"  -i, --interface IFACE  capture on IFACE\n"
"      --a-rather-long-option WITH-A-VALUE\n"
"                         does a thing whose description is so long that it does\n"
"                         not fit on one line of a terminal and must be continued\n"
"                         on the next\n"
"      --no-sandbox       run unconfined (for debuggers), and say so\n"
"  -h, --help             show this text\n"
"  -V, --version          show the version\n"
"\n"
"See otx(1).\n";

#define NAMES "--read\n--format\n--force\n--quiet\n--interface\n--a-rather-long-option\n" \
    "--no-sandbox\n--help\n--version\n"

static const struct {
	const char *args[12];
	const char *want, *comment;
} outputs[] = {
	{ { "--help" }, help, "--help" },
	{ { "-h" }, help, "-h" },
	{ { "--version" }, "otx " OTKIT_VERSION "\n", "--version" },
	{ { "-V" }, "otx " OTKIT_VERSION "\n", "-V" },
	{ { "--complete", "--", "" }, ":file\n", "an empty word: operands" },
	{ { "--complete", "--" }, ":file\n", "no word at all" },
	{ { "--complete", "--", "-" }, NAMES, "a dash: every option" },
	{ { "--complete", "--", "--fo" }, "--format\n--force\n", "the beginning of some" },
	{ { "--complete", "--", "--zz" }, "", "of none" },
	{ { "--complete", "--", "--format", "" }, "json\njson-seq\npcap\n", "values" },
	{ { "--complete", "--", "--format", "js" }, "json\njson-seq\n", "the beginning of some" },
	{ { "--complete", "--", "-f", "p" }, "pcap\n", "a letter's" },
	{ { "--complete", "--", "-qf", "p" }, "pcap\n", "behind other letters" },
	{ { "--complete", "--", "--format=p" }, "--format=pcap\n", "in one word" },
	{ { "--complete", "--", "--format", "=" }, "json\njson-seq\npcap\n", "as bash splits it" },
	{ { "--complete", "--", "--format", "=", "pc" }, "pcap\n", "and with a beginning" },
	{ { "--complete", "--", "--format", "=", "pcap", "" }, ":file\n", "and behind it" },
	{ { "--complete", "--", "--read", "" }, ":file\n", "a file's name" },
	{ { "--complete", "--", "--read=x" }, ":file\n", "in one word" },
	{ { "--complete", "--", "-r", "--quiet", "" }, ":file\n", "a value is no option" },
	{ { "--complete", "--", "-r", "--format", "" }, ":file\n", "even where it looks like one" },
	{ { "--complete", "--", "--force", "" }, ":file\n", "an option without value" },
	{ { "--complete", "--", "--", "--fo" }, ":file\n", "behind --" },
	{ { "--complete", "--", "--a-rather-long-option", "" }, "", "a value nobody knows" },
	{ { "--complete", "--", "--format=json", "--fo" }, "--format\n--force\n", "and so on" },
};

int
main(void)
{
	char t[4096];

	for (size_t i = 0; i < sizeof(parses) / sizeof(*parses); i++) {
		run(parses[i].args, t, sizeof(t));
		if (!ok(strcmp(t, parses[i].want) == 0, "%s", parses[i].comment))
			printf("# %s\n# not %s\n", t, parses[i].want);
	}
	for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++) {
		output(outputs[i].args, t, sizeof(t));
		if (!ok(strcmp(t, outputs[i].want) == 0, "%s", outputs[i].comment))
			printf("# <%s>\n# not <%s>\n", t, outputs[i].want);
	}
	output((const char *const[]){ "--complete", "--", "-i", "", NULL }, t, sizeof(t));
	if (access("/sys/class/net/lo", F_OK) == 0)
		ok(strstr(t, "lo\n") != NULL, "interfaces are the machine's");
	else
		ok(true, "interfaces # SKIP no /sys/class/net/lo");
	return tap_done();
}
