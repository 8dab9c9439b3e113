/* fuzz_pcap.c: any bytes as a capture: the readers, the layers, the flows, and
 * whatever dissector the packets reach.
 *
 * link: test/fuzz/engine.c */
#include "fuzz.h"

#include "base/err.h"
#include "capture/source.h"
#include "proto/engine.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err e = { "" };
	struct engine *g = fuzz_engine();
	struct source *s;
	struct packet p;
	int fd;

	s = source_open_file(fuzz_file(data, n, &fd), NULL, &e);
	while (s) {
		enum source_next r = source_next(s, &p, &e);
		if (r == SOURCE_PACKET)
			engine_packet(g, &p);
		else if (r != SOURCE_IDLE)
			break;
	}
	engine_finish(g);
	engine_write_stats(g, NULL, NULL);
	if (s)
		source_close(s);
	fuzz_file_close(fd);
	return 0;
}
