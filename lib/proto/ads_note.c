/* ads_note.c: ADS notifications: asked for, cancelled, sent. What a handle stands
 * for is remembered from when it was asked for. */
#include "proto/ads.h"
#include "proto/memo.h"

void
ads_add_note(struct ads_talk *t)
{
	struct ev *e = ads_begin(t);
	uint32_t result = 0, handle;
	struct rd none = rd_init(NULL, 0, 0);

	e->ot.op = OT_SUBSCRIBE;
	if (t->has_q) {
		uint32_t group = rd_le32(&t->q), offset = rd_le32(&t->q), n = rd_le32(&t->q);
		uint32_t mode = rd_le32(&t->q), delay = rd_le32(&t->q), cycle = rd_le32(&t->q);
		rd_skip(&t->q, 16);
		if (rd_ok(&t->q)) {
			ads_put_place(t, group, offset, none);
			ev_uint(e, "length", n);
			ev_uint(e, "mode", mode);
			ev_uint(e, "max_delay_us", delay / 10);
			ev_uint(e, "cycle_us", cycle / 10);
		}
	}
	if (t->has_a && !t->error) {
		result = rd_le32(&t->a);
		handle = rd_left(&t->a) ? rd_le32(&t->a) : 0;
		if (rd_ok(&t->a) && !result) {
			ev_uint(e, "handle", handle);
			if (t->obj_n)
				memo_put(t->c, ads_number(t->h.target.port, handle, true),
				    (struct text){ t->obj, t->obj_n });
		}
	}
	ads_emit(t, true, result);
}

void
ads_del_note(struct ads_talk *t)
{
	struct ads_state *s = t->c->state;
	struct ev *e = ads_begin(t);
	uint32_t result = 0;

	e->ot.op = OT_SUBSCRIBE;
	if (t->has_q) {
		uint32_t handle = rd_le32(&t->q);
		if (rd_ok(&t->q)) {
			struct text name = memo_get(t->c,
			    ads_number(t->h.target.port, handle, true), &s->map_at);
			ev_uint(e, "handle", handle);
			t->obj_n = name.n < ADS_OBJECT_TEXT ? name.n : ADS_OBJECT_TEXT;
			if (t->obj_n)
				memcpy(t->obj, name.p, t->obj_n);
		}
	}
	if (t->has_a && !t->error)
		result = rd_le32(&t->a);
	ads_emit(t, true, result);
}

/* Stamps of time, each with samples: handle, size, bytes. The sender is whose
 * variables these are. */
void
ads_note(struct ads_talk *t)
{
	struct ads_state *s = t->c->state;
	struct ev *e = ads_begin(t);
	struct rd *q = &t->q;
	uint32_t stamps, total = 0, alone = 0;

	rd_skip(q, 4);
	stamps = rd_le32(q);
	e->ot.op = OT_REPORT;
	ev_arr(e, "items");
	for (uint32_t i = 0; i < stamps && rd_left(q); i++) {
		uint64_t time = rd_le64(q);
		uint32_t samples = rd_le32(q);

		for (uint32_t k = 0; k < samples && rd_left(q); k++, total++) {
			uint32_t handle = rd_le32(q), n = rd_le32(q);
			struct rd data = rd_sub(q, n);
			struct text name;

			if (rd_bad(q) || total >= LIM_ADS_ITEMS)
				continue;
			name = memo_get(t->c, ads_number(t->h.source.port, handle, true),
			    &s->map_at);
			ev_a_obj(e);
			ev_uint(e, "handle", handle);
			ev_str(e, "symbol", name);
			ev_uint(e, "length", n);
			alone = total == 0 && stamps == 1 && samples == 1;
			ads_put_value(e, data, alone);
			/* 100 ns since 1601 */
			if (time > 116444736000000000 && time < 2650467743990000000)
				jw_time(e->w, "time", (int64_t)(time / 10) - 11644473600000000);
			ev_end(e);
			if (!total) {
				t->obj_n = name.n < ADS_OBJECT_TEXT ? name.n : ADS_OBJECT_TEXT;
				if (t->obj_n)
					memcpy(t->obj, name.p, t->obj_n);
			}
		}
	}
	ev_end(e);
	e->ot.has_count = true;
	e->ot.count = total;
	if (total > 1)
		t->obj_n = 0;
	ads_emit(t, false, 0);
}
