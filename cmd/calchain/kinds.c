/* kinds.c: the kinds of records that come from outside, each with its schema. */
#include "calchain.h"

#include "json/scan.h"
#include "json/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
	"instrument",
	"reference_standard",
	"calibration",
	"adjustment",
	"repair",
	"replacement",
	"firmware_update",
	"verification",
	"out_of_tolerance",
	"assessment",
	"correction",
	"software",
	"note",
};
enum { KINDS = sizeof(names) / sizeof(*names) };

struct kinds { struct schema *schema[KINDS]; };

struct kinds *
kinds_load(struct err *e)
{
	struct kinds *k = calloc(1, sizeof(*k));

	if (k == NULL)
		err_set(e, "out of memory");
	for (size_t i = 0; k != NULL && i < KINDS; i++) {
		char file[64], part[64];

		snprintf(file, sizeof(file), "schema/%s.json", names[i]);
		snprintf(part, sizeof(part), "properties.%s", names[i]);
		if ((k->schema[i] = schema_load(file, part, e)) == NULL) {
			kinds_free(k);
			return NULL;
		}
	}
	return k;
}

void
kinds_free(struct kinds *k)
{
	for (size_t i = 0; k != NULL && i < KINDS; i++)
		schema_free(k->schema[i]);
	free(k);
}

bool
kinds_take(const struct kinds *k, const char *line, size_t n, struct tape *tape, struct taken *t,
    struct err *e)
{
	struct sval root, name, v, type = { 0 }, payload = { 0 };
	const char *why;
	struct scan s;
	size_t at, i;

	if (!scan_check_noting(line, n, true, tape, &at, &why))
		return err_set(e, "not JSON at byte %zu: %s", at, why);
	root = scan_noted(tape, line);
	if (!scan_get(&root, "event_type", &type) || type.type != SVAL_STR)
		return err_set(e, "event_type: the kind of the record is expected");
	for (i = 0; i < KINDS; i++)
		if (sval_is(&type, names[i]))
			break;
	if (i == KINDS) {
		char text[64];

		sval_text(&type, text, sizeof(text));
		return err_set(e, strcmp(text, "ledger") == 0 || strcmp(text, "signer") == 0 ?
		    "event_type: \"%s\" is the ledger's own (calchain init, calchain key)" :
		    "event_type: \"%s\" is no kind of calibration record (see calchain(1))", text);
	}
	for (scan_in(&s, &root); scan_member(&s, &name, &v); )
		if (sval_is(&name, names[i])) {
			if (payload.type != SVAL_NONE)
				return err_set(e, "%s: it is there twice", names[i]);
			payload = v;
		} else if (!sval_is(&name, "event_type")) {
			char text[64];

			sval_text(&name, text, sizeof(text));
			return err_set(
			    e, "%s: the ledger sets what stands beside %s", text, names[i]);
		}
	if (payload.type != SVAL_OBJ)
		return err_set(e, "%s: an object is expected under the record's kind", names[i]);
	if (!schema_check(k->schema[i], &payload, e))
		return false;
	*t = (struct taken){ names[i], payload.p, payload.n };
	return true;
}
