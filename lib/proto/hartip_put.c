/* hartip_put.c: a HART command as the event's detail, what it means, and what the
 * device says of itself. */
#include "proto/hartip.h"

static const char hex[] = "0123456789abcdef";

static struct text
hex_text(struct ev *e, const char *prefix, uint64_t v, unsigned digits)
{
	size_t n = strlen(prefix);
	char *s = ev_room(e, (uint32_t)n + digits);

	if (!s)
		return (struct text){ 0 };
	memcpy(s, prefix, n);
	for (unsigned i = digits; i > 0; i--, v >>= 4)
		s[n + i - 1] = hex[v & 15];
	return (struct text){ s, (uint32_t)n + digits };
}

/* Packed ASCII (SPEC-183, 5.2): four characters in three octets. */
static struct text
packed(struct ev *e, struct rd *r, uint32_t n)
{
	const uint8_t *d = rd_bytes(r, n);
	char *s = d ? ev_room(e, n / 3 * 4) : NULL;
	uint32_t out = 0;

	if (!s)
		return (struct text){ 0 };
	for (uint32_t i = 0; i + 3 <= n; i += 3) {
		uint32_t v = (uint32_t)d[i] << 16 | (uint32_t)d[i + 1] << 8 | d[i + 2];
		for (int k = 18; k >= 0; k -= 6) {
			uint32_t c = v >> k & 63;
			s[out++] = (char)(c & 32 ? c : c | 64);
		}
	}
	return text_trim(s, out);
}

/* A text of ISO Latin-1 as UTF-8. */
static struct text
latin(struct ev *e, struct rd *r, uint32_t n)
{
	struct text t = text_rd(r, n);
	char *s = t.n ? ev_room(e, t.n * 2) : NULL;
	uint32_t out = 0;

	if (!s)
		return (struct text){ 0 };
	for (uint32_t i = 0; i < t.n; i++) {
		uint8_t b = (uint8_t)t.p[i];
		if (b & 0x80) {
			s[out++] = (char)(0xc0 | b >> 6);
			s[out++] = (char)(0x80 | (b & 63));
		} else {
			s[out++] = b ? (char)b : ' ';
		}
	}
	return text_trim(s, out);
}

struct texts { struct text tag, descriptor, message, long_tag, number; };

/* The texts that a command carries, asked or answered. */
static void
take_texts(struct ev *e, const struct hip_command *c, struct texts *t)
{
	struct rd r = c->data;

	memset(t, 0, sizeof(*t));
	switch (c->number) {
	case 12: case 17:
		t->message = packed(e, &r, 24);
		break;
	case 13: case 18:
		t->tag = packed(e, &r, 6);
		t->descriptor = packed(e, &r, 12);
		break;
	case 11:
		if (!c->answer)
			t->tag = packed(e, &r, 6);
		break;
	case 21:
		if (c->answer)
			break;
		/* FALLTHROUGH */
	case 20: case 22:
		t->long_tag = latin(e, &r, 32);
		break;
	case 16: case 19:
		if (rd_left(&r) >= 3)
			t->number = ev_text_num(e, "", 0, rd_be24(&r));
		break;
	default:
		break;
	}
}

/* Whether the answer has data of its own: an error has none that counts. */
static bool
answered(const struct hip_command *a)
{
	return a && !a->comm_error && rd_left(&a->data) &&
	    (a->code == 0 || a->code == 8 || a->code >= 96);
}

/* Which of the two holds what the command is about. */
static const struct hip_command *
bearer(const struct hip_command *q, const struct hip_command *a)
{
	const struct hip_known *k = hip_known(q ? q->number : a->number);
	bool sets = k && (k->op == OT_WRITE || k->op == OT_COMMAND || k->op == OT_CONFIGURE);

	if (sets && q && rd_left(&q->data))
		return q;
	return answered(a) ? a : sets ? q : NULL;
}

static void
put_values(struct ev *e, const struct hip_value *v, unsigned n)
{
	ev_arr(e, "variables");
	for (unsigned i = 0; i < n; i++) {
		ev_a_obj(e);
		if (v[i].has_code)
			ev_uint(e, "code", v[i].code);
		if (v[i].has_units) {
			ev_uint(e, "units_code", v[i].units);
			ev_cstr(e, "units", hip_units(v[i].units));
		}
		ev_real(e, "value", (double)v[i].v);
		if (v[i].has_status)
			ev_uint(e, "status", v[i].status);
		ev_end(e);
	}
	ev_end(e);
}

static void
put_identity(struct ev *e, const struct hip_identity *i)
{
	ev_str(e, "device_type", hex_text(e, "0x", i->type, 4));
	ev_str(e, "device_id", hex_text(e, "", i->id, 6));
	ev_uint(e, "manufacturer_id", i->vendor);
	ev_cstr(e, "manufacturer", hip_vendor(i->vendor));
	ev_uint(e, "universal_revision", i->universal);
	ev_uint(e, "device_revision", i->revision);
	ev_uint(e, "software_revision", i->software);
	ev_uint(e, "hardware_revision", i->hardware);
}

static bool
gives_identity(const struct hip_command *a)
{
	return answered(a) && (a->number == 0 || a->number == 11 || a->number == 21);
}

