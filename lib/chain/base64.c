#include "chain/base64.h"

#include <nettle/base64.h>
#include <string.h>

size_t
base64_put(char *dst, const void *p, size_t n)
{
	base64_encode_raw(dst, n, p);
	return BASE64_ENCODE_RAW_LENGTH(n);
}

bool
base64_get(uint8_t *dst, size_t cap, size_t *len, const char *s, size_t n)
{
	uint8_t out[192];
	char again[BASE64_LEN(sizeof(out))];
	size_t done = 0;

	*len = 0;
	if (n % 4 != 0)
		return false;
	/* piece by piece, each compared with what the same bytes give again: that
	 * refuses blanks, bits behind the end and padding amid the text */
	for (size_t i = 0; i < n; ) {
		size_t part = n - i < sizeof(again) ? n - i : sizeof(again), got = sizeof(out);
		struct base64_decode_ctx c;

		base64_decode_init(&c);
		if (!base64_decode_update(&c, &got, out, part, s + i) || !base64_decode_final(&c) ||
		    BASE64_ENCODE_RAW_LENGTH(got) != part || (i + part < n && got % 3 != 0))
			return false;
		base64_encode_raw(again, got, out);
		if (memcmp(again, s + i, part) != 0 || got > cap - done)
			return false;
		memcpy(dst + done, out, got);
		done += got;
		i += part;
	}
	*len = done;
	return true;
}
