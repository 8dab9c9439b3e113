/* cycle_day.h: days of a yearly cycle. All times are microseconds, all days midnight UTC. */
#ifndef OT_CYCLE_DAY_H
#define OT_CYCLE_DAY_H

#include <stdint.h>

#define CYCLE_DAY_US    86400000000LL

/* How often: months or days; both 0: once. */
struct cycle_every { int months, days; };

/* The day so much later. A month that is too short ends with its last day: from 31 January
 * one month is 28 or 29 February. */
int64_t cycle_after(int64_t us, struct cycle_every every);
/* The day it is in; the first day of its month; of its year. */
int64_t cycle_midnight(int64_t us);
int64_t cycle_month(int64_t us);
int64_t cycle_year(int64_t us);
/* Whole days from one day to the other; negative: back. */
int64_t cycle_days(int64_t from, int64_t to);

#endif
