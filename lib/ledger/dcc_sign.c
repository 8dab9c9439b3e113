/* dcc_sign.c: the signature within a certificate (XML Signature 1.1, XAdES baseline:
 * ETSI EN 319 132-1), checked whole or not at all.
 *
 * Taken is the one form in which certificates are signed: one enveloped signature,
 * a reference to the whole document (URI "", transforms enveloped-signature and one
 * canonicalisation), references into the signature itself, among them the XAdES signed
 * properties, which name the signer's certificate. Whatever else there is (other
 * transforms, parts of the document, other documents, weak algorithms, several
 * signatures) is "not checked", never "valid". Nothing is fetched.
 *
 * What is read of a certificate is what is signed: the whole document but the
 * signature's own element, out of which nothing is read. */
#include "ledger/dcc_impl.h"
#include "ledger/dcc_trust.h"

#include "base/stamp.h"

#include <libxml/c14n.h>
#include <libxml/tree.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#define XML_XADES "http://uri.etsi.org/01903/v1.3.2#"
#define EXC_C14N "http://www.w3.org/2001/10/xml-exc-c14n#"
#define MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define ENC "http://www.w3.org/2001/04/xmlenc#"

enum { REFERENCES = 16, PREFIXES = 16, CHAIN = 16 };

/* How far the checking of one got. */
enum step { HOLDS, OTHER, BROKEN };     /* OTHER: of a kind that is not checked */

struct signature {
	struct dcc *d;
	const struct _xmlNode *root, *sig, *info, *properties;
	enum step worst;
	char id[128];
	X509 *cert;
	STACK_OF(X509) *others;
};

static enum step
say(struct signature *s, enum step how, const char *why, const char *which)
{
	/* the worst is told, and of several the first */
	if (how > s->worst || !s->d->sign.why[0])
		snprintf(s->d->sign.why, sizeof(s->d->sign.why), "%s%.120s", why, which);
	if (how > s->worst)
		s->worst = how;
	return how;
}

/* ---- algorithms ----------------------------------------------------------------- */

