/* setback.h: where a log's times go back and on from there: its clock was set back, or files
 * were joined in another order than they were written in.
 *
 * A line that is merely late is followed by others that are not. So a step back of more than
 * five seconds is one only where five lines before it were in order and five from it on are,
 * all of them before the time at which it was made. A file in which this is so again and again
 * is sorted by something else, and says nothing. Clocks are those of hosts: a file of many has
 * one state for each. Times here are as the clock shows them. */
#ifndef OT_TIMELINE_SETBACK_H
#define OT_TIMELINE_SETBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SETBACK_CLOCKS = 64, SETBACK_FOUND = 64 };

struct setback_step {
	int64_t from, to;               /* from this moment back to that; to < from */
	uint64_t line;                  /* the first behind it */
	unsigned clock;
};

/* Of one file; zero at first. */
struct setback {
	struct setback_clock {
		uint64_t who;
		int64_t last;
		uint64_t line;          /* of a step that is not sure yet; 0: none */
		int64_t high;           /* what it went back from */
		int64_t low;
		unsigned rising, after, steps;
	} clock[SETBACK_CLOCKS];
	size_t nclocks;
	struct setback_step step[SETBACK_FOUND]; size_t nsteps;
};

/* A line of this moment; who: whose clock it is, any number. */
void setback_heard(struct setback *s, uint64_t who, int64_t us, uint64_t line);
/* The i-th step, in the order of lines, that is to be believed; false: no more. */
bool setback_next(const struct setback *s, size_t *i, struct setback_step *step);

#endif
