/* site_start_impl.h: between site_start.c and site_propose.c. Nobody else includes this. */
#ifndef OT_SITE_START_IMPL_H
#define OT_SITE_START_IMPL_H

#include "assess/site_start.h"

struct site_start {
	const struct rules *rules;
	const char *lang;
	json_t *site, *organisation, *zones, *instruments, *people;
	json_t *ids;                    /* of instruments and zones proposed: each once */
	size_t proposed, networks;
};

#endif
