/* record.h: items from records that say what they are: a file for each maker of records.
 *
 * Each function gets a record whose envelope is read and makes what items it holds; a record
 * that is none is passed over (reading_pass). False only where the run cannot go on. */
#ifndef OT_TIMELINE_RECORD_H
#define OT_TIMELINE_RECORD_H

#include "model/rec.h"
#include "timeline/reading.h"

/* What was done to a device, in the words of our "ot" block. */
struct record_ot { struct sval op, service, object, value, result; };
bool record_ot(struct reading *r, const struct rec *c, const struct record_ot *o);

/* Suricata's own events, and those of ours that have its shape. */
bool record_alert(struct reading *r, const struct rec *c);
/* Without "ot": Suricata's. */
bool record_modbus(struct reading *r, const struct rec *c);
bool record_dnp3(struct reading *r, const struct rec *c);
bool record_enip(struct reading *r, const struct rec *c);
bool record_flow(struct reading *r, const struct rec *c);
bool record_stats(struct reading *r, const struct rec *c);
bool record_other(struct reading *r, const struct rec *c);      /* --all */

/* Ours: inventory, remote access, credentials, syslog heard. */
bool record_change(struct reading *r, const struct rec *c);
bool record_session(struct reading *r, const struct rec *c);
bool record_credential(struct reading *r, const struct rec *c);
bool record_syslog(struct reading *r, const struct rec *c);
/* Of a calibration ledger, and of an incident's journal. False: it is none of theirs. */
bool record_ledger(struct reading *r, const struct rec *c, bool *ok);
bool record_journal(struct reading *r, const struct rec *c, bool *ok);

bool record_zeek(struct reading *r, struct rec *c);

/* An item with what the envelope says: asset and zone of the destination (`of_src`: of the
 * source), peer the other end, where the packet is. */
struct timeline_item record_item(struct reading *r, const struct rec *c, bool of_src);
/* A member's text in scratch, empty where there is none. */
struct timeline_text record_text(struct reading *r, const struct sval *of, const char *path);
/* The same as text for reading_join(): NUL-terminated in buf. */
const char *record_cstr(const struct sval *of, const char *path, char *buf, size_t cap);
/* "holding_register:40012" of an address on the wire. */
void record_modbus_object(char *t, size_t cap, const char *table, uint64_t address);

#endif
