/* fuzz_syslog.c: any lines as a log of syslog's two shapes: items come in order of time, each is
 * a record, and no line is lost without a word. The first byte says what is asked. */
#include "fuzz.h"
#include "drain.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct timeline_ask ask = { .from = INT64_MIN, .to = INT64_MAX,
		.now = INT64_C(1795392000000000), .fold = 60, .mem = 1 << 20 };
	struct timeline_source *s;
	struct err e = { "" };
	struct timeline *t;
	const char *path;
	int fd;

	if (!n)
		return 0;
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
		drain(t);
	} else if (!e.text[0]) {
		abort();
	}
	fuzz_file_close(fd);
	timeline_free(t);
	return 0;
}
