/* describe.c: what the program can say without a packet. */
#include "otcap.h"

#include "base/diag.h"
#include "base/embed.h"
#include "base/opt.h"

#include <openssl/evp.h>
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
		const struct embed *m;
		bool quoted = false, escaped = false;

		snprintf(name, sizeof(name), "schema/%s.json", names[i]);
		m = embed_find(name);
		if (!m)
			continue;
		for (const unsigned char *p = m->p; p < m->end; p++) {
			if (!quoted && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
				continue;
			putchar(*p);
			if (*p == '"' && !escaped)
				quoted = !quoted;
			escaped = quoted && *p == '\\' && !escaped;
		}
		putchar('\n');
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

/* SHA-256 of a file in hex; empty when it cannot be read. */
static void
digest(const char *path, char hex[65])
{
	unsigned char md[32], b[64 << 10];
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	FILE *f = fopen(path, "rb");
	size_t n;

	hex[0] = '\0';
	if (f && c && EVP_DigestInit_ex(c, EVP_sha256(), NULL)) {
		while ((n = fread(b, 1, sizeof(b), f)) > 0)
			EVP_DigestUpdate(c, b, n);
		if (!ferror(f) && EVP_DigestFinal_ex(c, md, NULL))
			for (int i = 0; i < 32; i++)
				snprintf(hex + 2 * i, 3, "%02x", md[i]);
	}
	if (f)
		fclose(f);
	EVP_MD_CTX_free(c);
}

char *
meta_record(const struct otcap *c)
{
	const char *const *names = c->files_from ? (const char *const *)c->listed : c->files;
	size_t n = c->niface ? 0 : c->files_from ? c->nlisted : c->nfile;
	char *buf = malloc(LIM_RECORD + 1), hex[65];
	struct jw w;

	if (!buf)
		return NULL;
	jw_init(&w, buf, LIM_RECORD);
	jw_begin(&w);
	jw_cstr(&w, "event_type", "meta");
	jw_cstr(&w, "host", c->sensor);
	jw_obj(&w, "meta");
	jw_cstr(&w, "program", "otcap");
	jw_cstr(&w, "version", otkit_version);
	jw_arr(&w, "arguments");
	for (int i = 1; i < c->argc; i++)
		jw_a_cstr(&w, c->argv[i]);
	jw_end(&w);
	jw_arr(&w, "inputs");
	for (size_t i = 0; i < n; i++) {
		if (strcmp(names[i], "-") == 0)
			continue;
		digest(names[i], hex);
		jw_a_obj(&w);
		jw_cstr(&w, "name", names[i]);
		jw_cstr(&w, "sha256", hex);
		jw_end(&w);
	}
	jw_end(&w);
	jw_end(&w);
	if (!jw_line(&w)) {
		free(buf);
		return NULL;
	}
	buf[w.n] = '\0';
	return buf;
}
