/* synchrophasor.c: IEEE C37.118.2: phasor measurement units and concentrators.
 *
 * Commands, configurations and headers are events: a request and what it fetched
 * are one. Data frames, up to 240 a second, are counted: the first of a stream, a
 * change of its status and its end are events. */
#include "proto/synchrophasor.h"

enum { STREAMS = 6 };

/* The data that one sender sends under one id. */
struct stream {
	uint64_t frames;
	int64_t first_us, last_us;
	uint16_t id, stat, changes;
	uint8_t side, used;
};
struct syn_state { struct stream s[STREAMS]; };
_Static_assert(sizeof(struct syn_state) <= PROTO_STATE_MAX, "state of a flow");

static const struct tok commands[] = {
	{ 1, "data_off" },
	{ 2, "data_on" },
	{ 3, "send_header" },
	{ 4, "send_configuration_1" },
	{ 5, "send_configuration_2" },
	{ 6, "send_configuration_3" },
	{ 8, "extended_frame" },
	{ 0, NULL },
};

/* Which frame a command fetches; 0: none. */
static unsigned
fetches(uint16_t command)
{
	static const uint8_t type[] = { [3] = SYN_HEADER, [4] = SYN_CFG1, [5] = SYN_CFG2,
		[6] = SYN_CFG3 };

	return command < sizeof(type) ? type[command] : 0;
}

static ssize_t
synchrophasor_frame(const struct dctx *c, const struct rd *r)
{
	struct rd v = *r;
	struct syn_head h;

	if (rd_have(r) >= 14)
		return syn_head(&v, &h) ? h.size : -1;
	if ((rd_have(r) >= 1 && rd_peek8(r, 0) != 0xaa) ||
	    (rd_have(r) >= 2 && rd_peek8(r, 1) >> 4 > SYN_CFG3))
		return -1;
	return 0;
}

static enum probe
synchrophasor_probe(struct probe_in *in)
{
	enum probe best = PROBE_MORE;

	for (int i = 0; i < 2; i++) {
		const struct rd *s = &in->side[i];
		ssize_t n = rd_left(s) ? synchrophasor_frame(NULL, s) : 0;
		enum probe p = PROBE_MORE;
		if (n < 0)
			return PROBE_NO;
		if (n > 0 && rd_have(s) >= (size_t)n) {
			if (!syn_check(s, (uint16_t)n))
				return PROBE_NO;
			p = PROBE_YES;
		} else if (n > 0) {
			p = PROBE_WEAK;         /* a configuration longer than a segment */
		}
		/* units only answer */
		if (i == 0 && n > 0)
			in->reversed = rd_peek8(s, 1) >> 4 != SYN_COMMAND;
		if (p > best)
			best = p;
	}
	return best;
}

static void
put_head(struct ev *e, const struct syn_head *h)
{
	ev_cstr(e, "frame", syn_type(h->type));
	ev_uint(e, "version", h->version);
	ev_uint(e, "id_code", h->id);
	ev_uint(e, "soc", h->soc);
}

static void
put_station(struct ev *e, const struct syn_station *s, bool cfg3)
{
	struct rd names = s->names;
	struct text t;
	unsigned n = 0;

	ev_a_obj(e);
	ev_str(e, "name", s->name);
	ev_uint(e, "id_code", s->id);
	ev_bool(e, "polar", s->format & 1);
	ev_bool(e, "float_phasors", s->format & 2);
	ev_uint(e, "phasors", s->phasors);
	ev_uint(e, "analogs", s->analogs);
	ev_uint(e, "digitals", s->digitals);
	ev_uint(e, "nominal_hz", s->nominal);
	ev_uint(e, "changes", s->changes);
	if (!s->phasors && !s->analogs) {
		ev_end(e);
		return;
	}
	ev_arr(e, "channels");
	while (n < LIM_SYN_CHANNELS && n < (uint32_t)s->phasors + s->analogs &&
	    syn_name_next(&names, cfg3, &t)) {
		ev_a_str(e, t);
		n++;
	}
	ev_end(e);
	ev_end(e);
}

/* A station names the device; several are behind a concentrator. */
static void
station_identity(struct ev *e, const struct syn_station *s, bool one, enum ident_of of)
{
	struct ident *i = ev_identity(e, "synchrophasor.configuration", one ? of : EV_OTHER);

	if (!one) {
		i->has_parent = true;
		i->parent = of;
		i->sub = ev_text_num(e, "pmu ", 4, s->id);
	}
	i->hostname = s->name;
	if (s->has_place)
		i->location = ev_text(e, "%.4f, %.4f", (double)s->latitude, (double)s->longitude);
}

