#include "assess/klassa.h"

#include "assess/gap_impl.h"
#include "assess/klassa_check.h"
#include "assess/ruledoc.h"

#include <stdlib.h>
#include <string.h>

static const char aspects[] = "krt";

static int
aspect_of(const json_t *x)
{
	const char *s = gap_text_of(x, "aspect"), *p;

	return s && !s[1] && (p = strchr(aspects, *s)) && *p ? (int)(p - aspects) : -1;
}

static bool
klassa_holds(const struct klassa *k, struct err *e)
{
	const json_t *x, *ref;
	size_t i, m;

	json_array_foreach(json_object_get(k->doc, "demands"), i, x) {
		json_int_t from = json_integer_value(json_object_get(x, "from"));
		const char *item = gap_text_of(x, "item");
		if (aspect_of(x) < 0 || from < 1 || from > 4 || !gap_text_of(x, "id") ||
		    !ruledoc_text(json_object_get(x, "title"), "sv") ||
		    !ruledoc_text(json_object_get(x, "title"), "en") || !gap_text_of(x, "source"))
			return err_set(e, "klassa.json: demands[%zu]: id, aspect, from (1 to 4), "
			    "title or source missing", i);
		if (!klassa_ask_find(gap_text_of(x, "check")))
			return err_set(e, "klassa.json: demands[%zu].check: there is no such way",
			    i);
		if (item && !rules_item(k->g->rules, item))
			return err_set(e, "klassa.json: demands[%zu].item: not in the checklist",
			    i);
		json_array_foreach(json_object_get(x, "law"), m, ref)
			if (!json_is_string(ref) || !rules_ref(k->g->rules, json_string_value(ref)))
				return err_set(e, "klassa.json: demands[%zu].law[%zu]: no such "
				    "provision in law.json", i, m);
	}
	return true;
}

bool
klassa_init(struct klassa *k, const struct rules *rules, const struct site *site,
    const char *lang, const char *dir, struct err *e)
{
	*k = (struct klassa){ .g = gap_new(rules, site, lang) };
	if (!k->g)
		return err_set(e, "out of memory");
	return (k->doc = ruledoc_load(dir, "klassa", e)) && klassa_holds(k, e);
}

void
klassa_free(struct klassa *k)
{
	for (size_t i = 0; i < k->n; i++) {
		struct klassa_system *s = &k->v[i];
		for (size_t c = 0; c < s->nchecks; c++)
			json_decref(s->checks[c].who);
		free(s->checks);
		free(s->in);
		free(s->a);
	}
	free(k->v);
	json_decref(k->doc);
	gap_free(k->g);
	*k = (struct klassa){ 0 };
}

/* ---- levels -------------------------------------------------------------------------- */

static bool
level_of(int8_t dst[KLASSA_ASPECTS], const struct site_klassa *s)
{
	dst[KLASSA_K] = s->k;
	dst[KLASSA_R] = s->r;
	dst[KLASSA_T] = s->t;
	return s->k >= 0;
}

/* An instrument's triple: the site file's, else that of the register the inventory read. */
static bool
level_of_instrument(const struct gap *g, const struct site_instrument *in,
    int8_t dst[KLASSA_ASPECTS])
{
	static const char *const key[] = { "k", "r", "t" };

	if (level_of(dst, &in->klassa))
		return true;
	for (size_t i = 0; i < g->nassets; i++) {
		const json_t *o = g->assets[i].listed != in ? NULL :
		    json_object_get(json_object_get(g->assets[i].j, "register"), "klassa");
		if (!o)
			continue;
		for (int a = 0; a < KLASSA_ASPECTS; a++) {
			json_int_t v = json_integer_value(json_object_get(o, key[a]));
			dst[a] = v >= 0 && v <= 4 ? (int8_t)v : 0;
		}
		return true;
	}
	return false;
}

static void
raise_level(const struct gap *g, struct klassa_system *s)
{
	int8_t theirs[KLASSA_ASPECTS];

	memcpy(s->level, s->own, sizeof(s->level));
	for (size_t i = 0; i < s->nin; i++) {
		if (!level_of_instrument(g, s->in[i], theirs))
			continue;
		for (int a = 0; a < KLASSA_ASPECTS; a++)
			if (theirs[a] > s->level[a]) {
				s->level[a] = theirs[a];
				s->raised[a] = s->in[i];
			}
	}
}

/* ---- what belongs to a system ----------------------------------------------------------- */

static bool
names(const struct site_strs *list, const char *id)
{
	for (size_t i = 0; id && i < list->n; i++)
		if (strcmp(list->v[i], id) == 0)
			return true;
	return false;
}

