/* role_find.c: an asset's facts held against the rules of what it is. */
#include "inv/role_impl.h"

#include "inv/group.h"
#include "inv/link.h"

#include <stdlib.h>
#include <string.h>

/* One side of a link, among those of its asset in order of the peer. */
struct end { uint32_t peer, link; uint8_t side; };

/* Which rules ask for an application protocol, by side. */
struct app_rules { uint64_t side[3][RULES_MAX / 64]; };

struct role_finder {
	const struct inv *v;
	const struct roles *r;
	struct end *ends;
	uint32_t *start;                /* asset -> its first end */
	uint32_t *parts;                /* asset -> parts behind it */
	uint32_t ntext;
	uint32_t *slot;                 /* text -> apps + 1 */
	struct app_rules *apps; uint32_t napps, capps;
	uint8_t *known;                 /* text -> bits were worked out */
	struct bits *bits;
	uint16_t head[256], next[PATTERNS_MAX];         /* patterns by first letter; + 1 */
};

/* What a rule found on one asset's links. */
struct match {
	uint32_t n, peers, last_peer, app;
	uint16_t port;
	unsigned ops;
	struct place first;
};

/* What a word weighs by its source's rank. */
static const unsigned said_weight[8] = { 50, 10, 20, 30, 40, 50, 85, 85 };
enum { W_LISTED = 1, W_OUTSIDE = 5, W_CARRIES = 55, W_PARTS = 56, W_BEHAVIOUR = 60, W_MAC = 85, W_STATED = 5 };

/* ---- texts -------------------------------------------------------------------- */

static void
patterns_chain(struct role_finder *f)
{
	for (size_t i = f->r->npatterns; i-- > 0; ) {
		uint8_t c = (uint8_t)tolower((unsigned char)f->r->pattern[i][0]);
		f->next[i] = f->head[c];
		f->head[c] = (uint16_t)(i + 1);
	}
}

static void
holds(const struct role_finder *f, const char *s, uint8_t chain, struct bits *b)
{
	const char *p;
	size_t i, n;
	bool is;

	for (unsigned k = f->head[chain]; k; k = f->next[i]) {
		i = k - 1;
		p = f->r->pattern[i];
		n = strlen(p);
		/* "switch" is not "switched", but "CX1" is "CX1020" */
		is = chain == '*' ? strcasestr(s, p + 1) != NULL : strncasecmp(s, p, n) == 0 &&
		    !(isalpha((unsigned char)p[n - 1]) && islower((unsigned char)s[n]));
		if (is)
			b->b[i / 64] |= 1ULL << i % 64;
	}
}

/* Which patterns begin at a word of the text. */
static const struct bits *
text_bits(struct role_finder *f, uint32_t text)
{
	static const struct bits none;
	const char *s = inv_str(f->v, text), *p;
	struct bits *b;

	if (text >= f->ntext)
		return &none;
	b = &f->bits[text];
	if (f->known[text]++)
		return f->known[text] = 1, b;
	holds(f, s, '*', b);
	for (p = s; *p; p++)
		if (*p != '*' && (p == s || !isalnum((unsigned char)p[-1])))
			holds(f, p, (uint8_t)tolower((unsigned char)*p), b);
	return b;
}

/* ---- links -------------------------------------------------------------------- */

static struct app_rules *
app_rules(struct role_finder *f, uint32_t app)
{
	struct app_rules *a;
	const char *name = inv_str(f->v, app);

	if (app >= f->ntext)
		return NULL;
	if (f->slot[app])
		return &f->apps[f->slot[app] - 1];
	if (f->napps == f->capps) {
		uint32_t cap = f->capps ? f->capps * 2 : 64;
		if (!(a = realloc(f->apps, cap * sizeof(*a))))
			return NULL;
		f->apps = a;
		f->capps = cap;
	}
	a = &f->apps[f->napps++];
	memset(a, 0, sizeof(*a));
	for (size_t i = 0; i < f->r->n; i++)
		if (f->r->v[i].side >= 0 && json_has_text(f->r->v[i].apps, name))
			a->side[f->r->v[i].side][i / 64] |= 1ULL << i % 64;
	f->slot[app] = f->napps;
	return a;
}

