/* fox.c: Niagara Fox, the protocol of Tridium's stations (TCP 1911; on 4911 it
 * is inside TLS). Its maker has published no specification: what is decoded
 * here is what stations and workbenches are seen to say.
 *
 *      fox a 1 -1 fox hello\n          kind, number, number answered, channel, command
 *      {\n
 *      hostName=s:plant7\n             name, type of the value, value
 *      nonce=b:44[...44 bytes...]\n    blobs have their length before them
 *      };;\n
 *
 * The hello of both sides is one event and says who they are. User names,
 * nonces and digests are never written. */
#include "base/ascii.h"
#include "base/hash.h"
#include "proto/proto.h"

enum { HEAD_MAX = 256, BLOB_HEAD = 64, KINDS = 40 };

struct fox_state {
	uint8_t turn;
	uint32_t told[KINDS];           /* channel and command already told of, by hash */
};

struct fox_msg {
	char kind;                      /* a: alone, s: wants an answer, r: answers, e: refuses */
	int32_t seq, reply;
	struct text channel, command;
	struct rd body;
	bool hello;
};

enum line { LINE_MORE, LINE_BAD, LINE_END, LINE_FIELD };

/* ---- decoding ---- */

/* A word up to a blank or the end of t, which moves past it. */
static struct text
word(struct text *t)
{
	struct text w = { t->p, 0 };

	while (w.n < t->n && t->p[w.n] != ' ')
		w.n++;
	t->p += w.n;
	t->n -= w.n;
	if (t->n) {
		t->p++;
		t->n--;
	}
	return w;
}

static bool
number(struct text w, int32_t *v)
{
	bool neg = w.n && w.p[0] == '-';
	int32_t n = 0;

	if (w.n == neg || w.n > 9)
		return false;
	for (uint32_t i = neg; i < w.n; i++) {
		if (w.p[i] < '0' || w.p[i] > '9')
			return false;
		n = n * 10 + (w.p[i] - '0');
	}
	*v = neg ? -n : n;
	return true;
}

static bool
plain(struct text t)
{
	for (uint32_t i = 0; i < t.n; i++)
		if ((uint8_t)t.p[i] <= ' ' || (uint8_t)t.p[i] > '~')
			return false;
	return t.n > 0;
}

/* The line before the braces. LINE_FIELD when it was taken whole. */
static enum line
take_head(struct rd *r, struct fox_msg *m)
{
	uint32_t n = rd_have(r) < HEAD_MAX ? rd_have(r) : HEAD_MAX;
	const uint8_t *p = rd_at(r), *nl;
	struct text t;

	if (memcmp(p, "fox ", n < 4 ? n : 4) != 0)
		return LINE_BAD;
	nl = memchr(p, '\n', n);
	if (!nl) {
		for (uint32_t i = 0; i < n; i++)
			if (p[i] < ' ' || p[i] > '~')
				return LINE_BAD;
		return n == HEAD_MAX ? LINE_BAD : LINE_MORE;
	}
	n = (uint32_t)(nl - p);
	if (n < 4)
		return LINE_BAD;
	t = (struct text){ (const char *)p + 4, n - 4 };
	if (word(&t).n != 1)
		return LINE_BAD;
	m->kind = (char)p[4];
	if (!number(word(&t), &m->seq) || !number(word(&t), &m->reply))
		return LINE_BAD;
	m->channel = word(&t);
	m->command = word(&t);
	if (!plain(m->channel) || !plain(m->command) || t.n)
		return LINE_BAD;
	rd_skip(r, n + 1);
	if (rd_have(r) < 2)
		return rd_have(r) && rd_peek8(r, 0) != '{' ? LINE_BAD : LINE_MORE;
	if (rd_peek16(r, 0) != ('{' << 8 | '\n'))
		return LINE_BAD;
	rd_skip(r, 2);
	m->hello = m->command.n == 5 && memcmp(m->command.p, "hello", 5) == 0;
	return LINE_FIELD;
}

