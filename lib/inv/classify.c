/* classify.c: level, laboratory system and CRA class of an asset. */
#include "inv/classify.h"

#include "inv/group.h"
#include "inv/role_impl.h"

#include <stdlib.h>
#include <string.h>

void
roles_write(const struct inv *v, struct jw *w, const struct role_list *l)
{
	if (!l->n)
		return;
	jw_arr(w, "roles");
	for (unsigned i = 0; i < l->n; i++) {
		const struct role *x = &l->v[i];
		jw_a_obj(w);
		jw_cstr(w, "role", x->role);
		if (x->word && x->word->class)
			jw_cstr(w, "class", x->word->class);
		jw_cstr(w, "reason", x->reason);
		jw_cstr(w, "basis", x->basis);
		if (x->field) {
			jw_cstr(w, "field", x->field);
			jw_cstr(w, "value", inv_str(v, x->value));
		}
		jw_cstr(w, "app_proto", inv_str(v, x->app));
		if (x->port)
			jw_uint(w, "port", x->port);
		if (x->carries)
			jw_uint(w, "carries", x->carries);
		if (x->parts)
			jw_uint(w, "parts", x->parts);
		place_write(v, w, &x->first);
		jw_end(w);
	}
	jw_end(w);
}

/* The surest role that says what the thing is; NULL: none does. */
static const struct role *
surest(const struct role_list *l)
{
	for (unsigned i = 0; i < l->n; i++)
		if (l->v[i].word && (l->v[i].word->class || l->v[i].word->purdue >= 0))
			return &l->v[i];
	return NULL;
}

static void
purdue_write(struct jw *w, const struct inv_zone *z, const struct role *x)
{
	bool by_zone = z && z->purdue >= 0;

	if (!by_zone && !(x && x->word->purdue >= 0))
		return;
	jw_real(w, "purdue", by_zone ? z->purdue : x->word->purdue);
	jw_cstr(w, "purdue_by", by_zone ? "zone" : "role");
	jw_cstr(w, "purdue_reason", by_zone ? "the site file gives its zone this level" :
	    x->word->why);
}

/* ---- laboratory systems ---------------------------------------------------------- */

static bool
speaks_one(const struct inv *v, const struct asset *a, const json_t *apps)
{
	const struct speak *s;
	uint32_t i, k;

	for (i = a->first; i < a->first + a->n; i++) {
		s = inv_member(v, i)->speaks.v;
		for (k = 0; k < inv_member(v, i)->speaks.n; k++)
			if (!s[k].guess && s[k].app && json_has_text(apps, inv_str(v, s[k].app)))
				return true;
	}
	return false;
}

static const json_t *
system_of_zone(const struct roles *r, const char *category)
{
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(r->systems, "zones"), i, x)
		if (json_has_text(json_object_get(x, "category"), category))
			return x;
	return NULL;
}

static const json_t *
system_of_role(const struct inv *v, const struct roles *r, const struct asset *a,
    const struct role *role)
{
	const json_t *apps, *x;
	size_t i;

	json_array_foreach(json_object_get(r->systems, "entries"), i, x) {
		if (!json_has_text(json_object_get(x, "role"), role->role))
			continue;
		apps = json_object_get(x, "app_proto");
		if (!apps || (role->app ? json_has_text(apps, inv_str(v, role->app)) :
		    speaks_one(v, a, apps)))
			return x;
	}
	return NULL;
}

static void
system_write(const struct inv *v, struct jw *w, const struct roles *r, const struct asset *a,
    const struct inv_zone *z, const struct role *role)
{
	const json_t *x = z ? system_of_zone(r, inv_str(v, z->category)) : NULL, *or;
	bool by_zone = x != NULL;
	size_t i;

	if (!x && role && !a->public)
		x = system_of_role(v, r, a, role);
	if (!x)
		return;
	jw_obj(w, "lab_system");
	jw_cstr(w, "category", json_text(x, "system"));
	if (json_array_size(json_object_get(x, "or"))) {
		jw_arr(w, "or");
		json_array_foreach(json_object_get(x, "or"), i, or)
			jw_a_cstr(w, json_string_value(or));
		jw_end(w);
	}
	jw_cstr(w, "reason", by_zone ? "the site file gives its zone this category" :
	    json_text(x, "reason"));
	jw_cstr(w, "basis", by_zone ? "zone" : "role");
	if (!by_zone)
		jw_cstr(w, "role", role->role);
	jw_end(w);
}

/* ---- the Cyber Resilience Act ------------------------------------------------------ */

static const json_t *
cra_item(const struct roles *r, const char *id)
{
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(r->cra, "items"), i, x)
		if (id && json_text(x, "item") && strcmp(json_text(x, "item"), id) == 0)
			return x;
	return NULL;
}

static const json_t *
cra_of_role(const struct inv *v, const struct roles *r, const struct asset *a,
    const struct role *role)
{
	const json_t *apps, *x;
	size_t i;

	json_array_foreach(json_object_get(r->cra, "entries"), i, x) {
		apps = json_object_get(x, "protocols");
		if (json_has_text(json_object_get(x, "role"), role->role) &&
		    (!apps || speaks_one(v, a, apps)))
			return x;
	}
	return NULL;
}

static void
put(struct jw *w, const char *key, const char *text)
{
	if (!text)
		return;
	jw_key(w, key, strlen(key));
	jw_k_cstr(w, JW_NOKEY, text);
}

