/* ethercat_coe.c: mailboxes: CANopen's objects (CoE) and files (FoE).
 *
 * ETG.1000.6, 5.6: length 2 | address 2 | channel, priority 1 | type, counter 1
 * CoE: number and service 2 | SDO command 1, index 2, subindex 1, data
 * FoE: operation 1, reserved 1, password or packet or error 4, file name */
#include "base/hex.h"
#include "proto/ethercat.h"

enum { MBX_ERR, MBX_AOE, MBX_EOE, MBX_COE, MBX_FOE, MBX_SOE, MBX_VOE = 15 };
enum { COE_EMERGENCY = 1, COE_SDO_REQ, COE_SDO_RES, COE_INFO = 8 };
enum { FOE_READ = 1, FOE_WRITE, FOE_DATA, FOE_ACK, FOE_ERROR, FOE_BUSY };
enum { SDO_BYTES = 256, FOE_NAME = 64 };

struct sdo {
	bool upload, complete;
	uint8_t cmd, sub;
	uint16_t index;
	uint32_t size;                  /* as it is said, or as much as came */
	uint16_t n;                     /* bytes of it held */
	uint8_t data[SDO_BYTES];
};

struct foe {
	bool write, password;
	uint8_t n;
	char name[FOE_NAME];
};

static const struct tok aborts[] = {
	{ 0x05030000, "toggle_bit" }, { 0x05040000, "timeout" }, { 0x05040001, "unknown_command" },
	{ 0x05040005, "out_of_memory" }, { 0x06010000, "unsupported_access" },
	{ 0x06010001, "write_only" }, { 0x06010002, "read_only" }, { 0x06020000, "no_such_object" },
	{ 0x06040041, "cannot_be_mapped" }, { 0x06040042, "pdo_too_long" },
	{ 0x06040043, "parameter_incompatible" }, { 0x06040047, "internal_incompatible" },
	{ 0x06060000, "hardware_error" }, { 0x06070010, "length_mismatch" },
	{ 0x06070012, "too_long" }, { 0x06070013, "too_short" }, { 0x06090011, "no_such_subindex" },
	{ 0x06090030, "value_out_of_range" }, { 0x06090031, "value_too_high" },
	{ 0x06090032, "value_too_low" }, { 0x08000000, "general_error" },
	{ 0x08000020, "cannot_be_stored" }, { 0x08000021, "local_control" },
	{ 0x08000022, "wrong_device_state" }, { 0x08000023, "no_object_dictionary" },
	{ 0, NULL }
};

static const struct tok foe_errors[] = {
	{ 0x8001, "not_found" }, { 0x8002, "access_denied" }, { 0x8003, "disk_full" },
	{ 0x8004, "illegal" }, { 0x8005, "packet_number_wrong" }, { 0x8006, "already_exists" },
	{ 0x8007, "no_user" }, { 0x8008, "bootstrap_only" }, { 0x8009, "not_bootstrap" },
	{ 0x800a, "no_rights" }, { 0x800b, "program_error" },
	{ 0, NULL }
};

static struct ec_key
wait_key(const struct ec_frame *f, uint32_t who, uint8_t kind)
{
	struct ec_key k = f->key;

	k.who = who;
	k.kind = kind;
	return k;
}

static bool
is_text(const struct sdo *s)
{
	/* the standard's own names of device, hardware and software */
	if (s->index < 0x1008 || s->index > 0x100a || s->sub || !s->n)
		return false;
	for (unsigned i = 0; i < s->n; i++)
		if (s->data[i] && (s->data[i] < 0x20 || s->data[i] > 0x7e))
			return false;
	return true;
}

static uint32_t
sdo_number(const struct sdo *s)
{
	uint32_t v = 0;

	for (unsigned i = s->n; i-- > 0;)
		v = v << 8 | s->data[i];
	return v;
}

static void
put_value(struct ev *e, const struct sdo *s)
{
	char *t;

	if (is_text(s)) {
		ev_val_str(e, text_trim(s->data, s->n));
	} else if (s->n && s->n <= 4) {
		ev_val_uint(e, sdo_number(s));
	} else if (s->n && (t = ev_room(e, 2u * s->n))) {
		hex_put(t, s->data, s->n);
		ev_val_str(e, (struct text){ t, 2u * s->n });
	}
}

