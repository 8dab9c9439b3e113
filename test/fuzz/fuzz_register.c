/* fuzz_register.c: any bytes as a register, CSV or JSON lines. */
#include "fuzz.h"

#include "base/err.h"
#include "model/register.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const map[] = { "name=Number" };
	struct reg r = { NULL };
	struct err e = { "" };
	char line[512];

	/* a refusal without a reason helps nobody */
	if (!reg_loadb(&r, "register.csv", data, n, map, n % 2, &e) && !e.text[0])
		abort();
	reg_check(&r);
	for (size_t i = 0; i < r.nfaults; i++)
		if (!*reg_fault_text(&r.faults[i], line, sizeof(line)))
			abort();
	for (size_t i = 0; i < r.n; i++)
		if (!r.v[i].text[REG_ID] || reg_find(&r, r.v[i].text[REG_ID]) != &r.v[i])
			abort();
	reg_free(&r);
	return 0;
}
