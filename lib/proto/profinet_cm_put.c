/* profinet_cm_put.c: a context management PDU as the members of an event. */
#include "base/ascii.h"
#include "base/hex.h"
#include "proto/profinet_cm_put.h"

static const struct tok ar_types[] = {
	{ 0x01, "io_controller" }, { 0x03, "io_controller_passive" }, { 0x06, "supervisor" },
	{ 0x10, "io_controller_rtc3" }, { 0x20, "io_controller_redundant" },
	{ 0, NULL }
};

static const struct tok iocr_types[] = {
	{ 1, "input" }, { 2, "output" }, { 3, "multicast_provider" }, { 4, "multicast_consumer" },
	{ 0, NULL }
};

static const struct tok commands[] = {
	{ 0x01, "parameter_end" }, { 0x02, "application_ready" }, { 0x04, "release" },
	{ 0x08, "done" }, { 0x10, "ready_for_companion" }, { 0x20, "ready_for_rtc3" },
	{ 0x40, "parameter_begin" },
	{ 0, NULL }
};

static const struct tok module_states[] = {
	{ 0, "no_module" }, { 1, "wrong_module" }, { 2, "proper_module" }, { 3, "substitute" },
	{ 0, NULL }
};

const char *
cm_command_name(uint16_t command)
{
	for (const struct tok *t = commands; t->s; t++)
		if (command & t->v)
			return t->s;
	return NULL;
}

void
cm_put_uuid(struct ev *e, const char *key, size_t n, const uint8_t u[16])
{
	char t[RPC_UUID_TEXT];

	ev_k_str(e, key, n, (struct text){ t, rpc_uuid_put(t, u) });
}

static void
put_ar(struct ev *e, const struct cm_pdu *p)
{
	ev_obj(e, "ar");
	cm_put_uuid(e, JW_K("uuid"), p->ar);
	if (p->has_ar) {
		ev_uint(e, "type_raw", p->ar_type);
		ev_cstr(e, "type", tok_find(ar_types, p->ar_type));
		ev_uint(e, "session_key", p->session);
		ev_put_mac(e, "mac", p->mac);
		ev_str(e, "station_name", p->station);
	}
	ev_end(e);
}

static void
put_iocrs(struct ev *e, const struct cm_pdu *p)
{
	ev_arr(e, "iocrs");
	for (unsigned i = 0; i < p->niocr; i++) {
		const struct cm_iocr *x = &p->iocr[i];

		ev_a_obj(e);
		ev_uint(e, "type_raw", x->type);
		ev_cstr(e, "type", tok_find(iocr_types, x->type));
		ev_uint(e, "frame_id", x->frame);
		if (x->clock) {
			ev_uint(e, "rt_class", x->props & 15);
			ev_uint(e, "data_length", x->length);
			/* 31.25 us, times both factors */
			ev_uint(e, "cycle_us", (uint64_t)x->clock * x->ratio * 125 / 4);
			ev_uint(e, "watchdog_factor", x->watchdog);
		}
		ev_end(e);
	}
	ev_end(e);
}

static void
put_expected(struct ev *e, const struct cm_pdu *p)
{
	ev_uint(e, "submodules_count", p->nsubs);
	ev_arr(e, "submodules");
	for (unsigned i = 0; i < p->nsub; i++) {
		const struct cm_sub *s = &p->sub[i];

		ev_a_obj(e);
		if (s->api)
			ev_uint(e, "api", s->api);
		ev_uint(e, "slot", s->slot);
		ev_uint(e, "subslot", s->subslot);
		ev_uint(e, "module_ident", s->module);
		ev_uint(e, "submodule_ident", s->ident);
		if (s->in)
			ev_uint(e, "input_length", s->in);
		if (s->out)
			ev_uint(e, "output_length", s->out);
		ev_end(e);
	}
	ev_end(e);
}

