/* timeline_paper_impl.h: between the parts of the timeline for people. */
#ifndef OT_TIMELINE_PAPER_IMPL_H
#define OT_TIMELINE_PAPER_IMPL_H

#include "report/timeline_paper.h"

#include <jansson.h>

enum { SHEET_TEXT = 400, SHEET_TIME = 40 };

/* Items that hang together: each is a cause or an effect of another. */
struct strand {
	size_t first, n;                /* in timeline_sheet.order */
	size_t sources;                 /* how many sources tell of it */
	unsigned weight;
};

/* A report being made. */
struct timeline_sheet {
	const struct timeline_view *v;
	struct paper *p;
	const struct rules *rules;
	const char *lang;
	bool days;                      /* times need their day: not all are of one */
	int64_t first, last;            /* what is shown, from and to */
	unsigned *weight;               /* of each item */
	/* Indices of items, strand by strand, in the order of time. */
	size_t *order;
	struct strand *strands; size_t nstrands;
};

/* ---- timeline_words.c ---- */
/* "timeline.KEY" in the report's language; filled in (takes args, the caller frees it). */
const char *sheet_say(const struct timeline_sheet *s, const char *key);
char *sheet_fill(const struct timeline_sheet *s, const char *key, json_t *args);
const char *sheet_kind(const struct timeline_sheet *s, const struct timeline_item *it);
const char *sheet_severity(const struct timeline_sheet *s, const struct timeline_item *it);
/* Of the style sheet: gap, partly, unknown, not_applicable. */
const char *sheet_class(const struct timeline_item *it);
const char *sheet_source(const struct timeline_sheet *s, uint16_t source);
/* The zone's name in the site file, else its id; "" where none is known. */
const char *sheet_zone(const struct timeline_sheet *s, const struct timeline_text *zone,
    char dst[SHEET_TEXT]);
/* By the report's clocks: "09:12:03", with the day before it where days are told apart. */
const char *sheet_time(const struct timeline_sheet *s, int64_t us, char dst[SHEET_TIME]);
/* With the day, always. */
const char *sheet_moment(const struct timeline_sheet *s, int64_t us, char dst[SHEET_TIME]);
int64_t sheet_wall(const struct timeline_sheet *s, int64_t us);
const char *sheet_text(const struct timeline_text *t, char dst[SHEET_TEXT]);
/* "AHU-2: differential pressure low": for a label. */
const char *sheet_label(const struct timeline_item *it, char dst[SHEET_TEXT]);
/* "+1.5", "−12,4": seconds with one decimal. */
const char *sheet_seconds(const struct timeline_sheet *s, double v, bool sign,
    char dst[SHEET_TIME]);
/* Why, and which item it is: "The alarm came ... (09:12:03, holding_register:40012)". The
 * caller frees it. */
char *sheet_why(const struct timeline_sheet *s, const struct timeline_item *it, size_t because);
/* The item of this number, or NULL. */
const struct timeline_item *sheet_item(const struct timeline_sheet *s, uint64_t n);

/* ---- timeline_strand.c ---- */
/* Weighs the items and finds what hangs together, the heaviest strand first. */
bool sheet_strands(struct timeline_sheet *s);
void sheet_chains(const struct timeline_sheet *s);

/* ---- timeline_events.c ---- */
void sheet_events(const struct timeline_sheet *s);
/* The second lines of an event's cell: what, by whom, how often, why. */
void sheet_event_subs(const struct timeline_sheet *s, const struct timeline_item *it, bool reasons);

/* ---- timeline_svg.c ---- */
/* All items by their times; or n of them (indices, in order) step by step, from near: each as
 * far from the next as any. The caller frees it; NULL: memory ran out. */
char *sheet_picture(const struct timeline_sheet *s, const size_t *steps, size_t n, bool narrow);

/* ---- timeline_script.c ---- */
extern const char timeline_style[], timeline_script[];
/* The fields and buttons above the picture, hidden until the script shows them. */
void sheet_controls(const struct timeline_sheet *s, FILE *f);

#endif
