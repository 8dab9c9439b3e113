/* heads.c: what columns are called, and words that stand for yes, no and nothing. */
#include "model/titles.h"

#include "base/ascii.h"
#include "base/embed.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "json/doc.h"
#include "model/register.h"

#include <string.h>

enum { FOLDED = 256 };

/* U+00C0 to U+00FF without their accents; 0: no letter of ours. */
static const char plain[64 + 1] = "aaaaaaaceeeeiiiidnooooo\0ouuuuyps"
    "aaaaaaaceeeeiiiidnooooo\0ouuuuypy";

size_t
reg_fold(char *dst, size_t cap, const char *s)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t left = strlen(s), n = 0, k;
	char c;

	for (; left && n + 1 < cap; p += k, left -= k) {
		c = 0;
		if (!(k = utf8_len(p, left)))
			k = 1;
		if (k == 1 && (ascii_letter(*p) || ascii_digit(*p)))
			c = (char)ascii_lower(*p);
		else if (k == 2 && *p == 0xc3)
			c = plain[p[1] & 63];
		if (c)
			dst[n++] = c;
	}
	if (cap)
		dst[n] = 0;
	return n;
}

bool
titles_load(struct titles *h, const char *file, struct err *e)
{
	const struct embed *f = embed_find(file);

	if (!f)
		return err_set(e, "%s: not built in", file);
	h->doc = doc_loadb(f->name, f->p, (size_t)(f->end - f->p), e);
	return h->doc != NULL;
}

void
titles_free(struct titles *h)
{
	json_decref(h->doc);
	h->doc = NULL;
}

static bool
same(const char *folded, const char *word)
{
	char t[FOLDED];

	return reg_fold(t, sizeof(t), word) > 0 && strcmp(folded, t) == 0;
}

static int
field_of(const struct titles *h, const char *folded, unsigned *rank)
{
	const json_t *f, *w, *list = json_object_get(h->doc, "fields");
	const char *name;
	size_t i, k;

	if (!*folded)
		return -1;
	json_array_foreach(list, i, f) {
		name = json_string_value(json_object_get(f, "field"));
		int field = -1;
		for (int j = 0; name && j < h->n; j++)
			if (j != h->hidden && strcmp(h->names[j], name) == 0)
				field = j;
		if (field < 0)
			continue;
		*rank = 0;
		if (same(folded, name))
			return field;
		json_array_foreach(json_object_get(f, "headers"), k, w) {
			*rank = (unsigned)k + 1;
			if (json_string_value(w) && same(folded, json_string_value(w)))
				return field;
		}
	}
	return -1;
}

int
titles_field(const struct titles *h, const char *header, unsigned *rank)
{
	char t[FOLDED], folded[FOLDED], *p;
	size_t n;
	int f;

	reg_fold(folded, sizeof(folded), header);
	if ((f = field_of(h, folded, rank)) >= 0)
		return f;
	/* "MAC-adress (LAN)" */
	snprintf(t, sizeof(t), "%s", header);
	if ((p = strpbrk(t, "([")) && p != t) {
		*p = 0;
		reg_fold(folded, sizeof(folded), t);
		if ((f = field_of(h, folded, rank)) >= 0)
			return f;
	}
	/* "IP 2" */
	for (n = strlen(folded); n && ascii_digit(folded[n - 1]); n--)
		;
	if (!folded[n])
		return -1;
	folded[n] = 0;
	return field_of(h, folded, rank);
}

bool
titles_word(const struct titles *h, const char *list, const char *value)
{
	const json_t *w;
	char folded[FOLDED];
	size_t i, n = reg_fold(folded, sizeof(folded), value);

	json_array_foreach(json_object_get(h->doc, list), i, w) {
		const char *s = json_string_value(w);
		/* words without a letter are compared as they are: "-" */
		if (s && (strcmp(s, value) == 0 || (n && same(folded, s))))
			return true;
	}
	return false;
}

/* ---- a file's header ------------------------------------------------------------ */