static const EVP_MD *
digest_by(const char *uri)
{
	static const struct { const char *uri; const EVP_MD *(*md)(void); } list[] = {
		{ ENC "sha256", EVP_sha256 }, { MORE "sha384", EVP_sha384 },
		{ ENC "sha512", EVP_sha512 },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (strcmp(uri, list[i].uri) == 0)
			return list[i].md();
	return NULL;
}

struct method { const char *uri; int key; bool pss; const EVP_MD *(*md)(void); };
static const struct method methods[] = {
	{ MORE "rsa-sha256", EVP_PKEY_RSA, false, EVP_sha256 },
	{ MORE "rsa-sha384", EVP_PKEY_RSA, false, EVP_sha384 },
	{ MORE "rsa-sha512", EVP_PKEY_RSA, false, EVP_sha512 },
	{ "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", EVP_PKEY_RSA, true,
	    EVP_sha256 },
	{ "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1", EVP_PKEY_RSA, true,
	    EVP_sha384 },
	{ "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", EVP_PKEY_RSA, true,
	    EVP_sha512 },
	{ MORE "ecdsa-sha256", EVP_PKEY_EC, false, EVP_sha256 },
	{ MORE "ecdsa-sha384", EVP_PKEY_EC, false, EVP_sha384 },
	{ MORE "ecdsa-sha512", EVP_PKEY_EC, false, EVP_sha512 },
};

/* Base64 of an element in fresh memory; *n bytes. NULL: none. */
static uint8_t *
bytes_of(const struct _xmlNode *n, size_t *len)
{
	char *s = xmldoc_content(n);
	size_t k = 0, pad = 0;
	int got;

	*len = 0;
	if (!s)
		return NULL;
	for (const char *p = s; *p; p++)
		if (!strchr(" \t\r\n", *p))
			s[k++] = *p;
	s[k] = 0;
	while (pad < 2 && pad < k && s[k - 1 - pad] == '=')
		pad++;
	if (!k || k % 4 || (got = EVP_DecodeBlock((uint8_t *)s, (uint8_t *)s, (int)k)) < (int)pad) {
		free(s);
		return NULL;
	}
	*len = (size_t)got - pad;
	return (uint8_t *)s;
}

/* ---- canonical form ---------------------------------------------------------------- */

struct form { xmlC14NMode mode; bool comments; char *prefixes; xmlChar *list[PREFIXES + 1]; };

/* A canonicalisation of CanonicalizationMethod or Transform; false: none that is known. */
static bool
form_of(const struct _xmlNode *n, struct form *f)
{
	static const struct { const char *uri; xmlC14NMode mode; bool comments; } list[] = {
		{ "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", XML_C14N_1_0, false },
		{ "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments", XML_C14N_1_0,
		    true },
		{ "http://www.w3.org/2006/12/xml-c14n11", XML_C14N_1_1, false },
		{ "http://www.w3.org/2006/12/xml-c14n11#WithComments", XML_C14N_1_1, true },
		{ EXC_C14N, XML_C14N_EXCLUSIVE_1_0, false },
		{ EXC_C14N "WithComments", XML_C14N_EXCLUSIVE_1_0, true },
	};
	const struct _xmlNode *child = xmldoc_child(n, NULL, NULL);
	char uri[128], t[256];
	size_t i, k = 0;

	xmldoc_attr(n, "Algorithm", uri, sizeof(uri));
	for (i = 0; i < sizeof(list) / sizeof(*list) && strcmp(uri, list[i].uri) != 0; i++)
		;
	if (i == sizeof(list) / sizeof(*list))
		return false;
	*f = (struct form){ .mode = list[i].mode, .comments = list[i].comments };
	if (!child)
		return true;
	if (f->mode != XML_C14N_EXCLUSIVE_1_0 || xmldoc_next(child, NULL, NULL) ||
	    !xmldoc_is(child, EXC_C14N, "InclusiveNamespaces") ||
	    xmldoc_attr(child, "PrefixList", t, sizeof(t)) >= sizeof(t) - 1 ||
	    !(f->prefixes = strdup(t)))
		return false;
	for (char *p = f->prefixes; *p; ) {
		if (k == PREFIXES)
			return false;
		f->list[k++] = (xmlChar *)p;
		p += strcspn(p, " ");
		if (*p)
			*p++ = 0;
	}
	return true;
}

/* Which nodes are in: those of a subtree, or all but one. */
struct part { const struct _xmlNode *only, *without; };

static int
visible(void *arg, xmlNodePtr node, xmlNodePtr parent)
{
	const struct part *part = arg;
	/* of a namespace node only the element it is asked for can be looked at */
	const struct _xmlNode *n = node->type == XML_NAMESPACE_DECL ||
	    node->type == XML_ATTRIBUTE_NODE ? parent : node;
	bool inside = !part->only;

	for (; n && n->type != XML_DOCUMENT_NODE; n = n->parent) {
		if (n == part->without)
			return 0;
		inside |= n == part->only;
	}
	return inside;
}

/* The canonical bytes of a part; NULL when that fails. */
static xmlBufferPtr
canonical(const struct signature *s, struct part *part, struct form *f, bool comments)
{
	xmlBufferPtr b = xmlBufferCreate();
	xmlOutputBufferPtr out = b ? xmlOutputBufferCreateBuffer(b, NULL) : NULL;
	int n = -1;

	if (out) {
		n = xmlC14NExecute(s->d->doc, visible, part, f->mode, f->prefixes ? f->list : NULL,
		    comments, out);
		if (xmlOutputBufferClose(out) < 0)
			n = -1;
	}
	if (n < 0) {
		xmlBufferFree(b);
		b = NULL;
	}
	return b;
}

/* ---- references ---------------------------------------------------------------------- */

static size_t
id_of(const struct _xmlNode *n, char *dst, size_t cap)
{
	size_t k = xmldoc_attr(n, "Id", dst, cap);

	if (!k && !(k = xmldoc_attr(n, "ID", dst, cap)))
		k = xmldoc_attr(n, "id", dst, cap);
	return k;
}

/* The one element of this id, which must lie in the signature; NULL: none, or several
 * (who can have two of a name can show one and sign the other). */
static const struct _xmlNode *
by_id(const struct signature *s, const char *id)
{
	const struct _xmlNode *n = s->root, *found = NULL, *up;
	char t[128];

	while (n) {
		if (n->type == XML_ELEMENT_NODE && id_of(n, t, sizeof(t)) && strcmp(t, id) == 0) {
			if (found)
				return NULL;
			found = n;
		}
		/* on, without recursion */
		if (n->type == XML_ELEMENT_NODE && n->children) {
			n = n->children;
			continue;
		}
		while (n && n != s->root && !n->next)
			n = n->parent;
		n = !n || n == s->root ? NULL : n->next;
	}
	for (up = found; up && up != s->sig; up = up->parent)
		;
	return up && found != s->sig ? found : NULL;
}

static enum step
digest_holds(struct signature *s, const struct _xmlNode *ref, struct part *part, struct form *f)
{
	const EVP_MD *md;
	uint8_t got[EVP_MAX_MD_SIZE], *want;
	char uri[128];
	xmlBufferPtr b;
	unsigned n = 0;
	size_t len;
	bool same;

	xmldoc_attr(xmldoc_child(ref, XML_DSIG, "DigestMethod"), "Algorithm", uri, sizeof(uri));
	if (!(md = digest_by(uri)))
		return say(s, OTHER, "digest algorithm ", uri);
	if (!(want = bytes_of(xmldoc_child(ref, XML_DSIG, "DigestValue"), &len)))
		return say(s, BROKEN, "a reference has no digest", "");
	/* a reference within the document is one without comments (XML Signature 4.4.3.3) */
	if (!(b = canonical(s, part, f, false))) {
		free(want);
		return say(s, OTHER, "it has no canonical form", "");
	}
	same = EVP_Digest(xmlBufferContent(b), (size_t)xmlBufferLength(b), got, &n, md, NULL) &&
	    n == len && memcmp(got, want, n) == 0;
	xmlBufferFree(b);
	free(want);
	if (same)
		return HOLDS;
	return say(s, BROKEN, part->only ? "the signature's own properties were changed" :
	    "the document was changed after it was signed", "");
}

/* One reference; *what gets what it is of: the root, or an element of the signature. */
static enum step
reference(struct signature *s, const struct _xmlNode *ref, const struct _xmlNode **what)
{
	const struct _xmlNode *all = xmldoc_child(ref, XML_DSIG, "Transforms"), *t;
	struct form f = { .mode = XML_C14N_1_0 };
	struct part part = { NULL, NULL };
	bool enveloped = false, formed = false;
	char uri[160], alg[128];
	enum step how = HOLDS;

	*what = NULL;
	if (!xmlHasProp((xmlNodePtr)ref, (const xmlChar *)"URI"))
		return say(s, OTHER, "a reference without URI", "");
	xmldoc_attr(ref, "URI", uri, sizeof(uri));
	for (t = xmldoc_child(all, NULL, NULL); t && how == HOLDS; t = xmldoc_next(t, NULL, NULL)) {
		xmldoc_attr(t, "Algorithm", alg, sizeof(alg));
		if (strcmp(alg, XML_DSIG "enveloped-signature") == 0 && !enveloped && !formed &&
		    !xmldoc_child(t, NULL, NULL))
			enveloped = true;
		else if (formed || !xmldoc_is(t, XML_DSIG, "Transform") || !form_of(t, &f))
			how = say(s, OTHER, "transform ", alg);
		else
			formed = true;
	}
	if (how == HOLDS && !*uri) {
		if (!enveloped)
			how = say(s, OTHER, "a reference to the document with its signature", "");
		*what = s->root;
		part.without = s->sig;
	} else if (how == HOLDS && (*uri != '#' || enveloped || !(*what = by_id(s, uri + 1)))) {
		how = say(s, OTHER, "a reference to ", uri);
	} else {
		part.only = *what;
	}
	if (how == HOLDS)
		how = digest_holds(s, ref, &part, &f);
	free(f.prefixes);
	return how;
}

static enum step
references(struct signature *s)
{
	const struct _xmlNode *r, *what;
	bool whole = false, properties = !s->properties;
	enum step how = HOLDS, one;
	char type[80];
	int n = 0;

	for (r = xmldoc_child(s->info, XML_DSIG, "Reference"); r; r = xmldoc_next(r, XML_DSIG,
	    "Reference")) {
		if (++n > REFERENCES)
			return say(s, OTHER, "more references than are checked", "");
		one = reference(s, r, &what);
		if (one == BROKEN)
			return BROKEN;
		if (one == OTHER)
			how = OTHER;
		xmldoc_attr(r, "Type", type, sizeof(type));
		whole |= one == HOLDS && what == s->root;
		properties |= one == HOLDS && what == s->properties &&
		    strcmp(type, "http://uri.etsi.org/01903#SignedProperties") == 0;
	}
	if (how == HOLDS && !whole)
		return say(s, OTHER, "it is not of the whole document", "");
	if (how == HOLDS && !properties)
		return say(s, OTHER, "its properties (XAdES) are not among what is signed", "");
	return how;
}

/* ---- the key ---------------------------------------------------------------------------- */

/* The certificates of KeyInfo: the first is the signer's. */
static enum step
certificates(struct signature *s)
{
	const struct _xmlNode *info = xmldoc_child(s->sig, XML_DSIG, "KeyInfo"), *x, *c;
	const uint8_t *p;
	uint8_t *der;
	size_t len;
	X509 *one;
	int n = 0;

	if (!(s->others = sk_X509_new_null()))
		return say(s, OTHER, "out of memory", "");
	for (x = xmldoc_child(info, XML_DSIG, "X509Data"); x; x = xmldoc_next(x, XML_DSIG,
	    "X509Data"))
		for (c = xmldoc_child(x, XML_DSIG, "X509Certificate"); c && n < CHAIN;
		    c = xmldoc_next(c, XML_DSIG, "X509Certificate"), n++) {
			if (!(der = bytes_of(c, &len)))
				return say(s, OTHER, "a certificate that cannot be read", "");
			p = der;
			one = d2i_X509(NULL, &p, (long)len);
			if (one && p != der + len) {
				X509_free(one);
				one = NULL;
			}
			free(der);
			if (!one)
				return say(s, OTHER, "a certificate that cannot be read", "");
			if (!s->cert)
				s->cert = one;
			else if (!sk_X509_push(s->others, one))
				X509_free(one);
		}
	return s->cert ? HOLDS : say(s, OTHER, "it has no certificate of its signer", "");
}

/* XAdES: the signed properties name the certificate by its digest. */
static enum step
names_certificate(struct signature *s)
{
	const struct _xmlNode *p = xmldoc_child(s->properties, XML_XADES,
	    "SignedSignatureProperties");
	const struct _xmlNode *c = xmldoc_child(p, XML_XADES, "SigningCertificateV2"), *dig;
	uint8_t got[EVP_MAX_MD_SIZE], *want;
	const EVP_MD *md;
	char uri[128];
	unsigned n = 0;
	size_t len;
	bool same;

	if (!s->properties)
		return HOLDS;
	if (!c)
		c = xmldoc_child(p, XML_XADES, "SigningCertificate");
	dig = xmldoc_path(c, XML_XADES, "Cert/CertDigest");
	if (!dig)
		return say(s, OTHER, "its properties do not name the signer's certificate", "");
	xmldoc_attr(xmldoc_child(dig, XML_DSIG, "DigestMethod"), "Algorithm", uri, sizeof(uri));
	if (!(md = digest_by(uri)))
		return say(s, OTHER, "digest algorithm ", uri);
	want = bytes_of(xmldoc_child(dig, XML_DSIG, "DigestValue"), &len);
	same = want && X509_digest(s->cert, md, got, &n) && n == len && memcmp(got, want, n) == 0;
	free(want);
	return same ? HOLDS : say(s, BROKEN,
	    "its certificate is not the one that its properties name", "");
}

/* r and s one after the other, each as long as the group's order, as DER has them. */
static uint8_t *
ecdsa_der(EVP_PKEY *key, const uint8_t *p, size_t n, size_t *len)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	size_t half = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
	BIGNUM *r, *s;
	uint8_t *der = NULL;
	int k = -1;

	if (sig && n == 2 * half) {
		r = BN_bin2bn(p, (int)half, NULL);
		s = BN_bin2bn(p + half, (int)half, NULL);
		if (r && s && ECDSA_SIG_set0(sig, r, s)) {
			k = i2d_ECDSA_SIG(sig, &der);
		} else {
			BN_free(r);
			BN_free(s);
		}
	}
	ECDSA_SIG_free(sig);
	*len = k > 0 ? (size_t)k : 0;
	return k > 0 ? der : NULL;
}

