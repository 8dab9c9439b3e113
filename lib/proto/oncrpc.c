/* oncrpc.c: ONC RPC's own part of a message. Pure: bytes to a struct. */
#include "proto/oncrpc.h"

enum { RECORD_MAX = 64 << 20, CRED_MAX = 400, AUTH_SYS = 1 };

struct rd
xdr_opaque(struct rd *r)
{
	uint32_t n = rd_be32(r), pad = (4 - (n & 3)) & 3;
	struct rd s = rd_sub(r, n);

	if (rd_left(r) >= pad)
		rd_skip(r, pad);
	return s;
}

ssize_t
rpc_frame(const struct rd *r)
{
	struct rd v = *r;
	uint32_t mark = rd_be32(&v), n = mark & 0x7fffffff;

	if (!rd_ok(&v))
		return 0;
	return n > RECORD_MAX ? -1 : (ssize_t)n + 4;
}

static const char *
accepted(uint32_t status)
{
	static const char *const names[] = { "ok", "program_unavailable", "program_mismatch",
		"procedure_unavailable", "garbage_arguments", "system_error" };
	return status < 6 ? names[status] : NULL;
}

bool
rpc_decode(struct rd *r, bool tcp, struct rpc *m)
{
	struct rd cred;
	uint32_t flavor, status;

	*m = (struct rpc){ .last = true };
	if (tcp)
		m->last = rd_be32(r) >> 31;
	m->xid = rd_be32(r);
	status = rd_be32(r);
	if (!rd_ok(r) || status > 1)
		return false;
	m->call = status == 0;
	if (m->call) {
		if (rd_be32(r) != 2)
			return false;
		m->prog = rd_be32(r);
		m->vers = rd_be32(r);
		m->proc = rd_be32(r);
		flavor = rd_be32(r);
		cred = xdr_opaque(r);
		if (flavor == AUTH_SYS) {
			struct rd name;

			rd_skip(&cred, 4);
			name = xdr_opaque(&cred);
			m->machine = text_rd(&name, rd_left(&name) < 255 ? rd_left(&name) : 255);
		}
		flavor = rd_be32(r);
		cred = xdr_opaque(r);
		if (cred.len > CRED_MAX)
			return false;
	} else {
		status = rd_be32(r);
		if (status == 1) {
			m->status = rd_be32(r) ? "authentication_error" : "rpc_mismatch";
			rd_skip(r, rd_left(r));
		} else if (status == 0) {
			flavor = rd_be32(r);
			cred = xdr_opaque(r);
			status = rd_be32(r);
			m->status = accepted(status);
			if (!m->status || cred.len > CRED_MAX)
				return false;
			if (status)
				rd_skip(r, rd_left(r));
		} else {
			return false;
		}
	}
	if (!rd_ok(r))
		return false;
	m->body = *r;
	return true;
}

enum probe
rpc_calls(struct rd r, bool tcp, const uint32_t *programs)
{
	struct rpc m;
	struct rd v = r;
	uint32_t need = tcp ? 28 : 24;

	if (!rd_left(&r))
		return PROBE_MORE;
	if (tcp && (rd_peek8(&r, 0) & 0x7f) > 3)
		return PROBE_NO;
	if (rd_have(&r) < need)
		return tcp ? PROBE_MORE : PROBE_NO;
	rd_skip(&v, tcp ? 8 : 4);
	if (rd_be32(&v) != 0 || rd_be32(&v) != 2)
		return PROBE_NO;
	m.prog = rd_be32(&v);
	m.vers = rd_be32(&v);
	m.proc = rd_be32(&v);
	for (; *programs; programs++)
		if (*programs == m.prog)
			return m.vers && m.vers <= 4 && m.proc <= 64 ? PROBE_YES : PROBE_NO;
	return PROBE_NO;
}

bool
rpc_could(struct rd r, bool tcp)
{
	if (!rd_have(&r))
		return true;
	if (tcp && (rd_peek8(&r, 0) & 0x7f) > 3)
		return false;
	rd_skip(&r, tcp ? 8 : 4);
	return !rd_ok(&r) || rd_have(&r) < 4 || rd_be32(&r) <= 1;
}

bool
rpc_replies(struct rd r, bool tcp)
{
	struct rpc m;

	return rpc_decode(&r, tcp, &m) && !m.call;
}

const char *
rpc_program_name(uint32_t prog)
{
	static const struct tok names[] = {
		{ RPCBIND, "rpcbind" }, { 100001, "rstatd" }, { 100002, "rusersd" },
		{ 100003, "nfs" }, { 100004, "ypserv" }, { 100005, "mountd" }, { 100007, "ypbind" },
		{ 100011, "rquotad" }, { 100020, "llockmgr" }, { 100021, "nlockmgr" },
		{ 100024, "status" }, { 100026, "bootparam" }, { 100068, "cmsd" },
		{ 100083, "ttdbserver" }, { 100227, "nfs_acl" }, { VXI11_CORE, "vxi11_core" },
		{ VXI11_ABORT, "vxi11_abort" }, { VXI11_INTR, "vxi11_interrupt" }, { 0, NULL },
	};
	return tok_find(names, prog);
}
