/* build_words.c: words on a station out of the texts that foreign records carry as
 * they were on the wire: banners, user agents, descriptions, subjects. What is
 * certain in them the dissectors' own readers tell. */
#include "inv/build_impl.h"

#include "inv/link.h"

#include <stdio.h>
#include <string.h>

void
give_word(struct in *in, uint32_t st, enum field f, uint32_t value, const char *source)
{
	if (st == INV_NONE || !value)
		return;
	inv_word(in->v, st, f, value, pool_cstr(&in->v->pool, source), &in->at, in->r->us);
}

void
give_text(struct in *in, uint32_t st, enum field f, struct span t, const char *source)
{
	if (t.n)
		give_word(in, st, f, inv_text(in->v, t.p, t.n), source);
}

static void
give_words(struct in *in, uint32_t st, const struct wire_words *w, const char *source)
{
	give_text(in, st, F_VENDOR, w->vendor, source);
	give_text(in, st, F_PRODUCT, w->product, source);
	give_text(in, st, F_MODEL, w->model, source);
	give_text(in, st, F_FIRMWARE, w->firmware, source);
	give_text(in, st, F_HARDWARE, w->hardware, source);
	give_text(in, st, F_ORDER_CODE, w->order_code, source);
	give_text(in, st, F_SERIAL, w->serial, source);
	give_text(in, st, F_OS, w->os, source);
}

void
words_agent(struct in *in, uint32_t st, struct span t)
{
	struct wire_words w;

	wire_agent(t, &w);
	give_words(in, st, &w, "http.user-agent");
}

void
words_server(struct in *in, uint32_t st, struct span t)
{
	struct wire_words w;

	wire_server(t, &w);
	give_words(in, st, &w, "http.server");
}

void
words_ssh(struct in *in, uint32_t st, struct span t, bool server)
{
	const char *source = server ? "ssh.server" : "ssh.client";
	char line[LIM_TEXT], product[LIM_TEXT];
	struct wire_words w;
	int n;

	/* Suricata leaves out the line's beginning */
	n = snprintf(line, sizeof(line), "%s%.*s", t.n > 4 && memcmp(t.p, "SSH-", 4) == 0 ? "" :
	    "SSH-2.0-", (int)(t.n < 255 ? t.n : 255), t.p);
	wire_ssh((struct span){ line, (uint32_t)n }, &w);
	if (server && w.product.n && w.version.n) {
		n = snprintf(product, sizeof(product), "%.*s %.*s", (int)w.product.n, w.product.p,
		    (int)w.version.n, w.version.p);
		w.product = (struct span){ product, (uint32_t)n };
	} else if (!server) {
		w.product.n = 0;        /* a client is only one of many programs of its host */
	}
	give_words(in, st, &w, source);
}

void
words_descr(struct in *in, uint32_t st, struct span t, const char *source)
{
	struct wire_words w;

	wire_descr(t, &w);
	give_words(in, st, &w, source);
}

/* "CN=hplc.lab.example,O=Lab": only what can be a host's name is one. */
void
words_subject(struct in *in, uint32_t st, struct span t)
{
	const char *p = t.n ? memmem(t.p, t.n, "CN=", 3) : NULL, *end, *q;
	struct addr ip;
	bool dot = false;

	if (!p)
		return;
	end = t.p + t.n;
	if (p > t.p && p[-1] != ',' && p[-1] != ' ' && p[-1] != '/')
		return;
	p += 3;
	for (q = p; q < end && (isalnum((unsigned char)*q) || *q == '-' || *q == '.' || *q == '_');
	    q++)
		dot |= *q == '.';
	if (q == p || q - p > 253 || (q < end && *q != ',' && *q != '/' && *q != '+') || !dot ||
	    addr_parse(&ip, p, (size_t)(q - p)))
		return;
	give_text(in, st, F_HOSTNAME, (struct span){ p, (uint32_t)(q - p) }, "tls.certificate");
}

/* "TLSv1", "TLS 1.0", "TLSv11", "SSLv3": all before 1.2. */
bool
tls_is_old(const struct sval *version)
{
	static const char *const old[] = { "sslv2", "sslv3", "tlsv1", "tlsv10", "tlsv11", "tlsv1.0",
		"tlsv1.1", "tls_1.0", "tls_1.1", "ssl_2.0", "ssl_3.0" };
	char t[32];

	plain_word(version, t, sizeof(t));
	for (size_t i = 0; i < sizeof(old) / sizeof(*old); i++)
		if (strcmp(t, old[i]) == 0)
			return true;
	return false;
}

/* On the link that the event made. */
void
link_noted(struct in *in, const char *word)
{
	struct link *l;

	if (in->client == INV_NONE || in->server == INV_NONE)
		return;
	l = inv_link(in->v, in->client, in->server, in->app, in->transport, in->port, in->guess);
	if (l)
		link_weak(in->v, l, pool_cstr(&in->v->pool, word));
}