static int
end_order(const void *pa, const void *pb)
{
	const struct end *a = pa, *b = pb;

	return a->peer != b->peer ? (a->peer < b->peer ? -1 : 1) :
	    a->link != b->link ? (a->link < b->link ? -1 : 1) : a->side - b->side;
}

static bool
counts(const struct link *l)
{
	return l->app && !l->guess && !l->copy;
}

static bool
ends_sort(struct role_finder *f)
{
	const struct inv *v = f->v;
	uint32_t i, k, at, of[2];

	f->start = calloc(v->nas + 2, sizeof(*f->start));
	f->ends = malloc((2 * (size_t)v->nln + 1) * sizeof(*f->ends));
	if (!f->start || !f->ends)
		return false;
	for (i = 0; i < v->nln; i++)
		if (counts(&v->ln[i])) {
			f->start[v->st[v->ln[i].c].asset + 2]++;
			f->start[v->st[v->ln[i].s].asset + 2]++;
		}
	for (i = 0; i < v->nas; i++)
		f->start[i + 2] += f->start[i + 1];
	for (i = 0; i < v->nln; i++) {
		if (!counts(&v->ln[i]))
			continue;
		of[SIDE_CLIENT] = v->st[v->ln[i].c].asset;
		of[SIDE_SERVER] = v->st[v->ln[i].s].asset;
		for (k = 0; k < 2; k++) {
			at = f->start[of[k] + 1]++;
			f->ends[at] = (struct end){ of[1 - k], i, (uint8_t)k };
		}
	}
	for (i = 0; i < v->nas; i++)
		qsort(f->ends + f->start[i], f->start[i + 1] - f->start[i], sizeof(*f->ends),
		    end_order);
	return true;
}

static void
found(const struct inv *v, struct match *m, uint32_t app, uint16_t port, const struct place *at)
{
	if (m->n++ == 0 || pool_cmp(&v->pool, app, m->app) < 0 ||
	    (app == m->app && port < m->port)) {
		m->app = app;
		m->port = port;
	}
	if (m->n == 1 || place_cmp(v, at, &m->first) < 0)
		m->first = *at;
}

/* Every rule that asks for this protocol on this side. */
static void
each_rule(struct role_finder *f, struct match *m, uint32_t app, enum side side, uint16_t port,
    const uint64_t ops[OPS], const struct place *at, const struct end *end)
{
	const struct app_rules *a = app_rules(f, app);
	uint64_t left;
	size_t i;

	for (size_t k = 0; a && k < RULES_MAX / 64; k++)
		for (left = a->side[side][k]; left; left &= left - 1) {
			i = k * 64 + (size_t)__builtin_ctzll(left);
			if (f->r->v[i].public && !(end && f->v->as[end->peer].public))
				continue;
			found(f->v, &m[i], app, port, at);
			for (int op = 0; ops && op < OPS; op++)
				m[i].ops |= ops[op] ? 1u << op : 0;
			if (end && f->v->ln[end->link].answered && m[i].last_peer != end->peer + 1) {
				m[i].last_peer = end->peer + 1;
				m[i].peers++;
			}
		}
}

/* What a part answered is in its gateway's facts. */
static void
unit_rules(struct role_finder *f, struct match *m, const struct station *s)
{
	const struct station *p;
	const struct unit *u;
	unsigned long n;

	if (s->parent == INV_NONE || strncmp(inv_str(f->v, s->sub), "unit ", 5) != 0)
		return;
	n = strtoul(inv_str(f->v, s->sub) + 5, NULL, 10);
	p = &f->v->st[s->parent];
	u = p->units.v;
	for (uint32_t i = 0; i < p->units.n; i++)
		if (u[i].unit == n && u[i].answered && u[i].app)
			each_rule(f, m, u[i].app, SIDE_SERVER, 0, u[i].ops,
			    &(struct place){ .us = u[i].first }, NULL);
}

