/* asset.h: what an inventory knows before it says what belongs together.
 *
 * Facts hang on stations. A station is the least thing traffic can show: a MAC
 * with an address (or without one, or an address without a MAC), or a part
 * behind one ("unit 5"). Which stations are one asset is worked out at the
 * end, from all facts at once (merge.h), because the answer may change with
 * each further record: a MAC is a router once it carries enough addresses.
 *
 * Facts only grow, and every rule for what is kept is independent of order:
 * sets, sums, least and latest. So two inventories joined are the inventory of
 * both their inputs, and a list that is full keeps the least by name. */
#ifndef OT_INV_ASSET_H
#define OT_INV_ASSET_H

#include "base/addr.h"
#include "base/limits.h"
#include "inv/pool.h"
#include "json/jw.h"
#include "model/register.h"

#include <stdbool.h>
#include <stdint.h>

enum { INV_NONE = UINT32_MAX };
enum { OPS = 13 };                      /* the op words of the contract, in its order */
enum { OP_WRITE = 1, OP_COMMAND, OP_PROGRAM, OP_CONFIGURE, OP_IDENTIFY, OP_SUBSCRIBE, OP_REPORT,
	OP_ALARM };
extern const char *const op_names[OPS];

/* F_NAME is what others call it: a server name asked for. F_IDENTIFIER is unique by a
 * standard ("duid:0001..."), F_TRAIT what else tells machines apart ("ttl:63"). */
enum field { F_VENDOR, F_PRODUCT, F_MODEL, F_SERIAL, F_FIRMWARE, F_HARDWARE, F_HOSTNAME,
	F_ORDER_CODE, F_OS, F_LOCATION, F_ROLE, F_NAME, F_IDENTIFIER, F_TRAIT, FIELDS };
extern const char *const field_names[FIELDS];

enum side { SIDE_SERVER, SIDE_CLIENT, SIDE_GROUP };     /* GROUP: sends to group addresses */
extern const char *const side_names[3];

/* Where a record's evidence lies. us == INT64_MAX: nowhere. */
struct place {
	int64_t us;
	uint32_t file, iface;           /* texts */
	uint64_t cnt;
};

/* A list kept sorted, with a ceiling. */
struct vec { void *v; uint32_t n, cap; };

/* Somebody's word on one field. Key: field, value, source. */
struct word {
	uint32_t value, source;
	uint8_t field;
	struct place first;
	int64_t last;
};

/* Key: app, transport, port, side, guess. */
struct speak {
	uint32_t app, transport;        /* app 0: not known */
	uint16_t port;                  /* the server's */
	uint8_t side;
	bool guess;
	uint64_t events, flows;
	uint64_t ops[OPS];
	int64_t first, last;
};

/* Key: app, unit. */
struct unit {
	uint32_t app, unit;
	uint64_t events, answered;
	uint64_t ops[OPS];
	int64_t first, last;
};

struct station {
	uint32_t site;                  /* key: site, mac, ip, sub */
	uint32_t sub;
	struct addr ip;
	uint8_t mac[6];
	bool has_mac;
	bool heard;                     /* it sent something, or was answered for */
	bool claimed;                   /* the address is the MAC's own: ARP, ND or DHCP said so */
	bool asked;                     /* and by more than answering for it, as a proxy does */
	struct place first;
	int64_t last;
	uint64_t packets, bytes, events;
	uint16_t vlan[LIM_INV_VLANS];
	uint8_t nvlan;
	struct vec words, speaks, units;
	uint32_t zone;                  /* from the site file; 0: none */
	uint8_t zone_by;                /* enum zone_by */
	uint32_t supplier;
	uint32_t reg;                   /* index into inv.regs + 1 */
	uint8_t reg_by;                 /* enum reg_by */
	bool reg_best;                  /* of all that match the entry: filled by inv_group() */
	uint32_t parent;                /* station without the sub, or INV_NONE */
	uint32_t base;                  /* station of the MAC alone, or INV_NONE */
	uint32_t asset;                 /* filled by inv_group() */
};

/* What the site file was matched by, weakest first. */
enum zone_by { BY_NOTHING, BY_VLAN, BY_MAC, BY_ADDRESS };
enum reg_by { REG_BY_NOTHING, REG_BY_ADDRESS, REG_BY_NAME, REG_BY_MAC, REG_BY_SERIAL };
extern const char *const zone_by_names[4], *const reg_by_names[5];

/* What the site file says of a zone. */
struct inv_zone { uint32_t id, name, category; double purdue; };
/* An entry of the register. Key: site, id. Of two words on one field the greater
 * stays, so that it does not matter whose register was read first. */
struct inv_reg { uint32_t site, text[REG_TEXTS]; };

/* What was read, per source and day: n records and the sum of their hashes.
 * Two inventories that agree on a day have read the same records. */
struct cover {
	uint32_t host, source;          /* sensor; file or interface */
	int64_t day;                    /* since the epoch */
	uint64_t records, sum;
	int64_t first, last;
};
enum { COVER_SAMPLE = 256 };            /* the least hashes of all records */

