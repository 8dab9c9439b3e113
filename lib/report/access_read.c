/* access_read.c: a line of events: is it of interest, and what does it say?
 *
 * Most lines of a stream are reads of values inside the site. Of those a glance at the
 * time and the type must do: they are not taken apart, and not checked as JSON beyond
 * that glance. */
#include "report/access_impl.h"

#include "base/limits.h"
#include "base/stamp.h"

#include <string.h>

/* Types that say a name or a secret beside those of access.json. */
static const char *const telling[] = { "flow", "tls", "quic", "dtls", "http", "dns", "mqtt",
	"credential", NULL };

static bool
of_interest(const struct access *a, const char *type, size_t n)
{
	for (int i = 0; telling[i]; i++)
		if (strncmp(telling[i], type, n) == 0 && !telling[i][n])
			return true;
	return access_proto(a->impl->rules, type, n) != NULL;
}

/* ---- a glance ------------------------------------------------------------------- */

static const char open_time[] = "{\"timestamp\":\"", then_type[] = ",\"event_type\":\"";
enum { OPEN = sizeof(open_time) - 1, THEN = sizeof(then_type) - 1, TO_MINUTE = 16, GLANCE = 512 };

/* The type of a record that begins as ours and Suricata's do; NULL: it must be read. A
 * quote in a JSON text is escaped, so that what is found is a member, and before the
 * first brace it is the record's own. */
static const char *
glance_type(const char *p, size_t n, size_t *len)
{
	const char *at, *end;
	size_t look = n < GLANCE ? n : GLANCE, head = OPEN + 32;

	if (n < head + THEN || memcmp(p, open_time, OPEN) != 0 || p[n - 1] != '}')
		return NULL;
	if (p[head - 1] == '"' && memcmp(p + head, then_type, THEN) == 0) {
		at = p + head;
	} else {
		at = memmem(p, look, then_type, THEN);
		if (!at || memchr(p + 1, '{', (size_t)(at - p - 1)) ||
		    memchr(p, '[', (size_t)(at - p)))
			return NULL;
	}
	at += THEN;
	if (!(end = memchr(at, '"', (size_t)(p + n - at))))
		return NULL;
	*len = (size_t)(end - at);
	return at;
}

/* Many lines have the same minute: then its quarter of an hour is known already. The
 * first and the last time are those of whole records. */
static bool
glance_time(struct access *a, const char *p, size_t n)
{
	const char *t = p + OPEN, *end = memchr(t, '"', n - OPEN < 40 ? n - OPEN : 40);
	int64_t us;

	if (!end || (size_t)(end - t) < TO_MINUTE)
		return false;
	if (memcmp(t, a->impl->minute, TO_MINUTE) == 0)
		return true;
	if (!stamp_parse(&us, t, (size_t)(end - t)))
		return false;
	memcpy(a->impl->minute, t, TO_MINUTE);
	(void)access_covered(a, us);
	return true;
}

/* ---- names ------------------------------------------------------------------------ */

/* The common name of a subject, where it reads as a host's. */
static uint32_t
common_name(struct access *a, const struct sval *subject)
{
	char t[LIM_TEXT], *cn, *end;

	if (subject->type != SVAL_STR || !sval_text(subject, t, sizeof(t)) ||
	    !(cn = strstr(t, "CN=")))
		return 0;
	cn += 3;
	if ((end = strpbrk(cn, ",+/")))
		*end = 0;
	return strchr(cn, '.') && !strpbrk(cn, " *@") ? access_keep_text(a, cn, strlen(cn)) : 0;
}

static void
named(struct access *a, struct access_note *n, const struct rec *r)
{
	const struct access_service *s;
	const char *product = NULL, *kind = NULL;
	struct sval v, x;
	char text[128], word[64];

	if (!n->name && (scan_get(&r->detail, "sni", &v) || scan_get(&r->detail, "hostname", &v)))
		n->name = access_keep(a, &v);
	if (!n->name && scan_get(&r->detail, "subject", &v))
		n->name = common_name(a, &v);
	if (n->service)
		return;
	if (scan_get(&r->detail, "remote_access", &v) && v.type == SVAL_OBJ &&
	    scan_get(&v, "product", &x) && sval_text(&x, text, sizeof(text)) &&
	    scan_get(&v, "kind", &x) && sval_text(&x, word, sizeof(word))) {
		product = text;
		kind = word;
	} else if (n->name && (s = access_service(a->impl->rules, access_text(a, n->name),
	    a->pool.len[n->name]))) {
		product = s->product;
		kind = s->kind;
	}
	if (!product)
		return;
	n->service = access_keep_text(a, product, strlen(product));
	n->remote = access_kind(a->impl->rules, kind);
}

