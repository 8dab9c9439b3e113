/* package.h: an incident as a folder that somebody else can check with sha256sum(1) and
 * openssl(1): its journal, and the records, packets, reports and calibrations that belong to it.
 *
 *     FOLDER/journal/              the journal's files as the newest head covers them
 *            records/              records of the events, line by line as they were
 *            packets/              the packets that these name, and the flows these are of
 *            reports/              what was known at each stage, and what was handed in
 *            proofs/               that each submission is in the journal (C2SP tlog-proof)
 *            calibration/          the ledger's records of the instruments affected, with proofs
 *            custody.ndjson, .txt  each item: whence, with which digest; what is not here, and why
 *            README.txt            how it is checked, and what that shows
 *            SHA256SUMS, .sig, .pem    digests of all of it, signed, and the public key
 *
 * The folder is made beside and renamed when it is whole; one that is there is refused. Memory is
 * that of the journal, of the packet numbers named and of the custody list, each with a ceiling. */
#ifndef OT_PACKAGE_H
#define OT_PACKAGE_H

#include "chain/signer.h"
#include "incident/incident.h"
#include "model/rules.h"
#include "model/site.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct package_ask {
	const char *journal, *out;              /* folders; out: a new one, or its archive, X.tar */
	const char *const *events; size_t nevents;      /* files of records */
	const char *const *captures; size_t ncaptures;
	const char *ledger;                     /* or NULL */
	int64_t from, to;                       /* INT64_MIN, INT64_MAX: no bound; to is not in */
	const struct site *site;                /* or NULL: what instruments' addresses are */
	const struct incident_fields *fields;
	const struct rules *rules;
	const char *lang;                       /* of the custody list */
	const char *who, *program;              /* "anna", "nis2report 0.1" */
	struct signer *key;                     /* signs SHA256SUMS */
	bool key_is_journals;                   /* it is the journal's own */
	/* Told each fault, and each thing that is not in it, as the custody list has them. */
	void (*say)(void *arg, const char *text);
	void *arg;
};

struct package_answer {
	uint64_t files, bytes;                  /* in the folder */
	uint64_t records, packets;              /* taken */
	bool faulty;                            /* the journal, or the ledger, does not hold */
	bool lacking;                           /* something that was asked for is not in it */
};

/* False: nothing is there, and e says why. */
bool package_make(const struct package_ask *ask, struct package_answer *answer, struct err *e);

#endif
