/* iec104.h: the parts of IEC 60870-5-104 among themselves. */
#ifndef OT_PROTO_IEC104_H
#define OT_PROTO_IEC104_H

#include "proto/proto.h"

enum { IEC_ASDU_MAX = 249 };

/* Causes of transmission that decide something: IEC 60870-5-101, 7.2.3. */
enum { COT_REQUEST = 5, COT_ACT = 6, COT_ACT_CON = 7, COT_DEACT = 8, COT_DEACT_CON = 9,
	COT_ACT_TERM = 10, COT_FILE = 13, COT_INTERROGATED = 20, COT_COUNTERS_LAST = 41,
	COT_UNKNOWN_TYPE = 44, COT_UNKNOWN_IOA = 47 };

enum { IEC_C_FIRST = 45, IEC_C_LAST = 64, IEC_EI = 70, IEC_IC = 100, IEC_CI = 101, IEC_RD = 102,
	IEC_CS = 103, IEC_RP = 105, IEC_P_FIRST = 110, IEC_P_LAST = 113, IEC_F_FIRST = 120,
	IEC_F_READY = 120, IEC_F_CALL = 122, IEC_F_SEGMENT = 125, IEC_F_DIRECTORY = 126,
	IEC_F_LOG = 127 };

/* A type: its name, and what its information elements are made of (iec104_asdu.c). */
struct iec_type { const char *name, *layout; };
const struct iec_type *iec_type(uint8_t id);            /* or NULL */
const char *iec_cause(uint8_t cause);
const char *iec_u_name(uint8_t function);               /* "STARTDT act", or NULL */
extern const struct tok iec_init[], iec_qoi[], iec_counters[], iec_freeze[], iec_reset[],
    iec_parameter[], iec_file_select[], iec_file_ack[];
extern const char *const iec_double_command[4], *const iec_step_command[4], *const iec_pulse[4];

enum { IEC_I, IEC_S, IEC_U };

/* The head of an APDU and, of an I format, its ASDU. */
struct iec_apdu {
	uint8_t format, u;
	uint16_t tx, rx;
	uint8_t type, count, cause, originator;
	bool sq, negative, test;
	uint16_t ca;
	uint32_t ioa;           /* the first */
	struct rd objects;      /* from the first object address on */
};
/* One APDU, which r holds whole. False: it is none. */
bool iec_decode(struct rd *r, struct iec_apdu *a);

/* Seven octets of time, or three. */
struct iec_time {
	bool has, full, invalid, summer;
	uint16_t ms;
	uint8_t min, hour, day, month, year;
};

/* One information object. */
struct iec_object {
	uint32_t ioa;
	bool has_value, real, has_quality, has_qualifier, has_select, select, has_name, has_section,
	    has_size, has_test;
	int64_t value;
	double number;
	/* quality, as far as set */
	bool invalid, not_topical, substituted, blocked, overflow, carry, adjusted,
	    elapsed_invalid;
	uint8_t sequence;       /* of a counter reading */
	uint8_t qualifier, state, pulse;
	uint16_t elapsed_ms;
	bool has_elapsed;
	struct iec_time time, until;
	uint16_t file;          /* name of file */
	uint8_t section;
	uint32_t size;          /* of a file, a section or a segment */
};
struct iec_walk { struct rd r; const char *layout; const struct iec_apdu *a; unsigned done; };
void iec_walk_begin(struct iec_walk *w, const struct iec_apdu *a);
bool iec_next(struct iec_walk *w, struct iec_object *o);
/* Whether the ASDU holds just the objects it says. */
bool iec_whole(const struct iec_apdu *a);

/* iec104_put.c: the detail and the common block. */
void iec_put(struct ev *e, const struct iec_apdu *a, unsigned part);
void iec_put_confirmation(struct ev *e, const struct iec_apdu *a);
/* to_station: the message goes the way of commands; to_dest: the event's dest is
 * the station. */
void iec_ot(struct ev *e, const struct iec_apdu *a, unsigned part, bool to_station, bool to_dest);
/* Whether a station says this by itself. */
bool iec_reports(const struct iec_apdu *a);

#endif
