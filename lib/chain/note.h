/* note.h: signed notes (C2SP signed-note): a text, an empty line, and a line for each signature.
 *
 *     — <key name> <base64(4-byte key ID, big-endian | signature)> */
#ifndef OT_NOTE_H
#define OT_NOTE_H

#include "base/err.h"
#include "chain/vkey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NOTE_MAX = 64 << 10,    /* bytes of a note; checkpoints are some hundred */
	NOTE_SIGNATURES = 64,   /* of one note; C2SP asks for 16 at least */
	NOTE_SIG_MAX = 256      /* bytes of one, that of another kind too */
};

struct note_sig {
	const char *name;       /* in the note's bytes */
	size_t name_n;
	uint32_t id;
	uint8_t sig[NOTE_SIG_MAX];
	size_t n;               /* bytes of it, without the ID */
	const char *line;       /* the whole line, with its LF */
	size_t line_n;
};

struct note {
	const char *text;       /* what is signed, its last LF included */
	size_t n;
	unsigned nsigs;
	struct note_sig sig[NOTE_SIGNATURES];
};

/* Takes the bytes apart; spans lie in them. False with what is wrong: nothing is checked yet. */
bool note_parse(struct note *t, const char *p, size_t n, struct err *e);

enum note_verdict {
	NOTE_HOLDS,
	NOTE_UNKNOWN,           /* no signature of this key (name and ID) */
	NOTE_FALSE              /* one of this key that is not right: the note is worth nothing */
};
/* What this key's signatures say. A cosignature's time goes to *at (seconds; 0 for others;
 * may be NULL), the latest that holds. */
enum note_verdict note_check(const struct note *t, const struct vkey *k, uint64_t *at);

/* "— name base64" and LF of a signature of n bytes into dst (NOTE_LINE_MAX); its length. */
enum { NOTE_LINE_MAX = 4 + VKEY_NAME + 1 + (4 + NOTE_SIG_MAX + 2) / 3 * 4 + 2 };
size_t note_line(char *dst, const struct vkey *k, const uint8_t *sig, size_t n);

/* What a cosigner signs of a checkpoint's text (C2SP tlog-cosignature): into dst of
 * cap bytes; its length, 0 when it does not fit. */
size_t note_cosigned(char *dst, size_t cap, uint64_t at, const char *text, size_t n);

#endif
