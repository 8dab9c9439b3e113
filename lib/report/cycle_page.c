#include "report/cycle_page.h"

#include "base/stamp.h"
#include "assess/ruledoc.h"

#include "report/say.h"
#include "report/yearline.h"

#include <stdlib.h>
#include <string.h>

static const char *
style_of(enum duty_state s)
{
	return s == DUTY_OVERDUE ? "gap" : s == DUTY_SOON ? "partly" : "met";
}

/* How many months the period touches. */
static int
months_of(const struct cycle *c)
{
	int n = 0;

	for (int64_t m = cycle_month(c->from); m < c->until && n < 24; n++)
		m = cycle_after(m, (struct cycle_every){ .months = 1 });
	return n;
}

/* The months of the period as a picture. */
static void
put_picture(struct paper *p, const struct cycle *c)
{
	struct yearline_mark *marks = calloc(c->n + 1, sizeof(*marks));
	char (*link)[32] = calloc(c->n + 1, sizeof(*link)), *svg[2] = { NULL, NULL }, *alt;
	struct yearline y = { c->rules, c->lang, c->from, months_of(c), c->now, marks, c->n };
	size_t size;

	for (size_t i = 0; marks && link && i < c->n; i++) {
		snprintf(link[i], sizeof(link[i]), "duty-%zu", i + 1);
		marks[i] = (struct yearline_mark){ c->v[i].due, c->v[i].state == DUTY_OVERDUE,
			style_of(c->v[i].state), c->v[i].what, link[i] };
	}
	for (int form = 0; marks && link && form < 2; form++) {
		FILE *f = open_memstream(&svg[form], &size);
		bool ok = f && yearline_write(f, &y, (enum yearline_form)form);
		if ((f && fclose(f) != 0) || !ok) {
			free(svg[form]);
			svg[form] = NULL;
		}
	}
	alt = say(p, "plan.alt", json_pack("{sIsI}", "n", (json_int_t)c->n, "over",
	    (json_int_t)c->count[DUTY_OVERDUE]));
	paper_section(p, "year", say_word(p, "plan.year"));
	if (svg[0] && svg[1] && alt)
		paper_picture(p, svg[0], svg[1], alt);
	free(alt);
	free(svg[0]);
	free(svg[1]);
	free(link);
	free(marks);
}

static void
put_refs(struct paper *p, const struct cycle *c, const json_t *law)
{
	const struct rules_ref *ref[32];
	const json_t *k;
	size_t i, n = 0, len;
	char *s = NULL;
	FILE *f;

	json_array_foreach((json_t *)law, i, k)
		if (n < sizeof(ref) / sizeof(*ref) &&
		    (ref[n] = rules_ref(c->rules, json_string_value(k))))
			n++;
	if ((f = open_memstream(&s, &len))) {
		rules_cites(f, ref, n, c->lang);
		paper_cell(p, fclose(f) == 0 ? s : NULL);
	} else {
		paper_cell(p, NULL);
	}
	free(s);
}

/* "review, every 12 months · own policy" */
static void
put_kind(struct paper *p, const struct duty *d)
{
	char key[48];

	snprintf(key, sizeof(key), "plan.kind.%s", d->kind);
	if (!d->every.months && !d->every.days)
		paper_sub(p, say_word(p, key));
	else
		say_sub(p, d->every.months ? "plan.months" : "plan.days", json_pack("{sssIss}",
		    "kind", say_word(p, key), "n", (json_int_t)(d->every.months ?
		    d->every.months : d->every.days), "own", d->own ? say_word(p, "plan.own") :
		    ""));
}

static void
put_duty(struct paper *p, const struct cycle *c, const struct duty *d, size_t i)
{
	char key[48], id[32], day[STAMP_DAY];

	snprintf(id, sizeof(id), "duty-%zu", i + 1);
	paper_anchor(p, id);
	paper_date(p, d->due);
	snprintf(key, sizeof(key), "plan.state.%s", duty_state_name(d->state));
	paper_status(p, style_of(d->state), say_word(p, key));
	if (d->never)
		paper_sub(p, say_word(p, strcmp(d->kind, "calibration") == 0 ? "plan.at_once" :
		    "plan.never"));
	else
		say_sub(p, d->days < 0 ? "cra.days_ago" : "plan.in_days", json_pack("{sI}", "n",
		    (json_int_t)(d->days < 0 ? -d->days : d->days)));
	paper_cell(p, d->what);
	put_kind(p, d);
	if (d->why)
		paper_sub(p, d->why);
	if (d->last != INT64_MIN)
		say_sub(p, "plan.last", json_pack("{ss}", "date", stamp_day_text(day, d->last)));
	if (d->reference)
		paper_sub(p, d->reference);
	paper_cell(p, d->owner);
	if (d->role) {
		snprintf(key, sizeof(key), "plan.role.%s", d->role);
		if (d->owner)
			paper_sub(p, say_word(p, key));
		else
			say_sub(p, "plan.nobody", json_pack("{ss}", "role", say_word(p, key)));
	}
	put_refs(p, c, d->law);
}

bool
cycle_page(struct paper *p, const struct cycle *c)
{
	const struct paper_column columns[] = {
		{ say_word(p, "plan.due"), PAPER_DATE, 10, 0 },
		{ say_word(p, "table.status"), PAPER_STATUS, 12, 0 },
		{ say_word(p, "plan.what"), PAPER_TEXT, 28, 0 },
		{ say_word(p, "plan.owner"), PAPER_TEXT, 16, 3 },
		{ say_word(p, "table.law"), PAPER_TEXT, 18, 1 },
	};
	char a[STAMP_DAY], b[STAMP_DAY], num[40], *what, *detail;

	paper_title(p, say_word(p, "plan.title"), say_site(p, c->site));
	say_byline(p, "plan.period", json_pack("{ssss}", "from", stamp_day_text(a, c->from), "to",
	    stamp_day_text(b, c->until - CYCLE_DAY_US)));
	say_byline(p, "cra.judged", json_pack("{ss}", "date", stamp_day_text(a, c->now)));
	what = say(p, "plan.number", json_pack("{sI}", "n", (json_int_t)c->count[DUTY_OVERDUE]));
	detail = say(p, "plan.detail", json_pack("{sIsI}", "soon",
	    (json_int_t)c->count[DUTY_SOON], "planned", (json_int_t)c->count[DUTY_PLANNED]));
	paper_number(p, rules_number(num, (int64_t)c->count[DUTY_OVERDUE], paper_lang(p)), what,
	    detail);
	free(what);
	free(detail);
	say_share(p, "gap", "plan.n_overdue", c->count[DUTY_OVERDUE]);
	say_share(p, "partly", "plan.n_soon", c->count[DUTY_SOON]);
	say_share(p, "met", "plan.n_planned", c->count[DUTY_PLANNED]);
	put_picture(p, c);
	paper_section(p, "duties", say_word(p, "plan.duties"));
	paper_table(p, "by-day", columns, 5, say_word(p, "plan.none"));
	for (size_t i = 0; i < c->n; i++)
		put_duty(p, c, &c->v[i], i);
	paper_section(p, "basis", say_word(p, "plan.basis"));
	paper_para(p, ruledoc_text(json_object_get(c->doc, "interval"), paper_lang(p)));
	paper_note(p, say_word(p, "plan.about"));
	return paper_ok(p);
}
