/* vuln_write.c: findings as records, each with what it rests on. */
#include "inv/vuln.h"

#include "base/stamp.h"

#include <string.h>

static const char *const by_names[] = {
	[BY_CODE] = "order_code", [BY_FAMILY] = "family", [BY_NAME] = "name",
	[BY_CODE_PART] = "order_code_part", [BY_NAME_NO_CODE] = "name_without_code",
	[BY_NAME_PART] = "name_part",
};

static const char *
pooled(const struct vuln *v, uint32_t t)
{
	return pool_get(v->csaf->pool, t);
}

const char *
vuln_reason(const struct vuln *v, const struct vuln_finding *f, char *dst, size_t cap)
{
	const struct csaf_product *p = &v->csaf->product[v->csaf->cases[f->kase].product];
	bool first = (v->csaf->cases[f->kase].status & CSAF_FIRST) != 0;
	char word[160], fw[96], range[160];
	size_t n;

	item_text(&f->word, "value", word, sizeof(word));
	if (!*item_text(&f->firmware, "value", fw, sizeof(fw)))
		snprintf(fw, sizeof(fw), "unknown");
	snprintf(range, sizeof(range), "%.150s", pooled(v, p->range ? p->range : p->full));
	switch (f->by) {
	case BY_CODE:
		n = (size_t)snprintf(dst, cap, "The advisory names its order code");
		break;
	case BY_FAMILY:
		n = (size_t)snprintf(dst, cap, "By its %s %s it is of the family that the advisory "
		    "names", strcmp(f->field, "order_code") == 0 ? "order code" : f->field, word);
		break;
	case BY_NAME:
		n = (size_t)snprintf(dst, cap, "Maker and product name are those of the advisory");
		break;
	case BY_CODE_PART:
		n = (size_t)snprintf(dst, cap, "Its order code begins as the one of the advisory");
		break;
	case BY_NAME_NO_CODE:
		n = (size_t)snprintf(dst, cap, "The product name fits, but the advisory goes by an "
		    "order code and the asset's is not known");
		break;
	default:
		n = (size_t)snprintf(dst, cap, "The product name fits in part");
	}
	if (n >= cap)
		return dst;
	dst += n;
	cap -= n;
	switch ((enum vuln_why)f->why) {
	case WHY_IN:
		snprintf(dst, cap, ", and its firmware %s is in \"%s\".", fw, range);
		break;
	case WHY_ALL:
		snprintf(dst, cap, ", and all versions are affected.");
		break;
	case WHY_NO_FIRMWARE:
		snprintf(dst, cap, "; its firmware is not known, affected is \"%s\".", range);
		break;
	case WHY_NO_RANGE:
		snprintf(dst, cap, "; the advisory does not say which versions are affected.");
		break;
	case WHY_NOT_COMPARABLE:
		snprintf(dst, cap, "; its firmware %s and \"%s\" cannot be compared.", fw, range);
		break;
	case WHY_AT_ODDS:
		snprintf(dst, cap, "; one of the versions told of it, %s, is in \"%s\".", fw,
		    range);
		break;
	case WHY_COMPONENT:
		snprintf(dst, cap, "; affected is \"%.120s\" on it, which traffic does not show.",
		    pooled(v, p->component));
		break;
	case WHY_INVESTIGATED:
		snprintf(dst, cap, "; the maker is still investigating.");
		break;
	case WHY_BETWEEN:
		snprintf(dst, cap, "; its firmware %s is %s than \"%s\", the %s that is called "
		    "affected.", fw, first ? "later" : "earlier", range, first ? "first" : "last");
		break;
	case WHY_BOTH:
		snprintf(dst, cap, "; the advisory says of its firmware %s that it is affected and "
		    "that it is not.", fw);
		break;
	case WHY_OUT:
		snprintf(dst, cap, "; its firmware %s is outside \"%s\".", fw, range);
		break;
	case WHY_FIXED:
		snprintf(dst, cap, "; by the advisory the flaw is fixed in \"%s\".", range);
		break;
	case WHY_NOT_AFFECTED:
		snprintf(dst, cap, "; by the advisory \"%s\" is not affected.", range);
		break;
	}
	return dst - n;
}

/* Who said it, where. */
static void
evidence(struct jw *w, const struct sval *o)
{
	item_copy(w, "source", o, "source");
	item_copy(w, "timestamp", o, "timestamp");
	item_copy(w, "in_iface", o, "in_iface");
	item_copy(w, "pcap_filename", o, "pcap_filename");
	item_copy(w, "pcap_cnt", o, "pcap_cnt");
}

static void
asset_put(const struct vuln_finding *f, struct jw *w)
{
	static const char *const keys[] = { "id", "site", "name", "ips", "macs", "sub", "zone",
		"vendor", "product", "model", "order_code", "firmware", "hardware" };

	jw_obj(w, "asset");
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		item_copy(w, keys[i], &f->asset->o, keys[i]);
	jw_end(w);
	if (f->firmware.type == SVAL_OBJ) {
		jw_obj(w, "firmware");
		item_copy(w, "value", &f->firmware, "value");
		evidence(w, &f->firmware);
		jw_end(w);
	}
}

