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
	{ "{\n  \"a\": 1,\n}\n", "site.json:3:", "a comma too many" },
	{ "{\"a\": 1, \"b\": 2, \"a\": 3}", "site.json:1:20: duplicate object key", "a key twice" },
	{ "{\"a\": {\"x\": 1,\n\"x\": 2}}", "site.json:2:", "twice inside" },
	{ "// note\n{}", "site.json:1:", "a comment" },
	{ "{} {}", "site.json:1:", "two documents" },
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
