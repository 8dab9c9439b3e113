/* The table of protocols: sorted, and nothing missing for any of them. */
#include "base/embed.h"
#include "json/doc.h"
#include "proto/proto.h"
#include "tap.h"

#include <string.h>

/* Walks "modbus.request.unit_id" down the schema's properties. */
static bool
in_schema(const json_t *schema, const char *path)
{
	const json_t *o = schema;
	char part[64];

	while (*path) {
		size_t n = strcspn(path, ".");
		size_t m = n;
		while (m && (path[m - 1] == ']' || path[m - 1] == '['))
			m--;
		if (m >= sizeof(part))
			return false;
		memcpy(part, path, m);
		part[m] = '\0';
		o = json_object_get(json_object_get(o, "properties"), part);
		if (json_object_get(o, "items"))
			o = json_object_get(o, "items");
		if (!o)
			return false;
		path += n + (path[n] == '.');
	}
	return true;
}

static size_t
leaves(const json_t *o)
{
	const char *k;
	json_t *v;
	size_t n = 0;

	if (json_object_get(o, "items"))
		o = json_object_get(o, "items");
	if (!json_object_get(o, "properties"))
		return 1;
	json_object_foreach(json_object_get(o, "properties"), k, v)
		n += leaves(v);
	return n;
}

int
main(void)
{
	for (size_t i = 0; i < registry_n; i++) {
		const struct dissector *d = registry[i];
		char name[64];
		const struct embed *m;
		struct err e = { "" };
		json_t *schema;
		size_t nfields = 0;

		ok(i == 0 || strcmp(registry[i - 1]->name, d->name) < 0, "%s: in order", d->name);
		ok(registry_find(d->name, strlen(d->name)) == d, "%s: is found", d->name);
		ok(d->title && d->hints && d->fields && d->dissect, "%s: is whole", d->name);
		ok(d->state_size <= PROTO_STATE_MAX, "%s: state of %zu bytes fits", d->name, d->state_size);
		snprintf(name, sizeof(name), "schema/%s.json", d->name);
		m = embed_find(name);
		if (!ok(m != NULL, "%s: has a schema", d->name))
			continue;
		schema = doc_loadb(name, m->p, (size_t)(m->end - m->p), &e);
		if (!ok(schema != NULL, "%s: schema is JSON %s", d->name, e.text))
			continue;
		for (const struct field *f = d->fields; f->key; f++, nfields++)
			if (!in_schema(schema, f->key))
				ok(false, "%s: field %s is in the schema", d->name, f->key);
		ok(nfields > 0, "%s: %zu fields, all in the schema", d->name, nfields);
		ok(leaves(json_object_get(json_object_get(schema, "properties"), d->name)) <= nfields,
		    "%s: the schema has no field that --list-fields has not", d->name);
		json_decref(schema);
	}
	return tap_done();
}
