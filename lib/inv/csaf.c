/* csaf.c: one CSAF 2.0 document taken apart. */
#include "inv/csaf.h"

#include "base/limits.h"
#include "json/doc.h"

#include <stdlib.h>
#include <string.h>

/* A product_id of the document in hand, and where its product is. */
struct name { uint32_t id, product; };
struct reading {
	struct csaf *c;
	struct err *e;
	uint32_t doc;
	struct name *names; uint32_t nnames, cnames, nsorted;
	const json_t *groups;
	uint32_t work;                  /* products that remedies were looked up for */
};

static bool
room(void *list, uint32_t n, uint32_t *cap, size_t item, struct err *e)
{
	void *more, **at = list;
	uint32_t want = *cap ? *cap * 2 : 64;

	if (n < *cap)
		return true;
	if (!(more = realloc(*at, want * item)))
		return err_set(e, "not enough memory");
	*at = more;
	*cap = want;
	return true;
}
#define ROOM(list, n, cap, e)   room(&(list), n, &(cap), sizeof(*(list)), e)

static const json_t *
get(const json_t *o, const char *key)
{
	return json_object_get(o, key);
}

/* A string member as a text: blanks around it off, controls as blanks, cut
 * where it is longer than any name. */
static uint32_t
text(struct csaf *c, const json_t *o, const char *key)
{
	const json_t *j = key ? get(o, key) : o;
	const char *s = json_string_value(j);
	size_t n = json_string_length(j), i;
	char t[LIM_TEXT];

	if (!s)
		return 0;
	for (; n && (unsigned char)*s <= ' '; s++, n--)
		;
	if (n > sizeof(t)) {
		for (n = sizeof(t); n && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
			;
	}
	for (i = 0; i < n; i++)
		t[i] = (unsigned char)s[i] < ' ' || s[i] == 0x7f ? ' ' : s[i];
	for (; n && t[n - 1] == ' '; n--)
		;
	return pool_put(c->pool, t, n);
}

static bool
full(struct reading *r, const char *what)
{
	return err_set(r->e, "more %s than one run takes: left out", what);
}

/* ---- products ----------------------------------------------------------------- */

static bool
put_codes(struct reading *r, struct csaf_product *p, const json_t *helper)
{
	static const char *const keys[] = { "model_numbers", "skus" };
	struct csaf *c = r->c;
	const json_t *x;
	size_t i;
	uint32_t t, first = c->ncode;

	for (int k = 0; k < 2; k++)
		json_array_foreach(get(helper, keys[k]), i, x) {
			if (!(t = text(c, x, NULL)))
				continue;
			if (c->ncode >= LIM_CSAF_PRODUCTS)
				return full(r, "model numbers");
			if (!ROOM(c->code, c->ncode, c->ccode, r->e))
				return false;
			c->code[c->ncode++] = t;
		}
	/* without its own it has those of what it is installed on */
	if (c->ncode > first) {
		p->code = first;
		p->ncode = c->ncode - first;
	}
	return true;
}

/* from: what the branches above say. */
static bool
put_product(struct reading *r, const json_t *o, const struct csaf_product *from)
{
	struct csaf *c = r->c;
	struct csaf_product *p;

	if (!json_is_object(o))
		return true;
	if (c->nproduct >= LIM_CSAF_PRODUCTS)
		return full(r, "products");
	if (!ROOM(c->product, c->nproduct, c->cproduct, r->e) ||
	    !ROOM(r->names, r->nnames, r->cnames, r->e))
		return false;
	p = &c->product[c->nproduct];
	*p = *from;
	p->doc = r->doc;
	p->id = text(c, o, "product_id");
	p->full = text(c, o, "name");
	if (!p->name)
		p->name = p->full;
	if (!p->id)
		return err_set(r->e, "a product without product_id");
	if (get(o, "product_identification_helper") &&
	    !put_codes(r, p, get(o, "product_identification_helper")))
		return false;
	r->names[r->nnames++] = (struct name){ p->id, c->nproduct++ };
	return true;
}

/* Two texts as one: a service pack is part of the version before it. */
static uint32_t
joined(struct csaf *c, uint32_t a, uint32_t b)
{
	char t[2 * LIM_TEXT + 2];
	int n = snprintf(t, sizeof(t), "%s %s", pool_get(c->pool, a), pool_get(c->pool, b));

	return pool_put(c->pool, t, (size_t)n);
}

static bool
walk(struct reading *r, const json_t *list, struct csaf_product from, int depth)
{
	struct csaf *c = r->c;
	const json_t *x;
	size_t i;

	if (list && !json_is_array(list))
		return err_set(r->e, "product_tree: \"branches\" is no array");
	if (depth > LIM_JSON_DEPTH)
		return err_set(r->e, "product_tree: branches are nested too deep");
	json_array_foreach(list, i, x) {
		struct csaf_product p = from;
		const char *kind = json_string_value(get(x, "category"));
		uint32_t name = text(c, x, "name");
		if (!kind)
			return err_set(r->e, "product_tree: a branch without category");
		if (strcmp(kind, "vendor") == 0)
			p.vendor = name;
		else if (strcmp(kind, "product_family") == 0)
			p.family = name;
		else if (strcmp(kind, "product_name") == 0)
			p.name = name;
		else if (strncmp(kind, "product_version", 15) == 0)
			p.range = name;
		else if ((strcmp(kind, "service_pack") == 0 || strcmp(kind, "patch_level") == 0) &&
		    p.range)
			p.range = joined(c, p.range, name);
		if (!put_product(r, get(x, "product"), &p) ||
		    !walk(r, get(x, "branches"), p, depth + 1))
			return false;
	}
	return true;
}

static int
name_cmp(const void *pa, const void *pb)
{
	const struct name *a = pa, *b = pb;

	return a->id != b->id ? (a->id < b->id ? -1 : 1) : a->product < b->product ? -1 :
	    a->product > b->product;
}

static void
names_sort(struct reading *r)
{
	if (r->nnames)
		qsort(r->names, r->nnames, sizeof(*r->names), name_cmp);
	r->nsorted = r->nnames;
}

static const struct name *
find(const struct reading *r, uint32_t id)
{
	uint32_t lo = 0, hi = r->nsorted, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (r->names[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < r->nsorted && r->names[lo].id == id ? &r->names[lo] : NULL;
}

/* Firmware on hardware is a product whose version is the firmware's. Of any
 * other component the device's own version says nothing. */
static bool
is_firmware(const struct csaf *c, const struct csaf_product *p)
{
	static const char *const words[] = { "firmware", "operating system", "bios", " fw", "fw " };
	uint32_t t[3] = { p->name, p->family, p->full };

	for (int i = 0; i < 3; i++)
		for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++)
			if (strcasestr(pool_get(c->pool, t[i]), words[k]))
				return true;
	return false;
}

static bool
put_relation(struct reading *r, const json_t *x)
{
	const struct csaf *c = r->c;
	const struct name *part, *on, *done;
	const struct csaf_product *a;
	struct csaf_product p;

	part = find(r, text(r->c, get(x, "product_reference"), NULL));
	on = find(r, text(r->c, get(x, "relates_to_product_reference"), NULL));
	done = find(r, text(r->c, get(get(x, "full_product_name"), "product_id"), NULL));
	/* what is said of a product that is not there is said of none */
	if (!part || !on || done)
		return true;
	a = &c->product[part->product];
	p = c->product[on->product];
	p.range = a->range;
	if (!is_firmware(c, a) && a->name != p.name)
		p.component = a->full ? a->full : a->name;
	return put_product(r, get(x, "full_product_name"), &p);
}

static bool
put_relations(struct reading *r, const json_t *list)
{
	const json_t *x;
	uint32_t before;
	size_t i;

	if (list && !json_is_array(list))
		return err_set(r->e, "product_tree: \"relationships\" is no array");
	/* again for relations of relations, which have no order among them */
	for (int turn = 0; turn < 4; turn++) {
		names_sort(r);
		before = r->nnames;
		json_array_foreach(list, i, x)
			if (!put_relation(r, x))
				return false;
		if (r->nnames == before)
			break;
	}
	names_sort(r);
	return true;
}

static bool
put_tree(struct reading *r, const json_t *tree)
{
	const json_t *x;
	size_t i;

	if (tree && !json_is_object(tree))
		return err_set(r->e, "\"product_tree\" is no object");
	if (!walk(r, get(tree, "branches"), (struct csaf_product){ .id = 0 }, 0))
		return false;
	json_array_foreach(get(tree, "full_product_names"), i, x)
		if (!put_product(r, x, &(struct csaf_product){ .id = 0 }))
			return false;
	r->groups = get(tree, "product_groups");
	return put_relations(r, get(tree, "relationships"));
}

/* ---- vulnerabilities -------------------------------------------------------------- */

static struct csaf_case *
case_of(struct reading *r, const struct csaf_flaw *f, uint32_t product)
{
	struct csaf *c = r->c;
	uint32_t lo = f->first, hi = c->ncases, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (c->cases[mid].product < product)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->ncases && c->cases[lo].product == product ? &c->cases[lo] : NULL;
}

static int
case_cmp(const void *pa, const void *pb)
{
	const struct csaf_case *a = pa, *b = pb;

	return a->product < b->product ? -1 : a->product > b->product;
}

static bool
put_cases(struct reading *r, struct csaf_flaw *f, const json_t *status)
{
	static const struct { const char *key; enum csaf_status bit; } keys[] = {
		{ "known_affected", CSAF_AFFECTED }, { "fixed", CSAF_FIXED },
		{ "known_not_affected", CSAF_NOT_AFFECTED },
		{ "under_investigation", CSAF_INVESTIGATED }, { "first_affected", CSAF_FIRST },
		{ "last_affected", CSAF_LAST }, { "first_fixed", CSAF_FIXED },
		{ "recommended", CSAF_RECOMMENDED },
	};
	struct csaf *c = r->c;
	const struct name *n;
	const json_t *x;
	uint32_t t, k;
	size_t i, w;

	f->first = c->ncases;
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		json_array_foreach(get(status, keys[i].key), w, x) {
			if (!(t = text(c, x, NULL)) || !(n = find(r, t)))
				continue;
			if (c->ncases >= LIM_CSAF_STATUSES)
				return full(r, "products under vulnerabilities");
			if (!ROOM(c->cases, c->ncases, c->ccases, r->e))
				return false;
			c->cases[c->ncases++] = (struct csaf_case){ .product = n->product,
			    .flaw = c->nflaw, .status = (uint8_t)keys[i].bit };
		}
	/* one for each product */
	if (c->ncases > f->first)
		qsort(c->cases + f->first, c->ncases - f->first, sizeof(*c->cases), case_cmp);
	for (t = k = f->first; t < c->ncases; t++)
		if (k > f->first && c->cases[k - 1].product == c->cases[t].product)
			c->cases[k - 1].status |= c->cases[t].status;
		else
			c->cases[k++] = c->cases[t];
	c->ncases = k;
	f->n = k - f->first;
	return true;
}

/* The newest kind of score that a product has counts. */
static bool
put_scores(struct reading *r, const struct csaf_flaw *f, const json_t *list)
{
	static const char *const kinds[] = { "cvss_v4", "cvss_v3", "cvss_v2" };
	struct csaf *c = r->c;
	struct csaf_case *at;
	const struct name *n;
	const json_t *x, *v, *p;
	size_t i, w;

	for (int k = 0; k < 3; k++)
		json_array_foreach(list, i, x) {
			/* CSAF 2.1 has it one level down */
			v = get(x, kinds[k]) ? get(x, kinds[k]) : get(get(x, "content"), kinds[k]);
			if (!json_is_number(get(v, "baseScore")))
				continue;
			if (!ROOM(c->score, c->nscore, c->cscore, r->e))
				return false;
			c->score[c->nscore++] = (struct csaf_score){
			    .base = json_number_value(get(v, "baseScore")),
			    .vector = text(c, v, "vectorString"),
			    .severity = text(c, v, "baseSeverity"),
			    .version = text(c, v, "version") };
			json_array_foreach(get(x, "products"), w, p)
				if ((n = find(r, text(c, p, NULL))) &&
				    (at = case_of(r, f, n->product)) && !at->score)
					at->score = c->nscore;
		}
	return true;
}

/* A fix counts for more than a way around, and that for more than none. */
static int
fix_weight(const struct csaf *c, const struct csaf_fix *x)
{
	static const char *const order[] = { "none_available", "no_fix_planned", "mitigation",
		"workaround", "vendor_fix" };
	const char *s = pool_get(c->pool, x->category);

	for (int i = 0; i < 5; i++)
		if (strcmp(order[i], s) == 0)
			return i + 1;
	return 0;
}

static bool
fix_for(struct reading *r, const struct csaf_flaw *f, const json_t *id, uint32_t fix)
{
	struct csaf *c = r->c;
	const struct name *n = find(r, text(c, id, NULL));
	struct csaf_case *at = n ? case_of(r, f, n->product) : NULL;

	if (at && (!at->fix || fix_weight(c, &c->fix[at->fix - 1]) <
	    fix_weight(c, &c->fix[fix - 1])))
		at->fix = fix;
	return ++r->work < LIM_CSAF_STATUSES || full(r, "products under remediations");
}

static bool
fix_for_group(struct reading *r, const struct csaf_flaw *f, const json_t *g, uint32_t fix)
{
	const json_t *group, *id;
	size_t i, k;

	json_array_foreach(r->groups, i, group) {
		if (++r->work >= LIM_CSAF_STATUSES)
			return full(r, "groups under remediations");
		if (json_equal(get(group, "group_id"), g))
			json_array_foreach(get(group, "product_ids"), k, id)
				if (!fix_for(r, f, id, fix))
					return false;
	}
	return true;
}

static bool
put_fixes(struct reading *r, const struct csaf_flaw *f, const json_t *list)
{
	struct csaf *c = r->c;
	const json_t *x, *id;
	size_t i, k;

	json_array_foreach(list, i, x) {
		if (!ROOM(c->fix, c->nfix, c->cfix, r->e))
			return false;
		c->fix[c->nfix++] = (struct csaf_fix){ text(c, x, "category"),
		    text(c, x, "details"), text(c, x, "url") };
		json_array_foreach(get(x, "product_ids"), k, id)
			if (!fix_for(r, f, id, c->nfix))
				return false;
		json_array_foreach(get(x, "group_ids"), k, id)
			if (!fix_for_group(r, f, id, c->nfix))
				return false;
	}
	return true;
}

static bool
put_flaws(struct reading *r, const json_t *list)
{
	struct csaf *c = r->c;
	const json_t *x;
	size_t i;

	if (list && !json_is_array(list))
		return err_set(r->e, "\"vulnerabilities\" is no array");
	c->doc[r->doc].flaw = c->nflaw;
	json_array_foreach(list, i, x) {
		struct csaf_flaw f = { .doc = r->doc, .cve = text(c, x, "cve"),
		    .title = text(c, x, "title") };
		if (!f.cve)
			f.cve = text(c, json_array_get(get(x, "ids"), 0), "text");
		if (!ROOM(c->flaw, c->nflaw, c->cflaw, r->e) ||
		    !put_cases(r, &f, get(x, "product_status")) ||
		    !put_scores(r, &f, get(x, get(x, "scores") ? "scores" : "metrics")) ||
		    !put_fixes(r, &f, get(x, "remediations")))
			return false;
		c->flaw[c->nflaw++] = f;
	}
	c->doc[r->doc].nflaw = c->nflaw - c->doc[r->doc].flaw;
	return true;
}

/* ---- the document ------------------------------------------------------------------ */

/* The page for people: the self reference that is no JSON, else any. */
static uint32_t
page(struct csaf *c, const json_t *list)
{
	const json_t *x;
	const char *kind, *url;
	uint32_t self = 0;
	size_t i, n;

	json_array_foreach(list, i, x) {
		kind = json_string_value(get(x, "category"));
		url = json_string_value(get(x, "url"));
		if (!kind || !url || strcmp(kind, "self") != 0)
			continue;
		n = strlen(url);
		if (n < 5 || strcmp(url + n - 5, ".json") != 0)
			return text(c, x, "url");
		if (!self)
			self = text(c, x, "url");
	}
	return self;
}

static bool
put_doc(struct reading *r, const char *file, const json_t *o)
{
	struct csaf *c = r->c;
	const json_t *d = get(o, "document"), *t = get(d, "tracking");
	struct csaf_doc *x;

	if (c->ndoc >= LIM_CSAF_FILES)
		return full(r, "advisories");
	if (c->pool->bytes >= LIM_CSAF_TEXT)
		return full(r, "text");
	if (!ROOM(c->doc, c->ndoc, c->cdoc, r->e))
		return false;
	x = &c->doc[r->doc = c->ndoc];
	*x = (struct csaf_doc){
		.id = text(c, t, "id"), .title = text(c, d, "title"),
		.publisher = text(c, get(d, "publisher"), "name"),
		.space = text(c, get(d, "publisher"), "namespace"),
		.url = page(c, get(d, "references")), .date = text(c, t, "current_release_date"),
		.status = text(c, t, "status"), .file = pool_cstr(c->pool, file),
	};
	if (!x->id)
		return err_set(r->e, "document.tracking.id: not there, or no text");
	c->ndoc++;
	return put_tree(r, get(o, "product_tree")) && put_flaws(r, get(o, "vulnerabilities"));
}

enum csaf_result
csaf_read(struct csaf *c, const char *file, const char *p, size_t n, struct err *e)
{
	struct csaf before = *c;
	struct reading r = { .c = c, .e = e };
	const char *version;
	json_t *o;
	bool ok;

	/* some makers' files begin with a byte order mark */
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		n -= 3;
	}
	if (!(o = doc_loadb(file, p, n, e)))
		return CSAF_BAD;
	if (!json_is_object(get(o, "document")) ||
	    !(version = json_string_value(get(get(o, "document"), "csaf_version")))) {
		json_decref(o);
		return CSAF_OTHER;
	}
	if (strncmp(version, "2.", 2) != 0) {
		err_set(e, "%s: CSAF %.10s: this reads 2.0", file, version);
		ok = false;
	} else {
		struct err why = { "" };
		r.e = &why;
		if (!(ok = put_doc(&r, file, o)))
			err_set(e, "%s: %s", file, why.text);
	}
	free(r.names);
	json_decref(o);
	if (c->pool->failed && ok)
		ok = err_set(e, "%s: not enough memory", file);
	if (ok)
		return CSAF_OK;
	/* nothing of it stays; the lists may have moved */
	c->ndoc = before.ndoc;
	c->nproduct = before.nproduct;
	c->ncode = before.ncode;
	c->nflaw = before.nflaw;
	c->ncases = before.ncases;
	c->nscore = before.nscore;
	c->nfix = before.nfix;
	return CSAF_BAD;
}

static int
doc_order(const void *pa, const void *pb, void *arg)
{
	const struct csaf *c = arg;
	const struct csaf_doc *a = &c->doc[*(const uint32_t *)pa];
	const struct csaf_doc *b = &c->doc[*(const uint32_t *)pb];
	int d;

	if ((d = pool_cmp(c->pool, a->space, b->space)) || (d = pool_cmp(c->pool, a->id, b->id)) ||
	    (d = pool_cmp(c->pool, b->date, a->date)))
		return d;
	return pool_cmp(c->pool, a->file, b->file);
}

bool
csaf_settle(struct csaf *c)
{
	uint32_t *order = calloc(c->ndoc + 1, sizeof(*order)), i;

	if (!order)
		return false;
	for (i = 0; i < c->ndoc; i++)
		order[i] = i;
	if (c->ndoc)
		qsort_r(order, c->ndoc, sizeof(*order), doc_order, c);
	for (i = 1; i < c->ndoc; i++) {
		struct csaf_doc *a = &c->doc[order[i - 1]], *b = &c->doc[order[i]];
		b->older = a->space == b->space && a->id == b->id;
		c->older += b->older;
	}
	free(order);
	return true;
}

void
csaf_free(struct csaf *c)
{
	free(c->doc);
	free(c->product);
	free(c->code);
	free(c->flaw);
	free(c->cases);
	free(c->score);
	free(c->fix);
	memset(c, 0, sizeof(*c));
}
