#include "assess/ruledoc.h"

#include "base/embed.h"
#include "json/doc.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

json_t *
ruledoc_load(const char *dir, const char *name, struct err *e)
{
	char path[4096];
	const struct embed *em;
	const char *is;
	json_t *doc;

	snprintf(path, sizeof(path), "%s/%s.json", dir ? dir : "rules", name);
	if (dir && access(path, F_OK) == 0) {
		doc = doc_load(path, e);
	} else {
		snprintf(path, sizeof(path), "rules/%s.json", name);
		if (!(em = embed_find(path))) {
			err_set(e, "%s: not built in", path);
			return NULL;
		}
		doc = doc_loadb(path, em->p, (size_t)(em->end - em->p), e);
	}
	is = json_string_value(json_object_get(doc, "rules"));
	if (doc && (!is || strcmp(is, name) != 0)) {
		err_set(e, "%s: not a document of \"rules\": \"%s\"", path, name);
		json_decref(doc);
		doc = NULL;
	}
	return doc;
}

const char *
ruledoc_text(const json_t *texts, const char *lang)
{
	const char *s = json_string_value(json_object_get(texts, strcmp(lang, "sv") == 0 ? "sv" :
	    "en"));

	return s && *s ? s : NULL;
}
