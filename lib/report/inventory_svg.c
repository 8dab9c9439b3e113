/* inventory_svg.c: the map as a file of its own. */
#include "report/inventory.h"

#include "report/map.h"

bool
export_svg_write(FILE *out, const struct list *l, const struct export_opts *o)
{
	struct err e = { "" };
	struct rules *rules = rules_load(NULL, &e);
	struct sheet s = { out, rules, o->lang ? o->lang : "en" };
	struct map m;
	bool ok = rules && map_make(&m, l, &s, o->all, MAP_WIDE);

	if (ok) {
		map_write(&m, true);
		map_free(&m);
	}
	rules_free(rules);
	return ok && !ferror(out);
}
