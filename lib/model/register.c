/* register.c: entries joined by id, and those of the site file. */
#include "model/register_impl.h"

#include "base/hash.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

const char *const reg_names[REG_FIELDS] = { "id", "name", "kind", "make", "model", "serial",
	"firmware", "hostname", "owner", "location", "zone", "supplier", "contract", "criticality",
	"klassa", "risk_entry", "cra", "calibration_id", "calibration_due", "end_of_support",
	"in_use", "source", "mac", "ip", "klassa_k", "klassa_r", "klassa_t" };

struct reg_text { struct reg_text *next; char s[]; };

const char *
reg_keep(struct reg *r, const char *s, size_t n)
{
	struct reg_text *t;
	size_t i, m = 0;

	if (n > LIM_TEXT) {
		n = LIM_TEXT;
		while (n && (s[n] & 0xc0) == 0x80)
			n--;
	}
	if (!(t = malloc(sizeof(*t) + n + 1)))
		return NULL;
	/* a name over two lines is one name */
	for (i = 0; i < n; i++)
		if ((unsigned char)s[i] > 0x20 && s[i] != 0x7f)
			t->s[m++] = s[i];
		else if (m && t->s[m - 1] != ' ')
			t->s[m++] = ' ';
	if (m && t->s[m - 1] == ' ')
		m--;
	t->s[m] = 0;
	t->next = r->texts;
	r->texts = t;
	return t->s;
}

void
reg_say(const char ***list, size_t *n, const char *s)
{
	const char **more;

	for (size_t i = 0; s && i < *n; i++)
		if (strcmp((*list)[i], s) == 0)
			return;
	if (!s || *n == LIM_CSV_COLUMNS || !(more = realloc(*list, (*n + 1) * sizeof(*more))))
		return;
	more[(*n)++] = s;
	*list = more;
}

void
reg_faulty(struct reading *g, const char *column, const char *why, const char *value)
{
	struct reg *r = g->r;
	struct reg_fault *more;

	if (r->nfaults == LIM_REGISTER_FAULTS ||
	    !(more = realloc(r->faults, (r->nfaults + 1) * sizeof(*more)))) {
		r->more_faults++;
		return;
	}
	r->faults = more;
	more[r->nfaults++] = (struct reg_fault){ g->file, g->line,
	    column ? reg_keep(r, column, strlen(column)) : NULL, reg_keep(r, why, strlen(why)),
	    value ? reg_keep(r, value, strlen(value)) : NULL };
}

const char *
reg_fault_text(const struct reg_fault *f, char *dst, size_t cap)
{
	char line[24] = "";

	if (f->line)
		snprintf(line, sizeof(line), ":%llu", (unsigned long long)f->line);
	snprintf(dst, cap, "%s%s: %s%s%s%s%.100s%s", f->file, line, f->column ? f->column : "",
	    f->column ? ": " : "", f->why ? f->why : "", f->value ? ": \"" : "",
	    f->value ? f->value : "", f->value ? "\"" : "");
	return dst;
}

/* ---- entries by id --------------------------------------------------------- */

static size_t
slot_of(const struct reg *r, const char *id)
{
	size_t i = hash_bytes(HASH_BEGIN, id, strlen(id)) & (r->nslots - 1);

	while (r->slot[i] && strcmp(r->v[r->slot[i] - 1].text[REG_ID], id) != 0)
		i = (i + 1) & (r->nslots - 1);
	return i;
}

const struct reg_entry *
reg_find(const struct reg *r, const char *id)
{
	uint32_t i = r->nslots && id ? r->slot[slot_of(r, id)] : 0;

	return i ? &r->v[i - 1] : NULL;
}

static bool
add_entry(struct reg *r, const struct reg_entry *e)
{
	struct reg_entry *more;
	uint32_t *old = r->slot;
	size_t i;

	if (r->n * 2 >= r->nslots) {
		size_t want = r->nslots ? r->nslots * 2 : 256;
		if (!(r->slot = calloc(want, sizeof(*r->slot)))) {
			r->slot = old;
			return false;
		}
		r->nslots = want;
		for (i = 0; i < r->n; i++)
			r->slot[slot_of(r, r->v[i].text[REG_ID])] = (uint32_t)i + 1;
		free(old);
	}
	/* room doubles: at powers of two it is used up */
	if ((r->n & (r->n - 1)) == 0) {
		if (!(more = realloc(r->v, (r->n ? r->n * 2 : 1) * sizeof(*more))))
			return false;
		r->v = more;
	}
	r->slot[slot_of(r, e->text[REG_ID])] = (uint32_t)r->n + 1;
	r->v[r->n++] = *e;
	return true;
}

void
reg_clear(struct reg_entry *e)
{
	free(e->mac);
	free(e->ip);
	*e = (struct reg_entry){ .mac = NULL };
}

