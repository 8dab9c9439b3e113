/* melsec_put.c: what a request and its answer say, as events have it. */
#include "proto/melsec.h"

enum { NAMED_MAX = 8, LABEL_MAX = 128 };

static struct mc
of(const struct melsec_frame *f)
{
	return (struct mc){ f->data, f->ascii };
}

static bool
is_bits(const struct melsec_frame *q)
{
	return q->sub & 1;
}

/* Bits in binary: two in a byte, the first in its upper half; one character in
 * ASCII. */
static bool
bit_at(const struct mc *m, unsigned i)
{
	int c = rd_peek8(&m->r, m->ascii ? i : i / 2);

	if (m->ascii)
		return c == '1';
	return (i & 1 ? c : c >> 4) & 1;
}

static void
put_values(struct ev *e, struct mc m, unsigned n, bool bits)
{
	unsigned have = !bits ? mc_left(&m, 2) : m.ascii ? rd_have(&m.r) : rd_have(&m.r) * 2;

	if (n > have)
		n = have;
	if (!n)
		return;
	if (n > 1)
		ev_val_arr(e);
	for (unsigned i = 0; i < n; i++) {
		if (bits)
			ev_val_uint(e, bit_at(&m, i));
		else
			ev_val_uint(e, mc_u16(&m));
	}
	if (n > 1)
		ev_val_end(e);
}

/* Data of n points that stands before the next block. */
static void
skip_words(struct mc *m, uint32_t n)
{
	rd_skip(&m->r, n * (m->ascii ? 4 : 2));
}

void
melsec_put_request(struct ev *e, const struct melsec_frame *q)
{
	struct mc m = of(q);
	struct melsec_device d;

	ev_obj(e, "request");
	switch (q->cmd) {
	case MELSEC_READ: case MELSEC_WRITE:
		d = melsec_device_read(&m, q->sub);
		if (!d.known)
			break;
		ev_str(e, "device", melsec_device_name(e, &d));
		ev_uint(e, "points", mc_u16(&m));
		ev_cstr(e, "unit", is_bits(q) ? "bit" : "word");
		break;
	case MELSEC_RUN: case MELSEC_PAUSE: {
		uint16_t mode = mc_u16(&m);
		if (rd_ok(&m.r))
			ev_bool(e, "forced", mode == 3);
		if (q->cmd == MELSEC_RUN) {
			uint8_t clear = mc_u8(&m);
			if (rd_ok(&m.r))
				ev_cstr(e, "clear", !clear ? "none" :
				    clear == 1 ? "except_latch" : "all");
		}
		break;
	}
	case MELSEC_UNLOCK: case MELSEC_LOCK:
		ev_bool(e, "has_password", rd_left(&m.r) > 2);
		if (rd_left(&m.r) > 2)
			ev_credential(e, CRED_PASSWORD, CRED_CLEAR);
		break;
	default:
		break;
	}
	ev_uint(e, "timer", q->timer);
	ev_uint(e, "length", rd_left(&q->data));
	ev_end(e);
}

void
melsec_put_response(struct ev *e, const struct melsec_frame *a)
{
	struct mc m = of(a);

	ev_obj(e, "response");
	ev_uint(e, "end_code", a->end);
	ev_cstr(e, "end", melsec_end_name(a->end));
	if (a->end && mc_left(&m, 1) >= 9) {    /* where the error is, and of what */
		uint8_t network = mc_u8(&m), pc = mc_u8(&m);
		mc_u16(&m);
		mc_u8(&m);
		uint16_t cmd = mc_u16(&m);
		if (rd_ok(&m.r)) {
			ev_uint(e, "error_network", network);
			ev_uint(e, "error_station", pc);
			ev_uint(e, "error_command", cmd);
		}
	}
	ev_uint(e, "length", rd_left(&a->data));
	ev_end(e);
}

/* ---- labels ---------------------------------------------------------- */

/* A length and that many characters of UTF-16; what is not ASCII becomes "?". */
static struct text
label(struct ev *e, struct mc *m)
{
	uint16_t n = mc_u16(m);
	char *d = e ? ev_room(e, LABEL_MAX) : NULL;
	uint32_t at = 0;

	if (n > mc_left(m, 2))
		rd_set_bad(&m->r);
	for (unsigned i = 0; i < n && rd_ok(&m->r); i++) {
		uint16_t c = mc_u16(m);
		if (d && at < LABEL_MAX)
			d[at++] = c >= 0x20 && c < 0x7f ? (char)c : '?';
	}
	return rd_ok(&m->r) ? (struct text){ d, at } : (struct text){ 0 };
}

/* Behind the counts and the abbreviations: where the labels begin. */
static unsigned
labels_begin(struct mc *m)
{
	uint16_t n = mc_u16(m), short_ = mc_u16(m);

	while (short_-- && rd_ok(&m->r))
		label(NULL, m);
	return rd_ok(&m->r) ? n : 0;
}

