/* witness_serve.c: calchain witness serve: one HTTP request on standard input, its answer on
 * standard output, as inetd and systemd's sockets start a program for each connection. */
#include "witness.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/stamp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum {
	HEADERS = 8 << 10,      /* bytes of a request's head; curl's has some hundred */
	SECONDS = 30            /* for all of it: who is slower keeps a process for nothing */
};

static const struct opt opts[] = { WITNESS_OPTS, { NULL } };

static const struct prog prog = {
	.name = "calchain witness serve",
	.synopsis = "calchain witness serve -k KEY -n NAME [--now TIME] [-p FILE] [--provider "
	    "NAME] -s DIR\n"
	    "[-t FILE] [--vkey VKEY]",
	.purpose = "Answers one HTTP request, add-checkpoint of C2SP tlog-witness, for inetd or "
	    "systemd.",
	.opts = opts,
};

static bool
reply(int status, const char *type, const char *body, size_t n)
{
	static const struct { int status; const char *text; } words[] = {
		{ 200, "OK" }, { 400, "Bad Request" }, { 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 409, "Conflict" }, { 411, "Length Required" },
		{ 413, "Content Too Large" }, { 422, "Unprocessable Content" },
		{ 500, "Internal Server Error" },
	};
	const char *text = "";
	char head[256];
	int len;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].status == status)
			text = words[i].text;
	len = snprintf(head, sizeof(head), "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: "
	    "%zu\r\n"
	    "Connection: close\r\n\r\n", status, text, type, n);
	return file_write_all(STDOUT_FILENO, head, (size_t)len) && file_write_all(STDOUT_FILENO,
	    body, n);
}

static bool
refuse(int status, const char *why)
{
	char line[640];
	int n = snprintf(line, sizeof(line), "%s\n", why);

	diag("%d: %s", status, why);
	return reply(status, "text/plain; charset=utf-8", line, (size_t)n);
}

/* --- the request */

struct request { char buf[HEADERS + WITNESS_BODY + 1]; size_t n, head, body; };

/* More bytes; false at their end. */
static bool
more(struct request *r, size_t cap)
{
	ssize_t k;

	do
		k = read(STDIN_FILENO, r->buf + r->n, cap - r->n);
	while (k < 0 && errno == EINTR);
	if (k <= 0)
		return false;
	r->n += (size_t)k;
	r->buf[r->n] = '\0';
	return true;
}

/* A header's value in the head (lower or upper case), or NULL. */
static const char *
header(const struct request *r, const char *name)
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

/* The head, then the body. 0, or the status that is the answer already. */
static int
take(struct request *r)
{
	const char *end, *v, *path;
	char *stop;

	while ((end = strstr(r->buf, "\r\n\r\n")) == NULL)
		if (r->n >= HEADERS || memchr(r->buf, '\0', r->n) != NULL || !more(r, HEADERS))
			return 400;
	r->head = (size_t)(end + 4 - r->buf);
	if (strncmp(r->buf, "POST ", 5) != 0)
		return 405;
	path = strchr(r->buf + 5, ' ');
	if (path == NULL || strncmp(path, " HTTP/1.", 8) != 0)
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
		(void)file_write_all(STDOUT_FILENO, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	while (r->n < r->head + r->body)
		if (!more(r, r->head + r->body))
			return 400;
	return 0;
}

int
witness_serve_main(int argc, char **argv)
{
	static struct witness_open o;
	static struct request r;
	struct witness_said said;
	struct err e = { "" };
	char size[32];
	int status, v;
	bool done;

	diag_name(prog.name);
	/* its end is the process's: nobody else is served by it */
	alarm(SECONDS);
	if ((status = witness_open(&o, &prog, argc, argv, &e)) < 0) {
		if ((v = take(&r)) != 0)
			done = refuse(v, v == 404 ? "there is nothing but add-checkpoint" :
			    v == 405 ?
			    "a request is posted" : "the request cannot be read");
		else {
			v = witness_answer(&said, &o.w, r.buf + r.head, r.body,
			    (uint64_t)stamp_now() / 1000000, &e);
			if (v == WITNESS_COSIGNED)
				done = reply(v, "text/plain; charset=utf-8", said.line, said.n);
			else if (v == WITNESS_CONFLICT) {
				/* its body is the size and nothing else */
				diag("%d: %s", v, e.text);
				snprintf(size, sizeof(size), "%" PRIu64 "\n", said.size);
				done = reply(v, "text/x.tlog.size", size, strlen(size));
			} else if (v == WITNESS_FAILED) {
				diag("%d: %s", v, e.text);
				done = reply(v, "text/plain; charset=utf-8", "", 0);
			} else
				done = refuse(v, e.text);
		}
		status = !done || v == WITNESS_FAILED ? 2 : v != WITNESS_COSIGNED;
	} else if (e.text[0])
		diag("%s", e.text);
	witness_close(&o);
	return status;
}
