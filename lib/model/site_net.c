/* site_net.c: members of zones, conduits, suppliers and instruments. */
#include "model/site_impl.h"

static const struct site_member zone_members[] = {
	M_REQ(site_zone, id, K_ID), M(site_zone, name, K_WORDS), M(site_zone, site, K_TEXT),
	M(site_zone, cidr, K_CIDRS), M(site_zone, vlan, K_VLANS), M(site_zone, mac, K_MACS),
	M(site_zone, purdue, K_LEVEL), M(site_zone, category, K_TEXT),
	M(site_zone, sl_target, K_SL), M(site_zone, sl_capability, K_SL),
	M(site_zone, sl_achieved, K_SL), M_END(site_zone),
};

static const struct site_member conduit_members[] = {
	M_REQ(site_conduit, from, K_TEXT), M_REQ(site_conduit, to, K_TEXT),
	M(site_conduit, app_proto, K_TEXTS), M(site_conduit, port, K_PORTS),
	M(site_conduit, supplier, K_TEXT), M(site_conduit, reason, K_WORDS), M_END(site_conduit),
};

static const struct site_member supplier_members[] = {
	M_REQ(site_supplier, id, K_ID), M(site_supplier, name, K_WORDS),
	M(site_supplier, names, K_TEXTS), M(site_supplier, addresses, K_CIDRS),
	M(site_supplier, domains, K_TEXTS), M(site_supplier, contract, K_TEXT),
	M(site_supplier, contact, K_TEXT), M(site_supplier, mfa, K_TRI),
	M(site_supplier, incident_clause, K_TRI), M(site_supplier, instruments, K_TEXTS),
	M(site_supplier, hours, K_HOURS), M(site_supplier, expires, K_DATE),
	M(site_supplier, cra_asked, K_DATE), M(site_supplier, cra_answered, K_DATE),
	M_END(site_supplier),
};

/* What rules/cra.json has as "said": a test compares. */
static const char *const cra_classes[] = { "default", "none", "class_i", "important_I",
	"important_i", "I", "i", "class_ii", "important_II", "important_ii", "II", "ii", "critical",
	"annex_iv", "excluded", "ivd", "medical_device", "md", "unknown", NULL };

static const struct site_member cra_members[] = {
	M_ONE(site_cra, class, K_ENUM, cra_classes), M(site_cra, core_function, K_TEXT),
	M(site_cra, ivd, K_TRI), M(site_cra, asked, K_DATE), M_END(site_cra),
};

static const struct site_member instrument_members[] = {
	M_REQ(site_instrument, id, K_ID), M(site_instrument, name, K_WORDS),
	M(site_instrument, kind, K_TEXT), M(site_instrument, make, K_TEXT),
	M(site_instrument, model, K_TEXT), M(site_instrument, serial, K_TEXT),
	M(site_instrument, firmware, K_TEXT), M(site_instrument, hostname, K_TEXT),
	M(site_instrument, location, K_TEXT), M(site_instrument, mac, K_MACS),
	M(site_instrument, ip, K_ADDRS), M(site_instrument, zone, K_TEXT),
	M(site_instrument, owner, K_TEXT), M(site_instrument, supplier, K_TEXT),
	M(site_instrument, contract, K_TEXT), M(site_instrument, criticality, K_TEXT),
	M(site_instrument, in_use, K_TRI), M(site_instrument, proposed, K_TRI),
	M(site_instrument, risk_entry, K_TEXT),
	M(site_instrument, klassa, K_KLASSA), M(site_instrument, calibration_id, K_TEXT),
	M(site_instrument, end_of_support, K_DATE), M(site_instrument, calibration_due, K_DATE),
	M_ONE(site_instrument, cra, K_OBJECT, cra_members), M_END(site_instrument),
};

static void
fill_zone(void *p)
{
	struct site_zone *z = p;

	z->purdue = -1;
	z->sl_target = z->sl_capability = z->sl_achieved = -1;
}

static void
fill_instrument(void *p)
{
	((struct site_instrument *)p)->klassa = (struct site_klassa){ -1, -1, -1, NULL };
}

#define SECTION(type, table, list, count, fill) { table, sizeof(struct type), \
	    offsetof(struct site, list), offsetof(struct site, count), fill }

const struct site_section site_zones = SECTION(site_zone, zone_members, zones, nzones, fill_zone);
const struct site_section site_conduits =
    SECTION(site_conduit, conduit_members, conduits, nconduits, NULL);
const struct site_section site_suppliers =
    SECTION(site_supplier, supplier_members, suppliers, nsuppliers, NULL);
const struct site_section site_instruments =
    SECTION(site_instrument, instrument_members, instruments, ninstruments, fill_instrument);
