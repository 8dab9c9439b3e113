/* enip_pdu.c: bytes to structs, and the names of what they hold. */
#include "proto/enip.h"

/* As EVE writes them. */
static const struct tok commands[] = {
	{ ENIP_RR_DATA, "send_rr_data" }, { ENIP_UNIT_DATA, "send_unit_data" },
	{ ENIP_NOP, "nop" }, { ENIP_LIST_SERVICES, "list_services" },
	{ ENIP_LIST_IDENTITY, "list_identity" }, { ENIP_LIST_INTERFACES, "list_interfaces" },
	{ ENIP_REGISTER, "register_session" }, { ENIP_UNREGISTER, "unregister_session" },
	{ ENIP_INDICATE, "indicate_status" }, { ENIP_CANCEL, "cancel" }, { 0, NULL },
};

/* Volume 2, 2-3.6. */
static const struct tok statuses[] = {
	{ 0, "success" }, { 1, "invalid_cmd" }, { 2, "no_resources" }, { 3, "incorrect_data" },
	{ 0x64, "invalid_session" }, { 0x65, "invalid_length" }, { 0x69, "unsupported_prot_rev" },
	{ 0x6a, "encap_header_error" }, { 0, NULL },
};

const char *
enip_command_name(uint16_t cmd)
{
	return tok_find(commands, cmd);
}

const char *
enip_status_name(uint32_t status)
{
	return tok_find(statuses, status);
}

void
enip_header_decode(struct rd *r, struct enip_header *h)
{
	h->cmd = rd_le16(r);
	h->len = rd_le16(r);
	h->session = rd_le32(r);
	h->status = rd_le32(r);
	h->context = rd_le64(r);
	h->options = rd_le32(r);
}

bool
enip_items_decode(struct rd *r, bool connected, struct enip_items *x)
{
	uint16_t n;

	memset(x, 0, sizeof(*x));
	x->connected = connected;
	if (!rd_left(r))
		return true;            /* an error's answer may have none */
	rd_skip(r, 6);
	n = rd_le16(r);
	while (n-- && rd_left(r)) {
		uint16_t type = rd_le16(r), len = rd_le16(r);
		struct rd item = rd_sub(r, len);
		switch (type) {
		case CPF_CONN:
			x->conn = rd_le32(&item);
			break;
		case CPF_CONN_DATA:
			x->seq = rd_le16(&item);
			x->data = rd_rest(&item);
			x->has_data = true;
			break;
		case CPF_DATA:
			x->data = item;
			x->has_data = true;
			break;
		default:
			break;
		}
		if (rd_bad(&item))
			return false;
	}
	return !rd_bad(r);
}

/* A header that could not be: unknown command or status, or options. */
ssize_t
enip_length(const struct rd *v)
{
	struct rd r = *v;
	struct enip_header h;

	if (rd_have(v) >= 2 && !enip_command_name((uint16_t)(v->p[v->off] | v->p[v->off + 1] << 8)))
		return -1;
	if (rd_have(v) < ENIP_HEADER)
		return 0;
	enip_header_decode(&r, &h);
	if (!enip_status_name(h.status) || h.options)
		return -1;
	return ENIP_HEADER + h.len;
}
