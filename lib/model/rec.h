/* rec.h: a record read: ours, Suricata's EVE, or a Zeek log line.
 *
 * rec_read() takes the envelope of one line apart into plain values; what is
 * the record type's own stays a span of the line for scan.h. Everything is
 * borrowed from the line. What is unknown is zero, SVAL_NONE or v == 0; it is
 * never an error. IPv6 in EVE is not compressed: addresses are compared as
 * addresses here, not as text. */
#ifndef OT_REC_H
#define OT_REC_H

#include "base/addr.h"
#include "json/scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rec_kind { REC_EVE, REC_ZEEK };
enum { REC_VLANS = 4 };

/* The counters of a flow; [0] towards the server. */
struct rec_flow { uint64_t pkts[2], bytes[2]; int64_t start, end; };

/* otdissect --rollup: the record stands for count reads, the last of them here. */
struct rec_rollup { uint64_t count; int64_t last; uint64_t last_cnt; };

struct rec {
	enum rec_kind kind;
	struct sval line;               /* the whole record */
	struct sval type;               /* event_type; Zeek: the log's name (_path), or none */
	struct sval log_file;           /* Zeek: what the file is called, up to its first dot */
	bool has_time;
	int64_t us;
	struct sval host, in_iface, pcap_filename;
	uint64_t pcap_cnt;
	uint64_t flow_id;
	bool has_smac, has_dmac;
	uint8_t smac[6], dmac[6];
	uint16_t vlan[REC_VLANS];
	size_t nvlan;
	struct addr src, dst;
	uint16_t sport, dport;
	struct sval proto, app_proto;
	struct sval detail;             /* the member named like the type; Zeek: the line */
	struct sval ot, identity, guess;
	bool has_flow;
	struct rec_flow flow;
	struct rec_rollup rollup;       /* count 0: an ordinary record */
	const struct rec_trail *trail;  /* rec_trail.h: how it was followed; NULL: it was not */
};

enum rec_result {
	REC_OK,
	REC_BAD,                        /* not JSON, or no object: *why */
	REC_OTHER,                      /* JSON, but no record: no event_type, nothing of Zeek's */
};

/* Reads one line. r is valid as long as the line is. */
enum rec_result rec_read(struct rec *r, const char *p, size_t n, const char **why);
/* The same for who reads many: values are found by what is noted on t (scan.h),
 * and r is valid until t's next line. */
enum rec_result rec_read_noting(struct rec *r, const char *p, size_t n, struct tape *t,
    const char **why);
/* The same for who reads very many of them: what the records of a flow say alike is remembered. */
struct rec_flows;
struct rec_flows *rec_flows_new(void);          /* NULL: memory is out, and nothing is remembered */
void rec_flows_free(struct rec_flows *f);
enum rec_result rec_read_again(struct rec *r, const char *p, size_t n, struct tape *t,
    struct rec_flows *f, const char **why);
/* Of a line to come: its flow's number, or 0 where that does not show at once. Where it would be
 * remembered is asked for: some time later rec_ahead_known() tells whether it is, and asks for what
 * is. */
uint64_t rec_ahead(struct rec_flows *f, const char *p, size_t n);
bool rec_ahead_known(struct rec_flows *f, uint64_t flow_id);
/* The file a record of Zeek's came from, "logs/conn.10:00:00-11:00:00.log.gz": without
 * _path its name is the log's. Borrowed. */
void rec_from_file(struct rec *r, const char *file);

#endif
