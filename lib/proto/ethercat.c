/* ethercat.c: EtherCAT frames, registers and states (ETG.1000.4).
 *
 *      length, type 2 | datagrams: command 1, index 1, address 2, offset 2,
 *      length and more 2, interrupt 2, data, working counter 2; little-endian
 *
 * Cyclic process data are counted. What is told: which states are commanded
 * and reached, addresses given, EEPROMs written and what they say of a slave,
 * objects and files in mailboxes, slaves that drop out (working counters). */
#include "proto/ethercat.h"

enum { TYPE_COMMANDS = 1, DATAGRAMS = 128 };
enum { REG_STATION = 0x0010, REG_RESET = 0x0040, REG_AL_CONTROL = 0x0120, REG_AL_STATUS = 0x0130,
	REG_EEPROM = 0x0502, REG_EEPROM_DATA = 0x0508, REG_SM = 0x0800, REG_USER = 0x1000 };
/* Changes of working counters told one by one; a loose plug makes thousands. */
enum { TELL_COUNTERS = 64 };

/* A command on its way through the ring. */
struct ec_wait {
	uint16_t adp, ado;
	uint8_t cmd, n, data[8];
};

static const char *const cmd_names[] = { "NOP", "APRD", "APWR", "APRW", "FPRD", "FPWR", "FPRW",
	"BRD", "BWR", "BRW", "LRD", "LWR", "LRW", "ARMW", "FRMW" };

static const struct tok states[] = {
	{ 1, "INIT" }, { 2, "PREOP" }, { 3, "BOOT" }, { 4, "SAFEOP" }, { 8, "OP" },
	{ 0, NULL }
};

static const struct tok al_codes[] = {
	{ 0x0001, "unspecified" }, { 0x0002, "no_memory" }, { 0x0011, "invalid_state_change" },
	{ 0x0012, "unknown_state" }, { 0x0013, "boot_not_supported" },
	{ 0x0014, "no_valid_firmware" },
	{ 0x0015, "invalid_mailbox_boot" }, { 0x0016, "invalid_mailbox_preop" },
	{ 0x0017, "invalid_sync_manager" }, { 0x0018, "no_valid_inputs" },
	{ 0x0019, "no_valid_outputs" }, { 0x001a, "synchronization_error" },
	{ 0x001b, "watchdog" }, { 0x001c, "invalid_sync_manager_types" },
	{ 0x001d, "invalid_outputs" }, { 0x001e, "invalid_inputs" }, { 0x001f, "invalid_watchdog" },
	{ 0x0020, "cold_start_needed" }, { 0x0021, "init_needed" }, { 0x0022, "preop_needed" },
	{ 0x0023, "safeop_needed" }, { 0x002c, "sync_lost" }, { 0x002d, "no_sync" },
	{ 0x0030, "invalid_clock_configuration" }, { 0x0050, "eeprom_no_access" },
	{ 0x0051, "eeprom_error" },
	{ 0, NULL }
};

struct text
ec_who(struct ev *e, uint32_t who)
{
	if (who == UINT32_MAX)
		return TEXT("all");
	if (who & 0x10000)
		return ev_text(e, "position %u", who & 0xffff);
	return ev_text(e, "slave 0x%04x", who);
}

struct ev *
ec_begin(struct dctx *c, const struct when *at, const char *event, uint32_t who)
{
	struct ev *e = ev_begin(c, "ethercat", at, c->flow ? c->side : 0);

	ev_cstr(e, "event", event);
	if (who == UINT32_MAX)
		ev_bool(e, "all", true);
	else if (who & 0x10000)
		ev_uint(e, "position", who & 0xffff);
	else if (who)
		ev_uint(e, "station", who);
	e->ot.object = who ? ec_who(e, who) : (struct text){ 0 };
	if (who && who != UINT32_MAX && !(who & 0x10000)) {
		e->ot.has_unit = true;
		e->ot.unit_id = who;
	}
	return e;
}

