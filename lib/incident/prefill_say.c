/* prefill_say.c: what was seen on the wire, as texts with the records that show it. */
#include "incident/prefill_say.h"

#include "base/limits.h"
#include "base/stamp.h"
#include "model/local_time.h"

#include <stdlib.h>
#include <string.h>

/* ---- a text under way --------------------------------------------------------------- */

bool
saying_begin(struct saying *s, struct prefill *p)
{
	*s = (struct saying){ .p = p, .records = json_array() };
	s->f = s->records ? open_memstream(&s->text, &s->size) : NULL;
	if (s->f)
		return true;
	json_decref(s->records);
	return false;
}

static void
put(struct saying *s, const char *key, json_t *args)
{
	char *t = rules_phrase(s->p->rules, key, s->p->lang, args);

	if (t)
		fputs(t, s->f);
	else
		s->p->failed = true;
	free(t);
	json_decref(args);
}

bool
saying_line(struct saying *s, const char *key, json_t *args)
{
	if (s->lines == LIM_STAGE_NAMED) {
		s->left++;
		json_decref(args);
		return false;
	}
	if (s->lines++)
		fputc('\n', s->f);
	put(s, key, args);
	return true;
}

void
saying_more(struct saying *s, const char *key, json_t *args)
{
	put(s, key, args);
}

enum { SAID_TIME = 40 };

/* "2026-11-22 09:20:44 +01:00" by the incident's clocks. */
static const char *
said_time(const struct prefill *p, char dst[SAID_TIME], int64_t us)
{
	char wall[STAMP_TEXT], local[LOCAL_TEXT];
	const char *offset;

	stamp_put(wall, local_wall(p->incident->zone, us));
	offset = strrchr(local_text(local, p->incident->zone, us), ' ');
	snprintf(dst, SAID_TIME, "%.10s %.8s%s", wall, wall + 11, offset ? offset : "");
	return dst;
}

/* "lab.pcapng packet 1201"; without a capture, what kind of event and when. */
void
saying_record(struct saying *s, const struct seen_at *at)
{
	char text[400], when[STAMP_TEXT] = "";
	const char *file = prefill_text(s->p, at->file), *type = prefill_text(s->p, at->type);
	json_t *o;

	if (at->us == INT64_MAX)
		return;
	when[stamp_put(when, at->us)] = '\0';
	if (*file && at->cnt)
		snprintf(text, sizeof(text), "%s packet %llu", file,
		    (unsigned long long)at->cnt);
	else
		snprintf(text, sizeof(text), "%s %s", *type ? type : "event", when);
	for (size_t i = 0; i < json_array_size(s->records); i++)
		if (strcmp(json_string_value(json_array_get(s->records, i)), text) == 0)
			return;
	if (json_array_size(s->records) >= LIM_STAGE_RECORDS) {
		s->more++;
		return;
	}
	if (!(o = json_string(text)) || json_array_append_new(s->records, o) < 0)
		s->p->failed = true;
}

bool
saying_end(struct saying *s, const char *field, enum prefill_basis basis)
{
	bool good = true;

	if (s->left) {
		fputc('\n', s->f);
		put(s, "stage.more", json_pack("{sI}", "n", (json_int_t)s->left));
	}
	good = fclose(s->f) == 0;
	if (good && s->lines) {
		good = prefill_put(s->p, field, json_stringn(s->text, s->size), s->records, basis,
		    s->more);
		s->records = NULL;
	}
	json_decref(s->records);
	free(s->text);
	return good && !s->p->failed;
}

/* ---- what was written ------------------------------------------------------------------ */

/* Of one sender to one object: the first, the last, and how many. */
struct row { const struct written *first, *last; uint64_t n; };

static bool
same_row(const struct written *a, const struct written *b)
{
	return a->src == b->src && a->dst == b->dst && a->op == b->op &&
	    a->service == b->service && a->object == b->object && a->unit == b->unit &&
	    !a->result == !b->result;
}

/* Where the row of a write is among n, or shall be: slot has room for twice as many, a power
 * of two. */
static size_t
row_of(const struct row *row, uint32_t *slot, size_t cap, size_t *n, const struct written *w)
{
	const uint32_t key[] = { w->src, w->dst, w->op, w->service, w->object, w->unit };
	size_t j;

	for (j = pool_hash(key, sizeof(key), 0) & (cap - 1); slot[j]; j = (j + 1) & (cap - 1))
		if (same_row(row[slot[j] - 1].first, w))
			return slot[j] - 1;
	slot[j] = (uint32_t)++*n;
	return *n - 1;
}

