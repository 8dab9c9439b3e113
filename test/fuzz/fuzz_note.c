/* fuzz_note.c: any bytes as a signed note, a checkpoint and a verifier key: what is taken says the
 * same again. */
#include "fuzz.h"

#include "chain/checkpoint.h"
#include "chain/note.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct note note;
	const char *p = (const char *)data;
	struct checkpoint cp, again;
	char text[CHECKPOINT_TEXT], key[VKEY_TEXT + 1];
	struct err e = { "" };
	struct vkey k;
	size_t len;

	if (vkey_parse(&k, p, n, &e) && (vkey_put(key, &k) != n || memcmp(key, p, n) != 0))
		abort();
	err_clear(&e);
	if (!note_parse(&note, p, n, &e)) {
		if (!e.text[0])
			abort();
		return 0;
	}
	for (unsigned i = 0; i < note.nsigs; i++)
		if (note.sig[i].line + note.sig[i].line_n > p + n || note.sig[i].n > NOTE_SIG_MAX)
			abort();
	if (!checkpoint_read(&cp, &note, p, n, &e))
		return 0;
	len = checkpoint_put(text, &cp);
	/* what stands before extension lines is written in one way only */
	if (len > note.n || memcmp(text, p, len) != 0 || !checkpoint_parse(&again, text, len, &e) ||
	    again.size != cp.size)
		abort();
	return 0;
}