struct ident *
ec_ident(struct ev *e, const char *source, uint32_t who)
{
	struct ident *i = ev_identity(e, source, EV_OTHER);

	i->has_parent = true;
	i->parent = EV_SRC;
	i->sub = ec_who(e, who);
	return i;
}

static void
slave_end(struct dctx *c, struct keep *k)
{
	ec_sii_tell(c, (struct ec_slave *)k->data, &k->last);
}

struct ec_slave *
ec_slave_of(struct ec_frame *f, uint32_t who)
{
	struct ec_key key = f->key;
	struct keep *k;

	key.who = who;
	key.kind = 'S';
	k = keep_find(f->c, &key, sizeof(key));
	if (!k) {
		k = keep_new(f->c, KEEP_STREAM, &key, sizeof(key), slave_end);
		((struct ec_slave *)k->data)->who = who;
	} else {
		keep_touch(f->c, k);
	}
	return (struct ec_slave *)k->data;
}

static void
put_counts(struct ev *e, const struct ec_master *m)
{
	if (m->slaves)
		ev_uint(e, "slaves", m->slaves);
	e->ot.op = OT_REPORT;
}

static void
master_end(struct dctx *c, struct keep *k)
{
	const struct ec_master *m = (const struct ec_master *)k->data;
	struct ev *e = ec_begin(c, &k->last, "end", 0);

	put_counts(e, m);
	ev_uint(e, "frames", m->out + m->back);
	ev_uint(e, "returned", m->back);
	ev_uint(e, "datagrams", m->datagrams);
	ev_uint(e, "cyclic", m->cyclic);
	ev_uint(e, "mailbox", m->mailbox);
	ev_uint(e, "register_writes", m->writes);
	if (m->told > TELL_COUNTERS)
		ev_uint(e, "working_counter_changes", m->told);
	ev_int(e, "duration_us", k->last.us - k->first.us);
	e->ot.service = TEXT("stream_end");
	e->ot.has_count = true;
	e->ot.count = m->out + m->back;
	ev_emit(e);
}

/* Who is meant: a station, or a position; nobody in particular is 0. */
static uint32_t
who_of(const struct ec_frame *f, const struct ec_datagram *d)
{
	uint16_t pos;

	switch (d->cmd) {
	case EC_FPRD: case EC_FPWR: case EC_FPRW:
		return d->adp;
	case EC_BRD: case EC_BWR: case EC_BRW:
		return UINT32_MAX;
	case EC_APRD: case EC_APWR: case EC_APRW:
		/* each slave that it passed has counted it up by one */
		pos = (uint16_t)((f->returned ? f->m->slaves : 0) - d->adp);
		if (f->returned && !f->m->slaves)
			return 0;
		if (pos < EC_POSITIONS && f->m->station[pos])
			return f->m->station[pos];
		return 0x10000u | pos;
	default:
		return 0;
	}
}

static bool
writes(const struct ec_datagram *d)
{
	return d->cmd == EC_APWR || d->cmd == EC_FPWR || d->cmd == EC_BWR || d->cmd == EC_APRW ||
	    d->cmd == EC_FPRW || d->cmd == EC_BRW;
}

static struct text
state_text(struct ev *e, uint8_t s)
{
	const char *t = tok_find(states, s & 15);

	return t ? text_c(t) : ev_text(e, "0x%02x", s);
}

