/* profinet_rt.c: PROFINET's cyclic data, clock frames and alarms.
 *
 * IEC 61158-6-10, 4.7.1: frame id 2 | data | cycle counter 2 | data status 1 |
 * transfer status 1, the last four at the frame's end. A stream is an event
 * when it begins, whenever its data status changes (a provider goes from run to
 * stop), and when it ends; its frames are counted. RT_CLASS_UDP is the same behind a
 * UDP header, frame id first. */
#include "proto/keep.h"
#include "proto/profinet.h"

enum { ALARM_HIGH = 0xfc01, ALARM_LOW = 0xfe01 };
enum {
	ST_PRIMARY = 0x01, ST_REDUNDANCY = 0x02, ST_VALID = 0x04, ST_RUN = 0x10, ST_OK = 0x20,
	ST_IGNORE = 0x80,
};
/* Past the longest watchdog (1.92 s) a consumer has given the stream up. */
enum { RT_GAP_US = 2000000 };

struct rt_key {
	uint8_t from[6], to[6];
	uint16_t frame, vlan;
	uint64_t flow;                  /* over UDP; else 0 */
};

struct rt_stream {
	uint64_t frames;
	uint32_t changes;
	uint16_t frame, length, cycle;
	bool has_status;
	uint8_t status, transfer;
};

/* 4.2.2.1: what a frame id stands for; NULL: nothing that is sent. */
static const char *
rt_class(uint16_t id)
{
	if ((id >= 0x0020 && id <= 0x0021) || (id >= 0x0080 && id <= 0x0081) ||
	    (id >= 0xff00 && id <= 0xff01) || (id >= 0xff20 && id <= 0xff21) ||
	    (id >= 0xff40 && id <= 0xff43))
		return "ptcp";
	if (id >= 0x0100 && id <= 0x7fff)
		return id < 0x1000 ? "rtc3" : NULL;
	if (id >= 0x8000 && id <= 0xbfff)
		return id < 0xbc00 ? "rtc2" : "rtc2_multicast";
	if (id >= 0xc000 && id <= 0xfbff)
		return id < 0xf800 ? "rtc1" : "rtc1_multicast";
	if (id >= 0xff80 && id <= 0xff8f)
		return "fragment";
	return NULL;
}

static void
put_status(struct ev *e, uint8_t s)
{
	ev_uint(e, "raw", s);
	ev_cstr(e, "state", s & ST_RUN ? "run" : "stop");
	ev_bool(e, "valid", s & ST_VALID);
	ev_bool(e, "primary", s & ST_PRIMARY);
	ev_bool(e, "problem", !(s & ST_OK));
	if (s & ST_REDUNDANCY)
		ev_bool(e, "redundancy", true);
	if (s & ST_IGNORE)
		ev_bool(e, "ignore", true);
	ev_end(e);
}

static struct ev *
begin(struct dctx *c, const struct rt_stream *s, const struct when *at, const char *event)
{
	struct ev *e = ev_begin(c, "profinet_rt", at, c->flow ? c->side : 0);

	ev_cstr(e, "event", event);
	ev_cstr(e, "class", rt_class(s->frame));
	ev_uint(e, "frame_id", s->frame);
	ev_uint(e, "data_length", s->length);
	if (s->has_status) {
		ev_uint(e, "cycle_counter", s->cycle);
		ev_obj(e, "data_status");
		put_status(e, s->status);
		if (s->transfer)
			ev_uint(e, "transfer_status", s->transfer);
	}
	e->ot.op = OT_REPORT;
	e->ot.object = ev_text(e, "frame 0x%04x", s->frame);
	if (s->has_status)
		ev_val_str(e, s->status & ST_RUN ? TEXT("run") : TEXT("stop"));
	return e;
}

static void
stream_end(struct dctx *c, struct keep *k)
{
	const struct rt_stream *s = (const struct rt_stream *)k->data;
	struct ev *e = begin(c, s, &k->last, "end");

	ev_uint(e, "frames", s->frames);
	ev_uint(e, "changes", s->changes);
	ev_int(e, "duration_us", k->last.us - k->first.us);
	e->ot.service = TEXT("stream_end");
	e->ot.has_count = true;
	e->ot.count = s->frames;
	ev_emit(e);
}

