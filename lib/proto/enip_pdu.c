/* enip_pdu.c: bytes to structs, and the names of what they hold. */
#include "proto/enip.h"

#define WORD(s) { s, sizeof(s) - 1 }
struct named { uint32_t v; struct text name; };

static inline struct text
name_of(const struct named *t, size_t n, uint32_t v)
{
	for (size_t i = 0; i < n; i++)
		if (t[i].v == v)
			return t[i].name;
	return (struct text){ 0 };
}

/* As EVE writes them. */
struct text
enip_command_name(uint16_t cmd)
{
	static const struct named names[] = {
		{ ENIP_RR_DATA, WORD("send_rr_data") }, { ENIP_UNIT_DATA, WORD("send_unit_data") },
		{ ENIP_NOP, WORD("nop") }, { ENIP_LIST_SERVICES, WORD("list_services") },
		{ ENIP_LIST_IDENTITY, WORD("list_identity") },
		{ ENIP_LIST_INTERFACES, WORD("list_interfaces") },
		{ ENIP_REGISTER, WORD("register_session") },
		{ ENIP_UNREGISTER, WORD("unregister_session") },
		{ ENIP_INDICATE, WORD("indicate_status") }, { ENIP_CANCEL, WORD("cancel") },
	};

	return name_of(names, sizeof(names) / sizeof(*names), cmd);
}

/* Volume 2, 2-3.6. */
struct text
enip_status_name(uint32_t status)
{
	static const struct named names[] = {
		{ 0, WORD("success") }, { 1, WORD("invalid_cmd") }, { 2, WORD("no_resources") },
		{ 3, WORD("incorrect_data") }, { 0x64, WORD("invalid_session") },
		{ 0x65, WORD("invalid_length") }, { 0x69, WORD("unsupported_prot_rev") },
		{ 0x6a, WORD("encap_header_error") },
	};

	return name_of(names, sizeof(names) / sizeof(*names), status);
}

static inline uint16_t le16(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }
static inline uint32_t
le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* At least ENIP_HEADER bytes. */
static inline void
header_at(const uint8_t *p, struct enip_header *h)
{
	h->cmd = le16(p);
	h->len = le16(p + 2);
	h->session = le32(p + 4);
	h->status = le32(p + 8);
	h->context = (uint64_t)le32(p + 16) << 32 | le32(p + 12);
	h->options = le32(p + 20);
}

void
enip_header_decode(struct rd *r, struct enip_header *h)
{
	if (rd_have(r) >= ENIP_HEADER) {
		header_at(rd_bytes(r, ENIP_HEADER), h);
		return;
	}
	h->cmd = rd_le16(r);
	h->len = rd_le16(r);
	h->session = rd_le32(r);
	h->status = rd_le32(r);
	h->context = rd_le64(r);
	h->options = rd_le32(r);
}

/* An address and its data, and whole: what most are. False, and nothing read: it is
 * something else. */
static bool
usual_items(struct rd *r, struct enip_items *x)
{
	uint32_t have = rd_have(r), len;
	const uint8_t *p;

	if (have < 22)
		return false;
	p = rd_at(r);
	if (le16(p + 6) != 2)
		return false;
	if (le32(p + 8) == CPF_NULL && le16(p + 12) == CPF_DATA) {
		len = le16(p + 14);
		if (len > have - 16)
			return false;
		rd_skip(r, 16);
	} else if (le16(p + 8) == CPF_CONN && le16(p + 10) == 4 && le16(p + 16) == CPF_CONN_DATA) {
		len = le16(p + 18);
		if (len < 2 || len > have - 20)
			return false;
		x->conn = le32(p + 12);
		x->seq = le16(p + 20);
		rd_skip(r, 22);
		len -= 2;
	} else {
		return false;
	}
	x->data = rd_sub(r, len);
	x->has_data = true;
	return true;
}

bool
enip_items_decode(struct rd *r, bool connected, struct enip_items *x)
{
	uint16_t n;

	memset(x, 0, sizeof(*x));
	x->connected = connected;
	if (!rd_left(r))
		return true;            /* an error's answer may have none */
	if (usual_items(r, x))
		return true;
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
	uint32_t have = rd_have(v);
	struct enip_header h;

	if (have >= 2 && !enip_command_name(le16(rd_at(v))).n)
		return -1;
	if (have < ENIP_HEADER)
		return 0;
	header_at(rd_at(v), &h);
	if (!enip_status_name(h.status).n || h.options)
		return -1;
	return ENIP_HEADER + h.len;
}