static bool
put_row(struct saying *s, const struct row *r)
{
	const struct prefill *p = s->p;
	const struct written *w = r->first, *l = r->last;
	char at[SAID_TIME], src[PREFILL_NAME], dst[PREFILL_NAME], what[600];
	const char *object = prefill_text(p, w->object), *key = "stage.write.done";
	bool other = l->value && l->value != w->value;

	if (w->value && *object) {
		snprintf(what, sizeof(what), "%.250s", object);
		key = "stage.write.value";
	} else {
		snprintf(what, sizeof(what), "%.250s%s%.250s", prefill_text(p, w->service ?
		    w->service : w->op), *object ? " " : "", object);
	}
	if (!saying_line(s, key, json_pack("{ss,ss,ss,ss,ss}", "at", said_time(p, at, w->at.us),
	    "src", prefill_who(p, &p->party[w->src - 1], src), "dst",
	    prefill_who(p, &p->party[w->dst - 1], dst), "value", prefill_text(p, w->value),
	    "what", what)))
		return false;
	if (w->unit)
		saying_more(s, "stage.write.unit", json_pack("{sI}", "unit",
		    (json_int_t)w->unit - 1));
	if (w->old)
		saying_more(s, "stage.write.old", json_pack("{ss}", "old",
		    prefill_text(p, w->old)));
	if (w->result)
		saying_more(s, "stage.write.refused", json_pack("{ss}", "result",
		    prefill_text(p, w->result)));
	if (r->n > 1)
		saying_more(s, other ? "stage.times.value" : "stage.times",
		    json_pack("{sI,ss,ss}", "n", (json_int_t)r->n, "last",
		    said_time(p, at, l->at.us), "value", prefill_text(p, l->value)));
	return true;
}

static bool
say_writes(struct prefill *p)
{
	struct saying s;
	struct row *row;
	uint32_t *slot;
	size_t n = 0, k, cap = 2;

	if (!p->nwritten)
		return true;
	while (cap < 2 * p->nwritten)
		cap *= 2;
	row = calloc(p->nwritten, sizeof(*row));
	slot = calloc(cap, sizeof(*slot));
	if (!row || !slot || !saying_begin(&s, p)) {
		free(row);
		free(slot);
		return false;
	}
	for (size_t i = 0; i < p->nwritten; i++) {
		const struct written *w = &p->written[i];

		if (!p->party[w->dst - 1].affected)
			continue;
		k = row_of(row, slot, cap, &n, w);
		if (!row[k].first)
			row[k].first = w;
		row[k].last = w;
		row[k].n++;
	}
	for (k = 0; k < n; k++)
		if (put_row(&s, &row[k])) {
			saying_record(&s, &row[k].first->at);
			saying_record(&s, &row[k].first->again);
			saying_record(&s, &row[k].last->at);
		}
	free(row);
	free(slot);
	return saying_end(&s, "writes_seen", PREFILL_RECORDS);
}

static bool
say_alerts(struct prefill *p)
{
	char at[SAID_TIME], src[PREFILL_NAME], dst[PREFILL_NAME];
	struct saying s;

	if (!saying_begin(&s, p))
		return false;
	for (size_t i = 0; i < p->nalert; i++) {
		const struct alert *a = &p->alert[i];
		const struct party *from = a->src ? &p->party[a->src - 1] : NULL;
		const struct party *to = a->dst ? &p->party[a->dst - 1] : NULL;

		if (!(from && from->affected) && !(to && to->affected))
			continue;
		if (!saying_line(&s, "stage.alert", json_pack("{ss,ss,ss,ss}", "at",
		    said_time(p, at, a->first.us), "what", prefill_text(p, a->text), "src",
		    from ? prefill_who(p, from, src) : "?", "dst", to ?
		    prefill_who(p, to, dst) : "?")))
			continue;
		if (a->count > 1)
			saying_more(&s, "stage.count", json_pack("{sI}", "n",
			    (json_int_t)a->count));
		saying_record(&s, &a->first);
	}
	return saying_end(&s, "alerts_seen", PREFILL_RECORDS);
}

/* ---- indicators ---------------------------------------------------------------------------- */

static const struct prefill *sorted;    /* qsort() has no argument of its own */

/* By kind, then time, then text: the same for any order of what was read. */
static int
by_time(const void *a, const void *b)
{
	const struct indicator *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->first.us != y->first.us)
		return x->first.us < y->first.us ? -1 : 1;
	return pool_cmp(&sorted->pool, x->value, y->value);
}

