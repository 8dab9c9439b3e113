/* ads_put.c: ADS commands into events.
 *
 * A place in a controller is an index group and offset, or a symbol's name:
 * the name is in the request that asks for its handle, and remembered for the
 * requests that use the handle. Values have no type on the wire. */
#include "base/hex.h"
#include "proto/ads.h"
#include "proto/memo.h"

enum { VALUE_HEX = 16, SYSTEM_PORT = 10000 };

uint64_t
ads_number(uint16_t port, uint32_t handle, bool note)
{
	return (uint64_t)note << 63 | (uint64_t)port << 32 | handle;
}

/* "5.13.117.96.1.1:801" */
size_t
ads_addr_text(char d[ADS_ADDR_TEXT], const struct ads_addr *a)
{
	size_t o = 0;

	for (unsigned i = 0; i < 6; i++) {
		if (i)
			d[o++] = '.';
		o += jw_dec(d + o, a->net[i]);
	}
	d[o++] = ':';
	return o + jw_dec(d + o, a->port);
}

struct text
ads_text(struct rd *r, uint32_t n)
{
	const uint8_t *p = rd_bytes(r, n);
	const uint8_t *end = p ? memchr(p, 0, n) : NULL;

	return p ? text_trim(p, end ? (size_t)(end - p) : n) : (struct text){ 0 };
}

static size_t
hex_number(char *d, uint32_t v)
{
	static const char dig[] = "0123456789abcdef";
	size_t o = 0;
	int n = 28;

	d[o++] = '0';
	d[o++] = 'x';
	while (n && !(v >> n))
		n -= 4;
	for (; n >= 0; n -= 4)
		d[o++] = dig[v >> n & 15];
	return o;
}

/* A registry key and its value's name, each ended by a NUL: "HKLM\Software\...". */
static size_t
registry_path(char d[ADS_OBJECT_TEXT], struct rd r)
{
	static const char root[] = "HKLM\\";
	uint32_t n = rd_have(&r);
	const uint8_t *p = rd_bytes(&r, n);
	size_t o = sizeof(root) - 1;
	unsigned parts = 0;

	memcpy(d, root, o);
	for (uint32_t i = 0; p && i < n && o < ADS_OBJECT_TEXT; i++) {
		if (!p[i] && ++parts == 2)
			break;
		d[o++] = p[i] ? (char)p[i] : '\\';
	}
	while (o && d[o - 1] == '\\')
		o--;
	return o;
}

static bool
is_file(uint32_t group)
{
	return group >= ADS_G_FILE_OPEN && group <= ADS_G_FILE_LAST;
}

struct text
ads_place(struct ads_talk *t, uint32_t group, uint32_t offset, struct rd written,
    char d[ADS_OBJECT_TEXT])
{
	struct ads_state *s = t->c->state;
	struct text name = { 0 };
	size_t o;

	t->named = true;
	if (t->h.target.port == SYSTEM_PORT && is_file(group)) {
		name = group < ADS_G_FILE_DELETE && group > ADS_G_FILE_OPEN ?
		    memo_get(t->c, ads_number(SYSTEM_PORT, offset, false), &s->map_at) :
		    ads_text(&written, rd_have(&written));
	}
	switch (group) {
	case ADS_G_REGISTRY:
		if (rd_left(&written))
			return (struct text){ d, (uint32_t)registry_path(d, written) };
		break;
	case ADS_G_HANDLE: case ADS_G_BY_NAME: case ADS_G_INFO: case ADS_G_INFO_EX:
		name = ads_text(&written, rd_have(&written));
		break;
	case ADS_G_BY_HANDLE:
		name = memo_get(t->c, ads_number(t->h.target.port, offset, false), &s->map_at);
		break;
	case ADS_G_RELEASE:
		offset = rd_le32(&written);
		name = memo_get(t->c, ads_number(t->h.target.port, offset, false), &s->map_at);
		break;
	}
	if (name.n) {
		name.n = name.n < ADS_OBJECT_TEXT ? name.n : ADS_OBJECT_TEXT;
		memcpy(d, name.p, name.n);
		return (struct text){ d, name.n };
	}
	t->named = false;
	o = jw_dec(d, t->h.target.port);
	d[o++] = ':';
	o += hex_number(d + o, group);
	d[o++] = ':';
	return (struct text){ d, (uint32_t)(o + hex_number(d + o, offset)) };
}