/* Objects that say what the slave is: ETG.1000.6, 5.6.7.3. */
static void
put_identity(struct ev *e, const struct sdo *s, uint32_t who)
{
	struct ident *i;
	uint32_t v = s->n <= 4 ? sdo_number(s) : 0;
	struct text t = text_trim(s->data, s->n);

	if (!is_text(s) && (s->index != 0x1018 || s->sub < 1 || s->sub > 4 || s->n != 4))
		return;
	i = ec_ident(e, "ethercat.coe", who);
	switch (s->index) {
	case 0x1008: i->product = t; break;
	case 0x1009: i->hardware = t; break;
	case 0x100a: i->firmware = t; break;
	default:
		if (s->sub == 1)
			i->vendor = text_c(ec_vendor_name(v));
		else if (s->sub == 2)
			i->model = ev_text(e, "0x%08x", v);
		else if (s->sub == 3)
			i->hardware = ev_text(e, "0x%08x", v);
		else if (v)
			i->serial = ev_text_num(e, "", 0, v);
	}
}

static void
tell_sdo(struct dctx *c, const struct sdo *s, const struct when *at, uint32_t who, bool answered,
    bool paired, const uint32_t *why)
{
	uint32_t abort = why ? *why : 0;
	struct ev *e = ec_begin(c, at, s->upload ? "sdo_upload" : "sdo_download", who);

	ev_uint(e, "index", s->index);
	ev_uint(e, "subindex", s->sub);
	if (s->complete)
		ev_bool(e, "complete_access", true);
	if (s->size)
		ev_uint(e, "size", s->size);
	if (why) {
		ev_uint(e, "abort_code", abort);
		ev_cstr(e, "abort", tok_find(aborts, abort));
	}
	e->ot.service = s->upload ? TEXT("SDOUpload") : TEXT("SDODownload");
	e->ot.op = !s->upload ? OT_WRITE : s->index == 0x1000 || s->index == 0x1018 ||
	    (s->index >= 0x1008 && s->index <= 0x100a) ? OT_IDENTIFY : OT_READ;
	e->ot.object = ev_text(e, "0x%04x:%02x", s->index, s->sub);
	if (s->size) {
		e->ot.has_count = true;
		e->ot.count = s->size;
	}
	if (!why)
		put_value(e, s);
	else
		e->ot.result = tok_find(aborts, abort) ? text_c(tok_find(aborts, abort)) :
		    ev_text(e, "abort_%08x", abort);
	if (answered && paired)
		ev_answered(e, c, at);
	else if (!answered)
		ev_unanswered(e, c);
	else if (!why)
		e->ot.result = TEXT("ok");
	if (answered && s->upload && !why)
		put_identity(e, s, who);
	ev_emit(e);
}

static uint32_t
who_of(const struct keep *k)
{
	struct ec_key key;

	memcpy(&key, k->key, sizeof(key));
	return key.who;
}

static void
sdo_unanswered(struct dctx *c, struct keep *k)
{
	tell_sdo(c, (const struct sdo *)k->data, &k->first, who_of(k), false, false, NULL);
}

/* A segment's or an initiating command's data, as far as there is room. */
static void
take_data(struct sdo *s, struct rd *r, uint32_t n)
{
	uint32_t room = SDO_BYTES - s->n;
	const uint8_t *p;

	if (n > rd_left(r))
		n = rd_left(r);
	if (n < room)
		room = n;
	if ((p = rd_bytes(r, room)) && room) {
		memcpy(s->data + s->n, p, room);
		s->n = (uint16_t)(s->n + room);
	}
}

/* index, subindex, and the data of an initiating command in either direction. */
static void
take_initiate(struct sdo *s, struct rd *r, bool with_data)
{
	s->index = rd_le16(r);
	s->sub = rd_u8(r);
	s->complete = s->cmd & 0x10;
	if (!with_data)
		return;
	if (s->cmd & 0x02) {
		uint32_t n = s->cmd & 0x01 ? 4u - (s->cmd >> 2 & 3) : 4;
		s->size = n;
		take_data(s, r, n);
	} else {
		s->size = rd_le32(r);
		take_data(s, r, s->size);
	}
}

static bool
same_sdo(const struct sdo *a, const struct sdo *b)
{
	return a->upload == b->upload && a->complete == b->complete && a->cmd == b->cmd &&
	    a->sub == b->sub && a->index == b->index && a->size == b->size && a->n == b->n &&
	    memcmp(a->data, b->data, a->n) == 0;
}

