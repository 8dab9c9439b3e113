/* witness_request.c: the HTTP request that a witness is sent, head and body. */
#include "witness.h"

#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* More bytes; false at their end. */
static bool
more(struct witness_request *r, int in, size_t cap)
{
	ssize_t k;

	do
		k = read(in, r->buf + r->n, cap - r->n);
	while (k < 0 && errno == EINTR);
	if (k <= 0)
		return false;
	r->n += (size_t)k;
	r->buf[r->n] = '\0';
	return true;
}

/* A header's value in the head (lower or upper case), or NULL. */
static const char *
header(const struct witness_request *r, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = strstr(r->buf, "\r\n"); p != NULL && p + 2 < r->buf + r->head;
	    p = strstr(p, "\r\n")) {
		p += 2;
		if (strncasecmp(p, name, n) == 0 && p[n] == ':')
			return p + n + 1 + strspn(p + n + 1, " \t");
	}
	return NULL;
}

int
witness_request_take(struct witness_request *r, int in, int out)
{
	const char *end, *v, *path;
	char *stop;

	while ((end = strstr(r->buf, "\r\n\r\n")) == NULL)
		if (r->n >= WITNESS_HEAD || memchr(r->buf, '\0', r->n) != NULL ||
		    !more(r, in, WITNESS_HEAD))
			return 400;
	r->head = (size_t)(end + 4 - r->buf);
	if (strncmp(r->buf, "POST ", 5) != 0)
		return 405;
	path = r->buf + 5 + strcspn(r->buf + 5, " \r\n");
	if (strncmp(path, " HTTP/1.", 8) != 0)
		return 400;
	if (path - r->buf < 5 + 15 || strncmp(path - 15, "/add-checkpoint", 15) != 0)
		return 404;
	if ((v = header(r, "content-length")) == NULL || header(r, "transfer-encoding") != NULL)
		return 411;
	r->body = strtoul(v, &stop, 10);
	if (*v < '0' || *v > '9' || *stop != '\r')
		return 400;
	if (r->body > WITNESS_BODY)
		return 413;
	if (header(r, "expect") != NULL && r->n < r->head + r->body)
		(void)file_write_all(out, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	while (r->n < r->head + r->body)
		if (!more(r, in, r->head + r->body))
			return 400;
	return 0;
}
