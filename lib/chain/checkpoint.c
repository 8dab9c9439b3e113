#include "chain/checkpoint.h"

#include "chain/base64.h"

#include <inttypes.h>
#include <string.h>

size_t
checkpoint_put(char dst[CHECKPOINT_TEXT], const struct checkpoint *c)
{
	size_t n = (size_t)snprintf(dst, CHECKPOINT_TEXT, "%s\n%" PRIu64 "\n", c->origin, c->size);

	n += base64_put(dst + n, c->root.b, MERKLE_HASH);
	dst[n++] = '\n';
	return n;
}

bool
checkpoint_number(uint64_t *v, const char **p, const char *stop, char end)
{
	const char *s = *p, *begin = s;

	for (*v = 0; s < stop && *s >= '0' && *s <= '9'; s++)
		if (__builtin_mul_overflow(*v, (uint64_t)10, v) ||
		    __builtin_add_overflow(*v, (uint64_t)(*s - '0'), v))
			return false;
	if (s == begin || s == stop || *s != end || (*begin == '0' && s - begin > 1))
		return false;
	*p = s + 1;
	return true;
}

bool
checkpoint_parse(struct checkpoint *c, const char *text, size_t n, struct err *e)
{
	const char *stop = text + n, *lf = memchr(text, '\n', n), *p;
	size_t len;

	memset(c, 0, sizeof(*c));
	if (lf == NULL || !vkey_name_ok(text, (size_t)(lf - text)))
		return err_set(e, "no checkpoint: its first line is no origin");
	memcpy(c->origin, text, (size_t)(lf - text));
	p = lf + 1;
	/* the ceiling keeps sums of sizes and counts within 64 bits */
	if (!checkpoint_number(&c->size, &p, stop, '\n') || c->size > INT64_MAX)
		return err_set(e, "no checkpoint: its second line is no size");
	lf = memchr(p, '\n', (size_t)(stop - p));
	if (lf == NULL || !base64_get(c->root.b, MERKLE_HASH, &len, p, (size_t)(lf - p)) ||
	    len != MERKLE_HASH)
		return err_set(e, "no checkpoint: its third line is no root of 32 bytes in base64");
	for (p = lf + 1; p < stop; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(stop - p));
		if (lf == NULL || lf == p)
			return err_set(e, "no checkpoint: an empty line behind its root");
	}
	return true;
}

bool
checkpoint_read(struct checkpoint *c, struct note *t, const char *p, size_t n, struct err *e)
{
	return note_parse(t, p, n, e) && checkpoint_parse(c, t->text, t->n, e);
}