struct inv {
	struct pool pool;
	uint32_t site;                  /* of stations made from now on */
	struct station *st; uint32_t nst, cst;
	struct index st_index;
	struct link *ln; uint32_t nln, cln;
	struct index ln_index;
	struct vec resolved;            /* names.h */
	struct inv_zone *zones; uint32_t nzones;
	struct inv_reg *regs; uint32_t nregs, cregs;
	struct index reg_index;
	struct cover *cover; uint32_t ncover;
	uint32_t cover_bytes;           /* at most, written */
	uint64_t sample[COVER_SAMPLE]; uint32_t nsample;
	bool lower_bound;               /* counts: inputs that overlapped in part were joined */

	/* How many stations and links are kept free of what the record at hand tells: a scan,
	 * or senders that are made up, must leave room for who converses. */
	uint32_t spare;

	struct recall *recall;          /* recall.h; NULL: nothing is recalled */
	struct again *again;            /* again.h; NULL: every record is read in full */
	uint32_t last_file, last_iface, last_host;      /* texts of the record before */
	uint32_t last_cover;            /* cover[] that the record before belonged to */

	size_t value_bytes;             /* of all values written (written.h) */

	/* counted for stats */
	uint64_t records, no_time;      /* taken in; left out, for no one knows when */
	uint64_t full_stations, full_links, full_facts, full_text, full_cover, too_long;

	/* filled by inv_group() */
	struct asset *as; uint32_t nas;
	struct alias *alias; uint32_t nalias;   /* by asset, then key */
	struct maybe *maybe; uint32_t nmaybe;   /* by asset, then the other */
	struct nat_side *side; uint32_t nside;  /* nat.h: by content */
	uint32_t *members;              /* stations, asset by asset */
	uint32_t *link_order;           /* filled by links_settle() */
};

/* NULL when memory is out. */
struct inv *inv_new(const char *site_key);
void inv_free(struct inv *v);

/* Text kept, 0 when empty or at the ceiling. Control characters become blanks. */
uint32_t inv_text(struct inv *v, const char *s, size_t n);
/* Whether n bytes more of text and values are below the ceiling; counted where they are not. */
bool inv_room(struct inv *v, size_t n);
static inline const char *
inv_str(const struct inv *v, uint32_t t)
{
	return pool_get(&v->pool, t);
}

/* The station, made if new (and that of its MAC alone with it); INV_NONE at
 * the ceiling or for what is none: a group address, no MAC and no address. mac
 * and ip may be NULL. */
uint32_t inv_station(struct inv *v, const uint8_t *mac, const struct addr *ip, uint32_t sub);
/* The same where it is there already: else INV_NONE. */
uint32_t inv_station_known(const struct inv *v, uint32_t site, const uint8_t *mac,
    const struct addr *ip);
/* The same as inv_station() under another site's key. */
uint32_t inv_station_at(struct inv *v, uint32_t site, const uint8_t *mac, const struct addr *ip,
    uint32_t sub);

/* It was part of something then, there. */
void inv_seen(struct inv *v, uint32_t st, const struct place *at, int64_t last, bool heard);
void inv_vlan(struct inv *v, uint32_t st, uint16_t vlan);
void inv_word(struct inv *v, uint32_t st, enum field f, uint32_t value, uint32_t source,
    const struct place *first, int64_t last);
/* The fact, made if new, its times stretched; NULL when there is no room. */
struct speak *inv_speak(struct inv *v, uint32_t st, uint32_t app, uint32_t transport,
    uint16_t port, enum side side, bool guess, int64_t first, int64_t last);
struct unit *inv_unit(struct inv *v, uint32_t st, uint32_t app, uint32_t unit, int64_t first,
    int64_t last);
/* Those that are there, or NULL. Equal texts have equal numbers: no order is needed. */
struct speak *speak_find(const struct inv *v, uint32_t st, uint32_t app, uint32_t transport,
    uint16_t port, enum side side, bool guess);
struct unit *unit_find(const struct inv *v, uint32_t st, uint32_t app, uint32_t unit);
uint32_t inv_zone_put(struct inv *v, const struct inv_zone *z);
/* Its index + 1; 0 without id, or without memory. */
uint32_t inv_reg_put(struct inv *v, const struct inv_reg *r);
/* A register entry on a station: the better match stays, then the lesser id. */
void inv_registered(struct inv *v, uint32_t st, uint32_t reg, enum reg_by by);
void inv_zoned(struct inv *v, uint32_t st, uint32_t zone, enum zone_by by);
const struct inv_zone *inv_zone_get(const struct inv *v, uint32_t id);

/* Order by content. */
int place_cmp(const struct inv *v, const struct place *a, const struct place *b);
int station_cmp(const struct inv *v, const struct station *a, const struct station *b);
static inline struct place
place_none(void)
{
	return (struct place){ .us = INT64_MAX };
}

/* A slot for `key` in a list sorted by cmp: the item that equals it, or a
 * zeroed copy-in of the key (*fresh). NULL when the list is full of lesser ones. */
void *vec_slot(struct inv *v, struct vec *l, size_t item, uint32_t max, const void *key,
    int (*cmp)(const struct inv *, const void *, const void *), bool *fresh);

/* How much a source's word weighs: 1 the device's own protocol .. 7 a guess. */
unsigned source_rank(const char *source);
int op_find(const char *s, size_t n);

/* Evidence members into the open object. */
void place_write(const struct inv *v, struct jw *w, const struct place *p);

#endif
