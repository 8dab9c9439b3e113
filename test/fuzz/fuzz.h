/* fuzz.h: what the fuzz targets share.
 *
 * A target is libFuzzer's one function. With clang it is linked to the fuzzer;
 * with any compiler to onefile.c, which replays files. What else it needs, beside check.c and the
 * library, its own comment names: " * link: FILE ...". */
#ifndef OT_FUZZ_H
#define OT_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Every record must be whole and be what jansson takes, each key once. Takes
 * what engine_opts.flush and the like hand out; aborts where it is not so. */
void fuzz_records(void *arg, const char *p, size_t n);

/* The next line up to end, in memory that ends where it does, and *p behind it; NULL: no more.
 * The caller frees it. */
char *fuzz_line(const char **p, const char *end, size_t *n);

struct engine;
/* An engine that has finished with what it was given before. Its memory takes
 * longer to make than most inputs to run: one serves 256 of them. engine.c */
struct engine *fuzz_engine(void);

/* An incident's journal in that folder; its own folder's name. A line's first byte says what it
 * is: o opened, v value, n note, f file, s submission, c closed, r reopened, x another record; the
 * rest of it is the payload. Behind a line "t" the head covers nothing. "{": no line of a journal.
 * Without an "o" in front there is one. journal.c */
const char *fuzz_journal(const uint8_t *data, size_t n);

struct signer;
/* A key of 32 equal bytes: nobody's. signer.c */
struct signer *fuzz_signer(int fill);

/* Bytes as a file that can be opened by name; closed by fuzz_file_close(). */
const char *fuzz_file(const uint8_t *data, size_t n, int *fd);
void fuzz_file_close(int fd);

/* A folder of the process's own, in memory where there is such a place; its name. It goes at the
 * end, and what was in it before a call goes now. */
const char *fuzz_folder(void);
/* A file in it, folders on the way to it made. */
void fuzz_folder_put(const char *name, const void *p, size_t n);

/* A number of a packet, in the network's order; returns where the next one goes. */
static inline uint8_t *
put16(uint8_t *d, unsigned v)
{
	*d++ = (uint8_t)(v >> 8);
	*d++ = (uint8_t)v;
	return d;
}

static inline uint8_t *
put32(uint8_t *d, uint32_t v)
{
	return put16(put16(d, v >> 16), v & 0xffff);
}

#endif
