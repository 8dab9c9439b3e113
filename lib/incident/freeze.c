/* freeze.c: the values in force as a document that is kept. */
#include "incident/freeze.h"

#include "base/hex.h"
#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

static json_t *
value_of(const struct incident_value *v)
{
	char written[STAMP_TEXT];
	json_t *o;

	written[stamp_put(written, v->at.written)] = '\0';
	o = json_pack("{ss ss sI ss}", "who", v->at.who, "written", written, "record",
	    (json_int_t)v->at.seq, "basis", v->evidence ? "evidence" : "person");
	if (o && v->value)
		json_object_set(o, "value", (json_t *)(uintptr_t)v->value);
	else if (o)
		json_object_set_new(o, "unknown", json_true());
	return o;
}

char *
incident_freeze(const struct incident *i, const char *stage, size_t *n)
{
	json_t *fields = json_object(), *doc = NULL;
	char root[65], *text = NULL;
	bool good = fields;

	for (size_t k = 0; good && k < i->nvalues; k++)
		if (incident_in_force(i, k))
			good = json_object_set_new(fields, i->values[k].name,
			    value_of(&i->values[k])) == 0;
	root[hex_put(root, i->root, sizeof(i->root))] = '\0';
	if (good)
		doc = json_pack("{ss ss ss ss sI ss sO}", "otkit", "incident-stage/1", "stage",
		    stage, "incident", i->name, "title", i->title, "records",
		    (json_int_t)i->records, "root", root, "fields", fields);
	json_decref(fields);
	if (doc)
		text = json_dumps(doc, JSON_INDENT(1) | JSON_SORT_KEYS);
	json_decref(doc);
	*n = text ? strlen(text) : 0;
	return text;
}
