/* mbus_record.c: data records, EN 13757-3: DIF and DIFEs say how a value is
 * coded and which one it is, VIF and VIFEs what it measures. */
#include "proto/mbus.h"

enum { EXTENSIONS = 10 };

/* The main table: first code of a range, mask of its exponent bits, the
 * exponent of the first. */
struct quantity {
	uint8_t first, bits;
	int8_t exponent;
	const char *name, *unit;
};

static const struct quantity primary[] = {
	{ 0x00, 7, -3, "energy", "Wh" }, { 0x08, 7, 0, "energy", "J" },
	{ 0x10, 7, -6, "volume", "m3" }, { 0x18, 7, -3, "mass", "kg" },
	{ 0x20, 3, 0, "on_time", "time" }, { 0x24, 3, 0, "operating_time", "time" },
	{ 0x28, 7, -3, "power", "W" }, { 0x30, 7, 0, "power", "J/h" },
	{ 0x38, 7, -6, "volume_flow", "m3/h" }, { 0x40, 7, -7, "volume_flow", "m3/min" },
	{ 0x48, 7, -9, "volume_flow", "m3/s" }, { 0x50, 7, -3, "mass_flow", "kg/h" },
	{ 0x58, 3, -3, "flow_temperature", "C" }, { 0x5c, 3, -3, "return_temperature", "C" },
	{ 0x60, 3, -3, "temperature_difference", "K" },
	{ 0x64, 3, -3, "external_temperature", "C" }, { 0x68, 3, -3, "pressure", "bar" },
	{ 0x6c, 0, 0, "date", NULL }, { 0x6d, 0, 0, "time", NULL },
	{ 0x6e, 0, 0, "heat_cost_units", NULL }, { 0x70, 3, 0, "averaging_duration", "time" },
	{ 0x74, 3, 0, "actuality_duration", "time" }, { 0x78, 0, 0, "fabrication_number", NULL },
	{ 0x79, 0, 0, "enhanced_id", NULL }, { 0x7a, 0, 0, "bus_address", NULL },
};

static const struct quantity table_fb[] = {
	{ 0x00, 1, -1, "energy", "MWh" }, { 0x08, 1, -1, "energy", "GJ" },
	{ 0x10, 1, 2, "volume", "m3" }, { 0x18, 1, 2, "mass", "t" },
	{ 0x1a, 0, -1, "relative_humidity", "%" }, { 0x28, 1, -1, "power", "MW" },
	{ 0x30, 1, -1, "power", "GJ/h" },
};

static const struct quantity table_fd[] = {
	{ 0x08, 0, 0, "access_number", NULL }, { 0x09, 0, 0, "medium", NULL },
	{ 0x0a, 0, 0, "manufacturer", NULL }, { 0x0b, 0, 0, "parameter_set", NULL },
	{ 0x0c, 0, 0, "model", NULL }, { 0x0d, 0, 0, "hardware_version", NULL },
	{ 0x0e, 0, 0, "firmware_version", NULL }, { 0x0f, 0, 0, "software_version", NULL },
	{ 0x10, 0, 0, "customer_location", NULL }, { 0x11, 0, 0, "customer", NULL },
	{ 0x16, 0, 0, "password", NULL }, { 0x17, 0, 0, "error_flags", NULL },
	{ 0x1a, 0, 0, "digital_output", NULL }, { 0x1b, 0, 0, "digital_input", NULL },
	{ 0x1c, 0, 0, "baud_rate", "Bd" }, { 0x3a, 0, 0, "dimensionless", NULL },
	{ 0x40, 15, -9, "voltage", "V" }, { 0x50, 15, -12, "current", "A" },
	{ 0x60, 0, 0, "reset_counter", NULL }, { 0x61, 0, 0, "cumulation_counter", NULL },
	{ 0x74, 0, 0, "battery_days", "d" },
};

