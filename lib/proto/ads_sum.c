/* ads_sum.c: ADS sum commands: many reads, writes or notifications in one
 * ReadWrite. What is written is an event for each entry; what is read is a list.
 *
 *     sum read          n x (group, offset, length)            n x error, data
 *     sum write         n x (group, offset, length), data      n x error
 *     sum read write    n x (group, offset, read, write), data n x (error, length), data
 *     sum read ex       n x (group, offset, length)            n x (error, length), data
 *     sum add           n x (group, offset, attributes 32)     n x (error, handle)
 *     sum delete        n x handle                             n x error */
#include "proto/ads.h"
#include "proto/memo.h"

struct entry {
	uint32_t group, offset, read, write, handle;
	struct rd written, answer;
	bool answered;
	uint32_t result, length;
};

/* Bytes of an entry in the request's and the answer's tables. */
static const struct { uint8_t q, a; } sizes[] = {
	{ 12, 4 }, { 12, 4 }, { 16, 8 }, { 12, 8 }, { 12, 8 }, { 40, 8 }, { 4, 4 },
};

/* The four parts of an exchange: tables and data of both directions. */
struct parts { struct rd qt, qd, at, ad; uint32_t n; };

static struct parts
divide(uint32_t group, uint32_t count, struct rd written, struct rd answer)
{
	struct parts p = { .n = count };
	uint32_t q = sizes[group - ADS_G_SUM_READ].q, a = sizes[group - ADS_G_SUM_READ].a;

	/* no more than both tables can hold */
	if (p.n > rd_left(&written) / q)
		p.n = rd_left(&written) / q;
	p.qt = rd_sub(&written, p.n * q);
	p.qd = written;
	p.at = rd_sub(&answer, p.n * a < rd_left(&answer) ? p.n * a : rd_left(&answer));
	p.ad = answer;
	return p;
}

static void
next_entry(uint32_t group, struct parts *p, bool answered, struct entry *x)
{
	uint32_t n;

	memset(x, 0, sizeof(*x));
	if (group == ADS_G_SUM_DEL_NOTE) {
		x->handle = rd_le32(&p->qt);
	} else {
		x->group = rd_le32(&p->qt);
		x->offset = rd_le32(&p->qt);
		x->length = rd_le32(&p->qt);
		if (group == ADS_G_SUM_READ_WRITE)
			x->write = rd_le32(&p->qt);
		else if (group == ADS_G_SUM_ADD_NOTE)
			rd_skip(&p->qt, 28);
		else if (group == ADS_G_SUM_WRITE)
			x->write = x->length;
	}
	x->written = rd_sub(&p->qd, x->write);
	x->answer = rd_init(NULL, 0, 0);
	x->answered = answered && rd_left(&p->at) >= 4;
	if (!x->answered)
		return;
	x->result = rd_le32(&p->at);
	n = group == ADS_G_SUM_READ ? x->length : 0;
	if (group == ADS_G_SUM_READ_WRITE || group == ADS_G_SUM_READ_EX ||
	    group == ADS_G_SUM_READ_EX2)
		n = rd_le32(&p->at);
	else if (group == ADS_G_SUM_ADD_NOTE)
		x->handle = rd_le32(&p->at);
	/* a failed entry has its bytes all the same, in the older forms */
	x->answer = rd_sub(&p->ad, n < rd_left(&p->ad) ? n : rd_left(&p->ad));
}

static void
report_each(struct ads_talk *t, uint32_t group, struct parts *p, bool answered, uint32_t result)
{
	for (uint32_t i = 0; i < p->n && rd_left(&p->qt); i++) {
		struct ev *e = ads_begin(t);
		struct entry x;

		next_entry(group, p, answered && !result, &x);
		e->ot.op = group == ADS_G_SUM_WRITE || x.write ? OT_WRITE : OT_READ;
		e->ot.service = group == ADS_G_SUM_WRITE ? TEXT("SumWrite") : TEXT("SumReadWrite");
		ev_uint(e, "entry", i + 1);
		ev_uint(e, "entries", p->n);
		ads_put_place(t, x.group, x.offset, x.written);
		ev_uint(e, "length", x.write);
		if (group == ADS_G_SUM_READ_WRITE &&
		    (x.group == ADS_G_HANDLE || x.group == ADS_G_BY_NAME ||
		    x.group == ADS_G_INFO || x.group == ADS_G_INFO_EX)) {
			e->ot.op = OT_READ;
			if (x.group == ADS_G_HANDLE && x.answered && !x.result)
				ads_learn(t, x.group, (struct text){ t->obj, t->obj_n }, x.answer);
		} else {
			ads_put_value(e, x.written, true);
		}
		ads_emit(t, answered, result ? result : x.result);
	}
}