/* A register that commands something was written; wkc < 0: it never came back. */
static void
tell_command(struct dctx *c, const struct ec_wait *w, const struct when *at, uint32_t who, int wkc,
    bool paired)
{
	uint16_t v = (uint16_t)(w->data[1] << 8 | w->data[0]);
	struct ev *e;

	switch (w->ado) {
	case REG_AL_CONTROL:
		e = ec_begin(c, at, "al_control", who);
		ev_str(e, "state", state_text(e, (uint8_t)v));
		if (v & 0x10)
			ev_bool(e, "acknowledge", true);
		e->ot.op = OT_COMMAND;
		e->ot.service = TEXT("ALControl");
		ev_val_str(e, state_text(e, (uint8_t)v));
		break;
	case REG_STATION:
		e = ec_begin(c, at, "station_address", who);
		ev_uint(e, "address", v);
		e->ot.op = OT_CONFIGURE;
		e->ot.service = TEXT("StationAddress");
		ev_val_uint(e, v);
		break;
	case REG_RESET:
		e = ec_begin(c, at, "reset", who);
		e->ot.op = OT_COMMAND;
		e->ot.service = TEXT("Reset");
		ev_val_uint(e, w->data[0]);
		break;
	default:
		e = ec_begin(c, at, v & 0x0400 ? "eeprom_reload" : "eeprom_write", who);
		if (w->n >= 4)
			ev_uint(e, "word", (uint32_t)(w->data[3] << 8 | w->data[2]));
		e->ot.op = OT_PROGRAM;
		e->ot.service = v & 0x0400 ? TEXT("EEPROMReload") : TEXT("EEPROMWrite");
		if (w->n >= 8)
			ev_val_uint(e, (uint32_t)(w->data[7] << 8 | w->data[6]));
		break;
	}
	ev_cstr(e, "command", cmd_names[w->cmd]);
	if (wkc >= 0)
		ev_uint(e, "working_counter", (unsigned)wkc);
	if (wkc == 0)
		e->ot.result = TEXT("not_processed");
	if (wkc < 0)
		ev_unanswered(e, c);
	else if (paired)
		ev_answered(e, c, at);
	else if (!e->ot.result.n)
		e->ot.result = TEXT("ok");
	ev_emit(e);
}

static uint32_t
who_kept(const struct keep *k)
{
	struct ec_key key;

	memcpy(&key, k->key, sizeof(key));
	return key.who;
}

static void
command_lost(struct dctx *c, struct keep *k)
{
	tell_command(c, (const struct ec_wait *)k->data, &k->first, who_kept(k), -1, false);
}

static bool
is_command(const struct ec_datagram *d, uint16_t first)
{
	if (!writes(d) || !d->len)
		return false;
	switch (d->ado) {
	case REG_AL_CONTROL: return true;
	case REG_STATION: return d->len >= 2;
	case REG_RESET: return true;
	/* bit 8 reads, bit 9 writes, bit 10 loads anew */
	case REG_EEPROM: return d->len >= 2 && (first & 0x0600) && !(first & 0x0100);
	default: return false;
	}
}

static void
take_command(struct ec_frame *f, const struct ec_datagram *d, uint32_t who)
{
	struct ec_key key = f->key;
	struct ec_wait w = { .adp = d->adp, .ado = d->ado, .cmd = d->cmd };
	struct rd r = d->data;
	struct keep *k;

	while (w.n < sizeof(w.data) && rd_left(&r))
		w.data[w.n++] = rd_u8(&r);
	key.who = who;
	key.kind = 'W';
	key.cmd = d->cmd;
	key.idx = d->idx;
	key.nth = d->nth;
	key.ado = d->ado;
	k = keep_find(f->c, &key, sizeof(key));
	if (!f->returned) {
		if (!k || k->answered) {
			k = keep_new(f->c, KEEP_WAIT, &key, sizeof(key), command_lost);
			memcpy(k->data, &w, sizeof(w));
		}
		return;
	}
	if (k && k->answered)
		return;                 /* seen at two ports of a mirror */
	if (k)
		k->answered = true;
	if (d->ado == REG_STATION && (who & 0x10000) && d->wkc)
		f->m->station[(who & 0xffff) % EC_POSITIONS] =
		    (uint16_t)(w.data[1] << 8 | w.data[0]);
	tell_command(f->c, &w, k ? &k->first : &f->c->when, who, d->wkc, k != NULL);
	/* the EEPROM was read before this */
	if (d->ado == REG_AL_CONTROL && (w.data[0] & 15) > 1 && who != UINT32_MAX)
		ec_sii_tell(f->c, ec_slave_of(f, who), &f->c->when);
}

