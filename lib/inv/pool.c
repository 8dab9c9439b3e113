/* pool.c: the secret of this run's hashes. */
#include "inv/pool.h"

#include <sys/random.h>

uint64_t pool_secret[2] = { 0x9e3779b97f4a7c15u, 0xc4ceb9fe1a85ec53u };

/* Before main(), and so before the program confines itself: a reader of foreign texts may not
 * ask for more. Without entropy the numbers above are as good as any that are known. */
__attribute__((constructor)) static void
draw_secret(void)
{
	uint64_t x[2];

	if (getrandom(x, sizeof(x), GRND_NONBLOCK) == sizeof(x))
		memcpy(pool_secret, x, sizeof(x));
	pool_secret[1] |= 1;            /* a factor */
}