/* What makes another instrument of it. Names, owners and the like are worded freely. */
static bool
must_agree(int f)
{
	return f == REG_MAKE || f == REG_MODEL || f == REG_SERIAL || f == REG_HOSTNAME ||
	    f == REG_ZONE || f == REG_KLASSA || f == REG_END_OF_SUPPORT || f == REG_IN_USE;
}

/* What the first says stays; what the second says otherwise is told. */
static bool
join(struct reading *g, struct reg_entry *to, const struct reg_entry *from)
{
	char t[LIM_TEXT + 64];
	bool same_file = to->text[REG_SOURCE] &&
	    strncmp(to->text[REG_SOURCE], g->file, strlen(g->file)) == 0;

	if (same_file && g->line) {
		snprintf(t, sizeof(t), "listed twice, first in %.400s", to->text[REG_SOURCE]);
		reg_faulty(g, NULL, t, to->text[REG_ID]);
	}
	for (int f = REG_ID; f < REG_SOURCE; f++) {
		if (!from->text[f])
			continue;
		if (!to->text[f]) {
			to->text[f] = from->text[f];
		} else if (must_agree(f) && strcasecmp(to->text[f], from->text[f]) != 0) {
			snprintf(t, sizeof(t), "%.100s: %s is \"%.100s\" in %.300s, and here",
			    to->text[REG_ID], reg_names[f], to->text[f], to->text[REG_SOURCE]);
			reg_faulty(g, NULL, t, from->text[f]);
		}
	}
	snprintf(t, sizeof(t), "%.500s, %.400s", to->text[REG_SOURCE], from->text[REG_SOURCE]);
	to->text[REG_SOURCE] = reg_keep(g->r, t, strlen(t));
	return to->text[REG_SOURCE] && reg_join_lists(to, from);
}

bool
reg_row(struct reading *g)
{
	static const enum reg_field instead[] = { REG_SERIAL, REG_HOSTNAME, REG_NAME };
	struct reg_entry *e = &g->now, *old;
	char t[MAC_TEXT + 600];
	bool good = true;

	if (g->klassa[0] >= 0 && g->klassa[1] >= 0 && g->klassa[2] >= 0) {
		snprintf(t, sizeof(t), "%d/%d/%d", g->klassa[0], g->klassa[1], g->klassa[2]);
		e->text[REG_KLASSA] = reg_keep(g->r, t, strlen(t));
	} else if (g->klassa[0] >= 0 || g->klassa[1] >= 0 || g->klassa[2] >= 0) {
		reg_faulty(g, NULL, "one or two of the classes K, R and T are missing", NULL);
	}
	for (int i = 0; i < 3 && !e->text[REG_ID]; i++)
		e->text[REG_ID] = e->text[instead[i]];
	if (!e->text[REG_ID] && e->nmac) {
		t[mac_put(t, e->mac[0])] = 0;
		e->text[REG_ID] = reg_keep(g->r, t, strlen(t));
	}
	if (!e->text[REG_ID]) {
		bool any = e->nip > 0;
		for (int f = 0; f < REG_SOURCE; f++)
			any |= e->text[f] != NULL;
		if (any)
			reg_faulty(g, NULL, "no id, serial number, name or MAC address: "
			    "passed over", NULL);
		goto out;
	}
	if (!e->text[REG_SOURCE]) {
		snprintf(t, sizeof(t), "%.500s:%llu", g->file, (unsigned long long)g->line);
		if (!(e->text[REG_SOURCE] = reg_keep(g->r, t, strlen(t))))
			return false;
	}
	if ((old = (struct reg_entry *)reg_find(g->r, e->text[REG_ID]))) {
		good = join(g, old, e);
	} else if (g->r->n == LIM_REGISTER) {
		reg_faulty(g, NULL, "more entries than there may be: passed over", e->text[REG_ID]);
	} else {
		good = add_entry(g->r, e);
		if (good)
			e->mac = NULL, e->ip = NULL;
	}
out:
	reg_clear(e);
	g->klassa[0] = g->klassa[1] = g->klassa[2] = -1;
	return good;
}

/* ---- what several claim --------------------------------------------------------- */

struct claim { char t[80]; uint32_t entry; };

static int
claim_order(const void *pa, const void *pb)
{
	const struct claim *a = pa, *b = pb;
	int c = strcmp(a->t, b->t);

	return c ? c : a->entry < b->entry ? -1 : a->entry > b->entry;
}

