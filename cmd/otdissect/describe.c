#include "otdissect.h"

#include "base/embed.h"
#include "json/meta.h"

#include <sys/stat.h>

/* What every event may carry; the rest is the dissectors' own. */
static const struct field envelope[] = {
	{ "timestamp", "string", "when the (request's) packet was captured, UTC, microseconds" },
	{ "event_type", "string", "what kind of record this is" },
	{ "host", "string", "the sensor's name" },
	{ "in_iface", "string", "the interface it was captured on" },
	{ "pcap_filename", "string", "the capture file it lies in" },
	{ "pcap_cnt", "integer", "the packet's number in it, from 1" },
	{ "flow_id", "integer", "joins the events of one flow" },
	{ "community_id", "string", "community_id version 1 of the flow" },
	{ "ether", "object", "src_mac, dest_mac, ether_type" },
	{ "vlan", "array", "VLAN ids, outermost first" },
	{ "src_ip", "string", "sender (of the request)" },
	{ "src_port", "integer", "its port" },
	{ "dest_ip", "string", "receiver" },
	{ "dest_port", "integer", "its port" },
	{ "proto", "string", "TCP, UDP, ICMP, IPv6-ICMP, SCTP or a number" },
	{ "app_proto", "string", "what the flow speaks; \"failed\": looked at and not recognised" },
	{ "app_proto_orig", "string", "what a flow spoke before it went over to another protocol" },
	{ "tunnel", "object", "the tunnel this flow travelled in" },
	{ "ot", "object", "op, service, object, unit_id, count, value, result, rtt_us, role" },
	{ "identity", "array", "what a device says of itself, and where it says so" },
	{ NULL },
};

static const struct field flow_fields[] = {
	{ "flow.pkts_toserver", "integer", "packets from client to server" },
	{ "flow.pkts_toclient", "integer", "packets from server to client" },
	{ "flow.bytes_toserver", "integer", "bytes of those, link headers included" },
	{ "flow.bytes_toclient", "integer", "bytes of those, link headers included" },
	{ "flow.start", "string", "time of the first packet" },
	{ "flow.end", "string", "time of the last packet" },
	{ "flow.age", "integer", "seconds between them" },
	{ "flow.state", "string", "new, established, closed" },
	{ "flow.reason", "string",
	    "why it ended: timeout, forced (table full), shutdown (end of input)" },
	{ "flow.alerted", "boolean", "always false here" },
	{ "flow.tx_cnt", "integer", "events of this flow" },
	{ "flow.first_pcap_cnt", "integer", "number of the first packet" },
	{ "flow.first_pcap_filename", "string", "its file, where that is not the last packet's" },
	{ "flow.min_ttl", "integer", "smallest TTL or hop limit seen" },
	{ "flow.anomalies", "integer", "malformed PDUs in it" },
	{ "flow.doubted", "object", "packets not taken at their word, by what spoke against them: "
	    "overlap, checksum, ttl, window, reset" },
	{ "tcp", "object", "flags seen, as EVE has them" },
	{ "guess", "object", "app_proto by port alone, where no structure was recognised" },
	{ "anomaly.type", "string", "decode, stream or applayer" },
	{ "anomaly.event", "string", "what is wrong" },
	{ "anomaly.layer", "string", "where it was found" },
	{ "anomaly.app_proto", "string", "the protocol" },
	{ "anomaly.offset", "integer", "byte of the PDU at which reading failed" },
	{ "anomaly.wanted", "integer", "bytes wanted there" },
	{ "anomaly.length", "integer", "bytes of the PDU or of the segment" },
	{ "anomaly.ttl", "integer", "TTL or hop limit of the packet" },
	{ "anomaly.usual_ttl", "integer", "the smallest of those before it in its direction" },
	{ "credential.app_proto", "string", "the protocol" },
	{ "credential.kind", "string", "password, community, token, user_name or challenge" },
	{ "credential.form", "string",
	    "clear, encoded (by no secret) or digest (open to guessing)" },
	{ "credential.default", "boolean", "true: one that devices are shipped with" },
	{ NULL },
};

static void
put_fields(const struct field *f)
{
	for (; f && f->key; f++)
		printf("%s\t%s\t%s\n", f->key, f->type, f->meaning);
}

int
list_fields(void)
{
	put_fields(envelope);
	put_fields(flow_fields);
	for (size_t i = 0; i < registry_n; i++)
		put_fields(registry[i]->fields);
	return fflush(stdout) ? 2 : 0;
}

int
print_schemas(void)
{
	static const char *const own[] = { "envelope", "flow", "anomaly", "credential",
	    "stats", "meta" };
	const size_t nown = sizeof(own) / sizeof(own[0]);
	char name[128];

	for (size_t i = 0; i < nown + registry_n; i++) {
		snprintf(name, sizeof(name), "schema/%s.json",
		    i < nown ? own[i] : registry[i - nown]->name);
		embed_print(stdout, name);
	}
	return fflush(stdout) ? 2 : 0;
}

void
write_meta(struct run *r, int64_t us)
{
	static char buf[LIM_RECORD + 16];
	struct jw w;

	jw_init(&w, buf, sizeof(buf));
	if (meta_write(&w, "otdissect", us, r->sensor, r->argc, r->argv,
	    (const char *const *)r->files, r->nfiles))
		run_flush(r, buf, w.n);
}
