/* audit_write.c: the three lists as records. */
#include "inv/audit.h"
#include "inv/write_impl.h"

static const char *const kinds[] = { "listed", "not_listed", "never_seen" };

/* What it takes to know an asset again; the whole is in the inventory. */
static void
asset_brief(const struct inv *v, struct jw *w, const struct asset *a)
{
	static const enum field fields[] = { F_HOSTNAME, F_VENDOR, F_PRODUCT, F_MODEL, F_SERIAL,
		F_FIRMWARE };
	uint32_t i;

	jw_obj(w, "asset");
	jw_str(w, "id", a->id, a->id_len);
	macs_write(v, w, a);
	ips_write(v, w, a);
	jw_cstr(w, "sub", inv_str(v, a->sub));
	if (a->parent != INV_NONE)
		jw_str(w, "parent", v->as[a->parent].id, v->as[a->parent].id_len);
	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		word_write(v, w, a, fields[i]);
	jw_cstr(w, "zone", inv_str(v, asset_zone(v, a)));
	jw_end(w);
}

static void
listed_write(struct jw *w, const struct reg_entry *e)
{
	char t[ADDR_TEXT];
	size_t i;

	jw_obj(w, "entry");
	entry_write(w, e->text);
	if (e->nmac) {
		jw_arr(w, "macs");
		for (i = 0; i < e->nmac; i++)
			jw_a_str(w, t, mac_put(t, e->mac[i]));
		jw_end(w);
	}
	if (e->nip) {
		jw_arr(w, "ips");
		for (i = 0; i < e->nip; i++)
			jw_a_str(w, t, addr_put(t, &e->ip[i]));
		jw_end(w);
	}
	jw_end(w);
}

static void
item_write(const struct audit *a, const struct inv *v, struct jw *w, const struct audit_item *x)
{
	const struct asset *as = x->asset != INV_NONE ? &v->as[x->asset] : NULL;
	int64_t last = INT64_MIN;
	const struct audit_item *p;
	uint32_t i;

	for (i = 0; as && i < as->n; i++)
		if (inv_member(v, as->first + i)->last > last)
			last = inv_member(v, as->first + i)->last;
	jw_time(w, "timestamp", last == INT64_MIN ? a->last : last);
	jw_cstr(w, "event_type", "register");
	jw_obj(w, "register");
	jw_cstr(w, "kind", kinds[x->kind]);
	jw_cstr(w, "site", inv_str(v, a->site));
	if (x->entry)
		listed_write(w, x->entry);
	if (as) {
		jw_cstr(w, "matched_by", reg_by_names[x->by]);
		asset_brief(v, w, as);
	}
	if (x->ndiffs)
		jw_arr(w, "differs");
	for (i = x->diff; i < x->diff + x->ndiffs; i++) {
		const struct audit_diff *d = &a->diffs[i];
		jw_a_obj(w);
		jw_cstr(w, "field", d->field);
		jw_cstr(w, "listed", inv_str(v, d->listed));
		jw_cstr(w, "seen", inv_str(v, d->seen));
		jw_cstr(w, "source", inv_str(v, d->source));
		place_write(v, w, &d->at);
		jw_end(w);
	}
	if (x->ndiffs)
		jw_end(w);
	if (x->addressed)
		jw_bool(w, "addressed", true);
	if (x->not_in_use)
		jw_bool(w, "not_in_use", true);
	if (x->no_address)
		jw_bool(w, "no_address", true);
	if (x->perhaps != INV_NONE) {
		p = &a->v[x->perhaps];
		jw_obj(w, "suggestion");
		if (p->entry)
			jw_cstr(w, "entry", p->entry->text[REG_ID]);
		else
			jw_str(w, "asset", v->as[p->asset].id, v->as[p->asset].id_len);
		jw_cstr(w, "because", x->because);
		jw_end(w);
	}
	jw_end(w);
}

static void
fault_write(const struct audit *a, struct jw *w, const struct reg_fault *f)
{
	char t[1200];

	jw_time(w, "timestamp", a->last);
	jw_cstr(w, "event_type", "register");
	jw_obj(w, "register");
	jw_cstr(w, "kind", "fault");
	if (f->line)
		snprintf(t, sizeof(t), "%s:%llu", f->file, (unsigned long long)f->line);
	else
		snprintf(t, sizeof(t), "%s", f->file);
	jw_cstr(w, "source", t);
	jw_cstr(w, "column", f->column);
	jw_cstr(w, "reason", f->why);
	jw_cstr(w, "value", f->value);
	jw_end(w);
}

static void
stats_write(const struct audit *a, const struct reg *r, struct jw *w)
{
	jw_time(w, "timestamp", a->last);
	jw_cstr(w, "event_type", "stats");
	jw_obj(w, "stats");
	jw_obj(w, "register");
	jw_uint(w, "assets", a->assets);
	jw_uint(w, "assets_listed", a->assets_listed);
	jw_uint(w, "entries", a->entries);
	jw_uint(w, "entries_seen", a->entries_seen);
	jw_uint(w, "differing", a->differing);
	jw_uint(w, "faults", r->nfaults + r->more_faults);
	jw_obj(w, "left_out");
	jw_uint(w, "external", a->external);
	jw_uint(w, "silent", a->silent);
	jw_uint(w, "parts", a->parts);
	jw_uint(w, "not_in_use", a->not_in_use);
	jw_uint(w, "no_address", a->no_address);
	jw_end(w);
	if (r->nignored)
		jw_arr(w, "columns_passed_over");
	for (size_t i = 0; i < r->nignored; i++)
		jw_a_cstr(w, r->ignored[i]);
	if (r->nignored)
		jw_end(w);
	jw_end(w);
	jw_end(w);
}

bool
audit_write(const struct audit *a, const struct inv *v, const struct reg *r, struct jw *w,
    bool (*out)(void *, struct jw *), void *arg)
{
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < a->n; i++) {
		jw_begin(w);
		item_write(a, v, w, &a->v[i]);
		ok = jw_line(w) && out(arg, w);
	}
	for (i = 0; ok && i < r->nfaults; i++) {
		jw_begin(w);
		fault_write(a, w, &r->faults[i]);
		ok = jw_line(w) && out(arg, w);
	}
	if (!ok)
		return false;
	jw_begin(w);
	stats_write(a, r, w);
	return jw_line(w) && out(arg, w);
}