bool
reg_check(struct reg *r)
{
	struct reading g = { .r = r };
	size_t n = 0, i, k, most = 0;
	struct claim *c;
	char t[300];

	for (i = 0; i < r->n; i++)
		most += 1 + r->v[i].nmac;
	if (!(c = calloc(most + 1, sizeof(*c))))
		return false;
	for (i = 0; i < r->n; i++) {
		const struct reg_entry *e = &r->v[i];
		char serial[40], make[36];
		if (e->text[REG_SERIAL] && reg_fold(serial, sizeof(serial), e->text[REG_SERIAL])) {
			/* makers count from one each */
			reg_fold(make, sizeof(make), e->text[REG_MAKE] ? e->text[REG_MAKE] : "");
			snprintf(c[n].t, sizeof(c->t), "s%s %s", serial, make);
			c[n++].entry = (uint32_t)i;
		}
		for (k = 0; k < e->nmac; k++) {
			c[n].t[0] = 'm';
			c[n].t[1 + mac_put(c[n].t + 1, e->mac[k])] = 0;
			c[n++].entry = (uint32_t)i;
		}
	}
	if (n)
		qsort(c, n, sizeof(*c), claim_order);
	for (i = 1; i < n; i++) {
		const struct reg_entry *a = &r->v[c[i - 1].entry], *b = &r->v[c[i].entry];
		if (a == b || strcmp(c[i].t, c[i - 1].t) != 0)
			continue;
		snprintf(t, sizeof(t), "%.100s and %.100s have one %s", a->text[REG_ID],
		    b->text[REG_ID], *c[i].t == 's' ? "serial number" : "MAC address");
		g.file = b->text[REG_SOURCE];
		reg_faulty(&g, NULL, t, *c[i].t == 's' ? b->text[REG_SERIAL] : c[i].t + 1);
	}
	free(c);
	return true;
}

void
reg_free(struct reg *r)
{
	struct reg_text *t;

	for (size_t i = 0; i < r->n; i++)
		reg_clear(&r->v[i]);
	while ((t = r->texts)) {
		r->texts = t->next;
		free(t);
	}
	free(r->v);
	free(r->faults);
	free(r->ignored);
	free(r->notes);
	free(r->slot);
	*r = (struct reg){ NULL };
}

/* ---- the site file ----------------------------------------------------------- */

static bool
site_entry(struct reading *g, const struct site *s, const struct site_instrument *x)
{
	struct reg_entry *e = &g->now;
	const struct site_supplier *p;
	size_t i, k;

	e->text[REG_ID] = x->id;
	e->text[REG_NAME] = site_word(&x->name, NULL);
	e->text[REG_KIND] = x->kind;
	e->text[REG_MAKE] = x->make;
	e->text[REG_MODEL] = x->model;
	e->text[REG_SERIAL] = x->serial;
	e->text[REG_FIRMWARE] = x->firmware;
	e->text[REG_HOSTNAME] = x->hostname;
	e->text[REG_OWNER] = site_who(s, x->owner);
	e->text[REG_LOCATION] = x->location;
	e->text[REG_ZONE] = x->zone;
	e->text[REG_CRITICALITY] = x->criticality;
	e->text[REG_RISK_ENTRY] = x->risk_entry;
	e->text[REG_CRA] = x->cra.class;
	e->text[REG_CALIBRATION_ID] = x->calibration_id;
	e->text[REG_SUPPLIER] = x->supplier;
	e->text[REG_CONTRACT] = x->contract;
	if (x->klassa.text) {
		g->klassa[0] = x->klassa.k;
		g->klassa[1] = x->klassa.r;
		g->klassa[2] = x->klassa.t;
	}
	if (x->supplier && !x->contract && (p = site_supplier(s, x->supplier)))
		e->text[REG_CONTRACT] = p->contract;
	e->text[REG_CALIBRATION_DUE] = x->calibration_due.text;
	e->text[REG_END_OF_SUPPORT] = x->end_of_support.text;
	if (x->in_use != SITE_UNSET)
		e->text[REG_IN_USE] = x->in_use == SITE_YES ? "true" : "false";
	for (i = 0; i < s->nsuppliers && !e->text[REG_SUPPLIER]; i++) {
		p = &s->suppliers[i];
		for (k = 0; k < p->instruments.n; k++)
			if (strcmp(p->instruments.v[k], x->id) == 0) {
				e->text[REG_SUPPLIER] = p->id;
				if (!x->contract)
					e->text[REG_CONTRACT] = p->contract;
			}
	}
	for (i = 0; i < x->mac.n; i++)
		if (x->mac.v[i].len == 6 && !reg_add_mac(e, x->mac.v[i].b))
			return false;
	for (i = 0; i < x->ip.n; i++)
		if (!reg_add_ip(e, &x->ip.v[i]))
			return false;
	/* texts of the document's end with it */
	for (i = 0; i < REG_TEXTS; i++)
		if (e->text[i] && !(e->text[i] = reg_keep(g->r, e->text[i], strlen(e->text[i]))))
			return false;
	return reg_row(g);
}

bool
reg_site(struct reg *r, const struct site *s, struct err *e)
{
	struct reading g = { .r = r, .klassa = { -1, -1, -1 } };
	char t[600];

	g.file = reg_keep(r, s->file, strlen(s->file));
	for (size_t i = 0; i < s->ninstruments; i++) {
		snprintf(t, sizeof(t), "%.500s: instruments[%zu]", s->file, i);
		g.now.text[REG_SOURCE] = t;
		if (!g.file || !site_entry(&g, s, &s->instruments[i])) {
			reg_clear(&g.now);
			return err_set(e, "%s: out of memory", s->file);
		}
	}
	return true;
}
