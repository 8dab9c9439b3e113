/* stage_handed.c: nis2report stage --handed-in. */
#include "stage_handed.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/sum.h"

#include <stdlib.h>
#include <string.h>

static bool
put(const struct incident *i, const struct incident_submission *s, const char *digest, FILE *f,
    struct err *e)
{
	char path[4096], is[2 * SUM_MAX + 1];
	uint8_t md[SUM_MAX];
	char *text;
	size_t n;
	bool good;

	snprintf(path, sizeof(path), "%s/files/%s", i->path, digest);
	if (!(text = file_slurp(path, LIM_INCIDENT, &n, e)))
		return false;
	is[hex_put(is, md, sum_of(SUM_SHA256, text, n, md))] = '\0';
	good = strcmp(is, digest) == 0 || err_set(e, "%s: is not what record %llu kept: its "
	    "SHA-256 is %s", path, (unsigned long long)s->at.seq, is);
	good = good && (fwrite(text, 1, n, f) == n || err_set(e, "out of memory"));
	free(text);
	return good;
}

bool
stage_handed(const struct incident *i, const char *stage, bool text, FILE *f, struct err *e)
{
	const struct incident_submission *s = incident_submitted(i, stage, true);
	const char *digest;
	size_t times = 0;

	if (!s)
		return err_set(e, "%s: %s was not handed in", i->path, stage);
	if (!(digest = text ? s->form_text : s->form))
		return err_set(e, "%s: record %llu kept no report of %s%s%s", i->path,
		    (unsigned long long)s->at.seq, stage, s->digest ? "; what was known is "
		    "files/" : "", s->digest ? s->digest : "");
	for (size_t k = 0; k < i->nsubmissions; k++)
		times += strcmp(i->submissions[k].stage, stage) == 0;
	if (times > 1)
		diag("%s was handed in %zu times; this is record %llu", stage, times,
		    (unsigned long long)s->at.seq);
	return put(i, s, digest, f, e);
}