static void
name_it(struct mbus_record *d, const struct quantity *t, size_t n)
{
	static const char *const spans[] = { "s", "min", "h", "d" };

	for (size_t i = 0; i < n; i++) {
		if (d->vif < t[i].first || d->vif > t[i].first + t[i].bits)
			continue;
		d->quantity = t[i].name;
		d->unit = t[i].unit;
		d->exponent = (int8_t)(t[i].exponent + (d->vif - t[i].first));
		if (t[i].unit && strcmp(t[i].unit, "time") == 0) {
			d->unit = spans[(d->vif - t[i].first) & 3];
			d->exponent = 0;
		}
		return;
	}
}

static bool
take_vif(struct rd *r, struct mbus_record *d)
{
	uint8_t vif = rd_u8(r), b = vif;
	bool plain = (vif & 0x7f) == 0x7c;

	if (plain) {                    /* the unit in words, last letter first */
		rd_skip(r, rd_u8(r));
		d->table = 0;
		d->vif = 0x7c;
	} else if (vif == 0xfb || vif == 0xfd) {
		d->table = vif;
		b = rd_u8(r);
		d->vif = b & 0x7f;
	} else {
		d->vif = vif & 0x7f;
	}
	if (d->table == 0xfb)
		name_it(d, table_fb, sizeof(table_fb) / sizeof(table_fb[0]));
	else if (d->table == 0xfd)
		name_it(d, table_fd, sizeof(table_fd) / sizeof(table_fd[0]));
	else if (!plain)
		name_it(d, primary, sizeof(primary) / sizeof(primary[0]));
	for (int i = 0; i < EXTENSIONS && (b & 0x80) && rd_ok(r); i++) {
		b = rd_u8(r);
		/* a correction of the value: 10^(n - 6), the others say when and how */
		if ((b & 0x78) == 0x70)
			d->exponent = (int8_t)(d->exponent + (b & 7) - 6);
	}
	return rd_ok(r) && !(b & 0x80);
}

static int64_t
bcd(const uint8_t *p, uint32_t n)
{
	int64_t v = 0;
	bool neg = n && (p[n - 1] & 0xf0) == 0xf0;

	for (uint32_t i = n; i--; ) {
		uint8_t hi = p[i] >> 4, lo = p[i] & 15;

		if (neg && i == n - 1)
			hi = 0;
		v = v * 100 + (hi > 9 ? 9 : hi) * 10 + (lo > 9 ? 9 : lo);
	}
	return neg ? -v : v;
}

static void
take_int(struct rd *r, struct mbus_record *d, uint32_t n)
{
	uint64_t v = 0;

	d->p = rd_bytes(r, n);
	d->n = n;
	if (!d->p)
		return;
	for (uint32_t i = n; i--; )
		v = v << 8 | d->p[i];
	d->i = n < 8 && d->p[n - 1] & 0x80 ? (int64_t)(v | ~UINT64_C(0) << 8 * n) : (int64_t)v;
	d->type = MBUS_INT;
	if (d->table == 0 && d->vif == 0x6c && n == 2)
		d->type = MBUS_DATE;
	else if (d->table == 0 && (d->vif == 0x6d || d->vif == 0x6c) && n == 4)
		d->type = MBUS_TIME;
}

static void
take_variable(struct rd *r, struct mbus_record *d)
{
	uint8_t lvar = rd_u8(r);
	uint32_t n = lvar < 0xc0 ? lvar : lvar < 0xe0 ? lvar & 15u : lvar < 0xf0 ? lvar - 0xe0u :
	    lvar == 0xf8 ? 4 : 0;

	d->p = rd_bytes(r, n);
	d->n = n;
	if (!d->p)
		return;
	if (lvar >= 0xc0 && lvar < 0xe0) {
		d->type = MBUS_INT;
		d->i = n <= 9 ? bcd(d->p, n) : 0;
		if (lvar >= 0xd0)
			d->i = -d->i;
		return;
	}
	d->type = lvar < 0xc0 ? MBUS_TEXT : MBUS_HEX;
}