void
ads_put_place(struct ads_talk *t, uint32_t group, uint32_t offset, struct rd written)
{
	struct ev *e = t->e;
	struct text place = ads_place(t, group, offset, written, t->obj);

	ev_uint(e, "index_group", group);
	ev_cstr(e, "group", ads_group_name(group));
	ev_uint(e, "index_offset", offset);
	if (t->named)
		ev_str(e, "symbol", place);
	t->obj_n = place.n;
}

void
ads_put_value(struct ev *e, struct rd data, bool ot)
{
	uint32_t n = rd_left(&data);
	const uint8_t *p = rd_have(&data) == n ? rd_bytes(&data, n) : NULL;
	uint16_t v;
	char *d;

	if (!n || !p || n > VALUE_HEX)
		return;
	if (n <= 2) {
		v = (uint16_t)(p[0] | (n == 2 ? p[1] << 8 : 0));
		ev_uint(e, "value", v);
		if (ot)
			ev_val_uint(e, v);
		return;
	}
	if (!(d = ev_room(e, 2 * n)))
		return;
	hex_put(d, p, n);
	ev_str(e, "value", ((struct text){ d, 2 * n }));
	if (ot)
		ev_val_str(e, (struct text){ d, 2 * n });
}

void
ads_learn(struct ads_talk *t, uint32_t group, struct text place, struct rd answer)
{
	uint32_t handle;

	if ((group != ADS_G_HANDLE && group != ADS_G_FILE_OPEN) || !place.n)
		return;
	handle = rd_le32(&answer);
	if (rd_ok(&answer))
		memo_put(t->c, ads_number(t->h.target.port, handle, false), place);
}

static struct text
error_text(struct ev *e, uint32_t error)
{
	const char *s = ads_error_name(error);

	return s ? text_c(s) : ev_text(e, "0x%x", error);
}

struct ev *
ads_begin(struct ads_talk *t)
{
	struct ev *e = ev_begin(t->c, "ads", &t->when, t->side);
	struct text name = ads_command_name(t->h.cmd);
	char d[ADS_ADDR_TEXT];

	t->e = e;
	t->obj_n = 0;
	if (name.n)
		ev_word(e, "command", name);
	else
		ev_uint(e, "command_id", t->h.cmd);
	jw_str(e->w, "target", d, ads_addr_text(d, &t->h.target));
	jw_str(e->w, "source", d, ads_addr_text(d, &t->h.source));
	ev_uint(e, "invoke_id", t->h.invoke);
	e->ot.service = name;
	return e;
}

void
ads_emit(struct ads_talk *t, bool answered, uint32_t result)
{
	struct ev *e = t->e;

	if (t->obj_n)
		e->ot.object = (struct text){ t->obj, t->obj_n };
	if (t->has_a && t->error) {
		ev_str(e, "error", error_text(e, t->error));
		e->ot.result = error_text(e, t->error);
	} else if (t->has_a && answered) {
		/* the system service passes on what Windows says */
		if (t->h.target.port == SYSTEM_PORT && result && result < 0x500)
			e->ot.result = ev_text_num(e, "win32_error_", 12, result);
		else
			e->ot.result = error_text(e, result);
		if (result)
			ev_str(e, "result", e->ot.result);
		/* 8xx are the runtimes of programs (TwinCAT 2: 801 to 804, 3: 851 and on) */
		if (!result && t->h.target.port > 800 && t->h.target.port < 900)
			e->ot.role = TEXT("plc");
	} else if (!t->has_a && t->has_q && t->h.cmd != ADS_NOTE &&
	    !(t->h.flags & ADS_F_NO_RETURN)) {
		ev_unanswered(e, t->c);
	}
	if (t->has_a && t->has_q)
		ev_answered(e, t->c, &t->when);
	ev_emit(e);
}

