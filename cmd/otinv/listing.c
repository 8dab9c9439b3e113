/* listing.c: --register and --map: registers read, and what is wrong with them said. */
#include "otinv.h"

#include "base/diag.h"

#include <string.h>

enum { FAULTS_SAID = 20 };

bool
listing_add(const char **list, size_t *n, const char *what, const char *value, struct err *e)
{
	if (*n == LISTING_MAX)
		return err_set(e, "%s: more than %d of them", what, LISTING_MAX);
	list[(*n)++] = value;
	return true;
}

bool
listing_load(struct listing *l, const struct site *site, bool always, struct err *e)
{
	void (*note)(const char *, ...) = always ? diag : diag_note;
	char t[1024];
	size_t i;

	if (l->nmap && !l->nfiles)
		return err_set(e, "--map is for the columns of a --register");
	for (i = 0; i < l->nfiles; i++)
		if (!reg_load(&l->reg, l->file[i], l->map, l->nmap, e))
			return false;
	if (site && !reg_site(&l->reg, site, e))
		return false;
	if (!reg_check(&l->reg))
		return err_set(e, "not enough memory for this register");
	for (i = 0; i < l->reg.nnotes; i++)
		note("%s", l->reg.notes[i]);
	if (l->reg.nignored) {
		const char *colon = strchr(l->reg.ignored[0], ':');
		snprintf(t, sizeof(t), "%.*s: columns passed over",
		    (int)(colon ? colon - l->reg.ignored[0] : 0), l->reg.ignored[0]);
		for (i = 0; i < l->reg.nignored; i++) {
			colon = strstr(l->reg.ignored[i], ": ");
			snprintf(t + strlen(t), sizeof(t) - strlen(t), "%s%s", i ? ", " : ": ",
			    colon ? colon + 2 : l->reg.ignored[i]);
		}
		note("%s", t);
	}
	/* where faults are part of the answer they are not said beside it */
	for (i = 0; !always && i < l->reg.nfaults && i < FAULTS_SAID; i++)
		diag("%s", reg_fault_text(&l->reg.faults[i], t, sizeof(t)));
	if (!always && l->reg.nfaults + l->reg.more_faults > FAULTS_SAID)
		diag("%llu more faults in the register: otinv register tells them all",
		    (unsigned long long)(l->reg.nfaults + l->reg.more_faults - FAULTS_SAID));
	return true;
}

/* Whose site file and register it is: v->site. */
static bool
find_site(struct inv *v, const struct site *site, const char *key, struct err *e)
{
	uint32_t only = 0, i;

	if (site && site->key)
		key = site->key;
	if (key) {
		v->site = inv_text(v, key, strlen(key));
		return true;
	}
	for (i = 0; i < v->nst; i++) {
		if (only && v->st[i].site != only)
			return err_set(e, "inventories of several sites (%.40s, %.40s): "
			    "say with --site-key whose register it is",
			    inv_str(v, only), inv_str(v, v->st[i].site));
		only = v->st[i].site;
	}
	v->site = only;
	return true;
}

bool
listing_apply(const struct listing *l, struct inv *v, const struct site *site, const char *key,
    struct err *e)
{
	if (!find_site(v, site, key, e))
		return false;
	if ((site && !inv_site(v, site)) || !inv_listed(v, &l->reg, v->site))
		return err_set(e, "not enough memory for this register");
	return true;
}

void
listing_free(struct listing *l)
{
	reg_free(&l->reg);
}

bool
site_key_check(const struct site *s, const char *key, struct err *e)
{
	if (s && s->key && key && strcmp(s->key, key) != 0)
		return err_set(e, "--site-key %.60s: %.200s says %.60s", key, s->file, s->key);
	return true;
}
