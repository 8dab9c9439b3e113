#include "fuzz.h"

#include "proto/engine.h"

#include <stdlib.h>

enum { LIVES = 256 };

struct engine *
fuzz_engine(void)
{
	static struct engine *g;
	static unsigned used;
	struct engine_opts o = {
		.max_flows = 64, .flush = fuzz_records, .proto.mqtt_payload = true
	};

	if (g && used++ % LIVES)
		return g;
	engine_free(g);
	g = engine_new(&o);
	if (!g)
		exit(2);
	return g;
}
