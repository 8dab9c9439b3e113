/* same_profile.c: what an owner says of itself that tells it from others. */
#include "inv/same.h"

#include "inv/factory.h"
#include "inv/nat.h"

#include <ctype.h>
#include <string.h>

enum { OWN_WORD = 4 };                          /* what DHCP and better say: source_rank() */

/* The value stays while there is one; *many: there were two. */
static void
only(uint32_t *at, bool *many, uint32_t value)
{
	*many |= *at && *at != value;
	*at = *many ? 0 : value;
}

static void
add_name(struct profile *p, const char *name)
{
	char t[64];
	size_t n = strcspn(name, "."), i;
	unsigned k;
	int c = 1;

	if (!n || n >= sizeof(t))
		return;
	for (i = 0; i < n; i++)
		t[i] = (char)tolower((unsigned char)name[i]);
	t[n] = 0;
	for (k = 0; k < p->nname && (c = strcmp(p->name[k], t)) < 0; k++)
		;
	if (k < p->nname && c == 0)
		return;
	if (p->nname == NAMES_OF) {
		p->more_names = true;
		return;
	}
	memmove(p->name[k + 1], p->name[k], (p->nname - k) * sizeof(t));
	memcpy(p->name[k], t, sizeof(t));
	p->nname++;
}

/* "PC7.lab.example" and "pc7.lab.example" are one: the small letters'. */
static void
add_fqdn(struct profile *p, struct inv *v, const char *name)
{
	const char *dot = strchr(name, '.');
	char t[256];
	size_t n = strlen(name), i;

	if (!dot || n >= sizeof(t) || factory_domain(dot + 1))
		return;
	for (i = 0; i <= n; i++)
		t[i] = (char)tolower((unsigned char)name[i]);
	only(&p->fqdn, &p->many_fqdn, pool_cstr(&v->pool, t));
}

/* By its owner, as telephones do: not by what runs machines on a machine, QEMU and
 * Docker, whose copies have all else in common. */
static bool
made_up(const uint8_t mac[6])
{
	return (mac[0] & 2) && memcmp(mac, "\x52\x54\x00", 3) != 0 &&
	    memcmp(mac, "\x02\x42", 2) != 0;
}

void
profile_make(struct profile *p, const struct group *g, const struct members *m, uint32_t o)
{
	struct inv *v = g->v;
	bool many[4] = { false };
	const struct word *w;
	struct nat nat;
	uint32_t i, k;

	memset(p, 0, sizeof(*p));
	p->from = INT64_MAX;
	p->to = INT64_MIN;
	for (i = m->start[o]; i < m->start[o + 1]; i++) {
		const struct station *s = &v->st[m->list[i]];
		p->made_up |= s->has_mac && made_up(s->mac);
		if (s->first.us < p->from)
			p->from = s->first.us;
		if (s->last > p->to)
			p->to = s->last;
		w = s->words.v;
		for (k = 0; k < s->words.n; k++) {
			const char *t = inv_str(v, w[k].value);
			unsigned rank = source_rank(inv_str(v, w[k].source));
			if (w[k].field == F_OS) {
				p->families |= system_family(t);
				only(&p->os, &many[0], w[k].value);
			} else if (w[k].field == F_TRAIT && strncmp(t, "dhcp:", 5) == 0) {
				only(&p->dhcp, &many[1], w[k].value);
			} else if (w[k].field == F_HOSTNAME && rank <= OWN_WORD) {
				add_name(p, t);
				add_fqdn(p, v, t);
			} else if (w[k].field == F_PRODUCT && rank <= 2) {
				only(&p->product, &many[2], w[k].value);
			} else if (w[k].field == F_MODEL && rank <= 2) {
				only(&p->model, &many[3], w[k].value);
			}
		}
	}
	p->serial = owner_serial(g, m->list + m->start[o], m->start[o + 1] - m->start[o]);
	nat_find(v, m->list + m->start[o], m->start[o + 1] - m->start[o], g->ow[o].router, &nat);
	p->translates = nat.n > 0;
}

static bool
both_differ(uint32_t a, uint32_t b)
{
	return a && b && a != b;
}

bool
names_meet(const struct profile *a, const struct profile *b)
{
	for (unsigned i = 0; i < a->nname; i++)
		for (unsigned k = 0; k < b->nname; k++)
			if (strcmp(a->name[i], b->name[k]) == 0)
				return true;
	return false;
}

bool
profiles_differ(const struct profile *a, const struct profile *b)
{
	return both_differ(a->serial, b->serial) || both_differ(a->product, b->product) ||
	    both_differ(a->model, b->model) ||
	    (a->nname && b->nname && !a->more_names && !b->more_names && !names_meet(a, b)) ||
	    (a->families && b->families && !(a->families & b->families));
}

bool
same_host(const struct profile *a, const struct profile *b)
{
	return a->nname == 1 && b->nname == 1 && !a->more_names && !b->more_names &&
	    strcmp(a->name[0], b->name[0]) == 0 && !factory_name(a->name[0]) && a->fqdn &&
	    a->fqdn == b->fqdn;
}

bool
at_one_time(const struct profile *a, const struct profile *b)
{
	return a->from <= b->to && b->from <= a->to;
}
