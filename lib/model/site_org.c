/* site_org.c: members of the organisation, its sites and policies. */
#include "model/site_impl.h"

static const char *const kinds[] = { "private", "region", "municipality", "municipal_federation",
	"state_authority", "state_university", "private_education", NULL };

static const struct site_member figure_members[] = {
	M(site_figures, headcount, K_COUNT), M(site_figures, turnover_eur, K_COUNT),
	M(site_figures, balance_eur, K_COUNT), M_STOP,
};

static const struct site_member linked_members[] = {
	M(site_enterprise, name, K_WORDS), M(site_enterprise, headcount, K_COUNT),
	M(site_enterprise, turnover_eur, K_COUNT), M(site_enterprise, balance_eur, K_COUNT),
	M_END(site_enterprise),
};

static const struct site_member partner_members[] = {
	M(site_enterprise, name, K_WORDS), M_REQ(site_enterprise, share, K_SHARE),
	M(site_enterprise, headcount, K_COUNT), M(site_enterprise, turnover_eur, K_COUNT),
	M(site_enterprise, balance_eur, K_COUNT), M_END(site_enterprise),
};

static void
fill_linked(void *p)
{
	struct site_enterprise *x = p;

	x->share = 1;
	x->headcount = x->turnover_eur = x->balance_eur = -1;
}

static void
fill_partner(void *p)
{
	fill_linked(p);
	((struct site_enterprise *)p)->share = -1;
}

static const struct site_section linked = { linked_members, sizeof(struct site_enterprise),
	offsetof(struct site_org, linked), offsetof(struct site_org, nlinked), fill_linked };
static const struct site_section partners = { partner_members, sizeof(struct site_enterprise),
	offsetof(struct site_org, partners), offsetof(struct site_org, npartners), fill_partner };

const struct site_member site_org_members[] = {
	M(site_org, name, K_WORDS), M(site_org, number, K_TEXT), M(site_org, country, K_COUNTRY),
	M(site_org, county, K_TEXT), M(site_org, sector, K_TEXTS),
	M_ONE(site_org, kind, K_ENUM, kinds), M(site_org, headcount, K_COUNT),
	M(site_org, turnover_eur, K_COUNT), M(site_org, balance_eur, K_COUNT),
	M_ONE(site_org, previous, K_OBJECT, figure_members), M(site_org, turnover_year, K_YEAR),
	{ "linked", K_SECTION, 0, false, &linked }, { "partners", K_SECTION, 0, false, &partners },
	M(site_org, independent, K_TRI), M(site_org, care_provider, K_TRI),
	M(site_org, facts, K_FACTS), M(site_org, notified, K_DATE), M_END(site_org),
};

static const struct site_member place_members[] = {
	M_REQ(site_place, id, K_ID), M(site_place, name, K_WORDS), M(site_place, address, K_TEXT),
	M(site_place, county, K_TEXT), M_END(site_place),
};

const struct site_section site_places = { place_members, sizeof(struct site_place),
	offsetof(struct site, sites), offsetof(struct site, nsites), NULL };

/* Numbers, texts and booleans that rules ask for by name. Closed, so that a
 * typo does not silently leave a policy at its default. */
const struct site_member site_policy_members[] = {
	{ "log_retention_days", K_DAYS, NOWHERE, false, NULL },
	{ "review_interval_days", K_DAYS, NOWHERE, false, NULL },
	{ "calibration_reminder_days", K_DAYS, NOWHERE, false, NULL },
	{ "patch_max_age_days", K_DAYS, NOWHERE, false, NULL },
	{ "log_archive", K_ANY, NOWHERE, false, NULL },
	{ "remote_access", K_ANY, NOWHERE, false, NULL },
	{ "pressure_min_pa", K_PASCALS, NOWHERE, false, NULL },
	{ "pressure_warn_pa", K_PASCALS, NOWHERE, false, NULL },
	{ "pressure_delay_s", K_SECONDS, NOWHERE, false, NULL },
	{ "reviews", K_REVIEWS, NOWHERE, false, NULL },
	{ NULL, K_END, offsetof(struct site, policies), false, NULL },
};
