/* account.h: names of accounts in the free text of logs, which no report shows.
 *
 * Who somebody is stands in the log itself, at the file and line that an item names. */
#ifndef OT_TIMELINE_ACCOUNT_H
#define OT_TIMELINE_ACCOUNT_H

#include <stddef.h>

#define ACCOUNT_SHOWN "[account]"

/* The next name of an account in the n bytes of a message of `app`, as programs for log-ons
 * write them ("for anna from", "user=anna", "session opened for user anna(uid=0)"): where it
 * begins and its length; 0: there is none. */
size_t account_find(const char *app, size_t app_n, const char *p, size_t n, size_t *at);

#endif