static bool
has_instrument(const struct site_system *x, const struct site_instrument *in)
{
	return names(&x->instruments, in->id) || names(&x->zones, in->zone);
}

/* Its instruments in use, and its devices on the network. */
static bool
gather(const struct gap *g, struct klassa_system *s, const struct site_instrument *only)
{
	const struct site_system *x = s->sys;
	size_t i;

	s->in = calloc(g->site->ninstruments + 1, sizeof(*s->in));
	s->a = calloc(g->nassets + 1, sizeof(*s->a));
	if (!s->in || !s->a)
		return false;
	for (i = 0; i < g->site->ninstruments; i++) {
		const struct site_instrument *in = &g->site->instruments[i];
		if (in->in_use != SITE_NO && (only ? in == only : has_instrument(x, in)))
			s->in[s->nin++] = in;
	}
	for (i = 0; i < g->nassets; i++) {
		const struct gap_asset *a = &g->assets[i];
		if (!a->external && !a->silent && (only ? a->listed == only :
		    (a->listed && has_instrument(x, a->listed)) || names(&x->zones, a->zone)))
			s->a[s->na++] = a;
	}
	return true;
}

static bool
check(const struct klassa *k, struct klassa_system *s)
{
	const json_t *list = json_object_get(k->doc, "demands"), *x;
	size_t i;

	if (!(s->checks = calloc(json_array_size(list) + 1, sizeof(*s->checks))))
		return false;
	json_array_foreach((json_t *)list, i, x) {
		int aspect = aspect_of(x);
		struct klassa_check *c = &s->checks[s->nchecks];
		if (s->level[aspect] < json_integer_value(json_object_get(x, "from")))
			continue;
		*c = (struct klassa_check){ .demand = x, .aspect = aspect, .who = json_array() };
		if (!c->who)
			return false;
		s->nchecks++;
		klassa_ask_find(gap_text_of(x, "check"))->ask(k->g, s, c);
		s->count[c->status]++;
	}
	return true;
}

static bool
settle_system(struct klassa *k, struct klassa_system *s, const struct site_instrument *only)
{
	if (!gather(k->g, s, only))
		return false;
	raise_level(k->g, s);
	if (!check(k, s))
		return false;
	k->unclassed += s->level[KLASSA_K] < 0;
	k->against += s->count[GAP_GAP] + s->count[GAP_PARTLY] > 0;
	return true;
}

bool
klassa_run(struct klassa *k, int64_t now, struct err *e)
{
	const struct site *site = k->g->site;
	int8_t level[KLASSA_ASPECTS];

	if (!gap_read(k->g, now, e))
		return false;
	if (!site)
		return true;
	if (!(k->v = calloc(site->nsystems + site->ninstruments + 1, sizeof(*k->v))))
		return err_set(e, "out of memory");
	for (size_t i = 0; i < site->nsystems; i++) {
		struct klassa_system *s = &k->v[k->n++];
		s->sys = &site->systems[i];
		s->id = s->sys->id;
		s->name = site_word(&s->sys->name, k->g->lang);
		s->owner = site_who(site, s->sys->owner);
		level_of(s->own, &s->sys->klassa);
		if (!settle_system(k, s, NULL))
			return err_set(e, "out of memory");
	}
	for (size_t i = 0; i < site->ninstruments; i++) {
		const struct site_instrument *in = &site->instruments[i];
		struct klassa_system *s = &k->v[k->n];
		bool within = in->in_use == SITE_NO || !level_of_instrument(k->g, in, level);
		for (size_t x = 0; !within && x < site->nsystems; x++)
			within = has_instrument(&site->systems[x], in);
		if (within)
			continue;
		k->n++;
		s->id = in->id;
		s->name = site_word(&in->name, k->g->lang);
		s->owner = site_who(site, in->owner);
		memcpy(s->own, level, sizeof(s->own));
		if (!settle_system(k, s, in))
			return err_set(e, "out of memory");
	}
	return true;
}

/* ---- in words ----------------------------------------------------------------------------- */

const char *
klassa_level_name(const struct klassa *k, int level, const char *lang)
{
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(k->doc, "levels"), i, x)
		if (json_integer_value(json_object_get(x, "level")) == level)
			return ruledoc_text(json_object_get(x, "name"), lang);
	return NULL;
}

const char *
klassa_aspect_name(const struct klassa *k, int aspect, const char *lang)
{
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(k->doc, "aspects"), i, x)
		if (aspect_of(x) == aspect)
			return ruledoc_text(json_object_get(x, "name"), lang);
	return NULL;
}

