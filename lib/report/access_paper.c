/* access_paper.c: the report on access for people: the number, the parts, and what could
 * not be seen. */
#include "report/access_paper_impl.h"

#include "base/stamp.h"

#include <string.h>

/* ---- words ------------------------------------------------------------------------ */

const char *
sheaf_word(const struct sheaf *s, const char *key)
{
	char k[64];

	snprintf(k, sizeof(k), "vendors.%s", key);
	return rules_word(s->rules, k, s->lang);
}

char *
sheaf_phrase(const struct sheaf *s, const char *key, json_t *args)
{
	char k[64];

	snprintf(k, sizeof(k), "vendors.%s", key);
	return rules_say(s->rules, k, s->lang, args);
}

void
sheaf_span(const struct sheaf *s, int64_t us)
{
	char *t = rules_span(s->rules, us, s->lang);

	paper_cell(s->p, t);
	free(t);
}

void
sheaf_address(const struct sheaf *s, const struct addr *ip, bool below)
{
	char t[ADDR_TEXT];

	t[addr_put(t, ip)] = 0;
	if (below)
		paper_sub(s->p, t);
	else
		paper_cell(s->p, t);
}

const char *
sheaf_proto(const struct sheaf *s, uint32_t app)
{
	char key[64];
	const char *w;

	if (!app)
		return rules_word(s->rules, "proto.unknown", s->lang);
	snprintf(key, sizeof(key), "proto.%s", access_text(s->a, app));
	w = rules_word(s->rules, key, s->lang);
	return strcmp(w, key) == 0 ? access_text(s->a, app) : w;
}

void
sheaf_more(const struct sheaf *s, size_t rows)
{
	if (rows > LIM_PAGE_ROWS)
		paper_phrase(s->p, "vendors.more_rows", json_pack("{sI}", "n",
		    (json_int_t)(rows - LIM_PAGE_ROWS)));
}

enum sheaf_standing
sheaf_standing(const struct access_session *s)
{
	if (!s->supplier)
		return STAND_UNKNOWN;
	if (s->contract == CONTRACT_EXPIRED || s->contract == CONTRACT_NONE)
		return STAND_CONTRACT;
	if (s->inside_hours == ACCESS_NO)
		return STAND_HOURS;
	if (s->mfa == MFA_DENIED)
		return STAND_MFA;
	return s->mfa == MFA_UNKNOWN || s->inside_hours == ACCESS_UNKNOWN ? STAND_UNSURE :
	    STAND_AGREED;
}

const char *
sheaf_class(enum sheaf_standing s)
{
	static const char *const classes[STANDS] = { "gap", "gap", "gap", "partly", "unknown",
		"met" };

	return classes[s];
}

const char *
sheaf_standing_word(const struct sheaf *s, enum sheaf_standing st)
{
	static const char *const keys[STANDS] = { "stand.unknown", "stand.contract",
		"stand.hours", "stand.mfa", "stand.unsure", "stand.agreed" };

	return sheaf_word(s, keys[st]);
}

/* ---- the head ------------------------------------------------------------------------ */

/* "2026-11-22 08:20" */
static void
minute_text(char t[STAMP_TEXT], int64_t us)
{
	stamp_put(t, us);
	t[10] = ' ';
	t[16] = 0;
}

static void
byline(const struct sheaf *s)
{
	const struct access *a = s->a;
	char from[STAMP_TEXT], to[STAMP_TEXT], *t;

	if (a->first == INT64_MIN) {
		paper_byline(s->p, sheaf_word(s, "nothing"));
		return;
	}
	minute_text(from, access_from(a));
	minute_text(to, access_to(a));
	t = sheaf_phrase(s, "period", json_pack("{ssss}", "from", from, "to", to));
	paper_byline(s->p, t);
	free(t);
	t = rules_span(s->rules, a->observed_us, s->lang);
	if (t) {
		char *u = sheaf_phrase(s, "observed", json_pack("{ss}", "span", t));
		paper_byline(s->p, u);
		free(u);
	}
	free(t);
	t = sheaf_phrase(s, a->clock_known ? "clock" : "clock.unknown",
	    json_pack("{ss}", "zone", a->clock.zone));
	paper_byline(s->p, t);
	free(t);
}

static void
lead(const struct sheaf *s)
{
	const struct access *a = s->a;
	size_t n[STANDS] = { 0 };
	char number[40], *detail, *t;
	json_t *args = json_pack("{sIsIsI}", "known", (json_int_t)a->by_suppliers, "unknown",
	    (json_int_t)a->by_unknown, "n", (json_int_t)a->nsessions);

	rules_number(number, (int64_t)a->nsessions, s->lang);
	detail = sheaf_phrase(s, "detail", args);
	t = sheaf_phrase(s, "number", json_pack("{sI}", "n", (json_int_t)a->nsessions));
	paper_number(s->p, number, t ? t : "", detail);
	free(detail);
	free(t);
	for (size_t i = 0; i < a->nsessions; i++)
		n[sheaf_standing(&a->sessions[i])]++;
	for (int i = 0; i < STANDS; i++) {
		char key[32];
		snprintf(key, sizeof(key), "share.%d", i);
		if (!n[i] || !(t = sheaf_phrase(s, key, json_pack("{sI}", "n", (json_int_t)n[i]))))
			continue;
		paper_share(s->p, sheaf_class((enum sheaf_standing)i), n[i], t);
		free(t);
	}
}

