/* gap.h: the gap assessment: an inventory, a site file and the checklist.
 *
 * The layer assess works out what the law asks; report shows it to people. Of this one:
 *
 *     gap.c      reads the records, asks every item of the checklist, orders
 *     settle.c   who is who: register, zones, conduits, suppliers
 *     answer.c answer_net.c answer_ledger.c answer_log.c
 *                one evaluator per kind of question
 *     weigh.c    what is seen against what is said
 *     assign.c   who closes what is open, and by when
 *     coverage.c the same by article of the law, and the score
 *     finding.c  findings as records, and the evidence in them
 *
 * Beside it: classify (is it in scope), access (who came in), cra, cycle (the yearly plan),
 * klassa, conduits, finding_change (two assessments), attested (signatures).
 *
 * To add a question: an item in lib/rules/checklist.json that names an
 * evaluator. To add an evaluator: a function and a line in answer.c's table,
 * its phrases in lib/rules/words.json.
 *
 *     g = gap_new(rules, site, "sv");
 *     while (...) gap_add(g, line, n);
 *     gap_run(g, now);
 *     for (i = 0; i < g->nfindings; i++) ... g->findings[i] ...
 *     gap_free(g);
 *
 * Memory: the report holds the inventory whole; LIM_REPORT_RECORDS bounds it.
 * Where memory runs out, gap_add and gap_run return false. */
#ifndef OT_GAP_H
#define OT_GAP_H

#include "base/addr.h"
#include "base/err.h"
#include "model/rules.h"
#include "model/site.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum gap_status { GAP_GAP, GAP_PARTLY, GAP_UNKNOWN, GAP_MET, GAP_NA };
enum { GAP_STATUSES = 5 };
const char *gap_status_name(enum gap_status s);         /* "gap", "partly", ... */

/* What an answer rests on. */
enum gap_basis { GAP_BY_NONE, GAP_BY_MACHINE, GAP_BY_PERSON, GAP_BY_BOTH };
const char *gap_basis_name(enum gap_basis b);

struct gap_asset {
	const json_t *j;                /* the "asset" block */
	const char *id, *zone;          /* zone NULL: in none */
	const char *label;              /* what people call it: name, host name, address, ... */
	const char *ip, *hostname;      /* the first of them, or NULL */
	const char *firmware;           /* seen, or NULL */
	struct addr addr;
	const struct site_instrument *listed;   /* its entry on the register, or NULL */
	int64_t last;                   /* last seen */
	size_t order;                   /* of the input */
	bool external;                  /* not of this site: a public address */
	bool silent;                    /* spoken to, never heard: not counted as seen */
	bool crosses;                   /* an end of a crossing nobody decided */
};

/* Whether somebody put it on the register: an entry that nis2report init took from the
 * network, and nobody has confirmed, says no more than the network does. */
static inline bool
gap_on_register(const struct gap_asset *a)
{
	return a->listed && a->listed->proposed != SITE_YES;
}

/* What the word of somebody counts who is none of the site file's people (vouched.h): it cannot
 * make an item met, nor take it out. */
static inline enum gap_status
gap_from_stranger(enum gap_status said)
{
	return said == GAP_MET ? GAP_PARTLY : said == GAP_NA ? GAP_UNKNOWN : said;
}

struct gap_link {
	const json_t *j;                /* the "link" block */
	struct gap_asset *client, *server;      /* never NULL after gap_run() */
	const char *from, *to;          /* zone ids, "internet", or "" for no zone */
	const char *app_proto;          /* or NULL */
	const char *guess;              /* what it may be, where app_proto is NULL; or NULL */
	const char *transport;
	unsigned port;
	int64_t bytes, reads, writes;   /* writes: write, command, program, configure */
	bool inward, outward, cross, cleartext, encrypted;
	bool attempt;                   /* TCP never answered: does not count as crossing */
	const struct site_conduit *conduit;     /* what permits it, or NULL */
	bool unconfirmed;               /* permitted by port or guess: not recognised */
	const struct site_supplier *supplier;   /* whose the outer end is, or NULL */
	int number;                     /* among the crossings, from 1; 0: does not cross */
	size_t order;
};

