/* xmltag.c: elements found by their names. What is malformed is not found. */
#include "proto/xmltag.h"

#include "base/ascii.h"

static bool
at(const struct rd *r, const char *s)
{
	size_t n = strlen(s);

	return rd_have(r) >= n && memcmp(rd_at(r), s, n) == 0;
}

/* Moves past the next occurrence of s, or to the end. */
static void
past(struct rd *r, const char *s)
{
	while (rd_have(r) && !at(r, s))
		rd_skip(r, 1);
	rd_skip(r, rd_have(r) ? (uint32_t)strlen(s) : 0);
}

static bool
is_name(int b)
{
	return ascii_letter(b) || ascii_digit(b) ||
	    b == '_' || b == '-' || b == '.' || b >= 0x80;
}

bool
xml_into(struct rd *r, const char *name)
{
	size_t want = strlen(name);

	while (rd_have(r)) {
		const char *p;
		uint32_t n = 0;
		bool empty;
		int b, quote = 0;

		if (at(r, "<!--")) {
			past(r, "-->");
			continue;
		}
		if (at(r, "<![CDATA[")) {
			past(r, "]]>");
			continue;
		}
		if (rd_u8(r) != '<' || !is_name(rd_peek8(r, 0)))
			continue;
		p = (const char *)rd_at(r);
		while (is_name(rd_peek8(r, n)) || rd_peek8(r, n) == ':') {
			if (rd_peek8(r, n) == ':') {    /* what was before is the prefix */
				rd_skip(r, n + 1);
				p = (const char *)rd_at(r);
				n = 0;
				continue;
			}
			n++;
		}
		rd_skip(r, n);
		for (empty = false; rd_have(r); empty = b == '/') {
			b = rd_u8(r);
			if (quote ? b == quote : b == '"' || b == '\'')
				quote = quote ? 0 : b;
			else if (!quote && b == '>')
				break;
		}
		if (n == want && memcmp(p, name, n) == 0 && !empty && rd_have(r))
			return true;
	}
	return false;
}

/* The five entities that XML itself has; others stay as they are. */
static char
entity(struct rd *r)
{
	static const struct { const char *s; char c; } five[] = {
		{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' },
		{ "&apos;", '\'' },
	};

	for (size_t i = 0; i < sizeof(five) / sizeof(five[0]); i++) {
		if (!at(r, five[i].s))
			continue;
		rd_skip(r, (uint32_t)strlen(five[i].s));
		return five[i].c;
	}
	return (char)rd_u8(r);
}

size_t
xml_text(struct rd doc, const char *name, char *buf, size_t size)
{
	size_t n = 0;

	while (!n && xml_into(&doc, name)) {
		while (rd_have(&doc) && rd_peek8(&doc, 0) <= ' ')
			rd_skip(&doc, 1);
		while (rd_have(&doc) && rd_peek8(&doc, 0) != '<') {
			char c = entity(&doc);
			if (n + 1 < size)
				buf[n++] = c;
		}
		while (n && (unsigned char)buf[n - 1] <= ' ')
			n--;
	}
	if (!rd_have(&doc))             /* without its end it may have been cut */
		n = 0;
	buf[n] = '\0';
	return n;
}

struct text
xml_inside(struct text doc, const char *name)
{
	struct rd r = rd_init((const uint8_t *)doc.p, doc.n, doc.n);

	return doc.n && xml_into(&r, name) ? (struct text){ doc.p + r.off, doc.n - r.off } :
	    (struct text){ 0 };
}

struct text
xml_value(struct text doc, const char *name)
{
	struct text t = xml_inside(doc, name);
	const char *lt = t.n ? memchr(t.p, '<', t.n) : NULL;

	return lt ? text_trim(t.p, (size_t)(lt - t.p)) : (struct text){ 0 };
}
