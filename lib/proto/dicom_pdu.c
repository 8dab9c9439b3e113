/* dicom_pdu.c: associations, command sets, and the beginning of data sets.
 *
 *      type 0 len32 | PDV: len32 context control | elements         P-DATA-TF
 *                                        `-- bit 0: a command, bit 1: the last part
 *
 * Commands are implicit VR, little-endian. Of a data set the groups 0008 and 0018
 * are walked through in search of what describes the equipment: group 0010 between
 * them (the patient) is stepped over by its lengths, and sequences are not entered. */
#include "proto/dicom.h"

#include "base/ascii.h"

#include <string.h>

enum { ITEM_APPLICATION = 0x10, ITEM_ASKED = 0x20, ITEM_ACCEPTED = 0x21, ITEM_USER = 0x50,
	ABSTRACT = 0x30, MAX_LENGTH = 0x51, CLASS_UID = 0x52, CLASS_VERSION = 0x55,
	IDENTITY = 0x58 };

static void
keep_text(char *d, size_t size, struct rd *r, uint32_t n)
{
	struct text t = text_rd(r, n);
	size_t m = t.n < size - 1 ? t.n : size - 1;

	if (m)
		memcpy(d, t.p, m);
	d[m] = '\0';
}

static void
take_context(struct rd *it, struct dicom_assoc *a, bool asked)
{
	uint8_t id = rd_u8(it), result;

	rd_skip(it, 1);
	result = rd_u8(it);
	rd_skip(it, 1);
	if (!rd_ok(it))
		return;
	a->contexts++;
	if (!asked) {
		a->accepted += result == 0;
		a->context[id >> 1] = (uint8_t)(result < 250 ? result + 1 : 250);
		return;
	}
	while (rd_have(it) >= 4) {
		uint8_t type = rd_u8(it);
		uint16_t n;

		rd_skip(it, 1);
		n = rd_be16(it);
		if (type == ABSTRACT)
			a->context[id >> 1] = dicom_sop_find(text_rd(it, n));
		else
			rd_skip(it, n);
	}
}

static void
take_user(struct rd *it, struct dicom_assoc *a)
{
	while (rd_have(it) >= 4) {
		uint8_t type = rd_u8(it);
		struct rd sub;
		uint16_t n;

		rd_skip(it, 1);
		n = rd_be16(it);
		sub = rd_sub(it, n);
		switch (type) {
		case MAX_LENGTH:
			a->max_pdu = rd_be32(&sub);
			break;
		case CLASS_UID:
			keep_text(a->uid, sizeof(a->uid), &sub, n);
			break;
		case CLASS_VERSION:
			keep_text(a->version, sizeof(a->version), &sub, n);
			break;
		case IDENTITY:          /* its kind, nothing else */
			a->identity = rd_u8(&sub);
			break;
		}
	}
}

bool
dicom_decode_assoc(struct rd *r, struct dicom_assoc *a)
{
	bool asked = rd_u8(r) == DICOM_RQ;

	memset(a, 0, sizeof(*a));
	rd_skip(r, 9);                  /* length, version */
	keep_text(a->called, sizeof(a->called), r, 16);
	keep_text(a->calling, sizeof(a->calling), r, 16);
	rd_skip(r, 32);
	while (rd_left(r)) {
		uint8_t type = rd_u8(r);
		struct rd it;
		uint16_t n;

		rd_skip(r, 1);
		n = rd_be16(r);
		it = rd_sub(r, n);
		if (type == ITEM_APPLICATION)
			keep_text(a->application, sizeof(a->application), &it, n);
		else if (type == ITEM_ASKED || type == ITEM_ACCEPTED)
			take_context(&it, a, asked);
		else if (type == ITEM_USER)
			take_user(&it, a);
		if (rd_bad(&it))
			rd_set_bad(r);
	}
	return !rd_bad(r);
}

