/* again.c: what records of a flow do, looked up by kinds of records and where their values stand.
 *
 * A lookup is short, and what it leads to is far apart: what is to be counted waits some lines,
 * while the stations, the link and their lists come from memory. */
#include "inv/again_impl.h"

#include "base/among.h"
#include "base/digits.h"
#include "base/pages.h"
#include "base/prefetch.h"
#include "base/stamp.h"
#include "inv/merge.h"
#include "inv/names.h"

#include <endian.h>
#include <string.h>

struct again *
again_new(void)
{
	return pages_new_far(sizeof(struct again));
}

void
again_free(struct again *a)
{
	pages_free(a, sizeof(*a));
}

/* ---- what is told apart ----------------------------------------------------------------- */

/* Eight bytes of a word, with zeros behind its end; at its place 0, 8, ... of n. */
static inline uint64_t
eight(const char *p, size_t i, size_t n, const char *end)
{
	uint64_t x = 0;

	if (i >= n)
		return 0;
	if (end - p < (ptrdiff_t)i + 8) {
		memcpy(&x, p + i, n - i);       /* fewer: it ends within the line */
		return le64toh(x);
	}
	memcpy(&x, p + i, 8);
	return n - i < 8 ? le64toh(x) & ((UINT64_C(1) << (n - i) * 8) - 1) : le64toh(x);
}

static inline bool
cell(uint64_t *c, unsigned words, const struct rec_trail *l, uint8_t at)
{
	const char *p;
	size_t n;

	if (at == NOWHERE)
		return true;
	p = l->line.p + l->v.v[at].at;
	n = l->v.v[at].n;
	for (unsigned i = 0; i < words; i++)
		c[i] = eight(p, i * 8u, n, l->line.p + l->line.n);
	return n <= words * 8u;
}

static inline uint64_t
mixed(uint64_t h, const uint64_t x[2])
{
	return (h ^ x[0] ^ (x[1] << 7 | x[1] >> 57)) * UINT64_C(0xff51afd7ed558ccd);
}

struct act *
again_act(struct again *a, const struct plan *p, const struct rec_trail *l, uint8_t how)
{
	struct act k = { .kind = p->kind, .words = { how } }, *x;
	uint64_t h, other = 0;

	if (!cell(k.words, OP_WORDS, l, p->ot[OT_OP]) ||
	    !cell(k.words + OP_WORDS, ACT_WORDS - OP_WORDS, l, p->ot[OT_RESULT]))
		return NULL;
	h = k.kind * UINT64_C(0x9e3779b97f4a7c15);
	for (unsigned i = 0; i < ACT_WORDS; i += 2)
		h = mixed(h, k.words + i);
	x = &a->act[h >> 54];
	for (unsigned i = 0; i < ACT_WORDS; i++)
		other |= x->words[i] ^ k.words[i];
	if (x->kind != k.kind || other)
		*x = k;
	return x;
}

static struct deed *
deed_find(struct again *a, uint32_t pair, uint64_t key)
{
	size_t set = again_set(pair);
	unsigned m = among16(a->set[set].key, key);

	return m ? &a->deed[set][__builtin_ctz(m)] : NULL;
}

struct deed *
again_put(struct inv *v, uint32_t pair, uint64_t key, const struct deed *d)
{
	struct again *a = v->again;
	size_t set = again_set(pair);
	unsigned i;

	for (i = 0; i < WAYS && a->set[set].key[i] != key; i++)
		;
	if (i == WAYS)
		i = a->next[set]++ % WAYS;
	if (a->set[set].key[i])
		inv_again_done(v);      /* what waits may be the one that goes */
	a->set[set].key[i] = key;
	a->deed[set][i] = *d;
	return &a->deed[set][i];
}

/* What of a flow's counts says that both ends sent something. */
enum { SENT = 1 << 1, SENT_BACK = 1 << 2 };

/* The first flow of a pair that did something and was answered: all that its record moves is
 * there. */
static struct deed *
flow_alike(struct inv *v, uint32_t pair, const struct plan *p, uint8_t how, uint64_t key)
{
	const struct again *a = v->again;
	size_t set = again_set(pair);
	const char *app;
	struct deed d;

	if (!(how & SENT) || !(how & SENT_BACK))
		return NULL;
	for (int i = 0; i < WAYS; i++) {
		d = a->deed[set][i];
		if (a->set[set].key[i] >> 32 != pair || d.flow || d.turned || !d.heard ||
		    !d.app_said)
			continue;
		/* a flow's protocol may go by another name */
		app = inv_str(v, d.app);
		if (app_ours(v, app, strlen(app)) != d.app)
			return NULL;
		d.type = p->type_text;
		d.op = -1;
		d.flow = d.answered = true;
		d.unanswered = d.silent = d.has_unit = d.has_part = false;
		return again_put(v, pair, key, &d);
	}
	return NULL;
}

