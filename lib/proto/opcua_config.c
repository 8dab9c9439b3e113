/* opcua_config.c: OPC UA's browsing and node management (OPC 10000-4, 5.8 and
 * 5.7.2): what the address space holds, and who changes it. Every node or
 * reference that is added or deleted is an event of its own. */
#include "proto/opcua.h"

/* 7.30 ReferenceDescription: what a node has below it. */
static void
put_references(struct ua_talk *t, struct rd *r)
{
	struct ev *e = t->e;
	uint32_t n = ua_count(r);

	ev_uint(e, "reference_count", n);
	if (!n)
		return;
	ev_arr(e, "references");
	for (; n && rd_left(r); n--, t->items++) {
		struct ua_node kind, id, type;
		struct text browse, display;
		uint32_t class;
		bool forward;

		ua_nodeid(r, &kind);
		forward = rd_u8(r);
		ua_xnodeid(r, &id);
		browse = ua_qname(r, NULL);
		display = ua_ltext(r);
		class = rd_le32(r);
		ua_xnodeid(r, &type);
		if (ua_full(t) || !rd_ok(r))
			continue;
		ev_a_obj(e);
		ua_put_node(e, JW_K("node"), &id);
		ev_str(e, "name", browse.n ? browse : display);
		ev_cstr(e, "class", tok_find(ua_node_classes, class));
		if (!forward)
			ev_bool(e, "inverse", true);
		ev_end(e);
	}
	ev_end(e);
}

static void
put_browsed(struct ua_talk *t, uint32_t nq, bool next)
{
	static const char *const directions[] = { NULL, "inverse", "both" };
	struct ev *e = t->e;
	struct rd *q = &t->q, *a = &t->a;
	uint32_t na = t->has_a && !t->fault ? ua_count(a) : 0, n = nq > na ? nq : na;

	e->ot.has_count = n > 0;
	e->ot.count = n;
	if (n)
		ev_arr(e, "nodes");
	for (uint32_t i = 0; i < n && (rd_left(q) || rd_left(a)); i++) {
		struct rd more;
		uint32_t status;

		ev_a_obj(e);
		if (i < nq && !next && rd_left(q)) {
			struct ua_node id, kind;
			uint32_t direction;

			ua_nodeid(q, &id);
			direction = rd_le32(q);
			ua_nodeid(q, &kind);
			rd_skip(q, 9);
			if (rd_ok(q)) {
				ua_object(t, &id, NULL);
				ua_put_node(e, JW_K("node"), &id);
				if (id.kind == 'i' && !id.ns)
					ev_cstr(e, "name", ua_node_name(id.num));
				if (direction < 3)
					ev_cstr(e, "direction", directions[direction]);
			}
		}
		if (i < na && rd_left(a)) {
			status = rd_le32(a);
			more = ua_bytes(a);
			if (rd_ok(a)) {
				ua_result(t, status);
				ua_put_status(e, status);
				if (rd_left(&more))
					ev_bool(e, "more", true);
			}
			put_references(t, a);
		}
		ev_end(e);
	}
	if (n)
		ev_end(e);
}

void
ua_put_browse(struct ua_talk *t)
{
	struct ua_node view;
	uint32_t nq = 0;

	ua_begin(t);
	if (t->has_q) {
		ua_nodeid(&t->q, &view);
		rd_skip(&t->q, 16);
		nq = ua_count(&t->q);
	}
	put_browsed(t, nq, false);
	ua_emit(t);
}

void
ua_put_browse_next(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	uint32_t nq = 0;

	if (t->has_q) {
		if (rd_u8(&t->q))
			ev_bool(e, "released", true);
		nq = ua_count(&t->q);
	}
	put_browsed(t, nq, true);
	ua_emit(t);
}

/* A path as engineers write it: "/2:Device/2:SerialNumber". */
static struct text
take_path(struct rd *r, char *d, size_t cap)
{
	uint32_t n = ua_count(r);
	size_t o = 0;

	while (n-- && rd_left(r)) {
		struct ua_node kind;
		struct text name;
		uint16_t ns;

		ua_nodeid(r, &kind);
		rd_skip(r, 2);
		name = ua_qname(r, &ns);
		if (!rd_ok(r) || o + name.n + 8 > cap)
			continue;
		d[o++] = '/';
		if (ns) {
			o += jw_dec(d + o, ns);
			d[o++] = ':';
		}
		if (name.n)
			memcpy(d + o, name.p, name.n);
		o += name.n;
	}
	return (struct text){ d, (uint32_t)o };
}

