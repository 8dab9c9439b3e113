/* dcc_trust.h: whose signatures on certificates count. */
#ifndef OT_DCC_TRUST_H
#define OT_DCC_TRUST_H

#include "ledger/dcc.h"

#include <openssl/x509.h>

/* Are there any? t may be NULL. */
bool dcc_trust_given(const struct dcc_trust *t);
/* Does the certificate lead to one of them, through these others, as things stood at this
 * time, and may it sign? False: *why, a text that stays. Revocation is not looked at:
 * that would need the network. */
bool dcc_trust_chain(const struct dcc_trust *t, X509 *cert, STACK_OF(X509) *others, int64_t when,
    const char **why);

#endif
