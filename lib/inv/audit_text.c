/* audit_text.c: the register and what was seen, for people: one number, three tables. */
#include "inv/audit.h"

#include "base/cell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLS = 5, CELL = 320 };

/* A row of a table; a note stands below it, from the second column on. */
struct line { char cell[COLS][CELL]; char (*note)[CELL]; uint32_t notes; bool alarm; };
struct table { struct line *v; size_t n; bool failed; };

static struct line *
add(struct table *t)
{
	struct line *more;

	if ((t->n & (t->n - 1)) == 0) {
		if (!(more = realloc(t->v, (t->n ? t->n * 2 : 1) * sizeof(*more)))) {
			t->failed = true;
			return NULL;
		}
		t->v = more;
	}
	memset(&t->v[t->n], 0, sizeof(*t->v));
	return &t->v[t->n++];
}

static char *
note(struct table *t, struct line *l)
{
	char (*more)[CELL];

	if (!(more = realloc(l->note, (l->notes + 1) * sizeof(*more)))) {
		t->failed = true;
		return NULL;
	}
	l->note = more;
	return more[l->notes++];
}

/* Down to this each column may shrink, the widest first. */
static void
squeeze(const struct table *t, const char *const *heads, unsigned width, unsigned w[COLS])
{
	unsigned total, c, best, x;
	size_t i;

	for (c = 0; c < COLS; c++) {
		w[c] = 0;
		for (i = 0; i < t->n; i++) {
			x = cell_width(t->v[i].cell[c]);
			w[c] = x > w[c] ? x : w[c];
		}
		if (w[c] && w[c] < cell_width(heads[c]))
			w[c] = cell_width(heads[c]);
	}
	for (;;) {
		for (c = 0, total = 0, best = COLS; c < COLS; c++) {
			total += w[c] ? w[c] + (total ? 2 : 0) : 0;
			/* names in columns of addresses can spare more than ids can */
			if (w[c] > 6 && c && (best == COLS || w[c] >= w[best]))
				best = c;
		}
		if (!width || total <= width || best == COLS)
			return;
		w[best]--;
	}
}

/* What does not fit goes on in the next line, between words where that is possible. */
static void
put_wrapped(FILE *f, const char *s, unsigned indent, unsigned width, bool utf8)
{
	unsigned room = width > indent + 20 ? width - indent : 60;
	size_t n, k, last;
	char part[CELL];

	while (*s) {
		for (n = 0, last = 0; s[n]; n++) {
			if (s[n] != ' ')
				continue;
			snprintf(part, sizeof(part), "%.*s", (int)n, s);
			if (width && cell_width(part) > room)
				break;
			last = n;
		}
		snprintf(part, sizeof(part), "%s", s);
		k = !width || cell_width(part) <= room || !last ? strlen(s) : last;
		snprintf(part, sizeof(part), "%.*s", (int)k, s);
		fprintf(f, "%*s", (int)indent, "");
		cell_put(f, part, width ? room : cell_width(part), utf8, false);
		putc('\n', f);
		s += k;
		s += strspn(s, " ");
	}
}

static void
put_table(FILE *f, const struct table *t, const char *const *heads, const char *title,
    const struct audit_look *look)
{
	const char *bold = look->colour ? "\033[1m" : "", *end = look->colour ? "\033[0m" : "";
	const char *none = look->utf8 ? "–" : "-", *s;
	unsigned w[COLS], c, last = 0;
	size_t i;

	if (!t->n)
		return;
	squeeze(t, heads, look->width, w);
	for (c = 0; c < COLS; c++)
		if (w[c])
			last = c;
	fprintf(f, "\n%s%s (%zu)%s\n", bold, title, t->n, end);
	for (c = 0; c < COLS; c++)
		if (w[c]) {
			cell_put(f, heads[c], w[c], look->utf8, c != last);
			fputs(c == last ? "\n" : "  ", f);
		}
	for (i = 0; i < t->n; i++) {
		if (look->colour && t->v[i].alarm)
			fputs("\033[31m", f);
		for (c = 0; c < COLS; c++) {
			if (!w[c])
				continue;
			s = *t->v[i].cell[c] ? t->v[i].cell[c] : none;
			cell_put(f, s, w[c], look->utf8, c != last);
			if (c != last)
				fputs("  ", f);
		}
		fputs(look->colour && t->v[i].alarm ? "\033[0m\n" : "\n", f);
		for (uint32_t k = 0; k < t->v[i].notes; k++)
			put_wrapped(f, t->v[i].note[k], 2, look->width, look->utf8);
	}
}

