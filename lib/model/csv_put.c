/* csv_put.c: text as a cell of a CSV file.
 *
 * A spreadsheet takes a cell that begins with = + - @ for a formula, and a
 * device can call itself "=cmd|'/c calc'!A1". So an apostrophe, which
 * spreadsheets read as "this is text", is put before such a text, and before
 * one behind a semicolon, where a spreadsheet set to a language with decimal
 * commas begins a new cell. A text with an apostrophe there already gets one
 * more: taking one away gives every text back. */
#include "model/csv.h"

#include <string.h>

/* What a formula begins with: = + - @ and their full-width forms. */
static bool
formula(const char *s)
{
	static const char *const signs[] = { "=", "+", "-", "@", "'", "\xef\xbc\x9d",
		"\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0", NULL };

	s += strspn(s, " \"");
	for (int i = 0; signs[i]; i++)
		if (strncmp(s, signs[i], strlen(signs[i])) == 0)
			return true;
	return false;
}

void
csv_inside(FILE *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '"')
			putc('"', out);
		putc(*s, out);
		if (*s == ';' && formula(s + 1))
			putc('\'', out);
	}
}

void
csv_text(FILE *out, const char *s)
{
	bool quoted = strpbrk(s, "\",;") || *s == ' ' || (*s && s[strlen(s) - 1] == ' ');

	if (quoted)
		putc('"', out);
	if (formula(s))
		putc('\'', out);
	csv_inside(out, s);
	if (quoted)
		putc('"', out);
}