static bool
verifies(EVP_PKEY *key, const struct method *m, const uint8_t *sig, size_t len,
    const xmlBufferPtr b)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pc = NULL;
	bool ok;

	ok = c && EVP_DigestVerifyInit(c, &pc, m->md(), NULL, key) == 1;
	if (ok && m->pss)
		ok = EVP_PKEY_CTX_set_rsa_padding(pc, RSA_PKCS1_PSS_PADDING) == 1 &&
		    EVP_PKEY_CTX_set_rsa_pss_saltlen(pc, RSA_PSS_SALTLEN_DIGEST) == 1;
	ok = ok && EVP_DigestVerify(c, sig, len, xmlBufferContent(b),
	    (size_t)xmlBufferLength(b)) == 1;
	EVP_MD_CTX_free(c);
	return ok;
}

/* The signature over SignedInfo. */
static enum step
value(struct signature *s)
{
	const struct _xmlNode *m = xmldoc_child(s->info, XML_DSIG, "SignatureMethod");
	EVP_PKEY *key = X509_get0_pubkey(s->cert);
	struct part part = { s->info, NULL };
	uint8_t *sig = NULL, *der = NULL;
	enum step how = HOLDS;
	xmlBufferPtr b = NULL;
	struct form f = { .prefixes = NULL };
	char uri[128];
	size_t i, len, n;

	xmldoc_attr(m, "Algorithm", uri, sizeof(uri));
	for (i = 0; i < sizeof(methods) / sizeof(*methods) && strcmp(uri, methods[i].uri) != 0; i++)
		;
	if (i == sizeof(methods) / sizeof(*methods) || xmldoc_child(m, NULL, NULL))
		return say(s, OTHER, "signature algorithm ", uri);
	if (!key || EVP_PKEY_get_base_id(key) != methods[i].key)
		return say(s, BROKEN, "its key is not of its algorithm's kind", "");
	if (methods[i].key == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) < 2048)
		return say(s, OTHER, "an RSA key of less than 2048 bits", "");
	if (!form_of(xmldoc_child(s->info, XML_DSIG, "CanonicalizationMethod"), &f))
		how = say(s, OTHER, "its canonicalisation is not one that is known", "");
	else if (!(b = canonical(s, &part, &f, f.comments)))
		how = say(s, OTHER, "it has no canonical form", "");
	else if (!(sig = bytes_of(xmldoc_child(s->sig, XML_DSIG, "SignatureValue"), &len)))
		how = say(s, BROKEN, "no signature value", "");
	if (how == HOLDS && methods[i].key == EVP_PKEY_EC) {
		if (!(der = ecdsa_der(key, sig, len, &n)) ||
		    !verifies(key, &methods[i], der, n, b))
			how = say(s, BROKEN, "the signature is not its key's", "");
	} else if (how == HOLDS && !verifies(key, &methods[i], sig, len, b)) {
		how = say(s, BROKEN, "the signature is not its key's", "");
	}
	OPENSSL_free(der);
	xmlBufferFree(b);
	free(f.prefixes);
	free(sig);
	return how;
}

