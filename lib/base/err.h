/* err.h: why something could not be done.
 *
 * Nothing under lib/ prints or exits: a function that fails returns false (or
 * NULL, or a small enum) and leaves the reason here. main() prints it once. */
#ifndef OT_ERR_H
#define OT_ERR_H

#include <stdbool.h>

struct err {
	char text[512];         /* one line, no newline, empty while all is well */
};

/* Sets the reason; the first reason stays, for later ones are its echoes.
 * Always returns false, so that a failing function can end with it. */
bool err_set(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* As err_set, with ": " and the meaning of errno. */
bool err_sys(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Forgets the reason. */
void err_clear(struct err *e);

#endif
