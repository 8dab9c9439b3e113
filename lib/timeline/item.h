/* item.h: one thing that happened, as the timeline has it: what people, programs and the wire
 * said of it, when by their clock and when by ours, and where it is written.
 *
 * Texts are spans, not NUL-terminated, UTF-8, empty (n == 0, p not NULL) where nothing is
 * known; who owns them is said where an item is given. */
#ifndef OT_TIMELINE_ITEM_H
#define OT_TIMELINE_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum timeline_kind {
	TIMELINE_COMMAND,       /* writes, programs, modes: ot.op write, command, program,
	                         * configure */
	TIMELINE_ALARM,         /* of a controller or a building system */
	TIMELINE_ALERT,         /* of a sensor: Suricata's and ours */
	TIMELINE_CHANGE,        /* of the inventory */
	TIMELINE_CALIBRATION,   /* of the ledger */
	TIMELINE_SESSION,       /* remote access begins or ends */
	TIMELINE_RESULT,        /* a LIMS released something */
	TIMELINE_LOGIN,         /* somebody logged on, or a credential was seen */
	TIMELINE_LOG,           /* syslog, and the rest */
	TIMELINE_NOTE,          /* of the incident's journal */
	TIMELINE_GAP,           /* a source was silent, or lost something */
	TIMELINE_CLOCK,         /* a source's clock was set */
	TIMELINE_KINDS
};

/* Suricata's 3, 2, 1 are low, medium, high; syslog: timeline_syslog_severity(). */
enum timeline_severity { TIMELINE_INFO, TIMELINE_NOTICE, TIMELINE_LOW, TIMELINE_MEDIUM,
	TIMELINE_HIGH, TIMELINE_SEVERITIES };

struct timeline_text { const char *p; uint32_t n; };

/* Why it may have happened: another item before it. */
struct timeline_because {
	uint64_t n;                     /* that item's number */
	const char *rule;               /* id in lib/rules/correlation.json; of the rules */
	double seconds;                 /* from that item to this one */
};
enum { TIMELINE_BECAUSE = 3, TIMELINE_ALSO = 4 };

struct timeline_item {
	uint64_t n;                     /* its number, from 1, in the order of time */
	int64_t us;                     /* when, its source's clock put right */
	int64_t shown;                  /* when by that clock, as UTC */
	int64_t last;                   /* of what was folded into it; us where count is 1.
	                                 * A gap's end */
	uint64_t count;                 /* how often: 1, or more where it is folded */
	uint64_t line;                  /* in its file, from 1; 0: it is no line (a gap) */
	uint64_t packet;                /* in the capture, from 1; 0: none */
	uint64_t flow;                  /* of community_id, to compare; 0: none */
	uint32_t file;                  /* timeline_file() */
	uint16_t source;                /* timeline_source() */
	uint16_t also[TIMELINE_ALSO];   /* sources of what was folded into it, but this one */
	uint8_t nalso, nbecause;
	uint8_t kind, severity;         /* enum timeline_kind, enum timeline_severity */
	struct timeline_text text;      /* what happened */
	struct timeline_text asset;     /* the site's instrument, the record's asset, or the
	                                 * address: whom it happened to */
	struct timeline_text zone;      /* the site's zone of it */
	struct timeline_text object;    /* "holding_register:40012" */
	struct timeline_text value;     /* what was written or shown: "12.5" */
	struct timeline_text peer;      /* who did it: as asset; of a note: its author */
	struct timeline_text capture;   /* the packet's file */
	struct timeline_because because[TIMELINE_BECAUSE];
};

/* "command", ...; "info", "notice", "low", "medium", "high". */
const char *timeline_kind_name(enum timeline_kind k);
const char *timeline_severity_name(enum timeline_severity s);
bool timeline_kind_of(const char *p, size_t n, enum timeline_kind *k);
bool timeline_severity_of(const char *p, size_t n, enum timeline_severity *s);
/* Of RFC 5424's 0 (emergency) to 7 (debug): high to 2, medium 3, low 4, notice 5, else info. */
enum timeline_severity timeline_syslog_severity(unsigned severity);

#endif