static void
product_put(const struct vuln *v, const struct vuln_finding *f, struct jw *w)
{
	static const struct { uint8_t bit; const char *name; } names[] = {
		{ CSAF_AFFECTED, "known_affected" }, { CSAF_FIRST, "first_affected" },
		{ CSAF_LAST, "last_affected" }, { CSAF_INVESTIGATED, "under_investigation" },
		{ CSAF_FIXED, "fixed" }, { CSAF_NOT_AFFECTED, "known_not_affected" },
	};
	const struct csaf_case *x = &v->csaf->cases[f->kase];
	const struct csaf_product *p = &v->csaf->product[x->product];

	jw_obj(w, "product");
	jw_cstr(w, "id", pooled(v, p->id));
	jw_cstr(w, "vendor", pooled(v, p->vendor));
	jw_cstr(w, "family", pooled(v, p->family));
	jw_cstr(w, "name", pooled(v, p->name));
	jw_cstr(w, "component", pooled(v, p->component));
	jw_cstr(w, "range", pooled(v, p->range));
	jw_arr(w, "status");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (x->status & names[i].bit)
			jw_a_cstr(w, names[i].name);
	jw_end(w);
	jw_end(w);
	jw_obj(w, "match");
	jw_cstr(w, "by", by_names[f->by]);
	jw_cstr(w, "text", pooled(v, f->text));
	jw_cstr(w, "field", f->field);
	item_copy(w, "value", &f->word, "value");
	evidence(w, &f->word);
	jw_end(w);
}

void
vuln_write(const struct vuln *v, const struct vuln_finding *f, struct jw *w)
{
	const struct csaf *c = v->csaf;
	const struct csaf_case *x = &c->cases[f->kase];
	const struct csaf_flaw *flaw = &c->flaw[x->flaw];
	const struct csaf_doc *d = &c->doc[flaw->doc];
	char t[1024];

	jw_time(w, "timestamp", f->asset->us);
	jw_cstr(w, "event_type", "vuln");
	jw_obj(w, "vuln");
	jw_cstr(w, "answer", vuln_answer_names[f->answer]);
	jw_cstr(w, "reason", vuln_reason(v, f, t, sizeof(t)));
	jw_cstr(w, "cve", pooled(v, flaw->cve));
	jw_cstr(w, "title", pooled(v, flaw->title));
	asset_put(f, w);
	jw_obj(w, "advisory");
	jw_cstr(w, "id", pooled(v, d->id));
	jw_cstr(w, "title", pooled(v, d->title));
	jw_cstr(w, "publisher", pooled(v, d->publisher));
	jw_cstr(w, "date", pooled(v, d->date));
	jw_cstr(w, "status", pooled(v, d->status));
	jw_cstr(w, "url", pooled(v, d->url));
	jw_cstr(w, "file", pooled(v, d->file));
	jw_end(w);
	product_put(v, f, w);
	if (x->score) {
		const struct csaf_score *s = &c->score[x->score - 1];
		jw_obj(w, "cvss");
		jw_real(w, "score", s->base);
		jw_cstr(w, "severity", pooled(v, s->severity));
		jw_cstr(w, "version", pooled(v, s->version));
		jw_cstr(w, "vector", pooled(v, s->vector));
		jw_end(w);
	}
	if (f->kev) {
		jw_obj(w, "kev");
		jw_cstr(w, "name", f->kev->name);
		jw_cstr(w, "date_added", f->kev->added);
		jw_cstr(w, "due_date", f->kev->due);
		jw_cstr(w, "ransomware", f->kev->ransomware);
		jw_end(w);
	}
	if (x->fix) {
		const struct csaf_fix *r = &c->fix[x->fix - 1];
		jw_obj(w, "remediation");
		jw_cstr(w, "category", pooled(v, r->category));
		jw_cstr(w, "details", pooled(v, r->details));
		jw_cstr(w, "url", pooled(v, r->url));
		jw_end(w);
	}
	jw_end(w);
}

void
vuln_stats_write(const struct vuln *v, const struct kev *k, int64_t us, struct jw *w)
{
	const struct csaf *c = v->csaf;

	if (us)
		jw_time(w, "timestamp", us);
	jw_cstr(w, "event_type", "stats");
	jw_obj(w, "stats");
	jw_obj(w, "vuln");
	jw_obj(w, "advisories");
	jw_uint(w, "read", c->ndoc);
	jw_uint(w, "bad", c->bad);
	jw_uint(w, "other", c->other);
	jw_uint(w, "superseded", c->older);
	jw_uint(w, "left_out", c->full);
	jw_uint(w, "products", c->nproduct);
	jw_uint(w, "vulnerabilities", c->nflaw);
	jw_end(w);
	jw_obj(w, "assets");
	jw_uint(w, "compared", v->assets);
	jw_uint(w, "without_vendor", v->no_vendor);
	jw_uint(w, "without_product", v->no_product);
	jw_uint(w, "without_firmware", v->no_firmware);
	jw_end(w);
	jw_obj(w, "answers");
	for (int i = 0; i < VULN_ANSWERS; i++) {
		jw_key(w, vuln_answer_names[i], strlen(vuln_answer_names[i]));
		jw_k_uint(w, JW_NOKEY, v->answers[i]);
	}
	jw_end(w);
	if (k) {
		jw_obj(w, "kev");
		jw_uint(w, "entries", kev_n(k));
		jw_cstr(w, "version", kev_version(k));
		jw_end(w);
	}
	jw_uint(w, "written", v->n);
	jw_uint(w, "left_out", v->full);
	jw_end(w);
	jw_end(w);
}