static void
sdo_request(struct ec_frame *f, struct rd *r, uint32_t who)
{
	struct ec_key key = wait_key(f, who, 'C');
	struct sdo s;
	struct keep *k;

	memset(&s, 0, sizeof(s));
	s.cmd = rd_u8(r);
	s.upload = s.cmd >> 5 == 2;
	k = keep_find(f->c, &key, sizeof(key));
	switch (s.cmd >> 5) {
	case 1: case 2:
		take_initiate(&s, r, !s.upload);
		break;
	case 0:                         /* a segment of a download: its bytes */
		if (k && !k->answered && f->returned) {
			struct sdo *w = (struct sdo *)k->data;
			take_data(w, r, rd_left(r));
		}
		return;
	case 4:                         /* the master gives up */
		if (k && !k->answered) {
			uint32_t why;

			rd_skip(r, 3);
			why = rd_le32(r);
			k->answered = true;
			tell_sdo(f->c, (const struct sdo *)k->data, &k->first, who, true, true,
			    &why);
		}
		return;
	default:
		return;
	}
	if (!rd_ok(r) && !s.index)
		return;
	/* the same frame on its way back */
	if (k && !k->answered && same_sdo((const struct sdo *)k->data, &s))
		return;
	k = keep_new(f->c, KEEP_WAIT, &key, sizeof(key), sdo_unanswered);
	memcpy(k->data, &s, sizeof(s));
}

static void
sdo_done(struct ec_frame *f, struct keep *k, const struct sdo *s, uint32_t who, const uint32_t *why)
{
	struct when at = k ? k->first : f->c->when;

	if (k)
		k->answered = true;
	tell_sdo(f->c, s, &at, who, true, k != NULL, why);
}

static void
sdo_response(struct ec_frame *f, struct rd *r, uint32_t who)
{
	struct ec_key key = wait_key(f, who, 'C');
	struct keep *k = keep_find(f->c, &key, sizeof(key));
	struct sdo s, *w = k ? (struct sdo *)k->data : NULL;
	uint32_t why;

	if (k && k->answered)
		return;
	memset(&s, 0, sizeof(s));
	s.cmd = rd_u8(r);
	switch (s.cmd >> 5) {
	case 2:                         /* initiate upload */
		s.upload = true;
		take_initiate(&s, r, true);
		if (!rd_ok(r))
			break;
		if (w && (w->index != s.index || w->sub != s.sub))
			k = NULL;
		if (k && s.n < s.size && s.n < SDO_BYTES) {
			/* segments follow */
			w->size = s.size;
			w->n = s.n;
			memcpy(w->data, s.data, s.n);
			return;
		}
		sdo_done(f, k, &s, who, NULL);
		break;
	case 0:                         /* a segment of an upload */
		if (!w || !w->upload)
			return;
		take_data(w, r, rd_left(r) - (rd_left(r) == 7 ? s.cmd >> 1 & 7u : 0));
		if ((s.cmd & 1) || w->n == SDO_BYTES)
			sdo_done(f, k, w, who, NULL);
		break;
	case 3:                         /* download done; in segments when the last came */
		take_initiate(&s, r, false);
		if (!rd_ok(r))
			break;
		if (w && (w->index != s.index || w->sub != s.sub))
			k = NULL;
		if (k && w->n < w->size && w->n < SDO_BYTES)
			return;
		sdo_done(f, k, k ? w : &s, who, NULL);
		break;
	case 1:                         /* a segment of a download was taken */
		if (w && !w->upload && (w->n >= w->size || w->n == SDO_BYTES))
			sdo_done(f, k, w, who, NULL);
		break;
	case 4:
		take_initiate(&s, r, false);
		s.upload = w ? w->upload : true;
		why = rd_le32(r);
		if (rd_ok(r))
			sdo_done(f, k, k && w->index == s.index ? w : &s, who, &why);
		break;
	}
}

static void
emergency(struct ec_frame *f, struct rd *r, uint32_t who)
{
	uint16_t code = rd_le16(r);
	uint8_t reg = rd_u8(r);
	struct ev *e;

	if (!rd_ok(r))
		return;
	e = ec_begin(f->c, &f->c->when, "emergency", who);
	ev_uint(e, "error_code", code);
	ev_uint(e, "error_register", reg);
	e->ot.op = OT_ALARM;
	e->ot.service = TEXT("Emergency");
	e->ot.object = ec_who(e, who);
	ev_val_uint(e, code);
	ev_emit(e);
}