/* A word of the register that the rules do not know stands for nothing known. */
static void
cra_registered(struct jw *w, const struct roles *r, const char *said)
{
	const char *class = "unknown";
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(r->cra, "register"), i, x)
		if (json_has_text(json_object_get(x, "said"), said))
			class = json_text(x, "class");
	jw_obj(w, "cra");
	jw_cstr(w, "class", class);
	jw_cstr(w, "reason", "the register says so");
	jw_cstr(w, "basis", "register");
	put(w, "source", json_text(r->cra, "law"));
	jw_end(w);
}

static void
cra_write(const struct inv *v, struct jw *w, const struct roles *r, const struct asset *a,
    const struct role *role)
{
	const struct inv_reg *reg = asset_reg(v, a);
	const json_t *x, *item;

	if (reg && reg->text[REG_CRA]) {
		cra_registered(w, r, inv_str(v, reg->text[REG_CRA]));
		return;
	}
	/* what is on the internet, or was only spoken of, is not the laboratory's product */
	if (a->public || !a->heard)
		return;
	x = role ? cra_of_role(v, r, a, role) : NULL;
	item = cra_item(r, json_text(x, "item"));
	jw_obj(w, "cra");
	put(w, "class", x ? json_text(item ? item : x, "class") : "unknown");
	put(w, "annex", json_text(item ? item : x, "annex"));
	put(w, "core_function", json_text(item ? item : x, "function"));
	put(w, "reason", x ? json_text(x, "reason") : "what it is for was not seen");
	put(w, "basis", x ? "role" : "nothing");
	if (x)
		put(w, "role", role->role);
	put(w, "source", json_text(r->cra, "law"));
	put(w, "certainty", json_text(x, "certainty"));
	jw_bool(w, "confirm", true);
	jw_end(w);
}

void
classes_write(const struct inv *v, struct jw *w, const struct roles *r, const struct asset *a,
    const struct role_list *l)
{
	const struct role *x = surest(l);
	uint32_t zone = asset_zone(v, a);
	const struct inv_zone *z = zone ? inv_zone_get(v, zone) : NULL;

	purdue_write(w, z, x);
	if (!r)
		return;
	system_write(v, w, r, a, z, x);
	cra_write(v, w, r, a, x);
}

/* ---- the rules ---------------------------------------------------------------------- */

static bool
known_system(const struct roles *r, const char *name)
{
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(r->systems, "systems"), i, x)
		if (name && json_text(x, "system") && strcmp(name, json_text(x, "system")) == 0)
			return true;
	return false;
}

static bool
known_roles(const struct roles *r, const json_t *list)
{
	const struct role_word *w;
	const json_t *x;
	size_t i;

	json_array_foreach(list, i, x) {
		w = json_is_string(x) ? role_word(r, json_string_value(x)) : NULL;
		if (!w || strcmp(w->role, json_string_value(x)) != 0)
			return false;
	}
	return json_array_size(list) > 0;
}

static bool
known_class(const char *class)
{
	static const char *const names[] = { "default", "important_I", "important_II", "critical",
		"excluded", "unknown" };

	for (size_t i = 0; class && i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(class, names[i]) == 0)
			return true;
	return false;
}

static bool
systems_check(const struct roles *r, struct err *e)
{
	const json_t *x, *or;
	size_t i, k;

	json_array_foreach(json_object_get(r->systems, "zones"), i, x)
		if (!known_system(r, json_text(x, "system"))) {
			err_set(e, "rules/systems.json: zones[%zu]: no such system", i);
			return false;
		}
	json_array_foreach(json_object_get(r->systems, "entries"), i, x) {
		if (!known_system(r, json_text(x, "system")) || !json_text(x, "reason") ||
		    !known_roles(r, json_object_get(x, "role"))) {
			err_set(e, "rules/systems.json: entries[%zu]: no such system or role, or "
			    "no reason", i);
			return false;
		}
		json_array_foreach(json_object_get(x, "or"), k, or)
			if (!known_system(r, json_string_value(or))) {
				err_set(e, "rules/systems.json: entries[%zu]: or: no such system",
				    i);
				return false;
			}
	}
	return true;
}

bool
class_rules_check(const struct roles *r, struct err *e)
{
	const json_t *x, *item;
	size_t i;

	if (!systems_check(r, e))
		return false;
	json_array_foreach(json_object_get(r->cra, "items"), i, x)
		if (!known_class(json_text(x, "class")) || !json_text(x, "annex") ||
		    !json_text(x, "function") || !json_text(x, "certainty")) {
			err_set(e, "rules/cra.json: items[%zu]: class, annex, function or "
			    "certainty missing", i);
			return false;
		}
	json_array_foreach(json_object_get(r->cra, "register"), i, x)
		if (!known_class(json_text(x, "class"))) {
			err_set(e, "rules/cra.json: register[%zu]: no such class", i);
			return false;
		}
	json_array_foreach(json_object_get(r->cra, "entries"), i, x) {
		item = cra_item(r, json_text(x, "item"));
		if (!known_roles(r, json_object_get(x, "role")) || !json_text(x, "reason") ||
		    !json_text(x, "certainty") || (json_text(x, "item") ? !item :
		    !known_class(json_text(x, "class")) || !json_text(x, "function"))) {
			err_set(e, "rules/cra.json: entries[%zu]: no such role or item, or class, "
			    "function, reason or certainty missing", i);
			return false;
		}
	}
	return true;
}
