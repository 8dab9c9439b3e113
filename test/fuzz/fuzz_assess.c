/* fuzz_assess.c: any lines as what nis2report is given beside rules. The first byte says what:
 *
 *     0  a site file (the first line; another: one of our own) and records, all assessed
 *     1  two assessments, a NUL line between them, compared
 *     2  records from which a site file is proposed: what is proposed is a site file
 *     3  attestations: what is signed holds, and nothing else under the same signature does
 *
 * link: test/fuzz/signer.c */
#include "fuzz.h"
#include "assessed.h"

#include "assess/attested.h"
#include "assess/finding_change.h"
#include "assess/site_notes.h"
#include "assess/site_start.h"
#include "base/file.h"
#include "chain/base64.h"
#include "chain/signer.h"
#include "report/finding_change_page.h"

static const char site_text[] = "{\"otsite\":1,\"site\":{\"key\":\"lab\",\"timezone\":\"Europe/Stockholm\"},"
    "\"organisation\":{\"name\":\"Lab\",\"country\":\"SE\",\"sector\":[\"a1.health.provider\"],\"headcount\":120},"
    "\"people\":[{\"id\":\"eva\",\"name\":\"Eva\",\"role\":[\"management\"]}],"
    "\"zones\":[{\"id\":\"bms\",\"name\":\"BMS\",\"cidr\":[\"10.20.0.0/24\",\"10.0.0.0/24\"]}],"
    "\"suppliers\":[{\"id\":\"acme\",\"name\":\"Acme AB\",\"addresses\":[\"192.0.2.0/24\"]}],"
    "\"instruments\":[{\"id\":\"V-1\",\"name\":\"v\",\"ip\":\"10.0.0.2\",\"klassa\":\"K2/R3/T2\"}]}";

static struct rules *rules;
static struct site *ours;
static struct jw w;
static FILE *nowhere;
static struct signer *key;
static char people[512];                /* a member of a site file: eva, with that key */

static void
begin(void)
{
	uint8_t public[VKEY_PUBLIC];
	char text[VKEY_TEXT + 1];
	struct err e = { "" };
	struct vkey k;

	jw_init(&w, malloc(3 * LIM_RECORD), 3 * LIM_RECORD);
	key = fuzz_signer(1);
	if (!w.buf || !(nowhere = fopen("/dev/null", "w")) || !(rules = rules_load(NULL, &e)) ||
	    !(ours = site_loadb("site", site_text, sizeof(site_text) - 1, &e)) ||
	    !signer_public(key, public, &e) || !vkey_make(&k, "eva", VKEY_ED25519, public, &e)) {
		fprintf(stderr, "%s\n", e.text);
		exit(2);
	}
	text[vkey_put(text, &k)] = '\0';
	snprintf(people, sizeof(people),
	    "\"people\":[{\"id\":\"eva\",\"name\":\"Eva\",\"key\":\"%s\"}],", text);
}

/* ---- a site file and records ---- */

static void
note(void *arg, unsigned line, const char *where, const char *text)
{
	if (!line || !where || !*text)
		abort();
}

static void
assess(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *end = p + n;
	struct assessed a = { .rules = rules, .lang = n % 2 ? "sv" : "en",
		.form = (unsigned)(n / 2), .w = &w, .nowhere = nowhere };
	struct err e = { "" };
	struct site *s = NULL;
	size_t len = 0;
	char *own = fuzz_line(&p, end, &len);

	if (own && len && !(s = site_loadb("site", own, len, &e)) && !e.text[0])
		abort();
	if (s && !site_notes(&(struct site_notes){ rules, a.lang, ASSESSED_NOW, s, own, len, note,
	    NULL }))
		exit(2);
	a.site = s ? s : ours;
	a.data = (const uint8_t *)p;
	a.n = p < end ? (size_t)(end - p) : 0;
	assessed_gap(&a);
	/* one of the others: each alone takes as long as the first */
	switch (n % 4) {
	case 0: assessed_klassa(&a); break;
	case 1: assessed_cra(&a); break;
	case 2: assessed_cycle(&a); break;
	case 3: assessed_scope(&a); break;
	}
	site_free(s);
	free(own);
}

/* ---- two assessments ---- */

static void
compare(const uint8_t *data, size_t n)
{
	struct findings *f[2] = { findings_new(), findings_new() };
	const char *p = (const char *)data, *end = p + n;
	struct assessed a = { .rules = rules, .form = (unsigned)n, .w = &w, .nowhere = nowhere };
	struct findings_compared c;
	struct err e = { "" };
	struct paper *page;
	int side = 0;
	size_t len;
	char *own;

	if (!f[0] || !f[1])
		exit(2);
	for (; (own = fuzz_line(&p, end, &len)); free(own), err_clear(&e))
		if (len == 1 && !*own)
			side = 1;
		else if (!findings_add(f[side], own, len, &e) && !e.text[0])
			abort();
	for (side = 0; side < 2; side++) {
		if (!findings_compare(f[0], f[side], &c, &e))
			exit(2);
		/* of itself nothing differs */
		if (!side && findings_differ(&c))
			abort();
		for (size_t i = 0; i < c.n; i++)
			assessed_line(&a, finding_change_write(&c, &c.v[i], &w));
		assessed_line(&a, finding_comparison_write(&c, &w));
		a.lang = "sv";
		page = assessed_blank(&a);
		assessed_paper(&a, page, page && finding_change_page(page, &c, ours));
		findings_compared_free(&c);
	}
	findings_free(f[0]);
	findings_free(f[1]);
}