static void
put_diff(struct ev *e, const struct cm_pdu *p)
{
	ev_uint(e, "module_diff_count", p->ndiffs);
	ev_arr(e, "module_diff");
	for (unsigned i = 0; i < p->ndiff; i++) {
		const struct cm_sub *s = &p->diff[i];

		ev_a_obj(e);
		ev_uint(e, "slot", s->slot);
		ev_uint(e, "module_ident", s->module);
		ev_cstr(e, "module_state", tok_find(module_states, s->module_state));
		if (s->has_sub) {
			ev_uint(e, "subslot", s->subslot);
			ev_uint(e, "submodule_ident", s->ident);
			ev_uint(e, "submodule_state", s->state);
		}
		ev_end(e);
	}
	ev_end(e);
}

void
cm_put_pdu(struct ev *e, const struct cm_pdu *p, bool response)
{
	if (response)
		pn_put_status(e, p->status);
	if (p->nblocks) {
		ev_arr(e, "blocks");
		for (unsigned i = 0; i < p->nblocks; i++) {
			const char *s = pn_block_name(p->blocks[i]);
			ev_a_str(e, s ? text_c(s) : ev_text(e, "0x%04x", p->blocks[i]));
		}
		ev_end(e);
	}
	if (p->has_ar_uuid)
		put_ar(e, p);
	if (p->niocr)
		put_iocrs(e, p);
	if (p->has_alarm)
		ev_uint(e, "alarm_reference", p->alarm_ref);
	if (p->nsubs)
		put_expected(e, p);
	if (p->ndiffs)
		put_diff(e, p);
	ev_str(e, "server_station_name", p->server);
	if (p->has_control) {
		ev_arr(e, "control");
		for (const struct tok *t = commands; t->s; t++)
			if (p->command & t->v)
				ev_a_str(e, text_c(t->s));
		ev_end(e);
	}
	if (p->nrecs > 1)
		ev_uint(e, "records", p->nrecs);
}

static void
put_record_head(struct ev *e, const struct cm_record *r)
{
	ev_uint(e, "sequence", r->seq);
	ev_uint(e, "api", r->api);
	ev_uint(e, "slot", r->slot);
	ev_uint(e, "subslot", r->subslot);
	ev_uint(e, "index", r->index);
	ev_cstr(e, "index_name", pn_index_name(r->index));
}

static struct text
software(struct ev *e, const struct cm_facts *f)
{
	return ev_text(e, "%c%u.%u.%u", ascii_upper(f->sw_prefix) ? f->sw_prefix :
	    'V', f->sw[0], f->sw[1], f->sw[2]);
}

static void
put_peers(struct ev *e, const struct cm_facts *f)
{
	ev_arr(e, "peers");
	for (unsigned i = 0; i < f->npeers; i++) {
		const struct cm_peer *p = &f->peer[i];

		ev_a_obj(e);
		ev_str(e, "own_port", p->own);
		ev_str(e, "port", p->port);
		ev_str(e, "chassis", p->chassis);
		ev_put_mac(e, "mac", p->mac);
		ev_end(e);
	}
	ev_end(e);
}

static void
put_facts(struct ev *e, const struct cm_facts *f)
{
	if (f->nblocks) {
		ev_arr(e, "data_blocks");
		for (unsigned i = 0; i < f->nblocks; i++) {
			const char *s = pn_block_name(f->blocks[i]);
			ev_a_str(e, s ? text_c(s) : ev_text(e, "0x%04x", f->blocks[i]));
		}
		ev_end(e);
	}
	if (f->has_im0) {
		ev_uint(e, "vendor_id", f->vendor);
		ev_cstr(e, "vendor", pn_vendor_name(f->vendor));
		ev_str(e, "order_id", f->order);
		ev_str(e, "serial", f->serial);
		ev_uint(e, "hardware_revision", f->hardware);
		ev_str(e, "software_revision", software(e, f));
		ev_uint(e, "revision_counter", f->revision);
		ev_uint(e, "profile_id", f->profile);
		ev_uint(e, "im_supported", f->supported);
	}
	ev_str(e, "function", f->function);
	ev_str(e, "location", f->location);
	ev_str(e, "installed", f->date);
	ev_str(e, "descriptor", f->descriptor);
	ev_str(e, "station_name", f->station);
	if (f->has_mac)
		ev_put_mac(e, "mac", f->mac);
	if (f->has_iface) {
		ev_put_ip(e, "ip", &f->ip[0]);
		ev_put_ip(e, "netmask", &f->ip[1]);
		ev_put_ip(e, "gateway", &f->ip[2]);
	}
	if (f->npeers)
		put_peers(e, f);
}