/* One value, with all the affected it was seen of. */
static void
put_sign(struct saying *s, size_t i)
{
	static const char *const keys[INDICATOR_KINDS] = { "stage.sign.peer", "stage.sign.sni",
		"stage.sign.agent", "stage.sign.certificate" };
	struct prefill *p = s->p;
	const struct indicator *of = &p->indicator[i];
	char at[SAID_TIME], who[PREFILL_NAME], outer[PREFILL_NAME];
	struct party peer = { .outside = true };
	const char *value = prefill_text(p, of->value);
	json_t *list = json_array();
	uint64_t count = 0;

	if (of->kind == INDICATOR_PEER && addr_parse(&peer.ip, value, strlen(value)))
		value = prefill_who(p, &peer, outer);
	for (size_t k = i; k < p->nindicator; k++) {
		const struct indicator *x = &p->indicator[k];

		if (x->kind != of->kind || x->value != of->value ||
		    !p->party[x->party - 1].affected)
			continue;
		json_array_append_new(list, json_string(prefill_who(p, &p->party[x->party - 1],
		    who)));
		count += x->count;
	}
	if (saying_line(s, keys[of->kind], json_pack("{ss,so,ss,sI}", "value", value, "who", list,
	    "at", said_time(p, at, of->first.us), "n", (json_int_t)count)))
		saying_record(s, &of->first);
}

static bool
say_signs(struct prefill *p)
{
	struct saying s;
	uint8_t *told;          /* of each text, a bit for each kind */

	if (!p->nindicator)
		return true;
	sorted = p;
	qsort(p->indicator, p->nindicator, sizeof(*p->indicator), by_time);
	if (!(told = calloc(p->pool.n + 1, 1)) || !saying_begin(&s, p)) {
		free(told);
		return false;
	}
	for (size_t i = 0; i < p->nindicator; i++) {
		const struct indicator *x = &p->indicator[i];

		if (!p->party[x->party - 1].affected)
			continue;
		if (told[x->value] >> x->kind & 1)
			continue;
		told[x->value] |= (uint8_t)(1u << x->kind);
		if (s.lines == LIM_STAGE_NAMED)
			s.left++;
		else
			put_sign(&s, i);
	}
	free(told);
	return saying_end(&s, "indicators", PREFILL_RECORDS);
}

/* ---- traffic, vendors ---------------------------------------------------------------------- */

static bool
say_traffic(struct prefill *p)
{
	char who[PREFILL_NAME];
	struct saying s;

	if (!saying_begin(&s, p))
		return false;
	for (size_t i = 0; i < p->nparty; i++) {
		const struct party *a = &p->party[i];

		if (!a->affected || !a->flows || addr_linklocal(&a->ip))
			continue;
		if (saying_line(&s, "stage.traffic", json_pack("{ss,sI,sI,sI,sI,sI}", "who",
		    prefill_who(p, a, who), "out", (json_int_t)a->bytes[0], "in",
		    (json_int_t)a->bytes[1], "pout", (json_int_t)a->packets[0], "pin",
		    (json_int_t)a->packets[1], "n", (json_int_t)a->flows)))
			saying_record(&s, &a->first);
	}
	return saying_end(&s, "traffic_seen", PREFILL_RECORDS);
}

static bool
say_vendors(struct prefill *p)
{
	const struct access *a = p->access;
	char from[SAID_TIME], to[SAID_TIME], peer[PREFILL_NAME], key[64];
	struct saying s;

	if (!saying_begin(&s, p))
		return false;
	for (size_t i = 0; p->sum.events && i < a->nsessions; i++) {
		const struct access_session *x = &a->sessions[i];
		struct party outer = { .ip = x->peer, .outside = true };
		struct seen_at at = { x->start, pool_cstr(&p->pool, access_text(a, x->at.file)),
			0, x->at.cnt };
		const char *contract;

		snprintf(key, sizeof(key), "vendors.contract.%s", access_contracts[x->contract]);
		contract = rules_word(p->rules, key, p->lang);
		if (!saying_line(&s, "stage.vendor", json_pack("{ss,ss,ss,ss,ss,ss}", "who",
		    prefill_who(p, &outer, peer), "tool", access_text(a, x->tool), "inside",
		    access_text(a, x->label), "from", said_time(p, from, x->start), "to",
		    said_time(p, to, x->end), "contract", contract)))
			continue;
		if (x->inside_hours != ACCESS_UNKNOWN)
			saying_more(&s, x->inside_hours == ACCESS_YES ? "stage.vendor.hours" :
			    "stage.vendor.outside_hours", NULL);
		saying_record(&s, &at);
	}
	return saying_end(&s, "vendors_connected", PREFILL_RECORDS);
}

bool
prefill_say(struct prefill *p)
{
	return say_writes(p) && say_alerts(p) && say_signs(p) && say_traffic(p) &&
	    say_vendors(p);
}
