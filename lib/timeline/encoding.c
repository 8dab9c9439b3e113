#include "timeline/encoding.h"

#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* Windows-1252 from 0x80 to 0x9f; 0: there is no character. The WHATWG's index, which is
 * what programs do, has control characters there. */
static const uint16_t high[32] = {
	0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
	0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc,
	0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

/* The first byte from 0x80 on, or n. */
static size_t
ascii_end(const char *p, size_t n)
{
	uint64_t v;
	size_t i = 0;

	for (; n - i >= 8; i += 8) {
		memcpy(&v, p + i, 8);
		if (v & UINT64_C(0x8080808080808080))
			break;
	}
	while (i < n && !(p[i] & 0x80))
		i++;
	return i;
}

bool
encoding_ascii(const char *p, size_t n)
{
	return ascii_end(p, n) == n;
}

bool
encoding_utf8(const char *p, size_t n)
{
	size_t i = ascii_end(p, n), k;

	while (i < n) {
		if (!(k = utf8_len((const uint8_t *)p + i, n - i)))
			return false;
		i += k;
		i += ascii_end(p + i, n - i);
	}
	return true;
}

/* Of the Basic Multilingual Plane. */
static char *
put(char *d, unsigned c)
{
	if (c < 0x80) {
		*d++ = (char)c;
	} else if (c < 0x800) {
		*d++ = (char)(0xc0 | c >> 6);
		*d++ = (char)(0x80 | (c & 0x3f));
	} else {
		*d++ = (char)(0xe0 | c >> 12);
		*d++ = (char)(0x80 | (c >> 6 & 0x3f));
		*d++ = (char)(0x80 | (c & 0x3f));
	}
	return d;
}

size_t
encoding_from(enum map_encoding how, const char *p, size_t n, char *dst)
{
	const uint8_t *s = (const uint8_t *)p;
	char *d = dst;
	size_t k;

	for (size_t i = 0; i < n; i += k) {
		k = 1;
		if (s[i] < 0x80) {
			*d++ = (char)s[i];
		} else if (how == MAP_UTF8) {
			if ((k = utf8_len(s + i, n - i))) {
				memcpy(d, s + i, k);
				d += k;
			} else {
				d = put(d, 0xfffd);
				k = 1;
			}
		} else if (how == MAP_1252 && s[i] < 0xa0) {
			d = put(d, high[s[i] - 0x80] ? high[s[i] - 0x80] : 0xfffd);
		} else {
			d = put(d, s[i]);
		}
	}
	return (size_t)(d - dst);
}