/* What a record says of the device: of the device itself where it stands in the
 * interface module (slot 0), else of a module in it. */
static void
put_identity(struct ev *e, const struct cm_record *r, const struct cm_facts *f)
{
	bool part = r->slot != 0;
	struct ident *i;

	if (!f->has_im0 && !f->location.n && !f->station.n)
		return;
	i = ev_identity(e, "profinet.im", part ? EV_OTHER : EV_DEST);
	if (part) {
		i->has_parent = true;
		i->parent = EV_DEST;
		i->sub = ev_text(e, "slot %u", r->slot);
	}
	if (f->has_im0) {
		i->vendor = text_c(pn_vendor_name(f->vendor));
		i->order_code = f->order;
		i->serial = f->serial;
		i->firmware = software(e, f);
		i->hardware = ev_text(e, "%u", f->hardware);
	}
	i->location = f->location;
	i->hostname = f->station;
	if (f->has_iface && f->has_mac) {
		i = ev_identity(e, "profinet.im", EV_OTHER);
		i->has_mac = true;
		memcpy(i->mac, f->mac, 6);
		i->ip = f->ip[0];
		i->hostname = f->station;
	}
}

/* Bytes in hex as ot.value, as many as are of use. */
static void
put_value(struct ev *e, struct rd d)
{
	uint32_t n = rd_have(&d) < LIM_PN_VALUE ? rd_have(&d) : LIM_PN_VALUE;
	const uint8_t *p = rd_bytes(&d, n);
	char *t = ev_room(e, 2 * n);

	if (!p || !t || !n)
		return;
	hex_put(t, p, n);
	ev_val_str(e, (struct text){ t, 2 * n });
}

void
cm_put_record(struct ev *e, const struct cm_record *q, const struct cm_record *a, bool write)
{
	const struct cm_record *p = q ? q : a, *with = write ? q : a;
	const char *name = pn_index_name(p->index);
	struct cm_facts f;

	ev_obj(e, "record");
	put_record_head(e, p);
	if (with) {
		ev_uint(e, "length", with->len);
		cm_facts(with->data, &f);
		if (p->index >= 0x8000)
			put_facts(e, &f);
	}
	if (write && a)
		pn_put_status(e, a->status);
	ev_end(e);
	e->ot.object = pn_place(e, p->api, p->slot, p->subslot);
	if (name && p->index >= 0x8000)
		e->ot.object = ev_text(e, "%.*s %s", (int)e->ot.object.n, e->ot.object.p, name);
	else
		e->ot.object = ev_text(e, "%.*s index 0x%04x", (int)e->ot.object.n,
		    e->ot.object.p, p->index);
	if (write) {
		/* the user's own records are values; the standard's say how the device works */
		e->ot.op = p->index < 0x8000 ? OT_WRITE : OT_CONFIGURE;
		if (with && (f.function.n || f.location.n)) {
			ev_val_arr(e);
			ev_val_str(e, f.function);
			ev_val_str(e, f.location);
			ev_val_end(e);
		} else if (with && (f.date.n || f.descriptor.n)) {
			ev_val_str(e, f.date.n ? f.date : f.descriptor);
		} else if (with) {
			put_value(e, with->data);
		}
	} else {
		e->ot.op = p->index >= 0xaff0 && p->index <= 0xafff ? OT_IDENTIFY : OT_READ;
		if (with && p->index >= 0x8000)
			put_identity(e, p, &f);
	}
	if (with) {
		e->ot.has_count = true;
		e->ot.count = with->len;
	}
}
