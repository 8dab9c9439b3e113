#include "proto/pend_long.h"

#include "proto/proto.h"

/* Behind the head of the first entry; a part has the first member alone. */
struct tail { uint32_t n, total; };

enum { PART_MAX = PEND_DATA - sizeof(uint32_t) };

static uint64_t
part_key(uint64_t key, uint32_t i)
{
	return key | (uint64_t)(i + 1) << 56;
}

void
pend_long_put(struct dctx *c, uint64_t key, const void *head, size_t n, struct rd r, uint32_t max)
{
	struct tail t = { .total = rd_left(&r) };
	uint32_t room = (uint32_t)(PEND_DATA - n - sizeof(t)), left;
	const uint8_t *d;
	uint8_t *data;

	left = rd_have(&r) < max ? rd_have(&r) : max;
	t.n = left < room ? left : room;
	if ((data = pend_new(c, key, n + sizeof(t) + t.n))) {
		memcpy(data, head, n);
		memcpy(data + n, &t, sizeof(t));
		if ((d = rd_bytes(&r, t.n)))
			memcpy(data + n + sizeof(t), d, t.n);
	}
	left -= t.n;
	for (uint32_t i = 0; left && i < 254; i++) {
		uint32_t m = left < PART_MAX ? left : PART_MAX;
		if ((data = pend_new(c, part_key(key, i), sizeof(m) + m))) {
			memcpy(data, &m, sizeof(m));
			if ((d = rd_bytes(&r, m)))
				memcpy(data + sizeof(m), d, m);
		}
		left -= m;
	}
}

struct rd
pend_long_rd(struct dctx *c, const struct pend *p, size_t n, uint8_t *buf, uint32_t max)
{
	struct dctx back = *c;
	struct tail t;
	uint32_t have;

	memcpy(&t, p->data + n, sizeof(t));
	have = t.n < max ? t.n : max;
	memcpy(buf, p->data + n + sizeof(t), have);
	back.side = !p->side;           /* found as an answer would find it */
	for (uint32_t i = 0; i < 254 && have < t.total; i++) {
		struct pend *q = pend_find(&back, part_key(p->key, i));
		uint32_t m;
		if (!q)
			break;
		memcpy(&m, q->data, sizeof(m));
		if (m <= max - have) {
			memcpy(buf + have, q->data + sizeof(m), m);
			have += m;
		}
		pend_done(&back, q);
	}
	return rd_init(buf, have, t.total);
}