/* One field, or the end. */
static enum line
take_field(struct rd *r, struct text *key, struct text *value)
{
	uint32_t have = rd_have(r), n, at;
	const uint8_t *p = rd_at(r), *nl, *eq, *open;

	*key = *value = (struct text){ 0 };
	if (have < 4)
		return LINE_MORE;
	if (memcmp(p, "};;\n", 4) == 0) {
		rd_skip(r, 4);
		return LINE_END;
	}
	nl = memchr(p, '\n', have);
	n = nl ? (uint32_t)(nl - p) : have;
	eq = memchr(p, '=', n);
	if (eq && p + n - eq > 2 && eq[2] == ':')
		*key = (struct text){ (const char *)p, (uint32_t)(eq - p) };
	if (key->n && (eq[1] == 'b' || eq[1] == 'o')) {
		at = key->n + 3;
		n = have - at < BLOB_HEAD ? have - at : BLOB_HEAD;
		open = memchr(p + at, '[', n);
		if (!open)
			return n < BLOB_HEAD ? LINE_MORE : LINE_BAD;
		n = 0;
		for (const uint8_t *d = p + at; d < open; d++)
			n = ascii_digit(*d) && n < LIM_PDU ? n * 10 + (*d - '0') :
			    *d == ' ' ? 0 : n;
		at = (uint32_t)(open - p) + 1;
		if (n > LIM_PDU)
			return LINE_BAD;
		if (have < at + n + 2)
			return LINE_MORE;
		if (p[at + n] != ']' || p[at + n + 1] != '\n')
			return LINE_BAD;
		rd_skip(r, at + n + 2);
		return LINE_FIELD;      /* no blob is anything to write */
	}
	if (!nl)
		return LINE_MORE;
	if (key->n)
		*value = text_trim(eq + 3, n - key->n - 3);
	rd_skip(r, n + 1);
	return LINE_FIELD;
}

/* A whole message. */
static enum line
take_message(struct rd *r, struct fox_msg *m)
{
	struct text key, value;
	uint32_t from;
	enum line l;

	memset(m, 0, sizeof(*m));
	m->body = rd_init("", 0, 0);
	if (!rd_have(r))
		return LINE_MORE;
	l = take_head(r, m);
	from = r->off;
	while (l == LINE_FIELD)
		l = take_field(r, &key, &value);
	if (from <= r->off)
		m->body = rd_init(r->p + from, r->off - from, r->off - from);
	return l;
}

static ssize_t
fox_length(const struct rd *r)
{
	struct rd v = *r;
	struct fox_msg m;

	switch (take_message(&v, &m)) {
	case LINE_END:
		return (ssize_t)(v.off - r->off);
	case LINE_MORE:
		return 0;
	default:
		return -1;
	}
}

/* ---- events ---- */

enum { F_VERSION, F_HOSTNAME, F_ADDRESS, F_APP, F_APP_VERSION, F_VM, F_VM_VERSION, F_OS,
       F_OS_VERSION, F_STATION, F_LANG, F_HOST_ID, F_UUID, F_BRAND, F_N };
static const char *const hello_keys[F_N] = {
	"fox.version", "hostName", "hostAddress", "app.name", "app.version", "vm.name",
	"vm.version", "os.name", "os.version", "station.name", "lang", "hostId", "vmUuid",
	"brandId",
};

static bool
is(struct text t, const char *s)
{
	return t.n == strlen(s) && memcmp(t.p, s, t.n) == 0;
}

static bool
begins(struct text t, const char *s)
{
	return t.n >= strlen(s) && memcmp(t.p, s, strlen(s)) == 0;
}

static void
read_hello(struct rd body, struct text *f)
{
	struct text key, value;

	memset(f, 0, F_N * sizeof(*f));
	while (take_field(&body, &key, &value) == LINE_FIELD)
		for (int i = 0; i < F_N; i++)
			if (is(key, hello_keys[i]) && !f[i].n)
				f[i] = value;
}

