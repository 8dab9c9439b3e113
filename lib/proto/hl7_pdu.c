/* hl7_pdu.c: from the bytes of an HL7 v2 message to what may be told of it.
 *
 *      MSH|^~\&|sender|at|receiver|at|time|security|ORU^R01^ORU_R01|id|P|2.5.1 ... CR
 *      SFT|vendor|version|product ... CR
 *      PID|... OBR|... OBX|... CR
 *
 * The byte behind MSH separates fields, the next ones components, repetitions,
 * escapes. Of all other segments but MSA, ERR, SFT, EQU, ECD and the 18th field of
 * OBX only the name is read. */
#include "proto/hl7.h"

#include "base/ascii.h"
#include "base/hash.h"

struct marks { char field, component, repeat; };

struct kind { char name[4]; uint16_t n; };

bool
hl7_is_mark(int c)
{
	return c > ' ' && c <= '~' && !ascii_digit(c) && !ascii_letter(c);
}

/* The nth field of a segment; element 0 is its name. */
static struct text
field(struct text s, char mark, unsigned nth)
{
	struct text t = { s.p, 0 };
	const char *end;

	if (!s.n)
		return t;
	end = s.p + s.n;
	while (nth && t.p < end)
		nth -= *t.p++ == mark;
	if (nth)
		return (struct text){ 0 };
	while (t.p + t.n < end && t.p[t.n] != mark)
		t.n++;
	return t;
}

static struct text
component(struct text f, const struct marks *m, unsigned nth)
{
	f = field(f, m->repeat, 0);
	f = field(f, m->component, nth);
	return text_trim(f.p, f.n);
}

/* HD and EI: the name, or where there is none the universal id. */
static struct text
name_of(struct text f, const struct marks *m)
{
	struct text t = component(f, m, 0);
	return t.n ? t : component(f, m, 1);
}

static uint64_t
hash(struct text t)
{
	uint64_t h;

	t = text_trim(t.p, t.n);
	h = hash_bytes(HASH_BEGIN, t.p, t.n);
	/* the upper bits are pend_long's; 0 is no id */
	return t.n ? (h >> 8) | 1 : 0;
}

/* Segments end with CR; broken senders' with LF, and then there is no CR at all. */
static int
mark_of_end(const struct rd *r)
{
	return rd_have(r) && memchr(rd_at(r), '\r', rd_have(r)) ? '\r' : '\n';
}

/* The next segment without its end. */
static bool
segment(struct rd *r, int end, struct text *s)
{
	while (rd_peek8(r, 0) == '\r' || rd_peek8(r, 0) == '\n')
		rd_skip(r, 1);
	if (!rd_have(r))
		return false;
	s->n = 0;
	while (rd_peek8(r, s->n) >= 0 && rd_peek8(r, s->n) != end)
		s->n++;
	s->p = (const char *)rd_bytes(r, s->n);
	return true;
}

static bool
named(struct text s, const char *name)
{
	return s.n >= 3 && memcmp(s.p, name, 3) == 0;
}

/* Nothing but these characters, and n of them at most. */
static bool
made_of(struct text t, const char *marks, bool capitals, uint32_t n)
{
	for (uint32_t i = 0; i < t.n; i++)
		if (!ascii_digit(t.p[i]) && !strchr(marks, t.p[i]) &&
		    !(capitals && ascii_upper(t.p[i])))
			return false;
	return t.n <= n;
}

static bool
is_charset(struct text t)
{
	static const char *const begins[] = { "8859/", "UNICODE UTF-", "ISO IR", "UTF-", "GB ",
		"JIS X ", "KS X ", "CNS ", "BIG-" };

	if ((t.n == 5 && memcmp(t.p, "ASCII", 5) == 0) ||
	    (t.n == 7 && memcmp(t.p, "UNICODE", 7) == 0))
		return true;
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		uint32_t n = (uint32_t)strlen(begins[i]);
		if (t.n > n && memcmp(t.p, begins[i], n) == 0)
			return made_of((struct text){ t.p + n, t.n - n }, "- ", false, 12);
	}
	return false;
}

/* The coded fields are what they must be up to here. Where a sender forgets the end of
 * the segment, what follows is the patient's. */