static void
table_free(struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i].note);
	free(t->v);
}

/* ---- cells -------------------------------------------------------------------- */

/* Registers and devices are strangers: what a terminal would obey is not for it. */
static void
put(char cell[CELL], const char *s)
{
	size_t n = (size_t)snprintf(cell, CELL, "%s", s ? s : ""), i;

	for (i = 0; i < n && i < CELL - 1; i++)
		if ((unsigned char)cell[i] < 0x20 || cell[i] == 0x7f)
			cell[i] = '?';
		else if ((unsigned char)cell[i] == 0xc2 && (unsigned char)cell[i + 1] < 0xa0)
			cell[i] = cell[i + 1] = '?';
}

static void
make_cell(char cell[CELL], const char *make, const char *model)
{
	char t[CELL];

	make = make ? make : "";
	model = model ? model : "";
	snprintf(t, sizeof(t), "%.120s%s%.120s", make, *make && *model ? " " : "", model);
	put(cell, t);
}

static void
address_cell(const struct inv *v, const struct asset *a, char cell[CELL])
{
	const struct station *s, *best = NULL;
	char t[ADDR_TEXT], whole[CELL];

	for (uint32_t i = a->first; i < a->first + a->n; i++) {
		s = inv_member(v, i);
		/* the one that people know: IPv4, else a routed IPv6, else the MAC */
		if (!best || (s->ip.v && (!best->ip.v || (best->ip.v == 6 && (s->ip.v == 4 ||
		    (addr_linklocal(&best->ip) && !addr_linklocal(&s->ip)))))))
			best = s;
	}
	t[best->ip.v ? addr_put(t, &best->ip) : best->has_mac ? mac_put(t, best->mac) : 0] = 0;
	/* of a part its gateway's address, and which part */
	snprintf(whole, sizeof(whole), "%s%s%s", t, a->sub && *t ? " " : "",
	    a->sub ? inv_str(v, a->sub) : "");
	put(cell, whole);
}

static void
listed_address(const struct reg_entry *e, char cell[CELL])
{
	char t[ADDR_TEXT] = "";

	if (e->nip)
		t[addr_put(t, &e->ip[0])] = 0;
	else if (e->nmac)
		t[mac_put(t, e->mac[0])] = 0;
	put(cell, *t ? t : e->text[REG_HOSTNAME]);
}

static const char *
word_of(const struct inv *v, const struct asset *a, enum field f)
{
	const struct word *w = asset_word(v, a, f);

	return w ? inv_str(v, w->value) : "";
}

static void
diff_note(const struct inv *v, const struct audit_diff *d, char cell[CELL])
{
	char t[CELL * 2], where[200] = "";

	if (d->at.cnt)
		snprintf(where, sizeof(where), "%s%.80s%s#%llu", d->source ? ", " : "",
		    inv_str(v, d->at.file), d->at.file ? " " : "", (unsigned long long)d->at.cnt);
	snprintf(t, sizeof(t), "%s: listed %.80s, seen %.80s%s%.40s%s%s",
	    strcmp(d->field, "in_use") ? d->field : "in use", inv_str(v, d->listed),
	    inv_str(v, d->seen),
	    d->source || *where ? " (" : "", inv_str(v, d->source), where,
	    d->source || *where ? ")" : "");
	put(cell, t);
}

