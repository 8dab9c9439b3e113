#include "base/embed.h"

#include <stdbool.h>
#include <string.h>

const struct embed *
embed_find(const char *name)
{
	for (const struct embed *e = embed_table; e->name; e++)
		if (strcmp(e->name, name) == 0)
			return e;
	return NULL;
}

void
embed_print(FILE *f, const char *name)
{
	const struct embed *e = embed_find(name);
	bool quoted = false, escaped = false;

	if (!e)
		return;
	for (const unsigned char *p = e->p; p < e->end; p++) {
		if (!quoted && (*p == '\n' || *p == '\t' || *p == ' '))
			continue;
		putc(*p, f);
		if (*p == '"' && !escaped)
			quoted = !quoted;
		escaped = quoted && *p == '\\' && !escaped;
	}
	putc('\n', f);
}
