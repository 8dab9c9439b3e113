/* mms_put.c: what MMS services other than read and write say: names, files, who a
 * device is. */
#include "proto/mms.h"

static void
put_identify(struct ev *e, const struct mms_pdu *a)
{
	struct rd r = a->body;
	struct ident *id = ev_identity(e, "mms.identify", EV_DEST);
	struct ber b;
	uint32_t seen = 0;

	while (ber_next(&r, &b)) {
		if (!ber_once(&seen, &b))
			continue;
		switch (b.first) {
		case 0x80:
			id->vendor = mms_text(b.v);
			ev_str(e, "vendor", id->vendor);
			break;
		case 0x81:
			id->model = mms_text(b.v);
			ev_str(e, "model", id->model);
			break;
		case 0x82:
			id->firmware = mms_text(b.v);
			ev_str(e, "revision", id->firmware);
			break;
		default:
			break;
		}
	}
}

static void
put_status(struct ev *e, struct rd r)
{
	struct ber b;
	uint32_t seen = 0;

	while (ber_next(&r, &b)) {
		if (!ber_once(&seen, &b))
			continue;
		const char *s = tok_find(b.first == 0x80 ? mms_logical : mms_physical,
		    (uint32_t)ber_uint(b.v));
		if (b.first == 0x80) {
			ev_cstr(e, "logical_status", s);
		} else if (b.first == 0x81) {
			ev_cstr(e, "physical_status", s);
			if (s)
				ev_val_str(e, text_c(s));
		}
	}
}

static void
put_name_list(struct ev *e, const struct mms_pdu *q, const struct mms_pdu *a)
{
	struct ber b, x;
	struct rd r;
	uint32_t seen = 0;

	if (q) {
		r = q->body;
		while (ber_next(&r, &b)) {
			if (!ber_once(&seen, &b))
				continue;
			if (b.first == 0xa0 && ber_take(&b.v, 0x80, &x)) {
				ev_cstr(e, "object_class",
				    tok_find(mms_object_classes, (uint32_t)ber_uint(x.v)));
			} else if (b.first == 0xa1 && ber_next(&b.v, &x)) {
				struct text t = mms_text(x.v);
				e->ot.object = x.first == 0x81 ? t : x.first == 0x80 ? TEXT("VMD") :
				    TEXT("association");
				if (x.first == 0x81)
					ev_str(e, "domain", t);
			} else if (b.first == 0x82) {
				ev_str(e, "continue_after", mms_text(b.v));
			}
		}
	}
	if (!a || a->type != MMS_RESPONSE || a->service != MMS_GET_NAME_LIST)
		return;
	r = a->body;
	seen = 0;
	while (ber_next(&r, &b)) {
		if (!ber_once(&seen, &b))
			continue;
		if (b.first == 0xa0) {
			unsigned n = 0;
			ev_arr(e, "names");
			while (ber_next(&b.v, &x))
				if (n++ < LIM_MMS_OBJECTS)
					ev_a_str(e, mms_text(x.v));
			ev_end(e);
			e->ot.has_count = true;
			e->ot.count = n;
		} else if (b.first == 0x81) {
			ev_bool(e, "more", ber_uint(b.v) != 0);
		}
	}
}

/* FileName: GraphicStrings, in practice one. */
static struct text
file_name(struct rd r)
{
	struct ber b;

	return ber_next(&r, &b) ? mms_text(b.v) : (struct text){ 0 };
}

static void
file_opened(struct mms_state *s, uint32_t frsm, struct text name)
{
	unsigned i = s->next++ % MMS_FILES;

	s->file[i].frsm = frsm;
	s->file[i].n = (uint8_t)(name.n < MMS_FILE_NAME ? name.n : MMS_FILE_NAME);
	if (s->file[i].n)
		memcpy(s->file[i].name, name.p, s->file[i].n);
}

/* The name of an open file. It may be gone once the event is; the event copies. */
static struct text
file_open(struct mms_state *s, uint32_t frsm, bool closes)
{
	for (unsigned i = 0; i < MMS_FILES; i++)
		if (s->file[i].n && s->file[i].frsm == frsm) {
			struct text t = { s->file[i].name, s->file[i].n };
			if (closes)
				s->file[i].n = 0;
			return t;
		}
	return (struct text){ 0 };
}

static void
put_file_request(struct mms_state *s, struct ev *e, const struct mms_pdu *q)
{
	struct rd r = q->body;
	struct ber b;
	struct text t = { 0 }, to = { 0 };

	switch (q->service) {
	case MMS_FILE_READ: case MMS_FILE_CLOSE:
		ev_uint(e, "frsm", ber_uint(r));
		t = file_open(s, (uint32_t)ber_uint(r), q->service == MMS_FILE_CLOSE);
		ev_str(e, "file", t);
		e->ot.object = t.n ? t : ev_text(e, "frsm %u", (uint32_t)ber_uint(r));
		return;
	case MMS_FILE_DELETE:
		t = file_name(r);
		break;
	case MMS_OBTAIN_FILE:
		while (ber_next(&r, &b)) {
			if (b.first == 0xa1)
				t = file_name(b.v);
			else if (b.first == 0xa2)
				to = file_name(b.v);
		}
		break;
	default:
		while (ber_next(&r, &b)) {
			if (b.first == 0xa0)
				t = file_name(b.v);
			else if (b.first == 0xa1 && q->service == MMS_FILE_RENAME)
				to = file_name(b.v);
		}
	}
	ev_str(e, "file", t);
	ev_str(e, "new_file", to);
	e->ot.object = to.n && q->service == MMS_OBTAIN_FILE ? to : t;
}

