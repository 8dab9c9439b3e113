/* dnp3_part.c: what one message commands or writes, thing by thing. A CROB or a
 * setpoint is a thing, and so is a point that a WRITE names by its index; a range
 * that is written is one thing with many values. */
#include "proto/dnp3.h"

bool
dnp3_is_part(uint8_t fc, const struct dnp3_obj *h)
{
	if (fc == DNP3_WRITE)
		return h->data;
	if ((fc >= DNP3_SELECT && fc <= DNP3_DIRECT_NR) || fc == DNP3_RESPONSE)
		return h->data && ((h->group == 12 && h->var != 3) || h->group == 41);
	return false;
}

static bool
by_point(uint8_t fc, const struct dnp3_obj *h)
{
	return fc != DNP3_WRITE || (h->prefix >= 1 && h->prefix <= 3);
}

/* Visits the parts; stops at the one asked for. Returns how many were seen. */
static unsigned
walk(const struct dnp3_msg *m, unsigned want, struct dnp3_part *out)
{
	struct rd r = m->body;
	struct dnp3_walk w;
	struct dnp3_point p;
	unsigned n = 0;

	dnp3_walk_begin(&w, &r, m->fc);
	while (n < LIM_DNP3_PARTS && dnp3_next_object(&w)) {
		if (!dnp3_is_part(m->fc, &w.h))
			continue;
		if (!by_point(m->fc, &w.h)) {
			if (++n == want && out) {
				out->h = w.h;
				out->p = (struct dnp3_point){ 0 };
				return n;
			}
			continue;
		}
		while (n < LIM_DNP3_PARTS && dnp3_next_point(&w, &p)) {
			if (++n == want && out) {
				out->h = w.h;
				out->p = p;
				return n;
			}
		}
	}
	return n;
}

unsigned
dnp3_parts(const struct dnp3_msg *m)
{
	unsigned n = m->link_only ? 0 : walk(m, 0, NULL);

	return n > 1 ? n : 0;
}

bool
dnp3_part_find(const struct dnp3_msg *m, unsigned part, struct dnp3_part *out)
{
	return !m->link_only && walk(m, part ? part : 1, out) >= (part ? part : 1);
}
