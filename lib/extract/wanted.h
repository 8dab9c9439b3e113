/* wanted.h: which packets are wanted by name: numbers, and records that name them.
 *
 *     struct wanted *w = wanted_new(&e);
 *     for each record: wanted_record(w, line, n, &e);
 *     wanted_ready(w, &e);
 *     for each packet: wanted_has(w, &packet) */
#ifndef OT_WANTED_H
#define OT_WANTED_H

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
/* What a record names: of every object in it, at whatever depth, that has a pcap_cnt; one
 * without a pcap_filename has that of the object around it. The line was checked
 * (json/scan.h). False: memory is out, or a ceiling was met. */
bool wanted_record(struct wanted *w, const char *line, size_t n, struct err *e);
/* After all of the above: they are put in order. False: none is named. */
bool wanted_ready(struct wanted *w, struct err *e);

/* The files that records name, in the order of their first mention; NULL past the last. */
const char *wanted_file(const struct wanted *w, size_t i);
/* True where some record names no file, or numbers were given. */
bool wanted_nameless(const struct wanted *w);
/* Forgets the packets of no named file: with several captures nobody knows whose they are.
 * How many they were; after wanted_ready(). */
uint64_t wanted_forget_nameless(struct wanted *w);

/* Whether this packet is one of them. A file is the one that was named, or the only one
 * with its last part: captures move to other folders. */
bool wanted_has(struct wanted *w, const struct packet *p);

/* The packets named, and how many of them wanted_has() never saw: each packet is asked for
 * once. */
uint64_t wanted_total(const struct wanted *w);
uint64_t wanted_missing(const struct wanted *w);
/* The same of the packets that one capture would have: 0 where it is named by none. */
uint64_t wanted_total_of(struct wanted *w, const char *file, uint64_t *missing);
/* Whether one of these captures is the one that is named so. */
bool wanted_is_file(const char *named, const char *file);

#endif
