/* doip_uds.c: UDS (ISO 14229-1): services by name, data identifiers, refusals. */
#include "base/hex.h"
#include "proto/doip.h"

enum { SHOWN = 64 };

static const struct { uint8_t sid; const char *name; enum ot_op op; bool sub; } services[] = {
	{ 0x10, "DiagnosticSessionControl", OT_CONNECT, true },
	{ 0x11, "ECUReset", OT_COMMAND, true },
	{ 0x14, "ClearDiagnosticInformation", OT_COMMAND, false },
	{ 0x19, "ReadDTCInformation", OT_READ, true },
	{ 0x22, "ReadDataByIdentifier", OT_READ, false },
	{ 0x23, "ReadMemoryByAddress", OT_READ, false },
	{ 0x24, "ReadScalingDataByIdentifier", OT_READ, false },
	{ 0x27, "SecurityAccess", OT_AUTH, true },
	{ 0x28, "CommunicationControl", OT_COMMAND, true },
	{ 0x29, "Authentication", OT_AUTH, true },
	{ 0x2a, "ReadDataByPeriodicIdentifier", OT_SUBSCRIBE, false },
	{ 0x2c, "DynamicallyDefineDataIdentifier", OT_CONFIGURE, true },
	{ 0x2e, "WriteDataByIdentifier", OT_WRITE, false },
	{ 0x2f, "InputOutputControlByIdentifier", OT_COMMAND, false },
	{ 0x31, "RoutineControl", OT_COMMAND, true },
	{ 0x34, "RequestDownload", OT_PROGRAM, false },
	{ 0x35, "RequestUpload", OT_PROGRAM, false },
	{ 0x36, "TransferData", OT_PROGRAM, false },
	{ 0x37, "RequestTransferExit", OT_PROGRAM, false },
	{ 0x38, "RequestFileTransfer", OT_PROGRAM, true },
	{ 0x3d, "WriteMemoryByAddress", OT_PROGRAM, false },
	{ 0x3e, "TesterPresent", OT_CONNECT, true },
	{ 0x83, "AccessTimingParameter", OT_CONFIGURE, true },
	{ 0x84, "SecuredDataTransmission", OT_OTHER, false },
	{ 0x85, "ControlDTCSetting", OT_CONFIGURE, true },
	{ 0x86, "ResponseOnEvent", OT_SUBSCRIBE, true },
	{ 0x87, "LinkControl", OT_CONFIGURE, true },
};

static const struct tok refusals[] = {
	{ 0x10, "general_reject" }, { 0x11, "service_not_supported" },
	{ 0x12, "subfunction_not_supported" }, { 0x13, "incorrect_message_length" },
	{ 0x14, "response_too_long" }, { 0x21, "busy_repeat_request" },
	{ 0x22, "conditions_not_correct" }, { 0x24, "request_sequence_error" },
	{ 0x25, "no_response_from_subnet" }, { 0x26, "failure_prevents_execution" },
	{ 0x31, "request_out_of_range" }, { 0x33, "security_access_denied" },
	{ 0x34, "authentication_required" }, { 0x35, "invalid_key" },
	{ 0x36, "exceeded_number_of_attempts" }, { 0x37, "required_time_delay_not_expired" },
	{ 0x70, "upload_download_not_accepted" }, { 0x71, "transfer_data_suspended" },
	{ 0x72, "general_programming_failure" }, { 0x73, "wrong_block_sequence_counter" },
	{ 0x78, "response_pending" }, { 0x7e, "subfunction_not_supported_in_session" },
	{ 0x7f, "service_not_supported_in_session" },
	{ 0, NULL }
};

static int
find(uint8_t sid)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (services[i].sid == sid)
			return (int)i;
	return -1;
}

const char *
uds_name(uint8_t sid)
{
	return find(sid) < 0 ? NULL : services[find(sid)].name;
}

enum ot_op
uds_op(uint8_t sid)
{
	return find(sid) < 0 ? OT_OTHER : services[find(sid)].op;
}

const char *uds_refusal(uint8_t nrc) { return tok_find(refusals, nrc); }