/* The pair did something else with the unit, and all that the act moves was there for it: then
 * the act does the same to it as it did elsewhere. */
static struct deed *
deed_alike(struct inv *v, uint32_t pair, const struct plan *p, const struct act *act, uint64_t key)
{
	const struct again *a = v->again;
	const uint64_t but_act = UINT64_C(0xffffffff0000ffff);
	size_t set = again_set(pair);
	struct deed d;

	for (int i = 0; i < WAYS; i++) {
		if ((a->set[set].key[i] & but_act) != (key & but_act))
			continue;
		d = a->deed[set][i];
		/* without a detail a record that does not say so is of no application */
		if (d.flow || !(d.app_said || p->detail) || d.type != p->type_text ||
		    unasked(d.op) != unasked(act->op_is) ||
		    d.has_unit != (p->ot[OT_UNIT] != NOWHERE) || d.heard < act->heard ||
		    d.unanswered > act->unanswered ||
		    (act->op_is == OP_REPORT && d.turned && !v->ln[d.link].pushed))
			continue;
		d.op = act->op_is;
		d.heard = act->heard;
		d.answered = d.turned || act->heard;
		d.unanswered = act->unanswered;
		d.silent = act->silent;
		d.has_part &= !act->unanswered;
		return again_put(v, pair, key, &d);
	}
	return NULL;
}

static bool
number_on(const struct rec_trail *l, uint8_t at, uint64_t *u)
{
	struct sval x = text_on(l, at);
	const char *q = digits_from(x.p, l->line.p + l->line.n, u);

	/* the rest is rare: 1e3, or more digits than are taken */
	return (q > x.p && q == x.p + x.n) || sval_uint(&x, u);
}

static bool
stamp_on(const struct rec_trail *l, uint8_t at, int64_t *us)
{
	struct sval x = text_on(l, at);

	return stamp_parse(us, x.p, x.n);
}

static uint32_t
text_as_before(struct inv *v, const struct rec_trail *l, uint8_t at, uint32_t *last)
{
	struct sval x;

	if (at == NOWHERE)
		return 0;
	x = text_on(l, at);
	return text_again(v, &x, last);
}

/* ---- once more -------------------------------------------------------------------------- */

void
inv_again_done(struct inv *v)
{
	struct again *a = v->again;

	if (a)
		while (a->out != a->in)
			again_do(v, &a->queue[a->out++ % WAITING]);
}

/* The place for the next one; it does not wait before put_off(). */
static struct waiting *
room(struct inv *v)
{
	struct again *a = v->again;

	if (a->in - a->out == WAITING)
		again_do(v, &a->queue[a->out++ % WAITING]);
	return &a->queue[a->in % WAITING];
}

static void
put_off(struct inv *v)
{
	struct again *a = v->again;

	prefetch_change(a->queue[a->in++ % WAITING].d, sizeof(struct deed));
	if (a->in - a->out > WAITING - FAR)
		again_fetch_ends(v, a->queue[(a->in - (WAITING - FAR) - 1) % WAITING].d);
	if (a->in - a->out > WAITING - NEAR)
		again_fetch_lists(v, a->queue[(a->in - (WAITING - NEAR) - 1) % WAITING].d);
}

/* What was written, and what with. */
static void
written(struct inv *v, const struct plan *p, const struct rec_trail *l, struct waiting *w)
{
	struct sval object = text_on(l, p->ot[OT_OBJECT]), value;

	w->object = text_of(v, &object);
	if (p->has_value) {
		value = text_on(l, p->ot[OT_VALUE]);
		value.n = l->v.v[p->value_last].at + l->v.v[p->value_last].n -
		    l->v.v[p->ot[OT_VALUE]].at;
		if (p->text_value || p->list_value) {
			value.p--;                      /* its quotes or brackets */
			value.n += 2;
		}
		if (value.n <= WRITTEN_VALUE) {
			memcpy(v->again->values[v->again->in % WAITING], value.p, value.n);
			w->value_n = (uint16_t)value.n;
		}
	}
}

/* Whose the name is that was asked for. Nothing waits here: it is one list of them all. */
static void
named(struct inv *v, const struct plan *p, const struct rec_trail *l, const struct place *at)
{
	struct sval asked = text_on(l, p->asked), x;
	uint32_t name = 0;
	struct addr ip;

	for (int i = 0; i < p->nanswers; i++) {
		x = text_on(l, p->answer[i]);
		if (addr_parse(&ip, x.p, x.n) && (name || (name = text_of(v, &asked))))
			names_add(v, v->site, &ip, name, at, at->us);
	}
}