/* "2.11.2228" */
static struct text
version_text(struct ev *e, uint8_t major, uint8_t minor, uint16_t build)
{
	char *d = ev_room(e, 24);
	size_t o;

	if (!d)
		return (struct text){ 0 };
	o = jw_dec(d, major);
	d[o++] = '.';
	o += jw_dec(d + o, minor);
	d[o++] = '.';
	return (struct text){ d, (uint32_t)(o + jw_dec(d + o, build)) };
}

static void
report_device_info(struct ads_talk *t)
{
	struct ev *e = ads_begin(t);
	uint32_t result = 0;

	e->ot.op = OT_IDENTIFY;
	if (t->has_a && !t->error) {
		struct text name = { 0 }, version;
		uint8_t major = 0, minor = 0;
		uint16_t build = 0;

		result = rd_le32(&t->a);
		if (!result) {
			major = rd_u8(&t->a);
			minor = rd_u8(&t->a);
			build = rd_le16(&t->a);
			name = ads_text(&t->a, 16);
		}
		if (rd_ok(&t->a) && !result) {
			version = version_text(e, major, minor, build);
			ev_str(e, "device_name", name);
			ev_str(e, "version", version);
			/* others are programs in it, which have versions of their own */
			if (t->h.target.port == SYSTEM_PORT)
				ev_identity(e, "ads.device_info", EV_DEST)->firmware = version;
		}
	}
	ads_emit(t, true, result);
}

/* What stands between <tag> and </. */
static struct text
xml_text(struct text x, const char *tag)
{
	size_t n = strlen(tag);
	const char *p = x.n ? memmem(x.p, x.n, tag, n) : NULL, *end;

	if (!p)
		return (struct text){ 0 };
	p += n;
	end = memchr(p, '<', (size_t)(x.p + x.n - p));
	return end ? text_trim(p, (size_t)(end - p)) : (struct text){ 0 };
}

static struct text
joined(struct ev *e, struct text a, const char *sep, struct text b)
{
	size_t m = strlen(sep);
	char *d;

	if (!a.n || !b.n)
		return a.n ? a : b;
	if (!(d = ev_room(e, (uint32_t)(a.n + m + b.n))))
		return a;
	memcpy(d, a.p, a.n);
	memcpy(d + a.n, sep, m);
	memcpy(d + a.n + m, b.p, b.n);
	return (struct text){ d, (uint32_t)(a.n + m + b.n) };
}

/* The target description: a small XML document that says all. */
static void
take_target(struct ads_talk *t, struct rd data)
{
	struct ev *e = t->e;
	uint32_t n = rd_have(&data);
	struct text x = { (const char *)rd_bytes(&data, n), n };
	struct text type = xml_text(x, "<TargetType>"), version, os;
	struct ident *i;

	if (!type.n)
		return;
	version = joined(e, xml_text(x, "<Version>"), ".", xml_text(x, "<Revision>"));
	version = joined(e, version, ".", xml_text(x, "<Build>"));
	os = joined(e, xml_text(x, "<OsName>"), " ", xml_text(x, "<OsVersion>"));
	i = ev_identity(e, "ads.target_description", EV_DEST);
	i->model = type;
	i->serial = xml_text(x, "<SerialNo>");
	i->firmware = version;
	i->hardware = xml_text(x, "<CPUVersion>");
	i->os = os;
	/* the maker's own model series; the description is of its system alone */
	if (type.n > 2 && (memcmp(type.p, "CX", 2) == 0 || memcmp(type.p, "CP", 2) == 0))
		i->vendor = TEXT("Beckhoff");
	ev_str(e, "target_type", type);
	ev_str(e, "serial", i->serial);
	ev_str(e, "hardware", xml_text(x, "<Model>"));
	ev_str(e, "image", xml_text(x, "<ImageVersion>"));
	ev_str(e, "os", os);
	ev_str(e, "version", version);
}

