/* export_json.h: a JSON document of any size straight onto a stream, without a tree and
 * without a ceiling (json/jw.h is for records, which have one). For export_*.c alone. */
#ifndef OT_INV_EXPORT_JSON_H
#define OT_INV_EXPORT_JSON_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct js { FILE *out; bool comma; };

/* The inside of a string: s is UTF-8. */
static inline void
js_inside(FILE *out, const char *s)
{
	for (; *s; s++)
		if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			fprintf(out, "\\u%04x", (unsigned char)*s);
		else
			putc(*s, out);
}

/* A comma if one is due, and the key; NULL: in an array. The value is to follow. */
static inline void
js_key(struct js *j, const char *key)
{
	if (j->comma)
		putc(',', j->out);
	if (key)
		fprintf(j->out, "\"%s\":", key);
	j->comma = true;
}

static inline void
js_open(struct js *j, const char *key, char brace)
{
	js_key(j, key);
	putc(brace, j->out);
	j->comma = false;
}

static inline void
js_close(struct js *j, char brace)
{
	putc(brace, j->out);
	j->comma = true;
}

/* Absent when empty. */
static inline void
js_text(struct js *j, const char *key, const char *s)
{
	if (!*s)
		return;
	js_key(j, key);
	putc('"', j->out);
	js_inside(j->out, s);
	putc('"', j->out);
}

static inline void
js_raw(struct js *j, const char *key, const char *s)
{
	js_key(j, key);
	fputs(s, j->out);
}

#endif