static void
tell_state(struct ec_frame *f, uint32_t who, uint8_t state, uint8_t before, uint16_t code)
{
	struct ev *e = ec_begin(f->c, &f->c->when, "al_status", who);

	ev_str(e, "state", state_text(e, state));
	if (before)
		ev_str(e, "previous_state", state_text(e, before));
	if (state & 0x10) {
		ev_bool(e, "error", true);
		if (code)
			ev_uint(e, "al_status_code", code);
		ev_cstr(e, "al_status_name", tok_find(al_codes, code));
	}
	e->ot.op = state & 0x10 ? OT_ALARM : OT_REPORT;
	e->ot.service = TEXT("ALStatus");
	ev_val_str(e, state_text(e, state));
	if ((state & 0x10) && tok_find(al_codes, code))
		e->ot.result = text_c(tok_find(al_codes, code));
	ev_emit(e);
}

static void
take_status(struct ec_frame *f, const struct ec_datagram *d, uint32_t who)
{
	struct rd r = d->data;
	uint8_t state = rd_u8(&r) & 0x1f;
	struct ec_slave *s;
	uint16_t code = 0;

	if (!rd_ok(&r) || !d->wkc)
		return;
	if (d->len >= 6) {
		rd_skip(&r, 3);
		code = rd_le16(&r);
	}
	if (who == UINT32_MAX) {
		/* all of theirs in one: of use where no slave is asked by itself */
		if (!f->m->each && state != f->m->all_state)
			tell_state(f, who, state, f->m->all_state, code);
		f->m->all_state = state;
		return;
	}
	f->m->each = true;
	s = ec_slave_of(f, who);
	if (!s->has_state || s->state != state)
		tell_state(f, who, state, s->has_state ? s->state : 0, code);
	s->has_state = true;
	s->state = state;
}

/* Control 2, address 4, data 4 or 8; the data may be read by themselves. */
static void
take_eeprom(struct ec_frame *f, const struct ec_datagram *d, uint32_t who)
{
	struct ec_slave *s = ec_slave_of(f, who);
	struct rd r = d->data;
	uint16_t control;

	if (d->ado == REG_EEPROM_DATA) {
		ec_sii_words(s, s->sii_addr, &r);
		return;
	}
	control = rd_le16(&r);
	if (d->len < 6)
		return;
	s->sii_addr = (uint16_t)rd_le32(&r);
	if (d->len >= 10 && !(control & 0x8000) && rd_ok(&r))
		ec_sii_words(s, s->sii_addr, &r);
}

/* Sync managers 0 and 1 are where the mailboxes lie. */
static void
take_sync_managers(struct ec_frame *f, const struct ec_datagram *d, uint32_t who)
{
	struct ec_slave *s = ec_slave_of(f, who);
	struct rd r = d->data;

	for (uint16_t at = d->ado; rd_left(&r) >= 8 && at <= REG_SM + 8; at = (uint16_t)(at + 8)) {
		uint16_t start = rd_le16(&r), len = rd_le16(&r);
		uint8_t control = rd_u8(&r), enable;

		rd_skip(&r, 1);
		enable = rd_u8(&r);
		rd_skip(&r, 1);
		if (!rd_ok(&r))
			return;
		/* mailbox mode, and the direction that belongs to each */
		if ((control & 3) != 2 || !(enable & 1) || !len)
			start = 0;
		if (at == REG_SM)
			s->mbx_out = start;
		else
			s->mbx_in = start;
	}
}

/* Fewer slaves take part in the process data than before, or more. */
static void
take_logical(struct ec_frame *f, const struct ec_datagram *d)
{
	struct ec_master *m = f->m;
	struct ev *e;
	unsigned i = 0;

	m->cyclic++;
	while (i < m->nlogical && (m->logical[i].addr != d->logical || m->logical[i].cmd != d->cmd))
		i++;
	if (i == m->nlogical) {
		if (i == EC_LOGICAL)
			return;
		m->nlogical++;
		m->logical[i].addr = d->logical;
		m->logical[i].cmd = d->cmd;
		m->logical[i].wkc = d->wkc;
		return;
	}
	if (m->logical[i].wkc == d->wkc)
		return;
	if (m->told++ < TELL_COUNTERS) {
		e = ec_begin(f->c, &f->c->when, "working_counter", 0);
		ev_cstr(e, "command", cmd_names[d->cmd]);
		ev_uint(e, "logical_address", d->logical);
		ev_uint(e, "working_counter", d->wkc);
		ev_uint(e, "previous_working_counter", m->logical[i].wkc);
		e->ot.op = d->wkc < m->logical[i].wkc ? OT_ALARM : OT_REPORT;
		e->ot.service = TEXT("WorkingCounter");
		e->ot.object = ev_text(e, "logical 0x%08x", d->logical);
		ev_val_uint(e, d->wkc);
		ev_emit(e);
	}
	m->logical[i].wkc = d->wkc;
}