static void
dns(struct access *a, const struct rec *r)
{
	struct sval name, list, one, v;
	struct addr ip;
	struct scan s;

	if (!scan_get(&r->detail, "answers", &list) || list.type != SVAL_ARR)
		return;
	name.type = SVAL_NONE;
	if (scan_get(&r->detail, "queries", &v)) {
		scan_in(&s, &v);
		if (scan_elem(&s, &one))
			(void)scan_get(&one, "rrname", &name);
	}
	if (name.type != SVAL_STR)
		(void)scan_get(&r->detail, "rrname", &name);
	for (scan_in(&s, &list); name.type == SVAL_STR && scan_elem(&s, &one); )
		if (scan_get(&one, "rdata", &v) && v.type == SVAL_STR &&
		    addr_parse(&ip, v.p, v.n))
			access_named(a, &ip, &name);
}

static void
weak(struct access_note *n, const struct rec *r)
{
	struct sval list, x;
	struct scan s;

	if (!scan_get(&r->detail, "weak", &list) || list.type != SVAL_ARR)
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); )
		n->clear |= sval_is(&x, "clear") || sval_is(&x, "unencrypted");
}

static void
topics(struct access *a, const struct access_note *n, const struct rec *r)
{
	const struct addr *in = n->inward ? &n->dst : &n->src, *out = n->inward ? &n->src : &n->dst;
	struct access_egress *g;
	struct sval v, list;
	struct scan s;

	/* a broker of ours that is asked from outside is no traffic to the outside */
	if (n->inward || r->us < a->from || r->us >= a->to)
		return;
	if (!(g = access_egress_of(a, in, out, n->name, n->app, n->transport, n->dport, r->us)))
		return;
	if (!g->at.cnt)
		g->at = n->at;
	g->events++;
	g->credential |= n->credential;
	if (scan_path(&r->detail, "publish.topic", &v))
		access_topic(a, g, &v);
	if (scan_path(&r->detail, "subscribe.topics", &list) && list.type == SVAL_ARR)
		for (scan_in(&s, &list); scan_elem(&s, &v); ) {
			if (v.type == SVAL_OBJ && !scan_get(&v, "topic", &v))
				continue;
			access_topic(a, g, &v);
		}
}

/* What an event of the application says of its flow. */
static void
told(struct access *a, const struct rec *r)
{
	struct access_note *n;
	struct sval v;

	if (sval_is(&r->type, "dns")) {
		dns(a, r);
		return;
	}
	if (r->detail.type != SVAL_OBJ || !(n = access_note(a, r, true)))
		return;
	if (sval_is(&r->type, "credential")) {
		n->credential = true;
		return;
	}
	named(a, n, r);
	weak(n, r);
	if (!n->software && sval_is(&r->type, "ssh") && scan_path(&r->detail, n->inward ?
	    "client.software_version" : "server.software_version", &v))
		n->software = access_keep(a, &v);
	if (sval_is(&r->type, "mqtt"))
		topics(a, n, r);
	access_note_learnt(a, n);
}

/* ---- a line ------------------------------------------------------------------------ */

static bool
blank(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != ' ' && p[i] != '\t' && p[i] != '\r')
			return false;
	return true;
}

/* TCP whose first packet was not there to be seen. */
static bool
midstream(const struct rec *r)
{
	struct sval tcp, v;

	return sval_is(&r->proto, "TCP") && scan_get(&r->line, "tcp", &tcp) &&
	    tcp.type == SVAL_OBJ && !(scan_get(&tcp, "syn", &v) && v.type == SVAL_TRUE);
}

bool
access_line(struct access *a, const char *p, size_t n, struct err *e)
{
	const char *why = "", *type;
	struct rec r;
	size_t len;

	a->lines++;
	if ((type = glance_type(p, n, &len)) && !of_interest(a, type, len) &&
	    glance_time(a, p, n)) {
		a->passed++;
		return true;
	}
	if (blank(p, n))
		return true;
	switch (rec_read_noting(&r, p, n, &a->impl->tape, &why)) {
	case REC_OK:
		break;
	case REC_OTHER:
		a->passed++;
		return true;
	case REC_BAD:
		return err_set(e, "not JSON: %s", why);
	}
	if (r.kind == REC_ZEEK) {
		a->foreign++;
		return true;
	}
	if (!r.has_time) {
		a->untimed++;
		return true;
	}
	(void)access_covered(a, r.us);
	if (!r.src.v || !r.dst.v || addr_multicast(&r.dst)) {
		a->passed++;
		return true;
	}
	a->events++;
	if (r.has_flow)
		access_flow(a, &r, midstream(&r));
	else if (r.type.type == SVAL_STR && of_interest(a, r.type.p, r.type.n))
		told(a, &r);
	return true;
}
