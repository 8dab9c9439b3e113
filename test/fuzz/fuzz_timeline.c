/* fuzz_timeline.c: any bytes as a log: the first byte says how it is read, the second whether
 * its first line is the mapping file, whether all is an item, and what is asked. */
#include "fuzz.h"
#include "drain.h"

#include "timeline/map.h"

#include <stdlib.h>
#include <string.h>

static const char fixed[] = "{\"timeline_map\":1,\"encoding\":[\"utf-8\",\"windows-1252\"],\"decimal_comma\":true,"
    "\"time\":{\"column\":\"t\",\"format\":[\"iso8601\",\"%d/%m %H:%M\",\"epoch\"],\"zone\":\"Europe/Stockholm\"},"
    "\"text\":{\"template\":\"{a}: {b.c}\"},\"value\":{\"column\":\"b.c\"},\"asset\":{\"column\":\"a\"},"
    "\"kind\":{\"column\":\"a\",\"words\":{\"x\":\"alarm\"}}}";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct timeline_ask ask = { .from = INT64_MIN, .to = INT64_MAX,
		.now = INT64_C(1795392000000000),
		.fold = 60, .mem = 1 << 20 };
	struct timeline_estimate est;
	struct timeline_source *s;
	struct timeline_map *m = NULL;
	struct timeline *t;
	struct err e = { "" };
	const uint8_t *lf;
	const char *path;
	int fd;

	if (n < 2)
		return 0;
	ask.all = data[1] & 2;
	if (data[1] & 4)
		ask.from = INT64_C(1795300000000000);
	if (data[1] & 8)
		ask.year = 2024;
	if (!(t = timeline_new(&ask, &e)) || !timeline_begin(t, NULL, &e) ||
	    !(s = timeline_source_add(t, "s", &e)))
		abort();
	s->format = (enum timeline_format)(data[0] & 3);
	if (data[1] & 1 && (lf = memchr(data + 2, '\n', n - 2))) {
		m = map_loadb("map", data + 2, (size_t)(lf - data - 2), s->format == TIMELINE_NDJSON, &e);
		if (!m && !e.text[0])
			abort();
		err_clear(&e);
		n -= (size_t)(lf - data - 1);
		data = lf - 1;
	}
	if (!m && !(m = map_loadb("map", fixed, sizeof(fixed) - 1, s->format == TIMELINE_NDJSON, &e)))
		abort();
	s->map = m;
	path = fuzz_file(data + 2, n - 2, &fd);
	if (timeline_read(t, s, path, &e)) {
		timeline_source_add(t, "other", &e);
		timeline_estimate(t, 0, 1, &est);
		if (!timeline_sort(t, &e))
			abort();
		drain(t);
		if (!timeline_rewind(t, &e))
			abort();
		drain(t);
	} else if (!e.text[0]) {
		abort();
	}
	fuzz_file_close(fd);
	timeline_free(t);
	timeline_map_free(m);
	return 0;
}
