/* register.h: the register: what people say is there.
 *
 * Entries come from CSV files, files with one JSON object a line, and the
 * instruments of the site file; those with one id are one entry. People write
 * registers, so a bad value is told with its line and passed over; only what
 * makes the whole unreadable is an error. */
#ifndef OT_REGISTER_H
#define OT_REGISTER_H

#include "base/addr.h"
#include "base/err.h"
#include "model/site.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum reg_field {
	REG_ID, REG_NAME, REG_KIND, REG_MAKE, REG_MODEL, REG_SERIAL, REG_FIRMWARE, REG_HOSTNAME,
	REG_OWNER, REG_LOCATION, REG_ZONE, REG_SUPPLIER, REG_CONTRACT, REG_CRITICALITY,
	REG_KLASSA,             /* "3/2/4": confidentiality, integrity, availability, 0 to 4 */
	REG_RISK_ENTRY, REG_CRA, REG_CALIBRATION_ID,
	REG_CALIBRATION_DUE, REG_END_OF_SUPPORT,        /* "2026-12-09" */
	REG_IN_USE,             /* "true", "false" */
	REG_SOURCE,             /* where it stands: "register.csv:12" */
	REG_TEXTS,
	/* these are lists, or parts of the above */
	REG_MAC = REG_TEXTS, REG_IP, REG_KLASSA_K, REG_KLASSA_R, REG_KLASSA_T, REG_FIELDS,
};
extern const char *const reg_names[REG_FIELDS];

struct reg_entry {
	const char *text[REG_TEXTS];    /* NULL: not said */
	uint8_t (*mac)[6]; size_t nmac;
	struct addr *ip; size_t nip;
};

/* What is wrong in a register. */
struct reg_fault {
	const char *file;
	uint64_t line;                  /* 0: nowhere in particular */
	const char *column;             /* the header's word, or NULL */
	const char *why, *value;        /* value may be NULL */
};

struct reg_text;
struct reg {
	struct reg_entry *v; size_t n;
	struct reg_fault *faults; size_t nfaults;
	uint64_t more_faults;           /* past the ceiling */
	const char **ignored; size_t nignored;  /* "register.csv: Inköpspris" */
	const char **notes; size_t nnotes;      /* how a file was read, where that is a guess */
	uint32_t *slot; size_t nslots;
	struct reg_text *texts;
};

/* Reads a file ("-": stdin) into r, which may hold others'. map: "field=header",
 * for columns whose headers are not known. False with the reason in e. */
bool reg_load(struct reg *r, const char *path, const char *const *map, size_t nmap, struct err *e);
/* The same from memory. */
bool reg_loadb(struct reg *r, const char *name, const void *p, size_t n, const char *const *map,
    size_t nmap, struct err *e);
/* The site file's instruments, with their suppliers and agreements. */
bool reg_site(struct reg *r, const struct site *s, struct err *e);
/* Once all are read: tells of serial numbers and MACs that several entries claim. (What
 * stands behind a gateway is listed with the gateway's IP address.) */
bool reg_check(struct reg *r);
void reg_free(struct reg *r);
const struct reg_entry *reg_find(const struct reg *r, const char *id);

/* One line of a fault; returns dst. */
const char *reg_fault_text(const struct reg_fault *f, char *dst, size_t cap);

/* "2026-12-09" of what people write; a month or a year alone stands for its last
 * day. False: no date. dst has 11 bytes. */
bool reg_date(char dst[11], const char *s);
/* Letters and digits alone, small, without accents: "Ägare (avd.)" -> "agareavd". */
size_t reg_fold(char *dst, size_t cap, const char *s);

#endif
