/* attest.h: between attest.c and attest_check.c. */
#ifndef ATTEST_H
#define ATTEST_H

#include "request.h"

/* All of q->site_file's attestations, documents under that folder (NULL: not looked at):
 * exit status 1 where one is bad. */
int attest_check(struct request *q, const char *documents);

#endif