/* Records of other programs that answers rest on, as they were read. */
enum gap_source { GAP_CALIBRATION, GAP_CALIBRATION_SUMMARY, GAP_LEDGER, GAP_LOG, GAP_ALERT,
	GAP_SOURCES };
struct gap_given { const json_t **v; size_t n, cap; };  /* the records, whole */

struct gap_finding {
	const struct rules_item *item;
	enum gap_status status;
	enum gap_basis basis;
	const char *reason_key;         /* of the phrase, for machines */
	char *reason;                   /* in g->lang */
	json_t *evidence;               /* array of objects, see otevent(5), finding */
	size_t omitted;                 /* evidence past LIM_EVIDENCE */
	const struct site_attestation *attestation;     /* considered, or NULL */
	/* what is open: whose it is to close (a name, else a role's; NULL: not said) and by when
	 * (INT64_MIN: not said), as the site file decided in action; else as the rules propose */
	const char *owner;
	int64_t by;
	const struct site_action *action;       /* or NULL */
};

struct gap {
	const struct rules *rules;
	const struct site *site;        /* may be NULL: then little can be answered */
	const char *lang;
	const char *rules_dir;          /* where rules beside `rules` come from first, or NULL */
	struct gap_asset *assets; size_t nassets;
	struct gap_link *links; size_t nlinks;
	struct gap_given given[GAP_SOURCES];
	struct gap_finding *findings; size_t nfindings;  /* worst and weightiest first */
	const struct site_instrument **unseen; size_t nunseen;  /* listed, not on the net */
	int64_t first, last, now;       /* first and last seen of all; the day of judgement */
	bool unobserved;                /* no record says when: first and last are that day */
	/* assets of the site; of them on the register, and there only as proposed; ... */
	size_t seen, listed, proposed, with_firmware;
	size_t count[GAP_STATUSES];
	uint64_t records, others;       /* records read; of them of no kind that is asked for */
	uint8_t digest[32];             /* SHA-256 of the inventory's lines */
	json_t *meta;                   /* the input's meta record, or NULL */
	EVP_MD_CTX *md;
	size_t cap_assets, cap_links;
	json_t *index;                  /* asset id to its place in assets */
	json_t *kept;                   /* records and made-up ends of links live here */
};

/* NULL when memory runs out. rules, site and lang are borrowed. */
struct gap *gap_new(const struct rules *rules, const struct site *site, const char *lang);
void gap_free(struct gap *g);

/* The block of the i-th record of a source: never NULL. */
const json_t *gap_given(const struct gap *g, enum gap_source s, size_t i);

/* One line of input. False with why when it is not a record (JSON object). */
bool gap_add(struct gap *g, const char *p, size_t n, struct err *e);

/* Resolves ends of links, zones, conduits, suppliers and the register, then
 * asks every item. now: INT64_MIN takes the inventory's last time. */
bool gap_run(struct gap *g, int64_t now, struct err *e);

/* The first half of gap_run() alone: who is who, zones, conduits, suppliers; no item is
 * asked, and there are no findings. */
bool gap_read(struct gap *g, int64_t now, struct err *e);

/* The share of what was seen that the register lists, 0..100; -1: nothing seen. */
int gap_share(const struct gap *g);

/* Units that showed themselves behind a gateway. */
size_t gap_parts(const struct gap *g);

/* The asset of this id, or NULL. */
const struct gap_asset *gap_asset(const struct gap *g, const char *id);

/* For evaluators and renderers: "PLC-1 → 10.0.0.9 (Modbus)" of a link, and the
 * name of a zone id, "internet" and "" included. */
const char *gap_zone_name(const struct gap *g, const char *zone);
char *gap_link_text(const struct gap *g, const struct gap_link *l);
/* What is known of a protocol that was not recognised: "tcp/8001", "ICMP". */
void gap_port(FILE *f, const struct gap *g, const struct gap_link *l);
/* "9 hours" of a span in microseconds. */
char *gap_span_text(const struct gap *g, int64_t us);
/* The protocol as people write it: "MQTT". */
const char *gap_proto_name(const struct gap *g, const char *app_proto);

#endif
