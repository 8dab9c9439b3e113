/* site.c: the site file: the document's parts, and how it is loaded. */
#include "model/site_impl.h"

#include "base/file.h"
#include "base/limits.h"
#include "json/doc.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static const struct site_member this_members[] = {
	{ "key", K_TEXT, offsetof(struct site, key), true, NULL },
	M(site, name, K_WORDS), M(site, timezone, K_ZONENAME), M_STOP,
};

static const struct site_member members[] = {
	{ "otsite", K_VERSION, NOWHERE, false, NULL },
	{ "site", K_OBJECT, 0, false, this_members },
	{ "organisation", K_OBJECT, offsetof(struct site, org), false, site_org_members },
	{ "sites", K_SECTION, 0, false, &site_places },
	{ "zones", K_SECTION, 0, false, &site_zones },
	{ "conduits", K_SECTION, 0, false, &site_conduits },
	{ "suppliers", K_SECTION, 0, false, &site_suppliers },
	{ "policies", K_OBJECT, 0, false, site_policy_members },
	{ "instruments", K_SECTION, 0, false, &site_instruments },
	{ "people", K_SECTION, 0, false, &site_people },
	{ "systems", K_SECTION, 0, false, &site_systems },
	{ "attestations", K_SECTION, 0, false, &site_attestations },
	{ "actions", K_SECTION, 0, false, &site_actions },
	M_STOP,
};

static int
by_line(const void *x, const void *y)
{
	const struct site_fault *a = x, *b = y;

	return (a->line > b->line) - (a->line < b->line);
}

/* All of it into s; what is wrong into a. */
static void
load(struct site *s, struct site_at *a)
{
	struct err e = { "" };

	s->org.headcount = s->org.turnover_eur = s->org.balance_eur = s->org.turnover_year = -1;
	s->org.previous = (struct site_figures){ -1, -1, -1 };
	s->timezone = "Europe/Stockholm";
	if (EVP_Digest(a->text, a->n, s->digest, NULL, EVP_sha256(), NULL) != 1) {
		site_bad(a, "no SHA-256 here");
		return;
	}
	if (!(s->doc = doc_loadb(a->file, a->text, a->n, &e))) {
		a->faults[a->nfaults++] = (struct site_fault){ 0, e };
		return;
	}
	if (!json_is_object(s->doc)) {
		site_bad(a, "not a site file: expected { } with \"otsite\": 1 in it");
		return;
	}
	if (!json_object_get(s->doc, "otsite")) {
		site_bad(a, "not a site file: no \"otsite\": 1");
		return;
	}
	if (site_read_object(a, members, s->doc, s))
		site_check(s, a);
}

struct site *
site_loadb_all(const char *name, const void *p, size_t n, struct site_fault *faults, size_t max,
    size_t *nfaults)
{
	struct site *s = calloc(1, sizeof(*s));
	struct site_at a = { .file = name, .text = p, .n = n, .faults = faults, .max = max };

	if (!s || !(s->path = strdup(name))) {
		free(s);
		site_no_memory(&a);
		*nfaults = a.nfaults;
		return NULL;
	}
	s->file = s->path;
	load(s, &a);
	*nfaults = a.nfaults;
	if (a.nfaults == 0)
		return s;
	/* members first, then references: by line the two are one list */
	qsort(faults, a.nfaults, sizeof(*faults), by_line);
	site_free(s);
	return NULL;
}

struct site *
site_loadb(const char *name, const void *p, size_t n, struct err *e)
{
	struct site_fault fault = { 0 };
	size_t nfaults;
	struct site *s = site_loadb_all(name, p, n, &fault, 1, &nfaults);

	if (!s)
		err_set(e, "%s", fault.what.text);
	return s;
}

struct site *
site_load(const char *path, struct err *e)
{
	struct site *s;
	size_t n;
	char *p = file_slurp(path, LIM_DOC, &n, e);

	if (!p)
		return NULL;
	s = site_loadb(strcmp(path, "-") == 0 ? "stdin" : path, p, n, e);
	free(p);
	return s;
}

void
site_free(struct site *s)
{
	if (!s)
		return;
	site_free_members(members, s);
	json_decref(s->doc);
	free(s->path);
	free(s);
}
