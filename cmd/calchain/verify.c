/* verify.c: calchain verify: whether a ledger is what was signed. */
#include "calchain.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/stamp.h"
#include "chain/base64.h"
#include "chain/verify.h"
#include "json/jw.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { O_CHECKPOINT = 1, O_TRUST, O_KEY, O_THREADS, O_JSON, O_DIGEST, O_QUIET };
enum { OUTSIDE_MAX = 64 };

static const struct opt opts[] = {
	{ "checkpoint", 'c', "FILE", "a head kept elsewhere; may be repeated", "file",
	    O_CHECKPOINT },
	{ "digest", 'd', "HEX",
	    "the record whose digest begins so is to be in it: 16 digits or more", NULL, O_DIGEST },
	{ "jobs", 'j', "N", "threads; as many as there are processors without", NULL, O_THREADS },
	{ "json", 0, NULL, "one record instead of lines for people", NULL, O_JSON },
	{ "quiet", 'q', NULL, "nothing but the exit status when all holds", NULL, O_QUIET },
	{ "trust", 't', "FILE", "verifier keys of logs and witnesses, one a line", "file",
	    O_TRUST },
	{ "vkey", 0, "VKEY", "one such key itself; may be repeated", NULL, O_KEY },
	{ NULL },
};

static const struct prog prog = {
	.name = "calchain verify",
	.synopsis =
	    "calchain verify [-q] [-c FILE] [-d HEX] [-j N] [--json] [-t FILE] [--vkey VKEY] DIR",
	.purpose = "Reads and hashes every record of a ledger again: is it what was signed?",
	.opts = opts,
	.words = "dir",
	.footer = "Exit status: 0 all holds; 1 something does not; 2 it could not be told.",
};

struct wanted { const char *hex; size_t n; uint64_t seq, matches; char type[64]; int64_t time; };

static void
look_up(void *arg, const struct entry *en, const char *line, size_t n)
{
	struct wanted *w = arg;
	char hex[64];

	(void)line, (void)n;
	hex_put(hex, en->digest.b, MERKLE_HASH);
	if (memcmp(hex, w->hex, w->n) != 0)
		return;
	w->matches++;
	w->seq = en->seq;
	w->time = en->time;
	snprintf(w->type, sizeof(w->type), "%.*s", (int)en->type.n, en->type.p);
}

static void
progress(void *arg, uint64_t done, uint64_t total)
{
	(void)arg;
	diag_progress("verified", done, total);
}

/* --- what is said */

static void
say(const struct verify_answer *a, const char *dir, const struct wanted *w)
{
	char r[32], s[32], h[32], root[BASE64_LEN(MERKLE_HASH) + 1], when[STAMP_TEXT] = "";

	for (unsigned i = 0; i < a->nfound; i++) {
		const struct verify_finding *f = &a->found[i];

		printf("%s: ", dir);
		if (f->seq > 0 && f->check < VERIFY_RECORDS)
			printf("record %" PRIu64 ": ", f->seq);
		printf("%s: %s\n", verify_check_names[f->check], f->text);
	}
	if (a->bad > 1)
		printf("%s: %s records do not hold\n", dir, diag_num(r, a->bad));
	if (a->nfound == 0) {
		root[base64_put(root, a->cp.root.b, MERKLE_HASH)] = '\0';
		printf("%s: %s records, %s signatures, %s heads: all hold. Head %s", dir,
		    diag_num(r, a->records), diag_num(s, a->signatures), diag_num(h, a->heads),
		    root);
		for (unsigned i = 0; i < a->nseen; i++) {
			stamp_put(when, (int64_t)a->seen[i].at * 1000000);
			printf(", the first %" PRIu64 " records seen by %s on %.10s",
			    a->seen[i].size, a->seen[i].by->name, when);
		}
		putchar('\n');
		if (a->outside == 0 && a->nseen == 0)
			printf(
			    "%s: nothing was compared with a head kept elsewhere: that nothing is "
			    "missing at the end, or all was made anew, this does not tell "
			    "(--checkpoint, --trust)\n",
			    dir);
	}
	for (size_t i = 0; i < a->ring.n; i++)
		if (a->ring.v[i].revoked) {
			stamp_put(when, a->ring.v[i].since);
			printf(
			    "%s: note: the key %s+%08x was revoked (%s): what it signed since "
			    "%.19s UTC is in doubt\n",
			    dir, a->ring.v[i].key.name, a->ring.v[i].key.id, a->ring.v[i].reason,
			    when);
		}
	if (a->torn > 0)
		printf("%s: note: %s appends were cut short; what they left is in torn/\n", dir,
		    diag_num(r, a->torn));
	if (w->hex != NULL && w->matches == 1) {
		stamp_put(when, w->time);
		printf("%s: record %" PRIu64 " (%s, %.19s UTC) has the digest %s%s\n", dir, w->seq,
		    w->type, when, w->hex, w->n < 64 ? "..." : "");
	} else if (w->hex != NULL)
		printf("%s: %s has a digest that begins with %s\n", dir,
		    w->matches == 0 ? "no record" : "more than one record", w->hex);
}

