/* rtps.c: RTPS, the wire protocol of DDS (OMG DDSI-RTPS 2.5): UDP 7400 and on,
 * most of it to a group. Only discovery is read: who takes part, with which
 * middleware, and which topics are written and read; data are passed over.
 *
 *      "RTPS" | version 2 | vendor 2 | GUID prefix 12 | submessages
 *      submessage: id | flags (1: little-endian) | length 2 | content
 *
 * What discovery repeats is an event when it is new or has changed. User names
 * and other properties of participants are not written. */
#include "base/hash.h"
#include "proto/keep.h"
#include "proto/proto.h"

enum { DATA = 0x15, SPDP_WRITER = 0x000100c2, PUBLICATIONS = 0x000003c2,
       SUBSCRIPTIONS = 0x000004c2, SUBMESSAGES = 64, PARAMETERS = 128 };

struct rtps_data {
	const char *kind;
	uint32_t writer;
	const uint8_t *guid;            /* of the endpoint: 16 bytes */
	struct text name, topic, type, hostname;
	uint32_t hash;
};

static const struct tok vendors[] = {
	{ 0x0101, "RTI Connext DDS" }, { 0x0102, "OpenSplice DDS" }, { 0x0103, "OpenDDS" },
	{ 0x0104, "MilSOFT DDS" }, { 0x0105, "InterCOM DDS" }, { 0x0106, "CoreDX DDS" },
	{ 0x010a, "RTI Connext Micro" }, { 0x010b, "Vortex Cafe" }, { 0x010d, "Vortex Lite" },
	{ 0x010f, "Fast DDS" }, { 0x0110, "Cyclone DDS" }, { 0x0111, "GurumDDS" },
	{ 0x0112, "RustDDS" }, { 0, NULL },
};

static uint16_t
u16(struct rd *r, bool le)
{
	return le ? rd_le16(r) : rd_be16(r);
}

static uint32_t
u32(struct rd *r, bool le)
{
	return le ? rd_le32(r) : rd_be32(r);
}

/* CDR's string: length with its NUL, bytes, padding to four. */
static struct text
string(struct rd *r, bool le)
{
	uint32_t n = u32(r, le), pad = (4 - (n & 3)) & 3;
	struct rd s = rd_sub(r, n);

	rd_skip(r, rd_left(r) >= pad ? pad : rd_left(r));
	return text_rd(&s, rd_left(&s) < LIM_TEXT / 4 ? rd_left(&s) : LIM_TEXT / 4);
}

/* Of the properties the host's name alone. */
static struct text
host_property(struct rd r, bool le)
{
	static const char key[] = "dds.sys_info.hostname";
	uint32_t n = u32(&r, le);

	for (; n && rd_left(&r); n--) {
		struct text k = string(&r, le), v = string(&r, le);

		if (rd_ok(&r) && k.n == sizeof(key) - 1 && memcmp(k.p, key, k.n) == 0)
			return v;
	}
	return (struct text){ NULL, 0 };
}

/* A list of parameters (9.4.2.11): id, length, value; 1 ends it. */
static bool
take_parameters(struct rd *r, struct rtps_data *d)
{
	bool le = rd_be16(r) & 1;       /* PL_CDR_BE is 2, PL_CDR_LE 3 */

	rd_skip(r, 2);
	for (int i = 0; i < PARAMETERS && rd_left(r) >= 4; i++) {
		uint16_t id = u16(r, le) & 0x3fff, n = u16(r, le);
		struct rd v;

		if (id == 1)
			break;
		v = rd_sub(r, n);
		switch (id) {
		case 0x05: d->topic = string(&v, le); break;
		case 0x07: d->type = string(&v, le); break;
		case 0x62: d->name = string(&v, le); break;
		case 0x59: d->hostname = host_property(v, le); break;
		case 0x50: case 0x5a:
			d->guid = rd_left(&v) >= 16 ? rd_bytes(&v, 16) : d->guid;
			break;
		}
	}
	return rd_ok(r);
}

static void
hash_text(uint32_t *h, struct text t)
{
	*h = hash32_step(hash32_bytes(*h, t.p, t.n), 0);
}

static void
on_end(struct dctx *c, struct keep *s)
{
}

/* New, or other than it was? */
static bool
is_news(struct dctx *c, struct rtps_data *d)
{
	struct { uint8_t guid[16], kind; } key = { .kind = d->kind[0] };
	struct keep *s;
	uint32_t *seen;

	d->hash = HASH32_BEGIN;
	hash_text(&d->hash, d->name);
	hash_text(&d->hash, d->topic);
	hash_text(&d->hash, d->type);
	hash_text(&d->hash, d->hostname);
	memcpy(key.guid, d->guid, 16);
	s = keep_find(c, &key, sizeof(key));
	if (!s)
		s = keep_new(c, KEEP_STREAM, &key, sizeof(key), on_end);
	keep_touch(c, s);
	seen = (uint32_t *)(void *)s->data;
	if (*seen == (d->hash | 1))
		return false;
	*seen = d->hash | 1;
	return true;
}

