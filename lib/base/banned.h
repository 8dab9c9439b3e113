/* banned.h: calls that do not compile here. Included last by every .c file
 * through the compiler's -include, so that nobody has to remember it. */
#ifndef OT_BANNED_H
#define OT_BANNED_H

/* The system headers first: poisoned names must not appear in them later. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Some C libraries have these as macros when they check sizes. */
#undef sprintf
#undef vsprintf
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat

#if defined(__GNUC__)
#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok strncpy strncat
#pragma GCC poison atoi atol atoll atof system popen tmpnam mktemp
#pragma GCC poison gmtime localtime ctime asctime
#endif

#endif
