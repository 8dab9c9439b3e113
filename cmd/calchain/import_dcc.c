/* import_dcc.c: digital calibration certificates as records. */
#include "import.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

/* The instrument that item i is: as the command line says, else as the customer's number. */
static bool
whose(const struct import *m, const struct dcc *d, size_t i, char *id, size_t cap, struct err *e)
{
	char number[256];
	const char *eq;

	for (size_t k = 0; k < m->nids; k++) {
		eq = strrchr(m->ids[k], '=');
		snprintf(number, sizeof(number), "%.*s", (int)(eq - m->ids[k]), m->ids[k]);
		if (!dcc_has_number(d, i, number))
			continue;
		snprintf(id, cap, "%s", eq + 1);
		return true;
	}
	if (!m->instrument)
		return dcc_id(d, i, id, cap, e);
	snprintf(id, cap, "%s", m->instrument);
	return true;
}

/* Says what there is to say of a signature; false: its certificate is not written. */
static bool
signature(struct import *m, const struct dcc *d, const char *file)
{
	switch (dcc_signature(d)) {
	case DCC_NOT_SIGNED:
		break;
	case DCC_VALID:
		diag_note("%s: signature valid: %s", file, dcc_signature_why(d));
		break;
	case DCC_NOT_CHECKED:
		diag("%s: signature present, not checked: %s", file, dcc_signature_why(d));
		break;
	case DCC_INVALID:
		diag("%s: signature invalid: %s%s", file, dcc_signature_why(d), m->keep_invalid ?
		    "" :
		    " (--keep-invalid writes it all the same)");
		if (!m->status)
			m->status = 1;
		return m->keep_invalid;
	}
	return true;
}

static bool
put_items(struct import *m, struct dcc *d, const char *file, struct imported *r, struct err *e)
{
	char id[512];

	if (m->instrument && dcc_items(d) > 1)
		return err_set(e, "%s: %zu items: --instrument names one; say --id NUMBER=ID for "
		    "each",
		    file, dcc_items(d));
	for (size_t i = 0; i < dcc_items(d); i++) {
		if (!whose(m, d, i, id, sizeof(id), e))
			return false;
		if (m->with_instrument && (!dcc_put_instrument(d, i, id, &r->w, e) ||
		    !imported_keep(r, e)))
			return false;
		if (!dcc_put_calibration(d, i, id, &r->w, e) || !imported_keep(r, e))
			return false;
	}
	return true;
}

static bool
store(const struct import *m, const struct dcc *d, const void *p, size_t n, struct err *e)
{
	const char *sha256;
	const void *copy;
	size_t k;

	if (!m->store)
		return true;
	if (!import_store(m->store, dcc_sha256(d), p, n, e))
		return false;
	copy = dcc_attachment(d, &k, &sha256);
	return !copy || import_store(m->store, sha256, copy, k, e);
}

bool
import_certificate(struct import *m, const char *path, struct err *e)
{
	struct dcc_opts o = { .lang = m->lang, .trust = m->trust, .now = stamp_now() };
	const char *file = strcmp(path, "-") == 0 ? "stdin" : path;
	struct imported r = { NULL };
	struct dcc *d = NULL;
	bool ok = false;
	size_t n;
	char *p;

	if (!(p = file_slurp(path, LIM_XML_FILE, &n, e)))
		return false;
	if (imported_begin(&r, e) && (d = dcc_open(file, p, n, &o, e))) {
		if (!signature(m, d, file))
			ok = true;
		else if ((ok = put_items(m, d, file, &r, e) && store(m, d, p, n, e)))
			imported_end(&r, true, e);
		for (size_t i = 0; ok && i < dcc_notes(d); i++)
			diag("%s: %s", file, dcc_note(d, i));
	}
	imported_end(&r, false, e);
	dcc_free(d);
	free(p);
	return ok && !e->text[0];
}