static void
fill(const struct audit *a, const struct inv *v, struct table t[3])
{
	for (uint32_t i = 0; i < a->n; i++) {
		const struct audit_item *x = &a->v[i], *p;
		const struct asset *as = x->asset != INV_NONE ? &v->as[x->asset] : NULL;
		const struct reg_entry *e = x->entry;
		struct line *l = add(&t[x->kind]);
		char text[CELL], *s;

		if (!l)
			return;
		switch (x->kind) {
		case AUDIT_LISTED:
			put(l->cell[0], e->text[REG_ID]);
			put(l->cell[1], e->text[REG_NAME]);
			address_cell(v, as, l->cell[2]);
			make_cell(l->cell[3], e->text[REG_MAKE], e->text[REG_MODEL]);
			put(l->cell[4], reg_by_names[x->by]);
			l->alarm = x->ndiffs > 0;
			for (uint32_t k = 0; k < x->ndiffs; k++)
				if ((s = note(&t[x->kind], l)))
					diff_note(v, &a->diffs[x->diff + k], s);
			break;
		case AUDIT_NOT_LISTED:
			snprintf(text, sizeof(text), "%.12s", as->id);
			put(l->cell[0], text);
			put(l->cell[1], asset_name(v, as));
			address_cell(v, as, l->cell[2]);
			make_cell(l->cell[3], word_of(v, as, F_VENDOR), *word_of(v, as, F_MODEL) ?
			    word_of(v, as, F_MODEL) : word_of(v, as, F_PRODUCT));
			put(l->cell[4], inv_str(v, asset_zone(v, as)));
			break;
		case AUDIT_NEVER_SEEN:
			put(l->cell[0], e->text[REG_ID]);
			put(l->cell[1], e->text[REG_NAME]);
			listed_address(e, l->cell[2]);
			make_cell(l->cell[3], e->text[REG_MAKE], e->text[REG_MODEL]);
			put(l->cell[4], x->not_in_use ? "not in use" : x->no_address ?
			    "no address" : x->addressed ? "silent" : e->text[REG_LOCATION]);
			break;
		}
		if (x->perhaps == INV_NONE || !(s = note(&t[x->kind], l)))
			continue;
		p = &a->v[x->perhaps];
		snprintf(text, sizeof(text), "perhaps %.*s: %s", p->entry ? 100 : 12, p->entry ?
		    p->entry->text[REG_ID] : v->as[p->asset].id, x->because);
		put(s, text);
	}
}

/* ---- the whole ------------------------------------------------------------------ */

static unsigned
share(uint32_t part, uint32_t whole)
{
	return whole ? (unsigned)((uint64_t)part * 100 / whole) : 0;
}

static void
left_out(FILE *f, const struct audit *a, const struct audit_look *look)
{
	const struct { uint32_t n; const char *one, *many; } why[] = {
		{ a->external, "public address", "public addresses" },
		{ a->silent, "never heard", "never heard" },
		{ a->parts, "part that is no device of its own",
		    "parts that are no devices of their own" },
		{ a->not_in_use, "entry not in use", "entries not in use" },
		{ a->no_address, "entry without MAC, address or name on the network",
		    "entries without MAC, address or name on the network" },
	};
	char t[CELL] = "";

	for (size_t i = 0; i < sizeof(why) / sizeof(*why); i++)
		if (why[i].n)
			snprintf(t + strlen(t), sizeof(t) - strlen(t), "%s%u %s", *t ? ", " :
			    "not counted: ", why[i].n, why[i].n == 1 ? why[i].one : why[i].many);
	put_wrapped(f, t, 0, look->width, look->utf8);
}

bool
audit_text(const struct audit *a, const struct inv *v, const struct reg *r,
    const struct audit_look *look, FILE *f)
{
	static const char *const heads[3][COLS] = {
		{ "ID", "NAME", "ADDRESS", "MAKE, MODEL", "FOUND BY" },
		{ "ASSET", "NAME", "ADDRESS", "MAKE, MODEL", "ZONE" },
		{ "ID", "NAME", "ADDRESS", "MAKE, MODEL", "WHERE" },
	};
	static const char *const titles[3] = { "Seen and listed", "Seen and not listed",
		"Listed and never seen" };
	struct table t[3] = { { NULL } };
	char text[CELL];
	bool good = true;
	size_t i;

	snprintf(text, sizeof(text), "%u of %u assets seen are listed (%u %%), %u of %u entries "
	    "were seen (%u %%), %u not as listed", a->assets_listed, a->assets,
	    share(a->assets_listed, a->assets), a->entries_seen, a->entries,
	    share(a->entries_seen, a->entries), a->differing);
	put_wrapped(f, text, 0, look->width, look->utf8);
	left_out(f, a, look);
	fill(a, v, t);
	for (i = 0; i < 3; i++) {
		put_table(f, &t[i], heads[i], titles[i], look);
		good &= !t[i].failed;
		table_free(&t[i]);
	}
	if (r->nfaults)
		fprintf(f, "\n%sWrong in the register (%zu)%s\n", look->colour ? "\033[1m" : "",
		    r->nfaults, look->colour ? "\033[0m" : "");
	for (i = 0; i < r->nfaults; i++) {
		char line[1200];
		reg_fault_text(&r->faults[i], line, sizeof(line));
		put(text, line);
		put_wrapped(f, text, 0, look->width, look->utf8);
	}
	return good;
}
