/* describe.c: --schema and --list-fields. */
#include "otinv.h"

#include "base/diag.h"
#include "json/fields.h"

static int
status(bool good, const struct err *e)
{
	if (!good)
		diag("%s", e->text);
	return good ? 0 : 2;
}

int
print_schemas(void)
{
	static const char *const names[] = { "envelope", "asset", "link", "change", "register",
		"vuln", "why", "stats", "meta", NULL };
	struct err e = { "" };

	return status(fields_schemas(stdout, names, &e), &e);
}

int
print_fields(const char *const *types)
{
	struct err e = { "" };

	return status(fields_print(stdout, types, &e), &e);
}
