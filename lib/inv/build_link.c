/* build_link.c: what one event says of the link between its ends. */
#include "inv/build_impl.h"

#include "inv/recall.h"
#include "inv/written.h"

#include <stdio.h>
#include <string.h>

bool
writes(const struct in *in)
{
	return in->op >= OP_WRITE && in->op <= OP_CONFIGURE && !in->refused &&
	    (!in->unanswered || (in->f && in->unseen));
}

static void
wrote(struct in *in, struct link *l, const struct place *last)
{
	struct wrote w = { .count = 1, .first = in->at, .last = *last };

	if (!writes(in))
		return;
	w.op = pool_cstr(&in->v->pool, op_names[in->op]);
	for (uint32_t i = 0; in->f && i < in->f->nwrote; i++) {
		w.object = in->f->wrote[i].object;
		w.value = in->f->wrote[i].value;
		written_add(in->v, l, &w, true);
	}
	if (in->object.type != SVAL_STR || gives_addresses(&in->r->type))
		return;
	w.object = text_of(in->v, &in->object);
	w.value = in->value;
	written_add(in->v, l, &w, true);
}

static bool
flag_at(const struct sval *o, const char *path)
{
	struct sval x;

	return o->type == SVAL_OBJ && scan_path(o, path, &x) && x.type == SVAL_TRUE;
}

uint32_t
text_at(struct in *in, const struct sval *o, const char *path)
{
	struct sval x;

	return o->type == SVAL_OBJ && scan_path(o, path, &x) ? text_of(in->v, &x) : 0;
}

/* What cryptography or protection was found wanting, and whose remote access the
 * server's name stands for. Who looks a name up has not gone there. */
static void
noted(struct in *in, struct link *l)
{
	const struct rec *r = in->r;
	struct sval list, x;
	struct scan s;
	char t[LIM_TEXT], type[48], word[48];
	int n;

	if (r->detail.type != SVAL_OBJ)
		return;
	if (scan_get(&r->detail, "weak", &list) && list.type == SVAL_ARR) {
		(void)sval_text(&r->type, type, sizeof(type));
		for (scan_in(&s, &list); scan_elem(&s, &x); ) {
			if (x.type != SVAL_STR || !sval_text(&x, word, sizeof(word)))
				continue;
			n = snprintf(t, sizeof(t), "%s:%s", type, word);
			link_weak(in->v, l, inv_text(in->v, t, (size_t)n));
		}
	}
	if (!sval_is(&r->type, "dns") && scan_get(&r->detail, "remote_access", &x) &&
	    x.type == SVAL_OBJ)
		link_remote(in->v, l, &(struct remote_use){ .product = text_at(in, &x, "product"),
		    .vendor = text_at(in, &x, "vendor"), .kind = text_at(in, &x, "kind") });
}

bool
noted_never(const struct in *in)
{
	const struct rec *r = in->r;
	struct sval x;

	if (housekeeping(&r->type) || sval_is(&r->type, "tls") || sval_is(&r->type, "credential"))
		return false;
	return r->detail.type != SVAL_OBJ || (!scan_get(&r->detail, "weak", &x) &&
	    (sval_is(&r->type, "dns") || !scan_get(&r->detail, "remote_access", &x)) &&
	    !scan_path(&r->detail, "connect.flags", &x));
}

static struct link *
this_link(struct in *in)
{
	struct recalled *x = in->known;
	struct link *l = x && x->link != INV_NONE ? &in->v->ln[x->link] : NULL;

	if (l && l->c == in->client && l->s == in->server && l->app == in->app &&
	    l->transport == in->transport && l->port == in->port && l->guess == in->guess)
		return l;
	l = inv_link(in->v, in->client, in->server, in->app, in->transport, in->port, in->guess);
	if (l)
		l->encrypted |= in->app && app_encrypted(inv_str(in->v, in->app));
	if (l && x)
		x->link = (uint32_t)(l - in->v->ln);
	return l;
}

void
link_of(struct in *in, bool answered)
{
	struct place last = { in->r->us, in->at.file, in->at.iface, in->r->pcap_cnt };
	const struct rec *r = in->r;
	struct sval x;
	struct link *l = this_link(in);

	if (!l)
		return;
	in->link = (uint32_t)(l - in->v->ln);
	link_seen(in->v, l, &in->at, &last);
	l->answered |= answered;
	if (r->has_flow) {
		l->flows += in->times;
		for (int k = 0; k < 2; k++) {
			l->packets[k] += r->flow.pkts[k];
			l->bytes[k] += r->flow.bytes[k];
		}
	} else {
		l->events += in->times;
	}
	if (in->op >= 0)
		l->ops[in->op] += in->times;
	l->pushed |= in->op == OP_REPORT && !r->has_flow && in->src == in->server;
	if (in->has_ot && in->unanswered && !in->unseen)
		l->no_response++;
	wrote(in, l, &last);
	/* our own event, or EVE's words */
	if (sval_is(&r->type, "credential") || (sval_is(&r->type, "mqtt") &&
	    (flag_at(&r->detail, "connect.flags.username") ||
	    flag_at(&r->detail, "connect.flags.password"))))
		l->cleartext_credentials |= !l->encrypted;
	noted(in, l);
	if (sval_is(&r->type, "tls") && scan_get(&r->detail, "sni", &x)) {
		link_name(in->v, l, text_of(in->v, &x));
		inv_word(in->v, in->server, F_NAME, text_of(in->v, &x),
		    pool_cstr(&in->v->pool, "tls.sni"), &in->at, r->us);
	}
}
