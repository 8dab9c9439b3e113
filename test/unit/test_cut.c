/* Each golden capture cut by a snap length, at every length up to 128 and every 11th
 * up to 700: nothing crashes, and what our own snap length cut is never called malformed. */
#include "capture/source.h"
#include "proto/engine.h"
#include "tap.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

enum { PACKETS = 64, LONGEST = 700 };

static uint64_t bytes_out;

static void
flush(void *arg, const char *p, size_t n)
{
	bytes_out += n;
}

/* How many anomalies these packets give when none is longer than cut. One engine
 * serves all lengths of a capture: a finished one begins anew, and an hour later. */
static uint64_t
anomalies(struct engine *g, const struct packet *pk, unsigned n, uint32_t cut)
{
	uint64_t before = engine_stats(g)->anomalies;
	int64_t later = engine_stats(g)->last_us;

	if (later)
		later += 3600 * 1000000LL - pk[0].us;
	for (unsigned i = 0; i < n; i++) {
		struct packet p = pk[i];
		uint8_t *copy;

		/* memory of just that size, so that a sanitizer sees a read too far */
		if (p.cap > cut)
			p.cap = cut;
		copy = malloc(p.cap ? p.cap : 1);
		if (!copy)
			abort();
		memcpy(copy, p.data, p.cap);
		p.data = copy;
		p.us += later;
		engine_packet(g, &p);
		free(copy);
	}
	engine_finish(g);
	return engine_stats(g)->anomalies - before;
}

int
main(void)
{
	glob_t gl;

	if (glob("test/golden/*/*.pcap", 0, NULL, &gl)) {
		printf("1..0 # SKIP no goldens here\n");
		return 0;
	}
	for (size_t i = 0; i < gl.gl_pathc; i++) {
		struct err e = { "" };
		struct source *s = source_open_file(gl.gl_pathv[i], NULL, &e);
		struct packet pk[PACKETS];
		uint32_t longest = 0;
		unsigned n = 0;
		uint64_t whole, worst = 0;
		struct engine_opts o = { .max_flows = 64, .flush = flush };
		struct engine *g = engine_new(&o);
		uint32_t at = 0;

		while (s && n < PACKETS && source_next(s, &pk[n], &e) == SOURCE_PACKET) {
			uint8_t *copy = malloc(pk[n].cap ? pk[n].cap : 1);
			if (!copy)
				abort();
			memcpy(copy, pk[n].data, pk[n].cap);
			pk[n].data = copy;
			if (pk[n].cap > longest)
				longest = pk[n].cap;
			n++;
		}
		if (s)
			source_close(s);
		whole = anomalies(g, pk, n, UINT32_MAX);
		if (longest > LONGEST)
			longest = LONGEST;
		for (uint32_t cut = 0; cut < longest; cut += cut < 128 ? 1 : 11) {
			uint64_t a = anomalies(g, pk, n, cut);
			if (a > worst) {
				worst = a;
				at = cut;
			}
		}
		ok(n > 0 && worst <= whole, "%s: %u packets, cut: %llu anomalies at most "
		    "(at %u), %llu whole %s", gl.gl_pathv[i] + strlen("test/golden/"), n,
		    (unsigned long long)worst, at, (unsigned long long)whole, e.text);
		engine_free(g);
		while (n)
			free((void *)(uintptr_t)pk[--n].data);
	}
	globfree(&gl);
	ok(bytes_out > 0, "%llu bytes of events", (unsigned long long)bytes_out);
	return tap_done();
}