static void
take_datagram(struct ec_frame *f, const struct ec_datagram *d)
{
	uint16_t first = 0;
	uint32_t who;
	int b;

	f->m->datagrams++;
	if (d->cmd >= EC_LRD && d->cmd <= EC_LRW) {
		if (f->returned)
			take_logical(f, d);
		return;
	}
	if (d->cmd == EC_BRD && f->returned && d->wkc)
		f->m->slaves = d->adp;
	who = who_of(f, d);
	if (!who)
		return;
	if ((b = rd_peek16(&d->data, 0)) >= 0)
		first = (uint16_t)((b & 0xff) << 8 | b >> 8);
	else if ((b = rd_peek8(&d->data, 0)) >= 0)
		first = (uint16_t)b;
	else
		return;                 /* our capture ends before it */
	if (is_command(d, first)) {
		take_command(f, d, who);
		return;
	}
	if (writes(d) && f->returned)
		f->m->writes++;
	if (d->ado >= REG_USER) {
		if (who != UINT32_MAX && d->len >= 8)
			ec_mailbox(f, d, who);
		return;
	}
	if (!f->returned || !d->wkc || who == UINT32_MAX) {
		if (f->returned && d->cmd == EC_BRD && d->ado == REG_AL_STATUS)
			take_status(f, d, who);
		return;
	}
	if (d->ado == REG_AL_STATUS && !writes(d))
		take_status(f, d, who);
	else if (d->ado == REG_EEPROM || (d->ado == REG_EEPROM_DATA && !writes(d)))
		take_eeprom(f, d, who);
	else if ((d->ado == REG_SM || d->ado == REG_SM + 8) && writes(d))
		take_sync_managers(f, d, who);
}

/* The datagrams once: the frame is read first, so that its counters tell which
 * way it goes. */
static unsigned
ec_decode(struct rd *r, struct ec_datagram *d, const char **why)
{
	unsigned n = 0;
	uint16_t flags;

	do {
		struct ec_datagram x = { .cmd = rd_u8(r) };

		x.idx = rd_u8(r);
		x.nth = (uint8_t)n;
		if (x.cmd >= EC_LRD && x.cmd <= EC_LRW) {
			x.logical = rd_le32(r);
		} else {
			x.adp = rd_le16(r);
			x.ado = rd_le16(r);
		}
		flags = rd_le16(r);
		x.len = flags & 0x7ff;
		rd_skip(r, 2);
		x.data = rd_sub(r, x.len);
		x.wkc = rd_le16(r);
		if (rd_bad(r)) {
			*why = "DATAGRAM_LENGTH";
			break;
		}
		if (!rd_ok(r))
			break;
		if (x.cmd > EC_FRMW) {
			*why = "UNKNOWN_COMMAND";
			break;
		}
		if (n == DATAGRAMS) {
			*why = "TOO_MANY_DATAGRAMS";
			break;
		}
		d[n++] = x;
	} while (flags & 0x8000);
	return n;
}

static struct ec_master *
master_of(struct ec_frame *f)
{
	struct ec_key key = f->key;
	struct keep *k;

	key.kind = 'M';
	k = keep_find(f->c, &key, sizeof(key));
	if (k)
		keep_touch(f->c, k);
	else
		k = keep_new(f->c, KEEP_STREAM, &key, sizeof(key), master_end);
	/* the first frame seen may have been one on its way back */
	if (!(f->c->k->src_mac[0] & 2))
		k->src[0] &= (uint8_t)~2;
	return (struct ec_master *)k->data;
}

