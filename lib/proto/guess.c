/* guess.c: what a server's port usually means, for flows in which no structure
 * was recognised. Never more than a guess, and written as one: IANA's service
 * names where EVE has no name of its own, and what laboratories really use. */
#include "proto/engine_impl.h"

static const struct tok tcp_names[] = {
	{ 515, "printer" }, { 3306, "mysql" }, { 5432, "pgsql" }, { 9100, "pdl-datastream" },
	{ 0, NULL },
};

static const struct tok udp_names[] = {
	{ 1434, "ms-sql-m" }, { 4789, "vxlan" }, { 0, NULL },
};

const char *
guess_name(const struct engine *g, const struct flow *f)
{
	bool tcp = f->proto == IPP_TCP;
	uint8_t i;

	if (f->app || (!tcp && f->proto != IPP_UDP))
		return NULL;
	i = (tcp ? g->tcp_port : g->udp_port)[f->port[1]];
	return i ? registry[i - 1]->name : tok_find(tcp ? tcp_names : udp_names, f->port[1]);
}
