/* classify_site.c: an organisation from a site file. */
#include "assess/classify.h"

static struct enterprise_other
other_of(const struct site_enterprise *x, const char *lang)
{
	return (struct enterprise_other){ site_word(&x->name, lang), x->share,
		{ x->headcount, x->turnover_eur, x->balance_eur } };
}

bool
enterprise_of(struct enterprise *en, const struct site *s, const char *lang)
{
	const struct site_org *o = &s->org;
	const char *county = o->county ? site_county(o->county) : NULL;
	size_t i;

	*en = (struct enterprise){ .name = site_word(&o->name, lang), .number = o->number,
	    .country = o->country, .county = county ? county : o->county, .kind = o->kind,
	    .types = o->sector.v, .ntypes = o->sector.n,
	    .types_given = json_object_get(o->json, "sector") != NULL,
	    .own = { o->headcount, o->turnover_eur, o->balance_eur },
	    .previous = { o->previous.headcount, o->previous.turnover_eur,
	    o->previous.balance_eur }, .independent = o->independent,
	    .care_provider = o->care_provider, .facts = o->facts,
	    .notified = o->notified.text };
	if (!(en->others = calloc(o->nlinked + o->npartners + 1, sizeof(*en->others))))
		return false;
	for (i = 0; i < o->nlinked; i++)
		en->others[en->nothers++] = other_of(&o->linked[i], lang);
	for (i = 0; i < o->npartners; i++)
		en->others[en->nothers++] = other_of(&o->partners[i], lang);
	return true;
}

void
enterprise_free(struct enterprise *en)
{
	free(en->others);
	*en = (struct enterprise){ .name = NULL };
}