/* A frame that went out names the master; where only the way back is seen,
 * the second of them has to do. */
static void
tell_begin(struct ec_frame *f)
{
	struct ev *e;

	if (f->m->begun || (f->returned && f->m->back < 2))
		return;
	f->m->begun = true;
	e = ec_begin(f->c, &f->c->when, "begin", 0);
	e->ot.op = OT_REPORT;
	e->ot.service = TEXT("stream_begin");
	ev_identity(e, "ethercat", EV_SRC)->role = TEXT("plc");
	ev_emit(e);
}

static enum verdict
ec_dissect(struct dctx *c, struct rd *r)
{
	uint16_t head = rd_le16(r);
	struct ec_datagram d[DATAGRAMS];
	struct ec_frame f = { .c = c };
	struct dctx own = *c;
	struct pkt k;
	struct rd body;
	unsigned n;
	bool bit = c->k->src_mac[0] & 2, moved = false;

	if (!rd_ok(r))
		return rd_short(r) ? DIS_OK : DIS_BAD;
	if (head >> 12 != TYPE_COMMANDS)
		return c->flow ? DIS_OK : head >> 12 == 4 || head >> 12 == 5 ? DIS_OK : DIS_BAD;
	body = rd_sub(r, head & 0x7ff);
	if (rd_bad(r)) {
		c->why = "FRAME_LENGTH";
		return DIS_BAD;
	}
	n = ec_decode(&body, d, &c->why);
	if (c->flow) {
		memcpy(f.key.segment, &c->flow->id, 8);
	} else {
		memcpy(f.key.segment, c->k->src_mac, 6);
		f.key.segment[0] &= (uint8_t)~2;
		f.key.segment[6] = (uint8_t)(c->k->nvlan ? c->k->vlan[0] >> 8 : 0);
		f.key.segment[7] = (uint8_t)(c->k->nvlan ? c->k->vlan[0] : 0);
	}
	for (unsigned i = 0; i < n; i++)
		moved |= d[i].wkc != 0;
	f.m = master_of(&f);
	f.m->seen_clear |= !bit;
	/* slaves set the bit (ETG.1000.4, 6.5); some masters have it of their own */
	f.returned = bit && (moved || f.m->seen_clear);
	if (f.returned)
		f.m->back++;
	else
		f.m->out++;
	/* the master sent it, whatever the ring made of his address */
	if (f.returned && f.m->seen_clear && !c->flow) {
		k = *c->k;
		k.src_mac[0] &= (uint8_t)~2;
		own.k = &k;
		f.c = &own;
	}
	tell_begin(&f);
	for (unsigned i = 0; i < n; i++)
		take_datagram(&f, &d[i]);
	return c->why ? DIS_BAD : DIS_OK;
}

static enum probe
ec_probe(struct probe_in *in)
{
	for (int side = 0; side < 2; side++) {
		struct rd r = in->side[side];
		struct ec_datagram d[DATAGRAMS];
		const char *why = NULL;
		struct rd body;
		uint16_t head;

		if (in->tcp || !rd_left(&r))
			continue;
		head = rd_le16(&r);
		in->reversed = side == 1;
		if (head >> 12 != TYPE_COMMANDS || (head & 0x7ff) < 12)
			return PROBE_NO;
		body = rd_sub(&r, head & 0x7ff);
		if (rd_bad(&r) || rd_left(&r) > 44 || !ec_decode(&body, d, &why) || why)
			return PROBE_NO;
		return rd_left(&body) ? PROBE_NO : PROBE_WEAK;
	}
	return PROBE_NO;
}

static const struct hint hints[] = { { HINT_ETHER, 0x88a4 }, { HINT_UDP, 0x88a4 }, { 0 } };

const struct dissector ethercat_dissector = {
	.name = "ethercat",
	.title = "EtherCAT",
	.hints = hints,
	.fields = ec_fields,
	.probe = ec_probe,
	.dissect = ec_dissect,
};
