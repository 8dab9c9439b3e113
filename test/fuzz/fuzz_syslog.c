/* fuzz_syslog.c: any lines as a log of syslog's two shapes: items come in order of time, each is
 * a record, and no line is lost without a word. The first byte says what is asked. */
#include "fuzz.h"

#include "base/limits.h"
#include "timeline/write.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct jw w;
	struct timeline_ask ask = { .from = INT64_MIN, .to = INT64_MAX,
		.now = INT64_C(1795392000000000), .fold = 60, .mem = 1 << 20 };
	struct timeline_source *s;
	struct timeline_item x;
	struct timeline_fault f;
	struct err e = { "" };
	struct timeline *t;
	int64_t last = INT64_MIN;
	const char *path;
	int fd;

	if (!n)
		return 0;
	if (!w.buf) {
		jw_init(&w, malloc(2 * LIM_RECORD), 2 * LIM_RECORD);
		if (!w.buf)
			exit(2);
	}
	if (data[0] & 1)
		ask.year = 2024;
	ask.all = data[0] & 2;
	if (!(t = timeline_new(&ask, &e)) || !timeline_begin(t, NULL, &e) ||
	    !(s = timeline_source_add(t, "s", &e)))
		abort();
	s->format = TIMELINE_SYSLOG;
	path = fuzz_file(data + 1, n - 1, &fd);
	if (timeline_read(t, s, path, &e)) {
		if (!timeline_sort(t, &e))
			abort();
		for (size_t i = 0; i < timeline_gaps(t); i++)
			if (timeline_write_gap(t, i, &w))
				fuzz_records(NULL, w.buf, w.n), jw_reset(&w);
		while (timeline_next(t, &x, &e)) {
			if (x.us < last || !timeline_write_item(t, &x, NULL, &w))
				abort();
			last = x.us;
			fuzz_records(NULL, w.buf, w.n);
			jw_reset(&w);
		}
		while (timeline_next_fault(t, &f, &e))
			if (timeline_write_fault(t, &f, 0, &w))
				fuzz_records(NULL, w.buf, w.n), jw_reset(&w);
		if (e.text[0])
			abort();
	} else if (!e.text[0]) {
		abort();
	}
	fuzz_file_close(fd);
	timeline_free(t);
	return 0;
}