/* of: whose configuration it is, as the event has it. */
static bool
put_config(struct ev *e, const struct syn_head *h, struct rd r, enum ident_of of)
{
	struct syn_config k;
	struct syn_station s;
	unsigned n = 0, all;

	if (!syn_config_begin(&k, r, h->type))
		return false;
	all = k.stations;
	ev_uint(e, "time_base", k.time_base);
	ev_int(e, "data_rate", k.rate);
	ev_uint(e, "station_count", all);
	ev_arr(e, "stations");
	while (syn_config_next(&k, &s)) {
		if (n++ < LIM_SYN_STATIONS)
			put_station(e, &s, k.cfg3);
		if (n <= LIM_IDENTITIES)
			station_identity(e, &s, all == 1, of);
	}
	ev_end(e);
	e->ot.has_count = true;
	e->ot.count = n;
	return n == all && rd_left(&k.r) == 2;
}

static void
put_header_text(struct ev *e, struct rd r)
{
	uint32_t n = rd_left(&r);

	ev_str(e, "text", text_rd(&r, n < LIM_TEXT ? n : LIM_TEXT));
}

/* What waits for its answer. */
struct waiting { struct syn_head h; uint16_t command; };

static void
command_event(struct dctx *c, const struct waiting *w, const struct when *at, int side,
    const struct syn_head *a, struct rd *answer)
{
	struct ev *e = ev_begin(c, "synchrophasor", at, side);
	const char *name = tok_find(commands, w->command);
	bool whole = true;

	put_head(e, &w->h);
	ev_uint(e, "command", w->command);
	ev_cstr(e, "command_name", name);
	e->ot.op = fetches(w->command) ? OT_IDENTIFY : w->command == 1 || w->command == 2 ?
	    OT_COMMAND : OT_OTHER;
	e->ot.service = name ? text_c(name) : ev_text_num(e, "command_", 8, w->command);
	e->ot.object = ev_text_num(e, "stream:", 7, w->h.id);
	if (a) {
		ev_cstr(e, "answer", syn_type(a->type));
		if (a->type == SYN_HEADER)
			put_header_text(e, *answer);
		else
			whole = put_config(e, a, *answer, EV_DEST);
		ev_answered(e, c, at);
	} else if (fetches(w->command)) {
		ev_unanswered(e, c);
	}
	ev_emit(e);
	if (!whole)
		proto_anomaly(c, "CONFIGURATION_LENGTH");
}

static void
command(struct dctx *c, const struct syn_head *h, struct rd *r)
{
	struct waiting w = { .h = *h, .command = rd_be16(r) };

	if (!rd_ok(r)) {
		if (rd_bad(r))
			proto_anomaly(c, "COMMAND_LENGTH");
		return;
	}
	if (fetches(w.command))
		pend_put(c, fetches(w.command), &w, sizeof(w));
	else
		command_event(c, &w, &c->when, c->side, NULL, NULL);
}

/* A configuration or a header, asked for or not. */
static void
description(struct dctx *c, const struct syn_head *h, struct rd *r)
{
	struct pend *p = pend_find(c, h->type);
	struct waiting w;
	struct ev *e;
	bool whole = true;

	if (p) {
		memcpy(&w, p->data, sizeof(w));
		command_event(c, &w, &p->when, p->side, h, r);
		pend_done(c, p);
		return;
	}
	e = ev_begin(c, "synchrophasor", &c->when, c->side);
	put_head(e, h);
	e->ot.op = OT_REPORT;
	e->ot.service = text_c(syn_type(h->type));
	e->ot.object = ev_text_num(e, "stream:", 7, h->id);
	if (h->type == SYN_HEADER)
		put_header_text(e, *r);
	else
		whole = put_config(e, h, *r, EV_SRC);
	ev_emit(e);
	if (!whole)
		proto_anomaly(c, "CONFIGURATION_LENGTH");
}

/* The bits of STAT (6.3) that say something is not as it should be. */
static void
put_stat(struct ev *e, uint16_t stat)
{
	static const struct { uint16_t bit; const char *name; } bits[] = {
		{ 0x8000, "data_invalid" }, { 0x4000, "pmu_error" }, { 0x2000, "not_synchronized" },
		{ 0x1000, "sorted_by_arrival" }, { 0x0800, "trigger" },
		{ 0x0400, "configuration_changes" }, { 0x0200, "data_modified" },
	};

	ev_uint(e, "stat", stat);
	if (!(stat & 0xfe00))
		return;
	ev_arr(e, "conditions");
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (stat & bits[i].bit)
			ev_a_str(e, text_c(bits[i].name));
	ev_end(e);
}

static void
stream_event(struct dctx *c, const struct stream *s, const char *what)
{
	bool ended = what[0] == 'e';
	struct ev *e = ev_begin(c, "synchrophasor", &c->when, s->side);

	ev_cstr(e, "frame", "data");
	ev_uint(e, "id_code", s->id);
	ev_cstr(e, "stream", what);
	ev_uint(e, "frames", s->frames);
	if (s->last_us > s->first_us)
		ev_int(e, "duration_us", s->last_us - s->first_us);
	if (s->changes)
		ev_uint(e, "status_changes", s->changes);
	put_stat(e, s->stat);
	e->ot.op = s->stat & 0xe800 && !ended ? OT_ALARM : OT_REPORT;
	e->ot.service = TEXT("data");
	e->ot.object = ev_text_num(e, "stream:", 7, s->id);
	e->ot.has_count = true;
	e->ot.count = s->frames;
	ev_emit(e);
}