/* Entries that change nothing, in one event. */
static void
report_list(struct ads_talk *t, uint32_t group, struct parts *p, bool answered, uint32_t result)
{
	struct ads_state *s = t->c->state;
	struct ev *e = ads_begin(t);
	struct rd none = rd_init(NULL, 0, 0);
	uint32_t good = 0, worst = 0, n = 0;
	char d[ADS_OBJECT_TEXT];

	e->ot.op = group >= ADS_G_SUM_ADD_NOTE ? OT_SUBSCRIBE : OT_READ;
	e->ot.service = group == ADS_G_SUM_ADD_NOTE ? TEXT("SumAddDeviceNotification") :
	    group == ADS_G_SUM_DEL_NOTE ? TEXT("SumDeleteDeviceNotification") : TEXT("SumRead");
	ev_uint(e, "index_group", group);
	ev_cstr(e, "group", ads_group_name(group));
	ev_arr(e, "items");
	for (; n < p->n && rd_left(&p->qt); n++) {
		struct text place;
		struct entry x;
		const char *name;

		next_entry(group, p, answered && !result, &x);
		place = group == ADS_G_SUM_DEL_NOTE ?
		    memo_get(t->c, ads_number(t->h.target.port, x.handle, true), &s->map_at) :
		    ads_place(t, x.group, x.offset, none, d);
		if (x.result && !worst)
			worst = x.result;
		good += x.answered && !x.result;
		if (group == ADS_G_SUM_ADD_NOTE && x.answered && !x.result)
			memo_put(t->c, ads_number(t->h.target.port, x.handle, true), place);
		if (n >= LIM_ADS_ITEMS)
			continue;
		if (place.n && t->obj_n + place.n + 7 <= sizeof(t->obj)) {
			if (t->obj_n) {
				memcpy(t->obj + t->obj_n, "; ", 2);
				t->obj_n += 2;
			}
			memcpy(t->obj + t->obj_n, place.p, place.n);
			t->obj_n += place.n;
		}
		ev_a_obj(e);
		if (group != ADS_G_SUM_DEL_NOTE) {
			ev_uint(e, "index_group", x.group);
			ev_uint(e, "index_offset", x.offset);
			ev_uint(e, "length", x.length);
		}
		if (group == ADS_G_SUM_DEL_NOTE ? place.n > 0 : t->named)
			ev_str(e, "symbol", place);
		if (group >= ADS_G_SUM_ADD_NOTE)
			ev_uint(e, "handle", x.handle);
		if (x.result) {
			name = ads_error_name(x.result);
			ev_str(e, "result", name ? text_c(name) : ev_text(e, "0x%x", x.result));
		} else {
			ads_put_value(e, x.answer, false);
		}
		ev_end(e);
	}
	ev_end(e);
	e->ot.has_count = true;
	e->ot.count = n;
	ads_emit(t, answered, result ? result : good ? 0 : worst);
}

bool
ads_sum(struct ads_talk *t, uint32_t group, uint32_t count, struct rd written, bool answered,
    uint32_t result, struct rd answer)
{
	struct parts p;

	if (group < ADS_G_SUM_READ || group > ADS_G_SUM_DEL_NOTE || !rd_left(&written))
		return false;
	p = divide(group, count, written, answer);
	if (!p.n)
		return false;
	if (count != p.n && !rd_short(&t->q))
		rd_set_bad(&t->q);
	if (group == ADS_G_SUM_WRITE || group == ADS_G_SUM_READ_WRITE)
		report_each(t, group, &p, answered, result);
	else
		report_list(t, group, &p, answered, result);
	if (rd_bad(&p.qd))
		rd_set_bad(&t->q);
	return true;
}
