/* witness_serve.c: calchain witness serve: one HTTP request on standard input, its answer on
 * standard output, as inetd and systemd's sockets start a program for each connection. */
#include "witness.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS = 30 };  /* for all of it: who is slower keeps a process for nothing */

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

int
witness_serve_main(int argc, char **argv)
{
	static struct witness_open o;
	static struct witness_request r;
	struct witness_said said;
	struct err e = { "" };
	char size[32];
	int status, v;
	bool done;

	diag_name(prog.name);
	/* its end is the process's: nobody else is served by it */
	alarm(SECONDS);
	if ((status = witness_open(&o, &prog, argc, argv, &e)) < 0) {
		if ((v = witness_request_take(&r, STDIN_FILENO, STDOUT_FILENO)) != 0)
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