static void
put_hello(struct ev *e, const struct text *f)
{
	ev_str(e, "version", f[F_VERSION]);
	ev_str(e, "hostname", f[F_HOSTNAME]);
	ev_str(e, "address", f[F_ADDRESS]);
	ev_str(e, "app_name", f[F_APP]);
	ev_str(e, "app_version", f[F_APP_VERSION]);
	ev_str(e, "vm_name", f[F_VM]);
	ev_str(e, "vm_version", f[F_VM_VERSION]);
	ev_str(e, "os_name", f[F_OS]);
	ev_str(e, "os_version", f[F_OS_VERSION]);
	ev_str(e, "station", f[F_STATION]);
	ev_str(e, "language", f[F_LANG]);
	ev_str(e, "host_id", f[F_HOST_ID]);
	ev_str(e, "vm_uuid", f[F_UUID]);
	ev_str(e, "brand", f[F_BRAND]);
	ev_end(e);
}

/* A host id's second part names the platform: "Qnx-NPM6-0000-1490-C30C". */
static struct text
platform(struct text id)
{
	struct text t = id;

	if (!begins(id, "Qnx-"))
		return (struct text){ 0 };
	t.p += 4;
	t.n -= 4;
	for (uint32_t i = 0; i < t.n; i++)
		if (t.p[i] == '-')
			t.n = i;
	return t;
}

static void
identify(struct ev *e, const struct text *f, enum ident_of who)
{
	struct ident *i = ev_identity(e, "fox.hello", who);
	bool station = is(f[F_APP], "Station");

	i->vendor = f[F_BRAND].n ? f[F_BRAND] : TEXT("Tridium");
	if (f[F_APP].n)
		i->product = ev_text(e, "Niagara %.*s", (int)f[F_APP].n, f[F_APP].p);
	i->model = platform(f[F_HOST_ID]);
	i->firmware = f[F_APP_VERSION];
	i->serial = f[F_HOST_ID];
	i->hostname = f[F_STATION].n ? f[F_STATION] : f[F_HOSTNAME];
	if (f[F_OS].n)
		i->os = ev_text(e, "%.*s%s%.*s", (int)f[F_OS].n, f[F_OS].p,
		    f[F_OS_VERSION].n ? " " : "", (int)f[F_OS_VERSION].n, f[F_OS_VERSION].p);
	if (station)
		i->role = i->model.n ? TEXT("building-controller") : TEXT("building-supervisor");
	else if (is(f[F_APP], "Workbench"))
		i->role = TEXT("engineering");
}

static enum ot_op
op_of(const struct fox_msg *m)
{
	static const struct { const char *s; enum ot_op op; } by_command[] = {
		{ "hello", OT_IDENTIFY }, { "challenge", OT_AUTH }, { "auth", OT_AUTH },
		{ "login", OT_AUTH }, { "rejected", OT_AUTH }, { "welcome", OT_CONNECT },
		{ "close", OT_CONNECT }, { "open", OT_CONNECT }, { "invoke", OT_COMMAND },
		{ "set", OT_WRITE }, { "write", OT_WRITE }, { "add", OT_CONFIGURE },
		{ "remove", OT_CONFIGURE }, { "rename", OT_CONFIGURE }, { "put", OT_PROGRAM },
		{ "delete", OT_CONFIGURE }, { "restart", OT_COMMAND }, { "reboot", OT_COMMAND },
		{ "save", OT_COMMAND }, { "ack", OT_COMMAND }, { "sub", OT_SUBSCRIBE },
		{ "unsub", OT_SUBSCRIBE }, { "event", OT_REPORT }, { "load", OT_READ },
		{ "get", OT_READ }, { "read", OT_READ }, { "list", OT_READ },
		{ "resolve", OT_READ },
	};

	for (size_t i = 0; i < sizeof(by_command) / sizeof(by_command[0]); i++)
		if (begins(m->command, by_command[i].s))
			return by_command[i].op;
	return OT_OTHER;
}

