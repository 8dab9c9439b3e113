/* attest.c: nis2report attest: an attestation for the site file, signed where a key is given. */
#include "nis2report.h"
#include "attest.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/passphrase.h"
#include "base/stamp.h"
#include "chain/base64.h"
#include "chain/signer.h"
#include "assess/attested.h"

#include <string.h>

enum { O_STATUS = REQUEST_OWN, O_BY, O_DATE, O_EXPIRES, O_DOCUMENT, O_STATEMENT, O_KEY, O_PASS,
	O_NAME, O_CHECK, O_DOCUMENTS };

static const struct opt opts[] = {
	{ "by", 'b', "ID", "who attests: a person of the site file", NULL, O_BY },
	{ "check", 'c', "FILE", "check all attestations of this site file instead", "file",
	    O_CHECK },
	{ "date", 0, "DATE", "the day of it (today)", NULL, O_DATE },
	{ "document", 'd', "FILE", "the document that shows it: its name and digest go in", "file",
	    O_DOCUMENT },
	{ "documents", 0, "DIR", "with --check: where the documents are", "dir", O_DOCUMENTS },
	{ "expires", 'e', "DATE", "until when it counts", NULL, O_EXPIRES },
	{ "key", 'k', "KEY", "sign with this private key: a PEM file or a URI", "key", O_KEY },
	{ "key-name", 'n', "NAME", "the key's name, where no --site says it", NULL, O_NAME },
	{ "passphrase-file", 'p', "FILE", "its first line is the key's passphrase", "key",
	    O_PASS },
	{ "statement", 't', "[LANG=]TEXT", "in words; sv= and en= for one language", NULL,
	    O_STATEMENT },
	{ "status", 0, "STATUS", "what is attested", "met|gap|partly|unknown|not_applicable",
	    O_STATUS },
	REQUEST_OPTS("text|markdown|html|ndjson"), { NULL },
};

static const char *const types[] = { "attestation_check", NULL };

static const struct prog prog = {
	.name = "nis2report attest",
	.synopsis =
	    "nis2report attest -b ID --status STATUS [-d FILE] [-e DATE]\n"
	    "[-k KEY [-n NAME] [-p FILE]] [-o FILE [--force]] [-s FILE] [-t [LANG=]TEXT]\n"
	    "[--date DATE] [--now TIME] [--rules DIR] ITEM\n"
	    "nis2report attest -c FILE [-f FORMAT] [-l LANG] [-o FILE [--force]] [-w COLUMNS]\n"
	    "[--documents DIR] [--now TIME] [--rules DIR]\n"
	    "nis2report attest --list-fields | --schema",
	.purpose = "Writes an attestation for the site file, or checks those that it has.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 done, 1 with --check: one is not what was signed, 2 it could not "
	    "be done.",
};

struct wish {
	const char *item, *status, *by, *date, *expires, *document, *sv, *en;
	const char *key, *key_name, *pass;
};

static int
ask_pass(void *arg, const char *what, char *dst, size_t cap)
{
	struct err e = { "" };
	int n = passphrase(dst, cap, arg, what, false, &e);

	if (n < 0)
		diag("%s", e.text);
	return n;
}

/* "--expires: ..." of "x:1: attestations[0].expires: ...": the option, not the place. */
static bool
by_option(struct err *e, const struct err *why)
{
	const char *p = strstr(why->text, "attestations[0]."), *end;

	if (!p)
		return err_set(e, "%s", why->text);
	p += strlen("attestations[0].");
	end = p + strcspn(p, ":.");
	return err_set(e, "%s%.*s%s", strncmp(p, "item", 4) == 0 ? "" : "--", (int)(end - p), p,
	    end);
}

static json_t *
object_of(const struct wish *w, const char *digest)
{
	const char *name = w->document ? strrchr(w->document, '/') : NULL;
	json_t *o = json_pack("{ss ss ss ss ss* ss* ss*}", "item", w->item, "status", w->status,
	    "by", w->by, "date", w->date, "expires", w->expires, "document",
	    name ? name + 1 : w->document, "digest", w->document ? digest : NULL);

	if (o && w->sv && w->sv == w->en)
		json_object_set_new(o, "statement", json_string(w->sv));
	else if (o && (w->sv || w->en))
		json_object_set_new(o, "statement", json_pack("{ss* ss*}", "sv", w->sv, "en",
		    w->en));
	return o;
}

/* The attestation as the site file's reader sees it; for site_free. */
static struct site *
reread(json_t *o, struct err *e)
{
	json_t *doc = json_pack("{si s[O]}", "otsite", 1, "attestations", o);
	char *text = doc ? json_dumps(doc, JSON_COMPACT) : NULL;
	struct err why = { "" };
	struct site *s = text ? site_loadb("attest", text, strlen(text), &why) : NULL;

	if (!s && text)
		by_option(e, &why);
	else if (!s)
		err_set(e, "no UTF-8, or out of memory");
	free(text);
	json_decref(doc);
	return s;
}

/* The key's name: what the site file has, else --key-name, else who attests. */
static bool
name_key(struct vkey *k, const struct request *q, const struct wish *w, const uint8_t *public,
    struct err *e)
{
	const struct site_person *who = site_person(q->site, w->by);
	char mine[VKEY_TEXT + 1];

