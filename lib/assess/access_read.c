/* access_read.c: a line of events: is it of interest, and what does it say?
 *
 * Most lines of a stream are reads of values inside the site. Of those a glance at the
 * time and the type must do: they are not taken apart, and not checked as JSON beyond
 * that glance. */
#include "assess/access_impl.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "base/stamp.h"

#include <string.h>

/* Types that say a name or a secret beside those of access.json. */
static const char *const telling[] = { "flow", "tls", "quic", "dtls", "http", "dns", "mqtt",
	"credential", NULL };

static void
letter(struct access_impl *x, const char *type)
{
	size_t n = strlen(type);

	if (n && n < sizeof(x->letters) / sizeof(x->letters[0]) && ascii_letter(*type))
		x->letters[n] |= 1u << (ascii_lower(*type) - 'a');
}

void
access_read_begin(struct access *a)
{
	const struct access_proto *p;

	for (int i = 0; telling[i]; i++)
		letter(a->impl, telling[i]);
	for (size_t i = 0; (p = access_proto_nth(a->impl->rules, i)); i++)
		letter(a->impl, p->app);
}

static bool
of_interest(const struct access *a, const char *type, size_t n)
{
	if (!n || n >= sizeof(a->impl->letters) / sizeof(a->impl->letters[0]) ||
	    !ascii_letter(*type) || !(a->impl->letters[n] >> (ascii_lower(*type) - 'a') & 1))
		return false;
	for (int i = 0; telling[i]; i++)
		if (strncmp(telling[i], type, n) == 0 && !telling[i][n])
			return true;
	return access_proto(a->impl->rules, type, n) != NULL;
}

/* ---- a glance ------------------------------------------------------------------- */

static const char open_time[] = "{\"timestamp\":\"", then_type[] = ",\"event_type\":\"";
enum { OPEN = sizeof(open_time) - 1, THEN = sizeof(then_type) - 1, TO_MINUTE = 16, UTC_TIME = 31,
	GLANCE = 512 };

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

/* The text of a member of the record itself, up to its quote; NULL: not seen at a glance.
 * Between p and it there may be whole objects, with none in them; where a text has a brace
 * or a backslash in it, the line is read. */
static const char *
glance_text(const char *p, const char *end, const char *key, size_t n)
{
	const char *at = memmem(p, (size_t)(end - p), key, n), *open, *close;

	if (!at || memchr(p, '\\', (size_t)(at - p)))
		return NULL;
	for (; (open = memchr(p, '{', (size_t)(at - p))); p = close + 1) {
		open++;
		if (!(close = memchr(open, '}', (size_t)(at - open))) ||
		    memchr(open, '{', (size_t)(close - open)))
			return NULL;
	}
	return memchr(p, '}', (size_t)(at - p)) ? NULL : at + n;
}

static bool
glance_inside(struct access *a, const char *text, const char *end)
{
	const char *quote = memchr(text, '"', (size_t)(end - text));
	struct addr ip;

	return quote && addr_parse(&ip, text, (size_t)(quote - text)) &&
	    !access_party(a, &ip)->outside;
}

/* Whether it went on inside the site, between two addresses. Answers of DNS matter
 * wherever they are. */
static bool
glance_within(struct access *a, const char *p, const char *type, size_t len, size_t n)
{
	static const char src[] = ",\"src_ip\":\"", dst[] = ",\"dest_ip\":\"";
	const char *end = p + (n < 2 * GLANCE ? n : 2 * GLANCE), *s, *d;

	if (len == 3 && memcmp(type, "dns", 3) == 0)
		return false;
	if (!(s = glance_text(type + len, end, src, sizeof(src) - 1)) ||
	    !(d = glance_text(s, end, dst, sizeof(dst) - 1)))
		return false;
	return glance_inside(a, s, end) && glance_inside(a, d, end);
}

/* Many lines have the same minute: then its quarter of an hour is known already, and of
 * the times in it texts tell which is the first and the last. */
static bool
glance_time(struct access *a, const char *p, size_t n)
{
	const int64_t minute = 60000000;
	struct access_impl *x = a->impl;
	const char *t = p + OPEN;
	int64_t us;

	if (t[UTC_TIME] != '"' || memcmp(t + UTC_TIME - 5, "+0000", 5) != 0)
		return false;
	if (memcmp(t, x->minute, TO_MINUTE) == 0) {
		if (memcmp(t, x->latest, UTC_TIME) > 0)
			memcpy(x->latest, t, UTC_TIME);
		return true;
	}
	if (!stamp_parse(&us, t, UTC_TIME))
		return false;
	access_glanced(a);
	(void)access_covered(a, us);
	/* a minute that the period cuts in two is looked at line by line */
	if (us >= minute && us - minute >= a->from && us < a->to - minute) {
		memcpy(x->minute, t, TO_MINUTE);
		memcpy(x->latest, t, UTC_TIME);
	}
	return true;
}

/* What was last seen of the minute. */
void
access_glanced(struct access *a)
{
	int64_t us;

	if (a->impl->minute[0] && stamp_parse(&us, a->impl->latest, UTC_TIME))
		(void)access_covered(a, us);
	a->impl->minute[0] = 0;
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
	if ((type = glance_type(p, n, &len)) && (!of_interest(a, type, len) ||
	    glance_within(a, p, type, len, n)) && glance_time(a, p, n)) {
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