const char *
klassa_text(char dst[KLASSA_TEXT], const int8_t level[KLASSA_ASPECTS])
{
	dst[0] = 0;
	if (level[KLASSA_K] >= 0)
		snprintf(dst, KLASSA_TEXT, "K%d/R%d/T%d", level[KLASSA_K] % 10,
		    level[KLASSA_R] % 10, level[KLASSA_T] % 10);
	return dst;
}

char *
klassa_reason(const struct klassa *k, const struct klassa_check *c)
{
	json_t *who = json_array(), *args, *x;
	size_t i;
	char *s;

	/* a sentence names three; the record has them all */
	json_array_foreach(c->who, i, x)
		if (i < 3)
			json_array_append(who, x);
	if (c->n > 3) {
		args = json_pack("{sI}", "n", (json_int_t)(c->n - 3));
		s = rules_phrase(k->g->rules, "more", k->g->lang, args);
		json_array_append_new(who, json_string(s ? s : ""));
		json_decref(args);
		free(s);
	}
	args = json_pack("{sIsoss?ss?}", "n", (json_int_t)c->n, "who", who, "date", c->date, "by",
	    c->by);
	return rules_say(k->g->rules, c->reason_key, k->g->lang, args);
}

/* ---- records -------------------------------------------------------------------------------- */

static void
write_check(const struct klassa *k, const struct klassa_check *c, struct jw *w)
{
	char *why = klassa_reason(k, c);
	const json_t *x;
	size_t i;

	jw_a_obj(w);
	jw_cstr(w, "id", gap_text_of(c->demand, "id"));
	jw_cstr(w, "aspect", gap_text_of(c->demand, "aspect"));
	jw_uint(w, "from", (uint64_t)json_integer_value(json_object_get(c->demand, "from")));
	jw_cstr(w, "demand", ruledoc_text(json_object_get(c->demand, "title"), k->g->lang));
	jw_cstr(w, "status", gap_status_name(c->status));
	jw_cstr(w, "reason", why);
	jw_cstr(w, "reason_key", c->reason_key);
	jw_cstr(w, "item", gap_text_of(c->demand, "item"));
	if (c->n) {
		jw_uint(w, "count", c->n);
		jw_arr(w, "against");
		json_array_foreach(c->who, i, x)
			jw_a_cstr(w, json_string_value(x));
		jw_end(w);
	}
	jw_cstr(w, "source", gap_text_of(c->demand, "source"));
	jw_cstr(w, "certainty", gap_text_of(c->demand, "certainty"));
	jw_end(w);
	free(why);
}

bool
klassa_write(const struct klassa *k, const struct klassa_system *s, struct jw *w)
{
	char text[KLASSA_TEXT];

	jw_begin(w);
	jw_time(w, "timestamp", k->g->now);
	jw_cstr(w, "event_type", "klassa_system");
	jw_obj(w, "klassa_system");
	jw_cstr(w, "id", s->id);
	jw_cstr(w, "name", s->name);
	jw_cstr(w, "owner", s->owner);
	jw_bool(w, "system", s->sys != NULL);
	jw_cstr(w, "own", klassa_text(text, s->own));
	jw_cstr(w, "level", klassa_text(text, s->level));
	if (s->level[KLASSA_K] >= 0) {
		jw_int(w, "k", s->level[KLASSA_K]);
		jw_int(w, "r", s->level[KLASSA_R]);
		jw_int(w, "t", s->level[KLASSA_T]);
	}
	jw_arr(w, "raised_by");
	for (int a = 0; a < KLASSA_ASPECTS; a++)
		if (s->raised[a]) {
			jw_a_obj(w);
			jw_str(w, "aspect", &aspects[a], 1);
			jw_cstr(w, "instrument", s->raised[a]->id);
			jw_int(w, "level", s->level[a]);
			jw_end(w);
		}
	jw_end(w);
	jw_arr(w, "instruments");
	for (size_t i = 0; i < s->nin; i++)
		jw_a_cstr(w, s->in[i]->id);
	jw_end(w);
	jw_uint(w, "devices", s->na);
	jw_arr(w, "demands");
	for (size_t i = 0; i < s->nchecks; i++)
		write_check(k, &s->checks[i], w);
	jw_end(w);
	jw_cstr(w, "site", k->g->site ? k->g->site->key : NULL);
	jw_cstr(w, "lang", k->g->lang);
	jw_end(w);
	return jw_line(w);
}
