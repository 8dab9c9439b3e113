/* ethercat_sii.c: the slave information interface, a slave's EEPROM (ETG.1000.6,
 * 5.4; ETG.2010): identity in the words from 8 on, categories from 0x40 on. */
#include "proto/ethercat.h"

enum { SII_VENDOR = 8, CAT_STRINGS = 10, CAT_GENERAL = 30, CAT_END = 0xffff };

/* Of those the EtherCAT Technology Group gave ids to, who is met in plant and
 * laboratories. */
static const struct tok vendors[] = {
#include "rules/vendors-ethercat.inc"
	{ 0, NULL },
};

const char *
ec_vendor_name(uint32_t id)
{
	return tok_search(vendors, TOKS(vendors), id);
}

void
ec_sii_words(struct ec_slave *s, uint16_t addr, struct rd *r)
{
	for (; rd_left(r) >= 2; addr++) {
		uint16_t w = rd_le16(r);

		if (!rd_ok(r))
			return;
		if (addr >= SII_VENDOR && addr < SII_VENDOR + 8) {
			s->id[addr - SII_VENDOR] = w;
			s->id_have |= (uint16_t)(1 << (addr - SII_VENDOR));
		} else if (addr >= EC_SII_FIRST && addr < EC_SII_FIRST + EC_SII_WORDS) {
			unsigned i = addr - EC_SII_FIRST;
			s->sii[i] = w;
			s->have[i / 8] |= (uint8_t)(1 << (i % 8));
		}
	}
}

/* A byte of the categories, or -1 where it was not read. */
static int
sii_byte(const struct ec_slave *s, unsigned at)
{
	unsigned i = at / 2;

	if (i >= EC_SII_WORDS || !(s->have[i / 8] >> (i % 8) & 1))
		return -1;
	return at % 2 ? s->sii[i] >> 8 : s->sii[i] & 0xff;
}

static int
sii_word(const struct ec_slave *s, unsigned i)
{
	int lo = sii_byte(s, 2 * i), hi = sii_byte(s, 2 * i + 1);

	return lo < 0 || hi < 0 ? -1 : hi << 8 | lo;
}

/* The n'th text, from 1, of the category of strings whose bytes begin at `at`. */
static struct text
sii_text(struct ev *e, const struct ec_slave *s, unsigned at, int n)
{
	int count = sii_byte(s, at++);

	for (int k = 1; k <= count && k <= n; k++) {
		int len = sii_byte(s, at++);
		size_t n_out = 0;
		char *t;

		if (len < 0)
			break;
		if (k < n) {
			at += (unsigned)len;
			continue;
		}
		if (!(t = ev_room(e, 2u * (uint32_t)len)))
			break;
		for (int i = 0; i < len; i++) {
			int b = sii_byte(s, at + (unsigned)i);
			if (b < 0)
				return (struct text){ 0 };
			if (b >= 0x80) {        /* Latin-1 */
				t[n_out++] = (char)(0xc0 | b >> 6);
				b = 0x80 | (b & 0x3f);
			}
			t[n_out++] = (char)b;
		}
		return text_trim(t, n_out);
	}
	return (struct text){ 0 };
}

/* Order code and name, where both categories were read. */
static void
sii_names(struct ev *e, const struct ec_slave *s, struct text *order, struct text *name)
{
	unsigned strings = 0, general = 0, i = 0;
	int type, size;

	while ((type = sii_word(s, i)) >= 0 && type != CAT_END &&
	    (size = sii_word(s, i + 1)) >= 0) {
		if (type == CAT_STRINGS && !strings)
			strings = 2 * (i + 2);
		else if (type == CAT_GENERAL && !general)
			general = 2 * (i + 2);
		i += 2 + (unsigned)size;
		if (i >= EC_SII_WORDS)
			break;
	}
	if (!strings || !general)
		return;
	*order = sii_text(e, s, strings, sii_byte(s, general + 2));
	*name = sii_text(e, s, strings, sii_byte(s, general + 3));
}

static uint32_t
id_at(const struct ec_slave *s, unsigned i)
{
	return (uint32_t)s->id[i + 1] << 16 | s->id[i];
}

void
ec_sii_tell(struct dctx *c, struct ec_slave *s, const struct when *at)
{
	struct text order = { 0 }, name = { 0 };
	uint32_t vendor = id_at(s, 0), product = id_at(s, 2), revision = id_at(s, 4),
	    serial = id_at(s, 6);
	struct ident *i;
	struct ev *e;

	if (s->told || (s->id_have & 0x0f) != 0x0f)
		return;
	s->told = true;
	e = ec_begin(c, at, "sii", s->who);
	sii_names(e, s, &order, &name);
	ev_uint(e, "vendor_id", vendor);
	ev_cstr(e, "vendor", ec_vendor_name(vendor));
	ev_uint(e, "product_code", product);
	if ((s->id_have & 0x30) == 0x30)
		ev_uint(e, "revision", revision);
	if ((s->id_have & 0xc0) == 0xc0 && serial)
		ev_uint(e, "serial", serial);
	ev_str(e, "order_code", order);
	ev_str(e, "name", name);
	e->ot.op = OT_IDENTIFY;
	e->ot.service = TEXT("SII");
	e->ot.result = TEXT("ok");
	i = ec_ident(e, "ethercat.sii", s->who);
	i->vendor = text_c(ec_vendor_name(vendor));
	i->order_code = order;
	i->product = name;
	i->model = order.n ? order : ev_text(e, "0x%08x", product);
	if ((s->id_have & 0x30) == 0x30)
		i->hardware = ev_text(e, "0x%08x", revision);
	if ((s->id_have & 0xc0) == 0xc0 && serial)
		i->serial = ev_text_num(e, "", 0, serial);
	ev_emit(e);
}