static void
put_label_write(struct ev *e, const struct melsec_frame *q, unsigned index)
{
	struct mc m = of(q);
	unsigned n = labels_begin(&m);

	for (unsigned i = 0; i < n && rd_ok(&m.r); i++) {
		uint32_t mark = e->scratch_n;
		struct text t = label(e, &m);
		uint16_t bytes = mc_u16(&m);
		if (i == index && rd_ok(&m.r)) {
			e->ot.object = t;
			put_values(e, m, bytes / 2u, false);
			return;
		}
		e->scratch_n = mark;
		rd_skip(&m.r, bytes * (m.ascii ? 2u : 1u));
	}
}

static void
put_label_reads(struct ev *e, const struct melsec_frame *q)
{
	struct mc m = of(q);
	unsigned n = labels_begin(&m);
	char *d = ev_room(e, NAMED_MAX * (LABEL_MAX + 2) + 8);
	uint32_t at = 0;

	e->ot.has_count = true;
	e->ot.count = n;
	for (unsigned i = 0; d && i < n && i <= NAMED_MAX; i++) {
		struct text t = label(e, &m);
		if (!t.n)
			break;
		if (i == NAMED_MAX)
			t = TEXT("...");
		if (at) {
			memcpy(d + at, ", ", 2);
			at += 2;
		}
		memcpy(d + at, t.p, t.n);
		at += t.n;
	}
	e->ot.object = (struct text){ d, at };
}

/* ---- several in one -------------------------------------------------- */

unsigned
melsec_writes(const struct melsec_frame *q)
{
	struct mc m = of(q);
	unsigned n = 0;

	if (q->cmd == MELSEC_RANDOM_WRITE) {
		n = mc_u8(&m);
		if (!is_bits(q))
			n += mc_u8(&m);
	} else if (q->cmd == MELSEC_BLOCK_WRITE) {
		n = mc_u8(&m);
		n += mc_u8(&m);
	} else if (q->cmd == MELSEC_LABEL_WRITE) {
		n = labels_begin(&m);
	}
	if (!rd_ok(&m.r) || n > mc_left(&m, 5))
		n = mc_left(&m, 5);
	return n;
}

bool
melsec_is_torn(const struct melsec_frame *q)
{
	struct mc m = of(q);
	unsigned n;

	if (q->sub & 0x80 || rd_have(&m.r) < rd_left(&m.r))
		return false;
	switch (q->cmd) {
	case MELSEC_READ: case MELSEC_WRITE:
		melsec_device_read(&m, q->sub);
		n = mc_u16(&m);
		if (q->cmd == MELSEC_READ || !rd_ok(&m.r))
			break;
		if (is_bits(q))
			rd_skip(&m.r, q->ascii ? n : (n + 1) / 2);
		else
			skip_words(&m, n);
		break;
	case MELSEC_RANDOM_WRITE: case MELSEC_BLOCK_WRITE:
		n = mc_u8(&m);
		if (q->cmd == MELSEC_BLOCK_WRITE || !is_bits(q))
			n += mc_u8(&m);
		return n > mc_left(&m, 5);
	case MELSEC_LABEL_WRITE:
		n = labels_begin(&m);
		while (n-- && rd_ok(&m.r)) {
			label(NULL, &m);
			rd_skip(&m.r, mc_u16(&m) * (m.ascii ? 2u : 1u));
		}
		break;
	default:
		break;
	}
	return !rd_ok(&m.r);
}

/* The index'th write of several: its device and value. */
static void
put_one_write(struct ev *e, const struct melsec_frame *q, int index)
{
	struct mc m = of(q), value;
	unsigned words = mc_u8(&m), at = index < 0 ? 0 : (unsigned)index;
	struct melsec_device d = { 0 };

	if (q->cmd == MELSEC_RANDOM_WRITE && is_bits(q))
		words = 0;
	else
		mc_u8(&m);
	for (unsigned i = 0; rd_ok(&m.r); i++) {
		d = melsec_device_read(&m, q->sub);
		if (!d.known)
			return;
		if (q->cmd == MELSEC_BLOCK_WRITE) {
			uint16_t n = mc_u16(&m);
			if (i == at) {
				e->ot.has_count = true;
				e->ot.count = n;
				put_values(e, m, n, false);
				break;
			}
			skip_words(&m, n);
		} else if (is_bits(q)) {
			uint16_t v = q->sub & 2 ? mc_u16(&m) : mc_u8(&m);
			if (i == at) {
				ev_val_uint(e, v);
				break;
			}
		} else {
			value = m;
			if (i < words)
				mc_u16(&m);
			else
				mc_u32(&m);
			if (i == at) {
				if (rd_ok(&m.r))
					ev_val_uint(e, i < words ? mc_u16(&value) : mc_u32(&value));
				break;
			}
		}
	}
	if (rd_ok(&m.r))
		e->ot.object = melsec_device_name(e, &d);
}