/* Blanks around a name do not count; of none the answers' own would be taken. */
static bool
is_named(const struct plan *p, const struct rec_trail *l)
{
	struct sval asked = text_on(l, p->asked);

	return asked.n && (uint8_t)asked.p[0] > ' ' && asked.p[0] != 0x7f;
}

static uint64_t
count_on(const struct plan *p, const struct rec_trail *l, int member, bool *ok)
{
	uint64_t u = 0;

	if (p->flow[member] != NOWHERE)
		*ok &= number_on(l, p->flow[member], &u);
	return u;
}

bool
again_flow(const struct plan *p, const struct rec_trail *l, struct waiting *w, uint8_t *how)
{
	bool ok = true;

	for (int i = 0; i < 2; i++) {
		w->pkts[i] = count_on(p, l, FLOW_PKTS + i, &ok);
		w->bytes[i] = count_on(p, l, FLOW_BYTES + i, &ok);
	}
	for (int i = FLOW_TTL; i < FLOW_MEMBERS; i++)
		ok &= !ttl_tells(count_on(p, l, i, &ok));
	/* flow_answered() */
	*how = (uint8_t)(1 | (w->pkts[0] > 0 ? SENT : 0) | (w->pkts[1] > 0 ? SENT_BACK : 0) |
	    (w->pkts[1] >= 2 && w->pkts[0] + w->pkts[1] >= 6) << 3);
	return ok;
}

/* Its record comes when it is over: it is known from its first packet. */
static bool
began(const struct plan *p, const struct rec_trail *l, struct waiting *w)
{
	bool ok = true;
	int64_t us;

	w->last = w->at;
	if (p->start == NOWHERE || !stamp_on(l, p->start, &us) || !us || us > w->at.us)
		return true;
	w->at.us = us;
	if (p->flow[FLOW_FIRST_CNT] != NOWHERE)
		w->at.cnt = count_on(p, l, FLOW_FIRST_CNT, &ok);
	return ok;
}

/* The evidence, and the sensor. */
static bool
place_on(struct inv *v, const struct plan *p, const struct rec_trail *l, struct place *at,
    uint32_t *host)
{
	if ((p->cnt != NOWHERE && !number_on(l, p->cnt, &at->cnt)) ||
	    !stamp_on(l, p->time, &at->us))
		return false;
	at->file = text_as_before(v, l, p->file, &v->last_file);
	at->iface = text_as_before(v, l, p->iface, &v->last_iface);
	*host = text_as_before(v, l, p->host, &v->last_host);
	return true;
}

static bool
claims_again(struct inv *v, const struct plan *p, const struct rec_trail *l)
{
	struct place at = { .cnt = 0 };
	uint32_t host;

	if (!p->is_claim || !place_on(v, p, l, &at, &host) || !again_claimed(v, p, l, &at))
		return false;
	v->records++;
	inv_cover(v, l->line.p, l->line.n, host, at.file ? at.file : at.iface, at.us);
	return true;
}

bool
inv_again(struct inv *v, const struct rec_trail *l)
{
	const struct plan *p;
	const struct act *act;
	struct waiting *w;
	uint64_t unit = 0, key;
	uint8_t how = 0;
	uint32_t host, pair;

	if (!v->again || (l->own && !l->own->id))
		return false;
	p = &v->again->plan[l->v.kind % PLANS];
	if (p->kind != l->v.kind || !p->counts || l->v.v[p->type].n != p->type_n ||
	    memcmp(l->line.p + l->v.v[p->type].at, p->type_is, p->type_n) != 0)
		return false;
	if (!l->own)
		return claims_again(v, p, l);
	w = room(v);
	w->at = (struct place){ .cnt = 0 };
	w->object = w->value_n = 0;
	if ((p->is_flow && !again_flow(p, l, w, &how)) ||
	    !(act = again_act(v->again, p, l, how)) || !act->id ||
	    (p->asked != NOWHERE && !is_named(p, l)) ||
	    (p->ot[OT_UNIT] != NOWHERE && !number_on(l, p->ot[OT_UNIT], &unit)))
		return false;
	if (unit > UINT16_MAX)
		return false;
	pair = l->own->id;
	key = again_key(pair, act, unit);
	if ((!(w->d = deed_find(v->again, pair, key)) &&
	    !(w->d = p->is_flow ? flow_alike(v, pair, p, how, key) :
	    deed_alike(v, pair, p, act, key))) || !place_on(v, p, l, &w->at, &host) ||
	    (p->is_flow && !began(p, l, w)))
		return false;
	v->records++;
	if (act->writes)
		written(v, p, l, w);
	if (p->asked != NOWHERE)
		named(v, p, l, &w->at);
	put_off(v);
	inv_cover(v, l->line.p, l->line.n, host, w->at.file ? w->at.file : w->at.iface,
	    p->is_flow ? w->last.us : w->at.us);
	return true;
}