bool
titles_map(const struct titles *h, const char *const *map, size_t nmap, struct err *e)
{
	char all[400] = "";
	const char *eq;
	size_t i;
	int f;

	for (f = 0; f < h->n; f++)
		if (f != h->hidden)
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
			    f ? ", " : "", h->names[f]);
	for (i = 0; i < nmap; i++) {
		if (!(eq = strchr(map[i], '=')))
			return err_set(e, "--map %.60s: FIELD=HEADER is expected", map[i]);
		for (f = 0; f < h->n; f++)
			if (f != h->hidden && strlen(h->names[f]) == (size_t)(eq - map[i]) &&
			    memcmp(h->names[f], map[i], strlen(h->names[f])) == 0)
				break;
		if (f == h->n)
			return err_set(e, "--map %.60s: no such field (%s)", map[i], all);
	}
	return true;
}

int
titles_mapped(const struct titles *h, const char *const *map, size_t nmap, const char *header,
    unsigned *rank)
{
	char a[FOLDED], b[FOLDED];
	const char *eq;
	size_t i;
	int f, field = titles_field(h, header, rank);

	for (i = 0; i < nmap; i++) {
		eq = strchr(map[i], '=');
		reg_fold(a, sizeof(a), eq + 1);
		reg_fold(b, sizeof(b), header);
		for (f = 0; strlen(h->names[f]) != (size_t)(eq - map[i]) ||
		    memcmp(h->names[f], map[i], (size_t)(eq - map[i])) != 0; f++)
			;
		if (*b && strcmp(a, b) == 0)
			return f;
		if (f == field)
			field = -2;
	}
	return field;
}

/* What the columns of this row would mean; how many are known. */
static unsigned
head_row(const struct titles *h, const struct csv *c, const char *const *map, size_t nmap,
    struct head_column *col)
{
	unsigned known = 0;
	size_t i, k;

	for (i = 0; i < c->ncells; i++) {
		col[i] = (struct head_column){ -1, 0, c->cell[i] };
		col[i].field = titles_mapped(h, map, nmap, c->cell[i], &col[i].rank);
		if (col[i].field < 0)
			continue;
		/* of two columns for one field the surer */
		for (k = 0; k < i && !(h->many >> col[i].field & 1); k++) {
			if (col[k].field != col[i].field)
				continue;
			if (col[i].rank < col[k].rank)
				col[k].field = -1;
			else
				col[i].field = -1;
			known--;
			break;
		}
		known++;
	}
	return known;
}

/* Has each --map its column? */
static bool
map_met(const struct csv *c, const char *const *map, size_t nmap, struct err *e)
{
	char a[FOLDED], b[FOLDED];
	size_t i, k;

	for (i = 0; i < nmap; i++) {
		const char *want = strchr(map[i], '=') + 1;
		reg_fold(a, sizeof(a), want);
		for (k = 0; k < c->ncells; k++) {
			reg_fold(b, sizeof(b), c->cell[k]);
			if (strcmp(a, b) == 0)
				break;
		}
		if (k == c->ncells && *want)
			return err_set(e, "%s:%llu: --map %.60s: no such column", c->name,
			    (unsigned long long)c->line, map[i]);
	}
	return true;
}

bool
titles_find(const struct titles *h, struct csv *c, const char *const *map, size_t nmap,
    struct head_column *col, size_t *ncol, struct err *e)
{
	enum { TITLES = 20 };           /* lines of a title above the header */
	char t[900] = "";
	size_t i, k, first = 0;
	uint64_t line = 0;

	for (i = 0; i < TITLES; i++) {
		enum csv_next got = csv_row(c, e);
		unsigned known;
		if (got == CSV_BAD)
			return false;
		if (got == CSV_END)
			break;
		known = head_row(h, c, map, nmap, col);
		if (known >= 2 || (known == 1 && (c->ncells == 1 || nmap))) {
			*ncol = c->ncells;
			return map_met(c, map, nmap, e);
		}
		/* what it may have been, for the message: the first row of some cells */
		for (k = 0; k < c->ncells && c->ncells > first && k < 12; k++) {
			if (k == 0)
				t[0] = 0;
			snprintf(t + strlen(t), sizeof(t) - strlen(t), "%s%.40s", k ? ", " : "",
			    c->cell[k]);
		}
		if (c->ncells > first) {
			first = c->ncells;
			line = c->line;
		}
	}
	if (!line)
		return err_set(e, "%s: nothing in it", c->name);
	return err_set(e, "%s:%llu: no header is known: %.240s: say with --map which column is "
	    "which", c->name, (unsigned long long)line, t);
}
