#include "json/pretty.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

/* Columns: characters, not bytes. */
static size_t
columns(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* Several objects stand on a line each, however short they are. */
static bool
is_rows(const json_t *v)
{
	return json_array_size(v) > 1 && json_is_object(json_array_get(v, 0));
}

static bool
write_at(FILE *f, const json_t *v, size_t width, size_t indent, size_t used)
{
	char *line = json_dumps(v, JSON_ENCODE_ANY | JSON_PRESERVE_ORDER);
	bool object = json_is_object(v), good = line != NULL;
	size_t n = object ? json_object_size(v) : json_array_size(v), i = 0;
	const json_t *x;
	const char *k;
	json_t *name;

	if (!line || n == 0 || (indent > 0 && !is_rows(v) && used + columns(line) + 1 <= width)) {
		good = line && fputs(line, f) >= 0;
		free(line);
		return good;
	}
	free(line);
	if (indent / 2 >= LIM_JSON_DEPTH)
		return false;
	indent += 2;
	putc(object ? '{' : '[', f);
	if (object) {
		json_object_foreach((json_t *)v, k, x) {
			name = json_string(k);
			line = json_dumps(name, JSON_ENCODE_ANY);
			json_decref(name);
			if (!line)
				return false;
			fprintf(f, "%s\n%*s%s: ", i++ ? "," : "", (int)indent, "", line);
			good = write_at(f, x, width, indent, indent + columns(line) + 2);
			free(line);
			if (!good)
				return false;
		}
	} else {
		for (; good && i < n; i++) {
			fprintf(f, "%s\n%*s", i ? "," : "", (int)indent, "");
			good = write_at(f, json_array_get(v, i), width, indent, indent);
		}
	}
	fprintf(f, "\n%*s%c", (int)indent - 2, "", object ? '}' : ']');
	return good && !ferror(f);
}

bool
pretty_write(FILE *f, const json_t *v, size_t width)
{
	return write_at(f, v, width, 0, 0) && putc('\n', f) != EOF;
}
