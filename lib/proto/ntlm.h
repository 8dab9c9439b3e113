/* ntlm.h: NTLMSSP messages ([MS-NLMP] 2.2.1) where they stand in other protocols: a
 * challenge names the server, an answer the client's computer. */
#ifndef OT_NTLM_H
#define OT_NTLM_H

#include "proto/proto.h"

enum { NTLM_NONE, NTLM_NEGOTIATE, NTLM_CHALLENGE, NTLM_AUTHENTICATE };

struct ntlm {
	uint8_t type;
	bool unicode, anonymous, user;
	bool has_version;
	uint8_t major, minor;
	uint16_t build;
	/* borrowed, in the message's own characters */
	struct text target, nb_computer, nb_domain, dns_computer, dns_domain, workstation;
};

/* The first such message anywhere in these bytes: they are wrapped in SPNEGO or not. */
bool ntlm_find(struct rd r, struct ntlm *m);
/* "ntlm": {...} and who it is: identity of the challenge's or answer's sender. */
void ntlm_put(struct ev *e, const struct ntlm *m, enum ident_of of, const char *source);

#define NTLM_FIELDS(p)                                                                             \
	{ p ".ntlm.computer", "string", "the server's NetBIOS name" },                             \
	    { p ".ntlm.domain", "string", "its NetBIOS domain" },                                  \
	    { p ".ntlm.dns_computer", "string", "its DNS name" },                                  \
	    { p ".ntlm.dns_domain", "string", "its DNS domain" },                                  \
	    { p ".ntlm.os_version", "string", "version of its Windows" },                          \
	    { p ".ntlm.workstation", "string", "the client's computer" },                          \
	    { p ".ntlm.anonymous", "boolean", "nobody in particular logs in" },                    \
	{                                                                                          \
		p ".ntlm.user_name", "boolean", "somebody logs in; never who"                      \
	}

#endif