/* How much two assets said over one protocol in each direction. */
struct way { uint32_t app; uint64_t events[2]; };
enum { WAYS = 32 };

/* An answer that came late looks like a question: where one direction has far
 * more than the other, that one says who serves. */
static bool
wrong_way(const struct way *ways, unsigned n, uint32_t app, uint8_t side)
{
	for (unsigned i = 0; i < n; i++)
		if (ways[i].app == app)
			return ways[i].events[side] < ways[i].events[1 - side] / 4;
	return false;
}

/* The ends with one peer, from `at` on; returns where they end. */
static uint32_t
ways_of(const struct role_finder *f, uint32_t at, uint32_t end, struct way *ways, unsigned *n)
{
	const struct link *l;
	uint32_t i;
	unsigned k;

	*n = 0;
	for (i = at; i < end && f->ends[i].peer == f->ends[at].peer; i++) {
		l = &f->v->ln[f->ends[i].link];
		for (k = 0; k < *n && ways[k].app != l->app; k++)
			;
		if (k == WAYS)
			continue;
		if (k == *n)
			ways[(*n)++] = (struct way){ .app = l->app };
		ways[k].events[f->ends[i].side] += l->events;
	}
	return i;
}

static void
links_match(struct role_finder *f, const struct asset *a, struct match *m)
{
	uint32_t asset = (uint32_t)(a - f->v->as), i, k, same = f->start[asset];
	const struct station *s;
	const struct speak *sp;
	const struct link *l;
	struct way ways[WAYS];
	unsigned nways = 0;

	for (i = f->start[asset]; i < f->start[asset + 1]; i++) {
		l = &f->v->ln[f->ends[i].link];
		if (i == same)
			same = ways_of(f, i, f->start[asset + 1], ways, &nways);
		if (wrong_way(ways, nways, l->app, f->ends[i].side))
			continue;
		/* an unanswered question makes nobody a server */
		if (f->ends[i].side == SIDE_CLIENT || l->answered)
			each_rule(f, m, l->app, (enum side)f->ends[i].side, l->port, l->ops,
			    &l->first, &f->ends[i]);
	}
	for (i = 0; i < a->n; i++) {
		s = inv_member(f->v, a->first + i);
		sp = s->speaks.v;
		for (k = 0; k < s->speaks.n; k++)
			if (sp[k].side == SIDE_GROUP && sp[k].app && !sp[k].guess)
				each_rule(f, m, sp[k].app, SIDE_GROUP, sp[k].port, sp[k].ops,
				    &(struct place){ .us = sp[k].first }, NULL);
		if (a->parent != INV_NONE)
			unit_rules(f, m, s);
	}
}

/* ---- the list ------------------------------------------------------------------ */

