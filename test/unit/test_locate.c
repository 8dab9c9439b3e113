/* Where a value of a text stands: line and column as an editor counts them. */
#include "json/locate.h"
#include "tap.h"

#include <string.h>

static const char text[] =
    "{\n"
    "  \"otsite\": 1,\n"
    "  \"x\\u002dnote\": \"} ] , \\\" {\",\n"
    "  \"zones\": [\n"
    "    {\"id\": \"a\", \"cidr\": [ \"10.0.0.0/8\",\n"
    "      \"10.0.0.0/33\"]},\n"
    "\t{\"id\": \"b\", \"empty\": [], \"deep\": {\"a.b\": {\"c\": [[1, 2], [3, 4]]}}}\n"
    "  ]\n"
    "}\n";

#define K(x) { .key = x }
#define I(x) { .i = x }

static const struct {
	struct locate_step way[8];
	size_t n;
	bool at_key;
	unsigned line, column;
	const char *path, *comment;
} cases[] = {
	{ { K("otsite") }, 0, false, 1, 1, "", "the document" },
	{ { K("otsite") }, 1, false, 2, 13, "otsite", "a member's value" },
	{ { K("otsite") }, 1, true, 2, 3, "otsite", "a member's name" },
	{ { K("x-note") }, 1, true, 3, 3, "x-note", "a name with an escape" },
	{ { K("zones"), I(0) }, 2, false, 5, 5, "zones[0]", "an element" },
	{ { K("zones"), I(0), K("cidr"), I(1) }, 4, false, 6, 7, "zones[0].cidr[1]", "behind a string that looks like more" },
	{ { K("zones"), I(1), K("id") }, 3, false, 7, 9, "zones[1].id", "a tab is a column" },
	{ { K("zones"), I(1), K("deep"), K("a.b"), K("c"), I(1), I(0) }, 7, false, 7, 59,
	    "zones[1].deep[\"a.b\"].c[1][0]", "lists in lists" },
	{ { K("zones"), I(1), K("empty"), I(0) }, 4, false, 7, 23, "zones[1].empty[0]", "an element that is not there: its list" },
	{ { K("zones"), I(1), K("cidr") }, 3, false, 7, 2, "zones[1].cidr", "a missing member: its object" },
	{ { K("zones"), I(1), K("cidr") }, 3, true, 7, 2, "zones[1].cidr", "and so for its name" },
	{ { K("zones"), I(5), K("cidr") }, 3, false, 4, 12, "zones[5].cidr", "past the end: the list" },
	{ { K("zones"), K("id") }, 2, false, 4, 12, "zones.id", "a name in a list: the list" },
	{ { K("otsite"), K("id") }, 2, false, 2, 13, "otsite.id", "a name in a number: the number" },
	{ { K("nothing") }, 1, false, 1, 1, "nothing", "not there at all" },
};

int
main(void)
{
	struct locate_place at;
	char path[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool found = locate(text, sizeof(text) - 1, cases[i].way, cases[i].n,
		    cases[i].at_key, &at);
		locate_put(path, sizeof(path), cases[i].way, cases[i].n);
		if (!ok(found && at.line == cases[i].line && at.column == cases[i].column &&
		    strcmp(path, cases[i].path) == 0, "%s", cases[i].comment))
			printf("# %s at %u:%u\n", path, at.line, at.column);
	}
	/* cut anywhere: no byte behind the end is looked at (the sanitizers watch) */
	for (size_t n = 0; n < sizeof(text); n++) {
		char cut[sizeof(text)];
		memcpy(cut, text, n);
		for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
			locate(cut, n, cases[i].way, cases[i].n, cases[i].at_key, &at);
		if (at.offset > n) {
			ok(false, "cut at %zu", n);
			return tap_done();
		}
	}
	ok(true, "a text that was cut");
	ok(locate_put(path, 8, cases[5].way, 4) == 7 && strcmp(path, "zones[0") == 0, "a way that is cut");
	locate_line("a\nb\n", 4, 9, &at);
	ok(at.offset == 4 && at.line == 3 && at.column == 1, "an offset past the end");
	return tap_done();
}