/* ---- all ---------------------------------------------------------------------------------- */

/* The one signature, a child of the root; its parts, one of each. */
static enum step
find(struct signature *s)
{
	const struct _xmlNode *o, *q, *next;
	char target[140];

	if (xmldoc_next(s->sig, XML_DSIG, "Signature"))
		return say(s, OTHER, "several signatures", "");
	s->info = xmldoc_child(s->sig, XML_DSIG, "SignedInfo");
	next = xmldoc_next(s->info, XML_DSIG, "SignedInfo");
	if (!s->info || next || xmldoc_next(xmldoc_child(s->sig, XML_DSIG, "SignatureValue"),
	    XML_DSIG, "SignatureValue"))
		return say(s, BROKEN, "it is not made as signatures are", "");
	id_of(s->sig, s->id, sizeof(s->id));
	for (o = xmldoc_child(s->sig, XML_DSIG, "Object"); o; o = xmldoc_next(o, XML_DSIG,
	    "Object"))
		for (q = xmldoc_child(o, NULL, "QualifyingProperties"); q;
		    q = xmldoc_next(q, NULL, "QualifyingProperties")) {
			if (!xmldoc_is(q, XML_XADES, NULL) || s->properties)
				return say(s, OTHER, "its properties are of no kind that is "
				    "known", "");
			s->properties = xmldoc_child(q, XML_XADES, "SignedProperties");
			xmldoc_attr(q, "Target", target, sizeof(target));
			if (!s->properties || *target != '#' || strcmp(target + 1, s->id) != 0)
				return say(s, OTHER, "its properties are not of this signature",
				    "");
		}
	return HOLDS;
}

