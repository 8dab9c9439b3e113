/* diff_write.c: change records. */
#include "inv/diff.h"

#include <string.h>

static void
end_write(struct jw *w, const char *key, const struct sval *link)
{
	static const char *const members[] = { "id", "mac", "ip", "sub", "name", "zone" };
	struct sval o;

	if (!scan_get(link, key, &o))
		return;
	jw_key(w, key, strlen(key));
	jw_k_open(w, JW_NOKEY, '{');
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		item_copy(w, members[i], &o, members[i]);
	jw_end(w);
}

/* Who was there before: what it was replaced by, merged with, split from. */
static void
other_write(struct jw *w, const char *key, const struct item *i)
{
	static const char *const members[] = { "id", "key", "name", "ips", "macs", "vendor",
		"model" };

	jw_key(w, key, strlen(key));
	jw_k_open(w, JW_NOKEY, '{');
	for (size_t k = 0; k < sizeof(members) / sizeof(*members); k++)
		item_copy(w, members[k], &i->o, members[k]);
	jw_end(w);
}

static void
asset_write(struct jw *w, const struct change *c)
{
	static const char *const members[] = { "id", "site", "name", "ips", "macs", "sub", "zone" };
	const struct item *x = c->kind == CHANGE_MERGED ? c->from : c->to ? c->to : c->from;

	jw_obj(w, "asset");
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		item_copy(w, members[i], &x->o, members[i]);
	if ((c->kind == CHANGE_CHANGED || c->kind == CHANGE_BACK) &&
	    id_cmp(&c->from->id, &c->to->id) != 0)
		item_copy(w, "old_id", &c->from->o, "id");
	jw_end(w);
	if (c->kind == CHANGE_MERGED)
		other_write(w, "into", c->to);
	if (c->kind == CHANGE_SPLIT)
		other_write(w, "out_of", c->from);
	if (c->kind == CHANGE_REPLACED)
		other_write(w, "instead_of", c->from);
	if (c->kind == CHANGE_NEW && c->from)
		other_write(w, "address_of", c->from);
}

bool
change_evidence(const struct change *c, struct sval *ev)
{
	const struct item *i = c->to ? c->to : c->from;
	struct sval list, x;
	struct scan s;

	if (c->evidence.type == SVAL_OBJ) {
		*ev = c->evidence;
		return true;
	}
	if (c->link)
		return scan_path(&i->o, c->kind == CHANGE_GONE ? "evidence.last" : "evidence.first",
		    ev);
	if (!scan_get(&i->o, "addresses", &list))
		return false;
	scan_in(&s, &list);
	return scan_elem(&s, &x) && scan_get(&x, "first", ev);
}

static void
evidence_write(struct jw *w, const struct change *c)
{
	static const char *const members[] = { "source", "timestamp", "in_iface", "pcap_filename",
		"pcap_cnt" };
	struct sval ev;

	if (!change_evidence(c, &ev))
		return;
	jw_obj(w, "evidence");
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		item_copy(w, members[i], &ev, members[i]);
	jw_end(w);
}

static void
link_write(struct jw *w, const struct change *c, const struct item *x)
{
	end_write(w, "client", &x->o);
	end_write(w, "server", &x->o);
	item_copy(w, "app_proto", &x->o, "app_proto");
	item_copy(w, "guess", &x->o, "guess");
	item_copy(w, "transport", &x->o, "transport");
	item_copy(w, "port", &x->o, "port");
	if (!c->answered)
		jw_bool(w, "answered", false);
	if (c->with)
		item_copy(w, "with", &c->with->o, "id");
}

void
change_write(const struct change *c, struct jw *w)
{
	const struct item *x = c->to ? c->to : c->from;
	bool shares = c->kind == CHANGE_MERGED || c->kind == CHANGE_SPLIT ||
	    c->kind == CHANGE_REPLACED;

	jw_time(w, "timestamp", x->us);
	jw_cstr(w, "event_type", "change");
	jw_obj(w, "change");
	jw_cstr(w, "kind", change_kinds[c->kind]);
	jw_cstr(w, "what", c->link ? "link" : "asset");
	jw_cstr(w, "severity", severity_names[c->severity]);
	jw_cstr(w, "rule", c->rule->id);
	jw_cstr(w, "reason", c->rule->reason.en);
	jw_cstr(w, "reference", c->rule->reference);
	jw_cstr(w, "field", c->field);
	if (shares) {
		jw_cstr(w, "shared", c->now);
	} else {
		jw_cstr(w, "old", c->old);
		jw_cstr(w, "new", c->now);
	}
	if (c->has) {
		jw_arr(w, "brings");
		for (int i = 0; i < HAS_N; i++)
			if (c->has >> i & 1)
				jw_a_cstr(w, has_names[i]);
		jw_end(w);
	}
	if (c->link)
		link_write(w, c, x);
	else
		asset_write(w, c);
	item_copy(w, "first_seen", &x->o, "first_seen");
	item_copy(w, "last_seen", &x->o, "last_seen");
	evidence_write(w, c);
	jw_end(w);
}
