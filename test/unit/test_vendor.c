/* The makers of MAC addresses: tables as the IEEE gives them out, well and
 * badly formed, in both forms, and none at all. */
#include "model/vendor.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char oui[] =
    "Registry,Assignment,Organization Name,Organization Address\n"
    "MA-L,001B1B,Siemens AG,Siemensstrasse 2 Erlangen DE 91056 \r\n"
    "MA-L,F4BD9E,\"Cisco Systems, Inc\",80 West Tasman Drive\n"
    "MA-L,0050C2,IEEE Registration Authority,445 Hoes Lane\n"
    "MA-L,0055DA,IEEE Registration Authority,445 Hoes Lane\n"
    "MA-L,ACDE48,Private,\n"
    "MA-L,00AA01,\"Say \"\"hi\"\" Ltd\",x\n"
    "MA-L,00AA02,\"never closed\n"
    "MA-L,00AA03,,no name\n"
    "MA-L,00XX04,Not Hex,x\n"
    "MA-L,00AA0,short,x\n"
    "MA-L,00AA07,\"Comma Works AG, \",x\n"
    "nonsense\n"
    "\n"
    "MA-L,00AA05,No line end";
static const char mam[] = "MA-M,0055DA5,Nanoleaf,x\n";
static const char oui36[] = "MA-S,0050C2123,Small Maker,x\n";
static const char oui_txt[] =
    "OUI/MA-L                                                    Organization\n"
    "company_id                                                  Organization\n"
    "00-1B-1B   (hex)\t\tSiemens AG\n"
    "001B1B     (base 16)\t\tSiemens AG\r\n"
    "\t\t\t\tSiemensstrasse 2\n"
    "00AA06     (base 16)\t\tTrailing blanks  \r\n";

static const struct {
	uint8_t mac[6];
	const char *csv, *txt;          /* by the CSV tables; by the text */
	const char *comment;
} cases[] = {
	{ { 0x00, 0x1b, 0x1b, 1, 2, 3 }, "Siemens AG", "Siemens AG", "24 bits" },
	{ { 0xf4, 0xbd, 0x9e, 1, 2, 3 }, "Cisco Systems, Inc", NULL, "a comma in quotes" },
	{ { 0x00, 0x55, 0xda, 0x5f, 2, 3 }, "Nanoleaf", NULL, "28 bits" },
	{ { 0x00, 0x55, 0xda, 0x6f, 2, 3 }, NULL, NULL, "a block that nobody took is nobody's" },
	{ { 0x00, 0x50, 0xc2, 0x12, 0x3f, 3 }, "Small Maker", NULL, "36 bits" },
	{ { 0xac, 0xde, 0x48, 1, 2, 3 }, NULL, NULL, "private" },
	{ { 0x00, 0xaa, 0x01, 1, 2, 3 }, "Say \"hi\" Ltd", NULL, "quotes in quotes" },
	{ { 0x00, 0xaa, 0x02, 1, 2, 3 }, "never closed", NULL, "a quote that is not closed ends with its line" },
	{ { 0x00, 0xaa, 0x03, 1, 2, 3 }, NULL, NULL, "no name" },
	{ { 0x00, 0xaa, 0x05, 1, 2, 3 }, "No line end", NULL, "the last line has no end" },
	{ { 0x00, 0xaa, 0x06, 1, 2, 3 }, NULL, "Trailing blanks", "blanks at the end are none of the name" },
	{ { 0x00, 0xaa, 0x07, 1, 2, 3 }, "Comma Works AG", NULL, "nor is a comma" },
	{ { 0x02, 0x1b, 0x1b, 1, 2, 3 }, NULL, NULL, "an address that its owner made up" },
	{ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, NULL, NULL, "broadcast" },
};

static char dir[128];

static void
put(const char *name, const char *text)
{
	char path[192];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
	if (text && (f = fopen(path, "w"))) {
		fputs(text, f);
		fclose(f);
	}
}

static void
ask(bool txt)
{
	struct vendors *v = vendors_load(dir);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *want = txt ? cases[i].txt : cases[i].csv;
		const char *got = vendor_of(v, cases[i].mac);

		if (!ok(got && want ? strcmp(got, want) == 0 : got == want, "%s: %s",
		    txt ? "text" : "csv", cases[i].comment))
			printf("# %s\n", got ? got : "-");
	}
	ok((vendors_why(v) != NULL) == txt, "%s", txt ? "text: tables that are not there are told" :
	    "csv: nothing to say");
	vendors_free(v);
}

/* A name of three MiB, and one behind it. */
static void
long_name(void)
{
	enum { LONG = 3 << 20 };
	static const uint8_t mac[2][6] = { { 0x00, 0xaa, 0x08 }, { 0x00, 0xaa, 0x09 } };
	char *text = malloc(LONG + 64);
	const char *got;
	struct vendors *v;
	int n = snprintf(text, 64, "MA-L,00AA08,");

	memset(text + n, 'x', LONG);
	snprintf(text + n + LONG, 32, ",a\nMA-L,00AA09,behind,b\n");
	put("oui.csv", text);
	v = vendors_load(dir);
	got = vendor_of(v, mac[0]);
	ok(got && strlen(got) == LONG, "a name longer than all the room there was");
	got = vendor_of(v, mac[1]);
	ok(got && strcmp(got, "behind") == 0, "and the one behind it");
	vendors_free(v);
	put("oui.csv", NULL);
	free(text);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	struct vendors *v;

	snprintf(dir, sizeof(dir), "%.40s/otkit-vendor-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir)) {
		printf("Bail out! no temporary folder\n");
		return 1;
	}
	v = vendors_load(dir);
	ok(v && vendors_why(v) && strstr(vendors_why(v), "no vendors from MAC addresses"),
	    "no tables: it is told");
	ok(v && !vendor_of(v, cases[0].mac), "and nobody is known");
	vendors_free(v);
	put("oui.csv", oui);
	put("mam.csv", mam);
	put("oui36.csv", oui36);
	ask(false);
	put("oui.csv", NULL);
	put("mam.csv", NULL);
	put("oui36.csv", NULL);
	put("oui.txt", oui_txt);
	ask(true);
	put("oui.txt", NULL);
	long_name();
	rmdir(dir);
	vendors_free(NULL);
	return tap_done();
}