static void
stream_change(struct dctx *c, const struct rt_stream *s, uint8_t before)
{
	struct ev *e = begin(c, s, &c->when, "change");
	uint8_t diff = s->status ^ before;

	ev_obj(e, "previous_status");
	put_status(e, before);
	e->ot.service = !(diff & ST_RUN) ? TEXT("status_change") :
	    s->status & ST_RUN ? TEXT("provider_run") : TEXT("provider_stop");
	ev_emit(e);
}

static enum verdict
rt_dissect(struct dctx *c, struct rd *r)
{
	struct rt_key key = { .frame = rd_be16(r), .vlan = c->k->nvlan ? c->k->vlan[0] : 0,
		.flow = c->flow ? c->flow->id : 0 };
	struct rt_stream now = { .frame = key.frame }, *s;
	const char *class = rt_class(key.frame);
	bool cyclic = class && class[0] == 'r', fresh;
	struct keep *k;

	if (!rd_ok(r))
		return rd_short(r) ? DIS_OK : DIS_BAD;
	if (key.frame == ALARM_HIGH || key.frame == ALARM_LOW)
		return pn_alarm(c, r, key.frame == ALARM_HIGH);
	if (!class)
		return DIS_NOT_MINE;
	now.length = (uint16_t)rd_left(r);
	if (cyclic) {
		if (rd_left(r) < 4) {
			c->why = "FRAME_TOO_SHORT";
			return DIS_BAD;
		}
		now.length = (uint16_t)(now.length - 4);
		rd_skip(r, now.length);
		now.cycle = rd_be16(r);
		now.status = rd_u8(r);
		now.transfer = rd_u8(r);
		now.has_status = rd_ok(r);
	}
	memcpy(key.from, c->k->src_mac, 6);
	memcpy(key.to, c->k->dst_mac, 6);
	k = keep_find(c, &key, sizeof(key));
	fresh = !k || (cyclic && c->when.us - k->last.us > RT_GAP_US);
	if (fresh)
		k = keep_new(c, KEEP_STREAM, &key, sizeof(key), stream_end);
	s = (struct rt_stream *)k->data;
	keep_touch(c, k);
	if (fresh) {
		struct ev *e;
		*s = now;
		s->frames = 1;
		e = begin(c, s, &c->when, "begin");
		e->ot.service = TEXT("stream_begin");
		ev_emit(e);
		return DIS_OK;
	}
	s->frames++;
	s->length = now.length;
	if (now.has_status) {
		uint8_t before = s->status;
		bool changed = s->has_status && before != now.status;

		s->cycle = now.cycle;
		s->status = now.status;
		s->transfer = now.transfer;
		s->has_status = true;
		if (changed) {
			s->changes++;
			stream_change(c, s, before);
		}
	}
	return DIS_OK;
}

/* Over UDP nothing is PROFINET's own but the port and the frame id: its data status
 * keeps two bits 0, and a provider's frames are all of one length. */
static enum probe
rt_probe(struct probe_in *in)
{
	const struct rd *s = &in->side[rd_left(&in->side[0]) ? 0 : 1];
	uint32_t n = rd_left(s);
	int id = rd_peek16(s, 0), status;

	if (!in->hinted || in->tcp || id < 0)
		return PROBE_NO;
	if (id == ALARM_HIGH || id == ALARM_LOW)
		return n >= 14 ? PROBE_WEAK : PROBE_NO;
	if (id < 0xc000 || !rt_class((uint16_t)id) || n < 2 + 12 + 4)
		return PROBE_NO;
	status = rd_peek8(s, n - 2);
	return status >= 0 && !(status & 0x48) && rd_peek8(s, n - 1) == 0 ? PROBE_WEAK : PROBE_NO;
}

static const struct hint hints[] = { { HINT_ETHER, 0x8892 }, { HINT_UDP, 34962 }, { 0 } };

