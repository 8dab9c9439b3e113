/* wire.h: what the dissectors know of numbers, banners and descriptions, for readers of
 * foreign records. The only door from here to them: wire.c. */
#ifndef OT_INV_WIRE_H
#define OT_INV_WIRE_H

#include <stdbool.h>
#include <stdint.h>

/* A borrowed text; n == 0: absent. */
struct span { const char *p; uint32_t n; };

/* What is certain in a text; borrowed from it or from a table. */
struct wire_words {
	struct span vendor, product, version, model, firmware, hardware, order_code, serial, os;
};
/* A User-Agent and a Server header, an SSH identification line, what a device's
 * description for people (SNMP's sysDescr) tells. */
void wire_agent(struct span s, struct wire_words *w);
void wire_server(struct span s, struct wire_words *w);
void wire_ssh(struct span s, struct wire_words *w);
void wire_descr(struct span s, struct wire_words *w);

/* DNP3: the op (an index into op_names, or -1) of a function code; what a group's points
 * are called, or NULL. */
int wire_dnp3_op(unsigned code);
const char *wire_dnp3_group(unsigned group);
/* "DIRECT_OPERATE" where wire_dnp3_op() knows it; "latch_on" of a control block, or NULL. */
const char *wire_dnp3_function(unsigned code);
const char *wire_dnp3_operation(unsigned type);

#endif
