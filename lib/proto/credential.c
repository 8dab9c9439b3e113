/* credential.c: secrets that went by in clear are events of their own, so that a
 * reader needs no knowledge of the protocols: who sent it to whom, in which
 * protocol, and what kind it was. The secret itself never gets here. */
#include "base/hash.h"
#include "proto/engine_impl.h"

static const struct text kinds[] = { TEXT("password"), TEXT("community"), TEXT("token"),
	TEXT("user_name"), TEXT("challenge") };
static const struct text forms[] = { TEXT("clear"), TEXT("encoded"), TEXT("digest") };

/* Once a flow for each kind and form. Without a flow, once for each sender while
 * the sender stays in its slot. */
static bool
is_news(struct dctx *c, enum cred_kind kind, enum cred_form form)
{
	unsigned bit = kind * 3u + form;

	if (c->flow) {
		if (c->flow->credentials & 1u << bit)
			return false;
		c->flow->credentials |= (uint16_t)(1u << bit);
		return true;
	}
	if (!c->k)
		return false;

	uint64_t h = 0x9e3779b97f4a7c15u * (1u + bit + 16u * engine_index(c->self));
	const uint8_t *who = c->k->src.v ? c->k->src.b : c->k->src_mac;

	h = hash_bytes(h, who, c->k->src.v ? 16 : 6);
	uint64_t *slot = &c->eng->cred[h >> 32 & (CRED_N - 1)];
	if (*slot == h)
		return false;
	*slot = h;
	return true;
}

void
proto_credential(struct dctx *c, enum cred_kind kind, enum cred_form form, bool shipped)
{
	struct dctx x = *c;
	struct ev *e;

	if (!is_news(c, kind, form))
		return;
	e = ev_begin(&x, "credential", &x.when, x.side);
	ev_cstr(e, "app_proto", c->self->name);
	ev_word(e, "kind", kinds[kind]);
	ev_word(e, "form", forms[form]);
	if (shipped)
		ev_bool(e, "default", true);
	x.self = NULL;          /* no event of the protocol's own count */
	x.eng->ev_ctx = &x;
	ev_emit(e);
}

enum { CRED_SAID = 0x80, CRED_FORMS = 3 };

void
ev_credential(struct ev *e, unsigned kind, unsigned form)
{
	e->cred = (uint8_t)(CRED_SAID | (kind * CRED_FORMS + form));
}

/* As the event that it is of: at the same time, from the same side. */
void
credential_after(struct engine *g)
{
	struct dctx x = *g->ev_ctx;
	unsigned word = g->ev.cred & ~CRED_SAID;

	g->ev.cred = 0;
	x.when = *g->ev_when;
	x.side = g->ev_side;
	proto_credential(&x, (enum cred_kind)(word / CRED_FORMS),
	    (enum cred_form)(word % CRED_FORMS), false);
}
