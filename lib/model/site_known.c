/* site_known.c: what names there are: of counties, of the rules' sectors and facts. */
#include "model/site_impl.h"

#include "base/embed.h"
#include "model/register.h"

#include <string.h>

/* As cybersäkerhetsförordningen (2025:1507) 10-15 §§ name them; in the order of their codes. */
static const char *const counties[] = { "Stockholm", "Uppsala", "Södermanland", "Östergötland",
	"Jönköping", "Kronoberg", "Kalmar", "Gotland", "Blekinge", "Skåne", "Halland",
	"Västra Götaland", "Värmland", "Örebro", "Västmanland", "Dalarna", "Gävleborg",
	"Västernorrland", "Jämtland", "Västerbotten", "Norrbotten" };

const char *
site_county_nth(size_t n)
{
	return n < sizeof(counties) / sizeof(*counties) ? counties[n] : NULL;
}

const char *
site_county(const char *text)
{
	char said[64], name[64];
	size_t n;

	reg_fold(said, sizeof(said), text);
	for (size_t i = 0; i < sizeof(counties) / sizeof(*counties); i++) {
		n = reg_fold(name, sizeof(name), counties[i]);
		/* "Skåne", "Skåne län", "Stockholms län" */
		if (n > 0 && strncmp(said, name, n) == 0 && (!said[n] ||
		    strcmp(said + n, "lan") == 0 || strcmp(said + n, "slan") == 0))
			return counties[i];
	}
	return NULL;
}

/* The names of a rule file's list: the keys of an object, or the ids of its elements. */
static json_t *
names_of(const char *file, const char *list, const char *id)
{
	const struct embed *f = embed_find(file);
	json_t *doc = f ? json_loadb((const char *)f->p, (size_t)(f->end - f->p), 0, NULL) : NULL;
	json_t *all = json_object_get(doc, list), *names = NULL, *x;
	const char *k;
	size_t i;

	if (json_is_object(all)) {
		names = json_object();
		json_object_foreach(all, k, x)
			json_object_set(names, k, x);
	} else if (json_is_array(all)) {
		names = json_object();
		json_array_foreach(all, i, x)
			if ((k = json_string_value(json_object_get(x, id))))
				json_object_set(names, k, x);
	}
	json_decref(doc);
	return names;
}

json_t *
site_known_sectors(void)
{
	return names_of("rules/sectors.json", "types", "id");
}

json_t *
site_known_facts(void)
{
	return names_of("rules/classification.json", "facts", "id");
}