/* Names of what a random or block read touches, and its values. */
static void
put_reads(struct ev *e, const struct melsec_frame *q, const struct melsec_frame *a)
{
	struct mc m = of(q), v = a && !a->end ? of(a) : (struct mc){ rd_init(NULL, 0, 0), false };
	unsigned words = mc_u8(&m), more = mc_u8(&m), n = words + more;
	char *d = ev_room(e, NAMED_MAX * 24);
	bool values = mc_left(&v, 2) > 0 && q->cmd == MELSEC_RANDOM_READ;
	uint32_t at = 0;

	if (!rd_ok(&m.r) || !d)
		return;
	e->ot.has_count = true;
	e->ot.count = n;
	if (values)
		ev_val_arr(e);
	for (unsigned i = 0; i < n && rd_have(&m.r); i++) {
		struct melsec_device dev = melsec_device_read(&m, q->sub);
		struct text t = melsec_device_name(e, &dev);
		if (q->cmd == MELSEC_BLOCK_READ)
			mc_u16(&m);             /* points */
		if (!dev.known || !rd_ok(&m.r))
			break;
		if (i < NAMED_MAX && t.n < 20) {
			if (at) {
				memcpy(d + at, ", ", 2);
				at += 2;
			}
			memcpy(d + at, t.p, t.n);
			at += t.n;
		} else if (i == NAMED_MAX) {
			memcpy(d + at, ", ...", 5);
			at += 5;
		}
		if (values && mc_left(&v, i < words ? 2 : 4))
			ev_val_uint(e, i < words ? mc_u16(&v) : mc_u32(&v));
	}
	if (values)
		ev_val_end(e);
	e->ot.object = (struct text){ d, at };
}

void
melsec_put_common(struct ev *e, const struct melsec_frame *q, const struct melsec_frame *a,
    int index)
{
	const struct melsec_command *c = q ? melsec_command_find(q->cmd) : NULL;
	struct melsec_device d;
	struct mc m;
	uint16_t n;

	e->ot.op = c ? c->op : OT_OTHER;
	if (!q)
		return;
	e->ot.service = c ? c->name : ev_text(e, "command 0x%04x", q->cmd);
	m = of(q);
	switch (q->cmd) {
	case MELSEC_READ: case MELSEC_WRITE:
		d = melsec_device_read(&m, q->sub);
		n = mc_u16(&m);
		if (!d.known || !rd_ok(&m.r))
			break;
		e->ot.object = melsec_device_name(e, &d);
		e->ot.has_count = true;
		e->ot.count = n;
		if (q->cmd == MELSEC_WRITE)
			put_values(e, m, n, is_bits(q));
		else if (a && !a->end)
			put_values(e, of(a), n, is_bits(q));
		break;
	case MELSEC_RANDOM_WRITE: case MELSEC_BLOCK_WRITE:
		put_one_write(e, q, index);
		break;
	case MELSEC_RANDOM_READ: case MELSEC_BLOCK_READ: case MELSEC_MONITOR_ENTRY:
		put_reads(e, q, a);
		break;
	case MELSEC_LABEL_WRITE:
		put_label_write(e, q, index < 0 ? 0 : (unsigned)index);
		break;
	case MELSEC_LABEL_READ:
		put_label_reads(e, q);
		break;
	case MELSEC_RUN:
		ev_val_str(e, TEXT("run"));
		break;
	default:
		break;
	}
}

/* Type name in sixteen characters, then a model code. */
void
melsec_identify(struct ev *e, const struct melsec_frame *q, const struct melsec_frame *a)
{
	struct rd r = a->data;
	struct text name;
	struct ident *i;

	if (!q || q->cmd != MELSEC_TYPE || a->end || rd_have(&r) < 16)
		return;
	name = text_rd(&r, 16);
	for (uint32_t k = 0; k < name.n; k++)
		if ((uint8_t)name.p[k] < 0x20 || (uint8_t)name.p[k] > 0x7e)
			return;
	/* network 0 and pc 0xff: the one that is connected */
	i = ev_identity(e, "melsec.type_name", q->network || q->station ? EV_OTHER : EV_DEST);
	if (i->of == EV_OTHER) {
		i->has_parent = true;
		i->parent = EV_DEST;
		i->sub = q->station ? ev_text(e, "network %u pc %u station %u", q->network, q->pc,
		    q->station) : ev_text(e, "network %u pc %u", q->network, q->pc);
	}
	i->vendor = TEXT("Mitsubishi Electric");
	i->model = name;
	i->role = TEXT("plc");
}
