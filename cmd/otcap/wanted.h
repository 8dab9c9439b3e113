/* wanted.h: which packets are wanted by name: numbers, and records that name them. */
#ifndef OT_OTCAP_WANTED_H
#define OT_OTCAP_WANTED_H

#include "base/err.h"
#include "capture/packet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wanted;

struct wanted *wanted_new(struct err *e);
void wanted_free(struct wanted *w);

/* "12,40-52": packets of the one input there will be. */
bool wanted_numbers(struct wanted *w, const char *s, struct err *e);
/* True where s could only be that. */
bool wanted_is_list(const char *s);
/* Records, one a line: of each, every object at whatever depth that has a pcap_cnt;
 * one without a pcap_filename has that of the object around it. Says what lines were
 * none; *bad is true when there were any. False: it could not be read, e says why. */
bool wanted_records(struct wanted *w, const char *path, bool *bad, struct err *e);
/* After all of the above: they are put in order. False: none is named. */
bool wanted_ready(struct wanted *w, struct err *e);

/* The files that records name, in the order of their first mention; NULL past the last. */
const char *wanted_file(const struct wanted *w, size_t i);
/* True where some record names no file, or numbers were given. */
bool wanted_nameless(const struct wanted *w);

/* Whether this packet is one of them. A file is the one that was named, or the only one
 * with its last part: captures move to other folders. */
bool wanted_has(struct wanted *w, const struct packet *p);

/* The packets named, and how many of them wanted_has() never saw. */
uint64_t wanted_total(const struct wanted *w);
uint64_t wanted_missing(const struct wanted *w);

#endif
