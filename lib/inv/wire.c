/* wire.c: asks the dissectors' own tables. */
#include "inv/wire.h"

#include "proto/dnp3.h"
#include "proto/ssh.h"

enum ot_op
wire_dnp3_op(unsigned code)
{
	const struct dnp3_function *f = code < 256 ? dnp3_function((uint8_t)code) : NULL;

	return f ? f->op : OT_NONE;
}

const char *
wire_dnp3_group(unsigned group)
{
	return group < 256 ? dnp3_group((uint8_t)group) : NULL;
}

void
wire_ssh(struct text line, struct wire_ssh *s)
{
	struct ssh_soft soft = { { 0 } };

	ssh_software(line, &soft);
	*s = (struct wire_ssh){ soft.vendor, soft.os, soft.product, soft.version };
}
