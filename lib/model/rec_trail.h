/* rec_trail.h: a record of a flow that is known, followed without reading it. */
#ifndef OT_REC_TRAIL_H
#define OT_REC_TRAIL_H

#include "json/trail.h"
#include "model/rec.h"

/* Whether of two ports the source's is the service's rather: the other is one given out to a
 * client for the moment, or they are equals. */
static inline bool
rec_port_serves(uint16_t sport, uint16_t dport)
{
	return sport == dport || (sport < 32768 && dport >= 32768) ||
	    (sport < 1024 && dport >= 1024);
}
/* Whether a source's port says something of who serves: it is a service's own (67 and 547 are those
 * of DHCP), or none. Else it is one given out to a client, and another would say the same. */
static inline bool
rec_port_tells(uint16_t sport, uint16_t dport)
{
	return sport == 0 || rec_port_serves(sport, dport) || sport == 67 || sport == 547;
}

/* What the reader keeps with a flow's words, and with those of flows between the same ends whose
 * source's port tells nothing: a number, and what will be looked at for it. */
struct rec_own { const void *at; uint32_t id; };
enum { REC_OWN = 128 };                 /* so many bytes at `at` are asked for ahead */

struct rec_trail {
	struct sval line;               /* all of it */
	struct trail v;
	struct rec_own *own;            /* zeros at first; NULL: it is of no flow */
};

/* Of a line whose flow, or one like it, had records before, with the same words on it, or that is
 * of no flow; and that is of a known kind.
 * False: rec_read_again() it. t and f are what rec_read_again() is given. */
bool rec_follow(struct rec_trail *l, const char *p, size_t n, const struct tape *t,
    struct rec_flows *f);

#endif
