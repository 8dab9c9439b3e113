#include "report/klassa_page.h"

#include "base/stamp.h"
#include "assess/gap_impl.h"
#include "assess/ruledoc.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

/* "3 serious", and by whom it is raised above the system's own. */
static void
put_level(struct paper *p, const struct klassa *k, const struct klassa_system *s, int a)
{
	const char *name = klassa_level_name(k, s->level[a], paper_lang(p));
	char text[80];

	if (s->level[a] < 0) {
		paper_cell(p, NULL);
		return;
	}
	snprintf(text, sizeof(text), "%d %s", s->level[a], name ? name : "");
	paper_cell(p, text);
	if (s->raised[a])
		say_sub(p, "klassa.raised", json_pack("{ss}", "who", s->raised[a]->id));
}

static void
put_systems(struct paper *p, const struct klassa *k)
{
	const struct paper_column columns[] = {
		{ say_word(p, "klassa.system"), PAPER_TEXT, 20, 0 },
		{ say_word(p, "table.status"), PAPER_STATUS, 14, 0 },
		{ klassa_aspect_name(k, KLASSA_K, paper_lang(p)), PAPER_TEXT, 16, 0 },
		{ klassa_aspect_name(k, KLASSA_R, paper_lang(p)), PAPER_TEXT, 14, 0 },
		{ klassa_aspect_name(k, KLASSA_T, paper_lang(p)), PAPER_TEXT, 14, 0 },
	};
	char id[32];

	paper_section(p, "systems", say_word(p, "klassa.systems"));
	paper_table(p, "by-system", columns, 5, say_word(p, "klassa.none"));
	for (size_t i = 0; i < k->n; i++) {
		const struct klassa_system *s = &k->v[i];
		size_t against = s->count[GAP_GAP] + s->count[GAP_PARTLY];
		snprintf(id, sizeof(id), "system-%zu", i + 1);
		paper_cell(p, s->name ? s->name : s->id);
		if (s->level[KLASSA_K] >= 0)
			paper_link(p, id);
		if (s->name)
			paper_sub(p, s->id);
		paper_sub(p, s->owner);
		if (!s->sys)
			paper_sub(p, say_word(p, "klassa.alone"));
		if (s->level[KLASSA_K] < 0) {
			paper_status(p, "unknown", say_word(p, "klassa.unclassed"));
		} else if (against) {
			paper_status(p, "gap", say_word(p, "klassa.against"));
			say_sub(p, "klassa.n_of", json_pack("{sIsI}", "n", (json_int_t)against,
			    "of", (json_int_t)s->nchecks));
		} else if (s->count[GAP_UNKNOWN]) {
			paper_status(p, "unknown", say_word(p, "status.unknown"));
		} else {
			paper_status(p, "met", say_word(p, "status.met"));
		}
		for (int a = 0; a < KLASSA_ASPECTS; a++)
			put_level(p, k, s, a);
	}
}

static void
put_demands(struct paper *p, const struct klassa *k, size_t i)
{
	const struct paper_column columns[] = {
		{ say_word(p, "klassa.demand"), PAPER_TEXT, 26, 0 },
		{ say_word(p, "klassa.from"), PAPER_TEXT, 5, 0 },
		{ say_word(p, "table.status"), PAPER_STATUS, 10, 0 },
		{ say_word(p, "klassa.seen"), PAPER_TEXT, 30, 0 },
	};
	const struct klassa_system *s = &k->v[i];
	char id[32], table[32], heading[400], text[KLASSA_TEXT], key[48], *why;

	if (s->level[KLASSA_K] < 0)
		return;
	snprintf(id, sizeof(id), "system-%zu", i + 1);
	snprintf(table, sizeof(table), "demands-%zu", i + 1);
	snprintf(heading, sizeof(heading), "%s: %s", s->name ? s->name : s->id,
	    klassa_text(text, s->level));
	paper_heading(p, id, heading);
	paper_table(p, table, columns, 4, say_word(p, "klassa.nothing"));
	for (size_t c = 0; c < s->nchecks; c++) {
		const struct klassa_check *x = &s->checks[c];
		paper_cell(p, ruledoc_text(json_object_get(x->demand, "title"), paper_lang(p)));
		paper_sub(p, gap_text_of(x->demand, "item"));
		snprintf(key, sizeof(key), "%c%d", "KRT"[x->aspect],
		    (int)json_integer_value(json_object_get(x->demand, "from")) % 10);
		paper_cell(p, key);
		snprintf(key, sizeof(key), "status.%s", gap_status_name(x->status));
		paper_status(p, gap_status_name(x->status), say_word(p, key));
		why = klassa_reason(k, x);
		paper_cell(p, why);
		free(why);
	}
}

bool
klassa_page(struct paper *p, const struct klassa *k)
{
	char day[STAMP_DAY], num[40], *what, *detail;
	size_t settled = k->n - k->unclassed - k->against;

	paper_title(p, say_word(p, "klassa.title"), say_site(p, k->g->site));
	say_byline(p, "cra.judged", json_pack("{ss}", "date", stamp_day_text(day, k->g->now)));
	what = say(p, "klassa.number", json_pack("{sI}", "n", (json_int_t)k->against));
	detail = say(p, "klassa.detail", json_pack("{sIsI}", "n", (json_int_t)k->n, "unclassed",
	    (json_int_t)k->unclassed));
	paper_number(p, rules_number(num, (int64_t)k->against, paper_lang(p)), what, detail);
	free(what);
	free(detail);
	say_share(p, "gap", "klassa.n_against", k->against);
	say_share(p, "unknown", "klassa.n_unclassed", k->unclassed);
	say_share(p, "met", "klassa.n_settled", settled);
	put_systems(p, k);
	if (k->n > k->unclassed)
		paper_section(p, "demands", say_word(p, "klassa.demands"));
	for (size_t i = 0; i < k->n; i++)
		put_demands(p, k, i);
	say_limits(p, "klassa.limits");
	return paper_ok(p);
}