static bool
take_codes(struct text s, struct pack *p, const struct marks *m, bool *no_ack)
{
	struct text v = component(field(s, m->field, 11), m, 0), f, a, b;

	f = component(field(s, m->field, 10), m, 0);
	if (f.n > 1 || (f.n && !strchr("PTD", *f.p)))
		return false;
	pack_put(p, HL7_PROCESSING, f);
	if (!v.n || !made_of(v, ".", false, 6))
		return false;
	pack_put(p, HL7_VERSION, v);
	a = field(s, m->field, 14);
	b = field(s, m->field, 15);
	if (!made_of(field(s, m->field, 12), "", false, 15) || field(s, m->field, 13).n ||
	    !made_of(a, "", true, 2) || !made_of(b, "", true, 2))
		return false;
	*no_ack = a.n == 2 && b.n == 2 && memcmp(a.p, "NE", 2) == 0 && memcmp(b.p, "NE", 2) == 0;
	f = component(field(s, m->field, 17), m, 0);
	if (!made_of(field(s, m->field, 16), "", true, 3) || (f.n && !is_charset(f)))
		return false;
	pack_put(p, HL7_CHARSET, f);
	return field(s, m->field, 18).n <= 12 && !field(s, m->field, 19).n;
}

static bool
take_msh(struct text s, struct hl7_head *h, struct pack *p, struct marks *m)
{
	struct text f, d;
	char joined[8];
	struct text code, event;

	if (s.n < 8)
		return false;
	*m = (struct marks){ s.p[3], s.p[4], s.p[5] };
	for (unsigned i = 3; i < 6; i++)
		if (!hl7_is_mark((uint8_t)s.p[i]))
			return false;
	if (m->field == m->component || m->field == m->repeat)
		return false;
	d = field(s, m->field, 1);
	if (d.n > 5)
		return false;
	if (m->field != '|' || d.n < 4 || memcmp(d.p, "^~\\&", 4) != 0)
		pack_put(p, HL7_DELIMITERS, (struct text){ s.p + 3, d.n + 1 });
	/* MSH-1 is the mark itself: element n is MSH-(n+1) */
	/* a time where it should be: the names stand where they should, too */
	if (made_of(field(s, m->field, 6), ".+-", false, 26)) {
		pack_put(p, HL7_SENDER, name_of(field(s, m->field, 2), m));
		pack_put(p, HL7_SENDER_AT, name_of(field(s, m->field, 3), m));
		pack_put(p, HL7_RECEIVER, name_of(field(s, m->field, 4), m));
		pack_put(p, HL7_RECEIVER_AT, name_of(field(s, m->field, 5), m));
	}
	h->security = field(s, m->field, 7).n > 0;
	f = field(s, m->field, 8);
	code = component(f, m, 0);
	event = component(f, m, 1);
	h->ack = code.n == 3 && memcmp(code.p, "ACK", 3) == 0;
	if (code.n == 3 && made_of(code, "", true, 3) && made_of(event, "", true, 3)) {
		memcpy(joined, code.p, 3);
		joined[3] = '^';
		if (event.n)
			memcpy(joined + 4, event.p, event.n);
		pack_put(p, HL7_TYPE, (struct text){ joined, event.n ? event.n + 4 : 3 });
		event = component(f, m, 2);
		if (made_of(event, "_", true, 8))
			pack_put(p, HL7_STRUCTURE, event);
	}
	h->control = hash(field(s, m->field, 9));
	if (take_codes(s, p, m, &h->no_ack))
		pack_put(p, HL7_PROFILE, component(field(s, m->field, 20), m, 0));
	return true;
}

/* EI: id^namespace^...; where it is repeated the second is the serial number (IHE LAW). */
static void
take_equipment(struct text f, const struct marks *m, struct pack *p)
{
	struct rd all = rd_init(p->b, p->n, p->n);
	struct text id = name_of(f, m), old, again;
	uint8_t tag;

	while (pack_next(&all, &tag, &old))
		if (tag == HL7_EQUIPMENT && old.n == id.n && memcmp(old.p, id.p, id.n) == 0)
			return;
	again = field(f, m->repeat, 1);
	pack_put(p, HL7_EQUIPMENT, id);
	if (again.n && id.n) {
		pack_put(p, HL7_EQU_MAKER, component(f, m, 1));
		pack_put(p, HL7_EQU_SERIAL, component(again, m, 0));
	}
}

