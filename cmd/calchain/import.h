/* import.h: between import.c, import_dcc.c and import_csv.c. */
#ifndef CALCHAIN_IMPORT_H
#define CALCHAIN_IMPORT_H

#include "calchain.h"

#include "ledger/dcc.h"
#include "ledger/history.h"

/* What was asked for; lists are owned, what is in them is the command line's. */
struct import {
	const char **files, **ids, **map, **set;
	size_t nfiles, nids, nmap, nset;
	bool dcc, csv, with_instrument, keep_invalid;
	const char *ca, *instrument, *lang, *store;
	struct dcc_trust *trust;
	struct history_opts table;
	int status;                     /* the exit status so far: 2 over 1 over 0 */
};

/* One file, its records written where all of them are good. False with e. */
bool import_certificate(struct import *m, const char *path, struct err *e);
bool import_table(struct import *m, const char *path, struct err *e);

/* Records of one file, written out when all of them are good. */
struct imported { char *p; size_t n; struct jw w; };
bool imported_begin(struct imported *r, struct err *e);
/* Takes over what was written to w. */
bool imported_keep(struct imported *r, struct err *e);
void imported_end(struct imported *r, bool write, struct err *e);

/* The bytes as DIR/files/<sha256>, if they are not there yet. */
bool import_store(const char *dir, const char *sha256, const void *p, size_t n, struct err *e);

#endif
