/* wire.c: asks the dissectors' own readers and tables. */
#include "inv/wire.h"

#include "proto/dnp3.h"
#include "proto/headers.h"
#include "proto/ssh.h"
#include "proto/sysdescr.h"

static struct text
text_of(struct span s)
{
	return (struct text){ s.p, s.n };
}

static struct span
span_of(struct text t)
{
	return (struct span){ t.p, t.n };
}

static void
words_of(const struct ident *i, struct wire_words *w)
{
	*w = (struct wire_words){ .vendor = span_of(i->vendor), .product = span_of(i->product),
		.model = span_of(i->model), .firmware = span_of(i->firmware),
		.os = span_of(i->os) };
}

void
wire_agent(struct span s, struct wire_words *w)
{
	struct ident i = { .of = EV_SRC };

	(void)agent_identity(&i, text_of(s));
	words_of(&i, w);
}

void
wire_server(struct span s, struct wire_words *w)
{
	struct ident i = { .of = EV_DEST };

	(void)server_identity(&i, text_of(s));
	words_of(&i, w);
}

void
wire_ssh(struct span s, struct wire_words *w)
{
	struct ssh_soft soft = { { 0 } };

	ssh_software(text_of(s), &soft);
	*w = (struct wire_words){ .vendor = span_of(soft.vendor), .os = span_of(soft.os),
		.product = span_of(soft.product), .version = span_of(soft.version) };
}

void
wire_descr(struct span s, struct wire_words *w)
{
	struct sysdescr d = { { 0 } };

	sysdescr_read(text_of(s), &d);
	*w = (struct wire_words){ .vendor = span_of(d.vendor), .product = span_of(d.product),
		.firmware = span_of(d.firmware), .hardware = span_of(d.hardware),
		.order_code = span_of(d.order_code), .serial = span_of(d.serial),
		.os = span_of(d.os) };
}

int
wire_dnp3_op(unsigned code)
{
	const struct dnp3_function *f = code < 256 ? dnp3_function((uint8_t)code) : NULL;

	return f ? (int)f->op - 1 : -1;
}

const char *
wire_dnp3_function(unsigned code)
{
	const struct dnp3_function *f = code < 256 ? dnp3_function((uint8_t)code) : NULL;

	return f ? f->name.p : NULL;
}

const char *
wire_dnp3_operation(unsigned type)
{
	return type < 16 ? dnp3_op_types[type] : NULL;
}

const char *
wire_dnp3_group(unsigned group)
{
	return group < 256 ? dnp3_group((uint8_t)group) : NULL;
}