static void
timeline(const struct sheaf *s)
{
	char *wide = access_svg(s->a, s->rules, s->lang, false);
	char *narrow = access_svg(s->a, s->rules, s->lang, true);
	size_t bad = 0;
	char *alt, *drawn;

	for (size_t i = 0; i < s->a->nsessions; i++)
		bad += sheaf_standing(&s->a->sessions[i]) <= STAND_HOURS;
	if (wide && s->a->nsessions) {
		paper_section(s->p, "timeline", sheaf_word(s, "timeline"));
		alt = sheaf_phrase(s, "timeline.alt", json_pack("{sIsI}", "n",
		    (json_int_t)s->a->nsessions, "outside", (json_int_t)bad));
		/* without the picture its legend would say nothing */
		if (asprintf(&drawn, "%s<figcaption><span>%s</span></figcaption>", wide,
		    sheaf_word(s, "timeline.legend")) < 0)
			drawn = NULL;
		paper_picture(s->p, drawn ? drawn : wide, narrow, alt ? alt : "");
		free(drawn);
		free(alt);
	}
	free(wide);
	free(narrow);
}

/* ---- what could not be seen ------------------------------------------------------------- */

static void
item(const struct sheaf *s, const char *key, json_t *args)
{
	char *t = sheaf_phrase(s, key, args);

	if (t)
		paper_item(s->p, t);
	free(t);
}

static void
gaps(const struct sheaf *s)
{
	enum { TOLD = 20 };
	const struct access *a = s->a;
	char from[STAMP_TEXT], to[STAMP_TEXT];

	if (a->first == INT64_MIN) {
		item(s, "limit.nothing", json_object());
		return;
	}
	if (!a->ngaps) {
		item(s, "limit.nogap", json_object());
		return;
	}
	item(s, "limit.gaps", json_pack("{sI}", "n", (json_int_t)a->ngaps));
	for (size_t i = 0; i < a->ngaps && i < TOLD; i++) {
		minute_text(from, a->gaps[i].from);
		minute_text(to, a->gaps[i].to);
		item(s, "limit.gap", json_pack("{ssss}", "from", from, "to", to));
	}
	if (a->ngaps > TOLD)
		item(s, "limit.gaps_more", json_pack("{sI}", "n", (json_int_t)(a->ngaps - TOLD)));
}

static void
limits(const struct sheaf *s)
{
	const struct access *a = s->a;
	size_t hidden = 0, midstream = 0, open = 0, i;

	for (i = 0; i < a->nsessions; i++) {
		hidden += a->sessions[i].encrypted != ACCESS_NO;
		midstream += a->sessions[i].midstream;
		open += a->sessions[i].open;
	}
	paper_section(s->p, "limits", sheaf_word(s, "limits"));
	gaps(s);
	item(s, "limit.encrypted", json_pack("{sIsI}", "sessions", (json_int_t)hidden, "rows",
	    (json_int_t)a->encrypted_egress));
	item(s, "limit.mfa", json_object());
	item(s, "limit.elsewhere", json_object());
	if (midstream)
		item(s, "limit.midstream", json_pack("{sI}", "n", (json_int_t)midstream));
	if (open)
		item(s, "limit.open", json_pack("{sI}", "n", (json_int_t)open));
	item(s, "limit.days", json_object());
	if (a->attempts)
		item(s, "limit.attempts", json_pack("{sI}", "n", (json_int_t)a->attempts));
	if (a->inbound_other)
		item(s, "limit.inbound", json_pack("{sI}", "n", (json_int_t)a->inbound_other));
	if (!a->site)
		item(s, "limit.nosite", json_object());
	else if (!a->clock_known)
		item(s, "limit.clock", json_object());
	if (a->full_sessions || a->full_egress || a->full_parties || a->full_text)
		item(s, "limit.full", json_pack("{sIsI}", "sessions", (json_int_t)a->full_sessions,
		    "rows", (json_int_t)a->full_egress));
}

bool
access_paper(const struct access *a, struct paper *p)
{
	struct sheaf s = { a, p, paper_rules(p), paper_lang(p) };
	const char *who = a->site ? site_word(&a->site->org.name, s.lang) : NULL;

	if (a->site && !who)
		who = site_word(&a->site->name, s.lang);
	paper_title(p, sheaf_word(&s, "title"), who ? who :
	    rules_word(s.rules, "report.nosite", s.lang));
	byline(&s);
	lead(&s);
	sheaf_suppliers(&s);
	timeline(&s);
	sheaf_log(&s);
	sheaf_unknown(&s);
	sheaf_egress(&s);
	limits(&s);
	return paper_ok(p);
}