static bool
say_json(const struct verify_answer *a, const char *dir, const struct wanted *w, int status)
{
	static char buf[VERIFY_FINDINGS * 1024 + VERIFY_SEEN * 512 + 16384];
	struct jw j;

	jw_init(&j, buf, sizeof(buf));
	jw_begin(&j);
	jw_cstr(&j, "event_type", "ledger_check");
	jw_obj(&j, "ledger_check");
	jw_cstr(&j, "ledger", dir);
	jw_cstr(&j, "origin", a->cp.origin);
	jw_cstr(&j, "answer", status == 0 ? "holds" : status == 1 ? "does_not_hold" : "unknown");
	jw_uint(&j, "records", a->records);
	jw_uint(&j, "bad_records", a->bad);
	jw_uint(&j, "signatures", a->signatures);
	jw_uint(&j, "heads", a->heads);
	jw_uint(&j, "outside_heads", a->outside);
	jw_uint(&j, "size", a->cp.size);
	jw_b64(&j, "root", a->cp.root.b, MERKLE_HASH);
	jw_uint(&j, "torn", a->torn);
	if (w->hex != NULL && w->matches == 1)
		jw_uint(&j, "record", w->seq);
	if (a->nfound > 0) {
		jw_arr(&j, "findings");
		for (unsigned i = 0; i < a->nfound; i++) {
			jw_a_obj(&j);
			jw_cstr(&j, "check", verify_check_names[a->found[i].check]);
			if (a->found[i].seq > 0)
				jw_uint(&j, "seq", a->found[i].seq);
			jw_cstr(&j, "text", a->found[i].text);
			jw_end(&j);
		}
		jw_end(&j);
	}
	if (a->nseen > 0) {
		jw_arr(&j, "witnesses");
		for (unsigned i = 0; i < a->nseen; i++) {
			jw_a_obj(&j);
			jw_cstr(&j, "name", a->seen[i].by->name);
			jw_uint(&j, "size", a->seen[i].size);
			jw_time(&j, "at", (int64_t)a->seen[i].at * 1000000);
			jw_end(&j);
		}
		jw_end(&j);
	}
	jw_end(&j);
	return jw_line(&j) && fwrite(buf, 1, j.n, stdout) == j.n;
}

static bool
digest_asked(struct wanted *w, char *dst, size_t cap, const char *text, struct err *e)
{
	size_t n = 0;

	/* as people type it: in groups, in capitals */
	for (; *text; text++) {
		char c = *text >= 'A' && *text <= 'F' ? (char)(*text - 'A' + 'a') : *text;

		if (c == ' ' || c == '-' || c == ':')
			continue;
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) || n == cap - 1)
			return err_set(e, "--digest: 16 to 64 hexadecimal digits are expected");
		dst[n++] = c;
	}
	dst[n] = '\0';
	if (n < 16 || n > 64)
		return err_set(
		    e, "--digest: 16 to 64 hexadecimal digits are expected, these are %zu", n);
	w->hex = dst;
	w->n = n;
	return true;
}

int
verify_main(int argc, char **argv)
{
	static struct vkey trust[TRUST_MAX];
	static struct verify_outside outside[OUTSIDE_MAX];
	static struct verify_answer a;
	struct verify_ask ask = { .outside = outside, .trust = trust, .progress = progress };
	struct wanted w = { NULL };
	char hex[65], *end;
	const char *dir = NULL;
	bool json = false, quiet = false;
	struct opt_state os;
	struct err e = { "" };
	size_t n;
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); !e.text[0] && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_CHECKPOINT:
			if (ask.noutside == OUTSIDE_MAX)
				err_set(&e, "more than %d heads", OUTSIDE_MAX);
			else if ((outside[ask.noutside].p =
					 file_slurp(os.value, 64 << 10, &n, &e)) != NULL) {
				outside[ask.noutside].n = n;
				outside[ask.noutside++].name = os.value;
			}
			break;
		case O_TRUST: (void)trust_file(trust, &ask.ntrust, os.value, &e); break;
		case O_KEY: (void)trust_key(trust, &ask.ntrust, os.value, &e); break;
		case O_THREADS:
			n = strtoul(os.value, &end, 10);
			if (*end || n < 1 || n > 64)
				err_set(&e, "--jobs: 1 to 64 is expected, not \"%.20s\"", os.value);
			ask.threads = (unsigned)n;
			break;
		case O_JSON: json = true; break;
		case O_QUIET: quiet = true; break;
		case O_DIGEST: (void)digest_asked(&w, hex, sizeof(hex), os.value, &e); break;
		}
	if (!e.text[0] && id == -2)
		return 0;
	if (!e.text[0] && id == 0)
		dir = ledger_operand(argc, argv, os.i, &e);
	if (w.hex != NULL) {
		ask.record = look_up;
		ask.arg = &w;
	}
	if (dir != NULL && confine_prepare(&e) && confine(CONFINE_READ | CONFINE_THREADS, &e) &&
	    verify_ledger(&a, dir, &ask, &e)) {
		diag_progress_end();
		status = a.unfinished ? 2 : a.nfound > 0 || (w.hex != NULL && w.matches != 1);
		if (json ? !say_json(&a, dir, &w, status) :
			   !(quiet && status == 0) && (say(&a, dir, &w), ferror(stdout)))
			status = 2;
		if (fflush(stdout) != 0)
			status = 2;
	}
	if (e.text[0])
		diag("%s", e.text);
	verify_free(&a);
	for (size_t i = 0; i < ask.noutside; i++)
		free((char *)outside[i].p);
	return status;
}