static void
signer(struct signature *s, char *dst, size_t cap)
{
	X509_NAME *n = X509_get_subject_name(s->cert);
	int at = X509_NAME_get_index_by_NID(n, NID_commonName, -1), len;
	uint8_t *utf8 = NULL;

	snprintf(dst, cap, "%s", "a certificate without a name");
	if (at < 0)
		at = X509_NAME_get_index_by_NID(n, NID_organizationName, -1);
	if (at >= 0 && (len = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(
	    X509_NAME_get_entry(n, at)))) > 0 && memchr(utf8, 0, (size_t)len) == NULL)
		snprintf(dst, cap, "%.*s", len, (const char *)utf8);
	OPENSSL_free(utf8);
}

/* When it says it was made; false: it does not. */
static bool
signing_time(const struct signature *s, int64_t *us)
{
	char t[48];
	size_t n = xmldoc_text(xmldoc_path(s->properties, XML_XADES,
	    "SignedSignatureProperties/SigningTime"), t, sizeof(t));

	return n && stamp_parse(us, t, n);
}

static enum step
chain(struct signature *s, const struct dcc_opts *o)
{
	const char *why = NULL;
	int64_t when = o->now;
	char who[128];

	signer(s, who, sizeof(who));
	if (!dcc_trust_given(o->trust))
		return say(s, OTHER, "unchanged since it was signed, but who signed was not "
		    "checked (--ca FILE): it says ", who);
	if (signing_time(s, &when) && when > o->now)
		return say(s, OTHER, "it says it was made at a time that is yet to come", "");
	if (dcc_trust_chain(o->trust, s->cert, s->others, when, &why))
		return say(s, HOLDS, who, "");
	snprintf(s->d->sign.why, sizeof(s->d->sign.why), "unchanged since \"%s\" signed it, but "
	    "the certificate of that signer does not hold: %s", who, why);
	return OTHER;
}

void
dcc_sign_check(struct dcc *d, const struct dcc_opts *o)
{
	static const enum dcc_signature states[] = { DCC_VALID, DCC_NOT_CHECKED, DCC_INVALID };
	struct signature s = { .d = d, .root = xmldoc_root(d->doc) };
	enum step how, later;

	if (!(s.sig = xmldoc_child(s.root, XML_DSIG, "Signature")))
		return;
	how = find(&s);
	/* what is broken is told, also where something else is not checked */
	if (how == HOLDS && (how = references(&s)) != BROKEN) {
		later = certificates(&s);
		if (later == HOLDS && (later = value(&s)) == HOLDS)
			later = names_certificate(&s);
		if (later > how)
			how = later;
		if (how == HOLDS)
			how = chain(&s, o);
	}
	d->sign.state = states[how];
	X509_free(s.cert);
	sk_X509_pop_free(s.others, X509_free);
}
