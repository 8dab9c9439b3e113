/* fuzz_dcc.c: any bytes as a digital calibration certificate, signature included: what comes of it
 * is a record, and no text in the tree is longer than what was there to be read: nothing grows
 * by entities. */
#include "fuzz.h"

#include "base/limits.h"
#include "ledger/dcc.h"
#include "ledger/dcc_trust.h"
#include "ledger/xmldoc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOMB "<?xml version=\"1.0\"?><!DOCTYPE b [<!ENTITY a \"" "0123456789" "\">"
static const char *const refused[] = {
	BOMB "<!ENTITY c \"&a;&a;&a;\">]><b>&c;</b>",
	"<!DOCTYPE b SYSTEM \"file:///etc/passwd\"><b/>",
	"<!DOCTYPE b [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><b>&x;</b>",
	"<!DOCTYPE b [<!ENTITY % p SYSTEM \"http://192.0.2.1/x\"> %p;]><b/>",
	"<!DOCTYPE b [<!ATTLIST b a CDATA \"given\">]><b/>",
	"<b>&x;</b>",
};

/* The bytes of text below it, attributes left aside; *left: how deep to go. */
static size_t
texts(const struct _xmlNode *n, unsigned left)
{
	char *s = xmldoc_content(n);
	size_t sum = s ? strlen(s) : 0;

	free(s);
	if (!left)
		abort();                /* deeper than any document may be */
	for (n = xmldoc_child(n, NULL, NULL); n; n = xmldoc_next(n, NULL, NULL))
		sum += texts(n, left - 1);
	return sum;
}

static void
never_taken(void)
{
	struct err e = { "" };

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (xmldoc_read("x.xml", refused[i], strlen(refused[i]), &e) || !e.text[0])
			abort();
}

static void
items(struct dcc *d, struct jw *w)
{
	struct err e = { "" };
	char id[256];
	const char *sum;
	size_t len;

	for (size_t i = 0; i < dcc_items(d); i++) {
		bool named = dcc_id(d, i, id, sizeof(id), &e);

		if (!named && !e.text[0])
			abort();
		err_clear(&e);
		if (named && !dcc_has_number(d, i, id))
			abort();
		if (!named)
			snprintf(id, sizeof(id), "X-1");
		for (int kind = 0; kind < 2; kind++) {
			if ((kind ? dcc_put_instrument : dcc_put_calibration)(d, i, id, w, &e))
				fuzz_records(NULL, w->buf, w->n);
			else if (!e.text[0] || w->n)
				abort();
			err_clear(&e);
			jw_reset(w);
		}
	}
	for (size_t i = 0; i < dcc_notes(d); i++)
		if (!dcc_note(d, i) || !*dcc_note(d, i))
			abort();
	if (dcc_attachment(d, &len, &sum) && strlen(sum) != 64)
		abort();
	if (strlen(dcc_sha256(d)) != 64 || !dcc_signature_why(d))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct dcc_trust *trust;
	static struct jw w;
	struct dcc_opts o = { n % 2 ? "sv" : NULL, NULL, INT64_C(1795392000000000) };
	struct err e = { "" };
	struct _xmlDoc *x;
	struct dcc *d;

	if (!w.buf) {
		xmldoc_prepare();
		never_taken();
		jw_init(&w, malloc(3 * LIM_RECORD), 3 * LIM_RECORD);
		if (!w.buf || !(trust = dcc_trust_load(NULL, &e)))
			exit(2);
	}
	o.trust = trust;
	x = xmldoc_read("k.xml", data, n, &e);
	/* ISO-8859-1 doubles at most */
	if (x && texts(xmldoc_root(x), 300) > 2 * n)
		abort();
	xmldoc_free(x);
	err_clear(&e);
	if ((d = dcc_open("k.xml", data, n, &o, &e))) {
		if (dcc_signature(d) == DCC_VALID)
			abort();        /* nobody is trusted here */
		items(d, &w);
		dcc_free(d);
	} else if (!e.text[0]) {
		abort();
	}
	return 0;
}
