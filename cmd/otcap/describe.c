/* describe.c: what the program can say without a packet. */
#include "otcap.h"

#include "base/diag.h"
#include "base/embed.h"
#include "json/meta.h"

#include <stdio.h>

static const struct { const char *key, *type, *meaning; } fields[] = {
	{ "timestamp", "string", "when the packet was captured, UTC, microseconds" },
	{ "event_type", "string", "packet, stats or meta" },
	{ "host", "string", "the sensor's name (--sensor)" },
	{ "in_iface", "string", "the interface it was captured on" },
	{ "pcap_filename", "string", "the file it was read from" },
	{ "pcap_cnt", "integer", "its number in that file or on that interface, from 1" },
	{ "packet", "string", "the captured bytes in base64; absent when there are none" },
	{ "packet_info.linktype", "integer", "LINKTYPE_ number, as in a pcap file: 1 is Ethernet" },
	{ "packet_info.wire_len", "integer", "length on the wire, where more than was captured" },
	{ "stats.capture.received", "integer", "packets that passed the filter, and dropped ones" },
	{ "stats.capture.dropped_kernel", "integer", "packets for which the kernel had no room" },
	{ "stats.capture.dropped_iface", "integer", "packets the interface or its driver dropped" },
	{ "stats.capture.written", "integer", "packets written" },
	{ "stats.capture.bytes", "integer", "bytes of those, as captured" },
	{ "stats.capture.bad_lines", "integer", "lines of the input that were no record" },
	{ "stats.capture.passed_over", "integer", "records of other types, blocks without packet, "
	    "packets of link types the filter does not apply to" },
	{ "meta.program", "string", "otcap (--meta)" },
	{ "meta.version", "string", "its version" },
	{ "meta.arguments", "array", "how it was called" },
	{ "meta.inputs", "array", "name and sha256 of each file read" },
};

int
list_fields(void)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		printf("%s\t%s\t%s\n", fields[i].key, fields[i].type, fields[i].meaning);
	return fflush(stdout) ? 2 : 0;
}

/* One schema a line: spaces outside strings are left out. */
int
print_schemas(void)
{
	static const char *const names[] = { "envelope", "packet", "stats", "meta" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char name[64];

		snprintf(name, sizeof(name), "schema/%s.json", names[i]);
		embed_print(stdout, name);
	}
	return fflush(stdout) ? 2 : 0;
}

static void
put_interface(void *arg, const char *name, const char *text, const char *addrs, bool up)
{
	printf("%s\t%s\t%s\t%s\n", name, up ? "up" : "down", *addrs ? addrs : "-",
	    text ? text : "-");
}

int
list_interfaces(void)
{
	struct err e = { "" };

	if (!source_list_live(put_interface, NULL, &e)) {
		diag("%s", e.text);
		return 2;
	}
	return fflush(stdout) ? 2 : 0;
}

char *
meta_record(const struct otcap *c)
{
	const char *const *names = c->files_from ? (const char *const *)c->listed : c->files;
	size_t n = c->niface ? 0 : c->files_from ? c->nlisted : c->nfile;
	char *buf = malloc(LIM_RECORD + 1);
	struct jw w;

	if (!buf)
		return NULL;
	jw_init(&w, buf, LIM_RECORD);
	if (!meta_write(&w, "otcap", 0, c->sensor, c->argc, c->argv, names, n)) {
		free(buf);
		return NULL;
	}
	buf[w.n] = '\0';
	return buf;
}
