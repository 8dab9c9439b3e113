/* timeline_events.c: every item as a row. */
#include "report/timeline_paper_impl.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

static void
add(FILE *f, const char *text)
{
	if (ftell(f) > 0)
		fputs(" \xc2\xb7 ", f);
	fputs(text, f);
}

static void
add_phrase(FILE *f, char *text)
{
	if (text)
		add(f, text);
	free(text);
}

/* "holding_register:40012 = 8.5", where the text does not say it already. */
static void
object(FILE *f, const struct timeline_item *it)
{
	char what[SHEET_TEXT], o[SHEET_TEXT], v[SHEET_TEXT], line[2 * SHEET_TEXT + 8];

	sheet_text(&it->text, what);
	sheet_text(&it->object, o);
	sheet_text(&it->value, v);
	if ((!*o || strstr(what, o)) && (!*v || strstr(what, v)))
		return;
	snprintf(line, sizeof(line), "%s%s%s", o, *o && *v ? " = " : "", v);
	add(f, line);
}

static void
others(const struct timeline_sheet *s, FILE *f, const struct timeline_item *it)
{
	json_t *names = json_array();

	for (size_t i = 0; i < it->nalso && i < TIMELINE_ALSO; i++)
		json_array_append_new(names, json_string(sheet_source(s, it->also[i])));
	if (it->nalso)
		add_phrase(f, sheet_fill(s, "event.also", json_pack("{sO}", "list", names)));
	json_decref(names);
}

/* Where it is written: "bms.csv:14", "lab.pcapng #1204". */
static void
evidence(const struct timeline_sheet *s, FILE *f, const struct timeline_item *it)
{
	const char *path = it->file < s->v->nfiles ? s->v->files[it->file] : NULL, *slash;
	char text[SHEET_TEXT], line[SHEET_TEXT + 32];

	if (path && it->line) {
		path = (slash = strrchr(path, '/')) && slash[1] ? slash + 1 : path;
		path = strcmp(path, "-") ? path : "stdin";
		snprintf(line, sizeof(line), "%s:%llu", path, (unsigned long long)it->line);
		add(f, line);
	}
	if (it->packet) {
		sheet_text(&it->capture, text);
		slash = strrchr(text, '/');
		snprintf(line, sizeof(line), "%s #%llu", slash ? slash + 1 : text,
		    (unsigned long long)it->packet);
		add(f, line);
	}
}

static void
put_sub(struct paper *p, FILE *f, char **text)
{
	if (f && fclose(f) == 0 && **text)
		paper_sub(p, *text);
	free(*text);
	*text = NULL;
}

void
sheet_event_subs(const struct timeline_sheet *s, const struct timeline_item *it, bool reasons)
{
	char *text = NULL, peer[SHEET_TEXT], time[SHEET_TIME];
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return;
	object(f, it);
	if (it->peer.n)
		add_phrase(f, sheet_fill(s, it->kind == TIMELINE_NOTE ? "event.author" :
		    "event.peer", json_pack("{ss}", "peer", sheet_text(&it->peer, peer))));
	if (it->count > 1)
		add_phrase(f, sheet_fill(s, "event.count", json_pack("{sIss}", "n",
		    (json_int_t)it->count, "last", sheet_time(s, it->last, time))));
	if (it->kind == TIMELINE_GAP && it->last > it->us)
		add_phrase(f, sheet_fill(s, "event.until", json_pack("{ss}", "last",
		    sheet_time(s, it->last, time))));
	others(s, f, it);
	put_sub(s->p, f, &text);
	for (size_t i = 0; reasons && s->v->why && i < it->nbecause; i++) {
		text = sheet_why(s, it, i);
		paper_sub(s->p, text);
		free(text);
		text = NULL;
	}
	if (!(f = open_memstream(&text, &n)))
		return;
	evidence(s, f, it);
	if (it->shown != it->us)
		add_phrase(f, sheet_fill(s, "event.shown", json_pack("{ss}", "time",
		    sheet_moment(s, it->shown, time))));
	put_sub(s->p, f, &text);
}

static void
row(const struct timeline_sheet *s, const struct timeline_item *it)
{
	char time[SHEET_TIME], text[SHEET_TEXT], id[32];

	snprintf(id, sizeof(id), "e%llu", (unsigned long long)it->n);
	paper_anchor(s->p, id);
	paper_moment(s->p, it->us, sheet_time(s, it->us, time));
	paper_cell(s->p, sheet_source(s, it->source));
	paper_cell(s->p, sheet_kind(s, it));
	paper_status(s->p, sheet_class(it), sheet_severity(s, it));
	paper_cell(s->p, sheet_zone(s, &it->zone, text));
	paper_cell(s->p, sheet_text(&it->asset, text));
	paper_cell(s->p, sheet_text(&it->text, text));
	sheet_event_subs(s, it, true);
}

void
sheet_events(const struct timeline_sheet *s)
{
	const struct paper_column cols[] = {
		{ sheet_say(s, "col.time"), PAPER_DATE, s->days ? 10 : 8, 0 },
		{ sheet_say(s, "col.source"), PAPER_CHOICE, 10, 0 },
		{ sheet_say(s, "col.kind"), PAPER_CHOICE, 12, 3 },
		{ sheet_say(s, "col.severity"), PAPER_STATUS, 0, 1 },
		{ sheet_say(s, "col.zone"), PAPER_CHOICE, 10, 2 },
		{ sheet_say(s, "col.asset"), PAPER_CHOICE, 10, 0 },
		{ sheet_say(s, "col.what"), PAPER_TEXT, 30, 0 },
	};

	paper_section(s->p, "events-title", sheet_say(s, "events"));
	if (s->v->left_out)
		paper_phrase(s->p, "timeline.left_out", json_pack("{sIsI}", "n",
		    (json_int_t)s->v->left_out, "shown", (json_int_t)s->v->nitems));
	paper_table(s->p, "events", cols, 7, sheet_say(s, "events.none"));
	for (size_t i = 0; i < s->v->nitems; i++)
		row(s, &s->v->items[i]);
}