void
ua_put_translate(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	struct rd *q = &t->q, *a = &t->a;
	uint32_t nq = t->has_q ? ua_count(q) : 0, na = t->has_a && !t->fault ? ua_count(a) : 0;
	uint32_t n = nq > na ? nq : na;

	e->ot.has_count = n > 0;
	e->ot.count = n;
	if (n)
		ev_arr(e, "nodes");
	for (uint32_t i = 0; i < n && (rd_left(q) || rd_left(a)); i++, t->items++) {
		bool mute = ua_full(t);
		struct jw_mark m = jw_mark(e->w);
		struct ua_node id;
		uint32_t targets;
		char path[256];

		ev_a_obj(e);
		if (i < nq && rd_left(q)) {
			struct text p;
			ua_nodeid(q, &id);
			p = take_path(q, path, sizeof(path));
			if (rd_ok(q)) {
				ua_put_node(e, JW_K("node"), &id);
				ev_str(e, "path", p);
				ua_object(t, &id, NULL);
			}
		}
		if (i < na && rd_left(a)) {
			uint32_t status = rd_le32(a);
			targets = ua_count(a);
			for (uint32_t k = 0; k < targets && rd_left(a); k++) {
				ua_xnodeid(a, &id);
				rd_skip(a, 4);
				if (!k && rd_ok(a))
					ua_put_node(e, JW_K("target"), &id);
			}
			if (rd_ok(a)) {
				ua_result(t, status);
				ua_put_status(e, status);
			}
		}
		ev_end(e);
		if (mute)
			jw_rewind(e->w, m);
	}
	if (n)
		ev_end(e);
	ua_emit(t);
}

void
ua_put_register_nodes(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	struct ua_node id;
	uint32_t n = t->has_q ? ua_count(&t->q) : 0;

	e->ot.has_count = n > 0;
	e->ot.count = n;
	if (n)
		ev_arr(e, "nodes");
	for (; n && rd_left(&t->q); n--, t->items++) {
		ua_nodeid(&t->q, &id);
		if (!rd_ok(&t->q) || ua_full(t))
			continue;
		ev_a_obj(e);
		ua_put_node(e, JW_K("node"), &id);
		ev_end(e);
		ua_object(t, &id, NULL);
	}
	if (e->ot.has_count)
		ev_end(e);
	ua_emit(t);
}

/* What one entry of a request about nodes or references says. */
static void
take_add_node(struct ua_talk *t, struct rd *q)
{
	struct ev *e = t->e;
	struct ua_node parent, kind, id, type;
	struct rd body;
	struct text name;
	uint32_t class;

	ua_xnodeid(q, &parent);
	ua_nodeid(q, &kind);
	ua_xnodeid(q, &id);
	name = ua_qname(q, NULL);
	class = rd_le32(q);
	ua_ext(q, &type, &body);
	ua_xnodeid(q, &type);
	if (!rd_ok(q))
		return;
	ua_put_node(e, JW_K("object"), &id);
	ua_put_node(e, JW_K("parent"), &parent);
	ev_str(e, "browse_name", name);
	ev_cstr(e, "class", tok_find(ua_node_classes, class));
	/* a null id: the server is to choose */
	if (id.kind != 'i' || id.num)
		ua_object(t, &id, NULL);
}

static void
take_delete_node(struct ua_talk *t, struct rd *q)
{
	struct ua_node id;

	ua_nodeid(q, &id);
	rd_skip(q, 1);
	if (!rd_ok(q))
		return;
	ua_put_node(t->e, JW_K("object"), &id);
	ua_object(t, &id, NULL);
}

static void
take_reference(struct ua_talk *t, struct rd *q, bool add)
{
	struct ua_node id, kind, target;

	ua_nodeid(q, &id);
	ua_nodeid(q, &kind);
	rd_skip(q, 1);
	if (add)
		ua_string(q);
	ua_xnodeid(q, &target);
	rd_skip(q, add ? 4 : 1);
	if (!rd_ok(q))
		return;
	ua_put_node(t->e, JW_K("object"), &id);
	ua_put_node(t->e, JW_K("reference"), &kind);
	ua_put_node(t->e, JW_K("target"), &target);
	ua_object(t, &id, NULL);
}

static void take_add_reference(struct ua_talk *t, struct rd *q) { take_reference(t, q, true); }
static void take_delete_reference(struct ua_talk *t, struct rd *q) { take_reference(t, q, false); }

static void
each(struct ua_talk *t, void (*take)(struct ua_talk *, struct rd *), bool added)
{
	struct rd *q = &t->q, *a = &t->a;
	uint32_t nq = t->has_q ? ua_count(q) : 0, na = t->has_a && !t->fault ? ua_count(a) : 0;
	uint32_t n = nq > na ? nq : na;

	if (!n) {
		ua_begin(t);
		ua_emit(t);
	}
	for (uint32_t i = 0; i < n && (rd_left(q) || rd_left(a)); i++) {
		struct ev *e = ua_begin(t);
		struct ua_node id;

		ua_put_place(e, i, n);
		if (i < nq && rd_left(q))
			take(t, q);
		if (i < na && rd_left(a)) {
			uint32_t status = rd_le32(a);
			if (added)
				ua_nodeid(a, &id);
			if (rd_ok(a)) {
				ua_result(t, status);
				ua_put_status(e, status);
				if (added && !ua_bad(status)) {
					ua_put_node(e, JW_K("added"), &id);
					if (!t->obj_n)
						ua_object(t, &id, NULL);
				}
			}
		}
		ua_emit(t);
	}
}

void ua_put_add_nodes(struct ua_talk *t) { each(t, take_add_node, true); }
void ua_put_delete_nodes(struct ua_talk *t) { each(t, take_delete_node, false); }
void ua_put_add_references(struct ua_talk *t) { each(t, take_add_reference, false); }
void ua_put_delete_references(struct ua_talk *t) { each(t, take_delete_reference, false); }