/* What an answered read says beyond its value. */
static void
take_known(struct ads_talk *t, uint32_t group, uint32_t offset, struct rd data)
{
	struct text name;

	if (group == ADS_G_TARGET && offset == 1) {
		take_target(t, data);
	} else if (group == ADS_G_HOSTNAME) {
		name = ads_text(&data, rd_have(&data));
		ev_str(t->e, "host_name", name);
		ev_identity(t->e, "ads.host_name", EV_DEST)->hostname = name;
	} else if (group != ADS_G_REGISTRY) {   /* it holds passwords, too */
		ads_put_value(t->e, data, true);
	}
}

/* Written to the system service, these are no values of a process. */
static enum ot_op
write_op(const struct ads_talk *t, uint32_t group)
{
	if (group == ADS_G_RELEASE)
		return OT_OTHER;
	if (t->h.target.port != SYSTEM_PORT)
		return group >= 0xf00a && group <= 0xf00b ? OT_PROGRAM : OT_WRITE;
	switch (group) {
	case 200: case 400: case 700: case 701: case 702: case 801: case 802:
		return OT_CONFIGURE;
	case 500:
		return OT_COMMAND;
	default:
		return group >= 100 && group <= 135 ? OT_PROGRAM : OT_WRITE;
	}
}

static enum ot_op
read_write_op(const struct ads_talk *t, uint32_t group, struct text place)
{
	if (t->h.target.port == SYSTEM_PORT)
		return group == 123 || (group >= 131 && group <= 132) ? OT_PROGRAM :
		    group == 500 ? OT_COMMAND : OT_READ;
	switch (group) {
	case ADS_G_HANDLE: case ADS_G_BY_NAME: case ADS_G_INFO: case ADS_G_INFO_EX: case 0xf008:
		return OT_READ;
	case ADS_G_BY_HANDLE:           /* a method is called by the handle of its name */
		return place.n && memchr(place.p, '#', place.n) ? OT_COMMAND : OT_OTHER;
	default:
		return OT_OTHER;
	}
}

static void
report_read(struct ads_talk *t)
{
	struct ev *e = ads_begin(t);
	uint32_t group = 0, offset = 0, want, result = 0, n;
	struct rd none = rd_init(NULL, 0, 0), data;

	e->ot.op = OT_READ;
	if (t->has_q) {
		group = rd_le32(&t->q);
		offset = rd_le32(&t->q);
		want = rd_le32(&t->q);
		if (rd_ok(&t->q)) {
			ads_put_place(t, group, offset, none);
			ev_uint(e, "read_length", want);
		}
	}
	if (t->has_a && !t->error) {
		result = rd_le32(&t->a);
		n = rd_left(&t->a) ? rd_le32(&t->a) : 0;        /* errors may come without data */
		data = rd_sub(&t->a, n);
		if (!result && rd_left(&data)) {
			ev_uint(e, "length", n);
			take_known(t, group, offset, data);
		}
	}
	ads_emit(t, true, result);
}

static void
report_write(struct ads_talk *t)
{
	struct ev *e = ads_begin(t);
	uint32_t result = 0;

	e->ot.op = OT_WRITE;
	if (t->has_q) {
		uint32_t group = rd_le32(&t->q), offset = rd_le32(&t->q), n = rd_le32(&t->q);
		struct rd data = rd_sub(&t->q, n);
		if (!rd_bad(&t->q)) {
			ads_put_place(t, group, offset, data);
			e->ot.op = write_op(t, group);
			ev_uint(e, "length", n);
			if (group != ADS_G_RELEASE && group != ADS_G_REGISTRY)
				ads_put_value(e, data, true);
		}
	}
	if (t->has_a && !t->error)
		result = rd_le32(&t->a);
	ads_emit(t, true, result);
}

