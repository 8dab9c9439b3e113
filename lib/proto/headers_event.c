/* headers_event.c: what of headers goes into events: who speaks, and secrets. */
#include "proto/headers.h"

#include "proto/proto.h"

void
headers_identify(struct ev *e, const char *source, enum ident_of of,
    bool (*who)(struct ident *, struct text), struct text t)
{
	struct ident *i = ev_identity(e, source, of);

	if (!who(i, t) && i == &e->id[e->nid - 1])
		e->nid--;
}

struct text
auth_report(struct dctx *c, struct text value)
{
	static const struct {
		const char *lower;
		struct text name;
		enum cred_kind kind;
		enum cred_form form;
	} schemes[] = {
		{ "basic", TEXT("Basic"), CRED_PASSWORD, CRED_ENCODED },
		{ "digest", TEXT("Digest"), CRED_CHALLENGE, CRED_DIGEST },
		{ "bearer", TEXT("Bearer"), CRED_TOKEN, CRED_CLEAR },
		{ "ntlm", TEXT("NTLM"), CRED_CHALLENGE, CRED_DIGEST },
		{ "negotiate", TEXT("Negotiate"), CRED_CHALLENGE, CRED_DIGEST },
		{ "token", TEXT("Token"), CRED_TOKEN, CRED_CLEAR },
		{ "apikey", TEXT("ApiKey"), CRED_TOKEN, CRED_CLEAR },
		{ "oauth", TEXT("OAuth"), CRED_TOKEN, CRED_CLEAR },
		{ "aws4-hmac-sha256", TEXT("AWS4-HMAC-SHA256"), CRED_TOKEN, CRED_DIGEST },
	};
	struct text scheme = headers_word(&value);

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (!text_is(scheme, schemes[i].lower))
			continue;
		/* NTLM's first message has no answer in it; Kerberos' tickets are not to
		 * be guessed from a short look */
		if (value.n > 1 && !(schemes[i].kind == CRED_CHALLENGE &&
		    (text_begins(value, " TlRMTVNTUAAB") || text_begins(value, " YII"))))
			proto_credential(c, schemes[i].kind, schemes[i].form, false);
		return schemes[i].name;
	}
	/* a key without a scheme must not be taken for one */
	if (scheme.n)
		proto_credential(c, CRED_TOKEN, CRED_CLEAR, false);
	return scheme.n ? TEXT("other") : (struct text){ 0 };
}
