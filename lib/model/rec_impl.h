/* rec_impl.h: what the readers of records share: rec.c reads EVE's envelope, and
 * rec_zeek.c that of Zeek's logs. */
#ifndef OT_REC_IMPL_H
#define OT_REC_IMPL_H

#include "model/rec.h"

#include <string.h>

static inline bool
key_is(const struct sval *k, const char *s, size_t n)
{
	return k->n == n && memcmp(k->p, s, n) == 0;
}
#define KEY(k, lit)     key_is(k, lit, sizeof(lit) - 1)

/* One member's value; what is none of its kind is unknown. */
void rec_get_addr(const struct sval *v, struct addr *a);
void rec_get_port(const struct sval *v, uint16_t *port);
bool rec_get_mac(const struct sval *v, uint8_t m[6]);
void rec_get_vlan(const struct sval *v, struct rec *r);

/* The record begins its run of a flow's members with the value at first, of "flow_id", and nothing
 * of them stood before it. True: it is a run that was kept, r has what it says, and s goes on
 * behind it. */
bool rec_again(struct rec_flows *f, struct rec *r, const struct sval *first, struct scan *s);
/* A run as it was read: its first and its last value, the last one's key, and what flows between
 * the same ends differ in: community_id and src_port, or none. */
struct rec_run {
	struct sval first, last, last_key;
	struct sval id, port;
};
/* The run was read into r, and nothing else of a flow. */
void rec_keep(struct rec_flows *f, const struct rec *r, const struct rec_run *run);
/* What lines are compared with (json/shape.h), or NULL. */
void rec_shapes(struct rec_flows *f, struct shapes *s);

/* A line without event_type: does it look like one of Zeek's logs? */
bool rec_is_zeek(const struct sval *line);
void rec_zeek_member(struct rec *r, const struct sval *k, const struct sval *v);

#endif
