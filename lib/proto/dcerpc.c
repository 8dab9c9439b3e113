/* dcerpc.c: DCE/RPC's connectionless header in both byte orders. */
#include "proto/dcerpc.h"

#include "base/hex.h"
#include "base/tok.h"

static const struct tok statuses[] = {
	{ 0x1c010002, "nca_op_rng_error" }, { 0x1c010003, "nca_unk_if" },
	{ 0x1c010006, "nca_wrong_boot_time" }, { 0x1c010009, "nca_you_crashed" },
	{ 0x1c01000b, "nca_proto_error" }, { 0x1c010013, "nca_out_args_too_big" },
	{ 0x1c010014, "nca_server_too_busy" }, { 0x1c010017, "nca_unsupported_type" },
	{ 0x1c00001b, "nca_fault_context_mismatch" }, { 0x1c00001c, "nca_fault_remote_no_memory" },
	{ 0x1c010015, "nca_fault_string_too_long" }, { 0x16c9a0d6, "ept_not_registered" },
	{ 0, NULL }
};

uint16_t
rpc_u16(struct rd *r, bool le)
{
	return le ? rd_le16(r) : rd_be16(r);
}

uint32_t
rpc_u32(struct rd *r, bool le)
{
	return le ? rd_le32(r) : rd_be32(r);
}

void
rpc_uuid(struct rd *r, bool le, uint8_t u[16])
{
	static const uint8_t order[8] = { 3, 2, 1, 0, 5, 4, 7, 6 };
	const uint8_t *p = rd_bytes(r, 16);

	memset(u, 0, 16);
	if (!p)
		return;
	memcpy(u, p, 16);
	for (int i = 0; le && i < 8; i++)
		u[i] = p[order[i]];
}

uint32_t
rpc_uuid_put(char *t, const uint8_t u[16])
{
	uint32_t n = 0;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			t[n++] = '-';
		n += (uint32_t)hex_put(t + n, u + i, 1);
	}
	t[n] = '\0';
	return n;
}

const char *
rpc_status_name(uint32_t status)
{
	return tok_find(statuses, status);
}

bool
rpc_head_read(struct rd *r, struct rpc_head *h)
{
	uint8_t version = rd_u8(r), drep[3];

	memset(h, 0, sizeof(*h));
	h->type = rd_u8(r);
	h->flags = rd_u8(r);
	h->flags2 = rd_u8(r);
	for (int i = 0; i < 3; i++)
		drep[i] = rd_u8(r);
	rd_skip(r, 1);
	h->le = drep[0] >> 4 == 1;
	rpc_uuid(r, h->le, h->object);
	rpc_uuid(r, h->le, h->iface);
	rpc_uuid(r, h->le, h->activity);
	rd_skip(r, 4);
	h->version = rpc_u32(r, h->le);
	h->seq = rpc_u32(r, h->le);
	h->op = rpc_u16(r, h->le);
	rd_skip(r, 4);
	h->len = rpc_u16(r, h->le);
	h->frag = rpc_u16(r, h->le);
	h->auth = rd_u8(r);
	rd_skip(r, 1);
	/* character set and floating point: the only ones there are */
	return rd_ok(r) && version == 4 && h->type <= RPC_CANCEL_ACK && drep[0] >> 4 <= 1 &&
	    (drep[0] & 15) <= 1 && drep[1] <= 3;
}
