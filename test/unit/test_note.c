/* Signed notes and verifier keys: C2SP's vector, and what is none. */
#include "chain/checkpoint.h"
#include "chain/note.h"
#include "chain/proof.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

#define VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define TEXT "This is an example message.\n"
#define LINE "\xe2\x80\x94 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm" \
    "RKuwHjG1Yu72IneyaQM=\n"
#define OTHER "\xe2\x80\x94 example.com/foo AAAAAkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm" \
    "RKuwHjG1Yu72IneyaQM=\n"

static struct note t;

static bool
parses(const char *p)
{
	struct err e = { "" };
	bool good = note_parse(&t, p, strlen(p), &e);

	return good == (e.text[0] == '\0') && good;
}

static void
notes(const struct vkey *k)
{
	static const char *const none[] = {
		"", "\n", TEXT, TEXT LINE, TEXT "\n", TEXT "\n" "no signature\n", TEXT "\n" "\xe2\x80\x94 name\n",
		TEXT "\n" "- example.com/foo Uw2QOkn8\n", TEXT "\n" "\xe2\x80\x94  Uw2QOkn8\n",
		TEXT "\n" "\xe2\x80\x94 a+b Uw2QOkn8\n", TEXT "\n" "\xe2\x80\x94 a Uw2QOg==\n",
		TEXT "\n" "\xe2\x80\x94 a Uw2QOkn\n", TEXT "\n" "\xe2\x80\x94 a Uw2QOkn8 \n",
		"a\tb\n\n" LINE, "a\r\n\n" LINE, "\xff\n\n" LINE, TEXT "\n\n" LINE "x", "\n\n" LINE "\n",
	};
	struct note copy;
	uint64_t at = 1;

	ok(parses(TEXT "\n" LINE) && t.n == strlen(TEXT) && t.nsigs == 1, "a note");
	ok(note_check(&t, k, &at) == NOTE_HOLDS && at == 0, "its signature holds");
	ok(parses(TEXT "\n" OTHER LINE) && note_check(&t, k, NULL) == NOTE_HOLDS, "another key's line beside it");
	ok(parses(TEXT "\n" OTHER) && note_check(&t, k, NULL) == NOTE_UNKNOWN, "another key's line alone");
	ok(parses("This is an example message!\n\n" LINE) && note_check(&t, k, NULL) == NOTE_FALSE, "another text");
	ok(parses("This is an example message.\n\n\n" LINE) && note_check(&t, k, NULL) == NOTE_FALSE,
	    "a text with an empty line");
	ok(parses(TEXT "\n" LINE), "once more");
	copy = t;
	copy.sig[0].sig[63] ^= 1;
	ok(note_check(&copy, k, NULL) == NOTE_FALSE, "a signature that is changed");
	copy = t;
	copy.sig[0].n = 63;
	ok(note_check(&copy, k, NULL) == NOTE_FALSE, "one that is too short");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		ok(!parses(none[i]), "no note, %zu", i);
}

/* More signatures than C2SP asks for, and more than are taken. */
static void
many(const struct vkey *k)
{
	size_t n = strlen(TEXT "\n"), line = strlen(OTHER);
	char *p = malloc(n + 66 * line + strlen(LINE) + 1);
	struct err e = { "" };

	if (p == NULL)
		return;
	memcpy(p, TEXT "\n", n);
	for (unsigned i = 0; i < 65; i++)
		memcpy(p + n + i * line, OTHER, line);
	memcpy(p + n + 63 * line, LINE, strlen(LINE));
	ok(note_parse(&t, p, n + 63 * line + strlen(LINE), &e) && t.nsigs == NOTE_SIGNATURES &&
	    note_check(&t, k, NULL) == NOTE_HOLDS, "64 signatures");
	memcpy(p + n + 63 * line, OTHER, line);
	ok(!note_parse(&t, p, n + 65 * line, &e), "65");
	free(p);
}

static void
keys(void)
{
	static const char *const none[] = {
		"", "x", "example.com/foo", "example.com/foo+530d903a", "example.com/foo+530d903a+",
		"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/fox+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAAAA",
		"exam ple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	};
	char text[VKEY_TEXT + 1];
	struct err e = { "" };
	struct vkey k;

	ok(vkey_parse(&k, VKEY, strlen(VKEY), &e) && k.id == 0x530d903a && strcmp(k.name, "example.com/foo") == 0 &&
	    k.type == VKEY_ED25519, "the key of C2SP's example");
	ok(vkey_put(text, &k) == strlen(VKEY) && strcmp(text, VKEY) == 0, "as text again");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		struct vkey other;

		err_clear(&e);
		ok(!vkey_parse(&other, none[i], strlen(none[i]), &e) && e.text[0], "no key: %s", none[i]);
	}
	notes(&k);
	many(&k);
}

static void
heads(void)
{
	static const char *const none[] = {
		"", "x\n", "x\n1\n", "x\n01\n" "4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBg=\n",
		"x\n-1\n" "4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBg=\n",
		"x\n18446744073709551616\n" "4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBg=\n",
		"x\n1 \n" "4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBg=\n", "x\n1\n" "4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyA==\n",
		"x\n1\n" "4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBh=\n", "x\n1\n" "4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBg=",
		"\n1\n" "4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBg=\n", "x\n1\n" "4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBg=\n\ny\n",
	};
	static const char good[] = "example.com/log\n120\n4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBg=\nmore\n";
	char text[CHECKPOINT_TEXT];
	struct checkpoint c;
	struct err e = { "" };

	ok(checkpoint_parse(&c, good, strlen(good), &e) && c.size == 120 && strcmp(c.origin, "example.com/log") == 0,
	    "a checkpoint with a line more");
	ok(checkpoint_put(text, &c) == strlen(good) - 5 && memcmp(text, good, strlen(good) - 5) == 0, "as text again");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		ok(!checkpoint_parse(&c, none[i], strlen(none[i]), &e), "no checkpoint, %zu", i);
}

/* Proofs cut off anywhere, and with any one byte changed: taken apart or not, but no byte behind
 * them is read. */
static void
proofs(void)
{
	static const char *const whole[] = {
		PROOF_FIRST "extra AAAA\nindex 1\n4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBg=\n\nx\n2\n"
		    "4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBg=\n\n" LINE,
		"old 1\n4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBg=\n\nx\n2\n4eyqOkGNQuvLxsF8sxqFCxrHmBsaZ1WnE1xqrBDDyBg=\n\n"
		    LINE,
	};
	struct proof *p = malloc(sizeof(*p));

	for (size_t k = 0; p != NULL && k < 2; k++) {
		size_t n = strlen(whole[k]);
		unsigned cut = 0;
		struct err e = { "" };

		ok(proof_read(p, whole[k], n, &e) && p->path.n == 1 && p->cp.size == 2 &&
		    p->grown == (k == 1),
		    "a proof, %zu", k);
		for (size_t i = 0; i < n; i++) {
			/* exactly so many bytes: the sanitizers watch the one behind */
			char *q = malloc(i + 1);

			memcpy(q, whole[k], i);
			cut += proof_read(p, q, i, &e);
			free(q);
			q = malloc(n);
			memcpy(q, whole[k], n);
			for (int c = 0; c < 256; c += 5) {
				q[i] = (char)c;
				(void)proof_read(p, q, n, &e);
			}
			free(q);
		}
		ok(cut == 0, "cut off it is none, %zu", k);
	}
	free(p);
}

int
main(void)
{
	keys();
	heads();
	proofs();
	return tap_done();
}
