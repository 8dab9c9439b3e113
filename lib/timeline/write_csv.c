/* write_csv.c: a timeline for spreadsheets, a row each. */
#include "timeline/write.h"

#include "base/limits.h"
#include "base/stamp.h"
#include "model/csv.h"

#include <string.h>

static const char header[] = "n,timestamp,source,kind,severity,asset,zone,text,object,value,peer,"
    "count,last,shown,file,line,pcap_filename,pcap_cnt,because\r\n";

/* A text on one line, the comma before it. */
static void
cell(FILE *f, const char *p, size_t n)
{
	char line[LIM_TIMELINE_TEXT + 1];

	if (n > LIM_TIMELINE_TEXT)
		n = LIM_TIMELINE_TEXT;
	for (size_t i = 0; i < n; i++)
		line[i] = (unsigned char)p[i] < ' ' ? ' ' : p[i];
	line[n] = '\0';
	putc(',', f);
	csv_text(f, line);
}

static void
word(FILE *f, const char *s)
{
	cell(f, s, strlen(s));
}

/* A negative number is no formula. */
static void
value(FILE *f, const struct timeline_text *t)
{
	size_t i = t->n && *t->p == '-';

	while (i < t->n && ((t->p[i] >= '0' && t->p[i] <= '9') || t->p[i] == '.'))
		i++;
	if (i == t->n && t->n)
		fprintf(f, ",%.*s", (int)t->n, t->p);
	else
		cell(f, t->p, t->n);
}

static void
moment(FILE *f, int64_t us)
{
	char t[STAMP_TEXT];

	putc(',', f);
	fwrite(t, 1, stamp_put(t, us), f);
}

/* Nothing for 0. */
static void
number(FILE *f, uint64_t v)
{
	if (v)
		fprintf(f, ",%llu", (unsigned long long)v);
	else
		putc(',', f);
}

void
timeline_csv_header(FILE *f)
{
	fputs(header, f);
}

void
timeline_csv_item(const struct timeline *t, const struct timeline_item *x, FILE *f)
{
	char why[256];
	size_t n = 0;

	fprintf(f, "%llu", (unsigned long long)x->n);
	moment(f, x->us);
	word(f, timeline_source(t, x->source)->name);
	word(f, timeline_kind_name((enum timeline_kind)x->kind));
	word(f, timeline_severity_name((enum timeline_severity)x->severity));
	cell(f, x->asset.p, x->asset.n);
	cell(f, x->zone.p, x->zone.n);
	cell(f, x->text.p, x->text.n);
	cell(f, x->object.p, x->object.n);
	value(f, &x->value);
	cell(f, x->peer.p, x->peer.n);
	number(f, x->count);
	moment(f, x->last);
	moment(f, x->shown);
	word(f, x->line ? timeline_file(t, x->file) : "");
	number(f, x->line);
	cell(f, x->capture.p, x->capture.n);
	number(f, x->packet);
	for (size_t i = 0; i < x->nbecause && n + 64 < sizeof(why); i++)
		n += (size_t)snprintf(why + n, sizeof(why) - n, "%s%llu %.40s", n ? " | " : "",
		    (unsigned long long)x->because[i].n, x->because[i].rule);
	cell(f, why, n);
	fputs("\r\n", f);
}
