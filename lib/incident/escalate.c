#include "incident/escalate.h"

#include "incident/deadline_say.h"

#include <stdlib.h>
#include <string.h>

static int64_t
hours(struct calendar_span s)
{
	return s.n * INT64_C(3600000000);
}

/* When somebody last wrote in the journal. */
static int64_t
last_written(const struct incident *i)
{
	int64_t us = i->opened.written;

#define LATER(list, n) do { \
		for (size_t k = 0; k < i->n; k++) \
			if (i->list[k].at.written > us) \
				us = i->list[k].at.written; \
	} while (0)
	LATER(values, nvalues);
	LATER(notes, nnotes);
	LATER(files, nfiles);
	LATER(submissions, nsubmissions);
#undef LATER
	return us;
}

static bool
needs(const struct deadlines *d, const struct deadline *x)
{
	switch (x->state) {
	case DEADLINE_OVERDUE:
	case DEADLINE_SOON: return true;
	case DEADLINE_OPEN:
		return !x->rule->advice && x->nstarts &&
		    d->now - x->start[0].us >= hours(d->set->unlimited);
	case DEADLINE_UNDECIDED:
		return !x->incident->closed.seq && x->would != INT64_MIN &&
		    x->would - d->now <= d->within;
	default: return false;
	}
}

static void
add(struct escalation *e, const struct site_person *p)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->to[i] == p)
			return;
	if (p && e->n < ESCALATE_PEOPLE)
		e->to[e->n++] = p;
}

bool
escalate(const struct deadlines *d, const struct deadline *x, const struct site *site,
    struct escalation *out)
{
	const struct site_person *owner;

	*out = (struct escalation){ .written = last_written(x->incident) };
	if (!needs(d, x))
		return false;
	out->idle = d->now - out->written >= hours(d->set->idle);
	if (!site)
		return true;
	owner = site_role(site, x->rule->owner);
	if (!owner)
		owner = site_role(site, "incident_lead");
	add(out, owner);
	if (out->idle && owner && owner->deputy)
		add(out, site_person(site, owner->deputy));
	if (x->state == DEADLINE_OVERDUE)
		add(out, site_role(site, "management"));
	return true;
}

/* ---- the line ----------------------------------------------------------------------------- */

static char *
say(const struct deadlines *d, const char *key, const char *lang, json_t *args)
{
	return args ? rules_say(d->rules, key, lang, args) : NULL;
}

/* As it is but for control characters, which would be another line of a mail. */
static void
put(FILE *f, const char *s)
{
	for (; *s; s++)
		fputc((unsigned char)*s < 0x20 || *s == 0x7f ? ' ' : *s, f);
}

static void
put_addresses(FILE *f, const struct escalation *who)
{
	const char *comma = "";

	for (size_t i = 0; i < who->n; i++)
		if (who->to[i]->email) {
			fputs(comma, f);
			put(f, who->to[i]->email);
			comma = ",";
		}
	if (!*comma)
		fputc('-', f);
}

/* "Anna Berg, Bo Ek", or NULL. */
static char *
names(const struct escalation *who)
{
	char *s = NULL;
	size_t n;
	FILE *f = open_memstream(&s, &n);

	if (!f)
		return NULL;
	for (size_t i = 0; i < who->n; i++)
		fprintf(f, "%s%s%s%s", i ? ", " : "", who->to[i]->name ? who->to[i]->name :
		    who->to[i]->id, who->to[i]->phone ? " " : "",
		    who->to[i]->phone ? who->to[i]->phone : "");
	if (fclose(f) == 0 && *s)
		return s;
	free(s);
	return NULL;
}

static void
put_phrase(FILE *f, char *s)
{
	put(f, s ? s : "");
	free(s);
}

static void
put_text(FILE *f, const struct deadlines *d, const struct deadline *x,
    const struct escalation *who, const char *lang)
{
	const char *channel, *receiver = deadline_receiver(d, x, lang, &channel), *q;
	char local[LOCAL_TEXT], utc[LOCAL_TEXT], *people = names(who);
	int64_t due = x->state == DEADLINE_UNDECIDED ? x->would : x->end.us;

	put(f, x->incident->title);
	fputs(". ", f);
	if (due != INT64_MIN) {
		local_text(local, x->incident->zone, due);
		local_text(utc, "UTC", due);
		utc[16] = '\0';
		put_phrase(f, say(d, x->state == DEADLINE_UNDECIDED ? "deadlines.mail.would" :
		    "deadlines.mail.due", lang, json_pack("{ss ss}", "local", local, "utc", utc)));
	}
	if (x->state == DEADLINE_UNDECIDED && (q = deadline_question(d, x->ask, lang))) {
		fputc(' ', f);
		put(f, q);
	}
	if (receiver)
		put_phrase(f, say(d, channel ? "deadlines.mail.channel" : "deadlines.mail.to", lang,
		    json_pack("{ss ss*}", "receiver", receiver, "channel", channel)));
	if (who->idle)
		put_phrase(f, say(d, "deadlines.mail.idle", lang, json_pack("{ss}", "at",
		    local_text(local, x->incident->zone, who->written))));
	put_phrase(f, people ? say(d, "deadlines.mail.people", lang, json_pack("{ss}", "people",
	    people)) : say(d, "deadlines.mail.nobody", lang, json_pack("{ss}", "role",
	    x->rule->owner)));
	free(people);
}

char *
escalate_line(const struct deadlines *d, const struct deadline *x, const struct escalation *who,
    const char *lang)
{
	char *line = NULL, *state = deadline_state_text(d, x, lang);
	size_t n;
	FILE *f = state ? open_memstream(&line, &n) : NULL;

	if (!f) {
		free(state);
		return NULL;
	}
	put_addresses(f, who);
	fputc('\t', f);
	put(f, x->incident->name);
	fputs(": ", f);
	put(f, rules_text(&x->rule->name, lang));
	fputs(", ", f);
	put(f, state);
	fputc('\t', f);
	put_text(f, d, x, who, lang);
	free(state);
	if (fclose(f) == 0)
		return line;
	free(line);
	return NULL;
}