static void
take_other(struct text s, struct hl7_head *h, struct pack *p, const struct marks *m)
{
	const char *lf = memchr(s.p, '\n', s.n);
	struct text f;
	uint8_t tag;

	if (lf)                         /* perhaps another segment, ended otherwise */
		s.n = (uint32_t)(lf - s.p);
	if (named(s, "OBX")) {
		/* a status and a time stand where they should, so that is the 18th field */
		struct text status = field(s, m->field, 11);
		f = field(s, m->field, 18);
		if (f.n && status.n == 1 && strchr("BCDFIOPRSUVWX", *status.p) &&
		    made_of(field(s, m->field, 14), ".+-", false, 24))
			take_equipment(f, m, p);
	} else if (named(s, "MSA")) {
		f = component(field(s, m->field, 1), m, 0);
		if (f.n == 2)
			pack_put(p, HL7_ACK, f);
		h->answers = hash(field(s, m->field, 2));
	} else if (named(s, "ERR")) {
		/* the code alone: what stands beside it may quote the message */
		f = component(field(s, m->field, 3), m, 0);
		if (f.n && f.n < 8)
			pack_put(p, HL7_ERROR, f);
	} else if (named(s, "SFT")) {
		h->software++;
		pack_put(p, HL7_SW_VENDOR, component(field(s, m->field, 1), m, 0));
		pack_put(p, HL7_SW_PRODUCT, component(field(s, m->field, 3), m, 0));
		/* ends the entry */
		f = component(field(s, m->field, 2), m, 0);
		pack_put(p, HL7_SW_VERSION, f.n ? f : TEXT("-"));
	} else if (named(s, "EQU")) {
		take_equipment(field(s, m->field, 1), m, p);
	} else if (named(s, "ECD")) {
		f = component(field(s, m->field, 2), m, 0);
		h->commands++;
		tag = text_has(field(s, m->field, 2), "calib") ||
		    text_has(field(s, m->field, 4), "calib") ?
		    HL7_CALIBRATE : HL7_COMMAND;
		pack_put(p, tag, f.n && f.n <= 20 ? f : TEXT("-"));
	}
}

static void
count(struct kind *kinds, unsigned *n, struct text s)
{
	unsigned i = 0;

	while (i < *n && memcmp(kinds[i].name, s.p, 3) != 0)
		i++;
	if (i == HL7_KINDS)
		return;
	if (i == *n) {
		memcpy(kinds[i].name, s.p, 3);
		kinds[i].n = 0;
		++*n;
	}
	kinds[i].n += kinds[i].n < UINT16_MAX;
}

static bool
is_name(struct text s, char mark)
{
	for (uint32_t i = 0; i < 3; i++)
		if (i >= s.n || !(ascii_upper(s.p[i]) ||
		    (i && ascii_digit(s.p[i]))))
			return false;
	return s.n == 3 || s.p[3] == mark;
}

bool
hl7_decode(struct rd *r, struct hl7_head *h, struct pack *p, bool cut, const char **why)
{
	struct kind kinds[HL7_KINDS];
	struct marks m = { 0 };
	unsigned nkinds = 0;
	uint32_t from = 0;
	bool have = false;
	struct text s;
	struct rd at = *r;
	int end = mark_of_end(r);

	memset(h, 0, sizeof(*h));
	p->n = 0;
	p->full = false;
	for (; segment(&at, end, &s); *r = at) {
		if (cut && !rd_have(&at))       /* its end is not ours to see */
			break;
		if (named(s, "FHS") || named(s, "BHS") || named(s, "BTS") || named(s, "FTS")) {
			if (have)
				break;
			continue;
		}
		if (named(s, "MSH")) {
			if (have)
				break;
			from = at.off - s.n;
			if (!take_msh(s, h, p, &m)) {
				*why = "DELIMITERS_INVALID";
				return false;
			}
			have = true;
		} else if (!have) {
			*why = "HEADER_MISSING";
			return false;
		} else if (!is_name(s, m.field)) {
			/* a text with a line feed of its own in it */
			continue;
		} else {
			take_other(s, h, p, &m);
		}
		count(kinds, &nkinds, s);
		h->segments += h->segments < UINT16_MAX;
	}
	h->bytes = r->off - from;
	for (unsigned i = 0; have && i < nkinds; i++) {
		char entry[5];
		memcpy(entry, kinds[i].name, 3);
		entry[3] = (char)(kinds[i].n >> 8);
		entry[4] = (char)(kinds[i].n & 255);
		pack_put(p, HL7_SEGMENT, (struct text){ entry, 5 });
	}
	return have;
}
