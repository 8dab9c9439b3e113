/* role_find.c: an asset's facts held against the rules of what it is. */
#include "inv/role_impl.h"

#include <stdlib.h>
#include <string.h>

/* What a word weighs by its source's rank. */
static const unsigned said_weight[8] = { 50, 10, 20, 30, 40, 50, 85, 85 };
enum { W_LISTED = 1, W_OUTSIDE = 5, W_CARRIES = 55, W_PARTS = 56, W_BEHAVIOUR = 60, W_MAC = 85 };
enum { W_CONCLUDED = 5 };               /* from a word, more than that word */

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
	if (f->known[text])
		return b;
	f->known[text] = 1;
	holds(f, s, '*', b);
	for (p = s; *p; p++)
		if (*p != '*' && (p == s || !isalnum((unsigned char)p[-1])))
			holds(f, p, (uint8_t)tolower((unsigned char)*p), b);
	return b;
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

	if (!reg || !reg->text[REG_KIND] ||
	    !(x.word = role_word(f->r, inv_str(f->v, reg->text[REG_KIND]))))
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

/* The rules that a word of the asset speaks against. */
static void
ruled_out(struct role_finder *f, const struct asset *a, bool out[RULES_MAX])
{
	struct bits all = { { 0 } };
	const struct bits *b;
	const struct word *w;
	uint32_t i, k;

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
	for (size_t n = 0; n < f->r->n; n++)
		out[n] = bits_meet(&f->r->v[n].without, &all);
}

/* All words of the asset against the rules that ask for words. */
static void
words_match(struct role_finder *f, const struct asset *a, const bool *out,
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
				if (out[n])
					continue;
				u = &f->r->v[n];
				struct role x = { .word = u->word, .role = u->word->role,
				    .reason = u->reason, .basis = source, .first = w->first,
				    .order = (unsigned)n + 1 };
				if (u->fields >> w->field & 1 && u->oui == (rank == 6) &&
				    bits_meet(&u->words, b)) {
					x.field = field_names[w->field];
					x.value = w->value;
					x.weight = u->weight ? u->weight : u->oui ? W_MAC :
					    said_weight[rank] + W_CONCLUDED;
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
behaviour(const struct role_finder *f, const struct match *m, const bool *out,
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
		    out[i] ||
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
	bool out[RULES_MAX];

	l->n = 0;
	memset(m, 0, f->r->n * sizeof(*m));
	links_match(f, a, m);
	ruled_out(f, a, out);
	add_listed(f, l, asset_reg(f->v, a));
	words_match(f, a, out, l);
	behaviour(f, m, out, l);
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
