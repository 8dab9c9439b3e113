/* bacnet_file.c: BACnet's file access (clause 14) and ReadRange (15.8). Of what
 * is in a file or log only how much. */
#include "proto/bacnet_put.h"

/* Start and size of a file access; of what is in the file only how much. */
static void
file_part(struct bac_out *o, struct rd *r, bool data, bool tell)
{
	uint8_t n = bac_at(r, BAC_T_OPEN, 0) ? 0 : 1;
	int64_t start;
	uint64_t count = 0;
	uint64_t bytes = 0;
	struct bac_tag t;

	bac_need(r, bac_open(r, n));
	if (!bac_app_int(r, &start))
		return;
	if (n == 1 || !data)
		bac_app_uint(r, &count);
	while (data && rd_left(r) && !bac_at(r, BAC_T_CLOSE, n) && bac_tag(r, &t)) {
		bac_need(r, t.kind == BAC_T_APP && t.num == BAC_OCTETS);
		bytes += t.len;         /* said even where we do not hold them */
		rd_skip(r, t.len);
	}
	if (tell) {
		ev_cstr(o->e, "access", n ? "record" : "stream");
		ev_int(o->e, "start", start);
		if (n == 1 || !data)
			ev_uint(o->e, "count", count);
	}
	if (data)
		ev_uint(o->e, "bytes", bytes);
	bac_need(r, bac_close(r, n));
}

void
bac_read_file(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid = 0;
	struct bac_val eof;
	bool known = q && bac_app_oid(q, &oid);
	struct bac_obj b;

	b = bac_obj(o->e, "file");
	if (q && rd_ok(q))
		file_part(o, q, false, true);
	if (a && bac_value(a, &eof)) {
		bac_need(a, eof.t == BAC_BOOLEAN);
		ev_bool(o->e, "eof", eof.u != 0);
		file_part(o, a, true, !known);
	}
	bac_obj_end(o->e, &b);
	if (known)
		bac_entry_object(o, oid);
}

void
bac_write_file(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;
	struct bac_obj b;

	if (!bac_app_oid(q, &oid))
		return;
	b = bac_obj(o->e, "file");
	file_part(o, q, true, true);
	bac_obj_end(o->e, &b);
	bac_entry_object(o, oid);
}

static void
range_request(struct bac_out *o, struct rd *q)
{
	static const char *const kind[] = { [3] = "by-position", [6] = "by-sequence",
		[7] = "by-time" };
	struct bac_val v, h;
	char t[72];
	size_t m;
	uint64_t ref;
	int64_t count;

	for (uint8_t n = 3; n <= 7; n++) {
		if (n == 5 || !bac_open(q, n))
			continue;
		if (n == 4)             /* withdrawn after 2001 */
			return;
		ev_cstr(o->e, "by", kind[n]);
		if (n == 7) {
			if (!bac_value(q, &v) || !bac_value(q, &h))
				return;
			m = bac_date(t, v.p, v.n);
			t[m++] = ' ';
			m += bac_time(t + m, h.p, h.n);
			jw_str(o->e->w, "time", t, m);
		} else if (bac_app_uint(q, &ref)) {
			ev_uint(o->e, "start", ref);
		}
		if (bac_app_int(q, &count))
			ev_int(o->e, "count", count);
		return;
	}
}

void
bac_read_range(struct bac_out *o, struct rd *q, struct rd *a)
{
	struct rd *r = a ? a : q, s;
	uint32_t oid, twice;
	uint64_t prop, index, items;
	const uint64_t *ip;
	char t[8];
	struct bac_tag tag;
	struct bac_obj b;

	if (!bac_ctx_oid(r, 0, &oid) || !bac_ctx_uint(r, 1, &prop)) {
		bac_need(r, false);
		return;
	}
	ip = bac_opt_index(r, 2, &index);
	b = bac_obj(o->e, "range");
	if (a && q) {
		s = *q;
		if (bac_ctx_oid(&s, 0, &twice) && bac_skip(&s)) {
			uint64_t skip;
			bac_ctx_uint(&s, 2, &skip);
			range_request(o, &s);
		}
	} else if (!a) {
		range_request(o, q);
	}
	if (a) {
		if (bac_at(a, BAC_T_CTX, 3) && bac_tag(a, &tag) && tag.len) {
			uint8_t unused = rd_u8(a);
			const uint8_t *p = rd_bytes(a, tag.len - 1);
			if (p)          /* first item, last item, more items */
				jw_str(o->e->w, "flags", t,
				    bac_bits(t, sizeof(t), p, tag.len - 1, unused));
		}
		if (bac_ctx_uint(a, 4, &items))
			ev_uint(o->e, "items", items);
		if (bac_at(a, BAC_T_OPEN, 5))
			bac_skip(a);
		bac_put_uint(o, a, 6, JW_K("first_sequence"));
	}
	bac_obj_end(o->e, &b);
	bac_entry_begin(o, oid);
	bac_entry_prop(o, prop, ip);
	bac_entry_end(o);
}