	if (!who || !who->key)
		return vkey_make(k, w->key_name ? w->key_name : w->by, VKEY_ED25519, public, e);
	if (!vkey_parse(k, who->key, strlen(who->key), e))
		return false;
	if (memcmp(k->public, public, VKEY_PUBLIC) == 0 && k->type == VKEY_ED25519)
		return true;
	if (vkey_make(k, k->name, VKEY_ED25519, public, e))
		vkey_put(mine, k);
	return err_set(e, "%s: not the key that %s has in %s, %.80s", w->key, w->by, q->site_file,
	    who->key);
}

static bool
sign(struct request *q, const struct wish *w, struct signer *signer, json_t *o, struct err *e)
{
	uint8_t public[VKEY_PUBLIC], sig[VKEY_SIGNATURE];
	char base[BASE64_LEN(VKEY_SIGNATURE) + 1], name[VKEY_NAME + 16];
	struct site *s = reread(o, e);
	char *text = NULL;
	struct vkey k;
	size_t n;
	bool good;

	good = s && signer_public(signer, public, e) && name_key(&k, q, w, public, e) &&
	    (text = attested_text(&s->attestations[0], &n, e)) &&
	    signer_sign(signer, text, n, sig, e);
	if (good) {
		base[base64_put(base, sig, sizeof(sig))] = 0;
		snprintf(name, sizeof(name), "%s+%08x", k.name, k.id);
		json_object_set_new(o, "key", json_string(name));
		json_object_set_new(o, "signature", json_string(base));
	}
	free(text);
	site_free(s);
	return good;
}

static bool
known(const struct request *q, const struct wish *w, struct err *e)
{
	if (!rules_item(q->rules, w->item))
		return err_set(e, "%s: no item of the checklist %s: expected one such as "
		    "gov.board_informed (otrules(5))", w->item, q->rules->id);
	if (q->site && !site_person(q->site, w->by))
		return err_set(e, "--by %s: no person of %s has this id", w->by, q->site_file);
	return true;
}

static int
attest(struct request *q, struct wish *w)
{
	struct signer *signer = NULL;
	char digest[ATTESTED_DIGEST] = "", today[STAMP_TEXT];
	struct err e = { "" };
	struct site *s = NULL;
	json_t *o = NULL;
	char *text = NULL;

	/* the terminal is asked before the program confines itself */
	if (w->key && !(signer = signer_open(w->key, ask_pass, (void *)w->pass, &e)))
		return request_fail(q, &e);
	if (!w->date) {
		stamp_put(today, q->now != INT64_MIN ? q->now : stamp_now());
		today[10] = 0;
		w->date = today;
	}
	if (!request_open(q, &e) || !known(q, w, &e) ||
	    (w->document && !attested_digest_of(digest, w->document, &e)))
		goto out;
	if (!(o = object_of(w, digest)))
		err_set(&e, "an option is not UTF-8, or out of memory");
	else if ((s = reread(o, &e)) && (!signer || sign(q, w, signer, o, &e)) &&
	    (text = json_dumps(o, JSON_PRESERVE_ORDER)))
		fprintf(q->f, "%s\n", text);
	else
		err_set(&e, "out of memory");
out:
	free(text);
	json_decref(o);
	site_free(s);
	signer_free(signer);
	return e.text[0] ? request_fail(q, &e) : request_deliver(q, 0);
}

static void
take_statement(struct wish *w, const char *v)
{
	if (strncmp(v, "sv=", 3) == 0)
		w->sv = v + 3;
	else if (strncmp(v, "en=", 3) == 0)
		w->en = v + 3;
	else
		w->sv = w->en = v;
}

int
attest_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	const char *check = NULL, *documents = NULL;
	struct wish w = { NULL };
	struct opt_state os;
	struct err e = { "" };
	int id;

	diag_name(prog.name);
	q.opts = opts;
	q.types = types;
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; ) {
		if (request_take(&q, id, &os, &e))
			continue;
		if (e.text[0])
			break;
		switch (id) {
		case O_STATUS: w.status = os.value; break;
		case O_BY: w.by = os.value; break;
		case O_DATE: w.date = os.value; break;
		case O_EXPIRES: w.expires = os.value; break;
		case O_DOCUMENT: w.document = os.value; break;
		case O_STATEMENT: take_statement(&w, os.value); break;
		case O_KEY: w.key = os.value; break;
		case O_NAME: w.key_name = os.value; break;
		case O_PASS: w.pass = os.value; break;
		case O_CHECK: check = os.value; break;
		case O_DOCUMENTS: documents = os.value; break;
		}
	}
	if (id == -2)
		return 0;
	if (id == 0 && check && (os.i < argc || w.status || w.by || w.key || w.document ||
	    q.site_file))
		err_set(&e, "--check looks at what is there: it goes with --documents and the "
		    "options of a report only");
	else if (id == 0 && !check && documents)
		err_set(&e, "--documents goes with --check");
	else if (id == 0 && !check && argc - os.i != 1)
		err_set(&e, argc == os.i ? "what is attested? an item of the checklist is "
		    "expected, or --check FILE" : "one item at a time");
	else if (id == 0 && !check && (!w.status || !w.by))
		err_set(&e, "%s", !w.status ? "--status: met, gap, partly, unknown or "
		    "not_applicable" :
		    "--by: who attests?");
	else if (id == 0 && !check && !w.key && (w.pass || w.key_name))
		err_set(&e, "--passphrase-file and --key-name go with --key");
	if (e.text[0])
		return request_fail(&q, &e);
	if (check) {
		q.site_file = check;
		return attest_check(&q, documents);
	}
	w.item = argv[os.i];
	return attest(&q, &w);
}
