/* rules_impl.h: what the readers of rules.h share: which document is which. */
#ifndef OT_RULES_IMPL_H
#define OT_RULES_IMPL_H

#include "model/member.h"

enum { RULES_AUTHORITIES, RULES_CHECKLIST, RULES_LAW, RULES_WORDS };

bool rules_read_authorities(struct member_at *a, struct rules *r);

#endif
