/* sv.c: IEC 61850 sampled values (9-2, 61869-9), on Ethernet and routed.
 *
 * Thousands of frames a second: a stream is an event when it begins, when its
 * synchronization, simulation flag or configuration changes, and when it ends,
 * with its samples counted. The samples themselves are not written. */
#include "proto/iec61850.h"

enum { SV_PDU = 0x60, NAME = 130 };

struct asdu {
	struct text id, dataset;
	uint32_t conf, bytes;
	uint16_t count, rate, mode;
	bool has_count, has_rate, has_mode, cut;
	uint8_t synch;
};

struct sv_stream {
	uint64_t frames, samples, missed, repeated, disordered;
	uint32_t changes, conf, bytes;
	uint16_t appid, count, rate, mode, asdus;
	uint8_t id_n, dataset_n, synch;
	bool simulation, routed, has_rate, has_mode;
	bool partial;                   /* only seen cut by our snap length so far */
	char id[NAME], dataset[NAME];
};
_Static_assert(sizeof(struct sv_stream) <= KEEP_DATA, "a stream of samples fits its place");

static const struct tok synchs[] = { { 0, "none" }, { 1, "local" }, { 2, "global" }, { 0, NULL } };
static const struct tok modes[] = {
	{ 0, "per_period" }, { 1, "per_second" }, { 2, "seconds_per_sample" }, { 0, NULL }
};

static bool
asdu_decode(struct rd *r, struct asdu *a)
{
	struct ber t;

	memset(a, 0, sizeof(*a));
	while (tlv_next(r, &t)) {
		switch (t.first) {
		case 0x80: a->id = text_rd(&t.v, rd_left(&t.v)); break;
		case 0x81: a->dataset = text_rd(&t.v, rd_left(&t.v)); break;
		case 0x82:
			a->count = (uint16_t)ber_uint(t.v);
			a->has_count = true;
			break;
		case 0x83: a->conf = (uint32_t)ber_uint(t.v); break;
		case 0x85: a->synch = (uint8_t)ber_uint(t.v); break;
		case 0x86:
			a->rate = (uint16_t)ber_uint(t.v);
			a->has_rate = true;
			break;
		case 0x87: a->bytes = t.v.len; break;
		case 0x88:
			a->mode = (uint16_t)ber_uint(t.v);
			a->has_mode = true;
			break;
		default: break;
		}
	}
	a->cut = rd_short(r);
	return !rd_bad(r) && a->id.n && a->has_count;
}

static struct ev *
begin(struct dctx *c, const struct sv_stream *s, const struct when *at, const char *event)
{
	struct ev *e = ev_begin(c, "sv", at, c->flow ? c->side : 0);
	struct text id = { s->id, s->id_n };

	ev_cstr(e, "event", event);
	if (s->routed)
		ev_bool(e, "routed", true);
	ev_uint(e, "appid", s->appid);
	ev_str(e, "sv_id", id);
	ev_str(e, "dataset", ((struct text){ s->dataset, s->dataset_n }));
	ev_uint(e, "conf_rev", s->conf);
	ev_uint(e, "smp_synch", s->synch);
	ev_cstr(e, "synchronization", tok_find(synchs, s->synch));
	if (s->has_rate)
		ev_uint(e, "smp_rate", s->rate);
	if (s->has_mode)
		ev_cstr(e, "smp_mode", tok_find(modes, s->mode));
	ev_uint(e, "smp_cnt", s->count);
	ev_uint(e, "asdus", s->asdus);
	ev_uint(e, "sample_length", s->bytes);
	if (s->simulation)
		ev_bool(e, "simulation", true);
	e->ot.op = OT_REPORT;
	e->ot.object = id;
	return e;
}

static void
stream_end(struct dctx *c, struct keep *k)
{
	const struct sv_stream *s = (const struct sv_stream *)k->data;
	struct ev *e = begin(c, s, &k->last, "end");

	ev_uint(e, "frames", s->frames);
	ev_uint(e, "samples", s->samples);
	ev_uint(e, "changes", s->changes);
	if (s->missed)
		ev_uint(e, "missed", s->missed);
	if (s->repeated)
		ev_uint(e, "repeated", s->repeated);
	if (s->disordered)
		ev_uint(e, "disordered", s->disordered);
	ev_int(e, "duration_us", k->last.us - k->first.us);
	e->ot.service = TEXT("stream_end");
	e->ot.has_count = true;
	e->ot.count = s->samples;
	ev_emit(e);
}

static void
tell(struct dctx *c, const struct sv_stream *s, const struct sv_stream *before)
{
	struct ev *e = begin(c, s, &c->when, before ? "change" : "begin");

	e->ot.service = TEXT("stream_begin");
	if (before) {
		e->ot.service = TEXT("state_change");
		if (before->synch != s->synch) {
			ev_uint(e, "previous_smp_synch", before->synch);
			e->ot.service = TEXT("synchronization_change");
		}
		if (before->conf != s->conf) {
			ev_uint(e, "previous_conf_rev", before->conf);
			e->ot.service = TEXT("configuration_change");
		}
		if (before->simulation != s->simulation)
			e->ot.service = s->simulation ? TEXT("simulation_on") :
			    TEXT("simulation_off");
	} else {
		struct ident *i = ev_identity(e, "sv", EV_SRC);
		i->role = TEXT("merging_unit");
		i->hostname = e->ot.object;
	}
	ev_val_str(e, text_c(tok_find(synchs, s->synch)));
	ev_emit(e);
}

