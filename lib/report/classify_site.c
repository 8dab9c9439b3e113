/* classify_site.c: an organisation from a site file. */
#include "report/classify.h"

void
enterprise_free(struct enterprise *en)
{
	free(en->others);
	*en = (struct enterprise){ .name = NULL };
}

bool
enterprise_of(struct enterprise *en, const struct site *s, const char *lang)
{
	const struct site_org *o = &s->org;

	*en = (struct enterprise){ .name = site_word(&o->name, lang), .number = o->number,
	    .country = o->country, .types = o->sector.v, .ntypes = o->sector.n,
	    .types_given = json_object_get(o->json, "sector") != NULL,
	    .own = { o->headcount, o->turnover_eur, o->balance_eur },
	    .previous = { -1, -1, -1 } };
	return true;
}
