/* memo.c: numbers and their names, one after another: number 8, length 2, name. */
#include "proto/memo.h"

#include "proto/gather.h"
#include "proto/proto.h"

enum { HEAD = 10 };
static const uint64_t key = UINT64_MAX;

static struct gather *
memo_find(struct dctx *c)
{
	struct dctx d = *c;

	d.side = 0;
	return gather_find(&d, key);
}

void
memo_put(struct dctx *c, uint64_t num, struct text name)
{
	struct gather *m = memo_find(c);
	struct dctx d = *c;
	uint8_t b[HEAD + LIM_TEXT];
	uint32_t n = name.n < LIM_TEXT ? name.n : LIM_TEXT;
	struct rd r;

	for (unsigned i = 0; i < 8; i++)
		b[i] = (uint8_t)(num >> i * 8);
	b[8] = (uint8_t)n;
	b[9] = (uint8_t)(n >> 8);
	if (n)
		memcpy(b + HEAD, name.p, n);
	d.side = 0;
	if (!m || m->n + HEAD + n > LIM_GATHER_BYTES)
		m = gather_begin(&d, key);
	r = rd_init(b, HEAD + n, HEAD + n);
	gather_add(m, &r);
}

struct text
memo_get(struct dctx *c, uint64_t num, uint32_t *at)
{
	const struct gather *m = memo_find(c);

	for (int pass = 0; m && pass < 2; pass++) {
		struct rd r = gather_rd(m);
		if (pass == 0 && *at < m->n)
			rd_skip(&r, *at);
		while (rd_left(&r)) {
			uint64_t has = rd_le64(&r);
			uint16_t n = rd_le16(&r);
			const uint8_t *p = rd_bytes(&r, n);

			if (p && has == num) {
				*at = r.off;
				return (struct text){ (const char *)p, n };
			}
		}
	}
	return (struct text){ 0 };
}
