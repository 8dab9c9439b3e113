/* dicom_shape.c: is it DICOM, and where does the next PDU end? */
#include "proto/dicom.h"

enum { PDU_LONGEST = 1 << 26 };

static bool
is_title(const struct rd *r, uint32_t at)
{
	for (uint32_t i = 0; i < 16; i++) {
		int b = rd_peek8(r, at + i);
		if (b < ' ' || b > '~')
			return b < 0 || (b == 0 && i);  /* some pad with NUL */
	}
	return true;
}

/* Type and length that can be; 0 where too few bytes are held. */
static int
header(const struct rd *r, uint32_t *len)
{
	int type = rd_peek8(r, 0), hi = rd_peek16(r, 2), lo = rd_peek16(r, 4);

	if (type < 0)
		return 0;
	if (type < DICOM_RQ || type > DICOM_ABORT || rd_peek8(r, 1) > 0)
		return -1;
	if (lo < 0 || hi < 0)
		return 0;
	*len = (uint32_t)hi << 16 | (uint32_t)lo;
	if (type <= DICOM_AC)
		return *len >= 68 && *len < LIM_PDU ? 1 : -1;
	if (type == DICOM_DATA)
		return *len >= 6 && *len < PDU_LONGEST ? 1 : -1;
	return *len == 4 ? 1 : -1;
}

ssize_t
dicom_frame(const struct dctx *c, const struct rd *r)
{
	uint32_t n = 0;
	int v = header(r, &n);

	return v <= 0 ? v : (ssize_t)n + 6;
}

static enum probe
side_probe(const struct rd *r, bool *answer)
{
	int type = rd_peek8(r, 0), v, flags;
	uint32_t n, pdv;

	if ((v = header(r, &n)) <= 0)
		return v ? PROBE_NO : PROBE_MORE;
	*answer = type == DICOM_AC || type == DICOM_RJ || type == DICOM_RELEASED;
	if (type <= DICOM_AC) {
		if (!is_title(r, 10) || !is_title(r, 26))
			return PROBE_NO;
		if (rd_have(r) < 76)
			return PROBE_MORE;
		return rd_peek8(r, 7) & 1 && rd_peek8(r, 74) == 0x10 && rd_peek8(r, 75) == 0 ?
		    PROBE_YES : PROBE_NO;
	}
	if (type != DICOM_DATA)
		return PROBE_WEAK;
	if (rd_have(r) < 26)
		return PROBE_MORE;
	pdv = (uint32_t)rd_peek16(r, 6) << 16 | (uint32_t)rd_peek16(r, 8);
	flags = rd_peek8(r, 11);
	if (pdv < 2 || pdv > n - 4 || !(rd_peek8(r, 10) & 1) || flags > 3)
		return PROBE_NO;
	if (!(flags & 1))
		return PROBE_WEAK;
	/* (0000,0000), four bytes long */
	if (rd_peek16(r, 12) || rd_peek16(r, 14) || rd_peek16(r, 16) != 0x0400 || rd_peek16(r, 18))
		return PROBE_NO;
	return PROBE_YES;
}

enum probe
dicom_probe(struct probe_in *in)
{
	enum probe best = PROBE_NO;
	bool answer = false;

	for (int i = 0; i < 2; i++) {
		enum probe v;

		if (!rd_left(&in->side[i]))
			continue;
		v = side_probe(&in->side[i], &answer);
		if (v == PROBE_NO)
			return PROBE_NO;
		if (v == PROBE_YES && answer == (i == 0))
			in->reversed = true;
		best = v > best ? v : best;
	}
	return best;
}
