#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool
err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (!e || e->text[0])
		return false;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return false;
}

bool
err_sys(struct err *e, const char *fmt, ...)
{
	int no = errno;
	va_list ap;
	size_t n;

	if (!e || e->text[0])
		return false;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	n = strlen(e->text);
	snprintf(e->text + n, sizeof(e->text) - n, ": %s", strerror(no));
	return false;
}

void
err_clear(struct err *e)
{
	e->text[0] = '\0';
}