static int
text_cmp(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
role_cmp(const struct inv *v, const struct role *a, const struct role *b)
{
	int c;

	if (a->weight != b->weight)
		return a->weight < b->weight ? -1 : 1;
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	if ((c = strcmp(a->role, b->role)) || (c = place_cmp(v, &a->first, &b->first)) ||
	    (c = text_cmp(a->basis, b->basis)) || (c = text_cmp(a->field, b->field)))
		return c;
	return pool_cmp(&v->pool, a->value, b->value);
}

/* Each role once, by its surest reason; the list keeps the surest roles. */
static void
add(const struct role_finder *f, struct role_list *l, const struct role *x)
{
	unsigned i, at;

	for (i = 0; i < l->n && strcmp(l->v[i].role, x->role) != 0; i++)
		;
	if (i < l->n) {
		if (role_cmp(f->v, x, &l->v[i]) >= 0)
			return;
		l->n--;
		memmove(l->v + i, l->v + i + 1, (l->n - i) * sizeof(*l->v));
	}
	for (at = l->n; at > 0 && role_cmp(f->v, x, &l->v[at - 1]) < 0; at--)
		;
	if (at == ROLES_MAX)
		return;
	if (l->n == ROLES_MAX)
		l->n--;
	memmove(l->v + at + 1, l->v + at, (l->n - at) * sizeof(*l->v));
	l->v[at] = *x;
	l->n++;
}

static void
add_said(const struct role_finder *f, struct role_list *l, const struct word *w, unsigned rank)
{
	const char *said = inv_str(f->v, w->value);
	struct role x = { .role = said, .reason = "stated on the wire",
	    .basis = inv_str(f->v, w->source), .weight = said_weight[rank], .first = w->first };

	if ((x.word = role_word(f->r, said))) {
		x.role = x.word->role;
		if (x.word->weight)
			x.weight = x.word->weight;
	}
	add(f, l, &x);
}

static void
add_plain(const struct role_finder *f, struct role_list *l, const char *role, const char *reason,
    unsigned weight, uint32_t carries, uint32_t parts)
{
	struct role x = { .word = role_word(f->r, role), .role = role, .reason = reason,
	    .basis = parts ? "parts" : "addresses", .weight = weight, .carries = carries,
	    .parts = parts, .first = place_none() };

	add(f, l, &x);
}

/* The register's word, where it is one of ours: a person wrote it. */
static void
add_listed(const struct role_finder *f, struct role_list *l, const struct inv_reg *reg)
{
	struct role x = { .reason = "the register says so", .basis = "register",
	    .weight = W_LISTED, .first = place_none() };

	if (!reg || !reg->kind || !(x.word = role_word(f->r, inv_str(f->v, reg->kind))))
		return;
	x.role = x.word->role;
	add(f, l, &x);
}

static bool
said_by(const struct role_rule *u, const char *source)
{
	const json_t *x;
	size_t i;

	json_array_foreach(u->said_by, i, x)
		if (json_is_string(x) && strncmp(source, json_string_value(x),
		    strlen(json_string_value(x))) == 0)
			return true;
	return false;
}

/* All words of the asset against the rules that ask for words. */
static void
words_match(struct role_finder *f, const struct asset *a, const struct bits *all,
    struct role_list *l)
{
	const struct inv *v = f->v;
	const struct role_rule *u;
	const struct bits *b;
	const struct word *w;
	const char *source;
	unsigned rank;
	uint32_t i, k;
	size_t n;

	for (i = a->first; i < a->first + a->n; i++) {
		w = inv_member(v, i)->words.v;
		for (k = 0; k < inv_member(v, i)->words.n; k++, w++) {
			source = inv_str(v, w->source);
			rank = source_rank(source);
			if (w->field == F_ROLE)
				add_said(f, l, w, rank);
			b = text_bits(f, w->value);
			for (n = 0; n < f->r->n; n++) {
				u = &f->r->v[n];
				struct role x = { .word = u->word, .role = u->word->role,
				    .reason = u->reason, .basis = source, .first = w->first,
				    .order = (unsigned)n + 1 };
				if (bits_meet(&u->without, all))
					continue;
				if (u->fields >> w->field & 1 && u->oui == (rank == 6) &&
				    bits_meet(&u->words, b)) {
					x.field = field_names[w->field];
					x.value = w->value;
					x.weight = u->weight ? u->weight : u->oui ? W_MAC :
					    said_weight[rank] + W_STATED;
					add(f, l, &x);
				} else if (u->said_by && said_by(u, source)) {
					x.weight = u->weight ? u->weight : W_BEHAVIOUR;
					add(f, l, &x);
				}
			}
		}
	}
}

static void
behaviour(const struct role_finder *f, const struct match *m, const struct bits *all,
    struct role_list *l)
{
	const char *group = NULL;

	for (size_t i = 0; i < f->r->n; i++, m++) {
		const struct role_rule *u = &f->r->v[i];
		struct role x = { .word = u->word, .role = u->word->role, .reason = u->reason,
		    .basis = "behaviour", .app = m->app, .port = m->port, .first = m->first,
		    .weight = u->weight ? u->weight : W_BEHAVIOUR, .order = (unsigned)i + 1 };
		if (m->n == 0 || m->n < u->min || m->peers < u->peers ||
		    (u->ops && !(m->ops & u->ops)) || m->ops & u->no_ops ||
		    bits_meet(&u->without, all) ||
		    (u->group && group && strcmp(u->group, group) == 0))
			continue;
		if (u->group)
			group = u->group;
		add(f, l, &x);
	}
}

static bool
same_class(const struct role_word *a, const struct role_word *b)
{
	return a->class && b && b->class && strcmp(a->class, b->class) == 0;
}

/* What says no more than a surer role does; a MAC where anything else is known. */
static void
thin(struct role_list *l)
{
	unsigned i, k, n = 0;

	for (i = 0; i < l->n; i++) {
		const struct role *x = &l->v[i];
		for (k = 0; k < n && x->word; k++)
			if (json_has_text(x->word->unless, l->v[k].role) ||
			    (x->word->generic && same_class(x->word, l->v[k].word)))
				break;
		k = x->word ? k : n;
		if (k == n && (x->weight != W_MAC || n == 0))
			l->v[n++] = *x;
	}
	l->n = n;
}

void
roles_find(struct role_finder *f, uint32_t asset, struct role_list *l)
{
	const struct asset *a = &f->v->as[asset];
	struct match m[RULES_MAX];
	struct bits all = { { 0 } };
	const struct bits *b;
	const struct word *w;
	uint32_t i, k;

	l->n = 0;
	memset(m, 0, f->r->n * sizeof(*m));
	links_match(f, a, m);
	for (i = a->first; i < a->first + a->n; i++) {
		w = inv_member(f->v, i)->words.v;
		for (k = 0; k < inv_member(f->v, i)->words.n; k++) {
			if (source_rank(inv_str(f->v, w[k].source)) == 6)
				continue;
			b = text_bits(f, w[k].value);
			for (int j = 0; j < PATTERN_WORDS; j++)
				all.b[j] |= b->b[j];
		}
	}
	add_listed(f, l, asset_reg(f->v, a));
	words_match(f, a, &all, l);
	behaviour(f, m, &all, l);
	if (a->router)
		add_plain(f, l, "router", "carries addresses that it did not claim as its own",
		    W_CARRIES, a->carries, 0);
	if (f->parts[asset])
		add_plain(f, l, "gateway", "others answer through it", W_PARTS, 0, f->parts[asset]);
	if (a->public)
		add_plain(f, l, "external", "has a public address", W_OUTSIDE, 0, 0);
	thin(l);
}

struct role_finder *
role_finder_new(const struct inv *v, const struct roles *r)
{
	struct role_finder *f = calloc(1, sizeof(*f));
	const char *sub;

	if (!f)
		return NULL;
	f->v = v;
	f->r = r;
	f->ntext = v->pool.n;
	f->slot = calloc((size_t)f->ntext + 1, sizeof(*f->slot));
	f->known = calloc((size_t)f->ntext + 1, sizeof(*f->known));
	f->bits = calloc((size_t)f->ntext + 1, sizeof(*f->bits));
	f->parts = calloc((size_t)v->nas + 1, sizeof(*f->parts));
	if (!f->slot || !f->known || !f->bits || !f->parts || !ends_sort(f)) {
		role_finder_free(f);
		return NULL;
	}
	patterns_chain(f);
	for (uint32_t i = 0; i < v->nas; i++) {
		sub = inv_str(v, v->as[i].sub);
		if (v->as[i].parent != INV_NONE &&
		    (strncmp(sub, "unit ", 5) == 0 || strncmp(sub, "net ", 4) == 0))
			f->parts[v->as[i].parent]++;
	}
	return f;
}

void
role_finder_free(struct role_finder *f)
{
	if (!f)
		return;
	free(f->ends);
	free(f->start);
	free(f->parts);
	free(f->slot);
	free(f->apps);
	free(f->known);
	free(f->bits);
	free(f);
}