static struct ev *
begin(struct dctx *c, const struct fox_msg *m, const struct when *at, int side)
{
	struct ev *e = ev_begin(c, "fox", at, side);

	ev_cstr(e, "kind", m->kind == 'a' ? "async" : m->kind == 's' ? "sync" :
	    m->kind == 'r' ? "reply" : m->kind == 'e' ? "error" : NULL);
	ev_str(e, "channel", m->channel);
	ev_str(e, "command", m->command);
	e->ot.op = op_of(m);
	e->ot.service = m->command;
	e->ot.object = m->channel;
	return e;
}

/* A client's hello as it waits: the fields that are written, one after another. */
struct waiting { uint8_t n[F_N]; char bytes[PEND_DATA - F_N]; };

static void
pack(struct waiting *w, const struct text *f, size_t *size)
{
	size_t at = 0;

	for (int i = 0; i < F_N; i++) {
		size_t n = f[i].n < 64 ? f[i].n : 64;

		if (n > sizeof(w->bytes) - at)
			n = sizeof(w->bytes) - at;
		w->n[i] = (uint8_t)n;
		if (n)
			memcpy(w->bytes + at, f[i].p, n);
		at += n;
	}
	*size = offsetof(struct waiting, bytes) + at;
}

static void
unpack(const struct waiting *w, struct text *f)
{
	const char *p = w->bytes;

	for (int i = 0; i < F_N; p += w->n[i++])
		f[i] = (struct text){ p, w->n[i] };
}

/* Of the client, of the server, or both. */
static void
hello_event(struct dctx *c, const struct waiting *q, const struct when *at,
    const struct fox_msg *a)
{
	static const struct fox_msg hello = { .kind = 'a', .channel = { "fox", 3 },
	    .command = { "hello", 5 } };
	struct text mine[F_N], theirs[F_N];
	struct ev *e = begin(c, &hello, at, 0);

	if (q) {
		unpack(q, mine);
		ev_obj(e, "client");
		put_hello(e, mine);
		identify(e, mine, EV_SRC);
	}
	if (a) {
		read_hello(a->body, theirs);
		ev_obj(e, "server");
		put_hello(e, theirs);
		identify(e, theirs, EV_DEST);
		e->ot.object = theirs[F_STATION];
	}
	if (q && a)
		ev_answered(e, c, at);
	else if (a)
		e->ot.result = TEXT("ok");
	else
		ev_unanswered(e, c);
	ev_emit(e);
}

/* What proves that it is the user comes digested or ciphered. */
static void
tell_user(struct ev *e)
{
	ev_bool(e, "user_name", true);
	ev_credential(e, CRED_USER_NAME, CRED_CLEAR);
}

static void
put_fields(struct ev *e, const struct fox_msg *m)
{
	struct rd body = m->body;
	struct text key, value;

	while (take_field(&body, &key, &value) == LINE_FIELD) {
		if (is(key, "method"))
			ev_str(e, "method", value);
		else if (is(key, "user") || is(key, "userName") || is(key, "username"))
			tell_user(e);
		else
			continue;
		break;                  /* one is enough, and a key is written once */
	}
}

/* What goes to and fro all day is told once; what changes something always. */
static bool
is_news(struct dctx *c, const struct fox_msg *m, enum ot_op op)
{
	struct fox_state *s = c->state;
	uint32_t hash = HASH32_BEGIN ^ (uint32_t)c->side;

	if (op == OT_WRITE || op == OT_COMMAND || op == OT_CONFIGURE || op == OT_PROGRAM ||
	    op == OT_AUTH || m->kind == 'e')
		return true;
	hash = hash32_bytes(hash, m->channel.p, m->channel.n);
	hash = hash32_bytes(hash, m->command.p, m->command.n);
	hash |= 1;
	for (unsigned i = 0; i < KINDS; i++)
		if (s->told[i] == hash)
			return false;
	s->told[s->turn] = hash;
	s->turn = (uint8_t)((s->turn + 1) % KINDS);
	return true;
}