static void
take_asdu(struct dctx *c, const struct apdu_head *h, const struct asdu *a, unsigned asdus)
{
	struct apdu_key key = apdu_key(c, h->appid, a->id);
	struct keep *k = keep_find(c, &key, sizeof(key));
	struct sv_stream *s, before;
	bool fresh = !k;

	if (fresh) {
		k = keep_new(c, KEEP_STREAM, &key, sizeof(key), stream_end);
		s = (struct sv_stream *)k->data;
		s->id_n = a->id.n < NAME ? (uint8_t)a->id.n : NAME - 1;
		memcpy(s->id, a->id.p, s->id_n);
		s->dataset_n = a->dataset.n < NAME ? (uint8_t)a->dataset.n : NAME - 1;
		if (s->dataset_n)
			memcpy(s->dataset, a->dataset.p, s->dataset_n);
		s->appid = h->appid;
		s->routed = h->routed;
	}
	s = (struct sv_stream *)k->data;
	before = *s;
	s->frames += fresh || k->last.cnt != c->when.cnt;
	keep_touch(c, k);
	s->samples++;
	s->asdus = (uint16_t)asdus;
	if (!fresh) {
		/* the counter begins anew each second */
		if (a->count == s->count)
			s->repeated++;
		else if (a->count > s->count)
			s->missed += a->count - s->count - 1u;
		else if (a->count > 0 && s->count - a->count < 64)
			s->disordered++;
	}
	s->count = a->count;
	if (a->cut && !fresh)
		return;
	s->partial = a->cut;
	s->rate = a->rate;
	s->mode = a->mode;
	s->has_rate = a->has_rate;
	s->has_mode = a->has_mode;
	s->bytes = a->bytes;
	s->conf = a->conf;
	s->synch = a->synch;
	s->simulation = h->simulated;
	if (fresh) {
		tell(c, s, NULL);
	} else if (before.partial) {
		return;
	} else if (before.conf != s->conf || before.synch != s->synch ||
	    before.simulation != s->simulation) {
		s->changes++;
		tell(c, s, &before);
	}
}

static enum verdict
sv_dissect(struct dctx *c, struct rd *r)
{
	struct rd body, list = { 0 };
	struct apdu_head h;
	struct ber apdu, t;
	uint64_t asdus = 0;
	bool any = false;

	if (c->flow) {
		if (!apdu_session(r, SESSION_SV, &h, &body)) {
			c->why = "SESSION_HEADER";
			return rd_short(r) ? DIS_OK : DIS_BAD;
		}
	} else {
		apdu_head(r, &h, &body);
	}
	c->why = h.why;
	if (!tlv_next(&body, &apdu)) {
		if (!c->why && !rd_short(&body))
			c->why = rd_bad(&body) ? "APDU_LENGTH" : "APDU_MISSING";
		return c->why ? DIS_BAD : DIS_OK;
	}
	if (apdu.first != SV_PDU) {
		c->why = "APDU_TAG";
		return DIS_BAD;
	}
	while (tlv_next(&apdu.v, &t)) {
		if (t.first == 0x80)
			asdus = ber_uint(t.v);
		else if (t.first == 0xa2)
			list = t.v;
	}
	if (rd_bad(&apdu.v))
		c->why = "FIELD_LENGTH";
	while (tlv_next(&list, &t)) {
		struct asdu a;

		if (t.first != 0x30)
			continue;
		if (asdu_decode(&t.v, &a)) {
			take_asdu(c, &h, &a, (unsigned)asdus);
			any = true;
		} else if (!rd_short(&t.v)) {
			c->why = "ASDU_MALFORMED";
		}
	}
	if (rd_bad(&list))
		c->why = "ASDU_LENGTH";
	else if (!c->why && !any && !rd_short(&list) && !rd_short(&apdu.v) && !rd_short(&body))
		c->why = "ASDU_MISSING";
	return c->why ? DIS_BAD : DIS_OK;
}

static enum probe
sv_probe(struct probe_in *in)
{
	return apdu_probe(in, SESSION_SV);
}

static const struct hint hints[] = { { HINT_ETHER, 0x88ba }, { HINT_UDP, 102 }, { 0 } };

static const struct field fields[] = {
	{ "sv.event", "string", "begin, change or end of a stream" },
	{ "sv.routed", "boolean", "over UDP, not on the link" },
	{ "sv.appid", "integer", "application id" },
	{ "sv.sv_id", "string", "the stream's name" },
	{ "sv.dataset", "string", "the data set, where it is said" },
	{ "sv.conf_rev", "integer", "revision of its configuration" },
	{ "sv.smp_synch", "integer", "how it is synchronized, as on the wire" },
	{ "sv.synchronization", "string", "none, local or global" },
	{ "sv.smp_rate", "integer", "samples, where it is said" },
	{ "sv.smp_mode", "string", "of which time" },
	{ "sv.smp_cnt", "integer", "the sample's number" },
	{ "sv.asdus", "integer", "samples in a frame" },
	{ "sv.sample_length", "integer", "bytes of a sample" },
	{ "sv.simulation", "boolean", "not from the process: a test" },
	{ "sv.previous_smp_synch", "integer", "before the change" },
	{ "sv.previous_conf_rev", "integer", "before the change" },
	{ "sv.frames", "integer", "frames of the stream" },
	{ "sv.samples", "integer", "samples in them" },
	{ "sv.changes", "integer", "changes of its state" },
	{ "sv.missed", "integer", "samples that are missing by their numbers" },
	{ "sv.repeated", "integer", "samples that came twice" },
	{ "sv.disordered", "integer", "samples whose number went back a little" },
	{ "sv.duration_us", "integer", "from its first frame to its last" },
	{ NULL }
};

const struct dissector sv_dissector = {
	.name = "sv",
	.title = "IEC 61850 sampled values",
	.hints = hints,
	.fields = fields,
	.probe = sv_probe,
	.dissect = sv_dissect,
};
