/* setback.c: a clock that goes back, told from lines that come late. */
#include "timeline/setback.h"

enum { RISING = 5, AFTER = 5, BELIEVED = 3 };
static const int64_t least_us = 5000000;

/* Logs have few hosts, and mostly the same as the line before. NULL: more than are looked at. */
static struct setback_clock *
clock_of(struct setback *s, uint64_t who)
{
	for (size_t i = 0; i < s->nclocks; i++)
		if (s->clock[i].who == who)
			return &s->clock[i];
	if (s->nclocks == SETBACK_CLOCKS)
		return NULL;
	s->clock[s->nclocks] = (struct setback_clock){ .who = who, .last = INT64_MIN };
	return &s->clock[s->nclocks++];
}

/* It went back, and five lines have stayed there. */
static void
found(struct setback *s, struct setback_clock *c)
{
	if (s->nsteps < SETBACK_FOUND)
		s->step[s->nsteps++] = (struct setback_step){ .from = c->high, .to = c->low,
			.line = c->line, .clock = (unsigned)(c - s->clock) };
	c->steps++;
	c->rising = c->after;
	c->line = 0;
}

/* A line behind a step that is not sure yet. */
static void
judge(struct setback *s, struct setback_clock *c, int64_t us)
{
	if (us >= c->high) {            /* those before were late, and it goes on */
		c->line = 0;
		c->last = us;
	} else if (us < c->last) {      /* no order in it */
		c->line = 0;
		c->rising = 0;
		c->last = us;
	} else {
		c->last = us;
		if (++c->after == AFTER)
			found(s, c);
	}
}

void
setback_heard(struct setback *s, uint64_t who, int64_t us, uint64_t line)
{
	struct setback_clock *c = clock_of(s, who);

	if (!c)
		return;
	if (c->line) {
		judge(s, c, us);
	} else if (c->last == INT64_MIN || us >= c->last) {
		c->rising++;
		c->last = us;
	} else if (c->last - us > least_us && c->rising >= RISING) {
		c->line = line;
		c->high = c->last;
		c->low = c->last = us;
		c->after = 1;
	} else if (c->last - us > least_us) {
		c->rising = 1;
		c->last = us;
	}
	/* else a little late: those before it count */
}

bool
setback_next(const struct setback *s, size_t *i, struct setback_step *step)
{
	while (*i < s->nsteps) {
		*step = s->step[(*i)++];
		if (s->clock[step->clock].steps <= BELIEVED)
			return true;
	}
	return false;
}