void
hip_put(struct ev *e, const struct hip_command *q, const struct hip_command *a)
{
	const struct hip_command *c = q ? q : a, *b = bearer(q, a);
	const struct hip_known *k = hip_known(c->number);
	struct hip_value v[HIP_SLOTS + 1];
	struct hip_identity i;
	struct texts t;
	unsigned n;

	ev_uint(e, "command", c->number);
	ev_cstr(e, "command_name", k ? k->name : NULL);
	if (q)
		ev_uint(e, "request_length", rd_left(&q->data));
	if (a) {
		ev_uint(e, "response_code", a->code);
		ev_cstr(e, "response", a->comm_error ? "communication_error" :
		    tok_find(hip_codes, a->code));
		if (!a->comm_error && a->status) {
			ev_arr(e, "device_status");
			for (unsigned s = 0; s < 8; s++)
				if (a->status & 1u << s)
					ev_a_str(e, text_c(hip_device_status[s]));
			ev_end(e);
		}
		ev_uint(e, "response_length", rd_left(&a->data));
	}
	if (gives_identity(a) && hip_identity(a->data, &i))
		put_identity(e, &i);
	if (q && (q->number == 11 || q->number == 21))
		b = q;
	if (!b)
		return;
	take_texts(e, b, &t);
	ev_str(e, "tag", t.tag);
	ev_str(e, "descriptor", t.descriptor);
	ev_str(e, "message_text", t.message);
	ev_str(e, "long_tag", t.long_tag);
	ev_str(e, "final_assembly_number", t.number);
	if ((n = hip_values(b, v)))
		put_values(e, v, n);
}

/* "polling_address", "device_variable:3 damping", "calibration:analog_channel:1 gain":
 * commands of one of several begin with its number. */
static struct text
object_text(struct ev *e, const struct hip_known *k, const struct hip_command *q)
{
	static const char *const numbered[] = { "device_variable", "analog_channel" };
	int var = q ? rd_peek8(&q->data, 0) : -1;

	if (!k || !k->object)
		return (struct text){ 0 };
	for (unsigned i = 0; var >= 0 && i < sizeof(numbered) / sizeof(numbered[0]); i++) {
		const char *at = strstr(k->object, numbered[i]);
		size_t n = strlen(numbered[i]);

		if (at && (!at[n] || at[n] == ' '))
			return ev_text(e, "%.*s:%d%s", (int)(at + n - k->object), k->object, var,
			    at + n);
	}
	return text_c(k->object);
}

void
hip_ot(struct ev *e, const struct hip_command *q, const struct hip_command *a)
{
	const struct hip_command *c = q ? q : a, *b = bearer(q, a);
	const struct hip_known *k = hip_known(c->number);
	struct hip_value v[HIP_SLOTS + 1];
	const char *s;
	struct texts t;
	unsigned n = 0;

	e->ot.op = k ? k->op : OT_OTHER;
	e->ot.service = k ? text_c(k->name) : ev_text_num(e, "command_", 8, c->number);
	e->ot.object = object_text(e, k, q);
	if (b) {
		take_texts(e, b, &t);
		if (t.tag.n || t.long_tag.n || t.message.n || t.number.n) {
			ev_val_str(e, t.tag.n ? t.tag : t.long_tag.n ? t.long_tag :
			    t.message.n ? t.message : t.number);
		} else if ((n = hip_values(b, v)) == 1) {
			ev_val_real(e, (double)v[0].v);
		} else if (n) {
			ev_val_arr(e);
			for (unsigned i = 0; i < n; i++)
				ev_val_real(e, (double)v[i].v);
			ev_val_end(e);
		} else if (c->number == 6 && rd_left(&b->data)) {
			ev_val_uint(e, (uint64_t)rd_peek8(&b->data, 0));
		}
		e->ot.has_count = n > 0;
		e->ot.count = n;
	}
	if (!a)
		return;
	if (a->comm_error)
		e->ot.result = TEXT("communication_error");
	else if (a->code == 8 || (a->code >= 96 && a->code < 128))
		e->ot.result = TEXT("ok");      /* done, with a remark */
	else if ((s = tok_find(hip_codes, a->code)))
		e->ot.result = text_c(s);
	else
		e->ot.result = ev_text_num(e, "response_", 9, a->code);
}

void
hip_identify(struct ev *e, const struct hip_command *a, const struct hip_pdu *p, uint64_t own)
{
	static const char *const source[] = { [0] = "hartip.command-0",
		[11] = "hartip.command-11", [13] = "hartip.command-13", [20] = "hartip.command-20",
		[21] = "hartip.command-21" };
	bool gives = gives_identity(a);
	struct hip_identity d = { 0 };
	struct ident *i;
	struct texts t;

	if (!answered(a) || a->number > 21 || !source[a->number] ||
	    (gives && !hip_identity(a->data, &d)))
		return;
	i = ev_identity(e, source[a->number], EV_DEST);
	/* another address than that of the one who answers: behind it */
	if (p && (p->is_long ? (uint32_t)p->unique != (uint32_t)own : p->poll != 0)) {
		i->of = EV_OTHER;
		i->has_parent = true;
		i->parent = EV_DEST;
		i->sub = p->is_long || gives ?
		    hex_text(e, "hart ", p->is_long ? p->unique : d.unique, 10) :
		    ev_text_num(e, "hart poll ", 10, p->poll);
	}
	if (gives) {
		i->vendor = text_c(hip_vendor(d.vendor));
		i->model = hex_text(e, "type 0x", d.type, 4);
		i->serial = hex_text(e, "", d.id, 6);
		i->firmware = ev_text_num(e, "", 0, d.software);
		i->hardware = ev_text_num(e, "", 0, d.hardware);
		return;
	}
	take_texts(e, a, &t);
	i->hostname = t.tag.n ? t.tag : t.long_tag;
}
