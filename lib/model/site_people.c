/* site_people.c: members of people, systems, attestations and actions. */
#include "model/site_impl.h"

static const char *const roles[] = { "management", "security_lead", "incident_lead",
	"quality_manager", "ot_engineer", "it", "system_owner", "facility", "supplier_manager",
	"dpo", NULL };

static const char *const statuses[] = { "met", "gap", "partly", "unknown", "not_applicable", NULL };

static const struct site_member person_members[] = {
	M_REQ(site_person, id, K_ID), M(site_person, name, K_TEXT),
	M_ONE(site_person, role, K_ENUMS, roles), M(site_person, email, K_EMAIL),
	M(site_person, phone, K_TEXT), M(site_person, deputy, K_TEXT), M(site_person, key, K_KEY),
	M_END(site_person),
};

static const struct site_member system_members[] = {
	M_REQ(site_system, id, K_ID), M(site_system, name, K_WORDS),
	M(site_system, klassa, K_KLASSA), M(site_system, instruments, K_TEXTS),
	M(site_system, zones, K_TEXTS), M(site_system, owner, K_TEXT), M_END(site_system),
};

static const struct site_member attestation_members[] = {
	M_REQ(site_attestation, item, K_TEXT),
	{ "status", K_ENUM, offsetof(struct site_attestation, status), true, statuses },
	M_REQ(site_attestation, by, K_TEXT), M_REQ(site_attestation, date, K_DATE),
	M(site_attestation, expires, K_DATE), M(site_attestation, document, K_TEXT),
	M(site_attestation, digest, K_DIGEST), M(site_attestation, statement, K_WORDS),
	M(site_attestation, key, K_TEXT), M(site_attestation, signature, K_SIGNATURE),
	M_END(site_attestation),
};

static const struct site_member action_members[] = {
	M_REQ(site_action, item, K_TEXT), M_REQ(site_action, owner, K_TEXT),
	M_REQ(site_action, by, K_DATE), M(site_action, what, K_WORDS), M_END(site_action),
};

static void
fill_system(void *p)
{
	((struct site_system *)p)->klassa = (struct site_klassa){ -1, -1, -1, NULL };
}

#define SECTION(type, table, list, count, fill) { table, sizeof(struct type), \
	    offsetof(struct site, list), offsetof(struct site, count), fill }

const struct site_section site_people =
    SECTION(site_person, person_members, people, npeople, NULL);
const struct site_section site_systems =
    SECTION(site_system, system_members, systems, nsystems, fill_system);
const struct site_section site_attestations =
    SECTION(site_attestation, attestation_members, attestations, nattestations, NULL);
const struct site_section site_actions =
    SECTION(site_action, action_members, actions, nactions, NULL);
