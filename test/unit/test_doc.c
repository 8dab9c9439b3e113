/* Documents that people write: where an error lies is said as editors count. */
#include "json/doc.h"
#include "tap.h"

#include <string.h>
#include <unistd.h>

static const struct {
	const char *text, *want;        /* the beginning of the error; NULL: well */
	const char *comment;
} cases[] = {
	{ "{}", NULL, "an object" },
	{ " [1, 2]\n", NULL, "an array" },
	{ "{\"a\": \"\xc3\xa5\"}", NULL, "UTF-8" },
	{ "", "site.json:1:", "nothing" },
	{ "{\n  \"a\": 1,\n  \"b\" 2\n}\n", "site.json:3:", "a colon missing, third line" },
	{ "{\n  \"a\": 1,\n}\n", "site.json:2:9: a comma before \"}\": expected none after the last member",
	    "a comma too many" },
	{ "{\"a\": [1, 2,\n ]}", "site.json:1:12: a comma before \"]\": expected none after the last element",
	    "a comma too many in a list" },
	{ "{\"a\": 1, \"b\": 2, \"a\": 3}", "site.json:1:18: \"a\" stands in this object twice, first on line 1",
	    "a key twice" },
	{ "{\"a\": {\"x\": 1,\n\"x\": 2}}", "site.json:2:1: \"x\" stands in this object twice, first on line 1",
	    "twice inside" },
	{ "[{\"a\": 1}, {\"a\": 2}]", NULL, "once in each" },
	{ "{\"a\": {\"b\": 1}, \"b\": 2,\n \"b\": 3}", "site.json:2:2: \"b\" stands", "twice outside" },
	{ "{\n \"a\": \"x,\n \"b\": 1\n}", "site.json:2:7: a text does not end on its line: expected a quote",
	    "a quote missing at the end" },
	{ "{\n \"a: 1\n}", "site.json:2:2: a member's name does not end on its line", "in a name" },
	{ "{\n \"a\": x\"\n}", "site.json:2:7: x has no quotes: expected a value", "at the beginning" },
	{ "{\n a: 1\n}", "site.json:2:2: a has no quotes: expected a member's name in quotes", "a bare name" },
	{ "{\"a\" 1}", "site.json:1:6: no colon after the member's name \"a\"", "no colon" },
	{ "{\"a\": 1\n\"b\": 2}", "site.json:2:1: \" (a quote) behind a value: expected a comma", "no comma" },
	{ "{\"a\": [1, 2}", "site.json:1:12: \"}\" closes the \"[\" of line 1: expected \"]\"", "the wrong bracket" },
	{ "{\"a\": [\n1, 2", "site.json:2:5: the text ends before the \"[\" of line 1 is closed", "no bracket" },
	{ "{\"a\": 'x'}", "site.json:1:7: another kind of quote", "single quotes" },
	{ "{\"a\": \xe2\x80\x9cx\xe2\x80\x9d}", "site.json:1:7: another kind of quote", "typographic quotes" },
	{ "{\"a\": True}", "site.json:1:7: \"True\": expected it in small letters", "a capital" },
	{ "{\"a\": 007}", "site.json:1:7: a number with a 0 before it", "zeros before" },
	{ "{\"a\": 1,5}", "site.json:1:9: 5 has no quotes: expected a member's name", "a comma for decimals" },
	{ "{\"a\": 1.}", "site.json:1:7: no number", "no decimals" },
	{ "{\"a\": 10.20.0.0/24}", "site.json:1:7: no number", "an address without quotes" },
	{ "{\"a\": \"C:\\data\"}", "site.json:1:10: \\ and \"d\" in a text: expected \\\\ for a backslash",
	    "a path" },
	{ "{\"a\": \"\t\"}", "site.json:1:8: the byte 0x09 in a text: expected it written as \\u0009 or \\t",
	    "a tab in a text" },
	{ "{\"a\": }", "site.json:1:7: no value before \"}\"", "no value" },
	{ "{\"a\": 1,, \"b\": 2}", "site.json:1:9: \",\": expected a member's name", "two commas" },
	{ "{\"a\": 1}\n}", "site.json:2:1: \"}\" after the end of the document", "a bracket too many" },
	{ "\xef\xbb\xbf{}", "site.json:1:1: a byte order mark", "a byte order mark" },
	{ "{\"a\": \"\\u12\"}", "site.json:1:8: \\u in a text", "half an escape" },
	{ "{\"a\": \"\\u0000\"}", "site.json:1:", "what only the parser refuses" },
	{ "{\"a\": 1e999}", "site.json:1:", "a number out of range" },
	{ "{\n// note\n}", "site.json:2:1: a comment: expected none", "a comment" },
	{ "// note\n{}", "site.json:1:1: a comment", "a comment before" },
	{ "{} {}", "site.json:1:4: \"{\" after the end", "two documents" },
	{ "{\"a\": \"\xff\"}", "site.json:1:", "invalid UTF-8" },
	{ "{\"a\": 1", "site.json:1:", "cut" },
	{ "12", "site.json:1:", "a number alone is no document" },
};

int
main(void)
{
	struct err e = { { 0 } };
	char path[] = "/tmp/otkit-doc-XXXXXX";
	int fd = mkstemp(path);
	json_t *j;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		err_clear(&e);
		j = doc_loadb("site.json", cases[i].text, strlen(cases[i].text), &e);
		if (!ok(cases[i].want ? !j && strncmp(e.text, cases[i].want,
		    strlen(cases[i].want)) == 0 && !strchr(e.text, '\n') : j && !e.text[0], "%s",
		    cases[i].comment))
			printf("# '%s'\n", e.text);
		json_decref(j);
	}
	if (fd < 0 || write(fd, "{\"a\":\n1}\n", 9) != 9) {
		ok(false, "a temporary file");
		return tap_done();
	}
	close(fd);
	err_clear(&e);
	j = doc_load(path, &e);
	ok(j && json_integer_value(json_object_get(j, "a")) == 1, "from a file");
	json_decref(j);
	unlink(path);
	ok(!doc_load(path, &e) && strstr(e.text, path) && strstr(e.text, "No such file"),
	    "from a missing one");
	return tap_done();
}