void
uds_decode(struct rd r, struct uds *u)
{
	uint8_t b = rd_u8(&r);
	int i;

	memset(u, 0, sizeof(*u));
	if (b == 0x7f) {
		u->negative = true;
		u->sid = rd_u8(&r);
		u->nrc = rd_u8(&r);
		return;
	}
	/* 0x40 is in no request's number, but in all of the answers' */
	u->sid = b & 0xbf;
	i = find(u->sid);
	if (i >= 0 && services[i].sub && rd_left(&r)) {
		u->sub = rd_u8(&r);
		u->has_sub = rd_ok(&r);
	}
	switch (u->sid) {
	case 0x22: case 0x24: case 0x2e: case 0x2f: case 0x31:
		if (rd_left(&r) < 2)
			break;
		u->id = rd_be16(&r);
		u->has_id = rd_ok(&r);
		break;
	}
	u->n = rd_have(&r);
	u->p = rd_bytes(&r, u->n);
}

static bool
is_answer_of_text(uint16_t id)
{
	return id >= 0xf180 && id <= 0xf19f;
}

static struct text
printable(const uint8_t *p, uint32_t n)
{
	struct text t = text_trim(p, n);

	for (uint32_t i = 0; i < t.n; i++)
		if ((uint8_t)t.p[i] < ' ' || (uint8_t)t.p[i] > '~')
			return (struct text){ 0 };
	return t;
}

static void
put_bytes(struct ev *e, const struct uds *u)
{
	uint32_t n = u->n < SHOWN ? u->n : SHOWN;
	struct text t = is_answer_of_text(u->id) ? printable(u->p, n) : (struct text){ 0 };
	char *d;

	if (!n)
		return;
	if (t.n) {
		ev_val_str(e, t);
		return;
	}
	if (!(d = ev_room(e, 2 * n)))
		return;
	hex_put(d, u->p, n);
	ev_val_str(e, (struct text){ d, 2 * n });
}

void
uds_put(struct ev *e, const struct uds *q, const struct uds *a, uint16_t target)
{
	const char *name = uds_name(q->sid);

	ev_obj(e, "uds");
	ev_uint(e, "sid", q->sid);
	ev_cstr(e, "service", name);
	if (q->has_sub)
		ev_uint(e, "subfunction", q->sub & 0x7f);
	if (q->has_id)
		ev_str(e, "identifier", ev_text(e, "0x%04x", q->id));
	if (q->n)
		ev_uint(e, "length", q->n);
	if (a && a->negative) {
		ev_uint(e, "nrc", a->nrc);
		ev_cstr(e, "refusal", uds_refusal(a->nrc));
	} else if (a && a->n) {
		ev_uint(e, "response_length", a->n);
	}
	ev_end(e);
	e->ot.op = uds_op(q->sid);
	e->ot.service = name ? text_c(name) : ev_text(e, "service_0x%02x", q->sid);
	e->ot.object = q->has_id ? ev_text(e, "0x%04x %s:0x%04x", target,
	    q->sid == 0x31 ? "routine" : "did", q->id) : ev_text(e, "0x%04x", target);
	if (q->sid == 0x22) {           /* several may be asked for at once */
		e->ot.has_count = true;
		e->ot.count = 1 + q->n / 2;
	}
	/* what is written, or what was read; never what proves who one is */
	if (q->sid == 0x2e || q->sid == 0x2f)
		put_bytes(e, q);
	else if (q->sid == 0x22 && !q->n && a && !a->negative && a->has_id && a->id == q->id)
		put_bytes(e, a);
	else if (q->has_sub && e->ot.op != OT_AUTH)
		ev_val_uint(e, q->sub & 0x7f);
}

void
uds_identify(struct ev *e, const struct uds *a, uint16_t unit, enum ident_of gateway)
{
	struct text t = printable(a->p, a->n < SHOWN ? a->n : SHOWN);
	struct ident *i;

	if (a->sid != 0x22 || a->negative || !a->has_id || !is_answer_of_text(a->id) || !t.n)
		return;
	i = ev_identity(e, "doip.uds", EV_OTHER);
	i->has_parent = true;
	i->parent = gateway;
	i->sub = ev_text(e, "doip %04x", unit);
	switch (a->id) {
	case 0xf187: i->order_code = t; break;  /* spare part number */
	case 0xf188: case 0xf189: case 0xf194: case 0xf195: i->firmware = t; break;
	case 0xf18a: i->vendor = t; break;
	case 0xf18c: i->serial = t; break;
	case 0xf191: case 0xf192: case 0xf193: i->hardware = t; break;
	case 0xf197: i->product = t; break;
	}
}
