/* import_csv.c: histories of calibrations in tables as records. */
#include "import.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/sum.h"

#include <stdlib.h>
#include <string.h>

bool
import_table(struct import *m, const char *path, struct err *e)
{
	const char *file = strcmp(path, "-") == 0 ? "stdin" : path, *slash = strrchr(file, '/');
	struct imported r = { NULL };
	struct history h = { NULL };
	uint8_t md[SUM_MAX];
	char sha256[65], *p;
	bool ok;
	size_t n;

	if (!(p = file_slurp(path, LIM_REGISTER_FILE, &n, e)))
		return false;
	if (m->store) {
		sha256[hex_put(sha256, md, sum_of(SUM_SHA256, p, n, md))] = 0;
		m->table.sha256 = sha256;
		m->table.file = slash ? slash + 1 : file;
		m->table.bytes = n;
	}
	ok = imported_begin(&r, e) && history_read(&h, file, p, n, &m->table, e);
	/* all faults are found, so that one run tells of all */
	for (size_t i = 0; ok && i < h.ngroups; i++)
		ok = (history_put(&h, i, &r.w, e) || !e->text[0]) && imported_keep(&r, e);
	for (size_t i = 0; i < h.nnotes; i++)
		diag("%s", h.notes[i]);
	for (size_t i = 0; i < h.nfaults; i++)
		diag("%s", h.faults[i]);
	if (h.more_faults)
		diag("%s: %llu more of the kind", file, (unsigned long long)h.more_faults);
	if (ok && h.nfaults)
		ok = err_set(e, "%s: nothing is written: %zu cells are to be put right first", file,
		    h.nfaults + (size_t)h.more_faults);
	ok = ok && (!m->store || import_store(m->store, sha256, p, n, e));
	imported_end(&r, ok, e);
	history_free(&h);
	m->table.sha256 = NULL;
	free(p);
	return ok && !e->text[0];
}
