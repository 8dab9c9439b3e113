#include "otdissect.h"

#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool
parse_protocols(const char *list, bool *only, struct err *e)
{
	bool first = true;

	for (const char *p = list; ; p++) {
		size_t n = strcspn(p, ",");
		bool out = n && *p == '-';
		const struct dissector *d = registry_find(p + out, n - out);

		if (!d)
			return err_set(e,
			    "-p %s: unknown protocol \"%.*s\" (see otdissect --list-fields)", list,
			    (int)(n - out), p + out);
		/* the first word says whether the list adds to nothing or takes from all */
		if (first && !out)
			memset(only, 0, registry_n);
		first = false;
		for (size_t i = 0; i < registry_n; i++)
			if (registry[i] == d)
				only[i] = !out;
		p += n;
		if (!*p)
			return true;
	}
}

bool
parse_port(const char *text, struct engine_opts *o, struct err *e)
{
	const char *eq = strchr(text, '=');
	const struct dissector *d = eq ? registry_find(text, (size_t)(eq - text)) : NULL;
	char *end;
	long v;

	if (!eq)
		return err_set(e, "--port %s: expected NAME=PORT, such as modbus=1502", text);
	if (!d || !d->probe)
		return err_set(e, "--port %s: no protocol of that name has ports", text);
	errno = 0;
	v = strtol(eq + 1, &end, 10);
	if (errno || end == eq + 1 || *end || v < 1 || v > 65535)
		return err_set(e, "--port %s: a port is 1 to 65535", text);
	if (o->nfixed == sizeof(o->fixed) / sizeof(o->fixed[0]))
		return err_set(e, "--port %s: more than %u ports", text, o->nfixed);
	o->fixed[o->nfixed].d = d;
	o->fixed[o->nfixed++].port = (uint16_t)v;
	return true;
}

static bool
whole_number(const char *text, long least, long most, long *v)
{
	char *end;

	errno = 0;
	*v = strtol(text, &end, 10);
	return !errno && end != text && !*end && *v >= least && *v <= most;
}

bool
parse_seconds(const char *option, const char *text, int64_t *us, struct err *e)
{
	long v;

	if (!whole_number(text, 1, 86400, &v))
		return err_set(e, "%s %s: seconds, from 1 to 86400", option, text);
	*us = v * 1000000LL;
	return true;
}

bool
parse_max_flows(const char *text, uint32_t *n, struct err *e)
{
	long v;

	if (!whole_number(text, 16, 16 << 20, &v))
		return err_set(e, "--max-flows %s: a number from 16 to %d", text, 16 << 20);
	*n = (uint32_t)v;
	return true;
}

bool
parse_threads(const char *text, unsigned *n, struct err *e)
{
	long v;

	if (!whole_number(text, 1, ENGINE_THREADS, &v))
		return err_set(e, "-j %s: threads, from 1 to %d", text, ENGINE_THREADS);
	*n = (unsigned)v;
	return true;
}

void
complete_protocols(const char *kind)
{
	if (strcmp(kind, "proto") == 0)
		for (size_t i = 0; i < registry_n; i++)
			puts(registry[i]->name);
}

bool
open_redact(const char *path, struct redact **r, struct err *e)
{
	struct err why = { "" };
	size_t n = 0;
	char *key;

	if (*r) {
		err_set(e, "--redact: one key is enough");
		return false;
	}
	key = file_slurp(path, REDACT_KEY_MAX, &n, e);
	if (!key)
		return false;
	*r = redact_new(key, n, &why);
	explicit_bzero(key, n);
	free(key);
	if (!*r)
		err_set(e, "--redact: %s: %s", path, why.text);
	return *r != NULL;
}
