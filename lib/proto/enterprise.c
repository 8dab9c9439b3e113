/* enterprise.c: vendors by their private enterprise number. IANA's registry has
 * 60,000; these are whom a laboratory's network, printers, power and automation
 * come from. Sorted. */
#include "proto/enterprise.h"

#include "base/tok.h"

static const struct tok vendors[] = {
#include "rules/vendors-iana.inc"
	{ 0, NULL },
};

struct text
enterprise_vendor(uint32_t number)
{
	return text_c(tok_search(vendors, TOKS(vendors), number));
}
