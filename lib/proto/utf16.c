/* utf16.c: texts as Windows writes them. */
#include "proto/utf16.h"

uint32_t
utf16_put(char *d, uint32_t room, const uint8_t *p, uint32_t n)
{
	uint32_t k = 0;

	for (uint32_t i = 0; p && i + 1 < n; i += 2) {
		uint32_t c = p[i] | (uint32_t)p[i + 1] << 8;

		if (!c)
			break;
		if (c >= 0xd800 && c < 0xdc00 && i + 3 < n && (p[i + 3] & 0xfc) == 0xdc) {
			c = 0x10000 + ((c & 0x3ff) << 10) + ((p[i + 3] & 3u) << 8 | p[i + 2]);
			i += 2;
		} else if ((c & 0xf800) == 0xd800) {
			c = 0xfffd;
		}
		if (k + 4 > room && k + (c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4) > room)
			break;
		if (c < 0x80) {
			d[k++] = (char)c;
			continue;
		}
		if (c < 0x800) {
			d[k++] = (char)(0xc0 | c >> 6);
		} else if (c < 0x10000) {
			d[k++] = (char)(0xe0 | c >> 12);
			d[k++] = (char)(0x80 | (c >> 6 & 0x3f));
		} else {
			d[k++] = (char)(0xf0 | c >> 18);
			d[k++] = (char)(0x80 | (c >> 12 & 0x3f));
			d[k++] = (char)(0x80 | (c >> 6 & 0x3f));
		}
		d[k++] = (char)(0x80 | (c & 0x3f));
	}
	return k;
}

struct text
utf16_text(struct ev *e, const uint8_t *p, uint32_t n)
{
	uint32_t room = n / 2 * 3 < LIM_TEXT ? n / 2 * 3 : LIM_TEXT;
	char *d;

	if (!p || n < 2 || !(d = ev_room(e, room)))
		return (struct text){ 0 };
	return text_trim(d, utf16_put(d, room, p, n));
}