bool
dicom_decode_command(struct rd *r, struct dicom_command *m)
{
	memset(m, 0, sizeof(*m));
	while (rd_left(r) && rd_ok(r)) {
		uint16_t group = rd_le16(r), element = rd_le16(r);
		uint32_t n = rd_le32(r);
		struct rd v = rd_sub(r, n);
		struct text t;

		if (!rd_ok(r))
			break;
		if (group != 0) {
			rd_set_bad(r);
			break;
		}
		switch (element) {
		case 0x0002:
		case 0x0003:
			t = text_rd(&v, n);
			m->sop = dicom_sop_find(t);
			if (m->sop == DICOM_UNKNOWN && t.n < sizeof(m->uid)) {
				memcpy(m->uid, t.p, t.n);
				m->uid[t.n] = '\0';
			}
			break;
		case 0x0100:
			m->field = rd_le16(&v);
			break;
		case 0x0110:
			m->id = rd_le16(&v);
			break;
		case 0x0120:
			m->answers = rd_le16(&v);
			break;
		case 0x0600:
			keep_text(m->destination, sizeof(m->destination), &v, n);
			break;
		case 0x0800:
			m->data_set = rd_le16(&v) != 0x0101;
			break;
		case 0x0900:
			m->status = rd_le16(&v);
			m->has_status = true;
			break;
		case 0x1002:
		case 0x1008:
			m->action = rd_le16(&v);
			break;
		case 0x1021:
			m->done = rd_le16(&v);
			m->has_done = true;
			break;
		case 0x1022:
			m->failed = rd_le16(&v);
			break;
		case 0x1023:
			m->warned = rd_le16(&v);
			break;
		case 0x1030:
			keep_text(m->originator, sizeof(m->originator), &v, n);
			break;
		}
		if (rd_bad(&v))
			rd_set_bad(r);
	}
	return !rd_bad(r) && m->field;
}

/* Length of the value that follows tag and VR; explicit VR where two capitals stand. */
static uint32_t
value_length(struct rd *r, bool explicit, bool *sequence)
{
	static const char longs[] = "OBODOFOLOVOWSQSVUCUNURUTUV";
	const uint8_t *vr;

	*sequence = false;
	if (!explicit)
		return rd_le32(r);
	if (!(vr = rd_bytes(r, 2)))
		return 0;
	for (size_t i = 0; i + 1 < sizeof(longs); i += 2)
		if (vr[0] == longs[i] && vr[1] == longs[i + 1]) {
			*sequence = vr[0] == 'S' && vr[1] == 'Q';
			rd_skip(r, 2);
			return rd_le32(r);
		}
	return rd_le16(r);
}

static int
wanted(uint16_t group, uint16_t element)
{
	static const struct { uint32_t tag; int what; } tags[] = {
		{ 0x00080060, DICOM_MODALITY }, { 0x00080070, DICOM_MAKER },
		{ 0x00081010, DICOM_STATION }, { 0x00081090, DICOM_MODEL },
		{ 0x00181000, DICOM_SERIAL }, { 0x00181020, DICOM_SOFTWARE },
	};

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (tags[i].tag == ((uint32_t)group << 16 | element))
			return tags[i].what;
	return -1;
}

void
dicom_equipment(struct rd r, struct text t[DICOM_EQUIPMENT])
{
	const uint32_t open = UINT32_MAX;
	int a = rd_peek8(&r, 4), b = rd_peek8(&r, 5);
	bool explicit = ascii_upper(a) && ascii_upper(b);
	unsigned depth = 0;
	uint32_t last = 0;

	memset(t, 0, DICOM_EQUIPMENT * sizeof(*t));
	if (rd_peek8(&r, 0) != 0x08 || rd_peek8(&r, 1) != 0)    /* compressed, or big-endian */
		return;
	while (rd_have(&r) >= 8) {
		uint16_t group = rd_le16(&r), element = rd_le16(&r);
		uint32_t tag = (uint32_t)group << 16 | element, n;
		bool sequence;
		int what;

		if (group == 0xfffe) {          /* of sequences without a length */
			n = rd_le32(&r);
			if (element == 0xe000 && n == open)
				depth++;
			else if (element == 0xe000)
				rd_skip(&r, n);
			else if (!depth--)
				return;
			continue;
		}
		if (!depth && (group > 0x0018 || tag <= last))
			return;
		n = value_length(&r, explicit, &sequence);
		if (n == open) {
			depth++;
			last = depth == 1 ? tag : last;
			continue;
		}
		if (depth) {
			rd_skip(&r, n);
			continue;
		}
		last = tag;
		what = wanted(group, element);
		if (what >= 0 && n <= 256)
			t[what] = text_rd(&r, n);
		else
			rd_skip(&r, n);
	}
}
