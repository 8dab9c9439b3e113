/* certificate.h: a calibration in a ledger with all that belongs to it, for who shows it.
 *
 * Values lie in the lines of the ledger, which whoever fills this keeps; numbers keep
 * the digits they were written with. */
#ifndef OT_CERTIFICATE_H
#define OT_CERTIFICATE_H

#include "json/scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct certificate_standard {
	struct sval used;               /* as the calibration names it: {instrument, certificate} */
	struct sval *said;              /* blocks of its own records before it, the latest first */
	size_t nsaid;
};

struct certificate {
	const char *ledger;             /* its folder, as people would name it */
	uint64_t seq, last;             /* of the record; of the last one of the ledger */
	struct sval record;
	struct sval block;              /* of the calibration or verification */
	const char *type;               /* "calibration", "verification" */
	struct sval *instrument;        /* blocks of its records before it, the latest first */
	size_t ninstrument;
	struct certificate_standard *standards;
	size_t nstandards;
	struct sval *later;             /* whole records that concern it, in order */
	size_t nlater;
};

#endif
