/* why_write.c: the answer as a record and as lines for people. */
#include "inv/why_impl.h"

#include "base/cell.h"
#include "inv/para.h"

#include <string.h>

void
why_write(const struct why *w, struct jw *jw)
{
	static const char *const of[] = { "id", "site", "name", "ips", "macs", "sub" };
	static const char *const places[] = { "timestamp", "in_iface", "pcap_filename",
		"pcap_cnt" };

	jw_time(jw, "timestamp", w->asset->us);
	jw_cstr(jw, "event_type", "why");
	jw_obj(jw, "why");
	jw_obj(jw, "asset");
	for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++)
		item_copy(jw, of[i], &w->asset->o, of[i]);
	jw_end(jw);
	jw_cstr(jw, "field", w->field);
	jw_cstr(jw, "value", w->value);
	jw_arr(jw, "words");
	for (size_t i = 0; i < w->n; i++) {
		const struct why_row *r = &w->v[i];
		jw_a_obj(jw);
		jw_cstr(jw, "value", r->value);
		jw_cstr(jw, "source", r->source);
		if (r->rank)
			jw_uint(jw, "rank", r->rank);
		jw_bool(jw, "counts", r->counts);
		jw_cstr(jw, "reason", r->why);
		jw_cstr(jw, "at", r->at);
		for (size_t k = 0; k < sizeof(places) / sizeof(*places); k++)
			item_copy(jw, places[k], &r->place, places[k]);
		jw_cstr(jw, "last_seen", r->last);
		jw_end(jw);
	}
	jw_end(jw);
	jw_end(jw);
}

/* ---- for people ---------------------------------------------------------------------- */

static void
place_text(const struct why_row *r, char *dst, size_t cap)
{
	char file[300] = "", *slash;
	unsigned long long cnt = 0;

	if (r->place.type == SVAL_OBJ) {
		if (!*item_text(&r->place, "pcap_filename", file, sizeof(file)))
			item_text(&r->place, "in_iface", file, sizeof(file));
		cnt = (unsigned long long)item_uint(&r->place, "pcap_cnt");
	}
	slash = strrchr(file, '/');
	snprintf(dst, cap, "%s", slash && slash[1] ? slash + 1 : file);
	if (cnt)
		snprintf(dst + strlen(dst), cap - strlen(dst), "%s#%llu", *file ? " " : "", cnt);
}

void
why_head(FILE *f, const struct list *l, const struct item *asset, unsigned width)
{
	struct para p = { f, width, 0, 0 };
	static const char *const lists[] = { "ips", "macs" };
	struct sval list, x;
	struct scan s;
	char t[WHY_TEXT], id[80];
	int n;

	if (*item_text(&asset->o, "name", t, sizeof(t))) {
		para_put(&p, t);
		para_put(&p, "\xc2\xb7");
	}
	for (size_t i = 0; i < 2; i++) {
		if (!scan_get(&asset->o, lists[i], &list))
			continue;
		scan_in(&s, &list);
		for (n = 0; n < 2 && scan_elem(&s, &x); n++) {
			sval_text(&x, t, sizeof(t));
			para_put(&p, t);
		}
		for (n = 0; scan_elem(&s, &x); )
			n++;
		if (n) {
			snprintf(t, sizeof(t), "+%d", n);
			para_put(&p, t);
		}
		para_put(&p, "\xc2\xb7");
	}
	if (*item_text(&asset->o, "sub", t, sizeof(t))) {
		para_put(&p, t);
		para_put(&p, "\xc2\xb7");
	}
	if (l->nsites > 1 && *item_text(&asset->o, "site", id, sizeof(id))) {
		snprintf(t, sizeof(t), "site %s \xc2\xb7", id);
		para_put(&p, t);
	}
	snprintf(t, sizeof(t), "id %s", item_text(&asset->o, "id", id, sizeof(id)));
	para_put(&p, t);
	putc('\n', f);
}

static void
minute(char *dst, size_t cap, const char *time)
{
	*dst = 0;
	if (strlen(time) > 19)
		snprintf(dst, cap, "%.10s %.8s", time, time + 11);
}

void
why_print(FILE *f, const struct why *w, unsigned width)
{
	char t[1024], place[400], first[64], a[24], b[24];

	fprintf(f, "%s", w->field);
	if (*w->value) {
		struct para p = { f, width, 2, (unsigned)strlen(w->field) };
		para_put(&p, w->value);
	}
	putc('\n', f);
	for (size_t i = 0; i < w->n; i++) {
		const struct why_row *r = &w->v[i];
		struct para p = { f, width, 4, 2 };
		fputs(r->counts ? "* " : "- ", f);
		p.indent = 2;
		para_put(&p, r->value);
		p.indent = 4;
		para_next(&p);
		para_put(&p, r->why);
		para_next(&p);
		place_text(r, place, sizeof(place));
		*first = 0;
		if (r->place.type == SVAL_OBJ)
			item_text(&r->place, "timestamp", first, sizeof(first));
		minute(a, sizeof(a), first);
		minute(b, sizeof(b), r->last);
		snprintf(t, sizeof(t), "%s%s%s", r->source, *place ? ", " : "", place);
		para_put(&p, t);
		if (*a) {
			snprintf(t, sizeof(t), "\xc2\xb7 first %s%s%s", a, *b ? ", last " : "",
			    strncmp(a, b, 11) == 0 ? b + 11 : b);
			para_put(&p, t);
		}
		if (*r->at) {
			para_put(&p, "\xc2\xb7");
			para_put(&p, r->at);
		}
		putc('\n', f);
	}
}

void
why_brief(FILE *f, const struct why *w, unsigned width)
{
	const struct why_row *r = &w->v[0];
	size_t rivals = 0, words = 0, i;
	char place[400], t[2600], n[96] = "";
	unsigned wide = width > 60 ? width / 2 - 12 : width / 3;

	for (i = 0; i < w->n; i++) {
		words += w->v[i].rank > 0;
		rivals += w->v[i].rank > 0 && strcmp(w->v[i].value, w->value) != 0;
	}
	place_text(r, place, sizeof(place));
	if (words > 1)
		snprintf(n, sizeof(n), " \xc2\xb7 %zu words", words);
	if (words > 1 && rivals)
		snprintf(n + strlen(n), sizeof(n) - strlen(n), ", %zu differ%s", rivals,
		    rivals == 1 ? "s" : "");
	fprintf(f, "%-11s", w->field);
	cell_put(f, *w->value ? w->value : r->value, wide, true, true);
	snprintf(t, sizeof(t), "  %.1000s%s%s%s", r->source, *place ? ", " : "", place, n);
	cell_put(f, t, width > 13 + wide ? width - 11 - wide : 20, true, false);
	putc('\n', f);
}