static enum verdict
fox_dissect(struct dctx *c, struct rd *r)
{
	struct text mine[F_N];
	struct waiting w;
	struct fox_msg m;
	size_t n;
	struct pend *p;
	struct ev *e;

	if (take_message(r, &m) != LINE_END) {
		if (c->cut)
			return DIS_OK;
		c->why = "FRAME_INVALID";
		return DIS_BAD;
	}
	if (m.hello && c->side == 0) {
		read_hello(m.body, mine);
		pack(&w, mine, &n);
		pend_put(c, 0, &w, n);
		return DIS_OK;
	}
	if (m.hello) {
		p = pend_find(c, 0);
		if (p) {
			hello_event(c, (const struct waiting *)p->data, &p->when, &m);
			pend_done(c, p);
		} else {
			hello_event(c, NULL, &c->when, &m);
		}
		return DIS_OK;
	}
	if (begins(m.command, "keepAlive") || m.kind == 'r' || !is_news(c, &m, op_of(&m)))
		return DIS_OK;
	e = begin(c, &m, &c->when, c->side);
	if (e->ot.op == OT_AUTH)
		put_fields(e, &m);
	if (m.kind == 'e' || is(m.command, "rejected"))
		e->ot.result = m.kind == 'e' ? TEXT("error") : TEXT("rejected");
	ev_emit(e);
	return DIS_OK;
}

static void
fox_expire(struct dctx *c, struct pend *p)
{
	hello_event(c, (const struct waiting *)p->data, &p->when, NULL);
}

static ssize_t
fox_frame(const struct dctx *c, const struct rd *r)
{
	return fox_length(r);
}

static enum probe
fox_probe(struct probe_in *in)
{
	struct fox_msg m;
	enum line l[2];

	for (int i = 0; i < 2; i++) {
		struct rd v = in->side[i];

		l[i] = take_message(&v, &m);
		if (l[i] == LINE_BAD)
			return PROBE_NO;
		/* a client speaks first, and a station's hello names itself */
		if (i == 0 && l[0] == LINE_END && m.hello && !rd_left(&in->side[1])) {
			struct text f[F_N];
			read_hello(m.body, f);
			in->reversed = f[F_STATION].n > 0;
		}
	}
	return l[0] == LINE_END || l[1] == LINE_END ? PROBE_YES : PROBE_MORE;
}

static const struct hint hints[] = {
	{ HINT_TCP, 1911 }, { HINT_END, 0 },
};

#define HELLO(p)                                                                                   \
	{ "fox." p ".version", "string", "version of Fox" },                                       \
	    { "fox." p ".hostname", "string", "the host's name" },                                 \
	    { "fox." p ".address", "string", "the host's address as it knows it" },                \
	    { "fox." p ".app_name", "string", "Station or Workbench" },                            \
	    { "fox." p ".app_version", "string", "version of Niagara" },                           \
	    { "fox." p ".vm_name", "string", "Java machine" },                                     \
	    { "fox." p ".vm_version", "string", "its version" },                                   \
	    { "fox." p ".os_name", "string", "operating system" },                                 \
	    { "fox." p ".os_version", "string", "its version" },                                   \
	    { "fox." p ".station", "string", "the station's name" },                               \
	    { "fox." p ".language", "string", "language" },                                        \
	    { "fox." p ".host_id", "string", "host id, to which the licence is tied" },            \
	    { "fox." p ".vm_uuid", "string", "id of this start of the program" },                  \
	{ "fox." p ".brand", "string", "whose brand it is sold under" }

static const struct field fields[] = {
	{ "fox.kind", "string", "async, sync, reply or error" },
	{ "fox.channel", "string", "channel: fox, broker, file, history, ..." },
	{ "fox.command", "string", "command on that channel" },
	HELLO("client"),
	HELLO("server"),
	{ "fox.method", "string", "how the station wants the user to authenticate" },
	{ "fox.user_name", "boolean", "a user name was sent; it is never written" },
	{ NULL },
};

const struct dissector fox_dissector = {
	.name = "fox",
	.title = "Niagara Fox",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct fox_state),
	.probe = fox_probe,
	.frame = fox_frame,
	.dissect = fox_dissect,
	.expire = fox_expire,
};