static void
report_read_write(struct ads_talk *t)
{
	uint32_t group = 0, offset = 0, want = 0, n = 0, result = 0;
	struct rd written = rd_init(NULL, 0, 0), data = written;
	struct ev *e;

	if (t->has_q) {
		group = rd_le32(&t->q);
		offset = rd_le32(&t->q);
		want = rd_le32(&t->q);
		n = rd_le32(&t->q);
		written = rd_sub(&t->q, n);
	}
	if (t->has_a && !t->error) {
		uint32_t m;
		result = rd_le32(&t->a);
		m = rd_left(&t->a) ? rd_le32(&t->a) : 0;
		data = rd_sub(&t->a, m);
	}
	if (t->has_q && !rd_bad(&t->q) &&
	    ads_sum(t, group, offset, written, t->has_a && !t->error, result, data))
		return;
	e = ads_begin(t);
	e->ot.op = OT_READ;
	if (t->has_q && !rd_bad(&t->q)) {
		ads_put_place(t, group, offset, written);
		e->ot.op = read_write_op(t, group, (struct text){ t->obj, t->obj_n });
		ev_uint(e, "read_length", want);
		ev_uint(e, "write_length", n);
	}
	if (t->has_a && !t->error && !result && rd_left(&data)) {
		ev_uint(e, "length", rd_left(&data));
		if (group == ADS_G_HANDLE || group == ADS_G_FILE_OPEN) {
			struct rd h = data;
			ev_uint(e, "handle", rd_le32(&h));
			ads_learn(t, group, (struct text){ t->obj, t->obj_n }, data);
		} else if (group != ADS_G_INFO && group != ADS_G_INFO_EX &&
		    group != ADS_G_REGISTRY) {
			ads_put_value(e, data, true);
		}
	}
	ads_emit(t, true, result);
}

static void
put_state(struct ev *e, uint16_t state, uint16_t device)
{
	ev_cstr(e, "state", ads_state_name(state));
	ev_uint(e, "state_raw", state);
	ev_uint(e, "device_state", device);
}

static void
report_read_state(struct ads_talk *t)
{
	struct ev *e = ads_begin(t);
	uint32_t result = 0;

	e->ot.op = OT_READ;
	e->ot.object = ev_text_num(e, "port ", 5, t->h.target.port);
	if (t->has_a && !t->error) {
		uint16_t state = 0, device = 0;
		result = rd_le32(&t->a);
		if (!result) {
			state = rd_le16(&t->a);
			device = rd_le16(&t->a);
		}
		if (rd_ok(&t->a) && !result) {
			put_state(e, state, device);
			ev_val_str(e, text_c(ads_state_name(state)));
		}
	}
	ads_emit(t, true, result);
}

static void
report_write_control(struct ads_talk *t)
{
	struct ev *e = ads_begin(t);
	uint32_t result = 0;

	e->ot.op = OT_COMMAND;
	e->ot.object = ev_text_num(e, "port ", 5, t->h.target.port);
	if (t->has_q) {
		uint16_t state = rd_le16(&t->q), device = rd_le16(&t->q);
		uint32_t n = rd_le32(&t->q);
		rd_sub(&t->q, n);
		if (!rd_bad(&t->q)) {
			const char *name = ads_state_name(state);
			put_state(e, state, device);
			if (n)
				ev_uint(e, "length", n);
			if (name)
				ev_val_str(e, text_c(name));
			else
				ev_val_uint(e, state);
		}
	}
	if (t->has_a && !t->error)
		result = rd_le32(&t->a);
	ads_emit(t, true, result);
}

static void
report_other(struct ads_talk *t)
{
	struct ev *e = ads_begin(t);

	e->ot.op = OT_OTHER;
	ev_uint(e, "length", t->h.len);
	ads_emit(t, true, 0);
}

void
ads_report(struct ads_talk *t)
{
	switch (t->h.cmd) {
	case ADS_DEVICE_INFO: report_device_info(t); break;
	case ADS_READ: report_read(t); break;
	case ADS_WRITE: report_write(t); break;
	case ADS_READ_STATE: report_read_state(t); break;
	case ADS_WRITE_CONTROL: report_write_control(t); break;
	case ADS_ADD_NOTE: ads_add_note(t); break;
	case ADS_DEL_NOTE: ads_del_note(t); break;
	case ADS_NOTE:
		if (t->has_q)
			ads_note(t);
		break;
	case ADS_READ_WRITE: report_read_write(t); break;
	default: report_other(t);
	}
}