static void
put_file_answer(struct mms_state *s, struct ev *e, const struct mms_pdu *a)
{
	struct rd r = a->body;
	struct ber b, x;
	unsigned n = 0;
	uint32_t seen = 0;

	while (ber_next(&r, &b)) {
		if (!ber_once(&seen, &b))
			continue;
		switch (a->service << 8 | b.first) {
		case MMS_FILE_OPEN << 8 | 0x80:
			ev_uint(e, "frsm", ber_uint(b.v));
			file_opened(s, (uint32_t)ber_uint(b.v), e->ot.object);
			break;
		case MMS_FILE_OPEN << 8 | 0xa1:
			if (ber_take(&b.v, 0x80, &x))
				ev_uint(e, "file_size", ber_uint(x.v));
			break;
		case MMS_FILE_READ << 8 | 0x80:
			ev_uint(e, "bytes", rd_left(&b.v));
			e->ot.has_count = true;
			e->ot.count = rd_left(&b.v);
			break;
		case MMS_FILE_READ << 8 | 0x81: case MMS_FILE_DIRECTORY << 8 | 0x81:
			ev_bool(e, "more", ber_uint(b.v) != 0);
			break;
		case MMS_FILE_DIRECTORY << 8 | 0xa0:
			/* some wrap the list once more */
			if (rd_peek8(&b.v, 0) == 0x30) {
				struct rd in = b.v;
				if (ber_next(&in, &x) && rd_peek8(&x.v, 0) == 0x30)
					b.v = x.v;
			}
			ev_arr(e, "names");
			while (ber_take(&b.v, 0x30, &x)) {
				struct ber name;
				if (n++ < LIM_MMS_OBJECTS && ber_take(&x.v, 0xa0, &name))
					ev_a_str(e, file_name(name.v));
			}
			ev_end(e);
			e->ot.has_count = true;
			e->ot.count = n;
			break;
		default:
			break;
		}
	}
}

/* What names one object first: attributes, lists, domains, programs. */
static void
put_object(struct ev *e, const struct mms_pdu *q)
{
	struct rd r = q->body;
	struct mms_name n;
	struct ber b;

	if (q->service == MMS_GET_ATTRIBUTES) {
		if (ber_take(&r, 0xa0, &b) && mms_name(&b.v, &n))
			e->ot.object = mms_name_text(e, &n);
	} else if (q->service == MMS_DELETE_LIST) {
		while (ber_next(&r, &b)) {
			if (b.first != 0xa1)
				continue;
			if (mms_name(&b.v, &n))
				e->ot.object = mms_name_text(e, &n);
		}
	} else if (q->service == MMS_DEFINE_LIST || q->service == MMS_GET_LIST) {
		if (mms_name(&r, &n))
			e->ot.object = mms_name_text(e, &n);
		if (ber_take(&r, 0xa0, &b)) {
			e->ot.has_count = true;
			e->ot.count = mms_count(b.v);
		}
	} else if (q->service >= MMS_DOWNLOAD_FIRST && q->service <= MMS_PI_LAST) {
		/* an identifier, alone or as the first member */
		if (rd_peek8(&r, 0) >= 0x20 && rd_peek8(&r, 0) < 0x80)
			e->ot.object = mms_text(r);
		else if (ber_next(&r, &b))
			e->ot.object = mms_text(b.v);
	}
}

void
mms_put_service(struct mms_state *s, struct ev *e, const struct mms_pdu *q,
    const struct mms_pdu *a)
{
	uint32_t service = q ? q->service : a->service;
	bool answered = a && a->type == MMS_RESPONSE && a->service == service;

	switch (service) {
	case MMS_READ:
		mms_put_read(e, q, a);
		break;
	case MMS_IDENTIFY:
		if (answered)
			put_identify(e, a);
		break;
	case MMS_STATUS:
		if (answered)
			put_status(e, a->body);
		break;
	case MMS_GET_NAME_LIST:
		put_name_list(e, q, a);
		break;
	case MMS_OBTAIN_FILE: case MMS_FILE_OPEN: case MMS_FILE_READ: case MMS_FILE_CLOSE:
	case MMS_FILE_RENAME: case MMS_FILE_DELETE: case MMS_FILE_DIRECTORY:
		if (q)
			put_file_request(s, e, q);
		if (answered)
			put_file_answer(s, e, a);
		break;
	default:
		if (q)
			put_object(e, q);
		break;
	}
}

void
mms_put_unconfirmed(struct ev *e, const struct mms_pdu *p)
{
	switch (p->service) {
	case 0:
		e->ot.op = OT_REPORT;
		e->ot.service = TEXT("informationReport");
		mms_put_report(e, p);
		break;
	case 1:
		e->ot.op = OT_REPORT;
		e->ot.service = TEXT("unsolicitedStatus");
		put_status(e, p->body);
		break;
	default:
		e->ot.op = OT_ALARM;
		e->ot.service = TEXT("eventNotification");
		break;
	}
}
