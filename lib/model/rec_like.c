/* rec_like.c: flows between the same ends, for the same purpose.
 *
 * A client opens one connection after the other: their records differ in the flow's number, its
 * community_id and the client's port, and are byte for byte the same in the rest of the run. What
 * is known of the one is known of the others, unless the port itself says something. */
#include "model/rec_runs_impl.h"

#include "base/digits.h"
#include "base/hash.h"
#include "json/token.h"

/* So many bytes before and behind the port are looked up by: addresses and the server's port. */
enum { BEFORE = 64, BEHIND = 48 };
/* A flow of so many records within about so many lines has a run of its own. */
enum { OFTEN = 3, WHILE = 1 << 15 };

/* Of a run from p on, whose port is there: the place where those like it are kept. */
static size_t
like_place(const char *p, size_t a, const char *port, const char *behind)
{
	size_t n = (size_t)(port - p) - a, before = n < BEFORE ? n : BEFORE;

	return hash_words(hash_words(n, port - before, before), behind, BEHIND) >>
	    (64 - LIKE_BITS);
}

/* Where the flow's numbers stand in a line. */
struct found {
	const char *p, *a, *port, *behind, *end;        /* as flow_run's; behind the port */
	uint64_t sport;
	bool has_id;
};

static bool
find(struct found *x)
{
	static const char key[] = "\"src_port\":";
	const size_t k = sizeof(key) - 1;
	size_t left = (size_t)(x->end - x->a);

	if (left > sizeof(RUN_ID) && memcmp(x->a, RUN_ID, sizeof(RUN_ID) - 1) == 0) {
		x->a = (const char *)token_plain((const uint8_t *)x->a + sizeof(RUN_ID) - 1,
		    (const uint8_t *)x->end);
		if (!x->a)
			return false;
		left = (size_t)(x->end - x->a);
		x->has_id = true;
	}
	x->port = memmem(x->a, left < LONGEST ? left : LONGEST, key, k);
	if (!x->port)
		return false;
	x->port += k;
	x->behind = digits_from(x->port, x->end, &x->sport);
	return x->behind > x->port && (*x->port != '0' || x->behind == x->port + 1) &&
	    x->sport <= UINT16_MAX && x->end - x->behind > BEHIND;
}

/* Both ports are a client's, the rest is the same. */
static bool
is_like(const struct rec_flows *f, const struct flow_run *x, const struct found *l)
{
	size_t before = (size_t)(l->port - l->a), behind = (size_t)(x->n - x->port - x->port_n);

	return x->port && x->behind && x->forgotten == runs_forgotten(f) &&
	    x->has_id == l->has_id && (size_t)(x->port - x->a) == before &&
	    (size_t)(l->end - l->behind) > behind &&
	    memcmp(l->a, x->text + x->a, before) == 0 &&
	    memcmp(l->behind, x->text + x->port + x->port_n, behind) == 0 &&
	    !rec_port_tells(x->sport, x->dport) &&
	    !rec_port_tells((uint16_t)l->sport, x->dport);
}

void
run_alike(struct rec_flows *f, const struct flow_run *x)
{
	const char *behind = x->text + x->port + x->port_n;
	struct found l = { .p = x->text, .a = x->text + x->a, .port = x->text + x->port,
	    .behind = behind, .end = x->text + x->n + 1, .sport = x->sport,
	    .has_id = x->has_id };
	size_t place;

	if (!x->port || !x->behind || x->n < x->port + x->port_n + BEHIND ||
	    rec_port_tells(x->sport, x->dport))
		return;
	place = like_place(x->text, x->a, l.port, behind);
	for (int i = 0; i < LIKE_WAYS; i++)
		if (is_like(f, &f->v[f->like[place][i]], &l))
			return;
	f->like[place][f->next[place]++ % LIKE_WAYS] = (uint16_t)(x - f->v);
}

/* Whether it is worth a run: most flows are short, and end with a record of theirs. */
static bool
often(struct rec_flows *f, uint64_t flow_id)
{
	uint64_t hash = run_hash(flow_id);
	uint16_t *x = &f->often[hash >> (64 - OFTEN_BITS)];
	uint16_t tag = (uint16_t)(hash >> 16) & (uint16_t)~3u;

	if (f->tick - f->since > WHILE) {
		memset(f->often, 0, sizeof(f->often));
		f->since = f->tick;
	}
	if ((*x & ~3u) != tag)
		*x = tag;
	return (*x & 3u) == OFTEN || (++*x & 3u) == OFTEN;
}

/* The same for this flow. */
static struct flow_run *
run_of_own(struct rec_flows *f, const struct flow_run *like, uint64_t flow_id,
    const struct found *l, size_t n)
{
	struct flow_run own = *like, *x;
	ptrdiff_t shift[2] = { (l->a - l->p) - like->a,
	    (l->behind - l->p) - (like->port + like->port_n) };
	struct part *texts[] = { &own.proto, &own.app_proto };

	if (n > LONGEST)
		return NULL;
	own.flow_id = flow_id;
	own.sport = (uint16_t)l->sport;
	own.n = (uint16_t)n;
	own.a = (uint16_t)(l->a - l->p);
	own.port = (uint16_t)(l->port - l->p);
	own.port_n = (uint8_t)(l->behind - l->port);
	for (int i = 0; i < 2; i++)
		if (texts[i]->n)
			texts[i]->at = (uint16_t)(texts[i]->at +
			    shift[texts[i]->at > like->port]);
	memcpy(own.text, l->p, n);
	x = run_for(f, flow_id);
	*x = own;
	return x;
}

struct flow_run *
run_like(struct rec_flows *f, uint64_t flow_id, const char *p, size_t value_n, size_t *n)
{
	struct found l = { .p = p, .a = p + value_n, .end = p + *n };
	struct flow_run *x, *own;
	const uint16_t *place;

	if (!flow_id || !find(&l))
		return NULL;
	place = f->like[like_place(p, (size_t)(l.a - p), l.port, l.behind)];
	for (int i = 0; i < LIKE_WAYS; i++) {
		x = &f->v[place[i]];
		if (!is_like(f, x, &l))
			continue;
		f->set[place[i] / WAYS].wanted[place[i] % WAYS] = f->tick++;
		*n = (size_t)(l.behind - p) + (size_t)(x->n - x->port - x->port_n);
		if (often(f, flow_id) && (own = run_of_own(f, x, flow_id, &l, *n)))
			return own;
		return x;
	}
	return NULL;
}