static void
tell_foe(struct dctx *c, const struct foe *w, const struct when *at, uint32_t who, bool answered,
    uint32_t error)
{
	struct ev *e = ec_begin(c, at, w->write ? "foe_write" : "foe_read", who);
	struct text name = { w->name, w->n };

	ev_str(e, "file", name);
	if (w->password) {
		ev_bool(e, "password", true);
		ev_credential(e, CRED_PASSWORD, CRED_CLEAR);
	}
	if (error)
		ev_uint(e, "foe_error", error);
	/* firmware travels like this */
	e->ot.op = w->write ? OT_PROGRAM : OT_READ;
	e->ot.service = w->write ? TEXT("FoEWrite") : TEXT("FoERead");
	e->ot.object = name;
	if (error)
		e->ot.result = tok_find(foe_errors, error) ? text_c(tok_find(foe_errors, error)) :
		    ev_text(e, "foe_error_%x", error);
	if (answered)
		ev_answered(e, c, at);
	else
		ev_unanswered(e, c);
	ev_emit(e);
}

static void
foe_unanswered(struct dctx *c, struct keep *k)
{
	tell_foe(c, (const struct foe *)k->data, &k->first, who_of(k), false, 0);
}

/* The request; its first data, acknowledgement or error is the outcome. */
static void
foe(struct ec_frame *f, struct rd *r, uint32_t who, bool read)
{
	struct ec_key key = wait_key(f, who, 'F');
	struct keep *k = keep_find(f->c, &key, sizeof(key));
	uint8_t op = rd_u8(r);
	uint32_t word;
	struct foe w;

	rd_skip(r, 1);
	word = rd_le32(r);
	if (!rd_ok(r))
		return;
	if (!read && (op == FOE_READ || op == FOE_WRITE)) {
		struct text t = text_rd(r, rd_left(r) < FOE_NAME ? rd_left(r) : FOE_NAME);

		memset(&w, 0, sizeof(w));
		w.write = op == FOE_WRITE;
		w.password = word != 0;
		w.n = (uint8_t)t.n;
		if (t.n)
			memcpy(w.name, t.p, t.n);
		if (k && !k->answered && memcmp(k->data, &w, sizeof(w)) == 0)
			return;
		k = keep_new(f->c, KEEP_WAIT, &key, sizeof(key), foe_unanswered);
		memcpy(k->data, &w, sizeof(w));
	} else if (read && k && !k->answered &&
	    (op == FOE_DATA || op == FOE_ACK || op == FOE_ERROR)) {
		k->answered = true;
		tell_foe(f->c, (const struct foe *)k->data, &k->first, who, true,
		    op == FOE_ERROR ? word : 0);
	}
}

bool
ec_mailbox(struct ec_frame *f, const struct ec_datagram *d, uint32_t who)
{
	bool read = d->cmd == EC_FPRD || d->cmd == EC_APRD;
	struct ec_slave *s = ec_slave_of(f, who);
	struct rd r = d->data, b;
	uint16_t len = rd_le16(&r), coe;
	uint8_t type;

	rd_skip(&r, 3);
	type = rd_u8(&r) & 15;
	/* what is read is there on the way back only */
	if (!rd_ok(&r) || (read && (!f->returned || !d->wkc)))
		return false;
	if (s->mbx_out && d->ado != (read ? s->mbx_in : s->mbx_out))
		return false;
	if (len < 2 || len > rd_left(&r) || !type || (type > MBX_SOE && type != MBX_VOE))
		return false;
	b = rd_sub(&r, len);
	if (type == MBX_FOE) {
		f->m->mailbox += f->returned;
		foe(f, &b, who, read);
		return true;
	}
	if (type != MBX_COE) {
		f->m->mailbox += f->returned;
		return s->mbx_out != 0;
	}
	coe = rd_le16(&b);
	if (!rd_ok(&b) || (coe & 0x0e00) || !(coe >> 12) || coe >> 12 > COE_INFO)
		return false;
	f->m->mailbox += f->returned;
	switch (coe >> 12) {
	case COE_EMERGENCY:
		if (read)
			emergency(f, &b, who);
		break;
	case COE_SDO_REQ:
		if (!read)
			sdo_request(f, &b, who);
		break;
	case COE_SDO_RES:
		if (read)
			sdo_response(f, &b, who);
		break;
	}
	if (rd_bad(&b))
		proto_anomaly(f->c, "MAILBOX_LENGTH");
	return true;
}