static void
event(struct dctx *c, const struct rtps_data *d, uint16_t version, uint16_t vendor)
{
	struct ev *e = ev_begin(c, "rtps", &c->when, c->side);
	const char *product = tok_find(vendors, vendor);
	bool participant = d->writer == SPDP_WRITER;

	ev_cstr(e, "kind", d->kind);
	ev_str(e, "version", ev_text(e, "%u.%u", version >> 8, version & 0xff));
	ev_uint(e, "vendor_id", vendor);
	ev_cstr(e, "vendor", product);
	ev_hex(e, "guid", d->guid, 16);
	ev_str(e, "name", d->name);
	ev_str(e, "topic", d->topic);
	ev_str(e, "data_type", d->type);
	e->ot.op = participant ? OT_IDENTIFY : d->writer == PUBLICATIONS ? OT_REPORT : OT_SUBSCRIBE;
	e->ot.service = text_c(d->kind);
	e->ot.object = d->topic;
	if (participant && (product || d->hostname.n)) {
		struct ident *i = ev_identity(e, "rtps.participant", EV_SRC);
		i->product = text_c(product);
		i->hostname = d->hostname;
	}
	ev_emit(e);
}

/* A Data submessage (9.4.5.3): flags, where the payload begins, reader, writer,
 * sequence number, inline parameters, payload. */
static void
take_data(struct dctx *c, struct rd r, uint8_t flags, const uint8_t *prefix, uint16_t version,
    uint16_t vendor)
{
	struct rtps_data d = { .kind = NULL };
	bool le = flags & 1;
	uint8_t guid[16];
	uint16_t skip;

	rd_skip(&r, 2);
	skip = u16(&r, le);
	if (skip < 16 || skip > rd_left(&r) || !(flags & 4) || (flags & 2))
		return;                 /* no data, or (rare in discovery) inline parameters */
	rd_skip(&r, 4);
	d.writer = rd_be32(&r);
	rd_skip(&r, skip - 8u);
	d.kind = d.writer == SPDP_WRITER ? "participant" : d.writer == PUBLICATIONS ? "writer" :
	    d.writer == SUBSCRIPTIONS ? "reader" : NULL;
	if (!d.kind)
		return;
	memcpy(guid, prefix, 12);
	memcpy(guid + 12, "\0\0\1\301", 4);
	d.guid = guid;
	if (!take_parameters(&r, &d)) {
		if (rd_bad(&r))
			proto_anomaly(c, "INVALID_PARAMETER");
		return;
	}
	if (is_news(c, &d))
		event(c, &d, version, vendor);
}

static enum verdict
rtps_dissect(struct dctx *c, struct rd *r)
{
	const uint8_t *magic = rd_bytes(r, 4), *prefix;
	uint16_t version = rd_be16(r), vendor = rd_be16(r);

	prefix = rd_bytes(r, 12);
	if (!prefix)
		return DIS_OK;
	if (memcmp(magic, "RTPS", 4) != 0) {
		c->why = "NOT_RTPS";
		return DIS_BAD;
	}
	for (int i = 0; i < SUBMESSAGES && rd_left(r) >= 4; i++) {
		uint8_t id = rd_u8(r), flags = rd_u8(r);
		uint16_t n = u16(r, flags & 1);
		/* of length 0 the last one goes to the end (9.4.5.1.3), but PAD and INFO_TS */
		struct rd sub = rd_sub(r, n || id == 0x01 || id == 0x09 ? n : rd_left(r));

		if (id == DATA && rd_ok(&sub))
			take_data(c, sub, flags, prefix, version, vendor);
	}
	return DIS_OK;
}

static enum probe
rtps_probe(struct probe_in *in)
{
	for (int i = 0; i < 2; i++) {
		struct rd r = in->side[i];
		const uint8_t *p;

		if (in->tcp || rd_have(&r) < 20)
			continue;
		p = rd_bytes(&r, 6);
		if (memcmp(p, "RTPS", 4) == 0 && (p[4] == 1 || p[4] == 2))
			return PROBE_YES;
	}
	return PROBE_NO;
}

static const struct hint hints[] = {
	{ HINT_UDP, 7400 }, { HINT_UDP, 7401 }, { HINT_UDP, 7410 }, { HINT_UDP, 7411 },
	{ HINT_END, 0 },
};

static const struct field fields[] = {
	{ "rtps.kind", "string", "participant, writer or reader" },
	{ "rtps.version", "string", "version of RTPS" },
	{ "rtps.vendor_id", "integer", "whose middleware it is" },
	{ "rtps.vendor", "string", "its name" },
	{ "rtps.guid", "string", "identity of the participant or endpoint, hex" },
	{ "rtps.name", "string", "name that the participant has" },
	{ "rtps.topic", "string", "topic written or read" },
	{ "rtps.data_type", "string", "type of its data" },
	{ NULL },
};

const struct dissector rtps_dissector = {
	.name = "rtps",
	.title = "RTPS (DDS)",
	.hints = hints,
	.fields = fields,
	.probe = rtps_probe,
	.dissect = rtps_dissect,
};