#define STATUS(p)                                                                                  \
	{ "profinet_rt." p ".raw", "integer", "data status as on the wire" },                      \
	    { "profinet_rt." p ".state", "string", "the provider's: run or stop" },                \
	    { "profinet_rt." p ".valid", "boolean", "the data are valid" },                        \
	    { "profinet_rt." p ".primary", "boolean", "of the primary, not the backup" },          \
	    { "profinet_rt." p ".problem", "boolean", "the station reports a problem" },           \
	    { "profinet_rt." p ".redundancy", "boolean", "redundancy bit" },                       \
	{ "profinet_rt." p ".ignore", "boolean", "the data are to be ignored" }

static const struct field fields[] = {
	{ "profinet_rt.event", "string", "begin, change, end of a stream; alarm, nack, abort" },
	{ "profinet_rt.class", "string", "rtc1, rtc2, rtc3, ptcp, alarm_high, ..." },
	{ "profinet_rt.frame_id", "integer", "what the frame belongs to" },
	{ "profinet_rt.data_length", "integer", "bytes of data in a frame" },
	{ "profinet_rt.cycle_counter", "integer", "the sender's, in 31.25 us" },
	STATUS("data_status"),
	{ "profinet_rt.transfer_status", "integer", "not 0: an error on the way" },
	STATUS("previous_status"),
	{ "profinet_rt.frames", "integer", "frames of the stream" },
	{ "profinet_rt.changes", "integer", "changes of its data status" },
	{ "profinet_rt.duration_us", "integer", "from its first frame to its last" },
	{ "profinet_rt.source_endpoint", "integer", "alarm endpoint of the sender" },
	{ "profinet_rt.destination_endpoint", "integer", "alarm endpoint of the receiver" },
	{ "profinet_rt.repeats", "integer", "how often the alarm was sent again" },
	{ "profinet_rt.alarm.type_raw", "integer", "alarm type" },
	{ "profinet_rt.alarm.type", "string", "its name" },
	{ "profinet_rt.alarm.api", "integer", "application process" },
	{ "profinet_rt.alarm.slot", "integer", "slot" },
	{ "profinet_rt.alarm.subslot", "integer", "subslot" },
	{ "profinet_rt.alarm.module_ident", "integer", "what is in the slot" },
	{ "profinet_rt.alarm.submodule_ident", "integer", "what is in the subslot" },
	{ "profinet_rt.alarm.sequence", "integer", "the alarm's number" },
	{ "profinet_rt.alarm.channel_diagnosis", "boolean", "a channel has a diagnosis" },
	{ "profinet_rt.alarm.manufacturer_diagnosis", "boolean", "the maker's own diagnosis" },
	{ "profinet_rt.alarm.submodule_diagnosis", "boolean", "the submodule has a diagnosis" },
	{ "profinet_rt.alarm.ar_diagnosis", "boolean", "the relation has a diagnosis" },
	{ "profinet_rt.alarm.user_structure", "integer", "kind of the data that follow" },
	{ "profinet_rt.alarm.user_length", "integer", "their length" },
	{ "profinet_rt.alarm.channel", "integer", "channel concerned; 32768: the submodule" },
	{ "profinet_rt.alarm.channel_error_raw", "integer", "what is wrong with it" },
	{ "profinet_rt.alarm.channel_error", "string", "its name" },
	{ "profinet_rt.alarm.ext_error", "integer", "extended error" },
	{ "profinet_rt.alarm.ext_value", "integer", "its value" },
	{ "profinet_rt.status.raw", "integer", "PNIOStatus" },
	{ "profinet_rt.status.code", "string", "whose answer it is" },
	{ "profinet_rt.status.error_decode", "integer", "which list the codes are of" },
	{ "profinet_rt.status.error_code1", "integer", "error" },
	{ "profinet_rt.status.error_code2", "integer", "its detail" },
	{ "profinet_rt.status.error", "string", "its name" },
	{ NULL }
};

const struct dissector profinet_rt_dissector = {
	.name = "profinet_rt",
	.title = "PROFINET RT cyclic data and alarms",
	.hints = hints,
	.fields = fields,
	.probe = rt_probe,
	.dissect = rt_dissect,
};