static void
data(struct dctx *c, const struct syn_head *h, struct rd *r)
{
	struct syn_state *x = c->state;
	struct stream *s = NULL;
	uint16_t stat = rd_be16(r) & 0xfe00;    /* below: time quality, trigger reason */
	bool fresh;

	if (!rd_ok(r))
		return;
	for (int i = 0; i < STREAMS; i++) {
		s = &x->s[i];
		if (!s->used || (s->id == h->id && s->side == c->side))
			break;
	}
	if (s->used && (s->id != h->id || s->side != c->side))
		return;                 /* more streams than we count on one flow */
	fresh = !s->used;
	if (fresh)
		*s = (struct stream){ .id = h->id, .side = (uint8_t)c->side, .used = 1,
		    .first_us = c->when.us };
	s->frames++;
	s->last_us = c->when.us;
	if (fresh) {
		s->stat = stat;
		stream_event(c, s, "begin");
	} else if (s->stat != stat) {
		s->stat = stat;
		if (s->changes < UINT16_MAX)
			s->changes++;
		stream_event(c, s, "change");
	}
}

static enum verdict
synchrophasor_dissect(struct dctx *c, struct rd *r)
{
	struct syn_head h;
	struct rd all = *r, body;

	if (!syn_head(r, &h)) {
		if (rd_ok(r))
			c->why = "UNKNOWN_FRAME";
		return DIS_BAD;
	}
	if (rd_left(&all) < h.size)
		return DIS_BAD;
	if (!syn_check(&all, h.size) && rd_have(&all) >= h.size) {
		c->why = "CHECKSUM";
		return DIS_BAD;
	}
	body = rd_sub(r, h.size - 16u);
	switch (h.type) {
	case SYN_DATA: data(c, &h, &body); break;
	case SYN_COMMAND: command(c, &h, &body); break;
	default: description(c, &h, &body);
	}
	return DIS_OK;
}

static void
synchrophasor_expire(struct dctx *c, struct pend *p)
{
	command_event(c, (const struct waiting *)p->data, &p->when, p->side, NULL, NULL);
}

static void
synchrophasor_end(struct dctx *c, bool gap)
{
	struct syn_state *x = c->state;

	if (!c->flow || gap)
		return;
	for (int i = 0; i < STREAMS && x->s[i].used; i++)
		if (x->s[i].frames > 1)
			stream_event(c, &x->s[i], "end");
}

static const struct hint hints[] = {
	{ HINT_TCP, 4712 }, { HINT_UDP, 4713 }, { HINT_TCP, 4713 }, { HINT_UDP, 4712 },
	{ HINT_END, 0 },
};

#define P "synchrophasor."
#define S P "stations[]."
static const struct field fields[] = {
	{ P "frame", "string", "kind of frame" },
	{ P "version", "integer", "1: C37.118-2005, 2: C37.118.2-2011" },
	{ P "id_code", "integer", "stream, or unit" },
	{ P "soc", "integer", "second of century of the frame: since 1970" },
	{ P "command", "integer", "as on the wire" },
	{ P "command_name", "string", "its name" },
	{ P "answer", "string", "kind of frame that answered" },
	{ P "text", "string", "of a header frame" },
	{ P "time_base", "integer", "parts of a second" },
	{ P "data_rate", "integer", "frames a second; below 0: seconds a frame" },
	{ P "station_count", "integer", "stations of the configuration" },
	{ S "name", "string", "station name" },
	{ S "id_code", "integer", "its own" },
	{ S "polar", "boolean", "phasors as magnitude and angle" },
	{ S "float_phasors", "boolean", "phasors as floating point numbers" },
	{ S "phasors", "integer", "how many" },
	{ S "analogs", "integer", "how many" },
	{ S "digitals", "integer", "status words of 16" },
	{ S "nominal_hz", "integer", "50 or 60" },
	{ S "changes", "integer", "of its configuration" },
	{ S "channels", "array", "names of its phasors and analogs" },
	{ P "stream", "string", "of data: begin, change, end" },
	{ P "frames", "integer", "data frames so far" },
	{ P "duration_us", "integer", "from the first to the last" },
	{ P "status_changes", "integer", "of the first unit, so far" },
	{ P "stat", "integer", "status of the first unit" },
	{ P "conditions", "array", "what it says" },
	{ NULL },
};

const struct dissector synchrophasor_dissector = {
	.name = "synchrophasor",
	.title = "IEEE C37.118 synchrophasors",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct syn_state),
	.probe = synchrophasor_probe,
	.frame = synchrophasor_frame,
	.dissect = synchrophasor_dissect,
	.expire = synchrophasor_expire,
	.end = synchrophasor_end,
	.apart = true,
};