bool
mbus_record_next(struct rd *r, struct mbus_record *d, bool *more)
{
	static const uint8_t size[16] = { 0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 0, 6, 0 };
	uint8_t dif, b;
	uint32_t bits;

	do {
		if (!rd_have(r))
			return false;
		dif = rd_u8(r);
	} while (dif == 0x2f);                  /* filling */
	memset(d, 0, sizeof(*d));
	if ((dif & 15) == 15) {
		*more |= dif == 0x1f;
		if (dif == 0x0f || dif == 0x1f)
			rd_skip(r, rd_left(r)); /* the maker's own */
		return false;
	}
	d->function = dif >> 4 & 3;
	d->storage = dif >> 6 & 1;
	b = dif;
	for (unsigned i = 0, at = 1; i < EXTENSIONS && (b & 0x80) && rd_ok(r); i++, at += 4) {
		b = rd_u8(r);
		if (at < 28)
			d->storage |= (uint32_t)(b & 15) << at;
		if (i < 3) {
			d->tariff |= (uint8_t)((b >> 4 & 3) << 2 * i);
			d->subunit |= (uint8_t)((b >> 6 & 1) << i);
		}
	}
	if ((b & 0x80) || !take_vif(r, d)) {
		rd_set_bad(r);
		return false;
	}
	bits = dif & 15;
	switch (bits) {
	case 0: case 8:
		break;
	case 5:
		d->real = (double)rd_le_f32(r);
		d->type = MBUS_REAL;
		break;
	case 9: case 10: case 11: case 12: case 14:
		d->p = rd_bytes(r, size[bits]);
		d->n = size[bits];
		if (d->p)
			d->i = bcd(d->p, d->n);
		d->type = MBUS_INT;
		break;
	case 13:
		take_variable(r, d);
		break;
	default:
		take_int(r, d, size[bits]);
	}
	return rd_ok(r);
}

/* Latin letters, last first. */
static struct text
backwards(struct ev *e, const uint8_t *p, uint32_t n)
{
	char *d = ev_room(e, n);

	if (!d)
		return (struct text){ 0 };
	for (uint32_t i = 0; i < n; i++)
		d[i] = p[n - 1 - i] < 0x80 ? (char)p[n - 1 - i] : '?';
	return text_trim(d, n);
}

/* Type G: two bytes; type F: minute and hour before them. */
static struct text
date_text(struct ev *e, const struct mbus_record *d)
{
	const uint8_t *g = d->p + (d->type == MBUS_TIME ? 2 : 0);
	unsigned year = (unsigned)(g[0] >> 5 | (g[1] >> 4) << 3);

	if (year > 99 || !(g[1] & 15) || !(g[0] & 31))
		return (struct text){ 0 };
	if (d->type == MBUS_DATE)
		return ev_text(e, "%04u-%02u-%02u", 2000 + year, g[1] & 15, g[0] & 31);
	return ev_text(e, "%04u-%02u-%02uT%02u:%02u", 2000 + year, g[1] & 15, g[0] & 31,
	    d->p[1] & 31, d->p[0] & 63);
}

void
mbus_put_value(struct ev *e, const struct mbus_record *d, bool ot)
{
	struct text t = { 0 };
	double v;

	switch (d->type) {
	case MBUS_NONE:
		return;
	case MBUS_TEXT:
		t = backwards(e, d->p, d->n);
		break;
	case MBUS_DATE: case MBUS_TIME:
		t = date_text(e, d);
		break;
	case MBUS_HEX:
		return;
	case MBUS_INT: case MBUS_REAL:
		v = d->type == MBUS_REAL ? d->real : (double)d->i;
		/* divided, not multiplied: 223 and -1 is 22.3 then, not 22.3000001 */
		for (int k = d->exponent; k < 0; k++)
			if (d->type == MBUS_REAL)
				v /= 10;
		if (d->type == MBUS_INT && d->exponent < 0) {
			double by = 1;
			for (int k = d->exponent; k < 0; k++)
				by *= 10;
			v /= by;
		}
		for (int k = 0; k < d->exponent; k++)
			v *= 10;
		if (ot && d->type == MBUS_INT && d->exponent == 0)
			ev_val_int(e, d->i);
		else if (ot)
			ev_val_real(e, v);
		else if (d->type == MBUS_INT && d->exponent == 0)
			ev_int(e, "value", d->i);
		else
			ev_real(e, "value", v);
		return;
	}
	if (ot)
		ev_val_str(e, t);
	else
		ev_str(e, "value", t);
}