/* ---- a site file to begin with ---- */

static bool
propose_one(void *arg, const char *p, size_t n, struct err *e)
{
	return site_start_record(arg, p, n, e);
}

static void
propose(const uint8_t *data, size_t n)
{
	struct assessed a = { .data = data, .n = n };
	struct err e = { "" };
	struct site_start *s = site_start_new(rules, n % 2 ? "sv" : "en", &e);
	struct site *site;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!s || !f)
		exit(2);
	assessed_lines(&a, propose_one, s);
	if (site_start_write(s, f, &e)) {
		if (fclose(f) != 0)
			exit(2);
		if (!(site = site_loadb("site.json", text, len, &e))) {
			fprintf(stderr, "proposed, and refused: %s\n%s\n", e.text, text);
			abort();
		}
		site_free(site);
	} else {
		if (!e.text[0])
			abort();
		fclose(f);
	}
	free(text);
	site_start_free(s);
}

/* ---- attestations ---- */

/* The members of an attestation, one a line, with a signature or without. */
static struct site *
attested(const char *members, size_t n, const char *signature, struct err *e)
{
	char *text = NULL;
	struct site *s;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		exit(2);
	fprintf(f, "{\"otsite\":1,%s\"attestations\":[{%.*s%s%s%s}]}", people, (int)n, members,
	    signature ? ",\"signature\":\"" : "", signature ? signature : "", signature ? "\"" : "");
	if (fclose(f) != 0)
		exit(2);
	s = site_loadb("site.json", text, len, e);
	if (!s && !e->text[0])
		abort();
	free(text);
	return s;
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
says_the_same(const struct site_attestation *a, const struct site_attestation *b)
{
	return same(a->item, b->item) && same(a->status, b->status) && same(a->by, b->by) &&
	    same(a->date.text, b->date.text) && same(a->expires.text, b->expires.text) &&
	    same(a->document, b->document) && same(a->digest, b->digest) &&
	    same(a->statement.sv, b->statement.sv) && same(a->statement.en, b->statement.en);
}

/* The first line is signed, and its signature then stands under the second as well. */
static void
attest(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *end = p + n;
	char sig64[BASE64_LEN(VKEY_SIGNATURE) + 1], *text, *line;
	uint8_t sig[VKEY_SIGNATURE];
	struct err e = { "" };
	struct site *s, *t;
	size_t len, text_n;

	if (!(line = fuzz_line(&p, end, &len)))
		return;
	s = attested(line, len, NULL, &e);
	if (!s || s->nattestations != 1)
		goto out;
	if (attested_check(s, s->attestations) != ATTESTED_UNSIGNED && !s->attestations->signature)
		abort();
	if (!(text = attested_text(s->attestations, &text_n, &e))) {
		if (!e.text[0])
			abort();
		goto out;
	}
	if (!signer_sign(key, text, text_n, sig, &e))
		exit(2);
	free(text);
	sig64[base64_put(sig64, sig, sizeof(sig))] = '\0';
	/* under a folder that is not there, a document is never what it should be */
	if (attested_document(s->attestations, "/nowhere", &e) == DOCUMENT_HOLDS)
		abort();
	err_clear(&e);
	if (!(t = attested(line, len, sig64, &e)) || t->nattestations != 1) {
		site_free(t);
		goto out;               /* it has a signature of its own */
	}
	if (same(t->attestations->by, "eva") && !t->attestations->key &&
	    attested_check(t, t->attestations) != ATTESTED_VALID)
		abort();
	site_free(t);
	free(line);
	if ((line = fuzz_line(&p, end, &len)) && (t = attested(line, len, sig64, &e))) {
		if (t->nattestations == 1 && !says_the_same(s->attestations, t->attestations) &&
		    attested_check(t, t->attestations) == ATTESTED_VALID)
			abort();
		site_free(t);
	}
out:
	site_free(s);
	free(line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (!rules)
		begin();
	if (!n)
		return 0;
	switch (data[0] & 3) {
	case 0: assess(data + 1, n - 1); break;
	case 1: compare(data + 1, n - 1); break;
	case 2: propose(data + 1, n - 1); break;
	case 3: attest(data + 1, n - 1); break;
	}
	return 0;
}
