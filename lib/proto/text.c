/* text.c: texts borrowed from the wire. Apart from events, so that who reads other
 * people's records can use them without the dissectors. */
#include "proto/ev.h"

#include "base/ascii.h"

struct text
text_trim(const void *p, size_t n)
{
	const char *s = p;

	if (!p)
		return (struct text){ 0 };
	if (n > LIM_TEXT)
		n = LIM_TEXT;
	while (n && (s[n - 1] == '\0' || s[n - 1] == ' ' || (s[n - 1] >= '\t' && s[n - 1] <= '\r')))
		n--;
	while (n && (*s == ' ' || (*s >= '\t' && *s <= '\r'))) {
		s++;
		n--;
	}
	return (struct text){ s, (uint32_t)n };
}

bool
text_begins(struct text t, const char *lit)
{
	for (uint32_t i = 0; lit[i]; i++)
		if (i >= t.n || ascii_lower(t.p[i]) != ascii_lower(lit[i]))
			return false;
	return true;
}

bool
text_has(struct text t, const char *lit)
{
	for (; t.n; t.p++, t.n--)
		if (text_begins(t, lit))
			return true;
	return false;
}

bool
text_is(struct text t, const char *lit)
{
	return t.n == strlen(lit) && text_begins(t, lit);
}

struct text
text_rd(struct rd *r, uint32_t n)
{
	const uint8_t *p = rd_bytes(r, n);

	return p ? text_trim(p, n) : (struct text){ 0 };
}
